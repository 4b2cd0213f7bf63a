//! One contract, two databases: every test runs on SQLite and on PostgreSQL.

use std::sync::Arc;

use rules::Timestamp;
use serde_json::{Map, Value, json};
use store::{
    CellRow, Command, DataSource, DueRow, Error, Expect, FigurePosition, JobState, ListQuery, P, RecordId, RecordWrite, RegisterMeta,
    SortBy, Store, verify,
};

mod backups;
mod common;
mod statements;
use common::{both, reopen};

fn at(seconds: i64) -> Timestamp {
    Timestamp(1_750_000_000_000_000 + seconds * 1_000_000)
}

fn fields(v: Value) -> Map<String, Value> {
    v.as_object().cloned().unwrap_or_default()
}

fn write(id: RecordId, expect: Expect, v: Value) -> RecordWrite {
    RecordWrite {
        register: "dossier".into(),
        id,
        expect,
        key: None,
        unit: "26506@2025-07-01".into(),
        state: "received".into(),
        fields: fields(v),
        kind: if expect == Expect::New { "create".into() } else { "update".into() },
        authority: None,
    }
}

fn act(writes: Vec<RecordWrite>) -> Command {
    Command { actor: "lan".into(), on_behalf: None, at: at(0), idempotency: None, writes }
}

fn key() -> ledger::SigningKey {
    ledger::SigningKey::from_seed("test.haidang", &[7; 32]).unwrap()
}

async fn whole(store: &Store) -> verify::Finding {
    verify::verify(store, &[key().verifier().clone()], &[], i64::MAX, &mut |_| Ok(())).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_a_record_an_entry_and_a_leaf() {
    both(async |store| {
        let id = RecordId::new();
        store.commit(act(vec![write(id, Expect::New, json!({"code": "H06-1", "fee": 5, "gone": null}))])).await.unwrap();
        store.commit(act(vec![write(id, Expect::Version(1), json!({"code": "H06-1", "fee": 7}))])).await.unwrap();
        store.settle().await.unwrap();
        let r = store.record("dossier", id).await.unwrap();
        assert_eq!((r.version, &*r.body), (2, r#"{"code":"H06-1","fee":7}"#));
        let history = store.history("dossier", id).await.unwrap();
        assert_eq!(history.len(), 2);
        assert_eq!(&*history[0].body, r#"{"new":{"@state":"received","@unit":"26506@2025-07-01","code":"H06-1","fee":5}}"#);
        assert!(history[1].body.contains(r#""fee":[5,7]"#) && !history[1].body.contains("code"), "only what changed: {}", history[1].body);
        let head = store.head().await.unwrap();
        assert_eq!(head.size, 2);
        for e in &history {
            let seq = e.seq.unwrap();
            let proof = store.inclusion_proof(seq, head.size).await.unwrap();
            let leaf = ledger::leaf_hash(&e.leaf_bytes(store.tenant()));
            ledger::verify_inclusion(&leaf, seq as u64, head.size as u64, &proof, &head.root).unwrap();
        }
        assert_eq!(whole(&store).await, verify::Finding::Whole { entries: 2, records: 1, checkpoints: 0 });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_version_is_told_with_both_sides_and_nothing_is_half_done() {
    both(async |store| {
        let (a, b) = (RecordId::new(), RecordId::new());
        store.commit(act(vec![write(a, Expect::New, json!({"n": 1}))])).await.unwrap();
        store.commit(act(vec![write(a, Expect::Version(1), json!({"n": 2}))])).await.unwrap();
        // The first write of the act is good, the second is stale: neither happens.
        let err = store
            .commit(act(vec![write(b, Expect::New, json!({"n": 9})), write(a, Expect::Version(1), json!({"n": 3}))]))
            .await
            .unwrap_err();
        let Error::Conflict { current } = err else { panic!("{err}") };
        assert_eq!((current.version, current.fields().unwrap()["n"].clone()), (2, json!(2)));
        assert!(matches!(store.record("dossier", b).await, Err(Error::NotFound { .. })));
        assert!(matches!(store.commit(act(vec![write(b, Expect::Version(1), json!({}))])).await, Err(Error::NotFound { .. })));
        store.settle().await.unwrap();
        assert_eq!(store.head().await.unwrap().size, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_share_transactions_and_each_version_is_won_once() {
    both(async |store| {
        let id = RecordId::new();
        store.commit(act(vec![write(id, Expect::New, json!({"n": 0}))])).await.unwrap();
        let mut tasks = Vec::new();
        for w in 0..16 {
            let store = store.clone();
            tasks.push(tokio::spawn(async move {
                let mut won = 0;
                for _ in 0..20 {
                    let seen = store.record("dossier", id).await.unwrap();
                    match store.commit(act(vec![write(id, Expect::Version(seen.version), json!({"n": seen.version, "by": w}))])).await {
                        Ok(_) => won += 1,
                        Err(Error::Conflict { .. }) => {}
                        Err(e) => panic!("{e}"),
                    }
                    store.commit(act(vec![write(RecordId::new(), Expect::New, json!({"w": w}))])).await.unwrap();
                }
                won
            }));
        }
        let mut won = 0;
        for t in tasks {
            won += t.await.unwrap();
        }
        store.settle().await.unwrap();
        let r = store.record("dossier", id).await.unwrap();
        assert_eq!(r.version, won + 1, "every acknowledged change is there, and no other");
        assert_eq!(store.head().await.unwrap().size, won + 1 + 16 * 20);
        assert!(matches!(whole(&store).await, verify::Finding::Whole { .. }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idempotency_key_makes_a_retry_harmless() {
    both(async |store| {
        let id = RecordId::new();
        let mut command = act(vec![write(id, Expect::New, json!({"n": 1}))]);
        command.idempotency = Some(("k1".into(), "digest-a".into()));
        let first = store.commit(command.clone()).await.unwrap();
        let again = store.commit(command.clone()).await.unwrap();
        assert!(!first.replayed && again.replayed);
        assert_eq!(first.written, again.written);
        command.idempotency = Some(("k1".into(), "digest-b".into()));
        assert!(matches!(store.commit(command).await, Err(Error::IdempotencyMismatch(_))));
        store.settle().await.unwrap();
        assert_eq!(store.head().await.unwrap().size, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outside_key_has_one_holder() {
    both(async |store| {
        let (a, b) = (RecordId::new(), RecordId::new());
        let with_key = |id, expect, key: &str| RecordWrite { key: Some(key.into()), ..write(id, expect, json!({"n": 1})) };
        store.commit(act(vec![with_key(a, Expect::New, "H06-1")])).await.unwrap();
        let err = store.commit(act(vec![with_key(b, Expect::New, "H06-1")])).await.unwrap_err();
        assert!(matches!(err, Error::KeyTaken { ref holder, .. } if *holder == a.to_string()), "{err}");
        // Given up by one and taken by the other in one act.
        store.commit(act(vec![with_key(a, Expect::Version(1), "H06-2"), with_key(b, Expect::New, "H06-1")])).await.unwrap();
        assert_eq!(store.record_by_key("dossier", "H06-1").await.unwrap().id, b);
        assert_eq!(store.ids_by_keys("dossier", &["H06-1", "H06-2", "none"]).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn personal_fields_never_reach_the_ledger_in_clear() {
    both(async |store| {
        store.set_register(
            "dossier",
            RegisterMeta { personal: vec!["name".into()], search: vec!["code".into()], ..RegisterMeta::default() },
        );
        let id = RecordId::new();
        store.commit(act(vec![write(id, Expect::New, json!({"code": "x", "name": "Nguyễn Thị Lan"}))])).await.unwrap();
        store.commit(act(vec![write(id, Expect::Version(1), json!({"code": "x", "name": "Nguyễn Thị Mai"}))])).await.unwrap();
        store.settle().await.unwrap();
        for e in store.history("dossier", id).await.unwrap() {
            assert!(!e.body.contains("Nguyễn"), "{}", e.body);
            assert!(e.body.contains("@sealed"));
        }
        assert!(matches!(whole(&store).await, verify::Finding::Whole { .. }));
        // Somebody changes the name behind the ledger's back.
        store
            .db()
            .execute("UPDATE record SET body=$2 WHERE tenant=$1", &[P::Text(store.tenant()), P::Text(r#"{"code":"x","name":"Khác"}"#)])
            .await
            .unwrap();
        let verify::Finding::Difference(text) = whole(&store).await else { panic!() };
        assert!(text.contains("field name"), "{text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verify_names_the_first_difference() {
    for (tamper, expected) in [
        ("UPDATE entry SET body='{\"new\":{\"n\":99}}' WHERE tenant=$1 AND seq=1", "root"),
        ("DELETE FROM entry WHERE tenant=$1 AND seq=1", "entry 1 is missing"),
        ("DELETE FROM record WHERE tenant=$1 AND body LIKE '%\"n\":1}'", "its row is gone"),
        ("UPDATE record SET state='resolved' WHERE tenant=$1 AND body LIKE '%\"n\":2}'", "state is \"resolved\""),
        ("UPDATE record SET person='079057000001' WHERE tenant=$1 AND body LIKE '%\"n\":2}'", "its desk keys"),
        ("UPDATE head SET size=size+1 WHERE tenant=$1", "its head says"),
        ("UPDATE checkpoint SET root=root || '0' WHERE tenant=$1", "checkpoint 4"),
        (
            "INSERT INTO record (tenant,register,id,key,unit,state,version,created_at,updated_at,salt,body) SELECT tenant,register,'00000000-0000-7000-8000-000000000000',key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND body LIKE '%\"n\":2}'",
            "in no entry of the ledger",
        ),
    ] {
        both(async |store| {
            for n in 0..4 {
                store.commit(act(vec![write(RecordId::new(), Expect::New, json!({"n": n}))])).await.unwrap();
            }
            store.settle().await.unwrap();
            store.sign_checkpoint(&key(), at(9)).await.unwrap();
            assert_eq!(whole(&store).await, verify::Finding::Whole { entries: 4, records: 4, checkpoints: 1 });
            let touched = store.db().execute(tamper, &[P::Text(store.tenant())]).await.unwrap();
            assert!(touched > 0, "{tamper}");
            let verify::Finding::Difference(text) = whole(&store).await else { panic!("not seen: {tamper}") };
            assert!(text.contains(expected), "{tamper}: {text}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_and_the_ledger_tell_the_same_changes() {
    both(async |store| {
        let mut feed = store.follow();
        let ids: Vec<RecordId> = (0..20).map(|_| RecordId::new()).collect();
        for &id in &ids {
            store.commit(act(vec![write(id, Expect::New, json!({"n": 1, "keep": "a"}))])).await.unwrap();
        }
        for (i, &id) in ids.iter().enumerate() {
            store.commit(act(vec![write(id, Expect::Version(1), json!({"n": 2 + i, "keep": "a"}))])).await.unwrap();
            if i % 2 == 0 {
                let mut moved = write(id, Expect::Version(2), json!({"keep": "a"}));
                moved.unit = "26526@2025-07-01".into();
                moved.state = "resolved".into();
                store.commit(act(vec![moved])).await.unwrap();
            }
        }
        store.settle().await.unwrap();
        let mut live = Vec::new();
        while live.len() < 50 {
            live.extend(feed.recv().await.unwrap().iter().cloned());
        }
        let mut read = Vec::new();
        // In small steps, so that later entries have to be taken back.
        while read.len() < 50 {
            read.extend(store.changes_after(read.len() as i64, 7).await.unwrap());
        }
        for (a, b) in live.iter().zip(&read) {
            assert_eq!((a.seq, a.at, &a.before, &a.after), (b.seq, b.at, &b.before, &b.after));
        }
        assert_eq!(live.iter().map(|c| c.seq).collect::<Vec<_>>(), (0..50).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_page_by_cursor_and_search_without_marks() {
    both(async |store| {
        store.set_register("dossier", RegisterMeta { search: vec!["title".into()], ..RegisterMeta::default() });
        for n in 0..25 {
            let title = if n % 5 == 0 { "Đăng ký khai sinh" } else { "Chứng thực 100%_bản sao" };
            let mut command = act(vec![write(RecordId::new(), Expect::New, json!({"title": title, "n": n}))]);
            command.at = at(n);
            store.commit(command).await.unwrap();
        }
        for sort in [SortBy::Id, SortBy::Newest] {
            let mut q = ListQuery { register: "dossier".into(), sort, limit: 10, ..ListQuery::default() };
            let mut seen = Vec::new();
            loop {
                let page = store.list(&q).await.unwrap();
                seen.extend(page.records.iter().map(|r| r.id));
                let Some(next) = page.next else { break };
                q.after = Some(next);
            }
            assert_eq!(seen.len(), 25);
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 25, "no record twice");
        }
        let find = |text: &str| ListQuery { register: "dossier".into(), search: text.into(), limit: 100, ..ListQuery::default() };
        assert_eq!(store.count(&find("KHAI dang")).await.unwrap(), 5);
        assert_eq!(store.list(&find("đăng ký")).await.unwrap().records.len(), 5);
        assert_eq!(store.count(&find("100%_")).await.unwrap(), 20);
        assert_eq!(store.count(&find("1_0")).await.unwrap(), 0, "two words, and neither a wildcard of SQL");
        let wrong = ListQuery { after: Some("not a cursor".into()), ..find("") };
        assert!(matches!(store.list(&wrong).await, Err(Error::NotFound { .. })));
        let by_unit = ListQuery { units: vec!["26506@2025-07-01".into()], states: vec!["received".into()], ..find("") };
        assert_eq!(store.count(&by_unit).await.unwrap(), 25);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_saved_with_their_position_and_never_step_back() {
    both(async |store| {
        assert!(store.load_figures().await.unwrap().is_none());
        let cell = |num| CellRow {
            indicator: "dossier.on_time".into(),
            version: 1,
            unit: "26506@2025-07-01".into(),
            month: 24306,
            dims: String::new(),
            num,
            den: 9,
            n: 9,
        };
        let due = |due_at| DueRow { register: "dossier".into(), record_id: "r".into(), due_at, state: "{}".into() };
        let pos = |seq, clock| FigurePosition { seq, clock: at(clock), rules: "r1".into() };
        assert!(store.save_figures(&pos(5, 5), &[cell(4)], &[due(Some(at(50)))], false).await.unwrap());
        assert!(!store.save_figures(&pos(4, 9), &[cell(1)], &[], false).await.unwrap());
        assert!(!store.save_figures(&pos(9, 4), &[cell(1)], &[], false).await.unwrap());
        let (p, cells, dues) = store.load_figures().await.unwrap().unwrap();
        assert_eq!((p, cells, dues.len()), (pos(5, 5), vec![cell(4)], 1));
        assert!(store.save_figures(&pos(6, 6), &[cell(5)], &[due(None)], false).await.unwrap());
        let (_, cells, dues) = store.load_figures().await.unwrap().unwrap();
        assert_eq!((cells, dues.len()), (vec![cell(5)], 0));
        let other = FigurePosition { rules: "r2".into(), ..pos(9, 9) };
        assert!(!store.save_figures(&other, &[cell(1)], &[], false).await.unwrap(), "counted by other definitions");
        assert!(!store.save_figures(&pos(1, 1), &[], &[], true).await.unwrap(), "a recount that others have overtaken");
        let other = FigurePosition { rules: "others".into(), ..pos(1, 1) };
        assert!(store.save_figures(&other, &[], &[], true).await.unwrap());
        assert!(store.load_figures().await.unwrap().unwrap().1.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_database_keep_one_ledger() {
    both(async |first| {
        let second = reopen(&first).await;
        let mut tasks = Vec::new();
        for store in [first.clone(), second.clone()] {
            tasks.push(tokio::spawn(async move {
                for n in 0..40 {
                    store.commit(act(vec![write(RecordId::new(), Expect::New, json!({"n": n}))])).await.unwrap();
                }
            }));
        }
        for t in tasks {
            t.await.unwrap();
        }
        first.settle().await.unwrap();
        assert_eq!(whole(&second).await, verify::Finding::Whole { entries: 80, records: 80, checkpoints: 0 });
        second.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tenants_do_not_see_each_other() {
    both(async |store| {
        let id = RecordId::new();
        store.commit(act(vec![write(id, Expect::New, json!({"n": 1}))])).await.unwrap();
        store.settle().await.unwrap();
        let other = common::other_tenant(&store).await;
        assert!(matches!(other.record("dossier", id).await, Err(Error::NotFound { .. })));
        assert_eq!(other.head().await.unwrap().size, 0);
        other.commit(act(vec![write(id, Expect::New, json!({"n": 2}))])).await.unwrap();
        other.settle().await.unwrap();
        assert_eq!(store.record("dossier", id).await.unwrap().fields().unwrap()["n"], json!(1));
        assert!(matches!(whole(&store).await, verify::Finding::Whole { entries: 1, .. }));
        other.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_database_is_refused_and_an_unreachable_one_is_told() {
    both(async |store| {
        store.db().execute("INSERT INTO schema_version (version) VALUES ($1)", &[P::Int(999)]).await.unwrap();
        let err = common::try_reopen(&store).await.err().unwrap();
        assert!(matches!(err, Error::NewerDatabase { found: 999, .. }), "{err}");
    })
    .await;
    let nowhere: DataSource = "postgres://nobody@127.0.0.1:1/none".parse().unwrap();
    let err = Store::open(&nowhere, "vt", None).await.err().unwrap();
    assert_eq!(err.code(), "store.unreachable", "{err}");
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("haidang.db"), vec![b'x'; 8192]).unwrap();
    let err = Store::open(&DataSource::Folder(dir.path().to_owned()), "vt", None).await.err().unwrap();
    assert_eq!(err.code(), "store.corrupt", "{err}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_end_and_locked_accounts_are_known() {
    both(async |store| {
        store.set_credential("acc-1", "lan", "$argon2id$x", at(0)).await.unwrap();
        for n in 1..=3 {
            assert!(store.sign_in_attempt("acc-1", at(0), at(60), 3).await.unwrap(), "attempt {n}");
        }
        let c = store.credential("lan").await.unwrap().unwrap();
        assert_eq!((c.failures, c.locked_until), (3, Some(at(60))));
        assert!(!store.sign_in_attempt("acc-1", at(59), at(90), 3).await.unwrap(), "it waits");
        assert!(store.sign_in_attempt("acc-1", at(60), at(120), 3).await.unwrap(), "one more after the wait, then it waits again");
        assert!(!store.sign_in_attempt("acc-1", at(61), at(120), 3).await.unwrap());
        store.sign_in_succeeded("acc-1").await.unwrap();
        assert_eq!(store.credential("lan").await.unwrap().unwrap().failures, 0);
        let s = store::Session { token: "t".into(), account: "acc-1".into(), csrf: "c".into(), created: at(0), expires: at(100) };
        store.open_session(&s).await.unwrap();
        assert_eq!(store.session("t", at(50)).await.unwrap(), Some(s));
        assert_eq!(store.session("t", at(100)).await.unwrap(), None);
        store.close_sessions_of("acc-1").await.unwrap();
        assert_eq!(store.session("t", at(50)).await.unwrap(), None);
    })
    .await;
}

#[test]
fn stores_are_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Store>();
    let _ = Arc::new(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scan_hands_out_every_record_once_as_the_ledger_knows_it() {
    both(async |store| {
        let ids: Vec<RecordId> = (0..1500).map(|_| RecordId::new()).collect();
        let new = |(i, id): (usize, &RecordId)| write(*id, Expect::New, json!({"n": i, "name": "Lan \u{1e}\u{1f} \"x\""}));
        store.commit(act(ids.iter().enumerate().map(new).collect())).await.unwrap();
        store.commit(act(vec![write(ids[7], Expect::Version(1), json!({"n": 7000}))])).await.unwrap();
        store.settle().await.unwrap();
        let seen = Arc::new(std::sync::Mutex::new(std::collections::BTreeMap::new()));
        let counter = |_| {
            let seen = seen.clone();
            move |line: store::Line<'_>| {
                let place = (line.unit.to_owned(), line.state.to_owned(), line.version, line.created_at, line.body.to_owned());
                assert!(seen.lock().unwrap().insert(line.id, place).is_none(), "a record comes once");
                Ok(())
            }
        };
        let (size, _) = store.scan(&["dossier", "nothing"], (0..3).map(counter).collect()).await.unwrap();
        assert_eq!(size, 1501);
        let records = store.all("dossier").await.unwrap();
        let seen = seen.lock().unwrap();
        assert_eq!((seen.len(), records.len()), (1500, 1500));
        for r in records {
            assert_eq!(seen[&r.id], (r.unit, r.state, r.version, r.created_at, r.body.to_string()));
        }
        assert_eq!(seen[&ids[7]].2, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tiles_and_the_right_edge_are_verified_and_derived_anew() {
    both(async |store| {
        let writes = (0..700).map(|n| write(RecordId::new(), Expect::New, json!({"n": n}))).collect();
        store.commit(act(writes)).await.unwrap();
        store.settle().await.unwrap();
        store.sign_checkpoint(&key(), at(2)).await.unwrap();
        let sound = verify::Finding::Whole { entries: 700, records: 700, checkpoints: 1 };
        assert_eq!(whole(&store).await, sound);
        let tenant = store.tenant().to_owned();
        let zeros = vec![0u8; 32];
        let spoilt: [(&str, &str, i64, i64); 4] = [
            ("UPDATE tile SET hashes=$4 WHERE tenant=$1 AND level=$2 AND idx=$3", "is not what the entries give", 0, 1),
            ("UPDATE tile SET hashes=$4 WHERE tenant=$1 AND level=$2 AND idx=$3", "is not what the entries give", 0, 2),
            ("DELETE FROM tile WHERE tenant=$1 AND level=$2 AND idx=$3", "is missing", 1, 0),
            ("INSERT INTO tile (tenant,level,idx,hashes) VALUES ($1,$2,$3,$4)", "tiles of the tree", 0, 9),
        ];
        for (sql, words, level, idx) in spoilt {
            let params = [P::Text(&tenant), P::Int(level), P::Int(idx), P::Blob(&zeros)];
            store.db().execute(sql, if sql.contains("$4") { &params } else { &params[..3] }).await.unwrap();
            let found = whole(&store).await;
            assert!(matches!(&found, verify::Finding::Difference(text) if text.contains(words)), "{sql}: {found:?}");
            assert_eq!(verify::repair_tiles(&store).await.unwrap(), 4, "three tiles of leaves, one above");
            assert_eq!(whole(&store).await, sound);
        }
        let edge = store.db().fetch("SELECT frontier FROM head WHERE tenant=$1", &[P::Text(&tenant)]).await.unwrap()[0].blob(0).unwrap();
        let mut other = edge.clone();
        *other.last_mut().unwrap() ^= 1;
        store.db().execute("UPDATE head SET frontier=$2 WHERE tenant=$1", &[P::Text(&tenant), P::Blob(&other)]).await.unwrap();
        let found = whole(&store).await;
        assert!(matches!(&found, verify::Finding::Difference(text) if text.contains("right edge")), "{found:?}");
        verify::repair_tiles(&store).await.unwrap();
        store.commit(act(vec![write(RecordId::new(), Expect::New, json!({"n": 1}))])).await.unwrap();
        store.settle().await.unwrap();
        assert!(matches!(whole(&store).await, verify::Finding::Whole { entries: 701, .. }), "work goes on after the repair");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_kept_elsewhere_tells_of_a_ledger_cut_short() {
    both(async |store| {
        store.commit(act((0..10).map(|n| write(RecordId::new(), Expect::New, json!({"n": n}))).collect())).await.unwrap();
        store.settle().await.unwrap();
        let note = store.sign_checkpoint(&key(), at(2)).await.unwrap().note;
        let known = [key().verifier().clone()];
        let found = verify::verify(&store, &known, std::slice::from_ref(&note), i64::MAX, &mut |_| Ok(())).await.unwrap();
        assert!(matches!(found, verify::Finding::Whole { .. }), "{found:?}");
        let other = common::other_tenant(&store).await;
        other.commit(act(vec![write(RecordId::new(), Expect::New, json!({"n": 1}))])).await.unwrap();
        other.settle().await.unwrap();
        let found = verify::verify(&other, &known, &[note], i64::MAX, &mut |_| Ok(())).await.unwrap();
        assert!(matches!(&found, verify::Finding::Difference(text) if text.contains("checkpoint of 10 entries")), "{found:?}");
        other.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_reader_does_not_hold_up_writers() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&DataSource::Folder(dir.path().to_owned()), "vt", None).await.unwrap();
    store.commit(act(vec![write(RecordId::new(), Expect::New, json!({"n": 0}))])).await.unwrap();
    let mut reader = store.db().begin_read().await.unwrap();
    reader.fetch("SELECT size FROM head WHERE tenant=$1", &[P::Text("vt")]).await.unwrap();
    let begin = std::time::Instant::now();
    // Enough for the log to be copied more than once.
    for _ in 0..18 {
        store.commit(act((0..8192).map(|n| write(RecordId::new(), Expect::New, json!({"n": n}))).collect())).await.unwrap();
    }
    let slowest = {
        let begin = std::time::Instant::now();
        store.commit(act(vec![write(RecordId::new(), Expect::New, json!({"n": 1}))])).await.unwrap();
        begin.elapsed()
    };
    assert!(slowest < std::time::Duration::from_secs(4), "a single change took {slowest:?} of {:?} in all", begin.elapsed());
    drop(reader);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_stays_short_while_somebody_always_writes() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&DataSource::Folder(dir.path().to_owned()), "vt", None).await.unwrap();
    let text = "Hồ sơ ".repeat(60);
    let rows = || act((0..8192).map(|n| write(RecordId::new(), Expect::New, json!({"n": n, "text": text}))).collect());
    let reader = {
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                store.head().await.unwrap();
                tokio::task::yield_now().await;
            }
        })
    };
    let writer = async |store: &Store| {
        for _ in 0..16 {
            store.commit(rows()).await.unwrap();
        }
    };
    // The next change waits while one is being written.
    tokio::join!(writer(&store), writer(&store));
    reader.abort();
    let size = |name: &str| std::fs::metadata(dir.path().join(name)).unwrap().len();
    let (log, file) = (size("haidang.db-wal"), size("haidang.db"));
    assert!(log < file, "the log holds {log} bytes, the file {file}");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_asked_for_once_taken_by_one_and_outlives_who_took_it() {
    both(async |store| {
        let body = json!({"file": "a"});
        assert!(store.ask_job("copy", "a", &body, at(10), at(1)).await.unwrap());
        assert!(!store.ask_job("copy", "a", &json!({"file": "b"}), at(10), at(2)).await.unwrap(), "asked for before");
        assert!(store.take_job("copy", "p1", at(9), at(60)).await.unwrap().is_none(), "its time has not come");
        assert!(store.take_job("other", "p1", at(10), at(60)).await.unwrap().is_none());
        let (one, two) = tokio::join!(store.take_job("copy", "p1", at(10), at(60)), store.take_job("copy", "p2", at(10), at(60)));
        let taken: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
        assert_eq!(taken.len(), 1, "one of two gets it");
        let job = &taken[0];
        assert_eq!((job.state, job.attempts, &job.body), (JobState::Running, 1, &body));
        let by = if store.job_progress(job, "p1", 1, 3, at(60), at(11)).await.unwrap() { "p1" } else { "p2" };
        assert!(store.job_progress(job, by, 2, 3, at(60), at(12)).await.unwrap());
        // It died: after its lease another takes it, and what the first says then counts for nothing.
        let again = store.take_job("copy", "p3", at(60), at(90)).await.unwrap().unwrap();
        assert_eq!((again.attempts, again.done, again.total), (2, 2, 3));
        assert!(!store.end_job(job, by, JobState::Done, Some("late"), at(61), at(61)).await.unwrap());
        assert!(store.end_job(&again, "p3", JobState::Waiting, Some("busy"), at(100), at(62)).await.unwrap(), "to be tried again");
        assert!(store.take_job("copy", "p3", at(99), at(200)).await.unwrap().is_none());
        let third = store.take_job("copy", "p3", at(100), at(200)).await.unwrap().unwrap();
        assert!(store.end_job(&third, "p3", JobState::Failed, Some("no paper"), at(101), at(101)).await.unwrap());
        assert_eq!(store.job_counts().await.unwrap(), [("copy".to_owned(), JobState::Failed, 1)]);
        assert!(store.retry_job("copy", "a", at(110)).await.unwrap() && !store.retry_job("copy", "a", at(111)).await.unwrap());
        let last = store.take_job("copy", "p1", at(110), at(200)).await.unwrap().unwrap();
        assert!(store.end_job(&last, "p1", JobState::Done, None, at(111), at(111)).await.unwrap());
        assert_eq!(store.job("copy", "a").await.unwrap().unwrap().state, JobState::Done);
        let other = common::other_tenant(&store).await;
        assert!(other.newest_jobs(10).await.unwrap().is_empty(), "jobs of one tenant are not those of another");
        other.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn insertions_of_records_need_no_copies_of_pages() {
    // An index that calls a function makes SQLite keep a statement journal, which every import pays for.
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&DataSource::Folder(dir.path().to_owned()), "vt", None).await.unwrap();
    let row = "('vt','r',$1,'u','s',1,'a','a','','{}')";
    let sql = format!(
        "EXPLAIN INSERT OR FAIL INTO record (tenant,register,id,unit,state,version,created_at,updated_at,salt,body) VALUES {row},{row}"
    );
    let steps = store.db().fetch(&sql, &[P::Text("1")]).await.unwrap();
    let called: Vec<String> = steps.iter().map(|s| s.text(1).unwrap()).filter(|op| op.ends_with("Function")).collect();
    assert!(steps.len() > 20 && called.is_empty(), "{called:?}");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_of_an_import_need_not_wait_for_the_disk_and_everything_else_does() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&DataSource::Folder(dir.path().to_owned()), "vt", None).await.unwrap();
    let level = async |tx: &mut store::Tx| tx.fetch("PRAGMA synchronous", &[]).await.unwrap()[0].int(0).unwrap();
    let mut tx = store.db().begin_relaxed().await.unwrap();
    assert_eq!(level(&mut tx).await, 1);
    tx.rollback().await.unwrap();
    let mut tx = store.db().begin_write().await.unwrap();
    assert_eq!(level(&mut tx).await, 2);
    tx.rollback().await.unwrap();
    let part = |n: i64| act(vec![write(RecordId::new(), Expect::New, json!({"n": n}))]);
    for n in 0..3 {
        store.commit_part(part(n)).await.unwrap();
    }
    store.sync().await.unwrap();
    assert_eq!(store.head().await.unwrap().size, 3);
    store.close().await;
}
