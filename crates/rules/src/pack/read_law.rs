//! `[[one_stop_rules]]` and `[[unit_policy]]`: their shapes belong to `one_stop`.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::{
    content::Mention,
    fault::{Kind, Problem},
    read::Reader,
    table::Table,
};
use crate::one_stop::{RuleSet, UnitPolicy};

impl Reader<'_> {
    pub fn law_tables(&mut self, top: &Table<'_>) {
        for table in top.tables("one_stop_rules") {
            if let Some(rules) = self.read_whole::<RuleSet>(&table, Kind::OneStopRules, RuleSet::faults) {
                self.content.one_stop_rules.push(rules);
            }
        }
        for table in top.tables("unit_policy") {
            if let Some(policy) = self.read_whole::<UnitPolicy>(&table, Kind::UnitPolicy, UnitPolicy::faults) {
                self.places.mentions.push(Mention { kinds: &[Kind::Unit], id: policy.unit.to_string(), at: table.at_key("unit") });
                self.content.unit_policies.push(policy);
            }
        }
    }

    fn read_whole<T: DeserializeOwned>(&mut self, table: &Table<'_>, kind: Kind, faults: fn(&T) -> Vec<String>) -> Option<T> {
        let id = table.id("id");
        let place = self.place(table);
        self.source_of(table);
        let mut body: Map<String, Json> = table.whole_json();
        body.remove("replaces");
        self.places.declare(kind, &id, place);
        match serde_path_to_error::deserialize::<_, T>(Json::Object(body)) {
            Ok(def) => {
                for reason in faults(&def) {
                    // It begins with the key that it is about.
                    let at = table.at_key(reason.split([' ', '.']).next().unwrap_or_default());
                    self.faults.push(at, Problem::Declaration { reason });
                }
                Some(def)
            }
            Err(error) => {
                let key = error.path().iter().next().map(ToString::to_string).unwrap_or_default();
                self.faults.push(table.at_key(&key), Problem::Declaration { reason: error.into_inner().to_string() });
                None
            }
        }
    }
}
