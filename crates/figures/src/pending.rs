//! What goes to the database and comes back: cells, waiting records, position and clock, always together.

use std::sync::Arc;

use rules::indicator::NO_DIMS;
use rules::{Month, Timestamp};

use crate::cells::{Cell, pack, unpack};
use crate::engine::{Engine, EngineError, IndicatorIdx, RegisterIdx};

/// A cell as it now is. `n == 0` (then num and den are 0 too): delete the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellRow {
    pub indicator: IndicatorIdx,
    pub unit: u32,
    pub month: Month,
    /// Breakdown values as a JSON array of texts and nulls, `[]` for an indicator without breakdowns.
    pub dims: Arc<str>,
    pub num: i64,
    pub den: i64,
    pub n: i64,
}

/// A record that waits for an instant, or no longer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    pub register: RegisterIdx,
    pub record: u128,
    /// Instant and slots (text form); `None`: delete the row.
    pub waits: Option<(Timestamp, String)>,
}

/// Everything that changed since the last [`Engine::take_pending`]. Store it in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pending {
    pub position: u64,
    pub clock: Timestamp,
    pub cells: Vec<CellRow>,
    pub due: Vec<DueRow>,
}

impl Pending {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.due.is_empty()
    }
}

/// A cell row as the store holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredCell<'a> {
    pub indicator: &'a str,
    pub unit: &'a str,
    pub month: Month,
    pub dims: &'a str,
    pub num: i64,
    pub n: i64,
}

/// A due row as the store holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredDue<'a> {
    pub register: &'a str,
    pub record: u128,
    pub due_at: Timestamp,
    pub slots: &'a str,
}

impl Engine {
    /// Hand out what changed, and take it as stored. If storing fails, give it back with [`Engine::give_back`].
    pub fn take_pending(&mut self) -> Pending {
        let mut pending = Pending { position: self.position(), clock: self.clock(), ..Pending::default() };
        let empty: Arc<str> = "[]".into();
        let mut first = 0;
        for register in &mut self.registers {
            let (items, combos) = (register.set.items(), &register.combos);
            for group in &mut register.groups {
                let numbers: Vec<usize> = group.item_numbers().collect();
                let (dims, cells) = (group.dims, &mut pending.cells);
                let mut row = |month, unit, dims, place: usize, cell: Cell| {
                    let item = numbers[place];
                    let indicator = IndicatorIdx(u32::try_from(first + item).unwrap_or(u32::MAX));
                    cells.push(CellRow { indicator, unit, month, dims, num: cell.num, den: items[item].denominator(cell.n), n: cell.n });
                };
                match &mut group.fine {
                    Some(fine) => fine.drain(|key, place, cell| {
                        let (month, unit, combo) = unpack(key);
                        row(month, unit, Arc::clone(&combos[dims].texts[combo as usize]), place, cell);
                    }),
                    None => group.totals.drain_unstored(|month, unit, place, cell| row(month, unit, Arc::clone(&empty), place, cell)),
                }
            }
            first += items.len();
        }
        for key in self.due.take_changed() {
            let waits = self.due.get(key).and_then(|w| {
                let layout = self.registers.get(key.0 as usize)?.set.layout();
                Some((Timestamp(w.at), layout.encode(&self.symbols, &w.slots)))
            });
            pending.due.push(DueRow { register: RegisterIdx(key.0), record: key.1, waits });
        }
        pending
    }

    /// Storing failed: hand everything out again next time.
    pub fn give_back(&mut self, pending: &Pending) {
        for cell in &pending.cells {
            let Some(&(register, group, place)) = self.indicators.get(cell.indicator.0 as usize) else { continue };
            let Some(register) = self.registers.get_mut(register as usize) else { continue };
            let Some(group) = register.groups.get_mut(group as usize) else { continue };
            let mask = 1_u64 << place;
            match &mut group.fine {
                None => group.totals.mark(cell.month, cell.unit, mask),
                Some(fine) => {
                    if let Some(combo) = register.combos[group.dims].texts.iter().position(|t| **t == *cell.dims) {
                        fine.mark(pack(cell.month, cell.unit, u32::try_from(combo).unwrap_or(0)), mask);
                    }
                }
            }
        }
        for due in &pending.due {
            self.due.mark((due.register.0, due.record));
        }
    }

    /// Fill an engine that has its registers but no data. Cells of indicators that are no longer declared are left out; their number is returned.
    ///
    /// # Errors
    /// A damaged due row or dims text; drop the engine then and recount.
    pub fn load<'a>(
        &mut self,
        cells: impl IntoIterator<Item = StoredCell<'a>>,
        due: impl IntoIterator<Item = StoredDue<'a>>,
        position: u64,
        clock: Timestamp,
    ) -> Result<usize, EngineError> {
        let mut left_out = 0;
        for cell in cells {
            left_out += usize::from(!self.load_cell(&cell)?);
        }
        for row in due {
            let Some(register) = self.register(row.register) else { continue };
            let Some(held) = self.registers.get(register.0 as usize) else { continue };
            let slots = held.set.layout().decode(&mut self.symbols, row.slots)?;
            self.due.load((register.0, row.record), row.due_at.0, slots);
        }
        self.position = position;
        self.clock = clock;
        Ok(left_out)
    }

    /// One stored cell; false when its indicator is unknown.
    ///
    /// # Errors
    /// A dims text that is not a list of texts and nulls.
    pub fn load_cell(&mut self, stored: &StoredCell<'_>) -> Result<bool, EngineError> {
        let Some(&at) = self.by_indicator.get(stored.indicator) else { return Ok(false) };
        let (register, group, place) = self.indicators[at as usize];
        let unit = self.symbols.units.intern(stored.unit);
        let register = &mut self.registers[register as usize];
        let group = &mut register.groups[group as usize];
        let cell = Cell { num: stored.num, n: stored.n };
        group.totals.load(stored.month, unit, usize::from(place), cell);
        if let Some(fine) = &mut group.fine {
            let bad = || EngineError::Dims(stored.dims.to_owned());
            let texts: Vec<Option<std::borrow::Cow<'_, str>>> = serde_json::from_str(stored.dims).map_err(|_| bad())?;
            if texts.len() != register.set.dim_count(group.dims) {
                return Err(bad());
            }
            let mut key = NO_DIMS;
            for (i, text) in texts.iter().enumerate() {
                key[i] = register.set.dim_value(&mut self.symbols, group.dims, i, text.as_deref());
            }
            let combo = register.combos[group.dims]
                .number(key, &register.set, &self.symbols, group.dims)
                .ok_or_else(|| EngineError::TooManyCombinations { register: register.name.clone() })?;
            fine.set(pack(stored.month, unit, combo), usize::from(place), cell);
        }
        Ok(true)
    }

    /// Every (indicator, unit, month) whose total changed since the last call: the feed for open pages.
    pub fn take_touched(&mut self) -> Vec<crate::Touched> {
        let mut touched = Vec::new();
        let mut first = 0;
        for register in &mut self.registers {
            for group in &mut register.groups {
                let numbers: Vec<usize> = group.item_numbers().collect();
                group.totals.drain(|month, unit, place| {
                    let indicator = IndicatorIdx(u32::try_from(first + numbers[place]).unwrap_or(u32::MAX));
                    touched.push(crate::Touched { indicator, unit, month });
                });
            }
            first += register.set.items().len();
        }
        touched
    }

    /// Every non-empty cell in its stored form, without touching what is pending: for `verify`.
    #[must_use]
    pub fn all_cells(&self) -> Vec<CellRow> {
        let mut rows = Vec::new();
        let empty: Arc<str> = "[]".into();
        let mut first = 0;
        for register in &self.registers {
            let items = register.set.items();
            for group in &register.groups {
                let numbers: Vec<usize> = group.item_numbers().collect();
                let mut push = |month, unit, dims: &Arc<str>, cells: &[Cell]| {
                    for (place, cell) in cells.iter().enumerate().filter(|(_, c)| !c.is_zero()) {
                        let item = numbers[place];
                        let indicator = IndicatorIdx(u32::try_from(first + item).unwrap_or(u32::MAX));
                        let den = items[item].denominator(cell.n);
                        rows.push(CellRow { indicator, unit, month, dims: Arc::clone(dims), num: cell.num, den, n: cell.n });
                    }
                };
                match &group.fine {
                    Some(fine) => fine.iter().for_each(|(key, cells)| {
                        let (month, unit, combo) = unpack(key);
                        push(month, unit, &register.combos[group.dims].texts[combo as usize], cells);
                    }),
                    None => group.totals.iter().for_each(|(month, unit, cells)| push(month, unit, &empty, cells)),
                }
            }
            first += items.len();
        }
        rows
    }
}
