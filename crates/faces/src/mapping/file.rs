//! The file as it is written, and the checks that turn it into a mapping.

use std::{collections::BTreeMap, sync::Arc};

use jiff::tz::{Offset, TimeZone};
use serde::Deserialize;

use super::{
    DayEdge, EVENTS, FieldKind, FieldRule, FieldSource, Identifier, MAX_MAPPING_BYTES, Mapping, MappingFault, SOURCE_FIELD, Translation,
    UnitRule, Zone,
};
use crate::{
    input::spot_within,
    tabular::{Place, Spot},
};

pub(super) fn parse(file: &str, text: &str) -> Result<Mapping, MappingFault> {
    let fault = |offset: usize, message: String| {
        let spot = spot_within(Spot { line: 1, column: 1 }, text.as_bytes(), offset);
        MappingFault { place: Place { file: Arc::from(file), line: u64::from(spot.line), column: Some(spot.column), item: 0 }, message }
    };
    if text.len() > MAX_MAPPING_BYTES {
        return Err(fault(0, format!("the file is larger than {MAX_MAPPING_BYTES} bytes")));
    }
    let mapping: Mapping = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        fault(offset, error.message().trim().replace('\n', "; "))
    })?;
    check(&mapping).map_err(|(header, message)| fault(text.find(header).unwrap_or(0), message))?;
    Ok(mapping)
}

/// What only the whole file shows: what is wrong, and the text near which it stands.
fn check(mapping: &Mapping) -> Result<(), (&'static str, String)> {
    if mapping.key.trim().is_empty() {
        return Err(("key", "\"key\" is empty; name the source's attribute or column that identifies a record".into()));
    }
    if mapping.keep_source && mapping.fields.keys().any(|field| field.as_str() == SOURCE_FIELD) {
        return Err(("[field.source]", "keep_source = true fills the field \"source\"; it cannot be mapped as well".into()));
    }
    if mapping.events.is_none() && mapping.fields.values().any(|rule| rule.source == FieldSource::Events) {
        return Err((EVENTS, format!("a field takes \"{EVENTS}\", but [events] does not say how events are named")));
    }
    if let Some(state) = &mapping.state {
        if state.rules.is_empty() {
            return Err(("[state]", "[state] has no rule; leave it out or add one".into()));
        }
        let always = |rule: &super::StateRule| rule.when_present.is_none() && rule.when_absent.is_none() && rule.when.is_empty();
        if let Some(first) = state.rules.iter().position(always)
            && first + 1 < state.rules.len()
        {
            let message = format!("rule {} of [state] always fits, so the rules after it are never reached", first + 1);
            return Err(("[state]", message));
        }
    }
    Ok(())
}

impl TryFrom<String> for Identifier {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if fits {
            return Ok(Self(name));
        }
        Err(format!("\"{name}\" is not a name: small letters a–z, digits and _, beginning with a letter"))
    }
}

impl TryFrom<String> for Zone {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text == "Z" {
            return Ok(Self(TimeZone::UTC));
        }
        let wrong = || format!("\"{text}\" is not a zone: write an offset like \"+07:00\" or a name like \"Europe/Amsterdam\"");
        if let Some((sign, clock)) = text.strip_prefix('+').map(|c| (1, c)).or_else(|| text.strip_prefix('-').map(|c| (-1, c))) {
            let (hours, minutes) = clock.split_once(':').filter(|(h, m)| h.len() == 2 && m.len() == 2).ok_or_else(wrong)?;
            let (hours, minutes): (i32, i32) = (hours.parse().map_err(|_| wrong())?, minutes.parse().map_err(|_| wrong())?);
            if !(0..=18).contains(&hours) || !(0..60).contains(&minutes) {
                return Err(wrong());
            }
            let offset = Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map_err(|_| wrong())?;
            return Ok(Self(TimeZone::fixed(offset)));
        }
        TimeZone::get(&text).map(Self).map_err(|_| wrong())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitFile {
    value: Option<String>,
    from: Option<String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    default: Option<String>,
    if_absent: Option<String>,
    #[serde(default)]
    absent: Vec<String>,
}

impl TryFrom<UnitFile> for UnitRule {
    type Error = String;
    fn try_from(file: UnitFile) -> Result<Self, String> {
        let plain = file.map.is_empty() && file.default.is_none() && file.if_absent.is_none() && file.absent.is_empty();
        match (file.value, file.from) {
            (Some(unit), None) if plain && !unit.trim().is_empty() => Ok(Self::Fixed(unit)),
            (None, Some(from)) if file.default.is_some() && file.map.is_empty() => Err(format!(
                "\"default\" is for values of \"{from}\" that \"map\" does not list, but there is no map; perhaps \"if_absent\" is meant"
            )),
            (None, Some(from)) => {
                Ok(Self::From(Translation { from, map: file.map, default: file.default, if_absent: file.if_absent, absent: file.absent }))
            }
            _ => Err("say the unit either as { value = \"code@date\" } or as { from = \"…\", map = { … } }".into()),
        }
    }
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "lowercase")]
enum TypeName {
    #[default]
    Text,
    Choice,
    Unit,
    Int,
    Decimal,
    Bool,
    Date,
    Timestamp,
    List,
    Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldFile {
    from: Option<String>,
    value: Option<String>,
    #[serde(rename = "type")]
    kind: Option<TypeName>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    map: BTreeMap<String, String>,
    default: Option<String>,
    if_absent: Option<String>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    formats: Vec<String>,
    day: Option<DayEdge>,
    decimal_mark: Option<String>,
    separator: Option<String>,
}

impl FieldFile {
    fn kind(&self) -> Result<FieldKind, String> {
        // A map makes a closed set of values: a choice, unless another type is said.
        let kind = self.kind.unwrap_or(if self.map.is_empty() { TypeName::Text } else { TypeName::Choice });
        let only = |used: bool, option: &str, types: &[TypeName], names: &str| {
            if used && !types.contains(&kind) { Err(format!("\"{option}\" is only for type = {names}")) } else { Ok(()) }
        };
        only(!self.formats.is_empty(), "formats", &[TypeName::Date, TypeName::Timestamp], "\"date\" and \"timestamp\"")?;
        only(self.day.is_some(), "day", &[TypeName::Timestamp], "\"timestamp\"")?;
        only(self.decimal_mark.is_some(), "decimal_mark", &[TypeName::Decimal], "\"decimal\"")?;
        only(self.separator.is_some(), "separator", &[TypeName::List], "\"list\"")?;
        if !self.map.is_empty() && matches!(kind, TypeName::List | TypeName::Json) {
            return Err("\"map\" cannot be used with type = \"list\" or \"json\"".into());
        }
        if let Some(wrong) = self.formats.iter().find(|format| !usable(format)) {
            return Err(format!("\"{wrong}\" is not a date format; write day, month and year like \"%d/%m/%Y\" or \"%d/%m/%Y %H:%M\""));
        }
        if self.separator.as_deref() == Some("") {
            return Err("\"separator\" is empty".into());
        }
        Ok(match kind {
            TypeName::Text => FieldKind::Text,
            TypeName::Choice => FieldKind::Choice,
            TypeName::Unit => FieldKind::Unit,
            TypeName::Int => FieldKind::Int,
            TypeName::Decimal => match self.decimal_mark.as_deref() {
                None | Some(".") => FieldKind::Decimal { mark: '.' },
                Some(",") => FieldKind::Decimal { mark: ',' },
                Some(_) => return Err("\"decimal_mark\" is either \".\" or \",\"".into()),
            },
            TypeName::Bool => FieldKind::Bool,
            TypeName::Date => FieldKind::Date { formats: self.formats.clone() },
            TypeName::Timestamp => FieldKind::Timestamp { formats: self.formats.clone(), day: self.day },
            TypeName::List => FieldKind::List { separator: self.separator.clone() },
            TypeName::Json => FieldKind::Json,
        })
    }
}

/// The format writes a date that it reads again as the same.
fn usable(format: &str) -> bool {
    let date = jiff::civil::date(2025, 11, 21);
    let Ok(text) = jiff::fmt::strtime::format(format, &date.at(13, 45, 30, 0).in_tz("UTC").unwrap_or_default()) else { return false };
    jiff::fmt::strtime::parse(format, &text).and_then(|parsed| parsed.to_date()).is_ok_and(|read| read == date)
}

impl TryFrom<FieldFile> for FieldRule {
    type Error = String;
    fn try_from(file: FieldFile) -> Result<Self, String> {
        let kind = file.kind()?;
        let plain = file.map.is_empty() && file.default.is_none() && file.if_absent.is_none() && file.absent.is_empty();
        let source = match (file.value, file.from) {
            (Some(value), None) if plain => FieldSource::Fixed(value),
            (Some(_), None) => return Err("\"map\", \"default\", \"if_absent\" and \"absent\" go with \"from\", not with \"value\"".into()),
            (None, Some(from)) if from == EVENTS => {
                if kind != FieldKind::Json || !plain {
                    return Err(format!("from = \"{EVENTS}\" needs type = \"json\" and nothing else"));
                }
                FieldSource::Events
            }
            (None, Some(from)) => {
                if file.default.is_some() && file.map.is_empty() {
                    let hint = "but there is no map; perhaps \"if_absent\" is meant";
                    return Err(format!("\"default\" is for values of \"{from}\" that \"map\" does not list, {hint}"));
                }
                FieldSource::From(Translation {
                    from,
                    map: file.map,
                    default: file.default,
                    if_absent: file.if_absent,
                    absent: file.absent,
                })
            }
            _ => return Err("say either \"from\" (the source's name) or \"value\" (the same for every row)".into()),
        };
        Ok(Self { source, kind, required: file.required })
    }
}
