//! Signing in and out, language and theme.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use office::Error;

use super::{Ctx, PageResult, Posted, context, error::render, error::sentence};
use crate::view::{Field, Form, Input, Section, SignInPage, enter::DemoAccount};

/// A year: a preference is no secret.
const PREFERENCE_SECONDS: i64 = 365 * 24 * 3600;

fn set_cookie(response: &mut Response, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Only a path of our own: nobody is led elsewhere after signing in.
pub fn own_path(text: &str) -> &str {
    // Browsers read a backslash as a slash and drop tabs and line ends: "/<TAB>/elsewhere" is "//elsewhere" to them.
    let ours = text.starts_with('/') && !text.starts_with("//") && !text.contains(|c: char| c.is_control() || c == '\\');
    if ours { text } else { "/" }
}

async fn page(ctx: &Ctx, login: &str, next: &str, error: String) -> PageResult {
    let t = ctx.t;
    let form = Form {
        action: format!("/sign-in?{}", serde_urlencoded::to_string([("next", own_path(next))]).unwrap_or_default()),
        submit: t.msg("sign-in-submit"),
        fields: vec![
            Field { autocomplete: "username", ..Field::new("login", t.msg("sign-in-login"), Input::Text).value(login).required() },
            Field { autocomplete: "current-password", ..Field::new("password", t.msg("sign-in-password"), Input::Password).required() },
        ],
        idempotency_key: String::new(),
        version: String::new(),
        cancel: String::new(),
        grave: false,
        files: false,
    };
    let mut s = ctx.shell(Section::None, t.msg("sign-in-title"), false).await?;
    s.as_of = String::new();
    let demo = if ctx.app.office.simulated() {
        let list = &ctx.app.options.demo_accounts;
        list.iter()
            .map(|(login, password, role)| DemoAccount { login: login.clone(), password: password.clone(), role: t.pick(role).to_owned() })
            .collect()
    } else {
        Vec::new()
    };
    Ok(render(&SignInPage { s, form, error, demo }))
}

/// `GET /sign-in`
pub async fn form(ctx: Ctx) -> PageResult {
    let next = ctx.param("next").unwrap_or("/").to_owned();
    if ctx.visitor.is_some() {
        return Ok(Redirect::to(own_path(&next)).into_response());
    }
    page(&ctx, "", &next, String::new()).await
}

/// `POST /sign-in`
pub async fn sign_in(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let (login, next) = (posted.get("login"), ctx.param("next").unwrap_or("/"));
    match ctx.app.office.sign_in(login, posted.get("password"), &ctx.client).await {
        Ok(signed) => {
            let mut response = Redirect::to(own_path(next)).into_response();
            let secure = if ctx.app.options.secure_cookies { "; Secure" } else { "" };
            set_cookie(&mut response, &format!("{}={}; Path=/; HttpOnly; SameSite=Lax{secure}", context::SESSION_COOKIE, signed.cookie));
            Ok(response)
        }
        Err(e @ Error::Refused(_)) => page(ctx, login, next, sentence(&e, ctx.t)).await,
        Err(e) => Err(ctx.fault(e)),
    }
}

/// `POST /sign-out`
pub async fn sign_out(headers: HeaderMap, posted: Posted) -> PageResult {
    if let Some(secret) = context::cookie(&headers, context::SESSION_COOKIE) {
        posted.ctx.app.office.sign_out(&secret).await.map_err(|e| posted.ctx.fault(e))?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    set_cookie(&mut response, &format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", context::SESSION_COOKIE));
    Ok(response)
}

/// `POST /preferences`: theme and language, kept by the browser.
pub async fn preferences(posted: Posted) -> PageResult {
    let back = posted.get("back");
    let mut response = Redirect::to(own_path(if back.is_empty() { "/" } else { back })).into_response();
    if crate::view::Theme::ALL.iter().any(|t| t.id() == posted.get("theme")) {
        let theme = posted.get("theme");
        set_cookie(&mut response, &format!("{}={theme}; Path=/; SameSite=Lax; Max-Age={PREFERENCE_SECONDS}", context::THEME_COOKIE));
    }
    if let Ok(lang) = posted.get("lang").parse::<crate::i18n::Lang>() {
        set_cookie(&mut response, &format!("{}={lang}; Path=/; SameSite=Lax; Max-Age={PREFERENCE_SECONDS}", context::LANG_COOKIE));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn nobody_is_led_to_another_site() {
        let hostile = [
            "",
            "evil",
            "//evil",
            "///evil",
            "/\\evil",
            "\\\\evil",
            "\\/evil",
            "https:evil",
            "https://evil",
            "javascript:alert(1)",
            " //evil",
            "\t//evil",
            "/\t/evil",
            "/\n/evil",
            "/\r/evil",
            "/tasks\r\nSet-Cookie: a=b",
            "/\u{b}/e",
            "/\u{0}",
            "/\u{7f}",
            "/\u{85}/evil",
        ];
        for text in hostile {
            assert_eq!(own_path(text), "/", "{text:?}");
        }
        // Paths stay as they are; an escaped slash is no slash.
        for text in ["/", "/tasks", "/tasks?q=số hóa&lang=en", "/%2f/evil", "/%09/evil", "/a//b", "/units/26506@2025-07-01"] {
            assert_eq!(own_path(text), text);
        }
    }
}
