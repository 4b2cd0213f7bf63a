//! The steps of a record's lifecycle as forms, and taking one.

use axum::extract::Path;
use office::{Error, registers::StepInput};
use rules::{access::Actor, lifecycle::Transition};
use store::Record;

use super::{fields, segment};
use crate::{
    http::{Ctx, PageError, PageResult, Posted},
    pages::work::common::{again, blame, done, form_on, mendable},
    view::{Field, Form, FormPage, Input, Link, Section, Shell},
};

fn path_of(record: &Record) -> String {
    format!("/records/{}/{}", segment(&record.register), record.id)
}

/// One form for each step that this reader may take now; what is refused is not offered.
pub fn forms(ctx: &Ctx, s: &Shell, record: &Record, actor: &Actor) -> Result<Vec<Form>, PageError> {
    let steps = ctx.app.office.steps(actor, record).map_err(|e| ctx.fault(e))?;
    Ok(steps.iter().map(|t| form(ctx, s, record, t, "")).collect())
}

fn form(ctx: &Ctx, s: &Shell, record: &Record, step: &Transition, typed: &str) -> Form {
    let label = ctx.t.msg(if step.needs_reason { "field-reason" } else { "field-remark" });
    let reason = Field::new("reason", label, Input::Long(2)).value(typed);
    let reason = if step.needs_reason { reason.required() } else { reason };
    let action = format!("{}/steps/{}", path_of(record), segment(&step.id));
    let form = form_on(s, &action, ctx.t.pick(&step.label).to_owned(), vec![reason], record.version);
    Form { grave: step.needs_reason, ..form }
}

/// `POST /records/{register}/{id}/steps/{transition}`
pub async fn step(Path((register, id, transition)): Path<(String, String, String)>, posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let actor = super::signed_in(ctx)?;
    let (version, reason) = (posted.version()?, posted.get("reason").to_owned());
    let input = StepInput { transition: transition.clone(), reason: reason.clone(), ..StepInput::default() };
    let e = match office.step_record(&actor, &register, &id, version, &input).await {
        Ok(_) => return done(ctx, &format!("/records/{}/{}", segment(&register), segment(&id)), "record-stepped"),
        Err(e) => e,
    };
    let stale = matches!(e, Error::Store(store::Error::Conflict { .. }));
    if !stale && !mendable(&e) {
        return Err(ctx.fault(e));
    }
    let record = office.find(&register, &id).await.map_err(|e| ctx.fault(e))?;
    again_with(ctx, &record, &actor, &transition, &reason, &e, stale).await
}

/// The form once more: with its fault, or beside what stands now. A step that is no longer open has no button.
async fn again_with(ctx: &Ctx, record: &Record, actor: &Actor, transition: &str, typed: &str, e: &Error, stale: bool) -> PageResult {
    let (t, world) = (ctx.t, ctx.app.office.world());
    let declared = world.register(&record.register).map_err(|e| ctx.fault(e))?;
    let lifecycle = fields::lifecycle(declared).ok_or_else(|| ctx.fault(Error::not_found(transition)))?;
    let wanted = lifecycle.transition(transition).ok_or_else(|| ctx.fault(Error::not_found(transition)))?;
    let open = ctx.app.office.steps(actor, record).map_err(|e| ctx.fault(e))?.iter().any(|x| x.id == transition);
    let here = ctx.on(&path_of(record));
    let title = t.pick(&wanted.label).to_owned();
    let mut s = here.shell(Section::Registers, title.clone(), false).await?;
    let values = record.fields().map_err(|e| ctx.fault(e))?;
    // The name may be personal; here it is not needed.
    s.crumbs = vec![Link::new(s.link(&s.path), fields::name(ctx, &world, declared, record, &values, false))];
    let mut form = Form { cancel: s.link(&s.path), ..form(ctx, &s, record, wanted, typed) };
    if !open {
        form.submit = String::new();
        form.fields.clear();
    }
    let mut clash = Vec::new();
    if stale {
        let state = |id: &str| fields::state_label(ctx, &world, &record.register, id);
        clash.push((t.msg("col-state"), state(&record.state), state(&wanted.to)));
        clash.push((t.msg("record-version"), t.int(record.version), "–".to_owned()));
        if !typed.is_empty() {
            clash.push((t.msg("field-reason"), "–".to_owned(), typed.to_owned()));
        }
    } else {
        blame(&mut s, &mut form.fields, e, |_| None);
    }
    let lead = t.msg(if open { "task-form-lead" } else { "step-closed-lead" });
    Ok(again(&FormPage { s, lead, form, understood: Vec::new(), clash, beside: Vec::new(), beside_title: String::new() }))
}
