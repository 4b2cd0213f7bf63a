//! Every rule of the law as a named test, on the rule sets of the national pack.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::{
    Localized, Refusal, Timestamp,
    calendar::{Calendar, CalendarDay, CalendarSpec, DayKind, Term, YearSpec},
};

pub(super) fn day(date: Date, kind: DayKind) -> CalendarDay {
    CalendarDay { date, kind, name: Localized::new("ngày", "day"), source: None }
}

/// 2025 and 2026 as announced.
pub(super) fn spec() -> CalendarSpec {
    let year = |year: i16, holidays: &[(i8, i8)], off: &[(i8, i8)], work: &[(i8, i8)]| {
        let all = |list: &[(i8, i8)], kind| list.iter().map(|(m, d)| day(date(year, *m, *d), kind)).collect::<Vec<_>>();
        let days = [all(holidays, DayKind::Holiday), all(off, DayKind::SwapOff), all(work, DayKind::SwapWork)].concat();
        YearSpec { year, provisional: false, rest_days: None, hours: None, days }
    };
    let first = [(1, 1), (1, 27), (1, 28), (1, 29), (1, 30), (1, 31), (4, 7), (4, 30), (5, 1), (9, 1), (9, 2)];
    let second = [(1, 1), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (4, 26), (4, 27), (4, 30), (5, 1), (9, 1), (9, 2), (11, 24)];
    let years = vec![year(2025, &first, &[(5, 2)], &[(4, 26)]), year(2026, &second, &[(1, 2), (8, 31)], &[(1, 10), (8, 22)])];
    CalendarSpec { years, ..CalendarSpec::default() }
}

pub(super) fn calendar() -> &'static Calendar {
    static CALENDAR: std::sync::LazyLock<Calendar> = std::sync::LazyLock::new(|| Calendar::build(&spec()).unwrap());
    &CALENDAR
}

fn sets() -> Vec<RuleSet> {
    let path = std::path::Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../packs/vietnam/one-stop/law.toml");
    let file: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    file["one_stop_rules"].as_array().unwrap().iter().map(|t| t.clone().try_into().unwrap()).collect()
}

pub(super) fn law() -> RuleSet {
    sets().into_iter().find(|r| r.id == "ND61-2018").unwrap()
}

pub(super) fn at(text: &str) -> Timestamp {
    let seconds = if text.len() == 16 { ":00" } else { "" };
    format!("{}{seconds}+07:00", text.replace(' ', "T")).parse().unwrap()
}

fn local(t: Timestamp) -> String {
    crate::text::format_datetime(t, "vi")
}

pub(super) fn procedure(term: &str) -> ProcedureTerms {
    let step = |id: &str, who: &str, share| StepTerms { id: id.into(), who: who.into(), share };
    ProcedureTerms {
        code: "1.001193".into(),
        valid_from: date(2025, 1, 1),
        term: term.parse().unwrap(),
        max_term: None,
        steps: vec![step("receive", "desk", 10), step("appraise", "expert", 60), step("sign", "leader", 20), step("issue", "clerk", 10)],
        fee_vnd: Some(8_000),
        online: Online::Full,
        result_electronic: true,
    }
}

/// A desk with one procedure.
struct Desk {
    rules: RuleSet,
    calendar: Calendar,
    procedure: ProcedureTerms,
}

impl Desk {
    fn new(term: &str) -> Self {
        Self { rules: law(), calendar: calendar().clone(), procedure: procedure(term) }
    }
    fn act(&self, case: &Case, act: &Act, when: &str) -> Result<Case, Refusal> {
        case.apply(act, at(when), "hoa", &self.rules, &self.calendar, &self.procedure)
    }
    fn received(&self, when: &str) -> Case {
        let filed = Case::file(&self.procedure, Channel::Counter, at(when), &self.rules);
        self.act(&filed, &Act::Accept, when).unwrap()
    }
    /// Where it is signed.
    fn at_sign(&self, case: &Case, when: &str) -> Case {
        let given = self.act(case, &hand_over(), when).unwrap();
        self.act(&given, &Act::HandOver { step: "sign".into(), assignee: None, reason: None }, when).unwrap()
    }
    fn due(&self, case: &Case) -> String {
        case.due(&self.calendar).unwrap().map_or_else(|| "–".into(), |d| local(d.value))
    }
}

fn reasons() -> Vec<Reason> {
    vec![Reason { kind: ReasonKind::Missing, part: Some("birth_proof".into()), text: "Thiếu giấy chứng sinh".into() }]
}
fn supplement() -> Act {
    Act::AskSupplement { reasons: reasons(), until: None }
}
fn hand_over() -> Act {
    Act::HandOver { step: "appraise".into(), assignee: Some("lan".into()), reason: None }
}
fn apologise(new_day: Date) -> Act {
    Act::Apologise { reason: "Chờ xác minh".into(), new_day }
}
fn arg<'a>(r: &'a Refusal, name: &str) -> &'a str {
    r.args.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.as_str())
}
/// Code and article of a refusal.
fn cited(r: &Refusal) -> String {
    format!("{} {}.{} {}", r.code, arg(r, "article"), arg(r, "clause"), arg(r, "decree"))
}

#[rstest]
#[case("2025-07-01 14:59", "14:59 01/07/2025", "17:00 04/07/2025")]
#[case("2025-07-01 15:00", "15:00 01/07/2025", "17:00 04/07/2025")]
#[case("2025-07-01 15:00:01", "07:30 02/07/2025", "17:00 07/07/2025")]
#[case("2025-07-01 15:01", "07:30 02/07/2025", "17:00 07/07/2025")]
#[case("2025-07-04 15:01", "07:30 07/07/2025", "17:00 10/07/2025")] // Friday → Monday
#[case("2025-07-05 09:00", "07:30 07/07/2025", "17:00 10/07/2025")] // filed on a Saturday
fn received_after_15_00_counts_from_the_next_working_day(#[case] when: &str, #[case] starts: &str, #[case] due: &str) {
    let desk = Desk::new("3 working_days");
    let case = desk.received(when);
    assert_eq!(local(case.clock.as_ref().unwrap().started), starts);
    assert_eq!(desk.due(&case), due);
}

#[rstest]
#[case("2025-04-25 09:00", "17:00 05/05/2025")] // Saturday 26 April worked, 30/4–1/5 and the exchanged 2/5 off
#[case("2026-01-09 09:00", "17:00 14/01/2026")] // Saturday 10 January worked for 2 January
#[case("2026-08-28 09:00", "17:00 08/09/2026")] // 31/8 exchanged, 1–2/9 holidays
fn a_term_runs_across_exchanged_days(#[case] when: &str, #[case] due: &str) {
    let desk = Desk::new("4 working_days");
    assert_eq!(desk.due(&desk.received(when)), due);
}

#[test]
fn the_time_the_citizen_takes_for_a_supplement_does_not_count() {
    let desk = Desk::new("5 working_days");
    let case = desk.act(&desk.received("2025-07-01 09:00"), &hand_over(), "2025-07-01 10:00").unwrap();
    assert_eq!(desk.due(&case), "17:00 08/07/2025");
    let asked = desk.act(&case, &supplement(), "2025-07-03 10:00").unwrap();
    assert_eq!((asked.status(), desk.due(&asked)), (Status::Supplement, "–".to_owned()), "no deadline runs while the citizen is asked");
    let back = desk.act(&asked, &Act::Supplement, "2025-07-08 08:00").unwrap();
    assert_eq!((back.status(), desk.due(&back)), (Status::InProgress, "17:00 11/07/2025".to_owned()), "three working days later");
}

#[test]
fn a_second_supplement_is_refused_with_article_15() {
    let desk = Desk::new("5 working_days");
    let asked = desk.act(&desk.received("2025-07-01 09:00"), &supplement(), "2025-07-02 09:00").unwrap();
    let back = desk.act(&asked, &Act::Supplement, "2025-07-03 09:00").unwrap();
    let refusal = desk.act(&back, &supplement(), "2025-07-03 10:00").unwrap_err();
    assert_eq!(cited(&refusal), "one_stop.supplement_again 15.none NĐ 61/2018/NĐ-CP");
    assert_eq!(arg(&refusal, "first"), at("2025-07-02 09:00").to_string());
    let after = Act::ReturnAfterAppraisal { reasons: reasons(), until: None };
    assert_eq!(desk.act(&back, &after, "2025-07-03 10:00").unwrap_err().code, "one_stop.supplement_again", "however it is called");
    let offer = back.offers(at("2025-07-03 10:00"), &desk.rules, &desk.calendar);
    let offer = offer.iter().find(|o| o.act == ActKind::AskSupplement).unwrap();
    assert_eq!(offer.refusal.as_ref().unwrap().code, "one_stop.supplement_again", "the button says why it is closed");
}

#[test]
fn a_supplement_asked_before_receipt_is_the_one_too() {
    let desk = Desk::new("5 working_days");
    let filed = Case::file(&desk.procedure, Channel::Online, at("2025-07-01 09:00"), &desk.rules);
    let asked = desk.act(&filed, &supplement(), "2025-07-01 10:00").unwrap();
    assert!(asked.clock.is_none());
    let back = desk.act(&asked, &Act::Supplement, "2025-07-02 09:00").unwrap();
    assert_eq!(back.status(), Status::Registered);
    let received = desk.act(&back, &Act::Accept, "2025-07-02 10:00").unwrap();
    assert_eq!(desk.due(&received), "17:00 09/07/2025", "counts from receipt, not from filing");
    assert_eq!(desk.act(&received, &supplement(), "2025-07-02 11:00").unwrap_err().code, "one_stop.supplement_again");
}

#[test]
fn a_return_after_appraisal_restarts_the_clock_from_zero() {
    let desk = Desk::new("5 working_days");
    let case = desk.act(&desk.received("2025-07-01 09:00"), &hand_over(), "2025-07-01 10:00").unwrap();
    let act = Act::ReturnAfterAppraisal { reasons: reasons(), until: Some(date(2025, 7, 31)) };
    let returned = desk.act(&case, &act, "2025-07-04 16:59").unwrap();
    assert_eq!(returned.status(), Status::Supplement);
    let back = desk.act(&returned, &Act::Supplement, "2025-07-10 15:01").unwrap();
    assert_eq!(local(back.clock.as_ref().unwrap().started), "07:30 11/07/2025", "the receipt rule holds for what comes back");
    assert_eq!(desk.due(&back), "17:00 18/07/2025");
}

#[rstest]
#[case("2025-07-04 17:00", None)]
#[case("2025-07-04 17:01", Some("one_stop.return_too_late 19.4 NĐ 61/2018/NĐ-CP"))]
fn a_return_after_appraisal_is_refused_after_three_working_days(#[case] when: &str, #[case] refusal: Option<&str>) {
    let desk = Desk::new("10 working_days");
    let case = desk.received("2025-07-01 09:00");
    let act = Act::ReturnAfterAppraisal { reasons: reasons(), until: None };
    assert_eq!(desk.act(&case, &act, when).err().map(|r| cited(&r)).as_deref(), refusal);
}

#[rstest]
#[case("2025-07-07 17:00", None)]
#[case("2025-07-07 17:00:01", Some("one_stop.apology_too_late 19.9 NĐ 61/2018/NĐ-CP"))]
#[case("2025-07-08 08:00", Some("one_stop.apology_too_late 19.9 NĐ 61/2018/NĐ-CP"))]
fn an_apology_is_due_one_working_day_before_the_deadline(#[case] when: &str, #[case] refusal: Option<&str>) {
    let desk = Desk::new("5 working_days");
    let case = desk.received("2025-07-01 09:00");
    assert_eq!(local(case.apology_by(&desk.rules, &desk.calendar).unwrap().unwrap()), "17:00 07/07/2025");
    let done = desk.act(&case, &apologise(date(2025, 7, 11)), when);
    assert_eq!(done.as_ref().err().map(cited).as_deref(), refusal);
    if let Ok(done) = done {
        assert_eq!(desk.due(&done), "17:00 11/07/2025");
    }
}

#[test]
fn the_working_day_before_a_monday_is_a_friday() {
    let desk = Desk::new("4 working_days");
    let case = desk.received("2025-07-01 09:00");
    assert_eq!(desk.due(&case), "17:00 07/07/2025");
    assert_eq!(local(case.apology_by(&desk.rules, &desk.calendar).unwrap().unwrap()), "17:00 04/07/2025");
}

#[test]
fn a_second_re_appointment_is_refused_with_article_19_9() {
    let desk = Desk::new("5 working_days");
    let once = desk.act(&desk.received("2025-07-01 09:00"), &apologise(date(2025, 7, 11)), "2025-07-04 09:00").unwrap();
    let refusal = desk.act(&once, &apologise(date(2025, 7, 18)), "2025-07-08 09:00").unwrap_err();
    assert_eq!(cited(&refusal), "one_stop.reappointed 19.9 NĐ 61/2018/NĐ-CP");
    assert_eq!(arg(&refusal, "first"), at("2025-07-04 09:00").to_string());
    let sorry = Act::ApologiseLate { reason: "Chờ xác minh".into(), expected: date(2025, 7, 18) };
    let late = desk.act(&once, &sorry, "2025-07-08 09:00").unwrap();
    assert_eq!((desk.due(&late), late.apologies.len()), ("17:00 11/07/2025".to_owned(), 2), "the letter does not move the deadline");
}

#[test]
fn an_apology_out_of_time_leaves_the_deadline_where_it_is() {
    let desk = Desk::new("5 working_days");
    let case = desk.received("2025-07-01 09:00");
    let sorry = Act::ApologiseLate { reason: "Chờ xác minh".into(), expected: date(2025, 7, 18) };
    assert_eq!(desk.act(&case, &sorry, "2025-07-02 09:00").unwrap_err().code, "one_stop.apology_in_time");
    let late = desk.act(&case, &sorry, "2025-07-09 09:00").unwrap();
    assert_eq!(desk.due(&late), "17:00 08/07/2025");
    let done =
        desk.act(&desk.at_sign(&late, "2025-07-10 08:00"), &Act::Resolve { result: ResultGiven::default() }, "2025-07-10 09:00").unwrap();
    assert!(done.end.as_ref().unwrap().late);
}

#[rstest]
#[case(date(2025, 7, 8))] // the old deadline's own day
#[case(date(2025, 7, 12))] // a Saturday
fn a_new_day_is_a_working_day_after_the_old_one(#[case] new_day: Date) {
    let desk = Desk::new("5 working_days");
    let refusal = desk.act(&desk.received("2025-07-01 09:00"), &apologise(new_day), "2025-07-04 09:00").unwrap_err();
    assert_eq!(cited(&refusal), "one_stop.new_day 19.9 NĐ 61/2018/NĐ-CP");
}

#[test]
fn handed_over_the_same_day_or_the_next_when_received_late() {
    let desk = Desk::new("5 working_days");
    let by = |case: &Case| local(case.hand_over_by(&desk.rules, &desk.calendar).unwrap().unwrap());
    let (early, late) = (desk.received("2025-07-01 14:59"), desk.received("2025-07-01 15:01"));
    assert_eq!((by(&early).as_str(), by(&late).as_str()), ("17:00 01/07/2025", "17:00 02/07/2025"));
    let given = |case: &Case, when| desk.act(case, &hand_over(), when).unwrap().handed_over_late(&desk.rules, &desk.calendar).unwrap();
    assert_eq!((given(&early, "2025-07-01 16:59"), given(&early, "2025-07-02 08:00")), (false, true));
    assert!(!given(&late, "2025-07-02 08:00"));
}

#[test]
fn working_hours_are_those_of_the_unit() {
    let usual = Desk::new("8 working_hours");
    assert_eq!(usual.due(&usual.received("2025-07-01 09:00")), "09:30 02/07/2025");
    let mut spec = spec();
    spec.hours = vec!["08:00-12:00".into(), "13:00-17:00".into()];
    spec.hours_on = vec![(jiff::civil::Weekday::Saturday, vec!["08:00-12:00".into()])];
    let own = Desk { calendar: Calendar::build(&spec).unwrap(), ..Desk::new("8 working_hours") };
    assert_eq!(own.due(&own.received("2025-07-01 09:00")), "09:00 02/07/2025");
    let friday = own.received("2025-07-04 14:00");
    assert_eq!(own.due(&friday), "09:00 07/07/2025", "three hours on Friday, four on Saturday morning, one on Monday");
    let exchanged = own.received("2025-04-25 14:00");
    assert_eq!(own.due(&exchanged), "14:00 26/04/2025", "three hours on Friday, five on the Saturday worked whole");
}

#[test]
fn a_same_day_procedure_ends_that_day_or_the_next() {
    let desk = Desk::new("same_day");
    assert_eq!(desk.due(&desk.received("2025-07-01 09:00")), "17:00 01/07/2025");
    assert_eq!(desk.due(&desk.received("2025-07-01 15:01")), "17:00 02/07/2025");
    let done = desk
        .act(
            &desk.at_sign(&desk.received("2025-07-01 09:00"), "2025-07-01 09:10"),
            &Act::Resolve { result: ResultGiven::default() },
            "2025-07-01 09:20",
        )
        .unwrap();
    assert_eq!(done.status(), Status::Resolved);
}

#[test]
fn what_is_due_the_same_day_is_not_put_off_and_no_letter_goes_out_before_it_is_late() {
    let desk = Desk::new("same_day");
    let case = desk.received("2025-07-01 09:00");
    assert_eq!(desk.act(&case, &apologise(date(2025, 7, 3)), "2025-07-01 10:00").unwrap_err().code, "one_stop.apology_no_day");
    let sorry = Act::ApologiseLate { reason: "Mất điện".into(), expected: date(2025, 7, 3) };
    assert_eq!(desk.act(&case, &sorry, "2025-07-01 10:00").unwrap_err().code, "one_stop.not_late");
    assert!(desk.act(&case, &sorry, "2025-07-02 08:00").is_ok());
    let by = case.return_by(&desk.rules, &desk.calendar).unwrap().map(local);
    assert_eq!(by.as_deref(), Some("17:00 01/07/2025"), "a term shorter than three days ends it sooner");
}

#[test]
fn a_step_is_not_left_out_and_a_result_is_signed_where_it_is_signed() {
    let desk = Desk::new("5 working_days");
    let case = desk.received("2025-07-01 09:00");
    let to = |step: &str| Act::HandOver { step: step.into(), assignee: None, reason: None };
    let resolve = Act::Resolve { result: ResultGiven::default() };
    let refusal = desk.act(&case, &to("sign"), "2025-07-01 10:00").unwrap_err();
    assert_eq!((refusal.code, arg(&refusal, "step")), ("one_stop.step_left_out", "appraise"));
    assert_eq!(desk.act(&case, &to("nowhere"), "2025-07-01 10:00").unwrap_err().code, "one_stop.unknown_step");
    let appraised = desk.act(&case, &to("appraise"), "2025-07-01 10:00").unwrap();
    assert_eq!(desk.act(&appraised, &to("appraise"), "2025-07-01 10:10").unwrap_err().code, "one_stop.already_there");
    assert!(desk.act(&appraised, &hand_over(), "2025-07-01 10:10").is_ok(), "to somebody else at the same step");
    let early = desk.act(&appraised, &resolve, "2025-07-01 10:20").unwrap_err();
    assert_eq!((early.code, arg(&early, "step")), ("one_stop.not_at_decision", "sign"));
    let signing = desk.act(&appraised, &to("sign"), "2025-07-01 10:20").unwrap();
    assert!(desk.act(&signing, &to("appraise"), "2025-07-01 10:30").is_ok(), "back to be mended");
    assert!(desk.act(&signing, &resolve, "2025-07-01 10:30").is_ok());
}

#[test]
fn a_clock_that_stands_still_shows_what_was_used_until_then() {
    let desk = Desk::new("same_day");
    let case = desk.received("2025-07-01 07:50");
    let asked = desk.act(&case, &supplement(), "2025-07-01 08:20").unwrap();
    let used = super::waiting::used(&asked, at("2025-07-01 09:00"), &desk.calendar).unwrap().unwrap();
    assert_eq!((used.used, used.term), (30, 430), "half an hour of a day that ends at 17:00");
}

#[test]
fn a_holiday_declared_later_moves_open_deadlines() {
    let desk = Desk::new("5 working_days");
    let case = desk.received("2026-07-01 09:00");
    assert_eq!(desk.due(&case), "17:00 08/07/2026");
    let mut spec = spec();
    spec.years[1].days.push(day(date(2026, 7, 6), DayKind::Holiday));
    let later = Desk { calendar: Calendar::build(&spec).unwrap(), ..Desk::new("5 working_days") };
    assert_eq!(later.due(&case), "17:00 09/07/2026", "the case is the same, the calendar is not");
    let named = desk.act(&case, &apologise(date(2026, 7, 10)), "2026-07-03 09:00").unwrap();
    spec.years[1].days.push(day(date(2026, 7, 10), DayKind::Holiday));
    let later = Desk { calendar: Calendar::build(&spec).unwrap(), ..later };
    assert_eq!(later.due(&named), "17:00 13/07/2026", "also a day that was named");
}

#[test]
fn a_refusal_needs_its_reasons_one_by_one() {
    let desk = Desk::new("5 working_days");
    let case = desk.received("2025-07-01 09:00");
    let empty = Reason { kind: ReasonKind::Other, part: None, text: " \u{200b} ".into() };
    for list in [vec![], vec![empty]] {
        let refused = desk.act(&case, &Act::Refuse { reasons: list.clone() }, "2025-07-02 09:00").unwrap_err();
        assert_eq!(cited(&refused), "one_stop.reason_required 19.8 NĐ 61/2018/NĐ-CP");
        assert_eq!(
            desk.act(&case, &Act::AskSupplement { reasons: list, until: None }, "2025-07-02 09:00").unwrap_err().code,
            "one_stop.reason_required"
        );
    }
    let many = vec![reasons().remove(0); 31];
    assert_eq!(desk.act(&case, &Act::Refuse { reasons: many }, "2025-07-02 09:00").unwrap_err().code, "one_stop.reasons_max");
    let done = desk.act(&case, &Act::Refuse { reasons: reasons() }, "2025-07-09 09:00").unwrap();
    assert_eq!((done.status(), done.status().national_code()), (Status::Rejected, 8));
    assert!(done.end.unwrap().late, "a refusal after the term is late (article 19, clause 8)");
}

#[test]
fn opinions_have_deadlines_of_their_own_and_decisions_wait_for_them() {
    let desk = Desk::new("5 working_days");
    let case = desk.at_sign(&desk.received("2025-07-01 09:00"), "2025-07-01 09:30");
    let ask = |agency: &str, due| Act::AskOpinion { agency: agency.into(), question: "Nguồn gốc đất?".into(), due };
    assert_eq!(desk.act(&case, &ask("Công an phường", date(2025, 6, 30)), "2025-07-01 10:00").unwrap_err().code, "one_stop.day_past");
    let one = desk.act(&case, &ask("Công an phường", date(2025, 7, 3)), "2025-07-01 10:00").unwrap();
    let two = desk.act(&one, &ask("Phòng Kinh tế", date(2025, 7, 4)), "2025-07-01 10:00").unwrap();
    assert_eq!(desk.due(&two), "17:00 08/07/2025", "asking others does not stop the clock");
    let resolve = Act::Resolve { result: ResultGiven::default() };
    let refusal = desk.act(&two, &resolve, "2025-07-02 10:00").unwrap_err();
    assert_eq!((refusal.code, arg(&refusal, "agency")), ("one_stop.opinion_open", "Công an phường"));
    let answer = Act::AnswerOpinion { opinion: 0, agrees: true, text: "Đồng ý".into() };
    let answered = desk.act(&two, &answer, "2025-07-02 11:00").unwrap();
    assert_eq!(desk.act(&answered, &answer, "2025-07-02 12:00").unwrap_err().code, "one_stop.unknown_opinion");
    assert_eq!(arg(&desk.act(&answered, &resolve, "2025-07-04 10:00").unwrap_err(), "agency"), "Phòng Kinh tế");
    assert!(desk.act(&answered, &resolve, "2025-07-07 08:00").is_ok(), "an agency that lets its day pass holds nothing up");
}

#[test]
fn another_unit_has_its_part() {
    let desk = Desk::new("5 working_days");
    let case = desk.received("2025-07-01 09:00");
    let forward = |linking| Act::ForwardToUnit {
        unit: "26526@2025-07-01".parse().unwrap(),
        linking,
        due: Some(date(2025, 7, 4)),
        reason: "Xác minh nơi cư trú".into(),
    };
    let sent = desk.act(&case, &forward(Linking::Part), "2025-07-01 10:00").unwrap();
    let resolve = Act::Resolve { result: ResultGiven::default() };
    assert_eq!(cited(&desk.act(&sent, &resolve, "2025-07-02 10:00").unwrap_err()), "one_stop.link_open 19.none NĐ 61/2018/NĐ-CP");
    let back = desk.act(&sent, &Act::ReturnFromUnit { link: 0, text: "Đã xác minh".into() }, "2025-07-03 10:00").unwrap();
    assert!(desk.act(&desk.at_sign(&back, "2025-07-03 10:30"), &resolve, "2025-07-03 11:00").is_ok());
    let gone = desk.act(&case, &forward(Linking::Competent), "2025-07-01 10:00").unwrap();
    assert!(desk.act(&desk.at_sign(&gone, "2025-07-03 10:30"), &resolve, "2025-07-03 11:00").is_ok(), "the competent unit decides");
}

#[test]
fn payment_stops_the_clock_until_all_is_paid() {
    let desk = Desk::new("5 working_days");
    let case = desk.act(&desk.received("2025-07-01 09:00"), &hand_over(), "2025-07-01 10:00").unwrap();
    let asked = desk.act(&case, &Act::DemandPayment { amount_vnd: 50_000, until: None }, "2025-07-02 09:00").unwrap();
    assert_eq!((asked.status(), desk.due(&asked).as_str()), (Status::Payment, "–"));
    let paid = |amount_vnd| Act::Paid { amount_vnd, online: true, reference: "FT1".into() };
    let part = desk.act(&asked, &paid(20_000), "2025-07-03 09:00").unwrap();
    assert_eq!(part.status(), Status::Payment);
    let all = desk.act(&part, &paid(30_000), "2025-07-04 09:00").unwrap();
    assert_eq!((all.status(), desk.due(&all).as_str()), (Status::InProgress, "17:00 10/07/2025"));
    assert_eq!(
        desk.act(&case, &Act::DemandPayment { amount_vnd: 0, until: None }, "2025-07-02 09:00").unwrap_err().code,
        "one_stop.amount"
    );
}

#[test]
fn what_is_missing_can_be_asked_for_while_the_fee_is_due() {
    let desk = Desk::new("5 working_days");
    let case = desk.act(&desk.received("2025-07-01 09:00"), &hand_over(), "2025-07-01 10:00").unwrap();
    let due = desk.act(&case, &Act::DemandPayment { amount_vnd: 50_000, until: None }, "2025-07-02 09:00").unwrap();
    let asked = desk.act(&due, &supplement(), "2025-07-02 14:00").unwrap();
    assert_eq!((asked.status(), desk.due(&asked).as_str()), (Status::Supplement, "–"));
    let paid = Act::Paid { amount_vnd: 50_000, online: true, reference: "FT1".into() };
    // The papers come first: the fee is waited for again, and the citizen's time counts once.
    let answered = desk.act(&asked, &Act::Supplement, "2025-07-03 09:00").unwrap();
    assert_eq!((answered.status(), desk.due(&answered).as_str()), (Status::Payment, "–"));
    let all = desk.act(&answered, &paid, "2025-07-04 09:00").unwrap();
    assert_eq!((all.status(), desk.due(&all).as_str()), (Status::InProgress, "17:00 10/07/2025"));
    // The money comes first: only the papers are waited for.
    let papers = desk.act(&asked, &paid, "2025-07-03 09:00").unwrap();
    assert_eq!(papers.status(), Status::Supplement);
    let all = desk.act(&papers, &Act::Supplement, "2025-07-04 09:00").unwrap();
    assert_eq!((all.status(), desk.due(&all).as_str()), (Status::InProgress, "17:00 10/07/2025"));
}

#[test]
fn a_suspension_stops_the_clock_and_names_its_basis() {
    let desk = Desk::new("5 working_days");
    let case = desk.received("2025-07-01 09:00");
    let suspend = |basis: &str| Act::Suspend { reason: "Chờ bản án".into(), basis: basis.into() };
    assert_eq!(desk.act(&case, &suspend(""), "2025-07-02 09:00").unwrap_err().code, "one_stop.reason_required");
    let stands = desk.act(&case, &suspend("QĐ 12/2025/QĐ-TA"), "2025-07-02 09:00").unwrap();
    assert_eq!(desk.due(&stands), "–");
    assert_eq!(desk.act(&stands, &hand_over(), "2025-07-02 10:00").unwrap_err().code, "one_stop.suspended");
    let on = desk.act(&stands, &Act::Resume, "2025-07-04 09:00").unwrap();
    assert_eq!(desk.due(&on), "17:00 10/07/2025");
}

#[test]
fn an_early_result_is_marked_and_returned_once() {
    let desk = Desk::new("5 working_days");
    let done = desk
        .act(
            &desk.at_sign(&desk.received("2025-07-01 09:00"), "2025-07-02 09:00"),
            &Act::Resolve { result: ResultGiven::default() },
            "2025-07-03 09:00",
        )
        .unwrap();
    let end = done.end.as_ref().unwrap();
    assert!(end.early && !end.late);
    let out = desk.act(&done, &Act::ReturnResult { way: Way::Post }, "2025-07-03 10:00").unwrap();
    assert_eq!((out.status(), out.status().national_code()), (Status::ReturnedResult, 10));
    assert_eq!(
        cited(&desk.act(&out, &Act::ReturnResult { way: Way::Desk }, "2025-07-03 11:00").unwrap_err()),
        "one_stop.not_now 20.none NĐ 61/2018/NĐ-CP"
    );
}

#[test]
fn handling_stops_only_after_the_citizens_day_has_passed() {
    let desk = Desk::new("5 working_days");
    let ask = Act::AskSupplement { reasons: reasons(), until: Some(date(2025, 7, 10)) };
    let asked = desk.act(&desk.received("2025-07-01 09:00"), &ask, "2025-07-02 09:00").unwrap();
    let stop = Act::Stop { reason: "Không bổ sung".into() };
    assert_eq!(arg(&desk.act(&asked, &stop, "2025-07-10 16:00").unwrap_err(), "until"), "2025-07-10");
    let stopped = desk.act(&asked, &stop, "2025-07-11 08:00").unwrap();
    assert_eq!((stopped.status(), stopped.status().national_code()), (Status::Stopped, 8));
}

/// Without a day in the request the rules' own term holds, and is what the form proposes.
#[test]
fn handling_does_not_stop_early_where_the_request_named_no_day() {
    let desk = Desk::new("5 working_days");
    let asked = desk.act(&desk.received("2025-07-01 09:00"), &supplement(), "2025-07-02 09:00").unwrap();
    assert_eq!(asked.asked().unwrap().until, None);
    let stop = Act::Stop { reason: "Không bổ sung".into() };
    let early = desk.act(&asked, &stop, "2025-07-02 10:00").unwrap_err();
    assert_eq!((cited(&early).as_str(), arg(&early, "until")), ("one_stop.citizen_has_time 15.none NĐ 61/2018/NĐ-CP", "2025-08-01"));
    assert_eq!(desk.rules.supplement_until(at("2025-07-02 09:00"), &desk.calendar).unwrap(), Some(date(2025, 8, 1)));
    assert_eq!(desk.act(&asked, &stop, "2025-08-01 16:00").unwrap_err().code, "one_stop.citizen_has_time");
    assert_eq!(desk.act(&asked, &stop, "2025-08-04 08:00").unwrap().status(), Status::Stopped);
    // Every set of the pack has a term, and says that it is still to be confirmed.
    assert!(sets().iter().all(|r| r.supplement_wait.as_ref().is_some_and(|w| !w.verified)));
    // Rules that give none are as they were.
    let none = Desk { rules: RuleSet { supplement_wait: None, ..law() }, ..Desk::new("5 working_days") };
    assert_eq!(none.act(&asked, &stop, "2025-07-02 10:00").unwrap().status(), Status::Stopped);
}

/// The same for a fee: whoever owes it has until the day of the demand, or as long as the rules say.
#[test]
fn handling_does_not_stop_before_the_day_of_the_demand() {
    let desk = Desk::new("5 working_days");
    let received = desk.received("2025-07-01 09:00");
    let demand = |until| Act::DemandPayment { amount_vnd: 50_000, until };
    let stop = Act::Stop { reason: "Không nộp phí".into() };
    assert_eq!(desk.act(&received, &demand(Some(date(2025, 7, 2))), "2025-07-02 09:00").unwrap_err().code, "one_stop.day_past");
    let named = desk.act(&received, &demand(Some(date(2025, 7, 10))), "2025-07-02 09:00").unwrap();
    let early = desk.act(&named, &stop, "2025-07-10 16:00").unwrap_err();
    assert_eq!((early.code, arg(&early, "until")), ("one_stop.citizen_may_pay", "2025-07-10"));
    assert_eq!(desk.act(&named, &stop, "2025-07-11 08:00").unwrap().status(), Status::Stopped);
    let silent = desk.act(&received, &demand(None), "2025-07-02 09:00").unwrap();
    let early = desk.act(&silent, &stop, "2025-08-01 16:00").unwrap_err();
    assert_eq!((cited(&early).as_str(), arg(&early, "until")), ("one_stop.citizen_may_pay 22.none NĐ 61/2018/NĐ-CP", "2025-08-01"));
    assert_eq!(desk.act(&silent, &stop, "2025-08-04 08:00").unwrap().status(), Status::Stopped);
    // Every set of the pack has a term, and says that it is still to be confirmed.
    assert!(sets().iter().all(|r| r.payment_wait.as_ref().is_some_and(|w| !w.verified)));
}

#[test]
fn a_dossier_filed_online_is_answered_within_its_hours() {
    let desk = Desk::new("5 working_days");
    let by = |filed: &str| {
        let case = Case::file(&desk.procedure, Channel::Online, at(filed), &desk.rules);
        local(case.answer_by(&desk.rules, &desk.calendar).unwrap().unwrap())
    };
    assert_eq!((by("2025-07-01 09:00").as_str(), by("2025-07-05 22:00").as_str()), ("09:30 02/07/2025", "08:00 08/07/2025"));
}

/// Each act in each state where it makes no sense, and each with an instant before the last one.
#[test]
fn illegal_steps_are_all_refused_with_an_article() {
    let desk = Desk::new("5 working_days");
    let mut cases = vec![Case::file(&desk.procedure, Channel::Online, at("2025-07-01 09:00"), &desk.rules)];
    let received = desk.received("2025-07-01 09:00");
    let asked = desk.act(&received, &supplement(), "2025-07-01 10:00").unwrap();
    cases.push(desk.act(&received, &hand_over(), "2025-07-01 10:00").unwrap());
    cases.push(desk.act(&received, &Act::DemandPayment { amount_vnd: 1, until: None }, "2025-07-01 10:00").unwrap());
    let resolved = desk
        .act(&desk.at_sign(&received, "2025-07-01 10:00"), &Act::Resolve { result: ResultGiven::default() }, "2025-07-01 10:00")
        .unwrap();
    cases.push(desk.act(&resolved, &Act::ReturnResult { way: Way::Desk }, "2025-07-01 10:00").unwrap());
    cases.push(desk.act(&received, &Act::Refuse { reasons: reasons() }, "2025-07-01 10:00").unwrap());
    cases.push(desk.act(&received, &Act::Withdraw { reason: String::new() }, "2025-07-01 10:00").unwrap());
    cases.push(desk.act(&cases[0], &Act::NotAccept { reasons: reasons() }, "2025-07-01 10:00").unwrap());
    let at_once = Desk { rules: RuleSet { payment_wait: None, ..law() }, ..Desk::new("5 working_days") };
    cases.push(at_once.act(&cases[2], &Act::Stop { reason: "x".into() }, "2025-07-01 10:00").unwrap());
    cases.extend([received, asked, resolved]);
    let states: std::collections::BTreeSet<Status> = cases.iter().map(Case::status).collect();
    assert_eq!(states.len(), Status::ALL.len(), "every state is tried");
    let mut refused = 0;
    for case in &cases {
        let offers = case.offers(at("2025-07-01 11:00"), &desk.rules, &desk.calendar);
        for kind in ActKind::ALL {
            let told = case.permits(*kind, at("2025-07-01 11:00"), &desk.rules, &desk.calendar);
            let offered = offers.iter().any(|o| o.act == *kind);
            if let Err(r) = told.as_ref()
                && r.code == "one_stop.not_now"
            {
                refused += 1;
                assert!(!offered && !arg(r, "article").is_empty() && arg(r, "decree").contains("61/2018"), "{r}");
            } else {
                assert!(offered, "{:?} in {:?}", kind, case.status());
            }
        }
        let early = ActKind::ALL.iter().filter_map(|k| case.permits(*k, at("2025-07-01 08:00"), &desk.rules, &desk.calendar).err());
        assert!(early.filter(|r| r.code == "one_stop.order").all(|r| !arg(&r, "article").is_empty()));
    }
    assert!(refused > 130, "{refused}");
}

#[test]
fn the_rules_in_force_are_those_of_the_day() {
    let sets = sets();
    let on = |d| sets.iter().filter(|r| r.in_force_on(d)).map(|r| r.id.as_str()).collect::<Vec<_>>();
    assert_eq!(on(date(2018, 6, 20)), Vec::<&str>::new());
    assert_eq!((on(date(2025, 6, 30)), on(date(2025, 7, 1))), (vec!["ND61-2018"], vec!["ND118-2025"]));
    for set in &sets {
        assert!(set.faults().is_empty(), "{:?}", set.faults());
        assert_eq!(set.steps.len(), ActKind::ALL.len(), "{}: every act has its article", set.id);
        let json = serde_json::to_string(set).unwrap();
        assert_eq!(serde_json::from_str::<RuleSet>(&json).unwrap(), *set);
    }
    let new = sets.iter().find(|r| r.id == "ND118-2025").unwrap();
    assert!(!new.supplements.verified && !new.apology_before.verified, "what was not obtained says so");
    assert_eq!(cited(&new.refuse("one_stop.amount", new.cite(ActKind::Paid))), "one_stop.amount 22.none NĐ 61/2018/NĐ-CP");
    let looser = RuleSet { supplements: Ruled { value: 2, ..law().supplements }, ..law() };
    let desk = Desk { rules: looser, ..Desk::new("5 working_days") };
    let asked = desk.act(&desk.received("2025-07-01 09:00"), &supplement(), "2025-07-02 09:00").unwrap();
    let back = desk.act(&asked, &Act::Supplement, "2025-07-03 09:00").unwrap();
    assert!(desk.act(&back, &supplement(), "2025-07-04 09:00").is_ok(), "the number is data");
    let mut unsound = law();
    unsound.apology_before.value = Term::Days(1);
    assert_eq!(unsound.faults(), ["apology_before is counted in working days"]);
    assert!(Cite::try_from("19.9.1".to_owned()).is_err() && Cite::try_from(String::new()).is_err());
    assert!(Minute::try_from("25:00".to_owned()).is_err() && Minute::try_from("15:0".to_owned()).is_err());
}

#[test]
fn acts_and_cases_are_kept_as_json() {
    let json = r#"{"act":"ask_supplement","reasons":[{"kind":"missing","part":"birth_proof","text":"Thiếu"}],"until":"2025-08-01"}"#;
    let act: Act = serde_json::from_str(json).unwrap();
    assert_eq!(act.kind(), ActKind::AskSupplement);
    assert_eq!(act.said().unwrap(), "Thiếu");
    for kind in ActKind::ALL {
        assert_eq!(ActKind::of(kind.id()), Some(*kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.id());
    }
    for status in Status::ALL {
        assert_eq!(serde_json::to_value(status).unwrap(), status.id());
    }
    let desk = Desk::new("5 working_days");
    let case = desk.act(&desk.received("2025-07-01 09:00"), &apologise(date(2025, 7, 11)), "2025-07-04 09:00").unwrap();
    assert_eq!(serde_json::from_str::<Case>(&serde_json::to_string(&case).unwrap()).unwrap(), case);
}

fn any_act() -> impl Strategy<Value = Act> {
    let reasons = prop_oneof![9 => Just(reasons()), 1 => Just(Vec::new())];
    let near = (0_i32..40).prop_map(|n| crate::time::date_from_days(crate::time::days_since_epoch(date(2025, 7, 1)) + n));
    prop_oneof![
        3 => Just(Act::Accept),
        1 => reasons.clone().prop_map(|reasons| Act::NotAccept { reasons }),
        2 => reasons.clone().prop_map(|reasons| Act::AskSupplement { reasons, until: None }),
        4 => Just(Act::Supplement),
        2 => reasons.clone().prop_map(|reasons| Act::ReturnAfterAppraisal { reasons, until: None }),
        3 => prop_oneof![Just("appraise"), Just("sign"), Just("nowhere")].prop_map(|s| Act::HandOver { step: s.into(), assignee: None, reason: None }),
        2 => near.clone().prop_map(|due| Act::AskOpinion { agency: "A".into(), question: "?".into(), due }),
        2 => (0_usize..3).prop_map(|opinion| Act::AnswerOpinion { opinion, agrees: true, text: String::new() }),
        1 => (0_u64..3).prop_map(|amount_vnd| Act::DemandPayment { amount_vnd, until: None }),
        2 => (0_u64..4).prop_map(|amount_vnd| Act::Paid { amount_vnd, online: true, reference: "r".into() }),
        2 => near.clone().prop_map(apologise),
        1 => near.clone().prop_map(|expected| Act::ApologiseLate { reason: "r".into(), expected }),
        1 => Just(Act::Suspend { reason: "r".into(), basis: "b".into() }),
        2 => Just(Act::Resume),
        1 => near.prop_map(|d| Act::ForwardToUnit { unit: "1@2025-07-01".parse().unwrap(), linking: Linking::Part, due: Some(d), reason: "r".into() }),
        1 => (0_usize..2).prop_map(|link| Act::ReturnFromUnit { link, text: String::new() }),
        1 => Just(Act::Resolve { result: ResultGiven::default() }),
        1 => reasons.prop_map(|reasons| Act::Refuse { reasons }),
        1 => Just(Act::ReturnResult { way: Way::Desk }),
        1 => Just(Act::Withdraw { reason: String::new() }),
        1 => Just(Act::Stop { reason: "r".into() }),
    ]
}

proptest! {
    /// Whatever is tried in whatever order: what the law allows once happens once, the clock agrees with the state, what ended stays
    /// ended, and a deadline moves back only by the acts that name a new count.
    #[test]
    fn no_sequence_of_acts_reaches_an_impossible_state(acts in proptest::collection::vec((any_act(), -30_i64..3_000), 1..40)) {
        let desk = Desk::new("5 working_days");
        let mut case = Case::file(&desk.procedure, Channel::Online, at("2025-07-01 09:00"), &desk.rules);
        let mut now = case.filed;
        for (act, minutes) in acts {
            let when = now.plus_micros(minutes * 60_000_000);
            let next = match case.apply(&act, when, "hoa", &desk.rules, &desk.calendar, &desk.procedure) {
                Ok(next) => next,
                Err(r) => {
                    prop_assert!(r.code.starts_with("one_stop."), "{r} has an article, not a clock's complaint");
                    prop_assert!(!arg(&r, "article").is_empty(), "{r}");
                    continue;
                }
            };
            now = when;
            prop_assert!(next.last >= case.last);
            prop_assert!(next.requests.len() <= 1);
            prop_assert!(next.apologies.iter().filter(|a| !a.late).count() <= 1);
            prop_assert_eq!(next.clock.as_ref().is_some_and(|c| c.stopped.is_some()), next.clock.is_some() && next.end.is_some());
            prop_assert_eq!(next.status.is_open(), next.end.is_none());
            prop_assert_eq!(next.asked().is_some() && next.status.is_open(), next.status == Status::Supplement);
            prop_assert!(!(next.status == Status::Payment && next.suspended().is_some()));
            prop_assert!(case.end.is_none() || case.end == next.end, "what was decided stays");
            let open_steps = next.steps.iter().filter(|s| s.to.is_none()).count();
            prop_assert_eq!(open_steps, usize::from(next.clock.is_some() && next.end.is_none()));
            let waits = next.status.is_open() && (next.suspended().is_some() || matches!(next.status, Status::Supplement | Status::Payment));
            if let Some(clock) = next.clock.as_ref().filter(|c| c.stopped.is_none()) {
                prop_assert_eq!(clock.paused().is_some(), waits, "{:?}", next.status);
            }
            let due = |c: &Case| c.due(&desk.calendar).unwrap().map(|a| a.value);
            if let (Some(a), Some(b)) = (due(&case), due(&next)) {
                prop_assert!(b >= a || act.kind() == ActKind::Supplement, "{:?} moved {a} to {b}", act.kind());
            }
            case = next;
        }
    }
}
