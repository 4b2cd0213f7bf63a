//! How the citizen wants the result: the last question before everything is checked.

use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use office::{
    Error,
    one_stop::{Delivery, Filer},
};
use rules::one_stop::Way;

use super::{
    filing::{CHECK, Open, opened},
    frame::{Sent, Visit},
    questions::summary,
    view::{Ask, Question, QuestionPage},
};
use crate::{
    http::{
        PageResult,
        error::{render, sentence},
    },
    i18n::Lang,
    view::Choice,
};

/// The words of a way.
pub(super) fn way(t: Lang, way: Way) -> String {
    t.msg(&format!("portal-way-{}", way.id()))
}

/// The same with the address where the post brings it.
pub(super) fn said(t: Lang, delivery: &Delivery) -> String {
    let way = way(t, delivery.way);
    if delivery.address.is_empty() { way } else { format!("{way}: {}", delivery.address) }
}

/// `GET /portal/drafts/{id}/result`
pub async fn question(v: Visit, Path(id): Path<String>) -> PageResult {
    let open = opened(&v, &id).await?;
    let said = open.delivery();
    Ok(render(&page(&v, &open, Some(said.way), &said.address, v.ctx.param("back").unwrap_or_default(), &Wrong::default())))
}

/// What is wrong with which answer.
#[derive(Default)]
struct Wrong {
    way: String,
    address: String,
}

/// The person's own address, as the form or the identity knows it.
fn home(v: &Visit, open: &Open) -> String {
    let asked = open.procedure.def.fields().find(|f| f.prefill.as_deref() == Some("identity.address"));
    let answered = asked.and_then(|f| open.draft.form.get(&f.field.id)).and_then(|a| a.as_str()).unwrap_or_default();
    match v.filer() {
        Filer::Citizen(citizen) if answered.is_empty() => citizen.address.clone().unwrap_or_default(),
        _ => answered.to_owned(),
    }
}

fn page(v: &Visit, open: &Open, chosen: Option<Way>, address: &str, back: &str, wrong: &Wrong) -> QuestionPage {
    let t = v.t();
    let choice = |w: Way| Choice { value: w.id().to_owned(), text: way(t, w), selected: chosen == Some(w) };
    let questions = vec![
        Question {
            id: "result_way".into(),
            label: t.msg("portal-result-way"),
            error: wrong.way.clone(),
            required: true,
            ask: Ask::Radio,
            choices: Way::ALL.map(choice).to_vec(),
            ..Question::default()
        },
        Question {
            id: "result_address".into(),
            label: t.msg("portal-result-address"),
            hint: t.msg("portal-result-address-hint"),
            error: wrong.address.clone(),
            html: "text",
            autocomplete: "street-address",
            value: if address.is_empty() && wrong.address.is_empty() { home(v, open) } else { address.to_owned() },
            ..Question::default()
        },
    ];
    let faults = summary(&questions);
    let before = open.at(if back == CHECK { "/check" } else { "/papers" });
    let mut f = v.frame(t.msg("portal-result-way")).back_to(&before, "portal-back");
    f.wrong = !faults.is_empty();
    QuestionPage {
        place: open.place(v, open.pages(v).len() + 2),
        lead: t.msg("portal-result-lead"),
        faults,
        questions,
        action: open.at("/result"),
        return_to: back.to_owned(),
        submit: t.msg(if back == CHECK { "portal-save-back" } else { "portal-next" }),
        save: t.msg("portal-later"),
        f,
    }
}

/// `POST /portal/drafts/{id}/result`
pub async fn answer(Path(id): Path<String>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let open = opened(v, &id).await?;
    let (back, address) = (sent.posted.get("back"), sent.posted.get("result_address"));
    let chosen = Way::of(sent.posted.get("result_way"));
    let again = |wrong: Wrong| {
        let page = page(v, &open, chosen, address, back, &wrong);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
    };
    let Some(way) = chosen else {
        let text = v.t().msg1("portal-fault-field-required", "label", v.t().msg("portal-result-way"));
        return again(Wrong { way: text, ..Wrong::default() });
    };
    let delivery = Delivery { way, address: address.to_owned() };
    match office.choose_delivery(&v.filer(), &open.key, open.draft.version, &delivery).await {
        Ok(_) if sent.posted.get("then") == "later" => Ok(v.go(&open.at("/saved"))),
        Ok(_) => Ok(v.go(&open.at("/check"))),
        Err(e @ Error::Refused(_)) if matches!(e.code(), "one_stop.result_address" | "input.too_long") => {
            again(Wrong { address: sentence(&e, v.t()), ..Wrong::default() })
        }
        Err(e) => Err(v.fault(e)),
    }
}
