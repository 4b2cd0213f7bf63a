//! Reported figures: the form on which one is entered as it is written, and the page of one that was entered.

use axum::extract::Path;
use office::{
    Error,
    programme::{FIGURE, FigureInput, ReportedFigure, Sure, read_period},
    world::{Indicator, Source},
};
use rules::{
    access::{Action, scope},
    number::{self, Measure},
};

use super::{
    common::{
        self, Brought, add, add_link, again, blame, choices, counts, date_or_unknown, done, evidence_fields, evidence_of, form, form_on,
        form_page, mendable, pick, reported_text, segment, state_text, unit_text,
    },
    history::{self, Names},
    task_forms,
};
use crate::{
    http::{
        Ctx, PageError, PageResult, Posted,
        error::{render, sentence},
    },
    view::{Choice, Field, Form, FormPage, Input, Link, Notice, Pair, RecordPage, Section, Shell},
};

/// What kind of number an indicator's figures are.
fn measure_of(indicator: &Indicator) -> Measure {
    use rules::indicator::Format;
    match indicator.format {
        Format::Percent(_) => Measure::Percent,
        Format::Integer => Measure::Count,
        Format::Vnd => Measure::Money,
        Format::Decimal(_) => Measure::Decimal,
    }
}

/// `GET /figures/new`
pub async fn new(ctx: Ctx) -> PageResult {
    may_submit(&ctx)?;
    let get = |n: &str| ctx.param(n).unwrap_or_default().to_owned();
    let typed = FigureInput { indicator: get("indicator"), unit: own_unit(&ctx), period: get("period"), ..FigureInput::default() };
    Ok(render(&page(&ctx, &typed, false).await?))
}

fn may_submit(ctx: &Ctx) -> Result<(), PageError> {
    let world = ctx.app.office.world();
    match scope(&ctx.actor(), Action::Submit, Some(FIGURE), &world.units).is_empty() {
        true => ctx.demand(Action::Submit, Some(FIGURE), &ctx.top()),
        false => Ok(()),
    }
}

/// The unit of the address, else the first that the reader reports for.
fn own_unit(ctx: &Ctx) -> String {
    let world = ctx.app.office.world();
    let may = scope(&ctx.actor(), Action::Submit, Some(FIGURE), &world.units);
    let day = ctx.app.office.today();
    if let Some(u) = ctx.state.unit.as_deref().and_then(|u| world.unit_idx(u, day)).filter(|u| may.contains(*u)) {
        return world.units.key(u).to_string();
    }
    let list = world.root_on(day).and_then(|k| world.units.idx(k)).map(|top| world.units.subtree_on(top, day).collect::<Vec<_>>());
    list.unwrap_or_default().into_iter().find(|u| may.contains(*u)).map(|u| world.units.key(u).to_string()).unwrap_or_default()
}

async fn page(ctx: &Ctx, typed: &FigureInput, sent: bool) -> Result<FormPage, PageError> {
    let (t, office) = (ctx.t, &ctx.app.office);
    let world = office.world();
    let may = scope(&ctx.actor(), Action::Submit, Some(FIGURE), &world.units);
    // An indicator named by another of its names is found too.
    let chosen = world.indicator(&typed.indicator).map_or("", |i| i.id.as_str());
    let mut offered = office.indicators_to_enter(&ctx.actor()).await.map_err(|e| ctx.fault(e))?;
    if let Some(i) =
        world.indicator(chosen).filter(|i| matches!(i.source, Source::Reported(_)) && !offered.iter().any(|(id, _)| *id == i.id))
    {
        offered.push((i.id.clone(), false));
    }
    // What is set for the reader's units first, then by name.
    let mut indicators: Vec<(bool, String, String)> = offered
        .into_iter()
        .filter_map(|(id, first)| world.indicator(&id).map(|i| (!first, format!("{} ({id})", t.pick(&i.name)), id.clone())))
        .collect();
    indicators.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| rules::text::compare(&a.1, &b.1)));
    let indicators = indicators.into_iter().map(|(_, text, id)| (id, text));
    let indicators = std::iter::once((String::new(), t.msg("choice-choose"))).chain(indicators);
    let units: Vec<Choice> = ctx.unit_choices(&typed.unit, Some(t.msg("choice-choose")), |u| may.contains(u));
    let mut fields = vec![
        Field::new("indicator", t.msg("field-indicator"), Input::Select).choices(choices(indicators, chosen)).required(),
        Field::new("unit", t.msg("field-unit"), Input::Select).choices(units).required(),
        Field::new("period", t.msg("field-period"), Input::Text).value(&typed.period).hint(t.msg("field-period-hint")).required(),
        Field::new("as_of", t.msg("field-as-of"), Input::Date).value(&typed.as_of).hint(t.msg("field-as-of-hint")),
        Field::new("written", t.msg("field-value"), Input::Number).value(&typed.written).hint(t.msg("field-value-hint")).required(),
        Field::new("source", t.msg("field-source"), Input::Text).value(&typed.source).hint(t.msg("field-source-hint")).required(),
        Field::new("note", t.msg("field-remark"), Input::Long(2)).value(&typed.note),
    ];
    fields.extend(evidence_fields(ctx, &typed.evidence).await);
    let mut page = form_page(ctx, Section::Indicators, t.msg("figure-new-title"), t.msg("figure-new-lead"), |s| Form {
        cancel: s.link("/indicators"),
        ..form(s, "/figures", t.msg("action-submit"), fields)
    })
    .await?;
    if sent {
        page.understood = understood(ctx, typed);
    }
    page.beside = beside(ctx, typed).await?;
    Ok(page)
}

/// The field that a fault of a figure stands at.
pub fn blamed_field(code: &str) -> Option<&'static str> {
    match code {
        "input.time" | "input.period" => Some("period"),
        "figure.live" => Some("indicator"),
        "not_found" => Some("unit"),
        c if c.starts_with("number.") => Some("written"),
        _ => None,
    }
}

/// What a person is shown before a figure is handed in: how it is read, and what looks like a slip.
pub struct AskedBack {
    doubts: Vec<rules::Refusal>,
    seen: String,
}

/// What was read: it is asked once for each reading.
const SEEN: &str = "seen";
/// The box by which a person stands by a figure that looks like a slip.
const SURE: &str = "sure";

/// `None` when the person has seen how this very figure is read and stands by what is doubtful, or when it cannot be read at all.
pub async fn ask_back(posted: &Posted, typed: &FigureInput, id: Option<&str>) -> Result<Option<AskedBack>, PageError> {
    let ctx = &posted.ctx;
    let read = understood(ctx, typed);
    if read.is_empty() || typed.source.is_empty() || read_period(&typed.period).is_err() {
        return Ok(None);
    }
    let doubts = ctx.app.office.figure_doubts(&ctx.actor(), typed, id).await.map_err(|e| ctx.fault(e))?;
    let values: Vec<&str> = read.iter().map(|p| p.value.as_str()).collect();
    let seen = format!("{} · {} · {} · {}", typed.indicator, typed.unit, typed.as_of, values.join(" · "));
    let shown = posted.get(SEEN) == seen && (doubts.is_empty() || !posted.get(SURE).is_empty());
    Ok((!shown).then_some(AskedBack { doubts, seen }))
}

impl AskedBack {
    /// On the form: what is read above it, each doubt as a notice, and the box to stand by it.
    pub fn put(self, ctx: &Ctx, page: &mut FormPage) {
        let t = ctx.t;
        if self.doubts.is_empty() {
            page.s.notices.push(Notice { good: true, text: t.msg("figure-check") });
        } else {
            page.form.fields.push(Field::new(SURE, t.msg("figure-sure"), Input::Check).required());
        }
        page.s.notices.extend(self.doubts.into_iter().map(|r| Notice { good: false, text: sentence(&Error::Refused(r), t) }));
        page.form.fields.push(Field::new(SEEN, String::new(), Input::Hidden).value(self.seen));
    }
}

/// How the text in the number field is read.
pub fn understood(ctx: &Ctx, typed: &FigureInput) -> Vec<Pair> {
    let (t, world) = (ctx.t, ctx.app.office.world());
    let mut out = Vec::new();
    let Some(indicator) = world.indicator(&typed.indicator) else { return out };
    let measure = measure_of(indicator);
    let Ok(reading) = number::read(&typed.written, measure) else { return out };
    add(&mut out, t.msg("field-value"), reading.to_text(measure, t.tag()));
    add(&mut out, t.msg("figure-qualifier"), t.pick(&reading.qualifier.label()));
    add(&mut out, t.msg("col-counts"), counts(t, reading.numerator, reading.denominator));
    let unit = match measure {
        Measure::Percent => "%".to_owned(),
        _ => reading.unit.clone().unwrap_or_else(|| pick(t, indicator.unit_of_measure.as_ref())),
    };
    add(&mut out, t.msg("figure-measure"), unit);
    if let Ok(p) = read_period(&typed.period) {
        add(&mut out, t.msg("field-period"), t.period(p));
    }
    out
}

/// What stands in the system for the same indicator and unit.
async fn beside(ctx: &Ctx, typed: &FigureInput) -> Result<Vec<Pair>, PageError> {
    let (t, office) = (ctx.t, &ctx.app.office);
    let world = office.world();
    let Some(indicator) = world.indicator(&typed.indicator) else { return Ok(Vec::new()) };
    let mut list: Vec<ReportedFigure> = office.reported_figures(&ctx.actor()).await.map_err(|e| ctx.fault(e))?;
    list.retain(|f| f.def.indicator == indicator.id && f.record.unit == typed.unit && f.record.state != "returned");
    list.sort_by_key(|f| std::cmp::Reverse(f.record.updated_at));
    let href = |f: &ReportedFigure| format!("/figures/{}", f.record.id);
    Ok(list
        .iter()
        .take(6)
        .map(|f| Pair {
            label: f.def.period.map_or_else(|| t.msg("figure-period-unknown"), |p| t.period(p)),
            value: format!("{} · {}", reported_text(t, Some(indicator), f), state_text(t, &f.record.state)),
            href: href(f),
        })
        .collect())
}

/// `POST /figures`
pub async fn create(posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let get = |n: &str| posted.get(n).trim().to_owned();
    ctx.signed_in()?;
    // Before any file is stored.
    may_submit(ctx)?;
    let Brought { stored, wrong } = evidence_of(&posted, None).await?;
    let typed = FigureInput {
        indicator: get("indicator"),
        unit: get("unit"),
        period: get("period"),
        as_of: get("as_of"),
        written: get("written"),
        source: get("source"),
        note: get("note"),
        evidence: stored,
    };
    let once = common::once(&posted, &typed.evidence);
    if let Some([id, ..]) = common::sent_before(&posted, once.as_ref()).await?.as_deref() {
        return done(ctx, &format!("/figures/{id}"), "figure-sent");
    }
    if let Some(e) = wrong {
        return refused(ctx, &typed, &e).await;
    }
    let missing = [("indicator", &typed.indicator), ("unit", &typed.unit), ("period", &typed.period), ("written", &typed.written)];
    if let Some(asked) = ask_back(&posted, &typed, None).await? {
        let mut page = page(&ctx.on("/figures/new"), &typed, true).await?;
        asked.put(ctx, &mut page);
        return Ok(render(&page));
    }
    let result = match missing.iter().find(|(_, v)| v.is_empty()) {
        Some((name, _)) => Err(Error::Refused(rules::Refusal::new("input.required").with("field", name))),
        None => office.submit_figure_once(&ctx.actor(), &typed, Sure::Yes, once).await,
    };
    match result {
        Ok(id) => done(ctx, &format!("/figures/{id}"), "figure-sent"),
        Err(e) => {
            if !mendable(&e) {
                return Err(ctx.fault(e));
            }
            refused(ctx, &typed, &e).await
        }
    }
}

/// The form of a new figure once more, with what is wrong at its field.
async fn refused(ctx: &Ctx, typed: &FigureInput, e: &Error) -> PageResult {
    let mut page = page(&ctx.on("/figures/new"), typed, true).await?;
    blame(&mut page.s, &mut page.form.fields, e, blamed_field);
    Ok(again(&page))
}

/// `GET /figures/{id}`
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let f = office.reported_figure(&ctx.actor(), &id).await.map_err(|e| ctx.fault(e))?;
    let world = office.world();
    let indicator = world.indicator(&f.def.indicator);
    let name = indicator.map_or_else(|| f.def.indicator.clone(), |i| t.pick(&i.name).to_owned());
    let mut s = ctx.shell(Section::Indicators, name.clone(), true).await?;
    s.crumbs = vec![
        Link::new(s.link("/indicators"), t.msg("nav-indicators")),
        Link::new(s.link(&format!("/indicators/{}", segment(&f.def.indicator))), name.clone()),
    ];
    let names = Names::load(&ctx).await?;
    let page = RecordPage {
        register: t.msg("figure-register"),
        name,
        state: state_text(t, &f.record.state),
        mark: None,
        fields: fields(&ctx, &s, &f, indicator, &names).await,
        counted: counted(&ctx, &s, &f, indicator),
        actions: actions(&ctx, &s, &f),
        history: history::of(&ctx, &s, &f.record, &names).await?,
        looks: Vec::new(),
        personal: None,
        correct: if f.record.state == "returned" && ctx.allowed(Action::Submit, Some(FIGURE), &f.record.unit) {
            s.link(&format!("/figures/{}/correct", f.record.id))
        } else {
            String::new()
        },
        s,
    };
    Ok(render(&page))
}

/// The indicator whose figure it is, as soon as it is approved.
fn counted(ctx: &Ctx, s: &Shell, f: &ReportedFigure, indicator: Option<&Indicator>) -> Vec<Pair> {
    let (t, mut out) = (ctx.t, Vec::new());
    let Some(indicator) = indicator else { return out };
    let name = t.pick(&indicator.name);
    let value = if f.counts() { name.to_owned() } else { t.msg1("figure-counts-not-yet", "name", name) };
    let period = f.def.period.map(|p| p.to_string());
    let mut query = vec![("unit", f.record.unit.as_str())];
    query.extend(period.as_deref().map(|p| ("period", p)));
    add_link(&mut out, t.msg("field-indicator"), value, s.link_with(&format!("/indicators/{}", segment(&indicator.id)), &query));
    out
}

async fn fields(ctx: &Ctx, s: &Shell, f: &ReportedFigure, indicator: Option<&Indicator>, names: &Names) -> Vec<Pair> {
    let (t, world, def) = (ctx.t, ctx.app.office.world(), &f.def);
    let mut out = Vec::new();
    if f.record.state == "returned" {
        add(&mut out, t.msg("returned-reason"), f.extra.returned_reason.clone().unwrap_or_default());
    }
    add(&mut out, t.msg("field-value"), reported_text(t, indicator, f));
    add(&mut out, t.msg("figure-as-written"), def.as_written.clone().unwrap_or_default());
    add(&mut out, t.msg("col-counts"), counts(t, def.numerator, def.denominator));
    add_link(&mut out, t.msg("field-unit"), unit_text(t, &world, &f.record.unit), ctx.unit_href(s, &f.record.unit));
    add(&mut out, t.msg("field-period"), def.period.map_or_else(|| t.msg("figure-period-unknown"), |p| t.period(p)));
    add(&mut out, t.msg("field-as-of"), date_or_unknown(t, def.as_of));
    let source = world.sources.get(&def.source);
    match source.and_then(|x| x.address.clone()) {
        Some(address) => add_link(&mut out, t.msg("field-source"), source.map_or_else(String::new, |x| x.title.clone()), address),
        None => add(&mut out, t.msg("field-source"), source.map_or_else(|| def.source.clone(), |x| x.title.clone())),
    }
    add(&mut out, t.msg("field-quote"), def.quote.clone());
    add(&mut out, t.msg("field-remark"), pick(t, def.note.as_ref()));
    if def.derived {
        add(&mut out, t.msg("fact-derived"), t.msg("fact-derived-text"));
    }
    if let Some(by) = &f.extra.submitted_by {
        add(&mut out, t.msg("figure-sent-by"), names.of(t, by));
    }
    if let Some(by) = &f.extra.approved_by {
        add(&mut out, t.msg("figure-approved-by"), names.of(t, by));
    }
    for e in history::evidence(ctx, FIGURE, f.record.id, &f.extra.evidence).await {
        add_link(&mut out, t.msg("field-evidence"), format!("{} ({})", e.name, e.kind), e.href);
    }
    if let Some(reason) = &f.extra.decided_reason {
        let key = if f.extra.set_aside { "figure-set-aside" } else { "figure-chosen" };
        add(&mut out, t.msg(key), reason.clone());
    }
    let id = f.record.id.to_string();
    let rivals = ctx.app.office.conflicts(&ctx.actor()).await.unwrap_or_default();
    if rivals.iter().any(|c| c.figures.iter().any(|x| x.record.id == f.record.id)) {
        let may = ctx.allowed(Action::Decide, Some(FIGURE), &f.record.unit);
        let href = if may { s.link(&format!("/conflicts/{id}")) } else { String::new() };
        add_link(&mut out, t.msg("conflict-flag"), t.msg(if may { "figure-see-conflict" } else { "figure-in-conflict" }), href);
    }
    out
}

fn actions(ctx: &Ctx, s: &Shell, f: &ReportedFigure) -> Vec<Form> {
    if f.record.state != "submitted" || !ctx.answers(FIGURE, &f.record.unit, f.extra.submitted_by.as_deref()) {
        return Vec::new();
    }
    let (approve, back) = answer_forms(ctx, s, &format!("/approvals/figure/{}", f.record.id), f.record.version, "");
    vec![approve, back]
}

/// Approve, or send back with a reason.
#[must_use]
pub fn answer_forms(ctx: &Ctx, s: &Shell, action: &str, version: i64, typed: &str) -> (Form, Form) {
    let t = ctx.t;
    let approve = form_on(s, &format!("{action}?answer=approve"), t.msg("action-approve"), Vec::new(), version);
    let back = form_on(s, &format!("{action}?answer=return"), t.msg("action-return"), vec![task_forms::remark(ctx, typed, true)], version);
    (approve, Form { grave: true, ..back })
}
