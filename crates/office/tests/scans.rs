//! Scans become searchable beside the desk's work, by the real reader where it is installed.

mod common;

use std::time::Duration;

use common::{both, pack, person};
use office::{
    Office,
    one_stop::{Applicant, CounterInput, DIGITISE, Origin, Reader, Upload},
};
use pack::{NEW, one_stop};
use rules::access::{Actor, Role};
use serde_json::{Value, json};
use store::{Job, JobState, verify::Finding};

const PROCEDURE: &str = "1.000001";

/// A picture of four lines in Vietnamese, black and white, 200 dots per inch.
const SCAN: &[u8] = include_bytes!("data/giay-chung-sinh.png");
/// The same from a telephone's programme.
const SCAN_WEBP: &[u8] = include_bytes!("data/giay-chung-sinh.webp");

async fn ended(office: &Office, subject: &str) -> Job {
    for _ in 0..600 {
        if let Some(job) = office.store().job(DIGITISE, subject).await.unwrap()
            && matches!(job.state, JobState::Done | JobState::Failed)
        {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the job of {subject} did not end")
}

async fn received(office: &Office, officer: &Actor, number: &str, name: &str, bytes: &[u8]) -> (String, String) {
    let upload = Upload { name: name.into(), media_type: String::new(), bytes: bytes.to_vec() };
    let scan = office.keep_file(officer, NEW[0], "proof", upload, Origin::Scan).await.unwrap();
    let sha256 = scan.sha256.clone().unwrap();
    let filed = office
        .receive(
            officer,
            &CounterInput {
                procedure: PROCEDURE.into(),
                unit: NEW[0].into(),
                applicant: Applicant { name: "Trần Văn Hùng".into(), id_number: number.into(), ..Applicant::default() },
                form: common::fields(json!({"name": "Trần Văn Hùng", "number": number, "happened_on": "2025-06-20"})),
                parts: vec![scan],
                ..CounterInput::default()
            },
        )
        .await
        .unwrap();
    (filed.id, sha256)
}

fn searchable(fields: &serde_json::Map<String, Value>) -> Option<String> {
    fields["parts"][0]["searchable"].as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scan_gets_a_searchable_copy_and_one_that_cannot_be_read_says_so() {
    if Reader::find().await.is_none() {
        assert!(std::env::var_os("HAIDANG_TEST_STRICT").is_none(), "OCRmyPDF is not installed");
        return;
    }
    both(async |place| {
        let office = place.governed(&[one_stop()]).await;
        office.set_demo(&Actor::system(), "2025-07-01T09:00:00+07:00".parse().unwrap()).await.unwrap();
        let officer = person("hoa", &[(Role::WardOfficer, NEW[0])]);

        let (id, sha256) = received(&office, &officer, "077190000123", "quét.png", SCAN).await;
        let job = ended(&office, &format!("{id}/{sha256}")).await;
        assert_eq!(job.state, JobState::Done, "{:?}", job.outcome);
        let dossier = office.store().record("dossier", id.parse().unwrap()).await.unwrap();
        let copy = searchable(&dossier.fields().unwrap()).unwrap();
        assert_eq!(job.outcome.as_deref(), Some(copy.as_str()));
        let (info, bytes) = office.store().blob(&copy).await.unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(bytes.starts_with(b"%PDF-") && text.contains("pdfaid:part"), "an archive PDF: {info:?}");
        let (_, original) = office.store().blob(&sha256).await.unwrap();
        assert_eq!(original, SCAN, "the scan stays what it was");
        let kinds: Vec<String> = office.store().history("dossier", dossier.id).await.unwrap().into_iter().map(|e| e.kind).collect();
        assert_eq!(kinds.last().map(String::as_str), Some(DIGITISE));

        // It begins like a picture and is none.
        let (other, broken) = received(&office, &officer, "077190000124", "quét.png", b"\x89PNG\r\n\x1a\nnothing more").await;
        let job = ended(&office, &format!("{other}/{broken}")).await;
        assert_eq!(job.state, JobState::Failed);
        let dossier = office.store().record("dossier", other.parse().unwrap()).await.unwrap();
        assert!(searchable(&dossier.fields().unwrap()).is_none());

        // Each goes to the reader as what it is; what it cannot read stays as it is, and nobody waits for it.
        let (kept, heic) = received(&office, &officer, "077190000125", "ảnh.heic", b"\0\0\0\x18ftypheic").await;
        let (third, webp) = received(&office, &officer, "077190000126", "ảnh.webp", SCAN_WEBP).await;
        let job = ended(&office, &format!("{third}/{webp}")).await;
        assert_eq!(job.state, JobState::Done, "{:?}", job.outcome);
        assert!(office.store().job(DIGITISE, &format!("{kept}/{heic}")).await.unwrap().is_none(), "no reader reads it");

        let found = office.verify().await.unwrap();
        assert!(matches!(found, Finding::Whole { .. }), "{found:?}");
        office.close().await.unwrap();
    })
    .await;
}

/// The reader starts programs of its own; at the time limit they end with it.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_takes_too_long_ends_with_everything_it_started() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let (program, started) = (folder.path().join("slow"), folder.path().join("started"));
    std::fs::write(&program, format!("#!/bin/sh\nsleep 300 &\necho $! > {}\nwait\n", started.display())).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let reader = Reader::of(&program, Duration::from_secs(3));
    assert_eq!(reader.read(SCAN, "image/png").await.unwrap_err().code(), "digitise.slow");
    let child = std::fs::read_to_string(&started).unwrap().trim().to_owned();
    for _ in 0..50 {
        // Gone, or dead and not yet fetched by whoever fetches orphans here.
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{child}/stat")) else { return };
        if stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("process {child} goes on");
}
