//! A new dossier: its body, the next free code, the secret that it is tracked with.

use rules::{Timestamp, one_stop::Case, procedure::Procedure};
use serde_json::{Map, Value, json};
use store::{Expect, RecordId, RecordWrite};

use super::{
    DOSSIER, Filed, Ground, codes,
    files::PartGiven,
    filing::fee_lines,
    numbers,
    reflect::{reflect, reused},
};
use crate::{
    Office,
    error::{Error, Result},
    signing,
    world::World,
};

/// Other processes take numbers of the same day: so often the next one is tried.
const CODE_TRIES: usize = 32;

/// A dossier that is about to be committed under a code.
pub(crate) struct NewDossier<'a> {
    pub id: RecordId,
    pub code: &'a str,
    /// That it has by then.
    pub version: i64,
    pub body: &'a Map<String, Value>,
}

/// A tracking secret: 50 bits.
pub(crate) fn new_secret() -> Result<String> {
    codes::random::<10>()
}

/// The digest under which a secret is kept, however it is typed. Ten letters can be tried out: the digest is made with a key that does
/// not lie in the database.
pub(crate) fn secret_digest(key: &[u8], code: &str, secret: &str) -> String {
    signing::digest_with(key, format!("{code}:{}", codes::as_given(secret)).as_bytes())
}

impl Office {
    /// The body of a new dossier, but for its code, secret and case.
    pub(crate) fn new_dossier(
        &self,
        procedure: &Procedure,
        case: &Case,
        form: &Map<String, Value>,
        parts: &[PartGiven],
        person: Map<String, Value>,
        fee_vnd: u64,
    ) -> Result<Map<String, Value>> {
        let def = &procedure.def;
        let online = case.channel == rules::one_stop::Channel::Online;
        let mut body = person;
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("procedure", json!(def.name.vi));
        put("procedure_code", json!(def.code));
        put("procedure_from", json!(def.valid_from));
        put("department", json!(def.sector.name.vi));
        put("channel", json!(case.channel.id()));
        put("end_to_end", json!(online && def.online == rules::procedure::Online::Full));
        put("received_via_one_stop", json!(true));
        put("reused", json!(reused(parts)));
        put("form", Value::Object(form.clone()));
        put("parts", serde_json::to_value(parts)?);
        put("fee_vnd", json!(fee_vnd));
        body.entry("applicant_kind").or_insert_with(|| json!("citizen"));
        Ok(body)
    }

    /// Commits a new dossier under the next free code, together with what `beside` writes for it.
    #[expect(clippy::too_many_arguments, reason = "one dossier in all its parts")]
    pub(crate) async fn commit_dossier(
        &self,
        account: &str,
        on_behalf: Option<String>,
        at: Timestamp,
        once: Option<(String, String)>,
        unit: u32,
        case: &Case,
        ground: &Ground<'_>,
        body: &mut Map<String, Value>,
        kind: &str,
        beside: impl Fn(&NewDossier<'_>) -> Result<Vec<RecordWrite>>,
    ) -> Result<Filed> {
        let world = self.world();
        let agency = numbers::agency(&world, unit, at.local_date())?;
        let secret = new_secret()?;
        reflect(body, case, ground, at)?;
        let unit = world.units.key(unit).to_string();
        let mut last = None;
        for _ in 0..CODE_TRIES {
            let code = self.next_code(&agency, at.local_date()).await?;
            let series = code.series();
            let code = code.to_string();
            body.insert("code".into(), json!(code));
            body.insert("secret_digest".into(), json!(secret_digest(self.tracking_key(), &code, &secret)));
            let id = RecordId::new();
            let mut writes = vec![RecordWrite {
                register: DOSSIER.into(),
                id,
                expect: Expect::New,
                key: Some(code.clone()),
                unit: unit.clone(),
                state: case.status.id().into(),
                fields: valid(&world, body.clone())?,
                kind: kind.to_owned(),
                authority: None,
            }];
            writes.extend(beside(&NewDossier { id, code: &code, version: 1, body })?);
            match self.commit_act(account, on_behalf.clone(), at, once.clone(), writes).await {
                Ok(outcome) => {
                    let written = outcome.written.first().cloned();
                    let id = written.as_ref().map_or(id, |w| w.id);
                    // What else was done to it in the same commit is in its version.
                    let version = outcome.written.iter().filter(|w| w.id == id).map(|w| w.version).max().unwrap_or(1);
                    let due_at = case.due(ground.calendar)?.map(|d| d.value);
                    let mut filed = Filed {
                        id: id.to_string(),
                        code,
                        secret,
                        version,
                        filed_at: at,
                        answer_by: None,
                        due_at,
                        fee_vnd: 0,
                        duplicates: Vec::new(),
                    };
                    if outcome.replayed {
                        // The first answer's dossier; its secret was told then and is not known any more.
                        let record = self.store().record(DOSSIER, filed.id.parse()?).await?;
                        filed.code = record.key.unwrap_or_default();
                        filed.secret = String::new();
                        self.numbers().forget(&series);
                    }
                    return Ok(filed);
                }
                Err(Error::Store(store::Error::KeyTaken { register, .. })) if register == DOSSIER => {
                    self.numbers().forget(&series);
                    last = Some(code);
                }
                Err(e) => return Err(e),
            }
        }
        Err(Error::Internal(format!("no free code after {}", last.unwrap_or_default())))
    }
}

/// A body that fits the register.
pub(crate) fn valid(world: &World, fields: Map<String, Value>) -> Result<Map<String, Value>> {
    let body = Value::Object(fields);
    world.register(DOSSIER)?.schema.validate_body(&body).map_err(Error::Invalid)?;
    match body {
        Value::Object(fields) => Ok(fields),
        _ => Err(Error::Internal("a body that is no object".into())),
    }
}

/// Fees of a dossier for its answers now.
pub(crate) fn fees_of(procedure: &Procedure, form: &Map<String, Value>, at: Timestamp) -> (u64, Option<Value>) {
    let lines = fee_lines(procedure, form, at);
    let total = lines.iter().map(|f| f.amount_vnd).fold(0, u64::saturating_add);
    (total, if lines.is_empty() { None } else { serde_json::to_value(&lines).ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_people_write_it() {
        let code = "H06.36-250701-0007";
        let kept = secret_digest(b"k", code, "01AB CDVZ90");
        assert_eq!(kept, secret_digest(b"k", code, "O1ab-cduz9o"));
        assert_ne!(kept, secret_digest(b"k", "H06.36-250701-0008", "01AB CDVZ90"), "of this dossier alone");
        assert_ne!(kept, secret_digest(b"l", code, "01AB CDVZ90"), "without the key nothing can be tried");
        let secret = new_secret().unwrap();
        assert!(secret.len() == 10 && secret != new_secret().unwrap());
    }
}
