//! What leaders read, and what other units do with a dossier.

use crate::kit::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_reads_what_they_sign_and_finds_the_refunds() {
    let site = site().await;
    let path = received(&site, "k1", NUMBER).await;
    site.settled().await;
    let page = opened(&site, &site.leader, &path).await;
    assert!(words(&page).contains("Đặng Thị Ánh") && words(&page).contains("Bằng tốt nghiệp"), "{}", words(&page));
    let auditor = account(&site.office, "kiemtra", "Kiểm tra", &[(Role::Auditor, WARD)]).await;
    for other in [&auditor, &site.admin] {
        let page = words(&opened(&site, other, &path).await);
        assert!(!page.contains("Đặng Thị Ánh") && !page.contains("Bằng tốt nghiệp") && page.contains("•••"), "{page}");
    }
    let beside = account(&site.office, "lanhdao2", "Lãnh đạo khác", &[(Role::Leader, BESIDE)]).await;
    assert_eq!(site.get(&beside, &path).await.status, StatusCode::FORBIDDEN);
    // The palette leads to the desk those who work there, others to the plain record.
    let code = words(&page).split_whitespace().find(|w| w.contains("-") && w.starts_with('H')).unwrap().to_owned();
    for (who, place) in [(&site.officer, "/desk/dossiers/"), (&site.leader, "/desk/dossiers/"), (&auditor, "/records/dossier/")] {
        let found = site.get(who, &format!("/search?q={code}")).await.text();
        assert!(found.contains(&format!("href=\"{place}")), "{place}: {}", words(&found));
    }
    // Refunds are confirmed by leaders: their desk leads there, and back.
    let desk = opened(&site, &site.leader, &format!("/desk?unit={WARD}")).await;
    assert!(desk.contains("href=\"/desk/payments?"), "{}", words(&desk));
    let payments = opened(&site, &site.leader, &format!("/desk/payments?unit={WARD}")).await;
    let crumbs = payments.split("class=\"crumbs\"").nth(1).and_then(|x| x.split("</nav>").next()).unwrap();
    assert!(crumbs.contains("href=\"/desk?"), "{crumbs}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_received_for_another_unit_is_printed_read_and_listed_where_it_was_received() {
    let site = site().await;
    let form: Vec<(&str, &str)> = typed("k1", NUMBER).into_iter().chain([("away_unit", BESIDE)]).collect();
    let path = received_as(&site, &form).await;
    let slip = words(&opened(&site, &site.officer, &format!("{path}/form/1")).await);
    let ward = site.office.world().unit_name(WARD, "vi").to_uppercase();
    assert!(slip.contains(&ward) && slip.contains("Đặng Thị Ánh"), "{slip}");
    let page = opened(&site, &site.officer, &path).await;
    assert!(words(&page).contains("Đặng Thị Ánh") && page.contains("/form/1") && !page.contains("/form/5"), "{}", words(&page));
    assert!(!page.contains("/do/"), "it is handled elsewhere: {}", words(&page));
    // A lost secret is given anew at this desk.
    let renew = format!("{path}/secret");
    let version = hidden(page.split(&format!("action=\"{renew}")).nth(1).unwrap_or_else(|| panic!("{}", words(&page))), "version");
    let told = site.post(&site.officer, &renew, &[("version", &version), ("shown", "identity_card")], None).await;
    assert_eq!(told.status, StatusCode::OK, "{}", words(&told.text()));
    let inbox = opened(&site, &site.officer, "/desk?bucket=received_for").await;
    assert!(words(&inbox).contains("Nhận thay đơn vị khác") && inbox.contains(&path), "{}", words(&inbox));
    assert!(!inbox.contains("name=\"item\""), "nothing of it is handed over from here");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_linked_unit_finds_reads_and_gives_back_its_part() {
    let site = site().await;
    let form: Vec<(&str, &str)> = typed("k1", NUMBER).into_iter().chain([("paid", "12000"), ("reference", "BL 01")]).collect();
    let path = received_as(&site, &form).await;
    let beside = account(&site.office, "phuong2", "Lê Thị Lan", &[(Role::WardOfficer, BESIDE)]).await;
    assert!(!words(&site.get(&beside, "/desk").await.text()).contains("Việc liên thông"));
    let version = hidden(&site.get(&site.officer, &path).await.text(), "version");
    let part = [("version", version.as_str()), ("unit", BESIDE), ("linking", "part"), ("reason", "Xác minh cư trú")];
    let sent = site.post(&site.officer, &format!("{path}/do/forward_to_unit"), &part, None).await;
    assert!(sent.status.is_redirection(), "{}", words(&sent.text()));
    // Each side has its own words for it.
    let (ours, theirs) = ("Nhận lại từ đơn vị khác", "Gửi lại kết quả phần việc");
    let page = words(&opened(&site, &site.officer, &path).await);
    assert!(page.contains(ours) && !page.contains(theirs), "{page}");
    assert!(words(&opened(&site, &beside, "/desk").await).contains("Việc liên thông"));
    assert!(opened(&site, &beside, "/desk?bucket=linked").await.contains(&path));
    let page = opened(&site, &beside, &path).await;
    assert!(words(&page).contains("Đặng Thị Ánh") && words(&page).contains(theirs) && !words(&page).contains(ours), "{}", words(&page));
    assert_eq!(page.matches("/do/").count(), 1, "its part alone: {}", words(&page));
    let version = hidden(&page, "version");
    let back = [("version", version.as_str()), ("link", "0"), ("text", "Đã xác minh")];
    let done = site.post(&beside, &format!("{path}/do/return_from_unit"), &back, None).await;
    assert!(done.status.is_redirection() && done.place().starts_with("/desk?"), "{} {}", done.place(), words(&done.text()));
    assert_eq!(site.get(&beside, &path).await.status, StatusCode::FORBIDDEN, "it has no part in it any more");
}
