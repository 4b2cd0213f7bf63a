//! How the citizen wants the result: asked when filing, confirmed when receiving, printed, never invented.

use office::{
    one_stop::{Applicant, CounterInput, Delivery, Filer, Proof},
    personal::Through,
};
use rules::one_stop::{Act, Way};
use serde_json::json;

use crate::{
    common::{both, fields, figures_are_right, pack::NEW},
    kit::*,
};

fn by_post(address: &str) -> Delivery {
    Delivery { way: Way::Post, address: address.into() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_the_result_is_wanted_goes_with_the_dossier_from_the_draft_to_the_slip() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let mai = mai();
        let who = Filer::Citizen(&mai);
        let (draft, key) = office.open_draft(&who, PROCEDURE, NEW[0], None).await.unwrap();
        assert_eq!((draft.delivery, Delivery::usual(&draft.procedure.def)), (None, Delivery::new(Way::Online)), "end to end, so online");
        let bare = office.choose_delivery(&who, &key, draft.version, &by_post(" ")).await;
        assert_eq!(code(bare), "one_stop.result_address");
        let draft = office.choose_delivery(&who, &key, draft.version, &by_post("12  Lê Lợi")).await.unwrap();
        assert_eq!(draft.delivery, Some(by_post("12 Lê Lợi")));
        let answers = fields(json!({"happened_on": "2025-06-20"}));
        office.save_draft(&who, &key, draft.version, "what", &answers).await.unwrap();
        office.add_upload(&who, &key, "proof", pdf("a")).await.unwrap();
        let version = office.draft(&who, &key).await.unwrap().version;
        let filed = office.submit_draft(&who, &key, version, "").await.unwrap();
        let kept = office.find("draft", &key.id).await.unwrap().fields().unwrap();
        assert!(!kept.contains_key("result_address"), "the draft keeps no second copy of where somebody lives: {kept:?}");
        let of = async |id: &str| office.dossier(&people.officer, id, Through::Page).await.unwrap().delivery;
        assert_eq!(of(&filed.id).await, Some(by_post("12 Lê Lợi")));

        // The desk confirms another way; the address goes, and the ledger never had it in clear.
        let online = Delivery::new(Way::Online);
        let accepted = office.accept(&people.officer, &filed.id, filed.version, Some(&online), "a1").await.unwrap();
        assert_eq!((accepted.state.as_str(), of(&filed.id).await), ("received", Some(online.clone())));
        let again = office.accept(&people.officer, &filed.id, filed.version, Some(&online), "a1").await.unwrap();
        assert!(again.replayed && again.version == accepted.version);
        let record = office.find("dossier", &filed.code).await.unwrap();
        assert!(!record.fields().unwrap().contains_key("result_address"));
        let entries = office.store().history("dossier", record.id).await.unwrap();
        assert!(entries.iter().all(|e| !e.body.contains("Lê Lợi")), "personal");
        assert_eq!(office.paper(&people.officer, &filed.id, 1).await.unwrap().delivery, Some(online.clone()));
        let proof = Proof::Identity { citizen: &mai, code: &filed.code };
        assert_eq!(office.track(&proof).await.unwrap().delivery, Some(online));

        // Who did not come by the question is filed with what is usual.
        let usual = self::filed(&office, &mai).await;
        assert_eq!(of(&usual.id).await, Some(Delivery::new(Way::Online)));
        let plain = office.act(&people.officer, &usual.id, usual.version, &Act::Accept, "").await.unwrap();
        assert_eq!(
            (plain.state.as_str(), of(&usual.id).await),
            ("received", Some(Delivery::new(Way::Online))),
            "nothing said, nothing changed"
        );
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_counter_sends_by_post_to_where_the_applicant_lives_and_invents_nothing() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let wanting = |number: &str, address: &str, delivery: Option<Delivery>| CounterInput {
            applicant: Applicant { address: address.into(), ..counter(number).applicant },
            delivery,
            ..counter(number)
        };
        let bare = office.receive(&people.officer, &wanting(NUMBER, "", Some(by_post("")))).await;
        assert_eq!(arg(bare, "field"), "result_address");
        let received = office.receive(&people.officer, &wanting(NUMBER, "3 Trần Phú", Some(by_post("")))).await.unwrap();
        let of = async |id: &str| office.dossier(&people.officer, id, Through::Page).await.unwrap().delivery;
        assert_eq!(of(&received.id).await, Some(by_post("3 Trần Phú")));
        // A system that does not say leaves it open, as dossiers of earlier days are; the desk asks when it accepts.
        let silent = CounterInput { identified: true, parts: Vec::new(), ..wanting("077088000456", "3 Trần Phú", None) };
        let proof = office.keep_file(&people.officer, NEW[0], "proof", pdf("x"), office::one_stop::Origin::Upload).await.unwrap();
        let silent = office.file_for(&people.officer, &CounterInput { parts: vec![proof], ..silent }).await.unwrap();
        assert_eq!(of(&silent.id).await, None);
        office.accept(&people.officer, &silent.id, silent.version, Some(&by_post("")), "").await.unwrap();
        assert_eq!(of(&silent.id).await, Some(by_post("3 Trần Phú")));
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}
