//! What a desk asks: open records by deadline, what there is of one person, the last number of a series, attempts with a secret.

use rules::Timestamp;

use crate::{
    commit::Written,
    db::P,
    dialect,
    error::{Error, Result},
    query::PAGE_MAX,
    record::{self, Record, RecordId},
    store::Store,
};

/// Which open records. Instants are texts of one width, so they compare as texts; the empty text is no deadline.
#[derive(Debug, Clone, Default)]
pub struct OpenQuery {
    pub register: String,
    pub units: Vec<String>,
    pub states: Vec<String>,
    /// From this deadline on …
    pub from: String,
    /// … and before this one; `None`: all later ones.
    pub before: Option<String>,
    /// Deadline and id of the last one seen.
    pub after: Option<(String, RecordId)>,
    pub limit: i64,
}

/// One open record's place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub id: RecordId,
    pub due: String,
}

/// Sorts after every instant and before nothing.
const NEVER: &str = "~";

const LAST_OF_SERIES: &str =
    "SELECT key FROM record WHERE tenant=$1 AND register=$2 AND key>=$3 AND key<$4 ORDER BY LENGTH(key) DESC, key DESC LIMIT 1";
const ATTEMPT: &str = "INSERT INTO attempt (tenant,subject,failures,since) VALUES ($1,$2,1,$3) \
     ON CONFLICT (tenant,subject) DO UPDATE SET failures=CASE WHEN attempt.since<$4 THEN 1 ELSE attempt.failures+1 END, since=CASE WHEN attempt.since<$4 THEN excluded.since ELSE attempt.since END";
const ATTEMPTS: &str = "SELECT failures FROM attempt WHERE tenant=$1 AND subject=$2 AND since>=$3";
const FORGET: &str = "DELETE FROM attempt WHERE tenant=$1 AND subject=$2";
const SWEEP: &str = "DELETE FROM attempt WHERE tenant=$1 AND since<$2";

impl Store {
    /// A page of open records, the nearest deadline first.
    pub async fn open_records(&self, q: &OpenQuery) -> Result<Vec<Open>> {
        let (units, states) = (serde_json::to_string(&q.units)?, serde_json::to_string(&q.states)?);
        let (due, id) = match &q.after {
            Some((due, id)) => (due.clone(), id.to_string()),
            None => (String::new(), String::new()),
        };
        let params = [
            P::Text(self.tenant()),
            P::Text(&q.register),
            P::Text(&units),
            P::Text(&states),
            P::Text(&q.from),
            P::Text(q.before.as_deref().unwrap_or(NEVER)),
            P::Text(&due),
            P::Text(&id),
            P::Int(q.limit.clamp(1, PAGE_MAX)),
        ];
        let rows = self.db().fetch(dialect::open_page(self.engine()), &params).await?;
        rows.iter().map(|r| Ok(Open { id: r.str(0)?.parse()?, due: r.text(1)? })).collect()
    }

    /// Open records per state, by where their deadline lies: 0 none, 1 before the first instant, 2 and 3 before the others, 4 later.
    pub async fn open_counts(
        &self,
        register: &str,
        units: &[String],
        [now, today, tomorrow]: [Timestamp; 3],
    ) -> Result<Vec<(String, i64, i64)>> {
        let units = serde_json::to_string(units)?;
        let (now, today, tomorrow) = (now.to_string(), today.to_string(), tomorrow.to_string());
        let params = [P::Text(self.tenant()), P::Text(register), P::Text(&units), P::Text(&now), P::Text(&today), P::Text(&tomorrow)];
        let rows = self.db().fetch(dialect::open_counts(self.engine()), &params).await?;
        rows.iter().map(|r| Ok((r.text(0)?, r.int(1)?, r.int(2)?))).collect()
    }

    /// Records of a register that name a person as applicant or owner, the newest first.
    pub async fn of_person(&self, register: &str, id_number: &str, limit: i64) -> Result<Vec<Record>> {
        let params = [P::Text(self.tenant()), P::Text(register), P::Text(id_number), P::Int(limit.clamp(1, PAGE_MAX))];
        self.db().fetch(dialect::of_person(self.engine()), &params).await?.iter().map(record::from_row).collect()
    }

    /// What some units received for others in a span of time and stands in some states, the newest first.
    pub async fn received_for_others(
        &self,
        register: &str,
        units: &[String],
        [from, to]: [Timestamp; 2],
        states: &[&str],
        limit: i64,
    ) -> Result<Vec<Record>> {
        let (units, states) = (serde_json::to_string(units)?, serde_json::to_string(states)?);
        let (from, to) = (from.to_string(), to.to_string());
        let params = [
            P::Text(self.tenant()),
            P::Text(register),
            P::Text(&units),
            P::Text(&from),
            P::Text(&to),
            P::Text(&states),
            P::Int(limit.max(1)),
        ];
        self.db().fetch(dialect::received_for_others(self.engine()), &params).await?.iter().map(record::from_row).collect()
    }

    /// Records of which one of some units has a part to give back, the newest first.
    pub async fn linked_to(&self, register: &str, units: &[String], limit: i64) -> Result<Vec<Record>> {
        let units = serde_json::to_string(units)?;
        let params = [P::Text(self.tenant()), P::Text(register), P::Text(&units), P::Int(limit.clamp(1, PAGE_MAX))];
        self.db().fetch(dialect::linked_to(self.engine()), &params).await?.iter().map(record::from_row).collect()
    }

    /// The key with the highest number among those that begin with a text and go on with digits.
    pub async fn last_of_series(&self, register: &str, series: &str) -> Result<Option<String>> {
        // ':' is the character after '9'.
        let end = format!("{series}:");
        let params = [P::Text(self.tenant()), P::Text(register), P::Text(series), P::Text(&end)];
        self.db().fetch(LAST_OF_SERIES, &params).await?.first().map(|r| r.text(0)).transpose()
    }

    /// What an act with this idempotency key came to, if it was done before.
    ///
    /// # Errors
    /// [`Error::IdempotencyMismatch`] when the key came with another request.
    pub async fn answer_of(&self, key: &str, request: &str) -> Result<Option<Vec<Written>>> {
        let keys = serde_json::to_string(&[key])?;
        let rows = self.db().fetch(dialect::idempotency_lookup(self.engine()), &[P::Text(self.tenant()), P::Text(&keys)]).await?;
        match rows.first() {
            Some(row) if row.str(1)? == request => Ok(Some(serde_json::from_str(row.str(2)?)?)),
            Some(_) => Err(Error::IdempotencyMismatch(key.to_owned())),
            None => Ok(None),
        }
    }

    /// Counts a wrong attempt. A first one sweeps what is older.
    pub async fn attempt(&self, subject: &str, now: Timestamp, window: Timestamp) -> Result<()> {
        let (at, since) = (now.to_string(), window.to_string());
        let params = [P::Text(self.tenant()), P::Text(subject), P::Text(&at), P::Text(&since)];
        self.db().execute(ATTEMPT, &params).await?;
        if self.attempts(subject, window).await? <= 1 {
            self.db().execute(SWEEP, &[P::Text(self.tenant()), P::Text(&since)]).await?;
        }
        Ok(())
    }

    /// The right secret came.
    pub async fn forget_attempts(&self, subject: &str) -> Result<()> {
        self.db().execute(FORGET, &[P::Text(self.tenant()), P::Text(subject)]).await.map(drop)
    }

    /// How many were wrong since `window`.
    pub async fn attempts(&self, subject: &str, window: Timestamp) -> Result<i64> {
        let rows = self.db().fetch(ATTEMPTS, &[P::Text(self.tenant()), P::Text(subject), P::Text(&window.to_string())]).await?;
        rows.first().map_or(Ok(0), |r| r.int(0))
    }
}
