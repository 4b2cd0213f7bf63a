//! Receiving at the counter, and what it refuses.

use office::{
    one_stop::{Applicant, CounterInput, DraftKey, Filer, Origin, PartGiven, Upload},
    personal::Through,
};
use rules::access::Role;
use serde_json::json;

use crate::{
    common::{
        self, both, figures_are_right,
        pack::{CITY, NEW},
        person,
    },
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_is_refused_in_clear_words() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let mai = mai();
        let guest = Filer::Guest;
        // A guest's draft opens with its secret alone, and identity is asked for.
        let (draft, key) = office.open_draft(&guest, PROCEDURE, NEW[0], None).await.unwrap();
        let stranger = DraftKey { id: key.id.clone(), secret: "guessed".into() };
        assert_eq!(code(office.draft(&guest, &stranger).await), "not_found");
        assert_eq!(code(office.draft(&Filer::Citizen(&mai), &DraftKey { secret: String::new(), ..key.clone() }).await), "not_found");
        let answers = common::fields(json!({"name": "Mai", "number": "12345", "happened_on": "2025-06-20", "nothing": 1}));
        let draft = office.save_draft(&guest, &key, draft.version, "who", &answers).await.unwrap();
        assert!(!draft.form.contains_key("nothing"));
        let review = office.review_draft(&guest, &key).await.unwrap();
        assert_eq!(review.faults.iter().map(|f| f.code).collect::<Vec<_>>(), ["field.identity_number"], "a wrong identity number");
        assert_eq!(review.identity_needed, Some(1));
        // Contents that are not what the name says.
        let upload = |name: &str, bytes: &[u8]| Upload { name: name.into(), media_type: "application/pdf".into(), bytes: bytes.into() };
        assert_eq!(code(office.add_upload(&guest, &key, "proof", upload("a.pdf", b"MZ")).await), "upload.content");
        assert_eq!(code(office.add_upload(&guest, &key, "proof", upload("a.exe", b"MZ")).await), "upload.kind");
        assert_eq!(code(office.add_upload(&guest, &key, "nothing", pdf("a")).await), "not_found");
        office.add_upload(&guest, &key, "proof", pdf("a")).await.unwrap();
        let draft = office.draft(&guest, &key).await.unwrap();
        let number = common::fields(json!({"number": NUMBER}));
        let draft = office.save_draft(&guest, &key, draft.version, "who", &number).await.unwrap();
        assert_eq!(code(office.submit_draft(&guest, &key, draft.version, "").await), "one_stop.identity_level");
        assert_eq!(code(office.save_draft(&guest, &key, 1, "who", &number).await), "version.conflict");
        office.drop_draft(&guest, &key, draft.version).await.unwrap();
        assert_eq!(code(office.save_draft(&guest, &key, draft.version + 1, "who", &number).await), "draft.closed");
        assert_eq!(code(office.open_draft(&guest, "9.999999", NEW[0], None).await), "one_stop.no_procedure");
        assert_eq!(code(office.open_draft(&guest, PROCEDURE, CITY, None).await), "one_stop.not_offered");

        // At the counter.
        let short = CounterInput { applicant: Applicant { id_number: "1".into(), ..counter(NUMBER).applicant }, ..counter(NUMBER) };
        assert_eq!(code(office.receive(&people.officer, &short).await), "input.invalid");
        assert_eq!(code(office.receive(&people.leader, &counter(NUMBER)).await), "access.role");
        assert_eq!(code(office.receive(&person("la", &[(Role::WardOfficer, NEW[1])]), &counter(NUMBER)).await), "access.unit");
        assert_eq!(
            code(office.receive(&people.officer, &CounterInput { parts: Vec::new(), ..counter(NUMBER) }).await),
            "one_stop.missing_parts"
        );
        let once = CounterInput { once: "r1".into(), ..counter(NUMBER) };
        let first = office.receive(&people.officer, &once).await.unwrap();
        assert_eq!((first.due_at, first.fee_vnd), (Some(at("2025-07-08 17:00")), 8_000));
        // The same form twice is one dossier; another form of the same person is asked back.
        let again = office.receive(&people.officer, &once).await.unwrap();
        assert_eq!((again.code.as_str(), again.secret.as_str()), (first.code.as_str(), ""), "the secret is told once");
        assert_eq!(arg(office.receive(&people.officer, &counter(NUMBER)).await, "code"), first.code);
        let knows = CounterInput { despite_duplicate: true, ..counter(NUMBER) };
        let second = office.receive(&people.officer, &knows).await.unwrap();
        assert_eq!((second.code.as_str(), second.duplicates.len()), ("H06.36.N1-250701-0002", 1));
        assert_eq!(office.duplicates(&people.officer, PROCEDURE, NUMBER).await.unwrap().len(), 2);

        // Two officers take one dossier: the second hears of it, and nothing is doubled.
        let version = first.version;
        let (one, two) = (hand_over("hoa"), hand_over("lan"));
        let (a, b) = tokio::join!(
            office.act(&people.officer, &first.id, version, &one, ""),
            office.act(&people.expert, &first.id, version, &two, "")
        );
        let codes: Vec<&str> = [a, b].into_iter().map(|r| r.map_or_else(|e| e.code(), |_| "done")).collect();
        assert!(codes.contains(&"done") && codes.contains(&"version.conflict"), "{codes:?}");

        // A register's own doors are closed to it.
        let changes = common::fields(json!({"channel": "online"}));
        let generic = office.change_record(&people.officer, "dossier", &first.code, version + 1, &changes, "").await;
        assert_eq!(code(generic), "register.own_use_case");
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_paper_on_a_friday_where_the_unit_has_said_so() {
    both(async |place| {
        let (office, people) = desk(place).await;
        clock(&office, "2025-07-04 09:00").await;
        let refused = office.receive(&people.officer, &counter(NUMBER)).await;
        assert_eq!(arg(refused, "name"), "Thứ Sáu không giấy");
        let scanned = office.keep_file(&people.officer, NEW[0], "proof", pdf("scan"), Origin::Scan).await.unwrap();
        let electronic = CounterInput { parts: vec![scanned], ..counter(NUMBER) };
        assert!(office.receive(&people.officer, &electronic).await.is_ok(), "what is electronic is taken");
        clock(&office, "2025-08-01 09:00").await;
        let other = counter("077088000456");
        assert!(office.receive(&people.officer, &other).await.is_ok(), "the pilot is over");
        let neighbour = CounterInput { unit: NEW[1].into(), ..counter("077150000789") };
        clock(&office, "2025-07-11 09:00").await;
        let there = person("la", &[(Role::WardOfficer, NEW[1])]);
        assert!(office.receive(&there, &neighbour).await.is_ok(), "another unit, another policy");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hash_alone_gives_no_right_to_a_file() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let filed = office.receive(&people.officer, &counter(NUMBER)).await.unwrap();
        let elsewhere = person("la", &[(Role::WardOfficer, NEW[1])]);
        let foreign = office.keep_file(&elsewhere, NEW[1], "proof", pdf("of another ward"), Origin::Scan).await.unwrap();
        let named = PartGiven { receipt: None, ..foreign.clone() };
        for part in [named, foreign] {
            assert_eq!(code(office.attach(&people.officer, &filed.id, filed.version, std::slice::from_ref(&part)).await), "upload.foreign");
            let input = CounterInput { parts: vec![part], despite_duplicate: true, ..counter(NUMBER) };
            assert_eq!(code(office.receive(&people.officer, &input).await), "upload.foreign");
        }
        let own = office.keep_file(&people.officer, NEW[0], "proof", pdf("scanned here"), Origin::Scan).await.unwrap();
        // A page that comes back keeps the file for whoever sent it, and for that part.
        let token = office.kept_token(&people.officer, "proof", own.sha256.as_deref().unwrap());
        assert_eq!(office.kept_file(&people.officer, NEW[0], "proof", &token).await.unwrap().receipt, own.receipt);
        assert_eq!(code(office.kept_file(&people.expert, NEW[0], "proof", &token).await), "upload.foreign");
        assert_eq!(code(office.kept_file(&people.officer, NEW[0], "other", &token).await), "upload.foreign");
        assert_eq!(code(office.kept_file(&people.officer, NEW[0], "proof", own.sha256.as_deref().unwrap()).await), "upload.foreign");
        let other = PartGiven { part: "nothing".into(), ..own.clone() };
        assert_eq!(code(office.attach(&people.officer, &filed.id, filed.version, &[other]).await), "not_found");
        office.attach(&people.officer, &filed.id, filed.version, &[own]).await.unwrap();
        let dossier = office.dossier(&people.officer, &filed.id, Through::Page).await.unwrap();
        assert_eq!(dossier.parts.len(), 1, "the scan takes the place of the paper");
        assert!(dossier.parts[0].sha256.is_some() && dossier.parts[0].receipt.is_none());
        office.close().await.unwrap();
    })
    .await;
}
