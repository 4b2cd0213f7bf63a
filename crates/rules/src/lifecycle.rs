//! States and transitions of a register's records: the declaration, its checks, and the pure step.
//!
//! Guards and assignments are expressions kept as source text; whoever steps brings the evaluation along.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Localized, Refusal, access::Action};

/// `[lifecycle]` of a register file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// State of a new record.
    pub initial: String,
    /// Other states in which a use case of its own may begin a record: an application filed from home is registered before it is received.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_initial: Vec<String>,
    #[serde(rename = "state", default)]
    pub states: Vec<State>,
    #[serde(rename = "transition", default)]
    pub transitions: Vec<Transition>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub id: String,
    pub label: Localized,
    /// Nothing is left to do.
    #[serde(default)]
    pub closed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    pub id: String,
    pub from: Vec<String>,
    pub to: String,
    pub label: Localized,
    /// What one must be allowed to do on the record's unit.
    #[serde(default = "edit")]
    pub action: Action,
    /// CEL over `record`; must be true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<String>,
    /// CEL per field: what the transition writes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
    /// The person must say why (returns, refusals, decisions).
    #[serde(default)]
    pub needs_reason: bool,
}

fn edit() -> Action {
    Action::Edit
}

/// A permitted step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    pub transition: &'a Transition,
    pub from: &'a State,
    pub to: &'a State,
}

impl Lifecycle {
    #[must_use]
    pub fn state(&self, id: &str) -> Option<&State> {
        self.states.iter().find(|s| s.id == id)
    }
    #[must_use]
    pub fn transition(&self, id: &str) -> Option<&Transition> {
        self.transitions.iter().find(|t| t.id == id)
    }
    /// States in which a record may begin.
    fn beginnings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.initial).chain(&self.other_initial).map(String::as_str)
    }
    /// Transitions that leave a state, in the order of the file: the buttons of a page, before guards and access.
    pub fn leaving<'a>(&'a self, state: &str) -> impl Iterator<Item = &'a Transition> {
        let state = state.to_owned();
        self.transitions.iter().filter(move |t| t.from.contains(&state))
    }

    /// What a transition does to a record in `current`. `guard_ok` evaluates the guard's source on the record. Access is decided
    /// before, with [`Transition::action`].
    ///
    /// # Errors
    /// `lifecycle.unknown_state` (state); `lifecycle.unknown_transition` (transition);
    /// `lifecycle.step` (transition, state, allowed) when it does not start there; `lifecycle.guard` (transition, guard) when the
    /// guard does not hold; and whatever `guard_ok` refuses.
    pub fn step(
        &self,
        current: &str,
        transition: &str,
        mut guard_ok: impl FnMut(&str) -> Result<bool, Refusal>,
    ) -> Result<Step<'_>, Refusal> {
        let from = self.state(current).ok_or_else(|| Refusal::new("lifecycle.unknown_state").with("state", current))?;
        let t = self.transition(transition).ok_or_else(|| Refusal::new("lifecycle.unknown_transition").with("transition", transition))?;
        if !t.from.iter().any(|s| s == current) {
            let allowed: Vec<_> = self.leaving(current).map(|t| t.id.as_str()).collect();
            return Err(Refusal::new("lifecycle.step")
                .with("transition", transition)
                .with("state", current)
                .with("allowed", allowed.join(", ")));
        }
        let to = self.state(&t.to).ok_or_else(|| Refusal::new("lifecycle.unknown_state").with("state", &t.to))?;
        if let Some(guard) = &t.guard
            && !guard_ok(guard)?
        {
            return Err(Refusal::new("lifecycle.guard").with("transition", transition).with("guard", guard));
        }
        Ok(Step { transition: t, from, to })
    }

    /// Everything wrong with the declaration; empty when it is sound.
    #[must_use]
    pub fn check(&self) -> Vec<LifecycleFault> {
        let mut faults = Vec::new();
        let known: BTreeSet<&str> = self.states.iter().map(|s| s.id.as_str()).collect();
        let list = || known.iter().copied().collect::<Vec<_>>().join(", ");
        let mut seen = BTreeSet::new();
        for s in &self.states {
            if !is_id(&s.id) {
                faults.push(LifecycleFault::Id(s.id.clone()));
            }
            if !seen.insert(&s.id) {
                faults.push(LifecycleFault::StateTwice(s.id.clone()));
            }
        }
        for state in self.beginnings().filter(|s| !known.contains(s)) {
            faults.push(LifecycleFault::Initial { state: state.to_owned(), known: list() });
        }
        let mut seen = BTreeSet::new();
        for t in &self.transitions {
            if !is_id(&t.id) {
                faults.push(LifecycleFault::Id(t.id.clone()));
            }
            if !seen.insert(&t.id) {
                faults.push(LifecycleFault::TransitionTwice(t.id.clone()));
            }
            if t.from.is_empty() {
                faults.push(LifecycleFault::FromNowhere(t.id.clone()));
            }
            for state in t.from.iter().chain([&t.to]).filter(|s| !known.contains(s.as_str())) {
                faults.push(LifecycleFault::UnknownState { transition: t.id.clone(), state: state.clone(), known: list() });
            }
        }
        if faults.is_empty() {
            let mut reached: BTreeSet<&str> = self.beginnings().collect();
            while self.transitions.iter().any(|t| t.from.iter().any(|f| reached.contains(f.as_str())) && reached.insert(&t.to)) {}
            faults.extend(known.difference(&reached).map(|s| LifecycleFault::Unreachable((*s).to_owned())));
        }
        faults
    }
}

fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase()) && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// One thing wrong with a lifecycle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LifecycleFault {
    #[error("{0:?} is not an identifier: lower-case letters, digits and underscores, a letter first")]
    Id(String),
    #[error("the state {0:?} is declared twice")]
    StateTwice(String),
    #[error("the transition {0:?} is declared twice")]
    TransitionTwice(String),
    #[error("the initial state {state:?} is not declared; declared are: {known}")]
    Initial { state: String, known: String },
    #[error("the transition {transition:?} names the state {state:?}, which is not declared; declared are: {known}")]
    UnknownState { transition: String, state: String, known: String },
    #[error("the transition {0:?} starts from no state: fill `from`")]
    FromNowhere(String),
    #[error("no transition leads to the state {0:?}: a record can never be in it")]
    Unreachable(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: &str = r#"
        initial = "draft"
        state = [
            { id = "draft", label = { vi = "Dự thảo", en = "Draft" } },
            { id = "assigned", label = { vi = "Đã giao", en = "Assigned" } },
            { id = "submitted", label = { vi = "Đã trình", en = "Submitted" } },
            { id = "approved", label = { vi = "Hoàn thành", en = "Done" }, closed = true },
        ]
        [[transition]]
        id = "assign"
        from = ["draft"]
        to = "assigned"
        label = { vi = "Giao việc", en = "Assign" }
        action = "assign"
        guard = "record.deadline != null"
        [[transition]]
        id = "submit"
        from = ["assigned"]
        to = "submitted"
        label = { vi = "Trình", en = "Submit" }
        action = "submit"
        set = { submitted_at = "now" }
        [[transition]]
        id = "return"
        from = ["submitted"]
        to = "assigned"
        label = { vi = "Trả lại", en = "Return" }
        action = "approve"
        needs_reason = true
        [[transition]]
        id = "approve"
        from = ["submitted"]
        to = "approved"
        label = { vi = "Duyệt", en = "Approve" }
        action = "approve"
    "#;

    fn task() -> Lifecycle {
        toml::from_str(TASK).unwrap()
    }

    #[test]
    fn steps_and_refusals() {
        let task = task();
        assert_eq!(task.check(), []);
        let step = task.step("draft", "assign", |guard| Ok(guard == "record.deadline != null")).unwrap();
        assert_eq!((step.to.id.as_str(), step.transition.action, step.to.closed), ("assigned", Action::Assign, false));
        let step = task.step("assigned", "submit", |_| panic!("no guard to ask")).unwrap();
        assert_eq!(step.transition.set["submitted_at"], "now");
        let refuse = |state, transition, ok| task.step(state, transition, |_| Ok(ok)).unwrap_err().to_string();
        assert_eq!(refuse("draft", "assign", false), "lifecycle.guard transition=assign guard=record.deadline != null");
        assert_eq!(refuse("submitted", "assign", true), "lifecycle.step transition=assign state=submitted allowed=return, approve");
        assert_eq!(refuse("draft", "burn", true), "lifecycle.unknown_transition transition=burn");
        assert_eq!(refuse("lost", "assign", true), "lifecycle.unknown_state state=lost");
        let broken = task.step("draft", "assign", |_| Err(Refusal::new("expr.type"))).unwrap_err();
        assert_eq!(broken.code, "expr.type");
    }

    #[test]
    fn faults_are_named() {
        let faults = |change: fn(&mut Lifecycle)| {
            let mut l = task();
            change(&mut l);
            l.check().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            faults(|l| l.initial = "new".into()),
            ["the initial state \"new\" is not declared; declared are: approved, assigned, draft, submitted"]
        );
        assert_eq!(faults(|l| l.transitions[3].from.clear()), ["the transition \"approve\" starts from no state: fill `from`"]);
        assert_eq!(
            faults(|l| l.transitions[3].from = vec!["approved".into()]),
            ["no transition leads to the state \"approved\": a record can never be in it"]
        );
        assert_eq!(
            faults(|l| l.other_initial = vec!["assigned".into(), "born".into()]),
            ["the initial state \"born\" is not declared; declared are: approved, assigned, draft, submitted"]
        );
        let island = |l: &mut Lifecycle| {
            l.states.push(State { id: "island".into(), label: Localized::default(), closed: false });
            l.other_initial = vec!["island".into()];
        };
        assert_eq!(faults(island), [] as [String; 0], "a state in which records begin needs no way to it");
        assert_eq!(
            faults(|l| {
                l.states[1].id = "draft".into();
                l.transitions[1].id = "Assign it".into();
                l.transitions[2].id = "assign".into();
            }),
            [
                "the state \"draft\" is declared twice",
                "the transition \"assign\" names the state \"assigned\", which is not declared; declared are: approved, draft, submitted",
                "\"Assign it\" is not an identifier: lower-case letters, digits and underscores, a letter first",
                "the transition \"Assign it\" names the state \"assigned\", which is not declared; declared are: approved, draft, submitted",
                "the transition \"assign\" is declared twice",
                "the transition \"assign\" names the state \"assigned\", which is not declared; declared are: approved, draft, submitted",
            ]
        );
        assert!(toml::from_str::<Lifecycle>("initial = \"a\"\nstat = []").is_err(), "a misspelt key is not skipped");
    }
}
