//! Registers and their records.

use axum::{
    Json,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use office::{
    Error,
    one_stop::{mask_case, masked_entry},
    personal::Through,
    registers::{NewRecord, Saved, StepInput},
};
use rules::{
    Refusal,
    access::{Action, decide},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{ListQuery, Record};
use utoipa::{IntoParams, ToSchema};

use super::{
    ApiResult, Caller, Problem,
    figures::RecordPage,
    input::{Body, Params},
    problem::with_etag,
};

#[derive(Debug, Serialize, ToSchema)]
pub struct RecordOut {
    pub register: String,
    pub id: String,
    pub key: Option<String>,
    pub unit: String,
    pub state: String,
    pub version: i64,
    pub created_at: String,
    pub updated_at: String,
    /// Personal fields are left out of lists, and for those whose work does not need them; what people wrote in a dossier's case is
    /// masked then. Reading a record that shows them is itself an entry of the ledger.
    #[schema(value_type = Object)]
    pub fields: Value,
}

impl RecordOut {
    /// In a list: without what is personal. That is read record by record, and each reading is kept.
    pub fn of(caller: &Caller, r: &Record) -> ApiResult<Self> {
        Self::with(caller, r, false)
    }

    fn with(caller: &Caller, r: &Record, clear: bool) -> ApiResult<Self> {
        let world = caller.app.office.world();
        let mut fields = r.fields().map_err(|e| caller.fault(e))?;
        if !clear && let Ok(register) = world.register(&r.register) {
            for f in register.schema.fields().iter().filter(|f| f.personal) {
                fields.remove(&f.id);
            }
            if let Some(case) = fields.get_mut("case") {
                mask_case(case);
            }
        }
        Ok(Self {
            register: r.register.clone(),
            id: r.id.to_string(),
            key: r.key.clone(),
            unit: r.unit.clone(),
            state: r.state.clone(),
            version: r.version,
            created_at: r.created_at.to_string(),
            updated_at: r.updated_at.to_string(),
            fields: Value::Object(fields),
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RegisterOut {
    pub id: String,
    pub name_vi: String,
    pub name_en: String,
    pub fields: Vec<FieldOut>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FieldOut {
    pub id: String,
    pub r#type: String,
    pub required: bool,
    pub personal: bool,
    pub choices: Vec<String>,
}

/// Declared registers
#[utoipa::path(get, path = "/registers", tag = "records", responses((status = 200, body = Vec<RegisterOut>), (status = 401, body = Problem)))]
pub async fn registers(caller: Caller) -> ApiResult<Json<Vec<RegisterOut>>> {
    if caller.visitor.is_none() {
        return Err(caller.fault(office::Error::refused("access.sign_in")));
    }
    let world = caller.app.office.world();
    Ok(Json(
        world
            .registers
            .values()
            .map(|r| RegisterOut {
                id: r.def.register.id.clone(),
                name_vi: r.def.register.name.vi.clone(),
                name_en: r.def.register.name.en.clone(),
                fields: r
                    .schema
                    .fields()
                    .iter()
                    .map(|f| FieldOut {
                        id: f.id.clone(),
                        r#type: format!("{:?}", f.ty).to_lowercase(),
                        required: f.required,
                        personal: f.personal,
                        choices: f.choices.clone(),
                    })
                    .collect(),
            })
            .collect(),
    ))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct RecordQuery {
    /// Words, with or without diacritics.
    pub q: Option<String>,
    pub state: Option<String>,
    pub unit: Option<String>,
    pub after: Option<String>,
    /// 1..500
    pub limit: Option<i64>,
}

/// Records of a register
#[utoipa::path(get, path = "/records/{register}", tag = "records", params(("register" = String, Path), RecordQuery),
    responses((status = 200, body = RecordPage), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list(caller: Caller, Path(register): Path<String>, Params(q): Params<RecordQuery>) -> ApiResult<Json<RecordPage>> {
    let query = ListQuery {
        register,
        units: q.unit.into_iter().collect(),
        states: q.state.into_iter().collect(),
        search: q.q.unwrap_or_default(),
        after: q.after,
        limit: q.limit.unwrap_or(50),
        ..ListQuery::default()
    };
    let (page, count) = caller.app.office.page_of(&caller.actor(), query).await.map_err(|e| caller.fault(e))?;
    Ok(Json(RecordPage::of(&caller, &page, count)?))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct ExportQuery {
    /// Words, with or without diacritics.
    pub q: Option<String>,
    pub state: Option<String>,
    pub unit: Option<String>,
}

/// The history of a register's records as an event log
///
/// XES (IEEE 1849): one case for each record, one event for each entry, with the events that an older system brought along. Without
/// personal data and free texts.
#[utoipa::path(get, path = "/registers/{register}/export.xes", tag = "records", params(("register" = String, Path), ExportQuery),
    responses((status = 200, body = String, content_type = "application/xml"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn export_xes(caller: Caller, Path(register): Path<String>, Params(q): Params<ExportQuery>) -> ApiResult<Response> {
    let query = ListQuery {
        register,
        units: q.unit.into_iter().collect(),
        states: q.state.into_iter().collect(),
        search: q.q.unwrap_or_default(),
        ..ListQuery::default()
    };
    crate::http::xes::response(&caller.app.office, &caller.actor(), query).await.map_err(|e| caller.fault(e))
}

async fn seen(caller: &Caller, register: &str, id: &str) -> ApiResult<Record> {
    let office = &caller.app.office;
    let world = office.world();
    world.register(register).map_err(|e| caller.fault(e))?;
    let record = office.find(register, id).await.map_err(|e| caller.fault(e))?;
    let unit = record.unit.parse().ok().and_then(|k| world.units.idx(&k));
    decide(&caller.actor(), Action::View, Some(register), unit, &world.units).map_err(|e| caller.fault(e))?;
    Ok(record)
}

/// One record, by identity or key
#[utoipa::path(get, path = "/records/{register}/{id}", tag = "records", params(("register" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = RecordOut), (status = 304), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn one(caller: Caller, headers: HeaderMap, Path((register, id)): Path<(String, String)>) -> ApiResult<Response> {
    let opened = caller.app.office.open_record(&caller.actor(), &register, &id, Through::Api).await.map_err(|e| caller.fault(e))?;
    let record = opened.record;
    let out = RecordOut::with(&caller, &record, opened.clear)?;
    Ok(with_etag(&headers, &format!("\"v{}\"", record.version), Json(out)))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EntryOut {
    /// Leaf index; null while it waits for its place.
    pub seq: Option<i64>,
    pub kind: String,
    pub actor: String,
    pub on_behalf: Option<String>,
    pub authority: Option<String>,
    pub at: String,
    pub record_version: i64,
    /// Canonical JSON as it is hashed; personal values are sealed. For those who do not read a dossier in clear, what was written in
    /// its acts is masked here and in `authority`.
    #[schema(value_type = Object)]
    pub body: Value,
}

/// History of a record
#[utoipa::path(get, path = "/records/{register}/{id}/history", tag = "records", params(("register" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Vec<EntryOut>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn history(caller: Caller, Path((register, id)): Path<(String, String)>) -> ApiResult<Json<Vec<EntryOut>>> {
    let record = seen(&caller, &register, &id).await?;
    let office = &caller.app.office;
    let mut list = office.store().history(&register, record.id).await.map_err(|e| caller.fault(e))?;
    if !office.reads_written(&caller.actor(), &record).map_err(|e| caller.fault(e))? {
        list = list.iter().map(masked_entry).collect::<office::Result<_>>().map_err(|e| caller.fault(e))?;
    }
    Ok(Json(
        list.into_iter()
            .map(|e| EntryOut {
                seq: e.seq,
                kind: e.kind,
                actor: e.actor,
                on_behalf: e.on_behalf,
                authority: e.authority,
                at: e.at.to_string(),
                record_version: e.record_version,
                body: serde_json::from_str(&e.body).unwrap_or(Value::Null),
            })
            .collect(),
    ))
}

/// Longest idempotency key.
const KEY_MAX: usize = 200;

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRecordIn {
    /// Unit key or code; valid today.
    pub unit: String,
    /// Outside identity; taken from the register's key field when absent.
    pub key: Option<String>,
    #[schema(value_type = Object)]
    pub fields: serde_json::Map<String, Value>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SavedOut {
    pub id: String,
    pub version: i64,
    pub state: String,
}

fn saved(status: StatusCode, register: &str, s: Saved) -> Response {
    let (etag, place) = (format!("\"v{}\"", s.version), format!("/api/v1/records/{register}/{}", s.id));
    let mut response = (status, Json(SavedOut { id: s.id, version: s.version, state: s.state })).into_response();
    for (name, value) in [(header::ETAG, etag), (header::LOCATION, place)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// `If-Match: "v3"` names the version that was seen.
pub(super) fn seen_version(caller: &Caller, headers: &HeaderMap) -> ApiResult<i64> {
    let text = headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    text.trim_matches('"').trim_start_matches('v').parse().map_err(|_| caller.fault(Error::refused("if_match.required")))
}

/// `Idempotency-Key`. One that cannot be kept is refused: who sends it counts on it.
pub(super) fn idempotency_key<'a>(caller: &Caller, headers: &'a HeaderMap) -> ApiResult<Option<&'a str>> {
    let Some(value) = headers.get("idempotency-key").filter(|v| !v.is_empty()) else { return Ok(None) };
    match value.to_str() {
        Ok(key) if key.len() <= KEY_MAX => Ok(Some(key)),
        _ => Err(caller.fault(Error::Refused(Refusal::new("idempotency.key").with("max", KEY_MAX)))),
    }
}

/// Create a record
///
/// With `Idempotency-Key` the same request may be sent again and makes one record.
#[utoipa::path(post, path = "/records/{register}", tag = "records", params(("register" = String, Path)), request_body = NewRecordIn,
    responses((status = 201, body = SavedOut), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(caller: Caller, headers: HeaderMap, Path(register): Path<String>, Body(new): Body<NewRecordIn>) -> ApiResult<Response> {
    let key = idempotency_key(&caller, &headers)?;
    let idempotency = key.map(|k| {
        let request = format!("{register}\n{}\n{:?}\n{}", new.unit, new.key, Value::Object(new.fields.clone()));
        (k.to_owned(), hex::encode(<sha2::Sha256 as sha2::Digest>::digest(request)))
    });
    let input = NewRecord { unit: new.unit, key: new.key, state: None, fields: new.fields };
    let made = caller.app.office.create_record_once(&caller.actor(), &register, input, idempotency).await.map_err(|e| caller.fault(e))?;
    Ok(saved(StatusCode::CREATED, &register, made))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeIn {
    /// Fields to change; null removes one.
    #[schema(value_type = Object)]
    pub fields: serde_json::Map<String, Value>,
    #[serde(default)]
    pub reason: String,
}

/// Change fields of a record
#[utoipa::path(patch, path = "/records/{register}/{id}", tag = "records",
    params(("register" = String, Path), ("id" = String, Path), ("If-Match" = String, Header, description = "\"v3\": the version that was seen")),
    request_body = ChangeIn,
    responses((status = 200, body = SavedOut), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    caller: Caller,
    headers: HeaderMap,
    Path((register, id)): Path<(String, String)>,
    Body(change): Body<ChangeIn>,
) -> ApiResult<Response> {
    let version = seen_version(&caller, &headers)?;
    let office = &caller.app.office;
    let made = office.change_record(&caller.actor(), &register, &id, version, &change.fields, &change.reason).await;
    Ok(saved(StatusCode::OK, &register, made.map_err(|e| caller.fault(e))?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct StepIn {
    /// Fields changed with the step.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: serde_json::Map<String, Value>,
    /// Why; required where the transition says so.
    #[serde(default)]
    pub reason: String,
}

/// Move a record along its lifecycle
#[utoipa::path(post, path = "/records/{register}/{id}/steps/{transition}", tag = "records",
    params(("register" = String, Path), ("id" = String, Path), ("transition" = String, Path),
        ("If-Match" = String, Header, description = "\"v3\": the version that was seen")),
    request_body = StepIn,
    responses((status = 200, body = SavedOut), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn step(
    caller: Caller,
    headers: HeaderMap,
    Path((register, id, transition)): Path<(String, String, String)>,
    Body(step): Body<StepIn>,
) -> ApiResult<Response> {
    let version = seen_version(&caller, &headers)?;
    let input = StepInput { transition, fields: step.fields, reason: step.reason };
    let made = caller.app.office.step_record(&caller.actor(), &register, &id, version, &input).await.map_err(|e| caller.fault(e))?;
    Ok(saved(StatusCode::OK, &register, made))
}
