//! Indicators: their declarations, what one record contributes to them, and what the sums mean.
//!
//! A contribution is made of integers only, so that adding and taking away is exact and order does not matter.

mod derived;
mod figure;
mod set;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{expr::ExprError, text::Localized, time::Month};

pub use derived::{Derived, DerivedSet};
pub use figure::{Figure, Format, figure};
pub use set::{CheckedSet, ContributionSql, IndicatorSet, Item, Place, slot_bit};

/// Most breakdowns of one indicator.
pub const MAX_BREAKDOWNS: usize = 6;
/// Most indicators on one register.
pub const MAX_INDICATORS: usize = 500;
/// A breakdown value that is null (and every place beyond an indicator's breakdowns).
pub const NO_DIM: u32 = u32::MAX - 1;

/// Breakdown values of a cell: symbols of texts, 0/1 of booleans, indices of units.
pub type DimKey = [u32; MAX_BREAKDOWNS];
pub const NO_DIMS: DimKey = [NO_DIM; MAX_BREAKDOWNS];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// How many records.
    Count,
    /// Sum of a number.
    Sum,
    /// Sum of a number ÷ how many had one.
    Average,
    /// Records that satisfy the numerator ÷ records that satisfy the denominator.
    Ratio,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Up,
    Down,
    #[default]
    None,
}

/// An indicator counted from the records of one register (`[[indicator]]`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorDef {
    pub id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    pub name: Localized,
    pub register: String,
    pub kind: Kind,
    /// Ratio: condition counted above the line, only where the denominator holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<String>,
    /// Ratio: condition counted below the line; every record when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// Filter for every kind.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Sum, average: the number; null = no contribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Sum, average: decimal digits kept exactly, 0..=6; those of the value when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<u8>,
    /// Timestamp or date that decides the (local) month; null = no contribution.
    pub date: String,
    /// Unit that the contribution belongs to; `record.unit` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Field names: choice, text, bool or unit; not personal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<String>,
    #[serde(default)]
    pub direction: Direction,
    pub format: Format,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_of_measure: Option<Localized>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Localized>,
}

/// An indicator calculated from others (`[[derived]]`): `v('a')`, `num('a')`, `den('a')`, `n('a')` with `+ - * /`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DerivedDef {
    pub id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    pub name: Localized,
    pub value: String,
    #[serde(default)]
    pub direction: Direction,
    pub format: Format,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_of_measure: Option<Localized>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Localized>,
}

/// An indicator whose figures are typed in or published (`[[reported]]`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedDef {
    pub id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    pub name: Localized,
    pub kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_of_measure: Option<Localized>,
    #[serde(default)]
    pub direction: Direction,
    pub format: Format,
    /// Each figure includes the earlier ones ("lũy kế"): the latest counts, they are not added up.
    #[serde(default)]
    pub cumulative: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Localized>,
}

/// An indicator file of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct IndicatorFile {
    #[serde(default, rename = "indicator", skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<IndicatorDef>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<DerivedDef>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reported: Vec<ReportedDef>,
}

/// A fault of an indicator's declaration: which part of it, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorFault {
    pub indicator: String,
    /// The key in the file: `numerator`, `date`, `breakdowns` …
    pub part: &'static str,
    pub error: ExprError,
}

impl std::fmt::Display for IndicatorFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "indicator {}, {}: {}", self.indicator, self.part, self.error)
    }
}
impl std::error::Error for IndicatorFault {}

/// What one record adds to one cell of one indicator.
///
/// count: 1/0/1 · sum: value×10^scale/0/1 · average: value×10^scale/1/1 · ratio: 0 or 1/1/1 (num/den/n).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Contribution {
    pub month: Month,
    /// Index of the unit in the symbol table.
    pub unit: u32,
    pub num: i64,
    pub den: i64,
    pub n: i64,
}

/// An indicator id: dotted or dashed words, `dossier.on_time`, `IN-005`.
#[must_use]
pub fn is_indicator_id(id: &str) -> bool {
    (1..=80).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}
