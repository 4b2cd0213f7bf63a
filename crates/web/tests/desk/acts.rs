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
        ("reason_part_1", "original"),
        ("reason_text_1", "Trang hai mờ; mời chụp lại."),
    ];
    assert!(site.post(&site.officer, &ask, &full, None).await.status.is_redirection());
    let html = site.get(&site.officer, &path).await.text();
    let point = "Không đọc được: Bản chính giấy tờ cần chứng thực – Trang hai mờ";
    assert!(words(&html).contains(point), "which paper is meant: {}", words(&html));
    let paper = site.get(&site.officer, &format!("{path}/form/2")).await;
    assert!(paper.status == StatusCode::OK && words(&paper.text()).contains(point) && paper.text().contains("<svg"));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_file_of_a_result_opens_its_form_again_and_stands_at_its_field() {
    let site = site().await;
    let path = paid(&site).await;
    for step in ["appraise", "sign"] {
        let version = hidden(&opened(&site, &site.officer, &path).await, "version");
        let form = [("version", version.as_str()), ("idempotency_key", step), ("step", step), ("assignee", "*")];
        let over = site.post(&site.officer, &format!("{path}/do/hand_over"), &form, None).await;
        assert!(over.status.is_redirection(), "{step}: {}", words(&over.text()));
    }
    let version = hidden(&opened(&site, &site.leader, &path).await, "version");
    let form = [("version", version.as_str()), ("idempotency_key", "r1"), ("number", "12/KQ")];
    for (name, bytes) in [("x.exe", b"MZ".as_slice()), ("x.pdf", b"MZ"), ("x.pdf", b"")] {
        let wrong = site.post(&site.leader, &format!("{path}/do/resolve"), &form, Some(("file", name, bytes))).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let html = wrong.text();
        let acts = html.split("id=\"acts\"").nth(1).unwrap();
        let act = acts.split("<details").find(|x| x.contains("/do/resolve")).unwrap();
        assert!(act.split('>').next().unwrap().contains("open"), "{name}: {}", words(act));
        assert!(act.contains("file-error\"") && act.contains("value=\"12/KQ\""), "{name}: {}", words(act));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_sends_a_dossier_back_to_an_earlier_step_and_says_why() {
    both(async |site| {
        let path = paid(site).await;
        let hand_over = format!("{path}/do/hand_over");
        let over = async |who: &Person, key: &str, step: &str, reason: &str| {
            let version = hidden(&opened(site, &site.officer, &path).await, "version");
            let form = [("version", version.as_str()), ("idempotency_key", key), ("step", step), ("assignee", "*"), ("reason", reason)];
            site.post(who, &hand_over, &form, None).await
        };
        assert!(over(&site.officer, "h1", "appraise", "").await.status.is_redirection());
        // Before it is theirs to sign, it is not theirs to move.
        assert!(!opened(site, &site.leader, &path).await.contains(&hand_over));
        assert_eq!(over(&site.leader, "h2", "receive", "Sai").await.status, StatusCode::FORBIDDEN);
        assert!(over(&site.officer, "h3", "sign", "").await.status.is_redirection());
        let html = opened(site, &site.leader, &path).await;
        let form = html.split(&format!("action=\"{hand_over}")).nth(1).unwrap_or_else(|| panic!("{}", words(&html)));
        let form = form.split("</form>").next().unwrap();
        assert!(form.contains("<option value=\"appraise\" selected>") && !form.contains("value=\"issue\""), "{}", words(form));
        assert!(words(form).contains("Chuyển lại bước trước"), "{}", words(form));
        let silent = over(&site.leader, "h4", "appraise", " ").await;
        assert!(silent.status == StatusCode::UNPROCESSABLE_ENTITY && silent.text().contains("reason-error\""), "{}", words(&silent.text()));
        assert_eq!(over(&site.leader, "h5", "issue", "Sai").await.status, StatusCode::FORBIDDEN);
        let back = over(&site.leader, "h6", "appraise", "Số bản chưa khớp.").await;
        assert!(back.status.is_redirection(), "{}", words(&back.text()));
        let html = opened(site, &site.officer, &path).await;
        assert!(words(&html).contains("Số bản chưa khớp."), "{}", words(&html));
        assert!(!opened(site, &site.leader, &path).await.contains(&hand_over));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_shows_names_and_words_and_nothing_raw() {
    let site = site().await;
    let path = paid(&site).await;
    let id = path.rsplit('/').next().unwrap();
    let fields = site.office.find("dossier", id).await.unwrap().fields().unwrap();
    let code = fields["case"]["payment"]["references"][0].as_str().unwrap_or_default().to_owned();
    assert!(!code.is_empty(), "{fields:?}");
    for lang in ["vi", "en"] {
        let dossier = words(&opened(&site, &site.officer, &format!("/records/dossier/{id}?lang={lang}")).await);
        for raw in ["amount_vnd", "full_vnd", "pauses", "working_days", "Z,"] {
            assert!(!dossier.contains(raw), "{raw}: {dossier}");
        }
        assert!(dossier.contains("Phí chứng thực") || lang == "en", "{dossier}");
        let packs = words(&opened(&site, &site.admin, &format!("/packs?lang={lang}")).await);
        assert!(!packs.contains("one_stop_rules") && !packs.contains("unit_policy"), "{packs}");
    }
    let payments = site.office.store().all("payment").await.unwrap();
    let page = words(&opened(&site, &site.officer, &format!("/records/payment/{}", payments[0].id)).await);
    assert!(!page.contains("amount_vnd") && page.contains("Trần Thị Hoa") && !page.contains("phuong1"), "{page}");
    let world = site.office.world();
    let paper = |kind: &str| world.paper_name(kind).map(|n| n.vi.clone());
    assert_eq!(paper("birth_certificate").as_deref(), Some("Giấy khai sinh"));
    assert!(paper("divorce_decree").is_some() && paper("no_such_paper").is_none());
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
