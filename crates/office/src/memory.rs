//! What was learnt from thousands of dossiers, kept for a while: habits change over weeks, and nobody waits for the same sum twice.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::error::Result;

/// What was learnt is good for so long; then it is learnt anew beside the questions, which get what is known meanwhile.
const FRESH: Duration = Duration::from_secs(300);
/// What nobody asked for so long is not told any more.
const STALE: Duration = Duration::from_secs(3_600);
/// Things remembered at most.
const KEPT_MAX: usize = 512;
/// What rests on fewer dossiers is learnt anew for each question: it is cheap, and each dossier counts.
pub(crate) const FEW: usize = 100;

struct Inner<T> {
    known: HashMap<String, (Instant, Arc<T>)>,
    /// What is being learnt anew.
    learning: HashSet<String>,
    /// What is being learnt for the first time: whoever asks meanwhile waits for the same.
    first: HashMap<String, Arc<tokio::sync::Mutex<()>>>,
}

/// Things learnt, by what they are about.
pub(crate) struct Memory<T>(Arc<Mutex<Inner<T>>>);

impl<T> Clone for Memory<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Inner { known: HashMap::new(), learning: HashSet::new(), first: HashMap::new() })))
    }
}

enum Known<T> {
    Good(Arc<T>),
    /// To be told, and to be learnt anew by whoever asked.
    Old(Arc<T>),
    /// Rests on so little that it is learnt for each question.
    Little,
    Nothing(Arc<tokio::sync::Mutex<()>>),
}

impl<T: Send + Sync + 'static> Memory<T> {
    /// What is known about `key`; learnt now where nothing is. `rests_on`: how many dossiers it was learnt from.
    pub async fn of<F>(&self, key: String, rests_on: impl Fn(&T) -> usize, learn: F) -> Result<Arc<T>>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        match self.known(&key, rests_on) {
            Known::Good(known) => Ok(known),
            Known::Old(known) => {
                let memory = self.clone();
                tokio::spawn(async move {
                    match learn.await {
                        Ok(new) => drop(memory.keep(key, new)),
                        Err(e) => {
                            tracing::warn!(error = %e, "what was learnt stays as it was");
                            memory.inner().learning.remove(&key);
                        }
                    }
                });
                Ok(known)
            }
            Known::Little => Ok(self.keep(key, learn.await?)),
            Known::Nothing(first) => {
                let _turn = first.lock().await;
                if let Some((at, known)) = self.inner().known.get(&key)
                    && at.elapsed() < FRESH
                {
                    return Ok(known.clone());
                }
                let learnt = learn.await;
                self.inner().first.remove(&key);
                Ok(self.keep(key, learnt?))
            }
        }
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, key: &str, rests_on: impl Fn(&T) -> usize) -> Known<T> {
        let mut inner = self.inner();
        match inner.known.get(key).map(|(at, known)| (at.elapsed(), known.clone())) {
            Some((_, known)) if rests_on(&known) < FEW => Known::Little,
            Some((age, known)) if age < FRESH => Known::Good(known),
            Some((age, known)) if age < STALE => {
                if inner.learning.insert(key.to_owned()) {
                    Known::Old(known)
                } else {
                    Known::Good(known)
                }
            }
            _ => Known::Nothing(inner.first.entry(key.to_owned()).or_default().clone()),
        }
    }

    fn keep(&self, key: String, new: T) -> Arc<T> {
        let new = Arc::new(new);
        let mut inner = self.inner();
        inner.learning.remove(&key);
        if inner.known.len() >= KEPT_MAX {
            inner.known.clear();
        }
        inner.known.insert(key, (Instant::now(), new.clone()));
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn much_is_remembered_little_is_learnt_anew() {
        let memory: Memory<usize> = Memory::default();
        for (n, told) in [(5, 5), (7, 7), (FEW, FEW), (FEW + 1, FEW)] {
            let known = memory.of("ward".into(), |n| *n, async move { Ok(n) }).await.unwrap();
            assert_eq!(*known, told);
        }
        assert_eq!(*memory.of("another".into(), |n| *n, async { Ok(3) }).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn who_asks_at_the_same_time_waits_for_the_same_answer() {
        let memory: Memory<usize> = Memory::default();
        let learnt = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let ask = || {
            let (memory, learnt) = (memory.clone(), learnt.clone());
            async move {
                let learn = async move {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    learnt.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    Ok(FEW)
                };
                *memory.of("ward".into(), |n| *n, learn).await.unwrap()
            }
        };
        assert_eq!(tokio::join!(ask(), ask(), ask()), (FEW, FEW, FEW));
        assert_eq!(learnt.load(std::sync::atomic::Ordering::SeqCst), 1);
        assert!(memory.inner().first.is_empty());
    }
}
