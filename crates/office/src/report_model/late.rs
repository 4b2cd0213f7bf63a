//! What is late, what may become late, what waits, and what the units say about it.

use std::collections::BTreeSet;

use rules::{
    Timestamp,
    target::{Reason, Status},
};

use super::{Material, measure};
use crate::{
    programme::{Target, Task, TaskUpdate},
    report::{LateItem, Remark, RiskItem, WaitingItem, values},
    words::{reason_in_measure, reason_sentence},
    world::Indicator,
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
                title: self.quoted(t.def.title.get(self.code())),
                owner: self.owner(t),
                deadline,
                days_late: late(deadline),
                reason: self.reason_of_target(t),
            }
        });
        let tasks = self.tasks_in(Status::Overdue).map(|t| LateItem {
            code: t.def.id.clone(),
            title: self.quoted(t.def.title.get(self.code())),
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
            title: self.quoted(t.def.title.get(self.code())),
            owner: self.owner(t),
            deadline: t.undecided().into_iter().chain(t.deadline()).min(),
            explanation: reason,
        });
        let tasks = self.tasks_in(Status::AtRisk).map(|t| RiskItem {
            code: t.def.id.clone(),
            title: self.quoted(t.def.title.get(self.code())),
            owner: self.lead(t),
            deadline: t.def.deadline,
            explanation: self.sentence(&t.assessment.reason, None),
        });
        let mut list: Vec<RiskItem> = targets.chain(tasks).collect();
        list.sort_by_key(|i| (i.deadline.is_none(), i.deadline));
        list
    }

    pub(super) fn waiting(&self) -> Vec<WaitingItem> {
        let targets = self.targets_in(Status::Waiting).map(|(t, _)| WaitingItem {
            code: t.def.id.clone(),
            title: self.quoted(t.def.title.get(self.code())),
            owner: self.owner(t),
            waiting_for: self.quoted(t.extra.waiting_for.as_deref().unwrap_or_default()),
            since: None,
        });
        let tasks = self.tasks_in(Status::Waiting).map(|t| WaitingItem {
            code: t.def.id.clone(),
            title: self.quoted(t.def.title.get(self.code())),
            owner: self.lead(t),
            waiting_for: match (&t.extra.waiting_note, &t.def.waiting_for) {
                (Some(note), _) => self.quoted(note),
                (None, Some(declared)) => self.quoted(declared.get(self.code())),
                (None, None) => String::new(),
            },
            // What a pack declares as waiting gives no day; what a unit marked does.
            since: t.extra.waiting_note.is_some().then(|| t.record.updated_at.local_date()),
        });
        targets.chain(tasks).collect()
    }

    /// What units wrote in the period: the same words once, with everybody who says so; what most say first, then the newest.
    pub(super) fn remarks(&self, pick: fn(&TaskUpdate) -> Option<&str>) -> Vec<Remark> {
        let from = self.period.months().map(|(from, _)| from.first_day());
        let mut found: Vec<(Timestamp, &str, Option<u32>)> = Vec::new();
        for task in &self.tasks {
            for (at, update) in self.updates(task).filter(|(at, _)| from.is_none_or(|f| at.local_date() >= f)) {
                found.extend(pick(update).map(|text| (at, text.trim(), self.world.unit_idx(&task.record.unit, self.day))));
            }
        }
        found.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        let told = grouped(found.into_iter().map(|(_, text, unit)| (text, unit)));
        let remark = |(texts, units): (Vec<&str>, BTreeSet<u32>)| {
            let mut units: Vec<u32> = units.into_iter().collect();
            self.in_order(&mut units);
            let names: Vec<String> = units.into_iter().map(|u| self.name(u)).collect();
            Remark {
                unit: (!names.is_empty()).then(|| listed(&names)),
                text: texts.iter().map(|t| self.quoted(t)).collect::<Vec<_>>().join(" "),
            }
        };
        told.into_iter().map(remark).collect()
    }

    /// A verdict's reason; what is measured in percent carries the sign.
    fn sentence(&self, reason: &Reason, indicator: Option<&Indicator>) -> String {
        match indicator.filter(|i| i.format.is_percent()) {
            Some(i) => reason_in_measure(reason, self.code(), |x| values::spoken(i.format.fraction(x), measure(i.format), self.lang)),
            None => reason_sentence(reason, self.code()),
        }
    }

    fn targets_in(&self, status: Status) -> impl Iterator<Item = (&Target, String)> {
        self.rows
            .iter()
            .filter(move |r| r.now.assessment.status == status)
            .map(|r| (&r.target, self.sentence(&r.now.assessment.reason, self.indicator(r))))
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
        self.updates(task).filter_map(|(_, u)| u.difficulties.as_deref()).last().map(|d| self.quoted(d))
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
        told.pop().map(|(_, text)| self.quoted(text))
    }
}

/// The same words once with everybody who says them, what most say first; then what the same units say together.
fn grouped<'t>(told: impl Iterator<Item = (&'t str, Option<u32>)>) -> Vec<(Vec<&'t str>, BTreeSet<u32>)> {
    let mut groups: Vec<(&str, BTreeSet<u32>)> = Vec::new();
    for (text, unit) in told.filter(|(text, _)| !text.is_empty()) {
        let same = |other: &str| other.trim_end_matches('.') == text.trim_end_matches('.');
        match groups.iter_mut().find(|(known, _)| same(known)) {
            Some((_, units)) => units.extend(unit),
            None => groups.push((text, unit.into_iter().collect())),
        }
    }
    groups.sort_by_key(|(_, units)| std::cmp::Reverse(units.len()));
    let mut out: Vec<(Vec<&str>, BTreeSet<u32>)> = Vec::new();
    for (text, units) in groups {
        match out.iter_mut().find(|(_, by)| *by == units) {
            Some((texts, _)) => texts.push(text),
            None => out.push((vec![text], units)),
        }
    }
    out
}

/// Kinds that stand before the name and are said once for several.
const KINDS: [&str; 3] = ["Phường", "Xã", "Ward"];

/// "Phường 3, 5, 12, Thắng Nhì; Xã Long Sơn".
fn listed(names: &[String]) -> String {
    let mut out = String::new();
    let mut kind = "";
    for name in names {
        let first = name.split(' ').next().unwrap_or_default();
        match name.strip_prefix(kind).filter(|_| first == kind && KINDS.contains(&kind)) {
            Some(rest) => {
                out += ",";
                out += rest;
            }
            None => {
                if !out.is_empty() {
                    out += "; ";
                }
                out += name;
            }
        }
        kind = first;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_reason_is_said_once() {
        let told = [("Thiếu máy.", Some(9)), ("Thiếu người.", Some(3)), ("Thiếu người", Some(5)), ("Chờ vốn.", Some(9)), ("", Some(7))];
        let groups = grouped(told.into_iter());
        assert_eq!(groups, [(vec!["Thiếu người."], BTreeSet::from([3, 5])), (vec!["Thiếu máy.", "Chờ vốn."], BTreeSet::from([9]))]);
    }

    #[test]
    fn names_of_one_kind_are_listed_once() {
        let list = |names: &[&str]| listed(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(list(&["Phường 3", "Phường 5", "Phường Thắng Nhì", "Xã Long Sơn"]), "Phường 3, 5, Thắng Nhì; Xã Long Sơn");
        assert_eq!(list(&["Ward 3", "Ward 5", "Thắng Nhì Ward"]), "Ward 3, 5; Thắng Nhì Ward");
        assert_eq!(list(&["Văn phòng"]), "Văn phòng");
        assert_eq!(list(&["Văn phòng A", "Văn phòng B", "Phường 1"]), "Văn phòng A; Văn phòng B; Phường 1");
    }
}
