//! The grammar of a published number: qualifier, digits or fraction, multiplier, percent sign, unit words.

use super::{Decimal, Form, Measure, Qualifier, Reading};
use crate::{
    Refusal,
    text::{clean, divide_rounded},
};

/// Longer texts are not a number.
const MAX_CHARS: usize = 200;

/// Longest first, so that `không quá` is not cut.
const QUALIFIERS: &[(&str, Qualifier)] = &[
    ("approximately", Qualifier::About),
    ("no more than", Qualifier::AtMost),
    ("nhiều nhất", Qualifier::AtMost),
    ("tối thiểu", Qualifier::AtLeast),
    ("more than", Qualifier::Over),
    ("không quá", Qualifier::AtMost),
    ("less than", Qualifier::Below),
    ("at least", Qualifier::AtLeast),
    ("ít nhất", Qualifier::AtLeast),
    ("xấp xỉ", Qualifier::About),
    ("at most", Qualifier::AtMost),
    ("khoảng", Qualifier::About),
    ("tối đa", Qualifier::AtMost),
    ("nearly", Qualifier::Nearly),
    ("almost", Qualifier::Nearly),
    ("around", Qualifier::About),
    ("above", Qualifier::Above),
    ("about", Qualifier::About),
    ("below", Qualifier::Below),
    ("under", Qualifier::Below),
    ("over", Qualifier::Over),
    ("trên", Qualifier::Above),
    ("dưới", Qualifier::Below),
    ("hơn", Qualifier::Over),
    ("gần", Qualifier::Nearly),
    ("≥", Qualifier::AtLeast),
    ("≤", Qualifier::AtMost),
    (">=", Qualifier::AtLeast),
    ("<=", Qualifier::AtMost),
    (">", Qualifier::Over),
    ("<", Qualifier::Below),
    ("≈", Qualifier::About),
    ("~", Qualifier::About),
];

/// Words and the power of ten that they stand for.
const MULTIPLIERS: &[(&str, u32)] =
    &[("nghìn", 3), ("ngàn", 3), ("thousand", 3), ("triệu", 6), ("tr", 6), ("million", 6), ("tỷ", 9), ("tỉ", 9), ("billion", 9)];

const PERCENT_WORDS: &[&str] = &["%", "phần trăm", "percent", "per cent"];

/// First words by which a unit is known to be a currency.
const CURRENCIES: &[&str] = &["đồng", "đ", "vnd", "vnđ", "usd", "eur", "đô", "euro", "dong"];

/// Reads a number as Vietnamese publications write it.
///
/// # Errors
/// Codes `number.*` with `text`, see [`read_as`].
pub fn read(text: &str, measure: Measure) -> Result<Reading, Refusal> {
    read_as(text, measure, Form::Vietnamese)
}

/// Reads a number in a given form.
///
/// # Errors
/// Always with `text`. `number.empty`; `number.too_long`; `number.not_a_number`; `number.leading_words` (words);
/// `number.two_qualifiers` (first, second); `number.negative`; `number.range`; `number.trailing_number` (rest);
/// `number.ambiguous` (first, second: the two readings); `number.mixed_separators`; `number.english_form`;
/// `number.grouping` (groups of thousands that are not three digits); `number.not_whole`; `number.zero_denominator`;
/// `number.wrong_measure` (measure, found).
pub fn read_as(text: &str, measure: Measure, form: Form) -> Result<Reading, Refusal> {
    let shown: String = text.chars().take(80).collect();
    let refuse = |code| Refusal::new(code).with("text", &shown);
    let cleaned = clean(text);
    if cleaned.chars().count() > MAX_CHARS {
        return Err(refuse("number.too_long"));
    }
    let original = cleaned.trim_end_matches(['.', ',', ';', ' ']);
    let lower = original.to_lowercase();
    let mut rest = lower.as_str();
    if rest.is_empty() {
        return Err(refuse("number.empty"));
    }

    let mut qualifier = None;
    while let Some((word, found)) = QUALIFIERS.iter().find_map(|(w, q)| starts_with_word(rest, w).then_some((*w, *q))) {
        if let Some((first, _)) = qualifier.replace((word, found)) {
            return Err(refuse("number.two_qualifiers").with("first", first).with("second", word));
        }
        rest = rest[word.len()..].trim_start();
    }
    let negative = rest.starts_with(['-', '−', '–']);
    rest = rest.trim_start_matches(['-', '−', '–']).trim_start();
    if negative && measure != Measure::Decimal {
        return Err(refuse("number.negative"));
    }

    let token = cut_token(&mut rest);
    if token.is_empty() {
        return Err(if rest.contains(|c: char| c.is_ascii_digit()) {
            refuse("number.leading_words").with("words", rest.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default().trim())
        } else {
            refuse("number.not_a_number")
        });
    }
    if token.len() > Decimal::MAX_DIGITS {
        return Err(refuse("number.too_long"));
    }
    if rest.starts_with(['.', ',']) {
        return Err(refuse("number.not_a_number"));
    }
    rest = rest.trim_start();
    if let Some(after) = rest.strip_prefix(['-', '–', '—', '÷']).map(str::trim_start)
        && after.starts_with(|c: char| c.is_ascii_digit())
    {
        return Err(refuse("number.range"));
    }

    let denominator = if let Some(after) = rest.strip_prefix('/') {
        rest = after.trim_start();
        let token = cut_token(&mut rest);
        rest = rest.trim_start();
        // A third part is a date, not a fraction.
        if token.is_empty() || token.len() > Decimal::MAX_DIGITS || rest.starts_with('/') {
            return Err(refuse("number.not_a_number"));
        }
        Some(token)
    } else {
        None
    };

    let mut power = 0;
    while let Some((word, p)) = MULTIPLIERS.iter().find(|(w, _)| starts_with_word(rest, w)) {
        power += p;
        rest = rest[word.len()..].trim_start();
    }
    let percent_sign = PERCENT_WORDS.iter().find_map(|w| rest.strip_prefix(w));
    rest = percent_sign.unwrap_or(rest).trim();
    for (words, found) in [("trở lên", Qualifier::AtLeast), ("trở xuống", Qualifier::AtMost)] {
        if let Some(before) = rest.strip_suffix(words) {
            if let Some((first, _)) = qualifier.replace((words, found)) {
                return Err(refuse("number.two_qualifiers").with("first", first).with("second", words));
            }
            rest = before.trim_end();
        }
    }
    let is_number = |w: &str| w.contains(|c: char| c.is_ascii_digit()) && !w.contains(char::is_alphabetic);
    if rest.split([' ', '(', ')', '/', '-', '–']).any(is_number) {
        return Err(refuse("number.trailing_number").with("rest", rest));
    }
    // Lower case may change lengths, so the unit in its own spelling is found from the end, by characters.
    let unit_chars = rest.chars().count();
    let tail: String = original.chars().rev().take(unit_chars).collect::<Vec<_>>().into_iter().rev().collect();
    let unit = if rest.is_empty() { None } else { Some(if tail.to_lowercase() == rest { tail } else { rest.to_owned() }) };

    let found = match (measure, percent_sign.is_some(), denominator, power) {
        (Measure::Percent, false, None, _) if unit.is_some() => unit.as_deref(),
        (Measure::Percent, _, _, 1..) => Some("triệu, tỷ"),
        (Measure::Percent, true, Some(_), _) => Some("/ %"),
        (Measure::Count | Measure::Money | Measure::Decimal, sign, ..) if sign || rest.contains('%') => Some("%"),
        (Measure::Money | Measure::Decimal, _, Some(_), _) | (_, _, Some(_), 1..) => Some("/"),
        (Measure::Money, ..) => unit.as_deref().filter(|u| {
            let first = u.split([' ', '/']).next().unwrap_or_default().to_lowercase();
            !CURRENCIES.contains(&first.as_str())
        }),
        _ => None,
    };
    if let Some(found) = found {
        return Err(refuse("number.wrong_measure").with("measure", format!("{measure:?}").to_lowercase()).with("found", found));
    }

    let qualifier = qualifier.map_or(Qualifier::Exact, |(_, q)| q);
    let refuse_digits = |fault| digit_refusal(&shown, fault);
    if let Some(denominator) = denominator {
        let count = |t| separate(t, Measure::Count, form, false).map_err(refuse_digits)?.integer().ok_or_else(|| refuse("number.too_long"));
        let (num, den) = (count(token)?, count(denominator)?);
        if den == 0 {
            return Err(refuse("number.zero_denominator"));
        }
        let value = if measure == Measure::Percent { percent_of(num, den) } else { Some(Decimal::from(num)) };
        let value = value.ok_or_else(|| refuse("number.too_long"))?;
        return Ok(Reading { qualifier, value, numerator: Some(num), denominator: Some(den), unit });
    }
    let value = separate(token, measure, form, power > 0).map_err(refuse_digits)?;
    let value = value.times_power_of_ten(power).ok_or_else(|| refuse("number.too_long"))?;
    let value = if negative { Decimal::new(-value.mantissa(), value.scale()).unwrap_or(value) } else { value };
    if matches!(measure, Measure::Count | Measure::Money) {
        // Whole, and within what cells can hold.
        let whole = value.integer().ok_or_else(|| refuse(if value.scale() > 0 { "number.not_whole" } else { "number.too_long" }))?;
        return Ok(Reading { qualifier, value: whole.into(), numerator: None, denominator: None, unit });
    }
    Ok(Reading { qualifier, value, numerator: None, denominator: None, unit })
}

/// Whether `text` begins with a word (or sign) that ends there.
fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| {
        let sign = !word.ends_with(char::is_alphabetic);
        sign || !rest.starts_with(char::is_alphabetic)
    })
}

/// Takes digits and separators off the front; a separator at the end stays with the rest.
fn cut_token<'a>(rest: &mut &'a str) -> &'a str {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
    let token = rest[..end].trim_end_matches(['.', ',']);
    if !token.starts_with(|c: char| c.is_ascii_digit()) {
        return "";
    }
    *rest = &rest[token.len()..];
    token
}

/// In percent: exact where four digits suffice, else rounded to four.
fn percent_of(num: i64, den: i64) -> Option<Decimal> {
    let scaled = divide_rounded(i128::from(num) * 1_000_000, i128::from(den))?;
    Decimal::new(scaled, 4).map(Decimal::lowest)
}

enum DigitFault {
    Ambiguous(Decimal, Decimal),
    Mixed,
    EnglishForm,
    Grouping,
    NotWhole,
}

fn digit_refusal(text: &str, fault: DigitFault) -> Refusal {
    let code = match fault {
        DigitFault::Ambiguous(first, second) => {
            return Refusal::new("number.ambiguous").with("text", text).with("first", first).with("second", second);
        }
        DigitFault::Mixed => "number.mixed_separators",
        DigitFault::EnglishForm => "number.english_form",
        DigitFault::Grouping => "number.grouping",
        DigitFault::NotWhole => "number.not_whole",
    };
    Refusal::new(code).with("text", text)
}

/// Digits with separators → value, by measure and form. `multiplied`: *triệu*, *tỷ* follow, so a fraction is natural.
fn separate(token: &str, measure: Measure, form: Form, multiplied: bool) -> Result<Decimal, DigitFault> {
    let whole_only = matches!(measure, Measure::Count | Measure::Money) && !multiplied;
    if form == Form::English {
        let value = strict(token, ',', '.')?;
        return if whole_only && token.contains('.') { Err(DigitFault::NotWhole) } else { Ok(value) };
    }
    let (dots, commas) = (token.matches('.').count(), token.matches(',').count());
    // `x` in `12x345`: three digits after a single separator, one to three before, no leading zero: could be thousands.
    let could_be_thousands =
        |sep: char| token.split_once(sep).is_some_and(|(a, b)| b.len() == 3 && (1..=3).contains(&a.len()) && !a.starts_with('0'));
    let both = |sep: char| -> Result<Decimal, DigitFault> {
        let grouped = strict(token, sep, 'x')?;
        Err(DigitFault::Ambiguous(grouped, strict(token, 'x', sep)?))
    };
    match (dots, commas) {
        (0, 0) => strict(token, 'x', 'y'),
        (1.., 1..) => {
            // 1.246,5 is Vietnamese; 1,246.5 is English.
            if commas > 1 || token.rfind('.') > token.find(',') {
                return Err(DigitFault::Mixed);
            }
            if whole_only { Err(DigitFault::NotWhole) } else { strict(token, '.', ',') }
        }
        (0, 1) if whole_only || multiplied => match could_be_thousands(',') {
            true => both(','),
            false if whole_only => Err(DigitFault::NotWhole),
            false => strict(token, '.', ','),
        },
        (0, 1) => strict(token, '.', ','),
        (0, _) => Err(if strict(token, ',', '.').is_ok() { DigitFault::EnglishForm } else { DigitFault::Grouping }),
        // 1.5 triệu can only be a fraction; 1.200 tỷ is the usual way to write 1200 billion.
        (1, 0) if multiplied && token.split_once('.').is_some_and(|(_, b)| b.len() < 3) => strict(token, 'x', '.'),
        (_, 0) if matches!(measure, Measure::Count | Measure::Money) => strict(token, '.', ','),
        (1, 0) if could_be_thousands('.') => both('.'),
        (1, 0) => strict(token, 'x', '.'),
        (_, 0) => strict(token, '.', ','),
    }
}

/// One decimal sign at most, thousands in groups of three.
fn strict(token: &str, thousands: char, point: char) -> Result<Decimal, DigitFault> {
    let (whole, fraction) = token.split_once(point).unwrap_or((token, ""));
    let groups: Vec<&str> = whole.split(thousands).collect();
    let grouped = groups.len() > 1;
    let first_ok = !grouped || ((1..=3).contains(&groups[0].len()) && !groups[0].starts_with('0'));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !first_ok || groups[1..].iter().any(|g| g.len() != 3) || !groups.iter().all(|g| digits(g)) || !digits(fraction) {
        return Err(DigitFault::Grouping);
    }
    let plain = groups.concat();
    let text = if fraction.is_empty() { plain } else { format!("{plain}.{fraction}") };
    text.parse().map_err(|_| DigitFault::Grouping)
}
