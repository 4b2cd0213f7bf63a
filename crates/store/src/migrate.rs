//! Forward-only migrations, run at start under a lock. A newer database refuses an older program.

use crate::{
    db::{Db, Engine, P},
    dialect,
    error::{Error, Result},
};

/// Each file once, in order; its number is its place in this list plus one.
const FILES: &[&str] = &[
    include_str!("../migrations/0001_kernel.sql"),
    include_str!("../migrations/0002_search.sql"),
    include_str!("../migrations/0003_job.sql"),
    include_str!("../migrations/0004_desk.sql"),
    include_str!("../migrations/0005_answer.sql"),
    include_str!("../migrations/0006_elsewhere.sql"),
    include_str!("../migrations/0007_desk_keys.sql"),
    include_str!("../migrations/0008_received.sql"),
];

const CREATE_VERSION: &str = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)";
const CURRENT_VERSION: &str = "SELECT CAST(COALESCE(MAX(version),0) AS BIGINT) FROM schema_version";
const RECORD_VERSION: &str = "INSERT INTO schema_version (version) VALUES ($1)";

/// The schema that this program writes.
#[must_use]
pub fn known_version() -> i64 {
    i64::try_from(FILES.len()).unwrap_or(i64::MAX)
}

/// Brings the database to the schema of this program; does nothing when it is there already.
pub async fn run(db: &Db) -> Result<()> {
    let mut tx = db.begin_write().await?;
    if tx.engine() == Engine::Postgres {
        tx.fetch(dialect::MIGRATION_LOCK, &[]).await?;
    }
    tx.script(CREATE_VERSION).await?;
    let found = tx.fetch(CURRENT_VERSION, &[]).await?.first().map_or(Ok(0), |r| r.int(0))?;
    let known = known_version();
    if found > known {
        return Err(Error::NewerDatabase { found, known });
    }
    let done = usize::try_from(found).unwrap_or(0);
    for (i, text) in FILES.iter().enumerate().skip(done) {
        let engine = tx.engine();
        tx.script(&dialect::migration_text(engine, text)).await?;
        tx.execute(RECORD_VERSION, &[P::Int(i as i64 + 1)]).await?;
        tracing::info!(version = i + 1, "schema migrated");
    }
    tx.commit().await
}
