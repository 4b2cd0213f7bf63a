//! One row of a register.

use std::{fmt, str::FromStr, sync::Arc};

use rules::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    db::Row,
    error::{Error, Result},
};

/// Identity of a record: a UUID version 7, so ids made later sort later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub Uuid);

impl RecordId {
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a fresh identity is not a default value")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    #[must_use]
    pub fn as_u128(self) -> u128 {
        self.0.as_u128()
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RecordId {
    type Err = Error;
    fn from_str(s: &str) -> Result<Self> {
        Uuid::parse_str(s).map(Self).map_err(|_| Error::NotFound { register: String::new(), id: s.chars().take(60).collect() })
    }
}

/// A record as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub register: String,
    pub id: RecordId,
    /// Identity in the outside world (a dossier code), unique in its register.
    pub key: Option<String>,
    /// `code@valid_from` of the unit the record belongs to.
    pub unit: String,
    pub state: String,
    /// Counts from 1; a change names the version it was made from.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub(crate) salt: String,
    /// JSON object; absent and null are the same.
    pub body: Arc<str>,
}

impl Record {
    /// The fields.
    pub fn fields(&self) -> Result<Map<String, Value>> {
        Ok(serde_json::from_str(&self.body)?)
    }

    /// A typed view of the fields.
    pub fn view<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.body)?)
    }
}

/// Columns `register,id,key,unit,state,version,created_at,updated_at,salt,body` from position 0.
pub(crate) fn from_row(row: &Row) -> Result<Record> {
    Ok(Record {
        register: row.text(0)?,
        id: row.str(1)?.parse()?,
        key: row.opt_text(2)?,
        unit: row.text(3)?,
        state: row.text(4)?,
        version: row.int(5)?,
        created_at: row.str(6)?.parse()?,
        updated_at: row.str(7)?.parse()?,
        salt: row.text(8)?,
        body: Arc::from(row.str(9)?),
    })
}
