//! The one shape of a "no" that a person reads.

use std::fmt;

/// A refusal: a stable code (also the key of its sentence in the translation files, dots as dashes)
/// and the values that the sentence names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, lower case, dotted: `version.conflict`, `lifecycle.step`.
    pub code: &'static str,
    /// Named values for the sentence.
    pub args: Vec<(&'static str, String)>,
}

impl Refusal {
    #[must_use]
    pub fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        for (name, value) in &self.args {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
