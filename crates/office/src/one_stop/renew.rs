//! A new tracking secret for somebody who lost theirs: at the desk, against a paper that shows who they are.

use rules::{
    Refusal,
    access::{Action, Actor},
};
use serde_json::json;

use super::{
    DOSSIER, Held,
    opening::{new_secret, secret_digest},
};
use crate::{
    Office,
    error::{Error, Result},
};

/// Entry kind: the old secret ended, a new one was told.
pub const NEW_SECRET: &str = "new_secret";

/// What the officer looked at before the secret was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    IdentityCard,
    ElectronicIdentity,
    Passport,
    /// Of an enterprise or household, with the card of whoever speaks for it.
    Registration,
    /// A written authority, with the card of whoever was authorised.
    Authority,
}

impl Shown {
    pub const ALL: [Self; 5] = [Self::IdentityCard, Self::ElectronicIdentity, Self::Passport, Self::Registration, Self::Authority];

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::IdentityCard => "identity_card",
            Self::ElectronicIdentity => "electronic_identity",
            Self::Passport => "passport",
            Self::Registration => "registration",
            Self::Authority => "authority",
        }
    }

    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id)
    }
}

/// Told once; of the secret only a digest is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecret {
    pub id: String,
    pub code: String,
    pub unit: String,
    pub version: i64,
    pub secret: String,
}

impl Office {
    /// Ends the tracking secret of a dossier and gives a new one: at its unit, or where it was received for that one, for there the
    /// person stands. The ledger names who did it and the paper that was looked at.
    ///
    /// # Errors
    /// `access.…`; `not_found`; `one_stop.no_case` (code); `input.required` (field) where no paper was looked at; a stale version.
    pub async fn renew_secret(&self, actor: &Actor, id: &str, version: i64, shown: Option<Shown>) -> Result<NewSecret> {
        let (held, unit) = self.held_to_renew(actor, id).await?;
        let shown = shown.ok_or_else(|| Error::Refused(Refusal::new("input.required").with("field", "shown")))?;
        if held.record.version != version {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(held.record) }));
        }
        let secret = new_secret()?;
        let mut fields = held.fields.clone();
        fields.insert("secret_digest".into(), json!(secret_digest(self.tracking_key(), held.code(), &secret)));
        let said = Some(shown.id().to_owned());
        let done = self.write_beside(&actor.account, &held, version, fields, NEW_SECRET, said, None).await?;
        Ok(NewSecret { id: done.id, code: done.code, unit, version: done.version, secret })
    }

    /// The dossier, and the unit whose desk tells the new secret.
    async fn held_to_renew(&self, actor: &Actor, id: &str) -> Result<(Held, String)> {
        let (record, elsewhere) = self.dossier_shown(actor, id).await?;
        let unit = match (self.may(actor, Action::Edit, DOSSIER, &record.unit), elsewhere.received) {
            (Ok(()), _) => record.unit.clone(),
            (Err(_), Some(received)) => received,
            (Err(e), None) => return Err(e),
        };
        Ok((Held::of(record)?, unit))
    }
}
