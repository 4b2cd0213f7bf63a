//! Numbers, dates and periods in the two languages, as official papers write them.

use super::model::{Figure, Measure, Qualifier, Threshold};
use super::{Lang, labels};
use jiff::civil::{Date, DateTime};
use rules::{text, time::Period};

/// Keeps a number and its sign, or a word and its number, on one line.
pub const NBSP: char = '\u{A0}';
const ROMAN_QUARTERS: [&str; 4] = ["I", "II", "III", "IV"];

/// `1246.5` with one decimal is `1.246,5` (Vietnamese) or `1,246.5` (English), rounded half up as everywhere in the product.
pub fn number(value: f64, decimals: u8, lang: Lang) -> String {
    match decimal(value) {
        Some((mantissa, scale)) => signed(text::format_scaled(mantissa, scale, u32::from(decimals), tag(lang))),
        // Beyond 38 digits nobody reads the decimals.
        None => format!("{value:.0}"),
    }
}

/// The shortest decimal that is this number: 0.53125 is 53,125 and five digits. A tie is then seen as one, which the binary
/// fraction behind it often is not.
fn decimal(value: f64) -> Option<(i128, u32)> {
    let plain = value.to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    Some((format!("{whole}{fraction}").parse().ok()?, u32::try_from(fraction.len()).ok()?))
}

/// A fraction of one in percent, rounded half up.
fn percent(value: f64, decimals: u8, lang: Lang) -> String {
    match decimal(value) {
        Some((mantissa, scale)) => {
            // Two digits to the left of the point: 0.9763 is 97,63.
            let (mantissa, scale) = if scale >= 2 { (mantissa, scale - 2) } else { (mantissa.saturating_mul(100), scale) };
            signed(text::format_scaled(mantissa, scale, u32::from(decimals), tag(lang)))
        }
        None => number(value * 100.0, decimals, lang),
    }
}

/// The typographic minus, which does not part from its number.
fn signed(text: String) -> String {
    text.replace('-', "\u{2212}")
}

const fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "vi",
        Lang::En => "en",
    }
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
        Measure::Percent { decimals } => bound(&text::with_percent(&percent(value, decimals, lang), tag(lang))),
        Measure::Integer => number(value, 0, lang),
        Measure::Decimal { decimals } => number(value, decimals, lang),
        Measure::Vnd => format!("{}{NBSP}{}", number(value, 0, lang), labels::vnd(lang)),
    }
}

/// The figure with its qualifier, or a dash where there is none.
pub fn figure(figure: &Figure, measure: Measure, lang: Lang) -> String {
    if let Some((reached, of)) = figure.units {
        return labels::units_reached(reached, of, lang);
    }
    let Some(v) = figure.value.filter(|v| v.is_finite()) else { return "–".into() };
    // From the two counts where they are whole numbers: a float may fall on the wrong side of a half.
    let exact = match (measure, figure.numerator, figure.denominator) {
        (Measure::Percent { decimals }, Some(n), Some(d)) if figure.scale == 0 => {
            text::format_percent(n, d, u32::from(decimals), tag(lang)).map(|t| bound(&signed(t)))
        }
        _ => None,
    };
    with_qualifier(figure.qualifier, exact.unwrap_or_else(|| measured(v, measure, lang)), lang)
}

/// A value as a sentence says it: decimals that say nothing are left out.
pub fn spoken(value: f64, measure: Measure, lang: Lang) -> String {
    measured(value, without_idle(value, measure), lang)
}

fn without_idle(value: f64, measure: Measure) -> Measure {
    match measure {
        Measure::Percent { .. } if is_whole(value * 100.0) => Measure::Percent { decimals: 0 },
        Measure::Decimal { .. } if is_whole(value) => Measure::Decimal { decimals: 0 },
        other => other,
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
            format!("{} {}", percent(difference.abs(), decimals, lang), labels::percentage_points(lang))
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
    format!("{sign}{NBSP}{}", spoken(threshold.value, measure, lang))
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

/// `05/07/2025` in Vietnamese, `5 Jul 2025` in English, never torn at a line end.
pub fn date(date: Date, lang: Lang) -> String {
    text::format_date(date, tag(lang)).replace(' ', &NBSP.to_string())
}

/// "ngày 05 tháng 7 năm 2025" for every "ngày 05/7/2025": the form of the heading and the legal basis (Decree 30/2020).
pub fn dates_in_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("ngày ") {
        out += before;
        out += "ngày ";
        let end = after.find(|c: char| !c.is_ascii_digit() && c != '/').unwrap_or(after.len());
        let mut parts = after[..end].split('/').map(str::parse::<i16>);
        let found = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(d)), Some(Ok(m)), Some(Ok(y)), None) => {
                i8::try_from(m).ok().zip(i8::try_from(d).ok()).and_then(|(m, d)| Date::new(y, m, d).ok())
            }
            _ => None,
        };
        rest = after;
        if let Some(d) = found {
            out += &format!("{:02} tháng {} năm {}", d.day(), month_number(d.month()), d.year());
            rest = &after[end..];
        }
    }
    out + rest
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
    fn halves_go_up_whatever_the_float_says() {
        let m = Measure::Percent { decimals: 2 };
        for (n, d, text) in [(17, 32, "53,13"), (42, 64, "65,63"), (1, 800, "0,13"), (2, 3, "66,67"), (1, 3, "33,33")] {
            let counted = Figure::ratio(n, d);
            assert_eq!(figure(&counted, m, Lang::Vi), format!("{text}\u{A0}%"), "{n}/{d}");
            // The same value without its counts, as a chart or a sentence has it.
            assert_eq!(measured(counted.value.unwrap(), m, Lang::Vi), format!("{text}\u{A0}%"), "{n}/{d}");
        }
        assert_eq!(number(2.675, 2, Lang::Vi), "2,68");
        assert_eq!(measured(0.4706, m, Lang::En), "47.06%");
        assert_eq!(spoken(1.0, m, Lang::Vi), "100\u{A0}%");
    }

    #[test]
    fn dates_have_one_form_in_tables_and_one_in_headings() {
        assert_eq!(date(day(2025, 7, 5), Lang::Vi), "05/07/2025");
        assert_eq!(date(day(2025, 6, 30), Lang::Vi), "30/06/2025");
        assert_eq!(date(day(2025, 8, 30), Lang::En), "30\u{A0}Aug\u{A0}2025");
        assert_eq!(place_and_date("Vũng Tàu", Some(day(2025, 1, 9)), 2025, Lang::Vi), "Vũng Tàu, ngày 09 tháng 01 năm 2025");
        assert!(place_and_date("Vũng Tàu", None, 2025, Lang::Vi).ends_with("năm 2025"));
        assert_eq!(dates_in_words("Kế hoạch ngày 04/4/2025 của Ủy ban"), "Kế hoạch ngày 04 tháng 4 năm 2025 của Ủy ban");
        for kept in ["ngày 31/02/2025", "đến ngày 30/6", "hằng ngày ", "ngày 1/2/3/4", "không có ngày"] {
            assert_eq!(dates_in_words(kept), kept);
        }
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
