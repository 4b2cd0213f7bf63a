//! `/indicators/{id}` – one figure with everything behind it.

use axum::extract::Path;
use office::{
    Error,
    figures::{Part, Slice},
    programme::{self, FIGURE, ReportedFigure, Target, TargetOn},
    world::{Indicator, Source, World},
};
use rules::{
    Month, Period,
    access::{Action, Actor, decide},
    indicator::{Direction, IndicatorDef, Kind, figure},
    schema::FieldType,
    target::Window,
    units::Attribution,
};
use store::{ListQuery, SortBy};

use super::{
    Programme, Scene, export, fields, indicator_link, is_stock, live_id, segment, settle, shown, shown::Shown, signed_in, trend, words,
};
use crate::{
    chart,
    http::{Ctx, PageError, PageResult, error::render},
    pages::work::history::Names,
    view::{
        self, BarRow, Claim, Conflict, IndicatorPage, Link, Section, Shell,
        figures::{Breakdown, TrendRow},
    },
};

/// Parts of a breakdown that stand alone; the smaller ones are added together.
const PARTS_MAX: usize = 12;
/// Newest ledger entries in which the last change of a figure is looked for.
const LOOK_BACK: i64 = 300;
/// Records that are looked through for it at most.
const LOOK_THROUGH: i64 = 2_000;
/// Parts of a stacked bar that have a colour of their own.
const COLOURS: usize = 5;

/// All that the page and its file begin with.
struct Asked<'w> {
    names: Names,
    actor: Actor,
    scene: Scene,
    period: Period,
    indicator: &'w Indicator,
    programme: Programme,
    sources: Attribution,
    shown: Shown,
}

async fn ask<'w>(ctx: &mut Ctx, world: &'w World, id: &str) -> Result<Asked<'w>, PageError> {
    let actor = signed_in(ctx)?;
    let scene = settle(ctx, &actor)?;
    let indicator = world.indicator(id).ok_or_else(|| ctx.fault(Error::not_found(id)))?;
    ctx.app.office.may_see(&actor, indicator, scene.unit).map_err(|e| ctx.fault(e))?;
    let period = ctx.period()?;
    let programme = Programme::load(ctx, &actor).await?;
    let sources = world.units.sources_of(scene.unit, scene.day).map_err(|e| ctx.fault(Error::from(e)))?;
    let shown = shown::figure_of(ctx, &actor, indicator, scene, period, &programme.reported)?.unwrap_or_default();
    let names = Names::load(ctx).await?;
    Ok(Asked { actor, scene, period, indicator, programme, sources, shown, names })
}

/// The counted indicator behind it, if any.
fn live_of<'w>(world: &'w World, indicator: &'w Indicator) -> Option<&'w IndicatorDef> {
    match &indicator.source {
        Source::Reported(def) => def.live.as_deref().and_then(|l| world.indicator(l)).and_then(Indicator::live),
        _ => indicator.live(),
    }
}

impl Asked<'_> {
    /// The target this figure is held against, and how far the unit is.
    fn target(&self, ctx: &Ctx, world: &World) -> Result<Option<(&Target, TargetOn)>, PageError> {
        let Some(target) = self.programme.of(ctx, world, &self.indicator.id, self.scene).into_iter().next() else { return Ok(None) };
        let on = ctx.app.office.target_on(world, target, self.scene.unit, self.scene.day, &self.programme.reported);
        Ok(Some((target, on.map_err(|e| ctx.fault(e))?)))
    }

    fn points(&self, ctx: &Ctx, world: &World, target: Option<&Target>) -> trend::Points {
        let counted = self.shown.reported.is_empty()
            && (live_of(world, self.indicator).is_some() || matches!(self.indicator.source, Source::Derived(_)));
        trend::points(ctx, world, self.indicator, &self.sources, self.scene, target, &self.programme.reported, counted)
    }
}

/// `GET /indicators/{id}`
pub async fn page(mut ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let world = ctx.app.office.world();
    let a = ask(&mut ctx, &world, &id).await?;
    let t = ctx.t;
    let name = t.pick(&a.indicator.name).to_owned();
    let key = world.units.key(a.scene.unit).to_string();
    let mut s = ctx.shell(Section::Indicators, name.clone(), true).await?;
    s.pick = Some(ctx.picker(&[])?);
    s.crumbs = vec![Link::new(s.link("/indicators"), t.msg("nav-indicators"))];
    let target = a.target(&ctx, &world)?;
    let points = a.points(&ctx, &world, target.as_ref().map(|(x, _)| *x));
    let unit = ctx.unit_name(a.scene.unit);
    let drawing = trend::Drawing {
        indicator: a.indicator,
        name: &name,
        unit: &unit,
        points: &points,
        // Where each unit has to reach it by itself, the whole has no line of its own to reach.
        target: target.as_ref().filter(|(_, on)| on.each.is_none()).map(|(x, on)| (*x, on)),
    };
    let (trend_wide, trend_narrow) = trend::draw(&ctx, &world, a.scene, &drawing)?;
    let (change, change_good) = change(&ctx, &world, &a)?;
    let (num, den) = a.shown.parts(t);
    let (num_label, den_label) = labels(&ctx, a.indicator, &a.shown);
    let live = live_of(&world, a.indicator).filter(|_| a.shown.reported.is_empty());
    let counted = live.is_some() && a.shown.figure.is_some();
    let page = IndicatorPage {
        code: a.indicator.id.clone(),
        figure: a.shown.view(t, a.indicator, String::new(), String::new()),
        num,
        den,
        num_label,
        den_label,
        change,
        change_good,
        mark: target.as_ref().map(|(_, on)| words::mark(on.assessment.status, on.is_known())),
        why: target.as_ref().map(|(_, on)| words::why(t, &on.assessment, Some(a.indicator.format))).unwrap_or_default(),
        goal: target.as_ref().map(|(x, _)| {
            Link::new(s.link_with(&format!("/targets/{}", segment(&x.def.id)), &[("unit", &key)]), words::goal(t, a.indicator, x))
        }),
        trend: if points.is_empty() { Vec::new() } else { rows(&s, &key, a.indicator, &points) },
        trend_wide,
        trend_narrow,
        league: league(&ctx, &world, &s, &a)?,
        breakdowns: match live {
            Some(def) => breakdowns(&ctx, &world, def, &a)?,
            None => Vec::new(),
        },
        conflicts: conflicts(&ctx, &world, &s, &a).await?,
        sources: sources(&ctx, &world, &s, &a),
        formula: formula(&ctx, a.indicator, live),
        expression: expression(a.indicator, live),
        moved_at: moved_at(&ctx, &a).await?,
        caveats: caveats(&ctx, &world, &a, target.as_ref().map(|(x, _)| *x), &points),
        records: if counted {
            s.link_with(&format!("/indicators/{}/records", segment(&a.indicator.id)), &[("unit", &key)])
        } else {
            String::new()
        },
        records_count: a.shown.figure.map_or(0, |f| f.n),
        proof: proof(&ctx, &s, &a).await?,
        export: s.link_with(&format!("/indicators/{}/series.csv", segment(&a.indicator.id)), &[("unit", &key)]),
        name,
        unit,
        period: t.period(a.period),
        s,
    };
    Ok(render(&page))
}

/// `GET /indicators/{id}/series.csv`: the numbers behind the chart.
pub async fn csv(mut ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let world = ctx.app.office.world();
    let a = ask(&mut ctx, &world, &id).await?;
    let t = ctx.t;
    let target = a.target(&ctx, &world)?;
    let points = a.points(&ctx, &world, target.as_ref().map(|(x, _)| *x));
    let header = ["col-indicator", "col-unit", "col-period", "col-figure", "col-numerator", "col-denominator"].map(|k| t.msg(k));
    let unit = ctx.unit_name(a.scene.unit);
    let rows: Vec<Vec<String>> = points
        .list
        .iter()
        .map(|p| vec![t.pick(&a.indicator.name).to_owned(), unit.clone(), t.month(p.month), p.text.clone(), p.num.clone(), p.den.clone()])
        .collect();
    export::csv(&ctx, &a.indicator.id, &header.each_ref().map(String::as_str), &[3, 4, 5], &rows)
}

fn labels(ctx: &Ctx, indicator: &Indicator, shown: &Shown) -> (String, String) {
    let t = ctx.t;
    match shown.figure.map_or(indicator.kind(), |f| f.kind) {
        Kind::Ratio => (t.msg("col-numerator"), t.msg("col-denominator")),
        Kind::Average => (t.msg("label-sum"), t.msg("label-counted")),
        Kind::Sum | Kind::Count => (t.msg("label-counted"), String::new()),
    }
}

fn rows(s: &Shell, unit: &str, indicator: &Indicator, points: &trend::Points) -> Vec<TrendRow> {
    let link =
        |month: Month| s.link_with(&format!("/indicators/{}", segment(&indicator.id)), &[("unit", unit), ("period", &month.to_string())]);
    points
        .list
        .iter()
        .map(|p| TrendRow {
            period: s.t.month(p.month),
            figure: view::Figure {
                value: p.text.clone(),
                href: if p.value.is_some() { link(p.month) } else { String::new() },
                ..view::Figure::default()
            },
            num: p.num.clone(),
            den: p.den.clone(),
        })
        .collect()
}

/// Against the period before. A count of a period that still runs is compared with as many months of the former one.
fn change(ctx: &Ctx, world: &World, a: &Asked<'_>) -> Result<(String, Option<bool>), PageError> {
    let none = Ok((String::new(), None));
    let (Some(now), Some(before)) = (a.shown.value, a.period.previous()) else { return none };
    let mut before = before;
    let adds_up = matches!(a.indicator.kind(), Kind::Count | Kind::Sum) && !is_stock(world, a.indicator);
    if let (true, Some((from, to)), Some((was_from, _))) = (adds_up, a.period.months(), before.months()) {
        let today = Month::of(a.scene.day);
        if today < from {
            return none;
        }
        if today < to {
            before = Period::Range { from: was_from, to: was_from.plus(today.0 - from.0) };
        }
    }
    let former = shown::figure_of(ctx, &a.actor, a.indicator, a.scene, before, &a.programme.reported)?;
    let Some(former) = former.filter(|f| f.figure.is_none_or(|f| f.n > 0)).and_then(|f| f.value) else { return none };
    let t = ctx.t;
    let difference = now - former;
    let percent = a.indicator.format.is_percent();
    let digits = usize::from(a.indicator.format.digits());
    let amount =
        if percent { t.decimal((difference * 100.0).abs(), digits) } else { words::value(t, a.indicator.format, difference.abs()) };
    let period = t.period(before);
    if amount.bytes().all(|b| !(b'1'..=b'9').contains(&b)) {
        return Ok((t.msg1("change-none", "period", period), None));
    }
    let up = difference > 0.0;
    let key = match (percent, up) {
        (true, true) => "change-points-up",
        (true, false) => "change-points-down",
        (false, true) => "change-amount-up",
        (false, false) => "change-amount-down",
    };
    let good = match a.indicator.direction {
        Direction::Up => Some(up),
        Direction::Down => Some(!up),
        Direction::None => None,
    };
    Ok((t.msg2(key, if percent { "points" } else { "amount" }, amount, "period", period), good))
}

/// The units below, or beside where there are none below; the best first.
fn league(ctx: &Ctx, world: &World, s: &Shell, a: &Asked<'_>) -> Result<Vec<BarRow>, PageError> {
    let valid = |u: &u32| world.units.unit(*u).is_valid_on(a.scene.day);
    let mut units: Vec<u32> = world.units.children(a.scene.unit).iter().copied().filter(valid).collect();
    let beside = units.iter().all(|u| world.units.unit(*u).level > 4);
    if beside && let Some(parent) = world.units.parent(a.scene.unit) {
        units.extend(world.units.children(parent).iter().copied().filter(valid));
    }
    let t = ctx.t;
    let mut list = Vec::new();
    for unit in units {
        let scene = Scene { unit, day: a.scene.day };
        let Some(shown) = shown::figure_of(ctx, &a.actor, a.indicator, scene, a.period, &a.programme.reported)? else { continue };
        let agency = world.units.unit(unit).level > 4;
        // An agency stands here only where figures are kept by agency; a ward without a figure stands here as such.
        if agency && shown.figure.map_or(shown.value.is_none(), |f| f.n == 0) && shown.reported.is_empty() {
            continue;
        }
        list.push((unit, shown));
    }
    if list.iter().all(|(_, x)| !x.has_value()) {
        return Ok(Vec::new());
    }
    let down = a.indicator.direction == Direction::Down;
    list.sort_by(|(_, x), (_, y)| match (x.value, y.value) {
        (Some(p), Some(q)) => {
            if down {
                p.total_cmp(&q)
            } else {
                q.total_cmp(&p)
            }
        }
        (p, q) => q.is_some().cmp(&p.is_some()),
    });
    let longest = list.iter().filter_map(|(_, x)| x.value).fold(0.0, f64::max);
    let scale = if a.indicator.format.is_percent() { longest.max(1.0) } else { longest };
    let share = |v: f64| if scale > 0.0 { v / scale } else { 0.0 };
    let mut out = Vec::new();
    for (unit, shown) in list {
        let key = world.units.key(unit).to_string();
        let scene = Scene { unit, day: a.scene.day };
        let target = a.programme.of(ctx, world, &a.indicator.id, scene).into_iter().next();
        let mut mark = None;
        if let Some(target) = target {
            let on = ctx.app.office.target_on(world, target, unit, a.scene.day, &a.programme.reported).map_err(|e| ctx.fault(e))?;
            mark = Some(words::mark(on.assessment.status, on.is_known()));
        }
        let goal = target.map(|x| share(a.indicator.format.fraction(x.def.threshold_value))).filter(|g| *g <= 1.0);
        let href = indicator_link(s, &a.indicator.id, &key);
        out.push(BarRow {
            name: ctx.unit_name(unit),
            href: href.clone(),
            figure: shown.view(t, a.indicator, href, live_id(&["l", &key])),
            bar: chart::meter(shown.value.map(share), goal),
            own: unit == a.scene.unit,
            mark,
            spark: chart::Svg::default(),
        });
    }
    Ok(out)
}

fn breakdowns(ctx: &Ctx, world: &World, def: &IndicatorDef, a: &Asked<'_>) -> Result<Vec<Breakdown>, PageError> {
    let mut out = Vec::new();
    for field in &def.breakdowns {
        let slices = ctx.app.office.breakdown(&def.id, field, &a.sources, a.period).map_err(|e| ctx.fault(e))?;
        if slices.iter().any(|x| x.figure.n > 0) {
            out.push(breakdown(ctx, world, def, field, slices, a.indicator));
        }
    }
    Ok(out)
}

fn breakdown(ctx: &Ctx, world: &World, def: &IndicatorDef, field: &str, mut slices: Vec<Slice>, indicator: &Indicator) -> Breakdown {
    let t = ctx.t;
    let declared = world.registers.get(&def.register).and_then(|r| r.def.fields.iter().find(|f| f.id == field));
    let mut rest = None;
    if slices.len() > PARTS_MAX {
        let small = slices.split_off(PARTS_MAX - 1);
        let first = small.first().map(|x| x.figure);
        let sum = |of: fn(&rules::indicator::Figure) -> i64| small.iter().map(|x| of(&x.figure)).sum::<i64>();
        rest = first.map(|f| (small.len(), figure(sum(|f| f.num), sum(|f| f.den), sum(|f| f.n), f.kind, f.scale)));
    }
    let label = |value: &Option<String>| match (value, declared) {
        (None, _) => t.msg("value-empty"),
        (Some(v), Some(f)) if f.ty == FieldType::Bool => t.msg(if v == "true" || v == "1" { "value-yes" } else { "value-no" }),
        (Some(v), Some(f)) if f.ty == FieldType::Unit => world.unit_name(v, t.tag()).to_owned(),
        (Some(v), Some(f)) => fields::choice(ctx, f, v),
        (Some(v), None) => v.clone(),
    };
    let mut list: Vec<(String, rules::indicator::Figure)> = slices.iter().map(|x| (label(&x.value), x.figure)).collect();
    list.extend(rest.map(|(count, f)| (t.msg1("value-others", "count", count), f)));
    let all: i64 = list.iter().map(|(_, f)| f.n).sum();
    #[expect(clippy::cast_precision_loss, reason = "a length on the screen")]
    let share = |f: &rules::indicator::Figure| if all > 0 { f.n as f64 / all as f64 } else { 0.0 };
    let title = t.msg1("breakdown-by", "field", declared.map_or_else(|| field.to_owned(), |f| words::inside(t.pick(&f.label))));
    let parts: Vec<chart::Part> = list
        .iter()
        .map(|(name, f)| chart::Part {
            name: name.clone(),
            value: share(f),
            label: format!("{} ({})", t.msg1("records-count", "count", f.n), t.percent(share(f), 1)),
        })
        .collect();
    // The bar is as long as the figure beside it says; how many records a part has stands in numbers.
    let longest = list.iter().filter_map(|(_, f)| f.value).fold(0.0, f64::max);
    let length = |f: &rules::indicator::Figure| match (f.kind, f.value) {
        (Kind::Ratio, Some(v)) if indicator.format.is_percent() => v / longest.max(1.0),
        (Kind::Ratio | Kind::Average, Some(v)) if longest > 0.0 => v / longest,
        (Kind::Ratio | Kind::Average, _) => 0.0,
        _ => share(f),
    };
    let rows = list
        .iter()
        .enumerate()
        .map(|(i, (name, f))| BarRow {
            name: name.clone(),
            figure: view::Figure { value: words::counted(t, indicator.format, f), counts: words::counts(t, f), ..view::Figure::default() },
            bar: chart::part_meter(Some(length(f)), i.min(COLOURS - 1)),
            ..BarRow::default()
        })
        .collect();
    Breakdown { stacked: chart::stacked(&live_id(&["b", field]), &title, &parts, chart::Palette::Css), title, rows }
}

/// Values that contradict each other, side by side, decided or not: of this unit, every period.
async fn conflicts(ctx: &Ctx, world: &World, s: &Shell, a: &Asked<'_>) -> Result<Vec<Conflict>, PageError> {
    let key = world.units.key(a.scene.unit);
    let all = ctx.app.office.conflicts(&a.actor).await.map_err(|e| ctx.fault(e))?;
    let mut out = Vec::new();
    for c in all.into_iter().filter(|c| c.indicator == a.indicator.id && c.unit == *key) {
        out.push(conflict(ctx, world, s, a, &c).await?);
    }
    Ok(out)
}

async fn conflict(ctx: &Ctx, world: &World, s: &Shell, a: &Asked<'_>, c: &programme::Conflict) -> Result<Conflict, PageError> {
    let t = ctx.t;
    let may = decide(&a.actor, Action::Decide, Some(FIGURE), Some(a.scene.unit), &world.units).is_ok();
    let mut claims = Vec::new();
    for f in &c.figures {
        claims.push(Claim {
            value: shown::reported_text(t, a.indicator, f),
            source: source(ctx, world, s, &a.names, f),
            proof: proof_of(ctx, s, f).await?,
            id: f.record.id.to_string(),
            chosen: c.decided.as_deref() == Some(&f.record.id.to_string()),
        });
    }
    let chosen = c.figures.iter().find(|f| c.decided.as_deref() == Some(&f.record.id.to_string()));
    let period = c.period.map_or_else(|| t.msg("period-unknown"), |p| t.period(p));
    let first = c.figures.first().map(|f| f.record.id.to_string()).unwrap_or_default();
    Ok(Conflict {
        title: t.format(
            "conflict-title",
            &[("name", t.pick(&a.indicator.name).into()), ("period", period.into()), ("count", claims.len().into())],
        ),
        claims,
        decide: if may && chosen.is_none() { s.link(&format!("/conflicts/{first}")) } else { String::new() },
        decided: chosen
            .map(|f| {
                t.format(
                    "conflict-decided",
                    &[
                        ("value", shown::reported_text(t, a.indicator, f).into()),
                        ("who", a.names.of(t, f.extra.decided_by.as_deref().unwrap_or_default()).into()),
                        ("at", t.moment(f.record.updated_at).into()),
                        ("reason", f.extra.decided_reason.clone().unwrap_or_default().into()),
                    ],
                )
            })
            .unwrap_or_default(),
    })
}

fn source(ctx: &Ctx, world: &World, s: &Shell, names: &Names, f: &ReportedFigure) -> view::Source {
    let known = world.sources.get(&f.def.source);
    let by = [known.and_then(|x| x.publisher.clone()), f.extra.submitted_by.as_deref().map(|by| names.of(ctx.t, by))];
    view::Source {
        title: known.map_or_else(|| f.def.source.clone(), |x| x.title.clone()),
        href: known.and_then(|x| x.address.clone()).unwrap_or_else(|| s.link(&format!("/records/{FIGURE}/{}", f.record.id))),
        // What was made of other figures says of which.
        quote: f.def.note.as_ref().filter(|_| f.def.quote.is_empty()).map_or_else(|| f.def.quote.clone(), |n| ctx.t.pick(n).to_owned()),
        as_of: f.def.as_of.map(|d| ctx.t.date(d)).unwrap_or_default(),
        by: by.into_iter().flatten().collect::<Vec<_>>().join(" · "),
    }
}

/// Where the shown value was published; for a counted one, where its definition comes from.
fn sources(ctx: &Ctx, world: &World, s: &Shell, a: &Asked<'_>) -> Vec<view::Source> {
    let mine: Vec<view::Source> = if a.shown.reported.is_empty() {
        // The published figures stand beside the counted one.
        let key = world.units.key(a.scene.unit);
        let of = |f: &&ReportedFigure| f.counts() && f.def.indicator == a.indicator.id && f.def.unit == *key;
        a.programme.reported.iter().filter(of).map(|f| quoted(ctx, world, s, a, f)).collect()
    } else {
        a.shown.reported.iter().map(|f| quoted(ctx, world, s, a, f)).collect()
    };
    if !mine.is_empty() {
        return mine;
    }
    let id = match &a.indicator.source {
        Source::Live { def, .. } => def.source.as_deref(),
        Source::Derived(def) => def.source.as_deref(),
        Source::Reported(def) => def.source.as_deref(),
    };
    let of_source = |id: &str| {
        let x = world.sources.get(id)?;
        Some(view::Source {
            title: x.title.clone(),
            href: x.address.clone().unwrap_or_default(),
            quote: String::new(),
            as_of: x.published_on.map(|d| ctx.t.date(d)).unwrap_or_default(),
            by: x.publisher.clone().unwrap_or_default(),
        })
    };
    id.and_then(of_source).into_iter().collect()
}

/// A source with the value it gives before its words.
fn quoted(ctx: &Ctx, world: &World, s: &Shell, a: &Asked<'_>, f: &ReportedFigure) -> view::Source {
    let mut out = source(ctx, world, s, &a.names, f);
    let period = f.def.period.map_or_else(|| ctx.t.msg("period-unknown"), |p| ctx.t.period(p));
    out.title = format!("{} ({period}): {}", shown::reported_text(ctx.t, a.indicator, f), out.title);
    out
}

fn formula(ctx: &Ctx, indicator: &Indicator, live: Option<&IndicatorDef>) -> String {
    let own = indicator.explain.as_ref().or_else(|| live.and_then(|d| d.explain.as_ref()));
    match own {
        Some(text) => ctx.t.pick(text).to_owned(),
        None => ctx.t.msg(if live.is_some() { "formula-counted" } else { "formula-reported" }),
    }
}

/// The expression as it is evaluated.
fn expression(indicator: &Indicator, live: Option<&IndicatorDef>) -> String {
    let Some(def) = live else {
        return match &indicator.source {
            Source::Derived(def) => def.value.clone(),
            _ => String::new(),
        };
    };
    let mut lines = Vec::new();
    let mut line = |name: &str, text: Option<&str>| lines.extend(text.map(|t| format!("{name}: {t}")));
    line("register", Some(&def.register));
    line("where", def.filter.as_deref());
    line("numerator", def.numerator.as_deref());
    line("denominator", def.denominator.as_deref());
    line("value", def.value.as_deref());
    line("date", Some(&def.date));
    line("unit", def.unit.as_deref());
    lines.join("\n")
}

/// When something behind the figure changed last: the newest of its records. The newest entries of the ledger are looked at first;
/// only a figure of few records is worth looking through all of them.
async fn moved_at(ctx: &Ctx, a: &Asked<'_>) -> Result<String, PageError> {
    if let Some(at) = a.shown.reported.iter().map(|f| f.record.updated_at).max() {
        return Ok(ctx.t.moment(at));
    }
    let n = a.shown.figure.map_or(0, |f| f.n);
    if n == 0 {
        return Ok(String::new());
    }
    let office = &ctx.app.office;
    let drill = office.drill(&a.indicator.id, &a.sources, a.period, Part::Counted).map_err(|e| ctx.fault(e))?;
    let newest = async |filter: String| {
        let query =
            ListQuery { register: drill.register.clone(), filter: Some(filter), sort: SortBy::Newest, limit: 1, ..ListQuery::default() };
        let page = office.store().list(&query).await.map_err(|e| ctx.fault(e))?;
        Ok::<_, PageError>(page.records.first().map(|r| ctx.t.moment(r.updated_at)))
    };
    let head = office.store().head().await.map_err(|e| ctx.fault(e))?;
    let entries = office.store().newest_entries(head.size, LOOK_BACK).await.map_err(|e| ctx.fault(e))?;
    // Identities are UUIDs: they cannot carry anything into the condition.
    let ids: Vec<String> = entries.iter().filter(|e| e.register == drill.register).map(|e| format!("'{}'", e.record_id)).collect();
    if !ids.is_empty()
        && let Some(at) = newest(format!("id IN ({}) AND ({})", ids.join(","), drill.filter)).await?
    {
        return Ok(at);
    }
    if n > LOOK_THROUGH { Ok(String::new()) } else { Ok(newest(drill.filter.clone()).await?.unwrap_or_default()) }
}

/// The ledger entry that holds a reported figure.
async fn proof_of(ctx: &Ctx, s: &Shell, f: &ReportedFigure) -> Result<String, PageError> {
    let entries = ctx.app.office.store().history(FIGURE, f.record.id).await.map_err(|e| ctx.fault(e))?;
    Ok(entries.iter().rev().find_map(|e| e.seq).map(|seq| s.link(&format!("/ledger/{seq}"))).unwrap_or_default())
}

/// A reported figure has its own entry; a counted one stands on all of them, so its proof is the ledger's.
async fn proof(ctx: &Ctx, s: &Shell, a: &Asked<'_>) -> Result<String, PageError> {
    match a.shown.reported.as_slice() {
        [one] => proof_of(ctx, s, one).await,
        _ if a.shown.has_value() => Ok(s.link("/ledger")),
        _ => Ok(String::new()),
    }
}

/// What a reader must know before using the value.
fn caveats(ctx: &Ctx, world: &World, a: &Asked<'_>, target: Option<&Target>, points: &trend::Points) -> Vec<String> {
    let t = ctx.t;
    let mut out = Vec::new();
    if a.shown.estimated {
        out.push(t.msg("caveat-estimated"));
    }
    if !a.shown.not_attributable.is_empty() {
        let names: Vec<String> = a.shown.not_attributable.iter().map(|u| ctx.unit_name(*u)).collect();
        out.push(t.msg1("caveat-not-attributable", "units", names.join(", ")));
    }
    if let [one] = a.shown.reported.as_slice() {
        match one.def.period {
            Some(p) if p != a.period => out.push(t.msg1("caveat-other-period", "period", t.period(p))),
            None => out.push(t.msg("caveat-no-period")),
            _ => {}
        }
    }
    if a.shown.conflict() {
        out.push(t.msg("caveat-conflict"));
    }
    // What is not shown as the target counts it is only indicative.
    if let Some(target) = target {
        let window = target.def.window;
        let fits = match (window, a.period) {
            (Window::Month, Period::Month(_)) | (Window::Quarter, Period::Quarter { .. }) | (Window::Year, Period::Year(_)) => true,
            (Window::Cumulative | Window::Latest, Period::All) => true,
            // A running total and a state do not depend on the period asked for.
            (Window::Cumulative | Window::Latest, _) => !a.shown.reported.is_empty() || is_stock(world, a.indicator),
            _ => false,
        };
        if !fits && a.shown.has_value() {
            out.push(t.msg2("caveat-window", "period", t.period(a.period), "window", t.msg(window_key(window))));
        }
    }
    if let Some(window) = points.running {
        out.push(t.msg1("caveat-running", "window", t.msg(window_key(window))));
    }
    if ctx.app.office.simulated() {
        out.push(t.msg("caveat-simulated"));
    }
    out
}

fn window_key(window: Window) -> &'static str {
    match window {
        Window::Month => "window-month",
        Window::Quarter => "window-quarter",
        Window::Year => "window-year",
        Window::Cumulative => "window-cumulative",
        Window::Latest => "window-latest",
    }
}
