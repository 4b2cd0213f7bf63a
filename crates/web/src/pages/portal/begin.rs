//! A procedure as a citizen reads it: what is needed, how long, how much, where, who; and the door to filing.

use std::sync::Arc;

use axum::extract::Path;
use office::Error;
use rules::procedure::{Online, Procedure};

use super::{
    frame::{Sent, Visit},
    view::{Ask, Item, ProcedurePage, Question},
    words,
};
use crate::{
    http::{PageError, PageResult, error::render},
    pages::{contact, show::segment},
    view::{Choice, Link},
};

/// Units offered as buttons; more are a list to open.
const RADIOS: usize = 8;
/// Parameter that carries the chosen unit through signing in.
const CHOSEN: &str = "chosen";

fn procedure(v: &Visit, code: &str) -> Result<Arc<Procedure>, PageError> {
    let office = &v.ctx.app.office;
    office.world().procedure(code, office.today()).cloned().ok_or_else(|| v.fault(Error::not_found(code)))
}

/// The units that decide it today.
fn units(v: &Visit, p: &Procedure) -> Vec<u32> {
    let office = &v.ctx.app.office;
    let (world, day) = (office.world(), office.today());
    let Some(top) = world.root_on(day).and_then(|k| world.units.idx(k)) else { return Vec::new() };
    let mut list: Vec<u32> = world.units.subtree_on(top, day).filter(|u| world.units.unit(*u).level == p.def.level).collect();
    list.retain(|u| world.procedures_for(*u, day).iter().any(|x| x.def.code == p.def.code));
    list.sort_by(|a, b| rules::text::compare(&world.units.unit(*a).name.vi, &world.units.unit(*b).name.vi));
    list
}

/// `GET /portal/procedures/{code}`
pub async fn show(v: Visit, Path(code): Path<String>) -> PageResult {
    let p = procedure(&v, &code)?;
    Ok(render(&page(&v, &p, String::new())))
}

fn page(v: &Visit, p: &Procedure, error: String) -> ProcedurePage {
    let (t, def) = (v.t(), &p.def);
    let world = v.ctx.app.office.world();
    let list = units(v, p);
    let mut f = v.frame(t.pick(&def.name)).back_to("/portal/procedures", "portal-all");
    f.wrong = !error.is_empty();
    let pick = |text: &Option<rules::Localized>| text.as_ref().map(|x| t.pick(x).to_owned()).unwrap_or_default();
    let today = v.ctx.app.office.today();
    // By name, and how its desk is reached.
    let reached = |u: u32| {
        let how = contact::line(t, world.contact(u, today).as_ref());
        let name = v.ctx.unit_name(u);
        if how.is_empty() { name } else { format!("{name} – {how}") }
    };
    // Chosen before signing in, it is still chosen afterwards.
    let chosen = v.ctx.param(CHOSEN);
    let choices: Vec<Choice> = list
        .iter()
        .map(|u| {
            let value = world.units.key(*u).to_string();
            let text = if list.len() > RADIOS { v.ctx.unit_name(*u) } else { reached(*u) };
            Choice { selected: list.len() == 1 || chosen == Some(value.as_str()), value, text }
        })
        .collect();
    let mut where_ = Question {
        id: "unit".into(),
        label: t.msg("portal-where-to"),
        hint: t.msg("portal-where-hint"),
        error: error.clone(),
        required: true,
        ask: if choices.len() > RADIOS { Ask::Select } else { Ask::Radio },
        choices,
        ..Question::default()
    };
    if where_.ask == Ask::Select {
        let none = !where_.choices.iter().any(|c| c.selected);
        where_.choices.insert(0, Choice { value: String::new(), text: t.msg("choice-choose"), selected: none });
    }
    let longer = match (def.max_term, pick(&def.max_term_reason)) {
        (Some(most), why) => t.msg2("portal-longer", "term", words::term(t, most), "why", why),
        (None, _) => String::new(),
    };
    let identity = match (def.identity, v.is_guest()) {
        (0, _) | (_, false) => String::new(),
        (level, true) => t.msg1("portal-identity-needed", "level", i64::from(level)),
    };
    let step = |s: &rules::procedure::StepDef| Item {
        name: t.pick(&s.name).to_owned(),
        about: s.agency.as_ref().map_or_else(|| t.msg(&format!("portal-who-{}", s.who.id())), |a| t.pick(a).to_owned()),
        ..Item::default()
    };
    let fee = |x: &rules::procedure::FeeDef| {
        let waived: Vec<String> =
            def.waivers.iter().filter(|w| w.fee == x.id || w.fee == "*").map(|w| t.pick(&w.reason).to_owned()).collect();
        Item { name: format!("{}: {}", t.pick(&x.name), words::fee(t, x)), about: waived.join(". "), ..Item::default() }
    };
    ProcedurePage {
        summary: pick(&def.summary),
        term: words::term(t, def.term),
        longer,
        cost: words::cost(t, def),
        online: words::online(t, def.online),
        partial: if def.online == Online::Full { String::new() } else { pick(&def.partial_reason) },
        result: t.pick(&def.result.name).to_owned(),
        begin: def.online != Online::None && !def.pages.is_empty(),
        start: format!("/portal/procedures/{}", segment(&def.code)),
        faults: if error.is_empty() { Vec::new() } else { vec![Link::new("#unit", error)] },
        where_,
        identity,
        parts: def
            .parts
            .iter()
            .map(|x| Item { name: t.pick(&x.name).to_owned(), about: words::part(t, x, false), ..Item::default() })
            .collect(),
        fees: def.fees.iter().map(fee).collect(),
        channels: words::channels(t, &def.channels),
        units: list.iter().map(|u| reached(*u)).collect(),
        steps: def.steps.iter().map(step).collect(),
        law: def.legal_basis.clone(),
        version: t.msg2("portal-version", "code", def.code.as_str(), "from", t.date(def.valid_from)),
        unconfirmed: def.unconfirmed(),
        f,
    }
}

/// `POST /portal/procedures/{code}`: begins a draft.
pub async fn begin(Path(code): Path<String>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let p = procedure(v, &code)?;
    let unit = sent.posted.get("unit");
    if unit.is_empty() {
        let page = page(v, &p, v.t().msg("portal-where-missing"));
        return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response());
    }
    if p.def.identity > 0 && v.is_guest() {
        // Whoever signs in comes back to the procedure; nothing typed is lost, for nothing was asked yet.
        let chosen = serde_urlencoded::to_string([(CHOSEN, unit)]).unwrap_or_default();
        let back = format!("/portal/procedures/{}?{chosen}", segment(&code));
        let next = serde_urlencoded::to_string([("next", back)]).unwrap_or_default();
        return Ok(v.go(&format!("/portal/sign-in?{next}")));
    }
    if v.is_guest() {
        office.guest_begins(v.client()).await.map_err(|e| v.fault(e))?;
    }
    let (draft, key) = office.open_draft(&v.filer(), &code, unit, None).await.map_err(|e| v.fault(e))?;
    let mut response = v.go(&format!("/portal/drafts/{}", draft.id));
    v.remember_draft(&mut response, &key);
    Ok(response)
}

use axum::response::IntoResponse;
