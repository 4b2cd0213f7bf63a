//! After any history, with any crashes, the cells are what a plain recount of the living records says.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rules::expr::Env;
use rules::indicator::{CheckedSet, IndicatorDef, Kind};
use rules::schema::{RecordMeta, RegisterDef, Schema, Slots, Symbols};
use rules::{Month, Timestamp};
use serde_json::{Value as Json, json};

use crate::{Change, Engine, StoredCell, StoredDue, Sums};

const HOUR: i64 = 3_600_000_000;
const UNITS: [&str; 4] = ["26506@2025-07-01", "26508@2025-07-01", "26526@2025-07-01", "747@2012-01-01"];

fn schema() -> Schema {
    let label = |id: &str| json!({"vi": id, "en": id});
    let field = |id: &str, ty: &str| json!({"id": id, "type": ty, "label": label(id)});
    let def: RegisterDef = serde_json::from_value(json!({
        "register": {"id": "dossier", "name": label("d")},
        "field": [
            {"id": "channel", "type": "choice", "label": label("c"),
             "choices": [{"id": "online", "vi": "a", "en": "a"}, {"id": "counter", "vi": "b", "en": "b"}]},
            field("department", "text"), field("note", "text"), field("urgent", "bool"), field("fee", "decimal(2)"), field("other_unit", "unit"),
            field("received_at", "timestamp"), field("due_at", "timestamp"), field("closed_at", "timestamp"), field("deadline", "date"),
            field("tags", "list(text)"),
        ],
    }))
    .unwrap();
    Schema::compile(&def).unwrap()
}

fn indicators() -> Vec<IndicatorDef> {
    let all = json!([
        {"kind": "count", "date": "record.received_at"},
        {"kind": "count", "date": "record.received_at", "breakdowns": ["channel", "department", "urgent"]},
        {"kind": "ratio", "numerator": "record.closed_at <= record.due_at", "denominator": "record.closed_at != null", "date": "record.closed_at",
         "breakdowns": ["channel", "department"]},
        {"kind": "ratio", "numerator": "record.channel == 'online'", "date": "record.received_at", "breakdowns": ["department"]},
        {"kind": "sum", "value": "record.fee", "date": "record.received_at", "breakdowns": ["channel", "department", "urgent"]},
        {"kind": "average", "value": "hours(record.closed_at - record.received_at)", "scale": 2, "date": "record.closed_at"},
        {"kind": "count", "where": "record.closed_at == null && now > record.due_at", "date": "record.due_at", "breakdowns": ["channel"]},
        {"kind": "ratio", "numerator": "now - record.received_at >= duration('24h')", "denominator": "record.closed_at == null",
         "date": "record.received_at", "breakdowns": ["department"]},
        {"kind": "count", "where": "date(now) > record.deadline || record.urgent", "date": "record.deadline"},
        {"kind": "count", "date": "now < record.due_at ? record.received_at : record.due_at", "breakdowns": ["channel", "department"]},
        {"kind": "count", "unit": "record.other_unit", "date": "record.received_at", "breakdowns": ["unit"]},
        {"kind": "count", "where": "record.note != null && !('x' in record.tags)", "date": "record.received_at"},
        {"kind": "count", "where": "record.state in ['open', 'closed']", "date": "record.updated_at", "breakdowns": ["state"]},
    ]);
    let Json::Array(all) = all else { unreachable!() };
    (0..)
        .zip(all)
        .map(|(i, mut def)| {
            def["id"] = json!(format!("i{i}"));
            def["name"] = json!({"vi": "", "en": ""});
            def["register"] = json!("dossier");
            def["format"] = json!("integer");
            serde_json::from_value(def).unwrap()
        })
        .collect()
}

#[derive(Debug, Clone)]
struct Rec {
    unit: usize,
    state: usize,
    updated: i64,
    body: Json,
}

impl Rec {
    fn meta(&self) -> RecordMeta<'_> {
        let state = ["", "open", "closed"][self.state];
        RecordMeta { id: "r", unit: UNITS[self.unit], state, version: 1, created_at: Timestamp(0), updated_at: Timestamp(self.updated) }
    }
}

#[derive(Debug, Clone)]
enum Op {
    /// Create the record, or change it into this.
    Put(usize, Rec),
    Delete(usize),
    Advance(i64),
    /// Take what is pending and store it, all in one transaction.
    Store,
    /// Take what is pending; the transaction fails.
    StoreFails,
    /// Lose the memory, load what was stored, replay the ledger from there.
    Crash,
}

fn rec() -> impl Strategy<Value = Rec> {
    let time = || prop::option::of(0..2_000_i64).prop_map(|h| h.map(|h| Timestamp(h * HOUR + 1).to_string()));
    let text = |values: &'static [&'static str]| prop::option::of(prop::sample::select(values));
    (
        (0..UNITS.len(), 0..3_usize, 0..2_000_i64),
        (text(&["online", "counter"]), text(&["Phòng A", "Phòng B", "\"'"]), text(&["x", ""]), prop::option::of(any::<bool>())),
        (prop::option::of(-500..500_i64), text(&UNITS), prop::option::of(prop::collection::vec(prop::sample::select(&["x", "y"][..]), 0..3))),
        (time(), time(), time(), prop::option::of(1..28_u8)),
    )
        .prop_map(|((unit, state, updated), (channel, department, note, urgent), (fee, other, tags), (received, due, closed, day))| {
            let deadline = day.map(|d| format!("1970-02-{d:02}"));
            let fee = fee.map(|f| f as f64 / 100.0);
            let body = json!({"channel": channel, "department": department, "note": note, "urgent": urgent, "fee": fee, "other_unit": other, "tags": tags,
                "received_at": received, "due_at": due, "closed_at": closed, "deadline": deadline, "unknown": 1});
            Rec { unit, state, updated: updated * HOUR, body }
        })
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        10 => (0..8_usize, rec()).prop_map(|(id, rec)| Op::Put(id, rec)),
        2 => (0..8_usize).prop_map(Op::Delete),
        4 => (1..400_i64).prop_map(|h| Op::Advance(h * HOUR)),
        2 => Just(Op::Store),
        1 => Just(Op::StoreFails),
        2 => Just(Op::Crash),
    ]
}

type CellKey = (String, String, Month, String);

/// The database: rows by their keys, as the store would hold them.
#[derive(Default)]
struct Stored {
    cells: BTreeMap<CellKey, (i64, i64, i64)>,
    due: BTreeMap<u128, (Timestamp, String)>,
    position: u64,
    clock: Timestamp,
}

struct World {
    checked: CheckedSet,
    engine: Engine,
    stored: Stored,
    /// Before and after of every change; a position is a length of this.
    ledger: Vec<(u128, Option<Rec>, Option<Rec>)>,
    records: BTreeMap<u128, Rec>,
    now: Timestamp,
}

fn empty(checked: &CheckedSet) -> Engine {
    let mut engine = Engine::new(Symbols::with_units(UNITS[..2].iter().copied()));
    engine.add_register(checked).unwrap();
    engine
}

impl World {
    fn new() -> Self {
        let checked = CheckedSet::check(&schema(), &indicators()).unwrap();
        let mut engine = empty(&checked);
        engine.advance(Timestamp(0)).unwrap();
        Self { engine, checked, stored: Stored::default(), ledger: Vec::new(), records: BTreeMap::new(), now: Timestamp(0) }
    }

    fn apply(engine: &mut Engine, entry: &(u128, Option<Rec>, Option<Rec>), position: u64) {
        let register = engine.register("dossier").unwrap();
        let mut read = |rec: &Option<Rec>| {
            rec.as_ref().map(|rec| {
                let mut slots = Slots::default();
                engine.read_into(register, rec.meta(), &rec.body.to_string(), &mut slots).unwrap();
                slots
            })
        };
        let (before, after) = (read(&entry.1), read(&entry.2));
        engine.apply_batch(&[Change { register, record: entry.0, before: before.as_deref(), after: after.as_deref() }], position).unwrap();
    }

    fn change(&mut self, id: usize, after: Option<Rec>) {
        let id = id as u128;
        let before = match &after {
            Some(rec) => self.records.insert(id, rec.clone()),
            None => self.records.remove(&id),
        };
        self.ledger.push((id, before, after));
        let entry = self.ledger.last().unwrap();
        Self::apply(&mut self.engine, entry, self.ledger.len() as u64);
    }

    fn step(&mut self, op: Op) {
        match op {
            Op::Put(id, rec) => self.change(id, Some(rec)),
            Op::Delete(id) => self.change(id, None),
            Op::Advance(by) => {
                self.now = self.now.plus_micros(by);
                self.engine.advance(self.now).unwrap();
            }
            Op::Store => self.store(),
            Op::StoreFails => {
                let pending = self.engine.take_pending();
                self.engine.give_back(&pending);
            }
            Op::Crash => {
                self.engine = empty(&self.checked);
                let cells = self.stored.cells.iter().map(|((indicator, unit, month, dims), (num, _, n))| StoredCell {
                    indicator,
                    unit,
                    month: *month,
                    dims,
                    num: *num,
                    n: *n,
                });
                let due = self.stored.due.iter().map(|(record, (at, slots))| StoredDue {
                    register: "dossier",
                    record: *record,
                    due_at: *at,
                    slots,
                });
                let left_out = self.engine.load(cells, due, self.stored.position, self.stored.clock).unwrap();
                assert_eq!(left_out, 0);
                for (i, entry) in (1..).zip(&self.ledger).skip(usize::try_from(self.stored.position).unwrap()) {
                    Self::apply(&mut self.engine, entry, i);
                }
                self.engine.advance(self.now).unwrap();
            }
        }
    }

    fn store(&mut self) {
        let pending = self.engine.take_pending();
        for cell in pending.cells {
            let id = format!("i{}", cell.indicator.0);
            let unit = self.engine.symbols().units.text(cell.unit).to_owned();
            let key = (id, unit, cell.month, cell.dims.to_string());
            if cell.n == 0 {
                assert_eq!((cell.num, cell.den), (0, 0));
                self.stored.cells.remove(&key);
            } else {
                self.stored.cells.insert(key, (cell.num, cell.den, cell.n));
            }
        }
        for due in pending.due {
            match due.waits {
                Some(waits) => self.stored.due.insert(due.record, waits),
                None => self.stored.due.remove(&due.record),
            };
        }
        (self.stored.position, self.stored.clock) = (pending.position, pending.clock);
    }

    /// Every living record from its JSON, through a set compiled afresh with its own symbols.
    fn recount(&self) -> BTreeMap<CellKey, (i64, i64, i64)> {
        let mut symbols = Symbols::default();
        let set = self.checked.bind(&mut symbols);
        let mut cells: BTreeMap<CellKey, (i64, i64, i64)> = BTreeMap::new();
        for rec in self.records.values() {
            let slots = set.layout().slots(&mut symbols, rec.meta(), &rec.body.to_string()).unwrap();
            for (i, found) in set.contributions(&symbols, &slots, self.now).into_iter().enumerate() {
                let Some((c, key)) = found else { continue };
                let dims = set.places()[set.items()[i].place].dims;
                let texts: Vec<Option<&str>> = (0..set.dim_count(dims)).map(|p| set.dim_text(&symbols, dims, p, key[p])).collect();
                let unit = symbols.units.text(c.unit).to_owned();
                let cell = cells.entry((format!("i{i}"), unit, c.month, json!(texts).to_string())).or_default();
                *cell = (cell.0 + c.num, cell.1 + c.den, cell.2 + c.n);
            }
        }
        cells
    }

    fn check(&self) {
        let recount = self.recount();
        let held: BTreeMap<CellKey, (i64, i64, i64)> = self
            .engine
            .all_cells()
            .into_iter()
            .map(|c| {
                let unit = self.engine.symbols().units.text(c.unit).to_owned();
                ((format!("i{}", c.indicator.0), unit, c.month, c.dims.to_string()), (c.num, c.den, c.n))
            })
            .collect();
        assert_eq!(held, recount);
        assert_eq!(self.engine.mismatches(), 0);
        // Totals are the sums of the cells, whichever way they are asked for.
        let units: Vec<u32> = (0..u32::try_from(self.engine.symbols().units.len()).unwrap()).collect();
        for i in 0..indicators().len() {
            let indicator = self.engine.indicator(&format!("i{i}")).unwrap();
            let of = |wanted: Option<Month>| {
                let mut sums = Sums::default();
                for ((id, _, month, _), (num, den, n)) in &recount {
                    if *id == format!("i{i}") && wanted.is_none_or(|m| m == *month) {
                        sums += Sums { num: *num, den: *den, n: *n };
                    }
                }
                sums
            };
            assert_eq!(self.engine.sum(indicator, &units, None), of(None));
            let (from, to) = (Month::new(1970, 1), Month::new(1970, 4));
            let matrix = self.engine.matrix(&[indicator], std::slice::from_ref(&units), from, to);
            for month in from.0..=to.0 {
                assert_eq!(matrix.get(0, 0, Month(month)), of(Some(Month(month))));
            }
            let mut broken_down = Sums::default();
            self.engine.breakdown(indicator, &units, None, &[0]).iter().for_each(|row| broken_down += row.sums);
            if !indicators()[i].breakdowns.is_empty() {
                assert_eq!(broken_down, of(None));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn cells_equal_a_full_recount(ops in prop::collection::vec(op(), 1..60)) {
        let mut world = World::new();
        for op in ops {
            let look = matches!(op, Op::Crash | Op::Advance(_));
            world.step(op);
            if look {
                world.check();
            }
        }
        world.check();
        // What is stored, once stored, is the same too.
        world.store();
        prop_assert_eq!(&world.stored.cells, &world.recount());
        prop_assert!(world.engine.take_pending().is_empty());
    }
}

fn one(closed: Json, due: Json) -> Rec {
    let body = json!({"channel": "online", "department": "Phòng A", "received_at": Timestamp(HOUR).to_string(), "closed_at": closed, "due_at": due});
    Rec { unit: 0, state: 1, updated: 0, body }
}

#[test]
fn a_dossier_becomes_overdue_by_time_alone() {
    let mut world = World::new();
    let due = Timestamp(10 * HOUR);
    world.change(1, Some(one(Json::Null, json!(due.to_string()))));
    let overdue = world.engine.indicator("i6").unwrap();
    assert_eq!(world.engine.next_due().map(|t| t <= Timestamp(due.0 + 1)), Some(true));
    world.engine.take_touched();
    world.step(Op::Advance(10 * HOUR));
    assert_eq!(world.engine.total(overdue, 0, due.month()).n, 0, "at the very instant it is still in time");
    world.step(Op::Advance(1));
    assert_eq!(world.engine.total(overdue, 0, due.month()).n, 1);
    assert!(world.engine.take_touched().iter().any(|t| t.indicator == overdue && t.unit == 0 && t.month == due.month()));
    world.change(1, Some(one(json!(Timestamp(12 * HOUR).to_string()), json!(due.to_string()))));
    assert_eq!(world.engine.total(overdue, 0, due.month()).n, 0);
    world.check();
}

#[test]
fn nothing_waits_that_can_never_change() {
    let mut world = World::new();
    let before = world.engine.waiting();
    let mut rec = one(json!(Timestamp(HOUR * 2).to_string()), Json::Null);
    rec.body["received_at"] = Json::Null;
    world.change(1, Some(rec));
    assert_eq!(world.engine.waiting(), before, "closed, no due date, no deadline");
}

#[test]
fn a_wrong_history_is_noticed_and_does_no_harm() {
    let mut world = World::new();
    let due = json!(Timestamp(10 * HOUR).to_string());
    world.change(1, Some(one(Json::Null, due.clone())));
    let after = one(json!(Timestamp(9 * HOUR).to_string()), due);
    // The caller forgot the record's past; the queue did not.
    World::apply(&mut world.engine, &(1, None, Some(after.clone())), 2);
    assert_eq!(world.engine.mismatches(), 1);
    world.records.insert(1, after);
    let recount = world.recount();
    assert_eq!(world.engine.all_cells().len(), recount.len());
}

#[test]
fn no_value_is_not_zero_and_not_a_hundred() {
    let world = World::new();
    let ratio = world.engine.indicator("i2").unwrap();
    assert_eq!(world.engine.kind(ratio), Some((Kind::Ratio, 0)));
    assert_eq!(world.engine.figure(ratio, &[0, 1], None).unwrap().value, None);
    let count = world.engine.indicator("i0").unwrap();
    assert_eq!(world.engine.figure(count, &[0, 1], None).unwrap().value, Some(0.0));
}

#[test]
fn unchanged_contributions_cost_no_cell() {
    let mut world = World::new();
    let rec = one(Json::Null, Json::Null);
    world.change(1, Some(rec.clone()));
    world.store();
    let mut same = rec;
    same.body["unknown"] = json!("something no indicator reads");
    world.change(1, Some(same));
    assert!(world.engine.take_pending().cells.is_empty());
}

#[test]
fn the_environment_is_shareable_between_readers() {
    fn shareable<T: Send + Sync>() {}
    shareable::<Engine>();
    let _: fn(Env<'_>) = |_| {};
}
