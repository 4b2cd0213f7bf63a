//! Figures that are typed in or published: read as written, handed in, approved by the level above; contradictions are kept.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rules::{
    Period, Refusal,
    access::{Action, Actor, decide_from_above, decide_second_person},
    number::{self, Measure},
    pack::FigureDef,
    units::UnitKey,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{Expect, Record, RecordId, RecordWrite};

use super::{FIGURE, Next, optional, required, text_at};
use crate::{
    Office, Once,
    error::{Error, Result},
    world::{Indicator, Source},
};

/// A reported figure with its place in the store.
#[derive(Debug, Clone)]
pub struct ReportedFigure {
    pub record: Record,
    pub def: FigureDef,
    pub extra: Extra,
}

/// What people did with a figure after it was entered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Extra {
    pub submitted_by: Option<String>,
    pub approved_by: Option<String>,
    pub returned_reason: Option<String>,
    /// Chosen among contradicting figures, with a reason.
    pub decided_reason: Option<String>,
    pub decided_by: Option<String>,
    /// Left aside by that choice; kept, with its source.
    pub set_aside: bool,
    pub evidence: Vec<String>,
}

impl ReportedFigure {
    /// In the indicator's own measure: 97.63 for 97,63 %.
    #[must_use]
    pub fn points(&self) -> Option<f64> {
        self.def.value.map(rules::number::Decimal::to_f64)
    }

    /// Says something else. Figures of two known days are a development, not a contradiction.
    #[must_use]
    pub fn at_odds(&self, other: &Self) -> bool {
        let two_days = self.def.as_of.is_some() && other.def.as_of.is_some() && self.def.as_of != other.def.as_of;
        !two_days && self.def.value.is_some() && other.def.value.is_some() && self.def.value != other.def.value
    }

    /// Both come from one source: one publication, or what the unit itself reported through approval.
    fn same_source(&self, other: &Self) -> bool {
        match (&self.extra.submitted_by, &other.extra.submitted_by) {
            (Some(_), Some(_)) => self.def.unit == other.def.unit,
            (None, None) => self.def.source == other.def.source,
            _ => false,
        }
    }

    /// A newer figure of the same source and period: the older one stays in the history and is no rival of anything.
    fn replaces(&self, old: &Self) -> bool {
        self.same_source(old) && self.def.period == old.def.period && old.def.as_of.is_some() && self.def.as_of > old.def.as_of
    }

    #[must_use]
    pub fn counts(&self) -> bool {
        matches!(self.record.state.as_str(), "approved") && !self.extra.set_aside
    }
}

/// Figures of one indicator, unit and period that do not agree.
#[derive(Debug, Clone)]
pub struct Conflict {
    pub indicator: String,
    pub unit: UnitKey,
    pub period: Option<Period>,
    pub figures: Vec<ReportedFigure>,
    /// Older ones that a newer figure of the same source replaced: left aside with whatever is decided.
    replaced: Vec<ReportedFigure>,
    /// The one that was chosen, once somebody did.
    pub decided: Option<String>,
}

impl Conflict {
    /// What somebody who looks at this conflict has seen: each figure with its version.
    #[must_use]
    pub fn seen(&self) -> Vec<(String, i64)> {
        self.figures.iter().map(|f| (f.record.id.to_string(), f.record.version)).collect()
    }
}

/// Whether the caller stands by a figure that looks like a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    Yes,
    AskBack,
}

/// A figure as a person enters it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FigureInput {
    pub indicator: String,
    pub unit: String,
    pub period: String,
    /// Empty = unknown; never filled with today.
    pub as_of: String,
    /// "97,63 %", "7.129 / 7.129", "hơn 1.246"
    pub written: String,
    pub source: String,
    pub note: String,
    pub evidence: Vec<String>,
}

fn view(record: Record) -> Result<ReportedFigure> {
    let def = record.view()?;
    let extra = record.view()?;
    Ok(ReportedFigure { record, def, extra })
}

/// What kind of number an indicator's figures are.
#[must_use]
pub fn measure_of(indicator: &Indicator) -> Measure {
    use rules::indicator::Format;
    match indicator.format {
        Format::Percent(_) => Measure::Percent,
        Format::Integer => Measure::Count,
        Format::Vnd => Measure::Money,
        Format::Decimal(_) => Measure::Decimal,
    }
}

impl Office {
    /// Every reported figure the actor may see.
    pub async fn reported_figures(&self, actor: &Actor) -> Result<Vec<ReportedFigure>> {
        self.figures_in(actor, &[]).await
    }

    /// Those in some states; in all, where none is named.
    pub(super) async fn figures_in(&self, actor: &Actor, states: &[&str]) -> Result<Vec<ReportedFigure>> {
        let world = self.world();
        let scope = rules::access::scope(actor, Action::View, Some(FIGURE), &world.units);
        // Who may see something, but no figure, gets an empty list.
        if scope.is_empty() && actor.grants.is_empty() {
            return Err(Error::refused(if actor.is_anonymous() { "access.sign_in" } else { "access.role" }));
        }
        let mut out = Vec::new();
        for r in self.of_states(FIGURE, states).await? {
            let seen = match r.unit.parse().ok().and_then(|k| world.units.idx(&k)) {
                Some(idx) => scope.contains(idx),
                None => scope == rules::access::Scope::Everywhere,
            };
            if seen {
                out.push(view(r)?);
            }
        }
        Ok(out)
    }

    pub async fn reported_figure(&self, actor: &Actor, id: &str) -> Result<ReportedFigure> {
        let record = self.find(FIGURE, id).await?;
        self.may(actor, Action::View, FIGURE, &record.unit)?;
        view(record)
    }

    /// Enters a figure and hands it in. Returns the record's identity.
    ///
    /// # Errors
    /// `number.…` with what is ambiguous in the text; `figure.live` for an indicator that is counted, not typed.
    pub async fn submit_figure(&self, actor: &Actor, input: &FigureInput) -> Result<String> {
        self.submit_figure_once(actor, input, Sure::Yes, None).await
    }

    /// The same, for callers who may have to ask twice, or who have not yet been asked back.
    ///
    /// # Errors
    /// Also [`Error::Doubtful`] with what looks like a slip, unless the caller is sure.
    pub async fn submit_figure_once(&self, actor: &Actor, input: &FigureInput, sure: Sure, once: Option<Once>) -> Result<String> {
        let world = self.world();
        let unit = world.unit_idx(input.unit.trim(), self.today()).ok_or_else(|| Error::not_found(&input.unit))?;
        let key = world.units.key(unit).to_string();
        self.may(actor, Action::Submit, FIGURE, &key)?;
        let id = RecordId::new();
        let fields = self.figure_fields(actor, input, &id.to_string(), &key).await?;
        if sure == Sure::AskBack {
            let again = match &once {
                Some(once) => self.done_before(once).await?.is_some(),
                None => false,
            };
            let doubts = if again { Vec::new() } else { self.figure_doubts(actor, input, None).await? };
            if !doubts.is_empty() {
                return Err(Error::Doubtful(doubts));
            }
        }
        let write = RecordWrite {
            register: FIGURE.into(),
            id,
            expect: Expect::New,
            key: None,
            unit: key,
            state: "submitted".into(),
            fields,
            kind: "submit".into(),
            authority: None,
        };
        let outcome = self.store().commit(self.command_once(actor, vec![write], once)).await?;
        Ok(outcome.written.first().map_or(id, |w| w.id).to_string())
    }

    /// Hands a returned figure in again, corrected. Unit and indicator stay; the first version stays in the history.
    ///
    /// # Errors
    /// As [`Office::submit_figure`]; `lifecycle.step` for a figure that was not returned.
    pub async fn correct_figure(&self, actor: &Actor, id: &str, version: i64, input: &FigureInput) -> Result<()> {
        let old = self.find(FIGURE, id).await?;
        self.may(actor, Action::Submit, FIGURE, &old.unit)?;
        if !matches!(old.state.as_str(), "returned" | "draft") {
            return Err(Error::Refused(Refusal::new("lifecycle.step").with("state", &old.state).with("step", "submit")));
        }
        let before = view(old.clone())?;
        let input = FigureInput { indicator: before.def.indicator, ..input.clone() };
        let fields = self.figure_fields(actor, &input, &before.def.id, &old.unit).await?;
        let next = Next { state: "submitted".into(), fields, kind: "submit", authority: None };
        self.advance(actor, &old, version, next).await?;
        Ok(())
    }

    /// The body of a figure as it is handed in, read and checked.
    async fn figure_fields(&self, actor: &Actor, input: &FigureInput, id: &str, unit: &str) -> Result<Map<String, Value>> {
        let world = self.world();
        let indicator = world.indicator(input.indicator.trim()).ok_or_else(|| Error::not_found(&input.indicator))?;
        if !matches!(indicator.source, Source::Reported(_)) {
            return Err(Error::Refused(Refusal::new("figure.live").with("indicator", &indicator.id)));
        }
        let reading = number::read(&input.written, measure_of(indicator))?;
        let period = super::read_period(&input.period)?;
        if period.months().is_some_and(|(from, _)| from.first_day() > self.today()) {
            return Err(Error::Refused(Refusal::new("input.future").with("field", "period")));
        }
        let as_of: Option<Date> = match input.as_of.trim() {
            "" => None,
            t => Some(t.parse().map_err(|_| Error::Refused(Refusal::new("input.date").with("field", "as_of").with("text", t)))?),
        };
        if as_of.is_some_and(|d| d > self.today()) {
            return Err(Error::Refused(Refusal::new("input.future").with("field", "as_of")));
        }
        for sha in &input.evidence {
            self.store().blob(sha).await?;
        }
        let body = json!({
            "id": id,
            "indicator": indicator.id,
            "unit": unit,
            "period": period,
            "as_of": as_of,
            "as_written": input.written.trim(),
            "value": reading.value.to_string(),
            "numerator": reading.numerator,
            "denominator": reading.denominator,
            "qualifier": reading.qualifier.id(),
            "source": required("source", &input.source)?,
            "quote": "",
            "derived": false,
            "verified": true,
            "note": optional("note", &input.note)?.map(|n| json!({"vi": n, "en": n})),
            "submitted_by": actor.account,
            "submitted_at": text_at(self.now()),
            "evidence": input.evidence,
        });
        match body {
            Value::Object(fields) => Ok(fields),
            _ => Err(Error::Internal("figure".into())),
        }
    }

    /// The level above answers: approve, or return with a reason. Nobody answers their own figure.
    pub async fn answer_figure(&self, actor: &Actor, id: &str, version: i64, approve: bool, reason: &str) -> Result<()> {
        let old = self.find(FIGURE, id).await?;
        let figure = view(old.clone())?;
        let world = self.world();
        let unit = old.unit.parse().ok().and_then(|k| world.units.idx(&k)).ok_or_else(|| Error::not_found(&old.unit))?;
        // The top unit has no level above: there a second person of the same level answers.
        if world.units.parent(unit).is_none() || Some(world.units.key(unit)) == world.root_on(self.today()) {
            self.may(actor, Action::Approve, FIGURE, &old.unit)?;
        } else {
            decide_from_above(actor, Action::Approve, Some(FIGURE), unit, &world.units)?;
        }
        decide_second_person(actor, Action::Approve, figure.extra.submitted_by.as_deref().unwrap_or_default())?;
        if old.state != "submitted" {
            return Err(Error::Refused(Refusal::new("lifecycle.step").with("state", &old.state).with("step", "answer")));
        }
        let mut fields = old.fields()?;
        let reason = if approve { optional("reason", reason)? } else { Some(required("reason", reason)?) };
        let (state, kind) = if approve {
            fields.insert("approved_by".into(), json!(actor.account));
            fields.remove("returned_reason");
            ("approved", "approve")
        } else {
            fields.insert("returned_reason".into(), json!(reason));
            ("returned", "return")
        };
        self.advance(actor, &old, version, Next { state: state.into(), fields, kind, authority: reason }).await?;
        Ok(())
    }

    /// Approved figures of one indicator, unit and period that contradict each other, decided or not.
    pub async fn conflicts(&self, actor: &Actor) -> Result<Vec<Conflict>> {
        Ok(conflicts_of(self.reported_figures(actor).await?))
    }

    /// Chooses one of contradicting figures, giving a reason. The others are left aside, not deleted. `seen` is every figure of the
    /// conflict with the version the person saw ([`Conflict::seen`]): a choice is made between what was on the page.
    ///
    /// # Errors
    /// `access.…`; `input.required` (reason); `conflict.none`; a stale version, also when a figure has joined or left the conflict.
    pub async fn decide_figure(&self, actor: &Actor, chosen: &str, seen: &[(String, i64)], reason: &str) -> Result<()> {
        let reason = required("reason", reason)?;
        let record = self.find(FIGURE, chosen).await?;
        self.may(actor, Action::Decide, FIGURE, &record.unit)?;
        let conflict = conflicts_of(self.reported_figures(actor).await?)
            .into_iter()
            .find(|c| c.figures.iter().any(|f| f.record.id == record.id))
            .ok_or_else(|| Error::refused("conflict.none"))?;
        let unseen = |f: &&ReportedFigure| !seen.iter().any(|(id, v)| *id == f.record.id.to_string() && *v == f.record.version);
        if let Some(f) = conflict.figures.iter().find(unseen) {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(f.record.clone()) }));
        }
        if seen.len() != conflict.figures.len() {
            return Err(Error::Store(store::Error::Conflict { current: Box::new(record) }));
        }
        let mut writes = Vec::new();
        for f in conflict.figures.iter().chain(&conflict.replaced) {
            let is_chosen = f.record.id == record.id;
            let mut fields = f.record.fields()?;
            fields.insert("set_aside".into(), json!(!is_chosen));
            fields.insert("decided_by".into(), json!(actor.account));
            fields.insert("decided_reason".into(), json!(reason));
            writes.push(RecordWrite {
                register: FIGURE.into(),
                id: f.record.id,
                expect: Expect::Version(f.record.version),
                key: f.record.key.clone(),
                unit: f.record.unit.clone(),
                state: f.record.state.clone(),
                fields,
                kind: if is_chosen { "choose" } else { "set_aside" }.into(),
                authority: Some(reason.clone()),
            });
        }
        self.store().commit(self.command(actor, writes)).await?;
        Ok(())
    }
}

/// Groups figures that speak of the same thing and differ.
///
/// Two figures speak of the same thing when they name the same indicator, unit and period; or when one source gives both and one of
/// them names no period, so that nothing says they are of different times. Every page, count, interface and report asks here.
#[must_use]
pub fn conflicts_of(figures: Vec<ReportedFigure>) -> Vec<Conflict> {
    let mut groups: BTreeMap<(String, UnitKey), Vec<ReportedFigure>> = BTreeMap::new();
    for f in figures.into_iter().filter(|f| f.record.state == "approved" && !f.def.derived && f.def.value.is_some()) {
        groups.entry((f.def.indicator.clone(), f.def.unit.clone())).or_default().push(f);
    }
    let mut out = Vec::new();
    for ((indicator, unit), figures) in groups {
        for (period, figures) in by_period(figures) {
            if let Some(Differing { figures, replaced, decided }) = contradicting(figures) {
                out.push(Conflict { indicator: indicator.clone(), unit: unit.clone(), period, figures, replaced, decided });
            }
        }
    }
    out
}

fn by_period(figures: Vec<ReportedFigure>) -> BTreeMap<Option<Period>, Vec<ReportedFigure>> {
    let (known, unknown): (Vec<_>, Vec<_>) = figures.into_iter().partition(|f| f.def.period.is_some());
    let mut out: BTreeMap<Option<Period>, Vec<ReportedFigure>> = BTreeMap::new();
    for f in known {
        out.entry(f.def.period).or_default().push(f);
    }
    for f in unknown {
        let same_source = out.iter().filter(|(p, list)| p.is_some() && list.iter().any(|k| k.same_source(&f)));
        let home = same_source.map(|(p, _)| *p).next_back().unwrap_or(None);
        out.entry(home).or_default().push(f);
    }
    out
}

/// Those of one period that differ, and the one that was chosen. What came after a choice and differs from it opens the question anew.
fn contradicting(figures: Vec<ReportedFigure>) -> Option<Differing> {
    let is_replaced = |f: &ReportedFigure| figures.iter().any(|g| g.replaces(f));
    let (replaced, standing): (Vec<_>, Vec<_>) = figures.iter().cloned().partition(is_replaced);
    let replaced = replaced.into_iter().filter(ReportedFigure::counts).collect();
    let open = at_odds_among(standing.iter().filter(|f| f.counts()));
    if !open.is_empty() {
        return Some(Differing { figures: open, replaced, decided: None });
    }
    let figures = at_odds_among(standing.iter());
    let chosen = figures.iter().find(|f| f.extra.decided_by.is_some() && f.counts())?.record.id.to_string();
    Some(Differing { figures, replaced, decided: Some(chosen) })
}

struct Differing {
    figures: Vec<ReportedFigure>,
    replaced: Vec<ReportedFigure>,
    decided: Option<String>,
}

fn at_odds_among<'a>(figures: impl Iterator<Item = &'a ReportedFigure> + Clone) -> Vec<ReportedFigure> {
    figures.clone().filter(|f| figures.clone().any(|g| f.at_odds(g))).cloned().collect()
}

/// The figure with those that contradict it, as long as nobody has decided between them; alone where none does.
#[must_use]
pub fn with_rivals(figures: &[&ReportedFigure], of: &ReportedFigure) -> Vec<ReportedFigure> {
    let open = conflicts_of(figures.iter().map(|f| (*f).clone()).collect());
    let mine = open.into_iter().find(|c| c.decided.is_none() && c.figures.iter().any(|f| f.record.id == of.record.id));
    mine.map_or_else(|| vec![of.clone()], |c| c.figures)
}
