//! `/desk/receive`: from the words somebody says at the counter to the appointment slip, with the keyboard alone.

mod form;
mod known;
mod received;
mod scans;
mod typed;

use std::sync::Arc;

use office::{
    Error,
    one_stop::{Applicant, CounterInput},
};
use rules::{one_stop::Channel, procedure::Procedure};
use store::RecordId;

use self::{form::form, received::received, scans::given, typed::Typed};
use super::{DOSSIER, delivery, inbox::remarks, people::desk_unit, words};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render},
    pages::work::common::mendable,
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
    let unit = desk_unit(&ctx)?;
    let (world, today) = (office.world(), office.today());
    if let Some(code) = ctx.param("procedure") {
        let found = world.procedure(code, today).cloned();
        let procedure = found.ok_or_else(|| ctx.fault(Error::not_found(code)))?;
        // An address is written down in many places: no person's number stands in it.
        let carried = ctx.query.iter().filter(|(n, _)| matches!(n.as_str(), "unit" | "ticket" | "channel")).cloned();
        let mut typed = Typed { fields: carried.collect(), ..Typed::default() };
        typed.set("idempotency_key", &RecordId::new().to_string());
        return form(&ctx, unit, &procedure, typed, None).await;
    }
    let q = ctx.param("q").unwrap_or_default().to_owned();
    let s = ctx.shell(Section::Desk, t.msg("desk-receive"), false).await?;
    let offered = world.procedures_for(unit, today);
    let list: Vec<&Arc<Procedure>> = if q.is_empty() {
        offered.into_iter().take(FIRST).collect()
    } else {
        let found = world.find_procedures(&q, today, FOUND);
        found.into_iter().filter(|p| offered.iter().any(|o| o.def.code == p.def.code)).collect()
    };
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

/// `POST /desk/receive/look`: what is known of the identity number, with all that was typed kept.
pub async fn look(posted: Posted) -> PageResult {
    let ctx = posted.ctx.on("/desk/receive");
    let (unit, procedure) = chosen(&ctx, &posted)?;
    let key = ctx.app.office.world().units.key(unit).to_string();
    let mut typed = Typed::of(&posted);
    match typed.keep_scans(&ctx, &key, &procedure, &posted).await {
        Err(e) if !mendable(&e) => Err(ctx.fault(e)),
        kept => form(&ctx, unit, &procedure, typed, kept.err()).await,
    }
}

fn chosen(ctx: &Ctx, posted: &Posted) -> Result<(u32, Arc<Procedure>), PageError> {
    let (world, today) = (ctx.app.office.world(), ctx.app.office.today());
    let code = posted.get("procedure");
    let procedure = world.procedure(code, today).cloned().ok_or_else(|| ctx.fault(Error::not_found(code)))?;
    let unit = match posted.get("unit") {
        "" => desk_unit(ctx)?,
        text => world.unit_idx(text, today).ok_or_else(|| ctx.fault(Error::not_found(text)))?,
    };
    Ok((unit, procedure))
}

/// `POST /desk/receive`
pub async fn receive(posted: Posted) -> PageResult {
    let ctx = posted.ctx.on("/desk/receive");
    let office = &ctx.app.office;
    let (unit, procedure) = chosen(&ctx, &posted)?;
    let key = office.world().units.key(unit).to_string();
    ctx.demand(rules::access::Action::Edit, Some(DOSSIER), &key)?;
    let mut typed = Typed::of(&posted);
    let read = async {
        typed.keep_scans(&ctx, &key, &procedure, &posted).await?;
        Ok::<_, Error>((given(&ctx, &key, &procedure, &typed).await?, typed.paid()?))
    };
    let (parts, paid) = match read.await {
        Ok(read) => read,
        Err(e) if mendable(&e) => return form(&ctx, unit, &procedure, typed, Some(e)).await,
        Err(e) => return Err(ctx.fault(e)),
    };
    let text = |name: &str| typed.get(name).to_owned();
    let input = CounterInput {
        procedure: procedure.def.code.clone(),
        unit: key,
        channel: if typed.get("channel") == "post" { Channel::Post } else { Channel::Counter },
        applicant: Applicant {
            name: text("name"),
            id_number: text("id_number"),
            phone: text("phone"),
            email: text("email"),
            address: text("address"),
            kind: text("kind"),
        },
        form: typed.form(&procedure),
        parts,
        away_unit: Some(text("away_unit")).filter(|x| !x.is_empty()),
        ticket: Some(text("ticket")).filter(|x| !x.is_empty()),
        delivery: delivery::of(|name| typed.get(name)),
        identified: posted.checked("identified"),
        paid,
        despite_duplicate: posted.checked("despite_duplicate"),
        once: text("idempotency_key"),
    };
    match office.receive(&ctx.actor(), &input).await {
        Ok(filed) => received(&ctx, unit, &filed).await,
        Err(e) if mendable(&e) => form(&ctx, unit, &procedure, typed, Some(e)).await,
        Err(e) => Err(ctx.fault(e)),
    }
}
