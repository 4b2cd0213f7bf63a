//! Arithmetic on values. Null in, null out; what overflows or divides by zero has no value either.

use super::ir::{Func, Part, Ty};
use crate::schema::{Symbols, Value, pow10};
use crate::time::{LOCAL_OFFSET_HOURS, Month, Timestamp, date_from_days};

const MICROS_PER_DAY: i64 = 86_400_000_000;
const LOCAL_MICROS: i64 = LOCAL_OFFSET_HOURS as i64 * 3_600_000_000;

fn typed(ty: Ty, x: Option<i64>) -> Value {
    match (ty, x) {
        (_, None) => Value::Null,
        (Ty::Time, Some(x)) => Value::Time(x),
        (Ty::Span, Some(x)) => Value::Span(x),
        (_, Some(x)) => Value::Int(x),
    }
}

pub fn arith(op: fn(i64, i64) -> Option<i64>, a: Value, b: Value, ty: Ty) -> Value {
    match (a.number(), b.number()) {
        (Some(a), Some(b)) => typed(ty, op(a, b)),
        _ => Value::Null,
    }
}

pub fn negate(v: Value) -> Value {
    match v {
        Value::Int(x) => x.checked_neg().map_or(Value::Null, Value::Int),
        Value::Span(x) => x.checked_neg().map_or(Value::Null, Value::Span),
        _ => Value::Null,
    }
}

/// n ÷ d rounded half away from zero; none for d = 0 or a result out of range.
pub fn divide_rounded(n: i128, d: i128) -> Option<i64> {
    if d == 0 {
        return None;
    }
    let (n, d) = if d < 0 { (-n, -d) } else { (n, d) };
    let half = (n.abs() * 2 + d) / (d * 2);
    i64::try_from(if n < 0 { -half } else { half }).ok()
}

pub fn divide(func: Func, a: Value, b: Value) -> Value {
    let (Func::Divide(shift), Some(a), Some(b)) = (func, a.number(), b.number()) else { return Value::Null };
    divide_rounded(i128::from(a) * i128::from(pow10(shift)), i128::from(b)).map_or(Value::Null, Value::Int)
}

/// Functions of one argument.
pub fn call(func: Func, v: Value, symbols: &Symbols) -> Value {
    let int = |x: Option<i64>| x.map_or(Value::Null, Value::Int);
    match (func, v) {
        (_, Value::Null) => Value::Null,
        (Func::Rescale(by), Value::Int(x)) if by >= 0 => int(x.checked_mul(pow10(by.unsigned_abs()))),
        (Func::Rescale(by), Value::Int(x)) => int(divide_rounded(i128::from(x), i128::from(pow10(by.unsigned_abs())))),
        (Func::Truncate(scale), Value::Int(x)) => Value::Int(x / pow10(scale)),
        (Func::SizeText, Value::Sym(s)) => int(i64::try_from(symbols.texts.text(s).chars().count()).ok()),
        (Func::SizeList, Value::List(l)) => int(i64::try_from(symbols.list(l).len()).ok()),
        (Func::DateOf, Value::Time(t)) => Value::Date(Timestamp(t).local_days()),
        (Func::StartOf, Value::Date(d)) => Value::Time(i64::from(d) * MICROS_PER_DAY - LOCAL_MICROS),
        (Func::MonthOf, Value::Time(t)) => Value::Int(i64::from(Timestamp(t).month().0)),
        (Func::MonthOf, Value::Date(d)) => Value::Int(i64::from(Month::from_days(d).0)),
        (Func::Part(part, zone), Value::Time(t)) => {
            let local = t.saturating_add(i64::from(zone) * 60_000_000);
            let in_day = local.rem_euclid(MICROS_PER_DAY);
            match part {
                Part::Hours => Value::Int(in_day / 3_600_000_000),
                Part::Minutes => Value::Int(in_day / 60_000_000 % 60),
                Part::Seconds => Value::Int(in_day / 1_000_000 % 60),
                part => day_part(part, i32::try_from(local.div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX)),
            }
        }
        (Func::Part(part, _), Value::Date(d)) => day_part(part, d),
        (Func::SpanIn(unit), Value::Span(x)) => Value::Int(x / unit),
        (Func::SpanAs(unit), Value::Span(x)) => int(divide_rounded(i128::from(x) * 10_000, i128::from(unit))),
        _ => Value::Null,
    }
}

fn day_part(part: Part, days: i32) -> Value {
    let date = date_from_days(days);
    Value::Int(match part {
        Part::Year => i64::from(date.year()),
        Part::Month => i64::from(date.month()) - 1,
        Part::Date => i64::from(date.day()),
        Part::DayOfMonth => i64::from(date.day()) - 1,
        // 1970-01-01 was a Thursday.
        Part::DayOfWeek => (i64::from(days) + 4).rem_euclid(7),
        Part::Hours | Part::Minutes | Part::Seconds => return Value::Null,
    })
}
