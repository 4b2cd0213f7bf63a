//! One tenant's door to the database.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use tokio::sync::{Mutex, Notify, broadcast, mpsc, oneshot};

use crate::{
    blob::Blobs,
    commit::{self, Command, Job, Outcome},
    db::{DataSource, Db, Engine, P},
    entry::Entry,
    error::{Error, Result},
    ledger_store::{self, HeadCache},
    migrate,
    replay::Change,
    search::SearchKey,
};

/// Batches of changes a follower may be behind before it has to read the ledger instead.
const FEED: usize = 1024;

/// Changes kept at most for the sequencer; beyond, it reads them back.
const EXPECTED: usize = 65_536;

/// What the store must know of a register: which fields never reach the ledger in clear, which are searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterMeta {
    pub personal: Vec<String>,
    /// Searched by whoever sees the record.
    pub search: Vec<String>,
    /// Searched by those alone who see personal fields.
    pub search_personal: Vec<String>,
}

const TOUCH_HEAD: &str = "UPDATE head SET at=at WHERE tenant=$1";
const TENANTS: &str = "SELECT tenant FROM head WHERE size>0 ORDER BY tenant";

pub(crate) struct Inner {
    pub tenant: String,
    pub db: Db,
    pub head: Mutex<HeadCache>,
    pub sequencer_wake: Notify,
    registers: RwLock<BTreeMap<String, Arc<RegisterMeta>>>,
    search_key: RwLock<Option<SearchKey>>,
    feed: broadcast::Sender<Arc<Vec<Change>>>,
    /// Changes this process committed that wait for their place in the ledger, by entry (PostgreSQL).
    expected: std::sync::Mutex<HashMap<String, Change>>,
    /// Entries in the index since the database last counted its tables.
    pub uncounted: AtomicI64,
    closing: AtomicBool,
}

impl Inner {
    pub fn meta(&self, register: &str) -> Arc<RegisterMeta> {
        let registers = self.registers.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        registers.get(register).cloned().unwrap_or_default()
    }

    pub fn metas(&self) -> BTreeMap<String, Arc<RegisterMeta>> {
        self.registers.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub fn search_key(&self) -> Option<SearchKey> {
        self.search_key.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub fn set_search_key(&self, key: SearchKey) {
        *self.search_key.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(key);
    }

    pub fn publish(&self, changes: Vec<Change>) {
        // Nobody listening is no fault.
        let _ = self.feed.send(Arc::new(changes));
    }

    fn expected(&self) -> std::sync::MutexGuard<'_, HashMap<String, Change>> {
        self.expected.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Keeps what is being committed, so that it need not be read back when it gets its place.
    pub fn expect_changes(&self, changes: impl Iterator<Item = (String, Change)>) {
        let mut expected = self.expected();
        if expected.len() > EXPECTED {
            // Another process sequences: it takes the entries, and nobody fetches these.
            expected.clear();
        }
        expected.extend(changes);
    }

    /// The changes of these entries, the first of which has leaf index `first`; none where one of them is not known here.
    pub fn expected_changes(&self, entries: &[Entry], first: i64) -> Option<Vec<Change>> {
        let expected = self.expected();
        (first..).zip(entries).map(|(seq, e)| expected.get(&e.id).map(|c| Change { seq, ..c.clone() })).collect()
    }

    pub fn forget_changes<'e>(&self, ids: impl Iterator<Item = &'e str>) {
        let mut expected = self.expected();
        for id in ids {
            expected.remove(id);
        }
    }

    pub fn forget_all_changes(&self) {
        self.expected().clear();
    }

    pub fn wake_sequencer(&self) {
        self.sequencer_wake.notify_one();
    }

    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    pub async fn forget_head(&self) {
        self.head.lock().await.forget();
    }
}

/// One tenant's records, ledger and figures. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    queue: mpsc::Sender<Job>,
    blobs: Blobs,
}

/// Tenants whose ledger a database holds, in the order of their names; none where there is no database yet, and nothing is created.
pub async fn tenants(source: &DataSource) -> Result<Vec<String>> {
    if let DataSource::Folder(dir) = source
        && !dir.join("haidang.db").is_file()
    {
        return Ok(Vec::new());
    }
    let db = Db::open(source).await?;
    let found = match db.fetch(TENANTS, &[]).await {
        Ok(rows) => rows.iter().map(|r| r.text(0)).collect(),
        // A database without our tables.
        Err(Error::Database(_)) => Ok(Vec::new()),
        Err(e) => Err(e),
    };
    db.close().await;
    found
}

impl Store {
    /// Opens the database, migrates it, and starts the writers.
    ///
    /// `blobs` is the folder of attachments; by default it lies in the data folder (SQLite) or in `haidang-files` beside the
    /// working folder (PostgreSQL).
    pub async fn open(source: &DataSource, tenant: &str, blobs: Option<&Path>) -> Result<Self> {
        let db = Db::open(source).await?;
        migrate::run(&db).await?;
        let folder = match (blobs, source) {
            (Some(b), _) => b.to_owned(),
            (None, DataSource::Folder(dir)) => dir.join("files"),
            (None, DataSource::Postgres(_)) => PathBuf::from("haidang-files"),
        };
        Self::over(db, tenant, Blobs::new(&folder)?)
    }

    fn over(db: Db, tenant: &str, blobs: Blobs) -> Result<Self> {
        if tenant.is_empty() || !tenant.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(Error::Config(format!("a tenant's name is made of a–z, 0–9 and '-', not {tenant:?}")));
        }
        let (queue, jobs) = mpsc::channel(commit::QUEUE);
        let engine = db.engine();
        let inner = Arc::new(Inner {
            tenant: tenant.to_owned(),
            db,
            head: Mutex::default(),
            sequencer_wake: Notify::new(),
            registers: RwLock::default(),
            search_key: RwLock::default(),
            feed: broadcast::channel(FEED).0,
            expected: std::sync::Mutex::default(),
            uncounted: AtomicI64::new(0),
            closing: AtomicBool::new(false),
        });
        commit::start(&inner, jobs);
        if engine == Engine::Postgres {
            tokio::spawn(ledger_store::sequencer(inner.clone()));
        }
        Ok(Self { inner, queue, blobs })
    }

    pub(crate) async fn forget_head(&self) {
        self.inner.forget_head().await;
    }

    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.inner.tenant
    }

    #[must_use]
    pub fn engine(&self) -> Engine {
        self.inner.db.engine()
    }

    /// The database itself, for statements of this crate.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// Tells which fields of a register are personal and which are searched. Must be known before the register is written.
    pub fn set_register(&self, register: &str, meta: RegisterMeta) {
        let mut registers = self.inner.registers.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        registers.insert(register.to_owned(), Arc::new(meta));
    }

    /// Commits one act durably; it shares its transaction with whatever else waits.
    ///
    /// # Errors
    /// [`Error::Conflict`] with the present record when a version is stale; nothing of the act is done then.
    pub async fn commit(&self, command: Command) -> Result<Outcome> {
        self.enqueue(command, false).await
    }

    /// As [`Store::commit`], for one part of a whole that nobody is told of before [`Store::sync`]: it may return before the disk has it.
    pub async fn commit_part(&self, command: Command) -> Result<Outcome> {
        self.enqueue(command, true).await
    }

    async fn enqueue(&self, command: Command, relaxed: bool) -> Result<Outcome> {
        let (reply, answer) = oneshot::channel();
        self.queue.send(Job { command, relaxed, reply }).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    /// What was committed before is on the disk.
    pub async fn sync(&self) -> Result<()> {
        match self.engine() {
            // A commit that waits for the disk brings everything before it there as well.
            Engine::Sqlite => self.db().execute(TOUCH_HEAD, &[P::Text(self.tenant())]).await.map(drop),
            Engine::Postgres => Ok(()),
        }
    }

    /// What is committed, as it gets its place in the ledger. A follower that falls too far behind is told (`Lagged`) and
    /// reads [`Store::changes_after`] instead.
    #[must_use]
    pub fn follow(&self) -> broadcast::Receiver<Arc<Vec<Change>>> {
        self.inner.feed.subscribe()
    }

    /// Waits until every committed entry has its place (PostgreSQL; at once on SQLite).
    pub async fn settle(&self) -> Result<()> {
        while self.is_waiting().await? {
            self.inner.wake_sequencer();
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        Ok(())
    }

    /// Stops the writers and closes the database. What was acknowledged is on disk.
    pub async fn close(&self) {
        self.inner.closing.store(true, Ordering::Relaxed);
        self.inner.sequencer_wake.notify_waiters();
        self.inner.wake_sequencer();
        self.inner.db.close().await;
    }
}
