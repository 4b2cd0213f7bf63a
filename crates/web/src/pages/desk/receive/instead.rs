//! What is done instead of receiving: asking for what is missing (form 02), refusing (form 03).

use office::{Error, one_stop::Instead};
use rules::one_stop::ReasonKind;

use super::{
    super::{
        acts,
        reasons::{self, Kind},
    },
    chosen::Chosen,
    typed::Typed,
};
use crate::{
    http::{Ctx, Posted},
    view::{self, Shell},
};

const KINDS: [Kind; 2] = [Kind::Request, Kind::Refusal];

/// As the address of its form ends.
fn id(kind: Kind) -> &'static str {
    match kind {
        Kind::Request => "ask",
        Kind::Refusal => "refuse",
    }
}

pub(super) fn of_address(text: &str) -> Option<Kind> {
    KINDS.into_iter().find(|k| id(*k) == text)
}

/// The name of its field.
pub(super) fn name(kind: Kind, field: &str) -> String {
    format!("{}_{field}", id(kind))
}

/// The forms, with what was typed. Who comes back was asked once already; what is decided elsewhere can only be refused, for that reason.
pub(super) fn forms(ctx: &Ctx, s: &Shell, chosen: &Chosen, typed: &Typed) -> Vec<view::desk::Instead> {
    let (t, foreign) = (ctx.t, chosen.foreign(ctx));
    let form = |kind: Kind| {
        let mut fields = reasons::fields(t, Some(&chosen.procedure), &name(kind, ""), kind);
        if kind == Kind::Request {
            let (office, world) = (&ctx.app.office, ctx.app.office.world());
            fields.push(acts::until_field(ctx, name(kind, "until"), world.one_stop_rules(office.today()).ok(), chosen.unit));
        }
        for f in &mut fields {
            let usual = if foreign && f.name == name(kind, "reason_kind_1") { ReasonKind::OtherOffice.id() } else { "" };
            let said = Some(typed.get(&f.name)).filter(|said| !said.is_empty()).unwrap_or(usual);
            if !said.is_empty() {
                f.choices.iter_mut().for_each(|c| c.selected = c.value == said);
                f.value = said.to_owned();
            }
        }
        view::desk::Instead {
            action: s.link(&format!("/desk/receive/{}", id(kind))),
            title: t.msg(&format!("desk-instead-{}", id(kind))),
            about: t.msg(&format!("desk-instead-{}-about", id(kind))),
            fields,
            open: typed.tried.map_or(foreign, |tried| tried == kind),
            grave: kind == Kind::Refusal,
        }
    };
    let request = !foreign && chosen.begun.is_none();
    KINDS.into_iter().filter(|k| request || *k == Kind::Refusal).map(form).collect()
}

/// What the officer wrote.
pub(super) fn read(posted: &Posted, kind: Kind) -> Result<Instead, Error> {
    let reasons = reasons::read(posted, &name(kind, ""));
    Ok(match kind {
        Kind::Request => Instead::Ask { reasons, until: acts::day(posted, &name(kind, "until"))? },
        Kind::Refusal => Instead::Refuse { reasons },
    })
}
