//! Instants, months and reporting periods. Instants are UTC; law speaks of local time (Asia/Ho_Chi_Minh, UTC+7 without changes).

use std::{fmt, str::FromStr};

use jiff::{
    civil::Date,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Hours that local time is ahead of UTC. Việt Nam has kept UTC+7 without daylight saving since 1975.
pub const LOCAL_OFFSET_HOURS: i8 = 7;
const MICROS_PER_DAY: i64 = 86_400_000_000;
const LOCAL_OFFSET_MICROS: i64 = LOCAL_OFFSET_HOURS as i64 * 3_600_000_000;

/// Local time zone of every working calendar.
#[must_use]
pub fn local_zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(LOCAL_OFFSET_HOURS))
}

/// A text that is not a time, month or period. Carries the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {expected}: {text:?}")]
pub struct TimeError {
    pub expected: &'static str,
    pub text: String,
}

fn bad(expected: &'static str, text: &str) -> TimeError {
    TimeError { expected, text: text.chars().take(80).collect() }
}

/// An instant in microseconds since 1970-01-01T00:00:00Z. Its text has a fixed width, so it sorts as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Local midnight at which `date` begins.
    #[must_use]
    pub fn start_of(date: Date) -> Self {
        Self(i64::from(days_since_epoch(date)) * MICROS_PER_DAY - LOCAL_OFFSET_MICROS)
    }

    /// The local calendar day.
    #[must_use]
    pub fn local_date(self) -> Date {
        date_from_days(self.local_days())
    }

    /// Local days since 1970-01-01.
    #[must_use]
    pub fn local_days(self) -> i32 {
        i32::try_from((self.0 + LOCAL_OFFSET_MICROS).div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX)
    }

    /// The local calendar month.
    #[must_use]
    pub fn month(self) -> Month {
        Month::from_days(self.local_days())
    }

    #[must_use]
    pub fn from_jiff(ts: jiff::Timestamp) -> Self {
        Self(ts.as_microsecond())
    }

    /// As a jiff instant; clamped to jiff's range.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX })
    }

    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_micros(days.saturating_mul(MICROS_PER_DAY))
    }
}

impl Timestamp {
    /// The text of the instant in UTC, `2025-07-01T08:30:00.000000Z`, for years 0 to 9999.
    fn digits(self) -> [u8; 27] {
        let days = self.0.div_euclid(MICROS_PER_DAY);
        let in_day = self.0.rem_euclid(MICROS_PER_DAY);
        let date = date_from_days(i32::try_from(days).unwrap_or(0));
        let (h, m) = (in_day / 3_600_000_000, in_day / 60_000_000 % 60);
        let (s, us) = (in_day / 1_000_000 % 60, in_day % 1_000_000);
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let parts = [
            (0..4, i64::from(date.year())),
            (5..7, date.month().into()),
            (8..10, date.day().into()),
            (11..13, h),
            (14..16, m),
            (17..19, s),
            (20..26, us),
        ];
        for (place, mut value) in parts {
            for digit in text[place].iter_mut().rev() {
                *digit += u8::try_from(value.rem_euclid(10)).unwrap_or(0);
                value /= 10;
            }
        }
        text
    }
}

/// Fixed width, so that texts sort as instants do.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.digits()).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;
    /// RFC 3339 with any offset. A text without an offset is refused: an instant must not be guessed.
    fn from_str(s: &str) -> Result<Self, TimeError> {
        let ts: jiff::Timestamp = s.parse().map_err(|_| bad("timestamp", s))?;
        Ok(Self::from_jiff(ts))
    }
}

/// Days since 1970-01-01.
#[must_use]
pub fn days_since_epoch(date: Date) -> i32 {
    // Hinnant's days_from_civil: exact for the proleptic Gregorian calendar.
    let (y, m, d) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

/// The date that is `days` after 1970-01-01; clamped to years −9999..9999.
#[must_use]
pub fn date_from_days(days: i32) -> Date {
    let (y, m, d) = civil_from_days(days);
    match i16::try_from(y) {
        Ok(year) => Date::new(year, m, d).unwrap_or(if y < 0 { Date::MIN } else { Date::MAX }),
        Err(_) => {
            if y < 0 {
                Date::MIN
            } else {
                Date::MAX
            }
        }
    }
}

fn civil_from_days(days: i32) -> (i32, i8, i8) {
    let z = i64::from(days) + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    let y = yoe + era * 400 + i64::from(m <= 2);
    #[expect(clippy::cast_possible_truncation, reason = "month and day are small by construction, the year fits for any i32 day")]
    (y as i32, m as i8, d as i8)
}

/// A calendar month: `year * 12 + (month - 1)`. Text `2025-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Month(pub i32);

impl Month {
    /// `month` is 1..=12.
    #[must_use]
    pub const fn new(year: i32, month: i32) -> Self {
        Self(year * 12 + month - 1)
    }
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self::new(i32::from(date.year()), i32::from(date.month()))
    }
    #[must_use]
    pub fn from_days(days: i32) -> Self {
        let (y, m, _) = civil_from_days(days);
        Self::new(y, i32::from(m))
    }
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }
    /// 1..=12
    #[must_use]
    pub fn month(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }
    /// 1..=4
    #[must_use]
    pub fn quarter(self) -> i32 {
        self.0.rem_euclid(12) / 3 + 1
    }
    #[must_use]
    pub fn first_day(self) -> Date {
        #[expect(clippy::cast_possible_truncation, reason = "clamped")]
        Date::new(self.year().clamp(-9999, 9999) as i16, self.month() as i8, 1).unwrap_or(Date::MAX)
    }
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl FromStr for Month {
    type Err = TimeError;
    fn from_str(s: &str) -> Result<Self, TimeError> {
        let (y, m) = s.split_once('-').ok_or_else(|| bad("month", s))?;
        let year = four_digits(y).ok_or_else(|| bad("month", s))?;
        let month: i32 = m.parse().map_err(|_| bad("month", s))?;
        if m.len() == 2 && (1..=12).contains(&month) { Ok(Self::new(year, month)) } else { Err(bad("month", s)) }
    }
}

fn four_digits(y: &str) -> Option<i32> {
    (y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit())).then(|| y.parse().ok()).flatten()
}

/// A reporting period. Texts: `2025-07`, `2025Q2`, `2025`, `all`, `2025-01..2025-06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    Month(Month),
    Quarter { year: i32, quarter: i32 },
    Year(i32),
    Range { from: Month, to: Month },
    All,
}

impl Period {
    /// First and last month, both inside; `None` for `all`.
    #[must_use]
    pub fn months(self) -> Option<(Month, Month)> {
        match self {
            Self::Month(m) => Some((m, m)),
            Self::Quarter { year, quarter } => {
                let first = Month::new(year, quarter * 3 - 2);
                Some((first, first.plus(2)))
            }
            Self::Year(y) => Some((Month::new(y, 1), Month::new(y, 12))),
            Self::Range { from, to } => Some((from, to)),
            Self::All => None,
        }
    }
    #[must_use]
    pub fn contains(self, month: Month) -> bool {
        self.months().is_none_or(|(from, to)| from <= month && month <= to)
    }
    #[must_use]
    pub fn quarter_of(month: Month) -> Self {
        Self::Quarter { year: month.year(), quarter: month.quarter() }
    }
    /// The period of the same length right before; `None` for `all`.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Some(match self {
            Self::Month(m) => Self::Month(m.plus(-1)),
            Self::Quarter { year, quarter: 1 } => Self::Quarter { year: year - 1, quarter: 4 },
            Self::Quarter { year, quarter } => Self::Quarter { year, quarter: quarter - 1 },
            Self::Year(y) => Self::Year(y - 1),
            Self::Range { from, to } => {
                let n = to.0 - from.0 + 1;
                Self::Range { from: from.plus(-n), to: to.plus(-n) }
            }
            Self::All => return None,
        })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(m) => m.fmt(f),
            Self::Quarter { year, quarter } => write!(f, "{year:04}Q{quarter}"),
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Range { from, to } => write!(f, "{from}..{to}"),
            Self::All => f.write_str("all"),
        }
    }
}

impl FromStr for Period {
    type Err = TimeError;
    fn from_str(s: &str) -> Result<Self, TimeError> {
        if s == "all" {
            return Ok(Self::All);
        }
        if let Some((from, to)) = s.split_once("..") {
            let (from, to): (Month, Month) = (from.parse()?, to.parse()?);
            return if from <= to { Ok(Self::Range { from, to }) } else { Err(bad("period", s)) };
        }
        if let Some((y, q)) = s.split_once('Q') {
            let year = four_digits(y).ok_or_else(|| bad("period", s))?;
            return match q {
                "1" | "2" | "3" | "4" => Ok(Self::Quarter { year, quarter: i32::from(q.as_bytes()[0] - b'0') }),
                _ => Err(bad("period", s)),
            };
        }
        if let Some(year) = four_digits(s) {
            return Ok(Self::Year(year));
        }
        s.parse().map(Self::Month).map_err(|_| bad("period", s))
    }
}

macro_rules! serde_as_text {
    ($($t:ty),*) => {$(
        impl Serialize for $t {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $t {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
serde_as_text!(Timestamp, Month, Period);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_one_width_and_round_trip() {
        let t: Timestamp = "2025-07-01T15:00:01+07:00".parse().unwrap();
        assert_eq!(t.to_string(), "2025-07-01T08:00:01.000000Z");
        assert_eq!(t.to_string().parse::<Timestamp>().unwrap(), t);
        assert!("2025-07-01T15:00:01".parse::<Timestamp>().is_err(), "no offset, no instant");
    }

    #[test]
    fn the_local_month_is_not_the_utc_month() {
        let t: Timestamp = "2025-06-30T17:30:00Z".parse().unwrap();
        assert_eq!(t.month().to_string(), "2025-07");
        assert_eq!(Timestamp::start_of(t.local_date()).to_string(), "2025-06-30T17:00:00.000000Z");
    }

    #[test]
    fn days_agree_with_jiff() {
        let mut date = Date::constant(1899, 12, 25);
        for _ in 0..2_000 {
            let days = days_since_epoch(date);
            assert_eq!(date_from_days(days), date);
            assert_eq!(Month::from_days(days), Month::of(date));
            assert_eq!(i64::from(days), date.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second().div_euclid(86_400));
            date = date.checked_add(jiff::Span::new().days(37)).unwrap();
        }
    }

    #[test]
    fn periods_read_write_and_step_back() {
        for (text, before) in [("2025-01", "2024-12"), ("2025Q1", "2024Q4"), ("2025", "2024"), ("2025-04..2025-06", "2025-01..2025-03")] {
            let p: Period = text.parse().unwrap();
            assert_eq!(p.to_string(), text);
            assert_eq!(p.previous().unwrap().to_string(), before);
        }
        for wrong in ["2025-13", "2025Q5", "25", "2025-1", "2025-06..2025-01", "", "quý II"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }
}
