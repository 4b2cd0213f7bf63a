//! Chỉ tiêu được giao: a threshold, a deadline, the units it binds; and how far each is.

use jiff::civil::Date;
use rules::{
    Month, Period, Refusal,
    access::{Action, Actor},
    indicator::Kind,
    pack::{Scope, TargetDef},
    target::{self, Assessment, EachState, Judged, Status, TargetState, Window},
    units::Attribution,
};
use serde::Deserialize;
use serde_json::json;
use store::Record;

use super::{Freeze, Next, ReportedFigure, TARGET, inherited, inherited::summed, required, with_rivals};
use crate::{
    Office,
    error::{Error, Result},
    figures::Answer,
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

/// How many of the units that a target binds have reached it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Each {
    pub reached: usize,
    pub of: usize,
    /// Units with any figure.
    pub known: usize,
}

/// Whose figures say how far a unit is with a target.
enum Measured {
    /// The unit's own.
    Own,
    /// Those of the units that it binds below, together.
    Sum(Vec<u32>),
    /// Those of each of them.
    Each(Vec<u32>),
}

/// How far one unit is with one target.
#[derive(Debug, Clone)]
pub struct TargetOn {
    /// In the indicator's measure (percent points for rates); `None` = no figure, or no single one (see `each`).
    pub value: Option<f64>,
    /// Set on the whole of a target that every unit has to reach by itself: it has no value of its own.
    pub each: Option<Each>,
    /// Counted sums behind the value.
    pub figure: Option<rules::indicator::Figure>,
    /// The reported figure the value comes from, when it is one.
    pub reported: Option<ReportedFigure>,
    /// Approved figures contradict each other and nobody has decided: the less favourable one counts meanwhile.
    pub conflict: bool,
    /// A part was attributed by a declared share.
    pub estimated: bool,
    /// What the value covers: one of another window than the target's only hints at it.
    pub window: Window,
    /// The period the value is of: asked for it, an indicator gives this value. `None` = no value, or a figure that names no period.
    pub period: Option<Period>,
    pub assessment: Assessment,
    /// Values over time in the target's window, oldest first.
    pub series: Vec<(Date, f64)>,
}

impl TargetOn {
    /// Whether anything is known: a value, or one of any unit where each has its own.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.value.is_some() || self.each.is_some_and(|e| e.known > 0)
    }

    fn reaches(&self, def: &TargetDef) -> bool {
        def.window.accepts(self.window) && self.value.is_some_and(|v| def.comparison.holds(v, def.threshold_value))
    }
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

    /// How far a unit is with a target on a day, on that day's map: by its own figures where the target binds it (or nothing below it),
    /// else by those of the units below that it binds.
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
        match self.measured(world, target, unit, day) {
            Measured::Each(units) => self.target_each(world, target, &units, day, reported, frozen),
            Measured::Sum(units) => match units.as_slice() {
                [only] => self.target_over(world, target, (*only, &[]), day, reported, frozen),
                several => self.target_over(world, target, (unit, several), day, reported, frozen),
            },
            Measured::Own => self.target_over(world, target, (unit, &[]), day, reported, frozen),
        }
    }

    fn measured(&self, world: &World, target: &Target, unit: u32, day: Date) -> Measured {
        let bound = self.bound_units(world, &target.def, day);
        let below: Vec<u32> = bound.iter().copied().filter(|u| world.units.covers(unit, *u)).collect();
        if bound.contains(&unit) || below.is_empty() {
            return Measured::Own;
        }
        if bound.len() > 1 && is_each(world, &target.def) {
            return Measured::Each(below);
        }
        match target.def.scope {
            // All units of a level: what they have together is what the unit above them has.
            Scope::Level { .. } => Measured::Own,
            Scope::Units(_) => Measured::Sum(below),
        }
    }

    /// Cells from which a target is counted for a unit: the unit's own, or those of the units that it binds below.
    pub(crate) fn target_sources(&self, world: &World, target: &Target, unit: u32, day: Date) -> Attribution {
        match self.measured(world, target, unit, day) {
            Measured::Sum(units) | Measured::Each(units) => sources_of_all(world, &units, day),
            Measured::Own => world.units.sources_of(unit, day).unwrap_or_default(),
        }
    }

    fn target_each(
        &self,
        world: &World,
        target: &Target,
        units: &[u32],
        day: Date,
        reported: &[ReportedFigure],
        frozen: Option<&Freeze>,
    ) -> Result<TargetOn> {
        let ons = units.iter().map(|u| self.target_over(world, target, (*u, &[]), day, reported, frozen)).collect::<Result<Vec<_>>>()?;
        let reached = |on: &&TargetOn| on.reaches(&target.def);
        let each =
            Each { reached: ons.iter().filter(reached).count(), of: ons.len(), known: ons.iter().filter(|on| on.value.is_some()).count() };
        let undecided = target.undecided();
        let state = EachState {
            today: day,
            reached: each.reached,
            of: each.of,
            at_risk: ons.iter().filter(|on| on.value.is_some() && on.assessment.status == Status::AtRisk).count(),
            window: target.def.window,
            deadline: target.deadline(),
            undecided_deadlines: &undecided,
            recurring: target.def.recurring,
            pilot: target.def.pilot,
            waiting_for: target.extra.waiting_for.as_deref(),
            completed_on: target.extra.completed_on,
        };
        Ok(TargetOn {
            value: None,
            each: Some(each),
            figure: None,
            reported: None,
            conflict: ons.iter().any(|on| on.conflict),
            estimated: ons.iter().any(|on| on.estimated),
            period: ons.iter().find_map(|on| on.period),
            window: target.def.window,
            assessment: target::assess_each(&state),
            series: Vec::new(),
        })
    }

    /// A unit by its own figures, or by those of `parts` together.
    fn target_over(
        &self,
        world: &World,
        target: &Target,
        (unit, parts): (u32, &[u32]),
        day: Date,
        reported: &[ReportedFigure],
        frozen: Option<&Freeze>,
    ) -> Result<TargetOn> {
        let indicator = world.indicator(&target.def.indicator).ok_or_else(|| Error::not_found(&target.def.indicator))?;
        // A unit that is not on that day's map has no cells of its own then; what was published of it still counts.
        let sources = match parts {
            [] => world.units.sources_of(unit, day).unwrap_or_default(),
            parts => sources_of_all(world, parts, day),
        };
        let undecided = target.undecided();
        let deadline = undecided.iter().copied().chain(target.deadline()).min();
        let asked = Asked { world, indicator, window: target.def.window, unit, parts, sources: &sources, day, deadline, reported, frozen };
        let found = self.value_on(&asked);
        // A whole that reports a figure of its own is not silent while the units below report.
        let within = |f: &ReportedFigure| {
            let covers = |of: u32| world.units.idx(&f.def.unit).is_some_and(|u| world.units.covers(of, u));
            if parts.is_empty() { covers(unit) } else { parts.iter().any(|p| covers(*p)) }
        };
        let below = reported
            .iter()
            .filter(|f| found.reported.is_some() && f.counts() && f.def.indicator == indicator.id && known_by(f, day) && within(f));
        let last_report = below.filter_map(as_of).chain(found.last).max();
        let waiting = target.extra.waiting_for.as_deref();
        let milestones: Vec<(Date, f64)> = target.def.milestones.iter().map(|m| (m.date, m.value)).collect();
        let state = TargetState {
            today: day,
            value: found.value,
            value_window: found.window,
            value_period: found.period,
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
            each: None,
            figure: found.figure,
            reported: found.reported,
            conflict: found.conflict,
            estimated: found.estimated,
            period: found.period,
            window: found.window,
            assessment,
            series: found.series,
        })
    }

    fn value_on(&self, q: &Asked<'_>) -> Found {
        if let Some(found) = self.counted_on(q) {
            return found;
        }
        if !matches!(q.indicator.source, Source::Reported(_)) {
            return Found::NONE;
        }
        let key = q.world.units.key(q.unit);
        let own = |f: &&ReportedFigure| {
            q.parts.is_empty() && f.counts() && f.def.indicator == q.indicator.id && f.def.unit == *key && known_by(f, q.day)
        };
        let mut mine: Vec<&ReportedFigure> = q.reported.iter().filter(own).collect();
        let made = match (q.parts, mine.as_slice()) {
            // A unit made by a merger begins with what went into it.
            ([], []) => inherited(q.world, q.indicator, q.unit, q.day, q.reported),
            ([], _) => Vec::new(),
            (parts, _) => summed(q.world, q.indicator, parts, q.day, q.reported),
        };
        mine.extend(&made);
        published(q.indicator, &mine)
    }

    /// What is counted from records; of a window without any, what an earlier one gives.
    fn counted_on(&self, q: &Asked<'_>) -> Option<Found> {
        let holds = |a: &Answer| a.value.is_some() && a.figure.is_none_or(|f| f.n > 0);
        let at = |day: Date| self.answer(q.indicator, q.sources, months_of_window(q.window, day));
        let now = q.frozen.and_then(|f| self.frozen_answer(f, q.indicator, q.sources, q.window)).unwrap_or_else(|| at(q.day));
        let (last, counted) = if holds(&now) {
            (q.day, now)
        } else {
            earlier_windows(q.window, q.day, q.deadline).into_iter().map(|day| (day, at(day))).find(|(_, a)| holds(a))?
        };
        let mut series = Vec::new();
        let month_now = Month::of(last);
        for back in (0..SERIES_MONTHS).rev() {
            let month = month_now.plus(-back);
            let end = if back == 0 { last } else { month.last_day() };
            if let Some(v) = at(end).value
                && same_run(q.window, end, last)
            {
                series.push((end, q.indicator.points(v)));
            }
        }
        Some(Found {
            value: counted.value.map(|v| q.indicator.points(v)),
            figure: counted.figure,
            estimated: counted.estimated,
            window: q.window,
            period: Some(period_of_window(q.window, last, self.today())),
            last: Some(last),
            series,
            ..Found::NONE
        })
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

/// Whether every unit has to reach it by itself: as declared, else where units are bound to something that adds up.
fn is_each(world: &World, def: &TargetDef) -> bool {
    def.judged.map_or_else(
        || {
            let adds_up = |i: &Indicator| matches!(i.kind(), Kind::Count | Kind::Sum) && !i.format.is_percent();
            world.indicator(&def.indicator).is_some_and(adds_up)
        },
        |judged| judged == Judged::Each,
    )
}

fn sources_of_all(world: &World, units: &[u32], day: Date) -> Attribution {
    let mut all = Attribution::default();
    for one in units.iter().filter_map(|u| world.units.sources_of(*u, day).ok()) {
        all.exact.extend(one.exact);
        all.estimated.extend(one.estimated);
        all.not_attributable.extend(one.not_attributable);
    }
    for list in [&mut all.exact, &mut all.not_attributable] {
        list.sort_unstable();
        list.dedup();
    }
    all
}

/// Last days of the windows that stand in, the newest first, where the one of `day` holds nothing: a month that has only begun says
/// nothing yet; past a deadline the window it lies in counts, else the last one before.
fn earlier_windows(window: Window, day: Date, deadline: Option<Date>) -> Vec<Date> {
    let months = match window {
        Window::Month => 1,
        Window::Quarter => 3,
        Window::Year => 12,
        Window::Cumulative | Window::Latest => return Vec::new(),
    };
    let mut out = Vec::new();
    if window == Window::Month {
        out.push(Month::of(day).plus(-1).last_day());
    }
    if let Some(deadline) = deadline.filter(|d| *d < day) {
        let ends = |d: Date| period_of_window(window, d, d).months().map_or(Month::of(d), |(_, to)| to);
        let end = ends(deadline);
        out.extend((0..=SERIES_MONTHS / months).map(|n| end.plus(-n * months).last_day()).filter(|d| *d < day));
    }
    out
}

/// What was published: the latest figure; of contradicting ones the less favourable, until somebody decides.
fn published(indicator: &Indicator, mine: &[&ReportedFigure]) -> Found {
    let Some(latest) = mine.iter().filter(|f| f.points().is_some()).max_by_key(|f| as_of(f)) else { return Found::NONE };
    let rivals = with_rivals(mine, latest);
    let conflict = rivals.len() > 1;
    let Some(worst) = less_favourable(indicator, rivals) else { return Found::NONE };
    let counting = |f: &ReportedFigure| less_favourable(indicator, with_rivals(mine, f)).and_then(|w| w.points());
    let mut series: Vec<(Date, f64)> = mine.iter().filter_map(|f| Some((as_of(f)?, counting(f)?))).collect();
    series.sort_by_key(|s| s.0);
    series.dedup();
    Found {
        value: worst.points(),
        figure: None,
        conflict,
        estimated: false,
        window: window_of_figure(worst.def.period, indicator.cumulative()),
        period: worst.def.period,
        last: as_of(&worst),
        series,
        reported: Some(worst),
    }
}

fn less_favourable(indicator: &Indicator, rivals: Vec<ReportedFigure>) -> Option<ReportedFigure> {
    let by_value = |f: &ReportedFigure| f.points().map_or(0, |v| (v * 1e6) as i64);
    match indicator.direction {
        rules::indicator::Direction::Down => rivals.into_iter().max_by_key(by_value),
        _ => rivals.into_iter().min_by_key(by_value),
    }
}

/// A question for the value of a target.
struct Asked<'a> {
    world: &'a World,
    indicator: &'a Indicator,
    window: Window,
    unit: u32,
    /// Units that are measured together in its place; none = the unit itself.
    parts: &'a [u32],
    sources: &'a Attribution,
    day: Date,
    deadline: Option<Date>,
    reported: &'a [ReportedFigure],
    frozen: Option<&'a Freeze>,
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
