//! `/units` and `/units/{key}` – the map of a day, and one unit with its targets, work, figures and history.

use axum::extract::Path;
use office::{
    Error,
    programme::{Target, TargetOn, Task, TaskFilter},
    world::{Indicator, World},
};
use rules::{
    access::{Action, Actor, decide},
    units::{Succession, UnitKind},
};
use store::DEFINITION;

use super::{Programme, Scene, day_on_map, indicators, live_id, record, segment, settle, shown, signed_in, words};
use crate::{
    chart,
    http::{Ctx, PageError, PageResult, error::render},
    view::{
        Figure, Kpi, Link, Mark, Notice, Pair, Section, Shell, UnitListPage, UnitPage,
        figures::{IndicatorRow, Passage, UnitRow, WorkRow},
    },
};

/// Figures on a unit's page; the whole list is a link away.
const FIGURES: usize = 14;
/// Tasks on a unit's page.
const TASKS: usize = 30;
/// Reminders at the top of the page.
const REMINDERS: usize = 5;

/// `GET /units`
pub async fn list(mut ctx: Ctx) -> PageResult {
    let actor = signed_in(&ctx)?;
    // The list is the whole map; a unit in the address is kept for the other pages.
    let day = settle(&mut ctx, &actor)?.day;
    let world = ctx.app.office.world();
    let programme = Programme::load(&ctx, &actor).await?;
    let mut s = ctx.shell(Section::Units, ctx.t.msg("units-title"), true).await?;
    s.pick = Some(ctx.day_picker(&[])?);
    let Some(top) = world.root_on(day).and_then(|k| world.units.idx(k)) else {
        return Ok(render(&UnitListPage { s, rows: Vec::new() }));
    };
    let bound: Vec<(&Target, Vec<u32>)> = programme.targets.iter().map(|t| (t, ctx.app.office.bound_units(&world, &t.def, day))).collect();
    let mut rows = Vec::new();
    for unit in world.units.subtree_on(top, day) {
        let u = world.units.unit(unit);
        let depth = world.units.ancestors(unit).position(|x| x == top).map_or(0, |n| n + 1);
        let seen = decide(&actor, Action::View, None, Some(unit), &world.units).is_ok();
        let mine = bound.iter().filter(|(_, list)| seen && list.contains(&unit)).map(|(t, _)| *t);
        let mut marks: Vec<(Mark, i64)> = Vec::new();
        for target in mine {
            let on = target_on(&ctx, &world, &programme, target, Scene { unit, day })?;
            let mark = words::mark(on.assessment.status, on.is_known());
            match marks.iter_mut().find(|(m, _)| *m == mark) {
                Some((_, n)) => *n += 1,
                None => marks.push((mark, 1)),
            }
        }
        marks.sort_unstable();
        rows.push(UnitRow {
            href: if seen {
                s.link_with(&format!("/units/{}", segment(&u.key.to_string())), &[("unit", &u.key.to_string())])
            } else {
                String::new()
            },
            name: ctx.t.pick(&u.name).to_owned(),
            depth: u8::try_from(depth).unwrap_or(u8::MAX),
            kind: ctx.t.msg(kind_key(u.kind)),
            code: u.key.code.clone(),
            valid: valid(&ctx, &world, unit),
            marks,
        });
    }
    Ok(render(&UnitListPage { s, rows }))
}

fn target_on(ctx: &Ctx, world: &World, programme: &Programme, target: &Target, scene: Scene) -> Result<TargetOn, PageError> {
    ctx.app.office.target_on(world, target, scene.unit, scene.day, &programme.reported).map_err(|e| ctx.fault(e))
}

fn valid(ctx: &Ctx, world: &World, unit: u32) -> String {
    let u = world.units.unit(unit);
    let from = ctx.t.date(u.key.valid_from);
    match u.valid_to {
        None => ctx.t.msg1("valid-until-now", "from", from),
        // The first day on which it is no longer valid is kept; people name the last one on which it was.
        Some(end) => ctx.t.msg2("valid-until", "from", from, "to", ctx.t.date(end.yesterday().unwrap_or(end))),
    }
}

/// `GET /units/{key}`
pub async fn page(mut ctx: Ctx, Path(key): Path<String>) -> PageResult {
    let actor = signed_in(&ctx)?;
    let world = ctx.app.office.world();
    let today = ctx.day()?;
    let unit = world.unit_idx(&key, today).ok_or_else(|| ctx.fault(Error::not_found(&key)))?;
    // The page of a unit is about that unit, whatever the address chose before; a former one is shown on its last map.
    let key = world.units.key(unit).to_string();
    ctx.state.unit = Some(key.clone());
    let day = day_on_map(&world, unit, today);
    if day != today {
        ctx.state.as_of = Some(day.to_string());
    }
    decide(&actor, Action::View, None, Some(unit), &world.units).map_err(|r| ctx.fault(r))?;
    let scene = Scene { unit, day };
    let programme = Programme::load(&ctx, &actor).await?;
    let name = ctx.unit_name(unit);
    let mut s = ctx.shell(Section::Units, name.clone(), true).await?;
    s.crumbs = crumbs(&ctx, &world, &s, unit);
    s.notices.extend(reminders(&ctx, &world, &actor, scene).await?);
    let tasks = tasks(&ctx, &actor, scene).await?;
    let targets = targets(&ctx, &world, &s, &programme, scene)?;
    let submit = decide(&actor, Action::Submit, Some(office::programme::FIGURE), Some(unit), &world.units).is_ok();
    let current = world.units.unit(unit).is_valid_on(ctx.app.office.today());
    let page = UnitPage {
        facts: facts(&ctx, &world, &s, scene),
        kpis: kpis(&ctx, &s, &targets, &tasks, &key),
        figures: figures(&ctx, &world, &s, &actor, &programme, scene)?,
        passages: passages(&ctx, &world, &s, unit),
        history: match ctx.app.office.find(DEFINITION, &format!("unit:{key}")).await {
            Ok(r) => record::history(&ctx, &world, &s, &r, &actor).await?,
            Err(_) => Vec::new(),
        },
        enter: if submit && current { s.link("/figures/new") } else { String::new() },
        report: s.link("/reports"),
        tasks: tasks.iter().take(TASKS).map(|x| task_row(&ctx, &world, &s, scene, x)).collect(),
        targets: targets.into_iter().map(|(_, row)| row).collect(),
        name,
        s,
    };
    Ok(render(&page))
}

/// The page of another unit; empty where the reader may not open it.
fn unit_link(ctx: &Ctx, s: &Shell, key: &str) -> String {
    if ctx.allowed(Action::View, None, key) { s.link_with(&format!("/units/{}", segment(key)), &[("unit", key)]) } else { String::new() }
}

fn crumbs(ctx: &Ctx, world: &World, s: &Shell, unit: u32) -> Vec<Link> {
    let mut out: Vec<Link> = world
        .units
        .ancestors(unit)
        .map(|u| {
            let key = world.units.key(u).to_string();
            Link::new(unit_link(ctx, s, &key), ctx.unit_name(u))
        })
        .collect();
    out.push(Link::new(s.link("/units"), ctx.t.msg("nav-units")));
    out.reverse();
    out
}

fn facts(ctx: &Ctx, world: &World, s: &Shell, Scene { unit, day }: Scene) -> Vec<Pair> {
    let t = ctx.t;
    let u = world.units.unit(unit);
    let mut out = vec![
        Pair::new(t.msg("col-kind"), t.msg(kind_key(u.kind))),
        Pair::new(t.msg("col-code"), u.key.code.clone()),
        Pair::new(t.msg("col-valid"), valid(ctx, world, unit)),
    ];
    if let Some(agency) = world.agency_code(unit, day) {
        let code = if agency.verified { agency.code } else { t.msg1("contact-unconfirmed", "value", agency.code) };
        out.push(Pair::new(t.msg("unit-agency-code"), code));
    }
    if let Some(parent) = world.units.parent(unit) {
        let key = world.units.key(parent).to_string();
        out.push(Pair { label: t.msg("unit-parent"), value: ctx.unit_name(parent), href: unit_link(ctx, s, &key) });
    }
    if !u.aliases.is_empty() {
        out.push(Pair::new(t.msg("unit-aliases"), u.aliases.join(", ")));
    }
    out
}

async fn tasks(ctx: &Ctx, actor: &Actor, scene: Scene) -> Result<Vec<Task>, PageError> {
    let filter = TaskFilter { unit: Some(scene.unit), ..TaskFilter::default() };
    match ctx.app.office.tasks(actor, &filter, scene.day).await {
        // Tasks are one register among others: without a right to it the rest of the page stands.
        Err(Error::Refused(r)) if r.code == "access.role" => Ok(Vec::new()),
        other => other.map_err(|e| ctx.fault(e)),
    }
}

async fn reminders(ctx: &Ctx, world: &World, actor: &Actor, scene: Scene) -> Result<Vec<Notice>, PageError> {
    let all = match ctx.app.office.reminders(actor, scene.day).await {
        Err(Error::Refused(_)) => Vec::new(),
        other => other.map_err(|e| ctx.fault(e))?,
    };
    let mine = all.into_iter().filter(|r| world.units.idx(&r.task.def.lead).is_some_and(|u| world.units.covers(scene.unit, u)));
    Ok(mine
        .take(REMINDERS)
        .map(|r| {
            let left = words::left(ctx.t, r.task.def.deadline, scene.day, false);
            Notice { good: false, text: ctx.t.msg2("unit-reminder", "task", ctx.t.pick(&r.task.def.title), "left", left) }
        })
        .collect())
}

fn targets(ctx: &Ctx, world: &World, s: &Shell, programme: &Programme, scene: Scene) -> Result<Vec<(Mark, WorkRow)>, PageError> {
    let t = ctx.t;
    let key = world.units.key(scene.unit).to_string();
    let mut out = Vec::new();
    for target in &programme.targets {
        let bound = ctx.app.office.bound_units(world, &target.def, scene.day);
        if !super::belongs(world, &target.def, &bound, scene) {
            continue;
        }
        let Some(indicator) = world.indicator(&target.def.indicator) else { continue };
        let on = target_on(ctx, world, programme, target, scene)?;
        let mark = words::mark(on.assessment.status, on.is_known());
        let days = words::deadlines(target);
        let reached = on.each.map(|e| f64::from(u32::try_from(e.reached).unwrap_or(0)) / f64::from(u32::try_from(e.of).unwrap_or(1)));
        let share = reached.or_else(|| on.value.map(|v| v / target.def.threshold_value)).filter(|x| x.is_finite());
        let row = WorkRow {
            href: s.link(&format!("/targets/{}", segment(&target.def.id))),
            code: target.def.id.clone(),
            title: t.pick(&target.def.title).to_owned(),
            mark,
            unit: ctx.unit_name(scene.unit),
            deadline: days.iter().map(|d| t.date(*d)).collect::<Vec<_>>().join(" · "),
            left: words::left(t, days.first().copied(), scene.day, mark == Mark::Completed),
            figure: Figure {
                value: words::value_on(t, indicator, &on),
                counts: on.figure.as_ref().map(|f| words::counts(t, f)).unwrap_or_default(),
                href: super::target_figure_link(s, &indicator.id, &key, &on),
                live_id: live_id(&["t", &target.def.id]),
                estimated: on.estimated,
                period: super::period_on(t, &on),
            },
            goal: words::threshold(t, indicator, target),
            bar: chart::meter(share, None),
            conflict: on.conflict || days.len() > 1,
        };
        out.push((mark, row));
    }
    out.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.code.cmp(&b.1.code)));
    Ok(out)
}

fn task_row(ctx: &Ctx, world: &World, s: &Shell, scene: Scene, task: &Task) -> WorkRow {
    let t = ctx.t;
    let share = f64::from(task.def.progress) / 100.0;
    WorkRow {
        href: s.link(&format!("/tasks/{}", segment(&task.def.id))),
        code: task.def.id.clone(),
        title: t.pick(&task.def.title).to_owned(),
        mark: words::mark(task.assessment.status, true),
        unit: world.unit_name(&task.record.unit, t.tag()).to_owned(),
        deadline: task.def.deadline.map(|d| t.date(d)).unwrap_or_default(),
        left: crate::pages::work::common::task_left(t, task, scene.day),
        figure: Figure { value: t.percent(share, 0), live_id: live_id(&["k", &task.def.id]), ..Figure::default() },
        goal: String::new(),
        bar: chart::meter(Some(share), None),
        conflict: false,
    }
}

fn kpis(ctx: &Ctx, s: &Shell, targets: &[(Mark, WorkRow)], tasks: &[Task], unit: &str) -> Vec<Kpi> {
    let t = ctx.t;
    let work: Vec<Mark> = tasks.iter().map(|x| words::mark(x.assessment.status, true)).collect();
    let number = |n: usize| t.int(i64::try_from(n).unwrap_or(0));
    let of = |mark: Mark| {
        let (a, b) = (targets.iter().filter(|(m, _)| *m == mark).count(), work.iter().filter(|m| **m == mark).count());
        let query = [("status", mark.id()), ("unit", unit)];
        super::leader::two_lists(t, mark, (a, s.link_with("/targets", &query)), (b, s.link_with("/tasks", &query)))
    };
    let done = targets.iter().filter(|(m, _)| *m == Mark::Completed).count();
    let open = work.iter().filter(|m| **m != Mark::Completed).count();
    vec![
        Kpi {
            label: t.msg("leader-kpi-targets"),
            value: number(targets.len()),
            note: t.msg1("leader-kpi-completed", "count", done),
            href: "#targets".into(),
            doors: Vec::new(),
            mark: None,
            live_id: "kpi-targets".into(),
        },
        of(Mark::Overdue),
        of(Mark::AtRisk),
        of(Mark::Waiting),
        Kpi {
            label: t.msg("leader-kpi-tasks"),
            value: number(open),
            note: t.msg1("leader-kpi-completed", "count", work.len() - open),
            href: "#tasks".into(),
            doors: Vec::new(),
            mark: None,
            live_id: "kpi-tasks".into(),
        },
    ]
}

/// Figures that say something of the unit: what a target is set for first, then the others that have a value.
fn figures(
    ctx: &Ctx,
    world: &World,
    s: &Shell,
    actor: &Actor,
    programme: &Programme,
    scene: Scene,
) -> Result<Vec<IndicatorRow>, PageError> {
    let period = ctx.period()?;
    let sources = world.units.sources_of(scene.unit, scene.day).map_err(|e| ctx.fault(Error::from(e)))?;
    let mut found = Vec::new();
    for indicator in world.indicators.values() {
        let Some(shown) = shown::figure_of(ctx, actor, indicator, scene, period, &programme.reported)? else { continue };
        let says = !shown.reported.is_empty() || shown.figure.map_or(shown.value.is_some(), |f| f.n > 0);
        if says {
            let aimed = programme.targets.iter().any(|t| t.def.indicator == indicator.id || indicator.aliases.contains(&t.def.indicator));
            found.push((!aimed, indicator, shown));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| rules::text::compare(&a.1.name.vi, &b.1.name.vi)));
    let row = |(_, indicator, shown): &(bool, &Indicator, shown::Shown)| {
        indicators::row(ctx, world, s, scene, programme, &sources, indicator, shown)
    };
    let mut rows = found.iter().take(FIGURES).map(row).collect::<Result<Vec<_>, _>>()?;
    indicators::tell_apart(&mut rows.iter_mut().collect::<Vec<_>>());
    Ok(rows)
}

/// How the unit came about and what became of it. Passages of one day in one direction stand together when all went whole.
fn passages(ctx: &Ctx, world: &World, s: &Shell, unit: u32) -> Vec<Passage> {
    let t = ctx.t;
    let link = |u: u32| {
        let key = world.units.key(u).to_string();
        Link::new(unit_link(ctx, s, &key), format!("{} ({key})", ctx.unit_name(u)))
    };
    let share = |x: &Succession| match (x.whole, x.share) {
        (true, _) => t.msg("share-whole"),
        (false, Some(part)) => {
            #[expect(clippy::cast_precision_loss, reason = "a share shown with one decimal")]
            let part = part.num() as f64 / part.den() as f64;
            t.msg1("share-part", "share", t.percent(part, 1))
        }
        (false, None) => t.msg("share-undeclared"),
    };
    let mut out: Vec<(jiff::civil::Date, Passage)> = Vec::new();
    let mut add = |x: &Succession, other: u32, key: &str| {
        let (on, what, share) = (t.date(x.on), t.msg(key), share(x));
        let same = |p: &&mut (jiff::civil::Date, Passage)| {
            p.1.on == on && p.1.what == what && p.1.share == share && p.1.legal_basis == x.legal_basis
        };
        match out.iter_mut().find(same) {
            Some((_, p)) => p.units.push(link(other)),
            None => out.push((x.on, Passage { on, what, units: vec![link(other)], share, legal_basis: x.legal_basis.clone() })),
        }
    };
    for (x, other) in world.units.predecessors(unit) {
        add(x, other, "passage-from");
    }
    for (x, other) in world.units.successors(unit) {
        add(x, other, "passage-into");
    }
    out.sort_by_key(|(on, _)| *on);
    out.into_iter().map(|(_, p)| p).collect()
}

fn kind_key(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Country => "unit-kind-country",
        UnitKind::Province => "unit-kind-province",
        UnitKind::District => "unit-kind-district",
        UnitKind::Ward => "unit-kind-ward",
        UnitKind::Commune => "unit-kind-commune",
        UnitKind::SpecialZone => "unit-kind-special-zone",
        UnitKind::Agency => "unit-kind-agency",
    }
}
