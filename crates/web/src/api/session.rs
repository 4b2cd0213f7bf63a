//! Signing in for programs.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiResult, Caller, Problem, input::Body};
use crate::http::App;

#[derive(Debug, Deserialize, ToSchema)]
pub struct SignIn {
    pub login: String,
    pub password: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Send as `Authorization: Bearer …`.
    pub token: String,
    /// UTC instant at which it ends.
    pub expires: String,
}

/// Sign in
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn,
    responses((status = 200, body = Session), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub async fn open(caller: Caller, State(app): State<App>, Body(body): Body<SignIn>) -> ApiResult<Json<Session>> {
    let signed = app.office.sign_in(&body.login, &body.password, &caller.client).await.map_err(|e| caller.fault(e))?;
    Ok(Json(Session { token: signed.cookie, expires: signed.expires.to_string() }))
}

/// Sign out
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
pub async fn close(caller: Caller) -> ApiResult<StatusCode> {
    if let Some(secret) = &caller.secret {
        caller.app.office.sign_out(secret).await.map_err(|e| caller.fault(e))?;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    pub login: String,
    pub name: String,
    /// Role and unit key.
    pub grants: Vec<(String, String)>,
}

/// Who I am
#[utoipa::path(get, path = "/me", tag = "session", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub async fn me(caller: Caller) -> ApiResult<Json<Me>> {
    let Some(v) = &caller.visitor else { return Err(caller.fault(office::Error::refused("access.sign_in"))) };
    Ok(Json(Me {
        login: v.account.login.clone(),
        name: v.account.name.clone(),
        grants: v.account.grants.iter().map(|g| (g.role.id().to_owned(), g.unit.to_string())).collect(),
    }))
}
