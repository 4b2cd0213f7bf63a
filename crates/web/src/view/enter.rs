//! Pages on which something is written or decided.

use askama::Template;

use super::{Conflict, Evidence, Field, Form, Link, Mark, Pager, Pair, Shell};

/// An account of the demonstration, named on its sign-in page.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    pub login: String,
    pub password: String,
    pub role: String,
}

/// `/sign-in`
#[derive(Template)]
#[template(path = "sign-in.html")]
pub struct SignInPage {
    pub s: Shell,
    pub form: Form,
    /// Why it did not work; empty at first.
    pub error: String,
    pub demo: Vec<DemoAccount>,
}

/// Any form on a page of its own: enter a figure, assign a task, add an account.
#[derive(Template)]
#[template(path = "form.html")]
pub struct FormPage {
    pub s: Shell,
    /// What is asked and what happens next, in a sentence or two.
    pub lead: String,
    pub form: Form,
    /// How the text in the number field was read ("hơn 1.246 → từ 1.246 trở lên, 1.246 tổ"); empty before the first attempt.
    pub understood: Vec<Pair>,
    /// Present when somebody else saved first: field, theirs, yours.
    pub clash: Vec<(String, String, String)>,
    /// What the reader has to know beside the form: what stands in the system, why something came back.
    pub beside: Vec<Pair>,
    pub beside_title: String,
}

/// Something that waits for a decision.
#[derive(Debug, Clone)]
pub struct Awaiting {
    pub href: String,
    pub title: String,
    pub unit: String,
    /// "Phạm Thị Hoa, 12/07/2025 09:41"
    pub sent: String,
    pub value: String,
    /// Last approved value; empty for none.
    pub before: String,
    pub note: String,
    pub evidence: Vec<Evidence>,
    pub mark: Option<Mark>,
    /// The record with its version.
    pub key: String,
    pub approve: Form,
    pub send_back: Form,
}

/// `/approvals`
#[derive(Template)]
#[template(path = "approvals.html")]
pub struct ApprovalsPage {
    pub s: Shell,
    /// What the rows are: open pages draw them anew when it changed.
    pub key: String,
    pub rows: Vec<Awaiting>,
    /// How many wait in all; the rows are one page of them.
    pub waiting: i64,
    pub pager: Pager,
    /// What was sent back to the reader's units, each with the page that corrects it.
    pub returned: Vec<Link>,
    /// What I sent and what became of it.
    pub mine: Vec<(Link, String, String)>,
}

/// `/conflicts/{id}`
#[derive(Template)]
#[template(path = "conflict.html")]
pub struct ConflictPage {
    pub s: Shell,
    pub conflict: Conflict,
    pub form: Form,
    /// Every claim with the version that the person sees: `id:version`, one field each.
    pub seen: Vec<String>,
    /// Somebody else decided first: field, theirs, yours.
    pub clash: Vec<(String, String, String)>,
    /// Chosen claim must be one of the conflict's; its fault, empty for none.
    pub claim_error: String,
    pub reason: Field,
}

/// A report made before.
#[derive(Debug, Clone)]
pub struct Made {
    pub title: String,
    pub at: String,
    pub who: String,
    pub files: Vec<Link>,
    /// Ledger size at which its figures were frozen; empty: not frozen.
    pub frozen: String,
}

/// `/reports`
#[derive(Template)]
#[template(path = "report.html")]
pub struct ReportPage {
    pub s: Shell,
    /// GET form: period, unit.
    pub fields: Vec<Field>,
    /// What the chosen report will hold: ("Chỉ tiêu", "12").
    pub holds: Vec<Pair>,
    /// Where the period is closed; empty when it is closed, still runs, or is not this reader's to close.
    pub freeze: String,
    pub docx: String,
    pub xlsx: String,
    pub made: Vec<Made>,
}
