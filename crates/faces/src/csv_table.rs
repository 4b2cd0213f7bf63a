//! Tables in CSV (RFC 4180, with comma, semicolon or tab), plain or in gzip: UTF-8 with or without a byte order mark,
//! the first row naming the columns. One row is one [`SourceRow`]; a quoted field may hold line breaks.
//!
//! A row with another number of fields than the first is a fault, never filled up or cut. Rows without any content are
//! passed over, as spreadsheets leave them behind.

use std::{
    io::{BufRead, Read},
    sync::Arc,
};

use csv_core::ReadRecordResult;

use crate::{
    input::{Input, InputLimits, Stop},
    tabular::{Kind, Named, Place, RawValue, RowFault, Source, SourceRow, Spot},
};

/// Largest table after unpacking.
pub const MAX_UNPACKED_BYTES: u64 = 16 << 30;
/// As for [`crate::xes::MAX_RATIO`].
pub const MAX_RATIO: u64 = 300;
/// Longest row: what is held in memory when a quotation mark is never closed.
pub const MAX_ROW_BYTES: usize = 4 << 20;

/// Delimiters that are recognised, in the order in which a tie is decided.
const DELIMITERS: [u8; 3] = *b",;\t";

/// Reads a table row by row.
pub struct CsvSource {
    input: Input,
    file: Arc<str>,
    core: csv_core::Reader,
    delimiter: u8,
    header: Vec<String>,
    started: bool,
    done: bool,
    item: u64,
    max_row_bytes: usize,
    /// Unquoted bytes of the fields of the current row, one after the other, and where each ends.
    fields: Vec<u8>,
    ends: Vec<usize>,
    raw: Vec<u8>,
}

impl CsvSource {
    /// `file` is the name shown in places.
    pub fn new(file: &str, reader: impl Read + Send + 'static) -> Self {
        Self::with_max_row(file, reader, MAX_ROW_BYTES)
    }

    fn with_max_row(file: &str, reader: impl Read + Send + 'static, max_row_bytes: usize) -> Self {
        let limits = InputLimits { max_bytes: MAX_UNPACKED_BYTES, max_ratio: MAX_RATIO };
        Self {
            input: Input::new(reader, limits, u64::MAX),
            file: Arc::from(file),
            core: csv_core::Reader::new(),
            delimiter: b',',
            header: Vec::new(),
            started: false,
            done: false,
            item: 0,
            max_row_bytes,
            fields: vec![0; 1024],
            ends: vec![0; 32],
            raw: Vec::new(),
        }
    }

    /// Names of the columns, once the first row was read.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The delimiter that the first row shows.
    #[must_use]
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    fn fault(&self, code: &'static str, spot: Spot) -> RowFault {
        RowFault::new(Place { file: Arc::clone(&self.file), line: u64::from(spot.line), column: None, item: self.item }, code)
    }

    fn with_raw(&self, fault: RowFault) -> RowFault {
        RowFault { raw: Some(String::from_utf8_lossy(&self.raw).into_owned()), ..fault }
    }

    /// The next row's number of fields and its first line; `None` at the end.
    fn read_fields(&mut self) -> Result<Option<(usize, Spot)>, RowFault> {
        self.skip_line_breaks()?;
        let start = self.input.spot();
        self.raw.clear();
        let (mut filled, mut fields) = (0, 0);
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) => return Err(self.stopped(&error)),
            };
            let at_end = available.is_empty();
            let (result, taken, written, ended) = self.core.read_record(available, &mut self.fields[filled..], &mut self.ends[fields..]);
            self.raw.extend_from_slice(&available[..taken]);
            self.input.consume(taken);
            filled += written;
            fields += ended;
            if self.raw.len() > self.max_row_bytes {
                return Err(self.fault("csv.row_too_long", start).with("limit", self.max_row_bytes).fatal());
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.fields.resize(self.fields.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => {
                    if at_end && let Some(offset) = open_quote(&self.raw, self.delimiter) {
                        let spot = crate::input::spot_within(start, &self.raw, offset);
                        return Err(self.with_raw(self.fault("csv.quote", spot)).fatal());
                    }
                    while matches!(self.raw.last(), Some(b'\r' | b'\n')) {
                        self.raw.pop();
                    }
                    return Ok(Some((fields, start)));
                }
            }
        }
    }

    fn stopped(&mut self, error: &std::io::Error) -> RowFault {
        let spot = self.input.spot();
        let stop = self.input.take_stop().unwrap_or_else(|| Stop::Io(error.to_string()));
        let place = self.fault("input.io", spot).place;
        stop.fault(place)
    }

    /// Takes blank lines, and the line feed that the row before left behind its carriage return.
    fn skip_line_breaks(&mut self) -> Result<(), RowFault> {
        loop {
            let breaks = match self.input.fill_buf() {
                Ok(available) => available.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count(),
                Err(error) => return Err(self.stopped(&error)),
            };
            if breaks == 0 {
                return Ok(());
            }
            self.input.consume(breaks);
        }
    }

    fn field(&self, i: usize) -> &[u8] {
        let from = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.fields[from..self.ends[i]]
    }

    fn field_text(&self, i: usize, line: u32) -> Result<&str, RowFault> {
        std::str::from_utf8(self.field(i)).map_err(|error| {
            let mut fault = self.fault("input.encoding", Spot { line, column: 0 }).with("detail", error);
            fault.place.column = u32::try_from(i + 1).ok();
            fault
        })
    }

    fn read_header(&mut self) -> Result<(), RowFault> {
        self.delimiter = sniff(self.input.peek());
        self.core = csv_core::ReaderBuilder::new().delimiter(self.delimiter).build();
        let Some((count, start)) = self.read_fields()? else {
            return Err(self.fault("csv.empty", Spot { line: 1, column: 1 }).fatal());
        };
        for i in 0..count {
            let name = self.field_text(i, start.line).map_err(RowFault::fatal)?.trim().to_owned();
            if name.is_empty() {
                return Err(self.fault("csv.header", start).with("column", i + 1).fatal());
            }
            if self.header.contains(&name) {
                return Err(self.fault("csv.header_duplicate", start).with("name", name).fatal());
            }
            self.header.push(name);
        }
        Ok(())
    }

    fn read_row(&mut self) -> Result<Option<SourceRow>, RowFault> {
        if !self.started {
            self.started = true;
            self.read_header()?;
        }
        loop {
            let Some((count, start)) = self.read_fields()? else { return Ok(None) };
            if (0..count).all(|i| self.field(i).is_empty()) {
                continue;
            }
            self.item += 1;
            if count != self.header.len() {
                let fault = self.fault("csv.columns", start).with("expected", self.header.len()).with("found", count);
                return Err(self.with_raw(fault));
            }
            return self.values(start).map_err(|fault| self.with_raw(fault)).map(|values| {
                let place = self.fault("csv.columns", start).place;
                Some(SourceRow { place, values, events: Vec::new(), raw: String::from_utf8_lossy(&self.raw).into_owned() })
            });
        }
    }

    fn values(&self, start: Spot) -> Result<Vec<Named>, RowFault> {
        let mut line = start.line;
        let mut values = Vec::with_capacity(self.header.len());
        for (i, name) in self.header.iter().enumerate() {
            let text = self.field_text(i, line)?;
            let spot = Spot { line, column: u32::try_from(i + 1).unwrap_or(u32::MAX) };
            let breaks = text.bytes().filter(|b| *b == b'\n').count();
            line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            values.push((name.clone(), RawValue { kind: Kind::Text, text: text.to_owned(), children: Vec::new(), spot }));
        }
        Ok(values)
    }
}

impl Iterator for CsvSource {
    type Item = Result<SourceRow, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let row = self.read_row();
        self.done = match &row {
            Ok(row) => row.is_none(),
            Err(fault) => fault.fatal,
        };
        row.transpose()
    }
}

impl Source for CsvSource {
    fn file(&self) -> &str {
        &self.file
    }
    fn bytes_read(&self) -> u64 {
        self.input.bytes_read()
    }
}

/// The delimiter that stands most often in the first row, outside quotation marks.
fn sniff(beginning: &[u8]) -> u8 {
    let mut counts = [0usize; DELIMITERS.len()];
    let mut quoted = false;
    for b in beginning.iter().skip_while(|b| matches!(b, b'\r' | b'\n')) {
        match b {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            b if !quoted => {
                if let Some(i) = DELIMITERS.iter().position(|d| d == b) {
                    counts[i] += 1;
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    counts.iter().position(|n| *n == most).map_or(b',', |i| DELIMITERS[i])
}

/// Where in the last row a quotation mark opens that is never closed.
fn open_quote(row: &[u8], delimiter: u8) -> Option<usize> {
    let (mut opened, mut field_begins, mut i) = (None, true, 0);
    while let Some(b) = row.get(i) {
        match (opened, b) {
            (Some(_), b'"') if row.get(i + 1) == Some(&b'"') => i += 1,
            (Some(_), b'"') => opened = None,
            (None, b'"') if field_begins => opened = Some(i),
            _ => {}
        }
        field_begins = opened.is_none() && *b == delimiter;
        i += 1;
    }
    opened
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(text: &[u8]) -> Vec<Result<SourceRow, RowFault>> {
        CsvSource::new("t.csv", Cursor::new(text.to_vec())).collect()
    }

    fn faults(text: &[u8]) -> Vec<String> {
        read(text).into_iter().filter_map(|row| row.err().map(|fault| fault.to_string())).collect()
    }

    #[test]
    fn places_are_those_an_editor_shows_with_every_line_ending_and_delimiter() {
        for (newline, delimiter) in [("\n", ","), ("\r\n", ";"), ("\r\n", "\t"), ("\n", "\t")] {
            let text = "\u{feff}mã,tên,note\n1,Đà Nẵng,\"two\nlines \"\"x\"\"\"\n\n,,\n2,Vũng Tàu,\n"
                .replace(',', delimiter)
                .replace('\n', newline);
            let rows: Vec<_> = read(text.as_bytes()).into_iter().map(Result::unwrap).collect();
            assert_eq!(rows.len(), 2, "{text}");
            assert_eq!(rows[0].value("mã").unwrap().text, "1");
            assert_eq!(rows[0].value("note").unwrap().text, format!("two{newline}lines \"x\""));
            assert_eq!((rows[0].place.line, rows[1].place.line), (2, 6), "{newline:?}");
            assert_eq!(rows[1].value("tên").unwrap().spot, Spot { line: 6, column: 2 });
            assert_eq!((rows[1].place.item, rows[1].raw.as_str()), (2, &*format!("2{delimiter}Vũng Tàu{delimiter}")));
        }
    }

    #[test]
    fn a_reader_that_gives_one_byte_at_a_time_changes_nothing() {
        struct Drip(Cursor<Vec<u8>>);
        impl Read for Drip {
            fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
                let n = buf.len().min(1);
                self.0.read(&mut buf[..n])
            }
        }
        let text = "\u{feff}a;b\r\n1;\"x\r\ny\"\r\n2;é\r\n".as_bytes().to_vec();
        let dripped: Vec<_> = CsvSource::new("t.csv", Drip(Cursor::new(text.clone()))).collect();
        assert_eq!(dripped, read(&text));
        assert_eq!(dripped.len(), 2);
    }

    #[test]
    fn a_bad_row_is_told_and_the_next_one_is_read() {
        let rows = read(b"a,b\n1\n2,3,4\n5,6\n\xff,7\n8,9");
        let told: Vec<_> = rows.iter().map(|row| row.as_ref().map_or_else(|f| f.to_string(), |r| r.raw.clone())).collect();
        assert_eq!(
            told[..3],
            [
                "t.csv:2: item 1: the row has 1 fields, the first row has 2",
                "t.csv:3: item 2: the row has 3 fields, the first row has 2",
                "5,6"
            ]
        );
        assert!(told[3].starts_with("t.csv:5:1: item 4: the text is not UTF-8"), "{}", told[3]);
        assert_eq!(told[4], "8,9");
        assert_eq!(rows[1].as_ref().unwrap_err().raw.as_deref(), Some("2,3,4"));
    }

    #[test]
    fn what_cannot_be_a_table_is_refused_at_once() {
        assert_eq!(faults(b""), ["t.csv:1: the file is empty; its first row must name the columns"]);
        assert_eq!(faults(b"a,,b\n1,2,3\n"), ["t.csv:1: column 2 of the first row has no name"]);
        assert_eq!(faults(b"a,a\n1,2\n"), ["t.csv:1: two columns are named \"a\""]);
        assert_eq!(faults(b"a,b\n1,2\n3,\"x\ny"), ["t.csv:3: item 1: a quotation mark opens here and is never closed"]);
        assert!(faults(b"\xff\xfea\0,\0")[0].contains("UTF-16"));
        let long = CsvSource::with_max_row("t.csv", Cursor::new(format!("a,b\n1,\"{}", "x".repeat(5000))), 1000).collect::<Vec<_>>();
        assert_eq!(long.len(), 1);
        assert_eq!(long[0].as_ref().unwrap_err().code, "csv.row_too_long");
    }

    #[test]
    fn a_quote_inside_a_field_is_not_an_open_quote() {
        assert_eq!(read(b"a,b\n1,5\" pipe").len(), 1);
        assert!(faults(b"a,b\n1,5\" pipe").is_empty());
        assert!(faults(b"a,b\n1,\"say \"\"x\"\"\"").is_empty());
    }
}
