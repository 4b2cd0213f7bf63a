//! Filing: what a draft still lacks, and the submission that gives a code and a secret.

use jiff::civil::Date;
use rules::{
    Refusal, Timestamp,
    one_stop::{Case, Channel},
    procedure::{self, Procedure},
    schema::FieldFault,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::Arc};
use store::Record;

use super::{
    Citizen, DOSSIER, Delivery, Ground, codes,
    delivery::ADDRESS,
    drafts::{Draft, DraftKey, Filer, draft_write, fileable},
    files::PartGiven,
    no_procedure, once_key,
    opening::NewDossier,
    terms, unit_of,
};
use crate::{
    Office,
    error::{Error, Result},
    world::World,
};

/// Characters of an identity number that the register of dossiers takes.
const NUMBER_MAX: usize = 20;
/// Another filing within so many days is asked back.
const DUPLICATE_DAYS: i64 = 3;
/// Drafts and dossiers of one person that are looked at.
pub(crate) const OF_PERSON_MAX: i64 = 200;

/// An open dossier, or a fresh one, of the same person and procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// Empty with the code and the state: at a unit whose dossiers the asker does not see.
    pub id: String,
    pub code: String,
    pub unit: String,
    pub state: String,
    pub filed_at: Timestamp,
    pub open: bool,
}

/// One fee with what is let off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeeLine {
    pub id: String,
    pub name: rules::Localized,
    pub amount_vnd: u64,
    pub full_vnd: u64,
    /// Why less is paid.
    pub waiver: Option<rules::Localized>,
}

/// What stands between a draft and its filing.
#[derive(Debug, Clone)]
pub struct Review {
    pub draft: Draft,
    pub faults: Vec<FieldFault>,
    /// Required parts that are not there.
    pub missing: Vec<String>,
    pub fees: Vec<FeeLine>,
    pub total_vnd: u64,
    pub duplicates: Vec<Duplicate>,
    /// The level of identity that is demanded and not reached.
    pub identity_needed: Option<u8>,
}

/// Filed: the code, and the secret with which it is tracked (shown once, kept only as a digest).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filed {
    pub id: String,
    pub code: String,
    pub secret: String,
    pub version: i64,
    pub filed_at: Timestamp,
    pub answer_by: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    pub fee_vnd: u64,
    pub duplicates: Vec<Duplicate>,
}

/// Whether a procedure is offered by a unit on a day.
pub(crate) fn offered(world: &World, procedure: &str, unit: u32, day: Date) -> Result<Arc<Procedure>> {
    let p = world.procedure(procedure, day).cloned().ok_or_else(|| no_procedure(procedure))?;
    if world.procedures_for(unit, day).iter().any(|o| o.def.code == p.def.code) {
        return Ok(p);
    }
    Err(Error::Refused(Refusal::new("one_stop.not_offered").with("name", &world.units.unit(unit).name.vi)))
}

pub(crate) fn fee_lines(procedure: &Procedure, form: &Map<String, Value>, at: Timestamp) -> Vec<FeeLine> {
    let line = |f: procedure::FeeDue<'_>| FeeLine {
        id: f.fee.id.clone(),
        name: f.fee.name.clone(),
        amount_vnd: f.amount_vnd,
        full_vnd: f.full_vnd,
        waiver: f.waiver.map(|w| w.reason.clone()),
    };
    procedure.fees_due(form, at).into_iter().map(line).collect()
}

/// Required parts for which nothing was handed in.
pub(crate) fn missing_parts(procedure: &Procedure, form: &Map<String, Value>, parts: &[PartGiven], at: Timestamp) -> Vec<String> {
    let wanted = procedure.parts_wanted(form, at).into_iter().filter(|p| p.required && !p.from_form);
    wanted.filter(|p| p.kind != procedure::PartKind::Shown && !parts.iter().any(|g| g.part == p.id)).map(|p| p.id.clone()).collect()
}

/// Originals that the desk has to have seen, and did not say it has.
pub(crate) fn not_shown(procedure: &Procedure, form: &Map<String, Value>, parts: &[PartGiven], at: Timestamp) -> Vec<String> {
    let wanted = procedure.parts_wanted(form, at).into_iter().filter(|p| p.required && p.kind == procedure::PartKind::Shown);
    wanted.filter(|p| !parts.iter().any(|g| g.part == p.id)).map(|p| p.id.clone()).collect()
}

/// What the form says of its person: the answers that an identity would fill in.
pub(crate) fn said_of_person(procedure: &Procedure, form: &Map<String, Value>) -> BTreeMap<&'static str, String> {
    let mut out = BTreeMap::new();
    for (name, field) in [
        ("identity.name", "applicant_name"),
        ("identity.number", "applicant_id_number"),
        ("identity.phone", "applicant_phone"),
        ("identity.email", "applicant_email"),
        ("identity.address", "applicant_address"),
    ] {
        let asked = procedure.def.fields().find(|f| f.prefill.as_deref() == Some(name));
        if let Some(text) = asked.and_then(|f| form.get(&f.field.id)).and_then(Value::as_str).filter(|t| !t.is_empty()) {
            out.insert(field, text.to_owned());
        }
    }
    out
}

impl Office {
    /// What stands between the draft and its filing; nothing is changed.
    ///
    /// # Errors
    /// `not_found`
    pub async fn review_draft(&self, who: &Filer<'_>, key: &DraftKey) -> Result<Review> {
        let draft = self.draft(who, key).await?;
        let at = self.now();
        let answers = draft.procedure.answers(&draft.form, at);
        let fees = fee_lines(&draft.procedure, &answers.kept, at);
        let (number, level) = match who {
            Filer::Citizen(c) => (Some(c.id_number.clone()), c.level),
            _ => (said_of_person(&draft.procedure, &answers.kept).remove("applicant_id_number"), 0),
        };
        // Whether there is another dossier of a person is told to that person and to officers only.
        let duplicates = match (who, number) {
            (Filer::Guest, _) | (_, None) => Vec::new(),
            (_, Some(number)) => self.duplicates_of(&draft.procedure_code, &number).await?,
        };
        let on_behalf = matches!(who, Filer::Officer(_));
        Ok(Review {
            missing: missing_parts(&draft.procedure, &answers.kept, &draft.parts, at),
            total_vnd: fees.iter().map(|f| f.amount_vnd).fold(0, u64::saturating_add),
            identity_needed: Some(draft.procedure.def.identity).filter(|needed| *needed > level && !on_behalf),
            faults: answers.faults,
            fees,
            duplicates,
            draft,
        })
    }

    /// Open dossiers of a person and procedure, and those filed in the last days.
    pub(crate) async fn duplicates_of(&self, procedure: &str, id_number: &str) -> Result<Vec<Duplicate>> {
        let fresh = self.now().plus_days(-DUPLICATE_DAYS);
        let mut out = Vec::new();
        for r in self.store().of_person(DOSSIER, id_number, OF_PERSON_MAX).await? {
            let fields = r.fields()?;
            if fields.get("procedure_code").and_then(Value::as_str) != Some(procedure) {
                continue;
            }
            let open = rules::one_stop::Status::of(&r.state).is_some_and(rules::one_stop::Status::is_open);
            if open || r.created_at >= fresh {
                out.push(Duplicate {
                    id: r.id.to_string(),
                    code: r.key.clone().unwrap_or_default(),
                    unit: r.unit.clone(),
                    state: r.state.clone(),
                    filed_at: r.created_at,
                    open,
                });
            }
        }
        Ok(out)
    }

    /// Files the draft: the dossier gets its code, its person the secret to track it with. Sent twice with the same `once`, it is filed
    /// once; so it is without, because the draft is closed then.
    ///
    /// # Errors
    /// `not_found`; `draft.closed` (code); the form's faults; `one_stop.missing_parts` (parts); `one_stop.identity_level` (level);
    /// `one_stop.no_agency_code`; `unit.closed`; `one_stop.not_offered`; `draft.newer_version` (from): the draft stands under today's
    /// version now and is to be looked at again; a stale version.
    pub async fn submit_draft(&self, who: &Filer<'_>, key: &DraftKey, version: i64, once: &str) -> Result<Filed> {
        let (record, fields) = self.open_draft_record(who, key, Some(version)).await?;
        let (world, at) = (self.world(), self.now());
        self.on_todays_terms(who, &record, &fields).await?;
        let review = self.review_draft(who, key).await?;
        if !review.faults.is_empty() {
            return Err(Error::Invalid(review.faults));
        }
        if let Some(level) = review.identity_needed {
            return Err(Error::Refused(Refusal::new("one_stop.identity_level").with("level", level)));
        }
        if !review.missing.is_empty() {
            let name = |id: &String| review.draft.procedure.def.part(id).map_or(id.clone(), |p| p.name.vi.clone());
            let names = review.missing.iter().map(name).collect::<Vec<_>>().join("; ");
            return Err(Error::Refused(Refusal::new("one_stop.missing_parts").with("parts", names)));
        }
        let (procedure, draft) = (review.draft.procedure.clone(), review.draft);
        let form = procedure.answers(&draft.form, at).kept;
        let person = match who {
            Filer::Citizen(c) => person_of(c, &procedure, &form),
            _ => said_of_person(&procedure, &form).into_iter().map(|(k, v)| (k.to_owned(), json!(v))).collect(),
        };
        let unit = unit_of(&world, &record.unit)?;
        let rules = world.one_stop_rules(at.local_date())?;
        let case = Case::file(&terms(&procedure.def), Channel::Online, at, rules);
        let mut body = self.new_dossier(&procedure, &case, &form, &draft.parts, person, review.total_vnd)?;
        let level = if let Filer::Citizen(c) = who { c.level } else { 0 };
        body.insert("identity_level".into(), json!(level));
        body.insert("identified".into(), json!(level >= 1));
        // People file for relatives; whoever handles it is told.
        if let Filer::Citizen(c) = who
            && let Some(number) = said_of_person(&procedure, &form).remove("applicant_id_number")
            && codes::as_given(&number) != codes::as_given(&c.id_number)
        {
            body.insert("declared_id_number".into(), json!(number.chars().take(NUMBER_MAX).collect::<String>()));
        }
        if !review.fees.is_empty() {
            body.insert("fees".into(), serde_json::to_value(&review.fees)?);
        }
        // Who did not come by the question saw what is usual on the last page.
        draft.delivery.clone().unwrap_or_else(|| Delivery::usual(&procedure.def)).write(&mut body);
        if let Some(away) = &draft.away_unit {
            body.insert("away_unit".into(), json!(away));
        }
        let on_behalf = if let Filer::Officer(a) = who {
            body.insert("filed_by".into(), json!(a.account));
            Some("applicant".to_owned())
        } else {
            None
        };
        let ground = Ground::of(&world, &record.unit, &case)?;
        let closing = |new: &NewDossier<'_>| {
            let mut fields = fields.clone();
            fields.insert("dossier".into(), json!(new.code));
            // What was filed is in the dossier; the draft does not keep a second copy of it.
            fields.remove("form");
            fields.remove(ADDRESS);
            Ok(vec![draft_write(&record, "submitted", fields, "submit")])
        };
        let once = once_key(&who.account(), once, &[&key.id])?;
        let filed = self.commit_dossier(&who.account(), on_behalf, at, once, unit, &case, &ground, &mut body, super::FILE, closing).await?;
        Ok(Filed { answer_by: case.answer_by(rules, ground.calendar)?, fee_vnd: review.total_vnd, duplicates: review.duplicates, ..filed })
    }

    /// What is filed is filed on the terms of the day: with a unit that is there and takes it, under the version that is in force. A
    /// draft of another version is put under today's, with its answers, and its person looks again.
    async fn on_todays_terms(&self, who: &Filer<'_>, record: &Record, fields: &Map<String, Value>) -> Result<()> {
        let (world, day) = (self.world(), self.today());
        let draft = self.draft_view(record, fields)?;
        let away = draft.away_unit.as_deref().map(|a| unit_of(&world, a)).transpose()?;
        let p = fileable(&world, who, &draft.procedure_code, unit_of(&world, &record.unit)?, away, day)?;
        if p.def.valid_from == draft.procedure_from {
            return Ok(());
        }
        let mut fields = fields.clone();
        fields.insert("procedure_from".into(), json!(p.def.valid_from));
        let known: Vec<_> = draft.parts.into_iter().filter(|g| p.def.part(&g.part).is_some()).collect();
        fields.insert("parts".into(), serde_json::to_value(known)?);
        self.change_draft(who, record, fields, "renew").await?;
        Err(Error::Refused(Refusal::new("draft.newer_version").with("from", p.def.valid_from)))
    }
}

/// Who files: the identity where there is one, for the rest what the form says.
fn person_of(citizen: &Citizen, procedure: &Procedure, form: &Map<String, Value>) -> Map<String, Value> {
    let mut out: Map<String, Value> = said_of_person(procedure, form).into_iter().map(|(k, v)| (k.to_owned(), json!(v))).collect();
    out.insert("applicant_name".into(), json!(citizen.name));
    out.insert("applicant_id_number".into(), json!(citizen.id_number));
    for (field, known) in
        [("applicant_phone", &citizen.phone), ("applicant_email", &citizen.email), ("applicant_address", &citizen.address)]
    {
        if let (None, Some(known)) = (out.get(field), known) {
            out.insert(field.to_owned(), json!(known));
        }
    }
    out
}
