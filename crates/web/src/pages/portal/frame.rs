//! Who visits the portal, the frame of its pages, and a form sent from one of them.

use axum::{
    extract::{FromRequest, FromRequestParts, MatchedPath, Path, Request},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use office::{
    Error,
    one_stop::{CitizenVisitor, DraftKey, Filer, Proof},
    people::Visitor,
};
use rules::Refusal;

use crate::{
    assets,
    http::{
        App, Ctx, PageError, Posted,
        context::cookie,
        posted::{Proven, brings_files, fits_citizens, same_origin},
    },
    i18n::Lang,
    view::{Link, Theme},
};

/// A citizen's visit.
pub const CITIZEN_COOKIE: &str = "hd_citizen";
/// A guest's draft: identity and secret.
const DRAFT_COOKIE: &str = "hd_draft";
/// The dossier that is being tracked: its code, and a pass that ends. The secret is not left on the phone.
const TRACK_COOKIE: &str = "hd_track";
/// What was filed just now, code and secret: for the page that tells them, and for a few minutes.
const FILED_COOKIE: &str = "hd_filed";
const FILED_PATH: &str = "/portal/filed";
const FILED_SECONDS: u32 = 600;
/// An officer fills in for somebody who stands beside them.
pub const HELP_COOKIE: &str = "hd_help";
/// The pages of the portal that take files.
pub const DRAFT_FILES: &str = "/portal/drafts/{id}/papers";
pub const DOSSIER_FILES: &str = "/portal/track/{code}/supplement";
/// As long as a draft is kept.
const DRAFT_SECONDS: u32 = 30 * 24 * 3600;

/// A request to the portal.
pub struct Visit {
    pub ctx: Ctx,
    pub visitor: Option<CitizenVisitor>,
    draft: Option<(String, String)>,
    track: Option<(String, String)>,
    filed: Option<(String, String)>,
    /// Whoever signed in as an officer said that they fill in for others.
    helps: bool,
    /// The site as the reader's browser names it.
    host: String,
}

fn pair(headers: &HeaderMap, name: &str) -> Option<(String, String)> {
    let value = cookie(headers, name)?;
    let (a, b) = value.rsplit_once('~')?;
    Some((a.to_owned(), b.to_owned()))
}

impl Visit {
    /// An officer who is about to open the portal.
    pub fn of_officer(ctx: Ctx) -> Self {
        Self { ctx, visitor: None, draft: None, track: None, filed: None, helps: true, host: String::new() }
    }

    async fn read(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let ctx = <Ctx as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let visitor = match cookie(&parts.headers, CITIZEN_COOKIE) {
            Some(secret) => app.office.citizen(&secret).await.map_err(|e| ctx.fault(e))?,
            None => None,
        };
        Ok(Self {
            ctx,
            visitor,
            draft: pair(&parts.headers, DRAFT_COOKIE),
            track: pair(&parts.headers, TRACK_COOKIE),
            filed: pair(&parts.headers, FILED_COOKIE),
            helps: cookie(&parts.headers, HELP_COOKIE).is_some_and(|v| !v.is_empty()),
            host: parts.headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned(),
        })
    }

    #[must_use]
    pub fn t(&self) -> Lang {
        self.ctx.t
    }

    pub fn fault(&self, e: impl Into<Error>) -> PageError {
        self.ctx.fault(e)
    }

    /// Where the request comes from.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.ctx.client
    }

    /// The officer who fills in for somebody; a citizen's own visit goes before it.
    #[must_use]
    pub fn helper(&self) -> Option<&Visitor> {
        self.ctx.visitor.as_ref().filter(|_| self.helps && self.visitor.is_none())
    }

    /// Nobody knows who this is.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        matches!(self.filer(), Filer::Guest)
    }

    #[must_use]
    pub fn filer(&self) -> Filer<'_> {
        match (&self.visitor, self.helper()) {
            (Some(v), _) => Filer::Citizen(&v.citizen),
            (None, Some(officer)) => Filer::Officer(&officer.actor),
            (None, None) => Filer::Guest,
        }
    }

    /// Token that the forms of somebody who is known repeat.
    fn csrf(&self) -> Option<&str> {
        self.visitor.as_ref().map(|v| v.csrf.as_str()).or_else(|| self.helper().map(|v| v.csrf.as_str()))
    }

    /// The draft of an address: a guest's own secret, or none where its owner is signed in.
    #[must_use]
    pub fn key(&self, id: &str) -> DraftKey {
        let secret = self.draft.as_ref().filter(|(own, _)| own == id).map(|(_, s)| s.clone()).unwrap_or_default();
        DraftKey { id: id.to_owned(), secret }
    }

    /// How the reader proves that a dossier is theirs.
    ///
    /// # Errors
    /// `tracking.enter` where they have not proved it yet.
    pub fn proof<'a>(&'a self, code: &'a str) -> Result<Proof<'a>, PageError> {
        if let Some((_, token)) = self.track.as_ref().filter(|(c, _)| c == code) {
            return Ok(Proof::Pass { code, token });
        }
        match &self.visitor {
            Some(v) => Ok(Proof::Identity { citizen: &v.citizen, code }),
            None => Err(self.fault(Error::Refused(Refusal::new("tracking.enter").with("code", code)))),
        }
    }

    /// Code and secret of a dossier that was just typed in or just filed.
    #[must_use]
    pub fn typed<'a>(&'a self, code: &'a str, secret: &'a str) -> Proof<'a> {
        Proof::Secret { code, secret, client: &self.ctx.client }
    }

    /// "https://dichvucong.example.vn", for what leaves the browser: a code on paper.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = if self.ctx.app.options.secure_cookies { "https" } else { "http" };
        format!("{scheme}://{}", self.host)
    }

    /// Code and secret of what was filed just now.
    #[must_use]
    pub fn filed(&self) -> Option<&(String, String)> {
        self.filed.as_ref()
    }

    /// The dossier of this code was opened by its secret: it can be closed again.
    #[must_use]
    pub fn holds(&self, code: &str) -> bool {
        self.track.as_ref().is_some_and(|(c, _)| c == code)
    }

    /// The frame of a page.
    #[must_use]
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let (ctx, t) = (&self.ctx, self.ctx.t);
        let world = ctx.app.office.world();
        let done = ctx.param("done").and_then(|key| t.try_format(&format!("portal-done-{key}"), &[])).unwrap_or_default();
        Frame {
            t,
            title: title.into(),
            path: ctx.path.clone(),
            query: ctx.query.iter().filter(|(n, _)| !matches!(n.as_str(), "lang" | "done")).cloned().collect(),
            tenant: t.pick(&world.tenant.name).to_owned(),
            simulated: world.simulated,
            theme: ctx.theme,
            citizen: self.visitor.as_ref().map(|v| v.citizen.name.clone()).unwrap_or_default(),
            helper: self.helper().map(|v| v.account.name.clone()).unwrap_or_default(),
            csrf: self.csrf().unwrap_or_default().to_owned(),
            back: Link::default(),
            done,
            wrong: false,
        }
    }

    /// Leads to another page of the portal in the same language.
    #[must_use]
    pub fn go(&self, path: &str) -> Response {
        Redirect::to(&in_language(path, self.ctx.t)).into_response()
    }

    /// Sets a cookie of the portal; without `seconds` it ends with the browser.
    pub fn set(&self, response: &mut Response, name: &str, value: &str, seconds: Option<u32>) {
        self.set_on(response, "/portal", name, value, seconds);
    }

    fn set_on(&self, response: &mut Response, path: &str, name: &str, value: &str, seconds: Option<u32>) {
        let secure = if self.ctx.app.options.secure_cookies { "; Secure" } else { "" };
        let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
        if let Ok(text) = HeaderValue::from_str(&format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax{age}{secure}")) {
            response.headers_mut().append(header::SET_COOKIE, text);
        }
    }

    /// For a guest: whoever is signed in has the draft by their identity, and leaves nothing behind on the phone.
    pub fn remember_draft(&self, response: &mut Response, key: &DraftKey) {
        if self.is_guest() && !key.secret.is_empty() {
            self.set(response, DRAFT_COOKIE, &format!("{}~{}", key.id, key.secret), Some(DRAFT_SECONDS));
        }
    }

    /// Opens a dossier for a while to whoever has shown its secret.
    pub async fn remember_dossier(&self, response: &mut Response, code: &str, secret: &str) -> Result<(), PageError> {
        let pass = self.ctx.app.office.tracking_pass(&self.typed(code, secret)).await.map_err(|e| self.fault(e))?;
        self.set(response, TRACK_COOKIE, &format!("{code}~{pass}"), None);
        Ok(())
    }

    pub fn remember_filed(&self, response: &mut Response, code: &str, secret: &str) {
        self.set_on(response, FILED_PATH, FILED_COOKIE, &format!("{code}~{secret}"), Some(FILED_SECONDS));
    }

    /// The dossier that is open on this phone opens only with its secret again.
    pub fn close_dossier(&self, response: &mut Response) {
        self.set(response, TRACK_COOKIE, "", Some(0));
        self.set_on(response, FILED_PATH, FILED_COOKIE, "", Some(0));
    }
}

impl Visit {
    /// The next who has this phone in their hands opens nothing with it.
    pub fn forget(&self, response: &mut Response) {
        for name in [CITIZEN_COOKIE, DRAFT_COOKIE, HELP_COOKIE] {
            self.set(response, name, "", Some(0));
        }
        self.close_dossier(response);
    }

    /// Whether a form with files is for a draft or dossier that is the reader's own; `false` where no files are taken.
    async fn proved(&self, parts: &mut Parts, app: &App) -> Result<bool, PageError> {
        let route = parts.extensions.get::<MatchedPath>().map(|m| m.as_str().to_owned()).unwrap_or_default();
        let (of_draft, of_dossier) = (route == DRAFT_FILES, route == DOSSIER_FILES);
        if !of_draft && !of_dossier {
            return Ok(false);
        }
        fits_citizens(&parts.headers).map_err(|e| self.fault(e))?;
        let Path(id) = Path::<String>::from_request_parts(parts, app).await.map_err(|_| self.fault(Error::not_found("draft")))?;
        if of_draft {
            app.office.draft(&self.filer(), &self.key(&id)).await.map_err(|e| self.fault(e))?;
        } else {
            app.office.track(&self.proof(&id)?).await.map_err(|e| self.fault(e))?;
        }
        Ok(true)
    }
}

fn in_language(path: &str, t: Lang) -> String {
    if t == Lang::default() {
        return path.to_owned();
    }
    let (path, fragment) = path.split_once('#').map_or((path, String::new()), |(p, f)| (p, format!("#{f}")));
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}lang={}{fragment}", t.tag())
}

impl FromRequestParts<App> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        Self::read(parts, app).await
    }
}

/// A form sent from a page of the portal.
pub struct Sent {
    pub visit: Visit,
    pub posted: Posted,
}

impl FromRequest<App> for Sent {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::read(&mut parts, app).await?;
        // Before any of it is read: a stranger's form takes no room.
        if brings_files(&parts.headers) && same_origin(&parts.headers) && visit.proved(&mut parts, app).await? {
            parts.extensions.insert(Proven(visit.ctx.client.clone()));
        }
        let posted = Posted::from_request(Request::from_parts(parts, body), app).await?;
        // A guest's form needs the cookie or the secret that only its owner has; whoever is signed in repeats the visit's token.
        match visit.csrf() {
            Some(token) if token != posted.get("csrf") => Err(visit.fault(Error::refused("csrf"))),
            _ => Ok(Self { visit, posted }),
        }
    }
}

/// The frame around a page of the portal.
#[derive(Debug, Clone)]
pub struct Frame {
    pub t: Lang,
    pub title: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub tenant: String,
    pub simulated: bool,
    pub theme: Theme,
    /// Name of whoever is signed in.
    pub citizen: String,
    /// Name of the officer who fills in for somebody.
    pub helper: String,
    /// Token that the forms of somebody who is signed in repeat.
    pub csrf: String,
    pub back: Link,
    /// What was done, said once.
    pub done: String,
    /// Something on the page is to be mended: said first, also in the title.
    pub wrong: bool,
}

impl Frame {
    /// For a page that knows nothing but its reader's language: an error.
    #[must_use]
    pub fn plain(t: Lang, title: String, path: &str, theme: Theme, tenant: String, simulated: bool) -> Self {
        Self {
            t,
            title,
            path: path.to_owned(),
            query: Vec::new(),
            tenant,
            simulated,
            theme,
            citizen: String::new(),
            helper: String::new(),
            csrf: String::new(),
            back: Link::default(),
            done: String::new(),
            wrong: false,
        }
    }

    #[must_use]
    pub fn link(&self, path: &str) -> String {
        in_language(path, self.t)
    }

    /// This page in another language.
    #[must_use]
    pub fn in_lang(&self, lang: &Lang) -> String {
        let mut pairs = self.query.clone();
        pairs.push(("lang".into(), lang.tag().into()));
        format!("{}?{}", self.path, serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    #[must_use]
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    #[must_use]
    pub fn back_to(mut self, path: &str, key: &str) -> Self {
        self.back = Link::new(self.link(path), self.t.msg(key));
        self
    }
}
