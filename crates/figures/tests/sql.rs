//! The engine, the rules and both databases must say the same: every indicator recounted by plain SQL, every condition as a WHERE clause.
//!
//! SQLite always; PostgreSQL when `HAIDANG_TEST_POSTGRES` names one (`scripts/test` does).

use std::collections::{BTreeMap, BTreeSet};

use figures::{Change, Engine};
use rules::Timestamp;
use rules::expr::{Dialect, Rule};
use rules::indicator::{CheckedSet, IndicatorDef};
use rules::schema::{RecordMeta, RegisterDef, Schema, Slots, Symbols};
use serde_json::{Value as Json, json};
use sqlx::{Connection, Row};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
const RECORDS: u64 = 400;
const UNITS: [&str; 3] = ["26506@2025-07-01", "26508@2025-07-01", "x'y@2025-07-01"];
const CREATE: &str = "CREATE TEMPORARY TABLE record (tenant TEXT NOT NULL, register TEXT NOT NULL, id TEXT NOT NULL, unit TEXT NOT NULL, \
     state TEXT NOT NULL, version BIGINT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, body TEXT NOT NULL)";
const INSERT: &str =
    "INSERT INTO record (tenant, register, id, unit, state, version, created_at, updated_at, body) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)";

fn schema() -> Schema {
    let label = |id: &str| json!({"vi": id, "en": id});
    let field = |id: &str, ty: &str| json!({"id": id, "type": ty, "label": label(id)});
    let def: RegisterDef = serde_json::from_value(json!({
        "register": {"id": "dossier", "name": label("d")},
        "field": [
            {"id": "channel", "type": "choice", "label": label("c"),
             "choices": [{"id": "online", "vi": "a", "en": "a"}, {"id": "counter", "vi": "b", "en": "b"}]},
            field("department", "text"), field("urgent", "bool"), field("signed", "bool"), field("fee", "decimal(2)"), field("count", "int"),
            field("ward", "unit"), field("received_at", "timestamp"), field("due_at", "timestamp"), field("closed_at", "timestamp"),
            field("deadline", "date"), field("tags", "list(text)"), field("extra", "json"),
        ],
    }))
    .unwrap();
    Schema::compile(&def).unwrap()
}

/// Small, fast, reproducible (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
    /// A value, null or no field at all.
    fn maybe(&mut self, body: &mut serde_json::Map<String, Json>, name: &str, value: Json) {
        match self.below(5) {
            0 => {}
            1 => drop(body.insert(name.to_owned(), Json::Null)),
            _ => drop(body.insert(name.to_owned(), value)),
        }
    }
}

struct Rec {
    id: String,
    unit: &'static str,
    state: &'static str,
    version: i64,
    created: Timestamp,
    updated: Timestamp,
    body: String,
}

impl Rec {
    fn meta(&self) -> RecordMeta<'_> {
        let Self { id, unit, state, version, created, updated, .. } = self;
        RecordMeta { id, unit, state, version: *version, created_at: *created, updated_at: *updated }
    }
}

fn records(start: Timestamp) -> Vec<Rec> {
    let mut random = Random(2025);
    let mut records = Vec::new();
    for i in 0..RECORDS {
        let mut body = serde_json::Map::new();
        let r = &mut random;
        // Months end at 17:00 UTC: a third of the instants lie around that.
        let time = |r: &mut Random| {
            let day = start.plus_days(i64::try_from(r.below(70)).unwrap());
            let within = match r.below(3) {
                0 => 17 * HOUR - 1 + i64::try_from(r.below(3)).unwrap(),
                1 => i64::try_from(r.below(24)).unwrap() * HOUR,
                _ => i64::try_from(r.below(86_400_000_000)).unwrap(),
            };
            json!(day.plus_micros(within).to_string())
        };
        let (received, due, closed) = (time(r), time(r), time(r));
        r.maybe(&mut body, "received_at", received);
        r.maybe(&mut body, "due_at", due);
        r.maybe(&mut body, "closed_at", closed);
        let (channel, department) = (r.pick(&["online", "counter"]), r.pick(&["Phòng A", "Phòng \"B\"", "", "O'Hara", "phòng a"]));
        r.maybe(&mut body, "channel", json!(channel));
        r.maybe(&mut body, "department", json!(department));
        let (urgent, signed) = (r.below(2) == 0, r.below(2) == 0);
        r.maybe(&mut body, "urgent", json!(urgent));
        r.maybe(&mut body, "signed", json!(signed));
        let cents = i64::try_from(r.below(4_000)).unwrap() - 2_000;
        r.maybe(&mut body, "fee", json!(cents as f64 / 100.0));
        let count = i64::try_from(r.below(21)).unwrap() - 10;
        r.maybe(&mut body, "count", json!(count));
        let ward = r.pick(&UNITS);
        r.maybe(&mut body, "ward", json!(ward));
        let deadline = start.plus_days(i64::try_from(r.below(70)).unwrap()).local_date().to_string();
        r.maybe(&mut body, "deadline", json!(deadline));
        let tags: Vec<&str> = (0..r.below(3)).map(|_| r.pick(&["x", "khẩn", "O'Hara"])).collect();
        r.maybe(&mut body, "tags", json!(tags));
        r.maybe(&mut body, "extra", json!({"a": [1, 2]}));
        records.push(Rec {
            id: format!("{i:08}"),
            unit: r.pick(&UNITS),
            state: r.pick(&["", "open", "closed"]),
            version: i64::try_from(r.below(5)).unwrap(),
            created: start.plus_micros(i64::try_from(r.below(70 * 86_400_000_000)).unwrap()),
            updated: start.plus_micros(i64::try_from(r.below(70 * 86_400_000_000)).unwrap()),
            body: Json::Object(body).to_string(),
        });
    }
    records
}

fn indicators() -> Vec<IndicatorDef> {
    let Json::Array(all) = json!([
        {"kind": "count", "date": "record.received_at"},
        {"kind": "count", "date": "record.created_at", "breakdowns": ["state", "unit"]},
        {"kind": "ratio", "numerator": "record.closed_at <= record.due_at", "denominator": "record.closed_at != null", "date": "record.closed_at",
         "breakdowns": ["channel", "department", "urgent"]},
        {"kind": "ratio", "numerator": "!(record.closed_at > record.due_at)", "where": "!(record.urgent && record.signed)", "date": "record.received_at"},
        {"kind": "sum", "value": "record.fee", "date": "record.received_at", "breakdowns": ["ward", "signed"]},
        {"kind": "sum", "value": "record.fee", "scale": 0, "date": "record.deadline"},
        {"kind": "sum", "value": "record.fee * record.count / 7", "scale": 4, "date": "record.deadline"},
        {"kind": "average", "value": "days(record.closed_at - record.received_at)", "date": "record.closed_at", "breakdowns": ["channel"]},
        {"kind": "average", "value": "hours(record.closed_at - record.due_at)", "scale": 1, "date": "record.closed_at"},
        {"kind": "average", "value": "record.count % 4 + record.count / 3", "date": "record.received_at"},
        {"kind": "count", "where": "record.closed_at == null && now > record.due_at", "date": "record.due_at"},
        {"kind": "count", "where": "now - record.received_at >= duration('120h')", "date": "record.received_at", "unit": "record.ward"},
        {"kind": "count", "date": "now < record.due_at ? record.received_at : record.due_at"},
        {"kind": "count", "where": "record.received_at.getDayOfWeek() in [0, 6]", "date": "record.received_at + duration('36h')"},
        {"kind": "sum", "value": "record.received_at.getFullYear() * 10000 + record.received_at.getMonth() * 100 + record.received_at.getDate()",
         "date": "date(record.received_at)"},
    ]) else {
        unreachable!()
    };
    let fill = |(i, mut def): (usize, Json)| {
        def["id"] = json!(format!("i{i}"));
        def["name"] = json!({"vi": "", "en": ""});
        def["register"] = json!("dossier");
        def["format"] = json!("integer");
        serde_json::from_value(def).unwrap()
    };
    all.into_iter().enumerate().map(fill).collect()
}

/// Conditions of every shape, and random combinations of them: null must mean the same under any of !, &&, || and ?:.
fn conditions() -> Vec<String> {
    let leaves = [
        "record.fee == null",
        "record.fee != null",
        "has(record.extra)",
        "record.fee > 0.5",
        "record.fee != 3.25",
        "record.count == 3",
        "record.count in [1, 2, -3]",
        "record.fee in [1, 2.5]",
        "record.fee <= record.count",
        "record.channel == 'online'",
        "record.channel != 'online'",
        "record.channel in ['online', 'counter']",
        "record.department == 'O\\'Hara'",
        "record.department < 'a'",
        "record.department >= record.channel",
        "record.department.startsWith('Phòng')",
        "record.department.endsWith('\"')",
        "record.department.endsWith('')",
        "record.department.contains('ò')",
        "size(record.department) == 7",
        "record.urgent",
        "!record.urgent",
        "record.urgent == record.signed",
        "record.urgent != true",
        "record.urgent in [true]",
        "'x' in record.tags",
        "'O\\'Hara' in record.tags",
        "record.channel in record.tags",
        "size(record.tags) > 1",
        "record.tags == null",
        "record.ward == record.unit",
        "record.ward == 'x\\'y@2025-07-01'",
        "record.unit in ['26506@2025-07-01']",
        "record.state == 'open'",
        "record.state == null",
        "record.version >= 2",
        "record.closed_at <= record.due_at",
        "record.closed_at == record.due_at",
        "record.created_at < record.received_at",
        "record.updated_at > timestamp('2025-07-01T00:00:00+07:00')",
        "record.deadline < date('2025-07-01')",
        "date(record.closed_at) > record.deadline",
        "timestamp(record.deadline) < record.closed_at",
        "record.closed_at - record.received_at > duration('36h')",
        "(record.closed_at - record.received_at).getHours() % 2 == 0",
        "record.closed_at < record.received_at + duration('240h30m')",
        "record.deadline - date('2025-06-30') >= duration('24h')",
        "now > record.due_at",
        "now <= record.due_at",
        "date(now) > record.deadline",
        "date(now) <= date(record.due_at)",
        "now - record.received_at < duration('500h')",
        "record.received_at.getHours() < 12",
        "record.received_at.getMinutes() == 59",
        "record.received_at.getSeconds() == 59",
        "record.received_at.getMonth() == 6",
        "record.received_at.getHours('UTC') == 17",
        "record.deadline.getDayOfMonth() == 0",
        "record.deadline.getDayOfWeek() == 1",
        "record.deadline.getFullYear() == 2025",
        "record.count / 2 == -2",
        "record.count % 3 == -1",
        "record.count / (record.count - 1) == 1",
        "record.fee / 3 > 1.1",
        "record.fee / record.count == -0.25",
        "-record.count > 2",
        "record.count * 2 - 1 == 5",
        "int(record.fee) == -3",
        "double(record.count) / 4 == 0.75",
        "days(record.closed_at - record.due_at) < 1.5",
        "(record.urgent ? record.fee : record.count) > 2",
        "(record.count > 0 ? 'a' : record.channel) == 'a'",
        "(record.fee > 1) == (record.count > 1)",
        "true",
        "false",
        "(record.due_at == null ? record.received_at : record.due_at) > timestamp('2025-07-01T00:00:00Z')",
    ];
    let mut all: Vec<String> = leaves.iter().map(|l| (*l).to_owned()).collect();
    let mut random = Random(7);
    for _ in 0..150 {
        let (a, b, c) = (random.pick(&leaves), random.pick(&leaves), random.pick(&leaves));
        all.push(match random.below(5) {
            0 => format!("!({a})"),
            1 => format!("!(({a}) && !({b}))"),
            2 => format!("({a}) || !(({b}) || ({c}))"),
            3 => format!("({a}) ? ({b}) : !({c})"),
            _ => format!("(({a}) && ({b})) == ({c})"),
        });
    }
    all
}

type Cell = (i64, i64, i64);
type CellKey = (String, i32, Vec<Option<String>>);

/// One connection of either kind.
enum Db {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::PgConnection),
}

macro_rules! on {
    ($db:expr, $conn:ident => $body:expr) => {
        match $db {
            Db::Sqlite($conn) => $body,
            Db::Postgres($conn) => $body,
        }
    };
}

impl Db {
    fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    async fn fill(&mut self, records: &[Rec]) {
        on!(self, c => { sqlx::query(CREATE).execute(&mut *c).await.unwrap(); });
        for r in records {
            // A record of another tenant and one of another register must stay out.
            for (tenant, register) in [("t", "dossier"), ("other", "dossier"), ("t", "other")] {
                on!(self, c => {
                    sqlx::query(INSERT).bind(tenant).bind(register).bind(&r.id).bind(r.unit).bind(r.state).bind(r.version)
                        .bind(r.created.to_string()).bind(r.updated.to_string()).bind(&r.body).execute(&mut *c).await.unwrap();
                });
            }
        }
    }

    async fn matching(&mut self, condition: &str) -> BTreeSet<String> {
        let sql = format!("SELECT id FROM record WHERE tenant = 't' AND register = 'dossier' AND {condition}");
        on!(self, c => {
            let rows = sqlx::query(sqlx::AssertSqlSafe(sql.clone())).fetch_all(&mut *c).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
            rows.iter().map(|r| r.get::<String, _>(0)).collect()
        })
    }

    async fn recount(&mut self, sql: &str, dims: usize) -> BTreeMap<CellKey, Cell> {
        on!(self, c => {
            let rows = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).bind("t").bind("dossier").fetch_all(&mut *c).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
            rows.iter().map(|r| {
                let dims = (0..dims).map(|d| r.get::<Option<String>, _>(5 + d)).collect();
                let month = i32::try_from(r.get::<i64, _>(1)).unwrap();
                ((r.get::<String, _>(0), month, dims), (r.get(2), r.get(3), r.get(4)))
            }).collect()
        })
    }
}

async fn check(mut db: Db) {
    let start: Timestamp = "2025-06-01T00:00:00Z".parse().unwrap();
    let now = start.plus_micros(40 * DAY + 5);
    let records = records(start);
    db.fill(&records).await;
    let schema = schema();

    let mut varied = 0;
    for text in conditions() {
        let rule = Rule::condition(&schema, &text).unwrap_or_else(|e| panic!("{text}: {e}"));
        let held = |r: &&Rec| rule.holds(r.meta(), &r.body, now).unwrap();
        let ours: BTreeSet<String> = records.iter().filter(held).map(|r| r.id.clone()).collect();
        let sql = rule.to_sql(&schema, db.dialect(), now);
        assert_eq!(db.matching(&sql).await, ours, "{text}\n{sql}");
        varied += usize::from(!ours.is_empty() && ours.len() < records.len());
    }
    assert!(varied > 150, "conditions that hold for all or none prove little: only {varied} vary");

    let checked = CheckedSet::check(&schema, &indicators()).unwrap();
    let mut engine = Engine::new(Symbols::default());
    let register = engine.add_register(&checked).unwrap();
    engine.advance(start).unwrap();
    let mut slots = Slots::default();
    for (i, r) in (0..).zip(&records) {
        engine.read_into(register, r.meta(), &r.body, &mut slots).unwrap();
        engine.apply(Change { register, record: i, before: None, after: Some(&slots) }).unwrap();
    }
    // By time, not all at once: the due queue must have kept up.
    for hour in 0..=40 {
        engine.advance(start.plus_days(hour)).unwrap();
    }
    engine.advance(now).unwrap();
    for (i, def) in indicators().iter().enumerate() {
        let sql = checked.contribution_sql(i, db.dialect(), now).unwrap().recount();
        let mut counted = BTreeMap::new();
        for cell in engine.all_cells().into_iter().filter(|c| c.indicator.0 as usize == i) {
            let dims: Vec<Option<String>> = serde_json::from_str(&cell.dims).unwrap();
            let unit = engine.symbols().units.text(cell.unit).to_owned();
            counted.insert((unit, cell.month.0, dims), (cell.num, cell.den, cell.n));
        }
        assert!(counted.len() > 3, "{def:?} counts too little to prove anything");
        assert_eq!(db.recount(&sql, def.breakdowns.len()).await, counted, "{def:?}\n{sql}");
    }
}

#[tokio::test]
async fn sqlite_agrees() {
    check(Db::Sqlite(sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap())).await;
}

#[tokio::test]
async fn postgres_agrees() {
    match std::env::var("HAIDANG_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => check(Db::Postgres(sqlx::PgConnection::connect(&url).await.unwrap())).await,
        _ => assert!(std::env::var_os("HAIDANG_TEST_STRICT").is_none(), "HAIDANG_TEST_POSTGRES is not set"),
    }
}
