//! What may be done with a dossier, and what is asked for it.

use crate::kit::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acts_are_offered_done_and_refused_with_their_article() {
    let site = site().await;
    let path = received(&site, "k1", NUMBER).await;
    // The fee was asked for on receipt; nothing goes on before it is there.
    let html = site.get(&site.officer, &path).await.text();
    assert!(html.contains("class=\"pay-qr\"") && words(&html).contains("12.000"), "{}", words(&html));
    assert!(!html.contains(&format!("action=\"{path}/do/hand_over\"")), "{}", words(&html));
    let cash =
        html.split("action=\"/desk/payments/").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let taken = site.post(&site.officer, &format!("/desk/payments/{cash}"), &[("version", "1")], None).await;
    assert!(taken.place().starts_with("/desk/dossiers/"), "{} {}", taken.place(), words(&taken.text()));
    let html = site.get(&site.officer, &path).await.text();
    assert!(html.contains("/receipt") && words(&html).contains("BL-"), "{}", words(&html));
    // The account of the day says where it came from, and that nothing is left over.
    let account = words(&opened(&site, &site.officer, "/desk/payments").await);
    assert!(account.contains("Tiền mặt tại quầy, theo biên lai 1 12.000") && account.contains("Chênh lệch 0 đồng"), "{account}");
    // Another fee names its day: handling is not stopped before it.
    let demand = html.split("/do/demand_payment").nth(1).unwrap().split("</form>").next().unwrap();
    let day: jiff::civil::Date = values(demand, "until\" type=\"date").remove(0).parse().unwrap();
    assert!(day > site.office.today() && words(demand).contains("Đề nghị nộp phí chậm nhất ngày"), "{}", words(demand));
    let version = hidden(&html, "version");
    let hand_over = format!("{path}/do/hand_over");
    assert!(html.contains(&format!("action=\"{hand_over}\"")), "{}", words(&html));
    let step = [("version", version.as_str()), ("idempotency_key", "h1"), ("step", "appraise"), ("assignee", "phuong1")];
    let done = site.post(&site.officer, &hand_over, &step, None).await;
    assert!(done.status.is_redirection(), "{}", words(&done.text()));
    // A stale version is a conflict, and a request without a reason comes back with its sentence.
    let stale = site
        .post(
            &site.officer,
            &hand_over,
            &[("version", version.as_str()), ("idempotency_key", "h2"), ("step", "sign"), ("assignee", "*")],
            None,
        )
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let version = hidden(&site.get(&site.officer, &path).await.text(), "version");
    let ask = format!("{path}/do/ask_supplement");
    let empty = site.post(&site.officer, &ask, &[("version", version.as_str()), ("idempotency_key", "a1")], None).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let full = [
        ("version", version.as_str()),
        ("idempotency_key", "a2"),
        ("reason_kind_1", "illegible"),
        ("reason_text_1", "Trang hai mờ; mời chụp lại."),
    ];
    assert!(site.post(&site.officer, &ask, &full, None).await.status.is_redirection());
    let html = site.get(&site.officer, &path).await.text();
    assert!(html.contains("Trang hai mờ"), "{}", words(&html));
    let paper = site.get(&site.officer, &format!("{path}/form/2")).await;
    assert!(paper.status == StatusCode::OK && paper.text().contains("Trang hai mờ") && paper.text().contains("<svg"));
    // It comes back; a second request is forbidden, and the page says by which article.
    let version = hidden(&html, "version");
    let back = format!("{path}/do/supplement");
    assert!(
        site.post(&site.officer, &back, &[("version", version.as_str()), ("idempotency_key", "s1")], None).await.status.is_redirection()
    );
    let text = words(&site.get(&site.officer, &path).await.text());
    assert!(text.contains("Chưa làm được") && text.contains("Điều"), "{text}");
    // Handing over several: those that can be, are; the others are named.
    let id = path.rsplit('/').next().unwrap().to_owned();
    let items = format!("{id}:1");
    let failed =
        site.post(&site.officer, "/desk/hand-over", &[("item", items.as_str()), ("step", "sign"), ("assignee", "*")], None).await.text();
    assert!(failed.contains("chưa chuyển được"), "{}", words(&failed));
    // Somebody has to be chosen, or the whole section on purpose.
    assert!(words(&failed).contains("Cả bộ phận, không nêu tên"), "{}", words(&failed));
    let nobody = [("item", items.as_str()), ("step", "sign"), ("assignee", "")];
    let asked = site.post(&site.officer, "/desk/hand-over", &nobody, None).await.text();
    assert!(words(&asked).contains("Chưa chọn người nhận"), "{}", words(&asked));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_asks_why_and_a_request_what_to_do() {
    let site = site().await;
    let form: Vec<(&str, &str)> = typed("k1", NUMBER).into_iter().chain([("paid", "12.000")]).collect();
    let path = received_as(&site, &form).await;
    let part = |html: &str, act: &str| {
        let form = html.split(&format!("action=\"{path}/do/{act}")).nth(1).unwrap_or_else(|| panic!("{act}: {}", words(html)));
        words(form.split("</form>").next().unwrap())
    };
    let text = part(&site.get(&site.leader, &path).await.text(), "refuse");
    assert!(text.contains("Loại lý do 1") && text.contains("Lý do 1") && !text.contains("Cần làm gì"), "{text}");
    let text = part(&site.get(&site.officer, &path).await.text(), "ask_supplement");
    assert!(text.contains("Cần làm gì 1"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dossier_that_waits_for_its_fee_offers_cash_first_and_says_what_waits() {
    let site = site().await;
    let path = received(&site, "k1", NUMBER).await;
    let html = opened(&site, &site.officer, &path).await;
    let acts = html.split("id=\"acts\"").nth(1).unwrap();
    assert!(acts.contains("chưa chuyển xử lý"), "{}", words(acts));
    assert!(acts.split("<summary>").nth(1).unwrap().starts_with("Thu tiền mặt 12.000"), "{}", words(acts));
    // Once: it is not offered beside the code as well.
    assert_eq!(html.matches("/cash?back=").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_goes_to_the_only_officer_or_asks_and_form_05_names_the_section() {
    let site = site().await;
    let path = paid(&site).await;
    let html = opened(&site, &site.officer, &path).await;
    let choice = |html: &str, login: &str| html.contains(&format!("<option value=\"{login}\" selected>"));
    assert!(choice(&html, "phuong1"), "the only officer: {}", words(&html));
    account(&site.office, "phuong2", "Cán bộ thứ hai", &[(Role::WardOfficer, WARD)]).await;
    let html = opened(&site, &site.officer, &path).await;
    assert!(!choice(&html, "phuong1") && words(&html).contains("Chọn người nhận"), "{}", words(&html));
    let version = hidden(&html, "version");
    let hand_over = format!("{path}/do/hand_over");
    let to = |key: &'static str, who: &'static str| vec![("idempotency_key", key), ("step", "appraise"), ("assignee", who)];
    let nobody = [vec![("version", version.as_str())], to("h1", "")].concat();
    assert_eq!(site.post(&site.officer, &hand_over, &nobody, None).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let section = [vec![("version", version.as_str())], to("h2", "*")].concat();
    let a = site.post(&site.officer, &hand_over, &section, None).await;
    assert!(a.status.is_redirection(), "{}", words(&a.text()));
    let form = words(&opened(&site, &site.officer, &format!("{path}/form/5")).await);
    assert!(form.contains("Bộ phận: Công chức chuyên môn"), "{form}");
}

/// One whose fee is paid: its way goes on.
async fn paid(site: &Site) -> String {
    let path = received(site, "k1", NUMBER).await;
    let html = site.get(&site.officer, &path).await.text();
    let cash =
        html.split("action=\"/desk/payments/").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let taken = site.post(&site.officer, &format!("/desk/payments/{cash}"), &[("version", "1")], None).await;
    assert!(taken.place().starts_with("/desk/dossiers/"), "{}", words(&taken.text()));
    path
}
