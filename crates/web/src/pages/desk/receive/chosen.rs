//! What the form is about: a unit, a procedure, and the dossier of somebody who comes back.

use std::sync::Arc;

use office::{Error, one_stop::Dossier, personal::Through};
use rules::{
    one_stop::{Channel, Status},
    procedure::Procedure,
};

use super::super::people::desk_unit;
use crate::http::{Ctx, PageError, Posted};

pub(super) struct Chosen {
    pub(super) unit: u32,
    pub(super) procedure: Arc<Procedure>,
    /// Written down at a counter before, and not received.
    pub(super) begun: Option<Dossier>,
}

impl Chosen {
    pub(super) fn key(&self, ctx: &Ctx) -> String {
        ctx.app.office.world().units.key(self.unit).to_string()
    }

    /// Such dossiers are decided elsewhere: here they can only be refused.
    pub(super) fn foreign(&self, ctx: &Ctx) -> bool {
        let (world, today) = (ctx.app.office.world(), ctx.app.office.today());
        self.begun.is_none() && !world.procedures_for(self.unit, today).iter().any(|p| p.def.code == self.procedure.def.code)
    }

    /// A new dossier of a procedure, at the reader's desk or at a unit that is named.
    pub(super) fn named(ctx: &Ctx, code: &str, unit: &str) -> Result<Self, PageError> {
        let (world, today) = (ctx.app.office.world(), ctx.app.office.today());
        let procedure = world.procedure(code, today).cloned().ok_or_else(|| ctx.fault(Error::not_found(code)))?;
        let unit = match unit {
            "" => desk_unit(ctx)?,
            text => world.unit_idx(text, today).ok_or_else(|| ctx.fault(Error::not_found(text)))?,
        };
        Ok(Self { unit, procedure, begun: None })
    }

    /// A dossier that comes back, with its own unit and the version of the procedure that it keeps.
    pub(super) async fn of_dossier(ctx: &Ctx, id: &str) -> Result<Self, PageError> {
        let office = &ctx.app.office;
        let d = office.dossier(&ctx.actor(), id, Through::Page).await.map_err(|e| ctx.fault(e))?;
        let unit = d.record.unit.parse().ok().and_then(|k| office.world().units.idx(&k));
        let unit = unit.ok_or_else(|| ctx.fault(Error::not_found(&d.record.unit)))?;
        let procedure = d.procedure.clone().ok_or_else(|| ctx.fault(Error::not_found(id)))?;
        Ok(Self { unit, procedure, begun: Some(d) })
    }

    /// As the form says.
    pub(super) async fn posted(ctx: &Ctx, posted: &Posted) -> Result<Self, PageError> {
        match posted.get("dossier") {
            "" => Self::named(ctx, posted.get("procedure"), posted.get("unit")),
            id => Self::of_dossier(ctx, id).await,
        }
    }
}

/// A dossier that was brought to a counter and waits to be received there. What was filed online is received where it is shown.
pub(in crate::pages::desk) fn comes_back(d: &Dossier) -> bool {
    d.case
        .as_ref()
        .is_some_and(|c| c.clock.is_none() && matches!(c.status, Status::Registered | Status::Supplement) && c.channel != Channel::Online)
}
