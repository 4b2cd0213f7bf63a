//! Which slots are kept, and reading them from a record's JSON body in one pass.

use std::{collections::BTreeMap, fmt};

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{FieldType, OTHER, RecordMeta, SLOT_CREATED_AT, SLOT_ID, SLOT_STATE, SLOT_UNIT, SLOT_UPDATED_AT, SLOT_VERSION};
use super::{Schema, SchemaError, SlotId, Slots, Symbols, Value};
use crate::Timestamp;

/// How much of a slot is asked for. Less use, less memory: a text only tested for presence never enters the symbol table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// Only `== null` / `!= null`.
    Presence,
    /// Only compared with constants: unknown texts need no symbol of their own.
    Constants,
    /// The content itself: breakdowns, comparisons of two slots, text functions.
    Content,
}

/// The kept slots of a register, compactly numbered.
#[derive(Debug, Clone)]
pub struct Layout {
    register: String,
    /// Compact index by slot; `u16::MAX` = not kept.
    position: Vec<u16>,
    kept: Vec<(SlotId, FieldType, Use)>,
    /// Body fields that are kept, by name: canonical JSON comes in this order, so the next name is nearly always the expected one.
    names: Vec<(Box<str>, u16)>,
    built_in: Vec<(SlotId, u16)>,
}

impl Layout {
    pub(super) fn new(schema: &Schema, uses: &BTreeMap<SlotId, Use>) -> Self {
        let mut layout = Self {
            register: schema.register.clone(),
            position: vec![u16::MAX; schema.fields.len()],
            kept: Vec::new(),
            names: Vec::new(),
            built_in: Vec::new(),
        };
        for (&slot, &usage) in uses {
            let Some(field) = schema.field(slot) else { continue };
            let at = u16::try_from(layout.kept.len()).unwrap_or(u16::MAX);
            layout.position[usize::from(slot)] = at;
            layout.kept.push((slot, field.ty, usage));
            if field.built_in {
                layout.built_in.push((slot, at));
            } else {
                layout.names.push((field.id.as_str().into(), at));
            }
        }
        layout.names.sort();
        layout
    }

    /// Compact index of a slot, when it is kept.
    #[must_use]
    pub fn position(&self, slot: SlotId) -> Option<usize> {
        self.position.get(usize::from(slot)).filter(|p| **p != u16::MAX).map(|p| usize::from(*p))
    }
    /// Kept slots in compact order.
    #[must_use]
    pub fn kept(&self) -> &[(SlotId, FieldType, Use)] {
        &self.kept
    }
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Read a record: the JSON body is parsed once, straight into typed slots; fields not kept are skipped.
    ///
    /// # Errors
    /// The body is not an object, or a kept field has a value of another type.
    pub fn slots(&self, symbols: &mut Symbols, meta: RecordMeta<'_>, body_json: &str) -> Result<Slots, SchemaError> {
        let mut slots = Slots::default();
        self.read_into(symbols, meta, body_json, &mut slots)?;
        Ok(slots)
    }

    /// As [`Layout::slots`], into a buffer that is used again: no allocation once it has its size.
    ///
    /// # Errors
    /// As [`Layout::slots`].
    pub fn read_into(&self, symbols: &mut Symbols, meta: RecordMeta<'_>, body_json: &str, slots: &mut Slots) -> Result<(), SchemaError> {
        slots.0.clear();
        slots.0.resize(self.kept.len(), Value::Null);
        for &(slot, at) in &self.built_in {
            let usage = self.kept[usize::from(at)].2;
            slots.0[usize::from(at)] = match slot {
                SLOT_ID => text(symbols, meta.id, usage),
                SLOT_UNIT => Value::Unit(symbols.units.intern(meta.unit)),
                SLOT_STATE if meta.state.is_empty() => Value::Null,
                SLOT_STATE => text(symbols, meta.state, usage),
                SLOT_VERSION => Value::Int(meta.version),
                SLOT_CREATED_AT => Value::Time(meta.created_at.0),
                SLOT_UPDATED_AT => Value::Time(meta.updated_at.0),
                _ => Value::Null,
            };
        }
        let mut json = serde_json::Deserializer::from_str(body_json);
        BodySeed { layout: self, symbols, slots: &mut slots.0 }
            .deserialize(&mut json)
            .and_then(|()| json.end())
            .map_err(|e| SchemaError::Body { register: self.register.clone(), message: e.to_string() })
    }

    /// Kept slots as a compact JSON array with texts written out, for the store (symbols do not survive a restart).
    #[must_use]
    pub fn encode(&self, symbols: &Symbols, slots: &Slots) -> String {
        let text = |s: u32| match s {
            OTHER => serde_json::Value::Object(serde_json::Map::new()),
            s => symbols.texts.text(s).into(),
        };
        let cell = |value: &Value| match *value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => b.into(),
            Value::Int(x) | Value::Time(x) | Value::Span(x) => x.into(),
            Value::Date(d) => d.into(),
            Value::Sym(s) => text(s),
            Value::Unit(u) => symbols.units.text(u).into(),
            Value::List(l) => symbols.list(l).iter().map(|s| text(*s)).collect::<Vec<_>>().into(),
        };
        serde_json::Value::Array(slots.iter().map(cell).collect()).to_string()
    }

    /// The reverse of [`Layout::encode`].
    ///
    /// # Errors
    /// The text was written under another layout or is damaged.
    pub fn decode(&self, symbols: &mut Symbols, text: &str) -> Result<Slots, SchemaError> {
        let bad = |message: &str| SchemaError::Body { register: self.register.clone(), message: message.to_owned() };
        let cells: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|e| bad(&e.to_string()))?;
        if cells.len() != self.kept.len() {
            return Err(bad("another number of slots"));
        }
        let mut slots = Vec::with_capacity(cells.len());
        for (cell, (_, ty, _)) in cells.iter().zip(&self.kept) {
            let value = match (cell, ty) {
                (serde_json::Value::Null, _) => Some(Value::Null),
                (serde_json::Value::Object(_), FieldType::Text | FieldType::Choice | FieldType::Json | FieldType::TextList) => {
                    Some(Value::Sym(OTHER))
                }
                (serde_json::Value::Bool(b), FieldType::Bool) => Some(Value::Bool(*b)),
                (serde_json::Value::Number(n), FieldType::Int | FieldType::Decimal(_)) => n.as_i64().map(Value::Int),
                (serde_json::Value::Number(n), FieldType::Timestamp) => n.as_i64().map(Value::Time),
                (serde_json::Value::Number(n), FieldType::Date) => n.as_i64().and_then(|d| i32::try_from(d).ok()).map(Value::Date),
                (serde_json::Value::String(s), FieldType::Text | FieldType::Choice) => Some(Value::Sym(symbols.texts.intern(s))),
                (serde_json::Value::String(s), FieldType::Unit) => Some(Value::Unit(symbols.units.intern(s))),
                (serde_json::Value::Array(items), FieldType::TextList) => {
                    let item = |i: &serde_json::Value| match i {
                        serde_json::Value::String(s) => Some(symbols.texts.intern(s)),
                        serde_json::Value::Object(_) => Some(OTHER),
                        _ => None,
                    };
                    let ids: Option<Vec<u32>> = items.iter().map(item).collect();
                    ids.map(|ids| Value::List(symbols.intern_list(&ids)))
                }
                _ => None,
            };
            slots.push(value.ok_or_else(|| bad("a slot of another type"))?);
        }
        Ok(Slots(slots))
    }
}

fn text(symbols: &mut Symbols, s: &str, usage: Use) -> Value {
    match usage {
        Use::Presence => Value::Sym(OTHER),
        Use::Constants => Value::Sym(symbols.texts.get(s).unwrap_or(OTHER)),
        Use::Content => Value::Sym(symbols.texts.intern(s)),
    }
}

struct BodySeed<'a> {
    layout: &'a Layout,
    symbols: &'a mut Symbols,
    slots: &'a mut [Value],
}

impl<'de> DeserializeSeed<'de> for BodySeed<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BodySeed<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut next = 0;
        while let Some(found) = map.next_key_seed(KeySeed { names: &self.layout.names, next })? {
            let Some(name) = found else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            next = name + 1;
            let (field, at) = &self.layout.names[name];
            let (_, ty, usage) = self.layout.kept[usize::from(*at)];
            self.slots[usize::from(*at)] = map.next_value_seed(FieldSeed { symbols: self.symbols, field, ty, usage })?;
        }
        Ok(())
    }
}

/// Finds a key among the kept names, trying the expected one first.
struct KeySeed<'a> {
    names: &'a [(Box<str>, u16)],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<usize>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Option<usize>, D::Error> {
        d.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Option<usize>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }
    fn visit_str<E: de::Error>(self, key: &str) -> Result<Option<usize>, E> {
        match self.names.get(self.next) {
            Some((name, _)) if &**name == key => return Ok(Some(self.next)),
            // In order, a name before the expected one is one that is not kept.
            Some((name, _)) if key < &**name && (self.next == 0 || key > &*self.names[self.next - 1].0) => return Ok(None),
            _ => {}
        }
        Ok(self.names.binary_search_by(|(name, _)| (**name).cmp(key)).ok())
    }
}

struct FieldSeed<'a> {
    symbols: &'a mut Symbols,
    field: &'a str,
    ty: FieldType,
    usage: Use,
}

impl FieldSeed<'_> {
    fn wrong<E: de::Error>(&self, got: &str) -> E {
        E::custom(format_args!("field {}: expected {}, got {got}", self.field, self.ty))
    }
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FieldSeed<'_> {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of type {} for field {}", self.ty, self.field)
    }
    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E: de::Error>(self, v: bool) -> Result<Value, E> {
        match self.ty {
            FieldType::Bool => Ok(Value::Bool(v)),
            FieldType::Json => Ok(Value::Sym(OTHER)),
            _ => Err(self.wrong("a boolean")),
        }
    }
    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Value, E> {
        match self.ty {
            FieldType::Int => Ok(Value::Int(v)),
            FieldType::Decimal(scale) => v.checked_mul(pow10(scale)).map(Value::Int).ok_or_else(|| self.wrong("a number too large")),
            FieldType::Json => Ok(Value::Sym(OTHER)),
            _ => Err(self.wrong("a number")),
        }
    }
    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Value, E> {
        match i64::try_from(v) {
            Ok(v) => self.visit_i64(v),
            Err(_) => Err(self.wrong("a number too large")),
        }
    }
    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Value, E> {
        match self.ty {
            FieldType::Decimal(scale) => decimal_from_f64(v, scale).map(Value::Int).ok_or_else(|| self.wrong("a number too large")),
            FieldType::Int if v.fract() == 0.0 => decimal_from_f64(v, 0).map(Value::Int).ok_or_else(|| self.wrong("a number too large")),
            FieldType::Json => Ok(Value::Sym(OTHER)),
            _ => Err(self.wrong("a number with a fraction")),
        }
    }
    fn visit_str<E: de::Error>(self, v: &str) -> Result<Value, E> {
        match self.ty {
            FieldType::Text | FieldType::Choice => Ok(text(self.symbols, v, self.usage)),
            FieldType::Timestamp => parse_timestamp(v).map(|t| Value::Time(t.0)).ok_or_else(|| self.wrong("another text")),
            FieldType::Date => parse_date(v).map(Value::Date).ok_or_else(|| self.wrong("another text")),
            FieldType::Unit => Ok(Value::Unit(self.symbols.units.intern(v))),
            FieldType::Decimal(scale) => parse_decimal(v, scale).map(Value::Int).ok_or_else(|| self.wrong("another text")),
            FieldType::Json => Ok(Value::Sym(OTHER)),
            FieldType::Int | FieldType::Bool | FieldType::TextList => Err(self.wrong("a text")),
        }
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        if self.ty != FieldType::TextList || self.usage == Use::Presence {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return if matches!(self.ty, FieldType::Json | FieldType::TextList) {
                Ok(Value::Sym(OTHER))
            } else {
                Err(self.wrong("a list"))
            };
        }
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<std::borrow::Cow<'de, str>>()? {
            items.push(match text(self.symbols, &item, self.usage) {
                Value::Sym(s) => s,
                _ => OTHER,
            });
        }
        Ok(Value::List(self.symbols.intern_list(&items)))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        if self.ty == FieldType::Json { Ok(Value::Sym(OTHER)) } else { Err(self.wrong("an object")) }
    }
}

/// 10^scale; scales are small by construction.
#[must_use]
pub(crate) fn pow10(scale: u8) -> i64 {
    10_i64.checked_pow(u32::from(scale)).unwrap_or(i64::MAX)
}

/// A JSON number with a fraction, to the nearest scaled integer. Numbers up to 15 digits come out exactly as written.
pub(crate) fn decimal_from_f64(v: f64, scale: u8) -> Option<i64> {
    let scaled = (v * pow10(scale) as f64).round();
    #[expect(clippy::cast_possible_truncation, reason = "range checked right before")]
    (scaled.is_finite() && scaled.abs() < 9.0e18).then_some(scaled as i64)
}

/// A plain decimal text (`-12.50`) with at most `scale` digits that matter after the point.
pub(crate) fn parse_decimal(s: &str, scale: u8) -> Option<i64> {
    let (negative, digits) = match s.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, s),
    };
    let (whole, frac) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(frac) || (digits.contains('.') && frac.is_empty()) {
        return None;
    }
    let frac = frac.trim_end_matches('0');
    let pad = usize::from(scale).checked_sub(frac.len())?;
    let frac_value: i64 =
        if frac.is_empty() { 0 } else { frac.parse::<i64>().ok()?.checked_mul(10_i64.checked_pow(u32::try_from(pad).ok()?)?)? };
    let value = whole.parse::<i64>().ok()?.checked_mul(pow10(scale))?.checked_add(frac_value)?;
    Some(if negative { -value } else { value })
}

fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0_i32, |acc, b| b.is_ascii_digit().then(|| acc * 10 + i32::from(b - b'0')))
}

/// `2025-07-01` → days since the epoch.
pub(crate) fn parse_date(s: &str) -> Option<i32> {
    let b = s.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let (y, m, d) = (digits(&b[..4])?, digits(&b[5..7])?, digits(&b[8..])?);
    let last = match m {
        2 if y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&d) {
        return None;
    }
    // The same Hinnant arithmetic as `time::days_since_epoch`, without building a Date.
    let y = if m <= 2 { y - 1 } else { y };
    let (era, yoe) = (y.div_euclid(400), y.rem_euclid(400));
    let doy = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
    Some(era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468)
}

/// The fixed-width form fast, any other RFC 3339 form through the general reader.
pub(crate) fn parse_timestamp(s: &str) -> Option<Timestamp> {
    fixed_width(s).or_else(|| s.parse().ok())
}

/// An instant in the one form in which it is stored.
pub(crate) fn fixed_width(s: &str) -> Option<Timestamp> {
    let b = s.as_bytes();
    if b.len() != 27 || b[10] != b'T' || b[13] != b':' || b[16] != b':' || b[19] != b'.' || b[26] != b'Z' {
        return None;
    }
    let days = parse_date(s.get(..10)?)?;
    let (h, m, sec, us) = (digits(&b[11..13])?, digits(&b[14..16])?, digits(&b[17..19])?, digits(&b[20..26])?);
    if h > 23 || m > 59 || sec > 59 {
        return None;
    }
    Some(Timestamp(i64::from(days) * 86_400_000_000 + i64::from((h * 60 + m) * 60 + sec) * 1_000_000 + i64::from(us)))
}
