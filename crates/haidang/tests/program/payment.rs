//! A bank tells the running program that money came in.

use office::{connections::Secret, one_stop::payment::notice, signing};
use rules::Timestamp;

use crate::common::{Answer, Place, ask, permits};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn send(address: &str, bank: &str, secret: &str, body: &str) -> Answer {
    let at = signing::seconds(Timestamp::from_jiff(jiff::Timestamp::now()));
    let signature = signing::sign(&Secret::new(secret), at, body.as_bytes());
    let at = at.to_string();
    let headers = [("Content-Type", "application/json"), ("X-Haidang-Timestamp", at.as_str()), ("X-Haidang-Signature", signature.as_str())];
    ask(address, "POST", &format!("/api/v1/one-stop/bank-notices/{bank}"), &headers, body).unwrap()
}

#[test]
fn a_signed_notice_is_kept_once_and_a_forged_one_not_at_all() {
    for place in Place::each() {
        place.import_xes(&permits());
        let file = place.file("connections.toml", format!("[[bank]]\nid = \"nh\"\nsecret = \"{SECRET}\"\n"));
        let site = crate::common::Site::start(&mut place.command(&["serve", "--port", "0", "--connections", &file]));
        let body = notice::body("FT-1", "113366668888", 79_000, "tien nha thang 6", Timestamp(1_750_000_000_000_000));
        let body = String::from_utf8(body).unwrap();
        for (bank, secret) in [("nh", "x".repeat(32)), ("khac", SECRET.into())] {
            let forged = send(&site.address, bank, &secret, &body);
            assert_eq!((forged.status, forged.json()["code"].as_str()), (401, Some("signature.wrong")));
        }
        let first = send(&site.address, "nh", SECRET, &body);
        assert_eq!(first.status, 200, "{first:?}");
        let said = first.json();
        assert_eq!(
            (said["state"].as_str(), said["problem"].as_str(), said["repeated"].as_bool()),
            (Some("open"), Some("unknown"), Some(false))
        );
        assert_eq!(send(&site.address, "nh", SECRET, &body).json()["repeated"], true);
        assert_eq!(send(&site.address, "nh", SECRET, &body.replace("79000", "80000")).status, 409);
        assert_eq!(send(&site.address, "nh", SECRET, "{").json()["code"], "bank.body");
        drop(site);
        assert_eq!(place.ask("SELECT CAST(COUNT(*) AS BIGINT) FROM record WHERE register='bank_notice'"), [1]);
        place.assert_whole();
    }
}

#[test]
fn a_file_of_connections_that_is_wrong_is_told_without_its_secrets() {
    let place = Place::sqlite();
    for (text, word) in [
        ("[[bank]]\nid = \"nh\"\nsecret = \"quá ngắn\"\n", "32 characters"),
        ("[[bank]]\nid = \"nh\"\nsekret = \"0123456789abcdef0123456789abcdef\"\n", "sekret"),
        ("[[webhook]]\nid = \"x\"\nsecret = \"0123456789abcdef0123456789abcdef\"\nurl = \"ftp://x\"\n", "is no address"),
    ] {
        let file = place.file("connections.toml", text);
        let ran = place.run(&["serve", "--port", "0", "--connections", &file]);
        ran.refuses(&["connections.toml", word]);
        assert!(!ran.err.contains("0123456789abcdef") && !ran.err.contains("quá ngắn"), "{ran:?}");
    }
}
