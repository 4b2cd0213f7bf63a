//! Văn bản chỉ đạo: resolutions, plans, official letters, conclusions of meetings.

use jiff::civil::Date;
use rules::{
    Localized,
    access::{Action, Actor},
    pack::DirectiveDef,
};
use serde_json::Value;
use store::{Expect, Record, RecordId, RecordWrite};

use super::{DIRECTIVE, optional, required};
use crate::{
    Office, Once,
    error::{Error, Result},
};

/// A directive with its place in the store.
#[derive(Debug, Clone)]
pub struct Directive {
    pub record: Record,
    pub def: DirectiveDef,
}

/// What is asked for when somebody enters a directive, or the conclusion of a meeting.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct NewDirective {
    pub number: String,
    pub kind: String,
    pub title: String,
    pub issuer: String,
    pub issued_on: String,
    /// Ids of the directives it carries out.
    pub parents: Vec<String>,
    pub note: String,
}

fn view(record: Record) -> Result<Directive> {
    let def = record.view()?;
    Ok(Directive { record, def })
}

impl Office {
    /// All directives, the oldest first.
    pub async fn directives(&self, actor: &Actor) -> Result<Vec<Directive>> {
        self.may_read_programme(actor, DIRECTIVE)?;
        let mut list = self.store().all(DIRECTIVE).await?.into_iter().map(view).collect::<Result<Vec<_>>>()?;
        list.sort_by(|a, b| (a.def.issued_on, &a.def.id).cmp(&(b.def.issued_on, &b.def.id)));
        Ok(list)
    }

    pub async fn directive(&self, actor: &Actor, id: &str) -> Result<Directive> {
        self.may_read_programme(actor, DIRECTIVE)?;
        view(self.find(DIRECTIVE, id).await?)
    }

    /// Enters a directive or the conclusion of a meeting; its id is its number, or made from the day.
    pub async fn add_directive(&self, actor: &Actor, new: &NewDirective) -> Result<String> {
        self.add_directive_once(actor, new, None).await
    }

    /// The same, for callers who may have to ask twice.
    pub async fn add_directive_once(&self, actor: &Actor, new: &NewDirective, once: Option<Once>) -> Result<String> {
        let root = self.root_text();
        self.may(actor, Action::Assign, DIRECTIVE, &root)?;
        let title = required("title", &new.title)?;
        let number = optional("number", &new.number)?;
        let issued_on: Option<Date> = match new.issued_on.trim() {
            "" => None,
            t => Some(t.parse().map_err(|_| Error::Refused(rules::Refusal::new("input.date").with("field", "issued_on").with("text", t)))?),
        };
        for parent in &new.parents {
            self.find(DIRECTIVE, parent).await?;
        }
        let id = match &number {
            Some(n) => n.replace('/', "-"),
            None => format!("KL-{}-{}", self.today(), &RecordId::new().to_string()[24..]),
        };
        let def = DirectiveDef {
            id: id.clone(),
            number,
            kind: if new.kind.is_empty() { "KL".into() } else { required("kind", &new.kind)? },
            title: Localized::new(title.clone(), title),
            issuer: optional("issuer", &new.issuer)?,
            issuer_note: None,
            issued_on,
            parents: new.parents.clone(),
            conflicts_with: Vec::new(),
            unit: root.parse().ok(),
            source: None,
            quote: None,
            note: optional("note", &new.note)?.map(|n| Localized::new(n.clone(), n)),
            verified: true,
        };
        let Value::Object(fields) = serde_json::to_value(&def)? else { return Err(Error::Internal("directive".into())) };
        let write = RecordWrite {
            register: DIRECTIVE.into(),
            id: RecordId::new(),
            expect: Expect::New,
            key: Some(id.clone()),
            unit: root,
            state: "in_force".into(),
            fields,
            kind: "create".into(),
            authority: None,
        };
        let outcome = self.store().commit(self.command_once(actor, vec![write], once)).await?;
        Ok(outcome.written.first().filter(|_| outcome.replayed).map_or(id, |w| w.id.to_string()))
    }
}
