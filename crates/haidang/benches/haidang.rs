//! `cargo bench`: the table of `haidang bench`, from the program as it is released. Arguments go to it: `cargo bench -- --full`.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = arguments.len();
    arguments.retain(|a| a != "--bench");
    // Cargo says `--bench` when it measures; `cargo test --all-targets` starts this file too, and a test measures nothing.
    if arguments.len() == given {
        return ExitCode::SUCCESS;
    }
    match Command::new(env!("CARGO_BIN_EXE_haidang")).arg("bench").args(&arguments).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("haidang bench: {e}");
            ExitCode::FAILURE
        }
    }
}
