//! `/desk/dossiers/{id}`: the clock, what may be done now and what the law forbids, papers, history.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use office::{
    Error,
    one_stop::{Delivery, Dossier, MASKED},
    personal::Through,
};
use rules::{
    access::Action,
    calendar::PauseReason,
    one_stop::{ActKind, Case, Status},
    procedure::Procedure,
};
use serde_json::Value;

use super::{
    acts::{Maker, attach_form},
    clock::{self, Seen, channel},
    inbox::step_name,
    money, papers,
    people::People,
    reasons, receive, renew, words,
};
use crate::{
    chart::Svg,
    http::{
        Ctx, PageError, PageResult, Posted,
        error::{render, sentence},
    },
    pages::work::{
        common::segment,
        files,
        history::{self, Names, size_text},
    },
    view::{
        Evidence, Form, Happened, Link, Notice, Pair, Section, Shell,
        desk::{DossierPage, Forbidden, GivenLine, StepLine},
    },
};

/// The acts of an ordinary way, in its order; the others stand behind them.
const FIRST: [ActKind; 6] =
    [ActKind::Accept, ActKind::HandOver, ActKind::Resolve, ActKind::ReturnResult, ActKind::Supplement, ActKind::AskSupplement];

/// `GET /desk/dossiers/{id}`
pub async fn page(ctx: Ctx, Path(id): Path<String>) -> PageResult {
    shown(&ctx, &id, None).await
}

/// The page again, with what was typed into the form of one act and what is wrong with it.
pub async fn again(ctx: &Ctx, id: &str, kind: ActKind, posted: &Posted, e: Error) -> PageResult {
    shown(ctx, id, Some((Place::Act(kind), posted, e))).await
}

/// The page again, with what is wrong with a scan that was to be added.
pub async fn attached_wrong(ctx: &Ctx, id: &str, posted: &Posted, e: Error) -> PageResult {
    shown(ctx, id, Some((Place::Attach, posted, e))).await
}

/// The page again, because no new secret was given.
pub async fn not_renewed(ctx: &Ctx, id: &str, posted: &Posted, e: Error) -> PageResult {
    shown(ctx, id, Some((Place::Secret, posted, e))).await
}

/// The form on the page that was sent.
enum Place {
    Act(ActKind),
    Attach,
    Secret,
}

async fn shown(ctx: &Ctx, id: &str, wrong: Option<(Place, &Posted, Error)>) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let d = office.dossier(&ctx.actor(), id, Through::Page).await.map_err(|e| ctx.fault(e))?;
    let world = office.world();
    let unit = d.record.unit.parse().ok().and_then(|k| world.units.idx(&k)).ok_or_else(|| ctx.fault(Error::not_found(&d.record.unit)))?;
    let calendar = world.calendar(unit, office.now().local_date());
    let text = |name: &str| d.fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let code = d.record.key.clone().unwrap_or_default();
    let title = d.procedure.as_ref().map_or_else(|| text("procedure"), |p| t.pick(&p.def.name).to_owned());
    let mut s = ctx.shell(Section::Desk, format!("{title} {code}"), true).await?;
    s.live = s.live.take().map(|live| format!("{live}?register={}&record={}", super::DOSSIER, d.record.id));
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    let people = People::load(ctx).await?;
    let now = office.now();
    let status = d.case.as_ref().map_or_else(|| Status::of(&d.record.state), |c| Some(c.status));
    let due = d.due.as_ref().map(|a| a.value);
    let mut acts = Vec::new();
    let mut forbidden = Vec::new();
    if let Some(case) = &d.case {
        let maker = Maker { ctx, s: &s, people: &people, dossier: &d, case, unit, procedure: d.procedure.as_deref() };
        for offer in &d.offers {
            match &offer.refusal {
                None => acts.push(maker.form(offer.act)),
                Some(r) => forbidden.push(Forbidden { act: t.msg(&words::key("case-act", offer.act.id())), why: t.refusal(r) }),
            }
        }
    }
    // What is nearly always meant comes first.
    let place = |f: &Form| {
        FIRST
            .iter()
            .position(|k| f.action.split('?').next().is_some_and(|a| a.ends_with(&format!("/do/{}", k.id()))))
            .unwrap_or(FIRST.len())
    };
    acts.sort_by_key(place);
    let mut attach = attach_form(ctx, &s, &d);
    let mut secret = renew::form(ctx, &s, &d);
    let mut code_of_answer = StatusCode::OK;
    if let Some((place, posted, e)) = &wrong {
        let clash = matches!(e, Error::Store(store::Error::Conflict { .. }));
        code_of_answer = if clash { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        let kept = match place {
            Place::Act(kind) => {
                acts.iter_mut().find(|f| f.action.split('?').next().is_some_and(|a| a.ends_with(&format!("/do/{}", kind.id()))))
            }
            Place::Attach => attach.as_mut(),
            Place::Secret => secret.as_mut(),
        };
        blame(ctx, &mut s, kept, posted, e);
    }
    let (clock, clock_pairs, why) = clock_of(ctx, &d, calendar, due);
    let mut money = money::of(ctx, &s, &d).await?;
    if money.open() {
        // What answers a demand is booked on it.
        acts.retain(|f| !f.action.split('?').next().is_some_and(|a| a.ends_with("/do/paid")));
    }
    let first = if status == Some(Status::Payment) { t.msg("desk-fee-first") } else { String::new() };
    if !first.is_empty() {
        // Taking it is what is to be done now: it stands before everything else.
        let others = std::mem::replace(&mut acts, std::mem::take(&mut money.take));
        acts.extend(others);
    }
    let page = DossierPage {
        title,
        status: status.map_or_else(|| d.record.state.clone(), |st| words::status_text(t, st)),
        mark: status.map_or(crate::view::Mark::NoData, |st| words::mark(st, due, now, d.share_used)),
        why,
        clock,
        clock_pairs,
        result: result(ctx, &d),
        rated: rated(ctx, &d),
        facts: facts(ctx, &people, &d, status),
        applicant: applicant(ctx, &d),
        masked: !d.clear,
        come_back: come_back(ctx, &s, &d),
        acts,
        first,
        forbidden,
        parts: parts(ctx, &d),
        attach,
        secret,
        form: declared(ctx, &d),
        steps: steps(ctx, &people, &d, calendar),
        requests: d.case.as_ref().map(|c| requests(ctx, &people, d.procedure.as_deref(), c, d.clear)).unwrap_or_default(),
        opinions: d.case.as_ref().map(|c| opinions(ctx, c, d.clear)).unwrap_or_default(),
        payments: d.case.as_ref().map(|c| payments(ctx, c)).unwrap_or_default(),
        money,
        forecast: forecast(ctx, &d, unit, calendar).await?,
        papers: forms(ctx, &s, &d),
        history: told(ctx, &s, &d).await?,
        clash: Vec::new(),
        code,
        s,
    };
    let response: Response = (code_of_answer, render(&page)).into_response();
    Ok(response)
}

/// The history in acts: which fields an act wrote is told by the page itself.
async fn told(ctx: &Ctx, s: &Shell, d: &Dossier) -> Result<Vec<Happened>, PageError> {
    let mut list = history::of(ctx, s, &d.record, &Names::load(ctx).await?).await?;
    if d.case.is_some() {
        list.iter_mut().for_each(|h| h.changes.clear());
    }
    Ok(list)
}

/// What was typed stays; the sentence stands at its field, or on top.
fn blame(ctx: &Ctx, s: &mut Shell, form: Option<&mut Form>, posted: &Posted, e: &Error) {
    let text = sentence(e, ctx.t);
    let Some(form) = form else {
        s.notices.push(Notice { good: false, text });
        return;
    };
    form.idempotency_key = posted.get("idempotency_key").to_owned();
    for f in &mut form.fields {
        let typed = posted.get(&f.name).to_owned();
        for c in &mut f.choices {
            c.selected = c.value == typed;
        }
        f.value = typed;
    }
    let named = match e {
        Error::Refused(r) => r.args.iter().find(|(n, _)| *n == "field").map(|(_, v)| v.clone()),
        _ => None,
    };
    let place = named.and_then(|n| form.fields.iter().position(|f| f.name == n));
    let first_text = form.fields.iter().position(|f| f.name == "reason_text_1").filter(|_| e.code() == "one_stop.reason_required");
    match place.or(first_text).and_then(|i| form.fields.get_mut(i)) {
        Some(f) => f.error = text,
        None => s.notices.push(Notice { good: false, text }),
    }
}

fn clock_of(ctx: &Ctx, d: &Dossier, calendar: &rules::calendar::Calendar, due: Option<rules::Timestamp>) -> (Svg, Vec<Pair>, String) {
    let (t, now) = (ctx.t, ctx.app.office.now());
    let Some(case) = &d.case else { return (Svg::default(), Vec::new(), t.msg("desk-why-none")) };
    let why = match (&case.end, case.status, &case.clock) {
        (Some(end), ..) => t.msg1("desk-why-done", "at", t.moment(end.at)),
        (None, Status::Registered, None) => {
            t.msg2("desk-why-new", "at", t.moment(case.filed), "until", d.answer_by.map_or_else(|| "–".to_owned(), |a| t.moment(a)))
        }
        (None, _, Some(c)) => match (c.paused(), due.filter(|_| case.apologies.is_empty())) {
            (Some(p), _) if p.reason == PauseReason::Supplement => t.msg1("desk-why-citizen", "since", t.moment(p.from)),
            (Some(p), _) => t.msg1("desk-why-paused", "since", t.moment(p.from)),
            (None, Some(due)) => t.msg2("desk-why-due", "at", t.moment(due), "left", words::left(t, calendar, now, due)),
            // The last apology says what people were promised, whether or not it moved the deadline.
            (None, None) => match (case.apologies.last(), due) {
                (Some(a), Some(due)) => t.format(
                    "desk-why-promised",
                    &[
                        ("day", t.date(a.new_day).into()),
                        ("old", t.moment(a.old_due).into()),
                        ("left", words::left(t, calendar, now, due).into()),
                    ],
                ),
                _ => t.msg("desk-why-none"),
            },
        },
        _ => t.msg("desk-why-none"),
    };
    let Some(clock) = &case.clock else { return (Svg::default(), Vec::new(), why) };
    let old_due = case.apologies.iter().rev().find(|a| !a.late).map(|a| a.old_due);
    let seen = Seen { clock, due, old_due, now, used: d.share_used };
    let mut pairs = clock::in_words(t, &seen, calendar);
    let open = case.end.is_none();
    for (key, at) in [
        ("desk-clock-hand-over", d.hand_over_by.filter(|_| open && !case.handed_over())),
        ("desk-clock-return", d.return_by.filter(|r| open && *r > now)),
        ("desk-clock-apology", d.apology_by.filter(|_| open)),
    ] {
        pairs.extend(at.map(|at| Pair::new(t.msg(key), t.moment(at))));
    }
    (clock::line(t, &seen), pairs, why)
}

/// What was decided, and how it reached the citizen.
fn result(ctx: &Ctx, d: &Dossier) -> Vec<Pair> {
    let t = ctx.t;
    let Some(case) = &d.case else { return Vec::new() };
    let Some(end) = &case.end else { return Vec::new() };
    let mut out = Vec::new();
    if let Some(given) = &end.result {
        let number = given.number.clone().filter(|n| !n.is_empty()).unwrap_or_else(|| t.msg("desk-result-unnumbered"));
        out.push(Pair::new(t.msg("desk-result-number"), number));
        out.push(Pair::new(t.msg("desk-result-date"), t.date(end.at.local_date())));
        let name = d.procedure.as_ref().map(|p| t.pick(&p.def.result.name).to_owned());
        out.extend(name.filter(|n| !n.is_empty()).map(|n| Pair::new(t.msg("desk-result-name"), n)));
        if case.returned.is_none() {
            out.push(Pair::new(t.msg("desk-result-returned"), t.msg1("desk-result-waiting", "at", t.moment(end.at))));
        }
    }
    if let Some(r) = case.returned {
        let way = papers::way(t, r.way);
        out.push(Pair::new(t.msg("desk-result-returned"), format!("{} ({way})", t.moment(r.at))));
    }
    out
}

/// What the citizen said of it.
fn rated(ctx: &Ctx, d: &Dossier) -> Vec<Pair> {
    let t = ctx.t;
    let Some(r) = &d.rated else { return Vec::new() };
    let mut out = vec![Pair::new(t.msg("desk-rated-stars"), format!("{} {}/5", words::stars(r.stars), r.stars))];
    let mut said = |name: &str, n: Option<u64>| {
        let text = n.and_then(|n| t.try_format(&format!("portal-{name}-{n}"), &[]));
        out.extend(text.map(|text| Pair::new(t.msg(&format!("desk-rated-{name}")), text)));
    };
    said("attitude", r.attitude);
    said("agencies", r.agencies);
    out.extend(r.note.as_ref().map(|note| Pair::new(t.msg("desk-rated-note"), note.clone())));
    out
}

fn facts(ctx: &Ctx, people: &People, d: &Dossier, status: Option<Status>) -> Vec<Pair> {
    let (t, world) = (ctx.t, ctx.app.office.world());
    let text = |name: &str| d.fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut out = vec![
        Pair::new(t.msg("desk-fact-unit"), world.unit_name(&d.record.unit, t.tag())),
        Pair::new(t.msg("desk-fact-channel"), channel(t, &text("channel"))),
        Pair::new(t.msg("desk-fact-procedure"), text("procedure_code")),
    ];
    if let Some(p) = &d.procedure {
        out.push(Pair::new(t.msg("desk-fact-version"), t.date(p.def.valid_from)));
    }
    if let Some(rules) = d.case.as_ref().and_then(|c| world.one_stop_rules_of(&c.rules, c.filed.local_date()).ok()) {
        out.push(Pair::new(t.msg("desk-fact-rules"), t.pick(&rules.name)));
    }
    for (key, value) in
        [("desk-fact-filed-by", text("filed_by")), ("desk-fact-away", text("away_unit")), ("desk-fact-received-at", text("receiving_unit"))]
    {
        if !value.is_empty() {
            let value = if key == "desk-fact-filed-by" { people.name(ctx, &value) } else { world.unit_name(&value, t.tag()).to_owned() };
            out.push(Pair::new(t.msg(key), value));
        }
    }
    if let Some(delivery) = &d.delivery {
        let hidden = Delivery::new(delivery.way);
        out.push(Pair::new(t.msg("desk-result-way"), papers::wanted(t, if d.clear { delivery } else { &hidden })));
    }
    if let Some(st) = status {
        out.push(Pair::new(t.msg("desk-fact-state"), st.national_code().to_string()));
    }
    out
}

fn applicant(ctx: &Ctx, d: &Dossier) -> Vec<Pair> {
    let t = ctx.t;
    let fields = [
        ("applicant_name", "desk-name"),
        ("applicant_id_number", "desk-id-number"),
        ("declared_id_number", "desk-declared-number"),
        ("applicant_phone", "desk-phone"),
        ("applicant_address", "desk-address"),
        ("applicant_email", "desk-email"),
    ];
    let mut out = Vec::new();
    for (field, key) in fields {
        if let Some(value) = d.fields.get(field).and_then(Value::as_str).filter(|v| !v.is_empty()) {
            out.push(Pair::new(t.msg(key), if d.clear { value } else { "•••" }));
        }
    }
    let kind = d.fields.get("applicant_kind").and_then(Value::as_str).unwrap_or("citizen");
    out.push(Pair::new(t.msg("desk-kind"), t.msg(&words::key("desk-kind", kind))));
    out
}

fn parts(ctx: &Ctx, d: &Dossier) -> Vec<GivenLine> {
    let t = ctx.t;
    let name = |id: &str| d.procedure.as_ref().and_then(|p| p.def.part(id)).map_or_else(|| id.to_owned(), |p| t.pick(&p.name).to_owned());
    let list = d.parts.iter().map(|p| GivenLine {
        name: name(&p.part),
        origin: t.msg(match p.origin {
            office::one_stop::Origin::Upload => "desk-origin-upload",
            office::one_stop::Origin::Scan => "desk-origin-scan",
            office::one_stop::Origin::Reused => "desk-origin-reused",
            office::one_stop::Origin::Paper => "desk-origin-paper",
        }),
        at: words::short(t, p.at),
        file: p.sha256.as_ref().filter(|_| d.clear).map(|sha| Evidence {
            href: files::address(super::DOSSIER, &d.record.id.to_string(), sha),
            name: p.name.clone(),
            kind: size_text(t, p.size),
            hash: sha.chars().take(12).collect(),
        }),
        searchable: p
            .searchable
            .as_ref()
            .filter(|_| d.clear)
            .map(|sha| files::address(super::DOSSIER, &d.record.id.to_string(), sha))
            .unwrap_or_default(),
    });
    list.collect()
}

/// What was declared, page by page; personal, so only in clear.
fn declared(ctx: &Ctx, d: &Dossier) -> Vec<(String, Vec<Pair>)> {
    let t = ctx.t;
    let (Some(p), Some(form)) = (&d.procedure, d.fields.get("form").and_then(Value::as_object).filter(|_| d.clear)) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for page in &p.def.pages {
        let mut list = Vec::new();
        for f in &page.fields {
            let Some(value) = form.get(&f.field.id).filter(|v| !v.is_null()) else { continue };
            let chosen = f.field.choices.iter().find(|c| value.as_str() == Some(c.id.as_str()));
            let text = match (chosen, value) {
                (Some(c), _) => {
                    if t == crate::i18n::Lang::Vi {
                        c.vi.clone()
                    } else {
                        c.en.clone()
                    }
                }
                (None, Value::Bool(b)) => t.msg(if *b { "desk-yes" } else { "desk-no" }),
                (None, Value::String(s)) => s.parse().map_or_else(|_| s.clone(), |d| t.date(d)),
                (None, v) => v.to_string(),
            };
            list.push(Pair::new(t.pick(f.label_at_counter()), text));
        }
        if !list.is_empty() {
            out.push((t.pick(&page.title).to_owned(), list));
        }
    }
    out
}

fn steps(ctx: &Ctx, people: &People, d: &Dossier, calendar: &rules::calendar::Calendar) -> Vec<StepLine> {
    let (t, now) = (ctx.t, ctx.app.office.now());
    let Some(case) = &d.case else { return Vec::new() };
    let mut out: Vec<StepLine> = case
        .steps
        .iter()
        .map(|s| {
            let end = s.to.unwrap_or(now);
            let took = calendar.working_minutes_between(s.from, end).map(|m| m.value).unwrap_or(0);
            StepLine {
                name: step_name(ctx, &case.procedure, &s.step),
                who: people.name(ctx, s.assignee.as_deref().unwrap_or_default()),
                time: words::short(t, s.from),
                took: words::minutes(t, took),
                state: if s.to.is_some() { "done" } else { "now" },
            }
        })
        .collect();
    if case.end.is_none()
        && let (Some(p), Some(now)) = (&d.procedure, case.step())
        && let Some(at) = p.def.steps.iter().position(|s| s.id == now.step)
    {
        for s in p.def.steps.iter().skip(at + 1) {
            let (name, none) = (t.pick(&s.name).to_owned(), String::new);
            out.push(StepLine { name, who: none(), time: none(), took: none(), state: "later" });
        }
    }
    out
}

/// What was written, for whoever reads the dossier in clear: it may name people.
fn written(text: &str, clear: bool) -> &str {
    if clear { text } else { MASKED }
}

fn requests(ctx: &Ctx, people: &People, procedure: Option<&Procedure>, case: &Case, clear: bool) -> Vec<(String, Vec<String>)> {
    let t = ctx.t;
    let list = case.requests.iter().map(|r| {
        let kind = t.msg(if r.after_appraisal { "desk-request-return" } else { "desk-request-supplement" });
        let head =
            t.format("desk-request-head", &[("at", t.moment(r.at).into()), ("who", people.name(ctx, &r.by).into()), ("kind", kind.into())]);
        let answered = match r.answered {
            Some(at) => t.msg1("desk-request-answered", "at", t.moment(at)),
            None => t.msg("desk-request-open"),
        };
        let until = r.until.map(|u| t.msg1("desk-request-until", "date", t.date(u)));
        let head = [Some(head), Some(answered), until].into_iter().flatten().collect::<Vec<_>>().join("; ");
        let lines = r.reasons.iter().map(|x| reasons::line(t, procedure, x, written(&x.text, clear))).collect();
        (head, lines)
    });
    list.collect()
}

fn opinions(ctx: &Ctx, case: &Case, clear: bool) -> Vec<Pair> {
    let t = ctx.t;
    let list = case.opinions.iter().map(|o| {
        let answer = match (o.answered, o.agrees) {
            (Some(at), Some(true)) => format!("{} ({})", t.msg("desk-opinion-agrees"), t.moment(at)),
            (Some(at), _) => format!("{} ({})", t.msg("desk-opinion-disagrees"), t.moment(at)),
            (None, _) => t.msg1("desk-opinion-open", "due", t.date(o.due)),
        };
        let text = o.text.as_deref().map(|x| format!(" – {}", written(x, clear))).unwrap_or_default();
        Pair::new(o.agency.clone(), format!("{}: {answer}{text}", written(&o.question, clear)))
    });
    list.collect()
}

fn payments(ctx: &Ctx, case: &Case) -> Vec<Pair> {
    let t = ctx.t;
    let Some(p) = &case.payment else { return Vec::new() };
    let mut out = Vec::new();
    if p.demanded_vnd > 0 {
        out.push(Pair::new(t.msg("desk-payment-demanded"), words::vnd(t, p.demanded_vnd)));
        out.extend(p.until.map(|day| Pair::new(t.msg("desk-f-pay-until"), t.date(day))));
    }
    let paid = p.paid_at.map_or_else(|| "–".to_owned(), |at| format!("{} ({})", words::vnd(t, p.paid_vnd), t.moment(at)));
    out.push(Pair::new(t.msg("desk-payment-paid"), paid));
    if p.paid_at.is_some() {
        let way = t.msg(if p.online { "desk-payment-online" } else { "desk-payment-desk" });
        out.push(Pair::new(t.msg("desk-payment-way"), format!("{way} {}", p.references.join(", "))));
    }
    out
}

async fn forecast(ctx: &Ctx, d: &Dossier, unit: u32, calendar: &rules::calendar::Calendar) -> Result<Vec<Pair>, PageError> {
    let (t, now) = (ctx.t, ctx.app.office.now());
    if !ctx.allowed(Action::View, Some(super::DOSSIER), &d.record.unit) {
        return Ok(Vec::new());
    }
    let id = d.record.id.to_string();
    let all = ctx.app.office.forecasts(&ctx.actor(), unit, &[&id]).await.map_err(|e| ctx.fault(e))?;
    let Some(f) = all.of(&id) else { return Ok(Vec::new()) };
    let at = calendar.add_working_minutes(now, f.median).map(|a| t.moment(a.value)).unwrap_or_default();
    let slow = calendar.add_working_minutes(now, f.p80).map(|a| t.moment(a.value)).unwrap_or_default();
    let mut out = vec![
        Pair::new(t.msg("desk-forecast-done"), at),
        Pair::new(t.msg("desk-forecast-slow"), slow),
        Pair::new(t.msg("desk-forecast-basis"), t.msg1("desk-forecast-cases", "count", i64::try_from(f.cases).unwrap_or(0))),
    ];
    if let Some(error) = all.error_minutes {
        out.push(Pair::new(t.msg("desk-forecast-error"), words::minutes(t, error)));
    }
    Ok(out)
}

/// Where it is received once what was missing is there.
fn come_back(ctx: &Ctx, s: &Shell, d: &Dossier) -> String {
    let here = receive::comes_back(d) && ctx.allowed(Action::Edit, Some(super::DOSSIER), &d.record.unit);
    if here { s.link_with("/desk/receive", &[("dossier", &d.record.id.to_string())]) } else { String::new() }
}

/// The printed forms that make sense for it.
fn forms(ctx: &Ctx, s: &Shell, d: &Dossier) -> Vec<Link> {
    let Some(case) = &d.case else { return Vec::new() };
    let id = segment(&d.record.id.to_string());
    let refused = matches!(case.status, Status::NotAccepted | Status::Rejected);
    let wanted = [
        (1, case.clock.is_some()),
        (2, !case.requests.is_empty()),
        (3, refused),
        (4, !case.apologies.is_empty()),
        (5, case.clock.is_some()),
    ];
    let own = [Action::Edit, Action::Decide].iter().any(|a| ctx.allowed(*a, Some(super::DOSSIER), &d.record.unit));
    let may = |n: u8| own || n == 1 && d.elsewhere.received.is_some();
    wanted
        .into_iter()
        .filter(|(n, fits)| *fits && may(*n))
        .map(|(n, _)| Link::new(s.link(&format!("/desk/dossiers/{id}/form/{n}")), ctx.t.msg(&format!("desk-paper-{n}"))))
        .collect()
}
