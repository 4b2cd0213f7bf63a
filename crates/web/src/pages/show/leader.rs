//! `/` – what a steering committee opens first: every target over every unit, what is late, at risk, contradicted, and new today.

use jiff::civil::Date;
use office::{
    Error,
    programme::{Board, Cell, DIRECTIVE, FIGURE, RECENT_DAYS, ReportedFigure, Risk, TARGET, TASK, Target, TargetOn, TodayChange},
    world::{Indicator, World},
};
use rules::{
    access::{Action, Actor, scope},
    number::Decimal,
    pack::FigureDef,
    target::{Assessment, Comparison, Status},
};
use serde_json::Value;
use store::Entry;

use super::{Scene, belongs, live_id, period_on, segment, settle, signed_in, target_figure_link, words};
use crate::{
    http::{Ctx, PageError, PageResult, error::render},
    i18n::Lang,
    pages::work::{
        common::{reported_text, state_text},
        history::Names,
    },
    view::{
        Brief, Figure, Kpi, LeaderPage, Link, Mark, Section, Shell,
        figures::{Grid, GridCell, GridRow, Moved},
    },
};

/// Late and endangered things that stand on the page itself; the rest is behind "see all".
const BRIEFS: usize = 8;
/// Units named in a line about several; the rest stands on the target's page.
const WORST: usize = 3;
/// Changes of today on the page.
const CHANGES: usize = 12;
/// The state among the changes of an entry.
const STATE: &str = "@state";

/// `GET /`
pub async fn page(mut ctx: Ctx) -> PageResult {
    let actor = signed_in(&ctx)?;
    let scene = settle(&mut ctx, &actor)?;
    let mut board = ctx.app.office.board(&actor, scene.unit, scene.day).await.map_err(|e| ctx.fault(e))?;
    let world = ctx.app.office.world();
    keep_what_concerns(&ctx, &world, &mut board, scene);
    let mut s = ctx.shell(Section::Leader, ctx.t.msg("leader-title"), true).await?;
    s.pick = Some(ctx.day_picker(&[])?);
    let names = Names::load(&ctx).await?;
    let late = briefs(&ctx, &world, &s, &board, &board.late);
    let at_risk = briefs(&ctx, &world, &s, &board, &board.at_risk);
    let today: Vec<Moved> = board.changes.iter().filter_map(|c| moved(&ctx, &world, &s, &names, c, scene.day)).take(CHANGES).collect();
    let today_from = if board.changes_from < scene.day { ctx.t.msg1("leader-today-before", "days", RECENT_DAYS) } else { String::new() };
    let submits = scope(&actor, Action::Submit, Some(FIGURE), &world.units);
    let page = LeaderPage {
        returned: returned(&ctx, &world, &s, &actor).await?,
        enter: if submits.is_empty() { String::new() } else { s.link("/figures/new") },
        kpis: kpis(&ctx, &s, &board),
        grid: grid(&ctx, &world, &s, &board)?,
        late,
        at_risk,
        today,
        today_from,
        conflicts: conflicts(&ctx, &world, &s, &board),
        all_late: s.link_with("/tasks", &[("status", "overdue")]),
        all_at_risk: s.link_with("/tasks", &[("status", "at_risk")]),
        s,
    };
    Ok(render(&page))
}

/// A pack may hold targets of other places; they are not this unit's business.
fn keep_what_concerns(ctx: &Ctx, world: &World, board: &mut Board, scene: Scene) {
    let ours = |def: &rules::pack::TargetDef| belongs(world, def, &ctx.app.office.bound_units(world, def, scene.day), scene);
    board.rows.retain(|r| ours(&r.target.def));
    let keep: Vec<String> = board.rows.iter().map(|r| r.target.def.id.clone()).collect();
    let risk = |r: &Risk| match r {
        Risk::Target { target, .. } => keep.contains(&target.def.id),
        Risk::Task(_) => true,
    };
    board.late.retain(risk);
    board.at_risk.retain(risk);
    board
        .conflicts
        .retain(|c| world.units.idx(&c.unit).is_none_or(|u| world.units.covers(scene.unit, u) || world.units.is_within(u, scene.unit)));
}

fn kpis(ctx: &Ctx, s: &Shell, board: &Board) -> Vec<Kpi> {
    let t = ctx.t;
    let (targets, tasks) = (board.tally(), board.task_tally());
    let of = |status: Status| (targets.get(&status).copied().unwrap_or(0), tasks.get(&status).copied().unwrap_or(0));
    let kpi = |id: &str, label: String, (value, note): (String, String), href: String, mark: Option<Mark>| Kpi {
        label,
        value,
        note,
        href,
        doors: Vec::new(),
        mark,
        live_id: live_id(&["kpi", id]),
    };
    let status = |status: Status, mark: Mark| {
        let (a, b) = of(status);
        two_lists(t, mark, (a, s.link_with("/targets", &[("status", mark.id())])), (b, s.link_with("/tasks", &[("status", mark.id())])))
    };
    let open = board.tasks.iter().filter(|t| t.assessment.status != Status::Completed).count();
    let done = of(Status::Completed).0;
    vec![
        kpi(
            "targets",
            t.msg("leader-kpi-targets"),
            (t.int(i64::try_from(board.rows.len()).unwrap_or(0)), t.msg1("leader-kpi-completed", "count", done)),
            s.link("/targets"),
            None,
        ),
        status(Status::Overdue, Mark::Overdue),
        status(Status::AtRisk, Mark::AtRisk),
        status(Status::Waiting, Mark::Waiting),
        kpi(
            "conflicts",
            t.msg("leader-kpi-conflicts"),
            (t.int(i64::try_from(contradictions(board)).unwrap_or(0)), t.msg("leader-kpi-conflicts-note")),
            s.link_with("/indicators", &[("kind", "conflict")]),
            None,
        ),
        kpi(
            "tasks",
            t.msg("leader-kpi-tasks"),
            (t.int(i64::try_from(open).unwrap_or(0)), t.msg1("leader-kpi-completed", "count", of(Status::Completed).1)),
            s.link("/tasks"),
            None,
        ),
    ]
}

/// A status that targets and tasks have: their sum, and each part with the list that shows it.
pub(super) fn two_lists(t: Lang, mark: Mark, targets: (usize, String), tasks: (usize, String)) -> Kpi {
    let number = |n: usize| t.int(i64::try_from(n).unwrap_or(0));
    let door = |key: &str, (count, href): (usize, String)| {
        let href = if count == 0 { String::new() } else { href };
        Link::new(href, t.msg1(key, "count", count))
    };
    Kpi {
        label: t.msg(mark.key()),
        value: number(targets.0 + tasks.0),
        note: String::new(),
        href: String::new(),
        doors: vec![door("kpi-targets", targets), door("kpi-tasks", tasks)],
        mark: Some(mark),
        live_id: live_id(&["kpi", mark.id()]),
    }
}

fn contradictions(board: &Board) -> usize {
    board.conflicts.len() + board.rows.iter().filter(|r| r.target.undecided().len() > usize::from(r.target.deadline().is_none())).count()
}

fn grid(ctx: &Ctx, world: &World, s: &Shell, board: &Board) -> Result<Grid, PageError> {
    let t = ctx.t;
    let key = |u: u32| world.units.key(u).to_string();
    let mut rows = Vec::with_capacity(board.rows.len());
    for row in &board.rows {
        let def = &row.target.def;
        let indicator = world.indicator(&def.indicator).ok_or_else(|| ctx.fault(Error::not_found(&def.indicator)))?;
        let cell = |unit: u32, on: &TargetOn| grid_cell(ctx, s, indicator, &def.id, (&key(unit), &ctx.unit_name(unit)), on);
        rows.push(GridRow {
            href: s.link(&format!("/targets/{}", segment(&def.id))),
            code: def.id.clone(),
            title: t.pick(&def.title).to_owned(),
            goal: words::goal(t, indicator, &row.target),
            total: GridCell { note: whole_note(ctx, indicator, row), ..cell(board.top, &row.whole) },
            cells: row.cells.iter().map(|c| c.as_ref().map(|Cell { unit, on }| cell(*unit, on))).collect(),
            conflict: row.whole.conflict || words::deadlines(&row.target).len() > 1,
        });
    }
    let units = board.units.iter().map(|u| Link::new(s.link(&format!("/units/{}", segment(&key(*u)))), ctx.unit_short(*u))).collect();
    let top = world.root_on(board.day).and_then(|k| world.units.idx(k));
    let whole = if top == Some(board.top) { t.msg("col-whole") } else { ctx.unit_short(board.top) };
    Ok(Grid { whole, units, rows })
}

/// A whole that reports for itself is not the sum of the units beside it, and may measure another thing.
fn whole_note(ctx: &Ctx, indicator: &Indicator, row: &office::programme::BoardRow) -> String {
    if row.whole.reported.is_none() || row.cells.iter().flatten().all(|c| c.on.value.is_none()) {
        return String::new();
    }
    indicator.explain.as_ref().map_or_else(|| ctx.t.msg("grid-whole-reported"), |x| ctx.t.pick(x).to_owned())
}

fn grid_cell(ctx: &Ctx, s: &Shell, indicator: &Indicator, target: &str, (key, name): (&str, &str), on: &TargetOn) -> GridCell {
    let t = ctx.t;
    let figure = Figure {
        value: words::narrow_on(t, indicator, on),
        counts: on.figure.as_ref().map(|f| words::counts(t, f)).unwrap_or_default(),
        href: match on.each {
            Some(_) => s.link(&format!("/targets/{}", segment(target))),
            None => target_figure_link(s, &indicator.id, key, on),
        },
        live_id: live_id(&["g", target, key]),
        estimated: on.estimated,
        period: period_on(t, on),
    };
    GridCell { mark: words::mark(on.assessment.status, on.is_known()), figure, unit: name.to_owned(), note: String::new() }
}

/// One line for each task and for each target, however many units of it are behind.
fn briefs(ctx: &Ctx, world: &World, s: &Shell, board: &Board, list: &[Risk]) -> Vec<Brief> {
    let t = ctx.t;
    let mut out = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for risk in list {
        match risk {
            Risk::Target { target, .. } if told.contains(&target.def.id.as_str()) => {}
            Risk::Target { target, .. } => {
                told.push(&target.def.id);
                out.extend(target_brief(ctx, world, s, board, list, &target.def.id));
            }
            Risk::Task(task) => out.push(Brief {
                mark: words::mark(task.assessment.status, true),
                href: s.link(&format!("/tasks/{}", segment(&task.def.id))),
                title: t.pick(&task.def.title).to_owned(),
                unit: world.unit_name(&task.record.unit, t.tag()).to_owned(),
                why: words::reason(t, &task.assessment.reason, None),
                value: t.percent(f64::from(task.def.progress) / 100.0, 0),
            }),
        }
    }
    out.truncate(BRIEFS);
    out
}

/// A target with all its units of the list: the whole speaks for it, else the unit that is furthest behind; the worst are named.
fn target_brief(ctx: &Ctx, world: &World, s: &Shell, board: &Board, list: &[Risk], id: &str) -> Option<Brief> {
    let t = ctx.t;
    let mut group: Vec<(&Target, u32, &Assessment)> = Vec::new();
    for risk in list {
        if let Risk::Target { target, unit, assessment } = risk
            && target.def.id == id
        {
            group.push((target, *unit, assessment));
        }
    }
    let value = |a: &Assessment| a.reason.arg("value").and_then(|v| v.parse::<f64>().ok());
    let (target, ..) = *group.first()?;
    let sign = if target.def.comparison == Comparison::AtLeast { 1.0 } else { -1.0 };
    group.sort_by(|a, b| {
        let of = |x: &Assessment| value(x).map_or(f64::NEG_INFINITY, |v| v * sign);
        (a.1 != board.top).cmp(&(b.1 != board.top)).then(of(a.2).total_cmp(&of(b.2)))
    });
    let (_, unit, assessment) = *group.first()?;
    let units: Vec<u32> = group.iter().map(|g| g.1).filter(|u| *u != board.top).collect();
    let bound = board.rows.iter().find(|r| r.target.def.id == id).map_or(0, |r| r.cells.iter().flatten().count());
    let path = format!("/targets/{}", segment(id));
    let (href, whose) = match units.as_slice() {
        [] => (s.link(&path), ctx.unit_name(unit)),
        [one] if group.len() == 1 => (s.link_with(&path, &[("unit", &world.units.key(*one).to_string())]), ctx.unit_name(*one)),
        all => {
            let mut names: Vec<String> = all.iter().take(WORST).map(|u| ctx.unit_name(*u)).collect();
            if all.len() > WORST {
                names.push("…".to_owned());
            }
            let args = [("count", all.len().into()), ("bound", bound.max(all.len()).into()), ("names", names.join(", ").into())];
            (s.link(&path), t.format("brief-units", &args))
        }
    };
    let format = world.indicator(&target.def.indicator).map(|i| i.format);
    Some(Brief {
        mark: words::mark(assessment.status, true),
        href,
        title: t.pick(&target.def.title).to_owned(),
        unit: whose,
        why: words::reason(t, &assessment.reason, format),
        value: match (assessment.reason.arg("reached"), assessment.reason.arg("of")) {
            (Some(reached), Some(of)) => format!("{reached}/{of}"),
            _ => value(assessment).zip(format).map(|(v, f)| words::points(t, f, v)).unwrap_or_default(),
        },
    })
}

fn conflicts(ctx: &Ctx, world: &World, s: &Shell, board: &Board) -> Vec<Link> {
    let t = ctx.t;
    let mut out = Vec::new();
    for c in &board.conflicts {
        let Some(indicator) = world.indicator(&c.indicator) else { continue };
        let values: Vec<String> = c.figures.iter().map(|f| super::shown::reported_text(t, indicator, f)).collect();
        let text = format!("{}: {}", t.pick(&indicator.name), values.join(" · "));
        let period = c.period.map(|p| p.to_string());
        let unit = c.unit.to_string();
        let mut query = vec![("unit", unit.as_str())];
        query.extend(period.as_deref().map(|p| ("period", p)));
        out.push(Link::new(s.link_with(&format!("/indicators/{}", segment(&c.indicator)), &query), text));
    }
    for row in &board.rows {
        let days = words::deadlines(&row.target);
        if days.len() > 1 {
            let days: Vec<String> = days.iter().map(|d| t.date(*d)).collect();
            let text = t.msg2("leader-conflict-deadline", "target", t.pick(&row.target.def.title), "days", days.join(" · "));
            out.push(Link::new(s.link(&format!("/targets/{}", segment(&row.target.def.id))), text));
        }
    }
    out
}

/// What was sent back to the reader's units, each with the page that corrects it.
pub(crate) async fn returned(ctx: &Ctx, world: &World, s: &Shell, actor: &Actor) -> Result<Vec<Link>, PageError> {
    let t = ctx.t;
    let inbox = ctx.app.office.inbox(actor).await.map_err(|e| ctx.fault(e))?;
    let unit = |key: &str| world.unit_name(key, t.tag()).to_owned();
    let figure = |f: &ReportedFigure| {
        let indicator = world.indicator(&f.def.indicator);
        let name = indicator.map_or_else(|| f.def.indicator.clone(), |i| t.pick(&i.name).to_owned());
        let what = format!("{name}: {} – {}", reported_text(t, indicator, f), unit(&f.record.unit));
        let reason = f.extra.returned_reason.clone().unwrap_or_default();
        Link::new(s.link(&format!("/figures/{}/correct", f.record.id)), t.msg2("returned-line", "what", what, "reason", reason))
    };
    let mut out: Vec<Link> = inbox.returned_figures.iter().map(figure).collect();
    out.extend(inbox.returned_tasks.iter().map(|x| {
        let what = format!("{} – {}", t.pick(&x.def.title), unit(&x.record.unit));
        let reason = x.extra.returned_reason.clone().unwrap_or_default();
        Link::new(s.link(&format!("/tasks/{}", segment(&x.def.id))), t.msg2("returned-line", "what", what, "reason", reason))
    }));
    Ok(out)
}

/// One change of today; `None` for what a pack declared (that is not news from the units).
fn moved(ctx: &Ctx, world: &World, s: &Shell, names: &Names, change: &TodayChange, day: Date) -> Option<Moved> {
    let t = ctx.t;
    let e = &change.entry;
    if e.kind == "declare" {
        return None;
    }
    let changes = e.changes().ok()?;
    let id = e.record_id.to_string();
    let text = |field: &str, side: usize| changes.get(field).and_then(|c| c.get(side)).filter(|v| !v.is_null());
    let state = |side: usize| text(STATE, side).and_then(Value::as_str).map(|v| state_text(t, v));
    let progress = |side: usize| text("progress", side).and_then(Value::as_i64).map(|p| t.percent(p as f64 / 100.0, 0));
    let indicator = change.title.as_deref().and_then(|i| world.indicator(i)).filter(|_| e.register == FIGURE);
    let (from, to) = match e.register.as_str() {
        FIGURE => {
            // The value always, as the reader writes it, and what became of it: a list of states says nothing.
            let format = indicator.map(|i| i.format);
            let value_of = |value: Option<Decimal>, written: Option<String>| match (format, value) {
                (Some(format), Some(v)) => Some(words::published(t, format, v)),
                _ => written,
            };
            let now = change.record.view::<FigureDef>().ok().and_then(|f| value_of(f.value, f.as_written));
            let of = |side: usize| {
                let value = text("value", side).and_then(|v| serde_json::from_value(v.clone()).ok());
                value_of(value, text("as_written", side).and_then(Value::as_str).map(str::to_owned))
            };
            (of(0).filter(|_| of(1).is_some()), of(1).or(now).or_else(|| state(1)))
        }
        _ => (progress(0).or_else(|| state(0)), progress(1).or_else(|| state(1))),
    };
    let href = match e.register.as_str() {
        FIGURE => s.link(&format!("/figures/{id}")),
        TARGET => s.link(&format!("/targets/{id}")),
        TASK => s.link(&format!("/tasks/{id}")),
        DIRECTIVE => s.link(&format!("/directives/{id}")),
        _ => s.link(&format!("/records/{}/{id}", e.register)),
    };
    let unit = world.unit_name(&change.record.unit, t.tag()).to_owned();
    let after = text(STATE, 1).and_then(Value::as_str);
    let settled = after.map_or(change.record.state == "approved" || e.register != FIGURE, |s| s == "approved");
    let said = after.map(|s| state_text(t, s)).filter(|said| to.as_ref() != Some(said)).unwrap_or_default();
    let what = indicator.map(|i| t.pick(&i.name).to_owned()).or_else(|| change.title.clone()).unwrap_or_else(|| id.clone());
    Some(Moved {
        at: clock(ctx, e, day),
        href,
        what,
        unit,
        who: names.of(t, &e.actor),
        state: said,
        settled,
        from: from.unwrap_or_default(),
        to: to.unwrap_or_else(|| super::fields::kind_label(ctx, world, &e.register, &e.kind)),
        proof: e.seq.map(|seq| s.link(&format!("/ledger/{seq}"))).unwrap_or_default(),
    })
}

/// The hour of what was done on the day; of another day the day too.
fn clock(ctx: &Ctx, e: &Entry, day: Date) -> String {
    let moment = ctx.t.moment(e.at);
    if e.at.local_date() != day { moment } else { moment.rsplit(' ').next().unwrap_or(&moment).to_owned() }
}
