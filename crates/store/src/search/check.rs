//! Whether the index knows every record as it stands: the check behind `haidang verify`.

use std::collections::{BTreeMap, HashSet};

use rustc_hash::FxHashMap;

use super::{
    build::CHUNK,
    places::Places,
    position, rules_of,
    token::{Kind, Tokens},
};
use crate::{
    db::{P, Tx},
    dialect,
    error::Result,
    record::{self, RecordId},
    store::{RegisterMeta, Store},
};

const SEGMENTS: &str = "SELECT segment FROM search_segment WHERE tenant=$1 AND register=$2 ORDER BY segment";
const CHUNKS: &str = "SELECT chunk,ids FROM search_doc WHERE tenant=$1 AND register=$2 AND segment=$3 ORDER BY chunk";
const POSTINGS: &str = "SELECT token,places FROM search_posting WHERE tenant=$1 AND register=$2 AND segment=$3";
const TAIL: &str =
    "SELECT register,record_id FROM entry WHERE tenant=$1 AND seq>=$2 UNION SELECT register,record_id FROM pending WHERE tenant=$1";
const PAGE: &str = "SELECT id FROM record WHERE tenant=$1 AND register=$2 AND id>$3 ORDER BY id LIMIT 2048";

impl Store {
    /// The first record that a search would miss.
    pub async fn verify_search(&self) -> Result<Option<String>> {
        let mut tx = self.db().begin_read().await?;
        let metas = self.inner().metas();
        let place = position(&mut tx, self.tenant()).await?;
        let key = self.inner().search_key();
        // An index by other rules is made anew before it is used.
        let (Some(key), Some(p)) = (key, place) else { return Ok(None) };
        if p.rules != rules_of(&key, &metas) {
            return Ok(None);
        }
        let mut tail: BTreeMap<String, HashSet<RecordId>> = BTreeMap::new();
        for row in tx.fetch(TAIL, &[P::Text(self.tenant()), P::Int(p.seq)]).await? {
            tail.entry(row.text(0)?).or_default().insert(row.str(1)?.parse()?);
        }
        for (register, meta) in metas.iter().filter(|(_, m)| m.searched()) {
            let mut known = tail.remove(register).unwrap_or_default();
            let mut tokens = Tokens::new(&key, register);
            for row in tx.fetch(SEGMENTS, &[P::Text(self.tenant()), P::Text(register)]).await? {
                self.covered(&mut tx, register, meta, row.int(0)?, &mut tokens, &mut known).await?;
            }
            if let Some(text) = self.first_unknown(&mut tx, register, &known).await? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// Adds the records that a segment lists under every one of their words.
    async fn covered(
        &self,
        tx: &mut Tx,
        register: &str,
        meta: &RegisterMeta,
        segment: i64,
        tokens: &mut Tokens<'_>,
        known: &mut HashSet<RecordId>,
    ) -> Result<()> {
        let place = [P::Text(self.tenant()), P::Text(register), P::Int(segment)];
        let mut lists: FxHashMap<i64, Places> = FxHashMap::default();
        for row in tx.fetch(POSTINGS, &place).await? {
            lists.entry(row.int(0)?).or_default().add(&row.blob(1)?)?;
        }
        for row in tx.fetch(CHUNKS, &place).await? {
            let first = usize::try_from(row.int(0)?).unwrap_or(0) * CHUNK;
            let ids: Vec<String> =
                row.blob(1)?.as_chunks::<16>().0.iter().map(|id| RecordId(uuid::Uuid::from_bytes(*id)).to_string()).collect();
            let list = serde_json::to_string(&ids)?;
            let sql = dialect::records_by_id(tx.engine());
            for row in tx.fetch(sql, &[P::Text(self.tenant()), P::Text(register), P::Text(&list)]).await? {
                let r = record::from_row(&row)?;
                let Ok(at) = ids.binary_search(&r.id.to_string()) else { continue };
                let mut all = true;
                let mut look = |token: i64| all &= lists.get(&token).is_some_and(|p| p.first_from(first + at) == Some(first + at));
                let fields = r.fields()?;
                let (clear, personal) = meta.texts(r.key.as_deref(), &fields);
                tokens.of_texts(Kind::Clear, clear, &mut look);
                tokens.of_texts(Kind::Personal, personal, &mut look);
                look(tokens.of_name(Kind::Unit, &r.unit));
                look(tokens.of_name(Kind::State, &r.state));
                if all {
                    known.insert(r.id);
                }
            }
        }
        Ok(())
    }

    async fn first_unknown(&self, tx: &mut Tx, register: &str, known: &HashSet<RecordId>) -> Result<Option<String>> {
        let mut after = String::new();
        loop {
            let rows = tx.fetch(PAGE, &[P::Text(self.tenant()), P::Text(register), P::Text(&after)]).await?;
            let Some(last) = rows.last() else { return Ok(None) };
            after = last.text(0)?;
            for row in &rows {
                if !known.contains(&row.str(0)?.parse()?) {
                    return Ok(Some(format!("record {register}/{}: the search index does not know it as it stands", row.str(0)?)));
                }
            }
        }
    }
}
