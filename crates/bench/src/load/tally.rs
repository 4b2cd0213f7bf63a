//! What each page and act took.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Messages of failures that are kept for the report.
const SAMPLES: usize = 8;

#[derive(Debug, Clone, Default)]
pub struct Row {
    pub times: Vec<Duration>,
    pub errors: usize,
    /// Somebody else had acted on the same dossier meanwhile, and the page said so: an answer, no error.
    pub overtaken: usize,
}

#[derive(Debug, Default)]
pub struct Tally {
    rows: Mutex<BTreeMap<&'static str, Row>>,
    samples: Mutex<Vec<String>>,
}

impl Tally {
    fn with(&self, name: &'static str, change: impl FnOnce(&mut Row)) {
        change(self.rows.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default());
    }

    pub fn count(&self, name: &'static str, took: Duration) {
        self.with(name, |r| r.times.push(took));
    }

    pub fn overtaken(&self, name: &'static str, took: Duration) {
        self.with(name, |r| {
            r.times.push(took);
            r.overtaken += 1;
        });
    }

    pub fn fail(&self, name: &'static str, why: String) {
        self.with(name, |r| r.errors += 1);
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        if samples.len() < SAMPLES {
            samples.push(why);
        }
    }

    pub fn rows(&self) -> BTreeMap<&'static str, Row> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn samples(&self) -> Vec<String> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
