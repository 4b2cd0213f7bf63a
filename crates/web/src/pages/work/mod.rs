//! Pages on which work is given, reported, answered and proved.

mod accounts;
mod approvals;
pub(crate) mod common;
mod directives;
mod figure_correct;
mod figures;
pub(crate) mod files;
pub(crate) mod history;
mod jobs;
mod ledger;
mod ledger_public;
mod packs;
mod reports;
#[cfg(test)]
mod sentences_tests;
mod target_list;
mod targets;
mod task_forms;
mod tasks;

use axum::{
    Router,
    routing::{get, post},
};

use crate::http::App;

/// The pages of this folder. Every one but the ledger's hashes needs a signed-in person.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/tasks", get(tasks::list).post(task_forms::create))
        .route("/tasks.csv", get(tasks::export))
        .route("/tasks/new", get(task_forms::new))
        .route("/tasks/{id}", get(tasks::show))
        .route("/tasks/{id}/update", post(task_forms::update))
        .route("/tasks/{id}/approve", post(task_forms::approve))
        .route("/tasks/{id}/return", post(task_forms::send_back))
        .route("/tasks/{id}/wait", post(task_forms::wait))
        .route("/targets", get(target_list::list))
        .route("/targets.csv", get(target_list::export))
        .route("/targets/{id}", get(targets::show))
        .route("/targets/{id}/deadline", get(targets::deadline_form).post(targets::decide_deadline))
        .route("/directives", get(directives::list).post(directives::create))
        .route("/directives/new", get(directives::new))
        .route("/directives/{id}", get(directives::show))
        .route("/figures", post(figures::create))
        .route("/figures/new", get(figures::new))
        .route("/figures/{id}", get(figures::show))
        .route("/figures/{id}/correct", get(figure_correct::form_page).post(figure_correct::correct))
        .route("/approvals", get(approvals::inbox))
        .route("/approvals/figure/{id}", post(approvals::answer_figure))
        .route("/approvals/task/{id}", post(approvals::answer_task))
        .route("/conflicts/{id}", get(approvals::conflict).post(approvals::decide))
        .route("/ledger", get(ledger::show))
        .route("/ledger/verify", get(ledger::verify_page).post(ledger::verify))
        .route("/ledger/entry", get(ledger::find))
        .route("/ledger/consistency", get(ledger::consistency))
        .route("/ledger/checkpoint", get(ledger_public::checkpoint))
        .route("/ledger/key", get(ledger_public::key))
        .route("/ledger/tile/{level}/{*path}", get(ledger_public::tile))
        .route("/ledger/{seq}", get(ledger::entry))
        .route("/packs", get(packs::list))
        .route("/packs/check", get(packs::check_form).post(packs::check))
        .route("/jobs", get(jobs::list).post(jobs::again))
        .route("/accounts", get(accounts::list).post(accounts::create))
        .route("/accounts/new", get(accounts::new))
        .route("/accounts/{login}", get(accounts::edit).post(accounts::change))
        .route("/reports", get(reports::show))
        .route("/reports/file.docx", get(reports::docx))
        .route("/reports/file.xlsx", get(reports::xlsx))
        .route("/reports/freeze", get(reports::freeze_form).post(reports::freeze))
        .route("/files/{sha256}", get(files::show))
}
