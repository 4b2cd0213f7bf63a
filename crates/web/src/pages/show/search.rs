//! `/search?q=` – one field for everything. The palette asks it too, at each pause in typing, so every part is bounded.

use office::{
    Error, Result,
    one_stop::DOSSIER,
    programme::{DIRECTIVE, FIGURE, TARGET, TASK, TaskFilter},
    world::World,
};
use rules::access::{Action, Actor};
use store::ListQuery;

use super::{fields, indicator_link, indicators, segment, settle, signed_in};
use crate::{
    http::{Ctx, PageError, PageResult, error::render},
    pages::desk,
    view::{SearchPage, Section, Shell, records::Hit},
};

/// Hits of one kind.
const HITS: usize = 6;
/// A search of the records' text reads much: it begins at so many letters.
const RECORD_LETTERS: usize = 3;
/// What is longer than any name or code is cut.
const QUERY_MAX: usize = 120;

/// Words of the question and the test of a text against them.
struct Words {
    folded: String,
}

impl Words {
    fn fit(&self, text: &str) -> bool {
        let text = rules::text::fold(text);
        !self.folded.is_empty() && self.folded.split(' ').all(|w| text.contains(w))
    }
}

/// `GET /search`
pub async fn page(mut ctx: Ctx) -> PageResult {
    let actor = signed_in(&ctx)?;
    settle(&mut ctx, &actor)?;
    let q: String = ctx.param("q").unwrap_or_default().trim().chars().take(QUERY_MAX).collect();
    let world = ctx.app.office.world();
    let words = Words { folded: rules::text::fold(&q) };
    let s = ctx.shell(Section::None, ctx.t.msg("search-title"), false).await?;
    let mut groups = Vec::new();
    if !words.folded.is_empty() {
        let t = ctx.t;
        groups = vec![
            (t.msg("nav-indicators"), indicator_hits(&ctx, &world, &s, &words)),
            (t.msg("nav-units"), unit_hits(&ctx, &world, &s, &words)?),
            (t.msg("col-targets"), target_hits(&ctx, &s, &actor, &words).await?),
            (t.msg("nav-tasks"), task_hits(&ctx, &world, &s, &actor, &q).await?),
            (t.msg("nav-directives"), directive_hits(&ctx, &s, &actor, &words).await?),
        ];
        groups.extend(record_hits(&ctx, &world, &s, &actor, &q).await?);
        groups.retain(|(_, hits)| !hits.is_empty());
    }
    Ok(render(&SearchPage { s, q, groups }))
}

/// What the reader may not see is simply not found.
fn allowed<T: Default>(ctx: &Ctx, result: Result<T>) -> std::result::Result<T, PageError> {
    match result {
        Err(Error::Refused(r)) if r.code.starts_with("access.") => Ok(T::default()),
        other => other.map_err(|e| ctx.fault(e)),
    }
}

fn indicator_hits(ctx: &Ctx, world: &World, s: &Shell, words: &Words) -> Vec<Hit> {
    let list: Vec<&str> = words.folded.split(' ').collect();
    let mut found: Vec<_> = world.indicators.values().filter(|i| indicators::matches(i, &list)).collect();
    // The whole code first, then names that begin with what was typed.
    found.sort_by_key(|i| {
        let begins = rules::text::fold(&i.name.vi).starts_with(&words.folded);
        (rules::text::fold(&i.id) != words.folded, !begins, rules::text::sort_key(&i.name.vi))
    });
    let unit = ctx.state.unit.clone().or_else(|| ctx.unit().ok().map(|u| world.units.key(u).to_string())).unwrap_or_default();
    found
        .into_iter()
        .take(HITS)
        .map(|i| Hit {
            href: indicator_link(s, &i.id, &unit),
            title: ctx.t.pick(&i.name).to_owned(),
            note: format!("{} · {}", i.id, ctx.t.msg(indicators::kind_key(i))),
        })
        .collect()
}

fn unit_hits(ctx: &Ctx, world: &World, s: &Shell, words: &Words) -> std::result::Result<Vec<Hit>, PageError> {
    let day = ctx.day()?;
    let fits = |u: &u32| {
        let u = world.units.unit(*u);
        words.fit(&format!("{} {} {} {} {}", u.name.vi, u.name.en, u.key, u.org_code.as_deref().unwrap_or_default(), u.aliases.join(" ")))
    };
    let open = |u: &u32| ctx.allowed(Action::View, None, &world.units.key(*u).to_string());
    let mut found: Vec<u32> = (0..world.units.len()).filter(fits).filter(open).collect();
    // Those of today's map first, then by level and name.
    found.sort_by_key(|u| {
        let unit = world.units.unit(*u);
        (!unit.is_valid_on(day), unit.level, rules::text::sort_key(&unit.name.vi))
    });
    Ok(found
        .into_iter()
        .take(HITS)
        .map(|u| {
            let key = world.units.key(u).to_string();
            // Two units of one name are told apart by their time.
            let until = world.units.unit(u).valid_to.map(|end| format!("{} {}", ctx.t.msg("unit-until"), ctx.t.date(end)));
            let above: Vec<String> = world.units.parent(u).map(|p| ctx.unit_name(p)).into_iter().chain(until).collect();
            Hit {
                href: s.link_with(&format!("/units/{}", segment(&key)), &[("unit", &key)]),
                title: ctx.unit_name(u),
                note: above.join(" · "),
            }
        })
        .collect())
}

async fn target_hits(ctx: &Ctx, s: &Shell, actor: &Actor, words: &Words) -> std::result::Result<Vec<Hit>, PageError> {
    let list = allowed(ctx, ctx.app.office.targets(actor).await)?;
    Ok(list
        .into_iter()
        .filter(|t| words.fit(&format!("{} {} {} {}", t.def.id, t.def.title.vi, t.def.title.en, t.def.indicator)))
        .take(HITS)
        .map(|t| Hit {
            href: s.link(&format!("/targets/{}", segment(&t.def.id))),
            title: ctx.t.pick(&t.def.title).to_owned(),
            note: t.def.id.clone(),
        })
        .collect())
}

async fn task_hits(ctx: &Ctx, world: &World, s: &Shell, actor: &Actor, q: &str) -> std::result::Result<Vec<Hit>, PageError> {
    let filter = TaskFilter { search: q.to_owned(), ..TaskFilter::default() };
    let list = allowed(ctx, ctx.app.office.tasks(actor, &filter, ctx.day()?).await)?;
    Ok(list
        .into_iter()
        .take(HITS)
        .map(|t| Hit {
            href: s.link(&format!("/tasks/{}", segment(&t.def.id))),
            title: ctx.t.pick(&t.def.title).to_owned(),
            note: format!("{} · {}", t.def.id, world.unit_name(&t.record.unit, ctx.t.tag())),
        })
        .collect())
}

async fn directive_hits(ctx: &Ctx, s: &Shell, actor: &Actor, words: &Words) -> std::result::Result<Vec<Hit>, PageError> {
    let list = allowed(ctx, ctx.app.office.directives(actor).await)?;
    Ok(list
        .into_iter()
        .filter(|d| {
            let number = d.def.number.as_deref().unwrap_or_default();
            words.fit(&format!(
                "{} {number} {} {} {}",
                d.def.id,
                d.def.title.vi,
                d.def.title.en,
                d.def.issuer.as_deref().unwrap_or_default()
            ))
        })
        .take(HITS)
        .map(|d| Hit {
            href: s.link(&format!("/directives/{}", segment(&d.def.id))),
            title: ctx.t.pick(&d.def.title).to_owned(),
            note: d.def.number.clone().unwrap_or_else(|| d.def.id.clone()),
        })
        .collect())
}

/// Records of the declared registers: a whole code at once, text from three letters on.
async fn record_hits(
    ctx: &Ctx,
    world: &World,
    s: &Shell,
    actor: &Actor,
    q: &str,
) -> std::result::Result<Vec<(String, Vec<Hit>)>, PageError> {
    if q.chars().count() < RECORD_LETTERS {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for (id, register) in world.registers.iter().filter(|(id, _)| !matches!(id.as_str(), TARGET | TASK | DIRECTIVE | FIGURE)) {
        let query =
            ListQuery { register: id.clone(), search: q.to_owned(), limit: i64::try_from(HITS).unwrap_or(6), ..ListQuery::default() };
        let Some(page) = allowed(ctx, ctx.app.office.first_of(actor, query).await.map(Some))? else { continue };
        let mut hits = Vec::new();
        for r in &page.records {
            let values = r.fields().map_err(|e| ctx.fault(e))?;
            let cased = id == DOSSIER && values.get("case").is_some_and(|c| !c.is_null());
            let path =
                if cased { desk::dossier_path(ctx, &r.unit, &r.id.to_string()) } else { format!("/records/{}/{}", segment(id), r.id) };
            hits.push(Hit {
                href: s.link(&path),
                title: fields::name(ctx, world, register, r, &values, false),
                note: format!("{} · {}", world.unit_name(&r.unit, ctx.t.tag()), fields::state_label(ctx, world, id, &r.state)),
            });
        }
        if !hits.is_empty() {
            out.push((ctx.t.pick(&register.def.register.name).to_owned(), hits));
        }
    }
    Ok(out)
}
