//! Vietnamese text: two languages side by side, search folding, order, numbers and dates as people write them.

use serde::{Deserialize, Serialize};

/// A text in both languages of the product; Vietnamese is the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default, Hash, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    pub vi: String,
    pub en: String,
}

impl Localized {
    #[must_use]
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The text for a language tag: `en…` is English, everything else Vietnamese.
    #[must_use]
    pub fn get(&self, lang: &str) -> &str {
        if lang.starts_with("en") { &self.en } else { &self.vi }
    }
}
