//! The one-stop desk for other systems.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
};
use office::one_stop::payment::Noticed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiError, ApiResult, Problem, problem::language};
use crate::http::App;

/// Headers of a signed message.
pub const TIMESTAMP: &str = "x-haidang-timestamp";
pub const SIGNATURE: &str = "x-haidang-signature";

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
