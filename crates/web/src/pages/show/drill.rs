//! `/indicators/{id}/records` – the records behind a figure.

use axum::extract::Path;
use office::{
    Error,
    figures::Part,
    world::{Indicator, Register, Source, World},
};
use rules::{
    Period,
    access::Actor,
    indicator::{IndicatorDef, Kind},
    schema::FieldDef,
};
use store::Record;

use super::{Scene, export, fields, indicator_link, segment, settle, signed_in};
use crate::{
    http::{Ctx, PageError, PageResult, error::render},
    view::{Chip, Column, Link, Pager, RecordListPage, Section, Shell, records::RecordRow},
};

/// Records on a page.
pub const PAGE: i64 = 50;
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
        .records_behind(&q.actor, &id, q.scene.unit, q.period, q.scene.day, q.part, after, PAGE)
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
    let parts: &[(Part, &str, &str)] = if def.kind == Kind::Ratio { &PARTS } else { &PARTS[..1] };
    let chips = parts
        .iter()
        .map(|(part, id, key)| Chip {
            href: without_page(&s, "part", (*part != Part::Counted).then_some(id)),
            text: t.msg(key),
            count: if *part == q.part { t.int(count) } else { String::new() },
            on: *part == q.part,
            mark: None,
        })
        .collect();
    let shown = fields::columns(register, COLUMNS);
    let page = RecordListPage {
        register: t.pick(&register.def.register.name).to_owned(),
        behind: t.format(
            "records-behind",
            &[("name", name.into()), ("unit", ctx.unit_name(q.scene.unit).into()), ("period", t.period(q.period).into())],
        ),
        chips,
        q: String::new(),
        columns: heads(&ctx, &shown),
        rows: rows(&ctx, &world, &s, register, &q.actor, &shown, &found.records)?,
        count,
        pager: pager(&ctx, &s, found.records.len(), count, found.next.as_deref()),
        export: s.link_with(&format!("/indicators/{}/records.csv", segment(&id)), &query(&s, &["part"])),
        s,
    };
    Ok(render(&page))
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
            .records_behind(&q.actor, &id, q.scene.unit, q.period, q.scene.day, q.part, after, BATCH)
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
    file(&ctx, &world, register, &q.actor, records, &format!("{}-{}", id, q.period))
}

/// Records as a file: identity, unit and state, then every declared field.
pub fn file(ctx: &Ctx, world: &World, register: &Register, actor: &Actor, mut records: Vec<Record>, name: &str) -> PageResult {
    records.truncate(export::ROWS_MAX);
    let t = ctx.t;
    let id = &register.def.register.id;
    let declared: Vec<&FieldDef> = register.def.fields.iter().collect();
    let mut header = vec![t.msg("col-record"), t.msg("col-unit"), t.msg("col-state")];
    header.extend(declared.iter().map(|f| t.pick(&f.label).to_owned()));
    let numbers: Vec<usize> = declared.iter().enumerate().filter(|(_, f)| fields::is_number(f)).map(|(i, _)| i + 3).collect();
    let mut rows = Vec::with_capacity(records.len());
    for r in &records {
        let values = r.fields().map_err(|e| ctx.fault(e))?;
        let personal = fields::sees_personal(actor, world, id, &r.unit);
        let mut row = vec![
            r.key.clone().unwrap_or_else(|| r.id.to_string()),
            world.unit_name(&r.unit, t.tag()).to_owned(),
            fields::state_label(ctx, world, id, &r.state),
        ];
        row.extend(declared.iter().map(|f| fields::shown(ctx, world, f, &values, personal)));
        rows.push(row);
    }
    export::csv(ctx, name, &header.iter().map(String::as_str).collect::<Vec<_>>(), &numbers, &rows)
}

/// Heads of a list of records: the fields, then unit and state.
pub fn heads(ctx: &Ctx, shown: &[&FieldDef]) -> Vec<Column> {
    let column = |text: String, number: bool| Column { text, number, ..Column::default() };
    let mut out: Vec<Column> = shown.iter().map(|f| column(ctx.t.pick(&f.label).to_owned(), fields::is_number(f))).collect();
    if out.is_empty() {
        out.push(column(ctx.t.msg("col-record"), false));
    }
    out.insert(1, column(ctx.t.msg("col-unit"), false));
    out.insert(2, column(ctx.t.msg("col-state"), false));
    out
}

/// Rows of a list of records.
pub fn rows(
    ctx: &Ctx,
    world: &World,
    s: &Shell,
    register: &Register,
    actor: &Actor,
    shown: &[&FieldDef],
    records: &[Record],
) -> Result<Vec<RecordRow>, PageError> {
    let id = &register.def.register.id;
    let lifecycle = fields::lifecycle(register);
    let mut out = Vec::with_capacity(records.len());
    for r in records {
        let values = r.fields().map_err(|e| ctx.fault(e))?;
        let personal = fields::sees_personal(actor, world, id, &r.unit);
        let mut cells = vec![
            fields::cell(fields::name(ctx, world, register, r, &values, personal)),
            world.unit_name(&r.unit, ctx.t.tag()).to_owned(),
            fields::state_label(ctx, world, id, &r.state),
        ];
        let title = register.def.register.title.as_deref();
        // The first column is the name; without a title field every column still has its cell.
        let rest = shown.iter().skip(usize::from(title.is_some() || !shown.is_empty()));
        cells.extend(rest.map(|f| fields::cell(fields::shown(ctx, world, f, &values, personal))));
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
        s.query.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| !matches!(*n, "after" | "from") && *n != name).collect();
    pairs.extend(value.map(|v| (name, v)));
    s.link_with(&s.path, &pairs)
}

/// A cursor says where the next page begins; `from` only tells the reader how far along it is.
pub fn pager(ctx: &Ctx, s: &Shell, here: usize, count: i64, next: Option<&str>) -> Pager {
    let here = i64::try_from(here).unwrap_or(0);
    if here == 0 {
        return Pager::default();
    }
    let from = ctx.param("from").and_then(|f| f.parse::<i64>().ok()).filter(|f| (1..=count).contains(f)).unwrap_or(1);
    let to = (from + here - 1).min(count);
    let next = next.map(|cursor| {
        let start = (to + 1).to_string();
        let mut pairs: Vec<(&str, &str)> =
            s.query.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| !matches!(*n, "after" | "from")).collect();
        pairs.extend([("after", cursor), ("from", start.as_str())]);
        s.link_with(&s.path, &pairs)
    });
    Pager {
        shown: ctx.t.format("pager-shown", &[("from", from.into()), ("to", to.into()), ("count", count.into())]),
        back: String::new(),
        next: next.unwrap_or_default(),
    }
}
