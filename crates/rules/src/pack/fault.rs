//! What can be wrong with a pack, said so that the person who wrote it can mend it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::source::At;
use crate::{Localized, text::vietnamese};

/// One fault of a pack: where it is, what is wrong and, where known, what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub file: String,
    /// Starts at 1.
    pub line: u32,
    /// In characters, starts at 1.
    pub column: u32,
    /// Stable, dotted, lower case: `pack.unknown-reference`.
    pub code: String,
    /// English.
    pub sentence: String,
    pub sentence_vi: String,
    pub hint: Option<Localized>,
}

impl Fault {
    /// Place, sentence, code and hint in a language, `vi` or `en`.
    #[must_use]
    pub fn told(&self, lang: &str) -> String {
        let sentence = if lang == "vi" { &self.sentence_vi } else { &self.sentence };
        let hint = self.hint.as_ref().map(|hint| format!("\n  {}", hint.get(lang))).unwrap_or_default();
        format!("{}:{}:{}: {sentence} [{}]{hint}", self.file, self.line, self.column, self.code)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told("en"))
    }
}

/// The kinds of thing a pack declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Source,
    Unit,
    Succession,
    Calendar,
    Status,
    RiskRule,
    OneStopRules,
    UnitPolicy,
    Register,
    Indicator,
    Derived,
    Reported,
    Directive,
    Target,
    Task,
    Figure,
    Account,
    Procedure,
    Scorecard,
}

impl Kind {
    /// The word used in files and in the definition table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Unit => "unit",
            Self::Succession => "succession",
            Self::Calendar => "calendar",
            Self::Status => "status",
            Self::RiskRule => "risk_rule",
            Self::OneStopRules => "one_stop_rules",
            Self::UnitPolicy => "unit_policy",
            Self::Register => "register",
            Self::Indicator => "indicator",
            Self::Derived => "derived",
            Self::Reported => "reported",
            Self::Directive => "directive",
            Self::Target => "target",
            Self::Task => "task",
            Self::Figure => "figure",
            Self::Account => "account",
            Self::Procedure => "procedure",
            Self::Scorecard => "scorecard",
        }
    }

    fn vi(self) -> &'static str {
        match self {
            Self::Source => "nguồn",
            Self::Unit => "đơn vị",
            Self::Succession => "dòng sáp nhập, chia tách",
            Self::Calendar => "lịch",
            Self::Status => "trạng thái",
            Self::RiskRule => "quy tắc nguy cơ chậm",
            Self::OneStopRules => "bộ quy định một cửa",
            Self::UnitPolicy => "chính sách của đơn vị",
            Self::Register => "sổ",
            Self::Indicator => "chỉ tiêu tính từ hồ sơ",
            Self::Derived => "chỉ tiêu suy ra",
            Self::Reported => "chỉ tiêu báo cáo",
            Self::Directive => "văn bản chỉ đạo",
            Self::Target => "chỉ tiêu được giao",
            Self::Task => "nhiệm vụ",
            Self::Figure => "số liệu",
            Self::Account => "tài khoản",
            Self::Procedure => "thủ tục hành chính",
            Self::Scorecard => "bộ chỉ số",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::RiskRule => "at-risk rule",
            Self::OneStopRules => "set of one-stop rules",
            Self::UnitPolicy => "unit policy",
            Self::Reported => "reported indicator",
            Self::Derived => "derived indicator",
            other => other.word(),
        }
    }
}

/// Everything the checks can say. One variant, one code, one sentence in each language.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Problem {
    NoManifest,
    NotToml { message: String },
    NotCsv { message: String },
    UnknownFile,
    UnknownKey { key: String, known: Vec<String> },
    MissingKey { key: &'static str, of: String },
    WrongType { key: String, expected: &'static str, expected_vi: &'static str },
    Empty { key: String },
    NotADate { text: String },
    NotAUnitKey { text: String },
    NotAPeriod { text: String },
    BadId { text: String },
    NotOneOf { key: String, text: String, allowed: Vec<String> },
    OutOfRange { key: String, text: String, allowed: &'static str },
    Unknown { kind: Kind, id: String, known: Vec<String> },
    UnknownField { register: String, field: String, known: Vec<String> },
    UnknownState { register: String, state: String, known: Vec<String> },
    Duplicate { kind: Kind, id: String, first: At },
    NotReplaced { kind: Kind, id: String, first: At },
    ReplacesNothing { kind: Kind, id: String },
    Overlap { code: String, other: String, first: At },
    EndBeforeStart { key: String },
    ParentNotValid { child: String, parent: String },
    ParentCycle { kind: Kind, chain: String },
    LevelOrder { child: String, parent: String },
    SuccessionDates { text: String },
    Shares { unit: String, sum: String },
    CalendarTwice { year: i32, first: At },
    CalendarYear { date: String, year: i32 },
    CalendarDayTwice { date: String, first: At },
    SwapUnpaired { year: i32, off: usize, work: usize },
    TooManyBreakdowns { count: usize, limit: usize },
    Personal { field: String, register: String },
    Expression { text: String, reason: String },
    Declaration { reason: String },
    Figure { text: String, reason: String, reason_vi: String },
    TargetShape { indicator: String, format: String, text: String },
    QuoteWithoutFigure { text: String, quote: String },
    NoBoundUnits { scope: String },
    MilestoneAfterDeadline { date: String, deadline: String },
    MissingPack { id: String, known: Vec<String> },
    ProcedureOverlap { code: String, other: String, first: At },
    ProcedureUnknown { what: &'static str, what_vi: &'static str, text: String, known: Vec<String> },
    AsksLater { text: String, field: String },
    TwiceInProcedure { what: &'static str, what_vi: &'static str, text: String },
    StepShares { sum: u32 },
    NoSteps,
    ScoreSum { id: String, sum: f64, should: f64 },
    TwiceInScorecard { text: String },
    NotATerm { text: String },
    NeedsOneOf { of: String, keys: &'static str },
    NoReason { key: &'static str, because: &'static str, because_vi: &'static str },
    TooMany { what: &'static str, limit: usize },
}

impl Problem {
    pub fn at(self, at: At) -> Fault {
        let (code, en, vi) = self.say();
        let hint = self.hint();
        Fault {
            file: at.file.to_string(),
            line: at.line,
            column: at.column,
            code: format!("pack.{code}"),
            sentence: en,
            sentence_vi: vi,
            hint,
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table: one row per problem")]
    fn say(&self) -> (&'static str, String, String) {
        let place = |at: &At| format!("{}:{}", at.file, at.line);
        match self {
            Self::NoManifest => ("no-manifest", "The pack has no pack.toml.".into(), "Gói không có tệp pack.toml.".into()),
            Self::NotToml { message } => {
                ("not-toml", format!("This is not valid TOML: {message}."), format!("Không đúng cú pháp TOML: {}.", vietnamese(message)))
            }
            Self::NotCsv { message } => (
                "not-csv",
                format!("This line of the table cannot be read: {message}."),
                format!("Không đọc được dòng này của bảng: {}.", vietnamese(message)),
            ),
            Self::UnknownFile => (
                "unknown-file",
                "A pack holds .toml, .csv and .md files only; a .csv is named units….csv or successions….csv.".into(),
                "Gói chỉ chứa tệp .toml, .csv và .md; tệp .csv phải có tên units….csv hoặc successions….csv.".into(),
            ),
            Self::UnknownKey { key, .. } => {
                ("unknown-key", format!("\"{key}\" is not known here."), format!("Không có mục \"{key}\" ở đây."))
            }
            Self::MissingKey { key, of } => ("missing-key", format!("{of} needs \"{key}\"."), format!("{of} thiếu \"{key}\".")),
            Self::WrongType { key, expected, expected_vi } => {
                ("wrong-type", format!("\"{key}\" must be {expected}."), format!("\"{key}\" phải là {expected_vi}."))
            }
            Self::Empty { key } => ("empty", format!("\"{key}\" is empty."), format!("\"{key}\" để trống.")),
            Self::NotADate { text } => (
                "not-a-date",
                format!("\"{text}\" is not a day of the calendar (year-month-day)."),
                format!("\"{text}\" không phải là một ngày có thật (năm-tháng-ngày)."),
            ),
            Self::NotAUnitKey { text } => (
                "not-a-unit-key",
                format!("\"{text}\" is not a unit key: code@first-day, for example 26506@2025-07-01."),
                format!("\"{text}\" không phải khóa đơn vị: mã@ngày-đầu-tiên, ví dụ 26506@2025-07-01."),
            ),
            Self::NotAPeriod { text } => (
                "not-a-period",
                format!("\"{text}\" is not a period: 2025-07, 2025Q2, 2025, 2025-01..2025-06 or all."),
                format!("\"{text}\" không phải là kỳ: 2025-07, 2025Q2, 2025, 2025-01..2025-06 hoặc all."),
            ),
            Self::BadId { text } => (
                "bad-id",
                format!("\"{text}\" cannot be an id: letters, digits and . _ - only, at most 80."),
                format!("\"{text}\" không dùng làm mã được: chỉ chữ không dấu, số và . _ -, tối đa 80 ký tự."),
            ),
            Self::NotOneOf { key, text, allowed } => (
                "not-one-of",
                format!("\"{key}\" cannot be \"{text}\": one of {}.", allowed.join(", ")),
                format!("\"{key}\" không nhận \"{text}\": chọn một trong {}.", allowed.join(", ")),
            ),
            Self::OutOfRange { key, text, allowed } => (
                "out-of-range",
                format!("\"{key}\" is {text}; allowed: {allowed}."),
                format!("\"{key}\" là {text}; cho phép: {}.", vietnamese(allowed)),
            ),
            Self::Unknown { kind, id, .. } => {
                ("unknown-reference", format!("There is no {} \"{id}\".", kind.en()), format!("Không có {} \"{id}\".", kind.vi()))
            }
            Self::UnknownField { register, field, .. } => (
                "unknown-field",
                format!("Register {register} has no field \"{field}\"."),
                format!("Sổ {register} không có trường \"{field}\"."),
            ),
            Self::UnknownState { register, state, .. } => (
                "unknown-state",
                format!("Register {register} has no state \"{state}\"."),
                format!("Sổ {register} không có trạng thái \"{state}\"."),
            ),
            Self::Duplicate { kind, id, first } => (
                "duplicate",
                format!("{} \"{id}\" is declared twice; first at {}.", kind.en(), place(first)),
                format!("Khai báo trùng {} \"{id}\"; lần đầu ở {}.", kind.vi(), place(first)),
            ),
            Self::NotReplaced { kind, id, first } => (
                "not-replaced",
                format!("{} \"{id}\" is already declared by an earlier pack at {}.", kind.en(), place(first)),
                format!("{} \"{id}\" đã được gói trước khai báo ở {}.", kind.vi(), place(first)),
            ),
            Self::ReplacesNothing { kind, id } => (
                "replaces-nothing",
                format!("\"replaces\" is set, but no earlier pack declares {} \"{id}\".", kind.en()),
                format!("Có ghi \"replaces\" nhưng không gói nào trước đó khai báo {} \"{id}\".", kind.vi()),
            ),
            Self::Overlap { code, other, first } => (
                "overlapping-validity",
                format!("Code {code} is valid twice on the same day: also as {other} at {}.", place(first)),
                format!("Mã {code} có hiệu lực hai lần trong cùng một ngày: còn là {other} ở {}.", place(first)),
            ),
            Self::EndBeforeStart { key } => (
                "end-before-start",
                format!("{key}: the last day is not after the first day."),
                format!("{key}: ngày kết thúc không sau ngày bắt đầu."),
            ),
            Self::ParentNotValid { child, parent } => (
                "parent-not-valid",
                format!("Unit {child} lies under {parent}, which is not valid during the whole life of {child}."),
                format!("Đơn vị {child} trực thuộc {parent}, nhưng {parent} không có hiệu lực suốt thời gian tồn tại của {child}."),
            ),
            Self::ParentCycle { kind, chain } => (
                "parent-cycle",
                format!("These lie under one another in a circle ({}): {chain}.", kind.en()),
                format!("Quan hệ trên – dưới bị vòng lặp ({}): {chain}.", kind.vi()),
            ),
            Self::LevelOrder { child, parent } => (
                "level-order",
                format!("The level of {child} is not below the level of its parent {parent}."),
                format!("Cấp của {child} không thấp hơn cấp của đơn vị cha {parent}."),
            ),
            Self::SuccessionDates { text } => (
                "succession-dates",
                format!("The dates of this succession do not fit: {text}."),
                format!("Ngày của dòng sáp nhập này không khớp: {}.", vietnamese(text)),
            ),
            Self::Shares { unit, sum } => (
                "shares",
                format!("The shares of {unit} add up to {sum}, more than 1."),
                format!("Tổng tỷ lệ chia của {unit} là {sum}, lớn hơn 1."),
            ),
            Self::CalendarTwice { year, first } => (
                "calendar-overlap",
                format!("Year {year} has two calendars; first at {}.", place(first)),
                format!("Năm {year} có hai lịch; lịch đầu ở {}.", place(first)),
            ),
            Self::CalendarYear { date, year } => {
                ("calendar-year", format!("{date} is not a day of {year}."), format!("{date} không thuộc năm {year}."))
            }
            Self::CalendarDayTwice { date, first } => (
                "calendar-day-twice",
                format!("{date} is given twice; first at {}.", place(first)),
                format!("Ngày {date} ghi hai lần; lần đầu ở {}.", place(first)),
            ),
            Self::SwapUnpaired { year, off, work } => (
                "swap-unpaired",
                format!("Year {year} swaps {off} working days off against {work} days worked instead."),
                format!("Năm {year} hoán đổi {off} ngày nghỉ với {work} ngày làm bù."),
            ),
            Self::TooManyBreakdowns { count, limit } => (
                "too-many-breakdowns",
                format!("{count} breakdowns; at most {limit}."),
                format!("Có {count} chiều phân tích; tối đa {limit}."),
            ),
            Self::Personal { field, register } => (
                "personal-field",
                format!("\"{field}\" of {register} is marked personal and cannot enter an indicator."),
                format!("Trường \"{field}\" của {register} là dữ liệu cá nhân nên không được đưa vào chỉ tiêu."),
            ),
            Self::Expression { text, reason } => (
                "expression",
                format!("The expression \"{text}\" does not compile: {reason}."),
                format!("Biểu thức \"{text}\" không biên dịch được: {}.", vietnamese(reason)),
            ),
            Self::Declaration { reason } => (
                "declaration",
                format!("This declaration cannot be used: {reason}."),
                format!("Khai báo này không dùng được: {}.", vietnamese(reason)),
            ),
            Self::Figure { text, reason, reason_vi } => (
                "figure",
                format!("\"{text}\" cannot be read as a figure: {reason}."),
                format!("Không đọc được số liệu \"{text}\": {reason_vi}."),
            ),
            Self::TargetShape { indicator, format, text } => (
                "target-format",
                format!("The threshold \"{text}\" does not fit indicator {indicator}, whose format is {format}."),
                format!("Ngưỡng \"{text}\" không khớp chỉ tiêu {indicator} có định dạng {format}."),
            ),
            Self::QuoteWithoutFigure { text, quote } => (
                "quote",
                format!("The quoted source \"{quote}\" does not contain \"{text}\"."),
                format!("Câu trích \"{quote}\" không chứa \"{text}\"."),
            ),
            Self::NoBoundUnits { scope } => {
                ("no-bound-units", format!("The scope {scope} contains no unit."), format!("Phạm vi {scope} không có đơn vị nào."))
            }
            Self::MilestoneAfterDeadline { date, deadline } => (
                "milestone-after-deadline",
                format!("The milestone {date} lies after the deadline {deadline}."),
                format!("Mốc {date} sau thời hạn {deadline}."),
            ),
            Self::MissingPack { id, .. } => (
                "missing-pack",
                format!("The pack needs pack \"{id}\", which is not loaded before it."),
                format!("Gói cần gói \"{id}\" nhưng gói đó chưa được nạp trước."),
            ),
            Self::ProcedureOverlap { code, other, first } => (
                "procedure-overlap",
                format!("Procedure {code} has two versions in force on the same day: also {other} at {}.", place(first)),
                format!("Thủ tục {code} có hai bản cùng hiệu lực trong một ngày: còn bản {other} ở {}.", place(first)),
            ),
            Self::ProcedureUnknown { what, what_vi, text, .. } => {
                ("procedure-unknown", format!("The procedure has no {what} \"{text}\"."), format!("Thủ tục không có {what_vi} \"{text}\"."))
            }
            Self::AsksLater { text, field } => (
                "procedure-asks-later",
                format!("The condition \"{text}\" speaks of \"{field}\", which is not asked before it."),
                format!("Điều kiện \"{text}\" nói tới \"{field}\" nhưng câu đó chưa được hỏi trước."),
            ),
            Self::TwiceInProcedure { what, what_vi, text } => (
                "procedure-twice",
                format!("The {what} \"{text}\" is declared twice in this procedure."),
                format!("Khai báo trùng {what_vi} \"{text}\" trong thủ tục này."),
            ),
            Self::ScoreSum { id, sum, should } => (
                "score-sum",
                format!("The points within \"{id}\" add up to {sum}, not to {should}."),
                format!("Tổng điểm bên trong \"{id}\" là {sum}, không phải {should}."),
            ),
            Self::TwiceInScorecard { text } => (
                "scorecard-twice",
                format!("The component \"{text}\" is declared twice in this scorecard."),
                format!("Khai báo trùng chỉ số thành phần \"{text}\" trong bộ chỉ số này."),
            ),
            Self::StepShares { sum } => (
                "procedure-shares",
                format!("The shares of the steps add up to {sum} % of the term, not to 100 %."),
                format!("Tổng phần thời hạn của các bước là {sum} %, không phải 100 %."),
            ),
            Self::NoSteps => (
                "procedure-no-steps",
                "The procedure has no [[procedure.step]]: nobody would handle its dossiers.".to_owned(),
                "Thủ tục không có [[procedure.step]] nào: hồ sơ nộp vào không ai xử lý.".to_owned(),
            ),
            Self::NotATerm { text } => ("not-a-term", format!("\"{text}\" is not a term."), format!("\"{text}\" không phải là thời hạn.")),
            Self::NeedsOneOf { of, keys } => {
                ("needs-one-of", format!("{of} needs exactly one of {keys}."), format!("{of} cần đúng một trong các mục {keys}."))
            }
            Self::NoReason { key, because, because_vi } => {
                ("no-reason", format!("\"{key}\" is missing: {because}."), format!("Thiếu \"{key}\": {because_vi}."))
            }
            Self::TooMany { what, limit } => {
                ("too-many", format!("Too many {what}: at most {limit}."), format!("Quá nhiều {}: tối đa {limit}.", vietnamese(what)))
            }
        }
    }

    fn hint(&self) -> Option<Localized> {
        let near = |given: &str, known: &[String]| {
            let best = nearest(given, known);
            match best {
                Some(word) => Some(Localized::new(format!("Có phải là \"{word}\"?"), format!("Did you mean \"{word}\"?"))),
                None if known.is_empty() => None,
                None => {
                    let list = known.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
                    let more = if known.len() > 12 { ", …" } else { "" };
                    Some(Localized::new(format!("Đã biết: {list}{more}"), format!("Known: {list}{more}")))
                }
            }
        };
        match self {
            Self::UnknownKey { key, known } => near(key, known),
            Self::NotOneOf { text, allowed, .. } => {
                nearest(text, allowed).map(|w| Localized::new(format!("Có phải là \"{w}\"?"), format!("Did you mean \"{w}\"?")))
            }
            Self::Unknown { id, known, .. } | Self::MissingPack { id, known } => near(id, known),
            Self::UnknownField { field, known, .. } => near(field, known),
            Self::ProcedureUnknown { text, known, .. } => near(text, known),
            Self::AsksLater { .. } => Some(Localized::new(
                "Đưa câu hỏi đó lên trước, hoặc bỏ nó khỏi điều kiện.",
                "Ask that question earlier, or leave it out of the condition.",
            )),
            Self::NotATerm { .. } => Some(Localized::new(
                "Viết 5 working_days, 8 working_hours, 15 days, 1 months hoặc same_day.",
                "Write 5 working_days, 8 working_hours, 15 days, 1 months or same_day.",
            )),
            Self::ProcedureOverlap { .. } => Some(Localized::new(
                "Ghi valid_to cho bản cũ bằng valid_from của bản mới.",
                "Give the older version a valid_to equal to the valid_from of the newer.",
            )),
            Self::UnknownState { state, known, .. } => near(state, known),
            Self::NotReplaced { .. } => Some(Localized::new(
                "Thêm replaces = true nếu thật sự muốn thay thế.",
                "Add replaces = true if this is meant to take its place.",
            )),
            Self::Overlap { .. } => Some(Localized::new(
                "Ghi valid_to cho đơn vị cũ; mã cũ được dùng lại phải có khoảng hiệu lực rời nhau.",
                "Give the older unit a valid_to; a code that is used again needs separate periods of validity.",
            )),
            Self::NotADate { .. } => Some(Localized::new("Ngày viết theo dạng 2025-07-01.", "Write dates as 2025-07-01.")),
            Self::NoManifest => {
                Some(Localized::new("Tạo pack.toml có [pack] id, name, version.", "Create pack.toml with [pack] id, name, version."))
            }
            Self::SwapUnpaired { .. } => Some(Localized::new(
                "Mỗi ngày kind = \"off\" có một ngày kind = \"work\"; nếu không phải làm bù, dùng kind = \"holiday\".",
                "Every day of kind \"off\" has a day of kind \"work\"; a day off that is not made up is of kind \"holiday\".",
            )),
            _ => None,
        }
    }
}

/// The known word that a person most likely meant; none when nothing is close.
fn nearest<'a>(given: &str, known: &'a [String]) -> Option<&'a str> {
    let low = given.to_lowercase();
    known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&low, &word.to_lowercase()), word))
        .filter(|(distance, word)| *distance * 3 <= word.chars().count().max(given.chars().count()))
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, word)| word.as_str())
}
