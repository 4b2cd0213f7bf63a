//! Keys of signed notes (C2SP signed-note): Ed25519, in the text forms that other tools of the field read and write.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// Signature type byte of plain Ed25519 note signatures.
const ED25519: u8 = 0x01;
/// First characters of a private key's text form.
const PRIVATE: &str = "PRIVATE+KEY+";
/// No key name is longer; a bound on what is repeated in messages and stored.
const MAX_NAME_BYTES: usize = 255;

/// Why a key is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Empty, too long, or with a space, a plus or a control character.
    #[error("{0:?} is not a key name: 1 to 255 bytes without spaces, '+' or control characters")]
    Name(String),
    /// Not `name+hexid+base64`.
    #[error("a verifier key reads name+hexid+base64")]
    VerifierShape,
    /// Not `PRIVATE+KEY+name+hexid+base64`.
    #[error("a signing key reads PRIVATE+KEY+name+hexid+base64")]
    SigningShape,
    /// The third part is not base64.
    #[error("the key of {name} is not base64")]
    Base64 { name: String },
    /// A type byte other than Ed25519's.
    #[error("the key of {name} has signature type 0x{found:02x}; only Ed25519 (0x01) is known")]
    Algorithm { name: String, found: u8 },
    /// The key has not 32 bytes.
    #[error("the key of {name} has {found} bytes instead of 32")]
    Length { name: String, found: usize },
    /// The bytes are not a point of the curve, or one of its weak points.
    #[error("the key of {name} is not a usable Ed25519 public key")]
    Point { name: String },
    /// The identifier in the text does not belong to the key: a typing error, or another name's key.
    #[error("the key of {name} says identifier {found:08x}, its own is {computed:08x}")]
    Id { name: String, found: u32, computed: u32 },
}

fn check_name(name: &str) -> Result<(), KeyError> {
    let bad = |c: char| c.is_whitespace() || c == '+' || c.is_control();
    if name.is_empty() || name.len() > MAX_NAME_BYTES || name.contains(bad) {
        return Err(KeyError::Name(name.chars().take(80).collect()));
    }
    Ok(())
}

/// First four bytes of SHA-256(name ‖ newline ‖ type ‖ public key), big-endian.
fn key_id(name: &str, public: &[u8; 32]) -> u32 {
    let digest = Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(public).finalize();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// Reads `name+hexid+base64(0x01 ‖ 32 bytes)`.
fn read_parts(text: &str, shape: KeyError) -> Result<(String, u32, [u8; 32]), KeyError> {
    // The base64 part may itself hold a plus, so it is what remains after two.
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(shape) };
    check_name(name)?;
    let canonical = id.len() == 8 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let id = u32::from_str_radix(id, 16).ok().filter(|_| canonical).ok_or(shape)?;
    let name = name.to_owned();
    let Ok(bytes) = BASE64.decode(key) else { return Err(KeyError::Base64 { name }) };
    match bytes.split_first() {
        Some((&ED25519, key)) => match key.try_into() {
            Ok(key) => Ok((name, id, key)),
            Err(_) => Err(KeyError::Length { found: key.len(), name }),
        },
        Some((&found, _)) => Err(KeyError::Algorithm { name, found }),
        None => Err(KeyError::Length { name, found: 0 }),
    }
}

/// The public half: a name, an identifier derived from name and key, and the key.
///
/// Text form: `name+hexid+base64(0x01 ‖ key)`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    /// A verifier key from its name and the 32 bytes of the public key.
    pub fn new(name: &str, public: &[u8; 32]) -> Result<Self, KeyError> {
        check_name(name)?;
        let point = || KeyError::Point { name: name.to_owned() };
        let key = ed25519_dalek::VerifyingKey::from_bytes(public).map_err(|_| point())?;
        // A weak key accepts one signature for many texts.
        if key.is_weak() {
            return Err(point());
        }
        Ok(Self { name: name.to_owned(), id: key_id(name, public), key })
    }

    /// Name, usually the log's origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Identifier written before each signature.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether `signature` (64 bytes) is this key's for `message`; strict, so that a signature has one form only.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [ED25519; 33];
        bytes[1..].copy_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, BASE64.encode(bytes))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, found, public) = read_parts(text.trim(), KeyError::VerifierShape)?;
        let key = Self::new(&name, &public)?;
        if key.id != found {
            return Err(KeyError::Id { name, found, computed: key.id });
        }
        Ok(key)
    }
}

/// The private half. It is shown by [`SigningKey::to_private_text`] only, never by `Debug`, and wiped from memory when dropped.
#[derive(Clone)]
pub struct SigningKey {
    verifier: VerifierKey,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// A key from 32 random bytes, which the caller takes from the operating system and keeps nowhere else.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        Ok(Self { verifier: VerifierKey::new(name, key.verifying_key().as_bytes())?, key })
    }

    /// Name, usually the log's origin.
    pub fn name(&self) -> &str {
        self.verifier.name()
    }

    /// The public half, to be published.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// `PRIVATE+KEY+name+hexid+base64(0x01 ‖ seed)`: to be written where only the server may read.
    pub fn to_private_text(&self) -> String {
        let mut bytes = [ED25519; 33];
        bytes[1..].copy_from_slice(self.key.as_bytes());
        format!("{PRIVATE}{}+{:08x}+{}", self.verifier.name, self.verifier.id, BASE64.encode(bytes))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier)
    }
}

impl FromStr for SigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.trim().strip_prefix(PRIVATE).ok_or(KeyError::SigningShape)?;
        let (name, found, seed) = read_parts(rest, KeyError::SigningShape)?;
        let key = Self::from_seed(&name, &seed)?;
        if key.verifier.id != found {
            return Err(KeyError::Id { name, found, computed: key.verifier.id });
        }
        Ok(key)
    }
}
