//! Exact decimal numbers.

use std::{cmp::Ordering, fmt, hash, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::{divide_rounded, format_decimal};

/// `mantissa` ÷ 10^`scale`, exact. Keeps the digits as read (`97.60` has scale 2) but compares by value.
#[derive(Debug, Clone, Copy, Default)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// Decimal digits kept at most.
    pub const MAX_SCALE: u32 = 12;
    /// Digits in all that a text may have.
    pub const MAX_DIGITS: usize = 24;
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// `None` beyond [`Self::MAX_SCALE`] or 10^[`Self::MAX_DIGITS`].
    #[must_use]
    pub fn new(mantissa: i128, scale: u32) -> Option<Self> {
        (scale <= Self::MAX_SCALE && mantissa.unsigned_abs() < 10_u128.pow(24)).then_some(Self { mantissa, scale })
    }
    #[must_use]
    pub fn mantissa(self) -> i128 {
        self.mantissa
    }
    #[must_use]
    pub fn scale(self) -> u32 {
        self.scale
    }

    /// The value as an integer of 10^-`scale`: 97.63 at scale 4 is 976300. Rounded half away from zero when digits are lost;
    /// `None` when it does not fit.
    #[must_use]
    pub fn scaled(self, scale: u32) -> Option<i64> {
        let power = |n: u32| 10_i128.checked_pow(n);
        let wide = if scale >= self.scale {
            self.mantissa.checked_mul(power(scale - self.scale)?)
        } else {
            divide_rounded(self.mantissa, power(self.scale - scale)?)
        };
        i64::try_from(wide?).ok()
    }

    /// The value when it is whole.
    #[must_use]
    pub fn integer(self) -> Option<i64> {
        let lowest = self.lowest();
        if lowest.scale == 0 { i64::try_from(lowest.mantissa).ok() } else { None }
    }

    /// Times 10^`power`; `None` when it becomes too long.
    #[must_use]
    pub fn times_power_of_ten(self, power: u32) -> Option<Self> {
        if power <= self.scale {
            return Self::new(self.mantissa, self.scale - power);
        }
        Self::new(self.mantissa.checked_mul(10_i128.checked_pow(power - self.scale)?)?, 0)
    }

    /// Exact; `None` when it becomes too long.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let at = |d: Self| d.mantissa.checked_mul(10_i128.checked_pow(scale - d.scale)?);
        Self::new(at(self)?.checked_add(at(other)?)?, scale)
    }

    /// Without trailing zeros after the point.
    #[must_use]
    pub fn lowest(self) -> Self {
        let mut out = self;
        while out.scale > 0 && out.mantissa % 10 == 0 {
            out.mantissa /= 10;
            out.scale -= 1;
        }
        out
    }

    /// For drawing only.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a coordinate on a chart")]
        let mantissa = self.mantissa as f64;
        mantissa / 10_f64.powi(i32::try_from(self.scale).unwrap_or(0))
    }

    /// With separators of the language and the digits as read.
    #[must_use]
    pub fn format(self, lang: &str) -> String {
        format_decimal(self.mantissa, self.scale, lang)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self { mantissa: value.into(), scale: 0 }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Decimal {}
impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Decimal {
    /// Within the bounds of `new`, both sides fit: 10^24 × 10^12 < 2^127.
    fn cmp(&self, other: &Self) -> Ordering {
        let common = self.scale.max(other.scale);
        let at = |d: &Self| d.mantissa.saturating_mul(10_i128.pow(common - d.scale));
        at(self).cmp(&at(other))
    }
}
impl hash::Hash for Decimal {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        let lowest = self.lowest();
        (lowest.mantissa, lowest.scale).hash(state);
    }
}

/// Plain form for files and interfaces: `-1246.50`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs(), width = self.scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

/// A text that is not a plain decimal number such as `-1246.5`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a plain decimal number: {0:?}")]
pub struct DecimalError(String);

impl FromStr for Decimal {
    type Err = DecimalError;
    fn from_str(s: &str) -> Result<Self, DecimalError> {
        let bad = || DecimalError(s.chars().take(80).collect());
        let (negative, digits) = s.strip_prefix('-').map_or((false, s), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') || digits.len() > Self::MAX_DIGITS + 1 {
            return Err(bad());
        }
        let mantissa: i128 = format!("{whole}{fraction}").parse().map_err(|_| bad())?;
        let scale = u32::try_from(fraction.len()).map_err(|_| bad())?;
        Self::new(if negative { -mantissa } else { mantissa }, scale).ok_or_else(bad)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_by_value_and_keeps_digits() {
        let d = |s: &str| s.parse::<Decimal>().unwrap();
        assert_eq!(d("97.60"), d("97.6"));
        assert_eq!(d("97.60").to_string(), "97.60");
        assert!(d("-0.5") < d("0.05") && d("99.99") < d("100"));
        assert_eq!((d("97.63").scaled(4), d("97.635").scaled(2), d("-0.5").scaled(0)), (Some(976_300), Some(9764), Some(-1)));
        assert_eq!((d("100.00").integer(), d("100.5").integer()), (Some(100), None));
        assert_eq!(d("31.3").times_power_of_ten(9).unwrap().integer(), Some(31_300_000_000));
        assert_eq!(d("-1246.5").format("vi"), "-1.246,5");
        for wrong in ["", "-", ".5", "5.", "1,5", "1e3", "1.2.3", "+1", "0.1234567890123", "1000000000000000000000000"] {
            assert!(wrong.parse::<Decimal>().is_err(), "{wrong}");
        }
    }
}
