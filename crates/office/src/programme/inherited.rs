//! What the units before a merger reported, as figures of the unit that they became.
//!
//! Only what adds up is added up: counts, amounts, and shares whose two counts are known, of one period, from every unit that went
//! in whole. A percentage alone, a part that is missing, a unit that was divided: then there is no figure, rather than a wrong one.

use jiff::civil::Date;
use rules::{
    Localized, Period,
    indicator::{Format, Kind},
    number::{Decimal, Qualifier},
};

use super::{ReportedFigure, targets::as_of, with_rivals};
use crate::world::{Indicator, Source, World};

/// Digits after the comma of a share that was worked out.
const SHARE_DIGITS: u32 = 2;

/// Figures of `unit` made of what its predecessors reported up to `day`. Each stands in place of a reported figure and names its parts;
/// its record is the newest of them. Empty where the unit reports itself, or nothing adds up.
#[must_use]
pub fn inherited(world: &World, indicator: &Indicator, unit: u32, day: Date, reported: &[ReportedFigure]) -> Vec<ReportedFigure> {
    let Source::Reported(def) = &indicator.source else { return Vec::new() };
    let Ok(sources) = world.units.sources_of(unit, day) else { return Vec::new() };
    if !sources.estimated.is_empty() || !sources.not_attributable.is_empty() {
        return Vec::new();
    }
    let level = world.units.unit(unit).level;
    let gone = |u: &u32| {
        let one = world.units.unit(*u);
        *u != unit && one.level == level && one.valid_to.is_some_and(|end| end <= day)
    };
    let of = |u: u32| -> Vec<&ReportedFigure> {
        let key = world.units.key(u);
        let known = |f: &&ReportedFigure| as_of(f).is_none_or(|d| d <= day);
        let own = |f: &&ReportedFigure| f.counts() && f.def.indicator == indicator.id && f.def.unit == *key && f.def.value.is_some();
        reported.iter().filter(own).filter(known).collect()
    };
    // A unit that only got a new name or a new border before came from units of its own: those that reported last stand for them.
    let mut parts: Vec<(u32, Vec<&ReportedFigure>)> = sources.exact.iter().copied().filter(gone).map(|u| (u, of(u))).collect();
    let last = parts.iter().filter_map(|(u, _)| world.units.unit(*u).valid_to).max();
    parts.retain(|(u, figures)| !figures.is_empty() || world.units.unit(*u).valid_to == last);
    let why = ("Tổng hợp từ số liệu các đơn vị trước sắp xếp đã báo cáo", "Made of what the units before the merger reported");
    let parts: Vec<_> = parts.into_iter().map(|(_, figures)| figures).collect();
    made_of(world, unit, (def.kind, indicator.format), why, &parts)
}

/// Figures of several units together, made of what each of them reported up to `day`, for a target that binds just these.
#[must_use]
pub(super) fn summed(world: &World, indicator: &Indicator, units: &[u32], day: Date, reported: &[ReportedFigure]) -> Vec<ReportedFigure> {
    let (Source::Reported(def), Some(first)) = (&indicator.source, units.first()) else { return Vec::new() };
    let of = |u: &u32| -> Vec<&ReportedFigure> {
        let own = |f: &&ReportedFigure| f.counts() && f.def.indicator == indicator.id && f.def.unit == *world.units.key(*u);
        reported.iter().filter(own).filter(|f| f.def.value.is_some() && as_of(f).is_none_or(|d| d <= day)).collect()
    };
    let parts: Vec<_> = units.iter().map(of).collect();
    let why = ("Cộng từ số liệu của từng đơn vị được giao", "Made of what each unit bound by it reported");
    made_of(world, *first, (def.kind, indicator.format), why, &parts)
}

fn made_of(
    world: &World,
    unit: u32,
    (kind, format): (Kind, Format),
    why: (&str, &str),
    parts: &[Vec<&ReportedFigure>],
) -> Vec<ReportedFigure> {
    let Some(first) = parts.first() else { return Vec::new() };
    let mut periods: Vec<Option<Period>> = first.iter().map(|f| f.def.period).collect();
    periods.dedup();
    let made = periods.into_iter().filter_map(|period| {
        // Contradicting figures of one unit are for people to decide, before anything is made of them.
        let chosen: Option<Vec<&ReportedFigure>> = parts.iter().map(|list| only(list, period)).collect();
        together(world, unit, (kind, format), why, &chosen?)
    });
    made.collect()
}

/// The figure of a period; where it names no period, the latest.
fn only<'a>(list: &[&'a ReportedFigure], period: Option<Period>) -> Option<&'a ReportedFigure> {
    let mut of_period: Vec<&ReportedFigure> = list.iter().filter(|f| f.def.period == period).copied().collect();
    of_period.sort_by_key(|f| as_of(f));
    let latest = of_period.last().copied()?;
    (with_rivals(&of_period, latest).len() == 1).then_some(latest)
}

fn together(
    world: &World,
    unit: u32,
    (kind, format): (Kind, Format),
    (vi, en): (&str, &str),
    parts: &[&ReportedFigure],
) -> Option<ReportedFigure> {
    let mut out = (*parts.iter().max_by_key(|f| as_of(f))?).clone();
    let sum = |of: fn(&ReportedFigure) -> Option<i64>| parts.iter().map(|f| of(f)).try_fold(0_i64, |a, n| a.checked_add(n?));
    let (numerator, denominator) = (sum(|f| f.def.numerator), sum(|f| f.def.denominator));
    let value = match (parts, kind) {
        ([one], _) => one.def.value,
        (_, Kind::Count | Kind::Sum) => parts.iter().map(|f| f.def.value).try_fold(Decimal::ZERO, |a, v| a.plus(v?)),
        (_, Kind::Ratio) => match (numerator, denominator, format) {
            (Some(n), Some(d), Format::Percent(_)) if d > 0 => {
                let scale = 10_i128.pow(SHARE_DIGITS + 2);
                Decimal::new((i128::from(n) * scale * 2 + i128::from(d)).div_euclid(2 * i128::from(d)), SHARE_DIGITS)
            }
            _ => None,
        },
        (_, Kind::Average) => None,
    }?;
    let names = |lang: &str| {
        let list: Vec<&str> = parts.iter().filter_map(|f| Some(world.units.get(&f.def.unit)?.name.get(lang))).collect();
        list.join(", ")
    };
    let qualifier = out.def.qualifier;
    out.def.unit = world.units.key(unit).clone();
    out.def.as_of = parts.iter().filter_map(|f| f.def.as_of).min();
    out.def.as_written = None;
    out.def.value = Some(value);
    (out.def.numerator, out.def.denominator) = (numerator, denominator);
    out.def.qualifier = if parts.iter().all(|f| f.def.qualifier == qualifier) { qualifier } else { Qualifier::About };
    out.def.derived = true;
    out.def.quote = String::new();
    out.def.note = Some(Localized { vi: format!("{vi}: {}", names("vi")), en: format!("{en}: {}", names("en")) });
    Some(out)
}
