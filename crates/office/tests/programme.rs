//! From directive to figure and back: what people do with targets, tasks and figures, on both databases.

mod common;

use common::{Place, both, case, load, pack, person, put_case, settled, unit};
use jiff::{Span, civil::Date};
use office::{
    Error, Office,
    programme::{FigureInput, NewTask, ReportedFigure, TaskFilter, UpdateInput, inherited},
    report::{self, Lang},
    world::Source,
};
use pack::{CITY, DESK, Files, NEW, WARDS, small};
use rules::{
    Period,
    access::{Actor, Role},
    indicator::Kind,
    target::Status,
};
use store::{P, Record, verify::Finding};

fn days_from_now(n: i32) -> Date {
    office::Clock::default().today().saturating_add(Span::new().days(n))
}

/// A directive with targets, a task and published figures, dated from today.
fn programme() -> String {
    let (near, far, past) = (days_from_now(20), days_from_now(120), days_from_now(-40));
    format!(
        r#"
[[directive]]
id = "D-1"
number = "57-NQ/TW"
kind = "NQ"
title = {{ vi = "Nghị quyết", en = "Resolution" }}

[[target]]
id = "T-1"
title = {{ vi = "95 % đúng hạn", en = "95 % on time" }}
indicator = "case.on_time"
threshold = "95%"
comparison = ">="
window = "quarter"
scope = {{ under = "{CITY}", level = 4 }}
owner = "{DESK}"
directive = "D-1"
claims = [
    {{ deadline = {near}, source = "S1", quote = "sớm" }},
    {{ deadline = {far}, source = "S2", quote = "muộn" }},
]
source = "S1"

[[target]]
id = "T-2"
title = {{ vi = "90 % định danh", en = "90 % identified" }}
indicator = "RF-1"
threshold = "90%"
comparison = ">="
window = "latest"
deadline = {past}
bound_units = ["{CITY}"]
owner = "{DESK}"
source = "S1"

[[task]]
id = "NV-1"
title = {{ vi = "Làm chính sách", en = "Make the policy" }}
lead = "{DESK}"
responsibility = {{ vi = "Chánh Văn phòng", en = "Chief of office" }}
authority = {{ vi = "Trong thẩm quyền", en = "Within powers" }}
starts_on = {past}
deadline = {past}
product = {{ vi = "Văn bản", en = "The text" }}
directive = "D-1"
target = "T-2"

[[figure]]
id = "F-1"
indicator = "RF-1"
unit = "{CITY}"
as_written = "88%"
source = "S1"
quote = "đạt 88%"

[[figure]]
id = "F-2"
indicator = "RF-1"
unit = "{CITY}"
as_written = "99,17%"
source = "S2"
quote = "đạt 99,17%"
"#
    )
}

fn city() -> Files {
    pack::with(small(true), "programme/all.toml", &programme())
}

fn leader() -> Actor {
    person("chutich", &[(Role::Leader, CITY)])
}

fn ward() -> Actor {
    person("hoa", &[(Role::WardOfficer, NEW[0])])
}

fn clerk() -> Actor {
    person("van", &[(Role::WardOfficer, DESK)])
}

/// The code of the refusal of something that must not happen.
fn refused<T: std::fmt::Debug>(result: office::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

async fn record(office: &Office, register: &str, id: &str) -> Record {
    office.find(register, id).await.unwrap()
}

fn input(written: &str) -> FigureInput {
    FigureInput {
        indicator: "RF-1".into(),
        unit: NEW[0].into(),
        period: "2025Q2".into(),
        written: written.into(),
        source: "Báo cáo của phường".into(),
        ..FigureInput::default()
    }
}

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

fn new_task() -> NewTask {
    NewTask {
        title: "Lập kế hoạch".into(),
        lead: DESK.into(),
        responsibility: "Người đứng đầu".into(),
        authority: "Trong thẩm quyền".into(),
        product: "Kế hoạch".into(),
        deadline: days_from_now(10).to_string(),
        directive: "D-1".into(),
        target: "T-1".into(),
        ..NewTask::default()
    }
}

fn update(progress: u8, text: &str) -> UpdateInput {
    UpdateInput { progress, text: text.into(), ..UpdateInput::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_goes_down_to_units_and_its_result_comes_up() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        let (leader, ward) = (leader(), ward());
        assert_eq!(refused(office.assign_task(&ward, &new_task(), &[]).await), "access.role");
        assert_eq!(refused(office.assign_task(&leader, &NewTask { deadline: String::new(), ..new_task() }, &[]).await), "input.required");
        let late_start = NewTask { starts_on: days_from_now(11).to_string(), ..new_task() };
        assert_eq!(refused(office.assign_task(&leader, &late_start, &[]).await), "task.dates");
        assert_eq!(refused(office.assign_task(&leader, &NewTask { target: "T-9".into(), ..new_task() }, &[]).await), "not_found");
        let outside = person("tinhkhac", &[(Role::Leader, NEW[1])]);
        let before = office.store().head().await.unwrap().size;
        assert_eq!(refused(office.assign_task(&outside, &new_task(), &[NEW[1].into(), NEW[0].into()]).await), "access.unit");
        office.store().settle().await.unwrap();
        assert_eq!(office.store().head().await.unwrap().size, before, "all of the cascade or none");

        let parent = office.assign_task(&leader, &new_task(), &[]).await.unwrap().remove(0);
        let each = NewTask { parent: parent.clone(), ..new_task() };
        let ids = office.assign_task(&leader, &each, &[NEW[0].into(), NEW[1].into()]).await.unwrap();
        assert_eq!(ids.len(), 2);
        let mine = office.tasks(&ward, &TaskFilter::default(), office.today()).await.unwrap();
        assert_eq!(mine.iter().map(|t| &t.def.id).collect::<Vec<_>>(), [&ids[0]], "a ward sees its own");
        assert_eq!(mine[0].def.parent.as_ref(), Some(&parent));
        assert_eq!(refused(office.task(&ward, &ids[1], office.today()).await), "access.unit");

        let proof = office.store().add_blob(b"anh chup".to_vec(), "image/png", "ảnh.png", "hoa", office.now()).await.unwrap();
        let with_proof = UpdateInput {
            difficulties: "Thiếu người".into(),
            proposals: "Cấp thêm máy".into(),
            evidence: vec![proof.sha256.clone()],
            ..update(40, "Đã khảo sát")
        };
        let id = ids[0].as_str();
        assert_eq!(refused(office.update_task(&ward, &ids[1], 1, &with_proof).await), "access.unit");
        assert_eq!(refused(office.update_task(&ward, id, 1, &update(101, "quá")).await), "task.progress");
        office.update_task(&ward, id, 1, &with_proof).await.unwrap();
        assert_eq!(refused(office.update_task(&ward, id, 1, &update(50, "lần hai từ bản cũ")).await), "version.conflict");
        assert_eq!(refused(office.answer_task(&leader, id, 2, true, "").await), "lifecycle.step");

        office.wait_task(&ward, id, 2, "Chờ Sở hướng dẫn").await.unwrap();
        let waiting = office.task(&ward, id, office.today()).await.unwrap();
        assert_eq!((waiting.assessment.status, waiting.extra.waiting_note.as_deref()), (Status::Waiting, Some("Chờ Sở hướng dẫn")));

        let hand_in = UpdateInput { submit: true, ..update(100, "Đã xong") };
        office.update_task(&ward, id, 3, &hand_in).await.unwrap();
        assert_eq!(refused(office.update_task(&ward, id, 4, &update(100, "nữa")).await), "lifecycle.step");
        let own = person("hoa", &[(Role::Leader, CITY)]);
        assert_eq!(refused(office.answer_task(&own, id, 4, true, "").await), "access.own_work");
        assert_eq!(refused(office.answer_task(&person("p", &[(Role::Leader, NEW[0])]), id, 4, true, "").await), "access.unit");
        assert_eq!(refused(office.answer_task(&leader, id, 4, false, "").await), "input.required");
        office.answer_task(&leader, id, 4, false, "chưa có phụ lục").await.unwrap();
        assert_eq!(office.task(&ward, id, office.today()).await.unwrap().extra.returned_reason.as_deref(), Some("chưa có phụ lục"));
        office.update_task(&ward, id, 5, &hand_in).await.unwrap();
        office.answer_task(&leader, id, 6, true, "").await.unwrap();
        let done = office.task(&ward, id, office.today()).await.unwrap();
        assert_eq!((done.assessment.status, done.def.progress, done.def.completed_on), (Status::Completed, 100, Some(office.today())));
        assert_eq!(done.extra.updates.len(), 3);
        assert_eq!(done.extra.updates[0].evidence, [proof.sha256]);
        let kinds: Vec<String> = office.store().history("task", done.record.id).await.unwrap().into_iter().map(|e| e.kind).collect();
        assert_eq!(kinds, ["assign", "update", "wait", "submit", "return", "submit", "approve"]);

        // An attachment that vanishes is named, whether its row or its bytes went.
        let found = office.verify().await.unwrap();
        assert!(matches!(found, Finding::Whole { .. }), "{found:?}");
        let tenant = office.store().tenant().to_owned();
        let gone = "DELETE FROM blob WHERE tenant=$1 AND sha256=$2";
        let sha256 = &done.extra.updates[0].evidence[0];
        assert_eq!(office.store().db().execute(gone, &[P::Text(&tenant), P::Text(sha256)]).await.unwrap(), 1);
        let found = office.verify().await.unwrap();
        assert!(matches!(&found, Finding::Difference(text) if text.contains(sha256) && text.contains("task/")), "{found:?}");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_is_reminded_of_what_is_near_or_late_and_still_open() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        let (leader, clerk) = (leader(), clerk());
        let near = office.assign_task(&leader, &new_task(), &[]).await.unwrap().remove(0);
        let far = NewTask { deadline: days_from_now(90).to_string(), ..new_task() };
        office.assign_task(&leader, &far, &[]).await.unwrap();
        let list = office.reminders(&clerk, office.today()).await.unwrap();
        let told: Vec<(&str, i32)> = list.iter().map(|r| (r.task.def.id.as_str(), r.days_left)).collect();
        assert_eq!(told, [("NV-1", -40), (near.as_str(), 10)]);
        assert!(office.reminders(&ward(), office.today()).await.unwrap().is_empty(), "not other units' work");
        assert!(office.reminders(&person("xem", &[(Role::Viewer, CITY)]), office.today()).await.unwrap().is_empty(), "not who only looks");
        office.update_task(&clerk, &near, 1, &UpdateInput { submit: true, ..update(100, "xong") }).await.unwrap();
        assert_eq!(office.reminders(&clerk, office.today()).await.unwrap().len(), 1, "not what is handed in");
        office.close().await.unwrap();
    })
    .await;
}

/// Nine of ten cases of the second quarter on time.
async fn quarter(office: &Office) -> (store::RecordId, i64) {
    let mut late = None;
    for i in 0..10 {
        let closed = if i == 0 { "2025-06-20T01:00:00.000000Z" } else { "2025-06-02T01:00:00.000000Z" };
        let body = case("2025-05-01T01:00:00.000000Z", "2025-06-10T01:00:00.000000Z", Some(closed), "online");
        let made = put_case(office, None, WARDS[i % 3], body).await;
        late = late.or(Some(made));
    }
    settled(office).await;
    late.unwrap()
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
async fn the_report_says_what_the_records_say() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        let leader = leader();
        quarter(&office).await;
        let said =
            UpdateInput { difficulties: "Chờ dự toán".into(), proposals: "Bố trí kinh phí".into(), ..update(30, "Đang làm") };
        office.update_task(&clerk(), "NV-1", 1, &said).await.unwrap();
        let waiting = office.assign_task(&leader, &new_task(), &[]).await.unwrap().remove(0);
        office.wait_task(&clerk(), &waiting, 1, "Hướng dẫn của Sở").await.unwrap();
        let c = unit(&office, CITY);

        let q2 = office.report(&leader, c, "2025Q2".parse().unwrap(), Lang::Vi).await.unwrap();
        assert_eq!(q2.scope.boundaries, "trước ngày 01/07/2025 (4 phường, xã)");
        assert_eq!(q2.by_unit.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Đơn vị 1", "Đơn vị 2", "Đơn vị 3", "Đơn vị 4"]);
        let row = q2.results.iter().find(|r| r.code == "T-1").unwrap();
        assert_eq!((row.current.numerator, row.current.denominator, row.previous.value), (Some(9), Some(10), None));
        assert!(row.deadline == Some(days_from_now(20)) && row.deadline_note.is_some());
        assert_eq!(row.source, "Đếm từ sổ: Vụ việc");
        let sum: i64 = q2.by_unit.rows.iter().filter_map(|r| r.cells[0].figure.numerator).sum();
        assert_eq!(Some(sum), q2.by_unit.total.as_ref().unwrap().cells[0].figure.numerator, "summed, then divided");
        assert!(q2.ledger.as_ref().is_none_or(|l| !l.frozen));
        assert_eq!(q2.letterhead.issuer, ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ NHỎ"]);
        assert_eq!((q2.recipients.as_slice(), q2.filing.as_str()), (["Thường trực Thành ủy".to_owned()].as_slice(), "VT, VX"));

        let month = Period::Month(office.now().month());
        let now = office.report(&leader, c, month, Lang::Vi).await.unwrap();
        assert!(now.scope.boundaries.starts_with("từ ngày 01/07/2025 (2 phường)"), "{}", now.scope.boundaries);
        let late: Vec<(&str, Option<i64>, Option<&str>)> =
            now.overdue.iter().map(|i| (i.code.as_str(), i.days_late, i.reason.as_deref())).collect();
        assert_eq!(late, [("T-2", Some(40), Some("Chờ dự toán")), ("NV-1", Some(40), Some("Chờ dự toán"))]);
        assert_eq!(now.waiting.iter().map(|w| w.waiting_for.as_str()).collect::<Vec<_>>(), ["Hướng dẫn của Sở"]);
        assert_eq!(now.difficulties, [report::Remark { unit: Some("Văn phòng".into()), text: "Chờ dự toán".into() }]);
        assert_eq!(now.proposals[0].text, "Bố trí kinh phí");
        let conflicts: Vec<(&str, usize)> = now.conflicts.iter().map(|c| (c.code.as_str(), c.claims.len())).collect();
        assert_eq!(conflicts, [("RF-1", 2), ("T-1", 2)]);
        assert!(now.summary[0].contains("1 chỉ tiêu quá hạn"), "{:?}", now.summary);

        let english = office.report(&leader, c, month, Lang::En).await.unwrap();
        assert!(english.subject.starts_with("Results of") && english.scope.boundaries.starts_with("since 1"));
        for (model, lang) in [(&now, Lang::Vi), (&english, Lang::En)] {
            assert!(report::docx(model, lang).unwrap().len() > 5_000 && report::xlsx(model, lang).unwrap().len() > 5_000);
        }
        let own = office.report(&ward(), unit(&office, NEW[0]), month, Lang::Vi).await.unwrap();
        assert_eq!(own.letterhead.issuer[1], "PHƯỜNG MỚI 1");
        assert_eq!(refused(office.report(&ward(), c, month, Lang::Vi).await), "access.unit");
        assert_eq!(refused(office.report(&leader, c, Period::All, Lang::Vi).await), "report.period");
        assert_eq!(refused(office.report(&leader, c, "2999".parse().unwrap(), Lang::Vi).await), "report.future");
        assert_eq!(refused(office.report(&leader, unit(&office, NEW[0]), "2025Q1".parse().unwrap(), Lang::Vi).await), "unit.not_on_map");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loading_twice_changes_nothing_and_a_changed_pack_changes_only_that() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        office.store().settle().await.unwrap();
        let (head, position) = (office.store().head().await.unwrap(), office.world().position);
        let again = load(&office, &[city()]).await;
        assert_eq!((again.added, again.changed, again.retired), (0, 0, 0));
        assert_eq!((office.store().head().await.unwrap().root, office.world().position), (head.root, position));

        // People work, then the pack is corrected: their work stays.
        office.update_task(&clerk(), "NV-1", 1, &update(60, "Đã trình")).await.unwrap();
        office.decide_deadline(&leader(), "T-1", 1, days_from_now(20), "theo văn bản đầu").await.unwrap();
        let renamed = pack::changed(city(), "programme/all.toml", "Làm chính sách", "Hoàn tất chính sách");
        let renamed = pack::changed(renamed, "programme/all.toml", "95 % đúng hạn", "95 % hồ sơ đúng hạn");
        let done = load(&office, std::slice::from_ref(&renamed)).await;
        assert_eq!((done.added, done.changed, done.retired), (0, 2, 0));
        let task = office.task(&leader(), "NV-1", office.today()).await.unwrap();
        assert_eq!((task.def.title.vi.as_str(), task.def.progress, task.record.state.as_str()), ("Hoàn tất chính sách", 60, "in_progress"));
        assert_eq!(task.extra.updates.len(), 1);
        let target = office.target(&leader(), "T-1").await.unwrap();
        assert_eq!((target.def.title.vi.as_str(), target.deadline()), ("95 % hồ sơ đúng hạn", Some(days_from_now(20))));
        assert_eq!(load(&office, &[renamed]).await.changed, 0);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_pack_gives_up_is_retired_not_deleted_and_may_come_back() {
    both(async |place| {
        let more = r#"
[[indicator]]
id = "case.more"
name = { vi = "Thêm", en = "More" }
register = "case"
kind = "count"
date = "record.received_at"
format = "integer"
"#;
        let wide = pack::with(city(), "indicators/more.toml", more);
        let office = place.governed(std::slice::from_ref(&wide)).await;
        quarter(&office).await;
        let done = load(&office, &[city()]).await;
        assert_eq!((done.added, done.changed, done.retired), (0, 0, 1));
        assert!(office.world().indicator("case.more").is_none());
        let kept = record(&office, "definition", "indicator:case.more").await;
        assert_eq!(kept.state, "retired");
        common::figures_are_right(&office).await;
        assert_eq!(load(&office, &[city()]).await.retired, 0, "once");
        assert_eq!(load(&office, &[wide]).await.changed, 1);
        let figure = office.figure(&leader(), "case.more", unit(&office, CITY), Period::All, "2025-06-30".parse().unwrap()).unwrap();
        assert_eq!(figure.figure.unwrap().num, 10);
        common::figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}

/// Another pack builds upon a unit that its ground no longer declares: nothing is loaded, and the office still opens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packs_that_do_not_fit_together_change_nothing() {
    let place = Place::sqlite();
    let local: Files = vec![
        (
            "pack.toml".into(),
            "[pack]\nid = \"local\"\nname = { vi = \"Nhỏ hơn\", en = \"Smaller\" }\nversion = \"1\"\nrequires = [\"small\"]\nroots = [\"C@2000-01-01\"]\n".into(),
        ),
        ("units/units.csv".into(), "code,valid_from,valid_to,name_vi,name_en,kind,level,parent\nA,2020-01-01,,Phòng A,Room A,agency,5,W4@2000-01-01\n".into()),
    ];
    let office = place.governed(&[small(false), local]).await;
    let without = pack::changed(small(false), "units/units.csv", "W4,2000-01-01,,Đơn vị 4,Unit 4,commune,4,C@2000-01-01\n", "");
    let refusal = office.load_packs(&Actor::system(), &common::read(&[without]), office.now()).await;
    assert_eq!(refused(refusal), "pack.does_not_fit");
    office.close().await.unwrap();
    let office = place.open().await;
    assert!(office.world().units.idx(&"W4@2000-01-01".parse().unwrap()).is_some());
    office.close().await.unwrap();
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_packs_make_a_board_and_a_report() {
    both(async |place| {
        let packs = [pack::real("vietnam"), pack::real("vung-tau")];
        let office = place.governed(&packs).await;
        let again = load(&office, &packs).await;
        assert_eq!((again.added, again.changed, again.retired), (0, 0, 0));
        let leader = person("chutich", &[(Role::Leader, "747@2004-07-08"), (Role::Leader, "79@2025-07-01")]);
        let city = unit(&office, "747@2004-07-08");
        let board = office.board(&leader, city, "2025-06-30".parse().unwrap()).await.unwrap();
        assert_eq!(board.units.len(), 17);
        assert!(board.conflicts.iter().any(|c| c.indicator == "IN-019"), "88 % and 99.17 %");
        let model = office.report(&leader, city, "2025Q2".parse().unwrap(), Lang::Vi).await.unwrap();
        assert_eq!(model.scope.boundaries, "trước ngày 01/07/2025 (17 phường, xã)");
        assert_eq!(model.by_unit.rows.len(), 17);
        assert!(
            model.conflicts.iter().any(|c| c.code == "IN-019")
                && model.conflicts.iter().any(|c| c.claims.iter().any(|c| c.value == "30/08/2025"))
        );
        // As the leader's page counts: the nation's target concerns its parts, another province's does not.
        let national = model.results.iter().find(|r| r.code == "T-VN-01").unwrap();
        assert!(national.note.as_deref().is_some_and(|n| n.contains("cấp trên")) && model.summary.iter().any(|s| s.contains("T-VN-01")));
        assert!(!model.results.iter().any(|r| r.code == "T-VN-02"), "Hà Nội's");
        let ours = board.rows.iter().filter(|r| r.target.def.id != "T-VN-02");
        for row in ours {
            let told = model.results.iter().find(|r| r.code == row.target.def.id).unwrap_or_else(|| panic!("{}", row.target.def.id));
            assert_eq!(format!("{:?}", told.status), format!("{:?}", row.whole.assessment.status), "{}", told.code);
            assert!(!told.definition.is_empty(), "{}", told.code);
        }
        let said = |text: &str| model.summary.iter().any(|s| s.contains(text));
        let tally = board.task_tally();
        assert!(said(&format!("Tổng số {} nhiệm vụ", board.tasks.len())), "{:?}", model.summary);
        for (status, word) in [(rules::target::Status::AtRisk, "có nguy cơ chậm"), (rules::target::Status::InProgress, "đang thực hiện")]
        {
            if let Some(n) = tally.get(&status) {
                assert!(said(&format!("{n} nhiệm vụ {word}")), "{:?}", model.summary);
            }
        }
        // After the merger the city is gone: its board is told so, the successor's works.
        let after: Date = "2025-08-15".parse().unwrap();
        assert_eq!(refused(office.board(&leader, city, after).await), "unit.not_on_map");
        assert!(office.board(&leader, unit(&office, "79@2025-07-01"), after).await.is_ok());
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_task_ends_before_it_begins() {
    let place = Place::sqlite();
    let office = place.governed(&[city()]).await;
    let (yesterday, tomorrow) = (days_from_now(-1).to_string(), days_from_now(1).to_string());
    let task = |starts_on: &str, deadline: &str| NewTask { starts_on: starts_on.into(), deadline: deadline.into(), ..new_task() };
    assert_eq!(refused(office.assign_task(&leader(), &task(&tomorrow, &yesterday), &[]).await), "task.dates");
    assert_eq!(refused(office.assign_task(&leader(), &task("", &yesterday), &[]).await), "task.dates", "left open, it begins today");
    office.assign_task(&leader(), &task(&yesterday, &yesterday), &[]).await.unwrap();
    office.close().await.unwrap();
}
