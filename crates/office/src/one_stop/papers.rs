//! Data of the six forms of Circular 01/2018/TT-VPCP. How they look is the page's matter.

use jiff::civil::Date;
use rules::{
    Localized, Refusal, Timestamp,
    access::{Action, Actor},
    one_stop::{Case, Reason},
};
use serde_json::{Map, Value};
use store::{ListQuery, SortBy};

use super::{
    DOSSIER, Ground, Held,
    desk::masked_name,
    files::{Origin, PartGiven, parts_of},
};
use crate::{
    Office,
    error::{Error, Result},
    personal::Through,
};

/// Lines of the tracking book on one page.
const BOOK_PAGE: i64 = 100;

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
    pub procedure: String,
    pub applicant: String,
    pub channel: String,
    pub state: String,
    pub received_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub returned_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct BookPage {
    pub rows: Vec<BookRow>,
    pub next: Option<String>,
}

impl Office {
    /// The data of a form, 1 to 5, of one dossier.
    ///
    /// # Errors
    /// `access.…`; `one_stop.no_case`; `paper.none` (form) where the dossier has had no occasion for it.
    pub async fn paper(&self, actor: &Actor, id: &str, form: u8) -> Result<PaperData> {
        let none = || Error::Refused(Refusal::new("paper.none").with("form", format!("{form:02}")));
        let record = self.dossier_for(actor, Action::View, id).await?;
        self.may(actor, Action::Edit, DOSSIER, &record.unit).or_else(|_| self.may(actor, Action::Decide, DOSSIER, &record.unit))?;
        // The form says whose it is: a look at personal data.
        let opened = self.open_record(actor, DOSSIER, &record.id.to_string(), Through::Page).await?;
        let held = Held::of(opened.record)?;
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
        let unit = super::unit_of(&world, &held.record.unit)?;
        let officer = self.account_of(&officer).await?.map_or(officer, |a| a.name);
        let due = case.due(ground.calendar)?;
        let def = &ground.procedure.def;
        let applicant = held.fields.iter().filter(|(k, _)| k.starts_with("applicant_")).map(|(k, v)| (k.clone(), v.clone())).collect();
        let line = |g: PartGiven| PaperLine {
            name: def.part(&g.part).map_or_else(|| Localized::new(&g.part, &g.part), |p| p.name.clone()),
            copies: g.copies.max(1),
            origin: g.origin,
        };
        Ok(PaperData {
            form,
            code: held.code().to_owned(),
            unit: held.record.unit.clone(),
            unit_name: world.units.unit(unit).name.clone(),
            above: world.units.parent(unit).map(|u| world.units.unit(u).name.clone()),
            applicant,
            procedure_code: def.code.clone(),
            procedure: def.name.clone(),
            at,
            officer,
            due: due.map(|d| d.value),
            provisional: due.is_some_and(|d| d.provisional),
            parts: parts_of(&held.fields).into_iter().map(line).collect(),
            reasons,
            old_due,
            new_day,
            reason,
            fee_vnd: held.fields.get("fee_vnd").and_then(Value::as_u64).unwrap_or(0),
            track_path: format!("/portal/track?code={}", held.code()),
            result: def.result.name.clone(),
            step_names: def.steps.iter().map(|s| (s.id.clone(), s.name.clone())).collect(),
            case,
        })
    }

    /// The tracking book of a unit (form 06): dossiers received in a span of days, the newest first. Applicants are masked, as in every
    /// list.
    ///
    /// # Errors
    /// `access.…`
    pub async fn tracking_book(&self, actor: &Actor, unit: &str, from: Date, to: Date, after: Option<String>) -> Result<BookPage> {
        self.may(actor, Action::View, DOSSIER, unit)?;
        let (from, to) = (Timestamp::start_of(from), Timestamp::start_of(to).plus_days(1));
        let query = ListQuery {
            register: DOSSIER.into(),
            units: vec![unit.to_owned()],
            sort: SortBy::Newest,
            after,
            limit: BOOK_PAGE,
            ..ListQuery::default()
        };
        let page = self.store().list(&query).await?;
        let mut rows = Vec::new();
        for r in &page.records {
            let fields = r.fields()?;
            let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let at = |name: &str| text(name).parse::<Timestamp>().ok();
            if !at("received_at").is_some_and(|t| from <= t && t < to) {
                continue;
            }
            let returned = fields.get("case").and_then(|c| c.get("returned")).and_then(|r| r.get("at")).and_then(Value::as_str);
            rows.push(BookRow {
                id: r.id.to_string(),
                code: r.key.clone().unwrap_or_default(),
                procedure: text("procedure"),
                applicant: masked_name(&text("applicant_name")),
                channel: text("channel"),
                state: r.state.clone(),
                received_at: at("received_at"),
                due_at: at("due_at"),
                closed_at: at("closed_at"),
                returned_at: returned.and_then(|t| t.parse().ok()),
            });
        }
        // Records are made in the order of time: nothing older follows.
        let over = page.records.last().is_some_and(|r| r.created_at < from);
        Ok(BookPage { rows, next: page.next.filter(|_| !over) })
    }
}
