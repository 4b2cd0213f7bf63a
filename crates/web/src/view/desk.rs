//! The officer's desk: inbox, receiving, one dossier, papers, what will be late.

use askama::Template;

use super::{Chip, Choice, Evidence, Field, Form, Happened, Kpi, Link, Mark, Pager, Pair, Shell};
use crate::chart::Svg;

/// A dossier in the inbox.
#[derive(Debug, Clone)]
pub struct DeskLine {
    pub href: String,
    /// `id:version`, as the box of a bulk act says it; empty: cannot be handed over from here.
    pub item: String,
    pub code: String,
    pub procedure: String,
    /// Masked for those who do not work on it.
    pub applicant: String,
    pub status: String,
    pub mark: Mark,
    pub step: String,
    pub assignee: String,
    pub received: String,
    pub due: String,
    /// "còn 2 ngày", "trễ 1 ngày"
    pub left: String,
    /// Part of the term that is used.
    pub used: String,
    pub bar: Svg,
    pub channel: String,
}

/// What may be done with several at once.
#[derive(Debug, Clone)]
pub struct Bulk {
    pub action: String,
    pub steps: Vec<Choice>,
    pub people: Vec<Choice>,
}

/// `/desk`
#[derive(Template)]
#[template(path = "desk/inbox.html")]
pub struct InboxPage {
    pub s: Shell,
    pub unit: String,
    pub chips: Vec<Chip>,
    pub mine: Chip,
    pub q: String,
    /// More are open than were looked through.
    pub cut: bool,
    /// Procedures to filter by; a GET form.
    pub procedures: Vec<Choice>,
    pub rows: Vec<DeskLine>,
    pub pager: Pager,
    pub bulk: Option<Bulk>,
    /// Where a dossier is received; empty for those who may not.
    pub receive: String,
    pub doors: Vec<Link>,
    /// What holds today: a policy of the unit, an absence.
    pub remarks: Vec<String>,
    /// What became of a bulk act: code and sentence.
    pub failed: Vec<(String, String)>,
}

impl InboxPage {
    /// Only dossiers of one procedure are listed.
    #[must_use]
    pub fn narrowed(&self) -> bool {
        self.procedures.iter().any(|c| c.selected && !c.value.is_empty())
    }
}

/// A procedure to choose.
#[derive(Debug, Clone)]
pub struct ProcedureLine {
    pub href: String,
    pub code: String,
    pub name: String,
    pub sector: String,
    pub term: String,
    pub fee: String,
    /// Not decided here: it can only be refused.
    pub foreign: bool,
}

/// A part to be handed in.
#[derive(Debug, Clone)]
pub struct PartLine {
    pub id: String,
    pub name: String,
    pub hint: String,
    pub kind: String,
    pub copies: String,
    pub required: bool,
    pub given: bool,
    /// The scan that an earlier attempt stored: its token and name.
    pub scan: Option<(String, String)>,
    /// Files that the dossier has of it already.
    pub had: String,
    /// An electronic paper of the person that can take its place: identity, words, chosen.
    pub reuse: Option<(String, String, bool)>,
}

/// `/desk/receive`
#[derive(Template)]
#[template(path = "desk/receive.html")]
pub struct ReceivePage {
    pub s: Shell,
    pub q: String,
    /// Found or most frequent procedures; empty when one is chosen.
    pub procedures: Vec<ProcedureLine>,
    pub chosen: Option<Receiving>,
    pub remarks: Vec<String>,
}

/// The form of a chosen procedure.
#[derive(Debug, Clone)]
pub struct Receiving {
    /// Kinds of files, for a field's `accept`.
    pub accept: String,
    pub action: String,
    /// The same page again, for looking somebody up.
    pub look_up: String,
    pub code: String,
    pub name: String,
    pub facts: Vec<Pair>,
    pub key: String,
    pub unit: String,
    pub units: Vec<Choice>,
    pub applicant: Vec<Field>,
    /// Who this is, where earlier dossiers say so.
    pub known: String,
    pub duplicates: Vec<(Link, String)>,
    /// Must be ticked when there are duplicates.
    pub despite: bool,
    pub parts: Vec<PartLine>,
    /// The declaration's questions, page by page.
    pub pages: Vec<(String, Vec<Field>)>,
    pub options: Vec<Field>,
    /// "Hẹn trả 07/07/2025 17:00"
    pub due: String,
    /// How the day was found, line by line.
    pub computed: Vec<String>,
    pub fees: Vec<Pair>,
    /// Questions and fees were updated just now: the reader goes on at the button.
    pub updated: bool,
    /// How far the button stood from the window's top, where a script said so.
    pub at: Option<i32>,
    /// Identity of the number that was called, and the number; empty for none.
    pub ticket: String,
    pub ticket_number: String,
    /// Where another procedure is chosen for the same number.
    pub others: String,
    /// For each kind of applicant, what its number is called and how it is written.
    pub numbers: Vec<(&'static str, (String, String))>,
    /// What may be done instead of receiving.
    pub instead: Vec<Instead>,
    /// The dossier that comes back: identity, version, and what is said of it; empty for a new one.
    pub begun: Option<(String, i64, String)>,
    pub faults: Vec<Field>,
}

/// A form beside receiving: asking for what is missing, refusing.
#[derive(Debug, Clone)]
pub struct Instead {
    pub action: String,
    pub title: String,
    pub about: String,
    pub fields: Vec<Field>,
    /// It was tried, and something is wrong with it.
    pub open: bool,
    pub grave: bool,
}

/// After receiving: what the citizen is told.
#[derive(Template)]
#[template(path = "desk/received.html")]
pub struct ReceivedPage {
    pub s: Shell,
    pub code: String,
    /// Shown once, printed on the slip.
    pub secret: String,
    /// When the result is handed out, or what comes next.
    pub due: Pair,
    pub fee: String,
    /// What is still to be paid, and the code for it.
    pub owed: Vec<Pair>,
    pub qr: String,
    pub open: String,
    pub slip: String,
    /// What the slip is called on its button.
    pub slip_text: String,
    pub next: String,
}

/// An act that is possible in the state, but forbidden by a rule.
#[derive(Debug, Clone)]
pub struct Forbidden {
    pub act: String,
    pub why: String,
}

/// A part that was given.
#[derive(Debug, Clone)]
pub struct GivenLine {
    pub name: String,
    pub origin: String,
    pub at: String,
    pub file: Option<Evidence>,
    /// Address of the copy whose words can be searched; empty while there is none.
    pub searchable: String,
}

/// `/desk/dossiers/{id}`
#[derive(Template)]
#[template(path = "desk/dossier.html")]
pub struct DossierPage {
    pub s: Shell,
    pub code: String,
    pub title: String,
    pub status: String,
    pub mark: Mark,
    /// "Hẹn trả 07/07/2025 17:00 – còn 2 ngày", or why no clock runs.
    pub why: String,
    pub clock: Svg,
    /// The same in words, for those who do not see the line.
    pub clock_pairs: Vec<Pair>,
    /// Number, day and hand-over of what was decided.
    pub result: Vec<Pair>,
    /// What the citizen said of it.
    pub rated: Vec<Pair>,
    pub facts: Vec<Pair>,
    pub applicant: Vec<Pair>,
    /// Personal fields are masked for this reader.
    pub masked: bool,
    pub acts: Vec<Form>,
    /// Where it is received at the counter once what was missing is there; empty for others.
    pub come_back: String,
    /// What has to come first, and why the next step is not offered yet; empty otherwise.
    pub first: String,
    pub forbidden: Vec<Forbidden>,
    pub parts: Vec<GivenLine>,
    /// Adds a scan to a part.
    pub attach: Option<Form>,
    /// Gives a new tracking secret.
    pub secret: Option<Form>,
    pub form: Vec<(String, Vec<Pair>)>,
    pub steps: Vec<StepLine>,
    pub requests: Vec<(String, Vec<String>)>,
    pub opinions: Vec<Pair>,
    pub payments: Vec<Pair>,
    pub money: Money,
    pub forecast: Vec<Pair>,
    pub papers: Vec<Link>,
    pub history: Vec<Happened>,
    /// The list where acts are not done through this page.
    pub clash: Vec<(String, String, String)>,
}

/// A new tracking secret, told once, ready for the printer.
#[derive(Template)]
#[template(path = "desk/secret.html")]
pub struct SecretSlip {
    pub s: Shell,
    pub unit: String,
    pub code: String,
    /// In groups, as people read it aloud.
    pub secret: String,
    pub at: String,
    pub officer: String,
    pub qr: Svg,
    pub back: String,
}

/// One of several views of a page.
#[derive(Debug, Clone)]
pub struct Door {
    pub href: String,
    pub text: String,
    pub on: bool,
}

/// A citizen's complaint.
#[derive(Debug, Clone)]
pub struct ComplaintLine {
    pub id: String,
    pub code: String,
    pub kind: String,
    pub text: String,
    pub late: bool,
    pub facts: Vec<Pair>,
    pub answer: String,
    pub forms: Vec<Form>,
    pub error: String,
}

/// `/desk/complaints`
#[derive(Template)]
#[template(path = "desk/complaints.html")]
pub struct ComplaintsPage {
    pub s: Shell,
    pub unit: String,
    pub tabs: Vec<Door>,
    pub lines: Vec<ComplaintLine>,
}

/// What is owed for a dossier and what was paid.
#[derive(Debug, Clone, Default)]
pub struct Money {
    /// What a transfer needs; empty when nothing is owed.
    pub owed: Vec<Pair>,
    /// Image of the code to pay by.
    pub qr: String,
    /// Taking what is owed in cash.
    pub take: Vec<Form>,
    /// What else the cashier does, with paid demands too.
    pub forms: Vec<Form>,
    pub receipts: Vec<Link>,
}

impl Money {
    #[must_use]
    pub fn open(&self) -> bool {
        !self.owed.is_empty()
    }
}

/// A step of the way.
#[derive(Debug, Clone)]
pub struct StepLine {
    pub name: String,
    pub who: String,
    pub time: String,
    pub took: String,
    pub state: &'static str,
}

/// `/desk/absences`
#[derive(Template)]
#[template(path = "desk/absences.html")]
pub struct AbsencesPage {
    pub s: Shell,
    pub rows: Vec<AbsenceLine>,
    pub form: Option<Form>,
}

#[derive(Debug, Clone)]
pub struct AbsenceLine {
    pub who: String,
    pub delegate: String,
    pub days: String,
    pub reason: String,
    pub now: bool,
    pub cancel: Option<Form>,
}

/// `/desk/queue`
#[derive(Template)]
#[template(path = "desk/queue.html")]
pub struct QueuePage {
    pub s: Shell,
    /// Called by the reader, the last one first.
    pub mine: Vec<CalledLine>,
    /// Called by colleagues.
    pub elsewhere: Vec<CalledLine>,
    /// Called, but nobody came.
    pub missed: Vec<CalledLine>,
    /// In the order in which they will be called.
    pub waiting: Vec<TicketLine>,
    pub take: Form,
    pub call: Form,
    /// The page for the screen on the wall.
    pub wall: String,
    /// The page for the tablet by the door.
    pub door: String,
}

#[derive(Debug, Clone)]
pub struct TicketLine {
    pub number: String,
    pub sector: String,
    pub taken: String,
    pub priority: bool,
    pub slip: String,
}

/// A number that was called.
#[derive(Debug, Clone)]
pub struct CalledLine {
    pub line: TicketLine,
    /// Counter.
    pub at: String,
    pub who: String,
    /// Empty for a number that the reader does not serve.
    pub receive: String,
    pub acts: Vec<Form>,
}

/// `/desk/queue/tickets/{id}`
#[derive(Template)]
#[template(path = "desk/ticket.html")]
pub struct TicketSlip {
    pub s: Shell,
    pub unit: String,
    pub number: String,
    pub taken: String,
    pub sector: String,
    pub priority: bool,
    /// How many are before it; empty once it was called.
    pub before: String,
    pub back: String,
}

/// A dossier that will be late, as a leader reads it.
#[derive(Debug, Clone)]
pub struct LateLine {
    pub href: String,
    pub code: String,
    pub procedure: String,
    pub unit: String,
    /// "–" where the dossier has no case, and so for the others.
    pub step: String,
    pub assignee: String,
    pub due: String,
    /// "trễ 2 ngày làm việc"
    pub left: String,
    pub used: String,
    pub bar: Svg,
    pub mark: Mark,
    /// "xong khoảng 01/07 15:00, sau hạn"
    pub forecast: String,
    /// "phải xin lỗi trước 30/06 17:00"; empty where none is due today.
    pub apology: String,
}

/// One kind of dossiers that a leader should know of.
#[derive(Debug, Clone)]
pub struct LateSection {
    pub id: &'static str,
    pub title: String,
    pub about: String,
    pub count: String,
    pub rows: Vec<LateLine>,
    /// The rest of them; no address where all are named.
    pub more: Link,
}

/// `/desk/tomorrow`
#[derive(Template)]
#[template(path = "desk/tomorrow.html")]
pub struct TomorrowPage {
    pub s: Shell,
    pub kpis: Vec<Kpi>,
    pub sections: Vec<LateSection>,
    /// Units below, each with how many of its dossiers are on the page.
    pub units: Vec<Chip>,
    /// The reader sees several units: each row says which.
    pub many: bool,
    /// Back from one kind to all.
    pub whole: Link,
    /// How the forecast is made and how far it was off.
    pub method: String,
    pub map: String,
}

/// One step or group of people with its waiting.
#[derive(Debug, Clone)]
pub struct WaitLine {
    pub name: String,
    pub passed: String,
    pub median: String,
    pub slow: String,
    pub here: String,
    pub back: String,
    pub bar: Svg,
}

/// `/desk/map`
#[derive(Template)]
#[template(path = "desk/map.html")]
pub struct MapPage {
    pub s: Shell,
    pub flow: Svg,
    pub steps: Vec<WaitLine>,
    pub groups: Vec<WaitLine>,
    pub procedures: Vec<Choice>,
    pub note: String,
}

/// Heading of an official paper (Decree 30/2020): agency on the left, country and motto on the right.
#[derive(Debug, Clone, Default)]
pub struct Heading {
    pub above: String,
    pub agency: String,
    pub number: String,
    pub country: String,
    pub motto: String,
    pub place_and_day: String,
}

/// One of forms 01 to 05.
#[derive(Template)]
#[template(path = "desk/paper.html")]
pub struct PaperPage {
    pub s: Shell,
    pub form: u8,
    pub heading: Heading,
    /// "Mẫu số 01 …"
    pub label: String,
    pub title: String,
    pub code: String,
    /// What is said before the list.
    pub before: Vec<Pair>,
    pub lines: Vec<String>,
    pub lines_title: String,
    pub after: Vec<Pair>,
    /// A table (form 05): head and rows.
    pub table: Option<(Vec<String>, Vec<Vec<String>>)>,
    pub qr: Svg,
    /// The dossier at the desk.
    pub back: String,
    pub note: String,
    /// Who signs: title and name, left and right.
    pub signs: Vec<(String, String)>,
}

/// `/desk/book`: form 06.
#[derive(Template)]
#[template(path = "desk/book.html")]
pub struct BookPage {
    pub s: Shell,
    pub heading: Heading,
    pub label: String,
    pub title: String,
    pub span: String,
    /// Names are initials for this reader.
    pub masked: bool,
    pub fields: Vec<Field>,
    /// Columns before the days …
    pub head: Vec<String>,
    /// … and those of receiving and handing over, under one head.
    pub dates: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub next: String,
}
