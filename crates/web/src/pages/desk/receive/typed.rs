//! What an officer typed into the form.

use office::{
    Error,
    one_stop::{Dossier, PaidNow},
};
use rules::{
    Refusal,
    number::{self, Measure, Qualifier},
    procedure::{Check, FormField, IdentityNumber, Procedure},
    schema::FieldType,
};
use serde_json::{Map, Value};

use super::{super::reasons::Kind, scans::Scan};
use crate::http::Posted;

/// Kinds of applicants; the first is meant where nothing else is said.
pub(super) const KINDS: [&str; 3] = ["citizen", "enterprise", "household"];
/// What amounts at the counter are in.
const CURRENCY: [&str; 5] = ["đồng", "đ", "vnd", "vnđ", "dong"];

/// What was typed so far.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) fields: Vec<(String, String)>,
    pub(super) parts: Vec<String>,
    pub(super) scans: Vec<Scan>,
    /// What was tried instead of receiving.
    pub(super) tried: Option<Kind>,
}

impl Typed {
    pub(super) fn of(posted: &Posted) -> Self {
        let parts = posted.all("part").map(str::to_owned).collect();
        Self { fields: posted.fields.clone(), parts, ..Self::default() }
    }

    /// What was written down of a dossier before.
    pub(super) fn of_dossier(d: &Dossier, procedure: &Procedure) -> Self {
        let mut out = Self::default();
        let text = |value: Option<&Value>| match value {
            Some(Value::String(s)) => s.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        for name in ["name", "id_number", "phone", "address", "email", "kind"] {
            out.set(name, &text(d.fields.get(&format!("applicant_{name}"))));
        }
        for name in ["result_way", "result_address", "away_unit", "identified"] {
            out.set(name, &text(d.fields.get(name)));
        }
        let form = d.fields.get("form").and_then(Value::as_object);
        for f in procedure.def.fields() {
            out.set(&question(&f.field.id), &text(form.and_then(|form| form.get(&f.field.id))));
        }
        out.set("version", &d.record.version.to_string());
        out
    }

    pub(super) fn kind(&self) -> &str {
        let kind = self.get("kind");
        if kind.is_empty() { KINDS[0] } else { kind }
    }

    /// The applicant's own field that answers a question already. A tax code is no answer where a person's number is asked for.
    pub(super) fn answered_by(&self, f: &FormField) -> Option<&'static str> {
        let name = of_applicant(f)?;
        let of_a_person = name == "id_number" && matches!(f.check, Some(Check::IdentityNumber { .. }));
        let person = self.kind() == KINDS[0] || IdentityNumber::read(self.get("id_number")).is_some();
        (!of_a_person || person).then_some(name)
    }

    /// Money taken at the counter.
    pub(super) fn paid(&self) -> Result<Option<PaidNow>, Error> {
        let amount = amount(self.get("paid"))?;
        Ok(amount.map(|amount_vnd| PaidNow { amount_vnd, online: false, reference: self.get("reference").to_owned() }))
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        if self.get(name).is_empty() && !value.is_empty() {
            self.fields.retain(|(n, _)| n != name);
            self.fields.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Answers to the declaration's questions, in the types of their fields.
    pub(super) fn form(&self, procedure: &Procedure) -> Map<String, Value> {
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
pub(super) fn question(id: &str) -> String {
    format!("f_{id}")
}
