//! Chỉ tiêu được giao as a list: by directive, unit and status.

use office::programme::{Target, TargetOn};
use rules::target::Status;

use super::{
    common::{choices, mark_on, target_row},
    targets::whole_unit,
    tasks::{begin_at_home, directive_number},
};
use crate::{
    http::{Ctx, PageError, PageResult, error::render},
    pages::show::{Scene, belongs, export::csv, words},
    view::{Chip, Mark, Section, TargetListPage},
};

/// Longest text of a directive in the list to choose from.
const DIRECTIVE_MAX: usize = 90;

struct Row {
    target: Target,
    unit: u32,
    on: TargetOn,
}

/// The targets of the address, before the status is chosen; the most pressing first.
async fn read(ctx: &Ctx) -> Result<Vec<Row>, PageError> {
    let (office, actor, day) = (&ctx.app.office, ctx.actor(), ctx.day()?);
    let world = office.world();
    let all = office.targets(&actor).await.map_err(|e| ctx.fault(e))?;
    let reported = office.reported_figures(&actor).await.map_err(|e| ctx.fault(e))?;
    let scene = Scene { unit: ctx.unit()?, day };
    let directive = ctx.param("directive");
    let words = rules::text::fold(ctx.param("q").unwrap_or_default());
    let mut out = Vec::new();
    for target in all {
        let of_directive = directive.is_none_or(|d| target.def.directive.as_deref() == Some(d));
        let fits = rules::text::fold(&format!("{} {}", target.def.id, ctx.t.pick(&target.def.title))).contains(&words);
        if !of_directive || !fits {
            continue;
        }
        let bound = office.bound_units(&world, &target.def, day);
        if !belongs(&world, &target.def, &bound, scene) {
            continue;
        }
        // The asked unit speaks for itself where the target binds it; else the whole does.
        let unit = Some(scene.unit).filter(|u| bound.contains(u)).or_else(|| whole_unit(ctx, &world, &target, day));
        let Some(unit) = unit else { continue };
        let on = office.target_on(&world, &target, unit, day, &reported).map_err(|e| ctx.fault(e))?;
        out.push(Row { target, unit, on });
    }
    out.sort_by_key(|r| (mark_on(&r.on), r.target.deadline().is_none(), r.target.deadline(), r.target.def.id.clone()));
    Ok(out)
}

fn chosen(ctx: &Ctx) -> Option<Mark> {
    let id = ctx.param("status")?;
    // The word of an address of the API is taken too.
    let status = id.parse::<Status>().ok().map(super::common::mark_of);
    Mark::ALL.into_iter().find(|m| m.id() == id).or(status)
}

/// `GET /targets`
pub async fn list(mut ctx: Ctx) -> PageResult {
    begin_at_home(&mut ctx)?;
    let rows = read(&ctx).await?;
    let (t, day) = (ctx.t, ctx.day()?);
    let world = ctx.app.office.world();
    let mut s = ctx.shell(Section::Targets, t.msg("col-targets"), true).await?;
    s.pick = Some(ctx.day_picker(&["q", "status", "directive"])?);
    let only = chosen(&ctx);
    let number = |n: usize| t.int(i64::try_from(n).unwrap_or(i64::MAX));
    let all =
        Chip { href: s.here_with("status", None), text: t.msg("filter-all"), count: number(rows.len()), on: only.is_none(), mark: None };
    let mut chips = vec![all];
    for mark in Mark::ALL {
        let n = rows.iter().filter(|r| mark_on(&r.on) == mark).count();
        if n > 0 || only == Some(mark) {
            chips.push(Chip {
                href: s.here_with("status", (only != Some(mark)).then_some(mark.id())),
                text: t.msg(mark.key()),
                count: number(n),
                on: only == Some(mark),
                mark: Some(mark),
            });
        }
    }
    let directives = directives(&ctx).await?;
    let shown: Vec<_> = rows
        .iter()
        .filter(|r| only.is_none_or(|m| m == mark_on(&r.on)))
        .map(|r| target_row(&ctx, &s, &world, &r.target, r.unit, &r.on, day))
        .collect();
    let query: Vec<(&str, &str)> = s.query.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let export = s.link_with("/targets.csv", &query);
    let q = ctx.param("q").unwrap_or_default().to_owned();
    let count = i64::try_from(shown.len()).unwrap_or(i64::MAX);
    Ok(render(&TargetListPage { chips, directives, q, rows: shown, count, export, s }))
}

/// The directives that gave targets, to choose from.
async fn directives(ctx: &Ctx) -> Result<Vec<crate::view::Choice>, PageError> {
    let (t, office, actor) = (ctx.t, &ctx.app.office, ctx.actor());
    let given: Vec<String> = office.targets(&actor).await.map_err(|e| ctx.fault(e))?.into_iter().filter_map(|x| x.def.directive).collect();
    let list = office.directives(&actor).await.map_err(|e| ctx.fault(e))?;
    let all = std::iter::once((String::new(), t.msg("filter-all")));
    let list = list.into_iter().filter(|d| given.contains(&d.def.id)).map(|d| {
        let number = d.def.number.clone().unwrap_or_else(|| d.def.id.clone());
        let text: String = format!("{number} – {}", t.pick(&d.def.title)).chars().take(DIRECTIVE_MAX).collect();
        (d.def.id, text)
    });
    Ok(choices(all.chain(list), ctx.param("directive").unwrap_or_default()))
}

/// `GET /targets.csv`: the list with its filters.
pub async fn export(mut ctx: Ctx) -> PageResult {
    begin_at_home(&mut ctx)?;
    let rows = read(&ctx).await?;
    let (t, day, only) = (ctx.t, ctx.day()?, chosen(&ctx));
    let world = ctx.app.office.world();
    let s = ctx.shell(Section::Targets, t.msg("col-targets"), false).await?;
    let keys = [
        "col-code",
        "col-title",
        "col-status",
        "col-unit",
        "col-figure",
        "col-counts",
        "col-goal",
        "col-deadline",
        "col-directive",
        "col-why",
    ];
    let head: Vec<String> = keys.iter().map(|k| t.msg(k)).collect();
    let mut out = Vec::new();
    for r in rows.iter().filter(|r| only.is_none_or(|m| m == mark_on(&r.on))) {
        let row = target_row(&ctx, &s, &world, &r.target, r.unit, &r.on, day);
        let directive = match &r.target.def.directive {
            Some(d) => directive_number(&ctx, d).await,
            None => String::new(),
        };
        out.push(vec![
            row.code,
            row.title,
            t.msg(row.mark.key()),
            row.unit,
            row.figure.value,
            row.figure.counts,
            row.goal,
            row.deadline,
            directive,
            words::why(t, &r.on.assessment, world.indicator(&r.target.def.indicator).map(|i| i.format)),
        ]);
    }
    csv(&ctx, &format!("targets-{day}"), &head.iter().map(String::as_str).collect::<Vec<_>>(), &[], &out)
}
