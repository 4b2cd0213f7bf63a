//! Recomputes the tree from the entries, and the records from the ledger, and names the first difference.

use std::{collections::BTreeMap, sync::Arc};

use futures::TryStreamExt;
use ledger::{TileId, TileWriter, VerifierKey, open_checkpoint};
use serde_json::{Map, Value};

use crate::{
    db::{P, Row, Tx},
    desk_keys::DeskKeys,
    entry::{self, Entry, SEALED},
    error::{Error, Result},
    ledger_store::write_tiles,
    record::{self, Record, RecordId},
    replay::{Direction, State, step},
    store::Store,
};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Everything agrees.
    Whole { entries: i64, records: i64, checkpoints: i64 },
    /// The first difference, in words.
    Difference(String),
}

const RECORD_PAGE: &str = "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body,next_due,person,receiving,received,linked FROM record \
     WHERE tenant=$1 AND register=$2 AND id>$3 ORDER BY id LIMIT $4";
const ENTRIES_OF_RECORDS: &str = "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry \
     WHERE tenant=$1 AND register=$2 AND record_id>$3 AND record_id<=$4 ORDER BY record_id,record_version";
const PENDING_OF_RECORDS: &str = "SELECT id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM pending \
     WHERE tenant=$1 AND register=$2 AND record_id>$3 AND record_id<=$4 ORDER BY record_id,record_version";
const REGISTERS: &str =
    "SELECT DISTINCT register FROM entry WHERE tenant=$1 UNION SELECT DISTINCT register FROM record WHERE tenant=$1 ORDER BY 1";
const LEAVES: &str = "SELECT hashes FROM tile WHERE tenant=$1 AND level=0 AND idx=$2";
const ENTRIES_OF_TILE: &str = "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry \
     WHERE tenant=$1 AND seq>=$2 AND seq<$3 ORDER BY seq LIMIT 4096";
const HEAD: &str = "SELECT size,root,frontier FROM head WHERE tenant=$1";
const TILE: &str = "SELECT hashes FROM tile WHERE tenant=$1 AND level=$2 AND idx=$3";
const TILE_COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM tile WHERE tenant=$1";
const CLEAR_TILES: &str = "DELETE FROM tile WHERE tenant=$1";
const SET_FRONTIER: &str = "UPDATE head SET frontier=$2 WHERE tenant=$1";
const CHECKPOINTS: &str = "SELECT size,root,note FROM checkpoint WHERE tenant=$1 ORDER BY size";

/// Checks one tenant inside one snapshot. `known` are the keys that may have signed checkpoints.
///
/// `figures_at` is the leaf index at which persisted figures are true; each record as it was there is handed to `each`, so that
/// the caller can count the figures anew in the same walk. `kept` are signed checkpoints that were kept elsewhere: whoever can write
/// the database can also delete the ones in it.
pub async fn verify(
    store: &Store,
    known: &[VerifierKey],
    kept: &[String],
    figures_at: i64,
    each: &mut (dyn FnMut(&State) -> Result<()> + Send),
) -> Result<Finding> {
    let mut tx = store.db().begin_read().await?;
    let tenant = store.tenant();
    let size = match verify_tree(&mut tx, tenant, known, kept).await? {
        Ok(size) => size,
        Err(finding) => return Ok(finding),
    };
    let registers: Vec<String> = tx.fetch(REGISTERS, &[P::Text(tenant)]).await?.iter().map(|r| r.text(0)).collect::<Result<_>>()?;
    let mut records = 0;
    for register in registers {
        match verify_register(&mut tx, tenant, &register, figures_at, each).await? {
            Ok(n) => records += n,
            Err(finding) => return Ok(finding),
        }
    }
    let checkpoints = tx.fetch(CHECKPOINTS, &[P::Text(tenant)]).await?.len() as i64;
    Ok(Finding::Whole { entries: size, records, checkpoints })
}

async fn verify_tree(tx: &mut Tx, tenant: &str, known: &[VerifierKey], kept: &[String]) -> Result<std::result::Result<i64, Finding>> {
    let difference = |text: String| Ok(Err(Finding::Difference(text)));
    let mut wanted: BTreeMap<i64, String> = BTreeMap::new();
    for row in tx.fetch(CHECKPOINTS, &[P::Text(tenant)]).await? {
        let (size, root, note) = (row.int(0)?, row.text(1)?, row.text(2)?);
        match open_checkpoint(&note, known) {
            Ok(opened) if opened.checkpoint.size as i64 == size && opened.checkpoint.root.to_string() == root => {}
            Ok(_) => return difference(format!("checkpoint {size}: the signed note speaks of another size or root than its row")),
            Err(e) => return difference(format!("checkpoint {size}: {e}")),
        }
        wanted.insert(size, root);
    }
    for note in kept {
        match open_checkpoint(note, known) {
            Ok(opened) => {
                let (size, root) = (opened.checkpoint.size as i64, opened.checkpoint.root.to_string());
                if wanted.get(&size).is_some_and(|r| *r != root) {
                    return difference(format!("checkpoint {size}: the one kept elsewhere has another root than the one in the database"));
                }
                wanted.insert(size, root);
            }
            Err(e) => return difference(format!("the checkpoint kept elsewhere: {e}")),
        }
    }
    let mut tree = TileWriter::new();
    // A tile that is not full yet has its last form only at the end.
    let mut unfinished: BTreeMap<TileId, Vec<u8>> = BTreeMap::new();
    let (mut tiles, mut wrong, mut wrong_tile) = (0, None, None);
    let first_wrong = async |tx: &mut Tx, tile: &TileId, hashes: &[u8]| tile_difference(tx, tenant, tile, hashes).await;
    'pages: loop {
        let at = tree.size() as i64;
        let page = tx.fetch(ENTRIES_OF_TILE, &[P::Text(tenant), P::Int(at), P::Int(i64::MAX)]).await?;
        if page.is_empty() {
            break;
        }
        let mut leaves = Vec::with_capacity(page.len());
        for row in &page {
            let e = entry::from_row(row, true)?;
            let at = tree.size() as i64 + leaves.len() as i64;
            if e.seq != Some(at) {
                return difference(format!("entry {at} is missing: the next one is {}", e.seq.unwrap_or(-1)));
            }
            leaves.push(ledger::leaf_hash(&e.leaf_bytes(tenant)));
        }
        // Up to each checkpoint on the way, and then to the end of the page.
        let end = at + leaves.len() as i64;
        let mut done = 0;
        for stop in wanted.range(at + 1..end).map(|(size, _)| *size).chain([end]) {
            let upto = usize::try_from(stop - at).unwrap_or(leaves.len());
            for tile in tree.append(&leaves[done..upto]) {
                if tile.hashes.len() < ledger::TILE_WIDTH * size_of::<ledger::Hash>() {
                    unfinished.insert(tile.id, tile.hashes);
                    continue;
                }
                unfinished.remove(&tile.id);
                tiles += 1;
                if wrong_tile.is_none() {
                    wrong_tile = first_wrong(tx, &tile.id, &tile.hashes).await?;
                }
            }
            done = upto;
            if let Some(root) = wanted.get(&stop)
                && *root != tree.root().to_string()
            {
                wrong = Some(format!("the tree of the first {stop} entries has root {}, its checkpoint says {root}", tree.root()));
                break 'pages;
            }
        }
    }
    let size = tree.size() as i64;
    let root = tree.root().to_string();
    let head = tx.fetch(HEAD, &[P::Text(tenant)]).await?.pop();
    let (head_size, head_root, frontier) = match head {
        Some(row) => (row.int(0)?, row.text(1)?, row.blob(2)?),
        None => (0, ledger::Hash::EMPTY_ROOT.to_string(), tree.frontier().to_bytes()),
    };
    if wrong.is_none() {
        if let Some((beyond, _)) = wanted.range(size + 1..).next() {
            wrong = Some(format!("there is a checkpoint of {beyond} entries, but the ledger has only {size}"));
        } else if (head_size, head_root.as_str()) != (size, root.as_str()) {
            wrong = Some(format!("the ledger has {size} entries with root {root}, its head says {head_size} with root {head_root}"));
        }
    }
    if wrong.is_none() {
        // The entries are whole; what is derived from them for proofs and for going on must be so too.
        for (id, hashes) in &unfinished {
            tiles += 1;
            if wrong_tile.is_none() {
                wrong_tile = first_wrong(tx, id, hashes).await?;
            }
        }
        let stored = tx.fetch(TILE_COUNT, &[P::Text(tenant)]).await?.first().map_or(Ok(0), |r| r.int(0))?;
        if let Some(text) = wrong_tile {
            return difference(text);
        } else if stored != tiles {
            return difference(format!("there are {stored} tiles of the tree, the entries give {tiles}; {REPAIR}"));
        } else if frontier != tree.frontier().to_bytes() {
            return difference(format!("the right edge of the tree kept in its head is not what the entries give; {REPAIR}"));
        }
    }
    match wrong {
        None => Ok(Ok(size)),
        Some(text) => difference(match first_changed(tx, tenant, size).await? {
            Some(entry) => format!("{entry}; {text}"),
            None => text,
        }),
    }
}

/// What to do about tiles: they follow from the entries.
const REPAIR: &str = "the entries are whole: `haidang verify --repair-tiles` derives it from them anew";

async fn tile_difference(tx: &mut Tx, tenant: &str, id: &TileId, hashes: &[u8]) -> Result<Option<String>> {
    let params = [P::Text(tenant), P::Int(id.level.into()), P::Int(id.idx as i64)];
    let stored = tx.fetch(TILE, &params).await?.first().map(|r| r.blob(0)).transpose()?;
    let what = match stored {
        Some(stored) if stored == hashes => return Ok(None),
        Some(_) => "is not what the entries give",
        None => "is missing",
    };
    Ok(Some(format!("tile {} of level {} {what}; {REPAIR}", id.idx, id.level)))
}

/// Derives the tiles and the right edge of the tree from the entries anew; the number of tiles.
///
/// # Errors
/// [`Error::Corrupt`] when the entries do not give the root that the head holds: then nothing is touched.
pub async fn repair_tiles(store: &Store) -> Result<i64> {
    let tenant = store.tenant();
    let mut tx = store.db().begin_write().await?;
    let mut tree = TileWriter::new();
    tx.execute(CLEAR_TILES, &[P::Text(tenant)]).await?;
    loop {
        let page = tx.fetch(ENTRIES_OF_TILE, &[P::Text(tenant), P::Int(tree.size() as i64), P::Int(i64::MAX)]).await?;
        if page.is_empty() {
            break;
        }
        let leaves =
            page.iter().map(|row| Ok(ledger::leaf_hash(&entry::from_row(row, true)?.leaf_bytes(tenant)))).collect::<Result<Vec<_>>>()?;
        write_tiles(&mut tx, tenant, &tree.append(&leaves)).await?;
    }
    let root = tree.root().to_string();
    match tx.fetch(HEAD, &[P::Text(tenant)]).await?.pop() {
        Some(row) if row.int(0)? == tree.size() as i64 && row.text(1)? == root => {}
        None if tree.size() == 0 => {}
        _ => return Err(Error::Corrupt("the entries do not give the root in the head of the ledger: run `haidang verify`".into())),
    }
    tx.execute(SET_FRONTIER, &[P::Text(tenant), P::Blob(&tree.frontier().to_bytes())]).await?;
    let tiles = tx.fetch(TILE_COUNT, &[P::Text(tenant)]).await?.first().map_or(Ok(0), |r| r.int(0))?;
    tx.commit().await?;
    store.forget_head().await;
    Ok(tiles)
}

/// The first entry that is not the one whose hash was kept when it was written. The tree says that something differs; the leaves
/// say where.
async fn first_changed(tx: &mut Tx, tenant: &str, size: i64) -> Result<Option<String>> {
    let width = ledger::TILE_WIDTH as i64;
    for first in (0..size).step_by(ledger::TILE_WIDTH) {
        let kept = tx.fetch(LEAVES, &[P::Text(tenant), P::Int(first / width)]).await?.first().map(|r| r.blob(0)).transpose()?;
        let rows = tx.fetch(ENTRIES_OF_TILE, &[P::Text(tenant), P::Int(first), P::Int(first + width)]).await?;
        for (row, kept) in rows.iter().zip(kept.unwrap_or_default().chunks_exact(size_of::<ledger::Hash>())) {
            let e = entry::from_row(row, true)?;
            if ledger::leaf_hash(&e.leaf_bytes(tenant)).0 != *kept {
                let (seq, register, record, version) = (e.seq.unwrap_or(-1), &e.register, e.record_id, e.record_version);
                return Ok(Some(format!("entry {seq} (version {version} of record {register}/{record}) is not the one that was written")));
            }
        }
    }
    Ok(None)
}

/// Records whose history is folded at once; bounds the memory of a walk over millions.
const RECORDS_AT_ONCE: i64 = 4096;

/// What the ledger says of one record.
struct Folded {
    record: Record,
    fields: Map<String, Value>,
    /// It was already handed over as it was at the figures' position.
    handed: bool,
}

async fn verify_register(
    tx: &mut Tx,
    tenant: &str,
    register: &str,
    figures_at: i64,
    each: &mut (dyn FnMut(&State) -> Result<()> + Send),
) -> Result<std::result::Result<i64, Finding>> {
    let (mut after, mut n) = (String::new(), 0);
    loop {
        let page = tx.fetch(RECORD_PAGE, &[P::Text(tenant), P::Text(register), P::Text(&after), P::Int(RECORDS_AT_ONCE)]).await?;
        let records = page.iter().map(|row| Ok((record::from_row(row)?, desk_keys(row)?))).collect::<Result<Vec<_>>>()?;
        // The last page also takes what the ledger knows of records beyond the last row.
        let last = (page.len() as i64) < RECORDS_AT_ONCE;
        let upto = if last { "g".to_owned() } else { records.last().map(|(r, _)| r.id.to_string()).unwrap_or_default() };
        let params = [P::Text(tenant), P::Text(register), P::Text(&after), P::Text(&upto)];
        let folded = match fold(tx, register, &params, figures_at, each).await? {
            Ok(folded) => folded,
            Err(finding) => return Ok(Err(finding)),
        };
        n += records.len() as i64;
        if let Some(text) = compare(register, &records, &folded)? {
            return Ok(Err(Finding::Difference(text)));
        }
        if last {
            return Ok(Ok(n));
        }
        after = upto;
    }
}

async fn fold(
    tx: &mut Tx,
    register: &str,
    params: &[P<'_>],
    figures_at: i64,
    each: &mut (dyn FnMut(&State) -> Result<()> + Send),
) -> Result<std::result::Result<BTreeMap<RecordId, Folded>, Finding>> {
    let mut entries = Vec::new();
    {
        let mut rows = tx.stream(ENTRIES_OF_RECORDS, params);
        while let Some(row) = rows.try_next().await? {
            entries.push(entry::from_row(&row, true)?);
        }
    }
    for row in tx.fetch(PENDING_OF_RECORDS, params).await? {
        entries.push(entry::from_row(&row, false)?);
    }
    let mut out: BTreeMap<RecordId, Folded> = BTreeMap::new();
    for e in &entries {
        let f = out.entry(e.record_id).or_insert_with(|| Folded { record: blank(register, e), fields: Map::new(), handed: false });
        if e.record_version != f.record.version + 1 {
            return Ok(Err(Finding::Difference(format!(
                "record {register}/{}: version {} follows version {} in the ledger",
                e.record_id, e.record_version, f.record.version
            ))));
        }
        if !f.handed && e.seq.is_none_or(|s| s >= figures_at) {
            f.handed = true;
            if f.record.version > 0 {
                hand(f, each)?;
            }
        }
        redo(&mut f.record, &mut f.fields, e)?;
    }
    for f in out.values_mut().filter(|f| !f.handed) {
        hand(f, each)?;
    }
    Ok(Ok(out))
}

fn blank(register: &str, e: &Entry) -> Record {
    Record {
        register: register.to_owned(),
        id: e.record_id,
        key: None,
        unit: String::new(),
        state: String::new(),
        version: 0,
        created_at: e.at,
        updated_at: e.at,
        salt: String::new(),
        body: Arc::from("{}"),
    }
}

/// Like [`step`] forward, but sealed values are kept, to be compared with the record's own.
fn redo(r: &mut Record, fields: &mut Map<String, Value>, e: &Entry) -> Result<()> {
    step(r, fields, e, Direction::Redo)?;
    for (name, pair) in e.changes()? {
        if let Some(new) = pair.get(1).filter(|n| n.get(SEALED).is_some()) {
            fields.insert(name, new.clone());
        } else if pair.get(0).is_some_and(|o| o.get(SEALED).is_some()) {
            fields.remove(&name);
        }
    }
    Ok(())
}

fn hand(f: &mut Folded, each: &mut (dyn FnMut(&State) -> Result<()> + Send)) -> Result<()> {
    f.record.body = Arc::from(serde_json::to_string(&f.fields)?);
    each(&Arc::new(f.record.clone()))
}

/// The first difference between the rows and what the ledger says of them, both in the order of their ids.
fn compare(register: &str, rows: &[(Record, DeskKeys)], folded: &BTreeMap<RecordId, Folded>) -> Result<Option<String>> {
    let mut expected = folded.values();
    for (found, keys) in rows {
        let want = match expected.next() {
            Some(want) if want.record.id == found.id => want,
            Some(want) if want.record.id < found.id => return Ok(Some(gone(register, want))),
            _ => return Ok(Some(format!("record {register}/{} is in no entry of the ledger", found.id))),
        };
        if let Some(text) = compare_one(register, found, keys, want)? {
            return Ok(Some(text));
        }
    }
    Ok(expected.next().map(|want| gone(register, want)))
}

fn gone(register: &str, want: &Folded) -> String {
    format!("record {register}/{} is in the ledger, but its row is gone", want.record.id)
}

fn desk_keys(row: &Row) -> Result<DeskKeys> {
    let text = |i| Ok::<_, Error>(row.opt_text(i)?.map(String::into_boxed_str));
    Ok(DeskKeys { next_due: text(10)?, person: text(11)?, receiving: text(12)?, received: text(13)?, linked: text(14)? })
}

fn compare_one(register: &str, found: &Record, keys: &DeskKeys, want: &Folded) -> Result<Option<String>> {
    let ledger = &want.record;
    let built_in = [
        ("unit", found.unit.clone(), ledger.unit.clone()),
        ("state", found.state.clone(), ledger.state.clone()),
        ("key", found.key.clone().unwrap_or_default(), ledger.key.clone().unwrap_or_default()),
        ("version", found.version.to_string(), ledger.version.to_string()),
        ("created_at", found.created_at.to_string(), ledger.created_at.to_string()),
        ("updated_at", found.updated_at.to_string(), ledger.updated_at.to_string()),
    ];
    if let Some((name, row, entry)) = built_in.into_iter().find(|(_, a, b)| a != b) {
        return Ok(Some(format!("record {register}/{}: {name} is {row:?}, the ledger says {entry:?}", found.id)));
    }
    let own = found.fields()?;
    for name in own.keys().chain(want.fields.keys().filter(|k| !own.contains_key(*k))) {
        let (a, b) = (own.get(name).unwrap_or(&Value::Null), want.fields.get(name).unwrap_or(&Value::Null));
        let agree = a == b || (b.get(SEALED).is_some() && entry::sealed(&found.salt, name, a) == *b);
        if !agree {
            let shown = |v: &Value| v.to_string().chars().take(120).collect::<String>();
            return Ok(Some(format!("record {register}/{}: field {name} is {}, the ledger says {}", found.id, shown(a), shown(b))));
        }
    }
    // A row that no desk finds is as good as lost.
    let expected = DeskKeys::of(&found.state, &own);
    Ok((*keys != expected).then(|| format!("record {register}/{}: its desk keys are {keys:?}, its fields give {expected:?}", found.id)))
}
