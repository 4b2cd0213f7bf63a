//! Which published figure stands for an indicator, a unit and a period: the one question behind pages, the command line and interfaces.

use jiff::civil::Date;
use rules::{Period, access::Actor};

use super::{ReportedFigure, inherited, with_rivals};
use crate::{
    Office,
    error::{Error, Result},
    figures::Answer,
    world::{Indicator, Source, World},
};

/// An indicator's value for a unit and a period: counted where there are records, else as it was published.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Without sums where it was published; without a value where published figures contradict each other: none is preferred, and an
    /// average would be nobody's.
    pub answer: Answer,
    /// The figure that stands, or all that contradict each other; none where the value is counted.
    pub published: Vec<ReportedFigure>,
}

impl Office {
    /// The value that stands, with the published figures looked up where the indicator has any.
    pub async fn standing_now(&self, actor: &Actor, id: &str, unit: u32, at: (Period, Date)) -> Result<Standing> {
        let world = self.world();
        let indicator = world.indicator(id).ok_or_else(|| Error::not_found(id))?;
        let reported = match indicator.source {
            Source::Reported(_) => self.reported_figures(actor).await?,
            Source::Live { .. } | Source::Derived(_) => Vec::new(),
        };
        self.standing(actor, indicator, unit, at, &reported)
    }

    /// The same among `reported`, the published figures that the actor may see.
    pub fn standing(
        &self,
        actor: &Actor,
        indicator: &Indicator,
        unit: u32,
        (period, day): (Period, Date),
        reported: &[ReportedFigure],
    ) -> Result<Standing> {
        let answer = self.figure(actor, &indicator.id, unit, period, day)?;
        let is_reported = matches!(indicator.source, Source::Reported(_));
        // Records could count it, but do not yet.
        if !is_reported || answer.value.is_some() && answer.figure.is_some_and(|f| f.n > 0) {
            return Ok(Standing { answer, published: Vec::new() });
        }
        let published = standing(&self.world(), indicator, unit, day, period, reported);
        let values: Vec<f64> = published.iter().filter_map(ReportedFigure::points).collect();
        let value = values.first().filter(|v| values.iter().all(|w| w == *v)).map(|v| indicator.format.fraction(*v));
        Ok(Standing { answer: Answer { value, ..Answer::NONE }, published })
    }
}

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
