//! A table as CSV that spreadsheets open rightly.

use axum::{
    http::{HeaderValue, header},
    response::IntoResponse,
};
use faces::csv_export::{Cell, CsvWriter, Delimiter};
use office::Error;

use crate::{
    http::{Ctx, PageError, PageResult},
    i18n::Lang,
};

/// Rows of one export at most.
pub const ROWS_MAX: usize = 10_000;

/// A cell that is a number where it looks like one, else text.
#[must_use]
pub fn number(text: &str) -> Cell<'_> {
    if text.is_empty() { Cell::Empty } else { Cell::Number(text) }
}

/// The file of a table. `rows` are texts; a column in `numbers` holds numbers as shown.
pub fn csv(ctx: &Ctx, name: &str, header: &[&str], numbers: &[usize], rows: &[Vec<String>]) -> PageResult {
    let failed = |e: std::io::Error| -> PageError { ctx.fault(Error::Internal(format!("csv: {e}"))) };
    // Excel expects the list separator of the local settings.
    let delimiter = if ctx.t == Lang::Vi { Delimiter::Semicolon } else { Delimiter::Comma };
    let mut writer = CsvWriter::new(Vec::new(), header, delimiter).map_err(failed)?;
    for row in rows {
        let cells: Vec<Cell<'_>> = row
            .iter()
            .enumerate()
            .map(|(i, text)| {
                if numbers.contains(&i) {
                    number(text)
                } else if text.is_empty() {
                    Cell::Empty
                } else {
                    Cell::Text(text)
                }
            })
            .collect();
        writer.row(&cells).map_err(failed)?;
    }
    // Whoever opens the file away from the page must still know that the data is made up.
    let simulated = ctx.app.office.simulated();
    if simulated && !header.is_empty() {
        let mut last = vec![Cell::Empty; header.len()];
        let note = format!("{} {}", ctx.t.msg("simulated-title"), ctx.t.msg("simulated-text"));
        last[0] = Cell::Text(&note);
        writer.row(&last).map_err(failed)?;
    }
    let bytes = writer.finish().map_err(failed)?;
    let mut response = bytes.into_response();
    let file: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '_' }).collect();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{file}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
