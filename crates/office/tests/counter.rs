//! What people come back to the desk with: a lost tracking secret, a number in the queue, their own files, time to answer.

mod common;

use common::{Place, both, pack, person};
use jiff::civil::date;
use office::{
    Office,
    one_stop::{Citizen, Filed, Filer, NEW_SECRET, Proof, Shown, Upload, grouped},
};
use pack::{NEW, one_stop};
use rules::{
    Timestamp,
    access::{Actor, Role},
    one_stop::{Act, Reason, ReasonKind},
};
use serde_json::json;
use store::{Command, Expect, RecordId, RecordWrite};

const PROCEDURE: &str = "1.000001";

fn at(text: &str) -> Timestamp {
    format!("{}:00+07:00", text.replace(' ', "T")).parse().unwrap()
}

async fn clock(office: &Office, text: &str) {
    office.set_demo(&Actor::system(), at(text)).await.unwrap();
}

fn code<T: std::fmt::Debug>(result: office::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

/// An office at 9:00 of Tuesday 1 July 2025, with an officer at the new ward.
async fn desk(place: &Place) -> (Office, Actor) {
    let office = place.governed(&[one_stop()]).await;
    clock(&office, "2025-07-01 09:00").await;
    (office, person("hoa", &[(Role::WardOfficer, NEW[0])]))
}

fn mai() -> Citizen {
    Citizen {
        id: "00000000-0000-7000-8000-000000000001".into(),
        id_number: "077190000123".into(),
        name: "Nguyễn Thị Mai".into(),
        level: 2,
        birth_date: Some(date(1990, 5, 12)),
        provider: "test".into(),
        ..Citizen::default()
    }
}

fn pdf(name: &str, text: &str) -> Upload {
    Upload { name: name.into(), media_type: "application/pdf".into(), bytes: format!("%PDF-1.7 {text}").into_bytes() }
}

/// Filed online with one file of this name.
async fn filed_with(office: &Office, name: &str) -> Filed {
    let citizen = mai();
    let who = Filer::Citizen(&citizen);
    let (draft, key) = office.open_draft(&who, PROCEDURE, NEW[0], None).await.unwrap();
    let answers = common::fields(json!({"happened_on": "2025-06-20"}));
    office.save_draft(&who, &key, draft.version, "what", &answers).await.unwrap();
    office.add_upload(&who, &key, "proof", pdf(name, &draft.id)).await.unwrap();
    let version = office.draft(&who, &key).await.unwrap().version;
    office.submit_draft(&who, &key, version, "").await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_secret_is_replaced_at_the_desk_and_the_old_one_ends() {
    both(async |place| {
        let (office, officer) = desk(place).await;
        let filed = filed_with(&office, "giấy.pdf").await;
        let card = Some(Shown::IdentityCard);
        // Nobody of another unit, nobody who only decides, nobody without a paper, nobody who saw an older version.
        let beside = person("la", &[(Role::WardOfficer, NEW[1])]);
        let leader = person("nam", &[(Role::Leader, NEW[0])]);
        assert_eq!(code(office.renew_secret(&beside, &filed.id, filed.version, card).await), "access.unit");
        assert_eq!(code(office.renew_secret(&leader, &filed.id, filed.version, card).await), "access.role");
        assert_eq!(code(office.renew_secret(&Actor::anonymous(), &filed.id, filed.version, card).await), "access.sign_in");
        assert_eq!(code(office.renew_secret(&officer, &filed.id, filed.version, None).await), "input.required");
        assert_eq!(code(office.renew_secret(&officer, &filed.id, filed.version + 1, card).await), "version.conflict");
        let old = Proof::Secret { code: &filed.code, secret: &filed.secret, client: "10.0.0.7" };
        assert!(office.track(&old).await.is_ok(), "what was refused changed nothing");

        let new = office.renew_secret(&officer, &filed.code, filed.version, card).await.unwrap();
        assert_eq!((new.code.as_str(), new.version), (filed.code.as_str(), filed.version + 1));
        assert_eq!(code(office.track(&old).await), "tracking.not_found");
        let shown = grouped(&new.secret);
        let seen = office.track(&Proof::Secret { code: &filed.code, secret: &shown, client: "10.0.0.7" }).await.unwrap();
        assert_eq!(seen.timeline.last().map(|h| (h.what.as_str(), h.text.as_deref())), Some((NEW_SECRET, None)), "its person is told");
        // The ledger: who, when, on what ground; the secret in none of its entries.
        let record = office.find("dossier", &filed.id).await.unwrap();
        let history = office.store().history("dossier", record.id).await.unwrap();
        let entry = history.last().unwrap();
        assert_eq!((entry.kind.as_str(), entry.actor.as_str(), entry.authority.as_deref()), (NEW_SECRET, "hoa", Some("identity_card")));
        assert_eq!(record.state, "registered", "no act of the law");
        let all = format!("{history:?} {:?}", record.fields().unwrap());
        assert!(!all.contains(&new.secret) && !all.contains(&shown));
        office.close().await.unwrap();
    })
    .await;
}

/// A number that stands on the roll already, as if so many had been drawn.
async fn roll(office: &Office, like: &str, number: i64) {
    let record = office.find("queue_ticket", like).await.unwrap();
    let key = record.key.as_deref().unwrap();
    let key = format!("{}/{number}", key.rsplit_once('/').unwrap().0);
    let mut fields = record.fields().unwrap();
    fields.insert("code".into(), json!(key));
    fields.insert("number".into(), json!(number));
    let write = RecordWrite {
        register: "queue_ticket".into(),
        id: RecordId::new(),
        expect: Expect::New,
        key: Some(key),
        unit: record.unit.clone(),
        state: "served".into(),
        fields,
        kind: "take".into(),
        authority: None,
    };
    let command = Command { actor: "hoa".into(), on_behalf: None, at: office.now(), idempotency: None, writes: vec![write] };
    office.store().commit(command).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_draw_numbers_themselves_and_nobody_empties_the_roll() {
    both(async |place| {
        let (office, officer) = desk(place).await;
        let sector = office.sectors(common::unit(&office, NEW[0])).remove(0).vi;
        let draw = async |sector: &str, client: &str, once: &str| office.draw_ticket(NEW[0], sector, client, once).await;
        assert_eq!(code(draw("Không có lĩnh vực này", "tablet", "a").await), "not_found");
        // Pressed twice it is one number; another button is another one, and so is the same page for the next person.
        let first = draw(&sector, "tablet", "a").await.unwrap();
        assert_eq!((first.number, first.sector.as_deref(), first.priority), (1, Some(sector.as_str()), false));
        assert_eq!(draw(&sector, "tablet", "a").await.unwrap(), first);
        assert_eq!(draw("", "tablet", "a").await.unwrap().number, 2);
        clock(&office, "2025-07-01 09:01").await;
        assert_eq!(draw(&sector, "tablet", "a").await.unwrap().number, 3);
        // Called by sector, the others keep their place.
        let call = async |sector: &str| office.call_ticket_of(&officer, NEW[0], "1", sector).await.unwrap().map(|t| t.number);
        assert_eq!(call("Không có lĩnh vực này").await, None);
        assert_eq!((call(&sector).await, call(&sector).await, call(&sector).await, call("").await), (Some(1), Some(3), None, Some(2)));
        // So many from one address, then it waits; others draw on.
        let now = office.now();
        for _ in 3..90 {
            office.store().attempt("ticket:tablet", now, now.plus_micros(-900_000_000)).await.unwrap();
        }
        assert_eq!(code(draw("", "tablet", "z").await), "ticket.wait");
        assert_eq!(draw("", "phone", "z").await.unwrap().number, 4);
        clock(&office, "2025-07-01 09:20").await;
        assert!(draw("", "tablet", "z").await.is_ok());
        // The last hundred of the day are the officers' to give.
        roll(&office, &first.id, 399).await;
        assert_eq!(draw("", "phone", "y").await.unwrap().number, 400);
        assert_eq!(code(draw("", "phone", "x").await), "ticket.full");
        assert_eq!(office.take_ticket(NEW[0], "", true).await.unwrap().number, 401);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_citizens_file_keeps_its_name_and_the_ledger_does_not_tell_it() {
    both(async |place| {
        let (office, officer) = desk(place).await;
        let filed = filed_with(&office, "Giấy chứng sinh <của> Mai.PDF").await;
        let proof = Proof::Secret { code: &filed.code, secret: &filed.secret, client: "10.0.0.7" };
        let ask =
            Act::AskSupplement { reasons: vec![Reason { kind: ReasonKind::Illegible, part: None, text: "Mờ".into() }], until: None };
        office.act(&officer, &filed.id, filed.version, &ask, "").await.unwrap();
        let better = office.supplement_upload(&proof, "proof", pdf("../Ảnh rõ hơn.pdf", "better")).await.unwrap();
        let version = office.track(&proof).await.unwrap().version;
        office.supplement(&proof, version, &[better], &serde_json::Map::new(), "", "").await.unwrap();
        let parts = office.track(&proof).await.unwrap().parts;
        let names = ["Giấy chứng sinh _của_ Mai.pdf", "Ảnh rõ hơn.pdf"];
        assert_eq!(parts.iter().map(|p| (p.part.as_str(), p.name.as_str())).collect::<Vec<_>>(), names.map(|n| ("proof", n)));
        // So it is called when it is loaded again, by the citizen and by the officer; the store of files knows the part alone.
        for (part, name) in parts.iter().zip(names) {
            let sha256 = part.sha256.as_deref().unwrap();
            assert_eq!(office.citizen_file(&proof, sha256).await.unwrap().0.name, name);
            assert_eq!(office.dossier_file(&officer, &filed.id, sha256).await.unwrap().0.name, name);
            assert_eq!(office.store().blob_info(sha256).await.unwrap().name, "proof.pdf");
        }
        let id = office.find("dossier", &filed.id).await.unwrap().id;
        let history = format!("{:?}", office.store().history("dossier", id).await.unwrap());
        assert!(names.iter().all(|n| !history.contains(n)), "names of people stand in no entry");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_is_reached_as_its_policies_say_day_by_day() {
    both(async |place| {
        let above = "agency_code = \"H06.36\"\naddress = { vi = \"1 Lê Lợi\", en = \"1 Lê Lợi\" }\nphone = \"0254 1\"\nhours = [\"07:30-11:30\"]\n\
                     hours_on = { fri = [\"08:00-11:00\"] }\nverified = false";
        let files = pack::changed(one_stop(), "one-stop/policy.toml", "agency_code = \"H06.36\"", above);
        let office = place.governed(&[files]).await;
        clock(&office, "2025-07-01 09:00").await;
        let (world, ward) = (office.world(), common::unit(&office, NEW[0]));
        let on = |month, day| world.contact(ward, date(2025, month, day)).unwrap();
        let july = on(7, 1);
        assert_eq!((july.phone.as_deref(), july.address.as_ref().map(|a| a.vi.as_str())), (Some("0254 3 000 000"), Some("1 Lê Lợi")));
        assert_eq!((july.hours.len(), july.hours_on["fri"].len(), july.verified), (1, 1, false), "one part is still to be confirmed");
        assert_eq!(on(8, 1).phone.as_deref(), Some("0254 1"), "the ward's own policy is over");
        assert_eq!(world.contact(ward, date(2019, 12, 31)), None, "nothing was declared then");
        let filed = filed_with(&office, "giấy.pdf").await;
        let proof = Proof::Secret { code: &filed.code, secret: &filed.secret, client: "10.0.0.7" };
        assert_eq!(office.track(&proof).await.unwrap().contact, Some(july.clone()));
        let officer = person("hoa", &[(Role::WardOfficer, NEW[0])]);
        office.act(&officer, &filed.id, filed.version, &Act::Accept, "").await.unwrap();
        assert_eq!(office.paper(&officer, &filed.id, 1).await.unwrap().contact, Some(july));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_open_on_saturdays_loads_beside_exchanged_saturdays() {
    both(async |place| {
        let hours = "agency_code = \"H06.36\"\nhours = [\"08:00-12:00\", \"13:00-17:00\"]\nhours_on = { sat = [\"08:00-11:00\"] }";
        let files = pack::changed(one_stop(), "one-stop/policy.toml", "agency_code = \"H06.36\"", hours);
        let office = place.governed(&[files]).await;
        let (world, ward) = (office.world(), common::unit(&office, NEW[0]));
        let on = |month, day| world.calendar(ward, date(2025, month, day)).spans(date(2025, month, day)).to_vec();
        assert_eq!(on(7, 5), [(480, 660)], "an ordinary Saturday");
        assert_eq!(on(4, 26), [(480, 720), (780, 1020)], "worked for Friday 2 May");
        assert_eq!(on(5, 2), []);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_identifier_that_was_read_for_its_unit_needs_no_confirmation() {
    both(async |place| {
        let office = place.governed(&[one_stop()]).await;
        let world = office.world();
        let of = |key: &str| world.agency_code(common::unit(&office, key), date(2025, 7, 1)).map(|a| (a.code, a.verified));
        assert_eq!(of("C@2000-01-01"), Some(("H06.36".into(), true)));
        assert_eq!(of(NEW[0]), Some(("H06.36.N1".into(), false)), "made from the one above");
        office.close().await.unwrap();
    })
    .await;
}
