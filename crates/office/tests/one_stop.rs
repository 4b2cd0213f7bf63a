//! The one-stop desk from the citizen's draft to the rated result, on both databases, and what it refuses.

mod common;

use common::{Place, both, figures_are_right, load, pack, person, settled};
use jiff::civil::{Date, date};
use office::{
    Office,
    one_stop::{
        Applicant, Bucket, Citizen, CounterInput, DeskFilter, DeskRow, Dossier, DraftKey, Filed, Filer, NewAbsence, Origin, PartGiven,
        Proof, Rating, Upload,
    },
    people::Account,
    personal::Through,
};
use pack::{CITY, NEW, one_stop};
use rules::{
    Timestamp,
    access::{Actor, Grant, Role},
    one_stop::{Act, ActKind, Channel, ComplaintKind, Linking, Reason, ReasonKind, ResultGiven, Status, Way},
};
use serde_json::{Map, Value, json};

const PROCEDURE: &str = "1.000001";
const NUMBER: &str = "077190000123";

fn at(text: &str) -> Timestamp {
    format!("{}:00+07:00", text.replace(' ', "T")).parse().unwrap()
}

/// The clock of the office, some seconds before or after the text.
async fn clock(office: &Office, text: &str) {
    office.set_demo(&Actor::system(), at(text)).await.unwrap();
}

fn code<T: std::fmt::Debug>(result: office::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

fn arg<T: std::fmt::Debug>(result: office::Result<T>, name: &str) -> String {
    match result.unwrap_err() {
        office::Error::Refused(r) => r.args.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap_or_default(),
        e => panic!("{e}"),
    }
}

fn mai() -> Citizen {
    Citizen {
        id: "00000000-0000-7000-8000-000000000001".into(),
        id_number: NUMBER.into(),
        name: "Nguyễn Thị Mai".into(),
        level: 2,
        birth_date: Some(date(1990, 5, 12)),
        provider: "test".into(),
        ..Citizen::default()
    }
}

fn pdf(text: &str) -> Upload {
    Upload { name: "giấy.pdf".into(), media_type: "application/pdf".into(), bytes: format!("%PDF-1.7 {text}").into_bytes() }
}

fn reasons() -> Vec<Reason> {
    vec![Reason { kind: ReasonKind::Illegible, part: Some("proof".into()), text: "Ảnh mờ, không đọc được".into() }]
}

fn hand_over(to: &str) -> Act {
    Act::HandOver { step: "appraise".into(), assignee: Some(to.into()) }
}

struct People {
    officer: Actor,
    expert: Actor,
    leader: Actor,
}

/// An office at 9:00 of Tuesday 1 July 2025 with people at the new ward.
async fn desk(place: &Place) -> (Office, People) {
    let office = place.governed(&[one_stop()]).await;
    clock(&office, "2025-07-01 09:00").await;
    let system = Actor::system();
    for (login, role) in [("hoa", Role::WardOfficer), ("lan", Role::WardOfficer), ("nam", Role::Leader)] {
        let grants = vec![Grant { role, unit: NEW[0].parse().unwrap(), register: None }];
        let account = Account { login: login.into(), name: login.to_uppercase(), grants, language: "vi".into(), disabled: false };
        office.put_account(&system, &account, None).await.unwrap();
    }
    let of = |name, role| person(name, &[(role, NEW[0])]);
    let people = People { officer: of("hoa", Role::WardOfficer), expert: of("lan", Role::WardOfficer), leader: of("nam", Role::Leader) };
    (office, people)
}

async fn filed(office: &Office, citizen: &Citizen) -> Filed {
    let who = Filer::Citizen(citizen);
    let (draft, key) = office.open_draft(&who, PROCEDURE, NEW[0], None).await.unwrap();
    let answers = common::fields(json!({"happened_on": "2025-06-20"}));
    let draft = office.save_draft(&who, &key, draft.version, "what", &answers).await.unwrap();
    office.add_upload(&who, &key, "proof", pdf(&draft.id)).await.unwrap();
    let version = office.draft(&who, &key).await.unwrap().version;
    office.submit_draft(&who, &key, version, "").await.unwrap()
}

fn counter(number: &str) -> CounterInput {
    CounterInput {
        procedure: PROCEDURE.into(),
        unit: NEW[0].into(),
        applicant: Applicant { name: "Trần Văn Hùng".into(), id_number: number.into(), ..Applicant::default() },
        form: common::fields(json!({"name": "Trần Văn Hùng", "number": number, "happened_on": "2025-06-20"})),
        parts: vec![on_paper()],
        ..CounterInput::default()
    }
}

fn on_paper() -> PartGiven {
    PartGiven {
        part: "proof".into(),
        name: "proof".into(),
        sha256: None,
        size: 0,
        media_type: String::new(),
        at: Timestamp(0),
        origin: Origin::Paper,
        paper: None,
        copies: 1,
        searchable: None,
        receipt: None,
    }
}

fn stars(stars: u8) -> Rating<'static> {
    Rating { stars, ..Rating::default() }
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
        let sign = Act::HandOver { step: "sign".into(), assignee: None };
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

fn hex(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

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
async fn the_inbox_shows_what_is_due_next() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let mut ids = Vec::new();
        // Due on 8, 9, 10 and 11 July.
        for (i, day) in ["2025-07-01", "2025-07-02", "2025-07-03", "2025-07-04"].iter().enumerate() {
            clock(&office, &format!("{day} 08:00")).await;
            let scan = office.keep_file(&people.officer, NEW[0], "proof", pdf(day), Origin::Scan).await.unwrap();
            let number = format!("07719000010{i}");
            let phone = format!("091234567{i}");
            let applicant = Applicant { phone, ..counter(&number).applicant };
            ids.push(office.receive(&people.officer, &CounterInput { parts: vec![scan], applicant, ..counter(&number) }).await.unwrap());
        }
        clock(&office, "2025-07-09 09:00").await;
        let page = office.desk(&people.officer, &DeskFilter::default()).await.unwrap();
        let found: Vec<(Bucket, &str)> = page.rows.iter().map(|r| (r.bucket, r.code.as_str())).collect();
        let codes: Vec<&str> = ids.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(found, [(Bucket::Late, codes[0]), (Bucket::Today, codes[1]), (Bucket::Tomorrow, codes[2]), (Bucket::Later, codes[3])]);
        assert!(page.rows[0].share_used.unwrap() > 1.0 && page.rows[3].share_used.unwrap() < 1.0);
        for bucket in [Bucket::Late, Bucket::Today, Bucket::Tomorrow, Bucket::Later] {
            assert_eq!(page.counts.get(&bucket), Some(&1), "{bucket:?}");
            let only = office.desk(&people.officer, &DeskFilter { bucket: Some(bucket), ..DeskFilter::default() }).await.unwrap();
            assert_eq!(only.rows.iter().map(|r| r.bucket).collect::<Vec<_>>(), [bucket]);
        }
        // A page at a time.
        let two = office.desk(&people.officer, &DeskFilter { limit: 2, ..DeskFilter::default() }).await.unwrap();
        let rest = DeskFilter { limit: 2, after: two.next.clone(), ..DeskFilter::default() };
        let rest = office.desk(&people.officer, &rest).await.unwrap();
        let all: Vec<&str> = two.rows.iter().chain(&rest.rows).map(|r| r.code.as_str()).collect();
        assert_eq!((all, rest.next), (codes.clone(), None));
        // By words, by step, by procedure; the other ward sees nothing.
        let words = |t: &str| DeskFilter { search: t.into(), ..DeskFilter::default() };
        assert_eq!(office.desk(&people.officer, &words("hung cap giay")).await.unwrap().rows.len(), 4);
        assert_eq!(office.desk(&people.officer, &words("077190000102")).await.unwrap().rows[0].code, codes[2]);
        assert!(
            office.desk(&people.officer, &DeskFilter { step: Some("sign".into()), ..DeskFilter::default() }).await.unwrap().rows.is_empty()
        );
        for phone in ["0912345672", "0912 345 672", "+84 912.345.672"] {
            let found = office.desk(&people.officer, &words(phone)).await.unwrap();
            assert_eq!(found.rows.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), [codes[2]], "{phone}");
        }
        let there = person("la", &[(Role::WardOfficer, NEW[1])]);
        let page = office.desk(&there, &DeskFilter::default()).await.unwrap();
        assert!(page.rows.is_empty() && page.counts.is_empty());
        // Whoever audits sees that there is work, and finds nobody by name or number.
        let auditor = person("kiem", &[(Role::Auditor, CITY)]);
        assert_eq!(office.desk(&auditor, &words("cap giay")).await.unwrap().rows.len(), 4);
        for name in ["hung", "077190000102", "0912345672"] {
            assert!(office.desk(&auditor, &words(name)).await.unwrap().rows.is_empty(), "{name}");
        }
        // Of another unit's dossier one learns that there is one.
        let elsewhere = office.duplicates(&there, PROCEDURE, "077190000102").await.unwrap();
        assert_eq!((elsewhere.len(), elsewhere[0].code.as_str(), elsewhere[0].id.as_str()), (1, "", ""));
        assert_eq!(office.duplicates(&people.officer, PROCEDURE, "077190000102").await.unwrap()[0].code, codes[2]);
        // What was filed online stands where its answer is due: on the tenth at half past nine.
        let new = filed(&office, &mai()).await;
        let all = office.desk(&people.officer, &DeskFilter::default()).await.unwrap();
        assert_eq!(all.rows.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), [codes[0], codes[1], &new.code, codes[2], codes[3]]);
        assert_eq!(code(office.desk(&Actor::anonymous(), &DeskFilter::default()).await), "access.sign_in");
        // Apologies: due on 10 July, so out by the 9th; the one due on the 11th follows tomorrow.
        let sorry = office.apologies_due(&people.officer, None, at("2025-07-09 17:00")).await.unwrap();
        assert_eq!(sorry.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), [codes[2]]);
        let sorry = office.apologies_due(&people.officer, None, at("2025-07-10 17:00")).await.unwrap();
        assert_eq!(sorry.len(), 2);
        let act = Act::Apologise { reason: "Chờ xác minh".into(), new_day: date(2025, 7, 15) };
        let moved = office.act(&people.officer, codes[2], ids[2].version, &act, "").await.unwrap();
        assert_eq!(moved.due_at, Some(at("2025-07-15 17:00")));
        let second = office.act(&people.officer, codes[2], moved.version, &act, "").await;
        assert_eq!(code(second), "one_stop.reappointed");
        // Many at once; one that changed meanwhile does not hold up the others.
        let items: Vec<(String, i64)> = ids.iter().map(|f| (f.id.clone(), f.version)).collect();
        let done = office.hand_over_many(&people.officer, &items, "appraise", Some("lan")).await.unwrap();
        let outcome: Vec<&str> = done.iter().map(|(_, r)| r.as_ref().map_or_else(|e| e.code(), |a| a.state.as_str())).collect();
        assert_eq!(outcome, ["in_progress", "in_progress", "version.conflict", "in_progress"]);
        // What waits for the citizen is not the desk's work, and is found all the same by whom it is looked for.
        let version = done[0].1.as_ref().unwrap().version;
        office.act(&people.officer, codes[0], version, &Act::AskSupplement { reasons: reasons(), until: None }, "").await.unwrap();
        assert!(office.desk(&people.officer, &DeskFilter::default()).await.unwrap().rows.iter().all(|r| r.code != codes[0]));
        assert_eq!(office.desk(&people.officer, &words("0912345670")).await.unwrap().rows[0].bucket, Bucket::Citizen);
        settled(&office).await;
        office.close().await.unwrap();
    })
    .await;
}

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_absent_is_stood_in_for_and_other_units_do_their_part() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let absence = |account: &str, delegate: &str| NewAbsence {
            account: account.into(),
            delegate: delegate.into(),
            from: "2025-06-30".into(),
            to: "2025-07-04".into(),
            reason: "Nghỉ phép".into(),
        };
        assert_eq!(code(office.declare_absence(&people.expert, &absence("lan", "nobody")).await), "one_stop.unknown_assignee");
        assert_eq!(code(office.declare_absence(&people.expert, &absence("lan", "lan")).await), "absence.self");
        assert_eq!(code(office.declare_absence(&people.officer, &absence("lan", "hoa")).await), "access.role");
        let id = office.declare_absence(&people.expert, &absence("lan", "hoa")).await.unwrap();
        let first = office.receive(&people.officer, &counter(NUMBER)).await.unwrap();
        assert_eq!(
            code(office.act(&people.officer, &first.id, first.version, &hand_over("nobody"), "").await),
            "one_stop.unknown_assignee"
        );
        let over = office.act(&people.officer, &first.id, first.version, &hand_over("lan"), "").await.unwrap();
        let record = office.find("dossier", &first.code).await.unwrap();
        assert_eq!(record.fields().unwrap()["assignee"], "hoa");
        let entry = office.store().history("dossier", record.id).await.unwrap().pop().unwrap();
        assert_eq!(entry.on_behalf.as_deref(), Some("lan"), "the ledger names both");
        office.cancel_absence(&people.expert, &id, 1).await.unwrap();
        assert!(office.absences(&people.expert).await.unwrap().is_empty());

        // A part of it is another ward's, which reads it while it has that part, returns the part, and does nothing else.
        let there = person("la", &[(Role::WardOfficer, NEW[1])]);
        let forward =
            |linking| Act::ForwardToUnit {
                unit: NEW[1].parse().unwrap(), linking, due: Some(date(2025, 7, 4)), reason: "Xác minh".into()
            };
        let sent = office.act(&people.officer, &first.id, over.version, &forward(Linking::Part), "").await.unwrap();
        assert_eq!(code(office.act(&there, &first.id, sent.version, &hand_over("lan"), "").await), "access.unit");
        let (here_now, there_now) = (common::unit(&office, NEW[0]), common::unit(&office, NEW[1]));
        let listed = office.desk_of_others(&there, there_now).await.unwrap();
        assert_eq!((codes(&listed.linked), codes(&listed.received)), (vec![first.code.as_str()], Vec::new()));
        assert!(office.desk_of_others(&people.officer, here_now).await.unwrap().linked.is_empty(), "its own unit has it in its own list");
        let open = office.dossier(&there, &first.code, Through::Page).await.unwrap();
        assert_eq!((open.clear, acts(&open)), (true, vec![ActKind::ReturnFromUnit]));
        let looks = office.looks(&Actor::system(), &open.record).await.unwrap();
        assert_eq!((looks[0].who.as_str(), looks[0].grant.as_str()), ("la", &*format!("ward_officer {}", NEW[1])));
        assert_eq!(code(office.paper(&there, &first.id, 1).await), "access.unit");
        let chair_there = person("chu", &[(Role::Leader, NEW[1])]);
        assert_eq!(code(office.dossier(&chair_there, &first.id, Through::Page).await), "access.unit", "the part is the officers'");
        let part = Act::ReturnFromUnit { link: 0, text: "Đúng".into() };
        let back = office.act(&there, &first.id, sent.version, &part, "").await.unwrap();
        assert!(office.desk_of_others(&there, there_now).await.unwrap().linked.is_empty());
        assert_eq!(code(office.dossier(&there, &first.id, Through::Page).await), "access.unit", "its part is done");
        // Received here, decided there.
        let gone = office.act(&people.officer, &first.id, back.version, &forward(Linking::Competent), "").await.unwrap();
        assert_eq!(office.find("dossier", &first.code).await.unwrap().unit, NEW[1]);
        assert_eq!(code(office.act(&people.officer, &first.id, gone.version, &hand_over("hoa"), "").await), "access.unit");
        let open = office.dossier(&there, &first.code, Through::Page).await.unwrap();
        assert!(open.clear && open.offers.iter().any(|o| o.act == ActKind::AskSupplement && o.refusal.is_none()));
        assert!(open.offers.iter().all(|o| o.act != ActKind::Resolve), "that takes somebody who decides");
        // Said when it is received: it goes there at once, and asked again nothing is doubled.
        let input = CounterInput { away_unit: Some(NEW[1].into()), once: "xa".into(), ..counter("077190000301") };
        let away = office.receive(&people.officer, &input).await.unwrap();
        let at_once = office.find("dossier", &away.code).await.unwrap();
        assert_eq!((at_once.unit.as_str(), at_once.version), (NEW[1], away.version));
        assert_eq!(office.receive(&people.officer, &input).await.unwrap().code, away.code);
        assert_eq!(office.find("dossier", &away.code).await.unwrap().version, away.version);
        office.close().await.unwrap();
    })
    .await;
}

fn codes(rows: &[DeskRow]) -> Vec<&str> {
    rows.iter().map(|r| r.code.as_str()).collect()
}

fn acts(d: &Dossier) -> Vec<ActKind> {
    d.offers.iter().map(|o| o.act).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_decides_reads_what_is_decided_and_nobody_else_gains() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let filed = office.receive(&people.officer, &counter(NUMBER)).await.unwrap();
        let record = office.find("dossier", &filed.id).await.unwrap();
        let looks = async || office.looks(&Actor::system(), &record).await.unwrap();
        for role in [Role::Auditor, Role::Admin, Role::Viewer] {
            let other = person("khac", &[(role, NEW[0])]);
            assert!(!office.dossier(&other, &filed.id, Through::Page).await.unwrap().clear, "{role}");
            assert_eq!(code(office.paper(&other, &filed.id, 1).await), "access.role");
        }
        let elsewhere = person("xa", &[(Role::Leader, NEW[1])]);
        assert_eq!(code(office.dossier(&elsewhere, &filed.id, Through::Page).await), "access.unit");
        assert!(looks().await.is_empty(), "what is masked is no look");
        assert!(office.dossier(&people.leader, &filed.id, Through::Page).await.unwrap().clear);
        let kept = looks().await;
        assert_eq!((kept[0].who.as_str(), kept[0].grant.as_str()), ("nam", &*format!("leader {}", NEW[0])));
        assert!(kept[0].fields.iter().any(|f| f == "form") && kept[0].fields.iter().any(|f| f == "applicant_name"), "{:?}", kept[0].fields);
        // What is printed is looked at as well, and a figure's door stays a door to figures.
        clock(&office, "2025-07-01 09:30").await;
        office.paper(&people.leader, &filed.id, 1).await.unwrap();
        assert_eq!(looks().await.len(), 2);
        assert!(!office.open_record(&people.leader, "dossier", &filed.id, Through::Page).await.unwrap().clear);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_received_for_another_unit_gives_the_slip_and_the_result() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let (ours, day) = (common::unit(&office, NEW[0]), date(2025, 7, 1));
        let there = person("la", &[(Role::WardOfficer, NEW[1])]);
        let chair = person("chu", &[(Role::Leader, NEW[1])]);
        let input = CounterInput { away_unit: Some(NEW[1].into()), ..counter(NUMBER) };
        let filed = office.receive(&people.officer, &input).await.unwrap();
        let open = office.dossier(&people.officer, &filed.id, Through::Page).await.unwrap();
        assert_eq!((open.record.unit.as_str(), open.clear, acts(&open)), (NEW[1], true, Vec::new()), "read, not handled");
        let looks = office.looks(&Actor::system(), &open.record).await.unwrap();
        assert_eq!(looks[0].grant, format!("ward_officer {}", NEW[0]));
        // The slip is of the desk that received; the other forms are of the unit that decides.
        let slip = office.paper(&people.officer, &filed.id, 1).await.unwrap();
        assert_eq!((slip.unit.as_str(), slip.officer.as_str()), (NEW[0], "HOA"));
        assert_eq!(office.paper(&there, &filed.id, 5).await.unwrap().unit, NEW[1]);
        assert_eq!(code(office.paper(&people.officer, &filed.id, 5).await), "access.unit");
        assert_eq!(code(office.dossier(&people.leader, &filed.id, Through::Page).await), "access.unit", "it is not theirs to decide");
        let book = office.tracking_book(&people.officer, NEW[0], day, day, None).await.unwrap();
        assert_eq!((book.rows.len(), book.rows[0].code.as_str()), (1, filed.code.as_str()));
        assert_eq!(book.rows[0].agency.vi, office.world().unit_name(NEW[1], "vi"));
        let waits = async || office.desk_of_others(&people.officer, ours).await.unwrap().received;
        assert_eq!(codes(&waits().await), [filed.code.as_str()]);
        assert!(office.desk_of_others(&people.leader, ours).await.unwrap().received.is_empty());

        // Decided there, handed out here.
        let hand_out = Act::ReturnResult { way: Way::Desk };
        let step = |step: &str| Act::HandOver { step: step.into(), assignee: None };
        let one = office.act(&there, &filed.id, filed.version, &step("appraise"), "").await.unwrap();
        assert_eq!(code(office.act(&people.officer, &filed.id, one.version, &step("sign"), "").await), "access.unit");
        let two = office.act(&there, &filed.id, one.version, &step("sign"), "").await.unwrap();
        assert_eq!(code(office.act(&people.officer, &filed.id, two.version, &hand_out, "").await), "one_stop.not_now");
        let result = ResultGiven { number: Some("1".into()), file: None, electronic: false };
        let done = office.act(&chair, &filed.id, two.version, &Act::Resolve { result }, "").await.unwrap();
        assert_eq!(acts(&office.dossier(&people.officer, &filed.id, Through::Page).await.unwrap()), [ActKind::ReturnResult]);
        office.act(&people.officer, &filed.id, done.version, &hand_out, "").await.unwrap();
        assert_eq!(office.find("dossier", &filed.code).await.unwrap().state, "returned_result");
        assert!(waits().await.is_empty());
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_tickets_and_the_tracking_book() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let first = office.take_ticket(NEW[0], "", false).await.unwrap();
        let second = office.take_ticket(NEW[0], "thu", true).await.unwrap();
        assert_eq!((first.number, second.number), (1, 2));
        let called = office.call_ticket(&people.officer, NEW[0], "3").await.unwrap().unwrap();
        assert_eq!((called.number, called.counter.as_deref()), (2, Some("3")), "priority first");
        let input = CounterInput { ticket: Some(called.id.clone()), ..counter(NUMBER) };
        let filed = office.receive(&people.officer, &input).await.unwrap();
        let served = office.find("queue_ticket", &called.id).await.unwrap();
        assert_eq!((served.state.as_str(), &served.fields().unwrap()["dossiers"]), ("served", &json!([filed.code])));
        assert_eq!(office.tickets(NEW[0]).await.unwrap().iter().map(|t| t.number).collect::<Vec<_>>(), [1]);
        // Who did not come is called again when they do; nobody is called out of turn or twice at once.
        let turn = (office.ticket(&first.id).await.unwrap(), code(office.recall_ticket(&people.officer, &first.id, first.version).await));
        assert_eq!((turn.0.0.number, turn.0.1, turn.1), (1, 0, "ticket.state"), "it waits its turn");
        let called = office.call_ticket(&people.officer, NEW[0], "3").await.unwrap().unwrap();
        office.end_ticket(&people.officer, &called.id, called.version, false).await.unwrap();
        assert_eq!(code(office.recall_ticket(&people.officer, &called.id, called.version).await), "version.conflict");
        let again = office.recall_ticket(&people.officer, &called.id, called.version + 1).await.unwrap();
        assert_eq!((again.state.as_str(), again.counter.as_deref(), again.officer.as_deref()), ("called", Some("3"), Some("hoa")));
        office.end_ticket(&people.officer, &again.id, again.version, true).await.unwrap();
        assert!(office.tickets(NEW[0]).await.unwrap().is_empty());
        assert_eq!(code(office.recall_ticket(&people.officer, &again.id, again.version + 1).await), "ticket.state");

        let slip = office.paper(&people.officer, &filed.id, 1).await.unwrap();
        assert_eq!((slip.code.as_str(), slip.due, slip.parts.len()), (filed.code.as_str(), filed.due_at, 1));
        assert_eq!(slip.applicant["applicant_name"], "Trần Văn Hùng");
        assert_eq!((slip.officer.as_str(), slip.phone.as_deref()), ("HOA", Some("0254 3 000 000")));
        assert!(!slip.track_path.contains(&filed.secret), "who finds the slip does not find the secret");
        assert_eq!(arg(office.paper(&people.officer, &filed.id, 2).await, "form"), "02");
        let asked = Act::AskSupplement { reasons: reasons(), until: None };
        office.act(&people.officer, &filed.id, filed.version, &asked, "").await.unwrap();
        assert_eq!(office.paper(&people.officer, &filed.id, 2).await.unwrap().reasons, reasons());
        let there = person("la", &[(Role::WardOfficer, NEW[1])]);
        assert_eq!(code(office.paper(&there, &filed.id, 1).await), "access.unit");
        let days: [Date; 2] = [date(2025, 7, 1), date(2025, 7, 1)];
        let book = office.tracking_book(&people.officer, NEW[0], days[0], days[1], None).await.unwrap();
        assert_eq!(
            book.rows.iter().map(|r| (r.code.as_str(), r.applicant.as_str())).collect::<Vec<_>>(),
            [(filed.code.as_str(), "Trần Văn Hùng")]
        );
        assert!(book.clear && book.rows[0].returned.is_none(), "nothing was handed over yet");
        let record = office.find("dossier", &filed.id).await.unwrap();
        let looks = office.looks(&people.officer, &record).await.unwrap();
        assert_eq!(looks[0].fields, ["applicant_name"], "the book is a look at whose dossiers they are");
        let (before, again) = (looks.len(), office.tracking_book(&people.officer, NEW[0], days[0], days[1], None).await.unwrap());
        assert_eq!(office.looks(&people.officer, &record).await.unwrap().len(), before, "the same look still");
        assert_eq!(again.rows[0].agency.vi, office.world().unit_name(NEW[0], "vi"));
        // Who decides sees the book, not the names; and it is in the order of receipt.
        clock(&office, "2025-07-01 09:30").await;
        let later = office.receive(&people.officer, &counter("077190000777")).await.unwrap();
        let seen = office.tracking_book(&people.leader, NEW[0], days[0], days[1], None).await.unwrap();
        let rows: Vec<_> = seen.rows.iter().map(|r| (r.code.as_str(), r.applicant.as_str(), r.phone.as_str())).collect();
        assert_eq!((seen.clear, rows), (false, vec![(filed.code.as_str(), "T. V. Hùng", ""), (later.code.as_str(), "T. V. Hùng", "")]));
        assert_eq!(code(office.tracking_book(&people.leader, NEW[0], days[0], days[1], Some("x".into())).await), "input.query");
        assert!(office.tracking_book(&people.officer, NEW[0], date(2025, 7, 2), date(2025, 7, 2), None).await.unwrap().rows.is_empty());
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
        let sign = Act::HandOver { step: "sign".into(), assignee: None };
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
async fn a_complaint_is_answered_by_whoever_did_not_handle_the_dossier() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let mai = mai();
        let filed = filed(&office, &mai).await;
        let record = office.find("dossier", &filed.code).await.unwrap();
        let version = office.act(&people.officer, &filed.id, record.version, &Act::Accept, "").await.unwrap().version;
        office.act(&people.officer, &filed.id, version, &hand_over("hoa"), "").await.unwrap();
        let proof = Proof::Identity { citizen: &mai, code: &filed.code };
        let ward = office.world().units.idx(&NEW[0].parse().unwrap()).unwrap();
        assert_eq!(code(office.complain(&proof, ComplaintKind::Feedback, "  ", "").await), "input.required");
        let wrong = Proof::Secret { code: &filed.code, secret: "sai", client: "c" };
        assert_eq!(code(office.complain(&wrong, ComplaintKind::Feedback, "x", "").await), "tracking.not_found");

        // Sent twice it is one; its day comes from the rules, which say that it is to be confirmed.
        let text = "Cán bộ hẹn ba lần không trả kết quả";
        let sent = office.complain(&proof, ComplaintKind::Complaint, text, "k1").await.unwrap();
        assert_eq!(office.complain(&proof, ComplaintKind::Complaint, text, "k1").await.unwrap().id, sent.id);
        assert_eq!(sent.due_at.map(Timestamp::local_date), Some(date(2025, 7, 31)), "{sent:?}");
        assert!(sent.to_be_confirmed && sent.basis.as_deref().is_some_and(|b| b.contains("Luật Khiếu nại")));
        assert_eq!(code(office.complain(&proof, ComplaintKind::Complaint, "Nữa", "").await), "complaint.open");
        office.complain(&proof, ComplaintKind::Feedback, "Quầy đông, thiếu ghế", "").await.unwrap();

        // Whoever handled it sees nothing of it, is not given it and does not answer it; nor does a stranger.
        assert!(office.complaints(&people.officer, ward, false).await.unwrap().is_empty());
        let open = office.complaints(&people.leader, ward, false).await.unwrap();
        assert_eq!(open.iter().map(|c| c.kind).collect::<Vec<_>>(), [ComplaintKind::Feedback, ComplaintKind::Complaint], "by what is due");
        assert_eq!(code(office.assign_complaint(&people.leader, &sent.id, sent.version, "hoa").await), "complaint.own_work");
        assert_eq!(code(office.assign_complaint(&people.leader, &sent.id, sent.version, "nobody").await), "one_stop.unknown_assignee");
        assert_eq!(code(office.assign_complaint(&people.officer, &sent.id, sent.version, "lan").await), "access.role");
        assert_eq!(code(office.answer_complaint(&people.officer, &sent.id, sent.version, "Không phải lỗi của tôi").await), "access.role");
        let stranger = person("la", &[(Role::Leader, NEW[1])]);
        assert_eq!(code(office.answer_complaint(&stranger, &sent.id, sent.version, "x").await), "access.unit");

        // Given to a colleague, who meanwhile gets the dossier: then it is the leader's again.
        let version = office.assign_complaint(&people.leader, &sent.id, sent.version, "lan").await.unwrap();
        assert_eq!(office.complaints(&people.expert, ward, false).await.unwrap().len(), 1);
        assert_eq!(office.own_complaints(&proof).await.unwrap()[0].state, "assigned");
        let held = office.find("dossier", &filed.code).await.unwrap().version;
        office.act(&people.officer, &filed.id, held, &hand_over("lan"), "").await.unwrap();
        assert_eq!(code(office.answer_complaint(&people.expert, &sent.id, version, "Tôi trả lời").await), "complaint.own_work");
        assert_eq!(code(office.answer_complaint(&people.leader, &sent.id, sent.version, "x").await), "version.conflict");
        office.answer_complaint(&people.leader, &sent.id, version, "Đã nhắc nhở; mời nhận kết quả chiều nay.").await.unwrap();
        assert_eq!(code(office.answer_complaint(&people.leader, &sent.id, version + 1, "Lần nữa").await), "complaint.answered");
        let own = office.own_complaints(&proof).await.unwrap();
        assert_eq!((own[0].state.as_str(), own[0].answer.as_deref()), ("answered", Some("Đã nhắc nhở; mời nhận kết quả chiều nay.")));
        assert_eq!(office.complaints(&people.leader, ward, true).await.unwrap().len(), 1);
        assert_eq!(
            code(office.change_record(&people.officer, "complaint", &sent.id, version + 1, &Map::new(), "").await),
            "register.own_use_case"
        );
        figures_are_right(&office).await;
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
