//! The one-stop desk: dossiers from the citizen's draft to the result, under the law's clock.
//!
//! A dossier of this desk carries its [`Case`]; it moves only through [`Case::apply`], one act, one commit, one entry whose kind is the
//! act. What indicators read (dates, channel, flags) is written beside it by [`reflect`].

mod absence;
mod acts;
mod citizen;
mod codes;
mod complaint;
mod contact;
mod counter;
mod delivery;
mod desk;
pub(crate) mod digitise;
mod dossier;
mod drafts;
pub(crate) mod elsewhere;
pub(crate) mod expire;
mod files;
mod filing;
mod limits;
mod numbers;
mod opening;
mod outside;
mod papers;
pub mod payment;
mod queue;
mod rating;
mod receive;
mod recompute;
mod reflect;
mod renew;
mod tracking;
mod turn_back;
pub mod webhooks;
mod written;

use std::sync::Arc;

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor},
    calendar::Calendar,
    one_stop::{Case, Online, ProcedureTerms, RuleSet, StepTerms},
    procedure::{self, Procedure, ProcedureDef},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::{Command, Outcome, Record, RecordWrite};

use crate::{
    Office,
    error::{Error, Result},
    world::World,
};

pub use absence::{Absence, NewAbsence};
pub use acts::{Acted, before_signing};
pub(crate) use citizen::CITIZEN_SESSION;
pub use citizen::{CITIZEN, Citizen, CitizenVisitor, simulated_number};
pub use codes::grouped;
pub use complaint::Complaint;
pub use contact::Contact;
pub use counter::{Applicant, Begun, CounterInput, PaidNow};
pub use delivery::Delivery;
pub use desk::{Bucket, DeskFilter, DeskPage, DeskRow};
pub use digitise::{DIGITISE, Reader};
pub use dossier::{Dossier, Rated};
pub use drafts::{Draft, DraftKey, Filer};
pub use elsewhere::{Elsewhere, OfOthers};
pub use files::{Acknowledged, FILE_MAX_BYTES, Origin, PartGiven, ReusablePaper, Upload, accepted, evidence_kinds, kinds};
pub use filing::{Duplicate, FeeLine, Filed, Review};
pub use numbers::AgencyCode;
pub(crate) use numbers::Numbers;
pub use papers::{BookPage, BookRow, PaperData, PaperLine};
pub use queue::Ticket;
pub use rating::Rating;
pub use recompute::Moved;
pub use renew::{NEW_SECRET, NewSecret, Shown};
pub use tracking::{Happened, Proof, ResultFile, Tracked};
pub use turn_back::Instead;
pub use written::{MASKED, mask_case, masked_entry};

/// Under which the ledger records what people without a sign-in do. No account's login has a colon.
pub const GUEST: &str = "citizen:guest";
pub const DOSSIER: &str = "dossier";
pub const DRAFT: &str = "draft";
pub const PAPER: &str = "paper";
pub const ABSENCE: &str = "absence";
pub const COMPLAINT: &str = "complaint";
pub const QUEUE_TICKET: &str = "queue_ticket";

/// Entry kinds that are no acts of [`rules::one_stop::ActKind`].
pub const FILE: &str = "file";
pub const ATTACH: &str = "attach";
pub const RATE: &str = "rate";
pub const RECOMPUTE: &str = "recompute";

/// What a citizen explains with a supplement, beside the answers of the form.
pub(crate) const NOTE: &str = "_note";

/// Characters of a key under which something is done once.
const ONCE_MAX: usize = 200;

/// What a case needs of a procedure's declaration.
#[must_use]
pub fn terms(def: &ProcedureDef) -> ProcedureTerms {
    let step = |s: &procedure::StepDef| StepTerms { id: s.id.clone(), who: s.who.id().to_owned(), share: s.share.unwrap_or(0) };
    ProcedureTerms {
        code: def.code.clone(),
        valid_from: def.valid_from,
        term: def.term,
        max_term: def.max_term,
        steps: def.steps.iter().map(step).collect(),
        fee_vnd: None,
        online: match def.online {
            procedure::Online::Full => Online::Full,
            procedure::Online::Partial => Online::Partial,
            procedure::Online::None => Online::None,
        },
        result_electronic: def.result.electronic,
    }
}

/// What a case is judged by: the rules and the procedure that it keeps, the calendar of its office as it is announced now.
pub(crate) struct Ground<'w> {
    pub rules: &'w RuleSet,
    pub calendar: &'w Calendar,
    pub procedure: Arc<Procedure>,
    pub terms: ProcedureTerms,
}

impl<'w> Ground<'w> {
    pub fn of(world: &'w World, unit: &str, case: &Case) -> Result<Self> {
        let day = case.filed.local_date();
        let known = world.procedure_version(&case.procedure, case.procedure_from);
        let procedure = known.cloned().ok_or_else(|| no_procedure(&case.procedure))?;
        Ok(Self {
            rules: world.one_stop_rules_of(&case.rules, day)?,
            calendar: world.calendar(unit_of(world, unit)?, day),
            terms: terms(&procedure.def),
            procedure,
        })
    }
}

fn no_procedure(code: &str) -> Error {
    Error::Refused(Refusal::new("one_stop.no_procedure").with("code", code.chars().take(40).collect::<String>()))
}

/// Index of the unit of a record.
pub(crate) fn unit_of(world: &World, unit: &str) -> Result<u32> {
    unit.parse().ok().and_then(|k| world.units.idx(&k)).ok_or_else(|| Error::not_found(unit))
}

/// A dossier with its case.
pub(crate) struct Held {
    pub record: Record,
    pub fields: Map<String, Value>,
    pub case: Case,
}

impl Held {
    pub fn of(record: Record) -> Result<Self> {
        let fields = record.fields()?;
        let case = match fields.get("case").filter(|c| !c.is_null()) {
            Some(case) => Case::deserialize(case)?,
            None => return Err(Error::Refused(Refusal::new("one_stop.no_case").with("code", record.key.as_deref().unwrap_or_default()))),
        };
        Ok(Self { record, fields, case })
    }

    pub fn code(&self) -> &str {
        self.record.key.as_deref().unwrap_or_default()
    }

    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }
}

/// A digest of what was asked, for an idempotency key.
pub(crate) fn digest(parts: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// The key under which an act of somebody is done once; none where the caller gave none. A key of one person never meets another's.
///
/// # Errors
/// `idempotency.key` for one that is longer than any page or program of ours makes: it becomes a key of the database.
pub(crate) fn once_key(who: &str, once: &str, request: &[&str]) -> Result<Option<(String, String)>> {
    if once.chars().count() > ONCE_MAX {
        return Err(Error::Refused(Refusal::new("idempotency.key").with("max", ONCE_MAX)));
    }
    Ok((!once.is_empty()).then(|| (format!("one-stop:{who}:{once}"), digest(request))))
}

impl Office {
    /// A dossier by code or identity, for somebody who may do `action` there. Whoever has no grant learns nothing of which exist.
    pub(crate) async fn dossier_for(&self, actor: &Actor, action: Action, id: &str) -> Result<Record> {
        if actor.grants.is_empty() {
            self.may(actor, action, DOSSIER, &self.root_text())?;
        }
        let record = self.find(DOSSIER, id.trim()).await?;
        self.may(actor, action, DOSSIER, &record.unit)?;
        Ok(record)
    }

    /// Commits writes of one act.
    pub(crate) async fn commit_act(
        &self,
        actor: &str,
        on_behalf: Option<String>,
        at: Timestamp,
        idempotency: Option<(String, String)>,
        writes: Vec<RecordWrite>,
    ) -> Result<Outcome> {
        Ok(self.store().commit(Command { actor: actor.to_owned(), on_behalf, at, idempotency, writes }).await?)
    }
}
