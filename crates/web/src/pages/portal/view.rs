//! What the portal's templates lay out.

use askama::Template;

use super::frame::Frame;
use crate::view::{Choice, Link};

/// How a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ask {
    #[default]
    Line,
    Long,
    Select,
    Radio,
    /// Any number of the choices.
    Many,
    /// Day, month and year in fields of their own: no calendar to fight with, and no order to guess.
    Date,
}

/// One question with what was answered and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub id: String,
    pub label: String,
    pub hint: String,
    pub error: String,
    pub required: bool,
    pub ask: Ask,
    /// `type` of the input.
    pub html: &'static str,
    /// `inputmode`.
    pub mode: &'static str,
    pub autocomplete: &'static str,
    pub value: String,
    /// Day, month, year as typed.
    pub date: [String; 3],
    pub birthday: bool,
    pub choices: Vec<Choice>,
    pub half: bool,
    pub third: bool,
}

impl Question {
    #[must_use]
    pub fn is_group(&self) -> bool {
        matches!(self.ask, Ask::Radio | Ask::Many | Ask::Date)
    }
    #[must_use]
    pub fn is_date(&self) -> bool {
        self.ask == Ask::Date
    }
    #[must_use]
    pub fn is_many(&self) -> bool {
        self.ask == Ask::Many
    }
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.ask == Ask::Long
    }
    #[must_use]
    pub fn is_select(&self) -> bool {
        self.ask == Ask::Select
    }
    /// Ids of the texts that belong to it.
    #[must_use]
    pub fn described(&self) -> String {
        let part = |text: &str, what: &str| if text.is_empty() { None } else { Some(format!("{}-{what}", self.id)) };
        [part(&self.hint, "hint"), part(&self.error, "error")].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// A name with what should be known of it.
#[derive(Debug, Clone, Default)]
pub struct Item {
    pub href: String,
    pub name: String,
    pub about: String,
}

/// An answer, or a fact, with the way to change it.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub label: String,
    pub value: String,
    pub href: String,
    pub text: String,
}

#[derive(Template)]
#[template(path = "portal/home.html")]
pub struct Home {
    pub f: Frame,
    pub events: Vec<Link>,
    pub most: Vec<Item>,
}

#[derive(Template)]
#[template(path = "portal/procedures.html")]
pub struct Procedures {
    pub f: Frame,
    pub q: String,
    pub said: String,
    /// What to do where nothing is found; empty otherwise.
    pub none: String,
    /// Where one can ask instead.
    pub desks: Vec<String>,
    /// Under the name of their sector; an empty name for what was found.
    pub found: Vec<(String, Vec<Item>)>,
}

#[derive(Template)]
#[template(path = "portal/procedure.html")]
pub struct ProcedurePage {
    pub f: Frame,
    pub summary: String,
    pub term: String,
    pub longer: String,
    pub cost: String,
    pub online: String,
    pub partial: String,
    pub result: String,
    pub begin: bool,
    pub start: String,
    pub faults: Vec<Link>,
    pub where_: Question,
    pub identity: String,
    pub parts: Vec<Item>,
    pub fees: Vec<Item>,
    pub channels: String,
    pub units: Vec<String>,
    pub steps: Vec<Item>,
    pub law: Vec<String>,
    pub version: String,
    pub unconfirmed: bool,
}

#[derive(Template)]
#[template(path = "portal/question.html")]
pub struct QuestionPage {
    pub f: Frame,
    pub place: String,
    pub lead: String,
    pub faults: Vec<Link>,
    pub questions: Vec<Question>,
    pub action: String,
    /// "check" when the page was opened from there.
    pub return_to: String,
    pub submit: String,
    pub save: String,
}

/// A file that was received.
#[derive(Debug, Clone, Default)]
pub struct Got {
    pub name: String,
    pub size: String,
    pub sha256: String,
}

/// What a file may be: as the office refuses it otherwise.
#[derive(Debug, Clone)]
pub struct Takes {
    pub max: i64,
    pub kinds: String,
    /// For the field's `accept`.
    pub accept: String,
}

impl Takes {
    #[must_use]
    pub fn new() -> Self {
        use office::one_stop::{FILE_MAX_BYTES, accepted, kinds};
        Self { max: i64::try_from(FILE_MAX_BYTES / 1024 / 1024).unwrap_or(i64::MAX), kinds: kinds(), accept: accepted() }
    }
}

/// A part of the dossier that is wanted.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub id: String,
    pub name: String,
    pub hint: String,
    pub required: bool,
    pub got: Vec<Got>,
    /// Papers that may take its place: identity and words.
    pub reuse: Vec<Link>,
    pub ask: String,
    pub error: String,
}

#[derive(Template)]
#[template(path = "portal/papers.html")]
pub struct Papers {
    pub f: Frame,
    pub place: String,
    pub faults: Vec<Link>,
    pub parts: Vec<Part>,
    pub action: String,
    pub takes: Takes,
}

#[derive(Template)]
#[template(path = "portal/check.html")]
pub struct Check {
    pub f: Frame,
    pub faults: Vec<Link>,
    pub to: String,
    pub groups: Vec<(String, Vec<Answer>)>,
    pub fees: Vec<Answer>,
    pub total: String,
    pub action: String,
    pub kept: String,
}

/// The screen on the wall.
#[derive(Template)]
#[template(path = "portal/queue.html")]
pub struct Wall {
    pub f: Frame,
    pub called: Vec<Called>,
    pub next: Vec<String>,
    pub waiting: usize,
    pub at: String,
    /// Where one draws a number.
    pub take: String,
}

/// One button for each sector.
#[derive(Template)]
#[template(path = "portal/draw.html")]
pub struct DrawPage {
    pub f: Frame,
    pub unit: String,
    pub sectors: Vec<Choice>,
    pub action: String,
    /// Key under which one press draws one number.
    pub once: String,
    pub wall: String,
    pub error: String,
}

/// A number, for whoever drew it.
#[derive(Template)]
#[template(path = "portal/ticket.html")]
pub struct TicketPage {
    pub f: Frame,
    pub unit: String,
    pub number: String,
    pub sector: String,
    pub priority: bool,
    /// good, bad, or empty
    pub class: &'static str,
    pub stands: String,
    pub at: String,
    pub qr: String,
    /// On the tablet by the door: the buttons for the next person.
    pub next: Link,
    pub wall: String,
    /// It is not over.
    pub lasts: bool,
}

pub struct Called {
    pub number: String,
    pub counter: String,
}

/// A page that says something and leads on.
#[derive(Template)]
#[template(path = "portal/message.html")]
pub struct Message {
    pub f: Frame,
    pub text: Vec<String>,
    /// An address or a code that is to be kept.
    pub code: String,
    pub doors: Vec<Link>,
}

#[derive(Template)]
#[template(path = "portal/filed.html")]
pub struct FiledPage {
    pub f: Frame,
    pub code: String,
    pub secret: String,
    pub qr: String,
    pub next: Vec<String>,
    pub track: String,
}

#[derive(Template)]
#[template(path = "portal/sign-in.html")]
pub struct SignIn {
    pub f: Frame,
    pub faults: Vec<Link>,
    pub people: Vec<Item>,
    pub action: String,
}

/// Something did not happen.
#[derive(Template)]
#[template(path = "portal/error.html")]
pub struct Failed {
    pub f: Frame,
    pub happened: String,
    pub kept: String,
    /// Empty where it would tell nobody anything.
    pub code: String,
    pub doors: Vec<Link>,
}

/// A complaint with its answer.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub kind: String,
    pub sent: String,
    pub text: String,
    pub state: String,
    pub due: String,
    pub answer: String,
}

/// What was paid, to print.
#[derive(Template)]
#[template(path = "portal/receipt.html")]
pub struct ReceiptPage {
    pub f: Frame,
    pub unit: String,
    pub number: String,
    pub facts: Vec<Answer>,
    pub lines: Vec<Answer>,
    pub total: String,
}

/// A form of one button: the gateway's page.
#[derive(Template)]
#[template(path = "portal/gateway.html")]
pub struct GatewayPage {
    pub f: Frame,
    pub facts: Vec<Answer>,
    pub action: String,
    pub back_to: String,
}

/// A step of the dossier's way.
#[derive(Debug, Clone, Default)]
pub struct Moment {
    pub at: String,
    pub what: String,
    pub text: String,
    /// done, now, or empty
    pub class: &'static str,
}

/// What is to be paid, and how.
#[derive(Debug, Clone, Default)]
pub struct Pay {
    /// That a payment through a gateway may be on its way; everything to pay with stands behind a second step then.
    pub under_way: String,
    pub facts: Vec<Answer>,
    /// Image of the VietQR code; empty where the unit has no account.
    pub qr: String,
    /// Where a gateway takes the order; empty where there is none.
    pub gateway: String,
}

#[derive(Template)]
#[template(path = "portal/track.html")]
pub struct TrackPage {
    pub f: Frame,
    pub code: String,
    pub status: String,
    pub status_class: &'static str,
    pub lead: String,
    pub facts: Vec<Answer>,
    pub asks: Vec<String>,
    /// Until when that is to be answered.
    pub until: String,
    pub supplement: String,
    pub pay: Option<Pay>,
    pub receipts: Vec<Link>,
    pub complaints: Vec<Said>,
    pub complain: String,
    pub result: Link,
    pub result_hash: String,
    pub rate: String,
    pub stars: Vec<Choice>,
    /// Optional questions: name, question, answers.
    pub served: Vec<(&'static str, String, Vec<Choice>)>,
    pub rated: String,
    pub withdraw: String,
    /// It was opened by its secret, and can be closed.
    pub close: bool,
    pub timeline: Vec<Moment>,
    pub parts: Vec<Item>,
}

#[derive(Template)]
#[template(path = "portal/supplement.html")]
pub struct SupplementPage {
    pub f: Frame,
    pub faults: Vec<Link>,
    pub asks: Vec<String>,
    pub until: String,
    pub parts: Vec<Part>,
    pub takes: Takes,
    pub note: String,
    pub action: String,
    pub version: i64,
    pub once: String,
}
