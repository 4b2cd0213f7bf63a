//! What the pages of an officer stand on: recent changes, figures of a running year, lists that are not counted, accounts, helpers.

mod common;

use common::{both, pack, person, settled, unit};
use jiff::{Span, civil::Date};
use office::{
    Office,
    figures::{COUNT_MAX, Count, Part},
    people::Account,
    programme::{FigureInput, NewTask, RECENT_DAYS, Risk, TaskFilter},
    registers::{NewRecord, StepInput},
};
use pack::{CITY, DESK, Files, NEW, small};
use rules::{
    Period,
    access::{Actor, Role},
    target::Status,
};
use serde_json::json;
use store::ListQuery;

fn refused<T: std::fmt::Debug>(result: office::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

fn shifted(day: Date, days: i64) -> Date {
    day.checked_add(Span::new().days(days)).unwrap()
}

/// A target on what was published for this year: the year is not over, and the source names no day.
fn of_this_year() -> Files {
    let year = office::Clock::default().today().year();
    let text = format!(
        r#"
[[target]]
id = "T-17"
title = {{ vi = "60 trạm", en = "60 stations" }}
indicator = "RF-2"
threshold = "60"
comparison = ">="
window = "cumulative"
bound_units = ["{CITY}"]
owner = "{DESK}"
source = "S1"

[[figure]]
id = "F-17"
indicator = "RF-2"
unit = "{CITY}"
period = "{year}"
as_written = "61"
source = "S1"
quote = "đã có 61 trạm"
"#
    );
    pack::with(small(true), "programme/all.toml", &text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_published_for_a_year_counts_before_the_year_is_over() {
    both(async |place| {
        let office = place.governed(&[of_this_year()]).await;
        let system = Actor::system();
        let (world, target) = (office.world(), office.target(&system, "T-17").await.unwrap());
        let reported = office.reported_figures(&system).await.unwrap();
        let on = |day: Date| office.target_on(&world, &target, unit(&office, CITY), day, &reported).unwrap();
        let today = office.today();
        assert_eq!(on(today).value, Some(61.0));
        let figure = &on(today).reported.unwrap();
        assert_eq!(figure.def.as_of, None, "the day it speaks of stays unknown");
        assert_eq!(on(Date::new(today.year() - 1, 12, 31).unwrap()).value, None, "not in the year before");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_nothing_was_done_today_the_last_days_are_told() {
    both(async |place| {
        let office = place.governed(&[of_this_year()]).await;
        let (leader, today) = (person("chutich", &[(Role::Leader, CITY)]), office.today());
        let board = async |day: Date| office.board(&leader, unit(&office, CITY), day).await.unwrap();
        let quiet = board(today).await;
        assert!(quiet.changes.is_empty(), "what a pack declares is no news");
        assert_eq!(quiet.changes_from, shifted(today, -RECENT_DAYS));
        let ward = person("hoa", &[(Role::WardOfficer, NEW[0])]);
        let input = FigureInput {
            indicator: "RF-1".into(),
            unit: NEW[0].into(),
            period: "2025Q2".into(),
            written: "90 %".into(),
            source: "Báo cáo của phường".into(),
            ..FigureInput::default()
        };
        let id = office.submit_figure(&ward, &input).await.unwrap();
        let now = board(today).await;
        assert_eq!((now.changes.len(), now.changes_from), (1, today));
        assert_eq!((now.changes[0].entry.kind.as_str(), now.changes[0].entry.record_id.to_string()), ("submit", id));
        let tomorrow = board(shifted(today, 1)).await;
        assert_eq!((tomorrow.changes.len(), tomorrow.changes_from), (1, shifted(today, 1 - RECENT_DAYS)));
        assert!(board(shifted(today, RECENT_DAYS + 1)).await.changes.is_empty());
        office.close().await.unwrap();
    })
    .await;
}

async fn cases(office: &Office, unit: &str, count: usize) {
    let new = |i: usize| {
        let body = json!({"code": format!("{unit}-{i}"), "received_at": "2025-08-01T02:00:00Z", "channel": "online"});
        NewRecord { unit: unit.into(), fields: common::fields(body), ..NewRecord::default() }
    };
    office.create_records(&Actor::system(), "case", (0..count).map(new).collect()).await.unwrap();
    settled(office).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_list_is_not_counted_and_a_figure_knows_its_records() {
    both(async |place| {
        let office = place.governed(&[small(true)]).await;
        cases(&office, NEW[0], 620).await;
        cases(&office, NEW[1], 7).await;
        let system = Actor::system();
        let list = async |unit: Option<&str>, after: Option<String>| {
            let units = unit.map(str::to_owned).into_iter().collect();
            let query = ListQuery { register: "case".into(), units, after, limit: 50, ..ListQuery::default() };
            office.page_of(&system, query).await.unwrap()
        };
        let (page, count) = list(None, None).await;
        assert_eq!(count, Count { n: COUNT_MAX, exact: false });
        let (_, later) = list(None, page.next).await;
        assert_eq!(later, Count { n: 50, exact: false }, "a later page says what it holds");
        assert_eq!(list(Some(NEW[1]), None).await.1, Count { n: 7, exact: true });
        // The figure's own cell gives the number, of whatever size; it agrees with counting them one by one.
        let (map, city) = (office.today(), unit(&office, CITY));
        for part in [Part::Counted, Part::Numerator, Part::Rest] {
            for id in ["case.received", "case.on_time"] {
                let known = office.page_behind(&system, id, city, Period::All, map, part, None, 50).await;
                let counted = office.records_behind(&system, id, city, Period::All, map, part, None, 50).await;
                match (known, counted) {
                    (Ok((a, known)), Ok((b, n))) => {
                        assert_eq!((known, a.records.len()), (Count { n, exact: true }, b.records.len()), "{id}");
                    }
                    (a, b) => assert_eq!(a.err().map(|e| e.code()), b.err().map(|e| e.code())),
                }
            }
        }
        let ward = person("hoa", &[(Role::WardOfficer, NEW[0])]);
        let query = || ListQuery { register: "case".into(), units: vec![NEW[1].into()], limit: 9, ..ListQuery::default() };
        assert_eq!(refused(office.page_of(&ward, query()).await), "access.unit");
        assert_eq!(refused(office.first_of(&ward, query()).await), "access.unit");
        assert_eq!(refused(office.page_of(&Actor::anonymous(), query()).await), "access.sign_in");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_changed_from_the_version_that_was_seen() {
    both(async |place| {
        let office = place.governed(&[small(true)]).await;
        let admin = person("quantri", &[(Role::Admin, CITY)]);
        let account =
            |name: &str| Account { login: "hoa".into(), name: name.into(), grants: Vec::new(), language: "vi".into(), disabled: false };
        assert_eq!(refused(office.save_account(&admin, &account("Hoa"), None, Some(1)).await), "not_found");
        office.save_account(&admin, &account("Hoa"), None, None).await.unwrap();
        assert_eq!(refused(office.save_account(&admin, &account("Hoa"), None, None).await), "account.taken");
        office.save_account(&admin, &account("Hòa"), None, Some(1)).await.unwrap();
        assert_eq!(refused(office.save_account(&admin, &account("Hoà"), None, Some(1)).await), "version.conflict");
        let stranger = person("la", &[(Role::Leader, CITY)]);
        assert_eq!(refused(office.save_account(&stranger, &account("Hoa"), None, Some(2)).await), "access.role");
        assert_eq!(office.accounts(&admin).await.unwrap()[0].2.name, "Hòa");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_asked_to_help_sees_the_task_and_no_other() {
    both(async |place| {
        let office = place.governed(&[small(true)]).await;
        let (leader, helper) = (person("chutich", &[(Role::Leader, CITY)]), person("hoa", &[(Role::WardOfficer, NEW[0])]));
        let task = |cooperating: &[&str]| NewTask {
            title: "Làm sạch dữ liệu".into(),
            lead: NEW[1].into(),
            cooperating: cooperating.iter().map(|u| (*u).to_owned()).collect(),
            responsibility: "Chủ tịch phường".into(),
            authority: "Trong thẩm quyền".into(),
            deadline: shifted(office.today(), 30).to_string(),
            product: "Dữ liệu sạch".into(),
            ..NewTask::default()
        };
        let helped = office.assign_task(&leader, &task(&[NEW[0], DESK]), &[]).await.unwrap().remove(0);
        let alone = office.assign_task(&leader, &task(&[]), &[]).await.unwrap().remove(0);
        let seen = office.tasks(&helper, &TaskFilter::default(), office.today()).await.unwrap();
        assert_eq!(seen.iter().map(|t| t.def.id.as_str()).collect::<Vec<_>>(), [helped.as_str()]);
        assert_eq!(seen[0].def.cooperating.len(), 2);
        assert!(office.task(&helper, &helped, office.today()).await.is_ok());
        assert_eq!(refused(office.task(&helper, &alone, office.today()).await), "access.unit");
        let update = office::programme::UpdateInput { progress: 10, text: "giúp".into(), ..Default::default() };
        assert_eq!(refused(office.update_task(&helper, &helped, 1, &update).await), "access.unit", "the lead unit reports");
        assert_eq!(refused(office.assign_task(&leader, &task(&["khong-co"]), &[]).await), "not_found");
        office.close().await.unwrap();
    })
    .await;
}

/// What a unit is asked to help with is late for it too: the first page, its list and its inbox count by one rule.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_task_counts_for_those_who_help_and_what_came_back_waits_for_its_unit() {
    both(async |place| {
        let office = place.governed(&[of_this_year()]).await;
        let (leader, today) = (person("chutich", &[(Role::Leader, CITY)]), office.today());
        let ward = person("hoa", &[(Role::WardOfficer, NEW[0])]);
        let task = NewTask {
            title: "Số hóa hồ sơ".into(),
            lead: NEW[1].into(),
            cooperating: vec![NEW[0].into()],
            responsibility: "Chủ tịch".into(),
            authority: "Trong thẩm quyền".into(),
            starts_on: shifted(today, -60).to_string(),
            deadline: shifted(today, -30).to_string(),
            product: "Báo cáo".into(),
            ..NewTask::default()
        };
        let ids = office.assign_task(&leader, &task, &[]).await.unwrap();
        let own = unit(&office, NEW[0]);
        let board = office.board(&ward, own, today).await.unwrap();
        let late: Vec<&str> =
            board.late.iter().filter_map(|r| if let Risk::Task(t) = r { Some(t.def.id.as_str()) } else { None }).collect();
        let filter = TaskFilter { unit: Some(own), status: Some(Status::Overdue), ..TaskFilter::default() };
        let listed = office.tasks(&ward, &filter, today).await.unwrap();
        assert_eq!((late, listed.len()), (vec![ids[0].as_str()], 1));
        assert_eq!(board.task_tally().get(&Status::Overdue), Some(&1), "the tile says what the list says");

        let input = FigureInput {
            indicator: "RF-1".into(),
            unit: NEW[0].into(),
            period: "tháng 6/2025".into(),
            as_of: "2025-07-05".into(),
            written: "120 %".into(),
            source: "Báo cáo của phường".into(),
            ..FigureInput::default()
        };
        let doubts = async |id: Option<&str>| -> Vec<&'static str> {
            office.figure_doubts(&ward, &input, id).await.unwrap().iter().map(|r| r.code).collect()
        };
        assert_eq!(doubts(None).await, ["figure.beyond_whole", "figure.as_of_outside"]);
        let id = office.submit_figure(&ward, &input).await.unwrap();
        assert_eq!(office.reported_figure(&ward, &id).await.unwrap().def.period.unwrap().to_string(), "2025-06");
        assert_eq!(doubts(None).await, ["figure.beyond_whole", "figure.as_of_outside", "figure.pending"]);
        assert_eq!(doubts(Some(&id)).await.len(), 2, "a figure is no rival of itself");
        let future = FigureInput { period: format!("năm {}", today.year() + 1), as_of: String::new(), ..input.clone() };
        assert_eq!(office.submit_figure(&ward, &future).await.unwrap_err().code(), "input.future");

        assert_eq!((office.inbox_count(&ward).await.unwrap(), office.inbox_count(&leader).await.unwrap()), (0, 1));
        office.answer_figure(&leader, &id, 1, false, "Sai đơn vị tính").await.unwrap();
        assert_eq!((office.inbox_count(&ward).await.unwrap(), office.inbox_count(&leader).await.unwrap()), (1, 0));
        let inbox = office.inbox(&ward).await.unwrap();
        assert_eq!(inbox.returned_figures[0].record.id.to_string(), id);
        let neighbour = person("la", &[(Role::WardOfficer, NEW[1])]);
        assert_eq!(office.inbox_count(&neighbour).await.unwrap(), 0);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dossier_with_a_case_is_not_moved_as_a_plain_record() {
    both(async |place| {
        let office = place.governed(&[pack::real("vietnam")]).await;
        let root = office.world().root_on(office.today()).unwrap().to_string();
        let system = Actor::system();
        let body = |code: &str| common::fields(json!({"code": code, "received_at": "2025-08-01T02:00:00Z"}));
        let new = |fields| NewRecord { unit: root.clone(), fields, ..NewRecord::default() };
        // Imported from elsewhere: the plain way stays open.
        let plain = office.create_record(&system, "dossier", new(body("A"))).await.unwrap();
        let step = StepInput { transition: "start".into(), ..StepInput::default() };
        let started = office.step_record(&system, "dossier", &plain.id, 1, &step).await.unwrap();
        assert_eq!((plain.state.as_str(), started.state.as_str()), ("received", "in_progress"));
        // Neither born with a case nor given one.
        let case = common::fields(json!({"case": {"procedure": "1.001193"}}));
        let mut with_case = body("B");
        with_case.extend(case.clone());
        assert_eq!(refused(office.create_record(&system, "dossier", new(with_case.clone())).await), "register.own_use_case");
        assert_eq!(refused(office.change_record(&system, "dossier", &plain.id, 2, &case, "").await), "register.own_use_case");
        let sneaky = StepInput { transition: "resolve".into(), fields: case, ..StepInput::default() };
        assert_eq!(refused(office.step_record(&system, "dossier", &plain.id, 2, &sneaky).await), "register.own_use_case");
        // Written by the desk: no plain step is offered or taken, and a state of its own may be its first.
        let write = store::RecordWrite {
            register: "dossier".into(),
            id: store::RecordId::new(),
            expect: store::Expect::New,
            key: Some("B".into()),
            unit: root.clone(),
            state: "registered".into(),
            fields: with_case,
            kind: "file".into(),
            authority: None,
        };
        let (id, at) = (write.id.to_string(), office.now());
        let command = store::Command { actor: "citizen".into(), on_behalf: None, at, idempotency: None, writes: vec![write] };
        office.store().commit(command).await.unwrap();
        let accept = StepInput { transition: "accept".into(), ..StepInput::default() };
        assert_eq!(refused(office.step_record(&system, "dossier", &id, 1, &accept).await), "register.own_use_case");
        let edit = common::fields(json!({"department": "Tư pháp"}));
        assert_eq!(refused(office.change_record(&system, "dossier", &id, 1, &edit, "").await), "register.own_use_case");
        let record = office.store().record("dossier", id.parse().unwrap()).await.unwrap();
        assert!(office.steps(&system, &record).unwrap().is_empty());
        for register in ["draft", "payment", "bank_notice", "paper", "queue_ticket", "absence"] {
            assert_eq!(refused(office.create_record(&system, register, new(body("C"))).await), "register.own_use_case");
        }
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_is_found_by_those_who_work_on_the_record_and_by_nobody_else() {
    both(async |place| {
        let office = place.governed(&[small(true)]).await;
        for (i, unit) in [NEW[0], NEW[1], NEW[0]].into_iter().enumerate() {
            let body = json!({"code": format!("H-{i}"), "received_at": "2025-08-01T02:00:00Z", "person": "Đặng Thị Ánh"});
            let new = NewRecord { unit: unit.into(), fields: common::fields(body), ..NewRecord::default() };
            office.create_record(&Actor::system(), "case", new).await.unwrap();
        }
        settled(&office).await;
        let found = async |actor: &Actor, search: &str| {
            let query = ListQuery { register: "case".into(), search: search.into(), limit: 50, ..ListQuery::default() };
            office.first_of(actor, query).await.unwrap().records.len()
        };
        let officer = person("lan", &[(Role::WardOfficer, NEW[0])]);
        let viewer = person("hoa", &[(Role::Viewer, CITY)]);
        // Before the index has them, and after.
        for _ in 0..2 {
            assert_eq!(found(&Actor::system(), "dang anh").await, 3);
            assert_eq!(found(&officer, "anh DANG").await, 2, "of the own ward alone");
            assert_eq!(found(&viewer, "dang anh").await, 0, "a name is no door for who may not see it");
            assert_eq!(found(&viewer, "h 1").await, 1, "what stands in clear is");
            while office.store().indexed().await.unwrap() != (store::Indexed { behind: 0, anew: false }) {
                office.store().index_step(&|| false).await.unwrap();
            }
        }
        assert!(matches!(office.verify().await.unwrap(), store::verify::Finding::Whole { .. }));
        office.close().await.unwrap();
    })
    .await;
}
