//! Changes go in together: the commands of many callers share one durable transaction, each still all-or-nothing.

use std::{
    collections::{BTreeMap, HashMap, hash_map},
    sync::Arc,
};

use ledger::Hash;
use rules::Timestamp;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::{
    db::{Bound, Engine, P, Tx},
    dialect, entry,
    entry::Entry,
    error::{Error, Result},
    ledger_store,
    record::{self, Record, RecordId},
    replay::Change,
    store::Inner,
};

/// Commands that share one transaction at most: enough to hide the price of a durable commit, few enough to answer soon.
const BATCH_COMMANDS: usize = 1024;
/// Record writes that share one transaction at most; bounds memory and the time a lock is held.
const BATCH_WRITES: usize = 8192;
/// Commands that may wait; the next caller waits outside.
pub(crate) const QUEUE: usize = 4096;
/// Batches under way at once on PostgreSQL. SQLite has one writer.
pub(crate) const POSTGRES_WRITERS: usize = 3;
/// A batch that met a lock or a lost connection is tried again this often before its callers hear of it.
const RETRIES: u32 = 4;
/// Rows per INSERT: few sizes, so that the prepared statements stay few.
const CHUNKS: [usize; 4] = [256, 32, 8, 1];

/// What the caller believes of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    New,
    Version(i64),
}

/// The wanted state of one record. `fields` is the whole body, not a difference.
#[derive(Debug, Clone)]
pub struct RecordWrite {
    pub register: String,
    pub id: RecordId,
    pub expect: Expect,
    pub key: Option<String>,
    pub unit: String,
    pub state: String,
    pub fields: Map<String, Value>,
    /// What was done: `create`, `update`, or the name of the transition.
    pub kind: String,
    /// Under which authority or for which reason, where one was given.
    pub authority: Option<String>,
}

/// One act of one actor: all of its writes happen, or none.
#[derive(Debug, Clone)]
pub struct Command {
    pub actor: String,
    pub on_behalf: Option<String>,
    pub at: Timestamp,
    /// Key and a digest of the request: the same key with the same digest gets the first answer again.
    pub idempotency: Option<(String, String)>,
    pub writes: Vec<RecordWrite>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Written {
    pub register: String,
    pub id: String,
    pub version: i64,
    /// The record already was as wanted: no entry was written.
    pub unchanged: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub written: Vec<Written>,
    /// The answer is the one given to an earlier request with the same idempotency key.
    pub replayed: bool,
    /// Leaf index after this command, where it is known at commit (SQLite).
    pub seq: Option<i64>,
}

pub(crate) struct Job {
    pub command: Command,
    pub reply: oneshot::Sender<Result<Outcome>>,
}

/// Commands with more writes than this are made ready on a thread of their own, so that nobody waits behind them.
const INLINE_WRITES: usize = 64;

/// A write with everything that can be known before its transaction begins. Texts and hashes of the next batch are made
/// while the one before is being committed.
struct Ready {
    write: RecordWrite,
    id: String,
    search: String,
    /// Canonical JSON of the fields.
    body: Arc<str>,
    /// Kept only where the change must be compared with what is stored.
    fields: Option<Arc<Map<String, Value>>>,
    new: Option<New>,
}

/// Record, entry and leaf of a record that did not exist.
struct New {
    record: Arc<Record>,
    entry: Entry,
    leaf: Hash,
}

/// A command that is ready for its transaction.
struct Prepared {
    /// Without its writes.
    command: Command,
    writes: Vec<Ready>,
}

struct ReadyJob {
    prepared: Result<Prepared>,
    reply: oneshot::Sender<Result<Outcome>>,
}

/// Starts what takes commands from the queue until the store is dropped: one stage makes them ready, one or more commit them.
pub(crate) fn start(inner: &Arc<Inner>, queue: mpsc::Receiver<Job>) {
    let writers = if inner.db.engine() == Engine::Sqlite { 1 } else { POSTGRES_WRITERS };
    let (send, ready) = mpsc::channel(QUEUE);
    tokio::spawn(make_ready(inner.clone(), queue, send));
    let ready = Arc::new(Mutex::new(ready));
    for _ in 0..writers {
        tokio::spawn(run(inner.clone(), ready.clone()));
    }
}

async fn make_ready(inner: Arc<Inner>, mut queue: mpsc::Receiver<Job>, send: mpsc::Sender<ReadyJob>) {
    while let Some(Job { command, reply }) = queue.recv().await {
        let prepared = if command.writes.len() <= INLINE_WRITES {
            prepare(&inner, command)
        } else {
            let inner = inner.clone();
            let made = tokio::task::spawn_blocking(move || prepare(&inner, command)).await;
            made.unwrap_or_else(|e| Err(Error::Database(format!("a command could not be made ready: {e}"))))
        };
        if send.send(ReadyJob { prepared, reply }).await.is_err() {
            return;
        }
    }
}

fn prepare(inner: &Inner, mut command: Command) -> Result<Prepared> {
    let writes = std::mem::take(&mut command.writes);
    let mut folded = HashMap::new();
    let writes = writes.into_iter().map(|w| ready(inner, &command, w, &mut folded)).collect::<Result<Vec<_>>>()?;
    Ok(Prepared { command, writes })
}

fn ready(inner: &Inner, command: &Command, mut write: RecordWrite, folded: &mut HashMap<String, String>) -> Result<Ready> {
    let meta = inner.meta(&write.register);
    let mut fields = std::mem::take(&mut write.fields);
    fields.retain(|_, v| !v.is_null());
    let id = write.id.to_string();
    let search = meta.search_text(write.key.as_deref(), &fields, folded);
    if let Expect::Version(_) = write.expect {
        let body = Arc::from(serde_json::to_string(&fields)?);
        return Ok(Ready { write, id, search, body, fields: Some(Arc::new(fields)), new: None });
    }
    let mut record = Record {
        register: write.register.clone(),
        id: write.id,
        key: write.key.clone(),
        unit: write.unit.clone(),
        state: write.state.clone(),
        version: 1,
        created_at: command.at,
        updated_at: command.at,
        salt: if meta.personal.is_empty() { String::new() } else { fresh_salt()? },
        body: Arc::from(""),
    };
    let (body, entry_body) = entry::bodies_of_new(&record, &fields, &meta.personal)?;
    record.body = Arc::from(body);
    let entry = entry_of(command, &write, 1, entry_body);
    let leaf = ledger::leaf_hash(&entry.leaf_bytes(&inner.tenant));
    Ok(Ready { write, id, search, body: record.body.clone(), fields: None, new: Some(New { record: Arc::new(record), entry, leaf }) })
}

fn entry_of(command: &Command, write: &RecordWrite, version: i64, body: String) -> Entry {
    Entry {
        seq: None,
        id: uuid::Uuid::now_v7().to_string(),
        register: write.register.clone(),
        record_id: write.id,
        record_version: version,
        kind: write.kind.clone(),
        actor: command.actor.clone(),
        on_behalf: command.on_behalf.clone(),
        authority: write.authority.clone(),
        at: command.at,
        body,
    }
}

async fn run(inner: Arc<Inner>, queue: Arc<Mutex<mpsc::Receiver<ReadyJob>>>) {
    loop {
        let (mut batch, mut replies, mut writes) = (Vec::new(), Vec::new(), 0);
        {
            let mut take = |job: ReadyJob| match job.prepared {
                Ok(p) => {
                    writes += p.writes.len();
                    batch.push(p);
                    replies.push(job.reply);
                    batch.len() < BATCH_COMMANDS && writes < BATCH_WRITES
                }
                Err(e) => {
                    let _ = job.reply.send(Err(e));
                    true
                }
            };
            let mut queue = queue.lock().await;
            let Some(first) = queue.recv().await else { return };
            let mut more = take(first);
            while more && let Ok(job) = queue.try_recv() {
                more = take(job);
            }
        }
        if !batch.is_empty() {
            commit_batch(&inner, batch, replies).await;
        }
    }
}

async fn commit_batch(inner: &Inner, commands: Vec<Prepared>, replies: Vec<oneshot::Sender<Result<Outcome>>>) {
    match commit_with_retry(inner, &commands).await {
        Ok(outcomes) => {
            for (reply, outcome) in replies.into_iter().zip(outcomes) {
                let _ = reply.send(outcome);
            }
        }
        // One command of several may be at fault (a key taken meanwhile by another process): each alone tells which.
        Err(Error::Database(_)) if commands.len() > 1 => {
            for (command, reply) in commands.into_iter().zip(replies) {
                let result = commit_with_retry(inner, std::slice::from_ref(&command)).await;
                let _ = reply.send(result.and_then(|mut o| o.pop().unwrap_or(Err(Error::Closed))));
            }
        }
        Err(e) => {
            for reply in replies {
                let _ = reply.send(Err(e.again()));
            }
        }
    }
}

async fn commit_with_retry(inner: &Inner, commands: &[Prepared]) -> Result<Vec<Result<Outcome>>> {
    let mut wait_ms = 20;
    // Nearly always a new key is free, and the database's own unique index guards it: who holds it is asked only after a refusal.
    let mut ask_keys = false;
    for attempt in 0.. {
        match commit_once(inner, commands, ask_keys).await {
            // Nothing of a failed transaction remains, so trying again is safe. Once COMMIT itself was sent over a lost
            // connection its fate is unknown, and only an idempotency key makes another try safe.
            Err(e) if e.is_transient() && attempt < RETRIES && !inner.is_closing() && may_repeat(&e, commands) => {
                tracing::warn!(error = %e, attempt, "the transaction is tried again");
                tokio::time::sleep(std::time::Duration::from_millis(wait_ms)).await;
                wait_ms *= 3;
                inner.forget_head().await;
            }
            Err(Error::Database(_)) if !ask_keys => {
                inner.forget_head().await;
                ask_keys = true;
            }
            Err(e) => {
                inner.forget_head().await;
                return Err(e);
            }
            ok => return ok,
        }
    }
    Err(Error::Busy)
}

fn may_repeat(e: &Error, commands: &[Prepared]) -> bool {
    matches!(e, Error::Busy) || commands.iter().all(|c| c.command.idempotency.is_some())
}

/// A record while a batch is applied.
#[derive(Clone)]
struct Working {
    /// As it is in the database, before the batch.
    stored: Option<Arc<Record>>,
    now: Option<Arc<Record>>,
    /// Parsed only when a change must be compared with them.
    fields: Option<Arc<Map<String, Value>>>,
    /// The write that made `now`: command and place in it.
    by: (usize, usize),
}

/// Register (numbered in its batch) and id.
type Place = (usize, RecordId);

/// Names of the registers of a batch: few, so a walk is the fastest look-up.
#[derive(Default)]
struct Registers<'a>(Vec<&'a str>);

impl<'a> Registers<'a> {
    fn number(&mut self, name: &'a str) -> usize {
        self.0.iter().position(|n| *n == name).unwrap_or_else(|| {
            self.0.push(name);
            self.0.len() - 1
        })
    }
}

struct Applied {
    working: FxHashMap<Place, Working>,
    entries: Vec<Entry>,
    leaves: Vec<Option<Hash>>,
    changes: Vec<Change>,
    outcomes: Vec<Result<Outcome>>,
    remembered: Vec<(String, String, String, String)>,
}

async fn commit_once(inner: &Inner, commands: &[Prepared], ask_keys: bool) -> Result<Vec<Result<Outcome>>> {
    // The head is read under the same lock under which it is extended, so two batches never take one place.
    let mut head = if inner.db.engine() == Engine::Sqlite { Some(inner.head.lock().await) } else { None };
    let mut tx = inner.db.begin_write().await?;
    let mut registers = Registers::default();
    let stored = load(inner, &mut tx, commands, &mut registers).await?;
    let keys = if ask_keys { load_keys(inner, &mut tx, commands, &mut registers).await? } else { Keys::default() };
    let known = load_idempotency(inner, &mut tx, commands).await?;
    let mut applied = apply(inner, commands, stored, keys, known, &mut registers);
    if applied.entries.is_empty() && applied.remembered.is_empty() {
        tx.rollback().await?;
        return Ok(applied.outcomes);
    }
    write_records(inner, &mut tx, commands, &applied, &registers).await?;
    remember(inner, &mut tx, &applied).await?;
    if let Some(cache) = head.as_deref_mut() {
        let first = ledger_store::append(inner, &mut tx, cache, &mut applied.entries, &applied.leaves).await?;
        for (i, change) in applied.changes.iter_mut().enumerate() {
            change.seq = first + i as i64;
        }
        tx.commit().await?;
        let last = first + applied.entries.len() as i64;
        for outcome in applied.outcomes.iter_mut().flatten() {
            outcome.seq = Some(last);
        }
        inner.publish(applied.changes);
        inner.db.written(applied.entries.len());
    } else {
        insert_pending(inner, &mut tx, &applied.entries).await?;
        tx.fetch(dialect::NOTIFY, &[P::Text(&inner.tenant)]).await?;
        tx.commit().await?;
        inner.wake_sequencer();
    }
    Ok(applied.outcomes)
}

async fn load<'a>(
    inner: &Inner,
    tx: &mut Tx,
    commands: &'a [Prepared],
    registers: &mut Registers<'a>,
) -> Result<FxHashMap<Place, Working>> {
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for w in commands.iter().flat_map(|c| &c.writes) {
        if matches!(w.write.expect, Expect::Version(_)) {
            wanted.entry(&w.write.register).or_default().push(&w.id);
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

type Keys = FxHashMap<(usize, String), RecordId>;

async fn load_keys<'a>(inner: &Inner, tx: &mut Tx, commands: &'a [Prepared], registers: &mut Registers<'a>) -> Result<Keys> {
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for w in commands.iter().flat_map(|c| &c.writes) {
        if let Some(key) = &w.write.key {
            wanted.entry(&w.write.register).or_default().push(key);
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

type Known = HashMap<String, (String, Vec<Written>)>;

async fn load_idempotency(inner: &Inner, tx: &mut Tx, commands: &[Prepared]) -> Result<Known> {
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

fn apply<'a>(
    inner: &Inner,
    commands: &'a [Prepared],
    working: FxHashMap<Place, Working>,
    mut keys: Keys,
    mut known: Known,
    registers: &mut Registers<'a>,
) -> Applied {
    let mut out =
        Applied { working, entries: Vec::new(), leaves: Vec::new(), changes: Vec::new(), outcomes: Vec::new(), remembered: Vec::new() };
    let writes = commands.iter().map(|c| c.writes.len()).sum();
    out.working.reserve(writes);
    out.entries.reserve(writes);
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
            match apply_write(inner, command, write, (number, i), &mut out, &mut keys, &mut undo, registers) {
                Ok(w) => written.push(w),
                Err(e) => {
                    failed = Some(e);
                    break;
                }
            }
        }
        if let Some(e) = failed {
            out.entries.truncate(mark.0);
            out.leaves.truncate(mark.0);
            out.changes.truncate(mark.1);
            for (place, before) in undo.records.into_iter().rev() {
                match before {
                    Some(w) => out.working.insert(place, w),
                    None => out.working.remove(&place),
                };
            }
            for (k, before) in undo.keys.into_iter().rev() {
                match before {
                    Some(id) => keys.insert(k, id),
                    None => keys.remove(&k),
                };
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
    out: &mut Applied,
    keys: &mut Keys,
    undo: &mut Undo,
    registers: &mut Registers<'a>,
) -> Result<Written> {
    let write = &ready.write;
    let register = registers.number(&write.register);
    let place = (register, write.id);
    let current = out.working.get(&place).and_then(|w| w.now.clone());
    match (write.expect, &current) {
        (Expect::New, Some(r)) => return Err(Error::Conflict { current: Box::new((**r).clone()) }),
        (Expect::Version(v), Some(r)) if v != r.version => return Err(Error::Conflict { current: Box::new((**r).clone()) }),
        (Expect::Version(_), None) => return Err(Error::NotFound { register: write.register.clone(), id: ready.id.clone() }),
        _ => {}
    }
    let old_key = current.as_ref().and_then(|r| r.key.clone());
    if write.key != old_key {
        if let Some(new) = &write.key {
            let k = (register, new.clone());
            if let Some(holder) = keys.get(&k)
                && *holder != write.id
            {
                return Err(Error::KeyTaken { register: write.register.clone(), key: k.1, holder: holder.to_string() });
            }
            let before = keys.insert(k.clone(), write.id);
            undo.keys.push((k, before));
        }
        if let Some(old) = old_key {
            let k = (register, old);
            let before = keys.remove(&k);
            undo.keys.push((k, before));
        }
    }
    let written = |version, unchanged| Written { register: write.register.clone(), id: ready.id.clone(), version, unchanged };
    let (record, entry, leaf) = match (&current, &ready.new) {
        (None, Some(new)) => (new.record.clone(), new.entry.clone(), Some(new.leaf)),
        (Some(old), _) => {
            let held = match out.working.get(&place).and_then(|w| w.fields.clone()) {
                Some(fields) => fields,
                None => Arc::new(old.fields()?),
            };
            let fields = match &ready.fields {
                Some(fields) => fields.clone(),
                None => Arc::default(),
            };
            let record = Record {
                register: write.register.clone(),
                id: write.id,
                key: write.key.clone(),
                unit: write.unit.clone(),
                state: write.state.clone(),
                version: old.version + 1,
                created_at: old.created_at,
                updated_at: command.at,
                salt: old.salt.clone(),
                body: ready.body.clone(),
            };
            let meta = inner.meta(&write.register);
            let Some(body) = entry::body_of_change((old, &held), (&record, &fields), &meta.personal) else {
                return Ok(written(old.version, true));
            };
            let entry = entry_of(command, write, record.version, body);
            (Arc::new(record), entry, None)
        }
        (None, None) => return Err(Error::NotFound { register: write.register.clone(), id: ready.id.clone() }),
    };
    let version = record.version;
    out.entries.push(entry);
    out.leaves.push(leaf);
    out.changes.push(Change { seq: -1, at: command.at, before: current, after: record.clone() });
    match out.working.entry(place) {
        hash_map::Entry::Occupied(mut o) => {
            undo.records.push((place, Some(o.get().clone())));
            let w = o.get_mut();
            (w.now, w.fields, w.by) = (Some(record), ready.fields.clone(), by);
        }
        hash_map::Entry::Vacant(v) => {
            undo.records.push((place, None));
            v.insert(Working { stored: None, now: Some(record), fields: None, by });
        }
    }
    Ok(written(version, false))
}

fn fresh_salt() -> Result<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| Error::Database(format!("no randomness: {e}")))?;
    Ok(hex::encode(bytes))
}

const RECORD_HEAD: &str = "INSERT INTO record (tenant,register,id,key,unit,state,version,created_at,updated_at,salt,search,body) VALUES ";
const RECORD_REPLACE: &str = " ON CONFLICT (tenant,register,id) DO UPDATE SET key=excluded.key, unit=excluded.unit, state=excluded.state, \
     version=excluded.version, updated_at=excluded.updated_at, salt=excluded.salt, search=excluded.search, body=excluded.body";

async fn write_records(inner: &Inner, tx: &mut Tx, commands: &[Prepared], applied: &Applied, registers: &Registers<'_>) -> Result<()> {
    struct Row<'a> {
        ready: &'a Ready,
        record: &'a Record,
        created: String,
        updated: String,
    }
    let (mut new, mut changed) = (Vec::with_capacity(applied.working.len()), Vec::new());
    let mut released: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (place, w) in &applied.working {
        let Some(record) = &w.now else { continue };
        if w.stored.as_ref().is_some_and(|s| s.version == record.version) {
            continue;
        }
        let Some(ready) = commands.get(w.by.0).and_then(|c| c.writes.get(w.by.1)) else { continue };
        if let Some(stored) = &w.stored
            && stored.key.is_some()
            && stored.key != record.key
        {
            released.entry(registers.0[place.0]).or_default().push(&ready.id);
        }
        let updated = record.updated_at.to_string();
        let created = if record.created_at == record.updated_at { updated.clone() } else { record.created_at.to_string() };
        if w.stored.is_none() { &mut new } else { &mut changed }.push(Row { ready, record, created, updated });
    }
    for (register, ids) in released {
        let ids = serde_json::to_string(&ids)?;
        tx.execute(dialect::release_keys(tx.engine()), &[P::Text(&inner.tenant), P::Text(register), P::Text(&ids)]).await?;
    }
    for (rows, tail) in [(&mut changed, RECORD_REPLACE), (&mut new, "")] {
        // In key order: pages fill one after the other, and PostgreSQL processes lock rows in one order.
        rows.sort_unstable_by(|a, b| (&a.record.register, &a.record.id).cmp(&(&b.record.register, &b.record.id)));
        let params: Vec<[P<'_>; 12]> = rows
            .iter()
            .map(|r| {
                let rec = r.record;
                [
                    P::Text(&inner.tenant),
                    P::Text(&rec.register),
                    P::Text(&r.ready.id),
                    P::OptText(rec.key.as_deref()),
                    P::Text(&rec.unit),
                    P::Text(&rec.state),
                    P::Int(rec.version),
                    P::Text(&r.created),
                    P::Text(&r.updated),
                    P::Text(&rec.salt),
                    P::Text(&r.ready.search),
                    P::Shared(&rec.body),
                ]
            })
            .collect();
        insert_many(tx, RECORD_HEAD, tail, &params).await?;
    }
    Ok(())
}

const IDEMPOTENCY_HEAD: &str = "INSERT INTO idempotency (tenant,key,request,reply,at) VALUES ";

async fn remember(inner: &Inner, tx: &mut Tx, applied: &Applied) -> Result<()> {
    let params: Vec<[P<'_>; 5]> = applied
        .remembered
        .iter()
        .map(|(key, request, reply, at)| [P::Text(&inner.tenant), P::Text(key), P::Text(request), P::Text(reply), P::Text(at)])
        .collect();
    insert_many(tx, IDEMPOTENCY_HEAD, "", &params).await
}

const PENDING_HEAD: &str =
    "INSERT INTO pending (tenant,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body) VALUES ";

async fn insert_pending(inner: &Inner, tx: &mut Tx, entries: &[Entry]) -> Result<()> {
    let texts: Vec<(String, String)> = entries.iter().map(|e| (e.record_id.to_string(), e.at.to_string())).collect();
    let params: Vec<[P<'_>; 11]> = entries
        .iter()
        .zip(&texts)
        .map(|(e, (record, at))| {
            [
                P::Text(&inner.tenant),
                P::Text(&e.id),
                P::Text(&e.register),
                P::Text(record),
                P::Int(e.record_version),
                P::Text(&e.kind),
                P::Text(&e.actor),
                P::OptText(e.on_behalf.as_deref()),
                P::OptText(e.authority.as_deref()),
                P::Text(at),
                P::Text(&e.body),
            ]
        })
        .collect();
    insert_many(tx, PENDING_HEAD, "", &params).await
}

/// INSERT of any number of rows in statements of a few fixed sizes. The next statement's values are laid out while one runs.
pub(crate) async fn insert_many<const N: usize>(tx: &mut Tx, head: &str, tail: &str, rows: &[[P<'_>; N]]) -> Result<()> {
    let engine = tx.engine();
    let mut rest = rows;
    for size in CHUNKS {
        if rest.len() < size {
            continue;
        }
        let sql: Arc<str> = format!("{head}{}{tail}", dialect::values(engine, size, N)).into();
        let (chunk, after) = rest.split_at(size);
        rest = after;
        let mut next = Some(Bound::new(engine, chunk.as_flattened())?);
        while let Some(bound) = next {
            let lay_out = async {
                let Some((chunk, after)) = rest.split_at_checked(size) else { return Ok(None) };
                rest = after;
                Bound::new(engine, chunk.as_flattened()).map(Some)
            };
            let (done, laid_out) = futures::future::join(tx.run(&sql, bound), lay_out).await;
            done?;
            next = laid_out?;
        }
    }
    Ok(())
}
