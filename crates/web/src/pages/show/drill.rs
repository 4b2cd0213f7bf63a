//! `/indicators/{id}/records` – the records behind a figure.

use axum::extract::Path;
use office::{
    Error,
    figures::{Count, Part},
    world::{Indicator, Register, Source, World},
};
use rules::{
    Period,
    access::Actor,
    indicator::{IndicatorDef, Kind},
    schema::{FieldDef, FieldType},
};
use store::Record;

use super::{Scene, export, fields, indicator_link, segment, settle, signed_in};
use crate::{
    http::{Ctx, PageError, PageResult, error::render},
    pages::work::history::Names,
    view::{Chip, Column, Link, PAGING, Pager, RecordListPage, Section, Shell, records::RecordRow},
};

/// Records on a page.
pub const PAGE: i64 = 30;
/// Columns of a list: more do not fit a desk screen.
pub const COLUMNS: usize = 7;
/// Records read at once for a file.
const BATCH: i64 = 500;

const PARTS: [(Part, &str, &str); 3] =
    [(Part::Counted, "counted", "part-counted"), (Part::Numerator, "numerator", "part-numerator"), (Part::Rest, "rest", "part-rest")];

fn part_of(ctx: &Ctx) -> Part {
    PARTS.iter().find(|(_, id, _)| ctx.param("part") == Some(id)).map_or(Part::Counted, |(p, ..)| *p)
}

/// The counted indicator behind an indicator: itself, or the one that counts what it reports.
fn live_of<'w>(world: &'w World, indicator: &'w Indicator) -> Option<&'w IndicatorDef> {
    match &indicator.source {
        Source::Reported(def) => def.live.as_deref().and_then(|l| world.indicator(l)).and_then(Indicator::live),
        _ => indicator.live(),
    }
}

struct Question {
    actor: Actor,
    scene: Scene,
    period: Period,
    part: Part,
}

async fn ask(ctx: &mut Ctx) -> Result<Question, PageError> {
    let actor = signed_in(ctx)?;
    let scene = settle(ctx, &actor)?;
    Ok(Question { actor, scene, period: ctx.period()?, part: part_of(ctx) })
}

/// `GET /indicators/{id}/records`
pub async fn page(mut ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let q = ask(&mut ctx).await?;
    let world = ctx.app.office.world();
    let indicator = world.indicator(&id).ok_or_else(|| ctx.fault(Error::not_found(&id)))?;
    let after = ctx.param("after").map(str::to_owned);
    let (found, count) = ctx
        .app
        .office
        .page_behind(&q.actor, &id, q.scene.unit, q.period, q.scene.day, q.part, after, PAGE)
        .await
        .map_err(|e| ctx.fault(e))?;
    let def = live_of(&world, indicator).ok_or_else(|| ctx.fault(Error::refused("figure.no_records")))?;
    let register = world.register(&def.register).map_err(|e| ctx.fault(e))?;
    let t = ctx.t;
    let mut s = ctx.shell(Section::Indicators, t.pick(&register.def.register.name), true).await?;
    s.pick = Some(ctx.picker(&["part"])?);
    let key = world.units.key(q.scene.unit).to_string();
    let name = t.pick(&indicator.name).to_owned();
    s.crumbs =
        vec![Link::new(s.link("/indicators"), t.msg("nav-indicators")), Link::new(indicator_link(&s, &indicator.id, &key), name.clone())];
    let (pager, count) = pager(&ctx, &s, found.records.len(), count, found.next.as_deref());
    let parts: &[(Part, &str, &str)] = if def.kind == Kind::Ratio { &PARTS } else { &PARTS[..1] };
    let mut chips = Vec::new();
    for (part, part_id, key) in parts {
        let of_part = if *part == q.part { count } else { count_of(&ctx, &q, &id, *part).await? };
        chips.push(Chip {
            href: without_page(&s, "part", (*part != Part::Counted).then_some(part_id)),
            text: t.msg(key),
            count: short_count(&ctx, of_part),
            on: *part == q.part,
            mark: None,
        });
    }
    let shown = fields::columns(register, COLUMNS);
    let page = RecordListPage {
        register: t.pick(&register.def.register.name).to_owned(),
        behind: t.format(
            "records-behind",
            &[("name", name.into()), ("unit", ctx.unit_name(q.scene.unit).into()), ("period", t.period(q.period).into())],
        ),
        chips,
        q: String::new(),
        columns: heads(&ctx, register, &shown),
        rows: rows(&ctx, &world, &s, (register, &shown), &found.records).await?,
        count: records_text(&ctx, count),
        pager,
        export: s.link_with(&format!("/indicators/{}/records.csv", segment(&id)), &query(&s, &["part"])),
        history: String::new(),
        s,
    };
    Ok(render(&page))
}

/// How many records a part has that is not the one shown.
async fn count_of(ctx: &Ctx, q: &Question, id: &str, part: Part) -> Result<Count, PageError> {
    let found = ctx.app.office.page_behind(&q.actor, id, q.scene.unit, q.period, q.scene.day, part, None, 1).await;
    found.map(|(_, count)| count).map_err(|e| ctx.fault(e))
}

/// `GET /indicators/{id}/records.csv`: the whole list, every declared field.
pub async fn csv(mut ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let q = ask(&mut ctx).await?;
    let world = ctx.app.office.world();
    let indicator = world.indicator(&id).ok_or_else(|| ctx.fault(Error::not_found(&id)))?;
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let (found, _) = ctx
            .app
            .office
            .page_behind(&q.actor, &id, q.scene.unit, q.period, q.scene.day, q.part, after, BATCH)
            .await
            .map_err(|e| ctx.fault(e))?;
        records.extend(found.records);
        after = found.next;
        if after.is_none() || records.len() >= export::ROWS_MAX {
            break;
        }
    }
    let def = live_of(&world, indicator).ok_or_else(|| ctx.fault(Error::refused("figure.no_records")))?;
    let register = world.register(&def.register).map_err(|e| ctx.fault(e))?;
    file(&ctx, &world, register, records, &format!("{}-{}", id, q.period)).await
}

/// Records as a file: identity, unit and state, then every declared field. As in every list, what is personal is masked: it is read
/// record by record, and each reading is kept.
pub async fn file(ctx: &Ctx, world: &World, register: &Register, mut records: Vec<Record>, name: &str) -> PageResult {
    records.truncate(export::ROWS_MAX);
    let t = ctx.t;
    let names = Names::load(ctx).await?;
    let id = &register.def.register.id;
    let declared: Vec<&FieldDef> = register.def.fields.iter().collect();
    let mut header = vec![t.msg("col-record"), t.msg("col-unit"), t.msg("col-state")];
    header.extend(declared.iter().map(|f| t.pick(&f.label).to_owned()));
    let numbers: Vec<usize> = declared.iter().enumerate().filter(|(_, f)| fields::is_number(f)).map(|(i, _)| i + 3).collect();
    let mut rows = Vec::with_capacity(records.len());
    for r in &records {
        let values = r.fields().map_err(|e| ctx.fault(e))?;
        let mut row = vec![
            r.key.clone().unwrap_or_else(|| r.id.to_string()),
            world.unit_name(&r.unit, t.tag()).to_owned(),
            fields::state_label(ctx, world, id, &r.state),
        ];
        row.extend(declared.iter().map(|f| fields::shown(ctx, world, &names, f, (&values, false))));
        rows.push(row);
    }
    export::csv(ctx, name, &header.iter().map(String::as_str).collect::<Vec<_>>(), &numbers, &rows)
}

/// Heads of a list of records: the fields, then unit and state.
pub fn heads(ctx: &Ctx, register: &Register, shown: &[&FieldDef]) -> Vec<Column> {
    let column = |text: String, number: bool| Column { text, number, ..Column::default() };
    let key = register.def.register.key.as_deref();
    let tight = |f: &FieldDef| matches!(f.ty, FieldType::Date | FieldType::Timestamp) || Some(f.id.as_str()) == key;
    let mut out: Vec<Column> =
        shown.iter().map(|f| Column { tight: tight(f), ..column(ctx.t.pick(&f.label).to_owned(), fields::is_number(f)) }).collect();
    if out.is_empty() {
        out.push(column(ctx.t.msg("col-record"), false));
    }
    out.insert(1, column(ctx.t.msg("col-unit"), false));
    out.insert(2, column(ctx.t.msg("col-state"), false));
    out
}

/// Rows of a list of records; personal values are masked.
pub async fn rows(
    ctx: &Ctx,
    world: &World,
    s: &Shell,
    (register, shown): (&Register, &[&FieldDef]),
    records: &[Record],
) -> Result<Vec<RecordRow>, PageError> {
    let names = Names::load(ctx).await?;
    let id = &register.def.register.id;
    let lifecycle = fields::lifecycle(register);
    let mut out = Vec::with_capacity(records.len());
    for r in records {
        let values = r.fields().map_err(|e| ctx.fault(e))?;
        let mut cells = vec![
            fields::cell(fields::name(ctx, world, register, r, &values, false)),
            world.unit_name(&r.unit, ctx.t.tag()).to_owned(),
            fields::state_label(ctx, world, id, &r.state),
        ];
        let title = register.def.register.title.as_deref();
        // The first column is the name; without a title field every column still has its cell.
        let rest = shown.iter().skip(usize::from(title.is_some() || !shown.is_empty()));
        cells.extend(rest.map(|f| fields::cell(fields::shown(ctx, world, &names, f, (&values, false)))));
        out.push(RecordRow {
            href: s.link(&format!("/records/{}/{}", segment(id), r.id)),
            cells,
            mark: fields::state_mark(lifecycle.as_ref(), &r.state),
        });
    }
    Ok(out)
}

/// The named parameters of this page's address.
pub fn query<'s>(s: &'s Shell, names: &[&str]) -> Vec<(&'s str, &'s str)> {
    s.query.iter().filter(|(n, _)| names.contains(&n.as_str())).map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

/// This page from its beginning with one parameter set: another filter makes another list.
pub fn without_page(s: &Shell, name: &str, value: Option<&str>) -> String {
    let mut pairs: Vec<(&str, &str)> =
        s.query.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| !PAGING.contains(n) && *n != name).collect();
    pairs.extend(value.map(|v| (name, v)));
    s.link_with(&s.path, &pairs)
}

/// Cursors of earlier pages that an address carries: so many steps back, then to the beginning.
const TRAIL_MAX: usize = 12;

/// How many records the list has, as far as this page knows: the figure, the count of the first page, or what the pages so far showed.
fn extent(ctx: &Ctx, to: i64, count: Count, next: Option<&str>) -> Count {
    let carried = ctx.param("of").and_then(|of| {
        let (digits, exact) = of.strip_suffix('m').map_or((of, true), |n| (n, false));
        digits.parse().ok().map(|n| Count { n, exact })
    });
    match (next, carried) {
        (None, _) => Count { n: to, exact: true },
        _ if count.exact || ctx.param("after").is_none() => count,
        (_, Some(c)) if c.n > to || (!c.exact && c.n == to) => c,
        _ => Count { n: to, exact: false },
    }
}

/// "15.204 hồ sơ", "hơn 500 hồ sơ".
pub fn records_text(ctx: &Ctx, count: Count) -> String {
    ctx.t.msg1(if count.exact { "records-count" } else { "records-count-more" }, "count", count.n)
}

/// "15.204", "500+".
pub fn short_count(ctx: &Ctx, count: Count) -> String {
    let n = ctx.t.int(count.n);
    if count.exact { n } else { format!("{n}+") }
}

/// A cursor says where the next page begins and the trail where the pages before did; `from` and `of` only tell the reader how far along
/// it is.
pub fn pager(ctx: &Ctx, s: &Shell, here: usize, count: Count, next: Option<&str>) -> (Pager, Count) {
    let here = i64::try_from(here).unwrap_or(0);
    let after = ctx.param("after");
    let from = after.and(ctx.param("from")).and_then(|f| f.parse::<i64>().ok()).filter(|f| *f > 0).unwrap_or(1);
    let to = from + here - 1;
    let count = extent(ctx, to, count, next);
    let trail: Vec<&str> = ctx.param("trail").into_iter().flat_map(|t| t.split('.')).filter(|c| !c.is_empty()).collect();
    let of = format!("{}{}", count.n, if count.exact { "" } else { "m" });
    let page = |after: &str, from: i64, trail: &[&str]| {
        let (from, trail) = (from.to_string(), trail.join("."));
        let mut pairs: Vec<(&str, &str)> =
            s.query.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| !PAGING.contains(n)).collect();
        pairs.extend([("after", after), ("from", &from), ("of", &of)]);
        if !trail.is_empty() {
            pairs.push(("trail", &trail));
        }
        s.link_with(&s.path, &pairs)
    };
    let next = next.map(|cursor| {
        let mut trail = trail.clone();
        trail.extend(after);
        page(cursor, to + 1, &trail[trail.len().saturating_sub(TRAIL_MAX)..])
    });
    let first = s.here_with("after", None);
    let (first, back) = match (after, trail.split_last()) {
        (None, _) => (String::new(), String::new()),
        (Some(_), Some((last, rest))) => (first, page(last, (from - PAGE).max(1), rest)),
        // The second page, or one whose trail has run out: the page before is the first, or is not known.
        (Some(_), None) if from <= PAGE + 1 => (String::new(), first),
        (Some(_), None) => (first, String::new()),
    };
    let key = if count.exact { "pager-shown" } else { "pager-shown-more" };
    let shown = ctx.t.format(key, &[("from", from.into()), ("to", to.into()), ("count", count.n.into())]);
    let shown = if here == 0 && after.is_none() { String::new() } else { shown };
    (Pager { shown, first, back, next: next.unwrap_or_default() }, count)
}
