//! Work as people do it on the pages: given, reported with evidence, returned, approved, decided, proved.

use std::path::Path;

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

const CITY: &str = "747@2004-07-08";
const PROVINCE: &str = "79@2025-07-01";
const WARD: &str = "26506@2025-07-01";
const PASSWORD: &str = "mười hai ký tự";

fn files(dir: &Path, out: &mut Vec<(String, String)>) {
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

fn packs() -> PackSet {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
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
struct Person {
    cookie: String,
    csrf: String,
}

struct Site {
    app: Router,
    office: Office,
    leader: Person,
    officer: Person,
    admin: Person,
    _dir: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    fn place(&self) -> String {
        self.headers.get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

async fn account(office: &Office, login: &str, name: &str, grants: &[(Role, &str)]) -> Person {
    let grants = grants.iter().map(|(role, unit)| Grant { role: *role, unit: unit.parse().unwrap(), register: None }).collect();
    let account = Account { login: login.into(), name: name.into(), grants, language: "vi".into(), disabled: false };
    office.put_account(&Actor::system(), &account, Some(PASSWORD)).await.unwrap();
    let signed = office.sign_in(login, PASSWORD).await.unwrap();
    Person { cookie: signed.cookie, csrf: signed.csrf }
}

async fn site() -> Site {
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        files: Some(dir.path().join("files")),
        key_file: Some(dir.path().join("ledger.key")),
        ..Options::new(DataSource::Folder(dir.path().join("data")))
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
    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, bytes: to_bytes(body, 64 << 20).await.unwrap().to_vec() }
    }

    async fn get(&self, who: &Person, path: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, format!("hd_session={}", who.cookie)).body(Body::empty()).unwrap()).await
    }

    /// A form as a browser sends it; a field with a file name is a file.
    async fn post(&self, who: &Person, path: &str, fields: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Answer {
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

    async fn settled(&self) {
        self.office.store().settle().await.unwrap();
    }
}

/// The words of a page, without tags.
fn words(html: &str) -> String {
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

fn keys() -> Vec<String> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("i18n/vi")).unwrap() {
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
fn whole(path: &str, html: &str, keys: &[String]) {
    let text = words(html);
    assert!(!text.contains("{$") && !text.contains("{ $"), "{path}: a value was not filled in: {text}");
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        assert!(!(word.contains('-') && keys.iter().any(|k| k == word)), "{path}: the key {word:?} stands on the page");
    }
    for prefix in ["did-", "state-", "refusal-", "fault-", "done-", "role-", "target-window-"] {
        assert!(!text.contains(&format!(" {prefix}")), "{path}: {prefix}: {text}");
    }
}

/// The value of a hidden field.
fn hidden(html: &str, name: &str) -> String {
    let at = html.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {}", words(html)));
    html[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

const NEW_TASK: &[(&str, &str)] = &[
    ("title", "Số hóa hồ sơ đất đai"),
    ("lead", WARD),
    ("responsibility", "Chịu trách nhiệm trước UBND"),
    ("authority", "Được huy động tổ công nghệ số"),
    ("deadline", "2099-12-31"),
    ("product", "Kho hồ sơ số"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_opens_in_both_languages() {
    let site = site().await;
    let keys = keys();
    let actor = Actor::system();
    let mut paths: Vec<String> = [
        "/tasks",
        "/tasks?status=overdue&sort=-deadline&q=ho",
        "/tasks/new",
        "/directives",
        "/directives/new?kind=KL",
        "/approvals",
        "/ledger",
        "/ledger/0",
        "/ledger/verify",
        "/reports",
        "/reports?period=2025Q2",
        "/reports?period=2025Q2&unit=79@2025-07-01",
        "/reports/freeze?period=2025Q2",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.extend(
        site.office.tasks(&actor, &Default::default(), site.office.today()).await.unwrap().iter().map(|t| format!("/tasks/{}", t.def.id)),
    );
    paths.extend(
        site.office
            .targets(&actor)
            .await
            .unwrap()
            .iter()
            .flat_map(|t| [format!("/targets/{}", t.def.id), format!("/targets/{}?as_of=2025-06-15", t.def.id)]),
    );
    paths.extend(site.office.directives(&actor).await.unwrap().iter().map(|d| format!("/directives/{}", d.record.id)));
    // Figures of other provinces are not this leader's to see.
    let leader = site.office.visitor(&site.leader.cookie).await.unwrap().unwrap().actor;
    paths.extend(site.office.reported_figures(&leader).await.unwrap().iter().take(10).map(|f| format!("/figures/{}", f.record.id)));
    paths.extend(site.office.conflicts(&leader).await.unwrap().iter().map(|c| format!("/conflicts/{}", c.figures[0].record.id)));
    assert!(paths.len() > 30, "the packs hold a programme");
    let of_officer = ["/figures/new", "/tasks", "/approvals", "/reports", "/ledger", "/directives"];
    let of_admin = ["/accounts", "/accounts/new", "/accounts/phuong1", "/packs", "/packs/check"];
    let all = paths.iter().map(|p| (&site.leader, p.as_str()));
    let all = all.chain(of_officer.map(|p| (&site.officer, p))).chain(of_admin.map(|p| (&site.admin, p)));
    for (who, path) in all {
        for lang in ["vi", "en"] {
            let path = format!("{path}{}lang={lang}", if path.contains('?') { '&' } else { '?' });
            let a = site.get(who, &path).await;
            assert_eq!(a.status, StatusCode::OK, "{path}\n{}", words(&a.text()));
            whole(&path, &a.text(), &keys);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_goes_down_is_reported_returned_and_approved() {
    let site = site().await;
    let keys = keys();
    // A fault: everything typed stays, and the fault stands at its field.
    let faulty: Vec<(&str, &str)> = NEW_TASK.iter().copied().map(|(n, v)| (n, if n == "product" { "" } else { v })).collect();
    let a = site.post(&site.leader, "/tasks", &faulty, None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("Số hóa hồ sơ đất đai") && a.text().contains("id=\"product-error\""), "{}", words(&a.text()));
    whole("/tasks", &a.text(), &keys);
    // Sent twice with the same key: one task.
    let form = site.get(&site.leader, "/tasks/new").await.text();
    let key = hidden(&form, "idempotency_key");
    let fields: Vec<(&str, &str)> = NEW_TASK.iter().copied().chain([("idempotency_key", key.as_str())]).collect();
    let before = site.office.tasks(&Actor::system(), &Default::default(), site.office.today()).await.unwrap().len();
    let a = site.post(&site.leader, "/tasks", &fields, None).await;
    assert_eq!(a.status, StatusCode::SEE_OTHER, "{}", words(&a.text()));
    let place = a.place();
    assert!(place.starts_with("/tasks/NV-") && place.contains("done=task-assigned"), "{place}");
    site.post(&site.leader, "/tasks", &fields, None).await;
    assert_eq!(site.office.tasks(&Actor::system(), &Default::default(), site.office.today()).await.unwrap().len(), before + 1);
    let path = place.split('?').next().unwrap().to_owned();
    // The ward's officer reports with a file; a wrong number keeps the file.
    let page = site.get(&site.officer, &path).await.text();
    assert!(page.contains(&format!("{path}/update")) && !page.contains(&format!("{path}/approve")), "{}", words(&page));
    let version = hidden(&page, "version");
    let report = |progress: &'static str| {
        [("version", version.clone()), ("progress", progress.into()), ("text", "Đã quét 300 hồ sơ".into()), ("submit", "true".into())]
    };
    let with = |r: [(&'static str, String); 4]| r;
    let wrong = with(report("130"));
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let a = site.post(&site.officer, &format!("{path}/update"), &wrong, Some(("evidence", "Biên bản.pdf", b"%PDF-1.4 x"))).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("Biên bản.pdf") && a.text().contains("id=\"progress-error\""), "{}", words(&a.text()));
    let sha = a.text().split("name=\"kept-0\"").nth(1).unwrap().split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(sha.len(), 64);
    let right = with(report("100"));
    let mut right: Vec<(&str, &str)> = right.iter().map(|(n, v)| (*n, v.as_str())).collect();
    right.push(("kept-0", &sha));
    let a = site.post(&site.officer, &format!("{path}/update"), &right, None).await;
    assert!(a.place().contains("done=task-submitted"), "{} {}", a.status, words(&a.text()));
    // Nobody answers the own work.
    let a = site.post(&site.officer, &format!("{path}/approve"), &[("version", "2")], None).await;
    assert_eq!(a.status, StatusCode::FORBIDDEN);
    // It waits for the leader, with its evidence; a return needs a reason.
    site.settled().await;
    let inbox = site.get(&site.leader, "/approvals").await.text();
    assert!(inbox.contains("Số hóa hồ sơ đất đai") && inbox.contains(&format!("/files/{sha}")), "{}", words(&inbox));
    let id = path.strip_prefix("/tasks/").unwrap();
    let a = site.post(&site.leader, &format!("/approvals/task/{id}?answer=return"), &[("version", "2")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("Cần điền “Lý do”."), "{}", words(&a.text()));
    let a = site
        .post(
            &site.leader,
            &format!("/approvals/task/{id}?answer=return"),
            &[("version", "2"), ("reason", "Thiếu biên bản nghiệm thu")],
            None,
        )
        .await;
    assert!(a.place().contains("done=returned"), "{}", words(&a.text()));
    // Somebody who still holds the old page hears of it, and loses nothing.
    let a = site
        .post(&site.officer, &format!("{path}/update"), &[("version", "2"), ("progress", "90"), ("text", "Bổ sung biên bản")], None)
        .await;
    assert_eq!(a.status, StatusCode::CONFLICT);
    let text = words(&a.text());
    assert!(a.text().contains("Bổ sung biên bản") && text.contains("Người khác vừa lưu trước bạn") && text.contains("100"), "{text}");
    assert_eq!(hidden(&a.text(), "version"), "3", "saving again is made from what stands now");
    let a = site
        .post(
            &site.officer,
            &format!("{path}/update"),
            &[("version", "3"), ("progress", "100"), ("text", "Bổ sung biên bản"), ("submit", "true")],
            None,
        )
        .await;
    assert!(a.place().contains("task-submitted"));
    let a = site.post(&site.leader, &format!("{path}/approve"), &[("version", "4")], None).await;
    assert!(a.place().contains("done=approved"), "{}", words(&a.text()));
    // The page tells all of it, each line with its proof; the file is what it was.
    site.settled().await;
    let page = site.get(&site.officer, &format!("{path}?lang=en")).await.text();
    let text = words(&page);
    for said in
        ["Completed", "Đã quét 300 hồ sơ", "Thiếu biên bản nghiệm thu", "returned it", "approved it", "handed it in", "Trần Thị Hoa"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(page.matches("/ledger/").count() >= 5, "every line has its proof");
    let file = site.get(&site.officer, &format!("/files/{sha}")).await;
    assert_eq!(file.bytes, b"%PDF-1.4 x");
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment;"));
    assert_eq!(file.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let csv = site.get(&site.leader, "/tasks.csv?q=so+hoa+ho+so+dat+dai").await;
    assert_eq!(csv.text().lines().count(), 2, "{}", csv.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_task_goes_down_to_every_ticked_unit() {
    let site = site().await;
    let units: Vec<String> = {
        let form = site.get(&site.leader, "/tasks/new").await.text();
        form.split("name=\"each-").skip(1).take(3).map(|part| part.split('"').next().unwrap().to_owned()).collect()
    };
    assert_eq!(units.len(), 3, "units to tick");
    let names: Vec<String> = units.iter().map(|u| format!("each-{u}")).collect();
    let mut fields: Vec<(&str, &str)> = NEW_TASK.iter().copied().filter(|(n, _)| *n != "lead").collect();
    fields.extend(names.iter().map(|n| (n.as_str(), "true")));
    let a = site.post(&site.leader, "/tasks", &fields, None).await;
    assert!(a.place().starts_with("/tasks?done="), "{} {}", a.place(), words(&a.text()));
    let tasks = site.office.tasks(&Actor::system(), &Default::default(), site.office.today()).await.unwrap();
    let mut given: Vec<String> = tasks.iter().filter(|t| t.def.title.vi == "Số hóa hồ sơ đất đai").map(|t| t.record.unit.clone()).collect();
    given.sort();
    let mut want = units;
    want.sort();
    assert_eq!(given, want);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_is_read_as_written_and_approved_by_a_second_person() {
    let site = site().await;
    let world = site.office.world();
    let (indicator, _) = world
        .indicators
        .iter()
        .find(|(_, i)| matches!(i.source, office::world::Source::Reported(_)) && matches!(i.format, rules::indicator::Format::Percent(_)))
        .expect("a reported rate");
    let fields = |written: &'static str| {
        vec![
            ("indicator", indicator.as_str()),
            ("unit", WARD),
            ("period", "2025Q3"),
            ("written", written),
            ("source", "Báo cáo 128/BC-UBND"),
        ]
    };
    let a = site.post(&site.officer, "/figures", &fields("khoảng chín chục"), None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        a.text().contains("khoảng chín chục") && a.text().contains("id=\"written-error\"") && a.text().contains("Báo cáo 128/BC-UBND"),
        "{}",
        words(&a.text())
    );
    // A fault elsewhere: the form says how the number is read.
    let mut no_source = fields("hơn 97,63 %");
    no_source.retain(|(n, _)| *n != "source");
    let a = site.post(&site.officer, "/figures", &no_source, None).await;
    assert!(words(&a.text()).contains("Máy hiểu là") && a.text().contains("hơn 97,63 %"), "{}", words(&a.text()));
    let a = site.post(&site.officer, "/figures", &fields("hơn 97,63 %"), None).await;
    assert_eq!(a.status, StatusCode::SEE_OTHER, "{}", words(&a.text()));
    let path = a.place().split('?').next().unwrap().to_owned();
    let id = path.strip_prefix("/figures/").unwrap().to_owned();
    let page = site.get(&site.officer, &path).await.text();
    assert!(words(&page).contains("hơn 97,63\u{a0}%") || page.contains("97,63"), "{}", words(&page));
    assert!(!page.contains("/approvals/figure/"), "the officer who sent it cannot answer it");
    let a = site
        .post(&site.leader, &format!("/approvals/figure/{id}?answer=return"), &[("version", "1"), ("reason", "Thiếu văn bản nguồn")], None)
        .await;
    assert!(a.place().contains("done=returned"), "{}", words(&a.text()));
    let page = site.get(&site.officer, &path).await.text();
    assert!(page.contains("Thiếu văn bản nguồn") && page.contains(&format!("again={id}")), "{}", words(&page));
    let form = site.get(&site.officer, &format!("/figures/new?again={id}")).await.text();
    assert!(form.contains("value=\"hơn 97,63 %\""), "what was typed is there again");
    let a = site.post(&site.leader, &format!("/approvals/figure/{id}?answer=approve"), &[("version", "1")], None).await;
    assert_ne!(a.status, StatusCode::SEE_OTHER, "a returned figure is not approved");
}

#[tokio::test(flavor = "multi_thread")]
async fn contradictions_are_decided_with_a_reason() {
    let site = site().await;
    let conflicts = site.office.conflicts(&Actor::system()).await.unwrap();
    let open = conflicts.iter().find(|c| c.decided.is_none()).expect("the packs hold a contradiction");
    let (first, second) = (open.figures[0].record.id.to_string(), open.figures[1].record.id.to_string());
    let path = format!("/conflicts/{first}");
    let page = site.get(&site.leader, &path).await;
    assert_eq!(page.text().matches("name=\"claim\"").count(), open.figures.len());
    let a = site.post(&site.leader, &path, &[("version", "1"), ("claim", &second)], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains(&format!("value=\"{second}\" checked")), "the choice is kept");
    let stranger = site.office.reported_figures(&Actor::system()).await.unwrap();
    let stranger = stranger.iter().find(|f| !open.figures.iter().any(|x| x.record.id == f.record.id)).unwrap().record.id.to_string();
    let a = site.post(&site.leader, &path, &[("claim", &stranger), ("reason", "x")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY, "only one of the contradicting figures can be chosen");
    let a = site.post(&site.leader, &path, &[("claim", &second), ("reason", "Theo báo cáo quý đã đối soát")], None).await;
    assert!(a.place().contains("done=decided"), "{}", words(&a.text()));
    let conflicts = site.office.conflicts(&Actor::system()).await.unwrap();
    assert!(conflicts.iter().any(|c| c.decided.as_deref() == Some(second.as_str())));
    // Deadlines likewise.
    let targets = site.office.targets(&Actor::system()).await.unwrap();
    let target = targets.iter().find(|t| !t.undecided().is_empty()).expect("a target with several deadlines");
    let path = format!("/targets/{}/deadline", target.def.id);
    let day = target.undecided()[0].to_string();
    let version = target.record.version.to_string();
    let a = site.post(&site.leader, &path, &[("version", &version), ("reason", "x")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    let a = site.post(&site.leader, &path, &[("version", &version), ("claim", &day), ("reason", "Theo văn bản sau")], None).await;
    assert!(a.place().contains("done=decided"), "{}", words(&a.text()));
    let page = site.get(&site.leader, &format!("/targets/{}", target.def.id)).await.text();
    assert!(page.contains("Theo văn bản sau"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_proved_and_strangers_get_hashes_only() {
    let site = site().await;
    site.settled().await;
    let page = site.get(&site.leader, "/ledger/1").await.text();
    assert!(words(&page).contains("Chứng minh đúng"), "{}", words(&page));
    let json: serde_json::Value = serde_json::from_slice(&site.get(&site.leader, "/ledger/1.json").await.bytes).unwrap();
    let hash = |v: &serde_json::Value| v.as_str().unwrap().parse::<ledger::Hash>().unwrap();
    let leaf = ledger::leaf_hash(json["leaf"].as_str().unwrap().as_bytes());
    let proof: Vec<ledger::Hash> = json["inclusion_proof"].as_array().unwrap().iter().map(hash).collect();
    ledger::verify_inclusion(&leaf, 1, json["tree_size"].as_u64().unwrap(), &proof, &hash(&json["root"])).unwrap();
    site.office.store().sign_checkpoint(&site.office.keys().signer, site.office.now()).await.unwrap();
    let nobody = Person { cookie: "x".into(), csrf: String::new() };
    let note = site.get(&nobody, "/ledger/checkpoint").await;
    assert_eq!(note.status, StatusCode::OK);
    let key: ledger::VerifierKey = site.get(&nobody, "/ledger/key").await.text().trim().parse().unwrap();
    let opened = ledger::open_checkpoint(&note.text(), &[key]).unwrap();
    let size = opened.checkpoint.size;
    let width = size.min(256);
    let tile = if width == 256 { "/ledger/tile/0/000".to_owned() } else { format!("/ledger/tile/0/000.p/{width}") };
    let tile = site.get(&nobody, &tile).await;
    assert_eq!(tile.bytes.len() as u64, width * 32);
    assert_eq!(&tile.bytes[32..64], leaf.as_bytes());
    for path in ["/ledger/tile/0/x001/000", "/ledger/tile/9/000", "/ledger/tile/0/..%2f", "/ledger/tile/0/000.p/0"] {
        assert_eq!(site.get(&nobody, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let a = site.get(&nobody, "/ledger/consistency?from=1").await;
    assert_eq!(a.status, StatusCode::OK);
    for path in [
        "/tasks",
        "/tasks.csv",
        "/tasks/new",
        "/directives",
        "/approvals",
        "/ledger",
        "/ledger/1",
        "/ledger/1.json",
        "/packs",
        "/accounts",
        "/reports",
        "/reports/file.docx",
        "/figures/new",
        "/files/ab",
    ] {
        let a = site.get(&nobody, path).await;
        assert_eq!(a.status, StatusCode::SEE_OTHER, "{path}: {}", words(&a.text()));
        assert!(a.place().starts_with("/sign-in"), "{path}");
    }
    for path in ["/accounts", "/packs/check", "/ledger/verify", "/tasks/new", "/directives/new", "/reports/freeze"] {
        assert_eq!(site.get(&site.officer, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    // The whole ledger is checked beside the requests.
    let a = site.post(&site.leader, "/ledger/verify", &[], None).await;
    assert!(a.place().contains("verify-begun"), "{}", words(&a.text()));
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let text = words(&site.get(&site.leader, "/ledger").await.text());
        if text.contains("Đã tính lại") {
            assert!(text.contains("Toàn vẹn"), "{text}");
            return;
        }
    }
    panic!("the check did not end");
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_files_and_periods_are_closed_once() {
    let site = site().await;
    let a = site.get(&site.leader, "/reports/file.docx?period=2025Q2").await;
    assert_eq!(a.status, StatusCode::OK, "{}", words(&a.text()));
    assert!(a.bytes.starts_with(b"PK"));
    let name = a.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.contains("filename=\"bao-cao-") && name.contains("filename*=UTF-8''B%C3%A1o"), "{name}");
    let a = site.get(&site.leader, "/reports/file.xlsx?period=2025Q2&lang=en").await;
    assert!(a.bytes.starts_with(b"PK") && a.headers[header::CONTENT_TYPE].to_str().unwrap().contains("spreadsheetml"));
    let a = site.post(&site.leader, "/reports/freeze", &[("period", "2025Q2")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    let a = site.post(&site.leader, "/reports/freeze", &[("period", "2025Q2"), ("reason", "Báo cáo quý")], None).await;
    assert!(a.place().contains("done=frozen"), "{}", words(&a.text()));
    let page = site.get(&site.leader, &a.place()).await.text();
    assert!(words(&page).contains("Đã chốt số liệu của kỳ."), "{}", words(&page));
    let a = site.post(&site.leader, "/reports/freeze", &[("period", "2025Q2"), ("reason", "lần nữa")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_ends_in_a_conclusion_and_accounts_are_kept() {
    let site = site().await;
    let fields = [("kind", "KL"), ("title", "Kết luận giao ban tuần 1"), ("issuer", "Ban Chỉ đạo")];
    let a = site.post(&site.leader, "/directives", &fields, None).await;
    assert!(a.place().starts_with("/directives/KL-"), "{} {}", a.place(), words(&a.text()));
    let page = site.get(&site.leader, &a.place()).await.text();
    assert!(page.contains("/tasks/new?directive=KL-"), "{}", words(&page));
    let new = [
        ("login", "vanphong"),
        ("name", "Ngô Văn Phòng"),
        ("language", "vi"),
        ("password", "một mật khẩu dài"),
        ("role-0", "coordinator"),
        ("unit-0", ""),
    ];
    let a = site.post(&site.admin, "/accounts", &new, None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        a.text().contains("Ngô Văn Phòng") && a.text().contains("id=\"unit-0-error\"") && !a.text().contains("một mật khẩu dài"),
        "{}",
        words(&a.text())
    );
    let mut right = new;
    right[5].1 = CITY;
    let a = site.post(&site.admin, "/accounts", &right, None).await;
    assert!(a.place().contains("done=account-saved"), "{}", words(&a.text()));
    assert!(site.office.sign_in("vanphong", "một mật khẩu dài").await.is_ok());
    let a = site.post(&site.admin, "/accounts", &right, None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY, "a login that is taken is not overwritten");
    let list = site.get(&site.admin, "/accounts?q=ngo+van").await.text();
    assert!(list.contains("Ngô Văn Phòng") && list.contains("Tổ giúp việc") && !list.contains("Trần Thị Hoa"), "{}", words(&list));
    assert_eq!(site.get(&site.leader, "/accounts").await.status, StatusCode::FORBIDDEN);
    let a = site.post(&site.admin, "/packs/check", &[], Some(("pack", "pack.toml", b"id = 1"))).await;
    assert_eq!(a.status, StatusCode::OK);
    assert!(a.text().contains("pack.toml"), "{}", words(&a.text()));
}
