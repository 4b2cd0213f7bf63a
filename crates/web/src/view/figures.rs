//! Pages that show figures: the leader's page, indicators, units.

use askama::Template;

use super::{BarRow, Brief, Chip, Conflict, Figure, Happened, Kpi, Link, Mark, Pair, Shell, Source};
use crate::chart::Svg;

/// One cell of the heat grid.
#[derive(Debug, Clone)]
pub struct GridCell {
    pub mark: Mark,
    pub figure: Figure,
    /// Name of its unit, for the tip and for those who hear the table.
    pub unit: String,
    /// What else the tip says: that the whole reports for itself. May be empty.
    pub note: String,
}

/// One target across units.
#[derive(Debug, Clone)]
pub struct GridRow {
    pub href: String,
    pub code: String,
    pub title: String,
    /// "≥ 70 % · 30/08/2025"
    pub goal: String,
    /// The whole tenant first.
    pub total: GridCell,
    /// In the order of the columns; `None`: the target does not bind that unit.
    pub cells: Vec<Option<GridCell>>,
    /// Several deadlines or values contradict each other.
    pub conflict: bool,
}

/// Targets × units.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// Head of the first column: the whole city, or the unit the page is about.
    pub whole: String,
    /// Short names: "P. Thắng Nhất".
    pub units: Vec<Link>,
    pub rows: Vec<GridRow>,
}

/// Something that moved today.
#[derive(Debug, Clone)]
pub struct Moved {
    /// "09:41"
    pub at: String,
    pub href: String,
    pub what: String,
    pub unit: String,
    /// "67,9 %"
    pub from: String,
    pub to: String,
    /// Who did it.
    pub who: String,
    /// "Chờ duyệt", where that is not what `to` says.
    pub state: String,
    /// Approved, or nothing that anybody approves.
    pub settled: bool,
    pub proof: String,
}

/// `/` – what a steering committee opens first.
#[derive(Template)]
#[template(path = "leader.html")]
pub struct LeaderPage {
    pub s: Shell,
    /// What was sent back to the reader's units, each with the page that corrects it.
    pub returned: Vec<Link>,
    /// Entry form for figures; empty when the reader may not enter.
    pub enter: String,
    pub kpis: Vec<Kpi>,
    pub grid: Grid,
    pub late: Vec<Brief>,
    pub at_risk: Vec<Brief>,
    pub today: Vec<Moved>,
    /// Nothing was done today: `today` holds the last days, and this says so. Empty otherwise.
    pub today_from: String,
    /// Contradictions that nobody has decided yet.
    pub conflicts: Vec<Link>,
    /// Addresses of the whole lists, shown when there are more than stand here.
    pub all_late: String,
    pub all_at_risk: String,
}

/// One line of the list of indicators.
#[derive(Debug, Clone)]
pub struct IndicatorRow {
    pub href: String,
    pub code: String,
    pub name: String,
    /// "tính từ hồ sơ", "báo cáo", "dẫn xuất"
    pub kind: String,
    pub figure: Figure,
    pub spark: Svg,
    /// "≥ 70 %"; empty: no target.
    pub goal: String,
    pub mark: Option<Mark>,
    /// Which value the mark judges, where that is not the one in the row ("theo Quý II/2025: 82 %"); empty otherwise.
    pub judged: String,
    pub source: String,
    pub conflict: bool,
}

/// `/indicators`
#[derive(Template)]
#[template(path = "indicators.html")]
pub struct IndicatorListPage {
    pub s: Shell,
    pub chips: Vec<Chip>,
    pub q: String,
    pub rows: Vec<IndicatorRow>,
    /// Entry form for reported figures; empty when the reader may not enter.
    pub enter: String,
    /// The composite indices; empty where none is declared.
    pub scorecards: String,
    pub export: String,
}

/// A row of the table behind the trend.
#[derive(Debug, Clone)]
pub struct TrendRow {
    pub period: String,
    pub figure: Figure,
    pub num: String,
    pub den: String,
}

/// One breakdown: channel, department.
#[derive(Debug, Clone)]
pub struct Breakdown {
    pub title: String,
    pub stacked: Svg,
    pub rows: Vec<BarRow>,
}

/// `/indicators/{id}`
#[derive(Template)]
#[template(path = "indicator.html")]
pub struct IndicatorPage {
    pub s: Shell,
    pub code: String,
    pub name: String,
    /// "Thành phố Vũng Tàu", "Quý II/2025"
    pub unit: String,
    pub period: String,
    pub figure: Figure,
    pub num: String,
    pub den: String,
    pub num_label: String,
    pub den_label: String,
    /// "+2,1 điểm so với quý I/2025"; empty when there is nothing to compare.
    pub change: String,
    /// Whether the change is for the better.
    pub change_good: Option<bool>,
    pub mark: Option<Mark>,
    /// The sentence behind the mark: "Với tốc độ 90 ngày qua …".
    pub why: String,
    /// "≥ 70 % trước 30/08/2025" with the target's page.
    pub goal: Option<Link>,
    pub trend_wide: Svg,
    pub trend_narrow: Svg,
    pub trend: Vec<TrendRow>,
    pub league: Vec<BarRow>,
    pub breakdowns: Vec<Breakdown>,
    pub conflicts: Vec<Conflict>,
    pub sources: Vec<Source>,
    /// The formula in words.
    pub formula: String,
    /// The expression as the machine reads it; empty for a reported figure.
    pub expression: String,
    /// "21/11/2026 20:31"
    pub moved_at: String,
    /// Not attributable or estimated parts, boundaries; empty: none.
    pub caveats: Vec<String>,
    /// List of the records; empty for a reported figure.
    pub records: String,
    pub records_count: i64,
    pub proof: String,
    pub export: String,
}

/// `/units`
#[derive(Template)]
#[template(path = "units.html")]
pub struct UnitListPage {
    pub s: Shell,
    pub rows: Vec<UnitRow>,
}

/// One unit of the list, depth first.
#[derive(Debug, Clone)]
pub struct UnitRow {
    pub href: String,
    pub name: String,
    /// 0 outermost.
    pub depth: u8,
    pub kind: String,
    pub code: String,
    /// "01/07/2025 – nay"
    pub valid: String,
    /// Targets by status: (mark, count).
    pub marks: Vec<(Mark, i64)>,
}

/// How one unit came from or went into others.
#[derive(Debug, Clone)]
pub struct Passage {
    /// "01/07/2025"
    pub on: String,
    /// "Sáp nhập từ", "Đã nhập vào"
    pub what: String,
    pub units: Vec<Link>,
    /// "toàn bộ", "một phần (60 %, ước tính)"
    pub share: String,
    pub legal_basis: String,
}

/// A line of a table of targets or tasks.
#[derive(Debug, Clone)]
pub struct WorkRow {
    pub href: String,
    pub code: String,
    pub title: String,
    pub mark: Mark,
    pub unit: String,
    /// "30/08/2025"
    pub deadline: String,
    /// "còn 12 ngày", "chậm 3 ngày"
    pub left: String,
    pub figure: Figure,
    pub goal: String,
    /// Bar of progress; empty text for none.
    pub bar: Svg,
    pub conflict: bool,
}

/// `/units/{key}`
#[derive(Template)]
#[template(path = "unit.html")]
pub struct UnitPage {
    pub s: Shell,
    pub name: String,
    pub facts: Vec<Pair>,
    pub kpis: Vec<Kpi>,
    pub targets: Vec<WorkRow>,
    pub tasks: Vec<WorkRow>,
    pub figures: Vec<IndicatorRow>,
    pub passages: Vec<Passage>,
    pub history: Vec<Happened>,
    /// Entry of the month's figures; empty when the reader may not enter.
    pub enter: String,
    pub report: String,
}
