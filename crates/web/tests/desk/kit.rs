//! What the tests of the desk share.

pub use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

pub use crate::common::{Answer, PROVINCE, Person, Site, WARD, account, both, hidden, keys, site, values, whole, words};
pub use office::one_stop::{CounterInput, Delivery, Origin, Proof, Upload};
pub use rules::{
    access::{Actor, Grant, Role},
    one_stop::Way,
};

pub const COPY: &str = "2.000815";
pub const NUMBER: &str = "077190001234";
/// Another ward of the same province.
pub const BESIDE: &str = "26526@2025-07-01";

/// What an officer types for a certified copy: the original is only shown, so it can be received on a Friday too.
pub fn typed<'a>(key: &'a str, number: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("idempotency_key", key),
        ("procedure", COPY),
        ("unit", WARD),
        ("id_number", number),
        ("name", "Đặng Thị Ánh"),
        ("phone", "0912345678"),
        ("address", "12 Lê Lợi"),
        ("kind", "citizen"),
        ("channel", "counter"),
        ("f_paper_name", "Bằng tốt nghiệp"),
        ("f_language", "vi"),
        ("f_sheets", "2"),
        ("f_copies", "3"),
        ("f_form", "paper"),
        ("part", "original"),
    ]
}

/// Receives one and gives the address of its page.
pub async fn received(site: &Site, key: &str, number: &str) -> String {
    received_as(site, &typed(key, number)).await
}

pub async fn received_as(site: &Site, form: &[(&str, &str)]) -> String {
    dossier_of(&page_received(site, form).await)
}

/// The page that says so.
pub async fn page_received(site: &Site, form: &[(&str, &str)]) -> String {
    let answer = site.post(&site.officer, "/desk/receive", form, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", words(&answer.text()));
    answer.text()
}

/// The address of the dossier that a page leads to.
pub fn dossier_of(html: &str) -> String {
    let at = html.find("/desk/dossiers/").expect("a link to the dossier");
    html[at..].split(['"', '?', '#']).next().unwrap().trim_end_matches("/form/1").to_owned()
}

pub async fn opened(site: &Site, who: &Person, path: &str) -> String {
    let answer = site.get(who, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", words(&answer.text()));
    whole(path, &answer.text(), &keys());
    answer.text()
}
