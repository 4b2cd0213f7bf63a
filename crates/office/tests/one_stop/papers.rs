//! Printed forms, queue numbers and the tracking book.

use jiff::civil::{Date, date};
use office::one_stop::CounterInput;
use rules::{access::Role, one_stop::Act};
use serde_json::json;

use crate::{
    common::{both, pack::NEW, person},
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_tickets_and_the_tracking_book() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let first = office.take_ticket(NEW[0], "", false).await.unwrap();
        let second = office.take_ticket(NEW[0], "thu", true).await.unwrap();
        assert_eq!((first.number, second.number), (1, 2));
        let called = office.call_ticket(&people.officer, NEW[0], "3").await.unwrap().unwrap();
        assert_eq!((called.number, called.counter.as_deref()), (2, Some("3")), "priority first");
        let input = CounterInput { ticket: Some(called.id.clone()), ..counter(NUMBER) };
        let filed = office.receive(&people.officer, &input).await.unwrap();
        let served = office.find("queue_ticket", &called.id).await.unwrap();
        assert_eq!((served.state.as_str(), &served.fields().unwrap()["dossiers"]), ("served", &json!([filed.code])));
        assert_eq!(office.tickets(NEW[0]).await.unwrap().iter().map(|t| t.number).collect::<Vec<_>>(), [1]);
        // Who did not come is called again when they do; nobody is called out of turn or twice at once.
        let turn = (office.ticket(&first.id).await.unwrap(), code(office.recall_ticket(&people.officer, &first.id, first.version).await));
        assert_eq!((turn.0.0.number, turn.0.1, turn.1), (1, 0, "ticket.state"), "it waits its turn");
        let called = office.call_ticket(&people.officer, NEW[0], "3").await.unwrap().unwrap();
        office.end_ticket(&people.officer, &called.id, called.version, false).await.unwrap();
        assert_eq!(code(office.recall_ticket(&people.officer, &called.id, called.version).await), "version.conflict");
        let again = office.recall_ticket(&people.officer, &called.id, called.version + 1).await.unwrap();
        assert_eq!((again.state.as_str(), again.counter.as_deref(), again.officer.as_deref()), ("called", Some("3"), Some("hoa")));
        office.end_ticket(&people.officer, &again.id, again.version, true).await.unwrap();
        assert!(office.tickets(NEW[0]).await.unwrap().is_empty());
        assert_eq!(code(office.recall_ticket(&people.officer, &again.id, again.version + 1).await), "ticket.state");

        let slip = office.paper(&people.officer, &filed.id, 1).await.unwrap();
        assert_eq!((slip.code.as_str(), slip.due, slip.parts.len()), (filed.code.as_str(), filed.due_at, 1));
        assert_eq!(slip.applicant["applicant_name"], "Trần Văn Hùng");
        assert_eq!((slip.officer.as_str(), slip.phone.as_deref()), ("HOA", Some("0254 3 000 000")));
        assert!(!slip.track_path.contains(&filed.secret), "who finds the slip does not find the secret");
        assert_eq!(arg(office.paper(&people.officer, &filed.id, 2).await, "form"), "02");
        let asked = Act::AskSupplement { reasons: reasons(), until: None };
        office.act(&people.officer, &filed.id, filed.version, &asked, "").await.unwrap();
        assert_eq!(office.paper(&people.officer, &filed.id, 2).await.unwrap().reasons, reasons());
        let there = person("la", &[(Role::WardOfficer, NEW[1])]);
        assert_eq!(code(office.paper(&there, &filed.id, 1).await), "access.unit");
        let days: [Date; 2] = [date(2025, 7, 1), date(2025, 7, 1)];
        let book = office.tracking_book(&people.officer, NEW[0], days[0], days[1], None).await.unwrap();
        assert_eq!(
            book.rows.iter().map(|r| (r.code.as_str(), r.applicant.as_str())).collect::<Vec<_>>(),
            [(filed.code.as_str(), "Trần Văn Hùng")]
        );
        assert!(book.clear && book.rows[0].returned.is_none(), "nothing was handed over yet");
        let record = office.find("dossier", &filed.id).await.unwrap();
        let looks = office.looks(&people.officer, &record).await.unwrap();
        assert_eq!(looks[0].fields, ["applicant_name"], "the book is a look at whose dossiers they are");
        let (before, again) = (looks.len(), office.tracking_book(&people.officer, NEW[0], days[0], days[1], None).await.unwrap());
        assert_eq!(office.looks(&people.officer, &record).await.unwrap().len(), before, "the same look still");
        assert_eq!(again.rows[0].agency.vi, office.world().unit_name(NEW[0], "vi"));
        // Who decides sees the book, not the names; and it is in the order of receipt.
        clock(&office, "2025-07-01 09:30").await;
        let later = office.receive(&people.officer, &counter("077190000777")).await.unwrap();
        let seen = office.tracking_book(&people.leader, NEW[0], days[0], days[1], None).await.unwrap();
        let rows: Vec<_> = seen.rows.iter().map(|r| (r.code.as_str(), r.applicant.as_str(), r.phone.as_str())).collect();
        assert_eq!((seen.clear, rows), (false, vec![(filed.code.as_str(), "T. V. Hùng", ""), (later.code.as_str(), "T. V. Hùng", "")]));
        assert_eq!(code(office.tracking_book(&people.leader, NEW[0], days[0], days[1], Some("x".into())).await), "input.query");
        assert!(office.tracking_book(&people.officer, NEW[0], date(2025, 7, 2), date(2025, 7, 2), None).await.unwrap().rows.is_empty());
        office.close().await.unwrap();
    })
    .await;
}
