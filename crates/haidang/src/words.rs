//! What the program says on a terminal: in one language, and without complaint when nobody reads it any more.

use std::{fmt, io::Write, path::Path, sync::OnceLock};

use rules::{text::vietnamese, time::TimeError};
use web::{
    http::sentence,
    i18n::{Arg, Lang},
};

use crate::setup::faults_in_words;

static LANG: OnceLock<Lang> = OnceLock::new();

/// Exit code of a program that was told by a signal that its reader has gone, as a shell counts it.
const READER_GONE: i32 = 128 + 13;

/// Chooses the language: what was asked for, else Vietnamese where the terminal is Vietnamese, else English like the options.
pub fn choose(asked: Option<Lang>) {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|v| !v.is_empty()));
    let local = if locale.is_some_and(|l| l.starts_with("vi")) { Lang::Vi } else { Lang::En };
    LANG.get_or_init(|| asked.unwrap_or(local));
}

pub fn lang() -> Lang {
    LANG.get().copied().unwrap_or(Lang::En)
}

/// A sentence of `cli.ftl`.
pub fn words(key: &str, values: &[(&str, Arg)]) -> String {
    lang().format(key, values)
}

/// The sentence of a code, with its values exactly as they stand in a file.
pub fn by_code(code: &str, values: &[(&'static str, String)]) -> String {
    let values: Vec<(&str, Arg)> = values.iter().map(|(name, value)| (*name, Arg::from(value))).collect();
    words(&format!("refusal-{}", code.replace(['.', '_'], "-")), &values)
}

/// An error made of a sentence of `cli.ftl`.
pub fn fault(key: &str, values: &[(&str, Arg)]) -> anyhow::Error {
    anyhow::anyhow!(words(key, values))
}

/// A file that cannot be written.
pub fn cannot_write(path: &Path) -> String {
    words("cli-cannot-write", &[("path", path.display().to_string().into())])
}

/// Prints text. A reader that stopped early (`haidang figure … | head -1`) ends the program quietly: everything is already kept.
pub fn print(text: fmt::Arguments<'_>) {
    if let Err(e) = std::io::stdout().lock().write_fmt(text)
        && e.kind() == std::io::ErrorKind::BrokenPipe
    {
        std::process::exit(READER_GONE);
    }
}

/// Prints one line.
#[macro_export]
macro_rules! say {
    ($($part:tt)*) => { $crate::words::print(format_args!("{}\n", format_args!($($part)*))) };
}

/// A reason that came in English, in the language of the terminal as far as it is known there.
pub fn reason(english: &str) -> String {
    match lang() {
        Lang::Vi => vietnamese(english),
        Lang::En => english.to_owned(),
    }
}

/// An error for the terminal: the sentence of a refusal, the faults of a pack, or the chain of causes.
pub fn in_words(e: &anyhow::Error) -> String {
    if let Some(wrong) = e.downcast_ref::<TimeError>() {
        return sentence(&wrong.clone().into(), lang());
    }
    match e.downcast_ref::<office::Error>() {
        Some(office::Error::Pack(faults)) => faults_in_words(faults),
        // What a person reads of a mapping's fault names its reason.
        Some(office::Error::Refused(r)) if r.code == "map.file" => {
            let values: Vec<_> = r.args.iter().map(|(n, v)| (*n, if *n == "detail" { reason(v) } else { v.clone() })).collect();
            by_code(r.code, &values)
        }
        Some(refused @ (office::Error::Refused(_) | office::Error::Invalid(_))) => sentence(refused, lang()),
        _ => chain(e),
    }
}

fn chain(e: &anyhow::Error) -> String {
    let mut causes: Vec<String> = e.chain().map(|cause| reason(&cause.to_string())).collect();
    causes.dedup();
    causes.join(": ")
}
