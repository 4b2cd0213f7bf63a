//! Deadlines: clocks that are set, holidays declared later, what is foreseen.

use jiff::civil::date;
use office::{one_stop::Proof, personal::Through};
use rules::{
    access::{Actor, Role},
    one_stop::{Act, ResultGiven},
};
use serde_json::json;
use store::{Command, Expect, RecordId, RecordWrite};

use crate::{
    common::{
        self, both, load,
        pack::{CITY, NEW, one_stop},
        person,
    },
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_was_set_back_writes_no_deadlines() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let filed = office.receive(&people.officer, &counter(NUMBER)).await.unwrap();
        clock(&office, "2025-06-30 08:00").await;
        let act = hand_over("lan");
        assert_eq!(code(office.act(&people.officer, &filed.id, filed.version, &act, "").await), "one_stop.order");
        let kept = office.find("dossier", &filed.code).await.unwrap();
        assert_eq!(kept.version, filed.version, "nothing was done");
        // Half a minute is what two machines differ by: the acts stay in their order.
        let last = kept.updated_at;
        office.set_demo(&Actor::system(), last.plus_micros(-30_000_000)).await.unwrap();
        let over = office.act(&people.officer, &filed.id, filed.version, &act, "").await.unwrap();
        assert!(office.find("dossier", &filed.code).await.unwrap().updated_at >= last, "{over:?}");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holiday_declared_later_moves_open_deadlines_and_both_sides_see_it() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let mai = mai();
        let filed = filed(&office, &mai).await;
        office.act(&people.officer, &filed.id, filed.version, &Act::Accept, "").await.unwrap();
        let admin = person("quantri", &[(Role::Admin, CITY)]);
        assert!(office.recompute_deadlines(&admin).await.unwrap().is_empty(), "nothing moved");
        let holiday = "[[calendar.day]]\ndate = 2025-07-07\nkind = \"holiday\"\nname = { vi = \"Nghỉ bão\", en = \"Storm\" }\n";
        let mut files = one_stop();
        files.iter_mut().find(|(n, _)| n == "calendars/2025.toml").unwrap().1.push_str(holiday);
        assert_eq!(load(&office, &[files]).await.deadlines, 1);
        let (before, after) = (Some(at("2025-07-08 17:00")), Some(at("2025-07-09 17:00")));
        assert_eq!(code(office.recompute_deadlines(&people.officer).await), "access.role");
        assert!(office.recompute_deadlines(&admin).await.unwrap().is_empty(), "asked again it does nothing");
        let seen = office.track(&Proof::Identity { citizen: &mai, code: &filed.code }).await.unwrap();
        let told = seen.timeline.last().unwrap();
        assert_eq!((told.what.as_str(), told.due_before, told.due_after), ("recompute", before, after));
        assert_eq!(seen.due_at, after);
        let open = office.dossier(&people.officer, &filed.code, Through::Page).await.unwrap();
        assert_eq!(open.fields["due_at"], after.unwrap().to_string());
        let shown = office.deadline_moved(open.record.id).await.unwrap().unwrap();
        assert_eq!((shown.before, shown.after), (before, after));
        office.close().await.unwrap();
    })
    .await;
}

/// Ten dossiers took two working days each to be appraised; one that has one day left will be late.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_will_be_late_is_foreseen_from_how_such_dossiers_went() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let receive = async |i: usize| {
            let number = format!("0771900002{i:02}");
            let got = office.receive(&people.officer, &counter(&number)).await.unwrap();
            let over = office.act(&people.officer, &got.id, got.version, &hand_over("lan"), "").await.unwrap();
            (got, over.version)
        };
        let unit = office.world().unit_idx(NEW[0], date(2025, 7, 1)).unwrap();
        let foreseen = async |id: &str| {
            let all = office.forecasts(&people.officer, unit, &[id]).await.unwrap();
            (all.finished, all.of(id).cloned())
        };
        let mut open = Vec::new();
        for i in 0..10 {
            open.push(receive(i).await);
        }
        assert_eq!(foreseen(&open[0].0.id).await, (0, None), "nothing is known yet");
        clock(&office, "2025-07-03 09:00").await;
        let sign = Act::HandOver { step: "sign".into(), assignee: None, reason: None };
        for (got, version) in open {
            let at_sign = office.act(&people.officer, &got.id, version, &sign, "").await.unwrap();
            let resolve = Act::Resolve { result: ResultGiven::default() };
            office.act(&people.leader, &got.id, at_sign.version, &resolve, "").await.unwrap();
        }
        let (late, _) = receive(20).await;
        assert_eq!(late.due_at, Some(at("2025-07-10 17:00")));
        let (finished, said) = foreseen(&late.id).await;
        let said = said.unwrap();
        assert_eq!((finished, said.cases), (10, 10));
        assert!((890..=900).contains(&said.median), "two working days: {}", said.median);
        // Sent back after a week, it has too little time left.
        clock(&office, "2025-07-10 14:00").await;
        let seen = office.find("dossier", &late.code).await.unwrap();
        let signing = office.act(&people.officer, &late.id, seen.version, &sign, "").await.unwrap();
        let again = office.act(&people.officer, &late.id, signing.version, &hand_over("lan"), "").await.unwrap();
        assert_eq!(again.state, "in_progress");
        // The map of one procedure shows its steps as declared, the map of all the national statuses: never both.
        let of = async |procedure| office.process_map(&people.officer, unit, procedure).await.unwrap();
        let name = |m: &office::process_map::ProcessMap| -> Vec<String> {
            use office::process_map::StopId::{State, Step};
            m.stops
                .iter()
                .map(|s| match &s.id {
                    Step(id) => format!("step {id}"),
                    State(id) => id.clone(),
                })
                .collect()
        };
        let (one, all) = (of(Some(PROCEDURE)).await, of(None).await);
        assert_eq!(name(&one), ["step receive", "step appraise", "step sign"]);
        assert_eq!(name(&all), ["received", "in_progress", "resolved"]);
        assert_eq!((one.stops[1].passed, one.stops[1].here, one.stops[1].back), (11, 1, 1), "one came back to it");
        assert_eq!(all.groups, one.groups, "people are the same either way");
        let left = foreseen(&late.id).await.1.unwrap();
        let ready = office.world().calendar(unit, date(2025, 7, 10)).add_working_minutes(office.now(), left.median).unwrap().value;
        assert!(Some(ready) > late.due_at, "{left:?}");
        assert_eq!(code(office.forecasts(&Actor::anonymous(), unit, &[]).await), "access.sign_in");
        office.close().await.unwrap();
    })
    .await;
}

/// A city has more dossiers than a map is drawn from: what waits now is among the newest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_map_of_very_many_shows_what_waits_now() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let unit = office.world().unit_idx(NEW[0], date(2025, 7, 1)).unwrap();
        let old = |n: i32| RecordWrite {
            register: "dossier".into(),
            id: RecordId::new(),
            expect: Expect::New,
            key: None,
            unit: NEW[0].into(),
            state: "returned".into(),
            fields: common::fields(json!({"code": format!("CU-{n}"), "received_at": "2024-07-01T01:00:00.000000Z"})),
            kind: "import".into(),
            authority: None,
        };
        let writes = (0..1_600).map(old).collect();
        let command = Command { actor: "cũ".into(), on_behalf: None, at: office.now(), idempotency: None, writes };
        office.store().commit(command).await.unwrap();
        office.store().settle().await.unwrap();
        office.receive(&people.officer, &counter(NUMBER)).await.unwrap();
        let map = office.process_map(&people.officer, unit, None).await.unwrap();
        assert_eq!(map.stops.iter().map(|s| s.here).sum::<usize>(), 1, "{:?}", map.stops);
        office.close().await.unwrap();
    })
    .await;
}
