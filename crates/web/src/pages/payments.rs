//! `/desk/payments`: the cashier's cases and the account of a day.

use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::IntoResponse,
    routing::{get, post},
};
use jiff::civil::Date;
use office::{
    Error,
    one_stop::payment::{Became, Day, Line, Method, NoticeRow, PaymentShown, Receipt, SettleNotice, Told, line_name},
};
use rules::{Refusal, procedure::Procedure, text::format_vnd};

use super::{
    desk,
    work::{
        common::{done, form_on, mendable, segment, unit_text},
        history::Names,
    },
};
use crate::{
    http::{App, Ctx, PageError, PageResult, Posted, error::render, error::sentence},
    i18n::Lang,
    view::{AccountPart, CashierCase, Field, Form, Input, Kpi, Link, Notice, Pair, PaymentsPage, ReceiptPage, Section, Shell},
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/payments", get(day))
        .route("/desk/payments/notices/{id}", post(settle_notice))
        .route("/desk/payments/{reference}/{act}", get(receipt).post(settle))
}

fn vnd(t: Lang, amount: u64) -> String {
    format_vnd(i64::try_from(amount).unwrap_or(i64::MAX), t.tag())
}

fn count(t: Lang, n: u64) -> String {
    t.int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn pair(label: String, value: String) -> Pair {
    Pair { label, value, href: String::new() }
}

fn chosen_day(ctx: &Ctx) -> Result<Date, PageError> {
    let today = ctx.app.office.today();
    match ctx.param("day") {
        None => Ok(today),
        Some(text) => {
            text.parse().map_err(|_| ctx.fault(Error::Refused(Refusal::new("input.date").with("field", "day").with("text", text))))
        }
    }
}

async fn day(ctx: Ctx) -> PageResult {
    Ok(render(&page(&ctx, None).await?))
}

async fn page(ctx: &Ctx, wrong: Option<String>) -> Result<PaymentsPage, PageError> {
    let (t, office, actor) = (ctx.t, &ctx.app.office, ctx.actor());
    ctx.signed_in()?;
    let day = chosen_day(ctx)?;
    let unit = match ctx.state.unit {
        Some(_) => ctx.unit()?,
        // Without a choice, where the reader works.
        None => {
            let world = office.world();
            let own =
                actor.grants.iter().filter_map(|g| world.units.idx(&g.unit)).find(|u| world.units.unit(*u).is_valid_on(office.today()));
            own.map_or_else(|| ctx.unit(), Ok)?
        }
    };
    let account = office.reconcile(&actor, unit, day).await.map_err(|e| ctx.fault(e))?;
    let mut s = ctx.shell(Section::Desk, t.msg("pay-title"), false).await?;
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    if let Some(text) = wrong {
        s.notices.push(Notice { good: false, text });
    }
    let names = Names::load(ctx).await?;
    let kpi = |label: &str, value: String, n: u64| Kpi {
        label: t.msg(label),
        value,
        note: t.msg1("pay-items", "count", i64::try_from(n).unwrap_or(i64::MAX)),
        href: String::new(),
        doors: vec![Link::new("", ctx.unit_name(unit))],
        mark: None,
        live_id: String::new(),
    };
    let open_vnd = account.open.iter().map(|n| n.amount_vnd).sum();
    let kpis = vec![
        kpi("pay-total", vnd(t, account.total.amount_vnd), account.total.count),
        kpi("pay-open-notices", vnd(t, open_vnd), account.open.len() as u64),
        kpi("pay-refunded", vnd(t, account.refunded.amount_vnd), account.refunded.count),
    ];
    let world = office.world();
    let page = PaymentsPage {
        day: day.to_string(),
        day_text: t.date(day),
        kpis,
        account: account_of(t, &account),
        even: evenness(t, &account),
        notices: account.open.iter().map(|n| notice_case(t, &s, n, &unit_text(t, &world, &n.unit))).collect(),
        cases: account.cases.iter().map(|p| payment_case(ctx, &s, p, &names, &unit_text(t, &world, &p.unit))).collect(),
        more: account.more,
        s,
    };
    Ok(page)
}

/// A line of the account.
fn line(t: Lang, label: String, m: &Method) -> (String, String, String) {
    (label, count(t, m.count), vnd(t, m.amount_vnd))
}

/// The day in sums that add up: what the fees of the day were paid with, what became of the money told, what is left after refunds.
fn account_of(t: Lang, day: &Day) -> Vec<AccountPart> {
    let from = |(way, told): &(String, Told)| {
        let key = match told {
            Told::ByReceipt => "pay-from-receipt",
            Told::ThatDay => "pay-from-that-day",
            Told::OtherDay => "pay-from-other-day",
            Told::NotYet => "pay-from-not-yet",
        };
        t.msg1(key, "way", t.msg(&format!("pay-way-{way}")))
    };
    let became = |what: &Became| {
        t.msg(match what {
            Became::Paid => "pay-became-paid",
            Became::PaidOtherDay => "pay-became-paid-other-day",
            Became::Waits => "pay-became-waits",
            Became::Closed => "pay-became-closed",
            Became::Open => "pay-became-open",
        })
    };
    let left = i64::try_from(day.total.amount_vnd).unwrap_or(i64::MAX) - i64::try_from(day.refunded.amount_vnd).unwrap_or(i64::MAX);
    vec![
        AccountPart {
            lines: day.paid_by.iter().map(|(key, m)| line(t, from(key), m)).collect(),
            total: line(t, t.msg("pay-total"), &day.total),
        },
        AccountPart {
            lines: day.became.iter().map(|(key, m)| line(t, became(key), m)).collect(),
            total: line(t, t.msg("pay-told"), &day.told),
        },
        AccountPart {
            lines: vec![line(t, t.msg("pay-total"), &day.total), taken_away(t, &day.refunded)],
            total: (t.msg("pay-left"), String::new(), format_vnd(left, t.tag())),
        },
    ]
}

/// What was given back is taken away.
fn taken_away(t: Lang, refunded: &Method) -> (String, String, String) {
    let (label, count, amount) = line(t, t.msg("pay-refunded"), refunded);
    (label, count, if refunded.amount_vnd == 0 { amount } else { format!("− {amount}") })
}

/// Whether every đồng of the day is explained, as a sentence.
fn evenness(t: Lang, day: &Day) -> String {
    match (day.difference_vnd(), day.unexplained_vnd()) {
        (0, 0) => t.msg("pay-even"),
        (0, open) => t.msg1("pay-uneven", "amount", vnd(t, open)),
        (apart, _) => t.msg1("pay-apart", "amount", format_vnd(apart, t.tag())),
    }
}

fn notice_case(t: Lang, s: &Shell, n: &NoticeRow, unit: &str) -> CashierCase {
    let action = format!("/desk/payments/notices/{}", n.id);
    let reference = Field::new("reference", t.msg("pay-reference"), Input::Text).value(n.payment.clone().unwrap_or_default()).required();
    let reason = Field::new("reason", t.msg("pay-reason"), Input::Text).required();
    let mut facts = vec![
        pair(t.msg("pay-transaction"), n.notice.clone()),
        pair(t.msg("pay-purpose"), n.purpose.clone().unwrap_or_else(|| "•••".to_owned())),
        pair(t.msg("pay-to-account"), n.account.clone()),
        pair(t.msg("col-unit"), unit.to_owned()),
    ];
    facts.extend(n.booked_at.map(|at| pair(t.msg("pay-booked"), t.moment(at))));
    CashierCase {
        amount: vnd(t, n.amount_vnd),
        what: t.msg(&format!("pay-notice-{}", n.problem)),
        facts,
        forms: vec![
            form_on(s, &format!("{action}?how=match"), t.msg("pay-match"), vec![reference], n.version),
            Form { grave: true, ..form_on(s, &format!("{action}?how=close"), t.msg("pay-close"), vec![reason], n.version) },
        ],
    }
}

fn payment_case(ctx: &Ctx, s: &Shell, p: &PaymentShown, names: &Names, unit: &str) -> CashierCase {
    let t = ctx.t;
    let (b, received) = (&p.body, p.body.paid_vnd.unwrap_or(0));
    let act = |act: &str, label: &str, fields: Vec<Field>| {
        form_on(s, &format!("/desk/payments/{}/{act}", segment(&b.reference)), t.msg(label), fields, p.version)
    };
    let money = |value: u64| Field::new("amount", t.msg("pay-refund-amount"), Input::Number).value(value.to_string()).required();
    let reason = || Field::new("reason", t.msg("pay-reason"), Input::Text).required();
    let mut forms = Vec::new();
    if p.state == "refund_due" {
        forms.push(act("refunded", "pay-do-refunded", Vec::new()));
    } else {
        if received > b.amount_vnd {
            forms.push(act("excess", "pay-do-excess", Vec::new()));
        } else {
            forms.push(act("cash", "pay-do-cash", Vec::new()));
        }
        forms.push(Form { grave: true, ..act("refund", "pay-do-refund", vec![money(received), reason()]) });
    }
    let problem = b.problem.as_deref().unwrap_or(if p.state == "refund_due" { "refund" } else { "short" });
    let mut facts = vec![
        Pair { label: t.msg("pay-dossier"), value: b.dossier.clone(), href: s.link(&desk::dossier_path(ctx, &p.unit, &b.dossier)) },
        pair(t.msg("pay-reference"), b.reference.clone()),
        pair(t.msg("pay-asked"), vnd(t, b.amount_vnd)),
        pair(t.msg("pay-received"), vnd(t, received)),
        pair(t.msg("col-unit"), unit.to_owned()),
    ];
    facts.extend(b.refund_vnd.map(|v| pair(t.msg("pay-refund-amount"), vnd(t, v))));
    facts.extend(b.refund_reason.as_ref().filter(|_| p.state == "refund_due").map(|why| {
        let known = t.msg(match why.as_str() {
            "excess" => "pay-why-excess",
            code if code.starts_with("one_stop.") => "pay-why-closed",
            _ => return pair(t.msg("pay-reason"), why.clone()),
        });
        pair(t.msg("pay-reason"), known)
    }));
    facts.extend(b.cashier.as_ref().map(|who| pair(t.msg("pay-cashier"), names.of(t, who))));
    CashierCase { amount: vnd(t, b.amount_vnd), what: t.msg(&format!("pay-case-{}", problem.replace('_', "-"))), facts, forms }
}

async fn answered(posted: &Posted, result: office::Result<i64>) -> PageResult {
    let ctx = &posted.ctx;
    // From the page of a dossier one comes back to it.
    let dossier = ctx.param("back").and_then(|id| id.parse::<store::RecordId>().ok());
    let place = dossier.map_or_else(|| "/desk/payments".to_owned(), |id| format!("/desk/dossiers/{id}"));
    let e = match result {
        Ok(_) => return done(ctx, &place, "payment-settled"),
        Err(e) => e,
    };
    let stale = matches!(e, Error::Store(store::Error::Conflict { .. }));
    if !mendable(&e) && !stale {
        return Err(ctx.fault(e));
    }
    let page = page(&ctx.on("/desk/payments"), Some(sentence(&e, ctx.t))).await?;
    let status = if stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, render(&page)).into_response())
}

async fn settle_notice(Path(id): Path<String>, posted: Posted) -> PageResult {
    let version = posted.version()?;
    let how = match posted.ctx.param("how") {
        Some("match") => SettleNotice::Match { reference: posted.get("reference").to_owned() },
        _ => SettleNotice::Close { reason: posted.get("reason").to_owned() },
    };
    let result = posted.ctx.app.office.settle_notice(&posted.ctx.actor(), &id, version, &how).await;
    answered(&posted, result).await
}

async fn settle(Path((reference, act)): Path<(String, String)>, posted: Posted) -> PageResult {
    let (version, actor, office) = (posted.version()?, posted.ctx.actor(), posted.ctx.app.office.clone());
    let result = match act.as_str() {
        "cash" => office.take_cash(&actor, &reference, version).await,
        "excess" => office.accept_excess(&actor, &reference, version).await,
        "refunded" => office.refund(&actor, &reference, version).await,
        "refund" => {
            let digits: String = posted.get("amount").chars().filter(char::is_ascii_digit).collect();
            office.ask_refund(&actor, &reference, version, digits.parse().unwrap_or(0), posted.get("reason")).await
        }
        other => Err(Error::not_found(other)),
    };
    answered(&posted, result).await
}

/// A fee before anything is let off: by the piece where the procedure counts it.
fn full(t: Lang, line: &Line, procedure: Option<&Procedure>) -> String {
    match procedure.and_then(|p| line.counted(&p.def)) {
        Some((count, each)) => format!("{} × {}", self::count(t, count), vnd(t, each)),
        None => vnd(t, line.full_vnd),
    }
}

async fn receipt(ctx: Ctx, Path((reference, act)): Path<(String, String)>) -> PageResult {
    ctx.signed_in()?;
    if act != "receipt" {
        return Err(ctx.fault(Error::not_found(&act)));
    }
    let t = ctx.t;
    let Receipt { payment, procedure, payer, version, .. } =
        ctx.app.office.receipt(&ctx.actor(), &reference).await.map_err(|e| ctx.fault(e))?;
    let names = Names::load(&ctx).await?;
    let mut s = ctx.shell(Section::Desk, t.msg("receipt-title"), false).await?;
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title")), Link::new(s.link("/desk/payments"), t.msg("pay-title"))];
    let b = &payment.body;
    let unit = unit_text(t, &ctx.app.office.world(), &payment.unit);
    let way = b.method.as_deref().map(|way| t.msg(&format!("pay-way-{way}"))).unwrap_or_default();
    let mut facts = vec![
        pair(t.msg("receipt-payer"), payer.unwrap_or_else(|| "•••".to_owned())),
        pair(t.msg("pay-dossier"), b.dossier.clone()),
        pair(t.msg("receipt-procedure"), procedure),
        pair(t.msg("pay-col-way"), way),
    ];
    facts.extend(b.paid_at.map(|at| pair(t.msg("receipt-paid-at"), t.moment(at))));
    facts.extend(b.cashier.as_ref().map(|who| pair(t.msg("pay-cashier"), names.of(t, who))));
    facts.extend(b.refunded_at.zip(b.refund_vnd).map(|(at, v)| pair(t.msg("pay-refunded"), format!("{} – {}", vnd(t, v), t.moment(at)))));
    let why = |w: &serde_json::Value| line_name(w, t.tag()).to_owned();
    let mut lines: Vec<_> = b
        .lines
        .iter()
        .map(|l| {
            (
                line_name(&l.name, t.tag()).to_owned(),
                full(t, l, version.as_deref()),
                vnd(t, l.amount_vnd),
                l.waiver.as_ref().map(why).unwrap_or_default(),
            )
        })
        .collect();
    if lines.is_empty() {
        lines.push((t.msg("receipt-fee"), vnd(t, b.amount_vnd), vnd(t, b.amount_vnd), String::new()));
    }
    let day = b.paid_at.map_or_else(|| ctx.app.office.today(), rules::Timestamp::local_date);
    let page = ReceiptPage {
        place_and_day: format!("{unit}, {}", t.date(day)),
        unit,
        number: b.receipt_number.clone().unwrap_or_default(),
        facts,
        lines,
        total: vnd(t, b.amount_vnd),
        s,
    };
    Ok(render(&page))
}
