//! What a citizen sees of a dossier, and does with it: by code and secret, or by identity; never by the code alone.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rules::{
    Localized, Refusal, Timestamp,
    one_stop::{Act, ActKind, Case, Reason, Status, code::DossierCode},
    procedure::Procedure,
};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{Entry, Record, blob::BlobInfo};

use super::{
    Acted, Citizen, Contact, DOSSIER, Delivery, Ground, Held, NOTE,
    acts::Extra,
    digest,
    drafts::{room_for, same},
    files::{Origin, PartGiven, Upload, parts_of},
    filing::OF_PERSON_MAX,
    opening::secret_digest,
};
use crate::{
    Office,
    error::{Error, Result},
    signing::{digest_with, seconds},
};

/// Wrong secrets from one address within [`WINDOW_MINUTES`], for whichever dossiers; then it waits.
const TRIES_OF_CLIENT: i64 = 20;
/// And for one dossier from there.
const TRIES_OF_BOTH: i64 = 5;
/// And for one dossier from anywhere: so many that nobody is locked out of theirs by a few strangers, and few beside 2^50 secrets.
const TRIES_OF_CODE: i64 = 300;
const WINDOW_MINUTES: i64 = 15;
/// How long a pass opens a dossier.
const PASS_SECONDS: i64 = 12 * 3600;
/// Drafts that people whom nobody knows begin from one address within [`WINDOW_MINUTES`]: a hall full of people shares one.
const GUEST_DRAFTS: i64 = 60;

/// What shows that somebody may see a dossier.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'a> {
    Secret {
        code: &'a str,
        secret: &'a str,
        /// Where the request comes from, to slow down whoever guesses.
        client: &'a str,
    },
    /// What [`Office::tracking_pass`] gave whoever had shown one of the others.
    Pass {
        code: &'a str,
        token: &'a str,
    },
    Identity {
        citizen: &'a Citizen,
        code: &'a str,
    },
}

impl Proof<'_> {
    /// The name under which the ledger records what they do.
    pub(crate) fn account(&self) -> String {
        match self {
            Self::Secret { .. } | Self::Pass { .. } => super::GUEST.into(),
            Self::Identity { citizen, .. } => citizen.account(),
        }
    }
}

/// One thing that happened, as the citizen is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Happened {
    pub at: Timestamp,
    /// An act's kind, `file`, `recompute`, …
    pub what: String,
    pub text: Option<String>,
    pub due_before: Option<Timestamp>,
    pub due_after: Option<Timestamp>,
}

/// The result's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResultFile {
    pub name: String,
    pub sha256: String,
    pub number: Option<String>,
}

/// A dossier as its citizen sees it.
#[derive(Debug, Clone)]
pub struct Tracked {
    pub id: String,
    pub code: String,
    pub version: i64,
    pub procedure_code: String,
    pub procedure: Localized,
    pub unit: String,
    pub unit_name: String,
    /// How its desk is reached today.
    pub contact: Option<Contact>,
    pub status: Status,
    pub filed_at: Timestamp,
    pub received_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    /// The deadline lies in a year whose calendar is not announced.
    pub provisional: bool,
    pub case: Case,
    pub timeline: Vec<Happened>,
    /// What the citizen is asked for, and until when.
    pub asks: Vec<Reason>,
    pub until: Option<Date>,
    /// Parts that its answers ask for, while something is asked of the citizen.
    pub parts_wanted: Vec<String>,
    pub fee_vnd: u64,
    pub parts: Vec<PartGiven>,
    pub delivery: Option<Delivery>,
    pub result: Option<ResultFile>,
    pub rated: Option<u8>,
    pub may_rate: bool,
    pub may_withdraw: bool,
    pub may_supplement: bool,
}

/// Entries of a dossier that concern its citizen: not who was given it inside the office.
const TOLD: [&str; 23] = [
    "file",
    "accept",
    "not_accept",
    "ask_supplement",
    "supplement",
    "return_after_appraisal",
    "hand_over",
    "demand_payment",
    "paid",
    "apologise",
    "apologise_late",
    "suspend",
    "resume",
    "forward_to_unit",
    "return_from_unit",
    "resolve",
    "refuse",
    "return_result",
    "withdraw",
    "stop",
    "recompute",
    "delivery",
    // Whoever has the dossier learns that somebody was given its secret anew.
    super::NEW_SECRET,
];
/// Kinds whose reason was written for the citizen.
const SAID_TO_CITIZEN: [&str; 9] =
    ["not_accept", "ask_supplement", "return_after_appraisal", "apologise", "apologise_late", "suspend", "refuse", "stop", "recompute"];

/// Of a file that came in for a part of this dossier.
fn receipt(held: &Held, part: &str, sha256: &str) -> String {
    digest(&["receipt", held.text("secret_digest").unwrap_or_default(), part, sha256])
}

/// Parts that the answers of a dossier ask for.
fn wanted(held: &Held, procedure: &Procedure) -> Vec<String> {
    let none = Map::new();
    let form = held.fields.get("form").and_then(Value::as_object).unwrap_or(&none);
    procedure.parts_wanted(form, held.case.filed).into_iter().map(|p| p.id.clone()).collect()
}

fn happened(entries: &[Entry]) -> Result<Vec<Happened>> {
    let mut out = Vec::new();
    for e in entries.iter().filter(|e| TOLD.contains(&e.kind.as_str())) {
        let due = e.changes()?.remove("due_at");
        let side = |n: usize| {
            let text = due.as_ref().and_then(|pair| pair.get(n)).and_then(Value::as_str);
            text.and_then(|t| t.parse().ok())
        };
        let text = e.authority.clone().filter(|_| SAID_TO_CITIZEN.contains(&e.kind.as_str()));
        out.push(Happened { at: e.at, what: e.kind.clone(), text, due_before: side(0), due_after: side(1) });
    }
    Ok(out)
}

impl Office {
    /// Counts a draft that somebody unknown begins from an address: each may bring many files, and nobody is asked who they are.
    ///
    /// # Errors
    /// `tracking.wait` (minutes) when too many were begun from there just now.
    pub async fn guest_begins(&self, client: &str) -> Result<()> {
        let (now, window) = (self.now(), self.now().plus_micros(-WINDOW_MINUTES * 60_000_000));
        let subject = format!("draft:{client}");
        if self.store().attempts(&subject, window).await? >= GUEST_DRAFTS {
            return Err(Error::Refused(Refusal::new("tracking.wait").with("minutes", WINDOW_MINUTES)));
        }
        self.store().attempt(&subject, now, window).await?;
        Ok(())
    }

    /// The dossier that a proof opens. An unknown code and a wrong secret are told alike; wrong ones are counted.
    pub(crate) async fn proven(&self, proof: &Proof<'_>) -> Result<Held> {
        let unknown = || Error::refused("tracking.not_found");
        let (Proof::Secret { code, .. } | Proof::Pass { code, .. } | Proof::Identity { code, .. }) = proof;
        // Whatever order the groups were typed in, it is kept large first.
        let code: DossierCode = code.parse().map_err(|_| unknown())?;
        let code = code.in_order(rules::one_stop::code::Order::LargeFirst).to_string();
        match proof {
            Proof::Secret { secret, client, .. } => {
                // Who has tried too much is turned away before the dossier is counted.
                let subjects = [
                    (format!("client:{client}"), TRIES_OF_CLIENT),
                    (format!("both:{code}/{client}"), TRIES_OF_BOTH),
                    (format!("code:{code}"), TRIES_OF_CODE),
                ];
                let Some(trying) = self.begin_try(subjects, WINDOW_MINUTES).await? else {
                    return Err(Error::Refused(Refusal::new("tracking.wait").with("minutes", WINDOW_MINUTES)));
                };
                let record = self.by_code(&code).await?;
                let digest = record.as_ref().map(Record::fields).transpose()?;
                let kept = digest.as_ref().and_then(|f| f.get("secret_digest")).and_then(Value::as_str).unwrap_or_default();
                match record {
                    Some(record) if same(kept, &secret_digest(self.tracking_key(), &code, secret)) => Held::of(record),
                    _ => {
                        self.tried_wrong(&trying).await?;
                        Err(unknown())
                    }
                }
            }
            Proof::Pass { token, .. } => {
                let held = Held::of(self.by_code(&code).await?.ok_or_else(unknown)?).map_err(|_| unknown())?;
                let until = token.split_once('.').and_then(|(until, _)| until.parse().ok()).unwrap_or(0);
                let fits = seconds(self.now()) <= until && same(&self.pass_of(&held, until), token);
                if fits { Ok(held) } else { Err(unknown()) }
            }
            Proof::Identity { citizen, .. } => {
                let held = Held::of(self.by_code(&code).await?.ok_or_else(unknown)?).map_err(|_| unknown())?;
                let own = held.text("applicant_id_number").is_some_and(|n| n == citizen.id_number) && citizen.level >= 1;
                if own { Ok(held) } else { Err(unknown()) }
            }
        }
    }

    /// What opens a dossier for a while in place of its secret, which so need not lie on the citizen's phone. It says until when, is made
    /// with a key that does not lie in the database, and ends with the secret it was given for.
    ///
    /// # Errors
    /// As [`Self::track`].
    pub async fn tracking_pass(&self, proof: &Proof<'_>) -> Result<String> {
        let held = self.proven(proof).await?;
        Ok(self.pass_of(&held, seconds(self.now()) + PASS_SECONDS))
    }

    fn pass_of(&self, held: &Held, until: i64) -> String {
        let kept = held.text("secret_digest").unwrap_or_default();
        let text = format!("pass:{}:{kept}:{until}", held.code());
        format!("{until}.{}", digest_with(self.tracking_key(), text.as_bytes()))
    }

    async fn by_code(&self, code: &str) -> Result<Option<Record>> {
        match self.store().record_by_key(DOSSIER, code).await {
            Ok(r) => Ok(Some(r)),
            Err(store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    pub(crate) fn tracked(&self, held: Held, timeline: Vec<Happened>) -> Result<Tracked> {
        let world = self.world();
        let ground = Ground::of(&world, &held.record.unit, &held.case)?;
        let due = held.case.due(ground.calendar)?;
        let offers = held.case.offers(self.now(), ground.rules, ground.calendar);
        let may = |kind: ActKind| offers.iter().any(|o| o.act == kind && o.refusal.is_none());
        let number = |name: &str| held.fields.get(name).and_then(Value::as_u64);
        let rated = number("satisfaction").and_then(|n| u8::try_from(n).ok());
        let ended = held.case.end.is_some();
        let asked = held.case.asked().filter(|_| held.case.status == Status::Supplement);
        let parts = parts_of(&held.fields);
        let file = held.fields.get("result").and_then(|r| r.get("file")).and_then(Value::as_str);
        let result = file.map(|sha256| ResultFile {
            name: format!("{}.pdf", held.code()),
            sha256: sha256.to_owned(),
            number: held.fields.get("result").and_then(|r| r.get("number")).and_then(Value::as_str).map(str::to_owned),
        });
        Ok(Tracked {
            id: held.record.id.to_string(),
            code: held.code().to_owned(),
            version: held.record.version,
            procedure_code: held.case.procedure.clone(),
            procedure: ground.procedure.def.name.clone(),
            unit: held.record.unit.clone(),
            unit_name: world.unit_name(&held.record.unit, "vi").to_owned(),
            contact: world.contact(super::unit_of(&world, &held.record.unit)?, self.today()),
            status: held.case.status,
            filed_at: held.case.filed,
            received_at: held.case.clock.as_ref().map(|c| c.received),
            due_at: due.map(|d| d.value),
            provisional: due.is_some_and(|d| d.provisional),
            asks: asked.map(|r| r.reasons.clone()).unwrap_or_default(),
            parts_wanted: asked.map(|_| wanted(&held, &ground.procedure)).unwrap_or_default(),
            until: asked.and_then(|r| r.until),
            fee_vnd: number("fee_vnd").unwrap_or(0),
            parts,
            delivery: Delivery::of(&held.fields),
            result,
            rated,
            may_rate: ended && rated.is_none(),
            may_withdraw: may(ActKind::Withdraw),
            may_supplement: may(ActKind::Supplement),
            timeline,
            case: held.case,
        })
    }

    /// Where a dossier stands.
    ///
    /// # Errors
    /// `tracking.not_found`; `tracking.wait` (minutes)
    pub async fn track(&self, proof: &Proof<'_>) -> Result<Tracked> {
        let held = self.proven(proof).await?;
        let timeline = happened(&self.store().history(DOSSIER, held.record.id).await?)?;
        self.tracked(held, timeline)
    }

    /// All dossiers of a person, the newest first, without their timelines.
    ///
    /// # Errors
    /// `one_stop.identity_level` (level) for an identity that nobody vouched for.
    pub async fn my_dossiers(&self, citizen: &Citizen) -> Result<Vec<Tracked>> {
        if citizen.level < 1 {
            return Err(Error::Refused(Refusal::new("one_stop.identity_level").with("level", 1)));
        }
        let mut out = Vec::new();
        for r in self.store().of_person(DOSSIER, &citizen.id_number, OF_PERSON_MAX).await? {
            // Those of older systems have no case.
            if let Ok(held) = Held::of(r) {
                out.push(self.tracked(held, Vec::new())?);
            }
        }
        Ok(out)
    }

    /// A part or the result of the citizen's dossier.
    ///
    /// # Errors
    /// As [`Self::track`]; `not_found`
    pub async fn citizen_file(&self, proof: &Proof<'_>, sha256: &str) -> Result<(BlobInfo, Vec<u8>)> {
        let held = self.proven(proof).await?;
        self.file_of(&held, sha256).await
    }

    /// Stores a file for an answer to what was asked; it is sent with [`Self::supplement`].
    ///
    /// # Errors
    /// As [`Self::track`]; `one_stop.not_now`; `upload.…`
    pub async fn supplement_upload(&self, proof: &Proof<'_>, part: &str, upload: Upload) -> Result<PartGiven> {
        let held = self.proven(proof).await?;
        let world = self.world();
        let ground = Ground::of(&world, &held.record.unit, &held.case)?;
        held.case.permits(ActKind::Supplement, self.now(), ground.rules, ground.calendar)?;
        if ground.procedure.def.part(part).is_none() {
            return Err(Error::not_found(part));
        }
        let given = self.store_part(&proof.account(), part, upload, Origin::Upload).await?;
        let receipt = given.sha256.as_deref().map(|sha256| receipt(&held, part, sha256));
        Ok(PartGiven { receipt, ..given })
    }

    /// Answers what was asked: files that were stored, changed answers of the form, a note.
    ///
    /// # Errors
    /// As [`Self::track`]; `one_stop.…`; the form's faults; `not_found` for a file that is not stored; a stale version.
    pub async fn supplement(
        &self,
        proof: &Proof<'_>,
        version: i64,
        parts: &[PartGiven],
        answers: &Map<String, Value>,
        note: &str,
        once: &str,
    ) -> Result<Acted> {
        let held = self.proven(proof).await?;
        for given in parts {
            let Some(sha256) = &given.sha256 else { return Err(Error::not_found(&given.part)) };
            // A hash alone gives no right to a file: this one came in here.
            if !given.receipt.as_ref().is_some_and(|r| same(r, &receipt(&held, &given.part, sha256))) {
                return Err(Error::not_found(&given.part));
            }
        }
        let kept = parts.iter().map(|p| PartGiven { receipt: None, searchable: None, origin: Origin::Upload, paper: None, ..p.clone() });
        let extra = self.answered_with(&held, kept.collect(), answers, note)?;
        self.act_on(&proof.account(), held, version, &Act::Supplement, extra, once).await
    }

    /// What an answer writes beside its act.
    pub(crate) fn answered_with(&self, held: &Held, parts: Vec<PartGiven>, answers: &Map<String, Value>, note: &str) -> Result<Extra> {
        let world = self.world();
        let ground = Ground::of(&world, &held.record.unit, &held.case)?;
        let mut together = parts_of(&held.fields);
        for given in &parts {
            room_for(&together, given.size)?;
            together.push(given.clone());
        }
        let mut extra = Extra { parts, ..Extra::default() };
        let mut form = held.fields.get("form").and_then(Value::as_object).cloned().unwrap_or_default();
        if !answers.is_empty() {
            let asked: BTreeMap<&str, &Value> =
                answers.iter().filter(|(k, _)| ground.procedure.def.field(k).is_some()).map(|(k, v)| (k.as_str(), v)).collect();
            for (name, value) in asked {
                form.insert(name.to_owned(), value.clone());
            }
            let checked = ground.procedure.answers(&form, self.now());
            if !checked.faults.is_empty() {
                return Err(Error::Invalid(checked.faults));
            }
            form = checked.kept;
        }
        if let Some(note) = crate::programme::optional("note", note)? {
            // Beside the answers, where what is personal stays.
            form.insert(NOTE.into(), Value::String(note));
        }
        extra.fields.insert("form".into(), Value::Object(form));
        Ok(extra)
    }

    /// The citizen takes the dossier back.
    ///
    /// # Errors
    /// As [`Self::track`]; `one_stop.…`; a stale version.
    pub async fn withdraw(&self, proof: &Proof<'_>, version: i64, reason: &str) -> Result<Acted> {
        let held = self.proven(proof).await?;
        self.act_on(&proof.account(), held, version, &Act::Withdraw { reason: reason.to_owned() }, Extra::default(), "").await
    }

    pub(crate) async fn proven_for_rating(&self, proof: &Proof<'_>) -> Result<(Held, String)> {
        Ok((self.proven(proof).await?, proof.account()))
    }
}
