//! `/records` – the registers that the reader may open.

use office::programme::{DIRECTIVE, TARGET, TASK};
use rules::access::{Action, scope};

use super::{segment, settle, signed_in};
use crate::{
    http::{Ctx, PageResult, error::render},
    view::{RegisterListPage, Section, records::RegisterRow},
};

/// `GET /records`
pub async fn page(mut ctx: Ctx) -> PageResult {
    let actor = signed_in(&ctx)?;
    settle(&mut ctx, &actor)?;
    let (t, world) = (ctx.t, ctx.app.office.world());
    let s = ctx.shell(Section::Registers, t.msg("registers-title"), false).await?;
    let mut rows: Vec<RegisterRow> = world
        .registers
        .values()
        // What somebody has begun and not yet filed is nobody else's to leaf through.
        .filter(|r| r.def.register.id != office::one_stop::DRAFT)
        .filter(|r| !scope(&actor, Action::View, Some(&r.def.register.id), &world.units).is_empty())
        .map(|r| {
            let id = r.def.register.id.as_str();
            let counted = world.indicators.values().filter(|i| i.live().is_some_and(|d| d.register == id)).count();
            RegisterRow {
                // What has a page of its own is read there.
                href: match id {
                    TASK => s.link("/tasks"),
                    TARGET => s.link("/targets"),
                    DIRECTIVE => s.link("/directives"),
                    _ => s.link(&format!("/records/{}", segment(id))),
                },
                name: t.pick(&r.def.register.name).to_owned(),
                explain: r.def.register.explain.as_ref().map(|x| t.pick(x).to_owned()).unwrap_or_default(),
                personal: r.schema.fields().iter().any(|f| f.personal),
                indicators: if counted == 0 { String::new() } else { t.int(i64::try_from(counted).unwrap_or(0)) },
            }
        })
        .collect();
    rows.sort_by(|a, b| rules::text::compare(&a.name, &b.name));
    Ok(render(&RegisterListPage { s, rows }))
}
