//! What a target comes to: two deadlines, each unit or all together, the window that counts.

use jiff::civil::Date;
use office::{
    Error, Office,
    report::{self, Lang},
};
use rules::{Period, access::Actor, target::Status};

use crate::{
    common::{
        Place, both, case,
        pack::{self, CITY, DESK, Files, NEW},
        put_case, settled, unit,
    },
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_deadlines_of_one_target_are_decided_with_a_reason() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        let leader = leader();
        let target = office.target(&leader, "T-1").await.unwrap();
        assert_eq!((target.deadline(), target.undecided()), (None, vec![days_from_now(20), days_from_now(120)]));
        let decide = |who: Actor, version, day, reason: &'static str| {
            let office = office.clone();
            async move { office.decide_deadline(&who, "T-1", version, day, reason).await }
        };
        assert_eq!(refused(decide(ward(), 1, days_from_now(20), "x").await), "access.role");
        assert_eq!(refused(decide(leader.clone(), 1, days_from_now(20), "").await), "input.required");
        assert_eq!(refused(decide(leader.clone(), 1, days_from_now(21), "x").await), "conflict.not_a_claim");
        decide(leader.clone(), 1, days_from_now(120), "theo văn bản ban hành sau").await.unwrap();
        let target = office.target(&leader, "T-1").await.unwrap();
        assert_eq!((target.deadline(), target.undecided().len()), (Some(days_from_now(120)), 0));
        assert_eq!(target.def.claims.len(), 2, "what the sources say stays");
        match decide(leader, 1, days_from_now(20), "khác").await.unwrap_err() {
            Error::Store(store::Error::Conflict { current }) => {
                assert_eq!(current.version, 2);
                assert!(current.body.contains("theo văn bản ban hành sau"), "the present side is shown");
            }
            e => panic!("{e}"),
        }
        office.close().await.unwrap();
    })
    .await;
}

/// The small city with one more target.
fn with_target(id: &str, text: &str) -> Files {
    let head = "title = { vi = \"Thử\", en = \"Trial\" }\ncomparison = \">=\"\nsource = \"S1\"";
    pack::with(city(), "programme/more.toml", &format!("[[target]]\nid = \"{id}\"\n{head}\n{text}\n"))
}

async fn closed_on(office: &Office, unit: &str, day: &str, due: &str, count: usize) {
    let at = |day: &str| format!("{day}T01:00:00.000000Z");
    for _ in 0..count {
        put_case(office, None, unit, case(&at(day), &at(due), Some(&at(day)), "online")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_for_each_unit_is_judged_unit_by_unit() {
    both(async |place| {
        let text = format!(
            "indicator = \"case.received\"\nthreshold = \"2\"\nwindow = \"cumulative\"\nscope = {{ under = \"{CITY}\", level = 4 }}"
        );
        let office = place.governed(&[with_target("T-E", &text)]).await;
        let (leader, c) = (leader(), unit(&office, CITY));
        closed_on(&office, NEW[0], "2025-08-04", "2025-08-10", 3).await;
        closed_on(&office, CITY, "2025-08-04", "2025-08-10", 5).await;
        settled(&office).await;
        let whole = async || {
            let board = office.board(&leader, c, office.today()).await.unwrap();
            board.rows.into_iter().find(|r| r.target.def.id == "T-E").unwrap().whole
        };
        let on = whole().await;
        let each = on.each.unwrap();
        assert_eq!((each.reached, each.of, each.known, on.value), (1, 2, 1, None), "the city's total of 8 is no measure of it");
        assert_eq!(on.assessment.status, Status::InProgress);
        let month = Period::Month(office.now().month());
        let report = office.report(&leader, c, month, Lang::Vi).await.unwrap();
        let row = report.results.iter().find(|r| r.code == "T-E").unwrap();
        assert_eq!((row.current.units, row.current.value), (Some((1, 2)), None));
        assert!(report::docx(&report, Lang::Vi).is_ok() && report::xlsx(&report, Lang::Vi).is_ok());

        closed_on(&office, NEW[1], "2025-08-04", "2025-08-10", 2).await;
        settled(&office).await;
        let on = whole().await;
        assert_eq!((on.each.map(|e| e.reached), on.assessment.status), (Some(2), Status::Completed));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_of_a_target_is_the_sum_of_the_units_it_binds() {
    both(async |place| {
        let bound = format!("bound_units = [\"{}\", \"{DESK}\"]", NEW[0]);
        let rate = format!("indicator = \"case.on_time\"\nthreshold = \"90%\"\nwindow = \"quarter\"\n{bound}");
        let count = format!("[[target]]\nid = \"T-W\"\ntitle = {{ vi = \"Thử\", en = \"Trial\" }}\nsource = \"S1\"\nindicator = \"case.received\"\nthreshold = \"5\"\nwindow = \"cumulative\"\njudged = \"together\"\n{bound}");
        let office = place.governed(&[with_target("T-B", &format!("{rate}\n\n{count}"))]).await;
        let (leader, c) = (leader(), unit(&office, CITY));
        // In the third quarter one of two on time in the units it binds, and two late ones in a unit that it does not bind.
        closed_on(&office, DESK, "2025-08-04", "2025-08-10", 1).await;
        closed_on(&office, NEW[0], "2025-08-12", "2025-08-10", 1).await;
        closed_on(&office, NEW[1], "2025-08-12", "2025-08-10", 2).await;
        closed_on(&office, DESK, "2025-11-04", "2025-11-10", 1).await;
        settled(&office).await;
        let report = office.report(&leader, c, "2025Q4".parse().unwrap(), Lang::Vi).await.unwrap();
        let row = report.results.iter().find(|r| r.code == "T-B").unwrap();
        assert_eq!((row.previous.numerator, row.previous.denominator), (Some(1), Some(2)));
        assert_eq!((row.current.numerator, row.current.denominator), (Some(1), Some(1)));
        let board = office.board(&leader, c, office.today()).await.unwrap();
        let whole = &board.rows.iter().find(|r| r.target.def.id == "T-W").unwrap().whole;
        assert_eq!((whole.value, whole.each), (Some(3.0), None), "declared together");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn past_its_deadline_a_quarterly_target_takes_the_last_quarter_with_records() {
    let place = Place::sqlite();
    let text = format!(
        "indicator = \"case.on_time\"\nthreshold = \"90%\"\nwindow = \"quarter\"\ndeadline = 2025-12-31\nbound_units = [\"{CITY}\"]"
    );
    let office = place.governed(&[with_target("T-Q", &text)]).await;
    let (leader, world) = (leader(), office.world());
    let target = office.target(&leader, "T-Q").await.unwrap();
    let day: Date = "2026-11-01".parse().unwrap();
    let on = || office.target_on(&world, &target, unit(&office, CITY), day, &[]).unwrap();
    let codes = |on: &office::programme::TargetOn| on.assessment.notes.iter().map(|n| n.code).collect::<Vec<_>>();
    assert_eq!((on().value, codes(&on())), (None, vec!["target.note.no-figure-of"]));
    closed_on(&office, CITY, "2025-02-04", "2025-02-10", 1).await;
    closed_on(&office, CITY, "2025-02-12", "2025-02-10", 1).await;
    settled(&office).await;
    assert_eq!((on().value, on().period.map(|p| p.to_string())), (Some(50.0), Some("2025Q1".to_owned())));
    assert_eq!((on().assessment.status, codes(&on())), (Status::Overdue, vec!["target.note.figure-of"]));
    office.close().await.unwrap();
}
