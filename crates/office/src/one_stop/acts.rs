//! Acts on dossiers: from the version that was seen, through the law, in one commit with one entry of the act's kind.

use std::collections::BTreeMap;

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor, decide},
    one_stop::{Act, ActKind, Case, Linking},
    procedure::{ProcedureDef, StepDef, Who},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::{Expect, Record, RecordId, RecordWrite};

use super::{
    DOSSIER, Delivery, Ground, Held, PAPER,
    elsewhere::RECEIVING,
    files::{FILES_MAX, Origin, PartGiven, parts_of},
    limits::bounded,
    once_key,
    opening::valid,
    payment::number_after,
    queue::Served,
    reflect::{reflect, reused},
    unit_of,
};
use crate::{
    Office,
    error::{Error, Result},
    people::{ACCOUNT, Account},
    world::World,
};

/// Dossiers that one act may hand over.
pub const HAND_OVER_MAX: usize = 200;

/// What an act came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acted {
    pub id: String,
    pub code: String,
    pub version: i64,
    pub state: String,
    pub due_at: Option<Timestamp>,
    /// The act had been done before, with the same key.
    pub replayed: bool,
}

/// What one must be allowed to do for an act.
#[must_use]
pub fn action_of(kind: ActKind) -> Action {
    match kind {
        ActKind::Resolve | ActKind::Refuse | ActKind::Stop | ActKind::Suspend | ActKind::Resume => Action::Decide,
        ActKind::HandOver => Action::Submit,
        _ => Action::Edit,
    }
}

/// The steps before a signing step at which a dossier lies; none where it lies elsewhere.
#[must_use]
pub fn before_signing<'p>(case: &Case, def: &'p ProcedureDef) -> &'p [StepDef] {
    let now = case.step().map(|s| s.step.as_str());
    let at = def.steps.iter().position(|s| s.who == Who::Leader && Some(s.id.as_str()) == now);
    &def.steps[..at.unwrap_or(0)]
}

/// What else an act writes into its dossier.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extra {
    pub fields: Map<String, Value>,
    pub parts: Vec<PartGiven>,
    pub delivery: Option<Delivery>,
    /// The number in the queue that ends with it.
    pub ticket: Option<Served>,
}

/// A refusal that speaks of a step by the names that people know it by.
pub(crate) fn named_step(mut refusal: Refusal, def: &ProcedureDef) -> Refusal {
    let of = |r: &Refusal| r.args.iter().find(|(n, _)| *n == "step").map(|(_, id)| id.clone());
    let Some(id) = of(&refusal) else { return refusal };
    let (vi, en) = def.step(&id).map_or((id.clone(), id.clone()), |s| (s.name.vi.clone(), s.name.en.clone()));
    refusal.args.retain(|(n, _)| *n != "step");
    refusal.with("step", vi).with("step_en", en)
}

impl Office {
    /// Does an act on a dossier, from the version that was seen. With a key in `once`, asked again it is answered again.
    ///
    /// # Errors
    /// `access.…` by the kind of the act; `one_stop.…` with the article; `one_stop.unknown_assignee`; `input.too_long`; a stale version.
    pub async fn act(&self, actor: &Actor, id: &str, version: i64, act: &Act, once: &str) -> Result<Acted> {
        let held = self.held_for(actor, id, act).await?;
        bounded(act)?;
        // Money is booked on a demand: only then is there a receipt, and a day's account that is right.
        if act.kind() == ActKind::Paid {
            return Err(Error::Refused(match self.payment_due(held.code()).await? {
                Some(open) => Refusal::new("payment.open").with("reference", open.reference),
                None => Refusal::new("payment.not_demanded"),
            }));
        }
        self.act_on(&actor.account, held, version, act, Extra::default(), once).await
    }

    /// Receives a dossier that was filed, with the way in which the result is wanted as the desk confirmed it; as it stood, where nothing
    /// is said of it.
    ///
    /// # Errors
    /// As [`Office::act`]; `one_stop.result_address`.
    pub async fn accept(&self, actor: &Actor, id: &str, version: i64, delivery: Option<&Delivery>, once: &str) -> Result<Acted> {
        let held = self.held_for(actor, id, &Act::Accept).await?;
        let delivery = delivery.map(|d| d.kept(held.text("applicant_address").unwrap_or_default())).transpose()?;
        self.act_on(&actor.account, held, version, &Act::Accept, Extra { delivery, ..Extra::default() }, once).await
    }

    /// The dossier, for somebody who may do acts of this kind on it: at its unit, for its own part at a unit it was sent to, or to hand
    /// out the result where it was received.
    async fn held_for(&self, actor: &Actor, id: &str, act: &Act) -> Result<Held> {
        let kind = act.kind();
        if actor.grants.is_empty() {
            self.may(actor, action_of(kind), DOSSIER, &self.root_text())?;
        }
        let held = Held::of(self.find(DOSSIER, id.trim()).await?)?;
        let allowed = self.may(actor, action_of(kind), DOSSIER, &held.record.unit);
        // A unit gives back what was sent to itself, and nothing of another's; the desk that received hands out.
        let own = |l: &rules::one_stop::Link| l.is_open() && self.may(actor, Action::Edit, DOSSIER, &l.unit.to_string()).is_ok();
        let elsewhere = match act {
            Act::ReturnFromUnit { link, .. } => held.case.links.get(*link).is_some_and(own),
            act => self.elsewhere(actor, &held.fields).allows(act.kind()),
        };
        match allowed {
            Err(e) if !elsewhere => self.sent_back(actor, &held, act)?.then_some(()).ok_or(e)?,
            _ => {}
        }
        Ok(held)
    }

    /// Whoever decides sends what lies before them back to an earlier step, and says why.
    fn sent_back(&self, actor: &Actor, held: &Held, act: &Act) -> Result<bool> {
        let Act::HandOver { step, reason, .. } = act else { return Ok(false) };
        let world = self.world();
        let before = world.procedure_version(&held.case.procedure, held.case.procedure_from).map(|p| before_signing(&held.case, &p.def));
        if !before.unwrap_or_default().iter().any(|s| s.id == *step) || self.may(actor, Action::Decide, DOSSIER, &held.record.unit).is_err()
        {
            return Ok(false);
        }
        if reason.as_deref().is_none_or(|r| rules::text::clean(r).is_empty()) {
            return Err(Error::Refused(Refusal::new("input.required").with("field", "reason")));
        }
        Ok(true)
    }

    /// The same, where access was decided.
    pub(crate) async fn act_on(&self, account: &str, held: Held, version: i64, act: &Act, extra: Extra, once: &str) -> Result<Acted> {
        let request = serde_json::to_string(act)?;
        let beside = serde_json::to_string(&(&extra.fields, extra.parts.iter().map(|p| &p.sha256).collect::<Vec<_>>(), &extra.delivery))?;
        // People without an account share one name: the key is of this dossier.
        let once = once_key(&format!("{account}:{}", held.record.id), once, &[&request, &beside])?;
        if let Some((key, digest)) = &once
            && let Some(written) = self.store().answer_of(key, digest).await?
        {
            let version = written.first().map_or(version, |w| w.version);
            return Ok(acted(&held.record, version, &held.record.state, held.text("due_at").and_then(|t| t.parse().ok()), true));
        }
        if held.record.version != version {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(held.record) }));
        }
        bounded(act)?;
        let (world, at) = (self.world(), self.now_after(held.record.updated_at));
        let ground = Ground::of(&world, &held.record.unit, &held.case)?;
        let (act, on_behalf) = self.delegated(act).await?;
        self.assignee_fits(&world, &held.record.unit, &ground, &act).await?;
        let next = held.case.apply(&act, at, account, ground.rules, ground.calendar, &ground.terms);
        let case = next.map_err(|refusal| named_step(refusal, &ground.procedure.def))?;
        let mut fields = held.fields.clone();
        fields.extend(extra.fields);
        if let Some(delivery) = &extra.delivery {
            delivery.write(&mut fields);
        }
        if !extra.parts.is_empty() {
            let mut parts = parts_of(&fields);
            parts.extend(extra.parts);
            if parts.len() > FILES_MAX {
                return Err(Error::Refused(Refusal::new("upload.too_many").with("max", FILES_MAX)));
            }
            fields.insert("reused".into(), json!(reused(&parts)));
            fields.insert("parts".into(), serde_json::to_value(&parts)?);
        }
        if let Act::HandOver { assignee: Some(a), .. } = &act {
            let name = self.account_of(a).await?.map_or_else(|| a.clone(), |a| a.name);
            fields.insert("responsible".into(), json!(name));
        }
        reflect(&mut fields, &case, &ground, at)?;
        if let (Act::DemandPayment { .. }, Some(payment)) = (&act, &case.payment) {
            fields.insert("fee_vnd".into(), json!(payment.demanded_vnd));
        }
        let unit = match &act {
            Act::ForwardToUnit { unit, linking, .. } => self.forwarded_to(&world, &held, &unit.to_string(), *linking, at)?,
            _ => held.record.unit.clone(),
        };
        // Whoever received it gives back its result, wherever it is decided.
        if unit != held.record.unit && held.case.clock.is_some() {
            fields.entry(RECEIVING).or_insert_with(|| json!(held.record.unit));
        }
        let mut writes = vec![RecordWrite {
            register: DOSSIER.into(),
            id: held.record.id,
            expect: Expect::Version(version),
            key: held.record.key.clone(),
            unit,
            state: case.status.id().into(),
            fields: valid(&world, fields.clone())?,
            kind: act.kind().id().to_owned(),
            authority: act.said(),
        }];
        writes.extend(extra.ticket.iter().map(|t| t.with_dossier(held.code())));
        let left = self.papers_left(act.kind(), &held.record.unit, &case, &fields, &ground, at).await?;
        writes.extend(left.into_iter().map(|w| named_after(w, held.code())));
        let case = self.fees_with(&act, case, &held, fields, version, &ground, at, account, &mut writes).await?;
        let outcome = self.commit_act(account, on_behalf, at, once, writes).await?;
        let own = outcome.written.iter().filter(|w| w.id == held.record.id);
        let version = own.map(|w| w.version).max().unwrap_or(version);
        let due = case.due(ground.calendar)?.map(|d| d.value);
        Ok(acted(&held.record, version, case.status.id(), due, outcome.replayed))
    }

    /// Whoever is given a step may do it there: signing wants somebody who decides.
    async fn assignee_fits(&self, world: &World, unit: &str, ground: &Ground<'_>, act: &Act) -> Result<()> {
        let Act::HandOver { step, assignee: Some(login), .. } = act else { return Ok(()) };
        let (Some(declared), Some(account)) = (ground.procedure.def.step(step), self.account_of(login).await?) else { return Ok(()) };
        let action = if declared.who == Who::Leader { Action::Decide } else { Action::Edit };
        let idx = unit.parse().ok().and_then(|k| world.units.idx(&k));
        let actor = Actor::new(account.login.clone(), account.name.clone(), account.grants.clone());
        if decide(&actor, action, Some(DOSSIER), idx, &world.units).is_ok() {
            return Ok(());
        }
        let refusal = Refusal::new("one_stop.assignee_role").with("name", &account.name).with("step", step);
        Err(Error::Refused(named_step(refusal, &ground.procedure.def)))
    }

    /// What an act means for the dossier's fees, in the same commit: what is owed on receipt is asked for by the program itself, an
    /// officer's demand gets its record, and a dossier that ends owes nothing.
    #[expect(clippy::too_many_arguments, reason = "an act in all its parts")]
    async fn fees_with(
        &self,
        act: &Act,
        case: Case,
        held: &Held,
        fields: Map<String, Value>,
        version: i64,
        ground: &Ground<'_>,
        at: Timestamp,
        account: &str,
        writes: &mut Vec<RecordWrite>,
    ) -> Result<Case> {
        let (unit, code) = (&held.record.unit, held.code());
        match act {
            Act::Accept => {
                let owing = self.owed_on_receipt(unit, &fields, &case)?;
                let Some((owing, fee_account)) = owing.and_then(|o| o.account.clone().map(|a| (o, a))) else { return Ok(case) };
                let number = number_after(&self.demands(code).await?)?;
                let amount_vnd = owing.amount_vnd;
                let of = (held.record.id, held.record.key.clone(), unit.as_str());
                let asked = self.asked_write(of, version + 1, fields, &case, amount_vnd, ground, at, account)?;
                let demand = self.demand_write(unit, code, held.record.id, number, Some(fee_account), owing.lines, amount_vnd, at)?;
                writes.extend([asked.1, demand]);
                return Ok(asked.0);
            }
            Act::DemandPayment { amount_vnd, .. } => {
                let number = number_after(&self.demands(code).await?)?;
                let account = self.fee_account(unit);
                writes.push(self.demand_write(unit, code, held.record.id, number, account, Vec::new(), *amount_vnd, at)?);
            }
            _ if case.end.is_some() && held.case.end.is_none() => writes.extend(self.cancel_demands(code).await?),
            _ => {}
        }
        Ok(case)
    }

    /// The dossier's next version in which it waits for its fee.
    #[expect(clippy::too_many_arguments, reason = "an act in all its parts")]
    pub(crate) fn asked_write(
        &self,
        (id, key, unit): (RecordId, Option<String>, &str),
        version: i64,
        mut fields: Map<String, Value>,
        case: &Case,
        amount_vnd: u64,
        ground: &Ground<'_>,
        at: Timestamp,
        account: &str,
    ) -> Result<(Case, RecordWrite)> {
        let act = Act::DemandPayment { amount_vnd, until: None };
        let asked = case.apply(&act, at, account, ground.rules, ground.calendar, &ground.terms)?;
        reflect(&mut fields, &asked, ground, at)?;
        let write = RecordWrite {
            register: DOSSIER.into(),
            id,
            expect: Expect::Version(version),
            key,
            unit: unit.to_owned(),
            state: asked.status.id().into(),
            fields: valid(&self.world(), fields)?,
            kind: ActKind::DemandPayment.id().into(),
            authority: None,
        };
        Ok((asked, write))
    }

    /// An act that gives work to somebody who is absent gives it to the one who stands in; the ledger names both.
    async fn delegated(&self, act: &Act) -> Result<(Act, Option<String>)> {
        let Act::HandOver { step, assignee: Some(assignee), reason } = act else { return Ok((act.clone(), None)) };
        if self.account_of(assignee).await?.is_none_or(|a| a.disabled) {
            return Err(Error::Refused(Refusal::new("one_stop.unknown_assignee").with("account", assignee)));
        }
        match self.stands_in_for(assignee, self.today()).await? {
            Some(delegate) => {
                let act = Act::HandOver { step: step.clone(), assignee: Some(delegate), reason: reason.clone() };
                Ok((act, Some(assignee.clone())))
            }
            None => Ok((act.clone(), None)),
        }
    }

    pub(crate) async fn account_of(&self, login: &str) -> Result<Option<Account>> {
        match self.store().record_by_key(ACCOUNT, login).await {
            Ok(r) => Ok(Some(r.view()?)),
            Err(store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// The unit of the dossier after it was forwarded: the competent unit takes it over, one with a part does not.
    fn forwarded_to(&self, world: &World, held: &Held, unit: &str, linking: Linking, at: Timestamp) -> Result<String> {
        let idx = unit_of(world, unit)?;
        if !world.units.unit(idx).is_valid_on(at.local_date()) {
            return Err(Error::Refused(Refusal::new("unit.closed").with("unit", unit).with("day", at.local_date())));
        }
        Ok(if linking == Linking::Competent { unit.to_owned() } else { held.record.unit.clone() })
    }

    /// Electronic papers that an act leaves behind: the result, and parts that were digitised at receipt; papers that were used again
    /// count it. The code is put in by [`named_after`].
    pub(crate) async fn papers_left(
        &self,
        kind: ActKind,
        unit: &str,
        case: &Case,
        fields: &Map<String, Value>,
        ground: &Ground<'_>,
        at: Timestamp,
    ) -> Result<Vec<RecordWrite>> {
        let Some(owner) = fields.get("applicant_id_number").and_then(Value::as_str) else { return Ok(Vec::new()) };
        let def = &ground.procedure.def;
        let mut out = Vec::new();
        let paper = |kind: &str, origin: &str, file: Value, more: Vec<(&str, Option<Value>)>| {
            let mut body = Map::new();
            let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
            put("kind", json!(kind));
            put("owner_id_number", json!(owner));
            put("origin", json!(origin));
            put("file", file);
            put("procedure_code", json!(def.code));
            put("reused", json!(0));
            if let Some(name) = fields.get("applicant_name") {
                put("owner_name", name.clone());
            }
            for (name, value) in more.into_iter().filter_map(|(n, v)| Some((n, v?))) {
                put(name, value);
            }
            paper_write(RecordId::new(), Expect::New, unit, body, "keep")
        };
        if kind == ActKind::Resolve {
            let result = case.end.as_ref().and_then(|e| e.result.as_ref());
            if let (Some(kind), Some(result), Some(sha256)) = (&def.result.paper, result, result.and_then(|r| r.file.as_ref())) {
                let info = self.store().blob_info(sha256).await?;
                let file = json!({"sha256": sha256, "size": info.size, "media_type": info.media_type, "name": info.name});
                let until = def.result.valid_months.and_then(|n| at.local_date().checked_add(jiff::Span::new().months(i64::from(n))).ok());
                let issuer = self.world().unit_name(unit, "vi").to_owned();
                let more = vec![
                    ("number", result.number.as_ref().map(|n| json!(n))),
                    ("issuer", Some(json!(issuer))),
                    ("issued_on", Some(json!(at.local_date()))),
                    ("valid_to", until.map(|d| json!(d))),
                ];
                out.push(paper(kind, "result", file, more));
            }
        }
        if kind == ActKind::Accept {
            let mut counted = BTreeMap::new();
            for given in parts_of(fields) {
                let keep = def.part(&given.part).and_then(|p| p.keep.as_ref());
                if let (Some(kind), Some(sha256), false) = (keep, &given.sha256, given.origin == Origin::Reused) {
                    let origin = if given.origin == Origin::Scan { "scan" } else { "upload" };
                    let file = json!({"sha256": sha256, "size": given.size, "media_type": given.media_type, "name": given.name});
                    out.push(paper(kind, origin, file, Vec::new()));
                }
                if let Some(id) = given.paper {
                    *counted.entry(id).or_insert(0_i64) += 1;
                }
            }
            for (id, n) in counted {
                let record = self.store().record(PAPER, id.parse()?).await?;
                let mut body = record.fields()?;
                let before = body.get("reused").and_then(Value::as_i64).unwrap_or(0);
                body.insert("reused".into(), json!(before + n));
                body.insert("last_reused_at".into(), json!(at.to_string()));
                out.push(paper_write(record.id, Expect::Version(record.version), &record.unit, body, "reuse"));
            }
        }
        Ok(out)
    }

    /// Hands many dossiers over as they were seen; each by itself, so that one that somebody else has changed does not hold up the rest.
    ///
    /// # Errors
    /// `input.too_many`; whatever befalls one dossier stands with it.
    pub async fn hand_over_many(
        &self,
        actor: &Actor,
        items: &[(String, i64)],
        step: &str,
        assignee: Option<&str>,
    ) -> Result<Vec<(String, Result<Acted>)>> {
        if items.len() > HAND_OVER_MAX {
            return Err(Error::Refused(Refusal::new("input.too_many").with("max", HAND_OVER_MAX)));
        }
        let act = Act::HandOver { step: step.to_owned(), assignee: assignee.map(str::to_owned), reason: None };
        let done = futures::future::join_all(items.iter().map(|(id, version)| self.act(actor, id, *version, &act, ""))).await;
        Ok(items.iter().map(|(id, _)| id.clone()).zip(done).collect())
    }

    /// Adds files that were digitised to a dossier, or says that a paper was seen.
    ///
    /// # Errors
    /// `access.…`; `one_stop.no_case`; `not_found` for an unknown part; `upload.foreign` (part); `upload.too_many`; a stale version.
    pub async fn attach(&self, actor: &Actor, id: &str, version: i64, parts: &[PartGiven]) -> Result<Acted> {
        let held = Held::of(self.dossier_for(actor, Action::Edit, id).await?)?;
        if held.record.version != version {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(held.record) }));
        }
        let (world, at) = (self.world(), self.now());
        let ground = Ground::of(&world, &held.record.unit, &held.case)?;
        if let Some(unknown) = parts.iter().find(|p| ground.procedure.def.part(&p.part).is_none()) {
            return Err(Error::not_found(&unknown.part));
        }
        let parts = self.parts_shown(&held.record.unit, held.text("applicant_id_number"), parts).await?;
        let mut fields = held.fields.clone();
        let mut all = parts_of(&fields);
        // A scan takes the place of the paper it was made of.
        all.retain(|p| p.sha256.is_some() || !parts.iter().any(|n| n.part == p.part));
        all.extend(parts.iter().cloned());
        if all.len() > FILES_MAX {
            return Err(Error::Refused(Refusal::new("upload.too_many").with("max", FILES_MAX)));
        }
        fields.insert("parts".into(), serde_json::to_value(&all)?);
        reflect(&mut fields, &held.case, &ground, at)?;
        self.write_beside(&actor.account, &held, version, fields, super::ATTACH, None, None).await
    }

    /// Writes fields of a dossier beside its case: no act of the law, and the state stays.
    #[expect(clippy::too_many_arguments, reason = "one write in all its parts")]
    pub(crate) async fn write_beside(
        &self,
        account: &str,
        held: &Held,
        version: i64,
        fields: Map<String, Value>,
        kind: &str,
        authority: Option<String>,
        once: Option<(String, String)>,
    ) -> Result<Acted> {
        let fields = valid(&self.world(), fields)?;
        let due = fields.get("due_at").and_then(Value::as_str).and_then(|t| t.parse().ok());
        let write = RecordWrite {
            register: DOSSIER.into(),
            id: held.record.id,
            expect: Expect::Version(version),
            key: held.record.key.clone(),
            unit: held.record.unit.clone(),
            state: held.record.state.clone(),
            fields,
            kind: kind.to_owned(),
            authority,
        };
        let outcome = self.commit_act(account, None, self.now(), once, vec![write]).await?;
        let version = outcome.written.first().map_or(version, |w| w.version);
        Ok(acted(&held.record, version, &held.record.state, due, outcome.replayed))
    }

    /// Money came in: written by the program itself once it is certain. The same `once` is one payment.
    ///
    /// # Errors
    /// `not_found`; `one_stop.…`
    pub async fn note_payment(&self, dossier_id: &str, amount_vnd: u64, online: bool, reference: &str, once: &str) -> Result<Acted> {
        let act = Act::Paid { amount_vnd, online, reference: reference.to_owned() };
        // Somebody may work on the dossier at this moment: the payment is noted in whatever version it has then.
        for _ in 0..8 {
            let held = Held::of(self.find(DOSSIER, dossier_id).await?)?;
            let version = held.record.version;
            match self.act_on(&Actor::system().account, held, version, &act, Extra::default(), once).await {
                Err(e) if e.code() == "version.conflict" => {}
                other => return other,
            }
        }
        Err(Error::Store(store::Error::Busy))
    }
}

fn paper_write(id: RecordId, expect: Expect, unit: &str, fields: Map<String, Value>, kind: &str) -> RecordWrite {
    RecordWrite {
        register: PAPER.into(),
        id,
        expect,
        key: None,
        unit: unit.to_owned(),
        state: "valid".into(),
        fields,
        kind: kind.into(),
        authority: None,
    }
}

/// A paper says which dossier it came from, or was used in.
pub(crate) fn named_after(mut paper: RecordWrite, code: &str) -> RecordWrite {
    if paper.expect == Expect::New {
        paper.fields.insert("dossier".into(), json!(code));
    }
    RecordWrite { authority: Some(code.to_owned()), ..paper }
}

pub(crate) fn acted(record: &Record, version: i64, state: &str, due_at: Option<Timestamp>, replayed: bool) -> Acted {
    Acted { id: record.id.to_string(), code: record.key.clone().unwrap_or_default(), version, state: state.to_owned(), due_at, replayed }
}
