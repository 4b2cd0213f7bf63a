//! Packs are loaded again, changed, refused as a whole.

use rules::{Period, access::Actor};

use crate::{
    common::{
        self, Place, both, load,
        pack::{self, CITY, Files, small},
        unit,
    },
    kit::*,
};

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
async fn the_packs_of_another_city_are_refused() {
    both(async |place| {
        let office = place.governed(&[small(false)]).await;
        let load = async |tenant: &str| {
            let files = pack::changed(small(false), "pack.toml", "[pack]\nid = \"small\"", "[pack]\nid = \"other\"");
            let files = pack::changed(files, "pack.toml", "[tenant]\nid = \"small\"", &format!("[tenant]\nid = \"{tenant}\""));
            office.load_packs(&Actor::system(), &common::read(&[files]), office.now()).await
        };
        let size = office.store().head().await.unwrap().size;
        assert_eq!(refused(load("elsewhere").await), "pack.other_place");
        assert_eq!(office.store().head().await.unwrap().size, size, "nothing was loaded");
        load("small").await.expect("the same place under another pack's name");
        office.close().await.unwrap();
    })
    .await;
}

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
