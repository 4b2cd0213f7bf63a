//! Is a body fit to be stored? All faults at once, each with its field.

use serde_json::Value as Json;

use super::layout::{decimal_from_f64, fixed_width, parse_date, parse_decimal, pow10};
use super::{Field, FieldFault, FieldType, Schema};

/// Longest text in characters, unless the field says less: a page of prose, not a book (files are attachments).
pub const MAX_TEXT: usize = 20_000;
/// Most items of a list field.
pub const MAX_LIST: usize = 500;
/// Largest `json` field, written out.
pub const MAX_JSON_BYTES: usize = 65_536;

impl Field {
    /// What is wrong with a value for this field; null and absence are not judged here.
    #[must_use]
    pub fn fault(&self, value: &Json) -> Option<FieldFault> {
        if value.is_null() { None } else { fault(self, value) }
    }
}

impl Schema {
    /// Check a record's body: an object of declared fields, each of its type and within its bounds.
    ///
    /// # Errors
    /// Every fault, in the order of the declaration, unknown fields last.
    pub fn validate_body(&self, body: &Json) -> Result<(), Vec<FieldFault>> {
        let Json::Object(map) = body else {
            return Err(vec![FieldFault::new("", "body.not_an_object")]);
        };
        let (mut faults, mut known) = (Vec::new(), 0);
        for field in self.fields.iter().filter(|f| !f.built_in) {
            match map.get(&field.id) {
                None | Some(Json::Null) => {
                    known += usize::from(map.contains_key(&field.id));
                    if field.required {
                        faults.push(FieldFault::new(&field.id, "field.required"));
                    }
                }
                Some(value) => {
                    known += 1;
                    faults.extend(fault(field, value));
                }
            }
        }
        // Declared fields were all found one by one: only where some are left over must they be named.
        for name in map.keys().filter(|_| known < map.len()) {
            if self.slot(name).and_then(|s| self.field(s)).is_none_or(|f| f.built_in) {
                faults.push(FieldFault::new(name, "field.unknown"));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

fn fault(field: &Field, value: &Json) -> Option<FieldFault> {
    let new = |code| FieldFault::new(&field.id, code);
    let wrong_type = || Some(new("field.type").with("type", field.ty));
    match field.ty {
        FieldType::Text => match value {
            Json::String(s) => too_long(field, s),
            _ => wrong_type(),
        },
        FieldType::Choice => match value {
            Json::String(s) if field.choices.contains(s) => None,
            Json::String(s) => Some(new("field.choice").with("value", shorten(s)).with("choices", field.choices.join(", "))),
            _ => wrong_type(),
        },
        FieldType::Int => match value.as_i64().or_else(|| value.as_f64().filter(|f| f.fract() == 0.0).and_then(|f| decimal_from_f64(f, 0)))
        {
            Some(x) => out_of_range(field, x, 0),
            None => wrong_type(),
        },
        FieldType::Decimal(scale) => {
            let parsed = match value {
                Json::Number(n) => match n.as_i64() {
                    Some(x) => x.checked_mul(pow10(scale)),
                    // A number with more digits than declared would be stored differently from how it is counted.
                    None => parse_decimal(&n.to_string(), scale),
                },
                Json::String(s) => parse_decimal(s, scale),
                _ => return wrong_type(),
            };
            match parsed {
                Some(x) => out_of_range(field, x, scale),
                None => Some(new("field.decimal").with("digits", scale)),
            }
        }
        FieldType::Bool => {
            if value.is_boolean() {
                None
            } else {
                wrong_type()
            }
        }
        FieldType::Date => match value.as_str() {
            Some(s) if parse_date(s).is_some() => None,
            Some(s) => Some(new("field.date").with("value", shorten(s))),
            None => wrong_type(),
        },
        FieldType::Timestamp => match value.as_str() {
            // Stored text must have the one fixed width, or text comparison in SQL would lie.
            Some(s) if fixed_width(s).is_some() => None,
            Some(s) => Some(new("field.timestamp").with("value", shorten(s))),
            None => wrong_type(),
        },
        FieldType::Unit => match value.as_str() {
            Some(s) if s.split_once('@').is_some_and(|(code, day)| !code.is_empty() && code.len() <= 40 && parse_date(day).is_some()) => {
                None
            }
            Some(s) => Some(new("field.unit").with("value", shorten(s))),
            None => wrong_type(),
        },
        FieldType::TextList => match value {
            Json::Array(items) if items.len() > field.max_length.min(MAX_LIST) => {
                Some(new("field.too_many").with("most", field.max_length.min(MAX_LIST)))
            }
            Json::Array(items) => match items.iter().find(|i| !i.is_string()) {
                Some(_) => wrong_type(),
                None => items
                    .iter()
                    .filter_map(Json::as_str)
                    .any(|s| s.chars().count() > MAX_TEXT)
                    .then(|| new("field.too_long").with("most", MAX_TEXT)),
            },
            _ => wrong_type(),
        },
        FieldType::Json => (value.to_string().len() > MAX_JSON_BYTES).then(|| new("field.too_long").with("most", MAX_JSON_BYTES)),
    }
}

fn too_long(field: &Field, s: &str) -> Option<FieldFault> {
    let most = field.max_length.min(MAX_TEXT);
    (s.len() > most && s.chars().count() > most).then(|| FieldFault::new(&field.id, "field.too_long").with("most", most))
}

fn out_of_range(field: &Field, scaled: i64, scale: u8) -> Option<FieldFault> {
    let scaled_bound = |bound: i64| bound.saturating_mul(pow10(scale));
    if let Some(min) = field.min
        && scaled < scaled_bound(min)
    {
        return Some(FieldFault::new(&field.id, "field.too_small").with("least", min));
    }
    if let Some(max) = field.max
        && scaled > scaled_bound(max)
    {
        return Some(FieldFault::new(&field.id, "field.too_large").with("most", max));
    }
    None
}

fn shorten(s: &str) -> String {
    s.chars().take(80).collect()
}
