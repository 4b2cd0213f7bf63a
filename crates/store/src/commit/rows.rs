//! Rows of a batch: many to a statement, in statements of a few fixed sizes.

use std::{collections::BTreeMap, sync::Arc};

use rules::Timestamp;

use super::{
    apply::{Applied, Place, Registers},
    prepare::{Prepared, Ready},
};
use crate::{
    db::{Bound, Engine, P, Tx, alike},
    dialect,
    entry::Line,
    error::Result,
    record::Record,
    store::Inner,
};

/// Rows per INSERT: few sizes, so that the prepared statements stay few.
const CHUNKS: [usize; 5] = [1024, 256, 32, 8, 1];

/// In statements of so many rows, a column that says the same in all of them is bound once. Every choice of such columns is a statement
/// of its own: in small ones it changes too often.
const ALIKE_FROM: usize = 256;

/// Texts of instants; the records of a batch share a few.
#[derive(Default)]
pub(crate) struct Times(Option<(Timestamp, Arc<str>)>);

impl Times {
    pub(crate) fn text(&mut self, at: Timestamp) -> Arc<str> {
        match &self.0 {
            Some((known, text)) if *known == at => text.clone(),
            _ => self.0.insert((at, at.to_string().into())).1.clone(),
        }
    }
}

const RECORD_HEAD: &str = "INSERT INTO record (tenant,register,id,key,unit,state,version,created_at,updated_at,salt,body,next_due,person,receiving,received,linked) VALUES ";
const RECORD_REPLACE: &str = " ON CONFLICT (tenant,register,id) DO UPDATE SET key=excluded.key, unit=excluded.unit, state=excluded.state, \
     version=excluded.version, updated_at=excluded.updated_at, salt=excluded.salt, body=excluded.body, \
     next_due=excluded.next_due, person=excluded.person, receiving=excluded.receiving, received=excluded.received, linked=excluded.linked";

pub(super) async fn write_records(
    inner: &Inner,
    tx: &mut Tx,
    commands: &[Prepared],
    applied: &Applied<'_>,
    registers: &Registers<'_>,
) -> Result<()> {
    struct Row<'a> {
        place: Place,
        ready: &'a Ready,
        record: &'a Record,
        created: Arc<str>,
        updated: Arc<str>,
    }
    let (mut creations, mut updates) = (Times::default(), Times::default());
    let (mut new, mut changed) = (Vec::with_capacity(applied.working.len()), Vec::new());
    let mut released: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (place, w) in &applied.working {
        let Some(record) = &w.now else { continue };
        if w.stored.as_ref().is_some_and(|s| s.version == record.version) {
            continue;
        }
        let Some(ready) = commands.get(w.by.0).and_then(|c| c.writes.get(w.by.1)) else { continue };
        if let Some(stored) = &w.stored
            && stored.key.is_some()
            && stored.key != record.key
        {
            released.entry(registers.0[place.0]).or_default().push(&ready.id);
        }
        let (created, updated) = (creations.text(record.created_at), updates.text(record.updated_at));
        if w.stored.is_none() { &mut new } else { &mut changed }.push(Row { place: *place, ready, record, created, updated });
    }
    for (register, ids) in released {
        let ids = serde_json::to_string(&ids)?;
        tx.execute(dialect::release_keys(tx.engine()), &[P::Text(&inner.tenant), P::Text(register), P::Text(&ids)]).await?;
    }
    for (rows, tail) in [(&mut changed, RECORD_REPLACE), (&mut new, "")] {
        // In key order: pages fill one after the other, and PostgreSQL processes lock rows in one order.
        let name = |row: &Row<'_>| registers.0[row.place.0];
        rows.sort_unstable_by(|a, b| if a.place.0 == b.place.0 { a.place.1.cmp(&b.place.1) } else { name(a).cmp(name(b)) });
        let params = rows.iter().map(|r| {
            let rec = r.record;
            [
                P::Text(&inner.tenant),
                P::Text(&rec.register),
                P::Shared(&r.ready.id),
                P::OptText(rec.key.as_deref()),
                P::Text(&rec.unit),
                P::Text(&rec.state),
                P::Int(rec.version),
                P::Shared(&r.created),
                P::Shared(&r.updated),
                P::Text(&rec.salt),
                P::Shared(&rec.body),
                P::OptText(r.ready.desk.next_due.as_deref()),
                P::OptText(r.ready.desk.person.as_deref()),
                P::OptText(r.ready.desk.receiving.as_deref()),
                P::OptText(r.ready.desk.received.as_deref()),
                P::OptText(r.ready.desk.linked.as_deref()),
            ]
        });
        insert_many(tx, RECORD_HEAD, tail, params).await?;
    }
    Ok(())
}

const IDEMPOTENCY_HEAD: &str = "INSERT INTO idempotency (tenant,key,request,reply,at) VALUES ";

pub(super) async fn remember(inner: &Inner, tx: &mut Tx, applied: &Applied<'_>) -> Result<()> {
    let params = applied
        .remembered
        .iter()
        .map(|(key, request, reply, at)| [P::Text(&inner.tenant), P::Text(key), P::Text(request), P::Text(reply), P::Text(at)]);
    insert_many(tx, IDEMPOTENCY_HEAD, "", params).await
}

const PENDING_HEAD: &str =
    "INSERT INTO pending (tenant,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body) VALUES ";

pub(super) async fn insert_pending(inner: &Inner, tx: &mut Tx, lines: &[Line<'_>]) -> Result<()> {
    let mut times = Times::default();
    let times: Vec<Arc<str>> = lines.iter().map(|l| times.text(l.entry.at)).collect();
    let params = lines.iter().zip(&times).map(|(line, at)| line.columns(&inner.tenant, at));
    insert_many(tx, PENDING_HEAD, "", params).await
}

/// INSERT of any number of rows in statements of a few fixed sizes. The next statement's values are laid out while one runs.
pub(crate) async fn insert_many<'p, const N: usize>(
    tx: &mut Tx,
    head: &str,
    tail: &str,
    mut rows: impl ExactSizeIterator<Item = [P<'p>; N]>,
) -> Result<()> {
    let engine = tx.engine();
    for size in CHUNKS {
        if rows.len() < size {
            continue;
        }
        let mut text: Option<([bool; N], Arc<str>)> = None;
        let mut lay_out = || {
            if rows.len() < size {
                return Ok(None);
            }
            let chunk: Vec<[P<'p>; N]> = rows.by_ref().take(size).collect();
            let alike = if engine == Engine::Sqlite && size >= ALIKE_FROM { alike(&chunk) } else { [false; N] };
            let sql = match &text {
                Some((of, sql)) if *of == alike => sql.clone(),
                _ => {
                    let sql = format!("{}{}{tail}", dialect::insert(engine, head, tail), dialect::values(engine, size, &alike));
                    text.insert((alike, sql.into())).1.clone()
                }
            };
            Bound::new(engine, &chunk, &alike).map(|bound| Some((sql, bound)))
        };
        let mut next = lay_out()?;
        while let Some((sql, bound)) = next {
            let (done, laid_out) = futures::future::join(tx.run(&sql, bound), async { lay_out() }).await;
            done?;
            next = laid_out?;
        }
    }
    Ok(())
}
