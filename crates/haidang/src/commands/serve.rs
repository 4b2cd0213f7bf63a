//! `haidang serve`

use std::{
    fs::{File, TryLockError},
    process::ExitCode,
};

use anyhow::Context;
use office::Office;
use store::DataSource;
use tokio::net::TcpListener;
use web::http::WebOptions;

use crate::{
    args, say, setup,
    words::{fault, words},
};

/// Held by the server of a folder for as long as it runs; the system lets go of it when the process ends, however it ends.
const LOCK: &str = "server.lock";

pub async fn run(common: &args::Common, a: &args::Serve) -> anyhow::Result<ExitCode> {
    let listener = listen(&a.host, a.port, false).await?;
    let office = setup::open(common).await?;
    let _only = only_server(&setup::source(common)?)?;
    let stop = stop();
    say!("Hải Đăng: http://{}/", listener.local_addr()?);
    if office.accounts(&rules::access::Actor::system()).await?.is_empty() {
        say!("{}", words("cli-no-account", &[]));
    }
    serve(office, listener, WebOptions { secure_cookies: a.https, proxy: a.proxy, ..WebOptions::default() }, stop).await
}

/// That no other server works on this folder: each keeps figures and its queue of writers in memory. PostgreSQL serves many.
pub fn only_server(data: &DataSource) -> anyhow::Result<Option<File>> {
    let DataSource::Folder(dir) = data else { return Ok(None) };
    // What is wrong with the folder itself is said by whoever opens the database.
    let Ok(file) = File::options().create(true).append(true).open(dir.join(LOCK)) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(fault("cli-served-already", &[("place", dir.display().to_string().into())])),
        // A file system without locks: as if nobody were there.
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Listens on the port; with `search`, on the next free one when it is taken.
pub async fn listen(host: &str, port: u16, search: bool) -> anyhow::Result<TcpListener> {
    let tries = if search { 20 } else { 1 };
    let mut last = None;
    for p in (port..=u16::MAX).take(tries) {
        match TcpListener::bind((host, p)).await {
            Ok(l) => return Ok(l),
            Err(e) => last = Some(e),
        }
    }
    Err(last.map_or_else(|| anyhow::anyhow!("no port"), Into::into))
        .with_context(|| words("cli-cannot-listen", &[("address", format!("{host}:{port}").into())]))
}

/// Serves until the process is told to stop; then finishes what is open and saves the figures.
pub async fn serve(
    office: Office,
    listener: TcpListener,
    options: WebOptions,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<ExitCode> {
    let bounds = options.bounds;
    // Ends with the runtime; what it was sending is sent again by whoever serves next.
    let hooks = crate::hooks::start(&office);
    let warming = tokio::spawn({
        let office = office.clone();
        async move { office.warm().await }
    });
    web::http::serve(listener, web::http::router(office.clone(), options), bounds, stop).await;
    warming.abort();
    if let Some(hooks) = hooks {
        hooks.abort();
    }
    office.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Ends when the process is told to stop. It listens from this call on: who reads the address and stops the program at once is heard.
pub fn stop() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{Signal, SignalKind, signal};
        let wait = |signal: std::io::Result<Signal>| async {
            match signal {
                Ok(mut s) => drop(s.recv().await),
                // Without a signal handler the process simply ends, which is safe at any moment.
                Err(_) => std::future::pending().await,
            }
        };
        let (interrupted, terminated) = (wait(signal(SignalKind::interrupt())), wait(signal(SignalKind::terminate())));
        async {
            tokio::select! { () = interrupted => {}, () = terminated => {} }
        }
    }
    #[cfg(not(unix))]
    async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
