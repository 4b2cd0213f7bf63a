//! The demonstration's clock and its mark. Both are one definition record, so that every process reads the same.

use rules::{
    Timestamp,
    access::{Action, Actor, decide},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Command, DEFINITION, Expect, RecordId, RecordWrite, RegisterMeta};

use crate::{
    Office,
    clock::Clock,
    error::{Error, Result},
    office::DEMO_SETTING,
    world::Definition,
};

impl Office {
    /// Marks everything as simulated and sets the clock: it shows `start` now and runs on at normal speed.
    ///
    /// # Errors
    /// `access.…` unless the actor may configure the tenant.
    pub async fn set_demo(&self, actor: &Actor, start: Timestamp) -> Result<()> {
        let world = self.world();
        let root = world.root_on(start.local_date());
        decide(actor, Action::Configure, None, root.and_then(|k| world.units.idx(k)), &world.units)?;
        let body = json!({ "simulated": true, "clock_offset_us": Clock::starting_at(start).offset_us });
        let hash = hex::encode(Sha256::digest(body.to_string()));
        let definition = Definition { kind: "setting".into(), id: "demo".into(), pack: "demo".into(), hash, body };
        let Value::Object(fields) = serde_json::to_value(&definition)? else { return Err(Error::Internal("setting".into())) };
        let old = match self.store().record_by_key(DEFINITION, DEMO_SETTING).await {
            Ok(r) => Some(r),
            Err(store::Error::NotFound { .. }) => None,
            Err(e) => return Err(e.into()),
        };
        self.store().set_register(DEFINITION, RegisterMeta::default());
        let write = RecordWrite {
            register: DEFINITION.into(),
            id: old.as_ref().map_or_else(RecordId::new, |r| r.id),
            expect: old.as_ref().map_or(Expect::New, |r| Expect::Version(r.version)),
            key: Some(DEMO_SETTING.into()),
            unit: root.map_or_else(|| self.root_text(), ToString::to_string),
            state: "active".into(),
            fields,
            kind: "declare".into(),
            authority: None,
        };
        let command = Command { actor: actor.account.clone(), on_behalf: None, at: start, idempotency: None, writes: vec![write] };
        self.store().commit(command).await?;
        self.store().settle().await?;
        self.reload().await
    }
}
