//! Directives, targets, tasks, reported figures.

use axum::{
    Json,
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use office::{
    Once,
    programme::{FigureInput, Sure, TaskFilter},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::{
    ApiResult, Caller, Problem,
    input::{Body, Params},
};

/// A directive, target or task as declared, with what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Item {
    pub id: String,
    pub record: String,
    pub version: i64,
    pub state: String,
    /// completed, in_progress, at_risk, overdue, waiting, pilot, recurring; null for directives
    pub status: Option<String>,
    /// Code and values of the rule that gave the status.
    #[schema(value_type = Object)]
    pub reason: Value,
    #[schema(value_type = Object)]
    pub body: Value,
}

fn reason(a: &rules::target::Assessment) -> Value {
    let args: serde_json::Map<String, Value> = a.reason.args.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
    json!({ "code": a.reason.code, "args": args })
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct DayQuery {
    /// ISO date; today by default.
    pub as_of: Option<String>,
    /// Unit key or code.
    pub unit: Option<String>,
}

fn day(caller: &Caller, q: &DayQuery) -> ApiResult<jiff::civil::Date> {
    match q.as_of.as_deref() {
        None | Some("") => Ok(caller.app.office.today()),
        Some(t) => {
            let refusal = rules::Refusal::new("input.date").with("field", "as_of").with("text", t);
            t.parse().map_err(|_| caller.fault(office::Error::Refused(refusal)))
        }
    }
}

/// Directives
#[utoipa::path(get, path = "/directives", tag = "programme", responses((status = 200, body = Vec<Item>), (status = 403, body = Problem)))]
pub async fn directives(caller: Caller) -> ApiResult<Json<Vec<Item>>> {
    let list = caller.app.office.directives(&caller.actor()).await.map_err(|e| caller.fault(e))?;
    Ok(Json(
        list.into_iter()
            .map(|d| Item {
                id: d.def.id.clone(),
                record: d.record.id.to_string(),
                version: d.record.version,
                state: d.record.state.clone(),
                status: None,
                reason: Value::Null,
                body: serde_json::to_value(&d.def).unwrap_or_default(),
            })
            .collect(),
    ))
}

/// Targets with their status for a unit on a day
#[utoipa::path(get, path = "/targets", tag = "programme", params(DayQuery), responses((status = 200, body = Vec<Item>), (status = 403, body = Problem)))]
pub async fn targets(caller: Caller, Params(q): Params<DayQuery>) -> ApiResult<Json<Vec<Item>>> {
    let office = &caller.app.office;
    let actor = caller.actor();
    let day = day(&caller, &q)?;
    let unit = office.unit_or_top(q.unit.as_deref(), day).map_err(|e| caller.fault(e))?;
    let list = office.targets(&actor).await.map_err(|e| caller.fault(e))?;
    let reported = office.reported_figures(&actor).await.map_err(|e| caller.fault(e))?;
    let world = office.world();
    let mut out = Vec::new();
    for t in list {
        let on = office.target_on(&world, &t, unit, day, &reported).map_err(|e| caller.fault(e))?;
        let mut body = serde_json::to_value(&t.def).unwrap_or_default();
        body["value"] = json!(on.value);
        body["numerator"] = json!(on.figure.map(|f| f.num));
        body["denominator"] = json!(on.figure.map(|f| f.den));
        body["conflict"] = json!(on.conflict);
        body["each"] = json!(on.each.map(|e| json!({ "reached": e.reached, "of": e.of })));
        out.push(Item {
            id: t.def.id.clone(),
            record: t.record.id.to_string(),
            version: t.record.version,
            state: t.record.state.clone(),
            status: Some(on.assessment.status.id().to_owned()),
            reason: reason(&on.assessment),
            body,
        });
    }
    Ok(Json(out))
}

/// Tasks
#[utoipa::path(get, path = "/tasks", tag = "programme", params(DayQuery), responses((status = 200, body = Vec<Item>), (status = 403, body = Problem)))]
pub async fn tasks(caller: Caller, Params(q): Params<DayQuery>) -> ApiResult<Json<Vec<Item>>> {
    let office = &caller.app.office;
    let day = day(&caller, &q)?;
    let unit = match &q.unit {
        Some(u) => Some(office.unit_or_top(Some(u), day).map_err(|e| caller.fault(e))?),
        None => None,
    };
    let list = office.tasks(&caller.actor(), &TaskFilter { unit, ..TaskFilter::default() }, day).await.map_err(|e| caller.fault(e))?;
    Ok(Json(
        list.into_iter()
            .map(|t| Item {
                id: t.def.id.clone(),
                record: t.record.id.to_string(),
                version: t.record.version,
                state: t.record.state.clone(),
                status: Some(t.assessment.status.id().to_owned()),
                reason: reason(&t.assessment),
                body: serde_json::to_value(&t.def).unwrap_or_default(),
            })
            .collect(),
    ))
}

/// A figure as a person writes it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewFigure {
    pub indicator: String,
    /// Unit key or code.
    pub unit: String,
    pub period: String,
    /// ISO date; absent = unknown.
    #[serde(default)]
    pub as_of: String,
    /// "97,63 %", "7.129 / 7.129", "hơn 1.246"
    pub written: String,
    pub source: String,
    #[serde(default)]
    pub note: String,
    /// The caller stands by what looks like a slip. Without it such a figure is answered with 409 `figure.doubtful` and `reasons`.
    #[serde(default)]
    pub confirm: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Created {
    pub id: String,
}

/// Enter a reported figure and hand it in
///
/// A figure that is possible and more often a slip (a share above 100 %, a day outside its period, one that already waits) is not taken
/// at once: the answer is 409 with code `figure.doubtful` and the `reasons`; the same request with `confirm: true` hands it in. With
/// `Idempotency-Key` the same request may be sent again and makes one figure.
#[utoipa::path(post, path = "/reported-figures", tag = "programme",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and request make one figure")), request_body = NewFigure,
    responses((status = 201, body = Created), (status = 403, body = Problem),
        (status = 409, body = Problem, description = "`figure.doubtful` with `reasons`; `idempotency.mismatch`"), (status = 422, body = Problem)))]
pub async fn submit_figure(caller: Caller, headers: HeaderMap, Body(new): Body<NewFigure>) -> ApiResult<(StatusCode, Json<Created>)> {
    let actor = caller.actor();
    let once = super::records::idempotency_key(&caller, &headers)?.map(|key| {
        let parts = [&new.indicator, &new.unit, &new.period, &new.as_of, &new.written, &new.source, &new.note];
        Once::new(&actor, &format!("figure:{key}"), parts.map(String::as_str))
    });
    let sure = if new.confirm { Sure::Yes } else { Sure::AskBack };
    let input = FigureInput {
        indicator: new.indicator,
        unit: new.unit,
        period: new.period,
        as_of: new.as_of,
        written: new.written,
        source: new.source,
        note: new.note,
        evidence: Vec::new(),
    };
    let id = caller.app.office.submit_figure_once(&actor, &input, sure, once).await.map_err(|e| caller.fault(e))?;
    Ok((StatusCode::CREATED, Json(Created { id })))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct AnswerFigure {
    /// The version that was seen.
    pub version: i64,
    pub approve: bool,
    /// Required when it is returned.
    #[serde(default)]
    pub reason: String,
}

/// Approve or return a figure
#[utoipa::path(post, path = "/reported-figures/{id}/answer", tag = "programme", params(("id" = String, Path)), request_body = AnswerFigure,
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn answer_figure(caller: Caller, Path(id): Path<String>, Body(a): Body<AnswerFigure>) -> ApiResult<StatusCode> {
    caller.app.office.answer_figure(&caller.actor(), &id, a.version, a.approve, &a.reason).await.map_err(|e| caller.fault(e))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Figures that contradict each other
#[utoipa::path(get, path = "/conflicts", tag = "programme", responses((status = 200, body = Vec<Object>), (status = 403, body = Problem)))]
pub async fn conflicts(caller: Caller) -> ApiResult<Json<Vec<Value>>> {
    let list = caller.app.office.conflicts(&caller.actor()).await.map_err(|e| caller.fault(e))?;
    Ok(Json(
        list.into_iter()
            .map(|c| {
                json!({
                    "indicator": c.indicator,
                    "unit": c.unit,
                    "period": c.period,
                    "decided": c.decided,
                    "figures": c.figures.iter().map(|f| json!({
                        "record": f.record.id.to_string(), "value": f.def.value, "as_written": f.def.as_written,
                        "as_of": f.def.as_of, "source": f.def.source, "quote": f.def.quote, "set_aside": f.extra.set_aside,
                    })).collect::<Vec<_>>(),
                })
            })
            .collect(),
    ))
}
