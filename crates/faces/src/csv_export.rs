//! What is seen on a page as CSV that spreadsheets open rightly: UTF-8 with a byte order mark (Excel takes the file for
//! the local code page without it), quoted where needed, and with no cell that a spreadsheet would run as a formula.

use std::{borrow::Cow, io::Write};

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    Empty,
    /// Anything that people or other systems typed; guarded.
    Text(&'a str),
    /// A number as it is shown, sign, separators and percent sign included (`-3,5 %`). Whatever is not one is guarded as text.
    Number(&'a str),
}

/// What separates cells. Excel expects the list separator of the local settings: a comma in English, a semicolon in
/// Vietnamese, where the comma is the decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    Comma,
    Semicolon,
}

/// Writes rows as they come. Rows end with CR LF (RFC 4180).
pub struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// # Errors
    /// What the output says.
    pub fn new(mut out: W, header: &[&str], delimiter: Delimiter) -> std::io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let delimiter = match delimiter {
            Delimiter::Comma => b',',
            Delimiter::Semicolon => b';',
        };
        let out = csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(out);
        let mut writer = Self { out };
        writer.write(header.iter().map(|name| guarded(name)))?;
        Ok(writer)
    }

    /// # Errors
    /// What the output says; also a row with another number of cells than the header.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> std::io::Result<()> {
        self.write(cells.iter().map(|cell| match *cell {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Number(text) if is_number(text) => Cow::Borrowed(text),
            Cell::Text(text) | Cell::Number(text) => guarded(text),
        }))
    }

    fn write<'a>(&mut self, cells: impl Iterator<Item = Cow<'a, str>>) -> std::io::Result<()> {
        for cell in cells {
            self.out.write_field(cell.as_bytes())?;
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is left and gives the output back.
    ///
    /// # Errors
    /// What the output says.
    pub fn finish(self) -> std::io::Result<W> {
        self.out.into_inner().map_err(|error| std::io::Error::new(error.error().kind(), error.to_string()))
    }
}

/// A text that begins like a formula gets an apostrophe in front, which spreadsheets take as "this is text".
/// The characters are those of OWASP's page on CSV injection, full-width forms included.
fn guarded(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}

/// An optional sign, then digits with separators between them and at most a percent sign at the end: nothing that could
/// calculate.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '−', '+']).unwrap_or(text);
    let digits = digits.strip_suffix('%').unwrap_or(digits).trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(delimiter: Delimiter, rows: &[&[Cell<'_>]]) -> String {
        let mut out = CsvWriter::new(Vec::new(), &["Đơn vị", "Số liệu"], delimiter).unwrap();
        for row in rows {
            out.row(row).unwrap();
        }
        String::from_utf8(out.finish().unwrap()).unwrap()
    }

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        let rows: &[&[Cell<'_>]] = &[
            &[Cell::Text("=HYPERLINK(\"x\")"), Cell::Number("-3,5 %")],
            &[Cell::Text("+84 912"), Cell::Number("1.246")],
            &[Cell::Text("@x"), Cell::Number("-1+cmd|' /C calc'!A0")],
            &[Cell::Text("a\"b\r\nc"), Cell::Empty],
            &[Cell::Text("－1"), Cell::Number("-")],
        ];
        assert_eq!(
            written(Delimiter::Comma, rows),
            "\u{feff}Đơn vị,Số liệu\r\n\"'=HYPERLINK(\"\"x\"\")\",\"-3,5 %\"\r\n'+84 912,1.246\r\n'@x,'-1+cmd|' /C calc'!A0\r\n\
             \"a\"\"b\r\nc\",\r\n'－1,'-\r\n"
        );
        assert!(written(Delimiter::Semicolon, &[&[Cell::Text("a;b"), Cell::Number("97,63")]]).ends_with("\"a;b\";97,63\r\n"));
    }

    #[test]
    fn a_row_of_another_length_is_refused() {
        let mut out = CsvWriter::new(Vec::new(), &["a", "b"], Delimiter::Comma).unwrap();
        assert!(out.row(&[Cell::Empty]).is_err());
    }

    #[test]
    fn what_is_exported_reads_back() {
        let text = written(Delimiter::Semicolon, &[&[Cell::Text("x\n\"y\";z"), Cell::Number("2")]]);
        let rows: Vec<_> = crate::csv_table::CsvSource::new("x", std::io::Cursor::new(text)).map(Result::unwrap).collect();
        assert_eq!(rows[0].value("Đơn vị").unwrap().text, "x\n\"y\";z");
    }
}
