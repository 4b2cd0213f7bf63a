//! All figures from all records, as after a changed definition: the saved figures are taken away and the office is opened.

use std::time::{Duration, Instant};

use crate::{
    Fault, Options, Place, Report, Result, data, import, place,
    table::{grouped, spoken},
};

const ASKED_RECORDS: u64 = 10_000_000;
const ASKED_TIME: Duration = Duration::from_secs(60);
const ASKED_MB: u64 = 1_000;

/// Forgets at which position figures were saved: the office then has none and counts all records.
const FORGET: &str = "DELETE FROM figure_position WHERE tenant=$1";

pub(crate) async fn measure(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    let source = place.sqlite("import");
    let records = options.amount(1_000_000, ASKED_RECORDS);
    let office = place.office(&source, 10).await?;
    let there = office.store().register_counts().await?.iter().find(|(r, _)| r == data::REGISTER).map_or(0, |(_, n)| *n);
    let there = u64::try_from(there).unwrap_or(0);
    if there < records {
        eprintln!("loading {} more records for the rebuild", grouped((records - there) as f64));
        let took = import::load(&office, options.seed, there, records).await?;
        report.beside(
            "  import of the records for the rebuild",
            format!(
                "{} records at {:.0}/s; memory {} MB",
                grouped((records - there) as f64),
                (records - there) as f64 / took.as_secs_f64(),
                place::memory_mb().1
            ),
        );
    }
    let counts = totals(&office);
    let tenant = office.store().tenant().to_owned();
    office.close().await?;
    drop(office);
    let db = store::Db::open(&source).await?;
    db.execute(FORGET, &[store::P::Text(&tenant)]).await?;
    db.close().await;
    // What the closed office held goes back to the system first.
    tokio::time::sleep(Duration::from_millis(500)).await;
    place::forget_peak();
    let (begin, before) = (Instant::now(), place::processor());
    let office = place.office(&source, 10).await?;
    let took = begin.elapsed();
    let busy = (place::processor() - before).as_secs_f64() / records as f64 * 1e6;
    let (peak, _, anon) = place::memory_mb();
    if totals(&office) != counts {
        return Err(Fault::Wrong("the rebuilt figures differ from the live ones".into()));
    }
    let scaled = took.mul_f64(ASKED_RECORDS as f64 / records as f64);
    let measured = if records == ASKED_RECORDS {
        spoken(took)
    } else {
        format!("{} for {} records: extrapolated {}", spoken(took), grouped(records as f64), spoken(scaled))
    };
    report.judged("rebuild of all figures from 10,000,000 records", "≤ 60 s", measured, scaled <= ASKED_TIME);
    report.beside("  processor time", format!("{busy:.1} µs/record"));
    report.judged("  memory at its peak", "< 1 GB", format!("{peak} MB ({anon} MB own)"), peak < ASKED_MB);
    office.close().await?;
    Ok(())
}

/// Sum of every indicator over everything, to compare.
fn totals(office: &office::Office) -> Vec<(i64, i64)> {
    let engine = office.live().engine();
    let units: Vec<u32> = (0..office.world().units.len()).collect();
    let sum = |i: usize| {
        engine.indicator(&data::indicator(i)).map_or((0, 0), |idx| {
            let s = engine.sum(idx, &units, None);
            (s.num, s.n)
        })
    };
    (0..10).map(sum).collect()
}
