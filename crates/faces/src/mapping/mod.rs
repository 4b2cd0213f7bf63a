//! The mapping file: how the names and values of a source become the fields of a register. TOML; see `docs/examples`.
//!
//! A mapping knows the register's names only. Whether they exist there, and whether the values satisfy the register, is
//! decided where the record is created.
//!
//! Nothing is guessed: a value that `map` does not list, a date in an undeclared form, a day where a time is needed are
//! faults of the row. An empty text, or one that `absent` lists, is no value.

mod apply;
mod convert;
mod file;

use std::{collections::BTreeMap, fmt};

use jiff::tz::TimeZone;
use serde::Deserialize;

pub use apply::{MappedRecord, SourceEvent, Spots, Unfit};

use crate::tabular::{Place, Source};

/// Largest mapping file: bounds what the TOML parser is given.
pub const MAX_MAPPING_BYTES: usize = 1 << 20;
/// As `from` of a json field: the events of the row as a list of `{name, at, actor, group, transition}`.
pub const EVENTS: &str = "@events";
/// The field that takes everything the source said when `keep_source = true`.
pub const SOURCE_FIELD: &str = "source";

/// A mapping file, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The register whose records these are.
    pub register: Identifier,
    pub format: Format,
    /// The source's name of what identifies a record; becomes the record's key.
    pub key: String,
    pub unit: UnitRule,
    /// The zone of times that carry no offset, and of the day of an instant. An offset `+07:00` or a name `Europe/Amsterdam`.
    #[serde(default)]
    pub zone: Zone,
    /// Keep everything the source said in the json field `source`, so that it can be exported again without loss. Its events are
    /// kept there whenever `[events]` is declared.
    #[serde(default)]
    pub keep_source: bool,
    #[serde(rename = "field", default)]
    pub fields: BTreeMap<Identifier, FieldRule>,
    pub state: Option<StateRules>,
    pub events: Option<EventNames>,
}

/// The name of a register, field or state: `[a-z][a-z0-9_]*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Identifier(String);

impl Identifier {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Xes,
    Csv,
    Xlsx,
}

impl Format {
    /// Reads `reader` as this format; `file` is the name shown in places.
    pub fn open(self, file: &str, reader: impl std::io::Read + Send + 'static) -> Box<dyn Source> {
        match self {
            Self::Xes => Box::new(crate::xes::XesSource::new(file, reader)),
            Self::Csv => Box::new(crate::csv_table::CsvSource::new(file, reader)),
            Self::Xlsx => Box::new(crate::xlsx_table::XlsxSource::new(file, reader)),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Zone(pub(crate) TimeZone);

impl Default for Zone {
    /// Asia/Ho_Chi_Minh.
    fn default() -> Self {
        Self(rules::time::local_zone())
    }
}

/// Which unit a record belongs to: a fixed one, or one that the row names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "file::UnitFile")]
pub enum UnitRule {
    /// `code@date`, or `@root` for the tenant's root unit.
    Fixed(String),
    From(Translation),
}

/// A source's value and what it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    pub from: String,
    /// Empty: values are taken as they are.
    pub map: BTreeMap<String, String>,
    /// For values that `map` does not list.
    pub default: Option<String>,
    /// For rows without a value.
    pub if_absent: Option<String>,
    /// Texts that mean "no value".
    pub absent: Vec<String>,
}

/// Where a field's value comes from and what it has to be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "file::FieldFile")]
pub struct FieldRule {
    pub source: FieldSource,
    pub kind: FieldKind,
    pub required: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldSource {
    /// The same text for every row.
    Fixed(String),
    From(Translation),
    /// [`EVENTS`].
    Events,
}

/// What a value has to be, with what is needed to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Choice,
    /// A unit's key `code@date`.
    Unit,
    Int,
    Decimal {
        mark: char,
    },
    Bool,
    Date {
        formats: Vec<String>,
    },
    Timestamp {
        formats: Vec<String>,
        day: Option<DayEdge>,
    },
    /// Texts: the items of an XES list, or a text cut at `separator`.
    List {
        separator: Option<String>,
    },
    /// The value with its nested attributes, as JSON.
    Json,
}

/// Which instant a day without a time stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayEdge {
    Start,
    /// The last microsecond: a deadline "on the 30th" lasts through the 30th.
    End,
}

/// The first rule that fits names the state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateRules {
    pub rules: Vec<StateRule>,
}

/// A rule without conditions always fits; several conditions must hold together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateRule {
    pub state: Identifier,
    pub when_present: Option<String>,
    pub when_absent: Option<String>,
    /// Source name → the text it must have.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
}

/// Under which names the source's events say what a ledger entry needs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventNames {
    pub name: String,
    pub at: String,
    pub actor: Option<String>,
    pub group: Option<String>,
    pub transition: Option<String>,
    /// Texts that mean "no value" in actor, group and transition.
    #[serde(default)]
    pub absent: Vec<String>,
}

/// A mapping file that cannot be used, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct MappingFault {
    pub place: Place,
    pub message: String,
}

impl From<MappingFault> for rules::Refusal {
    /// Code `map.file`.
    fn from(fault: MappingFault) -> Self {
        let column = fault.place.column.unwrap_or(1);
        Self::new("map.file")
            .with("file", fault.place.file)
            .with("line", fault.place.line)
            .with("column", column)
            .with("detail", fault.message)
    }
}

impl Mapping {
    /// Reads and checks a mapping file; `file` is the name shown in faults.
    ///
    /// # Errors
    /// The first thing that is wrong, with line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, MappingFault> {
        file::parse(file, text)
    }

    /// The history of the older system is kept with each record, in the field `source`, even where the rest of the source is not:
    /// [events] says that there is one, and no other field takes it.
    fn keeps_events(&self) -> bool {
        self.events.is_some() && self.fields.iter().all(|(name, rule)| rule.source != FieldSource::Events && name.as_str() != SOURCE_FIELD)
    }

    /// Names of the fields that records may get, `source` among them when something is kept there.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        let source = (self.keep_source || self.keeps_events()).then_some(SOURCE_FIELD);
        self.fields.keys().map(Identifier::as_str).chain(source)
    }
}
