//! The command line: a contract with scripts and operators.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};
use web::i18n::Lang;

/// Hải Đăng runs a local government's digital transformation.
#[derive(Debug, Parser)]
#[command(name = "haidang", version, about, long_about = None)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, ClapArgs)]
pub struct Common {
    /// Folder of the data (embedded SQLite), or a postgres:// address
    #[arg(long, global = true, env = "HAIDANG_DATA")]
    pub data: Option<String>,
    /// Name of the government that owns the data
    #[arg(long, global = true, env = "HAIDANG_TENANT", default_value = "vung-tau")]
    pub tenant: String,
    /// Folder of attachments; beside the database by default
    #[arg(long, global = true, env = "HAIDANG_FILES")]
    pub files: Option<PathBuf>,
    /// File of the ledger's signing key; made at first use
    #[arg(long, global = true, env = "HAIDANG_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// File of other systems and the secrets shared with them (banks, gateways, webhooks)
    #[arg(long, global = true, env = "HAIDANG_CONNECTIONS")]
    pub connections: Option<PathBuf>,
    /// Packs loaded into an empty database: names of packs inside the program, or folders
    #[arg(long, global = true, env = "HAIDANG_PACKS", value_delimiter = ',', default_value = "vietnam,vung-tau")]
    pub packs: Vec<String>,
    /// Language of what is printed and written, vi or en: the terminal's by default, Vietnamese for reports
    #[arg(long, global = true, env = "HAIDANG_LANG")]
    pub lang: Option<Lang>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try it: a simulated year on an embedded database, ready in seconds
    Demo(Demo),
    /// Serve the console and the API
    Serve(Serve),
    /// Bring in records from a file, by a mapping
    Import(Import),
    /// Write the history of a register's records to a file
    Export(Export),
    /// Print the text of a VietQR payment code; also as an image
    Vietqr(Vietqr),
    /// Print one figure
    Figure(Figure),
    /// Write the steering committee's report as Word and Excel
    Report(Report),
    /// Recompute the ledger's tree, the records and all figures; names the first difference
    Verify(Verify),
    /// Check or load packs
    Pack(Pack),
    /// Create or change an account; its password comes from the environment (HAIDANG_PASSWORD) or standard input
    Account(Account),
    /// Write a verified backup while people work
    Backup(Folder),
    /// Fill an empty database from a backup
    Restore(Folder),
    /// Close a period: keep its figures with a signed checkpoint
    Freeze(Freeze),
    /// Make a plausible year of operations in an empty database (marked as simulated)
    Simulate(Simulate),
    /// Print the OpenAPI document of the API
    Openapi,
    /// Measure speed and memory, and print a table beside the asked figures
    Bench(Bench),
}

#[derive(Debug, ClapArgs)]
pub struct Demo {
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// Seed of the simulation
    #[arg(long, default_value_t = 57)]
    pub seed: u64,
}

#[derive(Debug, ClapArgs)]
pub struct Verify {
    /// A signed checkpoint that was kept elsewhere (repeatable): the ledger must contain it
    #[arg(long)]
    pub checkpoint: Vec<PathBuf>,
    /// Derive the tiles of the tree from the entries anew first
    #[arg(long)]
    pub repair_tiles: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Serve {
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// The site is reached over HTTPS (behind a proxy): cookies are sent over nothing else
    #[arg(long)]
    pub https: bool,
    /// A reverse proxy stands in front and appends to `X-Forwarded-For`; wrong tries are then counted by that address
    #[arg(long)]
    pub proxy: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Import {
    #[command(subcommand)]
    pub format: ImportFormat,
}

#[derive(Debug, Subcommand)]
pub enum ImportFormat {
    /// An event log (IEEE 1849 XES), also gzipped
    Xes(ImportFile),
    /// A table (UTF-8; comma, semicolon or tab)
    Csv(ImportFile),
    /// The first sheet of an Excel workbook (.xlsx)
    Xlsx(ImportFile),
}

#[derive(Debug, ClapArgs)]
pub struct ImportFile {
    pub file: PathBuf,
    /// Register that takes the records
    #[arg(long)]
    pub register: String,
    /// Mapping file (TOML)
    #[arg(long)]
    pub map: PathBuf,
    /// Leave bad rows out; they land in FILE.bad.csv with their reasons
    #[arg(long)]
    pub skip_bad: bool,
    /// Print the outcome as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Export {
    #[command(subcommand)]
    pub format: ExportFormat,
}

#[derive(Debug, Subcommand)]
pub enum ExportFormat {
    /// An event log (IEEE 1849 XES) for process mining: one case for each record, one event for each entry
    Xes(ExportFile),
}

#[derive(Debug, ClapArgs)]
pub struct ExportFile {
    #[arg(long)]
    pub register: String,
    /// File to write; packed when its name ends in .gz; - is the standard output
    #[arg(long, short)]
    pub output: PathBuf,
    /// Print the outcome as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Vietqr {
    /// Identification number of the receiving bank
    #[arg(long)]
    pub bin: String,
    /// Account number
    #[arg(long, required_unless_present = "card", conflicts_with = "card")]
    pub account: Option<String>,
    /// Card number, instead of an account
    #[arg(long)]
    pub card: Option<String>,
    /// Whole đồng; without it the payer says how much
    #[arg(long)]
    pub amount: Option<u64>,
    /// What the payment is for, 25 characters at most; Vietnamese marks are taken off
    #[arg(long)]
    pub purpose: Option<String>,
    #[arg(long)]
    pub bill: Option<String>,
    #[arg(long)]
    pub reference: Option<String>,
    /// Also draw the code
    #[arg(long)]
    pub svg: Option<PathBuf>,
    #[arg(long)]
    pub png: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Figure {
    /// Id or alias: dossier.on_time, IN-014
    pub indicator: String,
    /// 2025-06, 2025Q2, 2025, all, 2025-01..2025-06
    #[arg(long, default_value = "all")]
    pub period: String,
    /// Code, code with its first day, or name; the top by default
    #[arg(long)]
    pub unit: Option<String>,
    /// Draw the map as of this date
    #[arg(long)]
    pub as_of: Option<String>,
    /// One row per value of this breakdown
    #[arg(long)]
    pub by: Option<String>,
    /// One row per month
    #[arg(long)]
    pub monthly: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Report {
    /// 2025Q2
    #[arg(long)]
    pub period: String,
    #[arg(long)]
    pub unit: Option<String>,
    /// File without ending; .docx and .xlsx are written
    #[arg(long, short)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Pack {
    #[command(subcommand)]
    pub action: PackAction,
}

#[derive(Debug, Subcommand)]
pub enum PackAction {
    /// Check packs as a whole: each fault with file, line and a sentence that helps
    Check { packs: Vec<String> },
    /// Load packs into the database; loading again changes nothing
    Load { packs: Vec<String> },
    /// What is loaded
    List,
}

#[derive(Debug, ClapArgs)]
pub struct Account {
    #[arg(long)]
    pub login: String,
    #[arg(long)]
    pub name: String,
    /// role=unit, several allowed: leader=747@2004-07-08
    #[arg(long = "grant", required = true)]
    pub grants: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Folder {
    pub folder: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct Freeze {
    #[arg(long)]
    pub period: String,
    #[arg(long)]
    pub reason: String,
}

#[derive(Debug, ClapArgs)]
pub struct Simulate {
    #[arg(long, default_value_t = 57)]
    pub seed: u64,
    /// Dossiers in the year
    #[arg(long)]
    pub dossiers: Option<usize>,
}

#[derive(Debug, ClapArgs)]
pub struct Bench {
    /// Parts to measure; all of them by default
    #[arg(value_parser = ["engine", "deadline", "import", "latency", "writers", "matrix", "rebuild", "sql", "desk", "load"])]
    pub parts: Vec<String>,
    /// The whole run (10 million records; takes long), not the quick one
    #[arg(long)]
    pub full: bool,
    /// How long citizens and officers are at work; two minutes, ten in the whole run, by default
    #[arg(long)]
    pub minutes: Option<u64>,
    /// Also measure against this PostgreSQL (a database that may be filled)
    #[arg(long)]
    pub postgres: Option<String>,
    /// Folder for the benchmark's databases; a temporary one by default
    #[arg(long)]
    pub dir: Option<PathBuf>,
}
