//! Composite indices with their components.

use axum::{Json, extract::Path};
use office::{Error, scorecard::Value};
use rules::{Period, scorecard::Points};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ApiResult, Caller, Problem, figures::date, input::Params};

#[derive(Debug, Deserialize, IntoParams)]
pub struct ScorecardQuery {
    /// Unit key or code; the tenant's top by default.
    pub unit: Option<String>,
    /// 2025-06, 2025Q2, 2025, 2025-01..2025-06, all; all by default.
    pub period: Option<String>,
    pub as_of: Option<String>,
}

/// Points of a component, a group or the whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reached {
    /// null: nothing of it has data.
    pub points: Option<f64>,
    /// Most points of what has data.
    pub of: f64,
    pub max: f64,
}

impl From<Points> for Reached {
    fn from(p: Points) -> Self {
        Self { points: p.got, of: p.of, max: p.max }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Component {
    pub id: String,
    pub name_vi: String,
    pub name_en: String,
    /// In the measure's own terms: 97.63 for 97,63 %; null = no data, which is never full points.
    pub value: Option<f64>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// Value that earns all points; null: everything.
    pub full_at: Option<f64>,
    /// Indicator behind it: GET /figures/{indicator}, GET /figures/{indicator}/records.
    pub indicator: Option<String>,
    /// The weight was not published: the pack's own.
    pub own_weight: bool,
    pub estimated: bool,
    #[serde(flatten)]
    pub reached: Reached,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Group {
    pub id: String,
    pub name_vi: String,
    pub name_en: String,
    #[serde(flatten)]
    pub reached: Reached,
    pub components: Vec<Component>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LeagueLine {
    pub unit: String,
    /// From 1; equal points share a place; null: too little data.
    pub place: Option<usize>,
    pub judged: Option<f64>,
    pub band: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Scorecard {
    pub id: String,
    pub name_vi: String,
    pub name_en: String,
    pub unit: String,
    pub period: String,
    /// What the bands look at; null where too little has data.
    pub judged: Option<f64>,
    pub band: Option<String>,
    #[serde(flatten)]
    pub reached: Reached,
    pub groups: Vec<Group>,
    /// The units right below.
    pub league: Vec<LeagueLine>,
    pub simulated: bool,
}

/// A composite index for a unit and a period
#[utoipa::path(get, path = "/scorecards/{id}", tag = "figures", params(("id" = String, Path), ScorecardQuery),
    responses((status = 200, body = Scorecard), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn scorecard(caller: Caller, Path(id): Path<String>, Params(q): Params<ScorecardQuery>) -> ApiResult<Json<Scorecard>> {
    let office = &caller.app.office;
    let actor = caller.actor();
    let day = date(&caller, q.as_of.as_deref())?;
    let unit = office.unit_or_top(q.unit.as_deref(), day).map_err(|e| caller.fault(e))?;
    let period: Period = q.period.as_deref().unwrap_or("all").parse().map_err(|e: rules::time::TimeError| caller.fault(Error::from(e)))?;
    let scored = office.scorecard(&actor, &id, unit, period, day).map_err(|e| caller.fault(e))?;
    let lines = office.scorecard_league(&actor, &id, unit, period, day).map_err(|e| caller.fault(e))?;
    let world = office.world();
    let def = world.scorecards.get(&id).ok_or_else(|| caller.fault(Error::not_found(&id)))?;
    let band = |b: Option<usize>| b.and_then(|b| def.bands.get(b)).map(|b| b.id.clone());
    let mut groups = Vec::new();
    for (g, group) in def.groups.iter().enumerate() {
        let cells = scored.values.get(g).into_iter().flatten().zip(scored.score.components.get(g).into_iter().flatten());
        let component = |(c, (v, p)): (&rules::scorecard::ComponentDef, (&Value, &Points))| Component {
            id: c.id.clone(),
            name_vi: c.name.vi.clone(),
            name_en: c.name.en.clone(),
            value: v.points,
            numerator: v.numerator,
            denominator: v.denominator,
            full_at: c.full_at,
            indicator: v.indicator.clone(),
            own_weight: c.own_weight,
            estimated: v.estimated,
            reached: (*p).into(),
        };
        groups.push(Group {
            id: group.id.clone(),
            name_vi: group.name.vi.clone(),
            name_en: group.name.en.clone(),
            reached: scored.score.groups.get(g).copied().unwrap_or_default().into(),
            components: group.components.iter().zip(cells).map(component).collect(),
        });
    }
    Ok(Json(Scorecard {
        id: def.id.clone(),
        name_vi: def.name.vi.clone(),
        name_en: def.name.en.clone(),
        unit: world.units.key(unit).to_string(),
        period: period.to_string(),
        judged: scored.score.judged,
        band: band(scored.score.band),
        reached: scored.score.total.into(),
        groups,
        league: lines
            .iter()
            .map(|l| LeagueLine {
                unit: world.units.key(l.unit).to_string(),
                place: l.place,
                judged: l.score.judged,
                band: band(l.score.band),
            })
            .collect(),
        simulated: world.simulated,
    }))
}
