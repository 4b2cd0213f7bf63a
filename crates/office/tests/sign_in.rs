//! Guessing passwords side by side gains nothing, and sign-ins do not take the machine.

mod common;

use common::both;
use office::{
    Error, Office,
    people::{Account, SignedIn},
};
use rules::access::{Actor, Grant, Role};

const HERE: &str = "192.0.2.1";

fn code(result: Result<SignedIn, Error>) -> String {
    match result {
        Ok(_) => "in".into(),
        Err(e) => match &e {
            Error::Refused(r) => r.code.to_string(),
            other => other.code().to_owned(),
        },
    }
}

async fn many(office: &Office, passwords: Vec<String>) -> Vec<String> {
    let mut tasks = Vec::new();
    for p in passwords {
        let office = office.clone();
        tasks.push(tokio::spawn(async move { code(office.sign_in("lan", &p, HERE).await) }));
    }
    let mut out = Vec::new();
    for t in tasks {
        out.push(t.await.unwrap());
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_side_by_side_are_counted_like_guesses_one_by_one() {
    both(async |place| {
        let office = place.governed(&[common::pack::small(false)]).await;
        let unit = office.world().root_on(office.today()).unwrap().clone();
        let account = Account {
            login: "lan".into(),
            name: "Lan".into(),
            grants: vec![Grant { role: Role::Auditor, unit, register: None }],
            language: "vi".into(),
            disabled: false,
        };
        office.put_account(&Actor::system(), &account, Some("dung-mat-khau-nay")).await.unwrap();
        // The right one is not among them: it might come first, and who is in has no wrong tries.
        let told = many(&office, (0..40).map(|n| format!("sai-mat-khau-{n}")).collect()).await;
        let looked_at = told.iter().filter(|c| *c == "sign_in.wrong").count();
        assert!(looked_at <= 5, "{looked_at} of {} passwords were looked at: {told:?}", told.len());
        assert_eq!(code(office.sign_in("lan", "dung-mat-khau-nay", HERE).await), "sign_in.wait", "the right one waits too");
        assert_eq!(
            code(office.sign_in("lan", "dung-mat-khau-nay", "192.0.2.2").await),
            "in",
            "elsewhere nobody is locked out by guesses made here"
        );
        // A login that nobody has waits after as many attempts, and says the same; another one does not wait for it.
        let mut told = Vec::new();
        for n in 0..6 {
            told.push(code(office.sign_in("khong-co", &format!("sai-mat-khau-{n}"), HERE).await));
        }
        let mut known = Vec::new();
        let account = Account { login: "mai".into(), ..account };
        office.put_account(&Actor::system(), &account, Some("dung-mat-khau-nay")).await.unwrap();
        for n in 0..6 {
            known.push(code(office.sign_in("mai", &format!("sai-mat-khau-{n}"), HERE).await));
        }
        assert_eq!(told, known, "who is told to wait does not learn whether the login exists");
        assert!(told.contains(&"sign_in.wait".to_owned()), "{told:?}");
        assert_eq!(code(office.sign_in("cung-khong", "sai-mat-khau", HERE).await), "sign_in.wrong");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_on_a_unit_yet_to_come_lets_one_look_and_do_nothing() {
    both(async |place| {
        // One ward more, from tomorrow.
        let tomorrow = office::Clock::default().today().tomorrow().unwrap();
        let mut files = common::pack::small(false);
        for (_, text) in files.iter_mut().filter(|(name, _)| name == "units/units.csv") {
            text.push_str(&format!("W9,{tomorrow},,Đơn vị 9,Unit 9,ward,4,C@2000-01-01\n"));
        }
        let office = place.governed(&[files]).await;
        let begun = office.world().root_on(office.today()).unwrap().clone();
        let later = rules::units::UnitKey::new("W9", tomorrow);
        assert!(office.world().units.idx(&later).is_some());
        let grant = |unit: &rules::units::UnitKey| Grant { role: Role::Leader, unit: unit.clone(), register: None };
        let account = Account {
            login: "lan".into(),
            name: "Lan".into(),
            grants: vec![grant(&begun), grant(&later)],
            language: "vi".into(),
            disabled: false,
        };
        office.put_account(&Actor::system(), &account, Some("dung-mat-khau-nay")).await.unwrap();
        let session = office.sign_in("lan", "dung-mat-khau-nay", HERE).await.unwrap();
        let visitor = office.visitor(&session.cookie).await.unwrap().unwrap();
        let ahead = Grant { role: Role::Viewer, ..grant(&later) };
        assert_eq!(visitor.actor.grants, [grant(&begun), ahead], "one may look ahead");
        office.close().await.unwrap();
    })
    .await;
}
