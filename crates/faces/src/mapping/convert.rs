//! From a source's value to a field's JSON.

use jiff::{civil::Time, fmt::strtime, tz::TimeZone};
use rules::Timestamp;
use serde_json::{Number, Value, json};

use super::{DayEdge, FieldKind};
use crate::tabular::{Kind, RawValue, When, named_json};

/// The last instant of a day that a [`Timestamp`] can tell.
const END_OF_DAY: Time = Time::constant(23, 59, 59, 999_999_000);
/// Digits that a JSON number keeps exactly in every reader.
const EXACT_DIGITS: usize = 15;

/// Why a value is not what a field needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Type(Wanted),
    /// A day where a time is needed.
    Day,
    /// A local time that does not exist, or exists twice.
    Zone,
}

impl Wrong {
    pub fn code(self) -> &'static str {
        match self {
            Self::Type(_) => "map.type",
            Self::Day => "map.day",
            Self::Zone => "map.zone",
        }
    }
    /// The stable name of what was wanted, for translations.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Type(Wanted::Int) => "int",
            Self::Type(Wanted::Decimal) => "decimal",
            Self::Type(Wanted::Bool) => "bool",
            Self::Type(Wanted::Date) => "date",
            Self::Type(Wanted::Timestamp) => "timestamp",
            Self::Day | Self::Zone => "time",
        }
    }
    pub fn expected(self) -> &'static str {
        match self {
            Self::Type(Wanted::Int) => "a whole number",
            Self::Type(Wanted::Decimal) => "a decimal number",
            Self::Type(Wanted::Bool) => "true or false",
            Self::Type(Wanted::Date) => "a date like 2025-07-01 or in a declared format",
            Self::Type(Wanted::Timestamp) => "a date and time like 2025-07-01T08:00:00+07:00 or in a declared format",
            Self::Day | Self::Zone => "a time",
        }
    }
}

/// Types that a text may fail to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Int,
    Decimal,
    Bool,
    Date,
    Timestamp,
}

/// `Ok(None)` for a list without items.
pub fn value(kind: &FieldKind, value: &RawValue, zone: &TimeZone) -> Result<Option<Value>, Wrong> {
    let text = value.text.trim();
    Ok(Some(match kind {
        FieldKind::Text | FieldKind::Choice | FieldKind::Unit => json!(text),
        FieldKind::Int => match value.kind {
            Kind::Int(int) => json!(int),
            _ => json!(text.parse::<i64>().map_err(|_| Wrong::Type(Wanted::Int))?),
        },
        FieldKind::Decimal { mark } => Value::Number(decimal(value, text, *mark).ok_or(Wrong::Type(Wanted::Decimal))?),
        FieldKind::Bool => match (value.kind, text) {
            (Kind::Bool(is), _) => json!(is),
            (_, "true" | "1") => json!(true),
            (_, "false" | "0") => json!(false),
            _ => return Err(Wrong::Type(Wanted::Bool)),
        },
        FieldKind::Date { formats } => {
            let date = match when(value, formats).ok_or(Wrong::Type(Wanted::Date))? {
                When::Day(date) => date,
                When::Local(at) => at.date(),
                When::Instant(at) => zone.to_datetime(at.to_jiff()).date(),
            };
            json!(date.to_string())
        }
        FieldKind::Timestamp { formats, day } => json!(instant(value, zone, formats, *day)?.to_string()),
        FieldKind::List { separator } => {
            let items: Vec<&str> = if matches!(value.kind, Kind::List | Kind::Container) {
                value.children.iter().map(|(_, item)| item.text.trim()).collect()
            } else if let Some(separator) = separator {
                text.split(separator.as_str()).map(str::trim).collect()
            } else {
                vec![text]
            };
            let items: Vec<&str> = items.into_iter().filter(|item| !item.is_empty()).collect();
            if items.is_empty() {
                return Ok(None);
            }
            json!(items)
        }
        FieldKind::Json if value.children.is_empty() => scalar(value),
        FieldKind::Json => named_json(&value.children),
    }))
}

fn scalar(value: &RawValue) -> Value {
    match value.kind {
        Kind::Int(int) => json!(int),
        Kind::Float(float) => Number::from_f64(float).map_or_else(|| json!(value.text), Value::Number),
        Kind::Bool(is) => json!(is),
        _ => json!(value.text),
    }
}

fn when(value: &RawValue, formats: &[String]) -> Option<When> {
    if let Kind::Date(when) = value.kind {
        return Some(when);
    }
    let text = value.text.trim();
    When::parse(text).or_else(|| formats.iter().find_map(|format| in_format(format, text)))
}

fn in_format(format: &str, text: &str) -> Option<When> {
    let parsed = strtime::parse(format, text).ok()?;
    // A two-digit year in a four-digit place ("01/07/25" for %Y) would be the first century.
    let date = parsed.to_date().ok().filter(|date| date.year() >= 1000)?;
    if parsed.hour().is_none() {
        return Some(When::Day(date));
    }
    if parsed.offset().is_some() {
        return parsed.to_timestamp().ok().map(|at| When::Instant(Timestamp::from_jiff(at)));
    }
    parsed.to_datetime().ok().map(When::Local)
}

/// The instant a value stands for. A time without an offset is taken in `zone`.
pub fn instant(value: &RawValue, zone: &TimeZone, formats: &[String], day: Option<DayEdge>) -> Result<Timestamp, Wrong> {
    let local = match when(value, formats).ok_or(Wrong::Type(Wanted::Timestamp))? {
        When::Instant(at) => return Ok(at),
        When::Local(at) => at,
        When::Day(date) => match day.ok_or(Wrong::Day)? {
            DayEdge::Start => date.to_datetime(Time::midnight()),
            DayEdge::End => date.to_datetime(END_OF_DAY),
        },
    };
    let at = zone.to_ambiguous_timestamp(local).unambiguous().map_err(|_| Wrong::Zone)?;
    Ok(Timestamp::from_jiff(at))
}

/// A decimal number that JSON keeps exactly.
fn decimal(value: &RawValue, text: &str, mark: char) -> Option<Number> {
    if let Kind::Int(int) = value.kind {
        return Some(int.into());
    }
    if let Kind::Float(float) = value.kind {
        return Number::from_f64(float);
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = digits.split_once(mark).unwrap_or((digits, "0"));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) || whole.trim_start_matches('0').len() + part.trim_end_matches('0').len() > EXACT_DIGITS {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    if part.bytes().all(|b| b == b'0') {
        return format!("{sign}{whole}").parse::<i64>().ok().map(Number::from);
    }
    Number::from_f64(format!("{sign}{whole}.{part}").parse().ok()?)
}
