//! Chỉ tiêu được giao: a threshold, a deadline, the units it binds; and how far each is.

use jiff::civil::Date;
use rules::{
    Month, Period, Refusal,
    access::{Action, Actor},
    pack::{Scope, TargetDef},
    target::{self, Assessment, TargetState, Window},
    units::Attribution,
};
use serde::Deserialize;
use serde_json::json;
use store::Record;

use super::{Freeze, Next, ReportedFigure, TARGET, inherited, reported::conflicts_of, required};
use crate::{
    Office,
    error::{Error, Result},
    world::{Indicator, Source, World},
};

/// Months of history that the pace of a target is measured on, beyond the rule's own window.
const SERIES_MONTHS: i32 = 18;

/// The first month of what counts as "everything up to now".
pub(crate) const BEGINNING: Month = Month(1900 * 12);

/// A target with its place in the store.
#[derive(Debug, Clone)]
pub struct Target {
    pub record: Record,
    pub def: TargetDef,
    pub extra: Extra,
}

/// What people decided about a target since it was given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Extra {
    pub decided_deadline: Option<Date>,
    pub decided_reason: Option<String>,
    pub decided_by: Option<String>,
    pub completed_on: Option<Date>,
    pub waiting_for: Option<String>,
}

impl Target {
    /// The deadline that counts: the decided one, else the target's own.
    #[must_use]
    pub fn deadline(&self) -> Option<Date> {
        self.extra.decided_deadline.or(self.def.deadline)
    }

    /// Deadlines that contradict the target's own and that nobody has decided between.
    #[must_use]
    pub fn undecided(&self) -> Vec<Date> {
        if self.extra.decided_deadline.is_some() {
            return Vec::new();
        }
        let mut list: Vec<Date> = self.def.claims.iter().filter_map(|c| c.deadline).filter(|d| Some(*d) != self.def.deadline).collect();
        list.sort_unstable();
        list.dedup();
        list
    }
}

/// How far one unit is with one target.
#[derive(Debug, Clone)]
pub struct TargetOn {
    /// In the indicator's measure (percent points for rates); `None` = no figure.
    pub value: Option<f64>,
    /// Counted sums behind the value.
    pub figure: Option<rules::indicator::Figure>,
    /// The reported figure the value comes from, when it is one.
    pub reported: Option<ReportedFigure>,
    /// Approved figures contradict each other and nobody has decided: the less favourable one counts meanwhile.
    pub conflict: bool,
    /// A part was attributed by a declared share.
    pub estimated: bool,
    /// The period the value is of: asked for it, an indicator gives this value. `None` = no value, or a figure that names no period.
    pub period: Option<Period>,
    pub assessment: Assessment,
    /// Values over time in the target's window, oldest first.
    pub series: Vec<(Date, f64)>,
}

fn view(record: Record) -> Result<Target> {
    let def = record.view()?;
    let extra = record.view()?;
    Ok(Target { record, def, extra })
}

/// The months that a window covers on a day.
#[must_use]
pub fn months_of_window(window: Window, day: Date) -> Option<(Month, Month)> {
    let now = Month::of(day);
    match window {
        Window::Month => Some((now, now)),
        Window::Quarter => Period::quarter_of(now).months().map(|(from, _)| (from, now)),
        Window::Year => Some((Month::new(now.year(), 1), now)),
        Window::Cumulative | Window::Latest => Some((BEGINNING, now)),
    }
}

/// The same as a period that an address can name: of an earlier day, what came after it is left out.
fn period_of_window(window: Window, day: Date, today: Date) -> Period {
    let now = Month::of(day);
    let whole = match window {
        Window::Month => Period::Month(now),
        Window::Quarter => Period::quarter_of(now),
        Window::Year => Period::Year(now.year()),
        Window::Cumulative | Window::Latest => Period::All,
    };
    let ends = whole.months().map(|(_, to)| to);
    match months_of_window(window, day) {
        Some((from, to)) if to < Month::of(today) && ends != Some(to) => Period::Range { from, to },
        _ => whole,
    }
}

/// What a reported figure's period covers.
fn window_of_figure(period: Option<Period>, cumulative: bool) -> Window {
    match period {
        _ if cumulative => Window::Cumulative,
        Some(Period::Month(_)) => Window::Month,
        Some(Period::Quarter { .. }) => Window::Quarter,
        Some(Period::Year(_) | Period::Range { .. }) => Window::Year,
        Some(Period::All) => Window::Cumulative,
        None => Window::Latest,
    }
}

impl Office {
    /// All targets, in the order of their ids.
    pub async fn targets(&self, actor: &Actor) -> Result<Vec<Target>> {
        self.may_read_programme(actor, TARGET)?;
        let mut list = self.store().all(TARGET).await?.into_iter().map(view).collect::<Result<Vec<_>>>()?;
        list.sort_by(|a, b| a.def.id.cmp(&b.def.id));
        Ok(list)
    }

    pub async fn target(&self, actor: &Actor, id: &str) -> Result<Target> {
        self.may_read_programme(actor, TARGET)?;
        view(self.find(TARGET, id).await?)
    }

    /// Units bound by a target, on the map of a day.
    #[must_use]
    pub fn bound_units(&self, world: &World, def: &TargetDef, day: Date) -> Vec<u32> {
        match &def.scope {
            Scope::Level { under, level } => {
                let tops: Vec<u32> = self.standing_for(world, under, day);
                let mut out: Vec<u32> =
                    tops.iter().flat_map(|t| world.units.subtree_on(*t, day)).filter(|u| world.units.unit(*u).level == *level).collect();
                if out.is_empty() {
                    // The unit above is gone: those that its units became stand for them.
                    out = world
                        .units
                        .idx(under)
                        .into_iter()
                        .flat_map(|t| world.units.subtree(t).to_vec())
                        .filter(|u| world.units.unit(*u).level == *level)
                        .flat_map(|u| self.standing_for(world, world.units.key(u), day))
                        .collect();
                }
                out.sort_unstable();
                out.dedup();
                out
            }
            Scope::Units(keys) => {
                let mut out: Vec<u32> = keys.iter().flat_map(|k| self.standing_for(world, k, day)).collect();
                out.sort_unstable();
                out.dedup();
                out
            }
        }
    }

    /// The unit itself while it is valid, else the units that it became.
    fn standing_for(&self, world: &World, key: &rules::units::UnitKey, day: Date) -> Vec<u32> {
        use rules::units::Projection;
        let Some(idx) = world.units.idx(key) else { return Vec::new() };
        if world.units.unit(idx).is_valid_on(day) || world.units.unit(idx).key.valid_from > day {
            return vec![idx];
        }
        match world.units.project(key, day) {
            Some(Projection::Exact(k)) => world.units.idx(&k).into_iter().collect(),
            Some(Projection::Estimated(list)) => list.iter().filter_map(|(k, _)| world.units.idx(k)).collect(),
            _ => Vec::new(),
        }
    }

    /// How far a unit is with a target on a day, on that day's map.
    pub fn target_on(&self, world: &World, target: &Target, unit: u32, day: Date, reported: &[ReportedFigure]) -> Result<TargetOn> {
        self.target_at(world, target, unit, day, reported, None)
    }

    /// The same with what was frozen, where a freeze holds it, instead of what is counted now.
    pub(crate) fn target_at(
        &self,
        world: &World,
        target: &Target,
        unit: u32,
        day: Date,
        reported: &[ReportedFigure],
        frozen: Option<&Freeze>,
    ) -> Result<TargetOn> {
        let indicator = world.indicator(&target.def.indicator).ok_or_else(|| Error::not_found(&target.def.indicator))?;
        // A unit that is not on that day's map has no cells of its own then; what was published of it still counts.
        let sources = world.units.sources_of(unit, day).unwrap_or_default();
        let found = self.value_on(world, indicator, target.def.window, unit, &sources, day, reported, frozen);
        // A whole that reports a figure of its own is not silent while the units below report.
        let below = reported.iter().filter(|f| {
            let within = || world.units.idx(&f.def.unit).is_some_and(|u| world.units.covers(unit, u));
            found.reported.is_some() && f.counts() && f.def.indicator == indicator.id && known_by(f, day) && within()
        });
        let last_report = below.filter_map(as_of).chain(found.last).max();
        let undecided = target.undecided();
        let waiting = target.extra.waiting_for.as_deref();
        let milestones: Vec<(Date, f64)> = target.def.milestones.iter().map(|m| (m.date, m.value)).collect();
        let state = TargetState {
            today: day,
            value: found.value,
            value_window: found.window,
            last_report,
            series: &found.series,
            threshold: target.def.threshold_value,
            comparison: target.def.comparison,
            window: target.def.window,
            since: None,
            deadline: target.deadline(),
            undecided_deadlines: &undecided,
            milestones: &milestones,
            recurring: target.def.recurring,
            pilot: target.def.pilot,
            waiting_for: waiting,
            completed_on: target.extra.completed_on,
        };
        let assessment = target::assess_target(&state, &world.at_risk);
        Ok(TargetOn {
            value: found.value,
            figure: found.figure,
            reported: found.reported,
            conflict: found.conflict,
            estimated: found.estimated,
            period: found.period,
            assessment,
            series: found.series,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "a question in all its parts")]
    fn value_on(
        &self,
        world: &World,
        indicator: &Indicator,
        window: Window,
        unit: u32,
        sources: &Attribution,
        day: Date,
        reported: &[ReportedFigure],
        frozen: Option<&Freeze>,
    ) -> Found {
        let mut counted = frozen
            .and_then(|f| self.frozen_answer(f, indicator, sources, window))
            .unwrap_or_else(|| self.answer(indicator, sources, months_of_window(window, day)));
        let mut last = day;
        // A month that has only begun says nothing yet: the last month with records counts until it does.
        if window == Window::Month && counted.figure.is_some_and(|f| f.n == 0) {
            last = Month::of(day).plus(-1).last_day();
            counted = self.answer(indicator, sources, months_of_window(window, last));
        }
        if counted.value.is_some() && (counted.figure.is_none_or(|f| f.n > 0)) {
            let mut series = Vec::new();
            let now = Month::of(day);
            for back in (0..SERIES_MONTHS).rev() {
                let month = now.plus(-back);
                let end = if back == 0 { day } else { month.last_day() };
                if let Some(v) = self.answer(indicator, sources, months_of_window(window, end)).value
                    && same_run(window, end, day)
                {
                    series.push((end, indicator.points(v)));
                }
            }
            return Found {
                value: counted.value.map(|v| indicator.points(v)),
                figure: counted.figure,
                estimated: counted.estimated,
                window,
                period: Some(period_of_window(window, last, self.today())),
                last: Some(last),
                series,
                ..Found::NONE
            };
        }
        if !matches!(indicator.source, Source::Reported(_)) {
            return Found::NONE;
        }
        let key = world.units.key(unit);
        let own = |f: &&ReportedFigure| f.counts() && f.def.indicator == indicator.id && f.def.unit == *key && known_by(f, day);
        let mut mine: Vec<&ReportedFigure> = reported.iter().filter(own).collect();
        // A unit made by a merger begins with what went into it.
        let before = if mine.is_empty() { inherited(world, indicator, unit, day, reported) } else { Vec::new() };
        mine.extend(&before);
        let points = |f: &ReportedFigure| f.points();
        let mut series: Vec<(Date, f64)> = mine.iter().filter_map(|f| Some((as_of(f)?, points(f)?))).collect();
        series.sort_by_key(|s| s.0);
        let Some(latest) = mine.iter().filter(|f| f.points().is_some()).max_by_key(|f| as_of(f)) else { return Found::NONE };
        // Contradicting figures of the same thing: until somebody decides, the less favourable one counts.
        let groups = conflicts_of(mine.iter().map(|f| (*f).clone()).collect());
        let group = groups.iter().find(|c| c.decided.is_none() && c.figures.iter().any(|f| f.record.id == latest.record.id));
        let rivals: Vec<&ReportedFigure> = group.map(|c| c.figures.iter().collect()).unwrap_or_default();
        let conflict = !rivals.is_empty();
        let worst = if conflict {
            let by_value = |f: &&&ReportedFigure| f.points().map_or(0, |v| (v * 1e6) as i64);
            match indicator.direction {
                rules::indicator::Direction::Down => rivals.iter().max_by_key(|f| by_value(f)),
                _ => rivals.iter().min_by_key(|f| by_value(f)),
            }
            .map_or(*latest, |f| *f)
        } else {
            *latest
        };
        let window = window_of_figure(worst.def.period, indicator.cumulative());
        Found {
            value: worst.points(),
            figure: None,
            reported: Some(worst.clone()),
            conflict,
            estimated: false,
            window,
            period: worst.def.period,
            last: as_of(worst),
            series,
        }
    }

    /// Decides between contradicting deadlines of a target, with a reason.
    pub async fn decide_deadline(&self, actor: &Actor, id: &str, version: i64, deadline: Date, reason: &str) -> Result<()> {
        let old = self.find(TARGET, id).await?;
        self.may(actor, Action::Decide, TARGET, &old.unit)?;
        let target = view(old.clone())?;
        let known = target.def.deadline == Some(deadline) || target.def.claims.iter().any(|c| c.deadline == Some(deadline));
        if !known {
            return Err(Error::Refused(Refusal::new("conflict.not_a_claim").with("deadline", deadline)));
        }
        let reason = required("reason", reason)?;
        let mut fields = old.fields()?;
        fields.insert("decided_deadline".into(), json!(deadline));
        fields.insert("decided_reason".into(), json!(reason));
        fields.insert("decided_by".into(), json!(actor.account));
        let next = Next { state: old.state.clone(), fields, kind: "decide", authority: Some(reason) };
        self.advance(actor, &old, version, next).await?;
        Ok(())
    }
}

struct Found {
    value: Option<f64>,
    figure: Option<rules::indicator::Figure>,
    reported: Option<ReportedFigure>,
    conflict: bool,
    estimated: bool,
    window: Window,
    period: Option<Period>,
    last: Option<Date>,
    series: Vec<(Date, f64)>,
}

impl Found {
    const NONE: Self = Self {
        value: None,
        figure: None,
        reported: None,
        conflict: false,
        estimated: false,
        window: Window::Latest,
        period: None,
        last: None,
        series: Vec::new(),
    };
}

/// Whether two days lie in the same run of a window: a new year begins a year's flow anew.
fn same_run(window: Window, a: Date, b: Date) -> bool {
    match window {
        Window::Year => a.year() == b.year(),
        Window::Quarter => Period::quarter_of(Month::of(a)) == Period::quarter_of(Month::of(b)),
        // Months are compared with each other: a monthly rate has a pace too.
        Window::Month | Window::Cumulative | Window::Latest => true,
    }
}

/// The day a figure speaks of: its own, else the end of its period. What is written down while its period still runs ("năm 2025" in
/// May) speaks of that day: it is a figure already, not one of next December.
pub(super) fn as_of(f: &ReportedFigure) -> Option<Date> {
    let of_period = || {
        let (from, to) = f.def.period.and_then(Period::months)?;
        let written = f.record.created_at.local_date();
        Some(if from.first_day() <= written { written.min(to.last_day()) } else { to.last_day() })
    };
    f.def.as_of.or_else(of_period)
}

fn known_by(f: &ReportedFigure, day: Date) -> bool {
    as_of(f).is_none_or(|d| d <= day)
}
