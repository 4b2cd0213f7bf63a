//! How the citizen wants the result (cách nhận kết quả): at the desk, by post, online. A wish that everybody may change until the result
//! is there; how it was handed out is an act of its own.

use rules::{
    Refusal,
    access::{Action, Actor},
    one_stop::{Outcome, Way},
    procedure::{Online, ProcedureDef},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    Acted, Held,
    acts::acted,
    drafts::{Draft, DraftKey, Filer},
    once_key,
};
use crate::{
    Office,
    error::{Error, Result},
};

/// Fields of a dossier, and of a draft.
const WAY: &str = "result_way";
/// Where the post brings it: personal.
pub(crate) const ADDRESS: &str = "result_address";
/// Entry kind: the result is wanted in another way.
const DELIVERY: &str = "delivery";
/// Characters of it: as many as the register takes.
const ADDRESS_MAX: usize = 500;

/// The way of receiving the result, with the address where the post brings it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub way: Way,
    /// Empty unless by post.
    #[serde(default)]
    pub address: String,
}

impl Delivery {
    #[must_use]
    pub fn new(way: Way) -> Self {
        Self { way, address: String::new() }
    }

    /// What a citizen is offered first: online where it is all done online (toàn trình), else the desk.
    #[must_use]
    pub fn usual(procedure: &ProcedureDef) -> Self {
        Self::new(if procedure.online == Online::Full { Way::Online } else { Way::Desk })
    }

    /// As it is kept: an address where there is one to go to, else `home`.
    ///
    /// # Errors
    /// `one_stop.result_address` (field) for the post without any; `input.too_long`.
    pub(crate) fn kept(&self, home: &str) -> Result<Self> {
        if self.way != Way::Post {
            return Ok(Self::new(self.way));
        }
        let said = rules::text::clean(&self.address);
        let address = if said.is_empty() { home.to_owned() } else { said };
        if address.is_empty() {
            return Err(Error::Refused(Refusal::new("one_stop.result_address").with("field", ADDRESS)));
        }
        if address.chars().count() > ADDRESS_MAX {
            return Err(Error::Refused(Refusal::new("input.too_long").with("field", ADDRESS).with("max", ADDRESS_MAX)));
        }
        Ok(Self { way: self.way, address })
    }

    /// What a dossier or a draft says; nothing where nobody was asked.
    pub(crate) fn of(fields: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        Some(Self { way: Way::of(text(WAY)?)?, address: text(ADDRESS).unwrap_or_default().to_owned() })
    }

    pub(crate) fn write(&self, fields: &mut Map<String, Value>) {
        fields.insert(WAY.into(), json!(self.way.id()));
        if self.address.is_empty() {
            fields.remove(ADDRESS);
        } else {
            fields.insert(ADDRESS.into(), json!(self.address));
        }
    }
}

impl Office {
    /// Keeps how the draft's person wants the result.
    ///
    /// # Errors
    /// `not_found`; `draft.closed`; `one_stop.result_address`; `input.too_long`; a stale version.
    pub async fn choose_delivery(&self, who: &Filer<'_>, key: &DraftKey, version: i64, delivery: &Delivery) -> Result<Draft> {
        let (record, mut fields) = self.open_draft_record(who, key, Some(version)).await?;
        delivery.kept("")?.write(&mut fields);
        self.change_draft(who, &record, fields, "save").await
    }

    /// Changes how the result of a filed dossier is wanted, until it is handed over. With a key in `once`, asked again it is answered
    /// again.
    ///
    /// # Errors
    /// `access.…`; `not_found`; a stale version; `one_stop.result_given`; `one_stop.result_address`; `input.too_long`.
    pub async fn change_delivery(&self, actor: &Actor, id: &str, version: i64, delivery: &Delivery, once: &str) -> Result<Acted> {
        let held = Held::of(self.dossier_for(actor, Action::Edit, id).await?)?;
        let request = serde_json::to_string(&(version, delivery))?;
        let once = once_key(&format!("{}:{}", actor.account, held.record.id), once, &[DELIVERY, &request])?;
        let known = match &once {
            Some((key, digest)) => self.store().answer_of(key, digest).await?,
            None => None,
        };
        if let Some(written) = known {
            let due = held.text("due_at").and_then(|t| t.parse().ok());
            return Ok(acted(&held.record, written.first().map_or(version, |w| w.version), &held.record.state, due, true));
        }
        if held.record.version != version {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(held.record) }));
        }
        // Whatever ended without a result is not handed over, either.
        let over = held.case.returned.is_some() || held.case.end.as_ref().is_some_and(|e| e.outcome != Outcome::Resolved);
        if over {
            return Err(Error::refused("one_stop.result_given"));
        }
        let mut fields = held.fields.clone();
        delivery.kept(held.text("applicant_address").unwrap_or_default())?.write(&mut fields);
        self.write_beside(&actor.account, &held, version, fields, DELIVERY, None, once).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_for_the_post_alone() {
        let post = |address: &str| Delivery { way: Way::Post, address: address.into() };
        assert_eq!(post(" 12  Lê Lợi ").kept("").unwrap(), post("12 Lê Lợi"));
        assert_eq!(post("").kept("3 Trần Phú").unwrap(), post("3 Trần Phú"), "home, where nothing else was said");
        assert_eq!(post(" ").kept("").unwrap_err().code(), "one_stop.result_address");
        assert_eq!(post(&"a".repeat(ADDRESS_MAX + 1)).kept("").unwrap_err().code(), "input.too_long");
        let mut fields = Map::new();
        assert_eq!(Delivery::of(&fields), None, "nobody was asked");
        for delivery in [post("12 Lê Lợi"), Delivery::new(Way::Desk)] {
            delivery.write(&mut fields);
            assert_eq!(Delivery::of(&fields), Some(delivery));
        }
        assert!(!fields.contains_key(ADDRESS), "what the post does not need is not kept");
        assert_eq!(Delivery { way: Way::Online, address: "x".into() }.kept("y").unwrap(), Delivery::new(Way::Online));
    }
}
