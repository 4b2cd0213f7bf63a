//! Nhiệm vụ: the list one can filter, sort and export, and the page of one task with what the reader may do now.

use std::cmp::Ordering;

use axum::{extract::Path, response::Response};
use faces::csv_export::{Cell, CsvWriter, Delimiter};
use office::programme::{DIRECTIVE, TARGET, TASK, Task, TaskFilter};
use rules::{access::Action, target::Status};

use super::{
    common::{self, PAGE, add, add_link, date_or_unknown, form_on, mark_of, pick, segment, state_text, task_row, unit_text, why},
    history::{self, Names},
    task_forms,
};
use crate::{
    chart,
    http::{Ctx, PageError, PageResult, error::render},
    i18n::Lang,
    pages::show::settle,
    view::{Chip, Column, Form, Mark, Pager, Pair, Section, Shell, TaskListPage, TaskPage},
};

/// Rows of one export at most: far beyond any programme, and bounded.
const EXPORT_MAX: usize = 20_000;

/// Columns that can be sorted: name in the address, key of the head.
const COLUMNS: [(&str, &str); 6] = [
    ("status", "col-status"),
    ("title", "col-title"),
    ("unit", "col-unit"),
    ("progress", "col-progress"),
    ("", "col-product"),
    ("deadline", "col-deadline"),
];

/// How two tasks stand to each other in a list.
type Order<'a> = Box<dyn Fn(&Task, &Task) -> Ordering + 'a>;

struct List {
    all: Vec<Task>,
    /// Those of the chosen status, in the chosen order.
    shown: Vec<Task>,
}

async fn read(ctx: &Ctx) -> Result<List, PageError> {
    let day = ctx.day()?;
    let filter = TaskFilter {
        unit: ctx.state.unit.as_ref().map(|_| ctx.unit()).transpose()?,
        status: None,
        directive: ctx.param("directive").map(str::to_owned),
        search: ctx.param("q").unwrap_or_default().to_owned(),
    };
    let all = ctx.app.office.tasks(&ctx.actor(), &filter, day).await.map_err(|e| ctx.fault(e))?;
    let status = ctx.param("status").and_then(|s| s.parse::<Status>().ok());
    let mut shown: Vec<Task> = all.iter().filter(|t| status.is_none_or(|s| s == t.assessment.status)).cloned().collect();
    let sort = ctx.param("sort").unwrap_or_default();
    let (name, down) = sort.strip_prefix('-').map_or((sort, false), |n| (n, true));
    let world = ctx.app.office.world();
    let text = |a: &str, b: &str| rules::text::compare(a, b);
    let order: Option<Order<'_>> = match name {
        "title" => Some(Box::new(move |a, b| text(ctx.t.pick(&a.def.title), ctx.t.pick(&b.def.title)))),
        "unit" => Some(Box::new(move |a, b| text(&unit_text(ctx.t, &world, &a.record.unit), &unit_text(ctx.t, &world, &b.record.unit)))),
        "progress" => Some(Box::new(|a, b| a.def.progress.cmp(&b.def.progress))),
        // Without a deadline last, whichever way.
        "deadline" => Some(Box::new(|a, b| (a.def.deadline.is_none(), a.def.deadline).cmp(&(b.def.deadline.is_none(), b.def.deadline)))),
        "status" => Some(Box::new(|a, b| b.assessment.status.severity().cmp(&a.assessment.status.severity()))),
        _ => None,
    };
    if let Some(order) = order {
        shown.sort_by(|a, b| if down { order(b, a) } else { order(a, b) });
    }
    Ok(List { all, shown })
}

/// A unit's officer begins at that unit, with or without it in the address; whoever sees the whole begins at the whole.
pub fn begin_at_home(ctx: &mut Ctx) -> Result<(), PageError> {
    let actor = ctx.actor();
    if ctx.visitor.is_some() {
        settle(ctx, &actor)?;
    }
    Ok(())
}

/// `GET /tasks`
pub async fn list(mut ctx: Ctx) -> PageResult {
    begin_at_home(&mut ctx)?;
    let list = read(&ctx).await?;
    let t = ctx.t;
    let mut s = ctx.shell(Section::Tasks, t.msg("tasks-title"), true).await?;
    s.pick = Some(ctx.day_picker(&["q", "status", "directive", "sort"])?);
    let (office, day) = (&ctx.app.office, ctx.day()?);
    let world = office.world();
    let chosen = ctx.param("status").unwrap_or_default();
    let mut chips = vec![Chip {
        href: s.here_with("status", None),
        text: t.msg("filter-all"),
        count: t.int(i64::try_from(list.all.len()).unwrap_or(i64::MAX)),
        on: chosen.is_empty(),
        mark: None,
    }];
    for mark in Mark::ALL {
        let n = list.all.iter().filter(|x| mark_of(x.assessment.status) == mark).count();
        if n > 0 || chosen == mark.id() {
            chips.push(Chip {
                href: s.here_with("status", (chosen != mark.id()).then_some(mark.id())),
                text: t.msg(mark.key()),
                count: t.int(i64::try_from(n).unwrap_or(i64::MAX)),
                on: chosen == mark.id(),
                mark: Some(mark),
            });
        }
    }
    if let Some(d) = ctx.param("directive") {
        let text = t.msg1("chip-directive", "number", directive_number(&ctx, d).await);
        chips.push(Chip { href: s.here_with("directive", None), text, count: String::new(), on: true, mark: None });
    }
    let after: usize = ctx.param("after").and_then(|a| a.parse().ok()).unwrap_or(0).min(list.shown.len());
    let rows: Vec<_> = list.shown.iter().skip(after).take(PAGE).map(|x| task_row(&s, &world, x, day)).collect();
    let pager = pager(&s, after, rows.len(), list.shown.len());
    let create = if ctx.allowed(Action::Assign, Some(TASK), &ctx.top()) { s.link("/tasks/new") } else { String::new() };
    let columns = columns(&ctx, &s);
    let query: Vec<(&str, &str)> = s.query.iter().filter(|(n, _)| n != "after").map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let export = s.link_with("/tasks.csv", &query);
    let page = TaskListPage {
        chips,
        q: ctx.param("q").unwrap_or_default().to_owned(),
        columns,
        rows,
        count: i64::try_from(list.shown.len()).unwrap_or(i64::MAX),
        pager,
        create,
        export,
        s,
    };
    Ok(render(&page))
}

fn columns(ctx: &Ctx, s: &Shell) -> Vec<Column> {
    let sort = ctx.param("sort").unwrap_or_default();
    COLUMNS
        .iter()
        .map(|(name, key)| {
            let down = format!("-{name}");
            let (href, sorted) = match *name {
                "" => (String::new(), ""),
                n if sort == n => (s.here_with("sort", Some(&down)), "ascending"),
                _ if sort == down => (s.here_with("sort", None), "descending"),
                n => (s.here_with("sort", Some(n)), ""),
            };
            Column { text: ctx.t.msg(key), href, sorted, number: *name == "progress", tight: false }
        })
        .collect()
}

/// Pages by position.
pub fn pager(s: &Shell, after: usize, here: usize, all: usize) -> Pager {
    if all <= PAGE {
        return Pager::default();
    }
    let page = |at: usize| {
        let text = at.to_string();
        let mut query: Vec<(&str, &str)> = s.query.iter().filter(|(n, _)| n != "after").map(|(n, v)| (n.as_str(), v.as_str())).collect();
        if at > 0 {
            query.push(("after", &text));
        }
        s.link_with(&s.path, &query)
    };
    Pager {
        shown: s.t.format("pager-shown", &[("from", (after + 1).min(all).into()), ("to", (after + here).into()), ("count", all.into())]),
        first: if after > PAGE { page(0) } else { String::new() },
        back: if after > 0 { page(after.saturating_sub(PAGE)) } else { String::new() },
        next: if after + here < all { page(after + PAGE) } else { String::new() },
    }
}

/// `GET /tasks.csv`: the list with its filters and its order, all pages.
pub async fn export(mut ctx: Ctx) -> PageResult {
    begin_at_home(&mut ctx)?;
    let list = read(&ctx).await?;
    let bytes = csv(&ctx, &list.shown).map_err(|e| ctx.fault(office::Error::Internal(e.to_string())))?;
    let name = format!("{}-{}.csv", ctx.t.msg("tasks-title"), ctx.app.office.today());
    Ok(common::download(bytes, "text/csv; charset=utf-8", &name))
}

fn csv(ctx: &Ctx, tasks: &[Task]) -> std::io::Result<Vec<u8>> {
    let t = ctx.t;
    let world = ctx.app.office.world();
    let keys = [
        "col-code",
        "col-title",
        "col-status",
        "col-unit",
        "col-progress",
        "col-product",
        "col-starts",
        "col-deadline",
        "col-directive",
        "col-why",
    ];
    let mut head: Vec<String> = keys.iter().map(|k| t.msg(k)).collect();
    if ctx.app.office.simulated() {
        head.push(t.msg("simulated-title"));
    }
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let mut out = CsvWriter::new(Vec::new(), &head, if t == Lang::Vi { Delimiter::Semicolon } else { Delimiter::Comma })?;
    for x in tasks.iter().take(EXPORT_MAX) {
        let day = |d: Option<jiff::civil::Date>| d.map(|d| t.date(d)).unwrap_or_default();
        let mut row = vec![
            x.def.id.clone(),
            t.pick(&x.def.title).to_owned(),
            t.msg(mark_of(x.assessment.status).key()),
            unit_text(t, &world, &x.record.unit),
            x.def.progress.to_string(),
            t.pick(&x.def.product).to_owned(),
            day(x.def.starts_on),
            day(x.def.deadline),
            x.def.directive.clone().unwrap_or_default(),
            why(&x.assessment, t),
        ];
        if ctx.app.office.simulated() {
            row.push(t.msg("word-yes"));
        }
        let cells: Vec<Cell<'_>> = row.iter().enumerate().map(|(i, c)| if i == 4 { Cell::Number(c) } else { Cell::Text(c) }).collect();
        out.row(&cells)?;
    }
    out.finish()
}

/// The printed number of a directive, or its id.
pub async fn directive_number(ctx: &Ctx, id: &str) -> String {
    match ctx.app.office.directive(&ctx.actor(), id).await {
        Ok(d) => d.def.number.unwrap_or(d.def.id),
        Err(_) => id.to_owned(),
    }
}

/// `GET /tasks/{id}`
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let (office, day) = (&ctx.app.office, ctx.day()?);
    let task = office.task(&ctx.actor(), &id, day).await.map_err(|e| ctx.fault(e))?;
    page(&ctx, &task).await
}

async fn page(ctx: &Ctx, task: &Task) -> Result<Response, PageError> {
    let (t, office, day) = (ctx.t, &ctx.app.office, ctx.day()?);
    let world = office.world();
    let title = t.pick(&task.def.title).to_owned();
    let mut s = ctx.shell(Section::Tasks, title.clone(), true).await?;
    s.crumbs = vec![crate::view::Link::new(s.link("/tasks"), t.msg("tasks-title"))];
    let names = Names::load(ctx).await?;
    let def = &task.def;
    let time = match (def.starts_on, def.deadline) {
        _ if def.recurring && def.deadline.is_none() => t.msg("status-recurring"),
        (Some(a), Some(b)) => format!("{} – {}", t.date(a), t.date(b)),
        (_, deadline) => date_or_unknown(t, deadline),
    };
    let lead = unit_text(t, &world, &def.lead.to_string());
    let six = [
        Pair { label: t.msg("six-who"), value: lead, href: ctx.unit_href(&s, &def.lead.to_string()) },
        Pair::new(t.msg("six-work"), title.clone()),
        Pair::new(t.msg("six-responsibility"), t.pick(&def.responsibility)),
        Pair::new(t.msg("six-authority"), t.pick(&def.authority)),
        Pair::new(t.msg("six-time"), time),
        Pair::new(t.msg("six-product"), t.pick(&def.product)),
    ];
    let all = office.tasks(&ctx.actor(), &TaskFilter::default(), day).await.map_err(|e| ctx.fault(e))?;
    let below = all.iter().filter(|x| x.def.parent.as_deref() == Some(def.id.as_str())).map(|x| task_row(&s, &world, x, day)).collect();
    let progress = i64::from(def.progress.min(100));
    #[expect(clippy::cast_precision_loss, reason = "0 to 100")]
    let bar = chart::meter(Some(progress as f64 / 100.0), None);
    let page = TaskPage {
        code: def.id.clone(),
        title,
        mark: mark_of(task.assessment.status),
        why: why(&task.assessment, t),
        state: state_text(t, &task.record.state),
        progress,
        bar,
        six,
        facts: facts(ctx, &s, task).await,
        below,
        actions: actions(ctx, &s, task).await,
        history: history::of(ctx, &s, &task.record, &names).await?,
        s,
    };
    Ok(render(&page))
}

async fn facts(ctx: &Ctx, s: &Shell, task: &Task) -> Vec<Pair> {
    let (t, world, def) = (ctx.t, ctx.app.office.world(), &task.def);
    let mut out = Vec::new();
    if let Some(d) = &def.directive {
        add_link(&mut out, t.msg("col-directive"), directive_number(ctx, d).await, s.link(&format!("/{DIRECTIVE}s/{}", segment(d))));
    }
    if let Some(id) = &def.target {
        add_link(&mut out, t.msg("col-target"), id, s.link(&format!("/{TARGET}s/{}", segment(id))));
    }
    if let Some(id) = &def.parent {
        add_link(&mut out, t.msg("task-parent"), id, s.link(&format!("/tasks/{}", segment(id))));
    }
    let cooperating: Vec<String> = def.cooperating.iter().map(|k| unit_text(t, &world, &k.to_string())).collect();
    add(&mut out, t.msg("task-cooperating"), cooperating.join(", "));
    let waiting = task.extra.waiting_note.clone().or_else(|| def.waiting_for.as_ref().map(|w| t.pick(w).to_owned()));
    if task.record.state == "waiting" {
        add(&mut out, t.msg("task-waiting-for"), waiting.unwrap_or_default());
    }
    if task.record.state == "returned" {
        add(&mut out, t.msg("returned-reason"), task.extra.returned_reason.clone().unwrap_or_default());
    }
    if def.pilot {
        add(&mut out, t.msg("status-pilot"), t.msg("word-yes"));
    }
    add(&mut out, t.msg("col-source"), source_text(ctx, def.source.as_deref()));
    add(&mut out, t.msg("field-quote"), def.quote.clone().unwrap_or_default());
    add(&mut out, t.msg("field-remark"), pick(t, def.note.as_ref()));
    if !def.verified {
        add(&mut out, t.msg("fact-unverified"), t.msg("fact-unverified-text"));
    }
    out
}

/// Title of a source by its id.
pub fn source_text(ctx: &Ctx, id: Option<&str>) -> String {
    let world = ctx.app.office.world();
    id.map(|id| world.sources.get(id).map_or_else(|| id.to_owned(), |s| s.title.clone())).unwrap_or_default()
}

/// What this reader may do with this task now.
async fn actions(ctx: &Ctx, s: &Shell, task: &Task) -> Vec<Form> {
    let mut out = Vec::new();
    let (id, version) = (&task.def.id, task.record.version);
    let open = matches!(task.record.state.as_str(), "assigned" | "in_progress" | "returned" | "waiting" | "draft");
    if open && ctx.allowed(Action::Submit, Some(TASK), &task.record.unit) {
        out.push(task_forms::update_form(ctx, s, id, version, &task_forms::Typed::of(task)).await);
        if !matches!(task.record.state.as_str(), "waiting" | "draft") {
            out.push(task_forms::wait_form(ctx, s, id, version, ""));
        }
    }
    if task.record.state == "submitted" && ctx.answers(TASK, &task.record.unit, task.extra.submitted_by.as_deref()) {
        let action = |verb: &str| format!("/tasks/{}/{verb}", segment(id));
        out.push(form_on(s, &action("approve"), ctx.t.msg("action-approve"), vec![task_forms::remark(ctx, "", false)], version));
        let back = form_on(s, &action("return"), ctx.t.msg("action-return"), vec![task_forms::remark(ctx, "", true)], version);
        out.push(Form { grave: true, ..back });
    }
    out
}
