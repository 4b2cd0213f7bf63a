//! Everything that packs declare, and where each thing was declared.

use std::collections::{BTreeMap, BTreeSet};

use super::{fault::Kind, model::*, source::At};
use crate::one_stop::{RuleSet, UnitPolicy};
use crate::procedure::ProcedureDef;
use crate::scorecard::ScorecardDef;

/// What one pack, or several merged ones, declare. Order is the order of the files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    pub sources: Vec<SourceDef>,
    pub units: Vec<UnitDef>,
    pub successions: Vec<SuccessionDef>,
    pub calendars: Vec<CalendarDef>,
    pub statuses: Vec<StatusDef>,
    pub risk_rules: Vec<RiskRuleDef>,
    pub one_stop_rules: Vec<RuleSet>,
    pub unit_policies: Vec<UnitPolicy>,
    pub registers: Vec<Declaration>,
    pub indicators: Vec<Declaration>,
    pub derived: Vec<Declaration>,
    pub reported: Vec<ReportedDef>,
    pub directives: Vec<DirectiveDef>,
    pub targets: Vec<TargetDef>,
    pub tasks: Vec<TaskDef>,
    pub figures: Vec<FigureDef>,
    pub accounts: Vec<AccountDef>,
    pub procedures: Vec<ProcedureDef>,
    pub scorecards: Vec<ScorecardDef>,
}

/// Where a thing was declared, and where its values are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub at: At,
    pub keys: BTreeMap<String, At>,
    pub replaces: bool,
}

impl Place {
    pub fn key(&self, key: &str) -> At {
        self.keys.get(key).unwrap_or(&self.at).clone()
    }
}

/// A mention of something that must exist.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mention {
    /// Any of these kinds will do.
    pub kinds: &'static [Kind],
    pub id: String,
    pub at: At,
}

pub(crate) const ANY_INDICATOR: &[Kind] = &[Kind::Indicator, Kind::Derived, Kind::Reported];

/// Where things are; travels with a pack so that packs can be checked together.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Places {
    pub of: BTreeMap<(Kind, String), Place>,
    pub mentions: Vec<Mention>,
    /// Dates of calendar days, by date text.
    pub days: BTreeMap<String, At>,
    /// Second and later declarations of one id: kind, id, place.
    pub twice: Vec<(Kind, String, At, At)>,
    /// Other ids of a reported indicator → the id it is declared under.
    pub aliases: BTreeMap<String, String>,
}

impl Places {
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Place> {
        self.of.get(&(kind, id.to_owned()))
    }

    pub fn declare(&mut self, kind: Kind, id: &str, place: Place) {
        if id.is_empty() {
            return; // its own fault was noted when the id was read
        }
        // All indicators, counted or reported, share one space of ids: a target names one without saying which kind.
        let same: &[Kind] = if ANY_INDICATOR.contains(&kind) { ANY_INDICATOR } else { std::slice::from_ref(&kind) };
        let first = same.iter().find_map(|k| self.get(*k, id));
        if let Some(first) = first {
            let first = first.at.clone();
            self.twice.push((kind, id.to_owned(), place.at, first));
            return;
        }
        self.of.insert((kind, id.to_owned()), place);
    }

    /// Takes in the places of a later pack, which win.
    pub fn absorb(&mut self, later: Self) {
        self.of.extend(later.of);
        self.mentions.extend(later.mentions);
        self.days.extend(later.days);
        self.twice.extend(later.twice);
        self.aliases.extend(later.aliases);
    }

    pub fn ids(&self, kinds: &[Kind]) -> BTreeSet<String> {
        let mut ids: BTreeSet<String> = self.of.keys().filter(|(kind, _)| kinds.contains(kind)).map(|(_, id)| id.clone()).collect();
        if kinds.contains(&Kind::Reported) {
            ids.extend(self.aliases.keys().cloned());
        }
        ids
    }
}

/// The stable id of each definition within its kind.
pub(crate) trait Named {
    const KIND: Kind;
    fn id(&self) -> String;
}

macro_rules! named {
    ($($t:ty, $kind:ident, |$d:ident| $id:expr;)*) => {$(
        impl Named for $t {
            const KIND: Kind = Kind::$kind;
            fn id(&self) -> String { let $d = self; $id }
        }
    )*};
}
named! {
    SourceDef, Source, |d| d.id.clone();
    UnitDef, Unit, |d| d.key.to_string();
    SuccessionDef, Succession, |d| succession_id(&d.from.to_string(), &d.to.to_string());
    CalendarDef, Calendar, |d| d.year.to_string();
    StatusDef, Status, |d| d.id.clone();
    RiskRuleDef, RiskRule, |d| d.id.clone();
    RuleSet, OneStopRules, |d| d.id.clone();
    UnitPolicy, UnitPolicy, |d| d.id.clone();
    ReportedDef, Reported, |d| d.id.clone();
    DirectiveDef, Directive, |d| d.id.clone();
    TargetDef, Target, |d| d.id.clone();
    TaskDef, Task, |d| d.id.clone();
    FigureDef, Figure, |d| d.id.clone();
    AccountDef, Account, |d| d.id.clone();
    ProcedureDef, Procedure, |d| d.version_id();
    ScorecardDef, Scorecard, |d| d.id.clone();
}

/// Id of the succession of one unit by another.
pub(crate) fn succession_id(from: &str, to: &str) -> String {
    format!("{from}>{to}")
}
