//! The quarterly report of a steering committee: one plain [`ReportModel`] in, the bytes of a Word document laid out as
//! Decree 30/2020/NĐ-CP (appendix I) demands, or of its Excel annex, out. No database, no clock, no file system.

mod body;
mod chart;
mod labels;
mod letter;
mod model;
mod package;
pub(crate) mod values;
mod word;
mod xlsx;

pub use model::*;

/// Charts drawn in one report. A page of charts is read, forty are not, and each embeds a workbook.
pub const MAX_CHARTS: usize = 12;

/// Longest text of one cell, paragraph or name, in characters. Excel refuses more than 32,767 in a cell.
pub const MAX_TEXT_CHARS: usize = 32_000;

/// Language of the fixed words; the texts of the model are taken as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    Vi,
    En,
}

/// The report could not be written. Neither error depends on the words of the report: texts are cleaned, not refused.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("cannot pack the Word document: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("cannot pack the Word document: {0}")]
    Io(#[from] std::io::Error),
    #[error("cannot write the workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

/// The report as a Word document (.docx).
///
/// # Errors
/// Only when packing fails (memory, or a workbook beyond Excel's limits).
pub fn docx(model: &ReportModel, lang: Lang) -> Result<Vec<u8>, ReportError> {
    package::docx(model, lang)
}

/// The annex as an Excel workbook (.xlsx): figures as numbers, ratios as formulas over their two counts.
///
/// # Errors
/// Only when the workbook goes beyond Excel's limits (a million rows).
pub fn xlsx(model: &ReportModel, lang: Lang) -> Result<Vec<u8>, ReportError> {
    xlsx::workbook(model, lang)
}

/// The word of a status: "Hoàn thành".
pub(crate) fn status_word(status: Status, lang: Lang) -> &'static str {
    labels::status(status, lang)
}

/// Text fit for XML 1.0 and for a cell: no control characters, bounded.
fn clean(text: &str) -> String {
    let fit = |c: char| if matches!(c, '\t' | '\n' | '\r') { Some(' ') } else { keep(c) };
    bounded(text.chars().filter_map(fit))
}

/// As [`clean`], with line ends kept.
fn clean_lines(text: &str) -> String {
    bounded(text.chars().filter_map(|c| if c == '\n' { Some(c) } else { keep(c) }))
}

fn keep(c: char) -> Option<char> {
    // XML 1.0 knows no control characters and neither of the two non-characters, not even escaped.
    (!c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')).then_some(c)
}

fn bounded(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    for (n, c) in chars.enumerate() {
        if n == MAX_TEXT_CHARS {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}
