//! Tasks go down to units, results come up.

use office::programme::{NewTask, TaskFilter, UpdateInput};
use rules::{access::Role, target::Status};
use store::{P, verify::Finding};

use crate::{
    common::{
        Place, both,
        pack::{CITY, NEW},
        person,
    },
    kit::*,
};

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
