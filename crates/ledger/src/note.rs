//! Signed notes (C2SP signed-note): a text that a person can read, an empty line, and signature lines.

use crate::key::{SigningKey, VerifierKey};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

/// A larger note is refused unread. Sixteen post-quantum signatures of 5 kB fit, as the specification asks.
pub const MAX_NOTE_BYTES: usize = 256 * 1024;
/// More signatures are refused: each known one costs a verification.
pub const MAX_SIGNATURES: usize = 64;
/// What a signature line begins with: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// Why a note is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Over [`MAX_NOTE_BYTES`].
    #[error("the note has {0} bytes; at most 262144 are read")]
    TooLarge(usize),
    /// A control character other than a newline, or a text that does not end in a newline.
    #[error("the note has a control character, or does not end with a newline")]
    Text,
    /// No empty line between text and signatures.
    #[error("the note has no empty line between its text and its signatures")]
    NoSeparator,
    /// A line after the separator that is not a signature line.
    #[error("signature line {line} is not '— name base64'")]
    SignatureLine { line: usize },
    /// Over [`MAX_SIGNATURES`].
    #[error("the note has more than 64 signatures")]
    TooManySignatures,
    /// A signature that claims a known key and does not verify: the text or the signature was changed.
    #[error("the signature of {name} does not match the text")]
    BadSignature { name: String },
    /// The same key signs twice.
    #[error("{name} signs twice")]
    SignedTwice { name: String },
    /// Signatures, but none by a key we know.
    #[error("no signature is by a known key")]
    NoKnownSignature,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// Key name.
    pub name: String,
    /// Key identifier.
    pub key_id: u32,
    /// Signature bytes after the identifier: 64 for Ed25519, others for types we do not know.
    pub signature: Vec<u8>,
}

/// A note with at least one verified signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedNote {
    /// The signed text, with its final newline.
    pub text: String,
    /// Signatures by known keys, all of them verified.
    pub verified: Vec<SignatureLine>,
    /// Signatures by keys we do not know: kept, unchecked, proving nothing.
    pub unknown: Vec<SignatureLine>,
}

impl OpenedNote {
    /// Whether this key's signature was found and verified.
    pub fn is_signed_by(&self, key: &VerifierKey) -> bool {
        self.verified.iter().any(|line| line.name == key.name() && line.key_id == key.id())
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_NOTE_BYTES {
        return Err(NoteError::TooLarge(text.len()));
    }
    if !text.ends_with('\n') || text.bytes().any(|b| b < b' ' && b != b'\n') {
        return Err(NoteError::Text);
    }
    Ok(())
}

fn signature_line(text: &str, key: &SigningKey) -> String {
    let mut bytes = key.verifier().id().to_be_bytes().to_vec();
    bytes.extend_from_slice(&key.sign(text.as_bytes()));
    format!("{DASH}{} {}\n", key.name(), BASE64.encode(bytes))
}

/// Signs a text (which ends with a newline) and returns the whole note.
pub fn sign_note(text: &str, key: &SigningKey) -> Result<String, NoteError> {
    check_text(text)?;
    Ok(format!("{text}\n{}", signature_line(text, key)))
}

/// Adds a signature to a note and leaves the others as they are; a witness does this after checking consistency.
pub fn cosign_note(note: &str, key: &SigningKey) -> Result<String, NoteError> {
    let (text, lines) = split_note(note)?;
    let own = key.verifier();
    if lines.iter().any(|line| line.name == own.name() && line.key_id == own.id()) {
        return Err(NoteError::SignedTwice { name: own.name().to_owned() });
    }
    if lines.len() == MAX_SIGNATURES {
        return Err(NoteError::TooManySignatures);
    }
    let note = format!("{note}{}", signature_line(text, key));
    check_text(&note)?;
    Ok(note)
}

/// Separates a note into its text and its signatures, checking the form only.
fn split_note(note: &str) -> Result<(&str, Vec<SignatureLine>), NoteError> {
    check_text(note)?;
    // The text may hold empty lines; the last one in the note is the separator.
    let at = note.rfind("\n\n").ok_or(NoteError::NoSeparator)?;
    let (text, signatures) = (&note[..=at], &note[at + 2..]);
    if signatures.is_empty() {
        return Err(NoteError::SignatureLine { line: 1 });
    }
    let mut lines = Vec::new();
    for (number, line) in signatures.lines().enumerate() {
        if number == MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        lines.push(read_line(line).ok_or(NoteError::SignatureLine { line: number + 1 })?);
    }
    Ok((text, lines))
}

fn read_line(line: &str) -> Option<SignatureLine> {
    let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') {
        return None;
    }
    let bytes = BASE64.decode(signature).ok()?;
    let (key_id, signature) = bytes.split_first_chunk::<4>().filter(|(_, rest)| !rest.is_empty())?;
    Some(SignatureLine { name: name.to_owned(), key_id: u32::from_be_bytes(*key_id), signature: signature.to_vec() })
}

/// Reads a note and verifies every signature by a key in `known`; its text may be believed only after this.
///
/// # Errors
/// Malformed; a signature by a known key that does not verify; a known key that signs twice; no signature by a known key.
pub fn open_note(note: &str, known: &[VerifierKey]) -> Result<OpenedNote, NoteError> {
    let (text, lines) = split_note(note)?;
    let mut opened = OpenedNote { text: text.to_owned(), verified: Vec::new(), unknown: Vec::new() };
    for line in lines {
        // Name and identifier together name a key; one alone does not.
        let Some(key) = known.iter().find(|key| key.name() == line.name && key.id() == line.key_id) else {
            opened.unknown.push(line);
            continue;
        };
        if opened.is_signed_by(key) {
            return Err(NoteError::SignedTwice { name: line.name });
        }
        if !key.verifies(text.as_bytes(), &line.signature) {
            return Err(NoteError::BadSignature { name: line.name });
        }
        opened.verified.push(line);
    }
    if opened.verified.is_empty() {
        return Err(NoteError::NoKnownSignature);
    }
    Ok(opened)
}
