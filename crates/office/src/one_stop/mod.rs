//! The one-stop desk: dossiers from the citizen's draft to the result, under the law's clock.

pub mod payment;
