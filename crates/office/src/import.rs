//! Records from elsewhere: checked one by one, committed in batches, all or nothing for a file unless bad rows may be left out.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
};

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor, decide},
    schema::{FieldFault, Schema},
};
use serde_json::{Map, Value};
use store::{Command, Expect, ListQuery, Outcome, RecordId, RecordWrite};
use tokio::task::JoinHandle;

use crate::{
    Office,
    error::{Error, Result},
    one_stop::DOSSIER,
};

/// Rows that are checked and committed together. Pages of indexes that many rows share are written once for each batch; other
/// people's changes wait no longer than one batch takes (less than a second).
pub const BATCH: usize = 32_768;
/// Batches on their way at once: one is being written, one is being made ready.
const UNDER_WAY: usize = 2;

/// One row, already in the words of its register.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it came from, for messages: "receipt.xes:120".
    pub place: String,
    pub key: Option<String>,
    /// Unit key text, unit code, or `@root`.
    pub unit: String,
    pub state: Option<String>,
    pub fields: Map<String, Value>,
}

/// Why a row was not taken: everything about it that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    pub place: String,
    pub faults: Vec<RowFault>,
}

/// One thing about a row that its register does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    Key(Refusal),
    Unit(Refusal),
    State(Refusal),
    Field(FieldFault),
}

impl std::fmt::Display for RowFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(r) | Self::Unit(r) | Self::State(r) => r.fmt(f),
            Self::Field(fault) => fault.fmt(f),
        }
    }
}

/// Rows that were taken although their days contradict each other: logs of real offices hold such rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Odd {
    /// Finished before they were received.
    pub closed_early: usize,
    /// Due before they were received.
    pub due_early: usize,
}

/// The moments of a dossier that must agree with each other.
struct Moments {
    received: Option<Timestamp>,
    closed: Option<Timestamp>,
    due: Option<Timestamp>,
}

impl Moments {
    /// What is no moment is a fault of its field already.
    fn of(fields: &Map<String, Value>) -> Self {
        let at = |name: &str| fields.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok());
        Self { received: at("received_at"), closed: at("closed_at"), due: at("due_at") }
    }

    /// Nothing is received or finished in the future.
    fn faults(&self, now: Timestamp) -> impl Iterator<Item = RowFault> {
        let told = [("received_at", self.received), ("closed_at", self.closed)];
        told.into_iter().filter_map(move |(field, at)| {
            let at = at.filter(|at| *at > now)?;
            Some(RowFault::Field(FieldFault::new(field, "field.future").with("value", at.local_date())))
        })
    }

    fn count(&self, odd: &mut Odd) {
        let early = |at: Option<Timestamp>| at.zip(self.received).is_some_and(|(at, received)| at < received);
        odd.closed_early += usize::from(early(self.closed));
        odd.due_early += usize::from(early(self.due));
    }
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
}

/// Collects and commits rows of one register.
pub struct Importer<'a> {
    office: &'a Office,
    actor: Actor,
    register: String,
    /// As the register was declared when the import began.
    schema: Schema,
    initial: String,
    states: Vec<String>,
    root: String,
    /// When the import began, where its rows are dossiers.
    dossiers_at: Option<Timestamp>,
    /// Of the rows that were taken.
    pub odd: Odd,
    rows: Vec<(String, RecordWrite)>,
    /// Key texts of units as they are named in the source.
    units: HashMap<String, String>,
    keys: Keys,
    /// The register held nothing when the import began: no key needs to be looked up (should somebody else take one meanwhile,
    /// the store refuses it).
    empty: Option<bool>,
    /// The batches that are being committed while the next one is read, oldest first.
    behind: VecDeque<JoinHandle<store::Result<Outcome>>>,
    /// Names this import: each of its batches is committed once, however often it is tried.
    source: Option<String>,
    batches: usize,
    /// What was committed.
    pub done: Imported,
}

/// Which keys a source had so far, and in which line: a few bytes for each, since a source may have millions.
///
/// A key is known by 64 bits of a hash that nobody can foresee: among ten million keys, two of different text meet once in
/// some hundred thousand imports, and the row that is refused then names the other.
#[derive(Default)]
struct Keys {
    hasher: RandomState,
    lines: HashMap<u64, u32, rustc_hash::FxBuildHasher>,
    /// What stands before the line number in every place: the name of the file.
    source: String,
}

impl Keys {
    /// Where a key stood before.
    fn before(&self, key: &str) -> Option<String> {
        self.lines.get(&self.hasher.hash_one(key)).map(|line| format!("{}:{line}", self.source))
    }

    fn note(&mut self, key: &str, place: &str) {
        let (source, line) = place.rsplit_once(':').and_then(|(s, l)| Some((s, l.parse().ok()?))).unwrap_or((place, 0));
        if self.source.is_empty() {
            source.clone_into(&mut self.source);
        }
        self.lines.insert(self.hasher.hash_one(key), line);
    }
}

impl Office {
    /// Begins an import into a register. `source` names this run of it, so that a batch that is
    /// tried again is committed once.
    pub fn importer(&self, actor: &Actor, register: &str, source: Option<String>) -> Result<Importer<'_>> {
        let world = self.world();
        let root = world.root_on(self.today()).and_then(|k| world.units.idx(k));
        decide(actor, Action::Import, Some(register), root, &world.units)?;
        let declared = world.register(register)?;
        let (mut initial, mut states) = ("active".to_owned(), Vec::new());
        if let Some(l) = &declared.def.lifecycle {
            initial = l.get("initial").and_then(Value::as_str).unwrap_or("active").to_owned();
            states = l
                .get("state")
                .and_then(Value::as_array)
                .map(|s| s.iter().filter_map(|s| s.get("id").and_then(Value::as_str).map(str::to_owned)).collect())
                .unwrap_or_default();
        }
        Ok(Importer {
            office: self,
            actor: actor.clone(),
            register: register.to_owned(),
            schema: declared.schema.clone(),
            initial,
            states,
            root: self.root_text(),
            dossiers_at: (register == DOSSIER).then(|| self.now()),
            odd: Odd::default(),
            rows: Vec::new(),
            units: HashMap::new(),
            keys: Keys::default(),
            empty: None,
            behind: VecDeque::new(),
            source,
            batches: 0,
            done: Imported::default(),
        })
    }
}

impl Importer<'_> {
    /// Checks a row and keeps it for the next commit.
    ///
    /// # Errors
    /// All faults of the row; nothing of it is kept.
    pub fn add(&mut self, row: Row) -> std::result::Result<(), BadRow> {
        let moments = self.dossiers_at.map(|_| Moments::of(&row.fields));
        let body = Value::Object(row.fields);
        let state = row.state.unwrap_or_else(|| self.initial.clone());
        let (unit, mut faults) = self.look(&row.unit, &state, row.key.as_deref(), &body);
        if let Some((moments, now)) = moments.as_ref().zip(self.dossiers_at) {
            faults.extend(moments.faults(now));
        }
        let (Some(unit), Value::Object(fields), true) = (unit, body, faults.is_empty()) else {
            return Err(BadRow { place: row.place, faults });
        };
        if let Some(key) = &row.key {
            self.keys.note(key, &row.place);
        }
        if let Some(moments) = moments {
            moments.count(&mut self.odd);
        }
        let write = RecordWrite {
            register: self.register.clone(),
            id: RecordId::new(),
            expect: Expect::New,
            key: row.key,
            unit,
            state,
            fields,
            kind: "import".into(),
            authority: None,
        };
        self.rows.push((row.place, write));
        Ok(())
    }

    /// What the register would say of a row that cannot be taken for other reasons; `lost` names the fields that are missing for them.
    pub fn faults(&mut self, row: Row, lost: &[String]) -> Vec<RowFault> {
        let future: Vec<RowFault> = self.dossiers_at.map(|now| Moments::of(&row.fields).faults(now).collect()).unwrap_or_default();
        let state = row.state.unwrap_or_else(|| self.initial.clone());
        let (_, mut faults) = self.look(&row.unit, &state, row.key.as_deref(), &Value::Object(row.fields));
        faults.extend(future);
        faults.retain(|f| !matches!(f, RowFault::Field(f) if lost.contains(&f.field)));
        faults
    }

    /// The key text of the row's unit, and everything that is wrong.
    fn look(&mut self, unit: &str, state: &str, key: Option<&str>, body: &Value) -> (Option<String>, Vec<RowFault>) {
        let mut faults = Vec::new();
        if let Some((key, first)) = key.and_then(|k| Some((k, self.keys.before(k)?))) {
            faults.push(RowFault::Key(Refusal::new("key.twice").with("key", key).with("first", first)));
        }
        let unit_key = self.unit(unit);
        if unit_key.is_none() {
            faults.push(RowFault::Unit(Refusal::new("unit.unknown").with("unit", unit)));
        }
        if !self.states.is_empty() && !self.states.iter().any(|s| s == state) {
            let refusal = Refusal::new("state.unknown").with("state", state).with("known", self.states.join(", "));
            faults.push(RowFault::State(refusal));
        }
        if let Err(wrong) = self.schema.validate_body(body) {
            faults.extend(wrong.into_iter().map(RowFault::Field));
        }
        (unit_key, faults)
    }

    fn unit(&mut self, text: &str) -> Option<String> {
        if text == "@root" {
            return Some(self.root.clone());
        }
        if let Some(known) = self.units.get(text) {
            return Some(known.clone());
        }
        let world = self.office.world();
        let key = world.units.key(world.unit_idx(text, self.office.today())?).to_string();
        self.units.insert(text.to_owned(), key.clone());
        Some(key)
    }

    /// Rows that wait for the next commit.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.rows.len()
    }

    /// Commits what waits as one act: all of it, or none. A row whose key exists becomes a change of that record.
    pub async fn commit(&mut self) -> Result<()> {
        self.commit_behind().await?;
        while !self.behind.is_empty() {
            self.settle().await?;
        }
        Ok(self.office.store().sync().await?)
    }

    /// Waits for the oldest batch that is under way, and counts what it did.
    async fn settle(&mut self) -> Result<()> {
        let Some(task) = self.behind.pop_front() else { return Ok(()) };
        let outcome = task.await.map_err(|e| Error::Internal(e.to_string()))??;
        for w in &outcome.written {
            match (w.unchanged || outcome.replayed, w.version) {
                (true, _) => self.done.unchanged += 1,
                (false, 1) => self.done.added += 1,
                (false, _) => self.done.changed += 1,
            }
        }
        Ok(())
    }

    /// As [`Importer::commit`], but comes back while the batch is still being committed, so that the next rows are read meanwhile.
    /// The failure of a batch is told by a later call. End with [`Importer::commit`].
    pub async fn commit_behind(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<RecordWrite> = self.rows.drain(..).map(|(_, w)| w).collect();
        let empty = match self.empty {
            Some(empty) => empty,
            None => {
                let any = ListQuery { register: self.register.clone(), limit: 1, ..ListQuery::default() };
                *self.empty.insert(self.office.store().list(&any).await?.records.is_empty())
            }
        };
        let keys: Vec<&str> = rows.iter().filter_map(|w| w.key.as_deref()).filter(|_| !empty).collect();
        let mut known = HashMap::new();
        for part in keys.chunks(BATCH) {
            for (key, id) in self.office.store().ids_by_keys(&self.register, part).await? {
                known.insert(key, id);
            }
        }
        if !known.is_empty() {
            let ids: Vec<RecordId> = known.values().copied().collect();
            let mut versions = HashMap::new();
            for part in ids.chunks(BATCH) {
                for r in self.office.store().records_by_ids(&self.register, part).await? {
                    versions.insert(r.id, r.version);
                }
            }
            for w in &mut rows {
                if let Some(id) = w.key.as_ref().and_then(|k| known.get(k)) {
                    w.id = *id;
                    w.expect = Expect::Version(versions.get(id).copied().unwrap_or(1));
                }
            }
        }
        self.batches += 1;
        let idempotency = self.source.as_ref().map(|s| (format!("import:{s}:{}", self.batches), rows.len().to_string()));
        let command = Command { actor: self.actor.account.clone(), on_behalf: None, at: self.office.now(), idempotency, writes: rows };
        // Keys were looked up before the batches under way are through: they differ, since a key may stand in a source once.
        while self.behind.len() >= UNDER_WAY {
            self.settle().await?;
        }
        let store = self.office.store().clone();
        self.behind.push_back(tokio::spawn(async move { store.commit_part(command).await }));
        Ok(())
    }

    /// Gives everything up that was not committed.
    pub fn forget(&mut self) {
        self.rows.clear();
    }
}

/// A refusal that names a bad row.
#[must_use]
pub fn refusal_of(row: &BadRow) -> Error {
    let detail = row.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    Error::Refused(Refusal::new("import.bad_row").with("place", &row.place).with("detail", detail))
}
