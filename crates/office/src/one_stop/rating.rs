//! How satisfied the citizen was: 1 to 5, once.

use rules::Refusal;
use serde_json::json;

use super::{Acted, Proof, RATE};
use crate::{
    Office,
    error::{Error, Result},
    programme::optional,
};

/// What the citizen says of how they were served. Beside the stars, what Circular 01/2018 wants to know of them (indices 4 and 7).
#[derive(Debug, Clone, Copy, Default)]
pub struct Rating<'a> {
    /// 1–5
    pub stars: u8,
    /// 0–2: poor, acceptable, good.
    pub attitude: Option<u8>,
    /// Further agencies they had to go to, though the desk is there so that they need not: 0, 1, 2 for more.
    pub agencies: Option<u8>,
    pub note: &'a str,
}

impl Office {
    /// Rates a dossier that has been decided.
    ///
    /// # Errors
    /// As [`Office::track`]; `rating.stars`; `rating.not_yet`; `rating.twice`; a stale version.
    pub async fn rate(&self, proof: &Proof<'_>, version: i64, rating: &Rating<'_>) -> Result<Acted> {
        let (held, account) = self.proven_for_rating(proof).await?;
        let stars = rating.stars;
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
        if let Some(points) = rating.attitude.filter(|p| *p <= 2) {
            fields.insert("attitude".into(), json!(points));
        }
        if let Some(n) = rating.agencies {
            fields.insert("agencies_contacted".into(), json!(n.min(2)));
        }
        if let Some(note) = optional("note", rating.note)? {
            fields.insert("rating_note".into(), json!(note));
        }
        self.write_beside(&account, &held, version, fields, RATE, None, None).await
    }
}
