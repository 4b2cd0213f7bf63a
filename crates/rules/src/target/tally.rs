//! Counting statuses, and finding where two counts of the same work disagree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Status;

/// How many targets or tasks have each status.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally(pub BTreeMap<Status, u32>);

/// One status on which two counts disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub status: Status,
    pub stated: u32,
    pub counted: u32,
}

impl Tally {
    #[must_use]
    pub fn get(&self, status: Status) -> u32 {
        self.0.get(&status).copied().unwrap_or(0)
    }

    #[must_use]
    pub fn total(&self) -> u32 {
        self.0.values().sum()
    }

    /// Where what a text states differs from what its own list counts. A right total is no proof:
    /// the Government's report of May 2025 states 22/13/2 of 37 while its annex counts 21/14/2.
    #[must_use]
    pub fn differences(&self, counted: &Self) -> Vec<Difference> {
        Status::ALL
            .into_iter()
            .map(|status| Difference { status, stated: self.get(status), counted: counted.get(status) })
            .filter(|d| d.stated != d.counted)
            .collect()
    }
}

impl FromIterator<Status> for Tally {
    fn from_iter<I: IntoIterator<Item = Status>>(statuses: I) -> Self {
        let mut tally = Self::default();
        for status in statuses {
            *tally.0.entry(status).or_default() += 1;
        }
        tally
    }
}
