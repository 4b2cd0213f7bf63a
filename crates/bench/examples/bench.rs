//! `cargo run --release -p bench --example bench -- [quick|full] [--data DIR] [--postgres URL] [--seed N] [--only part,part]`

use bench::{Fault, Options};

/// As in the program: what one thread allocates and another gives back (rows on their way to the database) is this one's strength.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn options() -> Result<Options, String> {
    let mut options = Options::default();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "quick" => options.full = false,
            "full" => options.full = true,
            "--data" => options.data = Some(value()?.into()),
            "--postgres" => options.postgres = Some(value()?),
            "--seed" => options.seed = value()?.parse().map_err(|e| format!("--seed: {e}"))?,
            "--only" => options.only = value()?.split(',').map(str::to_owned).collect(),
            other => return Err(format!("{other:?}: quick, full, --data DIR, --postgres URL, --seed N or --only engine,import,…")),
        }
    }
    Ok(options)
}

fn main() -> Result<(), Fault> {
    let options = options().map_err(Fault::Options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(bench::run(&options))?;
    println!("{report}");
    Ok(())
}
