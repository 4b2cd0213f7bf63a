//! The same expression as SQL over table `record`: columns id, unit, state, version, created_at, updated_at, and the JSON body (text on both databases).
//!
//! Decimals are integers × 10^scale and durations µs here too, so that database and engine agree to the last digit.
//! A WHERE clause takes null for false, and so do AND and OR; only where that would matter (under NOT, as a value) is it made explicit.

use super::ir::{Arena, ArithOp, CmpOp, Func, Lit, Node, NodeId, Part, Ty};
use crate::schema::{FieldType, SLOT_STATE, Schema, SlotId, pow10};
use crate::time::{LOCAL_OFFSET_HOURS, Timestamp, date_from_days};

const DAY: i64 = 86_400_000_000;
const LOCAL: i64 = LOCAL_OFFSET_HOURS as i64 * 3_600_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// Writes SQL for nodes of one register.
pub(crate) struct Sql<'a> {
    pub arena: &'a Arena,
    pub schema: &'a Schema,
    pub dialect: Dialect,
    pub now: i64,
}

/// A text as an SQL literal. NUL cannot be stored by either database, so it is dropped.
pub(crate) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "''"))
}

impl Sql<'_> {
    fn pg(&self) -> bool {
        self.dialect == Dialect::Postgres
    }

    /// A condition for WHERE: true exactly when the expression is; otherwise false or null.
    pub fn condition(&self, id: NodeId) -> String {
        match self.arena.node(id) {
            Node::Lit(Lit::Bool(true)) => "TRUE".to_owned(),
            Node::Lit(_) => "FALSE".to_owned(),
            Node::And(a, b) => format!("({} AND {})", self.condition(*a), self.condition(*b)),
            Node::Or(a, b) => format!("({} OR {})", self.condition(*a), self.condition(*b)),
            Node::Not(a) => match self.arena.node(*a) {
                Node::IsNull(x) => format!("{} IS NOT NULL", self.presence(*x)),
                _ => format!("NOT {}", self.strict(*a)),
            },
            Node::IsNull(a) => format!("{} IS NULL", self.presence(*a)),
            Node::Cmp(op, a, b) => self.comparison(*op, *a, *b),
            Node::Now(op, threshold) => {
                if self.is_plain(*threshold) {
                    format!("({} {} {})", quote(&Timestamp(self.now).to_string()), op.symbol(), self.plain(*threshold))
                } else {
                    format!("({} {} {})", self.now, op.symbol(), self.value(*threshold))
                }
            }
            Node::In(a, lits) => {
                let ty = self.arena.ty(*a);
                let plain = self.is_plain(*a);
                let list: Vec<String> = lits.iter().map(|l| self.lit(l, plain)).collect();
                let a = if plain { self.plain(*a) } else { self.value(*a) };
                if ty == Ty::Bool {
                    // CEL booleans in a list: there is no boolean IN on SQLite's 0/1 to lean on.
                    let tests: Vec<String> = list.iter().map(|l| format!("{a} = {l}")).collect();
                    return format!("({})", tests.join(" OR "));
                }
                format!("({a} IN ({}))", list.join(", "))
            }
            Node::Member(item, list) => self.member(*item, *list),
            Node::Call(Func::StartsWith, args) => match args[..] {
                [a, b] => format!("(substr({0}, 1, length({1})) = {1})", self.value(a), self.value(b)),
                _ => "FALSE".to_owned(),
            },
            Node::Call(Func::EndsWith, args) => match args[..] {
                [a, b] if self.pg() => format!("(right({0}, length({1})) = {1})", self.value(a), self.value(b)),
                [a, b] => format!(
                    "(length({0}) >= length({1}) AND substr({0}, length({0}) - length({1}) + 1) = {1})",
                    self.value(a),
                    self.value(b)
                ),
                _ => "FALSE".to_owned(),
            },
            Node::Call(Func::Contains, args) => match args[..] {
                [a, b] => format!("({}({}, {}) > 0)", if self.pg() { "strpos" } else { "instr" }, self.value(a), self.value(b)),
                _ => "FALSE".to_owned(),
            },
            Node::Slot(_) | Node::Clock | Node::Cond(..) | Node::Arith(..) | Node::Neg(_) | Node::Call(..) => self.value(id),
        }
    }

    /// A condition that is never null.
    fn strict(&self, id: NodeId) -> String {
        match self.arena.node(id) {
            Node::IsNull(_) | Node::Lit(_) => format!("({})", self.condition(id)),
            _ => format!("(({}) IS TRUE)", self.condition(id)),
        }
    }

    fn presence(&self, id: NodeId) -> String {
        match self.arena.node(id) {
            Node::Slot(slot) => self.raw(*slot),
            _ => format!("({})", self.value(id)),
        }
    }

    fn comparison(&self, op: CmpOp, a: NodeId, b: NodeId) -> String {
        let ty = self.arena.ty(a);
        let sign = match op {
            CmpOp::Eq => "=",
            CmpOp::Ne => "<>",
            op => op.symbol(),
        };
        match ty {
            // Fixed-width text sorts as time does.
            Ty::Time | Ty::Date if self.is_plain(a) && self.is_plain(b) => format!("({} {sign} {})", self.plain(a), self.plain(b)),
            Ty::Text if self.pg() && !matches!(op, CmpOp::Eq | CmpOp::Ne) => {
                format!("(({}) COLLATE \"C\" {sign} ({}) COLLATE \"C\")", self.value(a), self.value(b))
            }
            _ => format!("({} {sign} {})", self.value(a), self.value(b)),
        }
    }

    fn member(&self, item: NodeId, list: NodeId) -> String {
        let Node::Slot(slot) = self.arena.node(list) else { return "FALSE".to_owned() };
        let Some(name) = self.schema.field(*slot).map(|f| f.id.as_str()) else { return "FALSE".to_owned() };
        let item = self.value(item);
        if self.pg() {
            format!(
                "(CASE WHEN jsonb_typeof((body::jsonb->'{name}')) = 'array' THEN (body::jsonb->'{name}') @> to_jsonb(({item})::text) END)"
            )
        } else {
            format!("EXISTS (SELECT 1 FROM json_each(body, '$.{name}') WHERE json_each.value = {item})")
        }
    }

    /// A time or date that stands in the database as sortable text.
    fn is_plain(&self, id: NodeId) -> bool {
        matches!(self.arena.ty(id), Ty::Time | Ty::Date) && matches!(self.arena.node(id), Node::Slot(_) | Node::Lit(_))
    }

    fn plain(&self, id: NodeId) -> String {
        match self.arena.node(id) {
            Node::Slot(slot) => self.raw(*slot),
            Node::Lit(lit) => self.lit(lit, true),
            _ => self.value(id),
        }
    }

    fn lit(&self, lit: &Lit, plain: bool) -> String {
        match lit {
            Lit::Null => "NULL".to_owned(),
            Lit::Bool(b) => if *b { "TRUE" } else { "FALSE" }.to_owned(),
            Lit::Int(x) | Lit::Span(x) => self.int(*x),
            Lit::Text(t) | Lit::Unit(t) => quote(t),
            Lit::Time(t) if plain => quote(&Timestamp(*t).to_string()),
            Lit::Date(d) if plain => quote(&date_from_days(*d).to_string()),
            Lit::Time(t) => self.int(*t),
            Lit::Date(d) => self.int(i64::from(*d)),
        }
    }

    fn int(&self, x: i64) -> String {
        let text = if x < 0 { format!("({x})") } else { x.to_string() };
        if self.pg() { format!("{text}::bigint") } else { text }
    }

    /// The stored text or JSON value of a slot, uncast.
    pub fn raw(&self, slot: SlotId) -> String {
        let Some(field) = self.schema.field(slot) else { return "NULL".to_owned() };
        match (field.built_in, self.dialect) {
            (true, _) if slot == SLOT_STATE => "NULLIF(state, '')".to_owned(),
            (true, _) => field.id.clone(),
            (false, Dialect::Sqlite) => format!("json_extract(body, '$.{}')", field.id),
            (false, Dialect::Postgres) => format!("(body::jsonb->>'{}')", field.id),
        }
    }

    fn slot(&self, slot: SlotId) -> String {
        let raw = self.raw(slot);
        let Some(field) = self.schema.field(slot) else { return raw };
        match (field.ty, self.dialect) {
            (FieldType::Text | FieldType::Choice | FieldType::Unit | FieldType::Json, _) => raw,
            (FieldType::Int, _) if field.built_in => raw,
            (FieldType::Int, Dialect::Sqlite) => format!("CAST({raw} AS INTEGER)"),
            (FieldType::Int, Dialect::Postgres) => format!("{raw}::numeric::bigint"),
            (FieldType::Decimal(s), Dialect::Sqlite) => format!("CAST(ROUND({raw} * {}) AS INTEGER)", pow10(s)),
            (FieldType::Decimal(s), Dialect::Postgres) => format!("round({raw}::numeric * {})::bigint", pow10(s)),
            (FieldType::Bool, Dialect::Sqlite) => raw,
            (FieldType::Bool, Dialect::Postgres) => format!("{raw}::boolean"),
            (FieldType::Timestamp, Dialect::Sqlite) => {
                format!("(CAST(strftime('%s', substr({raw}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({raw}, 21, 6) AS INTEGER))")
            }
            (FieldType::Timestamp, Dialect::Postgres) => format!("(extract(epoch from ({raw})::timestamptz) * 1000000)::bigint"),
            (FieldType::Date, Dialect::Sqlite) => format!("CAST(julianday({raw}) - 2440587.5 AS INTEGER)"),
            (FieldType::Date, Dialect::Postgres) => format!("(({raw})::date - DATE '1970-01-01')::bigint"),
            (FieldType::TextList, _) => raw,
        }
    }

    /// A value: text, boolean, or an integer (scaled decimal, µs, days).
    pub fn value(&self, id: NodeId) -> String {
        match self.arena.node(id) {
            Node::Lit(lit) => self.lit(lit, false),
            Node::Slot(slot) => self.slot(*slot),
            Node::Clock => self.int(self.now),
            Node::Cond(c, a, b) => format!("(CASE WHEN {} THEN {} ELSE {} END)", self.condition(*c), self.value(*a), self.value(*b)),
            Node::Neg(a) => format!("(-({}))", self.value(*a)),
            Node::Arith(op, a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                match op {
                    ArithOp::Add => format!("({a} + {b})"),
                    ArithOp::Sub => format!("({a} - {b})"),
                    ArithOp::Mul => format!("({a} * {b})"),
                    ArithOp::Div => format!("({a} / NULLIF({b}, 0))"),
                    ArithOp::Rem => format!("({a} % NULLIF({b}, 0))"),
                }
            }
            Node::Call(Func::StartsWith | Func::EndsWith | Func::Contains, _)
            | Node::And(..)
            | Node::Or(..)
            | Node::Not(_)
            | Node::Cmp(..)
            | Node::Now(..)
            | Node::IsNull(_)
            | Node::In(..)
            | Node::Member(..) => self.strict(id),
            Node::Call(func, args) => match args[..] {
                [a] => self.call(*func, a),
                [a, b] => self.divide(*func, a, b),
                _ => "NULL".to_owned(),
            },
        }
    }

    fn divide(&self, func: Func, a: NodeId, b: NodeId) -> String {
        let Func::Divide(shift) = func else { return "NULL".to_owned() };
        let (a, b) = (self.value(a), self.value(b));
        if self.pg() {
            return format!("round(({a})::numeric * {} / NULLIF({b}, 0))::bigint", pow10(shift));
        }
        let (a, b) = (format!("({a} * {})", pow10(shift)), format!("NULLIF({b}, 0)"));
        format!("((abs({a}) * 2 + abs({b})) / (abs({b}) * 2) * (CASE WHEN ({a} < 0) = ({b} < 0) THEN 1 ELSE -1 END))")
    }

    /// x ÷ d for a positive constant d, rounded half away from zero.
    fn rounded(&self, x: &str, d: i64) -> String {
        if self.pg() {
            format!("round(({x})::numeric / {d})::bigint")
        } else {
            format!("((abs({x}) * 2 + {d}) / {} * (CASE WHEN {x} < 0 THEN -1 ELSE 1 END))", d * 2)
        }
    }

    fn floor_div(x: &str, d: i64) -> String {
        format!("(({x} - ((({x}) % {d} + {d}) % {d})) / {d})")
    }

    fn call(&self, func: Func, a: NodeId) -> String {
        let ty = self.arena.ty(a);
        match func {
            Func::Rescale(0) => self.value(a),
            Func::Rescale(by) if by > 0 => format!("({} * {})", self.value(a), pow10(by.unsigned_abs())),
            Func::Rescale(by) => self.rounded(&self.value(a), pow10(by.unsigned_abs())),
            Func::Truncate(scale) => format!("({} / {})", self.value(a), pow10(scale)),
            Func::SizeText => format!("length({})", self.value(a)),
            Func::SizeList => match self.arena.node(a) {
                Node::Slot(slot) => {
                    let name = self.schema.field(*slot).map_or("", |f| f.id.as_str());
                    if self.pg() {
                        format!(
                            "(CASE WHEN jsonb_typeof((body::jsonb->'{name}')) = 'array' THEN jsonb_array_length((body::jsonb->'{name}')) END)::bigint"
                        )
                    } else {
                        format!("(CASE WHEN json_type(body, '$.{name}') = 'array' THEN json_array_length(body, '$.{name}') END)")
                    }
                }
                _ => "NULL".to_owned(),
            },
            Func::DateOf => self.local_days(a, LOCAL),
            Func::StartOf => format!("({} * {DAY} - {LOCAL})", self.value(a)),
            Func::MonthOf => {
                let days = if ty == Ty::Time { self.local_days(a, LOCAL) } else { self.value(a) };
                format!("({} * 12 + {} - 1)", self.date_field(&days, "%Y", "year"), self.date_field(&days, "%m", "month"))
            }
            Func::Part(part, zone) => self.part(a, ty, part, i64::from(zone) * 60_000_000),
            Func::SpanIn(unit) => format!("({} / {unit})", self.value(a)),
            Func::SpanAs(unit) => self.rounded(&format!("({} * 10000)", self.value(a)), unit),
            Func::Divide(_) | Func::StartsWith | Func::EndsWith | Func::Contains => "NULL".to_owned(),
        }
    }

    fn local_days(&self, time: NodeId, offset: i64) -> String {
        Self::floor_div(&format!("({} + {offset})", self.value(time)), DAY)
    }

    fn date_field(&self, days: &str, sqlite: &str, postgres: &str) -> String {
        if self.pg() {
            format!("extract({postgres} from (DATE '1970-01-01' + ({days})::int))::bigint")
        } else {
            format!("CAST(strftime('{sqlite}', ({days}) * 86400, 'unixepoch') AS INTEGER)")
        }
    }

    fn part(&self, a: NodeId, ty: Ty, part: Part, offset: i64) -> String {
        let days = || if ty == Ty::Time { self.local_days(a, offset) } else { self.value(a) };
        let within = |unit: i64, modulus: i64| {
            let local = format!("({} + {offset})", self.value(a));
            format!("((({local} % {DAY} + {DAY}) % {DAY}) / {unit} % {modulus})")
        };
        match part {
            Part::Year => self.date_field(&days(), "%Y", "year"),
            Part::Month => format!("({} - 1)", self.date_field(&days(), "%m", "month")),
            Part::Date => self.date_field(&days(), "%d", "day"),
            Part::DayOfMonth => format!("({} - 1)", self.date_field(&days(), "%d", "day")),
            Part::DayOfWeek => self.date_field(&days(), "%w", "dow"),
            Part::Hours => within(3_600_000_000, 24),
            Part::Minutes => within(60_000_000, 60),
            Part::Seconds => within(1_000_000, 60),
        }
    }
}
