//! `/desk/complaints`: what citizens say is wrong, for the unit's leaders and whoever was given it.

use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use office::{Error, one_stop::Complaint};

use super::people::{People, desk_unit};
use crate::{
    http::{
        Ctx, PageError, PageResult, Posted,
        error::{render, sentence},
    },
    pages::work::common::{done, form_on, mendable, segment, unit_text},
    view::{
        Field, Input, Link, Notice, Pair, Section, Shell,
        desk::{ComplaintLine, ComplaintsPage, Door},
    },
};

/// `GET /desk/complaints`
pub async fn page(ctx: Ctx) -> PageResult {
    Ok(render(&shown(&ctx, None).await?))
}

async fn shown(ctx: &Ctx, wrong: Option<(&str, &Posted, Error)>) -> Result<ComplaintsPage, PageError> {
    let t = ctx.t;
    let unit = desk_unit(ctx)?;
    let answered = ctx.param("show") == Some("answered");
    let list = ctx.app.office.complaints(&ctx.actor(), unit, answered).await.map_err(|e| ctx.fault(e))?;
    let mut s = ctx.shell(Section::Desk, t.msg("desk-complaints"), false).await?;
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    let people = People::load(ctx).await?;
    let key = ctx.app.office.world().units.key(unit).to_string();
    let door = |on: bool, key_: &str, show: &str| Door {
        href: s.link_with("/desk/complaints", &[("unit", key.as_str()), ("show", show)]),
        text: t.msg(key_),
        on,
    };
    let tabs = vec![door(!answered, "desk-complaints-open", "open"), door(answered, "desk-complaints-answered", "answered")];
    let mut lines: Vec<ComplaintLine> = list.iter().map(|c| line(ctx, &s, &people, unit, c)).collect();
    if let Some((id, posted, e)) = wrong {
        let text = sentence(&e, t);
        match lines.iter_mut().find(|l| l.id == id) {
            // What was written stays.
            Some(line) => {
                for f in line.forms.iter_mut().flat_map(|f| f.fields.iter_mut()) {
                    let typed = posted.get(&f.name);
                    if !typed.is_empty() {
                        f.value = typed.to_owned();
                        f.choices.iter_mut().for_each(|c| c.selected = c.value == typed);
                    }
                }
                line.error = text;
            }
            None => s.notices.push(Notice { good: false, text }),
        }
    }
    Ok(ComplaintsPage { unit: ctx.unit_name(unit), tabs, lines, s })
}

fn line(ctx: &Ctx, s: &Shell, people: &People, unit: u32, c: &Complaint) -> ComplaintLine {
    let (t, office) = (ctx.t, &ctx.app.office);
    let mut facts = vec![
        Pair {
            label: t.msg("desk-complaint-about"),
            value: c.dossier.clone(),
            href: s.link(&format!("/desk/dossiers/{}", segment(&c.dossier))),
        },
        Pair::new(t.msg("desk-complaint-unit"), unit_text(t, &office.world(), &c.unit)),
        Pair::new(t.msg("desk-complaint-sent"), t.moment(c.filed_at)),
    ];
    facts.extend(c.due_at.map(|at| Pair::new(t.msg("desk-complaint-due"), t.moment(at))));
    facts.extend(c.basis.as_ref().map(|b| {
        let text = if c.to_be_confirmed { t.msg1("desk-complaint-basis-open", "basis", b.as_str()) } else { b.clone() };
        Pair::new(t.msg("desk-complaint-basis"), text)
    }));
    let given = c.assignee.as_ref().map_or_else(|| t.msg("desk-complaint-nobody"), |a| people.name(ctx, a));
    facts.push(Pair::new(t.msg("desk-complaint-given"), given));
    facts.extend(c.answered_at.map(|at| Pair::new(t.msg("desk-complaint-answered-at"), t.moment(at))));
    let action = |act: &str| format!("/desk/complaints/{}/{act}", segment(&c.id));
    let mut forms = Vec::new();
    if c.may_answer {
        let answer =
            Field::new("answer", t.msg("desk-complaint-answer"), Input::Long(4)).hint(t.msg("desk-complaint-answer-hint")).required();
        forms.push(form_on(s, &action("answer"), t.msg("desk-complaint-do-answer"), vec![answer], c.version));
    }
    if c.may_assign {
        let list = people.choices(ctx, unit, c.assignee.as_deref().unwrap_or_default(), t.msg("desk-bulk-nobody"));
        let to = Field::new("account", t.msg("desk-complaint-given"), Input::Select).choices(list).required();
        forms.push(form_on(s, &action("assign"), t.msg("desk-complaint-do-assign"), vec![to], c.version));
    }
    ComplaintLine {
        id: c.id.clone(),
        code: c.code.clone(),
        kind: t.msg1("word-complaint-kind", "kind", c.kind.id()),
        text: c.text.clone(),
        late: c.state != "answered" && c.due_at.is_some_and(|due| due < office.now()),
        facts,
        answer: c.answer.clone().unwrap_or_default(),
        forms,
        error: String::new(),
    }
}

/// `POST /desk/complaints/{id}/{act}`
pub async fn act(Path((id, act)): Path<(String, String)>, posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let (actor, version) = (ctx.actor(), posted.version()?);
    let result = match act.as_str() {
        "answer" => office.answer_complaint(&actor, &id, version, posted.get("answer")).await,
        "assign" => office.assign_complaint(&actor, &id, version, posted.get("account")).await,
        _ => Err(Error::not_found(&act)),
    };
    match result {
        Ok(_) => done(ctx, "/desk/complaints", "complaint"),
        Err(e) if mendable(&e) || matches!(&e, Error::Store(store::Error::Conflict { .. })) => {
            let clash = matches!(&e, Error::Store(store::Error::Conflict { .. }));
            let status = if clash { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            let page = shown(&ctx.on("/desk/complaints"), Some((&id, &posted, e))).await?;
            Ok((status, render(&page)).into_response())
        }
        Err(e) => Err(ctx.fault(e)),
    }
}
