//! HTTP: who asks, what the address says, and which page or answer it gets.

mod bounds;
pub(crate) mod context;
pub(crate) mod error;
mod live;
pub(crate) mod posted;
mod serve;
pub(crate) mod session;
pub(crate) mod xes;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use office::{Office, one_stop::payment::gateway::Simulator};

pub use bounds::{Bounds, Uploads};
pub use context::Ctx;
pub use error::{PageError, PageResult, fault_sentence, sentence};
pub use posted::{Posted, Upload};
pub use serve::serve;

use crate::{api, assets, pages};

/// A form without files.
const BODY_MAX: usize = 1024 * 1024;

/// Settings of the server.
#[derive(Debug, Clone, Default)]
pub struct WebOptions {
    /// Reached over HTTPS: cookies are sent over nothing else.
    pub secure_cookies: bool,
    /// A reverse proxy stands in front and tells in `X-Forwarded-For` whom it speaks for.
    pub proxy: bool,
    /// Accounts shown on the sign-in page of a demonstration: (login, password, role in words of both languages).
    pub demo_accounts: Vec<(String, String, rules::Localized)>,
    pub bounds: Bounds,
    /// A payment gateway that only plays one; a demonstration has it.
    pub gateway: Option<Arc<Simulator>>,
}

/// What every handler has.
#[derive(Clone)]
pub struct App {
    pub office: Office,
    pub options: Arc<WebOptions>,
    pub uploads: Uploads,
}

/// The whole site: pages, API, event stream, files.
pub fn router(office: Office, options: WebOptions) -> Router {
    let (uploads, body_time) = (Uploads::new(&options.bounds), options.bounds.body_time);
    let app = App { office, options: Arc::new(options), uploads };
    Router::new()
        .route("/assets/{file}", get(assets::serve))
        .route("/sign-in", get(session::form).post(session::sign_in))
        .route("/sign-out", post(session::sign_out))
        .route("/preferences", post(session::preferences))
        .route("/live", get(live::stream))
        .merge(pages::routes())
        .nest("/api/v1", api::routes(app.clone()))
        .route("/healthz", get(health))
        .fallback(error::no_such_page)
        .method_not_allowed_fallback(error::no_such_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn_with_state(body_time, bounds::body_in_time))
        .layer(middleware::from_fn(headers))
        .with_state(app)
}

/// `GET /healthz`: the database answers.
async fn health(State(app): State<App>) -> Result<&'static str, axum::http::StatusCode> {
    app.office.store().head().await.map(|_| "ok\n").map_err(|_| axum::http::StatusCode::SERVICE_UNAVAILABLE)
}

/// Headers that every answer carries: nothing foreign is loaded, nothing is framed, nothing private is kept by caches.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let h = response.headers_mut();
    h.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(assets::CONTENT_SECURITY_POLICY));
    h.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    h.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    h.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
