//! `/desk`: what is due next, with counters, filters, rows for the keyboard, and handing over several at once.

use office::one_stop::{Bucket, DeskFilter, DeskRow, payment::PAYMENT};
use rules::{access::Action, procedure::Who};

use super::{
    DOSSIER,
    clock::channel,
    people::{NOBODY, People, desk_unit, unit_choices},
    words,
};
use crate::{
    http::{
        Ctx, PageError, PageResult, Posted,
        error::{render, sentence},
    },
    pages::work::common::{done, segment},
    view::{
        Chip, Choice, Link, Pager, Picker, Section, Shell,
        desk::{Bulk, DeskLine, InboxPage},
    },
};

/// Groups of dossiers that are another unit's: parts to give back, and what was received here for it.
const LINKED: &str = "linked";
const RECEIVED: &str = "received_for";
/// Rows of a page: what one sees and walks through without losing the thread.
const ROWS: i64 = 40;

/// `GET /desk`
pub async fn page(ctx: Ctx) -> PageResult {
    shown(&ctx, Vec::new()).await
}

async fn shown(ctx: &Ctx, failed: Vec<(String, String)>) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let unit = desk_unit(ctx)?;
    let world = office.world();
    let filter = DeskFilter {
        unit: Some(unit),
        mine: ctx.param("mine").is_some(),
        bucket: ctx.param("bucket").and_then(Bucket::of),
        procedure: ctx.param("procedure").map(str::to_owned),
        step: None,
        search: ctx.param("q").unwrap_or_default().to_owned(),
        after: ctx.param("after").map(str::to_owned),
        limit: ROWS,
    };
    let mut desk = office.desk(&ctx.actor(), &filter).await.map_err(|e| ctx.fault(e))?;
    let mut s = ctx.shell(Section::Desk, t.msg("desk-title"), true).await?;
    s.live = s.live.take().map(|live| format!("{live}?register={DOSSIER}&unit={}", segment(&world.units.key(unit).to_string())));
    let units = unit_choices(ctx, unit);
    if units.len() > 1 {
        let keep = s.query.iter().filter(|(n, _)| n != "after").cloned().collect();
        s.pick = Some(Picker { units, periods: Vec::new(), as_of: String::new(), keep });
    }
    let people = People::load(ctx).await?;
    // What the list shows while no kind is chosen: not what the citizen has to do.
    let all: i64 = desk.counts.iter().filter(|(b, _)| !matches!(b, Bucket::Citizen | Bucket::Result)).map(|(_, n)| n).sum();
    let chosen = ctx.param("bucket").unwrap_or_default();
    let mut chips =
        vec![Chip { href: s.here_with("bucket", None), text: t.msg("desk-all"), count: t.int(all), on: chosen.is_empty(), mark: None }];
    for bucket in Bucket::ALL {
        let (id, n) = (bucket.id(), desk.counts.get(&bucket).copied().unwrap_or(0));
        chips.push(Chip {
            href: s.here_with("bucket", (chosen != id).then_some(id)),
            text: t.msg(&words::key("desk-bucket", id)),
            count: t.int(n),
            on: chosen == id,
            mark: match bucket {
                Bucket::Late => Some(crate::view::Mark::Overdue),
                Bucket::Today => Some(crate::view::Mark::AtRisk),
                Bucket::Citizen | Bucket::Waiting => Some(crate::view::Mark::Waiting),
                Bucket::Result => Some(crate::view::Mark::Completed),
                _ => None,
            },
        });
    }
    // What waits here in dossiers of other units: told only where there is something.
    let others = office.desk_of_others(&ctx.actor(), unit).await.map_err(|e| ctx.fault(e))?;
    for (id, rows) in [(LINKED, &others.linked), (RECEIVED, &others.received)] {
        if !rows.is_empty() || chosen == id {
            chips.push(Chip {
                href: s.here_with("bucket", (chosen != id).then_some(id)),
                text: t.msg(&words::key("desk-bucket", id)),
                count: t.int(i64::try_from(rows.len()).unwrap_or(0)),
                on: chosen == id,
                mark: None,
            });
        }
    }
    // These two are lists of their own, on one page.
    match chosen {
        LINKED => (desk.rows, desk.next, desk.cut) = (others.linked, None, false),
        RECEIVED => (desk.rows, desk.next, desk.cut) = (others.received, None, false),
        _ => {}
    }
    let mine = Chip {
        href: s.here_with("mine", (!filter.mine).then_some("1")),
        text: t.msg("desk-mine"),
        count: String::new(),
        on: filter.mine,
        mark: None,
    };
    let (today, key) = (office.today(), world.units.key(unit).to_string());
    let may = |action| ctx.allowed(action, Some(DOSSIER), &key);
    let mut procedures = vec![Choice { value: String::new(), text: t.msg("desk-procedure-all"), selected: filter.procedure.is_none() }];
    for p in world.procedures_for(unit, today) {
        let selected = filter.procedure.as_deref() == Some(p.def.code.as_str());
        procedures.push(Choice { value: p.def.code.clone(), text: t.pick(&p.def.name).to_owned(), selected });
    }
    let rows: Vec<DeskLine> = desk.rows.iter().map(|r| line(ctx, &s, &people, r, may(Action::Edit))).collect();
    let bulk = (may(Action::Edit) && rows.iter().any(|r| !r.item.is_empty())).then(|| bulk(ctx, &s, &people, unit, &desk.rows));
    let page = InboxPage {
        unit: ctx.unit_name(unit),
        chips,
        mine,
        q: filter.search.clone(),
        procedures,
        cut: desk.cut,
        pager: pager(&s, &desk.rows, filter.after.is_some(), desk.next.as_deref()),
        rows,
        bulk,
        receive: if may(Action::Edit) { s.link_with("/desk/receive", &[("unit", &key)]) } else { String::new() },
        doors: doors(ctx, &s, &key),
        remarks: remarks(ctx, unit).await?,
        failed,
        s,
    };
    Ok(render(&page))
}

fn doors(ctx: &Ctx, s: &Shell, unit: &str) -> Vec<Link> {
    let mut out = Vec::new();
    let mut add = |path: &str, key: &str| out.push(Link::new(s.link_with(path, &[("unit", unit)]), ctx.t.msg(key)));
    if ctx.allowed(Action::Edit, Some(DOSSIER), unit) {
        add("/desk/queue", "desk-queue");
    }
    // Officers take money, leaders confirm what goes back.
    if [Action::Edit, Action::Decide].iter().any(|a| ctx.allowed(*a, Some(PAYMENT), unit)) {
        add("/desk/payments", "pay-title");
    }
    if ctx.allowed(Action::View, Some(office::one_stop::COMPLAINT), unit) {
        add("/desk/complaints", "desk-complaints");
    }
    if ctx.allowed(Action::Edit, Some(office::one_stop::DRAFT), unit) {
        add("/desk/help", "help-door");
    }
    add("/desk/tomorrow", "desk-tomorrow");
    add("/desk/map", "desk-map");
    add("/desk/book", "desk-paper-6");
    add("/desk/absences", "desk-absences");
    out
}

/// Policies and absences that hold today.
pub async fn remarks(ctx: &Ctx, unit: u32) -> Result<Vec<String>, PageError> {
    let (t, office) = (ctx.t, &ctx.app.office);
    let (world, today) = (office.world(), office.today());
    let mut out: Vec<String> = world
        .policies(unit, today)
        .filter(|p| p.no_paper(today.weekday()))
        .map(|p| t.msg1("desk-no-paper-today", "name", t.pick(&p.name)))
        .collect();
    let me = ctx.actor().account;
    let people = People::load(ctx).await?;
    for a in office.absences(&ctx.actor()).await.unwrap_or_default() {
        if a.from <= today && today <= a.to && (a.account == me || a.delegate == me) {
            let days = format!("{} – {}", t.date(a.from), t.date(a.to));
            let args =
                [("who", people.name(ctx, &a.account).into()), ("days", days.into()), ("delegate", people.name(ctx, &a.delegate).into())];
            out.push(t.format("desk-away", &args));
        }
    }
    Ok(out)
}

/// The name of a step in the version that a dossier keeps, or in the newest.
pub fn step_name(ctx: &Ctx, procedure: &str, step: &str) -> String {
    let world = ctx.app.office.world();
    let versions = world.procedures.get(procedure);
    let found = versions.and_then(|v| v.iter().rev().find_map(|p| p.def.step(step).map(|s| ctx.t.pick(&s.name).to_owned())));
    found.unwrap_or_else(|| step.to_owned())
}

fn line(ctx: &Ctx, s: &Shell, people: &People, r: &DeskRow, edits: bool) -> DeskLine {
    let (t, now) = (ctx.t, ctx.app.office.now());
    let world = ctx.app.office.world();
    let unit = r.unit.parse().ok().and_then(|k| world.units.idx(&k));
    let left = match (r.due_at, unit) {
        (Some(due), Some(unit)) if r.status.is_open() => words::left(t, world.calendar(unit, now.local_date()), now, due),
        (_, _) if r.bucket == Bucket::Result => {
            r.closed_at.map_or_else(String::new, |at| t.msg1("desk-left-since", "at", words::short(t, at)))
        }
        (None, _) if matches!(r.bucket, Bucket::Citizen | Bucket::Waiting) => t.msg("desk-left-none"),
        // Not yet received: it has no appointment, but wants an answer.
        (None, _) => r.next_by.map(|by| t.msg1("desk-answer-by", "at", words::short(t, by))).unwrap_or_default(),
        _ => String::new(),
    };
    let (used, bar) = words::used(t, r.share_used.filter(|_| r.status.is_open()));
    // One from an older system has no step, and goes its own way.
    let handed = r.step.is_some()
        && ctx.allowed(Action::Submit, Some(DOSSIER), &r.unit)
        && matches!(r.status, rules::one_stop::Status::Received | rules::one_stop::Status::InProgress);
    DeskLine {
        href: s.link(&format!("/desk/dossiers/{}", segment(&r.id))),
        item: if edits && handed { format!("{}:{}", r.id, r.version) } else { String::new() },
        code: r.code.clone(),
        procedure: words::procedure_name(ctx, &r.procedure_code, &r.procedure),
        applicant: r.applicant.clone(),
        status: words::status_text(t, r.status),
        mark: words::mark(r.status, r.due_at, now, r.share_used),
        step: r.step.as_deref().map(|step| step_name(ctx, &r.procedure_code, step)).unwrap_or_default(),
        assignee: people.name(ctx, r.assignee.as_deref().unwrap_or_default()),
        received: r.received_at.map(|at| words::short(t, at)).unwrap_or_default(),
        due: r.due_at.map(|at| words::short(t, at)).unwrap_or_default(),
        left,
        used,
        bar,
        channel: channel(t, &r.channel),
    }
}

/// Steps of the procedures on the page, each name once.
fn bulk(ctx: &Ctx, s: &Shell, people: &People, unit: u32, rows: &[DeskRow]) -> Bulk {
    let world = ctx.app.office.world();
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut first = None;
    for r in rows {
        for step in world.procedures.get(&r.procedure_code).into_iter().flatten().next_back().into_iter().flat_map(|p| &p.def.steps) {
            if step.who != Who::Desk && !steps.iter().any(|(id, _)| *id == step.id) {
                steps.push((step.id.clone(), ctx.t.pick(&step.name).to_owned()));
                first.get_or_insert(step.who);
            }
        }
    }
    Bulk {
        action: s.link("/desk/hand-over"),
        steps: crate::pages::work::common::choices(steps, ""),
        people: people.takers(ctx, unit, first),
    }
}

fn pager(s: &Shell, rows: &[DeskRow], later: bool, next: Option<&str>) -> Pager {
    if !later && next.is_none() {
        return Pager::default();
    }
    Pager {
        shown: s.t.int(i64::try_from(rows.len()).unwrap_or(0)),
        first: if later { s.here_with("after", None) } else { String::new() },
        back: String::new(),
        next: next.map(|n| s.here_with("after", Some(n))).unwrap_or_default(),
    }
}

/// `POST /desk/hand-over`: the ticked ones, each by itself; what fails is named, the rest is done.
pub async fn hand_over(posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let items: Vec<(String, i64)> =
        posted.all("item").filter_map(|i| i.split_once(':')).filter_map(|(id, v)| Some((id.to_owned(), v.parse().ok()?))).collect();
    if items.is_empty() {
        return shown(&ctx.on("/desk"), vec![(String::new(), ctx.t.msg("desk-none-chosen"))]).await;
    }
    let to = match posted.get("assignee") {
        "" => return shown(&ctx.on("/desk"), vec![(String::new(), ctx.t.msg("desk-no-taker"))]).await,
        NOBODY => None,
        login => Some(login),
    };
    let results = office.hand_over_many(&ctx.actor(), &items, posted.get("step"), to).await.map_err(|e| ctx.fault(e))?;
    let mut failed = Vec::new();
    for (id, result) in results {
        if let Err(e) = result {
            let code = office.store().record(DOSSIER, id.parse().map_err(|e: store::Error| ctx.fault(e))?).await;
            let code = code.ok().and_then(|r| r.key).unwrap_or(id);
            failed.push((code, sentence(&e, ctx.t)));
        }
    }
    if failed.is_empty() { done(ctx, "/desk", "desk-moved") } else { shown(&ctx.on("/desk"), failed).await }
}
