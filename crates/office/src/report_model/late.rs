//! What is late, what may become late, what waits, and what the units say about it.

use rules::{Timestamp, target::Status};

use super::Material;
use crate::{
    programme::{Target, Task, TaskUpdate},
    report::{LateItem, Remark, RiskItem, WaitingItem},
    words::reason_sentence,
};

impl Material<'_> {
    pub(super) fn overdue(&self) -> Vec<LateItem> {
        let late = |deadline: Option<jiff::civil::Date>| {
            deadline.map(|d| i64::from(rules::time::days_since_epoch(self.day) - rules::time::days_since_epoch(d)))
        };
        let targets = self.targets_in(Status::Overdue).map(|(t, _)| {
            let deadline = t.undecided().into_iter().chain(t.deadline()).min();
            LateItem {
                code: t.def.id.clone(),
                title: t.def.title.get(self.code()).to_owned(),
                owner: self.owner(t),
                deadline,
                days_late: late(deadline),
                reason: self.reason_of_target(t),
            }
        });
        let tasks = self.tasks_in(Status::Overdue).map(|t| LateItem {
            code: t.def.id.clone(),
            title: t.def.title.get(self.code()).to_owned(),
            owner: self.lead(t),
            deadline: t.def.deadline,
            days_late: late(t.def.deadline),
            reason: self.reason_of_task(t),
        });
        let mut list: Vec<LateItem> = targets.chain(tasks).collect();
        list.sort_by_key(|i| std::cmp::Reverse(i.days_late));
        list
    }

    pub(super) fn at_risk(&self) -> Vec<RiskItem> {
        let targets = self.targets_in(Status::AtRisk).map(|(t, reason)| RiskItem {
            code: t.def.id.clone(),
            title: t.def.title.get(self.code()).to_owned(),
            owner: self.owner(t),
            deadline: t.undecided().into_iter().chain(t.deadline()).min(),
            explanation: reason,
        });
        let tasks = self.tasks_in(Status::AtRisk).map(|t| RiskItem {
            code: t.def.id.clone(),
            title: t.def.title.get(self.code()).to_owned(),
            owner: self.lead(t),
            deadline: t.def.deadline,
            explanation: reason_sentence(&t.assessment.reason, self.code()),
        });
        let mut list: Vec<RiskItem> = targets.chain(tasks).collect();
        list.sort_by_key(|i| (i.deadline.is_none(), i.deadline));
        list
    }

    pub(super) fn waiting(&self) -> Vec<WaitingItem> {
        let targets = self.targets_in(Status::Waiting).map(|(t, _)| WaitingItem {
            code: t.def.id.clone(),
            title: t.def.title.get(self.code()).to_owned(),
            owner: self.owner(t),
            waiting_for: t.extra.waiting_for.clone().unwrap_or_default(),
            since: None,
        });
        let tasks = self.tasks_in(Status::Waiting).map(|t| WaitingItem {
            code: t.def.id.clone(),
            title: t.def.title.get(self.code()).to_owned(),
            owner: self.lead(t),
            waiting_for: t
                .extra
                .waiting_note
                .clone()
                .or_else(|| t.def.waiting_for.as_ref().map(|w| w.get(self.code()).to_owned()))
                .unwrap_or_default(),
            // What a pack declares as waiting gives no day; what a unit marked does.
            since: t.extra.waiting_note.is_some().then(|| t.record.updated_at.local_date()),
        });
        targets.chain(tasks).collect()
    }

    /// What units wrote in the period, the newest first; the same words of the same unit once.
    pub(super) fn remarks(&self, pick: fn(&TaskUpdate) -> Option<&str>) -> Vec<Remark> {
        let from = self.period.months().map(|(from, _)| from.first_day());
        let mut found: Vec<(Timestamp, Remark)> = Vec::new();
        for task in &self.tasks {
            for (at, update) in self.updates(task).filter(|(at, _)| from.is_none_or(|f| at.local_date() >= f)) {
                if let Some(text) = pick(update) {
                    found.push((at, Remark { unit: Some(self.lead(task)), text: text.to_owned() }));
                }
            }
        }
        found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut out: Vec<Remark> = Vec::new();
        for (_, remark) in found {
            if !out.contains(&remark) {
                out.push(remark);
            }
        }
        out
    }

    fn targets_in(&self, status: Status) -> impl Iterator<Item = (&Target, String)> {
        self.rows
            .iter()
            .filter(move |r| r.now.assessment.status == status)
            .map(|r| (&r.target, reason_sentence(&r.now.assessment.reason, self.code())))
    }

    fn tasks_in(&self, status: Status) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(move |t| t.assessment.status == status)
    }

    fn owner(&self, target: &Target) -> String {
        let owner = target.def.owner.as_ref().map(ToString::to_string);
        owner.map_or_else(String::new, |k| self.world.unit_name(&k, self.code()).to_owned())
    }

    pub(super) fn lead(&self, task: &Task) -> String {
        self.world.unit_name(&task.record.unit, self.code()).to_owned()
    }

    /// Updates made up to the report's day, oldest first.
    fn updates<'t>(&self, task: &'t Task) -> impl Iterator<Item = (Timestamp, &'t TaskUpdate)> + use<'t> {
        let day = self.day;
        task.extra.updates.iter().filter_map(|u| Some((u.at.parse::<Timestamp>().ok()?, u))).filter(move |(at, _)| at.local_date() <= day)
    }

    /// The last difficulty that the unit reported.
    fn reason_of_task(&self, task: &Task) -> Option<String> {
        self.updates(task).filter_map(|(_, u)| u.difficulties.clone()).last()
    }

    /// The last difficulty reported on a task that serves the target.
    fn reason_of_target(&self, target: &Target) -> Option<String> {
        let mut told: Vec<(Timestamp, &str)> = self
            .tasks
            .iter()
            .filter(|t| t.def.target.as_deref() == Some(&target.def.id))
            .flat_map(|t| self.updates(t))
            .filter_map(|(at, u)| Some((at, u.difficulties.as_deref()?)))
            .collect();
        told.sort_by_key(|(at, _)| *at);
        told.pop().map(|(_, text)| text.to_owned())
    }
}
