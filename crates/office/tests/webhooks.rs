//! Notices to other systems: signed, each change told, however often the receiver fails or a process dies.

mod common;

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use common::{Place, both, person};
use office::{
    Office,
    connections::{Connections, Hook, Secret},
    one_stop::webhooks::{Answer, Message, Post, Round},
    signing,
};
use rules::{
    Timestamp,
    access::{Actor, Role},
    one_stop::{Channel, Status},
};
use serde_json::{Value, json};
use store::{Command, Expect, JobState, RecordId, RecordWrite};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn hook(id: &str, units: &[&str]) -> Hook {
    Hook {
        id: id.into(),
        url: format!("https://{id}.example/"),
        secret: Secret::new(SECRET),
        units: units.iter().map(|u| (*u).into()).collect(),
    }
}

async fn open(place: &Place, hooks: Vec<Hook>) -> Office {
    let connections = Connections { banks: Vec::new(), hooks };
    let office = Office::open(&office::Options { connections, ..place.options.clone() }).await.unwrap();
    office.load_packs(&Actor::system(), &common::read(&[common::pack::small(false)]), office.now()).await.unwrap();
    office
}

/// A dossier in a state; the same key again is its next version.
async fn put(office: &Office, code: &str, unit: &str, state: Status) {
    let known = office.store().record_by_key("dossier", code).await.ok();
    let fields = json!({ "code": code, "case": { "channel": Channel::Online }, "applicant_name": "Nguyễn Văn Kín" });
    let write = RecordWrite {
        register: "dossier".into(),
        id: known.as_ref().map_or_else(RecordId::new, |r| r.id),
        expect: known.as_ref().map_or(Expect::New, |r| Expect::Version(r.version)),
        key: Some(code.into()),
        unit: unit.into(),
        state: state.id().into(),
        fields: fields.as_object().unwrap().clone(),
        kind: "file".into(),
        authority: None,
    };
    let command = Command { actor: "x".into(), on_behalf: None, at: office.now(), idempotency: None, writes: vec![write] };
    office.store().commit(command).await.unwrap();
    office.store().settle().await.unwrap();
}

/// Fails by a pattern; now and then it takes the message and its answer is lost.
#[derive(Default)]
struct Receiver {
    calls: Mutex<u32>,
    got: Mutex<Vec<(String, Value)>>,
    down: bool,
}

impl Receiver {
    fn got(&self, url: &str) -> BTreeMap<String, usize> {
        let mut out = BTreeMap::new();
        for (to, body) in self.got.lock().unwrap().iter().filter(|(to, _)| to.contains(url)) {
            *out.entry(format!("{}:{}", body["dossier"].as_str().unwrap(), body["status"].as_str().unwrap())).or_default() +=
                usize::from(!to.is_empty());
        }
        out
    }
}

impl Post for Receiver {
    fn post<'a>(&'a self, m: &'a Message) -> Answer<'a> {
        Box::pin(async move {
            let now = Timestamp(m.at.parse::<i64>().unwrap() * 1_000_000);
            signing::check(&Secret::new(SECRET), now, &m.at, &m.signature, &m.body).unwrap();
            let body: Value = serde_json::from_slice(&m.body).unwrap();
            assert_eq!(body["id"], m.event.as_str());
            assert!(!String::from_utf8_lossy(&m.body).contains("Kín"), "nothing personal leaves");
            let n = {
                let mut n = self.calls.lock().unwrap();
                *n += 1;
                *n
            };
            if self.down || n % 3 == 1 {
                return if n.is_multiple_of(2) { Err("connection refused".into()) } else { Ok(503) };
            }
            self.got.lock().unwrap().push((m.url.clone(), body));
            if n.is_multiple_of(5) { Err("the answer was lost".into()) } else { Ok(204) }
        })
    }
}

fn real() -> Timestamp {
    Timestamp::from_jiff(jiff::Timestamp::now())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_status_is_told_until_it_is_heard() {
    both(async |place| {
        let office = open(place, vec![hook("tinh", &[]), hook("phuong", &["W1@2000-01-01"])]).await;
        put(&office, "D0", "W1@2000-01-01", Status::Registered).await;
        let receiver = Receiver::default();
        let mut now = real();
        // What was before the first round is nobody's news.
        assert_eq!(office.webhook_round(&receiver, "a", now).await.unwrap(), Round::default());
        for (code, unit) in [("D0", "W1@2000-01-01"), ("D1", "W1@2000-01-01"), ("D2", "W2@2000-01-01")] {
            put(&office, code, unit, Status::Received).await;
            put(&office, code, unit, Status::Received).await;
            put(&office, code, unit, Status::Resolved).await;
        }
        let mut rounds = 0;
        loop {
            now = now.plus_micros(6 * 3_600_000_000 + 1_000_000);
            let round = office.webhook_round(&receiver, if rounds % 2 == 0 { "a" } else { "b" }, now).await.unwrap();
            assert_eq!(round.asked, if rounds == 0 { 6 + 4 } else { 0 }, "a change is asked for once");
            rounds += 1;
            if round.delivered + round.failed == 0 {
                break;
            }
        }
        assert!(rounds > 2, "the receiver failed at first");
        let all = |codes: &[&str]| codes.iter().flat_map(|c| [format!("{c}:received"), format!("{c}:resolved")]).collect::<Vec<_>>();
        assert_eq!(receiver.got("tinh").into_keys().collect::<Vec<_>>(), all(&["D0", "D1", "D2"]));
        assert_eq!(receiver.got("phuong").into_keys().collect::<Vec<_>>(), all(&["D0", "D1"]), "only its own units");
        let copies: usize = receiver.got("").into_values().sum();
        assert!(copies > 10, "a lost answer means a second copy under the same id");

        let auditor = person("thanh-tra", &[(Role::Auditor, common::pack::CITY)]);
        let shown = office.notices_out(&auditor, 50).await.unwrap();
        assert_eq!(shown.len(), 10);
        assert!(shown.iter().all(|n| n.state == JobState::Done && n.attempts >= 1), "{shown:?}");
        let officer = person("can-bo", &[(Role::WardOfficer, "W1@2000-01-01")]);
        assert_eq!(office.notices_out(&officer, 50).await.unwrap_err().code(), "access.role");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_stays_away_is_given_up_visibly_and_can_be_asked_again() {
    let place = Place::sqlite();
    let office = open(&place, vec![hook("tinh", &[])]).await;
    let away = Receiver { down: true, ..Receiver::default() };
    let mut now = real();
    office.webhook_round(&away, "a", now).await.unwrap();
    put(&office, "D1", "W1@2000-01-01", Status::Received).await;
    now = now.plus_micros(5_000_000);
    assert_eq!(office.webhook_round(&away, "a", now).await.unwrap(), Round { asked: 1, delivered: 0, failed: 1 });
    now = now.plus_micros(5_000_000);
    assert_eq!(office.webhook_round(&away, "a", now).await.unwrap(), Round::default(), "it is not hammered");
    let mut tries = 1;
    for _ in 0..40 {
        now = now.plus_micros(6 * 3_600_000_000 + 1_000_000);
        tries += office.webhook_round(&away, "a", now).await.unwrap().failed;
    }
    assert_eq!(tries, 16);
    let admin = person("quan-tri", &[(Role::Admin, common::pack::CITY)]);
    let given_up = office.notices_out(&admin, 5).await.unwrap().remove(0);
    assert_eq!((given_up.state, given_up.attempts, given_up.outcome.is_some()), (JobState::Failed, 16, true));
    office.retry_notice(&admin, "tinh", &given_up.event).await.unwrap();
    assert_eq!(office.retry_notice(&admin, "tinh", &given_up.event).await.unwrap_err().code(), "not_found");
    let here = Receiver { calls: Mutex::new(1), ..Receiver::default() };
    now = now.plus_micros(3_600_000_000);
    assert_eq!(office.webhook_round(&here, "a", now).await.unwrap(), Round { asked: 0, delivered: 1, failed: 0 });
    assert_eq!(here.got("tinh").len(), 1);
}

/// One hearer answers slowly, one not at all, one at once: who was asked, and by the message's own clock when.
#[derive(Default)]
struct Uneven(Mutex<Vec<(String, i64)>>);

impl Uneven {
    fn of(&self, name: &str) -> Vec<i64> {
        self.0.lock().unwrap().iter().filter(|(url, _)| url.contains(name)).map(|(_, at)| *at).collect()
    }
}

impl Post for Uneven {
    fn post<'a>(&'a self, m: &'a Message) -> Answer<'a> {
        Box::pin(async move {
            self.0.lock().unwrap().push((m.url.clone(), m.at.parse().unwrap()));
            if m.url.contains("cham") {
                tokio::time::sleep(Duration::from_millis(1_500)).await;
            }
            if m.url.contains("vang") { Err("timed out".into()) } else { Ok(204) }
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_hearer_keeps_nobody_waiting_and_spoils_no_signature() {
    both(async |place| {
        let office = open(place, vec![hook("cham", &[]), hook("vang", &[]), hook("nhanh", &[])]).await;
        let post = Uneven::default();
        office.webhook_round(&post, "a", real()).await.unwrap();
        for code in ["D1", "D2", "D3"] {
            put(&office, code, "W1@2000-01-01", Status::Received).await;
        }
        let round = office.webhook_round(&post, "a", real()).await.unwrap();
        assert_eq!(round, Round { asked: 9, delivered: 6, failed: 1 });
        assert_eq!(post.of("vang").len(), 1, "who does not answer is left alone for this round");
        let slow = post.of("cham");
        assert!(slow.len() == 3 && slow[1] > slow[0] && slow[2] > slow[1], "each message is signed when it leaves: {slow:?}");
        let order: Vec<String> = post.0.lock().unwrap().iter().map(|(url, _)| url.clone()).collect();
        let last = |name: &str| order.iter().rposition(|url| url.contains(name)).unwrap();
        assert!(last("nhanh") < last("cham"), "the quick one has heard everything before the slow one: {order:?}");
        // What waits is tried again by the time at which it failed.
        let waiting = office.store().newest_jobs(20).await.unwrap();
        assert!(waiting.iter().filter(|j| j.state == JobState::Waiting && j.kind == "webhook:vang").count() == 3);
        office.close().await.unwrap();
    })
    .await;
}
