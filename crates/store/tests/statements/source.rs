//! String literals of the program's sources, read as the compiler reads them, without those of unit tests.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The one database that a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    Sqlite,
    Postgres,
}

#[derive(Debug, Clone)]
pub struct Literal {
    /// From `crates/` on.
    pub file: String,
    pub text: String,
    pub only: Option<Only>,
}

/// All string literals of all crates.
pub fn literals() -> Vec<Literal> {
    let crates = Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("..");
    let mut out = Vec::new();
    for folder in std::fs::read_dir(&crates).unwrap() {
        let folder = folder.unwrap();
        let name = folder.file_name().into_string().unwrap();
        let mut files = Vec::new();
        rust_files(&folder.path().join("src"), &mut files);
        files.sort();
        for path in files {
            let code = std::fs::read_to_string(&path).unwrap();
            let inside = path.strip_prefix(folder.path()).unwrap().display();
            let tokens = code.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            out.extend(of_tokens(&format!("{name}/{inside}"), tokens));
        }
    }
    out
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            out.push(path);
        }
    }
}

pub fn of_tokens(file: &str, tokens: TokenStream) -> Vec<Literal> {
    let mut out = Vec::new();
    // In `dialect` a text that does not stand beside its twin is PostgreSQL's alone.
    let only = file.ends_with("store/src/dialect.rs").then_some(Only::Postgres);
    walk(file, tokens, only, &mut out);
    out
}

fn walk(file: &str, tokens: TokenStream, only: Option<Only>, out: &mut Vec<Literal>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        i += 1;
        match token {
            TokenTree::Punct(p) if p.as_char() == '#' => {
                // An attribute; `#[cfg(test)]` takes the braces that follow with it.
                let attribute = tokens.get(i).map(ToString::to_string).unwrap_or_default().replace(' ', "");
                i += usize::from(matches!(tokens.get(i), Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Bracket));
                if attribute == "[cfg(test)]" {
                    while let Some(skipped) = tokens.get(i) {
                        i += 1;
                        let end = match skipped {
                            TokenTree::Group(g) => g.delimiter() == Delimiter::Brace,
                            TokenTree::Punct(p) => p.as_char() == ';',
                            _ => false,
                        };
                        if end {
                            break;
                        }
                    }
                }
            }
            TokenTree::Ident(name) if name == "pick" => {
                if let Some(TokenTree::Group(arguments)) = tokens.get(i) {
                    let mut pair = Vec::new();
                    walk(file, arguments.stream(), None, &mut pair);
                    if let [sqlite, postgres] = pair.as_mut_slice() {
                        (sqlite.only, postgres.only) = (Some(Only::Sqlite), Some(Only::Postgres));
                    }
                    out.append(&mut pair);
                    i += 1;
                }
            }
            TokenTree::Group(group) => walk(file, group.stream(), only, out),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    out.push(Literal { file: file.to_owned(), text: text.value(), only });
                }
            }
            _ => {}
        }
    }
}
