//! Questions to the figures: one value, a trend, a league, a breakdown, and the records behind any of them.

use jiff::civil::Date;
use rules::{
    Month, Period, Timestamp,
    access::{Action, Actor, Scope, decide, scope},
    indicator::{Figure, Kind, figure},
    target::Window,
    units::Attribution,
};
use store::{ListQuery, Page, Sight, SortBy};

use crate::{
    Office,
    error::{Error, Result},
    programme::Freeze,
    world::{Indicator, Source},
};

/// A figure with how it came about.
#[derive(Debug, Clone)]
pub struct Answer {
    /// In the indicator's measure as a fraction: 0.9763 for 97,63 %.
    pub value: Option<f64>,
    /// The sums, for everything that is counted.
    pub figure: Option<Figure>,
    /// Part of it was attributed by a declared share of a divided unit.
    pub estimated: bool,
    /// Units that overlap with this one and whose figures cannot be attributed: nothing was guessed.
    pub not_attributable: Vec<u32>,
}

impl Answer {
    pub(crate) const NONE: Self = Self { value: None, figure: None, estimated: false, not_attributable: Vec::new() };
}

/// One row of a breakdown.
#[derive(Debug, Clone)]
pub struct Slice {
    /// Raw value of the field; `None` = empty.
    pub value: Option<String>,
    pub figure: Figure,
}

/// The condition and unit list by which a figure's records are found.
#[derive(Debug, Clone)]
pub struct Drill {
    pub register: String,
    pub units: Vec<String>,
    pub filter: String,
}

/// Which records of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// All that were counted.
    #[default]
    Counted,
    /// Those above the line.
    Numerator,
    /// Counted, but not above the line.
    Rest,
}

/// A list says its length exactly up to here; beyond, that there are more. A person who has 500 rows before them filters.
pub const COUNT_MAX: i64 = 500;

/// How many records a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub n: i64,
    /// Else there are more than `n`.
    pub exact: bool,
}

impl Count {
    fn of(page: &Page) -> Self {
        Self { n: i64::try_from(page.records.len()).unwrap_or(i64::MAX), exact: page.next.is_none() }
    }
}

fn no_months(period: Period) -> Option<(Month, Month)> {
    period.months()
}

impl Office {
    /// Access to figures of one unit: figures of an indicator belong to its register.
    pub fn may_see(&self, actor: &Actor, indicator: &Indicator, unit: u32) -> Result<()> {
        let world = self.world();
        let register = indicator.live().map(|d| d.register.as_str());
        Ok(decide(actor, Action::View, register, Some(unit), &world.units)?)
    }

    /// Units whose cells flow into `unit` on the map of `map`.
    pub fn sources(&self, unit: u32, map: Date) -> Result<Attribution> {
        Ok(self.world().units.sources_of(unit, map)?)
    }

    /// One figure of an indicator, for a unit on the map of a date.
    pub fn figure(&self, actor: &Actor, id: &str, unit: u32, period: Period, map: Date) -> Result<Answer> {
        let world = self.world();
        let indicator = world.indicator(id).ok_or_else(|| Error::not_found(id))?;
        self.may_see(actor, indicator, unit)?;
        let sources = world.units.sources_of(unit, map)?;
        Ok(self.answer(indicator, &sources, no_months(period)))
    }

    /// The same without a question of access: for use cases that asked already.
    pub(crate) fn answer(&self, indicator: &Indicator, sources: &Attribution, months: Option<(Month, Month)>) -> Answer {
        let live = |id: &str| {
            let figure = self.sum(id, sources, months);
            Answer { value: figure.and_then(|f| f.value), figure, ..self.doubt(&[id], sources, months) }
        };
        match &indicator.source {
            Source::Live { .. } => live(&indicator.id),
            Source::Derived(_) => {
                let mut leaves = Vec::new();
                let value = self.world().derive(&indicator.id, &mut |leaf| {
                    leaves.push(leaf.to_owned());
                    self.sum(leaf, sources, months)
                });
                let leaves: Vec<&str> = leaves.iter().map(String::as_str).collect();
                Answer { value, ..self.doubt(&leaves, sources, months) }
            }
            Source::Reported(def) => match def.live.as_deref().filter(|l| self.world().indicators.contains_key(*l)) {
                Some(id) => live(id),
                None => Answer::NONE,
            },
        }
    }

    /// What a divided unit adds to a figure of these months is an estimate, or cannot be attributed; one that adds nothing casts
    /// no doubt on it.
    fn doubt(&self, ids: &[&str], sources: &Attribution, months: Option<(Month, Month)>) -> Answer {
        if sources.estimated.is_empty() && sources.not_attributable.is_empty() {
            return Answer::NONE;
        }
        let (world, engine) = (self.world(), self.live().engine());
        let adds = |unit: u32| {
            let found = ids.iter().filter_map(|id| Some((engine.indicator(id)?, world.reach(id, months))));
            found.into_iter().any(|(idx, months)| engine.sum(idx, &[unit], months).n != 0)
        };
        Answer {
            estimated: sources.estimated.iter().any(|(u, _)| adds(*u)),
            not_attributable: sources.not_attributable.iter().copied().filter(|u| adds(*u)).collect(),
            ..Answer::NONE
        }
    }

    /// What a freeze keeps of an indicator, counted or derived; `None` where it does not hold the window.
    pub(crate) fn frozen_answer(&self, freeze: &Freeze, indicator: &Indicator, sources: &Attribution, window: Window) -> Option<Answer> {
        let world = self.world();
        let id = match &indicator.source {
            Source::Live { .. } => &indicator.id,
            Source::Reported(def) => def.live.as_ref()?,
            Source::Derived(_) => {
                let mut held = true;
                let value = world.derive(&indicator.id, &mut |leaf| {
                    let figure = freeze.figure(&world, leaf, sources, window);
                    held &= figure.is_some();
                    figure
                });
                let estimated = !sources.estimated.is_empty();
                return held.then(|| Answer { value, estimated, not_attributable: sources.not_attributable.clone(), ..Answer::NONE });
            }
        };
        let figure = freeze.figure(&world, id, sources, window)?;
        Some(Answer {
            value: figure.value,
            figure: Some(figure),
            estimated: !sources.estimated.is_empty(),
            not_attributable: sources.not_attributable.clone(),
        })
    }

    fn sum(&self, id: &str, sources: &Attribution, months: Option<(Month, Month)>) -> Option<Figure> {
        let months = self.world().reach(id, months);
        let engine = self.live().engine();
        let idx = engine.indicator(id)?;
        let (kind, scale) = engine.kind(idx)?;
        let mut sums = engine.sum(idx, &sources.exact, months);
        for (unit, share) in &sources.estimated {
            let part = engine.sum(idx, &[*unit], months);
            sums.num += share.of(part.num);
            sums.den += share.of(part.den);
            sums.n += share.of(part.n);
        }
        Some(figure(sums.num, sums.den, sums.n, kind, scale))
    }

    /// Month by month, both ends inside.
    pub fn series(&self, indicator: &Indicator, sources: &Attribution, from: Month, to: Month) -> Vec<(Month, Answer)> {
        (from.0..=to.0).map(|m| (Month(m), self.answer(indicator, sources, Some((Month(m), Month(m)))))).collect()
    }

    /// By the values of one of the indicator's breakdowns.
    pub fn breakdown(&self, id: &str, field: &str, units: &Attribution, period: Period) -> Result<Vec<Slice>> {
        let world = self.world();
        let def = world.indicator(id).and_then(Indicator::live).ok_or_else(|| Error::not_found(id))?;
        let place = def.breakdowns.iter().position(|b| b == field).ok_or_else(|| Error::not_found(field))?;
        let engine = self.live().engine();
        let idx = engine.indicator(&def.id).ok_or_else(|| Error::not_found(id))?;
        let (kind, scale) = engine.kind(idx).unwrap_or((Kind::Count, 0));
        Ok(engine
            .breakdown(idx, &units.exact, world.reach(&def.id, no_months(period)), &[place])
            .into_iter()
            .map(|b| Slice { value: b.values.into_iter().next().flatten(), figure: figure(b.sums.num, b.sums.den, b.sums.n, kind, scale) })
            .collect())
    }

    /// Months that hold anything for an indicator.
    #[must_use]
    pub fn months_of(&self, id: &str) -> Option<(Month, Month)> {
        let engine = self.live().engine();
        engine.months(engine.indicator(id)?)
    }

    /// How the records of a figure are found: the indicator's own expressions as SQL, and the units that flow into it.
    pub fn drill(&self, id: &str, sources: &Attribution, period: Period, part: Part) -> Result<Drill> {
        let world = self.world();
        let indicator = world.indicator(id).ok_or_else(|| Error::not_found(id))?;
        let live = match &indicator.source {
            Source::Reported(def) => def.live.as_deref().and_then(|l| world.indicator(l)).unwrap_or(indicator),
            _ => indicator,
        };
        let Source::Live { def, position, .. } = &live.source else {
            return Err(Error::refused("figure.no_records"));
        };
        let set = world.sets.get(&def.register).ok_or_else(|| Error::not_found(&def.register))?;
        let sql = set.contribution_sql(*position, dialect(self), self.engine_clock()).ok_or_else(|| Error::not_found(id))?;
        let mut filter = sql.filter.clone();
        if let Some((from, to)) = world.reach(&def.id, period.months()) {
            filter = format!("({filter}) AND ({m}) >= {} AND ({m}) <= {}", from.0, to.0, m = sql.month);
        }
        match (part, def.kind) {
            (Part::Numerator, Kind::Ratio) => filter = format!("({filter}) AND ({}) = 1", sql.num),
            (Part::Rest, Kind::Ratio) => filter = format!("({filter}) AND ({}) = 0", sql.num),
            _ => {}
        }
        let key = |idx: &u32| world.units.key(*idx).to_string();
        let units: Vec<String> = sources.exact.iter().map(key).chain(sources.estimated.iter().map(|(u, _)| key(u))).collect();
        let quoted: Vec<String> = units.iter().map(|u| format!("'{}'", u.replace('\'', "''"))).collect();
        filter = format!("({filter}) AND ({}) IN ({})", sql.unit, if quoted.is_empty() { "NULL".into() } else { quoted.join(",") });
        Ok(Drill { register: def.register.clone(), units, filter })
    }

    /// A page of the records behind a figure, within the actor's rights, and how many there are in all: counted one by one.
    #[expect(clippy::too_many_arguments, reason = "a question in all its parts")]
    pub async fn records_behind(
        &self,
        actor: &Actor,
        id: &str,
        unit: u32,
        period: Period,
        map: Date,
        part: Part,
        after: Option<String>,
        limit: i64,
    ) -> Result<(Page, i64)> {
        let (query, _) = self.behind(actor, id, unit, period, map, part)?;
        let query = ListQuery { after, limit, ..query };
        let total = self.store().count(&query).await?;
        Ok((self.store().list(&query).await?, total))
    }

    /// The same for a page that somebody waits for: how many there are is read off the figure itself. Where the figure does not say it
    /// (a part of its records is not the reader's to see, or is attributed by a share), it is looked for within [`COUNT_MAX`].
    #[expect(clippy::too_many_arguments, reason = "a question in all its parts")]
    pub async fn page_behind(
        &self,
        actor: &Actor,
        id: &str,
        unit: u32,
        period: Period,
        map: Date,
        part: Part,
        after: Option<String>,
        limit: i64,
    ) -> Result<(Page, Count)> {
        let (query, known) = self.behind(actor, id, unit, period, map, part)?;
        let page = self.store().list(&ListQuery { after: after.clone(), limit, ..query.clone() }).await?;
        let count = match known {
            Some(n) => Count { n, exact: true },
            None if after.is_none() => self.count_on(&query, &page).await?,
            None => Count::of(&page),
        };
        Ok((page, count))
    }

    /// The question for the records behind a figure, and their number where the figure says it.
    fn behind(&self, actor: &Actor, id: &str, unit: u32, period: Period, map: Date, part: Part) -> Result<(ListQuery, Option<i64>)> {
        let world = self.world();
        let indicator = world.indicator(id).ok_or_else(|| Error::not_found(id))?;
        self.may_see(actor, indicator, unit)?;
        let sources = world.units.sources_of(unit, map)?;
        let drill = self.drill(id, &sources, period, part)?;
        // A share of a divided unit flows into the figure; its records are seen by those who may see that unit.
        let seen = scope(actor, Action::View, Some(&drill.register), &world.units);
        let whole = sources.estimated.is_empty() && sources.exact.iter().all(|u| seen.contains(*u));
        let units = match seen {
            Scope::Everywhere => Vec::new(),
            Scope::Units(list) => list.iter().map(|u| world.units.key(*u).to_string()).collect(),
        };
        let figure = self.answer(indicator, &sources, no_months(period)).figure.filter(|_| whole);
        let known = figure.map(|f| match (part, f.kind) {
            (Part::Numerator, Kind::Ratio) => f.num,
            (Part::Rest, Kind::Ratio) => f.den - f.num,
            _ => f.n,
        });
        Ok((ListQuery { register: drill.register, units, filter: Some(drill.filter), ..ListQuery::default() }, known))
    }

    /// A page of a register, within the actor's rights, and how many records the list has in all: counted one by one.
    pub async fn records(&self, actor: &Actor, query: ListQuery) -> Result<(Page, i64)> {
        let query = self.within_rights(actor, query)?;
        let total = self.store().count(&query).await?;
        Ok((self.store().list(&query).await?, total))
    }

    /// The same for a page that somebody waits for, however large the register: of a first page the records are counted up to
    /// [`COUNT_MAX`], of a later one nothing is.
    pub async fn page_of(&self, actor: &Actor, query: ListQuery) -> Result<(Page, Count)> {
        let query = self.within_rights(actor, query)?;
        let page = self.store().list(&query).await?;
        let count = if query.after.is_none() { self.count_on(&query, &page).await? } else { Count::of(&page) };
        Ok((page, count))
    }

    /// A page alone.
    pub async fn first_of(&self, actor: &Actor, query: ListQuery) -> Result<Page> {
        let query = self.within_rights(actor, query)?;
        Ok(self.store().list(&query).await?)
    }

    /// How many records a list has, looking no further than [`COUNT_MAX`].
    async fn count_on(&self, query: &ListQuery, first: &Page) -> Result<Count> {
        let here = Count::of(first);
        let rest = COUNT_MAX - here.n;
        if here.exact || rest <= 0 {
            return Ok(here);
        }
        let more = self.store().list(&ListQuery { after: first.next.clone(), limit: rest, ..query.clone() }).await?;
        Ok(Count { n: here.n + Count::of(&more).n, exact: more.next.is_none() })
    }

    fn within_rights(&self, actor: &Actor, mut query: ListQuery) -> Result<ListQuery> {
        let world = self.world();
        world.register(&query.register)?;
        match scope(actor, Action::View, Some(&query.register), &world.units) {
            Scope::Everywhere => {}
            Scope::Units(list) if list.len() == world.units.len() as usize && query.units.is_empty() => {}
            Scope::Units(list) if list.is_empty() => {
                return Err(Error::refused(if actor.is_anonymous() { "access.sign_in" } else { "access.role" }));
            }
            Scope::Units(list) => {
                let allowed: Vec<String> = list.iter().map(|u| world.units.key(*u).to_string()).collect();
                if query.units.is_empty() {
                    query.units = allowed;
                } else {
                    query.units.retain(|u| allowed.contains(u));
                    if query.units.is_empty() {
                        return Err(Error::refused("access.unit"));
                    }
                }
            }
        }
        // Who works on a record sees whose it is, and finds it by that.
        query.sight = match scope(actor, Action::Edit, Some(&query.register), &world.units) {
            Scope::Everywhere => Sight::Everywhere,
            Scope::Units(list) if list.is_empty() => Sight::Hidden,
            Scope::Units(list) => Sight::Units(list.iter().map(|u| world.units.key(*u).to_string()).collect()),
        };
        query.sort = SortBy::Newest;
        Ok(query)
    }

    /// Time at which the figures are evaluated.
    #[must_use]
    pub fn engine_clock(&self) -> Timestamp {
        self.live().engine().clock()
    }
}

pub(crate) fn dialect(office: &Office) -> rules::expr::Dialect {
    match office.store().engine() {
        store::Engine::Sqlite => rules::expr::Dialect::Sqlite,
        store::Engine::Postgres => rules::expr::Dialect::Postgres,
    }
}
