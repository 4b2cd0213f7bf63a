//! What strangers, slow senders and curious colleagues are refused.

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
};
use common::*;
use office::one_stop::Filer;
use rules::access::{Actor, Role};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};
use tower::ServiceExt;
use web::http::{Bounds, WebOptions, router, serve};

const MB: usize = 1 << 20;
const MULTIPART: &str = "multipart/form-data; boundary=edge";

/// A body of zeros that counts how much of it was asked for.
fn counted(size: usize) -> (Body, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let counter = read.clone();
    let stream = futures::stream::unfold(0, move |sent| {
        let counter = counter.clone();
        async move {
            (sent < size).then(|| {
                counter.fetch_add(64 << 10, Ordering::Relaxed);
                (Ok::<_, std::io::Error>(Bytes::from_static(&[0; 64 << 10])), sent + (64 << 10))
            })
        }
    });
    (Body::from_stream(stream), read)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_from_whoever_may_not_send_it() {
    let site = site().await;
    let signed_in = format!("hd_session={}", site.officer.cookie);
    let cases = [
        // A stranger, with and without a session that never was.
        ("/tasks", None, "same-origin", Some(57 * MB), StatusCode::SEE_OTHER),
        ("/tasks", None, "same-origin", None, StatusCode::SEE_OTHER),
        ("/figures", Some("hd_session=none"), "same-origin", None, StatusCode::SEE_OTHER),
        // Another site's page, in the browser of somebody who is signed in.
        ("/tasks", Some(signed_in.as_str()), "cross-site", Some(57 * MB), StatusCode::FORBIDDEN),
        ("/sign-in", None, "cross-site", None, StatusCode::FORBIDDEN),
        // What is announced as too large.
        ("/tasks", Some(signed_in.as_str()), "same-origin", Some(61 * MB), StatusCode::PAYLOAD_TOO_LARGE),
        ("/sign-in", None, "same-origin", Some(MB), StatusCode::PAYLOAD_TOO_LARGE),
    ];
    for (path, cookie, origin, announced, want) in cases {
        let (body, read) = counted(57 * MB);
        let mut request = Request::post(path).header("sec-fetch-site", origin).header(header::CONTENT_TYPE, MULTIPART);
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(n) = announced {
            request = request.header(header::CONTENT_LENGTH, n);
        }
        let a = site.send(request.body(body).unwrap()).await;
        assert_eq!(a.status, want, "{path} {cookie:?} {origin} {announced:?}: {}", words(&a.text()));
        assert_eq!(read.load(Ordering::Relaxed), 0, "{path} {cookie:?} {origin} {announced:?}");
    }
    // The forms for strangers are small ones, whatever they announce.
    for (path, kind) in [("/sign-in", MULTIPART), ("/preferences", "application/x-www-form-urlencoded"), ("/sign-in", "text/plain")] {
        let (body, read) = counted(57 * MB);
        let request = Request::post(path).header("sec-fetch-site", "same-origin").header(header::CONTENT_TYPE, kind);
        let a = site.send(request.body(body).unwrap()).await;
        assert_eq!(a.status, StatusCode::PAYLOAD_TOO_LARGE, "{path} {kind}: {}", words(&a.text()));
        let read = read.load(Ordering::Relaxed);
        assert!(read <= 256 << 10, "{path} {kind}: {read} bytes were read");
    }
    // Signing in still works, and so does a file larger than a form without files may be.
    let request = Request::post("/sign-in?next=%2Ftasks")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let form = serde_urlencoded::to_string([("login", "phuong1"), ("password", PASSWORD)]).unwrap();
    assert_eq!(site.send(request.body(Body::from(form)).unwrap()).await.place(), "/tasks");
    let sha = upload(&site, &site.officer, "large.pdf", &[b"%PDF-", vec![7; 3 * MB - 5].as_slice()].concat()).await;
    let info = site.office.store().blob_info(&sha).await.unwrap();
    assert_eq!((info.size, info.name.as_str(), info.added_by.as_str()), (3 << 20, "large.pdf", "phuong1"));
}

/// Sends a faulty figure with a file: the file is stored and offered again. Returns its hash.
async fn upload(site: &Site, who: &Person, name: &str, bytes: &[u8]) -> String {
    let a = site.post(who, "/figures", &[("unit", WARD)], Some(("evidence", name, bytes))).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", words(&a.text()));
    kept(&a.text()).unwrap_or_else(|| panic!("{}", words(&a.text())))
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_what_its_name_says_or_is_refused_at_its_field() {
    let site = site().await;
    let hidden = [0, 159, 146, 150];
    for (name, bytes) in [("x.exe", b"MZ whatever".as_slice()), ("x.pdf", b"no paper"), ("x.txt", &hidden), ("x.csv", b""), ("x", b"?")] {
        let a = site.post(&site.officer, "/figures", &[("unit", WARD), ("written", "97")], Some(("evidence", name, bytes))).await;
        assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let html = a.text();
        assert!(html.contains("id=\"evidence-error\"") && html.contains("value=\"97\""), "{name}: {}", words(&html));
        assert_eq!(kept(&html), None, "{name}: nothing is stored");
        whole("/figures", &html, &keys());
    }
    for (name, bytes) in [("biên bản.txt", "Họp ngày 1/7\n".as_bytes()), ("a.csv", b"a,b\r\n1,2\r\n"), ("a.pdf", b"%PDF-1.7")] {
        let sha = upload(&site, &site.officer, name, bytes).await;
        assert_eq!(site.office.store().blob_info(&sha).await.unwrap().name, name);
    }
    let page = words(&site.get(&site.officer, "/figures/new").await.text());
    assert!(page.contains("Nhận PDF, JPG, PNG") && page.contains("TXT, CSV, tối đa 20 MB"), "{page}");
}

/// The file that a form offers again.
fn kept(html: &str) -> Option<String> {
    let field = html.split("name=\"kept-0\"").nth(1)?;
    Some(field.split("value=\"").nth(1)?.split('"').next()?.to_owned())
}

/// A server on a real port.
struct Served {
    at: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
}

async fn served(site: &Site, bounds: Bounds) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let app = router(site.office.clone(), WebOptions { bounds, ..WebOptions::default() });
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(serve(listener, app, bounds, async { drop(stopped.await) }));
    Served { at, stop, ended }
}

/// Sends, and reads until the server hangs up; how long that took.
async fn talk(at: std::net::SocketAddr, text: &str) -> (String, Duration) {
    let began = Instant::now();
    let mut io = TcpStream::connect(at).await.unwrap();
    io.write_all(text.as_bytes()).await.unwrap();
    let mut out = Vec::new();
    // A connection that is reset is over as well.
    let _ = tokio::time::timeout(Duration::from_secs(30), io.read_to_end(&mut out)).await.expect("the server holds the connection");
    (String::from_utf8_lossy(&out).into_owned(), began.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_slowly_is_hung_up_on_and_an_open_page_is_not() {
    let site = site().await;
    let bounds = Bounds {
        header_time: Duration::from_millis(400),
        body_time: Duration::from_millis(900),
        grace: Duration::from_millis(500),
        ..Bounds::default()
    };
    let server = served(&site, bounds).await;
    let cookie = format!("Cookie: hd_session={}", site.officer.cookie);
    // A page that follows what moves: open from the beginning to the end of this test.
    let mut live = TcpStream::connect(server.at).await.unwrap();
    live.write_all(format!("GET /live HTTP/1.1\r\nHost: x\r\n{cookie}\r\n\r\n").as_bytes()).await.unwrap();
    let mut head = [0; 512];
    let n = live.read(&mut head).await.unwrap();
    assert!(String::from_utf8_lossy(&head[..n]).contains("text/event-stream"));
    // Half-sent headers, many of them; and nothing at all.
    let half = (0..50).map(|_| talk(server.at, "GET /sign-in HTTP/1.1\r\nHost: x\r\n"));
    for (_, took) in futures::future::join_all(half).await {
        assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(10), "{took:?}");
    }
    talk(server.at, "").await;
    // Whole ones are answered.
    let (whole, _) = talk(server.at, "GET /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(whole.starts_with("HTTP/1.1 200"), "{whole}");
    // A form that never becomes whole: with files, without, and as a program's request.
    let send = |kind: &str, path: &str, begun: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n{cookie}\r\nX-CSRF-Token: {}\r\nContent-Type: {kind}\r\nContent-Length: 5000\r\n\r\n{begun}",
            site.officer.csrf
        )
    };
    for (kind, path, begun, want) in [
        (MULTIPART, "/figures", "--edge\r\nContent-Disposition: form-data; name=\"evidence\"; filename=\"a\"\r\n\r\nabc", "408"),
        ("application/x-www-form-urlencoded", "/figures", "unit=", "408"),
        ("application/json", "/api/v1/reported-figures", "{\"unit\":", "400"),
    ] {
        let (answer, took) = talk(server.at, &send(kind, path, begun)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {want}")), "{kind}: {answer}");
        assert!(took >= Duration::from_millis(800), "{took:?}");
    }
    // The open page hears of a change all the same, and ends with the server.
    let task = site.office.tasks(&Actor::system(), &Default::default(), site.office.today()).await.unwrap().swap_remove(0);
    site.office.wait_task(&Actor::system(), &task.def.id, task.record.version, "Chờ hướng dẫn").await.unwrap();
    let mut event = Vec::new();
    while !String::from_utf8_lossy(&event).contains("position") {
        let mut part = [0; 512];
        let n = tokio::time::timeout(Duration::from_secs(20), live.read(&mut part)).await.expect("an event").unwrap();
        assert!(n > 0, "the stream was cut");
        event.extend_from_slice(&part[..n]);
    }
    server.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), server.ended).await.expect("the server ends though a page is open").unwrap();
    assert!(TcpStream::connect(server.at).await.is_err(), "nobody listens any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_under_way_is_finished_when_the_server_stops() {
    let site = site().await;
    let server = served(&site, Bounds::default()).await;
    let form = serde_urlencoded::to_string([("login", "phuong1"), ("password", PASSWORD)]).unwrap();
    let mut io = TcpStream::connect(server.at).await.unwrap();
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        form.len()
    );
    let (first, rest) = form.split_at(5);
    io.write_all(format!("{head}{first}").as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    io.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    io.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), server.ended).await.expect("nothing is open any more").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_beyond_the_room_wait_and_are_then_told_to_come_back() {
    let site = site().await;
    let bounds = Bounds { uploads_mb: 60, upload_wait: Duration::from_millis(300), ..Bounds::default() };
    let app = router(site.office.clone(), WebOptions { bounds, ..WebOptions::default() });
    let request = |body: Body, size: Option<usize>| {
        let mut r = Request::post("/figures")
            .header(header::COOKIE, format!("hd_session={}", site.officer.cookie))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, MULTIPART);
        if let Some(n) = size {
            r = r.header(header::CONTENT_LENGTH, n);
        }
        r.body(body).unwrap()
    };
    // One that does not say how much it brings, and brings nothing: it holds all the room.
    let (never, stalled) = oneshot::channel::<()>();
    let body = Body::from_stream(futures::stream::once(async move {
        drop(stalled.await);
        Ok::<_, std::io::Error>(Bytes::from_static(b"--edge--\r\n"))
    }));
    let first = tokio::spawn(app.clone().oneshot(request(body, None)));
    tokio::time::sleep(Duration::from_millis(200)).await;
    for lang in ["vi", "en"] {
        let (body, read) = counted(2 * MB);
        let mut r = request(body, Some(2 * MB));
        r.headers_mut().append(header::COOKIE, format!("hd_lang={lang}").parse().unwrap());
        let a = app.clone().oneshot(r).await.unwrap();
        assert_eq!((a.status(), a.headers()[header::RETRY_AFTER].to_str().unwrap()), (StatusCode::SERVICE_UNAVAILABLE, "30"));
        assert_eq!(read.load(Ordering::Relaxed), 0, "it waits unread");
        let text = words(&String::from_utf8_lossy(&axum::body::to_bytes(a.into_body(), MB).await.unwrap()));
        let said = if lang == "vi" {
            "Đang có quá nhiều tệp được gửi lên cùng lúc."
        } else {
            "Too many files are being sent at once."
        };
        assert!(text.contains(said), "{text}");
        whole("/figures", &text, &keys());
    }
    // A form without files needs no room.
    let mut plain = request(Body::from(format!("csrf={}", site.officer.csrf)), None);
    plain.headers_mut().insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
    assert_eq!(app.clone().oneshot(plain).await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    // The first is through: there is room again. (Neither carries the token of a form.)
    never.send(()).unwrap();
    assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::FORBIDDEN);
    let a = app.oneshot(request(Body::from("--edge--\r\n"), None)).await.unwrap();
    assert_eq!(a.status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_for_those_who_may_see_its_record() {
    both(async |site| {
        let stranger = account(&site.office, "phuong2", "Phạm Văn Bình", &[(Role::WardOfficer, "26542@2025-07-01")]).await;
        let task = [
            ("title", "Số hóa hồ sơ đất đai"),
            ("lead", WARD),
            ("responsibility", "Chịu trách nhiệm trước UBND"),
            ("authority", "Được huy động tổ công nghệ số"),
            ("deadline", "2099-12-31"),
            ("product", "Kho hồ sơ số"),
        ];
        let place = site.post(&site.leader, "/tasks", &task, None).await.place();
        let path = place.split('?').next().unwrap().to_owned();
        let id = path.strip_prefix("/tasks/").unwrap();
        let report = [("version", "1"), ("progress", "20"), ("text", "Đã làm")];
        let a = site.post(&site.officer, &format!("{path}/update"), &report, Some(("evidence", "biên bản.pdf", b"%PDF-evidence"))).await;
        assert!(a.place().contains("done=task-updated"), "{}", words(&a.text()));
        site.settled().await;
        let page = site.get(&site.officer, &path).await.text();
        let link = page.split("href=\"/files/").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
        let link = format!("/files/{link}");
        let (bare, of) = link.split_once('?').unwrap();
        // Whoever may see the record, by the link on its page.
        let a = site.get(&site.officer, &link).await;
        assert_eq!((a.status, a.bytes.as_slice()), (StatusCode::OK, b"%PDF-evidence".as_slice()));
        assert_eq!(a.headers[header::CACHE_CONTROL], "private, no-cache");
        // Asked for again, it is not sent again.
        let request = Request::get(&link)
            .header(header::COOKIE, format!("hd_session={}", site.officer.cookie))
            .header(header::IF_NONE_MATCH, &a.headers[header::ETAG]);
        let again = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(again.headers[header::CACHE_CONTROL], "private, no-cache");
        assert_eq!(site.get(&site.leader, &link).await.status, StatusCode::OK);
        // Nobody else: not with the link, not with the hash alone, not through a record of their own.
        assert_eq!(site.get(&stranger, &path).await.status, StatusCode::FORBIDDEN);
        for (who, address) in [
            (&stranger, link.clone()),
            (&stranger, bare.to_owned()),
            (&site.officer, bare.to_owned()),
            (&site.leader, bare.to_owned()),
            (&site.officer, format!("{bare}?register=task&record=NV-khong-co")),
            (&site.officer, format!("{bare}?register=account&record=phuong1")),
            (&site.officer, format!("/files/{}?{of}", "0".repeat(64))),
        ] {
            let a = site.get(who, &address).await;
            assert_eq!(a.status, StatusCode::NOT_FOUND, "{address}: {}", words(&a.text()));
        }
        // A hash that somebody merely knows is not taken as their evidence, nor one of nothing.
        let sha = bare.strip_prefix("/files/").unwrap();
        for known in [sha, &"0".repeat(64)] {
            let a = site.post(&stranger, "/figures", &[("unit", "26542@2025-07-01"), ("kept-0", known)], None).await;
            assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
            let text = words(&a.text());
            assert!(text.contains("Có tệp minh chứng không do bạn tải lên") && kept(&a.text()).is_none(), "{text}");
        }
        // The same bytes from their own disk are theirs, though somebody else brought them first; and the file stays on their form.
        let mine = upload(site, &stranger, "cùng tệp.pdf", b"%PDF-evidence").await;
        assert_eq!(mine, sha);
        let a = site.post(&stranger, "/figures", &[("unit", "26542@2025-07-01"), ("kept-0", sha)], None).await;
        assert_eq!(kept(&a.text()).as_deref(), Some(sha), "{}", words(&a.text()));
        // And what the record names already stays with it, whoever of the unit reports next.
        let colleague = account(&site.office, "phuong1b", "Vũ Thị Lan", &[(Role::WardOfficer, WARD)]).await;
        let version = site.office.find("task", id).await.unwrap().version.to_string();
        let report = [("version", version.as_str()), ("progress", "30"), ("text", "Vẫn tệp ấy"), ("kept-0", sha)];
        let a = site.post(&colleague, &format!("{path}/update"), &report, None).await;
        assert!(a.place().contains("done=task-updated"), "{}", words(&a.text()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_signing_in_nobody_is_led_elsewhere() {
    let site = site().await;
    for next in ["/%09/evil.example/", "/%0B/e", "//evil", "/%5Cevil", "https:evil", "/%0D%0ASet-Cookie:%20a=b", "%09//evil"] {
        let a = site.get(&site.officer, &format!("/sign-in?next={next}")).await;
        assert_eq!((a.status, a.place().as_str()), (StatusCode::SEE_OTHER, "/"), "{next}");
        let request = Request::post(format!("/sign-in?next={next}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let form = serde_urlencoded::to_string([("login", "phuong1"), ("password", PASSWORD)]).unwrap();
        let a = site.send(request.body(Body::from(form)).unwrap()).await;
        assert_eq!((a.status, a.place().as_str()), (StatusCode::SEE_OTHER, "/"), "{next}");
    }
    for (back, want) in [("/\t/evil.com", "/"), ("/\u{b}/e", "/"), ("/tasks?q=a", "/tasks?q=a"), ("/%2f/evil", "/%2f/evil")] {
        let a = site.post(&site.officer, "/preferences", &[("back", back), ("theme", "dark")], None).await;
        assert_eq!((a.status, a.place().as_str()), (StatusCode::SEE_OTHER, want), "{back:?}");
    }
}

/// Whoever was signed out while a form stood open comes back to the page of the form, never to its action.
#[tokio::test(flavor = "multi_thread")]
async fn after_signing_in_a_page_is_opened_never_an_action() {
    let site = site().await;
    let asked = async |method: &str, path: &str, referer: &str| {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost").header(header::REFERER, referer);
        site.send(request.header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap()).await.place()
    };
    assert_eq!(asked("GET", "/tasks?status=overdue", "").await, "/sign-in?next=%2Ftasks%3Fstatus%3Doverdue");
    assert_eq!(asked("POST", "/tasks/NV-1/update", "http://localhost/tasks/NV-1?a=1").await, "/sign-in?next=%2Ftasks%2FNV-1%3Fa%3D1");
    assert_eq!(asked("POST", "/tasks/NV-1/update", "http://elsewhere/tasks/NV-1").await, "/sign-in?next=%2F");
    assert_eq!(asked("POST", "/tasks/NV-1/update", "").await, "/sign-in?next=%2F");
    // An address that only takes forms says so to a reader.
    let a = site.get(&site.officer, "/tasks/NV-1/update").await;
    assert_eq!(a.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(words(&a.text()).contains("chỉ nhận biểu mẫu"), "{}", words(&a.text()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_kept_is_refused() {
    let site = site().await;
    let (longest, longer) = ("k".repeat(200), "k".repeat(201));
    let body = r#"{"unit": "26506@2025-07-01", "fields": {}}"#;
    for (lang, said) in [("vi", "dài tối đa 200 ký tự"), ("en", "at most 200 characters")] {
        let headers = [("content-type", "application/json"), ("idempotency-key", longer.as_str()), ("accept-language", lang)];
        let a = site.api(Some(&site.officer), "POST", "/records/task", Some(body), &headers).await;
        let problem: serde_json::Value = serde_json::from_slice(&a.bytes).unwrap();
        assert_eq!((a.status, problem["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("idempotency.key")), "{problem}");
        assert!(problem.to_string().contains(said), "{problem}");
    }
    // The longest passes to the rules of the register.
    let headers = [("content-type", "application/json"), ("idempotency-key", longest.as_str())];
    let a = site.api(Some(&site.officer), "POST", "/records/task", Some(body), &headers).await;
    let problem: serde_json::Value = serde_json::from_slice(&a.bytes).unwrap();
    assert_eq!(problem["code"], "register.own_use_case", "{problem}");
}

/// A body that stays open and brings nothing until it is told to.
fn stalled() -> (oneshot::Sender<()>, Body) {
    let (go, wait) = oneshot::channel::<()>();
    let body = Body::from_stream(futures::stream::once(async move {
        drop(wait.await);
        Ok::<_, std::io::Error>(Bytes::from_static(b"--edge--\r\n"))
    }));
    (go, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_take_no_room_from_citizens_nor_citizens_from_officers() {
    let site = site().await;
    site.office.set_demo(&Actor::system(), "2025-07-08T02:00:00Z".parse().unwrap()).await.unwrap();
    let bounds = Bounds { uploads_mb: 20, citizens_mb: 60, client_mb: 40, upload_wait: Duration::from_millis(300), ..Bounds::default() };
    let app = router(site.office.clone(), WebOptions { bounds, proxy: true, ..WebOptions::default() });
    let (_, key) = site.office.open_draft(&Filer::Guest, "1.001193", WARD, None).await.unwrap();
    let own = format!("hd_draft={}~{}", key.id, key.secret);
    let papers = format!("/portal/drafts/{}/papers", key.id);
    let request = |path: &str, cookie: &str, from: &str, mb: usize, body: Body| {
        Request::post(path)
            .header(header::COOKIE, cookie)
            .header("x-forwarded-for", from)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, MULTIPART)
            .header(header::CONTENT_LENGTH, mb * MB)
            .body(body)
            .unwrap()
    };
    // Nothing is read of what nobody has proved to be theirs.
    let guessed = format!("hd_draft={}~GUESSED", key.id);
    for (path, cookie, want) in [
        ("/portal/track", "", StatusCode::PAYLOAD_TOO_LARGE),
        ("/portal/continue", own.as_str(), StatusCode::PAYLOAD_TOO_LARGE),
        (papers.as_str(), "", StatusCode::NOT_FOUND),
        (papers.as_str(), guessed.as_str(), StatusCode::NOT_FOUND),
        ("/portal/track/H29.1-250708-0001/supplement", "", StatusCode::SEE_OTHER),
    ] {
        let (body, read) = counted(40 * MB);
        let a = app.clone().oneshot(request(path, cookie, "203.0.113.1", 40, body)).await.unwrap();
        assert!(a.status() == want || (want == StatusCode::SEE_OTHER && a.status().is_client_error()), "{path} {cookie}: {}", a.status());
        assert_eq!(read.load(Ordering::Relaxed), 0, "{path} {cookie}");
    }
    // Strangers who begin and never end hold no room, however many they are.
    let mut held = Vec::new();
    for path in ["/portal/track", "/portal/sign-in", "/sign-in"] {
        for _ in 0..30 {
            let (go, body) = stalled();
            let mut r = request(path, "", "203.0.113.1", 0, body);
            r.headers_mut().remove(header::CONTENT_LENGTH);
            held.push((go, tokio::spawn(app.clone().oneshot(r))));
        }
    }
    // The owner of a draft holds room, up to the share of one address; others still find some, and officers all of theirs.
    let (go, body) = stalled();
    held.push((go, tokio::spawn(app.clone().oneshot(request(&papers, &own, "203.0.113.2", 38, body)))));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let (body, read) = counted(10 * MB);
    let a = app.clone().oneshot(request(&papers, &own, "203.0.113.2", 10, body)).await.unwrap();
    assert_eq!((a.status(), read.load(Ordering::Relaxed)), (StatusCode::SERVICE_UNAVAILABLE, 0));
    let small = || Body::from("--edge--\r\n");
    let mut r = request(&papers, &own, "203.0.113.3", 1, small());
    r.headers_mut().remove(header::CONTENT_LENGTH);
    // It says nothing of its size: the largest form is what it may become.
    assert_eq!(app.clone().oneshot(r).await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    let mut r = request(&papers, &own, "203.0.113.3", 1, small());
    r.headers_mut().insert(header::CONTENT_LENGTH, 10.into());
    assert_eq!(app.clone().oneshot(r).await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY, "a form without a file is told so");
    let officer = format!("hd_session={}", site.officer.cookie);
    let mut r = request("/figures", &officer, "203.0.113.1", 20, small());
    r.headers_mut().insert(header::CONTENT_LENGTH, (20 * MB).into());
    assert_eq!(app.clone().oneshot(r).await.unwrap().status(), StatusCode::FORBIDDEN, "read, and found without a token");
    for (go, answer) in held {
        let _ = go.send(());
        answer.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_a_form_is_a_text_and_no_book() {
    let site = site().await;
    let long = "k".repeat((64 << 10) + 1);
    for (lang, said) in [("vi", "dài quá 65.536 ký tự"), ("en", "longer than 65,536 characters")] {
        let a = site.post(&site.officer, &format!("/figures?lang={lang}"), &[("unit", WARD), ("idempotency_key", &long)], None).await;
        let text = words(&a.text()).replace("65536", if lang == "vi" { "65.536" } else { "65,536" });
        assert!(a.status == StatusCode::UNPROCESSABLE_ENTITY && text.contains(said), "{}: {text}", a.status);
    }
}
