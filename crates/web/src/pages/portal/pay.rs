//! Paying: receipts of what was paid, and the way to a payment gateway and back.
//!
//! That a browser comes back from a gateway proves nothing: the demand is paid when the gateway's signed notice says so.

use std::{sync::Arc, time::Duration};

use axum::extract::Path;
use office::{
    Error, Office,
    one_stop::{
        Tracked,
        payment::{
            PaymentShown,
            gateway::{Gateway, Message, Simulator},
            line_name,
        },
    },
};

use super::{
    frame::{Sent, Visit},
    track::{dossier, unit_name},
    view::{Answer, GatewayPage, ReceiptPage},
    words,
};
use crate::{
    http::{PageError, PageResult, error::render},
    pages::show::segment,
    view::Link,
};

/// The simulated gateway is late by so much, again and again.
const LATE: Duration = Duration::from_millis(700);

fn track(code: &str) -> String {
    format!("/portal/track/{}", segment(code))
}

async fn payments(v: &Visit, code: &str) -> Result<Vec<PaymentShown>, PageError> {
    let proof = v.proof(code)?;
    v.ctx.app.office.citizen_payments(&proof).await.map_err(|e| v.fault(e))
}

/// Links to the receipts of a dossier.
pub async fn receipts(v: &Visit, d: &Tracked) -> Result<Vec<Link>, PageError> {
    if d.case.payment.as_ref().is_none_or(|p| p.paid_vnd == 0) {
        return Ok(Vec::new());
    }
    let t = v.t();
    let f = v.frame("");
    let list = payments(v, &d.code).await?;
    let link = |p: PaymentShown| {
        let number = p.body.receipt_number?;
        let href = f.link(&format!("{}/receipt/{}", track(&d.code), segment(&p.body.reference)));
        let amount = words::money(t, p.body.paid_vnd.unwrap_or(p.body.amount_vnd));
        Some(Link::new(href, t.msg2("portal-receipt-of", "number", number, "amount", amount)))
    };
    Ok(list.into_iter().filter_map(link).collect())
}

/// `GET /portal/track/{code}/receipt/{reference}`
pub async fn receipt(v: Visit, Path((code, reference)): Path<(String, String)>) -> PageResult {
    let t = v.t();
    let list = payments(&v, &code).await?;
    let own = list.into_iter().find(|p| p.body.reference == reference && p.body.receipt_number.is_some());
    let payment = own.ok_or_else(|| v.fault(Error::not_found(&reference)))?;
    let d = dossier(&v, &code).await?;
    let b = payment.body;
    let fact = |key: &str, value: String| Answer { label: t.msg(key), value, ..Answer::default() };
    let way = b.method.as_deref().map(|way| t.msg(&format!("pay-way-{way}"))).unwrap_or_default();
    let mut facts =
        vec![fact("pay-dossier", b.dossier), fact("receipt-procedure", t.pick(&d.procedure).to_owned()), fact("pay-col-way", way)];
    facts.extend(b.paid_at.map(|at| fact("receipt-paid-at", t.moment(at))));
    facts.push(fact("pay-reference", b.reference));
    if let Some((at, amount)) = b.refunded_at.zip(b.refund_vnd) {
        facts.push(fact("pay-refunded", format!("{} – {}", words::money(t, amount), t.moment(at))));
    }
    let line = |l: &office::one_stop::payment::Line| Answer {
        label: line_name(&l.name, t.tag()).to_owned(),
        value: match &l.waiver {
            Some(why) => format!("{} ({})", words::money(t, l.amount_vnd), line_name(why, t.tag())),
            None => words::money(t, l.amount_vnd),
        },
        ..Answer::default()
    };
    let mut lines: Vec<Answer> = b.lines.iter().map(line).collect();
    if lines.is_empty() {
        lines.push(fact("receipt-fee", words::money(t, b.amount_vnd)));
    }
    let f = v.frame(t.msg("receipt-title")).back_to(&track(&code), "portal-back");
    let total = t.msg1("portal-total", "amount", words::money(t, b.amount_vnd));
    Ok(render(&ReceiptPage { unit: unit_name(&v, &d), number: b.receipt_number.unwrap_or_default(), facts, lines, total, f }))
}

fn simulator(v: &Visit) -> Result<Arc<Simulator>, PageError> {
    v.ctx.app.options.gateway.clone().ok_or_else(|| v.fault(Error::not_found("gateway")))
}

/// `POST /portal/track/{code}/gateway`: gives the order to the gateway, and the browser to its page.
pub async fn to_gateway(Path(code): Path<String>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let gateway = simulator(v)?;
    let d = dossier(v, &code).await?;
    let back = track(&d.code);
    let Some(due) = office.payment_due(&d.code).await.map_err(|e| v.fault(e))? else { return Ok(v.go(&back)) };
    match office.open_gateway(gateway.as_ref(), &due.reference, &back).await {
        Ok(page) => Ok(v.go(&page)),
        // Nothing has changed: what to do is said where the button stands.
        Err(e) if e.code() == "payment.gateway" => Ok(v.go(&format!("{back}?done=gateway#pay"))),
        Err(e) => Err(v.fault(e)),
    }
}

/// `GET /portal/gateway/{reference}`: the simulated gateway's own page. It knows an amount and a reference, nobody's name.
pub async fn gateway(v: Visit, Path(reference): Path<String>) -> PageResult {
    let t = v.t();
    let order = simulator(&v)?.order(&reference).ok_or_else(|| v.fault(Error::not_found(&reference)))?;
    let fact = |key: &str, value: String| Answer { label: t.msg(key), value, ..Answer::default() };
    let facts = vec![fact("portal-pay-amount", words::money(t, order.amount_vnd)), fact("portal-pay-purpose", order.purpose)];
    let f = v.frame(t.msg("portal-gateway"));
    let back_to = f.link(&order.back_to);
    Ok(render(&GatewayPage { facts, action: format!("/portal/gateway/{}", segment(&reference)), back_to, f }))
}

/// `POST /portal/gateway/{reference}`: the payer pays; the notices follow when the gateway gets to it.
pub async fn paid(Path(reference): Path<String>, sent: Sent) -> PageResult {
    let v = &sent.visit;
    let gateway = simulator(v)?;
    let order = gateway.order(&reference).ok_or_else(|| v.fault(Error::not_found(&reference)))?;
    let messages = gateway.pay(&reference, v.ctx.app.office.now());
    tokio::spawn(tell(v.ctx.app.office.clone(), gateway, messages));
    Ok(v.go(&format!("{}?done=paid", order.back_to)))
}

async fn tell(office: Office, gateway: Arc<Simulator>, messages: Vec<Message>) {
    for m in messages {
        tokio::time::sleep(LATE).await;
        if let Err(e) = office.take_bank_notice(gateway.id(), &m.at, &m.signature, &m.body).await {
            tracing::warn!(code = e.code(), "the simulated gateway was not understood");
        }
    }
}
