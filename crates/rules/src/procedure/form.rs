//! Asking: what is shown for given answers, whether they fit, what can be filled in beforehand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{
    compiled::Procedure,
    def::{Check, FormField, PageDef, PartDef},
    identity::{Sex, check_email, check_identity, check_phone, check_tax_code},
};
use crate::{
    Timestamp,
    schema::{FieldFault, FieldType, parse_date_text},
    text,
    time::date_from_days,
};

/// What an identity provider tells of a person: `prefill = "identity.name"`.
pub const IDENTITY_NAMES: [&str; 9] = ["name", "number", "birth_date", "sex", "nationality", "ethnicity", "address", "phone", "email"];

/// A page with the questions that are asked for the answers so far.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownPage<'a> {
    pub page: &'a PageDef,
    pub fields: Vec<&'a FormField>,
}

/// Answers in their one spelling, those to questions that are asked only; and what is wrong with them, in the order of the questions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    pub kept: Map<String, Json>,
    pub faults: Vec<FieldFault>,
    /// Ids of the questions asked.
    pub asked: Vec<String>,
    /// Ids of the pages shown.
    pub pages: Vec<String>,
}

impl Answers {
    /// The faults at the questions of one page.
    pub fn on_page<'a>(&'a self, page: &'a PageDef) -> impl Iterator<Item = &'a FieldFault> {
        self.faults.iter().filter(|f| page.fields.iter().any(|q| q.field.id == f.field))
    }
}

impl Procedure {
    /// One pass over the form: what is asked, what counts, what is wrong. `now` is the instant of filing (for "not in the future").
    ///
    /// Codes of faults: those of registers (`field.required` …), `field.identity_…`, `field.phone`, `field.email`, `field.tax_code`,
    /// `field.in_future`, `field.in_past`, `field.unknown`, and `form.rule` (vi, en) with the declaration's own sentence.
    #[must_use]
    pub fn answers(&self, given: &Map<String, Json>, now: Timestamp) -> Answers {
        let mut out = Answers::default();
        let mut body = "{}".to_owned();
        for page in &self.def.pages {
            if !self.holds(page.when.as_ref(), &body, now) {
                continue;
            }
            let before = out.asked.len();
            for question in &page.fields {
                if !self.holds(question.when.as_ref(), &body, now) {
                    continue;
                }
                let id = &question.field.id;
                out.asked.push(id.clone());
                match self.one(question, given.get(id)) {
                    Ok(Some(value)) => {
                        out.kept.insert(id.clone(), value);
                        body = Json::Object(out.kept.clone()).to_string();
                    }
                    Ok(None) if question.field.required => out.faults.push(FieldFault::new(id, "field.required")),
                    Ok(None) => {}
                    Err(fault) => out.faults.push(fault),
                }
            }
            // A page all of whose questions fall away is no page.
            if out.asked.len() > before || page.fields.is_empty() {
                out.pages.push(page.id.clone());
            }
        }
        self.checks(&mut out, now);
        for rule in &self.def.rules {
            let about = |f: &FieldFault| f.field == rule.field;
            if out.asked.contains(&rule.field) && self.holds(Some(&rule.wrong_when), &body, now) && !out.faults.iter().any(about) {
                out.faults.push(FieldFault::new(&rule.field, "form.rule").with("vi", &rule.say.vi).with("en", &rule.say.en));
            }
        }
        let place: BTreeMap<&str, usize> = self.def.fields().enumerate().map(|(i, f)| (f.field.id.as_str(), i)).collect();
        out.faults.sort_by_key(|f| place.get(f.field.as_str()).copied().unwrap_or(usize::MAX));
        for name in given.keys().filter(|n| !place.contains_key(n.as_str())) {
            out.faults.push(FieldFault::new(name, "field.unknown"));
        }
        out
    }

    /// Pages and questions shown for the answers so far.
    #[must_use]
    pub fn shown(&self, given: &Map<String, Json>, now: Timestamp) -> Vec<ShownPage<'_>> {
        let answers = self.answers(given, now);
        let asked: BTreeSet<&str> = answers.asked.iter().map(String::as_str).collect();
        let shown = self.def.pages.iter().filter(|p| answers.pages.contains(&p.id));
        shown.map(|page| ShownPage { page, fields: page.fields.iter().filter(|f| asked.contains(f.field.id.as_str())).collect() }).collect()
    }

    /// Parts wanted for the answers, in the order of the declaration.
    #[must_use]
    pub fn parts_wanted(&self, given: &Map<String, Json>, now: Timestamp) -> Vec<&PartDef> {
        let body = Json::Object(self.answers(given, now).kept).to_string();
        self.def.parts.iter().filter(|p| self.holds(p.when.as_ref(), &body, now)).collect()
    }

    /// What can be filled in beforehand: from the identity (names of [`IDENTITY_NAMES`]) and from electronic papers by kind. Values that
    /// do not fit their question are left out.
    #[must_use]
    pub fn prefill(&self, identity: &Map<String, Json>, papers: &BTreeMap<String, Map<String, Json>>) -> Map<String, Json> {
        let mut out = Map::new();
        for question in self.def.fields() {
            let Some(from) = &question.prefill else { continue };
            let value = match from.split_once('.') {
                Some(("identity", name)) => identity.get(name),
                Some(("paper", rest)) => rest.split_once('.').and_then(|(kind, field)| papers.get(kind)?.get(field)),
                _ => None,
            };
            if let Some(value) = value
                && let Ok(Some(value)) = self.one(question, Some(value))
            {
                out.insert(question.field.id.clone(), value);
            }
        }
        out
    }

    /// One answer by itself: cleaned, of its type, within its bounds. Nothing, blank text and an empty list are no answer.
    fn one(&self, question: &FormField, given: Option<&Json>) -> Result<Option<Json>, FieldFault> {
        let id = &question.field.id;
        let Some(value) = given.filter(|v| !v.is_null()) else { return Ok(None) };
        let value = match value {
            Json::String(s) => {
                let s = if question.layout == super::Layout::Lines { text::clean_lines(s) } else { text::clean(s) };
                if s.is_empty() {
                    return Ok(None);
                }
                Json::String(s)
            }
            Json::Array(list) if list.is_empty() => return Ok(None),
            other => other.clone(),
        };
        let field = self.schema.slot(id).and_then(|slot| self.schema.field(slot));
        if let Some(fault) = field.and_then(|f| f.fault(&value)) {
            return Err(fault);
        }
        let Some(text) = value.as_str() else { return Ok(Some(value)) };
        let spelled = match &question.check {
            Some(Check::IdentityNumber { .. }) => check_identity(id, text, None, None)?,
            Some(Check::Phone) => check_phone(id, text)?,
            Some(Check::Email) => check_email(id, text)?,
            Some(Check::TaxCode) => check_tax_code(id, text)?,
            _ => return Ok(Some(value)),
        };
        Ok(Some(Json::String(spelled)))
    }

    /// Checks that need the clock or another answer.
    fn checks(&self, out: &mut Answers, now: Timestamp) {
        let today = now.local_date();
        let day = |id: &str| out.kept.get(id).and_then(Json::as_str).and_then(parse_date_text).map(date_from_days);
        let mut faults = Vec::new();
        for question in self.def.fields() {
            let id = &question.field.id;
            match &question.check {
                Some(Check::Past) if day(id).is_some_and(|d| d > today) => faults.push(FieldFault::new(id, "field.in_future")),
                Some(Check::Future) if day(id).is_some_and(|d| d < today) => faults.push(FieldFault::new(id, "field.in_past")),
                Some(Check::IdentityNumber { birth, sex }) => {
                    let Some(number) = out.kept.get(id).and_then(Json::as_str) else { continue };
                    let birth = birth.as_ref().and_then(|b| day(b));
                    let sex = sex.as_ref().and_then(|s| out.kept.get(s)).and_then(Json::as_str).and_then(Sex::of);
                    faults.extend(check_identity(id, number, birth, sex).err());
                }
                _ => {}
            }
        }
        out.faults.extend(faults);
    }

    /// Type of a question's answer.
    #[must_use]
    pub fn answer_type(&self, id: &str) -> Option<FieldType> {
        self.schema.slot(id).and_then(|slot| self.schema.field(slot)).map(|f| f.ty)
    }
}
