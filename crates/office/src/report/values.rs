//! Numbers, dates and periods in the two languages, as official papers write them.

use super::model::{Figure, Measure, Qualifier, Threshold};
use super::{Lang, labels};
use jiff::civil::{Date, DateTime};
use rules::time::Period;

/// Keeps a number and its sign, or a word and its number, on one line.
pub const NBSP: char = '\u{A0}';
const ROMAN_QUARTERS: [&str; 4] = ["I", "II", "III", "IV"];

/// `1246.5` with one decimal is `1.246,5` (Vietnamese) or `1,246.5` (English).
pub fn number(value: f64, decimals: u8, lang: Lang) -> String {
    let (group, point) = match lang {
        Lang::Vi => ('.', ','),
        Lang::En => (',', '.'),
    };
    let plain = format!("{:.*}", usize::from(decimals), value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::new();
    let is_zero = plain.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value < 0.0 && !is_zero {
        out.push('\u{2212}');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// A whole number, possibly scaled by 10^`scale`.
pub fn count(value: i64, scale: u8, lang: Lang) -> String {
    number(scaled(value, scale), scale, lang)
}

/// The number that `value` stands for: `value` ÷ 10^`scale`.
#[expect(clippy::cast_precision_loss, reason = "printing and Excel both hold a number as a double")]
pub fn scaled(value: i64, scale: u8) -> f64 {
    value as f64 / 10_f64.powi(i32::from(scale))
}

/// A value in its measure: `97,63 %`, `1.246`, `500.000.000 đồng`.
pub fn measured(value: f64, measure: Measure, lang: Lang) -> String {
    match measure {
        Measure::Percent { decimals } => {
            let n = number(value * 100.0, decimals, lang);
            match lang {
                Lang::Vi => format!("{n}{NBSP}%"),
                Lang::En => format!("{n}%"),
            }
        }
        Measure::Integer => number(value, 0, lang),
        Measure::Decimal { decimals } => number(value, decimals, lang),
        Measure::Vnd => format!("{}{NBSP}{}", number(value, 0, lang), labels::vnd(lang)),
    }
}

/// The figure with its qualifier, or a dash where there is none.
pub fn figure(figure: &Figure, measure: Measure, lang: Lang) -> String {
    match figure.value.filter(|v| v.is_finite()) {
        None => "–".into(),
        Some(v) => with_qualifier(figure.qualifier, measured(v, measure, lang), lang),
    }
}

fn with_qualifier(qualifier: Option<Qualifier>, text: String, lang: Lang) -> String {
    match qualifier {
        None => text,
        Some(q) => format!("{}{NBSP}{text}", labels::qualifier(q, lang)),
    }
}

/// `1.198 / 1.200`, when both counts are known.
pub fn counts(figure: &Figure, lang: Lang) -> Option<String> {
    let (n, d) = (figure.numerator?, figure.denominator?);
    Some(format!("{}{NBSP}/ {}", count(n, figure.scale, lang), count(d, 0, lang)))
}

/// The difference in words: "tăng 2,15 điểm %". Approximate figures give an approximate difference.
pub fn change(current: &Figure, previous: &Figure, measure: Measure, lang: Lang) -> String {
    let (Some(now), Some(before)) = (current.value, previous.value) else { return "–".into() };
    let difference = now - before;
    let size = match measure {
        Measure::Percent { decimals } => {
            // An ordinary space: the column is narrow and the unit may go to the next line.
            format!("{} {}", number(difference.abs() * 100.0, decimals, lang), labels::percentage_points(lang))
        }
        _ => measured(difference.abs(), measure, lang),
    };
    let nothing = !size.chars().any(|c| matches!(c, '1'..='9'));
    if nothing {
        return labels::unchanged(lang).into();
    }
    let about = if current.qualifier.or(previous.qualifier).is_some() { labels::qualifier(Qualifier::About, lang) } else { "" };
    let words = [labels::rise(difference > 0.0, lang), about, &size];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `≥ 70 %`.
pub fn threshold(threshold: &Threshold, measure: Measure, lang: Lang) -> String {
    let sign = if threshold.at_most { '≤' } else { '≥' };
    // A threshold is set in round numbers; decimals that say nothing are left out.
    let measure = match measure {
        Measure::Percent { .. } if is_whole(threshold.value * 100.0) => Measure::Percent { decimals: 0 },
        Measure::Decimal { .. } if is_whole(threshold.value) => Measure::Decimal { decimals: 0 },
        other => other,
    };
    format!("{sign}{NBSP}{}", measured(threshold.value, measure, lang))
}

/// Ties what must not part at a line end: a number and its percent sign, "quý" and its Roman numeral.
pub fn bound(text: &str) -> String {
    let mut out = text.to_owned();
    if out.contains(" %") {
        for digit in '0'..='9' {
            out = out.replace(&format!("{digit} %"), &format!("{digit}{NBSP}%"));
        }
    }
    for word in ["quý", "Quý"] {
        for numeral in ['I', 'V'] {
            out = out.replace(&format!("{word} {numeral}"), &format!("{word}{NBSP}{numeral}"));
        }
    }
    out
}

/// The label in the middle of a sentence: its first letter small.
pub fn inner(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn is_whole(x: f64) -> bool {
    (x - x.round()).abs() < 1e-9
}

/// `05/7/2025` in Vietnamese: a day below 10 and the months 1 and 2 take a zero (Decree 30/2020); `05 Jul 2025` in English.
pub fn date(date: Date, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("{:02}/{}/{}", date.day(), month_number(date.month()), date.year()),
        Lang::En => format!("{:02}{NBSP}{}{NBSP}{}", date.day(), &labels::english_month(date.month())[..3], date.year()),
    }
}

fn month_number(month: i8) -> String {
    if month < 3 { format!("{month:02}") } else { month.to_string() }
}

/// Place and date of issue: "Vũng Tàu, ngày 05 tháng 7 năm 2025"; an open date leaves room to write.
pub fn place_and_date(place: &str, date: Option<Date>, year: i16, lang: Lang) -> String {
    let gap = NBSP.to_string().repeat(5);
    match (lang, date) {
        (Lang::Vi, Some(d)) => format!("{place}, ngày {:02} tháng {} năm {}", d.day(), month_number(d.month()), d.year()),
        (Lang::Vi, None) => format!("{place}, ngày{gap} tháng{gap} năm {year}"),
        (Lang::En, Some(d)) => format!("{place}, {} {} {}", d.day(), labels::english_month(d.month()), d.year()),
        (Lang::En, None) => format!("{place},{gap}{gap}{gap} {year}"),
    }
}

/// The moment of reading: the date, and the time of day unless it is midnight.
pub fn moment(at: DateTime, lang: Lang) -> String {
    let day = date(at.date(), lang);
    match lang {
        _ if at.hour() == 0 && at.minute() == 0 => day,
        Lang::Vi => format!("{:02}:{:02} ngày{NBSP}{day}", at.hour(), at.minute()),
        Lang::En => format!("{:02}:{:02} on {day}", at.hour(), at.minute()),
    }
}

/// "quý II/2025", "tháng 6/2025", "năm 2025".
pub fn period(period: Period, lang: Lang) -> String {
    let vi = lang == Lang::Vi;
    match period {
        Period::Month(m) if vi => format!("tháng{NBSP}{}/{}", m.month(), m.year()),
        Period::Month(m) => format!("{:02}/{}", m.month(), m.year()),
        Period::Quarter { year, quarter } => {
            let roman = usize::try_from(quarter - 1).ok().and_then(|i| ROMAN_QUARTERS.get(i)).copied().unwrap_or("?");
            if vi { format!("quý{NBSP}{roman}/{year}") } else { format!("Q{quarter}{NBSP}{year}") }
        }
        Period::Year(y) if vi => format!("năm{NBSP}{y}"),
        Period::Year(y) => y.to_string(),
        Period::Range { from, to } if vi => {
            format!("từ tháng{NBSP}{}/{} đến tháng{NBSP}{}/{}", from.month(), from.year(), to.month(), to.year())
        }
        Period::Range { from, to } => format!("{:02}/{} to {:02}/{}", from.month(), from.year(), to.month(), to.year()),
        Period::All => labels::all_time(lang).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn numbers_as_each_language_writes_them() {
        for (value, decimals, vi, en) in [
            (1_246.0, 0, "1.246", "1,246"),
            (115_254.0, 0, "115.254", "115,254"),
            (97.63, 2, "97,63", "97.63"),
            (999.995, 1, "1.000,0", "1,000.0"),
            (-0.001, 2, "0,00", "0.00"),
            (-12.5, 1, "\u{2212}12,5", "\u{2212}12.5"),
        ] {
            assert_eq!(number(value, decimals, Lang::Vi), vi);
            assert_eq!(number(value, decimals, Lang::En), en);
        }
    }

    #[test]
    fn dates_take_a_zero_only_where_the_decree_says() {
        assert_eq!(date(day(2025, 7, 5), Lang::Vi), "05/7/2025");
        assert_eq!(date(day(2025, 2, 28), Lang::Vi), "28/02/2025");
        assert_eq!(place_and_date("Vũng Tàu", Some(day(2025, 1, 9)), 2025, Lang::Vi), "Vũng Tàu, ngày 09 tháng 01 năm 2025");
        assert!(place_and_date("Vũng Tàu", None, 2025, Lang::Vi).ends_with("năm 2025"));
    }

    #[test]
    fn change_is_said_in_words_and_keeps_doubt() {
        let m = Measure::Percent { decimals: 2 };
        assert_eq!(change(&Figure::percent(43.27), &Figure::percent(41.46), m, Lang::Vi), "tăng 1,81 điểm\u{A0}%");
        assert_eq!(change(&Figure::percent(41.46), &Figure::percent(43.27), m, Lang::En), "down 1.81 points");
        assert_eq!(change(&Figure::percent(41.461), &Figure::percent(41.46), m, Lang::Vi), "không đổi");
        assert_eq!(change(&Figure::NONE, &Figure::percent(1.0), m, Lang::Vi), "–");
        let over = Figure::of(60.0).qualified(Qualifier::Over);
        assert_eq!(change(&over, &Figure::of(52.0), Measure::Integer, Lang::Vi), "tăng khoảng 8");
    }

    #[test]
    fn zero_denominator_is_no_value() {
        let f = Figure::ratio(0, 0);
        assert_eq!(figure(&f, Measure::Percent { decimals: 2 }, Lang::Vi), "–");
        assert_eq!(counts(&f, Lang::Vi).as_deref(), Some("0\u{A0}/ 0"));
    }

    #[test]
    fn thresholds_drop_idle_decimals() {
        let m = Measure::Percent { decimals: 2 };
        assert_eq!(threshold(&Threshold { at_most: false, value: 0.7 }, m, Lang::Vi), "≥\u{A0}70\u{A0}%");
        assert_eq!(threshold(&Threshold { at_most: true, value: 0.125 }, m, Lang::Vi), "≤\u{A0}12,50\u{A0}%");
    }

    #[test]
    fn periods_in_words() {
        assert_eq!(period(Period::Quarter { year: 2025, quarter: 2 }, Lang::Vi), "quý\u{A0}II/2025");
        assert_eq!(period(Period::Quarter { year: 2025, quarter: 4 }, Lang::En), "Q4\u{A0}2025");
    }
}
