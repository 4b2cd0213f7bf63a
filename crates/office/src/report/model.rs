//! What a quarterly report says, as plain values. The office fills it; the writers only lay it out.

use jiff::civil::{Date, DateTime};
use rules::time::Period;

/// One report, complete. Texts are already in the language asked for; numbers, dates, periods and statuses are typed and
/// are put into words by the writers. An empty list is printed as "none", never left out.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportModel {
    pub letterhead: Letterhead,
    /// Trích yếu: "Kết quả thực hiện Nghị quyết số 57-NQ/TW … quý II/2025".
    pub subject: String,
    /// Kính gửi; none prints no line.
    pub addressed_to: Vec<String>,
    /// Căn cứ, one per entry, with or without the closing punctuation (it is set by the writer).
    pub legal_basis: Vec<String>,
    /// The sentence before part I: "Ủy ban nhân dân thành phố … báo cáo kết quả như sau:".
    pub opening: String,
    pub scope: Scope,
    /// Sentences of part I; each becomes a paragraph.
    pub summary: Vec<String>,
    pub results: Vec<ResultRow>,
    /// At most [`super::MAX_CHARTS`] are drawn.
    pub charts: Vec<Chart>,
    pub by_unit: UnitTable,
    pub overdue: Vec<LateItem>,
    pub at_risk: Vec<RiskItem>,
    pub waiting: Vec<WaitingItem>,
    /// Contradicting figures that nobody has decided yet.
    pub conflicts: Vec<Conflict>,
    pub difficulties: Vec<Remark>,
    pub proposals: Vec<Remark>,
    /// The last sentence, without the closing "./.".
    pub closing: String,
    pub signature: Signature,
    /// Nơi nhận, without the leading dash; the filing line is separate.
    pub recipients: Vec<String>,
    /// What follows "Lưu: " — "VT, VX".
    pub filing: String,
    /// The checkpoint under which the period was frozen, else the newest; `None` while nothing was ever signed.
    pub ledger: Option<Checkpoint>,
}

/// The heading block of the first page (Decree 30/2020, appendix I).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Letterhead {
    /// Cơ quan chủ quản, line by line as it is to be broken; may be empty.
    pub superior: Vec<String>,
    /// Cơ quan ban hành, line by line.
    pub issuer: Vec<String>,
    /// The issuer in running text ("Ủy ban nhân dân thành phố Vũng Tàu"), for the annexes; empty = the lines above.
    pub issuer_in_text: String,
    /// "12"; `None` leaves room for the clerk.
    pub number: Option<String>,
    /// Type and agency: "BC-UBND".
    pub notation: String,
    pub place: String,
    /// `None` leaves room for day and month.
    pub date: Option<Date>,
    /// Year to print when the date is left open.
    pub year: i16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    pub period: Period,
    /// The period compared with.
    pub previous: Option<Period>,
    /// Whole unit reported on: "Thành phố Vũng Tàu".
    pub unit: String,
    /// Local time at which the figures were read; `None` = unknown.
    pub as_of: Option<DateTime>,
    /// Printed after "địa giới hành chính:": "trước ngày 01/07/2025 (17 phường, xã)".
    pub boundaries: String,
    /// Marks every page and every sheet.
    pub simulated: bool,
}

/// How a value is written. A percent value is a fraction of one: 97,63 % is `0.9763`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    Percent {
        decimals: u8,
    },
    Integer,
    Decimal {
        decimals: u8,
    },
    /// Whole đồng.
    Vnd,
}

/// The word an approximate publication puts before its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// hơn
    Over,
    /// gần
    Nearly,
    /// trên
    Above,
    /// khoảng
    About,
    /// tối thiểu
    AtLeast,
    /// tối đa
    AtMost,
    /// dưới
    Below,
}

/// A value with the two counts behind it. Everything `None` = no figure for the period.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figure {
    /// See [`Measure`] for the percent convention. With both counts present the spreadsheet divides them itself.
    pub value: Option<f64>,
    pub qualifier: Option<Qualifier>,
    /// Multiplied by 10^`scale`.
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// Decimal digits kept in the numerator (sums and averages of decimals); 0 for counts.
    pub scale: u8,
    /// No value of its own: so many units of so many have reached it.
    pub units: Option<(usize, usize)>,
}

impl Figure {
    /// No figure.
    pub const NONE: Self = Self { value: None, qualifier: None, numerator: None, denominator: None, scale: 0, units: None };

    /// A value without counts (reported, or a plain count).
    #[must_use]
    pub fn of(value: f64) -> Self {
        Self { value: Some(value), ..Self::NONE }
    }

    /// A published percentage, as printed: `97.63` means 97,63 %.
    #[must_use]
    pub fn percent(points: f64) -> Self {
        Self::of(points / 100.0)
    }

    /// A ratio of two counts; a zero denominator is no value, never 100 %.
    #[must_use]
    pub fn ratio(numerator: i64, denominator: i64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts of people and papers are far below 2^53")]
        let value = (denominator != 0).then(|| numerator as f64 / denominator as f64);
        Self { value, numerator: Some(numerator), denominator: Some(denominator), ..Self::NONE }
    }

    #[must_use]
    pub fn qualified(self, qualifier: Qualifier) -> Self {
        Self { qualifier: Some(qualifier), ..self }
    }
}

/// Derived status of a target or a task; the same seven everywhere in the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    Completed,
    InProgress,
    AtRisk,
    Overdue,
    Waiting,
    Pilot,
    Recurring,
}

impl Status {
    pub const ALL: [Self; 7] =
        [Self::Completed, Self::InProgress, Self::AtRisk, Self::Overdue, Self::Waiting, Self::Pilot, Self::Recurring];
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// `true`: at most (fewer is better); `false`: at least.
    pub at_most: bool,
    /// Same convention as the row's [`Measure`].
    pub value: f64,
}

/// One target with its result in the period.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultRow {
    pub code: String,
    pub name: String,
    /// "%", "trạm", "tổ".
    pub unit_of_measure: String,
    pub measure: Measure,
    pub threshold: Option<Threshold>,
    pub deadline: Option<Date>,
    /// Said beneath the deadline: a second, undecided deadline of another source.
    pub deadline_note: Option<String>,
    /// Said beneath the name: that the target is the nation's.
    pub note: Option<String>,
    /// Agency in charge.
    pub owner: String,
    pub current: Figure,
    pub previous: Figure,
    /// What each of the two covers: "tháng 6/2025", "lũy kế đến 30/06/2025"; empty without a figure.
    pub current_span: String,
    pub previous_span: String,
    /// Sums over the whole period and the one before, where the target is measured on a part of it (a month of the quarter).
    pub current_sum: Figure,
    pub previous_sum: Figure,
    /// Both figures are one and the same publication: nothing new was reported, which is not "no change".
    pub stale: bool,
    pub status: Status,
    /// One short line under the status, e.g. "chậm 15 ngày".
    pub status_note: Option<String>,
    pub source: String,
    /// Date the source gives for the figure; `None` = the source does not say.
    pub as_of: Option<Date>,
    /// The formula in words: "Số hồ sơ trả đúng hạn ÷ số hồ sơ đã trả".
    pub definition: String,
}

/// Units down, targets across.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnitTable {
    pub columns: Vec<UnitColumn>,
    pub rows: Vec<UnitRow>,
    /// The whole, summed from numerators and denominators.
    pub total: Option<UnitRow>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct UnitColumn {
    pub code: String,
    pub name: String,
    pub measure: Measure,
    pub threshold: Option<Threshold>,
    /// What the column's figures cover; empty where they differ.
    pub span: String,
}

/// `cells` has one entry for each column; missing ones are printed as no figure.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRow {
    pub name: String,
    pub cells: Vec<UnitCell>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitCell {
    pub figure: Figure,
    pub status: Option<Status>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateItem {
    pub code: String,
    pub title: String,
    pub owner: String,
    pub deadline: Option<Date>,
    pub days_late: Option<i64>,
    /// `None` is printed as "no reason given": silence is reported too.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskItem {
    pub code: String,
    pub title: String,
    pub owner: String,
    pub deadline: Option<Date>,
    /// The rule's own sentence: "với tốc độ 90 ngày gần nhất sẽ đạt ngưỡng sau thời hạn 47 ngày".
    pub explanation: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingItem {
    pub code: String,
    pub title: String,
    pub owner: String,
    /// Whose guidance, on what.
    pub waiting_for: String,
    pub since: Option<Date>,
}

/// One indicator with figures (or deadlines) that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub code: String,
    pub name: String,
    pub claims: Vec<Claim>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// As the source prints it, qualifier included.
    pub value: String,
    pub as_of: Option<Date>,
    pub source: String,
}

/// A difficulty or a proposal, in the words of whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Everybody who says so: "Phường 3, 5, 12".
    pub unit: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH": line by line.
    pub capacity: Vec<String>,
    /// Empty leaves the place open.
    pub name: String,
}

/// A signed state of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The figures were frozen under it; otherwise the period is open and this is only the state when the report was made.
    pub frozen: bool,
    pub size: u64,
    /// Local time of signing.
    pub at: Option<DateTime>,
    /// Root hash as the checkpoint prints it.
    pub root: String,
    /// The whole signed note (C2SP tlog-checkpoint), with its line ends.
    pub signed_note: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub title: String,
    pub measure: Measure,
    /// Targets or units, short names.
    pub categories: Vec<String>,
    /// One or two series of bars: this period, and the one before.
    pub bars: Vec<Series>,
    /// Drawn as a dashed line over the bars.
    pub threshold: Option<Series>,
}

impl Chart {
    /// The one value that every bar has. Such a chart shows nothing that a sentence does not say.
    #[must_use]
    pub fn uniform(&self) -> Option<f64> {
        let mut values = self.bars.iter().flat_map(|s| s.values.iter().flatten().copied().filter(|v| v.is_finite()));
        let first = values.next()?;
        let mut more = values.peekable();
        (more.peek().is_some() && more.all(|v| (v - first).abs() < f64::EPSILON)).then_some(first)
    }
}

/// One value per category; `None` leaves a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    pub values: Vec<Option<f64>>,
}
