//! What can go wrong between the program and its database, told so that a person knows what to do.

use crate::record::Record;

pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the store. `code()` is stable; the text is for the log and for the command line.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else changed the record first: both sides are shown.
    #[error("record {} is at version {}, not at the version this change was made from", .current.id, .current.version)]
    Conflict { current: Box<Record> },
    #[error("record {id} of register {register} does not exist")]
    NotFound { register: String, id: String },
    #[error("the key {key:?} is already used in register {register} by record {holder}")]
    KeyTaken { register: String, key: String, holder: String },
    #[error("the idempotency key {0:?} was used before for a different request")]
    IdempotencyMismatch(String),
    #[error("the database is busy: another process holds it; the change was not made, try again")]
    Busy,
    #[error("the disk is full: the change was not made and nothing was lost; free some space and try again")]
    DiskFull,
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The connection was lost between COMMIT and its answer.
    #[error("the connection was lost while the change was being committed; look whether it is there before repeating it: {0}")]
    UnknownOutcome(String),
    #[error("this database was written by a newer version of the program (schema {found}, this program knows {known}); update the program")]
    NewerDatabase { found: i64, known: i64 },
    #[error("the database is damaged or not ours: {0}")]
    Corrupt(String),
    #[error("{0}")]
    Config(String),
    #[error("file store: {0}")]
    Blob(String),
    #[error("the store is shutting down")]
    Closed,
    #[error("database: {0}")]
    Database(String),
}

impl Error {
    /// Stable code, also the key of the sentence in the translation files.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "version.conflict",
            Self::NotFound { .. } => "record.not_found",
            Self::KeyTaken { .. } => "record.key_taken",
            Self::IdempotencyMismatch(_) => "idempotency.mismatch",
            Self::Busy => "store.busy",
            Self::DiskFull => "store.disk_full",
            Self::Unreachable(_) => "store.unreachable",
            Self::UnknownOutcome(_) => "store.unknown_outcome",
            Self::NewerDatabase { .. } => "store.newer",
            Self::Corrupt(_) => "store.corrupt",
            Self::Config(_) => "store.config",
            Self::Blob(_) => "store.blob",
            Self::Closed => "store.closed",
            Self::Database(_) => "store.database",
        }
    }

    /// The same request may be sent again and can succeed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Unreachable(_) | Self::UnknownOutcome(_) | Self::Closed)
    }

    /// A copy for every caller of a batch that failed as a whole.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Busy => Self::Busy,
            Self::DiskFull => Self::DiskFull,
            Self::Unreachable(t) => Self::Unreachable(t.clone()),
            Self::UnknownOutcome(t) => Self::UnknownOutcome(t.clone()),
            Self::Corrupt(t) => Self::Corrupt(t.clone()),
            Self::Closed => Self::Closed,
            other => Self::Database(other.to_string()),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(e: sqlx::Error) -> Self {
        match &e {
            sqlx::Error::Database(d) => {
                let message = d.message().to_owned();
                // SQLite primary codes: 5 busy, 6 locked, 13 full, 11 corrupt, 26 not a database. PostgreSQL SQLSTATE classes: 53100 disk full, 08/57 connection.
                match d.code().as_deref() {
                    Some("5" | "6" | "261" | "517" | "262" | "55P03" | "40001" | "40P01") => Self::Busy,
                    Some("13" | "53100") => Self::DiskFull,
                    Some("11" | "26") => Self::Corrupt(message),
                    Some(c) if c.starts_with("08") || c.starts_with("57P") || c.starts_with("28") || c == "3D000" => {
                        Self::Unreachable(message)
                    }
                    _ => Self::Database(message),
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_) => Self::Unreachable(e.to_string()),
            sqlx::Error::PoolClosed => Self::Closed,
            _ => Self::Database(e.to_string()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::Corrupt(format!("a stored JSON text cannot be read: {e}"))
    }
}

impl From<rules::time::TimeError> for Error {
    fn from(e: rules::time::TimeError) -> Self {
        Self::Corrupt(e.to_string())
    }
}
