//! The indicators of one register, checked together and compiled together.

use rustc_hash::FxHashMap;

use super::{Contribution, DimKey, IndicatorDef, IndicatorFault, Kind, MAX_BREAKDOWNS, MAX_INDICATORS, NO_DIM, NO_DIMS, is_indicator_id};
use crate::expr::check::{self, Mode};
use crate::expr::compile::{BoolFn, Env, FlipFn, Gen, Temps, ValFn};
use crate::expr::ir::{Arena, Func, Node, NodeId, Ty};
use crate::expr::{Dialect, ExprError, Sql, uses_of};
use crate::schema::{FieldType, Layout, MAX_SCALE, SLOT_UNIT, Schema, SlotId, Slots, Symbols, Value};
use crate::time::{Month, Timestamp};

/// Checked indicators, independent of any symbol table: what a pack is validated with, and where SQL comes from.
#[derive(Debug, Clone)]
pub struct CheckedSet {
    schema: Schema,
    arena: Arena,
    items: Vec<Checked>,
    dim_sets: Vec<Vec<SlotId>>,
}

#[derive(Debug, Clone)]
struct Checked {
    def: IndicatorDef,
    scale: u8,
    gate: Option<NodeId>,
    /// Numerator (ratio) or scaled value (sum, average).
    number: Option<NodeId>,
    month: NodeId,
    unit: NodeId,
    dims: usize,
}

impl Checked {
    fn roots(&self) -> impl Iterator<Item = NodeId> {
        [self.gate, self.number, Some(self.month), Some(self.unit)].into_iter().flatten()
    }
}

impl CheckedSet {
    /// Check the indicators of one register.
    ///
    /// # Errors
    /// Every fault of every indicator.
    pub fn check(schema: &Schema, defs: &[IndicatorDef]) -> Result<Self, Vec<IndicatorFault>> {
        let mut set = Self { schema: schema.clone(), arena: Arena::default(), items: Vec::new(), dim_sets: Vec::new() };
        let mut faults = Vec::new();
        for (i, def) in defs.iter().enumerate() {
            let mut fault = |part: &'static str, error: ExprError| faults.push(IndicatorFault { indicator: def.id.clone(), part, error });
            if !is_indicator_id(&def.id) {
                fault("id", ExprError::new(0, "indicator.id"));
            }
            if defs[..i].iter().any(|d| d.id == def.id) {
                fault("id", ExprError::new(0, "indicator.duplicate"));
            }
            if i >= MAX_INDICATORS {
                fault("id", ExprError::new(0, "indicator.too_many").with("most", MAX_INDICATORS));
            }
            if def.register != schema.register() {
                fault("register", ExprError::new(0, "indicator.register").with("register", &def.register));
            }
            set.add(def, &mut fault);
        }
        if faults.is_empty() { Ok(set) } else { Err(faults) }
    }

    fn add(&mut self, def: &IndicatorDef, fault: &mut dyn FnMut(&'static str, ExprError)) {
        let wants = |wants: &str, got: Ty| ExprError::new(0, "expr.wants").with("place", "this part").with("wants", wants).with("got", got);
        let (schema, arena) = (&self.schema, &mut self.arena);
        let mut part = |name: &'static str, text: Option<&String>, fault: &mut dyn FnMut(&'static str, ExprError)| {
            text.and_then(|t| check::check(schema, arena, t, Mode::Indicator).map_err(|e| fault(name, e)).ok())
        };
        let filter = part("where", def.filter.as_ref(), fault);
        let denominator = part("denominator", def.denominator.as_ref(), fault);
        let numerator = part("numerator", def.numerator.as_ref(), fault);
        let value = part("value", def.value.as_ref(), fault);
        let date = part("date", Some(&def.date), fault);
        let unit = part("unit", def.unit.as_ref(), fault);
        let ratio = def.kind == Kind::Ratio;
        let valued = matches!(def.kind, Kind::Sum | Kind::Average);
        for (name, given, belongs, needed) in [
            ("numerator", def.numerator.is_some(), ratio, ratio),
            ("denominator", def.denominator.is_some(), ratio, false),
            ("value", def.value.is_some(), valued, valued),
            ("scale", def.scale.is_some(), valued, false),
        ] {
            if given && !belongs {
                fault(name, ExprError::new(0, "indicator.part_of_other_kind"));
            } else if needed && !given {
                fault(name, ExprError::new(0, "indicator.part_missing"));
            }
        }
        for (name, checked) in [("where", filter), ("denominator", denominator), ("numerator", numerator)] {
            if let Some((_, ty)) = checked
                && ty != Ty::Bool
            {
                fault(name, wants("bool", ty));
            }
        }
        let mut scale = def.scale.unwrap_or(0);
        let mut number = numerator.map(|(id, _)| id);
        if let Some((id, ty)) = value {
            match check::scale_of(ty) {
                None => fault("value", wants("a number (days(), hours() or getHours() make one of a duration)", ty)),
                Some(digits) => {
                    scale = def.scale.unwrap_or(digits.min(MAX_SCALE));
                    number = Some(check::rescale(&mut self.arena, id, digits, scale));
                }
            }
        }
        if scale > MAX_SCALE {
            fault("scale", ExprError::new(0, "expr.too_precise").with("most", MAX_SCALE));
        }
        let unit = match unit {
            None => self.arena.add(Node::Slot(SLOT_UNIT), Ty::Unit),
            Some((id, ty)) => {
                if ty != Ty::Unit {
                    fault("unit", wants("a unit", ty));
                }
                id
            }
        };
        let dims = self.breakdowns(def, fault);
        let Some((date, ty)) = date else { return };
        if !matches!(ty, Ty::Time | Ty::Date) {
            fault("date", wants("a timestamp or a date", ty));
            return;
        }
        let month = self.arena.add(Node::Call(Func::MonthOf, vec![date]), Ty::Int);
        let gate = match (filter, denominator) {
            (Some((a, Ty::Bool)), Some((b, Ty::Bool))) => Some(self.arena.add(Node::And(a, b), Ty::Bool)),
            (Some((a, _)), None) | (None, Some((a, _))) => Some(a),
            _ => None,
        };
        self.items.push(Checked { def: def.clone(), scale, gate, number, month, unit, dims });
    }

    fn breakdowns(&mut self, def: &IndicatorDef, fault: &mut dyn FnMut(&'static str, ExprError)) -> usize {
        let mut slots = Vec::new();
        if def.breakdowns.len() > MAX_BREAKDOWNS {
            fault("breakdowns", ExprError::new(0, "indicator.too_many_breakdowns").with("most", MAX_BREAKDOWNS));
        }
        for name in &def.breakdowns {
            let Some((slot, field)) = self.schema.slot(name).and_then(|s| Some((s, self.schema.field(s)?))) else {
                let near = check::nearest(name, self.schema.fields().iter().map(|f| f.id.as_str())).unwrap_or_default();
                let error =
                    ExprError::new(0, "expr.unknown_field").with("register", self.schema.register()).with("name", name).with("near", near);
                fault("breakdowns", error);
                continue;
            };
            if field.personal {
                fault("breakdowns", ExprError::new(0, "expr.personal").with("name", name));
            } else if !matches!(field.ty, FieldType::Choice | FieldType::Text | FieldType::Bool | FieldType::Unit) || name == "id" {
                fault("breakdowns", ExprError::new(0, "indicator.breakdown_type").with("name", name).with("type", field.ty));
            } else if slots.contains(&slot) {
                fault("breakdowns", ExprError::new(0, "indicator.breakdown_twice").with("name", name));
            }
            slots.push(slot);
        }
        match self.dim_sets.iter().position(|d| *d == slots) {
            Some(at) => at,
            None => {
                self.dim_sets.push(slots);
                self.dim_sets.len() - 1
            }
        }
    }

    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }
    pub fn defs(&self) -> impl Iterator<Item = &IndicatorDef> {
        self.items.iter().map(|i| &i.def)
    }
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.items.iter().position(|i| i.def.id == id)
    }

    /// One indicator as SQL over table `record`, evaluated at `now`.
    #[must_use]
    pub fn contribution_sql(&self, indicator: usize, dialect: Dialect, now: Timestamp) -> Option<ContributionSql> {
        let item = self.items.get(indicator)?;
        let sql = Sql { arena: &self.arena, schema: &self.schema, dialect, now: now.0 };
        let (month, unit) = (sql.value(item.month), sql.value(item.unit));
        let mut filter = format!("{month} IS NOT NULL AND {unit} IS NOT NULL");
        if let Some(gate) = item.gate {
            filter = format!("{} AND {filter}", sql.condition(gate));
        }
        let one = || "1".to_owned();
        let (num, den) = match (item.def.kind, item.number) {
            (Kind::Ratio, Some(number)) => (format!("(CASE WHEN {} THEN 1 ELSE 0 END)", sql.condition(number)), one()),
            (Kind::Sum | Kind::Average, Some(number)) => {
                let value = sql.value(number);
                filter = format!("{filter} AND {value} IS NOT NULL");
                (value, if item.def.kind == Kind::Average { one() } else { "0".to_owned() })
            }
            _ => (one(), "0".to_owned()),
        };
        let dims = self.dim_sets[item.dims].iter().map(|slot| match self.schema.field(*slot).map(|f| f.ty) {
            Some(FieldType::Bool) if dialect == Dialect::Sqlite => {
                format!("(CASE {} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)", sql.raw(*slot))
            }
            _ => sql.raw(*slot),
        });
        Some(ContributionSql { filter, month, unit, num, den, dims: dims.collect() })
    }

    /// Compile to closures over the symbols of one engine. Constants of the expressions enter the symbol table.
    #[must_use]
    pub fn bind(&self, symbols: &mut Symbols) -> IndicatorSet {
        let roots: Vec<NodeId> = self.items.iter().flat_map(Checked::roots).collect();
        let mut uses = uses_of(&self.arena, &roots);
        for slot in self.dim_sets.iter().flatten() {
            uses.insert(*slot, crate::schema::Use::Content);
        }
        let layout = self.schema.restrict(&uses);
        let mut generate = Gen { arena: &self.arena, layout: &layout, symbols, shared: FxHashMap::default() };
        let temps = generate.share(&roots);
        let dims: Vec<Box<[usize]>> =
            self.dim_sets.iter().map(|slots| slots.iter().filter_map(|s| layout.position(*s)).collect()).collect();
        let dim_types =
            self.dim_sets.iter().map(|slots| slots.iter().filter_map(|s| self.schema.field(*s)).map(|f| f.ty).collect()).collect();
        let mut places: Vec<((NodeId, NodeId, usize), Place)> = Vec::new();
        let mut items = Vec::with_capacity(self.items.len());
        for item in &self.items {
            let mask_of = |roots: &[NodeId]| {
                let dims = self.dim_sets[item.dims].iter().copied();
                uses_of(&self.arena, roots)
                    .into_keys()
                    .chain(dims)
                    .fold(0, |mask, slot| mask | slot_bit(layout.position(slot).unwrap_or(0)))
            };
            let triple = (item.month, item.unit, item.dims);
            let place = places.iter().position(|(t, _)| *t == triple).unwrap_or_else(|| {
                let unit = match self.arena.node(item.unit) {
                    Node::Slot(slot) => UnitFrom::Slot(layout.position(*slot).unwrap_or(usize::MAX)),
                    _ => UnitFrom::Value(generate.value(item.unit)),
                };
                let month = generate.value(item.month);
                places.push((triple, Place { dims: item.dims, mask: mask_of(&[item.month, item.unit]), month, unit }));
                places.len() - 1
            });
            let own: Vec<NodeId> = item.roots().collect();
            let timed = own.iter().any(|r| self.arena.has_now(*r));
            items.push(Item {
                kind: item.def.kind,
                scale: item.scale,
                place,
                mask: mask_of(&own),
                gate: item.gate.map(|id| generate.condition(id)),
                condition: item.number.filter(|_| item.def.kind == Kind::Ratio).map(|id| generate.condition(id)),
                value: item.number.filter(|_| item.def.kind != Kind::Ratio).map(|id| generate.value(id)),
                flip: timed.then(|| flip_of(&mut generate, item)),
            });
        }
        let places = places.into_iter().map(|(_, place)| place).collect();
        IndicatorSet { checked: self.clone(), layout, items, places, dims, dim_types, temps }
    }
}

/// A record that will never pass the gate, or never has a month, waits for nothing.
fn flip_of(generate: &mut Gen<'_>, item: &Checked) -> FlipFn {
    let parts: Vec<FlipFn> = [item.number, Some(item.month), Some(item.unit)].into_iter().flatten().map(|id| generate.flip(id)).collect();
    let dated = generate.arena.has_now(item.month);
    let month = generate.value(item.month);
    let gate = item.gate.map(|id| (generate.condition(id), generate.flip(id)));
    Box::new(move |s, env| {
        if !dated && month(s, env).is_null() {
            return i64::MAX;
        }
        let gate_flip = match &gate {
            None => i64::MAX,
            Some((open, flip)) => {
                let at = flip(s, env);
                if at == i64::MAX && !open(s, env) {
                    return i64::MAX;
                }
                at
            }
        };
        parts.iter().map(|f| f(s, env)).min().unwrap_or(i64::MAX).min(gate_flip)
    })
}

/// Bit of a kept slot; slots beyond 128 share bits, which costs a needless evaluation, never a missed one.
#[must_use]
pub fn slot_bit(position: usize) -> u128 {
    1 << (position % 128)
}

/// SQL pieces for a full recount of one indicator, or for the list of its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContributionSql {
    /// Condition under which a record contributes.
    pub filter: String,
    /// Integer `year * 12 + month − 1`, local time.
    pub month: String,
    /// Unit key text.
    pub unit: String,
    pub num: String,
    pub den: String,
    /// Text of each breakdown, null where the field is null.
    pub dims: Vec<String>,
}

impl ContributionSql {
    /// A full recount: columns `unit, month, num, den, n, d0, d1, …`; parameters `$1` tenant, `$2` register.
    #[must_use]
    pub fn recount(&self) -> String {
        let mut dims = String::new();
        let mut group = String::from("1, 2");
        for (i, dim) in self.dims.iter().enumerate() {
            dims.push_str(&format!(", {dim} AS d{i}"));
            group.push_str(&format!(", {}", i + 6));
        }
        format!(
            "SELECT {} AS unit, {} AS month, CAST(SUM({}) AS BIGINT) AS num, CAST(SUM({}) AS BIGINT) AS den, CAST(COUNT(*) AS BIGINT) AS n{dims} \
             FROM record WHERE tenant = $1 AND register = $2 AND {} GROUP BY {group}",
            self.unit, self.month, self.num, self.den, self.filter
        )
    }
}

/// The indicators of one register, ready to run.
pub struct IndicatorSet {
    checked: CheckedSet,
    layout: Layout,
    items: Vec<Item>,
    places: Vec<Place>,
    /// Compact slot positions of each distinct list of breakdowns.
    dims: Vec<Box<[usize]>>,
    dim_types: Vec<Vec<FieldType>>,
    temps: usize,
}

/// One compiled indicator.
pub struct Item {
    pub kind: Kind,
    pub scale: u8,
    /// Which cell a contribution falls into, see [`IndicatorSet::places`].
    pub place: usize,
    /// Kept slots that it reads, as [`slot_bit`]s: a change of none of them changes nothing.
    pub mask: u128,
    gate: Option<BoolFn>,
    condition: Option<BoolFn>,
    value: Option<ValFn>,
    flip: Option<FlipFn>,
}

/// Month, unit and breakdowns; indicators that share all three share their place, which is computed once per record.
pub struct Place {
    /// Which list of breakdowns, see [`IndicatorSet::dim_key`].
    pub dims: usize,
    /// Kept slots that it reads, breakdowns included.
    pub mask: u128,
    month: ValFn,
    unit: UnitFrom,
}

enum UnitFrom {
    Slot(usize),
    Value(ValFn),
}

impl std::fmt::Debug for IndicatorSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndicatorSet").field("register", &self.checked.schema.register()).field("indicators", &self.items.len()).finish()
    }
}

impl Place {
    /// Month and unit index; `None` when either is null: the record is in no cell.
    #[must_use]
    pub fn locate(&self, slots: &[Value], env: &Env<'_>) -> Option<(Month, u32)> {
        let Value::Int(month) = (self.month)(slots, env) else { return None };
        let unit = match &self.unit {
            UnitFrom::Slot(i) => slots.get(*i).copied().unwrap_or_default(),
            UnitFrom::Value(f) => f(slots, env),
        };
        let Value::Unit(unit) = unit else { return None };
        Some((Month(i32::try_from(month).ok()?), unit))
    }
}

impl Item {
    /// The numerator that a record adds (n is 1); `None` when it does not count.
    #[must_use]
    pub fn amount(&self, slots: &[Value], env: &Env<'_>) -> Option<i64> {
        if let Some(gate) = &self.gate
            && !gate(slots, env)
        {
            return None;
        }
        match (self.kind, &self.condition, &self.value) {
            (Kind::Ratio, Some(condition), _) => Some(i64::from(condition(slots, env))),
            (Kind::Sum | Kind::Average, _, Some(value)) => value(slots, env).number(),
            _ => Some(1),
        }
    }

    /// The denominator that goes with `n` counted records.
    #[must_use]
    pub fn denominator(&self, n: i64) -> i64 {
        if matches!(self.kind, Kind::Ratio | Kind::Average) { n } else { 0 }
    }

    /// Does time alone change what it counts?
    #[must_use]
    pub fn timed(&self) -> bool {
        self.flip.is_some()
    }

    /// The first instant after `env.now` at which the contribution may change by time alone; `i64::MAX` = never.
    #[must_use]
    pub fn next_flip(&self, slots: &[Value], env: &Env<'_>) -> i64 {
        self.flip.as_ref().map_or(i64::MAX, |f| f(slots, env))
    }
}

impl IndicatorSet {
    /// Check and compile in one step.
    ///
    /// # Errors
    /// As [`CheckedSet::check`].
    pub fn compile(schema: &Schema, defs: &[IndicatorDef], symbols: &mut Symbols) -> Result<Self, Vec<IndicatorFault>> {
        Ok(CheckedSet::check(schema, defs)?.bind(symbols))
    }

    #[must_use]
    pub fn checked(&self) -> &CheckedSet {
        &self.checked
    }
    /// Reads records into the slots that these indicators use.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }
    /// In the order of the declarations.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }
    #[must_use]
    pub fn def(&self, indicator: usize) -> Option<&IndicatorDef> {
        self.checked.items.get(indicator).map(|i| &i.def)
    }
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }
    /// What a record contributes to one indicator at `env.now`; breakdowns are read apart with [`IndicatorSet::dim_key`].
    #[must_use]
    pub fn contribution(&self, indicator: usize, slots: &[Value], env: &Env<'_>) -> Option<Contribution> {
        let item = self.items.get(indicator)?;
        let (month, unit) = self.places.get(item.place)?.locate(slots, env)?;
        let num = item.amount(slots, env)?;
        Some(Contribution { month, unit, num, den: item.denominator(1), n: 1 })
    }
    /// How many distinct lists of breakdowns there are.
    #[must_use]
    pub fn dim_sets(&self) -> usize {
        self.dims.len()
    }
    /// Number of breakdowns in list `dims`.
    #[must_use]
    pub fn dim_count(&self, dims: usize) -> usize {
        self.dims.get(dims).map_or(0, |d| d.len())
    }
    /// A scratch table for [`Env::temps`]; clear it for each record.
    #[must_use]
    pub fn temps(&self) -> Temps {
        Temps::new(self.temps)
    }

    /// The breakdown values of a record for list `dims`.
    #[must_use]
    pub fn dim_key(&self, dims: usize, slots: &[Value]) -> DimKey {
        let mut key = NO_DIMS;
        for (place, position) in key.iter_mut().zip(self.dims.get(dims).map_or(&[][..], |d| d)) {
            *place = match slots.get(*position) {
                Some(Value::Sym(s)) => *s,
                Some(Value::Bool(b)) => u32::from(*b),
                Some(Value::Unit(u)) => *u,
                _ => NO_DIM,
            };
        }
        key
    }

    /// The text of one breakdown value; `None` = null.
    #[must_use]
    pub fn dim_text<'s>(&self, symbols: &'s Symbols, dims: usize, place: usize, value: u32) -> Option<&'s str> {
        if value == NO_DIM {
            return None;
        }
        Some(match self.dim_types.get(dims)?.get(place)? {
            FieldType::Bool => {
                if value == 1 {
                    "true"
                } else {
                    "false"
                }
            }
            FieldType::Unit => symbols.units.text(value),
            _ => symbols.texts.text(value),
        })
    }

    /// The reverse of [`IndicatorSet::dim_text`].
    pub fn dim_value(&self, symbols: &mut Symbols, dims: usize, place: usize, text: Option<&str>) -> u32 {
        let Some(text) = text else { return NO_DIM };
        match self.dim_types.get(dims).and_then(|t| t.get(place)) {
            Some(FieldType::Bool) => u32::from(text == "true"),
            Some(FieldType::Unit) => symbols.units.intern(text),
            _ => symbols.texts.intern(text),
        }
    }

    /// All contributions of one record (slow path: tests, single questions).
    #[must_use]
    pub fn contributions(&self, symbols: &Symbols, slots: &Slots, now: Timestamp) -> Vec<Option<(Contribution, DimKey)>> {
        let mut temps = self.temps();
        temps.clear();
        let env = Env { now: now.0, symbols, temps: &temps };
        let keyed = |i: usize, item: &Item| {
            let dims = self.places.get(item.place).map_or(0, |p| p.dims);
            self.contribution(i, slots, &env).map(|c| (c, self.dim_key(dims, slots)))
        };
        self.items.iter().enumerate().map(|(i, item)| keyed(i, item)).collect()
    }
}
