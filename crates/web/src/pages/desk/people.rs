//! Whose desk this is: units a person works for, colleagues, names.

use std::collections::HashMap;

use office::people::{ACCOUNT, Account};
use rules::access::{Action, Actor, Scope, decide, scope};

use super::DOSSIER;
use crate::{
    http::{Ctx, PageError},
    view::Choice,
};

/// Accounts by login.
pub struct People(HashMap<String, Account>);

impl People {
    pub async fn load(ctx: &Ctx) -> Result<Self, PageError> {
        let records = ctx.app.office.store().all(ACCOUNT).await.map_err(|e| ctx.fault(e))?;
        Ok(Self(records.iter().filter_map(|r| r.view::<Account>().ok()).map(|a| (a.login.clone(), a)).collect()))
    }

    /// The name, or the login where nobody of that name is known.
    pub fn name(&self, ctx: &Ctx, login: &str) -> String {
        match login {
            "" => String::new(),
            "system" => ctx.t.msg("who-system"),
            "guest" => ctx.t.msg("who-citizen"),
            _ if login.starts_with("citizen:") => ctx.t.msg("who-citizen"),
            _ => self.0.get(login).map_or_else(|| login.to_owned(), |a| a.name.clone()),
        }
    }

    /// Who may handle or decide dossiers of a unit, by name: its own people; where it has none, those above.
    pub fn of_unit(&self, ctx: &Ctx, unit: u32) -> Vec<(String, String)> {
        let world = ctx.app.office.world();
        let works = |a: &Account| {
            let actor = Actor::new(a.login.clone(), String::new(), a.grants.clone());
            let may = |action| decide(&actor, action, Some(DOSSIER), Some(unit), &world.units).is_ok();
            !a.disabled && (may(Action::Edit) || may(Action::Decide))
        };
        let key = world.units.key(unit).to_string();
        let own = |a: &&Account| a.grants.iter().any(|g| g.unit.to_string() == key);
        let all: Vec<&Account> = self.0.values().filter(|a| works(a)).collect();
        let here: Vec<&Account> = all.iter().copied().filter(|a| own(a)).collect();
        let decides = |a: &Account| {
            let actor = Actor::new(a.login.clone(), String::new(), a.grants.clone());
            decide(&actor, Action::Decide, Some(DOSSIER), Some(unit), &world.units).is_ok()
        };
        let named = |a: &Account| if decides(a) { format!("{} ({})", a.name, ctx.t.msg("desk-signs")) } else { a.name.clone() };
        let list = if here.is_empty() { all } else { here };
        let mut out: Vec<(String, String)> = list.into_iter().map(|a| (a.login.clone(), named(a))).collect();
        out.sort_by(|a, b| rules::text::compare(&a.1, &b.1));
        out
    }

    pub fn choices(&self, ctx: &Ctx, unit: u32, chosen: &str, nobody: String) -> Vec<Choice> {
        let none = Choice { value: String::new(), text: nobody, selected: chosen.is_empty() };
        let of = |(login, name): (String, String)| Choice { selected: login == chosen, value: login, text: name };
        std::iter::once(none).chain(self.of_unit(ctx, unit).into_iter().map(of)).collect()
    }
}

/// Units valid today in which the reader works on dossiers, the largest first.
pub fn own_units(ctx: &Ctx) -> Vec<u32> {
    let (world, today) = (ctx.app.office.world(), ctx.app.office.today());
    let valid = |u: &u32| world.units.unit(*u).is_valid_on(today);
    let of = |action| match scope(&ctx.actor(), action, Some(DOSSIER), &world.units) {
        Scope::Everywhere => (0..world.units.len()).filter(valid).collect::<Vec<u32>>(),
        Scope::Units(list) => list.into_iter().filter(valid).collect(),
    };
    let edited = of(Action::Edit);
    let mut list = if edited.is_empty() { of(Action::Decide) } else { edited };
    list.sort_by_key(|u| (world.units.unit(*u).level, rules::text::sort_key(&world.units.unit(*u).name.vi)));
    list
}

/// The unit whose desk is shown: the address says it, else the first that the reader works for.
pub fn desk_unit(ctx: &Ctx) -> Result<u32, PageError> {
    if ctx.state.unit.is_some() {
        return ctx.unit();
    }
    match own_units(ctx).first() {
        Some(u) => Ok(*u),
        None => ctx.unit(),
    }
}

/// The units to choose from, below the first that the reader works for.
pub fn unit_choices(ctx: &Ctx, chosen: u32) -> Vec<Choice> {
    let world = ctx.app.office.world();
    let of = |u: u32| Choice { value: world.units.key(u).to_string(), text: ctx.unit_name(u), selected: u == chosen };
    let mut list: Vec<Choice> = own_units(ctx).into_iter().map(of).collect();
    if !list.iter().any(|c| c.selected) {
        list.insert(0, of(chosen));
    }
    list
}
