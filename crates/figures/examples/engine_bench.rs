//! `cargo run --release -p figures --example engine_bench [changes] [indicators]`

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1).map(|a| a.parse::<usize>());
    let changes = args.next().transpose()?.unwrap_or(1_000_000);
    let indicators = args.next().transpose()?.unwrap_or(50);
    println!("{}", figures::bench::engine(changes, indicators)?);
    Ok(())
}
