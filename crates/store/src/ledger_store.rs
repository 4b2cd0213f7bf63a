//! The tenant's Merkle tree in the database: head, tiles, signed checkpoints; and the sequencer of PostgreSQL.

use std::{borrow::Cow, collections::HashMap, sync::Arc, time::Duration};

use ledger::{Checkpoint, Frontier, Hash, Plan, SigningKey, Tile, TileId, TileWriter};
use rules::Timestamp;

use crate::{
    commit::{Times, insert_many},
    db::{Db, P, Tx},
    dialect,
    entry::{self, Entry, Line},
    error::{Error, Result},
    replay,
    store::{Inner, Store},
};

/// Entries that get their place in one transaction at most.
const SEQUENCE_BATCH: i64 = 8192;
/// The sequencer looks for work of other processes at least this often, should a notification be lost.
const SEQUENCE_TICK: Duration = Duration::from_millis(500);
/// PostgreSQL keeps a taken row until it is swept away, and every look at what waits walks over it: after so many taken ones they are swept.
const SWEEP_AFTER: usize = 4096;
const SWEEP: &str = "VACUUM (TRUNCATE OFF, INDEX_CLEANUP ON, ANALYZE) pending";

const HEAD: &str = "SELECT size,root,frontier FROM head WHERE tenant=$1";
const SET_HEAD: &str = "INSERT INTO head (tenant,size,root,frontier,at) VALUES ($1,$2,$3,$4,$5) \
     ON CONFLICT (tenant) DO UPDATE SET size=excluded.size, root=excluded.root, frontier=excluded.frontier, at=excluded.at";
const TILE: &str = "SELECT hashes FROM tile WHERE tenant=$1 AND level=$2 AND idx=$3";
const TILE_HEAD: &str = "INSERT INTO tile (tenant,level,idx,hashes) VALUES ";
const TILE_TAIL: &str = " ON CONFLICT (tenant,level,idx) DO UPDATE SET hashes=excluded.hashes";
const ENTRY_HEAD: &str =
    "INSERT INTO entry (tenant,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body,seq) VALUES ";
const SET_CHECKPOINT: &str =
    "INSERT INTO checkpoint (tenant,size,root,note,at) VALUES ($1,$2,$3,$4,$5) ON CONFLICT (tenant,size) DO NOTHING";
const CHECKPOINTS: &str = "SELECT size,root,note,at FROM checkpoint WHERE tenant=$1 ORDER BY size DESC LIMIT $2";
const ANY_PENDING: &str = "SELECT id FROM pending WHERE tenant=$1 LIMIT 1";
const PENDING_COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM pending WHERE tenant=$1";

/// Size and root of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub size: i64,
    pub root: Hash,
}

/// A checkpoint as it was signed and published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    pub size: i64,
    pub root: String,
    /// C2SP signed note.
    pub note: String,
    pub at: Timestamp,
}

/// The right edge of the tree, kept between batches; checked against the database before each use.
#[derive(Default)]
pub(crate) struct HeadCache(Option<TileWriter>);

impl HeadCache {
    pub(crate) fn forget(&mut self) {
        self.0 = None;
    }
}

pub(crate) async fn size(tx: &mut Tx, tenant: &str) -> Result<i64> {
    tx.fetch(HEAD, &[P::Text(tenant)]).await?.first().map_or(Ok(0), |r| r.int(0))
}

fn corrupt(e: impl std::fmt::Display) -> Error {
    Error::Corrupt(e.to_string())
}

async fn resume(tx: &mut Tx, tenant: &str) -> Result<TileWriter> {
    let Some(row) = tx.fetch(HEAD, &[P::Text(tenant)]).await?.pop() else { return Ok(TileWriter::new()) };
    let frontier = Frontier::from_bytes(&row.blob(2)?).map_err(corrupt)?;
    let mut tiles: HashMap<TileId, Vec<u8>> = HashMap::new();
    for id in TileWriter::edge_tiles(frontier.size()) {
        if let Some(bytes) = read_tile(tx, tenant, id).await? {
            tiles.insert(id, bytes);
        }
    }
    TileWriter::resume(frontier, |id| tiles.get(&id).map(Vec::as_slice)).map_err(corrupt)
}

async fn read_tile(tx: &mut Tx, tenant: &str, id: TileId) -> Result<Option<Vec<u8>>> {
    let params = [P::Text(tenant), P::Int(id.level.into()), P::Int(id.idx as i64)];
    tx.fetch(TILE, &params).await?.first().map(|r| r.blob(0)).transpose()
}

pub(crate) async fn write_tiles(tx: &mut Tx, tenant: &str, tiles: &[Tile]) -> Result<()> {
    let rows = tiles.iter().map(|t| [P::Text(tenant), P::Int(t.id.level.into()), P::Int(t.id.idx as i64), P::Blob(&t.hashes)]);
    insert_many(tx, TILE_HEAD, TILE_TAIL, rows).await
}

/// Gives the entries their places, one after the other, writes them, and extends the tree. Returns the leaf index of the first.
pub(crate) async fn append(inner: &Inner, tx: &mut Tx, cache: &mut HeadCache, lines: &[Line<'_>]) -> Result<i64> {
    let tenant = P::Text(&inner.tenant);
    let stored = size(tx, &inner.tenant).await?;
    let mut writer = match cache.0.take() {
        // Another process may have written meanwhile.
        Some(w) if w.size() as i64 == stored => w,
        _ => resume(tx, &inner.tenant).await?,
    };
    let first = stored;
    let leaves: Vec<Hash> = lines.iter().map(|l| l.leaf.unwrap_or_else(|| ledger::leaf_hash(&l.entry.leaf_bytes(&inner.tenant)))).collect();
    let tiles = writer.append(&leaves);
    let mut times = Times::default();
    let times: Vec<Arc<str>> = lines.iter().map(|l| times.text(l.entry.at)).collect();
    let rows = lines.iter().zip(&times).enumerate().map(|(i, (line, at))| {
        let mut row = [P::Int(first + i as i64); 12];
        row[..11].copy_from_slice(&line.columns(&inner.tenant, at));
        row
    });
    insert_many(tx, ENTRY_HEAD, "", rows).await?;
    write_tiles(tx, &inner.tenant, &tiles).await?;
    let at = lines.last().map_or(Timestamp(0), |l| l.entry.at).to_string();
    let (root, frontier) = (writer.root().to_string(), writer.frontier().to_bytes());
    tx.execute(SET_HEAD, &[tenant, P::Int(writer.size() as i64), P::Text(&root), P::Blob(&frontier), P::Text(&at)]).await?;
    // If the commit fails the caller forgets this cache.
    cache.0 = Some(writer);
    Ok(first)
}

/// Gives committed entries their places until the store closes (PostgreSQL). Any process may; one at a time does.
pub(crate) async fn sequencer(inner: Arc<Inner>) {
    let mut listener = listen(&inner.db).await;
    let mut sweeper = Sweeper::default();
    loop {
        match sequence_once(&inner).await {
            Ok(0) => {}
            Ok(taken) => {
                sweeper.taken(&inner.db, taken);
                continue;
            }
            Err(e) => {
                inner.forget_head().await;
                if !inner.is_closing() {
                    tracing::warn!(error = %e, "the sequencer tries again");
                }
            }
        }
        if inner.is_closing() {
            return;
        }
        let notified = async {
            match &mut listener {
                Some(l) => drop(l.recv().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = inner.sequencer_wake.notified() => {}
            () = notified => {}
            () = tokio::time::sleep(SEQUENCE_TICK) => {}
        }
        if inner.is_closing() {
            return;
        }
    }
}

/// Sweeps beside the sequencer, one sweep at a time.
#[derive(Default)]
struct Sweeper {
    taken: usize,
    running: Option<tokio::task::JoinHandle<()>>,
}

impl Sweeper {
    fn taken(&mut self, db: &Db, rows: usize) {
        self.taken += rows;
        if self.taken < SWEEP_AFTER || self.running.as_ref().is_some_and(|r| !r.is_finished()) {
            return;
        }
        self.taken = 0;
        let db = db.clone();
        self.running = Some(tokio::spawn(async move {
            // The database does it by itself, later.
            if let Err(e) = db.execute(SWEEP, &[]).await {
                tracing::debug!(error = %e, "taken entries were not swept");
            }
        }));
    }
}

async fn listen(db: &Db) -> Option<sqlx::postgres::PgListener> {
    let Db::Postgres(pool) = db else { return None };
    let mut listener = sqlx::postgres::PgListener::connect_with(pool).await.ok()?;
    listener.listen("haidang").await.ok()?;
    Some(listener)
}

async fn any_pending(inner: &Inner) -> Result<bool> {
    Ok(!inner.db.fetch(ANY_PENDING, &[P::Text(&inner.tenant)]).await?.is_empty())
}

/// How many got their places.
async fn sequence_once(inner: &Inner) -> Result<usize> {
    if !any_pending(inner).await? {
        return Ok(0);
    }
    let mut cache = inner.head.lock().await;
    let mut tx = inner.db.begin_snapshot_write().await?;
    let leased = tx.fetch(dialect::SEQUENCER_LEASE, &[P::Text(&inner.tenant)]).await?.first().map_or(Ok(0), |r| r.int(0))?;
    if leased == 0 {
        tx.rollback().await?;
        // Another process takes our entries too.
        inner.forget_all_changes();
        return Ok(0);
    }
    let mut entries = Vec::new();
    for row in tx.fetch(dialect::TAKE_PENDING, &[P::Text(&inner.tenant), P::Int(SEQUENCE_BATCH)]).await? {
        entries.push(entry::from_row(&row, false)?);
    }
    if entries.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    keep_version_order(&mut entries);
    let lines: Vec<Line<'_>> =
        entries.iter().map(|e| Line { entry: Cow::Borrowed(e), record: e.record_id.to_string().into(), leaf: None }).collect();
    let first = append(inner, &mut tx, &mut cache, &lines).await?;
    let changes = match inner.expected_changes(&entries, first) {
        Some(changes) => changes,
        // Another process wrote some of them.
        None => replay::changes(&mut tx, &inner.tenant, &entries, first + entries.len() as i64).await?,
    };
    if let Err(e) = tx.commit().await {
        cache.forget();
        return Err(e);
    }
    inner.forget_changes(entries.iter().map(|e| e.id.as_str()));
    inner.publish(changes);
    Ok(entries.len())
}

/// Two hosts' clocks may disagree, so ids alone may put a record's later entry first: its versions decide among its own places.
fn keep_version_order(entries: &mut [Entry]) {
    let mut places: HashMap<(String, crate::RecordId), Vec<usize>> = HashMap::new();
    for (i, e) in entries.iter().enumerate() {
        places.entry((e.register.clone(), e.record_id)).or_default().push(i);
    }
    for list in places.into_values().filter(|l| l.len() > 1) {
        let mut own: Vec<Entry> = list.iter().map(|&i| entries[i].clone()).collect();
        own.sort_by_key(|e| e.record_version);
        for (i, e) in list.into_iter().zip(own) {
            entries[i] = e;
        }
    }
}

impl Store {
    /// Size and root of the tenant's tree.
    pub async fn head(&self) -> Result<Head> {
        match self.db().fetch(HEAD, &[P::Text(self.tenant())]).await?.first() {
            Some(row) => Ok(Head { size: row.int(0)?, root: row.str(1)?.parse().map_err(corrupt)? }),
            None => Ok(Head { size: 0, root: Hash::EMPTY_ROOT }),
        }
    }

    pub(crate) async fn is_waiting(&self) -> Result<bool> {
        any_pending(self.inner()).await
    }

    /// Entries that are committed and wait for their place (always 0 on SQLite).
    pub async fn waiting(&self) -> Result<i64> {
        self.db().fetch(PENDING_COUNT, &[P::Text(self.tenant())]).await?.first().map_or(Ok(0), |r| r.int(0))
    }

    /// Signs the present tree and keeps the note; the log's origin is the name of its key. An empty tree is signed too.
    pub async fn sign_checkpoint(&self, key: &SigningKey, at: Timestamp) -> Result<SignedCheckpoint> {
        let head = self.head().await?;
        let checkpoint = Checkpoint { origin: key.name().to_owned(), size: head.size as u64, root: head.root, extensions: Vec::new() };
        let note = ledger::sign_checkpoint(&checkpoint, key).map_err(corrupt)?;
        let root = head.root.to_string();
        let params = [P::Text(self.tenant()), P::Int(head.size), P::Text(&root), P::Text(&note), P::Text(&at.to_string())];
        self.db().execute(SET_CHECKPOINT, &params).await?;
        Ok(SignedCheckpoint { size: head.size, root, note, at })
    }

    /// The newest checkpoints, newest first.
    pub async fn checkpoints(&self, limit: i64) -> Result<Vec<SignedCheckpoint>> {
        let rows = self.db().fetch(CHECKPOINTS, &[P::Text(self.tenant()), P::Int(limit.clamp(1, 10_000))]).await?;
        rows.iter().map(|r| Ok(SignedCheckpoint { size: r.int(0)?, root: r.text(1)?, note: r.text(2)?, at: r.str(3)?.parse()? })).collect()
    }

    /// Bytes of a tile, as they are published.
    pub async fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>> {
        let params = [P::Text(self.tenant()), P::Int(id.level.into()), P::Int(id.idx as i64)];
        self.db().fetch(TILE, &params).await?.first().map(|r| r.blob(0)).transpose()
    }

    /// That leaf `seq` is in the tree of `size` leaves.
    pub async fn inclusion_proof(&self, seq: i64, size: i64) -> Result<Vec<Hash>> {
        self.proof(Plan::inclusion(seq as u64, size as u64).map_err(corrupt)?).await
    }

    /// That the tree of `to` leaves only adds to the tree of `from` leaves.
    pub async fn consistency_proof(&self, from: i64, to: i64) -> Result<Vec<Hash>> {
        self.proof(Plan::consistency(from as u64, to as u64).map_err(corrupt)?).await
    }

    async fn proof(&self, plan: Plan) -> Result<Vec<Hash>> {
        let mut tiles = HashMap::new();
        for id in plan.tiles() {
            if let Some(bytes) = self.tile(id).await? {
                tiles.insert(id, bytes);
            }
        }
        plan.build_from(&tiles).map_err(corrupt)
    }
}
