//! What is to be paid, as a code for a bank's app and as words for whoever types it: the same at the desk and in the portal.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use faces::vietqr::{VietQr, purpose_of};
use office::one_stop::payment::PaymentDue;

use crate::i18n::Lang;

/// What the VietQR code says; `None` where the unit has no account.
#[must_use]
pub fn payload(due: &PaymentDue) -> Option<String> {
    let account = due.account.as_ref()?;
    let code = VietQr {
        amount_vnd: Some(due.amount_vnd),
        purpose: Some(purpose_of(&due.purpose)),
        ..VietQr::to_account(&account.bin, &account.account)
    };
    code.payload().ok()
}

/// The code as an image's address; empty where there is none.
#[must_use]
pub fn image(due: &PaymentDue) -> String {
    let drawn = payload(due).and_then(|payload| faces::qr::svg(&payload).ok());
    // An image, not part of the page: styles and scripts of a page never reach into it.
    drawn.map(|svg| format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg))).unwrap_or_default()
}

/// Label and value of everything that a transfer needs.
#[must_use]
pub fn facts(t: Lang, due: &PaymentDue) -> Vec<(String, String)> {
    let amount = t.msg1("portal-vnd", "amount", t.int(i64::try_from(due.amount_vnd).unwrap_or(i64::MAX)));
    let mut out = vec![(t.msg("portal-pay-amount"), amount)];
    if let Some(account) = &due.account {
        out.push((t.msg("portal-pay-account"), format!("{} · {}", account.account, account.bin)));
        out.push((t.msg("portal-pay-holder"), account.holder.clone()));
        out.push((t.msg("portal-pay-purpose"), due.purpose.clone()));
    }
    if due.purpose != due.reference || due.account.is_none() {
        out.push((t.msg("portal-pay-reference"), due.reference.clone()));
    }
    out.retain(|(_, value)| !value.is_empty());
    out
}
