//! The `haidang` program: command line, configuration, wiring. Nothing else.

mod args;
mod commands;
mod hooks;
mod setup;
mod usage;
mod words;

use std::process::ExitCode;

use args::{Args, Command};

/// A change is many short-lived texts on several threads, SQLite's own among them: under the system's allocator they cost more than the
/// work itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let given: Vec<_> = std::env::args_os().collect();
    words::choose(usage::asked(&given));
    let args = match usage::parse(given) {
        Ok(args) => args,
        Err(e) => return usage::tell(&e).into(),
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("HAIDANG_LOG").unwrap_or_else(|_| "warn,sqlx=error".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            eprintln!("haidang: {e}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(args)) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("haidang: {}", words::in_words(&e));
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> anyhow::Result<ExitCode> {
    use commands::{admin, demo, export, figure, import, report, serve, vietqr};
    let common = args.common;
    match args.command {
        Command::Demo(a) => demo::run(&common, &a).await,
        Command::Serve(a) => serve::run(&common, &a).await,
        Command::Import(a) => import::run(&common, &a).await,
        Command::Export(a) => export::run(&common, &a).await,
        Command::Vietqr(a) => vietqr::run(&a),
        Command::Figure(a) => figure::run(&common, &a).await,
        Command::Report(a) => report::run(&common, &a).await,
        Command::Verify(a) => admin::verify(&common, &a).await,
        Command::Pack(a) => admin::pack(&common, &a).await,
        Command::Account(a) => admin::account(&common, &a).await,
        Command::Backup(a) => admin::backup(&common, &a).await,
        Command::Restore(a) => admin::restore(&common, &a).await,
        Command::Freeze(a) => admin::freeze(&common, &a).await,
        Command::Simulate(a) => demo::simulate(&common, &a).await,
        Command::Openapi => admin::openapi(),
        Command::Bench(a) => commands::bench::run(&a).await,
    }
}
