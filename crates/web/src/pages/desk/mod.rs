//! The officer's desk under `/desk`: what is due next, receiving, one dossier and what may be done with it, papers, what will be late.

mod absences;
mod acts;
mod clock;
mod complaints;
mod delivery;
mod dossier;
mod inbox;
mod leader;
mod money;
mod papers;
mod people;
mod queue;
mod reasons;
mod receive;
mod renew;
pub(crate) mod words;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use rules::access::Action;

use crate::{
    http::{App, Ctx},
    pages::work::common::segment,
};

/// Register of dossiers.
const DOSSIER: &str = "dossier";
/// A form with scanned parts.
const SCANS_MAX: usize = 64 * 1024 * 1024;

/// The pages of this folder; each needs a signed-in person.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk", get(inbox::page))
        .route("/desk/hand-over", post(inbox::hand_over))
        .route("/desk/receive", get(receive::page).post(receive::receive).layer(DefaultBodyLimit::max(SCANS_MAX)))
        .route("/desk/receive/look", post(receive::look).layer(DefaultBodyLimit::max(SCANS_MAX)))
        .route("/desk/receive/{instead}", post(receive::turn_back).layer(DefaultBodyLimit::max(SCANS_MAX)))
        .route("/desk/dossiers/{id}", get(dossier::page))
        .route("/desk/dossiers/{id}/do/{act}", post(acts::act).layer(DefaultBodyLimit::max(SCANS_MAX)))
        .route("/desk/dossiers/{id}/attach", post(acts::attach).layer(DefaultBodyLimit::max(SCANS_MAX)))
        .route("/desk/dossiers/{id}/secret", post(renew::renew))
        .route("/desk/dossiers/{id}/form/{form}", get(papers::form).post(papers::slip))
        .route("/desk/book", get(papers::book))
        .route("/desk/absences", get(absences::page).post(absences::declare))
        .route("/desk/absences/{id}/cancel", post(absences::cancel))
        .route("/desk/complaints", get(complaints::page))
        .route("/desk/complaints/{id}/{act}", post(complaints::act))
        .route("/desk/queue", get(queue::page))
        .route("/desk/queue/take", post(queue::take))
        .route("/desk/queue/call", post(queue::call))
        .route("/desk/queue/tickets/{id}", get(queue::slip))
        .route("/desk/queue/tickets/{id}/{act}", post(queue::act))
        .route("/desk/tomorrow", get(leader::tomorrow))
        .route("/desk/map", get(leader::map))
}

/// Where a dossier with a case is opened: at the desk by those who work on it or decide it, as a plain record by others.
pub(crate) fn dossier_path(ctx: &Ctx, unit: &str, id: &str) -> String {
    let desk = [Action::Edit, Action::Decide].iter().any(|a| ctx.allowed(*a, Some(DOSSIER), unit));
    format!("{}/{}", if desk { "/desk/dossiers" } else { "/records/dossier" }, segment(id))
}
