//! Chốt số liệu: a closed period keeps its figures with the checkpoint of the ledger, beside whatever today's value is.

use jiff::civil::Date;
use rules::{
    Period, Refusal,
    access::{Action, Actor},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Expect, RecordId, RecordWrite};

use crate::{
    Office,
    error::{Error, Result},
    world::Source,
};

pub const PERIOD_FREEZE: &str = "period_freeze";

/// Figures of one period as they were when it was closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Freeze {
    pub period: Period,
    /// Map on which the units are drawn.
    pub map: Date,
    pub by: String,
    pub at: String,
    pub reason: String,
    /// Leaf index, root and signed note of the ledger at that moment.
    pub size: i64,
    pub root: String,
    pub note: String,
    pub figures: Vec<FrozenFigure>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenFigure {
    pub indicator: String,
    /// Definition version it was counted by.
    pub version: i64,
    pub unit: String,
    pub num: i64,
    pub den: i64,
    pub n: i64,
}

impl Office {
    /// Closes a period that is over: every live figure of every unit is kept with a signed checkpoint.
    pub async fn freeze(&self, actor: &Actor, period: Period, reason: &str) -> Result<Freeze> {
        let root = self.root_text();
        self.may(actor, Action::Freeze, PERIOD_FREEZE, &root).or_else(|_| self.may_all(actor, Action::Freeze))?;
        let reason = super::required("reason", reason)?;
        let Some((from, to)) = period.months() else { return Err(Error::refused("freeze.all")) };
        let map = to.last_day();
        if map >= self.today() {
            return Err(Error::Refused(Refusal::new("freeze.not_over").with("period", period)));
        }
        if self.frozen(period).await?.is_some() {
            return Err(Error::Refused(Refusal::new("freeze.twice").with("period", period)));
        }
        self.store().settle().await?;
        let head = self.store().head().await?;
        self.live().wait_for(head.size as u64, std::time::Duration::from_secs(10)).await;
        let checkpoint = self.store().sign_checkpoint(&self.keys().signer, self.now()).await?;
        let world = self.world();
        let mut figures = Vec::new();
        {
            let engine = self.live().engine();
            for indicator in world.indicators.values() {
                let (Source::Live { version, .. }, Some(idx)) = (&indicator.source, engine.indicator(&indicator.id)) else { continue };
                for unit in 0..world.units.len() {
                    let sums = engine.sum(idx, &[unit], Some((from, to)));
                    if sums.n != 0 {
                        figures.push(FrozenFigure {
                            indicator: indicator.id.clone(),
                            version: *version,
                            unit: world.units.key(unit).to_string(),
                            num: sums.num,
                            den: sums.den,
                            n: sums.n,
                        });
                    }
                }
            }
        }
        let freeze = Freeze {
            period,
            map,
            by: actor.account.clone(),
            at: self.now().to_string(),
            reason: reason.clone(),
            size: checkpoint.size,
            root: checkpoint.root,
            note: checkpoint.note,
            figures,
        };
        let Value::Object(fields) = serde_json::to_value(&freeze)? else { return Err(Error::Internal("freeze".into())) };
        let write = RecordWrite {
            register: PERIOD_FREEZE.into(),
            id: RecordId::new(),
            expect: Expect::New,
            key: Some(period.to_string()),
            unit: root,
            state: "frozen".into(),
            fields,
            kind: "freeze".into(),
            authority: Some(reason),
        };
        self.store().commit(self.command(actor, vec![write])).await?;
        Ok(freeze)
    }

    fn may_all(&self, actor: &Actor, action: Action) -> Result<()> {
        let world = self.world();
        let root = world.root_on(self.today()).and_then(|k| world.units.idx(k));
        Ok(rules::access::decide(actor, action, None, root, &world.units)?)
    }

    /// The frozen figures of a period, if it was closed.
    pub async fn frozen(&self, period: Period) -> Result<Option<Freeze>> {
        match self.store().record_by_key(PERIOD_FREEZE, &period.to_string()).await {
            Ok(r) => Ok(Some(r.view()?)),
            Err(store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }
}
