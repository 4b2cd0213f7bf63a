//! Values, goals, statuses and reasons as people read them.

use jiff::civil::Date;
use office::{
    programme::{Target, TargetOn},
    words::{reason_in_measure, reason_sentence},
    world::Indicator,
};
use rules::{
    indicator::{Figure, Format, Kind},
    number::Decimal,
    target::{Assessment, Comparison, Reason, Status},
};

use crate::{chart, i18n::Lang, view::Mark};

/// What a status looks like. Work that goes on without any figure says so.
#[must_use]
pub fn mark(status: Status, has_value: bool) -> Mark {
    match status {
        Status::Completed => Mark::Completed,
        Status::Overdue => Mark::Overdue,
        Status::AtRisk => Mark::AtRisk,
        Status::Waiting => Mark::Waiting,
        Status::Pilot => Mark::Pilot,
        Status::InProgress | Status::Recurring if !has_value => Mark::NoData,
        Status::InProgress => Mark::InProgress,
        Status::Recurring => Mark::Recurring,
    }
}

/// A value in the indicator's measure as a fraction: 0.9763 as `97,63 %`.
#[must_use]
pub fn value(t: Lang, format: Format, x: f64) -> String {
    let digits = usize::from(format.digits());
    match format {
        Format::Percent(_) => t.percent(x, digits),
        Format::Integer | Format::Decimal(_) => t.decimal(x, digits),
        #[expect(clippy::cast_possible_truncation, reason = "đồng, far below 2^53")]
        Format::Vnd => rules::text::format_vnd(x.round() as i64, t.tag()),
    }
}

/// A counted figure, rounded from its exact fraction. A dash where there is none.
#[must_use]
pub fn counted(t: Lang, format: Format, figure: &Figure) -> String {
    let Some(rounded) = figure.rounded(format) else { return DASH.to_owned() };
    let digits = u32::from(format.digits());
    let text = t.scaled(rounded, digits, digits);
    match format {
        Format::Percent(_) => t.with_percent(&text),
        Format::Vnd => i64::try_from(rounded).map_or(text, |n| rules::text::format_vnd(n, t.tag())),
        Format::Integer | Format::Decimal(_) => text,
    }
}

/// A published value in points (97.63 for 97,63 %) with the digits it was published with, but no more than the measure has: a share
/// that somebody calculated has endless ones.
#[must_use]
pub fn published(t: Lang, format: Format, points: Decimal) -> String {
    let digits = points.scale().min(u32::from(format.digits().max(2)));
    let text = t.scaled(points.mantissa(), points.scale(), digits);
    match format {
        Format::Percent(_) => t.with_percent(&text),
        Format::Vnd => format!("{text} đ"),
        Format::Integer | Format::Decimal(_) => text,
    }
}

/// In points, without the zeros that carry nothing: a threshold of 70 is `70 %`.
#[must_use]
pub fn points(t: Lang, format: Format, x: f64) -> String {
    let text = short(t, x, usize::from(format.digits().max(2)));
    if format.is_percent() { t.with_percent(&text) } else { text }
}

/// In a narrow cell of the grid: one decimal, no sign of percent. 99,96 is not rounded up to a full hundred.
#[must_use]
pub fn narrow(t: Lang, format: Format, x: f64) -> String {
    match format {
        Format::Percent(_) if (99.95..100.0).contains(&x) => t.decimal(99.9, 1),
        Format::Percent(_) => t.decimal(x, 1),
        Format::Vnd => t.decimal(x, 0),
        _ => t.decimal(x, usize::from(format.digits())),
    }
}

/// The value of a target on a unit: with the word of its source ("hơn 12"); "17/17 đơn vị đạt" where each unit has its own.
#[must_use]
pub fn value_on(t: Lang, indicator: &Indicator, on: &TargetOn) -> String {
    match (on.each, &on.reported, on.value) {
        (Some(each), ..) => t.format("target-each", &[("reached", each.reached.into()), ("of", each.of.into())]),
        (None, Some(f), Some(_)) => super::shown::reported_text(t, indicator, f),
        (None, None, Some(v)) => points(t, indicator.format, v),
        (None, _, None) => DASH.to_owned(),
    }
}

/// The same in a narrow cell of the grid.
#[must_use]
pub fn narrow_on(t: Lang, indicator: &Indicator, on: &TargetOn) -> String {
    match (on.each, on.value) {
        (Some(each), _) => format!("{}/{}", each.reached, each.of),
        (None, Some(v)) => {
            let word = on.reported.as_ref().map_or("", |f| f.def.qualifier.word(t.tag()));
            let number = narrow(t, indicator.format, v);
            if word.is_empty() { number } else { format!("{word} {number}") }
        }
        (None, None) => DASH.to_owned(),
    }
}

/// A label inside a sentence: "Bộ phận" as "bộ phận". A word whose second letter is a capital too is an abbreviation and stays.
#[must_use]
pub fn inside(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), label.chars().nth(1)) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => first.to_lowercase().chain(letters).collect(),
        _ => label.to_owned(),
    }
}

pub const DASH: &str = "–";

/// As few digits as say it: 20, 0,5.
#[must_use]
pub fn short(t: Lang, x: f64, digits: usize) -> String {
    let mut digits = digits;
    while digits > 0 {
        let scale = 10_f64.powi(i32::try_from(digits - 1).unwrap_or(0));
        if (x * scale - (x * scale).round()).abs() > 1e-9 {
            break;
        }
        digits -= 1;
    }
    t.decimal(x, digits)
}

/// Numerator and denominator in one line; empty for a plain count.
#[must_use]
pub fn counts(t: Lang, figure: &Figure) -> String {
    match figure.kind {
        Kind::Ratio => format!("{} / {}", t.int(figure.num), t.int(figure.den)),
        Kind::Average | Kind::Sum => t.msg1("records-count", "count", figure.n),
        Kind::Count => String::new(),
    }
}

/// `≥ 70 %`
#[must_use]
pub fn threshold(t: Lang, indicator: &Indicator, target: &Target) -> String {
    let sign = match target.def.comparison {
        Comparison::AtLeast => "≥",
        Comparison::AtMost => "≤",
    };
    format!("{sign}\u{a0}{}", points(t, indicator.format, target.def.threshold_value))
}

/// `≥ 70 % · 30/08/2025`; contradicting deadlines stand side by side.
#[must_use]
pub fn goal(t: Lang, indicator: &Indicator, target: &Target) -> String {
    let mut parts = vec![threshold(t, indicator, target)];
    parts.extend(deadlines(target).iter().map(|d| t.date(*d)));
    parts.join(" · ")
}

/// The deadline that counts and those that contradict it, in order.
#[must_use]
pub fn deadlines(target: &Target) -> Vec<Date> {
    let mut all: Vec<Date> = target.undecided().into_iter().chain(target.deadline()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The sentence of a reason; values carry the sign of their measure.
#[must_use]
pub fn reason(t: Lang, reason: &Reason, format: Option<Format>) -> String {
    let mut sentence = match format {
        Some(format) => reason_in_measure(reason, t.tag(), |x| points(t, format, x)),
        None => reason_sentence(reason, t.tag()),
    };
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

/// The reason of a verdict with its notes.
#[must_use]
pub fn why(t: Lang, assessment: &Assessment, format: Option<Format>) -> String {
    std::iter::once(&assessment.reason).chain(&assessment.notes).map(|r| reason(t, r, format)).collect::<Vec<_>>().join(" ")
}

/// "còn 12 ngày", "chậm 3 ngày"; nothing for what is done.
#[must_use]
pub fn left(t: Lang, deadline: Option<Date>, day: Date, done: bool) -> String {
    let Some(deadline) = deadline.filter(|_| !done) else { return String::new() };
    let days = i64::from(rules::time::days_since_epoch(deadline)) - i64::from(rules::time::days_since_epoch(day));
    match days {
        0 => t.msg("left-today"),
        d if d > 0 => t.msg1("left-days", "count", d),
        d => t.msg1("late-days", "count", -d),
    }
}

/// The format as charts know it.
#[must_use]
pub fn chart_format(format: Format) -> chart::Format {
    match format {
        Format::Percent(n) => chart::Format::Percent(usize::from(n)),
        Format::Decimal(n) => chart::Format::Decimal(usize::from(n)),
        Format::Integer | Format::Vnd => chart::Format::Integer,
    }
}
