//! What the office knows of the person at the counter: earlier dossiers, duplicates, electronic papers.

use office::{
    one_stop::{Duplicate, ReusablePaper},
    personal::Through,
};
use serde_json::Value;
use store::ListQuery;

use super::{
    super::{DOSSIER, words},
    typed::Typed,
};
use crate::{
    http::{Ctx, PageError},
    pages::work::common::segment,
    view::{Link, Shell},
};

/// Earlier dossiers of one identity number that are looked at.
const KNOWN: i64 = 20;

/// Earlier dossiers of the person that this officer works on; opening the newest one is a look at its data, and is kept as one.
pub(super) async fn known(ctx: &Ctx, id_number: &str, typed: &mut Typed) -> Result<String, PageError> {
    if id_number.len() < 9 {
        return Ok(String::new());
    }
    let office = &ctx.app.office;
    let query = ListQuery { register: DOSSIER.into(), search: id_number.to_owned(), limit: KNOWN, ..ListQuery::default() };
    let page = office.first_of(&ctx.actor(), query).await.map_err(|e| ctx.fault(e))?;
    let of = |r: &store::Record, name: &str| {
        r.fields().ok().and_then(|f| f.get(name).and_then(Value::as_str).map(str::to_owned)).unwrap_or_default()
    };
    let Some(newest) = page.records.iter().find(|r| of(r, "applicant_id_number") == id_number) else {
        return Ok(ctx.t.msg("desk-unknown"));
    };
    let opened = office.open_record(&ctx.actor(), DOSSIER, &newest.id.to_string(), Through::Page).await.map_err(|e| ctx.fault(e))?;
    if !opened.clear {
        return Ok(ctx.t.msg("desk-unknown"));
    }
    for (field, name) in
        [("name", "applicant_name"), ("phone", "applicant_phone"), ("address", "applicant_address"), ("email", "applicant_email")]
    {
        typed.set(field, &of(&opened.record, name));
    }
    Ok(ctx.t.msg1("desk-known", "code", opened.record.key.as_deref().unwrap_or_default()))
}

/// What the person has in electronic form already.
pub(super) async fn papers(ctx: &Ctx, unit: &str, id_number: &str) -> Result<Vec<ReusablePaper>, PageError> {
    if id_number.len() < 9 {
        return Ok(Vec::new());
    }
    ctx.app.office.papers_at_counter(&ctx.actor(), unit, id_number).await.map_err(|e| ctx.fault(e))
}

pub(super) fn duplicate_lines(ctx: &Ctx, s: &Shell, list: &[Duplicate]) -> Vec<(Link, String)> {
    let t = ctx.t;
    let text = |d: &Duplicate| {
        let date = t.date(d.filed_at.local_date());
        if d.open {
            t.msg1("desk-duplicate-open", "date", date)
        } else {
            t.msg2("desk-duplicate-closed", "status", words::state_text(t, &d.state), "date", date)
        }
    };
    let (here, elsewhere): (Vec<_>, Vec<_>) = list.iter().partition(|d| !d.id.is_empty());
    let there = (!elsewhere.is_empty()).then(|| (Link::new(String::new(), String::new()), t.msg("desk-duplicate-elsewhere")));
    here.into_iter()
        .map(|d| (Link::new(s.link(&format!("/desk/dossiers/{}", segment(&d.id))), d.code.clone()), text(d)))
        .chain(there)
        .collect()
}
