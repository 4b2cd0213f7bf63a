//! Backups, and databases and backups of older schemas.

use std::{fs, path::Path};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{DueRow, Error, Expect, FigurePosition, OpenQuery, P, RecordId, Store, backup, verify};

use crate::{
    act, at,
    common::{self, both, try_reopen},
    key, whole, write,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_restores_into_either_database() {
    both(async |store| {
        let id = RecordId::new();
        store.commit(act(vec![write(id, Expect::New, json!({"code": "H06-1", "name": "Đỗ Thị Ổi"}))])).await.unwrap();
        let info = store.add_blob(b"minh chung".to_vec(), "text/plain", "minh chứng.txt", "lan", at(1)).await.unwrap();
        store.settle().await.unwrap();
        store.sign_checkpoint(&key(), at(2)).await.unwrap();
        let figures = FigurePosition { seq: 1, clock: at(2), rules: "r".into() };
        let due = DueRow { register: "dossier".into(), record_id: id.to_string(), due_at: Some(at(50)), state: "{}".into() };
        store.save_figures(&figures, &[], &[due], false).await.unwrap();
        store.ask_job("ocr", "a file", &json!({"pages": 2}), at(4), at(3)).await.unwrap();
        store.set_credential("acc-1", "lan", "$argon2id$x", at(0)).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("sao-luu");
        let manifest = backup::backup(&store, &folder, at(3)).await.unwrap();
        assert_eq!(manifest.entries, 1);
        assert!(backup::backup(&store, &folder, at(3)).await.is_err(), "never over an older backup");
        assert!(backup::restore(&store, &folder).await.is_err(), "never over data");
        common::both_as(Some(store.tenant()), async |other| {
            backup::restore(&other, &folder).await.unwrap();
            assert_eq!(other.record("dossier", id).await.unwrap().body, store.record("dossier", id).await.unwrap().body);
            assert_eq!(other.blob(&info.sha256).await.unwrap().1, b"minh chung");
            assert_eq!(other.load_figures().await.unwrap().unwrap().0, figures);
            assert_eq!(other.job("ocr", "a file").await.unwrap(), store.job("ocr", "a file").await.unwrap());
            assert_eq!(other.credential("lan").await.unwrap(), store.credential("lan").await.unwrap());
            assert_eq!(whole(&other).await, verify::Finding::Whole { entries: 1, records: 1, checkpoints: 1 });
            // Work goes on after a restore.
            other.commit(act(vec![write(id, Expect::Version(1), json!({"code": "H06-1"}))])).await.unwrap();
            other.settle().await.unwrap();
            assert!(matches!(whole(&other).await, verify::Finding::Whole { entries: 2, .. }));
        })
        .await;
        std::fs::write(folder.join("record.jsonl.gz"), b"broken").unwrap();
        assert!(matches!(backup::check(&folder), Err(Error::Corrupt(_))));
    })
    .await;
}

/// What desks look for, one of each kind, and one that is closed.
async fn desk_records(store: &Store) -> Vec<RecordId> {
    let fields = [
        json!({"answer_by": "2025-06-30T01:00:00Z", "due_at": "2025-07-04T01:00:00Z", "applicant_id_number": "079057000001"}),
        json!({"receiving_unit": "26506@2025-07-01", "received_at": "2025-06-30T01:00:00Z", "linked_units": ["26509@2025-07-01", "Đội thuế"]}),
        json!({"owner_id_number": "079057000002", "note": "\"case\": no"}),
        json!({"note": "closed"}),
    ];
    let ids: Vec<RecordId> = fields.iter().map(|_| RecordId::new()).collect();
    let mut writes: Vec<_> = ids.iter().zip(fields).map(|(id, f)| write(*id, Expect::New, f)).collect();
    writes[3].state = "returned".into();
    store.commit(act(writes)).await.unwrap();
    store.settle().await.unwrap();
    ids
}

async fn desks_find_them(store: &Store, ids: &[RecordId]) {
    let unit = "26506@2025-07-01".to_owned();
    let q = OpenQuery {
        register: "dossier".into(),
        units: vec![unit.clone()],
        states: vec!["received".into(), "returned".into()],
        limit: 10,
        ..OpenQuery::default()
    };
    let open: Vec<RecordId> = store.open_records(&q).await.unwrap().iter().map(|o| o.id).collect();
    assert_eq!(open, [ids[1], ids[2], ids[0]], "those without a deadline first");
    for (number, id) in [("079057000001", ids[0]), ("079057000002", ids[2])] {
        assert_eq!(store.of_person("dossier", number, 5).await.unwrap().iter().map(|r| r.id).collect::<Vec<_>>(), [id]);
    }
    let span = [at(0), "2027-01-01T00:00:00Z".parse().unwrap()];
    let received = store.received_for_others("dossier", &[unit], span, &["received"], 5).await.unwrap();
    assert_eq!(received.iter().map(|r| r.id).collect::<Vec<_>>(), [ids[1]]);
    let linked = store.linked_to("dossier", &["Đội thuế".into()], 5).await.unwrap();
    assert_eq!(linked.iter().map(|r| r.id).collect::<Vec<_>>(), [ids[1]]);
    assert!(matches!(whole(store).await, verify::Finding::Whole { .. }), "{:?}", whole(store).await);
}

/// The columns of the desk's keys, and how a database of the sixth schema had none of them.
const AS_OF_SIX: [&str; 9] = [
    "DROP INDEX record_open",
    "DROP INDEX record_person",
    "DROP INDEX record_receiving",
    "DROP INDEX record_linked",
    "ALTER TABLE record DROP COLUMN next_due",
    "ALTER TABLE record DROP COLUMN person",
    "ALTER TABLE record DROP COLUMN receiving",
    "ALTER TABLE record DROP COLUMN received",
    "ALTER TABLE record DROP COLUMN linked",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_the_sixth_schema_is_found_by_desks_after_its_migration() {
    both(async |store| {
        let ids = desk_records(&store).await;
        desks_find_them(&store, &ids).await;
        for sql in AS_OF_SIX {
            store.db().execute(sql, &[]).await.unwrap();
        }
        for index in ["open", "person", "receiving", "linked"] {
            store.db().execute(&format!("CREATE INDEX record_{index} ON record (tenant, register, state)"), &[]).await.unwrap();
        }
        store.db().execute("DELETE FROM schema_version WHERE version>$1", &[P::Int(6)]).await.unwrap();
        let migrated = try_reopen(&store).await.unwrap();
        desks_find_them(&migrated, &ids).await;
        migrated.close().await;
    })
    .await;
}

/// Writes a table of a backup anew, each row as `row` makes it; tells the manifest.
fn rewrite(folder: &Path, manifest: &mut backup::Manifest, table: &str, row: impl Fn(Vec<Value>) -> Vec<Value>) {
    use std::io::{BufRead as _, BufReader, Write as _};
    let name = format!("{table}.jsonl.gz");
    let lines: Vec<String> =
        BufReader::new(GzDecoder::new(fs::File::open(folder.join(&name)).unwrap())).lines().map(Result::unwrap).collect();
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    for line in lines {
        writeln!(out, "{}", serde_json::to_string(&row(serde_json::from_str(&line).unwrap())).unwrap()).unwrap();
    }
    let bytes = out.finish().unwrap();
    manifest.files.get_mut(&name).unwrap().sha256 = hex::encode(Sha256::digest(&bytes));
    fs::write(folder.join(&name), bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_the_first_schema_is_restored() {
    both(async |store| {
        let ids = desk_records(&store).await;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("cu");
        let mut manifest = backup::backup(&store, &folder, at(3)).await.unwrap();
        // It had a text for searching in each record, and no table of jobs.
        rewrite(&folder, &mut manifest, "record", |mut row| {
            row.insert(9, "nguyen thi lan".into());
            row
        });
        manifest.files.remove("job.jsonl.gz");
        fs::remove_file(folder.join("job.jsonl.gz")).unwrap();
        manifest.schema = 1;
        fs::write(folder.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
        common::both_as(Some(store.tenant()), async |other| {
            backup::restore(&other, &folder).await.unwrap();
            desks_find_them(&other, &ids).await;
        })
        .await;
    })
    .await;
}
