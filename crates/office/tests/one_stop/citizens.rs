//! Citizens: who they are, what opens their dossiers and drafts.

use jiff::civil::date;
use office::one_stop::{Citizen, DraftKey, Filer, Proof};
use rules::one_stop::Channel;
use serde_json::json;

use crate::{
    common::{self, both, pack::NEW},
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dossier_is_tracked_by_code_and_secret_or_identity_never_by_the_code_alone() {
    both(async |place| {
        let (office, _) = desk(place).await;
        let mai = mai();
        let filed = filed(&office, &mai).await;
        let by = |secret: &'static str| Proof::Secret { code: &filed.code, secret, client: "10.0.0.9" };
        assert_eq!(code(office.track(&by("")).await), "tracking.not_found");
        let unknown = Proof::Secret { code: "H06.36.N1-250701-0099", secret: "x", client: "10.0.0.9" };
        assert_eq!(code(office.track(&unknown).await), "tracking.not_found", "told alike");
        assert_eq!(code(office.track(&Proof::Secret { code: "nonsense", secret: "x", client: "c" }).await), "tracking.not_found");
        for _ in 0..4 {
            assert_eq!(code(office.track(&by("WRONGWRONG")).await), "tracking.not_found");
        }
        let right = Proof::Secret { code: &filed.code, secret: &filed.secret, client: "10.0.0.9" };
        assert_eq!(code(office.track(&right).await), "tracking.wait", "guessing stops, also with the right one at last");
        // The one whose dossier it is comes from elsewhere, as often as they like.
        let owner = Proof::Secret { code: &filed.code, secret: &filed.secret, client: "10.0.0.7" };
        for _ in 0..25 {
            assert_eq!(office.track(&owner).await.unwrap().code, filed.code);
        }
        // Whoever tries many dossiers is turned away from all, theirs too; looking at one's own does not wipe that out.
        for n in 1..=20 {
            let code_of = format!("H06.36.N1-250701-{:04}", 100 + n);
            let other = Proof::Secret { code: &code_of, secret: "x", client: "10.0.0.8" };
            assert_eq!(code(office.track(&other).await), "tracking.not_found", "{n}");
            if n < 20 {
                let own = Proof::Secret { code: &filed.code, secret: &filed.secret, client: "10.0.0.8" };
                assert!(office.track(&own).await.is_ok(), "{n}");
            }
        }
        let own = Proof::Secret { code: &filed.code, secret: &filed.secret, client: "10.0.0.8" };
        assert_eq!(code(office.track(&own).await), "tracking.wait");
        // Strangers who begin draft after draft from one place are asked to wait, nobody else is.
        for n in 0..60 {
            assert!(office.guest_begins("10.0.0.8").await.is_ok(), "{n}");
        }
        assert_eq!(code(office.guest_begins("10.0.0.8").await), "tracking.wait");
        assert!(office.guest_begins("10.0.0.7").await.is_ok());
        clock(&office, "2025-07-01 09:20").await;
        assert_eq!(office.track(&own).await.unwrap().code, filed.code);
        assert!(office.guest_begins("10.0.0.8").await.is_ok());
        let turned = "N1.36.H06-250701-0001";
        assert!(office.track(&Proof::Secret { code: turned, secret: &filed.secret, client: "c" }).await.is_ok(), "both orders of groups");
        assert!(office.track(&Proof::Identity { citizen: &mai, code: &filed.code }).await.is_ok());
        let other = Citizen { id_number: "077088000456".into(), ..mai.clone() };
        assert_eq!(code(office.track(&Proof::Identity { citizen: &other, code: &filed.code }).await), "tracking.not_found");
        let unproven = Citizen { level: 0, ..mai.clone() };
        assert_eq!(code(office.track(&Proof::Identity { citizen: &unproven, code: &filed.code }).await), "tracking.not_found");
        assert_eq!(code(office.my_dossiers(&unproven).await), "one_stop.identity_level");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn citizens_sign_in_through_the_simulator_and_officers_file_on_behalf() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let known = office.simulated_identities().unwrap();
        let signed = office.sign_in_simulated(&known[0].id_number).await.unwrap();
        let visitor = office.citizen(&signed.cookie).await.unwrap().unwrap();
        assert_eq!((visitor.citizen.name.as_str(), visitor.csrf), ("Nguyễn Thị Mai", signed.csrf));
        let again = office.sign_in_simulated(&known[0].id_number).await.unwrap();
        assert_eq!(office.citizen(&again.cookie).await.unwrap().unwrap().citizen.id, visitor.citizen.id, "one record per person");
        assert!(office.visitor(&signed.cookie).await.unwrap().is_none(), "a citizen is no officer");
        office.sign_out_citizen(&signed.cookie).await.unwrap();
        assert!(office.citizen(&signed.cookie).await.unwrap().is_none());
        assert_eq!(code(office.sign_in_simulated("077000000000").await), "not_found");

        // The community team files for somebody who has no phone; the ledger says so.
        let who = Filer::Officer(&people.officer);
        let (draft, key) = office.open_draft(&who, PROCEDURE, NEW[0], None).await.unwrap();
        let answers = common::fields(json!({"name": "Lê Thị Sáu", "number": "077150000789", "happened_on": "2025-06-20"}));
        office.save_draft(&who, &key, draft.version, "who", &answers).await.unwrap();
        office.add_upload(&who, &key, "proof", pdf("x")).await.unwrap();
        let draft = office.draft(&who, &DraftKey { secret: String::new(), ..key.clone() }).await.unwrap();
        let other = Filer::Officer(&people.expert);
        assert_eq!(code(office.draft(&other, &DraftKey { secret: String::new(), ..key.clone() }).await), "not_found");
        let filed = office.submit_draft(&who, &key, draft.version, "").await.unwrap();
        let record = office.find("dossier", &filed.code).await.unwrap();
        let f = record.fields().unwrap();
        assert_eq!((f["filed_by"].as_str(), f["applicant_name"].as_str()), (Some("hoa"), Some("Lê Thị Sáu")));
        let entry = office.store().history("dossier", record.id).await.unwrap().remove(0);
        assert_eq!((entry.actor.as_str(), entry.on_behalf.as_deref()), ("hoa", Some("applicant")));
        assert!(!entry.body.contains("Sáu") && !entry.body.contains("077150000789"), "what is personal is sealed in the ledger");
        let money = office.note_payment(&filed.id, 8_000, true, "FT1", "notice-1").await.unwrap();
        let once = office.note_payment(&filed.id, 8_000, true, "FT1", "notice-1").await.unwrap();
        assert!(once.replayed && once.version == money.version);
        assert_eq!(office.find("dossier", &filed.code).await.unwrap().fields().unwrap()["paid_online"], true);
        let channel = f["channel"].as_str();
        assert_eq!(channel, Some(Channel::Online.id()));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_that_nobody_takes_up_again_ends_and_its_content_goes() {
    both(async |place| {
        let (office, _) = desk(place).await;
        let mai = mai();
        let who = Filer::Citizen(&mai);
        let (draft, key) = office.open_draft(&who, PROCEDURE, NEW[0], None).await.unwrap();
        assert_eq!(draft.expires_on, date(2025, 8, 30), "sixty days, as the rules say");
        let answers = common::fields(json!({"happened_on": "2025-06-20"}));
        clock(&office, "2025-08-30 16:00").await;
        assert_eq!(office.expire_drafts().await.unwrap(), 0, "its last day is a whole day");
        let draft = office.save_draft(&who, &key, draft.version, "what", &answers).await.unwrap();
        assert_eq!(draft.expires_on, date(2025, 10, 29), "what is changed is kept again");
        clock(&office, "2025-10-30 08:00").await;
        assert_eq!(code(office.draft(&who, &key).await), "draft.expired", "also before its round has come");
        assert!(office.drafts_of(&mai).await.unwrap().is_empty());
        // The office's own round may have come first.
        assert!(office.expire_drafts().await.unwrap() <= 1);
        assert_eq!(office.expire_drafts().await.unwrap(), 0);
        let record = office.find("draft", &draft.id).await.unwrap();
        let fields = record.fields().unwrap();
        assert!(record.state == "expired" && !fields.contains_key("form") && !fields.contains_key("owner_name"), "{fields:?}");
        let stranger = DraftKey { id: key.id, secret: "x".into() };
        assert_eq!(code(office.draft(&Filer::Guest, &stranger).await), "not_found", "only its owner is told");
        office.close().await.unwrap();
    })
    .await;
}
