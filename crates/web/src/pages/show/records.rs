//! `/records/{register}` – the records of a register.

use axum::extract::Path;
use office::world::World;
use rules::access::Actor;
use store::ListQuery;

use super::{Scene, drill, export, fields, segment, settle, signed_in};
use crate::{
    http::{Ctx, PageError, PageResult, error::render},
    view::{Chip, Link, RecordListPage, Section},
};

/// Records read at once for a file.
const BATCH: i64 = 500;

/// The register's question as the address asks it. A unit in the address narrows the list to it and to what it was made of.
fn query(ctx: &Ctx, world: &World, register: &str, scene: Scene) -> Result<ListQuery, PageError> {
    let units = match &ctx.state.unit {
        None => Vec::new(),
        Some(_) => {
            let sources = world.units.sources_of(scene.unit, scene.day).map_err(|e| ctx.fault(office::Error::from(e)))?;
            let all = sources.exact.iter().chain(sources.estimated.iter().map(|(u, _)| u));
            all.map(|u| world.units.key(*u).to_string()).collect()
        }
    };
    Ok(ListQuery {
        register: register.to_owned(),
        units,
        states: ctx.param("state").map(str::to_owned).into_iter().collect(),
        search: ctx.param("q").unwrap_or_default().to_owned(),
        after: ctx.param("after").map(str::to_owned),
        limit: drill::PAGE,
        ..ListQuery::default()
    })
}

/// `GET /records/{register}`
pub async fn page(mut ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let actor = signed_in(&ctx)?;
    let scene = settle(&mut ctx, &actor)?;
    let world = ctx.app.office.world();
    let register = world.register(&id).map_err(|e| ctx.fault(e))?;
    let q = query(&ctx, &world, &id, scene)?;
    let (found, count) = ctx.app.office.page_of(&actor, q).await.map_err(|e| ctx.fault(e))?;
    let t = ctx.t;
    let name = t.pick(&register.def.register.name).to_owned();
    let mut s = ctx.shell(Section::Registers, name.clone(), true).await?;
    s.crumbs = vec![Link::new(s.link("/records"), t.msg("nav-registers"))];
    s.pick = Some(ctx.picker(&["q", "state"])?);
    let (pager, count) = drill::pager(&ctx, &s, found.records.len(), count, found.next.as_deref());
    let on = ctx.param("state");
    let mut chips = Vec::new();
    if let Some(lifecycle) = fields::lifecycle(register) {
        let chip = |text: String, state: Option<&str>| Chip {
            href: drill::without_page(&s, "state", state),
            text,
            count: if on == state { drill::short_count(&ctx, count) } else { String::new() },
            on: on == state,
            mark: state.and_then(|x| fields::state_mark(Some(&lifecycle), x)),
        };
        chips.push(chip(t.msg("filter-all"), None));
        chips.extend(lifecycle.states.iter().map(|x| chip(t.pick(&x.label).to_owned(), Some(&x.id))));
    }
    let shown = fields::columns(register, drill::COLUMNS);
    let page = RecordListPage {
        register: name,
        behind: String::new(),
        chips,
        q: ctx.param("q").unwrap_or_default().to_owned(),
        columns: drill::heads(&ctx, register, &shown),
        rows: drill::rows(&ctx, &world, &s, (register, &shown), &found.records).await?,
        count: drill::records_text(&ctx, count),
        pager,
        export: s.link_with(&format!("/records/{}/export.csv", segment(&id)), &drill::query(&s, &["q", "state"])),
        history: s.link_with(&format!("/records/{}/export.xes", segment(&id)), &drill::query(&s, &["q", "state"])),
        s,
    };
    Ok(render(&page))
}

/// `GET /records/{register}/export.csv`: the whole list under the same filters.
pub async fn csv(mut ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let actor: Actor = signed_in(&ctx)?;
    let scene = settle(&mut ctx, &actor)?;
    let world = ctx.app.office.world();
    let register = world.register(&id).map_err(|e| ctx.fault(e))?;
    let mut q = ListQuery { after: None, limit: BATCH, ..query(&ctx, &world, &id, scene)? };
    let mut records = Vec::new();
    loop {
        let found = ctx.app.office.first_of(&actor, q.clone()).await.map_err(|e| ctx.fault(e))?;
        records.extend(found.records);
        q.after = found.next;
        if q.after.is_none() || records.len() >= export::ROWS_MAX {
            break;
        }
    }
    drill::file(&ctx, &world, register, records, &id).await
}

/// `GET /records/{register}/export.xes`: what happened to the records of the list, for process mining.
pub async fn xes(mut ctx: Ctx, Path(id): Path<String>) -> PageResult {
    let actor: Actor = signed_in(&ctx)?;
    let scene = settle(&mut ctx, &actor)?;
    let world = ctx.app.office.world();
    let query = query(&ctx, &world, &id, scene)?;
    crate::http::xes::response(&ctx.app.office, &actor, query).await.map_err(|e| ctx.fault(e))
}
