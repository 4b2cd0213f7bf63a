//! Citizens and officers at work at once against the real server over HTTP, on a database that holds a year of a city.
//!
//! The server is this very program in a process of its own (`serve`); the people are here. At the end the server is killed, not stopped,
//! and the database verified.

mod browser;
mod citizen;
mod form;
mod officer;
mod people;
mod tally;

use std::{path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use office::{Office, people::Account};
use rules::access::{Actor, Grant, Role};
use store::DataSource;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::Instant,
};

use self::{browser::Browser, citizen::Citizen, officer::Officer, people::Pace, tally::Tally};
use crate::{
    Fault, Options, Place, Report, Result, percentile,
    place::{memory_of, processor_of},
    table::{grouped, spoken},
};

const CITIZENS: u64 = 200;
const OFFICERS: usize = 100;
/// Officers of one ward; the last of them decides.
const OF_WARD: usize = 6;
const ASKED: Duration = Duration::from_millis(100);
/// Of the measured time, so much goes by until everybody has come: people do not arrive in the same second.
const ARRIVING: f64 = 0.2;
/// What is under way at the end has so long to be answered.
const LEAVING: Duration = Duration::from_secs(3);
const PASSWORD: &str = "chi-de-do-luong";

/// What people know of the city.
pub struct Town {
    /// Keys of the wards that take dossiers.
    wards: Vec<String>,
    /// Day, month and year of a birth three weeks ago.
    child_born: [String; 3],
}

impl Town {
    /// The identity number of one of the people whom the simulated provider knows.
    fn citizen(&self, n: u64) -> String {
        office::one_stop::simulated_number(n)
    }
}

pub(crate) async fn measure(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    let Some(program) = &options.program else {
        return Err(Fault::Options("the load needs the program itself".into()));
    };
    let sqlite = place.sqlite("load");
    place.drop(&sqlite).await?;
    on(options, place, report, program, &sqlite, "SQLite").await?;
    if let Some(postgres) = place.postgres("load").await? {
        on(options, place, report, program, &postgres, "PostgreSQL").await?;
    }
    Ok(())
}

/// The program on one database.
struct Program<'a> {
    path: &'a PathBuf,
    common: Vec<String>,
}

impl Program<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.path);
        command.args(&self.common).args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    async fn run(&self, arguments: &[&str]) -> Result<()> {
        let status = self.command(arguments).stdout(Stdio::null()).status().await?;
        if status.success() { Ok(()) } else { Err(Fault::Wrong(format!("{} ended with {status}", arguments.join(" ")))) }
    }

    /// Serves on a free port; gives its address.
    async fn serve(&self) -> Result<(Child, String)> {
        let mut child = self.command(&["serve", "--port", "0"]).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or_else(|| Fault::Wrong("the server has no output".into()))?;
        let mut lines = BufReader::new(out).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some((_, rest)) = line.split_once("http://") {
                let address = rest.trim_end_matches('/').to_owned();
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok((child, address));
            }
        }
        Err(Fault::Wrong("the server did not start".into()))
    }
}

async fn on(options: &Options, place: &Place, report: &mut Report, path: &PathBuf, source: &DataSource, name: &str) -> Result<()> {
    let data = match source {
        DataSource::Folder(dir) => dir.display().to_string(),
        DataSource::Postgres(address) => address.clone(),
    };
    let opened = place.options(source);
    let mut common = ["--data", &data, "--tenant", &opened.tenant].map(str::to_owned).to_vec();
    for (flag, path) in [("--files", &opened.files), ("--key-file", &opened.key_file)] {
        common.extend(path.iter().flat_map(|p| [flag.to_owned(), p.display().to_string()]));
    }
    let program = Program { path, common };
    program.run(&["simulate", "--seed", &options.seed.to_string()]).await?;
    let office = Office::open(&opened).await?;
    let (town, officers) = hire(&office).await?;
    let town = Arc::new(town);
    office.close().await?;

    let (mut server, address) = program.serve().await?;
    let pid = server.id().unwrap_or_default();
    let (tally, minutes) = (Arc::new(Tally::default()), options.minutes.unwrap_or_else(|| options.amount(2, 10)));
    let span = Duration::from_secs(60 * minutes);
    let (begin, used) = (Instant::now(), processor_of(pid));
    people(options.seed, &address, &town, officers, &tally, begin, span).await;
    let used = processor_of(pid).saturating_sub(used);
    let memory = memory_of(pid);
    server.kill().await?;
    let whole = program.run(&["verify"]).await;

    told(report, &tally, name, minutes);
    report.beside(
        "  the server: processor time a second, memory at its peak",
        format!("{:.2} s, {memory} MB", used.as_secs_f64() / begin.elapsed().as_secs_f64().max(span.as_secs_f64())),
    );
    report.judged(
        &format!("  ledger and figures after the server was killed, {name}"),
        "whole",
        whole.as_ref().map_or_else(ToString::to_string, |()| "whole".to_owned()),
        whole.is_ok(),
    );
    place.drop(source).await
}

/// An officer's account: login, whether they decide, ward.
type Hired = (String, bool, String);

/// Accounts for all officers, over the wards that take dossiers.
async fn hire(office: &Office) -> Result<(Town, Vec<Hired>)> {
    let (world, today) = (office.world(), office.today());
    let top = world.root_on(today).and_then(|k| world.units.idx(k)).ok_or_else(|| Fault::Wrong("no top unit".into()))?;
    let level = |u: &u32| world.units.unit(*u).level;
    let takes = |u: &u32| {
        let offered = world.procedures_for(*u, today);
        citizen::WANTS.iter().all(|(_, code)| offered.iter().any(|p| p.def.code == *code && p.def.level == level(u)))
    };
    let wards: Vec<u32> = world.units.subtree_on(top, today).filter(takes).collect();
    let mut hired = Vec::new();
    for n in 0..OFFICERS {
        let ward = wards.get((n / OF_WARD) % wards.len().max(1)).ok_or_else(|| Fault::Wrong("no ward takes dossiers".into()))?;
        let (login, leads, key) = (format!("can-bo-{n}"), n % OF_WARD == OF_WARD - 1, world.units.key(*ward).clone());
        hired.push((login.clone(), leads, key.to_string()));
        let role = if leads { Role::Leader } else { Role::WardOfficer };
        let account = Account {
            name: format!("Cán bộ {n}"),
            login,
            grants: vec![Grant { role, unit: key, register: None }],
            language: "vi".into(),
            disabled: false,
        };
        office.put_account(&Actor::system(), &account, Some(PASSWORD)).await?;
    }
    let born = rules::time::date_from_days(rules::time::days_since_epoch(today) - 21);
    let child_born = [born.day().to_string(), born.month().to_string(), born.year().to_string()];
    Ok((Town { wards: wards.iter().map(|u| world.units.key(*u).to_string()).collect(), child_born }, hired))
}

async fn people(seed: u64, address: &str, town: &Arc<Town>, officers: Vec<Hired>, tally: &Arc<Tally>, begin: Instant, span: Duration) {
    let end = begin + span;
    #[expect(clippy::cast_precision_loss, reason = "a place in a queue")]
    let pace = |n: u64, of: u64| Pace::new(begin + span.mul_f64(ARRIVING * n as f64 / of as f64), end, seed ^ (n << 32) ^ of);
    let mut all = tokio::task::JoinSet::new();
    for n in 0..CITIZENS {
        let browser = Browser::new(address, Some(n), tally);
        let citizen = Citizen { browser, pace: pace(n, CITIZENS), town: town.clone(), tally: tally.clone() };
        all.spawn(citizen.live());
    }
    let of = officers.len() as u64;
    for (n, (login, leads, ward)) in (0..).zip(officers) {
        let officer = Officer {
            browser: Browser::new(address, None, tally),
            login,
            password: PASSWORD.into(),
            leads,
            ward,
            address: address.to_owned(),
            pace: pace(n, of),
            town: town.clone(),
            tally: tally.clone(),
        };
        all.spawn(officer.live());
    }
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            // What was asked before the end is answered before everybody goes.
            () = tokio::time::sleep_until(end + LEAVING) => return,
            ended = all.join_next() => match ended {
                None => return,
                Some(Err(e)) => tally.fail("the people", e.to_string()),
                Some(Ok(())) => {}
            },
            _ = minute.tick() => {
                let rows = tally.rows();
                let (n, errors) = (rows.values().map(|r| r.times.len()).sum::<usize>(), rows.values().map(|r| r.errors).sum::<usize>());
                eprintln!("  [{:>4.0} s] {n} pages and acts, {errors} errors", begin.elapsed().as_secs_f64());
            }
        }
    }
}

/// A line for each page and act, and one for all.
fn told(report: &mut Report, tally: &Tally, name: &str, minutes: u64) {
    let rows = tally.rows();
    let mut all: Vec<Duration> = rows.values().flat_map(|r| r.times.iter().copied()).collect();
    let errors: usize = rows.values().map(|r| r.errors).sum();
    let count = all.len();
    let p95 = percentile(&mut all, 95.0);
    report.judged(
        &format!("{CITIZENS} citizens and {OFFICERS} officers for {minutes} minutes, {name}: all, p95"),
        &format!("≤ {}, no error", spoken(ASKED)),
        format!("{}, {errors} errors of {}", spoken(p95), grouped(count as f64)),
        p95 <= ASKED && errors == 0,
    );
    for (what, mut row) in rows {
        let (count, errors, overtaken) = (row.times.len(), row.errors, row.overtaken);
        let times = [50.0, 95.0, 100.0].map(|p| percentile(&mut row.times, p));
        let also = if overtaken > 0 { format!("; {overtaken} overtaken") } else { String::new() };
        let [p50, p95, max] = times.map(spoken);
        report.judged(
            &format!("  {what}"),
            &format!("≤ {}", spoken(ASKED)),
            format!("{p95} (p50 {p50}, max {max}; {count}×, {errors} errors{also})"),
            times[1] <= ASKED && errors == 0,
        );
    }
    for sample in tally.samples() {
        report.beside("  an error", sample);
    }
}
