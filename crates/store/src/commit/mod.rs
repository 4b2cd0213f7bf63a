//! Changes go in together: the commands of many callers share one durable transaction, each still all-or-nothing.

mod apply;
mod prepare;
mod rows;

use std::sync::Arc;

use rules::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::{Mutex, mpsc, oneshot};

pub(crate) use self::rows::{Times, insert_many};
use self::{
    apply::{Registers, apply, load, load_idempotency, load_keys},
    prepare::{Prepared, prepare},
    rows::{insert_pending, remember, write_records},
};
use crate::{
    db::{Engine, P},
    dialect,
    error::{Error, Result},
    ledger_store,
    record::RecordId,
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
/// No new try begins after so long: somebody waits for the answer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(8);
/// Commands with more writes than this are made ready on a thread of their own: they would hold up everything else on this one.
const INLINE_WRITES: usize = 64;

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
    pub id: RecordId,
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
    /// The answer may come before the disk has it.
    pub relaxed: bool,
    pub reply: oneshot::Sender<Result<Outcome>>,
}

struct ReadyJob {
    prepared: Result<Prepared>,
    relaxed: bool,
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
    while let Some(Job { command, relaxed, reply }) = queue.recv().await {
        let prepared = if command.writes.len() <= INLINE_WRITES {
            prepare(&inner, command)
        } else {
            let inner = inner.clone();
            let made = tokio::task::spawn_blocking(move || prepare(&inner, command)).await;
            made.unwrap_or_else(|e| Err(Error::Database(format!("a command could not be made ready: {e}"))))
        };
        if send.send(ReadyJob { prepared, relaxed, reply }).await.is_err() {
            return;
        }
    }
}

async fn run(inner: Arc<Inner>, queue: Arc<Mutex<mpsc::Receiver<ReadyJob>>>) {
    loop {
        let (mut batch, mut replies, mut writes, mut relaxed) = (Vec::new(), Vec::new(), 0, true);
        {
            let mut take = |job: ReadyJob| match job.prepared {
                Ok(p) => {
                    writes += p.writes.len();
                    relaxed &= job.relaxed;
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
            commit_batch(&inner, batch, replies, relaxed).await;
        }
    }
}

async fn commit_batch(inner: &Inner, commands: Vec<Prepared>, replies: Vec<oneshot::Sender<Result<Outcome>>>, relaxed: bool) {
    match commit_with_retry(inner, &commands, relaxed).await {
        Ok(outcomes) => {
            for (reply, outcome) in replies.into_iter().zip(outcomes) {
                let _ = reply.send(outcome);
            }
            // Giving back the many texts of an import takes its time: beside the next batch, not before it.
            if commands.iter().map(|c| c.writes.len()).sum::<usize>() > INLINE_WRITES {
                tokio::task::spawn_blocking(move || drop(commands));
            }
        }
        // One command of several may be at fault (a key taken meanwhile by another process): each alone tells which.
        Err(Error::Database(_)) if commands.len() > 1 => {
            for (command, reply) in commands.into_iter().zip(replies) {
                let result = commit_with_retry(inner, std::slice::from_ref(&command), relaxed).await;
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

async fn commit_with_retry(inner: &Inner, commands: &[Prepared], relaxed: bool) -> Result<Vec<Result<Outcome>>> {
    let (begin, mut wait_ms) = (std::time::Instant::now(), 20);
    // Nearly always a new key is free, and the database's own unique index guards it: who holds it is asked only after a refusal.
    let mut ask_keys = false;
    for attempt in 0.. {
        match commit_once(inner, commands, ask_keys, relaxed).await {
            // Nothing of a failed transaction remains, so trying again is safe. Once COMMIT itself was sent over a lost
            // connection its fate is unknown, and only an idempotency key makes another try safe.
            Err(e)
                if e.is_transient()
                    && attempt < RETRIES
                    && begin.elapsed() < PATIENCE
                    && !inner.is_closing()
                    && may_repeat(&e, commands) =>
            {
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

async fn commit_once(inner: &Inner, commands: &[Prepared], ask_keys: bool, relaxed: bool) -> Result<Vec<Result<Outcome>>> {
    // The head is read under the same lock under which it is extended, so two batches never take one place.
    let mut head = if inner.db.engine() == Engine::Sqlite { Some(inner.head.lock().await) } else { None };
    let mut tx = if relaxed { inner.db.begin_relaxed().await? } else { inner.db.begin_write().await? };
    let mut registers = Registers::default();
    let stored = load(inner, &mut tx, commands, &mut registers).await?;
    let keys = if ask_keys { Some(load_keys(inner, &mut tx, commands, &mut registers).await?) } else { None };
    let known = load_idempotency(inner, &mut tx, commands).await?;
    let mut applied = apply(inner, commands, stored, keys, known, &mut registers);
    if applied.entries.is_empty() && applied.remembered.is_empty() {
        tx.rollback().await?;
        return Ok(applied.outcomes);
    }
    write_records(inner, &mut tx, commands, &applied, &registers).await?;
    remember(inner, &mut tx, &applied).await?;
    if let Some(cache) = head.as_deref_mut() {
        let first = ledger_store::append(inner, &mut tx, cache, &applied.entries).await?;
        for (seq, change) in (first..).zip(&mut applied.changes) {
            change.seq = seq;
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
        // Known before anybody can sequence them, so that our sequencer need not read back what was written here.
        inner.expect_changes(applied.entries.iter().map(|l| l.entry.id.clone()).zip(applied.changes));
        if let Err(e) = tx.commit().await {
            inner.forget_changes(applied.entries.iter().map(|l| l.entry.id.as_str()));
            return Err(match e {
                Error::Unreachable(text) => Error::UnknownOutcome(text),
                e => e,
            });
        }
        inner.wake_sequencer();
    }
    Ok(applied.outcomes)
}
