//! What holds for every template: translated, served by us, nothing inline.

use std::{collections::BTreeMap, collections::BTreeSet, fs, path::Path};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

use super::*;
use crate::assets;

fn read(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut folders = vec![Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                out.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!out.is_empty(), "nothing in {folder}");
    out
}

/// Message keys with the values each names.
fn messages(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut out = BTreeMap::new();
    for (file, text) in read(&format!("i18n/{lang}"), "ftl") {
        let resource = parser::parse(text.as_str()).unwrap_or_else(|(_, faults)| panic!("{file}: {faults:?}"));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let mut names = BTreeSet::new();
                pattern_names(message.value.as_ref().unwrap(), &mut names);
                assert!(out.insert(message.id.name.to_owned(), names).is_none(), "{file}: {} stands twice", message.id.name);
            }
        }
    }
    out
}

fn pattern_names(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(InlineExpression::VariableReference { id }) => {
                    names.insert(id.name.to_owned());
                }
                // Another sentence's words, with the same values.
                Expression::Inline(InlineExpression::MessageReference { id, .. }) => {
                    names.insert(format!("@{}", id.name));
                }
                Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
                    names.insert(id.name.to_owned());
                    for variant in variants {
                        pattern_names(&variant.value, names);
                    }
                }
                other => panic!("an expression this test does not read: {other:?}"),
            }
        }
    }
}

#[test]
fn both_languages_say_the_same_things_with_the_same_values() {
    let (vi, en) = (messages("vi"), messages("en"));
    for key in vi.keys().chain(en.keys()) {
        assert_eq!(vi.get(key), en.get(key), "{key}");
    }
}

/// `msg("key")`, `msg1("key", "name", …)`, `msg2("key", "name", …, "name2", …)` in a source.
fn uses(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut out = Vec::new();
    for (call, count) in [(".msg(\"", 0), (".msg1(\"", 1), (".msg2(\"", 2)] {
        for (at, _) in text.match_indices(call) {
            let rest = &text[at + call.len()..];
            let Some(end) = rest.find('"') else { continue };
            let key = rest[..end].to_owned();
            let line = rest.lines().next().unwrap_or_default();
            // The names of values are the quoted words that follow a comma, up to the count.
            let names = line.split(", \"").skip(1).filter_map(|part| part.split_once("\",").map(|(name, _)| name.to_owned()));
            out.push((key, names.take(count).collect()));
        }
    }
    out
}

#[test]
fn every_key_that_is_used_exists_with_its_values() {
    let known = messages("vi");
    let mut seen = 0;
    for (file, text) in read("templates", "html").into_iter().chain(read("src", "rs")) {
        if file.ends_with("tests.rs") {
            continue;
        }
        for (key, names) in uses(&text) {
            seen += 1;
            let Some(expected) = known.get(&key) else { panic!("{file}: no sentence for {key:?}") };
            assert_eq!(expected, &names, "{file}: values of {key:?}");
        }
    }
    assert!(seen > 200, "the test reads the sources: {seen} uses found");
    for key in Mark::ALL.map(Mark::key).into_iter().chain(Section::MENU.map(Section::key)).chain(Theme::ALL.map(Theme::key)) {
        assert!(known.contains_key(key), "no sentence for {key:?}");
    }
}

#[test]
fn every_file_and_symbol_that_a_template_names_is_embedded() {
    let sprite = include_str!("../../assets/marks.svg");
    for (file, text) in read("templates", "html") {
        for part in text.split("asset(\"").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(!assets::url(name).is_empty(), "{file}: {name} is not embedded");
        }
        for part in text.split("symbol(\"").skip(1).chain(text.split("p::icon(\"").skip(1)) {
            let id = part.split('"').next().unwrap();
            assert!(sprite.contains(&format!("id=\"{id}\"")), "{file}: no symbol {id}");
        }
    }
    for mark in Mark::ALL {
        assert!(sprite.contains(&format!("id=\"{}\"", mark.id())), "no symbol {}", mark.id());
    }
}

/// What people would read if the template's own tags were taken out.
fn bare_text(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    loop {
        let Some(at) = rest.find(['<', '{']) else {
            out.push_str(rest);
            return out;
        };
        out.push_str(&rest[..at]);
        let close = if rest[at..].starts_with("{{") {
            "}}"
        } else if rest[at..].starts_with("{%") {
            "%}"
        } else {
            ">"
        };
        // A tag's own expressions may hold a '>', so they are skipped first.
        let mut inner = &rest[at + 1..];
        if close == ">" {
            let mut plain = String::new();
            while let Some(open) = inner.find("{").filter(|o| inner.find('>').is_none_or(|c| o < &c)) {
                plain.push_str(&inner[..open]);
                let end = if inner[open..].starts_with("{{") { "}}" } else { "%}" };
                inner = inner[open..].split_once(end).map_or("", |(_, after)| after);
            }
        }
        rest = inner.split_once(close).map_or("", |(_, after)| after);
        out.push(' ');
    }
}

#[test]
fn no_template_holds_words_of_its_own() {
    // Names of keys on the keyboard are the same in both languages.
    let keys = ["Ctrl", "K", "Enter", "Esc", "j", "k", "n", "p", "x", "h"];
    for (file, text) in read("templates", "html") {
        let body = text.find("<body").map_or(text.as_str(), |at| &text[at..]);
        for word in bare_text(body).split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
            assert!(keys.contains(&word), "{file}: {word:?} stands outside the translation files");
        }
    }
}

#[test]
fn the_content_security_policy_is_kept_by_the_templates() {
    for (file, text) in read("templates", "html") {
        for forbidden in [" style=\"", " onclick", " onload", " onchange", "<style", "javascript:"] {
            assert!(!text.contains(forbidden), "{file}: {forbidden}");
        }
        assert_eq!(text.matches("<script").count(), text.matches("<script src=").count(), "{file}: an inline script");
    }
}

#[test]
fn links_carry_the_state_of_the_view() {
    let s = Shell {
        t: Lang::En,
        title: String::new(),
        section: Section::Tasks,
        path: "/tasks".into(),
        query: vec![("status".into(), "overdue".into()), ("after".into(), "c2".into())],
        state: State { unit: Some("26506@2025-07-01".into()), period: Some("2025Q2".into()), as_of: None },
        tenant: String::new(),
        who: None,
        pick: None,
        theme: Theme::Auto,
        simulated: false,
        as_of: String::new(),
        boundaries: String::new(),
        ledger: None,
        live: None,
        notices: vec![],
        again: None,
        crumbs: vec![],
    };
    assert_eq!(s.link("/units/x"), "/units/x?unit=26506@2025-07-01&period=2025Q2&lang=en");
    assert_eq!(s.link_with("/tasks", &[("q", "số hóa"), ("unit", "u")]), "/tasks?q=s%E1%BB%91+h%C3%B3a&unit=u&period=2025Q2&lang=en");
    assert_eq!(
        s.here_with("status", None),
        "/tasks?unit=26506@2025-07-01&period=2025Q2&lang=en",
        "a changed filter begins at the first page"
    );
    assert_eq!(s.in_lang(&Lang::Vi), "/tasks?status=overdue&after=c2&unit=26506@2025-07-01&period=2025Q2");
}
