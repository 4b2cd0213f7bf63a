//! A new tracking secret on the dossier's page: which paper was looked at, and the slip that tells the secret once.

use axum::extract::Path;
use office::{
    Error,
    one_stop::{Dossier, Shown},
};
use rules::access::Action;

use super::{DOSSIER, dossier, people::People, words};
use crate::{
    chart::Svg,
    http::{Ctx, PageResult, Posted, error::render},
    pages::work::common::{choices, form_on, mendable, segment},
    view::{Field, Form, Input, Section, Shell, desk::SecretSlip},
};

/// The form, for those who work on the dossier or received it for another unit.
pub fn form(ctx: &Ctx, s: &Shell, d: &Dossier) -> Option<Form> {
    let works = ctx.allowed(Action::Edit, Some(DOSSIER), &d.record.unit) || d.elsewhere.received.is_some();
    if d.case.is_none() || !works {
        return None;
    }
    let t = ctx.t;
    let papers = Shown::ALL.map(|p| (p.id(), t.msg(&words::key("desk-shown", p.id()))));
    let shown = Field::new("shown", t.msg("desk-shown"), Input::Radio).choices(choices(papers, "")).required();
    let action = format!("/desk/dossiers/{}/secret", segment(&d.record.id.to_string()));
    Some(form_on(s, &action, t.msg("desk-renew-do"), vec![shown], d.record.version))
}

/// `POST /desk/dossiers/{id}/secret`: the slip. The secret stands in no address and is not shown again.
pub async fn renew(Path(id): Path<String>, posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let (t, version) = (ctx.t, posted.version()?);
    let new = match office.renew_secret(&ctx.actor(), &id, version, Shown::of(posted.get("shown"))).await {
        Ok(new) => new,
        Err(e) if mendable(&e) || matches!(&e, Error::Store(store::Error::Conflict { .. })) => {
            return dossier::not_renewed(&ctx.on(&format!("/desk/dossiers/{}", segment(&id))), &id, &posted, e).await;
        }
        Err(e) => return Err(ctx.fault(e)),
    };
    let s = ctx.shell(Section::None, t.msg("desk-renew-title"), false).await?;
    let address = format!("{}/portal/track?code={}", ctx.origin, segment(&new.code));
    let qr = faces::qr::svg(&address).map_err(|e| ctx.fault(Error::Internal(e.to_string())))?;
    let page = SecretSlip {
        unit: office.world().unit_name(&new.unit, t.tag()).to_owned(),
        code: new.code,
        secret: office::one_stop::grouped(&new.secret),
        at: t.moment(office.now()),
        officer: People::load(ctx).await?.name(ctx, &ctx.actor().account),
        qr: Svg(qr),
        back: s.link(&format!("/desk/dossiers/{}", segment(&new.id))),
        s,
    };
    Ok(render(&page))
}
