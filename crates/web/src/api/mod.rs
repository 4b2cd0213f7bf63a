//! REST API under `/api/v1`: the same use cases as the pages, for programs.
//!
//! Signed in by `Authorization: Bearer` (from `POST /session`) or by the browser's session; a browser session that writes also
//! sends `X-CSRF-Token`. Errors are `application/problem+json` (RFC 9457) with a stable `code`. Lists are paged by cursor.
//! Records carry an ETag of their version; a change names it in `If-Match`.

mod dossiers;
mod figures;
mod input;
mod ledger;
mod one_stop;
mod problem;
mod programme;
mod records;
mod scorecards;
mod session;

use axum::{Json, Router, routing::get};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use problem::{ApiError, ApiResult, Caller, Problem};

use crate::http::App;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hải Đăng API",
        description = "Figures with their records and proofs; the programme; registers; the ledger. \
                       Errors are application/problem+json with a stable code.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/api/v1")),
    tags(
        (name = "session", description = "Signing in"),
        (name = "figures", description = "Indicators and their live figures"),
        (name = "programme", description = "Directives, targets, tasks, reported figures"),
        (name = "records", description = "Registers and their records"),
        (name = "one-stop", description = "The one-stop desk for other systems"),
        (name = "ledger", description = "The tamper-evident ledger")
    )
)]
struct Document;

fn documented() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(session::open, session::close))
        .routes(routes!(session::me))
        .routes(routes!(figures::units))
        .routes(routes!(figures::indicators))
        .routes(routes!(figures::indicator))
        .routes(routes!(figures::figure))
        .routes(routes!(figures::matrix))
        .routes(routes!(figures::records_behind))
        .routes(routes!(scorecards::scorecard))
        .routes(routes!(records::registers))
        .routes(routes!(records::export_xes))
        .routes(routes!(records::list, records::create))
        .routes(routes!(records::one, records::change))
        .routes(routes!(records::step))
        .routes(routes!(records::history))
        .routes(routes!(programme::directives))
        .routes(routes!(programme::targets))
        .routes(routes!(programme::tasks))
        .routes(routes!(programme::submit_figure))
        .routes(routes!(programme::answer_figure))
        .routes(routes!(programme::conflicts))
        .routes(routes!(dossiers::procedures))
        .routes(routes!(dossiers::procedure))
        .routes(routes!(dossiers::put_file))
        .routes(routes!(dossiers::create))
        .routes(routes!(dossiers::status))
        .routes(routes!(dossiers::supplement))
        .routes(routes!(dossiers::delivery))
        .routes(routes!(dossiers::result))
        .routes(routes!(dossiers::complaints))
        .routes(routes!(one_stop::bank_notice))
        .routes(routes!(one_stop::webhooks))
        .routes(routes!(one_stop::retry_webhook))
        .routes(routes!(ledger::head))
        .routes(routes!(ledger::checkpoints))
        .routes(routes!(ledger::proof))
}

/// The OpenAPI document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    documented().split_for_parts().1
}

/// The routes, without their prefix.
pub fn routes(app: App) -> Router<App> {
    let (router, document) = documented().split_for_parts();
    let json = serde_json::to_value(&document).unwrap_or_default();
    router
        .route("/openapi.json", get(move || async move { Json(json) }))
        .fallback(problem::no_such_path)
        .method_not_allowed_fallback(problem::no_such_method)
        .with_state(app)
}
