//! The deadline of one dossier or task: a term in working hours, working days, days or months, with what the law lets happen to it.
//!
//! Every change is a function from a clock to a clock or a refusal.

use std::{fmt, str::FromStr};

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Answer, Calendar, MICROS_PER_MINUTE};
use crate::{Refusal, Timestamp, time::days_since_epoch};

/// How long something may take. Text: `8 working_hours`, `5 working_days`, `15 days`, `1 month`, and `same_day` for no working day more
/// than the one from which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Term {
    WorkingHours(u32),
    WorkingDays(u32),
    /// Calendar days; an end on a day off moves to the next working day (Civil Code 2015, article 148).
    Days(u32),
    /// As days.
    Months(u32),
}

impl Term {
    /// Sum of two terms of one kind; `None` otherwise.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::WorkingHours(a), Self::WorkingHours(b)) => Self::WorkingHours(a.checked_add(b)?),
            (Self::WorkingDays(a), Self::WorkingDays(b)) => Self::WorkingDays(a.checked_add(b)?),
            (Self::Days(a), Self::Days(b)) => Self::Days(a.checked_add(b)?),
            (Self::Months(a), Self::Months(b)) => Self::Months(a.checked_add(b)?),
            _ => return None,
        })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, word) = match self {
            Self::WorkingDays(0) => return f.write_str("same_day"),
            Self::WorkingHours(n) => (n, "working_hour"),
            Self::WorkingDays(n) => (n, "working_day"),
            Self::Days(n) => (n, "day"),
            Self::Months(n) => (n, "month"),
        };
        write!(f, "{n} {word}{}", if *n == 1 { "" } else { "s" })
    }
}

/// No term of the law is longer; a slip of the pen is.
const MAX_TERM: u32 = 4_000;

impl FromStr for Term {
    type Err = Refusal;
    /// # Errors
    /// `calendar.term` (text).
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let refuse = || Refusal::new("calendar.term").with("text", text.chars().take(60).collect::<String>());
        let text = text.trim();
        if text == "same_day" {
            return Ok(Self::WorkingDays(0));
        }
        let (n, word) = text.split_once(' ').ok_or_else(refuse)?;
        let n: u32 = n.parse().ok().filter(|n| (1..=MAX_TERM).contains(n)).ok_or_else(refuse)?;
        Ok(match word.trim() {
            "working_hour" | "working_hours" => Self::WorkingHours(n),
            "working_day" | "working_days" => Self::WorkingDays(n),
            "day" | "days" => Self::Days(n),
            "month" | "months" => Self::Months(n),
            _ => return Err(refuse()),
        })
    }
}

impl TryFrom<String> for Term {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}
impl From<Term> for String {
    fn from(term: Term) -> Self {
        term.to_string()
    }
}

/// Why a clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The citizen completes the dossier. May be asked once (Decree 61/2018, article 15).
    Supplement,
    /// The citizen has to pay.
    Payment,
    /// Another agency, or law, makes it wait.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    pub from: Timestamp,
    /// `None` while it lasts.
    pub to: Option<Timestamp>,
    pub reason: PauseReason,
}

/// The one re-appointment (Decree 61/2018, article 19, clause 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    pub at: Timestamp,
    pub extra: Term,
}

/// A new day named to the citizen, instead of the one that the term gives. How many there may be, and until when one may be named, is
/// the law's: see `one_stop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    pub at: Timestamp,
    pub day: Date,
}

/// A running deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// When it came in.
    pub received: Timestamp,
    /// From when it counts: see [`Calendar::receipt_start`].
    pub started: Timestamp,
    pub term: Term,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<Appointment>,
    /// Earlier starts, when a dossier found wanting after appraisal came back and counted from zero.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_starts: Vec<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Timestamp>,
}

impl Clock {
    /// A clock that starts by the receipt rule of the calendar.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn start(received: Timestamp, term: Term, calendar: &Calendar) -> Result<Self, Refusal> {
        Ok(Self::started(received, calendar.receipt_start(received)?.value, term))
    }

    /// A clock whose start is known.
    #[must_use]
    pub fn started(received: Timestamp, started: Timestamp, term: Term) -> Self {
        Self {
            received,
            started,
            term,
            pauses: Vec::new(),
            extension: None,
            appointments: Vec::new(),
            earlier_starts: Vec::new(),
            stopped: None,
        }
    }

    /// The pause that lasts, if one does.
    #[must_use]
    pub fn paused(&self) -> Option<&Pause> {
        self.pauses.last().filter(|p| p.to.is_none())
    }

    /// Until when, or `None` while it is paused. The day of the start does not count; paused time is added in the term's own
    /// measure: working minutes, working days or days.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn due(&self, calendar: &Calendar) -> Result<Option<Answer<Timestamp>>, Refusal> {
        if self.paused().is_some() {
            return Ok(None);
        }
        if let Some(named) = self.appointments.last() {
            return self.due_named(named, calendar).map(Some);
        }
        let extra = self.extension.filter(|e| e.at >= self.started).map(|e| e.extra);
        let term = extra.and_then(|extra| self.term.plus(extra)).unwrap_or(self.term);
        let start = self.started.local_date();
        if let Term::WorkingHours(hours) = term {
            let paused = self.sum_pauses(|from, to| Ok(calendar.worked_until(to)? - calendar.worked_until(from)?))?;
            return calendar.add_working_micros(self.started, i64::from(hours) * 60 * MICROS_PER_MINUTE + paused).map(Some);
        }
        let end = if let Term::WorkingDays(days) = term {
            let paused = self.sum_pauses(|a, b| Ok(calendar.working_days_between(a.local_date(), b.local_date())?.value))?;
            let total = u32::try_from(i64::from(days) + paused).unwrap_or(u32::MAX);
            calendar.add_working_days(start, total)?
        } else {
            let paused = self.sum_pauses(|a, b| Ok(i64::from(days_since_epoch(b.local_date()) - days_since_epoch(a.local_date()))))?;
            let span = match term {
                Term::Months(n) => i64::from(n).months(),
                Term::Days(n) => i64::from(n).days(),
                Term::WorkingHours(_) | Term::WorkingDays(_) => 0.days(),
            };
            let too_far = |_| Refusal::new("calendar.out_of_range").with("date", start);
            let end = start.checked_add(span).and_then(|d| d.checked_add(paused.days())).map_err(too_far)?;
            calendar.on_or_after(end)?
        };
        let provisional = calendar.is_provisional(start, end.value);
        Ok(Some(Answer { value: calendar.end_of_term(end.value), provisional }))
    }

    /// The day named, later by the working days for which the clock has stood still since.
    fn due_named(&self, named: &Appointment, calendar: &Calendar) -> Result<Answer<Timestamp>, Refusal> {
        let mut paused = 0;
        for pause in &self.pauses {
            let (from, to) = (pause.from.max(named.at), pause.to.unwrap_or(pause.from));
            if to > from {
                paused += calendar.working_days_between(from.local_date(), to.local_date())?.value;
            }
        }
        let end = calendar.add_working_days(named.day, u32::try_from(paused).unwrap_or(0))?;
        let provisional = calendar.is_provisional(named.at.local_date().min(end.value), end.value);
        Ok(Answer { value: calendar.end_of_term(end.value), provisional })
    }

    /// Until when the apology and the new date must be out: the working day before the deadline (Decree 61/2018, article 19,
    /// clause 9). `None` while paused.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn apology_due(&self, calendar: &Calendar) -> Result<Option<Answer<Timestamp>>, Refusal> {
        let Some(due) = self.due(calendar)? else { return Ok(None) };
        let day = calendar.previous_working_day(due.value.local_date())?;
        Ok(Some(Answer { value: calendar.end_of_term(day.value), provisional: due.provisional }))
    }

    /// Stands still from `at`.
    ///
    /// # Errors
    /// `clock.paused` (since); `clock.supplement_already_asked` (first) for a second supplement; `clock.stopped`; `clock.order`.
    pub fn pause(&self, at: Timestamp, reason: PauseReason) -> Result<Self, Refusal> {
        if reason == PauseReason::Supplement
            && self.paused().is_none()
            && let Some(first) = self.pauses.iter().find(|p| p.reason == reason)
        {
            return Err(Refusal::new("clock.supplement_already_asked").with("first", first.from));
        }
        self.stand_still(at, reason)
    }

    /// As [`Self::pause`], for callers who decide by themselves how often a supplement may be asked (`one_stop`: the rules in force).
    ///
    /// # Errors
    /// `clock.paused` (since); `clock.stopped`; `clock.order`.
    pub fn stand_still(&self, at: Timestamp, reason: PauseReason) -> Result<Self, Refusal> {
        let mut next = self.changed_at(at)?;
        if let Some(pause) = self.paused() {
            return Err(Refusal::new("clock.paused").with("since", pause.from));
        }
        next.pauses.push(Pause { from: at, to: None, reason });
        Ok(next)
    }

    /// A day named instead of the one that the term gives.
    ///
    /// # Errors
    /// `clock.paused` (since); `clock.stopped`; `clock.order`.
    pub fn appoint(&self, at: Timestamp, day: Date) -> Result<Self, Refusal> {
        let mut next = self.changed_at(at)?;
        if let Some(pause) = self.paused() {
            return Err(Refusal::new("clock.paused").with("since", pause.from));
        }
        next.appointments.push(Appointment { at, day });
        Ok(next)
    }

    /// Runs again from `at`.
    ///
    /// # Errors
    /// `clock.not_paused`; `clock.stopped`; `clock.order`.
    pub fn resume(&self, at: Timestamp) -> Result<Self, Refusal> {
        let mut next = self.changed_at(at)?;
        match next.pauses.last_mut().filter(|p| p.to.is_none()) {
            Some(pause) => pause.to = Some(at),
            None => return Err(Refusal::new("clock.not_paused")),
        }
        Ok(next)
    }

    /// Counts from zero, by the receipt rule: the dossier returned after appraisal is complete (Decree 61/2018, article 19,
    /// clause 4). What may happen once stays used up.
    ///
    /// # Errors
    /// `clock.stopped`; `clock.order`; `calendar.out_of_range`.
    pub fn restart(&self, at: Timestamp, calendar: &Calendar) -> Result<Self, Refusal> {
        self.restart_from(at, calendar.receipt_start(at)?.value)
    }

    /// As [`Self::restart`], where it is known from when it counts.
    ///
    /// # Errors
    /// `clock.stopped`; `clock.order`.
    pub fn restart_from(&self, at: Timestamp, started: Timestamp) -> Result<Self, Refusal> {
        let mut next = self.changed_at(at)?;
        if let Some(pause) = next.pauses.last_mut().filter(|p| p.to.is_none()) {
            pause.to = Some(at);
        }
        next.earlier_starts.push(self.started);
        next.started = started;
        // The day named was named for the count that ends here.
        next.appointments.clear();
        Ok(next)
    }

    /// A new appointment, once.
    ///
    /// # Errors
    /// `clock.already_extended` (first); `clock.term_kind` when `extra` is of another kind than the term; `clock.stopped`;
    /// `clock.order`.
    pub fn extend(&self, at: Timestamp, extra: Term) -> Result<Self, Refusal> {
        let mut next = self.changed_at(at)?;
        if let Some(first) = &self.extension {
            return Err(Refusal::new("clock.already_extended").with("first", first.at));
        }
        if self.term.plus(extra).is_none() {
            return Err(Refusal::new("clock.term_kind"));
        }
        next.extension = Some(Extension { at, extra });
        Ok(next)
    }

    /// Done; nothing can happen to it any more.
    ///
    /// # Errors
    /// `clock.stopped`; `clock.order`.
    pub fn stop(&self, at: Timestamp) -> Result<Self, Refusal> {
        let mut next = self.changed_at(at)?;
        if let Some(pause) = next.pauses.last_mut().filter(|p| p.to.is_none()) {
            pause.to = Some(at);
        }
        next.stopped = Some(at);
        Ok(next)
    }

    /// A copy to be changed at an instant that is not before anything that happened.
    fn changed_at(&self, at: Timestamp) -> Result<Self, Refusal> {
        if let Some(stopped) = self.stopped {
            return Err(Refusal::new("clock.stopped").with("at", stopped));
        }
        let last_pause = self.pauses.last().map(|p| p.to.unwrap_or(p.from));
        let named = self.appointments.last().map(|a| a.at);
        let last = [Some(self.received), last_pause, self.extension.map(|e| e.at), named].into_iter().flatten().max();
        match last.filter(|last| at < *last) {
            Some(last) => Err(Refusal::new("clock.order").with("at", at).with("last", last)),
            None => Ok(self.clone()),
        }
    }

    /// Over the pauses since the start.
    fn sum_pauses(&self, measure: impl Fn(Timestamp, Timestamp) -> Result<i64, Refusal>) -> Result<i64, Refusal> {
        let mut sum = 0;
        for pause in &self.pauses {
            let (from, to) = (pause.from.max(self.started), pause.to.unwrap_or(pause.from));
            if to > from {
                sum += measure(from, to)?;
            }
        }
        Ok(sum)
    }
}
