//! The live figures: a change of a record goes in, differences of cells come out.
//!
//! One [`Engine`] holds the cells of one tenant in memory. It knows nothing of databases: what must be stored is handed out by
//! [`Engine::take_pending`], together with the ledger position that it belongs to, and comes back through [`Engine::load`]. Whoever stores
//! cells, due rows, position and clock in one transaction can neither lose nor double a change.
//!
//! The invariant: every cell is the sum, over all records as of `position`, of their contributions evaluated at `clock`.

pub mod bench;
mod cells;
mod due;
mod engine;
mod names;
mod pending;
mod query;
#[cfg(test)]
mod tests;

pub use engine::{Change, Engine, EngineError, IndicatorIdx, RegisterIdx};
pub use pending::{CellRow, DueRow, Pending, StoredCell, StoredDue};
pub use query::{Breakdown, Matrix, Sums, Touched};
