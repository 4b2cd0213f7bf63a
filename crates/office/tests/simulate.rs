//! The simulated year: near the published figures, the same for the same seed, and whole by the ledger's own proof.

mod common;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use jiff::civil::date;
use office::{
    Error, Office, Options,
    programme::TaskFilter,
    registers::{NewRecord, StepInput},
    simulate::{self, Plan, Summary},
};
use rules::{
    Month, Period, Timestamp,
    access::{Actor, Grant, Role},
    expr::Dialect,
    pack::PackSet,
    target::Status,
};
use serde_json::{Map, Value, json};
use store::{DataSource, P, verify::Finding};

fn packs() -> PackSet {
    common::read(&[common::pack::real("vietnam"), common::pack::real("vung-tau")])
}

async fn open(options: &Options, plan: &Plan) -> (Office, Summary) {
    let office = Office::open(options).await.unwrap();
    office.load_packs(&Actor::system(), &packs(), Timestamp::start_of(plan.from)).await.unwrap();
    let mut told = Vec::new();
    let summary = simulate::run(&office, plan, &mut |p| told.push(p)).await.unwrap();
    assert!(told.windows(2).all(|w| w[0].what != w[1].what || w[0].done <= w[1].done), "progress goes forward");
    assert!(told.iter().any(|p| p.done == p.total && p.total > 1), "progress reaches its end");
    (office, summary)
}

fn small(seed: u64) -> Plan {
    Plan { seed, dossiers: 700, society: false, ..Plan::default() }
}

/// Every counted cell by indicator, unit and month, with the breakdowns added up.
fn cells(office: &Office) -> BTreeMap<(String, String, i32), (i64, i64, i64)> {
    let world = office.world();
    let engine = office.live().engine();
    let mut out = BTreeMap::new();
    for id in world.indicators.values().filter(|i| i.live().is_some()).map(|i| &i.id) {
        let idx = engine.indicator(id).unwrap();
        let Some((from, to)) = engine.months(idx) else { continue };
        for unit in 0..world.units.len() {
            for month in from.0..=to.0 {
                let s = engine.sum(idx, &[unit], Some((Month(month), Month(month))));
                if s.n != 0 {
                    out.insert((id.clone(), world.units.key(unit).to_string(), month), (s.num, s.den, s.n));
                }
            }
        }
    }
    out
}

/// The same by plain SQL over the records, for every indicator.
async fn recounted(office: &Office) -> BTreeMap<(String, String, i32), (i64, i64, i64)> {
    let dialect = match office.store().engine() {
        store::Engine::Sqlite => Dialect::Sqlite,
        store::Engine::Postgres => Dialect::Postgres,
    };
    let world = office.world();
    let mut out: BTreeMap<_, (i64, i64, i64)> = BTreeMap::new();
    for (register, set) in &world.sets {
        for (i, def) in set.defs().enumerate() {
            let sql = set.contribution_sql(i, dialect, office.engine_clock()).unwrap().recount();
            for row in office.store().db().fetch(&sql, &[P::Text(office.store().tenant()), P::Text(register)]).await.unwrap() {
                let key = (def.id.clone(), row.text(0).unwrap(), i32::try_from(row.int(1).unwrap()).unwrap());
                let sum = out.entry(key).or_default();
                let counted = (row.int(2).unwrap(), row.int(3).unwrap(), row.int(4).unwrap());
                *sum = (sum.0 + counted.0, sum.1 + counted.1, sum.2 + counted.2);
            }
        }
    }
    out
}

async fn assert_whole(office: &Office) {
    let finding = office.verify().await.unwrap();
    assert!(matches!(finding, Finding::Whole { .. }), "{finding:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_year_is_near_the_published_figures_and_whole() {
    let dir = tempfile::tempdir().unwrap();
    let plan = Plan::default();
    let (office, summary) = open(&Options::new(DataSource::Folder(dir.path().join("data"))), &plan).await;
    assert!(office.simulated());
    assert_eq!(office.today(), date(2025, 6, 30));
    assert_eq!((summary.wards, summary.dossiers), (17, 12_000));

    // Published (seed articles S0, S1), within what the words allow: "hơn" is a little more.
    let reached = |id: &str, period: &str| {
        summary.calibration.iter().find(|c| c.indicator == id && c.period == period).and_then(|c| c.reached).unwrap()
    };
    let near = |id, period, published: f64, tolerance: f64| {
        let value = reached(id, period);
        assert!((value - published).abs() <= tolerance, "{id} in {period}: {value}, published {published}");
    };
    near("dossier.on_time", "2024", 99.85, 0.02);
    near("dossier.one_stop_share", "2024", 97.63, 0.02);
    // What came in this morning still lies on the desk as paper.
    near("dossier.digitised", "all", 100.0, 1.0);
    // Everybody who came this morning was.
    near("dossier.identified", "all", 99.17, 0.06);
    near("document.signed", "2024", 100.0, 0.0);
    near("camera.count", "all", 196.0, 0.0);
    near("enterprise.e_invoice", "all", 100.0, 0.0);
    near("shop.qr", "all", 100.0, 0.0);
    near("household_ocop.guided", "all", 193.0, 0.0);
    for (id, period, more_than, most) in [
        ("community_team.count", "all", 1246.0, 1250.0),
        ("station_5g.installed", "all", 100.0, 110.0),
        ("station_5g.operating", "all", 60.0, 65.0),
        ("enterprise.e_commerce", "all", 80.0, 81.0),
        ("resident_signature.issued", "all", 115_254.0, 115_300.0),
        ("training.officials", "2024", 584.0, 590.0),
        ("training.community", "2024", 2500.0, 2520.0),
    ] {
        let value = reached(id, period);
        assert!(value > more_than && value <= most, "{id} in {period}: {value}");
    }
    assert!((28.0..33.0).contains(&reached("dossier.end_to_end", "2024-07")));
    let june = reached("dossier.end_to_end", "2025-06");
    assert!((58.0..64.0).contains(&june), "{june}");
    assert!((1.0..20.0).contains(&reached("dossier.open_overdue", "all")));
    let counts: BTreeMap<String, i64> = office.store().register_counts().await.unwrap().into_iter().collect();
    assert_eq!(
        (counts["enterprise"], counts["shop"], counts["community_team"], counts["camera"], counts["station_5g"]),
        (7129, 1200, 1248, 196, 104)
    );

    // Five kinds of cameras as published.
    let world = office.world();
    let day = office.today();
    let top = office.unit_or_top(None, day).unwrap();
    let sources = world.units.sources_of(top, day).unwrap();
    let kinds: BTreeMap<String, i64> = office
        .breakdown("camera.count", "kind", &sources, Period::All)
        .unwrap()
        .into_iter()
        .map(|s| (s.value.unwrap_or_default(), s.figure.n))
        .collect();
    let wanted = [("ptz_high", 6), ("ptz_low", 21), ("security", 130), ("traffic_count", 8), ("urban", 31)];
    assert_eq!(kinds, wanted.map(|(k, n)| (k.to_owned(), n)).into());

    // Friday pilot, Tết, and nobody at the counter on a day off.
    let per_month = |m: Month| office.figure(&Actor::system(), "dossier.received", top, Period::Month(m), day).unwrap().figure.unwrap().n;
    assert!(per_month(Month::new(2025, 1)) * 10 < per_month(Month::new(2024, 12)) * 8, "Tết was at the end of January 2025");

    // The target as a whole is at risk; wards differ.
    let system = Actor::system();
    let board = office.board(&system, top, day).await.unwrap();
    let row = board.rows.iter().find(|r| r.target.def.id == "T-01").unwrap();
    assert_eq!(row.whole.assessment.status, Status::AtRisk, "{:?}", row.whole.assessment);
    let wards: Vec<(f64, Status)> = row.cells.iter().flatten().map(|c| (c.on.value.unwrap(), c.on.assessment.status)).collect();
    assert_eq!(wards.len(), 17);
    let there = wards.iter().filter(|w| w.0 >= 70.0 && matches!(w.1, Status::Completed | Status::InProgress)).count();
    let late = wards.iter().filter(|w| w.0 < 55.0 && w.1 == Status::AtRisk).count();
    assert!(there >= 3 && late >= 3, "some wards are there, some clearly late: {wards:?}");
    let tally = board.task_tally();
    for status in
        [Status::Completed, Status::InProgress, Status::AtRisk, Status::Overdue, Status::Waiting, Status::Pilot, Status::Recurring]
    {
        assert!(tally.get(&status).is_some_and(|n| *n > 0), "no task is {status:?}: {tally:?}");
    }
    // The desk's day adds up: what the counter took by transfer a bank has told.
    let account = office.reconcile(&system, top, day).await.unwrap();
    assert!(account.total.amount_vnd > 0, "somebody paid this morning");
    assert_eq!((account.difference_vnd(), account.unexplained_vnd()), (0, 0));
    let conflicts = office.conflicts(&system).await.unwrap();
    assert!(conflicts.iter().any(|c| c.indicator == "IN-036" && c.decided.is_some()), "one contradiction was decided");
    assert!(office.frozen("2025Q1".parse().unwrap()).await.unwrap().is_some_and(|f| !f.figures.is_empty()));
    assert_eq!(summary.frozen.len(), 2);

    // What people will find: updates with evidence, difficulties, something to answer.
    let tasks = office.tasks(&system, &TaskFilter::default(), day).await.unwrap();
    let updates = || tasks.iter().flat_map(|t| &t.extra.updates);
    assert_eq!(updates().count(), summary.task_updates);
    assert!(updates().all(|u| !u.evidence.is_empty()));
    assert!(updates().any(|u| u.difficulties.is_some() && u.proposals.is_some()));
    let file = office.store().blob(&updates().next().unwrap().evidence[0]).await.unwrap();
    assert!(String::from_utf8(file.1).unwrap().starts_with("DỮ LIỆU MÔ PHỎNG"));
    let coordinator = Actor::new("x", "x", vec![grant(Role::Coordinator, "747@2004-07-08")]);
    let inbox = office.inbox(&coordinator).await.unwrap();
    assert!(!inbox.figures.is_empty() && !inbox.tasks.is_empty());

    // A dossier was handled by its ward's people, each step at its time; nothing happens after now.
    let dossiers = office.store().db().fetch(ACTORS, &[P::Text(office.store().tenant())]).await.unwrap();
    assert!(dossiers.len() > 30, "officers and chairs of 17 wards");
    let last = office.store().db().fetch(LAST, &[P::Text(office.store().tenant())]).await.unwrap();
    assert!(last[0].text(0).unwrap() <= plan.start().to_string());

    assert_eq!(cells(&office), recounted(&office).await);
    assert_whole(&office).await;
    assert!(matches!(simulate::run(&office, &plan, &mut |_| {}).await, Err(Error::Refused(r)) if r.code == "simulate.twice"));
    office.close().await.unwrap();
}

const ACTORS: &str = "SELECT DISTINCT actor FROM entry WHERE tenant = $1 AND register = 'dossier'";
const LAST: &str = "SELECT MAX(at) FROM entry WHERE tenant = $1";

fn grant(role: Role, unit: &str) -> Grant {
    Grant { role, unit: unit.parse().unwrap(), register: None }
}

static NEXT: AtomicUsize = AtomicUsize::new(0);

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_gives_the_same_year_on_either_database() {
    let dir = tempfile::tempdir().unwrap();
    let folder = |name: &str| Options::new(DataSource::Folder(dir.path().join(name)));
    let mut years = Vec::new();
    for (name, seed) in [("a", 7), ("b", 7), ("c", 8)] {
        let (office, summary) = open(&folder(name), &small(seed)).await;
        assert_whole(&office).await;
        years.push((cells(&office), summary));
        office.close().await.unwrap();
    }
    assert_eq!(years[0], years[1]);
    assert_ne!(years[0].0, years[2].0);

    let Ok(url) = std::env::var("HAIDANG_TEST_POSTGRES") else { return };
    let database = format!("hd_sim_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = store::Db::open(&DataSource::Postgres(url.clone())).await.unwrap();
    admin.execute(&format!("CREATE DATABASE {database}"), &[]).await.unwrap();
    let base = url.rsplit_once('/').unwrap().0;
    let mut options = Options::new(DataSource::Postgres(format!("{base}/{database}")));
    options.files = Some(dir.path().join("files"));
    options.key_file = Some(dir.path().join("key"));
    let (office, summary) = open(&options, &small(7)).await;
    assert_eq!((cells(&office), summary), years[0]);
    assert_eq!(cells(&office), recounted(&office).await);
    assert_whole(&office).await;
    office.close().await.unwrap();
    admin.execute(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"), &[]).await.unwrap();
    admin.close().await;
}

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

#[tokio::test]
async fn people_keep_registers_within_their_rights_and_the_lifecycle() {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::open(&Options::new(DataSource::Folder(dir.path().join("data")))).await.unwrap();
    office.load_packs(&Actor::system(), &packs(), Timestamp::start_of(date(2024, 7, 1))).await.unwrap();
    let start: Timestamp = "2025-06-30T01:30:00.000000Z".parse().unwrap();
    let ward = "26506@2004-07-08";
    let officer = Actor::new("o", "Cán bộ", vec![grant(Role::WardOfficer, ward)]);
    let chair = Actor::new("c", "Chủ tịch", vec![grant(Role::Leader, ward)]);
    assert_eq!(code(office.set_demo(&officer, start).await), "access.role");
    office.set_demo(&Actor::new("a", "Quản trị", vec![grant(Role::Admin, "747@2004-07-08")]), start).await.unwrap();
    assert!(office.simulated() && (office.now().0 - start.0) < 60_000_000);

    let dossier = |code: &str, unit: &str| NewRecord {
        unit: unit.into(),
        fields: fields(json!({ "code": code, "received_at": "2025-06-30T01:00:00.000000Z", "channel": "counter" })),
        ..NewRecord::default()
    };
    let saved = office.create_record(&officer, "dossier", dossier("A-1", ward)).await.unwrap();
    assert_eq!((saved.version, saved.state.as_str()), (1, "received"));
    assert_eq!(office.find("dossier", "A-1").await.unwrap().key.as_deref(), Some("A-1"), "the key is the key field");

    // Refusals: another ward, a role, a key twice, a bad field, a unit of the future, an own use case, a state.
    assert_eq!(code(office.create_record(&officer, "dossier", dossier("A-2", "26508@2004-07-08")).await), "access.unit");
    assert_eq!(code(office.create_record(&chair, "dossier", dossier("A-2", ward)).await), "access.role");
    assert!(matches!(
        office.create_record(&officer, "dossier", dossier("A-1", ward)).await,
        Err(Error::Store(store::Error::KeyTaken { .. }))
    ));
    let mut bad = dossier("A-2", ward);
    bad.fields.insert("channel".into(), json!("pigeon"));
    assert!(matches!(office.create_record(&officer, "dossier", bad).await, Err(Error::Invalid(f)) if f[0].code == "field.choice"));
    let later = Actor::new("o", "Cán bộ", vec![grant(Role::WardOfficer, "26506@2025-07-01")]);
    assert_eq!(code(office.create_record(&later, "dossier", dossier("A-2", "26506@2025-07-01")).await), "unit.closed");
    for register in ["task", "target", "directive", "reported_figure"] {
        assert_eq!(code(office.create_record(&Actor::system(), register, NewRecord::default()).await), "register.own_use_case");
    }
    let resolved = NewRecord { state: Some("resolved".into()), ..dossier("A-2", ward) };
    assert_eq!(code(office.create_record(&officer, "dossier", resolved).await), "lifecycle.initial");
    let odd = NewRecord { key: Some("A-9".into()), ..dossier("A-2", ward) };
    assert_eq!(code(office.create_record(&officer, "dossier", odd).await), "record.key");
    // One of two is wrong: neither is there.
    let both = vec![dossier("A-3", ward), dossier("A-4", "26508@2004-07-08")];
    assert_eq!(code(office.create_records(&officer, "dossier", both).await), "access.unit");
    assert_eq!(code(office.find("dossier", "A-3").await), "not_found");

    // Steps.
    let step = |transition: &str| StepInput { transition: transition.into(), ..StepInput::default() };
    assert_eq!(code(office.step_record(&officer, "dossier", "A-1", 1, &step("resolve")).await), "access.role");
    assert_eq!(code(office.step_record(&officer, "dossier", "A-1", 1, &step("return_result")).await), "lifecycle.step");
    assert_eq!(code(office.step_record(&officer, "dossier", "A-1", 1, &step("burn")).await), "lifecycle.unknown_transition");
    // Neither that a record exists nor how it stands is told to strangers, whatever version they name.
    let nobody = rules::access::Actor::anonymous();
    for version in [1, 99] {
        assert_eq!(code(office.step_record(&nobody, "dossier", "A-1", version, &step("start")).await), "access.sign_in");
        assert_eq!(code(office.step_record(&nobody, "dossier", "never", version, &step("start")).await), "access.sign_in");
        assert_eq!(code(office.change_record(&nobody, "dossier", "A-1", version, &Default::default(), "").await), "access.sign_in");
        assert_eq!(code(office.change_record(&chair, "dossier", "A-1", 99, &Default::default(), "").await), "access.role");
    }
    let started = office.step_record(&officer, "dossier", "A-1", 1, &step("start")).await.unwrap();
    assert_eq!((started.version, started.state.as_str()), (2, "in_progress"));
    assert!(matches!(
        office.step_record(&officer, "dossier", "A-1", 1, &step("start")).await,
        Err(Error::Store(store::Error::Conflict { current })) if current.version == 2
    ));
    let before = office.now();
    let done = StepInput { transition: "resolve".into(), fields: fields(json!({ "result_electronic": true })), reason: String::new() };
    assert_eq!(office.step_record(&chair, "dossier", "A-1", 2, &done).await.unwrap().state, "resolved");
    let body = office.find("dossier", "A-1").await.unwrap().fields().unwrap();
    let closed: Timestamp = body["closed_at"].as_str().unwrap().parse().unwrap();
    assert!(closed >= before && closed <= office.now(), "the transition set the time of the office");
    assert_eq!(body["result_electronic"], true);
    // Changing a field, within the same rights; the key stays.
    let note = fields(json!({ "department": "Một cửa" }));
    assert_eq!(office.change_record(&officer, "dossier", "A-1", 3, &note, "").await.unwrap().version, 4);
    let key = fields(json!({ "code": "B-1" }));
    assert_eq!(code(office.change_record(&officer, "dossier", "A-1", 4, &key, "").await), "record.key");
    assert_eq!(code(office.change_record(&chair, "dossier", "A-1", 4, &note, "").await), "access.role");
    office.close().await.unwrap();
}
