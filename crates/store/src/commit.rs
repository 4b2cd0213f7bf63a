//! Changes go in together: the commands of many callers share one durable transaction, each still all-or-nothing.

use std::{
    collections::{BTreeMap, HashMap, hash_map},
    sync::Arc,
};

use rules::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::{
    db::{Engine, P, Tx},
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

/// Takes commands from the queue for ever; ends when the store is dropped.
pub(crate) async fn run(inner: Arc<Inner>, queue: Arc<Mutex<mpsc::Receiver<Job>>>) {
    loop {
        let mut batch = Vec::new();
        {
            let mut queue = queue.lock().await;
            let Some(first) = queue.recv().await else { return };
            let mut writes = first.command.writes.len();
            batch.push(first);
            while batch.len() < BATCH_COMMANDS && writes < BATCH_WRITES {
                match queue.try_recv() {
                    Ok(job) => {
                        writes += job.command.writes.len();
                        batch.push(job);
                    }
                    Err(_) => break,
                }
            }
        }
        commit_batch(&inner, batch).await;
    }
}

async fn commit_batch(inner: &Inner, batch: Vec<Job>) {
    let (commands, replies): (Vec<_>, Vec<_>) = batch.into_iter().map(|j| (j.command, j.reply)).unzip();
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

async fn commit_with_retry(inner: &Inner, commands: &[Command]) -> Result<Vec<Result<Outcome>>> {
    let mut wait_ms = 20;
    for attempt in 0.. {
        match commit_once(inner, commands).await {
            // Nothing of a failed transaction remains, so trying again is safe. Once COMMIT itself was sent over a lost
            // connection its fate is unknown, and only an idempotency key makes another try safe.
            Err(e) if e.is_transient() && attempt < RETRIES && !inner.is_closing() && may_repeat(&e, commands) => {
                tracing::warn!(error = %e, attempt, "the transaction is tried again");
                tokio::time::sleep(std::time::Duration::from_millis(wait_ms)).await;
                wait_ms *= 3;
                inner.forget_head().await;
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

fn may_repeat(e: &Error, commands: &[Command]) -> bool {
    matches!(e, Error::Busy) || commands.iter().all(|c| c.idempotency.is_some())
}

/// A record while a batch is applied.
#[derive(Clone)]
struct Working {
    /// As it is in the database, before the batch.
    stored: Option<Arc<Record>>,
    now: Option<(Arc<Record>, Arc<Map<String, Value>>)>,
}

struct Applied {
    working: HashMap<(String, RecordId), Working>,
    entries: Vec<Entry>,
    changes: Vec<Change>,
    outcomes: Vec<Result<Outcome>>,
    remembered: Vec<(String, String, String, String)>,
}

async fn commit_once(inner: &Inner, commands: &[Command]) -> Result<Vec<Result<Outcome>>> {
    // The head is read under the same lock under which it is extended, so two batches never take one place.
    let mut head = if inner.db.engine() == Engine::Sqlite { Some(inner.head.lock().await) } else { None };
    let mut tx = inner.db.begin_write().await?;
    let stored = load(inner, &mut tx, commands).await?;
    let keys = load_keys(inner, &mut tx, commands).await?;
    let known = load_idempotency(inner, &mut tx, commands).await?;
    let mut applied = apply(inner, commands, stored, keys, known);
    if applied.entries.is_empty() && applied.remembered.is_empty() {
        tx.rollback().await?;
        return Ok(applied.outcomes);
    }
    write_records(inner, &mut tx, &applied).await?;
    remember(inner, &mut tx, &applied).await?;
    if let Some(cache) = head.as_deref_mut() {
        let first = ledger_store::append(inner, &mut tx, cache, &mut applied.entries).await?;
        for (i, change) in applied.changes.iter_mut().enumerate() {
            change.seq = first + i as i64;
        }
        tx.commit().await?;
        let last = first + applied.entries.len() as i64;
        for outcome in applied.outcomes.iter_mut().flatten() {
            outcome.seq = Some(last);
        }
        inner.publish(applied.changes);
    } else {
        insert_pending(inner, &mut tx, &applied.entries).await?;
        tx.fetch(dialect::NOTIFY, &[P::Text(&inner.tenant)]).await?;
        tx.commit().await?;
        inner.wake_sequencer();
    }
    Ok(applied.outcomes)
}

async fn load(inner: &Inner, tx: &mut Tx, commands: &[Command]) -> Result<HashMap<(String, RecordId), Working>> {
    let mut wanted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for w in commands.iter().flat_map(|c| &c.writes) {
        if matches!(w.expect, Expect::Version(_)) {
            wanted.entry(&w.register).or_default().push(w.id.to_string());
        }
    }
    let mut out = HashMap::new();
    for (register, ids) in wanted {
        let ids = serde_json::to_string(&ids)?;
        let sql = dialect::records_for_change(tx.engine());
        for row in tx.fetch(sql, &[P::Text(&inner.tenant), P::Text(register), P::Text(&ids)]).await? {
            let r = Arc::new(record::from_row(&row)?);
            let fields = Arc::new(r.fields()?);
            out.insert((r.register.clone(), r.id), Working { stored: Some(r.clone()), now: Some((r, fields)) });
        }
    }
    Ok(out)
}

type Keys = HashMap<(String, String), RecordId>;

async fn load_keys(inner: &Inner, tx: &mut Tx, commands: &[Command]) -> Result<Keys> {
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for w in commands.iter().flat_map(|c| &c.writes) {
        if let Some(key) = &w.key {
            wanted.entry(&w.register).or_default().push(key);
        }
    }
    let mut out = HashMap::new();
    for (register, keys) in wanted {
        let keys = serde_json::to_string(&keys)?;
        for row in tx.fetch(dialect::keys_in_use(tx.engine()), &[P::Text(&inner.tenant), P::Text(register), P::Text(&keys)]).await? {
            out.insert((register.to_owned(), row.text(0)?), row.str(1)?.parse()?);
        }
    }
    Ok(out)
}

type Known = HashMap<String, (String, Vec<Written>)>;

async fn load_idempotency(inner: &Inner, tx: &mut Tx, commands: &[Command]) -> Result<Known> {
    let wanted: Vec<&str> = commands.iter().filter_map(|c| c.idempotency.as_ref()).map(|(k, _)| k.as_str()).collect();
    let mut out = HashMap::new();
    if !wanted.is_empty() {
        let wanted = serde_json::to_string(&wanted)?;
        for row in tx.fetch(dialect::idempotency_lookup(tx.engine()), &[P::Text(&inner.tenant), P::Text(&wanted)]).await? {
            out.insert(row.text(0)?, (row.text(1)?, serde_json::from_str(row.str(2)?)?));
        }
    }
    Ok(out)
}

fn apply(inner: &Inner, commands: &[Command], working: HashMap<(String, RecordId), Working>, mut keys: Keys, mut known: Known) -> Applied {
    let mut out = Applied { working, entries: Vec::new(), changes: Vec::new(), outcomes: Vec::new(), remembered: Vec::new() };
    for command in commands {
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
        let mut undo: Vec<((String, RecordId), Option<Working>)> = Vec::new();
        let mut undo_keys: Vec<((String, String), Option<RecordId>)> = Vec::new();
        let mut written = Vec::new();
        let mut failed = None;
        for write in &command.writes {
            match apply_write(inner, command, write, &mut out, &mut keys, &mut undo, &mut undo_keys) {
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
            for (id, before) in undo.into_iter().rev() {
                match before {
                    Some(w) => out.working.insert(id, w),
                    None => out.working.remove(&id),
                };
            }
            for (k, before) in undo_keys.into_iter().rev() {
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

fn apply_write(
    inner: &Inner,
    command: &Command,
    write: &RecordWrite,
    out: &mut Applied,
    keys: &mut Keys,
    undo: &mut Vec<((String, RecordId), Option<Working>)>,
    undo_keys: &mut Vec<((String, String), Option<RecordId>)>,
) -> Result<Written> {
    let place = (write.register.clone(), write.id);
    let current = out.working.get(&place).and_then(|w| w.now.clone());
    match (write.expect, &current) {
        (Expect::New, Some((r, _))) => return Err(Error::Conflict { current: Box::new((**r).clone()) }),
        (Expect::Version(v), Some((r, _))) if v != r.version => return Err(Error::Conflict { current: Box::new((**r).clone()) }),
        (Expect::Version(_), None) => return Err(Error::NotFound { register: write.register.clone(), id: write.id.to_string() }),
        _ => {}
    }
    let old_key = current.as_ref().and_then(|(r, _)| r.key.clone());
    if write.key != old_key {
        if let Some(new) = &write.key {
            let k = (write.register.clone(), new.clone());
            if let Some(holder) = keys.get(&k)
                && *holder != write.id
            {
                return Err(Error::KeyTaken { register: k.0, key: k.1, holder: holder.to_string() });
            }
            undo_keys.push((k.clone(), keys.insert(k, write.id)));
        }
        if let Some(old) = old_key {
            let k = (write.register.clone(), old);
            let before = keys.remove(&k);
            undo_keys.push((k, before));
        }
    }
    let meta = inner.meta(&write.register);
    let mut fields = write.fields.clone();
    fields.retain(|_, v| !v.is_null());
    let version = current.as_ref().map_or(1, |(r, _)| r.version + 1);
    let salt = match &current {
        Some((r, _)) => r.salt.clone(),
        None if meta.personal.is_empty() => String::new(),
        None => fresh_salt()?,
    };
    let record = Record {
        register: write.register.clone(),
        id: write.id,
        key: write.key.clone(),
        unit: write.unit.clone(),
        state: write.state.clone(),
        version,
        created_at: current.as_ref().map_or(command.at, |(r, _)| r.created_at),
        updated_at: command.at,
        salt,
        body: Arc::from(serde_json::to_string(&fields)?),
    };
    let body = match &current {
        None => entry::body_of_new(&record, &fields, &meta.personal),
        Some((old, old_fields)) => match entry::body_of_change((old, old_fields), (&record, &fields), &meta.personal) {
            Some(body) => body,
            None => {
                return Ok(Written { register: write.register.clone(), id: write.id.to_string(), version: old.version, unchanged: true });
            }
        },
    };
    let record = Arc::new(record);
    out.entries.push(Entry {
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
    });
    out.changes.push(Change { seq: -1, at: command.at, before: current.map(|(r, _)| r), after: record.clone() });
    let now = Some((record, Arc::new(fields)));
    match out.working.entry(place.clone()) {
        hash_map::Entry::Occupied(mut o) => {
            undo.push((place, Some(o.get().clone())));
            o.get_mut().now = now;
        }
        hash_map::Entry::Vacant(v) => {
            undo.push((place, None));
            v.insert(Working { stored: None, now });
        }
    }
    Ok(Written { register: write.register.clone(), id: write.id.to_string(), version, unchanged: false })
}

fn fresh_salt() -> Result<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| Error::Database(format!("no randomness: {e}")))?;
    Ok(hex::encode(bytes))
}

const RECORD_HEAD: &str = "INSERT INTO record (tenant,register,id,key,unit,state,version,created_at,updated_at,salt,search,body) VALUES ";
const RECORD_REPLACE: &str = " ON CONFLICT (tenant,register,id) DO UPDATE SET key=excluded.key, unit=excluded.unit, state=excluded.state, \
     version=excluded.version, updated_at=excluded.updated_at, salt=excluded.salt, search=excluded.search, body=excluded.body";

async fn write_records(inner: &Inner, tx: &mut Tx, applied: &Applied) -> Result<()> {
    struct Row {
        id: String,
        created: String,
        updated: String,
        search: String,
        record: Arc<Record>,
    }
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    let mut released: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for w in applied.working.values() {
        let Some((record, fields)) = &w.now else { continue };
        if w.stored.as_ref().is_some_and(|s| s.version == record.version) {
            continue;
        }
        let row = Row {
            id: record.id.to_string(),
            created: record.created_at.to_string(),
            updated: record.updated_at.to_string(),
            search: inner.meta(&record.register).search_text(record.key.as_deref(), fields),
            record: record.clone(),
        };
        if let Some(stored) = &w.stored
            && stored.key.is_some()
            && stored.key != record.key
        {
            released.entry(&record.register).or_default().push(row.id.clone());
        }
        if w.stored.is_none() { &mut new } else { &mut changed }.push(row);
    }
    for (register, ids) in released {
        let ids = serde_json::to_string(&ids)?;
        tx.execute(dialect::release_keys(tx.engine()), &[P::Text(&inner.tenant), P::Text(register), P::Text(&ids)]).await?;
    }
    for (rows, tail) in [(&mut changed, RECORD_REPLACE), (&mut new, "")] {
        // In key order: pages fill one after the other, and PostgreSQL processes lock rows in one order.
        rows.sort_unstable_by(|a, b| (&a.record.register, &a.id).cmp(&(&b.record.register, &b.id)));
        let params: Vec<[P<'_>; 12]> = rows
            .iter()
            .map(|r| {
                let rec = &r.record;
                [
                    P::Text(&inner.tenant),
                    P::Text(&rec.register),
                    P::Text(&r.id),
                    P::OptText(rec.key.as_deref()),
                    P::Text(&rec.unit),
                    P::Text(&rec.state),
                    P::Int(rec.version),
                    P::Text(&r.created),
                    P::Text(&r.updated),
                    P::Text(&rec.salt),
                    P::Text(&r.search),
                    P::Text(&rec.body),
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

/// INSERT of any number of rows in statements of a few fixed sizes.
pub(crate) async fn insert_many<const N: usize>(tx: &mut Tx, head: &str, tail: &str, rows: &[[P<'_>; N]]) -> Result<()> {
    let engine = tx.engine();
    let mut rest = rows;
    for size in CHUNKS {
        if rest.len() < size {
            continue;
        }
        let sql = format!("{head}{}{tail}", dialect::values(engine, size, N));
        while rest.len() >= size {
            let (chunk, after) = rest.split_at(size);
            tx.execute(&sql, chunk.as_flattened()).await?;
            rest = after;
        }
    }
    Ok(())
}
