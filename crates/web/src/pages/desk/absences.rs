//! `/desk/absences`: who is away, who stands in.

use axum::extract::Path;
use office::one_stop::{Absence, NewAbsence};

use super::people::{People, desk_unit};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render},
    pages::work::common::{blame, choices, done, form, form_on, mendable, segment},
    view::{
        Field, Form, Input, Link, Section, Shell,
        desk::{AbsenceLine, AbsencesPage},
    },
};

/// `GET /desk/absences`
pub async fn page(ctx: Ctx) -> PageResult {
    let (s, rows, form) = made(&ctx, &NewAbsence::default()).await?;
    Ok(render(&AbsencesPage { s, rows, form: Some(form) }))
}

async fn made(ctx: &Ctx, typed: &NewAbsence) -> Result<(Shell, Vec<AbsenceLine>, Form), PageError> {
    let (t, office) = (ctx.t, &ctx.app.office);
    let mut s = ctx.shell(Section::Desk, t.msg("desk-absences"), false).await?;
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    let people = People::load(ctx).await?;
    let list = office.absences(&ctx.actor()).await.map_err(|e| ctx.fault(e))?;
    let today = office.today();
    let me = ctx.actor().account;
    let line = |a: &Absence| AbsenceLine {
        who: people.name(ctx, &a.account),
        delegate: people.name(ctx, &a.delegate),
        days: format!("{} – {}", t.date(a.from), t.date(a.to)),
        reason: a.reason.clone().unwrap_or_default(),
        now: a.covers(today),
        cancel: (a.to >= today).then(|| {
            form_on(&s, &format!("/desk/absences/{}/cancel", segment(&a.id)), t.msg("desk-absence-cancel"), Vec::new(), a.version)
        }),
    };
    let rows = list.iter().map(line).collect();
    let unit = desk_unit(ctx)?;
    let colleagues = people.of_unit(ctx, unit);
    let who = if typed.account.is_empty() { me.clone() } else { typed.account.clone() };
    let mut own = colleagues.clone();
    if !own.iter().any(|(login, _)| *login == me) {
        own.insert(0, (me.clone(), people.name(ctx, &me)));
    }
    let others: Vec<(String, String)> = colleagues.into_iter().filter(|(login, _)| *login != who).collect();
    let fields = vec![
        Field::new("account", t.msg("desk-absence-who"), Input::Select).choices(choices(own, &who)).required(),
        Field::new("delegate", t.msg("desk-absence-delegate"), Input::Select).choices(choices(others, &typed.delegate)).required(),
        Field::new("from", t.msg("desk-absence-from"), Input::Date)
            .value(if typed.from.is_empty() { today.to_string() } else { typed.from.clone() })
            .required(),
        Field::new("to", t.msg("desk-absence-to"), Input::Date).value(&typed.to).required(),
        Field::new("reason", t.msg("desk-f-reason"), Input::Text).value(&typed.reason).required(),
    ];
    let form = form(&s, "/desk/absences", t.msg("desk-absence-do"), fields);
    Ok((s, rows, form))
}

/// `POST /desk/absences`
pub async fn declare(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let get = |name: &str| posted.get(name).trim().to_owned();
    let new = NewAbsence { account: get("account"), delegate: get("delegate"), from: get("from"), to: get("to"), reason: get("reason") };
    match ctx.app.office.declare_absence(&ctx.actor(), &new).await {
        Ok(_) => done(ctx, "/desk/absences", "desk-absence"),
        Err(e) if mendable(&e) => {
            let here = ctx.on("/desk/absences");
            let (mut s, rows, mut form) = made(&here, &new).await?;
            blame(&mut s, &mut form.fields, &e, |_| None);
            let page = AbsencesPage { s, rows, form: Some(form) };
            Ok(axum::response::IntoResponse::into_response((axum::http::StatusCode::UNPROCESSABLE_ENTITY, render(&page))))
        }
        Err(e) => Err(ctx.fault(e)),
    }
}

/// `POST /desk/absences/{id}/cancel`
pub async fn cancel(Path(id): Path<String>, posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let version = posted.version()?;
    ctx.app.office.cancel_absence(&ctx.actor(), &id, version).await.map_err(|e| ctx.fault(e))?;
    done(ctx, "/desk/absences", "desk-absence")
}
