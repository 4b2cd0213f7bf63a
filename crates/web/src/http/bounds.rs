//! How much and how long at most: nobody holds the server's memory or its connections by sending slowly, or much.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::StreamExt;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout, timeout_at},
};

const MB: usize = 1024 * 1024;
/// So many files are remembered with who sent them; a form is mended within minutes.
const SENT_MAX: usize = 10_000;

/// The bounds of a server; the default is for production.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// From the opening of a connection, or from the last answer on it, to the end of a request's headers.
    pub header_time: Duration,
    /// For a request's body: 60 MB at 4 Mbit/s.
    pub body_time: Duration,
    /// Forms with files that are read at one time, in MB of what they announce: four of the largest, hundreds of scanned pages.
    pub uploads_mb: u32,
    /// So long a form waits, unread, for the others.
    pub upload_wait: Duration,
    /// Answers under way when the server is told to stop; an event stream never ends by itself.
    pub grace: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            header_time: Duration::from_secs(20),
            body_time: Duration::from_secs(120),
            uploads_mb: 256,
            upload_wait: Duration::from_secs(10),
            grace: Duration::from_secs(10),
        }
    }
}

/// The room for forms with files, and who sent which lately.
#[derive(Debug, Clone)]
pub struct Uploads {
    room: Arc<Semaphore>,
    /// Accounts and hashes, newest last. The store keeps only the first who brought the same bytes, and a letter of the province
    /// comes from every ward.
    sent: Arc<Mutex<VecDeque<(String, String)>>>,
    mb: u32,
    wait: Duration,
}

impl Uploads {
    #[must_use]
    pub fn new(bounds: &Bounds) -> Self {
        let room = Arc::new(Semaphore::new(bounds.uploads_mb as usize));
        Self { room, sent: Arc::default(), mb: bounds.uploads_mb, wait: bounds.upload_wait }
    }

    /// Room for so many bytes, until it is dropped; nothing when the others take too long.
    pub async fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let mb = u32::try_from(bytes.div_ceil(MB)).unwrap_or(u32::MAX).clamp(1, self.mb.max(1));
        timeout(self.wait, self.room.clone().acquire_many_owned(mb)).await.ok()?.ok()
    }

    /// Remembers who sent a file.
    pub fn remember(&self, account: &str, sha256: &str) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.len() >= SENT_MAX {
            sent.pop_front();
        }
        sent.push_back((account.to_owned(), sha256.to_owned()));
    }

    /// Whether this account sent the file lately.
    #[must_use]
    pub fn was_sent(&self, account: &str, sha256: &str) -> bool {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|(a, s)| a == account && s == sha256)
    }
}

/// A body that is not whole in time ends in an error, never as if it were whole.
pub async fn body_in_time(State(time): State<Duration>, request: Request, next: Next) -> Response {
    let until = Instant::now() + time;
    next.run(request.map(|body| if body.is_end_stream() { body } else { bounded(body, until) })).await
}

fn bounded(body: Body, until: Instant) -> Body {
    let chunks = futures::stream::unfold(Some(body.into_data_stream()), move |state| async move {
        let mut data = state?;
        match timeout_at(until, data.next()).await {
            Ok(Some(Ok(bytes))) => Some((Ok::<Bytes, io::Error>(bytes), Some(data))),
            Ok(Some(Err(e))) => Some((Err(io::Error::other(e)), None)),
            Ok(None) => None,
            Err(_) => Some((Err(io::Error::from(io::ErrorKind::TimedOut)), None)),
        }
    });
    Body::from_stream(chunks)
}

/// The body's time was over.
#[must_use]
pub fn timed_out(e: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(e);
    while let Some(e) = cause {
        if e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::TimedOut) {
            return true;
        }
        cause = e.source();
    }
    false
}
