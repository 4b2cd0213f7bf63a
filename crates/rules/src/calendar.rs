//! The working calendar: which days and minutes count, from announced data.
//!
//! Holidays and exchanged days are data with a source, never computed from the lunar calendar: the Government announces each year,
//! sometimes in its last week. An answer that touches a year not announced is *provisional* and says so.
//!
//! Sums over working days and minutes are prepared per date, so a deadline costs a few look-ups.

mod build;
mod clock;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, Weekday};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

pub use build::{CalendarFault, CalendarSpec, RestDay, YearSpec, parse_hours, parse_weekday};
pub use clock::{Appointment, Clock, Extension, Pause, PauseReason, Term};

use crate::{
    Localized, Refusal, Timestamp,
    time::{date_from_days, days_since_epoch},
};

/// Years that a calendar can answer for; outside, `calendar.out_of_range`.
pub const FIRST_YEAR: i16 = 1990;
pub const LAST_YEAR: i16 = 2100;

const MICROS_PER_MINUTE: i64 = 60_000_000;

/// Why a day is not what its weekday says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Off by law, or in lieu of a holiday that fell on a rest day.
    Holiday,
    /// A working day given off in exchange for a rest day worked.
    #[serde(alias = "off")]
    SwapOff,
    /// A rest day worked in exchange.
    #[serde(alias = "work")]
    SwapWork,
}

/// One exceptional day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarDay {
    pub date: Date,
    pub kind: DayKind,
    pub name: Localized,
    /// The announcement.
    #[serde(default)]
    pub source: Option<String>,
}

/// Minutes of the local day at which the office opens and closes, several spans a day, ascending: `(450, 690), (810, 1020)`.
pub type Spans = Vec<(u16, u16)>;

/// An answer and whether it rests on a year whose calendar is not announced yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer<T> {
    pub value: T,
    pub provisional: bool,
}

/// A compiled calendar. Days run from 1 January [`FIRST_YEAR`] to 31 December [`LAST_YEAR`].
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Days since the epoch of the first day.
    first: i32,
    /// Index into `tables` per day; 0 is a day off.
    table_of: Vec<u8>,
    tables: Vec<Spans>,
    /// Working days before each day; one entry more than days.
    days_before: Vec<u32>,
    /// Working minutes before each day; one entry more than days.
    minutes_before: Vec<u32>,
    /// All working days, ascending, as positions from `first`.
    working: Vec<u32>,
    /// Years not announced before each year from [`FIRST_YEAR`].
    unannounced_before: Vec<u16>,
    named: FxHashMap<Date, CalendarDay>,
    rest_days: [bool; 7],
    receipt_cutoff: Option<u16>,
    due_at_midnight: bool,
}

impl Calendar {
    /// Whether the office works on a day. Outside the years of the calendar by weekday alone, and provisional.
    #[must_use]
    pub fn is_working(&self, date: Date) -> Answer<bool> {
        let value = match self.position(date) {
            Ok(p) => self.table_of[p] != 0,
            Err(_) => !self.rest_days[weekday_index(date.weekday())],
        };
        Answer { value, provisional: self.is_provisional(date, date) }
    }

    /// What is special about a day.
    #[must_use]
    pub fn special_day(&self, date: Date) -> Option<&CalendarDay> {
        self.named.get(&date)
    }

    /// The first working day after a date.
    ///
    /// # Errors
    /// `calendar.out_of_range` (date), here and below, outside [`FIRST_YEAR`]..=[`LAST_YEAR`].
    pub fn next_working_day(&self, date: Date) -> Result<Answer<Date>, Refusal> {
        self.add_working_days(date, 1)
    }

    /// The date itself if it is a working day, else the first one after it.
    ///
    /// # Errors
    /// As [`Self::next_working_day`].
    pub fn on_or_after(&self, date: Date) -> Result<Answer<Date>, Refusal> {
        self.add_working_days(date, 0)
    }

    /// The `days`-th working day after a date. The date itself never counts (Civil Code 2015, article 147: a term begins on the
    /// day after the event); for 0 days it is [`Self::on_or_after`].
    ///
    /// # Errors
    /// As [`Self::next_working_day`].
    pub fn add_working_days(&self, date: Date, days: u32) -> Result<Answer<Date>, Refusal> {
        let p = self.position(date)?;
        let index = match days {
            0 => u64::from(self.days_before[p]),
            n => u64::from(self.days_before[p + 1]) + u64::from(n) - 1,
        };
        let day = usize::try_from(index).ok().and_then(|i| self.working.get(i)).ok_or_else(|| out_of_range(date))?;
        Ok(self.answer(date, self.date_at(*day)))
    }

    /// The last working day before a date.
    ///
    /// # Errors
    /// As [`Self::next_working_day`].
    pub fn previous_working_day(&self, date: Date) -> Result<Answer<Date>, Refusal> {
        let before = self.days_before[self.position(date)?] as usize;
        let day = before.checked_sub(1).and_then(|i| self.working.get(i)).ok_or_else(|| out_of_range(date))?;
        Ok(self.answer(date, self.date_at(*day)))
    }

    /// Working days after `from`, up to and including `to`; negative when `to` is earlier. So
    /// `add_working_days(from, working_days_between(from, to)) == to` for working days `from` < `to`.
    ///
    /// # Errors
    /// As [`Self::next_working_day`].
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<Answer<i64>, Refusal> {
        let until = |d| Ok::<_, Refusal>(i64::from(self.days_before[self.position(d)? + 1]));
        let value = until(to)? - until(from)?;
        Ok(Answer { value, provisional: self.is_provisional(from.min(to), from.max(to)) })
    }

    /// Working time between two instants in whole minutes, rounded down; negative when `to` is earlier.
    ///
    /// # Errors
    /// As [`Self::next_working_day`].
    pub fn working_minutes_between(&self, from: Timestamp, to: Timestamp) -> Result<Answer<i64>, Refusal> {
        let micros = self.worked_until(to)? - self.worked_until(from)?;
        let (a, b) = (from.min(to).local_date(), from.max(to).local_date());
        Ok(Answer { value: micros.div_euclid(MICROS_PER_MINUTE), provisional: self.is_provisional(a, b) })
    }

    /// The instant at which that much working time has passed: the closing time rather than the next opening when it just fits.
    ///
    /// # Errors
    /// As [`Self::next_working_day`].
    pub fn add_working_minutes(&self, from: Timestamp, minutes: u32) -> Result<Answer<Timestamp>, Refusal> {
        self.add_working_micros(from, i64::from(minutes) * MICROS_PER_MINUTE)
    }

    fn add_working_micros(&self, from: Timestamp, micros: i64) -> Result<Answer<Timestamp>, Refusal> {
        let start = from.local_date();
        if micros <= 0 {
            return Ok(self.answer(start, from));
        }
        let target = self.worked_until(from)? + micros;
        // The first day at whose end enough has been worked.
        let day = self.minutes_before.partition_point(|m| i64::from(*m) * MICROS_PER_MINUTE < target).saturating_sub(1);
        let table = self.table_of.get(day).ok_or_else(|| out_of_range(start))?;
        let mut left = target - i64::from(self.minutes_before[day]) * MICROS_PER_MINUTE;
        let date = self.date_at(u32::try_from(day).unwrap_or(u32::MAX));
        for (open, close) in &self.tables[usize::from(*table)] {
            let span = i64::from(close - open) * MICROS_PER_MINUTE;
            if left <= span {
                let at = Timestamp::start_of(date).plus_micros(i64::from(*open) * MICROS_PER_MINUTE + left);
                return Ok(Answer { value: at, provisional: self.is_provisional(start, date) });
            }
            left -= span;
        }
        Err(out_of_range(start))
    }

    /// When the office opens on a day; `None` on a day off.
    #[must_use]
    pub fn opening(&self, date: Date) -> Option<Timestamp> {
        self.spans(date).first().map(|(open, _)| minute_of(date, *open))
    }

    /// When the office closes on a day; `None` on a day off.
    #[must_use]
    pub fn closing(&self, date: Date) -> Option<Timestamp> {
        self.spans(date).last().map(|(_, close)| minute_of(date, *close))
    }

    /// Opening hours of a day; empty on a day off.
    #[must_use]
    pub fn spans(&self, date: Date) -> &[(u16, u16)] {
        self.position(date).map_or(&[], |p| &self.tables[usize::from(self.table_of[p])])
    }

    /// From when a dossier received at `at` counts (Decree 61/2018, article 18): at once on a working day until the cut-off,
    /// **after** it (15:00:00 itself is in time) or on a day off from the opening of the next working day.
    ///
    /// # Errors
    /// As [`Self::next_working_day`].
    pub fn receipt_start(&self, at: Timestamp) -> Result<Answer<Timestamp>, Refusal> {
        self.receipt_start_by(at, self.receipt_cutoff)
    }

    /// As [`Self::receipt_start`], with the cut-off (minute of the day) of the rules in force instead of the calendar's own.
    ///
    /// # Errors
    /// As [`Self::next_working_day`].
    pub fn receipt_start_by(&self, at: Timestamp, cutoff: Option<u16>) -> Result<Answer<Timestamp>, Refusal> {
        let date = at.local_date();
        let late = cutoff.is_some_and(|cutoff| at > minute_of(date, cutoff));
        let working = self.is_working(date);
        if working.value && !late {
            return Ok(Answer { value: at, provisional: working.provisional });
        }
        let next = self.next_working_day(date)?;
        let opening = self.opening(next.value).unwrap_or_else(|| Timestamp::start_of(next.value));
        Ok(Answer { value: opening, provisional: next.provisional })
    }

    /// The last instant of a term that ends on a day: closing time, or midnight where the calendar says so.
    #[must_use]
    pub fn end_of_term(&self, date: Date) -> Timestamp {
        // The last microsecond of the day: a deadline is compared with ≤.
        let midnight = Timestamp::start_of(date).plus_days(1).plus_micros(-1);
        if self.due_at_midnight { midnight } else { self.closing(date).unwrap_or(midnight) }
    }

    /// Whether any year from `from` to `to` is not announced. Years outside the calendar never are.
    #[must_use]
    pub fn is_provisional(&self, from: Date, to: Date) -> bool {
        let place = |year: i16| usize::try_from(i32::from(year) - i32::from(FIRST_YEAR)).ok();
        match (place(from.year()), place(to.year())) {
            (Some(a), Some(b)) if b + 1 < self.unannounced_before.len() && a <= b => {
                self.unannounced_before[b + 1] > self.unannounced_before[a]
            }
            _ => true,
        }
    }

    fn position(&self, date: Date) -> Result<usize, Refusal> {
        usize::try_from(days_since_epoch(date) - self.first).ok().filter(|p| *p < self.table_of.len()).ok_or_else(|| out_of_range(date))
    }

    fn date_at(&self, position: u32) -> Date {
        date_from_days(self.first.saturating_add_unsigned(position))
    }

    fn answer<T: ReachesTo>(&self, from: Date, value: T) -> Answer<T> {
        let to = value.day();
        Answer { provisional: self.is_provisional(from.min(to), from.max(to)), value }
    }

    /// Working time from the calendar's first day to an instant, in microseconds.
    fn worked_until(&self, at: Timestamp) -> Result<i64, Refusal> {
        let date = at.local_date();
        let p = self.position(date)?;
        let in_day = at.0 - Timestamp::start_of(date).0;
        let today: i64 = self.tables[usize::from(self.table_of[p])]
            .iter()
            .map(|(open, close)| {
                let (open, close) = (i64::from(*open) * MICROS_PER_MINUTE, i64::from(*close) * MICROS_PER_MINUTE);
                in_day.clamp(open, close) - open
            })
            .sum();
        Ok(i64::from(self.minutes_before[p]) * MICROS_PER_MINUTE + today)
    }
}

/// The day that an answer touches last.
trait ReachesTo {
    fn day(&self) -> Date;
}
impl ReachesTo for Date {
    fn day(&self) -> Date {
        *self
    }
}
impl ReachesTo for Timestamp {
    fn day(&self) -> Date {
        self.local_date()
    }
}

fn minute_of(date: Date, minute: u16) -> Timestamp {
    Timestamp::start_of(date).plus_micros(i64::from(minute) * MICROS_PER_MINUTE)
}

fn weekday_index(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)
}

fn out_of_range(date: Date) -> Refusal {
    Refusal::new("calendar.out_of_range").with("date", date).with("first", FIRST_YEAR).with("last", LAST_YEAR)
}
