//! Registers and indicators. Their shapes belong to `schema` and `indicator`; here they are kept as JSON with places.

use serde_json::{Map, Value as Json};

use super::{
    content::{ANY_INDICATOR, Mention},
    fault::{Kind, Problem},
    model::{Declaration, ReportedDef},
    read::Reader,
    table::Table,
};
use crate::indicator::{self, Direction, Format, MAX_BREAKDOWNS};

/// Keys that belong to the pack, not to the declaration.
const PACK_KEYS: &[&str] = &["replaces"];

impl Reader<'_> {
    /// `[register]`, `[[field]]`, `[lifecycle]`, `[[view]]`: one register per file.
    pub fn register_file(&mut self, top: &Table<'_>) {
        let (fields, lifecycle, views) = (top.json("field"), top.json("lifecycle"), top.json("view"));
        let Some(register) = top.table_opt("register") else {
            for key in ["field", "lifecycle", "view"] {
                if top.has(key) {
                    top.fault(key, Problem::MissingKey { key: "[register]", of: top.name.clone() });
                }
            }
            return;
        };
        let id = register.id("id");
        let mut place = self.place(&register);
        for (index, field) in top.tables("field").iter().enumerate() {
            let id = field.json("id").as_str().map_or_else(|| index.to_string(), str::to_owned);
            place.keys.insert(format!("field.{id}"), field.at());
        }
        if let Some(lifecycle) = top.table_opt("lifecycle") {
            place.keys.insert("lifecycle".into(), lifecycle.at());
            for (key, name) in [("state", "id"), ("transition", "id")] {
                for table in lifecycle.tables(key) {
                    if let Some(id) = table.json(name).as_str() {
                        place.keys.insert(format!("lifecycle.{key}.{id}"), table.at());
                    }
                }
            }
        }
        let mut body = Map::new();
        body.insert("register".into(), Json::Object(without_pack_keys(register.whole_json())));
        for (key, value) in [("field", fields), ("lifecycle", lifecycle), ("view", views)] {
            if !value.is_null() {
                body.insert(key.into(), value);
            }
        }
        self.places.declare(Kind::Register, &id, place);
        self.content.registers.push(Declaration { id, body });
    }

    pub fn declaration_table(&mut self, table: &Table<'_>, kind: Kind) {
        let id = table.id("id");
        let place = self.place(table);
        let source = table.text_opt("source");
        self.mention_opt(&[Kind::Source], source.as_deref(), table.at_key("source"));
        if kind == Kind::Indicator {
            let register = table.text("register");
            if !register.is_empty() {
                self.mention_opt(&[Kind::Register], Some(&register), table.at_key("register"));
            }
            let breakdowns = table.texts("breakdowns");
            if breakdowns.len() > MAX_BREAKDOWNS {
                table.fault("breakdowns", Problem::TooManyBreakdowns { count: breakdowns.len(), limit: MAX_BREAKDOWNS });
            }
        }
        let body = without_pack_keys(table.whole_json());
        self.places.declare(kind, &id, place);
        let list = if kind == Kind::Indicator { &mut self.content.indicators } else { &mut self.content.derived };
        list.push(Declaration { id, body });
    }

    pub fn reported_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let source = self.source_of(&table);
        let id = table.id("id");
        let live = table.text_opt("live");
        if let Some(live) = &live {
            self.places.mentions.push(Mention { kinds: &[Kind::Indicator, Kind::Derived], id: live.clone(), at: table.at_key("live") });
        }
        let aliases = table.texts("aliases");
        for (alias, at) in &aliases {
            let known =
                self.places.aliases.get(alias).or_else(|| ANY_INDICATOR.iter().find_map(|k| self.places.get(*k, alias)).map(|_| alias));
            if known.is_some() {
                self.places.twice.push((Kind::Reported, alias.clone(), at.clone(), at.clone()));
            }
            self.places.aliases.insert(alias.clone(), id.clone());
        }
        let format = table.text("format");
        let format = format.parse().unwrap_or_else(|_| {
            if !format.is_empty() {
                table.fault(
                    "format",
                    Problem::OutOfRange { key: "format".into(), text: format.clone(), allowed: "percent:0..6, integer, decimal:0..6, vnd" },
                );
            }
            Format::Integer
        });
        let kind = match table.choice("kind", &["count", "ratio", "sum", "average"]).as_str() {
            "ratio" => indicator::Kind::Ratio,
            "sum" => indicator::Kind::Sum,
            "average" => indicator::Kind::Average,
            _ => indicator::Kind::Count,
        };
        let direction = match table.choice("direction", &["up", "down", "none"]).as_str() {
            "up" => Direction::Up,
            "down" => Direction::Down,
            _ => Direction::None,
        };
        let def = ReportedDef {
            id,
            aliases: aliases.into_iter().map(|(t, _)| t).collect(),
            name: table.localized("name"),
            unit_of_measure: table.localized("unit_of_measure"),
            kind,
            direction,
            format,
            cumulative: table.flag("cumulative"),
            live,
            group: table.text_opt("group"),
            explain: table.localized_opt("explain"),
            source,
            note: table.localized_opt("note"),
        };
        table.finish();
        self.places.declare(Kind::Reported, &def.id, place);
        self.content.reported.push(def);
    }
}

fn without_pack_keys(mut body: Map<String, Json>) -> Map<String, Json> {
    for key in PACK_KEYS {
        body.remove(*key);
    }
    body
}
