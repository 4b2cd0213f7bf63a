//! What is brought to the counter and not received: asked back, or refused.

use office::{
    Office,
    one_stop::{Applicant, Begun, CounterInput, Instead, Origin, Proof},
};
use rules::{
    access::{Actor, Role},
    one_stop::{Reason, ReasonKind, Status},
};
use serde_json::json;

use crate::{
    common::{
        both, fields, figures_are_right,
        pack::{CITY, NEW},
        person,
    },
    kit::*,
};

fn ask() -> Instead {
    Instead::Ask { reasons: reasons(), until: None }
}

fn refuse() -> Instead {
    let reason = Reason { kind: ReasonKind::OtherOffice, part: None, text: "Thuộc thẩm quyền của tỉnh".into() };
    Instead::Refuse { reasons: vec![reason] }
}

/// One page of two is answered, and the proof is a scan that nobody can read.
async fn half(office: &Office, officer: &Actor) -> CounterInput {
    let scan = office.keep_file(officer, NEW[0], "proof", pdf("dark"), Origin::Scan).await.unwrap();
    CounterInput {
        form: fields(json!({"name": "Trần Văn Hùng", "number": NUMBER})),
        parts: vec![scan],
        once: "t1".into(),
        ..counter(NUMBER)
    }
}

async fn kinds(office: &Office, id: &str) -> Vec<String> {
    office.store().history("dossier", id.parse().unwrap()).await.unwrap().into_iter().map(|e| e.kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_is_asked_for_before_receiving_and_the_same_dossier_is_received() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let input = half(&office, &people.officer).await;
        let nothing = Instead::Ask { reasons: Vec::new(), until: None };
        assert_eq!(code(office.turn_back(&people.officer, &input, &nothing).await), "one_stop.reason_required");
        let wrong = CounterInput { applicant: Applicant { id_number: "1".into(), ..input.applicant.clone() }, ..input.clone() };
        assert_eq!(code(office.turn_back(&people.officer, &wrong, &ask()).await), "input.invalid", "what was typed is looked at");
        assert_eq!(code(office.turn_back(&people.leader, &input, &ask()).await), "access.role");

        // Written down with code, secret and scan; no clock runs. Sent twice it is one.
        let asked = office.turn_back(&people.officer, &input, &ask()).await.unwrap();
        assert_eq!((asked.code.as_str(), asked.due_at), ("H06.36.N1-250701-0001", None));
        let again = office.turn_back(&people.officer, &input, &ask()).await.unwrap();
        assert_eq!((again.id.as_str(), again.secret.as_str()), (asked.id.as_str(), ""), "the secret is told once");
        assert_eq!(kinds(&office, &asked.id).await, ["file", "ask_supplement"]);
        let record = office.find("dossier", &asked.code).await.unwrap();
        let kept = record.fields().unwrap();
        assert_eq!((record.state.as_str(), kept["parts"].as_array().unwrap().len()), ("supplement", 1));
        assert!(!kept.contains_key("received_at") && kept["channel"] == "counter", "{kept:?}");
        assert_eq!(office.paper(&people.officer, &asked.id, 2).await.unwrap().reasons, reasons());
        assert_eq!(code(office.paper(&people.officer, &asked.id, 1).await), "paper.none");
        let proof = Proof::Secret { code: &asked.code, secret: &asked.secret, client: "c" };
        let seen = office.track(&proof).await.unwrap();
        assert!(seen.status == Status::Supplement && seen.may_supplement, "the citizen may complete it from the phone, too");

        // Who comes back with too little is told so; a second request is against the law; a stale page is refused.
        clock(&office, "2025-07-03 10:00").await;
        assert_eq!(arg(office.receive(&people.officer, &counter(NUMBER)).await, "code"), asked.code, "the desk is led to it");
        let begun = |version| Some(Begun { id: asked.id.clone(), version });
        let back = CounterInput { begun: begun(asked.version), once: "t2".into(), ..counter(NUMBER) };
        let short = CounterInput { form: input.form.clone(), ..back.clone() };
        assert_eq!(code(office.receive(&people.officer, &short).await), "input.invalid");
        assert_eq!(code(office.turn_back(&people.officer, &back, &ask()).await), "one_stop.not_now");
        assert_eq!(code(office.receive(&people.officer, &CounterInput { begun: begun(1), ..back.clone() }).await), "version.conflict");
        let elsewhere = person("la", &[(Role::WardOfficer, NEW[1])]);
        assert_eq!(code(office.receive(&elsewhere, &back).await), "access.unit");

        // Received under its code, from now on; the scan is still there beside the paper.
        let received = office.receive(&people.officer, &back).await.unwrap();
        assert_eq!((received.id.as_str(), received.code.as_str(), received.secret.as_str()), (asked.id.as_str(), asked.code.as_str(), ""));
        assert_eq!(received.due_at, Some(at("2025-07-10 17:00")), "counts from receiving");
        assert_eq!(kinds(&office, &asked.id).await, ["file", "ask_supplement", "supplement", "accept"]);
        let record = office.find("dossier", &asked.code).await.unwrap();
        let kept = record.fields().unwrap();
        assert_eq!((record.state.as_str(), record.version), ("received", received.version));
        let origins: Vec<&str> = kept["parts"].as_array().unwrap().iter().filter_map(|p| p["origin"].as_str()).collect();
        assert_eq!((origins, &kept["form"]["happened_on"]), (vec!["scan", "paper"], &json!("2025-06-20")));
        assert_eq!(kept["secret_digest"].as_str().map(str::len), Some(64));
        assert!(office.track(&proof).await.is_ok(), "the secret of the first day still opens it");
        let twice = office.receive(&people.officer, &back).await.unwrap();
        assert_eq!((twice.code.as_str(), twice.version), (asked.code.as_str(), received.version));
        let late = CounterInput { begun: begun(received.version), once: String::new(), ..back };
        assert_eq!(code(office.receive(&people.officer, &late).await), "one_stop.not_now");
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scan_that_was_kept_spares_the_part_when_its_owner_comes_back() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let asked = office.turn_back(&people.officer, &half(&office, &people.officer).await, &ask()).await.unwrap();
        let begun = Some(Begun { id: asked.id.clone(), version: asked.version });
        let received = office.receive(&people.officer, &CounterInput { begun, parts: Vec::new(), ..counter(NUMBER) }).await.unwrap();
        assert_eq!(received.id, asked.id);
        // Or they do not come back, or what is brought cannot be received: refused after all.
        let other = CounterInput { once: String::new(), ..counter("077088000456") };
        let asked = office.turn_back(&people.officer, &other, &ask()).await.unwrap();
        assert!(
            office.find("dossier", &asked.code).await.unwrap().fields().unwrap()["parts"].as_array().unwrap().is_empty(),
            "paper goes home"
        );
        let begun = Some(Begun { id: asked.id.clone(), version: asked.version });
        office.turn_back(&people.officer, &CounterInput { begun, ..other }, &refuse()).await.unwrap();
        assert_eq!(kinds(&office, &asked.id).await, ["file", "ask_supplement", "not_accept"]);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusing_what_came_back_keeps_its_scans_and_ends_its_number() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let asked = office.turn_back(&people.officer, &half(&office, &people.officer).await, &ask()).await.unwrap();
        office.take_ticket(NEW[0], "", false).await.unwrap();
        let ticket = office.call_ticket(&people.officer, NEW[0], "1").await.unwrap().unwrap();
        let scan = office.keep_file(&people.officer, NEW[0], "proof", pdf("again"), Origin::Scan).await.unwrap();
        let begun = Some(Begun { id: asked.id.clone(), version: asked.version });
        let back = CounterInput { begun, parts: vec![scan.clone(), on_paper()], ticket: Some(ticket.id.clone()), ..counter(NUMBER) };
        let refused = office.turn_back(&people.officer, &back, &refuse()).await.unwrap();
        assert_eq!(kinds(&office, &refused.id).await, ["file", "ask_supplement", "not_accept"]);
        let kept = office.find("dossier", &asked.code).await.unwrap().fields().unwrap();
        let files: Vec<Option<&str>> = kept["parts"].as_array().unwrap().iter().map(|p| p["sha256"].as_str()).collect();
        assert!(files.len() == 2 && files[1] == scan.sha256.as_deref(), "both scans, and no paper: {files:?}");
        let ended = office.find("queue_ticket", &ticket.id).await.unwrap();
        assert_eq!((ended.state.as_str(), &ended.fields().unwrap()["dossiers"]), ("served", &json!([asked.code])));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_office_decides_is_refused_at_the_counter_with_form_03() {
    both(async |place| {
        let (office, people) = desk(place).await;
        // A Friday without paper: a refusal takes none.
        clock(&office, "2025-07-04 09:00").await;
        assert_eq!(code(office.receive(&people.officer, &counter(NUMBER)).await), "one_stop.no_paper_today");
        let refused = office.turn_back(&people.officer, &counter(NUMBER), &refuse()).await.unwrap();
        assert!(!refused.secret.is_empty() && kinds(&office, &refused.id).await == ["file", "not_accept"]);
        let record = office.find("dossier", &refused.code).await.unwrap();
        let kept = record.fields().unwrap();
        assert_eq!((record.state.as_str(), kept.get("closed_at"), kept.get("received_at")), ("not_accepted", None, None));
        let paper = office.paper(&people.officer, &refused.id, 3).await.unwrap();
        assert_eq!((paper.reasons[0].kind, paper.officer.as_str()), (ReasonKind::OtherOffice, "HOA"));

        // A unit that does not decide on such dossiers can refuse them, and nothing else.
        let city = person("thanh-pho", &[(Role::WardOfficer, CITY)]);
        let there = CounterInput { unit: CITY.into(), ..counter("077088000456") };
        assert_eq!(code(office.receive(&city, &there).await), "one_stop.not_offered");
        assert_eq!(code(office.turn_back(&city, &there, &ask()).await), "one_stop.not_offered");
        assert!(office.turn_back(&city, &there, &refuse()).await.is_ok());
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}
