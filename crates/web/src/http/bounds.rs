//! How much and how long at most: nobody holds the server's memory or its connections by sending slowly, or much.

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::{IpAddr, Ipv6Addr},
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
    /// The same for citizens: a room of their own, so that whoever fills it keeps no officer from working.
    pub citizens_mb: u32,
    /// What comes from one address at one time: one of the largest forms, or a dozen photographs.
    pub client_mb: u32,
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
            citizens_mb: 192,
            client_mb: 48,
            upload_wait: Duration::from_secs(10),
            grace: Duration::from_secs(10),
        }
    }
}

/// A room for forms with files, in MB.
#[derive(Debug, Clone)]
struct Hall {
    room: Arc<Semaphore>,
    mb: u32,
}

impl Hall {
    fn new(mb: u32) -> Self {
        Self { room: Arc::new(Semaphore::new(mb as usize)), mb }
    }

    async fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let mb = u32::try_from(bytes.div_ceil(MB)).unwrap_or(u32::MAX).clamp(1, self.mb.max(1));
        self.room.clone().acquire_many_owned(mb).await.ok()
    }
}

/// Room that was taken, until it is dropped.
#[derive(Debug)]
pub struct Room {
    _taken: Vec<OwnedSemaphorePermit>,
}

/// The rooms for forms with files, and who sent which lately.
#[derive(Debug, Clone)]
pub struct Uploads {
    officers: Hall,
    citizens: Hall,
    /// What each address has taken of the citizens' room; those that hold nothing are forgotten.
    clients: Arc<Mutex<HashMap<String, Hall>>>,
    client_mb: u32,
    /// Accounts and hashes, newest last. The store keeps only the first who brought the same bytes, and a letter of the province
    /// comes from every ward.
    sent: Arc<Mutex<VecDeque<(String, String)>>>,
    wait: Duration,
}

/// Whose connection an address is. A network gives one subscriber as many IPv6 addresses as there are: they are one.
fn subscriber(client: &str) -> String {
    match client.parse() {
        Ok(IpAddr::V6(v6)) if v6.to_ipv4_mapped().is_none() => Ipv6Addr::from(u128::from(v6) >> 64 << 64).to_string(),
        _ => client.to_owned(),
    }
}

impl Uploads {
    #[must_use]
    pub fn new(bounds: &Bounds) -> Self {
        Self {
            officers: Hall::new(bounds.uploads_mb),
            citizens: Hall::new(bounds.citizens_mb),
            clients: Arc::default(),
            client_mb: bounds.client_mb,
            sent: Arc::default(),
            wait: bounds.upload_wait,
        }
    }

    /// Room for so many bytes of somebody with an account; nothing when the others take too long.
    pub async fn take(&self, bytes: usize) -> Option<Room> {
        let taken = timeout(self.wait, self.officers.take(bytes)).await.ok()??;
        Some(Room { _taken: vec![taken] })
    }

    /// Room for so many bytes of a citizen, who shares it with everybody at the same address first.
    pub async fn take_for(&self, client: &str, bytes: usize) -> Option<Room> {
        let own = {
            let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
            // Whoever holds room, or waits for it, holds the hall as well.
            clients.retain(|_, hall| Arc::strong_count(&hall.room) > 1);
            clients.entry(subscriber(client)).or_insert_with(|| Hall::new(self.client_mb)).clone()
        };
        let both = async { Some(vec![own.take(bytes).await?, self.citizens.take(bytes).await?]) };
        Some(Room { _taken: timeout(self.wait, both).await.ok()?? })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_address_takes_no_more_than_its_share_of_the_citizens_room() {
        let bounds = Bounds { citizens_mb: 100, client_mb: 40, upload_wait: Duration::from_millis(50), ..Bounds::default() };
        let uploads = Uploads::new(&bounds);
        let first = uploads.take_for("203.0.113.7", 30 * MB).await.unwrap();
        assert!(uploads.take_for("203.0.113.7", 30 * MB).await.is_none(), "its share is taken");
        let second = uploads.take_for("203.0.113.8", 40 * MB).await.unwrap();
        let third = uploads.take_for("2001:db8::1", 30 * MB).await.unwrap();
        assert!(uploads.take_for("2001:db8::ffff", 20 * MB).await.is_none(), "one subscriber, whatever the address");
        assert!(uploads.take_for("203.0.113.9", MB).await.is_none(), "the room is full");
        assert!(uploads.take(250 * MB).await.is_some(), "the officers' is not");
        drop((first, second, third));
        assert!(uploads.take_for("203.0.113.7", 30 * MB).await.is_some());
        assert_eq!(uploads.clients.lock().unwrap().len(), 1, "who holds nothing is forgotten");
    }
}
