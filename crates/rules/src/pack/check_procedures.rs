//! Whether procedures fit: their conditions their forms, their versions one another, their values a source.

use std::collections::BTreeMap;

use super::{
    content::{Content, Place, Places},
    fault::{Kind, Problem},
    source::At,
    table::Faults,
};
use crate::procedure::{FaultKind, Procedure, ProcedureDef, ProcedureFault};

pub(crate) fn procedures(content: &Content, places: &Places, faults: &Faults) {
    for def in &content.procedures {
        let Some(place) = places.get(Kind::Procedure, &def.version_id()) else { continue };
        if def.valid_to.is_some_and(|end| end <= def.valid_from) {
            faults.push(place.key("valid_to"), Problem::EndBeforeStart { key: format!("[[procedure]] {}", def.code) });
        }
        if def.source.is_none() {
            sources(def, place, faults);
        }
        for fault in Procedure::compile(def.clone()).err().into_iter().flatten() {
            faults.push(at(place, &fault.place), problem(fault));
        }
    }
    overlaps(content, places, faults);
}

/// The nearest known place: `page.2.field.x.when`, else `page.2.field.x`, else `page.2`, else the procedure.
fn at(place: &Place, key: &str) -> At {
    let mut key = key;
    loop {
        if let Some(at) = place.keys.get(key) {
            return at.clone();
        }
        match key.rsplit_once('.') {
            Some((shorter, _)) => key = shorter,
            None => return place.at.clone(),
        }
    }
}

fn problem(fault: ProcedureFault) -> Problem {
    let text = fault.text;
    match fault.what {
        FaultKind::Expression(reason) => Problem::Expression { text, reason },
        FaultKind::Later(field) => Problem::AsksLater { text, field },
        FaultKind::Field(reason) => Problem::Declaration { reason },
        FaultKind::Shares(sum) => Problem::StepShares { sum },
        FaultKind::Twice(what) => Problem::TwiceInProcedure { what, what_vi: vi(what), text },
        FaultKind::Unknown(what, known) => Problem::ProcedureUnknown { what, what_vi: vi(what), text, known },
    }
}

fn vi(what: &str) -> &'static str {
    match what {
        "page" => "trang",
        "part" => "thành phần hồ sơ",
        "fee" => "khoản phí, lệ phí",
        "step" => "bước",
        "prefill" => "nguồn điền sẵn",
        _ => "câu hỏi",
    }
}

/// Where the head names no source, every value does, or says that it is to be confirmed.
fn sources(def: &ProcedureDef, place: &Place, faults: &Faults) {
    let because = "every value has a source, or is marked to_be_confirmed";
    let because_vi = "mỗi giá trị phải có nguồn, hoặc ghi to_be_confirmed";
    let missing = |key: &str| faults.push(at(place, key), Problem::NoReason { key: "source", because, because_vi });
    if def.to_be_confirmed.is_empty() {
        missing("id");
    }
    let marks = def.parts.iter().map(|p| &p.mark).enumerate().map(|(i, m)| ("part", i, m));
    let marks = marks.chain(def.fees.iter().map(|f| &f.mark).enumerate().map(|(i, m)| ("fee", i, m)));
    let marks = marks.chain(def.waivers.iter().map(|w| &w.mark).enumerate().map(|(i, m)| ("waiver", i, m)));
    for (what, i, mark) in marks {
        if mark.source.is_none() && !mark.to_be_confirmed {
            missing(&format!("{what}.{i}"));
        }
    }
}

/// Two versions of one procedure in force on one day.
fn overlaps(content: &Content, places: &Places, faults: &Faults) {
    let mut by_code: BTreeMap<&str, Vec<&ProcedureDef>> = BTreeMap::new();
    for def in &content.procedures {
        by_code.entry(&def.code).or_default().push(def);
    }
    for (code, mut versions) in by_code {
        versions.sort_by_key(|d| d.valid_from);
        for pair in versions.windows(2) {
            let [earlier, later] = pair else { continue };
            // The same first day is a declaration given twice, noted as such.
            if earlier.valid_from == later.valid_from || earlier.valid_to.is_some_and(|end| end <= later.valid_from) {
                continue;
            }
            let (Some(place), Some(first)) =
                (places.get(Kind::Procedure, &later.version_id()), places.get(Kind::Procedure, &earlier.version_id()))
            else {
                continue;
            };
            let problem = Problem::ProcedureOverlap { code: code.to_owned(), other: earlier.version_id(), first: first.at.clone() };
            faults.push(place.key("valid_from"), problem);
        }
    }
}
