//! Fees: the cashier's day, and the receipt.

use askama::Template;

use super::{Form, Kpi, Pair, Shell};

/// Something that a cashier has to settle.
#[derive(Debug, Clone)]
pub struct CashierCase {
    /// "15.000 đồng"
    pub amount: String,
    /// What is wrong, as a sentence.
    pub what: String,
    /// Reference, purpose, account, time.
    pub facts: Vec<Pair>,
    pub forms: Vec<Form>,
}

/// Lines of the day's account that add up to their total; each is a label, a number and an amount.
#[derive(Debug, Clone)]
pub struct AccountPart {
    pub lines: Vec<(String, String, String)>,
    pub total: (String, String, String),
}

/// `/desk/payments`
#[derive(Template)]
#[template(path = "payments.html")]
pub struct PaymentsPage {
    pub s: Shell,
    /// "2026-11-22", for the field.
    pub day: String,
    pub day_text: String,
    pub kpis: Vec<Kpi>,
    pub account: Vec<AccountPart>,
    /// Whether every đồng is explained, as a sentence.
    pub even: String,
    pub notices: Vec<CashierCase>,
    pub cases: Vec<CashierCase>,
    pub more: bool,
}

/// `/desk/payments/{reference}/receipt`
#[derive(Template)]
#[template(path = "receipt.html")]
pub struct ReceiptPage {
    pub s: Shell,
    pub unit: String,
    pub number: String,
    pub facts: Vec<Pair>,
    /// Line, full fee, what was asked for, why less.
    pub lines: Vec<(String, String, String, String)>,
    pub total: String,
    pub place_and_day: String,
}
