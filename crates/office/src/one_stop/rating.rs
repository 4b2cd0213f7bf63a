//! How satisfied the citizen was: 1 to 5, once.

use rules::Refusal;
use serde_json::json;

use super::{Acted, Proof, RATE};
use crate::{
    Office,
    error::{Error, Result},
    programme::optional,
};

impl Office {
    /// Rates a dossier that has been decided.
    ///
    /// # Errors
    /// As [`Office::track`]; `rating.stars`; `rating.not_yet`; `rating.twice`; a stale version.
    pub async fn rate(&self, proof: &Proof<'_>, version: i64, stars: u8, note: &str) -> Result<Acted> {
        let (held, account) = self.proven_for_rating(proof).await?;
        if !(1..=5).contains(&stars) {
            return Err(Error::Refused(Refusal::new("rating.stars").with("stars", stars)));
        }
        if held.case.end.is_none() {
            return Err(Error::refused("rating.not_yet"));
        }
        if held.fields.get("satisfaction").is_some_and(|v| !v.is_null()) {
            return Err(Error::refused("rating.twice"));
        }
        let mut fields = held.fields.clone();
        fields.insert("satisfaction".into(), json!(stars));
        if let Some(note) = optional("note", note)? {
            fields.insert("rating_note".into(), json!(note));
        }
        self.write_beside(&account, &held, version, fields, RATE, None, None).await
    }
}
