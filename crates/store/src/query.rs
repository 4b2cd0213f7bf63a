//! Reading records: one, a page, or everything.

use std::collections::HashMap;

use rules::Timestamp;

use crate::{
    commit::Written,
    db::{Engine, P, Row},
    dialect,
    entry::{self, Entry},
    error::{Error, Result},
    record::{self, Record, RecordId},
    search::Sight,
    store::Store,
};

/// Records on one page at most.
pub const PAGE_MAX: i64 = 500;

pub(crate) const ALL_OF_REGISTER: &str =
    "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 ORDER BY id";
const BY_ID: &str =
    "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND id=$3";
const BY_KEY: &str =
    "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND key=$3";
const HISTORY: &str = "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry \
     WHERE tenant=$1 AND register=$2 AND record_id=$3 ORDER BY record_version";
const HISTORY_PENDING: &str = "SELECT id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM pending \
     WHERE tenant=$1 AND register=$2 AND record_id=$3 ORDER BY record_version";
const ENTRY: &str =
    "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry WHERE tenant=$1 AND seq=$2";
const NEWEST: &str = "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry WHERE tenant=$1 AND seq<$2 ORDER BY seq DESC LIMIT $3";
const COUNTS: &str = "SELECT register,CAST(COUNT(*) AS BIGINT) FROM record WHERE tenant=$1 GROUP BY register ORDER BY register";

/// What a list is sorted by. Ties are broken by id, so a cursor is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    #[default]
    Id,
    /// The newest first: ids are made in the order of time, so the primary key serves, however large the register.
    Newest,
}

/// A page of a register. `filter` is a trusted SQL condition made by the program (a compiled indicator), never user text.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    pub register: String,
    /// `code@valid_from` texts; empty = every unit.
    pub units: Vec<String>,
    pub states: Vec<String>,
    /// What somebody asks for: each word must begin a word of the record's searched fields.
    pub search: String,
    /// Where personal fields may be searched too.
    pub sight: Sight,
    pub filter: Option<String>,
    pub sort: SortBy,
    /// Opaque text from the page before.
    pub after: Option<String>,
    pub limit: i64,
}

#[derive(Debug, Clone)]
pub struct Page {
    pub records: Vec<Record>,
    pub next: Option<String>,
}

impl Store {
    pub async fn record(&self, register: &str, id: RecordId) -> Result<Record> {
        let rows = self.db().fetch(BY_ID, &[P::Text(self.tenant()), P::Text(register), P::Text(&id.to_string())]).await?;
        one(&rows, register, &id.to_string())
    }

    /// By the identity the outside world knows.
    pub async fn record_by_key(&self, register: &str, key: &str) -> Result<Record> {
        let rows = self.db().fetch(BY_KEY, &[P::Text(self.tenant()), P::Text(register), P::Text(key)]).await?;
        one(&rows, register, key)
    }

    /// What was answered to the request with this idempotency key: the digest of that request, and what it wrote.
    pub async fn reply_to(&self, key: &str) -> Result<Option<(String, Vec<Written>)>> {
        let wanted = serde_json::to_string(&[key])?;
        let rows = self.db().fetch(dialect::idempotency_lookup(self.db().engine()), &[P::Text(self.tenant()), P::Text(&wanted)]).await?;
        rows.first().map(|r| Ok((r.text(1)?, serde_json::from_str(r.str(2)?)?))).transpose()
    }

    /// Which of these keys exist, and as which record.
    pub async fn ids_by_keys(&self, register: &str, keys: &[&str]) -> Result<Vec<(String, RecordId)>> {
        let list = serde_json::to_string(keys)?;
        let sql = dialect::keys_in_use(self.db().engine());
        let rows = self.db().fetch(sql, &[P::Text(self.tenant()), P::Text(register), P::Text(&list)]).await?;
        rows.iter().map(|r| Ok((r.text(0)?, r.str(1)?.parse()?))).collect()
    }

    pub async fn records_by_ids(&self, register: &str, ids: &[RecordId]) -> Result<Vec<Record>> {
        let list = serde_json::to_string(&ids.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let sql = dialect::records_by_id(self.db().engine());
        let rows = self.db().fetch(sql, &[P::Text(self.tenant()), P::Text(register), P::Text(&list)]).await?;
        rows.iter().map(record::from_row).collect()
    }

    /// Every record of a register. For registers of programme size (hundreds), not for dossiers.
    pub async fn all(&self, register: &str) -> Result<Vec<Record>> {
        let rows = self.db().fetch(ALL_OF_REGISTER, &[P::Text(self.tenant()), P::Text(register)]).await?;
        rows.iter().map(record::from_row).collect()
    }

    /// Every record of a register in some states. For registers of programme size.
    pub async fn all_in(&self, register: &str, states: &[&str]) -> Result<Vec<Record>> {
        let states = serde_json::to_string(states)?;
        let sql = dialect::all_in_states(self.db().engine());
        let rows = self.db().fetch(sql, &[P::Text(self.tenant()), P::Text(register), P::Text(&states)]).await?;
        rows.iter().map(record::from_row).collect()
    }

    pub async fn list(&self, q: &ListQuery) -> Result<Page> {
        let limit = q.limit.clamp(1, PAGE_MAX);
        let after = q.after.as_deref().map(read_cursor).transpose()?;
        let mut records = if q.search.trim().is_empty() {
            let (sql, lists) = list_sql(self.db().engine(), q, Part::Page)?;
            let mut params = vec![P::Text(self.tenant()), P::Text(&q.register)];
            params.extend(lists.iter().map(|l| P::Text(l)));
            if let Some(after) = &after {
                params.push(P::Text(after));
            }
            params.push(P::Int(limit + 1));
            self.db().fetch(&sql, &params).await?.iter().map(record::from_row).collect::<Result<Vec<_>>>()?
        } else {
            self.search(q, after.as_deref(), limit + 1).await?
        };
        let more = records.len() as i64 > limit;
        records.truncate(usize::try_from(limit).unwrap_or(0));
        let next = if more { records.last().map(cursor) } else { None };
        Ok(Page { records, next })
    }

    /// How many records a list has over all its pages.
    pub async fn count(&self, q: &ListQuery) -> Result<i64> {
        if q.search.trim().is_empty() {
            let (sql, lists) = list_sql(self.db().engine(), q, Part::Count)?;
            let mut params = vec![P::Text(self.tenant()), P::Text(&q.register)];
            params.extend(lists.iter().map(|l| P::Text(l)));
            return self.db().fetch(&sql, &params).await?.first().map_or(Ok(0), |r| r.int(0));
        }
        Ok(self.search(q, None, i64::MAX).await?.len() as i64)
    }

    /// A statement made by the program (a compiled indicator counted by plain SQL), with `$1` = tenant. Rows of text and integers.
    pub async fn fetch_compiled(&self, sql: &str) -> Result<Vec<Row>> {
        self.db().fetch(sql, &[P::Text(self.tenant())]).await
    }

    /// The whole history of a record, oldest first; entries that still wait for their place come last, without one.
    pub async fn history(&self, register: &str, id: RecordId) -> Result<Vec<Entry>> {
        let id = id.to_string();
        let params = [P::Text(self.tenant()), P::Text(register), P::Text(&id)];
        let mut tx = self.db().begin_read().await?;
        let mut out = Vec::new();
        for row in tx.fetch(HISTORY, &params).await? {
            out.push(entry::from_row(&row, true)?);
        }
        for row in tx.fetch(HISTORY_PENDING, &params).await? {
            out.push(entry::from_row(&row, false)?);
        }
        Ok(out)
    }

    /// The histories of these records, each oldest first.
    pub async fn entries_of(&self, register: &str, ids: &[RecordId]) -> Result<HashMap<RecordId, Vec<Entry>>> {
        let list = serde_json::to_string(&ids.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let params = [P::Text(self.tenant()), P::Text(register), P::Text(&list), P::Int(0)];
        let mut tx = self.db().begin_read().await?;
        let mut entries = Vec::new();
        for row in tx.fetch(dialect::later_entries(tx.engine()), &params).await? {
            entries.push(entry::from_row(&row, true)?);
        }
        if tx.engine() == Engine::Postgres {
            for row in tx.fetch(dialect::LATER_PENDING, &params[..3]).await? {
                entries.push(entry::from_row(&row, false)?);
            }
        }
        let mut out: HashMap<RecordId, Vec<Entry>> = HashMap::new();
        for e in entries {
            out.entry(e.record_id).or_default().push(e);
        }
        Ok(out)
    }

    pub async fn entry(&self, seq: i64) -> Result<Entry> {
        let rows = self.db().fetch(ENTRY, &[P::Text(self.tenant()), P::Int(seq)]).await?;
        match rows.first() {
            Some(row) => entry::from_row(row, true),
            None => Err(Error::NotFound { register: "entry".into(), id: seq.to_string() }),
        }
    }

    /// The newest entries below leaf `before`, newest first.
    pub async fn newest_entries(&self, before: i64, limit: i64) -> Result<Vec<Entry>> {
        let rows = self.db().fetch(NEWEST, &[P::Text(self.tenant()), P::Int(before), P::Int(limit.clamp(1, PAGE_MAX))]).await?;
        rows.iter().map(|r| entry::from_row(r, true)).collect()
    }

    /// Records per register.
    pub async fn register_counts(&self) -> Result<Vec<(String, i64)>> {
        let rows = self.db().fetch(COUNTS, &[P::Text(self.tenant())]).await?;
        rows.iter().map(|r| Ok((r.text(0)?, r.int(1)?))).collect()
    }
}

fn one(rows: &[Row], register: &str, id: &str) -> Result<Record> {
    match rows.first() {
        Some(row) => record::from_row(row),
        None => Err(Error::NotFound { register: register.to_owned(), id: id.chars().take(80).collect() }),
    }
}

/// What is asked of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Bound last: where there is one, the id after which it goes on; then the number of records.
    Page,
    Count,
    /// Bound last: the ids among which it looks, as a JSON array.
    Among,
}

/// The text, and the lists that are bound from `$3` on.
pub(crate) fn list_sql(engine: Engine, q: &ListQuery, part: Part) -> Result<(String, Vec<String>)> {
    let mut sql = String::from(if part == Part::Count {
        "SELECT CAST(COUNT(*) AS BIGINT) FROM record WHERE tenant=$1 AND register=$2"
    } else {
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2"
    });
    let mut lists = Vec::new();
    let mut n = 2;
    let mut next = || {
        n += 1;
        n
    };
    for (column, list) in [("unit", &q.units), ("state", &q.states)] {
        if !list.is_empty() {
            sql += &dialect::in_list(engine, column, next());
            lists.push(serde_json::to_string(list)?);
        }
    }
    if let Some(filter) = &q.filter {
        sql += " AND (";
        sql += filter;
        sql += ")";
    }
    let (beyond, order) = match q.sort {
        SortBy::Id => (">", " ORDER BY id"),
        SortBy::Newest => ("<", " ORDER BY id DESC"),
    };
    match part {
        Part::Count => {}
        Part::Page => {
            if q.after.is_some() {
                sql += &format!(" AND id {beyond} ${}", next());
            }
            sql += order;
            sql += &format!(" LIMIT ${}", next());
        }
        Part::Among => {
            sql += &dialect::in_list(engine, "id", next());
            sql += order;
        }
    }
    Ok((sql, lists))
}

fn cursor(r: &Record) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(format!("{}|{}", r.updated_at, r.id))
}

/// The id behind which a page begins.
fn read_cursor(text: &str) -> Result<String> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let bad = || Error::NotFound { register: "page".into(), id: text.chars().take(80).collect() };
    let raw = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
    let raw = String::from_utf8(raw).map_err(|_| bad())?;
    let (at, id) = raw.split_once('|').ok_or_else(bad)?;
    at.parse::<Timestamp>().map_err(|_| bad())?;
    id.parse::<RecordId>().map_err(|_| bad())?;
    Ok(id.to_owned())
}
