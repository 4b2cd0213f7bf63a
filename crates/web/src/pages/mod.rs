//! The pages: each handler reads the address, asks the office, fills a view model.

pub(crate) mod contact;
pub mod desk;
pub(crate) mod pay_code;
pub mod payments;
pub mod portal;
pub mod show;
pub mod work;

use axum::Router;

use crate::http::App;

/// All pages.
pub fn routes() -> Router<App> {
    show::routes().merge(payments::routes()).merge(portal::routes()).merge(work::routes()).merge(desk::routes())
}
