//! Where the databases of a measurement lie, and that nothing of them remains.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use office::Office;
use rules::{Timestamp, access::Actor};
use store::DataSource;

use crate::{Options, Result, data};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Folder and PostgreSQL of one run.
pub struct Place {
    folder: PathBuf,
    own: bool,
    postgres: Option<String>,
    database: String,
}

impl Place {
    pub(crate) async fn new(options: &Options) -> Result<Self> {
        let name = format!("haidang_bench_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = options.data.clone().unwrap_or_else(|| std::env::temp_dir().join(&name));
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, own: options.data.is_none(), postgres: options.postgres.clone(), database: name })
    }

    pub(crate) fn has_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    /// A SQLite database of its own.
    pub(crate) fn sqlite(&self, part: &str) -> DataSource {
        DataSource::Folder(self.folder.join(part))
    }

    /// A new PostgreSQL database; `None` without an address.
    pub(crate) async fn postgres(&self, part: &str) -> Result<Option<DataSource>> {
        let Some(url) = &self.postgres else { return Ok(None) };
        let name = format!("{}_{part}", self.database);
        let admin = store::Db::open(&DataSource::Postgres(url.clone())).await?;
        admin.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), &[]).await?;
        admin.execute(&format!("CREATE DATABASE {name}"), &[]).await?;
        admin.close().await;
        let base = url.rsplit_once('/').map_or(url.as_str(), |(base, _)| base);
        Ok(Some(DataSource::Postgres(format!("{base}/{name}"))))
    }

    pub(crate) fn options(&self, source: &DataSource) -> office::Options {
        let mut options = office::Options::new(source.clone());
        options.files = Some(self.folder.join("files"));
        options.key_file = Some(self.folder.join("ledger.key"));
        options
    }

    /// Opens an office over a database, with the first `indicators` indicators declared.
    pub(crate) async fn office(&self, source: &DataSource, indicators: usize) -> Result<Office> {
        let office = Office::open(&self.options(source)).await?;
        let now = office.now();
        office.load_packs(&Actor::system(), &data::pack(indicators)?, Timestamp(now.0)).await?;
        Ok(office)
    }

    /// Forgets a database that is no longer needed, to make room.
    pub(crate) async fn drop(&self, source: &DataSource) -> Result<()> {
        match (source, &self.postgres) {
            (DataSource::Folder(dir), _) => remove(dir)?,
            (DataSource::Postgres(address), Some(url)) => {
                let name = address.rsplit_once('/').map_or("", |(_, name)| name);
                let admin = store::Db::open(&DataSource::Postgres(url.clone())).await?;
                admin.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), &[]).await?;
                admin.close().await;
            }
            _ => {}
        }
        Ok(())
    }

    pub(crate) async fn leave(&self) -> Result<()> {
        if self.own {
            remove(&self.folder)?;
        }
        Ok(())
    }
}

fn remove(dir: &Path) -> Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

/// Bytes under a folder.
pub(crate) fn size_of(source: &DataSource) -> u64 {
    let DataSource::Folder(dir) = source else { return 0 };
    let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
    files.filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum()
}

/// Peak memory of another process in MB.
pub(crate) fn memory_of(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Peak and present memory of this process in MB, as the kernel tells: (peak, present, present without file pages).
pub(crate) fn memory_mb() -> (u64, u64, u64) {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = text.lines().find_map(|l| l.strip_prefix(name));
        line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    (of("VmHWM:"), of("VmRSS:"), of("RssAnon:"))
}

/// Lets the kernel measure the peak anew from here (Linux; elsewhere the peak is that of the whole run).
pub(crate) fn forget_peak() {
    // Not every system allows it; the peak then includes what went before, which is stated too high, never too low.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Processor time that this process has used so far: on a machine that others use too, it says more than the clock.
pub(crate) fn processor() -> std::time::Duration {
    processor_at("/proc/self/stat")
}

/// The same of another process.
pub(crate) fn processor_of(pid: u32) -> std::time::Duration {
    processor_at(&format!("/proc/{pid}/stat"))
}

fn processor_at(path: &str) -> std::time::Duration {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    // After the name in brackets: field 3 is the state, 14 and 15 are user and system time in ticks of 10 ms.
    let ticks =
        text.rsplit_once(')').map_or(0, |(_, rest)| rest.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum());
    std::time::Duration::from_millis(ticks * 10)
}
