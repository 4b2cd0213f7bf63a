//! Records as people and programs read them: what is personal, which steps are open, page by page, and what a refusal looks like.

mod common;

use axum::http::{StatusCode, header};
use common::*;
use office::{
    import::{Odd, Row},
    registers::NewRecord,
};
use rules::access::{Actor, Role};
use serde_json::{Value, json};

const HIDDEN: &str = "Nguyễn Thị Riêng Tư";

/// Dossiers of the ward, the newest last.
async fn dossiers(site: &Site, count: usize) -> Vec<String> {
    let new = |i: usize| {
        let fields = json!({
            "code": format!("H26.{i:05}"), "procedure": "Đăng ký khai sinh", "received_at": "2025-07-03T02:00:00Z",
            "due_at": "2025-07-10T10:00:00Z", "channel": "online", "applicant_name": HIDDEN,
        });
        let Value::Object(fields) = fields else { unreachable!() };
        NewRecord { unit: WARD.into(), fields, ..NewRecord::default() }
    };
    let list = (0..count).map(new).collect();
    let saved = site.office.create_records(&Actor::system(), "dossier", list).await.unwrap();
    site.settled().await;
    saved.into_iter().map(|s| s.id).collect()
}

async fn looks(site: &Site, id: &str) -> Vec<office::personal::Look> {
    let record = site.office.find("dossier", id).await.unwrap();
    site.office.looks(&Actor::system(), &record).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_personal_data_is_an_entry_of_the_ledger() {
    both(async |site| {
        let ids = dossiers(site, 2).await;
        let path = format!("/records/dossier/{}", ids[0]);
        // Those whose work does not need it see it masked, and nothing is kept of that.
        let page = site.get(&site.leader, &path).await.text();
        assert!(!page.contains(HIDDEN) && page.contains("•••"), "{}", words(&page));
        assert!(looks(site, &ids[0]).await.is_empty());
        let before = site.office.store().head().await.unwrap().size;
        // The officer of the ward sees it; the entry is there before the page is.
        let page = site.get(&site.officer, &path).await.text();
        assert!(page.contains(HIDDEN), "{}", words(&page));
        assert!(!page.contains("data-live="), "a page that asks for itself again would look again and again");
        site.settled().await;
        let kept = looks(site, &ids[0]).await;
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].who.as_str(), kept[0].through.as_str()), ("phuong1", "page"));
        assert_eq!(
            (kept[0].fields.as_slice(), kept[0].grant.as_str()),
            (["applicant_name".to_owned()].as_slice(), &*format!("ward_officer {WARD}"))
        );
        assert_eq!(site.office.store().head().await.unwrap().size, before + 1);
        // The same look, still going on, is not a second one; another way in is, and so is another person.
        site.get(&site.officer, &path).await;
        assert_eq!(looks(site, &ids[0]).await.len(), 1);
        let one = site.api(Some(&site.officer), "GET", &path, None, &[]).await;
        let one: Value = serde_json::from_slice(&one.bytes).unwrap();
        assert_eq!(one["fields"]["applicant_name"], HIDDEN);
        let desk = account(&site.office, "motcua", "Mai Thị Cửa", &[(Role::DataOfficer, WARD)]).await;
        site.get(&desk, &path).await;
        site.settled().await;
        let who: Vec<(String, String)> = looks(site, &ids[0]).await.into_iter().map(|l| (l.who, l.through)).collect();
        let want = [("motcua", "page"), ("phuong1", "api"), ("phuong1", "page")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(who, want, "the newest first");
        // Who works on the record is told who looked, with a proof; the leader audits and is told too, without the data.
        for person in [&site.officer, &site.leader] {
            let page = site.get(person, &path).await.text();
            let told = page.split_once("id=\"looks\"").unwrap_or_else(|| panic!("{}", words(&page))).1;
            assert!(told.contains("Mai Thị Cửa") && told.contains("Người nộp") && told.contains("/ledger/"), "{}", words(&page));
        }
        // No list and no file shows it, to nobody.
        for path in ["/records/dossier", "/records/dossier/export.csv", "/search?q=H26.", "/indicators/dossier.received/records?period=all"]
        {
            let a = site.get(&site.officer, path).await;
            assert!(a.status == StatusCode::OK && !a.text().contains(HIDDEN), "{path} {}", a.status);
        }
        for path in ["/records/dossier", "/figures/dossier.received/records"] {
            let list = site.api(Some(&site.officer), "GET", &format!("{path}?unit={WARD}&as_of=2025-07-20"), None, &[]).await;
            assert!(list.status == StatusCode::OK && list.text().contains("H26.00001") && !list.text().contains(HIDDEN), "{}", list.text());
        }
        assert!(looks(site, &ids[1]).await.is_empty(), "a list is no look");
        // What was written stands the check of everything.
        let found = site.office.verify().await.unwrap();
        assert!(matches!(found, store::verify::Finding::Whole { .. }), "{found:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_look_at_once_are_all_kept() {
    both(async |site| {
        let id = dossiers(site, 1).await.remove(0);
        let mut people = Vec::new();
        for n in 0..6 {
            people.push(account(&site.office, &format!("canbo{n}"), "Cán bộ", &[(Role::WardOfficer, WARD)]).await);
        }
        let path = format!("/records/dossier/{id}");
        let pages = futures::future::join_all(people.iter().map(|p| site.get(p, &path))).await;
        assert!(pages.iter().all(|a| a.status == StatusCode::OK && a.text().contains(HIDDEN)));
        let mut who: Vec<String> = looks(site, &id).await.into_iter().map(|l| l.who).collect();
        who.sort();
        assert_eq!(who, (0..6).map(|n| format!("canbo{n}")).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_steps_of_the_lifecycle_are_forms_for_those_who_may_take_them() {
    both(async |site| {
        let id = dossiers(site, 1).await.remove(0);
        let path = format!("/records/dossier/{id}");
        let step = |name: &str| format!("{path}/steps/{name}");
        let page = site.get(&site.officer, &path).await.text();
        for name in ["start", "ask_supplement", "withdraw"] {
            assert!(page.contains(&format!("action=\"{}", step(name))), "{name}: {}", words(&page));
        }
        for name in ["resolve", "reject", "return_result", "supplemented"] {
            assert!(!page.contains(&step(name)), "{name} is not hers, or not from here");
        }
        let page = site.get(&site.leader, &path).await.text();
        assert!(!page.contains(&step("start")), "who decides does not work on it");
        assert_eq!(site.post(&site.leader, &step("start"), &[("version", "1")], None).await.status, StatusCode::FORBIDDEN);
        let version = hidden(&site.get(&site.officer, &path).await.text(), "version");
        let a = site.post(&site.officer, &step("start"), &[("version", &version), ("reason", "Đủ thành phần")], None).await;
        assert!(a.place().contains("done=record-stepped"), "{} {}", a.status, words(&a.text()));
        assert_eq!(site.office.find("dossier", &id).await.unwrap().state, "in_progress");
        // The old page in another window: what stands now beside what was wanted; a step that is closed has no button.
        let a = site.post(&site.officer, &step("start"), &[("version", &version)], None).await;
        assert_eq!(a.status, StatusCode::CONFLICT);
        let text = words(&a.text());
        assert!(text.contains("Người khác vừa lưu trước bạn") && text.contains("Đang xử lý"), "{text}");
        assert!(!a.text().contains("<button class=\"main\">Chuyển xử lý</button>"), "{text}");
        // One that is still open can be taken from what stands now.
        let a = site.post(&site.officer, &step("withdraw"), &[("version", &version), ("reason", "Theo đơn")], None).await;
        assert_eq!(a.status, StatusCode::CONFLICT);
        let fresh = hidden(&a.text(), "version");
        assert!(a.text().contains("Theo đơn") && fresh == "2", "{}", words(&a.text()));
        let a = site.post(&site.officer, &step("withdraw"), &[("version", &fresh), ("reason", "Theo đơn")], None).await;
        assert!(a.place().contains("done=record-stepped"), "{}", words(&a.text()));
        let page = site.get(&site.officer, &path).await.text();
        assert!(page.contains("Theo đơn") && !page.contains("/steps/"), "a closed dossier has no further step: {}", words(&page));
        // What has use cases of its own is not moved here.
        let figure = site.office.reported_figures(&Actor::system()).await.unwrap().remove(0);
        assert!(site.office.steps(&Actor::system(), &figure.record).unwrap().is_empty());
    })
    .await;
}

/// The address of a link of the pager.
fn link(html: &str, rel: &str) -> Option<String> {
    let at = html.find(&format!("<a rel=\"{rel}\" href=\""))?;
    Some(html[at..].split("href=\"").nth(1)?.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_go_forth_and_back_and_say_how_long_they_are() {
    both(async |site| {
        dossiers(site, 640).await;
        let mut path = "/records/dossier".to_owned();
        let mut seen = Vec::new();
        let codes = |html: &str| -> Vec<String> { html.split(">H26.").skip(1).map(|p| p[..5].to_owned()).collect() };
        for n in 0..4 {
            let html = site.get(&site.officer, &path).await.text();
            let text = words(&html);
            assert!(text.contains(&format!("{}–{} trong hơn 500", n * 30 + 1, n * 30 + 30)), "{text}");
            assert!(text.contains("hơn 500 hồ sơ"), "{text}");
            assert_eq!((link(&html, "prev").is_some(), link(&html, "first").is_some()), (n > 0, n > 1), "page {n}");
            seen.push(codes(&html));
            path = link(&html, "next").unwrap();
        }
        assert_eq!(seen[0][0], "00639", "the newest first");
        let mut all = seen.concat();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 120, "no record twice, none left out");
        // Back the same way.
        for n in [3, 2, 1, 0] {
            let html = site.get(&site.officer, &path).await.text();
            path = link(&html, "prev").unwrap();
            assert_eq!(codes(&site.get(&site.officer, &path).await.text()), seen[n], "page {n}");
        }
        assert!(!path.contains("after="), "{path}");
        // A short list is counted, and a figure says how many records it has without anybody counting.
        let html = site.get(&site.officer, "/records/dossier?q=H26.00012").await.text();
        assert!(words(&html).contains("1–1 trong 1 "), "{}", words(&html));
        let size = site.office.store().head().await.unwrap().size;
        assert!(site.office.live().wait_for(size as u64, std::time::Duration::from_secs(20)).await, "the figures follow");
        let behind = format!("/indicators/dossier.received/records?unit={WARD}&as_of=2025-07-20&period=all");
        let html = site.get(&site.officer, &behind).await.text();
        assert!(words(&html).contains("1–30 trong 640"), "{}", words(&html));
    })
    .await;
}

/// Method, path, body, headers; then status, code and what the detail names.
type Shape<'a> = (&'a str, &'a str, Option<&'a str>, &'a [(&'a str, &'a str)], u16, &'a str, &'a str);

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_of_the_api_has_one_shape() {
    let site = site().await;
    dossiers(&site, 1).await;
    let officer = Some(&site.officer);
    let json = &[("content-type", "application/json")][..];
    let shapes: [Shape<'_>; 14] = [
        ("GET", "/nothing/here", None, &[], 404, "not_found", "“/api/v1/nothing/here”"),
        ("GET", "/records/nothing", None, &[], 404, "not_found", "“nothing”"),
        ("GET", "/records/dossier/H26.X", None, &[], 404, "not_found", "“H26.X”"),
        ("GET", "/records/dossier/H26.X/history", None, &[], 404, "not_found", "“H26.X”"),
        ("GET", "/indicators/nothing", None, &[], 404, "not_found", "“nothing”"),
        ("GET", "/figures/nothing", None, &[], 404, "not_found", "“nothing”"),
        ("GET", "/figures/nothing/records", None, &[], 404, "not_found", "“nothing”"),
        ("GET", "/records/dossier?unit=nowhere", None, &[], 403, "access.unit", ""),
        ("DELETE", "/records/dossier", None, &[], 405, "method.not_allowed", "“/api/v1/records/dossier”"),
        ("POST", "/records/dossier", Some("{"), json, 400, "input.json", ""),
        ("POST", "/records/dossier", Some("{\"unit\": 1}"), json, 400, "input.json", "unit"),
        ("POST", "/records/dossier", Some("x"), &[("content-type", "text/plain")], 415, "input.media_type", "application/json"),
        ("GET", "/records/dossier?limit=many", None, &[], 400, "input.query", "limit"),
        ("PATCH", "/records/dossier/H26.00000", Some("{\"fields\":{}}"), json, 422, "if_match.required", "If-Match"),
    ];
    for (method, path, body, headers, status, code, says) in shapes {
        let a = site.api(officer, method, path, body, headers).await;
        assert_eq!(a.status.as_u16(), status, "{method} {path}: {}", a.text());
        assert_eq!(a.headers[header::CONTENT_TYPE], "application/problem+json", "{method} {path}");
        let p: Value = serde_json::from_slice(&a.bytes).unwrap();
        let mut names: Vec<&str> = p.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["code", "detail", "status", "title", "type"], "{method} {path}");
        assert_eq!((&p["type"], &p["status"], &p["code"]), (&json!("about:blank"), &json!(status), &json!(code)), "{method} {path}");
        assert_eq!(p["title"], StatusCode::from_u16(status).unwrap().canonical_reason().unwrap());
        let detail = p["detail"].as_str().unwrap();
        assert!(!detail.is_empty() && detail.contains(says), "{method} {path}: {detail}");
    }
    // In the caller's language; and nobody signed in is told so, with the way to sign in.
    let a = site.api(officer, "GET", "/nothing", None, &[("accept-language", "en")]).await;
    assert!(a.text().contains("was not found"), "{}", a.text());
    let a = site.api(None, "GET", "/records/dossier", None, &[]).await;
    assert_eq!((a.status, &a.headers[header::WWW_AUTHENTICATE]), (StatusCode::UNAUTHORIZED, &header::HeaderValue::from_static("Bearer")));
    // A stale version comes with what stands now.
    let stale = [("content-type", "application/json"), ("if-match", "\"v7\"")];
    let a = site.api(officer, "POST", "/records/dossier/H26.00000/steps/start", Some("{}"), &stale).await;
    let p: Value = serde_json::from_slice(&a.bytes).unwrap();
    assert_eq!((p["code"].as_str(), p["current"]["version"].as_i64()), (Some("version.conflict"), Some(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_stands_by_a_doubtful_figure_before_it_is_taken() {
    both(async |site: &Site| {
        let world = site.office.world();
        let rate = world
            .indicators
            .values()
            .find(|i| matches!(i.source, office::world::Source::Reported(_)) && matches!(i.format, rules::indicator::Format::Percent(_)));
        let rate = rate.expect("a reported rate").id.clone();
        let figures = async || site.office.reported_figures(&Actor::system()).await.unwrap().len();
        let before = figures().await;
        let figure = |written: &str, confirm: bool| {
            json!({"indicator": rate, "unit": WARD, "period": "2025Q2", "as_of": "2025-09-01", "written": written,
                "source": "BC 128", "confirm": confirm})
            .to_string()
        };
        let send = async |body: String, key: &str| {
            let headers = [("content-type", "application/json"), ("idempotency-key", key)];
            let a = site.api(Some(&site.officer), "POST", "/reported-figures", Some(&body), &headers).await;
            (a.status.as_u16(), serde_json::from_slice::<Value>(&a.bytes).unwrap())
        };
        let (status, p) = send(figure("976,3 %", false), "a").await;
        assert_eq!((status, p["code"].as_str()), (409, Some("figure.doubtful")), "{p}");
        let codes: Vec<&str> = p["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["figure.beyond_whole", "figure.as_of_outside"]);
        assert!(p["reasons"][0]["detail"].as_str().unwrap().contains("vượt quá 100"), "{p}");
        assert_eq!(figures().await, before, "nothing was taken");
        let (status, made) = send(figure("976,3 %", true), "a").await;
        assert_eq!(status, 201, "{made}");
        // Sent again it is the same figure, and the one that now waits is no reason to ask back.
        assert_eq!(send(figure("976,3 %", true), "a").await, (201, made));
        assert_eq!(figures().await, before + 1);
        let (status, p) = send(figure("97,63 %", false), "b").await;
        assert!(status == 409 && p["reasons"].to_string().contains("figure.pending"), "{p}");
        // Another figure under the same key is refused.
        assert_eq!(send(figure("97,63 %", true), "a").await.1["code"], "idempotency.mismatch");
        // Who may not report is not asked back.
        let body = figure("976,3 %", false).replace(WARD, CITY);
        assert_eq!(send(body, "c").await.0, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_names_the_people_and_not_their_accounts() {
    both(async |site| {
        let fields = json!({"code": "H26.9", "received_at": "2025-07-03T02:00:00Z", "assignee": "phuong1"});
        let Value::Object(fields) = fields else { unreachable!() };
        site.office
            .create_records(&Actor::system(), "dossier", vec![NewRecord { unit: WARD.into(), fields, ..NewRecord::default() }])
            .await
            .unwrap();
        site.settled().await;
        let file = site.get(&site.leader, "/records/dossier/export.csv").await.text();
        assert!(file.contains("Trần Thị Hoa") && !file.contains("phuong1"), "{file}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_read_published_figures_and_both_sides_of_a_contradiction() {
    both(async |site| {
        let ask = async |id: &str| -> Value {
            let found =
                site.api(Some(&site.leader), "GET", &format!("/figures/{id}?unit=747@2004-07-08&as_of=2025-06-15"), None, &[]).await;
            serde_json::from_slice(&found.bytes).unwrap()
        };
        let one = ask("IN-018").await;
        assert_eq!((&one["value"], &one["records"]), (&json!(1.0), &Value::Null));
        assert_eq!((&one["published"][0]["value"], &one["published"][0]["as_written"]), (&json!("100"), &json!("100%")));
        let two = ask("IN-019").await;
        assert_eq!((&two["value"], two["published"].as_array().unwrap().len()), (&Value::Null, 2), "{two}");
        let counted = ask("dossier.received").await;
        assert_eq!(counted["published"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_has_not_come_is_a_fault_of_its_row_and_odd_days_are_counted() {
    let site = site().await;
    let mut importer = site.office.importer(&Actor::system(), "dossier", None).unwrap();
    let mut add = |n: usize, received: &str, closed: &str, due: &str| {
        let fields = json!({"code": format!("X-{n}"), "received_at": received, "closed_at": closed, "due_at": due});
        let Value::Object(fields) = fields else { unreachable!() };
        let row = Row { place: format!("a.csv:{n}"), key: Some(format!("X-{n}")), unit: WARD.into(), state: None, fields };
        let faults = importer.add(row).err().map(|bad| bad.faults).unwrap_or_default();
        (faults.iter().map(ToString::to_string).collect::<Vec<_>>(), importer.odd)
    };
    let (noon, later, never) = ("2025-07-03T05:00:00.000000Z", "2025-07-04T05:00:00.000000Z", "2099-01-01T05:00:00.000000Z");
    assert_eq!(add(1, noon, later, never), (Vec::new(), Odd::default()), "a deadline lies ahead");
    let (faults, odd) = add(2, never, never, never);
    assert_eq!((faults.len(), odd), (2, Odd::default()), "{faults:?}");
    assert!(faults[0].contains("received_at: field.future") && faults[1].contains("closed_at"), "{faults:?}");
    assert_eq!(add(3, later, noon, never), (Vec::new(), Odd { closed_early: 1, due_early: 0 }));
    assert_eq!(add(4, later, later, noon), (Vec::new(), Odd { closed_early: 1, due_early: 1 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identifier_that_was_not_read_in_its_source_says_so() {
    both(async |site| {
        let answer = site.api(Some(&site.leader), "GET", "/units?as_of=2025-08-01", None, &[]).await;
        let units: Vec<Value> = serde_json::from_slice(&answer.bytes).unwrap();
        let of = |key: &str| {
            let unit = units.iter().find(|u| u["key"] == key).unwrap();
            (unit["agency_code"].clone(), unit["agency_code_to_be_confirmed"].clone())
        };
        assert_eq!(of(PROVINCE), (json!("H29"), json!(true)));
        assert_eq!(of(WARD), (json!("H29.26506"), json!(true)));
        for (unit, code) in [(PROVINCE, "H29"), (WARD, "H29.26506")] {
            let page = words(&site.get(&site.leader, &format!("/units/{unit}")).await.text());
            assert!(page.contains(&format!("{code} (cần xác nhận)")), "{page}");
        }
    })
    .await;
}
