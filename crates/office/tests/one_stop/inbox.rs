//! What an officer's desk lists, and who reads and decides what is on it.

use jiff::civil::date;
use office::{
    one_stop::{Applicant, Bucket, CounterInput, DeskFilter, Origin},
    personal::Through,
};
use rules::{
    access::{Actor, Role},
    one_stop::Act,
};

use crate::{
    common::{
        both,
        pack::{CITY, NEW},
        person, settled,
    },
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_inbox_shows_what_is_due_next() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let mut ids = Vec::new();
        // Due on 8, 9, 10 and 11 July.
        for (i, day) in ["2025-07-01", "2025-07-02", "2025-07-03", "2025-07-04"].iter().enumerate() {
            clock(&office, &format!("{day} 08:00")).await;
            let scan = office.keep_file(&people.officer, NEW[0], "proof", pdf(day), Origin::Scan).await.unwrap();
            let number = format!("07719000010{i}");
            let phone = format!("091234567{i}");
            let applicant = Applicant { phone, ..counter(&number).applicant };
            ids.push(office.receive(&people.officer, &CounterInput { parts: vec![scan], applicant, ..counter(&number) }).await.unwrap());
        }
        clock(&office, "2025-07-09 09:00").await;
        let page = office.desk(&people.officer, &DeskFilter::default()).await.unwrap();
        let found: Vec<(Bucket, &str)> = page.rows.iter().map(|r| (r.bucket, r.code.as_str())).collect();
        let codes: Vec<&str> = ids.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(found, [(Bucket::Late, codes[0]), (Bucket::Today, codes[1]), (Bucket::Tomorrow, codes[2]), (Bucket::Later, codes[3])]);
        assert!(page.rows[0].share_used.unwrap() > 1.0 && page.rows[3].share_used.unwrap() < 1.0);
        for bucket in [Bucket::Late, Bucket::Today, Bucket::Tomorrow, Bucket::Later] {
            assert_eq!(page.counts.get(&bucket), Some(&1), "{bucket:?}");
            let only = office.desk(&people.officer, &DeskFilter { bucket: Some(bucket), ..DeskFilter::default() }).await.unwrap();
            assert_eq!(only.rows.iter().map(|r| r.bucket).collect::<Vec<_>>(), [bucket]);
        }
        // A page at a time.
        let two = office.desk(&people.officer, &DeskFilter { limit: 2, ..DeskFilter::default() }).await.unwrap();
        let rest = DeskFilter { limit: 2, after: two.next.clone(), ..DeskFilter::default() };
        let rest = office.desk(&people.officer, &rest).await.unwrap();
        let all: Vec<&str> = two.rows.iter().chain(&rest.rows).map(|r| r.code.as_str()).collect();
        assert_eq!((all, rest.next), (codes.clone(), None));
        // By words, by step, by procedure; the other ward sees nothing.
        let words = |t: &str| DeskFilter { search: t.into(), ..DeskFilter::default() };
        assert_eq!(office.desk(&people.officer, &words("hung cap giay")).await.unwrap().rows.len(), 4);
        assert_eq!(office.desk(&people.officer, &words("077190000102")).await.unwrap().rows[0].code, codes[2]);
        assert!(
            office.desk(&people.officer, &DeskFilter { step: Some("sign".into()), ..DeskFilter::default() }).await.unwrap().rows.is_empty()
        );
        for phone in ["0912345672", "0912 345 672", "+84 912.345.672"] {
            let found = office.desk(&people.officer, &words(phone)).await.unwrap();
            assert_eq!(found.rows.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), [codes[2]], "{phone}");
        }
        let there = person("la", &[(Role::WardOfficer, NEW[1])]);
        let page = office.desk(&there, &DeskFilter::default()).await.unwrap();
        assert!(page.rows.is_empty() && page.counts.is_empty());
        // Whoever audits sees that there is work, and finds nobody by name or number.
        let auditor = person("kiem", &[(Role::Auditor, CITY)]);
        assert_eq!(office.desk(&auditor, &words("cap giay")).await.unwrap().rows.len(), 4);
        for name in ["hung", "077190000102", "0912345672"] {
            assert!(office.desk(&auditor, &words(name)).await.unwrap().rows.is_empty(), "{name}");
        }
        // Of another unit's dossier one learns that there is one.
        let elsewhere = office.duplicates(&there, PROCEDURE, "077190000102").await.unwrap();
        assert_eq!((elsewhere.len(), elsewhere[0].code.as_str(), elsewhere[0].id.as_str()), (1, "", ""));
        assert_eq!(office.duplicates(&people.officer, PROCEDURE, "077190000102").await.unwrap()[0].code, codes[2]);
        // What was filed online stands where its answer is due: on the tenth at half past nine.
        let new = filed(&office, &mai()).await;
        let all = office.desk(&people.officer, &DeskFilter::default()).await.unwrap();
        assert_eq!(all.rows.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), [codes[0], codes[1], &new.code, codes[2], codes[3]]);
        assert_eq!(code(office.desk(&Actor::anonymous(), &DeskFilter::default()).await), "access.sign_in");
        // Apologies: due on 10 July, so out by the 9th; the one due on the 11th follows tomorrow.
        let sorry = office.apologies_due(&people.officer, None, at("2025-07-09 17:00")).await.unwrap();
        assert_eq!(sorry.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), [codes[2]]);
        let sorry = office.apologies_due(&people.officer, None, at("2025-07-10 17:00")).await.unwrap();
        assert_eq!(sorry.len(), 2);
        let act = Act::Apologise { reason: "Chờ xác minh".into(), new_day: date(2025, 7, 15) };
        let moved = office.act(&people.officer, codes[2], ids[2].version, &act, "").await.unwrap();
        assert_eq!(moved.due_at, Some(at("2025-07-15 17:00")));
        let second = office.act(&people.officer, codes[2], moved.version, &act, "").await;
        assert_eq!(code(second), "one_stop.reappointed");
        // Many at once; one that changed meanwhile does not hold up the others.
        let items: Vec<(String, i64)> = ids.iter().map(|f| (f.id.clone(), f.version)).collect();
        let done = office.hand_over_many(&people.officer, &items, "appraise", Some("lan")).await.unwrap();
        let outcome: Vec<&str> = done.iter().map(|(_, r)| r.as_ref().map_or_else(|e| e.code(), |a| a.state.as_str())).collect();
        assert_eq!(outcome, ["in_progress", "in_progress", "version.conflict", "in_progress"]);
        // What waits for the citizen is not the desk's work, and is found all the same by whom it is looked for.
        let version = done[0].1.as_ref().unwrap().version;
        office.act(&people.officer, codes[0], version, &Act::AskSupplement { reasons: reasons(), until: None }, "").await.unwrap();
        assert!(office.desk(&people.officer, &DeskFilter::default()).await.unwrap().rows.iter().all(|r| r.code != codes[0]));
        assert_eq!(office.desk(&people.officer, &words("0912345670")).await.unwrap().rows[0].bucket, Bucket::Citizen);
        settled(&office).await;
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_decides_reads_what_is_decided_and_nobody_else_gains() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let filed = office.receive(&people.officer, &counter(NUMBER)).await.unwrap();
        let record = office.find("dossier", &filed.id).await.unwrap();
        let looks = async || office.looks(&Actor::system(), &record).await.unwrap();
        for role in [Role::Auditor, Role::Admin, Role::Viewer] {
            let other = person("khac", &[(role, NEW[0])]);
            assert!(!office.dossier(&other, &filed.id, Through::Page).await.unwrap().clear, "{role}");
            assert_eq!(code(office.paper(&other, &filed.id, 1).await), "access.role");
        }
        let elsewhere = person("xa", &[(Role::Leader, NEW[1])]);
        assert_eq!(code(office.dossier(&elsewhere, &filed.id, Through::Page).await), "access.unit");
        assert!(looks().await.is_empty(), "what is masked is no look");
        assert!(office.dossier(&people.leader, &filed.id, Through::Page).await.unwrap().clear);
        let kept = looks().await;
        assert_eq!((kept[0].who.as_str(), kept[0].grant.as_str()), ("nam", &*format!("leader {}", NEW[0])));
        assert!(kept[0].fields.iter().any(|f| f == "form") && kept[0].fields.iter().any(|f| f == "applicant_name"), "{:?}", kept[0].fields);
        // What is printed is looked at as well, and a figure's door stays a door to figures.
        clock(&office, "2025-07-01 09:30").await;
        office.paper(&people.leader, &filed.id, 1).await.unwrap();
        assert_eq!(looks().await.len(), 2);
        assert!(!office.open_record(&people.leader, "dossier", &filed.id, Through::Page).await.unwrap().clear);
        office.close().await.unwrap();
    })
    .await;
}
