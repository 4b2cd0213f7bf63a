//! Data of the six forms of Circular 01/2018/TT-VPCP. How they look is the page's matter.

use jiff::civil::Date;
use rules::{
    Localized, Refusal, Timestamp,
    access::{Action, Actor},
    expr::Rule,
    one_stop::{Case, Reason, Returned, Way},
    procedure::Who,
};
use serde_json::{Map, Value};
use store::{ListQuery, Record, SortBy};

use super::{
    Contact, DOSSIER, Delivery, Ground, Held,
    desk::masked_name,
    elsewhere::{Elsewhere, RECEIVING},
    files::{Origin, PartGiven, parts_of},
};
use crate::{
    Office,
    error::{Error, Result},
    personal::Through,
    world::World,
};

/// Lines of the tracking book on one page: each is a look at personal data, kept in one commit.
const BOOK_PAGE: usize = 50;
/// Dossiers of a span of days that are put in order at most: more than a commune receives in a year.
const BOOK_MAX: i64 = 20_000;
/// What the book tells of people.
const IN_BOOK: [&str; 3] = ["applicant_name", "applicant_address", "applicant_phone"];

/// One part on the receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperLine {
    pub name: Localized,
    pub copies: u16,
    pub origin: Origin,
}

/// What is printed on forms 01 to 05.
#[derive(Debug, Clone)]
pub struct PaperData {
    /// 1 receipt and appointment, 2 supplement, 3 refusal to receive or to settle, 4 apology, 5 control slip.
    pub form: u8,
    pub code: String,
    pub unit: String,
    pub unit_name: Localized,
    /// The unit above, for the heading.
    pub above: Option<Localized>,
    pub applicant: Map<String, Value>,
    pub procedure_code: String,
    pub procedure: Localized,
    pub at: Timestamp,
    /// Who wrote what the form is about.
    pub officer: String,
    pub case: Case,
    pub due: Option<Timestamp>,
    pub provisional: bool,
    pub parts: Vec<PaperLine>,
    /// Points of forms 02 and 03.
    pub reasons: Vec<Reason>,
    /// Form 04.
    pub old_due: Option<Timestamp>,
    pub new_day: Option<Date>,
    pub reason: Option<String>,
    pub fee_vnd: u64,
    /// Form 01: how the result is wanted, where that was asked.
    pub delivery: Option<Delivery>,
    /// Of the unit's desk, where the pack declares one.
    pub phone: Option<String>,
    /// How the desk is reached on the day of the form.
    pub contact: Option<Contact>,
    /// Where the dossier is tracked: the address on the form, and in its square code. The secret is not on it: it was told once.
    pub track_path: String,
    pub result: Localized,
    /// Name of each step, by id.
    pub step_names: Vec<(String, Localized)>,
}

/// One line of form 06.
#[derive(Debug, Clone, PartialEq)]
pub struct BookRow {
    pub id: String,
    pub code: String,
    pub procedure_code: String,
    pub procedure: String,
    /// In full for those who work on the dossiers, with a look kept; else initials.
    pub applicant: String,
    /// Empty for others.
    pub address: String,
    pub phone: String,
    /// Who decides: the agency of the step that decides, else the unit.
    pub agency: Localized,
    pub channel: String,
    pub state: String,
    pub received_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    /// How the result is wanted, where that was asked; without its address.
    pub wanted: Option<Way>,
    /// Only once the result was handed over.
    pub returned: Option<Returned>,
    /// Number of the result.
    pub number: Option<String>,
    /// Promised with the last apology.
    pub new_day: Option<Date>,
}

#[derive(Debug, Clone)]
pub struct BookPage {
    pub rows: Vec<BookRow>,
    /// Lines before this page.
    pub before: usize,
    pub next: Option<String>,
    /// Names are in full.
    pub clear: bool,
}

/// Each paper once, as it was handed in last: what a supplement replaced is no second paper.
fn newest(given: Vec<PartGiven>) -> Vec<PartGiven> {
    let mut out: Vec<PartGiven> = Vec::new();
    for g in given {
        match out.iter_mut().find(|o| o.part == g.part) {
            Some(older) => *older = g,
            None => out.push(g),
        }
    }
    out
}

impl Office {
    /// The data of a form, 1 to 5, of one dossier.
    ///
    /// # Errors
    /// `access.…`; `one_stop.no_case`; `paper.none` (form) where the dossier has had no occasion for it.
    pub async fn paper(&self, actor: &Actor, id: &str, form: u8) -> Result<PaperData> {
        let none = || Error::Refused(Refusal::new("paper.none").with("form", format!("{form:02}")));
        let (record, elsewhere) = self.read_dossier(actor, id).await?;
        // The desk that received prints the receipt; the other forms are the unit's own.
        if form != 1 || elsewhere.received.is_none() {
            self.reads_dossier(actor, &record, &Elsewhere::default())?;
        }
        // The form says whose it is: a look at personal data.
        let held = Held::of(self.opened(actor, record, true, Through::Page).await?.record)?;
        let world = self.world();
        let ground = Ground::of(&world, &held.record.unit, &held.case)?;
        let case = held.case.clone();
        let (mut at, mut officer) = (case.clock.as_ref().map_or(case.filed, |c| c.received), String::new());
        let (mut reasons, mut old_due, mut new_day, mut reason) = (Vec::new(), None, None, None);
        match form {
            1 => {
                case.clock.as_ref().ok_or_else(none)?;
                officer = case.steps.first().map(|s| s.by.clone()).unwrap_or_default();
            }
            2 => {
                let asked = case.requests.last().ok_or_else(none)?;
                (at, officer, reasons) = (asked.at, asked.by.clone(), asked.reasons.clone());
            }
            3 => {
                use rules::one_stop::Outcome::{NotAccepted, Refused};
                let end = case.end.as_ref().filter(|e| matches!(e.outcome, NotAccepted | Refused)).ok_or_else(none)?;
                (at, officer, reasons) = (end.at, end.by.clone(), end.reasons.clone());
            }
            4 => {
                let apology = case.apologies.last().ok_or_else(none)?;
                (at, officer) = (apology.at, apology.by.clone());
                (old_due, new_day, reason) = (Some(apology.old_due), Some(apology.new_day), Some(apology.reason.clone()));
            }
            5 => {
                case.clock.as_ref().ok_or_else(none)?;
            }
            _ => return Err(none()),
        }
        // The receipt is of the desk that received.
        let issuer = held.text(RECEIVING).filter(|_| form == 1).unwrap_or(&held.record.unit);
        let unit = super::unit_of(&world, issuer)?;
        let officer = self.account_of(&officer).await?.map_or(officer, |a| a.name);
        let due = case.due(ground.calendar)?;
        let def = &ground.procedure.def;
        let applicant = held.fields.iter().filter(|(k, _)| k.starts_with("applicant_")).map(|(k, v)| (k.clone(), v.clone())).collect();
        let line = |g: PartGiven| PaperLine {
            name: def.part(&g.part).map_or_else(|| Localized::new(&g.part, &g.part), |p| p.name.clone()),
            copies: g.copies.max(1),
            origin: g.origin,
        };
        let contact = world.contact(unit, at.local_date());
        Ok(PaperData {
            form,
            code: held.code().to_owned(),
            unit: issuer.to_owned(),
            unit_name: world.units.unit(unit).name.clone(),
            above: world.units.parent(unit).map(|u| world.units.unit(u).name.clone()),
            applicant,
            procedure_code: def.code.clone(),
            procedure: def.name.clone(),
            at,
            officer,
            due: due.map(|d| d.value),
            provisional: due.is_some_and(|d| d.provisional),
            parts: newest(parts_of(&held.fields)).into_iter().map(line).collect(),
            reasons,
            old_due,
            new_day,
            reason,
            phone: contact.as_ref().and_then(|c| c.phone.clone()),
            contact,
            delivery: Delivery::of(&held.fields),
            fee_vnd: held.fields.get("fee_vnd").and_then(Value::as_u64).unwrap_or(0),
            track_path: format!("/portal/track?code={}", held.code()),
            result: def.result.name.clone(),
            step_names: def.steps.iter().map(|s| (s.id.clone(), s.name.clone())).collect(),
            case,
        })
    }

    /// The tracking book of a unit (form 06): dossiers received in a span of days, in the order in which they were received.
    ///
    /// # Errors
    /// `access.…`; `input.query` for a place that is none
    pub async fn tracking_book(&self, actor: &Actor, unit: &str, from: Date, to: Date, after: Option<String>) -> Result<BookPage> {
        self.may(actor, Action::View, DOSSIER, unit)?;
        let world = self.world();
        let bad = |_| Error::Refused(Refusal::new("input.query").with("reason", "after"));
        let before = after.map_or(Ok(0), |a| a.parse::<usize>()).map_err(bad)?;
        let (from, to) = (Timestamp::start_of(from), Timestamp::start_of(to).plus_days(1));
        let schema = &world.register(DOSSIER)?.schema;
        let text = format!("record.received_at >= timestamp('{from}') && record.received_at < timestamp('{to}')");
        let rule = Rule::condition(schema, &text).map_err(|e| Error::Internal(e.to_string()))?;
        let filter = Some(rule.to_sql(schema, crate::figures::dialect(self), self.now()));
        let mut query = ListQuery {
            register: DOSSIER.into(),
            units: vec![unit.to_owned()],
            filter,
            sort: SortBy::Newest,
            limit: store::PAGE_MAX,
            ..ListQuery::default()
        };
        let mut list: Vec<(Option<Timestamp>, Record)> = Vec::new();
        loop {
            let page = self.store().list(&query).await?;
            for r in page.records {
                list.push((r.fields()?.get("received_at").and_then(Value::as_str).and_then(|t| t.parse().ok()), r));
            }
            query.after = page.next;
            if query.after.is_none() || list.len() as i64 >= BOOK_MAX {
                break;
            }
        }
        // What was received here and is decided elsewhere is in the book, too.
        for r in self.received_for_others(unit, [from, to], BOOK_MAX).await? {
            list.push((r.fields()?.get("received_at").and_then(Value::as_str).and_then(|t| t.parse().ok()), r));
        }
        list.sort_by(|a, b| (a.0, &a.1.key).cmp(&(b.0, &b.1.key)));
        let over = list.len() > before + BOOK_PAGE;
        let shown: Vec<&Record> = list.iter().skip(before).take(BOOK_PAGE).map(|(_, r)| r).collect();
        let clear = self.may(actor, Action::Edit, DOSSIER, unit).is_ok();
        if clear {
            self.keep_looks(actor, &shown, &IN_BOOK, Through::Page).await?;
        }
        let rows = shown.into_iter().map(|r| book_row(&world, r, clear)).collect::<Result<Vec<_>>>()?;
        Ok(BookPage { before, next: over.then(|| (before + BOOK_PAGE).to_string()), clear, rows })
    }
}

fn book_row(world: &World, r: &Record, clear: bool) -> Result<BookRow> {
    let fields = r.fields()?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let at = |name: &str| text(name).parse::<Timestamp>().ok();
    let case = Held::of(r.clone()).ok().map(|h| h.case);
    let procedure = case.as_ref().and_then(|c| world.procedure_version(&c.procedure, c.procedure_from));
    let decides = procedure.and_then(|p| p.def.steps.iter().rev().find(|s| s.who == Who::Leader)).and_then(|s| s.agency.clone());
    let unit = r.unit.parse().ok().and_then(|k| world.units.get(&k)).map(|u| u.name.clone());
    let name = text("applicant_name");
    let personal = |name: &str| if clear { text(name) } else { String::new() };
    Ok(BookRow {
        id: r.id.to_string(),
        code: r.key.clone().unwrap_or_default(),
        procedure_code: text("procedure_code"),
        procedure: text("procedure"),
        applicant: if clear { name } else { masked_name(&name) },
        address: personal("applicant_address"),
        phone: personal("applicant_phone"),
        agency: decides.or(unit).unwrap_or_default(),
        channel: text("channel"),
        state: r.state.clone(),
        received_at: at("received_at"),
        due_at: at("due_at"),
        wanted: Delivery::of(&fields).map(|d| d.way),
        returned: case.as_ref().and_then(|c| c.returned),
        number: case.as_ref().and_then(|c| c.end.as_ref()?.result.as_ref()?.number.clone()),
        new_day: case.as_ref().and_then(|c| c.apologies.last()).map(|a| a.new_day),
    })
}
