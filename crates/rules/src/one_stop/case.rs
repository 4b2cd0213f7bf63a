//! A dossier as the law sees it: what was asked, answered, promised and decided, when and by whom.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    act::{Linking, Outcome, Reason, ResultGiven, Way},
    law::RuleSet,
};
use crate::{
    Refusal, Timestamp,
    calendar::{Answer, Calendar, Clock, Term},
    units::UnitKey,
};

/// What a case needs to know of its procedure. The declaration in a pack has far more; it converts into this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureTerms {
    pub code: String,
    /// First day of the version that a dossier keeps.
    pub valid_from: Date,
    pub term: Term,
    /// Longest term that a law allows, where no shorter one was published.
    #[serde(default)]
    pub max_term: Option<Term>,
    pub steps: Vec<StepTerms>,
    /// What one pays when everything is paid; `None` where nobody pays.
    #[serde(default)]
    pub fee_vnd: Option<u64>,
    pub online: Online,
    /// The result is given as an electronic document.
    #[serde(default)]
    pub result_electronic: bool,
}

/// One step of the way through the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTerms {
    pub id: String,
    /// `desk`, `expert`, `leader`, `clerk`
    pub who: String,
    /// Its part of the term, in percent.
    #[serde(default)]
    pub share: u8,
}

/// How far a procedure can be done online.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Online {
    /// Toàn trình.
    Full,
    /// Một phần.
    Partial,
    None,
}

/// By which way it came in; the words of the register `dossier`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Online,
    Counter,
    Post,
}

impl Channel {
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Counter => "counter",
            Self::Post => "post",
        }
    }
}

/// Where a dossier stands; the ids are the states of the register `dossier`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Registered,
    Received,
    NotAccepted,
    InProgress,
    Supplement,
    Payment,
    Withdrawn,
    Stopped,
    Rejected,
    Resolved,
    ReturnedResult,
}

impl Status {
    pub const ALL: [Self; 11] = [
        Self::Registered,
        Self::Received,
        Self::NotAccepted,
        Self::InProgress,
        Self::Supplement,
        Self::Payment,
        Self::Withdrawn,
        Self::Stopped,
        Self::Rejected,
        Self::Resolved,
        Self::ReturnedResult,
    ];
    /// Not decided yet.
    pub const OPEN: [Self; 5] = [Self::Registered, Self::Received, Self::InProgress, Self::Supplement, Self::Payment];

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Received => "received",
            Self::NotAccepted => "not_accepted",
            Self::InProgress => "in_progress",
            Self::Supplement => "supplement",
            Self::Payment => "payment",
            Self::Withdrawn => "withdrawn",
            Self::Stopped => "stopped",
            Self::Rejected => "rejected",
            Self::Resolved => "resolved",
            Self::ReturnedResult => "returned_result",
        }
    }

    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id)
    }

    /// The code of the national portal. Stopping and refusing share one.
    #[must_use]
    pub fn national_code(self) -> u8 {
        match self {
            Self::Registered => 1,
            Self::Received => 2,
            Self::NotAccepted => 3,
            Self::InProgress => 4,
            Self::Supplement => 5,
            Self::Payment => 6,
            Self::Withdrawn => 7,
            Self::Stopped | Self::Rejected => 8,
            Self::Resolved => 9,
            Self::ReturnedResult => 10,
        }
    }

    #[must_use]
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}

/// The citizen was asked to complete the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub at: Timestamp,
    pub by: String,
    pub reasons: Vec<Reason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Returned after appraisal: what comes back counts from zero.
    #[serde(default, skip_serializing_if = "is_false")]
    pub after_appraisal: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Timestamp>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(b: &bool) -> bool {
    !*b
}

/// Another agency's opinion, beside the dossier's own way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    pub agency: String,
    pub question: String,
    pub asked: Timestamp,
    pub by: String,
    pub due: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Another unit in the same dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub unit: UnitKey,
    pub linking: Linking,
    pub sent: Timestamp,
    pub by: String,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Link {
    /// It has a part to do and has not given it back.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.linking == Linking::Part && self.returned.is_none()
    }
}

/// It will be, or is, late: what the citizen was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apology {
    pub at: Timestamp,
    pub by: String,
    pub reason: String,
    pub old_due: Timestamp,
    pub new_day: Date,
    /// Out of time, so the deadline stayed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub late: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    pub at: Timestamp,
    pub by: String,
    pub reason: String,
    pub basis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed: Option<Timestamp>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub demanded_vnd: u64,
    pub paid_vnd: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demanded_at: Option<Timestamp>,
    /// The day that the newest demand named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub online: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
}

/// A step of the way, open while it has no end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDone {
    pub step: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    pub from: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// Who gave it to this step.
    pub by: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pub outcome: Outcome,
    pub at: Timestamp,
    pub by: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultGiven>,
    /// After the deadline.
    #[serde(default, skip_serializing_if = "is_false")]
    pub late: bool,
    /// On a day before the deadline's.
    #[serde(default, skip_serializing_if = "is_false")]
    pub early: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    pub at: Timestamp,
    pub way: Way,
}

/// One dossier. Changes only through [`Case::apply`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub procedure: String,
    pub procedure_from: Date,
    /// The rules in force when it was filed; it keeps them.
    pub rules: String,
    pub channel: Channel,
    pub filed: Timestamp,
    pub status: Status,
    /// When something happened last; nothing happens before it.
    pub last: Timestamp,
    /// Runs from acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opinions: Vec<Opinion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apologies: Vec<Apology>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspensions: Vec<Suspension>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepDone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
}

impl Case {
    /// Filed, nothing decided: online it waits to be received; at the counter [`super::Act::Accept`] follows at once.
    #[must_use]
    pub fn file(procedure: &ProcedureTerms, channel: Channel, at: Timestamp, rules: &RuleSet) -> Self {
        Self {
            procedure: procedure.code.clone(),
            procedure_from: procedure.valid_from,
            rules: rules.id.clone(),
            channel,
            filed: at,
            status: Status::Registered,
            last: at,
            clock: None,
            requests: Vec::new(),
            opinions: Vec::new(),
            links: Vec::new(),
            apologies: Vec::new(),
            suspensions: Vec::new(),
            payment: None,
            steps: Vec::new(),
            end: None,
            returned: None,
        }
    }

    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Until when it is to be decided; `None` before acceptance and while the citizen or the law makes it wait.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn due(&self, calendar: &Calendar) -> Result<Option<Answer<Timestamp>>, Refusal> {
        match &self.clock {
            Some(clock) => clock.due(calendar),
            None => Ok(None),
        }
    }

    /// Until when it must be handed over: the end of the day from which it counts.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn hand_over_by(&self, rules: &RuleSet, calendar: &Calendar) -> Result<Option<Timestamp>, Refusal> {
        let Some(clock) = &self.clock else { return Ok(None) };
        let by = Clock::started(clock.received, clock.started, rules.hand_over.value);
        Ok(by.due(calendar)?.map(|a| a.value))
    }

    /// Until when a dossier filed online is to be accepted or not.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn answer_by(&self, rules: &RuleSet, calendar: &Calendar) -> Result<Option<Timestamp>, Refusal> {
        if self.status != Status::Registered {
            return Ok(None);
        }
        // What the citizen brought is looked at anew.
        let from = self.requests.iter().filter_map(|r| r.answered).max().unwrap_or(self.filed);
        let start = calendar.receipt_start_by(from, None)?.value;
        Ok(Clock::started(from, start, rules.online_answer.value).due(calendar)?.map(|a| a.value))
    }

    /// Until when it may be returned after appraisal.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn return_by(&self, rules: &RuleSet, calendar: &Calendar) -> Result<Option<Timestamp>, Refusal> {
        let Some(clock) = &self.clock else { return Ok(None) };
        let by = Clock::started(clock.received, clock.started, rules.return_after_appraisal.value);
        // A term that is shorter ends it sooner.
        let due = self.due(calendar)?.map(|a| a.value);
        Ok(by.due(calendar)?.map(|a| due.map_or(a.value, |due| due.min(a.value))))
    }

    /// Until when an apology with a new day may go out; `None` where no deadline runs.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn apology_by(&self, rules: &RuleSet, calendar: &Calendar) -> Result<Option<Timestamp>, Refusal> {
        let Some(due) = self.due(calendar)? else { return Ok(None) };
        let days = if let Term::WorkingDays(n) = rules.apology_before.value { n } else { 1 };
        let mut day = due.value.local_date();
        for _ in 0..days {
            day = calendar.previous_working_day(day)?.value;
        }
        Ok(Some(calendar.end_of_term(day)))
    }

    /// The request that the citizen has not answered.
    #[must_use]
    pub fn asked(&self) -> Option<&Request> {
        self.requests.last().filter(|r| r.answered.is_none())
    }

    /// The suspension that lasts.
    #[must_use]
    pub fn suspended(&self) -> Option<&Suspension> {
        self.suspensions.last().filter(|s| s.resumed.is_none())
    }

    /// The step that it is in.
    #[must_use]
    pub fn step(&self) -> Option<&StepDone> {
        self.steps.last().filter(|s| s.to.is_none())
    }

    /// It was given to somebody after receipt.
    #[must_use]
    pub fn handed_over(&self) -> bool {
        self.steps.len() > 1
    }

    /// Handed over after the time that the law gives.
    ///
    /// # Errors
    /// `calendar.out_of_range`.
    pub fn handed_over_late(&self, rules: &RuleSet, calendar: &Calendar) -> Result<bool, Refusal> {
        let (Some(by), Some(first)) = (self.hand_over_by(rules, calendar)?, self.steps.first()) else { return Ok(false) };
        Ok(first.to.is_some_and(|at| at > by))
    }
}
