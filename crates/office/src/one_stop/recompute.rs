//! A holiday was declared, an exchanged day moved: open deadlines follow, and both sides see what changed.

use rules::{
    Timestamp,
    access::{Action, Actor},
    one_stop::Status,
};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Expect, OpenQuery, RecordId, RecordWrite};

use super::{DOSSIER, Ground, Held, RECOMPUTE};
use crate::{Office, error::Result};

/// Dossiers looked at and written together.
const PIECE: i64 = 500;

/// A deadline that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    pub id: String,
    pub code: String,
    pub before: Option<Timestamp>,
    pub after: Option<Timestamp>,
}

impl Office {
    /// Compares every open deadline with the calendar as it is announced now, and writes those that differ: one entry each, with the
    /// old and the new deadline. Asked again it does nothing. A dossier that somebody changes meanwhile gets its deadline from that act.
    ///
    /// # Errors
    /// `access.…` unless the actor may configure the tenant.
    pub async fn recompute_deadlines(&self, actor: &Actor) -> Result<Vec<Moved>> {
        self.may(actor, Action::Configure, DOSSIER, &self.root_text())?;
        let world = self.world();
        let mut query = OpenQuery {
            register: DOSSIER.into(),
            units: (0..world.units.len()).map(|i| world.units.key(i).to_string()).collect(),
            states: vec![Status::Received.id().into(), Status::InProgress.id().into()],
            limit: PIECE,
            ..OpenQuery::default()
        };
        let (mut moved, mut writes) = (Vec::new(), Vec::new());
        loop {
            let found = self.store().open_records(&query).await?;
            let ids: Vec<RecordId> = found.iter().map(|o| o.id).collect();
            for record in self.store().records_by_ids(DOSSIER, &ids).await? {
                let Ok(held) = Held::of(record) else { continue };
                let ground = Ground::of(&world, &held.record.unit, &held.case)?;
                let before: Option<Timestamp> = held.text("due_at").and_then(|t| t.parse().ok());
                let after = held.case.due(ground.calendar)?.map(|d| d.value);
                if before == after {
                    continue;
                }
                let mut fields = held.fields.clone();
                match after {
                    Some(after) => fields.insert("due_at".into(), json!(after.to_string())),
                    None => fields.remove("due_at"),
                };
                moved.push(Moved { id: held.record.id.to_string(), code: held.code().to_owned(), before, after });
                writes.push(RecordWrite {
                    register: DOSSIER.into(),
                    id: held.record.id,
                    expect: Expect::Version(held.record.version),
                    key: held.record.key.clone(),
                    unit: held.record.unit.clone(),
                    state: held.record.state.clone(),
                    fields,
                    kind: RECOMPUTE.into(),
                    authority: None,
                });
            }
            match found.last() {
                Some(last) if found.len() as i64 == PIECE => query.after = Some((last.due.clone(), last.id)),
                _ => break,
            }
        }
        // Written after all were read: a deadline that moves would otherwise be met again further on.
        let mut done = Vec::with_capacity(moved.len());
        for (write, moved) in writes.into_iter().zip(moved) {
            match self.commit_act(&actor.account, None, self.now(), None, vec![write]).await {
                Ok(_) => done.push(moved),
                Err(e) if e.code() == "version.conflict" => {}
                Err(e) => return Err(e),
            }
        }
        Ok(done)
    }

    /// What the calendar's change did to one dossier, for those who open it: the newest entry of the kind.
    ///
    /// # Errors
    /// Whatever hinders reading.
    pub async fn deadline_moved(&self, id: RecordId) -> Result<Option<Moved>> {
        let Some(e) = self.store().history(DOSSIER, id).await?.into_iter().rfind(|e| e.kind == RECOMPUTE) else { return Ok(None) };
        let pair = e.changes()?.remove("due_at").unwrap_or(Value::Null);
        let side = |n: usize| pair.get(n).and_then(Value::as_str).and_then(|t| t.parse().ok());
        Ok(Some(Moved { id: id.to_string(), code: String::new(), before: side(0), after: side(1) }))
    }
}
