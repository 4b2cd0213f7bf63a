//! `/scorecards/{id}` – a composite index for a unit and a period; every component opens to its figure and so to its dossiers.

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use office::{
    Error,
    scorecard::{Line, Value},
    world::World,
};
use rules::{
    indicator::Format,
    scorecard::{ComponentDef, Measure, Points, ScorecardDef},
};

use super::{Scene, indicator_link, live_id, segment, settle, signed_in, words};
use crate::{
    chart,
    http::{Ctx, PageError, PageResult, error::render},
    i18n::Lang,
    view::{
        Chip, Figure, Link, Section, Shell,
        scorecard::{ComponentRow, GroupRow, LeagueRow, ScorecardPage},
    },
};

/// Digits of a most and of a threshold: 20, 0,5.
const SHORT: usize = 2;

/// `GET /scorecards`: the first one.
pub async fn list(ctx: Ctx) -> PageResult {
    signed_in(&ctx)?;
    let world = ctx.app.office.world();
    let first = world.scorecards.keys().next().ok_or_else(|| ctx.fault(Error::not_found("scorecard")))?;
    let s = ctx.shell(Section::Indicators, String::new(), false).await?;
    Ok(Redirect::to(&s.link(&format!("/scorecards/{}", segment(first)))).into_response())
}

/// `GET /scorecards/{id}`
pub async fn page(mut ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let actor = signed_in(&ctx)?;
    let scene = settle(&mut ctx, &actor)?;
    let world = ctx.app.office.world();
    let def = world.scorecards.get(&id).ok_or_else(|| ctx.fault(Error::not_found(&id)))?;
    let period = ctx.period()?;
    let office = &ctx.app.office;
    let scored = office.scorecard(&actor, &id, scene.unit, period, scene.day).map_err(|e| ctx.fault(e))?;
    let lines = office.scorecard_league(&actor, &id, scene.unit, period, scene.day).map_err(|e| ctx.fault(e))?;
    let t = ctx.t;
    let mut s = ctx.shell(Section::Indicators, t.pick(&def.name).to_owned(), true).await?;
    s.pick = Some(ctx.picker(&[])?);
    s.crumbs = vec![Link::new(s.link("/indicators"), t.msg("nav-indicators"))];
    let digits = usize::from(def.digits);
    let mut groups = Vec::new();
    for (g, group) in def.groups.iter().enumerate() {
        let sum = scored.score.groups.get(g).copied().unwrap_or_default();
        let cells = scored.values.get(g).into_iter().flatten().zip(scored.score.components.get(g).into_iter().flatten());
        groups.push(GroupRow {
            name: t.pick(&group.name).to_owned(),
            points: group_points(t, sum, digits),
            rows: group.components.iter().zip(cells).map(|(c, (v, p))| row(&ctx, &world, &s, scene, digits, c, v, *p)).collect(),
        });
    }
    let missing = scored.score.components.iter().flatten().filter(|p| p.got.is_none() && p.max > 0.0).count();
    let total = scored.score.total;
    let page = ScorecardPage {
        chips: chips(t, &world, &s, &id),
        unit: ctx.unit_name(scene.unit),
        period: t.period(period),
        judged: number(t, scored.score.judged, digits),
        of: words::short(t, def.total, SHORT),
        provisional: if scored.score.judged.is_some() && !total.is_complete() {
            t.msg2("scorecard-provisional", "of", words::short(t, total.of, SHORT), "max", words::short(t, total.max, SHORT))
        } else {
            String::new()
        },
        band: scored.score.band.and_then(|b| def.bands.get(b)).map(|b| t.pick(&b.name).to_owned()).unwrap_or_default(),
        reached: total
            .got
            .map_or_else(|| words::DASH.to_owned(), |got| format!("{} / {}", t.decimal(got, digits), words::short(t, total.of, SHORT))),
        missing: if missing > 0 { t.msg1("scorecard-missing", "count", missing) } else { String::new() },
        explain: def.explain.as_ref().map(|x| t.pick(x).to_owned()).unwrap_or_default(),
        note: def.note.as_ref().map(|x| t.pick(x).to_owned()).unwrap_or_default(),
        league: league(&ctx, &world, &s, def, &lines)?,
        bands: bands(t, def),
        own_weights: def.components().any(|c| c.own_weight),
        source: def.source.as_ref().and_then(|x| world.sources.get(x)).map_or_else(String::new, |x| {
            let parts = [Some(x.title.clone()), x.publisher.clone(), x.published_on.map(|d| t.date(d))];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }),
        groups,
        s,
    };
    Ok(render(&page))
}

/// "4,00 / 4 có dữ liệu (18)": points of what has data, and the most of the group where that is more.
fn group_points(t: Lang, sum: Points, digits: usize) -> String {
    let (of, max) = (words::short(t, sum.of, SHORT), words::short(t, sum.max, SHORT));
    match sum.got {
        None => t.msg1("scorecard-group-none", "max", max),
        Some(got) if sum.is_complete() => format!("{} / {max}", t.decimal(got, digits)),
        Some(got) => t.format("scorecard-group-some", &[("got", t.decimal(got, digits).into()), ("of", of.into()), ("max", max.into())]),
    }
}

fn number(t: Lang, points: Option<f64>, digits: usize) -> String {
    points.map_or_else(|| words::DASH.to_owned(), |p| t.decimal(p, digits))
}

fn chips(t: Lang, world: &World, s: &Shell, id: &str) -> Vec<Chip> {
    let chip = |def: &ScorecardDef| Chip {
        href: s.link(&format!("/scorecards/{}", segment(&def.id))),
        text: t.pick(&def.name).to_owned(),
        count: String::new(),
        on: def.id == id,
        mark: None,
    };
    world.scorecards.values().map(chip).collect()
}

#[expect(clippy::too_many_arguments, reason = "one row in all its parts")]
fn row(ctx: &Ctx, world: &World, s: &Shell, scene: Scene, digits: usize, c: &ComponentDef, v: &Value, p: Points) -> ComponentRow {
    let t = ctx.t;
    let key = world.units.key(scene.unit).to_string();
    let indicator = v.indicator.as_deref().and_then(|i| world.indicator(i));
    let format = indicator.map_or(Format::Percent(2), |i| i.format);
    let counts = match (v.numerator, v.denominator) {
        (Some(n), Some(d)) if format.is_percent() => format!("{} / {}", t.int(n), t.int(d)),
        _ => String::new(),
    };
    let value =
        v.points.map_or_else(|| words::DASH.to_owned(), |x| words::value(t, format, if format.is_percent() { x / 100.0 } else { x }));
    let href = indicator.map(|i| indicator_link(s, &i.id, &key)).unwrap_or_default();
    let explain = c.explain.as_ref().or_else(|| indicator.and_then(|i| i.explain.as_ref()));
    let note = match &c.measure {
        Measure::Missing(why) => t.pick(why).to_owned(),
        Measure::Catalogue(_) if v.points.is_none() => t.msg("scorecard-catalogue-silent"),
        _ => explain.map(|x| t.pick(x).to_owned()).unwrap_or_default(),
    };
    ComponentRow {
        code: c.id.clone(),
        name: t.pick(&c.name).to_owned(),
        note,
        figure: Figure { value, counts, href, live_id: live_id(&["c", &c.id]), estimated: v.estimated, period: String::new() },
        full_at: c.full_at.map(|x| format!("≥ {}", words::points(t, format, x))).unwrap_or_default(),
        points: if c.max > 0.0 { number(t, p.got, digits) } else { String::new() },
        max: words::short(t, c.max, SHORT),
        own_weight: c.own_weight,
        bar: if c.max > 0.0 { chart::meter(p.share(), None) } else { chart::Svg::default() },
    }
}

fn league(ctx: &Ctx, world: &World, s: &Shell, def: &ScorecardDef, lines: &[Line]) -> Result<Vec<LeagueRow>, PageError> {
    if lines.iter().all(|l| l.score.judged.is_none()) {
        return Ok(Vec::new());
    }
    let t = ctx.t;
    let digits = usize::from(def.digits);
    let own = ctx.unit()?;
    let path = format!("/scorecards/{}", segment(&def.id));
    Ok(lines
        .iter()
        .map(|line| {
            let key = world.units.key(line.unit).to_string();
            let provisional = line.score.judged.is_some() && !line.score.total.is_complete();
            let band = line.score.band.and_then(|b| def.bands.get(b)).map(|b| t.pick(&b.name).to_owned());
            let band = band.unwrap_or_else(|| if provisional { t.msg("scorecard-provisional-short") } else { String::new() });
            LeagueRow {
                place: line.place.map(|p| format!("{p}.")).unwrap_or_default(),
                href: s.link_with(&path, &[("unit", &key)]),
                name: ctx.unit_name(line.unit),
                bar: chart::meter(line.score.judged.map(|p| p / def.total), None),
                points: number(t, line.score.judged, digits),
                band,
                own: line.unit == own,
            }
        })
        .collect())
}

/// The bands from the best down, each with where it begins and ends.
fn bands(t: Lang, def: &ScorecardDef) -> Vec<(String, String)> {
    let mut list: Vec<_> = def.bands.iter().collect();
    list.sort_by(|a, b| b.from.total_cmp(&a.from));
    let mut above: Option<f64> = None;
    let mut out = Vec::new();
    for band in list {
        let from = words::short(t, band.from, SHORT);
        let text = match above {
            None => format!("≥ {from}"),
            Some(to) if band.from <= 0.0 => format!("< {}", words::short(t, to, SHORT)),
            Some(to) => format!("{from} – < {}", words::short(t, to, SHORT)),
        };
        above = Some(band.from);
        out.push((t.pick(&band.name).to_owned(), text));
    }
    out
}
