//! Drafts: whose they are, how much they hold, and on which terms they are filed.

mod common;

use common::{Place, both, load, pack, person};
use jiff::civil::date;
use office::{
    Office,
    one_stop::{Citizen, Draft, DraftKey, Filer, Upload, grouped},
    personal::Through,
};
use pack::{NEW, one_stop};
use rules::{
    Timestamp,
    access::{Actor, Role},
    one_stop::{Act, Reason, ReasonKind, ResultGiven},
};
use serde_json::json;

const PROCEDURE: &str = "1.000001";
const NUMBER: &str = "077190000123";
const OLD_WARD: &str = "W1@2000-01-01";

async fn clock(office: &Office, text: &str) {
    let at: Timestamp = format!("{}:00+07:00", text.replace(' ', "T")).parse().unwrap();
    office.set_demo(&Actor::system(), at).await.unwrap();
}

fn code<T: std::fmt::Debug>(result: office::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

fn citizen(id: u8, id_number: &str, name: &str) -> Citizen {
    Citizen {
        id: format!("00000000-0000-7000-8000-0000000000{id:02}"),
        id_number: id_number.into(),
        name: name.into(),
        level: 2,
        birth_date: Some(date(1990, 5, 12)),
        provider: "test".into(),
        ..Citizen::default()
    }
}

fn mai() -> Citizen {
    citizen(1, NUMBER, "Nguyễn Thị Mai")
}

fn pdf(size: usize, mark: u8) -> Upload {
    let mut bytes = b"%PDF-1.7 ".to_vec();
    bytes.resize(size.max(16), mark);
    Upload { name: "giấy.pdf".into(), media_type: "application/pdf".into(), bytes }
}

async fn office(place: &Place, now: &str) -> Office {
    let office = place.governed(&[one_stop()]).await;
    clock(&office, now).await;
    office
}

/// A draft with everything that filing wants.
async fn ready(office: &Office, who: &Filer<'_>, unit: &str) -> (Draft, DraftKey) {
    let (draft, key) = office.open_draft(who, PROCEDURE, unit, None).await.unwrap();
    let answers = common::fields(json!({"happened_on": "2025-06-20", "name": "Nguyễn Thị Mai", "number": NUMBER}));
    let draft = office.save_draft(who, &key, draft.version, "what", &answers).await.unwrap();
    office.add_upload(who, &key, "proof", pdf(20, 1)).await.unwrap();
    (office.draft(who, &key).await.unwrap_or(draft), key)
}

/// The pack with a second version of the procedure: dearer, from August on.
fn renewed() -> pack::Files {
    let files = one_stop();
    let (_, old) = files.iter().find(|(name, _)| name == "procedures/test.toml").unwrap();
    let new = old.replace("valid_from = 2025-01-01", "valid_from = 2025-08-01").replace("amount_vnd = 8000", "amount_vnd = 9000");
    let ended = pack::changed(files, "procedures/test.toml", "valid_from = 2025-01-01", "valid_from = 2025-01-01\nvalid_to = 2025-08-01");
    pack::with(ended, "procedures/new.toml", &new)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_draft_is_filed_on_the_terms_of_the_day() {
    both(async |place| {
        let office = office(place, "2025-07-15 09:00").await;
        load(&office, &[renewed()]).await;
        let mai = mai();
        let who = Filer::Citizen(&mai);
        let (draft, key) = ready(&office, &who, NEW[0]).await;
        assert_eq!((draft.procedure_from, office.review_draft(&who, &key).await.unwrap().total_vnd), (date(2025, 1, 1), 8_000));
        clock(&office, "2025-08-04 09:00").await;
        let refused = office.submit_draft(&who, &key, draft.version, "x").await.unwrap_err();
        assert_eq!(refused.code(), "draft.newer_version");
        let now = office.draft(&who, &key).await.unwrap();
        assert_eq!((now.procedure_from, now.version), (date(2025, 8, 1), draft.version + 1));
        assert_eq!((&now.form, &now.parts), (&draft.form, &draft.parts), "nothing is typed or brought twice");
        assert_eq!(code(office.submit_draft(&who, &key, draft.version, "x").await), "version.conflict", "what was not seen is not filed");
        let filed = office.submit_draft(&who, &key, now.version, "x").await.unwrap();
        assert_eq!(filed.fee_vnd, 9_000);
        let record = office.find("dossier", &filed.id).await.unwrap().fields().unwrap();
        assert_eq!(record["procedure_from"], "2025-08-01");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ward_that_was_merged_away_is_filed_with_no_more() {
    both(async |place| {
        let office = office(place, "2025-06-24 09:00").await;
        let mai = mai();
        let who = Filer::Citizen(&mai);
        let (draft, key) = ready(&office, &who, OLD_WARD).await;
        clock(&office, "2025-07-02 09:00").await;
        assert_eq!(code(office.submit_draft(&who, &key, draft.version, "").await), "unit.closed");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_with_an_owner_opens_for_its_owner_alone() {
    both(async |place| {
        let office = office(place, "2025-07-01 09:00").await;
        let (mai, other) = (mai(), citizen(2, "077088000456", "Trần Văn Hùng"));
        let (_, key) = ready(&office, &Filer::Citizen(&mai), NEW[0]).await;
        // Who signed out, and who holds the same phone, has the secret still.
        assert_eq!(code(office.draft(&Filer::Guest, &key).await), "not_found");
        assert_eq!(code(office.draft(&Filer::Citizen(&other), &key).await), "not_found");
        assert!(office.draft(&Filer::Citizen(&mai), &key).await.is_ok());
        assert_eq!(code(office.draft_by_code(&Filer::Guest, &key.secret).await), "not_found");

        // A guest's opens with its code, however it is typed; a part of it, or a wrong one, opens nothing.
        let (guest, key) = office.open_draft(&Filer::Guest, PROCEDURE, NEW[0], None).await.unwrap();
        let typed = grouped(&key.secret).to_lowercase().replace('-', " ");
        assert_eq!(office.draft_by_code(&Filer::Guest, &typed).await.unwrap(), key);
        let last = if key.secret.ends_with('A') { "B" } else { "A" };
        let wrong = format!("{}{last}", &key.secret[..key.secret.len() - 1]);
        for text in ["", &key.secret[..10], wrong.as_str(), &key.id] {
            assert_eq!(code(office.draft_by_code(&Filer::Guest, text).await), "not_found", "{text}");
        }
        // A guest who signs in goes on as its owner: it is among their own, and the code opens it no more.
        let answers = common::fields(json!({"happened_on": "2025-06-20"}));
        office.save_draft(&Filer::Citizen(&other), &key, guest.version, "what", &answers).await.unwrap();
        assert_eq!(office.drafts_of(&other).await.unwrap().iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), [key.id.as_str()]);
        assert_eq!(code(office.draft_by_code(&Filer::Guest, &typed).await), "not_found");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_are_bounded_in_number_and_in_what_they_hold() {
    both(async |place| {
        let office = office(place, "2025-07-01 09:00").await;
        let (guest, (_, key)) = (Filer::Guest, office.open_draft(&Filer::Guest, PROCEDURE, NEW[0], None).await.unwrap());
        for mark in 0..5 {
            office.add_upload(&guest, &key, "proof", pdf(20 << 20, mark)).await.unwrap();
        }
        let full = office.add_upload(&guest, &key, "proof", pdf(16, 9)).await.unwrap_err();
        let office::Error::Refused(full) = full else { panic!("{full}") };
        assert_eq!((full.code, full.args), ("upload.draft_full", vec![("max", "100".to_owned())]));

        let mai = mai();
        let who = Filer::Citizen(&mai);
        let mut last = None;
        for _ in 0..20 {
            last = Some(office.open_draft(&who, PROCEDURE, NEW[0], None).await.unwrap());
        }
        assert_eq!(code(office.open_draft(&who, PROCEDURE, NEW[0], None).await), "draft.too_many");
        let (draft, key) = last.unwrap();
        office.drop_draft(&who, &key, draft.version).await.unwrap();
        assert!(office.open_draft(&who, PROCEDURE, NEW[0], None).await.is_ok());
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_files_for_somebody_else_is_shown_with_the_number_of_the_form() {
    both(async |place| {
        let office = office(place, "2025-07-01 09:00").await;
        let officer = person("hoa", &[(Role::WardOfficer, NEW[0])]);
        let daughter = citizen(2, "077088000456", "Trần Thị Hà");
        let (draft, key) = ready(&office, &Filer::Citizen(&daughter), NEW[0]).await;
        let filed = office.submit_draft(&Filer::Citizen(&daughter), &key, draft.version, "").await.unwrap();
        let seen = office.dossier(&officer, &filed.id, Through::Page).await.unwrap();
        assert_eq!((&seen.fields["applicant_id_number"], &seen.fields["declared_id_number"]), (&json!("077088000456"), &json!(NUMBER)));
        // Their own number is not remarked upon.
        let mai = mai();
        let (draft, key) = ready(&office, &Filer::Citizen(&mai), NEW[0]).await;
        let filed = office.submit_draft(&Filer::Citizen(&mai), &key, draft.version, "").await.unwrap();
        assert!(!office.find("dossier", &filed.id).await.unwrap().fields().unwrap().contains_key("declared_id_number"));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_text_of_an_act_is_bounded_and_so_is_its_key() {
    both(async |place| {
        let office = office(place, "2025-07-01 09:00").await;
        let officer = person("hoa", &[(Role::WardOfficer, NEW[0])]);
        let leader = person("nam", &[(Role::Leader, NEW[0])]);
        let mai = mai();
        let (draft, key) = ready(&office, &Filer::Citizen(&mai), NEW[0]).await;
        assert_eq!(code(office.submit_draft(&Filer::Citizen(&mai), &key, draft.version, &"k".repeat(201)).await), "idempotency.key");
        let filed = office.submit_draft(&Filer::Citizen(&mai), &key, draft.version, &"k".repeat(200)).await.unwrap();
        let (id, version) = (filed.id.as_str(), filed.version);
        assert_eq!(code(office.act(&officer, id, version, &Act::Accept, &"k".repeat(201)).await), "idempotency.key");
        let version = office.act(&officer, id, version, &Act::Accept, &"k".repeat(200)).await.unwrap().version;
        let (name, text) = ("n".repeat(201), "t".repeat(4_001));
        let ask = |part: Option<&str>, text: &str| Act::AskSupplement {
            reasons: vec![Reason { kind: ReasonKind::Missing, part: part.map(str::to_owned), text: text.into() }],
            until: None,
        };
        let long = [
            (&officer, ask(Some(&name), "a"), "reason"),
            (&officer, ask(None, &text), "reason"),
            (&officer, Act::AskOpinion { agency: name.clone(), question: "a".into(), due: date(2025, 7, 3) }, "agency"),
            (&officer, Act::AskOpinion { agency: "a".into(), question: text.clone(), due: date(2025, 7, 3) }, "question"),
            (&officer, Act::HandOver { step: name.clone(), assignee: None, reason: None }, "step"),
            (&officer, Act::HandOver { step: "appraise".into(), assignee: Some(name.clone()), reason: None }, "assignee"),
            (&officer, Act::Paid { amount_vnd: 1, online: false, reference: text.clone() }, "reference"),
            (&leader, Act::Suspend { reason: "a".into(), basis: text.clone() }, "basis"),
            (&leader, Act::Resolve { result: ResultGiven { number: Some(name.clone()), ..ResultGiven::default() } }, "number"),
            (&leader, Act::Resolve { result: ResultGiven { file: Some(name.clone()), ..ResultGiven::default() } }, "file"),
        ];
        for (who, act, field) in long {
            let office::Error::Refused(r) = office.act(who, id, version, &act, "").await.unwrap_err() else { panic!("{act:?}") };
            assert_eq!((r.code, r.args.first()), ("input.too_long", Some(&("field", field.to_owned()))), "{act:?}");
        }
        office.close().await.unwrap();
    })
    .await;
}
