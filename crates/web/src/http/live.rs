//! The event stream: tells open pages that something moved. The page asks for itself again, so rights are checked as always.
//!
//! A page of a desk says what it shows (`?register=dossier&unit=…` or `&record=…`), and is told of nothing else: where a hundred desks are
//! open, each change would otherwise draw a hundred pages.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event, KeepAlive},
};
use futures::Stream;
use office::{Error, Office, live::Moved};
use store::RecordId;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::Instant,
};

use super::{Ctx, PageError};

/// Changes that come thick are told together.
const TOGETHER: Duration = Duration::from_millis(150);
/// And one page is not drawn more often than this: within a second of a change it shows it.
const BETWEEN: Duration = Duration::from_millis(800);
/// A quiet connection is kept open through proxies.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// What a page shows.
#[derive(Default)]
struct About {
    register: Option<String>,
    unit: Option<u32>,
    record: Option<RecordId>,
}

impl About {
    fn of(ctx: &Ctx) -> Self {
        let world = ctx.app.office.world();
        Self {
            register: ctx.param("register").map(str::to_owned),
            unit: ctx.param("unit").and_then(|k| k.parse().ok()).and_then(|k| world.units.idx(&k)),
            record: ctx.param("record").and_then(|id| id.parse().ok()),
        }
    }

    fn is_moved(&self, office: &Office, moved: &Moved) -> bool {
        let Some(register) = &self.register else { return true };
        let world = office.world();
        let below =
            |unit: u32, text: &str| text.parse().ok().and_then(|k| world.units.idx(&k)).is_some_and(|u| world.units.covers(unit, u));
        moved.touches(register, self.record, |text| self.unit.is_none_or(|unit| below(unit, text)))
    }
}

/// `GET /live`
pub async fn stream(ctx: Ctx) -> Result<Response, PageError> {
    if ctx.visitor.is_none() {
        return Err(ctx.fault(Error::refused("access.sign_in")));
    }
    let office = ctx.app.office.clone();
    let open = Open { feed: office.live().watch(), about: About::of(&ctx), office, next: Instant::now() };
    Ok(Sse::new(moves(open)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

struct Open {
    office: Office,
    feed: Receiver<Arc<Moved>>,
    about: About,
    /// Not before this.
    next: Instant,
}

impl Open {
    /// Position after the next change that the page shows; `None` when the office closes.
    async fn told(&mut self) -> Option<u64> {
        let mut position = loop {
            match self.feed.recv().await {
                Ok(moved) if self.about.is_moved(&self.office, &moved) => break moved.position,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break 0,
                Err(RecvError::Closed) => return None,
            }
        };
        tokio::time::sleep_until(self.next.max(Instant::now() + TOGETHER)).await;
        while let Ok(more) = self.feed.try_recv() {
            position = more.position;
        }
        self.next = Instant::now() + BETWEEN;
        Some(position)
    }
}

fn moves(open: Open) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(open, |mut open| async move {
        let position = open.told().await?;
        Some((Ok(Event::default().data(format!("{{\"position\":{position}}}"))), open))
    })
}
