//! One line of the ledger: who did what to which record, when, under which authority.

use std::{borrow::Cow, sync::Arc};

use ledger::Hash;
use rules::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::{
    db::{P, Row},
    error::{Error, Result},
    record::{Record, RecordId},
};

/// Built-in columns inside an entry's changes carry this mark, which no declared field may begin with.
pub const UNIT: &str = "@unit";
pub const STATE: &str = "@state";
pub const KEY: &str = "@key";
/// When the record was changed before, so that an entry can be taken back completely.
pub const AT: &str = "@at";
/// The one key of a sealed personal value.
pub const SEALED: &str = "@sealed";

/// A line of the ledger. `seq` is its leaf index; `None` while it waits for the sequencer.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub seq: Option<i64>,
    pub id: String,
    pub register: String,
    pub record_id: RecordId,
    pub record_version: i64,
    pub kind: String,
    pub actor: String,
    pub on_behalf: Option<String>,
    pub authority: Option<String>,
    pub at: Timestamp,
    /// Canonical JSON: `{"new":{field:value}}` for the first entry of a record, `{"set":{field:[old,new]}}` after it.
    pub body: Arc<str>,
}

/// An entry on its way into the ledger.
pub(crate) struct Line<'a> {
    pub entry: Cow<'a, Entry>,
    /// The record's identity as text.
    pub record: Arc<str>,
    /// Where it was made before.
    pub leaf: Option<Hash>,
}

impl Line<'_> {
    /// Values of `tenant,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body`.
    pub(crate) fn columns<'a>(&'a self, tenant: &'a str, at: &'a Arc<str>) -> [P<'a>; 11] {
        let e = &self.entry;
        [
            P::Text(tenant),
            P::Text(&e.id),
            P::Text(&e.register),
            P::Shared(&self.record),
            P::Int(e.record_version),
            P::Text(&e.kind),
            P::Text(&e.actor),
            P::OptText(e.on_behalf.as_deref()),
            P::OptText(e.authority.as_deref()),
            P::Shared(at),
            P::Shared(&e.body),
        ]
    }
}

/// A value of the leaf's JSON.
enum Member<'a> {
    Text(Option<&'a str>),
    /// Canonical JSON already.
    Json(&'a str),
}

impl Entry {
    /// The bytes that become the leaf: canonical JSON of everything but the place in the tree.
    #[must_use]
    pub fn leaf_bytes(&self, tenant: &str) -> Vec<u8> {
        let (at, record, version) = (self.at.to_string(), self.record_id.to_string(), self.record_version.to_string());
        let mut out = String::with_capacity(self.body.len() + 400);
        let mut member = |name: &str, value: Member<'_>| {
            out.push_str(if out.is_empty() { "{\"" } else { ",\"" });
            out.push_str(name);
            out.push_str("\":");
            match value {
                Member::Text(Some(text)) => push_json_string(&mut out, text),
                Member::Text(None) => out.push_str("null"),
                Member::Json(json) => out.push_str(json),
            }
        };
        member("actor", Member::Text(Some(&self.actor)));
        member("at", Member::Text(Some(&at)));
        member("authority", Member::Text(self.authority.as_deref()));
        member("body", Member::Json(&self.body));
        member("id", Member::Text(Some(&self.id)));
        member("kind", Member::Text(Some(&self.kind)));
        member("on_behalf", Member::Text(self.on_behalf.as_deref()));
        member("record", Member::Text(Some(&record)));
        member("register", Member::Text(Some(&self.register)));
        member("tenant", Member::Text(Some(tenant)));
        member("version", Member::Json(&version));
        out.push('}');
        out.into_bytes()
    }

    /// Field → (old, new). Old is null in the first entry of a record.
    pub fn changes(&self) -> Result<Map<String, Value>> {
        let mut body: Map<String, Value> = serde_json::from_str(&self.body)?;
        if let Some(Value::Object(new)) = body.remove("new") {
            return Ok(new.into_iter().map(|(k, v)| (k, json!([null, v]))).collect());
        }
        match body.remove("set") {
            Some(Value::Object(set)) => Ok(set),
            _ => Err(Error::Corrupt(format!("entry {} has neither \"new\" nor \"set\"", self.id))),
        }
    }
}

fn push_json_string(out: &mut String, text: &str) {
    let plain = |b: u8| b >= 0x20 && b != b'"' && b != b'\\';
    // Nearly every text stands in JSON as it is.
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

/// Sorted keys, no spaces: `serde_json`'s map keeps its keys sorted, so its compact form is canonical.
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    value.to_string()
}

/// A personal value as the ledger sees it: nobody can guess it without the record's salt, which is erased with the person's data.
#[must_use]
pub fn sealed(salt: &str, field: &str, value: &Value) -> Value {
    if value.is_null() {
        return Value::Null;
    }
    json!({ SEALED: seal(salt, field, &value.to_string()) })
}

/// `value` is canonical JSON.
fn seal(salt: &str, field: &str, value: &str) -> String {
    let mut h = Sha256::new();
    for part in [salt, "\u{0}", field, "\u{0}", value] {
        h.update(part);
    }
    hex::encode(h.finalize())
}

/// The body of a new record, and what the ledger says of it; both canonical JSON, written in one pass over the fields.
pub(crate) fn bodies_of_new(record: &Record, fields: &Map<String, Value>, personal: &[String]) -> (String, String) {
    let mut built_in =
        [(KEY, record.key.as_deref()), (STATE, Some(record.state.as_str())), (UNIT, Some(record.unit.as_str()))].into_iter().peekable();
    let (mut body, mut entry) = (String::with_capacity(768), String::with_capacity(896));
    body.push('{');
    entry.push_str("{\"new\":{");
    let comma = |out: &mut String| {
        if !out.ends_with('{') {
            out.push(',');
        }
    };
    let mut put_built_in = |entry: &mut String, before: Option<&str>| {
        while let Some((name, value)) = built_in.next_if(|(name, _)| before.is_none_or(|b| *name < b)) {
            if let Some(value) = value {
                comma(entry);
                push_json_string(entry, name);
                entry.push(':');
                push_json_string(entry, value);
            }
        }
    };
    for (name, value) in fields {
        put_built_in(&mut entry, Some(name));
        comma(&mut body);
        comma(&mut entry);
        let from = body.len();
        push_json_string(&mut body, name);
        body.push(':');
        let colon = body.len();
        match value {
            Value::String(text) => push_json_string(&mut body, text),
            other => body.push_str(&other.to_string()),
        }
        if personal.contains(name) {
            entry.push_str(&body[from..colon]);
            entry.push_str("{\"");
            entry.push_str(SEALED);
            entry.push_str("\":\"");
            entry.push_str(&seal(&record.salt, name, &body[colon..]));
            entry.push_str("\"}");
        } else {
            entry.push_str(&body[from..]);
        }
    }
    put_built_in(&mut entry, None);
    body.push('}');
    entry.push_str("}}");
    (body, entry)
}

/// What the ledger says of a change; `None` when nothing changed.
pub(crate) fn body_of_change(
    before: (&Record, &Map<String, Value>),
    after: (&Record, &Map<String, Value>),
    personal: &[String],
) -> Option<String> {
    let mut set = Map::new();
    let (old, old_fields) = before;
    let (new, new_fields) = after;
    for k in old_fields.keys().chain(new_fields.keys().filter(|k| !old_fields.contains_key(*k))) {
        let (o, n) = (old_fields.get(k).unwrap_or(&Value::Null), new_fields.get(k).unwrap_or(&Value::Null));
        if o != n {
            let seal = |v: &Value| if personal.contains(k) { sealed(&new.salt, k, v) } else { v.clone() };
            set.insert(k.clone(), json!([seal(o), seal(n)]));
        }
    }
    let mut built_in = |name: &str, o: Option<&str>, n: Option<&str>| {
        if o != n {
            set.insert(name.into(), json!([o, n]));
        }
    };
    built_in(UNIT, Some(&old.unit), Some(&new.unit));
    built_in(STATE, Some(&old.state), Some(&new.state));
    built_in(KEY, old.key.as_deref(), new.key.as_deref());
    if set.is_empty() {
        return None;
    }
    set.insert(AT.into(), json!([old.updated_at, new.updated_at]));
    Some(canonical_json(&json!({ "set": set })))
}

/// Columns `seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body`; with `seq = false` they begin at `id`.
pub(crate) fn from_row(row: &Row, with_seq: bool) -> Result<Entry> {
    let o = usize::from(with_seq);
    Ok(Entry {
        seq: if with_seq { row.opt_int(0)? } else { None },
        id: row.text(o)?,
        register: row.text(o + 1)?,
        record_id: row.str(o + 2)?.parse()?,
        record_version: row.int(o + 3)?,
        kind: row.text(o + 4)?,
        actor: row.text(o + 5)?,
        on_behalf: row.opt_text(o + 6)?,
        authority: row.opt_text(o + 7)?,
        at: row.str(o + 8)?.parse()?,
        body: row.str(o + 9)?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_sorts_keys_at_every_depth() {
        let v: Value = serde_json::from_str(r#"{"b":1,"a":{"d":[{"y":1,"x":2}],"c":null}}"#).unwrap();
        assert_eq!(canonical_json(&v), r#"{"a":{"c":null,"d":[{"x":2,"y":1}]},"b":1}"#);
    }

    #[test]
    fn bodies_of_a_new_record_are_canonical_and_hide_what_is_personal() {
        let fields: Map<String, Value> =
            serde_json::from_str(r#"{"name":"Lan \"x\"","code":"A","Z":{"b":[1,null],"a":2.5},"3":true}"#).unwrap();
        let record = Record {
            register: "dossier".into(),
            id: RecordId(uuid::Uuid::nil()),
            key: Some("K".into()),
            unit: "1@2025-07-01".into(),
            state: "received".into(),
            version: 1,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            salt: "s".into(),
            body: "".into(),
        };
        let (body, entry) = bodies_of_new(&record, &fields, &["name".to_owned()]);
        assert_eq!(body, canonical_json(&Value::Object(fields.clone())));
        let mut new = fields;
        new.insert("name".into(), sealed("s", "name", &json!("Lan \"x\"")));
        for (name, value) in [(KEY, "K"), (STATE, "received"), (UNIT, "1@2025-07-01")] {
            new.insert(name.into(), value.into());
        }
        assert_eq!(entry, canonical_json(&json!({ "new": new })));
        let (body, entry) = bodies_of_new(&Record { key: None, ..record }, &Map::new(), &[]);
        assert_eq!((body.as_str(), entry.as_str()), ("{}", r#"{"new":{"@state":"received","@unit":"1@2025-07-01"}}"#));
    }

    #[test]
    fn a_leaf_is_valid_json_and_names_everything() {
        let e = Entry {
            seq: Some(3),
            id: "e".into(),
            register: "dossier".into(),
            record_id: RecordId(uuid::Uuid::nil()),
            record_version: 2,
            kind: "resolve \"x\"".into(),
            actor: "lan".into(),
            on_behalf: None,
            authority: Some("QĐ 1".into()),
            at: Timestamp(0),
            body: r#"{"set":{"a":[1,2]}}"#.into(),
        };
        let v: Value = serde_json::from_slice(&e.leaf_bytes("vt")).unwrap();
        assert_eq!(v["kind"], "resolve \"x\"");
        assert_eq!(v.as_object().unwrap().len(), 11);
        assert_eq!(canonical_json(&v).as_bytes(), e.leaf_bytes("vt"), "the hand-written order is the canonical one");
    }
}
