//! The end of a day: what came in by which way, what went back, and what is still with the cashier.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rules::{
    Timestamp,
    access::{Action, Actor, decide},
    expr::Rule,
};
use store::{ListQuery, Record, RecordId};

use super::{BANK_NOTICE, PAYMENT, Payment, PaymentShown, notice::Notice};
use crate::{
    Office,
    connections::MoneyBy,
    error::{Error, Result},
};

/// The way of money that no bank tells of.
const CASH: &str = "cash";
/// Records that are looked up by their keys in one query.
const KEYS_AT_ONCE: usize = 500;
/// Cases of a cashier that a page shows.
const CASES_MAX: usize = 200;

/// Whether a bank or a gateway said that the money of a fee came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// Cash: its receipt says so.
    ByReceipt,
    ThatDay,
    OtherDay,
    /// Noted at the counter; no bank has said so yet.
    NotYet,
}

/// What became of money that was told on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Became {
    /// Its demand was paid in full that day.
    Paid,
    PaidOtherDay,
    /// Its demand is not settled: too little, too much, or to be given back.
    Waits,
    /// A cashier closed it: no fee of ours.
    Closed,
    /// Nobody has explained it.
    Open,
}

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
    /// The money of the fees that were paid in full that day, by its way (`vietqr`, `gateway`, `cash`): the sum is `total`.
    pub paid_by: BTreeMap<(String, Told), Method>,
    pub total: Method,
    pub refunded: Method,
    /// What banks and gateways say came in that day, by what became of it: the sum is `told`.
    pub became: BTreeMap<Became, Method>,
    pub told: Method,
    /// Transfers nobody has explained, of any day, the oldest first.
    pub open: Vec<NoticeRow>,
    /// Demands with a difference, and refunds that are due, of any day.
    pub cases: Vec<PaymentShown>,
    /// More cases than the list shows.
    pub more: bool,
}

impl Day {
    /// Of the money told that day: booked on the day's fees as they say − as the notices say. Zero, or a fault of the account.
    #[must_use]
    pub fn difference_vnd(&self) -> i64 {
        let booked: u64 = self.paid_by.iter().filter(|((_, told), _)| *told == Told::ThatDay).map(|(_, m)| m.amount_vnd).sum();
        let told = self.became.get(&Became::Paid).map_or(0, |m| m.amount_vnd);
        i64::try_from(booked).unwrap_or(i64::MAX).saturating_sub(i64::try_from(told).unwrap_or(i64::MAX))
    }

    /// What is not explained yet: told and not matched, or noted at the counter and not told.
    #[must_use]
    pub fn unexplained_vnd(&self) -> u64 {
        let untold: u64 = self.paid_by.iter().filter(|((_, told), _)| *told == Told::NotYet).map(|(_, m)| m.amount_vnd).sum();
        untold + self.became.get(&Became::Open).map_or(0, |m| m.amount_vnd)
    }
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
        let that_day = |at: Option<Timestamp>| at.is_some_and(|at| from <= at && at < to);
        let paid = self.everything(within(PAYMENT, "paid_at")?).await?;
        let paid = paid.iter().map(|r| Ok(PaymentShown::of(r)?.body)).collect::<Result<Vec<Payment>>>()?;
        let notices = self.notices_of(&paid).await?;
        for (way, told, amount) in paid.iter().flat_map(|p| self.pieces(p, &notices, that_day)) {
            out.paid_by.entry((way, told)).or_default().add(amount);
            out.total.add(amount);
        }
        for r in self.everything(within(PAYMENT, "refunded_at")?).await? {
            out.refunded.add(PaymentShown::of(&r)?.body.refund_vnd.unwrap_or(0));
        }
        let told = self.everything(within(BANK_NOTICE, "booked_at")?).await?;
        let told = told.iter().map(|r| Ok((r.state.clone(), r.view()?))).collect::<Result<Vec<(String, Notice)>>>()?;
        let references: Vec<&str> = told.iter().filter_map(|(_, n)| n.payment.as_deref()).collect();
        let demands = self.by_keys(PAYMENT, &references).await?;
        for (state, notice) in &told {
            let demand = notice.payment.as_ref().and_then(|reference| demands.get(reference));
            let paid_at = demand.map(|r| r.view::<Payment>()).transpose()?.and_then(|p| p.paid_at);
            out.became.entry(became(state, paid_at, that_day)).or_default().add(notice.amount_vnd);
            out.told.add(notice.amount_vnd);
        }
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

    /// The notices by which demands were paid, by the number of each.
    async fn notices_of(&self, paid: &[Payment]) -> Result<BTreeMap<String, Notice>> {
        let ids: Vec<&str> = paid.iter().flat_map(|p| &p.notices).map(String::as_str).collect();
        self.by_keys(BANK_NOTICE, &ids).await?.into_iter().map(|(id, r)| Ok((id, r.view()?))).collect()
    }

    /// The money of a demand in the pieces in which it came: transfers that were told, and the rest.
    fn pieces(
        &self,
        paid: &Payment,
        notices: &BTreeMap<String, Notice>,
        that_day: impl Fn(Option<Timestamp>) -> bool,
    ) -> Vec<(String, Told, u64)> {
        let mut rest = paid.paid_vnd.unwrap_or(0);
        let mut out = Vec::new();
        for n in paid.notices.iter().filter_map(|id| notices.get(id)) {
            let way = self.connections().bank(&n.bank).map_or(MoneyBy::Vietqr, |b| b.method).id();
            let told = if that_day(n.booked_at) { Told::ThatDay } else { Told::OtherDay };
            out.push((way.to_owned(), told, n.amount_vnd));
            rest = rest.saturating_sub(n.amount_vnd);
        }
        if rest > 0 {
            let way = paid.method.clone().unwrap_or_else(|| CASH.to_owned());
            let told = if way == CASH { Told::ByReceipt } else { Told::NotYet };
            out.push((way, told, rest));
        }
        out
    }

    async fn by_keys(&self, register: &str, keys: &[&str]) -> Result<BTreeMap<String, Record>> {
        let mut out = BTreeMap::new();
        for part in keys.chunks(KEYS_AT_ONCE) {
            let ids: Vec<RecordId> = self.store().ids_by_keys(register, part).await?.into_iter().map(|(_, id)| id).collect();
            let records = self.store().records_by_ids(register, &ids).await?;
            out.extend(records.into_iter().filter_map(|r| Some((r.key.clone()?, r))));
        }
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

/// What a notice's state and its demand say of its money.
fn became(state: &str, paid_at: Option<Timestamp>, that_day: impl Fn(Option<Timestamp>) -> bool) -> Became {
    match (state, paid_at) {
        ("open", _) => Became::Open,
        ("settled", _) => Became::Closed,
        (_, None) => Became::Waits,
        (_, at) if that_day(at) => Became::Paid,
        _ => Became::PaidOtherDay,
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
