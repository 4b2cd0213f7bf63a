//! Those who stand in, and other units with a part in a dossier.

use jiff::civil::date;
use office::{
    one_stop::{CounterInput, Filed, NewAbsence, Proof, Shown},
    personal::Through,
};
use rules::{
    access::{Actor, Role},
    one_stop::{Act, ActKind, Linking, ResultGiven, Way},
};

use crate::{
    common::{self, both, figures_are_right, pack::NEW, person},
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_absent_is_stood_in_for_and_other_units_do_their_part() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let absence = |account: &str, delegate: &str| NewAbsence {
            account: account.into(),
            delegate: delegate.into(),
            from: "2025-06-30".into(),
            to: "2025-07-04".into(),
            reason: "Nghỉ phép".into(),
        };
        assert_eq!(code(office.declare_absence(&people.expert, &absence("lan", "nobody")).await), "one_stop.unknown_assignee");
        assert_eq!(code(office.declare_absence(&people.expert, &absence("lan", "lan")).await), "absence.self");
        assert_eq!(code(office.declare_absence(&people.officer, &absence("lan", "hoa")).await), "access.role");
        let id = office.declare_absence(&people.expert, &absence("lan", "hoa")).await.unwrap();
        let first = office.receive(&people.officer, &counter(NUMBER)).await.unwrap();
        assert_eq!(
            code(office.act(&people.officer, &first.id, first.version, &hand_over("nobody"), "").await),
            "one_stop.unknown_assignee"
        );
        let over = office.act(&people.officer, &first.id, first.version, &hand_over("lan"), "").await.unwrap();
        let record = office.find("dossier", &first.code).await.unwrap();
        assert_eq!(record.fields().unwrap()["assignee"], "hoa");
        let entry = office.store().history("dossier", record.id).await.unwrap().pop().unwrap();
        assert_eq!(entry.on_behalf.as_deref(), Some("lan"), "the ledger names both");
        office.cancel_absence(&people.expert, &id, 1).await.unwrap();
        assert!(office.absences(&people.expert).await.unwrap().is_empty());

        // A part of it is another ward's, which reads it while it has that part, returns the part, and does nothing else.
        let there = person("la", &[(Role::WardOfficer, NEW[1])]);
        let forward =
            |linking| Act::ForwardToUnit {
                unit: NEW[1].parse().unwrap(), linking, due: Some(date(2025, 7, 4)), reason: "Xác minh".into()
            };
        let sent = office.act(&people.officer, &first.id, over.version, &forward(Linking::Part), "").await.unwrap();
        assert_eq!(code(office.act(&there, &first.id, sent.version, &hand_over("lan"), "").await), "access.unit");
        let (here_now, there_now) = (common::unit(&office, NEW[0]), common::unit(&office, NEW[1]));
        let listed = office.desk_of_others(&there, there_now).await.unwrap();
        assert_eq!((codes(&listed.linked), codes(&listed.received)), (vec![first.code.as_str()], Vec::new()));
        assert!(office.desk_of_others(&people.officer, here_now).await.unwrap().linked.is_empty(), "its own unit has it in its own list");
        let open = office.dossier(&there, &first.code, Through::Page).await.unwrap();
        assert_eq!((open.clear, acts(&open)), (true, vec![ActKind::ReturnFromUnit]));
        let looks = office.looks(&Actor::system(), &open.record).await.unwrap();
        assert_eq!((looks[0].who.as_str(), looks[0].grant.as_str()), ("la", &*format!("ward_officer {}", NEW[1])));
        assert_eq!(code(office.paper(&there, &first.id, 1).await), "access.unit");
        let chair_there = person("chu", &[(Role::Leader, NEW[1])]);
        assert_eq!(code(office.dossier(&chair_there, &first.id, Through::Page).await), "access.unit", "the part is the officers'");
        let part = Act::ReturnFromUnit { link: 0, text: "Đúng".into() };
        let back = office.act(&there, &first.id, sent.version, &part, "").await.unwrap();
        assert!(office.desk_of_others(&there, there_now).await.unwrap().linked.is_empty());
        assert_eq!(code(office.dossier(&there, &first.id, Through::Page).await), "access.unit", "its part is done");
        // Received here, decided there.
        let gone = office.act(&people.officer, &first.id, back.version, &forward(Linking::Competent), "").await.unwrap();
        assert_eq!(office.find("dossier", &first.code).await.unwrap().unit, NEW[1]);
        assert_eq!(code(office.act(&people.officer, &first.id, gone.version, &hand_over("hoa"), "").await), "access.unit");
        let open = office.dossier(&there, &first.code, Through::Page).await.unwrap();
        assert!(open.clear && open.offers.iter().any(|o| o.act == ActKind::AskSupplement && o.refusal.is_none()));
        assert!(open.offers.iter().all(|o| o.act != ActKind::Resolve), "that takes somebody who decides");
        // Said when it is received: it goes there at once, and asked again nothing is doubled.
        let input = CounterInput { away_unit: Some(NEW[1].into()), once: "xa".into(), ..counter("077190000301") };
        let away = office.receive(&people.officer, &input).await.unwrap();
        let at_once = office.find("dossier", &away.code).await.unwrap();
        assert_eq!((at_once.unit.as_str(), at_once.version), (NEW[1], away.version));
        assert_eq!(office.receive(&people.officer, &input).await.unwrap().code, away.code);
        assert_eq!(office.find("dossier", &away.code).await.unwrap().version, away.version);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_received_for_another_unit_gives_the_slip_and_the_result() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let (ours, day) = (common::unit(&office, NEW[0]), date(2025, 7, 1));
        let there = person("la", &[(Role::WardOfficer, NEW[1])]);
        let chair = person("chu", &[(Role::Leader, NEW[1])]);
        let input = CounterInput { away_unit: Some(NEW[1].into()), ..counter(NUMBER) };
        let filed = office.receive(&people.officer, &input).await.unwrap();
        let open = office.dossier(&people.officer, &filed.id, Through::Page).await.unwrap();
        assert_eq!((open.record.unit.as_str(), open.clear, acts(&open)), (NEW[1], true, Vec::new()), "read, not handled");
        let looks = office.looks(&Actor::system(), &open.record).await.unwrap();
        assert_eq!(looks[0].grant, format!("ward_officer {}", NEW[0]));
        // The slip is of the desk that received; the other forms are of the unit that decides.
        let slip = office.paper(&people.officer, &filed.id, 1).await.unwrap();
        assert_eq!((slip.unit.as_str(), slip.officer.as_str()), (NEW[0], "HOA"));
        assert_eq!(office.paper(&there, &filed.id, 5).await.unwrap().unit, NEW[1]);
        assert_eq!(code(office.paper(&people.officer, &filed.id, 5).await), "access.unit");
        assert_eq!(code(office.dossier(&people.leader, &filed.id, Through::Page).await), "access.unit", "it is not theirs to decide");
        let book = office.tracking_book(&people.officer, NEW[0], day, day, None).await.unwrap();
        assert_eq!((book.rows.len(), book.rows[0].code.as_str()), (1, filed.code.as_str()));
        assert_eq!(book.rows[0].agency.vi, office.world().unit_name(NEW[1], "vi"));
        // Who lost the secret stands at this desk: it is given anew here, with the same entry as at the unit that decides.
        let card = Some(Shown::IdentityCard);
        assert_eq!(code(office.renew_secret(&people.leader, &filed.id, filed.version, card).await), "access.unit");
        let new = office.renew_secret(&people.officer, &filed.id, filed.version, card).await.unwrap();
        assert_eq!(new.unit, NEW[0]);
        let proof = |secret| Proof::Secret { code: &filed.code, secret, client: "c" };
        assert!(office.track(&proof(&new.secret)).await.is_ok() && office.track(&proof(&filed.secret)).await.is_err());
        let entry = office.store().history("dossier", filed.id.parse().unwrap()).await.unwrap().pop().unwrap();
        assert_eq!((entry.kind.as_str(), entry.actor.as_str(), entry.authority.as_deref()), ("new_secret", "hoa", Some("identity_card")));
        let filed = Filed { version: new.version, ..filed };
        let waits = async || office.desk_of_others(&people.officer, ours).await.unwrap().received;
        assert_eq!(codes(&waits().await), [filed.code.as_str()]);
        assert!(office.desk_of_others(&people.leader, ours).await.unwrap().received.is_empty());

        // Decided there, handed out here.
        let hand_out = Act::ReturnResult { way: Way::Desk };
        let step = |step: &str| Act::HandOver { step: step.into(), assignee: None, reason: None };
        let one = office.act(&there, &filed.id, filed.version, &step("appraise"), "").await.unwrap();
        assert_eq!(code(office.act(&people.officer, &filed.id, one.version, &step("sign"), "").await), "access.unit");
        let two = office.act(&there, &filed.id, one.version, &step("sign"), "").await.unwrap();
        assert_eq!(code(office.act(&people.officer, &filed.id, two.version, &hand_out, "").await), "one_stop.not_now");
        let result = ResultGiven { number: Some("1".into()), file: None, electronic: false };
        let done = office.act(&chair, &filed.id, two.version, &Act::Resolve { result }, "").await.unwrap();
        assert_eq!(acts(&office.dossier(&people.officer, &filed.id, Through::Page).await.unwrap()), [ActKind::ReturnResult]);
        office.act(&people.officer, &filed.id, done.version, &hand_out, "").await.unwrap();
        assert_eq!(office.find("dossier", &filed.code).await.unwrap().state, "returned_result");
        assert!(waits().await.is_empty());
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}
