//! Coming back to a draft: what keeps it, the code that opens it elsewhere, and giving it up.

use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use office::one_stop::grouped;

use super::{
    filing::opened,
    frame::{Sent, Visit},
    view::{Message, Question, QuestionPage},
};
use crate::{
    http::{PageResult, error::render},
    pages::show::segment,
    view::Link,
};

/// `GET /portal/drafts/{id}/saved`: how to come back.
pub async fn saved(v: Visit, Path(id): Path<String>) -> PageResult {
    let (t, open) = (v.t(), opened(&v, &id).await?);
    let f = v.frame(t.msg("portal-saved-title")).back_to(&open.at(""), "portal-go-on");
    let (guest, helper) = (v.is_guest(), v.helper().is_some());
    let text = vec![
        t.pick(&open.procedure.def.name).to_owned(),
        t.msg1("portal-saved-until", "date", t.date(open.draft.expires_on)),
        t.msg(match (guest, helper) {
            (true, _) => "portal-saved-guest",
            (false, true) => "portal-saved-helper",
            (false, false) => "portal-saved-owner",
        }),
    ];
    let mut doors = vec![Link::new(f.link(&open.at("")), t.msg("portal-go-on")), Link::new(f.link("/portal"), t.msg("portal-back-home"))];
    doors.push(Link::new(f.link(&open.at("/drop")), t.msg("portal-drop")));
    let code = match (guest, helper) {
        (true, _) => grouped(&open.key.secret),
        (false, true) => format!("{}{}", v.origin(), open.at("")),
        (false, false) => String::new(),
    };
    Ok(render(&Message { text, code, doors, f }))
}

/// `GET /portal/continue`
pub async fn ask(v: Visit) -> PageResult {
    Ok(render(&ask_page(&v, "", String::new())))
}

fn ask_page(v: &Visit, code: &str, error: String) -> QuestionPage {
    let t = v.t();
    let question = Question {
        id: "code".into(),
        label: t.msg("portal-continue-code"),
        hint: t.msg("portal-continue-hint"),
        value: code.into(),
        required: true,
        html: "text",
        error,
        ..Question::default()
    };
    let questions = vec![question];
    let faults = super::questions::summary(&questions);
    let mut f = v.frame(t.msg("portal-continue")).back_to("/portal", "portal-back-home");
    f.wrong = !faults.is_empty();
    QuestionPage {
        place: String::new(),
        lead: t.msg("portal-continue-lead"),
        faults,
        questions,
        action: "/portal/continue".into(),
        return_to: String::new(),
        submit: t.msg("portal-go-on"),
        save: String::new(),
        f,
    }
}

/// `POST /portal/continue`: with the code that a guest kept. It stands in no address.
pub async fn open(sent: Sent) -> PageResult {
    let (v, code) = (&sent.visit, sent.posted.get("code").trim());
    match v.ctx.app.office.draft_by_code(&v.filer(), code).await {
        Ok(key) => {
            let mut response = v.go(&format!("/portal/drafts/{}", segment(&key.id)));
            v.remember_draft(&mut response, &key);
            Ok(response)
        }
        Err(e) if e.code() == "not_found" => {
            let page = ask_page(v, code, v.t().msg("portal-continue-wrong"));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
        Err(e) => Err(v.fault(e)),
    }
}

/// `GET /portal/drafts/{id}/drop`
pub async fn drop_form(v: Visit, Path(id): Path<String>) -> PageResult {
    let (t, open) = (v.t(), opened(&v, &id).await?);
    let f = v.frame(t.msg("portal-drop")).back_to(&open.at("/saved"), "portal-back");
    Ok(render(&QuestionPage {
        place: t.pick(&open.procedure.def.name).to_owned(),
        lead: t.msg("portal-drop-lead"),
        faults: Vec::new(),
        questions: Vec::new(),
        action: open.at("/drop"),
        return_to: open.draft.version.to_string(),
        submit: t.msg("portal-drop"),
        save: String::new(),
        f,
    }))
}

/// `POST /portal/drafts/{id}/drop`
pub async fn discard(Path(id): Path<String>, sent: Sent) -> PageResult {
    let v = &sent.visit;
    let open = opened(v, &id).await?;
    let seen = sent.posted.get("back").parse().unwrap_or(open.draft.version);
    v.ctx.app.office.drop_draft(&v.filer(), &open.key, seen).await.map_err(|e| v.fault(e))?;
    Ok(v.go("/portal?done=dropped"))
}
