//! One error for every use case: what the person hears, and what the log keeps.

use rules::Refusal;

pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not happen. Nothing of it did.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule says no; the person reads its sentence.
    #[error("{0}")]
    Refused(Refusal),
    /// The input has faults, field by field.
    #[error("{} fields are not right", .0.len())]
    Invalid(Vec<rules::schema::FieldFault>),
    /// A pack has faults; each names its file and line.
    #[error("the pack has {} faults", .0.len())]
    Pack(Vec<rules::pack::Fault>),
    /// Nothing of it is impossible, all of it is more often a slip: who stands by it says so and asks again.
    #[error("{} things look like a slip", .0.len())]
    Doubtful(Vec<Refusal>),
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A defect or a damaged definition; the log keeps the details.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    #[must_use]
    pub fn refused(code: &'static str) -> Self {
        Self::Refused(Refusal::new(code))
    }

    /// Nothing of that name, or nothing the actor may know of.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::Refused(Refusal::new("not_found").with("what", what.chars().take(120).collect::<String>()))
    }

    /// Stable code; the key of its sentence in the translation files.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(r) => r.code,
            Self::Invalid(_) => "input.invalid",
            Self::Pack(_) => "pack.faults",
            Self::Doubtful(_) => "figure.doubtful",
            Self::Store(e) => e.code(),
            Self::Internal(_) => "internal",
        }
    }
}

impl From<Refusal> for Error {
    fn from(r: Refusal) -> Self {
        Self::Refused(r)
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::Internal(format!("JSON: {e}"))
    }
}

impl From<rules::time::TimeError> for Error {
    fn from(e: rules::time::TimeError) -> Self {
        Self::Refused(Refusal::new("input.time").with("expected", e.expected).with("text", e.text))
    }
}
