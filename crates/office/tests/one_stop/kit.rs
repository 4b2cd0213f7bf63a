//! An office with its people, and what they bring.

use jiff::civil::date;
use office::{
    Office,
    one_stop::{Applicant, Citizen, CounterInput, DeskRow, Dossier, Filed, Filer, Origin, PartGiven, Upload},
    people::Account,
};
use rules::{
    Timestamp,
    access::{Actor, Grant, Role},
    one_stop::{Act, ActKind, Reason, ReasonKind},
};
use serde_json::json;

use crate::common::{
    self, Place,
    pack::{NEW, one_stop},
    person,
};

pub const PROCEDURE: &str = "1.000001";
pub const NUMBER: &str = "077190000123";

pub fn at(text: &str) -> Timestamp {
    format!("{}:00+07:00", text.replace(' ', "T")).parse().unwrap()
}

/// The clock of the office, some seconds before or after the text.
pub async fn clock(office: &Office, text: &str) {
    office.set_demo(&Actor::system(), at(text)).await.unwrap();
}

pub fn code<T: std::fmt::Debug>(result: office::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

pub fn arg<T: std::fmt::Debug>(result: office::Result<T>, name: &str) -> String {
    match result.unwrap_err() {
        office::Error::Refused(r) => r.args.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap_or_default(),
        e => panic!("{e}"),
    }
}

pub fn mai() -> Citizen {
    Citizen {
        id: "00000000-0000-7000-8000-000000000001".into(),
        id_number: NUMBER.into(),
        name: "Nguyễn Thị Mai".into(),
        level: 2,
        birth_date: Some(date(1990, 5, 12)),
        provider: "test".into(),
        ..Citizen::default()
    }
}

pub fn pdf(text: &str) -> Upload {
    Upload { name: "giấy.pdf".into(), media_type: "application/pdf".into(), bytes: format!("%PDF-1.7 {text}").into_bytes() }
}

pub fn reasons() -> Vec<Reason> {
    vec![Reason { kind: ReasonKind::Illegible, part: Some("proof".into()), text: "Ảnh mờ, không đọc được".into() }]
}

pub fn hand_over(to: &str) -> Act {
    Act::HandOver { step: "appraise".into(), assignee: Some(to.into()), reason: None }
}

pub struct People {
    pub officer: Actor,
    pub expert: Actor,
    pub leader: Actor,
}

/// An office at 9:00 of Tuesday 1 July 2025 with people at the new ward.
pub async fn desk(place: &Place) -> (Office, People) {
    let office = place.governed(&[one_stop()]).await;
    clock(&office, "2025-07-01 09:00").await;
    let system = Actor::system();
    for (login, role) in [("hoa", Role::WardOfficer), ("lan", Role::WardOfficer), ("nam", Role::Leader)] {
        let grants = vec![Grant { role, unit: NEW[0].parse().unwrap(), register: None }];
        let account = Account { login: login.into(), name: login.to_uppercase(), grants, language: "vi".into(), disabled: false };
        office.put_account(&system, &account, None).await.unwrap();
    }
    let of = |name, role| person(name, &[(role, NEW[0])]);
    let people = People { officer: of("hoa", Role::WardOfficer), expert: of("lan", Role::WardOfficer), leader: of("nam", Role::Leader) };
    (office, people)
}

pub async fn filed(office: &Office, citizen: &Citizen) -> Filed {
    let who = Filer::Citizen(citizen);
    let (draft, key) = office.open_draft(&who, PROCEDURE, NEW[0], None).await.unwrap();
    let answers = common::fields(json!({"happened_on": "2025-06-20"}));
    let draft = office.save_draft(&who, &key, draft.version, "what", &answers).await.unwrap();
    office.add_upload(&who, &key, "proof", pdf(&draft.id)).await.unwrap();
    let version = office.draft(&who, &key).await.unwrap().version;
    office.submit_draft(&who, &key, version, "").await.unwrap()
}

pub fn counter(number: &str) -> CounterInput {
    CounterInput {
        procedure: PROCEDURE.into(),
        unit: NEW[0].into(),
        applicant: Applicant { name: "Trần Văn Hùng".into(), id_number: number.into(), ..Applicant::default() },
        form: common::fields(json!({"name": "Trần Văn Hùng", "number": number, "happened_on": "2025-06-20"})),
        parts: vec![on_paper()],
        ..CounterInput::default()
    }
}

pub fn on_paper() -> PartGiven {
    PartGiven {
        part: "proof".into(),
        name: "proof".into(),
        sha256: None,
        size: 0,
        media_type: String::new(),
        at: Timestamp(0),
        origin: Origin::Paper,
        paper: None,
        copies: 1,
        searchable: None,
        receipt: None,
    }
}

pub fn codes(rows: &[DeskRow]) -> Vec<&str> {
    rows.iter().map(|r| r.code.as_str()).collect()
}

pub fn acts(d: &Dossier) -> Vec<ActKind> {
    d.offers.iter().map(|o| o.act).collect()
}
