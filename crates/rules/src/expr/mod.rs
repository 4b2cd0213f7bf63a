//! Expressions over a record: the Common Expression Language, parsed by crate `cel`, checked against the register's schema and compiled
//! to closures over typed slots.
//!
//! Where CEL and this module differ, on purpose:
//! - **Null.** A comparison (`==`, `!=`, `<` …, `in`) with a null value is false; `x == null` and `x != null` test for null. Arithmetic and
//!   functions of null are null. In a condition null is false, so `!` of a comparison with null is true. (CEL stops with an error, or says `null != 1`.)
//! - **Numbers.** Decimals are exact; `int` and `decimal` mix. Division of decimals has six digits, rounded half away from zero. What overflows or
//!   divides by zero has no value (null). Two ints divide as in CEL, towards zero.
//! - **Time.** Parts of a time (`getMonth()` …) are local (UTC+7) unless a zone is named. There are dates: `date("2025-07-01")`,
//!   `date(timestamp)` and `timestamp(date)` (first instant of the day). `days(duration)` and `hours(duration)` are decimals.
//! - **`now`** may stand only in an ordering comparison against something without `now` (`now > record.due_at`, `now - record.received_at >= duration("72h")`,
//!   `date(now) > record.deadline`), so that the instant at which it flips is known.
//! - No loops, maps or text concatenation: an expression costs the same for every record.

pub(crate) mod check;
pub(crate) mod compile;
mod error;
pub(crate) mod eval;
pub(crate) mod ir;
mod sql;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::schema::{Layout, RecordMeta, Schema, SchemaError, SlotId, Slots, Symbols, Use, Value};
use crate::time::Timestamp;

pub use compile::{Env, Temps};
pub use error::ExprError;
pub use ir::Ty;
pub use sql::Dialect;
pub(crate) use sql::Sql;

use check::Mode;
use compile::{BoolFn, FlipFn, Gen, ValFn};
use ir::{Arena, NodeId};

/// One compiled expression that stands alone: a guard, a `set` of a transition, a filter. Cheap to share between threads.
///
/// It reads only the fields it names, and holds its own small symbol table.
pub struct Rule {
    text: String,
    arena: Arena,
    root: NodeId,
    ty: Ty,
    layout: Layout,
    symbols: Symbols,
    condition: BoolFn,
    value: ValFn,
    flip: FlipFn,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Rule").field(&self.text).finish()
    }
}

impl Rule {
    /// Compile the value that a transition sets: any type, and `now` may stand anywhere (`now`, `date(now)`, `now + duration("72h")`).
    ///
    /// # Errors
    /// The first fault with its place.
    pub fn assignment(schema: &Schema, text: &str) -> Result<Self, ExprError> {
        Self::compile(schema, text, Mode::Assignment)
    }

    fn compile(schema: &Schema, text: &str, mode: Mode) -> Result<Self, ExprError> {
        let mut arena = Arena::default();
        let (root, ty) = check::check(schema, &mut arena, text, mode)?;
        let mut uses = BTreeMap::new();
        arena.uses(root, &mut uses);
        let layout = schema.restrict(&uses);
        let mut symbols = Symbols::default();
        let mut generate = Gen { arena: &arena, layout: &layout, symbols: &mut symbols, shared: FxHashMap::default() };
        let (condition, value, flip) = (generate.condition(root), generate.value(root), generate.flip(root));
        Ok(Self { text: text.to_owned(), arena, root, ty, layout, symbols, condition, value, flip })
    }

    /// Compile a condition.
    ///
    /// # Errors
    /// The first fault with its place; `expr.wants` when the expression is not a boolean.
    pub fn condition(schema: &Schema, text: &str) -> Result<Self, ExprError> {
        let rule = Self::compile(schema, text, Mode::Condition)?;
        if rule.ty == Ty::Bool {
            Ok(rule)
        } else {
            Err(ExprError::new(0, "expr.wants").with("place", "a condition").with("wants", "bool").with("got", rule.ty))
        }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
    #[must_use]
    pub fn ty(&self) -> Ty {
        self.ty
    }
    /// The slots it reads.
    #[must_use]
    pub fn reads(&self) -> Vec<SlotId> {
        self.layout.kept().iter().map(|(slot, ..)| *slot).collect()
    }

    /// Read a record for this rule. The slots belong to the returned symbol table.
    fn read(&self, meta: RecordMeta<'_>, body_json: &str) -> Result<(Slots, Symbols), SchemaError> {
        // A handful of constants: cloning costs less than a lock.
        let mut symbols = self.symbols.clone();
        let slots = self.layout.slots(&mut symbols, meta, body_json)?;
        Ok((slots, symbols))
    }

    /// Does the condition hold for a record?
    ///
    /// # Errors
    /// The body does not fit the schema.
    pub fn holds(&self, meta: RecordMeta<'_>, body_json: &str, now: Timestamp) -> Result<bool, SchemaError> {
        let (slots, symbols) = self.read(meta, body_json)?;
        Ok((self.condition)(&slots, &Env { now: now.0, symbols: &symbols, temps: &Temps::default() }))
    }

    /// The value for a record, as JSON in the form in which a body stores it.
    ///
    /// # Errors
    /// The body does not fit the schema.
    pub fn json(&self, meta: RecordMeta<'_>, body_json: &str, now: Timestamp) -> Result<serde_json::Value, SchemaError> {
        let (slots, symbols) = self.read(meta, body_json)?;
        let value = (self.value)(&slots, &Env { now: now.0, symbols: &symbols, temps: &Temps::default() });
        Ok(to_json(value, self.ty, &symbols))
    }

    /// The first instant after `now` at which the result may change by time alone.
    ///
    /// # Errors
    /// The body does not fit the schema.
    pub fn next_flip(&self, meta: RecordMeta<'_>, body_json: &str, now: Timestamp) -> Result<Option<Timestamp>, SchemaError> {
        let (slots, symbols) = self.read(meta, body_json)?;
        let at = (self.flip)(&slots, &Env { now: now.0, symbols: &symbols, temps: &Temps::default() });
        Ok((at != i64::MAX).then_some(Timestamp(at)))
    }

    /// The condition as a WHERE expression over the columns of table `record` at time `now`; true for exactly the records for which [`Rule::holds`].
    #[must_use]
    pub fn to_sql(&self, schema: &Schema, dialect: Dialect, now: Timestamp) -> String {
        Sql { arena: &self.arena, schema, dialect, now: now.0 }.condition(self.root)
    }
}

/// A value in the JSON form of record bodies.
#[must_use]
pub fn to_json(value: Value, ty: Ty, symbols: &Symbols) -> serde_json::Value {
    use serde_json::Value as Json;
    match (value, ty) {
        (Value::Null, _) => Json::Null,
        (Value::Bool(b), _) => b.into(),
        (Value::Int(x), Ty::Dec(scale)) if scale > 0 => {
            let unit = crate::schema::pow10(scale);
            let sign = if x < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:0width$}", (x / unit).abs(), (x % unit).abs(), width = usize::from(scale));
            serde_json::from_str(text.trim_end_matches('0').trim_end_matches('.')).unwrap_or(Json::Null)
        }
        (Value::Int(x) | Value::Span(x), _) => x.into(),
        (Value::Time(t), _) => Timestamp(t).to_string().into(),
        (Value::Date(d), _) => crate::time::date_from_days(d).to_string().into(),
        (Value::Sym(s), _) => symbols.texts.text(s).into(),
        (Value::Unit(u), _) => symbols.units.text(u).into(),
        (Value::List(l), _) => symbols.list(l).iter().map(|s| symbols.texts.text(*s)).collect::<Vec<_>>().into(),
    }
}

/// Merge what several roots read.
pub(crate) fn uses_of(arena: &Arena, roots: &[NodeId]) -> BTreeMap<SlotId, Use> {
    let mut uses = BTreeMap::new();
    for root in roots {
        arena.uses(*root, &mut uses);
    }
    uses
}
