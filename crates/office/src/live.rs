//! Keeping figures live: the ledger's changes go into the engine as they are committed, time goes in as it passes, and what
//! changed is saved with the position at which it is true.

use std::{
    pin::Pin,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use figures::{Change as EngineChange, Engine, Pending, StoredCell, StoredDue};
use rules::{
    Month, Timestamp,
    schema::{RecordMeta, Slots, Symbols},
};
use sha2::{Digest, Sha256};
use store::{CellRow, Change, DueRow, FigurePosition, Record, RecordId};
use tokio::sync::{Mutex, broadcast, watch};

use crate::{
    Office,
    error::{Error, Result},
    world::{Source, World},
};

/// Entries read at once when catching up.
const CATCH_UP: i64 = 4096;
/// How often other processes' commits and the passing of time are looked for, and changed figures are saved.
const TICK: Duration = Duration::from_millis(250);
/// A busy ledger is signed at least this often.
const SIGN_EVERY_US: i64 = 60_000_000;
/// Messages to open pages that may wait; a page that is further behind reloads.
const FEED: usize = 256;
/// Records that one message names at most; an import changes thousands at once.
const NAMED: usize = 256;

/// Told to open pages: what moved.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    /// Indicator ids and unit indices whose totals changed.
    pub figures: Vec<(String, u32, Month)>,
    /// Registers that changed.
    pub registers: Vec<String>,
    /// Records that changed, with the unit they are or were in: place in `registers`, unit, identity.
    pub records: Vec<(usize, String, RecordId)>,
    /// More records changed than are named.
    pub more: bool,
    /// Leaf index after the change.
    pub position: u64,
}

impl Moved {
    /// Whether a record of the register changed that is this one, or lies where `covers` says so.
    pub fn touches(&self, register: &str, record: Option<RecordId>, covers: impl Fn(&str) -> bool) -> bool {
        let Some(at) = self.registers.iter().position(|r| r == register) else { return false };
        self.more || self.records.iter().any(|(r, unit, id)| *r == at && record.is_none_or(|wanted| wanted == *id) && covers(unit))
    }

    fn name(&mut self, change: &Change) {
        let register = &change.after.register;
        let at = self.registers.iter().position(|r| r == register).unwrap_or_else(|| {
            self.registers.push(register.clone());
            self.registers.len() - 1
        });
        if self.records.len() >= NAMED {
            self.more = true;
            return;
        }
        self.records.push((at, change.after.unit.clone(), change.after.id));
        if let Some(old) = change.before.as_ref().filter(|old| old.unit != change.after.unit) {
            self.records.push((at, old.unit.clone(), old.id));
        }
    }
}

/// What tells the followers of the ledger to stop, and the followers: of the figures, of the search index.
type Followers = (watch::Sender<bool>, [tokio::task::JoinHandle<()>; 4]);

/// The live engine of one office.
pub struct Live {
    enabled: bool,
    engine: RwLock<Engine>,
    moved: broadcast::Sender<Arc<Moved>>,
    position: watch::Sender<u64>,
    /// Leaf index after the newest change of a definition that was seen.
    definitions: AtomicI64,
    closed: AtomicBool,
    tasks: Mutex<Option<Followers>>,
}

pub(crate) fn internal(e: impl std::fmt::Display) -> Error {
    Error::Internal(format!("figures: {e}"))
}

/// Names the definitions by which cells are counted.
pub(crate) fn digest(world: &World) -> String {
    hex::encode(Sha256::digest(world.fingerprint.as_bytes()))
}

/// An engine that knows the declared units, registers and indicators, and no record.
pub(crate) fn empty_engine(world: &World) -> Result<Engine> {
    let keys: Vec<String> = world.units.units().iter().map(|u| u.key.to_string()).collect();
    let mut engine = Engine::new(Symbols::with_units(keys.iter().map(String::as_str)));
    for set in world.sets.values() {
        engine.add_register(set).map_err(internal)?;
    }
    Ok(engine)
}

/// Counts one record's change. Registers without indicators count nothing.
pub(crate) fn count(
    engine: &mut Engine,
    before: Option<&Record>,
    after: Option<&Record>,
    scratch: &mut Slots,
) -> std::result::Result<(), figures::EngineError> {
    let Some(record) = after.or(before) else { return Ok(()) };
    let Some(register) = engine.register(&record.register) else { return Ok(()) };
    let read = |engine: &mut Engine, r: &Record, slots: &mut Slots| {
        let mut id = uuid::Uuid::encode_buffer();
        let meta = RecordMeta {
            id: r.id.0.hyphenated().encode_lower(&mut id),
            unit: &r.unit,
            state: &r.state,
            version: r.version,
            created_at: r.created_at,
            updated_at: r.updated_at,
        };
        engine.read_into(register, meta, &r.body, slots)
    };
    let mut old = Slots::default();
    if let Some(r) = before {
        read(engine, r, &mut old)?;
    }
    if let Some(r) = after {
        read(engine, r, scratch)?;
    }
    engine.apply(EngineChange {
        register,
        record: record.id.as_u128(),
        before: before.map(|_| old.0.as_slice()),
        after: after.map(|_| scratch.0.as_slice()),
    })
}

/// Cells in the form in which they are stored.
pub(crate) fn cell_rows(engine: &Engine, world: &World, cells: Vec<figures::CellRow>) -> Vec<CellRow> {
    let names: Vec<(String, i64)> = indicator_names(engine, world);
    cells
        .into_iter()
        .filter_map(|c| {
            let (indicator, version) = names.get(c.indicator.0 as usize)?.clone();
            Some(CellRow {
                indicator,
                version,
                unit: engine.symbols().units.text(c.unit).to_owned(),
                month: c.month.0,
                dims: c.dims.to_string(),
                num: c.num,
                den: c.den,
                n: c.n,
            })
        })
        .collect()
}

/// Id and definition version by engine number.
fn indicator_names(engine: &Engine, world: &World) -> Vec<(String, i64)> {
    let mut names = Vec::new();
    for i in world.indicators.values() {
        if let (Source::Live { version, .. }, Some(idx)) = (&i.source, engine.indicator(&i.id)) {
            let at = idx.0 as usize;
            if names.len() <= at {
                names.resize(at + 1, (String::new(), 0));
            }
            names[at] = (i.id.clone(), *version);
        }
    }
    names
}

/// What was saved, with the position at which it is true.
pub(crate) struct StoredFigures {
    pub position: FigurePosition,
    pub cells: Vec<CellRow>,
    pub due: Vec<DueRow>,
}

impl StoredFigures {
    pub(crate) async fn load(office: &Office) -> Result<Option<Self>> {
        Ok(office.store().load_figures().await?.map(|(position, cells, due)| Self { position, cells, due }))
    }
}

impl Live {
    pub(crate) fn new(enabled: bool) -> Self {
        Self {
            enabled,
            engine: RwLock::new(Engine::new(Symbols::with_units([]))),
            moved: broadcast::channel(FEED).0,
            position: watch::channel(0).0,
            definitions: AtomicI64::new(0),
            closed: AtomicBool::new(false),
            tasks: Mutex::default(),
        }
    }

    /// The engine, for questions. Held for microseconds; never across an await.
    pub fn engine(&self) -> RwLockReadGuard<'_, Engine> {
        self.engine.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What moves from now on.
    #[must_use]
    pub fn watch(&self) -> broadcast::Receiver<Arc<Moved>> {
        self.moved.subscribe()
    }

    /// Leaf index up to which figures are counted.
    #[must_use]
    pub fn position(&self) -> u64 {
        *self.position.borrow()
    }

    /// Waits until the figures contain the entries before leaf `seq`; gives up after `limit`.
    pub async fn wait_for(&self, seq: u64, limit: Duration) -> bool {
        let mut position = self.position.subscribe();
        tokio::time::timeout(limit, position.wait_for(|p| *p >= seq)).await.is_ok_and(|r| r.is_ok())
    }

    /// Begins anew with a (new) world: loads what was saved, or counts all records, and follows the ledger.
    pub(crate) async fn restart(&self, office: &Office, world: Arc<World>) -> Result<()> {
        if !self.enabled || self.closed.load(Ordering::Acquire) {
            return Ok(());
        }
        self.halt().await;
        // Listen first, read second: nothing falls between.
        let feed = office.store().follow();
        let mut engine = empty_engine(&world)?;
        let mut recounted = true;
        if let Some(s) = StoredFigures::load(office).await?
            && s.position.rules == digest(&world)
        {
            match load(&mut engine, &s) {
                Ok(()) => recounted = false,
                // The records are what counts: damaged figures are counted anew.
                Err(e) => {
                    tracing::warn!(error = %e, "the saved figures cannot be read; counting anew");
                    engine = empty_engine(&world)?;
                }
            }
        }
        if recounted {
            let counted = recount(office, &world).await?;
            // A process that is ahead keeps what it saved.
            office.store().save_figures(&counted.position, &counted.cells, &counted.due, true).await?;
            load(&mut engine, &counted)?;
        }
        *self.engine.write().unwrap_or_else(PoisonError::into_inner) = engine;
        self.catch_up(office).await?;
        let (stop, stopped) = watch::channel(false);
        let finder = tokio::spawn(crate::finder::follow(office.clone(), stopped.clone()));
        let scans = tokio::spawn(crate::one_stop::digitise::follow(office.clone(), stopped.clone()));
        let drafts = tokio::spawn(crate::one_stop::expire::follow(office.clone(), stopped.clone()));
        let figures = tokio::spawn(follow(office.clone(), world, feed, stopped));
        *self.tasks.lock().await = Some((stop, [figures, finder, scans, drafts]));
        Ok(())
    }

    async fn halt(&self) {
        if let Some((stop, tasks)) = self.tasks.lock().await.take() {
            let _ = stop.send(true);
            for task in tasks {
                let _ = task.await;
            }
        }
    }

    /// Stops following, saves the figures and signs the ledger.
    pub(crate) async fn stop(&self, office: &Office) -> Result<()> {
        if !self.enabled {
            return Ok(());
        }
        self.closed.store(true, Ordering::Release);
        self.halt().await;
        office.store().settle().await?;
        self.catch_up(office).await?;
        self.save(office, &office.world()).await?;
        sign(office, i64::MAX).await
    }

    /// Reads the ledger from where the engine stands to its end.
    async fn catch_up(&self, office: &Office) -> Result<()> {
        loop {
            let from = self.engine().position() as i64;
            let changes = office.store().changes_after(from, CATCH_UP).await?;
            if changes.is_empty() {
                let position = self.engine().position();
                self.position.send_replace(position);
                return Ok(());
            }
            self.apply(office.now(), &changes)?;
        }
    }

    /// Applies changes that follow the engine's position; what it already has is left out.
    fn apply(&self, now: Timestamp, changes: &[Change]) -> Result<()> {
        let mut moved = Moved::default();
        {
            let mut engine = self.engine.write().unwrap_or_else(PoisonError::into_inner);
            engine.advance(now).map_err(internal)?;
            let mut slots = Slots::default();
            for c in changes {
                if c.after.register == store::DEFINITION {
                    self.definitions.fetch_max(c.seq + 1, Ordering::AcqRel);
                }
                if (c.seq as u64) < engine.position() {
                    continue;
                }
                count(&mut engine, c.before.as_deref(), Some(&c.after), &mut slots).map_err(internal)?;
                engine.set_position(c.seq as u64 + 1);
                moved.name(c);
            }
            self.collect(&mut engine, &mut moved);
        }
        self.tell(moved);
        Ok(())
    }

    fn collect(&self, engine: &mut Engine, moved: &mut Moved) {
        moved.position = engine.position();
        for t in engine.take_touched() {
            let id = engine.indicator_id(t.indicator).unwrap_or_default().to_owned();
            moved.figures.push((id, t.unit, t.month));
        }
    }

    fn tell(&self, moved: Moved) {
        // Kept even while nobody listens: who asks later must see it.
        self.position.send_replace(moved.position);
        if !moved.figures.is_empty() || !moved.registers.is_empty() {
            // No page open is no fault.
            let _ = self.moved.send(Arc::new(moved));
        }
    }

    /// Lets time pass; true when something fell due.
    fn tick(&self, now: Timestamp) -> Result<bool> {
        if self.engine().next_due().is_none_or(|due| due > now) {
            return Ok(false);
        }
        let mut moved = Moved::default();
        {
            let mut engine = self.engine.write().unwrap_or_else(PoisonError::into_inner);
            engine.advance(now).map_err(internal)?;
            self.collect(&mut engine, &mut moved);
        }
        self.tell(moved);
        Ok(true)
    }

    /// Saves what changed.
    async fn save(&self, office: &Office, world: &World) -> Result<()> {
        let (pending, position, cells, due) = {
            let mut engine = self.engine.write().unwrap_or_else(PoisonError::into_inner);
            let pending: Pending = engine.take_pending();
            let position = FigurePosition { seq: pending.position as i64, clock: pending.clock, rules: digest(world) };
            let cells = cell_rows(&engine, world, pending.cells.clone());
            let due = due_rows(&engine, &pending);
            (pending, position, cells, due)
        };
        match office.store().save_figures(&position, &cells, &due, false).await {
            Ok(true) => Ok(()),
            // Somebody else saved a later position; ours stay to be saved when we are ahead.
            Ok(false) => {
                self.engine.write().unwrap_or_else(PoisonError::into_inner).give_back(&pending);
                Ok(())
            }
            Err(e) => {
                self.engine.write().unwrap_or_else(PoisonError::into_inner).give_back(&pending);
                Err(e.into())
            }
        }
    }
}

fn due_rows(engine: &Engine, pending: &Pending) -> Vec<DueRow> {
    pending
        .due
        .iter()
        .map(|d| DueRow {
            register: engine.register_name(d.register).unwrap_or_default().to_owned(),
            record_id: uuid::Uuid::from_u128(d.record).to_string(),
            due_at: d.waits.as_ref().map(|(at, _)| *at),
            state: d.waits.as_ref().map(|(_, s)| s.clone()).unwrap_or_default(),
        })
        .collect()
}

fn load(engine: &mut Engine, stored: &StoredFigures) -> Result<()> {
    let cells = stored.cells.iter().map(|c| StoredCell {
        indicator: &c.indicator,
        unit: &c.unit,
        month: Month(c.month),
        dims: &c.dims,
        num: c.num,
        n: c.n,
    });
    let due = stored.due.iter().filter_map(|d| {
        let record = uuid::Uuid::parse_str(&d.record_id).ok()?.as_u128();
        Some(StoredDue { register: &d.register, record, due_at: d.due_at?, slots: &d.state })
    });
    engine.load(cells, due, stored.position.seq as u64, stored.position.clock).map_err(internal)?;
    Ok(())
}

/// Engines that count at once when everything is counted anew: more would only share the same cores.
const COUNTERS: usize = 4;

/// Counts every record once, at one leaf index: parts of the records side by side, and their sums together.
async fn recount(office: &Office, world: &World) -> Result<StoredFigures> {
    let clock = office.now();
    let registers: Vec<&str> = world.sets.keys().map(String::as_str).collect();
    let mut counters = Vec::new();
    for _ in 0..std::thread::available_parallelism().map_or(1, usize::from).min(COUNTERS) {
        let engine = Arc::new(std::sync::Mutex::new(empty_engine(world)?));
        engine.lock().unwrap_or_else(PoisonError::into_inner).advance(clock).map_err(internal)?;
        counters.push(engine);
    }
    let each = counters.iter().map(|engine| {
        let (engine, mut slots) = (engine.clone(), Slots::default());
        move |line: store::Line<'_>| {
            let mut engine = engine.lock().unwrap_or_else(PoisonError::into_inner);
            count_line(&mut engine, &line, &mut slots)
                .map_err(|e| store::Error::Corrupt(format!("record {}/{}: {e}", line.register, line.id)))
        }
    });
    let (size, _) = office.store().scan(&registers, each.collect()).await?;
    let position = FigurePosition { seq: size, clock, rules: digest(world) };
    let (mut cells, mut due): (Vec<CellRow>, Vec<DueRow>) = (Vec::new(), Vec::new());
    for engine in counters {
        let mut engine = engine.lock().unwrap_or_else(PoisonError::into_inner);
        let pending = engine.take_pending();
        due.extend(due_rows(&engine, &pending));
        cells.extend(cell_rows(&engine, world, pending.cells));
    }
    Ok(StoredFigures { position, cells: sums(cells), due })
}

/// Adds up the cells that several engines have counted of one and the same place.
fn sums(mut cells: Vec<CellRow>) -> Vec<CellRow> {
    cells.sort_unstable();
    cells.dedup_by(|later, kept| {
        let place = |c: &CellRow| (c.version, c.month);
        let same = place(later) == place(kept) && later.indicator == kept.indicator && later.unit == kept.unit && later.dims == kept.dims;
        if same {
            kept.num += later.num;
            kept.den += later.den;
            kept.n += later.n;
        }
        same
    });
    cells
}

/// Counts a record that the engine has not seen. Registers without indicators count nothing.
fn count_line(engine: &mut Engine, line: &store::Line<'_>, slots: &mut Slots) -> std::result::Result<(), figures::EngineError> {
    let Some(register) = engine.register(line.register) else { return Ok(()) };
    let mut id = uuid::Uuid::encode_buffer();
    let meta = RecordMeta {
        id: line.id.0.hyphenated().encode_lower(&mut id),
        unit: line.unit,
        state: line.state,
        version: line.version,
        created_at: line.created_at,
        updated_at: line.updated_at,
    };
    engine.read_into(register, meta, line.body, slots)?;
    engine.apply(EngineChange { register, record: line.id.as_u128(), before: None, after: Some(&slots.0) })
}

async fn sign(office: &Office, now_us: i64) -> Result<()> {
    let head = office.store().head().await?;
    let last = office.store().checkpoints(1).await?.pop();
    let due = last.is_none_or(|c| c.size < head.size && now_us.saturating_sub(c.at.0) >= SIGN_EVERY_US);
    if due && head.size > 0 {
        office.store().sign_checkpoint(&office.keys().signer, office.now()).await?;
    }
    Ok(())
}

async fn follow(office: Office, world: Arc<World>, mut feed: broadcast::Receiver<Arc<Vec<Change>>>, mut stopped: watch::Receiver<bool>) {
    let live = office.live();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut saving = Saving { saved: live.position(), rest_until: tokio::time::Instant::now(), rest: REST_AFTER_SAVE, task: None };
    loop {
        let result = tokio::select! {
            biased;
            _ = stopped.changed() => break,
            batch = feed.recv() => match batch {
                Ok(changes) => {
                    let at = live.engine().position();
                    match changes.first() {
                        // A gap means another process wrote between: read the ledger.
                        Some(first) if first.seq as u64 > at => live.catch_up(&office).await,
                        Some(_) => live.apply(office.now(), &changes),
                        None => Ok(()),
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => live.catch_up(&office).await,
                Err(broadcast::error::RecvError::Closed) => break,
            },
            _ = tick.tick() => beat(&office, &world, &feed, &mut saving).await,
        };
        if let Err(e) = result {
            tracing::error!(error = %e, "figures could not follow; trying again");
            tokio::time::sleep(TICK).await;
        }
        let definitions = live.definitions.load(Ordering::Acquire);
        if definitions > world.position {
            // Packs were loaded, here or by another process. Reloading ends this follower and begins another.
            tokio::spawn(reload(office.clone(), definitions));
            break;
        }
    }
    if let Some(task) = saving.task.take() {
        let _ = task.await;
    }
}

/// Saving goes on beside following, and takes a small part of the time at most: the figures are live without it, and what is
/// not saved is read from the ledger after a crash.
struct Saving {
    saved: u64,
    rest_until: tokio::time::Instant,
    /// How many times its own length passes after the save that is under way.
    rest: u32,
    task: Option<tokio::task::JoinHandle<(Duration, Result<()>)>>,
}

/// Boxed, because what it starts may start it again.
fn reload(office: Office, seq: i64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        while let Err(e) = office.reload_if_older(seq).await {
            if matches!(e, Error::Store(store::Error::Closed)) {
                return;
            }
            tracing::error!(error = %e, "the changed definitions could not be read; trying again");
            tokio::time::sleep(TICK * 4).await;
        }
    })
}

/// After a save, as many times its length passes before the next. Small: what waits longer takes longer to save, and the writer
/// stands still meanwhile.
const REST_AFTER_SAVE: u32 = 4;
/// After a save of so many entries at once (an import), the longer rest: the same cells change again and again, and are saved once.
const BULK: u64 = 10_000;
const REST_AFTER_BULK: u32 = 20;
/// Between a commit and its notice to followers lies less than this.
const NOTICE: Duration = Duration::from_millis(5);

async fn beat(office: &Office, world: &Arc<World>, feed: &broadcast::Receiver<Arc<Vec<Change>>>, saving: &mut Saving) -> Result<()> {
    let live = office.live();
    let clock_moved = live.tick(office.now())?;
    if office.store().head().await?.size as u64 > live.engine().position() && feed.is_empty() {
        // Ours, told in a moment? Reading it from the ledger would be the dearer way.
        tokio::time::sleep(NOTICE).await;
        if feed.is_empty() {
            live.catch_up(office).await?;
        }
    }
    if let Some(task) = saving.task.take_if(|t| t.is_finished()) {
        let (took, result) = task.await.map_err(internal)?;
        saving.rest_until = tokio::time::Instant::now() + took * saving.rest;
        if result.is_err() {
            saving.saved = u64::MAX;
        }
        result?;
    }
    let position = live.engine().position();
    if (position != saving.saved || clock_moved) && saving.task.is_none() && tokio::time::Instant::now() >= saving.rest_until {
        saving.rest = if position.saturating_sub(saving.saved) > BULK { REST_AFTER_BULK } else { REST_AFTER_SAVE };
        saving.saved = position;
        let (office, world) = (office.clone(), world.clone());
        saving.task = Some(tokio::spawn(async move {
            let begin = tokio::time::Instant::now();
            let result = async {
                office.live().save(&office, &world).await?;
                sign(&office, office.now().0).await
            };
            let result = result.await;
            (begin.elapsed(), result)
        }));
    }
    Ok(())
}
