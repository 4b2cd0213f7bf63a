//! A fee is asked for: by an officer, or by the program when a dossier with fees is filed.

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor},
    one_stop::{Act, Case},
    payment::{DEMANDS_MAX, FeeAccount, reference},
};
use serde_json::{Map, Value};
use store::{Command, Expect, Record, RecordId, RecordWrite, Written};

use super::{
    super::{DOSSIER, PaidNow},
    DOSSIER_CLOSED, Line, PAYMENT, Payment, PaymentShown, changed, object, on_dossier,
};
use crate::{
    Office,
    connections::MoneyBy,
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
    /// Since when its payer has been at a gateway that has not told of any money yet.
    pub under_way: Option<Timestamp>,
}

/// What is to be demanded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Owing {
    /// Where it can be paid to; cash needs none.
    pub account: Option<FeeAccount>,
    pub lines: Vec<Line>,
    pub amount_vnd: u64,
}

/// The number of the demand after these.
pub(crate) fn number_after(before: &[Record]) -> Result<u32> {
    let number = u32::try_from(before.len()).unwrap_or(DEMANDS_MAX) + 1;
    if number > DEMANDS_MAX { Err(Error::Refused(Refusal::new("payment.too_many").with("max", DEMANDS_MAX))) } else { Ok(number) }
}

/// The fee lines that a dossier was filed with.
fn lines_of(fields: &Map<String, Value>) -> Result<Vec<Line>> {
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
                let lines = lines_of(&record.fields()?)?;
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
        let number = number_after(&before)?;
        let payment = self.demand_write(&record.unit, &code, record.id, number, Some(account), lines, amount_vnd, at)?;
        let act = on_dossier(&world, &record, &Act::DemandPayment { amount_vnd, until: None }, at, &actor.account)?;
        let idempotency = once.map(Once::into_pair);
        let command = Command { actor: actor.account.clone(), on_behalf: None, at, idempotency, writes: vec![payment, act] };
        let outcome = self.store().commit(command).await?;
        self.demanded(&outcome.written).await
    }

    /// A new demand: asked for, and not yet paid.
    #[expect(clippy::too_many_arguments, reason = "one demand in all its parts")]
    pub(crate) fn demand_write(
        &self,
        unit: &str,
        code: &str,
        dossier: RecordId,
        number: u32,
        account: Option<FeeAccount>,
        lines: Vec<Line>,
        amount_vnd: u64,
        at: Timestamp,
    ) -> Result<RecordWrite> {
        let reference = reference(code, number);
        let (bank_bin, bank_account) = account.map(|a| (a.bin, a.account)).unzip();
        let body = Payment {
            reference: reference.clone(),
            dossier: code.to_owned(),
            dossier_id: dossier.to_string(),
            amount_vnd,
            lines,
            purpose: reference.clone(),
            bank_bin,
            bank_account,
            demanded_at: Some(at),
            ..Payment::default()
        };
        Ok(RecordWrite {
            register: PAYMENT.into(),
            id: RecordId::new(),
            expect: Expect::New,
            key: Some(reference),
            unit: unit.to_owned(),
            state: "demanded".into(),
            fields: object(body)?,
            kind: "demand".into(),
            authority: None,
        })
    }

    /// The same for money that the counter took in the moment of receiving.
    pub(crate) fn paid_at_counter(demand: RecordWrite, paid: &PaidNow, cashier: &str, at: Timestamp) -> Result<RecordWrite> {
        let mut body: Payment = serde_json::from_value(Value::Object(demand.fields))?;
        body.paid_at = Some(at);
        body.paid_vnd = Some(paid.amount_vnd);
        body.method = Some(if paid.online { MoneyBy::Vietqr.id() } else { "cash" }.into());
        body.cashier = Some(cashier.to_owned());
        body.receipt_number = Some(format!("BL-{}", body.reference));
        Ok(RecordWrite { state: "paid".into(), kind: "pay".into(), fields: object(body)?, ..demand })
    }

    /// What a dossier owes when it is received: the sum of its fee lines, waivers of the day of filing applied, less what was paid
    /// before.
    pub(crate) fn owed_on_receipt(&self, unit: &str, fields: &Map<String, Value>, case: &Case) -> Result<Option<Owing>> {
        let lines = lines_of(fields)?;
        let sum = lines.iter().map(|l| l.amount_vnd).fold(0, u64::saturating_add);
        let owed = sum.saturating_sub(case.payment.as_ref().map_or(0, |p| p.paid_vnd.max(p.demanded_vnd)));
        Ok((owed > 0).then(|| Owing { account: self.fee_account(unit), lines, amount_vnd: owed }))
    }

    /// A dossier that ends owes nothing any more: its open demands are cancelled; what came in for them is given back.
    pub(crate) async fn cancel_demands(&self, code: &str) -> Result<Vec<RecordWrite>> {
        let mut out = Vec::new();
        for r in self.demands(code).await?.iter().filter(|r| matches!(r.state.as_str(), "demanded" | "mismatch")) {
            let mut body = PaymentShown::of(r)?.body;
            let received = body.paid_vnd.unwrap_or(0);
            out.push(if received == 0 {
                changed(r, "cancelled", object(body)?, "cancel", None)
            } else {
                (body.problem, body.refund_vnd) = (Some(DOSSIER_CLOSED.into()), Some(received));
                body.refund_reason = Some("one_stop.not_now".into());
                changed(r, "refund_due", object(body)?, "owe_refund", None)
            });
        }
        Ok(out)
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
        let under_way = body.under_way(missing);
        // The account of the demand, even when the unit has another one by now: codes on paper stay good.
        let holder = self.fee_account(&record.unit).map(|a| a.holder).unwrap_or_default();
        let account = body.bank_bin.zip(body.bank_account).map(|(bin, account)| FeeAccount { bin, account, holder });
        let (reference, purpose, lines) = (body.reference, body.purpose, body.lines);
        Ok(Some(PaymentDue { reference, amount_vnd: missing, purpose, account, lines, under_way }))
    }
}

/// A line's name in a language, whether it was kept in both or in one.
#[must_use]
pub fn line_name<'a>(name: &'a Value, lang: &str) -> &'a str {
    name.as_str().or_else(|| name.get(lang)?.as_str()).unwrap_or_default()
}
