//! The points of a request or a refusal: each by itself, so that the citizen can answer each.

use rules::{
    one_stop::{Reason, ReasonKind},
    procedure::Procedure,
};

use super::words;
use crate::{
    http::Posted,
    i18n::Lang,
    pages::work::common::choices,
    view::{Field, Input},
};

/// Points on the page; the law allows more, a person reads three.
const POINTS: usize = 3;

/// A refusal says why, a request what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Request,
    Refusal,
}

impl Kind {
    /// Keys of its kind, its text, and the hint.
    fn keys(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Request => ("desk-f-reason-kind", "desk-f-reason-text", "desk-f-reason-text-hint"),
            Self::Refusal => ("desk-f-refusal-kind", "desk-f-refusal-text", "desk-f-refusal-text-hint"),
        }
    }
}

/// `prefix` keeps the fields of two forms on one page apart.
pub fn fields(t: Lang, procedure: Option<&Procedure>, prefix: &str, kind: Kind) -> Vec<Field> {
    let (kind_key, text_key, hint_key) = kind.keys();
    let mut out = Vec::new();
    for n in 1..=POINTS {
        let name = |what: &str| format!("{prefix}reason_{what}_{n}");
        let label = |key: &str| t.msg1(key, "n", i64::try_from(n).unwrap_or(1));
        let kinds = ReasonKind::ALL.map(|k| (k.id(), t.msg(&words::key("case-reason", k.id()))));
        let kind = Field::new(name("kind"), label(kind_key), Input::Select).choices(choices(kinds, "missing"));
        out.push(if n == 1 { kind.required() } else { kind });
        let parts = choices(parts(t, procedure), "");
        out.push(Field::new(name("part"), label("desk-f-reason-part"), Input::Select).choices(parts));
        let text = Field::new(name("text"), label(text_key), Input::Long(2));
        out.push(if n == 1 { text.hint(t.msg(hint_key)).required() } else { text });
    }
    out
}

fn parts(t: Lang, procedure: Option<&Procedure>) -> Vec<(String, String)> {
    let none = (String::new(), t.msg("desk-f-part-none"));
    let of = |p: &rules::procedure::PartDef| (p.id.clone(), t.pick(&p.name).to_owned());
    std::iter::once(none).chain(procedure.iter().flat_map(|p| p.def.parts.iter().map(of))).collect()
}

/// A point as a line: of what kind it is, which paper is meant, and `text`, what was written.
pub fn line(t: Lang, procedure: Option<&Procedure>, reason: &Reason, text: &str) -> String {
    let kind = t.msg(&words::key("case-reason", reason.kind.id()));
    let name = |id: &String| procedure.and_then(|p| p.def.part(id)).map_or_else(|| id.clone(), |p| t.pick(&p.name).to_owned());
    match reason.part.as_ref().map(name) {
        Some(paper) => format!("{kind}: {paper} – {text}"),
        None => format!("{kind}: {text}"),
    }
}

/// What was typed.
pub fn read(posted: &Posted, prefix: &str) -> Vec<Reason> {
    let mut out = Vec::new();
    for n in 1..=POINTS {
        let get = |what: &str| posted.get(&format!("{prefix}reason_{what}_{n}")).trim();
        let text = get("text");
        if text.is_empty() {
            continue;
        }
        out.push(Reason {
            kind: ReasonKind::ALL.into_iter().find(|k| k.id() == get("kind")).unwrap_or(ReasonKind::Other),
            part: Some(get("part").to_owned()).filter(|p| !p.is_empty()),
            text: text.to_owned(),
        });
    }
    out
}
