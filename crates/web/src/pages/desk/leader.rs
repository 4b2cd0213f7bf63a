//! What a leader asks: what will be late tomorrow, and where dossiers wait.

use office::{
    one_stop::{Bucket, DeskFilter, DeskRow},
    process_map::{ProcessMap, StopId, Waiting},
};

use super::{
    inbox::step_name,
    people::{People, desk_unit, unit_choices},
    words,
};
use crate::{
    chart::{self, Flow, Move, Palette, Stop, Svg},
    http::{Ctx, PageResult, error::render},
    pages::work::common::segment,
    view::{
        Choice, Kpi, Link, Mark, Picker, Section, Shell,
        desk::{LateLine, MapPage, TomorrowPage, WaitLine},
    },
};

/// Dossiers that are named on the page at most; a leader who has more has another problem.
const NAMED: i64 = 100;
/// From this share of the term on a dossier is worth a look, whatever its day.
const NEARLY_USED: f64 = 0.8;

fn picker(ctx: &Ctx, s: &mut Shell, unit: u32, keep: &[&str]) {
    let units = unit_choices(ctx, unit);
    if units.len() > 1 {
        let keep = s.query.iter().filter(|(n, _)| keep.contains(&n.as_str())).cloned().collect();
        s.pick = Some(Picker { units, periods: Vec::new(), as_of: String::new(), keep });
    }
}

/// `GET /desk/tomorrow`
pub async fn tomorrow(ctx: Ctx) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let unit = desk_unit(&ctx)?;
    let mut s = ctx.shell(Section::Desk, t.msg("desk-tomorrow"), true).await?;
    let key = office.world().units.key(unit).to_string();
    s.live = s.live.take().map(|live| format!("{live}?register={}&unit={}", super::DOSSIER, segment(&key)));
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    picker(&ctx, &mut s, unit, &[]);
    let mut rows: Vec<DeskRow> = Vec::new();
    let mut counts = std::collections::BTreeMap::new();
    for bucket in [Bucket::Late, Bucket::Today, Bucket::Tomorrow, Bucket::Later] {
        let filter = DeskFilter { unit: Some(unit), bucket: Some(bucket), limit: NAMED, ..DeskFilter::default() };
        let page = office.desk(&ctx.actor(), &filter).await.map_err(|e| ctx.fault(e))?;
        counts = page.counts;
        rows.extend(page.rows.into_iter().filter(|r| bucket != Bucket::Later || r.share_used.is_some_and(|u| u >= NEARLY_USED)));
    }
    let ids: Vec<&str> = rows.iter().map(|r| r.id.as_str()).collect();
    let forecasts = office.forecasts(&ctx.actor(), unit, &ids).await.map_err(|e| ctx.fault(e))?;
    let people = People::load(&ctx).await?;
    let now = office.now();
    let calendar_of = |r: &DeskRow| {
        let world = office.world();
        let at = r.unit.parse().ok().and_then(|k| world.units.idx(&k)).unwrap_or(unit);
        (world, at)
    };
    let mut lines = Vec::new();
    let mut will_be_late = 0_i64;
    for r in &rows {
        let (world, at) = calendar_of(r);
        let calendar = world.calendar(at, now.local_date());
        let ready = forecasts.of(&r.id).and_then(|f| calendar.add_working_minutes(now, f.median).ok()).map(|a| a.value);
        let late = ready.zip(r.due_at).is_some_and(|(ready, due)| ready > due);
        will_be_late += i64::from(late);
        let forecast = ready.map_or_else(String::new, |at| {
            t.msg1(if late { "desk-forecast-late" } else { "desk-forecast-line" }, "at", words::short(t, at))
        });
        let (used, bar) = words::used(t, r.share_used);
        let mark = words::mark(r.status, r.due_at, now, r.share_used);
        lines.push(LateLine {
            href: s.link(&format!("/desk/dossiers/{}", segment(&r.id))),
            code: r.code.clone(),
            procedure: r.procedure.clone(),
            step: r.step.as_deref().map(|step| step_name(&ctx, &r.procedure_code, step)).unwrap_or_default(),
            assignee: people.name(&ctx, r.assignee.as_deref().unwrap_or_default()),
            due: r.due_at.map(|d| words::short(t, d)).unwrap_or_default(),
            used,
            bar,
            mark: if late && mark == Mark::InProgress { Mark::AtRisk } else { mark },
            forecast,
        });
    }
    let end_of_day = rules::Timestamp::start_of(now.local_date()).plus_days(1);
    let apologies = office.apologies_due(&ctx.actor(), Some(unit), end_of_day).await.map_err(|e| ctx.fault(e))?;
    let of = |b: Bucket| counts.get(&b).copied().unwrap_or(0);
    let tile = |key: &str, n: i64, bucket: &str, mark: Mark| Kpi {
        label: t.msg(key),
        value: t.int(n),
        note: String::new(),
        href: s.link_with("/desk", &if bucket.is_empty() { Vec::new() } else { vec![("bucket", bucket)] }),
        doors: Vec::new(),
        mark: Some(mark),
        live_id: key.to_owned(),
    };
    let kpis = vec![
        tile("desk-tomorrow-late", of(Bucket::Late), "late", Mark::Overdue),
        tile("desk-tomorrow-due", of(Bucket::Today) + of(Bucket::Tomorrow), "tomorrow", Mark::AtRisk),
        tile("desk-tomorrow-risk", will_be_late, "", Mark::AtRisk),
        tile("desk-tomorrow-apology", i64::try_from(apologies.len()).unwrap_or(0), "", Mark::Waiting),
    ];
    let method = match forecasts.error_minutes {
        Some(error) if forecasts.finished > 0 => {
            t.msg2("desk-tomorrow-method", "count", i64::try_from(forecasts.finished).unwrap_or(0), "error", words::minutes(t, error))
        }
        _ => t.msg("desk-tomorrow-method-none"),
    };
    let map = s.link("/desk/map");
    Ok(render(&TomorrowPage { s, kpis, rows: lines, method, map }))
}

/// `GET /desk/map`
pub async fn map(ctx: Ctx) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let unit = desk_unit(&ctx)?;
    let chosen = ctx.param("procedure");
    let map = office.process_map(&ctx.actor(), unit, chosen).await.map_err(|e| ctx.fault(e))?;
    let mut s = ctx.shell(Section::Desk, t.msg("desk-map"), false).await?;
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    picker(&ctx, &mut s, unit, &["procedure"]);
    let world = office.world();
    let mut procedures = vec![Choice { value: String::new(), text: t.msg("desk-procedure-all"), selected: chosen.is_none() }];
    for p in world.procedures_for(unit, office.today()) {
        let selected = chosen == Some(p.def.code.as_str());
        procedures.push(Choice { value: p.def.code.clone(), text: t.pick(&p.def.name).to_owned(), selected });
    }
    let people = People::load(&ctx).await?;
    let longest = |list: &mut dyn Iterator<Item = i64>| list.max().unwrap_or(1).max(1);
    let most = longest(&mut map.stops.iter().map(|x| x.median));
    let steps = map.stops.iter().map(|x| line(&ctx, stop_name(&ctx, chosen, &x.id), x, most)).collect();
    let most = longest(&mut map.groups.iter().map(|x| x.median));
    let groups = map.groups.iter().map(|x| line(&ctx, people.name(&ctx, &x.id), x, most)).collect();
    let note = t.msg1("desk-map-note", "count", i64::try_from(map.dossiers).unwrap_or(0));
    let flow = drawn(&ctx, chosen, &map);
    Ok(render(&MapPage { s, flow, steps, groups, procedures, note }))
}

/// The name of a step in the procedure asked for, or in whichever has it; of a state as everywhere.
fn stop_name(ctx: &Ctx, procedure: Option<&str>, id: &StopId) -> String {
    match id {
        StopId::Step(step) => match procedure {
            Some(p) => step_name(ctx, p, step),
            None => {
                let world = ctx.app.office.world();
                let all = world.procedures.values().flatten();
                all.filter_map(|p| p.def.step(step)).next().map_or_else(|| step.clone(), |s| ctx.t.pick(&s.name).to_owned())
            }
        },
        StopId::State(state) => ctx.t.try_format(&words::key("case-status", state), &[]).unwrap_or_else(|| state.clone()),
    }
}

fn line<Id>(ctx: &Ctx, name: String, x: &Waiting<Id>, most: i64) -> WaitLine {
    let t = ctx.t;
    let count = |n: usize| t.int(i64::try_from(n).unwrap_or(0));
    #[expect(clippy::cast_precision_loss, reason = "a length on a screen")]
    let bar: Svg = chart::meter(Some((x.median as f64 / most as f64).clamp(0.0, 1.0)), None);
    WaitLine {
        name,
        passed: t.msg1("desk-map-passed", "count", i64::try_from(x.passed).unwrap_or(0)),
        median: words::minutes(t, x.median),
        slow: words::minutes(t, x.p90),
        here: count(x.here),
        back: count(x.back),
        bar,
    }
}

fn drawn(ctx: &Ctx, procedure: Option<&str>, map: &ProcessMap) -> Svg {
    let t = ctx.t;
    let total: i64 = map.stops.iter().map(|x| x.total).sum::<i64>().max(1);
    let hottest = map.stops.iter().map(|x| x.total).max().unwrap_or(0);
    let stops: Vec<Stop> = map
        .stops
        .iter()
        .map(|x| {
            #[expect(clippy::cast_precision_loss, reason = "a length on a screen")]
            let share = x.total as f64 / total as f64;
            let here = t.int(i64::try_from(x.here).unwrap_or(0));
            let note = t.msg2("desk-map-stop", "median", words::minutes(t, x.median), "here", here);
            Stop { name: stop_name(ctx, procedure, &x.id), note, share, hot: x.total == hottest && hottest > 0 }
        })
        .collect();
    let moves: Vec<Move> = map
        .moves
        .iter()
        .map(|m| Move { from: m.from, to: m.to, count: m.count as u64, label: t.int(i64::try_from(m.count).unwrap_or(0)) })
        .collect();
    let all: usize = map.moves.iter().map(|m| m.count).sum();
    let back: usize = map.moves.iter().filter(|m| m.to < m.from).map(|m| m.count).sum();
    let whole = |n: usize| i64::try_from(n).unwrap_or(0);
    let desc =
        t.format("desk-map-desc", &[("steps", whole(stops.len()).into()), ("moves", whole(all).into()), ("back", whole(back).into())]);
    chart::flow(&Flow { id: "flow", title: &t.msg("desk-map-title"), desc: &desc, stops: &stops, moves: &moves }, Palette::Css)
}
