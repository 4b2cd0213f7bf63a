//! What will be late, and where dossiers wait: forecasts from how such dossiers went, with the method's error on past months.

use std::collections::BTreeMap;

use rules::{
    Timestamp,
    access::Actor,
    one_stop::{
        Case, Status,
        waiting::{self, Basis, Forecast, History, MonthError, Stay},
    },
};
use serde::Serialize;
use store::{ListQuery, OpenQuery, RecordId, SortBy};

use super::{DOSSIER, Ground, Held, desk::masked_name};
use crate::{Office, error::Result};

/// Finished dossiers that a forecast learns from, the newest.
const FINISHED_MAX: usize = 2_000;
/// Open dossiers that are looked at, the nearest deadlines first.
const OPEN_MAX: usize = 1_000;
const PIECE: i64 = 500;

/// One open dossier and when it will be ready if it goes as such dossiers went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Foreseen {
    pub id: String,
    pub code: String,
    pub procedure: String,
    pub applicant: String,
    pub step: String,
    pub assignee: Option<String>,
    pub due_at: Timestamp,
    /// Half of such dossiers are ready by then …
    pub ready_by: Timestamp,
    /// … and four of five by then.
    pub p80_by: Timestamp,
    /// What it rests on.
    pub cases: usize,
    pub basis: Basis,
    /// More likely late than not.
    pub late: bool,
    /// One of five such dossiers would be late.
    pub at_risk: bool,
}

/// Where dossiers wait.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct StepLoad {
    pub step: String,
    /// Open dossiers in it now, and those past their deadline.
    pub open: usize,
    pub late: usize,
    /// Finished stays, their middle length in working minutes, and how often a dossier came back to it.
    pub stays: usize,
    pub median_minutes: u32,
    pub came_back: usize,
}

/// How finished dossiers of some units went.
#[derive(Debug)]
pub(crate) struct Past {
    history: History,
    /// By step; nothing of what is open.
    steps: BTreeMap<String, StepLoad>,
    errors: Vec<MonthError>,
    learnt: usize,
}

/// What is to be expected of the open dossiers of some units.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outlook {
    /// Late or at risk, the nearest deadline first.
    pub foreseen: Vec<Foreseen>,
    /// Open dossiers of which too little is known for a forecast.
    pub unknown: usize,
    pub steps: Vec<StepLoad>,
    /// How wrong the method was, month by month.
    pub errors: Vec<MonthError>,
    /// Finished dossiers that it learnt from.
    pub learnt: usize,
    /// There are more open ones than were looked at.
    pub cut: bool,
}

impl Office {
    /// What will be late below a unit, or everywhere one sees.
    ///
    /// # Errors
    /// `access.…`
    pub async fn outlook(&self, actor: &Actor, unit: Option<u32>) -> Result<Outlook> {
        let (world, now) = (self.world(), self.now());
        let units = self.desk_units(actor, &world, unit)?;
        let office = self.clone();
        let asked = units.clone();
        // Whoever sees the same units learns the same.
        let past = self.memories().outlooks.of(units.join(" "), |p| p.learnt, async move { office.past(&asked).await }).await?;
        let mut steps = past.steps.clone();
        let mut out = Outlook { errors: past.errors.clone(), learnt: past.learnt, ..Outlook::default() };
        let mut query = OpenQuery {
            register: DOSSIER.into(),
            units,
            states: vec![Status::Received.id().into(), Status::InProgress.id().into()],
            limit: PIECE,
            ..OpenQuery::default()
        };
        let mut looked = 0;
        loop {
            let found = self.store().open_records(&query).await?;
            let ids: Vec<RecordId> = found.iter().map(|o| o.id).collect();
            for record in self.store().records_by_ids(DOSSIER, &ids).await? {
                let Ok(held) = Held::of(record) else { continue };
                let ground = Ground::of(&world, &held.record.unit, &held.case)?;
                let due = held.case.due(ground.calendar)?.map(|d| d.value);
                if let Some(step) = held.case.step() {
                    let load = steps.entry(step.step.clone()).or_default();
                    load.open += 1;
                    load.late += usize::from(due.is_some_and(|d| d < now));
                }
                match (due, forecast(&held.case, &ground, &past.history, now)?) {
                    (Some(due), Some(said)) => out.foreseen.extend(foreseen(&held, &ground, due, said, now)?),
                    (Some(_), None) => out.unknown += 1,
                    (None, _) => {}
                }
            }
            looked += found.len();
            match found.last() {
                Some(last) if found.len() as i64 == PIECE && looked < OPEN_MAX => query.after = Some((last.due.clone(), last.id)),
                Some(_) if found.len() as i64 == PIECE => {
                    out.cut = true;
                    break;
                }
                _ => break,
            }
        }
        out.foreseen.sort_by(|a, b| (a.due_at, &a.code).cmp(&(b.due_at, &b.code)));
        out.steps = steps.into_iter().map(|(step, load)| StepLoad { step, ..load }).collect();
        out.steps.sort_by(|a, b| (b.open, &a.step).cmp(&(a.open, &b.step)));
        Ok(out)
    }

    /// How the newest finished dossiers of some units went.
    async fn past(&self, units: &[String]) -> Result<Past> {
        let world = self.world();
        let mut finished: Vec<Vec<Stay>> = Vec::new();
        let mut steps: BTreeMap<String, (StepLoad, Vec<u32>)> = BTreeMap::new();
        for held in self.finished_cases(units).await? {
            let ground = Ground::of(&world, &held.record.unit, &held.case)?;
            let stays = waiting::stays(&held.case, ground.calendar)?;
            let mut seen: Vec<&str> = Vec::new();
            for stay in &stays {
                let (load, minutes) = steps.entry(stay.step.clone()).or_default();
                load.came_back += usize::from(seen.contains(&stay.step.as_str()));
                minutes.push(stay.minutes);
                seen.push(&stay.step);
            }
            finished.push(stays);
        }
        let loads = steps.into_iter().map(|(step, (load, mut minutes))| {
            minutes.sort_unstable();
            let median_minutes = minutes.get(minutes.len().saturating_sub(1) / 2).copied().unwrap_or(0);
            (step, StepLoad { stays: minutes.len(), median_minutes, ..load })
        });
        Ok(Past {
            steps: loads.collect(),
            history: History::learn(finished.iter().flatten(), self.now()),
            errors: waiting::past_errors(&finished),
            learnt: finished.len(),
        })
    }

    /// The newest finished dossiers of some units that have a case.
    async fn finished_cases(&self, units: &[String]) -> Result<Vec<Held>> {
        let ended = [Status::Resolved, Status::ReturnedResult, Status::Rejected];
        let mut query = ListQuery {
            register: DOSSIER.into(),
            units: units.to_vec(),
            states: ended.iter().map(|s| s.id().to_owned()).collect(),
            sort: SortBy::Newest,
            limit: PIECE,
            ..ListQuery::default()
        };
        let (mut out, mut looked) = (Vec::new(), 0);
        loop {
            let page = self.store().list(&query).await?;
            looked += page.records.len();
            out.extend(page.records.into_iter().filter_map(|r| Held::of(r).ok()));
            match page.next {
                Some(next) if looked < FINISHED_MAX => query.after = Some(next),
                _ => return Ok(out),
            }
        }
    }
}

/// The step it is in and those that the procedure has after it.
fn forecast(case: &Case, ground: &Ground<'_>, history: &History, now: Timestamp) -> Result<Option<Forecast>> {
    let Some(step) = case.step() else { return Ok(None) };
    let elapsed = ground.calendar.working_minutes_between(step.from, now)?.value;
    let steps: Vec<&str> = ground.terms.steps.iter().map(|s| s.id.as_str()).skip_while(|s| *s != step.step).collect();
    Ok(history.forecast(&case.procedure, &steps, u32::try_from(elapsed.max(0)).unwrap_or(u32::MAX)))
}

/// `None` where it will be in time.
fn foreseen(held: &Held, ground: &Ground<'_>, due_at: Timestamp, said: Forecast, now: Timestamp) -> Result<Option<Foreseen>> {
    let after = |minutes: u32| -> Result<Timestamp> { Ok(ground.calendar.add_working_minutes(now, minutes)?.value) };
    let (ready_by, p80_by) = (after(said.median)?, after(said.p80)?);
    let (late, at_risk) = (ready_by > due_at || now > due_at, p80_by > due_at);
    if !late && !at_risk {
        return Ok(None);
    }
    Ok(Some(Foreseen {
        id: held.record.id.to_string(),
        code: held.code().to_owned(),
        procedure: ground.procedure.def.name.vi.clone(),
        applicant: masked_name(held.text("applicant_name").unwrap_or_default()),
        step: held.case.step().map(|s| s.step.clone()).unwrap_or_default(),
        assignee: held.case.step().and_then(|s| s.assignee.clone()),
        due_at,
        ready_by,
        p80_by,
        cases: said.cases,
        basis: said.basis,
        late,
        at_risk,
    }))
}
