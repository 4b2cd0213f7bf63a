//! Finding a unit by the name that a source gives it – on a date, because names moved in the mergers: *La Gi* was a town and is
//! a ward, *Rạch Dừa* was one ward and is another.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{Unit, UnitTree};
use crate::text::fold;

/// Words for the type of a unit, folded, with the abbreviations in use.
const TYPES: &[(&str, &[&str])] = &[
    ("thanh pho", &["tp"]),
    ("thi xa", &["tx"]),
    ("thi tran", &["tt"]),
    ("dac khu", &["dk"]),
    ("phuong", &["p"]),
    ("xa", &["x"]),
    ("tinh", &["t"]),
    ("quan", &["q"]),
    ("huyen", &["h"]),
];

impl UnitTree {
    /// Units that bear a name (or short name, or alias) on a date. More than one: the name is ambiguous, and the caller must ask.
    #[must_use]
    pub fn find_by_name(&self, name: &str, date: Date) -> Vec<u32> {
        let mut found = self.find_by_name_ever(name);
        found.retain(|i| self.unit(*i).is_valid_on(date));
        found
    }

    /// Units that ever bore a name, for showing a choice where a source has no date; never to be joined without a person's choice.
    #[must_use]
    pub fn find_by_name_ever(&self, name: &str) -> Vec<u32> {
        self.by_name.get(&name_key(name)).cloned().unwrap_or_default()
    }
}

/// The form in which names are compared: folded, `TP.` spelt out, dashes without spaces, numbers without leading zeros.
#[must_use]
pub fn name_key(name: &str) -> String {
    let folded = fold(name).replace(['–', '—'], "-").replace(" -", "-").replace("- ", "-");
    let spelt = spell_type_out(&folded).unwrap_or(folded);
    let words = spelt.split(' ').map(|w| {
        let number = w.bytes().all(|b| b.is_ascii_digit()) && w.len() > 1;
        if number { w.trim_start_matches('0') } else { w }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `tp. vung tau`, `tp.vung tau`, `tp vung tau` → `thanh pho vung tau`; `p.1`, `p1` → `phuong 1`. One letter alone needs a dot or a digit.
fn spell_type_out(folded: &str) -> Option<String> {
    for (full, shorts) in TYPES {
        for short in *shorts {
            let Some(rest) = folded.strip_prefix(short) else { continue };
            let dotted = rest.strip_prefix('.').map(str::trim_start);
            let spaced = rest.strip_prefix(' ').filter(|_| short.len() > 1);
            let digit = Some(rest).filter(|r| r.starts_with(|c: char| c.is_ascii_digit()));
            if let Some(rest) = dotted.or(spaced).or(digit).filter(|r| !r.is_empty()) {
                return Some(format!("{full} {rest}"));
            }
        }
    }
    None
}

/// The name without the word for its type, unless only a number is left (`phuong 1` stays as it is).
fn without_type(key: &str) -> Option<&str> {
    let rest = TYPES.iter().find_map(|(full, _)| key.strip_prefix(full)?.strip_prefix(' '))?;
    rest.contains(|c: char| c.is_alphabetic()).then_some(rest)
}

pub(super) fn index(units: &[Unit]) -> FxHashMap<String, Vec<u32>> {
    let mut names: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    for (i, unit) in units.iter().enumerate() {
        let idx = u32::try_from(i).unwrap_or(super::NONE);
        let short = unit.short.iter().flat_map(|s| [&s.vi, &s.en]);
        for name in [&unit.name.vi, &unit.name.en].into_iter().chain(short).chain(&unit.aliases) {
            let key = name_key(name);
            let bare = without_type(&key).map(str::to_owned);
            for key in std::iter::once(key).chain(bare) {
                let list = names.entry(key).or_default();
                if list.last() != Some(&idx) {
                    list.push(idx);
                }
            }
        }
    }
    names.remove("");
    names
}
