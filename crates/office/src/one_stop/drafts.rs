//! Drafts: a form that waits for its person, with uploads that are acknowledged.

use jiff::civil::Date;
use rules::{
    Refusal,
    access::{Action, Actor},
    procedure::{self, Procedure},
};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::Arc};
use store::{Expect, Record, RecordId, RecordWrite, blob::BlobInfo};

use super::{
    Citizen, DRAFT, Delivery, PAPER, codes, delivery,
    files::{Acknowledged, FILES_MAX, Origin, PartGiven, ReusablePaper, Upload, parts_of},
    filing::{OF_PERSON_MAX, offered},
    no_procedure,
};
use crate::{
    Office,
    error::{Error, Result},
    people::token_of,
    world::World,
};

/// Answers of a draft as one JSON text, at most.
const FORM_MAX: usize = 100_000;
/// Megabytes of one draft's files: what a person photographs for a dossier, ten times over.
const DRAFT_MAX_MB: i64 = 100;
/// Open drafts of one person.
const DRAFTS_MAX: usize = 20;
/// Letters of a guest's code: the first find the draft (they are its key), the whole opens it (120 bits).
const HANDLE: usize = 10;
const CODE: usize = 24;
/// What of a draft is of its person: gone once it is given up, or past its day.
pub(crate) const PERSONAL: [&str; 4] = ["form", "owner_id_number", "owner_name", delivery::ADDRESS];

/// Who fills in a form.
#[derive(Debug, Clone, Copy)]
pub enum Filer<'a> {
    /// Somebody who did not sign in; has the draft by its secret.
    Guest,
    Citizen(&'a Citizen),
    /// The counter, or the community team, on behalf of somebody.
    Officer(&'a Actor),
}

impl Filer<'_> {
    pub(crate) fn account(&self) -> String {
        match self {
            Self::Guest => super::GUEST.into(),
            Self::Citizen(c) => c.account(),
            Self::Officer(a) => a.account.clone(),
        }
    }
}

/// What opens a draft again: its identity, and its secret where its person did not sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftKey {
    pub id: String,
    pub secret: String,
}

/// A form and its papers before they are filed.
#[derive(Debug, Clone)]
pub struct Draft {
    pub id: String,
    pub version: i64,
    pub procedure_code: String,
    pub procedure_from: Date,
    pub unit: String,
    /// The page that was answered last.
    pub page: Option<String>,
    pub form: Map<String, Value>,
    pub parts: Vec<PartGiven>,
    /// How its person wants the result; nothing while they have not said.
    pub delivery: Option<Delivery>,
    pub expires_on: Date,
    pub away_unit: Option<String>,
    pub filed_by: Option<String>,
    /// Code of the dossier that it became.
    pub dossier: Option<String>,
    pub procedure: Arc<Procedure>,
}

/// The procedure as it may be filed with a unit on a day; `away` decides where the unit only receives.
pub(crate) fn fileable(world: &World, who: &Filer<'_>, procedure: &str, unit: u32, away: Option<u32>, day: Date) -> Result<Arc<Procedure>> {
    for idx in std::iter::once(unit).chain(away) {
        if !world.units.unit(idx).is_valid_on(day) {
            return Err(Error::Refused(Refusal::new("unit.closed").with("unit", world.units.key(idx)).with("day", day)));
        }
    }
    let p = offered(world, procedure, away.unwrap_or(unit), day)?;
    if !matches!(who, Filer::Officer(_)) && p.def.online == procedure::Online::None {
        return Err(Error::Refused(Refusal::new("one_stop.not_online").with("name", &p.def.name.vi)));
    }
    Ok(p)
}

/// Bytes that were brought for a draft.
fn brought(parts: &[PartGiven]) -> i64 {
    parts.iter().filter(|p| p.origin != Origin::Reused).map(|p| p.size).sum()
}

/// Whether so many files of that size, and `more` bytes, are taken at one time.
pub(crate) fn room_for(parts: &[PartGiven], more: i64) -> Result<()> {
    if parts.len() >= FILES_MAX {
        return Err(Error::Refused(Refusal::new("upload.too_many").with("max", FILES_MAX)));
    }
    if brought(parts).saturating_add(more) > DRAFT_MAX_MB * 1024 * 1024 {
        return Err(Error::Refused(Refusal::new("upload.draft_full").with("max", DRAFT_MAX_MB)));
    }
    Ok(())
}

impl Office {
    /// The draft's record, for whoever has the right to it. A wrong secret and a draft that is not there are told alike.
    async fn draft_record(&self, who: &Filer<'_>, key: &DraftKey) -> Result<(Record, Map<String, Value>)> {
        let gone = || Error::not_found("draft");
        let id: RecordId = key.id.parse().map_err(|_| gone())?;
        let record = match self.store().record(DRAFT, id).await {
            Ok(r) => r,
            Err(store::Error::NotFound { .. }) => return Err(gone()),
            Err(e) => return Err(e.into()),
        };
        let fields = record.fields()?;
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        // What has an owner is the owner's alone: whoever signs out leaves it closed, whatever the browser still holds.
        let owned = !text("owner_id_number").is_empty() && text("filed_by").is_empty();
        let by_secret = !owned && !key.secret.is_empty() && same(text("secret_digest"), &token_of(&key.secret));
        let own = match who {
            Filer::Guest => false,
            Filer::Citizen(c) => {
                !text("owner_id_number").is_empty() && text("owner_id_number") == c.id_number && text("filed_by").is_empty()
            }
            Filer::Officer(a) => text("filed_by") == a.account && self.may(a, Action::Edit, DRAFT, &record.unit).is_ok(),
        };
        let until = text("expires_on").parse::<Date>().ok();
        if record.state == "expired" || (record.state == "open" && until.is_some_and(|day| day < self.today())) {
            // Said to its owner alone.
            return Err(if by_secret || own { Error::refused("draft.expired") } else { gone() });
        }
        if by_secret || own { Ok((record, fields)) } else { Err(gone()) }
    }

    pub(crate) fn draft_view(&self, record: &Record, fields: &Map<String, Value>) -> Result<Draft> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let date = |name: &str| text(name).and_then(|d| d.parse::<Date>().ok());
        let (procedure_code, procedure_from) = (text("procedure_code").unwrap_or_default(), date("procedure_from").unwrap_or(Date::MIN));
        let world = self.world();
        let procedure = world.procedure_version(&procedure_code, procedure_from).cloned().ok_or_else(|| no_procedure(&procedure_code))?;
        Ok(Draft {
            id: record.id.to_string(),
            version: record.version,
            procedure_code,
            procedure_from,
            unit: record.unit.clone(),
            page: text("page"),
            form: fields.get("form").and_then(Value::as_object).cloned().unwrap_or_default(),
            parts: parts_of(fields),
            delivery: Delivery::of(fields),
            expires_on: date("expires_on").unwrap_or(Date::MAX),
            away_unit: text("away_unit"),
            filed_by: text("filed_by"),
            dossier: text("dossier"),
            procedure,
        })
    }

    /// The last day on which a draft that is changed now is kept.
    fn expiry(&self) -> Result<Value> {
        let days = self.world().one_stop_rules(self.today())?.draft_days;
        Ok(json!(self.now().plus_days(i64::from(days)).local_date()))
    }

    /// Begins a draft, filled in from what is known of its person.
    ///
    /// # Errors
    /// `access.…` for an officer; `one_stop.no_procedure`; `one_stop.not_offered`; `one_stop.not_online`; `unit.closed`;
    /// `draft.too_many`.
    pub async fn open_draft(&self, who: &Filer<'_>, procedure: &str, unit: &str, away_unit: Option<&str>) -> Result<(Draft, DraftKey)> {
        let (world, day) = (self.world(), self.today());
        let idx = world.unit_idx(unit.trim(), day).ok_or_else(|| Error::not_found(unit))?;
        let unit = world.units.key(idx).to_string();
        if let Filer::Officer(actor) = who {
            self.may(actor, Action::Edit, DRAFT, &unit)?;
        }
        let away = away_unit.filter(|a| !a.is_empty()).map(|a| world.unit_idx(a, day).ok_or_else(|| Error::not_found(a))).transpose()?;
        let p = fileable(&world, who, procedure, idx, away, day)?;
        if let Filer::Citizen(c) = who
            && self.drafts_of(c).await?.len() >= DRAFTS_MAX
        {
            return Err(Error::Refused(Refusal::new("draft.too_many").with("max", DRAFTS_MAX)));
        }
        let secret = codes::random::<CODE>()?;
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("procedure_code", json!(p.def.code));
        put("procedure_from", json!(p.def.valid_from));
        put("secret_digest", json!(token_of(&secret)));
        put("parts", json!([]));
        put("expires_on", self.expiry()?);
        if let Some(away) = away {
            put("away_unit", json!(world.units.key(away).to_string()));
        }
        let mut form = Map::new();
        match who {
            Filer::Citizen(c) => {
                put("owner_id_number", json!(c.id_number));
                put("owner_name", json!(c.name));
                put("identity_level", json!(c.level));
                form = p.prefill(&c.identity(), &self.data_of_papers(&c.id_number).await?);
            }
            Filer::Officer(a) => {
                put("filed_by", json!(a.account));
            }
            Filer::Guest => {}
        }
        put("form", Value::Object(form));
        let id = RecordId::new();
        let write = RecordWrite {
            register: DRAFT.into(),
            id,
            expect: Expect::New,
            key: Some(secret[..HANDLE].to_owned()),
            unit,
            state: "open".into(),
            fields: fields.clone(),
            kind: "create".into(),
            authority: None,
        };
        self.commit_act(&who.account(), None, self.now(), None, vec![write]).await?;
        let record = self.store().record(DRAFT, id).await?;
        Ok((self.draft_view(&record, &fields)?, DraftKey { id: id.to_string(), secret }))
    }

    /// Data of a person's papers by kind, for prefilling; the newest of each kind.
    async fn data_of_papers(&self, id_number: &str) -> Result<BTreeMap<String, Map<String, Value>>> {
        let mut out = BTreeMap::new();
        for r in self.store().of_person(PAPER, id_number, OF_PERSON_MAX).await?.into_iter().filter(|r| r.state == "valid") {
            let fields = r.fields()?;
            let (kind, data) = (fields.get("kind").and_then(Value::as_str), fields.get("data").and_then(Value::as_object));
            if let (Some(kind), Some(data)) = (kind, data) {
                out.entry(kind.to_owned()).or_insert_with(|| data.clone());
            }
        }
        Ok(out)
    }

    /// The draft as it stands.
    ///
    /// # Errors
    /// `not_found`
    pub async fn draft(&self, who: &Filer<'_>, key: &DraftKey) -> Result<Draft> {
        let (record, fields) = self.draft_record(who, key).await?;
        self.draft_view(&record, &fields)
    }

    /// The draft of a guest's code, as the guest typed it.
    ///
    /// # Errors
    /// `not_found`
    pub async fn draft_by_code(&self, who: &Filer<'_>, typed: &str) -> Result<DraftKey> {
        let gone = || Error::not_found("draft");
        let secret = codes::as_given(typed);
        let handle = secret.get(..HANDLE).filter(|_| secret.len() == CODE).ok_or_else(gone)?;
        let record = match self.store().record_by_key(DRAFT, handle).await {
            Ok(record) => record,
            Err(store::Error::NotFound { .. }) => return Err(gone()),
            Err(e) => return Err(e.into()),
        };
        let key = DraftKey { id: record.id.to_string(), secret };
        self.draft_record(who, &key).await?;
        Ok(key)
    }

    /// The open drafts of a person, the newest first.
    pub async fn drafts_of(&self, citizen: &Citizen) -> Result<Vec<Draft>> {
        let mut out = Vec::new();
        for r in self.store().of_person(DRAFT, &citizen.id_number, OF_PERSON_MAX).await?.into_iter().filter(|r| r.state == "open") {
            let fields = r.fields()?;
            let draft = self.draft_view(&r, &fields)?;
            if draft.filed_by.is_none() && self.today() <= draft.expires_on {
                out.push(draft);
            }
        }
        Ok(out)
    }

    /// A draft that may still be changed, in the version that was seen.
    pub(crate) async fn open_draft_record(
        &self,
        who: &Filer<'_>,
        key: &DraftKey,
        version: Option<i64>,
    ) -> Result<(Record, Map<String, Value>)> {
        let (record, fields) = self.draft_record(who, key).await?;
        if record.state != "open" {
            let code = fields.get("dossier").and_then(Value::as_str).unwrap_or_default();
            return Err(Error::Refused(Refusal::new("draft.closed").with("code", code)));
        }
        if version.is_some_and(|v| v != record.version) {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(record) }));
        }
        Ok((record, fields))
    }

    pub(crate) async fn change_draft(&self, who: &Filer<'_>, old: &Record, mut fields: Map<String, Value>, kind: &str) -> Result<Draft> {
        fields.insert("expires_on".into(), self.expiry()?);
        // A guest who has signed in meanwhile goes on as its owner.
        if let Filer::Citizen(c) = who
            && !fields.contains_key("filed_by")
        {
            fields.insert("owner_id_number".into(), json!(c.id_number));
            fields.insert("owner_name".into(), json!(c.name));
            fields.insert("identity_level".into(), json!(c.level));
        }
        let write = draft_write(old, "open", fields.clone(), kind);
        let outcome = self.commit_act(&who.account(), None, self.now(), None, vec![write]).await?;
        let version = outcome.written.first().map_or(old.version, |w| w.version);
        let mut now = old.clone();
        now.version = version;
        self.draft_view(&now, &fields)
    }

    /// Keeps the answers of a page as they were typed, also when they are wrong: nobody types them twice.
    ///
    /// # Errors
    /// `not_found`; `draft.closed`; `input.too_long`; a stale version.
    pub async fn save_draft(
        &self,
        who: &Filer<'_>,
        key: &DraftKey,
        version: i64,
        page: &str,
        answers: &Map<String, Value>,
    ) -> Result<Draft> {
        let (record, mut fields) = self.open_draft_record(who, key, Some(version)).await?;
        let draft = self.draft_view(&record, &fields)?;
        let mut form = draft.form;
        for (name, value) in answers {
            if value.is_null() {
                form.remove(name);
            } else if draft.procedure.def.field(name).is_some() {
                form.insert(name.clone(), value.clone());
            }
        }
        let form = Value::Object(form);
        if form.to_string().len() > FORM_MAX {
            return Err(Error::Refused(Refusal::new("input.too_long").with("field", "form").with("max", FORM_MAX)));
        }
        fields.insert("form".into(), form);
        if draft.procedure.def.pages.iter().any(|p| p.id == page) {
            fields.insert("page".into(), json!(page));
        }
        self.change_draft(who, &record, fields, "save").await
    }

    /// Stores a file for a part and acknowledges it with its SHA-256.
    ///
    /// # Errors
    /// `not_found`; `draft.closed`; `upload.…`
    pub async fn add_upload(&self, who: &Filer<'_>, key: &DraftKey, part: &str, upload: Upload) -> Result<Acknowledged> {
        let (record, fields) = self.open_draft_record(who, key, None).await?;
        let draft = self.draft_view(&record, &fields)?;
        if draft.procedure.def.part(part).is_none() {
            return Err(Error::not_found(part));
        }
        room_for(&draft.parts, i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX))?;
        let given = self.store_part(&who.account(), part, upload, Origin::Upload).await?;
        let sha256 = given.sha256.clone().unwrap_or_default();
        let said = |version| Acknowledged { sha256: sha256.clone(), size: given.size, name: given.name.clone(), at: given.at, version };
        // Several files may come at once: each is added to whatever is there by then.
        for _ in 0..8 {
            let (record, mut fields) = self.open_draft_record(who, key, None).await?;
            let mut parts = parts_of(&fields);
            if parts.iter().any(|p| p.part == part && p.sha256 == given.sha256) {
                return Ok(said(record.version));
            }
            room_for(&parts, given.size)?;
            parts.push(given.clone());
            fields.insert("parts".into(), serde_json::to_value(&parts)?);
            match self.change_draft(who, &record, fields, "upload").await {
                Ok(draft) => return Ok(said(draft.version)),
                Err(e) if e.code() == "version.conflict" => {}
                Err(e) => return Err(e),
            }
        }
        Err(Error::Store(store::Error::Busy))
    }

    /// Takes a file out of the draft.
    ///
    /// # Errors
    /// `not_found`; `draft.closed`; a stale version.
    pub async fn drop_upload(&self, who: &Filer<'_>, key: &DraftKey, version: i64, part: &str, sha256: &str) -> Result<Draft> {
        let (record, mut fields) = self.open_draft_record(who, key, Some(version)).await?;
        let mut parts = parts_of(&fields);
        parts.retain(|p| !(p.part == part && p.sha256.as_deref() == Some(sha256)));
        fields.insert("parts".into(), serde_json::to_value(&parts)?);
        self.change_draft(who, &record, fields, "drop_upload").await
    }

    /// A file of the draft.
    ///
    /// # Errors
    /// `not_found`
    pub async fn draft_file(&self, who: &Filer<'_>, key: &DraftKey, sha256: &str) -> Result<(BlobInfo, Vec<u8>)> {
        let (_, fields) = self.draft_record(who, key).await?;
        self.part_file(&parts_of(&fields), sha256).await
    }

    /// Papers of the person that can take the place of an upload of this kind.
    pub async fn reusable_papers(&self, citizen: &Citizen, kind: &str) -> Result<Vec<ReusablePaper>> {
        self.papers_of(&citizen.id_number, Some(kind)).await
    }

    /// Uses an electronic paper of the draft's person for a part, instead of an upload.
    ///
    /// # Errors
    /// `not_found` for a paper that is another person's, not good any more or of another kind than the part takes; `draft.closed`; a
    /// stale version.
    pub async fn reuse_paper(&self, who: &Filer<'_>, key: &DraftKey, version: i64, part: &str, paper: &str) -> Result<Draft> {
        let (record, mut fields) = self.open_draft_record(who, key, Some(version)).await?;
        let draft = self.draft_view(&record, &fields)?;
        let kind = draft.procedure.def.part(part).and_then(|p| p.reuse.clone()).ok_or_else(|| Error::not_found(part))?;
        let owner = match who {
            Filer::Citizen(c) => c.id_number.clone(),
            // A guest shows nothing that says whose papers these are.
            _ => return Err(Error::not_found(paper)),
        };
        let papers = self.papers_of(&owner, Some(&kind)).await?;
        let found = papers.into_iter().find(|p| p.id == paper).ok_or_else(|| Error::not_found(paper))?;
        let mut parts = parts_of(&fields);
        parts.retain(|p| p.part != part);
        parts.push(self.reused_part(part, &found).await?);
        fields.insert("parts".into(), serde_json::to_value(&parts)?);
        self.change_draft(who, &record, fields, "reuse").await
    }

    pub(crate) async fn reused_part(&self, part: &str, paper: &ReusablePaper) -> Result<PartGiven> {
        let info = self.store().blob_info(&paper.sha256).await?;
        Ok(PartGiven {
            part: part.to_owned(),
            name: info.name,
            sha256: Some(info.sha256),
            size: info.size,
            media_type: info.media_type,
            at: self.now(),
            origin: Origin::Reused,
            paper: Some(paper.id.clone()),
            copies: 1,
            searchable: None,
            receipt: None,
        })
    }

    /// Gives the draft up.
    ///
    /// # Errors
    /// `not_found`; `draft.closed`; a stale version.
    pub async fn drop_draft(&self, who: &Filer<'_>, key: &DraftKey, version: i64) -> Result<()> {
        let (record, mut fields) = self.open_draft_record(who, key, Some(version)).await?;
        for personal in PERSONAL {
            fields.remove(personal);
        }
        fields.insert("parts".into(), json!([]));
        self.commit_act(&who.account(), None, self.now(), None, vec![draft_write(&record, "dropped", fields, "drop")]).await?;
        Ok(())
    }
}

pub(crate) fn draft_write(old: &Record, state: &str, fields: Map<String, Value>, kind: &str) -> RecordWrite {
    RecordWrite {
        register: DRAFT.into(),
        id: old.id,
        expect: Expect::Version(old.version),
        key: old.key.clone(),
        unit: old.unit.clone(),
        state: state.into(),
        fields,
        kind: kind.into(),
        authority: None,
    }
}

/// Compares digests without saying by its time how much of them agrees.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && !a.is_empty() && a.bytes().zip(b.bytes()).fold(0_u8, |d, (x, y)| d | (x ^ y)) == 0
}
