//! `/portal`: finding a procedure by ordinary words or by what happened in one's life.

use std::sync::Arc;

use rules::procedure::Procedure;

use super::{
    frame::Visit,
    view::{Home, Item, Procedures},
    words,
};
use crate::{
    http::{PageResult, error::render},
    i18n::Lang,
    pages::{contact, show::segment},
    view::Link,
};

/// What happens in people's lives: the words on the button and those that are searched stand in the translations.
const EVENTS: [&str; 8] = ["child", "marriage", "death", "home", "copies", "business", "help", "land"];
/// The most used procedures on the first page.
const MOST: usize = 8;
const FOUND: usize = 20;
/// What is shown beside "nothing found".
const NEAR: usize = 3;

pub fn address(p: &Procedure) -> String {
    format!("/portal/procedures/{}", segment(&p.def.code))
}

fn item(v: &Visit, p: &Arc<Procedure>) -> Item {
    let t = v.t();
    let about = [words::term(t, p.def.term), words::cost(t, &p.def), words::online(t, p.def.online)];
    Item { href: v.frame("").link(&address(p)), name: t.pick(&p.def.name).to_owned(), about: about.join(" · ") }
}

/// `GET /portal`
pub async fn home(v: Visit) -> PageResult {
    let (t, office) = (v.t(), &v.ctx.app.office);
    let (world, day) = (office.world(), office.today());
    let f = v.frame(t.msg("portal-home-title"));
    let mut events = Vec::new();
    for id in EVENTS {
        // The words are searched in Vietnamese whatever the page speaks: the packs' words are Vietnamese first.
        let words = Lang::Vi.msg(&format!("portal-event-{id}-words"));
        if !world.find_procedures(&words, day, 1).is_empty() {
            let query = serde_urlencoded::to_string([("q", &words)]).unwrap_or_default();
            events.push(Link::new(f.link(&format!("/portal/procedures?{query}")), t.msg(&format!("portal-event-{id}"))));
        }
    }
    let most = world.procedures_on(day).into_iter().take(MOST).map(|p| item(&v, p)).collect();
    Ok(render(&Home { events, most, f }))
}

/// Everything that is in force, under the names of its sectors.
fn by_sector(v: &Visit) -> Vec<(String, Vec<Item>)> {
    let office = &v.ctx.app.office;
    let world = office.world();
    let mut out: Vec<(String, Vec<Item>)> = Vec::new();
    for p in world.procedures_on(office.today()) {
        let sector = v.t().pick(&p.def.sector.name).to_owned();
        match out.iter_mut().find(|(name, _)| *name == sector) {
            Some((_, list)) => list.push(item(v, p)),
            None => out.push((sector, vec![item(v, p)])),
        }
    }
    out
}

/// The units that have a desk where one can ask, each with how it is reached where that is declared.
fn one_stop_desks(v: &Visit) -> Vec<String> {
    let (t, office) = (v.t(), &v.ctx.app.office);
    let (world, day) = (office.world(), office.today());
    let Some(top) = world.root_on(day).and_then(|k| world.units.idx(k)) else { return Vec::new() };
    let mut units: Vec<u32> = world.units.subtree_on(top, day).filter(|u| !world.procedures_for(*u, day).is_empty()).collect();
    units.sort_by(|a, b| rules::text::compare(&world.units.unit(*a).name.vi, &world.units.unit(*b).name.vi));
    let line = |u: u32| {
        let reached = contact::line(t, world.contact(u, day).as_ref());
        let name = v.ctx.unit_name(u);
        if reached.is_empty() { name } else { format!("{name}. {reached}") }
    };
    units.into_iter().map(line).collect()
}

/// `GET /portal/procedures`: all of them by sector, or those that fit the words.
pub async fn list(v: Visit) -> PageResult {
    let (t, office) = (v.t(), &v.ctx.app.office);
    let (world, day) = (office.world(), office.today());
    let q: String = v.ctx.param("q").unwrap_or_default().trim().chars().take(200).collect();
    let f = v.frame(t.msg(if q.is_empty() { "portal-all" } else { "portal-found-title" })).back_to("/portal", "portal-back-home");
    let mut found: Vec<(String, Vec<Item>)> = Vec::new();
    let mut none = String::new();
    let count;
    let mut desks = Vec::new();
    if q.is_empty() {
        found = by_sector(&v);
        count = found.iter().map(|(_, list)| list.len()).sum();
    } else {
        let list: Vec<Item> = world.find_procedures(&q, day, FOUND).into_iter().map(|p| item(&v, p)).collect();
        count = list.len();
        if list.is_empty() {
            none = t.msg("portal-found-none");
            desks = one_stop_desks(&v);
            let near: Vec<Item> = world.near_procedures(&q, day, NEAR).into_iter().map(|p| item(&v, p)).collect();
            if !near.is_empty() {
                found.push((t.msg("portal-found-near"), near));
            }
            found.extend(by_sector(&v));
        } else {
            found.push((String::new(), list));
        }
    }
    let said = t.msg1(if q.is_empty() { "portal-count" } else { "portal-found" }, "count", count);
    Ok(render(&Procedures { q, said, none, desks, found, f }))
}
