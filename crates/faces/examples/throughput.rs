//! How fast logs are read and mapped, on a generated log: `cargo run --release -p faces --example throughput [TRACES]`.

use std::{io::Cursor, time::Instant};

use faces::{
    mapping::Mapping,
    tabular::{Kind, Named, RawValue},
    xes::{LogHead, XesSource, XesWriter},
};
use rules::Timestamp;

const MAPPING: &str = r#"
register = "dossier"
format = "xes"
key = "concept:name"
unit = { value = "@root" }
[field.code]
from = "concept:name"
[field.received_at]
from = "startdate"
type = "timestamp"
required = true
[field.closed_at]
from = "enddate"
type = "timestamp"
[field.channel]
from = "channel"
map = { "Internet" = "online", "Desk" = "counter" }
[events]
name = "concept:name"
at = "time:timestamp"
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let traces: u64 = std::env::args().nth(1).map_or(Ok(100_000), |n| n.parse())?;
    println!("{:>8} {:>8} {:>10} {:>12} {:>12} {:>14}", "traces", "events", "MB", "read MB/s", "traces/s", "mapped traces/s");
    for events in [0, 2, 6] {
        let log = generated(traces, events)?;
        let megabytes = log.len() as f64 / 1e6;
        let read = best_of_three(|| XesSource::new("log", Cursor::new(log.clone())).filter(Result::is_ok).count() as u64, traces)?;
        let mapping = Mapping::parse("mapping", MAPPING)?;
        let mapped = best_of_three(
            || {
                let source = XesSource::new("log", Cursor::new(log.clone()));
                source.filter(|row| row.as_ref().is_ok_and(|row| mapping.apply(row).is_ok())).count() as u64
            },
            traces,
        )?;
        let n = traces as f64;
        println!("{traces:>8} {events:>8} {megabytes:>10.1} {:>12.0} {:>12.0} {:>14.0}", megabytes / read, n / read, n / mapped);
    }
    Ok(())
}

/// Seconds of the fastest of three runs, each of which must read every trace.
fn best_of_three(run: impl Fn() -> u64, traces: u64) -> Result<f64, String> {
    let mut best = f64::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        let count = run();
        best = best.min(started.elapsed().as_secs_f64());
        if count != traces {
            return Err(format!("{count} of {traces} traces came through"));
        }
    }
    Ok(best)
}

fn generated(traces: u64, events: u64) -> std::io::Result<Vec<u8>> {
    let mut out = XesWriter::new(Vec::new(), &LogHead::default())?;
    let named = |key: &str, value: RawValue| -> Named { (key.to_owned(), value) };
    for i in 0..traces {
        let start = 1_735_689_600_000_000 + i64::try_from(i).unwrap_or(0) * 61_000_000;
        let values = [
            named("concept:name", RawValue::text(format!("case-{i}"))),
            named("startdate", RawValue::instant(Timestamp(start))),
            named("enddate", RawValue::instant(Timestamp(start + 86_400_000_000))),
            named("channel", RawValue::text(if i % 7 == 0 { "Desk" } else { "Internet" })),
        ];
        let history: Vec<Vec<Named>> = (0..events)
            .map(|n| {
                vec![
                    named("concept:name", RawValue::new(Kind::Text, format!("Step {n}"))),
                    named("time:timestamp", RawValue::instant(Timestamp(start + i64::try_from(n).unwrap_or(0) * 1_000_000))),
                    named("org:resource", RawValue::text("Resource01")),
                    named("lifecycle:transition", RawValue::text("complete")),
                ]
            })
            .collect();
        out.trace(&values, history.iter().map(Vec::as_slice))?;
    }
    out.finish()
}
