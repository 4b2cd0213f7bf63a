//! Numbers, money, dates and periods as Vietnamese and English readers write them. Exact: nothing here goes through a float.

use jiff::civil::Date;

use super::is_english;
use crate::time::{Month, Period, Timestamp};

/// Decimal digits beyond which a scaled number cannot be rounded within `i128`.
const MAX_SCALE: u32 = 30;

/// `1.246` / `1,246`.
#[must_use]
pub fn format_int(value: i64, lang: &str) -> String {
    format_decimal(i128::from(value), 0, lang)
}

/// `mantissa` ÷ 10^`scale` with all its digits: 9763 and 2 give `97,63` / `97.63`.
#[must_use]
pub fn format_decimal(mantissa: i128, scale: u32, lang: &str) -> String {
    let (group, point) = if is_english(lang) { (',', '.') } else { ('.', ',') };
    let scale = scale as usize;
    let digits = mantissa.unsigned_abs().to_string();
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 2);
    if mantissa < 0 {
        out.push('-');
    }
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(group);
        }
        out.push(c);
    }
    if scale > 0 {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// Like [`format_decimal`], rounded (half away from zero) or filled with zeros to `digits` decimals.
#[must_use]
pub fn format_scaled(mantissa: i128, scale: u32, digits: u32, lang: &str) -> String {
    let (scale, digits) = (scale.min(MAX_SCALE), digits.min(MAX_SCALE));
    let rounded = if scale >= digits {
        divide_rounded(mantissa, 10_i128.pow(scale - digits))
    } else {
        mantissa.checked_mul(10_i128.pow(digits - scale))
    };
    match rounded {
        Some(m) => format_decimal(m, digits, lang),
        None => format_decimal(mantissa, scale, lang),
    }
}

/// `num` ÷ `den` as `97,63 %` / `97.63%`, rounded half up on integers. `None` where there is no value: a zero denominator.
#[must_use]
pub fn format_percent(num: i64, den: i64, digits: u32, lang: &str) -> Option<String> {
    let digits = digits.min(12);
    let scaled = i128::from(num) * 100 * 10_i128.pow(digits);
    let value = divide_rounded(scaled, i128::from(den))?;
    Some(with_percent(&format_decimal(value, digits, lang), lang))
}

/// A number that is written already, with the sign of percent: `97,63 %` / `97.63%`.
#[must_use]
pub fn with_percent(number: &str, lang: &str) -> String {
    if is_english(lang) { format!("{number}%") } else { format!("{number} %") }
}

/// `1.234.567 đồng` / `VND 1,234,567`.
#[must_use]
pub fn format_vnd(dong: i64, lang: &str) -> String {
    let amount = format_int(dong, lang);
    if is_english(lang) { format!("VND {amount}") } else { format!("{amount} đồng") }
}

/// Money for headlines, two decimals at most: `500 triệu đồng`, `31,3 tỷ đồng` / `VND 500 million`, `VND 31.3 billion`.
/// Below a million it is exact.
#[must_use]
pub fn format_vnd_short(dong: i64, lang: &str) -> String {
    // 999,995 million and more rounds to a billion, so it is said in billions.
    let (unit, vi, en) = match dong.unsigned_abs() {
        0..1_000_000 => return format_vnd(dong, lang),
        1_000_000..999_995_000 => (1_000_000, "triệu", "million"),
        _ => (1_000_000_000, "tỷ", "billion"),
    };
    let hundredths = divide_rounded(i128::from(dong) * 100, unit).unwrap_or_default();
    let amount = match (hundredths % 100, hundredths % 10) {
        (0, _) => format_decimal(hundredths / 100, 0, lang),
        (_, 0) => format_decimal(hundredths / 10, 1, lang),
        _ => format_decimal(hundredths, 2, lang),
    };
    if is_english(lang) { format!("VND {amount} {en}") } else { format!("{amount} {vi} đồng") }
}

/// `01/07/2025` / `1 Jul 2025`.
#[must_use]
pub fn format_date(date: Date, lang: &str) -> String {
    if is_english(lang) {
        format!("{} {} {}", date.day(), &month_name(i32::from(date.month()))[..3], date.year())
    } else {
        format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
    }
}

/// Local date and minute: `14:59 01/07/2025` / `1 Jul 2025, 14:59`.
#[must_use]
pub fn format_datetime(at: Timestamp, lang: &str) -> String {
    let date = at.local_date();
    let minutes = (at.0 - Timestamp::start_of(date).0) / 60_000_000;
    let (h, m) = (minutes / 60, minutes % 60);
    let date = format_date(date, lang);
    if is_english(lang) { format!("{date}, {h:02}:{m:02}") } else { format!("{h:02}:{m:02} {date}") }
}

/// `Quý II/2025`, `tháng 7/2025`, `năm 2025`, `tháng 1/2025 – tháng 6/2025` / `Q2 2025`, `July 2025`, `2025`, …
#[must_use]
pub fn format_period(period: Period, lang: &str) -> String {
    let english = is_english(lang);
    let month = |m: Month| {
        if english { format!("{} {}", month_name(m.month()), m.year()) } else { format!("tháng {}/{}", m.month(), m.year()) }
    };
    match period {
        Period::Month(m) => month(m),
        Period::Quarter { year, quarter } if english => format!("Q{quarter} {year}"),
        Period::Quarter { year, quarter } => format!("Quý {}/{year}", ["I", "II", "III", "IV"][(quarter - 1).clamp(0, 3) as usize]),
        Period::Year(year) if english => year.to_string(),
        Period::Year(year) => format!("năm {year}"),
        Period::Range { from, to } => format!("{} – {}", month(from), month(to)),
        Period::All if english => "all time".to_owned(),
        Period::All => "toàn bộ thời gian".to_owned(),
    }
}

fn month_name(month: i32) -> &'static str {
    const NAMES: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    NAMES[(month - 1).clamp(0, 11) as usize]
}

/// Quotient rounded half away from zero; `None` for a zero divisor or overflow.
pub(crate) fn divide_rounded(num: i128, den: i128) -> Option<i128> {
    let quotient = num.checked_div(den)?;
    let rest = (num % den).unsigned_abs();
    let up = rest >= den.unsigned_abs().div_ceil(2);
    let away = if (num < 0) == (den < 0) { 1 } else { -1 };
    if up { quotient.checked_add(away) } else { Some(quotient) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, "0", "0")]
    #[case(999, "999", "999")]
    #[case(1_246, "1.246", "1,246")]
    #[case(115_254, "115.254", "115,254")]
    #[case(-1_234_567, "-1.234.567", "-1,234,567")]
    #[case(i64::MIN, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808")]
    fn integers(#[case] value: i64, #[case] vi: &str, #[case] en: &str) {
        assert_eq!((format_int(value, "vi").as_str(), format_int(value, "en").as_str()), (vi, en));
    }

    #[test]
    fn decimals() {
        assert_eq!(format_decimal(9763, 2, "vi"), "97,63");
        assert_eq!(format_decimal(9763, 2, "en-GB"), "97.63");
        assert_eq!(format_decimal(5, 3, "vi"), "0,005");
        assert_eq!(format_decimal(-124_650, 2, "vi"), "-1.246,50");
        assert_eq!(format_scaled(7955, 4, 2, "vi"), "0,80");
        assert_eq!(format_scaled(35, 1, 3, "en"), "3.500");
        assert_eq!(format_scaled(i128::MAX, 0, 2, "en"), format_decimal(i128::MAX, 0, "en"), "cannot be widened, shown as it is");
    }

    #[rstest]
    #[case(9763, 10_000, 2, "97,63 %")]
    #[case(46, 46, 0, "100 %")]
    #[case(1, 3, 2, "33,33 %")]
    #[case(2, 3, 2, "66,67 %")]
    #[case(1, 800, 2, "0,13 %")] // 0.125 exactly: half goes up
    #[case(1, 200, 0, "1 %")]
    #[case(-1, 800, 2, "-0,13 %")]
    #[case(12_460, 1_000, 1, "1.246,0 %")]
    #[case(i64::MAX, i64::MAX, 12, "100,000000000000 %")]
    fn percentages(#[case] num: i64, #[case] den: i64, #[case] digits: u32, #[case] text: &str) {
        assert_eq!(format_percent(num, den, digits, "vi").unwrap(), text);
    }

    #[test]
    fn no_denominator_no_value() {
        assert_eq!(format_percent(0, 0, 2, "vi"), None);
        assert_eq!(format_percent(1, 2, 1, "en").unwrap(), "50.0%");
    }

    #[rstest]
    #[case(1_234_567, "1.234.567 đồng", "1,23 triệu đồng", "VND 1.23 million")]
    #[case(500_000_000, "500.000.000 đồng", "500 triệu đồng", "VND 500 million")]
    #[case(31_300_000_000, "31.300.000.000 đồng", "31,3 tỷ đồng", "VND 31.3 billion")]
    #[case(999_999_999, "999.999.999 đồng", "1 tỷ đồng", "VND 1 billion")]
    #[case(1_200_000_000_000, "1.200.000.000.000 đồng", "1.200 tỷ đồng", "VND 1,200 billion")]
    #[case(-4_700_000_000, "-4.700.000.000 đồng", "-4,7 tỷ đồng", "VND -4.7 billion")]
    #[case(15_000, "15.000 đồng", "15.000 đồng", "VND 15,000")]
    fn money(#[case] dong: i64, #[case] full: &str, #[case] short: &str, #[case] short_en: &str) {
        assert_eq!(format_vnd(dong, "vi"), full);
        assert_eq!(format_vnd_short(dong, "vi"), short);
        assert_eq!(format_vnd_short(dong, "en"), short_en);
    }

    #[test]
    fn dates_and_periods() {
        let date = Date::constant(2025, 7, 1);
        assert_eq!(format_date(date, "vi"), "01/07/2025");
        assert_eq!(format_date(date, "en"), "1 Jul 2025");
        let at: Timestamp = "2025-06-30T17:05:59Z".parse().unwrap();
        assert_eq!(format_datetime(at, "vi"), "00:05 01/07/2025");
        assert_eq!(format_datetime(at, "en"), "1 Jul 2025, 00:05");
        for (text, vi, en) in [
            ("2025Q2", "Quý II/2025", "Q2 2025"),
            ("2025-07", "tháng 7/2025", "July 2025"),
            ("2025", "năm 2025", "2025"),
            ("2025-01..2025-06", "tháng 1/2025 – tháng 6/2025", "January 2025 – June 2025"),
            ("all", "toàn bộ thời gian", "all time"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!((format_period(period, "vi").as_str(), format_period(period, "en").as_str()), (vi, en));
        }
    }

    proptest! {
        #[test]
        fn rounding_is_the_nearest(num in -1_000_000_i128..1_000_000, den in prop_oneof![-999_i128..0, 1_i128..1000]) {
            let q = divide_rounded(num, den).unwrap();
            prop_assert!((q * den - num).abs() * 2 <= den.abs(), "{} / {} = {}", num, den, q);
        }
    }
}
