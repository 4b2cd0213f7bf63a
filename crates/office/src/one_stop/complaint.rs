//! What a citizen says is wrong with how a dossier is handled: received, assigned by the unit's leader, answered in time.
//!
//! Nobody answers for their own work: whoever handled the dossier is neither given the complaint nor answers it. The leader does, also
//! where the leader decided (a first complaint goes to whoever took the decision).

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor},
    calendar::Clock,
    one_stop::{Case, ComplaintKind},
};
use serde::{Deserialize, Serialize};
use store::{Expect, ListQuery, Record, RecordId, RecordWrite};

use super::{
    COMPLAINT, Held, Proof, once_key,
    payment::{changed, object},
    unit_of,
};
use crate::{
    Office,
    error::{Error, Result},
    programme::required,
};

/// Complaints about one dossier at most.
const OF_DOSSIER_MAX: usize = 9;
/// Complaints that a page shows.
const SHOWN_MAX: i64 = 200;

/// The body of a record of the register `complaint`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Body {
    code: String,
    dossier: String,
    dossier_id: String,
    kind: ComplaintKind,
    text: String,
    filed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<String>,
    to_be_confirmed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_by: Option<String>,
}

/// A complaint as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Complaint {
    pub id: String,
    pub version: i64,
    pub code: String,
    pub unit: String,
    pub dossier: String,
    pub kind: ComplaintKind,
    pub text: String,
    /// `received`, `assigned`, `answered`.
    pub state: String,
    pub filed_at: Timestamp,
    pub due_at: Option<Timestamp>,
    pub basis: Option<String>,
    /// The deadline was not read in the document that sets it.
    pub to_be_confirmed: bool,
    pub assignee: Option<String>,
    pub answer: Option<String>,
    pub answered_at: Option<Timestamp>,
    /// This reader may assign and answer it.
    pub may_assign: bool,
    pub may_answer: bool,
}

impl Complaint {
    fn of(r: &Record) -> Result<Self> {
        let body: Body = r.view()?;
        Ok(Self {
            id: r.id.to_string(),
            version: r.version,
            code: body.code,
            unit: r.unit.clone(),
            dossier: body.dossier,
            kind: body.kind,
            text: body.text,
            state: r.state.clone(),
            filed_at: body.filed_at.unwrap_or(r.created_at),
            due_at: body.due_at,
            basis: body.basis,
            to_be_confirmed: body.to_be_confirmed,
            assignee: body.assignee,
            answer: body.answer,
            answered_at: body.answered_at,
            may_assign: false,
            may_answer: false,
        })
    }
}

/// Everybody who had the dossier in hand.
fn handled(case: &Case, account: &str) -> bool {
    case.steps.iter().any(|s| s.assignee.as_deref() == Some(account) || s.by == account)
        || case.requests.iter().any(|r| r.by == account)
        || case.end.as_ref().is_some_and(|e| e.by == account)
}

impl Office {
    /// The complaints about a dossier, in their order.
    async fn complaints_about(&self, code: &str) -> Result<Vec<Record>> {
        let keys: Vec<String> = (1..=OF_DOSSIER_MAX).map(|n| key_of(code, n)).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let ids: Vec<RecordId> = self.store().ids_by_keys(COMPLAINT, &keys).await?.into_iter().map(|(_, id)| id).collect();
        let mut records = self.store().records_by_ids(COMPLAINT, &ids).await?;
        records.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(records)
    }

    /// Sends a complaint about one's own dossier.
    ///
    /// # Errors
    /// As [`Self::track`]; `input.required`, `input.too_long`; `complaint.open` (code) while one of the kind waits for its answer;
    /// `complaint.too_many` (max).
    pub async fn complain(&self, proof: &Proof<'_>, kind: ComplaintKind, text: &str, once: &str) -> Result<Complaint> {
        let held = self.proven(proof).await?;
        let text = required("text", text)?;
        let who = proof.account();
        let once = once_key(&who, once, &[&held.record.id.to_string(), kind.id(), &text])?;
        if let Some((key, digest)) = &once
            && let Some(written) = self.store().answer_of(key, digest).await?
            && let Some(first) = written.first()
        {
            return Complaint::of(&self.store().record(COMPLAINT, first.id).await?);
        }
        let before = self.complaints_about(held.code()).await?;
        for r in before.iter().filter(|r| r.state != "answered") {
            let open = Complaint::of(r)?;
            if open.kind == kind {
                return Err(Error::Refused(Refusal::new("complaint.open").with("code", open.code)));
            }
        }
        if before.len() >= OF_DOSSIER_MAX {
            return Err(Error::Refused(Refusal::new("complaint.too_many").with("max", OF_DOSSIER_MAX)));
        }
        let (world, at) = (self.world(), self.now());
        let day = at.local_date();
        let answer = world.one_stop_rules(day)?.complaint_answer(kind);
        let calendar = world.calendar(unit_of(&world, &held.record.unit)?, day);
        let due_at = match answer {
            Some(a) => Clock::start(at, a.term, calendar)?.due(calendar)?.map(|d| d.value),
            None => None,
        };
        let code = key_of(held.code(), before.len() + 1);
        let body = Body {
            code: code.clone(),
            dossier: held.code().to_owned(),
            dossier_id: held.record.id.to_string(),
            kind,
            text,
            filed_at: Some(at),
            due_at,
            basis: answer.map(|a| a.basis.clone()),
            to_be_confirmed: answer.is_none_or(|a| !a.verified),
            ..Body::default()
        };
        let id = RecordId::new();
        let write = RecordWrite {
            register: COMPLAINT.into(),
            id,
            expect: Expect::New,
            key: Some(code),
            unit: held.record.unit.clone(),
            state: "received".into(),
            fields: object(body)?,
            kind: "complain".into(),
            authority: None,
        };
        let outcome = self.commit_act(&who, None, at, once, vec![write]).await?;
        let id = outcome.written.first().map_or(id, |w| w.id);
        Complaint::of(&self.store().record(COMPLAINT, id).await?)
    }

    /// One's own complaints about a dossier, with their answers.
    ///
    /// # Errors
    /// As [`Self::track`].
    pub async fn own_complaints(&self, proof: &Proof<'_>) -> Result<Vec<Complaint>> {
        let held = self.proven(proof).await?;
        self.complaints_about(held.code()).await?.iter().map(Complaint::of).collect()
    }

    /// Complaints about the dossiers of a unit and everything below it: all for its leaders, for others those that they were given. Those
    /// that wait come first, by what is due next.
    ///
    /// # Errors
    /// `access.…`
    pub async fn complaints(&self, actor: &Actor, unit: u32, answered: bool) -> Result<Vec<Complaint>> {
        let world = self.world();
        let own = world.units.key(unit).to_string();
        self.may(actor, Action::View, COMPLAINT, &own)?;
        let units = (0..world.units.len()).filter(|u| world.units.covers(unit, *u)).map(|u| world.units.key(u).to_string());
        let states: &[&str] = if answered { &["answered"] } else { &["received", "assigned"] };
        let query = ListQuery {
            register: COMPLAINT.into(),
            units: units.collect(),
            states: states.iter().map(|s| (*s).to_owned()).collect(),
            limit: SHOWN_MAX,
            ..ListQuery::default()
        };
        let mut out = Vec::new();
        for r in &self.store().list(&query).await?.records {
            let mut c = Complaint::of(r)?;
            let leads = self.may(actor, Action::Decide, COMPLAINT, &r.unit).is_ok();
            let given = c.assignee.as_deref() == Some(&actor.account);
            if !leads && !given {
                continue;
            }
            (c.may_assign, c.may_answer) = (leads && !answered, !answered);
            out.push(c);
        }
        out.sort_by_key(|c| (c.due_at, c.code.clone()));
        if answered {
            out.reverse();
        }
        Ok(out)
    }

    /// A complaint that still waits, in the version that was seen, with the case of its dossier.
    async fn open_complaint(&self, id: &str, version: i64) -> Result<(Record, Body, Case)> {
        let record = self.find(COMPLAINT, id.trim()).await?;
        if record.version != version {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(record) }));
        }
        if record.state == "answered" {
            return Err(Error::refused("complaint.answered"));
        }
        let body: Body = record.view()?;
        let case = Held::of(self.find(super::DOSSIER, &body.dossier_id).await?)?.case;
        Ok((record, body, case))
    }

    /// Gives a complaint to somebody of the unit.
    ///
    /// # Errors
    /// `access.…`; `not_found`; a stale version; `complaint.answered`; `complaint.own_work` (name); `one_stop.unknown_assignee` (account).
    pub async fn assign_complaint(&self, actor: &Actor, id: &str, version: i64, account: &str) -> Result<i64> {
        if actor.grants.is_empty() {
            self.may(actor, Action::Assign, COMPLAINT, &self.root_text())?;
        }
        let (record, mut body, case) = self.open_complaint(id, version).await?;
        self.may(actor, Action::Decide, COMPLAINT, &record.unit)?;
        let unknown = || Error::Refused(Refusal::new("one_stop.unknown_assignee").with("account", account));
        let to = self.account_of(account.trim()).await?.filter(|a| !a.disabled).ok_or_else(unknown)?;
        let at_unit = Actor::new(&to.login, &to.name, to.grants.clone());
        self.may(&at_unit, Action::View, COMPLAINT, &record.unit).map_err(|_| unknown())?;
        if handled(&case, &to.login) {
            return Err(Error::Refused(Refusal::new("complaint.own_work").with("name", to.name)));
        }
        body.assignee = Some(to.login);
        self.complaint_act(actor, changed(&record, "assigned", object(body)?, "assign", None)).await
    }

    /// Answers a complaint.
    ///
    /// # Errors
    /// `access.…`; `not_found`; a stale version; `complaint.answered`; `complaint.own_work` (name); `input.required`, `input.too_long`.
    pub async fn answer_complaint(&self, actor: &Actor, id: &str, version: i64, answer: &str) -> Result<i64> {
        if actor.grants.is_empty() {
            self.may(actor, Action::Decide, COMPLAINT, &self.root_text())?;
        }
        let (record, mut body, case) = self.open_complaint(id, version).await?;
        if let Err(e) = self.may(actor, Action::Decide, COMPLAINT, &record.unit) {
            if body.assignee.as_deref() != Some(&actor.account) {
                return Err(e);
            }
            self.may(actor, Action::View, COMPLAINT, &record.unit)?;
            // Given before the dossier came to them.
            if handled(&case, &actor.account) {
                return Err(Error::Refused(Refusal::new("complaint.own_work").with("name", &actor.name)));
            }
        }
        body.answer = Some(required("answer", answer)?);
        (body.answered_at, body.answered_by) = (Some(self.now()), Some(actor.account.clone()));
        self.complaint_act(actor, changed(&record, "answered", object(body)?, "answer", None)).await
    }

    async fn complaint_act(&self, actor: &Actor, write: RecordWrite) -> Result<i64> {
        let outcome = self.commit_act(&actor.account, None, self.now(), None, vec![write]).await?;
        Ok(outcome.written.first().map_or(0, |w| w.version))
    }
}

/// The dossier's code and the complaint's number, in which the records sort.
fn key_of(dossier: &str, number: usize) -> String {
    format!("{dossier}-PA{number}")
}
