//! Answering a question: the index names records, newest or oldest first, and each is read and looked at before it counts.

use std::{cmp::Reverse, collections::BTreeMap};

use rules::text::Wanted;

use super::{
    build::CHUNK,
    places::{Places, SEGMENT},
    position,
    token::{Kind, wanted as beginning},
};
use crate::{
    db::{P, Tx},
    dialect,
    error::{Error, Result},
    query::{ListQuery, Part, SortBy, list_sql},
    record::{self, Record, RecordId},
    search::{SearchKey, Sight},
    store::{RegisterMeta, Store},
};

/// Records read at once: the first time about as many as are shown, then more.
const FIRST_READ: usize = 64;
const READ: usize = 512;
/// A question for more units than these looks at the unit of each record instead.
const UNITS_MAX: usize = 32;

const SEGMENTS: &str = "SELECT segment,marks FROM search_segment WHERE tenant=$1 AND register=$2";
const CHUNK_IDS: &str = "SELECT ids FROM search_doc WHERE tenant=$1 AND register=$2 AND segment=$3 AND chunk=$4";
/// The register is not looked up by its index: what changed last is few, what the register holds is much.
const TAIL: &str = "SELECT record_id FROM entry WHERE tenant=$1 AND seq>=$2 AND register || ''=$3 \
     UNION SELECT record_id FROM pending WHERE tenant=$1 AND register=$3";
const ALL_AFTER: &str = "SELECT id FROM record WHERE tenant=$1 AND register=$2 AND id>$3 ORDER BY id LIMIT $4";
const ALL_BEFORE: &str = "SELECT id FROM record WHERE tenant=$1 AND register=$2 AND id<$3 ORDER BY id DESC LIMIT $4";

/// Records that a segment names, walked in the order asked for.
struct Named {
    number: i64,
    marks: Vec<u128>,
    places: Places,
    /// Where the walk stands: downwards the end below which it goes on, upwards the next place.
    at: usize,
    chunk: Option<(usize, Vec<u128>)>,
    next: Option<u128>,
}

struct Question<'q> {
    q: &'q ListQuery,
    meta: &'q RegisterMeta,
    wanted: Wanted,
    newest: bool,
}

impl Store {
    /// Records that answer the question, in order, `limit` at most, beyond the id `after`.
    pub(crate) async fn search(&self, q: &ListQuery, after: Option<&str>, limit: i64) -> Result<Vec<Record>> {
        let wanted = Wanted::read(&q.search);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let meta = self.inner().meta(&q.register);
        let question = Question { q, meta: &meta, wanted, newest: q.sort == SortBy::Newest };
        let after = after.map(str::parse::<RecordId>).transpose()?.map(RecordId::as_u128);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        // One moment for index, position and records: what the one does not know is in the other.
        let mut tx = self.db().begin_read().await?;
        let index = if meta.searched() { self.search_rules() } else { None };
        let place = position(&mut tx, self.tenant()).await?;
        let (mut walk, key) = match (index, place) {
            (Some((key, rules)), Some(p)) if p.rules == rules => {
                let tail = self.tail(&mut tx, &question, p.seq, after).await?;
                (Walk { tail, segments: self.named(&mut tx, &question, &key, after).await?, all: None, seen: None }, true)
            }
            _ => (Walk { tail: Vec::new(), segments: Vec::new(), all: Some(after), seen: None }, false),
        };
        let mut found = Vec::new();
        let mut size = if key { FIRST_READ } else { READ };
        loop {
            let ids = self.next_ids(&mut tx, &question, &mut walk, size).await?;
            if ids.is_empty() {
                return Ok(found);
            }
            size = READ;
            let list = serde_json::to_string(&ids.iter().map(|id| text_of(*id)).collect::<Vec<_>>())?;
            let (sql, lists) = list_sql(tx.engine(), q, Part::Among)?;
            let mut params = vec![P::Text(self.tenant()), P::Text(&q.register)];
            params.extend(lists.iter().map(|l| P::Text(l)));
            params.push(P::Text(&list));
            for row in tx.fetch(&sql, &params).await? {
                let r = record::from_row(&row)?;
                if question.answered_by(&r)? {
                    found.push(r);
                    if found.len() == limit {
                        return Ok(found);
                    }
                }
            }
        }
    }

    /// Records that changed since the index was saved, in the order of the walk (the next one last).
    async fn tail(&self, tx: &mut Tx, question: &Question<'_>, seq: i64, after: Option<u128>) -> Result<Vec<u128>> {
        let rows = tx.fetch(TAIL, &[P::Text(self.tenant()), P::Int(seq), P::Text(&question.q.register)]).await?;
        let mut ids = rows.iter().map(|r| Ok(r.str(0)?.parse::<RecordId>()?.as_u128())).collect::<Result<Vec<_>>>()?;
        ids.retain(|id| after.is_none_or(|a| if question.newest { *id < a } else { *id > a }));
        if question.newest {
            ids.sort_unstable();
        } else {
            ids.sort_unstable_by_key(|id| Reverse(*id));
        }
        Ok(ids)
    }

    /// What each segment names for the whole question.
    async fn named(&self, tx: &mut Tx, question: &Question<'_>, key: &SearchKey, after: Option<u128>) -> Result<Vec<Named>> {
        let q = question.q;
        let token = |kind, text: &str| key.token(&q.register, kind, text);
        // Each group must be answered by one of its hashes.
        let mut groups: Vec<Vec<i64>> = Vec::new();
        for word in question.wanted.words() {
            let mut group = vec![token(Kind::Clear, beginning(word))];
            if q.sight != Sight::Hidden {
                group.push(token(Kind::Personal, beginning(word)));
            }
            groups.push(group);
        }
        for (kind, list) in [(Kind::Unit, &q.units), (Kind::State, &q.states)] {
            if (1..=UNITS_MAX).contains(&list.len()) {
                groups.push(list.iter().map(|name| token(kind, name)).collect());
            }
        }
        let mut marks: BTreeMap<i64, Vec<u128>> = BTreeMap::new();
        for row in tx.fetch(SEGMENTS, &[P::Text(self.tenant()), P::Text(&q.register)]).await? {
            marks.insert(row.int(0)?, ids_of(&row.blob(1)?));
        }
        // A segment that holds nothing beyond where the page begins is not read.
        if let Some(a) = after {
            marks.retain(|_, m| !question.newest || m.first().is_some_and(|first| *first < a));
        }
        let joined = |list: &mut dyn Iterator<Item = i64>| list.map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        let (numbers, tokens) = (joined(&mut marks.keys().copied()), joined(&mut groups.iter().flatten().copied()));
        let params = [P::Text(self.tenant()), P::Text(&q.register), P::Text(&numbers), P::Text(&tokens)];
        let mut sets: BTreeMap<i64, Vec<Option<Places>>> = BTreeMap::new();
        for row in tx.fetch(dialect::postings(tx.engine()), &params).await? {
            let (number, token, stored) = (row.int(0)?, row.int(1)?, row.blob(2)?);
            let segment = sets.entry(number).or_insert_with(|| vec![None; groups.len()]);
            for (group, set) in groups.iter().zip(segment) {
                if group.contains(&token) {
                    set.get_or_insert_default().add(&stored)?;
                }
            }
        }
        let mut out = Vec::new();
        for (number, list) in sets {
            let Some(mut list) = list.into_iter().collect::<Option<Vec<_>>>() else { continue };
            let Some(mut places) = list.pop() else { continue };
            list.iter().for_each(|other| places.keep(other));
            let marks = marks.remove(&number).unwrap_or_default();
            let at = if question.newest { SEGMENT } else { 0 };
            let mut named = Named { number, marks, places, at, chunk: None, next: None };
            self.advance(tx, question, &mut named).await?;
            while let (Some(next), Some(a)) = (named.next, after) {
                if if question.newest { next < a } else { next > a } {
                    break;
                }
                named.skip_to(question.newest, a);
                self.advance(tx, question, &mut named).await?;
            }
            if named.next.is_some() {
                out.push(named);
            }
        }
        Ok(out)
    }

    /// Moves to the next record that the segment names.
    async fn advance(&self, tx: &mut Tx, question: &Question<'_>, n: &mut Named) -> Result<()> {
        let place = if question.newest { n.places.last_below(n.at) } else { n.places.first_from(n.at) };
        let Some(place) = place else {
            n.next = None;
            return Ok(());
        };
        n.at = if question.newest { place } else { place + 1 };
        let number = place / CHUNK;
        if n.chunk.as_ref().is_none_or(|(at, _)| *at != number) {
            let params = [P::Text(self.tenant()), P::Text(&question.q.register), P::Int(n.number), P::Int(number as i64)];
            let rows = tx.fetch(CHUNK_IDS, &params).await?;
            let ids = rows.first().map(|r| r.blob(0)).transpose()?.unwrap_or_default();
            n.chunk = Some((number, ids_of(&ids)));
        }
        let id = n.chunk.as_ref().and_then(|(_, ids)| ids.get(place % CHUNK)).copied();
        n.next = Some(id.ok_or_else(|| Error::Corrupt("a list of the search index is shorter than its words say".into()))?);
        Ok(())
    }

    /// The next records to be looked at, each once.
    async fn next_ids(&self, tx: &mut Tx, question: &Question<'_>, walk: &mut Walk, size: usize) -> Result<Vec<u128>> {
        let mut out: Vec<u128> = Vec::new();
        if let Some(after) = &mut walk.all {
            let (sql, from) = if question.newest {
                (ALL_BEFORE, after.map_or_else(|| "g".to_owned(), text_of))
            } else {
                (ALL_AFTER, after.map_or_else(String::new, text_of))
            };
            let params = [P::Text(self.tenant()), P::Text(&question.q.register), P::Text(&from), P::Int(size as i64)];
            for row in tx.fetch(sql, &params).await? {
                out.push(row.str(0)?.parse::<RecordId>()?.as_u128());
            }
            *after = out.last().copied().or(*after);
            return Ok(out);
        }
        while out.len() < size {
            let order = |id: u128| if question.newest { Reverse(!id) } else { Reverse(id) };
            let best = walk.segments.iter().enumerate().filter_map(|(i, s)| Some((order(s.next?), i))).max();
            let id = match (best, walk.tail.last()) {
                (Some((first, _)), Some(tail)) if order(*tail) >= first => walk.tail.pop(),
                (None, _) => walk.tail.pop(),
                (Some((_, i)), _) => match walk.segments.get_mut(i) {
                    Some(segment) => {
                        let id = segment.next;
                        self.advance(tx, question, segment).await?;
                        id
                    }
                    None => None,
                },
            };
            let Some(id) = id else { break };
            // One record may stand in several segments.
            if walk.seen != Some(id) {
                walk.seen = Some(id);
                out.push(id);
            }
        }
        Ok(out)
    }
}

/// Where records come from.
struct Walk {
    /// The next one last.
    tail: Vec<u128>,
    segments: Vec<Named>,
    /// Without an index: every record, beyond this one.
    all: Option<Option<u128>>,
    seen: Option<u128>,
}

impl Named {
    /// Jumps over the chunks that hold only records before the page's beginning.
    fn skip_to(&mut self, newest: bool, after: u128) {
        let chunk = self.marks.partition_point(|m| *m < after);
        self.at = if newest { self.at.min(chunk * CHUNK) } else { self.at.max(chunk.saturating_sub(1) * CHUNK) };
    }
}

impl Question<'_> {
    fn answered_by(&self, r: &Record) -> Result<bool> {
        let fields = r.fields()?;
        let (clear, personal) = self.meta.texts(r.key.as_deref(), &fields);
        let seen = self.q.sight.covers(&r.unit);
        Ok(self.wanted.found_in(clear.into_iter().chain(personal.into_iter().filter(|_| seen))))
    }
}

fn ids_of(bytes: &[u8]) -> Vec<u128> {
    bytes.as_chunks::<16>().0.iter().map(|id| u128::from_be_bytes(*id)).collect()
}

fn text_of(id: u128) -> String {
    RecordId(uuid::Uuid::from_u128(id)).to_string()
}
