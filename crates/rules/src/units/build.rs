//! From lists of units and successions to a tree, or to everything that is wrong with them.

use std::fmt;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{NONE, Share, Succession, Unit, UnitKey, UnitTree, is_code, names};

/// One thing wrong with the input, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFault {
    pub place: Place,
    pub problem: UnitProblem,
}

/// Position in the list of units or of successions given to [`UnitTree::build`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Unit(usize),
    Succession(usize),
}

impl fmt::Display for UnitFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Unit(i) => write!(f, "unit {}: {}", i + 1, self.problem),
            Place::Succession(i) => write!(f, "succession {}: {}", i + 1, self.problem),
        }
    }
}

impl std::error::Error for UnitFault {}

fn hint(other: Option<&UnitKey>) -> String {
    other.map_or_else(String::new, |k| format!("; did you mean {k}?"))
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitProblem {
    #[error("{0} has a code with other characters than letters, digits, dots, dashes and underscores")]
    Code(UnitKey),
    #[error("{0} has no name in Vietnamese and English")]
    Name(UnitKey),
    #[error("{0} is declared twice")]
    Twice(UnitKey),
    #[error("{key} ends on {valid_to}, which is not after its first day")]
    Validity { key: UnitKey, valid_to: Date },
    #[error("code {} is borne by {earlier} and {later} at the same time: end the earlier one by {}", .later.code, .later.valid_from)]
    Overlap { earlier: UnitKey, later: UnitKey },
    #[error("the parent {parent} of {key} is not declared{}", hint(.meant.as_ref()))]
    UnknownParent { key: UnitKey, parent: UnitKey, meant: Option<UnitKey> },
    #[error("{0} is its own ancestor")]
    Cycle(UnitKey),
    #[error("{key} has level {level}, its parent {parent} has level {parent_level}: a parent's level must be lower")]
    Level { key: UnitKey, level: u8, parent: UnitKey, parent_level: u8 },
    #[error("{key} is valid outside the validity of its parent {parent}: when a parent changes, its children become new units too")]
    OutsideParent { key: UnitKey, parent: UnitKey },
    #[error("the unit {key} is not declared{}", hint(.meant.as_ref()))]
    UnknownEnd { key: UnitKey, meant: Option<UnitKey> },
    #[error(
        "{from} must end on {on}, the day of the succession ({}): what stays of a divided unit is a new unit",
        .valid_to.map_or_else(|| "it has no end".to_owned(), |d| format!("it ends on {d}"))
    )]
    FromNotEnding { from: UnitKey, on: Date, valid_to: Option<Date> },
    #[error("{to} must begin on {on}, the day of the succession: a unit that takes in another is a new unit from that day")]
    ToNotBeginning { to: UnitKey, on: Date },
    #[error("{from} goes to {to} twice")]
    SameWayTwice { from: UnitKey, to: UnitKey },
    #[error("{0} goes whole to one unit and also to another: mark the rows as parts")]
    WholeAndMore(UnitKey),
    #[error("the share {share} of a unit that goes whole makes no sense: leave it out")]
    ShareOfWhole { share: Share },
    #[error("the declared shares of {0} add up to more than 1")]
    TooMuch(UnitKey),
}

impl UnitTree {
    /// Checks everything and indexes it.
    ///
    /// # Errors
    /// All faults found, in the order of the input.
    pub fn build(units: Vec<Unit>, successions: Vec<Succession>) -> Result<Self, Vec<UnitFault>> {
        let mut tree = Self { units, successions, ..Self::default() };
        let mut faults = tree.index_units();
        if faults.is_empty() {
            faults = tree.index_parents();
        }
        faults.extend(tree.index_successions());
        if faults.is_empty() {
            tree.walk();
            tree.by_name = names::index(&tree.units);
            Ok(tree)
        } else {
            faults.sort_by_key(|f| f.place);
            Err(faults)
        }
    }

    /// The version of a code that was meant when a key does not exist: the one valid on that day, or the only one.
    fn meant(&self, key: &UnitKey) -> Option<UnitKey> {
        let versions = self.versions(&key.code);
        let on_that_day = self.resolve(&key.code, key.valid_from);
        on_that_day.or_else(|| versions.first().copied().filter(|_| versions.len() == 1)).map(|i| self.key(i).clone())
    }

    fn index_units(&mut self) -> Vec<UnitFault> {
        let mut faults = Vec::new();
        for (i, unit) in self.units.iter_mut().enumerate() {
            if unit.level == 0 {
                unit.level = unit.kind.level();
            }
            let key = unit.key.clone();
            let mut fault = |problem| faults.push(UnitFault { place: Place::Unit(i), problem });
            if !is_code(&key.code) {
                fault(UnitProblem::Code(key.clone()));
            }
            if unit.name.vi.trim().is_empty() || unit.name.en.trim().is_empty() {
                fault(UnitProblem::Name(key.clone()));
            }
            if let Some(valid_to) = unit.valid_to.filter(|end| *end <= key.valid_from) {
                fault(UnitProblem::Validity { key: key.clone(), valid_to });
            }
            let idx = u32::try_from(i).unwrap_or(NONE);
            if self.by_key.insert(key.clone(), idx).is_some() {
                fault(UnitProblem::Twice(key));
            } else {
                self.by_code.entry(key.code).or_default().push(idx);
            }
        }
        for versions in self.by_code.values_mut() {
            versions.sort_by_key(|i| self.units[*i as usize].key.valid_from);
            for pair in versions.windows(2) {
                let (earlier, later) = (&self.units[pair[0] as usize], &self.units[pair[1] as usize]);
                if earlier.valid_to.is_none_or(|end| end > later.key.valid_from) {
                    let problem = UnitProblem::Overlap { earlier: earlier.key.clone(), later: later.key.clone() };
                    faults.push(UnitFault { place: Place::Unit(pair[1] as usize), problem });
                }
            }
        }
        faults
    }

    fn index_parents(&mut self) -> Vec<UnitFault> {
        let mut faults = Vec::new();
        self.parent = vec![NONE; self.units.len()];
        for (i, unit) in self.units.iter().enumerate() {
            let Some(parent_key) = &unit.parent else { continue };
            let key = || unit.key.clone();
            let mut fault = |problem| faults.push(UnitFault { place: Place::Unit(i), problem });
            let Some(p) = self.idx(parent_key) else {
                fault(UnitProblem::UnknownParent { key: key(), parent: parent_key.clone(), meant: self.meant(parent_key) });
                continue;
            };
            self.parent[i] = p;
            let parent = self.unit(p);
            let ends_later = parent.valid_to.is_some_and(|end| unit.valid_to.is_none_or(|mine| mine > end));
            if unit.key.valid_from < parent.key.valid_from || ends_later {
                fault(UnitProblem::OutsideParent { key: key(), parent: parent_key.clone() });
            }
        }
        for i in 0..self.units.len() {
            let idx = u32::try_from(i).unwrap_or(NONE);
            let unit = &self.units[i];
            // A walk longer than the number of units goes in a circle; it is reported on the units of the circle only.
            let mut steps = self.ancestors(idx).take(self.units.len());
            if steps.any(|a| a == idx) {
                faults.push(UnitFault { place: Place::Unit(i), problem: UnitProblem::Cycle(unit.key.clone()) });
            } else if let Some(parent) = self.parent(idx).map(|p| self.unit(p))
                && parent.level >= unit.level
            {
                let problem =
                    UnitProblem::Level { key: unit.key.clone(), level: unit.level, parent: parent.key.clone(), parent_level: parent.level };
                faults.push(UnitFault { place: Place::Unit(i), problem });
            }
        }
        faults
    }

    fn index_successions(&mut self) -> Vec<UnitFault> {
        let mut faults = Vec::new();
        self.out = vec![Vec::new(); self.units.len()];
        self.into = vec![Vec::new(); self.units.len()];
        let mut totals: FxHashMap<u32, Option<Share>> = FxHashMap::default();
        for (i, s) in self.successions.iter().enumerate() {
            let mut fault = |problem| faults.push(UnitFault { place: Place::Succession(i), problem });
            let (from, to) = (self.idx(&s.from), self.idx(&s.to));
            for (end, key) in [(from, &s.from), (to, &s.to)] {
                if end.is_none() {
                    fault(UnitProblem::UnknownEnd { key: key.clone(), meant: self.meant(key) });
                }
            }
            let (Some(from), Some(to)) = (from, to) else { continue };
            let valid_to = self.units[from as usize].valid_to;
            if valid_to != Some(s.on) {
                fault(UnitProblem::FromNotEnding { from: s.from.clone(), on: s.on, valid_to });
            }
            if s.to.valid_from != s.on {
                fault(UnitProblem::ToNotBeginning { to: s.to.clone(), on: s.on });
            }
            if let Some(share) = s.share.filter(|_| s.whole) {
                fault(UnitProblem::ShareOfWhole { share });
            }
            let others = &self.out[from as usize];
            if others.iter().any(|(_, t)| *t == to) {
                fault(UnitProblem::SameWayTwice { from: s.from.clone(), to: s.to.clone() });
            } else if others.iter().any(|(o, _)| s.whole || self.successions[*o as usize].whole) {
                fault(UnitProblem::WholeAndMore(s.from.clone()));
            }
            let total = totals.entry(from).or_insert(Some(Share::NOTHING));
            if let (Some(sum), Some(share)) = (*total, s.share) {
                *total = sum.plus(share);
                if total.is_none() {
                    fault(UnitProblem::TooMuch(s.from.clone()));
                }
            }
            let row = u32::try_from(i).unwrap_or(NONE);
            self.out[from as usize].push((row, to));
            self.into[to as usize].push((row, from));
        }
        faults
    }

    /// Children and depth-first order. Only on a tree without cycles.
    fn walk(&mut self) {
        let n = self.units.len();
        self.children = vec![Vec::new(); n];
        let mut sorted: Vec<u32> = (0..self.len()).collect();
        sorted.sort_by_cached_key(|i| (crate::text::sort_key(&self.unit(*i).name.vi), self.unit(*i).key.valid_from));
        let mut stack = Vec::new();
        for i in &sorted {
            match self.parent(*i) {
                Some(p) => self.children[p as usize].push(*i),
                None => stack.push((*i, false)),
            }
        }
        stack.reverse();
        (self.order, self.start, self.end) = (Vec::with_capacity(n), vec![0; n], vec![0; n]);
        while let Some((i, done)) = stack.pop() {
            let at = u32::try_from(self.order.len()).unwrap_or(NONE);
            if done {
                self.end[i as usize] = at;
                continue;
            }
            self.start[i as usize] = at;
            self.order.push(i);
            stack.push((i, true));
            stack.extend(self.children[i as usize].iter().rev().map(|c| (*c, false)));
        }
    }
}
