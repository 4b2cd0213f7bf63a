//! What a program sends: a body and query parameters. What cannot be read is a problem like any other, in the caller's language.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Query, Request, rejection::JsonRejection},
    http::{StatusCode, request::Parts},
};
use office::Error;
use rules::Refusal;
use serde::de::DeserializeOwned;

use super::problem::{ApiError, language};
use crate::http::App;

/// Longest explanation of a parser that is passed on.
const REASON_MAX: usize = 300;
/// Largest body, as the server is set up (`http::BODY_MAX`), in MB.
const BODY_MB: usize = 1;

/// A JSON body.
pub struct Body<T>(pub T);

/// Query parameters.
pub struct Params<T>(pub T);

fn refusal(code: &'static str, reason: &str) -> Error {
    Error::Refused(Refusal::new(code).with("reason", reason.chars().take(REASON_MAX).collect::<String>()))
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let t = language(request.headers());
        match Json::from_request(request, app).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(ApiError::new(t, Error::refused("input.media_type"))),
            Err(e) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ApiError::new(t, Error::Refused(Refusal::new("input.body_too_large").with("max", BODY_MB))))
            }
            Err(e) => Err(ApiError::new(t, refusal("input.json", &e.body_text()))),
        }
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let t = language(&parts.headers);
        match Query::from_request_parts(parts, app).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(e) => Err(ApiError::new(t, refusal("input.query", &e.body_text()))),
        }
    }
}
