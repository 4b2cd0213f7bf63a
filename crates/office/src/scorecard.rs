//! A composite index for a unit and a period: every component with the figure it comes from, and units side by side.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rules::{
    Period,
    access::{Action, Actor, decide, scope},
    calendar::Calendar,
    procedure::{Online, ProcedureDef},
    scorecard::{Catalogue, ComponentDef, Measure, Score, ScorecardDef},
    units::{Attribution, UnitKind},
};

use crate::{
    Office,
    error::{Error, Result},
    figures::Answer,
    world::World,
};

/// Who may see the dossiers may see what is scored from them.
const DOSSIER: &str = "dossier";
/// Indicator whose breakdown says which procedures had dossiers (component 3.2).
const BY_PROCEDURE: &str = "dossier.by_procedure";
const PROCEDURE_FIELD: &str = "procedure_code";
/// Rows of a league; a country has no more provinces, a city no more communes.
const LEAGUE_MAX: usize = 400;

/// A component's value as it was found.
#[derive(Debug, Clone)]
pub struct Value {
    /// In the measure's own terms: 97.63 for 97,63 %.
    pub points: Option<f64>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// Id of the indicator whose figure it is: the door to its records.
    pub indicator: Option<String>,
    pub estimated: bool,
}

/// One unit's score.
#[derive(Debug, Clone)]
pub struct Scored {
    pub score: Score,
    /// As the components of the declaration, group by group.
    pub values: Vec<Vec<Value>>,
}

/// A line of the league.
#[derive(Debug, Clone)]
pub struct Line {
    pub unit: u32,
    pub score: Score,
    /// From 1; equal points share a place. `None` without data.
    pub place: Option<usize>,
}

impl Office {
    /// A unit's score in a period, on the map of a date.
    ///
    /// # Errors
    /// `not_found`; `access.…` unless the actor may see the dossiers of the unit.
    pub fn scorecard(&self, actor: &Actor, id: &str, unit: u32, period: Period, map: Date) -> Result<Scored> {
        let world = self.world();
        may(&world, actor, unit)?;
        let def = world.scorecards.get(id).ok_or_else(|| Error::not_found(id))?;
        self.scored(&world, def, unit, period, map)
    }

    /// The units right below another, the best first. What the actor may not see is left out.
    pub fn scorecard_league(&self, actor: &Actor, id: &str, unit: u32, period: Period, map: Date) -> Result<Vec<Line>> {
        let world = self.world();
        may(&world, actor, unit)?;
        let def = world.scorecards.get(id).ok_or_else(|| Error::not_found(id))?;
        let seen = scope(actor, Action::View, Some(DOSSIER), &world.units);
        let valid = |u: &u32| world.units.unit(*u).is_valid_on(map) && seen.contains(*u);
        let mut lines = Vec::new();
        for child in world.units.children(unit).iter().copied().filter(valid).take(LEAGUE_MAX) {
            let score = self.scored(&world, def, child, period, map)?.score;
            // A division that receives nothing is not ranked among those that do.
            if score.judged.is_some() || world.units.unit(child).kind != UnitKind::Agency {
                lines.push(Line { unit: child, score, place: None });
            }
        }
        lines.sort_by(|a, b| {
            let points = |l: &Line| l.score.judged.unwrap_or(f64::NEG_INFINITY);
            let name = |l: &Line| &world.units.unit(l.unit).name.vi;
            points(b).total_cmp(&points(a)).then_with(|| rules::text::compare(name(a), name(b)))
        });
        let mut place = 0;
        let mut before = None;
        for (i, line) in lines.iter_mut().enumerate() {
            if line.score.judged.is_none() {
                continue;
            }
            if line.score.judged != before {
                (place, before) = (i + 1, line.score.judged);
            }
            line.place = Some(place);
        }
        Ok(lines)
    }

    fn scored(&self, world: &World, def: &ScorecardDef, unit: u32, period: Period, map: Date) -> Result<Scored> {
        let sources = world.units.sources_of(unit, map)?;
        let offered = offered(world, unit, map);
        let used = self.used(&sources, period);
        let scene = Scene { sources: &sources, offered: &offered, used: &used, calendar: world.calendar(unit, map), period };
        let of = |c: &ComponentDef| self.value(world, c, &scene);
        let values: Vec<Vec<Value>> = def.groups.iter().map(|g| g.components.iter().map(of).collect()).collect();
        let mut flat = values.iter().flatten().map(|v| v.points);
        // The declaration is walked in the same order.
        let score = def.score(|_| flat.next().flatten());
        Ok(Scored { score, values })
    }

    fn value(&self, world: &World, component: &ComponentDef, scene: &Scene<'_>) -> Value {
        let none = Value { points: None, numerator: None, denominator: None, indicator: None, estimated: false };
        match &component.measure {
            Measure::Missing(_) => none,
            Measure::Indicator(id) => {
                let Some(indicator) = world.indicator(id) else { return none };
                let Answer { value, figure, estimated, .. } = self.answer(indicator, scene.sources, scene.period.months());
                Value {
                    points: value.map(|v| indicator.points(v)),
                    numerator: figure.map(|f| f.num),
                    denominator: figure.map(|f| f.den),
                    indicator: Some(indicator.id.clone()),
                    estimated,
                }
            }
            Measure::Catalogue(what) => {
                let (num, den) = catalogue(*what, scene);
                let points = (den > 0).then(|| 100.0 * f64::from(num) / f64::from(den));
                Value { points, numerator: Some(num.into()), denominator: Some(den.into()), ..none }
            }
        }
    }

    /// Codes of the procedures that had a dossier.
    fn used(&self, sources: &Attribution, period: Period) -> BTreeSet<String> {
        let slices = self.breakdown(BY_PROCEDURE, PROCEDURE_FIELD, sources, period).unwrap_or_default();
        slices.into_iter().filter(|s| s.figure.n > 0).filter_map(|s| s.value).collect()
    }
}

fn may(world: &World, actor: &Actor, unit: u32) -> Result<()> {
    Ok(decide(actor, Action::View, Some(DOSSIER), Some(unit), &world.units)?)
}

/// What the components of one unit are asked about.
struct Scene<'a> {
    sources: &'a Attribution,
    offered: &'a [&'a ProcedureDef],
    /// Codes of the procedures that had a dossier in the period.
    used: &'a BTreeSet<String>,
    calendar: &'a Calendar,
    period: Period,
}

/// What the unit and the units below it offer.
fn offered(world: &World, unit: u32, day: Date) -> Vec<&ProcedureDef> {
    let mut list: BTreeMap<&str, &ProcedureDef> = BTreeMap::new();
    let levels: BTreeSet<u8> = world.units.subtree_on(unit, day).map(|u| world.units.unit(u).level).collect();
    for procedure in world.procedures_on(day) {
        if levels.contains(&procedure.def.level) {
            list.insert(&procedure.def.code, &procedure.def);
        }
    }
    list.into_values().collect()
}

/// Numerator and denominator of a question to the catalogue.
fn catalogue(what: Catalogue, scene: &Scene<'_>) -> (u32, u32) {
    let share = |of: &dyn Fn(&ProcedureDef) -> bool, which: &dyn Fn(&ProcedureDef) -> bool| {
        let all: Vec<_> = scene.offered.iter().filter(|p| of(p)).collect();
        let some = all.iter().filter(|p| which(p)).count();
        (u32::try_from(some).unwrap_or(u32::MAX), u32::try_from(all.len()).unwrap_or(u32::MAX))
    };
    let online = |p: &ProcedureDef| p.online != Online::None;
    let announced = |p: &ProcedureDef| p.published.is_some();
    let fee = |p: &ProcedureDef| !p.fees.is_empty();
    // Localities: announced at least 5 working days before, published at most 5 working days after.
    let days = |from, to| scene.calendar.working_days_between(from, to).map(|d| d.value).unwrap_or(i64::MAX);
    match what {
        Catalogue::AnnouncedInTime => share(&announced, &|p| {
            p.published.as_ref().is_some_and(|d| d.decided_on <= d.effective_on && days(d.decided_on, d.effective_on) >= 5)
        }),
        Catalogue::PublishedInTime => share(&announced, &|p| p.published.as_ref().is_some_and(|d| days(d.decided_on, d.published_on) <= 5)),
        Catalogue::Complete => share(&|_| true, &|p| {
            !p.steps.is_empty() && !p.channels.is_empty() && !p.parts.is_empty() && !p.applicants.is_empty() && !p.result.name.vi.is_empty()
        }),
        Catalogue::Online => share(&|_| true, &online),
        Catalogue::EndToEnd => share(&online, &|p| p.online == Online::Full),
        Catalogue::Used => share(&online, &|p| scene.used.contains(&p.code)),
        // Every fee of a procedure offered online can be paid by VietQR.
        Catalogue::Payable => share(&fee, &online),
    }
}
