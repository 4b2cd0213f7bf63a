//! Event logs in XES (IEEE 1849-2016 and the earlier XES 1.0 and 2.0), plain or in gzip, with or without a namespace.
//!
//! - One trace is one [`SourceRow`](crate::tabular::SourceRow); its events come with it.
//! - Nested attributes and the items of lists and containers stay in [`RawValue::children`](crate::tabular::RawValue::children)
//!   and are found as `parent/child`. A list's own attributes and its `<values>` become one sequence.
//! - The defaults that `<global>` declares are kept in [`Header`] and **never filled in**: by the standard they serve whoever
//!   creates a new element. A dossier without an end date is open, whatever date the declaration shows.
//! - A document type declaration and every entity beyond the five of XML are refused.
//! - Elements of other namespaces are passed over; unknown elements of the log's own are faults.

mod export;
mod ledger;
mod read;
mod write;

pub use export::Export;
pub use ledger::{LedgerLog, ORIGIN};
pub use read::XesSource;
pub use write::{LogHead, XesWriter};

use crate::{input::InputLimits, tabular::Named};

/// Largest log after unpacking. A province's ten million dossiers at 3 kB each are half of it.
pub const MAX_UNPACKED_BYTES: u64 = 64 << 30;
/// Real logs pack 10 to 60 times; gzip can reach 1,032 times only with content that repeats itself.
pub const MAX_RATIO: u64 = 300;
/// Longest single tag, comment or text.
pub const MAX_TOKEN_BYTES: u64 = 4 << 20;
/// Largest trace: about 20,000 events of six attributes, and the most that is held in memory at once.
pub const MAX_TRACE_BYTES: usize = 16 << 20;
/// Attributes of one trace with all its events; also of the header.
pub const MAX_ATTRIBUTES: usize = 200_000;
/// Longest value of one attribute.
pub const MAX_VALUE_BYTES: usize = 1 << 20;
/// Deepest nesting of elements.
pub const MAX_DEPTH: usize = 32;

/// The bounds of one reading; [`Limits::default`] takes the constants of this module.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub max_unpacked_bytes: u64,
    pub max_ratio: u64,
    pub max_token_bytes: u64,
    pub max_trace_bytes: usize,
    pub max_attributes: usize,
    pub max_value_bytes: usize,
    pub max_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_unpacked_bytes: MAX_UNPACKED_BYTES,
            max_ratio: MAX_RATIO,
            max_token_bytes: MAX_TOKEN_BYTES,
            max_trace_bytes: MAX_TRACE_BYTES,
            max_attributes: MAX_ATTRIBUTES,
            max_value_bytes: MAX_VALUE_BYTES,
            max_depth: MAX_DEPTH,
        }
    }
}

impl From<Limits> for InputLimits {
    fn from(limits: Limits) -> Self {
        Self { max_bytes: limits.max_unpacked_bytes, max_ratio: limits.max_ratio }
    }
}

/// What a log says about itself before its traces.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Header {
    pub version: Option<String>,
    pub extensions: Vec<Extension>,
    pub globals: Vec<Global>,
    /// Name and keys, the keys as written.
    pub classifiers: Vec<(String, String)>,
    pub attributes: Vec<Named>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub name: String,
    pub prefix: String,
    pub uri: String,
}

/// Attributes that every trace (scope `trace`) or event (scope `event`) is said to have, with the value for newly made ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Global {
    pub scope: String,
    pub attributes: Vec<Named>,
}
