//! The event stream: tells open pages that something moved. The page asks for itself again, so rights are checked as always.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event, KeepAlive},
};
use futures::Stream;
use office::Error;
use tokio::sync::broadcast::error::RecvError;

use super::{Ctx, PageError};

/// Changes that come thick are told together: a page need not be drawn more often than this.
const TOGETHER: Duration = Duration::from_millis(150);
/// A quiet connection is kept open through proxies.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// `GET /live`
pub async fn stream(ctx: Ctx) -> Result<Response, PageError> {
    if ctx.visitor.is_none() {
        return Err(ctx.fault(Error::refused("access.sign_in")));
    }
    let events = moves(ctx);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

fn moves(ctx: Ctx) -> impl Stream<Item = Result<Event, Infallible>> {
    let watch = ctx.app.office.live().watch();
    futures::stream::unfold(watch, |mut watch| async move {
        let position = match watch.recv().await {
            Ok(moved) => moved.position,
            Err(RecvError::Lagged(_)) => 0,
            Err(RecvError::Closed) => return None,
        };
        tokio::time::sleep(TOGETHER).await;
        let mut last = position;
        while let Ok(more) = watch.try_recv() {
            last = more.position;
        }
        Some((Ok(Event::default().data(format!("{{\"position\":{last}}}"))), watch))
    })
}
