//! A site over the real packs, with people who are signed in.
#![expect(dead_code, reason = "each test file uses its part")]

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use office::{Office, Options, people::Account};
use rules::{
    Timestamp,
    access::{Actor, Grant, Role},
    pack::PackSet,
};
use store::DataSource;
use tower::ServiceExt;
use web::http::{WebOptions, router};

static NEXT: AtomicU32 = AtomicU32::new(0);

pub const CITY: &str = "747@2004-07-08";
pub const PROVINCE: &str = "79@2025-07-01";
pub const WARD: &str = "26506@2025-07-01";
pub const PASSWORD: &str = "mười hai ký tự";

pub fn files(dir: &Path, out: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            out.push((path.to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

pub fn packs() -> PackSet {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../packs");
    let read = ["vietnam", "vung-tau"].map(|name| {
        let mut list = Vec::new();
        files(&root.join(name), &mut list);
        list
    });
    let borrowed: Vec<Vec<(&str, &str)>> = read.iter().map(|p| p.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect()).collect();
    let slices: Vec<&[(&str, &str)]> = borrowed.iter().map(Vec::as_slice).collect();
    PackSet::read(&slices).unwrap_or_else(|faults| panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

/// A signed-in person: cookie and form token.
#[derive(Clone)]
pub struct Person {
    pub cookie: String,
    pub csrf: String,
}

pub struct Site {
    pub app: Router,
    pub office: Office,
    pub leader: Person,
    pub officer: Person,
    pub admin: Person,
    _dir: tempfile::TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    pub fn place(&self) -> String {
        self.headers.get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

pub async fn account(office: &Office, login: &str, name: &str, grants: &[(Role, &str)]) -> Person {
    let grants = grants.iter().map(|(role, unit)| Grant { role: *role, unit: unit.parse().unwrap(), register: None }).collect();
    let account = Account { login: login.into(), name: name.into(), grants, language: "vi".into(), disabled: false };
    office.put_account(&Actor::system(), &account, Some(PASSWORD)).await.unwrap();
    let signed = office.sign_in(login, PASSWORD, "").await.unwrap();
    Person { cookie: signed.cookie, csrf: signed.csrf }
}

/// A site over a fresh folder.
pub async fn site() -> Site {
    site_on(None).await
}

/// Runs `test` on a new SQLite database and, where there is one, on a new PostgreSQL database.
pub async fn both(test: impl AsyncFn(&Site)) {
    test(&site().await).await;
    let url = match std::env::var("HAIDANG_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => url,
        _ if std::env::var_os("HAIDANG_TEST_STRICT").is_some() => panic!("HAIDANG_TEST_POSTGRES is not set"),
        _ => return,
    };
    let database = format!("hdw_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = store::Db::open(&DataSource::Postgres(url.clone())).await.unwrap();
    admin.execute(&format!("CREATE DATABASE {database}"), &[]).await.unwrap();
    let (base, _) = url.rsplit_once('/').unwrap();
    let site = site_on(Some(DataSource::Postgres(format!("{base}/{database}")))).await;
    test(&site).await;
    site.office.close().await.unwrap();
    admin.execute(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"), &[]).await.unwrap();
    admin.close().await;
}

async fn site_on(data: Option<DataSource>) -> Site {
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        files: Some(dir.path().join("files")),
        key_file: Some(dir.path().join("ledger.key")),
        ..Options::new(data.unwrap_or_else(|| DataSource::Folder(dir.path().join("data"))))
    };
    let office = Office::open(&options).await.unwrap();
    let at: Timestamp = "2025-06-15T02:00:00Z".parse().unwrap();
    office.load_packs(&Actor::system(), &packs(), at).await.unwrap();
    let leader = account(&office, "chutich", "Lê Hoàng Nam", &[(Role::Leader, CITY), (Role::Leader, PROVINCE)]).await;
    let officer = account(&office, "phuong1", "Trần Thị Hoa", &[(Role::WardOfficer, WARD)]).await;
    let admin = account(&office, "quantri", "Quản trị", &[(Role::Admin, CITY), (Role::Admin, PROVINCE)]).await;
    Site { app: router(office.clone(), WebOptions::default()), office, leader, officer, admin, _dir: dir }
}

impl Site {
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, bytes: to_bytes(body, 64 << 20).await.unwrap().to_vec() }
    }

    pub async fn get(&self, who: &Person, path: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, format!("hd_session={}", who.cookie)).body(Body::empty()).unwrap()).await
    }

    /// A form as a browser sends it; a field with a file name is a file.
    pub async fn post(&self, who: &Person, path: &str, fields: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Answer {
        const EDGE: &str = "----edge";
        let mut body = Vec::new();
        for (name, value) in fields.iter().copied().chain([("csrf", who.csrf.as_str())]) {
            body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        if let Some((name, file, bytes)) = file {
            body.extend(
                format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/pdf\r\n\r\n")
                    .into_bytes(),
            );
            body.extend(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{EDGE}--\r\n").into_bytes());
        let request = Request::post(path)
            .header(header::COOKIE, format!("hd_session={}", who.cookie))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"))
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    pub async fn settled(&self) {
        self.office.store().settle().await.unwrap();
    }
}

/// The words of a page, without tags.
pub fn words(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, b)| b);
    let mut out = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn keys() -> Vec<String> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("i18n/vi")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        out.extend(
            text.lines()
                .filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()))
                .filter_map(|l| l.split_once(" ="))
                .map(|(k, _)| k.trim().to_owned()),
        );
    }
    out
}

/// No key and no unfilled value stands on a page.
pub fn whole(path: &str, html: &str, keys: &[String]) {
    let text = words(html);
    assert!(!text.contains("{$") && !text.contains("{ $"), "{path}: a value was not filled in: {text}");
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        assert!(!(word.contains('-') && keys.iter().any(|k| k == word)), "{path}: the key {word:?} stands on the page");
    }
    for prefix in ["did-", "state-", "refusal-", "fault-", "done-", "role-", "target-window-", "reason-", "kind-of-entry"] {
        assert!(!text.contains(&format!(" {prefix}")), "{path}: {prefix}: {text}");
    }
}

/// The value of a hidden field.
pub fn hidden(html: &str, name: &str) -> String {
    let at = html.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {}", words(html)));
    html[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// All values of the fields of a name, as they stand on a page.
pub fn values(html: &str, name: &str) -> Vec<String> {
    let mark = format!("name=\"{name}\" value=\"");
    html.split(mark.as_str()).skip(1).map(|part| part.split('"').next().unwrap_or_default().to_owned()).collect()
}

impl Site {
    /// A request of a program: a bearer token, JSON both ways.
    pub async fn api(&self, who: Option<&Person>, method: &str, path: &str, body: Option<&str>, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(who) = who {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", who.cookie));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.map_or_else(Body::empty, |b| Body::from(b.to_owned()))).unwrap()).await
    }
}
