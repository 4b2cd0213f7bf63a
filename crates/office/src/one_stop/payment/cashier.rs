//! The cashier: cash at the counter, transfers that fit nowhere, differences, money given back.

use std::sync::Arc;

use rules::{
    Refusal,
    access::{Action, Actor, decide_second_person},
    procedure::Procedure,
};
use serde_json::Value;
use store::{Command, Record, RecordWrite};

use super::{
    super::{DOSSIER, Held, Proof},
    BANK_NOTICE, DOSSIER_CLOSED, PAYMENT, PaymentShown, changed,
    notice::Booked,
    notice::Notice,
    object,
};
use crate::{
    Office,
    error::{Error, Result},
    personal::Through,
    programme::required,
};

/// Entry kind of a refund that somebody asks for.
const OWE_REFUND: &str = "owe_refund";

/// What a cashier does with a transfer that was not matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettleNotice {
    /// It belongs to this demand after all.
    Match { reference: String },
    /// Nothing of ours, or dealt with elsewhere; why.
    Close { reason: String },
}

/// What stands on a printed receipt.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub payment: PaymentShown,
    pub unit_name: String,
    pub procedure: String,
    /// Masked for those who do not work on the dossier.
    pub payer: Option<String>,
    /// As it was when the dossier was filed; a dossier without a case knows none.
    pub version: Option<Arc<Procedure>>,
}

fn stale(record: Record) -> Error {
    Error::Store(store::Error::Conflict { current: Box::new(record) })
}

fn not_now(record: &Record, act: &'static str) -> Error {
    Error::Refused(Refusal::new("payment.not_now").with("act", act).with("state", &record.state))
}

impl Office {
    async fn held_payment(&self, actor: &Actor, action: Action, reference: &str, version: i64) -> Result<(Record, PaymentShown)> {
        let record = self.payment_for(actor, action, reference).await?;
        if record.version != version {
            return Err(stale(record));
        }
        let shown = PaymentShown::of(&record)?;
        Ok((record, shown))
    }

    async fn pay_act(&self, actor: &Actor, writes: Vec<RecordWrite>) -> Result<i64> {
        let command = Command { actor: actor.account.clone(), on_behalf: None, at: self.now(), idempotency: None, writes };
        let outcome = self.store().commit(command).await?;
        Ok(outcome.written.first().map_or(0, |w| w.version))
    }

    /// Takes what is missing in cash.
    ///
    /// # Errors
    /// `access.…`; a stale version; `payment.not_now`.
    pub async fn take_cash(&self, actor: &Actor, reference: &str, version: i64) -> Result<i64> {
        let (record, shown) = self.held_payment(actor, Action::Edit, reference, version).await?;
        let owed = shown.owed();
        if owed.settled || owed.cancelled {
            return Err(not_now(&record, "cash"));
        }
        let mut body = shown.body;
        body.paid_vnd = Some(body.amount_vnd);
        body.method = Some("cash".into());
        body.cashier = Some(actor.account.clone());
        let at = self.now();
        let writes = self.complete(&record, body, false, at, at, Some(&actor.account)).await?;
        self.pay_act(actor, writes).await
    }

    /// Settles a difference: what came in too much is owed back, and the fee is paid.
    ///
    /// # Errors
    /// `access.…`; a stale version; `payment.not_now` unless more came in than was asked for.
    pub async fn accept_excess(&self, actor: &Actor, reference: &str, version: i64) -> Result<i64> {
        let (record, shown) = self.held_payment(actor, Action::Edit, reference, version).await?;
        let received = shown.body.paid_vnd.unwrap_or(0);
        if record.state != "mismatch" || received <= shown.body.amount_vnd {
            return Err(not_now(&record, "accept"));
        }
        let mut body = shown.body;
        body.cashier = Some(actor.account.clone());
        let at = self.now();
        let mut writes = self.complete(&record, body, true, at, at, Some(&actor.account)).await?;
        if let Some(payment) = writes.first_mut().filter(|w| w.state == "paid") {
            payment.state = "refund_due".into();
            payment.kind = OWE_REFUND.into();
            payment.fields.insert("refund_vnd".into(), Value::from(received - u64_of(&payment.fields, "amount_vnd")));
            payment.fields.insert("refund_reason".into(), Value::from("excess"));
        }
        self.pay_act(actor, writes).await
    }

    /// Asks for money to be given back, with the reason. Somebody else then does it.
    ///
    /// # Errors
    /// `access.…`; a stale version; `payment.not_now`; `payment.refund_amount` (max); `input.required`.
    pub async fn ask_refund(&self, actor: &Actor, reference: &str, version: i64, amount_vnd: u64, reason: &str) -> Result<i64> {
        let (record, shown) = self.held_payment(actor, Action::Edit, reference, version).await?;
        let received = shown.body.paid_vnd.unwrap_or(0);
        if !matches!(record.state.as_str(), "paid" | "mismatch") || received == 0 {
            return Err(not_now(&record, "refund"));
        }
        if amount_vnd == 0 || amount_vnd > received {
            return Err(Error::Refused(Refusal::new("payment.refund_amount").with("max", received)));
        }
        let reason = required("reason", reason)?;
        let mut body = shown.body;
        (body.refund_vnd, body.refund_reason) = (Some(amount_vnd), Some(reason.clone()));
        let write = changed(&record, "refund_due", object(body)?, OWE_REFUND, Some(reason));
        self.pay_act(actor, vec![write]).await
    }

    /// The money was given back. Never by the one who asked for it: what the end of a dossier leaves owed is asked for by the law, not by
    /// whoever ended it; then it is never by the one who took the money.
    ///
    /// # Errors
    /// `access.…`, `access.own_work`; a stale version; `payment.not_now`.
    pub async fn refund(&self, actor: &Actor, reference: &str, version: i64) -> Result<i64> {
        let (record, shown) = self.held_payment(actor, Action::Decide, reference, version).await?;
        if record.state != "refund_due" {
            return Err(not_now(&record, "refunded"));
        }
        let history = self.store().history(PAYMENT, record.id).await?;
        let mut body = shown.body;
        let asked = history.iter().rev().find(|e| e.kind == OWE_REFUND).map(|e| e.actor.as_str());
        let first = if body.problem.as_deref() == Some(DOSSIER_CLOSED) { body.cashier.as_deref() } else { asked };
        if let Some(first) = first {
            decide_second_person(actor, Action::Decide, first)?;
        }
        body.refunded_at = Some(self.now());
        body.problem = None;
        self.pay_act(actor, vec![changed(&record, "refunded", object(body)?, "refund", None)]).await
    }

    /// Settles a transfer that was not matched.
    ///
    /// # Errors
    /// `access.…`; a stale version; `payment.not_now`; `payment.not_matched` (problem) when the demand is paid or cancelled; `input.required`.
    pub async fn settle_notice(&self, actor: &Actor, notice: &str, version: i64, how: &SettleNotice) -> Result<i64> {
        if actor.grants.is_empty() {
            self.may(actor, Action::Edit, BANK_NOTICE, &self.root_text())?;
        }
        let record = self.find(BANK_NOTICE, notice.trim()).await?;
        self.may(actor, Action::Edit, BANK_NOTICE, &record.unit)?;
        if record.version != version {
            return Err(stale(record));
        }
        if record.state != "open" {
            return Err(not_now(&record, "settle"));
        }
        let mut body: Notice = record.view()?;
        body.settled_by = Some(actor.account.clone());
        let writes = match how {
            SettleNotice::Close { reason } => {
                let reason = required("reason", reason)?;
                vec![changed(&record, "settled", object(&body)?, "settle", Some(reason))]
            }
            SettleNotice::Match { reference } => {
                let payment = self.payment_for(actor, Action::Edit, reference).await?;
                let method = self.connections().bank(&body.bank).map_or("vietqr", |b| b.method.id());
                let mut writes = match self.book(&payment, &body, method, Some(&actor.account), self.now()).await? {
                    Booked::Matched(writes) => writes,
                    Booked::Not(problem) => return Err(Error::Refused(Refusal::new("payment.not_matched").with("problem", problem))),
                };
                body.payment = payment.key.clone();
                body.problem = None;
                let unit = payment.unit.clone();
                // It is that unit's money now.
                writes.insert(0, RecordWrite { unit, ..changed(&record, "matched", object(&body)?, "match", None) });
                writes
            }
        };
        self.pay_act(actor, writes).await
    }

    /// The demands of a citizen's own dossier, with their receipts.
    ///
    /// # Errors
    /// As [`Office::track`].
    pub async fn citizen_payments(&self, proof: &Proof<'_>) -> Result<Vec<PaymentShown>> {
        let held = self.proven(proof).await?;
        self.demands(held.code()).await?.iter().map(PaymentShown::of).collect()
    }

    /// What stands on a receipt. Only for money that came in.
    ///
    /// # Errors
    /// `access.…`; `not_found`; `payment.not_now`.
    pub async fn receipt(&self, actor: &Actor, reference: &str) -> Result<Receipt> {
        let record = self.payment_for(actor, Action::View, reference).await?;
        let payment = PaymentShown::of(&record)?;
        if payment.body.receipt_number.is_none() {
            return Err(not_now(&record, "receipt"));
        }
        let opened = self.open_record(actor, DOSSIER, &payment.body.dossier_id, Through::Page).await?;
        let fields = opened.record.fields()?;
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let world = self.world();
        let unit_name = world.unit_name(&record.unit, "vi").to_owned();
        Ok(Receipt {
            payment,
            unit_name,
            procedure: text("procedure").unwrap_or_default(),
            payer: text("applicant_name").filter(|_| opened.clear),
            version: Held::of(opened.record).ok().and_then(|h| world.procedure_version(&h.case.procedure, h.case.procedure_from).cloned()),
        })
    }
}

fn u64_of(fields: &serde_json::Map<String, Value>, name: &str) -> u64 {
    fields.get(name).and_then(Value::as_u64).unwrap_or(0)
}
