//! Figures that are handed in: approved, replaced, contradicted, carried over a merger, frozen.

use jiff::civil::Date;
use office::{
    Office,
    programme::{FigureInput, ReportedFigure, inherited},
    report::Lang,
    world::Source,
};
use rules::{
    Period,
    access::{Actor, Role},
    indicator::Kind,
    target::Status,
};

use crate::{
    common::{
        Place, both, case,
        pack::{self, CITY, NEW, WARDS},
        person, put_case, settled, unit,
    },
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_figure_is_read_handed_in_returned_corrected_and_approved_by_the_level_above() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        let (ward, leader) = (ward(), leader());
        assert_eq!(refused(office.submit_figure(&ward, &FigureInput { unit: NEW[1].into(), ..input("90 %") }).await), "access.unit");
        assert_eq!(
            refused(office.submit_figure(&ward, &FigureInput { indicator: "case.on_time".into(), ..input("90 %") }).await),
            "figure.live"
        );
        assert!(refused(office.submit_figure(&ward, &input("rất cao")).await).starts_with("number."));
        assert_eq!(refused(office.submit_figure(&ward, &FigureInput { source: " ".into(), ..input("9 %") }).await), "input.required");
        let future = FigureInput { as_of: days_from_now(1).to_string(), ..input("9 %") };
        assert_eq!(refused(office.submit_figure(&ward, &future).await), "input.future");
        let missing = FigureInput { evidence: vec!["0".repeat(64)], ..input("9 %") };
        assert!(office.submit_figure(&ward, &missing).await.is_err(), "evidence that was never uploaded");

        let id = office.submit_figure(&ward, &input("hơn 97.63 %")).await.unwrap();
        let seen = office.reported_figure(&leader, &id).await.unwrap();
        assert_eq!((seen.def.value.unwrap().to_string(), seen.def.qualifier.id(), seen.def.as_of), ("97.63".into(), "over", None));
        assert!(!seen.counts(), "not before it is approved");

        assert_eq!(refused(office.answer_figure(&ward, &id, 1, true, "").await), "access.role");
        let both_roles = person("hoa", &[(Role::WardOfficer, NEW[0]), (Role::Leader, CITY)]);
        assert_eq!(refused(office.answer_figure(&both_roles, &id, 1, true, "").await), "access.own_work");
        let same_level = person("khac", &[(Role::Leader, NEW[0])]);
        assert_eq!(refused(office.answer_figure(&same_level, &id, 1, true, "").await), "access.unit");
        assert_eq!(refused(office.answer_figure(&leader, &id, 1, false, "").await), "input.required");

        office.answer_figure(&leader, &id, 1, false, "thiếu mẫu số").await.unwrap();
        assert_eq!(refused(office.answer_figure(&leader, &id, 2, true, "").await), "lifecycle.step");
        assert_eq!(
            refused(office.correct_figure(&person("la", &[(Role::WardOfficer, NEW[1])]), &id, 2, &input("1 / 2")).await),
            "access.unit"
        );
        office.correct_figure(&ward, &id, 2, &input("1.198 / 1.200")).await.unwrap();
        let again = office.reported_figure(&leader, &id).await.unwrap();
        assert_eq!((again.record.state.as_str(), again.def.numerator, again.def.denominator), ("submitted", Some(1198), Some(1200)));
        assert_eq!(again.extra.returned_reason, None);
        office.answer_figure(&leader, &id, 3, true, "").await.unwrap();
        assert!(office.reported_figure(&ward, &id).await.unwrap().counts());
        assert_eq!(refused(office.correct_figure(&ward, &id, 4, &input("1 / 2")).await), "lifecycle.step");
        let history = office.store().history("reported_figure", again.record.id).await.unwrap();
        let kinds: Vec<&str> = history.iter().map(|e| e.kind.as_str()).collect();
        assert_eq!(kinds, ["submit", "return", "submit", "approve"]);
        assert_eq!(history[1].authority.as_deref(), Some("thiếu mẫu số"));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contradicting_figures_are_shown_until_somebody_decides_with_a_reason() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        let leader = leader();
        let open = office.conflicts(&leader).await.unwrap();
        assert_eq!((open.len(), open[0].figures.len(), &open[0].decided), (1, 2, &None));
        let on = async || {
            let world = office.world();
            let target = office.target(&leader, "T-2").await.unwrap();
            let reported = office.reported_figures(&leader).await.unwrap();
            office.target_on(&world, &target, unit(&office, CITY), office.today(), &reported).unwrap()
        };
        let undecided = on().await;
        assert_eq!((undecided.value, undecided.conflict), (Some(88.0), true), "the less favourable one counts meanwhile");
        assert_eq!(undecided.assessment.status, Status::Overdue);

        let seen = open[0].seen();
        assert_eq!(refused(office.decide_figure(&leader, "F-2", &seen, " ").await), "input.required");
        assert_eq!(refused(office.decide_figure(&ward(), "F-2", &seen, "đúng").await), "access.role");
        assert_eq!(refused(office.decide_figure(&leader, "F-2", &seen[..1], "đúng").await), "version.conflict", "one was not on the page");
        office.decide_figure(&leader, "F-2", &seen, "số liệu có ngày, có văn bản kèm theo").await.unwrap();
        let again = office.decide_figure(&leader, "F-1", &seen, "không hay ai đã chọn").await;
        assert_eq!(refused(again), "version.conflict", "somebody decided meanwhile");
        let decided = office.conflicts(&leader).await.unwrap();
        assert_eq!(decided[0].figures.len(), 2, "the other is kept");
        let chosen = record(&office, "reported_figure", "F-2").await.id.to_string();
        assert_eq!(decided[0].decided, Some(chosen));
        let other = office.reported_figure(&leader, "F-1").await.unwrap();
        assert!(other.extra.set_aside && other.def.value.unwrap().to_string() == "88");
        let now = on().await;
        assert_eq!((now.value, now.conflict, now.assessment.status), (Some(99.17), false, Status::Completed));

        // A decision can be taken anew; the first stays in the history.
        let seen = office.conflicts(&leader).await.unwrap()[0].seen();
        office.decide_figure(&leader, "F-1", &seen, "bản gốc ghi 88").await.unwrap();
        assert_eq!(on().await.value, Some(88.0));
        let history = office.store().history("reported_figure", other.record.id).await.unwrap();
        assert_eq!(history.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["declare", "set_aside", "choose"]);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_of_different_days_do_not_contradict_each_other() {
    let place = Place::sqlite();
    let days = ["as_of = 2025-03-31\n", "as_of = 2025-06-30\n"];
    let mut files = city();
    for (id, day) in ["F-1", "F-2"].iter().zip(days) {
        files = pack::changed(files, "programme/all.toml", &format!("id = \"{id}\"\n"), &format!("id = \"{id}\"\n{day}"));
    }
    let office = place.governed(&[files]).await;
    assert!(office.conflicts(&leader()).await.unwrap().is_empty());
    office.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_figure_stays_and_todays_stands_beside() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        let leader = leader();
        let late = quarter(&office).await;
        let q2: Period = "2025Q2".parse().unwrap();
        assert_eq!(refused(office.freeze(&ward(), q2, "hết quý").await), "access.role");
        assert_eq!(refused(office.freeze(&leader, q2, "").await), "input.required");
        assert_eq!(refused(office.freeze(&leader, Period::All, "x").await), "freeze.all");
        let running = Period::Month(office.now().month());
        assert_eq!(refused(office.freeze(&leader, running, "x").await), "freeze.not_over");
        let freeze = office.freeze(&leader, q2, "hết quý").await.unwrap();
        assert!(freeze.size as u64 >= freeze.position && freeze.position > 0);
        assert_eq!(refused(office.freeze(&leader, q2, "lần nữa").await), "freeze.twice");

        // The late case turns out to have been on time.
        let body = case("2025-05-01T01:00:00.000000Z", "2025-06-25T01:00:00.000000Z", Some("2025-06-20T01:00:00.000000Z"), "online");
        put_case(&office, Some(late), WARDS[0], body).await;
        settled(&office).await;
        let world = office.world();
        let kept = office.frozen(q2).await.unwrap().unwrap();
        assert_eq!(kept, freeze);
        let c = unit(&office, CITY);
        let sources = office.sources(c, kept.map).unwrap();
        let frozen = kept.figure(&world, "case.on_time", &sources, rules::target::Window::Quarter).unwrap();
        let today = office.figure(&leader, "case.on_time", c, q2, kept.map).unwrap().figure.unwrap();
        assert_eq!(((frozen.num, frozen.den), (today.num, today.den)), ((9, 10), (10, 10)));

        let model = office.report(&leader, c, q2, Lang::Vi).await.unwrap();
        let row = model.results.iter().find(|r| r.code == "T-1").unwrap();
        assert_eq!((row.current.numerator, row.current.denominator), (Some(9), Some(10)));
        assert!(row.status_note.as_deref().is_some_and(|n| n.contains("hiện nay 100,00")), "{:?}", row.status_note);
        let ledger = model.ledger.as_ref().unwrap();
        assert!(ledger.frozen && ledger.size == freeze.size as u64 && ledger.signed_note == freeze.note);
        assert_eq!(model.by_unit.total.as_ref().unwrap().cells[0].figure.numerator, Some(9));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_units_before_a_merger_reported_counts_for_the_unit_that_they_became() {
    both(async |place| {
        let office = place.governed(&[pack::real("vietnam"), pack::real("vung-tau")]).await;
        let world = office.world();
        let all = office.reported_figures(&Actor::system()).await.unwrap();
        let kind = |id: &str| match &world.indicator(id)?.source {
            Source::Reported(def) => Some(def.kind),
            _ => None,
        };
        let of_kind = |wanted: Kind| all.iter().find(|f| f.counts() && kind(&f.def.indicator) == Some(wanted)).unwrap().clone();
        let day: Date = "2025-08-01".parse().unwrap();
        let figure = |like: &ReportedFigure, ward: &str, value: &str, counts: Option<(i64, i64)>| {
            let mut f = like.clone();
            f.def.unit = format!("{ward}@2004-07-08").parse().unwrap();
            f.def.period = Some("2025Q2".parse().unwrap());
            f.def.as_of = Some("2025-06-30".parse().unwrap());
            f.def.value = Some(value.parse().unwrap());
            (f.def.numerator, f.def.denominator) = counts.unzip();
            f
        };
        let phuoc_thang = unit(&office, "26542@2025-07-01");
        let made = |like: &ReportedFigure, list: &[ReportedFigure], on: Date| {
            inherited(&world, world.indicator(&like.def.indicator).unwrap(), phuoc_thang, on, list)
        };
        let said = |list: Vec<ReportedFigure>| -> Vec<String> { list.iter().map(|f| f.def.value.unwrap().to_string()).collect() };

        let count = of_kind(Kind::Count);
        let two = [figure(&count, "26539", "120", None), figure(&count, "26542", "35", None)];
        let sum = made(&count, &two, day);
        assert_eq!(sum[0].def.unit.to_string(), "26542@2025-07-01");
        assert!(sum[0].def.derived && sum[0].def.note.as_ref().unwrap().vi.contains("Phường 11"), "{:?}", sum[0].def.note);
        assert_eq!(said(sum), ["155"]);
        assert!(made(&count, &two[..1], day).is_empty(), "one part is missing");
        assert!(made(&count, &two, "2025-06-30".parse().unwrap()).is_empty(), "not yet merged");
        let mut rival = two[0].clone();
        (rival.def.value, rival.def.as_of) = (Some("121".parse().unwrap()), None);
        assert!(made(&count, &[two.to_vec(), vec![rival]].concat(), day).is_empty(), "nobody has decided which");

        let share = of_kind(Kind::Ratio);
        let counted = [figure(&share, "26539", "50", Some((1, 2))), figure(&share, "26542", "100", Some((4, 4)))];
        let whole = made(&share, &counted, day);
        assert_eq!((whole[0].def.numerator, whole[0].def.denominator), (Some(5), Some(6)));
        assert_eq!(said(whole), ["83.33"]);
        let bare = [figure(&share, "26539", "50", None), figure(&share, "26542", "100", None)];
        assert!(made(&share, &bare, day).is_empty(), "percentages without their counts do not add up");

        // One that went on under the same borders takes everything with it.
        let long_son = unit(&office, "26545@2025-07-01");
        let alone = [figure(&share, "26545", "97.5", None)];
        let on = inherited(&world, world.indicator(&share.def.indicator).unwrap(), long_son, day, &alone);
        assert_eq!(said(on), ["97.5"]);
        office.close().await.unwrap();
    })
    .await;
}

/// What a ward reports of a month, approved by the level above.
async fn approved(office: &Office, as_of: &str, written: &str) -> String {
    let figure = FigureInput { period: "2025-08".into(), as_of: as_of.into(), ..input(written) };
    let id = office.submit_figure(&ward(), &figure).await.unwrap();
    office.answer_figure(&leader(), &id, 1, true, "").await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_report_of_a_unit_replaces_its_older_one_everywhere() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        let (leader, world) = (leader(), office.world());
        let (indicator, ward) = (world.indicator("RF-1").unwrap(), unit(&office, NEW[0]));
        let of_ward = async || -> Vec<office::programme::Conflict> {
            office.conflicts(&leader).await.unwrap().into_iter().filter(|c| c.unit.to_string() == NEW[0]).collect()
        };
        let standing = async || -> Vec<f64> {
            let reported = office.reported_figures(&leader).await.unwrap();
            let found = office::programme::standing(&world, indicator, ward, office.today(), "2025-08".parse().unwrap(), &reported);
            found.iter().filter_map(ReportedFigure::points).collect()
        };
        approved(&office, "2025-08-25", "96,9 %").await;
        approved(&office, "2025-08-29", "98,5 %").await;
        assert!(of_ward().await.is_empty(), "a development is no contradiction");
        assert_eq!(standing().await, [98.5]);

        // One that names no day contradicts what stands, and not what was replaced.
        let third = approved(&office, "", "97 %").await;
        let open = of_ward().await;
        let mut values: Vec<f64> = open[0].figures.iter().filter_map(ReportedFigure::points).collect();
        values.sort_by(f64::total_cmp);
        assert_eq!((open.len(), values.as_slice(), &open[0].decided), (1, [97.0, 98.5].as_slice(), &None));
        assert_eq!(standing().await.len(), 2, "the same two");
        let target = office.target(&leader, "T-2").await.unwrap();
        let reported = office.reported_figures(&leader).await.unwrap();
        let on = office.target_on(&world, &target, ward, office.today(), &reported).unwrap();
        assert_eq!((on.value, on.conflict), (Some(97.0), true));
        assert!(on.series.iter().all(|(_, v)| *v != 98.5), "the chart draws what counts: {:?}", on.series);
        office.decide_figure(&leader, &third, &open[0].seen(), "đã đối soát").await.unwrap();
        assert_eq!((of_ward().await[0].decided.as_deref(), standing().await), (Some(third.as_str()), vec![97.0]));

        // What comes after the decision and says something else opens the question anew, and can be decided.
        let fourth = approved(&office, "", "95 %").await;
        let open = of_ward().await;
        assert_eq!((open[0].figures.len(), &open[0].decided), (2, &None));
        office.decide_figure(&leader, &fourth, &open[0].seen(), "bản sau").await.unwrap();
        assert_eq!(standing().await, [95.0]);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_word_of_a_source_stays_with_its_value() {
    let place = Place::sqlite();
    let files = pack::changed(city(), "programme/all.toml", "as_written = \"88%\"", "as_written = \"hơn 88%\"");
    let files = pack::changed(files, "programme/all.toml", "quote = \"đạt 88%\"", "quote = \"đạt hơn 88%\"");
    let office = place.governed(&[files]).await;
    let month = Period::Month(office.now().month());
    let report = office.report(&leader(), unit(&office, CITY), month, Lang::Vi).await.unwrap();
    let claims: Vec<&str> = report.conflicts[0].claims.iter().map(|c| c.value.as_str()).collect();
    assert!(claims.contains(&"hơn 88\u{a0}%"), "{claims:?}");
    office.close().await.unwrap();
}
