//! Loading packs: definitions become records of the register `definition`, so every change of a rule is an entry of the ledger too.
//!
//! Loading the same pack again changes nothing. What a newer pack no longer declares is retired, never deleted.

use std::collections::{BTreeMap, HashMap, HashSet};

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor, decide},
    pack::{Kind, PackItem, PackSet},
};
use serde_json::{Map, Value, json};
use store::{Command, DEFINITION, Expect, Record, RecordId, RecordWrite, RegisterMeta};

use crate::{
    Office,
    error::{Error, Result},
    one_stop::DOSSIER,
    world::{Definition, World},
};

/// What loading did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Loaded {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub retired: usize,
    /// Open dossiers whose deadline moved, because working days or terms did.
    pub deadlines: usize,
}

/// Registers in which pack items become working records, and the state they begin in.
const PROGRAMME: &[(Kind, &str, &str)] = &[
    (Kind::Directive, "directive", "in_force"),
    (Kind::Target, "target", "assigned"),
    (Kind::Task, "task", "assigned"),
    (Kind::Figure, "reported_figure", "approved"),
];

/// Remembers in a working record what the pack said last, so that work done since is not overwritten by loading again.
pub const PACK_HASH: &str = "pack_hash";

impl Office {
    /// Loads a checked set of packs, all or nothing.
    pub async fn load_packs(&self, actor: &Actor, set: &PackSet, at: Timestamp) -> Result<Loaded> {
        if !self.world().units.is_empty() {
            // The tenant's own administrator configures it, also where the tenant is a city inside a larger tree.
            let world = self.world();
            let top = world.root_on(self.today()).and_then(|k| world.units.idx(k));
            decide(actor, Action::Configure, None, top, &world.units)?;
        } else if !actor.is_system() {
            return Err(Error::refused("access.role"));
        }
        self.store().set_register(DEFINITION, RegisterMeta::default());
        let root = set.root_on(at.local_date()).ok_or_else(|| Error::refused("pack.no_root"))?.to_string();
        let mut plan = Plan { root, loaded: Loaded::default(), writes: Vec::new() };
        let items = self.items(set)?;
        self.plan_definitions(&items, set, &mut plan).await?;
        for (kind, register, state) in PROGRAMME {
            self.plan_programme(*kind, register, state, &items, &mut plan).await?;
        }
        if !plan.writes.is_empty() {
            // Personal and searched fields of the registers must be known before their first record.
            for def in &set.content.registers {
                if let Ok(def) = serde_json::from_value::<rules::schema::RegisterDef>(Value::Object(def.body.clone()))
                    && let Ok(schema) = rules::schema::Schema::compile(&def)
                {
                    self.store().set_register(&def.register.id.clone(), crate::world::Register { def, schema }.meta());
                }
            }
            let command = Command { actor: actor.account.clone(), on_behalf: None, at, idempotency: None, writes: plan.writes };
            self.store().commit(command).await?;
            self.store().settle().await?;
            let size = self.store().head().await?.size;
            self.reload_if_older(size).await?;
        }
        // Also when nothing was loaded: whoever loaded it before may have been stopped before the deadlines followed.
        if self.world().registers.contains_key(DOSSIER) {
            plan.loaded.deadlines = self.recompute_deadlines(actor).await?.len();
        }
        Ok(plan.loaded)
    }

    fn items(&self, set: &PackSet) -> Result<Vec<PackItem>> {
        Ok(set.items())
    }

    async fn plan_definitions(&self, items: &[PackItem], set: &PackSet, plan: &mut Plan) -> Result<()> {
        let mut existing: HashMap<String, Record> =
            self.store().all(DEFINITION).await?.into_iter().filter_map(|r| Some((r.key.clone()?, r))).collect();
        let mut packs: HashSet<String> = HashSet::new();
        let mut definitions: Vec<Definition> = Vec::new();
        for m in &set.manifests {
            packs.insert(m.id.clone());
            let body = serde_json::to_value(m)?;
            definitions.push(Definition {
                kind: "manifest".into(),
                id: m.id.clone(),
                pack: m.id.clone(),
                hash: hex::encode(<sha2::Sha256 as sha2::Digest>::digest(body.to_string())),
                body,
            });
        }
        for item in items.iter().filter(|i| !PROGRAMME.iter().any(|(k, ..)| *k == i.kind)) {
            definitions.push(Definition {
                kind: item.kind.word().to_owned(),
                id: item.id.clone(),
                pack: item.pack.clone(),
                hash: item.hash.clone(),
                body: serde_json::from_str(&item.body)?,
            });
        }
        // What will be in force afterwards must fit together: other packs may build upon what this one changes or gives up.
        let mut after = Vec::new();
        for d in definitions {
            let key = format!("{}:{}", d.kind, d.id);
            let old = existing.remove(&key);
            after.push((d.clone(), 1));
            let Value::Object(fields) = serde_json::to_value(&d)? else { continue };
            plan.write(DEFINITION, old.as_ref(), &d.hash, "hash", Some(key), "active", fields)?;
        }
        for (key, r) in existing {
            let d: Definition = r.view()?;
            if r.state == "active" {
                one_place(&d, set)?;
            }
            if packs.contains(&d.pack) && r.state == "active" {
                plan.loaded.retired += 1;
                plan.writes.push(RecordWrite {
                    register: DEFINITION.into(),
                    id: r.id,
                    expect: Expect::Version(r.version),
                    key: Some(key),
                    unit: r.unit.clone(),
                    state: "retired".into(),
                    fields: r.fields()?,
                    kind: "retire".into(),
                    authority: None,
                });
            } else if r.state == "active" {
                after.push((d, 1));
            }
        }
        World::build(after).map_err(|e| Error::Refused(Refusal::new("pack.does_not_fit").with("detail", e)))?;
        Ok(())
    }

    async fn plan_programme(&self, kind: Kind, register: &str, state: &str, items: &[PackItem], plan: &mut Plan) -> Result<()> {
        let existing: BTreeMap<String, Record> =
            self.store().all(register).await?.into_iter().filter_map(|r| Some((r.key.clone()?, r))).collect();
        for item in items.iter().filter(|i| i.kind == kind) {
            let declared: Map<String, Value> = serde_json::from_str(&item.body)?;
            let old = existing.get(&item.id);
            // What people added since (progress, decisions, evidence) stays; what the pack says now replaces what it said before.
            let mut fields = match old {
                Some(r) => r.fields()?,
                None => Map::new(),
            };
            for (k, v) in declared {
                let keep = old.is_some() && kind == Kind::Task && matches!(k.as_str(), "progress" | "state" | "completed_on");
                if !keep {
                    fields.insert(k, v);
                }
            }
            fields.remove("state");
            fields.insert(PACK_HASH.into(), json!(item.hash));
            let declared_state = serde_json::from_str::<Value>(&item.body)?.get("state").and_then(Value::as_str).map(str::to_owned);
            let begin = declared_state.as_deref().unwrap_or(state);
            plan.write(register, old, &item.hash, PACK_HASH, Some(item.id.clone()), begin, fields)?;
        }
        Ok(())
    }
}

/// Data is of one place: the packs of another city beside its own would take over its name, its head of documents and its units.
fn one_place(here: &Definition, set: &PackSet) -> Result<()> {
    let known = here.body.get("tenant").filter(|_| here.kind == "manifest").and_then(|t| t.get("id")).and_then(Value::as_str);
    match (known, set.tenant()) {
        (Some(here), Some(new)) if here != new.id && !set.manifests.iter().any(|m| m.tenant.as_ref().is_some_and(|t| t.id == here)) => {
            Err(Error::Refused(Refusal::new("pack.other_place").with("here", here).with("other", &new.id)))
        }
        _ => Ok(()),
    }
}

struct Plan {
    root: String,
    loaded: Loaded,
    writes: Vec<RecordWrite>,
}

impl Plan {
    #[expect(clippy::too_many_arguments, reason = "one record in all its parts")]
    fn write(
        &mut self,
        register: &str,
        old: Option<&Record>,
        hash: &str,
        hash_field: &str,
        key: Option<String>,
        state: &str,
        fields: Map<String, Value>,
    ) -> Result<()> {
        // A figure, target or task belongs to the unit it speaks of.
        let unit = ["unit", "owner", "lead"].iter().find_map(|f| fields.get(*f).and_then(Value::as_str)).unwrap_or(&self.root).to_owned();
        let (id, expect, kind, state) = match old {
            None => {
                self.loaded.added += 1;
                (RecordId::new(), Expect::New, "declare", state.to_owned())
            }
            Some(r) => {
                let before = r.fields()?;
                let retired = r.state == "retired";
                if before.get(hash_field).and_then(Value::as_str) == Some(hash) && !retired {
                    self.loaded.unchanged += 1;
                    return Ok(());
                }
                self.loaded.changed += 1;
                (r.id, Expect::Version(r.version), "declare", if retired { state.to_owned() } else { r.state.clone() })
            }
        };
        self.writes.push(RecordWrite {
            register: register.to_owned(),
            id,
            expect,
            key,
            unit,
            state,
            fields,
            kind: kind.to_owned(),
            authority: None,
        });
        Ok(())
    }
}
