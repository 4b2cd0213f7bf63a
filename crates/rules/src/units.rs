//! Administrative units and agencies over time.
//!
//! A code is re-used: 26536 was *Phường 10* until 30/6/2025 and is *Phường Rạch Dừa* since. So a unit is named by its code **and**
//! its first day ([`UnitKey`]), and nothing here looks a unit up by code or name without a date. A boundary change, a new parent or
//! a new name makes a new unit, tied to the old one by a [`Succession`].

mod build;
mod flow;
mod names;
#[cfg(test)]
mod vung_tau_tests;

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use build::{Place, UnitFault, UnitProblem};
pub use flow::{Attribution, Projection};
pub use names::name_key;

use crate::text::Localized;

/// Code and first day of validity. Text form `26526@2025-07-01`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitKey {
    pub code: String,
    pub valid_from: Date,
}

impl UnitKey {
    #[must_use]
    pub fn new(code: impl Into<String>, valid_from: Date) -> Self {
        Self { code: code.into(), valid_from }
    }
}

impl fmt::Display for UnitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.code, self.valid_from)
    }
}

/// A text that is not `code@yyyy-mm-dd`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a unit key (code@yyyy-mm-dd, for example 26526@2025-07-01): {0:?}")]
pub struct UnitKeyError(String);

impl FromStr for UnitKey {
    type Err = UnitKeyError;
    fn from_str(s: &str) -> Result<Self, UnitKeyError> {
        let bad = || UnitKeyError(s.chars().take(80).collect());
        let (code, date) = s.split_once('@').ok_or_else(bad)?;
        if !is_code(code) || date.len() != 10 {
            return Err(bad());
        }
        Ok(Self { code: code.to_owned(), valid_from: date.parse().map_err(|_| bad())? })
    }
}

/// Codes are letters, digits, dots, dashes and underscores, 40 at most (an agency code of QĐ 20/2020 has up to 35).
fn is_code(code: &str) -> bool {
    (1..=40).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

/// What a unit is. `District` covers quận, huyện, thị xã and the city under a province, all ended on 1/7/2025.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    Country,
    Province,
    District,
    Ward,
    Commune,
    SpecialZone,
    Agency,
}

impl UnitKind {
    /// 1 nation, 2 province, 3 district, 4 commune level, 5 agency.
    #[must_use]
    pub fn level(self) -> u8 {
        match self {
            Self::Country => 1,
            Self::Province => 2,
            Self::District => 3,
            Self::Ward | Self::Commune | Self::SpecialZone => 4,
            Self::Agency => 5,
        }
    }
}

/// An administrative unit or an agency during one validity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    pub key: UnitKey,
    /// First day on which it is no longer valid.
    #[serde(default)]
    pub valid_to: Option<Date>,
    pub name: Localized,
    #[serde(default)]
    pub short: Option<Localized>,
    pub kind: UnitKind,
    /// As [`UnitKind::level`]; 0 means "by kind". An agency may lie deeper than 5.
    #[serde(default)]
    pub level: u8,
    #[serde(default)]
    pub parent: Option<UnitKey>,
    /// Identifier of QĐ 20/2020/QĐ-TTg, such as `H06.12`.
    #[serde(default)]
    pub org_code: Option<String>,
    /// Other names under which sources speak of it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

impl Unit {
    #[must_use]
    pub fn is_valid_on(&self, date: Date) -> bool {
        self.key.valid_from <= date && self.valid_to.is_none_or(|end| date < end)
    }

    /// The short name where there is one, else the name.
    #[must_use]
    pub fn short_name(&self) -> &Localized {
        self.short.as_ref().unwrap_or(&self.name)
    }
}

/// `from` ended on `on` and became `to`, which began that day: as a whole, or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Succession {
    pub from: UnitKey,
    pub to: UnitKey,
    pub on: Date,
    /// "Nhập toàn bộ", "Giữ nguyên": all of `from` is in `to`.
    pub whole: bool,
    /// For a part: the declared share of `from`'s history that goes to `to`. Without one it is not attributed.
    #[serde(default)]
    pub share: Option<Share>,
    /// The resolution that ordered it.
    pub legal_basis: String,
}

/// A fraction between 0 and 1, in lowest terms. Text form `3/5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Share {
    num: u64,
    den: u64,
}

impl Share {
    pub const WHOLE: Self = Self { num: 1, den: 1 };
    pub const NOTHING: Self = Self { num: 0, den: 1 };

    /// `None` unless 0 ≤ `num` ≤ `den` and `den` > 0.
    #[must_use]
    pub fn new(num: u64, den: u64) -> Option<Self> {
        (den > 0 && num <= den).then(|| {
            let g = gcd(num.into(), den.into());
            let lowest = |n: u64| u64::try_from(u128::from(n) / g).unwrap_or(n);
            Self { num: lowest(num), den: lowest(den) }
        })
    }
    #[must_use]
    pub fn num(self) -> u64 {
        self.num
    }
    #[must_use]
    pub fn den(self) -> u64 {
        self.den
    }

    /// Product; `None` when it no longer fits 64 bits.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Self::from_wide(u128::from(self.num) * u128::from(other.num), u128::from(self.den) * u128::from(other.den))
    }

    /// Sum; `None` above 1 or when it no longer fits 64 bits.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let (a, b) = (u128::from(self.num) * u128::from(other.den), u128::from(other.num) * u128::from(self.den));
        Self::from_wide(a.checked_add(b)?, u128::from(self.den) * u128::from(other.den))
    }

    fn from_wide(num: u128, den: u128) -> Option<Self> {
        let g = gcd(num, den);
        Self::new(u64::try_from(num / g).ok()?, u64::try_from(den / g).ok()?)
    }

    /// This share of an integer, rounded half away from zero.
    #[must_use]
    pub fn of(self, value: i64) -> i64 {
        let exact = crate::text::divide_rounded(i128::from(value) * i128::from(self.num), i128::from(self.den));
        exact.and_then(|v| i64::try_from(v).ok()).unwrap_or(value)
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

/// A text that is not a share between 0 and 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a share between 0 and 1 (for example 3/5): {0:?}")]
pub struct ShareError(String);

impl FromStr for Share {
    type Err = ShareError;
    fn from_str(s: &str) -> Result<Self, ShareError> {
        let (num, den) = s.split_once('/').unwrap_or((s, "1"));
        let number = |t: &str| t.trim().parse::<u64>().ok();
        number(num).zip(number(den)).and_then(|(n, d)| Self::new(n, d)).ok_or_else(|| ShareError(s.chars().take(80).collect()))
    }
}

macro_rules! serde_as_text {
    ($($t:ty),*) => {$(
        impl Serialize for $t {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $t {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
serde_as_text!(UnitKey, Share);

const NONE: u32 = u32::MAX;

/// All units and successions of a tenant, indexed. An index (`u32`) is the unit's place in the list given to
/// [`UnitTree::build`]: units appended later do not move the others.
#[derive(Debug, Clone, Default)]
pub struct UnitTree {
    units: Vec<Unit>,
    successions: Vec<Succession>,
    by_key: FxHashMap<UnitKey, u32>,
    /// Versions of each code, oldest first.
    by_code: FxHashMap<String, Vec<u32>>,
    by_name: FxHashMap<String, Vec<u32>>,
    parent: Vec<u32>,
    children: Vec<Vec<u32>>,
    /// Depth-first order: a subtree is `order[start[i]..end[i]]`.
    order: Vec<u32>,
    start: Vec<u32>,
    end: Vec<u32>,
    /// Successions out of and into each unit, as places in `successions`, with the unit at the other end.
    out: Vec<Vec<(u32, u32)>>,
    into: Vec<Vec<(u32, u32)>>,
}

/// Indices given to the methods come from this tree; a foreign index panics, as a slice would.
impl UnitTree {
    /// Number of units; indices are `0..len`.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.units.len()).unwrap_or(NONE)
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }
    #[must_use]
    pub fn idx(&self, key: &UnitKey) -> Option<u32> {
        self.by_key.get(key).copied()
    }
    #[must_use]
    pub fn unit(&self, idx: u32) -> &Unit {
        &self.units[idx as usize]
    }
    #[must_use]
    pub fn key(&self, idx: u32) -> &UnitKey {
        &self.unit(idx).key
    }
    #[must_use]
    pub fn get(&self, key: &UnitKey) -> Option<&Unit> {
        self.idx(key).map(|i| self.unit(i))
    }
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }
    #[must_use]
    pub fn successions(&self) -> &[Succession] {
        &self.successions
    }
    #[must_use]
    pub fn parent(&self, idx: u32) -> Option<u32> {
        Some(self.parent[idx as usize]).filter(|p| *p != NONE)
    }
    /// Direct children of every validity, in Vietnamese order of their names.
    #[must_use]
    pub fn children(&self, idx: u32) -> &[u32] {
        &self.children[idx as usize]
    }
    /// Parent, grandparent, … up to the root.
    pub fn ancestors(&self, idx: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(self.parent(idx), |i| self.parent(*i))
    }
    /// The unit itself and all below it, of every validity, depth first.
    #[must_use]
    pub fn subtree(&self, idx: u32) -> &[u32] {
        &self.order[self.start[idx as usize] as usize..self.end[idx as usize] as usize]
    }
    /// The part of the subtree that is valid on a date.
    pub fn subtree_on(&self, idx: u32, date: Date) -> impl Iterator<Item = u32> + '_ {
        self.subtree(idx).iter().copied().filter(move |i| self.unit(*i).is_valid_on(date))
    }
    /// Whether `idx` is `top` or below it.
    #[must_use]
    pub fn is_within(&self, idx: u32, top: u32) -> bool {
        let at = self.start[idx as usize];
        self.start[top as usize] <= at && at < self.end[top as usize]
    }
    /// The map of a date: all units valid on it, depth first.
    pub fn as_of(&self, date: Date) -> impl Iterator<Item = u32> + '_ {
        self.order.iter().copied().filter(move |i| self.unit(*i).is_valid_on(date))
    }
    /// The unit that bore a code on a date.
    #[must_use]
    pub fn resolve(&self, code: &str, date: Date) -> Option<u32> {
        self.versions(code).iter().copied().find(|i| self.unit(*i).is_valid_on(date))
    }
    /// Every unit that ever bore a code, oldest first. Same code does not mean same place.
    #[must_use]
    pub fn versions(&self, code: &str) -> &[u32] {
        self.by_code.get(code).map_or(&[], Vec::as_slice)
    }
    /// What a unit became: (succession, successor).
    pub fn successors(&self, idx: u32) -> impl Iterator<Item = (&Succession, u32)> + '_ {
        self.out[idx as usize].iter().map(|(s, to)| (&self.successions[*s as usize], *to))
    }
    /// What a unit came from: (succession, predecessor).
    pub fn predecessors(&self, idx: u32) -> impl Iterator<Item = (&Succession, u32)> + '_ {
        self.into[idx as usize].iter().map(|(s, from)| (&self.successions[*s as usize], *from))
    }
}
