//! Pages that show: the leader's page, indicators and what is behind them, records, units, search. They change nothing.
//!
//! Each asks the office through its use cases (access is decided there, first) and fills a view model. The address is the whole
//! state of a page: unit, period, day and filters; every link carries them on.

pub(crate) mod drill;
pub(crate) mod export;
pub(crate) mod fields;
mod indicator;
mod indicators;
pub(crate) mod leader;
mod record;
mod record_steps;
mod records;
mod registers;
mod scorecards;
mod search;
mod shown;
mod trend;
mod units;
pub(crate) mod words;

use axum::{
    Router,
    routing::{get, post},
};
use jiff::civil::Date;
use office::{
    Error,
    programme::{Conflict, ReportedFigure, Target, TargetOn},
    world::{Indicator, Source, World},
};
use rules::{
    Month,
    access::{Action, Actor, decide},
};

use crate::{
    http::{App, Ctx, PageError},
    i18n::Lang,
    view::Shell,
};

/// The pages of this part.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(leader::page))
        .route("/indicators", get(indicators::page))
        .route("/indicators.csv", get(indicators::csv))
        .route("/indicators/{id}", get(indicator::page))
        .route("/indicators/{id}/series.csv", get(indicator::csv))
        .route("/indicators/{id}/records", get(drill::page))
        .route("/indicators/{id}/records.csv", get(drill::csv))
        .route("/records", get(registers::page))
        .route("/records/{register}", get(records::page))
        .route("/records/{register}/export.csv", get(records::csv))
        .route("/records/{register}/export.xes", get(records::xes))
        .route("/records/{register}/{id}", get(record::page))
        .route("/records/{register}/{id}/steps/{transition}", post(record_steps::step))
        .route("/units", get(units::list))
        .route("/units/{key}", get(units::page))
        .route("/scorecards", get(scorecards::list))
        .route("/scorecards/{id}", get(scorecards::page))
        .route("/search", get(search::page))
}

/// Every page here is for signed-in people: the others are led to the sign-in page.
fn signed_in(ctx: &Ctx) -> Result<Actor, PageError> {
    if ctx.visitor.is_some() { Ok(ctx.actor()) } else { Err(ctx.fault(Error::refused("access.sign_in"))) }
}

/// Makes the address complete where it leaves the unit open: an officer of a ward begins at the ward, and a unit that no longer
/// exists is shown on the last map it stood on. What was filled in is carried by every link, as if the address had said it.
pub(crate) fn settle(ctx: &mut Ctx, actor: &Actor) -> Result<Scene, PageError> {
    let office = ctx.app.office.clone();
    let world = office.world();
    let mut day = ctx.day()?;
    if ctx.state.unit.is_none() {
        let top = ctx.unit()?;
        if decide(actor, Action::View, None, Some(top), &world.units).is_err() {
            let own = actor.grants.iter().filter_map(|g| world.units.idx(&g.unit)).find(|u| world.units.unit(*u).is_valid_on(day));
            ctx.state.unit = own.map(|u| world.units.key(u).to_string());
        }
    }
    let unit = ctx.unit()?;
    if ctx.state.as_of.is_none() && !world.units.unit(unit).is_valid_on(day) {
        day = day_on_map(&world, unit, day);
        ctx.state.as_of = Some(day.to_string());
    }
    Ok(Scene { unit, day })
}

/// What a page is about.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    pub unit: u32,
    pub day: Date,
}

/// The day itself when the unit stands then, else its last day (its first, for a unit that is yet to come).
fn day_on_map(world: &World, unit: u32, day: Date) -> Date {
    let unit = world.units.unit(unit);
    match unit.valid_to {
        _ if unit.is_valid_on(day) => day,
        Some(end) if end <= day => end.yesterday().unwrap_or(end),
        _ => unit.key.valid_from,
    }
}

/// Reported figures and targets: what a figure is held against.
struct Programme {
    reported: Vec<ReportedFigure>,
    targets: Vec<Target>,
    /// Contradictions that nobody has decided.
    open: Vec<Conflict>,
}

impl Programme {
    async fn load(ctx: &Ctx, actor: &Actor) -> Result<Self, PageError> {
        let office = &ctx.app.office;
        Ok(Self {
            reported: office.reported_figures(actor).await.map_err(|e| ctx.fault(e))?,
            targets: office.targets(actor).await.map_err(|e| ctx.fault(e))?,
            open: office.conflicts(actor).await.map_err(|e| ctx.fault(e))?.into_iter().filter(|c| c.decided.is_none()).collect(),
        })
    }

    /// The targets that speak of an indicator and concern a unit, the one that binds the unit itself first.
    fn of(&self, ctx: &Ctx, world: &World, indicator: &str, scene: Scene) -> Vec<&Target> {
        let mut list: Vec<(bool, &Target)> = self
            .targets
            .iter()
            .filter(|t| world.indicator(&t.def.indicator).is_some_and(|i| i.id == indicator))
            .filter_map(|t| {
                let bound = ctx.app.office.bound_units(world, &t.def, scene.day);
                concerns(world, &bound, scene).then(|| (!bound.contains(&scene.unit), t))
            })
            .collect();
        list.sort_by_key(|(other, _)| *other);
        list.into_iter().map(|(_, t)| t).collect()
    }
}

/// Whether an indicator counts what stands at a moment (cameras, teams): a period's value then includes all periods before.
fn is_stock(world: &World, indicator: &Indicator) -> bool {
    let id = match &indicator.source {
        Source::Live { def, .. } => def.id.as_str(),
        Source::Reported(def) => def.live.as_deref().unwrap_or(&def.id),
        Source::Derived(_) => return false,
    };
    let month = Some((Month::new(2025, 1), Month::new(2025, 1)));
    indicator.cumulative() || world.reach(id, month) != month
}

/// Whether a target that binds `bound` says something about a unit: it binds the unit or units below it; a national target also
/// concerns the tenant's top.
pub(crate) fn concerns(world: &World, bound: &[u32], scene: Scene) -> bool {
    let top = world.root_on(scene.day).and_then(|k| world.units.idx(k));
    bound.is_empty()
        || bound.iter().any(|b| world.units.is_within(*b, scene.unit))
        || (top == Some(scene.unit) && bound.iter().any(|b| world.units.is_within(scene.unit, *b)))
}

/// Whether a target belongs on a unit's pages: as [`concerns`]; one that binds no unit belongs to its owner and to the whole.
pub(crate) fn belongs(world: &World, def: &rules::pack::TargetDef, bound: &[u32], scene: Scene) -> bool {
    if bound.is_empty() {
        let top = world.root_on(scene.day).and_then(|k| world.units.idx(k));
        return top == Some(scene.unit) || def.owner.as_ref() == Some(world.units.key(scene.unit));
    }
    concerns(world, bound, scene)
}

/// A segment of a path: what is not unreserved is percent-encoded (RFC 3986, 2.3). `@` may stand in a segment as it is.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => out.push(char::from(b)),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// The page of an indicator for a unit.
fn indicator_link(s: &Shell, id: &str, unit: &str) -> String {
    s.link_with(&format!("/indicators/{}", segment(id)), &[("unit", unit)])
}

/// The door behind a target's value: the indicator in the period the value is of; a figure that names no period, itself.
pub(crate) fn target_figure_link(s: &Shell, indicator: &str, unit: &str, on: &TargetOn) -> String {
    // How many units have reached it is no figure of an indicator.
    if on.each.is_some() {
        return String::new();
    }
    match (&on.reported, on.period) {
        (Some(f), None) => s.link(&format!("/figures/{}", f.record.id)),
        (_, Some(period)) => {
            s.link_with(&format!("/indicators/{}", segment(indicator)), &[("unit", unit), ("period", &period.to_string())])
        }
        (None, None) => indicator_link(s, indicator, unit),
    }
}

/// The period a target's value is of, in words.
pub(crate) fn period_on(t: Lang, on: &TargetOn) -> String {
    match (on.is_known(), on.period) {
        (false, _) => String::new(),
        (true, Some(period)) => t.period(period),
        (true, None) => t.msg("period-unknown"),
    }
}

/// An id that HTML and a style sheet's selector take as it is.
fn live_id(parts: &[&str]) -> String {
    parts.join("-").replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_")
}
