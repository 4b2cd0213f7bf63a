//! The command line: a contract with scripts and operators. What each part means is said in `help.ftl`, in both languages.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};
use web::i18n::Lang;

#[derive(Debug, Parser)]
#[command(name = "haidang", version)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, ClapArgs)]
pub struct Common {
    #[arg(long, global = true, env = "HAIDANG_DATA")]
    pub data: Option<String>,
    #[arg(long, global = true, env = "HAIDANG_TENANT")]
    pub tenant: Option<String>,
    #[arg(long, global = true, env = "HAIDANG_FILES")]
    pub files: Option<PathBuf>,
    #[arg(long, global = true, env = "HAIDANG_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    #[arg(long, global = true, env = "HAIDANG_CONNECTIONS")]
    pub connections: Option<PathBuf>,
    #[arg(long, global = true, env = "HAIDANG_PACKS", value_delimiter = ',', default_value = "vietnam,vung-tau")]
    pub packs: Vec<String>,
    #[arg(long, global = true, env = "HAIDANG_LANG")]
    pub lang: Option<Lang>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(Demo),
    Serve(Serve),
    Import(Import),
    Export(Export),
    Vietqr(Vietqr),
    Figure(Figure),
    Report(Report),
    Verify(Verify),
    Pack(Pack),
    Account(Account),
    Backup(Folder),
    Restore(Folder),
    Freeze(Freeze),
    Simulate(Simulate),
    Openapi,
    Bench(Bench),
}

#[derive(Debug, ClapArgs)]
pub struct Demo {
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    #[arg(long, default_value_t = 57)]
    pub seed: u64,
}

#[derive(Debug, ClapArgs)]
pub struct Verify {
    #[arg(long)]
    pub checkpoint: Vec<PathBuf>,
    #[arg(long)]
    pub repair_tiles: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Serve {
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    #[arg(long)]
    pub https: bool,
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
    Xes(ImportFile),
    Csv(ImportFile),
    Xlsx(ImportFile),
}

#[derive(Debug, ClapArgs)]
pub struct ImportFile {
    pub file: PathBuf,
    #[arg(long)]
    pub register: String,
    #[arg(long)]
    pub map: PathBuf,
    #[arg(long)]
    pub skip_bad: bool,
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
    Xes(ExportFile),
}

#[derive(Debug, ClapArgs)]
pub struct ExportFile {
    #[arg(long)]
    pub register: String,
    #[arg(long, short)]
    pub output: PathBuf,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Vietqr {
    #[arg(long)]
    pub bin: String,
    #[arg(long, required_unless_present = "card", conflicts_with = "card")]
    pub account: Option<String>,
    #[arg(long)]
    pub card: Option<String>,
    #[arg(long)]
    pub amount: Option<u64>,
    #[arg(long)]
    pub purpose: Option<String>,
    #[arg(long)]
    pub bill: Option<String>,
    #[arg(long)]
    pub reference: Option<String>,
    #[arg(long)]
    pub svg: Option<PathBuf>,
    #[arg(long)]
    pub png: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Figure {
    pub indicator: String,
    #[arg(long, default_value = "all")]
    pub period: String,
    #[arg(long)]
    pub unit: Option<String>,
    #[arg(long)]
    pub as_of: Option<String>,
    #[arg(long)]
    pub by: Option<String>,
    #[arg(long)]
    pub monthly: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Report {
    #[arg(long)]
    pub period: String,
    #[arg(long)]
    pub unit: Option<String>,
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
    Check { packs: Vec<String> },
    Load { packs: Vec<String> },
    List,
}

#[derive(Debug, ClapArgs)]
pub struct Account {
    #[arg(long)]
    pub login: String,
    #[arg(long)]
    pub name: String,
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
    #[arg(long)]
    pub dossiers: Option<usize>,
}

#[derive(Debug, ClapArgs)]
pub struct Bench {
    #[arg(value_parser = ["engine", "deadline", "import", "latency", "writers", "matrix", "rebuild", "sql", "desk", "load"])]
    pub parts: Vec<String>,
    #[arg(long)]
    pub full: bool,
    #[arg(long)]
    pub minutes: Option<u64>,
    #[arg(long)]
    pub postgres: Option<String>,
    #[arg(long)]
    pub dir: Option<PathBuf>,
}
