//! The history of a record, for people: who did what, what changed, with which evidence, and where the proof is.

use std::{collections::HashMap, sync::Arc};

use office::{
    one_stop::{NEW_SECRET, masked_entry},
    people::Account,
    world::World,
};
use rules::{
    Timestamp,
    number::Decimal,
    schema::{FieldDef, FieldType},
};
use serde_json::Value;
use store::{Entry, Record, RecordId};

use super::{
    common::{state_text, unit_text},
    files,
};
use crate::{
    http::{Ctx, PageError},
    i18n::Lang,
    pages::show::fields::{free, holds_person},
    view::{Changed, Evidence, Happened, Shell},
};

/// Fields whose change is told in other words, or tells nobody anything.
const QUIET: &[&str] = &[
    "updates",
    "pack_hash",
    "submitted_by",
    "submitted_on",
    "submitted_at",
    "approved_by",
    "approved_at",
    "verified",
    "derived",
    "id",
    "@at",
    "@key",
    "case",
    "parts",
    "form",
    "fees",
    "secret_digest",
];
/// Longest value shown in a history.
const SHOWN: usize = 300;

/// Names of people by their login.
pub struct Names(Arc<HashMap<String, Account>>);

impl Names {
    pub async fn load(ctx: &Ctx) -> Result<Self, PageError> {
        Ok(Self(ctx.app.office.people().await.map_err(|e| ctx.fault(e))?))
    }

    /// The name, or the login where nobody of that name is known.
    #[must_use]
    pub fn of(&self, t: Lang, login: &str) -> String {
        match login {
            "system" => t.msg("who-system"),
            // Their names are in the dossier, for those who may see them.
            "guest" => t.msg("who-citizen"),
            of_portal if of_portal.starts_with("citizen:") => t.msg("who-citizen"),
            of_bank if of_bank.starts_with("bank:") => t.msg("who-bank"),
            _ => self.0.get(login).map_or_else(|| login.to_owned(), |a| a.name.clone()),
        }
    }
}

/// What kind of thing was done, in words.
#[must_use]
pub fn what(t: Lang, kind: &str) -> String {
    t.try_format(&format!("did-{}", kind.replace('_', "-")), &[]).unwrap_or_else(|| kind.to_owned())
}

/// Files of a record as links; nothing when it is not known.
pub async fn evidence(ctx: &Ctx, register: &str, record: RecordId, shas: &[String]) -> Vec<Evidence> {
    let mut out = Vec::new();
    for sha in shas {
        if let Ok(info) = ctx.app.office.store().blob_info(sha).await {
            let kind = info.name.rsplit_once('.').map_or_else(|| info.media_type.clone(), |(_, ext)| ext.to_uppercase());
            out.push(Evidence {
                href: files::address(register, &record.to_string(), sha),
                name: info.name,
                kind: format!("{kind}, {}", size_text(ctx.t, info.size)),
                hash: sha.chars().take(12).collect(),
            });
        }
    }
    out
}

/// "1,2 MB"
#[must_use]
pub fn size_text(t: Lang, bytes: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
    let b = bytes as f64;
    if b < 1024.0 * 1024.0 {
        format!("{} KB", t.decimal((b / 1024.0).max(0.1), 1))
    } else {
        format!("{} MB", t.decimal(b / 1024.0 / 1024.0, 1))
    }
}

/// A field as its register declares it.
fn declared<'w>(world: &'w World, register: &str, field: &str) -> Option<&'w FieldDef> {
    world.registers.get(register)?.def.fields.iter().find(|f| f.id == field)
}

/// The label of a register's field.
#[must_use]
pub fn field_label(t: Lang, world: &World, register: &str, field: &str) -> String {
    match field {
        "@unit" => return t.msg("field-unit"),
        "@state" => return t.msg("col-status"),
        _ => {}
    }
    declared(world, register, field)
        .map(|f| t.pick(&f.label).to_owned())
        .or_else(|| t.try_format(&format!("field-{}", field.replace('_', "-")), &[]))
        .unwrap_or_else(|| field.to_owned())
}

/// A value of a field as a person reads it.
#[must_use]
pub fn value_text(t: Lang, world: &World, register: &str, field: &str, value: &Value) -> String {
    if value.get("@sealed").is_some() {
        return "•••".to_owned();
    }
    let declared = declared(world, register, field);
    let text = match (value, field) {
        (Value::Null, _) => String::new(),
        (Value::Bool(b), _) => t.msg(if *b { "word-yes" } else { "word-no" }),
        (Value::Number(n), _) => n.as_i64().map_or_else(|| n.to_string().replace('.', if t == Lang::Vi { "," } else { "." }), |i| t.int(i)),
        (Value::String(s), "@unit") => unit_text(t, world, s),
        (Value::String(s), "@state") => state_text(t, s),
        (Value::String(s), _) => match declared.map(|d| d.ty) {
            Some(FieldType::Unit) => unit_text(t, world, s),
            Some(FieldType::Date) => s.parse().map_or_else(|_| s.clone(), |d| t.date(d)),
            Some(FieldType::Timestamp) => s.parse::<Timestamp>().map_or_else(|_| s.clone(), |at| t.moment(at)),
            Some(FieldType::Choice) => {
                let choice = declared.and_then(|d| d.choices.iter().find(|c| c.id == *s));
                choice.map_or_else(|| s.clone(), |c| if t == Lang::Vi { c.vi.clone() } else { c.en.clone() })
            }
            Some(FieldType::Decimal(_)) => s.parse::<Decimal>().map_or_else(|_| s.clone(), |d| d.format(t.tag())),
            _ => s.clone(),
        },
        (Value::Array(list), _) if !list.iter().any(Value::is_object) => {
            let parts: Vec<String> = list.iter().map(|v| value_text(t, world, register, field, v)).collect();
            parts.join(", ")
        }
        (Value::Object(_) | Value::Array(_), _) => free(t, value),
    };
    if text.chars().count() > SHOWN { text.chars().take(SHOWN).chain(['…']).collect() } else { text }
}

/// What an entry changed, told in words; personal values stay sealed.
#[must_use]
pub fn changes(t: Lang, world: &World, e: &Entry, names: &Names) -> Vec<Changed> {
    let Ok(map) = e.changes() else { return Vec::new() };
    let of_person = |name: &str| declared(world, &e.register, name).is_some_and(holds_person);
    // Whatever was not said before is not told when it is not so.
    let no_news = |pair: &Value| pair.get(0).is_none_or(Value::is_null) && pair.get(1) == Some(&Value::Bool(false));
    map.iter()
        .filter(|(name, pair)| !QUIET.contains(&name.as_str()) && !no_news(pair))
        .map(|(name, pair)| {
            let side = |i: usize| match pair.get(i).unwrap_or(&Value::Null) {
                Value::String(login) if of_person(name) => names.of(t, login),
                value => value_text(t, world, &e.register, name, value),
            };
            Changed { field: field_label(t, world, &e.register, name), old: side(0), new: side(1) }
        })
        .filter(|c| c.old != c.new)
        .collect()
}

/// The history of a record, newest first.
pub async fn of(ctx: &Ctx, s: &Shell, record: &Record, names: &Names) -> Result<Vec<Happened>, PageError> {
    let world = ctx.app.office.world();
    let entries = ctx.app.office.store().history(&record.register, record.id).await.map_err(|e| ctx.fault(e))?;
    let reads = ctx.app.office.reads_written(&ctx.actor(), record).map_err(|e| ctx.fault(e))?;
    let mut out = Vec::new();
    for e in entries.iter().rev() {
        if reads {
            out.push(one(ctx, s, &world, e, names).await);
        } else {
            out.push(one(ctx, s, &world, &masked_entry(e).map_err(|e| ctx.fault(e))?, names).await);
        }
    }
    Ok(out)
}

async fn one(ctx: &Ctx, s: &Shell, world: &World, e: &Entry, names: &Names) -> Happened {
    let t = ctx.t;
    let first = e.record_version == 1;
    let update = newest_update(e);
    let mut note = e.authority.clone().filter(|_| !first).unwrap_or_default();
    if e.kind == NEW_SECRET {
        note = t.try_format(&format!("desk-shown-{}", note.replace('_', "-")), &[]).unwrap_or(note);
    }
    let mut files: Vec<String> = Vec::new();
    if let Some(u) = &update {
        let more = [("field-difficulties", &u.difficulties), ("field-proposals", &u.proposals)];
        let more = more.iter().filter_map(|(key, text)| text.as_ref().map(|x| format!("{}: {x}", t.msg(key))));
        note = std::iter::once(u.text.clone()).chain(more).collect::<Vec<_>>().join(" · ");
        files.clone_from(&u.evidence);
    } else if let Some(list) = e.changes().ok().and_then(|c| c.get("evidence")?.get(1).cloned()) {
        files = serde_json::from_value(list).unwrap_or_default();
    }
    // The first entry repeats what the page shows already.
    let changes = if first { Vec::new() } else { changes(t, world, e, names) };
    Happened {
        at: t.moment(e.at),
        who: names.of(t, &e.actor),
        what: what(t, &e.kind),
        note,
        changes: changes.into_iter().filter(|c| c.field != t.msg("field-evidence")).collect(),
        evidence: evidence(ctx, &e.register, e.record_id, &files).await,
        proof: e.seq.map(|seq| s.link(&format!("/ledger/{seq}"))).unwrap_or_default(),
    }
}

fn newest_update(e: &Entry) -> Option<office::programme::TaskUpdate> {
    let list = e.changes().ok()?.get("updates")?.get(1)?.as_array()?.last()?.clone();
    serde_json::from_value(list).ok()
}
