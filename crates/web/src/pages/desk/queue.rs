//! `/desk/queue`: numbers taken, waiting, called.

use office::one_stop::Ticket;
use rules::access::Action;

use super::{DOSSIER, people::desk_unit, words};
use crate::{
    http::{Ctx, PageResult, Posted, error::render},
    pages::work::common::{done, form, segment},
    view::{
        Field, Input, Link, Section, Shell,
        desk::{QueuePage, TicketLine},
    },
};

fn line(ctx: &Ctx, s: &Shell, unit: &str, x: &Ticket) -> TicketLine {
    TicketLine {
        number: format!("{:03}", x.number),
        sector: x.sector.clone().unwrap_or_default(),
        taken: x.taken_at.map(|at| words::short(ctx.t, at)).unwrap_or_default(),
        priority: x.priority,
        receive: s.link_with("/desk/receive", &[("unit", unit), ("ticket", &x.id)]),
    }
}

/// `GET /desk/queue`
pub async fn page(ctx: Ctx) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let key = office.world().units.key(desk_unit(&ctx)?).to_string();
    ctx.demand(Action::Edit, Some(DOSSIER), &key)?;
    let mut s = ctx.shell(Section::Desk, t.msg("desk-queue"), true).await?;
    s.live = s.live.take().map(|live| format!("{live}?register={}&unit={}", office::one_stop::QUEUE_TICKET, segment(&key)));
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    let list = office.tickets(&key).await.map_err(|e| ctx.fault(e))?;
    let waiting = list.iter().filter(|x| x.state == "waiting").map(|x| line(&ctx, &s, &key, x)).collect();
    let called = list.iter().filter(|x| x.state == "called").max_by_key(|x| x.called_at);
    let counter = called.and_then(|x| x.counter.clone()).unwrap_or_else(|| "1".into());
    let hidden = || Field::new("at", String::new(), Input::Hidden).value(&key);
    let page = QueuePage {
        waiting,
        now: called.map(|x| line(&ctx, &s, &key, x)),
        take: Some(form(
            &s,
            "/desk/queue/take",
            t.msg("desk-queue-take-do"),
            vec![
                hidden(),
                Field::new("sector", t.msg("desk-sector"), Input::Text),
                Field::new("priority", t.msg("desk-queue-priority"), Input::Check),
            ],
        )),
        call: Some(form(
            &s,
            "/desk/queue/call",
            t.msg("desk-queue-call"),
            vec![hidden(), Field::new("counter", t.msg("desk-queue-counter"), Input::Text).value(counter).required()],
        )),
        s,
    };
    Ok(render(&page))
}

/// `POST /desk/queue/take`: at the machine by the door; the officer may press it for somebody.
pub async fn take(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let unit = posted.get("at").to_owned();
    ctx.demand(Action::Edit, Some(DOSSIER), &unit)?;
    ctx.app.office.take_ticket(&unit, posted.get("sector").trim(), posted.checked("priority")).await.map_err(|e| ctx.fault(e))?;
    done(ctx, "/desk/queue", "desk-ticket")
}

/// `POST /desk/queue/call`
pub async fn call(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    ctx.app.office.call_ticket(&ctx.actor(), posted.get("at"), posted.get("counter").trim()).await.map_err(|e| ctx.fault(e))?;
    done(ctx, "/desk/queue", "desk-called")
}
