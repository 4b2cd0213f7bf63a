//! Other systems hear when a dossier's status changes.
//!
//! One process at a time goes through the ledger (a lease on the job [`SCAN`], whose progress is the position in the ledger) and asks
//! for one job for each change and each hearer. A job is known by the record and its version: whoever goes through the same part again
//! after a crash asks for nothing new. Delivery is signed, tried again with growing pauses, and may arrive twice; the event's id tells.

use std::{future::Future, pin::Pin, time::Duration};

use rules::{
    Timestamp,
    access::{Action, Actor, decide},
    one_stop::Status,
};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Change, Job, JobState};
use tokio::time::{Instant, timeout};

use super::DOSSIER;
use crate::{
    Office,
    clock::Clock,
    connections::Hook,
    error::{Error, Result},
    signing,
    world::World,
};

/// The job that goes through the ledger.
const SCAN: &str = "webhook_scan";
/// Who has a job and says nothing for so long has lost it. Longer than [`ANSWER_LIMIT`]: no message is sent by two.
const LEASE_SECONDS: i64 = 60;
/// So long an answer is waited for.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// A hearer that takes its time has so much of a round; the rest waits for the next one, as everybody's news do.
const TURN: Duration = Duration::from_secs(20);
/// Entries read at once.
const PART: i64 = 512;
/// First pause, doubled with each try: half a minute, a minute, … six hours at most; about two days in all.
const FIRST_PAUSE_SECONDS: i64 = 30;
const LONGEST_PAUSE_SECONDS: i64 = 6 * 3_600;
const ATTEMPTS_MAX: i64 = 16;
/// An answer's text that is kept.
const OUTCOME_MAX: usize = 300;

/// A message ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub url: String,
    pub event: String,
    pub at: String,
    pub signature: String,
    pub body: Vec<u8>,
}

/// What became of sending: the HTTP status, or why there was none.
pub type Answer<'a> = Pin<Box<dyn Future<Output = std::result::Result<u16, String>> + Send + 'a>>;

/// How messages leave this machine.
pub trait Post: Send + Sync {
    fn post<'a>(&'a self, message: &'a Message) -> Answer<'a>;
}

/// One notice to one system, with its state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Notified {
    pub webhook: String,
    pub event: String,
    pub dossier: String,
    pub status: String,
    pub state: JobState,
    pub attempts: i64,
    /// When it is tried next, or was done.
    pub at: Timestamp,
    pub outcome: Option<String>,
}

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub asked: usize,
    pub delivered: usize,
    pub failed: usize,
}

fn kind_of(hook: &Hook) -> String {
    format!("webhook:{}", hook.id)
}

fn real() -> Timestamp {
    Clock::default().now()
}

/// Real time as it goes on from the beginning of a round.
#[derive(Clone, Copy)]
struct Since {
    began: Instant,
    then: Timestamp,
}

impl Since {
    fn now(self) -> Timestamp {
        self.then.plus_micros(i64::try_from(self.began.elapsed().as_micros()).unwrap_or(i64::MAX))
    }
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.plus_micros(seconds * 1_000_000)
}

fn pause(attempts: i64) -> i64 {
    let doubled = u32::try_from((attempts - 1).clamp(0, 20)).map_or(1, |n| 1_i64 << n);
    (FIRST_PAUSE_SECONDS * doubled).min(LONGEST_PAUSE_SECONDS)
}

/// A dossier with a case whose status changed.
fn told(change: &Change) -> Option<(String, Value)> {
    let after = &change.after;
    let before = change.before.as_ref();
    if after.register != DOSSIER || before.is_some_and(|b| b.state == after.state) {
        return None;
    }
    let fields = after.fields().ok()?;
    // What an import brings is history of another system.
    fields.get("case").filter(|c| !c.is_null())?;
    let event = format!("{}-{}", after.id, after.version);
    let body = json!({
        "event": "dossier.status",
        "id": event,
        "dossier": after.key,
        "unit": after.unit,
        "procedure": fields.get("procedure_code"),
        "status": after.state,
        "national_status": Status::of(&after.state).map(Status::national_code),
        "before": before.map(|b| b.state.as_str()),
        "at": change.at,
        "due_at": fields.get("due_at"),
    });
    Some((event, body))
}

fn hears(world: &World, hook: &Hook, unit: &str) -> bool {
    let Some(unit) = unit.parse().ok().and_then(|k| world.units.idx(&k)) else { return false };
    hook.units.is_empty()
        || hook.units.iter().any(|top| top.parse().ok().and_then(|k| world.units.idx(&k)).is_some_and(|top| world.units.covers(top, unit)))
}

impl Office {
    /// Goes through what is new in the ledger, then delivers what is due. Any process may do it at any time.
    ///
    /// `now` is real time, whatever time the office lives in: leases and signatures are between machines. Hearers are told side by
    /// side: a slow one, or one that is away, keeps nobody waiting longer than its turn.
    pub async fn webhook_round(&self, post: &dyn Post, by: &str, now: Timestamp) -> Result<Round> {
        let mut round = Round::default();
        if self.connections().hooks.is_empty() {
            return Ok(round);
        }
        let clock = Since { began: Instant::now(), then: now };
        round.asked = self.webhook_scan(by, clock).await?;
        let told = self.connections().hooks.iter().map(|hook| self.deliver(hook, post, by, clock));
        // What hinders one hearer's jobs does not hinder the others'.
        for one in futures::future::join_all(told).await {
            let (delivered, failed) = one?;
            round.delivered += delivered;
            round.failed += failed;
        }
        Ok(round)
    }

    async fn webhook_scan(&self, by: &str, clock: Since) -> Result<usize> {
        let (store, now) = (self.store(), clock.now());
        store.ask_job(SCAN, "", &Value::Null, now, now).await?;
        let Some(job) = store.take_job(SCAN, by, now, later(now, LEASE_SECONDS)).await? else { return Ok(0) };
        // The first time, nobody is told of what was before.
        let mut position = if job.done == 0 { store.head().await?.size } else { job.done };
        let mut asked = 0;
        loop {
            let changes = store.changes_after(position, PART).await?;
            let now = clock.now();
            let world = self.world();
            for change in &changes {
                let Some((event, body)) = told(change) else { continue };
                for hook in self.connections().hooks.iter().filter(|h| hears(&world, h, &change.after.unit)) {
                    asked += usize::from(store.ask_job(&kind_of(hook), &event, &body, now, now).await?);
                }
            }
            position = changes.last().map_or(position, |c| c.seq + 1);
            let now = clock.now();
            if !store.job_progress(&job, by, position, position, later(now, LEASE_SECONDS), now).await? {
                // Somebody else goes on from here.
                return Ok(asked);
            }
            if i64::try_from(changes.len()).unwrap_or(0) < PART {
                store.end_job(&job, by, JobState::Waiting, None, now, now).await?;
                return Ok(asked);
            }
        }
    }

    /// Tells one hearer what is due, until its turn is over or no answer comes: how many it took, and how many it did not.
    async fn deliver(&self, hook: &Hook, post: &dyn Post, by: &str, clock: Since) -> Result<(usize, usize)> {
        let (store, turn) = (self.store(), Instant::now());
        let (mut delivered, mut failed) = (0, 0);
        while turn.elapsed() < TURN {
            let now = clock.now();
            let Some(job) = store.take_job(&kind_of(hook), by, now, later(now, LEASE_SECONDS)).await? else { break };
            let body = job.body.to_string().into_bytes();
            let at = signing::seconds(now);
            let signature = signing::sign(&hook.secret, at, &body);
            let message = Message { url: hook.url.clone(), event: job.subject.clone(), at: at.to_string(), signature, body };
            let answer = timeout(ANSWER_LIMIT, post.post(&message)).await.unwrap_or_else(|_| Err("no answer in time".into()));
            let (good, away) = (matches!(answer, Ok(200..=299)), answer.is_err());
            let outcome: String = answer.map_or_else(|e| e, |status| format!("HTTP {status}")).chars().take(OUTCOME_MAX).collect();
            let now = clock.now();
            let (state, run_at) = match (good, job.attempts >= ATTEMPTS_MAX) {
                (true, _) => (JobState::Done, now),
                (false, true) => (JobState::Failed, now),
                (false, false) => (JobState::Waiting, later(now, pause(job.attempts))),
            };
            store.end_job(&job, by, state, Some(&outcome), run_at, now).await?;
            delivered += usize::from(good);
            failed += usize::from(!good);
            if away {
                // The next message would find nobody there either.
                break;
            }
        }
        Ok((delivered, failed))
    }

    /// What leaves for other systems is the business of those who answer for the whole tenant.
    fn may_connect(&self, actor: &Actor, action: Action) -> Result<()> {
        let world = self.world();
        let root = world.root_on(self.today()).and_then(|key| world.units.idx(key));
        Ok(decide(actor, action, None, root, &world.units)?)
    }

    /// The notices to other systems that moved last, with their state.
    ///
    /// # Errors
    /// `access.…`
    pub async fn notices_out(&self, actor: &Actor, limit: i64) -> Result<Vec<Notified>> {
        self.may_connect(actor, Action::Audit)?;
        let shown = |j: Job| {
            let hook = j.kind.strip_prefix("webhook:")?.to_owned();
            let text = |name: &str| j.body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (dossier, status) = (text("dossier"), text("status"));
            let at = if j.state == JobState::Waiting { j.run_at } else { j.updated_at };
            Some(Notified {
                webhook: hook,
                event: j.subject,
                dossier,
                status,
                state: j.state,
                attempts: j.attempts,
                at,
                outcome: j.outcome,
            })
        };
        Ok(self.store().newest_jobs(limit).await?.into_iter().filter_map(shown).collect())
    }

    /// Tries a notice again that was given up.
    ///
    /// # Errors
    /// `access.…`; `not_found` when it was not given up.
    pub async fn retry_notice(&self, actor: &Actor, hook: &str, event: &str) -> Result<()> {
        self.may_connect(actor, Action::Configure)?;
        if self.store().retry_job(&format!("webhook:{hook}"), event, real()).await? {
            return Ok(());
        }
        Err(Error::not_found(event))
    }
}
