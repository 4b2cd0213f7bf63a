//! The two databases behind one narrow door: text with `$n` parameters in, rows out.

use std::{path::PathBuf, str::FromStr, time::Duration};

use futures::{StreamExt, stream::BoxStream};
use sqlx::{
    AssertSqlSafe, Column, Row as _, TypeInfo,
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
const SQLITE_BUSY: Duration = Duration::from_secs(15);
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
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

/// One bound value.
#[derive(Debug, Clone, Copy)]
pub enum P<'a> {
    Text(&'a str),
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

fn sqlite_query<'q>(sql: &str, params: &[P<'_>]) -> Query<'q, Sqlite, SqliteArguments> {
    let mut q = sqlx::query(AssertSqlSafe(sql.to_owned()));
    for p in params {
        q = match *p {
            P::Text(t) => q.bind(t.to_owned()),
            P::OptText(t) => q.bind(t.map(str::to_owned)),
            P::Int(i) => q.bind(i),
            P::OptInt(i) => q.bind(i),
            P::Blob(b) => q.bind(b.to_vec()),
        };
    }
    q
}

fn postgres_query<'q>(sql: &str, params: &[P<'_>]) -> Query<'q, Postgres, PgArguments> {
    let mut q = sqlx::query(AssertSqlSafe(sql.to_owned()));
    for p in params {
        q = match *p {
            P::Text(t) => q.bind(t.to_owned()),
            P::OptText(t) => q.bind(t.map(str::to_owned)),
            P::Int(i) => q.bind(i),
            P::OptInt(i) => q.bind(i),
            P::Blob(b) => q.bind(b.to_vec()),
        };
    }
    q
}

impl Db {
    /// Opens the database; creates the folder and the file where there is none.
    pub async fn open(source: &DataSource) -> Result<Self> {
        match source {
            DataSource::Folder(dir) => {
                std::fs::create_dir_all(dir).map_err(|e| Error::Config(format!("cannot create the data folder {}: {e}", dir.display())))?;
                let options = SqliteConnectOptions::new()
                    .filename(dir.join("haidang.db"))
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(SQLITE_BUSY)
                    .statement_cache_capacity(256)
                    .pragma("temp_store", "memory")
                    .pragma("cache_size", "-65536")
                    .pragma("mmap_size", "1073741824")
                    .pragma("wal_autocheckpoint", "4000");
                let write = SqlitePoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE).connect_with(options.clone()).await?;
                let read = SqlitePoolOptions::new()
                    .max_connections(SQLITE_READERS)
                    .acquire_timeout(ACQUIRE)
                    .connect_with(options.pragma("query_only", "on").row_buffer_size(512))
                    .await?;
                Ok(Self::Sqlite { write, read })
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
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A writing transaction in which every statement sees one moment (for the sequencer).
    pub async fn begin_snapshot_write(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?),
        })
    }

    /// A reading transaction in which every statement sees one moment.
    pub async fn begin_read(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?),
        })
    }

    /// Runs a reading statement outside any transaction.
    pub async fn fetch(&self, sql: &str, params: &[P<'_>]) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite { read, .. } => sqlite_query(sql, params).fetch_all(read).await?.into_iter().map(Row::Sqlite).collect(),
            Self::Postgres(pool) => postgres_query(sql, params).fetch_all(pool).await?.into_iter().map(Row::Postgres).collect(),
        })
    }

    /// Runs a writing statement in a transaction of its own; the number of rows it touched.
    pub async fn execute(&self, sql: &str, params: &[P<'_>]) -> Result<u64> {
        Ok(match self {
            Self::Sqlite { write, .. } => sqlite_query(sql, params).execute(write).await?.rows_affected(),
            Self::Postgres(pool) => postgres_query(sql, params).execute(pool).await?.rows_affected(),
        })
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
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
            Self::Sqlite(tx) => sqlite_query(sql, params).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect(),
            Self::Postgres(tx) => postgres_query(sql, params).fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect(),
        })
    }

    /// Rows as they come, for results that do not fit in memory.
    pub fn stream<'s>(&'s mut self, sql: &str, params: &[P<'_>]) -> BoxStream<'s, Result<Row>> {
        match self {
            Self::Sqlite(tx) => sqlite_query(sql, params).fetch(&mut **tx).map(|r| Ok(Row::Sqlite(r?))).boxed(),
            Self::Postgres(tx) => postgres_query(sql, params).fetch(&mut **tx).map(|r| Ok(Row::Postgres(r?))).boxed(),
        }
    }

    pub async fn execute(&mut self, sql: &str, params: &[P<'_>]) -> Result<u64> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite_query(sql, params).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => postgres_query(sql, params).execute(&mut **tx).await?.rows_affected(),
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
