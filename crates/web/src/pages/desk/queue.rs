//! `/desk/queue`: numbers drawn, waiting, called, missed; the slip with a number.

use axum::extract::Path;
use office::one_stop::{QUEUE_TICKET, Ticket};
use rules::access::Action;

use super::{
    DOSSIER,
    people::{People, desk_unit},
    words,
};
use crate::{
    http::{Ctx, PageResult, Posted, error::render},
    pages::work::common::{choices, done, form, form_on, segment},
    view::{
        Field, Form, Input, Link, Section, Shell,
        desk::{CalledLine, QueuePage, TicketLine, TicketSlip},
    },
};

fn slip_of(id: &str) -> String {
    format!("/desk/queue/tickets/{}", segment(id))
}

fn line(ctx: &Ctx, s: &Shell, x: &Ticket) -> TicketLine {
    TicketLine {
        number: words::ticket(x.number),
        sector: x.sector.clone().unwrap_or_default(),
        taken: x.taken_at.map(|at| words::hour(ctx.t, at)).unwrap_or_default(),
        priority: x.priority,
        slip: s.link(&slip_of(&x.id)),
    }
}

/// A button on one number.
fn button(s: &Shell, x: &Ticket, act: &str, label: &str) -> Form {
    form_on(s, &format!("{}/{act}", slip_of(&x.id)), s.t.msg(label), Vec::new(), x.version)
}

/// `GET /desk/queue`
pub async fn page(ctx: Ctx) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let unit = desk_unit(&ctx)?;
    let key = office.world().units.key(unit).to_string();
    ctx.demand(Action::Edit, Some(DOSSIER), &key)?;
    let mut s = ctx.shell(Section::Desk, t.msg("desk-queue"), true).await?;
    s.live = s.live.take().map(|live| format!("{live}?register={QUEUE_TICKET}&unit={}", segment(&key)));
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    let list = office.tickets(&key).await.map_err(|e| ctx.fault(e))?;
    let people = People::load(&ctx).await?;
    let me = ctx.actor().account;
    let (mut called, mut missed): (Vec<_>, Vec<_>) = list.iter().filter(|x| x.state != "waiting").partition(|x| x.state == "called");
    called.sort_by_key(|x| std::cmp::Reverse(x.called_at));
    missed.sort_by_key(|x| std::cmp::Reverse(x.called_at));
    let (own, others): (Vec<&Ticket>, Vec<&Ticket>) = called.into_iter().partition(|x| x.officer.as_deref() == Some(&me));
    let counter = own.first().and_then(|x| x.counter.clone()).unwrap_or_else(|| "1".into());
    let mine = own.into_iter().map(|x| CalledLine {
        at: x.counter.clone().unwrap_or_default(),
        who: String::new(),
        receive: s.link_with("/desk/receive", &[("unit", &key), ("ticket", &x.id)]),
        acts: vec![
            button(&s, x, "again", "desk-queue-again"),
            button(&s, x, "served", "desk-queue-served"),
            Form { grave: true, ..button(&s, x, "missed", "desk-queue-missed-do") },
        ],
        line: line(&ctx, &s, x),
    });
    let mine = mine.collect();
    let elsewhere = others.into_iter().map(|x| CalledLine {
        at: x.counter.clone().unwrap_or_default(),
        who: people.name(&ctx, x.officer.as_deref().unwrap_or_default()),
        receive: String::new(),
        acts: Vec::new(),
        line: line(&ctx, &s, x),
    });
    let elsewhere = elsewhere.collect();
    let missed = missed.into_iter().map(|x| CalledLine {
        at: x.counter.clone().unwrap_or_default(),
        who: String::new(),
        receive: String::new(),
        acts: vec![button(&s, x, "again", "desk-queue-again")],
        line: line(&ctx, &s, x),
    });
    let missed = missed.collect();
    let mut waiting: Vec<&Ticket> = list.iter().filter(|x| x.state == "waiting").collect();
    // As they are called.
    waiting.sort_by_key(|x| (!x.priority, x.number));
    let waiting: Vec<TicketLine> = waiting.into_iter().map(|x| line(&ctx, &s, x)).collect();
    let named = office.sectors(unit);
    // Whatever the page speaks, a number keeps the Vietnamese name.
    let sectors = |none: &str| {
        let each = named.iter().map(|x| (x.vi.clone(), t.pick(x).to_owned()));
        std::iter::once((String::new(), t.msg(none))).chain(each).collect::<Vec<_>>()
    };
    let hidden = || Field::new("at", String::new(), Input::Hidden).value(&key);
    let page = QueuePage {
        mine,
        elsewhere,
        missed,
        take: form(
            &s,
            "/desk/queue/take",
            t.msg("desk-queue-take-do"),
            vec![
                hidden(),
                Field::new("sector", t.msg("desk-sector"), Input::Select).choices(choices(sectors("desk-queue-no-sector"), "")),
                Field::new("priority", t.msg("desk-queue-priority-long"), Input::Check),
            ],
        ),
        call: form(
            &s,
            "/desk/queue/call",
            t.msg("desk-queue-call"),
            vec![
                hidden(),
                Field::new("counter", t.msg("desk-queue-counter"), Input::Text).value(counter).required(),
                Field::new("sector", t.msg("desk-sector"), Input::Select)
                    .choices(choices(sectors("desk-queue-all-sectors"), ctx.param("sector").unwrap_or_default())),
            ],
        ),
        wall: s.link(&format!("/portal/queue/{}", segment(&key))),
        door: format!("/portal/queue/{}/take?door=1", segment(&key)),
        waiting,
        s,
    };
    Ok(render(&page))
}

/// `POST /desk/queue/take`: at the machine by the door; the officer may press it for somebody.
pub async fn take(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let unit = posted.get("at").to_owned();
    ctx.demand(Action::Edit, Some(DOSSIER), &unit)?;
    let office = &ctx.app.office;
    let ticket = office.take_ticket(&unit, posted.get("sector").trim(), posted.checked("priority")).await.map_err(|e| ctx.fault(e))?;
    done(ctx, &slip_of(&ticket.id), "desk-ticket")
}

/// `POST /desk/queue/call`
pub async fn call(posted: Posted) -> PageResult {
    let (ctx, sector) = (&posted.ctx, posted.get("sector"));
    let called = ctx.app.office.call_ticket_of(&ctx.actor(), posted.get("at"), posted.get("counter").trim(), sector).await;
    let said = match called.map_err(|e| ctx.fault(e))? {
        Some(_) => "desk-called",
        None if sector.is_empty() => "desk-called-nobody",
        None => "desk-called-nobody-there",
    };
    // The next one is called the same way.
    let query = serde_urlencoded::to_string([("sector", sector)]).unwrap_or_default();
    done(ctx, &if sector.is_empty() { "/desk/queue".to_owned() } else { format!("/desk/queue?{query}") }, said)
}

/// `POST /desk/queue/tickets/{id}/{act}`: called again, served, not there.
pub async fn act(Path((id, act)): Path<(String, String)>, posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let (office, actor) = (&ctx.app.office, ctx.actor());
    let version = posted.version()?;
    let said = match act.as_str() {
        "again" => office.recall_ticket(&actor, &id, version).await.map(|_| "desk-called"),
        "served" => office.end_ticket(&actor, &id, version, true).await.map(|()| "desk-served"),
        "missed" => office.end_ticket(&actor, &id, version, false).await.map(|()| "desk-missed"),
        _ => Err(office::Error::not_found(&act)),
    };
    done(ctx, "/desk/queue", said.map_err(|e| ctx.fault(e))?)
}

/// `GET /desk/queue/tickets/{id}`: the slip with a number, ready for the printer.
pub async fn slip(ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let (x, before) = office.ticket(&id).await.map_err(|e| ctx.fault(e))?;
    ctx.demand(Action::Edit, Some(DOSSIER), &x.unit)?;
    let s = ctx.shell(Section::None, t.msg("desk-ticket-title"), false).await?;
    let unit = x.unit.parse().ok().and_then(|k| office.world().units.get(&k).map(|u| t.pick(&u.name).to_owned())).unwrap_or_default();
    let page = TicketSlip {
        unit,
        number: words::ticket(x.number),
        taken: x.taken_at.map(|at| t.moment(at)).unwrap_or_default(),
        sector: x.sector.clone().unwrap_or_default(),
        priority: x.priority,
        before: if x.state == "waiting" { t.msg1("desk-ticket-before", "count", before) } else { String::new() },
        back: s.link_with("/desk/queue", &[("unit", &x.unit)]),
        s,
    };
    Ok(render(&page))
}
