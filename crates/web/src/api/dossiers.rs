//! Dossiers for other systems: procedures with their forms, files, filing, answering what was asked, status and result.
//!
//! A system signs in with an account that has a grant at the unit, like an officer. What it reads of a dossier's status is not personal.

use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Path, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use office::{
    Error,
    one_stop::{Applicant, Complaint, CounterInput, Delivery, FILE_MAX_BYTES, Origin, PartGiven, Tracked, Upload},
};
use rules::{Refusal, one_stop::Way, procedure::Procedure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::{
    ApiError, ApiResult, Caller, Problem,
    input::{Body, Params},
    problem::{language, with_etag},
    records::{idempotency_key, seen_version},
};
use crate::{http::App, pages::pay_code};

/// Names in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    pub vi: String,
    pub en: String,
}

impl From<&rules::Localized> for Named {
    fn from(l: &rules::Localized) -> Self {
        Self { vi: l.vi.clone(), en: l.en.clone() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProcedureOut {
    /// National code.
    pub code: String,
    /// First day of this version; a dossier keeps the version it was filed under.
    pub valid_from: String,
    pub name: Named,
    pub sector: Named,
    pub level: String,
    /// `full` (toàn trình), `partial` (một phần), `none`
    pub online: String,
    /// Level of electronic identity that filing online demands, 0–2.
    pub identity: u8,
    /// `5 working_days`, `8 working_hours`, `same_day`, …
    pub term: String,
    pub parts: Vec<PartOut>,
    /// Questions as JSON Schema 2020-12 with layout hints; only for one procedure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub form: Option<Value>,
    /// Some of its values are not checked against the law yet.
    pub to_be_confirmed: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PartOut {
    pub id: String,
    pub name: Named,
    pub required: bool,
    /// Its content is made from the form's answers; no file is sent.
    pub from_form: bool,
    /// CEL over the form's answers: when it is wanted.
    pub when: Option<String>,
}

fn procedure_out(p: &Procedure, form: Option<Value>) -> ProcedureOut {
    let def = &p.def;
    let part = |x: &rules::procedure::PartDef| PartOut {
        id: x.id.clone(),
        name: (&x.name).into(),
        required: x.required,
        from_form: x.from_form,
        when: x.when.clone(),
    };
    ProcedureOut {
        code: def.code.clone(),
        valid_from: def.valid_from.to_string(),
        name: (&def.name).into(),
        sector: (&def.sector.name).into(),
        level: serde_json::to_value(def.level).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
        online: def.online.id().to_owned(),
        identity: def.identity,
        term: serde_json::to_value(def.term).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
        parts: def.parts.iter().map(part).collect(),
        form,
        to_be_confirmed: def.unconfirmed(),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct ProcedureQuery {
    /// Ordinary words, with or without diacritics.
    pub q: Option<String>,
    /// Only what this unit decides: key or code.
    pub unit: Option<String>,
}

/// Procedures in force today
#[utoipa::path(get, path = "/one-stop/procedures", tag = "one-stop", params(ProcedureQuery),
    responses((status = 200, body = Vec<ProcedureOut>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn procedures(caller: Caller, Params(q): Params<ProcedureQuery>) -> ApiResult<Json<Vec<ProcedureOut>>> {
    signed_in(&caller)?;
    let office = &caller.app.office;
    let (world, today) = (office.world(), office.today());
    let mut list: Vec<_> = match q.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        Some(words) => world.find_procedures(words, today, FOUND_MAX),
        None => world.procedures_on(today),
    };
    if let Some(unit) = q.unit.as_deref() {
        let idx = world.unit_idx(unit, today).ok_or_else(|| caller.fault(Error::not_found(unit)))?;
        let offered = world.procedures_for(idx, today);
        list.retain(|p| offered.iter().any(|o| o.def.code == p.def.code));
    }
    Ok(Json(list.into_iter().map(|p| procedure_out(p, None)).collect()))
}

/// Procedures that a search finds at most.
const FOUND_MAX: usize = 50;

/// One procedure with its form
#[utoipa::path(get, path = "/one-stop/procedures/{code}", tag = "one-stop", params(("code" = String, Path)),
    responses((status = 200, body = ProcedureOut), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn procedure(caller: Caller, Path(code): Path<String>) -> ApiResult<Json<ProcedureOut>> {
    signed_in(&caller)?;
    let office = &caller.app.office;
    let world = office.world();
    let p = world.procedure(&code, office.today()).ok_or_else(|| caller.fault(Error::not_found(&code)))?;
    Ok(Json(procedure_out(p, Some(p.json_schema(caller.t.tag())))))
}

fn signed_in(caller: &Caller) -> ApiResult<()> {
    if caller.visitor.is_none() { Err(caller.fault(Error::refused("access.sign_in"))) } else { Ok(()) }
}

/// The bytes of a file, bounded before they are read.
pub struct RawFile(Bytes);

impl FromRequest<App> for RawFile {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, app: &App) -> Result<Self, ApiError> {
        let t = language(request.headers());
        let large = || ApiError::new(t, Error::Refused(Refusal::new("input.body_too_large").with("max", FILE_MAX_BYTES / 1024 / 1024)));
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|n| n > FILE_MAX_BYTES) {
            return Err(large());
        }
        let room = app.uploads.take(announced.unwrap_or(FILE_MAX_BYTES)).await;
        let _room = room.ok_or_else(|| ApiError::new(t, Error::refused("uploads.busy")))?;
        DefaultBodyLimit::max(FILE_MAX_BYTES).apply(&mut request);
        match Bytes::from_request(request, app).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(e) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(large()),
            Err(_) => Err(ApiError::new(t, Error::refused("input.form"))),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct FileQuery {
    /// The unit that receives the dossier: key or code.
    pub unit: String,
    /// The part of the dossier that it is for.
    pub part: String,
    /// With its extension; the content must be what it says.
    pub name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FileOut {
    pub part: String,
    pub name: String,
    pub sha256: String,
    pub size: i64,
    pub media_type: String,
    /// Send it back with the dossier: a hash alone gives no right to a file.
    pub receipt: String,
}

/// Store a file for a dossier
///
/// The body is the file itself. It is acknowledged once it is on disk, with its SHA-256.
#[utoipa::path(post, path = "/one-stop/files", tag = "one-stop", params(FileQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = FileOut), (status = 401, body = Problem), (status = 403, body = Problem), (status = 413, body = Problem),
        (status = 422, body = Problem)))]
pub async fn put_file(caller: Caller, Params(q): Params<FileQuery>, RawFile(bytes): RawFile) -> ApiResult<(StatusCode, Json<FileOut>)> {
    signed_in(&caller)?;
    let office = &caller.app.office;
    let world = office.world();
    let idx = world.unit_idx(q.unit.trim(), office.today()).ok_or_else(|| caller.fault(Error::not_found(&q.unit)))?;
    let unit = world.units.key(idx).to_string();
    let upload = Upload { name: q.name, media_type: String::new(), bytes: bytes.into() };
    let kept = office.keep_file(&caller.actor(), &unit, &q.part, upload, Origin::Upload).await.map_err(|e| caller.fault(e))?;
    let out = FileOut {
        part: kept.part,
        name: kept.name,
        sha256: kept.sha256.unwrap_or_default(),
        size: kept.size,
        media_type: kept.media_type,
        receipt: kept.receipt.unwrap_or_default(),
    };
    Ok((StatusCode::CREATED, Json(out)))
}

/// A part as it is handed in: what storing the file answered.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PartIn {
    pub part: String,
    pub sha256: String,
    pub receipt: String,
    #[serde(default)]
    pub name: String,
}

fn parts_of(caller: &Caller, list: Vec<PartIn>) -> Vec<PartGiven> {
    let at = caller.app.office.now();
    let one = |p: PartIn| PartGiven {
        name: if p.name.is_empty() { p.part.clone() } else { p.name },
        part: p.part,
        sha256: Some(p.sha256),
        size: 0,
        media_type: String::new(),
        at,
        origin: Origin::Upload,
        paper: None,
        copies: 1,
        searchable: None,
        receipt: Some(p.receipt),
    };
    list.into_iter().map(one).collect()
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ApplicantIn {
    pub name: String,
    /// Identity number, or tax code for an enterprise.
    #[serde(default)]
    pub id_number: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub address: String,
    /// `citizen`, `enterprise`, `household`
    #[serde(default)]
    pub kind: String,
}

/// How the citizen wants the result (cách nhận kết quả).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResultWay {
    /// At the one-stop desk.
    Desk,
    /// By post (bưu chính công ích).
    Post,
    Online,
}

impl From<ResultWay> for Way {
    fn from(way: ResultWay) -> Self {
        match way {
            ResultWay::Desk => Self::Desk,
            ResultWay::Post => Self::Post,
            ResultWay::Online => Self::Online,
        }
    }
}

impl From<Way> for ResultWay {
    fn from(way: Way) -> Self {
        match way {
            Way::Desk => Self::Desk,
            Way::Post => Self::Post,
            Way::Online => Self::Online,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct DossierIn {
    /// National code of the procedure.
    pub procedure: String,
    /// The unit that receives it: key or code.
    pub unit: String,
    /// The unit that decides it, where it is another one (phi địa giới).
    pub away_unit: Option<String>,
    pub applicant: ApplicantIn,
    /// Answers by the ids of the procedure's form.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub form: Map<String, Value>,
    #[serde(default)]
    pub parts: Vec<PartIn>,
    /// Absent where the citizen was not asked: the desk asks, then.
    pub result_way: Option<ResultWay>,
    /// Where the post brings the result; the applicant's address when absent.
    #[serde(default)]
    pub result_address: String,
    /// The system vouches for the applicant's electronic identity.
    #[serde(default)]
    pub identified: bool,
    /// Another dossier of the same person and procedure is open, and this is another matter.
    #[serde(default)]
    pub despite_duplicate: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FiledOut {
    pub code: String,
    /// With the code it opens the dossier to its citizen. Told once: when the same request comes again it is empty.
    pub secret: String,
    pub version: i64,
    pub filed_at: String,
    /// By when the desk accepts it or says what is missing.
    pub answer_by: Option<String>,
    pub fee_vnd: u64,
}

fn versioned(status: StatusCode, version: i64, code: &str, body: impl IntoResponse) -> Response {
    let mut response = (status, body).into_response();
    for (name, value) in [(header::ETAG, format!("\"v{version}\"")), (header::LOCATION, format!("/api/v1/one-stop/dossiers/{code}"))] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// File a dossier for a citizen
///
/// With `Idempotency-Key` the same request may be sent again and files one dossier.
#[utoipa::path(post, path = "/one-stop/dossiers", tag = "one-stop", request_body = DossierIn,
    responses((status = 201, body = FiledOut), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn create(caller: Caller, headers: HeaderMap, Body(new): Body<DossierIn>) -> ApiResult<Response> {
    signed_in(&caller)?;
    let once = idempotency_key(&caller, &headers)?.unwrap_or_default().to_owned();
    let a = new.applicant;
    let input = CounterInput {
        procedure: new.procedure,
        unit: new.unit,
        applicant: Applicant { name: a.name, id_number: a.id_number, phone: a.phone, email: a.email, address: a.address, kind: a.kind },
        form: new.form,
        parts: parts_of(&caller, new.parts),
        away_unit: new.away_unit,
        delivery: new.result_way.map(|way| Delivery { way: way.into(), address: new.result_address }),
        identified: new.identified,
        despite_duplicate: new.despite_duplicate,
        once,
        ..CounterInput::default()
    };
    let filed = caller.app.office.file_for(&caller.actor(), &input).await.map_err(|e| caller.fault(e))?;
    let out = FiledOut {
        code: filed.code.clone(),
        secret: filed.secret,
        version: filed.version,
        filed_at: filed.filed_at.to_string(),
        answer_by: filed.answer_by.map(|t| t.to_string()),
        fee_vnd: filed.fee_vnd,
    };
    Ok(versioned(StatusCode::CREATED, filed.version, &filed.code, Json(out)))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StatusOut {
    pub code: String,
    pub procedure: String,
    pub unit: String,
    pub version: i64,
    /// `registered`, `received`, `supplement`, `payment`, …
    pub status: String,
    /// Code of the national exchange, 1–10.
    pub national_status: u8,
    pub filed_at: String,
    pub received_at: Option<String>,
    pub due_at: Option<String>,
    /// The deadline lies in a year whose calendar is not announced.
    pub provisional: bool,
    /// What is asked of the citizen, and until which day.
    pub asked: Vec<AskedOut>,
    pub asked_until: Option<String>,
    pub fee_vnd: u64,
    /// How the citizen wants the result; absent where nobody asked.
    pub result_way: Option<ResultWay>,
    pub payment: Option<PayOut>,
    pub result: Option<ResultOut>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AskedOut {
    /// `missing`, `illegible`, `wrong`, …
    pub kind: String,
    pub part: Option<String>,
    /// In words; absent for those who see personal data masked, for it may name people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What is to be paid, and how.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayOut {
    pub reference: String,
    pub amount_vnd: u64,
    pub purpose: String,
    pub bank_bin: Option<String>,
    pub account: Option<String>,
    pub holder: Option<String>,
    /// Payload of the VietQR code.
    pub vietqr: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ResultOut {
    pub number: Option<String>,
    pub sha256: String,
    pub href: String,
}

async fn status_out(caller: &Caller, d: &Tracked) -> ApiResult<StatusOut> {
    let due = caller.app.office.payment_due(&d.code).await.map_err(|e| caller.fault(e))?;
    let id = |v: Value| v.as_str().map(str::to_owned).unwrap_or_default();
    let pay = due.map(|due| {
        let vietqr = pay_code::payload(&due);
        let (bank_bin, account, holder) = match due.account {
            Some(a) => (Some(a.bin), Some(a.account), Some(a.holder)),
            None => (None, None, None),
        };
        PayOut { reference: due.reference, amount_vnd: due.amount_vnd, purpose: due.purpose, bank_bin, account, holder, vietqr }
    });
    let asked = d.asks.iter().map(|r| AskedOut {
        kind: id(serde_json::to_value(r.kind).unwrap_or_default()),
        part: r.part.clone(),
        text: Some(r.text.clone()).filter(|text| !text.is_empty()),
    });
    Ok(StatusOut {
        code: d.code.clone(),
        procedure: d.procedure_code.clone(),
        unit: d.unit.clone(),
        version: d.version,
        status: d.status.id().to_owned(),
        national_status: d.status.national_code(),
        filed_at: d.filed_at.to_string(),
        received_at: d.received_at.map(|t| t.to_string()),
        due_at: d.due_at.map(|t| t.to_string()),
        provisional: d.provisional,
        asked: asked.collect(),
        asked_until: d.until.map(|day| day.to_string()),
        fee_vnd: d.fee_vnd,
        result_way: d.delivery.as_ref().map(|d| d.way.into()),
        payment: pay,
        result: d.result.as_ref().map(|r| ResultOut {
            number: r.number.clone(),
            sha256: r.sha256.clone(),
            href: format!("/api/v1/one-stop/dossiers/{}/result", d.code),
        }),
    })
}

/// Where a dossier stands
///
/// Holds nothing personal. The `ETag` is its version.
#[utoipa::path(get, path = "/one-stop/dossiers/{code}", tag = "one-stop", params(("code" = String, Path)),
    responses((status = 200, body = StatusOut), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn status(caller: Caller, headers: HeaderMap, Path(code): Path<String>) -> ApiResult<Response> {
    let d = caller.app.office.dossier_status(&caller.actor(), &code).await.map_err(|e| caller.fault(e))?;
    let out = status_out(&caller, &d).await?;
    Ok(with_etag(&headers, &format!("\"v{}\"", d.version), Json(out)))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SupplementIn {
    #[serde(default)]
    pub parts: Vec<PartIn>,
    /// Answers that change.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub form: Map<String, Value>,
    #[serde(default)]
    pub note: String,
}

/// Answer, for the citizen, what was asked
#[utoipa::path(post, path = "/one-stop/dossiers/{code}/supplement", tag = "one-stop",
    params(("code" = String, Path), ("If-Match" = String, Header, description = "\"v3\": the version that was seen")), request_body = SupplementIn,
    responses((status = 200, body = StatusOut), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn supplement(
    caller: Caller,
    headers: HeaderMap,
    Path(code): Path<String>,
    Body(answer): Body<SupplementIn>,
) -> ApiResult<Response> {
    signed_in(&caller)?;
    let (version, office) = (seen_version(&caller, &headers)?, &caller.app.office);
    let once = idempotency_key(&caller, &headers)?.unwrap_or_default();
    let parts = parts_of(&caller, answer.parts);
    let done = office.supplement_for(&caller.actor(), &code, version, &parts, &answer.form, &answer.note, once).await;
    done.map_err(|e| caller.fault(e))?;
    let d = office.dossier_status(&caller.actor(), &code).await.map_err(|e| caller.fault(e))?;
    let out = status_out(&caller, &d).await?;
    Ok(versioned(StatusCode::OK, d.version, &d.code, Json(out)))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct DeliveryIn {
    pub result_way: ResultWay,
    /// Where the post brings the result; the applicant's address when absent.
    #[serde(default)]
    pub result_address: String,
}

/// Change how the citizen wants the result
///
/// Until it is handed over. With `Idempotency-Key` the same request may be sent again and changes it once.
#[utoipa::path(put, path = "/one-stop/dossiers/{code}/delivery", tag = "one-stop",
    params(("code" = String, Path), ("If-Match" = String, Header, description = "\"v3\": the version that was seen")), request_body = DeliveryIn,
    responses((status = 200, body = StatusOut), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn delivery(caller: Caller, headers: HeaderMap, Path(code): Path<String>, Body(wanted): Body<DeliveryIn>) -> ApiResult<Response> {
    signed_in(&caller)?;
    let (version, office) = (seen_version(&caller, &headers)?, &caller.app.office);
    let once = idempotency_key(&caller, &headers)?.unwrap_or_default();
    let wanted = Delivery { way: wanted.result_way.into(), address: wanted.result_address };
    office.change_delivery(&caller.actor(), &code, version, &wanted, once).await.map_err(|e| caller.fault(e))?;
    let d = office.dossier_status(&caller.actor(), &code).await.map_err(|e| caller.fault(e))?;
    let out = status_out(&caller, &d).await?;
    Ok(versioned(StatusCode::OK, d.version, &d.code, Json(out)))
}

/// The result's file
#[utoipa::path(get, path = "/one-stop/dossiers/{code}/result", tag = "one-stop", params(("code" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn result(caller: Caller, headers: HeaderMap, Path(code): Path<String>) -> ApiResult<Response> {
    let (info, bytes) = caller.app.office.result_for(&caller.actor(), &code).await.map_err(|e| caller.fault(e))?;
    let etag = format!("\"{}\"", info.sha256);
    Ok(with_etag(&headers, &etag, ([(header::CONTENT_TYPE, info.media_type)], bytes)))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct ComplaintQuery {
    /// Key or code; the top unit when absent.
    pub unit: Option<String>,
    /// Those that were answered, in place of those that wait.
    #[serde(default)]
    pub answered: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintOut {
    pub code: String,
    pub dossier: String,
    pub unit: String,
    /// `feedback` (phản ánh, kiến nghị) or `complaint` (khiếu nại)
    pub kind: String,
    /// `received`, `assigned`, `answered`
    pub state: String,
    pub text: String,
    pub filed_at: String,
    pub due_at: Option<String>,
    pub basis: Option<String>,
    /// The deadline is to be confirmed in the document that sets it.
    pub to_be_confirmed: bool,
    pub assignee: Option<String>,
    pub answer: Option<String>,
    pub answered_at: Option<String>,
}

/// Complaints about dossiers
///
/// All of a unit for its leaders; for others those that they were given.
#[utoipa::path(get, path = "/one-stop/complaints", tag = "one-stop", params(ComplaintQuery),
    responses((status = 200, body = Vec<ComplaintOut>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn complaints(caller: Caller, Params(q): Params<ComplaintQuery>) -> ApiResult<Json<Vec<ComplaintOut>>> {
    let office = &caller.app.office;
    let world = office.world();
    let unit = match q.unit.as_deref() {
        Some(text) => world.unit_idx(text, office.today()),
        None => world.root_on(office.today()).and_then(|k| world.units.idx(k)),
    };
    let unit = unit.ok_or_else(|| caller.fault(Error::not_found(q.unit.as_deref().unwrap_or_default())))?;
    let list = office.complaints(&caller.actor(), unit, q.answered).await.map_err(|e| caller.fault(e))?;
    let out = |c: Complaint| ComplaintOut {
        code: c.code,
        dossier: c.dossier,
        unit: c.unit,
        kind: c.kind.id().to_owned(),
        state: c.state,
        text: c.text,
        filed_at: c.filed_at.to_string(),
        due_at: c.due_at.map(|t| t.to_string()),
        basis: c.basis,
        to_be_confirmed: c.to_be_confirmed,
        assignee: c.assignee,
        answer: c.answer,
        answered_at: c.answered_at.map(|t| t.to_string()),
    };
    Ok(Json(list.into_iter().map(out).collect()))
}
