//! From sums to a value, and how many digits of it are shown.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Kind;
use crate::schema::pow10;

/// How a value is written: `percent:2`, `integer`, `decimal:1`, `vnd`. Digits 0..=6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A ratio shown × 100 with so many digits.
    Percent(u8),
    Integer,
    Decimal(u8),
    /// Vietnamese đồng, whole.
    Vnd,
}

impl Format {
    #[must_use]
    pub fn digits(self) -> u8 {
        match self {
            Self::Percent(n) | Self::Decimal(n) => n,
            Self::Integer | Self::Vnd => 0,
        }
    }
    #[must_use]
    pub fn is_percent(self) -> bool {
        matches!(self, Self::Percent(_))
    }
    /// From the measure that thresholds and published figures are written in (97.63 for 97,63 %) to a value's own (0.9763).
    #[must_use]
    pub fn fraction(self, points: f64) -> f64 {
        if self.is_percent() { points / 100.0 } else { points }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(n) => write!(f, "percent:{n}"),
            Self::Integer => f.write_str("integer"),
            Self::Decimal(n) => write!(f, "decimal:{n}"),
            Self::Vnd => f.write_str("vnd"),
        }
    }
}

impl FromStr for Format {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        let digits = |n: &str| n.parse::<u8>().ok().filter(|n| *n <= 6);
        let made = match s.split_once(':') {
            None if s == "integer" => Some(Self::Integer),
            None if s == "vnd" => Some(Self::Vnd),
            None if s == "percent" => Some(Self::Percent(2)),
            Some(("percent", n)) => digits(n).map(Self::Percent),
            Some(("decimal", n)) => digits(n).map(Self::Decimal),
            _ => None,
        };
        made.ok_or_else(|| format!("unknown format {s:?}; use percent:0..6, integer, decimal:0..6 or vnd"))
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A value with what it was made of. The sums stay exact; `value` is for comparing and drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    pub kind: Kind,
    /// Decimal digits inside `num` (sum, average).
    pub scale: u8,
    pub num: i64,
    pub den: i64,
    /// Records counted.
    pub n: i64,
    /// `None` = no value (a zero denominator is not 100 %, and not 0 either).
    pub value: Option<f64>,
}

/// The value of rolled-up sums.
#[must_use]
pub fn figure(num: i64, den: i64, n: i64, kind: Kind, scale: u8) -> Figure {
    let mut made = Figure { kind, scale, num, den, n, value: None };
    made.value = made.fraction().map(|(p, q)| p as f64 / q as f64);
    made
}

impl Figure {
    /// The exact value as a fraction with a positive denominator.
    #[must_use]
    pub fn fraction(&self) -> Option<(i128, i128)> {
        let unit = i128::from(pow10(self.scale));
        let (p, q) = match self.kind {
            Kind::Count => (i128::from(self.num), 1),
            Kind::Sum => (i128::from(self.num), unit),
            Kind::Average => (i128::from(self.num), i128::from(self.den) * unit),
            Kind::Ratio => (i128::from(self.num), i128::from(self.den)),
        };
        (q > 0).then_some((p, q))
    }

    /// The value × 10^digits as shown (× 100 more for a percentage), rounded half away from zero from the exact fraction.
    #[must_use]
    pub fn rounded(&self, format: Format) -> Option<i128> {
        let (p, q) = self.fraction()?;
        let factor = i128::from(pow10(format.digits())) * if format.is_percent() { 100 } else { 1 };
        let half = (p.abs().checked_mul(factor)?.checked_mul(2)? + q) / (q * 2);
        Some(if p < 0 { -half } else { half })
    }
}
