//! The leader's page: targets × units, what is late, what is at risk, what changed today.

use jiff::civil::Date;
use rules::{
    Timestamp,
    access::{Action, Actor, decide},
    target::{Assessment, Status},
};
use store::{Entry, Record};

use super::{Conflict, ReportedFigure, Target, TargetOn, Task, TaskFilter, reported::conflicts_of};
use crate::{
    Office,
    error::{Error, Result},
    packs::PACK_HASH,
};

/// Entries that "what changed today" shows at most.
const CHANGES: usize = 40;
/// When nothing was done on the day itself, so many days before it are shown too.
pub const RECENT_DAYS: i64 = 7;

/// One cell of the grid.
#[derive(Debug, Clone)]
pub struct Cell {
    pub unit: u32,
    pub on: TargetOn,
}

/// One target over all units.
#[derive(Debug, Clone)]
pub struct BoardRow {
    pub target: Target,
    /// The whole, summed from numerators and denominators.
    pub whole: TargetOn,
    /// One per unit of the board; `None` where the target does not bind the unit.
    pub cells: Vec<Option<Cell>>,
}

/// Something that is late or may become so.
#[derive(Debug, Clone)]
pub enum Risk {
    Target { target: Box<Target>, unit: u32, assessment: Assessment },
    Task(Box<Task>),
}

/// A change of today, for people.
#[derive(Debug, Clone)]
pub struct TodayChange {
    pub entry: Entry,
    /// Title of the record, where it has one.
    pub title: Option<String>,
    /// The record as it stands now.
    pub record: Record,
}

/// Everything on the leader's page.
#[derive(Debug, Clone)]
pub struct Board {
    pub day: Date,
    pub top: u32,
    /// Columns: the units below the top on that day's map.
    pub units: Vec<u32>,
    pub rows: Vec<BoardRow>,
    pub late: Vec<Risk>,
    pub at_risk: Vec<Risk>,
    pub waiting: Vec<Task>,
    pub tasks: Vec<Task>,
    pub conflicts: Vec<Conflict>,
    pub changes: Vec<TodayChange>,
    /// The first day that `changes` speak of: the board's own, or, when nothing was done on it, the last days before.
    pub changes_from: Date,
}

impl Board {
    /// How many targets (as a whole) have each status.
    #[must_use]
    pub fn tally(&self) -> std::collections::BTreeMap<Status, usize> {
        let mut out = std::collections::BTreeMap::new();
        for r in &self.rows {
            *out.entry(r.whole.assessment.status).or_default() += 1;
        }
        out
    }

    /// How many tasks have each status.
    #[must_use]
    pub fn task_tally(&self) -> std::collections::BTreeMap<Status, usize> {
        let mut out = std::collections::BTreeMap::new();
        for t in &self.tasks {
            *out.entry(t.assessment.status).or_default() += 1;
        }
        out
    }
}

impl Office {
    /// The board of a unit (the city) on a day, on that day's map.
    pub async fn board(&self, actor: &Actor, top: u32, day: Date) -> Result<Board> {
        let world = self.world();
        decide(actor, Action::View, None, Some(top), &world.units)?;
        world.units.sources_of(top, day)?;
        let reported = self.reported_figures(actor).await?;
        let targets = self.targets(actor).await?;
        let level = world.units.unit(top).level;
        let mut columns: Vec<u32> = targets
            .iter()
            .flat_map(|t| self.bound_units(&world, &t.def, day))
            .filter(|u| *u != top && world.units.unit(*u).level > level)
            .collect();
        columns.sort_by(|a, b| rules::text::compare(&world.units.unit(*a).name.vi, &world.units.unit(*b).name.vi).then(a.cmp(b)));
        columns.dedup();
        let (mut rows, mut late, mut at_risk) = (Vec::new(), Vec::new(), Vec::new());
        for target in targets {
            let bound = self.bound_units(&world, &target.def, day);
            let whole_unit = target.def.owner.as_ref().and_then(|k| world.units.idx(k)).filter(|_| bound.is_empty()).unwrap_or(top);
            let whole = self.target_on(&world, &target, whole_unit, day, &reported)?;
            note(&mut late, &mut at_risk, &target, top, &whole.assessment);
            let mut cells = Vec::with_capacity(columns.len());
            for unit in &columns {
                if !bound.contains(unit) {
                    cells.push(None);
                    continue;
                }
                let on = self.target_on(&world, &target, *unit, day, &reported)?;
                if on.is_known() {
                    note(&mut late, &mut at_risk, &target, *unit, &on.assessment);
                }
                cells.push(Some(Cell { unit: *unit, on }));
            }
            rows.push(BoardRow { target, whole, cells });
        }
        // The same rule as every list of a unit's tasks: those it leads and those it is asked to help with.
        let tasks = self.tasks(actor, &TaskFilter { unit: Some(top), ..TaskFilter::default() }, day).await?;
        for t in &tasks {
            match t.assessment.status {
                Status::Overdue => late.push(Risk::Task(Box::new(t.clone()))),
                Status::AtRisk => at_risk.push(Risk::Task(Box::new(t.clone()))),
                _ => {}
            }
        }
        let waiting = tasks.iter().filter(|t| t.assessment.status == Status::Waiting).cloned().collect();
        let directives = self.store().all(super::DIRECTIVE).await?;
        let mut records: Vec<&Record> = directives.iter().chain(tasks.iter().map(|t| &t.record)).collect();
        // What other units beside or above it did with their own figures is not this unit's news.
        let within = |r: &&Record| r.unit.parse().ok().and_then(|k| world.units.idx(&k)).is_some_and(|u| world.units.covers(top, u));
        records.extend(reported.iter().map(|f| &f.record).filter(within).chain(rows.iter().map(|r| &r.target.record)));
        let mut changes_from = day;
        let mut changes = self.changes_of(day, day, &records).await?;
        if changes.is_empty() {
            changes_from = day.checked_sub(jiff::Span::new().days(RECENT_DAYS)).unwrap_or(day);
            changes = self.changes_of(changes_from, day, &records).await?;
        }
        Ok(Board {
            day,
            top,
            units: columns,
            rows,
            late,
            at_risk,
            waiting,
            tasks,
            conflicts: open_conflicts(reported),
            changes,
            changes_from,
        })
    }

    /// What people did from one day to another with these records, newest first. What a pack declared is no news.
    ///
    /// The programme's records say when they changed last, so however much else the ledger holds, only theirs is read.
    async fn changes_of(&self, from: Date, to: Date, records: &[&Record]) -> Result<Vec<TodayChange>> {
        let (from, to) = (Timestamp::start_of(from), Timestamp::start_of(to).plus_days(1));
        let mut moved: Vec<&Record> = Vec::new();
        for r in records.iter().copied().filter(|r| from <= r.updated_at && r.created_at < to) {
            if r.version > 1 || !r.fields()?.contains_key(PACK_HASH) {
                moved.push(r);
            }
        }
        moved.sort_by_key(|r| std::cmp::Reverse((r.updated_at, r.id)));
        let mut out = Vec::new();
        for r in moved.into_iter().take(CHANGES) {
            let title = title_of(&r.fields()?);
            let entries = self.store().history(&r.register, r.id).await?;
            let news = entries.into_iter().filter(|e| e.kind != "declare" && from <= e.at && e.at < to);
            out.extend(news.map(|entry| TodayChange { entry, title: title.clone(), record: (*r).clone() }));
        }
        out.sort_by_key(|c| std::cmp::Reverse((c.entry.at, c.entry.seq)));
        out.truncate(CHANGES);
        Ok(out)
    }
}

fn title_of(fields: &serde_json::Map<String, serde_json::Value>) -> Option<String> {
    let text = |v: &serde_json::Value| v.as_str().or_else(|| v.get("vi").and_then(serde_json::Value::as_str)).map(str::to_owned);
    ["title", "name", "indicator", "number", "code"].iter().find_map(|k| text(fields.get(*k)?))
}

fn note(late: &mut Vec<Risk>, at_risk: &mut Vec<Risk>, target: &Target, unit: u32, assessment: &Assessment) {
    let list = match assessment.status {
        Status::Overdue => late,
        Status::AtRisk => at_risk,
        _ => return,
    };
    list.push(Risk::Target { target: Box::new(target.clone()), unit, assessment: assessment.clone() });
}

fn open_conflicts(figures: Vec<ReportedFigure>) -> Vec<Conflict> {
    conflicts_of(figures).into_iter().filter(|c| c.decided.is_none()).collect()
}

impl Office {
    /// The unit named in an address, or the tenant's top on that day.
    pub fn unit_or_top(&self, text: Option<&str>, day: Date) -> Result<u32> {
        let world = self.world();
        match text.map(str::trim).filter(|t| !t.is_empty()) {
            Some(t) => world.unit_idx(t, day).ok_or_else(|| Error::not_found(t)),
            None => world.root_on(day).and_then(|k| world.units.idx(k)).ok_or_else(|| Error::refused("pack.no_root")),
        }
    }
}

/// What waits for somebody's answer.
#[derive(Debug, Clone, Default)]
pub struct Inbox {
    pub figures: Vec<ReportedFigure>,
    pub tasks: Vec<Task>,
    /// What was sent back to the actor's own units and waits to be corrected.
    pub returned_figures: Vec<ReportedFigure>,
    pub returned_tasks: Vec<Task>,
}

impl Office {
    /// Figures and tasks that were handed in and that this actor may approve or return, and those that came back to the actor's units.
    pub async fn inbox(&self, actor: &Actor) -> Result<Inbox> {
        let world = self.world();
        let day = self.today();
        let mut out = Inbox::default();
        let may = |register: &str, unit: &str, by: Option<&str>| {
            let Some(idx) = unit.parse().ok().and_then(|k| world.units.idx(&k)) else { return false };
            let top = world.units.parent(idx).is_none() || Some(world.units.key(idx)) == world.root_on(day);
            let allowed = if top {
                decide(actor, Action::Approve, Some(register), Some(idx), &world.units)
            } else {
                rules::access::decide_from_above(actor, Action::Approve, Some(register), idx, &world.units)
            };
            allowed.is_ok() && rules::access::decide_second_person(actor, Action::Approve, by.unwrap_or_default()).is_ok()
        };
        let back = |register: &str, unit: &str| {
            let idx = unit.parse().ok().and_then(|k| world.units.idx(&k));
            idx.is_some() && decide(actor, Action::Submit, Some(register), idx, &world.units).is_ok()
        };
        if !actor.grants.iter().any(|g| g.role.allows(Action::Approve) || g.role.allows(Action::Submit)) {
            return Ok(out);
        }
        for f in self.figures_in(actor, &["submitted", "returned"]).await? {
            if f.record.state == "submitted" && may(super::FIGURE, &f.record.unit, f.extra.submitted_by.as_deref()) {
                out.figures.push(f);
            } else if f.record.state == "returned" && back(super::FIGURE, &f.record.unit) {
                out.returned_figures.push(f);
            }
        }
        for t in self.tasks_in(actor, &TaskFilter::default(), day, &["submitted", "returned"]).await? {
            if t.record.state == "submitted" && may(super::TASK, &t.record.unit, t.extra.submitted_by.as_deref()) {
                out.tasks.push(t);
            } else if t.record.state == "returned" && back(super::TASK, &t.record.unit) {
                out.returned_tasks.push(t);
            }
        }
        Ok(out)
    }

    /// How much waits for this actor: answers to give and things to correct.
    pub async fn inbox_count(&self, actor: &Actor) -> Result<i64> {
        let inbox = self.inbox(actor).await?;
        Ok((inbox.figures.len() + inbox.tasks.len() + inbox.returned_figures.len() + inbox.returned_tasks.len()) as i64)
    }
}
