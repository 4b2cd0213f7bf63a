//! What will be late: how much of its term a dossier has used, and when it will be ready if it goes as such dossiers went.
//!
//! The method is declared and simple enough to be checked by hand: of all dossiers that were in the same step for at least as long, the
//! middle one's remaining time, plus the middle time of each later step. Its error on past months is computed by the same code, from
//! what was known before each month.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::case::Case;
use crate::{
    Month, Refusal, Timestamp,
    calendar::{Calendar, Clock},
};

/// Fewer dossiers than this say nothing about a step; the same step of all procedures is asked then.
const ENOUGH: usize = 8;
/// Of each step so many of the newest dossiers are remembered: habits change, and memory is bounded.
const REMEMBERED: usize = 2_000;

/// How much of its term a dossier has used, in working minutes; more than `term` when it is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Used {
    pub used: i64,
    pub term: i64,
}

impl Used {
    /// 0.5 is half of the term.
    #[must_use]
    pub fn share(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "minutes of a term are far below 2^52")]
        let share = if self.term > 0 { self.used as f64 / self.term as f64 } else { 1.0 };
        share
    }
}

/// What of the term is used at an instant; `None` before receipt. While the citizen is asked the share stands still.
///
/// # Errors
/// `calendar.out_of_range`.
pub fn used(case: &Case, at: Timestamp, calendar: &Calendar) -> Result<Option<Used>, Refusal> {
    let Some(clock) = &case.clock else { return Ok(None) };
    let at = clock.paused().map_or(at, |p| p.from).min(clock.stopped.unwrap_or(at));
    let now = worked(clock, clock.started, at, calendar)?;
    // While it stands still the deadline is what it would be if it went on at this moment.
    let running = match clock.paused() {
        Some(p) => clock.resume(p.from)?,
        None => clock.clone(),
    };
    let Some(due) = running.due(calendar)? else { return Ok(None) };
    Ok(Some(Used { used: now.max(0), term: worked(&running, clock.started, due.value, calendar)? }))
}

/// Working minutes between two instants without those for which the clock stood still.
fn worked(clock: &Clock, from: Timestamp, to: Timestamp, calendar: &Calendar) -> Result<i64, Refusal> {
    let mut minutes = calendar.working_minutes_between(from, to)?.value;
    for pause in &clock.pauses {
        let (a, b) = (pause.from.max(from), pause.to.unwrap_or(to).min(to));
        if b > a {
            minutes -= calendar.working_minutes_between(a, b)?.value;
        }
    }
    Ok(minutes)
}

/// One stay of one dossier in one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    pub procedure: String,
    pub step: String,
    pub left: Timestamp,
    /// Working minutes, without the time for which the clock stood still.
    pub minutes: u32,
}

/// The finished stays of a case, in order.
///
/// # Errors
/// `calendar.out_of_range`.
pub fn stays(case: &Case, calendar: &Calendar) -> Result<Vec<Stay>, Refusal> {
    let Some(clock) = &case.clock else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for step in &case.steps {
        if let Some(to) = step.to {
            let minutes = u32::try_from(worked(clock, step.from, to, calendar)?.max(0)).unwrap_or(u32::MAX);
            out.push(Stay { procedure: case.procedure.clone(), step: step.step.clone(), left: to, minutes });
        }
    }
    Ok(out)
}

/// What a forecast rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Dossiers of the same procedure.
    Procedure,
    /// Too few of those: the same step of all procedures.
    AllProcedures,
}

/// When it will be ready, in working minutes from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// Half of such dossiers are ready by then.
    pub median: u32,
    /// Four of five are.
    pub p80: u32,
    /// Dossiers that the thinnest part of it rests on.
    pub cases: usize,
    pub basis: Basis,
}

/// Past stays per step, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct History {
    by_procedure: FxHashMap<(String, String), Vec<u32>>,
    by_step: FxHashMap<String, Vec<u32>>,
}

impl History {
    /// From stays that ended before `until`.
    #[must_use]
    pub fn learn<'s>(stays: impl IntoIterator<Item = &'s Stay>, until: Timestamp) -> Self {
        let mut newest: Vec<&Stay> = stays.into_iter().filter(|s| s.left < until).collect();
        newest.sort_by_key(|s| std::cmp::Reverse(s.left));
        let mut history = Self::default();
        for s in newest {
            let own = history.by_procedure.entry((s.procedure.clone(), s.step.clone())).or_default();
            if own.len() < REMEMBERED {
                own.push(s.minutes);
            }
            let all = history.by_step.entry(s.step.clone()).or_default();
            if all.len() < REMEMBERED {
                all.push(s.minutes);
            }
        }
        history.by_procedure.values_mut().chain(history.by_step.values_mut()).for_each(|v| v.sort_unstable());
        history
    }

    /// Times of a step, those of the procedure where there are enough.
    fn of(&self, procedure: &str, step: &str) -> Option<(&[u32], Basis)> {
        let own = self.by_procedure.get(&(procedure.to_owned(), step.to_owned())).filter(|v| v.len() >= ENOUGH);
        match own {
            Some(v) => Some((v, Basis::Procedure)),
            None => self.by_step.get(step).filter(|v| v.len() >= ENOUGH).map(|v| (v.as_slice(), Basis::AllProcedures)),
        }
    }

    /// For a dossier that has been in the first of `steps` for `elapsed` working minutes and has the others before it; `None` where
    /// too little is known.
    #[must_use]
    pub fn forecast(&self, procedure: &str, steps: &[&str], elapsed: u32) -> Option<Forecast> {
        let mut out = Forecast { median: 0, p80: 0, cases: usize::MAX, basis: Basis::Procedure };
        for (place, step) in steps.iter().enumerate() {
            let (times, basis) = self.of(procedure, step)?;
            let spent = if place == 0 { elapsed } else { 0 };
            // Only those that took at least as long are like it.
            let like = &times[times.partition_point(|t| *t < spent)..];
            let (median, p80) = match like.is_empty() {
                // Longer than any before: nothing is known but that it is not done.
                true => (0, 0),
                false => (like[(like.len() - 1) / 2] - spent, like[(like.len() * 4).div_ceil(5) - 1] - spent),
            };
            out.median = out.median.saturating_add(median);
            out.p80 = out.p80.saturating_add(p80);
            out.cases = out.cases.min(like.len());
            if basis == Basis::AllProcedures {
                out.basis = basis;
            }
        }
        (!steps.is_empty()).then_some(out)
    }
}

/// How wrong the method was in a month: what it would have said when each dossier began, beside what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MonthError {
    pub month: Month,
    pub cases: usize,
    /// Mean of the absolute error, in working minutes.
    pub mean_error: u32,
    /// Dossiers ready by the time that four of five should be, in percent: near 80 is honest.
    pub within_p80: u8,
}

/// The method against the past: for each month, from what was known before it. `finished` holds the stays of each closed dossier.
#[must_use]
pub fn past_errors(finished: &[Vec<Stay>]) -> Vec<MonthError> {
    let ends = |stays: &[Stay]| stays.iter().map(|s| s.left).max();
    let mut months: Vec<Month> = finished.iter().filter_map(|s| ends(s)).map(Timestamp::month).collect();
    months.sort_unstable();
    months.dedup();
    let mut out = Vec::new();
    for month in months {
        let history = History::learn(finished.iter().flatten(), Timestamp::start_of(month.first_day()));
        let (mut cases, mut sum, mut within) = (0_usize, 0_u64, 0_usize);
        for stays in finished.iter().filter(|s| ends(s).is_some_and(|at| at.month() == month)) {
            let Some(first) = stays.first() else { continue };
            let steps: Vec<&str> = stays.iter().map(|s| s.step.as_str()).collect();
            let Some(said) = history.forecast(&first.procedure, &steps, 0) else { continue };
            let took: u32 = stays.iter().fold(0, |sum, s| sum.saturating_add(s.minutes));
            cases += 1;
            sum += u64::from(took.abs_diff(said.median));
            within += usize::from(took <= said.p80);
        }
        if cases > 0 {
            let mean_error = u32::try_from(sum / cases as u64).unwrap_or(u32::MAX);
            let within_p80 = u8::try_from(within * 100 / cases).unwrap_or(100);
            out.push(MonthError { month, cases, mean_error, within_p80 });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{at, calendar, law, procedure},
        super::{Act, Channel, Reason, ReasonKind},
        *,
    };

    fn case(acts: &[(&str, Act)]) -> Case {
        let (rules, procedure) = (law(), procedure("5 working_days"));
        let mut case = Case::file(&procedure, Channel::Online, at(acts[0].0), &rules);
        for (when, act) in acts {
            case = case.apply(act, at(when), "hoa", &rules, calendar(), &procedure).unwrap();
        }
        case
    }

    #[test]
    fn the_share_of_the_term_stands_still_while_the_citizen_is_asked() {
        let ask = || Act::AskSupplement { reasons: vec![Reason { kind: ReasonKind::Missing, part: None, text: "x".into() }], until: None };
        let received = case(&[("2025-07-01 07:30", Act::Accept)]);
        let share = |c: &Case, when: &str| used(c, at(when), calendar()).unwrap().unwrap();
        // The day of receipt is worked too: six days of 450 minutes until the deadline.
        assert_eq!(share(&received, "2025-07-01 17:00"), Used { used: 450, term: 2_700 });
        assert_eq!(share(&received, "2025-07-09 07:30").used, 2_700);
        assert!(share(&received, "2025-07-09 11:30").share() > 1.0, "late");
        let asked = case(&[("2025-07-01 07:30", Act::Accept), ("2025-07-02 17:00", ask())]);
        assert_eq!(share(&asked, "2025-07-02 17:00"), share(&asked, "2025-07-20 09:00"));
        let back = case(&[("2025-07-01 07:30", Act::Accept), ("2025-07-02 17:00", ask()), ("2025-07-10 07:30", Act::Supplement)]);
        assert_eq!(share(&back, "2025-07-10 07:30").used, 900);
        assert_eq!(
            used(&Case::file(&procedure("1 day"), Channel::Online, at("2025-07-01 07:30"), &law()), at("2025-07-02 07:30"), calendar()),
            Ok(None)
        );
    }

    #[test]
    fn stays_leave_out_the_citizens_time() {
        let over = |step: &str| Act::HandOver { step: step.into(), assignee: None, reason: None };
        let c = case(&[
            ("2025-07-01 08:00", Act::Accept),
            ("2025-07-01 09:00", over("appraise")),
            ("2025-07-01 10:00", Act::DemandPayment { amount_vnd: 1, until: None }),
            ("2025-07-03 10:00", Act::Paid { amount_vnd: 1, online: true, reference: String::new() }),
            ("2025-07-03 11:00", over("sign")),
        ]);
        let found: Vec<(String, u32)> = stays(&c, calendar()).unwrap().into_iter().map(|s| (s.step, s.minutes)).collect();
        assert_eq!(found, [("receive".to_owned(), 60), ("appraise".to_owned(), 120)]);
    }

    fn stay(procedure: &str, step: &str, month: i8, minutes: u32) -> Stay {
        Stay { procedure: procedure.into(), step: step.into(), left: at(&format!("2025-{month:02}-15 09:00")), minutes }
    }

    #[test]
    fn a_forecast_compares_with_those_that_took_at_least_as_long() {
        let mut past: Vec<Stay> = (1..=10).map(|n| stay("A", "appraise", 3, n * 10)).collect();
        past.extend((1..=10).map(|_| stay("A", "sign", 3, 5)));
        past.extend((1..=7).map(|_| stay("B", "appraise", 3, 1_000)));
        let history = History::learn(&past, at("2025-04-01 00:00"));
        let of = |p: &str, steps: &[&str], elapsed| history.forecast(p, steps, elapsed).unwrap();
        assert_eq!(of("A", &["appraise"], 0), Forecast { median: 50, p80: 80, cases: 10, basis: Basis::Procedure });
        assert_eq!(of("A", &["appraise", "sign"], 0).median, 55);
        // 60, 70, 80, 90, 100 are left after an hour; the middle one has 20 minutes to go.
        assert_eq!(of("A", &["appraise"], 60), Forecast { median: 20, p80: 30, cases: 5, basis: Basis::Procedure });
        assert_eq!(
            of("A", &["appraise"], 500),
            Forecast { median: 0, p80: 0, cases: 0, basis: Basis::Procedure },
            "nothing is known of that"
        );
        assert_eq!(of("B", &["appraise"], 0).basis, Basis::AllProcedures, "seven are too few");
        assert_eq!(history.forecast("A", &["unknown"], 0), None);
        assert_eq!(History::learn(&past, at("2025-03-01 00:00")).forecast("A", &["appraise"], 0), None, "nothing of the future");
    }

    #[test]
    fn the_error_of_a_month_uses_only_what_was_known_before_it() {
        let month = |m: i8, minutes: u32| (0..10).map(move |_| vec![stay("A", "appraise", m, minutes)]);
        let finished: Vec<Vec<Stay>> = month(1, 100).chain(month(2, 100)).chain(month(3, 160)).collect();
        let errors = past_errors(&finished);
        let short: Vec<(String, usize, u32, u8)> =
            errors.iter().map(|e| (e.month.to_string(), e.cases, e.mean_error, e.within_p80)).collect();
        assert_eq!(short, [("2025-02".to_owned(), 10, 0, 100), ("2025-03".to_owned(), 10, 60, 0)], "January has no past");
    }
}
