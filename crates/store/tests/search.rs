//! A search gives what a look at every record gives: whatever was changed, whatever the index has of it, whoever asks.

use std::collections::{BTreeMap, HashSet};

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use rules::{Timestamp, text::Wanted};
use serde_json::{Map, Value, json};
use store::{Command, Engine, Expect, ListQuery, P, Record, RecordId, RecordWrite, RegisterMeta, SearchKey, Sight, SortBy, Store};

mod common;
use common::{both, reopen};

const UNITS: [&str; 3] = ["26506@2025-07-01", "26526@2025-07-01", "26542@2025-07-01"];
const STATES: [&str; 3] = ["received", "in_progress", "resolved"];
const NAMES: [&str; 6] = ["Nguyễn Văn An", "Nguyễn Thị Ánh Ý", "Trần Văn Ân", "Đặng Thùy Trâm", "ĐẶNG Văn Nguyên", "Lê Y"];
const TITLES: [&str; 4] = ["Đăng ký khai sinh", "Chứng thực bản sao", "Đăng ký kết hôn lần 2", "Nguyên trạng đất"];
const QUESTIONS: [&str; 14] = [
    "nguyen",
    "van an",
    "NGUYỄN THỊ",
    "dang ky",
    "dang tram",
    "y",
    "a",
    "0004",
    "H29.12-251122-0004",
    "nguye van",
    "khai sinh tran",
    "251122 le",
    "zzz",
    "–",
];

fn meta() -> RegisterMeta {
    RegisterMeta { personal: vec!["name".into()], search: vec!["title".into()], search_personal: vec!["name".into()] }
}

fn prepare(store: &Store) {
    store.set_register("dossier", meta());
    store.set_search_key(SearchKey::new(b"of a test"));
}

#[derive(Debug, Clone)]
enum Act {
    New { name: usize, title: usize, unit: usize },
    Change { which: usize, name: usize, unit: usize, state: usize },
    Index,
    Restart,
    Ask { question: usize, sight: usize, unit: Option<usize>, state: Option<usize>, newest: bool, page: i64 },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let new = (0..NAMES.len(), 0..TITLES.len(), 0..3usize).prop_map(|(name, title, unit)| Act::New { name, title, unit });
    let change =
        (0..200usize, 0..NAMES.len(), 0..3usize, 0..3usize).prop_map(|(which, name, unit, state)| Act::Change { which, name, unit, state });
    let ask = (0..QUESTIONS.len(), 0..3usize, proptest::option::of(0..3usize), proptest::option::of(0..3usize), any::<bool>(), 1..9i64)
        .prop_map(|(question, sight, unit, state, newest, page)| Act::Ask { question, sight, unit, state, newest, page });
    proptest::collection::vec(prop_oneof![4 => new, 3 => change, 2 => Just(Act::Index), 1 => Just(Act::Restart), 4 => ask], 30..90)
}

fn write(id: RecordId, expect: Expect, n: usize, name: usize, title: usize, unit: usize, state: usize) -> RecordWrite {
    let key = format!("H29.12-2511{}-{n:04}", 20 + n % 4);
    let fields = json!({"title": TITLES[title], "name": NAMES[name]});
    RecordWrite {
        register: "dossier".into(),
        id,
        expect,
        key: Some(key),
        unit: UNITS[unit].into(),
        state: STATES[state].into(),
        fields: fields.as_object().cloned().unwrap_or_default(),
        kind: "update".into(),
        authority: None,
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(1_750_000_000_000_000 + seconds * 1_000_000)
}

async fn commit(store: &Store, write: RecordWrite) {
    let command = Command { actor: "lan".into(), on_behalf: None, at: at(0), idempotency: None, writes: vec![write] };
    store.commit(command).await.unwrap();
}

/// What a look at every record finds, in order.
fn looked_at(all: &[Record], q: &ListQuery) -> Vec<RecordId> {
    let wanted = Wanted::read(&q.search);
    let mut found: Vec<RecordId> = all
        .iter()
        .filter(|r| {
            let fields: Map<String, Value> = r.fields().unwrap();
            let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let seen = match &q.sight {
                Sight::Hidden => false,
                Sight::Everywhere => true,
                Sight::Units(list) => list.contains(&r.unit),
            };
            let name = if seen { text("name") } else { String::new() };
            (q.units.is_empty() || q.units.contains(&r.unit))
                && (q.states.is_empty() || q.states.contains(&r.state))
                && wanted.found_in([r.key.as_deref().unwrap_or_default(), &text("title"), &name])
        })
        .map(|r| r.id)
        .collect();
    found.sort_unstable();
    if q.sort == SortBy::Newest {
        found.reverse();
    }
    found
}

async fn paged(store: &Store, q: &ListQuery) -> Vec<RecordId> {
    let (mut q, mut out) = (q.clone(), Vec::new());
    loop {
        let page = store.list(&q).await.unwrap();
        out.extend(page.records.iter().map(|r| r.id));
        let Some(next) = page.next else { return out };
        q.after = Some(next);
    }
}

async fn play(first: Store, acts: &[Act]) {
    let mut store = first;
    prepare(&store);
    let (mut ids, mut asked): (Vec<(RecordId, i64, usize)>, usize) = (Vec::new(), 0);
    let mut found_something = false;
    for act in acts {
        match act {
            Act::New { name, title, unit } => {
                let id = RecordId::new();
                commit(&store, write(id, Expect::New, ids.len(), *name, *title, *unit, 0)).await;
                ids.push((id, 1, *title));
            }
            Act::Change { which, name, unit, state } => {
                if ids.is_empty() {
                    continue;
                }
                let n = which % ids.len();
                let (id, version, title) = ids[n];
                commit(&store, write(id, Expect::Version(version), n, *name, title, *unit, *state)).await;
                ids[n].1 = store.record("dossier", id).await.unwrap().version;
            }
            Act::Index => {
                // On PostgreSQL a part of it may still wait for its place.
                store.index_step(&|| false).await.unwrap();
            }
            Act::Restart => {
                let again = reopen(&store).await;
                store.close().await;
                store = again;
                prepare(&store);
            }
            Act::Ask { question, sight, unit, state, newest, page } => {
                let sight = [Sight::Hidden, Sight::Everywhere, Sight::Units(HashSet::from([UNITS[0].to_owned(), UNITS[2].to_owned()]))]
                    [*sight]
                    .clone();
                let q = ListQuery {
                    register: "dossier".into(),
                    units: unit.map(|u| UNITS[u].to_owned()).into_iter().collect(),
                    states: state.map(|s| STATES[s].to_owned()).into_iter().collect(),
                    search: QUESTIONS[*question].into(),
                    sight,
                    sort: if *newest { SortBy::Newest } else { SortBy::Id },
                    limit: *page,
                    ..ListQuery::default()
                };
                let expected = looked_at(&store.all("dossier").await.unwrap(), &q);
                assert_eq!(paged(&store, &q).await, expected, "{q:?}");
                assert_eq!(store.count(&q).await.unwrap(), expected.len() as i64);
                asked += 1;
                found_something |= !expected.is_empty();
            }
        }
    }
    assert!(asked < 5 || found_something || ids.len() < 5, "the questions meet the records");
    assert_eq!(store.verify_search().await.unwrap(), None);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_gives_what_a_look_at_every_record_gives() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..12 {
        let acts = acts().new_tree(&mut runner).unwrap().current();
        both(async |store| play(store, &acts).await).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_small_steps_become_few_segments_and_nothing_is_lost() {
    both(async |store| {
        prepare(&store);
        for n in 0..120 {
            commit(&store, write(RecordId::new(), Expect::New, n, n % 6, n % 4, n % 3, 0)).await;
            store.settle().await.unwrap();
            store.index_step(&|| false).await.unwrap();
        }
        assert_eq!(store.indexed().await.unwrap().behind, 0);
        let count = "SELECT CAST(COUNT(*) AS BIGINT), CAST(SUM(docs) AS BIGINT) FROM search_segment WHERE tenant=$1";
        let rows = store.db().fetch(count, &[P::Text(store.tenant())]).await.unwrap();
        assert!(rows[0].int(0).unwrap() < 20, "{} segments", rows[0].int(0).unwrap());
        assert_eq!(rows[0].int(1).unwrap(), 120);
        // What was merged is gone from the postings too.
        let rest = "SELECT CAST(COUNT(*) AS BIGINT) FROM search_posting p WHERE p.tenant=$1 AND NOT EXISTS \
             (SELECT 1 FROM search_segment s WHERE s.tenant=$1 AND s.segment=p.segment)";
        assert_eq!(store.db().fetch(rest, &[P::Text(store.tenant())]).await.unwrap()[0].int(0).unwrap(), 0);
        let q =
            ListQuery { register: "dossier".into(), search: "tram".into(), sight: Sight::Everywhere, limit: 500, ..ListQuery::default() };
        assert_eq!(store.count(&q).await.unwrap(), 20);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_of_a_person_stands_in_the_index_and_another_key_makes_it_anew() {
    both(async |store| {
        prepare(&store);
        for n in 0..6 {
            commit(&store, write(RecordId::new(), Expect::New, n, n, 0, 0, 0)).await;
        }
        store.settle().await.unwrap();
        store.index_step(&|| false).await.unwrap();
        assert_eq!(store.verify_search().await.unwrap(), None);
        for sql in ["DELETE FROM search_posting WHERE tenant=$1 AND token>0", "DELETE FROM search_segment WHERE tenant=$1"] {
            store.db().execute(sql, &[P::Text(store.tenant())]).await.unwrap();
            let said = store.verify_search().await.unwrap();
            assert!(said.as_deref().is_some_and(|t| t.contains("index")), "{said:?}");
            store.db().execute("DELETE FROM follower WHERE tenant=$1", &[P::Text(store.tenant())]).await.unwrap();
            store.index_step(&|| false).await.unwrap();
            assert_eq!(store.verify_search().await.unwrap(), None);
        }
        let tokens = async || -> BTreeMap<i64, Vec<u8>> {
            let sql = "SELECT token,places FROM search_posting WHERE tenant=$1";
            let rows = store.db().fetch(sql, &[P::Text(store.tenant())]).await.unwrap();
            rows.iter().map(|r| (r.int(0).unwrap(), r.blob(1).unwrap())).collect()
        };
        let first = tokens().await;
        assert!(first.len() > 50);
        store.set_search_key(SearchKey::new(b"another"));
        assert!(store.indexed().await.unwrap().anew);
        let q = ListQuery { register: "dossier".into(), search: "tram".into(), sight: Sight::Everywhere, limit: 5, ..ListQuery::default() };
        assert_eq!(store.count(&q).await.unwrap(), 1, "found before the index is made anew");
        store.index_step(&|| false).await.unwrap();
        assert!(!store.indexed().await.unwrap().anew);
        assert_eq!(store.count(&q).await.unwrap(), 1);
        let second = tokens().await;
        assert!(second.keys().filter(|t| !first.contains_key(t)).count() > 50, "hashes without the key say nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_of_one_tenant_says_nothing_to_another() {
    both(async |store| {
        let other = common::other_tenant(&store).await;
        for s in [&store, &other] {
            prepare(s);
        }
        commit(&store, write(RecordId::new(), Expect::New, 1, 3, 0, 0, 0)).await;
        for s in [&store, &other] {
            s.settle().await.unwrap();
            s.index_step(&|| false).await.unwrap();
        }
        let q = ListQuery { register: "dossier".into(), search: "tram".into(), sight: Sight::Everywhere, limit: 5, ..ListQuery::default() };
        assert_eq!((store.count(&q).await.unwrap(), other.count(&q).await.unwrap()), (1, 0));
        other.close().await;
    })
    .await;
}

/// Without counts PostgreSQL takes tenant and register for nearly unique, and reads every record of a register to find one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_grows_is_counted_before_a_minute_has_passed() {
    both(async |store| {
        if store.engine() == Engine::Sqlite {
            return;
        }
        prepare(&store);
        let counted = async |from: usize, to: usize| {
            for n in from..to {
                commit(&store, write(RecordId::new(), Expect::New, n, n % NAMES.len(), 0, 0, 0)).await;
            }
            store.settle().await.unwrap();
            store.index_step(&|| false).await.unwrap();
            let sql = "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE relname='record'";
            store.db().fetch(sql, &[]).await.unwrap()[0].int(0).unwrap()
        };
        assert!(counted(0, 2).await <= 2, "begun anew, so nothing is there to be counted");
        assert_eq!(counted(2, 300).await, 300);
        assert_eq!(counted(300, 310).await, 300, "not at every step");
        assert_eq!(counted(310, 600).await, 600);
    })
    .await;
}
