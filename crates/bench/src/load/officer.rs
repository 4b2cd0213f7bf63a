//! Officers and leaders: they sign in once, keep the inbox open, receive, hand over, decide, print, search. An open inbox or dossier asks
//! for itself again when the server says that something moved, as the page's script does.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{net::TcpStream, sync::watch};

use super::{
    Town,
    browser::{Browser, DESPITE, Page, label},
    citizen::{fill, full_name},
    form::{self, Form, escape},
    people::Pace,
    tally::Tally,
};
use crate::{Result, data::Random, http::Connection};

/// Between two pages.
const THINK: (u64, u64) = (3_000, 10_000);
/// From the server's word to the page's question, as in the page's script.
const SOON: Duration = Duration::from_millis(120);
/// A page that asked for itself.
const BY_ITSELF: &str = "officer: open page, asked for by itself";
/// One of so many visits ends with signing out and in again.
const SIGN_OUT: u64 = 40;

/// What stands on the screen, for the page's script.
#[derive(Clone, PartialEq, Eq)]
struct Screen {
    path: String,
    cookies: String,
    /// Where the page listens.
    live: String,
}

type Shown = watch::Sender<Option<Screen>>;

pub struct Officer {
    pub browser: Browser,
    pub login: String,
    pub password: String,
    pub leads: bool,
    pub ward: String,
    pub address: String,
    pub pace: Pace,
    pub town: Arc<Town>,
    pub tally: Arc<Tally>,
}

impl Officer {
    pub async fn live(mut self) {
        let (shown, seen) = watch::channel(None);
        let script = tokio::spawn(follow(self.address.clone(), seen, self.tally.clone()));
        self.pace.arrive().await;
        let mut r = Random::new(self.pace.draw());
        let mut inside = false;
        while !self.pace.over() {
            if !inside {
                inside = self.sign_in().await.is_some();
            } else if r.below(SIGN_OUT) == 0 {
                inside = self.sign_out(&shown).await.is_none();
            } else {
                let _ended_early = self.work(&mut r, &shown).await;
            }
            self.think().await;
        }
        script.abort();
    }

    async fn think(&self) {
        self.pace.wait(THINK).await;
    }

    async fn sign_in(&mut self) -> Option<()> {
        let mut form = self.browser.open("/sign-in?next=%2Fdesk").await?.form("/sign-in")?;
        form.set("login", &self.login);
        form.set("password", &self.password);
        self.think().await;
        self.browser.send(&form).await.map(drop)
    }

    async fn sign_out(&mut self, shown: &Shown) -> Option<()> {
        let page = self.open("/desk", shown).await?;
        let form = page.form("/sign-out")?;
        shown.send_replace(None);
        self.browser.send(&form).await?;
        self.browser.forget();
        Some(())
    }

    /// Opens a page and, where it is one that follows changes, lets it.
    async fn open(&mut self, path: &str, shown: &Shown) -> Option<Page> {
        shown.send_replace(None);
        let page = self.browser.open(path).await?;
        let live = form::body_attribute(&page.body, "data-live");
        shown.send_replace(live.map(|live| Screen { path: page.path.clone(), cookies: self.browser.cookies(), live }));
        Some(page)
    }

    async fn work(&mut self, r: &mut Random, shown: &Shown) -> Option<()> {
        match r.below(100) {
            0..70 => self.handle(r, shown).await,
            70..80 => {
                let words = rules::text::fold(&full_name(r));
                let last: Vec<&str> = words.split(' ').skip(1).collect();
                self.open(&format!("/desk?q={}", escape(&last.join(" "))), shown).await.map(drop)
            }
            80..88 => {
                let words = rules::text::fold(&full_name(r));
                self.open(&format!("/search?q={}", escape(&words)), shown).await.map(drop)
            }
            88..96 if !self.leads => self.receive(r, shown).await,
            _ if self.leads => {
                let page = if r.chance(50) { "/desk/tomorrow" } else { "/desk/map" };
                self.open(page, shown).await.map(drop)
            }
            _ => self.open("/desk?mine=1", shown).await.map(drop),
        }
    }

    /// From the inbox to a dossier, an act, a paper.
    async fn handle(&mut self, r: &mut Random, shown: &Shown) -> Option<()> {
        let path = match (self.leads, r.below(4)) {
            (false, 0) => "/desk",
            (false, 1 | 2) => "/desk?bucket=new",
            (false, _) => "/desk?bucket=result",
            (true, 0 | 1) => "/desk",
            (true, _) => "/desk?bucket=later",
        };
        let inbox = self.open(path, shown).await?;
        let rows = inbox.links("/desk/dossiers/");
        self.think().await;
        let Some(row) = rows.get(usize::try_from(r.below(rows.len() as u64)).unwrap_or(0)) else { return Some(()) };
        let dossier = self.open(row, shown).await?;
        self.think().await;
        let Some(form) = self.act(&dossier, r) else { return Some(()) };
        let received = form.action.contains("/accept");
        let after = self.browser.send(&form).await?;
        if received || r.chance(20) {
            let papers = after.links("/form/");
            if let Some(paper) = papers.first() {
                self.think().await;
                self.open(paper, shown).await?;
            }
        }
        Some(())
    }

    fn act(&self, dossier: &Page, r: &mut Random) -> Option<Form> {
        let of = |act: &str| dossier.form(&format!("/do/{act}"));
        if self.leads {
            let mut form = of("resolve")?;
            form.set("number", &format!("{}/XN-UBND", 1 + r.below(900)));
            return Some(form);
        }
        if r.chance(12)
            && let Some(mut form) = of("ask_supplement")
        {
            form.set("reason_text_1", "Bản chụp chưa rõ, đề nghị chụp lại.");
            return Some(form);
        }
        of("accept").or_else(|| of("return_result")).or_else(|| {
            let mut form = of("hand_over")?;
            // To the whole section: whoever of it is free goes on.
            form.set("assignee", "*");
            Some(form)
        })
    }

    /// A person stands at the counter.
    async fn receive(&mut self, r: &mut Random, shown: &Shown) -> Option<()> {
        let list = self.open(&format!("/desk/receive?unit={}&q=trich+luc", escape(&self.ward)), shown).await?;
        let link = list.links("procedure=2.000635").into_iter().next()?;
        self.think().await;
        let page = self.open(&link, shown).await?;
        let mut form = page.form("/desk/receive")?;
        form.set("id_number", &self.town.citizen(self.pace.draw()));
        form.set("name", &full_name(r));
        form.set("phone", "0912345678");
        form.set("address", "12 Lê Lợi");
        fill(&mut form, r, &self.town.child_born);
        self.think().await;
        let answer = self.browser.send(&form).await?;
        if answer.asks_back() {
            self.think().await;
            let mut again = answer.form("/desk/receive")?;
            again.tick(DESPITE);
            self.browser.send(&again).await?;
        }
        Some(())
    }
}

/// What the page's script does: listens, and asks for the page again when something moved. A page that is left hears no more.
async fn follow(address: String, mut seen: watch::Receiver<Option<Screen>>, tally: Arc<Tally>) {
    loop {
        let screen = seen.borrow_and_update().clone();
        let listening = async {
            match &screen {
                Some(screen) => listen(&address, screen, &tally).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = seen.changed() => if changed.is_err() { return },
            ended = listening => {
                if let Err(e) = ended {
                    tally.fail(BY_ITSELF, format!("the event stream ended: {e}"));
                }
                tokio::time::sleep(Duration::from_secs(3)).await;
            }
        }
    }
}

async fn listen(address: &str, screen: &Screen, tally: &Tally) -> Result<()> {
    let Screen { path, cookies, live } = screen;
    let request = |path: &str, accept: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: {accept}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\n\r\n")
    };
    let mut events = Connection::new(TcpStream::connect(address).await?)?;
    events.follow(request(live, "text/event-stream").as_bytes()).await?;
    loop {
        let mut piece = Vec::new();
        if !events.chunk(&mut piece).await? {
            return Ok(());
        }
        if !piece.starts_with(b"data:") {
            continue;
        }
        tokio::time::sleep(SOON).await;
        let mut connection = Connection::new(TcpStream::connect(address).await?)?;
        let begin = Instant::now();
        let answer = connection.ask(request(path, "text/html").as_bytes(), b"").await;
        match answer {
            Ok(answer) if answer.status < 400 => tally.count(BY_ITSELF, begin.elapsed()),
            Ok(answer) => tally.fail(BY_ITSELF, format!("{} {path}: {}", label("GET", path), answer.status)),
            Err(e) => tally.fail(BY_ITSELF, format!("{path}: {e}")),
        }
    }
}
