//! Drill-down lists, records, search.

use askama::Template;

use super::{Chip, Column, Form, Happened, Mark, Pager, Pair, Shell};

/// A record in a list; `cells` in the order of the columns.
#[derive(Debug, Clone)]
pub struct RecordRow {
    pub href: String,
    /// The first cell is the record's name and is the link.
    pub cells: Vec<String>,
    pub mark: Option<Mark>,
}

/// `/records/{register}` – also the list behind a figure.
#[derive(Template)]
#[template(path = "records.html")]
pub struct RecordListPage {
    pub s: Shell,
    pub register: String,
    /// "Hồ sơ trong mẫu số của …": which figure this opens; empty for a plain list.
    pub behind: String,
    /// Numerator / denominator / all.
    pub chips: Vec<Chip>,
    pub q: String,
    pub columns: Vec<Column>,
    pub rows: Vec<RecordRow>,
    pub count: i64,
    pub pager: Pager,
    pub export: String,
}

/// `/records/{register}/{id}`
#[derive(Template)]
#[template(path = "record.html")]
pub struct RecordPage {
    pub s: Shell,
    pub register: String,
    pub name: String,
    pub state: String,
    pub mark: Option<Mark>,
    pub fields: Vec<Pair>,
    /// Indicators this record is counted in, with "tử số", "mẫu số".
    pub counted: Vec<Pair>,
    pub actions: Vec<Form>,
    pub history: Vec<Happened>,
}

/// One thing found.
#[derive(Debug, Clone)]
pub struct Hit {
    pub href: String,
    pub title: String,
    pub note: String,
}

/// `/search?q=` – the palette asks it too and takes `[data-results]` out of the answer.
#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    pub s: Shell,
    pub q: String,
    /// Kind ("Chỉ tiêu", "Đơn vị") and what was found of it.
    pub groups: Vec<(String, Vec<Hit>)>,
}
