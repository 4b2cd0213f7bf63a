//! `haidang figure`: one figure for people, or one JSON object for programs.

use std::process::ExitCode;

use anyhow::Context;
use jiff::civil::Date;
use office::{
    Office,
    figures::Answer,
    programme::{ReportedFigure, Standing},
    world::Indicator,
};
use rules::{Month, Period, access::Actor};
use serde_json::{Value, json};

use crate::{
    args, say, setup,
    words::{lang, words},
};

pub async fn run(common: &args::Common, a: &args::Figure) -> anyhow::Result<ExitCode> {
    let office = setup::existing(common).await?;
    let printed = print(&office, a).await;
    office.close().await?;
    printed?;
    Ok(ExitCode::SUCCESS)
}

async fn print(office: &Office, a: &args::Figure) -> anyhow::Result<()> {
    let day: Date = match &a.as_of {
        Some(t) => t.parse().with_context(|| words("cli-date-form", &[("option", "--as-of".into()), ("text", t.into())]))?,
        None => office.today(),
    };
    let unit = setup::unit_or_top(office, a.unit.as_deref(), day)?;
    let period: Period = a.period.parse()?;
    let actor = Actor::system();
    let world = office.world();
    let indicator = world.indicator(&a.indicator).ok_or_else(|| office::Error::not_found(&a.indicator))?;
    let Standing { answer, published } = office.standing_now(&actor, &a.indicator, unit, (period, day)).await?;
    let sources = office.sources(unit, day)?;
    let mut object = json_of(&answer);
    if let [one] = published.as_slice() {
        (object["numerator"], object["denominator"]) = (json!(one.def.numerator), json!(one.def.denominator));
        object["written"] = json!(one.def.as_written);
        object["source"] = json!(one.def.source);
    }
    if published.len() > 1 {
        object["conflict"] = published
            .iter()
            .map(|f| json!({ "value": f.def.value, "written": f.def.as_written, "as_of": f.def.as_of, "source": f.def.source }))
            .collect();
    }
    object["indicator"] = json!(indicator.id);
    object["unit"] = json!(world.units.key(unit).to_string());
    object["period"] = json!(period.to_string());
    object["simulated"] = json!(world.simulated);
    if let Some(field) = &a.by {
        let rows: Vec<Value> = office
            .breakdown(&a.indicator, field, &sources, period)?
            .into_iter()
            .map(|s| json!({ "by": s.value, "value": s.figure.value, "numerator": s.figure.num, "denominator": s.figure.den, "records": s.figure.n }))
            .collect();
        object["breakdown"] = Value::Array(rows);
    }
    if a.monthly
        && let Some((from, to)) = period.months().or_else(|| office.months_of(&indicator.id))
    {
        let rows: Vec<Value> = office
            .series(indicator, &sources, from, to)
            .into_iter()
            .map(|(m, answer): (Month, Answer)| {
                let mut row = json_of(&answer);
                row["month"] = json!(m.to_string());
                row
            })
            .collect();
        object["monthly"] = Value::Array(rows);
    }
    if a.json {
        say!("{}", serde_json::to_string(&object)?);
    } else {
        people(indicator, &answer, &published, &object);
    }
    Ok(())
}

fn json_of(a: &Answer) -> Value {
    json!({
        "value": a.value,
        "numerator": a.figure.map(|f| f.num),
        "denominator": a.figure.map(|f| f.den),
        "records": a.figure.map(|f| f.n),
        "estimated": a.estimated,
    })
}

fn people(indicator: &Indicator, answer: &Answer, published: &[ReportedFigure], object: &Value) {
    let t = lang();
    let said: Vec<String> = published.iter().map(|f| office::words::published(f, indicator.format, t.tag())).collect();
    let value = match answer.value {
        _ if !said.is_empty() => said.join(" · "),
        None => "–".to_owned(),
        Some(v) if indicator.format.is_percent() => t.percent(v, indicator.format.digits().into()),
        Some(v) => t.decimal(v, indicator.format.digits().into()),
    };
    say!("{}: {value}", t.pick(&indicator.name));
    if published.len() > 1 {
        say!("  {}", words("cli-figure-conflict", &[]));
    }
    if let Some(f) = answer.figure.filter(|_| published.is_empty()) {
        say!("  {} / {} ({})", t.int(f.num), t.int(f.den), words("cli-records", &[("count", f.n.into())]));
    }
    for (name, label) in [("breakdown", "by"), ("monthly", "month")] {
        for row in object[name].as_array().into_iter().flatten() {
            let n = |k: &str| row[k].as_i64().map_or_else(|| "–".to_owned(), |n| t.int(n));
            say!("  {:<24} {} / {}", row[label].as_str().unwrap_or("–"), n("numerator"), n("denominator"));
        }
    }
}
