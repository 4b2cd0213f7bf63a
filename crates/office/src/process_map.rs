//! Where dossiers wait and how often they go back: read off the ledger's entries, whatever system the dossiers came from.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use rules::{Timestamp, access::Actor, one_stop::Status};
use serde::{Deserialize, de::IgnoredAny};
use store::{Entry, ListQuery, Record, RecordId, SortBy};

use crate::{Office, error::Result, world::World};

const DOSSIER: &str = "dossier";
/// Dossiers that a map is drawn from, the newest.
const NEWEST: usize = 1_500;
const PAGE: i64 = 500;
/// Officers listed at most.
const GROUPS_MAX: usize = 12;
/// States in which a dossier is in the hands of the office's steps.
const INSIDE: [&str; 2] = ["received", "in_progress"];
/// States in which a dossier waits for somebody; in all others it has arrived.
const WAITING: [&str; 5] = ["registered", "received", "in_progress", "supplement", "payment"];

/// A place where dossiers wait: a step of the procedure, or a state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StopId {
    Step(String),
    State(String),
}

/// How long was waited somewhere, in working minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting<Id> {
    pub id: Id,
    /// Finished stays.
    pub passed: usize,
    pub median: i64,
    /// One stay in ten was longer.
    pub p90: i64,
    pub total: i64,
    /// Dossiers that are there now.
    pub here: usize,
    /// Stays of dossiers that had been there before.
    pub back: usize,
}

/// How many went from one stop to another; places in `stops`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub from: usize,
    pub to: usize,
    pub count: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcessMap {
    pub dossiers: usize,
    /// The steps of one procedure in their declared order, or the national statuses in theirs.
    pub stops: Vec<Waiting<StopId>>,
    pub moves: Vec<Moved>,
    /// By account.
    pub groups: Vec<Waiting<String>>,
}

/// One stay of one dossier.
#[derive(Clone)]
struct Stay {
    stop: StopId,
    state: String,
    who: String,
    from: Timestamp,
    to: Option<Timestamp>,
}

impl Stay {
    fn waits(&self) -> bool {
        match &self.stop {
            StopId::Step(_) => true,
            StopId::State(state) => WAITING.contains(&state.as_str()),
        }
    }
}

/// Of an entry only what moves a dossier: a map reads thousands of entries, and most of their bodies are forms and papers.
#[derive(Deserialize)]
struct Told {
    new: Option<First>,
    set: Option<Later>,
}

#[derive(Deserialize)]
struct First {
    #[serde(rename = "@state")]
    state: Option<String>,
    step: Option<String>,
    assignee: Option<String>,
}

#[derive(Deserialize)]
struct Later {
    #[serde(rename = "@state")]
    state: Option<Change>,
    step: Option<Change>,
    assignee: Option<Change>,
}

/// What stood there, and what stands there now.
#[derive(Deserialize)]
struct Change(IgnoredAny, Option<String>);

/// The new value of a field that an entry changes; empty where it was taken away.
fn now(change: Option<Change>) -> Option<String> {
    change.map(|c| c.1.unwrap_or_default())
}

#[derive(Deserialize)]
struct OfProcedure {
    procedure_code: Option<String>,
}

/// The stays of one dossier, from its entries in order.
fn stays(entries: &[Entry]) -> Result<Vec<Stay>> {
    let (mut state, mut step, mut who) = (String::new(), String::new(), String::new());
    let mut out: Vec<Stay> = Vec::new();
    for e in entries {
        let told: Told = serde_json::from_str(&e.body)?;
        let (to_state, to_step, to_who) = match (told.new, told.set) {
            (Some(new), _) => (new.state, new.step, new.assignee),
            (None, Some(set)) => (now(set.state), now(set.step), now(set.assignee)),
            (None, None) => (None, None, None),
        };
        if to_state.is_none() && to_step.is_none() && to_who.is_none() {
            continue;
        }
        state = to_state.unwrap_or(state);
        step = to_step.unwrap_or(step);
        who = to_who.unwrap_or(who);
        let inside = !step.is_empty() && INSIDE.contains(&state.as_str());
        let stop = if inside { StopId::Step(step.clone()) } else { StopId::State(state.clone()) };
        if out.last().is_some_and(|s| s.stop == stop && s.who == who) {
            continue;
        }
        if let Some(last) = out.last_mut() {
            last.to = Some(e.at);
        }
        out.push(Stay { stop, state: state.clone(), who: who.clone(), from: e.at, to: None });
    }
    Ok(out)
}

/// The same way told in steps alone, or in the national statuses alone: a picture that mixes the two shows neither.
fn told(stays: &[Stay], in_steps: bool) -> Vec<Stay> {
    let mut out: Vec<Stay> = Vec::new();
    for stay in stays {
        let stop = match &stay.stop {
            StopId::Step(_) if in_steps => stay.stop.clone(),
            StopId::State(_) if in_steps => continue,
            _ => StopId::State(stay.state.clone()),
        };
        match out.last_mut() {
            Some(last) if last.stop == stop && last.to == Some(stay.from) => last.to = stay.to,
            _ => out.push(Stay { stop, ..stay.clone() }),
        }
    }
    out
}

#[derive(Default)]
struct Sum {
    minutes: Vec<i64>,
    here: usize,
    back: usize,
}

impl Sum {
    fn add(&mut self, stay: &Stay, minutes: i64, back: bool) {
        self.back += usize::from(back);
        match stay.to {
            _ if !stay.waits() => {}
            Some(_) => self.minutes.push(minutes),
            None => self.here += 1,
        }
    }

    fn waiting<Id>(mut self, id: Id) -> Waiting<Id> {
        self.minutes.sort_unstable();
        let at = |percent: usize| self.minutes.get((self.minutes.len() * percent / 100).min(self.minutes.len().saturating_sub(1)));
        Waiting {
            id,
            passed: self.minutes.len(),
            median: at(50).copied().unwrap_or(0),
            p90: at(90).copied().unwrap_or(0),
            total: self.minutes.iter().sum(),
            here: self.here,
            back: self.back,
        }
    }
}

impl Office {
    /// The way of the newest dossiers of a unit and what is below it, within the actor's rights; of one procedure, or of all.
    ///
    /// # Errors
    /// `access.…`
    pub async fn process_map(&self, actor: &Actor, unit: u32, procedure: Option<&str>) -> Result<Arc<ProcessMap>> {
        let units = self.desk_units(actor, &self.world(), Some(unit))?;
        let (office, procedure) = (self.clone(), procedure.map(str::to_owned));
        // Whoever sees the same units sees the same map.
        let key = format!("{} {}", procedure.as_deref().unwrap_or_default(), units.join(" "));
        self.memories().maps.of(key, |m| m.dossiers, async move { office.draw_map(units, procedure.as_deref()).await }).await
    }

    async fn draw_map(&self, units: Vec<String>, procedure: Option<&str>) -> Result<ProcessMap> {
        let world = self.world();
        let mut query = ListQuery { register: DOSSIER.into(), units, limit: PAGE, sort: SortBy::Newest, ..ListQuery::default() };
        let mut records: HashMap<RecordId, Record> = HashMap::new();
        let mut read = 0;
        loop {
            let page = self.store().list(&query).await?;
            read += page.records.len();
            for r in page.records {
                let of = |p: &str| serde_json::from_str::<OfProcedure>(&r.body).is_ok_and(|f| f.procedure_code.as_deref() == Some(p));
                if procedure.is_none_or(of) {
                    records.insert(r.id, r);
                }
            }
            match page.next {
                Some(next) if read < NEWEST => query.after = Some(next),
                _ => break,
            }
        }
        let mut ids: Vec<RecordId> = records.keys().copied().collect();
        ids.sort_unstable();
        let mut histories = HashMap::new();
        for part in ids.chunks(PAGE as usize) {
            histories.extend(self.store().entries_of(DOSSIER, part).await?);
        }
        // The steps as the newest version declares them.
        let steps = procedure.and_then(|code| world.procedures.get(code)?.last());
        let declared = steps.map(|p| p.def.steps.iter().map(|s| StopId::Step(s.id.clone())).collect::<Vec<_>>());
        drawn(&world, &records, &histories, declared.as_deref())
    }
}

/// Of one procedure: its declared steps in their order. Of all: the national statuses in theirs.
fn drawn(
    world: &World,
    records: &HashMap<RecordId, Record>,
    histories: &HashMap<RecordId, Vec<Entry>>,
    declared: Option<&[StopId]>,
) -> Result<ProcessMap> {
    let mut stops: BTreeMap<StopId, Sum> = BTreeMap::new();
    let mut groups: BTreeMap<String, Sum> = BTreeMap::new();
    let mut moves: BTreeMap<(StopId, StopId), usize> = BTreeMap::new();
    for (id, list) in histories {
        let Some(record) = records.get(id) else { continue };
        let unit = record.unit.parse().ok().and_then(|k| world.units.idx(&k));
        let all = stays(list)?;
        let minutes = |stay: &Stay| -> Result<i64> {
            Ok(match (stay.to, unit) {
                (Some(to), Some(unit)) => world.calendar(unit, to.local_date()).working_minutes_between(stay.from, to)?.value,
                (Some(to), None) => (to.0 - stay.from.0) / 60_000_000,
                (None, _) => 0,
            })
        };
        let way = told(&all, declared.is_some());
        for (place, stay) in way.iter().enumerate() {
            let back = way[..place].iter().any(|s| s.stop == stay.stop);
            stops.entry(stay.stop.clone()).or_default().add(stay, minutes(stay)?, back);
            if let Some(before) = place.checked_sub(1).and_then(|p| way.get(p)).filter(|b| b.stop != stay.stop) {
                *moves.entry((before.stop.clone(), stay.stop.clone())).or_default() += 1;
            }
        }
        for (place, stay) in all.iter().enumerate().filter(|(_, s)| !s.who.is_empty() && matches!(s.stop, StopId::Step(_))) {
            let back = all[..place].iter().any(|s| s.stop == stay.stop);
            groups.entry(stay.who.clone()).or_default().add(stay, minutes(stay)?, back);
        }
    }
    let order: Vec<StopId> = match declared {
        Some(steps) => steps.to_vec(),
        None => Status::ALL.iter().map(|s| StopId::State(s.id().to_owned())).filter(|id| stops.contains_key(id)).collect(),
    };
    let place_of = |id: &StopId| order.iter().position(|known| known == id);
    let mut drawn: Vec<Moved> =
        moves.iter().filter_map(|((from, to), count)| Some(Moved { from: place_of(from)?, to: place_of(to)?, count: *count })).collect();
    drawn.sort_by_key(|m| std::cmp::Reverse(m.count));
    let mut groups: Vec<Waiting<String>> = groups.into_iter().map(|(id, sum)| sum.waiting(id)).collect();
    groups.sort_by_key(|g| std::cmp::Reverse(g.total));
    groups.truncate(GROUPS_MAX);
    let stops = order.into_iter().map(|id| stops.remove(&id).unwrap_or_default().waiting(id)).collect();
    Ok(ProcessMap { dossiers: records.len(), stops, moves: drawn, groups })
}
