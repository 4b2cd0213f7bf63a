//! What can be done before a transaction begins: texts and hashes of the next batch are made while the one before is being
//! committed.

use std::sync::Arc;

use ledger::Hash;
use serde_json::{Map, Value};

use super::{Command, Expect, RecordWrite};
use crate::{
    desk_keys::DeskKeys,
    entry::{self, Entry},
    error::{Error, Result},
    record::{Record, RecordId},
    store::Inner,
};

/// Bytes of a record's salt.
const SALT: usize = 16;

/// A command that is ready for its transaction.
pub(super) struct Prepared {
    /// Without its writes.
    pub command: Command,
    pub writes: Vec<Ready>,
}

/// A write with everything that can be known before its transaction begins.
pub(super) struct Ready {
    /// The record's identity as text.
    pub id: Arc<str>,
    pub desk: DeskKeys,
    pub wanted: Wanted,
}

#[expect(clippy::large_enum_variant, reason = "in an import all are new, and a box for each would be the dearer way")]
pub(super) enum Wanted {
    New(New),
    Change(Box<Wish>),
}

/// Record, entry and leaf of a record that did not exist.
pub(super) struct New {
    pub record: Arc<Record>,
    pub entry: Entry,
    pub leaf: Hash,
}

/// The wanted state of a record that has to be compared with what is stored.
pub(super) struct Wish {
    /// Without its fields.
    pub write: RecordWrite,
    /// The version it was made from.
    pub version: i64,
    pub fields: Arc<Map<String, Value>>,
    /// Canonical JSON of the fields.
    pub body: Arc<str>,
}

impl Ready {
    pub fn register(&self) -> &str {
        match &self.wanted {
            Wanted::New(n) => &n.record.register,
            Wanted::Change(w) => &w.write.register,
        }
    }

    pub fn record_id(&self) -> RecordId {
        match &self.wanted {
            Wanted::New(n) => n.record.id,
            Wanted::Change(w) => w.write.id,
        }
    }

    pub fn key(&self) -> Option<&str> {
        match &self.wanted {
            Wanted::New(n) => n.record.key.as_deref(),
            Wanted::Change(w) => w.write.key.as_deref(),
        }
    }
}

pub(super) fn prepare(inner: &Inner, mut command: Command) -> Result<Prepared> {
    let writes = std::mem::take(&mut command.writes);
    // One call for the whole command: asking for randomness costs as much as a small write.
    let mut salts = vec![0u8; SALT * writes.len()];
    getrandom::fill(&mut salts).map_err(|e| Error::Database(format!("no randomness: {e}")))?;
    let writes =
        writes.into_iter().zip(salts.chunks_exact(SALT)).map(|(w, salt)| ready(inner, &command, w, salt)).collect::<Result<_>>()?;
    Ok(Prepared { command, writes })
}

fn ready(inner: &Inner, command: &Command, mut write: RecordWrite, salt: &[u8]) -> Result<Ready> {
    let meta = inner.meta(&write.register);
    let mut fields = std::mem::take(&mut write.fields);
    if fields.values().any(Value::is_null) {
        fields.retain(|_, v| !v.is_null());
    }
    let id: Arc<str> = write.id.to_string().into();
    let desk = DeskKeys::of(&write.state, &fields);
    if let Expect::Version(version) = write.expect {
        let body = Arc::from(serde_json::to_string(&fields)?);
        return Ok(Ready { id, desk, wanted: Wanted::Change(Box::new(Wish { write, version, fields: Arc::new(fields), body })) });
    }
    let mut record = Record {
        register: write.register,
        id: write.id,
        key: write.key,
        unit: write.unit,
        state: write.state,
        version: 1,
        created_at: command.at,
        updated_at: command.at,
        salt: if meta.personal.is_empty() { String::new() } else { hex::encode(salt) },
        body: Arc::from(""),
    };
    let (body, entry_body) = entry::bodies_of_new(&record, &fields, &meta.personal);
    record.body = Arc::from(body);
    let entry = entry_of(command, &record, write.kind, write.authority, entry_body);
    let leaf = ledger::leaf_hash(&entry.leaf_bytes(&inner.tenant));
    Ok(Ready { id, desk, wanted: Wanted::New(New { record: Arc::new(record), entry, leaf }) })
}

/// The line of the ledger that says how `record` came to be as it is.
pub(super) fn entry_of(command: &Command, record: &Record, kind: String, authority: Option<String>, body: String) -> Entry {
    Entry {
        seq: None,
        id: uuid::Uuid::now_v7().to_string(),
        register: record.register.clone(),
        record_id: record.id,
        record_version: record.version,
        kind,
        actor: command.actor.clone(),
        on_behalf: command.on_behalf.clone(),
        authority,
        at: command.at,
        body: body.into(),
    }
}
