use std::{fs, path::Path};

use super::*;

/// Files of a real pack, as (path, text).
fn real(name: &str) -> Vec<(String, String)> {
    fn walk(dir: &Path, base: &Path, into: &mut Vec<(String, String)>) {
        let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, base, into);
            } else {
                let name = path.strip_prefix(base).unwrap().to_string_lossy().replace('\\', "/");
                into.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut files = Vec::new();
    walk(&base.join(name), &base, &mut files);
    files
}

fn borrow(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect()
}

fn say(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_national_pack_has_no_fault() {
    let files = real("vietnam");
    let pack = Pack::read(&borrow(&files)).unwrap_or_else(|faults| panic!("{}", say(&faults)));
    assert_eq!(pack.manifest.id, "vietnam");
}

fn both() -> PackSet {
    let (vietnam, vung_tau) = (real("vietnam"), real("vung-tau"));
    PackSet::read(&[&borrow(&vietnam), &borrow(&vung_tau)]).unwrap_or_else(|faults| panic!("{}", say(&faults)))
}

#[test]
fn both_packs_have_no_fault() {
    both();
}
