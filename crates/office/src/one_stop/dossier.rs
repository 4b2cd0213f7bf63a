//! One dossier on an officer's screen, with everything that may be done to it and until when.

use std::sync::Arc;

use rules::{
    Timestamp,
    access::{Action, Actor},
    calendar::Answer,
    one_stop::{ActKind, Case, Offer, waiting},
    procedure::Procedure,
};
use serde_json::{Map, Value};
use store::Record;

use super::{
    DOSSIER, Delivery, Elsewhere, Ground, Held,
    acts::{action_of, before_signing, named_step},
    files::{PartGiven, parts_of},
};
use crate::{Office, error::Result, personal::Through};

/// A dossier with its case; without one where it came from an older system.
#[derive(Debug, Clone)]
pub struct Dossier {
    pub record: Record,
    pub fields: Map<String, Value>,
    /// Personal fields may be shown; this look is in the ledger.
    pub clear: bool,
    /// What the reader has to do with it at other units than its own.
    pub elsewhere: Elsewhere,
    pub case: Option<Case>,
    pub procedure: Option<Arc<Procedure>>,
    /// What this officer may do: acts that the state allows, each with the rule that stands against it, if one does.
    pub offers: Vec<Offer>,
    pub due: Option<Answer<Timestamp>>,
    pub hand_over_by: Option<Timestamp>,
    pub answer_by: Option<Timestamp>,
    pub return_by: Option<Timestamp>,
    pub apology_by: Option<Timestamp>,
    pub parts: Vec<PartGiven>,
    /// How the result is wanted, where that was asked. The address is personal.
    pub delivery: Option<Delivery>,
    /// 1.0 is the whole term.
    pub share_used: Option<f64>,
    /// How the citizen was served, in their own words.
    pub rated: Option<Rated>,
}

/// What a citizen said after the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// 1–5
    pub stars: u64,
    /// 0–2: poor, acceptable, good.
    pub attitude: Option<u64>,
    /// Further agencies they had to go to.
    pub agencies: Option<u64>,
    /// For those who work on the dossier or decide it.
    pub note: Option<String>,
}

impl Office {
    /// Opens a dossier by code or identity.
    ///
    /// # Errors
    /// `access.…`; `not_found`
    pub async fn dossier(&self, actor: &Actor, id: &str, through: Through) -> Result<Dossier> {
        let (opened, elsewhere) = self.open_dossier(actor, id, through).await?;
        let fields = opened.record.fields()?;
        let (parts, delivery) = (parts_of(&fields), Delivery::of(&fields));
        let mut out = Dossier {
            record: opened.record.clone(),
            fields,
            clear: opened.clear,
            elsewhere,
            case: None,
            procedure: None,
            offers: Vec::new(),
            due: None,
            hand_over_by: None,
            answer_by: None,
            return_by: None,
            apology_by: None,
            parts,
            delivery,
            share_used: None,
            rated: None,
        };
        out.rated = rated(&out);
        let Ok(held) = Held::of(opened.record) else { return Ok(out) };
        let (world, now) = (self.world(), self.now());
        let ground = Ground::of(&world, &held.record.unit, &held.case)?;
        let (case, rules, calendar) = (&held.case, ground.rules, ground.calendar);
        out.offers = case.offers(now, rules, calendar);
        // Money is booked where its demand stands.
        out.offers.retain(|o| o.act != ActKind::Paid);
        for offer in out.offers.iter_mut().filter(|o| o.act == ActKind::Resolve && o.refusal.is_none()) {
            offer.refusal = case.at_decision(rules, &ground.terms).err().map(|r| named_step(r, &ground.procedure.def));
        }
        let own = |o: &Offer| self.may(actor, action_of(o.act), DOSSIER, &held.record.unit).is_ok();
        let decides = self.may(actor, Action::Decide, DOSSIER, &held.record.unit).is_ok();
        let back = decides && !before_signing(case, &ground.procedure.def).is_empty();
        out.offers.retain(|o| own(o) || out.elsewhere.allows(o.act) || o.act == ActKind::HandOver && back);
        out.due = case.due(calendar)?;
        let open = case.end.is_none();
        out.hand_over_by = case.hand_over_by(rules, calendar)?.filter(|_| open && !case.handed_over());
        out.answer_by = case.answer_by(rules, calendar)?;
        out.return_by = case.return_by(rules, calendar)?.filter(|_| open && case.requests.is_empty());
        out.apology_by = case.apology_by(rules, calendar)?.filter(|_| open && case.apologies.is_empty());
        out.share_used = waiting::used(case, now, calendar)?.map(waiting::Used::share);
        out.procedure = Some(ground.procedure);
        out.case = Some(held.case);
        Ok(out)
    }
}

fn rated(d: &Dossier) -> Option<Rated> {
    let number = |name: &str| d.fields.get(name).and_then(Value::as_u64);
    let note = d.fields.get("rating_note").and_then(Value::as_str).filter(|_| d.clear).map(str::to_owned);
    Some(Rated { stars: number("satisfaction")?, attitude: number("attitude"), agencies: number("agencies_contacted"), note })
}
