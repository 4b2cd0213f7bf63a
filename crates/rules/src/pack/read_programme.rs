//! Directives, targets, tasks and published figures.

use super::{
    content::{ANY_INDICATOR, Mention},
    fault::{Kind, Problem},
    model::{Claim, DirectiveDef, FigureDef, Milestone, Scope, TargetDef, TaskDef},
    read::Reader,
    source::At,
    table::Table,
};
use crate::{
    Period,
    number::Qualifier,
    target::{Comparison, Judged, Status, Window},
    units::UnitKey,
};

const DIRECTIVE_KINDS: &[&str] = &["NQ", "QĐ", "NĐ", "CT", "KH", "CV", "ĐA", "PL", "CTr", "BC", "KT", "QC", "Luật", "TT"];
const TASK_STATES: &[&str] = &["draft", "assigned", "in_progress", "waiting", "submitted", "returned", "approved"];
const WINDOWS: &[(&str, Window)] = &[
    ("month", Window::Month),
    ("quarter", Window::Quarter),
    ("year", Window::Year),
    ("cumulative", Window::Cumulative),
    ("latest", Window::Latest),
];

impl Reader<'_> {
    fn mention_units(&mut self, units: &[(UnitKey, At)]) {
        for (unit, at) in units {
            self.mention_opt(&[Kind::Unit], Some(&unit.to_string()), at.clone());
        }
    }

    fn mentioned_unit(&mut self, table: &Table<'_>, key: &'static str) -> Option<UnitKey> {
        let unit = table.unit_opt(key);
        self.mention_opt(&[Kind::Unit], unit.as_ref().map(ToString::to_string).as_deref(), table.at_key(key));
        unit
    }

    fn mentioned(&mut self, table: &Table<'_>, key: &'static str, kinds: &'static [Kind]) -> Option<String> {
        let id = table.text_opt(key);
        self.mention_opt(kinds, id.as_deref(), table.at_key(key));
        id
    }

    fn mentioned_list(&mut self, table: &Table<'_>, key: &'static str, kinds: &'static [Kind]) -> Vec<String> {
        let list = table.texts(key);
        for (id, at) in &list {
            self.mention_opt(kinds, Some(id), at.clone());
        }
        list.into_iter().map(|(id, _)| id).collect()
    }

    pub fn directive_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let def = DirectiveDef {
            id: table.id("id"),
            number: table.text_opt("number"),
            kind: table.choice("kind", DIRECTIVE_KINDS),
            title: table.localized("title"),
            issuer: table.text_opt("issuer"),
            issuer_note: table.localized_opt("issuer_note"),
            issued_on: table.date_opt("issued_on"),
            parents: self.mentioned_list(&table, "parents", &[Kind::Directive]),
            conflicts_with: self.mentioned_list(&table, "conflicts_with", &[Kind::Directive]),
            unit: self.mentioned_unit(&table, "unit"),
            source: self.source_of(&table),
            quote: table.text_opt("quote"),
            note: table.localized_opt("note"),
            verified: table.verified(),
        };
        table.finish();
        self.places.declare(Kind::Directive, &def.id, place);
        self.content.directives.push(def);
    }

    fn scope(&mut self, table: &Table<'_>) -> Scope {
        let units = table.units("bound_units");
        self.mention_units(&units);
        if let Some(scope) = table.table_opt("scope") {
            let under = scope.unit("under");
            self.mention_opt(&[Kind::Unit], under.as_ref().map(ToString::to_string).as_deref(), scope.at_key("under"));
            let level = scope.int_in("level", 1, 5, "1 to 5").and_then(|l| u8::try_from(l).ok()).unwrap_or(4);
            if !scope.has("level") {
                scope.fault("level", Problem::MissingKey { key: "level", of: scope.name.clone() });
            }
            scope.finish();
            if let Some(under) = under {
                return Scope::Level { under, level };
            }
        } else if units.is_empty() {
            table.fault(
                "bound_units",
                Problem::MissingKey { key: "bound_units", of: format!("{} (or scope = {{ under = …, level = … }})", table.name) },
            );
        }
        Scope::Units(units.into_iter().map(|(u, _)| u).collect())
    }

    pub fn target_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let id = table.id("id");
        let indicator = table.text("indicator");
        if !indicator.is_empty() {
            self.places.mentions.push(Mention { kinds: ANY_INDICATOR, id: indicator.clone(), at: table.at_key("indicator") });
        }
        let comparison = if table.choice_or("comparison", &[">=", "<="], ">=") == "<=" { Comparison::AtMost } else { Comparison::AtLeast };
        let words: Vec<&str> = WINDOWS.iter().map(|(w, _)| *w).collect();
        let window = table.choice("window", &words);
        let window = WINDOWS.iter().find(|(w, _)| *w == window).map_or(Window::Latest, |(_, w)| *w);
        let judged = match table.choice_or("judged", &["each", "together"], "").as_str() {
            "each" => Some(Judged::Each),
            "together" => Some(Judged::Together),
            _ => None,
        };
        let deadline = table.date_opt("deadline");
        let scope = self.scope(&table);
        let mut milestones = Vec::new();
        for table in table.tables("milestones") {
            let (date, value, note) = (table.date("date"), table.number_opt("value"), table.text_opt("note"));
            if !table.has("value") {
                table.fault("value", Problem::MissingKey { key: "value", of: table.name.clone() });
            }
            if let (Some(date), Some(deadline)) = (date, deadline)
                && date > deadline
            {
                table.fault("date", Problem::MilestoneAfterDeadline { date: date.to_string(), deadline: deadline.to_string() });
            }
            if let (Some(date), Some(value)) = (date, value) {
                milestones.push(Milestone { date, value, note });
            }
            table.finish();
        }
        let mut claims = Vec::new();
        for table in table.tables("claims") {
            let source = self.source_of(&table);
            claims.push(Claim {
                deadline: table.date_opt("deadline"),
                threshold: table.text_opt("threshold"),
                source,
                quote: table.text("quote"),
            });
            table.finish();
        }
        let cooperating = table.units("cooperating");
        self.mention_units(&cooperating);
        let def = TargetDef {
            id,
            title: table.localized("title"),
            indicator,
            threshold: table.text("threshold"),
            threshold_value: f64::NAN, // read by `check`, which knows the indicator's format
            comparison,
            window,
            judged,
            deadline,
            milestones,
            scope,
            bound_units: Vec::new(), // resolved by `check`, which knows all units
            owner: self.mentioned_unit(&table, "owner"),
            cooperating: cooperating.into_iter().map(|(u, _)| u).collect(),
            directive: self.mentioned(&table, "directive", &[Kind::Directive]),
            claims,
            recurring: table.flag("recurring"),
            pilot: table.flag("pilot"),
            source: self.source_of(&table),
            quote: table.text_opt("quote"),
            note: table.localized_opt("note"),
        };
        table.finish();
        self.places.declare(Kind::Target, &def.id, place);
        self.content.targets.push(def);
    }

    pub fn task_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let lead = table.unit("lead");
        self.mention_opt(&[Kind::Unit], lead.as_ref().map(ToString::to_string).as_deref(), table.at_key("lead"));
        let cooperating = table.units("cooperating");
        self.mention_units(&cooperating);
        let (starts_on, deadline) = (table.date_opt("starts_on"), table.date_opt("deadline"));
        if let (Some(start), Some(end)) = (starts_on, deadline)
            && end < start
        {
            table.fault("deadline", Problem::EndBeforeStart { key: "deadline".into() });
        }
        let id = table.id("id");
        let title = table.localized("title");
        let (responsibility, authority, product) =
            (table.localized("responsibility"), table.localized("authority"), table.localized("product"));
        let def = TaskDef {
            id,
            title,
            lead: lead.clone().unwrap_or_else(|| UnitKey { code: "0".into(), valid_from: jiff::civil::Date::MIN }),
            cooperating: cooperating.into_iter().map(|(u, _)| u).collect(),
            responsibility,
            authority,
            starts_on,
            deadline,
            product,
            directive: self.mentioned(&table, "directive", &[Kind::Directive]),
            target: self.mentioned(&table, "target", &[Kind::Target]),
            parent: self.mentioned(&table, "parent", &[Kind::Task]),
            recurring: table.flag("recurring"),
            pilot: table.flag("pilot"),
            waiting_for: table.localized_opt("waiting_for"),
            state: table.choice_or("state", TASK_STATES, "assigned"),
            progress: table.int_in("progress", 0, 100, "0 to 100").and_then(|p| u8::try_from(p).ok()).unwrap_or(0),
            completed_on: table.date_opt("completed_on"),
            source: self.source_of(&table),
            quote: table.text_opt("quote"),
            note: table.localized_opt("note"),
            verified: table.verified(),
        };
        table.finish();
        self.places.declare(Kind::Task, &def.id, place);
        if lead.is_some() {
            self.content.tasks.push(def);
        }
    }

    pub fn figure_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let indicator = table.text("indicator");
        if !indicator.is_empty() {
            self.places.mentions.push(Mention { kinds: ANY_INDICATOR, id: indicator.clone(), at: table.at_key("indicator") });
        }
        let unit = table.unit("unit");
        self.mention_opt(&[Kind::Unit], unit.as_ref().map(ToString::to_string).as_deref(), table.at_key("unit"));
        let period = table.text_opt("period").and_then(|text| {
            let period: Option<Period> = text.parse().ok();
            if period.is_none() {
                table.fault("period", Problem::NotAPeriod { text });
            }
            period
        });
        let ids: Vec<&str> = Status::ALL.iter().map(|s| s.id()).collect();
        let status = if table.has("status") { Some(table.choice("status", &ids)) } else { None };
        let (as_written, quote) = (table.text_opt("as_written"), table.text("quote"));
        if as_written.is_none() && status.is_none() && !table.has("as_written") {
            table.fault("as_written", Problem::MissingKey { key: "as_written", of: table.name.clone() });
        }
        let derived = table.flag("derived");
        if let Some(text) = &as_written
            && !derived
            && !quote.is_empty()
            && !quote.contains(text.as_str())
        {
            table.fault("as_written", Problem::QuoteWithoutFigure { text: text.clone(), quote: quote.clone() });
        }
        let source = table.text("source");
        if !source.is_empty() {
            self.mention_opt(&[Kind::Source], Some(&source), table.at_key("source"));
        }
        let whole = |key: &'static str| table.int_in(key, 0, 1_000_000_000_000_000, "0 or more");
        let (numerator, denominator) = (whole("numerator"), whole("denominator"));
        let def = FigureDef {
            id: table.id("id"),
            indicator,
            unit: unit.clone().unwrap_or_else(|| UnitKey { code: "0".into(), valid_from: jiff::civil::Date::MIN }),
            period,
            as_of: table.date_opt("as_of"),
            as_written,
            value: None, // read by `check`, which knows the indicator's format
            numerator,
            denominator,
            qualifier: Qualifier::Exact,
            status,
            source,
            quote,
            derived,
            note: table.localized_opt("note"),
            verified: table.verified(),
        };
        table.finish();
        self.places.declare(Kind::Figure, &def.id, place);
        if unit.is_some() {
            self.content.figures.push(def);
        }
    }
}
