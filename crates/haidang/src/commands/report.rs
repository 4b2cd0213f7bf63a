//! `haidang report`: the Word report and its Excel annex.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use office::Office;
use rules::{Period, access::Actor};

use web::i18n::Lang;

use crate::{args, say, setup, words::cannot_write};

pub async fn run(common: &args::Common, a: &args::Report) -> anyhow::Result<ExitCode> {
    let period: Period = a.period.parse()?;
    let lang = match common.lang {
        Some(Lang::En) => office::report::Lang::En,
        _ => office::report::Lang::Vi,
    };
    let office = setup::existing(common).await?;
    let map = period.months().map_or_else(|| office.today(), |(_, to)| to.last_day().min(office.today()));
    let unit = setup::unit_or_top(&office, a.unit.as_deref(), map)?;
    let named = file_name(&office, unit, period, lang);
    let model = office.report(&Actor::system(), unit, period, lang).await;
    office.close().await?;
    let model = model?;
    let base = a.output.clone().unwrap_or(named);
    for (ending, bytes) in [("docx", office::report::docx(&model, lang)?), ("xlsx", office::report::xlsx(&model, lang)?)] {
        let mut path = base.clone().into_os_string();
        path.push(format!(".{ending}"));
        let path = PathBuf::from(path);
        std::fs::write(&path, bytes).with_context(|| cannot_write(&path))?;
        say!("{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// As the page names it: whose report, of which period, in which language. Another report does not take its place.
fn file_name(office: &Office, unit: u32, period: Period, lang: office::report::Lang) -> PathBuf {
    let world = office.world();
    let (what, tag) = match lang {
        office::report::Lang::Vi => ("bao-cao", "vi"),
        office::report::Lang::En => ("report", "en"),
    };
    let unit = rules::text::fold(world.unit_name(&world.units.key(unit).to_string(), tag));
    PathBuf::from(format!(
        "{what}-{}-{period}",
        unit.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-")
    ))
}
