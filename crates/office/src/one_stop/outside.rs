//! What another system does with dossiers: files them for their citizens, answers what was asked, reads where they stand.
//!
//! It acts under an account with a grant, like an officer; the ledger names it, and says that it acts on behalf of the applicant.

use rules::{
    Refusal,
    access::{Action, Actor},
    one_stop::{Act, Case, Channel},
};
use serde_json::{Map, Value, json};
use store::{Record, RecordWrite, blob::BlobInfo};

use super::{
    Acted, CounterInput, Filed, Ground, Held, PartGiven, Tracked,
    counter::Given,
    opening::{NewDossier, fees_of},
    terms,
};
use crate::{
    Office,
    error::{Error, Result},
};

impl Office {
    /// Files a dossier that another system took in online: it waits for the desk to accept it.
    ///
    /// # Errors
    /// As [`Office::receive`]; `one_stop.not_online` (name); `one_stop.identity_level` (level) where the procedure demands an identity
    /// that the system does not vouch for.
    pub async fn file_for(&self, actor: &Actor, input: &CounterInput) -> Result<Filed> {
        let input = &CounterInput { channel: Channel::Online, ..input.clone() };
        let Given { unit, key, away, procedure, answers, person, parts, delivery, duplicates, once, .. } =
            self.given(actor, input, None, None).await?;
        if procedure.def.online == rules::procedure::Online::None {
            return Err(Error::Refused(Refusal::new("one_stop.not_online").with("name", &procedure.def.name.vi)));
        }
        if procedure.def.identity > 0 && !input.identified {
            return Err(Error::Refused(Refusal::new("one_stop.identity_level").with("level", procedure.def.identity)));
        }
        let (world, at) = (self.world(), self.now());
        let rules = world.one_stop_rules(at.local_date())?;
        let case = Case::file(&terms(&procedure.def), Channel::Online, at, rules);
        let ground = Ground::of(&world, &key, &case)?;
        let (fee_vnd, fees) = fees_of(&procedure, &answers, at);
        let mut body = self.new_dossier(&procedure, &case, &answers, &parts, person, fee_vnd)?;
        body.insert("identified".into(), json!(input.identified));
        body.insert("identity_level".into(), json!(if input.identified { procedure.def.identity.max(1) } else { 0 }));
        body.insert("filed_by".into(), json!(actor.account));
        if let Some(fees) = fees {
            body.insert("fees".into(), fees);
        }
        if let Some(delivery) = delivery {
            delivery.write(&mut body);
        }
        if let Some(away) = away {
            body.insert("away_unit".into(), json!(world.units.key(away).to_string()));
        }
        let on_behalf = Some("applicant".to_owned());
        let beside = |_: &NewDossier<'_>| Ok(Vec::<RecordWrite>::new());
        let filed = self.commit_dossier(&actor.account, on_behalf, at, once, unit, &case, &ground, &mut body, super::FILE, beside).await?;
        Ok(Filed { answer_by: case.answer_by(rules, ground.calendar)?, fee_vnd, duplicates, ..filed })
    }

    async fn seen_dossier(&self, actor: &Actor, id: &str) -> Result<Record> {
        self.dossier_for(actor, Action::View, id).await
    }

    /// Where a dossier stands, without anything personal; what was asked of the citizen in words only for whoever reads the dossier.
    ///
    /// # Errors
    /// `access.…`; `not_found`; `one_stop.no_case` (code) for one of an older system.
    pub async fn dossier_status(&self, actor: &Actor, id: &str) -> Result<Tracked> {
        let held = Held::of(self.seen_dossier(actor, id).await?)?;
        let reads = self.reads_written(actor, &held.record)?;
        let mut tracked = self.tracked(held, Vec::new())?;
        if !reads {
            tracked.asks.iter_mut().for_each(|asked| asked.text.clear());
        }
        Ok(tracked)
    }

    /// Answers, for the citizen, what was asked.
    ///
    /// # Errors
    /// `access.…`; `not_found`; a stale version; `one_stop.…`; `upload.foreign` (part); the form's faults.
    #[expect(clippy::too_many_arguments, reason = "one answer in all its parts")]
    pub async fn supplement_for(
        &self,
        actor: &Actor,
        id: &str,
        version: i64,
        parts: &[PartGiven],
        answers: &Map<String, Value>,
        note: &str,
        once: &str,
    ) -> Result<Acted> {
        let held = Held::of(self.dossier_for(actor, Action::Edit, id).await?)?;
        let parts = self.parts_shown(&held.record.unit, held.text("applicant_id_number"), parts).await?;
        let extra = self.answered_with(&held, parts, answers, note)?;
        self.act_on(&actor.account, held, version, &Act::Supplement, extra, once).await
    }

    /// The result's file.
    ///
    /// # Errors
    /// `access.…`; `not_found` where there is none.
    pub async fn result_for(&self, actor: &Actor, id: &str) -> Result<(BlobInfo, Vec<u8>)> {
        let tracked = self.dossier_status(actor, id).await?;
        let result = tracked.result.ok_or_else(|| Error::not_found("result"))?;
        self.dossier_file(actor, &tracked.id, &result.sha256).await
    }
}
