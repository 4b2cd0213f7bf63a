//! The catalogue of procedures: which version is in force, which one a dossier keeps, which unit offers what, finding by words.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use rules::{
    Localized,
    procedure::{Finder, Procedure, ProcedureDef},
};

use super::{Definition, World, broken};
use crate::error::Result;

/// Kind of the definitions that are procedures.
pub(super) const KIND: &str = "procedure";

pub(super) fn compile(d: &Definition) -> Result<Arc<Procedure>> {
    let def: ProcedureDef = serde_json::from_value(d.body.clone()).map_err(|e| broken(&format!("{KIND}:{}", d.id), e))?;
    let first =
        |faults: Vec<rules::procedure::ProcedureFault>| faults.first().map(|f| format!("{} {:?}", f.place, f.what)).unwrap_or_default();
    Procedure::compile(def).map(Arc::new).map_err(|e| broken(&format!("{KIND}:{}", d.id), first(e)))
}

pub(super) fn by_code(list: Vec<Arc<Procedure>>) -> BTreeMap<String, Vec<Arc<Procedure>>> {
    let mut all: BTreeMap<String, Vec<Arc<Procedure>>> = BTreeMap::new();
    for procedure in list {
        all.entry(procedure.def.code.clone()).or_default().push(procedure);
    }
    for versions in all.values_mut() {
        versions.sort_by_key(|p| p.def.valid_from);
    }
    all
}

impl World {
    /// Versions that were withdrawn stay for the dossiers that run under them; they are never offered again.
    pub(super) fn add_retired(&mut self, retired: Vec<Definition>) -> Result<()> {
        for d in retired {
            let procedure = compile(&d)?;
            self.retired.insert(procedure.def.version_id());
            let versions = self.procedures.entry(procedure.def.code.clone()).or_default();
            versions.push(procedure);
            versions.sort_by_key(|p| p.def.valid_from);
        }
        Ok(())
    }

    fn is_offered(&self, procedure: &Procedure, day: Date) -> bool {
        procedure.def.is_valid_on(day) && !self.retired.contains(&procedure.def.version_id())
    }

    /// The version in force on a day.
    #[must_use]
    pub fn procedure(&self, code: &str, day: Date) -> Option<&Arc<Procedure>> {
        self.procedures.get(code)?.iter().rev().find(|p| self.is_offered(p, day))
    }

    /// The version under which a dossier was opened, withdrawn since or not.
    #[must_use]
    pub fn procedure_version(&self, code: &str, from: Date) -> Option<&Arc<Procedure>> {
        self.procedures.get(code)?.iter().find(|p| p.def.valid_from == from)
    }

    /// What a kind of electronic paper is called: as the result that makes it, else as the part that it takes the place of.
    #[must_use]
    pub fn paper_name(&self, kind: &str) -> Option<&Localized> {
        let all = || self.procedures.values().flatten().map(|p| &p.def);
        let is = |id: &Option<String>| id.as_deref() == Some(kind);
        let part = || all().flat_map(|d| &d.parts).find(|p| is(&p.keep) || is(&p.reuse)).map(|p| &p.name);
        all().find(|d| is(&d.result.paper)).map(|d| &d.result.name).or_else(part)
    }

    /// What is in force on a day: the most used first, then by name.
    #[must_use]
    pub fn procedures_on(&self, day: Date) -> Vec<&Arc<Procedure>> {
        let mut list: Vec<&Arc<Procedure>> = self.procedures.keys().filter_map(|code| self.procedure(code, day)).collect();
        list.sort_by(|a, b| {
            let rank = |p: &Procedure| p.def.rank.unwrap_or(u16::MAX);
            rank(a).cmp(&rank(b)).then_with(|| rules::text::compare(&a.def.name.vi, &b.def.name.vi))
        });
        list
    }

    /// What a unit offers on a day.
    #[must_use]
    pub fn procedures_for(&self, unit: u32, day: Date) -> Vec<&Arc<Procedure>> {
        let unit = self.units.unit(unit);
        let kind = serde_json::to_value(unit.kind).ok().and_then(|k| k.as_str().map(str::to_owned)).unwrap_or_default();
        let mut list = self.procedures_on(day);
        list.retain(|p| p.def.level == unit.level && (p.def.unit_kinds.is_empty() || p.def.unit_kinds.contains(&kind)));
        list
    }

    /// What people probably mean, the best first; marks may be left out and a letter be wrong.
    #[must_use]
    pub fn find_procedures(&self, words: &str, day: Date, limit: usize) -> Vec<&Arc<Procedure>> {
        let list = self.procedures_on(day);
        let finder = Finder::new(list.iter().map(|p| &p.def));
        finder.find(words, limit).into_iter().filter_map(|found| list.get(found.position).copied()).collect()
    }

    /// What lies near words for which nothing is found.
    #[must_use]
    pub fn near_procedures(&self, words: &str, day: Date, limit: usize) -> Vec<&Arc<Procedure>> {
        let list = self.procedures_on(day);
        let finder = Finder::new(list.iter().map(|p| &p.def));
        finder.near(words, limit).into_iter().filter_map(|found| list.get(found.position).copied()).collect()
    }
}
