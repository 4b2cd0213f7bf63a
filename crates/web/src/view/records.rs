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
    /// "15.204 hồ sơ", "hơn 500 hồ sơ".
    pub count: String,
    pub pager: Pager,
    pub export: String,
    /// The list's records with their history, as XES; empty where there is none to offer.
    pub history: String,
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
    /// Who looked at its personal data; empty also where the reader may not know.
    pub looks: Vec<LookRow>,
    /// The record holds personal data: in clear (`true`, and this look was kept) or masked.
    pub personal: Option<bool>,
    /// Where a returned figure is corrected; empty for everything else.
    pub correct: String,
}

/// One look at personal data.
#[derive(Debug, Clone)]
pub struct LookRow {
    pub at: String,
    pub who: String,
    /// Role and unit by which it was allowed.
    pub grant: String,
    /// What was seen, and where.
    pub what: String,
    pub proof: String,
}

/// A register in the list of registers.
#[derive(Debug, Clone)]
pub struct RegisterRow {
    pub href: String,
    pub name: String,
    pub explain: String,
    pub personal: bool,
    /// Indicators counted from it.
    pub indicators: String,
}

/// `/records`
#[derive(Template)]
#[template(path = "registers.html")]
pub struct RegisterListPage {
    pub s: Shell,
    pub rows: Vec<RegisterRow>,
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
