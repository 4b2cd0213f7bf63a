//! What a request says besides its path: who, which language, which unit, period and day.

use std::{net::SocketAddr, str::FromStr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, Method, header, request::Parts},
};
use jiff::civil::Date;
use office::{Error, people::Visitor};
use rules::{
    Month, Period,
    access::{Action, Actor, Scope, decide, scope},
};

use super::{App, error::PageError};
use crate::{
    i18n::Lang,
    view::Choice,
    view::{LedgerFoot, Notice, Picker, Section, Shell, State, Theme, Who},
};

pub const SESSION_COOKIE: &str = "hd_session";
pub const LANG_COOKIE: &str = "hd_lang";
pub const THEME_COOKIE: &str = "hd_theme";

/// Quarters and years offered by the period picker.
const PERIODS_BACK: i32 = 8;

/// The request, read once. Handlers take it as their first argument.
#[derive(Clone)]
pub struct Ctx {
    pub app: App,
    pub t: Lang,
    pub theme: Theme,
    pub visitor: Option<Visitor>,
    pub path: String,
    /// Where somebody is led who had to sign in first: the page that was asked for, or the one whose form was sent.
    pub next: String,
    /// How the reader reached this server: `https://host`, for addresses on paper.
    pub origin: String,
    /// The address it came from.
    pub client: String,
    /// A page was asked for; no form was sent.
    pub asked: bool,
    /// All query parameters, in order.
    pub query: Vec<(String, String)>,
    pub state: State,
}

/// A cookie's value.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.to_owned())
}

/// The session's secret: from the cookie, or as a bearer token of the API.
#[must_use]
pub fn session_secret(headers: &HeaderMap) -> Option<String> {
    bearer(headers).or_else(|| cookie(headers, SESSION_COOKIE))
}

/// `Authorization: Bearer …`
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn decode_query(query: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(query).unwrap_or_default()
}

/// Only pages can be opened again: of a form that was sent it is the page it stood on, as the browser names it.
fn next_of(parts: &Parts) -> String {
    if parts.method == Method::GET {
        return parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
    }
    let text = |name| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let from = text(header::REFERER).split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    match from {
        Some((host, path)) if host == text(header::HOST) => format!("/{path}"),
        _ => "/".to_owned(),
    }
}

/// Scheme and host; a proxy in front says which scheme it was reached by.
fn origin_of(parts: &Parts, app: &App) -> String {
    let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let secure = app.options.secure_cookies || text("x-forwarded-proto").eq_ignore_ascii_case("https");
    format!("{}://{}", if secure { "https" } else { "http" }, text("host"))
}

/// Where a request comes from, for counting wrong tries. Behind a proxy its own connection says nothing: what it adds last is the
/// address that it saw; what stands before that, anybody may have written.
pub fn client_of(parts: &Parts, proxy: bool) -> String {
    if proxy {
        let told = parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|v| v.to_str().ok());
        return told.and_then(|list| list.rsplit(',').next()).unwrap_or_default().trim().to_owned();
    }
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_string()).unwrap_or_default()
}

impl FromRequestParts<App> for Ctx {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let query = decode_query(parts.uri.query().unwrap_or_default());
        let find = |name: &str| query.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.clone());
        let mut ctx = Self {
            app: app.clone(),
            t: Lang::default(),
            theme: Theme::Auto,
            visitor: None,
            path: parts.uri.path().to_owned(),
            next: next_of(parts),
            asked: parts.method == Method::GET,
            state: State { unit: find("unit"), period: find("period"), as_of: find("as_of") },
            origin: origin_of(parts, app),
            client: client_of(parts, app.options.proxy),
            query: query.clone(),
        };
        let said = find("lang").or_else(|| cookie(&parts.headers, LANG_COOKIE)).and_then(|l| Lang::from_str(&l).ok());
        if let Some(lang) = said {
            ctx.t = lang;
        }
        if let Some(secret) = session_secret(&parts.headers) {
            ctx.visitor = app.office.visitor(&secret).await.map_err(|e| PageError::new(&ctx, e))?;
        }
        if said.is_none() {
            // Many officials' browsers ask for English without their knowing: Vietnamese, until somebody chooses.
            ctx.t = ctx.visitor.as_ref().and_then(|v| Lang::from_str(&v.account.language).ok()).unwrap_or_default();
        }
        if let Some(theme) = cookie(&parts.headers, THEME_COOKIE) {
            ctx.theme = Theme::ALL.into_iter().find(|t| t.id() == theme).unwrap_or_default();
        }
        Ok(ctx)
    }
}

impl OptionalFromRequestParts<App> for Ctx {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Self::Rejection> {
        Ok(<Self as FromRequestParts<App>>::from_request_parts(parts, app).await.ok())
    }
}

impl Ctx {
    /// Who acts: the signed-in person, or the public without any right.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.visitor.as_ref().map_or_else(Actor::anonymous, |v| v.actor.clone())
    }

    /// Makes an error into a page in the reader's language.
    pub fn fault(&self, e: impl Into<Error>) -> PageError {
        PageError::new(self, e)
    }

    /// A parameter of the address that is not empty.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// The day on whose map the figures are drawn: the address says it, else today.
    pub fn day(&self) -> Result<Date, PageError> {
        match &self.state.as_of {
            None => Ok(self.app.office.today()),
            Some(t) => {
                t.parse().map_err(|_| self.fault(Error::Refused(rules::Refusal::new("input.date").with("field", "as_of").with("text", t))))
            }
        }
    }

    /// The unit of the view: the address says it, else the tenant's top on that day.
    pub fn unit(&self) -> Result<u32, PageError> {
        let day = self.day()?;
        self.app.office.unit_or_top(self.state.unit.as_deref(), day).map_err(|e| self.fault(e))
    }

    /// The period of the view: the address says it, else the year of the day.
    pub fn period(&self) -> Result<Period, PageError> {
        match &self.state.period {
            None => Ok(Period::Year(i32::from(self.day()?.year()))),
            Some(t) => t.parse().map_err(|e: rules::time::TimeError| self.fault(Error::from(e))),
        }
    }

    /// A unit's name in the reader's language.
    #[must_use]
    pub fn unit_name(&self, idx: u32) -> String {
        self.t.pick(&self.app.office.world().units.unit(idx).name).to_owned()
    }

    /// A unit's short name.
    #[must_use]
    pub fn unit_short(&self, idx: u32) -> String {
        self.t.pick(self.app.office.world().units.unit(idx).short_name()).to_owned()
    }

    /// The frame of a page. `moves`: the page follows live changes.
    pub async fn shell(&self, section: Section, title: impl Into<String>, moves: bool) -> Result<Shell, PageError> {
        let office = &self.app.office;
        let world = office.world();
        let day = self.day()?;
        let head = office.store().head().await.map_err(|e| self.fault(e))?;
        let inbox = match &self.visitor {
            Some(v) => office.inbox_count(&v.actor).await.map_err(|e| self.fault(e))?,
            None => 0,
        };
        let who = self.who(inbox);
        let top = world.root_on(day).map(|k| k.to_string()).unwrap_or_default();
        let root = head.root.to_string();
        let notices = self
            .param("done")
            .and_then(|key| self.t.try_format(&format!("done-{key}"), &[]))
            .map(|text| Notice { good: true, text })
            .into_iter()
            .collect();
        Ok(Shell {
            t: self.t,
            title: title.into(),
            section,
            path: self.path.clone(),
            query: self
                .query
                .iter()
                .filter(|(n, _)| !matches!(n.as_str(), "unit" | "period" | "as_of" | "lang" | "done"))
                .cloned()
                .collect(),
            state: self.state.clone(),
            tenant: world.unit_name(&top, self.t.tag()).to_owned(),
            who,
            pick: None,
            theme: self.theme,
            simulated: office.simulated(),
            as_of: self.t.moment(if self.state.as_of.is_some() { rules::Timestamp::start_of(day) } else { office.now() }),
            boundaries: self.boundaries(day),
            ledger: self.visitor.is_some().then(|| LedgerFoot {
                size: self.t.int(head.size),
                root: format!("{}…{}", &root[..6.min(root.len())], &root[root.len().saturating_sub(6)..]),
            }),
            live: (moves && self.visitor.is_some()).then(|| "/live".to_owned()),
            notices,
            again: None,
            crumbs: Vec::new(),
        })
    }

    /// Whoever is signed in, with the doors that their rights open.
    pub(super) fn who(&self, inbox: i64) -> Option<Who> {
        let world = self.app.office.world();
        let top = world.root_on(self.app.office.today()).and_then(|k| world.units.idx(k));
        let v = self.visitor.as_ref()?;
        let may = |action| decide(&v.actor, action, None, top, &world.units).is_ok();
        let works = |action| !matches!(scope(&v.actor, action, Some("dossier"), &world.units), Scope::Units(list) if list.is_empty());
        Some(Who {
            name: v.account.name.clone(),
            role: self.role_text(v),
            csrf: v.csrf.clone(),
            inbox,
            accounts: may(Action::ManageAccounts),
            packs: may(Action::View),
            desk: works(Action::Edit) || works(Action::Decide),
        })
    }

    fn role_text(&self, v: &Visitor) -> String {
        let world = self.app.office.world();
        let parts: Vec<String> = v
            .account
            .grants
            .iter()
            .map(|g| {
                let unit = world.units.get(&g.unit).map_or_else(|| g.unit.to_string(), |u| self.t.pick(&u.name).to_owned());
                format!("{} – {unit}", self.t.msg(&format!("role-{}", g.role.id().replace('_', "-"))))
            })
            .collect();
        parts.join("; ")
    }

    /// Which map the page is drawn on, in words.
    #[must_use]
    pub fn boundaries(&self, day: Date) -> String {
        let world = self.app.office.world();
        let Some(top) = world.root_on(day).and_then(|k| world.units.idx(k)) else { return String::new() };
        let communes = world.units.subtree_on(top, day).filter(|u| world.units.unit(*u).level == 4).count();
        self.t.msg2("boundaries", "count", communes, "date", self.t.date(day))
    }

    /// Pickers of unit and day for a page whose figures each have a period of their own.
    pub fn day_picker(&self, keep: &[&str]) -> Result<Picker, PageError> {
        let mut pick = self.picker(keep)?;
        pick.periods.clear();
        pick.keep.extend(self.state.period.clone().map(|p| ("period".to_owned(), p)));
        Ok(pick)
    }

    /// Pickers of unit, period and day for a page that shows figures.
    pub fn picker(&self, keep: &[&str]) -> Result<Picker, PageError> {
        let world = self.app.office.world();
        let (day, unit, period) = (self.day()?, self.unit()?, self.period()?);
        let top = world.root_on(day).and_then(|k| world.units.idx(k)).unwrap_or(unit);
        let mut units = Vec::new();
        let depth_of = |u: u32| world.units.ancestors(u).take_while(|a| *a != top).count();
        for u in world.units.subtree_on(top, day) {
            let depth = if u == top { 0 } else { depth_of(u) + 1 };
            units.push(Choice {
                value: world.units.key(u).to_string(),
                text: format!("{}{}", "\u{a0}\u{a0}".repeat(depth), self.unit_name(u)),
                selected: u == unit,
            });
        }
        if !units.iter().any(|u| u.selected) {
            units.insert(0, Choice { value: world.units.key(unit).to_string(), text: self.unit_name(unit), selected: true });
        }
        let mut periods = Vec::new();
        let now = Month::of(day);
        let mut offer = |p: Period| {
            periods.push(Choice { value: p.to_string(), text: self.t.period(p), selected: p == period });
        };
        for back in 0..3 {
            offer(Period::Year(now.year() - back));
        }
        for back in 0..PERIODS_BACK {
            offer(Period::quarter_of(now.plus(-3 * back)));
        }
        for back in 0..6 {
            offer(Period::Month(now.plus(-back)));
        }
        offer(Period::All);
        if !periods.iter().any(|p| p.selected) {
            periods.insert(0, Choice { value: period.to_string(), text: self.t.period(period), selected: true });
        }
        let keep = self.query.iter().filter(|(n, _)| keep.contains(&n.as_str())).cloned().collect();
        Ok(Picker { units, periods, as_of: day.to_string(), keep })
    }
}
