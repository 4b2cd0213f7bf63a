//! Tries a mapping on a file without importing anything: what each record becomes, what does not fit, and how fast it went.
//!
//! `cargo run --release -p faces --example map_check -- MAPPING.toml FILE`

use std::{collections::BTreeMap, fs::File, process::ExitCode, time::Instant};

use faces::mapping::{FieldKind, Mapping};

/// Fields with more different values than this are not broken down.
const MAX_VALUES: usize = 12;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(mapping), Some(file)) = (args.next(), args.next()) else {
        eprintln!("usage: map_check MAPPING.toml FILE");
        return ExitCode::from(2);
    };
    match run(&mapping, &file) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mapping_file: &str, file: &str) -> Result<u64, Box<dyn std::error::Error>> {
    let mapping = Mapping::parse(mapping_file, &std::fs::read_to_string(mapping_file)?)?;
    let started = Instant::now();
    let (mut records, mut events, mut faults) = (0u64, 0usize, 0u64);
    let mut states = BTreeMap::<String, u64>::new();
    let mut values = BTreeMap::<String, BTreeMap<String, u64>>::new();
    for row in mapping.format.open(file, File::open(file)?) {
        match row.map_err(|fault| vec![fault]).and_then(|row| mapping.apply(&row).map_err(|unfit| unfit.faults)) {
            Err(told) => {
                faults += 1;
                told.iter().for_each(|fault| eprintln!("{fault}"));
            }
            Ok(record) => {
                records += 1;
                events += record.events.len();
                *states.entry(record.state.unwrap_or_default()).or_default() += 1;
                for (field, rule) in &mapping.fields {
                    let told = match (record.body.get(field.as_str()), &rule.kind) {
                        (None, _) => "(none)".to_owned(),
                        (Some(value), FieldKind::Choice | FieldKind::Text | FieldKind::Bool) => value.to_string(),
                        (Some(_), _) => "(given)".to_owned(),
                    };
                    let of_field = values.entry(field.to_string()).or_default();
                    if of_field.len() <= MAX_VALUES {
                        *of_field.entry(told).or_default() += 1;
                    }
                }
            }
        }
    }
    println!("{records} records, {events} events, {faults} faults in {:.3} s", started.elapsed().as_secs_f64());
    println!("state: {states:?}");
    for (field, counts) in values {
        if counts.len() > MAX_VALUES {
            println!("{field}: more than {MAX_VALUES} values");
        } else {
            println!("{field}: {counts:?}");
        }
    }
    Ok(faults)
}
