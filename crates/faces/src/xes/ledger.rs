//! A register's ledger as an event log: one record is one case, one entry one event.
//!
//! - What an older system had said of a record (kept at its import in the field `source`) goes out as it came in, attribute by
//!   attribute. The entry of the import itself is then no event: nothing happened to the dossier that day.
//! - What happened here follows it. Such events say `haidang:origin` = `ledger`, and everything that is ours stands under the prefix
//!   `haidang:`, so that it never meets a name of another system.
//! - To those who may not have personal data, only what is declared as not personal is told, and of an older system's events only
//!   what the standard extensions of XES name.

use office::{
    history::Told,
    world::{Register, World},
};
use rules::{
    Timestamp,
    lifecycle::Lifecycle,
    schema::{Field, FieldType},
};
use serde_json::Value;
use store::{Entry, SEALED, STATE, UNIT};

use super::LogHead;
use crate::{
    mapping::SOURCE_FIELD,
    tabular::{Kind, Named, RawValue, from_source_json},
};

/// Marks an event of this system's ledger.
pub const ORIGIN: &str = "haidang:origin";
const OURS: &str = "haidang:";
/// Prefixes of the standard extensions that say what, when and by whom, and nothing else.
const STANDARD: [&str; 4] = ["concept:", "time:", "lifecycle:", "org:"];
/// The kind of an import's entries.
const IMPORT: &str = "import";

/// Makes the cases of one register.
pub struct LedgerLog<'w> {
    register: &'w Register,
    lifecycle: Option<Lifecycle>,
    simulated: bool,
}

/// Attributes of a case, and of its events in their order.
pub type Case = (Vec<Named>, Vec<Vec<Named>>);

fn named(name: impl Into<String>, value: RawValue) -> Named {
    (name.into(), value)
}

fn own(name: &str, value: RawValue) -> Named {
    (format!("{OURS}{name}"), value)
}

impl<'w> LedgerLog<'w> {
    #[must_use]
    pub fn new(world: &'w World, register: &'w Register) -> Self {
        let lifecycle = register.def.lifecycle.clone().and_then(|l| serde_json::from_value(l).ok());
        Self { register, lifecycle, simulated: world.simulated }
    }

    /// What the log says about itself; `at` is the moment of the export.
    #[must_use]
    pub fn head(&self, at: Timestamp) -> LogHead {
        let head = &self.register.def.register;
        let classifier = |name: &str, keys: &str| (name.to_owned(), keys.to_owned());
        LogHead {
            classifiers: vec![
                classifier("Activity", "concept:name"),
                classifier("Activity and transition", "concept:name lifecycle:transition"),
                classifier("Resource", "org:resource"),
            ],
            attributes: vec![
                named("concept:name", RawValue::text(head.name.vi.as_str())),
                named("lifecycle:model", RawValue::text("standard")),
                own("register", RawValue::text(head.id.as_str())),
                own("exported_at", RawValue::instant(at)),
                own("simulated", RawValue::boolean(self.simulated)),
            ],
            ..LogHead::default()
        }
    }

    /// One record as a case. `clear`: personal values and free texts may be handed on.
    ///
    /// # Errors
    /// When a record or an entry cannot be read.
    pub fn case(&self, told: &Told, clear: bool) -> store::Result<Case> {
        let fields = told.record.fields()?;
        let source = fields.get(SOURCE_FIELD).and_then(from_source_json);
        let brought = source.is_some();
        let (mut values, mut events) = source.unwrap_or_default();
        if !clear {
            values.retain(|(name, _)| name == "concept:name");
            for event in &mut events {
                event.retain(|(name, _)| STANDARD.iter().any(|prefix| name.starts_with(prefix)) || name == ORIGIN);
            }
        }
        let here: Vec<&Entry> = told.entries.iter().filter(|e| e.kind != IMPORT).collect();
        // A case that is still as it came says nothing of ours.
        if values.is_empty() || !here.is_empty() || !clear {
            values.retain(|(name, _)| !name.starts_with(OURS));
            let name = told.record.key.clone().unwrap_or_else(|| told.record.id.to_string());
            if !values.iter().any(|(n, _)| n == "concept:name") {
                values.insert(0, named("concept:name", RawValue::text(name)));
            }
            values.push(own("id", RawValue::text(told.record.id.to_string())));
            values.push(own("unit", RawValue::text(told.record.unit.as_str())));
            values.push(own("state", RawValue::text(told.record.state.as_str())));
            values.extend(self.told(|id| fields.get(id), clear));
        }
        for e in told.entries.iter().filter(|e| !(brought && e.kind == IMPORT)) {
            events.push(self.event(e, clear)?);
        }
        Ok((values, events))
    }

    /// The declared fields that have a value and may be told.
    fn told<'v>(&self, value: impl Fn(&str) -> Option<&'v Value>, clear: bool) -> Vec<Named> {
        let may = |f: &&Field| !f.built_in && (clear || !f.personal);
        let fields = self.register.schema.fields().iter().filter(may);
        fields.filter_map(|f| Some(own(&f.id, raw(f.ty, value(&f.id)?)?))).collect()
    }

    fn event(&self, e: &Entry, clear: bool) -> store::Result<Vec<Named>> {
        let mut out = vec![
            named("concept:name", RawValue::text(e.kind.as_str())),
            named("time:timestamp", RawValue::instant(e.at)),
            named("org:resource", RawValue::text(e.actor.as_str())),
            named("lifecycle:transition", RawValue::text("complete")),
            named(ORIGIN, RawValue::text("ledger")),
        ];
        if let Some(t) = self.lifecycle.as_ref().and_then(|l| l.transition(&e.kind)) {
            out.push(own("label", RawValue::text(t.label.vi.as_str())));
        }
        out.extend(e.seq.map(|seq| own("seq", RawValue::int(seq))));
        out.extend(e.on_behalf.as_deref().map(|who| own("on_behalf", RawValue::text(who))));
        out.extend(e.authority.as_deref().filter(|_| clear).map(|why| own("reason", RawValue::text(why))));
        let changes = e.changes()?;
        let now = |name: &str| changes.get(name).and_then(|pair| pair.get(1));
        for (column, name) in [(UNIT, "unit"), (STATE, "state")] {
            out.extend(now(column).and_then(Value::as_str).map(|text| own(name, RawValue::text(text))));
        }
        // What a record began with is known from the case and the later changes.
        if e.record_version > 1 {
            let set = self.told(|id| now(id).filter(|v| v.get(SEALED).is_none()), clear);
            if !set.is_empty() {
                out.push(own("set", RawValue { children: set, ..RawValue::new(Kind::Container, "") }));
            }
        }
        Ok(out)
    }
}

/// A field's value in the types of XES; `None` for no value and for documents, which are no attribute.
fn raw(ty: FieldType, value: &Value) -> Option<RawValue> {
    Some(match (ty, value) {
        (FieldType::Json, _) | (_, Value::Null | Value::Object(_)) => return None,
        (FieldType::Timestamp, Value::String(text)) => match text.parse() {
            Ok(at) => RawValue::instant(at),
            Err(_) => RawValue::text(text.as_str()),
        },
        (_, Value::String(text)) => RawValue::text(text.as_str()),
        (_, Value::Bool(b)) => RawValue::boolean(*b),
        (_, Value::Number(n)) => match (n.as_i64(), n.as_f64()) {
            (Some(n), _) => RawValue::int(n),
            (None, Some(f)) => RawValue::new(Kind::Float(f), n.to_string()),
            (None, None) => RawValue::text(n.to_string()),
        },
        (_, Value::Array(items)) => {
            let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
            RawValue::list(items.iter().map(|v| named("item", RawValue::text(text(v)))).collect())
        }
    })
}
