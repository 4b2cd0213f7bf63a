//! Who is away, and who stands in: what would be given to the one goes to the other, and the ledger names both.

use jiff::civil::Date;
use rules::{
    Refusal,
    access::{Action, Actor},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{Expect, RecordId, RecordWrite};

use super::ABSENCE;
use crate::{
    Office,
    error::{Error, Result},
    programme::{optional, required},
};

/// Nobody is away longer in one piece.
const DAYS_MAX: i32 = 366;
/// Who stands in may be away, too: so many are asked in turn.
const CHAIN_MAX: usize = 5;

/// An absence as it is declared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewAbsence {
    pub account: String,
    pub delegate: String,
    pub from: String,
    pub to: String,
    pub reason: String,
}

/// Somebody is away from one day to another, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Absence {
    pub id: String,
    pub version: i64,
    pub account: String,
    pub delegate: String,
    pub from: Date,
    pub to: Date,
    pub reason: Option<String>,
}

impl Absence {
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

impl Office {
    /// Declares an absence: one's own, or of somebody at a unit whose work one assigns.
    ///
    /// # Errors
    /// `access.…`; `input.required`; `input.date`; `absence.dates`; `absence.self`; `one_stop.unknown_assignee`.
    pub async fn declare_absence(&self, actor: &Actor, new: &NewAbsence) -> Result<String> {
        let (account, delegate) = (required("account", &new.account)?, required("delegate", &new.delegate)?);
        let unit = self.home_of(&account).await?;
        if actor.account != account {
            self.may(actor, Action::Assign, ABSENCE, &unit)?;
        } else if actor.grants.is_empty() {
            return Err(Error::refused("access.sign_in"));
        }
        self.home_of(&delegate).await?;
        if account == delegate {
            return Err(Error::refused("absence.self"));
        }
        let day = |field: &'static str, text: &str| {
            let text = text.trim();
            text.parse::<Date>().map_err(|_| Error::Refused(Refusal::new("input.date").with("field", field).with("text", text)))
        };
        let (from, to) = (day("from", &new.from)?, day("to", &new.to)?);
        let long = rules::time::days_since_epoch(to) - rules::time::days_since_epoch(from);
        if !(0..DAYS_MAX).contains(&long) {
            return Err(Error::Refused(Refusal::new("absence.dates").with("from", from).with("to", to)));
        }
        let mut fields = Map::new();
        for (name, value) in [
            ("account", json!(account)),
            ("delegate", json!(delegate)),
            ("from", json!(from)),
            ("to", json!(to)),
            ("declared_by", json!(actor.account)),
        ] {
            fields.insert(name.into(), value);
        }
        if let Some(reason) = optional("reason", &new.reason)? {
            fields.insert("reason".into(), json!(reason));
        }
        let id = RecordId::new();
        let write = RecordWrite {
            register: ABSENCE.into(),
            id,
            expect: Expect::New,
            key: None,
            unit,
            state: "declared".into(),
            fields,
            kind: "declare".into(),
            authority: None,
        };
        self.commit_act(&actor.account, None, self.now(), None, vec![write]).await?;
        Ok(id.to_string())
    }

    /// Takes an absence back.
    ///
    /// # Errors
    /// `access.…`; `not_found`; a stale version.
    pub async fn cancel_absence(&self, actor: &Actor, id: &str, version: i64) -> Result<()> {
        let record = self.find(ABSENCE, id).await?;
        let fields = record.fields()?;
        if fields.get("account").and_then(Value::as_str) != Some(&actor.account) {
            self.may(actor, Action::Assign, ABSENCE, &record.unit)?;
        }
        let write = RecordWrite {
            register: ABSENCE.into(),
            id: record.id,
            expect: Expect::Version(version),
            key: None,
            unit: record.unit.clone(),
            state: "cancelled".into(),
            fields,
            kind: "cancel".into(),
            authority: None,
        };
        self.commit_act(&actor.account, None, self.now(), None, vec![write]).await?;
        Ok(())
    }

    /// Absences that have not ended, of the units one sees and one's own.
    ///
    /// # Errors
    /// `access.sign_in`
    pub async fn absences(&self, actor: &Actor) -> Result<Vec<Absence>> {
        if actor.is_anonymous() {
            return Err(Error::refused("access.sign_in"));
        }
        let mut out = Vec::new();
        for (unit, absence) in self.declared_absences().await? {
            if absence.account == actor.account || self.may(actor, Action::View, ABSENCE, &unit).is_ok() {
                out.push(absence);
            }
        }
        Ok(out)
    }

    async fn declared_absences(&self) -> Result<Vec<(String, Absence)>> {
        let today = self.today();
        let mut out = Vec::new();
        for r in self.store().all(ABSENCE).await?.into_iter().filter(|r| r.state == "declared") {
            let fields = r.fields()?;
            let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
            let day = |name: &str| text(name).and_then(|d| d.parse().ok());
            let (Some(from), Some(to)) = (day("from"), day("to")) else { continue };
            let absence = Absence {
                id: r.id.to_string(),
                version: r.version,
                account: text("account").unwrap_or_default(),
                delegate: text("delegate").unwrap_or_default(),
                from,
                to,
                reason: text("reason"),
            };
            if absence.to >= today {
                out.push((r.unit.clone(), absence));
            }
        }
        Ok(out)
    }

    /// Who stands in for somebody on a day; `None` where they are there, or where everybody who would is away as well.
    pub(crate) async fn stands_in_for(&self, account: &str, day: Date) -> Result<Option<String>> {
        let absences = self.declared_absences().await?;
        let away = |who: &str| absences.iter().map(|(_, a)| a).find(|a| a.account == who && a.covers(day));
        let mut who = account.to_owned();
        for _ in 0..CHAIN_MAX {
            match away(&who) {
                Some(absence) => who.clone_from(&absence.delegate),
                None => return Ok((who != account).then_some(who)),
            }
        }
        Ok(None)
    }

    /// Oneself and those for whom one stands in on a day.
    pub(crate) async fn hats(&self, account: &str, day: Date) -> Result<Vec<String>> {
        let mut out = vec![account.to_owned()];
        out.extend(
            self.declared_absences()
                .await?
                .into_iter()
                .map(|(_, a)| a)
                .filter(|a| a.delegate == account && a.covers(day))
                .map(|a| a.account),
        );
        Ok(out)
    }

    /// The unit of an account's first grant.
    async fn home_of(&self, account: &str) -> Result<String> {
        let found = self.account_of(account).await?.filter(|a| !a.disabled);
        let found = found.ok_or_else(|| Error::Refused(Refusal::new("one_stop.unknown_assignee").with("account", account)))?;
        Ok(found.grants.first().map_or_else(|| self.root_text(), |g| g.unit.to_string()))
    }
}
