//! What a batch of commands comes to: each command all or nothing, against the records as the transaction found them.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, hash_map},
    sync::Arc,
};

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::{
    Command, Outcome, Written,
    prepare::{Prepared, Ready, Wanted, entry_of},
};
use crate::{
    db::{P, Tx},
    dialect,
    entry::{self, Line},
    error::{Error, Result},
    record::{self, Record, RecordId},
    replay::Change,
    store::Inner,
};

/// A record while a batch is applied.
#[derive(Clone)]
pub(super) struct Working {
    /// As it is in the database, before the batch.
    pub stored: Option<Arc<Record>>,
    pub now: Option<Arc<Record>>,
    /// Parsed only when a change must be compared with them.
    fields: Option<Arc<Map<String, Value>>>,
    /// The write that made `now`: command and place in it.
    pub by: (usize, usize),
}

/// Register (numbered in its batch) and id.
pub(super) type Place = (usize, RecordId);

/// Names of the registers of a batch: few, so a walk is the fastest look-up.
#[derive(Default)]
pub(super) struct Registers<'a>(pub Vec<&'a str>);

impl<'a> Registers<'a> {
    fn number(&mut self, name: &'a str) -> usize {
        self.0.iter().position(|n| *n == name).unwrap_or_else(|| {
            self.0.push(name);
            self.0.len() - 1
        })
    }
}

pub(super) struct Applied<'a> {
    pub working: FxHashMap<Place, Working>,
    pub entries: Vec<Line<'a>>,
    /// One for each entry.
    pub changes: Vec<Change>,
    pub outcomes: Vec<Result<Outcome>>,
    pub remembered: Vec<(String, String, String, String)>,
}

pub(super) async fn load<'a>(
    inner: &Inner,
    tx: &mut Tx,
    commands: &'a [Prepared],
    registers: &mut Registers<'a>,
) -> Result<FxHashMap<Place, Working>> {
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for w in commands.iter().flat_map(|c| &c.writes) {
        if let Wanted::Change(_) = w.wanted {
            wanted.entry(w.register()).or_default().push(&w.id);
        }
    }
    let mut out = FxHashMap::default();
    for (register, ids) in wanted {
        let ids = serde_json::to_string(&ids)?;
        let sql = dialect::records_for_change(tx.engine());
        for row in tx.fetch(sql, &[P::Text(&inner.tenant), P::Text(register), P::Text(&ids)]).await? {
            let r = Arc::new(record::from_row(&row)?);
            let place = (registers.number(register), r.id);
            out.insert(place, Working { stored: Some(r.clone()), now: Some(r), fields: None, by: (0, 0) });
        }
    }
    Ok(out)
}

pub(super) type Keys = FxHashMap<(usize, String), RecordId>;

pub(super) async fn load_keys<'a>(inner: &Inner, tx: &mut Tx, commands: &'a [Prepared], registers: &mut Registers<'a>) -> Result<Keys> {
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for w in commands.iter().flat_map(|c| &c.writes) {
        if let Some(key) = w.key() {
            wanted.entry(w.register()).or_default().push(key);
        }
    }
    let mut out = Keys::default();
    for (register, keys) in wanted {
        let keys = serde_json::to_string(&keys)?;
        for row in tx.fetch(dialect::keys_in_use(tx.engine()), &[P::Text(&inner.tenant), P::Text(register), P::Text(&keys)]).await? {
            out.insert((registers.number(register), row.text(0)?), row.str(1)?.parse()?);
        }
    }
    Ok(out)
}

pub(super) type Known = HashMap<String, (String, Vec<Written>)>;

pub(super) async fn load_idempotency(inner: &Inner, tx: &mut Tx, commands: &[Prepared]) -> Result<Known> {
    let wanted: Vec<&str> = commands.iter().filter_map(|c| c.command.idempotency.as_ref()).map(|(k, _)| k.as_str()).collect();
    let mut out = HashMap::new();
    if !wanted.is_empty() {
        let wanted = serde_json::to_string(&wanted)?;
        for row in tx.fetch(dialect::idempotency_lookup(tx.engine()), &[P::Text(&inner.tenant), P::Text(&wanted)]).await? {
            out.insert(row.text(0)?, (row.text(1)?, serde_json::from_str(row.str(2)?)?));
        }
    }
    Ok(out)
}

/// What a command did to the working state, to take it back when one of its writes is refused.
#[derive(Default)]
struct Undo {
    records: Vec<(Place, Option<Working>)>,
    keys: Vec<((usize, String), Option<RecordId>)>,
}

/// What follows from the commands. Without `keys` it is left to the database to refuse a key that is taken.
pub(super) fn apply<'a>(
    inner: &Inner,
    commands: &'a [Prepared],
    working: FxHashMap<Place, Working>,
    mut keys: Option<Keys>,
    mut known: Known,
    registers: &mut Registers<'a>,
) -> Applied<'a> {
    let mut out = Applied { working, entries: Vec::new(), changes: Vec::new(), outcomes: Vec::new(), remembered: Vec::new() };
    let writes = commands.iter().map(|c| c.writes.len()).sum();
    out.working.reserve(writes);
    out.entries.reserve(writes);
    out.changes.reserve(writes);
    for (number, prepared) in commands.iter().enumerate() {
        let command = &prepared.command;
        if let Some((key, request)) = &command.idempotency
            && let Some((first_request, written)) = known.get(key)
        {
            out.outcomes.push(if first_request == request {
                Ok(Outcome { written: written.clone(), replayed: true, seq: None })
            } else {
                Err(Error::IdempotencyMismatch(key.clone()))
            });
            continue;
        }
        let mark = (out.entries.len(), out.changes.len());
        let mut undo = Undo::default();
        let mut written = Vec::with_capacity(prepared.writes.len());
        let mut failed = None;
        for (i, write) in prepared.writes.iter().enumerate() {
            match apply_write(inner, command, write, (number, i), &mut out, keys.as_mut(), &mut undo, registers) {
                Ok(w) => written.push(w),
                Err(e) => {
                    failed = Some(e);
                    break;
                }
            }
        }
        if let Some(e) = failed {
            out.entries.truncate(mark.0);
            out.changes.truncate(mark.1);
            for (place, before) in undo.records.into_iter().rev() {
                match before {
                    Some(w) => out.working.insert(place, w),
                    None => out.working.remove(&place),
                };
            }
            if let Some(keys) = &mut keys {
                for (k, before) in undo.keys.into_iter().rev() {
                    match before {
                        Some(id) => keys.insert(k, id),
                        None => keys.remove(&k),
                    };
                }
            }
            out.outcomes.push(Err(e));
            continue;
        }
        if let Some((key, request)) = &command.idempotency {
            let reply = serde_json::to_string(&written).unwrap_or_default();
            known.insert(key.clone(), (request.clone(), written.clone()));
            out.remembered.push((key.clone(), request.clone(), reply, command.at.to_string()));
        }
        out.outcomes.push(Ok(Outcome { written, replayed: false, seq: None }));
    }
    out
}

#[expect(clippy::too_many_arguments, reason = "one write, and everything that a batch has come to so far")]
fn apply_write<'a>(
    inner: &Inner,
    command: &Command,
    ready: &'a Ready,
    by: (usize, usize),
    out: &mut Applied<'a>,
    keys: Option<&mut Keys>,
    undo: &mut Undo,
    registers: &mut Registers<'a>,
) -> Result<Written> {
    let id = ready.record_id();
    let register = registers.number(ready.register());
    let place = (register, id);
    let current = out.working.get(&place).and_then(|w| w.now.clone());
    let missing = || Error::NotFound { register: ready.register().to_owned(), id: ready.id.as_ref().to_owned() };
    match (&ready.wanted, &current) {
        (Wanted::New(_), None) => {}
        (Wanted::Change(w), Some(r)) if w.version == r.version => {}
        (_, Some(r)) => return Err(Error::Conflict { current: Box::new((**r).clone()) }),
        (Wanted::Change(_), None) => return Err(missing()),
    }
    let old_key = current.as_ref().and_then(|r| r.key.as_deref());
    if let Some(keys) = keys
        && ready.key() != old_key
    {
        if let Some(new) = ready.key() {
            let k = (register, new.to_owned());
            if let Some(holder) = keys.get(&k)
                && *holder != id
            {
                return Err(Error::KeyTaken { register: ready.register().to_owned(), key: k.1, holder: holder.to_string() });
            }
            let before = keys.insert(k.clone(), id);
            undo.keys.push((k, before));
        }
        if let Some(old) = old_key {
            let k = (register, old.to_owned());
            let before = keys.remove(&k);
            undo.keys.push((k, before));
        }
    }
    let written = |version, unchanged| Written { id, version, unchanged };
    let (record, entry, leaf, fields) = match (&ready.wanted, &current) {
        (Wanted::New(new), _) => (new.record.clone(), Cow::Borrowed(&new.entry), Some(new.leaf), None),
        (Wanted::Change(_), None) => return Err(missing()),
        (Wanted::Change(wish), Some(old)) => {
            let held = match out.working.get(&place).and_then(|w| w.fields.clone()) {
                Some(fields) => fields,
                None => Arc::new(old.fields()?),
            };
            let record = Record {
                register: wish.write.register.clone(),
                id,
                key: wish.write.key.clone(),
                unit: wish.write.unit.clone(),
                state: wish.write.state.clone(),
                version: old.version + 1,
                created_at: old.created_at,
                updated_at: command.at,
                salt: old.salt.clone(),
                body: wish.body.clone(),
            };
            let meta = inner.meta(&record.register);
            let Some(body) = entry::body_of_change((old, &held), (&record, &wish.fields), &meta.personal) else {
                return Ok(written(old.version, true));
            };
            let entry = entry_of(command, &record, wish.write.kind.clone(), wish.write.authority.clone(), body);
            (Arc::new(record), Cow::Owned(entry), None, Some(wish.fields.clone()))
        }
    };
    let version = record.version;
    out.entries.push(Line { entry, record: ready.id.clone(), leaf });
    out.changes.push(Change { seq: -1, at: command.at, before: current, after: record.clone() });
    match out.working.entry(place) {
        hash_map::Entry::Occupied(mut o) => {
            undo.records.push((place, Some(o.get().clone())));
            let w = o.get_mut();
            (w.now, w.fields, w.by) = (Some(record), fields, by);
        }
        hash_map::Entry::Vacant(v) => {
            undo.records.push((place, None));
            v.insert(Working { stored: None, now: Some(record), fields, by });
        }
    }
    Ok(written(version, false))
}
