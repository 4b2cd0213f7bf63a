//! Bulk import through the importer: checked rows in, records, ledger and figures out.

use std::time::{Duration, Instant};

use office::{Office, import::refusal_of};
use rules::access::Actor;
use store::{DataSource, Db, P};

use crate::{Options, Place, Report, Result, data, place};

/// How long figures may need after the last commit before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(600);

/// Rows that the source gives at once.
const PARCEL: u64 = 1_024;
/// Parcels made ahead.
const AHEAD: usize = 16;

/// Imports dossiers `from..to`, made on a thread of their own as a file is read on one, and waits until the figures contain them.
pub(crate) async fn load(office: &Office, seed: u64, from: u64, to: u64) -> Result<Duration> {
    let begin = Instant::now();
    let mut importer = office.importer(&Actor::system(), data::REGISTER, None)?;
    let (send, mut parcels) = tokio::sync::mpsc::channel(AHEAD);
    std::thread::spawn(move || {
        for first in (from..to).step_by(PARCEL as usize) {
            let rows: Vec<_> = (first..to.min(first + PARCEL)).map(|n| data::dossier(seed, n)).collect();
            if send.blocking_send(rows).is_err() {
                return;
            }
        }
    });
    while let Some(rows) = parcels.recv().await {
        for row in rows {
            importer.add(row).map_err(|bad| refusal_of(&bad))?;
        }
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

/// What the database alone needs for these rows: its own copy of records and entries, in transactions of the importer's size.
async fn copied_raw(place: &Place, source: &DataSource) -> Result<Duration> {
    let DataSource::Folder(from) = source else { return Err(crate::Fault::Wrong("not a folder".into())) };
    let target = place.sqlite("copy");
    place.drop(&target).await?;
    Office::open(&place.options(&target)).await?.close().await?;
    let db = Db::open(&target).await?;
    let from = from.join("haidang.db").display().to_string();
    let tenant = place.options(&target).tenant;
    // One connection writes, so what is attached stays attached.
    db.execute("ATTACH DATABASE $1 AS source", &[P::Text(&from)]).await?;
    let begin = Instant::now();
    let step = i64::try_from(office::import::BATCH).unwrap_or(i64::MAX);
    let mut at = 0;
    loop {
        let mut tx = db.begin_write().await?;
        let window = [P::Text(&tenant), P::Int(at), P::Int(at + step)];
        // Definitions stand before the imported rows in both files: they are there already.
        let entries = tx
            .execute("INSERT INTO main.entry SELECT * FROM source.entry WHERE tenant=$1 AND seq>=$2 AND seq<$3 AND kind='import'", &window)
            .await?;
        tx.execute(
            "INSERT INTO main.record SELECT r.* FROM source.entry e JOIN source.record r ON r.tenant=e.tenant AND r.register=e.register AND \
             r.id=e.record_id WHERE e.tenant=$1 AND e.seq>=$2 AND e.seq<$3 AND e.kind='import' ORDER BY r.id",
            &window,
        )
        .await?;
        tx.commit().await?;
        at += step;
        if entries == 0 && at > step {
            break;
        }
    }
    let took = begin.elapsed();
    db.close().await;
    place.drop(&target).await?;
    Ok(took)
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
    let raw = rate(copied_raw(place, &source).await?);
    report.beside(
        "  the same rows copied by SQLite alone, with their indexes",
        format!("{} records/s; the import reaches {:.0} % of it", crate::table::grouped(raw), rate(took) / raw * 100.0),
    );
    report.beside(
        "  memory at its peak; database",
        format!("{peak} MB ({anon} MB own); {} B/record", place::size_of(&source) / records.max(1)),
    );
    Ok(())
}
