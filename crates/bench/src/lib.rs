//! What the program is asked to reach on two cores, measured and printed as one table. Nothing here is a timed test: a slow or busy
//! machine makes a line say "not met", never a build fail.
//!
//! Everything is measured through the doors that people use: rows go in through the importer or the store's commit, figures come out
//! of the office. The plain SQL beside it counts the same records in the same database.

#![forbid(unsafe_code)]

pub mod data;
mod deadline;
mod desk;
pub mod http;
mod import;
mod latency;
mod load;
mod place;
mod plain_sql;
mod rebuild;
mod table;
mod writers;

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use office::Office;

pub use place::Place;
pub use table::{Line, Report};

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("options: {0}")]
    Options(String),
    #[error("the pack of the measurement: {0}")]
    Pack(String),
    #[error(transparent)]
    Office(#[from] office::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Engine(#[from] figures::bench::BenchError),
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error("{0}")]
    Wrong(String),
}

pub type Result<T> = std::result::Result<T, Fault>;

/// Serves an office over HTTP; gives `address` (host:port) and `path` of the question "168 units × 12 months × 20 indicators".
pub type HttpHook = Arc<dyn Fn(Office) -> BoxFuture<'static, std::result::Result<(String, String), String>> + Send + Sync>;

/// How to measure.
#[derive(Clone)]
pub struct Options {
    /// 1 million records imported and 10 million rebuilt, instead of 200,000 and 1 million.
    pub full: bool,
    /// Folder for the databases; a temporary one, removed afterwards, by default.
    pub data: Option<PathBuf>,
    /// Maintenance address of a PostgreSQL: databases are made and dropped there.
    pub postgres: Option<String>,
    pub seed: u64,
    /// Names of parts (`engine`, `deadline`, `import`, `latency`, `writers`, `matrix`, `rebuild`, `sql`, `desk`, `load`); empty = all.
    pub only: Vec<String>,
    pub http: Option<HttpHook>,
    /// The program itself, for what is measured in a process of its own.
    pub program: Option<PathBuf>,
    /// How long people are at work; two minutes, ten in the full run, by default.
    pub minutes: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { full: false, data: None, postgres: None, seed: 57, only: Vec::new(), http: None, program: None, minutes: None }
    }
}

impl Options {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|o| o == part)
    }

    /// Quick or full amount.
    fn amount(&self, quick: u64, full: u64) -> u64 {
        if self.full { full } else { quick }
    }
}

/// Measures and reports; progress goes to standard error.
///
/// # Errors
/// A database cannot be used, or a figure came out wrong.
pub async fn run(options: &Options) -> Result<Report> {
    let place = Place::new(options).await?;
    let mut report = Report::new(options);
    let result = parts(options, &place, &mut report).await;
    place.leave().await?;
    result.map(|()| report)
}

async fn parts(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    if options.wants("engine") {
        engine(options, report).await?;
    }
    if options.wants("deadline") {
        deadline::measure(options, report)?;
    }
    if options.wants("latency") || options.wants("matrix") {
        latency::measure(options, place, report).await?;
    }
    if options.wants("writers") {
        writers::measure(options, place, report).await?;
    }
    if options.wants("import") || options.wants("rebuild") || options.wants("sql") {
        import::measure(options, place, report).await?;
    }
    if options.wants("rebuild") {
        rebuild::measure(options, place, report).await?;
    }
    if options.wants("sql") {
        plain_sql::measure(options, place, report).await?;
    }
    if options.wants("desk") {
        desk::measure(options, place, report).await?;
    }
    if options.wants("load") {
        load::measure(options, place, report).await?;
    }
    Ok(())
}

async fn engine(options: &Options, report: &mut Report) -> Result<()> {
    let changes = usize::try_from(options.amount(500_000, 2_000_000)).unwrap_or(500_000);
    let measured =
        tokio::task::spawn_blocking(move || figures::bench::engine(changes, 50)).await.map_err(|e| Fault::Wrong(e.to_string()))??;
    let asked = 300_000.0;
    report.at_least("engine alone, 50 indicators, one core", asked, measured.changes_per_s, "changes/s");
    report.beside("  the same with both JSON bodies read", format!("{:.0} changes/s", measured.with_json_per_s));
    report.at_most("168 units × 12 months × 20 indicators, engine, p99", Duration::from_millis(5), measured.matrix_p99);
    Ok(())
}

/// The value at or above which `percent` of all stand; sorts. Exact, no buckets.
pub(crate) fn percentile(times: &mut [Duration], percent: f64) -> Duration {
    times.sort_unstable();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
    let at = ((times.len() as f64 * percent / 100.0).ceil() as usize).saturating_sub(1);
    times.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_exact() {
        let mut times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&mut times, 50.0), Duration::from_millis(100));
        assert_eq!(percentile(&mut times, 99.0), Duration::from_millis(198));
        assert_eq!(percentile(&mut times, 100.0), Duration::from_millis(200));
        assert_eq!(percentile(&mut [], 99.0), Duration::ZERO);
    }
}
