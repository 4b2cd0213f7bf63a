//! `haidang vietqr`: the text of a payment code on one line.

use std::{path::Path, process::ExitCode};

use anyhow::Context;
use faces::{
    qr,
    vietqr::{Service, VietQr, purpose_of},
};

use crate::{args, say, words::cannot_write};

pub fn run(a: &args::Vietqr) -> anyhow::Result<ExitCode> {
    let (service, account) = match (&a.card, &a.account) {
        (Some(card), _) => (Service::Card, card.as_str()),
        (None, account) => (Service::Account, account.as_deref().unwrap_or_default()),
    };
    let code = VietQr {
        service,
        amount_vnd: a.amount,
        purpose: a.purpose.as_deref().map(purpose_of),
        bill: a.bill.clone(),
        reference: a.reference.clone(),
        ..VietQr::to_account(&a.bin, account)
    };
    let payload = code.payload().map_err(|fault| office::Error::Refused(fault.into()))?;
    if let Some(path) = &a.svg {
        write(path, qr::svg(&payload)?.as_bytes())?;
    }
    if let Some(path) = &a.png {
        write(path, &qr::png(&payload)?)?;
    }
    say!("{payload}");
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| cannot_write(path))
}
