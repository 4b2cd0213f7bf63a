//! What people do: each use case begins with access, asks the rules, commits through the store, and is seen in the figures.

pub mod clock;
pub mod connections;
pub mod error;
pub mod figures;
mod finder;
pub mod forecasts;
pub mod history;
pub mod import;
pub mod live;
mod memory;
mod office;
pub mod once;
pub mod one_stop;
pub mod packs;
pub mod people;
pub mod personal;
pub mod process_map;
pub mod programme;
pub mod registers;
pub mod report;
pub mod report_model;
pub mod scorecard;
pub mod signing;
pub mod simulate;
mod tries;
pub mod verify;
pub mod words;
pub mod world;

pub use clock::Clock;
pub use error::{Error, Result};
pub use office::{Office, Options};
pub use once::Once;
