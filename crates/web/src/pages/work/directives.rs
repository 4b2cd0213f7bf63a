//! Văn bản chỉ đạo: the tree of directives, the page of one, and entering one or the conclusion of a meeting.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use axum::extract::Path;
use jiff::civil::Date;
use office::{
    Error,
    programme::{DIRECTIVE, Directive, NewDirective, TASK, Target, TargetOn, Task, TaskFilter},
};
use rules::access::Action;

use super::{
    common::{
        self, add, add_link, again, blame, choices, done, form, form_page, mark_of, mark_on, mendable, pick, segment, target_row, task_row,
    },
    history::{self, Names},
    targets::whole_unit,
    tasks::source_text,
};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render},
    i18n::Lang,
    view::{
        Claim, Conflict, DirectiveListPage, DirectivePage, Field, Form, FormPage, Input, Link, Mark, Pair, Section, Shell, Source,
        work::DirectiveRow,
    },
};

/// Levels drawn in from the left at most; deeper ones stand under the last.
const DEPTH_MAX: u8 = 5;
/// Kind of a meeting's conclusion.
const CONCLUSION: &str = "KL";

/// Everything that hangs on directives, read once.
struct Programme {
    directives: Vec<Directive>,
    targets: Vec<(Target, u32, TargetOn)>,
    tasks: Vec<Task>,
}

async fn read(ctx: &Ctx, day: Date) -> Result<Programme, PageError> {
    let (office, actor) = (&ctx.app.office, ctx.actor());
    let directives = office.directives(&actor).await.map_err(|e| ctx.fault(e))?;
    let world = office.world();
    let reported = office.reported_figures(&actor).await.map_err(|e| ctx.fault(e))?;
    let mut targets = Vec::new();
    for target in office.targets(&actor).await.map_err(|e| ctx.fault(e))? {
        let Some(unit) = whole_unit(ctx, &world, &target, day) else { continue };
        let on = office.target_on(&world, &target, unit, day, &reported).map_err(|e| ctx.fault(e))?;
        targets.push((target, unit, on));
    }
    let tasks = office.tasks(&actor, &TaskFilter::default(), day).await.map_err(|e| ctx.fault(e))?;
    Ok(Programme { directives, targets, tasks })
}

impl Programme {
    fn marks(&self) -> HashMap<&str, BTreeMap<Mark, i64>> {
        let mut out: HashMap<&str, BTreeMap<Mark, i64>> = HashMap::new();
        let targets = self.targets.iter().filter_map(|(t, _, on)| Some((t.def.directive.as_deref()?, mark_on(on))));
        let tasks = self.tasks.iter().filter_map(|t| Some((t.def.directive.as_deref()?, mark_of(t.assessment.status))));
        for (id, mark) in targets.chain(tasks) {
            *out.entry(id).or_default().entry(mark).or_default() += 1;
        }
        out
    }

    /// Depth first below `top` (`None`: from those that carry out nothing known). Each stands once, also where the sources form a circle.
    fn tree(&self, top: Option<&str>) -> Vec<(&Directive, u8)> {
        let known: BTreeSet<&str> = self.directives.iter().map(|d| d.def.id.as_str()).collect();
        let mut seen: BTreeSet<&str> = top.into_iter().collect();
        let mut out = Vec::new();
        let below = |id: &str| self.directives.iter().filter(|d| d.def.parents.iter().any(|p| p == id)).collect::<Vec<_>>();
        let roots: Vec<&Directive> = match top {
            Some(id) => below(id),
            None => self.directives.iter().filter(|d| !d.def.parents.iter().any(|p| known.contains(p.as_str()))).collect(),
        };
        let mut stack: Vec<(&Directive, u8)> = roots.into_iter().rev().map(|d| (d, 0)).collect();
        loop {
            while let Some((d, depth)) = stack.pop() {
                if seen.insert(&d.def.id) {
                    out.push((d, depth));
                    stack.extend(below(&d.def.id).into_iter().rev().map(|c| (c, (depth + 1).min(DEPTH_MAX))));
                }
            }
            // What only a circle of references leads to is not lost.
            match self.directives.iter().find(|d| top.is_none() && !seen.contains(d.def.id.as_str())) {
                Some(d) => stack.push((d, 0)),
                None => return out,
            }
        }
    }

    fn rows(&self, s: &Shell, top: Option<&str>) -> Vec<DirectiveRow> {
        let marks = self.marks();
        self.tree(top)
            .into_iter()
            .map(|(d, depth)| DirectiveRow {
                href: s.link(&format!("/directives/{}", segment(&d.def.id))),
                number: number(d),
                title: s.t.pick(&d.def.title).to_owned(),
                issuer: d.def.issuer.clone().unwrap_or_else(|| pick(s.t, d.def.issuer_note.as_ref())),
                issued_on: d.def.issued_on.map(|x| s.t.date(x)).unwrap_or_default(),
                depth,
                marks: marks.get(d.def.id.as_str()).map(|m| m.iter().map(|(k, n)| (*k, *n)).collect()).unwrap_or_default(),
                conflict: !d.def.conflicts_with.is_empty(),
            })
            .collect()
    }
}

fn number(d: &Directive) -> String {
    d.def.number.clone().unwrap_or_else(|| d.def.id.clone())
}

/// `GET /directives`
pub async fn list(ctx: Ctx) -> PageResult {
    let programme = read(&ctx, ctx.day()?).await?;
    let s = ctx.shell(Section::Directives, ctx.t.msg("directives-title"), true).await?;
    let create = if ctx.allowed(Action::Assign, Some(DIRECTIVE), &ctx.top()) { s.link("/directives/new") } else { String::new() };
    let rows = programme.rows(&s, None);
    Ok(render(&DirectiveListPage { s, rows, create }))
}

/// `GET /directives/{id}`
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let (t, office, day) = (ctx.t, &ctx.app.office, ctx.day()?);
    let d = office.directive(&ctx.actor(), &id).await.map_err(|e| ctx.fault(e))?;
    let programme = read(&ctx, day).await?;
    let world = office.world();
    let title = t.pick(&d.def.title).to_owned();
    let mut s = ctx.shell(Section::Directives, title.clone(), true).await?;
    s.crumbs = vec![Link::new(s.link("/directives"), t.msg("directives-title"))];
    let names = Names::load(&ctx).await?;
    let own = |x: &Option<String>| x.as_deref() == Some(d.def.id.as_str());
    let targets = programme
        .targets
        .iter()
        .filter(|(x, ..)| own(&x.def.directive))
        .map(|(x, u, on)| target_row(&ctx, &s, &world, x, *u, on, day))
        .collect();
    let page = DirectivePage {
        number: number(&d),
        title,
        assign: if ctx.allowed(Action::Assign, Some(TASK), &ctx.top()) {
            s.link_with("/tasks/new", &[("directive", &d.def.id)])
        } else {
            String::new()
        },
        facts: facts(&ctx, &s, &d, &programme),
        below: programme.rows(&s, Some(&d.def.id)),
        targets,
        tasks: programme.tasks.iter().filter(|x| own(&x.def.directive)).map(|x| task_row(&s, &world, x, day)).collect(),
        conflicts: conflict(&ctx, &s, &d, &programme).into_iter().collect(),
        history: history::of(&ctx, &s, &d.record, &names).await?,
        s,
    };
    Ok(render(&page))
}

/// Kind of a directive in words, as its register declares them.
fn kinds(ctx: &Ctx) -> Vec<(String, String)> {
    let world = ctx.app.office.world();
    let field = world.registers.get(DIRECTIVE).and_then(|r| r.def.fields.iter().find(|f| f.id == "kind"));
    let declared =
        field.map(|f| f.choices.iter().map(|c| (c.id.clone(), if ctx.t == Lang::Vi { c.vi.clone() } else { c.en.clone() })).collect());
    let mut out: Vec<(String, String)> = declared.unwrap_or_default();
    if !out.iter().any(|(id, _)| id == CONCLUSION) {
        out.insert(0, (CONCLUSION.to_owned(), ctx.t.msg("kind-conclusion")));
    }
    out
}

fn facts(ctx: &Ctx, s: &Shell, d: &Directive, all: &Programme) -> Vec<Pair> {
    let (t, def) = (ctx.t, &d.def);
    let mut out = Vec::new();
    let kind = kinds(ctx).into_iter().find(|(id, _)| *id == def.kind).map_or_else(|| def.kind.clone(), |(_, text)| text);
    add(&mut out, t.msg("col-kind"), kind);
    add(&mut out, t.msg("col-issuer"), def.issuer.clone().unwrap_or_default());
    add(&mut out, t.msg("directive-issuer-note"), pick(t, def.issuer_note.as_ref()));
    add(&mut out, t.msg("col-issued"), common::date_or_unknown(t, def.issued_on));
    for p in &def.parents {
        let text = all.directives.iter().find(|x| x.def.id == *p).map_or_else(|| p.clone(), number);
        add_link(&mut out, t.msg("directive-above"), text, s.link(&format!("/directives/{}", segment(p))));
    }
    add(&mut out, t.msg("col-source"), source_text(ctx, def.source.as_deref()));
    add(&mut out, t.msg("field-quote"), def.quote.clone().unwrap_or_default());
    add(&mut out, t.msg("field-remark"), pick(t, def.note.as_ref()));
    if !def.verified {
        add(&mut out, t.msg("fact-unverified"), t.msg("fact-unverified-text"));
    }
    out
}

/// Descriptions of what may be one document that contradict each other.
fn conflict(ctx: &Ctx, s: &Shell, d: &Directive, all: &Programme) -> Option<Conflict> {
    let t = ctx.t;
    let others: Vec<&Directive> = all
        .directives
        .iter()
        .filter(|x| x.def.id != d.def.id && (d.def.conflicts_with.contains(&x.def.id) || x.def.conflicts_with.contains(&d.def.id)))
        .collect();
    if others.is_empty() {
        return None;
    }
    let claim = |x: &Directive| Claim {
        value: number(x),
        source: Source {
            title: t.pick(&x.def.title).to_owned(),
            href: s.link(&format!("/directives/{}", segment(&x.def.id))),
            quote: x.def.quote.clone().unwrap_or_default(),
            as_of: x.def.issued_on.map(|d| t.date(d)).unwrap_or_default(),
            by: x.def.issuer.clone().unwrap_or_default(),
        },
        ..Claim::default()
    };
    let claims = std::iter::once(d).chain(others).map(claim).collect();
    Some(Conflict { title: t.msg("conflict-directives"), claims, ..Conflict::default() })
}

/// `GET /directives/new`
pub async fn new(ctx: Ctx) -> PageResult {
    ctx.demand(Action::Assign, Some(DIRECTIVE), &ctx.top())?;
    let get = |n: &str| ctx.param(n).unwrap_or_default().to_owned();
    let typed = NewDirective {
        kind: get("kind"),
        parents: ctx.param("parent").map(str::to_owned).into_iter().collect(),
        ..NewDirective::default()
    };
    Ok(render(&page(&ctx, &typed).await?))
}

async fn page(ctx: &Ctx, typed: &NewDirective) -> Result<FormPage, PageError> {
    let t = ctx.t;
    let list = ctx.app.office.directives(&ctx.actor()).await.map_err(|e| ctx.fault(e))?;
    let parents = list.iter().map(|d| {
        let text: String = format!("{} – {}", number(d), t.pick(&d.def.title)).chars().take(110).collect();
        (d.def.id.clone(), text)
    });
    let parents = std::iter::once((String::new(), t.msg("choice-none"))).chain(parents);
    let fields = vec![
        Field::new("kind", t.msg("col-kind"), Input::Select)
            .choices(choices(kinds(ctx), &typed.kind))
            .hint(t.msg("directive-kind-hint"))
            .required(),
        Field::new("number", t.msg("directive-number"), Input::Text).value(&typed.number).hint(t.msg("directive-number-hint")),
        Field::new("title", t.msg("directive-subject"), Input::Long(3)).value(&typed.title).required(),
        Field::new("issuer", t.msg("col-issuer"), Input::Text).value(&typed.issuer).hint(t.msg("directive-issuer-hint")),
        Field::new("issued_on", t.msg("col-issued"), Input::Date).value(&typed.issued_on).hint(t.msg("directive-issued-hint")),
        Field::new("parents", t.msg("directive-above"), Input::Select)
            .choices(choices(parents, typed.parents.first().map_or("", String::as_str))),
        Field::new("note", t.msg("field-remark"), Input::Long(2)).value(&typed.note),
    ];
    form_page(ctx, Section::Directives, t.msg("directives-create"), t.msg("directive-new-lead"), |s| Form {
        cancel: s.link("/directives"),
        ..form(s, "/directives", t.msg("directive-save"), fields)
    })
    .await
}

/// `POST /directives`
pub async fn create(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let get = |n: &str| posted.get(n).trim().to_owned();
    let typed = NewDirective {
        number: get("number"),
        kind: get("kind"),
        title: get("title"),
        issuer: get("issuer"),
        issued_on: get("issued_on"),
        parents: posted.all("parents").map(str::to_owned).collect(),
        note: get("note"),
    };
    let once = common::once(&posted, &[]);
    if let Some([id, ..]) = common::sent_before(&posted, once.as_ref()).await?.as_deref() {
        return done(ctx, &format!("/directives/{id}"), "directive-added");
    }
    match ctx.app.office.add_directive_once(&ctx.actor(), &typed, once).await {
        Ok(id) => done(ctx, &format!("/directives/{}", segment(&id)), "directive-added"),
        Err(e) => {
            if !mendable(&e) && !matches!(e, Error::Store(store::Error::KeyTaken { .. })) {
                return Err(ctx.fault(e));
            }
            let mut page = page(&ctx.on("/directives/new"), &typed).await?;
            blame(&mut page.s, &mut page.form.fields, &e, |code| match code {
                "record.key_taken" => Some("number"),
                "not_found" => Some("parents"),
                _ => None,
            });
            Ok(again(&page))
        }
    }
}
