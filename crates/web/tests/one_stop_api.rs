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
    one_stop::{Act, Reason, ReasonKind, ResultGiven},
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
        let mut odd = body.clone();
        odd["result_way"] = json!("pigeon");
        assert!(post(site, &portal, "/one-stop/dossiers", &odd, &[]).await.status.is_client_error());
        let same = site.api(Some(&portal), "GET", &path, None, &[("if-none-match", &etag(&status))]).await;
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
            act(&officer, Act::HandOver { step: step.into(), assignee: None }).await;
        }
        let result = Upload { name: "ban-sao.pdf".into(), media_type: String::new(), bytes: b"%PDF-1.7 ban sao".to_vec() };
        let file = site.office.keep_file(&officer, WARD, "result", result, Origin::Scan).await.unwrap().sha256;
        act(&leader, Act::Resolve { result: ResultGiven { number: Some("57".into()), file, electronic: true } }).await;
        let resolved = value(&site.api(Some(&portal), "GET", &path, None, &[]).await);
        let place = resolved["result"]["href"].as_str().unwrap().trim_start_matches("/api/v1");
        let got = site.api(Some(&portal), "GET", place, None, &[]).await;
        assert_eq!((got.status, got.bytes.as_slice()), (StatusCode::OK, b"%PDF-1.7 ban sao".as_slice()));
        assert_eq!(etag(&got), format!("\"{}\"", resolved["result"]["sha256"].as_str().unwrap()));
    })
    .await;
}
