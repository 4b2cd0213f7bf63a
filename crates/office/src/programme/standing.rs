//! Which published figure stands for an indicator, a unit and a period: the one question behind pages, the command line and interfaces.

use jiff::civil::Date;
use rules::Period;

use super::{ReportedFigure, inherited, with_rivals};
use crate::world::{Indicator, World};

/// The figure that stands for a period, or all that contradict each other about it; of a unit made by a merger that reported nothing
/// itself, what its predecessors reported. Empty where nothing was published.
#[must_use]
pub fn standing(
    world: &World,
    indicator: &Indicator,
    unit: u32,
    day: Date,
    period: Period,
    reported: &[ReportedFigure],
) -> Vec<ReportedFigure> {
    let own = standing_for(world, indicator, unit, period, reported);
    if !own.is_empty() {
        return own;
    }
    standing_for(world, indicator, unit, period, &inherited(world, indicator, unit, day, reported))
}

/// Months a reported figure speaks of, for ordering; those that do not say come first.
fn end_of(f: &ReportedFigure) -> Option<Date> {
    f.def.as_of.or_else(|| f.def.period.and_then(Period::months).map(|(_, to)| to.last_day()))
}

/// Those of the period itself; for a running total the latest up to its end; else the latest inside it.
fn standing_for(world: &World, indicator: &Indicator, unit: u32, period: Period, reported: &[ReportedFigure]) -> Vec<ReportedFigure> {
    let key = world.units.key(unit);
    let mine: Vec<&ReportedFigure> =
        reported.iter().filter(|f| f.counts() && f.def.indicator == indicator.id && f.def.unit == *key && f.def.value.is_some()).collect();
    let fits = |f: &&&ReportedFigure| match (period.months(), f.def.period.and_then(Period::months)) {
        (None, _) => true,
        (Some((_, to)), _) if indicator.cumulative() => end_of(f).is_some_and(|d| d <= to.last_day()),
        (Some((from, to)), Some((a, b))) => from <= a && b <= to,
        (Some(_), None) => end_of(f).is_some_and(|d| period.contains(rules::Month::of(d))),
    };
    let exact = mine.iter().filter(|f| f.def.period == Some(period)).max_by_key(|f| end_of(f));
    let best = exact.or_else(|| mine.iter().filter(fits).max_by_key(|f| end_of(f)));
    best.map_or_else(Vec::new, |best| with_rivals(&mine, best))
}
