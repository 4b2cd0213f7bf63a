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

/// `/desk/payments`
#[derive(Template)]
#[template(path = "payments.html")]
pub struct PaymentsPage {
    pub s: Shell,
    /// "2026-11-22", for the field.
    pub day: String,
    pub day_text: String,
    pub kpis: Vec<Kpi>,
    /// Way, number, amount.
    pub methods: Vec<(String, String, String)>,
    pub total: (String, String),
    pub refunded: (String, String),
    pub told: (String, String),
    pub matched: (String, String),
    pub unexplained: String,
    /// Nothing of the day's transfers is left over.
    pub even: bool,
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
