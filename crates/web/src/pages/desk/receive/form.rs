//! The form of a chosen procedure, as it was typed, with what is wrong.

use axum::{http::StatusCode, response::IntoResponse};
use office::{
    Error,
    one_stop::{Delivery, Dossier, ReusablePaper},
};
use rules::{
    one_stop::Way,
    procedure::{FeeDef, PartDef, Procedure},
    schema::FieldType,
};
use serde_json::{Map, Value};

use super::{
    super::{DOSSIER, clock, delivery, inbox::remarks, people::unit_choices, reasons::Kind, words},
    chosen::Chosen,
    instead,
    known::{duplicate_lines, known, papers},
    scans::reuse_field,
    typed::{KINDS, Typed, question},
};
use crate::{
    http::{
        Ctx, PageError, PageResult,
        error::{fault_sentence, render, sentence},
    },
    i18n::Lang,
    pages::work::common::choices,
    view::{
        Field, Input, Link, Notice, Pair, Section,
        desk::{Instead, PartLine, ReceivePage, Receiving},
    },
};

/// The value of the button that updates questions and fees, as the page sends it.
const UPDATE: &str = "update";

/// The form, as it was typed; with what is wrong.
pub(super) async fn form(ctx: &Ctx, chosen: &Chosen, mut typed: Typed, wrong: Option<Error>) -> PageResult {
    let Chosen { unit, procedure, begun } = chosen;
    let unit = *unit;
    let (t, office) = (ctx.t, &ctx.app.office);
    let (world, now) = (office.world(), office.now());
    let day = now.local_date();
    let key = world.units.key(unit).to_string();
    ctx.demand(rules::access::Action::Edit, Some(DOSSIER), &key)?;
    let id_number = typed.get("id_number").to_owned();
    let known = known(ctx, &id_number, &mut typed).await?;
    let duplicates = if id_number.len() < 9 {
        Vec::new()
    } else {
        let all = office.duplicates(&ctx.actor(), &procedure.def.code, &id_number).await.map_err(|e| ctx.fault(e))?;
        all.into_iter().filter(|d| begun.as_ref().is_none_or(|b| d.id != b.record.id.to_string())).collect()
    };
    let papers = papers(ctx, &key, &id_number).await?;
    let mut s = ctx.shell(Section::Desk, t.msg("desk-receive"), false).await?;
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    let rules = world.one_stop_rules(day).map_err(|e| ctx.fault(e))?;
    let computed =
        clock::computed(t, now, procedure.def.term, rules, world.calendar(unit, day)).map_err(|e| ctx.fault(Error::Refused(e)))?;
    let given = typed.form(procedure);
    let mut applicant = applicant_fields(ctx, procedure, &typed);
    let mut pages = declaration(ctx, procedure, &given, &typed);
    let mut options = options(ctx, chosen, &typed);
    let mut instead = instead::forms(ctx, &s, chosen, &typed);
    let mut faults = Vec::new();
    if let Some(e) = &wrong {
        faults = blame(ctx, &mut applicant, &mut pages, &mut options, e);
        if let Some(kind) = typed.tried {
            faults.extend(blame_instead(ctx, &mut instead, kind, e));
        }
        if faults.is_empty() {
            s.notices.push(Notice { good: false, text: sentence(e, t) });
        }
    }
    let despite = wrong.as_ref().is_some_and(|e| e.code().contains("duplicate")) || !duplicates.is_empty();
    let due = match computed.due {
        Some(at) => t.msg1("desk-due-line", "at", t.moment(at)),
        None => t.msg("desk-due-none"),
    };
    let receiving = Receiving {
        accept: office::one_stop::accepted(),
        action: s.link("/desk/receive"),
        look_up: s.link("/desk/receive/look"),
        code: procedure.def.code.clone(),
        name: t.pick(&procedure.def.name).to_owned(),
        facts: vec![
            Pair::new(t.msg("desk-term"), words::term(t, procedure.def.term)),
            Pair::new(t.msg("desk-sector"), t.pick(&procedure.def.sector.name)),
        ],
        key: typed.get("idempotency_key").to_owned(),
        numbers: KINDS.map(|k| (k, number_words(t, k))).to_vec(),
        ticket_number: ticket_number(ctx, &key, typed.get("ticket")).await?,
        others: {
            let carried = [("unit", key.as_str()), ("ticket", typed.get("ticket"))];
            s.link_with("/desk/receive", &carried.into_iter().filter(|(_, v)| !v.is_empty()).collect::<Vec<_>>())
        },
        unit: key,
        units: if begun.is_none() { unit_choices(ctx, unit) } else { Vec::new() },
        applicant,
        known,
        duplicates: duplicate_lines(ctx, &s, &duplicates),
        despite,
        parts: part_lines(ctx, chosen, &given, &typed, &papers, now),
        pages,
        options,
        due,
        computed: computed.lines,
        fees: fees(t, procedure, &given, now),
        updated: typed.get("look") == UPDATE && wrong.is_none(),
        at: typed.get("at").parse().ok(),
        ticket: typed.get("ticket").to_owned(),
        instead,
        begun: begun.as_ref().map(|d| begun_line(t, d, &typed)),
        faults,
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ReceivePage { s, q: String::new(), procedures: Vec::new(), chosen: Some(receiving), remarks: remarks(ctx, unit).await? };
    Ok((status, render(&page)).into_response())
}

/// What is to be paid for the answers so far. What they do not decide yet is no zero.
fn fees(t: Lang, procedure: &Procedure, given: &Map<String, Value>, now: rules::Timestamp) -> Vec<Pair> {
    let (open, due) = (procedure.fees_open(given, now), procedure.fees_due(given, now));
    let amount = |fee: &FeeDef| match open.iter().any(|o| o.id == fee.id) {
        true => Some(open_fee(t, fee)),
        false => due.iter().find(|d| d.fee.id == fee.id).map(|d| words::vnd(t, d.amount_vnd)),
    };
    procedure.def.fees.iter().filter_map(|fee| Some(Pair::new(t.pick(&fee.name), amount(fee)?))).collect()
}

/// As much as can be said of a fee before the answers are there.
fn open_fee(t: Lang, fee: &FeeDef) -> String {
    match (fee.amount_vnd.filter(|_| fee.amount.is_none()), &fee.per_name) {
        (Some(each), Some(unit)) if fee.per.is_some() => t.msg2("desk-fee-open-each", "amount", words::vnd(t, each), "unit", t.pick(unit)),
        (Some(most), _) if fee.per.is_none() => t.msg1("desk-fee-open-range", "amount", words::vnd(t, most)),
        _ => t.msg("desk-fee-open"),
    }
}

/// What is known of a dossier that comes back: its identity, the version that was seen, since when it is waited for.
fn begun_line(t: Lang, d: &Dossier, typed: &Typed) -> (String, i64, String) {
    let code = d.record.key.clone().unwrap_or_default();
    let asked = d.case.as_ref().and_then(|c| c.requests.last());
    let text = match asked {
        Some(r) => {
            let what = r.reasons.iter().map(|r| r.text.as_str()).collect::<Vec<_>>().join("; ");
            t.format("desk-begun", &[("code", code.into()), ("date", t.date(r.at.local_date()).into()), ("what", what.into())])
        }
        None => code,
    };
    (d.record.id.to_string(), typed.get("version").parse().unwrap_or(d.record.version), text)
}

/// The number that was called, where it is one of this unit.
async fn ticket_number(ctx: &Ctx, unit: &str, id: &str) -> Result<String, PageError> {
    if id.is_empty() {
        return Ok(String::new());
    }
    match ctx.app.office.ticket(id).await {
        Ok((ticket, _)) if ticket.unit == unit => Ok(words::ticket(ticket.number)),
        Ok(_) => Ok(String::new()),
        Err(e) if e.code() == "not_found" => Ok(String::new()),
        Err(e) => Err(ctx.fault(e)),
    }
}

/// What the number of an applicant is called, and how it is written.
fn number_words(t: Lang, kind: &str) -> (String, String) {
    match kind {
        "enterprise" => (t.msg("desk-number-enterprise"), t.msg("desk-number-enterprise-hint")),
        "household" => (t.msg("desk-number-household"), t.msg("desk-number-household-hint")),
        _ => (t.msg("desk-id-number"), t.msg("desk-id-number-hint")),
    }
}

fn applicant_fields(ctx: &Ctx, procedure: &Procedure, typed: &Typed) -> Vec<Field> {
    let t = ctx.t;
    // What the declaration wants to know of the applicant is asked here.
    let wanted =
        |name: &str| procedure.def.pages.iter().flat_map(|p| &p.fields).any(|f| f.field.required && typed.answered_by(f) == Some(name));
    let field = |name: &str, key: &str| {
        let field = Field::new(name, t.msg(key), Input::Text).value(typed.get(name));
        if wanted(name) { field.required() } else { field }
    };
    let kinds = KINDS.map(|k| (k, t.msg(&words::key("desk-kind", k))));
    let (number, hint) = number_words(t, typed.kind());
    vec![
        // It says what the number below is.
        Field::new("kind", t.msg("desk-kind"), Input::Select).choices(choices(kinds, typed.kind())).required(),
        Field::new("id_number", number, Input::Text).value(typed.get("id_number")).hint(hint).required(),
        field("name", "desk-name").required(),
        field("phone", "desk-phone"),
        field("address", "desk-address"),
        field("email", "desk-email"),
    ]
}

/// Units beside this one that decide on such dossiers: the citizen may hand theirs in here all the same.
fn elsewhere(ctx: &Ctx, unit: u32, procedure: &Procedure) -> Vec<(String, String)> {
    let (world, today) = (ctx.app.office.world(), ctx.app.office.today());
    let Some(above) = world.units.parent(unit) else { return Vec::new() };
    let offers = |u: &u32| *u != unit && world.procedures_for(*u, today).iter().any(|p| p.def.code == procedure.def.code);
    let beside = world.units.children(above).iter().copied().filter(|u| world.units.unit(*u).is_valid_on(today));
    beside.filter(offers).map(|u| (world.units.key(u).to_string(), ctx.unit_name(u))).collect()
}

fn options(ctx: &Ctx, chosen: &Chosen, typed: &Typed) -> Vec<Field> {
    let t = ctx.t;
    let ways = ["counter", "post"].map(|w| (w, t.msg(&words::key("desk-channel", w))));
    let way = if typed.get("channel").is_empty() { "counter" } else { typed.get("channel") };
    // Who came to the counter mostly comes back to it.
    let said = delivery::of(|name| typed.get(name)).unwrap_or_else(|| Delivery::new(Way::Desk));
    let mut out = Vec::new();
    // What comes back came by its own way before.
    if chosen.begun.is_none() {
        out.push(Field::new("channel", t.msg("desk-channel"), Input::Select).choices(choices(ways, way)).required());
    }
    out.extend(delivery::fields(t, &said));
    out.extend([
        Field::new("paid", t.msg("desk-paid-now"), Input::Number).value(typed.get("paid")),
        Field::new("reference", t.msg("desk-paid-reference"), Input::Text).value(typed.get("reference")),
        Field::new("identified", t.msg("desk-identified"), Input::Check).value(typed.get("identified")),
    ]);
    let units = elsewhere(ctx, chosen.unit, &chosen.procedure);
    if !units.is_empty() {
        let here = std::iter::once((String::new(), t.msg("desk-competent-here")));
        let field = Field::new("away_unit", t.msg("desk-competent"), Input::Select);
        out.push(field.choices(choices(here.chain(units), typed.get("away_unit"))).hint(t.msg("desk-competent-hint")));
    }
    out
}

fn part_lines(
    ctx: &Ctx,
    chosen: &Chosen,
    given: &Map<String, Value>,
    typed: &Typed,
    papers: &[ReusablePaper],
    now: rules::Timestamp,
) -> Vec<PartLine> {
    let (t, p) = (ctx.t, &chosen.procedure);
    let had = |part: &str| {
        let all = chosen.begun.iter().flat_map(|d| &d.parts).filter(|g| g.part == part && g.sha256.is_some());
        all.map(|g| g.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    // The newest comes first.
    let reuse = |kind: Option<&String>| papers.iter().find(|x| Some(&x.kind) == kind);
    let about = |x: &ReusablePaper| {
        let of = [x.number.clone(), x.issued_on.map(|d| t.date(d)), x.issuer.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        t.msg1("desk-part-reusable", "paper", of)
    };
    let wanted = p.parts_wanted(given, now);
    let wanted = |part: &PartDef| wanted.iter().any(|w| w.id == part.id);
    p.def
        .parts
        .iter()
        // A scan that nobody asks for any more is still there to be seen, and to be left out.
        .filter(|part| !part.from_form && (wanted(part) || typed.scan(&part.id).is_some()))
        .map(|part| PartLine {
            id: part.id.clone(),
            name: t.pick(&part.name).to_owned(),
            hint: part.hint.as_ref().map(|h| t.pick(h).to_owned()).unwrap_or_default(),
            kind: words::part_kind(t, part.kind),
            copies: if part.copies > 1 { t.msg1("desk-copies", "count", i64::from(part.copies)) } else { String::new() },
            required: part.required && wanted(part),
            scan: typed.scan(&part.id).map(|s| (s.token.clone(), s.name.clone())),
            given: typed.parts.contains(&part.id),
            had: had(&part.id),
            reuse: reuse(part.reuse.as_ref()).map(|x| (x.id.clone(), about(x), typed.get(&reuse_field(&part.id)) == x.id)),
        })
        .collect()
}

/// The declaration's questions with what was answered.
fn declaration(ctx: &Ctx, p: &Procedure, given: &Map<String, Value>, typed: &Typed) -> Vec<(String, Vec<Field>)> {
    let (t, now) = (ctx.t, ctx.app.office.now());
    let mut out = Vec::new();
    for shown in p.shown(given, now) {
        let fields = shown.fields.iter().filter(|f| !f.online_only && typed.answered_by(f).is_none()).map(|f| {
            let def = &f.field;
            let name = question(&def.id);
            let input = match def.ty {
                // A box that nobody ticked is no answer.
                FieldType::Bool => Input::Radio,
                FieldType::Choice => Input::Select,
                FieldType::Date => Input::Date,
                FieldType::Int | FieldType::Decimal(_) => Input::Number,
                _ if f.layout == rules::procedure::Layout::Lines => Input::Long(3),
                _ => Input::Text,
            };
            let mut list: Vec<(String, String)> = Vec::new();
            if input == Input::Select {
                list.push((String::new(), "–".to_owned()));
                list.extend(def.choices.iter().map(|c| (c.id.clone(), if t == Lang::Vi { c.vi.clone() } else { c.en.clone() })));
            }
            if input == Input::Radio {
                list = ["true", "false"].map(|v| (v.to_owned(), t.msg(if v == "true" { "desk-yes" } else { "desk-no" }))).to_vec();
            }
            let value = typed.get(&name).to_owned();
            let field = Field::new(name, t.pick(f.label_at_counter()), input).choices(choices(list, &value)).value(value);
            let field = if def.required { field.required() } else { field };
            match &def.help {
                Some(h) => field.hint(t.pick(h)),
                None => field,
            }
        });
        let fields: Vec<Field> = fields.collect();
        if !fields.is_empty() {
            out.push((t.pick(&shown.page.title).to_owned(), fields));
        }
    }
    out
}

/// The dossier's field that an applicant's field fills.
fn of_person(name: &str) -> String {
    format!("applicant_{name}")
}

/// Puts each fault at its field, in the words of its label; gives those that were placed.
fn blame(ctx: &Ctx, applicant: &mut [Field], pages: &mut [(String, Vec<Field>)], options: &mut [Field], e: &Error) -> Vec<Field> {
    let mut at = |name: &str, text: &dyn Fn(&str) -> String| {
        let mut inside = pages.iter_mut().flat_map(|(_, fields)| fields.iter_mut());
        let asked = inside.find(|f| f.name == question(name));
        let of_applicant = |f: &&mut Field| of_person(&f.name) == name || (name == "applicant_number" && f.name == "id_number");
        let found = asked.or_else(|| applicant.iter_mut().find(of_applicant)).or_else(|| options.iter_mut().find(|f| f.name == name));
        if let Some(f) = found {
            f.error = text(&f.label);
        }
    };
    match e {
        Error::Invalid(list) => {
            for fault in list {
                at(&fault.field, &|label| fault_sentence(&rules::schema::FieldFault { field: label.to_owned(), ..fault.clone() }, ctx.t));
            }
        }
        Error::Refused(r) => {
            let named = r.args.iter().find(|(n, _)| *n == "field").map(|(_, name)| name.as_str());
            if let Some(name) = named.or_else(|| r.code.starts_with("payment.").then_some("paid")) {
                at(name, &|_| sentence(e, ctx.t));
            }
        }
        _ => {}
    }
    applicant.iter().chain(pages.iter().flat_map(|(_, f)| f)).chain(options.iter()).filter(|f| !f.error.is_empty()).cloned().collect()
}

/// Puts what is wrong with a request or a refusal at its field.
fn blame_instead(ctx: &Ctx, forms: &mut [Instead], kind: Kind, e: &Error) -> Option<Field> {
    let Error::Refused(r) = e else { return None };
    let named = r.args.iter().find(|(n, _)| *n == "field").map(|(_, name)| name.as_str());
    let first = instead::name(kind, "reason_text_1");
    let at = match (r.code, named) {
        ("one_stop.reason_required", _) | (_, Some("reason")) => first,
        ("one_stop.day_past", _) => instead::name(kind, "until"),
        (_, Some(name)) => name.to_owned(),
        _ => return None,
    };
    let field = forms.iter_mut().flat_map(|f| &mut f.fields).find(|f| f.name == at)?;
    field.error = sentence(e, ctx.t);
    Some(field.clone())
}
