//! What a pack declares about one version of a procedure (thủ tục hành chính).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Localized,
    calendar::Term,
    one_stop::{self, ProcedureTerms, StepTerms},
    schema::FieldDef,
};

/// One version of a procedure: `[[procedure]]` of a pack. A running dossier keeps the version it was opened under.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProcedureDef {
    /// National code, `1.001193`.
    pub code: String,
    pub valid_from: Date,
    /// First day on which this version is no longer in force.
    #[serde(default)]
    pub valid_to: Option<Date>,
    pub name: Localized,
    /// In one or two plain sentences: who needs it and what for.
    #[serde(default)]
    pub summary: Option<Localized>,
    pub sector: Sector,
    /// Level of the units that decide it: 2 province, 4 commune.
    pub level: u8,
    /// Kinds of unit that offer it; empty = every kind of its level.
    #[serde(default)]
    pub unit_kinds: Vec<String>,
    #[serde(default)]
    pub applicants: Vec<Applicant>,
    #[serde(default)]
    pub channels: Vec<Channel>,
    pub online: Online,
    /// Why it cannot be done wholly online (Decree 224/2026, articles 14–15: the reason is published).
    #[serde(default)]
    pub partial_reason: Option<Localized>,
    /// Level of electronic identity that filing online demands, 0..=2.
    pub identity: u8,
    pub term: Term,
    /// Where the law lets it take longer (verification needed): the longest.
    #[serde(default)]
    pub max_term: Option<Term>,
    /// Under which circumstances `max_term` applies.
    #[serde(default)]
    pub max_term_reason: Option<Localized>,
    /// Words that people use for it, with diacritics.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Place among the most used, 1 first; those without come after.
    #[serde(default)]
    pub rank: Option<u16>,
    pub result: ResultDef,
    #[serde(default)]
    pub steps: Vec<StepDef>,
    #[serde(default)]
    pub parts: Vec<PartDef>,
    #[serde(default)]
    pub fees: Vec<FeeDef>,
    #[serde(default)]
    pub waivers: Vec<WaiverDef>,
    #[serde(default)]
    pub pages: Vec<PageDef>,
    #[serde(default)]
    pub rules: Vec<RuleDef>,
    #[serde(default)]
    pub legal_basis: Vec<String>,
    /// How it was announced and published, for components 1.1 and 1.2 of the service index.
    #[serde(default)]
    pub published: Option<Published>,
    #[serde(default)]
    pub source: Option<String>,
    /// Keys of the head whose value nobody has checked against the law: `term`, `code`, …
    #[serde(default)]
    pub to_be_confirmed: Vec<String>,
    #[serde(default)]
    pub note: Option<Localized>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sector {
    pub code: String,
    pub name: Localized,
}

/// How much of it happens online.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Online {
    /// Toàn trình.
    Full,
    /// Một phần.
    Partial,
    None,
}

impl Online {
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
        }
    }
}

/// LoaiDoiTuong of the national portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applicant {
    Citizen,
    Enterprise,
    Household,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Online,
    Counter,
    Post,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResultDef {
    pub name: Localized,
    /// Given as a signed electronic document.
    pub electronic: bool,
    /// Kind under which the result is kept as a reusable electronic paper of the person.
    #[serde(default)]
    pub paper: Option<String>,
    /// How long the paper is good for; absent = until replaced.
    #[serde(default)]
    pub valid_months: Option<u16>,
}

/// Who does a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The one-stop desk.
    Desk,
    /// The civil servant of the subject.
    Expert,
    /// Who signs.
    Leader,
    /// Clerical: number, seal.
    Clerk,
}

impl Who {
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Expert => "expert",
            Self::Leader => "leader",
            Self::Clerk => "clerk",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepDef {
    pub id: String,
    pub name: Localized,
    pub who: Who,
    /// Share of the term in per cent, or …
    #[serde(default)]
    pub share: Option<u8>,
    /// … working hours.
    #[serde(default)]
    pub hours: Option<u32>,
    /// Another agency that does it (liên thông).
    #[serde(default)]
    pub agency: Option<Localized>,
    #[serde(flatten)]
    pub mark: Mark,
}

/// Where a value comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Id of a source; absent = that of the procedure.
    #[serde(default)]
    pub source: Option<String>,
    /// Nobody has checked it against the law in force.
    #[serde(default)]
    pub to_be_confirmed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// Bản chính, LoaiBan 0.
    Original,
    /// Bản sao, LoaiBan 1.
    Copy,
    /// Bản điện tử, LoaiBan 2.
    Electronic,
    /// Shown at the desk and handed back.
    Shown,
}

/// A part of the dossier (thành phần hồ sơ).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartDef {
    pub id: String,
    pub name: Localized,
    #[serde(default)]
    pub hint: Option<Localized>,
    pub kind: PartKind,
    pub copies: u8,
    pub required: bool,
    /// CEL over `form`: wanted only then.
    #[serde(default)]
    pub when: Option<String>,
    /// Kind of electronic paper that takes its place, once the person has one.
    #[serde(default)]
    pub reuse: Option<String>,
    /// Kind under which what was handed in is kept for the next time.
    #[serde(default)]
    pub keep: Option<String>,
    /// The filled-in form itself is this part: nothing is to be uploaded.
    #[serde(default)]
    pub from_form: bool,
    /// Number or name of the official form.
    #[serde(default)]
    pub template: Option<String>,
    #[serde(flatten)]
    pub mark: Mark,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeeDef {
    pub id: String,
    pub name: Localized,
    /// phí or lệ phí, as the law on fees calls it.
    pub kind: FeeKind,
    /// A fixed amount, or …
    #[serde(default)]
    pub amount_vnd: Option<u64>,
    /// … CEL over `form` with a whole number of đồng.
    #[serde(default)]
    pub amount: Option<String>,
    /// Whole-number field of the form that multiplies `amount_vnd` (copies, signatures).
    #[serde(default)]
    pub per: Option<String>,
    /// What one of `per` is: "bản", "chữ ký".
    #[serde(default)]
    pub per_name: Option<Localized>,
    #[serde(default)]
    pub when: Option<String>,
    /// Set by the provincial council: a local pack replaces the procedure with its own amount.
    #[serde(default)]
    pub local: bool,
    #[serde(flatten)]
    pub mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// Lệ phí.
    Duty,
    /// Phí.
    Charge,
}

/// A dated exemption or reduction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaiverDef {
    /// The fee, or `*`.
    pub fee: String,
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day.
    #[serde(default)]
    pub to: Option<Date>,
    #[serde(default)]
    pub when: Option<String>,
    pub reason: Localized,
    /// Per cent taken off.
    pub off: u8,
    #[serde(flatten)]
    pub mark: Mark,
}

/// One question page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageDef {
    pub id: String,
    pub title: Localized,
    #[serde(default)]
    pub hint: Option<Localized>,
    #[serde(default)]
    pub when: Option<String>,
    pub fields: Vec<FormField>,
}

/// One question: a field as registers have them, and how the form treats it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormField {
    pub field: FieldDef,
    /// CEL over `form`: asked only then. May speak of earlier questions only.
    #[serde(default)]
    pub when: Option<String>,
    /// `identity.name`, `paper.birth_certificate.child_name`.
    #[serde(default)]
    pub prefill: Option<String>,
    #[serde(default)]
    pub check: Option<Check>,
    #[serde(default)]
    pub layout: Layout,
    /// Its label where an officer asks it, for a label that speaks to the citizen.
    #[serde(default)]
    pub counter_label: Option<Localized>,
    /// Asked of those who file online alone: at the counter it is known already.
    #[serde(default)]
    pub online_only: bool,
}

impl FormField {
    /// The label that an officer reads.
    #[must_use]
    pub fn label_at_counter(&self) -> &Localized {
        self.counter_label.as_ref().unwrap_or(&self.field.label)
    }
}

/// What a text or a date must be beyond its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Check {
    /// Twelve digits; year and sex are compared with those fields where they are filled.
    IdentityNumber {
        #[serde(default)]
        birth: Option<String>,
        /// Choice field with `male` and `female`.
        #[serde(default)]
        sex: Option<String>,
    },
    Phone,
    Email,
    /// 10, 12 or 13 digits with the check digit.
    TaxCode,
    /// A day not after today.
    Past,
    /// A day not before today.
    Future,
}

/// How a question looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    #[default]
    Full,
    /// Beside its neighbour on a wide screen.
    Half,
    Third,
    /// Several lines.
    Lines,
}

/// Something about several answers that must not be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleDef {
    /// The question at which the fault is shown.
    pub field: String,
    /// CEL over `form`: true = wrong.
    pub wrong_when: String,
    pub say: Localized,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Number of the decision that announces it.
    pub decision: String,
    pub decided_on: Date,
    pub effective_on: Date,
    pub published_on: Date,
}

impl ProcedureDef {
    /// Id of this version: `1.001193@2025-07-01`.
    #[must_use]
    pub fn version_id(&self) -> String {
        format!("{}@{}", self.code, self.valid_from)
    }

    #[must_use]
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }

    pub fn fields(&self) -> impl Iterator<Item = &FormField> {
        self.pages.iter().flat_map(|p| &p.fields)
    }

    #[must_use]
    pub fn field(&self, id: &str) -> Option<&FormField> {
        self.fields().find(|f| f.field.id == id)
    }

    #[must_use]
    pub fn part(&self, id: &str) -> Option<&PartDef> {
        self.parts.iter().find(|p| p.id == id)
    }

    #[must_use]
    pub fn step(&self, id: &str) -> Option<&StepDef> {
        self.steps.iter().find(|s| s.id == id)
    }

    /// The step after another; the first when `id` is none of its steps.
    #[must_use]
    pub fn next_step(&self, id: &str) -> Option<&StepDef> {
        match self.steps.iter().position(|s| s.id == id) {
            Some(at) => self.steps.get(at + 1),
            None => self.steps.first(),
        }
    }

    /// Whether anything about it still has to be confirmed.
    #[must_use]
    pub fn unconfirmed(&self) -> bool {
        !self.to_be_confirmed.is_empty()
            || self.parts.iter().any(|p| p.mark.to_be_confirmed)
            || self.fees.iter().any(|f| f.mark.to_be_confirmed)
            || self.steps.iter().any(|s| s.mark.to_be_confirmed)
            || self.waivers.iter().any(|w| w.mark.to_be_confirmed)
    }
}

/// `5 working_days`, `8 working_hours`, `15 days`, `1 months`, `same_day` (before the office closes on the day it counts from).
#[must_use]
pub fn parse_term(text: &str) -> Option<Term> {
    if text == "same_day" {
        return Some(Term::WorkingDays(0));
    }
    let (number, unit) = text.split_once(' ')?;
    let n: u32 = number.parse().ok().filter(|n| (1..=1_000).contains(n))?;
    Some(match unit {
        "working_hours" | "working_hour" => Term::WorkingHours(n),
        "working_days" | "working_day" => Term::WorkingDays(n),
        "days" | "day" => Term::Days(n),
        "months" | "month" => Term::Months(n),
        _ => return None,
    })
}

impl From<&ProcedureDef> for ProcedureTerms {
    /// What a case must know. The fee depends on the answers: who files a dossier fills it in.
    fn from(def: &ProcedureDef) -> Self {
        Self {
            code: def.code.clone(),
            valid_from: def.valid_from,
            term: def.term,
            max_term: def.max_term,
            steps: def
                .steps
                .iter()
                .map(|s| StepTerms { id: s.id.clone(), who: s.who.id().to_owned(), share: s.share.unwrap_or(0) })
                .collect(),
            fee_vnd: None,
            online: match def.online {
                Online::Full => one_stop::Online::Full,
                Online::Partial => one_stop::Online::Partial,
                Online::None => one_stop::Online::None,
            },
            result_electronic: def.result.electronic,
        }
    }
}
