//! What follows from what: the pure rules of Hải Đăng.
//!
//! Nothing here reads a clock, a file or a database. Time, calendar and definitions are arguments.

pub mod access;
pub mod calendar;
pub mod docnumber;
pub mod expr;
pub mod indicator;
pub mod lifecycle;
pub mod number;
pub mod one_stop;
pub mod pack;
pub mod payment;
pub mod procedure;
pub mod refusal;
pub mod schema;
pub mod scorecard;
pub mod target;
pub mod text;
pub mod time;
pub mod units;

pub use refusal::Refusal;
pub use text::Localized;
pub use time::{Month, Period, Timestamp};
