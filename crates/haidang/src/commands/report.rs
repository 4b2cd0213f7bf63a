//! `haidang report`: the Word report and its Excel annex.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
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
    let model = office.report(&Actor::system(), unit, period, lang).await;
    office.close().await?;
    let model = model?;
    let base = a.output.clone().unwrap_or_else(|| PathBuf::from(format!("bao-cao-{period}")));
    for (ending, bytes) in [("docx", office::report::docx(&model, lang)?), ("xlsx", office::report::xlsx(&model, lang)?)] {
        let path = base.with_extension(ending);
        std::fs::write(&path, bytes).with_context(|| cannot_write(&path))?;
        say!("{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}
