//! Reading personal data: who works on a record sees whose it is, each look is an entry of the ledger, others see it masked.
//!
//! Each record that was looked at has one record of looks; every look is its next version. So the list of looks is a history like
//! any other, with proofs, and nothing is written beside the ledger.

use rules::{
    Timestamp,
    access::{Action, Actor, decide},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{Expect, Record, RecordId, RecordWrite};

use crate::{
    Office,
    error::{Error, Result},
    one_stop::elsewhere,
    world::Register,
};

/// The register of looks.
pub const PERSONAL_READ: &str = "personal_read";
/// The same person, still at the same record: one look.
const SAME_LOOK_MINUTES: i64 = 10;
/// Others look at the same moment: so often the next place in the history is tried.
const TRIES: usize = 16;
/// Looks that a page shows, the newest.
const SHOWN: usize = 50;

/// Where somebody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    Page,
    Api,
}

impl Through {
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
        }
    }
}

/// A record as one person may see it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub record: Record,
    /// Personal fields are in clear, and this look is in the ledger; else they are to be masked.
    pub clear: bool,
}

/// One look at somebody's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub at: Timestamp,
    pub who: String,
    /// Ids of the fields that were seen.
    pub fields: Vec<String>,
    /// `page` or `api`.
    pub through: String,
    /// Role and unit by which it was allowed.
    pub grant: String,
    pub seq: Option<i64>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    register: String,
    record: String,
    fields: Vec<String>,
    through: String,
    grant: String,
    looks: i64,
    by: String,
}

/// Personal fields of a record that hold something.
fn personal_of(register: &Register, body: &Map<String, Value>) -> Vec<String> {
    let filled = |id: &str| body.get(id).is_some_and(|v| !v.is_null());
    register.schema.fields().iter().filter(|f| f.personal && filled(&f.id)).map(|f| f.id.clone()).collect()
}

impl Office {
    /// Opens one record by identity or key. Whoever works on it sees its personal fields, and that is kept first; when it cannot be
    /// kept, nothing is shown.
    ///
    /// # Errors
    /// `not_found`; `access.…`; whatever hinders the entry.
    pub async fn open_record(&self, actor: &Actor, register: &str, id: &str, through: Through) -> Result<Opened> {
        let world = self.world();
        world.register(register)?;
        let record = self.find(register, id).await?;
        self.may(actor, Action::View, register, &record.unit)?;
        let unit = record.unit.parse().ok().and_then(|k| world.units.idx(&k));
        let works = unit.is_some() && decide(actor, Action::Edit, Some(register), unit, &world.units).is_ok();
        self.opened(actor, record, works, through).await
    }

    /// A record as it is shown to somebody whose access was decided; in clear, the look is kept first.
    pub(crate) async fn opened(&self, actor: &Actor, record: Record, clear: bool, through: Through) -> Result<Opened> {
        let fields = personal_of(self.world().register(&record.register)?, &record.fields()?);
        if clear && !fields.is_empty() {
            self.keep_look(actor, &record, fields, through).await?;
        }
        Ok(Opened { record, clear })
    }

    /// Keeps a look at some fields of many records of a list that names people: one entry each, all in one commit.
    pub(crate) async fn keep_looks(&self, actor: &Actor, records: &[&Record], fields: &[&str], through: Through) -> Result<()> {
        let (mut seen, mut writes) = (Vec::new(), Vec::new());
        for record in records {
            let body = record.fields()?;
            let filled = fields.iter().filter(|f| body.get(**f).is_some_and(|v| !v.is_null()));
            let filled: Vec<String> = filled.map(|f| (*f).to_owned()).collect();
            if !filled.is_empty() {
                writes.extend(self.look(actor, record, &filled, through).await?);
                seen.push((*record, filled));
            }
        }
        if writes.is_empty() {
            return Ok(());
        }
        match self.store().commit(self.command(actor, writes)).await {
            Ok(_) => Ok(()),
            // Somebody looks at one of them in the same moment: each by itself, then.
            Err(e) if matches!(e.code(), "version.conflict" | "record.key_taken") => {
                for (record, filled) in seen {
                    self.keep_look(actor, record, filled, through).await?;
                }
                Ok(())
            }
            Err(e) => Err(e.into()),
        }
    }

    pub(crate) async fn keep_look(&self, actor: &Actor, record: &Record, fields: Vec<String>, through: Through) -> Result<()> {
        for _ in 0..TRIES {
            let Some(write) = self.look(actor, record, &fields, through).await? else { return Ok(()) };
            match self.store().commit(self.command(actor, vec![write])).await {
                Ok(_) => return Ok(()),
                // Somebody else looked in the same moment: this look is the next one.
                Err(e) if matches!(e.code(), "version.conflict" | "record.key_taken") => {}
                Err(e) => return Err(e.into()),
            }
        }
        Err(Error::Store(store::Error::Busy))
    }

    /// The next entry of a record's looks; none where it is the same look still.
    async fn look(&self, actor: &Actor, record: &Record, fields: &[String], through: Through) -> Result<Option<RecordWrite>> {
        let world = self.world();
        let by = |action, unit: &str| {
            let unit = Some(unit.parse().ok().and_then(|k| world.units.idx(&k))?);
            actor.grants.iter().find(|g| {
                let one = Actor::new(actor.account.clone(), String::new(), vec![(*g).clone()]);
                decide(&one, action, Some(&record.register), unit, &world.units).is_ok()
            })
        };
        let own = by(Action::Edit, &record.unit).or_else(|| by(Action::Decide, &record.unit));
        // Nobody of its own unit: by what another one has to do with it.
        let body = record.fields()?;
        let grant = own.or_else(|| elsewhere::units_of(&body).find_map(|u| by(Action::Edit, u)));
        let grant = grant.map(|g| format!("{} {}", g.role.id(), g.unit)).unwrap_or_default();
        let key = format!("{}/{}", record.register, record.id);
        let old = match self.store().record_by_key(PERSONAL_READ, &key).await {
            Ok(r) => Some(r),
            Err(store::Error::NotFound { .. }) => None,
            Err(e) => return Err(e.into()),
        };
        let before: Kept = old.as_ref().map(Record::view).transpose()?.unwrap_or_default();
        let now = self.now();
        let fresh = old.as_ref().is_some_and(|r| now < r.updated_at.plus_micros(SAME_LOOK_MINUTES * 60_000_000));
        if fresh && before.by == actor.account && before.fields == fields && before.through == through.id() {
            return Ok(None);
        }
        let kept = Kept {
            register: record.register.clone(),
            record: record.id.to_string(),
            fields: fields.to_vec(),
            through: through.id().into(),
            grant: grant.clone(),
            looks: before.looks + 1,
            by: actor.account.clone(),
        };
        let Value::Object(body) = json!(kept) else { return Err(Error::Internal("look".into())) };
        let write = RecordWrite {
            register: PERSONAL_READ.into(),
            id: old.as_ref().map_or_else(RecordId::new, |r| r.id),
            expect: old.as_ref().map_or(Expect::New, |r| Expect::Version(r.version)),
            key: Some(key.clone()),
            unit: record.unit.clone(),
            state: "kept".into(),
            fields: body,
            kind: "read".into(),
            authority: Some(grant.clone()).filter(|g| !g.is_empty()),
        };
        Ok(Some(write))
    }

    /// Who looked at a record's personal data, the newest first: for those who work on the record and those who audit.
    ///
    /// # Errors
    /// `access.…`
    pub async fn looks(&self, actor: &Actor, record: &Record) -> Result<Vec<Look>> {
        self.may(actor, Action::Audit, &record.register, &record.unit)
            .or_else(|e| self.may(actor, Action::Edit, &record.register, &record.unit).map_err(|_| e))?;
        let key = format!("{}/{}", record.register, record.id);
        let log = match self.store().record_by_key(PERSONAL_READ, &key).await {
            Ok(r) => r,
            Err(store::Error::NotFound { .. }) => return Ok(Vec::new()),
            Err(e) => return Err(e.into()),
        };
        // An entry holds what changed: the rest is as it was at the look before.
        let mut seen = Map::new();
        let mut out = Vec::new();
        for e in self.store().history(PERSONAL_READ, log.id).await? {
            for (name, pair) in e.changes()? {
                seen.insert(name, pair.get(1).cloned().unwrap_or(Value::Null));
            }
            let kept: Kept = serde_json::from_value(Value::Object(
                seen.iter().filter(|(n, _)| !n.starts_with('@')).map(|(n, v)| (n.clone(), v.clone())).collect(),
            ))?;
            out.push(Look { at: e.at, who: e.actor, fields: kept.fields, through: kept.through, grant: kept.grant, seq: e.seq });
        }
        out.reverse();
        out.truncate(SHOWN);
        Ok(out)
    }
}
