//! Other systems that this one talks to, with the secrets shared with them. They come from the operator's file, never from the
//! database: what is in the ledger or in a backup opens nothing.

use std::fmt;

use serde::Deserialize;

/// Shortest secret: 128 bits as hexadecimal digits.
const SECRET_MIN: usize = 32;

/// A text that no log and no error shows.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A secret that nobody has seen.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn random() -> crate::error::Result<Self> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|e| crate::error::Error::Internal(format!("no randomness: {e}")))?;
        Ok(Self(hex::encode(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Who tells that money came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MoneyBy {
    /// A bank's notice of a transfer.
    Vietqr,
    /// A payment gateway's callback.
    Gateway,
}

impl MoneyBy {
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Vietqr => "vietqr",
            Self::Gateway => "gateway",
        }
    }
}

/// A sender of notices of money.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// Part of the address it sends to, and of the identity of each of its notices.
    pub id: String,
    pub secret: Secret,
    #[serde(default = "vietqr")]
    pub method: MoneyBy,
}

fn vietqr() -> MoneyBy {
    MoneyBy::Vietqr
}

/// A system that is told when a dossier's status changes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    pub id: String,
    /// `https://…`; plain `http://` is for systems on the same machine or behind a gateway of one's own.
    pub url: String,
    pub secret: Secret,
    /// Units whose dossiers it hears of, with everything below them; empty: all.
    #[serde(default)]
    pub units: Vec<String>,
}

/// The operator's file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Connections {
    #[serde(rename = "bank")]
    pub banks: Vec<Bank>,
    #[serde(rename = "webhook")]
    pub hooks: Vec<Hook>,
}

impl Connections {
    #[must_use]
    pub fn bank(&self, id: &str) -> Option<&Bank> {
        self.banks.iter().find(|b| b.id == id)
    }

    /// Everything wrong with the file; empty when it is sound.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut out = Vec::new();
        let ids = self.banks.iter().map(|b| ("bank", &b.id, &b.secret)).chain(self.hooks.iter().map(|h| ("webhook", &h.id, &h.secret)));
        let mut seen = Vec::new();
        for (kind, id, secret) in ids {
            if id.is_empty() || id.len() > 40 || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
                out.push(format!("{kind} {id:?}: an id is made of a–z, 0–9 and -, 40 characters at most"));
            }
            if secret.0.len() < SECRET_MIN {
                out.push(format!("{kind} {id:?}: a secret has {SECRET_MIN} characters or more"));
            }
            if seen.contains(&(kind, id)) {
                out.push(format!("{kind} {id:?} stands twice"));
            }
            seen.push((kind, id));
        }
        for hook in &self.hooks {
            if !hook.url.starts_with("https://") && !hook.url.starts_with("http://") {
                out.push(format!("webhook {:?}: {:?} is no address", hook.id, hook.url));
            }
        }
        out
    }
}
