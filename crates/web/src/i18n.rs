//! The two languages of the product: sentences from the Fluent files, numbers and dates as each language writes them.
//!
//! Sentences live in `i18n/<language>/*.ftl`. A key is `area-thing` or `area-thing-detail`; the same keys with the same
//! arguments exist in both languages (a test holds that). No text for people stands in a template or in Rust.

use std::{fmt, str::FromStr, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle, types::FluentNumber};
use jiff::civil::Date;
use rules::{Localized, Month, Period, Refusal, Timestamp};
use unic_langid::LanguageIdentifier;

/// A language of the product. Vietnamese is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    #[default]
    Vi,
    En,
}

/// A text that names no language of the product.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a language of this product: {0:?}")]
pub struct UnknownLang(pub String);

impl FromStr for Lang {
    type Err = UnknownLang;
    fn from_str(s: &str) -> Result<Self, UnknownLang> {
        match s {
            "vi" => Ok(Self::Vi),
            "en" => Ok(Self::En),
            other => Err(UnknownLang(other.chars().take(20).collect())),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// Arguments of refusals about payments that are amounts in đồng.
const AMOUNTS: [&str; 3] = ["due", "paid", "max"];
const VI: &[&str] = &[
    include_str!("../i18n/vi/common.ftl"),
    include_str!("../i18n/vi/figures.ftl"),
    include_str!("../i18n/vi/work.ftl"),
    include_str!("../i18n/vi/trust.ftl"),
    include_str!("../i18n/vi/show.ftl"),
    include_str!("../i18n/vi/refusals.ftl"),
    include_str!("../i18n/vi/law.ftl"),
    include_str!("../i18n/vi/desk.ftl"),
    include_str!("../i18n/vi/portal.ftl"),
    include_str!("../i18n/vi/officer.ftl"),
    include_str!("../i18n/vi/cli.ftl"),
    include_str!("../i18n/vi/help.ftl"),
    include_str!("../i18n/vi/payment.ftl"),
];
const EN: &[&str] = &[
    include_str!("../i18n/en/common.ftl"),
    include_str!("../i18n/en/figures.ftl"),
    include_str!("../i18n/en/work.ftl"),
    include_str!("../i18n/en/trust.ftl"),
    include_str!("../i18n/en/show.ftl"),
    include_str!("../i18n/en/refusals.ftl"),
    include_str!("../i18n/en/law.ftl"),
    include_str!("../i18n/en/desk.ftl"),
    include_str!("../i18n/en/portal.ftl"),
    include_str!("../i18n/en/officer.ftl"),
    include_str!("../i18n/en/cli.ftl"),
    include_str!("../i18n/en/help.ftl"),
    include_str!("../i18n/en/payment.ftl"),
];

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| [bundle(Lang::Vi, VI), bundle(Lang::En, EN)]);

/// Loads what can be loaded: a fault in a file is found by the tests, and must not take a running server down.
fn bundle(lang: Lang, sources: &[&str]) -> Bundle {
    let id: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Direction marks around each value would end up in copied text and in file names; both languages run left to right.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::Vi => |value, _| number_text(Lang::Vi, value),
        Lang::En => |value, _| number_text(Lang::En, value),
    }));
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn number_text(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "only whole numbers are passed as numbers")]
        FluentValue::Number(n) => Some(lang.int(n.value as i64)),
        _ => None,
    }
}

/// A value named in a sentence. Whole numbers choose the plural form and are grouped by the language.
#[derive(Debug, Clone)]
pub enum Arg {
    Text(String),
    Count(i64),
}

impl From<&str> for Arg {
    fn from(s: &str) -> Self {
        Self::Text(s.to_owned())
    }
}
impl From<&String> for Arg {
    fn from(s: &String) -> Self {
        Self::Text(s.clone())
    }
}
impl From<String> for Arg {
    fn from(s: String) -> Self {
        Self::Text(s)
    }
}
impl From<i64> for Arg {
    fn from(n: i64) -> Self {
        Self::Count(n)
    }
}
impl From<&i64> for Arg {
    fn from(n: &i64) -> Self {
        Self::Count(*n)
    }
}
impl From<usize> for Arg {
    fn from(n: usize) -> Self {
        Self::Count(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl From<u64> for Arg {
    fn from(n: u64) -> Self {
        Self::Count(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// `vi` or `en`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The best of an `Accept-Language` header; Vietnamese when it names neither.
    #[must_use]
    pub fn accept(header: &str) -> Self {
        let first = header.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
        first.filter_map(|tag| tag.get(..2).and_then(|two| two.to_ascii_lowercase().parse().ok())).next().unwrap_or_default()
    }

    /// A text of a pack in this language.
    #[must_use]
    pub fn pick(self, text: &Localized) -> &str {
        text.get(self.tag())
    }

    /// The sentence of `key`; the key itself when there is none (a test keeps that from happening).
    #[must_use]
    pub fn msg(self, key: &str) -> String {
        self.format(key, &[])
    }

    /// The sentence of `key` with one named value.
    #[must_use]
    pub fn msg1(self, key: &str, name: &str, value: impl Into<Arg>) -> String {
        self.format(key, &[(name, value.into())])
    }

    /// The sentence of `key` with two named values.
    #[must_use]
    pub fn msg2(self, key: &str, name: &str, value: impl Into<Arg>, name2: &str, value2: impl Into<Arg>) -> String {
        self.format(key, &[(name, value.into()), (name2, value2.into())])
    }

    /// The sentence of `key` with any named values.
    #[must_use]
    pub fn format(self, key: &str, values: &[(&str, Arg)]) -> String {
        self.try_format(key, values).unwrap_or_else(|| key.to_owned())
    }

    /// As [`Lang::format`], `None` when the key is unknown.
    #[must_use]
    pub fn try_format(self, key: &str, values: &[(&str, Arg)]) -> Option<String> {
        let bundle = &BUNDLES[self as usize];
        let pattern = bundle.get_message(key)?.value()?;
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            match value {
                Arg::Text(text) => args.set((*name).to_owned(), text.clone()),
                #[expect(clippy::cast_precision_loss, reason = "counts on a page are far below 2^53")]
                Arg::Count(n) => args.set((*name).to_owned(), FluentValue::Number(FluentNumber::new(*n as f64, Default::default()))),
            }
        }
        Some(bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
    }

    /// The sentence of a refusal: key `refusal-<code with dashes>`; where no sentence is written yet, a general one that names the code.
    #[must_use]
    pub fn refusal(self, refusal: &Refusal) -> String {
        let key = format!("refusal-{}", refusal.code.replace(['.', '_'], "-"));
        // A day stands in a refusal as 2025-08-30, an instant as UTC; a person reads them as the rest of the page writes them.
        let value = |v: &String| match v.len() {
            10 => v.parse().ok().map_or_else(|| v.clone(), |d| self.date(d)),
            27 => v.parse().ok().map_or_else(|| v.clone(), |at| self.moment(at)),
            _ => v.clone(),
        };
        // What has a name in English, too: "step" and beside it "step_en".
        let named = |name: &str, v: &String| {
            let english = refusal.args.iter().find(|(n, _)| self == Self::En && n.strip_suffix("_en") == Some(name));
            value(english.map_or(v, |(_, v)| v))
        };
        // Amounts of money are written as everywhere else.
        let amount = |name: &str, v: String| match v.parse::<i64>() {
            Ok(n) if refusal.code.starts_with("payment.") && AMOUNTS.contains(&name) => self.int(n),
            _ => v,
        };
        let values: Vec<(&str, Arg)> = refusal.args.iter().map(|(name, v)| (*name, Arg::from(amount(name, named(name, v))))).collect();
        self.try_format(&key, &values).unwrap_or_else(|| self.msg1("refusal-unknown", "code", refusal.to_string()))
    }

    /// `1.246` or `1,246`.
    #[must_use]
    pub fn int(self, n: impl std::borrow::Borrow<i64>) -> String {
        self.scaled(i128::from(*n.borrow()), 0, 0)
    }

    /// `mantissa` ÷ 10^`scale` with so many decimals, as [`rules::text`] rounds it everywhere; with a true minus, and none before a zero.
    #[must_use]
    pub fn scaled(self, mantissa: i128, scale: u32, digits: u32) -> String {
        let text = rules::text::format_scaled(mantissa, scale, digits, self.tag());
        match text.strip_prefix('-') {
            Some(rest) if rest.bytes().any(|b| (b'1'..=b'9').contains(&b)) => format!("−{rest}"),
            Some(rest) => rest.to_owned(),
            None => text,
        }
    }

    /// `1.246,50`. Not a number: an en dash. A float is taken for the shortest decimal number that means it, so 0,575 is half way and
    /// goes up, as it does on paper.
    #[must_use]
    pub fn decimal(self, x: f64, digits: usize) -> String {
        self.shifted(x, 0, digits)
    }

    /// A share (0.9763) as `97,63 %` with a space that does not break, or `97.63%`.
    #[must_use]
    pub fn percent(self, share: f64, digits: usize) -> String {
        self.with_percent(&self.shifted(share, 2, digits))
    }

    /// A number that is written already, with the sign of percent.
    #[must_use]
    pub fn with_percent(self, number: &str) -> String {
        match self {
            Self::Vi => format!("{number}\u{a0}%"),
            Self::En => format!("{number}%"),
        }
    }

    /// `x` · 10^`shift` with so many decimals.
    fn shifted(self, x: f64, shift: u32, digits: usize) -> String {
        if !x.is_finite() {
            return "–".to_owned();
        }
        let digits = u32::try_from(digits).unwrap_or(0);
        let text = x.to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let scale = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
        let Ok(mantissa) = format!("{whole}{fraction}").parse::<i128>() else { return text };
        match scale.checked_sub(shift) {
            Some(scale) => self.scaled(mantissa, scale, digits),
            None => self.scaled(mantissa.saturating_mul(10_i128.pow(shift - scale)), 0, digits),
        }
    }

    /// `30/08/2025` in both languages: the form officials write, with no doubt which is the month once the page says dd/mm/yyyy.
    #[must_use]
    pub fn date(self, date: Date) -> String {
        format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
    }

    /// Local time, `30/08/2025 14:05`.
    #[must_use]
    pub fn moment(self, at: Timestamp) -> String {
        let local = at.to_jiff().to_zoned(rules::time::local_zone());
        format!("{} {:02}:{:02}", self.date(local.date()), local.hour(), local.minute())
    }

    /// `7/2025`.
    #[must_use]
    pub fn month(self, month: Month) -> String {
        format!("{}/{}", month.month(), month.year())
    }

    /// `quý II/2025`, `năm 2025`, `tháng 7/2025`.
    #[must_use]
    pub fn period(self, period: Period) -> String {
        match period {
            Period::Month(m) => {
                let args = [("number", i64::from(m.month()).into()), ("year", m.year().to_string().into())];
                self.format("period-month", &args)
            }
            Period::Quarter { year, quarter } => {
                let names = if self == Self::En { ["1", "2", "3", "4"] } else { ["I", "II", "III", "IV"] };
                let name = names.get(usize::try_from(quarter - 1).unwrap_or(usize::MAX)).copied().unwrap_or("?");
                self.msg2("period-quarter", "quarter", name, "year", year.to_string())
            }
            Period::Year(year) => self.msg1("period-year", "year", year.to_string()),
            Period::Range { from, to } if from.year() <= 1900 => self.msg1("period-until", "to", self.month(to)),
            Period::Range { from, to } => self.msg2("period-range", "from", self.month(from), "to", self.month(to)),
            Period::All => self.msg("period-all"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_writes_them() {
        assert_eq!(Lang::Vi.int(1_246_i64), "1.246");
        assert_eq!(Lang::Vi.int(-115_254_i64), "−115.254");
        assert_eq!(Lang::En.int(999_i64), "999");
        assert_eq!(Lang::Vi.percent(0.9763, 2), "97,63\u{a0}%");
        assert_eq!(Lang::En.percent(0.9763, 2), "97.63%");
        assert_eq!(Lang::Vi.decimal(1_246.5, 1), "1.246,5");
        assert_eq!(Lang::Vi.decimal(-0.001, 2), "0,00", "no minus before a zero");
        assert_eq!(Lang::Vi.decimal(f64::NAN, 2), "–");
    }

    /// Pages, reports and charts round alike: half away from zero, on the decimal number that was meant.
    #[test]
    fn there_is_one_way_to_round() {
        for (num, den, digits) in [(8_i64, 17_i64, 2_u32), (1, 800, 2), (575, 1_000, 0), (1, 200, 0), (2, 3, 1), (46, 46, 2), (0, 7, 2)] {
            let exact = rules::text::format_percent(num, den, digits, "vi").unwrap();
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let shown = Lang::Vi.percent(num as f64 / den as f64, digits as usize);
            assert_eq!(shown.replace('\u{a0}', " "), exact, "{num}/{den}");
        }
        assert_eq!(Lang::Vi.decimal(2.5, 0), "3");
        assert_eq!(Lang::Vi.decimal(-2.5, 0), "−3");
        assert_eq!(Lang::Vi.decimal(1e30, 0), "1.000.000.000.000.000.000.000.000.000.000");
        assert_eq!(Lang::En.percent(12.0, 1), "1,200.0%");
    }

    #[test]
    fn periods_and_moments_read_as_officials_write_them() {
        let t: Timestamp = "2025-06-30T17:05:00Z".parse().unwrap();
        assert_eq!(Lang::Vi.moment(t), "01/07/2025 00:05");
        assert_eq!(Lang::Vi.period("2025Q2".parse().unwrap()), "Quý II/2025");
        assert_eq!(Lang::En.period("2025Q2".parse().unwrap()), "Q2 2025");
    }

    #[test]
    fn counts_choose_the_plural() {
        assert_eq!(Lang::En.msg1("records-count", "count", 1_i64), "1 record");
        assert_eq!(Lang::En.msg1("records-count", "count", 1_246_i64), "1,246 records");
        assert_eq!(Lang::Vi.msg1("records-count", "count", 1_246_i64), "1.246 hồ sơ");
    }

    #[test]
    fn a_refusal_without_a_sentence_still_names_its_code() {
        let said = Lang::En.refusal(&Refusal::new("no.such_thing").with("field", "x"));
        assert!(said.contains("no.such_thing"), "{said}");
    }

    #[test]
    fn the_header_chooses_a_language_of_ours() {
        assert_eq!(Lang::accept("fr-FR,en;q=0.8,vi;q=0.5"), Lang::En);
        assert_eq!(Lang::accept("de"), Lang::Vi);
        assert_eq!(Lang::accept(""), Lang::Vi);
    }
}
