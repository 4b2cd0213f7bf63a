//! A bank or a gateway says that money came in. Who says so is known by the signature, which transfer by the sender's own number.

use rules::{
    Refusal, Timestamp,
    one_stop::Act,
    payment::{Arrival, references_in},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{Command, Expect, Record, RecordId, RecordWrite};

use super::{super::DOSSIER, BANK_NOTICE, DOSSIER_CLOSED, PAYMENT, Payment, PaymentShown, TRIES, changed, object, on_dossier};
use crate::{
    Office,
    clock::Clock,
    connections::MoneyBy,
    error::{Error, Result},
    signing,
};

/// Longest body: a notice is some hundred bytes.
pub const BODY_MAX: usize = 16 * 1024;
const TRANSACTION_MAX: usize = 64;
const TEXT_MAX: usize = 300;

/// What a sender says. Members that we do not know stay in the record as they came.
#[derive(Debug, Clone, Deserialize)]
struct Told {
    /// The sender's number of the transfer.
    transaction: String,
    /// The account that received it.
    account: String,
    amount_vnd: u64,
    #[serde(default)]
    purpose: String,
    booked_at: Timestamp,
    #[serde(default)]
    payer: Map<String, Value>,
}

/// The body of a record of the register `bank_notice`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Notice {
    pub notice_id: String,
    pub bank: String,
    pub account: String,
    pub amount_vnd: u64,
    pub purpose: String,
    pub booked_at: Option<Timestamp>,
    pub received_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub payer: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// Code of why it is not matched: `unknown`, `account`, `twice`, `cancelled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<String>,
    #[serde(skip_serializing_if = "Value::is_null")]
    pub raw: Value,
}

/// What became of a notice; a sender that repeats itself gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noticed {
    pub notice: String,
    /// `matched`, or `open` when the cashier has to look.
    pub state: String,
    pub payment: Option<String>,
    pub problem: Option<String>,
    /// It had been told before.
    pub repeated: bool,
}

impl Noticed {
    fn of(r: &Record, repeated: bool) -> Result<Self> {
        let body: Notice = r.view()?;
        Ok(Self { notice: body.notice_id, state: r.state.clone(), payment: body.payment, problem: body.problem, repeated })
    }
}

/// What a transfer does to the demand it names: the writes, or why it is not matched.
pub(super) enum Booked {
    Matched(Vec<RecordWrite>),
    Not(&'static str),
}

impl Office {
    /// Takes a notice of money in.
    ///
    /// # Errors
    /// `signature.wrong` (also for an unknown sender), `signature.old`; `bank.body` (reason); `bank.changed` (notice) when the same
    /// number comes with other content.
    pub async fn take_bank_notice(&self, bank: &str, at: &str, signature: &str, body: &[u8]) -> Result<Noticed> {
        let sender = self.connections().bank(bank).ok_or_else(|| Error::refused("signature.wrong"))?;
        // Real time, whatever time the office lives in: the sender's clock is real.
        signing::check(&sender.secret, Clock::default().now(), at, signature, body)?;
        let bad = |reason: String| Error::Refused(Refusal::new("bank.body").with("reason", reason));
        if body.len() > BODY_MAX {
            return Err(bad(format!("more than {BODY_MAX} bytes")));
        }
        let raw: Value = serde_json::from_slice(body).map_err(|e| bad(e.to_string()))?;
        let told = Told::deserialize(&raw).map_err(|e| bad(e.to_string()))?;
        let transaction = told.transaction.trim();
        if transaction.is_empty() || transaction.len() > TRANSACTION_MAX || !transaction.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(bad("transaction".into()));
        }
        if told.amount_vnd == 0 || i64::try_from(told.amount_vnd).is_err() || told.account.len() > 40 {
            return Err(bad("amount_vnd, account".into()));
        }
        let notice = Notice {
            notice_id: format!("{bank}:{transaction}"),
            bank: bank.to_owned(),
            account: told.account.trim().to_owned(),
            amount_vnd: told.amount_vnd,
            purpose: told.purpose.chars().take(TEXT_MAX).collect(),
            booked_at: Some(told.booked_at),
            received_at: Some(self.now()),
            payer: told.payer,
            raw,
            ..Notice::default()
        };
        for _ in 0..TRIES {
            match self.store().record_by_key(BANK_NOTICE, &notice.notice_id).await {
                Ok(known) => {
                    let before: Notice = known.view()?;
                    let same =
                        before.amount_vnd == notice.amount_vnd && before.account == notice.account && before.purpose == notice.purpose;
                    if same {
                        return Noticed::of(&known, true);
                    }
                    return Err(Error::Refused(Refusal::new("bank.changed").with("notice", &notice.notice_id)));
                }
                Err(store::Error::NotFound { .. }) => {}
                Err(e) => return Err(e.into()),
            }
            match self.keep_notice(notice.clone(), sender.method).await {
                // Another payment, another notice, or this very one in another process: look again.
                Err(e) if matches!(e.code(), "version.conflict" | "record.key_taken") => {}
                other => return other,
            }
        }
        Err(Error::Store(store::Error::Busy))
    }

    /// A transfer that the simulation made up: what its demand asks for, at the moment at which the office stands.
    pub(crate) async fn simulated_transfer(&self, dossier_code: &str) -> Result<bool> {
        let Some(due) = self.payment_due(dossier_code).await? else { return Ok(false) };
        let Some(account) = due.account else { return Ok(false) };
        let notice = Notice {
            notice_id: format!("simulated:{}", due.reference),
            bank: "simulated".into(),
            account: account.account,
            amount_vnd: due.amount_vnd,
            purpose: due.purpose,
            booked_at: Some(self.now()),
            received_at: Some(self.now()),
            ..Notice::default()
        };
        self.keep_notice(notice, MoneyBy::Vietqr).await?;
        Ok(true)
    }

    async fn keep_notice(&self, mut notice: Notice, method: MoneyBy) -> Result<Noticed> {
        let at = self.now();
        let found = self.named_in(&notice.purpose).await?;
        let mut writes = Vec::new();
        let mut unit = None;
        match found {
            None => notice.problem = Some("unknown".into()),
            Some(payment) => {
                unit = Some(payment.unit.clone());
                let arrival = self.book(&payment, &notice, method.id(), None, at).await?;
                notice.payment = payment.key.clone();
                match arrival {
                    Booked::Matched(list) => writes = list,
                    Booked::Not(problem) => notice.problem = Some(problem.to_owned()),
                }
            }
        }
        let unit = unit.or_else(|| self.unit_of_account(&notice.account)).unwrap_or_else(|| self.root_text());
        let state = if notice.problem.is_none() { "matched" } else { "open" };
        let id = RecordId::new();
        writes.push(RecordWrite {
            register: BANK_NOTICE.into(),
            id,
            expect: Expect::New,
            key: Some(notice.notice_id.clone()),
            unit,
            state: state.into(),
            fields: object(&notice)?,
            kind: "notice".into(),
            authority: None,
        });
        self.store().commit(Command { actor: format!("bank:{}", notice.bank), on_behalf: None, at, idempotency: None, writes }).await?;
        Ok(Noticed { notice: notice.notice_id, state: state.into(), payment: notice.payment, problem: notice.problem, repeated: false })
    }

    /// The demand that a purpose text names.
    pub(super) async fn named_in(&self, purpose: &str) -> Result<Option<Record>> {
        let candidates = references_in(purpose);
        if candidates.is_empty() {
            return Ok(None);
        }
        let keys: Vec<&str> = candidates.iter().map(String::as_str).collect();
        let known = self.store().ids_by_keys(PAYMENT, &keys).await?;
        // The longest one that exists: P1 is the beginning of P12.
        let Some((_, id)) = known.into_iter().max_by_key(|(key, _)| key.len()) else { return Ok(None) };
        Ok(Some(self.store().record(PAYMENT, id).await?))
    }

    /// The unit that declares an account as its own, where only one does.
    fn unit_of_account(&self, account: &str) -> Option<String> {
        let world = self.world();
        let today = self.today();
        let mut owners = world.units.as_of(today).filter(|unit| {
            let own = world.units.key(*unit);
            world.policies(*unit, today).any(|p| &p.unit == own && p.fee_account.as_ref().is_some_and(|a| a.account == account))
        });
        match (owners.next(), owners.next()) {
            (Some(unit), None) => Some(world.units.key(unit).to_string()),
            _ => None,
        }
    }

    /// Books a transfer on a demand. `cashier` is who says that it belongs there, when its purpose did not.
    pub(super) async fn book(
        &self,
        payment: &Record,
        notice: &Notice,
        method: &str,
        cashier: Option<&str>,
        at: Timestamp,
    ) -> Result<Booked> {
        let shown = PaymentShown::of(payment)?;
        if cashier.is_none() && shown.body.bank_account.as_ref().is_some_and(|own| *own != notice.account) {
            return Ok(Booked::Not("account"));
        }
        let arrival = shown.owed().arrives(notice.amount_vnd);
        let mut body = shown.body;
        match arrival {
            Arrival::Twice => return Ok(Booked::Not("twice")),
            Arrival::Cancelled => return Ok(Booked::Not("cancelled")),
            Arrival::Paid | Arrival::Short { .. } | Arrival::Over { .. } => {}
        }
        body.paid_vnd = Some(body.paid_vnd.unwrap_or(0).saturating_add(notice.amount_vnd));
        body.notices.push(notice.notice_id.clone());
        body.method = Some(method.to_owned());
        body.payer_account = notice.payer.get("account").and_then(Value::as_str).map(str::to_owned).or(body.payer_account);
        if let Some(cashier) = cashier {
            body.cashier = Some(cashier.to_owned());
        }
        let differs = |mut body: Payment, problem: &str| -> Result<Booked> {
            body.problem = Some(problem.to_owned());
            Ok(Booked::Matched(vec![changed(payment, "mismatch", object(body)?, "differ", None)]))
        };
        match arrival {
            Arrival::Short { .. } => differs(body, "short"),
            Arrival::Over { .. } => differs(body, "over"),
            _ => Ok(Booked::Matched(self.complete(payment, body, true, notice.booked_at.unwrap_or(at), at, cashier).await?)),
        }
    }

    /// Everything is there: the demand is paid, and the dossier goes on. A dossier that ended meanwhile gets nothing; the money is
    /// then to be given back.
    pub(super) async fn complete(
        &self,
        payment: &Record,
        mut body: Payment,
        online: bool,
        paid_at: Timestamp,
        at: Timestamp,
        who: Option<&str>,
    ) -> Result<Vec<RecordWrite>> {
        let dossier = self.find(DOSSIER, &body.dossier_id).await?;
        body.paid_at = Some(paid_at);
        body.problem = None;
        body.receipt_number = Some(format!("BL-{}", body.reference));
        let act = Act::Paid { amount_vnd: body.amount_vnd, online, reference: body.reference.clone() };
        match on_dossier(&self.world(), &dossier, &act, at, who.unwrap_or("system")) {
            Ok(write) => Ok(vec![changed(payment, "paid", object(body)?, "pay", None), write]),
            Err(Error::Refused(refusal)) => {
                body.problem = Some(DOSSIER_CLOSED.into());
                body.refund_vnd = body.paid_vnd;
                body.refund_reason = Some(refusal.code.to_owned());
                Ok(vec![changed(payment, "refund_due", object(body)?, "owe_refund", None)])
            }
            Err(e) => Err(e),
        }
    }
}

/// A notice as a sender writes it; for tests and simulators.
#[must_use]
pub fn body(transaction: &str, account: &str, amount_vnd: u64, purpose: &str, booked_at: Timestamp) -> Vec<u8> {
    json!({ "transaction": transaction, "account": account, "amount_vnd": amount_vnd, "purpose": purpose, "booked_at": booked_at })
        .to_string()
        .into_bytes()
}
