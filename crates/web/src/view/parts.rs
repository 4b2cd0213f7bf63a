//! Pieces that several pages share.

use std::fmt;

use crate::chart::Svg;

/// Status of a target or a task: always a mark and a word, never a colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    Overdue,
    AtRisk,
    Waiting,
    InProgress,
    Pilot,
    Recurring,
    Completed,
    /// No figure yet: nothing can be said.
    NoData,
}

impl Mark {
    /// In the order in which a leader wants to read them.
    pub const ALL: [Self; 8] =
        [Self::Overdue, Self::AtRisk, Self::Waiting, Self::InProgress, Self::Pilot, Self::Recurring, Self::Completed, Self::NoData];

    /// Symbol in the sprite, class in the style sheet, value in an address.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::AtRisk => "at_risk",
            Self::Waiting => "waiting",
            Self::InProgress => "in_progress",
            Self::Pilot => "pilot",
            Self::Recurring => "recurring",
            Self::Completed => "completed",
            Self::NoData => "no_data",
        }
    }

    /// Key of its word.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Overdue => "status-overdue",
            Self::AtRisk => "status-at-risk",
            Self::Waiting => "status-waiting",
            Self::InProgress => "status-in-progress",
            Self::Pilot => "status-pilot",
            Self::Recurring => "status-recurring",
            Self::Completed => "status-completed",
            Self::NoData => "status-no-data",
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Link {
    pub href: String,
    pub text: String,
}

impl Link {
    #[must_use]
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

/// An option of a list.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub value: String,
    /// Indented by the caller where there is a tree.
    pub text: String,
    pub selected: bool,
}

/// A value with the door behind it.
#[derive(Debug, Clone, Default)]
pub struct Figure {
    /// "97,63 %", "hơn 1.246", or "–" for no value.
    pub value: String,
    /// "1.246 / 1.276"; empty when the figure has none. Shown on hover and focus, read to those who do not see.
    pub counts: String,
    /// The page behind it; empty for none.
    pub href: String,
    /// Stable on the page, so that a live change finds it: indicator and unit.
    pub live_id: String,
    /// Carried over a division of units by a declared share.
    pub estimated: bool,
    /// "Tháng 6/2025", where the page itself does not say it; empty otherwise.
    pub period: String,
}

/// Where a figure comes from.
#[derive(Debug, Clone, Default)]
pub struct Source {
    pub title: String,
    pub href: String,
    /// The words of the source.
    pub quote: String,
    /// "30/09/2024"; empty: the source does not say, and the page says so.
    pub as_of: String,
    /// Who entered or published it.
    pub by: String,
}

/// One of several contradicting values or deadlines.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    pub value: String,
    pub source: Source,
    /// Page of the ledger entry that holds it.
    pub proof: String,
    /// Value of the radio button of the decision form.
    pub id: String,
    pub chosen: bool,
}

/// A contradiction, shown until somebody decides.
#[derive(Debug, Clone, Default)]
pub struct Conflict {
    /// "Tỷ lệ định danh, xác thực – hai giá trị khác nhau"
    pub title: String,
    pub claims: Vec<Claim>,
    /// Decision form; empty when the reader may not decide.
    pub decide: String,
    /// "Đã chọn 99,17 % – Nguyễn Văn A, 12/07/2025: lý do…"; empty while undecided.
    pub decided: String,
}

/// A change of one field.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    pub field: String,
    /// Empty: had no value. A personal value is shown as "•••" by the caller.
    pub old: String,
    pub new: String,
}

#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub href: String,
    pub name: String,
    /// "PDF, 1,2 MB"
    pub kind: String,
    /// First digits of its SHA-256.
    pub hash: String,
}

/// One line of a history.
#[derive(Debug, Clone, Default)]
pub struct Happened {
    /// "12/07/2025 09:41"
    pub at: String,
    pub who: String,
    /// "đã trả lại, cần bổ sung minh chứng"
    pub what: String,
    /// The words somebody wrote (progress, reason).
    pub note: String,
    pub changes: Vec<Changed>,
    pub evidence: Vec<Evidence>,
    /// Page of the ledger entry; empty when the entry is not yet in the tree.
    pub proof: String,
}

/// A line of a list of late, endangered or changed things.
#[derive(Debug, Clone)]
pub struct Brief {
    pub mark: Mark,
    pub href: String,
    pub title: String,
    /// Unit or person it lies with.
    pub unit: String,
    /// Why: "chậm 12 ngày", "với tốc độ 90 ngày qua …".
    pub why: String,
    pub value: String,
}

/// A count of the strip at the top.
#[derive(Debug, Clone)]
pub struct Kpi {
    pub label: String,
    pub value: String,
    /// "+3 so với hôm qua"; may be empty.
    pub note: String,
    pub href: String,
    /// Where the number is a sum of two lists: each part with its own list, and then the tile itself leads nowhere.
    pub doors: Vec<Link>,
    pub mark: Option<Mark>,
    pub live_id: String,
}

/// A filter chip.
#[derive(Debug, Clone)]
pub struct Chip {
    pub href: String,
    pub text: String,
    pub count: String,
    pub on: bool,
    pub mark: Option<Mark>,
}

/// Head of a column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    pub text: String,
    /// Address that sorts by it; empty: cannot be sorted.
    pub href: String,
    /// `ascending`, `descending` or empty (WAI-ARIA aria-sort).
    pub sorted: &'static str,
    pub number: bool,
    /// Short values that are not to be broken: codes, days, moments.
    pub tight: bool,
}

/// Paging by cursor.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// "1–50 trong 15.204"
    pub shown: String,
    /// The first page, where it is not the one before.
    pub first: String,
    pub back: String,
    pub next: String,
}

/// A named value of a description list.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    pub label: String,
    pub value: String,
    pub href: String,
}

impl Pair {
    #[must_use]
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), href: String::new() }
    }

    /// Too long for one column of the list.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.value.chars().count() > 90
    }
}

/// A length in a table.
#[derive(Debug, Clone, Default)]
pub struct BarRow {
    pub name: String,
    pub href: String,
    pub figure: Figure,
    pub bar: Svg,
    /// The reader's own unit.
    pub own: bool,
    pub mark: Option<Mark>,
    /// Line of the last months; empty text for none.
    pub spark: Svg,
}

/// Kind of a form field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Text,
    /// A number as people write it ("hơn 1.246"): text with a decimal keyboard.
    Number,
    Date,
    Password,
    /// Rows.
    Long(u8),
    Select,
    Check,
    Radio,
    /// Several of many: boxes that all carry the field's name.
    Boxes,
    File,
    /// Not shown: what the form must say again.
    Hidden,
}

impl Input {
    #[must_use]
    pub fn html(&self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Password => "password",
            Self::File => "file",
            Self::Check => "checkbox",
            Self::Radio => "radio",
            _ => "text",
        }
    }
}

/// A field of a form: label above, hint below, its error between.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub value: String,
    /// Empty: no fault.
    pub error: String,
    pub required: bool,
    /// Needed unless another field says otherwise: the hint says when, and it is not called optional.
    pub conditional: bool,
    pub input: Input,
    /// For select and radio.
    pub choices: Vec<Choice>,
    /// HTML autocomplete token; empty for none.
    pub autocomplete: &'static str,
}

impl Field {
    #[must_use]
    pub fn new(name: impl Into<String>, label: impl Into<String>, input: Input) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            value: String::new(),
            error: String::new(),
            required: false,
            conditional: false,
            input,
            choices: Vec::new(),
            autocomplete: "",
        }
    }
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
    #[must_use]
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = error.into();
        self
    }
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    #[must_use]
    pub fn conditional(mut self) -> Self {
        self.conditional = true;
        self
    }
    #[must_use]
    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }
    /// Ids that describe the input: error, then hint. `prefix` keeps ids apart where several forms share a page.
    #[must_use]
    pub fn described_by(&self, prefix: impl fmt::Display) -> String {
        let mut ids = Vec::new();
        if !self.error.is_empty() {
            ids.push(format!("{prefix}{}-error", self.name));
        }
        if !self.hint.is_empty() {
            ids.push(format!("{prefix}{}-hint", self.name));
        }
        ids.join(" ")
    }
    #[must_use]
    pub fn is_long(&self) -> bool {
        matches!(self.input, Input::Long(_))
    }
    #[must_use]
    pub fn rows(&self) -> u8 {
        if let Input::Long(rows) = self.input { rows } else { 1 }
    }
    #[must_use]
    pub fn is_select(&self) -> bool {
        self.input == Input::Select
    }
    #[must_use]
    pub fn is_check(&self) -> bool {
        self.input == Input::Check
    }
    #[must_use]
    pub fn is_radio(&self) -> bool {
        self.input == Input::Radio
    }
    /// How many of the boxes are ticked.
    #[must_use]
    pub fn boxes_on(&self) -> i64 {
        i64::try_from(self.choices.iter().filter(|c| c.selected).count()).unwrap_or(0)
    }
    #[must_use]
    pub fn any_box(&self) -> bool {
        self.choices.iter().any(|c| c.selected)
    }
    #[must_use]
    pub fn is_boxes(&self) -> bool {
        self.input == Input::Boxes
    }
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.input == Input::Hidden
    }
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.input == Input::Number
    }
}

/// A form that does one thing.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    /// "Gửi duyệt", "Trả lại": what the button does.
    pub submit: String,
    pub fields: Vec<Field>,
    /// Repeats of a retry are harmless.
    pub idempotency_key: String,
    /// Version of the record the person saw; empty for a new one.
    pub version: String,
    /// Where "Thôi" leads; empty shows none.
    pub cancel: String,
    /// A button that undoes or refuses: drawn quieter, in red.
    pub grave: bool,
    /// `multipart/form-data` when there is a file.
    pub files: bool,
}

impl Form {
    #[must_use]
    pub fn faults(&self) -> Vec<&Field> {
        self.fields.iter().filter(|f| !f.error.is_empty()).collect()
    }
}
