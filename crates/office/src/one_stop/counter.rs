//! What an officer, or another system, brings of a dossier, and what is checked of it before anything is written.

use std::sync::Arc;

use jiff::civil::Date;
use rules::{
    Refusal, Timestamp,
    access::{Action, Actor},
    one_stop::{Act, Case, Channel},
    procedure::{self, Procedure},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    DOSSIER, Delivery, Duplicate, Held, NOTE,
    files::{Origin, PartGiven, parts_of},
    filing::{missing_parts, not_shown, offered, said_of_person},
    no_procedure, once_key,
    queue::Served,
};
use crate::{
    Office,
    error::{Error, Result},
    world::World,
};

/// Whose dossier it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Applicant {
    pub name: String,
    pub id_number: String,
    pub phone: String,
    pub email: String,
    pub address: String,
    /// `citizen`, `enterprise`, `household`; a citizen when empty.
    pub kind: String,
}

/// Money taken at the counter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaidNow {
    pub amount_vnd: u64,
    #[serde(default)]
    pub online: bool,
    pub reference: String,
}

/// A dossier in the version that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Begun {
    pub id: String,
    pub version: i64,
}

/// A dossier as it is received.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct CounterInput {
    pub procedure: String,
    pub unit: String,
    pub channel: Channel,
    pub applicant: Applicant,
    pub form: Map<String, Value>,
    pub parts: Vec<PartGiven>,
    /// The competent unit, where it is another one (phi địa giới).
    pub away_unit: Option<String>,
    pub ticket: Option<String>,
    /// What was written down at this counter before and not received, when its citizen comes back.
    pub begun: Option<Begun>,
    /// How the result is wanted, where that was asked; the post goes to the applicant where no address is given.
    pub delivery: Option<Delivery>,
    /// The person showed an electronic identity.
    pub identified: bool,
    pub paid: Option<PaidNow>,
    /// The officer saw the warning and knows that it is another matter.
    pub despite_duplicate: bool,
    pub once: String,
}

impl Default for CounterInput {
    fn default() -> Self {
        Self {
            procedure: String::new(),
            unit: String::new(),
            channel: Channel::Counter,
            applicant: Applicant::default(),
            form: Map::new(),
            parts: Vec::new(),
            away_unit: None,
            ticket: None,
            begun: None,
            delivery: None,
            identified: false,
            paid: None,
            despite_duplicate: false,
            once: String::new(),
        }
    }
}

/// What came in, checked.
pub(crate) struct Given {
    pub unit: u32,
    pub key: String,
    pub away: Option<u32>,
    pub procedure: Arc<Procedure>,
    /// Answers of the form, cleaned.
    pub answers: Map<String, Value>,
    pub person: Map<String, Value>,
    pub parts: Vec<PartGiven>,
    pub delivery: Option<Delivery>,
    pub duplicates: Vec<Duplicate>,
    pub once: Option<(String, String)>,
    /// The same request was answered before.
    pub known: bool,
}

/// What was said of a dossier, checked.
pub(crate) struct Said<'a> {
    pub procedure: &'a Procedure,
    pub answers: &'a Map<String, Value>,
    pub parts: &'a [PartGiven],
    pub person: Map<String, Value>,
    pub fee_vnd: u64,
    pub fees: Option<Value>,
    pub delivery: Option<Delivery>,
}

impl Office {
    /// What is checked of every dossier that an officer, or another system, brings. `held`: what is there of it already; `instead`: what
    /// is done where it is not received, and therefore need not be whole.
    pub(crate) async fn given(&self, actor: &Actor, input: &CounterInput, held: Option<&Held>, instead: Option<&Act>) -> Result<Given> {
        let (world, at) = (self.world(), self.now());
        let day = at.local_date();
        let unit = world.unit_idx(input.unit.trim(), day).ok_or_else(|| Error::not_found(&input.unit))?;
        let key = world.units.key(unit).to_string();
        self.may(actor, Action::Edit, DOSSIER, &key)?;
        if !world.units.unit(unit).is_valid_on(day) {
            return Err(Error::Refused(Refusal::new("unit.closed").with("unit", &key).with("day", day)));
        }
        let away = input.away_unit.as_deref().map(str::trim).filter(|a| !a.is_empty());
        let away = away.map(|a| world.unit_idx(a, day).ok_or_else(|| Error::not_found(a))).transpose()?;
        let procedure = procedure_of(&world, input, away.unwrap_or(unit), day, held, instead)?;
        if instead.is_none() {
            paper_today(&world, unit, day, &procedure, input)?;
        }
        let answers = procedure.answers(&input.form, at);
        let (answers, mut faults) = (answers.kept, answers.faults);
        if instead.is_some() {
            // What was not asked yet is not wrong; what was typed is looked at.
            faults.retain(|f| !matches!(f.code, "field.required" | "form.rule"));
        }
        let person = person(&input.applicant, said_of_person(&procedure, &answers), &mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let kept = held.map(|h| scans_of(&h.fields)).unwrap_or_default();
        if instead.is_none() {
            whole(&procedure, &answers, &[kept.as_slice(), input.parts.as_slice()].concat(), input.channel, at)?;
        }
        let home = person.get("applicant_address").and_then(Value::as_str).unwrap_or_default();
        let delivery = input.delivery.as_ref().map(|d| d.kept(home)).transpose()?;
        let number = person.get("applicant_id_number").and_then(Value::as_str).map(str::to_owned);
        let mut parts = kept;
        parts.extend(self.parts_shown(&key, number.as_deref(), &input.parts).await?);
        if instead.is_some() {
            // Paper goes home again with whoever brought it.
            parts.retain(|p| p.sha256.is_some());
        }
        let duplicates = match &number {
            Some(number) => {
                let mut list = self.duplicates_of(&procedure.def.code, number).await?;
                list.retain(|d| held.is_none_or(|h| d.id != h.record.id.to_string()));
                list.into_iter().map(|d| self.seen_by(actor, d)).collect()
            }
            None => Vec::new(),
        };
        let request = digest_of(input, instead)?;
        let once = once_key(&actor.account, &input.once, &[&request])?;
        let known = match &once {
            Some((key, digest)) => self.store().answer_of(key, digest).await?.is_some(),
            None => false,
        };
        if let Some(first) = duplicates.first().filter(|_| !input.despite_duplicate && !known) {
            return Err(Error::Refused(match first.code.as_str() {
                "" => Refusal::new("one_stop.duplicate_elsewhere"),
                code => Refusal::new("one_stop.duplicate").with("code", code),
            }));
        }
        Ok(Given { unit, key, away, procedure, answers, person, parts, delivery, duplicates, once, known })
    }

    pub(crate) async fn ticket_of(&self, actor: &Actor, unit: &str, input: &CounterInput) -> Result<Option<Served>> {
        match input.ticket.as_deref().filter(|t| !t.is_empty()) {
            Some(ticket) => Ok(Some(self.ticket_served(actor, unit, ticket).await?)),
            None => Ok(None),
        }
    }

    /// The body of a dossier as it came to the counter; what there was of it before stays where nothing else was said.
    pub(crate) fn counter_body(
        &self,
        actor: &Actor,
        input: &CounterInput,
        case: &Case,
        said: Said<'_>,
        held: Option<&Held>,
    ) -> Result<Map<String, Value>> {
        let new = self.new_dossier(said.procedure, case, said.answers, said.parts, said.person, said.fee_vnd)?;
        let mut body = held.map(|h| h.fields.clone()).unwrap_or_default();
        body.retain(|name, _| !name.starts_with("applicant_") && name != "fees");
        // What the citizen explained with a supplement is no answer of the form.
        let note = body.get("form").and_then(|f| f.get(NOTE)).cloned();
        body.extend(new);
        if let (Some(note), Some(Value::Object(form))) = (note, body.get_mut("form")) {
            form.insert(NOTE.into(), note);
        }
        body.insert("identified".into(), json!(input.identified));
        body.insert("responsible".into(), json!(actor.name));
        if let Some(fees) = said.fees {
            body.insert("fees".into(), fees);
        }
        if let Some(delivery) = said.delivery {
            delivery.write(&mut body);
        }
        Ok(body)
    }
}

/// The procedure in the version that a dossier keeps, or that the deciding unit offers today. What is refused may be offered elsewhere.
fn procedure_of(
    world: &World,
    input: &CounterInput,
    unit: u32,
    day: Date,
    held: Option<&Held>,
    instead: Option<&Act>,
) -> Result<Arc<Procedure>> {
    let known = match (held, instead) {
        (Some(held), _) => world.procedure_version(&held.case.procedure, held.case.procedure_from),
        (None, Some(Act::NotAccept { .. })) => world.procedure(&input.procedure, day),
        (None, _) => return offered(world, &input.procedure, unit, day),
    };
    known.cloned().ok_or_else(|| no_procedure(&input.procedure))
}

/// No paper is taken on some days, where the unit has said so.
fn paper_today(world: &World, unit: u32, day: Date, procedure: &Procedure, input: &CounterInput) -> Result<()> {
    // What is only shown goes home again: it is no paper of the dossier.
    let stays = |p: &PartGiven| procedure.def.part(&p.part).is_none_or(|d| d.kind != procedure::PartKind::Shown);
    let on_paper = input.parts.iter().any(|p| p.origin == Origin::Paper && p.sha256.is_none() && stays(p));
    match world.policies(unit, day).find(|p| p.no_paper(day.weekday())) {
        Some(policy) if on_paper || input.channel == Channel::Post => {
            Err(Error::Refused(Refusal::new("one_stop.no_paper_today").with("day", day).with("name", &policy.name.vi)))
        }
        _ => Ok(()),
    }
}

/// Whether everything is there that receiving wants.
fn whole(procedure: &Procedure, answers: &Map<String, Value>, parts: &[PartGiven], channel: Channel, at: Timestamp) -> Result<()> {
    let mut missing = missing_parts(procedure, answers, parts, at);
    if channel == Channel::Counter {
        missing.extend(not_shown(procedure, answers, parts, at));
    }
    if missing.is_empty() {
        return Ok(());
    }
    let name = |id: &String| procedure.def.part(id).map_or(id.clone(), |p| p.name.vi.clone());
    let names = missing.iter().map(name).collect::<Vec<_>>().join("; ");
    Err(Error::Refused(Refusal::new("one_stop.missing_parts").with("parts", names)))
}

/// Parts of a dossier that are files.
fn scans_of(fields: &Map<String, Value>) -> Vec<PartGiven> {
    parts_of(fields).into_iter().filter(|p| p.sha256.is_some()).collect()
}

/// The same input is the same request, whatever the order of its parts.
fn digest_of(input: &CounterInput, instead: Option<&Act>) -> Result<String> {
    let parts: Vec<Option<&String>> = input.parts.iter().map(|p| p.sha256.as_ref()).collect();
    let text = json!([
        input.procedure,
        input.unit,
        input.away_unit,
        input.channel.id(),
        input.applicant.id_number,
        input.applicant.name,
        input.form,
        parts,
        input.delivery,
        instead
    ]);
    Ok(serde_json::to_string(&text)?)
}

/// The applicant's fields: what the officer typed, else what the form says.
fn person(
    given: &Applicant,
    said: std::collections::BTreeMap<&'static str, String>,
    faults: &mut Vec<rules::schema::FieldFault>,
) -> Map<String, Value> {
    let kind = if given.kind.is_empty() { "citizen" } else { &given.kind };
    let typed = [
        ("applicant_name", &given.name),
        ("applicant_id_number", &given.id_number),
        ("applicant_phone", &given.phone),
        ("applicant_email", &given.email),
        ("applicant_address", &given.address),
    ];
    let mut out = Map::new();
    for (field, text) in typed {
        let text = rules::text::clean(text);
        let text = if text.is_empty() { said.get(field).cloned().unwrap_or_default() } else { text };
        if text.is_empty() {
            continue;
        }
        let checked = match field {
            "applicant_id_number" if kind == "citizen" => procedure::check_identity(field, &text, None, None),
            "applicant_id_number" => procedure::check_tax_code(field, &text),
            "applicant_phone" => procedure::check_phone(field, &text),
            "applicant_email" => procedure::check_email(field, &text),
            _ => Ok(text),
        };
        match checked {
            Ok(text) => {
                out.insert(field.to_owned(), json!(text));
            }
            Err(fault) => faults.push(fault),
        }
    }
    if !out.contains_key("applicant_name") && !faults.iter().any(|f| f.field == "applicant_name") {
        faults.push(rules::schema::FieldFault::new("applicant_name", "field.required"));
    }
    out.insert("applicant_kind".into(), json!(kind));
    out
}
