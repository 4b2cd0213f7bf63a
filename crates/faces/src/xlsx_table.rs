//! Tables in Excel workbooks (.xlsx): the first visible sheet, its first row naming the columns. One row is one [`SourceRow`].
//!
//! What a cell is by its type stays so: a date is a date whatever its format on the screen, a whole number has no decimals. Only the
//! rows in hand and the workbook's shared texts are in memory; what a workbook unpacks to is bounded before it is read.

use std::{
    io::{Cursor, Read, Seek},
    sync::{Arc, mpsc},
};

use calamine::{CellErrorType, DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx};
use jiff::civil::{Date, DateTime};

use crate::tabular::{Kind, Named, Place, RawValue, RowFault, Source, SourceRow, Spot, When};

/// Largest workbook: as much as a million rows of dossiers need.
pub const MAX_BYTES: u64 = 256 << 20;
/// Most that its parts unpack to.
pub const MAX_UNPACKED_BYTES: u64 = 4 << 30;
/// Widest table; Excel itself has 16,384 columns.
const MAX_COLUMNS: usize = 1_024;
/// Rows read ahead.
const AHEAD: usize = 256;

/// Reads a workbook's first visible sheet row by row.
pub struct XlsxSource {
    file: Arc<str>,
    rows: mpsc::Receiver<Result<SourceRow, RowFault>>,
    /// The whole file is read before its first row: a workbook's directory stands at its end.
    bytes: u64,
}

impl XlsxSource {
    /// `file` is the name shown in places.
    pub fn new(file: &str, mut reader: impl Read + Send + 'static) -> Self {
        let file: Arc<str> = Arc::from(file);
        let (send, rows) = mpsc::sync_channel(AHEAD);
        let mut bytes = Vec::new();
        let read = reader.by_ref().take(MAX_BYTES + 1).read_to_end(&mut bytes);
        let size = bytes.len() as u64;
        let place = Place { file: Arc::clone(&file), line: 0, column: None, item: 0 };
        let fault = match read {
            Err(e) => Some(RowFault::new(place.clone(), "input.io").with("detail", e)),
            Ok(_) if size > MAX_BYTES => Some(RowFault::new(place.clone(), "input.too_large").with("limit", MAX_BYTES)),
            Ok(_) => None,
        };
        std::thread::spawn(move || {
            let outcome = match fault {
                Some(fault) => Err(fault),
                None => read_sheet(&place, Cursor::new(bytes), &mut |row| send.send(row).is_ok()),
            };
            if let Err(fault) = outcome {
                // Nobody listens any more: the import ended early.
                let _ = send.send(Err(fault.fatal()));
            }
        });
        Self { file, rows, bytes: size }
    }
}

impl Iterator for XlsxSource {
    type Item = Result<SourceRow, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.recv().ok()
    }
}

impl Source for XlsxSource {
    fn file(&self) -> &str {
        &self.file
    }
    fn bytes_read(&self) -> u64 {
        self.bytes
    }
}

/// What the parts of the workbook say they unpack to, before anything is unpacked.
fn bounded(place: &Place, book: &mut (impl Read + Seek)) -> Result<(), RowFault> {
    let broken = |e: zip::result::ZipError| RowFault::new(place.clone(), "xlsx.broken").with("detail", e);
    let mut archive = zip::ZipArchive::new(book).map_err(broken)?;
    let mut unpacked = 0u64;
    for i in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(i).map_err(broken)?.size());
    }
    if unpacked > MAX_UNPACKED_BYTES {
        return Err(RowFault::new(place.clone(), "input.too_large").with("limit", MAX_UNPACKED_BYTES));
    }
    Ok(())
}

/// Hands over rows until `take` wants no more.
fn read_sheet(place: &Place, mut book: Cursor<Vec<u8>>, take: &mut dyn FnMut(Result<SourceRow, RowFault>) -> bool) -> Result<(), RowFault> {
    bounded(place, &mut book)?;
    book.set_position(0);
    let broken = |e: calamine::XlsxError| RowFault::new(place.clone(), "xlsx.broken").with("detail", e);
    let mut book = Xlsx::new(book).map_err(broken)?;
    let sheet = book.sheets_metadata().iter().find(|s| s.visible == SheetVisible::Visible).map(|s| s.name.clone());
    let sheet = sheet.ok_or_else(|| RowFault::new(place.clone(), "csv.empty"))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut table = Table { place: place.clone(), header: Vec::new(), item: 0 };
    let mut row: Vec<(usize, RawValue)> = Vec::new();
    let mut line = None;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (at, column) = cell.get_position();
        if line != Some(at)
            && let Some(before) = line.replace(at)
            && !table.row(before, std::mem::take(&mut row), take)?
        {
            return Ok(());
        }
        let column = column as usize;
        if let Some(value) = value(cell.get_value()) {
            if column >= MAX_COLUMNS {
                return Err(RowFault::new(table.at(at), "xlsx.columns").with("limit", MAX_COLUMNS));
            }
            row.push((column, value));
        }
    }
    if let Some(at) = line {
        table.row(at, row, take)?;
    }
    if table.header.is_empty() {
        return Err(RowFault::new(place.clone(), "csv.empty"));
    }
    Ok(())
}

struct Table {
    place: Place,
    /// Column and name, in the order of the sheet.
    header: Vec<(usize, String)>,
    item: u64,
}

impl Table {
    fn at(&self, row: u32) -> Place {
        Place { line: u64::from(row) + 1, item: self.item, ..self.place.clone() }
    }

    /// Takes one row of the sheet; `false` when nobody wants more.
    fn row(
        &mut self,
        at: u32,
        cells: Vec<(usize, RawValue)>,
        take: &mut dyn FnMut(Result<SourceRow, RowFault>) -> bool,
    ) -> Result<bool, RowFault> {
        if cells.iter().all(|(_, v)| v.is_blank()) {
            return Ok(true);
        }
        if self.header.is_empty() {
            return self.name_columns(at, cells).map(|()| true);
        }
        self.item += 1;
        let place = self.at(at);
        let raw = cells.iter().map(|(_, v)| v.text.as_str()).collect::<Vec<_>>().join("\t");
        if let Some((column, v)) = cells.iter().find(|(c, v)| !v.is_blank() && !self.header.iter().any(|(h, _)| h == c)) {
            let spot = Spot { line: at + 1, column: u32::try_from(column + 1).unwrap_or(u32::MAX) };
            let fault = RowFault::new(place.at(spot), "xlsx.nameless").with("value", &v.text);
            return Ok(take(Err(RowFault { raw: Some(raw), ..fault })));
        }
        let mut by_column: std::collections::BTreeMap<usize, RawValue> = cells.into_iter().collect();
        let values: Vec<Named> = self
            .header
            .iter()
            .map(|(column, name)| {
                let mut value = by_column.remove(column).unwrap_or_else(|| RawValue::text(""));
                value.spot = Spot { line: at + 1, column: u32::try_from(column + 1).unwrap_or(u32::MAX) };
                (name.clone(), value)
            })
            .collect();
        Ok(take(Ok(SourceRow { place, values, events: Vec::new(), raw })))
    }

    fn name_columns(&mut self, at: u32, cells: Vec<(usize, RawValue)>) -> Result<(), RowFault> {
        for (column, value) in cells {
            let name = value.text.trim().to_owned();
            if name.is_empty() {
                continue;
            }
            if self.header.iter().any(|(_, known)| *known == name) {
                return Err(RowFault::new(self.at(at), "csv.header_duplicate").with("name", name));
            }
            self.header.push((column, name));
        }
        Ok(())
    }
}

/// A cell by its own type; `None` when it is empty. An error cell (`#N/A`) is text, so that the mapping refuses it with its place.
fn value(cell: &DataRef<'_>) -> Option<RawValue> {
    Some(match cell {
        DataRef::Empty => return None,
        DataRef::Int(n) => RawValue::int(*n),
        // Excel keeps every number as a binary fraction; a whole one was typed as a whole one.
        DataRef::Float(x) if x.fract() == 0.0 && x.abs() < 9e15 => RawValue::int(*x as i64),
        DataRef::Float(x) => RawValue::new(Kind::Float(*x), x.to_string()),
        DataRef::String(text) | DataRef::DurationIso(text) => RawValue::text(text.as_str()),
        DataRef::SharedString(text) => RawValue::text(*text),
        DataRef::Bool(is) => RawValue::boolean(*is),
        DataRef::DateTimeIso(text) => match When::parse(text) {
            Some(when) => RawValue::new(Kind::Date(when), text.as_str()),
            None => RawValue::text(text.as_str()),
        },
        DataRef::DateTime(at) => moment(*at),
        DataRef::Error(e) => RawValue::text(error_text(e)),
    })
}

fn error_text(e: &CellErrorType) -> String {
    e.to_string()
}

/// A date serial: a day when it has no time of day, else a local time. A duration stays a number.
fn moment(at: ExcelDateTime) -> RawValue {
    let number = || RawValue::new(Kind::Float(at.as_f64()), at.as_f64().to_string());
    if at.is_duration() {
        return number();
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let small = |n: u8| i8::try_from(n).unwrap_or(-1);
    let Ok(date) = Date::new(i16::try_from(year).unwrap_or(-1), small(month), small(day)) else { return number() };
    if at.as_f64().fract() == 0.0 {
        return RawValue::new(Kind::Date(When::Day(date)), date.to_string());
    }
    match DateTime::new(date.year(), date.month(), date.day(), small(hour), small(minute), small(second), i32::from(milli) * 1_000_000) {
        Ok(local) => RawValue::new(Kind::Date(When::Local(local)), local.to_string()),
        Err(_) => number(),
    }
}
