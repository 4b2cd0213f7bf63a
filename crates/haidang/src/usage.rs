//! The command line read, and its help and faults told in the language of the terminal.

use std::ffi::OsString;

use clap::{
    Arg, ArgAction, Command, CommandFactory, FromArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
};
use web::i18n::Lang;

use crate::{args::Args, words::words};

/// What clap puts before a usage that it writes by itself.
const USAGE: &str = "Usage: ";
/// After the options of our own.
const LAST: usize = 1_000;

/// The language asked for on a command line that is not understood yet, or by the environment.
pub fn asked(given: &[OsString]) -> Option<Lang> {
    let given: Vec<&str> = given.iter().filter_map(|a| a.to_str()).collect();
    let after = given.iter().position(|a| *a == "--lang").and_then(|i| given.get(i + 1).copied());
    let said = given.iter().find_map(|a| a.strip_prefix("--lang=")).or(after).map(str::to_owned);
    said.or_else(|| std::env::var("HAIDANG_LANG").ok())?.parse().ok()
}

/// Reads the command line.
///
/// # Errors
/// What [`tell`] tells: a fault, or the help that was asked for.
pub fn parse(given: Vec<OsString>) -> Result<Args, Box<clap::Error>> {
    let matches = command().try_get_matches_from(given)?;
    Ok(Args::from_arg_matches(&matches)?)
}

/// Prints help to whoever asked for it, a fault to everybody else; the exit code.
pub fn tell(e: &clap::Error) -> u8 {
    match e.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // A terminal that is gone reads no help.
            let _ = e.print();
        }
        _ => eprintln!("haidang: {}", fault(e)),
    }
    u8::try_from(e.exit_code()).unwrap_or(2)
}

/// The command line as it is declared, with its texts.
fn command() -> Command {
    let plain = Args::command();
    let mut built = plain.clone();
    built.build();
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true);
    let plain = plain.disable_help_flag(true).disable_version_flag(true).arg(help.display_order(LAST)).arg(version.display_order(LAST));
    let mut out = told(plain, &mut built, &[]);
    out.build();
    // Made by clap while building.
    out.mut_subcommand("help", |c| c.about(words("help-command-help", &[])).help_template(template(false, true, false)))
}

/// A command and those below it, with their texts.
fn told(command: Command, built: &mut Command, path: &[&str]) -> Command {
    let usage = built.render_usage().to_string();
    let usage = usage.strip_prefix(USAGE).unwrap_or(&usage).replace("[OPTIONS]", &words("help-some-options", &[]));
    let usage = usage.replace("<COMMAND>", &words("help-a-command", &[]));
    let top = path.first().copied();
    let has = |positional| command.get_arguments().any(|a| a.is_positional() == positional);
    let template = template(command.has_subcommands(), has(true), true);
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let mut out = command
        .about(words(&about_key(path), &[]))
        .override_usage(usage)
        .help_template(template)
        .disable_help_subcommand(!path.is_empty())
        .mut_args(|a| with_help(a, top));
    for name in names {
        let Some(below) = built.find_subcommand_mut(&name) else { continue };
        out = out.mut_subcommand(&name, |c| told(c, below, &[path, &[name.as_str()]].concat()));
    }
    out
}

fn about_key(path: &[&str]) -> String {
    [&["help-command"][..], path].concat().join("-")
}

fn arg_key(arg: &Arg, top: Option<&str>) -> String {
    let id = arg.get_id().as_str().replace('_', "-");
    top.map_or_else(|| format!("help-arg-{id}"), |top| format!("help-arg-{top}-{id}"))
}

fn with_help(arg: Arg, top: Option<&str>) -> Arg {
    let mut help = words(&arg_key(&arg, top), &[]);
    let mut add = |text: String| help = format!("{help} {text}");
    if let Some(name) = arg.get_env() {
        add(words("help-env", &[("name", name.to_string_lossy().as_ref().into())]));
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
    if !defaults.is_empty() {
        add(words("help-default", &[("value", defaults.join(",").into())]));
    }
    if !arg.get_action().takes_values() {
        return arg.help(help);
    }
    let values: Vec<_> = arg.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
    if !values.is_empty() {
        add(words("help-values", &[("list", values.join(", ").into())]));
    }
    arg.help(help).hide_env(true).hide_default_value(true).hide_possible_values(true)
}

fn template(commands: bool, arguments: bool, options: bool) -> String {
    let mut out = format!("{{about-with-newline}}\n{} {{usage}}", words("help-usage", &[]));
    for (there, key, part) in
        [(commands, "help-commands", "subcommands"), (arguments, "help-arguments", "positionals"), (options, "help-options", "options")]
    {
        if there {
            out += &format!("\n\n{}\n{{{part}}}", words(key, &[]));
        }
    }
    out + "\n"
}

/// What is wrong with the command line, what was perhaps meant, and where to read on.
fn fault(e: &clap::Error) -> String {
    let mut out = sentence(e);
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        if let Some(near) = texts(e, kind).first() {
            out = format!("{out}. {}", words("usage-near", &[("near", near.into())]));
        }
    }
    let usage = e.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let usage = usage.trim_start_matches(USAGE).trim();
    // The command's own name stands before its first argument.
    let command: Vec<&str> = usage.split(' ').take_while(|w| w.starts_with(|c: char| c.is_ascii_lowercase())).collect();
    let command = if command.is_empty() { "haidang".to_owned() } else { command.join(" ") };
    if !usage.is_empty() {
        out = format!("{out}\n\n{} {usage}", words("help-usage", &[]));
    }
    format!("{out}\n{}", words("usage-see-help", &[("command", command.into())]))
}

fn sentence(e: &clap::Error) -> String {
    let option = texts(e, ContextKind::InvalidArg).join(", ");
    let given = texts(e, ContextKind::InvalidValue).join(" ");
    let (option, given) = (option.as_str(), given.as_str());
    match e.kind() {
        ErrorKind::UnknownArgument => words("usage-unknown", &[("given", option.into())]),
        ErrorKind::InvalidSubcommand => words("usage-no-command", &[("given", texts(e, ContextKind::InvalidSubcommand).join(" ").into())]),
        ErrorKind::MissingSubcommand => {
            let list = texts(e, ContextKind::ValidSubcommand).join(", ");
            words("usage-command-missing", &[("given", texts(e, ContextKind::InvalidSubcommand).join(" ").into()), ("list", list.into())])
        }
        ErrorKind::MissingRequiredArgument => words("usage-missing", &[("list", option.into())]),
        ErrorKind::InvalidValue if given.is_empty() => words("usage-value-missing", &[("option", option.into())]),
        ErrorKind::InvalidValue => {
            let list = texts(e, ContextKind::ValidValue).join(", ");
            words("usage-value-of", &[("given", given.into()), ("option", option.into()), ("list", list.into())])
        }
        ErrorKind::ValueValidation => {
            let name = option.trim_start_matches('-').split([' ', '=']).next().unwrap_or_default();
            words("usage-value", &[("given", given.into()), ("option", option.into()), ("name", name.into())])
        }
        ErrorKind::TooManyValues => words("usage-value-more", &[("given", given.into()), ("option", option.into())]),
        ErrorKind::ArgumentConflict => {
            let other = texts(e, ContextKind::PriorArg).join(", ");
            let key = if other == option { "usage-twice" } else { "usage-conflict" };
            let values = [("option", option.into()), ("other", other.into())];
            words(key, if key == "usage-twice" { &values[..1] } else { &values })
        }
        _ => words("usage-not-understood", &[]),
    }
}

fn texts(e: &clap::Error, kind: ContextKind) -> Vec<String> {
    match e.get(kind) {
        Some(ContextValue::String(s)) => vec![s.clone()],
        Some(ContextValue::Strings(list)) => list.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use faces::tabular::FAULTS;

    use super::*;

    /// Keys of a command, its arguments and all below it.
    fn keys(command: &Command, path: &[&str], out: &mut Vec<String>) {
        out.push(about_key(path));
        out.extend(command.get_arguments().map(|a| arg_key(a, path.first().copied())));
        for below in command.get_subcommands() {
            keys(below, &[path, &[below.get_name()]].concat(), out);
        }
    }

    #[test]
    fn every_command_and_option_has_its_text_in_both_languages() {
        let mut all = Vec::new();
        keys(&Args::command(), &[], &mut all);
        assert!(all.len() > 60, "{}", all.len());
        for key in all {
            for t in Lang::ALL {
                assert!(t.try_format(&key, &[]).is_some(), "{t}: no text {key:?}");
            }
        }
    }

    #[test]
    fn every_fault_of_a_file_has_its_sentence_in_both_languages() {
        for (code, _) in FAULTS {
            let key = format!("refusal-{}", code.replace(['.', '_'], "-"));
            for t in Lang::ALL {
                assert!(t.try_format(&key, &[]).is_some(), "{t}: no sentence {key:?}");
            }
        }
    }
}
