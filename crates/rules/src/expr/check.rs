//! From the parsed text to the typed tree: names resolved, types checked, `now` confined to where its flip can be foreseen.

use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo, operators};

use super::error::ExprError;
use super::ir::{Arena, ArithOp, CmpOp, Func, Lit, Node, NodeId, Part, Ty};
pub use super::words::nearest;
use super::words::{parse_duration, zone_minutes};
use crate::schema::{self, FieldType, Schema};
use crate::time::LOCAL_OFFSET_HOURS;

/// Longest expression in characters.
pub const MAX_TEXT: usize = 4_000;
/// Most decimal digits inside an expression.
pub const MAX_DIGITS: u8 = 9;
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A checked part: a value, or something that contains `now`, normalised to `now − shift` (an instant when `shift` is a duration or
/// absent, an age when `shift` is an instant), or the local day of that.
#[derive(Clone, Copy)]
enum Term {
    Val(NodeId, Ty),
    Now { shift: Option<NodeId>, day: bool },
}

pub struct Checker<'a> {
    schema: &'a Schema,
    arena: &'a mut Arena,
    info: SourceInfo,
    mode: Mode,
}

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Guards and filters.
    Condition,
    /// What a transition sets: `now` may stand anywhere, nothing waits for its flip.
    Assignment,
    /// Indicators: personal fields are refused.
    Indicator,
}

/// Parse with the CEL grammar.
pub fn parse(text: &str) -> Result<(IdedExpr, SourceInfo), ExprError> {
    if text.chars().count() > MAX_TEXT {
        return Err(ExprError::new(MAX_TEXT, "expr.too_long").with("most", MAX_TEXT));
    }
    cel::parser::Parser::new().parse_with_source_info(text).map_err(|errors| match errors.errors.first() {
        Some(e) => {
            let line = usize::try_from(e.pos.0).unwrap_or(1).max(1) - 1;
            let column = usize::try_from(e.pos.1).unwrap_or(1).max(1) - 1;
            let before: usize = text.split_inclusive('\n').take(line).map(|l| l.chars().count()).sum();
            ExprError::new(before + column, "expr.syntax").with("message", &e.msg)
        }
        None => ExprError::new(0, "expr.syntax"),
    })
}

/// Parse and check; the root's type is returned for the caller to judge.
pub fn check(schema: &Schema, arena: &mut Arena, text: &str, mode: Mode) -> Result<(NodeId, Ty), ExprError> {
    let (expr, info) = parse(text)?;
    let mut checker = Checker { schema, arena, info, mode };
    checker.value(&expr)
}

type Checked = Result<(NodeId, Ty), ExprError>;

impl Checker<'_> {
    fn at(&self, e: &IdedExpr) -> usize {
        self.info.offset_for(e.id).map_or(0, |(start, _)| start as usize)
    }
    fn fail<T>(&self, e: &IdedExpr, code: &'static str, args: &[(&'static str, String)]) -> Result<T, ExprError> {
        Err(ExprError { at: self.at(e), code, args: args.to_vec() })
    }
    fn wants<T>(&self, e: &IdedExpr, place: &str, wants: &str, got: Ty) -> Result<T, ExprError> {
        self.fail(e, "expr.wants", &[("place", place.to_owned()), ("wants", wants.to_owned()), ("got", got.to_string())])
    }
    fn lit(&mut self, lit: Lit, ty: Ty) -> (NodeId, Ty) {
        (self.arena.add(Node::Lit(lit), ty), ty)
    }
    fn call(&mut self, func: Func, args: Vec<NodeId>, ty: Ty) -> (NodeId, Ty) {
        (self.arena.add(Node::Call(func, args), ty), ty)
    }

    fn value(&mut self, e: &IdedExpr) -> Checked {
        match self.term(e)? {
            Term::Val(id, ty) => Ok((id, ty)),
            Term::Now { shift, day } if self.mode == Mode::Assignment => {
                let mut id = self.arena.add(Node::Clock, Ty::Time);
                let mut ty = Ty::Time;
                if let Some(shift) = shift {
                    ty = if self.arena.ty(shift) == Ty::Time { Ty::Span } else { Ty::Time };
                    id = self.arena.add(Node::Arith(ArithOp::Sub, id, shift), ty);
                }
                if day {
                    (id, ty) = self.call(Func::DateOf, vec![id], Ty::Date);
                }
                Ok((id, ty))
            }
            Term::Now { .. } => self.fail(e, "expr.now", &[]),
        }
    }

    fn boolean(&mut self, e: &IdedExpr, place: &str) -> Result<NodeId, ExprError> {
        match self.value(e)? {
            (id, Ty::Bool) => Ok(id),
            (_, ty) => self.wants(e, place, "bool", ty),
        }
    }

    fn term(&mut self, e: &IdedExpr) -> Result<Term, ExprError> {
        let val = |(id, ty)| Term::Val(id, ty);
        match &e.expr {
            Expr::Literal(literal) => self.literal(e, literal).map(val),
            Expr::Ident(name) if name == "now" => Ok(Term::Now { shift: None, day: false }),
            Expr::Ident(name) => self.fail(e, "expr.unknown_name", &[("name", name.clone())]),
            Expr::Select(select) => self.select(e, select).map(val),
            Expr::Call(call) => self.function(e, call),
            Expr::List(_) => self.fail(e, "expr.unsupported", &[("what", "a list outside `in`".to_owned())]),
            Expr::Map(_) | Expr::Struct(_) => self.fail(e, "expr.unsupported", &[("what", "a map".to_owned())]),
            Expr::Comprehension(_) => {
                self.fail(e, "expr.unsupported", &[("what", "a loop over a list (all, exists, map, filter)".to_owned())])
            }
            Expr::Unspecified => self.fail(e, "expr.syntax", &[("message", "an empty expression".to_owned())]),
        }
    }

    fn literal(&mut self, e: &IdedExpr, literal: &LiteralValue) -> Checked {
        Ok(match literal {
            LiteralValue::Null => self.lit(Lit::Null, Ty::Null),
            LiteralValue::Boolean(b) => self.lit(Lit::Bool(*b.inner()), Ty::Bool),
            LiteralValue::Int(i) => self.lit(Lit::Int(*i.inner()), Ty::Int),
            LiteralValue::UInt(u) => match i64::try_from(*u.inner()) {
                Ok(i) => self.lit(Lit::Int(i), Ty::Int),
                Err(_) => return self.fail(e, "expr.literal", &[("value", u.inner().to_string()), ("type", "number in range".to_owned())]),
            },
            LiteralValue::Double(d) => {
                let text = d.inner().to_string();
                let digits = text.split_once('.').map_or(0, |(_, f)| f.len());
                let scale = u8::try_from(digits).unwrap_or(u8::MAX);
                match schema::parse_decimal_text(&text, scale) {
                    Some(x) if scale <= MAX_DIGITS => self.lit(Lit::Int(x), Ty::Dec(scale)),
                    _ => return self.fail(e, "expr.too_precise", &[("most", MAX_DIGITS.to_string())]),
                }
            }
            LiteralValue::String(s) => self.lit(Lit::Text(Arc::from(s.inner())), Ty::Text),
            LiteralValue::Bytes(_) => return self.fail(e, "expr.unsupported", &[("what", "a byte string".to_owned())]),
        })
    }

    fn select(&mut self, e: &IdedExpr, select: &SelectExpr) -> Checked {
        if !matches!(&select.operand.expr, Expr::Ident(name) if name == self.schema.root()) {
            let what = format!(".{} of something else than {}", select.field, self.schema.root());
            return self.fail(e, "expr.unsupported", &[("what", what)]);
        }
        let visible = |f: &schema::Field| !f.built_in || self.schema.root() == "record";
        let found = self.schema.slot(&select.field).and_then(|s| Some((s, self.schema.field(s).filter(|f| visible(f))?)));
        let Some((slot, field)) = found else {
            let near =
                nearest(&select.field, self.schema.fields().iter().filter(|f| visible(f)).map(|f| f.id.as_str())).unwrap_or_default();
            let args = [("register", self.schema.register().to_owned()), ("name", select.field.clone()), ("near", near.to_owned())];
            return self.fail(e, "expr.unknown_field", &args);
        };
        if self.mode == Mode::Indicator && field.personal {
            return self.fail(e, "expr.personal", &[("name", field.id.clone())]);
        }
        let ty = match field.ty {
            FieldType::Text | FieldType::Choice => Ty::Text,
            FieldType::Int => Ty::Int,
            FieldType::Decimal(scale) => Ty::Dec(scale),
            FieldType::Bool => Ty::Bool,
            FieldType::Date => Ty::Date,
            FieldType::Timestamp => Ty::Time,
            FieldType::Unit => Ty::Unit,
            FieldType::TextList => Ty::List,
            FieldType::Json => Ty::Json,
        };
        let id = self.arena.add(Node::Slot(slot), ty);
        if select.test {
            let null = self.arena.add(Node::IsNull(id), Ty::Bool);
            return Ok((self.arena.add(Node::Not(null), Ty::Bool), Ty::Bool));
        }
        Ok((id, ty))
    }

    fn function(&mut self, e: &IdedExpr, call: &CallExpr) -> Result<Term, ExprError> {
        let val = |(id, ty)| Term::Val(id, ty);
        if call.target.is_none() {
            match (call.func_name.as_str(), call.args.as_slice()) {
                (operators::LOGICAL_AND, [a, b]) => {
                    let (a, b) = (self.boolean(a, "&&")?, self.boolean(b, "&&")?);
                    return Ok(Term::Val(self.arena.add(Node::And(a, b), Ty::Bool), Ty::Bool));
                }
                (operators::LOGICAL_OR, [a, b]) => {
                    let (a, b) = (self.boolean(a, "||")?, self.boolean(b, "||")?);
                    return Ok(Term::Val(self.arena.add(Node::Or(a, b), Ty::Bool), Ty::Bool));
                }
                (operators::LOGICAL_NOT, [a]) => {
                    let a = self.boolean(a, "!")?;
                    return Ok(Term::Val(self.arena.add(Node::Not(a), Ty::Bool), Ty::Bool));
                }
                (operators::CONDITIONAL, [c, a, b]) => return self.conditional(e, c, a, b).map(val),
                (operators::IN, [a, list]) => return self.membership(e, a, list).map(val),
                (operators::NEGATE, [a]) => return self.negate(a).map(val),
                (name, [a, b]) => {
                    if let Some(op) = cmp_op(name) {
                        return self.compare(e, op, a, b).map(val);
                    }
                    if let Some(op) = arith_op(name) {
                        return self.arith(e, op, a, b);
                    }
                }
                _ => {}
            }
        }
        // Both spellings of CEL: size(x) and x.size().
        let all: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        self.named(e, &call.func_name, &all)
    }

    fn conditional(&mut self, e: &IdedExpr, c: &IdedExpr, a: &IdedExpr, b: &IdedExpr) -> Checked {
        let c = self.boolean(c, "the condition of ? :")?;
        let (a, a_ty) = self.value(a)?;
        let (b, b_ty) = self.value(b)?;
        let (a, b, ty) = match (a_ty, b_ty) {
            (x, y) if x == y => (a, b, x),
            (Ty::Null, y) => (a, b, y),
            (x, Ty::Null) => (a, b, x),
            (x, y) => match self.align(a, x, b, y) {
                Some(aligned) => aligned,
                None => return self.fail(e, "expr.types", &[("op", "? :".to_owned()), ("left", x.to_string()), ("right", y.to_string())]),
            },
        };
        Ok((self.arena.add(Node::Cond(c, a, b), ty), ty))
    }

    fn negate(&mut self, a: &IdedExpr) -> Checked {
        let (id, ty) = self.value(a)?;
        if !matches!(ty, Ty::Int | Ty::Dec(_) | Ty::Span) {
            return self.wants(a, "-", "a number", ty);
        }
        if let Node::Lit(Lit::Int(x)) = self.arena.node(id)
            && let Some(x) = x.checked_neg()
        {
            return Ok(self.lit(Lit::Int(x), ty));
        }
        Ok((self.arena.add(Node::Neg(id), ty), ty))
    }

    /// Two numbers brought to one scale.
    fn align(&mut self, a: NodeId, a_ty: Ty, b: NodeId, b_ty: Ty) -> Option<(NodeId, NodeId, Ty)> {
        let (x, y) = (scale_of(a_ty)?, scale_of(b_ty)?);
        let to = x.max(y);
        let ty = if a_ty == Ty::Int && b_ty == Ty::Int { Ty::Int } else { Ty::Dec(to) };
        Some((self.rescale(a, x, to), self.rescale(b, y, to), ty))
    }

    fn rescale(&mut self, id: NodeId, from: u8, to: u8) -> NodeId {
        rescale(self.arena, id, from, to)
    }

    fn compare(&mut self, e: &IdedExpr, op: CmpOp, a_expr: &IdedExpr, b_expr: &IdedExpr) -> Checked {
        let (a, a_ty, b, b_ty) = match (self.term(a_expr)?, self.term(b_expr)?) {
            (Term::Val(a, x), Term::Val(b, y)) => (a, x, b, y),
            (Term::Now { shift, day }, Term::Val(b, ty)) => return self.compare_now(e, op, shift, day, b, ty),
            (Term::Val(a, ty), Term::Now { shift, day }) => return self.compare_now(e, op.mirrored(), shift, day, a, ty),
            (Term::Now { .. }, Term::Now { .. }) => return self.fail(e, "expr.now", &[]),
        };
        if a_ty == Ty::Null || b_ty == Ty::Null {
            let tested = if b_ty == Ty::Null { a } else { b };
            let null = self.arena.add(Node::IsNull(tested), Ty::Bool);
            return match op {
                CmpOp::Eq => Ok((null, Ty::Bool)),
                CmpOp::Ne => Ok((self.arena.add(Node::Not(null), Ty::Bool), Ty::Bool)),
                _ => self.fail(e, "expr.null", &[]),
            };
        }
        let equality = matches!(op, CmpOp::Eq | CmpOp::Ne);
        let (a, b) = match (a_ty, b_ty) {
            (Ty::Unit, Ty::Text) if equality => (a, self.as_unit(b_expr, b)?),
            (Ty::Text, Ty::Unit) if equality => (self.as_unit(a_expr, a)?, b),
            (Ty::Text | Ty::Time | Ty::Date | Ty::Span, y) if a_ty == y => (a, b),
            (Ty::Bool | Ty::Unit, y) if a_ty == y && equality => (a, b),
            (Ty::Time, Ty::Date) | (Ty::Date, Ty::Time) => return self.fail(e, "expr.date_and_time", &[]),
            (Ty::Time | Ty::Date | Ty::Span, Ty::Text) => return self.fail(b_expr, "expr.text_literal", &[("type", a_ty.to_string())]),
            (Ty::Text, Ty::Time | Ty::Date | Ty::Span) => return self.fail(a_expr, "expr.text_literal", &[("type", b_ty.to_string())]),
            (x, y) => match self.align(a, x, b, y) {
                Some((a, b, _)) => (a, b),
                None => {
                    let args = [("op", op.symbol().to_owned()), ("left", x.to_string()), ("right", y.to_string())];
                    return self.fail(e, "expr.types", &args);
                }
            },
        };
        self.known_choice(b_expr, a, b)?;
        self.known_choice(a_expr, b, a)?;
        Ok((self.arena.add(Node::Cmp(op, a, b), Ty::Bool), Ty::Bool))
    }

    /// A constant compared with a choice must be one of its choices: a typing mistake would otherwise count nothing, silently.
    fn known_choice(&self, place: &IdedExpr, slot: NodeId, lit: NodeId) -> Result<(), ExprError> {
        let (Node::Slot(slot), Node::Lit(Lit::Text(text))) = (self.arena.node(slot), self.arena.node(lit)) else { return Ok(()) };
        self.is_choice(place, *slot, text)
    }

    fn is_choice(&self, place: &IdedExpr, slot: u16, text: &str) -> Result<(), ExprError> {
        match self.schema.field(slot) {
            Some(field) if field.ty == FieldType::Choice && !field.choices.is_empty() && !field.choices.iter().any(|c| c == text) => {
                let args = [("value", text.to_owned()), ("name", field.id.clone()), ("choices", field.choices.join(", "))];
                self.fail(place, "expr.choice", &args)
            }
            _ => Ok(()),
        }
    }

    /// A text constant where a unit is asked for.
    fn as_unit(&mut self, e: &IdedExpr, id: NodeId) -> Result<NodeId, ExprError> {
        match self.arena.node(id).clone() {
            Node::Lit(Lit::Text(text)) => Ok(self.lit(Lit::Unit(text), Ty::Unit).0),
            _ => self.wants(e, "a comparison with a unit", "a unit or a constant text", Ty::Text),
        }
    }

    /// `now − shift op other`  ⟺  `now op other + shift`.
    fn compare_now(&mut self, e: &IdedExpr, op: CmpOp, shift: Option<NodeId>, day: bool, other: NodeId, ty: Ty) -> Checked {
        if matches!(op, CmpOp::Eq | CmpOp::Ne) || self.arena.has_now(other) {
            return self.fail(e, "expr.now", &[]);
        }
        let (mut op, mut threshold, mut threshold_ty) = (op, other, ty);
        if day {
            if ty != Ty::Date {
                return self.wants(e, "a comparison with date(now)", "a date", ty);
            }
            // date(now) <= d ⟺ now < first instant of d+1;  date(now) > d ⟺ now >= it.
            (threshold, threshold_ty) = self.call(Func::StartOf, vec![other], Ty::Time);
            if matches!(op, CmpOp::Le | CmpOp::Gt) {
                let (one, _) = self.lit(Lit::Span(MICROS_PER_DAY), Ty::Span);
                threshold = self.arena.add(Node::Arith(ArithOp::Add, threshold, one), Ty::Time);
                op = if op == CmpOp::Le { CmpOp::Lt } else { CmpOp::Ge };
            }
        }
        match (shift.map(|s| self.arena.ty(s)), threshold_ty) {
            (None, Ty::Time) => {}
            (Some(Ty::Span), Ty::Time) | (Some(Ty::Time), Ty::Span) => {
                threshold = self.arena.add(Node::Arith(ArithOp::Add, threshold, shift.unwrap_or(threshold)), Ty::Time);
            }
            (None | Some(Ty::Span), Ty::Date) => return self.fail(e, "expr.date_and_time", &[]),
            (_, got) => return self.wants(e, "a comparison with now", "a timestamp", got),
        }
        Ok((self.arena.add(Node::Now(op, threshold), Ty::Bool), Ty::Bool))
    }

    fn membership(&mut self, e: &IdedExpr, item_expr: &IdedExpr, list: &IdedExpr) -> Checked {
        let (item, item_ty) = self.value(item_expr)?;
        let Expr::List(list) = &list.expr else {
            let (list_id, list_ty) = self.value(list)?;
            return match (item_ty, list_ty) {
                (Ty::Text, Ty::List) => Ok((self.arena.add(Node::Member(item, list_id), Ty::Bool), Ty::Bool)),
                (_, Ty::List) => self.wants(item_expr, "the left of `in`", "a text", item_ty),
                _ => self.wants(list, "the right of `in`", "a list", list_ty),
            };
        };
        let mut lits = Vec::with_capacity(list.elements.len());
        for element in &list.elements {
            let (id, ty) = self.value(element)?;
            let id = match (item_ty, ty) {
                (Ty::Unit, Ty::Text) => self.as_unit(element, id)?,
                (Ty::Bool | Ty::Text | Ty::Time | Ty::Date | Ty::Span, y) if item_ty == y => id,
                (x, y) => match (scale_of(x), scale_of(y)) {
                    (Some(to), Some(from)) if from <= to => self.rescale(id, from, to),
                    _ => {
                        return self.fail(
                            element,
                            "expr.types",
                            &[("op", "in".to_owned()), ("left", x.to_string()), ("right", y.to_string())],
                        );
                    }
                },
            };
            let Node::Lit(lit) = self.arena.node(id).clone() else {
                return self.wants(element, "a list after `in`", "constants", ty);
            };
            if let (Node::Slot(slot), Lit::Text(text)) = (self.arena.node(item), &lit) {
                self.is_choice(element, *slot, text)?;
            }
            lits.push(lit);
        }
        if lits.is_empty() {
            return self.fail(e, "expr.unsupported", &[("what", "an empty list".to_owned())]);
        }
        Ok((self.arena.add(Node::In(item, lits), Ty::Bool), Ty::Bool))
    }

    fn arith(&mut self, e: &IdedExpr, op: ArithOp, a_expr: &IdedExpr, b_expr: &IdedExpr) -> Result<Term, ExprError> {
        let (a, x, b, y) = match (self.term(a_expr)?, self.term(b_expr)?) {
            (Term::Val(a, x), Term::Val(b, y)) => (a, x, b, y),
            (Term::Now { shift, day: false }, Term::Val(b, ty)) => return self.shift_now(e, op, shift, b, ty),
            (Term::Val(a, ty), Term::Now { shift, day: false }) if op == ArithOp::Add => return self.shift_now(e, op, shift, a, ty),
            _ => return self.fail(e, "expr.now", &[]),
        };
        let types = |s: &Self| {
            let symbol = match op {
                ArithOp::Add => "+",
                ArithOp::Sub => "-",
                ArithOp::Mul => "*",
                ArithOp::Div => "/",
                ArithOp::Rem => "%",
            };
            s.fail(e, "expr.types", &[("op", symbol.to_owned()), ("left", x.to_string()), ("right", y.to_string())])
        };
        let ty = match (op, x, y) {
            (ArithOp::Add | ArithOp::Sub, Ty::Time, Ty::Span) | (ArithOp::Add, Ty::Span, Ty::Time) => Ty::Time,
            (ArithOp::Sub, Ty::Time, Ty::Time) | (ArithOp::Add | ArithOp::Sub, Ty::Span, Ty::Span) => Ty::Span,
            (ArithOp::Sub, Ty::Date, Ty::Date) => {
                // Whole days as a duration, like two timestamps.
                let (from, to) = (self.call(Func::StartOf, vec![a], Ty::Time).0, self.call(Func::StartOf, vec![b], Ty::Time).0);
                return Ok(Term::Val(self.arena.add(Node::Arith(op, from, to), Ty::Span), Ty::Span));
            }
            (_, Ty::Int, Ty::Int) => Ty::Int,
            (ArithOp::Div, x, y) => {
                let (Some(from), Some(by)) = (scale_of(x), scale_of(y)) else { return types(self) };
                // a/10^from ÷ b/10^by, to six digits.
                let digits = schema::MAX_SCALE.max(from);
                let func = Func::Divide(digits + by - from);
                let (id, ty) = self.call(func, vec![a, b], Ty::Dec(digits));
                return Ok(Term::Val(id, ty));
            }
            (ArithOp::Mul, x, y) => {
                let (Some(p), Some(q)) = (scale_of(x), scale_of(y)) else { return types(self) };
                if p + q > MAX_DIGITS {
                    return self.fail(e, "expr.too_precise", &[("most", MAX_DIGITS.to_string())]);
                }
                Ty::Dec(p + q)
            }
            (ArithOp::Add | ArithOp::Sub, x, y) => {
                let Some((a, b, ty)) = self.align(a, x, b, y) else { return types(self) };
                return Ok(Term::Val(self.arena.add(Node::Arith(op, a, b), ty), ty));
            }
            (ArithOp::Rem, ..) => return types(self),
        };
        Ok(Term::Val(self.arena.add(Node::Arith(op, a, b), ty), ty))
    }

    /// `now ± duration`, `now − timestamp`: still `now − shift`.
    fn shift_now(&mut self, e: &IdedExpr, op: ArithOp, shift: Option<NodeId>, by: NodeId, ty: Ty) -> Result<Term, ExprError> {
        if self.arena.has_now(by) || shift.is_some_and(|s| self.arena.ty(s) == Ty::Time) {
            return self.fail(e, "expr.now", &[]);
        }
        let by = match (op, ty) {
            (ArithOp::Sub, Ty::Span | Ty::Time) => by,
            (ArithOp::Add, Ty::Span) => self.arena.add(Node::Neg(by), Ty::Span),
            (_, got) => return self.wants(e, "now + and now −", "a duration", got),
        };
        let ty = self.arena.ty(by);
        let shift = match shift {
            None => by,
            Some(before) => self.arena.add(Node::Arith(ArithOp::Add, by, before), ty),
        };
        Ok(Term::Now { shift: Some(shift), day: false })
    }

    fn named(&mut self, e: &IdedExpr, name: &str, args: &[&IdedExpr]) -> Result<Term, ExprError> {
        if let ("date", [a]) = (name, args)
            && let Term::Now { shift, day: false } = self.term(a)?
            && shift.is_none_or(|s| self.arena.ty(s) == Ty::Span)
        {
            return Ok(Term::Now { shift, day: true });
        }
        if name == "timestamp"
            && let [a] = args
            && matches!(&a.expr, Expr::Ident(name) if name == "now")
        {
            return self.term(a);
        }
        let (id, ty) = self.plain_call(e, name, args)?;
        Ok(Term::Val(id, ty))
    }

    fn plain_call(&mut self, e: &IdedExpr, name: &str, args: &[&IdedExpr]) -> Checked {
        let mut ids = Vec::with_capacity(args.len());
        for arg in args {
            ids.push(self.value(arg)?);
        }
        let arguments = |s: &Self, wants: &str| s.fail(e, "expr.arguments", &[("name", name.to_owned()), ("wants", wants.to_owned())]);
        let constant = |s: &Self, id: NodeId| match s.arena.node(id) {
            Node::Lit(Lit::Text(text)) => Some(Arc::clone(text)),
            _ => None,
        };
        match (name, ids.as_slice()) {
            ("timestamp", &[(id, Ty::Text)]) => self.constant(e, constant(self, id), "timestamp"),
            ("timestamp", &[(id, Ty::Date)]) => Ok(self.call(Func::StartOf, vec![id], Ty::Time)),
            ("timestamp", &[(id, Ty::Time)]) => Ok((id, Ty::Time)),
            ("date", &[(id, Ty::Text)]) => self.constant(e, constant(self, id), "date"),
            ("date", &[(id, Ty::Time)]) => Ok(self.call(Func::DateOf, vec![id], Ty::Date)),
            ("date", &[(id, Ty::Date)]) => Ok((id, Ty::Date)),
            ("duration", &[(id, Ty::Text)]) => self.constant(e, constant(self, id), "duration"),
            ("timestamp" | "date" | "duration", _) => arguments(self, "one constant text, a date or a timestamp"),
            ("size", &[(id, Ty::Text)]) => Ok(self.call(Func::SizeText, vec![id], Ty::Int)),
            ("size", &[(id, Ty::List)]) => Ok(self.call(Func::SizeList, vec![id], Ty::Int)),
            ("size", _) => arguments(self, "a text or a list"),
            ("startsWith", &[(a, Ty::Text), (b, Ty::Text)]) => Ok(self.call(Func::StartsWith, vec![a, b], Ty::Bool)),
            ("endsWith", &[(a, Ty::Text), (b, Ty::Text)]) => Ok(self.call(Func::EndsWith, vec![a, b], Ty::Bool)),
            ("contains", &[(a, Ty::Text), (b, Ty::Text)]) => Ok(self.call(Func::Contains, vec![a, b], Ty::Bool)),
            ("startsWith" | "endsWith" | "contains", _) => arguments(self, "a text on both sides: record.x.startsWith(\"…\")"),
            ("int", &[(id, Ty::Int)]) => Ok((id, Ty::Int)),
            ("int", &[(id, Ty::Dec(scale))]) => Ok(self.call(Func::Truncate(scale), vec![id], Ty::Int)),
            ("double", &[(id, Ty::Int)]) => Ok((self.arena.add(Node::Call(Func::Rescale(0), vec![id]), Ty::Dec(0)), Ty::Dec(0))),
            ("double", &[(id, Ty::Dec(scale))]) => Ok((id, Ty::Dec(scale))),
            ("int" | "double", _) => arguments(self, "a number"),
            ("days", &[(id, Ty::Span)]) => Ok(self.call(Func::SpanAs(MICROS_PER_DAY), vec![id], Ty::Dec(4))),
            ("hours", &[(id, Ty::Span)]) => Ok(self.call(Func::SpanAs(3_600_000_000), vec![id], Ty::Dec(4))),
            ("days" | "hours", _) => arguments(self, "a duration"),
            _ => self.part(e, name, &ids),
        }
    }

    fn constant(&mut self, e: &IdedExpr, text: Option<Arc<str>>, ty: &'static str) -> Checked {
        let Some(text) = text else {
            return self.fail(e, "expr.arguments", &[("name", ty.to_owned()), ("wants", "a constant text".to_owned())]);
        };
        let lit = match ty {
            "timestamp" => text.parse::<crate::Timestamp>().ok().map(|t| (Lit::Time(t.0), Ty::Time)),
            "date" => schema::parse_date_text(&text).map(|d| (Lit::Date(d), Ty::Date)),
            _ => parse_duration(&text).map(|d| (Lit::Span(d), Ty::Span)),
        };
        match lit {
            Some((lit, ty)) => Ok(self.lit(lit, ty)),
            None => self.fail(e, "expr.literal", &[("value", text.to_string()), ("type", ty.to_owned())]),
        }
    }

    fn part(&mut self, e: &IdedExpr, name: &str, ids: &[(NodeId, Ty)]) -> Checked {
        if let &[(id, Ty::Span)] = ids {
            let unit = match name {
                "getHours" => 3_600_000_000,
                "getMinutes" => 60_000_000,
                "getSeconds" => 1_000_000,
                _ => return self.fail(e, "expr.unknown_function", &[("name", name.to_owned())]),
            };
            return Ok(self.call(Func::SpanIn(unit), vec![id], Ty::Int));
        }
        let part = match name {
            "getFullYear" => Part::Year,
            "getMonth" => Part::Month,
            "getDate" => Part::Date,
            "getDayOfMonth" => Part::DayOfMonth,
            "getDayOfWeek" => Part::DayOfWeek,
            "getHours" => Part::Hours,
            "getMinutes" => Part::Minutes,
            "getSeconds" => Part::Seconds,
            _ => return self.fail(e, "expr.unknown_function", &[("name", name.to_owned())]),
        };
        let (id, ty, zone) = match *ids {
            [(id, ty @ (Ty::Time | Ty::Date))] => (id, ty, Some(i16::from(LOCAL_OFFSET_HOURS) * 60)),
            [(id, Ty::Time), (zone, Ty::Text)] => match self.arena.node(zone) {
                Node::Lit(Lit::Text(text)) => (id, Ty::Time, zone_minutes(text)),
                _ => (id, Ty::Time, None),
            },
            _ => return self.fail(e, "expr.arguments", &[("name", name.to_owned()), ("wants", "a timestamp or a date".to_owned())]),
        };
        let Some(zone) = zone else {
            let wants = "as zone \"Asia/Ho_Chi_Minh\", \"UTC\" or an offset such as \"+07:00\"".to_owned();
            return self.fail(e, "expr.arguments", &[("name", name.to_owned()), ("wants", wants)]);
        };
        if ty == Ty::Date && matches!(part, Part::Hours | Part::Minutes | Part::Seconds) {
            return self.wants(e, name, "a timestamp", ty);
        }
        Ok(self.call(Func::Part(part, zone), vec![id], Ty::Int))
    }
}

/// Bring a number from one scale to another, folding constants. Fewer digits round half away from zero.
pub fn rescale(arena: &mut Arena, id: NodeId, from: u8, to: u8) -> NodeId {
    if from == to {
        return id;
    }
    if let (Node::Lit(Lit::Int(x)), true) = (arena.node(id), to > from)
        && let Some(x) = x.checked_mul(schema::pow10(to - from))
    {
        return arena.add(Node::Lit(Lit::Int(x)), Ty::Dec(to));
    }
    #[expect(clippy::cast_possible_wrap, reason = "scales are at most 15")]
    arena.add(Node::Call(Func::Rescale(to as i8 - from as i8), vec![id]), Ty::Dec(to))
}

pub fn scale_of(ty: Ty) -> Option<u8> {
    match ty {
        Ty::Int => Some(0),
        Ty::Dec(n) => Some(n),
        _ => None,
    }
}

fn cmp_op(name: &str) -> Option<CmpOp> {
    Some(match name {
        operators::EQUALS => CmpOp::Eq,
        operators::NOT_EQUALS => CmpOp::Ne,
        operators::LESS => CmpOp::Lt,
        operators::LESS_EQUALS => CmpOp::Le,
        operators::GREATER => CmpOp::Gt,
        operators::GREATER_EQUALS => CmpOp::Ge,
        _ => return None,
    })
}

pub fn arith_op(name: &str) -> Option<ArithOp> {
    Some(match name {
        operators::ADD => ArithOp::Add,
        operators::SUBSTRACT => ArithOp::Sub,
        operators::MULTIPLY => ArithOp::Mul,
        operators::DIVIDE => ArithOp::Div,
        operators::MODULO => ArithOp::Rem,
        _ => return None,
    })
}
