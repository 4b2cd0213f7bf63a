//! `haidang demo`: everything on an embedded database with a simulated year, in one command.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
    time::Instant,
};

use office::{
    Office,
    connections::{Bank, MoneyBy, Secret},
    one_stop::payment::gateway::Simulator,
    people::Account,
    simulate,
};
use rules::{Localized, Timestamp, access::Actor, pack::AccountDef};
use store::DataSource;
use web::http::WebOptions;

use crate::{
    args,
    commands::serve,
    say, setup,
    words::{fault, lang, words},
};

/// The one password of the demonstration's accounts. It opens made-up data only; `serve` never makes such accounts.
const DEMO_PASSWORD: &str = "hai-dang-57";
/// The simulated payment gateway among the senders of notices.
const GATEWAY: &str = "cong-mo-phong";
/// Local morning at which the demonstration begins: the day before the boundaries change, with the quarter about to close.
const DEMO_START: &str = "2025-06-30T08:30:00+07:00";

pub async fn run(common: &args::Common, a: &args::Demo) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let listener = serve::listen(&a.host, a.port, a.port == 8080).await?;
    let mut common = common.clone();
    let folder = match &common.data {
        Some(_) => None,
        None => {
            let dir = tempfile::Builder::new().prefix("haidang-demo-").tempdir()?;
            common.data = Some(dir.path().display().to_string());
            Some(dir)
        }
    };
    let mut options = setup::options(&common).await?;
    let gateway = gateway(&mut options)?;
    if let DataSource::Postgres(_) = options.data {
        eprintln!("{}", words("cli-demo-postgres", &[]));
    }
    let office = Office::open(&options).await?;
    let _only = serve::only_server(&options.data)?;
    let mut steps = Steps::new(started);
    if office.world().units.is_empty() {
        fill(&office, &common, a.seed, None, &mut steps).await?;
    } else if !office.simulated() {
        return Err(fault("cli-demo-real", &[("place", common.data.unwrap_or_default().into())]));
    }
    let accounts = office.world().accounts.clone();
    let stop = serve::stop();
    say!("");
    say!("Hải Đăng (dữ liệu mô phỏng / simulated data): http://{}/", listener.local_addr()?);
    ready(started, &common);
    tell_accounts(&accounts);
    say!("{}", words("cli-demo-stop", &[]));
    let shown = accounts
        .iter()
        .map(|d| {
            (d.id.clone(), DEMO_PASSWORD.to_owned(), d.note.clone().unwrap_or_else(|| Localized::new(&d.display_name, &d.display_name)))
        })
        .collect();
    let code =
        serve::serve(office, listener, WebOptions { demo_accounts: shown, gateway: Some(gateway), ..WebOptions::default() }, stop).await;
    drop(folder);
    code
}

/// A payment gateway that plays one, and tells of money as a real one does: signed, with a secret made for this run.
fn gateway(options: &mut office::Options) -> anyhow::Result<Arc<Simulator>> {
    let secret = Secret::random()?;
    options.connections.banks.push(Bank { id: GATEWAY.into(), secret: secret.clone(), method: MoneyBy::Gateway });
    Ok(Arc::new(Simulator::new(GATEWAY, secret, 57).at("/portal/gateway/")))
}

/// `haidang simulate`: the same year, without serving it.
pub async fn simulate(common: &args::Common, a: &args::Simulate) -> anyhow::Result<ExitCode> {
    let office = Office::open(&setup::options(common).await?).await?;
    // Asked before anything is written: a server may be at work on this data, by the clock that it holds.
    if has_work(&office).await? {
        return Err(if office.simulated() { office::Error::refused("simulate.twice").into() } else { fault("cli-simulate-real", &[]) });
    }
    let started = Instant::now();
    let mut steps = Steps::new(started);
    let filled = fill(&office, common, a.seed, a.dossiers, &mut steps).await;
    let accounts = office.world().accounts.clone();
    office.close().await?;
    let summary = filled?;
    crate::words::print(format_args!("{}", told(&summary)));
    say!("");
    ready(started, common);
    say!("{}", words("cli-simulate-open", &[]));
    tell_accounts(&accounts);
    Ok(ExitCode::SUCCESS)
}

fn ready(started: Instant, common: &args::Common) {
    let seconds = lang().decimal(started.elapsed().as_secs_f64(), 1);
    let place = setup::source(common).map(|s| setup::shown(&s)).unwrap_or_default();
    say!("{}", words("cli-demo-ready", &[("seconds", seconds.into()), ("place", place.into())]));
}

/// Who may sign in to simulated data, and how.
fn tell_accounts(accounts: &[AccountDef]) {
    say!("{}", words("cli-demo-accounts", &[("password", DEMO_PASSWORD.into())]));
    for a in accounts {
        say!("  {:<14} {:<24} {}", a.id, a.display_name, a.note.as_ref().map(|n| lang().pick(n)).unwrap_or_default());
    }
}

/// What the simulated year holds, and how near it came to the published figures.
fn told(s: &simulate::Summary) -> String {
    let lines = [
        ("wards", s.wards),
        ("dossiers", s.dossiers),
        ("writes", s.writes),
        ("task-reports", s.task_updates),
        ("evidence", s.evidence_files),
        ("tasks-approved", s.tasks_approved),
        ("tasks-returned", s.tasks_returned),
        ("figures", s.figures_submitted),
        ("figures-approved", s.figures_approved),
        ("figures-returned", s.figures_returned),
        ("conflicts", s.conflicts_decided),
    ];
    let mut rows: Vec<(String, usize)> = lines.iter().map(|(key, n)| (words(&format!("cli-simulated-{key}"), &[]), *n)).collect();
    rows.extend(s.frozen.iter().map(|(period, n)| (words("cli-simulated-frozen", &[("period", period.into())]), *n)));
    let wide = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut out = format!("{}\n", words("cli-simulated", &[("seed", s.seed.to_string().into())]));
    for (name, n) in rows {
        let n = lang().int(i64::try_from(n).unwrap_or(i64::MAX));
        out += &format!("  {name:<wide$} {n:>11}\n");
    }
    for c in &s.calibration {
        let of = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |v| lang().decimal(v, 4));
        let values = [
            ("indicator", c.indicator.into()),
            ("unit", (&c.unit).into()),
            ("period", (&c.period).into()),
            ("published", of(c.published).into()),
            ("reached", of(c.reached).into()),
        ];
        out += &format!("{}\n", words("cli-simulated-calibration", &values));
    }
    out
}

async fn has_work(office: &Office) -> anyhow::Result<bool> {
    Ok(office.store().register_counts().await?.iter().any(|(r, n)| r == "dossier" && *n > 0))
}

async fn fill(
    office: &Office,
    common: &args::Common,
    seed: u64,
    dossiers: Option<usize>,
    steps: &mut Steps,
) -> anyhow::Result<simulate::Summary> {
    steps.say("packs");
    let set = setup::read_packs(&common.packs)?;
    let start: Timestamp = DEMO_START.parse()?;
    let system = Actor::system();
    office.load_packs(&system, &set, start).await?;
    office.set_demo(&system, start).await?;
    steps.say("accounts");
    let list = office.world().accounts.clone();
    let made = list.iter().map(|d| {
        let account = Account {
            login: d.id.clone(),
            name: d.display_name.clone(),
            grants: d.grants.iter().map(|g| rules::access::Grant { role: g.role, unit: g.unit.clone(), register: None }).collect(),
            language: d.language.clone(),
            disabled: false,
        };
        let system = &system;
        async move { office.put_account(system, &account, Some(DEMO_PASSWORD)).await }
    });
    futures::future::try_join_all(made).await?;
    let mut plan = simulate::Plan { seed, ..simulate::Plan::default() };
    if let Some(n) = dossiers {
        plan.dossiers = n;
    }
    let summary = simulate::run(office, &plan, &mut |p: simulate::Progress| steps.progress(p.what, p.done, p.total)).await?;
    steps.end();
    Ok(summary)
}

/// Says what is being done and how far it is.
struct Steps {
    started: Instant,
    terminal: bool,
    last: String,
}

impl Steps {
    fn new(started: Instant) -> Self {
        Self { started, terminal: std::io::stderr().is_terminal(), last: String::new() }
    }

    fn say(&mut self, what: &str) {
        self.progress(what, 0, 0);
    }

    fn progress(&mut self, what: &str, done: usize, total: usize) {
        let new = self.last != what;
        let said = words(&format!("cli-step-{what}"), &[]);
        if self.terminal {
            let part = (done * 100).checked_div(total).map(|p| format!(" {p:>3} %")).unwrap_or_default();
            if new && !self.last.is_empty() {
                eprintln!();
            }
            eprint!("\r[{:>5.1} s] {said}{part}   ", self.started.elapsed().as_secs_f64());
            let _ = std::io::stderr().flush();
        } else if new {
            eprintln!("[{:>5.1} s] {said}", self.started.elapsed().as_secs_f64());
        }
        self.last = what.to_owned();
    }

    fn end(&mut self) {
        if self.terminal {
            eprintln!();
        }
    }
}
