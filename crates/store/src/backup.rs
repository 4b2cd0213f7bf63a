//! Backup while people work, and restore into an empty database of either kind.
//!
//! A backup is a folder: one gzip file of JSON lines per table, the attachments, and `manifest.json` with the SHA-256 and row
//! count of each file. All tables are read in one snapshot. Because the form is the same for both databases, a commune that
//! began on SQLite moves to PostgreSQL by `backup` and `restore`.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    blob,
    commit::insert_many,
    db::{P, Row, Tx},
    dialect,
    error::{Error, Result},
    migrate,
    store::Store,
};

/// Kind of a column in the backup: t text, o optional text, i integer, b bytes.
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, char)],
    order: &'static str,
}

/// Every table but sessions (nobody stays signed in over a restore) and what is made anew from the records: the search index.
const TABLES: &[Table] = &[
    Table {
        name: "record",
        columns: &[
            ("register", 't'),
            ("id", 't'),
            ("key", 'o'),
            ("unit", 't'),
            ("state", 't'),
            ("version", 'i'),
            ("created_at", 't'),
            ("updated_at", 't'),
            ("salt", 't'),
            ("body", 't'),
        ],
        order: "register,id",
    },
    Table {
        name: "entry",
        columns: &[
            ("seq", 'i'),
            ("id", 't'),
            ("register", 't'),
            ("record_id", 't'),
            ("record_version", 'i'),
            ("kind", 't'),
            ("actor", 't'),
            ("on_behalf", 'o'),
            ("authority", 'o'),
            ("at", 't'),
            ("body", 't'),
        ],
        order: "seq",
    },
    Table {
        name: "job",
        columns: &[
            ("kind", 't'),
            ("subject", 't'),
            ("state", 't'),
            ("done", 'i'),
            ("total", 'i'),
            ("attempts", 'i'),
            ("run_at", 't'),
            ("lease_by", 'o'),
            ("lease_until", 'o'),
            ("body", 't'),
            ("outcome", 'o'),
            ("created_at", 't'),
            ("updated_at", 't'),
        ],
        order: "kind,subject",
    },
    Table { name: "tile", columns: &[("level", 'i'), ("idx", 'i'), ("hashes", 'b')], order: "level,idx" },
    Table { name: "head", columns: &[("size", 'i'), ("root", 't'), ("frontier", 'b'), ("at", 't')], order: "size" },
    Table { name: "checkpoint", columns: &[("size", 'i'), ("root", 't'), ("note", 't'), ("at", 't')], order: "size" },
    Table {
        name: "cell",
        columns: &[
            ("indicator", 't'),
            ("version", 'i'),
            ("unit", 't'),
            ("month", 'i'),
            ("dims", 't'),
            ("num", 'i'),
            ("den", 'i'),
            ("n", 'i'),
        ],
        order: "indicator,version,unit,month,dims",
    },
    Table { name: "figure_position", columns: &[("seq", 'i'), ("clock", 't'), ("rules", 't')], order: "seq" },
    Table { name: "due", columns: &[("register", 't'), ("record_id", 't'), ("due_at", 't'), ("state", 't')], order: "register,record_id" },
    Table {
        name: "blob",
        columns: &[("sha256", 't'), ("size", 'i'), ("media_type", 't'), ("name", 't'), ("added_by", 't'), ("added_at", 't')],
        order: "sha256",
    },
    Table { name: "idempotency", columns: &[("key", 't'), ("request", 't'), ("reply", 't'), ("at", 't')], order: "key" },
    Table {
        name: "credential",
        columns: &[("account", 't'), ("login", 't'), ("password", 't'), ("changed", 't'), ("failures", 'i'), ("locked_until", 'o')],
        order: "account",
    },
];

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this form.
    pub format: u32,
    /// Schema of the database it was taken from.
    pub schema: i64,
    pub tenant: String,
    pub taken_at: String,
    /// Size and root of the ledger in it.
    pub entries: i64,
    pub root: String,
    /// File name → rows and SHA-256 of the file.
    pub files: BTreeMap<String, FileInfo>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    pub rows: i64,
    pub sha256: String,
}

const FORMAT: u32 = 1;
/// Where the record table of schema 1 had its column `search`.
const SEARCH_OF_FIRST_SCHEMA: usize = 9;

fn io(what: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |e| match e.kind() {
        std::io::ErrorKind::StorageFull => Error::DiskFull,
        _ => Error::Config(format!("{}: {e}", what.display())),
    }
}

/// Writes a backup of the tenant into a new folder. On any failure the folder is removed again.
pub async fn backup(store: &Store, folder: &Path, taken_at: rules::Timestamp) -> Result<Manifest> {
    if folder.exists() {
        return Err(Error::Config(format!("{} exists already; a backup goes into a new folder", folder.display())));
    }
    store.settle().await?;
    let partial = folder.with_extension("partial");
    let result = write_backup(store, &partial, taken_at).await;
    match result {
        Ok(manifest) => {
            fs::rename(&partial, folder).map_err(io(folder))?;
            Ok(manifest)
        }
        Err(e) => {
            let _ = fs::remove_dir_all(&partial);
            Err(e)
        }
    }
}

async fn write_backup(store: &Store, folder: &Path, taken_at: rules::Timestamp) -> Result<Manifest> {
    crate::db::private_folder(&folder.join("files")).map_err(io(folder))?;
    let mut tx = store.db().begin_read().await?;
    let mut files = BTreeMap::new();
    for table in TABLES {
        let name = format!("{}.jsonl.gz", table.name);
        let rows = write_table(&mut tx, store.tenant(), table, &folder.join(&name)).await?;
        files.insert(name.clone(), FileInfo { rows, sha256: digest(&folder.join(&name))? });
    }
    let head = tx.fetch("SELECT size,root FROM head WHERE tenant=$1", &[P::Text(store.tenant())]).await?.pop();
    let (entries, root) = match head {
        Some(r) => (r.int(0)?, r.text(1)?),
        None => (0, ledger::Hash::EMPTY_ROOT.to_string()),
    };
    for row in tx.fetch(blob::ALL, &[P::Text(store.tenant())]).await? {
        let sha256 = row.text(0)?;
        let path = folder.join("files").join(&sha256);
        fs::write(&path, store.blobs().get(store.tenant(), &sha256).await?).map_err(io(&path))?;
        files.insert(format!("files/{sha256}"), FileInfo { rows: 1, sha256 });
    }
    tx.rollback().await?;
    let manifest = Manifest {
        format: FORMAT,
        schema: migrate::known_version(),
        tenant: store.tenant().to_owned(),
        taken_at: taken_at.to_string(),
        entries,
        root,
        files,
    };
    let path = folder.join("manifest.json");
    fs::write(&path, serde_json::to_vec_pretty(&manifest)?).map_err(io(&path))?;
    check(folder)
}

async fn write_table(tx: &mut Tx, tenant: &str, table: &Table, path: &Path) -> Result<i64> {
    let names: Vec<&str> = table.columns.iter().map(|c| c.0).collect();
    let sql = format!("SELECT {} FROM {} WHERE tenant=$1 ORDER BY {}", names.join(","), table.name, table.order);
    let mut out = GzEncoder::new(BufWriter::new(File::create(path).map_err(io(path))?), Compression::fast());
    let mut rows = tx.stream(&sql, &[P::Text(tenant)]);
    let mut n = 0;
    while let Some(row) = rows.try_next().await? {
        let line = line_of(&row, table)?;
        out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).map_err(io(path))?;
        n += 1;
    }
    let file = out.finish().and_then(|b| b.into_inner().map_err(std::io::IntoInnerError::into_error)).map_err(io(path))?;
    file.sync_all().map_err(io(path))?;
    Ok(n)
}

fn line_of(row: &Row, table: &Table) -> Result<String> {
    let mut values = Vec::with_capacity(table.columns.len());
    for (i, (_, kind)) in table.columns.iter().enumerate() {
        values.push(match kind {
            'i' => Value::from(row.int(i)?),
            'b' => Value::from(STANDARD.encode(row.blob(i)?)),
            'o' => row.opt_text(i)?.map_or(Value::Null, Value::from),
            _ => Value::from(row.text(i)?),
        });
    }
    Ok(serde_json::to_string(&values)?)
}

fn digest(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(io(path))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0u8; 1 << 16];
    loop {
        let n = file.read(&mut buffer).map_err(io(path))?;
        if n == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..n]);
    }
}

/// What a backup says of itself; nothing of it is checked.
pub fn manifest(folder: &Path) -> Result<Manifest> {
    let text = fs::read(folder.join("manifest.json")).map_err(|e| Error::Config(format!("{} is not a backup: {e}", folder.display())))?;
    Ok(serde_json::from_slice(&text)?)
}

/// Reads a backup's manifest and checks every file in it.
pub fn check(folder: &Path) -> Result<Manifest> {
    let manifest = manifest(folder)?;
    if manifest.format != FORMAT || manifest.schema > migrate::known_version() {
        return Err(Error::NewerDatabase { found: manifest.schema, known: migrate::known_version() });
    }
    for (name, info) in &manifest.files {
        let path: PathBuf = folder.join(name);
        if digest(&path)? != info.sha256 {
            return Err(Error::Corrupt(format!("{} is not what it was when the backup was taken", path.display())));
        }
    }
    Ok(manifest)
}

/// The newest signed checkpoint in a backup, to see whether a key is the one that signed it.
pub fn newest_checkpoint(folder: &Path) -> Result<Option<String>> {
    let path = folder.join("checkpoint.jsonl.gz");
    if !path.is_file() {
        return Ok(None);
    }
    let file = File::open(&path).map_err(io(&path))?;
    let mut newest = None;
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let row: Vec<Value> = serde_json::from_str(&line.map_err(io(&path))?)?;
        newest = row.get(2).and_then(Value::as_str).map(str::to_owned);
    }
    Ok(newest)
}

/// Fills an empty tenant from a backup, all or nothing.
pub async fn restore(store: &Store, folder: &Path) -> Result<Manifest> {
    let manifest = check(folder)?;
    if manifest.tenant != store.tenant() {
        return Err(Error::Config(format!("the backup is of tenant {:?}, not {:?}", manifest.tenant, store.tenant())));
    }
    if store.head().await?.size > 0 {
        return Err(Error::Config("the database is not empty; a backup is restored into an empty one".into()));
    }
    for name in manifest.files.keys().filter(|n| n.starts_with("files/")) {
        let path = folder.join(name);
        store.blobs().put(store.tenant(), fs::read(&path).map_err(io(&path))?).await?;
    }
    let mut tx = store.db().begin_write().await?;
    // A program that opened the empty database may have noted that it counted nothing.
    tx.execute("DELETE FROM figure_position WHERE tenant=$1", &[P::Text(store.tenant())]).await?;
    tx.execute("DELETE FROM follower WHERE tenant=$1", &[P::Text(store.tenant())]).await?;
    for table in TABLES {
        let name = format!("{}.jsonl.gz", table.name);
        // An older schema did not have this table yet.
        let Some(expected) = manifest.files.get(&name).map(|f| f.rows) else { continue };
        let rows = read_table(&mut tx, store.tenant(), table, &folder.join(&name)).await?;
        if rows != expected {
            return Err(Error::Corrupt(format!("{name} has {rows} rows, its manifest says {expected}")));
        }
    }
    tx.execute(&dialect::fill_desk_keys(tx.engine()), &[P::Text(store.tenant())]).await?;
    tx.commit().await?;
    let head = store.head().await?;
    if head.size != manifest.entries || head.root.to_string() != manifest.root {
        return Err(Error::Corrupt("the restored ledger is not the one of the manifest".into()));
    }
    Ok(manifest)
}

/// The widest table has this many columns besides `tenant`.
const WIDTH: usize = 13;
const _: () = {
    let mut table = 0;
    while table < TABLES.len() {
        assert!(TABLES[table].columns.len() <= WIDTH, "a table that no restore could insert");
        table += 1;
    }
};
const ROWS_AT_ONCE: usize = 512;

async fn read_table(tx: &mut Tx, tenant: &str, table: &Table, path: &Path) -> Result<i64> {
    let names: Vec<&str> = table.columns.iter().map(|c| c.0).collect();
    let head = format!("INSERT INTO {} (tenant,{}) VALUES ", table.name, names.join(","));
    let mut lines = BufReader::new(GzDecoder::new(File::open(path).map_err(io(path))?)).lines();
    let mut n = 0;
    loop {
        let mut part: Vec<Vec<Cell>> = Vec::with_capacity(ROWS_AT_ONCE);
        for line in lines.by_ref().take(ROWS_AT_ONCE) {
            part.push(cells_of(&line.map_err(io(path))?, table)?);
        }
        if part.is_empty() {
            return Ok(n);
        }
        n += part.len() as i64;
        insert_cells(tx, tenant, &head, table.columns.len(), &part).await?;
    }
}

enum Cell {
    Text(String),
    OptText(Option<String>),
    Int(i64),
    Bytes(Vec<u8>),
}

fn cells_of(line: &str, table: &Table) -> Result<Vec<Cell>> {
    let bad = || Error::Corrupt(format!("a line of {} cannot be read", table.name));
    let mut values: Vec<Value> = serde_json::from_str(line)?;
    // Backups of the first schema hold a folded text for searching.
    if table.name == "record" && values.len() == table.columns.len() + 1 {
        values.remove(SEARCH_OF_FIRST_SCHEMA);
    }
    if values.len() != table.columns.len() {
        return Err(bad());
    }
    values
        .into_iter()
        .zip(table.columns)
        .map(|(v, (_, kind))| match (kind, v) {
            ('i', Value::Number(n)) => n.as_i64().map(Cell::Int).ok_or_else(bad),
            ('b', Value::String(s)) => STANDARD.decode(s).map(Cell::Bytes).map_err(|_| bad()),
            ('o', Value::Null) => Ok(Cell::OptText(None)),
            ('o', Value::String(s)) => Ok(Cell::OptText(Some(s))),
            ('t', Value::String(s)) => Ok(Cell::Text(s)),
            _ => Err(bad()),
        })
        .collect()
}

async fn insert_cells(tx: &mut Tx, tenant: &str, head: &str, columns: usize, rows: &[Vec<Cell>]) -> Result<()> {
    macro_rules! widths {
        ($($n:literal),*) => {
            match columns + 1 {
                $($n => {
                    let params = rows.iter().map(|r| {
                        let mut p = [P::Text(tenant); $n];
                        for (slot, cell) in p[1..].iter_mut().zip(r) {
                            *slot = match cell {
                                Cell::Text(t) => P::Text(t),
                                Cell::OptText(t) => P::OptText(t.as_deref()),
                                Cell::Int(i) => P::Int(*i),
                                Cell::Bytes(b) => P::Blob(b),
                            };
                        }
                        p
                    });
                    insert_many(tx, head, "", params).await
                })*
                _ => Err(Error::Config(format!("a table of {columns} columns is wider than {WIDTH}"))),
            }
        };
    }
    widths!(3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
}
