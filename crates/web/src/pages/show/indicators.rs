//! `/indicators` – every indicator with its value, its last year and its target, for one unit and period.

use office::{
    Error,
    programme::TargetOn,
    world::{Indicator, Source, World},
};
use rules::{
    Month, Period,
    access::{Action, Actor, decide},
    units::Attribution,
};

use super::{Programme, Scene, export, indicator_link, live_id, settle, shown, signed_in, words};
use crate::{
    chart,
    http::{Ctx, PageError, PageResult, error::render},
    i18n::Lang,
    view::{Chip, IndicatorListPage, Section, Shell, figures::IndicatorRow},
};

/// Months of the line in a row.
const SPARK: i32 = 12;
/// Filters by kind; the last one asks for contradictions.
const KINDS: [(&str, &str); 4] =
    [("live", "kind-computed"), ("reported", "kind-reported"), ("derived", "kind-derived"), ("conflict", "filter-conflict")];

/// A row with what the file needs besides.
struct Line<'w> {
    indicator: &'w Indicator,
    shown: shown::Shown,
    row: IndicatorRow,
}

/// `GET /indicators`
pub async fn page(mut ctx: Ctx) -> PageResult {
    let actor = signed_in(&ctx)?;
    let scene = settle(&mut ctx, &actor)?;
    let mut s = ctx.shell(Section::Indicators, ctx.t.msg("indicators-title"), true).await?;
    s.pick = Some(ctx.picker(&["kind", "q"])?);
    let world = ctx.app.office.world();
    let all = lines(&ctx, &actor, &world, &s, scene).await?;
    let kind = ctx.param("kind");
    let count = |k: Option<&str>| ctx.t.int(i64::try_from(all.iter().filter(|l| of_kind(l, k)).count()).unwrap_or(0));
    let mut chips =
        vec![Chip { href: s.here_with("kind", None), text: ctx.t.msg("filter-all"), count: count(None), on: kind.is_none(), mark: None }];
    chips.extend(KINDS.map(|(id, key)| Chip {
        href: s.here_with("kind", Some(id)),
        text: ctx.t.msg(key),
        count: count(Some(id)),
        on: kind == Some(id),
        mark: None,
    }));
    let rows = all.into_iter().filter(|l| of_kind(l, kind)).map(|l| l.row).collect();
    let may_enter = decide(&actor, Action::Submit, Some(office::programme::FIGURE), Some(scene.unit), &world.units).is_ok();
    let page = IndicatorListPage {
        chips,
        q: ctx.param("q").unwrap_or_default().to_owned(),
        rows,
        scorecards: if world.scorecards.is_empty() { String::new() } else { s.link("/scorecards") },
        enter: if may_enter { s.link("/figures/new") } else { String::new() },
        export: s.link_with("/indicators.csv", &s.query.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>()),
        s,
    };
    Ok(render(&page))
}

/// `GET /indicators.csv`: exactly what the page shows under the same address.
pub async fn csv(mut ctx: Ctx) -> PageResult {
    let actor = signed_in(&ctx)?;
    let scene = settle(&mut ctx, &actor)?;
    let period = ctx.period()?;
    let s = ctx.shell(Section::Indicators, ctx.t.msg("indicators-title"), false).await?;
    let world = ctx.app.office.world();
    let t = ctx.t;
    let keys = [
        "col-code",
        "col-indicator",
        "col-unit",
        "col-period",
        "col-figure",
        "col-numerator",
        "col-denominator",
        "col-goal",
        "col-status",
        "col-kind",
        "col-source",
    ];
    let header = keys.map(|k| t.msg(k));
    let kind = ctx.param("kind");
    let mut rows = Vec::new();
    for l in lines(&ctx, &actor, &world, &s, scene).await?.into_iter().filter(|l| of_kind(l, kind)) {
        let (num, den) = l.shown.parts(t);
        rows.push(vec![
            l.indicator.id.clone(),
            l.row.name,
            ctx.unit_name(scene.unit),
            t.period(period),
            l.row.figure.value,
            num,
            den,
            l.row.goal,
            l.row.mark.map(|m| t.msg(m.key())).unwrap_or_default(),
            l.row.kind,
            l.row.source,
        ]);
    }
    export::csv(&ctx, &format!("indicators-{period}"), &header.each_ref().map(String::as_str), &[4, 5, 6], &rows)
}

fn of_kind(line: &Line<'_>, kind: Option<&str>) -> bool {
    match kind {
        None => true,
        Some("conflict") => line.row.conflict,
        Some(kind) => line.indicator.kind_word() == kind,
    }
}

async fn lines<'w>(ctx: &Ctx, actor: &Actor, world: &'w World, s: &Shell, scene: Scene) -> Result<Vec<Line<'w>>, PageError> {
    let programme = Programme::load(ctx, actor).await?;
    let period = ctx.period()?;
    let sources = world.units.sources_of(scene.unit, scene.day).map_err(|e| ctx.fault(Error::from(e)))?;
    let q = rules::text::fold(ctx.param("q").unwrap_or_default());
    let words: Vec<&str> = q.split_whitespace().collect();
    let mut out = Vec::new();
    for indicator in world.indicators.values().filter(|i| matches(i, &words)) {
        let Some(shown) = shown::figure_of(ctx, actor, indicator, scene, period, &programme.reported)? else { continue };
        let row = row(ctx, world, s, scene, &programme, &sources, indicator, &shown)?;
        out.push(Line { indicator, shown, row });
    }
    if out.is_empty() && words.is_empty() && !world.indicators.is_empty() {
        // Nothing may be seen here at all: say why instead of showing an empty list.
        decide(actor, Action::View, None, Some(scene.unit), &world.units).map_err(|r| ctx.fault(Error::from(r)))?;
    }
    tell_apart(&mut out.iter_mut().map(|l| &mut l.row).collect::<Vec<_>>());
    // What a target is set for comes first, then by name.
    out.sort_by(|a, b| a.row.goal.is_empty().cmp(&b.row.goal.is_empty()).then_with(|| rules::text::compare(&a.row.name, &b.row.name)));
    Ok(out)
}

/// Whether all words occur in the indicator's id, other names, or name in either language.
#[must_use]
pub fn matches(indicator: &Indicator, words: &[&str]) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = format!("{} {} {} {}", indicator.id, indicator.aliases.join(" "), indicator.name.vi, indicator.name.en);
    let text = rules::text::fold(&text);
    words.iter().all(|w| text.contains(w))
}

/// A row of the list of indicators, also used by a unit's page.
#[expect(clippy::too_many_arguments, reason = "one row in all its parts")]
pub fn row(
    ctx: &Ctx,
    world: &World,
    s: &Shell,
    scene: Scene,
    programme: &Programme,
    sources: &Attribution,
    indicator: &Indicator,
    shown: &shown::Shown,
) -> Result<IndicatorRow, PageError> {
    let t = ctx.t;
    let key = world.units.key(scene.unit).to_string();
    let target = programme.of(ctx, world, &indicator.id, scene).into_iter().next();
    let (mut goal, mut mark, mut judged, mut conflict) = (String::new(), None, String::new(), shown.conflict());
    conflict |= programme.open.iter().any(|c| c.indicator == indicator.id && c.unit.to_string() == key);
    if let Some(target) = target {
        let on = ctx.app.office.target_on(world, target, scene.unit, scene.day, &programme.reported).map_err(|e| ctx.fault(e))?;
        goal = words::goal(t, indicator, target);
        mark = Some(words::mark(on.assessment.status, on.is_known()));
        judged = judged_by(t, indicator, shown, &on);
        conflict |= words::deadlines(target).len() > 1;
    }
    Ok(IndicatorRow {
        href: indicator_link(s, &indicator.id, &key),
        code: indicator.id.clone(),
        name: t.pick(&indicator.name).to_owned(),
        kind: t.msg(kind_key(indicator)),
        figure: shown.view(t, indicator, indicator_link(s, &indicator.id, &key), live_id(&["i", &indicator.id, &key])),
        spark: spark(ctx, indicator, sources, scene, shown),
        goal,
        mark,
        judged,
        source: source_text(ctx, world, indicator, shown),
        conflict,
    })
}

/// A target has a period of its own: where its mark speaks of another value than the row shows, the row says which.
fn judged_by(t: Lang, indicator: &Indicator, shown: &shown::Shown, on: &TargetOn) -> String {
    if !on.is_known() {
        return if shown.value.is_some() { t.msg("judged-by-nothing") } else { String::new() };
    }
    let judged = on.value.map(|v| words::points(t, indicator.format, v));
    let seen = shown.value.map(|v| words::value(t, indicator.format, v));
    if judged.is_some() && judged == seen {
        return String::new();
    }
    // Counted values are said in as few digits as say them, published ones as they were published.
    let text = judged.filter(|_| on.reported.is_none()).unwrap_or_else(|| words::value_on(t, indicator, on));
    t.msg2("judged-by", "period", super::period_on(t, on), "value", text)
}

/// Rows that would read alike say where their figures come from.
pub fn tell_apart(rows: &mut [&mut IndicatorRow]) {
    let mut count = std::collections::HashMap::<String, usize>::new();
    for r in rows.iter() {
        *count.entry(r.name.clone()).or_default() += 1;
    }
    for r in rows.iter_mut().filter(|r| count.get(&r.name).is_some_and(|n| *n > 1)) {
        r.name = format!("{} ({})", r.name, r.kind);
    }
}

/// Key of the word for where an indicator's figures come from.
#[must_use]
pub fn kind_key(indicator: &Indicator) -> &'static str {
    match indicator.source {
        Source::Live { .. } => "kind-computed",
        Source::Derived(_) => "kind-derived",
        Source::Reported(_) => "kind-reported",
    }
}

/// The last twelve months; nothing to draw for fewer than two values, or for what is only reported.
fn spark(ctx: &Ctx, indicator: &Indicator, sources: &Attribution, scene: Scene, shown: &shown::Shown) -> chart::Svg {
    if !shown.reported.is_empty() {
        return chart::Svg::default();
    }
    let to = Month::of(scene.day);
    let series = ctx.app.office.series(indicator, sources, to.plus(1 - SPARK), to);
    // A month in which nothing was counted is not known, not zero.
    let values: Vec<Option<f64>> = series.iter().map(|(_, a)| a.value.filter(|_| a.figure.is_none_or(|f| f.n > 0))).collect();
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return chart::Svg::default() };
    if known.len() < 2 {
        return chart::Svg::default();
    }
    let text = |x: f64| words::value(ctx.t, indicator.format, x);
    let title =
        ctx.t.format("spark-title", &[("from", text(*first).into()), ("to", text(*last).into()), ("count", i64::from(SPARK).into())]);
    chart::spark(&live_id(&["s", &indicator.id]), &title, &values)
}

/// Where the value comes from, in a few words.
fn source_text(ctx: &Ctx, world: &World, indicator: &Indicator, shown: &shown::Shown) -> String {
    let t = ctx.t;
    let title = |id: &str| world.sources.get(id).map_or_else(|| id.to_owned(), |s| s.title.clone());
    if let Some(f) = shown.reported.first() {
        let period = f.def.period.filter(|p| Some(p.to_string()) != ctx.state.period).map(|p: Period| t.period(p));
        return [Some(title(&f.def.source)), period].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    }
    match &indicator.source {
        Source::Live { def, .. } => register_name(ctx, world, &def.register),
        Source::Reported(def) if shown.value.is_some() => {
            let live = def.live.as_deref().and_then(|l| world.indicator(l)).and_then(Indicator::live);
            live.map(|d| register_name(ctx, world, &d.register)).unwrap_or_default()
        }
        Source::Reported(def) => def.source.as_deref().map(title).unwrap_or_default(),
        Source::Derived(def) => def.source.as_deref().map(title).unwrap_or_default(),
    }
}

fn register_name(ctx: &Ctx, world: &World, id: &str) -> String {
    world.registers.get(id).map_or_else(|| id.to_owned(), |r| ctx.t.pick(&r.def.register.name).to_owned())
}
