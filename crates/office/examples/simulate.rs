//! Simulates a year into a folder and says how long it took and how near it came:
//! `cargo run --release -p office --example simulate -- FOLDER [DOSSIERS]`

use std::path::PathBuf;

use office::{Office, Options, simulate};
use rules::{Timestamp, access::Actor, pack::PackSet};
use store::DataSource;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("which folder?")?);
    let mut plan = simulate::Plan::default();
    if let Some(n) = args.next() {
        plan.dossiers = n.parse()?;
    }
    let packs = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../packs");
    let texts: Vec<Vec<(String, String)>> = ["vietnam", "vung-tau"].iter().map(|p| files(&packs.join(p))).collect::<Result<_, _>>()?;
    let texts: Vec<Vec<(&str, &str)>> = texts.iter().map(|files| files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect()).collect();
    let set = PackSet::read(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>()).map_err(|f| f[0].to_string())?;
    let office = Office::open(&Options::new(DataSource::Folder(folder))).await?;
    office.load_packs(&Actor::system(), &set, Timestamp::start_of(plan.from)).await?;
    let begun = std::time::Instant::now();
    let summary = simulate::run(&office, &plan, &mut |_| {}).await?;
    println!("{:.2} s for {} writes", begun.elapsed().as_secs_f64(), summary.writes);
    println!("{summary:#?}");
    println!("{:?}", office.store().register_counts().await?);
    office.close().await?;
    Ok(())
}

fn files(folder: &std::path::Path) -> Result<Vec<(String, String)>, Failure> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            out.extend(files(&path)?);
        } else if let Some(text) = path.to_str().filter(|p| p.ends_with(".toml") || p.ends_with(".csv")) {
            out.push((text.to_owned(), std::fs::read_to_string(&path)?));
        }
    }
    out.sort();
    Ok(out)
}
