//! Chốt số liệu: a closed period keeps its figures with the checkpoint of the ledger, beside whatever today's value is.

use jiff::civil::Date;
use rules::{
    Month, Period, Refusal,
    access::{Action, Actor},
    indicator::{Figure, Kind, figure},
    target::Window,
    units::{Attribution, Share},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Expect, RecordId, RecordWrite};

use crate::{
    Office,
    error::{Error, Result},
    world::{Source, World},
};

/// How long closing a period waits for the figures to contain what was committed before.
const CATCH_UP: std::time::Duration = std::time::Duration::from_secs(10);

use super::targets::BEGINNING;

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
    /// The figures are true for the entries before this leaf; the checkpoint holds them all.
    #[serde(default)]
    pub position: u64,
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
    pub kind: Kind,
    /// Decimal digits inside the numerators.
    pub scale: u8,
    pub num: i64,
    pub den: i64,
    pub n: i64,
    /// From the beginning of the year to the end of the period.
    #[serde(default)]
    pub year: FrozenSums,
    /// Everything up to the end of the period.
    #[serde(default)]
    pub all: FrozenSums,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FrozenSums {
    pub num: i64,
    pub den: i64,
    pub n: i64,
}

impl From<figures::Sums> for FrozenSums {
    fn from(s: figures::Sums) -> Self {
        Self { num: s.num, den: s.den, n: s.n }
    }
}

impl Freeze {
    /// The frozen sums of an indicator over the months that a window covers at the end of the period; `None` where the freeze
    /// does not hold them (a month inside a quarter, or an indicator that is not counted).
    #[must_use]
    pub fn figure(&self, world: &World, id: &str, sources: &Attribution, window: Window) -> Option<Figure> {
        let months = super::targets::months_of_window(window, self.map)?;
        let whole = self.period.months() == Some(months);
        let stock = world.reach(id, Some(months)) != Some(months);
        let pick = |f: &FrozenFigure| match window {
            _ if stock => Some(f.all),
            _ if whole => Some(FrozenSums { num: f.num, den: f.den, n: f.n }),
            Window::Year => Some(f.year),
            Window::Cumulative | Window::Latest => Some(f.all),
            Window::Month | Window::Quarter => None,
        };
        let (mut kind, mut scale) = (world.indicators.get(id)?.live()?.kind, 0);
        let mut sums = FrozenSums::default();
        for f in self.figures.iter().filter(|f| f.indicator == id) {
            let unit = world.unit_idx(&f.unit, self.map)?;
            let part = pick(f)?;
            (kind, scale) = (f.kind, f.scale);
            let share = match sources.estimated.iter().find(|(u, _)| *u == unit) {
                Some((_, share)) => *share,
                None if sources.exact.binary_search(&unit).is_ok() => Share::WHOLE,
                None => continue,
            };
            sums.num += share.of(part.num);
            sums.den += share.of(part.den);
            sums.n += share.of(part.n);
        }
        Some(figure(sums.num, sums.den, sums.n, kind, scale))
    }
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
        if !self.live().wait_for(head.size as u64, CATCH_UP).await {
            return Err(Error::refused("freeze.behind"));
        }
        let world = self.world();
        let mut figures = Vec::new();
        let position;
        {
            let engine = self.live().engine();
            position = engine.position();
            for indicator in world.indicators.values() {
                let (Source::Live { version, .. }, Some(idx)) = (&indicator.source, engine.indicator(&indicator.id)) else { continue };
                let Some((kind, scale)) = engine.kind(idx) else { continue };
                for unit in 0..world.units.len() {
                    let upto = |from| engine.sum(idx, &[unit], Some((from, to)));
                    let (sums, all) = (upto(from), upto(BEGINNING));
                    if all.n != 0 {
                        figures.push(FrozenFigure {
                            indicator: indicator.id.clone(),
                            version: *version,
                            unit: world.units.key(unit).to_string(),
                            kind,
                            scale,
                            num: sums.num,
                            den: sums.den,
                            n: sums.n,
                            year: upto(Month::new(to.year(), 1)).into(),
                            all: all.into(),
                        });
                    }
                }
            }
        }
        // Signed after the figures were read: the checkpoint holds every entry that they were counted from.
        let checkpoint = self.store().sign_checkpoint(&self.keys().signer, self.now()).await?;
        let freeze = Freeze {
            period,
            map,
            by: actor.account.clone(),
            at: self.now().to_string(),
            reason: reason.clone(),
            size: checkpoint.size,
            position,
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
