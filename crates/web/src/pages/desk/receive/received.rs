//! After receiving: what the citizen is told.

use office::one_stop::Filed;

use super::super::words;
use crate::{
    http::{Ctx, PageResult, error::render},
    pages::{pay_code, work::common::segment},
    view::{Link, Pair, Section, desk::ReceivedPage},
};

pub(super) async fn received(ctx: &Ctx, unit: u32, filed: &Filed) -> PageResult {
    let t = ctx.t;
    let mut s = ctx.shell(Section::Desk, t.msg("desk-received-title"), false).await?;
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    let key = ctx.app.office.world().units.key(unit).to_string();
    let id = segment(&filed.id);
    let owed = ctx.app.office.payment_due(&filed.code).await.map_err(|e| ctx.fault(e))?;
    let page = ReceivedPage {
        owed: owed.iter().flat_map(|d| pay_code::facts(t, d)).map(|(label, value)| Pair::new(label, value)).collect(),
        qr: owed.as_ref().map(pay_code::image).unwrap_or_default(),
        code: filed.code.clone(),
        secret: filed.secret.clone(),
        due: match filed.due_at {
            Some(due) => t.moment(due),
            None if owed.is_some() => t.msg("desk-due-after-fee"),
            None => t.msg("desk-due-none"),
        },
        fee: if filed.fee_vnd > 0 { words::vnd(t, filed.fee_vnd) } else { String::new() },
        open: s.link(&format!("/desk/dossiers/{id}")),
        slip: s.link(&format!("/desk/dossiers/{id}/form/1")),
        next: s.link_with("/desk/receive", &[("unit", &key)]),
        s,
    };
    Ok(render(&page))
}
