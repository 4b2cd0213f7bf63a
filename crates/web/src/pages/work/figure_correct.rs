//! A returned figure, corrected and handed in again: the form holds what was sent and says why it came back.

use axum::extract::Path;
use office::{
    Error,
    programme::{FIGURE, FigureInput, ReportedFigure},
};
use rules::{Refusal, access::Action};

use super::{
    common::{Brought, add, again, blame, done, evidence_fields, evidence_of, form_on, mendable, reported_text, segment, unit_text},
    figures::{ask_back, blamed_field, understood},
    history::Names,
};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render},
    view::{Field, Form, FormPage, Input, Link, Pair, Section},
};

/// What stood in the figure when it came back.
fn as_sent(f: &ReportedFigure) -> FigureInput {
    FigureInput {
        indicator: f.def.indicator.clone(),
        unit: f.record.unit.clone(),
        period: f.def.period.map(|p| p.to_string()).unwrap_or_default(),
        as_of: f.def.as_of.map(|d| d.to_string()).unwrap_or_default(),
        written: f.def.as_written.clone().unwrap_or_default(),
        source: f.def.source.clone(),
        note: f.def.note.as_ref().map(|n| n.vi.clone()).unwrap_or_default(),
        evidence: f.extra.evidence.clone(),
    }
}

/// `GET /figures/{id}/correct`
pub async fn form_page(ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let f = returned(&ctx, &id).await?;
    Ok(render(&page(&ctx, &f, &as_sent(&f), f.record.version).await?))
}

/// The figure, if it came back and the reader may hand it in again.
async fn returned(ctx: &Ctx, id: &str) -> Result<ReportedFigure, PageError> {
    let f = ctx.app.office.reported_figure(&ctx.actor(), id).await.map_err(|e| ctx.fault(e))?;
    ctx.demand(Action::Submit, Some(FIGURE), &f.record.unit)?;
    match f.record.state.as_str() {
        "returned" => Ok(f),
        state => Err(ctx.fault(Error::Refused(Refusal::new("lifecycle.step").with("state", state).with("step", "submit")))),
    }
}

async fn page(ctx: &Ctx, f: &ReportedFigure, typed: &FigureInput, version: i64) -> Result<FormPage, PageError> {
    let (t, world) = (ctx.t, ctx.app.office.world());
    let indicator = world.indicator(&f.def.indicator);
    let name = indicator.map_or_else(|| f.def.indicator.clone(), |i| t.pick(&i.name).to_owned());
    let mut s = ctx.shell(Section::Indicators, t.msg("figure-again"), false).await?;
    let home = format!("/figures/{}", f.record.id);
    s.crumbs = vec![Link::new(s.link("/approvals"), t.msg("nav-approvals")), Link::new(s.link(&home), name.clone())];
    let mut fields = vec![
        Field::new("period", t.msg("field-period"), Input::Text).value(&typed.period).hint(t.msg("field-period-hint")).required(),
        Field::new("as_of", t.msg("field-as-of"), Input::Date).value(&typed.as_of).hint(t.msg("field-as-of-hint")),
        Field::new("written", t.msg("field-value"), Input::Number).value(&typed.written).hint(t.msg("field-value-hint")).required(),
        Field::new("source", t.msg("field-source"), Input::Text).value(&typed.source).hint(t.msg("field-source-hint")).required(),
        Field::new("note", t.msg("field-remark"), Input::Long(2)).value(&typed.note),
    ];
    fields.extend(evidence_fields(ctx, &typed.evidence).await);
    let form = Form { cancel: s.link(&home), ..form_on(&s, &format!("{home}/correct"), t.msg("figure-again"), fields, version) };
    let mut why = Vec::new();
    add(&mut why, t.msg("returned-reason"), f.extra.returned_reason.clone().unwrap_or_default());
    add(&mut why, t.msg("returned-by"), returned_by(ctx, f).await?);
    add(&mut why, t.msg("field-indicator"), name);
    add(&mut why, t.msg("field-unit"), unit_text(t, &world, &f.record.unit));
    add(&mut why, t.msg("figure-sent-before"), reported_text(t, indicator, f));
    Ok(FormPage {
        s,
        lead: t.msg("figure-again-lead"),
        form,
        understood: Vec::new(),
        clash: Vec::new(),
        beside: why,
        beside_title: t.msg("figure-again-beside"),
    })
}

/// Who returned it, and when.
async fn returned_by(ctx: &Ctx, f: &ReportedFigure) -> Result<String, PageError> {
    let entries = ctx.app.office.store().history(FIGURE, f.record.id).await.map_err(|e| ctx.fault(e))?;
    let names = Names::load(ctx).await?;
    let last = entries.iter().rev().find(|e| e.kind == "return");
    Ok(last.map(|e| format!("{}, {}", names.of(ctx.t, &e.actor), ctx.t.moment(e.at))).unwrap_or_default())
}

/// `POST /figures/{id}/correct`
pub async fn correct(Path(id): Path<String>, posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let f = office.reported_figure(&ctx.actor(), &id).await.map_err(|e| ctx.fault(e))?;
    // Before any file is stored.
    ctx.demand(Action::Submit, Some(FIGURE), &f.record.unit)?;
    let version = posted.version()?;
    let get = |n: &str| posted.get(n).trim().to_owned();
    let Brought { stored, wrong } = evidence_of(&posted, Some(&f.record)).await?;
    let typed = FigureInput {
        indicator: f.def.indicator.clone(),
        unit: f.record.unit.clone(),
        period: get("period"),
        as_of: get("as_of"),
        written: get("written"),
        source: get("source"),
        note: get("note"),
        evidence: stored,
    };
    if f.record.version == version
        && f.record.state == "returned"
        && wrong.is_none()
        && let Some(asked) = ask_back(&posted, &typed, Some(&f.record.id.to_string())).await?
    {
        let mut page = page(&ctx.on(&format!("/figures/{}/correct", segment(&id))), &f, &typed, version).await?;
        page.understood = understood(ctx, &typed);
        asked.put(ctx, &mut page);
        return Ok(render(&page));
    }
    let missing = [("period", &typed.period), ("written", &typed.written)].into_iter().find(|(_, v)| v.is_empty());
    let result = match (wrong, missing) {
        // Somebody else handed it in meanwhile: that is said first, whatever its state is now.
        _ if f.record.version != version => Err(Error::Store(store::Error::Conflict { current: Box::new(f.record.clone()) })),
        (Some(e), _) => Err(e),
        (None, Some((name, _))) => Err(Error::Refused(Refusal::new("input.required").with("field", name))),
        (None, None) => office.correct_figure(&ctx.actor(), &id, version, &typed).await,
    };
    let e = match result {
        Ok(()) => return done(ctx, &format!("/figures/{}", segment(&id)), "figure-sent"),
        Err(e) => e,
    };
    let stale = matches!(e, Error::Store(store::Error::Conflict { .. }));
    if !stale && !mendable(&e) {
        return Err(ctx.fault(e));
    }
    let now = office.reported_figure(&ctx.actor(), &id).await.map_err(|e| ctx.fault(e))?;
    let mut page = page(&ctx.on(&format!("/figures/{}/correct", segment(&id))), &now, &typed, now.record.version).await?;
    if stale {
        page.clash = compare(ctx, &now, &typed, &page.form);
        if now.record.state != "returned" {
            // Nothing is left to correct: what was typed stays to be read, and there is no button.
            page.form.submit = String::new();
        }
    } else {
        page.understood = understood(ctx, &typed);
        blame(&mut page.s, &mut page.form.fields, &e, blamed_field);
    }
    Ok(again(&page))
}

/// Field, theirs, yours.
fn compare(ctx: &Ctx, now: &ReportedFigure, typed: &FigureInput, form: &Form) -> Vec<(String, String, String)> {
    let theirs = as_sent(now);
    let pairs: [Pair; 1] = [Pair::new(ctx.t.msg("col-status"), super::common::state_text(ctx.t, &now.record.state))];
    let mut out: Vec<(String, String, String)> = pairs.into_iter().map(|p| (p.label, p.value, "–".to_owned())).collect();
    let each = [
        ("period", &theirs.period, &typed.period),
        ("as_of", &theirs.as_of, &typed.as_of),
        ("written", &theirs.written, &typed.written),
        ("source", &theirs.source, &typed.source),
        ("note", &theirs.note, &typed.note),
    ];
    for (name, a, b) in each.into_iter().filter(|(_, a, b)| a != b) {
        let label = form.fields.iter().find(|f| f.name == name).map_or_else(|| name.to_owned(), |f| f.label.clone());
        out.push((label, a.clone(), b.clone()));
    }
    out
}
