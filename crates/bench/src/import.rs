//! Bulk import through the importer: checked rows in, records, ledger and figures out.

use std::time::{Duration, Instant};

use office::{Office, import::refusal_of};
use rules::access::Actor;

use crate::{Options, Place, Report, Result, data, place};

/// How long figures may need after the last commit before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(600);

/// Imports dossiers `from..to` and waits until the figures contain them.
pub(crate) async fn load(office: &Office, seed: u64, from: u64, to: u64) -> Result<Duration> {
    let begin = Instant::now();
    let mut importer = office.importer(&Actor::system(), data::REGISTER, None)?;
    for n in from..to {
        importer.add(data::dossier(seed, n)).map_err(|bad| refusal_of(&bad))?;
        if importer.waiting() >= office::import::BATCH {
            importer.commit_behind().await?;
        }
    }
    importer.commit().await?;
    counted(office).await?;
    Ok(begin.elapsed())
}

/// Waits until the figures contain everything that was committed.
pub(crate) async fn counted(office: &Office) -> Result<()> {
    office.store().settle().await?;
    let size = u64::try_from(office.store().head().await?.size).unwrap_or(0);
    if office.live().wait_for(size, PATIENCE).await {
        Ok(())
    } else {
        Err(crate::Fault::Wrong("the figures did not follow the ledger".into()))
    }
}

/// Records of the import part; the rebuild goes on from there.
pub(crate) fn amount(options: &Options) -> u64 {
    options.amount(200_000, 1_000_000)
}

pub(crate) async fn measure(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    let source = place.sqlite("import");
    place.drop(&source).await?;
    let office = place.office(&source, 10).await?;
    let records = amount(options);
    place::forget_peak();
    let before = place::processor();
    let took = load(&office, options.seed, 0, records).await?;
    let busy = (place::processor() - before).as_secs_f64() / records as f64 * 1e6;
    let (peak, _, anon) = place::memory_mb();
    let begin = Instant::now();
    office.close().await?;
    let closing = begin.elapsed();
    let rate = |d: Duration| records as f64 / d.as_secs_f64();
    report.at_least("bulk import into SQLite with ledger and live figures", 50_000.0, rate(took), "records/s");
    report.beside("  processor time, making the rows and counting them included", format!("{busy:.1} µs/record"));
    report.beside(
        "  with the last figures saved and the ledger signed as well",
        format!("{:.0} records/s (closing took {})", rate(took + closing), crate::table::spoken(closing)),
    );
    report.beside(
        "  memory at its peak; database",
        format!("{peak} MB ({anon} MB own); {} B/record", place::size_of(&source) / records.max(1)),
    );
    Ok(())
}
