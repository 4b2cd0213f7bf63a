//! Where records, their history and their figures are kept: SQLite for one commune, PostgreSQL for a province.
//!
//! One SQL text serves both databases; where they truly differ, both texts stand side by side in [`dialect`].
//! Every key starts with `tenant`. Instants are fixed-width UTC text on both, so they sort and compare as text.
//!
//! A change goes through [`Store::commit`]: many callers' changes are committed together (group commit), each still
//! all-or-nothing. An entry that is committed gets its place in the Merkle tree at once on SQLite (the writer is the
//! sequencer) and from the tenant's sequencer on PostgreSQL. Whoever counts figures reads [`Store::changes_after`].

pub mod backup;
pub mod blob;
mod cells;
mod commit;
mod db;
mod desk;
mod desk_keys;
mod dialect;
mod entry;
mod error;
mod jobs;
mod ledger_store;
mod migrate;
mod people;
mod query;
mod record;
mod replay;
mod scan;
mod search;
mod store;
pub mod verify;

pub use cells::{CellRow, DueRow, FigurePosition};
pub use commit::{Command, Expect, Outcome, RecordWrite, Written};
pub use db::{DataSource, Db, Engine, P, Row, Tx, describe};
pub use desk::{Open, OpenQuery};
pub use entry::{Entry, SEALED, STATE, UNIT, canonical_json};
pub use error::{Error, Result};
pub use jobs::{Job, JobState};
pub use ledger_store::{Head, SignedCheckpoint};
pub use people::{Credential, Session};
pub use query::{ListQuery, PAGE_MAX, Page, SortBy};
pub use record::{Record, RecordId};
pub use replay::{Change, State};
pub use scan::Line;
pub use search::{Indexed, SearchKey, Sight};
pub use store::{RegisterMeta, Store, tenants};

/// The records of packs (units, registers, indicators, …) live in this register, so that each change of a definition is an entry too.
pub const DEFINITION: &str = "definition";
