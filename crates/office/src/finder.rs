//! Keeping the search index behind the ledger's heels: whoever searches reads the few entries that are not in it yet.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::{Office, error::Result};

/// How often the ledger is looked at.
const TICK: Duration = Duration::from_millis(500);
/// So many entries are taken in at once; fewer when they have waited long enough.
const ENOUGH: i64 = 512;
const PATIENCE: Duration = Duration::from_secs(5);
/// Entries between two looks that speak of an import: the index leaves it the processor and the disk for a while.
const BULK: i64 = 2_000;
const BULK_PATIENCE: Duration = Duration::from_secs(60);
/// An import is over when nothing of it was seen for so long: its batches may come more slowly than the looks.
const BULK_QUIET: Duration = Duration::from_secs(3);
/// Under an import that goes on and on, as many times its own length passes after each step.
const REST_UNDER_BULK: u32 = 9;

/// What was seen at the last looks.
struct Watch {
    behind: i64,
    /// Since when something waits.
    waiting: Option<Instant>,
    /// Since when an import is under way, and when it was last seen.
    bulk: Option<(Instant, Instant)>,
}

/// Follows the ledger until it is told to stop. A step that is under way is finished: a transaction that is let go of half begun would
/// stay open in its connection.
pub(crate) async fn follow(office: Office, mut stopped: watch::Receiver<bool>) {
    let mut seen = Watch { behind: 0, waiting: None, bulk: None };
    let mut rest = TICK;
    loop {
        tokio::select! {
            biased;
            _ = stopped.changed() => return,
            () = tokio::time::sleep(rest) => {}
        }
        let result = beat(&office, &mut seen, &|| *stopped.borrow()).await;
        rest = match result {
            Ok(rest) => rest,
            Err(e) => {
                tracing::warn!(error = %e, "the search index could not follow; trying again");
                TICK * 4
            }
        };
    }
}

async fn beat(office: &Office, seen: &mut Watch, stop: &(dyn Fn() -> bool + Sync)) -> Result<Duration> {
    let now = Instant::now();
    let state = office.store().indexed().await?;
    let grown = state.behind - seen.behind;
    seen.behind = state.behind;
    if state.behind == 0 && !state.anew {
        (seen.waiting, seen.bulk) = (None, None);
        return Ok(TICK);
    }
    let waiting = *seen.waiting.get_or_insert(now);
    seen.bulk = match seen.bulk {
        bulk if grown >= BULK => Some((bulk.map_or(now, |(since, _)| since), now)),
        bulk => bulk.filter(|(_, last)| now - *last < BULK_QUIET),
    };
    let bulk = seen.bulk.map(|(since, _)| since);
    let due = state.anew || state.behind >= ENOUGH || now - waiting >= PATIENCE;
    if !due || bulk.is_some_and(|since| now - since < BULK_PATIENCE) {
        return Ok(TICK);
    }
    office.store().index_step(stop).await?;
    let left = office.store().indexed().await?.behind;
    seen.behind = left;
    if left == 0 {
        seen.waiting = None;
    }
    Ok(match bulk {
        Some(_) => now.elapsed() * REST_UNDER_BULK,
        // More is waiting: at once, but commits come between.
        None if left >= ENOUGH => Duration::from_millis(5),
        None => TICK,
    })
}
