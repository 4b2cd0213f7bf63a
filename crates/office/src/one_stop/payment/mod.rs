//! Fees: demanded, paid by transfer, gateway or in cash, given back, and counted at the end of the day.
//!
//! - What happens to money is one commit: the bank's notice, the demand it pays, and the act [`Act::Paid`] on the dossier.
//! - A notice is known by the bank's own number of the transfer. However often it comes, it counts once.
//! - Whatever does not fit to the đồng is a case for the cashier. Nothing is guessed, nothing is thrown away.

mod cashier;
mod day;
mod demand;
pub mod gateway;
pub mod notice;

use rules::{
    Timestamp,
    access::{Action, Actor},
    one_stop::Act,
    payment::Owed,
    procedure::ProcedureDef,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{Expect, Record, RecordWrite};

pub use cashier::{Receipt, SettleNotice};
pub use day::{Became, Day, Method, NoticeRow, Told};
pub(crate) use demand::number_after;
pub use demand::{Demanded, PaymentDue, line_name};
pub use notice::Noticed;

use super::{Ground, Held, reflect::reflect};
use crate::{
    Office,
    error::{Error, Result},
    world::World,
};

pub const PAYMENT: &str = "payment";
pub const BANK_NOTICE: &str = "bank_notice";
/// Problem of money for a dossier that has ended: it goes back.
const DOSSIER_CLOSED: &str = "dossier_closed";
/// Others changed the same records in the same moment: so often it is looked at again.
const TRIES: usize = 12;

/// One line of a demand, as the dossier's procedure declared it on the day of filing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Line {
    pub id: String,
    pub name: Value,
    pub full_vnd: u64,
    pub amount_vnd: u64,
    /// Why less is asked for than the full fee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Value>,
}

impl Line {
    /// How many at how much each, where the procedure counts this fee.
    #[must_use]
    pub fn counted(&self, procedure: &ProcedureDef) -> Option<(u64, u64)> {
        let fee = procedure.fees.iter().find(|f| f.id == self.id && f.per.is_some())?;
        let each = fee.amount_vnd.filter(|each| *each > 0 && self.full_vnd.is_multiple_of(*each))?;
        Some((self.full_vnd / each, each))
    }
}

/// The body of a record of the register `payment`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Payment {
    pub reference: String,
    pub dossier: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dossier_id: String,
    pub amount_vnd: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_bin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demanded_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_vnd: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cashier: Option<String>,
    /// Code of what the cashier must settle: `short`, `over`, `dossier_closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_vnd: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunded_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<Value>,
}

/// A demand as it stands.
#[derive(Debug, Clone)]
pub struct PaymentShown {
    pub id: String,
    pub version: i64,
    pub unit: String,
    pub state: String,
    pub body: Payment,
}

impl Payment {
    /// Since when a gateway has been open to pay `missing_vnd`. Once money came in, whatever is still missing is another payment.
    pub(crate) fn under_way(&self, missing_vnd: u64) -> Option<Timestamp> {
        let kept = self.gateway.as_ref()?;
        let same = kept.get("amount_vnd").and_then(Value::as_u64) == Some(missing_vnd);
        kept.get("at").and_then(Value::as_str).filter(|_| same)?.parse().ok()
    }
}

impl PaymentShown {
    pub(crate) fn of(r: &Record) -> Result<Self> {
        Ok(Self { id: r.id.to_string(), version: r.version, unit: r.unit.clone(), state: r.state.clone(), body: r.view()? })
    }

    pub(crate) fn owed(&self) -> Owed {
        Owed {
            amount_vnd: self.body.amount_vnd,
            received_vnd: self.body.paid_vnd.unwrap_or(0),
            // In excess already: whatever comes on top is somebody's mistake.
            settled: !matches!(self.state.as_str(), "demanded" | "mismatch") || self.body.paid_vnd.unwrap_or(0) >= self.body.amount_vnd,
            cancelled: self.state == "cancelled",
        }
    }
}

pub(crate) fn object(value: impl Serialize) -> Result<Map<String, Value>> {
    match serde_json::to_value(value)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Error::Internal("a body that is no object".into())),
    }
}

/// The next version of a record.
pub(crate) fn changed(r: &Record, state: &str, fields: Map<String, Value>, kind: &str, reason: Option<String>) -> RecordWrite {
    RecordWrite {
        register: r.register.clone(),
        id: r.id,
        expect: Expect::Version(r.version),
        key: r.key.clone(),
        unit: r.unit.clone(),
        state: state.to_owned(),
        fields,
        kind: kind.to_owned(),
        authority: reason,
    }
}

/// The act on the dossier that a payment leads to.
///
/// # Errors
/// What [`rules::one_stop::Case::apply`] refuses.
fn on_dossier(world: &World, dossier: &Record, act: &Act, at: Timestamp, who: &str) -> Result<RecordWrite> {
    let held = Held::of(dossier.clone())?;
    let ground = Ground::of(world, &dossier.unit, &held.case)?;
    let next = held.case.apply(act, at, who, ground.rules, ground.calendar, &ground.terms)?;
    let mut fields = held.fields;
    reflect(&mut fields, &next, &ground, at)?;
    if let (Act::DemandPayment { .. }, Some(payment)) = (act, &next.payment) {
        fields.insert("fee_vnd".into(), json!(payment.demanded_vnd));
    }
    Ok(changed(dossier, next.status().id(), fields, act.kind().id(), None))
}

impl Office {
    /// A demand by its reference, for somebody who may do `action` with the unit's money.
    async fn payment_for(&self, actor: &Actor, action: Action, reference: &str) -> Result<Record> {
        if actor.grants.is_empty() {
            self.may(actor, action, PAYMENT, &self.root_text())?;
        }
        let record = self.find(PAYMENT, reference.trim()).await?;
        self.may(actor, action, PAYMENT, &record.unit)?;
        Ok(record)
    }

    /// One demand.
    ///
    /// # Errors
    /// `access.…`; `not_found`.
    pub async fn payment(&self, actor: &Actor, reference: &str) -> Result<PaymentShown> {
        PaymentShown::of(&self.payment_for(actor, Action::View, reference).await?)
    }
}
