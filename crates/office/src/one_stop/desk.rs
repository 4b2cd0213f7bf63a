//! The officer's inbox: what is due next, counted, a page at a time. Only open dossiers are read, by the index of their deadlines.

use std::collections::BTreeMap;

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor, Scope, scope},
    one_stop::{Status, waiting},
    text::fold,
    time::date_from_days,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Open, OpenQuery, Record, RecordId};

use super::{DOSSIER, Duplicate, Ground, Held};
use crate::{
    Office,
    error::{Error, Result},
    world::World,
};

/// Rows on one page at most.
const PAGE_MAX: i64 = 100;
/// Open dossiers that are looked through for words, a person's own or a step; beyond, one narrows by unit.
const LOOKED_THROUGH: usize = 4_000;
/// Read at once while looking through.
const PIECE: i64 = 500;
/// Digits of a telephone number without its first 0: fewer are part of a code.
const PHONE_LEAST: usize = 8;

/// Where a dossier stands for the desk, by what is due next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// Filed online, not received yet.
    New,
    Late,
    Today,
    /// By the end of the next working day.
    Tomorrow,
    Later,
    /// The citizen is to complete it or to pay.
    Citizen,
    /// A law or an authority makes it wait: no deadline runs.
    Waiting,
    /// Decided; the result is to be handed out.
    Result,
}

impl Bucket {
    pub const ALL: [Self; 8] =
        [Self::New, Self::Late, Self::Today, Self::Tomorrow, Self::Later, Self::Citizen, Self::Waiting, Self::Result];

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Late => "late",
            Self::Today => "today",
            Self::Tomorrow => "tomorrow",
            Self::Later => "later",
            Self::Citizen => "citizen",
            Self::Waiting => "waiting",
            Self::Result => "result",
        }
    }

    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.id() == id)
    }

    fn states(self) -> &'static [Status] {
        match self {
            Self::New => &[Status::Registered],
            Self::Citizen => &[Status::Supplement, Status::Payment],
            Self::Result => &[Status::Resolved],
            Self::Late | Self::Today | Self::Tomorrow | Self::Later | Self::Waiting => &[Status::Received, Status::InProgress],
        }
    }

    /// Of a state and the place of the deadline (0 none, 1 past, 2 today, 3 tomorrow, 4 later).
    fn at(state: &str, place: i64) -> Option<Self> {
        Some(match (Status::of(state)?, place) {
            (Status::Registered, _) => Self::New,
            (Status::Supplement | Status::Payment, _) => Self::Citizen,
            (Status::Resolved, _) => Self::Result,
            (Status::Received | Status::InProgress, 0) => Self::Waiting,
            (Status::Received | Status::InProgress, 1) => Self::Late,
            (Status::Received | Status::InProgress, 2) => Self::Today,
            (Status::Received | Status::InProgress, 3) => Self::Tomorrow,
            (Status::Received | Status::InProgress, _) => Self::Later,
            _ => return None,
        })
    }
}

/// Which open dossiers.
#[derive(Debug, Clone, Default)]
pub struct DeskFilter {
    /// The unit and what is below it; all that one sees when absent.
    pub unit: Option<u32>,
    /// Held by oneself, or by somebody for whom one stands in.
    pub mine: bool,
    pub bucket: Option<Bucket>,
    pub procedure: Option<String>,
    pub step: Option<String>,
    /// Words of the code, the procedure or the applicant's name, or a whole identity or telephone number.
    pub search: String,
    pub after: Option<String>,
    pub limit: i64,
}

/// One dossier in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskRow {
    pub id: String,
    pub code: String,
    pub version: i64,
    pub unit: String,
    pub procedure_code: String,
    pub procedure: String,
    /// The applicant, masked: lists are not looks at personal data.
    pub applicant: String,
    pub status: Status,
    pub step: Option<String>,
    pub assignee: Option<String>,
    pub received_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    /// Decided.
    pub closed_at: Option<Timestamp>,
    pub provisional: bool,
    pub bucket: Bucket,
    /// 1.0 is the whole term; absent for dossiers without a case.
    pub share_used: Option<f64>,
    pub channel: String,
    /// Handed over, answered or apologised for by then.
    pub next_by: Option<Timestamp>,
}

/// A page of the inbox.
#[derive(Debug, Clone)]
pub struct DeskPage {
    /// All open dossiers of the units asked for, whatever else the filter says.
    pub counts: BTreeMap<Bucket, i64>,
    pub rows: Vec<DeskRow>,
    pub next: Option<String>,
    /// There are more than were looked through; narrow by unit.
    pub cut: bool,
}

/// `Nguyễn Thị Mai` → `N. T. Mai`: enough to call somebody, not to know who it is.
#[must_use]
pub fn masked_name(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let Some((last, first)) = words.split_last() else { return String::new() };
    let mut out: String = first.iter().filter_map(|w| w.chars().next()).map(|c| format!("{c}. ")).collect();
    out.push_str(last);
    out
}

/// The three instants between past, today, tomorrow and later.
struct Days {
    now: Timestamp,
    today: Timestamp,
    tomorrow: Timestamp,
}

impl Days {
    fn of(world: &World, unit: Option<u32>, now: Timestamp) -> Result<Self> {
        let day = now.local_date();
        let root = world.root_on(day).and_then(|k| world.units.idx(k)).unwrap_or(0);
        let next = world.calendar(unit.unwrap_or(root), day).next_working_day(day)?.value;
        let after = |day| Timestamp::start_of(date_from_days(rules::time::days_since_epoch(day) + 1));
        Ok(Self { now, today: after(day), tomorrow: after(next) })
    }

    fn span(&self, bucket: Bucket) -> (String, Option<String>) {
        let (now, today, tomorrow) = (self.now.to_string(), self.today.to_string(), self.tomorrow.to_string());
        // The smallest text that is not empty: no deadline comes before all deadlines.
        let some = || "0".to_owned();
        match bucket {
            Bucket::Late => (some(), Some(now)),
            Bucket::Today => (now, Some(today)),
            Bucket::Tomorrow => (today, Some(tomorrow)),
            Bucket::Later => (tomorrow, None),
            Bucket::Waiting => (String::new(), Some(some())),
            Bucket::New | Bucket::Citizen | Bucket::Result => (String::new(), None),
        }
    }

    fn place(&self, due: Option<Timestamp>) -> i64 {
        match due {
            None => 0,
            Some(due) if due < self.now => 1,
            Some(due) if due < self.today => 2,
            Some(due) if due < self.tomorrow => 3,
            Some(_) => 4,
        }
    }
}

impl Office {
    /// Units whose dossiers the actor may see, below one unit or altogether.
    pub(crate) fn desk_units(&self, actor: &Actor, world: &World, unit: Option<u32>) -> Result<Vec<String>> {
        let seen = scope(actor, Action::View, Some(DOSSIER), &world.units);
        if seen.is_empty() {
            return Err(Error::refused(if actor.is_anonymous() { "access.sign_in" } else { "access.role" }));
        }
        if let Some(unit) = unit {
            self.may(actor, Action::View, DOSSIER, &world.units.key(unit).to_string())?;
        }
        let wanted = |i: &u32| unit.is_none_or(|u| world.units.covers(u, *i)) && (matches!(seen, Scope::Everywhere) || seen.contains(*i));
        Ok((0..world.units.len()).filter(wanted).map(|i| world.units.key(i).to_string()).collect())
    }

    /// A page of what is open, the nearest deadline first, and how much there is of each kind.
    ///
    /// # Errors
    /// `access.…`; `input.query` for a cursor that is none.
    pub async fn desk(&self, actor: &Actor, filter: &DeskFilter) -> Result<DeskPage> {
        let (world, now) = (self.world(), self.now());
        let units = self.desk_units(actor, &world, filter.unit)?;
        let days = Days::of(&world, filter.unit, now)?;
        let mut counts: BTreeMap<Bucket, i64> = BTreeMap::new();
        for (state, place, n) in self.store().open_counts(DOSSIER, &units, [days.now, days.today, days.tomorrow]).await? {
            if let Some(bucket) = Bucket::at(&state, place) {
                *counts.entry(bucket).or_default() += n;
            }
        }
        let limit = if filter.limit > 0 { filter.limit.min(PAGE_MAX) } else { PAGE_MAX };
        let hats = if filter.mine { self.hats(&actor.account, now.local_date()).await? } else { Vec::new() };
        let works = scope(actor, Action::Edit, Some(DOSSIER), &world.units);
        let wanted = Wanted { filter, hats: &hats, words: fold(&filter.search), works };
        let (rows, next, cut) = self.open_rows(&world, &days, units, filter.bucket, &wanted, limit, filter.after.as_deref()).await?;
        Ok(DeskPage { counts, rows, next, cut })
    }

    #[expect(clippy::too_many_arguments, reason = "a question in all its parts")]
    async fn open_rows(
        &self,
        world: &World,
        days: &Days,
        units: Vec<String>,
        bucket: Option<Bucket>,
        wanted: &Wanted<'_>,
        limit: i64,
        after: Option<&str>,
    ) -> Result<(Vec<DeskRow>, Option<String>, bool)> {
        let (from, before) = bucket.map_or((String::new(), None), |b| days.span(b));
        // Without a kind: everything that the desk itself has to do.
        const OWN: &[Status] = &[Status::Registered, Status::Received, Status::InProgress];
        // Somebody who is looked for by name or code may be waited for, or have a result to fetch.
        const ALL: &[Status] =
            &[Status::Registered, Status::Received, Status::InProgress, Status::Supplement, Status::Payment, Status::Resolved];
        let unsaid = if wanted.words.is_empty() { OWN } else { ALL };
        let states = bucket.map_or(unsaid, Bucket::states).iter().map(|s| s.id().to_owned()).collect();
        let picky = wanted.is_picky();
        let mut query = OpenQuery {
            register: DOSSIER.into(),
            units,
            states,
            from,
            before,
            after: after.map(read_cursor).transpose()?,
            limit: if picky { PIECE } else { limit + 1 },
        };
        let (mut rows, mut looked, mut last): (Vec<DeskRow>, usize, Option<Open>) = (Vec::new(), 0, None);
        loop {
            let found = self.store().open_records(&query).await?;
            let more = found.len() as i64 == query.limit;
            let ids: Vec<RecordId> = found.iter().map(|o| o.id).collect();
            let mut records: BTreeMap<RecordId, Record> =
                self.store().records_by_ids(DOSSIER, &ids).await?.into_iter().map(|r| (r.id, r)).collect();
            looked += found.len();
            for open in found {
                if rows.len() as i64 == limit {
                    return Ok((rows, last.map(|o| cursor(&o)), false));
                }
                if let Some(record) = records.remove(&open.id)
                    && let Some(row) = row(world, days, &record, wanted)?
                {
                    rows.push(row);
                }
                last = Some(open);
            }
            if !more || !picky {
                return Ok((rows, None, false));
            }
            if looked >= LOOKED_THROUGH {
                return Ok((rows, last.map(|o| cursor(&o)), true));
            }
            query.after = last.clone().map(|o| (o.due, o.id));
        }
    }

    /// Records as lines of a desk, the nearest deadline first.
    pub(crate) fn desk_rows(&self, unit: u32, records: Vec<Record>) -> Result<Vec<DeskRow>> {
        let (world, nothing) = (self.world(), DeskFilter::default());
        let days = Days::of(&world, Some(unit), self.now())?;
        let wanted = Wanted { filter: &nothing, hats: &[], words: String::new(), works: Scope::Units(Vec::new()) };
        let rows = records.iter().filter_map(|r| row(&world, &days, r, &wanted).transpose());
        let mut out = rows.collect::<Result<Vec<_>>>()?;
        out.sort_by(|a, b| (a.due_at.is_none(), a.due_at, &a.code).cmp(&(b.due_at.is_none(), b.due_at, &b.code)));
        Ok(out)
    }

    /// Dossiers of the same person and procedure that are open or were filed in the last days.
    ///
    /// # Errors
    /// `access.…`
    pub async fn duplicates(&self, actor: &Actor, procedure: &str, id_number: &str) -> Result<Vec<Duplicate>> {
        let world = self.world();
        if scope(actor, Action::Edit, Some(DOSSIER), &world.units).is_empty() {
            return Err(Error::refused(if actor.is_anonymous() { "access.sign_in" } else { "access.role" }));
        }
        match rules::procedure::check_identity("applicant_id_number", id_number, None, None) {
            Ok(number) => {
                let list = self.duplicates_of(procedure, &number).await?;
                Ok(list.into_iter().map(|d| self.seen_by(actor, d)).collect())
            }
            Err(_) => Ok(Vec::new()),
        }
    }

    /// Of another unit's dossier an officer learns that there is one, and no more.
    pub(crate) fn seen_by(&self, actor: &Actor, d: Duplicate) -> Duplicate {
        match self.may(actor, Action::View, DOSSIER, &d.unit) {
            Ok(()) => d,
            Err(_) => Duplicate { id: String::new(), code: String::new(), state: String::new(), ..d },
        }
    }

    /// Dossiers for which an apology with a new day must be out by an instant, the nearest first: due, not apologised for, and not
    /// decided.
    ///
    /// # Errors
    /// `access.…`
    pub async fn apologies_due(&self, actor: &Actor, unit: Option<u32>, until: Timestamp) -> Result<Vec<DeskRow>> {
        let (world, now) = (self.world(), self.now());
        let units = self.desk_units(actor, &world, unit)?;
        let days = Days::of(&world, unit, now)?;
        // The apology is out some working days before the deadline; a fortnight holds the longest holidays.
        let query = OpenQuery {
            register: DOSSIER.into(),
            units,
            states: vec![Status::Received.id().into(), Status::InProgress.id().into()],
            from: now.to_string(),
            before: Some(until.plus_days(14).to_string()),
            after: None,
            limit: PIECE,
        };
        let found = self.store().open_records(&query).await?;
        let ids: Vec<RecordId> = found.iter().map(|o| o.id).collect();
        let nothing = DeskFilter::default();
        let wanted = Wanted { filter: &nothing, hats: &[], words: String::new(), works: Scope::Units(Vec::new()) };
        let mut out = Vec::new();
        for record in self.store().records_by_ids(DOSSIER, &ids).await? {
            let Ok(held) = Held::of(record) else { continue };
            let ground = Ground::of(&world, &held.record.unit, &held.case)?;
            let by = held.case.apology_by(ground.rules, ground.calendar)?;
            let open = held.case.apologies.is_empty() && by.is_some_and(|by| now <= by && by <= until);
            if open && let Some(row) = row(&world, &days, &held.record, &wanted)? {
                out.push(DeskRow { next_by: by, ..row });
            }
        }
        out.sort_by(|a, b| (a.next_by, &a.code).cmp(&(b.next_by, &b.code)));
        Ok(out)
    }
}

/// What the index does not know.
struct Wanted<'a> {
    filter: &'a DeskFilter,
    hats: &'a [String],
    words: String,
    /// Where the asker works on dossiers: only there a person's name or number finds one.
    works: Scope,
}

impl Wanted<'_> {
    fn is_picky(&self) -> bool {
        self.filter.mine || self.filter.procedure.is_some() || self.filter.step.is_some() || !self.words.is_empty()
    }

    fn fits(&self, code: &str, works: bool, text: &impl Fn(&str) -> Option<String>) -> bool {
        let is = |field: &str, wanted: &Option<String>| wanted.as_ref().is_none_or(|w| text(field).as_ref() == Some(w));
        let held = !self.filter.mine || text("assignee").is_some_and(|a| self.hats.contains(&a));
        let said = || {
            let name = text("applicant_name").filter(|_| works).unwrap_or_default();
            let all = fold(&format!("{code} {} {name}", text("procedure").unwrap_or_default()));
            // As the search of the registers does: words by their beginnings. A code is found by any of its parts.
            let said = |w: &str| all.split_whitespace().any(|known| known.starts_with(w)) || fold(code).contains(w);
            let own = |field: &str| works.then(|| text(field)).flatten().unwrap_or_default();
            self.words.split_whitespace().all(said)
                || own("applicant_id_number") == self.words && !self.words.is_empty()
                || same_phone(&own("applicant_phone"), &self.words)
        };
        held && is("procedure_code", &self.filter.procedure) && is("step", &self.filter.step) && (self.words.is_empty() || said())
    }
}

/// The digits that are asked for are the number's own, however either is grouped.
fn same_phone(kept: &str, asked: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let asked_for = asked.chars().all(|c| c.is_ascii_digit() || " .+()-".contains(c));
    let national = |text: &str| digits(text).trim_start_matches("84").trim_start_matches('0').to_owned();
    asked_for && national(asked).len() >= PHONE_LEAST && national(kept) == national(asked)
}

fn row(world: &World, days: &Days, record: &Record, wanted: &Wanted<'_>) -> Result<Option<DeskRow>> {
    let fields = record.fields()?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let code = record.key.clone().unwrap_or_default();
    let works = record.unit.parse().ok().and_then(|k| world.units.idx(&k)).is_some_and(|u| wanted.works.contains(u));
    if !wanted.fits(&code, works, &text) {
        return Ok(None);
    }
    let at = |name: &str| text(name).and_then(|t| t.parse::<Timestamp>().ok());
    let due_at = at("due_at");
    let Some(status) = Status::of(&record.state) else { return Ok(None) };
    let Some(bucket) = Bucket::at(&record.state, days.place(due_at)) else { return Ok(None) };
    let mut out = DeskRow {
        id: record.id.to_string(),
        version: record.version,
        unit: record.unit.clone(),
        procedure_code: text("procedure_code").unwrap_or_default(),
        procedure: text("procedure").unwrap_or_default(),
        applicant: masked_name(&text("applicant_name").unwrap_or_default()),
        status,
        step: text("step"),
        assignee: text("assignee"),
        received_at: at("received_at"),
        due_at,
        closed_at: at("closed_at"),
        provisional: false,
        bucket,
        share_used: None,
        channel: text("channel").unwrap_or_default(),
        next_by: None,
        code,
    };
    if let Ok(held) = Held::of(record.clone())
        && let Ok(ground) = Ground::of(world, &record.unit, &held.case)
    {
        let case = &held.case;
        out.share_used = waiting::used(case, days.now, ground.calendar)?.map(waiting::Used::share);
        out.provisional = case.due(ground.calendar)?.is_some_and(|d| d.provisional);
        out.next_by = match status {
            Status::Registered => case.answer_by(ground.rules, ground.calendar)?,
            Status::Received => case.hand_over_by(ground.rules, ground.calendar)?,
            _ => None,
        };
    }
    Ok(Some(out))
}

fn cursor(open: &Open) -> String {
    format!("{}|{}", open.due, open.id)
}

fn read_cursor(text: &str) -> Result<(String, RecordId)> {
    let bad = || Error::Refused(Refusal::new("input.query").with("reason", "after"));
    let (due, id) = text.split_once('|').ok_or_else(bad)?;
    if !due.is_empty() {
        due.parse::<Timestamp>().map_err(|_| bad())?;
    }
    Ok((due.to_owned(), id.parse().map_err(|_| bad())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_list_is_masked() {
        assert_eq!(masked_name("Nguyễn Thị  Mai"), "N. T. Mai");
        assert_eq!((masked_name("Đạt").as_str(), masked_name("").as_str()), ("Đạt", ""));
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let open = Open { id: RecordId::new(), due: "2025-07-01T10:00:00.000000Z".into() };
        assert_eq!(read_cursor(&cursor(&open)).unwrap(), (open.due.clone(), open.id));
        for bad in ["", "x|y", "2025|", "'; DROP TABLE record; --|x"] {
            assert_eq!(read_cursor(bad).unwrap_err().code(), "input.query");
        }
    }
}
