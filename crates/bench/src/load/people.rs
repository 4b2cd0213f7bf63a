//! The pace of people: when they come, how long they think.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::data::Random;

pub struct Pace {
    arrives: Instant,
    end: Instant,
    random: Mutex<Random>,
}

impl Pace {
    pub fn new(arrives: Instant, end: Instant, seed: u64) -> Self {
        Self { arrives, end, random: Mutex::new(Random::new(seed)) }
    }

    pub fn draw(&self) -> u64 {
        self.random.lock().unwrap_or_else(PoisonError::into_inner).below(u64::MAX)
    }

    pub fn over(&self) -> bool {
        Instant::now() >= self.end
    }

    pub async fn arrive(&self) {
        self.until(self.arrives).await;
    }

    /// Between so many milliseconds.
    pub async fn wait(&self, (least, most): (u64, u64)) {
        let think = Duration::from_millis(least + self.draw() % (most - least));
        self.until(Instant::now() + think).await;
    }

    /// Who would act after the end waits for ever: all waking up at the end to do one thing more would be no day at a desk.
    async fn until(&self, at: Instant) {
        if at >= self.end {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep_until(at).await;
    }
}
