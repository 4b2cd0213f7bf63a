//! The officer's questions to a full register.

use std::time::{Duration, Instant};

use office::{
    Office,
    one_stop::{Bucket, DeskFilter},
};
use rules::access::{Actor, Grant, Role};
use store::{DataSource, ListQuery};

use crate::{
    Fault, Options, Place, Report, Result,
    data::{self, FAMILY, GIVEN, MIDDLE, Random},
    import, percentile,
    table::{grouped, spoken},
};

/// Questions of each kind.
const QUESTIONS: usize = 2_000;
/// Rows of a page.
const SHOWN: i64 = 50;
/// How long the index may need after the last commit before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(900);

pub(crate) async fn measure(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    let sqlite = place.sqlite("desk");
    place.drop(&sqlite).await?;
    on(options, place, report, &sqlite, "SQLite").await?;
    if let Some(postgres) = place.postgres("desk").await? {
        on(options, place, report, &postgres, "PostgreSQL").await?;
    }
    Ok(())
}

async fn on(options: &Options, place: &Place, report: &mut Report, source: &DataSource, name: &str) -> Result<()> {
    let office = place.office(source, 10).await?;
    let records = options.amount(200_000, 1_000_000);
    import::load(&office, options.seed, 0, records).await?;
    let begin = Instant::now();
    while office.store().indexed().await?.behind > 0 {
        if begin.elapsed() > PATIENCE {
            return Err(Fault::Wrong("the search index did not follow the ledger".into()));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let made = begin.elapsed();
    let amount = grouped(records as f64);
    let (mut times, hits) = searches(&office, options.seed).await?;
    report.at_most(&format!("search over {amount} dossiers by name, p99, {name}"), Duration::from_millis(50), percentile(&mut times, 99.0));
    report.beside(
        "  p50, longest; questions that found somebody",
        format!("{}, {}; {hits} %", spoken(percentile(&mut times, 50.0)), spoken(percentile(&mut times, 100.0))),
    );
    report.beside("  index complete after the import's last commit", spoken(made));
    let (mut times, rows) = inboxes(&office, options.seed).await?;
    report.at_most(&format!("inbox over {amount} dossiers, p99, {name}"), Duration::from_millis(20), percentile(&mut times, 99.0));
    report.beside(
        "  p50, longest; rows of a page on average",
        format!("{}, {}; {rows}", spoken(percentile(&mut times, 50.0)), spoken(percentile(&mut times, 100.0))),
    );
    office.close().await?;
    place.drop(source).await
}

/// What an officer of one commune sees first, and each kind by itself: counts of all kinds and the nearest deadlines.
async fn inboxes(office: &Office, seed: u64) -> Result<(Vec<Duration>, usize)> {
    let mut r = Random::new(seed);
    let (mut times, mut rows) = (Vec::with_capacity(QUESTIONS), 0);
    for n in 0..QUESTIONS {
        let actor = officer(usize::try_from(r.below(data::UNITS as u64)).unwrap_or(0))?;
        let bucket = [None, Some(Bucket::Late), Some(Bucket::Today), Some(Bucket::Later)][n % 4];
        let filter = DeskFilter { bucket, limit: SHOWN, ..DeskFilter::default() };
        let begin = Instant::now();
        let page = office.desk(&actor, &filter).await?;
        times.push(begin.elapsed());
        rows += page.rows.len();
    }
    if rows == 0 {
        return Err(Fault::Wrong("no inbox has a dossier".into()));
    }
    Ok((times, rows / QUESTIONS))
}

fn officer(commune: usize) -> Result<Actor> {
    let unit = data::unit(commune).parse().map_err(|_| Fault::Wrong("a unit's key".into()))?;
    Ok(Actor::new("bench", "Bench", vec![Grant { role: Role::WardOfficer, unit, register: None }]))
}

/// By a part of a name, the whole name, its words in any order, their beginnings, with a commune's rights or the whole province's.
async fn searches(office: &Office, seed: u64) -> Result<(Vec<Duration>, usize)> {
    let mut r = Random::new(seed);
    let (mut times, mut hits) = (Vec::with_capacity(QUESTIONS), 0);
    for _ in 0..QUESTIONS {
        let (family, middle, given) = (r.pick(&FAMILY), r.pick(&MIDDLE), r.pick(&GIVEN));
        let folded = |text: &str| rules::text::fold(text);
        let search = match r.below(6) {
            0 => folded(&format!("{family} {middle} {given}")),
            1 => folded(&format!("{middle} {given}")),
            2 => folded(&format!("{given} {family}")),
            3 => format!("{family} {given}"),
            4 => format!("{} {}", folded(family).chars().take(3).collect::<String>(), folded(given)),
            _ => folded(&format!("{family} {given}zz")),
        };
        let actor = if r.chance(70) { officer(usize::try_from(r.below(data::UNITS as u64)).unwrap_or(0))? } else { Actor::system() };
        let q = ListQuery { register: data::REGISTER.into(), search, limit: SHOWN, ..ListQuery::default() };
        let begin = Instant::now();
        let page = office.first_of(&actor, q).await?;
        times.push(begin.elapsed());
        hits += usize::from(!page.records.is_empty());
    }
    Ok((times, hits * 100 / QUESTIONS))
}
