//! Chỉ tiêu được giao: how far it is, why, where it leads, which units and tasks it binds, and the decision between its deadlines.

use axum::extract::Path;
use jiff::civil::Date;
use office::{
    Error,
    programme::{TARGET, Target, TargetOn, TaskFilter},
    world::World,
};
use rules::{Month, access::Action, pack::Scope, target::Status};

use super::{
    common::{
        add, add_link, again_conflict, blame, chart_format, date_or_unknown, done, figure_on, form_on, goal, left, mark_on, mendable, pick,
        points_text, segment, stale_conflict, target_row, task_row, unit_text,
    },
    history::{self, Names},
    tasks::{directive_number, source_text},
};
use crate::{
    chart::{self, Palette, Size},
    http::{Ctx, PageError, PageResult, Posted, error::render},
    pages::show::words,
    view::{
        Claim, Conflict, ConflictPage, Field, Figure, Form, Input, Link, Mark, Pair, Section, Shell, Source, TargetPage, figures::WorkRow,
        work::Step,
    },
};

/// The unit that stands for a target as a whole: the top, or the owner where no unit below is bound (as on the board).
pub fn whole_unit(ctx: &Ctx, world: &World, target: &Target, day: Date) -> Option<u32> {
    let bound = ctx.app.office.bound_units(world, &target.def, day);
    let owner = target.def.owner.as_ref().and_then(|k| world.units.idx(k)).filter(|_| bound.is_empty());
    owner.or_else(|| world.root_on(day).and_then(|k| world.units.idx(k)))
}

/// `GET /targets/{id}`
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let (t, office, day) = (ctx.t, &ctx.app.office, ctx.day()?);
    let actor = ctx.actor();
    let target = office.target(&actor, &id).await.map_err(|e| ctx.fault(e))?;
    let world = office.world();
    let reported = office.reported_figures(&actor).await.map_err(|e| ctx.fault(e))?;
    let unit = whole_unit(&ctx, &world, &target, day).ok_or_else(|| ctx.fault(Error::refused("pack.no_root")))?;
    let on = office.target_on(&world, &target, unit, day, &reported).map_err(|e| ctx.fault(e))?;
    let title = t.pick(&target.def.title).to_owned();
    let mut s = ctx.shell(Section::Targets, title.clone(), true).await?;
    s.crumbs = vec![Link::new(s.link("/targets"), t.msg("col-targets"))];
    let mut units = Vec::new();
    for u in office.bound_units(&world, &target.def, day) {
        let on = office.target_on(&world, &target, u, day, &reported).map_err(|e| ctx.fault(e))?;
        let href = ctx.unit_href(&s, &world.units.key(u).to_string());
        units.push(WorkRow { href, ..target_row(&ctx, &s, &world, &target, u, &on, day) });
    }
    let tasks = office.tasks(&actor, &TaskFilter::default(), day).await.map_err(|e| ctx.fault(e))?;
    let tasks =
        tasks.iter().filter(|x| x.def.target.as_deref() == Some(target.def.id.as_str())).map(|x| task_row(&s, &world, x, day)).collect();
    let names = Names::load(&ctx).await?;
    let (trend_wide, trend_narrow) = trend(&s, &world, &target, &on);
    let page = TargetPage {
        code: target.def.id.clone(),
        title,
        mark: mark_on(&on),
        why: words::why(t, &on.assessment, world.indicator(&target.def.indicator).map(|i| i.format)),
        figure: figure_on(&ctx, &s, &world, &target, unit, &on),
        threshold: goal(t, &world, &target),
        deadlines: deadlines(&ctx, &target, day, on.assessment.status == Status::Completed),
        indicator: indicator_link(&s, &world, &target),
        directive: match &target.def.directive {
            Some(d) => Link::new(s.link(&format!("/directives/{}", segment(d))), directive_number(&ctx, d).await),
            None => Link::default(),
        },
        facts: facts(&ctx, &s, &world, &target, &on),
        trend_wide,
        trend_narrow,
        steps: steps(&s, &world, &target, &on, day),
        conflicts: deadline_conflict(&ctx, &s, &target, &names).into_iter().collect(),
        units,
        tasks,
        history: history::of(&ctx, &s, &target.record, &names).await?,
        s,
    };
    Ok(render(&page))
}

fn indicator_link(s: &Shell, world: &World, target: &Target) -> Link {
    let name = world.indicator(&target.def.indicator).map_or_else(|| target.def.indicator.clone(), |i| s.t.pick(&i.name).to_owned());
    Link::new(s.link(&format!("/indicators/{}", segment(&target.def.indicator))), name)
}

/// The deadline that counts with what is left; contradicting ones beside it until somebody decides.
fn deadlines(ctx: &Ctx, target: &Target, day: Date, done: bool) -> Vec<(String, String)> {
    let all = target.deadline().into_iter().chain(target.undecided());
    let out: Vec<_> = all.map(|d| (ctx.t.date(d), left(ctx.t, day, Some(d), done))).collect();
    if out.is_empty() { vec![(ctx.t.msg("date-unknown"), String::new())] } else { out }
}

fn facts(ctx: &Ctx, s: &Shell, world: &World, target: &Target, on: &TargetOn) -> Vec<Pair> {
    let (t, def) = (ctx.t, &target.def);
    let mut out = Vec::new();
    if let Some(k) = &def.owner {
        add_link(&mut out, t.msg("target-owner"), unit_text(t, world, &k.to_string()), ctx.unit_href(s, &k.to_string()));
    }
    let cooperating: Vec<String> = def.cooperating.iter().map(|k| unit_text(t, world, &k.to_string())).collect();
    add(&mut out, t.msg("task-cooperating"), cooperating.join(", "));
    let window = serde_json::to_value(def.window).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    add(&mut out, t.msg("target-window"), t.msg(&format!("target-window-{window}")));
    if on.each.is_some() {
        add(&mut out, t.msg("target-judged"), t.msg("target-judged-each"));
    }
    if let Scope::Level { under, level } = &def.scope {
        let level = t.msg(&format!("level-{level}"));
        add(&mut out, t.msg("target-scope"), t.msg2("target-scope-level", "level", level, "unit", unit_text(t, world, &under.to_string())));
    }
    if let Some(f) = &on.reported {
        add_link(
            &mut out,
            t.msg("target-reported"),
            super::common::reported_text(t, world.indicator(&def.indicator), f),
            s.link(&format!("/figures/{}", f.record.id)),
        );
        add(&mut out, t.msg("field-as-of"), date_or_unknown(t, f.def.as_of));
    }
    if on.conflict {
        add(&mut out, t.msg("conflict-flag"), t.msg("target-conflict-worst"));
    }
    if let (Some(d), Some(reason)) = (target.extra.decided_deadline, &target.extra.decided_reason) {
        add(&mut out, t.msg("target-decided"), format!("{} – {reason}", t.date(d)));
    }
    if let Some(rule) = &world.at_risk_rule {
        add(&mut out, t.msg("target-rule"), format!("{} ({})", t.pick(&rule.explain), rule.version));
    }
    add(&mut out, t.msg("col-source"), source_text(ctx, def.source.as_deref()));
    add(&mut out, t.msg("field-quote"), def.quote.clone().unwrap_or_default());
    add(&mut out, t.msg("field-remark"), pick(t, def.note.as_ref()));
    out
}

fn steps(s: &Shell, world: &World, target: &Target, on: &TargetOn, day: Date) -> Vec<Step> {
    let Some(indicator) = world.indicator(&target.def.indicator) else { return Vec::new() };
    let mut out = Vec::new();
    for m in &target.def.milestones {
        // What was known by then; of a milestone to come, nothing yet.
        let then = on.series.iter().rfind(|(d, _)| *d <= m.date).map(|(_, v)| *v).filter(|_| m.date <= day);
        let mark = match (m.date <= day, then) {
            (false, _) => Mark::InProgress,
            (true, Some(v)) if target.def.comparison.holds(v, m.value) => Mark::Completed,
            (true, Some(_)) => Mark::Overdue,
            (true, None) => Mark::NoData,
        };
        let value = then.map_or_else(|| "–".to_owned(), |v| points_text(s.t, indicator.format, v));
        out.push(Step {
            date: s.t.date(m.date),
            goal: points_text(s.t, indicator.format, m.value),
            figure: Figure { value, ..Figure::default() },
            mark,
        });
    }
    out
}

/// The line towards the threshold, by month; a month without a figure breaks it.
fn trend(s: &Shell, world: &World, target: &Target, on: &TargetOn) -> (chart::Svg, chart::Svg) {
    let Some(indicator) = world.indicator(&target.def.indicator) else { return Default::default() };
    let (format, divisor) = chart_format(indicator.format);
    let mut by_month = std::collections::BTreeMap::new();
    for (d, v) in &on.series {
        by_month.insert(Month::of(*d), v / divisor);
    }
    let (Some(first), Some(last)) = (by_month.keys().next().copied(), by_month.keys().next_back().copied()) else {
        return Default::default();
    };
    let points: Vec<(Month, Option<f64>)> = (first.0..=last.0).map(|m| (Month(m), by_month.get(&Month(m)).copied())).collect();
    let within = |d: Date| f64::from(d.day()) / f64::from(d.days_in_month());
    let milestones: Vec<chart::Milestone> = target
        .def
        .milestones
        .iter()
        .map(|m| chart::Milestone {
            month: Month::of(m.date),
            value: m.value / divisor,
            label: format!("{}: {}", s.t.date(m.date), points_text(s.t, indicator.format, m.value)),
        })
        .collect();
    let desc = words::why(s.t, &on.assessment, Some(indicator.format));
    let title = s.t.pick(&target.def.title).to_owned();
    let unit = match indicator.format {
        rules::indicator::Format::Percent(_) => "%".to_owned(),
        _ => pick(s.t, indicator.unit_of_measure.as_ref()),
    };
    let goal = goal(s.t, world, target);
    let t = chart::Trend {
        id: "trend-chart",
        title: &title,
        desc: &desc,
        unit: &unit,
        format,
        points: &points,
        target: Some(chart::Target { value: target.def.threshold_value / divisor, label: s.t.msg1("chart-target", "goal", goal) }),
        deadline: target.deadline().map(|d| chart::Deadline {
            month: Month::of(d),
            within: within(d),
            label: s.t.msg1("chart-deadline", "date", s.t.date(d)),
        }),
        milestones: &milestones,
        projection: None,
        boundary: None,
    };
    (chart::trend(&t, Size::Wide, Palette::Css, s.t), chart::trend(&t, Size::Narrow, Palette::Css, s.t))
}

/// Deadlines that contradict each other, with their sources.
fn deadline_conflict(ctx: &Ctx, s: &Shell, target: &Target, names: &Names) -> Option<Conflict> {
    let (t, def) = (ctx.t, &target.def);
    let mut dates: Vec<Date> = def.deadline.into_iter().chain(def.claims.iter().filter_map(|c| c.deadline)).collect();
    dates.sort_unstable();
    dates.dedup();
    if dates.len() < 2 {
        return None;
    }
    let decided = target.extra.decided_deadline;
    let claims = dates
        .iter()
        .map(|d| {
            let claim = def.claims.iter().find(|c| c.deadline == Some(*d));
            let source = claim.and_then(|c| c.source.as_deref()).or(def.source.as_deref());
            Claim {
                value: t.date(*d),
                source: Source {
                    title: source_text(ctx, source),
                    href: source.and_then(|id| ctx.app.office.world().sources.get(id).and_then(|x| x.address.clone())).unwrap_or_default(),
                    quote: claim.map(|c| c.quote.clone()).or_else(|| def.quote.clone()).unwrap_or_default(),
                    as_of: String::new(),
                    by: String::new(),
                },
                proof: String::new(),
                id: d.to_string(),
                chosen: decided == Some(*d),
            }
        })
        .collect();
    let may = ctx.allowed(Action::Decide, Some(TARGET), &target.record.unit);
    Some(Conflict {
        title: t.msg1("conflict-deadlines", "code", &def.id),
        claims,
        decide: if decided.is_none() && may { s.link(&format!("/targets/{}/deadline", segment(&def.id))) } else { String::new() },
        decided: decided
            .map(|d| {
                let who = names.of(t, target.extra.decided_by.as_deref().unwrap_or_default());
                let reason = target.extra.decided_reason.clone().unwrap_or_default();
                t.format("deadline-decided", &[("value", t.date(d).into()), ("who", who.into()), ("reason", reason.into())])
            })
            .unwrap_or_default(),
    })
}

/// `GET /targets/{id}/deadline`
pub async fn deadline_form(ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let page = ConflictPage { clash: Vec::new(), ..decision(&ctx, &id, "", "").await? };
    Ok(render(&page))
}

async fn decision(ctx: &Ctx, id: &str, chosen: &str, typed: &str) -> Result<ConflictPage, PageError> {
    let target = ctx.app.office.target(&ctx.actor(), id).await.map_err(|e| ctx.fault(e))?;
    ctx.demand(Action::Decide, Some(TARGET), &target.record.unit)?;
    let names = Names::load(ctx).await?;
    let mut s = ctx.shell(Section::Targets, ctx.t.msg("decide-deadline-title"), false).await?;
    let path = format!("/targets/{}", segment(id));
    s.crumbs = vec![Link::new(s.link(&path), target.def.id.clone())];
    let mut conflict = deadline_conflict(ctx, &s, &target, &names).ok_or_else(|| ctx.fault(Error::refused("conflict.none")))?;
    for c in &mut conflict.claims {
        c.chosen = c.id == chosen;
    }
    let form = form_on(&s, &format!("{path}/deadline"), ctx.t.msg("action-decide-deadline"), Vec::new(), target.record.version);
    let form = Form { cancel: s.link(&path), ..form };
    let reason = Field::new("reason", ctx.t.msg("field-reason"), Input::Long(3)).value(typed).required();
    let theirs = match target.extra.decided_deadline {
        Some(d) => format!("{} – {}", ctx.t.date(d), names.of(ctx.t, target.extra.decided_by.as_deref().unwrap_or_default())),
        None => ctx.t.msg("decide-nobody"),
    };
    let yours = chosen.parse().map_or_else(|_| "–".to_owned(), |d| ctx.t.date(d));
    let their_reason = target.extra.decided_reason.clone().unwrap_or_else(|| "–".to_owned());
    let clash = vec![(ctx.t.msg("decide-choice"), theirs, yours), (ctx.t.msg("field-reason"), their_reason, typed.to_owned())];
    Ok(ConflictPage { s, conflict, form, seen: Vec::new(), clash, claim_error: String::new(), reason })
}

/// `POST /targets/{id}/deadline`
pub async fn decide_deadline(Path(id): Path<String>, posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let (claim, reason) = (posted.get("claim").to_owned(), posted.get("reason").to_owned());
    let version = posted.version()?;
    let result = match claim.parse::<Date>() {
        Ok(d) => ctx.app.office.decide_deadline(&ctx.actor(), &id, version, d, &reason).await,
        Err(_) => Err(Error::Refused(rules::Refusal::new("input.required").with("field", "claim"))),
    };
    match result {
        Ok(()) => done(ctx, &format!("/targets/{}", segment(&id)), "decided"),
        Err(e) if mendable(&e) || matches!(e, Error::Store(store::Error::Conflict { .. })) => {
            // A stale version: the page is drawn from what stands now, the choice and the reason are kept, both sides shown.
            let mut page = decision(&ctx.on(&format!("/targets/{}/deadline", segment(&id))), &id, &claim, &reason).await?;
            if !mendable(&e) {
                return Ok(stale_conflict(&page));
            }
            page.clash.clear();
            let mut fields = [page.reason.clone(), Field::new("claim", page.conflict.title.clone(), Input::Text)];
            blame(&mut page.s, &mut fields, &e, |code| (code == "conflict.not_a_claim").then_some("claim"));
            again_conflict(page, fields)
        }
        Err(e) => Err(ctx.fault(e)),
    }
}
