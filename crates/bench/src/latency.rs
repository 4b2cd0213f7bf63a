//! From the commit of one change to the figures of its commune, its province and the nation; and many figures at once.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use office::Office;
use rules::{Month, Period, access::Actor};
use store::{Command, DataSource, Expect, RecordId, RecordWrite};
use tokio::sync::mpsc;

use crate::{Fault, Options, Place, Report, Result, data, http, import, percentile, table::spoken};

/// Changes offered in a second.
const OFFERED: u64 = 1_000;
/// Dossiers made before the clock starts; each is closed this many creations later.
const BEFORE: u64 = 2_000;
/// Every commune and month has a cell of its own; the same one comes again only after this many creations (four seconds).
const CELLS: u64 = data::UNITS as u64 * data::MONTHS as u64;
/// A figure that takes longer than this is a defect, not a slow figure.
const PATIENCE: Duration = Duration::from_secs(30);

/// A change that was offered, and the figure by which it is seen.
struct Offered {
    at: Instant,
    indicator: &'static str,
    commune: u32,
    month: Month,
    /// The figure counts at least so many records when the change is in it.
    n: i64,
}

/// Every two changes are one dossier made and one closed.
fn change(seed: u64, k: u64, ids: &[RecordId], close: bool) -> (RecordWrite, i32, usize) {
    let (at, month) =
        (usize::try_from(k % data::UNITS as u64).unwrap_or(0), i32::try_from(k / data::UNITS as u64 % data::MONTHS as u64).unwrap_or(0));
    let received = data::inside_month(month);
    let row = data::row(&mut data::Random::new(seed ^ k), k, at, received, close.then(|| received.plus_days(10)));
    let write = RecordWrite {
        register: data::REGISTER.into(),
        id: ids[usize::try_from(k).unwrap_or(0)],
        expect: if close { Expect::Version(1) } else { Expect::New },
        key: row.key,
        unit: row.unit,
        state: row.state.unwrap_or_default(),
        fields: row.fields,
        kind: if close { "resolve".into() } else { "create".into() },
        authority: None,
    };
    (write, month, at)
}

fn command(office: &Office, write: RecordWrite) -> Command {
    Command { actor: "bench".into(), on_behalf: None, at: office.now(), idempotency: None, writes: vec![write] }
}

pub(crate) async fn measure(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    let sqlite = place.sqlite("latency");
    place.drop(&sqlite).await?;
    on(options, place, report, &sqlite, "SQLite").await?;
    if options.wants("latency")
        && let Some(postgres) = place.postgres("latency").await?
    {
        on(options, place, report, &postgres, "PostgreSQL").await?;
    }
    Ok(())
}

async fn on(options: &Options, place: &Place, report: &mut Report, source: &DataSource, name: &str) -> Result<()> {
    let office = place.office(source, 20).await?;
    if options.wants("latency") {
        let mut times = latency(&office, options, Duration::from_secs(options.amount(10, 30))).await?;
        let (p50, p99, top) = (percentile(&mut times, 50.0), percentile(&mut times, 99.0), percentile(&mut times, 100.0));
        report.at_most(&format!("commit to every ancestor's figure, p99 at 1,000 changes/s, {name}"), Duration::from_millis(50), p99);
        report.beside("  p50, longest", format!("{}, {} ({} changes)", spoken(p50), spoken(top), times.len()));
    }
    if options.wants("matrix") && matches!(source, DataSource::Folder(_)) {
        matrix(options, report, &office).await?;
    }
    office.close().await?;
    place.drop(source).await
}

async fn latency(office: &Office, options: &Options, length: Duration) -> Result<Vec<Duration>> {
    let pairs = OFFERED * length.as_secs() / 2;
    let ids: Vec<RecordId> = (0..BEFORE + pairs).map(|_| RecordId::new()).collect();
    let first: Vec<RecordWrite> = (0..BEFORE).map(|k| change(options.seed, k, &ids, false).0).collect();
    office.store().commit(Command { writes: first, ..command(office, change(options.seed, 0, &ids, false).0) }).await?;
    import::counted(office).await?;
    let world = office.world();
    let map = office.today();
    let key = |text: &str| world.unit_idx(text, map).ok_or_else(|| Fault::Wrong(format!("no unit {text}")));
    let communes = (0..data::UNITS).map(|i| key(&data::unit(i))).collect::<Result<Vec<u32>>>()?;
    let above = [key(data::PROVINCE)?, key(data::NATION)?];
    let (send, offered) = mpsc::unbounded_channel();
    let watcher = tokio::spawn(watch(office.clone(), offered, above, pairs * 2));
    let begin = Instant::now() + Duration::from_millis(50);
    let mut commits = tokio::task::JoinSet::new();
    for i in 0..pairs * 2 {
        // The time that counts is the one at which the change was to come, not the one at which the sender got round to it.
        let at = begin + Duration::from_micros(i * 1_000_000 / OFFERED);
        tokio::time::sleep_until(at.into()).await;
        let close = i % 2 == 1;
        let k = if close { i / 2 } else { BEFORE + i / 2 };
        let (write, month, place) = change(options.seed, k, &ids, close);
        let month = Month::new(2025, 7).plus(month);
        let indicator = if close { "dossier.resolved" } else { "dossier.received" };
        let n = i64::try_from(k / CELLS + 1).unwrap_or(i64::MAX);
        let sent = send.send(Offered { at, indicator, commune: communes[place], month, n });
        sent.map_err(|_| Fault::Wrong("the watcher ended early".into()))?;
        let (office, command) = (office.clone(), command(office, write));
        commits.spawn(async move { office.store().commit(command).await.map(|_| ()) });
        while let Some(done) = commits.try_join_next() {
            done.map_err(|e| Fault::Wrong(e.to_string()))??;
        }
    }
    while let Some(done) = commits.join_next().await {
        done.map_err(|e| Fault::Wrong(e.to_string()))??;
    }
    drop(send);
    watcher.await.map_err(|e| Fault::Wrong(e.to_string()))?
}

/// Looks at the figures as an open page does: when it is told that something moved.
async fn watch(office: Office, mut offered: mpsc::UnboundedReceiver<Offered>, above: [u32; 2], expected: u64) -> Result<Vec<Duration>> {
    let actor = Actor::system();
    let map = office.today();
    let mut moved = office.live().watch();
    let mut waiting: VecDeque<Offered> = VecDeque::new();
    let mut times = Vec::new();
    let count = |o: &Offered, unit: u32| -> Result<i64> {
        Ok(office.figure(&actor, o.indicator, unit, Period::Month(o.month), map)?.figure.map_or(0, |f| f.n))
    };
    while (times.len() as u64) < expected {
        tokio::time::timeout(PATIENCE, moved.recv()).await.map_err(|_| Fault::Wrong("a change never reached its figure".into()))?.ok();
        while let Ok(o) = offered.try_recv() {
            waiting.push_back(o);
        }
        let mut still = VecDeque::new();
        for o in waiting.drain(..) {
            if count(&o, o.commune)? < o.n {
                still.push_back(o);
                continue;
            }
            // The sums above must contain it at the same moment.
            for unit in above {
                if count(&o, unit)? < o.n {
                    return Err(Fault::Wrong("an ancestor's figure lags behind".into()));
                }
            }
            times.push(o.at.elapsed());
        }
        waiting = still;
    }
    Ok(times)
}

async fn matrix(options: &Options, report: &mut Report, office: &Office) -> Result<()> {
    // Something to count in every commune and month.
    import::load(office, options.seed, 1_000_000, 1_000_000 + options.amount(50_000, 200_000)).await?;
    let world = office.world();
    let map = office.today();
    let asked: Vec<String> = (0..20).map(data::indicator).collect();
    let communes: Vec<u32> = (0..data::UNITS).filter_map(|i| world.unit_idx(&data::unit(i), map)).collect();
    let (from, to) = (Month::new(2025, 7), Month::new(2025, 7).plus(data::MONTHS - 1));
    let mut times = Vec::new();
    let mut seen = 0;
    for _ in 0..500 {
        let begin = Instant::now();
        // Each commune with everything that flows into it on today's map, as the page asks.
        let groups = communes.iter().map(|u| Ok(office.sources(*u, map)?.exact)).collect::<Result<Vec<Vec<u32>>>>()?;
        let engine = office.live().engine();
        let indicators: Vec<_> = asked.iter().filter_map(|id| engine.indicator(id)).collect();
        let matrix = engine.matrix(&indicators, &groups, from, to);
        drop(engine);
        times.push(begin.elapsed());
        seen = (0..groups.len()).filter(|g| matrix.row(0, *g).n > 0).count();
        if indicators.len() != 20 {
            return Err(Fault::Wrong(format!("{} of 20 indicators", indicators.len())));
        }
    }
    if seen != data::UNITS {
        return Err(Fault::Wrong(format!("figures of {seen} of {} communes", data::UNITS)));
    }
    report.at_most("168 units × 12 months × 20 indicators, office, p99", Duration::from_millis(5), percentile(&mut times, 99.0));
    report.beside("  p50", spoken(percentile(&mut times, 50.0)));
    if let Some(hook) = &options.http {
        let (address, path) = hook(office.clone()).await.map_err(Fault::Wrong)?;
        let mut times = http::times(&address, &path, 500).await?;
        report.at_most("168 units × 12 months × 20 indicators, HTTP, p99", Duration::from_millis(10), percentile(&mut times, 99.0));
    }
    Ok(())
}
