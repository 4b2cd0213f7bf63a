//! A fresh SQLite folder and a fresh PostgreSQL database for each test.

use std::{collections::HashMap, path::PathBuf, sync::Mutex, sync::atomic::AtomicU32, sync::atomic::Ordering};

use store::{DataSource, Error, Store};

static SOURCES: Mutex<Option<HashMap<String, (DataSource, PathBuf)>>> = Mutex::new(None);
static NEXT: AtomicU32 = AtomicU32::new(0);

/// The maintenance address of a PostgreSQL that tests may use; `scripts/test` starts one.
fn postgres() -> Option<String> {
    match std::env::var("HAIDANG_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => Some(url),
        _ if std::env::var_os("HAIDANG_TEST_STRICT").is_some() => panic!("HAIDANG_TEST_POSTGRES is not set"),
        _ => None,
    }
}

fn tenant() -> String {
    format!("t{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn open(tenant: String, source: DataSource, files: PathBuf) -> Store {
    let store = Store::open(&source, &tenant, Some(&files)).await.unwrap();
    SOURCES.lock().unwrap().get_or_insert_default().entry(tenant).or_insert((source, files));
    store
}

/// Runs `test` on a new SQLite database and on a new PostgreSQL database.
pub async fn both(test: impl AsyncFn(Store)) {
    both_as(None, test).await;
}

/// The same, for a tenant of a given name (a restored backup keeps its tenant).
pub async fn both_as(name: Option<&str>, test: impl AsyncFn(Store)) {
    let tenant = || name.map_or_else(tenant, str::to_owned);
    let dir = tempfile::tempdir().unwrap();
    let store = open(tenant(), DataSource::Folder(dir.path().join("data")), dir.path().join("files")).await;
    test(store.clone()).await;
    store.close().await;
    let Some(url) = postgres() else { return };
    let database = format!("hd_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = store::Db::open(&DataSource::Postgres(url.clone())).await.unwrap();
    admin.execute(&format!("CREATE DATABASE {database}"), &[]).await.unwrap();
    let (base, _) = url.rsplit_once('/').unwrap();
    let store = open(tenant(), DataSource::Postgres(format!("{base}/{database}")), dir.path().join("files-pg")).await;
    test(store.clone()).await;
    store.close().await;
    admin.execute(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"), &[]).await.unwrap();
    admin.close().await;
}

fn source_of(store: &Store) -> (DataSource, PathBuf) {
    SOURCES.lock().unwrap().as_ref().unwrap()[store.tenant()].clone()
}

pub async fn try_reopen(store: &Store) -> Result<Store, Error> {
    let (source, files) = source_of(store);
    Store::open(&source, store.tenant(), Some(&files)).await
}

/// A second process's view of the same tenant.
pub async fn reopen(store: &Store) -> Store {
    try_reopen(store).await.unwrap()
}

/// Another tenant of the same database.
pub async fn other_tenant(store: &Store) -> Store {
    let (source, files) = source_of(store);
    Store::open(&source, &tenant(), Some(&files)).await.unwrap()
}
