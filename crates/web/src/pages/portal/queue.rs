//! `/portal/queue/{unit}`: the numbers that are called, for the screen on the wall and for who waits outside with a phone.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
};
use office::{Error, one_stop::Ticket};

use super::{
    frame::Visit,
    view::{Called, Wall},
};
use crate::{
    http::{PageResult, error::render},
    pages::{desk::words::ticket, show::segment},
};

/// How often the screen on the wall asks again, in seconds.
const AGAIN: &str = "5";
/// Numbers that are shown as called last, and as next.
const CALLED: usize = 6;
const NEXT: usize = 8;

/// `GET /portal/queue/{unit}`
pub async fn wall(v: Visit, Path(unit): Path<String>) -> PageResult {
    let (t, office) = (v.t(), &v.ctx.app.office);
    let world = office.world();
    let idx = world.unit_idx(&unit, office.today()).ok_or_else(|| v.fault(Error::not_found(&unit)))?;
    let key = world.units.key(idx);
    let name = world.units.get(key).map(|u| t.pick(&u.name).to_owned()).unwrap_or_default();
    let list = office.tickets(&key.to_string()).await.map_err(|e| v.fault(e))?;
    let mut called: Vec<&Ticket> = list.iter().filter(|x| x.state == "called").collect();
    called.sort_by_key(|x| std::cmp::Reverse(x.called_at));
    let mut waiting: Vec<&Ticket> = list.iter().filter(|x| x.state == "waiting").collect();
    waiting.sort_by_key(|x| (!x.priority, x.number));
    let show = |x: &&Ticket| Called { number: ticket(x.number), counter: x.counter.clone().unwrap_or_default() };
    let page = Wall {
        called: called.iter().take(CALLED).map(show).collect(),
        next: waiting.iter().take(NEXT).map(|x| ticket(x.number)).collect(),
        waiting: waiting.len(),
        at: crate::pages::desk::words::hour(t, office.now()),
        take: v.frame("").link(&format!("/portal/queue/{}/take", segment(&key.to_string()))),
        f: v.frame(name),
    };
    let mut response = render(&page);
    // Without any script; a screen on a wall has nobody who would press "again".
    response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(AGAIN));
    Ok(response)
}
