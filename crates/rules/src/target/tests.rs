use jiff::civil::Date;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// 70 % by 30/8/2025, on the latest state: Vũng Tàu's own target.
fn seventy(today: &str, value: f64) -> TargetState<'static> {
    TargetState {
        value: Some(value),
        last_report: Some(day(today)),
        deadline: Some(day("2025-08-30")),
        ..TargetState::new(day(today), 70.0, Comparison::AtLeast, Window::Latest)
    }
}

fn codes(a: &Assessment) -> (Status, &'static str) {
    (a.status, a.reason.code)
}

#[test]
fn the_pace_of_the_last_ninety_days_says_how_late() {
    // 10 points in 60 days, 20 to go: 120 more days from 30/6, that is 28/10, 59 days after 30/8.
    let series = [(day("2025-05-01"), 40.0), (day("2025-03-01"), 1.0)];
    let state = TargetState { series: &series, ..seventy("2025-06-30", 50.0) };
    let a = assess_target(&state, &AtRiskRule::default());
    assert_eq!(codes(&a), (Status::AtRisk, "target.at-risk.pace"));
    assert_eq!(a.reason.arg("days_late"), Some("59"));
    assert_eq!(a.reason.arg("reached_on"), Some("2025-10-28"));
    // Fast enough: 20 points in 60 days, 10 to go.
    let a = assess_target(&TargetState { series: &series, ..seventy("2025-06-30", 60.0) }, &AtRiskRule::default());
    assert_eq!(codes(&a), (Status::InProgress, "target.in-progress.pace"));
    assert_eq!(a.reason.arg("days_early"), Some("31"));
    // A laxer rule says otherwise of the same figures.
    let lax = AtRiskRule { warn_if_days_late: 59, ..AtRiskRule::default() };
    assert_eq!(assess_target(&state, &lax).status, Status::InProgress);
}

#[rstest]
#[case::standstill(50.0, Status::AtRisk, "target.at-risk.standstill")]
#[case::moving_away(45.0, Status::AtRisk, "target.at-risk.moving-away")]
#[case::reached(70.0, Status::Completed, "target.completed.reached")]
#[case::fast(69.0, Status::InProgress, "target.in-progress.pace")]
fn movement(#[case] value: f64, #[case] status: Status, #[case] code: &str) {
    let series = [(day("2025-05-01"), 50.0)];
    let a = assess_target(&TargetState { series: &series, ..seventy("2025-06-30", value) }, &AtRiskRule::default());
    assert_eq!(codes(&a), (status, code));
}

#[test]
fn better_may_mean_less() {
    let series = [(day("2025-05-01"), 9.0)];
    let state = TargetState {
        value: Some(6.0),
        last_report: Some(day("2025-06-30")),
        series: &series,
        deadline: Some(day("2025-08-30")),
        ..TargetState::new(day("2025-06-30"), 1.0, Comparison::AtMost, Window::Latest)
    };
    let a = assess_target(&state, &AtRiskRule::default());
    assert_eq!((a.status, a.reason.arg("reached_on")), (Status::AtRisk, Some("2025-10-08")));
    assert_eq!(assess_target(&TargetState { value: Some(1.0), ..state }, &AtRiskRule::default()).status, Status::Completed);
}

#[test]
fn a_missed_milestone_is_named_with_its_gap_and_forgiven_when_caught_up() {
    let milestones = [(day("2025-03-31"), 50.0), (day("2025-06-30"), 60.0)];
    let a = assess_target(&TargetState { milestones: &milestones, ..seventy("2025-04-15", 45.8) }, &AtRiskRule::default());
    assert_eq!(codes(&a), (Status::AtRisk, "target.at-risk.milestone"));
    assert_eq!((a.reason.arg("date"), a.reason.arg("gap")), (Some("2025-03-31"), Some("4.2")));
    let a = assess_target(&TargetState { milestones: &milestones, ..seventy("2025-04-15", 50.0) }, &AtRiskRule::default());
    assert_eq!(a.status, Status::InProgress);
}

#[test]
fn silence_puts_at_risk() {
    let state = TargetState { last_report: Some(day("2025-05-01")), ..seventy("2025-06-30", 50.0) };
    let a = assess_target(&state, &AtRiskRule::default());
    assert_eq!((codes(&a), a.reason.arg("days")), ((Status::AtRisk, "target.at-risk.silent"), Some("60")));
    let quiet = AtRiskRule { no_data_days: 0, ..AtRiskRule::default() };
    assert_eq!(assess_target(&state, &quiet).status, Status::InProgress);
    let never = TargetState {
        since: Some(day("2025-04-04")),
        deadline: Some(day("2025-08-30")),
        ..TargetState::new(day("2025-06-30"), 70.0, Comparison::AtLeast, Window::Latest)
    };
    assert_eq!(assess_target(&never, &AtRiskRule::default()).reason.code, "target.at-risk.silent");
}

#[rstest]
#[case::before("2025-08-20", "target.completed.early", Some("10"))]
#[case::on_the_day("2025-08-30", "target.completed.on-time", None)]
#[case::after("2025-09-02", "target.completed.late", Some("3"))]
fn completion_is_on_time_or_late(#[case] on: &str, #[case] code: &str, #[case] days: Option<&str>) {
    let a = assess_target(&TargetState { completed_on: Some(day(on)), ..seventy("2025-10-01", 70.0) }, &AtRiskRule::default());
    assert_eq!((codes(&a), a.reason.arg("days")), ((Status::Completed, code), days));
    // Reached without an act of acceptance: the series says since when.
    let series = [(day("2025-07-01"), 71.0), (day("2025-07-31"), 69.0), (day(on), 72.0)];
    let a = assess_target(&TargetState { series: &series, ..seventy("2025-10-01", 72.0) }, &AtRiskRule::default());
    assert_eq!((codes(&a), a.reason.arg("days")), ((Status::Completed, code), days));
}

#[test]
fn a_months_flow_does_not_settle_a_years_target() {
    // 39,51 % "in June 2025" beside the 80 % of the year 2025.
    let mut state = TargetState {
        value: Some(39.51),
        value_window: Window::Month,
        last_report: Some(day("2025-07-15")),
        deadline: Some(day("2025-12-31")),
        ..TargetState::new(day("2025-07-27"), 80.0, Comparison::AtLeast, Window::Year)
    };
    let a = assess_target(&state, &AtRiskRule::default());
    assert_eq!((a.status, a.notes[0].code), (Status::InProgress, "target.note.not-comparable"));
    state.value = Some(85.0);
    assert_ne!(assess_target(&state, &AtRiskRule::default()).status, Status::Completed, "a good month is not a good year");
    state.today = day("2026-01-05");
    assert_eq!(
        codes(&assess_target(&state, &AtRiskRule { no_data_days: 0, ..AtRiskRule::default() })),
        (Status::Overdue, "target.overdue.not-comparable")
    );
    // The year's own value: reached in July it must hold, after the year it is settled.
    state.value_window = Window::Year;
    assert_eq!(assess_target(&state, &AtRiskRule::default()).status, Status::Completed);
    state.today = day("2025-07-27");
    assert_eq!(codes(&assess_target(&state, &AtRiskRule::default())), (Status::InProgress, "target.in-progress.hold"));
}

#[test]
fn two_deadlines_are_both_named_and_the_earlier_counts() {
    let undecided = [day("2025-12-31"), day("2025-08-30")];
    let state = TargetState {
        value: Some(50.0),
        last_report: Some(day("2025-09-10")),
        undecided_deadlines: &undecided,
        ..TargetState::new(day("2025-09-15"), 70.0, Comparison::AtLeast, Window::Latest)
    };
    let a = assess_target(&state, &AtRiskRule::default());
    assert_eq!((codes(&a), a.reason.arg("days")), ((Status::Overdue, "target.overdue.below"), Some("16")));
    assert_eq!(a.notes[0].arg("all"), Some("2025-08-30 2025-12-31"));
    let decided = TargetState { undecided_deadlines: &[], deadline: Some(day("2025-12-31")), ..state };
    assert_eq!(assess_target(&decided, &AtRiskRule::default()).status, Status::InProgress);
}

#[test]
fn waiting_hides_no_passed_deadline() {
    let state = TargetState { waiting_for: Some("hướng dẫn của Bộ"), ..seventy("2025-09-15", 10.0) };
    let a = assess_target(&state, &AtRiskRule::default());
    assert_eq!((codes(&a), a.notes[0].arg("days")), ((Status::Waiting, "target.waiting"), Some("16")));
}

#[rstest]
#[case::half_way(50, "2025-04-01", Status::InProgress, "task.in-progress")]
#[case::behind(20, "2025-05-01", Status::AtRisk, "task.at-risk.behind")]
#[case::last_week(90, "2025-06-25", Status::AtRisk, "task.at-risk.last-days")]
#[case::over(90, "2025-07-01", Status::Overdue, "task.overdue")]
fn tasks(#[case] progress: u8, #[case] today: &str, #[case] status: Status, #[case] code: &str) {
    let state = TaskState {
        progress,
        starts_on: Some(day("2025-01-01")),
        deadline: Some(day("2025-06-30")),
        last_update: Some(day(today)),
        ..TaskState::new(day(today))
    };
    assert_eq!(codes(&assess_task(&state, &AtRiskRule::default())), (status, code));
    let handed_in = TaskState { submitted_on: Some(day("2025-03-31")), ..state };
    assert_eq!(assess_task(&handed_in, &AtRiskRule::default()).reason.code, "task.submitted");
}

#[test]
fn a_report_whose_text_and_annex_disagree() {
    use Status::{Completed, InProgress, Overdue};
    let text = Tally([(Completed, 22), (InProgress, 13), (Overdue, 2)].into());
    let annex: Tally = [(Completed, 21), (InProgress, 14), (Overdue, 2)].into_iter().flat_map(|(s, n)| std::iter::repeat_n(s, n)).collect();
    assert_eq!((text.total(), annex.total()), (37, 37), "the totals agree and prove nothing");
    assert_eq!(
        text.differences(&annex),
        [Difference { status: Completed, stated: 22, counted: 21 }, Difference { status: InProgress, stated: 13, counted: 14 }]
    );
    assert!(annex.differences(&annex).is_empty());
}

/// Series, today, deadline, window, last report, flags (recurring, pilot, waiting, less is better), value, milestone.
type AnyState = (Vec<(Date, f64)>, i32, Option<i32>, i32, Option<i32>, [bool; 4], f64, Option<f64>);

fn any_state() -> impl Strategy<Value = AnyState> {
    (
        prop::collection::vec((0..400i32, 0.0..100.0f64), 0..6)
            .prop_map(|v| v.into_iter().map(|(d, x)| (crate::time::date_from_days(20_000 + d), x)).collect()),
        0..400i32,
        prop::option::of(0..400i32),
        0..5i32,
        prop::option::of(0..400i32),
        any::<[bool; 4]>(),
        0.0..100.0f64,
        prop::option::of(0.0..100.0f64),
    )
}

proptest! {
    #[test]
    fn a_better_value_never_worsens_the_status(
        (series, today, deadline, window, report, [recurring, pilot, waiting, less], value, milestone) in any_state(),
        better in 0.0..50.0f64,
        month in any::<bool>(),
    ) {
        let at = |d: i32| crate::time::date_from_days(20_000 + d);
        let windows = [Window::Month, Window::Quarter, Window::Year, Window::Cumulative, Window::Latest];
        let window = windows[usize::try_from(window).unwrap()];
        let milestones: Vec<_> = milestone.iter().map(|m| (at(today / 2), *m)).collect();
        let comparison = if less { Comparison::AtMost } else { Comparison::AtLeast };
        let state = TargetState {
            value: Some(value), last_report: report.map(at), series: &series, deadline: deadline.map(at), milestones: &milestones,
            recurring, pilot, waiting_for: waiting.then_some("x"),
            value_window: if month { Window::Month } else { window },
            ..TargetState::new(at(today), 60.0, comparison, window)
        };
        let rule = AtRiskRule::default();
        let before = assess_target(&state, &rule);
        let after = assess_target(&TargetState { value: Some(if less { value - better } else { value + better }), ..state }, &rule);
        prop_assert!(after.status.severity() <= before.status.severity(), "{before:?} became {after:?}");
        for a in [&before, &after] {
            for reason in std::iter::once(&a.reason).chain(&a.notes) {
                let declared = REASONS.iter().find(|(code, _)| *code == reason.code);
                prop_assert!(declared.is_some_and(|(_, names)| reason.args.iter().all(|(n, _)| names.contains(n)) && names.len() == reason.args.len()), "{reason:?}");
            }
        }
    }

    #[test]
    fn more_progress_never_worsens_a_task(progress in 0u8..=100, more in 0u8..=100, today in 0..400i32, start in prop::option::of(0..400i32), deadline in prop::option::of(0..400i32)) {
        let at = |d: i32| crate::time::date_from_days(20_000 + d);
        let state = TaskState { progress, starts_on: start.map(at), deadline: deadline.map(at), ..TaskState::new(at(today)) };
        let better = TaskState { progress: progress.saturating_add(more).min(100), ..state.clone() };
        let rule = AtRiskRule::default();
        prop_assert!(assess_task(&better, &rule).status.severity() <= assess_task(&state, &rule).status.severity());
    }
}

fn each(reached: usize, of: usize) -> EachState<'static> {
    EachState {
        today: day("2025-06-30"),
        reached,
        of,
        at_risk: 0,
        window: Window::Cumulative,
        deadline: Some(day("2025-08-30")),
        undecided_deadlines: &[],
        recurring: false,
        pilot: false,
        waiting_for: None,
        completed_on: None,
    }
}

#[test]
fn what_each_unit_has_to_reach_is_done_when_each_has() {
    let of = |state: &EachState<'_>| codes(&assess_each(state));
    assert_eq!(of(&each(3, 3)), (Status::Completed, "target.completed.each"));
    assert_eq!(of(&each(2, 3)), (Status::InProgress, "target.in-progress.each"));
    assert_eq!(of(&EachState { at_risk: 1, ..each(2, 3) }), (Status::AtRisk, "target.at-risk.each"));
    let after = EachState { today: day("2025-09-01"), ..each(2, 3) };
    assert_eq!(of(&after), (Status::Overdue, "target.overdue.each"));
    assert_eq!(of(&EachState { reached: 3, ..after }).0, Status::Completed);
    // A flow can fall back while its period runs; a standing target is never over.
    assert_eq!(of(&EachState { window: Window::Year, ..each(3, 3) }).0, Status::InProgress);
    assert_eq!(of(&EachState { recurring: true, ..each(3, 3) }).0, Status::Recurring);
    assert_eq!(of(&each(0, 0)).0, Status::InProgress, "nothing bound is nothing reached");
}

#[test]
fn past_the_deadline_the_window_without_a_figure_is_named() {
    let late =
        TargetState { deadline: Some(day("2025-12-31")), ..TargetState::new(day("2026-11-01"), 3.0, Comparison::AtLeast, Window::Quarter) };
    let note = |state: &TargetState<'_>| assess_target(state, &AtRiskRule::default()).notes.pop();
    let none = note(&late).unwrap();
    assert_eq!((none.code, none.arg("period")), ("target.note.no-figure-of", Some("2025Q4")));
    let earlier = TargetState { value: Some(2.5), value_period: "2025Q1".parse().ok(), ..late.clone() };
    let found = note(&earlier).unwrap();
    assert_eq!((found.code, found.arg("period"), found.arg("wanted")), ("target.note.figure-of", Some("2025Q1"), Some("2025Q4")));
    assert_eq!(note(&TargetState { value_period: "2025Q4".parse().ok(), ..earlier }), None);
}
