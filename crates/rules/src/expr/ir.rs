//! The typed tree of an expression. Equal subtrees are one node, so indicators of a register share their work.

use std::{collections::BTreeMap, fmt, sync::Arc};

use rustc_hash::FxHashMap;

use crate::schema::{SlotId, Use};

pub type NodeId = u32;

/// Type of an expression. `Dec(n)` is an exact integer × 10^n.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ty {
    Null,
    Bool,
    Int,
    Dec(u8),
    Text,
    Time,
    Date,
    Span,
    Unit,
    List,
    Json,
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Dec(n) => write!(f, "decimal({n})"),
            Self::Text => f.write_str("text"),
            Self::Time => f.write_str("timestamp"),
            Self::Date => f.write_str("date"),
            Self::Span => f.write_str("duration"),
            Self::Unit => f.write_str("unit"),
            Self::List => f.write_str("list(text)"),
            Self::Json => f.write_str("json"),
        }
    }
}

/// A constant; texts by content, so that the tree does not depend on a symbol table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Lit {
    Null,
    Bool(bool),
    /// Integer or scaled decimal.
    Int(i64),
    Text(Arc<str>),
    Time(i64),
    Date(i32),
    Span(i64),
    Unit(Arc<str>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CmpOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl CmpOp {
    /// `a op b` = `b op.mirrored() a`.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Eq => Self::Eq,
            Self::Ne => Self::Ne,
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
        }
    }
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArithOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// A part of a date or of a local time, as CEL numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    Year,
    /// 0..=11
    Month,
    /// 1..=31
    Date,
    /// 0..=30
    DayOfMonth,
    /// 0 = Sunday
    DayOfWeek,
    Hours,
    Minutes,
    Seconds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Func {
    /// Multiply (positive) or divide, rounding half away from zero (negative), by a power of ten.
    Rescale(i8),
    /// Scaled division: a × 10^n ÷ b, rounded half away from zero.
    Divide(u8),
    /// Towards zero, to an integer: the scale that is dropped.
    Truncate(u8),
    SizeText,
    SizeList,
    StartsWith,
    EndsWith,
    Contains,
    /// Local calendar day of an instant.
    DateOf,
    /// First instant of a local day.
    StartOf,
    /// `year * 12 + month0` of an instant or date.
    MonthOf,
    /// Part of a date (any type `Date`) or of an instant in the zone given as minutes ahead of UTC.
    Part(Part, i16),
    /// Whole units (µs) inside a duration, towards zero: `getHours()` = 3 600 000 000.
    SpanIn(i64),
    /// A duration as a decimal number of units (µs each) with 4 digits.
    SpanAs(i64),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    Lit(Lit),
    Slot(SlotId),
    /// Both sides of one type (decimals of one scale). False when either is null.
    Cmp(CmpOp, NodeId, NodeId),
    /// The time of evaluation itself; only in assignments (`set = { closed_at = "now" }`).
    Clock,
    /// `now op threshold`: the only way in which time enters a condition.
    Now(CmpOp, NodeId),
    IsNull(NodeId),
    Not(NodeId),
    And(NodeId, NodeId),
    Or(NodeId, NodeId),
    /// One of constants.
    In(NodeId, Vec<Lit>),
    /// A text inside a list.
    Member(NodeId, NodeId),
    Arith(ArithOp, NodeId, NodeId),
    Neg(NodeId),
    Cond(NodeId, NodeId, NodeId),
    Call(Func, Vec<NodeId>),
}

/// All nodes of one or many expressions.
#[derive(Debug, Clone, Default)]
pub struct Arena {
    nodes: Vec<(Node, Ty, bool)>,
    index: FxHashMap<Node, Vec<NodeId>>,
}

impl Arena {
    pub fn add(&mut self, node: Node, ty: Ty) -> NodeId {
        // A literal 1 may be an int or a decimal(0): same node, other type.
        if let Some(id) = self.index.get(&node).and_then(|ids| ids.iter().copied().find(|id| self.ty(*id) == ty)) {
            return id;
        }
        let id = NodeId::try_from(self.nodes.len()).unwrap_or(NodeId::MAX);
        let now = matches!(node, Node::Now(..) | Node::Clock) || children(&node).iter().any(|c| self.has_now(*c));
        self.index.entry(node.clone()).or_default().push(id);
        self.nodes.push((node, ty, now));
        id
    }
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize].0
    }
    pub fn ty(&self, id: NodeId) -> Ty {
        self.nodes[id as usize].1
    }
    /// Does the value depend on the time of evaluation?
    pub fn has_now(&self, id: NodeId) -> bool {
        self.nodes[id as usize].2
    }
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// How each slot below `root` is used; merged into `uses` with the widest use winning.
    pub fn uses(&self, root: NodeId, uses: &mut BTreeMap<SlotId, Use>) {
        let mut note = |slot: SlotId, usage: Use| {
            let entry = uses.entry(slot).or_insert(usage);
            *entry = (*entry).max(usage);
        };
        let as_slot = |id: NodeId| match self.node(id) {
            Node::Slot(slot) => Some(*slot),
            _ => None,
        };
        let is_lit = |id: NodeId| matches!(self.node(id), Node::Lit(_));
        match self.node(root) {
            Node::Slot(slot) => note(*slot, Use::Content),
            Node::IsNull(a) if as_slot(*a).is_some() => note(as_slot(*a).unwrap_or_default(), Use::Presence),
            Node::In(a, _) if as_slot(*a).is_some() => note(as_slot(*a).unwrap_or_default(), Use::Constants),
            Node::Cmp(CmpOp::Eq | CmpOp::Ne, a, b) | Node::Member(b, a) if as_slot(*a).is_some() && is_lit(*b) => {
                note(as_slot(*a).unwrap_or_default(), Use::Constants);
            }
            Node::Cmp(CmpOp::Eq | CmpOp::Ne, a, b) if as_slot(*b).is_some() && is_lit(*a) => {
                note(as_slot(*b).unwrap_or_default(), Use::Constants)
            }
            node => {
                for child in children(node) {
                    self.uses(child, uses);
                }
            }
        }
    }
}

pub fn children(node: &Node) -> Vec<NodeId> {
    match node {
        Node::Lit(_) | Node::Slot(_) | Node::Clock => Vec::new(),
        Node::Now(_, a) | Node::IsNull(a) | Node::Not(a) | Node::In(a, _) | Node::Neg(a) => vec![*a],
        Node::Cmp(_, a, b) | Node::And(a, b) | Node::Or(a, b) | Node::Member(a, b) | Node::Arith(_, a, b) => vec![*a, *b],
        Node::Cond(a, b, c) => vec![*a, *b, *c],
        Node::Call(_, args) => args.clone(),
    }
}
