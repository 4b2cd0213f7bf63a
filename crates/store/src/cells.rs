//! Persisted figures: cells, the queue of due instants, and the ledger position and clock at which both are true.

use rules::Timestamp;

use crate::{
    commit::insert_many,
    db::P,
    dialect,
    error::{Error, Result},
    replay::Change,
    store::Store,
};

/// One cell: an indicator version's contributions of one unit, month and combination of breakdowns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellRow {
    pub indicator: String,
    pub version: i64,
    pub unit: String,
    /// `Month.0`
    pub month: i32,
    /// JSON array of breakdown values; empty text for the total.
    pub dims: String,
    pub num: i64,
    pub den: i64,
    pub n: i64,
}

/// A record whose figures change by time alone at `due_at`; `state` is what the engine holds of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    pub register: String,
    pub record_id: String,
    /// `None` removes the row.
    pub due_at: Option<Timestamp>,
    pub state: String,
}

/// The cells are true for the entries before `seq`, seen at `clock`, counted by the definitions named in `rules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigurePosition {
    pub seq: i64,
    pub clock: Timestamp,
    /// Digest of the indicator definitions: cells counted by others are counted anew.
    pub rules: String,
}

const POSITION: &str = "SELECT seq,clock,rules FROM figure_position WHERE tenant=$1";
const SET_POSITION: &str = "INSERT INTO figure_position (tenant,seq,clock,rules) VALUES ($1,$2,$3,$4) \
     ON CONFLICT (tenant) DO UPDATE SET seq=excluded.seq, clock=excluded.clock, rules=excluded.rules";
const CELLS: &str =
    "SELECT indicator,version,unit,month,dims,num,den,n FROM cell WHERE tenant=$1 ORDER BY indicator,version,unit,month,dims";
const CELL_HEAD: &str = "INSERT INTO cell (tenant,indicator,version,unit,month,dims,num,den,n) VALUES ";
const CELL_TAIL: &str =
    " ON CONFLICT (tenant,indicator,version,unit,month,dims) DO UPDATE SET num=excluded.num, den=excluded.den, n=excluded.n";
const CLEAR_CELLS: &str = "DELETE FROM cell WHERE tenant=$1";
const CLEAR_DUE: &str = "DELETE FROM due WHERE tenant=$1";
const DUE: &str = "SELECT register,record_id,due_at,state FROM due WHERE tenant=$1";
const DUE_HEAD: &str = "INSERT INTO due (tenant,register,record_id,due_at,state) VALUES ";
const DUE_TAIL: &str = " ON CONFLICT (tenant,register,record_id) DO UPDATE SET due_at=excluded.due_at, state=excluded.state";
const DUE_REMOVE: &str = "DELETE FROM due WHERE tenant=$1 AND register=$2 AND record_id=$3";

impl Store {
    /// Everything the engine needs to go on where it stopped; `None` when nothing was ever saved.
    pub async fn load_figures(&self) -> Result<Option<(FigurePosition, Vec<CellRow>, Vec<DueRow>)>> {
        let tenant = P::Text(self.tenant());
        let mut tx = self.db().begin_read().await?;
        let Some(row) = tx.fetch(POSITION, &[tenant]).await?.pop() else { return Ok(None) };
        let position = FigurePosition { seq: row.int(0)?, clock: row.str(1)?.parse()?, rules: row.text(2)? };
        let mut cells = Vec::new();
        for r in tx.fetch(CELLS, &[tenant]).await? {
            cells.push(CellRow {
                indicator: r.text(0)?,
                version: r.int(1)?,
                unit: r.text(2)?,
                month: i32::try_from(r.int(3)?).map_err(|_| Error::Corrupt("a cell's month is out of range".into()))?,
                dims: r.text(4)?,
                num: r.int(5)?,
                den: r.int(6)?,
                n: r.int(7)?,
            });
        }
        let mut due = Vec::new();
        for r in tx.fetch(DUE, &[tenant]).await? {
            due.push(DueRow { register: r.text(0)?, record_id: r.text(1)?, due_at: Some(r.str(2)?.parse()?), state: r.text(3)? });
        }
        Ok(Some((position, cells, due)))
    }

    /// Saves what changed since the last save, with the position at which it is true. `replace` first forgets all older rows.
    ///
    /// Several processes may follow one ledger and save; a save that is behind what is stored is left out (`false`), and
    /// what changed stays to be saved later. That holds for a full recount too, when the same definitions were counted further
    /// meanwhile: what its follower saves next only adds to what is stored.
    pub async fn save_figures(&self, position: &FigurePosition, cells: &[CellRow], due: &[DueRow], replace: bool) -> Result<bool> {
        let tenant = P::Text(self.tenant());
        let mut tx = self.db().begin_write().await?;
        if let Some(row) = tx.fetch(dialect::figure_position_for_change(tx.engine()), &[tenant]).await?.pop() {
            let stored = FigurePosition { seq: row.int(0)?, clock: row.str(1)?.parse()?, rules: row.text(2)? };
            let behind = stored.seq > position.seq || stored.clock > position.clock;
            let left_out = if stored.rules == position.rules { behind } else { !replace };
            if left_out {
                tx.rollback().await?;
                return Ok(false);
            }
        }
        if replace {
            tx.execute(CLEAR_CELLS, &[tenant]).await?;
            tx.execute(CLEAR_DUE, &[tenant]).await?;
        }
        let rows = cells.iter().map(|c| {
            [
                tenant,
                P::Text(&c.indicator),
                P::Int(c.version),
                P::Text(&c.unit),
                P::Int(c.month.into()),
                P::Text(&c.dims),
                P::Int(c.num),
                P::Int(c.den),
                P::Int(c.n),
            ]
        });
        insert_many(&mut tx, CELL_HEAD, CELL_TAIL, rows).await?;
        let texts: Vec<(&DueRow, String)> = due.iter().filter_map(|d| Some((d, d.due_at?.to_string()))).collect();
        let rows = texts.iter().map(|(d, at)| [tenant, P::Text(&d.register), P::Text(&d.record_id), P::Text(at), P::Text(&d.state)]);
        insert_many(&mut tx, DUE_HEAD, DUE_TAIL, rows).await?;
        for d in due.iter().filter(|d| d.due_at.is_none()) {
            tx.execute(DUE_REMOVE, &[tenant, P::Text(&d.register), P::Text(&d.record_id)]).await?;
        }
        tx.execute(SET_POSITION, &[tenant, P::Int(position.seq), P::Text(&position.clock.to_string()), P::Text(&position.rules)]).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What the entries from leaf `from` on did, at most `limit` of them, in order.
    pub async fn changes_after(&self, from: i64, limit: i64) -> Result<Vec<Change>> {
        let mut tx = self.db().begin_read().await?;
        let mut entries = Vec::new();
        for row in tx.fetch(crate::replay::ENTRIES_BETWEEN, &[P::Text(self.tenant()), P::Int(from), P::Int(from + limit)]).await? {
            entries.push(crate::entry::from_row(&row, true)?);
        }
        let upto = entries.last().and_then(|e| e.seq).map_or(from, |s| s + 1);
        crate::replay::changes(&mut tx, self.tenant(), &entries, upto).await
    }
}
