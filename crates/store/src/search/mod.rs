//! Finding records by the beginnings of words, personal ones among them, without keeping a word in clear outside its record.
//!
//! The index lists, by keyed hash of a word's beginning, the records in which it stands. It is made in segments of some ten thousand
//! records by a follower of the ledger ([`Store::index_step`]) and may name a record too many, never one too few: what it names is read
//! and looked at again, and what changed since the saved position is looked at in any case. So a search gives what a look at every
//! record gives, at any moment. See `docs/decisions/0007-search-by-keyed-hashes.md`.

mod build;
mod check;
mod find;
mod places;
mod token;

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    db::{P, Tx},
    error::Result,
    store::RegisterMeta,
};

pub use build::Indexed;
pub use token::SearchKey;

/// Name of the index among what follows the ledger.
pub(super) const FOLLOWER: &str = "search";

const POSITION: &str = "SELECT seq,rules FROM follower WHERE tenant=$1 AND name=$2";

/// In which units the personal fields of a record may be searched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sight {
    #[default]
    Hidden,
    Everywhere,
    /// Key texts.
    Units(HashSet<String>),
}

impl Sight {
    fn covers(&self, unit: &str) -> bool {
        match self {
            Self::Hidden => false,
            Self::Everywhere => true,
            Self::Units(list) => list.contains(unit),
        }
    }
}

impl RegisterMeta {
    /// Somebody may look for its records by words.
    fn searched(&self) -> bool {
        !self.search.is_empty() || !self.search_personal.is_empty()
    }

    /// The texts of a record that may be searched; the personal ones come second.
    fn texts<'f>(&'f self, key: Option<&'f str>, fields: &'f Map<String, Value>) -> (Vec<&'f str>, Vec<&'f str>) {
        let of = |names: &'f [String]| names.iter().filter_map(|n| fields.get(n).and_then(Value::as_str));
        (key.into_iter().chain(of(&self.search)).collect(), of(&self.search_personal).collect())
    }
}

/// Up to which leaf and by which rules the index is made.
struct Position {
    seq: i64,
    rules: String,
}

async fn position(tx: &mut Tx, tenant: &str) -> Result<Option<Position>> {
    let row = tx.fetch(POSITION, &[P::Text(tenant), P::Text(FOLLOWER)]).await?.pop();
    row.map(|r| Ok(Position { seq: r.int(0)?, rules: r.text(1)? })).transpose()
}

/// Names what the index is made by: another key, or other fields, and it is made anew.
fn rules_of(key: &SearchKey, registers: &BTreeMap<String, std::sync::Arc<RegisterMeta>>) -> String {
    let mut hash = Sha256::new();
    hash.update(key.fingerprint());
    for (name, meta) in registers.iter().filter(|(_, m)| m.searched()) {
        hash.update(format!("\n{name}: {:?} {:?}", meta.search, meta.search_personal));
    }
    hex::encode(hash.finalize())
}
