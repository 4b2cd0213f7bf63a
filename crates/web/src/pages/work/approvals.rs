//! What waits for the reader's answer, what became of what the reader sent, and deciding between contradicting figures.

use axum::extract::Path;
use office::{
    Error,
    programme::{Conflict as Rival, FIGURE, ReportedFigure, TASK, Task, TaskFilter},
    world::World,
};
use rules::access::Action;

use super::{
    common::{
        again_conflict, blame, date_or_unknown, done, form_on, mark_of, mendable, reported_text, segment, stale_conflict, state_text,
        unit_text,
    },
    figures::answer_forms,
    history::{self, Names},
};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render, error::sentence},
    pages::show::leader::returned,
    view::{
        ApprovalsPage, Claim, Conflict, ConflictPage, Field, Form, Input, Link, Notice, Pager, Section, Shell, Source, enter::Awaiting,
    },
};

/// Lines of "what I sent".
const MINE: usize = 30;

/// A fault of one form on the page: which record, what is wrong, what was typed.
struct Wrong {
    id: String,
    error: String,
    typed: String,
}

/// Cards of one page.
const CARDS: usize = 10;

/// `GET /approvals`
pub async fn inbox(ctx: Ctx) -> PageResult {
    Ok(render(&page(&ctx, None).await?))
}

async fn page(ctx: &Ctx, wrong: Option<&Wrong>) -> Result<ApprovalsPage, PageError> {
    let (t, office, actor) = (ctx.t, &ctx.app.office, ctx.actor());
    ctx.signed_in()?;
    let inbox = office.inbox(&actor).await.map_err(|e| ctx.fault(e))?;
    let world = office.world();
    let s = ctx.shell(Section::Approvals, t.msg("approvals-title"), true).await?;
    let names = Names::load(ctx).await?;
    let all = office.reported_figures(&actor).await.map_err(|e| ctx.fault(e))?;
    // A card with its forms is half a phone's screen: a page of them is what one answers in a sitting.
    let waiting = inbox.figures.len() + inbox.tasks.len();
    let place = |w: &Wrong| {
        let figure = inbox.figures.iter().position(|f| f.record.id.to_string() == w.id);
        figure.or_else(|| inbox.tasks.iter().position(|x| x.def.id == w.id).map(|i| i + inbox.figures.len()))
    };
    let asked = ctx.param("page").and_then(|p| p.parse::<usize>().ok()).unwrap_or(1).max(1) - 1;
    let shown = wrong.and_then(place).map_or(asked, |at| at / CARDS).min(waiting.saturating_sub(1) / CARDS);
    let (from, to) = (shown * CARDS, ((shown + 1) * CARDS).min(waiting));
    let mut rows = Vec::new();
    for f in inbox.figures.iter().take(to).skip(from) {
        rows.push(figure_row(ctx, &s, &world, f, &all, &names, wrong).await);
    }
    let figures = inbox.figures.len();
    for x in inbox.tasks.iter().take(to.saturating_sub(figures)).skip(from.saturating_sub(figures)) {
        rows.push(task_row(ctx, &s, &world, x, &names, wrong).await);
    }
    let link = |page: usize| s.link_with("/approvals", &[("page", &page.to_string())]);
    let pager = if waiting > CARDS {
        Pager {
            shown: t.format("approvals-shown", &[("from", (from + 1).into()), ("to", to.into()), ("of", waiting.into())]),
            first: String::new(),
            back: if shown > 0 { link(shown) } else { String::new() },
            next: if to < waiting { link(shown + 2) } else { String::new() },
        }
    } else {
        Pager::default()
    };
    let mine = mine(ctx, &s, &world, &all).await?;
    let returned = returned(ctx, &world, &s, &actor).await?;
    let key = rows.iter().map(|r| r.key.as_str()).collect::<Vec<_>>().join(" ");
    Ok(ApprovalsPage { s, key, rows, waiting: i64::try_from(waiting).unwrap_or(i64::MAX), pager, returned, mine })
}

async fn figure_row(
    ctx: &Ctx,
    s: &Shell,
    world: &World,
    f: &ReportedFigure,
    all: &[ReportedFigure],
    names: &Names,
    wrong: Option<&Wrong>,
) -> Awaiting {
    let t = ctx.t;
    let indicator = world.indicator(&f.def.indicator);
    let id = f.record.id.to_string();
    let before = all
        .iter()
        .filter(|x| x.counts() && x.def.indicator == f.def.indicator && x.record.unit == f.record.unit)
        .max_by_key(|x| (x.def.period.and_then(rules::Period::months).map(|m| m.1), x.record.updated_at));
    let (approve, send_back) = forms(ctx, s, &format!("/approvals/figure/{id}"), f.record.version, &id, wrong);
    let name = indicator.map_or_else(|| f.def.indicator.clone(), |i| t.pick(&i.name).to_owned());
    let period = f.def.period.map_or_else(|| t.msg("figure-period-unknown"), |p| t.period(p));
    let note = f.def.note.as_ref().map(|n| t.pick(n).to_owned());
    let note: Vec<String> = [Some(t.msg2("await-source", "source", &f.def.source, "date", date_or_unknown(t, f.def.as_of))), note]
        .into_iter()
        .flatten()
        .collect();
    Awaiting {
        href: s.link(&format!("/figures/{id}")),
        title: format!("{name} – {period}"),
        unit: unit_text(t, world, &f.record.unit),
        sent: format!("{}, {}", names.of(t, f.extra.submitted_by.as_deref().unwrap_or_default()), t.moment(f.record.updated_at)),
        value: reported_text(t, indicator, f),
        before: before.map(|x| reported_text(t, indicator, x)).unwrap_or_default(),
        note: note.join(" · "),
        evidence: history::evidence(ctx, FIGURE, f.record.id, &f.extra.evidence).await,
        mark: None,
        key: format!("{id}:{}", f.record.version),
        approve,
        send_back,
    }
}

async fn task_row(ctx: &Ctx, s: &Shell, world: &World, x: &Task, names: &Names, wrong: Option<&Wrong>) -> Awaiting {
    let t = ctx.t;
    let id = &x.def.id;
    let (approve, send_back) = forms(ctx, s, &format!("/approvals/task/{}", segment(id)), x.record.version, id, wrong);
    let last = x.extra.updates.last();
    Awaiting {
        href: s.link(&format!("/tasks/{}", segment(id))),
        title: t.pick(&x.def.title).to_owned(),
        unit: unit_text(t, world, &x.record.unit),
        sent: format!("{}, {}", names.of(t, x.extra.submitted_by.as_deref().unwrap_or_default()), t.moment(x.record.updated_at)),
        value: t.percent(f64::from(x.def.progress) / 100.0, 0),
        before: String::new(),
        note: last.map(|u| u.text.clone()).unwrap_or_default(),
        evidence: history::evidence(ctx, TASK, x.record.id, last.map_or(&[], |u| u.evidence.as_slice())).await,
        mark: Some(mark_of(x.assessment.status)),
        key: format!("{id}:{}", x.record.version),
        approve,
        send_back,
    }
}

fn forms(ctx: &Ctx, s: &Shell, action: &str, version: i64, id: &str, wrong: Option<&Wrong>) -> (Form, Form) {
    let wrong = wrong.filter(|w| w.id == id);
    let (approve, mut back) = answer_forms(ctx, s, action, version, wrong.map_or("", |w| w.typed.as_str()));
    if let (Some(w), Some(f)) = (wrong, back.fields.first_mut()) {
        f.error.clone_from(&w.error);
    }
    (approve, back)
}

/// What the reader handed in lately and what became of it.
async fn mine(ctx: &Ctx, s: &Shell, world: &World, all: &[ReportedFigure]) -> Result<Vec<(Link, String, String)>, PageError> {
    let (t, me) = (ctx.t, ctx.actor().account);
    let mut out: Vec<(rules::Timestamp, Link, String)> = Vec::new();
    for f in all.iter().filter(|f| f.extra.submitted_by.as_deref() == Some(me.as_str())) {
        let indicator = world.indicator(&f.def.indicator);
        let name = indicator.map_or_else(|| f.def.indicator.clone(), |i| t.pick(&i.name).to_owned());
        let text = format!("{name}: {} – {}", reported_text(t, indicator, f), unit_text(t, world, &f.record.unit));
        out.push((f.record.updated_at, Link::new(s.link(&format!("/figures/{}", f.record.id)), text), state_text(t, &f.record.state)));
    }
    let tasks = ctx.app.office.tasks(&ctx.actor(), &TaskFilter::default(), ctx.app.office.today()).await.map_err(|e| ctx.fault(e))?;
    for x in tasks.iter().filter(|x| x.extra.submitted_by.as_deref() == Some(me.as_str())) {
        let link = Link::new(s.link(&format!("/tasks/{}", segment(&x.def.id))), t.pick(&x.def.title));
        out.push((x.record.updated_at, link, state_text(t, &x.record.state)));
    }
    out.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    Ok(out.into_iter().take(MINE).map(|(at, link, state)| (link, state, t.moment(at))).collect())
}

/// `POST /approvals/figure/{id}`
pub async fn answer_figure(Path(id): Path<String>, posted: Posted) -> PageResult {
    let (version, good) = (posted.version()?, approves(&posted));
    let ctx = &posted.ctx;
    let result = ctx.app.office.answer_figure(&ctx.actor(), &id, version, good, posted.get("reason")).await;
    answered(&posted, id, good, result).await
}

/// `POST /approvals/task/{id}`
pub async fn answer_task(Path(id): Path<String>, posted: Posted) -> PageResult {
    let (version, good) = (posted.version()?, approves(&posted));
    let ctx = &posted.ctx;
    let result = ctx.app.office.answer_task(&ctx.actor(), &id, version, good, posted.get("reason")).await;
    answered(&posted, id, good, result).await
}

fn approves(posted: &Posted) -> bool {
    posted.ctx.param("answer") == Some("approve")
}

async fn answered(posted: &Posted, id: String, good: bool, result: office::Result<()>) -> PageResult {
    use axum::{http::StatusCode, response::IntoResponse};
    let ctx = &posted.ctx;
    let e = match result {
        Ok(()) => return done(ctx, "/approvals", if good { "approved" } else { "returned" }),
        Err(e) => e,
    };
    let stale = matches!(e, Error::Store(store::Error::Conflict { .. }));
    if !mendable(&e) && !stale {
        return Err(ctx.fault(e));
    }
    let here = ctx.on("/approvals");
    let error = sentence(&e, ctx.t);
    let wrong = Wrong { id, error: error.clone(), typed: posted.get("reason").to_owned() };
    let mut page = page(&here, Some(&wrong)).await?;
    // What fits no form on the page (an answer given meanwhile) is said on top.
    if page.rows.iter().all(|r| r.send_back.faults().is_empty()) {
        page.s.notices.push(Notice { good: false, text: error });
    }
    let status = if stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, render(&page)).into_response())
}

/// `GET /conflicts/{id}`: `id` is any of the contradicting figures.
pub async fn conflict(ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let page = ConflictPage { clash: Vec::new(), ..decision(&ctx, &id, "", "").await? };
    Ok(render(&page))
}

async fn decision(ctx: &Ctx, id: &str, chosen: &str, typed: &str) -> Result<ConflictPage, PageError> {
    let (t, office, actor) = (ctx.t, &ctx.app.office, ctx.actor());
    let figure = office.reported_figure(&actor, id).await.map_err(|e| ctx.fault(e))?;
    ctx.demand(Action::Decide, Some(FIGURE), &figure.record.unit)?;
    let list = office.conflicts(&actor).await.map_err(|e| ctx.fault(e))?;
    let rival: Rival = list
        .into_iter()
        .find(|c| c.figures.iter().any(|f| f.record.id == figure.record.id))
        .ok_or_else(|| ctx.fault(Error::refused("conflict.none")))?;
    let world = office.world();
    let names = Names::load(ctx).await?;
    let mut s = ctx.shell(Section::Leader, t.msg("decide-title"), false).await?;
    s.crumbs = vec![Link::new(s.link("/"), t.msg("nav-leader"))];
    let indicator = world.indicator(&rival.indicator);
    let name = indicator.map_or_else(|| rival.indicator.clone(), |i| t.pick(&i.name).to_owned());
    let period = rival.period.map_or_else(|| t.msg("figure-period-unknown"), |p| t.period(p));
    let mut claims = Vec::new();
    for f in &rival.figures {
        let source = world.sources.get(&f.def.source);
        let id = f.record.id.to_string();
        claims.push(Claim {
            value: reported_text(t, indicator, f),
            source: Source {
                title: source.map_or_else(|| f.def.source.clone(), |x| x.title.clone()),
                href: source.and_then(|x| x.address.clone()).unwrap_or_else(|| s.link(&format!("/figures/{id}"))),
                quote: f.def.quote.clone(),
                as_of: f.def.as_of.map(|d| t.date(d)).unwrap_or_default(),
                by: f.extra.submitted_by.as_deref().map(|by| names.of(t, by)).unwrap_or_default(),
            },
            proof: String::new(),
            chosen: if chosen.is_empty() { rival.decided.as_deref() == Some(id.as_str()) } else { chosen == id },
            id,
        });
    }
    let title = format!("{name} – {} – {period}", unit_text(t, &world, &rival.unit.to_string()));
    let form = form_on(&s, &format!("/conflicts/{id}"), t.msg("action-decide"), Vec::new(), figure.record.version);
    let form = Form { cancel: s.link("/"), ..form };
    let reason = Field::new("reason", t.msg("field-reason"), Input::Long(3)).value(typed).required();
    let seen = rival.seen().into_iter().map(|(id, version)| format!("{id}:{version}")).collect();
    let conflict = Conflict { title, claims, ..Conflict::default() };
    Ok(ConflictPage {
        s,
        conflict,
        form,
        seen,
        clash: clash(ctx, &rival, indicator, &names, chosen, typed),
        claim_error: String::new(),
        reason,
    })
}

/// The figures that were on the page, each with its version.
fn seen(posted: &Posted) -> Vec<(String, i64)> {
    posted.all("seen").filter_map(|x| x.rsplit_once(':')).filter_map(|(id, v)| Some((id.to_owned(), v.parse().ok()?))).collect()
}

/// What was decided meanwhile beside what the reader was about to decide: field, theirs, yours. Shown when a version was stale.
fn clash(
    ctx: &Ctx,
    rival: &Rival,
    indicator: Option<&office::world::Indicator>,
    names: &Names,
    chosen: &str,
    typed: &str,
) -> Vec<(String, String, String)> {
    let t = ctx.t;
    let text = |id: &str| {
        let f = rival.figures.iter().find(|f| f.record.id.to_string() == id);
        f.map_or_else(|| "–".to_owned(), |f| reported_text(t, indicator, f))
    };
    let decided = rival.decided.as_deref().and_then(|id| rival.figures.iter().find(|f| f.record.id.to_string() == id));
    let theirs = match decided {
        Some(f) => format!("{} – {}", text(&f.record.id.to_string()), names.of(t, f.extra.decided_by.as_deref().unwrap_or_default())),
        None => t.msg("decide-nobody"),
    };
    let reason = decided.and_then(|f| f.extra.decided_reason.clone()).unwrap_or_else(|| "–".to_owned());
    vec![(t.msg("decide-choice"), theirs, text(chosen)), (t.msg("field-reason"), reason, typed.to_owned())]
}

/// `POST /conflicts/{id}`
pub async fn decide(Path(id): Path<String>, posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let (claim, reason) = (posted.get("claim").to_owned(), posted.get("reason").to_owned());
    let here = ctx.on(&format!("/conflicts/{}", segment(&id)));
    // The page decides access, and says which figures may be chosen.
    let mut page = decision(&here, &id, &claim, &reason).await?;
    let known = page.conflict.claims.iter().any(|c| c.id == claim);
    let result = if claim.is_empty() {
        Err(Error::Refused(rules::Refusal::new("input.required").with("field", "claim")))
    } else if known {
        ctx.app.office.decide_figure(&ctx.actor(), &claim, &seen(&posted), &reason).await
    } else {
        Err(Error::refused("conflict.none"))
    };
    match result {
        Ok(()) => done(ctx, &format!("/figures/{claim}"), "decided"),
        // Drawn from what stands now, the reader's choice and reason kept, both sides beside each other.
        Err(Error::Store(store::Error::Conflict { .. })) => Ok(stale_conflict(&page)),
        Err(e) if mendable(&e) => {
            page.clash.clear();
            let mut fields = [page.reason.clone(), Field::new("claim", page.conflict.title.clone(), Input::Text)];
            blame(&mut page.s, &mut fields, &e, |code| code.starts_with("conflict.").then_some("claim"));
            again_conflict(page, fields)
        }
        Err(e) => Err(ctx.fault(e)),
    }
}
