//! A made-up year of a city, for demonstrations and tests: reproducible by its seed, calibrated to the published figures, and carried
//! out through the same use cases that people use. Everything it makes is marked as simulated (`setting:demo`).
//!
//! Load the packs first, then [`run`]. The office's clock is set to the last morning of the plan and runs on from there.

mod answers;
mod cast;
mod demo;
mod dice;
mod dossiers;
mod morning;
mod procedures;
mod programme;
mod reports;
mod run;
mod society;

use jiff::civil::{Date, date};
use rules::{
    Month, Period, Refusal, Timestamp,
    access::Actor,
    calendar::{Calendar, CalendarSpec},
};

use crate::{
    Office,
    error::{Error, Result},
};

/// What to simulate.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Plan {
    /// The same seed gives the same year; only record identities differ.
    pub seed: u64,
    pub from: Date,
    /// The last day; it has only begun (08:30).
    pub to: Date,
    pub dossiers: usize,
    /// The other registers (teams, cameras, enterprises …), at their published sizes.
    pub society: bool,
    /// Tasks, figures, decisions, frozen periods.
    pub programme: bool,
    /// A morning at the one-stop desks of the wards whose officers the packs declare.
    pub desk: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: 57, from: date(2024, 7, 1), to: date(2025, 6, 30), dossiers: 12_000, society: true, programme: true, desk: true }
    }
}

impl Plan {
    /// What the demonstration's clock shows when it begins to run: 08:30 of the last day.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        Timestamp::start_of(self.to).plus_micros((8 * 60 + 30) * 60_000_000)
    }
}

/// How far the simulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// `people`, `acts`, `desks`, `figures`
    pub what: &'static str,
    pub done: usize,
    pub total: usize,
}

/// A published figure and what the simulation reached, in the measure of the publication.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Calibration {
    pub indicator: &'static str,
    pub unit: String,
    pub period: String,
    /// `None` where nothing was published and a plausible value was aimed at.
    pub published: Option<f64>,
    pub reached: Option<f64>,
}

/// What was made.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Summary {
    pub seed: u64,
    pub wards: usize,
    pub dossiers: usize,
    /// Of the last weeks and this morning, with their cases.
    pub at_desks: usize,
    /// Records written by acts on registers, each an entry of the ledger.
    pub writes: usize,
    pub task_updates: usize,
    pub evidence_files: usize,
    pub tasks_approved: usize,
    pub tasks_returned: usize,
    pub figures_submitted: usize,
    pub figures_approved: usize,
    pub figures_returned: usize,
    pub conflicts_decided: usize,
    /// Period and number of figures kept.
    pub frozen: Vec<(String, usize)>,
    pub calibration: Vec<Calibration>,
}

/// The working calendar that the packs declare.
fn calendar_of(office: &Office) -> Result<Calendar> {
    let years = office.world().calendars.iter().filter_map(rules::pack::CalendarDef::year_spec).collect();
    Calendar::build(&CalendarSpec { years, ..CalendarSpec::default() })
        .map_err(|e| Error::Internal(format!("calendar: {}", e.first().map_or_else(String::new, ToString::to_string))))
}

/// Simulates a year. `progress` is told now and then.
///
/// # Errors
/// `pack.no_root` without packs; `simulate.plan` for days that do not follow each other; `simulate.twice` when the office has
/// dossiers already; whatever a use case refuses.
pub async fn run(office: &Office, plan: &Plan, progress: &mut dyn FnMut(Progress)) -> Result<Summary> {
    if plan.from >= plan.to {
        return Err(Error::Refused(Refusal::new("simulate.plan").with("from", plan.from).with("to", plan.to)));
    }
    let system = Actor::system();
    office.world().register("dossier")?;
    if office.store().register_counts().await?.iter().any(|(register, n)| register == "dossier" && *n > 0) {
        return Err(Error::refused("simulate.twice"));
    }
    office.set_demo(&system, plan.start()).await?;
    progress(Progress { what: "people", done: 0, total: 1 });
    let cast = cast::Cast::assemble(office, plan.seed, plan.from).await?;
    let calendar = calendar_of(office)?;
    let mut slots = 0;
    let mut acts = dossiers::acts(plan, &cast, &calendar, &mut slots)?;
    if plan.society {
        acts.extend(society::acts(plan, &cast, &office.world(), &calendar));
    }
    // Stable: acts of one record at one instant keep their order.
    acts.sort_by_key(|a| a.at);
    let mut summary = Summary { seed: plan.seed, wards: cast.wards.len(), dossiers: slots, ..Summary::default() };
    let mut programme = programme::Programme::new(office, plan, &cast);
    let total = acts.len() + if plan.programme { programme.len() } else { 0 };
    let mut done = 0;
    let mut acts = acts.into_iter().peekable();
    let mut runner = run::Runner::new(office);
    while plan.programme
        && let Some(moment) = programme.next()
    {
        runner
            .run(&mut acts, moment, &mut |n| {
                done += n;
                progress(Progress { what: "acts", done, total });
            })
            .await?;
        programme.step(&mut summary).await?;
        done += 1;
    }
    runner
        .run(&mut acts, plan.start(), &mut |n| {
            done += n;
            progress(Progress { what: "acts", done, total });
        })
        .await?;
    summary.writes = runner.written;
    if plan.desk {
        progress(Progress { what: "desks", done: 0, total: 1 });
        summary.at_desks = morning::open(office, plan.seed, &cast, &calendar, plan.start()).await?;
    }
    office.store().settle().await?;
    let head = office.store().head().await?.size;
    progress(Progress { what: "figures", done: 0, total: 1 });
    office.live().wait_for(head as u64, FIGURES_WAIT).await;
    summary.calibration = calibration(office, &cast)?;
    Ok(summary)
}

/// The figures follow at some ten thousand entries a second; a slow machine gets a minute.
const FIGURES_WAIT: std::time::Duration = std::time::Duration::from_secs(60);

fn calibration(office: &Office, cast: &cast::Cast) -> Result<Vec<Calibration>> {
    let world = office.world();
    let Some(top) = world.units.idx(&cast.city) else { return Ok(Vec::new()) };
    let map = office.today();
    let year = Period::Year(2024);
    let month = |y, m| Period::Month(Month::new(y, m));
    let wanted: [(&str, Period, Option<f64>); 22] = [
        ("dossier.on_time", year, Some(99.85)),
        ("dossier.one_stop_share", year, Some(97.63)),
        ("dossier.digitised", Period::All, Some(100.0)),
        ("dossier.identified", Period::All, Some(99.17)),
        ("dossier.end_to_end", month(2024, 7), None),
        ("dossier.end_to_end", month(2025, 4), None),
        ("dossier.end_to_end", month(2025, 6), None),
        ("dossier.paid_online", Period::All, None),
        ("dossier.satisfaction", Period::All, None),
        ("dossier.open_overdue", Period::All, None),
        ("document.signed", year, Some(100.0)),
        ("community_team.count", Period::All, Some(1246.0)),
        ("station_5g.installed", Period::All, Some(100.0)),
        ("station_5g.operating", Period::All, Some(60.0)),
        ("camera.count", Period::All, Some(196.0)),
        ("enterprise.e_invoice", Period::All, Some(100.0)),
        ("enterprise.e_commerce", Period::All, Some(80.0)),
        ("shop.qr", Period::All, Some(100.0)),
        ("resident_signature.issued", Period::All, Some(115_254.0)),
        ("training.officials", year, Some(584.0)),
        ("training.community", year, Some(2500.0)),
        ("household_ocop.guided", Period::All, Some(193.0)),
    ];
    let mut out = Vec::new();
    for (id, period, published) in wanted {
        if let Some(indicator) = world.indicator(id) {
            let answer = office.figure(&Actor::system(), id, top, period, map)?;
            out.push(Calibration {
                indicator: id,
                unit: cast.city.to_string(),
                period: period.to_string(),
                published,
                reached: answer.value.map(|v| indicator.points(v)),
            });
        }
    }
    Ok(out)
}
