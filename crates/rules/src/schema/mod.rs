//! Register declarations and what they compile to: fields with types, and records read straight into typed slots.

mod layout;
mod validate;
mod value;

use std::{collections::BTreeMap, fmt, str::FromStr};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::Localized;

pub use layout::{Layout, Use};
pub(crate) use layout::{parse_date as parse_date_text, parse_decimal as parse_decimal_text, pow10};
pub use validate::{MAX_JSON_BYTES, MAX_LIST, MAX_TEXT};
pub use value::{Interner, OTHER, Slots, Symbols, Value};

/// Number of a slot in a register: built-ins first, then the fields in declared order.
pub type SlotId = u16;

/// Most fields of one register; a wider one is a sign that it should be two.
pub const MAX_FIELDS: usize = 200;
/// Most decimal digits of a `decimal(N)` field.
pub const MAX_SCALE: u8 = 6;

/// What every record has before its declared fields, in slot order.
pub const BUILT_IN: [(&str, FieldType); 6] = [
    ("id", FieldType::Text),
    ("unit", FieldType::Unit),
    ("state", FieldType::Choice),
    ("version", FieldType::Int),
    ("created_at", FieldType::Timestamp),
    ("updated_at", FieldType::Timestamp),
];
pub const SLOT_ID: SlotId = 0;
pub const SLOT_UNIT: SlotId = 1;
pub const SLOT_STATE: SlotId = 2;
pub const SLOT_VERSION: SlotId = 3;
pub const SLOT_CREATED_AT: SlotId = 4;
pub const SLOT_UPDATED_AT: SlotId = 5;

/// A register file: `[register]`, `[[field]]`, optional `[lifecycle]` and `[[view]]` (both kept as written; other modules read them).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterDef {
    pub register: RegisterHead,
    #[serde(default, rename = "field")]
    pub fields: Vec<FieldDef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<serde_json::Value>,
    #[serde(default, rename = "view", skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<serde_json::Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterHead {
    /// `[a-z][a-z0-9_]*`
    pub id: String,
    pub name: Localized,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Localized>,
    /// Field shown as the record's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Field that is the record's outside identity, unique in tenant and register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Field that marks a record as kept by a use case of its own: where it is filled, nobody changes the record as a plain record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDef {
    pub id: String,
    #[serde(rename = "type")]
    pub ty: FieldType,
    pub label: Localized,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Localized>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Personal data: only a salted hash enters the ledger, and no indicator may read it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub personal: bool,
    /// Part of the folded search text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub search: bool,
    /// Filtered in lists: gets an expression index.
    #[serde(default, skip_serializing_if = "is_false")]
    pub filter: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Longest text in characters (or most items of a list); the general bound when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// Smallest and largest number, both allowed (whole numbers; int and decimal fields).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(b: &bool) -> bool {
    !*b
}

/// One value of a choice field: `{ id = "online", vi = "Trực tuyến", en = "Online" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub id: String,
    pub vi: String,
    pub en: String,
}

/// Declared type of a field. Text forms: `text int decimal(2) bool date timestamp unit choice list(text) json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldType {
    Text,
    Int,
    /// Digits after the point, 0..=6.
    Decimal(u8),
    Bool,
    /// A calendar day, `2025-07-01`.
    Date,
    /// An instant, stored as fixed-width UTC text.
    Timestamp,
    /// A unit key, `26526@2025-07-01`.
    Unit,
    Choice,
    TextList,
    Json,
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Int => f.write_str("int"),
            Self::Decimal(n) => write!(f, "decimal({n})"),
            Self::Bool => f.write_str("bool"),
            Self::Date => f.write_str("date"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Unit => f.write_str("unit"),
            Self::Choice => f.write_str("choice"),
            Self::TextList => f.write_str("list(text)"),
            Self::Json => f.write_str("json"),
        }
    }
}

impl FromStr for FieldType {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        Ok(match s {
            "text" => Self::Text,
            "int" => Self::Int,
            "bool" => Self::Bool,
            "date" => Self::Date,
            "timestamp" => Self::Timestamp,
            "unit" => Self::Unit,
            "choice" => Self::Choice,
            "list(text)" | "list" => Self::TextList,
            "json" => Self::Json,
            _ => {
                let digits = s.strip_prefix("decimal(").and_then(|r| r.strip_suffix(')')).and_then(|n| n.trim().parse::<u8>().ok());
                match digits {
                    Some(n) if n <= MAX_SCALE => Self::Decimal(n),
                    _ => {
                        return Err(format!(
                            "unknown field type {s:?}; use text, int, decimal(0..{MAX_SCALE}), bool, date, timestamp, unit, choice, list(text) or json"
                        ));
                    }
                }
            }
        })
    }
}

impl Serialize for FieldType {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for FieldType {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A fault of one field: of a declaration or of a record's body. `code` is also the key of its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    pub field: String,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl FieldFault {
    #[must_use]
    pub fn new(field: &str, code: &'static str) -> Self {
        Self { field: field.to_owned(), code, args: Vec::new() }
    }
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.code)?;
        for (name, value) in &self.args {
            write!(f, " {name}={value:?}")?;
        }
        Ok(())
    }
}

/// A stored body that does not fit its schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// Not a JSON object, or a value of the wrong type; `message` names the place.
    #[error("register {register}: body does not fit: {message}")]
    Body { register: String, message: String },
}

/// The built-in part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordMeta<'a> {
    pub id: &'a str,
    /// Unit key text.
    pub unit: &'a str,
    /// Empty when the register has no lifecycle.
    pub state: &'a str,
    pub version: i64,
    pub created_at: crate::Timestamp,
    pub updated_at: crate::Timestamp,
}

/// A compiled register.
#[derive(Debug, Clone)]
pub struct Schema {
    register: String,
    title: Option<String>,
    key: Option<String>,
    managed: Option<String>,
    /// Expressions call it `form` and see its declared fields only.
    form: bool,
    fields: Vec<Field>,
    by_name: FxHashMap<String, SlotId>,
}

/// One slot: a built-in or a declared field.
#[derive(Debug, Clone)]
pub struct Field {
    pub id: String,
    pub ty: FieldType,
    pub required: bool,
    pub personal: bool,
    pub search: bool,
    pub filter: bool,
    /// Allowed values of a choice (the states, for `state`); empty = any.
    pub choices: Vec<String>,
    pub max_length: usize,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub built_in: bool,
}

/// `[a-z][a-z0-9_]*`, at most 63 characters.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    text.len() <= 63
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl Schema {
    /// Check a declaration as a whole and number its slots.
    ///
    /// # Errors
    /// Every fault found, not only the first.
    pub fn compile(def: &RegisterDef) -> Result<Self, Vec<FieldFault>> {
        let mut faults = Vec::new();
        if !is_identifier(&def.register.id) {
            faults.push(FieldFault::new("register.id", "register.id").with("id", &def.register.id));
        }
        if def.fields.len() > MAX_FIELDS {
            faults.push(FieldFault::new("field", "register.too_many_fields").with("most", MAX_FIELDS));
        }
        let mut fields: Vec<Field> = BUILT_IN.iter().map(|(id, ty)| built_in(id, *ty, def)).collect();
        let mut by_name: FxHashMap<String, SlotId> = FxHashMap::default();
        for (slot, field) in (0..).zip(&fields) {
            by_name.insert(field.id.clone(), slot);
        }
        for field in &def.fields {
            check_field(field, &mut faults);
            let slot = SlotId::try_from(fields.len()).unwrap_or(SlotId::MAX);
            if by_name.insert(field.id.clone(), slot).is_some() {
                faults.push(FieldFault::new(&field.id, "field.duplicate"));
            }
            fields.push(Field {
                id: field.id.clone(),
                ty: field.ty,
                required: field.required,
                personal: field.personal,
                search: field.search,
                filter: field.filter,
                choices: field.choices.iter().map(|c| c.id.clone()).collect(),
                max_length: field.max_length.unwrap_or(if field.ty == FieldType::TextList { MAX_LIST } else { MAX_TEXT }),
                min: field.min,
                max: field.max,
                built_in: false,
            });
        }
        let named =
            [("register.title", &def.register.title), ("register.key", &def.register.key), ("register.managed", &def.register.managed)];
        for (place, name) in named {
            let Some(name) = name else { continue };
            match def.fields.iter().find(|f| &f.id == name) {
                None => faults.push(FieldFault::new(place, "register.no_such_field").with("name", name)),
                Some(f) if place == "register.key" && !matches!(f.ty, FieldType::Text | FieldType::Choice) => {
                    faults.push(FieldFault::new(place, "register.key_not_text").with("name", name));
                }
                Some(_) => {}
            }
        }
        if faults.is_empty() {
            Ok(Self {
                register: def.register.id.clone(),
                title: def.register.title.clone(),
                key: def.register.key.clone(),
                managed: def.register.managed.clone(),
                form: false,
                fields,
                by_name,
            })
        } else {
            Err(faults)
        }
    }

    /// The same for the questions of a form. Expressions speak of `form.x`; what records have by themselves is not there.
    ///
    /// # Errors
    /// Every fault found.
    pub fn compile_form(id: &str, fields: Vec<FieldDef>) -> Result<Self, Vec<FieldFault>> {
        let register = RegisterHead { id: id.to_owned(), name: Localized::default(), explain: None, title: None, key: None, managed: None };
        let schema = Self::compile(&RegisterDef { register, fields, lifecycle: None, views: Vec::new() })?;
        Ok(Self { form: true, ..schema })
    }

    /// What expressions call the thing they read: `record`, or `form`.
    #[must_use]
    pub fn root(&self) -> &'static str {
        if self.form { "form" } else { "record" }
    }

    #[must_use]
    pub fn register(&self) -> &str {
        &self.register
    }
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }
    /// The field that marks a record as kept by a use case of its own.
    #[must_use]
    pub fn managed(&self) -> Option<&str> {
        self.managed.as_deref()
    }
    /// All slots, built-ins first; index = [`SlotId`].
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<SlotId> {
        self.by_name.get(name).copied()
    }
    #[must_use]
    pub fn field(&self, slot: SlotId) -> Option<&Field> {
        self.fields.get(usize::from(slot))
    }

    /// A layout that keeps only `uses` (what the expressions of this register read).
    #[must_use]
    pub fn restrict(&self, uses: &BTreeMap<SlotId, Use>) -> Layout {
        Layout::new(self, uses)
    }

    /// A layout that keeps every slot with its full content.
    #[must_use]
    pub fn full(&self) -> Layout {
        Layout::new(self, &(0..).zip(&self.fields).map(|(slot, _)| (slot, Use::Content)).collect())
    }
}

fn built_in(id: &str, ty: FieldType, def: &RegisterDef) -> Field {
    let mut choices = Vec::new();
    if id == "state"
        && let Some(states) = def.lifecycle.as_ref().and_then(|l| l.get("state")).and_then(serde_json::Value::as_array)
    {
        choices.extend(states.iter().filter_map(|s| s.get("id")).filter_map(serde_json::Value::as_str).map(str::to_owned));
    }
    Field {
        id: id.to_owned(),
        ty,
        required: true,
        personal: false,
        search: false,
        filter: false,
        choices,
        max_length: MAX_TEXT,
        min: None,
        max: None,
        built_in: true,
    }
}

fn check_field(field: &FieldDef, faults: &mut Vec<FieldFault>) {
    if !is_identifier(&field.id) {
        faults.push(FieldFault::new(&field.id, "field.id"));
    }
    if BUILT_IN.iter().any(|(name, _)| *name == field.id) {
        faults.push(FieldFault::new(&field.id, "field.built_in"));
    }
    if (field.ty == FieldType::Choice) == field.choices.is_empty() {
        let code = if field.choices.is_empty() { "field.no_choices" } else { "field.choices_on_other_type" };
        faults.push(FieldFault::new(&field.id, code).with("type", field.ty));
    }
    for (i, choice) in field.choices.iter().enumerate() {
        if choice.id.is_empty() || field.choices[..i].iter().any(|c| c.id == choice.id) {
            faults.push(FieldFault::new(&field.id, "field.choice_id").with("choice", &choice.id));
        }
    }
    if (field.min.is_some() || field.max.is_some()) && !matches!(field.ty, FieldType::Int | FieldType::Decimal(_)) {
        faults.push(FieldFault::new(&field.id, "field.range_on_other_type").with("type", field.ty));
    }
    if field.min.zip(field.max).is_some_and(|(min, max)| min > max) {
        faults.push(FieldFault::new(&field.id, "field.range_empty"));
    }
}
