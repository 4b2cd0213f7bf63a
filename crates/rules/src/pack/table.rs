//! Reading TOML tables so that every fault is found in one pass, each with its line.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use jiff::civil::Date;
use serde_json::Value as Json;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    fault::{Fault, Problem},
    source::{At, Src},
};
use crate::{Localized, units::UnitKey};

/// Where faults are gathered. Bounded: a broken file must not produce a million lines.
#[derive(Default)]
pub(crate) struct Faults(RefCell<Vec<Fault>>);

/// More faults than this help nobody; reading goes on but nothing more is noted.
const MAX_FAULTS: usize = 500;

impl Faults {
    pub fn push(&self, at: At, problem: Problem) {
        let mut all = self.0.borrow_mut();
        if all.len() < MAX_FAULTS {
            all.push(problem.at(at));
        }
    }
    pub fn into_sorted(self) -> Vec<Fault> {
        let mut all = self.0.into_inner();
        all.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        all.dedup();
        all
    }
}

/// One TOML table being read: remembers which keys were asked for.
pub(crate) struct Table<'a> {
    pub src: &'a Src<'a>,
    pub faults: &'a Faults,
    /// How the table is called in a sentence: `[[target]]`.
    pub name: String,
    node: &'a DeTable<'a>,
    start: usize,
    asked: RefCell<BTreeSet<&'static str>>,
}

type Node<'a> = &'a Spanned<DeValue<'a>>;

impl<'a> Table<'a> {
    pub fn new(src: &'a Src<'a>, faults: &'a Faults, name: impl Into<String>, node: &'a DeTable<'a>, start: usize) -> Self {
        Self { src, faults, name: name.into(), node, start, asked: RefCell::default() }
    }

    /// Where the table begins.
    pub fn at(&self) -> At {
        self.src.at(self.start)
    }

    /// Where the value of `key` is; the table itself when it has none.
    pub fn at_key(&self, key: &str) -> At {
        self.raw(key).map_or_else(|| self.at(), |node| self.src.at(node.span().start))
    }

    /// Where each value of the table is.
    pub fn places(&self) -> BTreeMap<String, At> {
        self.node.iter().map(|(k, v)| (k.get_ref().to_string(), self.src.at(v.span().start))).collect()
    }

    pub fn fault(&self, key: &str, problem: Problem) {
        self.faults.push(self.at_key(key), problem);
    }

    fn raw(&self, key: &str) -> Option<Node<'a>> {
        self.node.iter().find(|(k, _)| k.get_ref() == key).map(|(_, v)| v)
    }

    fn ask(&self, key: &'static str) -> Option<Node<'a>> {
        self.asked.borrow_mut().insert(key);
        self.raw(key)
    }

    fn wrong(&self, key: &str, span: &Range<usize>, expected: &'static str, expected_vi: &'static str) {
        self.faults.push(self.src.at(span.start), Problem::WrongType { key: key.to_owned(), expected, expected_vi });
    }

    fn missing(&self, key: &'static str) {
        self.faults.push(self.at(), Problem::MissingKey { key, of: self.name.clone() });
    }

    pub fn has(&self, key: &str) -> bool {
        self.raw(key).is_some()
    }

    /// Text, trimmed; empty text is a fault.
    pub fn text_opt(&self, key: &'static str) -> Option<String> {
        let node = self.ask(key)?;
        match node.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.faults.push(self.src.at(node.span().start), Problem::Empty { key: key.to_owned() });
                None
            }
            DeValue::String(text) => Some(text.trim().to_owned()),
            _ => {
                self.wrong(key, &node.span(), "a text in quotes", "một đoạn chữ trong ngoặc kép");
                None
            }
        }
    }

    /// Required text; a fault and an empty text when it is missing.
    pub fn text(&self, key: &'static str) -> String {
        if !self.has(key) {
            self.missing(key);
            self.asked.borrow_mut().insert(key);
        }
        self.text_opt(key).unwrap_or_default()
    }

    pub fn id(&self, key: &'static str) -> String {
        let id = self.text(key);
        if !id.is_empty() && !is_id(&id) {
            self.fault(key, Problem::BadId { text: id.clone() });
        }
        id
    }

    pub fn choice(&self, key: &'static str, allowed: &[&str]) -> String {
        let text = self.text(key);
        if !text.is_empty() && !allowed.contains(&text.as_str()) {
            let allowed = allowed.iter().map(|s| (*s).to_owned()).collect();
            self.fault(key, Problem::NotOneOf { key: key.to_owned(), text: text.clone(), allowed });
        }
        text
    }

    pub fn choice_or(&self, key: &'static str, allowed: &[&str], default: &str) -> String {
        if self.has(key) { self.choice(key, allowed) } else { default.to_owned() }
    }

    pub fn flag(&self, key: &'static str) -> bool {
        match self.ask(key) {
            None => false,
            Some(node) => node.get_ref().as_bool().unwrap_or_else(|| {
                self.wrong(key, &node.span(), "true or false", "true hoặc false");
                false
            }),
        }
    }

    /// `verified`: true unless the author says otherwise.
    pub fn verified(&self) -> bool {
        !self.has("verified") || self.flag("verified")
    }

    pub fn int_opt(&self, key: &'static str) -> Option<i64> {
        let node = self.ask(key)?;
        let value = node.get_ref().as_integer().and_then(|i| i64::from_str_radix(i.as_str(), i.radix()).ok());
        if value.is_none() {
            self.wrong(key, &node.span(), "a whole number", "một số nguyên");
        }
        value
    }

    pub fn int_in(&self, key: &'static str, from: i64, to: i64, allowed: &'static str) -> Option<i64> {
        let value = self.int_opt(key)?;
        if (from..=to).contains(&value) {
            return Some(value);
        }
        self.fault(key, Problem::OutOfRange { key: key.to_owned(), text: value.to_string(), allowed });
        None
    }

    pub fn number_opt(&self, key: &'static str) -> Option<f64> {
        let node = self.ask(key)?;
        let value = match node.get_ref() {
            DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix()).ok().map(|v| {
                #[expect(clippy::cast_precision_loss, reason = "settings are small numbers")]
                let value = v as f64;
                value
            }),
            DeValue::Float(f) => f.as_str().parse::<f64>().ok().filter(|v| v.is_finite()),
            _ => None,
        };
        if value.is_none() {
            self.wrong(key, &node.span(), "a number", "một số");
        }
        value
    }

    /// A TOML date or a text `2025-07-01`. Days that do not exist are a fault.
    pub fn date_opt(&self, key: &'static str) -> Option<Date> {
        let node = self.ask(key)?;
        let text = match node.get_ref() {
            DeValue::Datetime(value) if value.time.is_none() => value.to_string(),
            DeValue::String(text) => text.trim().to_owned(),
            _ => {
                self.wrong(key, &node.span(), "a date such as 2025-07-01", "một ngày như 2025-07-01");
                return None;
            }
        };
        let date = read_date(&text);
        if date.is_none() {
            self.faults.push(self.src.at(node.span().start), Problem::NotADate { text });
        }
        date
    }

    pub fn date(&self, key: &'static str) -> Option<Date> {
        if !self.has(key) {
            self.missing(key);
            self.asked.borrow_mut().insert(key);
        }
        self.date_opt(key)
    }

    pub fn unit_opt(&self, key: &'static str) -> Option<UnitKey> {
        let text = self.text_opt(key)?;
        let unit = text.parse().ok();
        if unit.is_none() {
            self.fault(key, Problem::NotAUnitKey { text });
        }
        unit
    }

    pub fn unit(&self, key: &'static str) -> Option<UnitKey> {
        if !self.has(key) {
            self.missing(key);
            self.asked.borrow_mut().insert(key);
        }
        self.unit_opt(key)
    }

    /// Texts of a list with their places.
    pub fn texts(&self, key: &'static str) -> Vec<(String, At)> {
        let Some(node) = self.ask(key) else { return Vec::new() };
        let Some(list) = node.get_ref().as_array() else {
            self.wrong(key, &node.span(), "a list of texts", "một danh sách chữ");
            return Vec::new();
        };
        list.iter()
            .filter_map(|item| match item.get_ref().as_str() {
                Some(text) if !text.trim().is_empty() => Some((text.trim().to_owned(), self.src.at(item.span().start))),
                _ => {
                    self.wrong(key, &item.span(), "a list of texts", "một danh sách chữ");
                    None
                }
            })
            .collect()
    }

    /// Unit keys of a list with their places.
    pub fn units(&self, key: &'static str) -> Vec<(UnitKey, At)> {
        self.texts(key)
            .into_iter()
            .filter_map(|(text, at)| match text.parse() {
                Ok(unit) => Some((unit, at)),
                Err(_) => {
                    self.faults.push(at, Problem::NotAUnitKey { text });
                    None
                }
            })
            .collect()
    }

    pub fn localized_opt(&self, key: &'static str) -> Option<Localized> {
        let node = self.ask(key)?;
        let Some(inner) = node.get_ref().as_table() else {
            self.wrong(
                key,
                &node.span(),
                "a text in both languages, { vi = \"…\", en = \"…\" }",
                "chữ bằng hai thứ tiếng, { vi = \"…\", en = \"…\" }",
            );
            return None;
        };
        let table = Table::new(self.src, self.faults, key, inner, node.span().start);
        let text = Localized { vi: table.text("vi"), en: table.text("en") };
        table.finish();
        Some(text)
    }

    pub fn localized(&self, key: &'static str) -> Localized {
        if !self.has(key) {
            self.missing(key);
            self.asked.borrow_mut().insert(key);
        }
        self.localized_opt(key).unwrap_or_default()
    }

    pub fn table_opt(&self, key: &'static str) -> Option<Table<'a>> {
        let node = self.ask(key)?;
        match node.get_ref().as_table() {
            Some(inner) => Some(Table::new(self.src, self.faults, format!("[{key}]"), inner, node.span().start)),
            None => {
                self.wrong(key, &node.span(), "a table", "một bảng");
                None
            }
        }
    }

    /// The tables of `[[key]]`, or of a list of inline tables.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let Some(node) = self.ask(key) else { return Vec::new() };
        let Some(list) = node.get_ref().as_array() else {
            self.wrong(key, &node.span(), "a list of tables, written [[…]]", "một danh sách bảng, viết [[…]]");
            return Vec::new();
        };
        list.iter()
            .filter_map(|item| match item.get_ref().as_table() {
                Some(inner) => Some(Table::new(self.src, self.faults, format!("[[{key}]]"), inner, item.span().start)),
                None => {
                    self.wrong(key, &item.span(), "a table", "một bảng");
                    None
                }
            })
            .collect()
    }

    /// The value as JSON, dates as text; null when missing.
    pub fn json(&self, key: &'static str) -> Json {
        self.ask(key).map_or(Json::Null, |node| to_json(node.get_ref()))
    }

    /// The whole table as JSON without asking further; used where another module owns the shape.
    pub fn whole_json(&self) -> serde_json::Map<String, Json> {
        self.node.iter().map(|(k, v)| (k.get_ref().to_string(), to_json(v.get_ref()))).collect()
    }

    /// Keys that nobody asked for are faults, with the nearest known word.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.node.iter() {
            if !asked.contains(key.get_ref().as_ref()) {
                let known = asked.iter().map(|s| (*s).to_owned()).collect();
                self.faults.push(self.src.at(key.span().start), Problem::UnknownKey { key: key.get_ref().to_string(), known });
            }
        }
    }
}

/// `2025-07-01`, nothing else; `None` for days that do not exist.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}

pub(crate) fn is_id(text: &str) -> bool {
    text.len() <= 80
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        && text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

fn to_json(value: &DeValue<'_>) -> Json {
    match value {
        DeValue::String(text) => Json::String(text.to_string()),
        DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix()).map_or(Json::Null, Json::from),
        DeValue::Float(f) => f.as_str().parse::<f64>().map_or(Json::Null, Json::from),
        DeValue::Boolean(b) => Json::Bool(*b),
        DeValue::Datetime(d) => Json::String(d.to_string()),
        DeValue::Array(list) => list.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::Table(table) => Json::Object(table.iter().map(|(k, v)| (k.get_ref().to_string(), to_json(v.get_ref()))).collect()),
    }
}
