//! Other units than its own with a hand in a dossier: the desk that received it for them and gives back the result, and units that
//! have a part to give back (liên thông).

use rules::{
    Timestamp,
    access::{Action, Actor, Scope, scope},
    one_stop::{ActKind, Case, Status},
};
use serde_json::{Map, Value};
use store::Record;

use super::{DOSSIER, desk::DeskRow};
use crate::{
    Office,
    error::Result,
    personal::{Opened, Through},
};

/// Field: where it was received and its result is handed out, if another unit decides.
pub(crate) const RECEIVING: &str = "receiving_unit";
/// Field: units with a part that they have not given back.
pub(crate) const LINKED: &str = "linked_units";
/// Dossiers of one kind that the desk lists at most.
const LISTED_MAX: i64 = 200;
/// Days back for which the desk lists what it received for others: what is older is in the tracking book.
const LISTED_DAYS: i64 = 400;
/// Received, and the result not handed out yet.
const TO_HAND_OUT: [Status; 5] = [Status::Received, Status::InProgress, Status::Supplement, Status::Payment, Status::Resolved];

/// At which units an officer has a hand in a dossier of another unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// It received the dossier: it prints the slip, and hands out the result.
    pub received: Option<String>,
    /// They have a part to give back.
    pub linked: Vec<String>,
}

impl Elsewhere {
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.received.is_none() && self.linked.is_empty()
    }

    /// Acts of the law that come with it.
    pub(crate) fn allows(&self, kind: ActKind) -> bool {
        match kind {
            ActKind::ReturnResult => self.received.is_some(),
            ActKind::ReturnFromUnit => !self.linked.is_empty(),
            _ => false,
        }
    }
}

/// What an officer's desk has to do for dossiers of other units.
#[derive(Debug, Clone, Default)]
pub struct OfOthers {
    /// Parts to give back.
    pub linked: Vec<DeskRow>,
    /// Received here, the result not handed out yet.
    pub received: Vec<DeskRow>,
}

/// Other units with a hand in a dossier.
pub(crate) fn units_of(fields: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let linked = fields.get(LINKED).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    fields.get(RECEIVING).and_then(Value::as_str).into_iter().chain(linked)
}

/// Units with an open part of a case, each once; none once it has ended.
pub(crate) fn linked_units(case: &Case) -> Vec<String> {
    let mut out: Vec<String> = case.links.iter().filter(|l| case.end.is_none() && l.is_open()).map(|l| l.unit.to_string()).collect();
    out.sort();
    out.dedup();
    out
}

impl Office {
    /// At which other units somebody works that have a hand in a dossier.
    pub(crate) fn elsewhere(&self, actor: &Actor, fields: &Map<String, Value>) -> Elsewhere {
        let works = |unit: &str| self.may(actor, Action::Edit, DOSSIER, unit).is_ok();
        let received = fields.get(RECEIVING).and_then(Value::as_str).filter(|u| works(u)).map(str::to_owned);
        let linked = fields.get(LINKED).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        Elsewhere { received, linked: linked.filter(|u| works(u)).map(str::to_owned).collect() }
    }

    /// A dossier for whoever may see it: at its unit, or at another one with a hand in it.
    pub(crate) async fn dossier_shown(&self, actor: &Actor, id: &str) -> Result<(Record, Elsewhere)> {
        if actor.grants.is_empty() {
            self.may(actor, Action::View, DOSSIER, &self.root_text())?;
        }
        let record = self.find(DOSSIER, id.trim()).await?;
        let elsewhere = self.elsewhere(actor, &record.fields()?);
        match self.may(actor, Action::View, DOSSIER, &record.unit) {
            Err(e) if elsewhere.is_none() => Err(e),
            _ => Ok((record, elsewhere)),
        }
    }

    /// Whoever works on a dossier or decides it reads it in clear.
    pub(crate) fn reads_dossier(&self, actor: &Actor, record: &Record, elsewhere: &Elsewhere) -> Result<()> {
        let may = |action| self.may(actor, action, DOSSIER, &record.unit);
        match may(Action::Edit).or_else(|e| may(Action::Decide).map_err(|_| e)) {
            Err(e) if elsewhere.is_none() => Err(e),
            _ => Ok(()),
        }
    }

    /// A dossier, and what the reader has to do with it from elsewhere, for whoever reads it in clear.
    pub(crate) async fn read_dossier(&self, actor: &Actor, id: &str) -> Result<(Record, Elsewhere)> {
        let (record, elsewhere) = self.dossier_shown(actor, id).await?;
        self.reads_dossier(actor, &record, &elsewhere)?;
        Ok((record, elsewhere))
    }

    /// Opens a dossier: in clear, with the look kept, for whoever works on it or decides it; masked for others who may see it.
    pub(crate) async fn open_dossier(&self, actor: &Actor, id: &str, through: Through) -> Result<(Opened, Elsewhere)> {
        let (record, elsewhere) = self.dossier_shown(actor, id).await?;
        let clear = self.reads_dossier(actor, &record, &elsewhere).is_ok();
        Ok((self.opened(actor, record, clear, through).await?, elsewhere))
    }

    /// The unit of a dossier, for whoever may see it.
    ///
    /// # Errors
    /// `access.…`; `not_found`
    pub async fn dossier_unit(&self, actor: &Actor, id: &str) -> Result<String> {
        Ok(self.dossier_shown(actor, id).await?.0.unit)
    }

    /// Dossiers of other units that wait for something of this one, or of what is below it: where the actor works.
    ///
    /// # Errors
    /// `access.…`
    pub async fn desk_of_others(&self, actor: &Actor, unit: u32) -> Result<OfOthers> {
        let world = self.world();
        self.may(actor, Action::View, DOSSIER, &world.units.key(unit).to_string())?;
        let works = scope(actor, Action::Edit, Some(DOSSIER), &world.units);
        let here = |u: &u32| world.units.covers(unit, *u) && (matches!(works, Scope::Everywhere) || works.contains(*u));
        let units: Vec<String> = (0..world.units.len()).filter(here).map(|u| world.units.key(u).to_string()).collect();
        if units.is_empty() {
            return Ok(OfOthers::default());
        }
        let now = self.now();
        let span = [now.plus_days(-LISTED_DAYS), now.plus_days(1)];
        let states = TO_HAND_OUT.map(Status::id);
        let mut received = self.store().received_for_others(DOSSIER, &units, span, &states, LISTED_MAX).await?;
        let mut linked = self.store().linked_to(DOSSIER, &units, LISTED_MAX).await?;
        // Its own are in its own list.
        for list in [&mut received, &mut linked] {
            list.retain(|r| !units.contains(&r.unit));
        }
        Ok(OfOthers { linked: self.desk_rows(unit, linked)?, received: self.desk_rows(unit, received)? })
    }

    /// What a desk received for others in a span of days, for its tracking book.
    pub(crate) async fn received_for_others(&self, unit: &str, span: [Timestamp; 2], max: i64) -> Result<Vec<Record>> {
        let states = Status::ALL.map(Status::id);
        let mut out = self.store().received_for_others(DOSSIER, &[unit.to_owned()], span, &states, max).await?;
        out.retain(|r| r.unit != unit);
        Ok(out)
    }
}
