//! The same aggregation as plain SQL: every indicator by unit, month and breakdowns, from the records' JSON.

use std::time::{Duration, Instant};

use office::Office;
use rules::expr::Dialect;
use store::{DataSource, Engine, P};

use crate::{
    Fault, Options, Place, Report, Result, data, import,
    table::{grouped, spoken},
};

pub(crate) async fn measure(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    let source = place.sqlite("import");
    let office = place.office(&source, 10).await?;
    on(&office, report, "SQLite").await?;
    office.close().await?;
    if !place.has_postgres() {
        return Ok(());
    }
    let Some(postgres) = place.postgres("sql").await? else { return Ok(()) };
    let office = place.office(&postgres, 10).await?;
    let records = options.amount(100_000, 1_000_000);
    let took = import::load(&office, options.seed, 0, records).await?;
    report.beside(
        "bulk import into PostgreSQL with ledger and live figures",
        format!("{} records at {:.0}/s", grouped(records as f64), records as f64 / took.as_secs_f64()),
    );
    on(&office, report, "PostgreSQL").await?;
    office.close().await?;
    place.drop(&postgres).await?;
    if let DataSource::Folder(_) = source {
        place.drop(&source).await?;
    }
    Ok(())
}

async fn on(office: &Office, report: &mut Report, name: &str) -> Result<()> {
    let world = office.world();
    let set = world.sets.get(data::REGISTER).ok_or_else(|| Fault::Wrong("no indicators".into()))?;
    let dialect = if office.store().engine() == Engine::Sqlite { Dialect::Sqlite } else { Dialect::Postgres };
    let params = [P::Text(office.store().tenant()), P::Text(data::REGISTER)];
    let records = office.store().register_counts().await?.iter().find(|(r, _)| r == data::REGISTER).map_or(0, |(_, n)| *n);
    let mut all = Duration::ZERO;
    let clock = office.engine_clock();
    for i in 0..10 {
        let id = data::indicator(i);
        let position = set.position(&id).ok_or_else(|| Fault::Wrong(format!("no indicator {id}")))?;
        let sql = set.contribution_sql(position, dialect, clock).ok_or_else(|| Fault::Wrong(id.clone()))?.recount();
        let begin = Instant::now();
        let rows = office.store().db().fetch(&sql, &params).await?;
        all += begin.elapsed();
        let mut counted = 0;
        for row in &rows {
            counted += row.int(4)?;
        }
        let units: Vec<u32> = (0..world.units.len()).collect();
        let engine = office.live().engine();
        let live = engine.indicator(&id).map_or(0, |idx| engine.sum(idx, &units, None).n);
        if counted != live {
            return Err(Fault::Wrong(format!("{id}: plain SQL counts {counted} records, the engine {live}")));
        }
    }
    let begin = Instant::now();
    let rounds = 200;
    let units: Vec<u32> = (0..world.units.len()).collect();
    for _ in 0..rounds {
        let engine = office.live().engine();
        for i in 0..10 {
            if let Some(idx) = engine.indicator(&data::indicator(i)) {
                std::hint::black_box(engine.sum(idx, &units, None));
            }
        }
    }
    let asked = begin.elapsed() / rounds;
    report.beside(
        &format!("the same ten indicators as plain SQL over {} records, {name}", grouped(records as f64)),
        format!("{} ({:.0} records/s)", spoken(all), records as f64 / all.as_secs_f64()),
    );
    report.beside(
        "  the engine's answer, and how many times faster it is",
        format!("{:.3} ms, {}×", asked.as_secs_f64() * 1e3, grouped(all.as_secs_f64() / asked.as_secs_f64())),
    );
    Ok(())
}
