//! From announced years to a compiled calendar.

use jiff::civil::{Date, Weekday};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{Calendar, CalendarDay, DayKind, FIRST_YEAR, LAST_YEAR, Spans, weekday_index};
use crate::{
    Refusal,
    time::{date_from_days, days_since_epoch},
};

/// What a calendar is made of. Office hours differ between offices: one calendar each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSpec {
    /// Rest days and hours of years that say nothing else.
    pub rest_days: Vec<Weekday>,
    pub hours: Vec<String>,
    /// Other hours on some weekdays. A weekday named here is no rest day: a desk open on Saturday mornings.
    pub hours_on: Vec<(Weekday, Vec<String>)>,
    pub years: Vec<YearSpec>,
    /// Minute of the day after which a receipt counts from the next working day; `None`: no such rule.
    pub receipt_cutoff: Option<u16>,
    /// Terms in days end at midnight (Civil Code 2015, article 148) instead of closing time, which is what an appointment slip says.
    pub due_at_midnight: bool,
}

impl Default for CalendarSpec {
    /// Monday to Friday, 7:30–11:30 and 13:30–17:00, cut-off 15:00 (Decree 61/2018, article 18), no year announced.
    fn default() -> Self {
        Self {
            rest_days: vec![Weekday::Saturday, Weekday::Sunday],
            hours: vec!["07:30-11:30".into(), "13:30-17:00".into()],
            hours_on: Vec::new(),
            years: Vec::new(),
            receipt_cutoff: Some(15 * 60),
            due_at_midnight: false,
        }
    }
}

/// One year's announcement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearSpec {
    pub year: i16,
    /// Not yet announced: the days below are expectations.
    pub provisional: bool,
    /// `None`: as the calendar's.
    #[serde(default)]
    pub rest_days: Option<Vec<RestDay>>,
    /// `None`: as the calendar's.
    #[serde(default)]
    pub hours: Option<Vec<String>>,
    #[serde(default)]
    pub days: Vec<CalendarDay>,
}

/// A weekday in files, written `mon` … `sun`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RestDay(pub Weekday);

impl TryFrom<String> for RestDay {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        parse_weekday(&text).map(Self)
    }
}
impl From<RestDay> for String {
    fn from(day: RestDay) -> Self {
        WEEKDAYS[weekday_index(day.0)].to_owned()
    }
}

/// One thing wrong with a calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFault {
    #[error("the year {0} is given twice")]
    YearTwice(i16),
    #[error("the year {0} is outside {FIRST_YEAR}–{LAST_YEAR}")]
    Year(i16),
    #[error("{date} does not belong to {year}")]
    OtherYear { date: Date, year: i16 },
    #[error("{0} is given twice")]
    DayTwice(Date),
    #[error("{0} is a working day already, so it cannot be worked in exchange")]
    WorkedAnyway(Date),
    #[error("{0} is a rest day already, so it cannot be given off in exchange")]
    OffAnyway(Date),
    #[error("office hours {0:?} are not spans like 07:30-11:30, one after the other")]
    Hours(Vec<String>),
    #[error("a week needs at least one working day")]
    NoWork,
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// `mon` … `sun`.
///
/// # Errors
/// `calendar.weekday` (text).
pub fn parse_weekday(text: &str) -> Result<Weekday, Refusal> {
    let at = WEEKDAYS.iter().position(|d| *d == text).and_then(|i| i8::try_from(i).ok());
    at.and_then(|i| Weekday::from_monday_zero_offset(i).ok()).ok_or_else(|| Refusal::new("calendar.weekday").with("text", text))
}

/// `["07:30-11:30", "13:30-17:00"]` as minutes of the day.
///
/// # Errors
/// `calendar.hours` (text) unless the spans are ascending and do not overlap; an empty list is refused too.
pub fn parse_hours(hours: &[String]) -> Result<Spans, Refusal> {
    let refuse = || Refusal::new("calendar.hours").with("text", hours.join(", "));
    let minute = |text: &str| -> Option<u16> {
        let (h, m) = text.trim().split_once(':')?;
        let (h, m): (u16, u16) = (h.parse().ok()?, m.parse().ok()?);
        (h <= 24 && m < 60 && h * 60 + m <= 24 * 60).then_some(h * 60 + m)
    };
    let mut spans = Spans::new();
    for text in hours {
        let (open, close) = text.split_once(['-', '–']).and_then(|(a, b)| minute(a).zip(minute(b))).ok_or_else(refuse)?;
        if open >= close || spans.last().is_some_and(|(_, before)| *before > open) {
            return Err(refuse());
        }
        spans.push((open, close));
    }
    if spans.is_empty() { Err(refuse()) } else { Ok(spans) }
}

impl Calendar {
    /// Checks and compiles.
    ///
    /// # Errors
    /// All faults found.
    pub fn build(spec: &CalendarSpec) -> Result<Self, Vec<CalendarFault>> {
        Builder::new(spec).build()
    }
}

/// How a week is worked, Monday first.
struct Week {
    /// Hours of each weekday; 0 is a day off.
    tables: [u8; 7],
    /// Rest days as announced. An office may open on them at hours of its own.
    rest: [bool; 7],
    /// Hours of a working day, and so of a rest day worked in exchange.
    usual: u8,
}

struct Builder<'a> {
    spec: &'a CalendarSpec,
    years: FxHashMap<i16, &'a YearSpec>,
    /// Table 0 is the day off.
    tables: Vec<Spans>,
    faults: Vec<CalendarFault>,
}

impl<'a> Builder<'a> {
    fn new(spec: &'a CalendarSpec) -> Self {
        Self { spec, years: FxHashMap::default(), tables: vec![Spans::new()], faults: Vec::new() }
    }

    fn table(&mut self, hours: &[String]) -> u8 {
        let Ok(spans) = parse_hours(hours) else {
            self.faults.push(CalendarFault::Hours(hours.to_vec()));
            return 0;
        };
        let at = self.tables.iter().position(|t| *t == spans).unwrap_or_else(|| {
            self.tables.push(spans);
            self.tables.len() - 1
        });
        u8::try_from(at).unwrap_or_else(|_| {
            self.faults.push(CalendarFault::Hours(hours.to_vec()));
            0
        })
    }

    fn week(&mut self, year: Option<&YearSpec>) -> Week {
        let hours = year.and_then(|y| y.hours.as_deref()).unwrap_or(&self.spec.hours);
        let usual = self.table(hours);
        let mut rest = [false; 7];
        match year.and_then(|y| y.rest_days.as_deref()) {
            Some(days) => days.iter().for_each(|d| rest[weekday_index(d.0)] = true),
            None => self.spec.rest_days.iter().for_each(|d| rest[weekday_index(*d)] = true),
        }
        let mut tables = rest.map(|rest| if rest { 0 } else { usual });
        for (day, hours) in &self.spec.hours_on {
            tables[weekday_index(*day)] = self.table(hours);
        }
        if tables == [0; 7] && usual != 0 {
            self.faults.push(CalendarFault::NoWork);
        }
        Week { tables, rest, usual }
    }

    fn exceptions(&mut self) -> FxHashMap<Date, CalendarDay> {
        let mut named = FxHashMap::default();
        for year in &self.spec.years {
            if !(FIRST_YEAR..=LAST_YEAR).contains(&year.year) {
                self.faults.push(CalendarFault::Year(year.year));
            } else if self.years.insert(year.year, year).is_some() {
                self.faults.push(CalendarFault::YearTwice(year.year));
            }
            for day in &year.days {
                if day.date.year() != year.year {
                    self.faults.push(CalendarFault::OtherYear { date: day.date, year: year.year });
                } else if named.insert(day.date, day.clone()).is_some() {
                    self.faults.push(CalendarFault::DayTwice(day.date));
                }
            }
        }
        named
    }

    fn build(mut self) -> Result<Calendar, Vec<CalendarFault>> {
        let named = self.exceptions();
        let first = days_since_epoch(Date::constant(FIRST_YEAR, 1, 1));
        let last = days_since_epoch(Date::constant(LAST_YEAR, 12, 31));
        let usual_week = self.week(None);
        let mut weeks: FxHashMap<i16, Week> = FxHashMap::default();
        for (year, spec) in self.years.clone() {
            let week = self.week(Some(spec));
            weeks.insert(year, week);
        }
        // Days are checked against sound weeks only.
        if !self.faults.is_empty() {
            self.faults.dedup();
            return Err(self.faults);
        }

        let n = usize::try_from(last - first + 1).unwrap_or(0);
        let (mut table_of, mut working) = (Vec::with_capacity(n), Vec::new());
        let (mut days_before, mut minutes_before) = (Vec::with_capacity(n + 1), Vec::with_capacity(n + 1));
        let (mut days, mut minutes) = (0_u32, 0_u32);
        for (position, day) in (0_u32..).zip(first..=last) {
            let date = date_from_days(day);
            let week = weeks.get(&date.year()).unwrap_or(&usual_week);
            let weekday = weekday_index(date.weekday());
            let by_weekday = week.tables[weekday];
            let table = match named.get(&date).map(|d| d.kind) {
                None => by_weekday,
                Some(DayKind::Holiday) => 0,
                Some(DayKind::SwapOff) => {
                    if by_weekday == 0 {
                        self.faults.push(CalendarFault::OffAnyway(date));
                    }
                    0
                }
                Some(DayKind::SwapWork) => {
                    // An office that is open on Saturday mornings anyway works an exchanged Saturday whole.
                    if !week.rest[weekday] {
                        self.faults.push(CalendarFault::WorkedAnyway(date));
                    }
                    week.usual
                }
            };
            days_before.push(days);
            minutes_before.push(minutes);
            table_of.push(table);
            if table != 0 {
                days += 1;
                minutes += self.tables[usize::from(table)].iter().map(|(open, close)| u32::from(close - open)).sum::<u32>();
                working.push(position);
            }
        }
        days_before.push(days);
        minutes_before.push(minutes);

        let mut unannounced_before = vec![0_u16];
        for year in FIRST_YEAR..=LAST_YEAR {
            let announced = self.years.get(&year).is_some_and(|y| !y.provisional);
            unannounced_before.push(unannounced_before.last().unwrap_or(&0) + u16::from(!announced));
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let rest_days = usual_week.tables.map(|t| t == 0);
        Ok(Calendar {
            first,
            table_of,
            tables: self.tables,
            days_before,
            minutes_before,
            working,
            unannounced_before,
            named,
            rest_days,
            receipt_cutoff: self.spec.receipt_cutoff,
            due_at_midnight: self.spec.due_at_midnight,
        })
    }
}
