//! Composite indices: `[[scorecard]]` with its groups, components and bands.

use serde_json::Value as Json;

use super::{
    content::{ANY_INDICATOR, Place},
    fault::{Kind, Problem},
    read::Reader,
    table::Table,
};
use crate::scorecard::{BandDef, Catalogue, ComponentDef, GroupDef, JudgedBy, Measure, ScorecardDef};

const TONES: &[&str] = &["green", "blue", "red", "grey", "amber", "purple", "cyan"];

/// A number of points or of a threshold: not negative.
fn amount(table: &Table<'_>, key: &'static str) -> Option<f64> {
    match table.number_opt(key) {
        Some(n) if n < 0.0 => {
            table.fault(key, Problem::OutOfRange { key: key.into(), text: n.to_string(), allowed: "0 and more" });
            None
        }
        other => other,
    }
}

fn required(table: &Table<'_>, key: &'static str) -> f64 {
    if !table.has(key) {
        table.fault(key, Problem::MissingKey { key, of: table.name.clone() });
    }
    amount(table, key).unwrap_or(0.0)
}

impl Reader<'_> {
    pub fn scorecard_table(&mut self, table: Table<'_>) {
        let mut place = self.place(&table);
        let judged_by =
            if table.choice_or("judged_by", &["points", "scaled"], "scaled") == "points" { JudgedBy::Points } else { JudgedBy::Scaled };
        let def = ScorecardDef {
            id: table.id("id"),
            name: table.localized("name"),
            explain: table.localized_opt("explain"),
            total: required(&table, "total"),
            digits: table.int_in("digits", 0, 4, "0 to 4").and_then(|d| u8::try_from(d).ok()).unwrap_or(2),
            judged_by,
            least_data: amount(&table, "least_data").unwrap_or(0.0),
            groups: self.groups(&table, &mut place),
            bands: bands(&table),
            source: self.source_of(&table),
            note: table.localized_opt("note"),
        };
        table.finish();
        for (id, sum, should) in def.sums() {
            let at = if id == def.id { place.key("total") } else { place.key(&format!("group.{id}")) };
            self.faults.push(at, Problem::ScoreSum { id, sum, should });
        }
        let mut seen = std::collections::BTreeSet::new();
        for c in def.components().filter(|c| !seen.insert(c.id.as_str())) {
            let at = place.key(&format!("component.{}", c.id));
            self.faults.push(at, Problem::TwiceInScorecard { text: c.id.clone() });
        }
        self.places.declare(Kind::Scorecard, &def.id, place);
        self.content.scorecards.push(def);
    }

    fn groups(&mut self, top: &Table<'_>, place: &mut Place) -> Vec<GroupDef> {
        let mut groups = Vec::new();
        for table in top.tables("group") {
            let id = table.id("id");
            place.keys.insert(format!("group.{id}"), table.at_key("max"));
            let mut components = Vec::new();
            for component in table.tables("component") {
                components.push(self.component(&component, place));
                component.finish();
            }
            groups.push(GroupDef { id, name: table.localized("name"), max: required(&table, "max"), components });
            table.finish();
        }
        groups
    }

    fn component(&mut self, table: &Table<'_>, place: &mut Place) -> ComponentDef {
        let id = table.id("id");
        place.keys.insert(format!("component.{id}"), table.at_key("id"));
        let indicator = table.text_opt("indicator");
        self.mention_opt(ANY_INDICATOR, indicator.as_deref(), table.at_key("indicator"));
        let words = Catalogue::ALL.map(Catalogue::id);
        let catalogue = table.has("catalogue").then(|| table.choice("catalogue", &words));
        let catalogue = catalogue.and_then(|w| serde_json::from_value(Json::String(w)).ok()).map(Measure::Catalogue);
        let missing = table.localized_opt("missing").map(Measure::Missing);
        let mut measures: Vec<Measure> = indicator.map(Measure::Indicator).into_iter().chain(catalogue).chain(missing).collect();
        if measures.len() != 1 {
            let of = "[[scorecard.group.component]]".into();
            table.fault("id", Problem::NeedsOneOf { of, keys: "indicator, catalogue, missing" });
        }
        ComponentDef {
            id,
            name: table.localized("name"),
            max: required(table, "max"),
            own_weight: table.flag("own_weight"),
            full_at: amount(table, "full_at"),
            measure: measures.pop().unwrap_or_else(|| Measure::Missing(crate::Localized::default())),
            explain: table.localized_opt("explain"),
            source: self.source_of(table),
        }
    }
}

fn bands(top: &Table<'_>) -> Vec<BandDef> {
    let mut bands = Vec::new();
    for table in top.tables("band") {
        bands.push(BandDef {
            id: table.id("id"),
            name: table.localized("name"),
            from: required(&table, "from"),
            tone: table.choice("tone", TONES),
        });
        table.finish();
    }
    bands
}
