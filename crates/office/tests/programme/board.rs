//! The board and the report say what the records say.

use jiff::civil::Date;
use office::{
    programme::UpdateInput,
    report::{self, Lang},
};
use rules::{Period, access::Role};

use crate::{
    common::{
        both, load,
        pack::{self, CITY, NEW},
        person, unit,
    },
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_report_says_what_the_records_say() {
    both(async |place| {
        let office = place.governed(&[city()]).await;
        let leader = leader();
        quarter(&office).await;
        let said =
            UpdateInput { difficulties: "Chờ dự toán".into(), proposals: "Bố trí kinh phí".into(), ..update(30, "Đang làm") };
        office.update_task(&clerk(), "NV-1", 1, &said).await.unwrap();
        let waiting = office.assign_task(&leader, &new_task(), &[]).await.unwrap().remove(0);
        office.wait_task(&clerk(), &waiting, 1, "Hướng dẫn của Sở").await.unwrap();
        let c = unit(&office, CITY);

        let q2 = office.report(&leader, c, "2025Q2".parse().unwrap(), Lang::Vi).await.unwrap();
        assert_eq!(q2.scope.boundaries, "trước ngày 01/07/2025 (4 phường, xã)");
        assert_eq!(q2.by_unit.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Đơn vị 1", "Đơn vị 2", "Đơn vị 3", "Đơn vị 4"]);
        let row = q2.results.iter().find(|r| r.code == "T-1").unwrap();
        assert_eq!((row.current.numerator, row.current.denominator, row.previous.value), (Some(9), Some(10), None));
        assert!(row.deadline == Some(days_from_now(20)) && row.deadline_note.is_some());
        assert_eq!(row.source, "Đếm từ sổ: Vụ việc");
        let sum: i64 = q2.by_unit.rows.iter().filter_map(|r| r.cells[0].figure.numerator).sum();
        assert_eq!(Some(sum), q2.by_unit.total.as_ref().unwrap().cells[0].figure.numerator, "summed, then divided");
        assert!(q2.ledger.as_ref().is_none_or(|l| !l.frozen));
        assert_eq!(q2.letterhead.issuer, ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ NHỎ"]);
        assert_eq!((q2.recipients.as_slice(), q2.filing.as_str()), (["Thường trực Thành ủy".to_owned()].as_slice(), "VT, VX"));

        let month = Period::Month(office.now().month());
        let now = office.report(&leader, c, month, Lang::Vi).await.unwrap();
        assert!(now.scope.boundaries.starts_with("từ ngày 01/07/2025 (2 phường)"), "{}", now.scope.boundaries);
        let late: Vec<(&str, Option<i64>, Option<&str>)> =
            now.overdue.iter().map(|i| (i.code.as_str(), i.days_late, i.reason.as_deref())).collect();
        assert_eq!(late, [("T-2", Some(40), Some("Chờ dự toán")), ("NV-1", Some(40), Some("Chờ dự toán"))]);
        assert_eq!(now.waiting.iter().map(|w| w.waiting_for.as_str()).collect::<Vec<_>>(), ["Hướng dẫn của Sở"]);
        assert_eq!(now.difficulties, [report::Remark { unit: Some("Văn phòng".into()), text: "Chờ dự toán".into() }]);
        assert_eq!(now.proposals[0].text, "Bố trí kinh phí");
        let conflicts: Vec<(&str, usize)> = now.conflicts.iter().map(|c| (c.code.as_str(), c.claims.len())).collect();
        assert_eq!(conflicts, [("RF-1", 2), ("T-1", 2)]);
        assert!(now.summary[0].contains("1 chỉ tiêu quá hạn"), "{:?}", now.summary);

        let english = office.report(&leader, c, month, Lang::En).await.unwrap();
        assert!(english.subject.starts_with("Results of") && english.scope.boundaries.starts_with("since 1"));
        for (model, lang) in [(&now, Lang::Vi), (&english, Lang::En)] {
            assert!(report::docx(model, lang).unwrap().len() > 5_000 && report::xlsx(model, lang).unwrap().len() > 5_000);
        }
        let own = office.report(&ward(), unit(&office, NEW[0]), month, Lang::Vi).await.unwrap();
        assert_eq!(own.letterhead.issuer[1], "PHƯỜNG MỚI 1");
        assert_eq!(refused(office.report(&ward(), c, month, Lang::Vi).await), "access.unit");
        assert_eq!(refused(office.report(&leader, c, Period::All, Lang::Vi).await), "report.period");
        assert_eq!(refused(office.report(&leader, c, "2999".parse().unwrap(), Lang::Vi).await), "report.future");
        assert_eq!(refused(office.report(&leader, unit(&office, NEW[0]), "2025Q1".parse().unwrap(), Lang::Vi).await), "unit.not_on_map");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_packs_make_a_board_and_a_report() {
    both(async |place| {
        let packs = [pack::real("vietnam"), pack::real("vung-tau")];
        let office = place.governed(&packs).await;
        let again = load(&office, &packs).await;
        assert_eq!((again.added, again.changed, again.retired), (0, 0, 0));
        let leader = person("chutich", &[(Role::Leader, "747@2004-07-08"), (Role::Leader, "79@2025-07-01")]);
        let city = unit(&office, "747@2004-07-08");
        let board = office.board(&leader, city, "2025-06-30".parse().unwrap()).await.unwrap();
        assert_eq!(board.units.len(), 17);
        assert!(board.conflicts.iter().any(|c| c.indicator == "IN-019"), "88 % and 99.17 %");
        let model = office.report(&leader, city, "2025Q2".parse().unwrap(), Lang::Vi).await.unwrap();
        assert_eq!(model.scope.boundaries, "trước ngày 01/07/2025 (17 phường, xã)");
        assert_eq!(model.by_unit.rows.len(), 17);
        assert!(
            model.conflicts.iter().any(|c| c.code == "IN-019")
                && model.conflicts.iter().any(|c| c.claims.iter().any(|c| c.value == "30/08/2025"))
        );
        // As the leader's page counts: the nation's target concerns its parts, another province's does not.
        let national = model.results.iter().find(|r| r.code == "T-VN-01").unwrap();
        assert!(national.note.as_deref().is_some_and(|n| n.contains("cấp trên")) && model.summary.iter().any(|s| s.contains("T-VN-01")));
        assert!(!model.results.iter().any(|r| r.code == "T-VN-02"), "Hà Nội's");
        let ours = board.rows.iter().filter(|r| r.target.def.id != "T-VN-02");
        for row in ours {
            let told = model.results.iter().find(|r| r.code == row.target.def.id).unwrap_or_else(|| panic!("{}", row.target.def.id));
            assert_eq!(format!("{:?}", told.status), format!("{:?}", row.whole.assessment.status), "{}", told.code);
            assert!(!told.definition.is_empty(), "{}", told.code);
        }
        let said = |text: &str| model.summary.iter().any(|s| s.contains(text));
        let tally = board.task_tally();
        assert!(said(&format!("Tổng số {} nhiệm vụ", board.tasks.len())), "{:?}", model.summary);
        for (status, word) in [(rules::target::Status::AtRisk, "có nguy cơ chậm"), (rules::target::Status::InProgress, "đang thực hiện")]
        {
            if let Some(n) = tally.get(&status) {
                assert!(said(&format!("{n} nhiệm vụ {word}")), "{:?}", model.summary);
            }
        }
        // After the merger the city is gone: its board is told so, the successor's works.
        let after: Date = "2025-08-15".parse().unwrap();
        assert_eq!(refused(office.board(&leader, city, after).await), "unit.not_on_map");
        assert!(office.board(&leader, unit(&office, "79@2025-07-01"), after).await.is_ok());
        office.close().await.unwrap();
    })
    .await;
}
