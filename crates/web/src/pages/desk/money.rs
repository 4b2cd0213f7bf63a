//! The fee of one dossier at the desk: what is owed and how it is paid, what came in, and giving it back.

use office::{
    Error,
    one_stop::{Dossier, payment::PaymentShown},
};
use rules::access::Action;

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
            out.forms.extend(form(ctx, s, d, p, &at));
        }
    }
    Ok(out)
}

/// What the cashier may do with a demand from the dossier's page; it leads back there.
fn form(ctx: &Ctx, s: &Shell, d: &Dossier, p: &PaymentShown, at: &str) -> Option<Form> {
    let t = ctx.t;
    let back = format!("?back={}", d.record.id);
    let received = p.body.paid_vnd.unwrap_or(0);
    match p.state.as_str() {
        "demanded" => Some(form_on(s, &format!("{at}/cash{back}"), t.msg("desk-take-cash"), Vec::new(), p.version)),
        "mismatch" if received < p.body.amount_vnd => {
            Some(form_on(s, &format!("{at}/cash{back}"), t.msg("pay-do-cash"), Vec::new(), p.version))
        }
        "paid" => {
            let amount = Field::new("amount", t.msg("pay-refund-amount"), Input::Number).value(received.to_string()).required();
            let reason = Field::new("reason", t.msg("pay-reason"), Input::Text).required();
            let form = form_on(s, &format!("{at}/refund{back}"), t.msg("pay-do-refund"), vec![amount, reason], p.version);
            Some(Form { grave: true, ..form })
        }
        _ => None,
    }
}
