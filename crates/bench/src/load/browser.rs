//! One person's browser: cookies, a kept connection, pages and forms over HTTP/1.1; each exchange is timed and counted.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::net::{TcpSocket, TcpStream};

use super::{
    form::{self, Form},
    tally::Tally,
};
use crate::{
    Result,
    http::{Answer, Connection},
};

/// The server closes a connection on which nothing came for twenty seconds; a browser does not send on one that is about to end.
const KEPT: Duration = Duration::from_secs(15);
/// Longer nobody waits for a page.
const PATIENCE: Duration = Duration::from_secs(30);
/// Redirects of one click.
const HOPS: usize = 4;

/// The box that says "yes, once more", where the same person came with the same matter some days ago.
pub const DESPITE: &str = "despite_duplicate";

fn asks_back(html: &str) -> bool {
    html.contains(&format!("name=\"{DESPITE}\""))
}

/// What is shown.
pub struct Page {
    pub path: String,
    pub body: String,
}

impl Page {
    pub fn asks_back(&self) -> bool {
        asks_back(&self.body)
    }

    pub fn forms(&self) -> Vec<Form> {
        form::forms(&self.body)
    }

    /// The form whose action ends so (before its query).
    pub fn form(&self, action: &str) -> Option<Form> {
        self.forms().into_iter().find(|f| f.action.split('?').next().is_some_and(|a| a.ends_with(action)))
    }

    pub fn links(&self, part: &str) -> Vec<String> {
        form::links(&self.body).into_iter().filter(|l| l.contains(part)).collect()
    }

    /// The text of the element with an identity.
    pub fn text_of(&self, id: &str) -> Option<&str> {
        let at = self.body.find(&format!("id=\"{id}\""))?;
        let rest = &self.body[at..];
        let rest = &rest[rest.find('>')? + 1..];
        Some(rest[..rest.find('<')?].trim())
    }
}

pub struct Browser {
    address: String,
    /// Officers share the office's address; citizens have each their own, where this machine has so many.
    home: Option<SocketAddr>,
    connection: Option<(Connection, Instant)>,
    cookies: BTreeMap<String, String>,
    tally: Arc<Tally>,
}

impl Browser {
    pub fn new(address: &str, home: Option<u64>, tally: &Arc<Tally>) -> Self {
        let place = |n: u64| SocketAddr::from(([127, 1, u8::try_from(n / 250).unwrap_or(0), 1 + u8::try_from(n % 250).unwrap_or(0)], 0));
        Self { address: address.to_owned(), home: home.map(place), connection: None, cookies: BTreeMap::new(), tally: tally.clone() }
    }

    pub fn forget(&mut self) {
        self.cookies.clear();
    }

    pub fn cookies(&self) -> String {
        self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ")
    }

    /// Opens a page and goes where it leads.
    pub async fn open(&mut self, path: &str) -> Option<Page> {
        let mut path = path.to_owned();
        for _ in 0..HOPS {
            let answer = self.exchange("GET", &path, None, b"").await?;
            match answer.location {
                Some(next) => path = next,
                None => return Some(Page { path, body: answer.body }),
            }
        }
        self.tally.fail(label("GET", &path), format!("{path}: led on and on"));
        None
    }

    /// Sends a form and opens the page that it leads to.
    pub async fn send(&mut self, form: &Form) -> Option<Page> {
        let (kind, body) = form.encode();
        let answer = self.exchange("POST", &form.action, Some(&kind), &body).await?;
        match answer.location {
            Some(next) => self.open(&next).await,
            None => Some(Page { path: form.action.clone(), body: answer.body }),
        }
    }

    /// One exchange, counted under the name of its page; nothing when it did not end well.
    async fn exchange(&mut self, method: &str, path: &str, kind: Option<&str>, body: &[u8]) -> Option<Answer> {
        let name = label(method, path);
        let plain = path.split('#').next().unwrap_or(path);
        let begin = Instant::now();
        let done = tokio::time::timeout(PATIENCE, self.carry(method, plain, kind, body)).await;
        let took = begin.elapsed();
        match done {
            Ok(Ok(answer)) if answer.status == 409 => {
                self.tally.overtaken(name, took);
                None
            }
            // The same person with the same matter some days ago: a question, no error.
            Ok(Ok(answer)) if answer.status == 422 && asks_back(&answer.body) => {
                self.tally.count(name, took);
                Some(answer)
            }
            Ok(Ok(answer)) if answer.status >= 400 => {
                self.tally.count(name, took);
                self.tally.fail(name, format!("{method} {path}: {} {}", answer.status, form::said_wrong(&answer.body)));
                None
            }
            Ok(Ok(answer)) => {
                self.tally.count(name, took);
                Some(answer)
            }
            Ok(Err(e)) => {
                self.connection = None;
                self.tally.fail(name, format!("{method} {path}: {e}"));
                None
            }
            Err(_) => {
                self.connection = None;
                self.tally.fail(name, format!("{method} {path}: no answer within {PATIENCE:?}"));
                None
            }
        }
    }

    async fn connect(&self) -> Result<TcpStream> {
        if let (Some(home), Ok(to)) = (self.home, self.address.parse()) {
            let socket = TcpSocket::new_v4()?;
            // Only Linux has all of 127.0.0.0/8.
            if socket.bind(home).is_ok() {
                return Ok(socket.connect(to).await?);
            }
        }
        Ok(TcpStream::connect(&self.address).await?)
    }

    async fn carry(&mut self, method: &str, path: &str, kind: Option<&str>, body: &[u8]) -> Result<Answer> {
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\nSec-Fetch-Site: same-origin\r\n", self.address);
        if !self.cookies.is_empty() {
            head += &format!("Cookie: {}\r\n", self.cookies());
        }
        if let Some(kind) = kind {
            head += &format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        }
        head += "\r\n";
        let mut connection = match self.connection.take() {
            Some((open, last)) if last.elapsed() < KEPT => open,
            _ => Connection::new(self.connect().await?)?,
        };
        let answer = connection.ask(head.as_bytes(), body).await?;
        for cookie in &answer.cookies {
            let Some((name, value)) = cookie.split(';').next().and_then(|c| c.split_once('=')) else { continue };
            match value {
                "" => self.cookies.remove(name.trim()),
                _ => self.cookies.insert(name.trim().to_owned(), value.to_owned()),
            };
        }
        self.connection = Some((connection, Instant::now()));
        Ok(answer)
    }
}

/// What a person would call a page or an act, by its address.
pub fn label(method: &str, path: &str) -> &'static str {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    match (method, parts.as_slice()) {
        ("GET", ["portal"]) => "citizen: first page",
        ("GET", ["portal", "procedures"]) => "citizen: find a procedure",
        ("GET", ["portal", "procedures", _]) => "citizen: look at a procedure",
        ("POST", ["portal", "procedures", _]) => "citizen: begin a draft",
        ("GET", ["portal", "sign-in"]) => "citizen: page of signing in",
        ("POST", ["portal", "sign-in"]) => "citizen: sign in",
        ("GET", ["portal", "mine"]) => "citizen: own drafts and dossiers",
        ("GET", ["portal", "drafts", _]) => "citizen: draft, led to its page",
        ("GET", ["portal", "drafts", _, "q", _]) => "citizen: question page",
        ("POST", ["portal", "drafts", _, "q", _]) => "citizen: answer a page",
        ("GET", ["portal", "drafts", _, "papers"]) => "citizen: page of papers",
        ("POST", ["portal", "drafts", _, "papers"]) => "citizen: upload a file, go on",
        ("GET", ["portal", "drafts", _, "check"]) => "citizen: check all answers",
        ("POST", ["portal", "drafts", _, "check"]) => "citizen: file the dossier",
        ("GET", ["portal", "filed"]) => "citizen: code and secret",
        ("GET", ["portal", "track"]) => "citizen: page of tracking",
        ("POST", ["portal", "track"]) => "citizen: track by code and secret",
        ("GET", ["portal", "track", _]) => "citizen: dossier's status",
        ("GET", ["portal", "track", _, "supplement"]) => "citizen: page of answering a request",
        ("POST", ["portal", "track", _, "supplement"]) => "citizen: answer a request",
        ("POST", ["portal", "track", _, "rate"]) => "citizen: rate",
        (_, ["portal", ..]) => "citizen: other",
        ("GET", ["sign-in"]) => "officer: page of signing in",
        ("POST", ["sign-in"]) => "officer: sign in",
        ("POST", ["sign-out"]) => "officer: sign out",
        ("GET", ["desk"]) if query.contains("q=") => "officer: search the inbox",
        ("GET", ["desk"]) if query.contains("bucket=") => "officer: inbox, one kind",
        ("GET", ["desk"]) => "officer: inbox",
        ("GET", ["desk", "dossiers", _]) => "officer: dossier",
        ("GET", ["desk", "dossiers", _, "form", _]) => "officer: paper to print",
        ("POST", ["desk", "dossiers", _, "do", "accept"]) => "officer: receive what came online",
        ("POST", ["desk", "dossiers", _, "do", "hand_over"]) => "officer: hand over",
        ("POST", ["desk", "dossiers", _, "do", "resolve"]) => "officer: decide",
        ("POST", ["desk", "dossiers", _, "do", "return_result"]) => "officer: hand out the result",
        ("POST", ["desk", "dossiers", _, "do", "ask_supplement"]) => "officer: ask for a supplement",
        ("POST", ["desk", "dossiers", ..]) => "officer: other act",
        ("GET", ["desk", "receive"]) if query.contains("procedure=") => "officer: form at the counter",
        ("GET", ["desk", "receive"]) => "officer: counter, choose a procedure",
        ("POST", ["desk", "receive"]) => "officer: receive at the counter",
        ("GET", ["desk", "tomorrow"]) => "leader: what will be late",
        ("GET", ["desk", "map"]) => "leader: where dossiers wait",
        ("GET", ["search"]) => "officer: search everything",
        _ => "officer: other",
    }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn pages_have_names() {
        assert_eq!(label("GET", "/portal/drafts/01H/q/who?lang=en"), "citizen: question page");
        assert_eq!(label("GET", "/desk?bucket=new"), "officer: inbox, one kind");
        assert_eq!(label("POST", "/desk/dossiers/7/do/resolve"), "officer: decide");
    }
}
