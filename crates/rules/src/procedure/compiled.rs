//! A procedure with its form and conditions compiled.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    def::{Check, ProcedureDef},
    form::IDENTITY_NAMES,
};
use crate::{
    Timestamp,
    expr::{Rule, Ty},
    schema::{FieldType, RecordMeta, Schema},
};

/// One version, ready for use. Cheap to share, never changed.
#[derive(Debug)]
pub struct Procedure {
    pub def: ProcedureDef,
    pub(super) schema: Schema,
    /// Conditions and amounts, by their text.
    rules: BTreeMap<String, Rule>,
}

/// What does not fit within one procedure: the key of the place (`part.2.when`, counted from 0) and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureFault {
    pub place: String,
    pub text: String,
    pub what: FaultKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// A condition or amount that does not compile.
    Expression(String),
    /// A condition that asks about a question asked later, or about itself.
    Later(String),
    /// No question, fee, … of that name; those that there are.
    Unknown(&'static str, Vec<String>),
    /// A declaration of a question that cannot be used.
    Field(String),
    Twice(&'static str),
    /// Shares of the steps over 100, or under it where every step has one.
    Shares(u32),
}

impl Procedure {
    /// Compiles the form and every expression; names what does not fit.
    ///
    /// # Errors
    /// All faults.
    pub fn compile(def: ProcedureDef) -> Result<Self, Vec<ProcedureFault>> {
        let mut faults = Vec::new();
        let fields = def.fields().map(|f| f.field.clone()).collect();
        let schema = match Schema::compile_form("form", fields) {
            Ok(schema) => schema,
            Err(found) => {
                let place = |id: &str| def.pages.iter().position(|p| p.fields.iter().any(|f| f.field.id == id)).unwrap_or_default();
                return Err(found
                    .into_iter()
                    .map(|f| ProcedureFault {
                        place: format!("page.{}.field.{}", place(&f.field), f.field),
                        text: f.field.clone(),
                        what: FaultKind::Field(f.to_string()),
                    })
                    .collect());
            }
        };
        let mut checker = Checker { def: &def, schema: &schema, rules: BTreeMap::new(), faults: &mut faults };
        checker.pages();
        checker.parts();
        checker.fees();
        checker.steps();
        let rules = checker.rules;
        if faults.is_empty() { Ok(Self { def, schema, rules }) } else { Err(faults) }
    }

    /// Whether a condition holds for the answers; none always does. Answers of the wrong type have been left out before.
    pub(super) fn holds(&self, when: Option<&String>, answers_json: &str, now: Timestamp) -> bool {
        let Some(text) = when else { return true };
        let Some(rule) = self.rules.get(text) else { return false };
        rule.holds(META, answers_json, now).unwrap_or(false)
    }

    /// The questions that a condition or an amount reads.
    pub(super) fn reads(&self, text: &str) -> Vec<&str> {
        let slots = self.rules.get(text).map(Rule::reads).into_iter().flatten();
        slots.filter_map(|slot| self.schema.field(slot)).map(|f| f.id.as_str()).collect()
    }

    pub(super) fn number(&self, text: &str, answers_json: &str, now: Timestamp) -> Option<i64> {
        self.rules.get(text)?.json(META, answers_json, now).ok()?.as_i64()
    }
}

/// Forms have no record around them.
const META: RecordMeta<'static> =
    RecordMeta { id: "", unit: "", state: "", version: 0, created_at: Timestamp(0), updated_at: Timestamp(0) };

struct Checker<'a> {
    def: &'a ProcedureDef,
    schema: &'a Schema,
    rules: BTreeMap<String, Rule>,
    faults: &'a mut Vec<ProcedureFault>,
}

impl Checker<'_> {
    fn fault(&mut self, place: String, text: &str, what: FaultKind) {
        self.faults.push(ProcedureFault { place, text: text.to_owned(), what });
    }

    /// Compiles a condition; `known` = the questions it may speak of (all when absent).
    fn condition(&mut self, place: String, when: Option<&String>, known: Option<&BTreeSet<String>>) {
        let Some(text) = when else { return };
        match Rule::condition(self.schema, text) {
            Ok(rule) => {
                let later = rule.reads().into_iter().filter_map(|slot| self.schema.field(slot)).map(|f| f.id.clone());
                let later = later.into_iter().find(|id| known.is_some_and(|k| !k.contains(id)));
                if let Some(id) = later {
                    self.fault(place, text, FaultKind::Later(id));
                }
                self.rules.insert(text.clone(), rule);
            }
            Err(e) => self.fault(place, text, FaultKind::Expression(e.to_string())),
        }
    }

    fn field_known(&mut self, place: String, id: &str, types: &[FieldType]) {
        let fits = self.def.field(id).is_some_and(|f| types.is_empty() || types.contains(&f.field.ty));
        if !fits {
            let known = self.def.fields().filter(|f| types.is_empty() || types.contains(&f.field.ty)).map(|f| f.field.id.clone()).collect();
            self.fault(place, id, FaultKind::Unknown("field", known));
        }
    }

    fn twice<'t>(&mut self, what: &'static str, list: impl Iterator<Item = (String, &'t str)>) {
        let mut seen = BTreeSet::new();
        for (place, id) in list {
            if !seen.insert(id) {
                self.fault(place, id, FaultKind::Twice(what));
            }
        }
    }

    fn pages(&mut self) {
        let def = self.def;
        self.twice("page", def.pages.iter().enumerate().map(|(i, p)| (format!("page.{i}.id"), p.id.as_str())));
        let mut asked = BTreeSet::new();
        for (i, page) in def.pages.iter().enumerate() {
            self.condition(format!("page.{i}.when"), page.when.as_ref(), Some(&asked));
            for field in &page.fields {
                let id = &field.field.id;
                let place = |key: &str| format!("page.{i}.field.{id}.{key}");
                self.condition(place("when"), field.when.as_ref(), Some(&asked));
                if let Some(Check::IdentityNumber { birth, sex }) = &field.check {
                    if let Some(birth) = birth {
                        self.field_known(place("check"), birth, &[FieldType::Date]);
                    }
                    if let Some(sex) = sex {
                        self.field_known(place("check"), sex, &[FieldType::Choice]);
                    }
                }
                let wants = match &field.check {
                    Some(Check::Past | Check::Future) => Some(FieldType::Date),
                    Some(_) => Some(FieldType::Text),
                    None => None,
                };
                if let Some(ty) = wants.filter(|ty| *ty != field.field.ty) {
                    self.fault(place("check"), id, FaultKind::Field(format!("this check needs a question of type {ty}")));
                }
                if field.online_only && field.field.required {
                    let what = "a question that is asked online alone cannot be required: the counter would never answer it";
                    self.fault(place("online_only"), id, FaultKind::Field(what.to_owned()));
                }
                if let Some(name) = field.prefill.as_ref().and_then(|p| p.strip_prefix("identity."))
                    && !IDENTITY_NAMES.contains(&name)
                {
                    let known = IDENTITY_NAMES.iter().map(|n| format!("identity.{n}")).collect();
                    self.fault(place("prefill"), field.prefill.as_deref().unwrap_or_default(), FaultKind::Unknown("prefill", known));
                }
                asked.insert(id.clone());
            }
        }
        for (i, rule) in def.rules.iter().enumerate() {
            self.condition(format!("rule.{i}.wrong_when"), Some(&rule.wrong_when), None);
            self.field_known(format!("rule.{i}.field"), &rule.field, &[]);
        }
    }

    fn parts(&mut self) {
        let def = self.def;
        self.twice("part", def.parts.iter().enumerate().map(|(i, p)| (format!("part.{i}.id"), p.id.as_str())));
        for (i, part) in def.parts.iter().enumerate() {
            self.condition(format!("part.{i}.when"), part.when.as_ref(), None);
        }
    }

    fn fees(&mut self) {
        let def = self.def;
        self.twice("fee", def.fees.iter().enumerate().map(|(i, f)| (format!("fee.{i}.id"), f.id.as_str())));
        for (i, fee) in def.fees.iter().enumerate() {
            self.condition(format!("fee.{i}.when"), fee.when.as_ref(), None);
            if let Some(per) = &fee.per {
                self.field_known(format!("fee.{i}.per"), per, &[FieldType::Int]);
            }
            if let Some(text) = &fee.amount {
                match Rule::assignment(self.schema, text) {
                    Ok(rule) if rule.ty() == Ty::Int => {
                        self.rules.insert(text.clone(), rule);
                    }
                    Ok(rule) => {
                        self.fault(
                            format!("fee.{i}.amount"),
                            text,
                            FaultKind::Expression(format!("an amount is an int, this is {}", rule.ty())),
                        );
                    }
                    Err(e) => self.fault(format!("fee.{i}.amount"), text, FaultKind::Expression(e.to_string())),
                }
            }
        }
        for (i, waiver) in def.waivers.iter().enumerate() {
            self.condition(format!("waiver.{i}.when"), waiver.when.as_ref(), None);
            if waiver.fee != "*" && !def.fees.iter().any(|f| f.id == waiver.fee) {
                let known = def.fees.iter().map(|f| f.id.clone()).chain(["*".to_owned()]).collect();
                self.fault(format!("waiver.{i}.fee"), &waiver.fee, FaultKind::Unknown("fee", known));
            }
        }
    }

    fn steps(&mut self) {
        let def = self.def;
        self.twice("step", def.steps.iter().enumerate().map(|(i, s)| (format!("step.{i}.id"), s.id.as_str())));
        let shares: u32 = def.steps.iter().filter_map(|s| s.share).map(u32::from).sum();
        let all_shared = !def.steps.is_empty() && def.steps.iter().all(|s| s.share.is_some());
        if shares > 100 || all_shared && shares < 100 {
            self.fault("step.0.share".into(), "", FaultKind::Shares(shares));
        }
    }
}
