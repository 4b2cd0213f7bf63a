//! The console for officers and leaders, and the REST API.
//!
//! A page is a view model filled by a handler and a template that only lays it out: no template asks the database, none contains
//! text outside the translation files. A handler's first act is a use case of the office, whose first act is access.

pub mod api;
pub mod assets;
pub mod chart;
pub mod http;
pub mod i18n;
pub mod pages;
pub mod view;
