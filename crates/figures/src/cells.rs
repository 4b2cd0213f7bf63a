//! Where the sums live. Indicators of a register that share month, unit and breakdowns share their rows: one look-up serves them all.

use rules::Month;
use rustc_hash::FxHashMap;

/// Most indicators of one group: a row marks what changed in one 64-bit word.
pub const GROUP_ITEMS: usize = 64;
/// Units of one page of totals.
const PAGE_UNITS: u32 = 16;
/// Bounds of a packed key: 18 bits month, 20 bits unit, 26 bits combination of breakdown values.
pub const MAX_UNITS: u32 = 1 << 20;
pub const MAX_COMBOS: usize = 1 << 26;
const MONTH_BIAS: i32 = 1 << 17;

/// Numerator and count; the denominator follows from the kind of the indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    pub num: i64,
    pub n: i64,
}

impl Cell {
    /// Wrapping, so that taking away always undoes adding.
    pub fn add(&mut self, num: i64, n: i64) {
        self.num = self.num.wrapping_add(num);
        self.n = self.n.wrapping_add(n);
    }
    pub fn is_zero(self) -> bool {
        self.num == 0 && self.n == 0
    }
}

/// A difference for one indicator of a group.
#[derive(Debug, Clone, Copy)]
pub struct Delta {
    pub place: u8,
    pub num: i64,
    pub n: i64,
}

fn biased(month: Month) -> u64 {
    // Years −10,000 to 11,000 fit; what lies beyond shares the edge.
    u64::try_from((month.0 + MONTH_BIAS).clamp(0, (1 << 18) - 1)).unwrap_or(0)
}

pub fn pack(month: Month, unit: u32, combo: u32) -> u64 {
    biased(month) << 46 | u64::from(unit) << 26 | u64::from(combo)
}

pub fn unpack(key: u64) -> (Month, u32, u32) {
    #[expect(clippy::cast_possible_truncation, reason = "each part is masked to fewer than 32 bits")]
    let part = |shift: u32, bits: u32| (key >> shift & ((1 << bits) - 1)) as u32;
    (Month(i32::try_from(part(46, 18)).unwrap_or(0) - MONTH_BIAS), part(26, 20), part(0, 26))
}

/// What changed since the last drain: a word of places for each row, and the rows that have any.
#[derive(Debug, Default)]
struct Marks {
    changed: Vec<u64>,
    rows: Vec<u32>,
}

impl Marks {
    fn mark(&mut self, row: u32, mask: u64) {
        let changed = &mut self.changed[row as usize];
        if *changed == 0 && mask != 0 {
            self.rows.push(row);
        }
        *changed |= mask;
    }
    fn drain(&mut self, mut each: impl FnMut(u32, u64)) {
        for row in self.rows.drain(..) {
            each(row, std::mem::take(&mut self.changed[row as usize]));
        }
    }
    fn heap_bytes(&self) -> usize {
        self.changed.capacity() * 8 + self.rows.capacity() * 4
    }
}

/// Rows of cells, one cell for each indicator of the group.
#[derive(Debug, Default)]
struct Rows {
    width: usize,
    cells: Vec<Cell>,
    keys: Vec<u64>,
    marks: Marks,
}

impl Rows {
    fn row(&self, row: u32) -> &[Cell] {
        let at = row as usize * self.width;
        &self.cells[at..at + self.width]
    }
    fn grow(&mut self) {
        self.marks.changed.resize(self.keys.len(), 0);
        self.cells.resize(self.keys.len() * self.width, Cell::default());
    }
    /// Adds and returns the places touched.
    fn add(&mut self, row: u32, deltas: &[Delta]) -> u64 {
        let at = row as usize * self.width;
        let cells = &mut self.cells[at..at + self.width];
        let mut mask = 0;
        for delta in deltas {
            cells[usize::from(delta.place)].add(delta.num, delta.n);
            mask |= 1 << delta.place;
        }
        self.marks.mark(row, mask);
        mask
    }
    fn heap_bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>() + self.keys.capacity() * 8 + self.marks.heap_bytes()
    }
}

/// Cells by month, unit and combination of breakdown values.
#[derive(Debug, Default)]
pub struct Fine {
    rows: Rows,
    index: FxHashMap<u64, u32>,
    free: Vec<u32>,
}

impl Fine {
    pub fn new(width: usize) -> Self {
        Self { rows: Rows { width, ..Rows::default() }, ..Self::default() }
    }

    fn row(&mut self, key: u64) -> u32 {
        let (rows, free) = (&mut self.rows, &mut self.free);
        *self.index.entry(key).or_insert_with(|| {
            if let Some(row) = free.pop() {
                rows.keys[row as usize] = key;
                return row;
            }
            let row = u32::try_from(rows.keys.len()).unwrap_or(u32::MAX);
            rows.keys.push(key);
            rows.grow();
            row
        })
    }

    pub fn add(&mut self, key: u64, deltas: &[Delta]) {
        let row = self.row(key);
        self.rows.add(row, deltas);
    }

    /// Set without marking: loading.
    pub fn set(&mut self, key: u64, place: usize, cell: Cell) {
        let row = self.row(key);
        let at = row as usize * self.rows.width + place;
        self.rows.cells[at] = cell;
    }

    pub fn mark(&mut self, key: u64, mask: u64) {
        let row = self.row(key);
        self.rows.marks.mark(row, mask);
    }

    /// Every cell that changed since the last drain; rows that became empty are given back.
    pub fn drain(&mut self, mut each: impl FnMut(u64, usize, Cell)) {
        let Rows { width, cells, keys, marks } = &mut self.rows;
        let (index, free) = (&mut self.index, &mut self.free);
        marks.drain(|row, mask| {
            let key = keys[row as usize];
            let at = row as usize * *width;
            let cells = &cells[at..at + *width];
            bits(mask).for_each(|place| each(key, place, cells[place]));
            if cells.iter().all(|c| c.is_zero()) {
                index.remove(&key);
                free.push(row);
            }
        });
    }

    /// Every held row with its key.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &[Cell])> {
        self.index.iter().map(|(key, row)| (*key, self.rows.row(*row)))
    }

    pub fn len(&self) -> usize {
        self.index.len()
    }

    pub fn heap_bytes(&self) -> usize {
        self.rows.heap_bytes() + self.index.capacity() * 17 + self.free.capacity() * 4
    }
}

/// Totals by month and unit, in pages of neighbouring units.
#[derive(Debug, Default)]
pub struct Totals {
    rows: Rows,
    /// Month and page number → first row of the page.
    pages: FxHashMap<u64, u32>,
    /// First and last month ever touched.
    months: Option<(Month, Month)>,
    /// Not yet stored; kept only where no breakdowns are stored instead.
    unstored: Option<Marks>,
}

impl Totals {
    /// `stored`: these totals are what is stored (their indicators have no breakdowns).
    pub fn new(width: usize, stored: bool) -> Self {
        Self { rows: Rows { width, ..Rows::default() }, unstored: stored.then(Marks::default), ..Self::default() }
    }

    fn page_key(month: Month, unit: u32) -> u64 {
        biased(month) << 32 | u64::from(unit / PAGE_UNITS)
    }

    fn row(&mut self, month: Month, unit: u32) -> u32 {
        let (rows, months, unstored) = (&mut self.rows, &mut self.months, &mut self.unstored);
        let first = *self.pages.entry(Self::page_key(month, unit)).or_insert_with(|| {
            *months = Some(months.map_or((month, month), |(from, to)| (from.min(month), to.max(month))));
            let first = u32::try_from(rows.keys.len()).unwrap_or(u32::MAX - PAGE_UNITS);
            let start = unit - unit % PAGE_UNITS;
            rows.keys.extend((start..start + PAGE_UNITS).map(|u| pack(month, u, 0)));
            rows.grow();
            if let Some(unstored) = unstored {
                unstored.changed.resize(rows.keys.len(), 0);
            }
            first
        });
        first + unit % PAGE_UNITS
    }

    pub fn add(&mut self, month: Month, unit: u32, deltas: &[Delta]) {
        let row = self.row(month, unit);
        let mask = self.rows.add(row, deltas);
        if let Some(unstored) = &mut self.unstored {
            unstored.mark(row, mask);
        }
    }

    /// Mark as not stored.
    pub fn mark(&mut self, month: Month, unit: u32, mask: u64) {
        let row = self.row(month, unit);
        if let Some(unstored) = &mut self.unstored {
            unstored.mark(row, mask);
        }
    }

    /// Every stored kind of total that changed since the last drain.
    pub fn drain_unstored(&mut self, mut each: impl FnMut(Month, u32, usize, Cell)) {
        let Some(unstored) = &mut self.unstored else { return };
        let rows = &self.rows;
        unstored.drain(|row, mask| {
            let (month, unit, _) = unpack(rows.keys[row as usize]);
            let cells = rows.row(row);
            bits(mask).for_each(|place| each(month, unit, place, cells[place]));
        });
    }

    /// Every total that is not zero.
    pub fn iter(&self) -> impl Iterator<Item = (Month, u32, &[Cell])> {
        (0..).zip(&self.rows.keys).map(|(row, key)| {
            let (month, unit, _) = unpack(*key);
            (month, unit, self.rows.row(row))
        })
    }

    /// Add without marking: loading.
    pub fn load(&mut self, month: Month, unit: u32, place: usize, cell: Cell) {
        let row = self.row(month, unit);
        let at = row as usize * self.rows.width + place;
        self.rows.cells[at].add(cell.num, cell.n);
    }

    pub fn get(&self, month: Month, unit: u32, place: usize) -> Cell {
        self.pages.get(&Self::page_key(month, unit)).map_or(Cell::default(), |first| self.rows.row(first + unit % PAGE_UNITS)[place])
    }

    pub fn months(&self) -> Option<(Month, Month)> {
        self.months
    }

    /// Sum of one month over many units, remembering the page of the unit before.
    pub fn sum(&self, month: Month, units: &[u32], place: usize) -> Cell {
        let mut sum = Cell::default();
        let mut last = (u32::MAX, None);
        for &unit in units {
            if last.0 != unit / PAGE_UNITS {
                last = (unit / PAGE_UNITS, self.pages.get(&Self::page_key(month, unit)).copied());
            }
            if let Some(first) = last.1 {
                let cell = self.rows.cells[(first + unit % PAGE_UNITS) as usize * self.rows.width + place];
                sum.add(cell.num, cell.n);
            }
        }
        sum
    }

    /// Every (month, unit, place) whose total changed since the last drain.
    pub fn drain(&mut self, mut each: impl FnMut(Month, u32, usize)) {
        let Rows { keys, marks, .. } = &mut self.rows;
        marks.drain(|row, mask| {
            let (month, unit, _) = unpack(keys[row as usize]);
            bits(mask).for_each(|place| each(month, unit, place));
        });
    }

    pub fn heap_bytes(&self) -> usize {
        self.rows.heap_bytes() + self.pages.capacity() * 17 + self.unstored.as_ref().map_or(0, Marks::heap_bytes)
    }
}

/// Positions of the set bits.
pub fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let at = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            at
        })
    })
}
