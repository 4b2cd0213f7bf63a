//! Errors as `application/problem+json`, and who calls.

use axum::{
    Json,
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use office::{Error, people::Visitor};
use rules::access::Actor;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{App, context, error::sentence, error::status_of, posted::same_origin},
    i18n::Lang,
};

pub type ApiResult<T> = Result<T, ApiError>;

/// RFC 9457 problem details.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code says what it is.
    pub r#type: String,
    /// Short name of the HTTP status.
    pub title: String,
    pub status: u16,
    /// What happened, in the language of `Accept-Language` (Vietnamese by default).
    pub detail: String,
    /// Stable, lower case, dotted: `version.conflict`.
    pub code: String,
    /// The record as it stands now, when a version was stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<serde_json::Value>,
    /// What looks like a slip, one by one, when the request has to say that it stands by it (`figure.doubtful`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Doubt>,
}

/// Something that is possible and more often a slip.
#[derive(Debug, Serialize, ToSchema)]
pub struct Doubt {
    /// Stable: `figure.beyond_whole`, `figure.as_of_outside`, `figure.pending`.
    pub code: String,
    pub detail: String,
}

/// An error on its way to a program.
#[derive(Debug)]
pub struct ApiError {
    error: Error,
    t: Lang,
}

impl ApiError {
    #[must_use]
    pub fn new(t: Lang, error: impl Into<Error>) -> Self {
        Self { error: error.into(), t }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = status_of(&self.error);
        if status.is_server_error() {
            tracing::error!(error = %self.error, "an API request failed");
        }
        let current = match &self.error {
            Error::Store(store::Error::Conflict { current }) => {
                Some(serde_json::json!({ "id": current.id.to_string(), "version": current.version, "state": current.state }))
            }
            _ => None,
        };
        let reasons = match &self.error {
            Error::Doubtful(list) => list.iter().map(|r| Doubt { code: r.code.into(), detail: self.t.refusal(r) }).collect(),
            _ => Vec::new(),
        };
        let problem = Problem {
            r#type: "about:blank".into(),
            title: status.canonical_reason().unwrap_or_default().into(),
            status: status.as_u16(),
            detail: sentence(&self.error, self.t),
            code: self.error.code().into(),
            current,
            reasons,
        };
        let mut response = (status, Json(problem)).into_response();
        let h = response.headers_mut();
        h.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            h.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            h.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}

/// Who calls, with the language of the answer.
pub struct Caller {
    pub app: App,
    pub t: Lang,
    pub visitor: Option<Visitor>,
    /// Secret of the session, for signing out.
    pub secret: Option<String>,
    /// The address it came from.
    pub client: String,
}

impl Caller {
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.visitor.as_ref().map_or_else(Actor::anonymous, |v| v.actor.clone())
    }

    pub fn fault(&self, e: impl Into<Error>) -> ApiError {
        ApiError::new(self.t, e)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let t = language(&parts.headers);
        let bearer = context::bearer(&parts.headers);
        let secret = bearer.clone().or_else(|| context::cookie(&parts.headers, context::SESSION_COOKIE));
        let visitor = match &secret {
            Some(s) => app.office.visitor(s).await.map_err(|e| ApiError::new(t, e))?,
            None => None,
        };
        let writes = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if writes && bearer.is_none() {
            // A browser sends its cookie by itself: the page must show that it meant to.
            let token = parts.headers.get("x-csrf-token").and_then(|v| v.to_str().ok());
            let genuine = same_origin(&parts.headers) && visitor.as_ref().is_none_or(|v| Some(v.csrf.as_str()) == token);
            if !genuine {
                return Err(ApiError::new(t, Error::refused("csrf")));
            }
        }
        let client = context::client_of(parts, app.options.proxy);
        Ok(Self { app: app.clone(), t, visitor, secret, client })
    }
}

/// The language of an answer.
#[must_use]
pub fn language(headers: &axum::http::HeaderMap) -> Lang {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map_or(Lang::Vi, Lang::accept)
}

/// The whole path as it was asked for, also where this router stands below a prefix. Nobody needs to be signed in to hear it.
pub async fn no_such_path(OriginalUri(uri): OriginalUri, headers: axum::http::HeaderMap) -> ApiError {
    ApiError::new(language(&headers), Error::not_found(uri.path()))
}

/// The path is right, the verb is not.
pub async fn no_such_method(method: Method, OriginalUri(uri): OriginalUri, headers: axum::http::HeaderMap) -> ApiError {
    let refusal = rules::Refusal::new("method.not_allowed").with("method", method).with("path", uri.path());
    ApiError::new(language(&headers), Error::Refused(refusal))
}

/// Answers 304 when the caller already has this version.
pub fn with_etag(headers: &axum::http::HeaderMap, etag: &str, answer: impl IntoResponse) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let mut response = if known.is_some_and(|k| k.split(',').any(|k| k.trim().trim_start_matches("W/") == etag || k.trim() == "*")) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        answer.into_response()
    };
    if let Ok(value) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
