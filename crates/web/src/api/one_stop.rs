//! The one-stop desk for other systems.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use office::one_stop::{payment::Noticed, webhooks::Notified};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiError, ApiResult, Caller, Problem, problem::language};
use crate::http::App;

/// Headers of a signed message.
pub const TIMESTAMP: &str = "x-haidang-timestamp";
pub const SIGNATURE: &str = "x-haidang-signature";

/// One notice to another system.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotifiedOut {
    pub webhook: String,
    /// Known to the hearer: the same event may arrive more than once.
    pub event: String,
    pub dossier: String,
    pub status: String,
    /// `waiting`, `running`, `done`, `failed`
    pub state: String,
    pub attempts: i64,
    /// When it is tried next, or was done.
    pub at: String,
    pub outcome: Option<String>,
}

/// Notices shown at once.
const NOTICES: i64 = 200;

/// Notices to other systems, the newest first
#[utoipa::path(get, path = "/one-stop/webhooks", tag = "one-stop",
    responses((status = 200, body = Vec<NotifiedOut>), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn webhooks(caller: Caller) -> ApiResult<Json<Vec<NotifiedOut>>> {
    let list = caller.app.office.notices_out(&caller.actor(), NOTICES).await.map_err(|e| caller.fault(e))?;
    let out = |n: Notified| NotifiedOut {
        webhook: n.webhook,
        event: n.event,
        dossier: n.dossier,
        status: n.status,
        state: n.state.id().to_owned(),
        attempts: n.attempts,
        at: n.at.to_string(),
        outcome: n.outcome,
    };
    Ok(Json(list.into_iter().map(out).collect()))
}

/// Try a notice again that was given up
#[utoipa::path(post, path = "/one-stop/webhooks/{webhook}/{event}/retry", tag = "one-stop",
    params(("webhook" = String, Path), ("event" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn retry_webhook(caller: Caller, Path((webhook, event)): Path<(String, String)>) -> ApiResult<StatusCode> {
    let done = caller.app.office.retry_notice(&caller.actor(), &webhook, &event).await;
    done.map(|()| StatusCode::NO_CONTENT).map_err(|e| caller.fault(e))
}

/// Money that came in. Members beyond these are kept as they came.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "documents what the office reads from the signed bytes")]
pub struct BankNoticeIn {
    /// The sender's own number of the transfer: however often it comes, it counts once.
    transaction: String,
    /// The account that received the money.
    account: String,
    amount_vnd: u64,
    #[serde(default)]
    purpose: String,
    /// RFC 3339 with an offset.
    booked_at: String,
    /// `account`, `name`, `bank` of who paid.
    #[schema(value_type = Object)]
    #[serde(default)]
    payer: serde_json::Value,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BankNoticeOut {
    pub notice: String,
    /// `matched`, or `open` when a cashier has to look.
    pub state: String,
    /// Reference of the demand.
    pub payment: Option<String>,
    /// `unknown`, `account`, `twice`, `cancelled`
    pub problem: Option<String>,
    /// It had been told before.
    pub repeated: bool,
}

impl From<Noticed> for BankNoticeOut {
    fn from(n: Noticed) -> Self {
        Self { notice: n.notice, state: n.state, payment: n.payment, problem: n.problem, repeated: n.repeated }
    }
}

/// Tell that money came in
///
/// From a bank or a payment gateway whose secret the operator has set up. `X-Haidang-Timestamp` is the moment of sending in seconds
/// since 1970, `X-Haidang-Signature` is `sha256=` and the hexadecimal HMAC-SHA256 of `timestamp.body` under the shared secret. A
/// message is taken within five minutes of its moment. Repeats get the first answer.
#[utoipa::path(post, path = "/one-stop/bank-notices/{bank}", tag = "one-stop",
    params(("bank" = String, Path), ("X-Haidang-Timestamp" = String, Header), ("X-Haidang-Signature" = String, Header)),
    request_body = BankNoticeIn,
    responses((status = 200, body = BankNoticeOut), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn bank_notice(
    State(app): State<App>,
    headers: HeaderMap,
    Path(bank): Path<String>,
    body: Bytes,
) -> ApiResult<Json<BankNoticeOut>> {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let taken = app.office.take_bank_notice(&bank, header(TIMESTAMP), header(SIGNATURE), &body).await;
    taken.map(|n| Json(n.into())).map_err(|e| ApiError::new(language(&headers), e))
}
