//! Forms 01 to 06 of Circular 01/2018/TT-VPCP, ready for the printer: heading of Decree 30/2020, code, square code to the tracking page.

use axum::extract::Path;
use jiff::civil::Date;
use office::{
    Error,
    one_stop::{BookRow, Delivery, PaperData},
};
use rules::{
    Localized, Refusal, Timestamp,
    one_stop::{Status, Way},
    procedure::Who,
};
use serde_json::Value;

use super::{
    people::{People, desk_unit},
    reasons, words,
};
use crate::{
    chart::Svg,
    http::{Ctx, PageError, PageResult, Posted, error::render},
    i18n::Lang,
    pages::{contact, work::common::segment},
    view::{
        Field, Input, Pair, Section,
        desk::{BookPage, Heading, PaperPage},
    },
};

/// Days that the book shows when nobody asks for others.
const BOOK_DAYS: i64 = 7;
/// Sets of papers that a dossier has: one, as the receipt says.
const SETS: &str = "01";

/// Characters of a tracking secret that are printed.
const SECRET_MAX: usize = 40;

/// How a result reaches the citizen.
pub fn way(t: Lang, way: Way) -> String {
    t.msg(match way {
        Way::Desk => "desk-f-way-desk",
        Way::Post => "desk-f-way-post",
        Way::Online => "desk-f-way-online",
    })
}

/// How it is wanted, with the address where the post brings it.
pub fn wanted(t: Lang, delivery: &Delivery) -> String {
    match delivery.way {
        Way::Post if !delivery.address.is_empty() => t.msg1("desk-result-by-post", "address", delivery.address.as_str()),
        other => way(t, other),
    }
}

/// `unit` by its name and the name of its place.
fn heading(ctx: &Ctx, unit: (&Localized, String), at: Timestamp, number: String) -> Heading {
    let t = ctx.t;
    Heading {
        above: t.msg1("desk-paper-agency", "unit", t.pick(unit.0)).to_uppercase(),
        agency: t.msg("desk-paper-desk"),
        number,
        country: t.msg("desk-paper-country"),
        motto: t.msg("desk-paper-motto"),
        place_and_day: t.msg2("desk-paper-place", "place", unit.1, "day", words::long_date(t, at.local_date())),
    }
}

fn applicant(d: &PaperData, field: &str) -> String {
    d.applicant.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The address that the square code holds: of this server, as the reader reached it.
fn tracking(ctx: &Ctx, d: &PaperData) -> String {
    format!("{}{}", ctx.origin, d.track_path)
}

/// `GET /desk/dossiers/{id}/form/{form}`
pub async fn form(ctx: Ctx, Path((id, form)): Path<(String, String)>) -> PageResult {
    paper(&ctx, &id, &form, "").await
}

/// `POST /desk/dossiers/{id}/form/{form}`: the slip with the secret that was told just now. It is in no address, so in no history and
/// no proxy's log.
pub async fn slip(Path((id, form)): Path<(String, String)>, posted: Posted) -> PageResult {
    let secret: String = posted.get("secret").chars().take(SECRET_MAX).collect();
    paper(&posted.ctx, &id, &form, &secret).await
}

fn dossier_at(id: &str) -> String {
    format!("/desk/dossiers/{}", segment(id))
}

async fn paper(ctx: &Ctx, id: &str, form: &str, secret: &str) -> PageResult {
    let t = ctx.t;
    let n: u8 =
        form.trim_start_matches('0').parse().ok().filter(|n| (1..=5).contains(n)).ok_or_else(|| ctx.fault(Error::not_found(form)))?;
    let d = ctx.app.office.paper(&ctx.actor(), id, n).await.map_err(|e| ctx.fault(e).back(&dossier_at(id), "desk-paper-back"))?;
    let s = ctx.shell(Section::None, t.msg(&format!("desk-paper-{n}")), false).await?;
    let people = People::load(ctx).await?;
    let mark = ["", "TNHS", "HDHS", "TCHS", "XLHT", "KSHS"].get(usize::from(n)).copied().unwrap_or_default();
    // The number within the day is the dossier's own: the slip needs no other register.
    let number = d.code.rsplit('-').next().unwrap_or_default().to_owned();
    let number = t.msg2("desk-paper-number", "number", number, "mark", mark);
    let qr = faces::qr::svg(&tracking(ctx, &d)).map_err(|e| ctx.fault(Error::Internal(e.to_string())))?;
    let world = ctx.app.office.world();
    let unit = d.unit.parse().ok().and_then(|k| world.units.get(&k));
    let place = unit.map_or_else(|| t.pick(&d.unit_name).to_owned(), |u| words::place_name(t, u));
    let officer = people.name(ctx, &d.officer);
    let name = applicant(&d, "applicant_name");
    let sign = |key: &str, who: &str| (t.msg(key), who.to_owned());
    let mut page = PaperPage {
        form: n,
        heading: heading(ctx, (&d.unit_name, place), d.at, number),
        label: t.msg(&format!("desk-paper-label-{n}")),
        title: t.msg(&format!("desk-paper-{n}")),
        code: d.code.clone(),
        before: Vec::new(),
        lines: Vec::new(),
        lines_title: String::new(),
        after: Vec::new(),
        table: None,
        qr: Svg(qr),
        back: s.link(&dossier_at(id)),
        note: String::new(),
        signs: vec![sign("desk-paper-citizen", &name), sign("desk-paper-officer", &officer)],
        s,
    };
    let person = Pair::new(t.msg(if n == 1 { "desk-paper-receives" } else { "desk-paper-person" }), name.clone());
    page.before.push(person);
    for (field, key) in [("applicant_address", "desk-address"), ("applicant_phone", "desk-phone"), ("applicant_email", "desk-email")] {
        let value = applicant(&d, field);
        if !value.is_empty() {
            page.before.push(Pair::new(t.msg(key), value));
        }
    }
    page.before.push(Pair::new(t.msg("desk-paper-content"), t.pick(&d.procedure)));
    match n {
        1 => receipt(t, &d, &mut page),
        2 => {
            page.lines_title = t.msg("desk-paper-needs");
            page.lines = points(ctx, &d);
            if let Some(until) = d.case.requests.last().and_then(|r| r.until) {
                page.after.push(Pair::new(t.msg("desk-paper-until"), words::long_date(t, until)));
            }
            // The sentence asks people to call: without a number it would be an empty promise.
            if let Some(phone) = &d.phone {
                page.after.push(Pair::new(
                    t.msg("desk-paper-help"),
                    t.msg2("desk-paper-contact", "who", officer.as_str(), "phone", phone.as_str()),
                ));
            }
        }
        3 => {
            page.lines_title = t.msg("desk-paper-reasons");
            page.lines = points(ctx, &d);
        }
        4 => {
            page.after.push(Pair::new(t.msg("desk-paper-promised"), d.old_due.map(|at| words::long_moment(t, at)).unwrap_or_default()));
            page.after.push(Pair::new(t.msg("desk-paper-sorry"), d.reason.clone().unwrap_or_default()));
            page.after.push(Pair::new(t.msg("desk-paper-new-day"), d.new_day.map(|day| words::long_date(t, day)).unwrap_or_default()));
            page.note = t.msg("desk-paper-sorry-text");
            page.signs = vec![sign("desk-paper-head", "")];
        }
        _ => control(ctx, &people, &d, &mut page),
    }
    // Told once, on the paper that is given at that moment.
    if n <= 3 && !secret.is_empty() {
        page.after.push(Pair::new(t.msg("desk-paper-secret"), secret));
    }
    Ok(render(&page))
}

/// What was asked for, or why it was refused, point by point.
fn points(ctx: &Ctx, d: &PaperData) -> Vec<String> {
    let world = ctx.app.office.world();
    let procedure = world.procedure_version(&d.procedure_code, d.case.procedure_from).map(|p| &**p);
    d.reasons.iter().map(|r| reasons::line(ctx.t, procedure, r, &r.text)).collect()
}

/// What it costs, and whether that is paid.
fn fee(t: Lang, d: &PaperData) -> String {
    let paid = d.case.payment.as_ref().filter(|p| p.paid_vnd > 0);
    let owed = d.case.payment.as_ref().map_or(d.fee_vnd, |p| p.demanded_vnd.max(d.fee_vnd));
    match paid.and_then(|p| p.paid_at.map(|at| (p.paid_vnd, at))) {
        Some((vnd, at)) if vnd >= owed => t.msg2("desk-paper-fee-paid", "amount", words::vnd(t, vnd), "at", words::long_moment(t, at)),
        Some((vnd, _)) => t.msg2("desk-paper-fee-part", "amount", words::vnd(t, owed), "paid", words::vnd(t, vnd)),
        None if owed == 0 => t.msg("desk-paper-fee-none"),
        None => t.msg1("desk-paper-fee-open", "amount", words::vnd(t, owed)),
    }
}

/// When the result is handed out; while the clock stands still there is no day yet.
fn appointment(t: Lang, d: &PaperData, term: &str) -> String {
    match d.due {
        Some(at) => words::long_moment(t, at),
        None if d.case.status == Status::Payment => t.msg1("desk-due-after-fee-term", "term", term),
        None if d.case.end.is_some() => "–".to_owned(),
        None => t.msg("desk-due-paused"),
    }
}

/// Where the result is collected: as it was handed over, else as it is wanted; at this desk where nobody said.
fn collected(t: Lang, d: &PaperData) -> String {
    match (d.case.returned.map(|r| r.way), &d.delivery) {
        (Some(Way::Desk), _) | (None, None | Some(Delivery { way: Way::Desk, .. })) => t.msg("desk-paper-here"),
        (None, Some(delivery)) => wanted(t, delivery),
        (Some(_), Some(delivery)) if d.case.returned.is_some_and(|r| r.way == delivery.way) => wanted(t, delivery),
        (Some(other), _) => way(t, other),
    }
}

fn receipt(t: Lang, d: &PaperData, page: &mut PaperPage) {
    page.lines_title = t.msg("desk-paper-parts");
    if d.parts.is_empty() {
        // What the clerk took is what the form says; nothing is listed that nobody handed in.
        page.before.push(Pair::new(t.msg("desk-paper-parts"), t.msg("desk-paper-parts-none")));
    }
    page.lines = d
        .parts
        .iter()
        .map(|p| {
            let copies = if p.copies > 0 { format!(" ({})", t.msg1("desk-copies", "count", i64::from(p.copies))) } else { String::new() };
            format!("{}{copies}", t.pick(&p.name))
        })
        .collect();
    let term = d.case.clock.as_ref().map(|c| words::term(t, c.term)).unwrap_or_default();
    let received = d.case.clock.as_ref().map(|c| words::long_moment(t, c.received)).unwrap_or_default();
    let due = appointment(t, d, &term);
    let mut add = |key: &str, value: String| page.after.push(Pair::new(t.msg(key), value));
    add("desk-paper-copies-total", t.msg("desk-paper-copies-one"));
    add("desk-paper-term", term);
    add("desk-paper-received", received);
    add("desk-paper-due", due);
    add("desk-fees", fee(t, d));
    add("desk-paper-where", collected(t, d));
    page.after.extend(contact::lines(t, d.contact.as_ref()).into_iter().map(|(label, value)| Pair::new(label, value)));
    page.note = t.msg("desk-paper-note-1");
    if d.provisional {
        page.note = format!("{} {}", t.msg("desk-due-provisional"), page.note);
    }
}

/// Who does a step that was handed to nobody by name.
fn role(ctx: &Ctx, d: &PaperData, step: &str) -> String {
    let world = ctx.app.office.world();
    let procedure = world.procedure_version(&d.procedure_code, d.case.procedure_from);
    let Some(step) = procedure.and_then(|p| p.def.step(step)) else { return String::new() };
    let role = ctx.t.msg(&format!("portal-who-{}", step.who.id()));
    // The desk is called a section already.
    if step.who == Who::Desk { role } else { ctx.t.msg1("desk-paper-role", "role", role) }
}

/// Form 05: each hand-over with its times, and whether it was on time.
fn control(ctx: &Ctx, people: &People, d: &PaperData, page: &mut PaperPage) {
    let t = ctx.t;
    let head = ["desk-paper-step", "desk-paper-giver", "desk-paper-taker", "desk-paper-from", "desk-paper-to"];
    let name = |id: &str| d.step_names.iter().find(|(s, _)| s == id).map_or_else(|| id.to_owned(), |(_, n)| t.pick(n).to_owned());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for step in &d.case.steps {
        rows.push(vec![
            name(&step.step),
            people.name(ctx, &step.by),
            step.assignee.as_deref().map_or_else(|| role(ctx, d, &step.step), |a| people.name(ctx, a)),
            words::short(t, step.from),
            step.to.map(|at| words::short(t, at)).unwrap_or_default(),
        ]);
    }
    page.table = Some((head.iter().map(|k| t.msg(k)).collect(), rows));
    if let Some(due) = d.due {
        page.after.push(Pair::new(t.msg("desk-paper-due"), words::long_moment(t, due)));
    }
    if let Some(end) = &d.case.end {
        let how = if end.late {
            "desk-paper-late"
        } else if end.early {
            "desk-paper-early"
        } else {
            "desk-paper-on-time"
        };
        page.after.push(Pair::new(t.msg("desk-paper-result"), format!("{} ({})", t.msg(how), words::long_moment(t, end.at))));
    }
    page.signs = vec![(t.msg("desk-paper-officer"), String::new())];
}

fn day(ctx: &Ctx, name: &str, default: Date) -> Result<Date, PageError> {
    match ctx.param(name) {
        None => Ok(default),
        Some(text) => {
            text.parse().map_err(|_| ctx.fault(Error::Refused(Refusal::new("input.date").with("field", name).with("text", text))))
        }
    }
}

/// What is to be known of a dossier beside its days: how it stands, the result's number, what was promised anew.
fn remark(t: Lang, r: &BookRow) -> String {
    let number = r.number.as_ref().map(|n| t.msg1("desk-book-number", "number", n.as_str()));
    let promised = r.new_day.map(|day| t.msg1("desk-book-promised", "date", t.date(day)));
    let online = (r.channel == "online").then(|| super::clock::channel(t, &r.channel));
    [Some(words::state_text(t, &r.state)), number, promised, online].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// How the result is wanted, and how it was handed over.
fn received_by(t: Lang, r: &BookRow) -> String {
    let wanted = r.wanted.map(|w| t.msg1("desk-book-wanted", "way", way(t, w)));
    let handed = r.returned.map(|x| t.msg1("desk-book-handed", "way", way(t, x.way)));
    [wanted, handed].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// `GET /desk/book`: form 06.
pub async fn book(ctx: Ctx) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let world = office.world();
    let unit = desk_unit(&ctx)?;
    let today = office.today();
    let to = day(&ctx, "to", today)?;
    let from = day(&ctx, "from", to.checked_sub(jiff::Span::new().days(BOOK_DAYS)).unwrap_or(to))?;
    let key = world.units.key(unit).to_string();
    let after = ctx.param("after").map(str::to_owned);
    let list = office.tracking_book(&ctx.actor(), &key, from, to, after).await.map_err(|e| ctx.fault(e))?;
    let s = ctx.shell(Section::None, t.msg("desk-paper-6"), false).await?;
    let text = |keys: &[&str]| keys.iter().map(|k| t.msg(k)).collect::<Vec<_>>();
    let moment = |at: Option<Timestamp>| at.map(|a| t.moment(a)).unwrap_or_default();
    let rows = list.rows.iter().enumerate().map(|(i, r)| {
        let at = [r.address.as_str(), r.phone.as_str()].iter().filter(|x| !x.is_empty()).copied().collect::<Vec<_>>().join("; ");
        vec![
            t.int(i64::try_from(list.before + i + 1).unwrap_or(0)),
            r.code.clone(),
            words::procedure_name(&ctx, &r.procedure_code, &r.procedure),
            SETS.to_owned(),
            r.applicant.clone(),
            at,
            t.pick(&r.agency).to_owned(),
            moment(r.received_at),
            moment(r.due_at),
            moment(r.returned.map(|x| x.at)),
            received_by(t, r),
            String::new(),
            remark(t, r),
        ]
    });
    let declared = world.units.unit(unit);
    let page = BookPage {
        heading: heading(&ctx, (&declared.name, words::place_name(t, declared)), Timestamp::start_of(today), String::new()),
        label: t.msg("desk-paper-label-6"),
        title: t.msg("desk-paper-6"),
        span: t.msg2("desk-book-span", "from", words::long_date(t, from), "to", words::long_date(t, to)),
        masked: !list.clear,
        fields: vec![
            Field::new("from", t.msg("desk-book-from"), Input::Date).value(from.to_string()),
            Field::new("to", t.msg("desk-book-to"), Input::Date).value(to.to_string()),
        ],
        head: text(&[
            "desk-book-no",
            "desk-book-code",
            "desk-book-procedure",
            "desk-book-count",
            "desk-book-person",
            "desk-book-address",
            "desk-book-agency",
        ]),
        dates: text(&["desk-book-received", "desk-book-due", "desk-book-done", "desk-book-way", "desk-book-sign"]),
        rows: rows.collect(),
        next: list.next.map(|n| s.here_with("after", Some(&n))).unwrap_or_default(),
        s,
    };
    Ok(render(&page))
}
