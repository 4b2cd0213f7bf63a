//! A dossier that is brought to the counter and not received: asked back (form 02), or refused (form 03).

use jiff::civil::Date;
use rules::{
    access::{Action, Actor},
    one_stop::{Act, Case, Reason},
};
use serde_json::json;
use store::{Expect, RecordWrite};

use super::{
    Begun, CounterInput, DOSSIER, FILE, Filed, Ground, Held, PartGiven,
    acts::Extra,
    counter::{Given, Said},
    limits::bounded,
    opening::{NewDossier, fees_of, valid},
    receive::filed_before,
    reflect::reflect,
    terms,
};
use crate::{Office, error::Result};

/// What is done with a dossier that somebody brings, instead of receiving it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// Form 02.
    Ask { reasons: Vec<Reason>, until: Option<Date> },
    /// Form 03.
    Refuse { reasons: Vec<Reason> },
}

impl Instead {
    fn act(&self) -> Act {
        match self.clone() {
            Self::Ask { reasons, until } => Act::AskSupplement { reasons, until },
            Self::Refuse { reasons } => Act::NotAccept { reasons },
        }
    }
}

impl Office {
    /// Writes down a dossier that somebody brings to the counter and that is not received: what is missing is asked for (form 02), or
    /// receiving is refused (form 03). It has its code and its secret and keeps its scans; paper goes home.
    ///
    /// # Errors
    /// As [`Office::receive`], but for what is missing; `one_stop.reason_required`, `one_stop.day_past` (day); for one that comes back
    /// what [`Office::act`] refuses: a supplement is asked once.
    pub async fn turn_back(&self, actor: &Actor, input: &CounterInput, instead: &Instead) -> Result<Filed> {
        let act = &instead.act();
        bounded(act)?;
        if let Some(begun) = &input.begun {
            return self.turn_back_again(actor, input, begun, act).await;
        }
        let given = self.given(actor, input, None, Some(act)).await?;
        let Given { unit, key, away, procedure, answers, person, parts, delivery, duplicates, once, .. } = given;
        let (world, at) = (self.world(), self.now());
        let filed = Case::file(&terms(&procedure.def), input.channel, at, world.one_stop_rules(at.local_date())?);
        let ground = Ground::of(&world, &key, &filed)?;
        let next = filed.apply(act, at, &actor.account, ground.rules, ground.calendar, &ground.terms)?;
        let (fee_vnd, fees) = fees_of(&procedure, &answers, at);
        let said = Said { procedure: &procedure, answers: &answers, parts: &parts, person, fee_vnd, fees, delivery };
        let mut body = self.counter_body(actor, input, &filed, said, None)?;
        if let Some(away) = away {
            body.insert("away_unit".into(), json!(world.units.key(away).to_string()));
        }
        let ticket = self.ticket_of(actor, &key, input).await?;
        let beside = |new: &NewDossier<'_>| {
            let mut fields = new.body.clone();
            reflect(&mut fields, &next, &ground, at)?;
            let write = RecordWrite {
                register: DOSSIER.into(),
                id: new.id,
                expect: Expect::Version(new.version),
                key: Some(new.code.to_owned()),
                unit: key.clone(),
                state: next.status.id().into(),
                fields: valid(&world, fields)?,
                kind: act.kind().id().into(),
                authority: act.said(),
            };
            Ok(std::iter::once(write).chain(ticket.iter().map(|t| t.with_dossier(new.code))).collect())
        };
        let filed = self.commit_dossier(&actor.account, None, at, once, unit, &filed, &ground, &mut body, FILE, beside).await?;
        Ok(Filed { fee_vnd, duplicates, ..filed })
    }

    /// The same with one that came back: what was scanned of it this time stays with it, and the number that was called ends.
    async fn turn_back_again(&self, actor: &Actor, input: &CounterInput, begun: &Begun, act: &Act) -> Result<Filed> {
        let held = Held::of(self.dossier_for(actor, Action::Edit, &begun.id).await?)?;
        let scans: Vec<PartGiven> = input.parts.iter().filter(|p| p.sha256.is_some()).cloned().collect();
        let parts = self.parts_shown(&held.record.unit, held.text("applicant_id_number"), &scans).await?;
        let ticket = self.ticket_of(actor, &held.record.unit, input).await?;
        let extra = Extra { parts, ticket, ..Extra::default() };
        self.act_on(&actor.account, held, begun.version, act, extra, &input.once).await?;
        Ok(filed_before(&Held::of(self.dossier_for(actor, Action::Edit, &begun.id).await?)?))
    }
}
