//! A fee is asked for: by an officer, or by the program when a dossier with fees is filed.

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor},
    one_stop::Act,
    payment::{DEMANDS_MAX, FeeAccount, reference},
};
use serde_json::Value;
use store::{Command, Expect, Record, RecordId, RecordWrite, Written};

use super::{super::DOSSIER, Line, PAYMENT, Payment, PaymentShown, object, on_dossier};
use crate::{
    Office,
    error::{Error, Result},
    once::Once,
};

/// A demand that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demanded {
    pub reference: String,
    pub amount_vnd: u64,
    pub version: i64,
    /// The dossier's version after it.
    pub dossier_version: i64,
}

/// What a citizen has to pay, and how: all that a VietQR code says.
#[derive(Debug, Clone, PartialEq)]
pub struct PaymentDue {
    pub reference: String,
    /// What is still missing.
    pub amount_vnd: u64,
    pub purpose: String,
    pub account: Option<FeeAccount>,
    pub lines: Vec<Line>,
    pub pay_by: Option<Timestamp>,
}

/// The fee lines that a dossier was filed with.
fn lines_of(dossier: &Record) -> Result<Vec<Line>> {
    let fields = dossier.fields()?;
    match fields.get("fees").filter(|f| f.is_array()) {
        Some(lines) => Ok(serde_json::from_value(lines.clone())?),
        None => Ok(Vec::new()),
    }
}

impl Office {
    /// Where the fees of a unit are paid to today: its own account, or that of the nearest unit above it that has one.
    pub(crate) fn fee_account(&self, unit: &str) -> Option<FeeAccount> {
        let world = self.world();
        let unit = unit.parse().ok().and_then(|k| world.units.idx(&k))?;
        world.policies(unit, self.today()).find_map(|p| p.fee_account.clone())
    }

    /// The demands of a dossier, in their order.
    pub(crate) async fn demands(&self, code: &str) -> Result<Vec<Record>> {
        let references: Vec<String> = (1..=DEMANDS_MAX).map(|n| reference(code, n)).collect();
        let keys: Vec<&str> = references.iter().map(String::as_str).collect();
        let ids: Vec<RecordId> = self.store().ids_by_keys(PAYMENT, &keys).await?.into_iter().map(|(_, id)| id).collect();
        let mut records = self.store().records_by_ids(PAYMENT, &ids).await?;
        records.sort_by_key(|r| references.iter().position(|k| Some(k) == r.key.as_ref()));
        Ok(records)
    }

    /// Asks the citizen for a fee: the dossier waits, its clock stands still, and there is a code to pay by. Without an amount, what
    /// the dossier's fee lines say, waivers of the day of filing applied.
    ///
    /// # Errors
    /// `access.…`; a stale version; `payment.open` (reference) while a demand is open; `payment.nothing_due`; `payment.no_account`
    /// (unit); `one_stop.no_case` (code); what the law refuses.
    pub async fn demand_fee(&self, actor: &Actor, dossier: &str, version: i64, amount_vnd: Option<u64>, once: &str) -> Result<Demanded> {
        if actor.grants.is_empty() {
            self.may(actor, Action::Edit, DOSSIER, &self.root_text())?;
        }
        let record = self.find(DOSSIER, dossier.trim()).await?;
        self.may(actor, Action::Edit, DOSSIER, &record.unit)?;
        let code = record.key.clone().unwrap_or_default();
        let (seen, asked) = (version.to_string(), format!("{amount_vnd:?}"));
        let once = (!once.is_empty()).then(|| Once::new(actor, once, ["demand", &code, &seen, &asked]));
        if let Some(once) = &once
            && let Some(written) = self.answered(once).await?
        {
            return self.demanded(&written).await;
        }
        if record.version != version {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(record) }));
        }
        let before = self.demands(&code).await?;
        if let Some(open) = before.iter().find(|p| matches!(p.state.as_str(), "demanded" | "mismatch")) {
            let open = open.key.as_deref().unwrap_or_default();
            return Err(Error::Refused(Refusal::new("payment.open").with("reference", open)));
        }
        let (world, at) = (self.world(), self.now());
        let (lines, amount_vnd) = match amount_vnd {
            Some(amount) => (Vec::new(), amount),
            None => {
                let lines = lines_of(&record)?;
                let sum = lines.iter().map(|l| l.amount_vnd).sum();
                (lines, sum)
            }
        };
        if amount_vnd == 0 {
            return Err(Error::refused("payment.nothing_due"));
        }
        let account = self
            .fee_account(&record.unit)
            .ok_or_else(|| Error::Refused(Refusal::new("payment.no_account").with("unit", world.unit_name(&record.unit, "vi"))))?;
        let number = u32::try_from(before.len()).unwrap_or(DEMANDS_MAX) + 1;
        if number > DEMANDS_MAX {
            return Err(Error::Refused(Refusal::new("payment.too_many").with("max", DEMANDS_MAX)));
        }
        let reference = reference(&code, number);
        let body = Payment {
            reference: reference.clone(),
            dossier: code,
            dossier_id: record.id.to_string(),
            amount_vnd,
            lines,
            purpose: reference.clone(),
            bank_bin: Some(account.bin),
            bank_account: Some(account.account),
            demanded_at: Some(at),
            ..Payment::default()
        };
        let payment = RecordWrite {
            register: PAYMENT.into(),
            id: RecordId::new(),
            expect: Expect::New,
            key: Some(reference.clone()),
            unit: record.unit.clone(),
            state: "demanded".into(),
            fields: object(body)?,
            kind: "demand".into(),
            authority: None,
        };
        let act = on_dossier(&world, &record, &Act::DemandPayment { amount_vnd }, at, &actor.account)?;
        let idempotency = once.map(Once::into_pair);
        let command = Command { actor: actor.account.clone(), on_behalf: None, at, idempotency, writes: vec![payment, act] };
        let outcome = self.store().commit(command).await?;
        self.demanded(&outcome.written).await
    }

    async fn demanded(&self, written: &[Written]) -> Result<Demanded> {
        let [payment, act] = written else { return Err(Error::Internal("two writes, other answers".into())) };
        let body = PaymentShown::of(&self.store().record(PAYMENT, payment.id).await?)?.body;
        let (version, dossier_version) = (payment.version, act.version);
        Ok(Demanded { reference: body.reference, amount_vnd: body.amount_vnd, version, dossier_version })
    }

    /// The demands of one dossier.
    ///
    /// # Errors
    /// `access.…`; `not_found`.
    pub async fn payments_of(&self, actor: &Actor, dossier: &str) -> Result<Vec<PaymentShown>> {
        if actor.grants.is_empty() {
            self.may(actor, Action::View, PAYMENT, &self.root_text())?;
        }
        let record = self.find(DOSSIER, dossier.trim()).await?;
        self.may(actor, Action::View, PAYMENT, &record.unit)?;
        self.demands(record.key.as_deref().unwrap_or_default()).await?.iter().map(PaymentShown::of).collect()
    }

    /// What is still to be paid for a dossier whose citizen has already proved to be its citizen. Holds nothing personal.
    pub async fn payment_due(&self, dossier_code: &str) -> Result<Option<PaymentDue>> {
        let mut open = self.demands(dossier_code).await?;
        open.retain(|r| matches!(r.state.as_str(), "demanded" | "mismatch"));
        let Some(record) = open.pop() else { return Ok(None) };
        let body = PaymentShown::of(&record)?.body;
        let missing = body.amount_vnd.saturating_sub(body.paid_vnd.unwrap_or(0));
        if missing == 0 {
            return Ok(None);
        }
        // The account of the demand, even when the unit has another one by now: codes on paper stay good.
        let holder = self.fee_account(&record.unit).map(|a| a.holder).unwrap_or_default();
        let account = body.bank_bin.zip(body.bank_account).map(|(bin, account)| FeeAccount { bin, account, holder });
        let (reference, purpose, lines, pay_by) = (body.reference, body.purpose, body.lines, body.pay_by);
        Ok(Some(PaymentDue { reference, amount_vnd: missing, purpose, account, lines, pay_by }))
    }
}

/// A line's name in a language, whether it was kept in both or in one.
#[must_use]
pub fn line_name<'a>(name: &'a Value, lang: &str) -> &'a str {
    name.as_str().or_else(|| name.get(lang)?.as_str()).unwrap_or_default()
}
