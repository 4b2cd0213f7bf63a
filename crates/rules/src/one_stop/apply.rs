//! Acts on a case: a case and an act go in, the next case or a refusal that names the article comes out.

use super::{
    act::{Act, ActKind, Linking, Outcome, Reason},
    case::{Apology, Case, End, Link, Opinion, Payment, ProcedureTerms, Request, Returned, Status, StepDone, Suspension},
    law::RuleSet,
};
use crate::{
    Refusal, Timestamp,
    calendar::{Calendar, Clock, PauseReason},
    text::clean,
};

/// Points of one request at most: a longer list is a sign that the dossier should be refused.
const REASONS_MAX: usize = 30;

/// An act that the state of a case allows, with the rule that stands against it, if one does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub act: ActKind,
    pub refusal: Option<Refusal>,
}

impl ActKind {
    /// States in which the act makes sense.
    #[must_use]
    pub fn begins_in(self) -> &'static [Status] {
        use Status::{InProgress, Payment, Received, Registered, Resolved, Supplement};
        match self {
            Self::Accept => &[Registered],
            Self::NotAccept => &[Registered, Supplement],
            Self::AskSupplement => &[Registered, Received, InProgress, Payment],
            Self::DemandPayment => &[Registered, Received, InProgress],
            Self::Supplement => &[Supplement],
            Self::ReturnAfterAppraisal | Self::HandOver | Self::AskOpinion | Self::Apologise | Self::ApologiseLate => {
                &[Received, InProgress]
            }
            Self::Suspend | Self::Resume | Self::Resolve | Self::Refuse => &[Received, InProgress],
            Self::AnswerOpinion | Self::ReturnFromUnit => &[Received, InProgress, Supplement, Payment],
            Self::ForwardToUnit => &[Registered, Received, InProgress],
            Self::Paid => &[Registered, Received, InProgress, Supplement, Payment, Resolved],
            Self::ReturnResult => &[Resolved],
            Self::Withdraw => &[Registered, Received, InProgress, Supplement, Payment],
            Self::Stop => &[Supplement, Payment],
        }
    }

    /// Possible while a suspension lasts.
    fn despite_suspension(self) -> bool {
        matches!(self, Self::Resume | Self::Withdraw | Self::AnswerOpinion | Self::ReturnFromUnit | Self::Paid)
    }
}

/// Who of a step: the desk that received, and whoever signs.
const DESK: &str = "desk";
const LEADER: &str = "leader";

impl Case {
    /// What may be done now, in the order of [`ActKind::ALL`]. What the state excludes is not there; what a rule forbids is, with it.
    #[must_use]
    pub fn offers(&self, at: Timestamp, rules: &RuleSet, calendar: &Calendar) -> Vec<Offer> {
        let possible = ActKind::ALL.iter().filter(|k| k.begins_in().contains(&self.status) && self.applies(**k));
        possible.map(|k| Offer { act: *k, refusal: self.permits(*k, at, rules, calendar).err() }).collect()
    }

    /// Acts of which the state alone does not say whether they make sense.
    fn applies(&self, kind: ActKind) -> bool {
        match kind {
            ActKind::Suspend => self.suspended().is_none(),
            ActKind::Resume => self.suspended().is_some(),
            ActKind::NotAccept => self.clock.is_none(),
            ActKind::AnswerOpinion => self.opinions.iter().any(|o| o.answered.is_none()),
            ActKind::ReturnFromUnit => self.links.iter().any(Link::is_open),
            _ => true,
        }
    }

    /// Whether the law allows an act of this kind now, whatever its particulars.
    ///
    /// # Errors
    /// Each with `article`, `clause`, `decree`: `one_stop.not_now` (act, state); `one_stop.order` (at, last); `one_stop.suspended`
    /// (since); `one_stop.supplement_again` (first); `one_stop.return_too_late` (until); `one_stop.reappointed` (first);
    /// `one_stop.apology_too_late` (until); `one_stop.apology_in_time` (until); `one_stop.opinion_open` (agency, until);
    /// `one_stop.link_open` (unit); `one_stop.citizen_has_time`, `one_stop.citizen_may_pay` (until).
    pub fn permits(&self, kind: ActKind, at: Timestamp, rules: &RuleSet, calendar: &Calendar) -> Result<(), Refusal> {
        let cite = rules.cite(kind);
        let refuse = |code| rules.refuse(code, cite);
        if !kind.begins_in().contains(&self.status) || !self.applies(kind) {
            return Err(refuse("one_stop.not_now").with("act", kind.id()).with("state", self.status.id()));
        }
        if at < self.last {
            return Err(refuse("one_stop.order").with("at", at).with("last", self.last));
        }
        if let Some(s) = self.suspended()
            && !kind.despite_suspension()
        {
            return Err(refuse("one_stop.suspended").with("since", s.at));
        }
        match kind {
            ActKind::AskSupplement | ActKind::ReturnAfterAppraisal => {
                // Returning after appraisal asks the citizen to complete it just the same.
                if self.requests.len() >= usize::from(rules.supplements.value)
                    && let Some(first) = self.requests.first()
                {
                    return Err(rules.refuse("one_stop.supplement_again", &rules.supplements.article).with("first", first.at));
                }
                if kind == ActKind::ReturnAfterAppraisal
                    && let Some(until) = self.return_by(rules, calendar)?.filter(|until| at > *until)
                {
                    return Err(rules.refuse("one_stop.return_too_late", &rules.return_after_appraisal.article).with("until", until));
                }
            }
            ActKind::Apologise => {
                let named: Vec<&Apology> = self.apologies.iter().filter(|a| !a.late).collect();
                if named.len() >= usize::from(rules.reappointments.value)
                    && let Some(first) = named.first()
                {
                    return Err(rules.refuse("one_stop.reappointed", &rules.reappointments.article).with("first", first.at));
                }
                let until = self.apology_by(rules, calendar)?;
                // Due today or tomorrow: there never was a day on which it could have gone out.
                if until.zip(self.clock.as_ref()).is_some_and(|(until, clock)| until < clock.received) {
                    return Err(rules.refuse("one_stop.apology_no_day", &rules.apology_before.article));
                }
                if let Some(until) = until.filter(|until| at > *until) {
                    return Err(rules.refuse("one_stop.apology_too_late", &rules.apology_before.article).with("until", until));
                }
            }
            ActKind::ApologiseLate => {
                let used = self.apologies.iter().filter(|a| !a.late).count() >= usize::from(rules.reappointments.value);
                if let Some(until) = self.apology_by(rules, calendar)?.filter(|until| at <= *until && !used) {
                    return Err(rules.refuse("one_stop.apology_in_time", &rules.apology_before.article).with("until", until));
                }
                let never = self.clock.as_ref().zip(self.apology_by(rules, calendar)?).is_some_and(|(clock, until)| until < clock.received);
                if let Some(due) = self.due(calendar)?.filter(|due| never && at <= due.value) {
                    return Err(rules.refuse("one_stop.not_late", &rules.apology_before.article).with("due", due.value));
                }
            }
            ActKind::Resolve | ActKind::Refuse => self.nobody_else_is_asked(at, &refuse)?,
            ActKind::Stop => self.citizen_had_time(at, rules, calendar)?,
            _ => {}
        }
        Ok(())
    }

    /// Who was asked for a supplement or for a fee has until the day that was named; where none was, as long as the rules say.
    fn citizen_had_time(&self, at: Timestamp, rules: &RuleSet, calendar: &Calendar) -> Result<(), Refusal> {
        let (code, named, wait, usual) = if self.status == Status::Payment {
            let Some(asked) = self.payment.as_ref().and_then(|p| p.demanded_at) else { return Ok(()) };
            let named = self.payment.as_ref().and_then(|p| p.until);
            ("one_stop.citizen_may_pay", named, &rules.payment_wait, rules.payment_until(asked, calendar)?)
        } else {
            let Some(asked) = self.asked() else { return Ok(()) };
            ("one_stop.citizen_has_time", asked.until, &rules.supplement_wait, rules.supplement_until(asked.at, calendar)?)
        };
        let cite = wait.as_ref().filter(|_| named.is_none()).map_or_else(|| rules.cite(ActKind::Stop), |w| &w.article);
        match named.or(usual).filter(|until| at.local_date() <= *until) {
            Some(until) => Err(rules.refuse(code, cite).with("until", until)),
            None => Ok(()),
        }
    }

    /// Decisions wait for the agencies that still have time to answer, and for the units that have a part in it.
    fn nobody_else_is_asked(&self, at: Timestamp, refuse: &impl Fn(&'static str) -> Refusal) -> Result<(), Refusal> {
        let today = at.local_date();
        if let Some(o) = self.opinions.iter().find(|o| o.answered.is_none() && today <= o.due) {
            return Err(refuse("one_stop.opinion_open").with("agency", &o.agency).with("until", o.due));
        }
        match self.links.iter().find(|l| l.is_open()) {
            Some(link) => Err(refuse("one_stop.link_open").with("unit", &link.unit)),
            None => Ok(()),
        }
    }

    /// A result is signed where the procedure says so, not before.
    ///
    /// # Errors
    /// `one_stop.not_at_decision` (step), with the article.
    pub fn at_decision(&self, rules: &RuleSet, procedure: &ProcedureTerms) -> Result<(), Refusal> {
        let place = |id: &str| procedure.steps.iter().position(|s| s.id == id);
        let signed = procedure.steps.iter().position(|s| s.who == LEADER);
        let now = self.step().and_then(|s| place(&s.step));
        match signed.filter(|n| now.is_none_or(|now| now < *n)).and_then(|n| procedure.steps.get(n)) {
            Some(step) => Err(rules.refuse("one_stop.not_at_decision", rules.cite(ActKind::Resolve)).with("step", &step.id)),
            None => Ok(()),
        }
    }

    /// Does an act: the case as it is afterwards.
    ///
    /// # Errors
    /// As [`Self::permits`]; and `one_stop.reason_required`, `one_stop.reasons_max` (max), `one_stop.day_past` (day),
    /// `one_stop.new_day` (day, due), `one_stop.unknown_step`, `one_stop.step_left_out`, `one_stop.already_there`,
    /// `one_stop.not_at_decision` (step), `one_stop.unknown_opinion`, `one_stop.unknown_link`,
    /// `one_stop.amount`, all with the article.
    pub fn apply(
        &self,
        act: &Act,
        at: Timestamp,
        by: &str,
        rules: &RuleSet,
        calendar: &Calendar,
        procedure: &ProcedureTerms,
    ) -> Result<Self, Refusal> {
        let kind = act.kind();
        self.permits(kind, at, rules, calendar)?;
        let refuse = |code| rules.refuse(code, rules.cite(kind));
        let said = |text: &str| Some(clean(text)).filter(|t| !t.is_empty()).ok_or_else(|| refuse("one_stop.reason_required"));
        let points = |list: &[Reason]| checked(list, &refuse);
        let mut next = self.clone();
        next.last = at;
        match act {
            Act::Accept => next.accept(at, by, rules, calendar, procedure)?,
            Act::NotAccept { reasons } => next.finish(Outcome::NotAccepted, at, by, points(reasons)?, calendar)?,
            Act::AskSupplement { reasons, until } | Act::ReturnAfterAppraisal { reasons, until } => {
                if let Some(day) = until.filter(|day| *day <= at.local_date()) {
                    return Err(refuse("one_stop.day_past").with("day", day));
                }
                // It waited for its fee: that stays due, and is waited for again once what is missing is there.
                if next.status == Status::Payment {
                    next.run(at)?;
                }
                next.pause(at, PauseReason::Supplement)?;
                let after_appraisal = kind == ActKind::ReturnAfterAppraisal;
                let request = Request { at, by: by.to_owned(), reasons: points(reasons)?, until: *until, after_appraisal, answered: None };
                next.requests.push(request);
                next.status = Status::Supplement;
            }
            Act::Supplement => next.completed(at, rules, calendar)?,
            Act::HandOver { step, assignee, reason: _ } => {
                let place = |id: &str| procedure.steps.iter().position(|s| s.id == id);
                let Some(wanted) = place(step) else { return Err(refuse("one_stop.unknown_step").with("step", step)) };
                // Back to any step, on by one: a step that is left out leaves no trace, and nobody answers for it.
                let now = next.step().and_then(|s| place(&s.step));
                let after_desk = || procedure.steps.iter().position(|s| s.who != DESK).unwrap_or(0);
                let ahead = now.map_or_else(after_desk, |n| n + 1);
                if let Some(left_out) = procedure.steps.get(ahead).filter(|_| wanted > ahead) {
                    return Err(refuse("one_stop.step_left_out").with("step", &left_out.id));
                }
                if next.step().is_some_and(|s| s.step == *step && s.assignee == *assignee) {
                    return Err(refuse("one_stop.already_there").with("step", step));
                }
                next.go_to(step, assignee.as_deref(), at, by);
                next.status = Status::InProgress;
            }
            Act::AskOpinion { agency, question, due } => {
                if *due < at.local_date() {
                    return Err(refuse("one_stop.day_past").with("day", due));
                }
                let (agency, question) = (said(agency)?, said(question)?);
                let by = by.to_owned();
                next.opinions.push(Opinion { agency, question, asked: at, by, due: *due, answered: None, agrees: None, text: None });
            }
            Act::AnswerOpinion { opinion, agrees, text } => {
                let open = next.opinions.get_mut(*opinion).filter(|o| o.answered.is_none());
                let o = open.ok_or_else(|| refuse("one_stop.unknown_opinion"))?;
                (o.answered, o.agrees, o.text) = (Some(at), Some(*agrees), Some(clean(text)).filter(|t| !t.is_empty()));
            }
            Act::DemandPayment { amount_vnd, until } => {
                if *amount_vnd == 0 {
                    return Err(refuse("one_stop.amount"));
                }
                if let Some(day) = until.filter(|day| *day <= at.local_date()) {
                    return Err(refuse("one_stop.day_past").with("day", day));
                }
                next.pause(at, PauseReason::Payment)?;
                let payment = next.payment.get_or_insert_with(Payment::default);
                payment.demanded_vnd = payment.demanded_vnd.saturating_add(*amount_vnd);
                payment.demanded_at = Some(at);
                payment.until = *until;
                next.status = Status::Payment;
            }
            Act::Paid { amount_vnd, online, reference } => {
                if *amount_vnd == 0 {
                    return Err(refuse("one_stop.amount"));
                }
                next.paid(*amount_vnd, *online, clean(reference), at)?;
            }
            Act::Apologise { reason, new_day } => {
                let old_due =
                    self.due(calendar)?.ok_or_else(|| refuse("one_stop.not_now").with("act", kind.id()).with("state", self.status.id()))?;
                if *new_day <= old_due.value.local_date() || !calendar.is_working(*new_day).value {
                    return Err(refuse("one_stop.new_day").with("day", new_day).with("due", old_due.value));
                }
                next.clock = self.clock.as_ref().map(|c| c.appoint(at, *new_day)).transpose()?;
                let (by, reason) = (by.to_owned(), said(reason)?);
                next.apologies.push(Apology { at, by, reason, old_due: old_due.value, new_day: *new_day, late: false });
            }
            Act::ApologiseLate { reason, expected } => {
                let old_due =
                    self.due(calendar)?.ok_or_else(|| refuse("one_stop.not_now").with("act", kind.id()).with("state", self.status.id()))?;
                if *expected < at.local_date() {
                    return Err(refuse("one_stop.day_past").with("day", expected));
                }
                let (by, reason) = (by.to_owned(), said(reason)?);
                next.apologies.push(Apology { at, by, reason, old_due: old_due.value, new_day: *expected, late: true });
            }
            Act::Suspend { reason, basis } => {
                next.pause(at, PauseReason::Other)?;
                let (reason, basis) = (said(reason)?, said(basis)?);
                next.suspensions.push(Suspension { at, by: by.to_owned(), reason, basis, resumed: None });
            }
            Act::Resume => {
                next.run(at)?;
                if let Some(s) = next.suspensions.last_mut() {
                    s.resumed = Some(at);
                }
            }
            Act::ForwardToUnit { unit, linking, due, reason } => {
                if let Some(day) = due.filter(|day| *day < at.local_date()) {
                    return Err(refuse("one_stop.day_past").with("day", day));
                }
                if *linking == Linking::Part && self.clock.is_none() {
                    return Err(refuse("one_stop.not_now").with("act", kind.id()).with("state", self.status.id()));
                }
                let (by, reason) = (by.to_owned(), said(reason)?);
                let link = Link { unit: unit.clone(), linking: *linking, sent: at, by, reason, due: *due, returned: None, text: None };
                next.links.push(link);
            }
            Act::ReturnFromUnit { link, text } => {
                let link = next.links.get_mut(*link).filter(|l| l.is_open()).ok_or_else(|| refuse("one_stop.unknown_link"))?;
                (link.returned, link.text) = (Some(at), Some(clean(text)).filter(|t| !t.is_empty()));
            }
            Act::Resolve { result } => {
                self.at_decision(rules, procedure)?;
                next.finish(Outcome::Resolved, at, by, Vec::new(), calendar)?;
                if let Some(end) = &mut next.end {
                    end.result = Some(result.clone());
                }
            }
            Act::Refuse { reasons } => next.finish(Outcome::Refused, at, by, points(reasons)?, calendar)?,
            Act::ReturnResult { way } => {
                next.returned = Some(Returned { at, way: *way });
                next.status = Status::ReturnedResult;
            }
            Act::Withdraw { reason } => next.finish(Outcome::Withdrawn, at, by, said_reason(reason), calendar)?,
            Act::Stop { reason } => {
                said(reason)?;
                next.finish(Outcome::Stopped, at, by, said_reason(reason), calendar)?;
            }
        }
        Ok(next)
    }

    fn accept(&mut self, at: Timestamp, by: &str, rules: &RuleSet, calendar: &Calendar, procedure: &ProcedureTerms) -> Result<(), Refusal> {
        self.clock = Some(Clock::started(at, rules.starts(at, calendar)?, procedure.term));
        self.status = Status::Received;
        let first = procedure.steps.first().map_or("desk", |s| s.id.as_str());
        self.go_to(first, Some(by), at, by);
        Ok(())
    }

    /// Closes the step that it is in and opens another one.
    fn go_to(&mut self, step: &str, assignee: Option<&str>, at: Timestamp, by: &str) {
        self.leave_step(at);
        let assignee = assignee.map(str::to_owned);
        self.steps.push(StepDone { step: step.to_owned(), assignee, from: at, to: None, by: by.to_owned() });
    }

    fn leave_step(&mut self, at: Timestamp) {
        if let Some(open) = self.steps.last_mut().filter(|s| s.to.is_none()) {
            open.to = Some(at);
        }
    }

    /// What was asked of the citizen is there: the clock goes on, or begins anew after a return.
    fn completed(&mut self, at: Timestamp, rules: &RuleSet, calendar: &Calendar) -> Result<(), Refusal> {
        let Some(request) = self.requests.last_mut().filter(|r| r.answered.is_none()) else { return Ok(()) };
        request.answered = Some(at);
        if request.after_appraisal {
            let started = rules.starts(at, calendar)?;
            self.clock = self.clock.as_ref().map(|c| c.restart_from(at, started)).transpose()?;
        } else {
            self.run(at)?;
        }
        self.status = self.going_on();
        if self.payment.as_ref().is_some_and(|p| p.paid_vnd < p.demanded_vnd) {
            self.pause(at, PauseReason::Payment)?;
            self.status = Status::Payment;
        }
        Ok(())
    }

    fn paid(&mut self, amount_vnd: u64, online: bool, reference: String, at: Timestamp) -> Result<(), Refusal> {
        let payment = self.payment.get_or_insert_with(Payment::default);
        payment.paid_vnd = payment.paid_vnd.saturating_add(amount_vnd);
        payment.paid_at = Some(at);
        payment.online = online;
        if !reference.is_empty() {
            payment.references.push(reference);
        }
        if self.status == Status::Payment && payment.paid_vnd >= payment.demanded_vnd {
            self.run(at)?;
            self.status = self.going_on();
        }
        Ok(())
    }

    /// The state of a dossier that waits for nobody outside.
    fn going_on(&self) -> Status {
        match (&self.clock, self.handed_over()) {
            (None, _) => Status::Registered,
            (Some(_), false) => Status::Received,
            (Some(_), true) => Status::InProgress,
        }
    }

    fn pause(&mut self, at: Timestamp, reason: PauseReason) -> Result<(), Refusal> {
        self.clock = self.clock.as_ref().map(|c| c.stand_still(at, reason)).transpose()?;
        Ok(())
    }

    fn run(&mut self, at: Timestamp) -> Result<(), Refusal> {
        self.clock = self.clock.as_ref().map(|c| c.resume(at)).transpose()?;
        Ok(())
    }

    fn finish(&mut self, outcome: Outcome, at: Timestamp, by: &str, reasons: Vec<Reason>, calendar: &Calendar) -> Result<(), Refusal> {
        let due = self.due(calendar)?.map(|a| a.value);
        let late = due.is_some_and(|due| at > due);
        let early = due.is_some_and(|due| at.local_date() < due.local_date());
        self.clock = self.clock.as_ref().map(|c| c.stop(at)).transpose()?;
        self.leave_step(at);
        self.status = match outcome {
            Outcome::NotAccepted => Status::NotAccepted,
            Outcome::Resolved => Status::Resolved,
            Outcome::Refused => Status::Rejected,
            Outcome::Withdrawn => Status::Withdrawn,
            Outcome::Stopped => Status::Stopped,
        };
        self.end = Some(End { outcome, at, by: by.to_owned(), reasons, result: None, late, early });
        Ok(())
    }
}

/// At least one point, and none of them empty.
fn checked(list: &[Reason], refuse: &impl Fn(&'static str) -> Refusal) -> Result<Vec<Reason>, Refusal> {
    if list.len() > REASONS_MAX {
        return Err(refuse("one_stop.reasons_max").with("max", REASONS_MAX));
    }
    let cleaned: Vec<Reason> = list.iter().map(|r| Reason { text: clean(&r.text), ..r.clone() }).collect();
    if cleaned.is_empty() || cleaned.iter().any(|r| r.text.is_empty()) {
        return Err(refuse("one_stop.reason_required"));
    }
    Ok(cleaned)
}

fn said_reason(text: &str) -> Vec<Reason> {
    let text = clean(text);
    if text.is_empty() { Vec::new() } else { vec![Reason { kind: super::ReasonKind::Other, part: None, text }] }
}
