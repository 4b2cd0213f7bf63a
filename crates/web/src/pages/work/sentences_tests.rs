//! Every "no" that a person can meet has a sentence in both languages.

use std::{collections::BTreeSet, fs, path::Path};

use crate::i18n::{Arg, Lang};

/// All sources of a crate, each without its tests.
fn sources(of: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut folders = vec![Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("..").join(of).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                out.push((name, text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned()));
            }
        }
    }
    assert!(!out.is_empty(), "no sources of {of}");
    out
}

/// The text in quotes at the beginning.
fn quoted(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'.')
}

/// Codes named where a refusal is made: `Refusal::new("…")`, `refused("…")`, `refuse("…")`, and choices between two of them.
fn refusals(text: &str, out: &mut BTreeSet<String>) {
    for call in ["Refusal::new(", "refused(", "refuse("] {
        for (at, _) in text.match_indices(call) {
            let rest = &text[at + call.len()..];
            // `if … { "a" } else { "b" }`: the codes stand in braces of their own.
            let choice = rest.trim_start().starts_with("if ");
            let codes: Vec<&str> = if choice {
                let end = rest.find(';').or_else(|| rest.find("\n")).unwrap_or(rest.len());
                rest[..end].split('{').skip(1).filter_map(quoted).collect()
            } else {
                quoted(rest).into_iter().collect()
            };
            out.extend(codes.into_iter().filter(|c| is_code(c)).map(str::to_owned));
        }
    }
}

/// Codes of an error type: the arms of its `fn code`.
fn arms(text: &str, out: &mut BTreeSet<String>) {
    let Some(body) = text.split("fn code(&self)").nth(1) else { return };
    let body = body.split("\n    }\n").next().unwrap();
    out.extend(body.split("=>").skip(1).filter_map(quoted).filter(|c| is_code(c)).map(str::to_owned));
}

fn key(code: &str) -> String {
    code.replace(['.', '_'], "-")
}

fn has(prefix: &str, code: &str) {
    for lang in Lang::ALL {
        let key = format!("{prefix}-{}", key(code));
        assert!(lang.try_format(&key, &[]).is_some(), "{lang}: no sentence {key}");
    }
}

#[test]
fn every_refusal_has_a_sentence_in_both_languages() {
    let mut codes = BTreeSet::new();
    for of in ["rules", "office", "store", "web"] {
        for (file, text) in sources(of) {
            refusals(&text, &mut codes);
            if file.ends_with("error.rs") {
                arms(&text, &mut codes);
            }
            // A digit's fault and a role's id are chosen first and made into a refusal later.
            if file.ends_with("number/syntax.rs") || file.ends_with("access.rs") {
                let words = text.split('"').skip(1).step_by(2);
                codes.extend(words.filter(|w| is_code(w) && (w.starts_with("number.") || w.starts_with("access."))).map(str::to_owned));
            }
        }
    }
    assert!(codes.len() > 90, "the sources are read: {} codes found", codes.len());
    for expected in
        ["number.grouping", "access.unknown_role", "version.conflict", "access.sign_in", "docnumber.incomplete", "input.invalid"]
    {
        assert!(codes.contains(expected), "{expected} is not seen");
    }
    let missing: Vec<&String> = codes
        .iter()
        .filter(|code| Lang::ALL.iter().any(|lang| lang.try_format(&format!("refusal-{}", key(code)), &[]).is_none()))
        .collect();
    assert!(missing.is_empty(), "codes without a sentence: {missing:?}");
}

#[test]
fn every_fault_of_an_imported_row_has_a_sentence() {
    for (code, _) in faces::tabular::FAULTS {
        has("refusal", code);
    }
}

#[test]
fn every_fault_of_a_field_has_a_sentence() {
    let (_, text) = sources("rules").into_iter().find(|(f, _)| f.ends_with("schema/validate.rs")).unwrap();
    let codes: BTreeSet<&str> =
        text.split('"').skip(1).step_by(2).filter(|w| is_code(w) && (w.starts_with("field.") || w.starts_with("body."))).collect();
    assert!(codes.len() >= 12, "{codes:?}");
    for code in codes {
        has("fault", code);
    }
}

#[test]
fn a_sentence_speaks_of_fields_and_deeds_in_words() {
    let said = |lang: Lang, r: rules::Refusal| lang.refusal(&r);
    let r = rules::Refusal::new("input.required").with("field", "responsibility");
    assert_eq!(said(Lang::Vi, r.clone()), "Cần điền “Rõ trách nhiệm”.");
    assert_eq!(said(Lang::En, r), "“Responsibility” is needed.");
    let r = rules::Refusal::new("access.unit").with("action", "approve").with("unit", "x").with("name", "Phường 1");
    assert_eq!(said(Lang::En, r), "You may not approve or return at Phường 1; your grants are for other units.");
    let r = rules::Refusal::new("task.dates").with("starts_on", "2025-08-30").with("deadline", "2025-07-01");
    assert_eq!(said(Lang::Vi, r), "Hạn 01/07/2025 sớm hơn ngày bắt đầu 30/08/2025.");
    let r = rules::Refusal::new("input.required").with("field", "a_field_of_tomorrow");
    assert_eq!(said(Lang::En, r), "“a_field_of_tomorrow” is needed.");
}

/// Every sentence whose key is put together at run time.
#[test]
fn every_deed_role_window_and_done_has_words() {
    use rules::access::{Action, Role};
    for lang in Lang::ALL {
        for role in Role::ALL {
            let key = format!("role-{}", role.id().replace('_', "-"));
            assert!(lang.try_format(&key, &[]).is_some(), "{lang}: {key}");
        }
        for action in Action::ALL {
            let said = lang.format("refusal-access-role", &[("action", Arg::from(action.id()))]);
            let other = lang.format("refusal-access-role", &[("action", Arg::from("something"))]);
            assert_ne!(said, other, "{lang}: {action} has no words");
        }
        for window in ["month", "quarter", "year", "cumulative", "latest"] {
            assert!(lang.try_format(&format!("target-window-{window}"), &[]).is_some());
        }
        for level in 1..=5 {
            assert!(lang.try_format(&format!("level-{level}"), &[]).is_some());
        }
    }
    let mut seen = 0;
    for (file, text) in sources("web").into_iter().filter(|(f, _)| f.contains("pages/work")) {
        for call in text.split("done(").skip(1) {
            let line = call.lines().next().unwrap_or_default();
            for key in line.split('"').skip(1).step_by(2).filter(|k| !k.contains('/') && !k.is_empty()) {
                seen += 1;
                has("done", key);
                assert!(!key.contains('{'), "{file}");
            }
        }
    }
    assert!(seen >= 10, "{seen}");
}

/// What was done to records in the sources of the office has words in a history.
#[test]
fn every_kind_of_entry_of_the_programme_has_words() {
    let kinds = [
        "create",
        "declare",
        "retire",
        "assign",
        "update",
        "submit",
        "approve",
        "return",
        "wait",
        "decide",
        "choose",
        "set_aside",
        "freeze",
        "import",
        "change",
    ];
    for lang in Lang::ALL {
        for kind in kinds {
            assert_ne!(super::history::what(lang, kind), kind);
        }
    }
}
