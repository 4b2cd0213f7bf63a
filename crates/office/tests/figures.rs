//! The figures against plain SQL: after anything that may happen, what is shown and what is saved is what the records say.

mod common;

use std::{sync::Arc, time::Duration};

use common::{
    Place, both, case, figures_are_right, live_cells, load, pack, person, put, put_case, recount, same, saved_is_right, settled, soon,
    unit, within,
};
use jiff::civil::date;
use office::{Office, figures::Part};
use pack::{CITY, NEW, WARDS, small};
use proptest::prelude::*;
use rules::{
    Month, Period,
    access::{Actor, Role},
    indicator::Kind,
};
use serde_json::json;
use store::{RecordId, verify::Finding};

/// Something that happens to a city.
#[derive(Debug, Clone)]
enum Event {
    Create(Case),
    /// Writes a case anew: other fields, perhaps another unit and month.
    Change(usize, Case),
    /// Several people at once.
    Burst(Vec<Case>),
    /// Time goes on; cases fall due.
    Wait(u16),
    /// The packs after the merger are loaded.
    Merge,
    /// An indicator is defined otherwise.
    Redefine,
    /// The process dies while people write.
    Crash(Vec<Case>),
    Restart,
}

#[derive(Debug, Clone)]
struct Case {
    unit: usize,
    received: Option<u8>,
    /// Seconds from now, or a day of the past.
    due: Result<i8, u8>,
    closed: Option<u8>,
    channel: u8,
    paid: Option<bool>,
    fee: Option<i32>,
    score: Option<u8>,
    served: Option<usize>,
}

fn a_case() -> impl Strategy<Value = Case> {
    let day = || proptest::option::weighted(0.8, 0_u8..200);
    let due = prop_oneof![(-2_i8..3).prop_map(Ok), (0_u8..200).prop_map(Err)];
    let facts = (
        any::<Option<bool>>(),
        proptest::option::of(-50_000_i32..5_000_000),
        proptest::option::of(1_u8..6),
        proptest::option::of(0_usize..6),
    );
    (0_usize..6, day(), due, proptest::option::of(0_u8..200), 0_u8..3, facts).prop_map(
        |(unit, received, due, closed, channel, (paid, fee, score, served))| Case {
            unit,
            received,
            due,
            closed,
            channel,
            paid,
            fee,
            score,
            served,
        },
    )
}

fn an_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => a_case().prop_map(Event::Create),
        8 => (any::<usize>(), a_case()).prop_map(|(i, c)| Event::Change(i, c)),
        2 => proptest::collection::vec(a_case(), 2..12).prop_map(Event::Burst),
        2 => (50_u16..1200).prop_map(Event::Wait),
        1 => Just(Event::Merge),
        1 => Just(Event::Redefine),
        2 => proptest::collection::vec(a_case(), 1..10).prop_map(Event::Crash),
        2 => Just(Event::Restart),
    ]
}

/// A day of 2025, as the last moment before midnight UTC: the local month may already be the next one.
fn day(n: u8) -> String {
    let d = date(2025, 1, 1).saturating_add(jiff::Span::new().days(i64::from(n)));
    format!("{d}T17:30:00.000000Z")
}

fn unit_key(n: usize) -> &'static str {
    WARDS.iter().chain(&NEW).nth(n % 6).unwrap()
}

impl Case {
    fn body(&self, office: &Office) -> serde_json::Value {
        let channel = ["online", "counter"].get(usize::from(self.channel));
        json!({
            "code": "C",
            "received_at": self.received.map(day),
            "due_at": match self.due { Ok(s) => soon(office, f64::from(s) * 0.3).to_string(), Err(d) => day(d) },
            "closed_at": self.closed.map(day),
            "channel": channel,
            "paid": self.paid,
            "fee": self.fee.map(|f| f64::from(f) / 100.0),
            "score": self.score,
            "served_by": self.served.map(unit_key),
            "person": "Nguyễn Văn A",
        })
    }
}

/// One process after the other over the same database.
struct City<'p> {
    place: &'p Place,
    process: Option<(tokio::runtime::Runtime, Office)>,
    /// What was acknowledged: it must never be lost.
    cases: Vec<(RecordId, i64)>,
    merged: bool,
    redefined: bool,
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

impl<'p> City<'p> {
    fn found(place: &'p Place) -> Self {
        let rt = runtime();
        let office = rt.block_on(place.governed(&[small(false)]));
        Self { place, process: Some((rt, office)), cases: Vec::new(), merged: false, redefined: false }
    }

    fn process(&self) -> (&tokio::runtime::Runtime, &Office) {
        let (rt, office) = self.process.as_ref().unwrap();
        (rt, office)
    }

    fn start(&mut self) {
        let rt = runtime();
        let office = rt.block_on(self.place.open());
        self.process = Some((rt, office));
    }

    fn packs(&self) -> Vec<pack::Files> {
        let files = small(self.merged);
        let (from, to) = (r#"where = "record.paid == true""#, r#"where = "record.paid != true""#);
        vec![if self.redefined { pack::changed(files, "indicators/case.toml", from, to) } else { files }]
    }

    /// Before the merger is known there are only the wards.
    fn unit_of(&self, c: &Case) -> &'static str {
        unit_key(if self.merged { c.unit } else { c.unit % 4 })
    }

    fn body(&self, c: &Case) -> serde_json::Value {
        let served = c.served.map(|u| if self.merged { u } else { u % 4 });
        Case { served, ..c.clone() }.body(self.process().1)
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Create(c) => {
                let (rt, office) = self.process();
                let new = rt.block_on(put_case(office, None, self.unit_of(c), self.body(c)));
                self.cases.push(new);
            }
            Event::Change(i, c) => {
                if self.cases.is_empty() {
                    return;
                }
                let i = i % self.cases.len();
                let (rt, office) = self.process();
                let now = rt.block_on(put_case(office, Some(self.cases[i]), self.unit_of(c), self.body(c)));
                self.cases[i] = now;
            }
            Event::Burst(list) => {
                let (rt, office) = self.process();
                let writes: Vec<_> = list.iter().map(|c| (self.unit_of(c), self.body(c))).collect();
                let new: Vec<_> = rt.block_on(async {
                    let tasks: Vec<_> = writes
                        .into_iter()
                        .map(|(unit, body)| {
                            let office = office.clone();
                            tokio::spawn(async move { put_case(&office, None, unit, body).await })
                        })
                        .collect();
                    let mut done = Vec::new();
                    for t in tasks {
                        done.push(t.await.unwrap());
                    }
                    done
                });
                self.cases.extend(new);
            }
            Event::Wait(ms) => std::thread::sleep(Duration::from_millis(u64::from(*ms))),
            Event::Merge | Event::Redefine => {
                self.merged |= matches!(event, Event::Merge);
                self.redefined ^= matches!(event, Event::Redefine);
                let packs = self.packs();
                let (rt, office) = self.process();
                rt.block_on(load(office, &packs));
            }
            Event::Crash(list) => self.crash(list),
            Event::Restart => {
                let (rt, office) = self.process.take().unwrap();
                rt.block_on(office.close()).unwrap();
                drop(office);
                rt.shutdown_timeout(Duration::from_secs(5));
                rt_saved(self.place);
                self.start();
            }
        }
    }

    /// People write; in the middle of it everything of the process stops where it stands.
    fn crash(&mut self, list: &[Case]) {
        let acknowledged = Arc::new(std::sync::Mutex::new(Vec::new()));
        let writes: Vec<_> = list.iter().map(|c| (self.unit_of(c), self.body(c))).collect();
        let (rt, office) = self.process.take().unwrap();
        for (unit, body) in writes {
            let (office, acknowledged) = (office.clone(), acknowledged.clone());
            rt.spawn(async move {
                let id = RecordId::new();
                if office.store().commit(common::command(&office, "case", id, None, unit, body)).await.is_ok() {
                    acknowledged.lock().unwrap().push((id, 1));
                }
            });
        }
        std::thread::sleep(Duration::from_millis(list.len() as u64));
        rt.shutdown_timeout(Duration::from_secs(5));
        drop(office);
        self.cases.append(&mut acknowledged.lock().unwrap());
        self.start();
    }

    fn check(&self) {
        let (rt, office) = self.process();
        rt.block_on(async {
            figures_are_right(office).await;
            for (id, version) in &self.cases {
                let found = office.store().record("case", *id).await.expect("an acknowledged case is there");
                assert_eq!(found.version, *version, "each acknowledged change is there once");
            }
        });
    }

    fn end(mut self) {
        self.check();
        let (rt, office) = self.process.take().unwrap();
        rt.block_on(office.close()).unwrap();
        drop(office);
        rt.shutdown_timeout(Duration::from_secs(5));
        rt_saved(self.place);
    }
}

fn rt_saved(place: &Place) {
    runtime().block_on(saved_is_right(place));
}

fn live_through(place: &Place, events: &[Event]) {
    let mut city = City::found(place);
    for (i, e) in events.iter().enumerate() {
        city.happen(e);
        if i % 4 == 3 {
            city.check();
        }
    }
    city.end();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 14, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_equal_a_full_recount_whatever_happens_on_sqlite(events in proptest::collection::vec(an_event(), 1..24)) {
        live_through(&Place::sqlite(), &events);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_equal_a_full_recount_whatever_happens_on_postgresql(events in proptest::collection::vec(an_event(), 1..24)) {
        let rt = runtime();
        if let Some(place) = rt.block_on(Place::postgres()) {
            live_through(&place, &events);
            rt.block_on(place.remove());
        }
    }
}

/// A spread of cases over all wards and months.
async fn fill(office: &Office, n: usize) {
    for i in 0..n {
        let (received, due, closed) = (day((i * 7 % 170) as u8), day((i * 5 % 180) as u8), (i % 3 != 0).then(|| day((i * 11 % 180) as u8)));
        let mut body = case(&received, &due, closed.as_deref(), if i % 2 == 0 { "online" } else { "counter" });
        let extra = json!({"paid": i % 4 == 0, "fee": i as f64 / 4.0, "score": i % 5 + 1, "served_by": WARDS[(i + 1) % 4]});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        put_case(office, None, WARDS[i % 4], body).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_opens_down_to_exactly_its_records() {
    both(async |place| {
        let office = place.governed(&[small(true)]).await;
        fill(&office, 60).await;
        settled(&office).await;
        let (world, system) = (office.world(), Actor::system());
        let before = date(2025, 6, 30);
        let quarter: Period = "2025Q2".parse().unwrap();
        let mut opened = 0;
        for def in world.indicators.values().filter_map(|i| i.live()) {
            for (key, map) in [(CITY, before), (WARDS[0], before), (WARDS[3], before), (NEW[0], date(2025, 8, 1))] {
                for period in [quarter, Period::All] {
                    let u = unit(&office, key);
                    // A divided ward flows in by a share: its records are all shown, its figure is a part.
                    if key == NEW[0] && def.id != "case.received" {
                        continue;
                    }
                    let figure = office.figure(&system, &def.id, u, period, map).unwrap().figure.unwrap();
                    let behind = async |part| office.records_behind(&system, &def.id, u, period, map, part, None, 500).await.unwrap();
                    let (page, counted) = behind(Part::Counted).await;
                    assert_eq!(page.records.len() as i64, counted);
                    if key == NEW[0] {
                        assert!(figure.n < counted && office.figure(&system, &def.id, u, period, map).unwrap().estimated);
                        continue;
                    }
                    assert_eq!(counted, figure.n, "{} {key} {period}", def.id);
                    let (above, rest) = (behind(Part::Numerator).await.1, behind(Part::Rest).await.1);
                    if def.kind == Kind::Ratio {
                        assert_eq!((above, above + rest), (figure.num, figure.den), "{} {key} {period}", def.id);
                    }
                    opened += counted;
                }
            }
        }
        assert!(opened > 200, "the figures were not empty: {opened}");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_shows_only_what_its_reader_may_see() {
    both(async |place| {
        let office = place.governed(&[small(true)]).await;
        fill(&office, 40).await;
        settled(&office).await;
        let new = unit(&office, NEW[0]);
        let officer = person("hoa", &[(Role::WardOfficer, NEW[0])]);
        let map = date(2025, 8, 1);
        let list =
            async |who: &Actor| office.records_behind(who, "case.received", new, Period::All, map, Part::Counted, None, 500).await.unwrap();
        let (page, own) = list(&officer).await;
        assert!(own > 0 && own < list(&Actor::system()).await.1);
        assert!(page.records.iter().all(|r| r.unit != WARDS[3]), "a divided ward's records are not hers");
        let other = unit(&office, NEW[1]);
        let refused = office.records_behind(&officer, "case.received", other, Period::All, map, Part::Counted, None, 9).await;
        assert_eq!(refused.unwrap_err().code(), "access.unit");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_divided_ward_is_estimated_and_the_whole_stays_exact() {
    both(async |place| {
        let office = place.governed(&[small(true)]).await;
        for i in 0..10 {
            put_case(&office, None, WARDS[3], case(&day(i), &day(i), None, "online")).await;
        }
        settled(&office).await;
        let get = |key: &str, map| office.figure(&Actor::system(), "case.received", unit(&office, key), Period::All, map).unwrap();
        let after = date(2025, 8, 1);
        assert_eq!((get(NEW[0], after).figure.unwrap().num, get(NEW[0], after).estimated), (4, true));
        assert_eq!((get(NEW[1], after).figure.unwrap().num, get(NEW[1], after).estimated), (6, true));
        assert_eq!((get(CITY, after).figure.unwrap().num, get(CITY, after).estimated), (10, false));
        assert_eq!((get(WARDS[3], date(2025, 6, 30)).figure.unwrap().num, get(WARDS[3], date(2025, 6, 30)).estimated), (10, false));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_time_alone_changes_is_seen_without_any_change_of_a_record() {
    both(async |place| {
        let office = place.governed(&[small(false)]).await;
        put_case(&office, None, WARDS[0], case(&day(3), &soon(&office, 0.7).to_string(), None, "online")).await;
        settled(&office).await;
        let period = Period::Month(office.now().month());
        let overdue = || {
            let f = office.figure(&Actor::system(), "case.overdue", unit(&office, WARDS[0]), period, office.today()).unwrap();
            f.figure.unwrap().num
        };
        assert_eq!(overdue(), 0);
        let (entries, mut moved) = (office.store().head().await.unwrap().size, office.live().watch());
        within(Duration::from_secs(2), "the figure flips by itself", async || overdue() == 1).await;
        assert_eq!(office.store().head().await.unwrap().size, entries, "no entry was written");
        // What the record itself moved may be told only now: a page is told after the figure stands.
        let told = async { while !moved.recv().await.unwrap().figures.iter().any(|(id, ..)| id == "case.overdue") {} };
        tokio::time::timeout(Duration::from_secs(1), told).await.expect("open pages are told");
        figures_are_right(&office).await;
        office.close().await.unwrap();
        saved_is_right(place).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fell_due_while_nobody_ran_is_counted_at_the_next_start() {
    both(async |place| {
        let office = place.governed(&[small(false)]).await;
        put_case(&office, None, WARDS[0], case(&day(3), &soon(&office, 0.6).to_string(), None, "online")).await;
        office.close().await.unwrap();
        tokio::time::sleep(Duration::from_millis(700)).await;
        let office = place.open().await;
        within(Duration::from_secs(1), "it is overdue", async || {
            let (live, _) = live_cells(&office);
            live.iter().any(|(k, v)| k.0 == "case.overdue" && v.0 == 1)
        })
        .await;
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_definition_is_counted_anew_and_named_by_its_version() {
    both(async |place| {
        let office = place.governed(&[small(false)]).await;
        fill(&office, 30).await;
        settled(&office).await;
        let before = live_cells(&office).0;
        let (from, to) = (r#"numerator = "record.closed_at <= record.due_at""#, r#"numerator = "record.closed_at < record.received_at""#);
        let done = load(&office, &[pack::changed(small(false), "indicators/case.toml", from, to)]).await;
        assert_eq!((done.added, done.changed, done.retired), (0, 1, 0));
        figures_are_right(&office).await;
        let after = live_cells(&office).0;
        let of =
            |cells: &common::Cells, id: &str| cells.iter().filter(|(k, _)| k.0 == id).map(|(k, v)| (k.clone(), *v)).collect::<Vec<_>>();
        assert_ne!(of(&before, "case.on_time"), of(&after, "case.on_time"));
        assert_eq!(of(&before, "case.received"), of(&after, "case.received"));
        office.close().await.unwrap();
        saved_is_right(place).await;
    })
    .await;
}

/// A register's own change (a field reads another way) makes its cells stale too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_register_is_counted_anew() {
    both(async |place| {
        let office = place.governed(&[small(false)]).await;
        fill(&office, 12).await;
        settled(&office).await;
        let fewer = pack::changed(small(false), "registers/case.toml", "type = \"decimal(2)\"", "type = \"decimal(1)\"");
        let fewer = pack::changed(fewer, "indicators/case.toml", "scale = 2", "scale = 1");
        load(&office, &[fewer]).await;
        figures_are_right(&office).await;
        office.close().await.unwrap();
        saved_is_right(place).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn two_processes_see_each_other_within_a_second() {
    both(async |place| {
        let a = place.governed(&[small(false)]).await;
        let b = place.open().await;
        let seen = |office: &Office| live_cells(office).0.iter().filter(|(k, _)| k.0 == "case.received").map(|(_, v)| v.0).sum::<i64>();
        for round in 0..3 {
            put_case(&a, None, WARDS[0], case(&day(1), &day(2), None, "online")).await;
            within(Duration::from_secs(1), "b sees a's change", async || seen(&b) == round * 2 + 1).await;
            put_case(&b, None, WARDS[1], case(&day(1), &day(2), None, "counter")).await;
            within(Duration::from_secs(1), "a sees b's change", async || seen(&a) == round * 2 + 2).await;
        }
        // Both write at once, both save: neither takes anything from the other.
        let write = async |office: &Office, ward: &str| {
            for i in 0..20 {
                put_case(office, None, ward, case(&day(i), &day(i + 1), None, "online")).await;
            }
        };
        tokio::join!(write(&a, WARDS[2]), write(&b, WARDS[3]));
        figures_are_right(&a).await;
        figures_are_right(&b).await;
        same(&live_cells(&a).0, &live_cells(&b).0, "both");
        a.close().await.unwrap();
        put_case(&b, None, WARDS[0], case(&day(1), &day(2), None, "online")).await;
        b.close().await.unwrap();
        saved_is_right(place).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn definitions_loaded_by_another_process_come_into_force_here() {
    both(async |place| {
        let a = place.governed(&[small(false)]).await;
        let b = place.open().await;
        fill(&a, 12).await;
        let more = r#"
[[indicator]]
id = "case.open"
name = { vi = "Đang mở", en = "Open" }
register = "case"
kind = "count"
where = "record.closed_at == null"
date = "record.received_at"
format = "integer"
"#;
        load(&a, &[pack::with(small(true), "indicators/more.toml", more)]).await;
        within(Duration::from_secs(2), "b knows the new indicator and units", async || {
            b.world().indicator("case.open").is_some() && b.world().units.idx(&NEW[0].parse().unwrap()).is_some()
        })
        .await;
        put_case(&b, None, NEW[0], case(&day(190), &day(199), None, "online")).await;
        figures_are_right(&b).await;
        figures_are_right(&a).await;
        same(&live_cells(&a).0, &live_cells(&b).0, "both");
        assert!(live_cells(&b).0.keys().any(|k| k.0 == "case.open" && k.1 == NEW[0]));
        a.close().await.unwrap();
        b.close().await.unwrap();
        saved_is_right(place).await;
    })
    .await;
}

/// Waiting for a position that was reached before anybody asked must not wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_position_is_known_to_whoever_asks_later() {
    let place = Place::sqlite();
    let office = place.governed(&[small(false)]).await;
    put_case(&office, None, WARDS[0], case(&day(1), &day(2), None, "online")).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let head = office.store().head().await.unwrap().size as u64;
    assert_eq!(office.live().position(), head);
    assert!(office.live().wait_for(head, Duration::from_millis(50)).await);
    office.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_figures_are_named_by_verify_and_damaged_rows_are_counted_anew() {
    both(async |place| {
        let office = place.governed(&[small(false)]).await;
        fill(&office, 20).await;
        put_case(&office, None, WARDS[0], case(&day(3), &soon(&office, 3600.0).to_string(), None, "online")).await;
        office.close().await.unwrap();
        let quiet = Office::open(&office::Options { live: false, ..place.options.clone() }).await.unwrap();
        let tenant = quiet.store().tenant().to_owned();
        quiet
            .store()
            .db()
            .execute("UPDATE cell SET num=num+1 WHERE tenant=$1 AND indicator='case.received'", &[store::P::Text(&tenant)])
            .await
            .unwrap();
        match quiet.verify().await.unwrap() {
            Finding::Difference(text) => assert!(text.contains("case.received"), "{text}"),
            whole => panic!("a changed cell was not found: {whole:?}"),
        }
        quiet.store().db().execute("UPDATE due SET state='broken' WHERE tenant=$1", &[store::P::Text(&tenant)]).await.unwrap();
        quiet.store().close().await;
        let office = place.open().await;
        figures_are_right(&office).await;
        office.close().await.unwrap();
        saved_is_right(place).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_seventeen_units_roll_up_exactly_into_the_five() {
    both(async |place| {
        let office = place.governed(&[pack::real("vietnam"), pack::real("vung-tau")]).await;
        let world = office.world();
        let (before, after) = (date(2025, 6, 30), date(2025, 8, 1));
        let level4 = |top: &str, map| -> Vec<u32> {
            let top = unit(&office, top);
            world.units.subtree_on(top, map).filter(|u| world.units.unit(*u).level == 4).collect()
        };
        let seventeen = level4("747@2004-07-08", before);
        assert_eq!(seventeen.len(), 17);
        for (i, u) in seventeen.iter().enumerate() {
            for n in 0..=i {
                let closed = (n % 4 != 0).then(|| day((n * 9 % 170) as u8));
                let body = json!({"code": format!("H-{i}-{n}"), "received_at": day((n * 5 % 150) as u8), "due_at": day((n * 8 % 180) as u8),
                    "closed_at": closed, "channel": (["online", "counter"])[n % 2], "end_to_end": n % 3 == 0, "fee_vnd": n * 1000, "satisfaction": n % 5 + 1});
                put(&office, "dossier", None, &world.units.key(*u).to_string(), body).await;
            }
        }
        figures_are_right(&office).await;
        let five: Vec<u32> = seventeen.iter().flat_map(|u| world.units.successors(*u).map(|(_, to)| to)).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        assert_eq!(five.len(), 5);
        let system = Actor::system();
        let mut compared = 0;
        for def in world.indicators.values().filter_map(|i| i.live()).filter(|d| d.register == "dossier") {
            let get = |u: u32, map| office.figure(&system, &def.id, u, Period::All, map).unwrap();
            let sums = |list: &[u32], map| list.iter().fold((0, 0, 0), |s, u| {
                let a = get(*u, map);
                assert!(!a.estimated && a.not_attributable.is_empty());
                let f = a.figure.unwrap();
                (s.0 + f.num, s.1 + f.den, s.2 + f.n)
            });
            let whole = get(unit(&office, "747@2004-07-08"), before).figure.unwrap();
            assert_eq!(sums(&seventeen, before), (whole.num, whole.den, whole.n), "{}", def.id);
            assert_eq!(sums(&five, after), sums(&seventeen, before), "{}", def.id);
            for to in &five {
                let parts: Vec<u32> = world.units.predecessors(*to).map(|(_, from)| from).collect();
                assert_eq!(sums(&[*to], after), sums(&parts, before), "{}", def.id);
            }
            compared += whole.n;
        }
        assert!(compared > 500);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_is_local() {
    let place = Place::sqlite();
    let office = place.governed(&[small(false)]).await;
    // 30 June 17:30 UTC is 1 July 00:30 in Vũng Tàu.
    put_case(&office, None, WARDS[0], case("2025-06-30T17:30:00.000000Z", &day(2), None, "online")).await;
    settled(&office).await;
    let get =
        |m: Month| office.figure(&Actor::system(), "case.received", unit(&office, WARDS[0]), Period::Month(m), date(2025, 6, 30)).unwrap();
    assert_eq!((get(Month::new(2025, 6)).figure.unwrap().num, get(Month::new(2025, 7)).figure.unwrap().num), (0, 1));
    let (live, clock) = live_cells(&office);
    same(&live, &recount(&office, clock).await, "live");
    office.close().await.unwrap();
}
