//! Acts that happen once however often they are asked for: a form sent by two clicks, by a reload after a restart, or to a second
//! process of the same database.

use rules::access::Actor;
use sha2::{Digest, Sha256};
use store::{RecordId, Written};

use crate::{Office, error::Result};

/// What tells one asking from another: a key of the asker's choice, and a digest of what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    key: String,
    digest: String,
}

impl Once {
    /// A key of one person never meets that of another; the same key with other `parts` is refused (`idempotency.mismatch`).
    #[must_use]
    pub fn new<'a>(actor: &Actor, key: &str, parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // Lengths keep "a" + "bc" apart from "ab" + "c".
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Self { key: format!("{}:{key}", actor.account), digest: hex::encode(hash.finalize()) }
    }

    /// As the store keeps it.
    #[must_use]
    pub fn into_pair(self) -> (String, String) {
        (self.key, self.digest)
    }
}

impl Office {
    /// The records that this very request made when it came before; `None` when it comes for the first time.
    ///
    /// # Errors
    /// `idempotency.mismatch` when the key came before with another request.
    pub async fn done_before(&self, once: &Once) -> Result<Option<Vec<RecordId>>> {
        Ok(self.answered(once).await?.map(|written| written.into_iter().map(|w| w.id).collect()))
    }

    /// The same, with the versions that they had then.
    ///
    /// # Errors
    /// As [`Office::done_before`].
    pub async fn answered(&self, once: &Once) -> Result<Option<Vec<Written>>> {
        match self.store().reply_to(&once.key).await? {
            None => Ok(None),
            Some((request, written)) if request == once.digest => Ok(Some(written)),
            Some(_) => Err(store::Error::IdempotencyMismatch(once.key.clone()).into()),
        }
    }
}
