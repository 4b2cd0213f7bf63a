//! The programme: directives give rise to targets and tasks, tasks go down to units, figures come up, conflicts are decided.
//!
//! Everything here is a record of a register that the national pack declares, so everything has a history and a proof.

mod board;
mod directives;
mod freeze;
mod inherited;
mod reported;
mod standing;
mod targets;
mod tasks;
mod written;

pub use board::{Board, BoardRow, Cell, Inbox, RECENT_DAYS, Risk, TodayChange};
pub use directives::{Directive, NewDirective};
pub use freeze::{Freeze, FrozenFigure, PERIOD_FREEZE};
pub use inherited::inherited;
pub use reported::{Conflict, FigureInput, ReportedFigure, Sure, with_rivals};
pub use standing::{Standing, standing};
pub use targets::{Each, Target, TargetOn};
pub use tasks::{NewTask, Reminder, Task, TaskFilter, TaskUpdate, UpdateInput};
pub use written::read_period;

use rules::{
    Timestamp,
    access::{Action, Actor, decide},
};
use serde_json::{Map, Value};
use store::{Command, Expect, Record, RecordId, RecordWrite};

use crate::{
    Office, Once,
    error::{Error, Result},
};

pub const DIRECTIVE: &str = "directive";
pub const TARGET: &str = "target";
pub const TASK: &str = "task";
pub const FIGURE: &str = "reported_figure";

/// Free text that a person writes into one field.
pub const TEXT_MAX: usize = 4_000;

/// A new state for a record that was read before.
pub(crate) struct Next {
    pub state: String,
    pub fields: Map<String, Value>,
    pub kind: &'static str,
    pub authority: Option<String>,
}

impl Office {
    /// Access on a unit named by its key text.
    pub(crate) fn may(&self, actor: &Actor, action: Action, register: &str, unit: &str) -> Result<()> {
        let world = self.world();
        let idx = unit.parse().ok().and_then(|k| world.units.idx(&k));
        Ok(decide(actor, action, Some(register), idx, &world.units)?)
    }

    /// Directives and targets are public inside the government: whoever has any grant reads them.
    pub(crate) fn may_read_programme(&self, actor: &Actor, register: &str) -> Result<()> {
        self.may(actor, Action::View, register, &self.root_text()).or_else(|e| if actor.grants.is_empty() { Err(e) } else { Ok(()) })
    }

    /// Records of a register of programme size in some states; all, where none is named.
    async fn of_states(&self, register: &str, states: &[&str]) -> Result<Vec<Record>> {
        Ok(if states.is_empty() { self.store().all(register).await? } else { self.store().all_in(register, states).await? })
    }

    /// A record by its outside key (`T-01`) or by its identity.
    pub async fn find(&self, register: &str, id: &str) -> Result<Record> {
        let found = match id.parse::<RecordId>() {
            Ok(id) => self.store().record(register, id).await,
            Err(_) => self.store().record_by_key(register, id).await,
        };
        found.map_err(|e| match e {
            store::Error::NotFound { .. } => Error::not_found(id),
            e => e.into(),
        })
    }

    /// Commits the next state of a record; `version` is the one the person saw.
    pub(crate) async fn advance(&self, actor: &Actor, old: &Record, version: i64, next: Next) -> Result<i64> {
        let write = RecordWrite {
            register: old.register.clone(),
            id: old.id,
            expect: Expect::Version(version),
            key: old.key.clone(),
            unit: old.unit.clone(),
            state: next.state,
            fields: next.fields,
            kind: next.kind.to_owned(),
            authority: next.authority,
        };
        let outcome = self.store().commit(self.command(actor, vec![write])).await?;
        Ok(outcome.written.first().map_or(version, |w| w.version))
    }

    pub(crate) fn command(&self, actor: &Actor, writes: Vec<RecordWrite>) -> Command {
        Command { actor: actor.account.clone(), on_behalf: None, at: self.now(), idempotency: None, writes }
    }

    /// As [`Office::command`], but a second asking gets the first answer.
    pub(crate) fn command_once(&self, actor: &Actor, writes: Vec<RecordWrite>, once: Option<Once>) -> Command {
        Command { idempotency: once.map(Once::into_pair), ..self.command(actor, writes) }
    }
}

/// A required text within bounds.
pub(crate) fn required(field: &'static str, text: &str) -> Result<String> {
    let text = rules::text::clean(text);
    if text.is_empty() {
        return Err(Error::Refused(rules::Refusal::new("input.required").with("field", field)));
    }
    if text.chars().count() > TEXT_MAX {
        return Err(Error::Refused(rules::Refusal::new("input.too_long").with("field", field).with("max", TEXT_MAX)));
    }
    Ok(text)
}

/// An optional text within bounds.
pub(crate) fn optional(field: &'static str, text: &str) -> Result<Option<String>> {
    if text.trim().is_empty() { Ok(None) } else { required(field, text).map(Some) }
}

pub(crate) fn text_at(at: Timestamp) -> Value {
    Value::from(at.to_string())
}
