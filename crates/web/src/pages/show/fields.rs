//! Fields, states and acts of a register's records, in the reader's language.

use office::world::{Register, World};
use rules::{
    Timestamp,
    access::{Action, Actor, decide},
    lifecycle::Lifecycle,
    schema::{FieldDef, FieldType},
};
use serde_json::{Map, Value};
use store::Record;

use super::words;
use crate::{http::Ctx, i18n::Lang, pages::work::history::Names, view::Mark};

/// What stands for a personal value.
pub const MASKED: &str = "•••";
/// A long text in a table is cut; the record's page has all of it.
const CELL_MAX: usize = 90;

/// The declared lifecycle of a register, if it has one.
#[must_use]
pub fn lifecycle(register: &Register) -> Option<Lifecycle> {
    serde_json::from_value(register.def.lifecycle.clone()?).ok()
}

/// A state's label: the register's own, else the common word for it, else the state as it is kept.
#[must_use]
pub fn state_label(ctx: &Ctx, world: &World, register: &str, state: &str) -> String {
    let own = world.registers.get(register).and_then(lifecycle).and_then(|l| l.state(state).map(|s| ctx.t.pick(&s.label).to_owned()));
    own.or_else(|| ctx.t.try_format(&format!("state-{}", state.replace('_', "-")), &[])).unwrap_or_else(|| state.to_owned())
}

/// What was done: the label of a step of the lifecycle, else the common word, else the kind as it is kept.
#[must_use]
pub fn kind_label(ctx: &Ctx, world: &World, register: &str, kind: &str) -> String {
    let common = ctx.t.try_format(&format!("kind-of-entry-{}", kind.replace('_', "-")), &[]);
    let own =
        || world.registers.get(register).and_then(lifecycle).and_then(|l| l.transition(kind).map(|x| ctx.t.pick(&x.label).to_owned()));
    common.or_else(own).unwrap_or_else(|| kind.to_owned())
}

/// Done or not: what a lifecycle says of a state.
#[must_use]
pub fn state_mark(lifecycle: Option<&Lifecycle>, state: &str) -> Option<Mark> {
    lifecycle?.state(state).map(|s| if s.closed { Mark::Completed } else { Mark::InProgress })
}

/// Whether the actor works on a record of this unit and so sees whose it is.
#[must_use]
pub fn sees_personal(actor: &Actor, world: &World, register: &str, unit: &str) -> bool {
    let unit = unit.parse().ok().and_then(|k| world.units.idx(&k));
    unit.is_some() && decide(actor, Action::Edit, Some(register), unit, &world.units).is_ok()
}

/// Fields that a table has columns for: the title first, then those that fit a line, at most `max`.
#[must_use]
pub fn columns(register: &Register, max: usize) -> Vec<&FieldDef> {
    let title = register.def.register.title.as_deref();
    // Identities of other records are for programs; what people call these stands beside them.
    let plain = |f: &&FieldDef| !matches!(f.ty, FieldType::Json | FieldType::TextList) && !f.id.ends_with("_id");
    let mut list: Vec<&FieldDef> = register.def.fields.iter().filter(|f| Some(f.id.as_str()) == title).collect();
    list.extend(register.def.fields.iter().filter(|f| Some(f.id.as_str()) != title).filter(plain).take(max.saturating_sub(list.len())));
    list
}

/// Whether a field's values are lined up on the right.
#[must_use]
pub fn is_number(field: &FieldDef) -> bool {
    matches!(field.ty, FieldType::Int | FieldType::Decimal(_))
}

/// The record's name: its title field, else its outside key, else its identity.
#[must_use]
pub fn name(ctx: &Ctx, world: &World, register: &Register, record: &Record, fields: &Map<String, Value>, personal: bool) -> String {
    let title = register.def.register.title.as_deref().and_then(|t| register.def.fields.iter().find(|f| f.id == t));
    title
        .map(|f| match f.personal && !personal {
            true => record.key.clone().unwrap_or_else(|| MASKED.to_owned()),
            false => text(ctx, world, f, fields.get(&f.id)),
        })
        .filter(|n| !n.is_empty())
        .or_else(|| record.key.clone())
        .unwrap_or_else(|| record.id.to_string())
}

/// A field of a record as the reader may see it.
#[must_use]
pub fn shown(ctx: &Ctx, world: &World, names: &Names, field: &FieldDef, (fields, personal): (&Map<String, Value>, bool)) -> String {
    match fields.get(&field.id) {
        None | Some(Value::Null) => String::new(),
        Some(_) if field.personal && !personal => MASKED.to_owned(),
        Some(value) => told(ctx, world, names, field, value),
    }
}

/// A value by its declared type; who did something by name.
#[must_use]
pub fn told(ctx: &Ctx, world: &World, names: &Names, field: &FieldDef, value: &Value) -> String {
    match value.as_str() {
        Some(login) if holds_person(field) => names.of(ctx.t, login),
        _ => text(ctx, world, field, Some(value)),
    }
}

/// A value in a table's cell.
#[must_use]
pub fn cell(text: String) -> String {
    if text.chars().count() <= CELL_MAX {
        return text;
    }
    let mut cut: String = text.chars().take(CELL_MAX).collect();
    cut.push('…');
    cut
}

/// A value by its declared type; empty for none.
#[must_use]
pub fn text(ctx: &Ctx, world: &World, field: &FieldDef, value: Option<&Value>) -> String {
    let Some(value) = value.filter(|v| !v.is_null()) else { return String::new() };
    if value.get("@sealed").is_some() {
        return MASKED.to_owned();
    }
    let t = ctx.t;
    let plain = || free(t, value);
    let str_of = value.as_str();
    match field.ty {
        FieldType::Int => value.as_i64().map_or_else(plain, |n| t.int(n)),
        FieldType::Decimal(_) => match str_of.and_then(|s| s.parse::<rules::number::Decimal>().ok()) {
            Some(d) => d.format(t.tag()),
            None => value.as_f64().map_or_else(plain, |x| words::points(t, rules::indicator::Format::Decimal(6), x)),
        },
        FieldType::Bool => value.as_bool().map_or_else(plain, |b| t.msg(if b { "value-yes" } else { "value-no" })),
        FieldType::Date => str_of.and_then(|s| s.parse().ok()).map_or_else(plain, |d| t.date(d)),
        FieldType::Timestamp => str_of.and_then(|s| s.parse::<Timestamp>().ok()).map_or_else(plain, |at| t.moment(at)),
        FieldType::Unit => str_of.map_or_else(plain, |k| world.unit_name(k, t.tag()).to_owned()),
        FieldType::Choice => str_of.map_or_else(plain, |id| choice(ctx, field, id)),
        // Kinds of electronic papers are named by the procedures that make or take them.
        FieldType::Text if field.id == "kind" => {
            str_of.and_then(|kind| world.paper_name(kind)).map_or_else(plain, |name| t.pick(name).to_owned())
        }
        FieldType::Text if field.id == "indicator" => {
            str_of.and_then(|id| world.indicator(id)).map_or_else(plain, |i| t.pick(&i.name).to_owned())
        }
        FieldType::Text if field.id == "period" => str_of.and_then(|s| s.parse().ok()).map_or_else(plain, |p| t.period(p)),
        FieldType::Text | FieldType::TextList | FieldType::Json => plain(),
    }
}

/// The label of a choice; the value itself when it is no longer declared.
#[must_use]
pub fn choice(ctx: &Ctx, field: &FieldDef, id: &str) -> String {
    let found = field.choices.iter().find(|c| c.id == id);
    found.map_or(id, |c| if ctx.t == crate::i18n::Lang::En { &c.en } else { &c.vi }).to_owned()
}

/// A value without a declaration: texts in both languages give the reader's, lists are joined. What is built of parts without names is
/// for programs: it is said that it is there.
#[must_use]
pub fn free(t: Lang, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Number(n) => n.as_i64().map_or_else(|| n.to_string(), |n| t.int(n)),
        Value::Bool(b) => t.msg(if *b { "value-yes" } else { "value-no" }),
        Value::Array(list) => match list.iter().map(|v| plain(t, v)).collect::<Option<Vec<_>>>() {
            Some(texts) => texts.join("; "),
            None => inner(t, list.len()),
        },
        Value::Object(map) => plain(t, value).unwrap_or_else(|| inner(t, map.len())),
    }
}

/// A value in words; `None` for what has none.
fn plain(t: Lang, value: &Value) -> Option<String> {
    let Value::Object(map) = value else { return (!value.is_array()).then(|| free(t, value)) };
    let own = |map: &Map<String, Value>| map.get(t.tag()).or_else(|| map.get("vi")).and_then(Value::as_str).map(str::to_owned);
    let named = |name: &Value| name.as_str().map(str::to_owned).or_else(|| name.as_object().and_then(own));
    let name = own(map).or_else(|| map.get("name").and_then(named))?;
    Some(match map.get("amount_vnd").and_then(Value::as_i64) {
        Some(vnd) => format!("{name}: {}", rules::text::format_vnd(vnd, t.tag())),
        None => name,
    })
}

/// That there is more than words can say.
fn inner(t: Lang, count: usize) -> String {
    if count == 0 { String::new() } else { t.msg1("value-inner", "count", i64::try_from(count).unwrap_or(i64::MAX)) }
}

/// Whether a field holds who did or does something, by login.
#[must_use]
pub fn holds_person(field: &FieldDef) -> bool {
    field.ty == FieldType::Text && (field.id.ends_with("_by") || ["assignee", "cashier", "delegate"].contains(&field.id.as_str()))
}
