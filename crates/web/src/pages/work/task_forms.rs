//! What is written about tasks: assigning, reporting with evidence, answering, waiting for guidance.

use axum::extract::Path;
use office::{
    Error,
    programme::{NewTask, TASK, Task, UpdateInput},
};
use rules::{Refusal, access::Action};
use store::Record;

use super::{
    common::{
        self, Brought, again, blame, choices, done, evidence_fields, evidence_of, form, form_on, form_page, mendable, segment, state_text,
    },
    history::value_text,
};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render},
    view::{Choice, Field, Form, FormPage, Input, Section, Shell},
};

/// Units shown as boxes to tick; with more, the whole level below is offered instead.
const BOXES_MAX: usize = 60;

/// What a person typed into the update form.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    progress: String,
    text: String,
    difficulties: String,
    proposals: String,
    submit: bool,
    evidence: Vec<String>,
}

impl Typed {
    /// Before anybody typed: the progress as it stands.
    #[must_use]
    pub fn of(task: &Task) -> Self {
        Self { progress: task.def.progress.to_string(), ..Self::default() }
    }

    fn posted(p: &Posted, evidence: Vec<String>) -> Self {
        let get = |n: &str| p.get(n).to_owned();
        Self {
            progress: get("progress"),
            text: get("text"),
            difficulties: get("difficulties"),
            proposals: get("proposals"),
            submit: p.checked("submit"),
            evidence,
        }
    }
}

/// The unit's report on its task.
pub async fn update_form(ctx: &Ctx, s: &Shell, id: &str, version: i64, typed: &Typed) -> Form {
    let t = ctx.t;
    let mut fields = vec![
        Field::new("progress", t.msg("field-progress"), Input::Number).value(&typed.progress).required(),
        Field::new("text", t.msg("field-note"), Input::Long(3)).value(&typed.text).required(),
        Field::new("difficulties", t.msg("field-difficulties"), Input::Long(2)).value(&typed.difficulties),
        Field::new("proposals", t.msg("field-proposals"), Input::Long(2)).value(&typed.proposals),
    ];
    fields.extend(evidence_fields(ctx, &typed.evidence).await);
    let submit = Field::new("submit", t.msg("field-hand-in"), Input::Check).hint(t.msg("field-hand-in-hint"));
    fields.push(submit.value(if typed.submit { "true" } else { "" }));
    form_on(s, &format!("/tasks/{}/update", segment(id)), t.msg("action-update"), fields, version)
}

/// The unit says that it cannot go on without guidance.
#[must_use]
pub fn wait_form(ctx: &Ctx, s: &Shell, id: &str, version: i64, typed: &str) -> Form {
    let field = Field::new("waiting_note", ctx.t.msg("field-waiting"), Input::Long(2)).hint(ctx.t.msg("field-waiting-hint"));
    form_on(s, &format!("/tasks/{}/wait", segment(id)), ctx.t.msg("action-wait"), vec![field.value(typed).required()], version)
}

/// The reason of an answer.
#[must_use]
pub fn remark(ctx: &Ctx, typed: &str, required: bool) -> Field {
    let f = Field::new("reason", ctx.t.msg(if required { "field-reason" } else { "field-remark" }), Input::Long(2)).value(typed);
    if required { f.required() } else { f }
}

/// The form again: with the fault at its field, or with the two columns of a clash.
async fn shown_again(
    ctx: &Ctx,
    id: &str,
    title: String,
    e: Error,
    form: impl AsyncFnOnce(&Shell, i64) -> Form,
    version: i64,
) -> PageResult {
    let current = match &e {
        Error::Store(store::Error::Conflict { current }) => Some(current.clone()),
        e if mendable(e) => None,
        _ => return Err(ctx.fault(e)),
    };
    let here = ctx.on(&format!("/tasks/{}", segment(id)));
    let mut s = here.shell(Section::Tasks, title, false).await?;
    let version = current.as_ref().map_or(version, |c| c.version);
    let mut form = form(&s, version).await;
    form.cancel = s.link(&s.path);
    let mut clash = Vec::new();
    match &current {
        Some(current) => clash = compare(&here, current, &form),
        None => blame(&mut s, &mut form.fields, &e, |code| (code == "task.progress").then_some("progress")),
    }
    let lead = here.t.msg("task-form-lead");
    Ok(again(&FormPage { s, lead, form, understood: Vec::new(), clash, beside: Vec::new(), beside_title: String::new() }))
}

/// Field, theirs, yours: what stands in the record now beside what was typed.
fn compare(ctx: &Ctx, current: &Record, form: &Form) -> Vec<(String, String, String)> {
    let (t, world) = (ctx.t, ctx.app.office.world());
    let fields = current.fields().unwrap_or_default();
    let last = fields.get("updates").and_then(|u| u.as_array()).and_then(|u| u.last()).cloned().unwrap_or_default();
    let mut out = vec![(t.msg("col-status"), state_text(t, &current.state), "–".to_owned())];
    for f in form.fields.iter().filter(|f| !f.value.is_empty() && f.input != Input::File) {
        let theirs = fields.get(&f.name).or_else(|| last.get(&f.name)).unwrap_or(&serde_json::Value::Null);
        out.push((f.label.clone(), value_text(t, &world, TASK, &f.name, theirs), f.value.clone()));
    }
    out
}

/// `POST /tasks/{id}/update`
pub async fn update(Path(id): Path<String>, posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let task = office.task(&ctx.actor(), &id, office.today()).await.map_err(|e| ctx.fault(e))?;
    // Before any file is stored.
    ctx.demand(Action::Submit, Some(TASK), &task.record.unit)?;
    let version = posted.version()?;
    let Brought { stored, wrong } = evidence_of(&posted, Some(&task.record)).await?;
    let typed = Typed::posted(&posted, stored);
    if let Some(e) = wrong {
        return shown_again(ctx, &id, ctx.t.msg("action-update"), e, async |s, v| update_form(ctx, s, &id, v, &typed).await, version).await;
    }
    let input = UpdateInput {
        // A text that is no such number is refused by the same rule as 101.
        progress: typed.progress.trim().trim_end_matches('%').trim().parse().unwrap_or(u8::MAX),
        text: typed.text.clone(),
        difficulties: typed.difficulties.clone(),
        proposals: typed.proposals.clone(),
        evidence: typed.evidence.clone(),
        submit: typed.submit,
    };
    match office.update_task(&ctx.actor(), &id, version, &input).await {
        Ok(()) => done(ctx, &format!("/tasks/{}", segment(&id)), if input.submit { "task-submitted" } else { "task-updated" }),
        Err(Error::Refused(r)) if r.code == "task.progress" => {
            let e = Error::Refused(Refusal::new("task.progress").with("value", &typed.progress));
            shown_again(ctx, &id, ctx.t.msg("action-update"), e, async |s, v| update_form(ctx, s, &id, v, &typed).await, version).await
        }
        Err(e) => {
            shown_again(ctx, &id, ctx.t.msg("action-update"), e, async |s, v| update_form(ctx, s, &id, v, &typed).await, version).await
        }
    }
}

/// `POST /tasks/{id}/approve`
pub async fn approve(Path(id): Path<String>, posted: Posted) -> PageResult {
    answer(id, posted, true).await
}

/// `POST /tasks/{id}/return`
pub async fn send_back(Path(id): Path<String>, posted: Posted) -> PageResult {
    answer(id, posted, false).await
}

async fn answer(id: String, posted: Posted, good: bool) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let (version, reason) = (posted.version()?, posted.get("reason").to_owned());
    let path = format!("/tasks/{}", segment(&id));
    match office.answer_task(&ctx.actor(), &id, version, good, &reason).await {
        Ok(()) => done(ctx, &path, if good { "approved" } else { "returned" }),
        Err(e) => {
            let (verb, label) = if good { ("approve", "action-approve") } else { ("return", "action-return") };
            let action = format!("{path}/{verb}");
            let make =
                async |s: &Shell, v| Form { grave: !good, ..form_on(s, &action, ctx.t.msg(label), vec![remark(ctx, &reason, !good)], v) };
            shown_again(ctx, &id, ctx.t.msg(label), e, make, version).await
        }
    }
}

/// `POST /tasks/{id}/wait`
pub async fn wait(Path(id): Path<String>, posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let (version, note) = (posted.version()?, posted.get("waiting_note").to_owned());
    match office.wait_task(&ctx.actor(), &id, version, &note).await {
        Ok(()) => done(ctx, &format!("/tasks/{}", segment(&id)), "task-waiting"),
        Err(e) => shown_again(ctx, &id, ctx.t.msg("action-wait"), e, async |s, v| wait_form(ctx, s, &id, v, &note), version).await,
    }
}

/// `GET /tasks/new`
pub async fn new(ctx: Ctx) -> PageResult {
    ctx.demand(Action::Assign, Some(TASK), &ctx.top()).or_else(|e| if somewhere(&ctx) { Ok(()) } else { Err(e) })?;
    let get = |n: &str| ctx.param(n).unwrap_or_default().to_owned();
    let typed =
        NewTask { directive: get("directive"), target: get("target"), parent: get("parent"), lead: get("lead"), ..NewTask::default() };
    let fields = new_fields(&ctx, &typed, &[], "").await;
    let page = form_page(&ctx, Section::Tasks, ctx.t.msg("task-new-title"), ctx.t.msg("task-new-lead"), |s| Form {
        cancel: s.link("/tasks"),
        ..form(s, "/tasks", ctx.t.msg("action-assign"), fields)
    });
    Ok(render(&page.await?))
}

/// The reader may give work to some unit, if not to all.
fn somewhere(ctx: &Ctx) -> bool {
    let world = ctx.app.office.world();
    !rules::access::scope(&ctx.actor(), Action::Assign, Some(TASK), &world.units).is_empty()
}

async fn new_fields(ctx: &Ctx, typed: &NewTask, each: &[String], below: &str) -> Vec<Field> {
    let (t, office) = (ctx.t, &ctx.app.office);
    let world = office.world();
    let may = rules::access::scope(&ctx.actor(), Action::Assign, Some(TASK), &world.units);
    let text = |name: &str, label: &str, rows: u8, value: &str| {
        Field::new(name, t.msg(label), if rows == 1 { Input::Text } else { Input::Long(rows) }).value(value)
    };
    let directives = office.directives(&ctx.actor()).await.unwrap_or_default();
    let directives = directives.into_iter().map(|d| {
        let number = d.def.number.clone().unwrap_or_else(|| d.def.id.clone());
        (d.def.id, shorten(&format!("{number} – {}", t.pick(&d.def.title))))
    });
    let targets = office.targets(&ctx.actor()).await.unwrap_or_default();
    let targets = targets.into_iter().map(|x| (x.def.id.clone(), shorten(&format!("{} – {}", x.def.id, t.pick(&x.def.title)))));
    let none = || std::iter::once((String::new(), t.msg("choice-none")));
    let lead = ctx.unit_choices(&typed.lead, Some(t.msg("choice-choose")), |u| may.contains(u));
    let below_choices = [("", t.msg("cascade-one")), ("children", t.msg("cascade-children")), ("subtree", t.msg("cascade-subtree"))]
        .map(|(v, x)| (v.to_owned(), x));
    let mut out = vec![
        text("title", "six-work", 2, &typed.title).hint(t.msg("task-title-hint")).required(),
        Field::new("lead", t.msg("six-who"), Input::Select).choices(lead).hint(t.msg("task-lead-hint")).conditional(),
        Field::new("below", t.msg("field-cascade"), Input::Select)
            .choices(choices(below_choices, below))
            .hint(t.msg("field-cascade-hint"))
            .required(),
    ];
    let boxes: Vec<Choice> = ctx.unit_choices("", None, |u| may.contains(u) && world.units.unit(u).level >= 4);
    let ticked = |list: Vec<Choice>, on: &[String]| -> Vec<Choice> {
        list.into_iter().map(|c| Choice { selected: on.contains(&c.value), text: c.text.trim_matches('\u{a0}').to_owned(), ..c }).collect()
    };
    if boxes.len() <= BOXES_MAX {
        out.push(Field::new("each", t.msg("field-each"), Input::Boxes).choices(ticked(boxes, each)).hint(t.msg("field-each-hint")));
    }
    // Whoever leads may ask any unit of the tenant for help; it sees the task, and is not answerable for it.
    let helpers = ctx.unit_choices("", None, |_| true);
    let cooperating = Field::new("cooperating", t.msg("field-cooperating"), Input::Boxes).hint(t.msg("field-cooperating-hint"));
    out.push(cooperating.choices(ticked(helpers, &typed.cooperating)));
    out.extend([
        text("responsibility", "six-responsibility", 2, &typed.responsibility).required(),
        text("authority", "six-authority", 2, &typed.authority).required(),
        Field::new("starts_on", t.msg("field-starts-on"), Input::Date).value(&typed.starts_on).hint(t.msg("field-starts-on-hint")),
        Field::new("deadline", t.msg("six-time"), Input::Date).value(&typed.deadline).hint(t.msg("task-deadline-hint")).conditional(),
        text("product", "six-product", 2, &typed.product).required(),
        Field::new("directive", t.msg("col-directive"), Input::Select).choices(choices(none().chain(directives), &typed.directive)),
        Field::new("target", t.msg("col-target"), Input::Select).choices(choices(none().chain(targets), &typed.target)),
        text("parent", "task-parent", 1, &typed.parent).hint(t.msg("task-parent-hint")),
        Field::new("recurring", t.msg("status-recurring"), Input::Check).value(if typed.recurring { "true" } else { "" }),
        Field::new("pilot", t.msg("status-pilot"), Input::Check).value(if typed.pilot { "true" } else { "" }),
    ]);
    out
}

fn shorten(text: &str) -> String {
    if text.chars().count() > 110 { text.chars().take(110).chain(['…']).collect() } else { text.to_owned() }
}

/// `POST /tasks`
pub async fn create(posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let get = |n: &str| posted.get(n).trim().to_owned();
    let typed = NewTask {
        title: get("title"),
        lead: get("lead"),
        cooperating: posted.all("cooperating").map(str::to_owned).collect(),
        responsibility: get("responsibility"),
        authority: get("authority"),
        starts_on: get("starts_on"),
        deadline: get("deadline"),
        product: get("product"),
        directive: get("directive"),
        target: get("target"),
        parent: get("parent"),
        recurring: posted.checked("recurring"),
        pilot: posted.checked("pilot"),
    };
    let ticked: Vec<String> = posted.all("each").map(str::to_owned).collect();
    let below = get("below");
    let mut each = ticked.clone();
    if each.is_empty() && !below.is_empty() {
        each = below_of(ctx, &typed.lead, &below)?;
    }
    let once = common::once(&posted, &[]);
    if let Some(ids) = common::sent_before(&posted, once.as_ref()).await? {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        return assigned(ctx, &ids, &typed.directive);
    }
    let missing = missing(&typed, &each);
    let result = match missing.first() {
        Some(field) => Err(Error::Refused(Refusal::new("input.required").with("field", *field))),
        None => office.assign_task_once(&ctx.actor(), &typed, &each, once).await,
    };
    match result {
        Ok(ids) => assigned(ctx, &ids, &typed.directive),
        Err(e) if mendable(&e) => {
            let here = ctx.on("/tasks/new");
            let fields = new_fields(&here, &typed, &ticked, &below).await;
            let page = form_page(&here, Section::Tasks, here.t.msg("task-new-title"), here.t.msg("task-new-lead"), |s| Form {
                cancel: s.link("/tasks"),
                ..form(s, "/tasks", here.t.msg("action-assign"), fields)
            });
            let mut page = page.await?;
            for field in &missing {
                let e = Error::Refused(Refusal::new("input.required").with("field", *field));
                blame(&mut page.s, &mut page.form.fields, &e, |_| None);
            }
            if !missing.is_empty() {
                return Ok(again(&page));
            }
            blame(&mut page.s, &mut page.form.fields, &e, |code| match code {
                "task.dates" => Some("deadline"),
                "not_found" => Some("parent"),
                _ => None,
            });
            Ok(again(&page))
        }
        Err(e) => Err(ctx.fault(e)),
    }
}

/// What a task cannot be given without, in the order of the form: all of it is named at once.
fn missing(typed: &NewTask, each: &[String]) -> Vec<&'static str> {
    let empty = |text: &str| rules::text::clean(text).is_empty();
    let fields = [
        ("title", empty(&typed.title)),
        ("lead", each.is_empty() && empty(&typed.lead)),
        ("responsibility", empty(&typed.responsibility)),
        ("authority", empty(&typed.authority)),
        ("deadline", empty(&typed.deadline) && !typed.recurring),
        ("product", empty(&typed.product)),
    ];
    fields.into_iter().filter(|(_, missing)| *missing).map(|(field, _)| field).collect()
}

/// To the task that was given, or to the list where several stand.
fn assigned(ctx: &Ctx, ids: &[String], directive: &str) -> PageResult {
    let path = match (ids, directive) {
        ([one], _) => format!("/tasks/{}", segment(one)),
        (_, "") => "/tasks".to_owned(),
        (_, d) => format!("/tasks?{}", serde_urlencoded::to_string([("directive", d)]).unwrap_or_default()),
    };
    done(ctx, &path, "task-assigned")
}

/// Units to which the work goes down: direct children, or every commune below.
fn below_of(ctx: &Ctx, lead: &str, below: &str) -> Result<Vec<String>, PageError> {
    let world = ctx.app.office.world();
    let day = ctx.app.office.today();
    let Some(top) = world.unit_idx(lead, day) else { return Ok(Vec::new()) };
    let units: Vec<u32> = match below {
        "children" => world.units.children(top).iter().copied().filter(|u| world.units.unit(*u).is_valid_on(day)).collect(),
        _ => world.units.subtree_on(top, day).filter(|u| *u != top && world.units.unit(*u).level == 4).collect(),
    };
    Ok(units.into_iter().map(|u| world.units.key(u).to_string()).collect())
}
