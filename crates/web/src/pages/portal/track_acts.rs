//! What a citizen does with a filed dossier: completes it, rates it, takes it back.

use std::collections::BTreeMap;

use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use office::{
    Error,
    one_stop::{PartGiven, Rating, Tracked, Upload},
};
use rules::procedure::PartDef;
use serde_json::Map;
use store::RecordId;

use super::{
    frame::{Sent, Visit},
    track::{asked, asked_until, dossier},
    view::{Ask, Part, Question, QuestionPage, SupplementPage, Takes},
    words,
};
use crate::{
    http::{
        PageError, PageResult,
        error::{render, sentence},
    },
    pages::show::segment,
    view::Link,
};

fn at(code: &str, rest: &str) -> String {
    format!("/portal/track/{}{rest}", segment(code))
}

/// `GET /portal/track/{code}/supplement`
pub async fn supplement_form(v: Visit, Path(code): Path<String>) -> PageResult {
    let d = dossier(&v, &code).await?;
    Ok(render(&supplement_page(&v, &d, &BTreeMap::new(), "")))
}

/// Parts that were asked for by name first; where none was, every part that the answers ask for and that takes a file.
fn supplement_page(v: &Visit, d: &Tracked, wrong: &BTreeMap<String, String>, note: &str) -> SupplementPage {
    let (t, world) = (v.t(), v.ctx.app.office.world());
    let procedure = world.procedure_version(&d.procedure_code, d.case.procedure_from);
    let named: Vec<&str> = d.asks.iter().filter_map(|r| r.part.as_deref()).collect();
    let parts = procedure.map(|p| p.def.parts.as_slice()).unwrap_or_default();
    let asked_for = |p: &PartDef| if named.is_empty() { d.parts_wanted.contains(&p.id) } else { named.contains(&p.id.as_str()) };
    let wanted = parts.iter().filter(|p| !p.from_form && asked_for(p));
    let parts: Vec<Part> = wanted
        .map(|p| Part {
            id: p.id.clone(),
            name: t.pick(&p.name).to_owned(),
            hint: words::part(t, p, true),
            error: wrong.get(&p.id).cloned().unwrap_or_default(),
            ..Part::default()
        })
        .collect();
    let mut f = v.frame(t.msg("portal-supplement")).back_to(&at(&d.code, ""), "portal-back");
    f.wrong = !wrong.is_empty();
    SupplementPage {
        faults: wrong
            .iter()
            .map(|(id, text)| Link::new(if id.is_empty() { "#note".into() } else { format!("#{id}-file") }, text.clone()))
            .collect(),
        asks: asked(v, d),
        until: asked_until(t, d),
        parts,
        takes: Takes::new(),
        note: note.to_owned(),
        action: at(&d.code, "/supplement"),
        version: d.version,
        once: RecordId::new().to_string(),
        f,
    }
}

/// `POST /portal/track/{code}/supplement`
pub async fn supplement(Path(code): Path<String>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let proof = v.proof(&code)?;
    let d = dossier(v, &code).await?;
    let (note, once) = (sent.posted.get("note").trim(), sent.posted.get("once"));
    let files = sent.posted.files.iter().filter(|f| !f.name.is_empty());
    let (mut given, mut wrong): (Vec<PartGiven>, _) = (Vec::new(), BTreeMap::new());
    for file in files {
        let part = file.field.strip_prefix("part-").unwrap_or_default().to_owned();
        let upload = Upload { name: file.name.clone(), media_type: file.media_type.clone(), bytes: file.bytes.clone() };
        match office.supplement_upload(&proof, &part, upload).await {
            Ok(part) => given.push(part),
            Err(e @ Error::Refused(_)) => {
                wrong.insert(part, sentence(&e, v.t()));
            }
            Err(e) => return Err(v.fault(e)),
        }
    }
    if wrong.is_empty() && given.is_empty() && note.is_empty() {
        wrong.insert(String::new(), v.t().msg("portal-supplement-nothing"));
    }
    if !wrong.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&supplement_page(v, &d, &wrong, note))).into_response());
    }
    office.supplement(&proof, version(&sent)?, &given, &Map::new(), note, once).await.map_err(|e| v.fault(e))?;
    Ok(v.go(&at(&code, "?done=supplement")))
}

fn version(sent: &Sent) -> Result<i64, PageError> {
    sent.posted.version()
}

/// `POST /portal/track/{code}/rate`
pub async fn rate(Path(code): Path<String>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let proof = v.proof(&code)?;
    let d = dossier(v, &code).await?;
    let number = |name: &str| sent.posted.get(name).parse().ok();
    let (attitude, agencies) = (number("attitude"), number("agencies"));
    let rating = Rating { stars: number("stars").unwrap_or(0), attitude, agencies, note: sent.posted.get("note") };
    office.rate(&proof, d.version, &rating).await.map_err(|e| v.fault(e))?;
    Ok(v.go(&at(&code, "?done=rated")))
}

/// `GET /portal/track/{code}/withdraw`
pub async fn withdraw_form(v: Visit, Path(code): Path<String>) -> PageResult {
    let d = dossier(&v, &code).await?;
    Ok(render(&withdraw_page(&v, &d, String::new())))
}

fn withdraw_page(v: &Visit, d: &Tracked, error: String) -> QuestionPage {
    let t = v.t();
    let reason =
        Question { id: "reason".into(), label: t.msg("portal-withdraw-why"), required: true, ask: Ask::Long, error, ..Question::default() };
    let questions = vec![reason];
    let faults = super::questions::summary(&questions);
    let mut f = v.frame(t.msg("portal-withdraw")).back_to(&at(&d.code, ""), "portal-back");
    f.wrong = !faults.is_empty();
    QuestionPage {
        place: d.code.clone(),
        lead: t.msg("portal-withdraw-lead"),
        faults,
        questions,
        action: at(&d.code, "/withdraw"),
        return_to: d.version.to_string(),
        submit: t.msg("portal-withdraw"),
        save: String::new(),
        f,
    }
}

/// `POST /portal/track/{code}/withdraw`
pub async fn withdraw(Path(code): Path<String>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let proof = v.proof(&code)?;
    let d = dossier(v, &code).await?;
    let reason = sent.posted.get("reason").trim();
    if reason.is_empty() {
        let page = withdraw_page(v, &d, v.t().msg("portal-withdraw-missing"));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response());
    }
    // The version that was seen: what the office did meanwhile is looked at first.
    let seen = sent.posted.get("back").parse().unwrap_or(d.version);
    office.withdraw(&proof, seen, reason).await.map_err(|e| v.fault(e))?;
    Ok(v.go(&at(&code, "?done=withdrawn")))
}
