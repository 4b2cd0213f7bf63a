//! Reading every record of a register as fast as the database gives them: for counting all figures anew.
//!
//! Rows come in pages of one long text, because what a row costs on its way from the database (a message, a copy of each column)
//! is more than what it takes to count it. Several connections read at once, all in one and the same snapshot.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rules::Timestamp;

use crate::{
    db::{Engine, P, Tx},
    entry::Entry,
    error::{Error, Result},
    ledger_store,
    record::{Record, RecordId},
    replay,
    store::Store,
};

/// Rows of one page: some hundred kilobytes.
const PAGE: i64 = 512;
/// Pieces into which a register is cut by the time of its ids, so that readers that are ahead take more of them.
const PIECES: u128 = 64;
/// How often readers try to begin at the same moment before one of them reads alone.
const TRIES: usize = 20;
/// Between columns and between rows: control characters, which JSON never contains bare.
const COLUMN: &str = "\u{1f}";
const ROW: &str = "\u{1e}";

const PAGE_OF_RECORDS: &str = "SELECT string_agg(line,$1), MAX(id) FROM (SELECT id, id || $2 || unit || $2 || state || $2 || version || $2 || created_at || $2 || updated_at || $2 || body AS line \
     FROM record WHERE tenant=$3 AND register=$4 AND id>$5 AND id<=$6 ORDER BY id LIMIT $7) AS page";
const ENDS: &str = "SELECT MIN(id), MAX(id) FROM record WHERE tenant=$1 AND register=$2";

/// What figures are counted from, borrowed from a page of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    pub register: &'a str,
    pub id: RecordId,
    pub unit: &'a str,
    pub state: &'a str,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub body: &'a str,
}

impl<'a> Line<'a> {
    fn read(register: &'a str, line: &'a str) -> Result<Self> {
        let mut columns = line.splitn(7, COLUMN);
        let mut next = || columns.next().ok_or_else(|| Error::Corrupt(format!("a record of register {register} cannot be read")));
        Ok(Self {
            register,
            id: next()?.parse()?,
            unit: next()?,
            state: next()?,
            version: next()?.parse().map_err(|_| Error::Corrupt(format!("a version in register {register} is no number")))?,
            created_at: next()?.parse()?,
            updated_at: next()?.parse()?,
            body: next()?,
        })
    }

    fn of(r: &'a Record) -> Self {
        Self {
            register: &r.register,
            id: r.id,
            unit: &r.unit,
            state: &r.state,
            version: r.version,
            created_at: r.created_at,
            updated_at: r.updated_at,
            body: &r.body,
        }
    }
}

/// Ids after the first text and up to the second one, of a register.
type Piece = (String, String, String);

type Waiting = HashMap<(String, RecordId), Vec<Entry>>;

impl Store {
    /// Hands every record of these registers, as the ledger knows it at one leaf index, to one of the `counters`. Returns the leaf index.
    ///
    /// Each counter gets a part of the records, on a connection of its own (SQLite; on PostgreSQL the first one gets all).
    /// Entries that still wait for their place are taken back from the records they changed.
    ///
    /// # Errors
    /// The first one that a counter gives.
    pub async fn scan<C>(&self, registers: &[&str], counters: Vec<C>) -> Result<(i64, Vec<C>)>
    where
        C: FnMut(Line<'_>) -> Result<()> + Send + 'static,
    {
        let wanted = if self.engine() == Engine::Sqlite { counters.len() } else { 1 };
        let (size, mut txs) = self.same_moment(wanted).await?;
        let Some(first) = txs.first_mut() else { return Ok((size, counters)) };
        let waiting: Arc<Waiting> = Arc::new(replay::pending_by_record(first, self.tenant()).await?);
        let mut pieces = Vec::new();
        for register in registers {
            cut(first, self.tenant(), register, &mut pieces).await?;
        }
        let (pieces, next) = (Arc::new(pieces), Arc::new(AtomicUsize::new(0)));
        let mut done = Vec::new();
        let mut tasks = tokio::task::JoinSet::new();
        let mut txs = txs.into_iter();
        for counter in counters {
            let Some(tx) = txs.next() else {
                done.push(counter);
                continue;
            };
            let (tenant, pieces, next, waiting) = (self.tenant().to_owned(), pieces.clone(), next.clone(), waiting.clone());
            tasks.spawn(read(tx, tenant, pieces, next, waiting, counter));
        }
        while let Some(result) = tasks.join_next().await {
            done.push(result.map_err(|e| Error::Database(e.to_string()))??);
        }
        Ok((size, done))
    }

    /// Reading transactions that all see the same moment: nothing is written without moving the head of the ledger. At least one.
    async fn same_moment(&self, wanted: usize) -> Result<(i64, Vec<Tx>)> {
        let mut tx = self.db().begin_read().await?;
        let mut size = ledger_store::size(&mut tx, self.tenant()).await?;
        let mut all = vec![tx];
        let mut tries = 0;
        while all.len() < wanted && tries < TRIES {
            let mut tx = self.db().begin_read().await?;
            let seen = ledger_store::size(&mut tx, self.tenant()).await?;
            if seen != size {
                // Somebody wrote between: begin again from this moment.
                (size, all) = (seen, Vec::new());
                tries += 1;
            }
            all.push(tx);
        }
        Ok((size, all))
    }
}

async fn cut(tx: &mut Tx, tenant: &str, register: &str, pieces: &mut Vec<Piece>) -> Result<()> {
    let rows = tx.fetch(ENDS, &[P::Text(tenant), P::Text(register)]).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let (Some(from), Some(to)) = (row.opt_text(0)?, row.opt_text(1)?) else { return Ok(()) };
    let mut last = String::new();
    if tx.engine() == Engine::Sqlite
        && let (Ok(a), Ok(b)) = (from.parse::<RecordId>(), to.parse::<RecordId>())
    {
        let (a, b) = (a.as_u128(), b.as_u128());
        let step = b.saturating_sub(a) / PIECES;
        for i in 1..PIECES {
            let end = RecordId(uuid::Uuid::from_u128(a + step * i)).to_string();
            pieces.push((register.to_owned(), std::mem::replace(&mut last, end.clone()), end));
        }
    }
    pieces.push((register.to_owned(), last, to));
    Ok(())
}

async fn read<C>(
    mut tx: Tx,
    tenant: String,
    pieces: Arc<Vec<Piece>>,
    next: Arc<AtomicUsize>,
    waiting: Arc<Waiting>,
    mut counter: C,
) -> Result<C>
where
    C: FnMut(Line<'_>) -> Result<()> + Send + 'static,
{
    while let Some((register, from, to)) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
        let mut after = from.clone();
        loop {
            let params = [P::Text(ROW), P::Text(COLUMN), P::Text(&tenant), P::Text(register), P::Text(&after), P::Text(to), P::Int(PAGE)];
            let rows = tx.fetch(PAGE_OF_RECORDS, &params).await?;
            let Some(row) = rows.first() else { break };
            let Some(last) = row.opt_text(1)? else { break };
            for line in row.str(0)?.split(ROW) {
                let line = Line::read(register, line)?;
                match waiting.get(&(register.clone(), line.id)).filter(|_| !waiting.is_empty()) {
                    None => counter(line)?,
                    Some(entries) => {
                        let mut record = record_of(&line);
                        replay::take_back(&mut record, entries.clone())?;
                        if record.version > 0 {
                            counter(Line::of(&record))?;
                        }
                    }
                }
            }
            after = last;
        }
    }
    Ok(counter)
}

fn record_of(line: &Line<'_>) -> Record {
    Record {
        register: line.register.to_owned(),
        id: line.id,
        key: None,
        unit: line.unit.to_owned(),
        state: line.state.to_owned(),
        version: line.version,
        created_at: line.created_at,
        updated_at: line.updated_at,
        salt: String::new(),
        body: Arc::from(line.body),
    }
}
