//! Reading published numbers by what they measure.
//!
//! The same sign means different things: a dot is a decimal sign in `97.63 %` and a thousands sign in `7.129 doanh nghiệp`; the next
//! article writes `39,51%`. So a number is never read without its [`Measure`], a qualifier (*hơn*, *gần*, *khoảng* …) is part of the
//! reading, and what can be read in two ways is refused with both readings – retyping costs less than a figure wrong by a thousand.
//!
//! | measure | `.` | `,` |
//! |---|---|---|
//! | count, money | thousands, groups of three | refused; decimal sign before *triệu*, *tỷ* |
//! | percent, decimal | decimal sign; refused before exactly three digits (`1.246`) | decimal sign |
//!
//! [`Form::English`] swaps the two and is strict.

mod decimal;
mod syntax;

use serde::{Deserialize, Serialize};

pub use decimal::{Decimal, DecimalError};
pub use syntax::{read, read_as};

use crate::{Localized, Refusal, text};

/// What a number measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// In percent; 97.63 means 97.63 %. May exceed 100 (a plan can be over-fulfilled).
    Percent,
    /// Things counted: whole.
    Count,
    /// An amount in whole units of its currency (đồng unless the reading's unit says otherwise).
    Money,
    /// A score, an area: may have a fraction and a sign.
    Decimal,
}

/// How the writer separates thousands and decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Vietnamese publications, with their mixed habits.
    #[default]
    Vietnamese,
    /// Comma for thousands, dot for decimals, nothing else.
    English,
}

/// What the writer says about the number's exactness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    #[default]
    Exact,
    Over,
    Above,
    Nearly,
    About,
    AtLeast,
    AtMost,
    Below,
}

impl Qualifier {
    pub const ALL: [Self; 8] = [Self::Exact, Self::Over, Self::Above, Self::Nearly, Self::About, Self::AtLeast, Self::AtMost, Self::Below];

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Over => "over",
            Self::Above => "above",
            Self::Nearly => "nearly",
            Self::About => "about",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Below => "below",
        }
    }

    /// The word before the number; empty for [`Self::Exact`].
    #[must_use]
    pub fn word(self, lang: &str) -> &'static str {
        let (vi, en) = match self {
            Self::Exact => ("", ""),
            Self::Over => ("hơn", "over"),
            Self::Above => ("trên", "above"),
            Self::Nearly => ("gần", "nearly"),
            Self::About => ("khoảng", "about"),
            Self::AtLeast => ("tối thiểu", "at least"),
            Self::AtMost => ("tối đa", "at most"),
            Self::Below => ("dưới", "below"),
        };
        if text::is_english(lang) { en } else { vi }
    }

    #[must_use]
    pub fn label(self) -> Localized {
        match self {
            Self::Exact => Localized::new("chính xác", "exact"),
            other => Localized::new(other.word("vi"), other.word("en")),
        }
    }
}

impl std::str::FromStr for Qualifier {
    type Err = Refusal;
    fn from_str(s: &str) -> Result<Self, Refusal> {
        let unknown = || Refusal::new("number.unknown_qualifier").with("text", s).with("known", Self::ALL.map(Self::id).join(", "));
        Self::ALL.into_iter().find(|q| q.id() == s).ok_or_else(unknown)
    }
}

/// A number as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub qualifier: Qualifier,
    /// Percent: in percent. For a fraction read as percent: exact where it can be, else rounded to four digits – divide
    /// `numerator` by `denominator` for the true value. For a fraction read as a count: the numerator.
    pub value: Decimal,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// The words after the number (`tổ`, `đồng`, `USD`, `kế hoạch năm`), without *triệu* and *tỷ*, which are in the value.
    pub unit: Option<String>,
}

impl Reading {
    /// As text in the language, readable again by [`read`] (Vietnamese) or [`read_as`] (English).
    #[must_use]
    pub fn to_text(&self, measure: Measure, lang: &str) -> String {
        let word = self.qualifier.word(lang);
        let number = match (self.numerator, self.denominator) {
            (Some(n), Some(d)) => format!("{}/{}", text::format_int(n, lang), text::format_int(d, lang)),
            _ if measure == Measure::Percent => text::with_percent(&self.value.format(lang), lang),
            _ => self.value.format(lang),
        };
        let unit = self.unit.as_deref().unwrap_or_default();
        [word, &number, unit].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests;
