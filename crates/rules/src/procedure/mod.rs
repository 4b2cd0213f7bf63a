//! Procedures: what a dossier needs, asks, costs and how long it may take; everything that follows from the declaration alone.
//!
//! A form is asked in the order of its pages. A condition may only speak of earlier questions, so what is shown follows from the answers
//! in one pass: an answer to a question that is no longer asked counts for nothing.

mod compiled;
mod def;
mod fees;
mod find;
mod form;
mod identity;
mod json_schema;
#[cfg(test)]
mod tests;

pub use compiled::{FaultKind, Procedure, ProcedureFault};
pub use def::*;
pub use fees::FeeDue;
pub use find::{Finder, Found};
pub use form::{Answers, IDENTITY_NAMES, ShownPage};
pub use identity::{IdentityNumber, Sex, check_email, check_identity, check_phone, check_tax_code};
