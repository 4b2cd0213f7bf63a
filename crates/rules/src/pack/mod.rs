//! Packs: folders of plain files that declare what a government runs and measures.
//!
//! Texts go in, checked declarations come out, or every fault at once, each with its file, its line and a sentence that helps.
//! Nothing is read from disk here: the caller hands over paths and texts. How to write a pack: `docs/guide/write-a-pack.md`.
//!
//! A pack is read in two steps. *Shapes* (`read*`) look at one file at a time. *Fit* (`check`) looks at everything together and
//! therefore needs the packs that a pack builds upon: see [`PackSet`].

mod check;
mod check_procedures;
mod content;
mod csv_rows;
mod fault;
mod item;
mod model;
mod read;
mod read_declarations;
mod read_law;
mod read_procedures;
mod read_programme;
mod read_scorecards;
mod read_units;
mod source;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use content::Content;
pub use fault::{Fault, Kind};
pub use item::PackItem;
pub use model::*;
pub use source::At;

use check::{check, layering, layering_ids};
use content::{ANY_INDICATOR, Places};
use fault::Problem;
use read::Reader;
use table::Faults;

use crate::units::{Succession, Unit, UnitKey};

/// One pack, its shapes checked. A pack that requires no other is checked for fit as well.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    pub manifest: Manifest,
    pub content: Content,
    places: Places,
    /// `pack.toml`, for faults of the pack as a whole.
    home: At,
}

impl Pack {
    /// Reads a pack from (path, text) pairs. Paths appear in faults as given; only their last part decides how a file is read.
    ///
    /// # Errors
    /// All faults, by file and line.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Vec<Fault>> {
        let faults = Faults::default();
        let mut pack = Self::shapes(files, &faults);
        if pack.manifest.requires.is_empty() {
            check(&mut pack.content, &pack.places, &faults);
        }
        let faults = faults.into_sorted();
        if faults.is_empty() { Ok(pack) } else { Err(faults) }
    }

    fn shapes(files: &[(&str, &str)], faults: &Faults) -> Self {
        let mut reader = Reader::new(faults);
        let home = reader.files(files);
        Self { manifest: reader.manifest.unwrap_or_default(), content: reader.content, places: reader.places, home }
    }

    /// The definitions of this pack alone.
    #[must_use]
    pub fn items(&self) -> Vec<PackItem> {
        self.content.items(|_, _| self.manifest.id.clone())
    }
}

/// Packs that build upon one another, merged and checked as a whole: `vietnam`, then `vung-tau`.
#[derive(Debug, Clone, PartialEq)]
pub struct PackSet {
    /// In the order of loading.
    pub manifests: Vec<Manifest>,
    pub content: Content,
    origin: BTreeMap<(Kind, String), String>,
}

impl PackSet {
    /// Reads and merges packs in the given order; faults of all packs are reported together.
    ///
    /// # Errors
    /// All faults, by file and line.
    pub fn read(packs: &[&[(&str, &str)]]) -> Result<Self, Vec<Fault>> {
        let faults = Faults::default();
        let packs: Vec<Pack> = packs.iter().map(|files| Pack::shapes(files, &faults)).collect();
        Self::merge_into(packs, faults)
    }

    /// Merges packs that were read one by one.
    ///
    /// # Errors
    /// All faults, by file and line.
    pub fn merge(packs: Vec<Pack>) -> Result<Self, Vec<Fault>> {
        Self::merge_into(packs, Faults::default())
    }

    fn merge_into(packs: Vec<Pack>, faults: Faults) -> Result<Self, Vec<Fault>> {
        let mut set = Self { manifests: Vec::new(), content: Content::default(), origin: BTreeMap::new() };
        let mut places = Places::default();
        for pack in packs {
            set.add(pack, &mut places, &faults);
        }
        check(&mut set.content, &places, &faults);
        let faults = faults.into_sorted();
        if faults.is_empty() { Ok(set) } else { Err(faults) }
    }

    fn add(&mut self, pack: Pack, places: &mut Places, faults: &Faults) {
        let loaded: Vec<String> = self.manifests.iter().map(|m| m.id.clone()).collect();
        for id in pack.manifest.requires.iter().filter(|id| !loaded.contains(id)) {
            faults.push(pack.home.clone(), Problem::MissingPack { id: id.clone(), known: loaded.clone() });
        }
        let Pack { manifest, content, places: later, .. } = pack;
        macro_rules! merge {
            ($($list:ident),*) => {$(
                let replaced = layering(&content.$list, places, &later, faults);
                self.content.$list.retain(|d| !replaced.contains(&content::Named::id(d)));
                self.content.$list.extend(content.$list);
            )*};
        }
        merge!(
            sources,
            units,
            successions,
            calendars,
            statuses,
            risk_rules,
            one_stop_rules,
            unit_policies,
            reported,
            directives,
            targets,
            tasks,
            figures,
            accounts,
            procedures,
            scorecards
        );
        for (kind, same, mine, theirs) in [
            (Kind::Register, &[Kind::Register][..], &mut self.content.registers, content.registers),
            (Kind::Indicator, ANY_INDICATOR, &mut self.content.indicators, content.indicators),
            (Kind::Derived, ANY_INDICATOR, &mut self.content.derived, content.derived),
        ] {
            let replaced = layering_ids(theirs.iter().map(|d| d.id.clone()), kind, same, places, &later, faults);
            mine.retain(|d| !replaced.contains(&d.id));
            mine.extend(theirs);
        }
        for key in later.of.keys() {
            self.origin.insert(key.clone(), manifest.id.clone());
        }
        places.absorb(later);
        self.manifests.push(manifest);
    }

    /// All definitions, each with the pack it comes from, in an order in which each finds what it refers to.
    #[must_use]
    pub fn items(&self) -> Vec<PackItem> {
        self.content.items(|kind, id| self.origin.get(&(kind, id.to_owned())).cloned().unwrap_or_default())
    }

    /// Units and successions as `UnitTree::build` takes them.
    #[must_use]
    pub fn units(&self) -> (Vec<Unit>, Vec<Succession>) {
        (
            self.content.units.iter().filter_map(UnitDef::unit).collect(),
            self.content.successions.iter().filter_map(SuccessionDef::succession).collect(),
        )
    }

    /// The tenant's defaults: of the last pack that has any.
    #[must_use]
    pub fn tenant(&self) -> Option<&TenantDefaults> {
        self.manifests.iter().rev().find_map(|m| m.tenant.as_ref())
    }

    /// The tenant's top unit on a date: the first root, of the last pack that has roots, that is valid then.
    #[must_use]
    pub fn root_on(&self, date: Date) -> Option<&UnitKey> {
        let roots = self.manifests.iter().rev().map(|m| &m.roots).find(|r| !r.is_empty())?;
        roots.iter().find(|key| {
            self.content.units.iter().any(|u| u.key == **key && key.valid_from <= date && u.valid_to.is_none_or(|end| date < end))
        })
    }
}
