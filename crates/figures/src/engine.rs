//! The engine of one tenant.

use std::sync::{Arc, Mutex, PoisonError};

use rules::Timestamp;
use rules::expr::{Env, Temps};
use rules::indicator::{DimKey, IndicatorSet, Kind};
use rules::schema::{OTHER, RecordMeta, SchemaError, Slots, Symbols, Value};
use rustc_hash::FxHashMap;

use crate::cells::{Delta, Fine, GROUP_ITEMS, MAX_COMBOS, MAX_UNITS, Totals, pack};
use crate::due::DueQueue;

/// Number of an indicator in its engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndicatorIdx(pub u32);

/// Number of a register in its engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegisterIdx(pub u32);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    #[error("no register {0:?} in this engine")]
    NoSuchRegister(String),
    #[error("indicator {0:?} is declared twice")]
    Duplicate(String),
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A breakdown over a field with millions of different values is a list, not a breakdown.
    #[error("register {register}: more than {MAX_COMBOS} combinations of breakdown values")]
    TooManyCombinations { register: String },
    #[error("damaged breakdown values {0:?}")]
    Dims(String),
    #[error("more than {MAX_UNITS} units")]
    TooManyUnits,
}

/// A change of one record. Slots are those of [`Engine::read_into`] for the register.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    pub register: RegisterIdx,
    pub record: u128,
    /// `None` = created by this change.
    pub before: Option<&'a [Value]>,
    /// `None` = removed by this change.
    pub after: Option<&'a [Value]>,
}

/// The live figures of one tenant. One thread changes it, any number may ask (put it into an `RwLock`).
pub struct Engine {
    pub(crate) symbols: Symbols,
    pub(crate) registers: Vec<Register>,
    by_register: FxHashMap<String, u32>,
    /// Register, group and place in the group, by indicator.
    pub(crate) indicators: Vec<(u32, u32, u8)>,
    pub(crate) by_indicator: FxHashMap<String, u32>,
    pub(crate) due: DueQueue,
    pub(crate) position: u64,
    pub(crate) clock: Timestamp,
    mismatches: u64,
    applied: u64,
}

pub(crate) struct Register {
    pub name: String,
    pub set: IndicatorSet,
    pub groups: Vec<Group>,
    pub combos: Vec<Combos>,
    timed: Vec<usize>,
    scratch: Mutex<Scratch>,
}

/// What one evaluation needs and the next one uses again. Behind a mutex only to be shareable; always reached by `get_mut`.
struct Scratch {
    before: Temps,
    after: Temps,
    combo_before: Vec<Option<u32>>,
    combo_after: Vec<Option<u32>>,
    minus: Vec<Delta>,
    plus: Vec<Delta>,
}

/// Indicators of one place: their cells lie side by side.
pub(crate) struct Group {
    place: usize,
    pub dims: usize,
    mask: u128,
    timed: bool,
    items: Vec<GroupItem>,
    /// By breakdown values; `None` when the indicators have no breakdowns.
    pub fine: Option<Fine>,
    pub totals: Totals,
}

struct GroupItem {
    item: usize,
    mask: u128,
    timed: bool,
}

/// Combinations of breakdown values, numbered.
#[derive(Default)]
pub(crate) struct Combos {
    index: FxHashMap<DimKey, u32>,
    pub keys: Vec<DimKey>,
    pub texts: Vec<Arc<str>>,
}

impl Combos {
    pub fn number(&mut self, key: DimKey, set: &IndicatorSet, symbols: &Symbols, dims: usize) -> Option<u32> {
        if let Some(&number) = self.index.get(&key) {
            return Some(number);
        }
        if self.keys.len() >= MAX_COMBOS {
            return None;
        }
        let number = u32::try_from(self.keys.len()).ok()?;
        let values: Vec<Option<&str>> =
            (0..set.dim_count(dims)).zip(&key).map(|(place, value)| set.dim_text(symbols, dims, place, *value)).collect();
        self.texts.push(serde_json::Value::from(values).to_string().into());
        self.keys.push(key);
        self.index.insert(key, number);
        Some(number)
    }

    fn heap_bytes(&self) -> usize {
        self.index.capacity() * (size_of::<DimKey>() + 5)
            + self.keys.capacity() * size_of::<DimKey>()
            + self.texts.iter().map(|t| t.len() + 32).sum::<usize>()
    }
}

/// A record as it stood, or stands, at a time.
type Side<'a> = (Option<&'a [Value]>, i64);

impl Engine {
    /// An empty engine. `symbols.units` should hold the unit keys in the order of the unit tree, so that unit indices are the same.
    #[must_use]
    pub fn new(symbols: Symbols) -> Self {
        Self {
            symbols,
            registers: Vec::new(),
            by_register: FxHashMap::default(),
            indicators: Vec::new(),
            by_indicator: FxHashMap::default(),
            due: DueQueue::default(),
            position: 0,
            clock: Timestamp(i64::MIN / 2),
            mismatches: 0,
            applied: 0,
        }
    }

    /// Add a register with its indicators (before any change or load).
    ///
    /// # Errors
    /// The register, or one of its indicators, is already there.
    pub fn add_register(&mut self, checked: &rules::indicator::CheckedSet) -> Result<RegisterIdx, EngineError> {
        let name = checked.schema().register().to_owned();
        let number = u32::try_from(self.registers.len()).unwrap_or(u32::MAX);
        if self.by_register.contains_key(&name) {
            return Err(EngineError::Duplicate(name));
        }
        if let Some(def) = checked.defs().find(|d| self.by_indicator.contains_key(&d.id)) {
            return Err(EngineError::Duplicate(def.id.clone()));
        }
        let set = checked.bind(&mut self.symbols);
        let mut groups: Vec<Group> = Vec::new();
        for (i, item) in set.items().iter().enumerate() {
            let place = &set.places()[item.place];
            let at = groups.iter().position(|g| g.place == item.place && g.items.len() < GROUP_ITEMS).unwrap_or_else(|| {
                groups.push(Group::new(item.place, place.dims));
                groups.len() - 1
            });
            let group = &mut groups[at];
            let in_group = u8::try_from(group.items.len()).unwrap_or(u8::MAX);
            self.by_indicator
                .insert(set.def(i).map_or_else(String::new, |d| d.id.clone()), u32::try_from(self.indicators.len()).unwrap_or(u32::MAX));
            self.indicators.push((number, u32::try_from(at).unwrap_or(u32::MAX), in_group));
            group.mask |= item.mask;
            group.timed |= item.timed();
            group.items.push(GroupItem { item: i, mask: item.mask, timed: item.timed() });
        }
        for group in &mut groups {
            let width = group.items.len();
            let broken_down = set.dim_count(group.dims) > 0;
            group.totals = Totals::new(width, !broken_down);
            group.fine = broken_down.then(|| Fine::new(width));
        }
        let scratch = Scratch {
            before: set.temps(),
            after: set.temps(),
            combo_before: Vec::new(),
            combo_after: Vec::new(),
            minus: Vec::new(),
            plus: Vec::new(),
        };
        let combos = (0..set.dim_sets()).map(|_| Combos::default()).collect();
        let timed = (0..).zip(set.items()).filter(|(_, item)| item.timed()).map(|(i, _)| i).collect();
        self.registers.push(Register { name: name.clone(), set, groups, combos, timed, scratch: Mutex::new(scratch) });
        self.by_register.insert(name, number);
        Ok(RegisterIdx(number))
    }

    #[must_use]
    pub fn register(&self, name: &str) -> Option<RegisterIdx> {
        self.by_register.get(name).copied().map(RegisterIdx)
    }
    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<IndicatorIdx> {
        self.by_indicator.get(id).copied().map(IndicatorIdx)
    }
    /// Kind and scale of an indicator: what [`rules::indicator::figure`] asks for.
    #[must_use]
    pub fn kind(&self, indicator: IndicatorIdx) -> Option<(Kind, u8)> {
        let (register, item) = self.item(indicator)?;
        register.set.items().get(item).map(|i| (i.kind, i.scale))
    }
    #[must_use]
    pub fn indicator_set(&self, register: RegisterIdx) -> Option<&IndicatorSet> {
        self.registers.get(register.0 as usize).map(|r| &r.set)
    }
    pub(crate) fn item(&self, indicator: IndicatorIdx) -> Option<(&Register, usize)> {
        let (register, group, place) = *self.indicators.get(indicator.0 as usize)?;
        let register = self.registers.get(register as usize)?;
        Some((register, register.groups.get(group as usize)?.items.get(usize::from(place))?.item))
    }
    #[must_use]
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }
    /// Index of a unit key; `None` when neither the tree nor any record named it.
    #[must_use]
    pub fn unit(&self, key: &str) -> Option<u32> {
        self.symbols.units.get(key)
    }
    /// Index of a unit key, added when new (the tree grew at a merger).
    pub fn add_unit(&mut self, key: &str) -> u32 {
        self.symbols.units.intern(key)
    }
    /// Ledger position up to which changes are counted.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }
    pub fn set_position(&mut self, position: u64) {
        self.position = position;
    }
    /// Time at which all contributions are evaluated.
    #[must_use]
    pub fn clock(&self) -> Timestamp {
        self.clock
    }
    /// Changes whose `before` was not what the engine knew; zero unless somebody handed in a wrong history.
    #[must_use]
    pub fn mismatches(&self) -> u64 {
        self.mismatches
    }
    #[must_use]
    pub fn applied(&self) -> u64 {
        self.applied
    }
    /// Records that wait for an instant.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.due.len()
    }
    /// When [`Engine::advance`] next has something to do (perhaps a little early).
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.next().map(Timestamp)
    }

    /// Read a record into slots for [`Change`].
    ///
    /// # Errors
    /// Unknown register; a body that does not fit its schema.
    pub fn read_into(
        &mut self,
        register: RegisterIdx,
        meta: RecordMeta<'_>,
        body_json: &str,
        slots: &mut Slots,
    ) -> Result<(), EngineError> {
        let held = self.registers.get(register.0 as usize).ok_or_else(|| EngineError::NoSuchRegister(register.0.to_string()))?;
        Ok(held.set.layout().read_into(&mut self.symbols, meta, body_json, slots)?)
    }

    /// Count a change. The contribution of `before` is taken away, that of `after` added, both as of [`Engine::clock`]; call
    /// [`Engine::advance`] first when time has passed.
    ///
    /// # Errors
    /// Unknown register; bounds exceeded (the change may be counted in part then: drop the engine and load it again).
    pub fn apply(&mut self, change: Change<'_>) -> Result<(), EngineError> {
        let Some(register) = self.registers.get_mut(change.register.0 as usize) else {
            return Err(EngineError::NoSuchRegister(change.register.0.to_string()));
        };
        if self.symbols.units.len() > MAX_UNITS as usize {
            return Err(EngineError::TooManyUnits);
        }
        let key = (change.register.0, change.record);
        let now = self.clock.0;
        let mut before = change.before;
        let held = if register.timed.is_empty() { None } else { self.due.get(key) };
        if let Some(waiting) = held {
            // What waits in the queue is what was counted: it wins over what the caller remembers.
            if !before.is_some_and(|b| agree(&self.symbols, b, &waiting.slots)) {
                self.mismatches += 1;
            }
            before = Some(&waiting.slots);
        }
        register.count((before, now), (change.after, now), &self.symbols)?;
        let next = change.after.map_or(i64::MAX, |after| register.next_flip(after, now, &self.symbols));
        match (held.is_some(), next) {
            (false, i64::MAX) => {}
            (true, i64::MAX) => self.due.remove(key),
            (_, at) => {
                if let Some(after) = change.after {
                    self.due.set(key, at, after);
                }
            }
        }
        self.applied += 1;
        Ok(())
    }

    /// Count many changes and move the position.
    ///
    /// # Errors
    /// As [`Engine::apply`]; the position is not moved, the changes before the faulty one are counted: drop the engine and load it again.
    pub fn apply_batch(&mut self, changes: &[Change<'_>], position: u64) -> Result<(), EngineError> {
        for change in changes {
            self.apply(*change)?;
        }
        self.position = position;
        Ok(())
    }

    /// Let time pass: re-evaluate what falls due up to `now`. Returns how many records were looked at. Time never runs backwards.
    ///
    /// # Errors
    /// Bounds exceeded.
    pub fn advance(&mut self, now: Timestamp) -> Result<usize, EngineError> {
        let then = self.clock.0;
        if now.0 <= then {
            return Ok(0);
        }
        let mut looked_at = 0;
        while let Some((key, slots)) = self.due.pop(now.0) {
            let Some(register) = self.registers.get_mut(key.0 as usize) else { continue };
            register.count((Some(&slots), then), (Some(&slots), now.0), &self.symbols)?;
            let next = register.next_flip(&slots, now.0, &self.symbols);
            if next != i64::MAX {
                self.due.set(key, next, &slots);
            }
            looked_at += 1;
        }
        self.clock = now;
        Ok(looked_at)
    }

    /// Estimated heap use in bytes: cells, combinations, waiting records, symbols.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let of_group = |g: &Group| g.totals.heap_bytes() + g.fine.as_ref().map_or(0, Fine::heap_bytes);
        let of_register =
            |r: &Register| r.groups.iter().map(of_group).sum::<usize>() + r.combos.iter().map(Combos::heap_bytes).sum::<usize>();
        self.symbols.heap_bytes() + self.due.heap_bytes() + self.registers.iter().map(of_register).sum::<usize>()
    }

    /// Cells held with breakdowns (rows × indicators of the row).
    #[must_use]
    pub fn cells(&self) -> usize {
        let groups = self.registers.iter().flat_map(|r| &r.groups);
        groups.map(|g| g.fine.as_ref().map_or(0, Fine::len) * g.items.len()).sum()
    }
}

/// The same record, allowing for texts that one reading kept and the other did not.
fn agree(symbols: &Symbols, a: &[Value], b: &[Value]) -> bool {
    let same_text = |x: u32, y: u32| x == y || x == OTHER || y == OTHER;
    let same = |(x, y): (&Value, &Value)| match (*x, *y) {
        (Value::Sym(x), Value::Sym(y)) => same_text(x, y),
        (Value::List(x), Value::List(y)) => {
            let (x, y) = (symbols.list(x), symbols.list(y));
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same_text(*x, *y))
        }
        (Value::Sym(OTHER), Value::List(_)) | (Value::List(_), Value::Sym(OTHER)) => true,
        (x, y) => x == y,
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

impl Group {
    fn new(place: usize, dims: usize) -> Self {
        Self { place, dims, mask: 0, timed: false, items: Vec::new(), fine: None, totals: Totals::default() }
    }

    /// Indicator numbers (in the register) by place.
    pub fn item_numbers(&self) -> impl Iterator<Item = usize> {
        self.items.iter().map(|i| i.item)
    }

    fn add(&mut self, (month, unit): (rules::Month, u32), combo: u32, deltas: &[Delta]) {
        self.totals.add(month, unit, deltas);
        if let Some(fine) = &mut self.fine {
            fine.add(pack(month, unit, combo), deltas);
        }
    }
}

/// Which indicators must be looked at.
#[derive(Clone, Copy)]
enum Concerned {
    /// Those that read one of these slots.
    Slots(u128),
    /// Those that depend on time.
    Timed,
}

impl Register {
    /// Add the difference between two sides to the cells.
    fn count(&mut self, before: Side<'_>, after: Side<'_>, symbols: &Symbols) -> Result<(), EngineError> {
        let concerned = match (before.0, after.0) {
            (Some(b), Some(a)) if before.1 != after.1 && b == a => Concerned::Timed,
            (Some(b), Some(a)) => {
                let changed = b.iter().zip(a).enumerate().filter(|(_, (x, y))| x != y);
                match changed.fold(0, |mask, (i, _)| mask | rules::indicator::slot_bit(i)) {
                    0 => return Ok(()),
                    mask => Concerned::Slots(mask),
                }
            }
            (None, None) => return Ok(()),
            _ => Concerned::Slots(u128::MAX),
        };
        let scratch = self.scratch.get_mut().unwrap_or_else(PoisonError::into_inner);
        scratch.before.clear();
        scratch.after.clear();
        for combos in [&mut scratch.combo_before, &mut scratch.combo_after] {
            combos.clear();
            combos.resize(self.combos.len(), None);
        }
        let env_before = Env { now: before.1, symbols, temps: &scratch.before };
        let env_after = Env { now: after.1, symbols, temps: &scratch.after };
        for group in &mut self.groups {
            let skip = match concerned {
                Concerned::Slots(mask) => group.mask & mask == 0,
                Concerned::Timed => !group.timed,
            };
            if skip {
                continue;
            }
            let place = &self.set.places()[group.place];
            let at_before = before.0.and_then(|s| place.locate(s, &env_before));
            let at_after = after.0.and_then(|s| place.locate(s, &env_after));
            if at_before.is_none() && at_after.is_none() {
                continue;
            }
            let mut combo = |side: Option<&[Value]>, known: &mut [Option<u32>]| -> Result<u32, EngineError> {
                let (Some(slots), true) = (side, group.fine.is_some()) else { return Ok(0) };
                if let Some(number) = known[group.dims] {
                    return Ok(number);
                }
                let key = self.set.dim_key(group.dims, slots);
                let number = self.combos[group.dims]
                    .number(key, &self.set, symbols, group.dims)
                    .ok_or_else(|| EngineError::TooManyCombinations { register: self.name.clone() })?;
                known[group.dims] = Some(number);
                Ok(number)
            };
            let combo_before = combo(before.0, &mut scratch.combo_before)?;
            let combo_after = combo(after.0, &mut scratch.combo_after)?;
            let same = at_before == at_after && combo_before == combo_after;
            scratch.minus.clear();
            scratch.plus.clear();
            for (number, entry) in (0..).zip(&group.items) {
                let wanted = match concerned {
                    Concerned::Slots(mask) => entry.mask & mask != 0,
                    // A month or unit that moves with time moves all.
                    Concerned::Timed => entry.timed,
                };
                if !wanted {
                    continue;
                }
                let item = &self.set.items()[entry.item];
                let b = if at_before.is_some() { before.0.and_then(|s| item.amount(s, &env_before)) } else { None };
                let a = if at_after.is_some() { after.0.and_then(|s| item.amount(s, &env_after)) } else { None };
                if same {
                    let (num, n) = (a.unwrap_or(0).wrapping_sub(b.unwrap_or(0)), i64::from(a.is_some()) - i64::from(b.is_some()));
                    if num != 0 || n != 0 {
                        scratch.plus.push(Delta { place: number, num, n });
                    }
                    continue;
                }
                if let Some(b) = b {
                    scratch.minus.push(Delta { place: number, num: b.wrapping_neg(), n: -1 });
                }
                if let Some(a) = a {
                    scratch.plus.push(Delta { place: number, num: a, n: 1 });
                }
            }
            if let (Some(at), false) = (at_before, scratch.minus.is_empty()) {
                group.add(at, combo_before, &scratch.minus);
            }
            if let (Some(at), false) = (at_after, scratch.plus.is_empty()) {
                group.add(at, combo_after, &scratch.plus);
            }
        }
        Ok(())
    }

    fn next_flip(&mut self, slots: &[Value], now: i64, symbols: &Symbols) -> i64 {
        if self.timed.is_empty() {
            return i64::MAX;
        }
        let scratch = self.scratch.get_mut().unwrap_or_else(PoisonError::into_inner);
        scratch.after.clear();
        let env = Env { now, symbols, temps: &scratch.after };
        self.timed.iter().map(|i| self.set.items()[*i].next_flip(slots, &env)).min().unwrap_or(i64::MAX)
    }
}
