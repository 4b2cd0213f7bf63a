//! Connections: accepted, served within the bounds, ended in order.

use std::pin::pin;

use axum::{Router, extract::ConnectInfo, http::Request, serve::Listener};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet, time::timeout};
use tower::ServiceExt;

use super::Bounds;

/// Serves until `stop` ends; then no new connection is taken, and what is under way has the bounds' grace to end.
pub async fn serve(mut listener: TcpListener, router: Router, bounds: Bounds, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    // Told by the sender's end.
    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        let (io, from) = tokio::select! {
            () = &mut stop => break,
            accepted = Listener::accept(&mut listener) => accepted,
            Some(_) = connections.join_next() => continue,
        };
        // Told to the handlers: wrong tries are counted by where they come from.
        let told = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(from));
            request
        });
        let (service, mut stopped) = (TowerToHyperService::new(told), stopped.clone());
        connections.spawn(async move {
            let mut builder = Builder::new(TokioExecutor::new()).http1_only();
            builder.http1().timer(TokioTimer::new()).header_read_timeout(bounds.header_time);
            let mut connection = pin!(builder.serve_connection(TokioIo::new(io), service));
            let result = tokio::select! {
                result = connection.as_mut() => result,
                // It never carries a value: it ends when the server does.
                _ = stopped.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(e) = result {
                tracing::debug!(error = %e, "a connection ended");
            }
        });
    }
    drop(listener);
    drop(stopping);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(bounds.grace, all).await.is_err() {
        connections.shutdown().await;
    }
}
