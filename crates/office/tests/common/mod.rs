//! A fresh SQLite folder and a fresh PostgreSQL database for each test, and a small city to govern.
#![expect(dead_code, reason = "each test file uses its part")]

pub mod pack;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use office::{Office, Options};
use rules::{
    Timestamp,
    access::{Actor, Grant, Role},
    indicator::CheckedSet,
    pack::PackSet,
};
use serde_json::{Map, Value, json};
use store::{Command, DataSource, Expect, RecordId, RecordWrite, verify::Finding};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Where one office lives; as many processes as wanted may open it.
pub struct Place {
    pub options: Options,
    admin: Option<(String, String)>,
    _dir: tempfile::TempDir,
}

/// The maintenance address of a PostgreSQL that tests may use; `scripts/test` starts one.
fn postgres() -> Option<String> {
    match std::env::var("HAIDANG_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => Some(url),
        _ if std::env::var_os("HAIDANG_TEST_STRICT").is_some() => panic!("HAIDANG_TEST_POSTGRES is not set"),
        _ => None,
    }
}

impl Place {
    fn new(data: impl FnOnce(&Path) -> DataSource, admin: Option<(String, String)>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options {
            tenant: format!("t{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)),
            files: Some(dir.path().join("files")),
            key_file: Some(dir.path().join("ledger.key")),
            ..Options::new(data(dir.path()))
        };
        Self { options, admin, _dir: dir }
    }

    pub fn sqlite() -> Self {
        Self::new(|dir| DataSource::Folder(dir.join("data")), None)
    }

    /// `None` where no PostgreSQL is at hand.
    pub async fn postgres() -> Option<Self> {
        let url = postgres()?;
        let database = format!("hdo_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let admin = store::Db::open(&DataSource::Postgres(url.clone())).await.unwrap();
        admin.execute(&format!("CREATE DATABASE {database}"), &[]).await.unwrap();
        admin.close().await;
        let (base, _) = url.rsplit_once('/').unwrap();
        let data = DataSource::Postgres(format!("{base}/{database}"));
        Some(Self::new(|_| data, Some((url, database))))
    }

    /// Another process.
    pub async fn open(&self) -> Office {
        Office::open(&self.options).await.unwrap()
    }

    /// An office with packs loaded.
    pub async fn governed(&self, packs: &[pack::Files]) -> Office {
        let office = self.open().await;
        load(&office, packs).await;
        office
    }

    pub async fn remove(self) {
        if let Some((url, database)) = &self.admin {
            let admin = store::Db::open(&DataSource::Postgres(url.clone())).await.unwrap();
            admin.execute(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"), &[]).await.unwrap();
            admin.close().await;
        }
    }
}

/// Runs `test` on a new SQLite database and on a new PostgreSQL database.
pub async fn both(test: impl AsyncFn(&Place)) {
    let place = Place::sqlite();
    test(&place).await;
    place.remove().await;
    if let Some(place) = Place::postgres().await {
        test(&place).await;
        place.remove().await;
    }
}

pub fn read(packs: &[pack::Files]) -> PackSet {
    let borrowed: Vec<Vec<(&str, &str)>> = packs.iter().map(|p| p.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect()).collect();
    let slices: Vec<&[(&str, &str)]> = borrowed.iter().map(Vec::as_slice).collect();
    PackSet::read(&slices).unwrap_or_else(|faults| panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

pub async fn load(office: &Office, packs: &[pack::Files]) -> office::packs::Loaded {
    office.load_packs(&Actor::system(), &read(packs), office.now()).await.unwrap()
}

/// Somebody with roles over units.
pub fn person(name: &str, grants: &[(Role, &str)]) -> Actor {
    let grants = grants.iter().map(|(role, unit)| Grant { role: *role, unit: unit.parse().unwrap(), register: None }).collect();
    Actor::new(name, name, grants)
}

pub fn unit(office: &Office, key: &str) -> u32 {
    office.world().units.idx(&key.parse().unwrap()).unwrap_or_else(|| panic!("no unit {key}"))
}

pub fn fields(v: Value) -> Map<String, Value> {
    v.as_object().cloned().unwrap_or_default()
}

/// Writes one record of the register `case` as it shall be; `None` makes a new one. Returns its id and version.
pub async fn put_case(office: &Office, old: Option<(RecordId, i64)>, unit: &str, body: Value) -> (RecordId, i64) {
    put(office, "case", old, unit, body).await
}

pub async fn put(office: &Office, register: &str, old: Option<(RecordId, i64)>, unit: &str, body: Value) -> (RecordId, i64) {
    let id = old.map_or_else(RecordId::new, |(id, _)| id);
    let outcome = office.store().commit(command(office, register, id, old.map(|(_, v)| v), unit, body)).await.unwrap();
    (id, outcome.written[0].version)
}

pub fn command(office: &Office, register: &str, id: RecordId, version: Option<i64>, unit: &str, body: Value) -> Command {
    let write = RecordWrite {
        register: register.into(),
        id,
        expect: version.map_or(Expect::New, Expect::Version),
        key: None,
        unit: unit.into(),
        state: "open".into(),
        fields: fields(body),
        kind: if version.is_some() { "update" } else { "create" }.into(),
        authority: None,
    };
    Command { actor: "lan".into(), on_behalf: None, at: office.now(), idempotency: None, writes: vec![write] }
}

/// A moment some seconds from now.
pub fn soon(office: &Office, seconds: f64) -> Timestamp {
    office.now().plus_micros((seconds * 1e6) as i64)
}

/// A closed or open case of some month.
pub fn case(received: &str, due: &str, closed: Option<&str>, channel: &str) -> Value {
    json!({"code": "C", "received_at": received, "due_at": due, "closed_at": closed, "channel": channel})
}

/// Waits until the figures contain everything that is committed.
pub async fn settled(office: &Office) {
    office.store().settle().await.unwrap();
    let head = office.store().head().await.unwrap().size;
    assert!(office.live().wait_for(head as u64, Duration::from_secs(10)).await, "the figures do not follow");
}

/// Indicator, unit, month, breakdown values → numerator, denominator, records.
pub type Cells = std::collections::BTreeMap<(String, String, i32, String), (i64, i64, i64)>;

/// All live cells that are not empty, and the clock at which they are true.
pub fn live_cells(office: &Office) -> (Cells, Timestamp) {
    let engine = office.live().engine();
    let mut out = Cells::new();
    for c in engine.all_cells() {
        let key = (
            engine.indicator_id(c.indicator).unwrap().to_owned(),
            engine.symbols().units.text(c.unit).to_owned(),
            c.month.0,
            c.dims.to_string(),
        );
        out.insert(key, (c.num, c.den, c.n));
    }
    (out, engine.clock())
}

/// Cells as they were saved, with position and clock.
pub async fn saved_cells(office: &Office) -> (Cells, i64, Timestamp) {
    let (position, cells, _) = office.store().load_figures().await.unwrap().expect("figures were saved");
    let cells = cells.into_iter().filter(|c| (c.num, c.n) != (0, 0));
    let cells = cells.map(|c| ((c.indicator, c.unit, c.month, c.dims), (c.num, c.den, c.n))).collect();
    (cells, position.seq, position.clock)
}

/// Every indicator counted anew by plain SQL over the records, as of a clock.
pub async fn recount(office: &Office, clock: Timestamp) -> Cells {
    let world = office.world();
    let dialect = match office.store().engine() {
        store::Engine::Sqlite => rules::expr::Dialect::Sqlite,
        store::Engine::Postgres => rules::expr::Dialect::Postgres,
    };
    let mut out = Cells::new();
    for (register, set) in &world.sets {
        for (i, def) in CheckedSet::defs(set).enumerate() {
            let sql = set.contribution_sql(i, dialect, clock).unwrap();
            let text = sql.recount().replace("$2", &format!("'{register}'"));
            for row in office.store().fetch_compiled(&text).await.unwrap() {
                let dims: Vec<Option<String>> = (0..sql.dims.len()).map(|d| row.opt_text(5 + d).unwrap()).collect();
                let key = (def.id.clone(), row.text(0).unwrap(), i32::try_from(row.int(1).unwrap()).unwrap(), json!(dims).to_string());
                let before = out.insert(key, (row.int(2).unwrap(), row.int(3).unwrap(), row.int(4).unwrap()));
                assert_eq!(before, None, "plain SQL gave one cell twice");
            }
        }
    }
    out
}

/// The contract of the figures: what is shown is what plain SQL counts, at the ledger's end, and the whole can be proved.
pub async fn figures_are_right(office: &Office) {
    settled(office).await;
    let (live, clock) = live_cells(office);
    same(&live, &recount(office, clock).await, "live");
    let head = office.store().head().await.unwrap().size;
    assert_eq!(office.live().position(), head as u64, "each entry is counted exactly once");
    assert_eq!(office.live().engine().mismatches(), 0, "the engine was told a wrong history");
    let found = office.verify().await.unwrap();
    assert!(matches!(found, Finding::Whole { .. }), "{found:?}");
}

/// What is on disk after the office was closed.
pub async fn saved_is_right(place: &Place) {
    let closed = Office::open(&Options { live: false, ..place.options.clone() }).await.unwrap();
    let (saved, position, clock) = saved_cells(&closed).await;
    assert_eq!(position, closed.store().head().await.unwrap().size, "saved up to the ledger's end");
    same(&saved, &recount(&closed, clock).await, "saved");
    closed.store().close().await;
}

pub fn same(found: &Cells, counted: &Cells, what: &str) {
    for (k, v) in counted {
        assert_eq!(found.get(k), Some(v), "{what} {k:?}, plain SQL counts {v:?}");
    }
    for (k, v) in found {
        assert!(counted.contains_key(k), "{what} {k:?} has {v:?}, plain SQL counts nothing");
    }
}

/// Tries again until it holds, for at most so long.
pub async fn within(limit: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let start = std::time::Instant::now();
    while !holds().await {
        assert!(start.elapsed() < limit, "not within {limit:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub fn packs_on_disk() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../packs")
}
