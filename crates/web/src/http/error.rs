//! Errors made HTTP, once: a page for people, `problem+json` for programs.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use office::Error;

use super::Ctx;
use crate::{
    i18n::{Arg, Lang},
    pages::portal::{frame::Frame, view::Failed},
    view::{ErrorPage, Link, Section, Shell, State, Theme, Who},
};

/// When a server that is busy may be asked again.
const RETRY_AFTER_S: &str = "30";

pub type PageResult = Result<Response, PageError>;

/// An error on its way to a reader. Boxed: every handler may return one.
pub struct PageError(Box<Fault>);

struct Fault {
    error: Error,
    t: Lang,
    theme: Theme,
    path: String,
    next: String,
    who: Option<Who>,
    simulated: bool,
    tenant: String,
    /// A page was asked for; nothing was sent that could be lost or mended.
    asked: bool,
    back: Link,
}

/// HTTP status of an error; the one place where it is decided.
#[must_use]
pub fn status_of(e: &Error) -> StatusCode {
    match e.code() {
        "access.sign_in" | "signature.wrong" | "signature.old" => StatusCode::UNAUTHORIZED,
        "not_found" | "record.not_found" | "unit.unknown" => StatusCode::NOT_FOUND,
        "version.conflict" | "record.key_taken" | "idempotency.mismatch" | "figure.doubtful" | "bank.changed" => StatusCode::CONFLICT,
        "store.busy" | "store.unreachable" | "store.unknown_outcome" | "store.closed" => StatusCode::SERVICE_UNAVAILABLE,
        "store.disk_full" => StatusCode::INSUFFICIENT_STORAGE,
        "csrf" => StatusCode::FORBIDDEN,
        "method.not_allowed" => StatusCode::METHOD_NOT_ALLOWED,
        "input.media_type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "input.json" | "input.query" => StatusCode::BAD_REQUEST,
        "input.too_large" | "input.body_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "sign_in.wait" | "ticket.wait" => StatusCode::TOO_MANY_REQUESTS,
        "sign_in.busy" | "uploads.busy" => StatusCode::SERVICE_UNAVAILABLE,
        "input.slow" => StatusCode::REQUEST_TIMEOUT,
        code if code.starts_with("access.") => StatusCode::FORBIDDEN,
        code if code.starts_with("store.") || code == "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The sentence of an error for its reader. Details of the machine stay in the log.
#[must_use]
pub fn sentence(e: &Error, t: Lang) -> String {
    match e {
        Error::Refused(r) => t.refusal(r),
        Error::Invalid(faults) => {
            let parts: Vec<String> = faults.iter().map(|f| fault_sentence(f, t)).collect();
            parts.join(" ")
        }
        Error::Store(store::Error::Conflict { current }) => t.msg1("refusal-version-conflict", "version", current.version),
        Error::Doubtful(list) => {
            let reasons = list.iter().map(|r| t.refusal(r)).collect::<Vec<_>>().join(" ");
            t.msg1("refusal-figure-doubtful", "reasons", reasons)
        }
        e => t.try_format(&format!("refusal-{}", e.code().replace(['.', '_'], "-")), &[]).unwrap_or_else(|| t.msg("refusal-internal")),
    }
}

/// The sentence of one field's fault. A rule of a form brings its own, in both languages.
#[must_use]
pub fn fault_sentence(f: &rules::schema::FieldFault, t: Lang) -> String {
    let own = f.args.iter().find(|(n, _)| *n == t.tag()).map_or("", |(_, v)| v.as_str());
    let args = f.args.iter().map(|(n, v)| (*n, Arg::from(v)));
    let args: Vec<(&str, Arg)> = args.chain([("field", Arg::from(&f.field)), ("sentence", Arg::from(own))]).collect();
    t.try_format(&format!("fault-{}", f.code.replace(['.', '_'], "-")), &args).unwrap_or_else(|| format!("{}: {}", f.field, f.code))
}

impl PageError {
    pub fn new(ctx: &Ctx, error: impl Into<Error>) -> Self {
        let world = ctx.app.office.world();
        Self(Box::new(Fault {
            error: error.into(),
            t: ctx.t,
            theme: ctx.theme,
            path: ctx.path.clone(),
            next: ctx.next.clone(),
            // How many things wait for approval is not counted for an error.
            who: ctx.who(0),
            simulated: world.simulated,
            tenant: ctx.t.pick(&world.tenant.name).to_owned(),
            asked: ctx.asked,
            back: Link::new("/", ctx.t.msg("error-back")),
        }))
    }

    /// Leads on to a page of the console that is nearer than its first.
    #[must_use]
    pub fn back(mut self, path: &str, key: &str) -> Self {
        let lang = if self.0.t == Lang::default() { String::new() } else { format!("?lang={}", self.0.t.tag()) };
        self.0.back = Link::new(format!("{path}{lang}"), self.0.t.msg(key));
        self
    }
}

impl Fault {
    fn page(self) -> Response {
        let status = status_of(&self.error);
        let request_id = store::RecordId::new().to_string();
        if status.is_server_error() {
            tracing::error!(request = %request_id, error = %self.error, path = %self.path, "a request failed");
        }
        let t = self.t;
        let code = self.error.code().to_owned();
        // Nothing was filled in, so there is nothing to correct and to send again.
        let unfit = self.asked && status == StatusCode::UNPROCESSABLE_ENTITY;
        let key = |part: &str| t.try_format(&format!("error-{part}-{}", status.as_u16()), &[]).filter(|_| !unfit).unwrap_or_default();
        if self.path.starts_with("/portal") {
            return (status, self.portal_page(status, key("kept"))).into_response();
        }
        let page = ErrorPage {
            s: Shell {
                t,
                title: t.msg(if unfit { "error-title-page" } else { "error-title" }),
                section: Section::None,
                path: self.path,
                query: Vec::new(),
                state: State::default(),
                tenant: self.tenant,
                who: self.who,
                pick: None,
                theme: self.theme,
                simulated: self.simulated,
                as_of: String::new(),
                boundaries: String::new(),
                ledger: None,
                live: None,
                notices: Vec::new(),
                again: None,
                crumbs: Vec::new(),
            },
            status: status.as_u16(),
            happened: sentence(&self.error, t),
            kept: key("kept"),
            next: key("next"),
            code,
            request_id,
            back: Some(self.back),
        };
        let mut response = (status, render(&page)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        response
    }

    /// For a citizen: what is not there is said in words, never by the name under which the program looked for it.
    fn portal_page(self, status: StatusCode, kept: String) -> Response {
        let t = self.t;
        let absent = status == StatusCode::NOT_FOUND;
        let title = t.msg(if absent { "portal-not-found-title" } else { "error-title" });
        let f = Frame { wrong: !absent, ..Frame::plain(t, title, &self.path, self.theme, self.tenant, self.simulated) };
        let happened = if absent { t.msg("portal-not-found") } else { sentence(&self.error, t) };
        let code = if absent { String::new() } else { self.error.code().to_owned() };
        let door = |path: &str, key: &str| Link::new(f.link(path), t.msg(key));
        let doors = if absent {
            vec![door("/portal/procedures", "portal-all"), door("/portal/track", "portal-track"), door("/portal", "portal-back-home")]
        } else {
            vec![door("/portal", "portal-back-home")]
        };
        render(&Failed { happened, kept, code, doors, f })
    }

    /// Where the secret of a dossier is asked for whose page somebody opened without having shown it.
    fn ask_secret(&self) -> Option<String> {
        let code = self.path.strip_prefix("/portal/track/")?.split('/').next()?;
        let unproved = matches!(self.error.code(), "tracking.enter" | "tracking.not_found");
        let lang = (self.t != Lang::default()).then(|| ("lang", self.t.tag()));
        let query = serde_urlencoded::to_string([("code", code)].into_iter().chain(lang).collect::<Vec<_>>()).unwrap_or_default();
        (self.asked && unproved).then(|| format!("/portal/track?{query}"))
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        // Somebody who may simply sign in is led there; the address is remembered.
        if let Some(place) = self.0.ask_secret() {
            return Redirect::to(&place).into_response();
        }
        if self.0.who.is_none() && status_of(&self.0.error) == StatusCode::UNAUTHORIZED {
            let door = if self.0.path.starts_with("/portal") { "/portal/sign-in" } else { "/sign-in" };
            let next: String = serde_urlencoded::to_string([("next", &self.0.next)]).unwrap_or_default();
            return Redirect::to(&format!("{door}?{next}")).into_response();
        }
        self.0.page()
    }
}

/// A rendered page. A template cannot fail on data; if it does, the reader gets a plain sentence.
pub fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(e) => {
            tracing::error!(error = %e, "a template failed");
            (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Lỗi hiển thị trang.")
                .into_response()
        }
    }
}

/// The address takes a form and shows nothing.
pub async fn no_such_method(method: axum::http::Method, ctx: Ctx) -> PageError {
    let refusal = rules::Refusal::new("method.not_allowed").with("method", method).with("path", &ctx.path);
    ctx.fault(Error::Refused(refusal))
}

pub async fn no_such_page(ctx: Ctx) -> PageError {
    let path = ctx.path.clone();
    ctx.fault(Error::not_found(&path))
}
