//! Small readings of text: zones, durations, and the name that was probably meant.

use crate::schema;
use crate::time::LOCAL_OFFSET_HOURS;

/// A zone or offset as minutes ahead of UTC.
pub fn zone_minutes(text: &str) -> Option<i16> {
    match text {
        "UTC" | "Z" => return Some(0),
        "Asia/Ho_Chi_Minh" | "Asia/Saigon" => return Some(i16::from(LOCAL_OFFSET_HOURS) * 60),
        _ => {}
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (h, m) = rest.split_once(':')?;
    let (h, m): (i16, i16) = (h.parse().ok()?, m.parse().ok()?);
    (h <= 14 && m < 60).then_some(sign * (h * 60 + m))
}

/// CEL durations: `24h`, `1h30m`, `1.5s`, `-10m`; units h, m, s, ms, us. In µs.
pub fn parse_duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() {
        return None;
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (digits, tail) = rest.split_at(number);
        let unit_len = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, next) = tail.split_at(unit_len);
        let micros: i64 = match unit {
            "h" => 3_600_000_000,
            "m" => 60_000_000,
            "s" => 1_000_000,
            "ms" => 1_000,
            "us" => 1,
            _ => return None,
        };
        let nano_units = schema::parse_decimal_text(digits, 6)?;
        let part = i128::from(nano_units) * i128::from(micros) / 1_000_000;
        total = total.checked_add(i64::try_from(part).ok()?)?;
        rest = next;
    }
    Some(sign * total)
}

/// The most similar name, when it is similar enough to be a slip of the hand.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names.map(|n| (distance(name, n), n)).filter(|(d, n)| *d <= 1 + n.len() / 4).min().map(|(_, n)| n)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
