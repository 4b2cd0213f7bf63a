//! Signing in through the identity provider. In a demonstration that is a simulator, and the page says so.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use office::Error;

use super::{
    frame::{CITIZEN_COOKIE, Sent, Visit},
    view::{Item, Message, Procedures, SignIn},
};
use crate::{
    http::{
        PageResult,
        context::cookie,
        error::{render, sentence},
        session::own_path,
    },
    pages::show::segment,
    view::Link,
};

/// Only a page of the portal.
fn next(v: &Visit) -> String {
    let path = own_path(v.ctx.param("next").unwrap_or("/portal"));
    if path == "/portal" || path.starts_with("/portal/") { path.to_owned() } else { "/portal".to_owned() }
}

/// `GET /portal/sign-in`
pub async fn form(v: Visit) -> PageResult {
    if v.visitor.is_some() {
        return Ok(v.go(&next(&v)));
    }
    Ok(render(&page(&v, String::new())?))
}

fn page(v: &Visit, error: String) -> Result<SignIn, crate::http::PageError> {
    let t = v.t();
    let mut f = v.frame(t.msg("portal-sign-in")).back_to("/portal", "portal-back-home");
    f.wrong = !error.is_empty();
    let people = v.ctx.app.office.simulated_identities().map_err(|e| v.fault(e))?;
    let person = |c: &office::one_stop::Citizen| Item {
        href: c.id_number.clone(),
        name: c.name.clone(),
        about: t.msg2("portal-person", "number", c.id_number.as_str(), "level", i64::from(c.level)),
    };
    let query = serde_urlencoded::to_string([("next", next(v))]).unwrap_or_default();
    Ok(SignIn {
        faults: if error.is_empty() { Vec::new() } else { vec![Link::new("", error)] },
        people: people.iter().map(person).collect(),
        action: format!("/portal/sign-in?{query}"),
        f,
    })
}

/// `POST /portal/sign-in`
pub async fn sign_in(sent: Sent) -> PageResult {
    let v = &sent.visit;
    match v.ctx.app.office.sign_in_simulated(sent.posted.get("person")).await {
        Ok(signed) => {
            let mut response = v.go(&next(v));
            v.set(&mut response, CITIZEN_COOKIE, &signed.cookie, None);
            Ok(response)
        }
        Err(e @ Error::Refused(_)) => Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page(v, sentence(&e, v.t()))?)).into_response()),
        Err(e) => Err(v.fault(e)),
    }
}

/// `POST /portal/sign-out`
pub async fn sign_out(headers: axum::http::HeaderMap, sent: Sent) -> PageResult {
    let v = &sent.visit;
    if let Some(secret) = cookie(&headers, CITIZEN_COOKIE) {
        v.ctx.app.office.sign_out_citizen(&secret).await.map_err(|e| v.fault(e))?;
    }
    let mut response = v.go("/portal");
    v.forget(&mut response);
    Ok(response)
}

/// `GET /portal/mine`: drafts and dossiers of whoever is signed in.
pub async fn mine(v: Visit) -> PageResult {
    let (t, office) = (v.t(), &v.ctx.app.office);
    let f = v.frame(t.msg("portal-mine")).back_to("/portal", "portal-back-home");
    let Some(visitor) = &v.visitor else {
        let doors = vec![Link::new(f.link("/portal/sign-in?next=/portal/mine"), t.msg("portal-sign-in"))];
        return Ok(render(&Message { text: vec![t.msg("portal-mine-sign-in")], code: String::new(), doors, f }));
    };
    let world = office.world();
    let drafts = office.drafts_of(&visitor.citizen).await.map_err(|e| v.fault(e))?;
    let draft = |d: &office::one_stop::Draft| Item {
        href: f.link(&format!("/portal/drafts/{}/saved", segment(&d.id))),
        name: world
            .procedure_version(&d.procedure_code, d.procedure_from)
            .map_or_else(|| d.procedure_code.clone(), |p| t.pick(&p.def.name).to_owned()),
        about: t.msg1("portal-saved-until", "date", t.date(d.expires_on)),
    };
    let dossiers = office.my_dossiers(&visitor.citizen).await.map_err(|e| v.fault(e))?;
    let dossier = |d: &office::one_stop::Tracked| Item {
        href: f.link(&format!("/portal/track/{}", segment(&d.code))),
        name: t.pick(&d.procedure).to_owned(),
        about: format!("{} · {}", d.code, super::track::status(t, d.status)),
    };
    let found = vec![
        (t.msg("portal-mine-drafts"), drafts.iter().map(draft).collect::<Vec<_>>()),
        (t.msg("portal-mine-dossiers"), dossiers.iter().map(dossier).collect()),
    ];
    let said = t.msg1("portal-mine-count", "count", drafts.len() + dossiers.len());
    Ok(render(&Procedures {
        q: String::new(),
        said,
        none: String::new(),
        desks: Vec::new(),
        found: found.into_iter().filter(|(_, l)| !l.is_empty()).collect(),
        f,
    }))
}
