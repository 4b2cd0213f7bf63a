//! What indicators, lists and reports read, written from the case: they never look into it.

use rules::{
    Timestamp,
    one_stop::{Case, Outcome, Way, waiting},
    procedure::PartKind,
};
use serde_json::{Map, Value, json};

use super::{
    Ground,
    elsewhere::{LINKED, linked_units},
    files::{Origin, PartGiven, parts_of},
};
use crate::error::Result;

/// Writes the plain fields of a dossier from its case as it is at `at`.
pub(crate) fn reflect(fields: &mut Map<String, Value>, case: &Case, ground: &Ground<'_>, at: Timestamp) -> Result<()> {
    let mut put = |name: &str, value: Option<Value>| match value {
        Some(value) => {
            fields.insert(name.to_owned(), value);
        }
        None => {
            fields.remove(name);
        }
    };
    let instant = |t: Timestamp| json!(t.to_string());
    put("case", Some(serde_json::to_value(case)?));
    put("received_at", case.clock.as_ref().map(|c| instant(c.received)));
    put("due_at", case.due(ground.calendar)?.map(|due| instant(due.value)));
    // What was never received was not resolved either.
    let closed = case.end.as_ref().filter(|e| e.outcome != Outcome::NotAccepted);
    put("closed_at", closed.map(|e| instant(e.at)));
    put("answer_by", case.answer_by(ground.rules, ground.calendar)?.map(instant));
    let step = case.step();
    put("step", step.map(|s| json!(s.step)));
    put("assignee", step.and_then(|s| s.assignee.as_ref()).map(|a| json!(a)));
    let declared = step.and_then(|s| ground.procedure.def.step(&s.step));
    if let Some(declared) = declared {
        put("handling_group", Some(json!(declared.name.vi)));
    }
    let linked = linked_units(case);
    put(LINKED, (!linked.is_empty()).then(|| json!(linked)));
    put("supplements", Some(json!(case.requests.len())));
    put("supplement_asked_at", case.requests.last().map(|r| instant(r.at)));
    if let Some(used) = waiting::used(case, at, ground.calendar)? {
        put("worked_minutes", Some(json!(used.used)));
        put("late_steps", Some(json!(late_steps(case, ground, used.term)?)));
    }
    if let Some(payment) = case.payment.as_ref().filter(|p| p.paid_vnd > 0) {
        put("paid_online", Some(json!(payment.online)));
    }
    if let Some(result) = case.end.as_ref().and_then(|e| e.result.as_ref()) {
        put("result", Some(serde_json::to_value(result)?));
        put("result_electronic", Some(json!(result.electronic)));
    }
    let complete = case.end.as_ref().is_none_or(|e| e.result.as_ref().is_none_or(|r| r.file.is_some() || r.electronic));
    let digitised = all_digitised(&parts_of(fields), ground) && complete;
    fields.insert("digitised".into(), json!(digitised));
    // Somebody who had to come to the desk did not do it all online.
    if case.returned.is_some_and(|r| r.way == Way::Desk) || case.payment.as_ref().is_some_and(|p| p.paid_vnd > 0 && !p.online) {
        fields.insert("end_to_end".into(), json!(false));
    }
    Ok(())
}

/// Finished steps that took more than their part of the term.
fn late_steps(case: &Case, ground: &Ground<'_>, term_minutes: i64) -> Result<usize> {
    let stays = waiting::stays(case, ground.calendar)?;
    let share = |step: &str| ground.terms.steps.iter().find(|s| s.id == step).map_or(0, |s| i64::from(s.share));
    Ok(stays.iter().filter(|s| share(&s.step) > 0 && i64::from(s.minutes) * 100 > term_minutes * share(&s.step)).count())
}

/// Every part that was handed in is there as a file, too. What was only shown went home with its owner.
fn all_digitised(parts: &[PartGiven], ground: &Ground<'_>) -> bool {
    let only_shown = |p: &PartGiven| ground.procedure.def.part(&p.part).is_some_and(|d| d.kind == PartKind::Shown);
    parts.iter().all(|p| p.sha256.is_some() || only_shown(p))
}

/// Whether an earlier paper spared the person one.
pub(crate) fn reused(parts: &[PartGiven]) -> bool {
    parts.iter().any(|p| p.origin == Origin::Reused)
}
