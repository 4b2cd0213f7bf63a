//! Questions. Sums are rolled up first and divided last: a mean of percentages is a defect.

use rules::Month;
use rules::indicator::{Figure, Kind, NO_DIM, figure};
use rustc_hash::FxHashMap;

use crate::cells::{Cell, unpack};
use crate::engine::{Engine, Group, IndicatorIdx, Register};

/// Sums of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    pub num: i64,
    pub den: i64,
    pub n: i64,
}

impl std::ops::AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.num += other.num;
        self.den += other.den;
        self.n += other.n;
    }
}

/// A total that moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Touched {
    pub indicator: IndicatorIdx,
    pub unit: u32,
    pub month: Month,
}

/// Sums of indicators × groups of units × months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    pub groups: usize,
    pub from: Month,
    pub months: usize,
    cells: Vec<Sums>,
}

impl Matrix {
    /// `indicator` and `group` are positions in the question.
    #[must_use]
    pub fn get(&self, indicator: usize, group: usize, month: Month) -> Sums {
        let Ok(offset) = usize::try_from(month.0 - self.from.0) else { return Sums::default() };
        if group >= self.groups || offset >= self.months {
            return Sums::default();
        }
        self.cells.get((indicator * self.groups + group) * self.months + offset).copied().unwrap_or_default()
    }
    /// Sum over all months asked for.
    #[must_use]
    pub fn row(&self, indicator: usize, group: usize) -> Sums {
        let start = (indicator * self.groups + group) * self.months;
        let mut sum = Sums::default();
        for cell in self.cells.get(start..start + self.months).unwrap_or_default() {
            sum += *cell;
        }
        sum
    }
}

/// One line of a breakdown: values of the asked breakdowns (`None` = the field is empty), and sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    pub values: Vec<Option<String>>,
    pub sums: Sums,
}

impl Engine {
    fn group(&self, indicator: IndicatorIdx) -> Option<(&Register, &Group, usize)> {
        let (register, group, place) = *self.indicators.get(indicator.0 as usize)?;
        let register = self.registers.get(register as usize)?;
        Some((register, register.groups.get(group as usize)?, usize::from(place)))
    }

    fn sums(&self, indicator: IndicatorIdx, cell: Cell) -> Sums {
        let den = match self.kind(indicator) {
            Some((Kind::Ratio | Kind::Average, _)) => cell.n,
            _ => 0,
        };
        Sums { num: cell.num, den, n: cell.n }
    }

    /// Months that hold (or held) anything for an indicator.
    #[must_use]
    pub fn months(&self, indicator: IndicatorIdx) -> Option<(Month, Month)> {
        self.group(indicator)?.1.totals.months()
    }

    /// One total.
    #[must_use]
    pub fn total(&self, indicator: IndicatorIdx, unit: u32, month: Month) -> Sums {
        self.group(indicator).map_or(Sums::default(), |(_, group, place)| self.sums(indicator, group.totals.get(month, unit, place)))
    }

    /// Sum over units (indices as they were when the records happened) and months, both ends inside; `None` = all months.
    #[must_use]
    pub fn sum(&self, indicator: IndicatorIdx, units: &[u32], months: Option<(Month, Month)>) -> Sums {
        let Some((_, group, place)) = self.group(indicator) else { return Sums::default() };
        let mut sum = Cell::default();
        if let Some((from, to)) = within(group, months) {
            for month in from.0..=to.0 {
                let cell = group.totals.sum(Month(month), units, place);
                sum.add(cell.num, cell.n);
            }
        }
        self.sums(indicator, sum)
    }

    /// [`Engine::sum`] as a figure.
    #[must_use]
    pub fn figure(&self, indicator: IndicatorIdx, units: &[u32], months: Option<(Month, Month)>) -> Option<Figure> {
        let (kind, scale) = self.kind(indicator)?;
        let sums = self.sum(indicator, units, months);
        Some(figure(sums.num, sums.den, sums.n, kind, scale))
    }

    /// Many sums at once: each indicator for each group of units in each month.
    #[must_use]
    pub fn matrix<G: AsRef<[u32]>>(&self, indicators: &[IndicatorIdx], groups: &[G], from: Month, to: Month) -> Matrix {
        let months = usize::try_from(to.0 - from.0 + 1).unwrap_or(0);
        let mut cells = vec![Sums::default(); indicators.len() * groups.len() * months];
        for (i, &indicator) in indicators.iter().enumerate() {
            let Some((_, group, place)) = self.group(indicator) else { continue };
            let Some((first, last)) = within(group, Some((from, to))) else { continue };
            for (g, units) in groups.iter().enumerate() {
                let start = (i * groups.len() + g) * months;
                for month in first.0..=last.0 {
                    let cell = group.totals.sum(Month(month), units.as_ref(), place);
                    cells[start + usize::try_from(month - from.0).unwrap_or(0)] = self.sums(indicator, cell);
                }
            }
        }
        Matrix { groups: groups.len(), from, months, cells }
    }

    /// Sums by the values of some of the indicator's breakdowns (`places`: positions in its `breakdowns`), largest first.
    #[must_use]
    pub fn breakdown(&self, indicator: IndicatorIdx, units: &[u32], months: Option<(Month, Month)>, places: &[usize]) -> Vec<Breakdown> {
        let Some((register, group, place)) = self.group(indicator) else { return Vec::new() };
        let (Some(fine), Some((from, to))) = (&group.fine, within(group, months)) else { return Vec::new() };
        let mut wanted = vec![false; units.iter().max().map_or(0, |u| *u as usize + 1)];
        for unit in units {
            wanted[*unit as usize] = true;
        }
        // Combination → the values asked for; combinations that differ elsewhere fall together.
        let mut sums: FxHashMap<[u32; rules::indicator::MAX_BREAKDOWNS], Cell> = FxHashMap::default();
        for (key, cells) in fine.iter() {
            let (month, unit, combo) = unpack(key);
            let cell = cells[place];
            if cell.is_zero() || month < from || month > to || !wanted.get(unit as usize).copied().unwrap_or(false) {
                continue;
            }
            let Some(full) = register.combos[group.dims].keys.get(combo as usize) else { continue };
            let mut asked = [NO_DIM; rules::indicator::MAX_BREAKDOWNS];
            for (to, from) in asked.iter_mut().zip(places) {
                *to = full.get(*from).copied().unwrap_or(NO_DIM);
            }
            sums.entry(asked).or_default().add(cell.num, cell.n);
        }
        let text = |place: usize, value: u32| register.set.dim_text(&self.symbols, group.dims, place, value).map(str::to_owned);
        let mut rows: Vec<Breakdown> = sums
            .into_iter()
            .filter(|(_, cell)| !cell.is_zero())
            .map(|(asked, cell)| Breakdown {
                values: places.iter().zip(asked).map(|(place, value)| text(*place, value)).collect(),
                sums: self.sums(indicator, cell),
            })
            .collect();
        rows.sort_by(|a, b| b.sums.n.cmp(&a.sums.n).then_with(|| a.values.cmp(&b.values)));
        rows
    }
}

/// The months asked for, cut to those that hold anything.
fn within(group: &Group, months: Option<(Month, Month)>) -> Option<(Month, Month)> {
    let (first, last) = group.totals.months()?;
    let (from, to) = months.map_or((first, last), |(from, to)| (from.max(first), to.min(last)));
    (from <= to).then_some((from, to))
}
