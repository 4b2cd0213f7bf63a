//! What the program says on a terminal: in one language, and without complaint when nobody reads it any more.

use std::{fmt, io::Write, sync::OnceLock};

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

/// An error made of a sentence of `cli.ftl`.
pub fn fault(key: &str, values: &[(&str, Arg)]) -> anyhow::Error {
    anyhow::anyhow!(words(key, values))
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

/// An error for the terminal: the sentence of a refusal, the faults of a pack, or the chain of causes.
pub fn in_words(e: &anyhow::Error) -> String {
    match e.downcast_ref::<office::Error>() {
        Some(office::Error::Pack(faults)) => faults_in_words(faults),
        Some(refused @ (office::Error::Refused(_) | office::Error::Invalid(_))) => sentence(refused, lang()),
        _ => format!("{e:#}"),
    }
}
