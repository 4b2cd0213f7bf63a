//! `/portal/queue/{unit}/take`: people draw their number themselves, at a tablet by the door or on a phone, and follow it.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use office::{Error, one_stop::Ticket};
use store::RecordId;

use super::{
    frame::{Sent, Visit},
    view::{DrawPage, TicketPage},
};
use crate::{
    http::{
        PageError, PageResult,
        error::{render, sentence, status_of},
    },
    pages::{desk::words::ticket, show::segment},
    view::{Choice, Link},
};

/// How often the page of a number asks again, in seconds.
const AGAIN: u32 = 10;
/// How long a number stays on the tablet by the door before the next person finds the buttons: time to read it and to scan its code.
const AT_DOOR: u32 = 20;

/// The tablet by the door goes back to the buttons by itself.
fn at_door(v: &Visit) -> bool {
    v.ctx.param("door").is_some()
}

fn draw_path(unit: &str, door: bool) -> String {
    format!("/portal/queue/{}/take{}", segment(unit), if door { "?door=1" } else { "" })
}

/// Without any script.
fn refreshed(mut response: Response, seconds: u32, to: Option<&str>) -> Response {
    let text = to.map_or_else(|| seconds.to_string(), |to| format!("{seconds}; url={to}"));
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(header::REFRESH, value);
    }
    response
}

/// `GET /portal/queue/{unit}/take`
pub async fn choose(v: Visit, Path(unit): Path<String>) -> PageResult {
    Ok(render(&page(&v, &unit, at_door(&v), String::new())?))
}

fn page(v: &Visit, unit: &str, door: bool, error: String) -> Result<DrawPage, PageError> {
    let (t, office) = (v.t(), &v.ctx.app.office);
    let world = office.world();
    let idx = world.unit_idx(unit, office.today()).ok_or_else(|| v.fault(Error::not_found(unit)))?;
    let key = world.units.key(idx).to_string();
    let mut f = v.frame(t.msg("portal-number-take"));
    f.wrong = !error.is_empty();
    // Kept as it is called in Vietnamese, whatever the page speaks: officers choose by it.
    let one = |s: &rules::Localized| Choice { value: s.vi.clone(), text: t.pick(s).to_owned(), selected: false };
    Ok(DrawPage {
        unit: world.unit_name(&key, t.tag()).to_owned(),
        sectors: office.sectors(idx).iter().map(one).collect(),
        action: f.link(&draw_path(&key, door)),
        once: RecordId::new().to_string(),
        wall: f.link(&format!("/portal/queue/{}", segment(&key))),
        error,
        f,
    })
}

/// `POST /portal/queue/{unit}/take`
pub async fn draw(Path(unit): Path<String>, sent: Sent) -> PageResult {
    let (v, posted) = (&sent.visit, &sent.posted);
    let door = at_door(v);
    let drawn = v.ctx.app.office.draw_ticket(&unit, posted.get("sector"), v.client(), posted.get("once")).await;
    match drawn {
        Ok(x) => Ok(v.go(&format!("/portal/tickets/{}{}", segment(&x.id), if door { "?door=1" } else { "" }))),
        Err(e @ Error::Refused(_)) => {
            let page = page(v, &unit, door, sentence(&e, v.t()))?;
            let response = (status_of(&e), render(&page)).into_response();
            let back = draw_path(&unit, door);
            Ok(if door { refreshed(response, AT_DOOR, Some(&back)) } else { response })
        }
        Err(e) => Err(v.fault(e)),
    }
}

/// How a number stands: class and sentence of the note, and whether it goes on.
fn stands(v: &Visit, x: &Ticket, before: usize) -> (&'static str, String, bool) {
    let t = v.t();
    let of_today = x.taken_at.is_some_and(|at| at.local_date() == v.ctx.app.office.today());
    match x.state.as_str() {
        "waiting" if of_today && before == 0 => ("", t.msg("portal-number-next"), true),
        "waiting" if of_today => ("", t.msg1("portal-number-before", "count", before), true),
        "called" if of_today => ("good", t.msg1("portal-number-called", "counter", x.counter.as_deref().unwrap_or_default()), true),
        "missed" if of_today => ("bad", t.msg("portal-number-missed"), true),
        _ => ("", t.msg("portal-number-over"), false),
    }
}

/// `GET /portal/tickets/{id}`: a number, and how many are before it.
pub async fn follow(v: Visit, Path(id): Path<String>) -> PageResult {
    let (t, office) = (v.t(), &v.ctx.app.office);
    let (x, before) = office.ticket(&id).await.map_err(|e| v.fault(e))?;
    let world = office.world();
    let (class, stands, lasts) = stands(&v, &x, before);
    let sectors = x.unit.parse().ok().and_then(|k| world.units.idx(&k)).map(|u| office.sectors(u)).unwrap_or_default();
    let sector = x.sector.as_deref().unwrap_or_default();
    let address = format!("/portal/tickets/{}", segment(&x.id));
    let drawing = faces::qr::svg(&format!("{}{address}", v.origin())).map(|svg| STANDARD.encode(svg)).unwrap_or_default();
    let door = at_door(&v);
    let f = v.frame(t.msg("portal-number"));
    let page = TicketPage {
        unit: world.unit_name(&x.unit, t.tag()).to_owned(),
        number: ticket(x.number),
        sector: sectors.iter().find(|s| s.vi == sector).map_or_else(|| sector.to_owned(), |s| t.pick(s).to_owned()),
        priority: x.priority,
        class,
        stands,
        at: crate::pages::desk::words::hour(t, office.now()),
        qr: if lasts && !drawing.is_empty() { format!("data:image/svg+xml;base64,{drawing}") } else { String::new() },
        next: if door { Link::new(draw_path(&x.unit, true), t.msg("portal-number-next-person")) } else { Link::default() },
        wall: f.link(&format!("/portal/queue/{}", segment(&x.unit))),
        lasts,
        f,
    };
    let response = render(&page);
    Ok(match (door, lasts) {
        (true, _) => refreshed(response, AT_DOOR, Some(&draw_path(&x.unit, true))),
        (false, true) => refreshed(response, AGAIN, None),
        (false, false) => response,
    })
}
