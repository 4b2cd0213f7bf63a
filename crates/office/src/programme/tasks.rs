//! Nhiệm vụ with its "sáu rõ": assigned, carried out with monthly updates and evidence, handed in, approved or returned.

use jiff::civil::Date;
use rules::{
    Localized, Refusal,
    access::{Action, Actor, Scope, decide_from_above, decide_second_person, scope},
    pack::TaskDef,
    target::{self, Assessment, Status, TaskState},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Expect, Record, RecordId, RecordWrite};

use super::{Next, TASK, optional, required, text_at};
use crate::{
    Office, Once,
    error::{Error, Result},
};

/// Days before a deadline from which a unit is reminded.
pub const REMIND_DAYS: i32 = 14;

/// A task with its place in the store and its status today.
#[derive(Debug, Clone)]
pub struct Task {
    pub record: Record,
    pub def: TaskDef,
    pub extra: Extra,
    pub assessment: Assessment,
}

/// What happened to a task since it was assigned.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Extra {
    pub updates: Vec<TaskUpdate>,
    pub submitted_by: Option<String>,
    pub submitted_on: Option<Date>,
    pub returned_reason: Option<String>,
    pub waiting_note: Option<String>,
}

/// One report on a task.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct TaskUpdate {
    pub at: String,
    pub by: String,
    pub progress: u8,
    pub text: String,
    #[serde(default)]
    pub difficulties: Option<String>,
    #[serde(default)]
    pub proposals: Option<String>,
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// A task as it is assigned.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewTask {
    pub title: String,
    pub lead: String,
    pub cooperating: Vec<String>,
    pub responsibility: String,
    pub authority: String,
    pub starts_on: String,
    pub deadline: String,
    pub product: String,
    pub directive: String,
    pub target: String,
    pub parent: String,
    pub recurring: bool,
    pub pilot: bool,
}

/// What a unit reports.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct UpdateInput {
    pub progress: u8,
    pub text: String,
    pub difficulties: String,
    pub proposals: String,
    pub evidence: Vec<String>,
    /// Hand the task in with this update.
    pub submit: bool,
}

/// Which tasks.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    pub unit: Option<u32>,
    pub status: Option<Status>,
    pub directive: Option<String>,
    pub search: String,
}

/// A deadline that comes near.
#[derive(Debug, Clone)]
pub struct Reminder {
    pub task: Task,
    /// Calendar days to the deadline; 0 = today, negative = late.
    pub days_left: i32,
}

fn date_of(field: &'static str, text: &str) -> Result<Option<Date>> {
    match text.trim() {
        "" => Ok(None),
        t => t.parse().map(Some).map_err(|_| Error::Refused(Refusal::new("input.date").with("field", field).with("text", t))),
    }
}

impl Office {
    fn task_view(&self, record: Record, day: Date) -> Result<Task> {
        let def: TaskDef = {
            let mut fields = record.fields()?;
            fields.insert("state".into(), json!(record.state));
            serde_json::from_value(Value::Object(fields))?
        };
        let extra: Extra = record.view()?;
        let waiting = (record.state == "waiting")
            .then(|| extra.waiting_note.clone().or_else(|| def.waiting_for.as_ref().map(|w| w.vi.clone())).unwrap_or_default());
        let state = TaskState {
            today: day,
            progress: def.progress.min(100),
            starts_on: def.starts_on,
            deadline: def.deadline,
            last_update: extra.updates.last().and_then(|u| u.at.parse::<rules::Timestamp>().ok()).map(rules::Timestamp::local_date),
            submitted_on: (record.state == "submitted").then_some(extra.submitted_on.unwrap_or(day)),
            completed_on: (record.state == "approved").then(|| def.completed_on.unwrap_or_else(|| record.updated_at.local_date())),
            recurring: def.recurring,
            pilot: def.pilot,
            waiting_for: waiting.as_deref(),
        };
        let assessment = target::assess_task(&state, &self.world().at_risk);
        Ok(Task { record, def, extra, assessment })
    }

    /// Tasks the actor may see, the most pressing first.
    pub async fn tasks(&self, actor: &Actor, filter: &TaskFilter, day: Date) -> Result<Vec<Task>> {
        self.tasks_in(actor, filter, day, &[]).await
    }

    /// Those in some states; in all, where none is named.
    pub(super) async fn tasks_in(&self, actor: &Actor, filter: &TaskFilter, day: Date, states: &[&str]) -> Result<Vec<Task>> {
        let world = self.world();
        let seen = scope(actor, Action::View, Some(TASK), &world.units);
        if seen.is_empty() {
            return Err(Error::refused(if actor.is_anonymous() { "access.sign_in" } else { "access.role" }));
        }
        let words = rules::text::fold(&filter.search);
        let mut out = Vec::new();
        for r in self.of_states(TASK, states).await? {
            let Some(idx) = r.unit.parse().ok().and_then(|k| world.units.idx(&k)) else { continue };
            let t = self.task_view(r, day)?;
            // Whoever is asked to help sees what for.
            let helps = || t.def.cooperating.iter().any(|c| world.units.idx(c).is_some_and(|c| seen.contains(c)));
            if !seen.contains(idx) && !helps() && !actor.is_system() {
                continue;
            }
            let of_unit = filter.unit.is_none_or(|u| {
                world.units.covers(u, idx) || t.def.cooperating.iter().any(|c| world.units.idx(c).is_some_and(|c| world.units.covers(u, c)))
            });
            let fits = of_unit
                && filter.status.is_none_or(|s| s == t.assessment.status)
                && filter.directive.as_ref().is_none_or(|d| t.def.directive.as_ref() == Some(d))
                && rules::text::fold(&format!("{} {}", t.def.id, t.def.title.vi)).contains(&words);
            if fits {
                out.push(t);
            }
        }
        out.sort_by(|a, b| {
            (std::cmp::Reverse(a.assessment.status.severity()), a.def.deadline, &a.def.id).cmp(&(
                std::cmp::Reverse(b.assessment.status.severity()),
                b.def.deadline,
                &b.def.id,
            ))
        });
        Ok(out)
    }

    pub async fn task(&self, actor: &Actor, id: &str, day: Date) -> Result<Task> {
        let record = self.find(TASK, id).await?;
        let allowed = self.may(actor, Action::View, TASK, &record.unit);
        let task = self.task_view(record, day)?;
        let helps = || task.def.cooperating.iter().any(|c| self.may(actor, Action::View, TASK, &c.to_string()).is_ok());
        match allowed {
            Err(e) if !helps() => Err(e),
            _ => Ok(task),
        }
    }

    /// Gives work to a unit; one task for each of several units when `each` names more (cascade), children of one parent.
    pub async fn assign_task(&self, actor: &Actor, new: &NewTask, each: &[String]) -> Result<Vec<String>> {
        self.assign_task_once(actor, new, each, None).await
    }

    /// The same, for callers who may have to ask twice.
    pub async fn assign_task_once(&self, actor: &Actor, new: &NewTask, each: &[String], once: Option<Once>) -> Result<Vec<String>> {
        let world = self.world();
        let unit_of = |text: &str| {
            world.unit_idx(text.trim(), self.today()).map(|u| world.units.key(u).clone()).ok_or_else(|| Error::not_found(text))
        };
        let title = required("title", &new.title)?;
        let (responsibility, authority) = (required("responsibility", &new.responsibility)?, required("authority", &new.authority)?);
        let product = required("product", &new.product)?;
        let (starts_on, deadline) = (date_of("starts_on", &new.starts_on)?, date_of("deadline", &new.deadline)?);
        if deadline.is_none() && !new.recurring {
            return Err(Error::Refused(Refusal::new("input.required").with("field", "deadline")));
        }
        // Left open, it begins today.
        let starts_on = starts_on.unwrap_or_else(|| self.today());
        if let Some(d) = deadline
            && starts_on > d
        {
            return Err(Error::Refused(Refusal::new("task.dates").with("starts_on", starts_on).with("deadline", d)));
        }
        for (register, id) in [(super::DIRECTIVE, &new.directive), (super::TARGET, &new.target), (TASK, &new.parent)] {
            if !id.is_empty() {
                self.find(register, id).await?;
            }
        }
        let cooperating = new.cooperating.iter().map(|u| unit_of(u)).collect::<Result<Vec<_>>>()?;
        let leads = if each.is_empty() { vec![new.lead.clone()] } else { each.to_vec() };
        let mut writes = Vec::new();
        let mut ids = Vec::new();
        for lead in &leads {
            let lead = unit_of(lead)?;
            self.may(actor, Action::Assign, TASK, &lead.to_string())?;
            let record = RecordId::new();
            let id = format!("NV-{}-{}", self.today().strftime("%y%m%d"), &record.to_string()[28..]);
            let both = |t: &str| Localized::new(t, t);
            let def = TaskDef {
                id: id.clone(),
                title: both(&title),
                lead: lead.clone(),
                cooperating: cooperating.clone(),
                responsibility: both(&responsibility),
                authority: both(&authority),
                starts_on: Some(starts_on),
                deadline,
                product: both(&product),
                directive: Some(new.directive.clone()).filter(|d| !d.is_empty()),
                target: Some(new.target.clone()).filter(|d| !d.is_empty()),
                parent: Some(new.parent.clone()).filter(|d| !d.is_empty()),
                recurring: new.recurring,
                pilot: new.pilot,
                waiting_for: None,
                state: "assigned".into(),
                progress: 0,
                completed_on: None,
                source: None,
                quote: None,
                note: None,
                verified: true,
            };
            let Value::Object(mut fields) = serde_json::to_value(&def)? else { return Err(Error::Internal("task".into())) };
            fields.remove("state");
            fields.insert("assigned_by".into(), json!(actor.account));
            writes.push(RecordWrite {
                register: TASK.into(),
                id: record,
                expect: Expect::New,
                key: Some(id.clone()),
                unit: lead.to_string(),
                state: "assigned".into(),
                fields,
                kind: "assign".into(),
                authority: Some(new.directive.clone()).filter(|d| !d.is_empty()),
            });
            ids.push(id);
        }
        let outcome = self.store().commit(self.command_once(actor, writes, once)).await?;
        Ok(if outcome.replayed { outcome.written.iter().map(|w| w.id.to_string()).collect() } else { ids })
    }

    /// A unit's report on its task, with evidence; handed in when it says so.
    pub async fn update_task(&self, actor: &Actor, id: &str, version: i64, input: &UpdateInput) -> Result<()> {
        let old = self.find(TASK, id).await?;
        self.may(actor, Action::Submit, TASK, &old.unit)?;
        if !matches!(old.state.as_str(), "assigned" | "in_progress" | "returned" | "waiting" | "draft") {
            return Err(Error::Refused(Refusal::new("lifecycle.step").with("state", &old.state).with("step", "update")));
        }
        if input.progress > 100 {
            return Err(Error::Refused(Refusal::new("task.progress").with("value", input.progress)));
        }
        for sha in &input.evidence {
            self.store().blob(sha).await?;
        }
        let mut fields = old.fields()?;
        let text = required("text", &input.text)?;
        let update = TaskUpdate {
            at: self.now().to_string(),
            by: actor.account.clone(),
            progress: input.progress,
            text: text.clone(),
            difficulties: optional("difficulties", &input.difficulties)?,
            proposals: optional("proposals", &input.proposals)?,
            evidence: input.evidence.clone(),
        };
        let list = fields.entry("updates").or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(serde_json::to_value(&update)?);
        }
        fields.insert("progress".into(), json!(input.progress));
        fields.remove("waiting_note");
        let (state, kind) = if input.submit {
            fields.insert("submitted_by".into(), json!(actor.account));
            fields.insert("submitted_on".into(), json!(self.today()));
            ("submitted", "submit")
        } else {
            ("in_progress", "update")
        };
        self.advance(actor, &old, version, Next { state: state.into(), fields, kind, authority: None }).await?;
        Ok(())
    }

    /// The level above answers a task that was handed in.
    pub async fn answer_task(&self, actor: &Actor, id: &str, version: i64, approve: bool, reason: &str) -> Result<()> {
        let world = self.world();
        let old = self.find(TASK, id).await?;
        let unit = old.unit.parse().ok().and_then(|k| world.units.idx(&k)).ok_or_else(|| Error::not_found(&old.unit))?;
        if world.units.parent(unit).is_none() || Some(world.units.key(unit)) == world.root_on(self.today()) {
            self.may(actor, Action::Approve, TASK, &old.unit)?;
        } else {
            decide_from_above(actor, Action::Approve, Some(TASK), unit, &world.units)?;
        }
        let extra: Extra = old.view()?;
        decide_second_person(actor, Action::Approve, extra.submitted_by.as_deref().unwrap_or_default())?;
        if old.state != "submitted" {
            return Err(Error::Refused(Refusal::new("lifecycle.step").with("state", &old.state).with("step", "answer")));
        }
        let mut fields = old.fields()?;
        let reason = if approve { optional("reason", reason)? } else { Some(required("reason", reason)?) };
        let (state, kind) = if approve {
            fields.insert("progress".into(), json!(100));
            fields.insert("completed_on".into(), json!(extra.submitted_on.unwrap_or(self.today())));
            fields.insert("approved_at".into(), text_at(self.now()));
            fields.remove("returned_reason");
            ("approved", "approve")
        } else {
            fields.insert("returned_reason".into(), json!(reason));
            ("returned", "return")
        };
        self.advance(actor, &old, version, Next { state: state.into(), fields, kind, authority: reason }).await?;
        Ok(())
    }

    /// Marks a task as waiting for guidance from above (chờ hướng dẫn), saying for what.
    pub async fn wait_task(&self, actor: &Actor, id: &str, version: i64, for_what: &str) -> Result<()> {
        let old = self.find(TASK, id).await?;
        self.may(actor, Action::Submit, TASK, &old.unit)?;
        if !matches!(old.state.as_str(), "assigned" | "in_progress" | "returned") {
            return Err(Error::Refused(Refusal::new("lifecycle.step").with("state", &old.state).with("step", "wait")));
        }
        let mut fields = old.fields()?;
        let note = required("waiting_note", for_what)?;
        fields.insert("waiting_note".into(), json!(note));
        let next = Next { state: "waiting".into(), fields, kind: "wait", authority: Some(note) };
        self.advance(actor, &old, version, next).await?;
        Ok(())
    }

    /// Deadlines near or past of the units an actor reports for, the nearest first.
    pub async fn reminders(&self, actor: &Actor, day: Date) -> Result<Vec<Reminder>> {
        let world = self.world();
        let mine = scope(actor, Action::Submit, Some(TASK), &world.units);
        if actor.is_anonymous() {
            return Err(Error::refused("access.sign_in"));
        }
        if mine == Scope::Units(Vec::new()) {
            return Ok(Vec::new());
        }
        let today = rules::time::days_since_epoch(day);
        let mut out = Vec::new();
        for task in self.tasks(actor, &TaskFilter::default(), day).await? {
            let open = !matches!(task.record.state.as_str(), "approved" | "submitted" | "waiting");
            let own = task.record.unit.parse().ok().and_then(|k| world.units.idx(&k)).is_some_and(|u| mine.contains(u));
            if let (true, true, Some(deadline)) = (open, own, task.def.deadline) {
                let days_left = rules::time::days_since_epoch(deadline) - today;
                if days_left <= REMIND_DAYS {
                    out.push(Reminder { task, days_left });
                }
            }
        }
        out.sort_by_key(|r| r.days_left);
        Ok(out)
    }
}
