//! The office of one tenant: its store, its declared world, its live figures, its clock.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use jiff::civil::Date;
use rules::Timestamp;
use store::{DEFINITION, DataSource, RegisterMeta, SearchKey, Store};

use crate::{
    clock::Clock,
    connections::{Connections, Secret},
    error::Result,
    forecasts::Learnt,
    live::Live,
    memory::Memory,
    one_stop::{CITIZEN, Numbers},
    people::{ACCOUNT, KnownPeople, Passwords},
    personal::PERSONAL_READ,
    process_map::ProcessMap,
    programme::PERIOD_FREEZE,
    tries::Tries,
    verify::Keys,
    world::World,
};

/// Clocks of machines on one database may differ by so much.
const CLOCKS_DIFFER_US: i64 = 60_000_000;

/// How to open an office.
#[derive(Debug, Clone)]
pub struct Options {
    pub data: DataSource,
    /// Name of the government that owns the data: first part of every key.
    pub tenant: String,
    /// Folder of attachments; beside the database by default.
    pub files: Option<PathBuf>,
    /// File of the ledger's signing key; made when it is not there.
    pub key_file: Option<PathBuf>,
    /// Follow the ledger, keep figures live and save them. A short command that only writes may leave it to others.
    pub live: bool,
    /// Other systems, with the secrets shared with them.
    pub connections: Connections,
}

impl Options {
    #[must_use]
    pub fn new(data: DataSource) -> Self {
        Self { data, tenant: "haidang".into(), files: None, key_file: None, live: true, connections: Connections::default() }
    }
}

/// What was learnt from many dossiers, by unit or units.
#[derive(Default)]
pub(crate) struct Memories {
    pub forecasts: Memory<Learnt>,
    pub maps: Memory<ProcessMap>,
}

struct Inner {
    store: Store,
    world: RwLock<Arc<World>>,
    clock: RwLock<Clock>,
    live: Live,
    keys: Keys,
    connections: Connections,
    /// Shows that this office took a file in.
    receipts: Secret,
    passwords: Passwords,
    /// What tracking secrets are digested with.
    tracking_key: Vec<u8>,
    numbers: Numbers,
    memories: Memories,
    tries: Tries,
    people: KnownPeople,
    /// One reload at a time.
    reloading: tokio::sync::Mutex<()>,
}

/// Cheap to clone; all clones are the same office. A clone made by [`Office::at`] sees the time stand still.
#[derive(Clone)]
pub struct Office(Arc<Inner>, Option<Timestamp>);

/// The record of settings that are not a pack's: the demonstration's clock and its mark.
pub(crate) const DEMO_SETTING: &str = "setting:demo";

impl Office {
    /// Opens the database, compiles what the packs declare, and catches up with the ledger.
    pub async fn open(options: &Options) -> Result<Self> {
        let store = Store::open(&options.data, &options.tenant, options.files.as_deref()).await?;
        let keys = Keys::open(options, !store.checkpoints(1).await?.is_empty())?;
        // Whoever has the ledger's key can make the index anew, on any machine.
        store.set_search_key(SearchKey::new(format!("search\0{}", keys.signer.to_private_text()).as_bytes()));
        let receipts = Secret::new(format!("receipts\0{}", keys.signer.to_private_text()));
        let inner = Arc::new(Inner {
            live: Live::new(options.live),
            store,
            world: RwLock::new(Arc::new(World::empty())),
            clock: RwLock::default(),
            tracking_key: <sha2::Sha256 as sha2::Digest>::digest(format!("tracking\0{}", keys.signer.to_private_text())).to_vec(),
            keys,
            connections: options.connections.clone(),
            receipts,
            passwords: Passwords::default(),
            numbers: Numbers::default(),
            memories: Memories::default(),
            tries: Tries::default(),
            people: KnownPeople::default(),
            reloading: tokio::sync::Mutex::default(),
        });
        let office = Self(inner, None);
        office.reload().await?;
        Ok(office)
    }

    /// Reads the definitions anew (after packs were loaded, here or by another process).
    pub async fn reload(&self) -> Result<()> {
        self.reload_if_older(i64::MAX).await
    }

    /// Reloads unless the definitions in force were read when the ledger had at least `seq` entries.
    pub(crate) async fn reload_if_older(&self, seq: i64) -> Result<()> {
        let _one_at_a_time = self.0.reloading.lock().await;
        if self.world().position >= seq {
            return Ok(());
        }
        let store = self.store();
        store.set_register(DEFINITION, RegisterMeta::default());
        store.set_register(ACCOUNT, RegisterMeta { search: vec!["name".into(), "login".into()], ..RegisterMeta::default() });
        store.set_register(PERIOD_FREEZE, RegisterMeta::default());
        store.set_register(PERSONAL_READ, RegisterMeta::default());
        let known_by = ["owner_id_number", "owner_name", "birth_date", "sex", "address", "phone", "email"].map(str::to_owned).to_vec();
        store.set_register(CITIZEN, RegisterMeta { personal: known_by, ..RegisterMeta::default() });
        let world = World::load(store).await?;
        for (name, register) in &world.registers {
            store.set_register(name, register.meta());
        }
        let clock = Clock { offset_us: world.clock_offset_us.unwrap_or(0) };
        *self.0.clock.write().unwrap_or_else(PoisonError::into_inner) = clock;
        let world = Arc::new(world);
        *self.0.world.write().unwrap_or_else(PoisonError::into_inner) = world.clone();
        // The follower lives in the office's own time, whoever asked for the reload.
        self.0.live.restart(&Self(self.0.clone(), None), world).await
    }

    pub(crate) fn tracking_key(&self) -> &[u8] {
        &self.0.tracking_key
    }

    pub(crate) fn receipts(&self) -> &Secret {
        &self.0.receipts
    }

    pub(crate) fn numbers(&self) -> &Numbers {
        &self.0.numbers
    }

    pub(crate) fn tries(&self) -> &Tries {
        &self.0.tries
    }

    pub(crate) fn known_people(&self) -> &KnownPeople {
        &self.0.people
    }

    pub(crate) fn memories(&self) -> &Memories {
        &self.0.memories
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.0.world.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[must_use]
    pub fn live(&self) -> &Live {
        &self.0.live
    }

    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    #[must_use]
    pub fn connections(&self) -> &Connections {
        &self.0.connections
    }

    #[must_use]
    pub fn clock(&self) -> Clock {
        *self.0.clock.read().unwrap_or_else(PoisonError::into_inner)
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.1.unwrap_or_else(|| self.clock().now())
    }

    #[must_use]
    pub fn today(&self) -> Date {
        self.now().local_date()
    }

    /// Now, for something that follows what was done at `last`: two machines may differ a little, and then it is `last`. A clock that was
    /// set back stays what it is, and the rules refuse what would come before.
    pub(crate) fn now_after(&self, last: Timestamp) -> Timestamp {
        let now = self.now();
        if last.0 - now.0 > CLOCKS_DIFFER_US { now } else { now.max(last) }
    }

    /// The same office at one moment of the past: every use case asked through it happens then. Only the simulator may say when
    /// something happened; for people it is always now.
    pub(crate) fn at(&self, moment: Timestamp) -> Self {
        Self(self.0.clone(), Some(moment))
    }

    /// The data is a simulation and says so everywhere.
    #[must_use]
    pub fn simulated(&self) -> bool {
        self.world().simulated
    }

    /// Key text of the tenant's top unit today.
    pub(crate) fn root_text(&self) -> String {
        self.world().root_on(self.today()).map_or_else(|| "tenant@1900-01-01".to_owned(), ToString::to_string)
    }

    /// Saves the figures, signs a last checkpoint, and closes the database.
    pub async fn close(&self) -> Result<()> {
        {
            let _no_reload_meanwhile = self.0.reloading.lock().await;
            self.0.live.stop(self).await?;
        }
        self.store().close().await;
        Ok(())
    }
}
