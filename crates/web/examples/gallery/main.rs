//! Draws every page with sample content into a folder, to be looked at: `cargo run -p web --example gallery -- FOLDER`.
//!
//! Serve the folder with any static file server. Nothing here is shipped.

mod samples;

use std::{error::Error, fs, path::Path};

use web::{assets, i18n::Lang, view::Theme};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder to write to")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for asset in assets::all() {
        fs::write(folder.join(asset.path.trim_start_matches('/')), &asset.body)?;
    }
    let mut count = 0;
    for (lang, theme, suffix) in [(Lang::Vi, Theme::Light, ""), (Lang::En, Theme::Light, ".en"), (Lang::Vi, Theme::Dark, ".dark")] {
        for (name, html) in samples::all(lang, theme)? {
            fs::write(folder.join(format!("{name}{suffix}.html")), html)?;
            count += 1;
        }
    }
    println!("{count} pages");
    Ok(())
}
