//! A citizen's complaint about how a dossier is handled, and its answer.

use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use office::{Error, one_stop::Complaint};
use rules::one_stop::ComplaintKind;
use store::RecordId;

use super::{
    frame::{Sent, Visit},
    track::dossier,
    view::{Ask, Question, QuestionPage, Said},
};
use crate::{
    http::{
        PageError, PageResult,
        error::{render, sentence},
    },
    i18n::Lang,
    pages::show::segment,
    view::Choice,
};

fn at(code: &str, rest: &str) -> String {
    format!("/portal/track/{}{rest}", segment(code))
}

/// The complaints about a dossier as its page tells them.
pub async fn told(v: &Visit, code: &str) -> Result<Vec<Said>, PageError> {
    let proof = v.proof(code)?;
    let list = v.ctx.app.office.own_complaints(&proof).await.map_err(|e| v.fault(e))?;
    Ok(list.iter().map(|c| one(v.t(), c)).collect())
}

fn one(t: Lang, c: &Complaint) -> Said {
    let open = c.state != "answered";
    let due = c.due_at.filter(|_| open).map(|due| {
        let text = t.msg2("portal-complaint-due", "due", t.moment(due), "basis", c.basis.clone().unwrap_or_default());
        if c.to_be_confirmed { format!("{text}. {}", t.msg("portal-complaint-to-be-confirmed")) } else { text }
    });
    Said {
        kind: t.msg1("word-complaint-kind", "kind", c.kind.id()),
        sent: t.msg1("portal-complaint-sent", "at", t.moment(c.filed_at)),
        text: c.text.clone(),
        state: match (c.state.as_str(), c.answered_at) {
            ("answered", Some(at)) => t.msg1("portal-complaint-answered", "at", t.moment(at)),
            ("assigned", _) => t.msg("portal-complaint-looked-into"),
            _ => t.msg("portal-complaint-waits"),
        },
        due: due.unwrap_or_default(),
        answer: c.answer.clone().unwrap_or_default(),
    }
}

/// `GET /portal/track/{code}/complain`
pub async fn form(v: Visit, Path(code): Path<String>) -> PageResult {
    let d = dossier(&v, &code).await?;
    Ok(render(&page(&v, &d.code, ("", ""), &RecordId::new().to_string(), String::new())))
}

fn page(v: &Visit, code: &str, (kind, text): (&str, &str), once: &str, error: String) -> QuestionPage {
    let t = v.t();
    let choice = |k: ComplaintKind| Choice {
        value: k.id().into(),
        text: t.msg(&format!("portal-complain-kind-{}", k.id())),
        selected: k.id() == kind || (kind.is_empty() && k == ComplaintKind::Feedback),
    };
    let questions = vec![
        Question {
            id: "kind".into(),
            label: t.msg("portal-complain-kind"),
            required: true,
            ask: Ask::Radio,
            choices: ComplaintKind::ALL.map(choice).into(),
            ..Question::default()
        },
        Question {
            id: "text".into(),
            label: t.msg("portal-complain-text"),
            hint: t.msg("portal-complain-text-hint"),
            value: text.into(),
            required: true,
            ask: Ask::Long,
            error,
            ..Question::default()
        },
    ];
    let faults = super::questions::summary(&questions);
    let mut f = v.frame(t.msg("portal-complain")).back_to(&at(code, ""), "portal-back");
    f.wrong = !faults.is_empty();
    QuestionPage {
        place: code.to_owned(),
        lead: t.msg("portal-complain-lead"),
        faults,
        questions,
        action: at(code, "/complain"),
        // Sent twice, it is one complaint.
        return_to: once.to_owned(),
        submit: t.msg("portal-complain-send"),
        save: String::new(),
        f,
    }
}

/// `POST /portal/track/{code}/complain`
pub async fn send(Path(code): Path<String>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let get = |name: &str| sent.posted.get(name).trim();
    let (kind, text, once) = (get("kind"), get("text"), get("back"));
    let proof = v.proof(&code)?;
    let again = |error: String| {
        let page = page(v, &code, (kind, text), once, error);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
    };
    if text.is_empty() {
        return again(v.t().msg("portal-complain-missing"));
    }
    let which = ComplaintKind::ALL.into_iter().find(|k| k.id() == kind).unwrap_or_default();
    match office.complain(&proof, which, text, once).await {
        Ok(_) => Ok(v.go(&at(&code, "?done=complained#complaints"))),
        Err(e @ Error::Refused(_)) if !e.code().starts_with("tracking.") => again(sentence(&e, v.t())),
        Err(e) => Err(v.fault(e)),
    }
}
