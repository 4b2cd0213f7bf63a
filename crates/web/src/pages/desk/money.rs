//! The fee of one dossier at the desk: what is owed and how it is paid, what came in, and giving it back.

use office::{
    Error,
    one_stop::{Dossier, payment::PaymentShown},
};
use rules::access::Action;

use super::words;
use crate::{
    http::{Ctx, PageError},
    pages::{
        pay_code,
        work::common::{form_on, segment},
    },
    view::{Field, Form, Input, Link, Pair, Shell, desk::Money},
};

/// The demands of a dossier, for those who may see the unit's money; nothing for others.
pub async fn of(ctx: &Ctx, s: &Shell, d: &Dossier) -> Result<Money, PageError> {
    let (t, office) = (ctx.t, &ctx.app.office);
    let code = d.record.key.clone().unwrap_or_default();
    let list = match office.payments_of(&ctx.actor(), &code).await {
        Ok(list) => list,
        Err(Error::Refused(r)) if r.code.starts_with("access.") => return Ok(Money::default()),
        Err(e) => return Err(ctx.fault(e)),
    };
    let may = ctx.allowed(Action::Edit, Some(office::one_stop::payment::PAYMENT), &d.record.unit);
    let mut out = Money::default();
    if let Some(due) = office.payment_due(&code).await.map_err(|e| ctx.fault(e))? {
        out.owed = pay_code::facts(t, &due).into_iter().map(|(label, value)| Pair::new(label, value)).collect();
        out.qr = pay_code::image(&due);
    }
    for p in &list {
        let at = format!("/desk/payments/{}", segment(&p.body.reference));
        if let Some(number) = &p.body.receipt_number {
            out.receipts.push(Link::new(s.link(&format!("{at}/receipt")), t.msg1("desk-receipt", "number", number.as_str())));
        }
        if may {
            out.take.extend(cash(ctx, s, d, p, &at));
            out.forms.extend(refund(ctx, s, d, p, &at));
        }
    }
    Ok(out)
}

/// Taking in cash what is owed on a demand; it leads back to the dossier's page.
fn cash(ctx: &Ctx, s: &Shell, d: &Dossier, p: &PaymentShown, at: &str) -> Option<Form> {
    let t = ctx.t;
    let received = p.body.paid_vnd.unwrap_or(0);
    let submit = match p.state.as_str() {
        "demanded" => t.msg1("desk-take-cash", "amount", words::vnd(t, p.body.amount_vnd)),
        "mismatch" if received < p.body.amount_vnd => t.msg("pay-do-cash"),
        _ => return None,
    };
    Some(form_on(s, &format!("{at}/cash?back={}", d.record.id), submit, Vec::new(), p.version))
}

/// Asking to give back what was paid.
fn refund(ctx: &Ctx, s: &Shell, d: &Dossier, p: &PaymentShown, at: &str) -> Option<Form> {
    let t = ctx.t;
    if p.state != "paid" {
        return None;
    }
    let received = p.body.paid_vnd.unwrap_or(0);
    let amount = Field::new("amount", t.msg("pay-refund-amount"), Input::Number).value(received.to_string()).required();
    let reason = Field::new("reason", t.msg("pay-reason"), Input::Text).required();
    let form = form_on(s, &format!("{at}/refund?back={}", d.record.id), t.msg("pay-do-refund"), vec![amount, reason], p.version);
    Some(Form { grave: true, ..form })
}
