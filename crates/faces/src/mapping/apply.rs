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
    pub spots: Spots,
}

/// Where in the file the parts of a record stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spots {
    pub key: Spot,
    pub unit: Spot,
    /// In the order of the mapping's fields.
    pub fields: Vec<Spot>,
}

/// A row that does not fit: everything about it that does not, and the rest of it, so that the register may be asked about that as well.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfit {
    /// At least one.
    pub faults: Vec<RowFault>,
    /// Without what a fault is about; a unit that cannot be told is the root.
    pub rest: MappedRecord,
    /// Fields that are not in `rest` because of a fault.
    pub lost: Vec<String>,
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
    /// Everything about the row that does not fit, with its place.
    pub fn apply(&self, row: &SourceRow) -> Result<MappedRecord, Box<Unfit>> {
        let mut faults = Vec::new();
        let (key, key_spot) = noted(self.key(row), &mut faults).unwrap_or_default();
        let (unit, unit_spot) = noted(self.unit(row), &mut faults).unwrap_or_else(|| ("@root".to_owned(), Spot::default()));
        let state = noted(self.state(row), &mut faults).flatten();
        let events = match &self.events {
            None => Vec::new(),
            Some(names) => row.events.iter().filter_map(|e| noted(self.event(names, e, row), &mut faults)).collect(),
        };
        let (mut body, mut lost, mut spots) = (Map::new(), Vec::new(), Vec::with_capacity(self.fields.len()));
        for (field, rule) in &self.fields {
            let name = field.as_str();
            match self.field(name, rule, row, &events) {
                Ok((value, spot)) => {
                    spots.push(spot);
                    body.extend(value.map(|v| (name.to_owned(), v)));
                }
                Err(fault) => {
                    spots.push(Spot::default());
                    lost.push(name.to_owned());
                    faults.push(fault);
                }
            }
        }
        if self.keep_source {
            body.insert(SOURCE_FIELD.to_owned(), tabular::source_json(row));
        } else if self.keeps_events() && !row.events.is_empty() {
            body.insert(SOURCE_FIELD.to_owned(), tabular::source_events_json(row));
        }
        let spots = Spots { key: key_spot, unit: unit_spot, fields: spots };
        let record = MappedRecord { key, unit, state, body, events, place: row.place.clone(), spots };
        if faults.is_empty() { Ok(record) } else { Err(Box::new(Unfit { faults, rest: record, lost })) }
    }

    fn key(&self, row: &SourceRow) -> Result<(String, Spot), RowFault> {
        let value = row.value(&self.key).filter(|value| !value.is_blank());
        let value = value.ok_or_else(|| missing("map.key", row, &self.key))?;
        Ok((value.text.trim().to_owned(), value.spot))
    }

    fn unit(&self, row: &SourceRow) -> Result<(String, Spot), RowFault> {
        match &self.unit {
            UnitRule::Fixed(unit) => Ok((unit.clone(), Spot::default())),
            UnitRule::From(rule) => match rule.of(row, "unit")? {
                Found::Source(value) => Ok((value.text.trim().to_owned(), value.spot)),
                Found::Said(text, spot) => Ok((text.to_owned(), spot)),
                Found::Nothing => Err(missing("map.unit", row, &rule.from)),
            },
        }
    }

    fn state(&self, row: &SourceRow) -> Result<Option<String>, RowFault> {
        let Some(rules) = &self.state else { return Ok(None) };
        let rule = rules.rules.iter().find(|rule| rule.fits(row)).ok_or_else(|| RowFault::new(row.place.clone(), "map.state"))?;
        Ok(Some(rule.state.as_str().to_owned()))
    }

    fn field(&self, field: &str, rule: &FieldRule, row: &SourceRow, events: &[SourceEvent]) -> Result<(Option<Value>, Spot), RowFault> {
        let said;
        let (from, value) = match &rule.source {
            FieldSource::Events => return Ok((Some(events.iter().map(event_json).collect()), Spot::default())),
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
                    return Err(missing("map.required", row, &translation.from).with("field", field));
                }
                Found::Nothing => return Ok((None, row.value(&translation.from).map(|v| v.spot).unwrap_or_default())),
            },
        };
        let converted = convert::value(&rule.kind, value, &self.zone.0).map_err(|wrong| {
            let fault = RowFault::new(row.place.at(value.spot), wrong.code());
            let fault = fault.with("value", &value.text).with("from", from).with("field", field);
            fault.with("kind", wrong.kind()).with("expected", wrong.expected())
        })?;
        if converted.is_none() && rule.required {
            return Err(RowFault::new(row.place.at(value.spot), "map.required").with("from", from).with("field", field));
        }
        Ok((converted, value.spot))
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

/// Nothing is said under a name: at its empty place where it has one, as in a table.
fn missing(code: &'static str, row: &SourceRow, from: &str) -> RowFault {
    let spot = row.value(from).map(|value| value.spot).unwrap_or_default();
    RowFault::new(row.place.at(spot), code).with("from", from)
}

/// What was read; a fault is kept beside it.
fn noted<T>(read: Result<T, RowFault>, faults: &mut Vec<RowFault>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
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
