//! Definitions as the store keeps them: a kind, a stable id, a canonical body and its hash.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::{
    content::{Content, Named},
    fault::Kind,
};

/// One definition. Loading compares `hash` with what the store has and writes only what differs, so loading again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackItem {
    pub kind: Kind,
    /// Stable within its kind.
    pub id: String,
    /// The pack that declares it.
    pub pack: String,
    /// Canonical JSON: keys sorted, no spaces, absent values left out.
    pub body: String,
    /// SHA-256 of `body`, in hex.
    pub hash: String,
}

impl PackItem {
    pub(crate) fn new(kind: Kind, id: String, pack: String, body: &impl Serialize) -> Self {
        let mut json = serde_json::to_value(body).unwrap_or(Json::Null);
        drop_nulls(&mut json);
        let body = canonical(&json);
        let hash = Sha256::digest(body.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Self { kind, id, pack, body, hash }
    }
}

impl Content {
    /// All definitions, in an order in which each finds what it refers to.
    pub(crate) fn items(&self, pack_of: impl Fn(Kind, &str) -> String) -> Vec<PackItem> {
        let mut items = Vec::new();
        fn add<T: Named + Serialize>(items: &mut Vec<PackItem>, list: &[T], pack_of: &impl Fn(Kind, &str) -> String) {
            items.extend(list.iter().map(|def| PackItem::new(T::KIND, def.id(), pack_of(T::KIND, &def.id()), def)));
        }
        add(&mut items, &self.sources, &pack_of);
        add(&mut items, &self.units, &pack_of);
        add(&mut items, &self.successions, &pack_of);
        add(&mut items, &self.calendars, &pack_of);
        add(&mut items, &self.statuses, &pack_of);
        add(&mut items, &self.risk_rules, &pack_of);
        add(&mut items, &self.one_stop_rules, &pack_of);
        add(&mut items, &self.unit_policies, &pack_of);
        for (kind, list) in [(Kind::Register, &self.registers), (Kind::Indicator, &self.indicators), (Kind::Derived, &self.derived)] {
            items.extend(list.iter().map(|d| PackItem::new(kind, d.id.clone(), pack_of(kind, &d.id), &d.body)));
        }
        add(&mut items, &self.reported, &pack_of);
        add(&mut items, &self.directives, &pack_of);
        add(&mut items, &self.targets, &pack_of);
        add(&mut items, &self.tasks, &pack_of);
        add(&mut items, &self.figures, &pack_of);
        add(&mut items, &self.accounts, &pack_of);
        add(&mut items, &self.procedures, &pack_of);
        add(&mut items, &self.scorecards, &pack_of);
        items
    }
}

/// Absent and null say the same; leaving nulls out keeps hashes when a struct gains an optional field.
fn drop_nulls(json: &mut Json) {
    match json {
        Json::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Json::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// JSON with sorted keys and no spaces, whatever map type `serde_json` was built with.
fn canonical(json: &Json) -> String {
    fn write(out: &mut String, json: &Json) {
        match json {
            Json::Object(map) => {
                let mut keys: Vec<&String> = map.keys().collect();
                keys.sort_unstable();
                out.push('{');
                for (i, key) in keys.into_iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    out.push_str(&Json::String(key.clone()).to_string());
                    out.push(':');
                    write(out, &map[key]);
                }
                out.push('}');
            }
            Json::Array(list) => {
                out.push('[');
                for (i, item) in list.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write(out, item);
                }
                out.push(']');
            }
            other => out.push_str(&other.to_string()),
        }
    }
    let mut out = String::new();
    write(&mut out, json);
    out
}
