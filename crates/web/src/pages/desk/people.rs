//! Whose desk this is: units a person works for, colleagues, names.

use std::{collections::HashMap, sync::Arc};

use office::people::Account;
use rules::{
    access::{Action, Actor, Scope, decide, scope},
    procedure::Who,
};

use super::DOSSIER;
use crate::{
    http::{Ctx, PageError},
    view::Choice,
};

/// A step is handed to its whole role, without naming anybody.
pub const NOBODY: &str = "*";

/// Accounts by login.
pub struct People(Arc<HashMap<String, Account>>);

impl People {
    pub async fn load(ctx: &Ctx) -> Result<Self, PageError> {
        Ok(Self(ctx.app.office.people().await.map_err(|e| ctx.fault(e))?))
    }

    /// The name, or the login where nobody of that name is known.
    pub fn name(&self, ctx: &Ctx, login: &str) -> String {
        match login {
            "" => String::new(),
            "system" => ctx.t.msg("who-system"),
            "guest" => ctx.t.msg("who-citizen"),
            _ if login.starts_with("citizen:") => ctx.t.msg("who-citizen"),
            _ if login.starts_with("bank:") => ctx.t.msg("who-bank"),
            _ => self.0.get(login).map_or_else(|| login.to_owned(), |a| a.name.clone()),
        }
    }

    /// Who may handle or decide dossiers of a unit, by name: its own people; where it has none, those above.
    pub fn of_unit(&self, ctx: &Ctx, unit: u32) -> Vec<(String, String)> {
        let named = |a: &Account| {
            let signs = may(ctx, a, Action::Decide, unit);
            (a.login.clone(), if signs { format!("{} ({})", a.name, ctx.t.msg("desk-signs")) } else { a.name.clone() })
        };
        let mut out: Vec<(String, String)> = self.workers(ctx, unit).into_iter().map(named).collect();
        out.sort_by(|a, b| rules::text::compare(&a.1, &b.1));
        out
    }

    fn workers(&self, ctx: &Ctx, unit: u32) -> Vec<&Account> {
        let key = ctx.app.office.world().units.key(unit).to_string();
        let works = |a: &&Account| !a.disabled && (may(ctx, a, Action::Edit, unit) || may(ctx, a, Action::Decide, unit));
        let all: Vec<&Account> = self.0.values().filter(works).collect();
        let here: Vec<&Account> = all.iter().copied().filter(|a| a.grants.iter().any(|g| g.unit.to_string() == key)).collect();
        if here.is_empty() { all } else { here }
    }

    /// The login of the only one who does steps of that kind at the unit; nothing where several do.
    fn only(&self, ctx: &Ctx, unit: u32, who: Who) -> Option<String> {
        let action = if who == Who::Leader { Action::Decide } else { Action::Edit };
        let list: Vec<&Account> = self.workers(ctx, unit).into_iter().filter(|a| may(ctx, a, action, unit)).collect();
        match list.as_slice() {
            [one] => Some(one.login.clone()),
            _ => None,
        }
    }

    /// To whom a step is handed: the only one who does such steps, else somebody has to be chosen; nobody is named only on purpose.
    pub fn takers(&self, ctx: &Ctx, unit: u32, who: Option<Who>) -> Vec<Choice> {
        let only = who.and_then(|w| self.only(ctx, unit, w)).unwrap_or_default();
        let mut list = self.choices(ctx, unit, &only, ctx.t.msg("desk-choose-taker"));
        list.push(Choice { value: NOBODY.to_owned(), text: ctx.t.msg("desk-bulk-nobody"), selected: false });
        list
    }

    pub fn choices(&self, ctx: &Ctx, unit: u32, chosen: &str, nobody: String) -> Vec<Choice> {
        let none = Choice { value: String::new(), text: nobody, selected: chosen.is_empty() };
        let of = |(login, name): (String, String)| Choice { selected: login == chosen, value: login, text: name };
        std::iter::once(none).chain(self.of_unit(ctx, unit).into_iter().map(of)).collect()
    }
}

fn may(ctx: &Ctx, a: &Account, action: Action, unit: u32) -> bool {
    let actor = Actor::new(a.login.clone(), String::new(), a.grants.clone());
    decide(&actor, action, Some(DOSSIER), Some(unit), &ctx.app.office.world().units).is_ok()
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
