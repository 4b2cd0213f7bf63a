//! Making the index: segment by segment, beside the commits, so that an import does not wait for it.
//!
//! A segment is written in small transactions and counts only when its row and the position are saved together at the end. What a
//! crash leaves behind is a segment without a row, which nobody reads and the next step removes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::Ordering},
};

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::{
    FOLLOWER, SearchKey,
    places::{SEGMENT, encode},
    position, rules_of,
    token::{Kind, Tokens},
};
use crate::{
    commit::insert_many,
    db::{Engine, P, Tx},
    dialect,
    error::{Error, Result},
    ledger_store,
    record::{self, Record, RecordId},
    store::{RegisterMeta, Store},
};

/// Entries taken into the index by one step at most.
const STEP: i64 = SEGMENT as i64;
/// PostgreSQL is asked to count its tables anew whenever the ledger has doubled, and after so many entries at most.
const COUNT_FIRST: i64 = 256;
const COUNT_AFTER: i64 = 10_000;
const COUNT_TABLES: &str = "ANALYZE record, entry, search_segment, search_doc, search_posting";
/// Records read at once.
const PAGE: usize = 4096;
/// Rows written or removed in one transaction: some ten milliseconds, in which a commit waits.
const WRITE: usize = 4096;
/// Ids in one chunk of a segment's list.
pub(super) const CHUNK: usize = 512;
/// So many segments of about one size become one.
const MERGE: usize = 8;
/// Steps in size: 8, 64, 512, …
const SIZE_LOG: u32 = 3;
/// A segment without a row that is older than this is nobody's work any more.
const ABANDONED: std::time::Duration = std::time::Duration::from_secs(3600);

const TOUCHED: &str = "SELECT DISTINCT register,record_id FROM entry WHERE tenant=$1 AND seq>=$2 AND seq<$3";
const PAGE_OF_REGISTER: &str = "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record \
     WHERE tenant=$1 AND register=$2 AND id>$3 ORDER BY id LIMIT $4";
const SEGMENTS: &str = "SELECT register,segment,docs FROM search_segment WHERE tenant=$1 ORDER BY register,segment";
const CHUNKS: &str = "SELECT ids FROM search_doc WHERE tenant=$1 AND register=$2 AND segment=$3 ORDER BY chunk";
const SET_POSITION: &str = "INSERT INTO follower (tenant,name,seq,rules) VALUES ($1,$2,$3,$4) \
     ON CONFLICT (tenant,name) DO UPDATE SET seq=excluded.seq, rules=excluded.rules";
const FORGET_POSITION: &str = "DELETE FROM follower WHERE tenant=$1 AND name=$2";
const FORGET_SEGMENTS: &str = "DELETE FROM search_segment WHERE tenant=$1";
const ADD_SEGMENT: &str = "INSERT INTO search_segment (tenant,register,segment,docs,marks) VALUES ($1,$2,$3,$4,$5)";
const REMOVE_SEGMENT: &str = "DELETE FROM search_segment WHERE tenant=$1 AND register=$2 AND segment=$3";
const DOC_HEAD: &str = "INSERT INTO search_doc (tenant,register,segment,chunk,ids) VALUES ";
const POSTING_HEAD: &str = "INSERT INTO search_posting (tenant,register,segment,token,places) VALUES ";
const LISTED: &str = "SELECT DISTINCT register,segment FROM search_doc WHERE tenant=$1 AND segment<$2";
const TOKEN_BOUND: &str =
    "SELECT token FROM search_posting WHERE tenant=$1 AND register=$2 AND segment=$3 ORDER BY token LIMIT 1 OFFSET $4";
const REMOVE_POSTINGS_BELOW: &str = "DELETE FROM search_posting WHERE tenant=$1 AND register=$2 AND segment=$3 AND token<$4";
const REMOVE_POSTINGS: &str = "DELETE FROM search_posting WHERE tenant=$1 AND register=$2 AND segment=$3";
const REMOVE_DOCS: &str = "DELETE FROM search_doc WHERE tenant=$1 AND register=$2 AND segment=$3";

/// How far the index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indexed {
    /// Entries of the ledger that are not in the index.
    pub behind: i64,
    /// The index is missing, or was made by other rules.
    pub anew: bool,
}

/// A segment in the making.
struct Segment {
    register: String,
    number: i64,
    ids: Vec<u8>,
    docs: usize,
    postings: Vec<(i64, Vec<u8>)>,
}

impl Segment {
    /// Of records in the order of their ids.
    fn of(key: &SearchKey, register: &str, meta: &RegisterMeta, records: &[Record]) -> Result<Self> {
        let mut tokens = Tokens::new(key, register);
        let mut lists: FxHashMap<i64, Vec<u16>> = FxHashMap::default();
        let mut ids = Vec::with_capacity(records.len() * 16);
        for (place, r) in records.iter().enumerate() {
            let place = u16::try_from(place).map_err(|_| Error::Corrupt("a segment of the index is too large".into()))?;
            let mut add = |token: i64| {
                let list = lists.entry(token).or_default();
                if list.last() != Some(&place) {
                    list.push(place);
                }
            };
            let fields: Map<String, Value> = r.fields()?;
            let (clear, personal) = meta.texts(r.key.as_deref(), &fields);
            tokens.of_texts(Kind::Clear, clear, &mut add);
            tokens.of_texts(Kind::Personal, personal, &mut add);
            add(tokens.of_name(Kind::Unit, &r.unit));
            add(tokens.of_name(Kind::State, &r.state));
            ids.extend_from_slice(r.id.0.as_bytes());
        }
        let mut postings: Vec<(i64, Vec<u8>)> = lists.into_iter().map(|(token, places)| (token, encode(&places))).collect();
        postings.sort_unstable_by_key(|(token, _)| *token);
        Ok(Self { register: register.to_owned(), number: fresh_number()?, ids, docs: records.len(), postings })
    }

    /// The first id of each chunk.
    fn marks(&self) -> Vec<u8> {
        self.ids.chunks(CHUNK * 16).filter_map(|c| c.get(..16)).flatten().copied().collect()
    }
}

/// Unlike any number that this or another process makes, and telling when it was made.
fn fresh_number() -> Result<i64> {
    let mut byte = [0; 1];
    getrandom::fill(&mut byte).map_err(|e| Error::Database(format!("no randomness: {e}")))?;
    Ok(number_at(std::time::SystemTime::now()) | i64::from(byte[0]))
}

fn number_at(time: std::time::SystemTime) -> i64 {
    let micros = time.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_micros());
    i64::try_from(micros << 8).unwrap_or(i64::MAX)
}

impl Store {
    /// Names the key and turns the index on; without one, searches look at every record.
    pub fn set_search_key(&self, key: SearchKey) {
        self.inner().set_search_key(key);
    }

    /// How far the index is behind the ledger.
    pub async fn indexed(&self) -> Result<Indexed> {
        let Some((_, rules)) = self.search_rules() else { return Ok(Indexed { behind: 0, anew: false }) };
        let mut tx = self.db().begin_read().await?;
        let size = ledger_store::size(&mut tx, self.tenant()).await?;
        Ok(match position(&mut tx, self.tenant()).await? {
            Some(p) if p.rules == rules => Indexed { behind: size - p.seq, anew: false },
            _ => Indexed { behind: size, anew: true },
        })
    }

    /// Takes the next entries into the index, or begins it anew. Several processes may: whoever saves first wins, and the other's work
    /// is thrown away. Beginning anew takes long; it ends early, and begins again another time, when `stop` says so.
    pub async fn index_step(&self, stop: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        let Some((key, rules)) = self.search_rules() else { return Ok(()) };
        let mut tx = self.db().begin_read().await?;
        let from = match position(&mut tx, self.tenant()).await? {
            Some(p) if p.rules == rules => p.seq,
            _ => {
                drop(tx);
                return self.index_anew(&key, &rules, stop).await;
            }
        };
        let to = ledger_store::size(&mut tx, self.tenant()).await?.min(from + STEP);
        if to <= from {
            return Ok(());
        }
        let mut touched: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in tx.fetch(TOUCHED, &[P::Text(self.tenant()), P::Int(from), P::Int(to)]).await? {
            touched.entry(row.text(0)?).or_default().push(row.text(1)?);
        }
        let mut segments = Vec::new();
        for (register, mut ids) in touched {
            let meta = self.inner().meta(&register);
            if meta.searched() {
                ids.sort_unstable();
                segments.push(self.segment(&mut tx, &key, &register, &meta, &ids).await?);
            }
        }
        drop(tx);
        for s in &segments {
            self.write_segment(s).await?;
        }
        let mut tx = self.db().begin_write().await?;
        let now = self.position_for_change(&mut tx).await?;
        let unchanged = now.is_some_and(|(seq, by)| seq == from && by == rules);
        if unchanged {
            for s in &segments {
                self.add_segment(&mut tx, s).await?;
            }
            self.set_position(&mut tx, to, &rules).await?;
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        self.merge_segments(&key, &rules).await?;
        self.remove_unlisted().await?;
        self.count_tables(to - from, to, to - from < STEP).await
    }

    /// PostgreSQL plans by the sizes it last counted, and counts by itself only a minute later. Until then it takes the tenant and the
    /// register for nearly unique: the first thousand changes would read every record each, and a search after an import the whole index.
    async fn count_tables(&self, entries: i64, size: i64, caught_up: bool) -> Result<()> {
        let uncounted = &self.inner().uncounted;
        let enough = (size / 2).clamp(COUNT_FIRST, COUNT_AFTER);
        if self.engine() == Engine::Sqlite || uncounted.fetch_add(entries, Ordering::Relaxed) + entries < enough || !caught_up {
            return Ok(());
        }
        uncounted.store(0, Ordering::Relaxed);
        self.db().execute(COUNT_TABLES, &[]).await.map(drop)
    }

    /// Reads records (their ids in order) as they stand and lists their words.
    async fn segment(&self, tx: &mut Tx, key: &SearchKey, register: &str, meta: &RegisterMeta, ids: &[String]) -> Result<Segment> {
        let mut records = Vec::with_capacity(ids.len());
        for part in ids.chunks(PAGE) {
            let list = serde_json::to_string(part)?;
            let sql = dialect::records_by_id(tx.engine());
            for row in tx.fetch(sql, &[P::Text(self.tenant()), P::Text(register), P::Text(&list)]).await? {
                records.push(record::from_row(&row)?);
            }
        }
        listed(key, register, meta, records).await
    }

    async fn index_anew(&self, key: &SearchKey, rules: &str, stop: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        let tenant = P::Text(self.tenant());
        let mut tx = self.db().begin_write().await?;
        tx.execute(FORGET_POSITION, &[tenant, P::Text(FOLLOWER)]).await?;
        tx.execute(FORGET_SEGMENTS, &[tenant]).await?;
        let size = ledger_store::size(&mut tx, self.tenant()).await?;
        tx.commit().await?;
        self.remove_unlisted().await?;
        let mut written: Vec<Segment> = Vec::new();
        // A record that changes while this goes on has its entry behind `size`, and is looked at again from there.
        for (register, meta) in self.inner().metas().into_iter().filter(|(_, m)| m.searched()) {
            let mut after = String::new();
            loop {
                let mut records = Vec::new();
                while records.len() < SEGMENT {
                    let params = [tenant, P::Text(&register), P::Text(&after), P::Int(PAGE as i64)];
                    let rows = self.db().fetch(PAGE_OF_REGISTER, &params).await?;
                    let Some(last) = rows.last() else { break };
                    after = last.text(1)?;
                    for row in &rows {
                        records.push(record::from_row(row)?);
                    }
                }
                if stop() {
                    return Ok(());
                }
                if records.is_empty() {
                    break;
                }
                let mut segment = listed(key, &register, &meta, records).await?;
                self.write_segment(&segment).await?;
                segment.postings = Vec::new();
                written.push(segment);
            }
        }
        let mut tx = self.db().begin_write().await?;
        if self.position_for_change(&mut tx).await?.is_none() {
            for s in &written {
                self.add_segment(&mut tx, s).await?;
            }
            self.set_position(&mut tx, size, rules).await?;
        }
        tx.commit().await?;
        self.count_tables(size, size, true).await
    }

    /// Lists and postings, a few at a time; nobody sees them yet.
    async fn write_segment(&self, s: &Segment) -> Result<()> {
        let (tenant, register, number) = (P::Text(self.tenant()), P::Text(&s.register), P::Int(s.number));
        let mut tx = self.db().begin_write().await?;
        let docs: Vec<(i64, &[u8])> = (0..).zip(s.ids.chunks(CHUNK * 16)).collect();
        insert_many(&mut tx, DOC_HEAD, "", docs.iter().map(|(chunk, ids)| [tenant, register, number, P::Int(*chunk), P::Blob(ids)]))
            .await?;
        tx.commit().await?;
        for part in s.postings.chunks(WRITE) {
            let mut tx = self.db().begin_write().await?;
            let rows = part.iter().map(|(token, places)| [tenant, register, number, P::Int(*token), P::Blob(places)]);
            insert_many(&mut tx, POSTING_HEAD, "", rows).await?;
            tx.commit().await?;
            // Commits that wait come first.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    async fn add_segment(&self, tx: &mut Tx, s: &Segment) -> Result<()> {
        let params = [P::Text(self.tenant()), P::Text(&s.register), P::Int(s.number), P::Int(s.docs as i64), P::Blob(&s.marks())];
        tx.execute(ADD_SEGMENT, &params).await?;
        Ok(())
    }

    async fn set_position(&self, tx: &mut Tx, seq: i64, rules: &str) -> Result<()> {
        tx.execute(SET_POSITION, &[P::Text(self.tenant()), P::Text(FOLLOWER), P::Int(seq), P::Text(rules)]).await?;
        Ok(())
    }

    async fn position_for_change(&self, tx: &mut Tx) -> Result<Option<(i64, String)>> {
        let sql = dialect::follower_for_change(tx.engine());
        let row = tx.fetch(sql, &[P::Text(self.tenant()), P::Text(FOLLOWER)]).await?.pop();
        row.map(|r| Ok((r.int(0)?, r.text(1)?))).transpose()
    }

    /// Makes one segment of several of about one size, from the records as they stand: what they were listed for before is forgotten.
    async fn merge_segments(&self, key: &SearchKey, rules: &str) -> Result<()> {
        let mut sizes: BTreeMap<(String, u32), Vec<(i64, i64)>> = BTreeMap::new();
        for row in self.db().fetch(SEGMENTS, &[P::Text(self.tenant())]).await? {
            let docs = row.int(2)?;
            sizes.entry((row.text(0)?, docs.max(1).ilog2() / SIZE_LOG)).or_default().push((docs, row.int(1)?));
        }
        for ((register, _), mut list) in sizes {
            list.sort_unstable();
            let mut sum = 0;
            let fitting = list.iter().take_while(|(docs, _)| {
                sum += docs;
                sum <= SEGMENT as i64
            });
            let numbers: Vec<i64> = fitting.map(|(_, number)| *number).collect();
            if list.len() < MERGE || numbers.len() < 2 {
                continue;
            }
            let mut tx = self.db().begin_read().await?;
            let mut ids = Vec::new();
            for number in &numbers {
                for row in tx.fetch(CHUNKS, &[P::Text(self.tenant()), P::Text(&register), P::Int(*number)]).await? {
                    ids.extend(row.blob(0)?.as_chunks::<16>().0.iter().map(|id| RecordId(uuid::Uuid::from_bytes(*id)).to_string()));
                }
            }
            ids.sort_unstable();
            ids.dedup();
            let meta = self.inner().meta(&register);
            let merged = self.segment(&mut tx, key, &register, &meta, &ids).await?;
            drop(tx);
            self.write_segment(&merged).await?;
            let mut tx = self.db().begin_write().await?;
            let same_rules = self.position_for_change(&mut tx).await?.is_some_and(|(_, by)| by == rules);
            let mut gone = 0;
            for number in &numbers {
                gone += tx.execute(REMOVE_SEGMENT, &[P::Text(self.tenant()), P::Text(&register), P::Int(*number)]).await?;
            }
            if same_rules && gone == numbers.len() as u64 {
                self.add_segment(&mut tx, &merged).await?;
                tx.commit().await?;
                for number in numbers {
                    self.remove_rows(&register, number).await?;
                }
            } else {
                tx.rollback().await?;
            }
        }
        Ok(())
    }

    /// Removes what no segment's row speaks of: the work of a process that died.
    async fn remove_unlisted(&self) -> Result<()> {
        let tenant = P::Text(self.tenant());
        let abandoned = number_at(std::time::SystemTime::now() - ABANDONED);
        let mut unlisted = BTreeSet::new();
        let mut tx = self.db().begin_read().await?;
        for row in tx.fetch(LISTED, &[tenant, P::Int(abandoned)]).await? {
            unlisted.insert((row.text(0)?, row.int(1)?));
        }
        for row in tx.fetch(SEGMENTS, &[tenant]).await? {
            unlisted.remove(&(row.text(0)?, row.int(1)?));
        }
        drop(tx);
        for (register, number) in unlisted {
            self.remove_rows(&register, number).await?;
        }
        Ok(())
    }

    /// A few rows at a time, because commits wait meanwhile.
    async fn remove_rows(&self, register: &str, number: i64) -> Result<()> {
        let (tenant, register, number) = (P::Text(self.tenant()), P::Text(register), P::Int(number));
        loop {
            let rows = self.db().fetch(TOKEN_BOUND, &[tenant, register, number, P::Int(WRITE as i64)]).await?;
            let Some(bound) = rows.first() else { break };
            self.db().execute(REMOVE_POSTINGS_BELOW, &[tenant, register, number, P::Int(bound.int(0)?)]).await?;
        }
        self.db().execute(REMOVE_POSTINGS, &[tenant, register, number]).await?;
        // Last, because it is by them that what is left is found.
        self.db().execute(REMOVE_DOCS, &[tenant, register, number]).await?;
        Ok(())
    }

    pub(super) fn search_rules(&self) -> Option<(SearchKey, String)> {
        let key = self.inner().search_key()?;
        let rules = rules_of(&key, &self.inner().metas());
        Some((key, rules))
    }
}

/// Listing the words is work for a thread of its own.
async fn listed(key: &SearchKey, register: &str, meta: &RegisterMeta, records: Vec<Record>) -> Result<Segment> {
    let (key, register, meta): (_, Arc<str>, _) = (key.clone(), register.into(), meta.clone());
    tokio::task::spawn_blocking(move || Segment::of(&key, &register, &meta, &records)).await.map_err(|e| Error::Database(e.to_string()))?
}
