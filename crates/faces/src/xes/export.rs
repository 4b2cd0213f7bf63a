//! A register's history as the pieces of one XES file, page by page: memory does not grow with the register.

use std::sync::Arc;

use office::{Error, Office, Result, world::World};
use rules::access::Actor;
use store::{ListQuery, PAGE_MAX};

use super::{LedgerLog, XesWriter};

/// The file as it is being made.
pub struct Export {
    office: Office,
    actor: Actor,
    world: Arc<World>,
    query: ListQuery,
    writer: Option<XesWriter<Vec<u8>>>,
    pub cases: u64,
    pub events: u64,
}

fn failed(e: std::io::Error) -> Error {
    Error::Internal(format!("xes: {e}"))
}

impl Export {
    /// # Errors
    /// An unknown register. Access is decided with the first piece.
    pub fn new(office: &Office, actor: &Actor, query: ListQuery) -> Result<Self> {
        let world = office.world();
        let head = LedgerLog::new(&world, world.register(&query.register)?).head(office.now());
        let writer = Some(XesWriter::new(Vec::new(), &head).map_err(failed)?);
        let query = ListQuery { after: None, limit: PAGE_MAX, ..query };
        Ok(Self { office: office.clone(), actor: actor.clone(), world, query, writer, cases: 0, events: 0 })
    }

    /// The next piece of the file; none after the last.
    ///
    /// # Errors
    /// `access.…`; whatever hinders reading.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(writer) = &mut self.writer else { return Ok(None) };
        let page = self.office.histories(&self.actor, self.query.clone()).await?;
        let log = LedgerLog::new(&self.world, self.world.register(&self.query.register)?);
        for told in &page.list {
            let (values, events) = log.case(told, page.clear)?;
            writer.trace(&values, events.iter().map(Vec::as_slice)).map_err(failed)?;
            self.cases += 1;
            self.events += events.len() as u64;
        }
        self.query.after = page.next;
        if self.query.after.is_some() {
            return Ok(Some(writer.take()));
        }
        match self.writer.take() {
            Some(writer) => writer.finish().map(Some).map_err(failed),
            None => Ok(None),
        }
    }
}
