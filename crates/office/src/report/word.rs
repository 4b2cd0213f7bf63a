//! The few WordprocessingML elements a Vietnamese official document needs. Lengths are twips (1/20 point, 567 to the
//! centimetre), font sizes half-points, as in ECMA-376.

use super::clean;
use super::values::bound;
use quick_xml::escape::escape;
use std::fmt::Write as _;

/// Decree 30/2020: the typeface of official documents.
pub const FONT: &str = "Times New Roman";

/// Body text: 14 pt.
pub const BODY: u16 = 28;
/// Tables: 11 pt.
pub const TABLE: u16 = 22;
/// First line of a paragraph: 1,27 cm.
pub const INDENT: i32 = 720;
/// Between paragraphs: 6 pt.
pub const GAP: u32 = 120;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Center,
    Right,
    Justify,
}

/// How a run of text looks.
#[derive(Clone, Copy)]
pub struct Look {
    pub size: u16,
    pub bold: bool,
    pub italic: bool,
    pub colour: Option<&'static str>,
}

impl Look {
    pub const fn plain(size: u16) -> Self {
        Self { size, bold: false, italic: false, colour: None }
    }
    pub const fn bold(size: u16) -> Self {
        Self { bold: true, ..Self::plain(size) }
    }
    pub const fn italic(size: u16) -> Self {
        Self { italic: true, ..Self::plain(size) }
    }
}

/// How a paragraph stands.
#[derive(Clone, Copy)]
pub struct Stand {
    pub style: Option<&'static str>,
    pub align: Align,
    pub left: i32,
    pub right: i32,
    pub first_line: i32,
    pub before: u32,
    pub after: u32,
    /// Exact line height instead of single spacing.
    pub exact_line: Option<u32>,
    pub keep_next: bool,
    /// A thin rule along the top edge, between the indents.
    pub rule: bool,
}

impl Stand {
    pub const fn new(align: Align) -> Self {
        Self { style: None, align, left: 0, right: 0, first_line: 0, before: 0, after: 0, exact_line: None, keep_next: false, rule: false }
    }
    /// A paragraph of the body: justified, first line indented, 6 pt apart.
    pub const fn body() -> Self {
        Self { first_line: INDENT, after: GAP, ..Self::new(Align::Justify) }
    }
    pub const fn keep(self) -> Self {
        Self { keep_next: true, ..self }
    }
}

pub fn run(text: &str, look: Look) -> String {
    let mut out = String::from("<w:r><w:rPr>");
    if look.bold {
        out.push_str("<w:b/><w:bCs/>");
    }
    if look.italic {
        out.push_str("<w:i/><w:iCs/>");
    }
    if let Some(colour) = look.colour {
        let _ = write!(out, r#"<w:color w:val="{colour}"/>"#);
    }
    let _ = write!(out, r#"<w:sz w:val="{0}"/><w:szCs w:val="{0}"/></w:rPr>"#, look.size);
    let _ = write!(out, r#"<w:t xml:space="preserve">{}</w:t></w:r>"#, escape(bound(&clean(text))));
    out
}

/// A paragraph around ready runs.
pub fn paragraph(runs: &str, stand: Stand) -> String {
    let mut out = String::from("<w:p><w:pPr>");
    if let Some(style) = stand.style {
        let _ = write!(out, r#"<w:pStyle w:val="{style}"/>"#);
    }
    if stand.keep_next {
        out.push_str("<w:keepNext/>");
    }
    if stand.rule {
        out.push_str(r#"<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>"#);
    }
    let _ = write!(out, r#"<w:spacing w:before="{}" w:after="{}""#, stand.before, stand.after);
    match stand.exact_line {
        Some(line) => {
            let _ = write!(out, r#" w:line="{line}" w:lineRule="exact"/>"#);
        }
        None => out.push_str(r#" w:line="240" w:lineRule="auto"/>"#),
    }
    let _ = write!(out, r#"<w:ind w:left="{}" w:right="{}""#, stand.left, stand.right);
    if stand.first_line < 0 {
        let _ = write!(out, r#" w:hanging="{}"/>"#, -stand.first_line);
    } else {
        let _ = write!(out, r#" w:firstLine="{}"/>"#, stand.first_line);
    }
    let align = match stand.align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
        Align::Justify => "both",
    };
    let _ = write!(out, r#"<w:jc w:val="{align}"/></w:pPr>{runs}</w:p>"#);
    out
}

/// A paragraph of one run.
pub fn line(text: &str, look: Look, stand: Stand) -> String {
    paragraph(&run(text, look), stand)
}

/// A horizontal rule of `length`, centred in `width` (Decree 30/2020 asks for rules, not underlining).
pub fn rule(width: i32, length: i32, after: u32) -> String {
    let side = ((width - length) / 2).max(0);
    paragraph("", Stand { left: side, right: side, rule: true, exact_line: Some(40), before: 30, after, ..Stand::new(Align::Center) })
}

/// A field (`PAGE`) with the look of the surrounding text.
pub fn field(instruction: &str, look: Look) -> String {
    let size = look.size;
    let r = |inner: &str| format!(r#"<w:r><w:rPr><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>{inner}</w:r>"#);
    [
        r(r#"<w:fldChar w:fldCharType="begin"/>"#),
        r(&format!(r#"<w:instrText xml:space="preserve"> {instruction} </w:instrText>"#)),
        r(r#"<w:fldChar w:fldCharType="separate"/>"#),
        r("<w:t>2</w:t>"),
        r(r#"<w:fldChar w:fldCharType="end"/>"#),
    ]
    .concat()
}

/// A column: heading, width, and how its cells stand.
#[derive(Clone)]
pub struct Column {
    pub title: String,
    pub width: i32,
    pub align: Align,
}

impl Column {
    pub fn new(title: impl Into<String>, width: i32, align: Align) -> Self {
        Self { title: title.into(), width, align }
    }
}

/// How a cell joins its neighbours above and below.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Merge {
    #[default]
    Alone,
    First,
    Following,
}

/// A cell: paragraphs of ready runs, one under the other.
#[derive(Clone, Default)]
pub struct Cell {
    paragraphs: Vec<String>,
    merge: Merge,
}

impl Cell {
    pub fn text(text: &str) -> Self {
        Self::styled(text, Look::plain(TABLE))
    }
    pub fn styled(text: &str, look: Look) -> Self {
        Self { paragraphs: vec![run(text, look)], merge: Merge::Alone }
    }
    pub fn runs(runs: String) -> Self {
        Self { paragraphs: vec![runs], merge: Merge::Alone }
    }
    pub fn merged(self, merge: Merge) -> Self {
        Self { merge, ..self }
    }
    /// A second, smaller thing beneath the first; nothing for an empty text.
    pub fn under(mut self, text: &str, look: Look) -> Self {
        if !text.is_empty() {
            self.paragraphs.push(run(text, look));
        }
        self
    }
}

/// A row; a `strong` one is set on a light ground (totals), one to `keep` stays on the page of the next.
pub struct Row {
    pub cells: Vec<Cell>,
    pub strong: bool,
    pub keep: bool,
}

impl From<Vec<Cell>> for Row {
    fn from(cells: Vec<Cell>) -> Self {
        Self { cells, strong: false, keep: false }
    }
}

/// A ruled table of fixed widths. The heading row repeats on every page and no row is torn in two.
pub fn table(columns: &[Column], rows: &[Row]) -> String {
    let total: i32 = columns.iter().map(|c| c.width).sum();
    let mut out = String::from("<w:tbl><w:tblPr>");
    let _ = write!(out, r#"<w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>"#);
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(out, r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#);
    }
    out.push_str(r#"</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>"#);
    for column in columns {
        let _ = write!(out, r#"<w:gridCol w:w="{}"/>"#, column.width);
    }
    out.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for column in columns {
        let head = Cell::styled(&column.title, Look::bold(TABLE));
        cell(&mut out, &head, column.width, Align::Center, Some("E8EEF4"), true);
    }
    out.push_str("</w:tr>");
    for row in rows {
        out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (i, column) in columns.iter().enumerate() {
            let ground = row.strong.then_some("F3F4F6");
            cell(&mut out, row.cells.get(i).unwrap_or(&Cell::default()), column.width, column.align, ground, row.keep);
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    out
}

fn cell(out: &mut String, cell: &Cell, width: i32, align: Align, ground: Option<&str>, keep: bool) {
    let _ = write!(out, r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>"#);
    match cell.merge {
        Merge::Alone => {}
        Merge::First => out.push_str(r#"<w:vMerge w:val="restart"/>"#),
        Merge::Following => out.push_str("<w:vMerge/>"),
    }
    if let Some(ground) = ground {
        let _ = write!(out, r#"<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>"#);
    }
    out.push_str(r#"<w:vAlign w:val="center"/></w:tcPr>"#);
    let stand = Stand { keep_next: keep, ..Stand::new(align) };
    if cell.paragraphs.is_empty() {
        out.push_str(&paragraph("", stand));
    }
    for runs in &cell.paragraphs {
        out.push_str(&paragraph(runs, stand));
    }
    out.push_str("</w:tc>");
}

/// Two columns without rules, row by row, no row torn in two: heading block and signature block.
pub fn side_by_side(widths: (i32, i32), rows: &[(String, String)]) -> String {
    let mut out = String::from("<w:tbl><w:tblPr>");
    let _ = write!(out, r#"<w:tblW w:w="{}" w:type="dxa"/>"#, widths.0 + widths.1);
    out.push_str(r#"<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>"#);
    let _ = write!(out, r#"<w:tblGrid><w:gridCol w:w="{}"/><w:gridCol w:w="{}"/></w:tblGrid>"#, widths.0, widths.1);
    for (left, right) in rows {
        out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (width, content) in [(widths.0, left), (widths.1, right)] {
            let _ = write!(out, r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>"#);
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    out
}

/// Width in twips of a line of bold Times New Roman. Vietnamese marks add no width; ơ and ư a hair, which is ignored.
pub fn bold_width(text: &str, half_points: u16) -> i32 {
    let thousandths: i32 = text.chars().map(|c| char_width(base_letter(c))).sum();
    thousandths * i32::from(half_points) / 100
}

/// Advance widths of Times New Roman Bold, in thousandths of the size, U+0020 to U+007E.
const BOLD_WIDTHS: [u16; 95] = [
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333,
    333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667, 722,
    722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556,
    556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520,
];

fn char_width(c: char) -> i32 {
    let index = (c as usize).wrapping_sub(0x20);
    i32::from(BOLD_WIDTHS.get(index).copied().unwrap_or(500))
}

fn base_letter(c: char) -> char {
    match c {
        'đ' => 'd',
        'Đ' => 'D',
        c => {
            let mut base = c;
            unicode_normalization::char::decompose_canonical(c, |part| {
                if part.is_ascii() {
                    base = part;
                }
            });
            base
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_of_the_motto_matches_the_metrics() {
        // 13 pt bold: 159 pt, measured from the font's own tables.
        let width = bold_width("Độc lập - Tự do - Hạnh phúc", 26);
        assert!((3170..=3195).contains(&width), "{width}");
    }

    #[test]
    fn hostile_text_is_escaped_and_cleaned() {
        let xml = run("a\u{0}\u{1B}<b>]]>&\u{FFFE}\nc", Look::plain(20));
        assert!(xml.contains("a&lt;b&gt;]]&gt;&amp; c"), "{xml}");
    }
}
