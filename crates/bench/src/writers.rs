//! Sixty-four writers, each waiting for its own change to be durable, beside the same rows written raw to the same database.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use office::Office;
use sqlx::AssertSqlSafe;
use store::{Command, DataSource, Db, Expect, RecordId, RecordWrite};

use crate::{Fault, Options, Place, Report, Result, data, import, table::grouped};

const WRITERS: usize = 64;
/// Part of the raw speed that is asked.
const ASKED: f64 = 0.4;

pub(crate) async fn measure(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    let sqlite = place.sqlite("writers");
    place.drop(&sqlite).await?;
    on(options, place, report, &sqlite, "SQLite").await?;
    if let Some(postgres) = place.postgres("writers").await? {
        on(options, place, report, &postgres, "PostgreSQL").await?;
    }
    Ok(())
}

async fn on(options: &Options, place: &Place, report: &mut Report, source: &DataSource, name: &str) -> Result<()> {
    let office = place.office(source, 10).await?;
    let length = Duration::from_secs(options.amount(4, 15));
    // Turn and turn about, so that a busy moment of the machine falls on all three.
    let (mut single, mut ours, mut batch) = (Rate::default(), Rate::default(), Rate::default());
    for turn in 0..3 {
        single.add(raw(&office, options.seed, length / 3, Raw::Single, turn).await?);
        ours.add(through_store(&office, options.seed, length / 3, turn).await?);
        batch.add(raw(&office, options.seed, length / 3, Raw::Batches, turn).await?);
    }
    import::counted(&office).await?;
    let share = ours.per_s() / single.per_s();
    report.judged(
        &format!("64 writers, single durable changes, share of raw, {name}"),
        "≥ 40 %",
        format!("{:.0} % ({} of {}/s)", share * 100.0, grouped(ours.per_s()), grouped(single.per_s())),
        share >= ASKED,
    );
    report.beside(
        "  share of the same rows raw in transactions of 64",
        format!("{:.0} % (of {}/s)", ours.per_s() / batch.per_s() * 100.0, grouped(batch.per_s())),
    );
    office.close().await?;
    place.drop(source).await
}

#[derive(Default)]
struct Rate {
    changes: u64,
    time: Duration,
}

impl Rate {
    fn add(&mut self, (changes, time): (u64, Duration)) {
        self.changes += changes;
        self.time += time;
    }
    fn per_s(&self) -> f64 {
        self.changes as f64 / self.time.as_secs_f64()
    }
}

fn write(seed: u64, n: u64) -> RecordWrite {
    let row = data::dossier(seed, n);
    RecordWrite {
        register: data::REGISTER.into(),
        id: RecordId::new(),
        expect: Expect::New,
        key: row.key,
        unit: row.unit,
        state: row.state.unwrap_or_default(),
        fields: row.fields,
        kind: "create".into(),
        authority: None,
    }
}

async fn through_store(office: &Office, seed: u64, length: Duration, turn: u64) -> Result<(u64, Duration)> {
    let next = Arc::new(AtomicU64::new(turn * 100_000_000));
    let begin = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..WRITERS {
        let (office, next) = (office.clone(), next.clone());
        tasks.spawn(async move {
            let mut done = 0;
            while begin.elapsed() < length {
                let write = write(seed, next.fetch_add(1, Ordering::Relaxed));
                let command = Command { actor: "bench".into(), on_behalf: None, at: office.now(), idempotency: None, writes: vec![write] };
                office.store().commit(command).await?;
                done += 1;
            }
            Ok::<u64, Fault>(done)
        });
    }
    sum(tasks, begin).await
}

async fn sum(mut tasks: tokio::task::JoinSet<Result<u64>>, begin: Instant) -> Result<(u64, Duration)> {
    let mut done = 0;
    while let Some(result) = tasks.join_next().await {
        done += result.map_err(|e| Fault::Wrong(e.to_string()))??;
    }
    Ok((done, begin.elapsed()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    /// Sixty-four tasks, one durable transaction for each row.
    Single,
    /// One task, one durable transaction for sixty-four rows.
    Batches,
}

/// One change as bare rows: what stands in the tables after it, made beforehand, so that only writing is timed.
struct Rows {
    record: [String; 9],
    entry: [String; 6],
    seq: i64,
}

/// Raw rows lie in the same tables under a tenant of their own, which the program never looks at.
const RAW: &str = "raw";
static RAW_SEQ: AtomicU64 = AtomicU64::new(0);

fn rows(seed: u64, n: u64, at: &str) -> Rows {
    let w = write(seed, n);
    let body = serde_json::Value::Object(w.fields).to_string();
    let (id, key) = (w.id.to_string(), w.key.unwrap_or_default());
    let salt = format!("{:032x}", w.id.as_u128());
    let entry_body = format!("{{\"new\":{body}}}");
    Rows {
        record: [w.register.clone(), id.clone(), key, w.unit, w.state, at.to_owned(), at.to_owned(), salt, body],
        entry: [RecordId::new().to_string(), w.register, id, "create".into(), at.to_owned(), entry_body],
        seq: i64::try_from(RAW_SEQ.fetch_add(1, Ordering::Relaxed)).unwrap_or(i64::MAX),
    }
}

const RECORD: &str = "INSERT INTO record (tenant,register,id,key,unit,state,created_at,updated_at,salt,body,version) VALUES ";
const ENTRY: &str = "INSERT INTO entry (tenant,id,register,record_id,kind,at,body,seq,record_version,actor,on_behalf,authority) VALUES ";

fn texts(db: &Db, rows: usize) -> (Arc<str>, Arc<str>) {
    let values = |columns: usize, tail: &str| -> String {
        let place = |n: usize| if matches!(db, Db::Sqlite { .. }) { "?".to_owned() } else { format!("${n}") };
        let row = |r: usize| format!("({}{tail})", (1..=columns).map(|c| place(r * columns + c)).collect::<Vec<_>>().join(","));
        (0..rows).map(row).collect::<Vec<_>>().join(",")
    };
    ((RECORD.to_owned() + &values(10, ",1")).into(), (ENTRY.to_owned() + &values(8, ",1,'bench',NULL,NULL")).into())
}

macro_rules! insert {
    ($connection:expr, $texts:expr, $rows:expr) => {{
        let mut records = sqlx::query(AssertSqlSafe($texts.0.clone()));
        let mut entries = sqlx::query(AssertSqlSafe($texts.1.clone()));
        for r in $rows {
            records = records.bind(RAW);
            for v in &r.record {
                records = records.bind(v.as_str());
            }
            entries = entries.bind(RAW);
            for v in &r.entry {
                entries = entries.bind(v.as_str());
            }
            entries = entries.bind(r.seq);
        }
        records.execute(&mut *$connection).await?;
        entries.execute(&mut *$connection).await?;
    }};
}

async fn put(db: &Db, texts: &(Arc<str>, Arc<str>), rows: &[Rows]) -> Result<()> {
    match db {
        Db::Sqlite { write, .. } => {
            let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
            insert!(tx, texts, rows);
            tx.commit().await?;
        }
        Db::Postgres(pool) => {
            let mut tx = pool.begin().await?;
            insert!(tx, texts, rows);
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn raw(office: &Office, seed: u64, length: Duration, how: Raw, turn: u64) -> Result<(u64, Duration)> {
    let db = office.store().db().clone();
    let at = office.now().to_string();
    let next = Arc::new(AtomicU64::new(turn * 100_000_000 + if how == Raw::Single { 30_000_000 } else { 60_000_000 }));
    let (tasks_wanted, rows_each) = if how == Raw::Single { (WRITERS, 1) } else { (1, WRITERS) };
    let texts = Arc::new(texts(&db, rows_each));
    let begin = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..tasks_wanted {
        let (db, next, texts, at) = (db.clone(), next.clone(), texts.clone(), at.clone());
        tasks.spawn(async move {
            let mut done = 0;
            while begin.elapsed() < length {
                let made: Vec<Rows> = (0..rows_each).map(|_| rows(seed, next.fetch_add(1, Ordering::Relaxed), &at)).collect();
                put(&db, &texts, &made).await?;
                done += rows_each as u64;
            }
            Ok::<u64, Fault>(done)
        });
    }
    sum(tasks, begin).await
}
