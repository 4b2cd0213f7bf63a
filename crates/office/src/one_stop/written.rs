//! What was written in the acts on a dossier: free texts may name people, so whoever sees its personal fields masked reads none of them.

use rules::{access::Actor, one_stop::ActKind};
use serde_json::Value;
use store::{Entry, Record};

use super::DOSSIER;
use crate::{Office, error::Result};

/// What stands for a text that is not shown.
pub const MASKED: &str = "•••";
/// Members of a case that people write.
const WRITTEN: [&str; 4] = ["text", "question", "reason", "basis"];
/// Its reasons are of the program: why the clock stands still.
const CLOCK: &str = "clock";

/// A case, or what an entry changed of it, without what was written.
pub fn mask_case(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut().filter(|(name, _)| *name != CLOCK) {
                match member {
                    Value::String(text) if WRITTEN.contains(&name.as_str()) => MASKED.clone_into(text),
                    other => mask_case(other),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(mask_case),
        _ => {}
    }
}

/// An entry of a dossier without what was written; of other registers as it is.
///
/// # Errors
/// A body that is no JSON.
pub fn masked_entry(e: &Entry) -> Result<Entry> {
    let mut out = e.clone();
    if e.register != DOSSIER {
        return Ok(out);
    }
    if ActKind::of(&e.kind).is_some() {
        out.authority = out.authority.map(|_| MASKED.to_owned());
    }
    let mut body: Value = serde_json::from_str(&e.body)?;
    for part in ["new", "set"] {
        if let Some(case) = body.get_mut(part).and_then(|changed| changed.get_mut("case")) {
            mask_case(case);
        }
    }
    out.body = body.to_string().into();
    Ok(out)
}

impl Office {
    /// Whether somebody reads what was written in the acts on a record: whoever reads the dossier in clear; of other registers all.
    ///
    /// # Errors
    /// A record that cannot be read.
    pub fn reads_written(&self, actor: &Actor, record: &Record) -> Result<bool> {
        if record.register != DOSSIER {
            return Ok(true);
        }
        let elsewhere = self.elsewhere(actor, &record.fields()?);
        Ok(self.reads_dossier(actor, record, &elsewhere).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_wrote_is_masked_and_the_rest_of_a_case_stays() {
        let mut case = json!([null, {
            "status": "supplement",
            "clock": { "pauses": [{ "reason": "supplement" }] },
            "requests": [{ "by": "hoa", "reasons": [{ "kind": "missing", "text": "Thiếu giấy của ông Tám" }] }],
            "opinions": [{ "agency": "Công an", "question": "Ông Tám ở đâu?", "text": "Ở Long Sơn" }],
            "suspensions": [{ "reason": "Ông Tám vắng", "basis": "Điều 1" }],
        }]);
        mask_case(&mut case);
        let text = case.to_string();
        assert!(!text.contains("Tám") && !text.contains("Long Sơn") && !text.contains("Điều 1"), "{text}");
        assert_eq!(case[1]["clock"]["pauses"][0]["reason"], "supplement");
        assert_eq!((&case[1]["requests"][0]["by"], &case[1]["requests"][0]["reasons"][0]["kind"]), (&json!("hoa"), &json!("missing")));
    }
}
