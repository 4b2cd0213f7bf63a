//! When open dossiers will be ready, from how such dossiers went: the declared method of `rules::one_stop::waiting`, learnt for each
//! unit from its newest dossiers, with its error on past months.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use rules::{
    Timestamp,
    access::{Action, Actor},
    calendar::Calendar,
    one_stop::{
        Case, Status,
        waiting::{Forecast, History, MonthError, past_errors, stays},
    },
    procedure::Procedure,
};
use serde::Deserialize;
use store::{ListQuery, Record, RecordId, SortBy};

use crate::{Office, error::Result};

const DOSSIER: &str = "dossier";
/// Finished dossiers that are learnt from, the newest.
const NEWEST: usize = 2_000;
const PAGE: i64 = 500;

/// What is known of the past.
#[derive(Debug, Default)]
pub struct Learnt {
    history: History,
    /// Dossiers that were looked at; those of older systems have no steps to learn from.
    looked: usize,
    /// Finished dossiers it rests on.
    pub finished: usize,
    /// How wrong it would have been, month by month.
    pub errors: Vec<MonthError>,
}

impl Learnt {
    /// Mean absolute error over all past months, in working minutes.
    #[must_use]
    pub fn error_minutes(&self) -> Option<i64> {
        let cases: i64 = self.errors.iter().map(|e| e.cases as i64).sum();
        let sum: i64 = self.errors.iter().map(|e| i64::from(e.mean_error) * e.cases as i64).sum();
        (cases > 0).then(|| sum / cases)
    }
}

/// Forecasts of some open dossiers.
#[derive(Debug, Clone, Default)]
pub struct Forecasts {
    by_id: HashMap<String, Forecast>,
    pub finished: usize,
    pub error_minutes: Option<i64>,
}

impl Forecasts {
    #[must_use]
    pub fn of(&self, id: &str) -> Option<&Forecast> {
        self.by_id.get(id)
    }
}

/// Of a dossier only how it went: its form and papers are passed over.
#[derive(Deserialize)]
struct OfCase {
    case: Option<Case>,
}

fn case_of(r: &Record) -> Option<Case> {
    r.view::<OfCase>().ok()?.case
}

/// Working minutes spent in the step that a case is in, without those for which the clock stood still.
fn elapsed(case: &Case, now: Timestamp, calendar: &Calendar) -> Result<u32> {
    let Some(step) = case.step() else { return Ok(0) };
    let mut minutes = calendar.working_minutes_between(step.from, now)?.value;
    for p in case.clock.iter().flat_map(|c| &c.pauses) {
        let (from, to) = (p.from.max(step.from), p.to.unwrap_or(now));
        if to > from {
            minutes -= calendar.working_minutes_between(from, to)?.value;
        }
    }
    Ok(u32::try_from(minutes.max(0)).unwrap_or(u32::MAX))
}

/// The steps that lie before a case, the one it is in first.
fn steps_left<'p>(case: &Case, procedure: &'p Procedure) -> Vec<&'p str> {
    let Some(now) = case.step() else { return Vec::new() };
    let all = procedure.def.steps.iter().map(|s| s.id.as_str());
    all.skip_while(|s| *s != now.step).collect()
}

impl Office {
    /// Forecasts of dossiers of one unit, by their identities. A dossier that waits for the citizen has none.
    ///
    /// # Errors
    /// `access.…`
    pub async fn forecasts(&self, actor: &Actor, unit: u32, ids: &[&str]) -> Result<Forecasts> {
        let world = self.world();
        let key = world.units.key(unit).to_string();
        self.may(actor, Action::View, DOSSIER, &key)?;
        let learnt = self.learnt(unit, &key).await?;
        let now = self.now();
        let ids: Vec<RecordId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        let mut by_id = HashMap::new();
        for r in self.store().records_by_ids(DOSSIER, &ids).await? {
            let Some(case) = case_of(&r).filter(|c| c.end.is_none() && c.clock.as_ref().is_some_and(|k| k.paused().is_none())) else {
                continue;
            };
            let Some(at) = r.unit.parse().ok().and_then(|k| world.units.idx(&k)) else { continue };
            let Some(procedure) = world.procedure_version(&case.procedure, case.procedure_from) else { continue };
            let spent = elapsed(&case, now, world.calendar(at, now.local_date()))?;
            if let Some(f) = learnt.history.forecast(&case.procedure, &steps_left(&case, procedure), spent) {
                by_id.insert(r.id.to_string(), f);
            }
        }
        Ok(Forecasts { by_id, finished: learnt.finished, error_minutes: learnt.error_minutes() })
    }

    /// Learns beforehand what the desks of those who work here will ask for, so that the first of the morning does not wait for it.
    pub async fn warm(&self) {
        let Ok(people) = self.people().await else { return };
        let world = self.world();
        let mut done = HashSet::new();
        for account in people.values().filter(|a| !a.disabled) {
            let actor = Actor::new(account.login.clone(), String::new(), account.grants.clone());
            for unit in account.grants.iter().filter_map(|g| world.units.idx(&g.unit)) {
                if done.insert(unit) {
                    // Who may not see dossiers there needs nothing.
                    let _ = self.forecasts(&actor, unit, &[]).await;
                    let _ = self.process_map(&actor, unit, None).await;
                }
            }
        }
    }

    /// What is known of the past of a unit and what is below it.
    async fn learnt(&self, unit: u32, key: &str) -> Result<Arc<Learnt>> {
        let office = self.clone();
        self.memories().forecasts.of(key.to_owned(), |l| l.looked, async move { office.learn(unit).await }).await
    }

    async fn learn(&self, unit: u32) -> Result<Learnt> {
        let world = self.world();
        let units = (0..world.units.len()).filter(|u| world.units.covers(unit, *u)).map(|u| world.units.key(u).to_string()).collect();
        let ended = [Status::Resolved, Status::ReturnedResult, Status::Rejected];
        let states = ended.iter().map(|s| s.id().to_owned()).collect();
        let mut query = ListQuery { register: DOSSIER.into(), units, states, sort: SortBy::Newest, limit: PAGE, ..ListQuery::default() };
        let (mut finished, mut read) = (Vec::new(), 0);
        loop {
            let page = self.store().list(&query).await?;
            read += page.records.len();
            for r in &page.records {
                let Some(case) = case_of(r).filter(|c| c.end.is_some()) else { continue };
                let Some(at) = r.unit.parse().ok().and_then(|k| world.units.idx(&k)) else { continue };
                let list = stays(&case, world.calendar(at, case.filed.local_date()))?;
                if !list.is_empty() {
                    finished.push(list);
                }
            }
            match page.next {
                Some(next) if read < NEWEST => query.after = Some(next),
                _ => break,
            }
        }
        let history = History::learn(finished.iter().flatten(), self.now());
        Ok(Learnt { history, looked: read, finished: finished.len(), errors: past_errors(&finished) })
    }
}
