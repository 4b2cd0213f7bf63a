//! From a row to a record.

use rules::Timestamp;
use serde_json::{Map, Value, json};

use super::{EventNames, FieldRule, FieldSource, Mapping, SOURCE_FIELD, StateRule, Translation, UnitRule, convert};
use crate::tabular::{self, Named, Place, RawEvent, RawValue, RowFault, SourceRow, Spot, find};

/// A record as the register is to have it.
#[derive(Debug, Clone, PartialEq)]
pub struct MappedRecord {
    /// The source's identity of the record.
    pub key: String,
    /// `code@date`, or `@root`.
    pub unit: String,
    /// `None` where the mapping has no `[state]`.
    pub state: Option<String>,
    /// Field → value. A field without a value is not in it.
    pub body: Map<String, Value>,
    /// In the order of the file; empty where the mapping has no `[events]`.
    pub events: Vec<SourceEvent>,
    pub place: Place,
}

/// One event of a record's history.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceEvent {
    pub name: String,
    pub at: Timestamp,
    pub actor: Option<String>,
    pub group: Option<String>,
    pub transition: Option<String>,
    /// What the source says beyond that, under its own names.
    pub attrs: Vec<Named>,
}

impl Mapping {
    /// # Errors
    /// The first thing about the row that does not fit, with its place and the row as it stands in the file.
    pub fn apply(&self, row: &SourceRow) -> Result<MappedRecord, RowFault> {
        self.record(row).map_err(|fault| RowFault { raw: Some(row.raw.clone()), ..fault })
    }

    fn record(&self, row: &SourceRow) -> Result<MappedRecord, RowFault> {
        let fault = |code| RowFault::new(row.place.clone(), code);
        let key = row.value(&self.key).filter(|value| !value.is_blank()).ok_or_else(|| fault("map.key").with("from", &self.key))?;
        let unit = match &self.unit {
            UnitRule::Fixed(unit) => unit.clone(),
            UnitRule::From(rule) => match rule.of(row, "unit")? {
                Found::Source(value) => value.text.trim().to_owned(),
                Found::Said(text, _) => text.to_owned(),
                Found::Nothing => return Err(fault("map.unit").with("from", &rule.from)),
            },
        };
        let state = match &self.state {
            None => None,
            Some(rules) => {
                let rule = rules.rules.iter().find(|rule| rule.fits(row)).ok_or_else(|| fault("map.state"))?;
                Some(rule.state.as_str().to_owned())
            }
        };
        let events = match &self.events {
            None => Vec::new(),
            Some(names) => row.events.iter().map(|event| self.event(names, event, row)).collect::<Result<_, _>>()?,
        };
        let mut body = Map::new();
        for (field, rule) in &self.fields {
            if let Some(value) = self.field(field.as_str(), rule, row, &events)? {
                body.insert(field.as_str().to_owned(), value);
            }
        }
        if self.keep_source {
            body.insert(SOURCE_FIELD.to_owned(), tabular::source_json(row));
        } else if self.keeps_events() && !row.events.is_empty() {
            body.insert(SOURCE_FIELD.to_owned(), tabular::source_events_json(row));
        }
        Ok(MappedRecord { key: key.text.trim().to_owned(), unit, state, body, events, place: row.place.clone() })
    }

    fn field(&self, field: &str, rule: &FieldRule, row: &SourceRow, events: &[SourceEvent]) -> Result<Option<Value>, RowFault> {
        let said;
        let (from, value) = match &rule.source {
            FieldSource::Events => return Ok(Some(events.iter().map(event_json).collect())),
            FieldSource::Fixed(text) => {
                said = RawValue::text(text.as_str());
                ("value", &said)
            }
            FieldSource::From(translation) => match translation.of(row, field)? {
                Found::Source(value) => (translation.from.as_str(), value),
                Found::Said(text, spot) => {
                    said = RawValue { spot, ..RawValue::text(text) };
                    (translation.from.as_str(), &said)
                }
                Found::Nothing if rule.required => {
                    return Err(RowFault::new(row.place.clone(), "map.required").with("from", &translation.from).with("field", field));
                }
                Found::Nothing => return Ok(None),
            },
        };
        let converted = convert::value(&rule.kind, value, &self.zone.0).map_err(|wrong| {
            let fault = RowFault::new(row.place.at(value.spot), wrong.code());
            fault.with("value", &value.text).with("from", from).with("field", field).with("expected", wrong.expected())
        })?;
        if converted.is_none() && rule.required {
            return Err(RowFault::new(row.place.at(value.spot), "map.required").with("from", from).with("field", field));
        }
        Ok(converted)
    }

    fn event(&self, names: &EventNames, event: &RawEvent, row: &SourceRow) -> Result<SourceEvent, RowFault> {
        let fault = |code, spot| RowFault::new(row.place.at(spot), code);
        let need = |from: &str, role: &str| {
            find(&event.attrs, from)
                .filter(|value| !value.is_blank())
                .ok_or_else(|| fault("map.event", event.spot).with("from", from).with("role", role))
        };
        let optional = |from: &Option<String>| {
            let value = find(&event.attrs, from.as_deref()?)?;
            let text = value.text.trim();
            (!text.is_empty() && !names.absent.iter().any(|absent| absent == text)).then(|| text.to_owned())
        };
        let name = need(&names.name, "name")?.text.trim().to_owned();
        let at = need(&names.at, "time")?;
        let instant = convert::instant(at, &self.zone.0, &[], None)
            .map_err(|wrong| match wrong {
                convert::Wrong::Zone => fault("map.zone", at.spot),
                _ => fault("map.event_time", at.spot),
            })
            .map_err(|fault| fault.with("value", &at.text).with("from", &names.at))?;
        let taken = [Some(&names.name), Some(&names.at), names.actor.as_ref(), names.group.as_ref(), names.transition.as_ref()];
        let attrs = event.attrs.iter().filter(|(key, value)| !taken.contains(&Some(key)) || !value.children.is_empty());
        Ok(SourceEvent {
            name,
            at: instant,
            actor: optional(&names.actor),
            group: optional(&names.group),
            transition: optional(&names.transition),
            attrs: attrs.cloned().collect(),
        })
    }
}

fn event_json(event: &SourceEvent) -> Value {
    let mut object = Map::new();
    object.insert("name".into(), json!(event.name));
    object.insert("at".into(), json!(event.at.to_string()));
    for (name, value) in [("actor", &event.actor), ("group", &event.group), ("transition", &event.transition)] {
        if let Some(value) = value {
            object.insert(name.into(), json!(value));
        }
    }
    Value::Object(object)
}

/// What a translation makes of a row.
enum Found<'a> {
    /// The source's own value.
    Source(&'a RawValue),
    /// A text of the mapping file, and where the value it stands for was.
    Said(&'a str, Spot),
    Nothing,
}

impl Translation {
    fn of<'a>(&'a self, row: &'a SourceRow, field: &str) -> Result<Found<'a>, RowFault> {
        let value = row.value(&self.from).filter(|v| !v.is_blank() && !self.absent.iter().any(|absent| absent == v.text.trim()));
        let Some(value) = value else {
            return Ok(self.if_absent.as_deref().map_or(Found::Nothing, |text| Found::Said(text, Spot::default())));
        };
        if self.map.is_empty() {
            return Ok(Found::Source(value));
        }
        match self.map.get(value.text.trim()).or(self.default.as_ref()) {
            Some(text) => Ok(Found::Said(text, value.spot)),
            None => {
                let known = self.map.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                let fault = RowFault::new(row.place.at(value.spot), "map.unknown_value");
                Err(fault.with("value", value.text.trim()).with("from", &self.from).with("field", field).with("known", known))
            }
        }
    }
}

impl StateRule {
    fn fits(&self, row: &SourceRow) -> bool {
        let present = |name: &String| row.value(name).is_some_and(|value| !value.is_blank());
        self.when_present.as_ref().is_none_or(present)
            && self.when_absent.as_ref().is_none_or(|name| !present(name))
            && self.when.iter().all(|(name, text)| row.value(name).is_some_and(|value| value.text.trim() == text))
    }
}
