//! Packs: what is loaded, and checking one without loading it.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use office::{Error, world::Definition};
use rules::{
    Refusal,
    access::Action,
    pack::{Fault, PackSet},
};
use store::DEFINITION;

use super::common::{again, blame, form, form_page};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render},
    i18n::Lang,
    view::{
        Field, Form, FormPage, Input, PacksPage, Pair, Section,
        trust::{PackFault, PackView},
    },
};

/// Files of one upload, and bytes of all of them unpacked: a pack is text that people wrote.
const FILES_MAX: usize = 2_000;
const UNPACKED_MAX: u64 = 32 * 1024 * 1024;

/// `GET /packs`
pub async fn list(ctx: Ctx) -> PageResult {
    ctx.demand(Action::View, None, &ctx.top())?;
    let (t, office) = (ctx.t, &ctx.app.office);
    let s = ctx.shell(Section::Admin, t.msg("packs-title"), false).await?;
    let world = office.world();
    let mut counts: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    let mut loaded = BTreeMap::new();
    for r in office.store().all(DEFINITION).await.map_err(|e| ctx.fault(e))? {
        let Ok(d) = r.view::<Definition>() else { continue };
        if r.state != "active" {
            continue;
        }
        let last = loaded.entry(d.pack.clone()).or_insert(r.updated_at);
        *last = (*last).max(r.updated_at);
        if d.kind != "manifest" {
            *counts.entry(d.pack).or_default().entry(d.kind).or_default() += 1;
        }
    }
    let packs: Vec<PackView> = world
        .manifests
        .iter()
        .map(|m| PackView {
            id: m.id.clone(),
            name: t.pick(&m.name).to_owned(),
            version: m.version.clone(),
            loaded: loaded.get(&m.id).map(|at| t.moment(*at)).unwrap_or_default(),
            counts: counts.remove(&m.id).unwrap_or_default().into_iter().map(|(k, n)| Pair::new(kind_text(t, &k), t.int(n))).collect(),
            files: Vec::new(),
            faults: Vec::new(),
        })
        .collect();
    let check = if ctx.allowed(Action::Configure, None, &ctx.top()) { s.link("/packs/check") } else { String::new() };
    Ok(render(&PacksPage { s, packs, check }))
}

fn kind_text(t: Lang, kind: &str) -> String {
    t.try_format(&format!("kind-{}", kind.replace('_', "-")), &[]).unwrap_or_else(|| kind.to_owned())
}

/// `GET /packs/check`
pub async fn check_form(ctx: Ctx) -> PageResult {
    Ok(render(&page(&ctx).await?))
}

async fn page(ctx: &Ctx) -> Result<FormPage, PageError> {
    ctx.demand(Action::Configure, None, &ctx.top())?;
    let t = ctx.t;
    let file = Field::new("pack", t.msg("pack-file"), Input::File).hint(t.msg("pack-file-hint")).required();
    form_page(ctx, Section::Admin, t.msg("pack-check-title"), t.msg("pack-check-lead"), |s| Form {
        cancel: s.link("/packs"),
        ..form(s, "/packs/check", t.msg("pack-check-button"), vec![file])
    })
    .await
}

/// `POST /packs/check`: reads a pack and says every fault; nothing is loaded.
pub async fn check(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let t = ctx.t;
    let mut page = page(&ctx.on("/packs/check")).await?;
    let uploads: Vec<(String, Vec<u8>)> =
        posted.files.iter().filter(|f| !f.bytes.is_empty()).map(|f| (f.name.clone(), f.bytes.clone())).collect();
    let read = tokio::task::spawn_blocking(move || unpack(uploads)).await.map_err(|e| ctx.fault(Error::Internal(e.to_string())))?;
    let packs = match read {
        Ok(packs) => packs,
        Err(e) => {
            blame(&mut page.s, &mut page.form.fields, &Error::Refused(e), |_| Some("pack"));
            return Ok(again(&page));
        }
    };
    let result = tokio::task::spawn_blocking(move || check_packs(&packs)).await.map_err(|e| ctx.fault(Error::Internal(e.to_string())))?;
    let s = ctx.on("/packs/check").shell(Section::Admin, t.msg("pack-check-title"), false).await?;
    let loaded = t.moment(ctx.app.office.now());
    let view = match result {
        Ok(set) => {
            let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
            for item in set.items() {
                *counts.entry(item.kind.word()).or_default() += 1;
            }
            PackView {
                id: set.manifests.last().map(|m| m.id.clone()).unwrap_or_default(),
                name: set.manifests.last().map(|m| t.pick(&m.name).to_owned()).unwrap_or_default(),
                version: set.manifests.last().map(|m| m.version.clone()).unwrap_or_default(),
                loaded,
                counts: counts.into_iter().map(|(k, n)| Pair::new(kind_text(t, k), t.int(n))).collect(),
                files: Vec::new(),
                faults: Vec::new(),
            }
        }
        Err(faults) => PackView {
            id: String::new(),
            name: t.msg("pack-checked"),
            version: String::new(),
            loaded,
            counts: Vec::new(),
            files: Vec::new(),
            faults: faults.iter().map(|f| fault(t, f)).collect(),
        },
    };
    Ok(render(&PacksPage { s, packs: vec![view], check: String::new() }))
}

fn fault(t: Lang, f: &Fault) -> PackFault {
    let hint = f.hint.as_ref().map(|h| format!(" {}", t.pick(h))).unwrap_or_default();
    let sentence = if t == Lang::Vi { &f.sentence_vi } else { &f.sentence };
    PackFault { file: f.file.clone(), line: format!("{}:{}", f.line, f.column), sentence: format!("{sentence}{hint}") }
}

type Files = BTreeMap<String, String>;

/// Packs by their folder, in an order in which each stands after what it requires.
fn check_packs(packs: &BTreeMap<String, Files>) -> Result<PackSet, Vec<Fault>> {
    let texts: Vec<Vec<(&str, &str)>> = packs.values().map(|f| f.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect()).collect();
    let head = |list: &[(&str, &str)]| {
        let text = list.iter().find(|(p, _)| *p == "pack.toml" || p.ends_with("/pack.toml")).map_or("", |(_, t)| *t);
        // Those that require others come after those that require nothing.
        text.lines().filter(|l| l.trim_start().starts_with("requires")).any(|l| l.contains('"') || l.contains('\''))
    };
    let mut ordered: Vec<&[(&str, &str)]> = texts.iter().map(Vec::as_slice).collect();
    ordered.sort_by_key(|list| head(list));
    PackSet::read(&ordered)
}

/// The texts of an upload, by the folder that holds a `pack.toml`.
fn unpack(uploads: Vec<(String, Vec<u8>)>) -> Result<BTreeMap<String, Files>, Refusal> {
    let mut all: Files = BTreeMap::new();
    let mut left = UNPACKED_MAX;
    for (name, bytes) in uploads {
        if bytes.starts_with(b"PK") {
            let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::new("pack.zip"))?;
            if zip.len() > FILES_MAX {
                return Err(Refusal::new("pack.too_many_files").with("max", FILES_MAX));
            }
            for i in 0..zip.len() {
                let mut file = zip.by_index(i).map_err(|_| Refusal::new("pack.zip"))?;
                let Some(path) = file.enclosed_name().map(|p| p.to_string_lossy().replace('\\', "/")).filter(|_| file.is_file()) else {
                    continue;
                };
                let text = read_text(&mut file, &mut left, &path)?;
                all.insert(path, text);
            }
        } else {
            let text = read_text(&mut bytes.as_slice(), &mut left, &name)?;
            all.insert(name, text);
        }
    }
    let homes: Vec<String> =
        all.keys().filter_map(|p| p.strip_suffix("pack.toml")).filter(|h| h.is_empty() || h.ends_with('/')).map(str::to_owned).collect();
    if homes.is_empty() {
        return Err(Refusal::new("pack.no_manifest"));
    }
    let mut packs: BTreeMap<String, Files> = homes.iter().map(|h| (h.clone(), Files::new())).collect();
    for (path, text) in all {
        let Some(home) = homes.iter().filter(|h| path.starts_with(h.as_str())).max_by_key(|h| h.len()) else { continue };
        let name = path[home.len()..].to_owned();
        if let Some(files) = packs.get_mut(home) {
            files.insert(name, text);
        }
    }
    Ok(packs)
}

fn read_text(from: &mut dyn Read, left: &mut u64, path: &str) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    let read = from.take(*left + 1).read_to_end(&mut bytes).map_err(|_| Refusal::new("pack.zip"))?;
    *left = left.checked_sub(read as u64).ok_or_else(|| Refusal::new("input.body_too_large").with("max", UNPACKED_MAX / 1024 / 1024))?;
    String::from_utf8(bytes).map_err(|_| Refusal::new("pack.not_text").with("file", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(files: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, text) in files {
            zip.start_file(*path, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        vec![("x.zip".into(), zip.finish().unwrap().into_inner())]
    }

    #[test]
    fn packs_of_one_archive_are_told_apart_by_their_manifests() {
        let packs = unpack(upload(&[("a/pack.toml", "x"), ("a/units/u.toml", "y"), ("b/pack.toml", "z"), ("readme.md", "r")])).unwrap();
        assert_eq!(packs.keys().collect::<Vec<_>>(), ["a/", "b/"]);
        assert_eq!(packs["a/"].keys().collect::<Vec<_>>(), ["pack.toml", "units/u.toml"]);
    }

    #[test]
    fn an_archive_without_a_manifest_is_refused() {
        assert_eq!(unpack(upload(&[("units.toml", "x")])).unwrap_err().code, "pack.no_manifest");
        assert_eq!(unpack(vec![("x.zip".into(), b"PK\x03\x04broken".to_vec())]).unwrap_err().code, "pack.zip");
        assert_eq!(unpack(vec![("pack.toml".into(), vec![0xff, 0xfe])]).unwrap_err().code, "pack.not_text");
    }

    #[test]
    fn a_faulty_pack_names_its_file() {
        let packs = unpack(vec![("pack.toml".into(), b"id = 1".to_vec())]).unwrap();
        let faults = check_packs(&packs).unwrap_err();
        assert!(faults.iter().any(|f| f.file.ends_with("pack.toml")), "{faults:?}");
    }
}
