//! Packs, the ledger, accounts, errors.

use askama::Template;

use super::{Changed, Field, Form, Link, Mark, Pair, Shell};

/// A fault found while reading a pack.
#[derive(Debug, Clone)]
pub struct PackFault {
    pub file: String,
    pub line: String,
    pub sentence: String,
}

/// A pack that was loaded.
#[derive(Debug, Clone)]
pub struct PackView {
    pub id: String,
    pub name: String,
    pub version: String,
    /// "21/11/2026 20:31"
    pub loaded: String,
    /// What it declares: ("Đơn vị", "22").
    pub counts: Vec<Pair>,
    pub files: Vec<(String, String)>,
    pub faults: Vec<PackFault>,
}

/// `/packs`
#[derive(Template)]
#[template(path = "packs.html")]
pub struct PacksPage {
    pub s: Shell,
    pub packs: Vec<PackView>,
    /// Where a pack is checked before it is loaded; empty for those who may not.
    pub check: String,
}

/// One piece of work done beside people's own.
#[derive(Debug, Clone)]
pub struct JobRow {
    pub kind: String,
    pub subject: String,
    pub mark: Mark,
    pub state: String,
    /// "3 / 12"; empty while nothing is known.
    pub progress: String,
    pub attempts: String,
    pub outcome: String,
    pub at: String,
    /// To try again what was given up.
    pub again: Option<Form>,
}

/// How many of a kind are in a state.
#[derive(Debug, Clone)]
pub struct JobTotal {
    pub kind: String,
    pub mark: Mark,
    pub state: String,
    pub count: String,
}

/// `/jobs`
#[derive(Template)]
#[template(path = "jobs.html")]
pub struct JobsPage {
    pub s: Shell,
    pub totals: Vec<JobTotal>,
    pub rows: Vec<JobRow>,
}

/// How the last check of tree and figures ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Whole,
    Broken,
    Running,
    NotYet,
}

/// A signed checkpoint.
#[derive(Debug, Clone)]
pub struct CheckpointRow {
    pub size: String,
    pub root: String,
    pub at: String,
    pub href: String,
}

/// `/ledger`
#[derive(Template)]
#[template(path = "ledger.html")]
pub struct LedgerPage {
    pub s: Shell,
    pub size: String,
    pub root: String,
    pub verdict: Verdict,
    /// "Đã tính lại cây và 41 chỉ tiêu lúc 20:31"; or the first difference.
    pub verdict_text: String,
    /// Where everything is checked; empty for those who may not.
    pub verify: String,
    /// The latest signed checkpoint, for machines.
    pub latest: String,
    pub facts: Vec<Pair>,
    pub checkpoints: Vec<CheckpointRow>,
    /// The public key to check signatures with.
    pub key: String,
    pub find: Field,
    pub prove: Field,
    pub recent: Vec<(String, Link, String, String)>,
}

/// One hash of an inclusion proof.
#[derive(Debug, Clone)]
pub struct ProofStep {
    /// true: the sibling stands on the left.
    pub left: bool,
    pub hash: String,
}

/// `/ledger/{seq}`
#[derive(Template)]
#[template(path = "entry.html")]
pub struct EntryPage {
    pub s: Shell,
    pub seq: String,
    pub facts: Vec<Pair>,
    pub changes: Vec<Changed>,
    pub leaf_hash: String,
    pub steps: Vec<ProofStep>,
    pub tree_size: String,
    pub root: String,
    /// The server checked the proof just now.
    pub holds: bool,
    /// The leaf bytes, as hashed.
    pub leaf: String,
    pub download: String,
}

/// A grant: role × subtree × register × action.
#[derive(Debug, Clone)]
pub struct GrantRow {
    pub role: String,
    pub unit: String,
    pub since: String,
    /// Takes it away; `None`: the reader may not.
    pub revoke: Option<Form>,
}

#[derive(Debug, Clone)]
pub struct AccountRow {
    pub name: String,
    pub login: String,
    pub active: bool,
    pub last_seen: String,
    pub grants: Vec<GrantRow>,
    pub href: String,
}

/// `/accounts`
#[derive(Template)]
#[template(path = "accounts.html")]
pub struct AccountsPage {
    pub s: Shell,
    pub q: String,
    pub rows: Vec<AccountRow>,
    pub create: String,
}

/// Any answer that is not what was asked for. Also stands without a signed-in person.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub s: Shell,
    pub status: u16,
    /// What happened, what was kept, what to do: in this order, empty ones are left out.
    pub happened: String,
    pub kept: String,
    pub next: String,
    /// Stable code and the request's id, to name when asking for help.
    pub code: String,
    pub request_id: String,
    pub back: Option<Link>,
}
