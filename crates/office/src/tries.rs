//! Tries with a secret. Wrong ones are counted by what was tried and from where; those under way count as wrong ones, so that many are not
//! tried at one time.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use rules::Timestamp;

use crate::{Office, error::Result};

/// Secrets that are being looked at, by what they are counted under.
#[derive(Default)]
pub(crate) struct Tries(Mutex<HashMap<String, i64>>);

/// One try, under everything that it is counted under, until it is dropped.
pub(crate) struct Trying<'a> {
    tries: &'a Tries,
    subjects: Vec<String>,
    now: Timestamp,
    window: Timestamp,
}

impl Trying<'_> {
    /// How many are under way with this one.
    fn begin(&mut self, subject: String) -> i64 {
        let mut all = self.tries.0.lock().unwrap_or_else(PoisonError::into_inner);
        let n = all.entry(subject.clone()).or_default();
        *n += 1;
        let n = *n;
        self.subjects.push(subject);
        n
    }
}

impl Drop for Trying<'_> {
    fn drop(&mut self) {
        let mut all = self.tries.0.lock().unwrap_or_else(PoisonError::into_inner);
        for subject in &self.subjects {
            if let Some(n) = all.get_mut(subject) {
                *n -= 1;
                if *n == 0 {
                    all.remove(subject);
                }
            }
        }
    }
}

impl Office {
    /// Whether a secret may be looked at: `subjects` say how many wrong ones each may have within the last `minutes`. `None`: it waits.
    pub(crate) async fn begin_try(&self, subjects: impl IntoIterator<Item = (String, i64)>, minutes: i64) -> Result<Option<Trying<'_>>> {
        let now = self.now();
        let mut trying = Trying { tries: self.tries(), subjects: Vec::new(), now, window: now.plus_micros(-minutes * 60_000_000) };
        for (subject, allowed) in subjects {
            // Counted as under way first: whoever ends meanwhile is counted twice rather than not at all.
            let under_way = trying.begin(subject.clone());
            if self.store().attempts(&subject, trying.window).await? + under_way > allowed {
                return Ok(None);
            }
        }
        Ok(Some(trying))
    }

    /// It was wrong. Only this is written down: whoever has the right one writes nothing.
    pub(crate) async fn tried_wrong(&self, trying: &Trying<'_>) -> Result<()> {
        for subject in &trying.subjects {
            self.store().attempt(subject, trying.now, trying.window).await?;
        }
        Ok(())
    }
}
