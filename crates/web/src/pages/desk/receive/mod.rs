//! `/desk/receive`: from the words somebody says at the counter to the appointment slip, with the keyboard alone; or to the slip that
//! says what is missing, or why it is not received.

mod chosen;
mod form;
mod instead;
mod known;
mod received;
mod scans;
mod typed;

use std::sync::Arc;

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use office::{
    Error,
    one_stop::{Applicant, Begun, CounterInput, PaidNow, PartGiven},
};
use rules::{access::Action, one_stop::Channel, procedure::Procedure};
use store::RecordId;

pub(super) use self::chosen::comes_back;
use self::{
    chosen::Chosen,
    form::form,
    received::{Told, received},
    scans::given,
    typed::Typed,
};
use super::{DOSSIER, delivery, inbox::remarks, people::desk_unit, words};
use crate::{
    http::{Ctx, PageResult, Posted, error::render},
    pages::work::common::{mendable, segment},
    view::{
        Section,
        desk::{ProcedureLine, ReceivePage},
    },
};

/// Procedures listed before anything was asked.
const FIRST: usize = 12;
const FOUND: usize = 20;

/// `GET /desk/receive`
pub async fn page(ctx: Ctx) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    if let Some(id) = ctx.param("dossier") {
        return again(&ctx, id).await;
    }
    if let Some(code) = ctx.param("procedure") {
        let chosen = Chosen::named(&ctx, code, "")?;
        // An address is written down in many places: no person's number stands in it.
        let carried = ctx.query.iter().filter(|(n, _)| matches!(n.as_str(), "unit" | "ticket" | "channel")).cloned();
        let mut typed = Typed { fields: carried.collect(), ..Typed::default() };
        typed.set("idempotency_key", &RecordId::new().to_string());
        return form(&ctx, &chosen, typed, None).await;
    }
    let (world, today) = (office.world(), office.today());
    let unit = desk_unit(&ctx)?;
    let q = ctx.param("q").unwrap_or_default().to_owned();
    let s = ctx.shell(Section::Desk, t.msg("desk-receive"), false).await?;
    let offered = world.procedures_for(unit, today);
    let foreign = |p: &Procedure| !offered.iter().any(|o| o.def.code == p.def.code);
    let mut list: Vec<&Arc<Procedure>> =
        if q.is_empty() { offered.iter().copied().take(FIRST).collect() } else { world.find_procedures(&q, today, FOUND) };
    // What is decided elsewhere comes last: it can only be refused here.
    list.sort_by_key(|p| foreign(p));
    let lines = list.iter().map(|p| {
        let mut query = vec![("procedure", p.def.code.as_str())];
        let carried: Vec<(&str, &str)> = ["unit", "ticket"].iter().filter_map(|n| ctx.param(n).map(|v| (*n, v))).collect();
        query.extend(carried);
        ProcedureLine {
            href: s.link_with("/desk/receive", &query),
            code: p.def.code.clone(),
            name: t.pick(&p.def.name).to_owned(),
            sector: t.pick(&p.def.sector.name).to_owned(),
            term: words::term(t, p.def.term),
            fee: fee_text(&ctx, p),
            foreign: foreign(p),
        }
    });
    let page = ReceivePage { procedures: lines.collect(), q, chosen: None, remarks: remarks(&ctx, unit).await?, s };
    Ok(render(&page))
}

fn fee_text(ctx: &Ctx, p: &Procedure) -> String {
    let amounts: Vec<u64> = p.def.fees.iter().filter_map(|f| f.amount_vnd).filter(|a| *a > 0).collect();
    match (amounts.iter().min(), p.def.fees.iter().any(|f| f.amount.is_some())) {
        (None, false) => ctx.t.msg("desk-fee-free"),
        (None, true) => String::new(),
        (Some(least), _) => ctx.t.msg1("desk-fee-from", "amount", words::vnd(ctx.t, *least)),
    }
}

/// The form of a dossier that comes back, with what was written down before. One that is past that is shown as it stands.
async fn again(ctx: &Ctx, id: &str) -> PageResult {
    let chosen = Chosen::of_dossier(ctx, id).await?;
    let Some(d) = chosen.begun.as_ref().filter(|d| comes_back(d)) else {
        return Ok(Redirect::to(&format!("/desk/dossiers/{}", segment(id))).into_response());
    };
    let mut typed = Typed::of_dossier(d, &chosen.procedure);
    typed.set("idempotency_key", &RecordId::new().to_string());
    form(ctx, &chosen, typed, None).await
}

/// `POST /desk/receive/look`: what is known of the identity number, with all that was typed kept.
pub async fn look(posted: Posted) -> PageResult {
    let ctx = posted.ctx.on("/desk/receive");
    let chosen = Chosen::posted(&ctx, &posted).await?;
    let mut typed = Typed::of(&posted);
    match typed.keep_scans(&ctx, &chosen.key(&ctx), &chosen.procedure, &posted).await {
        Err(e) if !mendable(&e) => Err(ctx.fault(e)),
        kept => form(&ctx, &chosen, typed, kept.err()).await,
    }
}

/// `POST /desk/receive`
pub async fn receive(posted: Posted) -> PageResult {
    let ctx = posted.ctx.on("/desk/receive");
    let chosen = Chosen::posted(&ctx, &posted).await?;
    ctx.demand(Action::Edit, Some(DOSSIER), &chosen.key(&ctx))?;
    let mut typed = Typed::of(&posted);
    let done = async {
        let parts = brought(&ctx, &chosen, &mut typed, &posted).await?;
        let input = input(&ctx, &chosen, &typed, &posted, parts, typed.paid()?);
        ctx.app.office.receive(&ctx.actor(), &input).await
    };
    match done.await {
        Ok(filed) => received(&ctx, chosen.unit, &filed, Told::Received).await,
        Err(e) if mendable(&e) => form(&ctx, &chosen, typed, Some(e)).await,
        Err(e) => Err(ctx.fault(e)),
    }
}

/// `POST /desk/receive/ask`, `/desk/receive/refuse`: written down, and not received.
pub async fn turn_back(Path(kind): Path<String>, posted: Posted) -> PageResult {
    let ctx = posted.ctx.on("/desk/receive");
    let kind = instead::of_address(&kind).ok_or_else(|| ctx.fault(Error::not_found(&kind)))?;
    let chosen = Chosen::posted(&ctx, &posted).await?;
    ctx.demand(Action::Edit, Some(DOSSIER), &chosen.key(&ctx))?;
    let mut typed = Typed { tried: Some(kind), ..Typed::of(&posted) };
    let done = async {
        let parts = brought(&ctx, &chosen, &mut typed, &posted).await?;
        let instead = instead::read(&posted, kind)?;
        let input = input(&ctx, &chosen, &typed, &posted, parts, None);
        ctx.app.office.turn_back(&ctx.actor(), &input, &instead).await
    };
    match done.await {
        Ok(filed) => received(&ctx, chosen.unit, &filed, Told::TurnedBack(kind)).await,
        Err(e) if mendable(&e) => form(&ctx, &chosen, typed, Some(e)).await,
        Err(e) => Err(ctx.fault(e)),
    }
}

/// What was handed in, its scans kept first.
async fn brought(ctx: &Ctx, chosen: &Chosen, typed: &mut Typed, posted: &Posted) -> Result<Vec<PartGiven>, Error> {
    let key = chosen.key(ctx);
    typed.keep_scans(ctx, &key, &chosen.procedure, posted).await?;
    given(ctx, &key, &chosen.procedure, typed).await
}

fn input(ctx: &Ctx, chosen: &Chosen, typed: &Typed, posted: &Posted, parts: Vec<PartGiven>, paid: Option<PaidNow>) -> CounterInput {
    let text = |name: &str| typed.get(name).to_owned();
    let version = || typed.get("version").parse().ok();
    CounterInput {
        procedure: chosen.procedure.def.code.clone(),
        unit: chosen.key(ctx),
        channel: if typed.get("channel") == "post" { Channel::Post } else { Channel::Counter },
        applicant: Applicant {
            name: text("name"),
            id_number: text("id_number"),
            phone: text("phone"),
            email: text("email"),
            address: text("address"),
            kind: text("kind"),
        },
        form: typed.form(&chosen.procedure),
        parts,
        away_unit: Some(text("away_unit")).filter(|x| !x.is_empty()),
        ticket: Some(text("ticket")).filter(|x| !x.is_empty()),
        begun: chosen.begun.as_ref().map(|d| Begun { id: d.record.id.to_string(), version: version().unwrap_or(d.record.version) }),
        delivery: delivery::of(|name| typed.get(name)),
        identified: posted.checked("identified"),
        paid,
        despite_duplicate: posted.checked("despite_duplicate"),
        once: text("idempotency_key"),
    }
}
