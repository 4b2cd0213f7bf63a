//! From the typed tree to closures. The shapes that indicators are full of get closures of their own.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use super::eval;
use super::ir::{Arena, ArithOp, CmpOp, Func, Lit, Node, NodeId, Ty};
use crate::schema::{Layout, Symbols, Value};

pub type BoolFn = Box<dyn Fn(&[Value], &Env<'_>) -> bool + Send + Sync>;
pub type ValFn = Box<dyn Fn(&[Value], &Env<'_>) -> Value + Send + Sync>;
/// The first instant after `now` at which a value may change; `i64::MAX` = never.
pub type FlipFn = Box<dyn Fn(&[Value], &Env<'_>) -> i64 + Send + Sync>;

/// What a closure sees besides the slots.
pub struct Env<'a> {
    /// Time of evaluation, µs.
    pub now: i64,
    pub symbols: &'a Symbols,
    pub temps: &'a Temps,
}

/// Results of shared subexpressions, valid for one record at one time.
#[derive(Debug, Default)]
pub struct Temps {
    stamp: u32,
    cells: Vec<Cell<(u32, Value)>>,
}

impl Temps {
    #[must_use]
    pub fn new(len: usize) -> Self {
        Self { stamp: 0, cells: vec![Cell::new((0, Value::Null)); len] }
    }
    /// Forget everything: another record, or another time.
    pub fn clear(&mut self) {
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.cells.iter().for_each(|c| c.set((0, Value::Null)));
            self.stamp = 1;
        }
    }
    fn get(&self, at: usize) -> Option<Value> {
        let (stamp, value) = self.cells.get(at)?.get();
        (stamp == self.stamp).then_some(value)
    }
    fn set(&self, at: usize, value: Value) {
        if let Some(cell) = self.cells.get(at) {
            cell.set((self.stamp, value));
        }
    }
}

/// Generates closures for one layout and one symbol table.
pub struct Gen<'a> {
    pub arena: &'a Arena,
    pub layout: &'a Layout,
    pub symbols: &'a mut Symbols,
    /// Nodes computed once per record, with their place in [`Temps`].
    pub shared: FxHashMap<NodeId, usize>,
}

fn slot(s: &[Value], i: usize) -> Value {
    s.get(i).copied().unwrap_or(Value::Null)
}

impl Gen<'_> {
    /// Mark every node that is worth computing once because several parents (or roots) ask for it. Returns how many.
    pub fn share(&mut self, roots: &[NodeId]) -> usize {
        let mut parents: FxHashMap<NodeId, u32> = FxHashMap::default();
        let mut seen = vec![false; self.arena.len()];
        let mut stack: Vec<NodeId> = roots.to_vec();
        for root in roots {
            *parents.entry(*root).or_default() += 1;
        }
        while let Some(id) = stack.pop() {
            if std::mem::replace(&mut seen[id as usize], true) {
                continue;
            }
            for child in super::ir::children(self.arena.node(id)) {
                *parents.entry(child).or_default() += 1;
                stack.push(child);
            }
        }
        let mut wanted: Vec<NodeId> = parents.iter().filter(|(id, n)| **n > 1 && self.costly(**id)).map(|(id, _)| *id).collect();
        wanted.sort_unstable();
        self.shared = wanted.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        wanted.len()
    }

    /// More work than looking up a stored result.
    fn costly(&self, id: NodeId) -> bool {
        match self.arena.node(id) {
            Node::Lit(_) | Node::Slot(_) | Node::Clock | Node::IsNull(_) => false,
            Node::Not(a) => self.costly(*a),
            Node::Cmp(_, a, b) => self.costly(*a) || self.costly(*b) || self.arena.ty(*a) == Ty::Text && !self.is_lit(*b),
            Node::In(_, lits) => lits.len() > 4,
            Node::Now(_, a) | Node::Neg(a) => self.costly(*a),
            Node::And(..) | Node::Or(..) | Node::Member(..) | Node::Arith(..) | Node::Cond(..) | Node::Call(..) => true,
        }
    }

    fn is_lit(&self, id: NodeId) -> bool {
        matches!(self.arena.node(id), Node::Lit(_))
    }

    fn as_slot(&self, id: NodeId) -> Option<usize> {
        match self.arena.node(id) {
            Node::Slot(slot) => self.layout.position(*slot),
            _ => None,
        }
    }

    fn as_lit(&mut self, id: NodeId) -> Option<Value> {
        match self.arena.node(id) {
            Node::Lit(lit) => Some(self.lit(lit)),
            _ => None,
        }
    }

    pub fn lit(&mut self, lit: &Lit) -> Value {
        match lit {
            Lit::Null => Value::Null,
            Lit::Bool(b) => Value::Bool(*b),
            Lit::Int(x) => Value::Int(*x),
            Lit::Text(t) => Value::Sym(self.symbols.texts.intern(t)),
            Lit::Time(t) => Value::Time(*t),
            Lit::Date(d) => Value::Date(*d),
            Lit::Span(d) => Value::Span(*d),
            Lit::Unit(u) => Value::Unit(self.symbols.units.intern(u)),
        }
    }

    /// A condition; null counts as false.
    pub fn condition(&mut self, id: NodeId) -> BoolFn {
        let made = self.condition_once(id);
        match self.shared.get(&id) {
            None => made,
            Some(&place) => Box::new(move |s, env| match env.temps.get(place) {
                Some(v) => v.truth(),
                None => {
                    let v = made(s, env);
                    env.temps.set(place, Value::Bool(v));
                    v
                }
            }),
        }
    }

    fn condition_once(&mut self, id: NodeId) -> BoolFn {
        let arena = self.arena;
        match arena.node(id) {
            Node::Lit(lit) => {
                let v = *lit == Lit::Bool(true);
                Box::new(move |_, _| v)
            }
            Node::Not(a) => {
                if let Node::IsNull(x) = arena.node(*a)
                    && let Some(i) = self.as_slot(*x)
                {
                    return Box::new(move |s, _| !slot(s, i).is_null());
                }
                let a = self.condition(*a);
                Box::new(move |s, env| !a(s, env))
            }
            Node::And(a, b) => {
                let (a, b) = (self.condition(*a), self.condition(*b));
                Box::new(move |s, env| a(s, env) && b(s, env))
            }
            Node::Or(a, b) => {
                let (a, b) = (self.condition(*a), self.condition(*b));
                Box::new(move |s, env| a(s, env) || b(s, env))
            }
            Node::IsNull(a) => {
                if let Some(i) = self.as_slot(*a) {
                    return Box::new(move |s, _| slot(s, i).is_null());
                }
                let a = self.value(*a);
                Box::new(move |s, env| a(s, env).is_null())
            }
            Node::Cmp(op, a, b) => self.comparison(*op, *a, *b),
            Node::Now(op, threshold) => {
                let (op, threshold) = (*op, self.value(*threshold));
                Box::new(move |s, env| threshold(s, env).number().is_some_and(|t| op.holds(env.now.cmp(&t))))
            }
            Node::In(a, lits) => {
                let mut set: Vec<Value> = lits.iter().map(|l| self.lit(l)).collect();
                set.dedup();
                if let Some(i) = self.as_slot(*a) {
                    return Box::new(move |s, _| set.contains(&slot(s, i)));
                }
                let a = self.value(*a);
                Box::new(move |s, env| set.contains(&a(s, env)))
            }
            Node::Member(item, list) => {
                let (item, list) = (self.value(*item), self.value(*list));
                Box::new(move |s, env| match (item(s, env), list(s, env)) {
                    (Value::Sym(item), Value::List(list)) => env.symbols.list(list).contains(&item),
                    _ => false,
                })
            }
            Node::Call(func, args) => self.text_predicate(*func, args),
            Node::Slot(_) | Node::Clock | Node::Cond(..) | Node::Arith(..) | Node::Neg(_) => {
                let v = self.value_once(id);
                Box::new(move |s, env| v(s, env).truth())
            }
        }
    }

    fn text_predicate(&mut self, func: Func, args: &[NodeId]) -> BoolFn {
        let [a, b] = args else { return Box::new(|_, _| false) };
        let test: fn(&str, &str) -> bool = match func {
            Func::StartsWith => |a, b| a.starts_with(b),
            Func::EndsWith => |a, b| a.ends_with(b),
            Func::Contains => |a, b| a.contains(b),
            _ => return Box::new(|_, _| false),
        };
        let (a, b) = (self.value(*a), self.value(*b));
        Box::new(move |s, env| match (a(s, env), b(s, env)) {
            (Value::Sym(a), Value::Sym(b)) => test(env.symbols.texts.text(a), env.symbols.texts.text(b)),
            _ => false,
        })
    }

    fn comparison(&mut self, op: CmpOp, a: NodeId, b: NodeId) -> BoolFn {
        let text_order = self.arena.ty(a) == Ty::Text && !matches!(op, CmpOp::Eq | CmpOp::Ne);
        if text_order {
            let (a, b) = (self.value(a), self.value(b));
            return Box::new(move |s, env| match (a(s, env), b(s, env)) {
                (Value::Sym(a), Value::Sym(b)) => op.holds(env.symbols.texts.text(a).cmp(env.symbols.texts.text(b))),
                _ => false,
            });
        }
        // A constant stands on the right.
        if self.is_lit(a) && !self.is_lit(b) {
            return self.comparison(op.mirrored(), b, a);
        }
        match (op, self.as_slot(a), self.as_slot(b), self.as_lit(b)) {
            (CmpOp::Eq, Some(i), _, Some(c)) => Box::new(move |s, _| slot(s, i) == c),
            (CmpOp::Ne, Some(i), _, Some(c)) => Box::new(move |s, _| {
                let v = slot(s, i);
                v != c && !v.is_null()
            }),
            (CmpOp::Eq, Some(i), Some(j), _) => Box::new(move |s, _| {
                let v = slot(s, i);
                v == slot(s, j) && !v.is_null()
            }),
            (CmpOp::Eq, ..) => {
                let (a, b) = (self.value(a), self.value(b));
                Box::new(move |s, env| {
                    let v = a(s, env);
                    !v.is_null() && v == b(s, env)
                })
            }
            (CmpOp::Ne, ..) => {
                let (a, b) = (self.value(a), self.value(b));
                Box::new(move |s, env| {
                    let (a, b) = (a(s, env), b(s, env));
                    !a.is_null() && !b.is_null() && a != b
                })
            }
            (CmpOp::Lt, ..) => self.ordering(a, b, |a, b| a < b),
            (CmpOp::Le, ..) => self.ordering(a, b, |a, b| a <= b),
            (CmpOp::Gt, ..) => self.ordering(a, b, |a, b| a > b),
            (CmpOp::Ge, ..) => self.ordering(a, b, |a, b| a >= b),
        }
    }

    fn ordering<F: Fn(i64, i64) -> bool + Copy + Send + Sync + 'static>(&mut self, a: NodeId, b: NodeId, holds: F) -> BoolFn {
        if let (Some(i), Some(c)) = (self.as_slot(a), self.as_lit(b).and_then(Value::number)) {
            return Box::new(move |s, _| slot(s, i).number().is_some_and(|x| holds(x, c)));
        }
        if let (Some(i), Some(j)) = (self.as_slot(a), self.as_slot(b)) {
            return Box::new(move |s, _| match (slot(s, i).number(), slot(s, j).number()) {
                (Some(x), Some(y)) => holds(x, y),
                _ => false,
            });
        }
        let (a, b) = (self.value(a), self.value(b));
        Box::new(move |s, env| match (a(s, env).number(), b(s, env).number()) {
            (Some(x), Some(y)) => holds(x, y),
            _ => false,
        })
    }

    pub fn value(&mut self, id: NodeId) -> ValFn {
        let made = self.value_once(id);
        match self.shared.get(&id) {
            None => made,
            Some(&place) => Box::new(move |s, env| match env.temps.get(place) {
                Some(v) => v,
                None => {
                    let v = made(s, env);
                    env.temps.set(place, v);
                    v
                }
            }),
        }
    }

    fn value_once(&mut self, id: NodeId) -> ValFn {
        let arena = self.arena;
        match arena.node(id) {
            Node::Lit(lit) => {
                let v = self.lit(lit);
                Box::new(move |_, _| v)
            }
            Node::Slot(number) => {
                let i = self.layout.position(*number).unwrap_or(usize::MAX);
                Box::new(move |s, _| slot(s, i))
            }
            Node::Clock => Box::new(|_, env| Value::Time(env.now)),
            Node::Cond(c, a, b) => {
                let (c, a, b) = (self.condition(*c), self.value(*a), self.value(*b));
                Box::new(move |s, env| if c(s, env) { a(s, env) } else { b(s, env) })
            }
            Node::Neg(a) => {
                let a = self.value(*a);
                Box::new(move |s, env| eval::negate(a(s, env)))
            }
            Node::Arith(op, a, b) => {
                let (a, b, ty) = (self.value(*a), self.value(*b), arena.ty(id));
                let op: fn(i64, i64) -> Option<i64> = match op {
                    ArithOp::Add => i64::checked_add,
                    ArithOp::Sub => i64::checked_sub,
                    ArithOp::Mul => i64::checked_mul,
                    ArithOp::Div => i64::checked_div,
                    ArithOp::Rem => i64::checked_rem,
                };
                Box::new(move |s, env| eval::arith(op, a(s, env), b(s, env), ty))
            }
            Node::Call(Func::StartsWith | Func::EndsWith | Func::Contains, _)
            | Node::Not(_)
            | Node::And(..)
            | Node::Or(..)
            | Node::IsNull(_)
            | Node::Cmp(..)
            | Node::Now(..)
            | Node::In(..)
            | Node::Member(..) => {
                let c = self.condition_once(id);
                Box::new(move |s, env| Value::Bool(c(s, env)))
            }
            Node::Call(func, args) => {
                let func = *func;
                let mut args: Vec<ValFn> = args.iter().map(|a| self.value(*a)).collect();
                match (args.pop(), args.pop()) {
                    (Some(b), Some(a)) => Box::new(move |s, env| eval::divide(func, a(s, env), b(s, env))),
                    (Some(a), None) => Box::new(move |s, env| eval::call(func, a(s, env), env.symbols)),
                    (None, _) => Box::new(|_, _| Value::Null),
                }
            }
        }
    }

    /// When may the value of `id` change next? Only for nodes that contain `now`; a branch that is closed for good asks for nothing.
    pub fn flip(&mut self, id: NodeId) -> FlipFn {
        let arena = self.arena;
        if !arena.has_now(id) {
            return Box::new(|_, _| i64::MAX);
        }
        match arena.node(id) {
            Node::Now(op, threshold) => {
                // now < t and now >= t change at t; now <= t and now > t one microsecond later.
                let later = i64::from(matches!(op, CmpOp::Le | CmpOp::Gt));
                let threshold = self.value(*threshold);
                Box::new(move |s, env| match threshold(s, env).number() {
                    Some(t) if t.saturating_add(later) > env.now => t.saturating_add(later),
                    _ => i64::MAX,
                })
            }
            Node::And(a, b) => self.flip_gate(*a, *b, false),
            Node::Or(a, b) => self.flip_gate(*a, *b, true),
            Node::Cond(c, a, b) if !arena.has_now(*c) => {
                let (c, a, b) = (self.condition(*c), self.flip(*a), self.flip(*b));
                Box::new(move |s, env| if c(s, env) { a(s, env) } else { b(s, env) })
            }
            node => {
                let all: Vec<FlipFn> = super::ir::children(node).into_iter().filter(|c| arena.has_now(*c)).map(|c| self.flip(c)).collect();
                Box::new(move |s, env| all.iter().map(|f| f(s, env)).min().unwrap_or(i64::MAX))
            }
        }
    }

    /// `a && b` (closing value false) or `a || b` (closing value true): a side that has the closing value for good decides.
    fn flip_gate(&mut self, a: NodeId, b: NodeId, closing: bool) -> FlipFn {
        let (a_now, b_now) = (self.condition(a), self.condition(b));
        let (a_flip, b_flip) = (self.flip(a), self.flip(b));
        Box::new(move |s, env| {
            let (a, b) = (a_flip(s, env), b_flip(s, env));
            let closed = (a == i64::MAX && a_now(s, env) == closing) || (b == i64::MAX && b_now(s, env) == closing);
            if closed { i64::MAX } else { a.min(b) }
        })
    }
}
