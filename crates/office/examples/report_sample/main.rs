//! Writes a sample quarterly report: `cargo run -p office --example report_sample -- FOLDER [vi|en]`.

mod model;

use office::report::{Lang, docx, xlsx};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("usage: report_sample FOLDER [vi|en]")?);
    let lang = if args.next().as_deref() == Some("en") { Lang::En } else { Lang::Vi };
    std::fs::create_dir_all(&folder)?;
    let report = model::vung_tau();
    for (name, bytes) in [("sample.docx", docx(&report, lang)?), ("sample.xlsx", xlsx(&report, lang)?)] {
        let path = folder.join(name);
        std::fs::write(&path, bytes)?;
        println!("{}", path.display());
    }
    Ok(())
}
