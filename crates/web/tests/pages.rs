//! Every page that shows something, as a leader opens it: over the real packs, with a few dossiers, in both languages.

mod common;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use common::{CITY, PASSWORD, WARD as MERGED, keys, packs, whole, words};
use office::{Office, Options, people::Account};
use rules::{
    Timestamp,
    access::{Actor, Grant, Role},
};
use serde_json::json;
use store::{Command, DataSource, Expect, RecordId, RecordWrite};
use tower::ServiceExt;
use web::{
    http::{WebOptions, router},
    i18n::Lang,
};

const WARD: &str = "26506@2004-07-08";

/// A site over a fresh folder, with the cookies of a leader and of a ward's officer.
struct Site {
    app: Router,
    office: Office,
    leader: String,
    officer: String,
    dossier: RecordId,
    _dir: tempfile::TempDir,
}

async fn account(office: &Office, login: &str, grants: &[(Role, &str)]) -> String {
    let grants = grants.iter().map(|(role, unit)| Grant { role: *role, unit: unit.parse().unwrap(), register: None }).collect();
    let account = Account { login: login.into(), name: "Lê Hoàng Nam".into(), grants, language: "vi".into(), disabled: false };
    office.put_account(&Actor::system(), &account, Some(PASSWORD)).await.unwrap();
    office.sign_in(login, PASSWORD, "").await.unwrap().cookie
}

/// Dossiers of two wards in the first half of 2025: in each month of `WARD` four, three of them online.
async fn dossiers(office: &Office) -> RecordId {
    let mut writes = Vec::new();
    for (u, unit) in [WARD, "26508@2004-07-08"].into_iter().enumerate() {
        for month in 1..=6 {
            for n in 0..4 {
                let code = format!("H06.{u}{month}-{n}");
                let day = |d: usize| format!("2025-{month:02}-{d:02}T02:00:00.000000Z");
                let fields = json!({
                    "code": code, "procedure": "Đăng ký khai sinh", "received_at": day(3 + n), "due_at": day(12), "closed_at": day(9 + n),
                    "channel": if n == 0 { "counter" } else { "online" }, "department": "Tư pháp – Hộ tịch", "applicant_name": "Nguyễn Văn Kín",
                });
                let serde_json::Value::Object(fields) = fields else { unreachable!() };
                writes.push(RecordWrite {
                    register: "dossier".into(),
                    id: RecordId::new(),
                    expect: Expect::New,
                    key: Some(code),
                    unit: unit.into(),
                    state: "resolved".into(),
                    fields,
                    kind: "import".into(),
                    authority: None,
                });
            }
        }
    }
    let first = writes[0].id;
    let command = Command { actor: "system".into(), on_behalf: None, at: office.now(), idempotency: None, writes };
    office.store().commit(command).await.unwrap();
    office.store().settle().await.unwrap();
    let size = office.store().head().await.unwrap().size;
    assert!(office.live().wait_for(size as u64, std::time::Duration::from_secs(20)).await, "the figures follow");
    first
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
    let dossier = dossiers(&office).await;
    let leader = account(&office, "chutich", &[(Role::Leader, CITY), (Role::Leader, "79@2025-07-01")]).await;
    let officer = account(&office, "phuong1", &[(Role::WardOfficer, WARD), (Role::WardOfficer, MERGED)]).await;
    Site { app: router(office.clone(), WebOptions::default()), office, leader, officer, dossier, _dir: dir }
}

impl Site {
    async fn get(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::COOKIE, format!("hd_session={cookie}")).body(Body::empty()).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 32 << 20).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }
}

const IN_CITY: &str = "unit=747@2004-07-08&as_of=2025-06-15";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_opens_for_a_leader_in_both_languages() {
    let site = site().await;
    let keys = keys();
    assert!(keys.len() > 300);
    let world = site.office.world();
    let mut paths: Vec<String> = [
        "/".to_owned(),
        format!("/?{IN_CITY}"),
        format!("/indicators?{IN_CITY}"),
        format!("/indicators?{IN_CITY}&period=2025Q2&kind=live&q=ho+so"),
        "/indicators?period=all&kind=conflict".into(),
        format!("/indicators/dossier.online/records?{IN_CITY}&period=2025&part=numerator"),
        format!("/indicators/dossier.online/records?{IN_CITY}&period=2025&part=rest"),
        format!("/scorecards/766?{IN_CITY}&period=2025"),
        "/scorecards/tt01?period=all".into(),
        "/records/dossier".into(),
        format!("/records/dossier?{IN_CITY}&q=khai+sinh&state=resolved"),
        format!("/records/dossier/{}", site.dossier),
        "/records/target".into(),
        "/records/reported_figure?state=approved".into(),
        "/units".into(),
        format!("/units?{IN_CITY}"),
        format!("/units/{CITY}"),
        format!("/units/{WARD}"),
        format!("/units/{MERGED}"),
        "/search".into(),
        "/search?q=ho+so".into(),
        "/search?q=thang+tam".into(),
        "/search?q=H06.".into(),
        "/search?q=%25_%27".into(),
    ]
    .into();
    paths.extend(
        world.indicators.keys().flat_map(|id| [format!("/indicators/{id}?{IN_CITY}&period=2025"), format!("/indicators/{id}?period=all")]),
    );
    for path in &paths {
        for lang in ["vi", "en"] {
            let path = format!("{path}{}lang={lang}", if path.contains('?') { '&' } else { '?' });
            let (status, html) = site.get(&path, &site.leader).await;
            assert_eq!(status, StatusCode::OK, "{path}\n{}", words(&html));
            whole(&path, &html, &keys);
        }
    }
    for path in ["/indicators.csv", "/indicators/dossier.online/series.csv", "/records/dossier/export.csv"] {
        let (status, csv) = site.get(path, &site.leader).await;
        assert_eq!(status, StatusCode::OK, "{path}: {csv}");
        assert!(csv.starts_with('\u{feff}') && csv.lines().count() > 3, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_opens_down_to_its_records() {
    let site = site().await;
    let (_, html) = site.get(&format!("/indicators/dossier.online?{IN_CITY}&period=2025"), &site.leader).await;
    assert!(
        html.contains("75,00\u{a0}%") && html.contains(">36<") && html.contains(">48<"),
        "36 of 48 dossiers came online:\n{}",
        words(&html)
    );
    assert!(html.contains(&Lang::Vi.msg1("indicator-records", "count", 48_i64)));
    let (_, html) = site.get(&format!("/indicators/dossier.online/records?{IN_CITY}&period=2025Q2&part=rest"), &site.leader).await;
    assert_eq!(html.matches("/records/dossier/").count(), 6, "one of four in each of three months of two wards:\n{}", words(&html));
    // Each part says how many it has, whichever is shown.
    for n in [24, 18, 6] {
        assert!(html.contains(&format!("<span class=\"count num\">{n}</span>")), "{n}: {}", words(&html));
    }
    let (_, csv) = site.get(&format!("/indicators/dossier.online/records.csv?{IN_CITY}&period=2025"), &site.leader).await;
    assert_eq!(csv.lines().count(), 49, "a head and every record");
    // The same after the merger: the ward of today carries the history of both.
    let (_, html) = site.get(&format!("/indicators/dossier.online?unit={MERGED}&as_of=2025-08-01&period=2025"), &site.leader).await;
    assert!(html.contains(">48<"), "{}", words(&html));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contradiction_is_flagged_and_both_values_stand_with_their_words() {
    let site = site().await;
    let (_, html) = site.get(&format!("/indicators?{IN_CITY}&kind=conflict"), &site.leader).await;
    assert!(html.contains("IN-019") && !html.contains("IN-005"), "{}", words(&html));
    let (_, html) = site.get(&format!("/indicators/IN-019?{IN_CITY}&period=all"), &site.leader).await;
    let conflict = html.split_once("class=\"conflict\"").unwrap().1.split_once("</section>").unwrap().0;
    assert!(conflict.contains("88\u{a0}%") && conflict.contains("99,17\u{a0}%") && conflict.contains("<q>"), "{conflict}");
    assert!(conflict.contains("/conflicts/"), "a leader may decide");
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_fields_are_masked_for_those_who_do_not_work_on_the_record() {
    let site = site().await;
    let path = format!("/records/dossier/{}", site.dossier);
    let (_, html) = site.get(&path, &site.leader).await;
    assert!(!html.contains("Nguyễn Văn Kín") && html.contains("•••"), "a leader decides, and need not know who asked");
    let (_, csv) = site.get("/records/dossier/export.csv", &site.leader).await;
    assert!(!csv.contains("Nguyễn Văn Kín"));
    for who in [&site.leader, &site.officer] {
        let (status, xes) = site.get("/records/dossier/export.xes", who).await;
        assert_eq!(status, StatusCode::OK, "{xes}");
        assert!(xes.contains("haidang:origin") && xes.trim_end().ends_with("</log>"), "{xes}");
        assert!(!xes.contains("Nguyễn Văn Kín"), "what is personal is read record by record");
    }
    let (_, html) = site.get(&path, &site.officer).await;
    assert!(html.contains("Nguyễn Văn Kín"), "the ward's officer works on it");
    let history = html.split_once("id=\"history\"").unwrap().1;
    assert!(!history.contains("Nguyễn Văn Kín"), "the ledger holds a seal only");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_a_page_without_signing_in_and_an_officer_begins_at_the_own_ward() {
    let site = site().await;
    for path in [
        "/",
        "/indicators",
        "/indicators/dossier.online",
        "/records/dossier",
        "/scorecards",
        "/scorecards/766",
        "/units",
        "/search?q=a",
        "/indicators.csv",
        "/records/dossier/export.csv",
        "/records/dossier/export.xes",
    ] {
        let (status, _) = site.get(path, "nobody").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
    }
    let (status, html) = site.get("/", &site.officer).await;
    assert_eq!(status, StatusCode::OK, "{}", words(&html));
    assert!(html.contains(&format!("unit={MERGED}")), "links carry the unit that was chosen for the officer");
    let (status, _) = site.get(&format!("/indicators/dossier.online?{IN_CITY}"), &site.officer).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "the city's figure is not the ward's to see");
}

/// Addresses and values of all cells of the grid that hold a figure.
fn cells(html: &str) -> Vec<(String, String)> {
    let grid = html.split_once("<table class=\"grid").expect("the grid").1.split_once("</table>").unwrap().0;
    grid.split("<td class=\"")
        .skip(1)
        .filter_map(|cell| {
            let href = cell.split_once("<a href=\"")?.1.split_once('"')?.0.replace("&#38;", "&").replace("&amp;", "&");
            let value = cell.split_once("<span class=\"num\">")?.1.split_once('<')?.0.to_owned();
            (value != "–").then_some((href, value))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_cell_of_the_first_page_opens_the_figure_it_shows() {
    let site = site().await;
    for cookie in [&site.leader, &site.officer] {
        let path = if *cookie == site.leader { format!("/?{IN_CITY}") } else { format!("/?unit={WARD}&as_of=2025-06-15") };
        let (_, page) = site.get(&path, cookie).await;
        assert!(!page.contains("name=\"period\"><option"), "a period that would change nothing is not offered");
        let cells = cells(&page);
        assert!(!cells.is_empty(), "{}", words(&page));
        for (href, value) in cells {
            let (status, opened) = site.get(&href, cookie).await;
            assert_eq!(status, StatusCode::OK, "{href}");
            // So many units of so many: the target's page says it with their names.
            if href.starts_with("/targets/") {
                assert!(value.contains('/') && opened.contains(&value), "{href}: {value}");
                continue;
            }
            // Contradicting values stand side by side there; the grid counts with the less favourable one.
            if href.starts_with("/figures/") || opened.contains("class=\"conflict\"") {
                continue;
            }
            let hero = opened.split_once("hero-figure num\">").unwrap().1.split_once('<').unwrap().0.to_owned();
            let number = |t: &str| -> f64 {
                let digits: String = t.chars().filter(|c| c.is_ascii_digit() || *c == ',').collect();
                digits.replace(',', ".").parse().unwrap_or_else(|_| panic!("{href}: {t:?}"))
            };
            assert!((number(&hero) - number(&value)).abs() <= 0.051, "{href}: {value} opens {hero}");
        }
    }
}

/// The doors of the tiles that add two lists: (what they lead to, how many they promise).
fn doors(html: &str) -> Vec<(String, usize)> {
    let tiles = html.split("<div class=\"kpi\">").skip(1).map(|t| t.split("</div>").next().unwrap());
    let links = tiles.flat_map(|t| t.split("<a href=\"").skip(1));
    links
        .map(|l| {
            let (href, rest) = l.split_once("\">").unwrap();
            let count = rest.split_whitespace().next().unwrap().parse().unwrap_or_else(|_| panic!("{rest}"));
            (href.replace("&amp;", "&").replace("&#38;", "&"), count)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tile_that_counts_two_lists_leads_to_both() {
    let site = site().await;
    let mut seen = 0;
    for path in [format!("/?{IN_CITY}"), "/".to_owned(), format!("/units/{CITY}"), format!("/units/{WARD}"), format!("/units/{MERGED}")] {
        let (_, html) = site.get(&path, &site.leader).await;
        for (href, promised) in doors(&html) {
            let (status, list) = site.get(&href, &site.leader).await;
            assert_eq!(status, StatusCode::OK, "{path} → {href}");
            assert_eq!(list.matches("class=\"w-mark\"").count(), promised, "{path} → {href}\n{}", words(&list));
            seen += 1;
        }
    }
    assert!(seen > 4, "the packs hold late and waiting work");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_indicators_are_told_apart_and_a_mark_names_the_value_it_judges() {
    let site = site().await;
    for path in [format!("/indicators?{IN_CITY}&period=2025Q2"), format!("/units/{CITY}?as_of=2025-06-15"), "/indicators?period=all".into()]
    {
        let (_, html) = site.get(&path, &site.leader).await;
        let rows: Vec<&str> = html.split("<th scope=\"row\">").skip(1).map(|r| r.split("</tr>").next().unwrap()).collect();
        let of = |r: &&&str| r.split("/indicators/").nth(1).is_some();
        let name = |r: &&str| words(r.split("</a>").next().unwrap_or_default());
        let mut names: Vec<String> = rows.iter().filter(of).map(name).collect();
        let before = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), before, "{path}: two rows read alike");
    }
    // A value of another period than the target's: the mark says what it judges.
    let (_, html) = site.get(&format!("/indicators?{IN_CITY}&period=2024"), &site.leader).await;
    assert!(html.contains("class=\"judged num\">theo "), "{}", words(&html));
}
