//! Opening the office: where the data is, which packs it begins with, and how errors read on a terminal.

use std::path::Path;

use anyhow::Context;
use include_dir::{Dir, include_dir};
use jiff::civil::Date;
use office::{Office, Options, connections::Connections, world::World};
use rules::{
    access::Actor,
    pack::{Fault, PackSet},
};
use store::DataSource;

use crate::{
    args::Common,
    words::{fault, lang, reason, words},
};

/// The packs of the repository, inside the program.
static PACKS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs");

/// Where the data is; a folder of the user's own when nothing was said.
pub fn source(common: &Common) -> anyhow::Result<DataSource> {
    let text = common.data.clone().unwrap_or_else(|| "haidang-data".to_owned());
    let source = text.parse::<DataSource>()?;
    match &source {
        DataSource::Folder(dir) if dir.is_file() => Err(fault("cli-data-is-file", &[("place", text.into())])),
        _ => Ok(source),
    }
}

/// Where the data is, as it may be shown: an address may hold a password.
pub fn shown(source: &DataSource) -> String {
    match source {
        DataSource::Folder(dir) => dir.display().to_string(),
        DataSource::Postgres(_) => "PostgreSQL".to_owned(),
    }
}

/// Whose data it is: who was named, else who is in the database, else who is in the backup that is restored, else who the packs are of.
pub async fn tenant(common: &Common, backup: Option<&Path>) -> anyhow::Result<String> {
    if let Some(tenant) = &common.tenant {
        return Ok(tenant.clone());
    }
    let mut here = store::tenants(&source(common)?).await?;
    match (here.pop(), backup) {
        (Some(_), _) if !here.is_empty() => Err(fault("cli-whose", &[])),
        (Some(tenant), _) => Ok(tenant),
        (None, Some(folder)) => Ok(store::backup::manifest(folder)?.tenant),
        (None, None) => Ok(read_packs(&common.packs)?.tenant().map_or_else(|| "haidang".to_owned(), |t| t.id.clone())),
    }
}

/// Options of the office from the command line.
pub async fn options(common: &Common) -> anyhow::Result<Options> {
    options_with(common, None).await
}

/// The same, to restore a backup.
pub async fn options_with(common: &Common, backup: Option<&Path>) -> anyhow::Result<Options> {
    let mut options = Options::new(source(common)?);
    options.tenant = tenant(common, backup).await?;
    options.files.clone_from(&common.files);
    options.key_file.clone_from(&common.key_file);
    if let Some(path) = &common.connections {
        options.connections = connections(path)?;
    }
    Ok(options)
}

/// The operator's file of other systems. What is wrong with it is told without its secrets.
fn connections(path: &Path) -> anyhow::Result<Connections> {
    let text = std::fs::read_to_string(path).with_context(|| words("cli-cannot-read", &[("path", path.display().to_string().into())]))?;
    // The parser's own text would show the line, and the line may hold a secret.
    let read: Connections = toml::from_str(&text).map_err(|e| {
        let line = e.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        anyhow::anyhow!("{}:{line}: {}", path.display(), reason(e.message()))
    })?;
    let faults = read.faults();
    if !faults.is_empty() {
        anyhow::bail!("{}: {}", path.display(), faults.iter().map(|f| reason(f)).collect::<Vec<_>>().join("; "));
    }
    Ok(read)
}

/// Opens the office; an empty database gets the packs first.
pub async fn open(common: &Common) -> anyhow::Result<Office> {
    let office = Office::open(&options(common).await?).await?;
    if office.world().units.is_empty() {
        let set = read_packs(&common.packs)?;
        office.load_packs(&Actor::system(), &set, office.now()).await?;
    }
    Ok(office)
}

/// Opens an office that is there already, for commands that only read: a mistyped place must not become a new, empty, whole ledger.
pub async fn existing(common: &Common) -> anyhow::Result<Office> {
    if let DataSource::Folder(dir) = source(common)?
        && !dir.join("haidang.db").is_file()
    {
        return Err(fault("cli-no-data", &[("place", dir.display().to_string().into())]));
    }
    let options = options(common).await?;
    let tenant = options.tenant.clone();
    let office = Office::open(&options).await?;
    if office.store().head().await?.size == 0 {
        office.close().await?;
        return Err(fault("cli-nothing-of", &[("tenant", tenant.into())]));
    }
    Ok(office)
}

/// Reads packs by name (inside the program) or folder.
pub fn read_packs(names: &[String]) -> anyhow::Result<PackSet> {
    let texts = names.iter().map(|n| pack_files(n)).collect::<anyhow::Result<Vec<_>>>()?;
    let borrowed: Vec<Vec<(&str, &str)>> =
        texts.iter().map(|files| files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect()).collect();
    let slices: Vec<&[(&str, &str)]> = borrowed.iter().map(Vec::as_slice).collect();
    PackSet::read(&slices).map_err(|faults| anyhow::anyhow!(faults_in_words(&faults)))
}

/// All faults, one per line.
pub fn faults_in_words(faults: &[Fault]) -> String {
    let mut out = words("cli-faults", &[("count", faults.len().into())]);
    for f in faults {
        out.push_str("\n  ");
        out.push_str(&f.told(lang().tag()));
    }
    out
}

/// Path and text of each file of a pack.
pub fn pack_files(name: &str) -> anyhow::Result<Vec<(String, String)>> {
    let mut out = Vec::new();
    if Path::new(name).is_dir() {
        collect(Path::new(name), &mut out)?;
    } else {
        let Some(dir) = PACKS.get_dir(name) else {
            let known: Vec<_> = PACKS.dirs().map(|d| d.path().display().to_string()).collect();
            return Err(fault("cli-unknown-pack", &[("name", name.into()), ("known", known.join(", ").into())]));
        };
        embedded(dir, &mut out);
    }
    out.sort();
    Ok(out)
}

fn embedded(dir: &Dir<'_>, out: &mut Vec<(String, String)>) {
    for f in dir.files() {
        if let Some(text) = f.contents_utf8() {
            out.push((f.path().display().to_string(), text.to_owned()));
        }
    }
    for d in dir.dirs() {
        embedded(d, out);
    }
}

fn collect(dir: &Path, out: &mut Vec<(String, String)>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(dir).with_context(|| words("cli-cannot-read", &[("path", dir.display().to_string().into())]))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, out)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            let text =
                std::fs::read_to_string(&path).with_context(|| words("cli-not-utf8", &[("path", path.display().to_string().into())]))?;
            out.push((path.display().to_string(), text));
        }
    }
    Ok(())
}

/// The unit that somebody means: by code, by code and first day, or by a name that only one unit of the day has.
pub fn unit(world: &World, text: &str, day: Date) -> anyhow::Result<u32> {
    if let Some(idx) = world.unit_idx(text.trim(), day) {
        return Ok(idx);
    }
    match world.units.find_by_name(text, day).as_slice() {
        [one] => Ok(*one),
        [] => Err(fault("cli-no-unit", &[("unit", text.into())])),
        several => {
            let list: Vec<String> = several.iter().map(|u| world.units.key(*u).to_string()).collect();
            Err(fault("cli-unit-several", &[("unit", text.into()), ("list", list.join(", ").into())]))
        }
    }
}

/// The unit that somebody means, the top when nothing was said.
pub fn unit_or_top(office: &Office, text: Option<&str>, day: Date) -> anyhow::Result<u32> {
    match text {
        Some(t) => unit(&office.world(), t, day),
        None => Ok(office.unit_or_top(None, day)?),
    }
}
