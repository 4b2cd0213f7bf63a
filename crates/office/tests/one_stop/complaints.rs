//! Complaints about a dossier.

use jiff::civil::date;
use office::one_stop::Proof;
use rules::{
    Timestamp,
    access::Role,
    one_stop::{Act, ComplaintKind},
};
use serde_json::Map;

use crate::{
    common::{both, figures_are_right, pack::NEW, person},
    kit::*,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_is_answered_by_whoever_did_not_handle_the_dossier() {
    both(async |place| {
        let (office, people) = desk(place).await;
        let mai = mai();
        let filed = filed(&office, &mai).await;
        let record = office.find("dossier", &filed.code).await.unwrap();
        let version = office.act(&people.officer, &filed.id, record.version, &Act::Accept, "").await.unwrap().version;
        office.act(&people.officer, &filed.id, version, &hand_over("hoa"), "").await.unwrap();
        let proof = Proof::Identity { citizen: &mai, code: &filed.code };
        let ward = office.world().units.idx(&NEW[0].parse().unwrap()).unwrap();
        assert_eq!(code(office.complain(&proof, ComplaintKind::Feedback, "  ", "").await), "input.required");
        let wrong = Proof::Secret { code: &filed.code, secret: "sai", client: "c" };
        assert_eq!(code(office.complain(&wrong, ComplaintKind::Feedback, "x", "").await), "tracking.not_found");

        // Sent twice it is one; its day comes from the rules, which say that it is to be confirmed.
        let text = "Cán bộ hẹn ba lần không trả kết quả";
        let sent = office.complain(&proof, ComplaintKind::Complaint, text, "k1").await.unwrap();
        assert_eq!(office.complain(&proof, ComplaintKind::Complaint, text, "k1").await.unwrap().id, sent.id);
        assert_eq!(sent.due_at.map(Timestamp::local_date), Some(date(2025, 7, 31)), "{sent:?}");
        assert!(sent.to_be_confirmed && sent.basis.as_deref().is_some_and(|b| b.contains("Luật Khiếu nại")));
        assert_eq!(code(office.complain(&proof, ComplaintKind::Complaint, "Nữa", "").await), "complaint.open");
        office.complain(&proof, ComplaintKind::Feedback, "Quầy đông, thiếu ghế", "").await.unwrap();

        // Whoever handled it sees nothing of it, is not given it and does not answer it; nor does a stranger.
        assert!(office.complaints(&people.officer, ward, false).await.unwrap().is_empty());
        let open = office.complaints(&people.leader, ward, false).await.unwrap();
        assert_eq!(open.iter().map(|c| c.kind).collect::<Vec<_>>(), [ComplaintKind::Feedback, ComplaintKind::Complaint], "by what is due");
        assert_eq!(code(office.assign_complaint(&people.leader, &sent.id, sent.version, "hoa").await), "complaint.own_work");
        assert_eq!(code(office.assign_complaint(&people.leader, &sent.id, sent.version, "nobody").await), "one_stop.unknown_assignee");
        assert_eq!(code(office.assign_complaint(&people.officer, &sent.id, sent.version, "lan").await), "access.role");
        assert_eq!(code(office.answer_complaint(&people.officer, &sent.id, sent.version, "Không phải lỗi của tôi").await), "access.role");
        let stranger = person("la", &[(Role::Leader, NEW[1])]);
        assert_eq!(code(office.answer_complaint(&stranger, &sent.id, sent.version, "x").await), "access.unit");

        // Given to a colleague, who meanwhile gets the dossier: then it is the leader's again.
        let version = office.assign_complaint(&people.leader, &sent.id, sent.version, "lan").await.unwrap();
        assert_eq!(office.complaints(&people.expert, ward, false).await.unwrap().len(), 1);
        assert_eq!(office.own_complaints(&proof).await.unwrap()[0].state, "assigned");
        let held = office.find("dossier", &filed.code).await.unwrap().version;
        office.act(&people.officer, &filed.id, held, &hand_over("lan"), "").await.unwrap();
        assert_eq!(code(office.answer_complaint(&people.expert, &sent.id, version, "Tôi trả lời").await), "complaint.own_work");
        assert_eq!(code(office.answer_complaint(&people.leader, &sent.id, sent.version, "x").await), "version.conflict");
        office.answer_complaint(&people.leader, &sent.id, version, "Đã nhắc nhở; mời nhận kết quả chiều nay.").await.unwrap();
        assert_eq!(code(office.answer_complaint(&people.leader, &sent.id, version + 1, "Lần nữa").await), "complaint.answered");
        let own = office.own_complaints(&proof).await.unwrap();
        assert_eq!((own[0].state.as_str(), own[0].answer.as_deref()), ("answered", Some("Đã nhắc nhở; mời nhận kết quả chiều nay.")));
        assert_eq!(office.complaints(&people.leader, ward, true).await.unwrap().len(), 1);
        assert_eq!(
            code(office.change_record(&people.officer, "complaint", &sent.id, version + 1, &Map::new(), "").await),
            "register.own_use_case"
        );
        figures_are_right(&office).await;
        office.close().await.unwrap();
    })
    .await;
}
