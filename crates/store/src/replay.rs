//! From the ledger back to what each change did: before and after, exactly, without guessing.

use std::{collections::HashMap, sync::Arc};

use rules::Timestamp;
use serde_json::{Map, Value};

use crate::{
    db::{P, Tx},
    dialect,
    entry::{self, AT, Entry, KEY, SEALED, STATE, UNIT},
    error::{Error, Result},
    record::{self, Record, RecordId},
};

/// A record on one side of a change.
pub type State = Arc<Record>;

/// One entry as the figures see it.
#[derive(Debug, Clone)]
pub struct Change {
    /// Leaf index of the entry.
    pub seq: i64,
    pub at: Timestamp,
    pub before: Option<State>,
    pub after: State,
}

pub(crate) const ENTRIES_BETWEEN: &str = "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry WHERE tenant=$1 AND seq>=$2 AND seq<$3 ORDER BY seq";

/// Entries not yet in the tree: they are already in their records and must be taken away first.
const PENDING_ALL: &str =
    "SELECT id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM pending WHERE tenant=$1 ORDER BY id";
/// The changes that `entries` (in leaf order, inside one snapshot `tx`) made. `upto` is the leaf index after the last of them.
///
/// Each record is read as it stands, later entries are taken back, and then the entries are redone one by one.
pub(crate) async fn changes(tx: &mut Tx, tenant: &str, entries: &[Entry], upto: i64) -> Result<Vec<Change>> {
    let mut ids: HashMap<&str, Vec<RecordId>> = HashMap::new();
    for e in entries {
        ids.entry(&e.register).or_default().push(e.record_id);
    }
    let mut records: Records = HashMap::new();
    let mut later: Vec<Entry> = Vec::new();
    for (register, mut ids) in ids {
        ids.sort_unstable();
        ids.dedup();
        for part in ids.chunks(4096) {
            let list = serde_json::to_string(&part.iter().map(ToString::to_string).collect::<Vec<_>>())?;
            for row in tx.fetch(dialect::records_by_id(tx.engine()), &[P::Text(tenant), P::Text(register), P::Text(&list)]).await? {
                let r = record::from_row(&row)?;
                let fields = r.fields()?;
                records.insert((r.register.clone(), r.id), (r, fields));
            }
            // However far the ledger has gone on: only what happened to these records since is read.
            let params = [P::Text(tenant), P::Text(register), P::Text(&list), P::Int(upto)];
            for row in tx.fetch(dialect::later_entries(tx.engine()), &params).await? {
                later.push(entry::from_row(&row, true)?);
            }
            if tx.engine() == crate::db::Engine::Postgres {
                for row in tx.fetch(dialect::LATER_PENDING, &params[..3]).await? {
                    later.push(entry::from_row(&row, false)?);
                }
            }
        }
    }
    undo_all(&mut records, entries.iter().chain(&later))?;
    let mut out = Vec::with_capacity(entries.len());
    for (i, e) in entries.iter().enumerate() {
        let place = (e.register.clone(), e.record_id);
        let (record, fields) = records.get_mut(&place).ok_or_else(|| missing(e))?;
        let before = (e.record_version > 1).then(|| Arc::new(record.clone()));
        step(record, fields, e, Direction::Redo)?;
        record.body = Arc::from(serde_json::to_string(&fields)?);
        let seq = e.seq.unwrap_or(upto - entries.len() as i64 + i as i64);
        out.push(Change { seq, at: e.at, before, after: Arc::new(record.clone()) });
    }
    Ok(out)
}

/// Entries that wait for their place, by record.
pub(crate) async fn pending_by_record(tx: &mut Tx, tenant: &str) -> Result<HashMap<(String, RecordId), Vec<Entry>>> {
    let mut out: HashMap<(String, RecordId), Vec<Entry>> = HashMap::new();
    for row in tx.fetch(PENDING_ALL, &[P::Text(tenant)]).await? {
        let e = entry::from_row(&row, false)?;
        out.entry((e.register.clone(), e.record_id)).or_default().push(e);
    }
    Ok(out)
}

/// Takes a record's newest entries back; at version 0 it did not exist yet.
pub(crate) fn take_back(record: &mut Record, mut entries: Vec<Entry>) -> Result<()> {
    let mut fields = record.fields()?;
    entries.sort_unstable_by_key(|e| std::cmp::Reverse(e.record_version));
    for e in &entries {
        step(record, &mut fields, e, Direction::Undo)?;
    }
    record.body = Arc::from(serde_json::to_string(&fields)?);
    Ok(())
}

/// Records with their fields, by register and identity.
type Records = HashMap<(String, RecordId), (Record, Map<String, Value>)>;

fn undo_all<'a>(records: &mut Records, entries: impl Iterator<Item = &'a Entry>) -> Result<()> {
    let mut by_record: HashMap<(&str, RecordId), Vec<&Entry>> = HashMap::new();
    for e in entries {
        by_record.entry((&e.register, e.record_id)).or_default().push(e);
    }
    for ((register, id), mut list) in by_record {
        let Some((record, fields)) = records.get_mut(&(register.to_owned(), id)) else { continue };
        list.sort_unstable_by_key(|e| std::cmp::Reverse(e.record_version));
        for e in list {
            if record.version != e.record_version {
                return Err(Error::Corrupt(format!(
                    "record {register}/{id} is at version {}, but its ledger has an entry for version {}",
                    record.version, e.record_version
                )));
            }
            step(record, fields, e, Direction::Undo)?;
        }
        record.body = Arc::from(serde_json::to_string(&fields)?);
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Undo,
    Redo,
}

/// Takes one entry back, or does it again. A sealed personal value is left as the record has it: figures never read one.
pub(crate) fn step(record: &mut Record, fields: &mut Map<String, Value>, e: &Entry, direction: Direction) -> Result<()> {
    for (name, pair) in e.changes()? {
        let value = pair.get(usize::from(direction == Direction::Redo)).cloned().unwrap_or(Value::Null);
        if value.get(SEALED).is_some() || pair.get(0).is_some_and(|o| o.get(SEALED).is_some()) {
            continue;
        }
        match (name.as_str(), value) {
            (UNIT, Value::String(s)) => record.unit = s,
            (STATE, Value::String(s)) => record.state = s,
            (KEY, Value::String(s)) => record.key = Some(s),
            (KEY, _) => record.key = None,
            (AT, Value::String(s)) => record.updated_at = s.parse()?,
            (UNIT | STATE | AT, _) => {}
            (_, Value::Null) => {
                fields.remove(&name);
            }
            (_, v) => {
                fields.insert(name, v);
            }
        }
    }
    match direction {
        Direction::Redo => {
            record.version = e.record_version;
            record.updated_at = e.at;
            if e.record_version == 1 {
                record.created_at = e.at;
            }
        }
        Direction::Undo => record.version = e.record_version - 1,
    }
    Ok(())
}

fn missing(e: &Entry) -> Error {
    Error::Corrupt(format!("the ledger speaks of record {}/{}, which does not exist", e.register, e.record_id))
}
