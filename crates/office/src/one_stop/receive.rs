//! Receiving at the counter: the officer types, the dossier is filed and accepted in one act.

use std::sync::Arc;

use rules::{
    Refusal,
    access::{Action, Actor},
    one_stop::{Act, ActKind, Case, Channel, Linking},
    procedure::{self, Procedure},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::RecordWrite;

use super::{
    DOSSIER, Delivery, Duplicate, Filed, Ground,
    acts::named_after,
    files::{Origin, PartGiven},
    filing::{missing_parts, not_shown, offered, said_of_person},
    once_key,
    opening::{NewDossier, fees_of},
    terms,
};
use crate::{
    Office,
    error::{Error, Result},
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

impl Office {
    /// What is checked of every dossier that an officer, or another system, brings.
    pub(crate) async fn given(&self, actor: &Actor, input: &CounterInput) -> Result<Given> {
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
        let procedure = offered(&world, &input.procedure, away.unwrap_or(unit), day)?;
        // What is only shown goes home again: it is no paper of the dossier.
        let stays = |p: &PartGiven| procedure.def.part(&p.part).is_none_or(|d| d.kind != procedure::PartKind::Shown);
        let on_paper = input.parts.iter().any(|p| p.origin == Origin::Paper && p.sha256.is_none() && stays(p));
        if let Some(policy) = world.policies(unit, day).find(|p| p.no_paper(day.weekday()))
            && (on_paper || input.channel == Channel::Post)
        {
            return Err(Error::Refused(Refusal::new("one_stop.no_paper_today").with("day", day).with("name", &policy.name.vi)));
        }
        let answers = procedure.answers(&input.form, at);
        let (answers, mut faults) = (answers.kept, answers.faults);
        let person = person(&input.applicant, said_of_person(&procedure, &answers), &mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let mut missing = missing_parts(&procedure, &answers, &input.parts, at);
        if input.channel == Channel::Counter {
            missing.extend(not_shown(&procedure, &answers, &input.parts, at));
        }
        if !missing.is_empty() {
            let name = |id: &String| procedure.def.part(id).map_or(id.clone(), |p| p.name.vi.clone());
            let names = missing.iter().map(name).collect::<Vec<_>>().join("; ");
            return Err(Error::Refused(Refusal::new("one_stop.missing_parts").with("parts", names)));
        }
        let home = person.get("applicant_address").and_then(Value::as_str).unwrap_or_default();
        let delivery = input.delivery.as_ref().map(|d| d.kept(home)).transpose()?;
        let number = person.get("applicant_id_number").and_then(Value::as_str).map(str::to_owned);
        let parts = self.parts_shown(&key, number.as_deref(), &input.parts).await?;
        let duplicates = match &number {
            Some(number) => {
                let list = self.duplicates_of(&procedure.def.code, number).await?;
                list.into_iter().map(|d| self.seen_by(actor, d)).collect()
            }
            None => Vec::new(),
        };
        let request = digest_of(input)?;
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

    /// Receives a dossier at the counter or from the post: appointment, code, tracking secret.
    ///
    /// # Errors
    /// `access.…`; `one_stop.no_procedure`; `one_stop.not_offered`; `one_stop.no_paper_today` (day, name); the form's faults;
    /// `one_stop.missing_parts`; `one_stop.result_address`; `upload.foreign` (part); `one_stop.duplicate` (code) unless the officer knows; `payment.not_demanded`
    /// where nothing is owed, `payment.counter_amount` (due, paid) when what was taken is not what is due; `one_stop.no_agency_code`; `unit.closed`.
    pub async fn receive(&self, actor: &Actor, input: &CounterInput) -> Result<Filed> {
        let Given { unit, key, away, procedure, answers, person, parts, delivery, duplicates, once, known } =
            self.given(actor, input).await?;
        let (world, at) = (self.world(), self.now());
        let day = at.local_date();
        let rules = world.one_stop_rules(day)?;
        let terms = terms(&procedure.def);
        let filed = Case::file(&terms, input.channel, at, rules);
        let ground = Ground::of(&world, &key, &filed)?;
        let apply = |case: &Case, act: &Act| case.apply(act, at, &actor.account, rules, ground.calendar, &terms);
        let mut case = apply(&filed, &Act::Accept)?;
        let (fee_vnd, fees) = fees_of(&procedure, &answers, at);
        if let Some(paid) = &input.paid {
            // Money is taken against a demand, or it would stand in no receipt and in no day's account.
            if fee_vnd == 0 {
                return Err(Error::refused("payment.not_demanded"));
            }
            if paid.amount_vnd != fee_vnd {
                return Err(Error::Refused(Refusal::new("payment.counter_amount").with("due", fee_vnd).with("paid", paid.amount_vnd)));
            }
            let act = Act::Paid { amount_vnd: paid.amount_vnd, online: paid.online, reference: paid.reference.clone() };
            case = apply(&case, &act)?;
        }
        let mut body = self.new_dossier(&procedure, &case, &answers, &parts, person, fee_vnd)?;
        body.insert("identified".into(), json!(input.identified));
        body.insert("responsible".into(), json!(actor.name));
        if let Some(fees) = fees {
            body.insert("fees".into(), fees);
        }
        if let Some(delivery) = delivery {
            delivery.write(&mut body);
        }
        if let Some(away) = away {
            body.insert("away_unit".into(), json!(world.units.key(away).to_string()));
        }
        let ticket = match input.ticket.as_deref().filter(|t| !t.is_empty()) {
            Some(ticket) => Some(self.ticket_served(actor, &key, ticket).await?),
            None => None,
        };
        let papers = self.papers_left(ActKind::Accept, &key, &case, &body, &ground, at).await?;
        // What goes on to the unit that decides waits for nothing here: that one asks for the fee.
        let sent_on = away.is_some_and(|a| a != unit) && input.paid.is_none();
        let owing = self.owed_on_receipt(&key, &body, &Case { payment: None, ..case.clone() })?;
        // Without an account nothing can be asked for; cash that was taken has its demand all the same.
        let owing = owing.filter(|o| !sent_on && (input.paid.is_some() || o.account.is_some()));
        // While the fee is not there the clock stands still, from the moment of receiving.
        let waits = input.paid.is_none() && owing.is_some();
        let beside = |new: &NewDossier<'_>| {
            let mut out: Vec<RecordWrite> = papers.iter().cloned().map(|p| named_after(p, new.code)).collect();
            out.extend(ticket.iter().map(|t| t.with_dossier(new.code)));
            let Some(owing) = &owing else { return Ok(out) };
            let (account, lines, amount) = (owing.account.clone(), owing.lines.clone(), owing.amount_vnd);
            let demand = self.demand_write(&key, new.code, new.id, 1, account, lines, amount, at)?;
            match &input.paid {
                Some(paid) => out.push(Self::paid_at_counter(demand, paid, &actor.account, at)?),
                None => {
                    let of = (new.id, Some(new.code.to_owned()), key.as_str());
                    out.push(self.asked_write(of, 1, new.body.clone(), &case, amount, &ground, at, &actor.account)?.1);
                    out.push(demand);
                }
            }
            Ok(out)
        };
        let filed = self.commit_dossier(&actor.account, None, at, once, unit, &case, &ground, &mut body, "accept", beside).await?;
        let due_at = filed.due_at.filter(|_| !waits);
        let mut filed = Filed { fee_vnd, due_at, duplicates, ..filed };
        if let Some(away) = away.filter(|a| *a != unit) {
            // Received here, decided there. Whoever was stopped in between sends the same once more, and it goes on from here.
            let reason = format!("Tiếp nhận không phụ thuộc địa giới hành chính tại {}", world.units.unit(unit).name.vi);
            let act = Act::ForwardToUnit { unit: world.units.key(away).clone(), linking: Linking::Competent, due: None, reason };
            match self.act(actor, &filed.id, filed.version, &act, "").await {
                Ok(sent) => filed.version = sent.version,
                Err(e) if known && matches!(e.code(), "version.conflict" | "access.unit") => {}
                Err(e) => return Err(e),
            }
        }
        Ok(filed)
    }
}

/// The same input is the same request, whatever the order of its parts.
fn digest_of(input: &CounterInput) -> Result<String> {
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
        input.delivery
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
