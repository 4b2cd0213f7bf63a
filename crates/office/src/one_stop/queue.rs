//! Numbers at the desk: drawn, called, served or missed.

use rules::{
    Localized, Refusal, Timestamp,
    access::{Action, Actor},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::{Expect, ListQuery, Record, RecordId, RecordWrite, SortBy, Written};

use super::{
    GUEST, QUEUE_TICKET, digest,
    limits::{DRAWN_MINUTES, DRAWN_OF_CLIENT, TICKETS_DRAWN, TICKETS_MAX},
    once_key,
};
use crate::{
    Office,
    error::{Error, Result},
};

const TRIES: usize = 16;
/// A page that is sent twice within so many seconds was pressed twice by one person. Later, somebody else stands before the tablet.
const ONE_PRESS_SECONDS: i64 = 10;
/// Characters of a counter's name.
const COUNTER_MAX: usize = 20;
/// Characters of a sector's name: as many as the register takes.
const SECTOR_MAX: usize = 80;

/// A number in the queue of a unit's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ticket {
    pub id: String,
    pub version: i64,
    pub unit: String,
    pub number: i64,
    pub sector: Option<String>,
    pub priority: bool,
    pub state: String,
    pub taken_at: Option<Timestamp>,
    pub called_at: Option<Timestamp>,
    pub counter: Option<String>,
    /// Who called it.
    pub officer: Option<String>,
}

fn view(r: &Record) -> Result<Ticket> {
    let fields = r.fields()?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let at = |name: &str| text(name).and_then(|t| t.parse().ok());
    Ok(Ticket {
        id: r.id.to_string(),
        version: r.version,
        unit: r.unit.clone(),
        number: fields.get("number").and_then(Value::as_i64).unwrap_or(0),
        sector: text("sector"),
        priority: fields.get("priority").and_then(Value::as_bool).unwrap_or(false),
        state: r.state.clone(),
        taken_at: at("taken_at"),
        called_at: at("called_at"),
        counter: text("counter"),
        officer: text("officer"),
    })
}

fn write(r: &Record, state: &str, fields: Map<String, Value>, kind: &str) -> RecordWrite {
    RecordWrite {
        register: QUEUE_TICKET.into(),
        id: r.id,
        expect: Expect::Version(r.version),
        key: r.key.clone(),
        unit: r.unit.clone(),
        state: state.into(),
        fields,
        kind: kind.into(),
        authority: None,
    }
}

/// A ticket that the dossier being received was called by.
#[derive(Debug, Clone)]
pub(crate) struct Served(Record, Map<String, Value>);

impl Served {
    pub fn with_dossier(&self, code: &str) -> RecordWrite {
        let mut fields = self.1.clone();
        let list = fields.entry("dossiers").or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(json!(code));
        }
        write(&self.0, "served", fields, "serve")
    }
}

impl Office {
    /// Sectors of the procedures that a unit takes today, in the order of the alphabet.
    #[must_use]
    pub fn sectors(&self, unit: u32) -> Vec<Localized> {
        let mut out: Vec<Localized> = Vec::new();
        for p in self.world().procedures_for(unit, self.today()) {
            if !out.iter().any(|s| s.vi == p.def.sector.name.vi) {
                out.push(p.def.sector.name.clone());
            }
        }
        out.sort_by(|a, b| rules::text::compare(&a.vi, &b.vi));
        out
    }

    /// Draws the next number of a unit's day for somebody who stands before an officer.
    ///
    /// # Errors
    /// `not_found`; `ticket.full`
    pub async fn take_ticket(&self, unit: &str, sector: &str, priority: bool) -> Result<Ticket> {
        self.drawn(unit, sector, priority, TICKETS_MAX, None).await
    }

    /// Somebody whom nobody knows draws a number, at the tablet by the door or on a phone. Pressed twice it is one number.
    ///
    /// # Errors
    /// `not_found`, also for a sector that the unit does not have; `ticket.wait` (minutes) when too many were drawn from this address;
    /// `ticket.full`; `idempotency.key`
    pub async fn draw_ticket(&self, unit: &str, sector: &str, client: &str, once: &str) -> Result<Ticket> {
        let idx = self.world().unit_idx(unit.trim(), self.today()).ok_or_else(|| Error::not_found(unit))?;
        if !sector.is_empty() && !self.sectors(idx).iter().any(|s| s.vi == sector) {
            return Err(Error::not_found(sector));
        }
        let of = digest(&[unit, sector]);
        let mut once = once_key(&format!("{GUEST}:ticket:{of}"), once, &[unit, sector])?;
        if let Some((key, request)) = &once
            && let Some(written) = self.store().answer_of(key, request).await?
        {
            let before = self.first_of_written(&written).await?;
            if before.taken_at.is_some_and(|at| self.now() <= at.plus_micros(ONE_PRESS_SECONDS * 1_000_000)) {
                return Ok(before);
            }
            once = None;
        }
        let (now, window) = (self.now(), self.now().plus_micros(-DRAWN_MINUTES * 60_000_000));
        let subject = format!("ticket:{client}");
        if self.store().attempts(&subject, window).await? >= DRAWN_OF_CLIENT {
            return Err(Error::Refused(Refusal::new("ticket.wait").with("minutes", DRAWN_MINUTES)));
        }
        self.store().attempt(&subject, now, window).await?;
        self.drawn(unit, sector, false, TICKETS_DRAWN, once).await
    }

    async fn first_of_written(&self, written: &[Written]) -> Result<Ticket> {
        let first = written.first().ok_or_else(|| Error::not_found(QUEUE_TICKET))?;
        view(&self.store().record(QUEUE_TICKET, first.id).await?)
    }

    /// The next number, `most` at most.
    async fn drawn(&self, unit: &str, sector: &str, priority: bool, most: i64, once: Option<(String, String)>) -> Result<Ticket> {
        let (world, at) = (self.world(), self.now());
        let day = at.local_date();
        let idx = world.unit_idx(unit.trim(), day).ok_or_else(|| Error::not_found(unit))?;
        let unit = world.units.key(idx).to_string();
        let series = format!("{unit}/{day}/");
        for _ in 0..TRIES {
            let last = self.store().last_of_series(QUEUE_TICKET, &series).await?;
            let number = last.and_then(|k| k.rsplit('/').next().and_then(|n| n.parse::<i64>().ok())).unwrap_or(0) + 1;
            if number > most {
                return Err(Error::refused("ticket.full"));
            }
            let key = format!("{series}{number}");
            let mut fields = Map::new();
            for (name, value) in [
                ("code", json!(key)),
                ("number", json!(number)),
                ("day", json!(day)),
                ("priority", json!(priority)),
                ("taken_at", json!(at.to_string())),
            ] {
                fields.insert(name.into(), value);
            }
            if !sector.trim().is_empty() {
                fields.insert("sector".into(), json!(sector.trim().chars().take(SECTOR_MAX).collect::<String>()));
            }
            let new = RecordWrite {
                register: QUEUE_TICKET.into(),
                id: RecordId::new(),
                expect: Expect::New,
                key: Some(key),
                unit: unit.clone(),
                state: "waiting".into(),
                fields,
                kind: "take".into(),
                authority: None,
            };
            match self.commit_act(GUEST, None, at, once.clone(), vec![new]).await {
                Ok(outcome) => return self.first_of_written(&outcome.written).await,
                Err(Error::Store(store::Error::KeyTaken { .. })) => {}
                Err(e) => return Err(e),
            }
        }
        Err(Error::Store(store::Error::Busy))
    }

    /// Calls the next number to a counter: those with priority first, then by number. `None` when nobody waits.
    ///
    /// # Errors
    /// `access.…`
    pub async fn call_ticket(&self, actor: &Actor, unit: &str, counter: &str) -> Result<Option<Ticket>> {
        self.call_ticket_of(actor, unit, counter, "").await
    }

    /// The same among the numbers of one sector; of all where it is empty.
    ///
    /// # Errors
    /// `access.…`
    pub async fn call_ticket_of(&self, actor: &Actor, unit: &str, counter: &str, sector: &str) -> Result<Option<Ticket>> {
        self.may(actor, Action::Edit, QUEUE_TICKET, unit)?;
        for _ in 0..TRIES {
            let mut waiting = self.tickets_in(unit, &["waiting"]).await?;
            waiting.retain(|(_, t)| sector.is_empty() || t.sector.as_deref() == Some(sector));
            waiting.sort_by_key(|(_, t)| (!t.priority, t.number));
            let Some((record, _)) = waiting.into_iter().next() else { return Ok(None) };
            let write = self.called(actor, &record, Some(counter))?;
            match self.commit_act(&actor.account, None, self.now(), None, vec![write]).await {
                Ok(_) => return Ok(Some(view(&self.store().record(QUEUE_TICKET, record.id).await?)?)),
                // Another counter called the same number in this moment.
                Err(e) if e.code() == "version.conflict" => {}
                Err(e) => return Err(e),
            }
        }
        Err(Error::Store(store::Error::Busy))
    }

    /// Calls a number again: it was not heard, or whoever missed it came after all. It goes to the counter it was called to.
    ///
    /// # Errors
    /// `access.…`; `ticket.state` for one that waits its turn or is over; a stale version.
    pub async fn recall_ticket(&self, actor: &Actor, id: &str, version: i64) -> Result<Ticket> {
        let record = self.find(QUEUE_TICKET, id).await?;
        self.may(actor, Action::Edit, QUEUE_TICKET, &record.unit)?;
        if !matches!(record.state.as_str(), "called" | "missed") || !self.of_today(&record) {
            return Err(Error::Refused(Refusal::new("ticket.state").with("state", &record.state)));
        }
        let write = RecordWrite { expect: Expect::Version(version), ..self.called(actor, &record, None)? };
        self.commit_act(&actor.account, None, self.now(), None, vec![write]).await?;
        view(&self.store().record(QUEUE_TICKET, record.id).await?)
    }

    fn called(&self, actor: &Actor, record: &Record, counter: Option<&str>) -> Result<RecordWrite> {
        let mut fields = record.fields()?;
        fields.insert("called_at".into(), json!(self.now().to_string()));
        fields.insert("officer".into(), json!(actor.account));
        if let Some(counter) = counter {
            fields.insert("counter".into(), json!(counter.trim().chars().take(COUNTER_MAX).collect::<String>()));
        }
        // Somebody who came after all has not been served yet.
        fields.remove("served_at");
        Ok(write(record, "called", fields, "call"))
    }

    /// Numbers of other days that nobody called are over.
    fn of_today(&self, record: &Record) -> bool {
        record.key.as_deref().is_some_and(|k| k.contains(&format!("/{}/", self.today())))
    }

    /// One number, as whoever drew it reads it: how many are before it. Public, as the number names nobody.
    ///
    /// # Errors
    /// `not_found`
    pub async fn ticket(&self, id: &str) -> Result<(Ticket, usize)> {
        let record = self.find(QUEUE_TICKET, id).await?;
        let own = view(&record)?;
        let before = |t: &&Ticket| t.state == "waiting" && (!t.priority, t.number) < (!own.priority, own.number);
        let before = self.tickets(&own.unit).await?.iter().filter(before).count();
        Ok((own, before))
    }

    /// Today's numbers of a unit that wait, are called or did not come, by number. Public: it hangs on the wall.
    pub async fn tickets(&self, unit: &str) -> Result<Vec<Ticket>> {
        let list = self.tickets_in(unit, &["waiting", "called", "missed"]).await?;
        let mut out: Vec<Ticket> = list.into_iter().map(|(_, t)| t).collect();
        out.sort_by_key(|t| t.number);
        Ok(out)
    }

    async fn tickets_in(&self, unit: &str, states: &[&str]) -> Result<Vec<(Record, Ticket)>> {
        let query = ListQuery {
            register: QUEUE_TICKET.into(),
            units: vec![unit.to_owned()],
            states: states.iter().map(|s| (*s).to_owned()).collect(),
            sort: SortBy::Newest,
            limit: TICKETS_MAX,
            ..ListQuery::default()
        };
        let mut out = Vec::new();
        for r in self.store().list(&query).await?.records {
            if self.of_today(&r) {
                let ticket = view(&r)?;
                out.push((r, ticket));
            }
        }
        Ok(out)
    }

    /// Whoever was called is served, or did not come.
    ///
    /// # Errors
    /// `access.…`; `ticket.state`; a stale version.
    pub async fn end_ticket(&self, actor: &Actor, id: &str, version: i64, came: bool) -> Result<()> {
        let record = self.find(QUEUE_TICKET, id).await?;
        self.may(actor, Action::Edit, QUEUE_TICKET, &record.unit)?;
        if record.state != "called" {
            return Err(Error::Refused(Refusal::new("ticket.state").with("state", &record.state)));
        }
        let mut fields = record.fields()?;
        fields.insert("served_at".into(), json!(self.now().to_string()));
        let (state, kind) = if came { ("served", "serve") } else { ("missed", "miss") };
        let write = RecordWrite { expect: Expect::Version(version), ..write(&record, state, fields, kind) };
        self.commit_act(&actor.account, None, self.now(), None, vec![write]).await?;
        Ok(())
    }

    /// The ticket of a dossier that is being received: what is written beside it.
    pub(crate) async fn ticket_served(&self, actor: &Actor, unit: &str, id: &str) -> Result<Served> {
        let record = self.find(QUEUE_TICKET, id).await?;
        self.may(actor, Action::Edit, QUEUE_TICKET, &record.unit)?;
        // Several dossiers may be received on one number; one that did not come, or another unit's, serves nobody here.
        if record.unit != unit || record.state == "missed" {
            return Err(Error::Refused(Refusal::new("ticket.state").with("state", &record.state)));
        }
        let mut fields = record.fields()?;
        fields.insert("served_at".into(), json!(self.now().to_string()));
        fields.insert("officer".into(), json!(actor.account));
        Ok(Served(record, fields))
    }
}
