//! The two databases behind one narrow door: text with `$n` parameters in, rows out.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, stream::BoxStream};
use sqlx::{
    Arguments as _, AssertSqlSafe, Column, Connection as _, Row as _, TypeInfo,
    postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow, Postgres},
    query::Query,
    sqlite::{
        Sqlite, SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};

use crate::error::{Error, Result};

/// Readers beside the one writer of a SQLite file.
const SQLITE_READERS: u32 = 8;
/// How long a statement waits for another process's write lock before the caller hears "busy".
const SQLITE_BUSY: Duration = Duration::from_secs(5);
/// A row of a record or an entry that is larger than a quarter of a page spills onto pages of its own; on pages of 8 KB a dossier does not.
const SQLITE_PAGE: u32 = 8192;
/// Page cache of the writer and of each reader, in KB (negative = KB, not pages). The system's own cache stands behind both.
const SQLITE_WRITER_CACHE: &str = "-65536";
const SQLITE_READER_CACHE: &str = "-8192";
/// Log pages after which a committing writer itself copies the log into the file, should the task beside it be late (512 MB).
const SQLITE_LOG_PAGES: &str = "65536";
/// Rows written between two copies of the log by the task beside the writer (some 64 MB of dossiers).
const SQLITE_LOG_ROWS: usize = 65_536;
/// A commit of one row writes as many pages as so many rows of a large one.
const SQLITE_LOG_COMMIT: usize = 128;
/// Bytes that the log keeps when it begins anew; what is above goes back to the disk.
const SQLITE_LOG_KEPT: &str = "134217728";
/// Pages of a log that is worth a moment without a writer (320 MB): by itself it begins anew whenever nobody writes for a moment.
const SQLITE_LOG_LONG: i64 = 320 * 1024 / 8;
/// Pages of it that are left for that moment (8 MB), and how often the log is copied at most to come so far.
const SQLITE_LOG_REST: i64 = 8 * 1024 / 8;
const SQLITE_LOG_ROUNDS: usize = 5;
/// How long writers wait for readers at most so that the log can begin anew; it is tried again after as many rows.
const SQLITE_LOG_WAIT: Duration = Duration::from_millis(100);
/// Connections to PostgreSQL per process.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a request waits for a free connection before it is told the database cannot be reached.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Which database, for the few texts that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Where the data is: a folder (SQLite file `haidang.db` and attachments inside) or a PostgreSQL address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataSource {
    Folder(PathBuf),
    Postgres(String),
}

impl FromStr for DataSource {
    type Err = Error;
    fn from_str(s: &str) -> Result<Self> {
        if s.starts_with("postgres://") || s.starts_with("postgresql://") {
            Ok(Self::Postgres(s.to_owned()))
        } else if s.trim().is_empty() {
            Err(Error::Config("--data needs a folder or a postgres:// address".into()))
        } else {
            Ok(Self::Folder(PathBuf::from(s)))
        }
    }
}

/// A pool of connections to one of the two databases.
#[derive(Debug, Clone)]
pub enum Db {
    Sqlite { write: SqlitePool, read: SqlitePool, log: Arc<LogState> },
    Postgres(PgPool),
}

/// When the write-ahead log was last copied into the file.
#[derive(Debug, Default)]
pub struct LogState {
    rows: AtomicUsize,
    copying: AtomicBool,
    /// A transaction did not wait for the disk: from then on every other one says for itself that it does.
    relaxed: AtomicBool,
}

/// One bound value.
#[derive(Debug, Clone, Copy)]
pub enum P<'a> {
    Text(&'a str),
    /// A long text that is held anyway: SQLite's connection shares it instead of copying it.
    Shared(&'a Arc<str>),
    OptText(Option<&'a str>),
    Int(i64),
    OptInt(Option<i64>),
    Blob(&'a [u8]),
}

/// One row of either database, read by position.
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! getter {
    ($name:ident, $t:ty) => {
        pub fn $name(&self, i: usize) -> Result<$t> {
            match self {
                Self::Sqlite(r) => Ok(r.try_get(i)?),
                Self::Postgres(r) => Ok(r.try_get(i)?),
            }
        }
    };
}

impl Row {
    getter!(text, String);
    getter!(opt_text, Option<String>);
    getter!(int, i64);
    getter!(opt_int, Option<i64>);
    getter!(blob, Vec<u8>);

    /// Text without a copy.
    pub fn str(&self, i: usize) -> Result<&str> {
        match self {
            Self::Sqlite(r) => Ok(r.try_get(i)?),
            Self::Postgres(r) => Ok(r.try_get(i)?),
        }
    }
}

/// An open transaction. Dropped without `commit`, it is rolled back.
pub enum Tx {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// Values laid out for one statement.
pub(crate) enum Bound {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

impl P<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(t) => Some(t),
            Self::Shared(t) => Some(t),
            Self::OptText(t) => *t,
            Self::Int(_) | Self::OptInt(_) | Self::Blob(_) => None,
        }
    }

    fn says(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::OptInt(a), Self::OptInt(b)) => a == b,
            (Self::Blob(a), Self::Blob(b)) => a == b,
            (Self::OptText(None), Self::OptText(None)) => true,
            (a, b) => a.text().is_some_and(|t| b.text() == Some(t)),
        }
    }
}

/// Columns that say the same in all rows.
pub(crate) fn alike<const N: usize>(rows: &[[P<'_>; N]]) -> [bool; N] {
    std::array::from_fn(|i| rows.windows(2).all(|pair| pair[0][i].says(&pair[1][i])))
}

/// Lays rows of values out, those of the columns that are `alike` once and last. A text that stands in the same column of the row before
/// is not copied again.
fn sqlite_rows<const N: usize>(rows: &[[P<'_>; N]], alike: &[bool; N]) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(rows.len() * N, 0);
    let mut above: [Option<Arc<str>>; N] = [const { None }; N];
    let mut add = |p: &P<'_>, above: &mut Option<Arc<str>>| {
        match *p {
            P::Text(t) | P::OptText(Some(t)) => match above {
                Some(known) if **known == *t => arguments.add(known.clone()),
                _ => arguments.add(above.insert(Arc::from(t)).clone()),
            },
            P::Shared(t) => arguments.add(t.clone()),
            P::OptText(None) => arguments.add(None::<&str>),
            P::Int(i) => arguments.add(i),
            P::OptInt(i) => arguments.add(i),
            P::Blob(b) => arguments.add(b),
        }
        .map_err(sqlx::Error::Encode)
    };
    for row in rows {
        for ((p, above), _) in row.iter().zip(&mut above).zip(alike).filter(|(_, alike)| !**alike) {
            add(p, above)?;
        }
    }
    for ((p, above), _) in rows.iter().take(1).flatten().zip(&mut above).zip(alike).filter(|(_, alike)| **alike) {
        add(p, above)?;
    }
    Ok(arguments)
}

fn postgres_arguments(params: &[P<'_>]) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    arguments.reserve(params.len(), params.len() * 16);
    for p in params {
        match *p {
            P::Text(t) => arguments.add(t),
            P::Shared(t) => arguments.add(&**t),
            P::OptText(t) => arguments.add(t),
            P::Int(i) => arguments.add(i),
            P::OptInt(i) => arguments.add(i),
            P::Blob(b) => arguments.add(b),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn sqlite_arguments(params: &[P<'_>]) -> Result<SqliteArguments> {
    sqlite_rows(params.as_chunks::<1>().0, &[false])
}

impl Bound {
    /// `alike`: columns that are bound once (SQLite).
    pub(crate) fn new<const N: usize>(engine: Engine, rows: &[[P<'_>; N]], alike: &[bool; N]) -> Result<Self> {
        Ok(match engine {
            Engine::Sqlite => Self::Sqlite(sqlite_rows(rows, alike)?),
            Engine::Postgres => Self::Postgres(postgres_arguments(rows.as_flattened())?),
        })
    }
}

fn sqlite_query<'q>(sql: &str, params: &[P<'_>]) -> Result<Query<'q, Sqlite, SqliteArguments>> {
    Ok(sqlx::query_with(AssertSqlSafe(sql.to_owned()), sqlite_arguments(params)?))
}

fn postgres_query<'q>(sql: &str, params: &[P<'_>]) -> Result<Query<'q, Postgres, PgArguments>> {
    Ok(sqlx::query_with(AssertSqlSafe(sql.to_owned()), postgres_arguments(params)?))
}

/// Creates a folder that only the program's user can enter: it holds names, telephone numbers and password hashes.
pub(crate) fn private_folder(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// A file is always there: its connections are all in use, or wait for another process's lock.
fn in_file(e: sqlx::Error) -> Error {
    match e {
        sqlx::Error::PoolTimedOut => Error::Busy,
        e => e.into(),
    }
}

/// Copies the log into the file while others write, again as long as they wrote much meanwhile, then the rest in a moment without a
/// writer, and begins the log anew. In an import there is always a writer: without that moment the log would grow for as long as it
/// lasts, and every read walks it.
async fn copy_log(read: &SqlitePool, write: &SqlitePool) -> std::result::Result<(), sqlx::Error> {
    for _ in 0..SQLITE_LOG_ROUNDS {
        let copied = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(read).await?;
        let (in_log, in_file): (i64, i64) = (copied.try_get(1)?, copied.try_get(2)?);
        if in_log < SQLITE_LOG_LONG {
            return Ok(());
        }
        if in_log - in_file < SQLITE_LOG_REST {
            break;
        }
    }
    let mut writer = write.acquire().await?;
    busy_timeout(&mut writer, SQLITE_LOG_WAIT).await?;
    let begun = sqlx::query("PRAGMA wal_checkpoint(RESTART)").execute(&mut *writer).await;
    busy_timeout(&mut writer, SQLITE_BUSY).await?;
    begun.map(drop)
}

async fn busy_timeout(connection: &mut sqlx::SqliteConnection, wait: Duration) -> std::result::Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(format!("PRAGMA busy_timeout={}", wait.as_millis()))).execute(connection).await.map(drop)
}

impl Db {
    /// Opens the database; creates the folder and the file where there is none.
    pub async fn open(source: &DataSource) -> Result<Self> {
        match source {
            DataSource::Folder(dir) => {
                private_folder(dir).map_err(|e| Error::Config(format!("cannot create the data folder {}: {e}", dir.display())))?;
                let options = SqliteConnectOptions::new()
                    .filename(dir.join("haidang.db"))
                    .create_if_missing(true)
                    .page_size(SQLITE_PAGE)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(SQLITE_BUSY)
                    .statement_cache_capacity(256)
                    .pragma("temp_store", "memory")
                    .pragma("wal_autocheckpoint", SQLITE_LOG_PAGES)
                    .pragma("journal_size_limit", SQLITE_LOG_KEPT);
                let writer = options.clone().pragma("cache_size", SQLITE_WRITER_CACHE);
                // After a full disk SQLite ends a transaction by itself, and the driver's count of open ones stays wrong for good: such
                // a connection is closed, and a new one takes its place.
                let log = Arc::<LogState>::default();
                let pool = || {
                    let log = log.clone();
                    SqlitePoolOptions::new().before_acquire(move |connection, _| {
                        let (clean, relaxed) = (!connection.is_in_transaction(), log.relaxed.load(Ordering::Relaxed));
                        Box::pin(async move {
                            if clean && relaxed {
                                sqlx::query("PRAGMA synchronous=FULL").execute(connection).await?;
                            }
                            Ok(clean)
                        })
                    })
                };
                let write = pool().max_connections(1).acquire_timeout(ACQUIRE).connect_with(writer).await?;
                let read = pool()
                    .max_connections(SQLITE_READERS)
                    .acquire_timeout(ACQUIRE)
                    .connect_with(options.pragma("cache_size", SQLITE_READER_CACHE).pragma("query_only", "on").row_buffer_size(512))
                    .await?;
                Ok(Self::Sqlite { write, read, log })
            }
            DataSource::Postgres(url) => {
                let options: PgConnectOptions = url.parse().map_err(|e| Error::Config(format!("not a PostgreSQL address: {e}")))?;
                let pool = PgPoolOptions::new()
                    .max_connections(POSTGRES_CONNECTIONS)
                    .acquire_timeout(ACQUIRE)
                    .connect_with(options.application_name("haidang"))
                    .await
                    .map_err(|e| Error::Unreachable(format!("{e}. Is PostgreSQL running, and is the address right?")))?;
                Ok(Self::Postgres(pool))
            }
        }
    }

    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// A writing transaction. On SQLite it takes the write lock at once, so that nothing read in it can be stale.
    pub async fn begin_write(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await.map_err(in_file)?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A writing transaction whose commit need not be on the disk when it returns: it is there with the next one that is, in order. After
    /// a loss of power it may be gone, whole. On PostgreSQL one like any other.
    pub async fn begin_relaxed(&self) -> Result<Tx> {
        let Self::Sqlite { write, log, .. } = self else { return self.begin_write().await };
        log.relaxed.store(true, Ordering::Relaxed);
        Ok(Tx::Sqlite(write.begin_with("PRAGMA synchronous=NORMAL; BEGIN IMMEDIATE").await.map_err(in_file)?))
    }

    /// A writing transaction in which every statement sees one moment (for the sequencer).
    pub async fn begin_snapshot_write(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await.map_err(in_file)?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?),
        })
    }

    /// A reading transaction in which every statement sees one moment.
    pub async fn begin_read(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin().await.map_err(in_file)?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?),
        })
    }

    /// Runs a reading statement outside any transaction.
    pub async fn fetch(&self, sql: &str, params: &[P<'_>]) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite { read, .. } => {
                sqlite_query(sql, params)?.fetch_all(read).await.map_err(in_file)?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(pool) => postgres_query(sql, params)?.fetch_all(pool).await?.into_iter().map(Row::Postgres).collect(),
        })
    }

    /// Runs a writing statement in a transaction of its own; the number of rows it touched.
    pub async fn execute(&self, sql: &str, params: &[P<'_>]) -> Result<u64> {
        Ok(match self {
            Self::Sqlite { write, .. } => sqlite_query(sql, params)?.execute(write).await.map_err(in_file)?.rows_affected(),
            Self::Postgres(pool) => postgres_query(sql, params)?.execute(pool).await?.rows_affected(),
        })
    }

    /// Told after each commit how many records it wrote. SQLite's log is copied into the file by a task of its own: the writer
    /// would stand still meanwhile. The second step holds the writer for the little that came in between, so that the log
    /// begins anew and does not grow for ever.
    pub(crate) fn written(&self, rows: usize) {
        let Self::Sqlite { read, write, log } = self else { return };
        let rows = rows + SQLITE_LOG_COMMIT;
        if log.rows.fetch_add(rows, Ordering::Relaxed) + rows < SQLITE_LOG_ROWS || log.copying.swap(true, Ordering::AcqRel) {
            return;
        }
        log.rows.store(0, Ordering::Relaxed);
        let (read, write, log) = (read.clone(), write.clone(), log.clone());
        tokio::spawn(async move {
            // The writer does it by itself when the log has grown too long.
            if let Err(e) = copy_log(&read, &write).await
                && !read.is_closed()
            {
                tracing::debug!(error = %e, "the log was not copied");
            }
            log.copying.store(false, Ordering::Release);
        });
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    pub async fn fetch(&mut self, sql: &str, params: &[P<'_>]) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite_query(sql, params)?.fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect(),
            Self::Postgres(tx) => postgres_query(sql, params)?.fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect(),
        })
    }

    /// Rows as they come, for results that do not fit in memory.
    pub fn stream<'s>(&'s mut self, sql: &str, params: &[P<'_>]) -> BoxStream<'s, Result<Row>> {
        let rows = match self {
            Self::Sqlite(tx) => sqlite_query(sql, params).map(|q| q.fetch(&mut **tx).map(|r| Ok(Row::Sqlite(r?))).boxed()),
            Self::Postgres(tx) => postgres_query(sql, params).map(|q| q.fetch(&mut **tx).map(|r| Ok(Row::Postgres(r?))).boxed()),
        };
        rows.unwrap_or_else(|e| futures::stream::once(async { Err(e) }).boxed())
    }

    /// Runs a writing statement whose values are laid out already.
    pub(crate) async fn run(&mut self, sql: &Arc<str>, bound: Bound) -> Result<u64> {
        let sql = AssertSqlSafe(sql.clone());
        match (self, bound) {
            (Self::Sqlite(tx), Bound::Sqlite(a)) => Ok(sqlx::query_with(sql, a).execute(&mut **tx).await?.rows_affected()),
            (Self::Postgres(tx), Bound::Postgres(a)) => Ok(sqlx::query_with(sql, a).execute(&mut **tx).await?.rows_affected()),
            _ => Err(Error::Database("values were laid out for the other database".into())),
        }
    }

    pub async fn execute(&mut self, sql: &str, params: &[P<'_>]) -> Result<u64> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite_query(sql, params)?.execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => postgres_query(sql, params)?.execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Several statements without parameters (migrations).
    pub async fn script(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(tx) => {
                sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut **tx).await?;
            }
            Self::Postgres(tx) => {
                sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    pub async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

/// Column names and types as the database itself tells them, for the test that prepares every statement on both.
#[doc(hidden)]
pub async fn describe(db: &Db, sql: &str) -> Result<Vec<(String, String)>> {
    use sqlx::Executor as _;
    let sql = AssertSqlSafe(sql.to_owned());
    Ok(match db {
        Db::Sqlite { read, .. } => {
            let d = read.describe(sqlx::SqlSafeStr::into_sql_str(sql)).await?;
            d.columns().iter().map(|c| (c.name().to_owned(), c.type_info().name().to_owned())).collect()
        }
        Db::Postgres(pool) => {
            let d = pool.describe(sqlx::SqlSafeStr::into_sql_str(sql)).await?;
            d.columns().iter().map(|c| (c.name().to_owned(), c.type_info().name().to_owned())).collect()
        }
    })
}
