//! From what is known to one status.

use jiff::civil::Date;

use super::{Assessment, AtRiskRule, Comparison, EachState, Reason, Status, TargetState, TaskState, Window};
use crate::{
    Month, Period,
    time::{date_from_days, days_since_epoch},
};

/// Days from `from` to `to`, negative when `to` is earlier.
fn days_between(from: Date, to: Date) -> i64 {
    i64::from(days_since_epoch(to)) - i64::from(days_since_epoch(from))
}

fn plus_days(date: Date, days: i64) -> Date {
    let sum = i64::from(days_since_epoch(date)).saturating_add(days);
    date_from_days(i32::try_from(sum).unwrap_or(i32::MAX))
}

fn window_word(window: Window) -> &'static str {
    match window {
        Window::Month => "month",
        Window::Quarter => "quarter",
        Window::Year => "year",
        Window::Cumulative => "cumulative",
        Window::Latest => "latest",
    }
}

/// Verdict on a completion date: before, on, or after the deadline.
fn completion(prefix: [&'static str; 4], on: Date, deadline: Option<Date>) -> Reason {
    let [accepted, early, on_time, late] = prefix;
    let Some(deadline) = deadline else { return Reason::new(accepted).with("on", on) };
    match days_between(on, deadline) {
        0 => Reason::new(on_time).with("on", on).with("deadline", deadline),
        days if days > 0 => Reason::new(early).with("on", on).with("days", days).with("deadline", deadline),
        days => Reason::new(late).with("on", on).with("days", -days).with("deadline", deadline),
    }
}

/// The status of a target. Exactly one, chosen in this order: accepted as done or reached; waiting; pilot; overdue;
/// at risk; recurring; in progress.
#[must_use]
pub fn assess_target(state: &TargetState<'_>, rule: &AtRiskRule) -> Assessment {
    let deadline = state.undecided_deadlines.iter().copied().chain(state.deadline).min();
    let comparable = state.window.accepts(state.value_window);
    let mut notes: Vec<Reason> = deadlines_note(state.undecided_deadlines, state.deadline).into_iter().collect();
    if !comparable && state.value.is_some() {
        notes.push(
            Reason::new("target.note.not-comparable")
                .with("figure_window", window_word(state.value_window))
                .with("window", window_word(state.window)),
        );
    }
    let days_over = deadline.map_or(0, |d| days_between(d, state.today));
    let (status, reason) = target_status(state, rule, deadline, days_over, comparable, &mut notes);
    notes.extend(deadline.filter(|d| *d < state.today).and_then(|d| window_note(state, d)));
    Assessment { status, reason, notes }
}

fn deadlines_note(undecided: &[Date], own: Option<Date>) -> Option<Reason> {
    let mut all: Vec<Date> = undecided.iter().copied().chain(own.filter(|_| !undecided.is_empty())).collect();
    all.sort_unstable();
    all.dedup();
    let (used, true) = (all.first()?, all.len() > 1) else { return None };
    let text = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Some(Reason::new("target.note.deadlines").with("used", used).with("all", text))
}

/// Past its deadline a target over a month, a quarter or a year is held against the one the deadline lies in: where that one has no
/// figure, the note says so and names the one that stands in.
fn window_note(state: &TargetState<'_>, deadline: Date) -> Option<Reason> {
    let month = Month::of(deadline);
    let wanted = match state.window {
        Window::Month => Period::Month(month),
        Window::Quarter => Period::quarter_of(month),
        Window::Year => Period::Year(month.year()),
        Window::Cumulative | Window::Latest => return None,
    };
    if state.value.is_none() {
        return Some(Reason::new("target.note.no-figure-of").with("period", wanted));
    }
    let (used, (from, _)) = (state.value_period?, wanted.months()?);
    let earlier = used.months().is_some_and(|(_, to)| to < from);
    earlier.then(|| Reason::new("target.note.figure-of").with("period", used).with("wanted", wanted))
}

/// The status of a target that every unit has to reach by itself, over all of them: the same order as for one.
#[must_use]
pub fn assess_each(state: &EachState<'_>) -> Assessment {
    let deadline = state.undecided_deadlines.iter().copied().chain(state.deadline).min();
    let days_over = deadline.map_or(0, |d| days_between(d, state.today));
    let mut notes: Vec<Reason> = deadlines_note(state.undecided_deadlines, state.deadline).into_iter().collect();
    let (status, reason) = each_status(state, deadline, days_over, &mut notes);
    Assessment { status, reason, notes }
}

/// What waits for guidance, or is tried out, is neither late nor at risk.
fn set_apart(
    waiting_for: Option<&str>,
    pilot: bool,
    deadline: Option<Date>,
    days_over: i64,
    notes: &mut Vec<Reason>,
) -> Option<(Status, Reason)> {
    if let Some(what) = waiting_for {
        if let (true, Some(deadline)) = (days_over > 0, deadline) {
            notes.push(Reason::new("target.note.overdue").with("days", days_over).with("deadline", deadline));
        }
        return Some((Status::Waiting, Reason::new("target.waiting").with("what", what)));
    }
    pilot.then(|| (Status::Pilot, Reason::new("target.pilot")))
}

fn each_status(state: &EachState<'_>, deadline: Option<Date>, days_over: i64, notes: &mut Vec<Reason>) -> (Status, Reason) {
    if let Some(on) = state.completed_on {
        let codes = ["target.completed.accepted", "target.completed.early", "target.completed.on-time", "target.completed.late"];
        return (Status::Completed, completion(codes, on, deadline));
    }
    let all = state.of > 0 && state.reached == state.of;
    let running = state.window.must_hold_to_the_end() && days_over <= 0 && deadline.is_some();
    let counted = |code| Reason::new(code).with("reached", state.reached).with("of", state.of);
    if all && !state.recurring && !running && !state.pilot {
        return (Status::Completed, Reason::new("target.completed.each").with("of", state.of));
    }
    if let Some(said) = set_apart(state.waiting_for, state.pilot, deadline, days_over, notes) {
        return said;
    }
    if let (true, false, false, Some(deadline)) = (days_over > 0, state.recurring, all, deadline) {
        let reason = Reason::new("target.overdue.each").with("days", days_over).with("deadline", deadline);
        return (Status::Overdue, reason.with("reached", state.reached).with("of", state.of));
    }
    if state.at_risk > 0 {
        return (Status::AtRisk, counted("target.at-risk.each").with("units", state.at_risk));
    }
    if state.recurring {
        (Status::Recurring, counted("target.recurring.each"))
    } else {
        (Status::InProgress, counted("target.in-progress.each"))
    }
}

fn target_status(
    state: &TargetState<'_>,
    rule: &AtRiskRule,
    deadline: Option<Date>,
    days_over: i64,
    comparable: bool,
    notes: &mut Vec<Reason>,
) -> (Status, Reason) {
    if let Some(on) = state.completed_on {
        let codes = ["target.completed.accepted", "target.completed.early", "target.completed.on-time", "target.completed.late"];
        return (Status::Completed, completion(codes, on, deadline));
    }
    let reached = comparable && state.value.is_some_and(|v| state.comparison.holds(v, state.threshold));
    let running = state.window.must_hold_to_the_end() && days_over <= 0 && deadline.is_some();
    if reached && !state.recurring && !running && !state.pilot {
        return (Status::Completed, reached_reason(state, deadline));
    }
    if let Some(said) = set_apart(state.waiting_for, state.pilot, deadline, days_over, notes) {
        return said;
    }
    if let (true, false, false, Some(deadline)) = (days_over > 0, state.recurring, reached, deadline) {
        return (Status::Overdue, overdue_reason(state, deadline, days_over, comparable));
    }
    let mut risks = target_risks(state, rule, deadline, reached).into_iter();
    if let Some(first) = risks.next() {
        notes.extend(risks);
        return (Status::AtRisk, first);
    }
    if state.recurring {
        let reason = match state.value {
            Some(value) => Reason::new("target.recurring.met").number("value", value).number("threshold", state.threshold),
            None => Reason::new("target.recurring.no-data"),
        };
        return (Status::Recurring, reason);
    }
    (Status::InProgress, progress_reason(state, rule, deadline, reached))
}

/// When the threshold was first reached for good: the earliest point from which every later one holds.
fn reached_reason(state: &TargetState<'_>, deadline: Option<Date>) -> Reason {
    let mut points = state.series.to_vec();
    points.sort_by_key(|p| p.0);
    let holding = points.iter().rev().take_while(|p| state.comparison.holds(p.1, state.threshold)).last();
    match holding {
        Some((on, _)) => completion(
            ["target.completed.accepted", "target.completed.early", "target.completed.on-time", "target.completed.late"],
            *on,
            deadline,
        ),
        None => Reason::new("target.completed.reached")
            .number("value", state.value.unwrap_or(state.threshold))
            .number("threshold", state.threshold),
    }
}

fn overdue_reason(state: &TargetState<'_>, deadline: Date, days: i64, comparable: bool) -> Reason {
    match state.value {
        None => Reason::new("target.overdue.no-data").with("days", days).with("deadline", deadline),
        Some(value) if comparable => Reason::new("target.overdue.below")
            .with("days", days)
            .with("deadline", deadline)
            .number("value", value)
            .number("threshold", state.threshold)
            .number("gap", (state.threshold - value).abs()),
        Some(value) => Reason::new("target.overdue.not-comparable")
            .with("days", days)
            .with("deadline", deadline)
            .number("value", value)
            .with("figure_window", window_word(state.value_window))
            .with("window", window_word(state.window)),
    }
}

/// All that puts the target at risk, heaviest first.
fn target_risks(state: &TargetState<'_>, rule: &AtRiskRule, deadline: Option<Date>, reached: bool) -> Vec<Reason> {
    let mut risks = Vec::new();
    if state.recurring
        && !reached
        && let Some(value) = state.value
    {
        risks.push(
            Reason::new("target.at-risk.recurring")
                .number("value", value)
                .number("threshold", state.threshold)
                .number("gap", (state.threshold - value).abs()),
        );
    }
    if rule.milestone_miss && !reached {
        let due = state.milestones.iter().filter(|m| m.0 <= state.today).max_by_key(|m| m.0);
        if let (Some((date, wanted)), Some(value)) = (due, state.value)
            && !state.comparison.holds(value, *wanted)
        {
            risks.push(
                Reason::new("target.at-risk.milestone")
                    .with("date", date)
                    .number("milestone", *wanted)
                    .number("value", value)
                    .number("gap", (wanted - value).abs()),
            );
        }
    }
    if let (false, false, Some(deadline)) = (reached, state.recurring, deadline)
        && let Some(risk) = pace(state, rule).and_then(|p| pace_risk(state, rule, deadline, &p))
    {
        risks.push(risk);
    }
    // A value at the threshold is no comfort when nobody has reported for long: the rule is about silence, not about height.
    if let Some((days, since)) = silence(rule, state.today, state.last_report.or(state.since)) {
        risks.push(Reason::new("target.at-risk.silent").with("days", days).with("limit", rule.no_data_days).with("since", since));
    }
    risks
}

fn silence(rule: &AtRiskRule, today: Date, since: Option<Date>) -> Option<(i64, Date)> {
    let since = since?;
    let days = days_between(since, today);
    (rule.no_data_days > 0 && days > i64::from(rule.no_data_days)).then_some((days, since))
}

/// Movement towards the threshold within the pace window. Positive is better, whatever the comparison.
struct Pace {
    last: Date,
    change: f64,
    days: i64,
    gap: f64,
}

fn pace(state: &TargetState<'_>, rule: &AtRiskRule) -> Option<Pace> {
    let value = state.value?;
    let sign = if state.comparison == Comparison::AtLeast { 1.0 } else { -1.0 };
    let from = plus_days(state.today, -i64::from(rule.pace_window_days));
    let last = state.last_report.unwrap_or(state.today).min(state.today);
    // The value now closes the series: an older point of the same day gives way to it.
    let mut points: Vec<(Date, f64)> = state.series.iter().copied().filter(|(date, _)| *date >= from && *date < last).collect();
    points.sort_by_key(|p| p.0);
    if points.len() + 1 < usize::from(rule.min_points.max(2)) {
        return None;
    }
    let (first, start) = *points.first()?;
    Some(Pace { last, change: (value - start) * sign, days: days_between(first, last), gap: ((state.threshold - value) * sign).max(0.0) })
}

impl Pace {
    /// Day on which the threshold is reached at this pace; `None` when it never is.
    fn arrival(&self) -> Option<Date> {
        if self.change <= 0.0 || self.days <= 0 {
            return None;
        }
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "days of a window; the float is clamped before the cast"
        )]
        let needed = (self.gap * self.days as f64 / self.change).ceil().clamp(0.0, 3_000_000.0) as i64;
        Some(plus_days(self.last, needed))
    }
}

fn pace_risk(state: &TargetState<'_>, rule: &AtRiskRule, deadline: Date, pace: &Pace) -> Option<Reason> {
    let value = state.value?;
    let base = |code| Reason::new(code).with("window_days", rule.pace_window_days);
    let ends = |r: Reason| r.number("value", value).number("threshold", state.threshold).with("deadline", deadline);
    match pace.arrival() {
        None if pace.change < 0.0 => Some(ends(base("target.at-risk.moving-away").number("change", pace.change.abs()))),
        None => Some(ends(base("target.at-risk.standstill"))),
        Some(on) => {
            let late = days_between(deadline, on);
            (late > i64::from(rule.warn_if_days_late))
                .then(|| ends(base("target.at-risk.pace").with("days_late", late).with("reached_on", on)))
        }
    }
}

fn progress_reason(state: &TargetState<'_>, rule: &AtRiskRule, deadline: Option<Date>, reached: bool) -> Reason {
    let Some(deadline) = deadline else { return Reason::new("target.in-progress.no-deadline") };
    if let (true, Some(value)) = (reached, state.value) {
        return Reason::new("target.in-progress.hold")
            .number("value", value)
            .number("threshold", state.threshold)
            .with("deadline", deadline);
    }
    match (pace(state, rule).and_then(|p| p.arrival()), state.value) {
        (Some(on), Some(value)) => Reason::new("target.in-progress.pace")
            .with("window_days", rule.pace_window_days)
            .with("days_early", days_between(on, deadline))
            .with("reached_on", on)
            .with("deadline", deadline)
            .number("value", value)
            .number("threshold", state.threshold),
        _ => {
            let points = state.series.len() + usize::from(state.value.is_some());
            Reason::new("target.in-progress.few-figures").with("points", points).with("needed", rule.min_points.max(2))
        }
    }
}

/// The status of a task, by the same order as a target's.
#[must_use]
pub fn assess_task(state: &TaskState<'_>, rule: &AtRiskRule) -> Assessment {
    let mut notes = Vec::new();
    let days_over = state.deadline.map_or(0, |d| days_between(d, state.today));
    let (status, reason) = task_status(state, rule, days_over, &mut notes);
    Assessment { status, reason, notes }
}

fn task_status(state: &TaskState<'_>, rule: &AtRiskRule, days_over: i64, notes: &mut Vec<Reason>) -> (Status, Reason) {
    if let Some(on) = state.completed_on {
        let codes = ["task.completed.accepted", "task.completed.early", "task.completed.on-time", "task.completed.late"];
        return (Status::Completed, completion(codes, on, state.deadline));
    }
    if let Some(what) = state.waiting_for {
        if let (true, Some(deadline)) = (days_over > 0, state.deadline) {
            notes.push(Reason::new("task.note.overdue").with("days", days_over).with("deadline", deadline));
        }
        return (Status::Waiting, Reason::new("task.waiting").with("what", what));
    }
    if state.pilot {
        return (Status::Pilot, Reason::new("task.pilot"));
    }
    // What was handed in before the deadline is not late because the level above has not read it yet.
    if let Some(on) = state.submitted_on
        && state.deadline.is_none_or(|deadline| on <= deadline)
    {
        return (Status::InProgress, Reason::new("task.submitted").with("on", on));
    }
    if let (true, false, Some(deadline)) = (days_over > 0, state.recurring, state.deadline) {
        return (
            Status::Overdue,
            Reason::new("task.overdue").with("days", days_over).with("deadline", deadline).with("progress", state.progress),
        );
    }
    let mut risks = task_risks(state, rule).into_iter();
    if let Some(first) = risks.next() {
        notes.extend(risks);
        return (Status::AtRisk, first);
    }
    if state.recurring {
        return (Status::Recurring, Reason::new("task.recurring"));
    }
    let reason = match state.deadline {
        Some(deadline) => {
            Reason::new("task.in-progress").with("progress", state.progress).with("days_left", -days_over).with("deadline", deadline)
        }
        None => Reason::new("task.in-progress.no-deadline").with("progress", state.progress),
    };
    (Status::InProgress, reason)
}

fn task_risks(state: &TaskState<'_>, rule: &AtRiskRule) -> Vec<Reason> {
    let mut risks = Vec::new();
    if let (Some(start), Some(deadline), false) = (state.starts_on, state.deadline, state.recurring) {
        let (whole, used) = (days_between(start, deadline), days_between(start, state.today));
        if whole > 0 && used > 0 {
            #[expect(clippy::cast_precision_loss, reason = "days of one task")]
            let elapsed = used as f64 / whole as f64;
            if elapsed >= rule.task_elapsed_share && f64::from(state.progress) / 100.0 < elapsed - rule.task_lag_share {
                risks.push(
                    Reason::new("task.at-risk.behind")
                        .number("elapsed", elapsed * 100.0)
                        .with("progress", state.progress)
                        .with("deadline", deadline),
                );
            }
        }
    }
    if let (Some(deadline), false) = (state.deadline, state.recurring) {
        let left = days_between(state.today, deadline);
        if rule.task_last_days > 0 && left <= i64::from(rule.task_last_days) && state.progress < 100 {
            risks
                .push(Reason::new("task.at-risk.last-days").with("days", left).with("deadline", deadline).with("progress", state.progress));
        }
    }
    if let Some((days, since)) = silence(rule, state.today, state.last_update.or(state.starts_on)) {
        risks.push(Reason::new("task.at-risk.silent").with("days", days).with("limit", rule.no_data_days).with("since", since));
    }
    risks
}
