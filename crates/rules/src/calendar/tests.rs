use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn day(date: Date, kind: DayKind) -> CalendarDay {
    CalendarDay { date, kind, name: Localized::new("ngày", "day"), source: None }
}

fn days(year: i16, kind: DayKind, list: &[(i8, i8)]) -> Vec<CalendarDay> {
    list.iter().map(|(m, d)| day(date(year, *m, *d), kind)).collect()
}

/// 2025 and 2026 as announced, 2027 expected only.
fn spec() -> CalendarSpec {
    let holidays_2025 = [(1, 1), (1, 27), (1, 28), (1, 29), (1, 30), (1, 31), (4, 7), (4, 30), (5, 1), (9, 1), (9, 2)];
    let holidays_2026 = [
        (1, 1),
        (2, 16),
        (2, 17),
        (2, 18),
        (2, 19),
        (2, 20),
        (4, 26), // Giỗ Tổ on a Sunday: Monday off instead
        (4, 27),
        (4, 30),
        (5, 1),
        (9, 1),
        (9, 2),
        (11, 24),
    ];
    let year = |year, holidays: &[(i8, i8)], off: &[(i8, i8)], work: &[(i8, i8)], provisional| YearSpec {
        year,
        provisional,
        rest_days: None,
        hours: None,
        days: [days(year, DayKind::Holiday, holidays), days(year, DayKind::SwapOff, off), days(year, DayKind::SwapWork, work)].concat(),
    };
    CalendarSpec {
        years: vec![
            year(2025, &holidays_2025, &[(5, 2)], &[(4, 26)], false),
            year(2026, &holidays_2026, &[(1, 2), (8, 31)], &[(1, 10), (8, 22)], false),
            year(2027, &[(1, 1)], &[], &[], true),
        ],
        ..CalendarSpec::default()
    }
}

fn calendar() -> &'static Calendar {
    static CALENDAR: std::sync::LazyLock<Calendar> = std::sync::LazyLock::new(|| Calendar::build(&spec()).unwrap());
    &CALENDAR
}

/// `2025-07-01 14:59` local, with seconds if given.
fn at(text: &str) -> Timestamp {
    let text = text.replace(' ', "T");
    let seconds = if text.len() == 16 { ":00" } else { "" };
    format!("{text}{seconds}+07:00").parse().unwrap()
}

fn local(t: Timestamp) -> String {
    crate::text::format_datetime(t, "vi")
}

#[rstest]
#[case(date(2025, 5, 2), false)] // Friday given off …
#[case(date(2025, 4, 26), true)] // … for this Saturday
#[case(date(2025, 5, 3), false)]
#[case(date(2026, 1, 2), false)]
#[case(date(2026, 1, 10), true)]
#[case(date(2026, 8, 31), false)]
#[case(date(2026, 8, 22), true)]
#[case(date(2026, 4, 27), false)]
#[case(date(2026, 11, 24), false)]
#[case(date(2025, 11, 24), true)] // a holiday only from 2026
#[case(date(2025, 7, 1), true)]
fn announced_days(#[case] date: Date, #[case] working: bool) {
    assert_eq!(calendar().is_working(date), Answer { value: working, provisional: false });
}

#[test]
fn working_days_across_the_exchanges() {
    let c = calendar();
    let plus = |d, n| c.add_working_days(d, n).unwrap().value;
    assert_eq!(plus(date(2025, 4, 25), 1), date(2025, 4, 26), "the Saturday worked");
    assert_eq!(plus(date(2025, 4, 25), 4), date(2025, 5, 5), "26, 28, 29 April, then over 30/4–4/5");
    assert_eq!(plus(date(2025, 12, 31), 1), date(2026, 1, 5), "1 January and the exchanged 2 January");
    assert_eq!(plus(date(2026, 1, 9), 1), date(2026, 1, 10));
    assert_eq!(plus(date(2026, 8, 28), 2), date(2026, 9, 4), "31/8 to 2/9 off");
    assert_eq!(plus(date(2025, 1, 24), 1), date(2025, 2, 3), "Tết: nine days off");
    assert_eq!(plus(date(2025, 7, 5), 0), date(2025, 7, 7));
    assert_eq!(c.previous_working_day(date(2025, 5, 5)).unwrap().value, date(2025, 4, 29));
    let between = |a, b| c.working_days_between(a, b).unwrap().value;
    assert_eq!(between(date(2025, 4, 25), date(2025, 5, 5)), 4);
    assert_eq!(between(date(2025, 5, 5), date(2025, 4, 25)), -4);
    assert_eq!(between(date(2025, 5, 2), date(2025, 5, 4)), 0);
    let in_year = |y| between(date(y - 1, 12, 31), date(y, 12, 31));
    assert_eq!((in_year(2025), in_year(2026)), (250, 249));
}

#[test]
fn a_year_not_announced_makes_answers_provisional() {
    let c = calendar();
    assert!(!c.add_working_days(date(2026, 12, 1), 5).unwrap().provisional);
    assert!(c.add_working_days(date(2026, 12, 28), 5).unwrap().provisional, "ends in 2027");
    assert!(c.is_working(date(2027, 6, 1)).provisional);
    assert!(c.is_working(date(2024, 6, 3)).provisional, "2024 was not loaded");
    assert!(c.working_days_between(date(2025, 1, 2), date(2027, 1, 4)).unwrap().provisional);
    assert_eq!(c.is_working(date(2150, 1, 5)), Answer { value: true, provisional: true });
    assert_eq!(c.add_working_days(date(2150, 1, 5), 1).unwrap_err().code, "calendar.out_of_range");
    assert_eq!(c.add_working_days(date(2099, 1, 5), u32::MAX).unwrap_err().code, "calendar.out_of_range");
}

/// Decree 61/2018, article 18: received *after* 15:00 counts from the next working day.
#[rstest]
#[case("2025-07-01 14:59", "2025-07-01 14:59", "2025-07-04 17:00")]
#[case("2025-07-01 15:00", "2025-07-01 15:00", "2025-07-04 17:00")]
#[case("2025-07-01 15:00:01", "2025-07-02 07:30", "2025-07-07 17:00")]
#[case("2025-07-01 15:01", "2025-07-02 07:30", "2025-07-07 17:00")]
#[case("2025-07-05 09:00", "2025-07-07 07:30", "2025-07-10 17:00")] // online, on a Saturday
#[case("2025-04-26 09:00", "2025-04-26 09:00", "2025-05-05 17:00")] // a Saturday worked in exchange
#[case("2025-04-29 15:01", "2025-05-05 07:30", "2025-05-08 17:00")]
fn receipt_and_a_term_of_three_working_days(#[case] received: &str, #[case] started: &str, #[case] due: &str) {
    let c = calendar();
    let clock = Clock::start(at(received), Term::WorkingDays(3), c).unwrap();
    assert_eq!(local(clock.started), local(at(started)));
    assert_eq!(clock.due(c).unwrap().unwrap(), Answer { value: at(due), provisional: false });
}

#[test]
fn receipt_rule_and_end_of_day_are_parameters() {
    let mut spec = spec();
    (spec.receipt_cutoff, spec.due_at_midnight) = (None, true);
    let c = Calendar::build(&spec).unwrap();
    let clock = Clock::start(at("2025-07-01 22:00"), Term::WorkingDays(1), &c).unwrap();
    assert_eq!(clock.started, clock.received);
    assert_eq!(clock.due(&c).unwrap().unwrap().value.to_string(), "2025-07-02T16:59:59.999999Z");
}

#[rstest]
#[case(Term::WorkingHours(4), "2025-07-01 15:00")] // 9:00–11:30 and 13:30–15:00
#[case(Term::WorkingHours(8), "2025-07-02 09:30")]
#[case(Term::Days(5), "2025-07-07 17:00")] // the 6th is a Sunday
#[case(Term::Days(7), "2025-07-08 17:00")]
#[case(Term::Months(1), "2025-08-01 17:00")]
#[case(Term::Months(2), "2025-09-03 17:00")] // 1 and 2 September are holidays
fn other_terms(#[case] term: Term, #[case] due: &str) {
    let c = calendar();
    let clock = Clock::start(at("2025-07-01 09:00"), term, c).unwrap();
    assert_eq!(local(clock.due(c).unwrap().unwrap().value), local(at(due)));
}

#[test]
fn minutes_stop_at_lunch_and_closing_time() {
    let c = calendar();
    let plus = |t: &str, m| local(c.add_working_minutes(at(t), m).unwrap().value);
    assert_eq!(plus("2025-07-01 11:00", 30), "11:30 01/07/2025", "closing time, not the next opening");
    assert_eq!(plus("2025-07-01 11:00", 31), "13:31 01/07/2025");
    assert_eq!(plus("2025-07-04 16:59", 2), "07:31 07/07/2025");
    assert_eq!(plus("2025-07-05 12:00", 0), "12:00 05/07/2025");
    assert_eq!(plus("2025-07-05 12:00", 450), "17:00 07/07/2025");
    let between = |a, b| c.working_minutes_between(at(a), at(b)).unwrap().value;
    assert_eq!(between("2025-07-01 11:00", "2025-07-02 08:00"), 30 + 210 + 30);
    assert_eq!(between("2025-07-02 08:00", "2025-07-01 11:00"), -270);
    assert_eq!(between("2025-07-05 00:00", "2025-07-06 23:59"), 0);
}

#[test]
fn the_citizens_time_is_not_the_offices_time() {
    let c = calendar();
    let clock = Clock::start(at("2025-07-01 09:00"), Term::WorkingDays(5), c).unwrap();
    let due = |clock: &Clock| clock.due(c).unwrap().map(|a| local(a.value));
    assert_eq!(due(&clock).unwrap(), "17:00 08/07/2025");
    let paused = clock.pause(at("2025-07-03 10:00"), PauseReason::Supplement).unwrap();
    assert_eq!(due(&paused), None, "no deadline while the citizen has the dossier");
    assert_eq!(paused.pause(at("2025-07-04 10:00"), PauseReason::Other).unwrap_err().code, "clock.paused");
    let resumed = paused.resume(at("2025-07-08 14:00")).unwrap();
    assert_eq!(due(&resumed).unwrap(), "17:00 11/07/2025", "three working days later: 4, 7, 8 July");
    let refusal = resumed.pause(at("2025-07-09 08:00"), PauseReason::Supplement).unwrap_err();
    assert_eq!(refusal.to_string(), "clock.supplement_already_asked first=2025-07-03T03:00:00.000000Z");
    assert_eq!(resumed.resume(at("2025-07-09 08:00")).unwrap_err().code, "clock.not_paused");
    assert_eq!(resumed.pause(at("2025-07-07 08:00"), PauseReason::Other).unwrap_err().code, "clock.order");

    let hours = Clock::start(at("2025-07-01 09:00"), Term::WorkingHours(8), c).unwrap();
    let hours = hours.pause(at("2025-07-01 10:00"), PauseReason::Payment).unwrap().resume(at("2025-07-02 08:00")).unwrap();
    // 90 + 210 + 30 minutes paused: 8 h = 480 min, from 9:00 the office has worked 480 + 330 minutes.
    assert_eq!(due(&hours).unwrap(), local(c.add_working_minutes(at("2025-07-01 09:00"), 480 + 330).unwrap().value));
    let days = Clock::start(at("2025-07-01 09:00"), Term::Days(7), c).unwrap();
    let days = days.pause(at("2025-07-04 16:00"), PauseReason::Other).unwrap().resume(at("2025-07-07 08:00")).unwrap();
    assert_eq!(due(&days).unwrap(), "17:00 11/07/2025");
}

#[test]
fn one_extension_and_a_restart_from_zero() {
    let c = calendar();
    let clock = Clock::start(at("2025-07-01 09:00"), Term::WorkingDays(5), c).unwrap();
    assert_eq!(local(clock.apology_due(c).unwrap().unwrap().value), "17:00 07/07/2025");
    let extended = clock.extend(at("2025-07-07 09:00"), Term::WorkingDays(2)).unwrap();
    assert_eq!(local(extended.due(c).unwrap().unwrap().value), "17:00 10/07/2025");
    assert_eq!(extended.extend(at("2025-07-09 09:00"), Term::WorkingDays(2)).unwrap_err().code, "clock.already_extended");
    assert_eq!(clock.extend(at("2025-07-07 09:00"), Term::Days(2)).unwrap_err().code, "clock.term_kind");
    let again = extended.restart(at("2025-07-10 16:00"), c).unwrap();
    assert_eq!(local(again.started), "07:30 11/07/2025");
    assert_eq!(local(again.due(c).unwrap().unwrap().value), "17:00 18/07/2025", "the full term, without the old extension");
    assert_eq!(again.extend(at("2025-07-11 09:00"), Term::WorkingDays(1)).unwrap_err().code, "clock.already_extended");
    let stopped = again.stop(at("2025-07-15 09:00")).unwrap();
    assert_eq!(stopped.pause(at("2025-07-15 10:00"), PauseReason::Other).unwrap_err().code, "clock.stopped");
    let json = serde_json::to_string(&stopped).unwrap();
    assert_eq!(serde_json::from_str::<Clock>(&json).unwrap(), stopped);
}

#[test]
fn a_saturday_desk_works_exchanged_saturdays_whole() {
    let mut spec = spec();
    spec.hours_on = vec![(Weekday::Saturday, vec!["07:30-11:00".into()])];
    spec.years[1].rest_days = Some(vec![RestDay(Weekday::Saturday), RestDay(Weekday::Sunday)]);
    spec.years[2].hours = Some(vec!["08:00-16:00".into()]);
    let c = Calendar::build(&spec).unwrap();
    let whole = [(450, 690), (810, 1020)];
    assert_eq!(c.spans(date(2025, 7, 5)), [(450, 660)], "an ordinary Saturday");
    assert_eq!(c.spans(date(2025, 4, 26)), whole, "worked for Friday 2 May");
    assert_eq!((c.spans(date(2026, 1, 3)), c.spans(date(2026, 1, 10))), (&[(450, 660)][..], &whole[..]), "a year that names its rest days");
    assert!(!c.is_working(date(2025, 5, 2)).value && c.is_working(date(2025, 5, 3)).value);
    assert_eq!(c.spans(date(2027, 7, 5)), [(480, 960)]);
    assert_eq!(c.closing(date(2025, 7, 6)), None);
    assert_eq!(local(c.opening(date(2027, 7, 5)).unwrap()), "08:00 05/07/2027");
    // A day that is worked whole anyway cannot be worked in exchange, whatever its hours.
    spec.hours_on.push((Weekday::Friday, vec!["07:30-11:00".into()]));
    spec.years[0].days.push(day(date(2025, 7, 4), DayKind::SwapWork));
    assert_eq!(Calendar::build(&spec).unwrap_err(), [CalendarFault::WorkedAnyway(date(2025, 7, 4))]);
}

#[test]
fn faults() {
    let faults = |change: &dyn Fn(&mut CalendarSpec)| {
        let mut spec = spec();
        change(&mut spec);
        Calendar::build(&spec).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(faults(&|s| s.years[0].days[0].date = date(2026, 1, 1)), "2026-01-01 does not belong to 2025");
    assert_eq!(faults(&|s| s.years[0].days.push(day(date(2025, 1, 1), DayKind::Holiday))), "2025-01-01 is given twice");
    assert_eq!(
        faults(&|s| s.years[0].days.push(day(date(2025, 7, 1), DayKind::SwapWork))),
        "2025-07-01 is a working day already, so it cannot be worked in exchange"
    );
    assert_eq!(
        faults(&|s| s.years[0].days.push(day(date(2025, 7, 5), DayKind::SwapOff))),
        "2025-07-05 is a rest day already, so it cannot be given off in exchange"
    );
    assert_eq!(
        faults(&|s| s.hours = vec!["07:30-11:30".into(), "11:00-17:00".into()]),
        "office hours [\"07:30-11:30\", \"11:00-17:00\"] are not spans like 07:30-11:30, one after the other"
    );
    assert_eq!(faults(&|s| s.years[1].year = 2200).split(';').next(), Some("the year 2200 is outside 1990–2100"));
    assert_eq!(faults(&|s| s.years[2] = YearSpec { days: Vec::new(), ..s.years[1].clone() }), "the year 2026 is given twice");
    assert_eq!((parse_weekday("sat").unwrap(), parse_weekday("Sat").unwrap_err().code), (Weekday::Saturday, "calendar.weekday"));
    let year: YearSpec = toml::from_str("year = 2028\nprovisional = true\nrest_days = [\"sun\"]\n[[days]]\ndate = \"2028-01-03\"\nkind = \"off\"\nname = { vi = \"Nghỉ bù\", en = \"Day in lieu\" }").unwrap();
    assert_eq!((year.days[0].kind, year.rest_days), (DayKind::SwapOff, Some(vec![RestDay(Weekday::Sunday)])));
}

proptest! {
    /// Against counting day by day.
    #[test]
    fn look_ups_agree_with_walking(start in 0_i32..1095, n in 1_u32..80) {
        let c = calendar();
        let from = date_from_days(days_since_epoch(date(2025, 1, 1)) + start);
        let mut walked = from;
        let mut left = n;
        while left > 0 {
            walked = walked.tomorrow().unwrap();
            left -= u32::from(c.is_working(walked).value);
        }
        prop_assert_eq!(c.add_working_days(from, n).unwrap().value, walked);
        prop_assert_eq!(c.working_days_between(from, walked).unwrap().value, i64::from(n));
    }

    #[test]
    fn time_added_is_time_between(start in 0_i64..1_500_000, minutes in 1_u32..20_000) {
        let c = calendar();
        let from = at("2025-01-01 00:00").plus_micros(start * MICROS_PER_MINUTE);
        let to = c.add_working_minutes(from, minutes).unwrap().value;
        prop_assert_eq!(c.working_minutes_between(from, to).unwrap().value, i64::from(minutes));
        prop_assert!(c.spans(to.local_date()).iter().any(|(open, close)| {
            minute_of(to.local_date(), *open) < to && to <= minute_of(to.local_date(), *close)
        }), "a deadline falls in office hours");
    }
}
