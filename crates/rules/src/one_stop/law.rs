//! The rules in force on a day, as data. A value that was not read in its source says so and is shown so.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::act::ActKind;
use crate::{
    Localized, Refusal,
    calendar::{Calendar, Clock, RestDay, Term},
    payment::FeeAccount,
    time::Timestamp,
    units::UnitKey,
};

/// `[[one_stop_rules]]` of a pack: a decree's rules for the days on which it is in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    pub id: String,
    pub name: Localized,
    /// How a refusal cites it: `NĐ 61/2018/NĐ-CP`.
    pub decree: String,
    pub valid_from: Date,
    /// First day on which it is no longer in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Localized>,
    /// Received after this time of the day counts from the next working day.
    pub receipt_cutoff: Ruled<Minute>,
    /// From receipt to whoever handles it.
    pub hand_over: Ruled<Term>,
    /// How often a dossier may be asked to be completed, at receipt or later.
    pub supplements: Ruled<u8>,
    /// Until when a dossier found wanting after appraisal is returned, from receipt.
    pub return_after_appraisal: Ruled<Term>,
    /// How long before its deadline the apology with a new day must be out.
    pub apology_before: Ruled<Term>,
    /// How often a new day may be named.
    pub reappointments: Ruled<u8>,
    /// How long a citizen has for a supplement whose request named no day: until then handling is not stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplement_wait: Option<Ruled<Term>>,
    /// How long a citizen has for a fee whose demand named no day: until then handling is not stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_wait: Option<Ruled<Term>>,
    /// Until when a dossier filed online is accepted or not.
    pub online_answer: Ruled<Term>,
    /// How long a complaint of each kind may wait for its answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub complaints: BTreeMap<ComplaintKind, AnswerTerm>,
    /// A draft waits so many days for its person after the last change. No law sets it: the office says so on the page.
    #[serde(default = "draft_days")]
    pub draft_days: u16,
    /// The article that each act stands on; an act without one cites `otherwise`.
    pub steps: BTreeMap<ActKind, Cite>,
    pub otherwise: Cite,
}

fn draft_days() -> u16 {
    60
}

/// What a citizen says is wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintKind {
    /// Phản ánh, kiến nghị: how one was served, what could be better.
    #[default]
    Feedback,
    /// Khiếu nại: an administrative decision or act that one holds to be unlawful.
    Complaint,
}

impl ComplaintKind {
    pub const ALL: [Self; 2] = [Self::Feedback, Self::Complaint];

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Feedback => "feedback",
            Self::Complaint => "complaint",
        }
    }
}

/// A term for an answer, and the document that sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerTerm {
    pub term: Term,
    pub basis: String,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub verified: bool,
}

/// A value, where it is written, and whether it was read there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruled<T> {
    pub value: T,
    pub article: Cite,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub verified: bool,
}

fn yes() -> bool {
    true
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_true(b: &bool) -> bool {
    *b
}

/// An article and, after a dot, its clause: `19.9`. In another document than the set's own: `19.9 NĐ 61/2018/NĐ-CP`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cite {
    pub article: String,
    pub clause: Option<String>,
    pub decree: Option<String>,
}

impl TryFrom<String> for Cite {
    type Error = Refusal;
    /// # Errors
    /// `one_stop.cite` (text).
    fn try_from(text: String) -> Result<Self, Refusal> {
        let refuse = || Refusal::new("one_stop.cite").with("text", &text);
        let (place, decree) = match text.trim().split_once(' ') {
            Some((place, decree)) => (place, Some(decree.trim().to_owned())),
            None => (text.trim(), None),
        };
        let (article, clause) = match place.split_once('.') {
            Some((a, c)) => (a, Some(c.to_owned())),
            None => (place, None),
        };
        let word = |t: &str| !t.is_empty() && t.len() <= 8 && t.chars().all(char::is_alphanumeric);
        if !word(article) || !clause.as_deref().is_none_or(word) {
            return Err(refuse());
        }
        Ok(Self { article: article.to_owned(), clause, decree })
    }
}

impl From<Cite> for String {
    fn from(c: Cite) -> Self {
        let clause = c.clause.map(|c| format!(".{c}")).unwrap_or_default();
        let decree = c.decree.map(|d| format!(" {d}")).unwrap_or_default();
        format!("{}{clause}{decree}", c.article)
    }
}

/// A time of the day in minutes, written `15:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Minute(pub u16);

impl TryFrom<String> for Minute {
    type Error = Refusal;
    /// # Errors
    /// `one_stop.minute` (text).
    fn try_from(text: String) -> Result<Self, Refusal> {
        let read = || {
            let (h, m) = text.split_once(':')?;
            let (hours, minutes): (u16, u16) = (h.parse().ok()?, m.parse().ok()?);
            (hours < 24 && minutes < 60 && m.len() == 2).then_some(hours * 60 + minutes)
        };
        read().map(Self).ok_or_else(|| Refusal::new("one_stop.minute").with("text", &text))
    }
}

impl From<Minute> for String {
    fn from(m: Minute) -> Self {
        format!("{:02}:{:02}", m.0 / 60, m.0 % 60)
    }
}

/// The day on which a wait that began at `at` ends.
fn last_day(wait: Option<&Ruled<Term>>, at: Timestamp, calendar: &Calendar) -> Result<Option<Date>, Refusal> {
    let Some(wait) = wait else { return Ok(None) };
    Ok(Clock::started(at, at, wait.value).due(calendar)?.map(|a| a.value.local_date()))
}

impl RuleSet {
    #[must_use]
    pub fn in_force_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }

    /// Until when a complaint of a kind is answered; `None` where the rules say nothing.
    #[must_use]
    pub fn complaint_answer(&self, kind: ComplaintKind) -> Option<&AnswerTerm> {
        self.complaints.get(&kind)
    }

    /// The article that an act stands on.
    #[must_use]
    pub fn cite(&self, act: ActKind) -> &Cite {
        self.steps.get(&act).unwrap_or(&self.otherwise)
    }

    /// A refusal that names its article: `article`, `clause` (`none` where there is none) and `decree`.
    #[must_use]
    pub fn refuse(&self, code: &'static str, cite: &Cite) -> Refusal {
        Refusal::new(code)
            .with("article", &cite.article)
            .with("clause", cite.clause.as_deref().unwrap_or("none"))
            .with("decree", cite.decree.as_deref().unwrap_or(&self.decree))
    }

    /// From when a dossier received at `at` counts.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn starts(&self, at: Timestamp, calendar: &Calendar) -> Result<Timestamp, Refusal> {
        Ok(calendar.receipt_start_by(at, Some(self.receipt_cutoff.value.0))?.value)
    }

    /// The last day for a supplement asked at `at` that named none; `None` where the rules give no term.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn supplement_until(&self, at: Timestamp, calendar: &Calendar) -> Result<Option<Date>, Refusal> {
        last_day(self.supplement_wait.as_ref(), at, calendar)
    }

    /// The same for a fee that was asked for at `at`.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn payment_until(&self, at: Timestamp, calendar: &Calendar) -> Result<Option<Date>, Refusal> {
        last_day(self.payment_wait.as_ref(), at, calendar)
    }

    /// Everything wrong with the set; empty when it is sound.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.valid_to.is_some_and(|end| end <= self.valid_from) {
            out.push("valid_to is not after valid_from".to_owned());
        }
        let whole_days = [("return_after_appraisal", &self.return_after_appraisal), ("apology_before", &self.apology_before)];
        for (name, _) in whole_days.iter().filter(|(_, r)| !matches!(r.value, Term::WorkingDays(_))) {
            out.push(format!("{name} is counted in working days"));
        }
        if self.draft_days == 0 {
            out.push("draft_days is at least 1".to_owned());
        }
        out.extend(
            self.complaints.iter().filter(|(_, a)| a.basis.trim().is_empty()).map(|(k, _)| format!("complaints.{} has no basis", k.id())),
        );
        if self.decree.trim().is_empty() {
            out.push("decree is empty".to_owned());
        }
        out
    }
}

/// `[[unit_policy]]` of a pack: what an office does differently from a day on. Holds for the unit and everything below it; the nearest
/// one wins, key by key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitPolicy {
    pub id: String,
    pub unit: UnitKey,
    pub valid_from: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    pub name: Localized,
    /// Opening hours, `07:30-11:30`, where they are not the calendar's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<String>,
    /// Other hours on some weekdays: a Saturday morning.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hours_on: BTreeMap<String, Vec<String>>,
    /// Identifier of the unit (Decision 20/2020/QĐ-TTg) in the codes of its dossiers, where its own declaration has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency_code: Option<String>,
    /// Weekdays on which no paper dossier is taken at the counter (IN-037).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_paper_on: Vec<RestDay>,
    /// Telephone of the one-stop desk, as it stands on its papers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where the one-stop desk is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Localized>,
    /// Where fees are paid to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_account: Option<FeeAccount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub verified: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Localized>,
}

impl UnitPolicy {
    #[must_use]
    pub fn in_force_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }

    #[must_use]
    pub fn no_paper(&self, weekday: Weekday) -> bool {
        self.no_paper_on.iter().any(|d| d.0 == weekday)
    }

    /// Everything wrong with it; empty when it is sound.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.valid_to.is_some_and(|end| end <= self.valid_from) {
            out.push("valid_to is not after valid_from".to_owned());
        }
        if !self.hours.is_empty() && crate::calendar::parse_hours(&self.hours).is_err() {
            out.push("hours are not spans like 07:30-11:30, one after the other".to_owned());
        }
        out.extend(self.fee_account.iter().flat_map(FeeAccount::faults));
        for (day, hours) in &self.hours_on {
            if crate::calendar::parse_weekday(day).is_err() || crate::calendar::parse_hours(hours).is_err() {
                out.push(format!("hours_on.{day} is not a weekday (mon … sun) with spans like 07:30-11:30"));
            }
        }
        out
    }
}
