//! What a leader asks: what will be late tomorrow, and where dossiers wait.

use std::collections::{BTreeMap, BTreeSet};

use office::{
    forecasts::Forecasts,
    one_stop::{Bucket, DeskFilter, DeskRow},
    process_map::{ProcessMap, StopId, Waiting},
};
use rules::Timestamp;

use super::{
    inbox::step_name,
    people::{People, desk_unit, unit_choices},
    words,
};
use crate::{
    chart::{self, Flow, Move, Palette, Stop, Svg},
    http::{Ctx, PageError, PageResult, error::render},
    i18n::Lang,
    pages::work::common::segment,
    view::{
        Chip, Choice, Kpi, Link, Mark, Picker, Section, Shell,
        desk::{LateLine, LateSection, MapPage, TomorrowPage, WaitLine},
    },
};

/// Dossiers of a kind that are read at most; where there are more, the page says so and the inbox has them all.
const READ: usize = 400;
const PAGE: i64 = 100;
/// Rows of a section when all are shown: a leader reads the head of a list, and opens it for the rest.
const HEAD: usize = 5;
/// Chips of units at most.
const UNITS: usize = 24;

/// What a leader is shown, each kind a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Late,
    /// In time today, but the forecast lies behind the deadline.
    Risk,
    Due,
    Apology,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Late, Self::Risk, Self::Due, Self::Apology];

    fn id(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Risk => "risk",
            Self::Due => "due",
            Self::Apology => "apology",
        }
    }

    fn mark(self) -> Mark {
        match self {
            Self::Late => Mark::Overdue,
            Self::Risk | Self::Due => Mark::AtRisk,
            Self::Apology => Mark::Waiting,
        }
    }
}

fn picker(ctx: &Ctx, s: &mut Shell, unit: u32, keep: &[&str]) {
    let units = unit_choices(ctx, unit);
    if units.len() > 1 {
        let keep = s.query.iter().filter(|(n, _)| keep.contains(&n.as_str())).cloned().collect();
        s.pick = Some(Picker { units, periods: Vec::new(), as_of: String::new(), keep });
    }
}

/// All rows of a bucket, the nearest deadline first, up to [`READ`].
async fn bucket(ctx: &Ctx, unit: u32, bucket: Bucket) -> Result<(Vec<DeskRow>, i64), PageError> {
    let mut filter = DeskFilter { unit: Some(unit), bucket: Some(bucket), limit: PAGE, ..DeskFilter::default() };
    let mut rows = Vec::new();
    loop {
        let page = ctx.app.office.desk(&ctx.actor(), &filter).await.map_err(|e| ctx.fault(e))?;
        rows.extend(page.rows);
        if page.next.is_none() || rows.len() >= READ {
            return Ok((rows, page.counts.get(&bucket).copied().unwrap_or(0)));
        }
        filter.after = page.next;
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
    picker(&ctx, &mut s, unit, &["show"]);
    let now = office.now();
    let (late, n_late) = bucket(&ctx, unit, Bucket::Late).await?;
    let (mut due, n_today) = bucket(&ctx, unit, Bucket::Today).await?;
    let (next, n_next) = bucket(&ctx, unit, Bucket::Tomorrow).await?;
    due.extend(next);
    let (later, _) = bucket(&ctx, unit, Bucket::Later).await?;
    let end_of_day = Timestamp::start_of(now.local_date()).plus_days(1);
    let apologies = office.apologies_due(&ctx.actor(), Some(unit), end_of_day).await.map_err(|e| ctx.fault(e))?;
    let mut ids: Vec<&str> = due.iter().chain(&later).chain(&apologies).map(|r| r.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let forecasts = office.forecasts(&ctx.actor(), unit, &ids).await.map_err(|e| ctx.fault(e))?;
    let lines = Lines { ctx: &ctx, s: &s, unit, people: People::load(&ctx).await?, forecasts, apologies: &apologies };
    let risk: Vec<DeskRow> = due.iter().chain(&later).filter(|r| lines.ready(r).is_some_and(|at| lines.is_late(r, at))).cloned().collect();
    let count = |list: &[DeskRow]| i64::try_from(list.len()).unwrap_or(0);
    let shown = ctx.param("show").and_then(|id| Kind::ALL.into_iter().find(|k| k.id() == id));
    let (n_risk, n_apology) = (count(&risk), count(&apologies));
    let lists = [
        (Kind::Late, &late, n_late),
        (Kind::Risk, &risk, n_risk),
        (Kind::Due, &due, n_today + n_next),
        (Kind::Apology, &apologies, n_apology),
    ];
    let mut kpis = Vec::new();
    let mut sections = Vec::new();
    for (kind, rows, total) in lists {
        let key = format!("desk-tomorrow-{}", kind.id());
        kpis.push(Kpi {
            label: t.msg(&key),
            value: t.int(total),
            note: String::new(),
            href: s.here_with("show", (shown != Some(kind)).then_some(kind.id())),
            doors: Vec::new(),
            mark: Some(kind.mark()),
            live_id: key.clone(),
        });
        if rows.is_empty() || shown.is_some_and(|k| k != kind) {
            continue;
        }
        let head = if shown.is_none() { HEAD } else { READ };
        let named: Vec<LateLine> = rows.iter().take(head).map(|r| lines.of(r)).collect();
        let left = total - i64::try_from(named.len()).unwrap_or(0);
        let more = match (left > 0, shown.is_some()) {
            (false, _) => Link::default(),
            (true, false) => Link::new(s.here_with("show", Some(kind.id())), t.msg1("desk-tomorrow-all", "count", total)),
            // More than is read here: the inbox has those by their day page by page; it knows no forecasts and no apologies.
            (true, true) => match kind {
                Kind::Late => Link::new(s.link_with("/desk", &[("bucket", "late")]), t.msg1("desk-tomorrow-inbox", "count", left)),
                Kind::Due => Link::new(s.link_with("/desk", &[("bucket", "tomorrow")]), t.msg1("desk-tomorrow-inbox", "count", left)),
                Kind::Risk | Kind::Apology => Link::default(),
            },
        };
        sections.push(LateSection {
            id: kind.id(),
            title: t.msg(&key),
            about: t.msg(&format!("{key}-about")),
            count: t.int(total),
            rows: named,
            more,
        });
    }
    let units = by_unit(&ctx, &s, unit, &[&late, &risk, &due, &apologies]);
    let method = match lines.forecasts.error_minutes {
        Some(error) if lines.forecasts.finished > 0 => {
            t.msg2("desk-tomorrow-method", "count", i64::try_from(lines.forecasts.finished).unwrap_or(0), "error", words::minutes(t, error))
        }
        _ => t.msg("desk-tomorrow-method-none"),
    };
    let whole = if shown.is_some() { Link::new(s.here_with("show", None), t.msg("desk-tomorrow-whole")) } else { Link::default() };
    let map = s.link("/desk/map");
    let many = !ctx.app.office.world().units.children(unit).is_empty();
    Ok(render(&TomorrowPage { kpis, sections, units, many, whole, method, map, s }))
}

/// Units below the one that is read, each with its dossiers on this page; each dossier once.
fn by_unit(ctx: &Ctx, s: &Shell, unit: u32, lists: &[&Vec<DeskRow>]) -> Vec<Chip> {
    let world = ctx.app.office.world();
    let own = world.units.key(unit).to_string();
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for r in lists.iter().flat_map(|l| l.iter()).filter(|r| r.unit != own) {
        seen.entry(r.unit.as_str()).or_default().insert(r.id.as_str());
    }
    let mut chips: Vec<(usize, Chip)> = seen
        .into_iter()
        .map(|(key, ids)| {
            let chip = Chip {
                href: s.link_with("/desk/tomorrow", &[("unit", key)]),
                text: world.unit_name(key, ctx.t.tag()).to_owned(),
                count: ctx.t.int(i64::try_from(ids.len()).unwrap_or(0)),
                on: false,
                mark: None,
            };
            (ids.len(), chip)
        })
        .collect();
    chips.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    chips.into_iter().take(UNITS).map(|(_, c)| c).collect()
}

/// What makes a row of a dossier.
struct Lines<'a> {
    ctx: &'a Ctx,
    s: &'a Shell,
    unit: u32,
    people: People,
    forecasts: Forecasts,
    apologies: &'a [DeskRow],
}

impl Lines<'_> {
    /// When half of such dossiers would be ready.
    fn ready(&self, r: &DeskRow) -> Option<Timestamp> {
        let (world, now) = (self.ctx.app.office.world(), self.ctx.app.office.now());
        let at = r.unit.parse().ok().and_then(|k| world.units.idx(&k)).unwrap_or(self.unit);
        let forecast = self.forecasts.of(&r.id)?;
        world.calendar(at, now.local_date()).add_working_minutes(now, forecast.median).ok().map(|a| a.value)
    }

    /// In time still, and not for long.
    fn is_late(&self, r: &DeskRow, ready: Timestamp) -> bool {
        r.due_at.is_some_and(|due| self.ctx.app.office.now() <= due && due < ready)
    }

    fn of(&self, r: &DeskRow) -> LateLine {
        let (ctx, t, now) = (self.ctx, self.ctx.t, self.ctx.app.office.now());
        let world = ctx.app.office.world();
        let or_dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        let at = r.unit.parse().ok().and_then(|k| world.units.idx(&k));
        let left = match (r.due_at, at) {
            (Some(due), Some(at)) => words::left(t, world.calendar(at, now.local_date()), now, due),
            _ => String::new(),
        };
        let ready = self.ready(r);
        let late = ready.is_some_and(|at| self.is_late(r, at));
        let forecast = ready.map_or_else(String::new, |at| {
            t.msg1(if late { "desk-forecast-late" } else { "desk-forecast-line" }, "at", words::short(t, at))
        });
        let (used, bar) = words::used(t, r.share_used);
        let mark = words::mark(r.status, r.due_at, now, r.share_used);
        let apology = self.apologies.iter().find(|a| a.id == r.id).and_then(|a| a.next_by);
        LateLine {
            href: self.s.link(&format!("/desk/dossiers/{}", segment(&r.id))),
            code: r.code.clone(),
            procedure: words::procedure_name(ctx, &r.procedure_code, &r.procedure),
            unit: at.map_or_else(|| r.unit.clone(), |u| t.pick(world.units.unit(u).short_name()).to_owned()),
            step: or_dash(r.step.as_deref().map(|step| step_name(ctx, &r.procedure_code, step)).unwrap_or_default()),
            assignee: self.people.name(ctx, r.assignee.as_deref().unwrap_or_default()),
            due: or_dash(r.due_at.map(|d| words::short(t, d)).unwrap_or_default()),
            left,
            used: or_dash(used),
            bar,
            mark: if late && mark == Mark::InProgress { Mark::AtRisk } else { mark },
            forecast: or_dash(forecast),
            apology: apology.map(|by| t.msg1("desk-tomorrow-apologise", "by", words::short(t, by))).unwrap_or_default(),
        }
    }
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
    // Whoever leads several units chooses among all that any of them offers.
    let below = !world.units.children(unit).is_empty();
    let offered = if below { world.procedures_on(office.today()) } else { world.procedures_for(unit, office.today()) };
    for p in offered {
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
        median: waited(t, x, x.median),
        slow: waited(t, x, x.p90),
        here: count(x.here),
        back: if x.passed + x.here + x.back == 0 { "–".to_owned() } else { count(x.back) },
        bar,
    }
}

/// A length of waiting; nobody has waited where nobody was.
fn waited<Id>(t: Lang, x: &Waiting<Id>, minutes: i64) -> String {
    if x.passed == 0 { "–".to_owned() } else { words::minutes(t, minutes) }
}

fn drawn(ctx: &Ctx, procedure: Option<&str>, map: &ProcessMap) -> Svg {
    let t = ctx.t;
    // The same lengths as in the table beside it: a median against the longest of them.
    let waits = |x: &Waiting<StopId>| if x.passed == 0 { 0 } else { x.median };
    let longest = map.stops.iter().map(waits).max().unwrap_or(0);
    let stops: Vec<Stop> = map
        .stops
        .iter()
        .map(|x| {
            #[expect(clippy::cast_precision_loss, reason = "a length on a screen")]
            let share = waits(x) as f64 / longest.max(1) as f64;
            let here = t.int(i64::try_from(x.here).unwrap_or(0));
            let note = t.msg2("desk-map-stop", "median", waited(t, x, x.median), "here", here);
            Stop { name: stop_name(ctx, procedure, &x.id), note, share, hot: waits(x) == longest && longest > 0 }
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
