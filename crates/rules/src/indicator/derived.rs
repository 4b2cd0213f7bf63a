//! Indicators calculated from other indicators.

use std::collections::{BTreeMap, BTreeSet};

use cel::common::ast::{Expr, IdedExpr, LiteralValue, SourceInfo, operators};

use super::{DerivedDef, Figure, IndicatorFault, Kind};
use crate::expr::{ExprError, check};

/// A compiled derived indicator.
#[derive(Debug, Clone)]
pub struct Derived {
    pub id: String,
    root: Term,
    depends: BTreeSet<String>,
}

#[derive(Debug, Clone)]
enum Term {
    Number(f64),
    Of(Part, String),
    Neg(Box<Term>),
    Binary(fn(f64, f64) -> Option<f64>, Box<Term>, Box<Term>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Value,
    Num,
    Den,
    N,
}

impl Derived {
    /// # Errors
    /// The first fault with its place.
    pub fn compile(id: &str, text: &str) -> Result<Self, ExprError> {
        let (expr, info) = check::parse(text)?;
        let mut depends = BTreeSet::new();
        let root = term(&expr, &info, &mut depends)?;
        Ok(Self { id: id.to_owned(), root, depends })
    }

    /// Indicators it reads.
    #[must_use]
    pub fn depends(&self) -> &BTreeSet<String> {
        &self.depends
    }

    /// The value, given the figures of the indicators it reads; no value if any of them has none, or at a division by zero.
    pub fn eval(&self, figure: &mut dyn FnMut(&str) -> Option<Figure>) -> Option<f64> {
        value(&self.root, figure).filter(|v| v.is_finite())
    }
}

fn value(term: &Term, figure: &mut dyn FnMut(&str) -> Option<Figure>) -> Option<f64> {
    match term {
        Term::Number(x) => Some(*x),
        Term::Neg(a) => value(a, figure).map(|x| -x),
        Term::Binary(op, a, b) => op(value(a, figure)?, value(b, figure)?),
        Term::Of(part, id) => {
            let f = figure(id)?;
            let unit = crate::schema::pow10(if matches!(f.kind, Kind::Sum | Kind::Average) { f.scale } else { 0 });
            match part {
                Part::Value => f.value,
                Part::Num => Some(f.num as f64 / unit as f64),
                Part::Den => Some(f.den as f64),
                Part::N => Some(f.n as f64),
            }
        }
    }
}

fn term(e: &IdedExpr, info: &SourceInfo, depends: &mut BTreeSet<String>) -> Result<Term, ExprError> {
    let at = info.offset_for(e.id).map_or(0, |(start, _)| start as usize);
    match &e.expr {
        Expr::Literal(LiteralValue::Int(i)) => Ok(Term::Number(*i.inner() as f64)),
        Expr::Literal(LiteralValue::Double(d)) => Ok(Term::Number(*d.inner())),
        Expr::Call(call) if call.target.is_none() => match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::NEGATE, [a]) => Ok(Term::Neg(Box::new(term(a, info, depends)?))),
            (name @ ("v" | "num" | "den" | "n"), [arg]) => {
                let Expr::Literal(LiteralValue::String(id)) = &arg.expr else {
                    return Err(ExprError::new(at, "expr.arguments")
                        .with("name", name)
                        .with("wants", "the id of an indicator as a constant text"));
                };
                depends.insert(id.inner().to_owned());
                let part = match name {
                    "v" => Part::Value,
                    "num" => Part::Num,
                    "den" => Part::Den,
                    _ => Part::N,
                };
                Ok(Term::Of(part, id.inner().to_owned()))
            }
            (name, [a, b]) => {
                let op: fn(f64, f64) -> Option<f64> = match name {
                    operators::ADD => |a, b| Some(a + b),
                    operators::SUBSTRACT => |a, b| Some(a - b),
                    operators::MULTIPLY => |a, b| Some(a * b),
                    operators::DIVIDE | "ratio" => |a, b| (b != 0.0).then(|| a / b),
                    "min" => |a, b| Some(a.min(b)),
                    "max" => |a, b| Some(a.max(b)),
                    _ => return Err(ExprError::new(at, "expr.unknown_function").with("name", name)),
                };
                Ok(Term::Binary(op, Box::new(term(a, info, depends)?), Box::new(term(b, info, depends)?)))
            }
            (name, _) => Err(ExprError::new(at, "expr.unknown_function").with("name", name)),
        },
        _ => Err(ExprError::new(at, "expr.unsupported").with("what", "anything but numbers, v(), num(), den(), n() and + - * /")),
    }
}

/// All derived indicators of a tenant: every name known, no circle.
#[derive(Debug, Clone, Default)]
pub struct DerivedSet {
    by_id: BTreeMap<String, Derived>,
}

impl DerivedSet {
    /// `known` says whether an id is a counted or reported indicator.
    ///
    /// # Errors
    /// Every fault: unknown names, circles, `num()`/`den()`/`n()` of a derived indicator (it has none).
    pub fn compile(defs: &[DerivedDef], known: &dyn Fn(&str) -> bool) -> Result<Self, Vec<IndicatorFault>> {
        let mut faults = Vec::new();
        let mut fault = |id: &str, error: ExprError| faults.push(IndicatorFault { indicator: id.to_owned(), part: "value", error });
        let mut by_id = BTreeMap::new();
        for def in defs {
            if known(&def.id) || by_id.contains_key(&def.id) {
                fault(&def.id, ExprError::new(0, "indicator.duplicate"));
            }
            match Derived::compile(&def.id, &def.value) {
                Ok(derived) => {
                    by_id.insert(def.id.clone(), derived);
                }
                Err(error) => fault(&def.id, error),
            }
        }
        for derived in by_id.values() {
            for id in &derived.depends {
                if !known(id) && !by_id.contains_key(id) && !defs.iter().any(|d| &d.id == id) {
                    fault(&derived.id, ExprError::new(0, "indicator.unknown").with("id", id));
                }
            }
            if let Some(id) = parts_of_derived(&derived.root).into_iter().find(|id| by_id.contains_key(*id)) {
                fault(&derived.id, ExprError::new(0, "indicator.no_parts").with("id", id));
            }
        }
        let mut done = BTreeSet::new();
        for id in by_id.keys() {
            let mut path = Vec::new();
            if let Some(circle) = circle(id, &by_id, &mut done, &mut path) {
                fault(id, ExprError::new(0, "indicator.circle").with("circle", circle.join(" → ")));
            }
        }
        if faults.is_empty() { Ok(Self { by_id }) } else { Err(faults) }
    }

    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Derived> {
        self.by_id.get(id)
    }
    pub fn iter(&self) -> impl Iterator<Item = &Derived> {
        self.by_id.values()
    }

    /// The value of a derived indicator; `figure` gives those of counted and reported ones.
    pub fn eval(&self, id: &str, figure: &mut dyn FnMut(&str) -> Option<Figure>) -> Option<f64> {
        let derived = self.by_id.get(id)?;
        // Depth is bounded: circles were refused.
        derived.eval(&mut |inner: &str| match self.by_id.contains_key(inner) {
            false => figure(inner),
            true => {
                let value = self.eval(inner, figure);
                Some(Figure { kind: Kind::Ratio, scale: 0, num: 0, den: 0, n: 0, value })
            }
        })
    }

    /// Counted and reported indicators below a derived one, through others.
    #[must_use]
    pub fn leaves(&self, id: &str) -> BTreeSet<String> {
        let mut leaves = BTreeSet::new();
        let mut stack = vec![id.to_owned()];
        while let Some(next) = stack.pop() {
            match self.by_id.get(&next) {
                Some(derived) => stack.extend(derived.depends.iter().cloned()),
                None => {
                    leaves.insert(next);
                }
            }
        }
        leaves
    }
}

fn parts_of_derived(term: &Term) -> Vec<&str> {
    match term {
        Term::Number(_) | Term::Of(Part::Value, _) => Vec::new(),
        Term::Of(_, id) => vec![id],
        Term::Neg(a) => parts_of_derived(a),
        Term::Binary(_, a, b) => {
            let mut ids = parts_of_derived(a);
            ids.extend(parts_of_derived(b));
            ids
        }
    }
}

fn circle(id: &str, all: &BTreeMap<String, Derived>, done: &mut BTreeSet<String>, path: &mut Vec<String>) -> Option<Vec<String>> {
    if let Some(start) = path.iter().position(|p| p == id) {
        let mut found = path[start..].to_vec();
        found.push(id.to_owned());
        return Some(found);
    }
    if done.contains(id) {
        return None;
    }
    path.push(id.to_owned());
    let found = all.get(id).and_then(|d| d.depends.iter().find_map(|next| circle(next, all, done, path)));
    path.pop();
    done.insert(id.to_owned());
    found
}
