//! `/desk/receive`: from the words somebody says at the counter to the appointment slip, with the keyboard alone.

use std::sync::Arc;

use office::{
    Error,
    one_stop::{Applicant, CounterInput, Duplicate, Filed, Origin, PaidNow, PartGiven, ReusablePaper, Upload},
    personal::Through,
};
use rules::{
    Refusal,
    number::{self, Measure, Qualifier},
    one_stop::Channel,
    procedure::{Check, FormField, IdentityNumber, PartDef, Procedure},
    schema::FieldType,
};
use serde_json::{Map, Value};
use store::{ListQuery, RecordId};

use super::{
    DOSSIER, clock,
    inbox::remarks,
    people::{desk_unit, unit_choices},
    words,
};
use crate::{
    http::{
        Ctx, PageError, PageResult, Posted,
        error::{fault_sentence, render, sentence},
    },
    i18n::Lang,
    pages::{
        pay_code,
        work::common::{choices, mendable, segment},
    },
    view::{
        Field, Input, Link, Pair, Section,
        desk::{PartLine, ProcedureLine, ReceivePage, ReceivedPage, Receiving},
    },
};

/// Procedures listed before anything was asked.
const FIRST: usize = 12;
const FOUND: usize = 20;
/// Earlier dossiers of one identity number that are looked at.
const KNOWN: i64 = 20;

/// Characters of a file's name that the page says again.
const NAME_MAX: usize = 200;
/// Kinds of applicants; the first is meant where nothing else is said.
const KINDS: [&str; 3] = ["citizen", "enterprise", "household"];
/// What amounts at the counter are in.
const CURRENCY: [&str; 5] = ["đồng", "đ", "vnd", "vnđ", "dong"];

/// A scan that is stored already: browsers forget chosen files whenever the page comes back.
struct Scan {
    given: PartGiven,
    token: String,
    /// As the officer calls the file.
    name: String,
}

/// What was typed so far.
#[derive(Default)]
struct Typed {
    fields: Vec<(String, String)>,
    parts: Vec<String>,
    scans: Vec<Scan>,
}

impl Typed {
    fn of(posted: &Posted) -> Self {
        let parts = posted.all("part").map(str::to_owned).collect();
        Self { fields: posted.fields.clone(), parts, scans: Vec::new() }
    }

    /// Stores the scans that came and takes up those of earlier attempts. One that is refused takes none of the others along.
    async fn keep_scans(&mut self, ctx: &Ctx, unit: &str, procedure: &Procedure, posted: &Posted) -> Result<(), Error> {
        let mut wrong = Ok(());
        for part in &procedure.def.parts {
            let scan = match new_scan(ctx, unit, &part.id, posted).await {
                Ok(Some(scan)) => Ok(Some(scan)),
                Ok(None) => kept_scan(ctx, unit, &part.id, posted).await,
                Err(e) => {
                    wrong = Err(e);
                    kept_scan(ctx, unit, &part.id, posted).await
                }
            };
            match scan {
                Ok(scan) => self.scans.extend(scan),
                Err(e) => wrong = Err(e),
            }
        }
        wrong
    }

    fn scan(&self, part: &str) -> Option<&Scan> {
        self.scans.iter().find(|s| s.given.part == part)
    }

    fn kind(&self) -> &str {
        let kind = self.get("kind");
        if kind.is_empty() { KINDS[0] } else { kind }
    }

    /// The applicant's own field that answers a question already. A tax code is no answer where a person's number is asked for.
    fn answered_by(&self, f: &FormField) -> Option<&'static str> {
        let name = of_applicant(f)?;
        let of_a_person = name == "id_number" && matches!(f.check, Some(Check::IdentityNumber { .. }));
        let person = self.kind() == KINDS[0] || IdentityNumber::read(self.get("id_number")).is_some();
        (!of_a_person || person).then_some(name)
    }

    /// Money taken at the counter.
    fn paid(&self) -> Result<Option<PaidNow>, Error> {
        let amount = amount(self.get("paid"))?;
        Ok(amount.map(|amount_vnd| PaidNow { amount_vnd, online: false, reference: self.get("reference").to_owned() }))
    }

    fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    fn set(&mut self, name: &str, value: &str) {
        if self.get(name).is_empty() && !value.is_empty() {
            self.fields.retain(|(n, _)| n != name);
            self.fields.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Answers to the declaration's questions, in the types of their fields.
    fn form(&self, procedure: &Procedure) -> Map<String, Value> {
        let mut out = Map::new();
        for f in procedure.def.pages.iter().flat_map(|p| &p.fields) {
            let text = match self.answered_by(f) {
                Some(name) => self.get(name),
                None => self.get(&question(&f.field.id)),
            };
            if text.is_empty() {
                continue;
            }
            let value = match f.field.ty {
                FieldType::Bool => Value::Bool(matches!(text, "true" | "on" | "yes" | "1")),
                FieldType::Int => text.replace(['.', ' '], "").parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
                _ => Value::from(text),
            };
            out.insert(f.field.id.clone(), value);
        }
        out
    }
}

/// An amount as people write it: "12.000", "12.000 đ"; nothing for an empty field and for zero.
fn amount(text: &str) -> Result<Option<u64>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let reading = number::read(text, Measure::Money).map_err(|r| Error::Refused(r.with("field", "paid")))?;
    let exact = reading.qualifier == Qualifier::Exact && reading.denominator.is_none();
    let in_dong = reading.unit.as_deref().is_none_or(|u| CURRENCY.contains(&u.to_lowercase().as_str()));
    let whole = reading.value.integer().and_then(|v| u64::try_from(v).ok()).filter(|_| exact && in_dong);
    let whole = whole.ok_or_else(|| Error::Refused(Refusal::new("input.number").with("field", "paid").with("text", text)))?;
    Ok((whole > 0).then_some(whole))
}

/// The scan that was chosen now for a part, with what keeps it when the page comes back.
async fn new_scan(ctx: &Ctx, unit: &str, part: &str, posted: &Posted) -> Result<Option<Scan>, Error> {
    let field = format!("file-{part}");
    let Some(f) = posted.files.iter().rfind(|f| f.field == field && !f.bytes.is_empty()) else { return Ok(None) };
    let upload = Upload { name: f.name.clone(), media_type: f.media_type.clone(), bytes: f.bytes.clone() };
    let given = ctx.app.office.keep_file(&ctx.actor(), unit, part, upload, Origin::Scan).await?;
    let token = given.sha256.as_deref().map(|sha256| ctx.app.office.kept_token(&ctx.actor(), part, sha256)).unwrap_or_default();
    Ok(Some(Scan { given, token, name: f.name.clone() }))
}

/// The scan that an earlier attempt stored; a hash alone gives no right to it.
async fn kept_scan(ctx: &Ctx, unit: &str, part: &str, posted: &Posted) -> Result<Option<Scan>, Error> {
    let token = posted.get(&format!("kept-{part}"));
    if token.is_empty() {
        return Ok(None);
    }
    let given = ctx.app.office.kept_file(&ctx.actor(), unit, part, token).await?;
    let name = rules::text::clean(posted.get(&format!("kept-name-{part}"))).chars().take(NAME_MAX).collect();
    Ok(Some(Scan { given, token: token.to_owned(), name }))
}

/// Questions that the applicant's own fields answer already.
fn of_applicant(f: &FormField) -> Option<&'static str> {
    if !f.field.id.starts_with("applicant_") {
        return None;
    }
    match f.prefill.as_deref()? {
        "identity.name" => Some("name"),
        "identity.number" => Some("id_number"),
        "identity.phone" => Some("phone"),
        "identity.address" => Some("address"),
        "identity.email" => Some("email"),
        _ => None,
    }
}

/// A question of the declaration must not meet a field of the page.
fn question(id: &str) -> String {
    format!("f_{id}")
}

/// `GET /desk/receive`
pub async fn page(ctx: Ctx) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let unit = desk_unit(&ctx)?;
    let (world, today) = (office.world(), office.today());
    if let Some(code) = ctx.param("procedure") {
        let found = world.procedure(code, today).cloned();
        let procedure = found.ok_or_else(|| ctx.fault(Error::not_found(code)))?;
        // An address is written down in many places: no person's number stands in it.
        let carried = ctx.query.iter().filter(|(n, _)| matches!(n.as_str(), "unit" | "ticket" | "channel")).cloned();
        let mut typed = Typed { fields: carried.collect(), ..Typed::default() };
        typed.set("idempotency_key", &RecordId::new().to_string());
        return form(&ctx, unit, &procedure, typed, None).await;
    }
    let q = ctx.param("q").unwrap_or_default().to_owned();
    let s = ctx.shell(Section::Desk, t.msg("desk-receive"), false).await?;
    let offered = world.procedures_for(unit, today);
    let list: Vec<&Arc<Procedure>> = if q.is_empty() {
        offered.into_iter().take(FIRST).collect()
    } else {
        let found = world.find_procedures(&q, today, FOUND);
        found.into_iter().filter(|p| offered.iter().any(|o| o.def.code == p.def.code)).collect()
    };
    let lines = list.iter().map(|p| {
        let mut query = vec![("procedure", p.def.code.as_str())];
        let carried: Vec<(&str, &str)> = ["unit", "ticket"].iter().filter_map(|n| ctx.param(n).map(|v| (*n, v))).collect();
        query.extend(carried);
        ProcedureLine {
            href: s.link_with("/desk/receive", &query),
            code: p.def.code.clone(),
            name: t.pick(&p.def.name).to_owned(),
            sector: t.pick(&p.def.sector.name).to_owned(),
            term: words::term(t, p.def.term),
            fee: fee_text(&ctx, p),
        }
    });
    let page = ReceivePage { procedures: lines.collect(), q, chosen: None, remarks: remarks(&ctx, unit).await?, s };
    Ok(render(&page))
}

fn fee_text(ctx: &Ctx, p: &Procedure) -> String {
    let amounts: Vec<u64> = p.def.fees.iter().filter_map(|f| f.amount_vnd).filter(|a| *a > 0).collect();
    match (amounts.iter().min(), p.def.fees.iter().any(|f| f.amount.is_some())) {
        (None, false) => ctx.t.msg("desk-fee-free"),
        (None, true) => String::new(),
        (Some(least), _) => ctx.t.msg1("desk-fee-from", "amount", words::vnd(ctx.t, *least)),
    }
}

/// Earlier dossiers of the person that this officer works on; opening the newest one is a look at its data, and is kept as one.
async fn known(ctx: &Ctx, id_number: &str, typed: &mut Typed) -> Result<String, PageError> {
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

/// `POST /desk/receive/look`: what is known of the identity number, with all that was typed kept.
pub async fn look(posted: Posted) -> PageResult {
    let ctx = posted.ctx.on("/desk/receive");
    let (unit, procedure) = chosen(&ctx, &posted)?;
    let key = ctx.app.office.world().units.key(unit).to_string();
    let mut typed = Typed::of(&posted);
    match typed.keep_scans(&ctx, &key, &procedure, &posted).await {
        Err(e) if !mendable(&e) => Err(ctx.fault(e)),
        kept => form(&ctx, unit, &procedure, typed, kept.err()).await,
    }
}

fn chosen(ctx: &Ctx, posted: &Posted) -> Result<(u32, Arc<Procedure>), PageError> {
    let (world, today) = (ctx.app.office.world(), ctx.app.office.today());
    let code = posted.get("procedure");
    let procedure = world.procedure(code, today).cloned().ok_or_else(|| ctx.fault(Error::not_found(code)))?;
    let unit = match posted.get("unit") {
        "" => desk_unit(ctx)?,
        text => world.unit_idx(text, today).ok_or_else(|| ctx.fault(Error::not_found(text)))?,
    };
    Ok((unit, procedure))
}

/// `POST /desk/receive`
pub async fn receive(posted: Posted) -> PageResult {
    let ctx = posted.ctx.on("/desk/receive");
    let office = &ctx.app.office;
    let (unit, procedure) = chosen(&ctx, &posted)?;
    let key = office.world().units.key(unit).to_string();
    ctx.demand(rules::access::Action::Edit, Some(DOSSIER), &key)?;
    let mut typed = Typed::of(&posted);
    let read = async {
        typed.keep_scans(&ctx, &key, &procedure, &posted).await?;
        Ok::<_, Error>((given(&ctx, &key, &procedure, &typed).await?, typed.paid()?))
    };
    let (parts, paid) = match read.await {
        Ok(read) => read,
        Err(e) if mendable(&e) => return form(&ctx, unit, &procedure, typed, Some(e)).await,
        Err(e) => return Err(ctx.fault(e)),
    };
    let text = |name: &str| typed.get(name).to_owned();
    let input = CounterInput {
        procedure: procedure.def.code.clone(),
        unit: key,
        channel: if typed.get("channel") == "post" { Channel::Post } else { Channel::Counter },
        applicant: Applicant {
            name: text("name"),
            id_number: text("id_number"),
            phone: text("phone"),
            email: text("email"),
            address: text("address"),
            kind: text("kind"),
        },
        form: typed.form(&procedure),
        parts,
        away_unit: Some(text("away_unit")).filter(|x| !x.is_empty()),
        ticket: Some(text("ticket")).filter(|x| !x.is_empty()),
        identified: posted.checked("identified"),
        paid,
        despite_duplicate: posted.checked("despite_duplicate"),
        once: text("idempotency_key"),
    };
    match office.receive(&ctx.actor(), &input).await {
        Ok(filed) => received(&ctx, unit, &filed).await,
        Err(e) if mendable(&e) => form(&ctx, unit, &procedure, typed, Some(e)).await,
        Err(e) => Err(ctx.fault(e)),
    }
}

/// What was handed in: ticked parts as paper, scanned ones with their files.
async fn given(ctx: &Ctx, unit: &str, procedure: &Procedure, typed: &Typed) -> Result<Vec<PartGiven>, Error> {
    let office = &ctx.app.office;
    let mut out = Vec::new();
    for part in &procedure.def.parts {
        if let Some(scan) = typed.scan(&part.id) {
            out.push(PartGiven { copies: part.copies.into(), ..scan.given.clone() });
            continue;
        }
        let paper = match typed.get(&reuse_field(&part.id)) {
            "" => None,
            id => office.papers_at_counter(&ctx.actor(), unit, typed.get("id_number")).await?.into_iter().find(|p| p.id == id),
        };
        if let Some(paper) = paper {
            out.push(PartGiven {
                part: part.id.clone(),
                name: part.name.vi.clone(),
                sha256: Some(paper.sha256),
                size: 0,
                media_type: String::new(),
                at: office.now(),
                origin: Origin::Reused,
                paper: Some(paper.id),
                copies: part.copies.into(),
                searchable: None,
                receipt: None,
            });
        } else if typed.parts.contains(&part.id) {
            out.push(PartGiven {
                part: part.id.clone(),
                name: part.name.vi.clone(),
                sha256: None,
                size: 0,
                media_type: String::new(),
                at: office.now(),
                origin: Origin::Paper,
                paper: None,
                copies: part.copies.into(),
                searchable: None,
                receipt: None,
            });
        }
    }
    Ok(out)
}

async fn received(ctx: &Ctx, unit: u32, filed: &Filed) -> PageResult {
    let t = ctx.t;
    let mut s = ctx.shell(Section::Desk, t.msg("desk-received-title"), false).await?;
    s.crumbs = vec![Link::new(s.link("/desk"), t.msg("desk-title"))];
    let key = ctx.app.office.world().units.key(unit).to_string();
    let id = segment(&filed.id);
    let owed = ctx.app.office.payment_due(&filed.code).await.map_err(|e| ctx.fault(e))?;
    let page = ReceivedPage {
        owed: owed.iter().flat_map(|d| pay_code::facts(t, d)).map(|(label, value)| Pair::new(label, value)).collect(),
        qr: owed.as_ref().map(pay_code::image).unwrap_or_default(),
        code: filed.code.clone(),
        secret: filed.secret.clone(),
        due: match filed.due_at {
            Some(due) => t.moment(due),
            None if owed.is_some() => t.msg("desk-due-after-fee"),
            None => t.msg("desk-due-none"),
        },
        fee: if filed.fee_vnd > 0 { words::vnd(t, filed.fee_vnd) } else { String::new() },
        open: s.link(&format!("/desk/dossiers/{id}")),
        slip: s.link(&format!("/desk/dossiers/{id}/form/1")),
        next: s.link_with("/desk/receive", &[("unit", &key)]),
        s,
    };
    Ok(render(&page))
}

/// What the person has in electronic form already.
async fn papers(ctx: &Ctx, unit: &str, id_number: &str) -> Result<Vec<ReusablePaper>, PageError> {
    if id_number.len() < 9 {
        return Ok(Vec::new());
    }
    ctx.app.office.papers_at_counter(&ctx.actor(), unit, id_number).await.map_err(|e| ctx.fault(e))
}

/// The field that says which paper takes the place of a part.
fn reuse_field(part: &str) -> String {
    format!("reuse-{part}")
}

/// The form, as it was typed; with what is wrong.
async fn form(ctx: &Ctx, unit: u32, procedure: &Arc<Procedure>, mut typed: Typed, wrong: Option<Error>) -> PageResult {
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
        office.duplicates(&ctx.actor(), &procedure.def.code, &id_number).await.map_err(|e| ctx.fault(e))?
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
    let mut options = options(ctx, unit, procedure, &typed);
    let mut faults = Vec::new();
    if let Some(e) = &wrong {
        faults = blame(ctx, &mut applicant, &mut pages, &mut options, e);
        if faults.is_empty() {
            s.notices.push(crate::view::Notice { good: false, text: sentence(e, t) });
        }
    }
    let despite = wrong.as_ref().is_some_and(|e| e.code().contains("duplicate")) || !duplicates.is_empty();
    let due = match computed.due {
        Some(at) => t.msg1("desk-due-line", "at", t.moment(at)),
        None => t.msg("desk-due-none"),
    };
    let chosen = Receiving {
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
        units: unit_choices(ctx, unit),
        applicant,
        known,
        duplicates: duplicate_lines(ctx, &s, &duplicates),
        despite,
        parts: part_lines(ctx, procedure, &given, &typed, &papers, now),
        pages,
        options,
        due,
        computed: computed.lines,
        fees: procedure.fees_due(&given, now).iter().map(|f| Pair::new(t.pick(&f.fee.name), words::vnd(t, f.amount_vnd))).collect(),
        ticket: typed.get("ticket").to_owned(),
        faults,
    };
    let status = if wrong.is_some() { axum::http::StatusCode::UNPROCESSABLE_ENTITY } else { axum::http::StatusCode::OK };
    let page = ReceivePage { s, q: String::new(), procedures: Vec::new(), chosen: Some(chosen), remarks: remarks(ctx, unit).await? };
    Ok(axum::response::IntoResponse::into_response((status, render(&page))))
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

fn duplicate_lines(ctx: &Ctx, s: &crate::view::Shell, list: &[Duplicate]) -> Vec<(Link, String)> {
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

fn options(ctx: &Ctx, unit: u32, procedure: &Procedure, typed: &Typed) -> Vec<Field> {
    let t = ctx.t;
    let ways = ["counter", "post"].map(|w| (w, t.msg(&words::key("desk-channel", w))));
    let way = if typed.get("channel").is_empty() { "counter" } else { typed.get("channel") };
    let mut out = vec![
        Field::new("channel", t.msg("desk-channel"), Input::Select).choices(choices(ways, way)).required(),
        Field::new("paid", t.msg("desk-paid-now"), Input::Number).value(typed.get("paid")),
        Field::new("reference", t.msg("desk-paid-reference"), Input::Text).value(typed.get("reference")),
        Field::new("identified", t.msg("desk-identified"), Input::Check).value(typed.get("identified")),
    ];
    let units = elsewhere(ctx, unit, procedure);
    if !units.is_empty() {
        let here = std::iter::once((String::new(), t.msg("desk-competent-here")));
        let field = Field::new("away_unit", t.msg("desk-competent"), Input::Select);
        out.push(field.choices(choices(here.chain(units), typed.get("away_unit"))).hint(t.msg("desk-competent-hint")));
    }
    out
}

fn part_lines(
    ctx: &Ctx,
    p: &Procedure,
    given: &Map<String, Value>,
    typed: &Typed,
    papers: &[ReusablePaper],
    now: rules::Timestamp,
) -> Vec<PartLine> {
    let t = ctx.t;
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
            reuse: reuse(part.reuse.as_ref()).map(|x| (x.id.clone(), about(x), typed.get(&reuse_field(&part.id)) == x.id)),
        })
        .collect()
}

/// The declaration's questions with what was answered.
fn declaration(ctx: &Ctx, p: &Procedure, given: &Map<String, Value>, typed: &Typed) -> Vec<(String, Vec<Field>)> {
    let (t, now) = (ctx.t, ctx.app.office.now());
    let mut out = Vec::new();
    for shown in p.shown(given, now) {
        let fields = shown.fields.iter().filter(|f| typed.answered_by(f).is_none()).map(|f| {
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
                list.extend(
                    def.choices.iter().map(|c| (c.id.clone(), if t == crate::i18n::Lang::Vi { c.vi.clone() } else { c.en.clone() })),
                );
            }
            if input == Input::Radio {
                list = ["true", "false"].map(|v| (v.to_owned(), t.msg(if v == "true" { "desk-yes" } else { "desk-no" }))).to_vec();
            }
            let value = typed.get(&name).to_owned();
            let field = Field::new(name, t.pick(&def.label), input).choices(choices(list, &value)).value(value);
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
