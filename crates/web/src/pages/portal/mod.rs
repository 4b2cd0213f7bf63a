//! The citizens' portal: one question at a time, on a phone, without any script.
//!
//! Its frame is not the console's: no menu, one column, a sheet and faces of its own. A citizen is known by a visit of an identity
//! provider; a guest's draft and a dossier are reached by what only their owner has (a cookie, the dossier's secret).

mod again;
mod begin;
mod complain;
mod filing;
mod find;
pub(crate) mod frame;
mod help;
mod number;
mod pay;
mod questions;
mod queue;
mod result;
mod sign;
mod track;
mod track_acts;
pub(crate) mod view;
mod words;

use axum::{
    Router,
    routing::{get, post},
};

use crate::http::App;

/// Every page of the portal. None of them needs an officer's account.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/portal", get(find::home))
        .route("/portal/procedures", get(find::list))
        .route("/portal/procedures/{code}", get(begin::show).post(begin::begin))
        .route("/desk/help", get(help::page).post(help::begin))
        .route("/portal/help/end", post(help::end))
        .route("/portal/queue/{unit}", get(queue::wall))
        .route("/portal/queue/{unit}/take", get(number::choose).post(number::draw))
        .route("/portal/tickets/{id}", get(number::follow))
        .route("/portal/sign-in", get(sign::form).post(sign::sign_in))
        .route("/portal/sign-out", post(sign::sign_out))
        .route("/portal/mine", get(sign::mine))
        .route("/portal/drafts/{id}", get(filing::resume))
        .route("/portal/continue", get(again::ask).post(again::open))
        .route("/portal/drafts/{id}/saved", get(again::saved))
        .route("/portal/drafts/{id}/drop", get(again::drop_form).post(again::discard))
        .route("/portal/drafts/{id}/q/{page}", get(filing::question).post(filing::answer))
        .route(frame::DRAFT_FILES, get(filing::papers).post(filing::hand_in))
        .route("/portal/drafts/{id}/result", get(result::question).post(result::answer))
        .route("/portal/drafts/{id}/check", get(filing::check).post(filing::submit))
        .route("/portal/filed", get(track::filed))
        .route("/portal/track", get(track::ask).post(track::enter))
        .route("/portal/track/close", post(track::close))
        .route("/portal/track/{code}", get(track::show))
        .route("/portal/track/{code}/file/{sha256}", get(track::file))
        .route("/portal/track/{code}/receipt/{reference}", get(pay::receipt))
        .route("/portal/track/{code}/gateway", post(pay::to_gateway))
        .route("/portal/gateway/{reference}", get(pay::gateway).post(pay::paid))
        .route(frame::DOSSIER_FILES, get(track_acts::supplement_form).post(track_acts::supplement))
        .route("/portal/track/{code}/rate", post(track_acts::rate))
        .route("/portal/track/{code}/complain", get(complain::form).post(complain::send))
        .route("/portal/track/{code}/withdraw", get(track_acts::withdraw_form).post(track_acts::withdraw))
}
