//! View models: what each page shows, already decided and already written the way its language writes it.
//!
//! Every page struct derives [`askama::Template`], has `s: Shell` (the frame) and public fields; the handler fills them and
//! calls `render()`. Values are texts made with [`Lang`]'s formatters; addresses are made with [`Shell::link`], which carries
//! the state of the view (unit, period, as-of, language).

pub mod desk;
pub mod enter;
pub mod figures;
pub mod parts;
pub mod payments;
pub mod records;
pub mod scorecard;
pub mod trust;
pub mod work;

use crate::{assets, i18n::Lang};

pub use enter::{ApprovalsPage, ConflictPage, FormPage, ReportPage, SignInPage};
pub use figures::{IndicatorListPage, IndicatorPage, LeaderPage, UnitListPage, UnitPage};
pub use parts::*;
pub use payments::{AccountPart, CashierCase, PaymentsPage, ReceiptPage};
pub use records::{RecordListPage, RecordPage, RegisterListPage, SearchPage};
pub use trust::{AccountsPage, EntryPage, ErrorPage, JobsPage, LedgerPage, PacksPage};
pub use work::{DirectiveListPage, DirectivePage, TargetListPage, TargetPage, TaskListPage, TaskPage};

/// Parts of the console, in the order of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Leader,
    /// The one-stop desk, for those who work at it.
    Desk,
    Indicators,
    Targets,
    Tasks,
    Directives,
    Units,
    Registers,
    Approvals,
    Reports,
    Ledger,
    Admin,
    /// Sign-in, errors, search: nothing in the menu is current.
    None,
}

impl Section {
    pub const MENU: [Self; 12] = [
        Self::Leader,
        Self::Desk,
        Self::Indicators,
        Self::Targets,
        Self::Tasks,
        Self::Directives,
        Self::Units,
        Self::Registers,
        Self::Approvals,
        Self::Reports,
        Self::Ledger,
        Self::Admin,
    ];

    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Leader | Self::None => "/",
            Self::Desk => "/desk",
            Self::Indicators => "/indicators",
            Self::Targets => "/targets",
            Self::Tasks => "/tasks",
            Self::Directives => "/directives",
            Self::Units => "/units",
            Self::Registers => "/records",
            Self::Approvals => "/approvals",
            Self::Reports => "/reports",
            Self::Ledger => "/ledger",
            Self::Admin => "/accounts",
        }
    }

    /// Key of its name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Leader | Self::None => "nav-leader",
            Self::Desk => "nav-desk",
            Self::Indicators => "nav-indicators",
            Self::Targets => "nav-targets",
            Self::Tasks => "nav-tasks",
            Self::Directives => "nav-directives",
            Self::Units => "nav-units",
            Self::Registers => "nav-registers",
            Self::Approvals => "nav-approvals",
            Self::Reports => "nav-reports",
            Self::Ledger => "nav-ledger",
            Self::Admin => "nav-admin",
        }
    }
}

/// Chosen by the reader, kept in a cookie; `Auto` follows the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Value of the cookie and of `data-theme`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Auto => "theme-auto",
            Self::Light => "theme-light",
            Self::Dark => "theme-dark",
        }
    }
}

/// Parameters that say which page of a list is open: another filter or order begins at the first.
pub const PAGING: [&str; 4] = ["after", "from", "trail", "of"];

/// The state of the view that every link carries on: only what differs from the default is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Unit key, `26506@2025-07-01`.
    pub unit: Option<String>,
    /// `2025Q2`
    pub period: Option<String>,
    /// ISO date on whose map the figures are drawn.
    pub as_of: Option<String>,
}

/// The signed-in person.
#[derive(Debug, Clone)]
pub struct Who {
    pub name: String,
    /// "Chuyên viên – UBND phường Thắng Nhất"
    pub role: String,
    /// Repeated by every form.
    pub csrf: String,
    /// How much waits for this person's decision; 0 shows no badge.
    pub inbox: i64,
    /// May see and change the accounts.
    pub accounts: bool,
    /// May see what the packs declare.
    pub packs: bool,
    /// Sees dossiers of some unit.
    pub desk: bool,
}

impl Who {
    /// Address and name of a section as this person finds it in the menu, where it is open to them.
    #[must_use]
    pub fn door(&self, section: &Section) -> Option<(&'static str, &'static str)> {
        match section {
            Section::Admin if !self.accounts => self.packs.then_some(("/packs", "admin-packs")),
            Section::Desk if !self.desk => None,
            s => Some((s.path(), s.key())),
        }
    }
}

/// Unit, period and as-of pickers (a plain GET form).
#[derive(Debug, Clone)]
pub struct Picker {
    pub units: Vec<Choice>,
    pub periods: Vec<Choice>,
    /// ISO date in the field; empty where the page is of today alone, and asks for none.
    pub as_of: String,
    /// Other parameters of the address to keep (name, value).
    pub keep: Vec<(String, String)>,
}

/// State of the ledger in the footer.
#[derive(Debug, Clone)]
pub struct LedgerFoot {
    /// "1.246.008"
    pub size: String,
    /// First and last digits of the root hash: `4f2a…91c0`.
    pub root: String,
}

/// A sentence at the top of the page after something was done.
#[derive(Debug, Clone)]
pub struct Notice {
    /// true: done; false: not done, and why.
    pub good: bool,
    pub text: String,
}

/// The frame around every page.
#[derive(Debug, Clone)]
pub struct Shell {
    pub t: Lang,
    pub title: String,
    pub section: Section,
    /// Path of this page, without the query.
    pub path: String,
    /// Query parameters of this page other than the state (filters, sort): the language and theme switches keep them.
    pub query: Vec<(String, String)>,
    pub state: State,
    /// "Thành phố Vũng Tàu"
    pub tenant: String,
    pub who: Option<Who>,
    pub pick: Option<Picker>,
    pub theme: Theme,
    /// The tenant holds simulated data: says so on the page and on paper.
    pub simulated: bool,
    /// Local moment of the figures: "21/11/2026 20:31".
    pub as_of: String,
    /// "17 phường, xã (trước 01/07/2025)"
    pub boundaries: String,
    pub ledger: Option<LedgerFoot>,
    /// Address of the event stream that moves this page, if it moves.
    pub live: Option<String>,
    pub notices: Vec<Notice>,
    /// Something goes on that the page waits for: the address it asks again for, every few seconds, without any script.
    pub again: Option<String>,
    /// Where this page stands, outermost first, without itself.
    pub crumbs: Vec<Link>,
}

impl Shell {
    /// The accounts are open to the reader.
    #[must_use]
    pub fn sees_accounts(&self) -> bool {
        self.who.as_ref().is_some_and(|w| w.accounts)
    }

    /// The address of a page of ours, carrying the state of the view. `path` may have a query of its own.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        self.build(path, &[], &self.state, self.t)
    }

    /// As [`Shell::link`], with further parameters.
    #[must_use]
    pub fn link_with(&self, path: &str, query: &[(&str, &str)]) -> String {
        self.build(path, query, &self.state, self.t)
    }

    /// This page in the other language.
    #[must_use]
    pub fn in_lang(&self, lang: &Lang) -> String {
        self.build(&self.path, &self.pairs(), &self.state, *lang)
    }

    /// This page again, as it is.
    #[must_use]
    pub fn here(&self) -> String {
        self.in_lang(&self.t)
    }

    /// This page with one parameter of its query set (`None` takes it away): for chips and sort links.
    #[must_use]
    pub fn here_with(&self, name: &str, value: Option<&str>) -> String {
        let mut pairs: Vec<(&str, &str)> = self.pairs().into_iter().filter(|(n, _)| *n != name && !PAGING.contains(n)).collect();
        pairs.extend(value.map(|v| (name, v)));
        self.build(&self.path, &pairs, &self.state, self.t)
    }

    fn pairs(&self) -> Vec<(&str, &str)> {
        self.query.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
    }

    fn build(&self, path: &str, query: &[(&str, &str)], state: &State, lang: Lang) -> String {
        let mut out = path.to_owned();
        let mut separator = if path.contains('?') { '&' } else { '?' };
        let state = [("unit", &state.unit), ("period", &state.period), ("as_of", &state.as_of)];
        let of_state = state.iter().filter_map(|(n, v)| v.as_deref().map(|v| (*n, v)));
        let of_lang = (lang != Lang::default()).then(|| ("lang", lang.tag()));
        for (name, value) in query.iter().copied().chain(of_state.filter(|(n, _)| !query.iter().any(|(q, _)| q == n))).chain(of_lang) {
            out.push(separator);
            separator = '&';
            out.push_str(name);
            out.push('=');
            encode(value, &mut out);
        }
        out
    }

    /// The fingerprinted address of an embedded file.
    #[must_use]
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    #[must_use]
    pub fn is(&self, section: &Section) -> bool {
        self.section == *section
    }

    /// Token that every POST form repeats; empty when nobody is signed in.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.who.as_ref().map_or("", |who| &who.csrf)
    }

    /// What a symbol of the sprite is called on a page: `/assets/marks.….svg#overdue`.
    #[must_use]
    pub fn symbol(&self, id: &str) -> String {
        symbol(id)
    }
}

/// The address of a symbol of the sprite.
#[must_use]
pub fn symbol(id: &str) -> String {
    format!("{}#{id}", assets::url("marks.svg"))
}

/// Percent-encodes all but unreserved characters and the few that stay readable in a query (RFC 3986, 3.4).
fn encode(value: &str, out: &mut String) {
    for b in value.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' | b':' | b'/' | b',' => out.push(char::from(b)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
}

#[cfg(test)]
mod tests;
