//! Measures the engine alone: a dossier register of fifteen fields, as many indicators as asked, creates and updates mixed.
//! Called by `haidang bench`; no database, no ledger.

use std::time::{Duration, Instant};

use rules::expr::ExprError;
use rules::indicator::{CheckedSet, IndicatorDef, IndicatorFault};
use rules::schema::{RecordMeta, RegisterDef, Schema, Slots, Symbols};
use rules::{Month, Timestamp};
use serde_json::json;

use crate::{Change, Engine, IndicatorIdx};

/// Wards and communes of a province after 2025, as in the target of issue 2.
const UNITS: usize = 168;
const MONTHS: i32 = 12;
const MICROS_PER_DAY: i64 = 86_400_000_000;
/// Changes made and applied in one round, so that the records in hand stay small beside the engine.
const ROUND: usize = 100_000;

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub changes: usize,
    pub indicators: usize,
    /// Record changes per second with slots already read, one core.
    pub changes_per_s: f64,
    /// The same with both JSON bodies read.
    pub with_json_per_s: f64,
    /// 168 units × 12 months × 20 indicators.
    pub matrix_p50: Duration,
    pub matrix_p99: Duration,
    /// Draining what is to be stored, of all changes at once.
    pub drain: Duration,
    pub drained_cells: usize,
    pub heap_bytes: usize,
    pub waiting: usize,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "record changes                       {:>12}", self.changes)?;
        writeln!(f, "indicators                           {:>12}", self.indicators)?;
        writeln!(f, "changes/s/core, slots read           {:>12.0}", self.changes_per_s)?;
        writeln!(f, "changes/s/core, with JSON            {:>12.0}", self.with_json_per_s)?;
        writeln!(f, "168 × 12 × 20 matrix, p50            {:>12.3?}", self.matrix_p50)?;
        writeln!(f, "168 × 12 × 20 matrix, p99            {:>12.3?}", self.matrix_p99)?;
        writeln!(f, "drain of {:>10} changed cells     {:>12.3?}", self.drained_cells, self.drain)?;
        writeln!(f, "heap, MB                             {:>12.1}", self.heap_bytes as f64 / 1e6)?;
        write!(f, "records waiting for an instant       {:>12}", self.waiting)
    }
}

/// Small, fast, reproducible (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or(0)
    }
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const CHANNELS: [&str; 3] = ["online", "counter", "post"];
const STATES: [&str; 5] = ["received", "in_progress", "waiting", "resolved", "refused"];

fn register() -> Result<RegisterDef, BenchError> {
    let label = |id: &str| json!({"vi": id, "en": id});
    let field = |id: &str, ty: &str| json!({"id": id, "type": ty, "label": label(id)});
    let choices = |ids: &[&str]| ids.iter().map(|c| json!({"id": c, "vi": c, "en": c})).collect::<Vec<_>>();
    let choice = |id: &str, ids: &[&str]| json!({"id": id, "type": "choice", "label": label(id), "choices": choices(ids)});
    let states: Vec<_> = STATES.iter().map(|s| json!({"id": s, "label": label(s)})).collect();
    let def = json!({
        "register": {"id": "dossier", "name": label("dossier"), "title": "code", "key": "code"},
        "field": [
            field("code", "text"), field("applicant", "text"), field("procedure", "text"), choice("channel", &CHANNELS),
            field("department", "text"), field("received_at", "timestamp"), field("due_at", "timestamp"), field("closed_at", "timestamp"),
            field("fee_vnd", "int"), field("score", "decimal(1)"), field("digitised", "bool"), field("signed", "bool"),
            field("supplements", "int"), choice("result", &["granted", "refused", "withdrawn"]), field("note", "text"),
        ],
        "lifecycle": {"initial": "received", "state": states}
    });
    serde_json::from_value(def).map_err(|e| BenchError::Register(e.to_string()))
}

/// The kinds of indicator that a one-stop desk is measured by; asked for more, it varies the fee threshold.
fn indicators(count: usize) -> Vec<IndicatorDef> {
    let templates = [
        json!({"kind": "count", "date": "record.received_at", "breakdowns": ["channel", "department"], "format": "integer"}),
        json!({"kind": "ratio", "numerator": "record.closed_at <= record.due_at", "denominator": "record.closed_at != null", "date": "record.closed_at",
               "breakdowns": ["channel", "department"], "format": "percent:2"}),
        json!({"kind": "ratio", "numerator": "record.channel == 'online'", "denominator": "record.received_at != null", "date": "record.received_at",
               "breakdowns": ["department"], "format": "percent:2"}),
        json!({"kind": "sum", "value": "record.fee_vnd", "date": "record.closed_at", "where": "record.state == 'resolved'",
               "breakdowns": ["channel", "department"], "format": "vnd"}),
        json!({"kind": "average", "value": "days(record.closed_at - record.received_at)", "date": "record.closed_at", "breakdowns": ["channel", "department"],
               "format": "decimal:1"}),
        json!({"kind": "count", "where": "record.closed_at == null && now > record.due_at", "date": "record.due_at", "breakdowns": ["department"],
               "format": "integer"}),
        json!({"kind": "average", "value": "record.score", "date": "record.closed_at", "format": "decimal:1"}),
        json!({"kind": "ratio", "numerator": "record.digitised && record.signed", "denominator": "record.state in ['resolved', 'refused']",
               "date": "record.closed_at", "breakdowns": ["channel", "department"], "format": "percent:2"}),
        json!({"kind": "ratio", "numerator": "record.supplements > 1 || record.result == 'refused'", "date": "record.received_at", "format": "percent:1"}),
        json!({"kind": "count", "where": "record.closed_at > record.due_at && record.fee_vnd >= THRESHOLD", "date": "record.closed_at",
               "breakdowns": ["channel", "department"], "format": "integer"}),
    ];
    let make = |i: usize| {
        let mut def = templates[i % templates.len()].clone();
        def["id"] = json!(format!("bench.i{i}"));
        def["name"] = json!({"vi": "đo", "en": "bench"});
        def["register"] = json!("dossier");
        let more = format!("record.fee_vnd >= {}", i * 1_000);
        let filter = def.get("where").and_then(serde_json::Value::as_str).map(|w| w.replace("THRESHOLD", &(i * 2_000).to_string()));
        // From the second round on, an own condition makes every indicator different from the others.
        let filter = match (filter, i / templates.len()) {
            (None, 0) => None,
            (Some(own), 0) => Some(own),
            (None, _) => Some(more),
            (Some(own), _) => Some(format!("({own}) && {more}")),
        };
        if let Some(filter) = filter {
            def["where"] = json!(filter);
        }
        serde_json::from_value(def).ok()
    };
    (0..count).filter_map(make).collect()
}

#[derive(Clone)]
struct Dossier {
    number: usize,
    unit: usize,
    state: usize,
    channel: usize,
    department: usize,
    received: i64,
    due: i64,
    closed: Option<i64>,
    fee: usize,
    score: usize,
    digitised: bool,
    supplements: usize,
}

impl Dossier {
    fn new(random: &mut Random, number: usize, start: i64) -> Self {
        let received = start + i64::try_from(random.below(360 * 86_400)).unwrap_or(0) * 1_000_000;
        Self {
            number,
            unit: random.below(UNITS),
            state: 0,
            channel: random.below(CHANNELS.len()),
            department: random.below(20),
            received,
            due: received + 15 * MICROS_PER_DAY,
            closed: None,
            fee: random.below(100) * 1_000,
            score: random.below(100),
            digitised: random.chance(80),
            supplements: random.below(4),
        }
    }

    /// One step of its life: taken up, closed, or corrected.
    fn step(&mut self, random: &mut Random) {
        match random.below(4) {
            0 => self.state = 1 + random.below(2),
            1 | 2 => {
                self.state = 3 + random.below(2);
                self.closed = Some(self.received + i64::try_from(random.below(20 * 86_400)).unwrap_or(0) * 1_000_000);
            }
            _ => self.supplements += 1,
        }
    }

    /// Canonical JSON: sorted keys.
    fn body(&self) -> String {
        let time = |t: i64| Timestamp(t).to_string();
        let closed = self.closed.map_or("null".to_owned(), |t| format!("\"{}\"", time(t)));
        let result = if self.state == 4 { "\"refused\"" } else { "null" };
        format!(
            "{{\"applicant\":\"Nguyễn Văn {n}\",\"channel\":\"{}\",\"closed_at\":{closed},\"code\":\"H.{n:08}\",\"department\":\"Phòng {}\",\
             \"digitised\":{},\"due_at\":\"{}\",\"fee_vnd\":{},\"note\":\"Ghi chú của hồ sơ\",\"procedure\":\"1.00{:04}\",\"received_at\":\"{}\",\
             \"result\":{result},\"score\":{}.{},\"signed\":true,\"supplements\":{}}}",
            CHANNELS[self.channel],
            self.department,
            self.digitised,
            time(self.due),
            self.fee,
            self.number % 300,
            time(self.received),
            self.score / 10,
            self.score % 10,
            self.supplements,
            n = self.number,
        )
    }

    fn meta<'a>(&'a self, units: &'a [String], version: i64) -> RecordMeta<'a> {
        let received = Timestamp(self.received);
        RecordMeta { id: "", unit: &units[self.unit], state: STATES[self.state], version, created_at: received, updated_at: received }
    }
}

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    #[error("indicator declarations: {0:?}")]
    Declarations(Vec<IndicatorFault>),
    #[error(transparent)]
    Engine(#[from] crate::EngineError),
    #[error(transparent)]
    Expression(#[from] ExprError),
    #[error("register declaration: {0}")]
    Register(String),
}

struct Step {
    record: u128,
    before: Option<(Dossier, i64)>,
    after: (Dossier, i64),
}

/// Apply `changes` record changes (about a third creates) under `indicators` indicators.
///
/// # Errors
/// The built-in declarations do not compile: a defect of this program.
pub fn engine(changes: usize, indicators: usize) -> Result<Report, BenchError> {
    let schema = Schema::compile(&register()?).map_err(|faults| BenchError::Register(faults.iter().map(ToString::to_string).collect()))?;
    let defs = self::indicators(indicators);
    let checked = CheckedSet::check(&schema, &defs).map_err(BenchError::Declarations)?;
    let units: Vec<String> = (0..UNITS).map(|i| format!("{:05}@2025-07-01", 26_500 + i)).collect();
    let start = Timestamp::start_of(Month::new(2025, 1).first_day());
    let fresh = || -> Result<_, BenchError> {
        let mut engine = Engine::new(Symbols::with_units(units.iter().map(String::as_str)));
        let register = engine.add_register(&checked)?;
        engine.advance(start.plus_days(200))?;
        Ok((engine, register))
    };
    let (mut sliced, register) = fresh()?;
    let (mut parsed, _) = fresh()?;

    let mut random = Random(57);
    let mut living: Vec<(Dossier, i64)> = Vec::new();
    let (mut applying, mut reading) = (Duration::ZERO, Duration::ZERO);
    let mut done = 0;
    while done < changes {
        let round = ROUND.min(changes - done);
        let steps: Vec<Step> = (0..round).map(|_| step(&mut random, &mut living, start.0)).collect();
        applying += apply_read(&mut sliced, register, &steps, &units)?;
        reading += apply_json(&mut parsed, register, &steps, &units)?;
        done += round;
    }

    let asked: Vec<IndicatorIdx> = (0..u32::try_from(indicators.min(20)).unwrap_or(20)).map(IndicatorIdx).collect();
    let groups: Vec<Vec<u32>> = (0..).take(UNITS).map(|u| vec![u]).collect();
    let first = Month::new(2025, 1);
    let mut times: Vec<Duration> = (0..500)
        .map(|_| {
            let begin = Instant::now();
            let matrix = sliced.matrix(&asked, &groups, first, first.plus(MONTHS - 1));
            std::hint::black_box(&matrix);
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    let heap_bytes = sliced.heap_bytes();
    let begin = Instant::now();
    let pending = sliced.take_pending();
    let drain = begin.elapsed();
    Ok(Report {
        changes,
        indicators: defs.len(),
        changes_per_s: changes as f64 / applying.as_secs_f64(),
        with_json_per_s: changes as f64 / reading.as_secs_f64(),
        matrix_p50: times[times.len() / 2],
        matrix_p99: times[times.len() * 99 / 100],
        drain,
        drained_cells: pending.cells.len(),
        heap_bytes,
        waiting: sliced.waiting(),
    })
}

fn step(random: &mut Random, living: &mut Vec<(Dossier, i64)>, start: i64) -> Step {
    if living.is_empty() || random.chance(35) {
        let dossier = Dossier::new(random, living.len(), start);
        living.push((dossier.clone(), 1));
        return Step { record: living.len() as u128 - 1, before: None, after: (dossier, 1) };
    }
    let at = random.below(living.len());
    let before = living[at].clone();
    living[at].0.step(random);
    living[at].1 += 1;
    Step { record: at as u128, before: Some(before), after: living[at].clone() }
}

/// Slots are read beforehand; only the engine is timed.
fn apply_read(engine: &mut Engine, register: crate::RegisterIdx, steps: &[Step], units: &[String]) -> Result<Duration, BenchError> {
    let mut sides: Vec<(Option<Slots>, Slots)> = Vec::with_capacity(steps.len());
    for step in steps {
        let mut read = |(dossier, version): &(Dossier, i64)| {
            let mut slots = Slots::default();
            engine.read_into(register, dossier.meta(units, *version), &dossier.body(), &mut slots).map(|()| slots)
        };
        sides.push((step.before.as_ref().map(&mut read).transpose()?, read(&step.after)?));
    }
    let begin = Instant::now();
    for (step, (before, after)) in steps.iter().zip(&sides) {
        engine.apply(Change { register, record: step.record, before: before.as_deref(), after: Some(after) })?;
    }
    Ok(begin.elapsed())
}

/// The bodies are made beforehand; reading both and applying is timed.
fn apply_json(engine: &mut Engine, register: crate::RegisterIdx, steps: &[Step], units: &[String]) -> Result<Duration, BenchError> {
    let bodies: Vec<(Option<String>, String)> = steps.iter().map(|s| (s.before.as_ref().map(|b| b.0.body()), s.after.0.body())).collect();
    let (mut before, mut after) = (Slots::default(), Slots::default());
    let begin = Instant::now();
    for (step, (before_body, after_body)) in steps.iter().zip(&bodies) {
        let mut held = None;
        if let (Some((dossier, version)), Some(body)) = (&step.before, before_body) {
            engine.read_into(register, dossier.meta(units, *version), body, &mut before)?;
            held = Some(&before);
        }
        engine.read_into(register, step.after.0.meta(units, step.after.1), after_body, &mut after)?;
        engine.apply(Change { register, record: step.record, before: held.map(|s| &**s), after: Some(&after) })?;
    }
    Ok(begin.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bench_measures_what_it_says() {
        let report = engine(2_000, 50).unwrap();
        assert_eq!((report.changes, report.indicators), (2_000, 50));
        assert!(report.drained_cells > 1_000, "{report}");
        assert!(report.waiting > 0, "some dossier is not yet overdue: {report}");
    }
}
