//! Units and successions as tables, for packs with hundreds of them.

use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;

use super::{
    fault::Problem,
    source::{At, Src},
    table::{Faults, read_date},
};
use crate::units::UnitKey;

/// A country has about 15,000 units, old and new together.
const MAX_ROWS: usize = 50_000;

/// One line of a table with a header.
pub(crate) struct Row<'a> {
    pub src: &'a Src<'a>,
    pub faults: &'a Faults,
    header: &'a [String],
    record: StringRecord,
    line: usize,
}

/// Reads every line; `columns` are the known ones, of which `needed` must be in the header.
pub(crate) fn rows<'a>(
    src: &'a Src<'a>,
    faults: &'a Faults,
    columns: &[&'static str],
    needed: &[&'static str],
    mut each: impl FnMut(&Row<'_>),
) {
    let text = src.text.strip_prefix('\u{feff}').unwrap_or(src.text);
    let mut reader = ReaderBuilder::new().has_headers(true).comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(error) => return faults.push(src.line(1, 1), Problem::NotCsv { message: error.to_string() }),
    };
    let header_line = text.lines().position(|l| !l.starts_with('#') && !l.trim().is_empty()).unwrap_or(0) + 1;
    for key in needed.iter().filter(|key| !header.iter().any(|h| h == **key)) {
        faults.push(src.line(header_line, 1), Problem::MissingKey { key, of: src.file_name().to_owned() });
    }
    for key in header.iter().filter(|h| !columns.contains(&h.as_str())) {
        let known = columns.iter().map(|c| (*c).to_owned()).collect();
        faults.push(src.line(header_line, column_of(src, header_line, key)), Problem::UnknownKey { key: key.clone(), known });
    }
    for (count, record) in reader.records().enumerate() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(1, |p| usize::try_from(p.line()).unwrap_or(usize::MAX));
                let line = past_comments(text, line);
                each(&Row { src, faults, header: &header, record, line });
            }
            Err(error) => {
                let line = error.position().map_or(1, |p| usize::try_from(p.line()).unwrap_or(usize::MAX));
                let line = past_comments(text, line);
                let message = match error.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!("{len} columns, the header has {expected_len}"),
                    _ => error.to_string(),
                };
                faults.push(src.line(line, 1), Problem::NotCsv { message });
            }
        }
        if count >= MAX_ROWS {
            return faults.push(src.line(1, 1), Problem::TooMany { what: "rows", limit: MAX_ROWS });
        }
    }
}

/// A record's position is where reading went on, before the comments and blank lines above it.
fn past_comments(text: &str, line: usize) -> usize {
    let above = text.lines().skip(line.saturating_sub(1)).take_while(|l| l.starts_with('#') || l.trim().is_empty()).count();
    line + above
}

fn column_of(src: &Src<'_>, line: usize, value: &str) -> usize {
    let text = src.text.lines().nth(line.saturating_sub(1)).unwrap_or("");
    text.find(value).map_or(1, |offset| text[..offset].chars().count() + 1)
}

impl Row<'_> {
    pub fn at(&self) -> At {
        self.src.line(self.line, 1)
    }

    pub fn at_key(&self, key: &str) -> At {
        let value = self.get(key).unwrap_or("");
        self.src.line(self.line, if value.is_empty() { 1 } else { column_of(self.src, self.line, value) })
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        let index = self.header.iter().position(|h| h == key)?;
        self.record.get(index).filter(|v| !v.is_empty())
    }

    pub fn text_opt(&self, key: &str) -> Option<String> {
        self.get(key).map(str::to_owned)
    }

    pub fn fault(&self, key: &str, problem: Problem) {
        self.faults.push(self.at_key(key), problem);
    }

    pub fn text(&self, key: &'static str) -> String {
        self.get(key).map_or_else(
            || {
                self.faults.push(self.at(), Problem::Empty { key: key.to_owned() });
                String::new()
            },
            str::to_owned,
        )
    }

    pub fn date_opt(&self, key: &'static str) -> Option<Date> {
        let text = self.get(key)?;
        let date = read_date(text);
        if date.is_none() {
            self.fault(key, Problem::NotADate { text: text.to_owned() });
        }
        date
    }

    pub fn date(&self, key: &'static str) -> Option<Date> {
        if self.get(key).is_none() {
            self.faults.push(self.at(), Problem::Empty { key: key.to_owned() });
        }
        self.date_opt(key)
    }

    pub fn unit_opt(&self, key: &'static str) -> Option<UnitKey> {
        let text = self.get(key)?;
        let unit = text.parse().ok();
        if unit.is_none() {
            self.fault(key, Problem::NotAUnitKey { text: text.to_owned() });
        }
        unit
    }

    pub fn flag_or(&self, key: &'static str, default: bool) -> bool {
        match self.get(key) {
            None => default,
            Some("true" | "yes" | "1") => true,
            Some("false" | "no" | "0") => false,
            Some(_) => {
                self.fault(key, Problem::WrongType { key: key.to_owned(), expected: "true or false", expected_vi: "true hoặc false" });
                default
            }
        }
    }
}
