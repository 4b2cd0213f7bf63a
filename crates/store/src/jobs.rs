//! Work done beside people's own (searchable copies of scans, notices to other systems): kept in the database, taken under a lease,
//! so that any process may do it and none is lost with the process that had begun it.

use rules::Timestamp;
use serde_json::Value;

use crate::{
    db::{P, Row},
    error::Result,
    store::Store,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its time.
    Waiting,
    /// Somebody has the lease.
    Running,
    Done,
    /// Given up.
    Failed,
}

impl JobState {
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn of(id: &str) -> Self {
        [Self::Waiting, Self::Running, Self::Done].into_iter().find(|s| s.id() == id).unwrap_or(Self::Failed)
    }
}

/// One thing to be done: what (`kind`), with which thing (`subject`); there is one row for the two.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Job {
    pub kind: String,
    pub subject: String,
    pub state: JobState,
    /// Progress, in units of the kind's own (pages, rows); `total` is 0 while it is unknown.
    pub done: i64,
    pub total: i64,
    /// How often it was begun.
    pub attempts: i64,
    pub run_at: Timestamp,
    pub lease_until: Option<Timestamp>,
    pub body: Value,
    /// What came of it, or why it did not.
    pub outcome: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

const ASK: &str = "INSERT INTO job (tenant,kind,subject,state,done,total,attempts,run_at,body,created_at,updated_at) \
     VALUES ($1,$2,$3,'waiting',0,0,0,$4,$5,$6,$6) ON CONFLICT (tenant,kind,subject) DO NOTHING";
const NEXT: &str = "SELECT kind,subject,state,done,total,attempts,run_at,lease_until,body,outcome,created_at,updated_at FROM job \
     WHERE tenant=$1 AND kind=$2 AND state IN ('waiting','running') AND run_at<=$3 AND (lease_until IS NULL OR lease_until<=$3) \
     ORDER BY run_at,subject LIMIT 1";
/// Two who saw the same row: the number of attempts tells who was first.
const TAKE: &str = "UPDATE job SET state='running',attempts=attempts+1,lease_by=$5,lease_until=$6,updated_at=$7 \
     WHERE tenant=$1 AND kind=$2 AND subject=$3 AND attempts=$4 AND state IN ('waiting','running')";
const PROGRESS: &str = "UPDATE job SET done=$5,total=$6,lease_until=$7,updated_at=$8 \
     WHERE tenant=$1 AND kind=$2 AND subject=$3 AND lease_by=$4 AND state='running'";
const END: &str = "UPDATE job SET state=$5,outcome=$6,run_at=$7,lease_by=NULL,lease_until=NULL,updated_at=$8 \
     WHERE tenant=$1 AND kind=$2 AND subject=$3 AND lease_by=$4 AND state='running'";
const AGAIN: &str = "UPDATE job SET state='waiting',run_at=$4,attempts=0,updated_at=$4 \
     WHERE tenant=$1 AND kind=$2 AND subject=$3 AND state='failed'";
const ONE: &str = "SELECT kind,subject,state,done,total,attempts,run_at,lease_until,body,outcome,created_at,updated_at FROM job \
     WHERE tenant=$1 AND kind=$2 AND subject=$3";
const NEWEST: &str = "SELECT kind,subject,state,done,total,attempts,run_at,lease_until,body,outcome,created_at,updated_at FROM job \
     WHERE tenant=$1 ORDER BY updated_at DESC,kind,subject LIMIT $2";
const COUNTS: &str = "SELECT kind,state,CAST(COUNT(*) AS BIGINT) FROM job WHERE tenant=$1 GROUP BY kind,state ORDER BY kind,state";

fn from_row(r: &Row) -> Result<Job> {
    let time = |i| r.opt_text(i).and_then(|t| t.map(|t| t.parse().map_err(Into::into)).transpose());
    Ok(Job {
        kind: r.text(0)?,
        subject: r.text(1)?,
        state: JobState::of(r.str(2)?),
        done: r.int(3)?,
        total: r.int(4)?,
        attempts: r.int(5)?,
        run_at: r.str(6)?.parse()?,
        lease_until: time(7)?,
        body: serde_json::from_str(r.str(8)?)?,
        outcome: r.opt_text(9)?,
        created_at: r.str(10)?.parse()?,
        updated_at: r.str(11)?.parse()?,
    })
}

impl Store {
    /// Asks for something to be done, not before `run_at`. `false` when it was asked for before.
    pub async fn ask_job(&self, kind: &str, subject: &str, body: &Value, run_at: Timestamp, now: Timestamp) -> Result<bool> {
        let (body, run_at, now) = (body.to_string(), run_at.to_string(), now.to_string());
        let params = [P::Text(self.tenant()), P::Text(kind), P::Text(subject), P::Text(&run_at), P::Text(&body), P::Text(&now)];
        Ok(self.db().execute(ASK, &params).await? > 0)
    }

    /// Takes the next thing of a kind whose time has come, until `until` at the latest: who does not end it by then has lost it.
    pub async fn take_job(&self, kind: &str, by: &str, now: Timestamp, until: Timestamp) -> Result<Option<Job>> {
        let (now, until) = (now.to_string(), until.to_string());
        loop {
            let found = self.db().fetch(NEXT, &[P::Text(self.tenant()), P::Text(kind), P::Text(&now)]).await?;
            let Some(mut job) = found.first().map(from_row).transpose()? else { return Ok(None) };
            let params = [
                P::Text(self.tenant()),
                P::Text(kind),
                P::Text(&job.subject),
                P::Int(job.attempts),
                P::Text(by),
                P::Text(&until),
                P::Text(&now),
            ];
            if self.db().execute(TAKE, &params).await? > 0 {
                (job.state, job.attempts, job.lease_until) = (JobState::Running, job.attempts + 1, Some(until.parse()?));
                return Ok(Some(job));
            }
        }
    }

    /// Says how far it is and keeps the lease; `false` when somebody else has it by now.
    pub async fn job_progress(&self, job: &Job, by: &str, done: i64, total: i64, until: Timestamp, now: Timestamp) -> Result<bool> {
        let (until, now) = (until.to_string(), now.to_string());
        let params = [
            P::Text(self.tenant()),
            P::Text(&job.kind),
            P::Text(&job.subject),
            P::Text(by),
            P::Int(done),
            P::Int(total),
            P::Text(&until),
            P::Text(&now),
        ];
        Ok(self.db().execute(PROGRESS, &params).await? > 0)
    }

    /// Ends it: done, failed for good, or to be tried again at `run_at` (state `Waiting`). `false` when somebody else has it by now.
    pub async fn end_job(
        &self,
        job: &Job,
        by: &str,
        state: JobState,
        outcome: Option<&str>,
        run_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let (run_at, now) = (run_at.to_string(), now.to_string());
        let params = [
            P::Text(self.tenant()),
            P::Text(&job.kind),
            P::Text(&job.subject),
            P::Text(by),
            P::Text(state.id()),
            P::OptText(outcome),
            P::Text(&run_at),
            P::Text(&now),
        ];
        Ok(self.db().execute(END, &params).await? > 0)
    }

    /// Tries again what was given up; `false` when it was not.
    pub async fn retry_job(&self, kind: &str, subject: &str, now: Timestamp) -> Result<bool> {
        let now = now.to_string();
        Ok(self.db().execute(AGAIN, &[P::Text(self.tenant()), P::Text(kind), P::Text(subject), P::Text(&now)]).await? > 0)
    }

    pub async fn job(&self, kind: &str, subject: &str) -> Result<Option<Job>> {
        self.db().fetch(ONE, &[P::Text(self.tenant()), P::Text(kind), P::Text(subject)]).await?.first().map(from_row).transpose()
    }

    /// The jobs that moved last.
    pub async fn newest_jobs(&self, limit: i64) -> Result<Vec<Job>> {
        self.db().fetch(NEWEST, &[P::Text(self.tenant()), P::Int(limit)]).await?.iter().map(from_row).collect()
    }

    /// How many of each kind are in each state.
    pub async fn job_counts(&self) -> Result<Vec<(String, JobState, i64)>> {
        let rows = self.db().fetch(COUNTS, &[P::Text(self.tenant())]).await?;
        rows.iter().map(|r| Ok((r.text(0)?, JobState::of(r.str(1)?), r.int(2)?))).collect()
    }
}
