//! What can be done to a dossier.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::units::UnitKey;

/// Why something is asked for, returned or refused: each point by itself, so that the citizen can answer each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub kind: ReasonKind,
    /// The part of the dossier that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    Missing,
    Illegible,
    Expired,
    /// Not the paper that is asked for, or not certified.
    Wrong,
    Contradicts,
    NotEligible,
    OtherOffice,
    Other,
}

impl ReasonKind {
    pub const ALL: [Self; 8] =
        [Self::Missing, Self::Illegible, Self::Expired, Self::Wrong, Self::Contradicts, Self::NotEligible, Self::OtherOffice, Self::Other];

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Illegible => "illegible",
            Self::Expired => "expired",
            Self::Wrong => "wrong",
            Self::Contradicts => "contradicts",
            Self::NotEligible => "not_eligible",
            Self::OtherOffice => "other_office",
            Self::Other => "other",
        }
    }
}

/// How a result reaches the citizen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Desk,
    Post,
    Online,
}

impl Way {
    pub const ALL: [Self; 3] = [Self::Desk, Self::Post, Self::Online];

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Post => "post",
            Self::Online => "online",
        }
    }

    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.id() == id)
    }
}

/// What was decided in the citizen's favour.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResultGiven {
    /// Number and notation of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// SHA-256 of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    pub electronic: bool,
}

/// Why another unit gets the dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Linking {
    /// It was received here for the unit that is competent (phi địa giới).
    Competent,
    /// The unit does its part and gives it back (liên thông).
    Part,
}

/// How a dossier ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    NotAccepted,
    Resolved,
    Refused,
    Withdrawn,
    Stopped,
}

macro_rules! acts {
    ($($variant:ident, $id:literal, $doc:literal;)*) => {
        /// The kinds of act, for buttons and for the ledger.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ActKind {
            $(#[doc = $doc] $variant,)*
        }
        impl ActKind {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            /// Stable; the kind of its entry in the ledger.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }
            #[must_use]
            pub fn of(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|k| k.id() == id)
            }
        }
    };
}
acts! {
    Accept, "accept", "Received in due form: the appointment slip (form 01) is given and the clock starts.";
    NotAccept, "not_accept", "Receiving is refused (form 03).";
    AskSupplement, "ask_supplement", "The citizen is to complete the dossier (form 02).";
    Supplement, "supplement", "The citizen completed it.";
    ReturnAfterAppraisal, "return_after_appraisal", "Found wanting after appraisal; counts from zero when it is complete.";
    HandOver, "hand_over", "To whoever does the next step.";
    AskOpinion, "ask_opinion", "Another agency is asked, with a day to answer by.";
    AnswerOpinion, "answer_opinion", "The agency answered.";
    DemandPayment, "demand_payment", "The citizen has to pay before it goes on.";
    Paid, "paid", "Money came in.";
    Apologise, "apologise", "It will be late: apology with the reason and a new day (form 04).";
    ApologiseLate, "apologise_late", "It is late and no new day may be named any more: the apology alone, the deadline stays.";
    Suspend, "suspend", "A law or an authority makes it wait.";
    Resume, "resume", "It goes on.";
    ForwardToUnit, "forward_to_unit", "Another unit gets it: the competent one, or one that has a part in it.";
    ReturnFromUnit, "return_from_unit", "The other unit has done its part.";
    Resolve, "resolve", "Decided; there is a result.";
    Refuse, "refuse", "Decided against the citizen, with reasons.";
    ReturnResult, "return_result", "The result was given.";
    Withdraw, "withdraw", "The citizen takes it back.";
    Stop, "stop", "The citizen did not answer in time: handling ends.";
}

/// An act with what it needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    Accept,
    NotAccept {
        reasons: Vec<Reason>,
    },
    AskSupplement {
        reasons: Vec<Reason>,
        /// Day by which the citizen is asked to answer.
        #[serde(default)]
        until: Option<Date>,
    },
    Supplement,
    ReturnAfterAppraisal {
        reasons: Vec<Reason>,
        #[serde(default)]
        until: Option<Date>,
    },
    HandOver {
        step: String,
        #[serde(default)]
        assignee: Option<String>,
        /// Why it goes back to a step that was done already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    AskOpinion {
        agency: String,
        question: String,
        due: Date,
    },
    AnswerOpinion {
        /// Its place among the opinions, from 0.
        opinion: usize,
        agrees: bool,
        text: String,
    },
    DemandPayment {
        amount_vnd: u64,
        /// Until when it is to be paid; the rules' own term where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    Paid {
        amount_vnd: u64,
        online: bool,
        reference: String,
    },
    Apologise {
        reason: String,
        new_day: Date,
    },
    ApologiseLate {
        reason: String,
        /// Day by which it is hoped to be done; the deadline stays what it was.
        expected: Date,
    },
    Suspend {
        reason: String,
        /// The document or provision that allows it.
        basis: String,
    },
    Resume,
    ForwardToUnit {
        unit: UnitKey,
        linking: Linking,
        #[serde(default)]
        due: Option<Date>,
        reason: String,
    },
    ReturnFromUnit {
        /// Its place among the links, from 0.
        link: usize,
        text: String,
    },
    Resolve {
        #[serde(default)]
        result: ResultGiven,
    },
    Refuse {
        reasons: Vec<Reason>,
    },
    ReturnResult {
        way: Way,
    },
    Withdraw {
        reason: String,
    },
    Stop {
        reason: String,
    },
}

impl Act {
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Accept => ActKind::Accept,
            Self::NotAccept { .. } => ActKind::NotAccept,
            Self::AskSupplement { .. } => ActKind::AskSupplement,
            Self::Supplement => ActKind::Supplement,
            Self::ReturnAfterAppraisal { .. } => ActKind::ReturnAfterAppraisal,
            Self::HandOver { .. } => ActKind::HandOver,
            Self::AskOpinion { .. } => ActKind::AskOpinion,
            Self::AnswerOpinion { .. } => ActKind::AnswerOpinion,
            Self::DemandPayment { .. } => ActKind::DemandPayment,
            Self::Paid { .. } => ActKind::Paid,
            Self::Apologise { .. } => ActKind::Apologise,
            Self::ApologiseLate { .. } => ActKind::ApologiseLate,
            Self::Suspend { .. } => ActKind::Suspend,
            Self::Resume => ActKind::Resume,
            Self::ForwardToUnit { .. } => ActKind::ForwardToUnit,
            Self::ReturnFromUnit { .. } => ActKind::ReturnFromUnit,
            Self::Resolve { .. } => ActKind::Resolve,
            Self::Refuse { .. } => ActKind::Refuse,
            Self::ReturnResult { .. } => ActKind::ReturnResult,
            Self::Withdraw { .. } => ActKind::Withdraw,
            Self::Stop { .. } => ActKind::Stop,
        }
    }

    /// What is said for it, in one text: the authority of its entry.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        let text = match self {
            Self::NotAccept { reasons } | Self::AskSupplement { reasons, .. } => joined(reasons),
            Self::ReturnAfterAppraisal { reasons, .. } | Self::Refuse { reasons } => joined(reasons),
            Self::Apologise { reason, .. } | Self::ApologiseLate { reason, .. } | Self::ForwardToUnit { reason, .. } => reason.clone(),
            Self::Withdraw { reason } | Self::Stop { reason } => reason.clone(),
            Self::Suspend { reason, basis } => format!("{reason} ({basis})"),
            Self::AskOpinion { question, .. } => question.clone(),
            Self::AnswerOpinion { text, .. } | Self::ReturnFromUnit { text, .. } => text.clone(),
            Self::Paid { reference, .. } => reference.clone(),
            Self::HandOver { reason, .. } => reason.clone()?,
            _ => return None,
        };
        let text = crate::text::clean(&text);
        (!text.is_empty()).then_some(text)
    }
}

fn joined(reasons: &[Reason]) -> String {
    reasons.iter().map(|r| r.text.trim()).collect::<Vec<_>>().join("; ")
}
