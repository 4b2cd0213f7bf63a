//! History out: what an older system told of a dossier goes out as it came, and what happened here follows it. And payment codes.

use std::io::Cursor;

use faces::{
    tabular::{Kind, SourceRow, find, source_json},
    vietqr::VietQr,
    xes::{ORIGIN, XesSource},
};

use crate::common::{PASSWORD, Place, Ran, ask, permits, xes_mapping};

fn rows(bytes: Vec<u8>) -> Vec<SourceRow> {
    let mut rows: Vec<_> = XesSource::new("log.xes", Cursor::new(bytes)).map(Result::unwrap).collect();
    rows.sort_by_key(name);
    rows
}

fn name(row: &SourceRow) -> String {
    row.value("concept:name").unwrap().text.clone()
}

fn export(place: &Place, file: &str) -> Vec<SourceRow> {
    let path = place.path(file).display().to_string();
    place.ok(&["export", "xes", "--register", "dossier", "-o", &path]);
    rows(std::fs::read(path).unwrap())
}

#[test]
fn a_log_goes_in_and_out_and_in_again_without_loss() {
    for place in Place::each() {
        place.import_xes(&permits());
        let original = rows(std::fs::read(permits()).unwrap());
        let path = place.path("out.xes.gz").display().to_string();
        let said = place.ok(&["export", "xes", "--register", "dossier", "-o", &path, "--json"]).json();
        assert_eq!((said["cases"].as_u64(), said["events"].as_u64()), (Some(12), Some(3)));
        let packed = std::fs::read(&path).unwrap();
        assert_eq!(&packed[..2], &[0x1f, 0x8b], "the file's name says that it is packed");
        let first = rows(packed);
        assert_eq!(first.len(), original.len());
        for (a, b) in original.iter().zip(&first) {
            assert_eq!(source_json(a), source_json(b));
        }
        // What was written is itself a log that this program takes, and nothing is different then.
        let done = place.import_xes(&path);
        assert_eq!((done["added"].as_i64(), done["unchanged"].as_i64()), (Some(0), Some(12)));
        assert!(!place.path("out.xes.gz.part").exists());
        place.assert_whole();
    }
}

#[test]
fn what_happened_here_follows_what_was_brought_along() {
    for place in Place::each() {
        place.import_xes(&permits());
        place.account("chi-dao", "leader");
        place.account("mot-cua", "data_officer");
        let site = place.serve();
        let decides = site.sign_in("chi-dao", PASSWORD);
        let works = site.sign_in("mot-cua", PASSWORD);
        let headers = |token: &str, version: u32| {
            vec![
                ("Authorization", format!("Bearer {token}")),
                ("If-Match", format!("\"v{version}\"")),
                ("Content-Type", "application/json".to_owned()),
            ]
        };
        let send = |method: &str, path: &str, headers: &[(&str, String)], body: &str| {
            let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let answer = ask(&site.address, method, path, &headers, body).unwrap();
            assert!(answer.status < 300, "{answer:?}");
            answer
        };
        let body = r#"{"fields":{"applicant_name":"Nguyễn Văn Kín","fee_vnd":15000},"reason":"bổ sung theo giấy"}"#;
        send("PATCH", "/api/v1/records/dossier/case-04", &headers(&works, 1), body);
        send("POST", "/api/v1/records/dossier/case-04/steps/reject", &headers(&decides, 2), r#"{"reason":"không đủ điều kiện"}"#);

        // To people: nothing personal, nothing that they wrote in free text, and who may not see the register gets nothing.
        let path = "/api/v1/registers/dossier/export.xes";
        let seen = send("GET", path, &headers(&decides, 1), "");
        assert_eq!(seen.header("content-type"), Some("application/xml; charset=utf-8"));
        for hidden in ["Nguyễn Văn Kín", "bổ sung theo giấy", "key=\"annexes\""] {
            assert!(!seen.body.contains(hidden), "{hidden}");
        }
        let seen = rows(seen.body.into_bytes());
        assert_eq!(seen.iter().map(|r| r.events.len()).sum::<usize>(), 5);
        assert_eq!(site.get(path).status, 401);
        assert_eq!(
            ask(&site.address, "GET", "/api/v1/registers/nope/export.xes", &[("Authorization", &format!("Bearer {works}"))], "")
                .unwrap()
                .status,
            404
        );
        drop(site);

        let original = rows(std::fs::read(permits()).unwrap());
        let all = export(&place, "out.xes");
        assert_eq!(all.len(), 12);
        let changed = all.iter().find(|r| name(r) == "case-04").unwrap();
        let before = original.iter().find(|r| name(r) == "case-04").unwrap();
        for (key, value) in &before.values {
            assert_eq!(changed.value(key).map(|v| &v.text), Some(&value.text), "{key}");
        }
        let said = |name: &str| changed.value(name).unwrap().text.as_str();
        assert_eq!(
            (said("haidang:state"), said("haidang:fee_vnd"), said("haidang:applicant_name")),
            ("rejected", "15000", "Nguyễn Văn Kín")
        );
        assert_eq!(changed.events.len(), before.events.len() + 2);
        let [update, reject] = &changed.events[before.events.len()..] else { panic!("{changed:?}") };
        let of = |event: &faces::tabular::RawEvent, name: &str| find(&event.attrs, name).map(|v| v.text.clone());
        assert_eq!(of(update, "concept:name").as_deref(), Some("update"));
        assert_eq!(of(update, ORIGIN).as_deref(), Some("ledger"));
        assert_eq!(of(update, "haidang:set/haidang:fee_vnd").as_deref(), Some("15000"));
        assert_eq!(of(update, "haidang:set/haidang:applicant_name"), None, "the ledger holds a seal only");
        assert_eq!(of(reject, "concept:name").as_deref(), Some("reject"));
        assert_eq!(of(reject, "haidang:label").as_deref(), Some("Từ chối"));
        assert_eq!(of(reject, "haidang:reason").as_deref(), Some("không đủ điều kiện"));
        assert_eq!(of(reject, "haidang:state").as_deref(), Some("rejected"));
        assert!(matches!(find(&reject.attrs, "time:timestamp").unwrap().kind, Kind::Date(_)));
        let untouched = |r: &&SourceRow| name(r) != "case-04";
        for (a, b) in original.iter().filter(untouched).zip(all.iter().filter(untouched)) {
            assert_eq!(source_json(a), source_json(b), "a case that is as it came says nothing of ours");
        }
    }
}

#[test]
fn any_register_has_a_history_and_a_table_s_rows_are_events_of_their_own() {
    let place = Place::sqlite();
    let csv = place.file("ho-so.csv", std::fs::read(crate::common::repository("docs/examples/ho-so.csv")).unwrap());
    place.ok(&["import", "csv", &csv, "--register", "dossier", "--map", &crate::common::repository("docs/examples/ho-so.toml")]);
    let all = export(&place, "out.xes");
    assert!(!all.is_empty());
    for row in &all {
        assert_eq!(row.events.len(), 1);
        assert_eq!(find(&row.events[0].attrs, "concept:name").unwrap().text, "import");
        assert!(row.value("haidang:received_at").is_some() && row.value("haidang:unit").is_some());
    }
    let target = place.ok(&["export", "xes", "--register", "target", "-o", "-"]);
    let targets = rows(target.out.into_bytes());
    assert!(targets.len() > 5 && targets.iter().all(|r| !r.events.is_empty()), "{}", targets.len());
}

#[test]
fn an_export_that_cannot_be_is_told_and_leaves_no_file() {
    let place = Place::sqlite();
    let file = place.path("x.xes").display().to_string();
    place.run(&["export", "xes", "--register", "dossier", "-o", &file]).refuses(&["there is no data in"]);
    place.import_xes(&permits());
    place.run(&["export", "xes", "--register", "nope", "-o", &file]).refuses(&["nope"]);
    place.run(&["export", "xes", "--register", "dossier", "-o", "/nowhere/x.xes"]).refuses(&["cannot write /nowhere/x.xes"]);
    assert!(!place.path("x.xes").exists() && !place.path("x.xes.part").exists());
}

#[test]
fn a_payment_code_is_printed_as_one_line_without_any_data() {
    let place = Place::sqlite();
    let code = ["vietqr", "--bin", "970415", "--account", "113366668888"];
    let ran = place.ok(&[&code[..], &["--amount", "79000", "--purpose", "Ung Ho Quy Vac Xin"]].concat());
    assert_eq!(
        ran.out,
        "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405790005802VN62220818Ung Ho Quy Vac Xin63043ACF\n"
    );
    assert_eq!(place.ok(&[&code[..], &["--amount", "79000", "--purpose", "Ủng hộ Quỹ vắc xin"]].concat()).out.len(), ran.out.len());
    assert!(place.ok(&code).out.ends_with("6304F443\n"));
    let (svg, png) = (place.path("q.svg").display().to_string(), place.path("q.png").display().to_string());
    let ran = place.ok(&["vietqr", "--bin", "970415", "--card", "9704151133666688", "--svg", &svg, "--png", &png]);
    assert!(VietQr::parse(ran.out.trim_end()).is_ok());
    assert!(std::fs::read_to_string(svg).unwrap().starts_with("<svg") && std::fs::read(png).unwrap().starts_with(b"\x89PNG"));
    place.run(&["vietqr", "--bin", "97041", "--account", "1"]).refuses(&["97041", "six digits"]);
    place.run(&[&code[..], &["--purpose", "một nội dung dài quá hai mươi lăm ký tự"]].concat()).refuses(&["purpose", "25"]);
    assert!(!place.path("data").exists(), "nothing was made");
}

/// A command that ends at once has no scan to read.
#[cfg(unix)]
#[test]
fn no_other_program_is_started_where_there_is_no_scan() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::sqlite();
    let called = place.path("called");
    let reader = place.file("reader.sh", format!("#!/bin/sh\ntouch '{}'\n", called.display()));
    std::fs::set_permissions(&reader, std::fs::Permissions::from_mode(0o755)).unwrap();
    let with_reader = |args: &[&str]| {
        let ran = Ran::of(place.command(args).env("HAIDANG_OCR", &reader));
        assert!(ran.code == Some(0), "{ran:?}");
    };
    with_reader(&["import", "xes", &permits(), "--register", "dossier", "--map", &xes_mapping()]);
    with_reader(&["verify"]);
    assert!(!called.exists());
}
