//! How far a target or a task is: exactly one status, and why.
//!
//! The rule for "at risk" is a product decision (no official rule was found); it is therefore data, with a version,
//! and every verdict names the figures it rests on.

mod assess;
mod tally;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Period;

pub use assess::{assess_each, assess_target, assess_task};
pub use tally::{Difference, Tally};

/// The words of Government reporting, plus the three that the provinces use for work that cannot be measured yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// hoàn thành
    Completed,
    /// đang thực hiện
    InProgress,
    /// quá hạn
    Overdue,
    /// thường xuyên
    Recurring,
    /// có nguy cơ chậm
    AtRisk,
    /// chờ hướng dẫn
    Waiting,
    /// thí điểm
    Pilot,
}

impl Status {
    pub const ALL: [Self; 7] =
        [Self::Completed, Self::InProgress, Self::Overdue, Self::Recurring, Self::AtRisk, Self::Waiting, Self::Pilot];

    /// The id used in packs, pages and the API.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::InProgress => "in_progress",
            Self::Overdue => "overdue",
            Self::Recurring => "recurring",
            Self::AtRisk => "at_risk",
            Self::Waiting => "waiting",
            Self::Pilot => "pilot",
        }
    }

    /// 0 is best. Orders only what a value can change: a better value never gives a higher number.
    #[must_use]
    pub fn severity(self) -> u8 {
        match self {
            Self::Completed => 0,
            Self::InProgress | Self::Recurring | Self::Waiting | Self::Pilot => 1,
            Self::AtRisk => 2,
            Self::Overdue => 3,
        }
    }
}

impl std::str::FromStr for Status {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.id() == text).ok_or(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparison {
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "<=")]
    AtMost,
}

impl Comparison {
    #[must_use]
    pub fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::AtLeast => value >= threshold,
            Self::AtMost => value <= threshold,
        }
    }
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
        }
    }
}

/// How a target that binds several units is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// Every unit by itself ("mỗi xã ít nhất 5"): done when each has reached it.
    Each,
    /// All of them by what they have together.
    Together,
}

/// What stretch of time a target's value, or a figure, covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// What happened in one month.
    Month,
    Quarter,
    /// What happened in the year up to now.
    Year,
    /// Everything up to now.
    Cumulative,
    /// The state now, whatever the period of the last figure.
    Latest,
}

impl Window {
    /// Whether a figure over `figure` may be held against a target over `self`.
    ///
    /// A month's flow says nothing final about a year's target; a target on the latest state takes any figure.
    #[must_use]
    pub fn accepts(self, figure: Self) -> bool {
        self == Self::Latest || self == figure || (self == Self::Cumulative && figure == Self::Latest)
    }

    /// A flow can fall back while its period runs, so reaching the threshold early does not settle it.
    #[must_use]
    pub fn must_hold_to_the_end(self) -> bool {
        matches!(self, Self::Month | Self::Quarter | Self::Year)
    }
}

/// Parameters of "at risk". Kept in a pack (`[at_risk]`), shown on the page beside the verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AtRiskRule {
    /// The pace is measured over this many days up to today.
    pub pace_window_days: u16,
    /// Fewer figures than this in the window say nothing about pace.
    pub min_points: u8,
    /// At risk when the threshold would be reached more than this many days after the deadline.
    pub warn_if_days_late: u16,
    /// A missed milestone puts a target at risk until the milestone's value is reached.
    pub milestone_miss: bool,
    /// Nothing reported for longer than this puts a target or task at risk; 0 switches it off.
    pub no_data_days: u16,
    /// A task is compared with the time used once this share of its time has passed (0..=1) …
    pub task_elapsed_share: f64,
    /// … and is at risk when its progress is behind that share by more than this (0..=1).
    pub task_lag_share: f64,
    /// A task is at risk this many days before its deadline while its result is not submitted; 0 switches it off.
    pub task_last_days: u16,
}

impl Default for AtRiskRule {
    fn default() -> Self {
        Self {
            pace_window_days: 90,
            min_points: 2,
            warn_if_days_late: 0,
            milestone_miss: true,
            no_data_days: 45,
            task_elapsed_share: 0.5,
            task_lag_share: 0.2,
            task_last_days: 7,
        }
    }
}

/// All that is known of a target on a day. Values, threshold and milestones share one measure (percent points for rates).
#[derive(Debug, Clone, PartialEq)]
pub struct TargetState<'a> {
    pub today: Date,
    /// Value over the target's window up to now; for a window that has ended, its final value.
    pub value: Option<f64>,
    /// What `value` covers.
    pub value_window: Window,
    /// The period that `value` is of, where it is of one.
    pub value_period: Option<Period>,
    /// Day on which the last figure came in.
    pub last_report: Option<Date>,
    /// Earlier values of the same window, by date; need not be sorted.
    pub series: &'a [(Date, f64)],
    pub threshold: f64,
    pub comparison: Comparison,
    pub window: Window,
    /// Day on which the target was given; from here on silence counts.
    pub since: Option<Date>,
    pub deadline: Option<Date>,
    /// Contradicting deadlines that nobody has decided between; the earliest of all counts meanwhile.
    pub undecided_deadlines: &'a [Date],
    /// Date and value to be reached by then.
    pub milestones: &'a [(Date, f64)],
    pub recurring: bool,
    pub pilot: bool,
    /// Whom or what the work waits for.
    pub waiting_for: Option<&'a str>,
    /// Day on which the level above accepted it as done.
    pub completed_on: Option<Date>,
}

impl TargetState<'_> {
    /// A target with nothing known but its threshold.
    #[must_use]
    pub fn new(today: Date, threshold: f64, comparison: Comparison, window: Window) -> Self {
        Self {
            today,
            value: None,
            value_window: window,
            value_period: None,
            last_report: None,
            series: &[],
            threshold,
            comparison,
            window,
            since: None,
            deadline: None,
            undecided_deadlines: &[],
            milestones: &[],
            recurring: false,
            pilot: false,
            waiting_for: None,
            completed_on: None,
        }
    }
}

/// How many of the units that a target binds have reached it. The whole has no value of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct EachState<'a> {
    pub today: Date,
    pub reached: usize,
    pub of: usize,
    /// Units that are at risk themselves.
    pub at_risk: usize,
    pub window: Window,
    pub deadline: Option<Date>,
    /// As for a single unit: the earliest of all counts meanwhile.
    pub undecided_deadlines: &'a [Date],
    pub recurring: bool,
    pub pilot: bool,
    pub waiting_for: Option<&'a str>,
    pub completed_on: Option<Date>,
}

/// All that is known of a task on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskState<'a> {
    pub today: Date,
    /// 0..=100
    pub progress: u8,
    pub starts_on: Option<Date>,
    pub deadline: Option<Date>,
    pub last_update: Option<Date>,
    /// The unit has handed in its result; the level above has not answered.
    pub submitted_on: Option<Date>,
    pub completed_on: Option<Date>,
    pub recurring: bool,
    pub pilot: bool,
    pub waiting_for: Option<&'a str>,
}

impl TaskState<'_> {
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            today,
            progress: 0,
            starts_on: None,
            deadline: None,
            last_update: None,
            submitted_on: None,
            completed_on: None,
            recurring: false,
            pilot: false,
            waiting_for: None,
        }
    }
}

/// Why: a code (key of its sentence in the translation files, dots as dashes) and the figures the sentence names.
/// Dates are `2025-08-30`, numbers plain decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Reason {
    #[must_use]
    pub fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new() }
    }
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
    /// A number with at most two digits behind the point.
    #[must_use]
    pub fn number(self, name: &'static str, value: f64) -> Self {
        let text = format!("{value:.2}");
        let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
        self.with(name, if text == "-0" { "0".to_owned() } else { text })
    }
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }
}

/// Every reason code with the names of its values: the translation files must have a sentence for each.
pub const REASONS: &[(&str, &[&str])] = &[
    ("target.completed.accepted", &["on"]),
    ("target.completed.early", &["on", "days", "deadline"]),
    ("target.completed.on-time", &["on", "deadline"]),
    ("target.completed.late", &["on", "days", "deadline"]),
    ("target.completed.reached", &["value", "threshold"]),
    ("target.completed.each", &["of"]),
    ("target.overdue.each", &["days", "deadline", "reached", "of"]),
    ("target.at-risk.each", &["reached", "of", "units"]),
    ("target.recurring.each", &["reached", "of"]),
    ("target.in-progress.each", &["reached", "of"]),
    ("target.overdue.below", &["days", "deadline", "value", "threshold", "gap"]),
    ("target.overdue.no-data", &["days", "deadline"]),
    ("target.overdue.not-comparable", &["days", "deadline", "value", "figure_window", "window"]),
    ("target.waiting", &["what"]),
    ("target.pilot", &[]),
    ("target.recurring.met", &["value", "threshold"]),
    ("target.recurring.no-data", &[]),
    ("target.at-risk.recurring", &["value", "threshold", "gap"]),
    ("target.at-risk.milestone", &["date", "milestone", "value", "gap"]),
    ("target.at-risk.pace", &["window_days", "days_late", "reached_on", "deadline", "value", "threshold"]),
    ("target.at-risk.standstill", &["window_days", "value", "threshold", "deadline"]),
    ("target.at-risk.moving-away", &["window_days", "change", "value", "threshold", "deadline"]),
    ("target.at-risk.silent", &["days", "limit", "since"]),
    ("target.in-progress.pace", &["window_days", "days_early", "reached_on", "deadline", "value", "threshold"]),
    ("target.in-progress.hold", &["value", "threshold", "deadline"]),
    ("target.in-progress.few-figures", &["points", "needed"]),
    ("target.in-progress.no-deadline", &[]),
    ("target.note.deadlines", &["used", "all"]),
    ("target.note.not-comparable", &["figure_window", "window"]),
    ("target.note.overdue", &["days", "deadline"]),
    ("target.note.no-figure-of", &["period"]),
    ("target.note.figure-of", &["period", "wanted"]),
    ("task.completed.accepted", &["on"]),
    ("task.completed.early", &["on", "days", "deadline"]),
    ("task.completed.on-time", &["on", "deadline"]),
    ("task.completed.late", &["on", "days", "deadline"]),
    ("task.overdue", &["days", "deadline", "progress"]),
    ("task.waiting", &["what"]),
    ("task.pilot", &[]),
    ("task.recurring", &[]),
    ("task.submitted", &["on"]),
    ("task.at-risk.behind", &["elapsed", "progress", "deadline"]),
    ("task.at-risk.last-days", &["days", "deadline", "progress"]),
    ("task.at-risk.silent", &["days", "limit", "since"]),
    ("task.in-progress", &["progress", "days_left", "deadline"]),
    ("task.in-progress.no-deadline", &["progress"]),
    ("task.note.overdue", &["days", "deadline"]),
];

/// One status, the reason for it, and what else should be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    pub status: Status,
    pub reason: Reason,
    /// Further findings in order of weight; none of them changes the status.
    pub notes: Vec<Reason>,
}
