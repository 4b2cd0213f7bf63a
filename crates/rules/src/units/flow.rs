//! History across boundary changes: which past (and later) units make up a unit on the map of a date.
//!
//! A cell belongs to the unit as it was. Going **forward**, a unit that went whole carries its history along exactly; a divided one
//! by its declared shares, as an estimate; without a share it is not attributable – unless all its parts end inside the unit asked
//! for, as those of a divided ward do for the province. Going **backward** (a later unit on an earlier map, as when an unfinished
//! dossier was handed to the new ward) only full containment counts. A unit that ended (or began) without any succession, as
//! districts did on 1/7/2025, shares the fate of its parent.

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Share, UnitKey, UnitTree};
use crate::Refusal;

/// Where a unit's history lies on the map of another date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Projection {
    /// All of it in one unit.
    Exact(UnitKey),
    /// By declared shares, which may add up to less than 1.
    Estimated(Vec<(UnitKey, Share)>),
    NotAttributable,
}

/// What makes up a unit on a map. Every list is in ascending order of index; no unit is in two lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attribution {
    /// Units whose cells count in full: the subtree asked for and what lies wholly inside it.
    pub exact: Vec<u32>,
    /// Units of which a declared share counts.
    pub estimated: Vec<(u32, Share)>,
    /// Units that overlap with what was asked for, by an unknown amount.
    pub not_attributable: Vec<u32>,
}

/// How much of one unit lies inside what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    All,
    Part(Share),
    Unknown,
    Nothing,
}

struct Question<'a> {
    tree: &'a UnitTree,
    asked: u32,
    map: Date,
    known: FxHashMap<u32, Inside>,
}

impl UnitTree {
    /// Which units' cells make up `asked` on the map of a date.
    ///
    /// # Errors
    /// `unit.unknown` (unit); `unit.not_on_map` (unit, map, valid_from, valid_to) when the unit did not exist on that date.
    pub fn sources(&self, asked: &UnitKey, map: Date) -> Result<Attribution, Refusal> {
        let idx = self.idx(asked).ok_or_else(|| Refusal::new("unit.unknown").with("unit", asked))?;
        self.sources_of(idx, map)
    }

    /// [`UnitTree::sources`] by index. Costs time in proportion to the units found, not to the size of the tree.
    ///
    /// # Errors
    /// `unit.not_on_map`, as above.
    pub fn sources_of(&self, asked: u32, map: Date) -> Result<Attribution, Refusal> {
        let unit = self.unit(asked);
        if !unit.is_valid_on(map) {
            return Err(Refusal::new("unit.not_on_map")
                .with("unit", &unit.key)
                .with("name", &unit.name.vi)
                .with("map", map)
                .with("valid_from", unit.key.valid_from)
                .with("valid_to", unit.valid_to.map_or_else(String::new, |d| d.to_string())));
        }
        let mut question = Question { tree: self, asked, map, known: FxHashMap::default() };
        let mut answer = Attribution::default();
        for idx in question.candidates() {
            match question.inside(idx) {
                Inside::All => answer.exact.push(idx),
                Inside::Part(share) => answer.estimated.push((idx, share)),
                Inside::Unknown => answer.not_attributable.push(idx),
                Inside::Nothing => {}
            }
        }
        answer.exact.sort_unstable();
        answer.estimated.sort_unstable_by_key(|(i, _)| *i);
        answer.not_attributable.sort_unstable();
        Ok(answer)
    }

    /// Where the history of one unit lies on the map of a date. `None` for an unknown unit.
    #[must_use]
    pub fn project(&self, key: &UnitKey, map: Date) -> Option<Projection> {
        let idx = self.idx(key)?;
        let past = self.unit(idx).valid_to.is_some_and(|end| end <= map);
        // Parts that meet again in one unit are exact; so is a later unit all of whose parts come from one.
        if let [only] = self.ends_on(idx, map).as_slice()
            && (if past { self.covers(*only, idx) } else { self.comes_from(*only, idx, map) })
        {
            return Some(Projection::Exact(self.key(*only).clone()));
        }
        let mut parts: Vec<(u32, Share)> = Vec::new();
        if !past || self.spread(idx, map, Share::WHOLE, &mut parts).is_none() || parts.is_empty() {
            return Some(Projection::NotAttributable);
        }
        Some(Projection::Estimated(parts.into_iter().map(|(i, share)| (self.key(i).clone(), share)).collect()))
    }

    /// The units of a map that a unit is tied to, forward or backward.
    fn ends_on(&self, idx: u32, map: Date) -> Vec<u32> {
        let (mut open, mut ends) = (vec![idx], Vec::new());
        let mut seen = FxHashSet::default();
        while let Some(i) = open.pop() {
            if !seen.insert(i) {
                continue;
            }
            let unit = self.unit(i);
            if unit.is_valid_on(map) {
                ends.push(i);
            } else if unit.key.valid_from > map {
                open.extend(self.predecessors(i).map(|(_, from)| from));
            } else {
                open.extend(self.successors(i).map(|(_, to)| to));
            }
        }
        ends
    }

    /// Whether all that a later unit was made of lay in `whole` on the map.
    fn comes_from(&self, whole: u32, idx: u32, map: Date) -> bool {
        if self.unit(idx).key.valid_from <= map {
            return idx == whole;
        }
        let before = &self.into[idx as usize];
        !before.is_empty() && before.iter().all(|(_, from)| self.comes_from(whole, *from, map))
    }

    /// Collects the units in which declared shares of a past unit end. `None`: some share is not declared.
    fn spread(&self, idx: u32, map: Date, share: Share, parts: &mut Vec<(u32, Share)>) -> Option<()> {
        if self.unit(idx).is_valid_on(map) {
            match parts.iter_mut().find(|(i, _)| *i == idx) {
                Some((_, sum)) => *sum = sum.plus(share)?,
                None => parts.push((idx, share)),
            }
            return Some(());
        }
        let mut known = None;
        for (s, to) in self.successors(idx) {
            let part = if s.whole { Share::WHOLE } else { s.share? };
            if part != Share::NOTHING {
                self.spread(to, map, share.times(part)?, parts)?;
            }
            known = Some(());
        }
        known
    }

    /// Whether `idx` is `top`, below it, or flowed whole into it through later changes: what a grant on `top` covers. A grant on a
    /// former unit does not grow into its successor: taking over is an explicit act.
    #[must_use]
    pub fn covers(&self, top: u32, idx: u32) -> bool {
        if self.is_within(idx, top) {
            return true;
        }
        if self.out[idx as usize].is_empty() {
            return self.unit(idx).valid_to.is_some() && self.parent(idx).is_some_and(|p| self.covers(top, p));
        }
        self.is_complete(idx) && self.successors(idx).all(|(_, to)| self.covers(top, to))
    }

    /// Whether the successions out of a unit account for all of it. A lone part does not, unless its share is 1.
    fn is_complete(&self, idx: u32) -> bool {
        let rows = &self.out[idx as usize];
        let mut total = Some(Share::NOTHING);
        for (s, _) in self.successors(idx) {
            if s.whole {
                return true;
            }
            total = total.zip(s.share).and_then(|(sum, share)| sum.plus(share));
        }
        match total {
            Some(sum) => sum == Share::WHOLE,
            None => rows.len() > 1,
        }
    }
}

impl Question<'_> {
    /// The subtree asked for and everything that succession or parentage ties to it.
    fn candidates(&self) -> Vec<u32> {
        let mut found: Vec<u32> = self.tree.subtree_on(self.asked, self.map).collect();
        let mut seen: FxHashSet<u32> = found.iter().copied().collect();
        let mut next = 0;
        while let Some(idx) = found.get(next).copied() {
            next += 1;
            let tree = self.tree;
            let before = tree.predecessors(idx).map(|(_, from)| from).filter(|i| self.is_past(*i));
            let after = tree.successors(idx).map(|(_, to)| to).filter(|i| self.is_future(*i));
            let orphans = tree.children(idx).iter().copied().filter(|i| {
                (self.is_past(*i) && tree.out[*i as usize].is_empty()) || (self.is_future(*i) && tree.into[*i as usize].is_empty())
            });
            for i in before.chain(after).chain(orphans) {
                if seen.insert(i) {
                    found.push(i);
                }
            }
        }
        found
    }

    fn is_past(&self, idx: u32) -> bool {
        self.tree.unit(idx).valid_to.is_some_and(|end| end <= self.map)
    }

    fn is_future(&self, idx: u32) -> bool {
        self.tree.unit(idx).key.valid_from > self.map
    }

    /// Recursion goes along strictly rising (past) or falling (future) dates, or to the parent: it ends.
    fn inside(&mut self, idx: u32) -> Inside {
        if let Some(known) = self.known.get(&idx) {
            return *known;
        }
        let answer = if self.is_past(idx) {
            self.inside_forward(idx)
        } else if self.is_future(idx) {
            self.inside_backward(idx)
        } else if self.tree.is_within(idx, self.asked) {
            Inside::All
        } else {
            Inside::Nothing
        };
        self.known.insert(idx, answer);
        answer
    }

    fn inside_forward(&mut self, idx: u32) -> Inside {
        let tree = self.tree;
        if tree.out[idx as usize].is_empty() {
            return self.with_parent(idx);
        }
        let (mut all, mut none) = (true, true);
        let mut sum = Some(Share::NOTHING);
        for (s, to) in tree.successors(idx) {
            let there = self.inside(to);
            if s.whole {
                return there;
            }
            all &= there == Inside::All;
            none &= there == Inside::Nothing;
            let part = match there {
                Inside::All => s.share,
                Inside::Part(p) => s.share.and_then(|share| share.times(p)),
                Inside::Unknown => None,
                Inside::Nothing => Some(Share::NOTHING),
            };
            sum = sum.zip(part).and_then(|(a, b)| a.plus(b));
        }
        match sum {
            _ if none => Inside::Nothing,
            _ if all && tree.is_complete(idx) => Inside::All,
            Some(Share::NOTHING) => Inside::Nothing,
            Some(share) => Inside::Part(share),
            None => Inside::Unknown,
        }
    }

    fn inside_backward(&mut self, idx: u32) -> Inside {
        let tree = self.tree;
        if tree.into[idx as usize].is_empty() {
            return self.with_parent(idx);
        }
        let (mut all, mut none) = (true, true);
        for (_, from) in tree.predecessors(idx) {
            let there = self.inside(from);
            all &= there == Inside::All;
            none &= there == Inside::Nothing;
        }
        match (all, none) {
            (true, _) => Inside::All,
            (_, true) => Inside::Nothing,
            _ => Inside::Unknown,
        }
    }

    fn with_parent(&mut self, idx: u32) -> Inside {
        match self.tree.parent(idx).map(|p| self.inside(p)) {
            Some(Inside::All) => Inside::All,
            None | Some(Inside::Nothing) => Inside::Nothing,
            Some(Inside::Part(_) | Inside::Unknown) => Inside::Unknown,
        }
    }
}
