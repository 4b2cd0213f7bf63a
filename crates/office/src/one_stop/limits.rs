//! How much an act may say, and how many numbers people may draw.

use rules::{Refusal, one_stop::Act};

use crate::{
    error::{Error, Result},
    programme::TEXT_MAX,
};

/// Tickets of one unit's day at most; more is a machine that draws numbers.
pub(crate) const TICKETS_MAX: i64 = 500;
/// Of these, numbers that people draw themselves: the rest is the officers' to give, so that nobody empties the roll from outside.
pub(crate) const TICKETS_DRAWN: i64 = 400;
/// Numbers that are drawn from one address within [`DRAWN_MINUTES`]: a tablet at the door that gives one every ten seconds.
pub(crate) const DRAWN_OF_CLIENT: i64 = 90;
pub(crate) const DRAWN_MINUTES: i64 = 15;

/// Characters of what an act names: an agency, the number of a document, a part of the dossier.
const NAME_MAX: usize = 200;

/// Every text of an act has a bound: what is told, and what names something.
pub(crate) fn bounded(act: &Act) -> Result<()> {
    let too_long = |field: &str, max: usize| Err(Error::Refused(Refusal::new("input.too_long").with("field", field).with("max", max)));
    let (told, names) = texts(act);
    for (field, text) in told {
        if text.chars().count() > TEXT_MAX {
            return too_long(field, TEXT_MAX);
        }
    }
    for (field, text) in names {
        if text.chars().count() > NAME_MAX {
            return too_long(field, NAME_MAX);
        }
    }
    // Many short reasons are one long text: so it stands in the ledger.
    if act.said().is_some_and(|t| t.chars().count() > TEXT_MAX) {
        return too_long("reason", TEXT_MAX);
    }
    Ok(())
}

/// A text of an act with the field that it was typed into.
type Typed<'a> = (&'static str, &'a str);

/// What an act tells, and what it names. Without a rest: a new text of an act is put on one of the lists.
fn texts(act: &Act) -> (Vec<Typed<'_>>, Vec<Typed<'_>>) {
    match act {
        Act::NotAccept { reasons }
        | Act::AskSupplement { reasons, until: _ }
        | Act::ReturnAfterAppraisal { reasons, until: _ }
        | Act::Refuse { reasons } => (
            reasons.iter().map(|r| ("reason", r.text.as_str())).collect(),
            reasons.iter().filter_map(|r| Some(("reason", r.part.as_deref()?))).collect(),
        ),
        Act::HandOver { step, assignee, reason } => {
            let told = reason.as_deref().map(|r| ("reason", r)).into_iter().collect();
            (told, [Some(("step", step.as_str())), assignee.as_deref().map(|a| ("assignee", a))].into_iter().flatten().collect())
        }
        Act::AskOpinion { agency, question, due: _ } => (vec![("question", question)], vec![("agency", agency)]),
        Act::AnswerOpinion { text, opinion: _, agrees: _ } | Act::ReturnFromUnit { text, link: _ } => (vec![("text", text)], Vec::new()),
        // What a bank writes there is its own affair.
        Act::Paid { reference, amount_vnd: _, online: _ } => (vec![("reference", reference)], Vec::new()),
        Act::Apologise { reason, new_day: _ }
        | Act::ApologiseLate { reason, expected: _ }
        | Act::ForwardToUnit { reason, unit: _, linking: _, due: _ }
        | Act::Withdraw { reason }
        | Act::Stop { reason } => (vec![("reason", reason)], Vec::new()),
        Act::Suspend { reason, basis } => (vec![("reason", reason), ("basis", basis)], Vec::new()),
        Act::Resolve { result } => {
            let number = result.number.as_deref().map(|n| ("number", n));
            (Vec::new(), number.into_iter().chain(result.file.as_deref().map(|f| ("file", f))).collect())
        }
        Act::Accept | Act::Supplement | Act::DemandPayment { amount_vnd: _, until: _ } | Act::Resume | Act::ReturnResult { way: _ } => {
            (Vec::new(), Vec::new())
        }
    }
}
