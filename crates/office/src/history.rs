//! What happened to the records of a register: each record with its entries, for those who take the history elsewhere.

use rules::access::Actor;
use store::{Entry, ListQuery, Record};

use crate::{Office, error::Result};

/// A record and everything the ledger says of it, oldest first.
#[derive(Debug, Clone)]
pub struct Told {
    pub record: Record,
    pub entries: Vec<Entry>,
}

/// One page of a register's histories.
#[derive(Debug, Clone)]
pub struct Histories {
    pub list: Vec<Told>,
    /// Send as [`ListQuery::after`] for the next page.
    pub next: Option<String>,
    /// Personal values and what people wrote in free text may be handed on. To people they may not: what is personal is read record
    /// by record, and each reading is kept.
    pub clear: bool,
}

impl Office {
    /// A page of records with their histories, within the actor's rights.
    ///
    /// # Errors
    /// `access.…`; an unknown register.
    pub async fn histories(&self, actor: &Actor, query: ListQuery) -> Result<Histories> {
        let register = query.register.clone();
        let page = self.first_of(actor, query).await?;
        let ids: Vec<_> = page.records.iter().map(|r| r.id).collect();
        let mut entries = self.store().entries_of(&register, &ids).await?;
        let list =
            page.records.into_iter().map(|record| Told { entries: entries.remove(&record.id).unwrap_or_default(), record }).collect();
        Ok(Histories { list, next: page.next, clear: actor.is_system() })
    }
}
