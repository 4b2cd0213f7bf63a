//! Checkpoints (C2SP tlog-checkpoint): a log's size and root at one moment, as a signed note.

use crate::{
    hash::Hash,
    key::{SigningKey, VerifierKey},
    note::{NoteError, OpenedNote, SignatureLine, open_note, sign_note},
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Checkpoint {
    /// The log's unique name, for example `so-lieu.vungtau.example/vung-tau`.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree of these leaves.
    pub root: Hash,
    /// Further lines; ours have none, other logs' are kept as they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<String>,
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Fewer than three lines.
    #[error("a checkpoint has at least three lines: origin, size, root")]
    Lines,
    /// An empty line, or a line break or control character inside a line.
    #[error("line {0} of the checkpoint is empty or not one line")]
    Line(usize),
    /// Not a decimal number without leading zeros.
    #[error("{0:?} is not a tree size")]
    Size(String),
    /// Not base64 of 32 bytes.
    #[error("{0:?} is not a root: base64 of 32 bytes")]
    Root(String),
    /// Size 0 with another root than the empty tree's.
    #[error("a tree without leaves has one root only, this is another")]
    EmptyRoot,
    /// A key signs under a name that is not the log's.
    #[error("the checkpoint is of {origin}, the key is of {key}")]
    Origin { origin: String, key: String },
    /// Other keys signed, the log's own did not.
    #[error("the checkpoint is not signed by its log, {0}")]
    NotSignedByLog(String),
}

impl Checkpoint {
    /// The note text: origin, size, root, extensions, one line each.
    ///
    /// # Errors
    /// A line would be empty or break in two, or the size is 0 with a root that is not the empty tree's.
    pub fn body(&self) -> Result<String, CheckpointError> {
        let whole = |line: &str| !line.is_empty() && !line.contains(char::is_control);
        if !whole(&self.origin) {
            return Err(CheckpointError::Line(1));
        }
        if let Some(bad) = self.extensions.iter().position(|line| !whole(line)) {
            return Err(CheckpointError::Line(bad + 4));
        }
        self.check_empty()?;
        let mut body = format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root.0));
        for line in &self.extensions {
            body.push_str(line);
            body.push('\n');
        }
        Ok(body)
    }

    /// Reads a note text. It proves nothing by itself: see [`open_checkpoint`].
    pub fn parse(body: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = body.strip_suffix('\n').ok_or(CheckpointError::Lines)?.split('\n').collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else { return Err(CheckpointError::Lines) };
        if let Some(bad) = lines.iter().position(|line| line.is_empty() || line.contains(char::is_control)) {
            return Err(CheckpointError::Line(bad + 1));
        }
        let number = size.parse::<u64>().ok().filter(|number| number.to_string() == *size);
        let hash = BASE64.decode(root).ok().and_then(|bytes| Hash::try_from(bytes.as_slice()).ok());
        let short = |text: &str| text.chars().take(80).collect::<String>();
        let checkpoint = Self {
            origin: (*origin).to_owned(),
            size: number.ok_or_else(|| CheckpointError::Size(short(size)))?,
            root: hash.ok_or_else(|| CheckpointError::Root(short(root)))?,
            extensions: extensions.iter().map(|line| (*line).to_owned()).collect(),
        };
        checkpoint.check_empty()?;
        Ok(checkpoint)
    }

    fn check_empty(&self) -> Result<(), CheckpointError> {
        if self.size == 0 && self.root != Hash::EMPTY_ROOT { Err(CheckpointError::EmptyRoot) } else { Ok(()) }
    }
}

/// A checkpoint whose signatures were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedCheckpoint {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// Signatures by known keys: the log's, known witnesses'.
    pub verified: Vec<SignatureLine>,
    /// Signatures by keys we do not know.
    pub unknown: Vec<SignatureLine>,
}

/// Signs a checkpoint as its log; the key's name is the origin. The caller never signs two that contradict each other.
pub fn sign_checkpoint(checkpoint: &Checkpoint, key: &SigningKey) -> Result<String, CheckpointError> {
    if key.name() != checkpoint.origin {
        return Err(CheckpointError::Origin { origin: checkpoint.origin.clone(), key: key.name().to_owned() });
    }
    Ok(sign_note(&checkpoint.body()?, key)?)
}

/// Reads a checkpoint signed by at least one of the `known` keys, whoever that is. Where the log itself must have signed, as
/// almost always, use [`open_log_checkpoint`].
pub fn open_checkpoint(note: &str, known: &[VerifierKey]) -> Result<OpenedCheckpoint, CheckpointError> {
    let OpenedNote { text, verified, unknown } = open_note(note, known)?;
    Ok(OpenedCheckpoint { checkpoint: Checkpoint::parse(&text)?, verified, unknown })
}

/// Reads a checkpoint that `log` itself signed under its origin, and checks the signatures of those `witnesses` that signed.
pub fn open_log_checkpoint(note: &str, log: &VerifierKey, witnesses: &[VerifierKey]) -> Result<OpenedCheckpoint, CheckpointError> {
    let known: Vec<VerifierKey> = std::iter::once(log).chain(witnesses).cloned().collect();
    let opened = open_checkpoint(note, &known)?;
    if opened.checkpoint.origin != log.name() {
        return Err(CheckpointError::Origin { origin: opened.checkpoint.origin, key: log.name().to_owned() });
    }
    if !opened.verified.iter().any(|line| line.name == log.name() && line.key_id == log.id()) {
        return Err(CheckpointError::NotSignedByLog(log.name().to_owned()));
    }
    Ok(opened)
}
