//! After receiving, or after saying why not: what the citizen is told.

use office::one_stop::Filed;

use super::super::{reasons::Kind, words};
use crate::{
    http::{Ctx, PageResult, error::render},
    pages::{pay_code, work::common::segment},
    view::{Link, Pair, Section, desk::ReceivedPage},
};

/// What became of it.
#[derive(Clone, Copy)]
pub(super) enum Told {
    Received,
    TurnedBack(Kind),
}

impl Told {
    /// The key of its words, and the form that is printed.
    fn key(self) -> (&'static str, u8) {
        match self {
            Self::Received => ("received", 1),
            Self::TurnedBack(Kind::Request) => ("asked", 2),
            Self::TurnedBack(Kind::Refusal) => ("refused", 3),
        }
    }
}

pub(super) async fn received(ctx: &Ctx, unit: u32, filed: &Filed, told: Told) -> PageResult {
    let t = ctx.t;
    let (what, slip) = told.key();
    let mut s = ctx.shell(Section::Desk, t.msg(&format!("desk-{what}-title")), false).await?;
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    let key = ctx.app.office.world().units.key(unit).to_string();
    let id = segment(&filed.id);
    let owed = ctx.app.office.payment_due(&filed.code).await.map_err(|e| ctx.fault(e))?;
    let page = ReceivedPage {
        owed: owed.iter().flat_map(|d| pay_code::facts(t, d)).map(|(label, value)| Pair::new(label, value)).collect(),
        qr: owed.as_ref().map(pay_code::image).unwrap_or_default(),
        code: filed.code.clone(),
        secret: filed.secret.clone(),
        due: match (told, filed.due_at) {
            (Told::TurnedBack(_), _) => Pair::new(t.msg("desk-what-next"), t.msg(&format!("desk-{what}-next"))),
            (Told::Received, Some(due)) => Pair::new(t.msg("desk-due"), t.moment(due)),
            (Told::Received, None) => {
                Pair::new(t.msg("desk-due"), t.msg(if owed.is_some() { "desk-due-after-fee" } else { "desk-due-none" }))
            }
        },
        fee: if filed.fee_vnd > 0 && matches!(told, Told::Received) { words::vnd(t, filed.fee_vnd) } else { String::new() },
        open: s.link(&format!("/desk/dossiers/{id}")),
        slip: s.link(&format!("/desk/dossiers/{id}/form/{slip}")),
        slip_text: t.msg(&format!("desk-print-slip-{slip}")),
        next: s.link_with("/desk/receive", &[("unit", &key)]),
        s,
    };
    Ok(render(&page))
}
