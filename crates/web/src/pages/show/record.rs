//! `/records/{register}/{id}` – one record: its fields, where it is counted, and everything that ever happened to it.

use axum::extract::Path;
use office::{
    Office,
    one_stop::{mask_case, masked_entry},
    personal::{Opened, Through},
    world::{Register, World},
};
use rules::{access::Actor, expr::Dialect, indicator::Kind};
use serde_json::{Map, Value};
use store::{DEFINITION, Engine, Entry, ListQuery, Record};

use super::{fields, indicator_link, record_steps, segment, settle, signed_in};
use crate::{
    http::{Ctx, PageError, PageResult, error::render},
    pages::work::history::Names,
    view::{Changed, Happened, Link, Pair, RecordPage, Section, Shell, records::LookRow},
};

/// `GET /records/{register}/{id}`
pub async fn page(mut ctx: Ctx, Path((register_id, id)): Path<(String, String)>) -> PageResult {
    let actor = signed_in(&ctx)?;
    settle(&mut ctx, &actor)?;
    let office = ctx.app.office.clone();
    let world = office.world();
    let register = world.register(&register_id).map_err(|e| ctx.fault(e))?;
    // Reading what is personal in it is an entry of the ledger, made before anything is shown.
    let Opened { record, clear } = office.open_record(&actor, &register_id, &id, Through::Page).await.map_err(|e| ctx.fault(e))?;
    let mut values = record.fields().map_err(|e| ctx.fault(e))?;
    if let Some(case) = values.get_mut("case").filter(|_| !clear) {
        mask_case(case);
    }
    let holds = register.def.fields.iter().any(|f| f.personal && values.get(&f.id).is_some_and(|v| !v.is_null()));
    let personal = clear;
    let t = ctx.t;
    let name = fields::name(&ctx, &world, register, &record, &values, personal);
    // A page that asked for itself again at every change would look at the person again and again.
    let mut s = ctx.shell(Section::Registers, name.clone(), !(holds && clear)).await?;
    let register_name = t.pick(&register.def.register.name).to_owned();
    s.crumbs = vec![
        Link::new(s.link("/records"), t.msg("nav-registers")),
        Link::new(s.link(&format!("/records/{}", segment(&register_id))), register_name.clone()),
    ];
    let names = Names::load(&ctx).await?;
    let page = RecordPage {
        register: register_name,
        name,
        state: fields::state_label(&ctx, &world, &register_id, &record.state),
        mark: fields::state_mark(fields::lifecycle(register).as_ref(), &record.state),
        fields: pairs(&ctx, &world, &s, register, &record, (&values, personal), &names),
        counted: counted(&ctx, &office, &world, &s, &record).await?,
        actions: record_steps::forms(&ctx, &s, &record, &actor)?,
        history: history(&ctx, &world, &s, &record, &actor).await?,
        looks: if holds { looks(&ctx, &s, register, &record, &actor, &names).await? } else { Vec::new() },
        personal: holds.then_some(clear),
        correct: String::new(),
        s,
    };
    Ok(render(&page))
}

/// Who looked at the record's personal data; nothing for those who may not know.
async fn looks(
    ctx: &Ctx,
    s: &Shell,
    register: &Register,
    record: &Record,
    actor: &Actor,
    names: &Names,
) -> Result<Vec<LookRow>, PageError> {
    let t = ctx.t;
    let world = ctx.app.office.world();
    let list = match ctx.app.office.looks(actor, record).await {
        Err(office::Error::Refused(r)) if r.code.starts_with("access.") => return Ok(Vec::new()),
        other => other.map_err(|e| ctx.fault(e))?,
    };
    let label = |id: &String| register.def.fields.iter().find(|f| f.id == *id).map_or_else(|| id.clone(), |f| t.pick(&f.label).to_owned());
    Ok(list
        .iter()
        .map(|l| {
            let grant = l.grant.split_once(' ').map(|(role, unit)| {
                let unit = world.unit_name(unit, t.tag());
                format!("{} – {unit}", t.msg(&format!("role-{}", role.replace('_', "-"))))
            });
            let seen = l.fields.iter().map(label).collect::<Vec<_>>().join(", ");
            LookRow {
                at: t.moment(l.at),
                who: names.of(t, &l.who),
                grant: grant.unwrap_or_default(),
                what: t.msg1(if l.through == "api" { "look-api" } else { "look-page" }, "fields", seen),
                proof: l.seq.map(|seq| s.link(&format!("/ledger/{seq}"))).unwrap_or_default(),
            }
        })
        .collect())
}

fn pairs(
    ctx: &Ctx,
    world: &World,
    s: &Shell,
    register: &Register,
    record: &Record,
    (values, personal): (&Map<String, Value>, bool),
    names: &Names,
) -> Vec<Pair> {
    let t = ctx.t;
    let mut out = vec![Pair {
        label: t.msg("col-unit"),
        value: world.unit_name(&record.unit, t.tag()).to_owned(),
        href: ctx.unit_href(s, &record.unit),
    }];
    for field in &register.def.fields {
        let value = fields::shown(ctx, world, names, field, (values, personal));
        out.push(Pair::new(t.pick(&field.label), if value.is_empty() { super::words::DASH.to_owned() } else { value }));
    }
    out.push(Pair::new(t.msg("record-created"), t.moment(record.created_at)));
    out.push(Pair::new(t.msg("record-updated"), t.moment(record.updated_at)));
    out.push(Pair::new(t.msg("record-version"), t.int(record.version)));
    out
}

fn dialect(office: &Office) -> Dialect {
    match office.store().engine() {
        Engine::Sqlite => Dialect::Sqlite,
        Engine::Postgres => Dialect::Postgres,
    }
}

/// Which indicators count this record now: the same conditions that drill-down uses, asked of one record.
async fn counted(ctx: &Ctx, office: &Office, world: &World, s: &Shell, record: &Record) -> Result<Vec<Pair>, PageError> {
    let Some(set) = world.sets.get(&record.register) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (position, def) in set.defs().enumerate() {
        let Some(sql) = set.contribution_sql(position, dialect(office), office.engine_clock()) else { continue };
        // An identity is a UUID: it cannot carry anything into the condition.
        let mine = format!("id = '{}' AND ({})", record.id, sql.filter);
        let count = async |filter: String| {
            let query = ListQuery { register: record.register.clone(), filter: Some(filter), limit: 1, ..ListQuery::default() };
            office.store().count(&query).await.map_err(|e| ctx.fault(e))
        };
        if count(mine.clone()).await? == 0 {
            continue;
        }
        let part = match def.kind {
            Kind::Ratio if count(format!("{mine} AND ({}) = 1", sql.num)).await? > 0 => "counted-numerator",
            Kind::Ratio => "counted-denominator",
            Kind::Count | Kind::Sum | Kind::Average => "counted-whole",
        };
        let name = world.indicator(&def.id).map_or(def.id.as_str(), |i| ctx.t.pick(&i.name)).to_owned();
        out.push(Pair { label: name, value: ctx.t.msg(part), href: indicator_link(s, &def.id, &record.unit) });
    }
    Ok(out)
}

/// Everything that happened, newest first.
pub async fn history(ctx: &Ctx, world: &World, s: &Shell, record: &Record, actor: &Actor) -> Result<Vec<Happened>, PageError> {
    let entries = ctx.app.office.store().history(&record.register, record.id).await.map_err(|e| ctx.fault(e))?;
    // Who may work on the record sees what is personal in it; its history keeps only seals of it anyway.
    let personal = fields::sees_personal(actor, world, &record.register, &record.unit);
    let names = Names::load(ctx).await?;
    let told = |e: &Entry| match personal {
        true => happened(ctx, world, s, e, personal, &names),
        false => happened(ctx, world, s, &masked_entry(e).map_err(|e| ctx.fault(e))?, personal, &names),
    };
    entries.iter().rev().map(told).collect()
}

fn happened(ctx: &Ctx, world: &World, s: &Shell, e: &Entry, personal: bool, names: &Names) -> Result<Happened, PageError> {
    let t = ctx.t;
    if e.register == DEFINITION {
        return declared(ctx, s, e, names);
    }
    let register = world.registers.get(&e.register);
    let mut changes = Vec::new();
    // The first entry repeats what the page shows already; what was changed since is told with its old value.
    let told = if e.record_version == 1 { Default::default() } else { e.changes().map_err(|e| ctx.fault(e))? };
    for (field, pair) in told {
        let side = |i: usize| pair.get(i).unwrap_or(&Value::Null);
        let declared = register.and_then(|r| r.def.fields.iter().find(|f| f.id == field));
        let (label, old, new) = match field.as_str() {
            // The moment of the former change and the pack's own mark say nothing to a reader.
            "@at" | office::packs::PACK_HASH => continue,
            "@unit" => (t.msg("col-unit"), unit(ctx, world, side(0)), unit(ctx, world, side(1))),
            "@state" => (t.msg("col-state"), state(ctx, world, &e.register, side(0)), state(ctx, world, &e.register, side(1))),
            "@key" => (t.msg("col-code"), fields::free(ctx.t, side(0)), fields::free(ctx.t, side(1))),
            _ => match declared {
                Some(f) if f.personal && !personal => (t.pick(&f.label).to_owned(), masked(side(0)), masked(side(1))),
                Some(f) => {
                    let said = |i: usize| fields::told(ctx, world, names, f, side(i));
                    (t.pick(&f.label).to_owned(), said(0), said(1))
                }
                None => (field.clone(), undeclared(ctx, side(0)), undeclared(ctx, side(1))),
            },
        };
        if !(old.is_empty() && new.is_empty()) {
            let new = if new.is_empty() { super::words::DASH.to_owned() } else { new };
            changes.push(Changed { field: label, old: fields::cell(old), new: fields::cell(new) });
        }
    }
    Ok(Happened {
        at: t.moment(e.at),
        who: match &e.on_behalf {
            Some(other) => t.msg2("history-on-behalf", "who", names.of(t, &e.actor), "other", names.of(t, other)),
            None => names.of(t, &e.actor),
        },
        what: fields::kind_label(ctx, world, &e.register, &e.kind),
        note: e.authority.clone().unwrap_or_default(),
        changes,
        evidence: Vec::new(),
        proof: e.seq.map(|seq| s.link(&format!("/ledger/{seq}"))).unwrap_or_default(),
    })
}

/// A definition is kept as one document: its history says from which pack it came, and when.
fn declared(ctx: &Ctx, s: &Shell, e: &Entry, names: &Names) -> Result<Happened, PageError> {
    let t = ctx.t;
    let changes = e.changes().map_err(|e| ctx.fault(e))?;
    let pack = changes.get("pack").and_then(|c| c.get(1)).and_then(Value::as_str);
    Ok(Happened {
        at: t.moment(e.at),
        who: names.of(t, &e.actor),
        what: pack.map_or_else(|| t.msg("history-declared-anew"), |p| t.msg1("history-declared", "pack", p)),
        note: String::new(),
        changes: Vec::new(),
        evidence: Vec::new(),
        proof: e.seq.map(|seq| s.link(&format!("/ledger/{seq}"))).unwrap_or_default(),
    })
}

fn masked(value: &Value) -> String {
    if value.is_null() { String::new() } else { fields::MASKED.to_owned() }
}

fn undeclared(ctx: &Ctx, value: &Value) -> String {
    if value.get("@sealed").is_some() { fields::MASKED.to_owned() } else { fields::free(ctx.t, value) }
}

fn unit(ctx: &Ctx, world: &World, value: &Value) -> String {
    value.as_str().map(|k| world.unit_name(k, ctx.t.tag()).to_owned()).unwrap_or_default()
}

fn state(ctx: &Ctx, world: &World, register: &str, value: &Value) -> String {
    value.as_str().map(|x| fields::state_label(ctx, world, register, x)).unwrap_or_default()
}
