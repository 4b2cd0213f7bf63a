//! One shape for all sources: rows of named values with a place in their file, and faults that say where and why.

use std::{borrow::Cow, fmt, sync::Arc};

use serde_json::{Map, Value, json};

pub use crate::when::When;

/// A stream of rows. A fault that is not [`RowFault::fatal`] concerns one row: the next call goes on with the row after it.
/// After a fatal fault the stream ends.
pub trait Source: Iterator<Item = Result<SourceRow, RowFault>> + Send {
    /// The name the file was opened under; the same as in every place.
    fn file(&self) -> &str;

    /// Bytes taken from the file so far, as stored (compressed bytes for a compressed file): set against the size of the
    /// file, the progress of an import.
    fn bytes_read(&self) -> u64;
}

/// Where in a file something stands. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<str>,
    pub line: u64,
    /// XML: the character in the line, from 1. CSV: the number of the field in the row, from 1.
    pub column: Option<u32>,
    /// The number of the row or trace, from 1; 0 before the first.
    pub item: u64,
}

impl Place {
    #[must_use]
    pub fn at(&self, spot: Spot) -> Self {
        if spot.line == 0 {
            return self.clone();
        }
        Self { line: u64::from(spot.line), column: Some(spot.column), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

/// Line and column of one value within its file; `line` 0 for a value that came from no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spot {
    pub line: u32,
    pub column: u32,
}

/// A named value. Names may repeat only inside a list.
pub type Named = (String, RawValue);

/// A value as the source wrote it (`text`, entities resolved), with what its declared type makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RawValue {
    pub kind: Kind,
    /// As written, so that an export can give back exactly what came in. Empty for lists and containers.
    pub text: String,
    /// Nested attributes of an XES attribute; the items of a list or container. Addressed as `parent/child`.
    pub children: Vec<Named>,
    pub spot: Spot,
}

/// The declared type of a value. Text sources know only [`Kind::Text`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Text,
    Date(When),
    Int(i64),
    Float(f64),
    Bool(bool),
    Id,
    List,
    Container,
}

impl Kind {
    /// The XES element that holds a value of this type.
    #[must_use]
    pub fn element(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Date(_) => "date",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Bool(_) => "boolean",
            Self::Id => "id",
            Self::List => "list",
            Self::Container => "container",
        }
    }

    /// The type of XES element `element` with value `text`; `None` when there is no such element, or its value is not of
    /// the type. XML Schema lexical forms.
    #[must_use]
    pub fn read(element: &str, text: &str) -> Option<Self> {
        let trimmed = text.trim_ascii();
        Some(match element {
            "string" => Self::Text,
            "id" => Self::Id,
            "date" => Self::Date(When::parse(trimmed)?),
            "int" => Self::Int(trimmed.parse().ok()?),
            "float" => Self::Float(trimmed.parse().ok()?),
            "boolean" => match trimmed {
                "true" | "1" => Self::Bool(true),
                "false" | "0" => Self::Bool(false),
                other if other.eq_ignore_ascii_case("true") => Self::Bool(true),
                other if other.eq_ignore_ascii_case("false") => Self::Bool(false),
                _ => return None,
            },
            "list" => Self::List,
            "container" => Self::Container,
            _ => return None,
        })
    }
}

impl RawValue {
    #[must_use]
    pub fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), children: Vec::new(), spot: Spot::default() }
    }
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Kind::Text, text)
    }
    #[must_use]
    pub fn instant(at: rules::Timestamp) -> Self {
        Self::new(Kind::Date(When::Instant(at)), at.to_string())
    }
    #[must_use]
    pub fn int(value: i64) -> Self {
        Self::new(Kind::Int(value), value.to_string())
    }
    #[must_use]
    pub fn boolean(value: bool) -> Self {
        Self::new(Kind::Bool(value), if value { "true" } else { "false" })
    }
    #[must_use]
    pub fn list(children: Vec<Named>) -> Self {
        Self { children, ..Self::new(Kind::List, "") }
    }

    /// Nothing is said: empty text (or only spaces) and no children.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.children.is_empty() && self.text.trim().is_empty()
    }
}

/// The value under `name`, or under a path `parent/child` where no value has exactly that name.
#[must_use]
pub fn find<'a>(values: &'a [Named], name: &str) -> Option<&'a RawValue> {
    if let Some((_, value)) = values.iter().find(|(key, _)| key == name) {
        return Some(value);
    }
    // A key may itself hold a slash, so every cut is tried.
    name.match_indices('/').find_map(|(cut, _)| {
        let parent = values.iter().find(|(key, _)| key == &name[..cut])?;
        find(&parent.1.children, &name[cut + 1..])
    })
}

/// One event of a row's history, values still under the source's own names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawEvent {
    pub spot: Spot,
    pub attrs: Vec<Named>,
}

/// One row of a table or one trace of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    pub place: Place,
    /// In the order of the file.
    pub values: Vec<Named>,
    pub events: Vec<RawEvent>,
    /// The row exactly as it stands in the file, for the file of bad rows.
    pub raw: String,
}

impl SourceRow {
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&RawValue> {
        find(&self.values, name)
    }
}

/// Something in a source that cannot be taken as it is. `Display` is an English sentence with its place; a person reads the
/// sentence of `code` in the translation files.
#[derive(Debug, Clone, PartialEq)]
pub struct RowFault {
    pub place: Place,
    /// Stable; one of [`FAULTS`].
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
    /// The row as it stands in the file, where it could be read at all.
    pub raw: Option<String>,
    /// Nothing after this place can be read.
    pub fatal: bool,
}

/// Longest piece of a source's text that a message repeats, in characters.
const MAX_QUOTED: usize = 80;

/// `text` short enough for a message.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut cut: String = text.chars().take(MAX_QUOTED).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MAX_QUOTED).is_some() {
        cut.push('…');
    }
    cut
}

impl RowFault {
    #[must_use]
    pub fn new(place: Place, code: &'static str) -> Self {
        debug_assert!(FAULTS.iter().any(|(known, _)| *known == code), "fault {code} has no sentence");
        Self { place, code, args: Vec::new(), raw: None, fatal: false }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, quoted(&value.to_string())));
        self
    }

    #[must_use]
    pub fn fatal(mut self) -> Self {
        self.fatal = true;
        self
    }

    /// The sentence without its place.
    #[must_use]
    pub fn sentence(&self) -> Cow<'static, str> {
        let Some((_, template)) = FAULTS.iter().find(|(code, _)| *code == self.code) else { return Cow::Borrowed(self.code) };
        if self.args.is_empty() {
            return Cow::Borrowed(template);
        }
        // Written in one pass, so that a brace in a value is never taken for a name.
        let (mut out, mut rest) = (String::new(), *template);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(self.args.iter().find(|(known, _)| *known == name).map_or("?", |(_, value)| value));
            rest = tail;
        }
        out.push_str(rest);
        Cow::Owned(out)
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if self.place.item > 0 {
            write!(f, "item {}: ", self.place.item)?;
        }
        f.write_str(&self.sentence())
    }
}

impl std::error::Error for RowFault {}

impl From<RowFault> for rules::Refusal {
    /// The values of the sentence, then `file`, `line`, `item` and where known `column`.
    fn from(fault: RowFault) -> Self {
        let mut args = fault.args;
        args.push(("file", fault.place.file.to_string()));
        args.push(("line", fault.place.line.to_string()));
        args.push(("item", fault.place.item.to_string()));
        args.extend(fault.place.column.map(|column| ("column", column.to_string())));
        Self { code: fault.code, args }
    }
}

/// Every fault of every source and mapping with its English sentence. Translations need one sentence for each code.
pub const FAULTS: &[(&str, &str)] = &[
    ("input.io", "the file could not be read: {detail}"),
    ("input.gzip", "the gzip data is damaged: {detail}"),
    ("input.gzip_truncated", "the gzip data ends too early; the file was probably not copied whole"),
    ("input.too_large", "the content is larger than the limit of {limit} bytes"),
    ("input.ratio", "the content unpacks to more than {limit} times its compressed size, which no real log does; it is refused"),
    ("input.encoding", "the text is not UTF-8 ({detail}); save the file as UTF-8 and try again"),
    ("xes.malformed", "the XML is malformed: {detail}"),
    ("xes.nesting", "the elements are wrongly nested: {detail}"),
    ("xes.truncated", "the file ends inside <{element}>, which opened at line {opened}"),
    ("xes.empty", "the file holds no XML element; an XES log begins with <log>"),
    ("xes.root", "the root element is <{found}>; an XES log begins with <log>"),
    ("xes.element", "<{found}> is not allowed inside <{inside}>"),
    ("xes.text", "text is not allowed inside <{inside}>; XES keeps values in the attribute \"value\" (found \"{text}\")"),
    ("xes.dtd", "a document type declaration is not accepted; XES needs none"),
    ("xes.entity", "an entity cannot be resolved: {detail}"),
    ("xes.token_too_long", "one tag, comment or text is longer than the limit of {limit} bytes"),
    ("xes.key", "<{element}> has no attribute \"key\""),
    ("xes.value", "<{element} key=\"{key}\"> has no attribute \"value\""),
    ("xes.duplicate", "the key \"{key}\" stands twice in the same element"),
    ("xes.date", "\"{value}\" in \"{key}\" is not a date and time like 2025-07-01T08:00:00+07:00"),
    ("xes.int", "\"{value}\" in \"{key}\" is not a whole number of 64 bits"),
    ("xes.float", "\"{value}\" in \"{key}\" is not a number"),
    ("xes.boolean", "\"{value}\" in \"{key}\" is neither true nor false"),
    ("xes.attributes", "the trace has more than {limit} attributes, those of its events included"),
    ("xes.value_too_long", "the value of \"{key}\" is longer than the limit of {limit} bytes"),
    ("xes.depth", "the elements are nested deeper than {limit} levels"),
    ("xes.orphan_event", "an event stands outside any trace; it belongs to no record"),
    ("xes.trace_too_large", "the trace is larger than the limit of {limit} bytes"),
    ("csv.empty", "the file is empty; its first row must name the columns"),
    ("csv.header", "column {column} of the first row has no name"),
    ("csv.header_duplicate", "two columns are named \"{name}\""),
    ("csv.columns", "the row has {found} fields, the first row has {expected}"),
    ("csv.quote", "a quotation mark opens here and is never closed"),
    ("csv.row_too_long", "the row is longer than the limit of {limit} bytes; perhaps a quotation mark is not closed"),
    ("xlsx.broken", "the file is no whole Excel workbook (.xlsx): {detail}"),
    ("xlsx.columns", "the table is wider than the limit of {limit} columns"),
    ("xlsx.nameless", "\"{value}\" stands in a column without a name in the first row"),
    ("map.key", "the row has no \"{from}\", which identifies the record"),
    ("map.required", "\"{from}\" is missing; the field \"{field}\" needs it"),
    ("map.unit", "the unit cannot be told: \"{from}\" is missing"),
    ("map.unknown_value", "\"{value}\" in \"{from}\" is not in the map of \"{field}\"; known: {known}"),
    ("map.type", "\"{value}\" in \"{from}\" is not {expected}, which the field \"{field}\" needs"),
    (
        "map.day",
        "\"{value}\" in \"{from}\" is a day without a time; the field \"{field}\" needs a time: declare day = \"start\" or day = \"end\"",
    ),
    ("map.zone", "\"{value}\" in \"{from}\" is a time that the zone of the mapping skips or has twice; give it an offset"),
    ("map.state", "no rule of [state] fits this row"),
    ("map.event", "the event has no \"{from}\", which the mapping takes as its {role}"),
    ("map.event_time", "\"{value}\" in \"{from}\" of an event is not a date and time"),
];

/// Everything the row said, as JSON that [`from_source_json`] reads back without loss:
/// `{"values":[[name,type,text],[name,type,text,[children…]],…],"events":[[…],…]}`, types by their XES names.
#[must_use]
pub fn source_json(row: &SourceRow) -> Value {
    json!({ "values": named_json(&row.values), "events": row.events.iter().map(|e| named_json(&e.attrs)).collect::<Vec<_>>() })
}

/// As [`source_json`], the events alone.
#[must_use]
pub fn source_events_json(row: &SourceRow) -> Value {
    json!({ "values": [], "events": row.events.iter().map(|e| named_json(&e.attrs)).collect::<Vec<_>>() })
}

pub(crate) fn named_json(values: &[Named]) -> Value {
    let one = |(name, value): &Named| {
        let mut item = vec![json!(name), json!(value.kind.element()), json!(value.text)];
        if !value.children.is_empty() {
            item.push(named_json(&value.children));
        }
        Value::Array(item)
    };
    Value::Array(values.iter().map(one).collect())
}

/// Values and events of a JSON text that [`source_json`] made; `None` for any other JSON.
#[must_use]
pub fn from_source_json(source: &Value) -> Option<(Vec<Named>, Vec<Vec<Named>>)> {
    let source: &Map<String, Value> = source.as_object()?;
    let values = named_from_json(source.get("values")?, 0)?;
    let events = source.get("events")?.as_array()?.iter().map(|e| named_from_json(e, 0)).collect::<Option<_>>()?;
    Some((values, events))
}

fn named_from_json(values: &Value, depth: usize) -> Option<Vec<Named>> {
    if depth > crate::xes::MAX_DEPTH {
        return None;
    }
    let one = |item: &Value| {
        let item = item.as_array()?;
        let text = item.get(2)?.as_str()?;
        let mut value = RawValue::new(Kind::read(item.get(1)?.as_str()?, text)?, text);
        if let Some(children) = item.get(3) {
            value.children = named_from_json(children, depth + 1)?;
        }
        Some((item.first()?.as_str()?.to_owned(), value))
    };
    values.as_array()?.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_values_are_found_by_path_even_when_a_key_holds_a_slash() {
        let mut parent = RawValue::text("p");
        parent.children.push(("b/c".into(), RawValue::text("deep")));
        let values = vec![("a".to_owned(), parent), ("x/y".to_owned(), RawValue::text("flat"))];
        assert_eq!(find(&values, "a/b/c").unwrap().text, "deep");
        assert_eq!(find(&values, "x/y").unwrap().text, "flat");
        assert!(find(&values, "a/b").is_none());
    }

    #[test]
    fn a_fault_reads_as_a_sentence_with_its_place() {
        let place = Place { file: "a.csv".into(), line: 7, column: Some(3), item: 6 };
        let fault = RowFault::new(place, "csv.columns").with("expected", 4).with("found", "{expected}");
        assert_eq!(fault.to_string(), "a.csv:7:3: item 6: the row has {expected} fields, the first row has 4");
        let refusal = rules::Refusal::from(fault);
        assert_eq!(refusal.code, "csv.columns");
        assert!(refusal.args.contains(&("line", "7".to_owned())));
    }

    #[test]
    fn codes_are_unique() {
        let mut codes: Vec<_> = FAULTS.iter().map(|(code, _)| code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), FAULTS.len());
    }
}
