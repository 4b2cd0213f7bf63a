//! Records of any declared register: created, changed, and moved along their lifecycle by people with the right to.
//!
//! The programme's registers have use cases of their own (a second person approves, a reason is kept); they are refused here.

use std::collections::BTreeMap;

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor, decide},
    expr::Rule,
    lifecycle::{Lifecycle, Step, Transition},
    schema::{RecordMeta, Schema},
};
use serde_json::{Map, Value};
use store::{Command, Expect, Record, RecordId, RecordWrite};

use crate::{
    Office,
    error::{Error, Result},
    programme::{DIRECTIVE, FIGURE, TARGET, TASK},
    world::{Register, World},
};

/// Registers whose records change only through their own use cases.
const OWN_USE_CASES: [&str; 11] =
    [DIRECTIVE, TARGET, TASK, FIGURE, "draft", "payment", "bank_notice", "paper", "queue_ticket", "absence", "complaint"];
/// State of a record whose register declares no lifecycle.
const NO_LIFECYCLE: &str = "active";
/// Records that one act may create: one batch of an officer's list, one transaction.
pub const CREATE_MAX: usize = 2_048;

/// A record as somebody enters it.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
pub struct NewRecord {
    /// Unit key text or code; the unit must be valid today.
    pub unit: String,
    /// Outside identity; taken from the register's key field when absent.
    pub key: Option<String>,
    /// Must be the lifecycle's first state when given.
    pub state: Option<String>,
    pub fields: Map<String, Value>,
}

/// One step along the lifecycle.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
pub struct StepInput {
    pub transition: String,
    /// Fields changed with the step; null removes one.
    pub fields: Map<String, Value>,
    /// Why; required where the transition says so.
    pub reason: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Saved {
    pub id: String,
    pub version: i64,
    pub state: String,
}

/// A register's lifecycle with its expressions compiled.
pub(crate) struct Workflow {
    lifecycle: Option<Lifecycle>,
    guards: BTreeMap<String, Rule>,
    /// Per transition, the fields it sets.
    sets: BTreeMap<String, Vec<(String, Rule)>>,
}

fn broken(schema: &Schema, e: impl std::fmt::Display) -> Error {
    Error::Internal(format!("lifecycle of register {}: {e}", schema.register()))
}

impl Workflow {
    pub fn compile(register: &Register) -> Result<Self> {
        let schema = &register.schema;
        let lifecycle: Option<Lifecycle> =
            register.def.lifecycle.clone().map(serde_json::from_value).transpose().map_err(|e| broken(schema, e))?;
        let (mut guards, mut sets) = (BTreeMap::new(), BTreeMap::new());
        for t in lifecycle.iter().flat_map(|l| &l.transitions) {
            if let Some(text) = &t.guard {
                guards.insert(text.clone(), Rule::condition(schema, text).map_err(|e| broken(schema, e))?);
            }
            let mut list = Vec::new();
            for (field, text) in &t.set {
                list.push((field.clone(), Rule::assignment(schema, text).map_err(|e| broken(schema, e))?));
            }
            sets.insert(t.id.clone(), list);
        }
        Ok(Self { lifecycle, guards, sets })
    }

    fn initial(&self) -> &str {
        self.lifecycle.as_ref().map_or(NO_LIFECYCLE, |l| &l.initial)
    }
}

/// A record as it stands, in the parts that a step reads.
#[derive(Debug, Clone)]
pub(crate) struct Present {
    pub id: RecordId,
    pub key: Option<String>,
    pub unit: String,
    pub state: String,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub fields: Map<String, Value>,
}

impl Present {
    fn of(r: &Record) -> Result<Self> {
        Ok(Self {
            id: r.id,
            key: r.key.clone(),
            unit: r.unit.clone(),
            state: r.state.clone(),
            version: r.version,
            created_at: r.created_at,
            updated_at: r.updated_at,
            fields: r.fields()?,
        })
    }

    fn meta<'a>(&'a self, id: &'a str) -> RecordMeta<'a> {
        RecordMeta {
            id,
            unit: &self.unit,
            state: &self.state,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// As it stands after a write made at `at`.
    pub fn after(write: &RecordWrite, version: i64, created_at: Timestamp, at: Timestamp) -> Self {
        Self {
            id: write.id,
            key: write.key.clone(),
            unit: write.unit.clone(),
            state: write.state.clone(),
            version,
            created_at,
            updated_at: at,
            fields: write.fields.clone(),
        }
    }

    fn write(&self, register: &str, state: &str, fields: Map<String, Value>, kind: &str, reason: Option<String>) -> RecordWrite {
        RecordWrite {
            register: register.to_owned(),
            id: self.id,
            expect: Expect::Version(self.version),
            key: self.key.clone(),
            unit: self.unit.clone(),
            state: state.to_owned(),
            fields,
            kind: kind.to_owned(),
            authority: reason,
        }
    }
}

/// The registers that this module may write.
pub(crate) fn open_register<'w>(world: &'w World, register: &str) -> Result<&'w Register> {
    let declared = world.register(register)?;
    if OWN_USE_CASES.contains(&register) {
        return Err(Error::Refused(Refusal::new("register.own_use_case").with("register", register)));
    }
    Ok(declared)
}

/// A record that follows a use case of its own (a dossier with a case) is not changed as a plain record, nor made into one.
fn unmanaged(schema: &Schema, fields: &Map<String, Value>) -> Result<()> {
    match schema.managed() {
        Some(field) if fields.get(field).is_some_and(|v| !v.is_null()) => {
            Err(Error::Refused(Refusal::new("register.own_use_case").with("register", schema.register())))
        }
        _ => Ok(()),
    }
}

/// The body and the key field must say the same; the key field is filled from the key when empty.
fn key_of(schema: &Schema, key: Option<String>, fields: &Map<String, Value>) -> Result<Option<String>> {
    let Some(name) = schema.key() else { return Ok(key) };
    let inside = fields.get(name).and_then(Value::as_str).map(str::to_owned);
    match (key, inside) {
        (Some(k), Some(i)) if k != i => Err(Error::Refused(Refusal::new("record.key").with("field", name).with("key", k).with("value", i))),
        (k, i) => Ok(i.or(k)),
    }
}

/// Checks everything about a new record and says what to write.
pub(crate) fn prepare_new(
    world: &World,
    workflow: &Workflow,
    register: &Register,
    actor: &Actor,
    new: NewRecord,
    at: Timestamp,
) -> Result<RecordWrite> {
    let name = register.schema.register();
    let day = at.local_date();
    let unit = world.unit_idx(new.unit.trim(), day).ok_or_else(|| Error::not_found(&new.unit))?;
    decide(actor, Action::Edit, Some(name), Some(unit), &world.units)?;
    if !world.units.unit(unit).is_valid_on(day) {
        return Err(Error::Refused(Refusal::new("unit.closed").with("unit", world.units.key(unit)).with("day", day)));
    }
    let initial = workflow.initial();
    if let Some(state) = new.state.filter(|s| s != initial) {
        return Err(Error::Refused(Refusal::new("lifecycle.initial").with("state", state).with("initial", initial)));
    }
    let mut fields = new.fields;
    fields.retain(|_, v| !v.is_null());
    unmanaged(&register.schema, &fields)?;
    let key = key_of(&register.schema, new.key, &fields)?;
    if let (Some(field), Some(key)) = (register.schema.key(), &key) {
        fields.entry(field).or_insert_with(|| Value::from(key.as_str()));
    }
    Ok(RecordWrite {
        register: name.to_owned(),
        id: RecordId::new(),
        expect: Expect::New,
        key,
        unit: world.units.key(unit).to_string(),
        state: initial.to_owned(),
        fields: valid(&register.schema, fields)?,
        kind: "create".into(),
        authority: None,
    })
}

/// A body that fits the register. Instants may come with any offset; they are kept as UTC of one width.
fn valid(schema: &Schema, mut fields: Map<String, Value>) -> Result<Map<String, Value>> {
    for f in schema.fields().iter().filter(|f| f.ty == rules::schema::FieldType::Timestamp) {
        if let Some(Value::String(text)) = fields.get_mut(&f.id)
            && let Ok(at) = text.parse::<Timestamp>()
        {
            *text = at.to_string();
        }
    }
    let body = Value::Object(fields);
    schema.validate_body(&body).map_err(Error::Invalid)?;
    match body {
        Value::Object(fields) => Ok(fields),
        _ => Err(Error::Internal("a body that is no object".into())),
    }
}

fn merged(old: &Map<String, Value>, new: &Map<String, Value>) -> Map<String, Value> {
    let mut fields = old.clone();
    for (k, v) in new {
        if v.is_null() {
            fields.remove(k);
        } else {
            fields.insert(k.clone(), v.clone());
        }
    }
    fields
}

fn misfit(e: rules::schema::SchemaError) -> Refusal {
    Refusal::new("record.misfit").with("reason", e)
}

/// Access, then the lifecycle, then the guard, on the record with `body`.
#[expect(clippy::too_many_arguments, reason = "a question in all its parts")]
fn permitted<'w>(
    world: &World,
    workflow: &'w Workflow,
    register: &str,
    actor: &Actor,
    old: &Present,
    transition: &str,
    body: &str,
    at: Timestamp,
) -> Result<Step<'w>> {
    let unit = old.unit.parse().ok().and_then(|k| world.units.idx(&k));
    let unknown = || Error::Refused(Refusal::new("lifecycle.unknown_transition").with("transition", transition));
    let lifecycle = workflow.lifecycle.as_ref().ok_or_else(unknown)?;
    let wanted = lifecycle.transition(transition).ok_or_else(unknown)?;
    decide(actor, wanted.action, Some(register), unit, &world.units)?;
    let id = old.id.to_string();
    let step = lifecycle.step(&old.state, transition, |guard| match workflow.guards.get(guard) {
        Some(rule) => rule.holds(old.meta(&id), body, at).map_err(misfit),
        None => Ok(false),
    })?;
    Ok(step)
}

/// Checks a step and says what to write. Guards and sets see the record with the fields that came along.
pub(crate) fn prepare_step(
    world: &World,
    workflow: &Workflow,
    register: &Register,
    actor: &Actor,
    old: &Present,
    input: &StepInput,
    at: Timestamp,
) -> Result<RecordWrite> {
    let name = register.schema.register();
    unmanaged(&register.schema, &old.fields)?;
    unmanaged(&register.schema, &input.fields)?;
    let mut fields = merged(&old.fields, &input.fields);
    let body = serde_json::to_string(&fields)?;
    let id = old.id.to_string();
    let meta = old.meta(&id);
    let step = permitted(world, workflow, name, actor, old, &input.transition, &body, at)?;
    let reason = crate::programme::optional("reason", &input.reason)?;
    if step.transition.needs_reason && reason.is_none() {
        return Err(Error::Refused(Refusal::new("input.required").with("field", "reason")));
    }
    for (field, rule) in workflow.sets.get(&step.transition.id).into_iter().flatten() {
        let value = rule.json(meta, &body, at).map_err(misfit)?;
        if value.is_null() {
            fields.remove(field);
        } else {
            fields.insert(field.clone(), value);
        }
    }
    key_unchanged(&register.schema, old, &fields)?;
    Ok(old.write(name, &step.to.id, valid(&register.schema, fields)?, &step.transition.id, reason))
}

fn key_unchanged(schema: &Schema, old: &Present, fields: &Map<String, Value>) -> Result<()> {
    let Some(name) = schema.key() else { return Ok(()) };
    let now = fields.get(name).and_then(Value::as_str);
    if old.key.as_deref() == now {
        return Ok(());
    }
    Err(Error::Refused(
        Refusal::new("record.key")
            .with("field", name)
            .with("key", old.key.as_deref().unwrap_or_default())
            .with("value", now.unwrap_or_default()),
    ))
}

impl Office {
    /// Creates a record in the first state of its lifecycle.
    ///
    /// # Errors
    /// `access.…`; `register.own_use_case`; `unit.closed`; `lifecycle.initial`; `record.key`; field faults; a key that is taken.
    pub async fn create_record(&self, actor: &Actor, register: &str, new: NewRecord) -> Result<Saved> {
        let saved = self.create_records(actor, register, vec![new]).await?;
        saved.into_iter().next().ok_or_else(|| Error::Internal("nothing was created".into()))
    }

    /// The same, for callers who may have to ask twice: one key and one digest of the request make one record, however often they come.
    ///
    /// # Errors
    /// `idempotency.mismatch` when the key came before with another request.
    pub async fn create_record_once(
        &self,
        actor: &Actor,
        register: &str,
        new: NewRecord,
        idempotency: Option<(String, String)>,
    ) -> Result<Saved> {
        let world = self.world();
        let declared = open_register(&world, register)?;
        let at = self.now();
        let write = prepare_new(&world, &Workflow::compile(declared)?, declared, actor, new, at)?;
        // A key of one person never meets that of another.
        let idempotency = idempotency.map(|(key, digest)| (format!("{}:{key}", actor.account), digest));
        let saved = self.save(actor, vec![write], at, idempotency).await?;
        saved.into_iter().next().ok_or_else(|| Error::Internal("nothing was created".into()))
    }

    /// Creates several records as one act: all of them, or none. At most [`CREATE_MAX`].
    pub async fn create_records(&self, actor: &Actor, register: &str, list: Vec<NewRecord>) -> Result<Vec<Saved>> {
        let world = self.world();
        let declared = open_register(&world, register)?;
        if list.len() > CREATE_MAX {
            return Err(Error::Refused(Refusal::new("input.too_many").with("max", CREATE_MAX)));
        }
        let workflow = Workflow::compile(declared)?;
        let at = self.now();
        let writes = list.into_iter().map(|new| prepare_new(&world, &workflow, declared, actor, new, at)).collect::<Result<Vec<_>>>()?;
        self.save(actor, writes, at, None).await
    }

    /// Changes fields of a record; null removes one. `version` is the one the person saw.
    pub async fn change_record(
        &self,
        actor: &Actor,
        register: &str,
        id: &str,
        version: i64,
        changes: &Map<String, Value>,
        reason: &str,
    ) -> Result<Saved> {
        let world = self.world();
        let declared = open_register(&world, register)?;
        let old = self.seen(actor, Action::Edit, (register, id), version).await?;
        unmanaged(&declared.schema, &old.fields)?;
        unmanaged(&declared.schema, changes)?;
        let reason = crate::programme::optional("reason", reason)?;
        let fields = merged(&old.fields, changes);
        key_unchanged(&declared.schema, &old, &fields)?;
        let write = old.write(register, &old.state, valid(&declared.schema, fields)?, "update", reason);
        self.one(actor, write).await
    }

    /// Moves a record along its lifecycle. `version` is the one the person saw.
    ///
    /// # Errors
    /// `access.…` by the transition's action; `lifecycle.…`; `input.required` (reason); field faults; a stale version.
    pub async fn step_record(&self, actor: &Actor, register: &str, id: &str, version: i64, input: &StepInput) -> Result<Saved> {
        let world = self.world();
        let declared = open_register(&world, register)?;
        let workflow = Workflow::compile(declared)?;
        let old = self.seen(actor, Action::View, (register, id), version).await?;
        let write = prepare_step(&world, &workflow, declared, actor, &old, input, self.now())?;
        self.one(actor, write).await
    }

    /// The steps that this actor may take with a record as it stands, in the order of the declaration. What access, state or guard
    /// refuses is not among them; nor is anything of a register with use cases of its own.
    pub fn steps(&self, actor: &Actor, record: &Record) -> Result<Vec<Transition>> {
        let world = self.world();
        let Ok(declared) = open_register(&world, &record.register) else { return Ok(Vec::new()) };
        let workflow = Workflow::compile(declared)?;
        let Some(lifecycle) = &workflow.lifecycle else { return Ok(Vec::new()) };
        let (old, at) = (Present::of(record)?, self.now());
        if unmanaged(&declared.schema, &old.fields).is_err() {
            return Ok(Vec::new());
        }
        let mut out = Vec::new();
        for t in lifecycle.leaving(&old.state) {
            match permitted(&world, &workflow, &record.register, actor, &old, &t.id, &record.body, at) {
                Ok(step) => out.push(step.transition.clone()),
                Err(Error::Refused(_)) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(out)
    }

    /// The record as the person saw it; a conflict with the present record when it has changed since. Access comes first: neither that
    /// a record exists nor how it stands is told to those who may not see it.
    async fn seen(&self, actor: &Actor, action: Action, (register, id): (&str, &str), version: i64) -> Result<Present> {
        if actor.grants.is_empty() {
            self.may(actor, action, register, &self.root_text())?;
        }
        let record = self.find(register, id).await?;
        self.may(actor, action, register, &record.unit)?;
        if record.version != version {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(record) }));
        }
        Present::of(&record)
    }

    async fn one(&self, actor: &Actor, write: RecordWrite) -> Result<Saved> {
        let saved = self.save(actor, vec![write], self.now(), None).await?;
        saved.into_iter().next().ok_or_else(|| Error::Internal("nothing was saved".into()))
    }

    async fn save(
        &self,
        actor: &Actor,
        writes: Vec<RecordWrite>,
        at: Timestamp,
        idempotency: Option<(String, String)>,
    ) -> Result<Vec<Saved>> {
        let states: Vec<String> = writes.iter().map(|w| w.state.clone()).collect();
        let command = Command { actor: actor.account.clone(), on_behalf: None, at, idempotency, writes };
        let outcome = self.store().commit(command).await?;
        Ok(outcome.written.into_iter().zip(states).map(|(w, state)| Saved { id: w.id.to_string(), version: w.version, state }).collect())
    }
}
