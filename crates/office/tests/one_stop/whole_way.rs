//! A dossier from the citizen's draft to the rated result.

use jiff::civil::date;
use office::one_stop::{Bucket, DeskFilter, DraftKey, Filer, Origin, PartGiven, Proof, Rating};
use rules::one_stop::{Act, ResultGiven, Status, Way};
use serde_json::{Map, Value, json};

use crate::{
    common::{self, both, figures_are_right, pack::NEW},
    kit::*,
};

fn stars(stars: u8) -> Rating<'static> {
    Rating { stars, ..Rating::default() }
}

fn hex(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dossier_goes_from_the_draft_to_the_rated_result() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let mai = mai();
        let who = Filer::Citizen(&mai);
        // Drafted, left, taken up again, acknowledged.
        let (draft, key) = office.open_draft(&who, PROCEDURE, NEW[0], None).await.unwrap();
        assert_eq!((draft.form["name"].as_str(), draft.form["number"].as_str()), (Some("Nguyễn Thị Mai"), Some(NUMBER)), "filled in");
        let wrong = common::fields(json!({"happened_on": "2025-07-20"}));
        let draft = office.save_draft(&who, &key, draft.version, "what", &wrong).await.unwrap();
        let review = office.review_draft(&who, &key).await.unwrap();
        assert_eq!(review.faults.iter().map(|f| (f.field.as_str(), f.code)).collect::<Vec<_>>(), [("happened_on", "field.in_future")]);
        assert_eq!((review.missing.as_slice(), review.total_vnd), (["proof".to_owned()].as_slice(), 8_000));
        assert_eq!(code(office.submit_draft(&who, &key, draft.version, "").await), "input.invalid", "a day in the future");
        let right = common::fields(json!({"happened_on": "2025-06-20"}));
        let draft = office.save_draft(&who, &key, draft.version, "what", &right).await.unwrap();
        assert_eq!(arg(office.submit_draft(&who, &key, draft.version, "").await, "parts"), "Giấy chứng minh");
        let receipt = office.add_upload(&who, &key, "proof", pdf("a")).await.unwrap();
        assert_eq!(receipt.sha256, hex(b"%PDF-1.7 a"));
        assert_eq!(office.add_upload(&who, &key, "proof", pdf("a")).await.unwrap().version, receipt.version, "the same file is there once");
        let again = DraftKey { id: key.id.clone(), secret: String::new() };
        let resumed = office.draft(&who, &again).await.unwrap();
        assert_eq!((resumed.parts.len(), resumed.page.as_deref()), (1, Some("what")), "resumed by identity");
        assert_eq!(office.drafts_of(&mai).await.unwrap().len(), 1);
        let filed = office.submit_draft(&who, &key, resumed.version, "x").await.unwrap();
        assert_eq!(filed.code, "H06.36.N1-250701-0001");
        assert_eq!(filed.answer_by.unwrap().to_string()[..16], at("2025-07-02 09:30").to_string()[..16], "eight working hours");
        assert_eq!(arg(office.submit_draft(&who, &key, resumed.version, "x").await, "code"), filed.code, "sent twice, filed once");
        assert!(office.drafts_of(&mai).await.unwrap().is_empty());

        // Received and handed over.
        let page = office.desk(&people.officer, &DeskFilter::default()).await.unwrap();
        assert_eq!((page.counts[&Bucket::New], page.rows.len()), (1, 1));
        let row = &page.rows[0];
        assert_eq!((row.applicant.as_str(), row.bucket, row.next_by), ("N. T. Mai", Bucket::New, filed.answer_by));
        let accepted = office.act(&people.officer, &filed.id, row.version, &Act::Accept, "k1").await.unwrap();
        assert_eq!((accepted.state.as_str(), accepted.due_at), ("received", Some(at("2025-07-08 17:00"))));
        let replay = office.act(&people.officer, &filed.id, row.version, &Act::Accept, "k1").await.unwrap();
        assert!(replay.replayed && replay.version == accepted.version, "the same key, the same answer");
        let over = office.act(&people.officer, &filed.code, accepted.version, &hand_over("lan"), "").await.unwrap();
        let mine = DeskFilter { mine: true, ..DeskFilter::default() };
        assert_eq!(office.desk(&people.expert, &mine).await.unwrap().rows.len(), 1);
        assert!(office.desk(&people.officer, &mine).await.unwrap().rows.is_empty());

        // Asked, and answered by the citizen with code and secret.
        clock(&office, "2025-07-02 10:00").await;
        let ask = Act::AskSupplement { reasons: reasons(), until: Some(date(2025, 7, 20)) };
        let asked = office.act(&people.expert, &filed.id, over.version, &ask, "").await.unwrap();
        assert_eq!((asked.state.as_str(), asked.due_at), ("supplement", None));
        let proof = Proof::Secret { code: &filed.code, secret: &filed.secret.to_lowercase(), client: "10.0.0.1" };
        let seen = office.track(&proof).await.unwrap();
        assert_eq!((seen.status, seen.asks.len(), seen.until), (Status::Supplement, 1, Some(date(2025, 7, 20))));
        assert!(seen.may_supplement && seen.may_withdraw && !seen.may_rate);
        let told: Vec<&str> = seen.timeline.iter().map(|h| h.what.as_str()).collect();
        assert_eq!(told, ["file", "accept", "hand_over", "ask_supplement"]);
        assert_eq!(seen.timeline[3].text.as_deref(), Some("Ảnh mờ, không đọc được"));
        let part = office.supplement_upload(&proof, "proof", pdf("b")).await.unwrap();
        clock(&office, "2025-07-04 10:00").await;
        let none = Map::new();
        let known = PartGiven { receipt: None, ..part.clone() };
        assert_eq!(code(office.supplement(&proof, seen.version, &[known], &none, "", "").await), "not_found", "a hash alone is no file");
        let back = office.supplement(&proof, seen.version, std::slice::from_ref(&part), &none, "Ảnh chụp lại", "s1").await.unwrap();
        assert_eq!((back.state.as_str(), back.due_at), ("in_progress", Some(at("2025-07-10 17:00"))), "two working days later");
        let twice = office.supplement(&proof, seen.version, std::slice::from_ref(&part), &none, "Ảnh chụp lại", "s1").await.unwrap();
        assert!(twice.replayed);

        // Decided, returned, rated.
        let scanned = office.keep_file(&people.leader, NEW[0], "proof", pdf("result"), Origin::Scan).await;
        assert_eq!(code(scanned), "access.role", "who decides brings the result, and scans nothing else");
        let result = office.keep_file(&people.leader, NEW[0], "result", pdf("result"), Origin::Scan).await.unwrap();
        let given = ResultGiven { number: Some("12/GT".into()), file: result.sha256.clone(), electronic: true };
        let resolve = Act::Resolve { result: given };
        assert_eq!(code(office.act(&people.expert, &filed.id, back.version, &resolve, "").await), "access.role");
        assert_eq!(arg(office.act(&people.leader, &filed.id, back.version, &resolve, "").await, "step"), "Ký", "not before it is there");
        let sign = Act::HandOver { step: "sign".into(), assignee: None, reason: None };
        let signing = office.act(&people.expert, &filed.id, back.version, &sign, "").await.unwrap();
        let done = office.act(&people.leader, &filed.id, signing.version, &resolve, "").await.unwrap();
        let waiting = DeskFilter { bucket: Some(Bucket::Result), ..DeskFilter::default() };
        assert_eq!(office.desk(&people.officer, &waiting).await.unwrap().rows[0].code, filed.code);
        assert_eq!(code(office.rate(&proof, back.version, &stars(5)).await), "version.conflict");
        let out = office.act(&people.officer, &filed.id, done.version, &Act::ReturnResult { way: Way::Online }, "").await.unwrap();
        let seen = office.track(&proof).await.unwrap();
        let file = seen.result.unwrap();
        assert_eq!(file.number.as_deref(), Some("12/GT"));
        assert_eq!(office.citizen_file(&proof, &file.sha256).await.unwrap().1, b"%PDF-1.7 result");
        assert_eq!(code(office.citizen_file(&proof, &hex(b"other")).await), "not_found");
        assert_eq!(code(office.rate(&proof, out.version, &stars(6)).await), "rating.stars");
        let rating = Rating { attitude: Some(2), agencies: Some(1), note: "Nhanh", ..stars(5) };
        office.rate(&proof, out.version, &rating).await.unwrap();
        let rated = office.find("dossier", &filed.code).await.unwrap().fields().unwrap();
        assert_eq!((&rated["attitude"], &rated["agencies_contacted"]), (&json!(2), &json!(1)));
        // The remark reaches who works on it and who decides; nobody else.
        let said = |d: office::one_stop::Dossier| d.rated.map(|r| (r.stars, r.attitude, r.note));
        for who in [&people.officer, &people.leader] {
            let d = office.dossier(who, &filed.id, office::personal::Through::Page).await.unwrap();
            assert_eq!(said(d), Some((5, Some(2), Some("Nhanh".into()))));
        }
        let book = office.tracking_book(&people.officer, NEW[0], date(2025, 7, 1), date(2025, 7, 31), None).await.unwrap();
        assert_eq!(book.rows[0].returned.map(|r| r.way), Some(Way::Online));
        assert_eq!(book.rows[0].number.as_deref(), Some("12/GT"));
        let version = office.track(&proof).await.unwrap().version;
        assert_eq!(code(office.rate(&proof, version, &stars(1)).await), "rating.twice");

        // What indicators read.
        let record = office.find("dossier", &filed.code).await.unwrap();
        let f = record.fields().unwrap();
        let expected = json!({
            "received_at": at("2025-07-01 09:00").to_string()[..16], "channel": "online", "end_to_end": true, "received_via_one_stop": true,
            "identified": true, "digitised": true, "reused": false, "result_electronic": true, "fee_vnd": 8000, "supplements": 1,
            "department": "Lĩnh vực thử", "procedure_code": PROCEDURE, "satisfaction": 5, "identity_level": 2, "responsible": "LAN",
        });
        for (name, value) in expected.as_object().unwrap() {
            let found = match &f[name] {
                Value::String(t) if name == "received_at" => json!(t[..16]),
                v => v.clone(),
            };
            assert_eq!(&found, value, "{name}");
        }
        assert!(f.get("assignee").is_none() && f["closed_at"].as_str() < f["due_at"].as_str());
        assert!(!f.contains_key("secret") && f["secret_digest"].as_str().unwrap().len() == 64);
        let kinds: Vec<String> = office.store().history("dossier", record.id).await.unwrap().into_iter().map(|e| e.kind).collect();
        assert_eq!(kinds, ["file", "accept", "hand_over", "ask_supplement", "supplement", "hand_over", "resolve", "return_result", "rate"]);
        let papers = office.reusable_papers(&mai, "test_paper").await.unwrap();
        assert_eq!((papers.len(), papers[0].number.as_deref()), (1, Some("12/GT")), "the result is a paper of the person");

        // The next time the kept proof takes the place of an upload, and that is counted.
        let (draft, key) = office.open_draft(&who, PROCEDURE, NEW[0], None).await.unwrap();
        let kept = office.reusable_papers(&mai, "proof_paper").await.unwrap();
        let draft = office.reuse_paper(&who, &key, draft.version, "proof", &kept[0].id).await.unwrap();
        let draft = office.save_draft(&who, &key, draft.version, "what", &right).await.unwrap();
        let second = office.submit_draft(&who, &key, draft.version, "").await.unwrap();
        assert_eq!(second.code, "H06.36.N1-250704-0001");
        office.act(&people.officer, &second.id, second.version, &Act::Accept, "").await.unwrap();
        let f = office.find("dossier", &second.code).await.unwrap().fields().unwrap();
        assert_eq!((f["reused"].clone(), f["digitised"].clone()), (json!(true), json!(true)));
        assert_eq!(office.find("paper", &kept[0].id).await.unwrap().fields().unwrap()["reused"], 1);
        assert_eq!(office.my_dossiers(&mai).await.unwrap().len(), 2);
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}
