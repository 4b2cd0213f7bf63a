//! Receiving at the counter: the officer types, the dossier is filed and accepted in one act; what was written down before is completed.

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor},
    one_stop::{Act, ActKind, Case, Linking, Status},
};
use serde_json::{Map, Value, json};
use store::{Expect, RecordWrite};

use super::{
    CounterInput, DOSSIER, Filed, Ground, Held,
    acts::named_after,
    counter::{Given, Said},
    opening::{NewDossier, fees_of, valid},
    payment::number_after,
    reflect::reflect,
    terms,
};
use crate::{
    Office,
    error::{Error, Result},
};

impl Office {
    /// Receives a dossier at the counter or from the post: appointment, code, tracking secret. One that was written down here before and
    /// not received is completed and received under its code.
    ///
    /// # Errors
    /// `access.…`; `one_stop.no_procedure`; `one_stop.not_offered`; `one_stop.no_paper_today` (day, name); the form's faults;
    /// `one_stop.missing_parts`; `one_stop.result_address`; `upload.foreign` (part); `one_stop.duplicate` (code) unless the officer knows;
    /// `payment.not_demanded` where nothing is owed, `payment.counter_amount` (due, paid) when what was taken is not what is due;
    /// `one_stop.no_agency_code`; `unit.closed`; for one that comes back `one_stop.not_now`, a stale version.
    pub async fn receive(&self, actor: &Actor, input: &CounterInput) -> Result<Filed> {
        let held = self.begun(actor, input).await?;
        let input = &as_begun(input, held.as_ref());
        let given = self.given(actor, input, held.as_ref(), None).await?;
        if let Some(held) = held.as_ref().filter(|_| given.known) {
            return Ok(filed_before(held));
        }
        let held = held.map(|h| unchanged(h, input)).transpose()?;
        let Given { unit, key, away, procedure, answers, person, parts, delivery, duplicates, once, known } = given;
        let world = self.world();
        let at = held.as_ref().map_or_else(|| self.now(), |h| self.now_after(h.record.updated_at));
        let begun = match &held {
            Some(held) => held.case.clone(),
            None => Case::file(&terms(&procedure.def), input.channel, at, world.one_stop_rules(at.local_date())?),
        };
        let ground = Ground::of(&world, &key, &begun)?;
        let apply = |case: &Case, act: &Act| case.apply(act, at, &actor.account, ground.rules, ground.calendar, &ground.terms);
        // Whoever comes back brings what was asked for.
        let complete = if begun.status == Status::Supplement { Some(apply(&begun, &Act::Supplement)?) } else { None };
        let mut case = apply(complete.as_ref().unwrap_or(&begun), &Act::Accept)?;
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
        let said = Said { procedure: &procedure, answers: &answers, parts: &parts, person, fee_vnd, fees, delivery };
        let mut body = self.counter_body(actor, input, &case, said, held.as_ref())?;
        if let Some(away) = away {
            body.insert("away_unit".into(), json!(world.units.key(away).to_string()));
        }
        let ticket = self.ticket_of(actor, &key, input).await?;
        let papers = self.papers_left(ActKind::Accept, &key, &case, &body, &ground, at).await?;
        // What goes on to the unit that decides waits for nothing here: that one asks for the fee.
        let sent_on = away.is_some_and(|a| a != unit) && input.paid.is_none();
        let owing = self.owed_on_receipt(&key, &body, &Case { payment: None, ..case.clone() })?;
        // Without an account nothing can be asked for; cash that was taken has its demand all the same.
        let owing = owing.filter(|o| !sent_on && (input.paid.is_some() || o.account.is_some()));
        // While the fee is not there the clock stands still, from the moment of receiving.
        let waits = input.paid.is_none() && owing.is_some();
        let number = match &held {
            Some(held) => number_after(&self.demands(held.code()).await?)?,
            None => 1,
        };
        let beside = |new: &NewDossier<'_>| {
            let mut out: Vec<RecordWrite> = papers.iter().cloned().map(|p| named_after(p, new.code)).collect();
            out.extend(ticket.iter().map(|t| t.with_dossier(new.code)));
            let Some(owing) = &owing else { return Ok(out) };
            let (account, lines, amount) = (owing.account.clone(), owing.lines.clone(), owing.amount_vnd);
            let demand = self.demand_write(&key, new.code, new.id, number, account, lines, amount, at)?;
            match &input.paid {
                Some(paid) => out.push(Self::paid_at_counter(demand, paid, &actor.account, at)?),
                None => {
                    let of = (new.id, Some(new.code.to_owned()), key.as_str());
                    out.push(self.asked_write(of, new.version, new.body.clone(), &case, amount, &ground, at, &actor.account)?.1);
                    out.push(demand);
                }
            }
            Ok(out)
        };
        let filed = match &held {
            None => self.commit_dossier(&actor.account, None, at, once, unit, &case, &ground, &mut body, "accept", beside).await?,
            Some(held) => {
                let way: Vec<(&'static str, &Case)> = complete.iter().map(|c| ("supplement", c)).chain([("accept", &case)]).collect();
                self.commit_begun(&actor.account, at, once, held, &way, &ground, &mut body, beside).await?
            }
        };
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

    /// The dossier that somebody comes back with.
    async fn begun(&self, actor: &Actor, input: &CounterInput) -> Result<Option<Held>> {
        match &input.begun {
            Some(begun) => Ok(Some(Held::of(self.dossier_for(actor, Action::Edit, &begun.id).await?)?)),
            None => Ok(None),
        }
    }

    /// Commits what happens to a dossier that was begun before, step by step, together with what `beside` writes for it.
    #[expect(clippy::too_many_arguments, reason = "one dossier in all its parts")]
    async fn commit_begun(
        &self,
        account: &str,
        at: Timestamp,
        once: Option<(String, String)>,
        held: &Held,
        way: &[(&'static str, &Case)],
        ground: &Ground<'_>,
        body: &mut Map<String, Value>,
        beside: impl Fn(&NewDossier<'_>) -> Result<Vec<RecordWrite>>,
    ) -> Result<Filed> {
        let (world, mut version, mut writes) = (self.world(), held.record.version, Vec::new());
        for (kind, case) in way {
            reflect(body, case, ground, at)?;
            writes.push(RecordWrite {
                register: DOSSIER.into(),
                id: held.record.id,
                expect: Expect::Version(version),
                key: held.record.key.clone(),
                unit: held.record.unit.clone(),
                state: case.status.id().into(),
                fields: valid(&world, body.clone())?,
                kind: (*kind).to_owned(),
                authority: None,
            });
            version += 1;
        }
        writes.extend(beside(&NewDossier { id: held.record.id, code: held.code(), version, body })?);
        let outcome = self.commit_act(account, None, at, once, writes).await?;
        let version = outcome.written.iter().filter(|w| w.id == held.record.id).map(|w| w.version).max().unwrap_or(version);
        let due = way.last().map(|(_, case)| case.due(ground.calendar)).transpose()?.flatten();
        Ok(Filed { version, due_at: due.map(|d| d.value), ..filed_before(held) })
    }
}

/// The same, in the version that was seen.
fn unchanged(held: Held, input: &CounterInput) -> Result<Held> {
    if input.begun.as_ref().is_some_and(|b| b.version != held.record.version) {
        return Err(Error::Store(store::Error::Conflict { current: Box::new(held.record) }));
    }
    Ok(held)
}

/// What was begun keeps its unit, its procedure and the way by which it came.
fn as_begun(input: &CounterInput, held: Option<&Held>) -> CounterInput {
    let Some(held) = held else { return input.clone() };
    let (unit, procedure, channel) = (held.record.unit.clone(), held.case.procedure.clone(), held.case.channel);
    CounterInput { unit, procedure, channel, ..input.clone() }
}

/// The answer for a dossier that has its code already; its secret was told then and is not known any more.
pub(crate) fn filed_before(held: &Held) -> Filed {
    Filed {
        id: held.record.id.to_string(),
        code: held.code().to_owned(),
        secret: String::new(),
        version: held.record.version,
        filed_at: held.case.filed,
        answer_by: None,
        due_at: held.text("due_at").and_then(|t| t.parse().ok()),
        fee_vnd: held.fields.get("fee_vnd").and_then(Value::as_u64).unwrap_or(0),
        duplicates: Vec::new(),
    }
}
