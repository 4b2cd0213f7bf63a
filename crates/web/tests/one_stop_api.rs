//! The one-stop desk as another system uses it: procedures, files, filing, answering, status, result; over HTTP, on both databases.

mod common;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use common::*;
use office::one_stop::{Origin, Upload};
use rules::{
    access::{Actor, Grant, Role},
    one_stop::{Act, Reason, ReasonKind, ResultGiven, Way},
};
use serde_json::{Value, json};

const COPIES: &str = "2.000815";
const JSON: (&str, &str) = ("content-type", "application/json");

fn value(a: &Answer) -> Value {
    serde_json::from_slice(&a.bytes).unwrap_or_else(|e| panic!("{e}: {}", a.text()))
}

fn problem(a: &Answer, status: StatusCode) -> String {
    assert_eq!(a.status, status, "{}", a.text());
    assert_eq!(a.headers[header::CONTENT_TYPE], "application/problem+json");
    value(a)["code"].as_str().unwrap().to_owned()
}

fn etag(a: &Answer) -> String {
    a.headers[header::ETAG].to_str().unwrap().to_owned()
}

fn dossier(parts: &Value) -> Value {
    json!({
        "procedure": COPIES, "unit": WARD, "identified": true,
        "applicant": { "name": "Trần Văn Hùng", "id_number": "077190000123", "phone": "0903123456" },
        "form": { "applicant_name": "Trần Văn Hùng", "applicant_number": "077190000123", "applicant_phone": "0903123456",
            "applicant_address": "12 Lê Lợi", "paper_name": "Bằng tốt nghiệp", "language": "vi", "sheets": 3, "copies": 2, "form": "paper" },
        "parts": parts,
    })
}

async fn put_file(site: &Site, who: &Person, unit: &str, name: &str, bytes: &[u8], announced: Option<u64>) -> Answer {
    let query = serde_urlencoded::to_string([("unit", unit), ("part", "original"), ("name", name)]).unwrap();
    let mut request =
        Request::post(format!("/api/v1/one-stop/files?{query}")).header(header::AUTHORIZATION, format!("Bearer {}", who.cookie));
    if let Some(n) = announced {
        request = request.header(header::CONTENT_LENGTH, n);
    }
    site.send(request.body(Body::from(bytes.to_vec())).unwrap()).await
}

async fn post(site: &Site, who: &Person, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
    site.api(Some(who), "POST", path, Some(&body.to_string()), &[&[JSON], headers].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_system_files_answers_and_fetches_the_result() {
    both(async |site| {
        site.office.set_demo(&Actor::system(), "2025-07-08T02:00:00Z".parse().unwrap()).await.unwrap();
        let portal = account(&site.office, "cong-dvc", "Cổng Dịch vụ công", &[(Role::WardOfficer, WARD)]).await;
        let other = account(&site.office, "noi-khac", "Nơi khác", &[(Role::WardOfficer, "26526@2025-07-01")]).await;
        assert_eq!(problem(&site.api(None, "GET", "/one-stop/procedures", None, &[]).await, StatusCode::UNAUTHORIZED), "access.sign_in");
        let list = value(&site.api(Some(&portal), "GET", &format!("/one-stop/procedures?unit={WARD}&q=sao+y+ban+chinh"), None, &[]).await);
        assert!(list.as_array().unwrap().iter().any(|p| p["code"] == COPIES), "{list}");
        let one = value(&site.api(Some(&portal), "GET", &format!("/one-stop/procedures/{COPIES}"), None, &[]).await);
        assert!(one["form"]["properties"]["copies"].is_object() && one["parts"][0]["id"] == "original", "{one}");

        // Files: what they are is checked, how large they are before they are read.
        let wrong = put_file(site, &portal, WARD, "bang.pdf", b"MZ", None).await;
        assert_eq!(problem(&wrong, StatusCode::UNPROCESSABLE_ENTITY), "upload.content");
        let large = put_file(site, &portal, WARD, "bang.pdf", b"%PDF-1.7", Some(2 << 30)).await;
        assert_eq!(problem(&large, StatusCode::PAYLOAD_TOO_LARGE), "input.body_too_large");
        assert_eq!(problem(&put_file(site, &other, WARD, "a.pdf", b"%PDF-1.7", None).await, StatusCode::FORBIDDEN), "access.unit");
        let kept = value(&put_file(site, &portal, WARD, "bang.pdf", b"%PDF-1.7 bang", None).await);
        assert_eq!((kept["sha256"].as_str().unwrap().len(), kept["media_type"].as_str()), (64, Some("application/pdf")));

        // Filing: a hash alone gives no right, the same request is one dossier, a wrong number is said at its field.
        let body = dossier(&json!([kept]));
        let stolen = dossier(&json!([{ "part": "original", "sha256": kept["sha256"], "receipt": "sha256=00" }]));
        let answer = post(site, &portal, "/one-stop/dossiers", &stolen, &[]).await;
        assert_eq!(problem(&answer, StatusCode::UNPROCESSABLE_ENTITY), "upload.foreign");
        assert_eq!(problem(&post(site, &other, "/one-stop/dossiers", &body, &[]).await, StatusCode::FORBIDDEN), "access.unit");
        let mut bad = body.clone();
        bad["applicant"]["id_number"] = json!("12345");
        let answer = post(site, &portal, "/one-stop/dossiers", &bad, &[]).await;
        assert_eq!(problem(&answer, StatusCode::UNPROCESSABLE_ENTITY), "input.invalid");
        let mut body = body;
        body["result_way"] = json!("post");
        let key = [("idempotency-key", "dvc-57")];
        let first = post(site, &portal, "/one-stop/dossiers", &body, &key).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let filed = value(&first);
        let code = filed["code"].as_str().unwrap().to_owned();
        assert!(filed["secret"].as_str().unwrap().len() >= 8 && filed["fee_vnd"] == 10_000, "{filed}");
        let again = value(&post(site, &portal, "/one-stop/dossiers", &body, &key).await);
        assert_eq!((again["code"].as_str(), again["secret"].as_str()), (Some(code.as_str()), Some("")));
        let other_body = dossier(&json!([]));
        let clash = post(site, &portal, "/one-stop/dossiers", &other_body, &key).await;
        assert!(matches!(clash.status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY), "{}", clash.text());

        // Its status says nothing personal, and a known one is not sent again.
        let path = format!("/one-stop/dossiers/{code}");
        let status = site.api(Some(&portal), "GET", &path, None, &[]).await;
        assert!(!status.text().contains("Hùng") && value(&status)["national_status"] == 1, "{}", status.text());
        // How the result is wanted is told; where it goes is not, though the applicant's address was taken for it.
        assert!(value(&status)["result_way"] == "post" && !status.text().contains("Lê Lợi"), "{}", status.text());
        let kept = site.office.find("dossier", &code).await.unwrap().fields().unwrap();
        assert_eq!(kept["result_address"], "12 Lê Lợi");
        // It can be changed after filing: from the version that was seen, once for one key, by whoever handles it there.
        let (to, desk) = (format!("{path}/delivery"), json!({ "result_way": "desk" }).to_string());
        let put = async |who: &Person, body: &str, headers: &[(&str, &str)]| {
            site.api(Some(who), "PUT", &to, Some(body), &[&[JSON], headers].concat()).await
        };
        assert_eq!(problem(&put(&portal, &desk, &[]).await, StatusCode::UNPROCESSABLE_ENTITY), "if_match.required");
        let seen = etag(&status);
        assert_eq!(problem(&put(&other, &desk, &[("if-match", &seen)]).await, StatusCode::FORBIDDEN), "access.unit");
        let keyed = [("if-match", seen.as_str()), ("idempotency-key", "dvc-58")];
        let changed = put(&portal, &desk, &keyed).await;
        assert_eq!((changed.status, value(&changed)["result_way"].as_str()), (StatusCode::OK, Some("desk")), "{}", changed.text());
        let again = put(&portal, &desk, &keyed).await;
        assert_eq!((again.status, etag(&again)), (StatusCode::OK, etag(&changed)), "sent again it is one change");
        assert_eq!(problem(&put(&portal, &desk, &[("if-match", &seen)]).await, StatusCode::CONFLICT), "version.conflict");
        let now = site.office.find("dossier", &code).await.unwrap();
        assert!(!now.fields().unwrap().contains_key("result_address"), "what the post does not need is not kept");
        assert_eq!(site.office.store().history("dossier", now.id).await.unwrap().last().unwrap().kind, "delivery");
        let long = json!({ "result_way": "post", "result_address": "a".repeat(501) }).to_string();
        let long = put(&portal, &long, &[("if-match", &etag(&changed))]).await;
        assert_eq!(problem(&long, StatusCode::UNPROCESSABLE_ENTITY), "input.too_long");
        let mut odd = body.clone();
        odd["result_way"] = json!("pigeon");
        assert!(post(site, &portal, "/one-stop/dossiers", &odd, &[]).await.status.is_client_error());
        let same = site.api(Some(&portal), "GET", &path, None, &[("if-none-match", &etag(&changed))]).await;
        assert_eq!(same.status, StatusCode::NOT_MODIFIED);
        assert_eq!(problem(&site.api(Some(&other), "GET", &path, None, &[]).await, StatusCode::FORBIDDEN), "access.unit");

        // The desk asks; the answer names the version that was seen.
        let grants = vec![Grant { role: Role::WardOfficer, unit: WARD.parse().unwrap(), register: None }];
        let officer = Actor::new("phuong1", "Trần Thị Hoa", grants);
        let leader = Actor::new("chutich", "Lê Hoàng Nam", vec![Grant { role: Role::Leader, unit: WARD.parse().unwrap(), register: None }]);
        let held = async || site.office.find("dossier", &code).await.unwrap();
        let act = async |who: &Actor, act: Act| {
            let record = held().await;
            site.office.act(who, &record.id.to_string(), record.version, &act, "").await.unwrap();
        };
        let reasons = vec![Reason { kind: ReasonKind::Illegible, part: Some("original".into()), text: "Ảnh mờ".into() }];
        act(&officer, Act::AskSupplement { reasons, until: None }).await;
        let asked = site.api(Some(&portal), "GET", &path, None, &[]).await;
        assert_eq!((value(&asked)["status"].as_str(), value(&asked)["asked"][0]["text"].as_str()), (Some("supplement"), Some("Ảnh mờ")));
        let better = value(&put_file(site, &portal, WARD, "ro.pdf", b"%PDF-1.7 ro", None).await);
        let answer = json!({ "parts": [better], "note": "Bản chụp lại" });
        let to = format!("{path}/supplement");
        assert_eq!(problem(&post(site, &portal, &to, &answer, &[]).await, StatusCode::UNPROCESSABLE_ENTITY), "if_match.required");
        let stale = post(site, &portal, &to, &answer, &[("if-match", &etag(&status))]).await;
        assert_eq!(problem(&stale, StatusCode::CONFLICT), "version.conflict");
        let done = post(site, &portal, &to, &answer, &[("if-match", &etag(&asked))]).await;
        assert_eq!((done.status, value(&done)["status"].as_str()), (StatusCode::OK, Some("registered")), "{}", done.text());
        assert_ne!(etag(&done), etag(&asked));

        // Received, a fee is due; decided, the result is a file.
        act(&officer, Act::Accept).await;
        let due = value(&site.api(Some(&portal), "GET", &path, None, &[]).await);
        let payload = due["payment"]["vietqr"].as_str().unwrap();
        assert!(due["status"] == "payment" && due["payment"]["amount_vnd"] == 10_000 && payload.starts_with("000201"), "{due}");
        let reference = due["payment"]["reference"].as_str().unwrap();
        let paying = site.office.payment(&officer, reference).await.unwrap();
        site.office.take_cash(&officer, reference, paying.version).await.unwrap();
        let none = site.api(Some(&portal), "GET", &format!("{path}/result"), None, &[]).await;
        assert_eq!(problem(&none, StatusCode::NOT_FOUND), "not_found");
        for step in ["appraise", "sign"] {
            act(&officer, Act::HandOver { step: step.into(), assignee: None, reason: None }).await;
        }
        let result = Upload { name: "ban-sao.pdf".into(), media_type: String::new(), bytes: b"%PDF-1.7 ban sao".to_vec() };
        let file = site.office.keep_file(&officer, WARD, "result", result, Origin::Scan).await.unwrap().sha256;
        act(&leader, Act::Resolve { result: ResultGiven { number: Some("57".into()), file, electronic: true } }).await;
        let resolved = value(&site.api(Some(&portal), "GET", &path, None, &[]).await);
        let place = resolved["result"]["href"].as_str().unwrap().trim_start_matches("/api/v1");
        let got = site.api(Some(&portal), "GET", place, None, &[]).await;
        assert_eq!((got.status, got.bytes.as_slice()), (StatusCode::OK, b"%PDF-1.7 ban sao".as_slice()));
        assert_eq!(etag(&got), format!("\"{}\"", resolved["result"]["sha256"].as_str().unwrap()));
        // Once it was handed over nothing is left to change.
        act(&officer, Act::ReturnResult { way: Way::Desk }).await;
        let seen = format!("\"v{}\"", held().await.version);
        let late = put(&portal, &desk, &[("if-match", &seen)]).await;
        assert_eq!(problem(&late, StatusCode::UNPROCESSABLE_ENTITY), "one_stop.result_given");
    })
    .await;
}

const SAID: &str = "Thiếu giấy của ông Phạm Văn Kín";

/// A dossier that waits for a supplement: its identity and its code.
async fn asked(site: &Site) -> (String, String) {
    let kept = value(&put_file(site, &site.officer, WARD, "bang.pdf", b"%PDF-1.7 bang", None).await);
    let filed = post(site, &site.officer, "/one-stop/dossiers", &dossier(&json!([kept])), &[]).await;
    let code = value(&filed)["code"].as_str().unwrap_or_else(|| panic!("{}", filed.text())).to_owned();
    let record = site.office.find("dossier", &code).await.unwrap();
    let officer = Actor::new("phuong1", "Hoa", vec![Grant { role: Role::WardOfficer, unit: WARD.parse().unwrap(), register: None }]);
    let reasons = vec![Reason { kind: ReasonKind::Missing, part: None, text: SAID.into() }];
    let ask = Act::AskSupplement { reasons, until: None };
    site.office.act(&officer, &code, record.version, &ask, "").await.unwrap();
    site.settled().await;
    (record.id.to_string(), code)
}

/// Every place that tells of the dossier, as somebody reads it.
async fn told(site: &Site, who: &Person, id: &str, code: &str, seqs: &[i64]) -> Vec<(String, String)> {
    let mut pages = vec![format!("/desk/dossiers/{id}"), format!("/records/dossier/{id}"), "/records/dossier".to_owned()];
    pages.extend(seqs.iter().flat_map(|seq| [format!("/ledger/{seq}"), format!("/ledger/{seq}.json")]));
    let mut out = Vec::new();
    for path in pages {
        let text = site.get(who, &path).await.text();
        out.push((path, text));
    }
    let history = format!("/records/dossier/{id}/history");
    for path in [format!("/records/dossier/{id}"), history, "/records/dossier".to_owned(), format!("/one-stop/dossiers/{code}")] {
        let text = site.api(Some(who), "GET", &path, None, &[]).await.text();
        out.push((format!("API {path}"), text));
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_in_acts_is_read_by_those_who_read_the_dossier_and_by_nobody_else() {
    let site = site().await;
    let (id, code) = asked(&site).await;
    let history = site.office.store().history("dossier", id.parse().unwrap()).await.unwrap();
    let seqs: Vec<i64> = history.iter().filter_map(|e| e.seq).collect();
    assert_eq!(seqs.len(), history.len());
    let (mut readers, mut others) = (Vec::new(), Vec::new());
    for (n, role) in Role::ALL.into_iter().enumerate() {
        let who = account(&site.office, &format!("nguoi{n}"), "Một Người", &[(role, WARD)]).await;
        let told = told(&site, &who, &id, &code, &seqs).await;
        let desk = &told[0].1;
        let reads = desk.contains("Trần Văn Hùng");
        assert_eq!(desk.contains(SAID), reads, "{role:?}: {}", words(desk));
        let with: Vec<&String> = told.iter().filter(|(_, text)| text.contains("Phạm Văn Kín")).map(|(place, _)| place).collect();
        if reads {
            readers.push(role);
            assert!(with.len() > 2, "{role:?}: {with:?}");
        } else {
            others.push(role);
            assert!(with.is_empty(), "{role:?}: {with:?}");
        }
    }
    assert!(readers.contains(&Role::WardOfficer) && readers.contains(&Role::Leader), "{readers:?}");
    assert!(others.contains(&Role::Viewer) && others.contains(&Role::Auditor) && others.contains(&Role::Admin), "{others:?}");
    // Who audits has the leaf of an entry in which nothing was written; of the others the hash proves it.
    let auditor = account(&site.office, "kiemtra", "Kiểm tra", &[(Role::Auditor, PROVINCE)]).await;
    let entry = async |seq: i64| -> Value { value(&site.get(&auditor, &format!("/ledger/{seq}.json")).await) };
    let (first, last) = (entry(seqs[0]).await, entry(*seqs.last().unwrap()).await);
    assert!(first["leaf"].is_string(), "{first}");
    assert!(last["leaf"].is_null() && last["leaf_hash"].is_string() && last["holds"] == true, "{last}");
}
