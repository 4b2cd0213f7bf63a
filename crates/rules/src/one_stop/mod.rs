//! The one-stop desk (một cửa): what the law lets happen to a dossier, and until when.
//!
//! Everything here is a function of its arguments: the case, the act, the instant, the rules in force ([`RuleSet`], dated data that
//! cites its articles), the office's working calendar, and the terms of the procedure. A step that the law forbids is a refusal which
//! names the article.

mod act;
mod apply;
mod case;
pub mod code;
mod law;
#[cfg(test)]
mod tests;
pub mod waiting;

pub use act::{Act, ActKind, Linking, Outcome, Reason, ReasonKind, ResultGiven, Way};
pub use apply::Offer;
pub use case::{
    Apology, Case, Channel, End, Link, Online, Opinion, Payment, ProcedureTerms, Request, Returned, Status, StepDone, StepTerms, Suspension,
};
pub use law::{AnswerTerm, Cite, ComplaintKind, Minute, RuleSet, Ruled, UnitPolicy};
