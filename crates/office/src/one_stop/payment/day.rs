//! The end of a day: what came in by which way, what went back, and what is still with the cashier.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rules::{
    Timestamp,
    access::{Action, Actor, decide},
    expr::Rule,
};
use store::{ListQuery, Record};

use super::{BANK_NOTICE, PAYMENT, PaymentShown, notice::Notice};
use crate::{
    Office,
    error::{Error, Result},
};

/// Cases of a cashier that a page shows.
const CASES_MAX: usize = 200;

/// Money by one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Method {
    pub count: u64,
    pub amount_vnd: u64,
}

impl Method {
    fn add(&mut self, amount_vnd: u64) {
        self.count += 1;
        self.amount_vnd += amount_vnd;
    }
}

/// A transfer, as a cashier sees it.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    pub id: String,
    pub version: i64,
    pub notice: String,
    pub unit: String,
    pub account: String,
    pub amount_vnd: u64,
    /// What the payer wrote; it may name people, so those who do not handle the money do not see it.
    pub purpose: Option<String>,
    pub booked_at: Option<Timestamp>,
    pub problem: String,
    pub payment: Option<String>,
}

/// One day's account of a unit and everything below it.
#[derive(Debug, Clone, Default)]
pub struct Day {
    /// Fees paid, by `vietqr`, `gateway`, `cash`.
    pub methods: BTreeMap<String, Method>,
    pub total: Method,
    pub refunded: Method,
    /// What banks and gateways say came in that day, and how much of it is matched to demands.
    pub told: Method,
    pub matched: Method,
    /// Received in transfers that day − booked on demands that day by transfer: zero when nothing is left over.
    pub unexplained_vnd: i64,
    /// Transfers nobody has explained, of any day, the oldest first.
    pub open: Vec<NoticeRow>,
    /// Demands with a difference, and refunds that are due, of any day.
    pub cases: Vec<PaymentShown>,
    /// More cases than the list shows.
    pub more: bool,
}

impl Office {
    /// The account of a day.
    ///
    /// # Errors
    /// `access.…`
    pub async fn reconcile(&self, actor: &Actor, unit: u32, day: Date) -> Result<Day> {
        let world = self.world();
        decide(actor, Action::View, Some(PAYMENT), Some(unit), &world.units)?;
        let covered = (0..world.units.len()).filter(|u| world.units.covers(unit, *u));
        let units: Vec<String> = covered.map(|u| world.units.key(u).to_string()).collect();
        let (from, to) = (Timestamp::start_of(day), Timestamp::start_of(day.tomorrow().map_err(|e| Error::Internal(e.to_string()))?));
        let mut out = Day::default();
        let within = |register: &str, field: &str| -> Result<ListQuery> {
            let schema = &world.register(register)?.schema;
            let text = format!("record.{field} >= timestamp('{from}') && record.{field} < timestamp('{to}')");
            let rule = Rule::condition(schema, &text).map_err(|e| Error::Internal(e.to_string()))?;
            let filter = Some(rule.to_sql(schema, crate::figures::dialect(self), self.now()));
            Ok(ListQuery { register: register.into(), units: units.clone(), filter, ..ListQuery::default() })
        };
        for r in self.everything(within(PAYMENT, "paid_at")?).await? {
            let p = PaymentShown::of(&r)?.body;
            let amount = p.paid_vnd.unwrap_or(0);
            out.methods.entry(p.method.unwrap_or_default()).or_default().add(amount);
            out.total.add(amount);
        }
        for r in self.everything(within(PAYMENT, "refunded_at")?).await? {
            out.refunded.add(PaymentShown::of(&r)?.body.refund_vnd.unwrap_or(0));
        }
        for r in self.everything(within(BANK_NOTICE, "booked_at")?).await? {
            let n: Notice = r.view()?;
            out.told.add(n.amount_vnd);
            if r.state == "matched" {
                out.matched.add(n.amount_vnd);
            }
        }
        out.unexplained_vnd = i64::try_from(out.told.amount_vnd).unwrap_or(i64::MAX) - i64::try_from(out.matched.amount_vnd).unwrap_or(0);
        let waiting = |register: &str, states: &[&str]| ListQuery {
            register: register.into(),
            units: units.clone(),
            states: states.iter().map(|s| (*s).to_owned()).collect(),
            limit: CASES_MAX as i64,
            ..ListQuery::default()
        };
        let clear = decide(actor, Action::Edit, Some(BANK_NOTICE), Some(unit), &world.units).is_ok();
        let page = self.store().list(&waiting(BANK_NOTICE, &["open"])).await?;
        out.more = page.next.is_some();
        for r in &page.records {
            out.open.push(row(r, clear)?);
        }
        let page = self.store().list(&waiting(PAYMENT, &["mismatch", "refund_due"])).await?;
        out.more |= page.next.is_some();
        out.cases = page.records.iter().map(PaymentShown::of).collect::<Result<_>>()?;
        Ok(out)
    }

    async fn everything(&self, mut query: ListQuery) -> Result<Vec<Record>> {
        query.limit = store::PAGE_MAX;
        let mut out = Vec::new();
        loop {
            let page = self.store().list(&query).await?;
            out.extend(page.records);
            query.after = page.next;
            if query.after.is_none() {
                return Ok(out);
            }
        }
    }
}

fn row(r: &Record, clear: bool) -> Result<NoticeRow> {
    let n: Notice = r.view()?;
    Ok(NoticeRow {
        id: r.id.to_string(),
        version: r.version,
        notice: n.notice_id,
        unit: r.unit.clone(),
        account: n.account,
        amount_vnd: n.amount_vnd,
        purpose: Some(n.purpose).filter(|_| clear),
        booked_at: n.booked_at,
        problem: n.problem.unwrap_or_default(),
        payment: n.payment,
    })
}
