//! Receiving: what is typed, kept, asked for and refused at the counter.

use crate::kit::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dossier_is_received_once_and_what_was_typed_stays_when_it_is_wrong() {
    both(async |site| {
        let mut wrong = typed("k1", "0771900");
        wrong.retain(|(n, _)| *n != "f_sheets");
        let answer = site.post(&site.officer, "/desk/receive", &wrong, None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let html = answer.text();
        assert!(html.contains("value=\"Đặng Thị Ánh\"") && html.contains("value=\"Bằng tốt nghiệp\""), "{}", words(&html));
        assert!(html.contains("id=\"f_sheets-error\"") && html.contains("id=\"id_number-error\""), "{}", words(&html));
        let first = received(site, "k1", NUMBER).await;
        // The same form again is the same dossier; another form of the same person is asked back.
        assert_eq!(received(site, "k1", NUMBER).await, first);
        let again = site.post(&site.officer, "/desk/receive", &typed("k2", NUMBER), None).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text().contains("name=\"despite_duplicate\""));
        let mut knowing = typed("k3", NUMBER);
        knowing.push(("despite_duplicate", "true"));
        assert_eq!(site.post(&site.officer, "/desk/receive", &knowing, None).await.status, StatusCode::OK);
        // The next time the number is enough.
        site.settled().await;
        let known = [("procedure", COPY), ("unit", WARD), ("id_number", NUMBER)];
        let html = site.post(&site.officer, "/desk/receive/look", &known, None).await.text();
        assert!(html.contains("value=\"Đặng Thị Ánh\"") && html.contains("value=\"0912345678\""), "{}", words(&html));
    })
    .await;
}

/// The box that keeps the scan of a part: its value, where it stands on the page.
fn kept(html: &str, part: &str) -> Option<String> {
    let mark = format!("name=\"kept-{part}\" value=\"");
    Some(html.split(mark.as_str()).nth(1)?.split('"').next()?.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chosen_scan_is_kept_for_its_officer_until_the_dossier_is_received() {
    both(async |site| {
        let pdf: &[u8] = b"%PDF-1.7 a scan";
        let mut form = typed("k1", NUMBER);
        form.retain(|(n, _)| *n != "part");
        let html = site.post(&site.officer, "/desk/receive/look", &form, Some(("file-original", "quét 1.pdf", pdf))).await.text();
        let token = kept(&html, "original").unwrap_or_else(|| panic!("{}", words(&html)));
        assert!(words(&html).contains("Đã nhận tệp quét 1.pdf"), "{}", words(&html));
        whole("/desk/receive/look", &html, &keys());
        // A refusal keeps it, also when another file is refused itself.
        let with = |token: &'_ str| -> Vec<(String, String)> {
            let all = form.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
            all.chain([("kept-original".to_owned(), token.to_owned()), ("kept-name-original".to_owned(), "quét 1.pdf".to_owned())])
                .collect()
        };
        let own = with(&token);
        let mut own: Vec<(&str, &str)> = own.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let mut wrong = own.clone();
        wrong.retain(|(n, _)| *n != "f_sheets");
        let answer = site.post(&site.officer, "/desk/receive", &wrong, None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(kept(&answer.text(), "original").as_deref(), Some(token.as_str()), "{}", words(&answer.text()));
        let answer = site.post(&site.officer, "/desk/receive", &own, Some(("file-original", "virus.exe", b"MZ"))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(kept(&answer.text(), "original").as_deref(), Some(token.as_str()), "{}", words(&answer.text()));
        // A hash gives no right to it, nor does what a colleague's page says.
        let bare = token.split('.').next().unwrap();
        let hash = with(bare);
        let hash: Vec<(&str, &str)> = hash.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let colleague = account(&site.office, "phuong2", "Lê Văn Tám", &[(Role::WardOfficer, WARD)]).await;
        for (who, form) in [(&site.officer, &hash), (&colleague, &own)] {
            let answer = site.post(who, "/desk/receive", form, None).await;
            assert_eq!((answer.status, kept(&answer.text(), "original")), (StatusCode::UNPROCESSABLE_ENTITY, None));
        }
        // Another file takes its place; then the dossier has it.
        let html = site.post(&site.officer, "/desk/receive/look", &own, Some(("file-original", "quét 2.pdf", b"%PDF-1.7 again"))).await;
        let second = kept(&html.text(), "original").unwrap();
        assert!(second != token && words(&html.text()).contains("quét 2.pdf"), "{}", words(&html.text()));
        own.retain(|(n, _)| *n != "kept-original");
        own.push(("kept-original", second.as_str()));
        let path = received_as(site, &own).await;
        let record = site.office.find("dossier", path.rsplit('/').next().unwrap()).await.unwrap().fields().unwrap();
        let (part, sha256) = (&record["parts"][0], second.split('.').next().unwrap());
        assert_eq!((part["sha256"].as_str(), part["origin"].as_str(), part["size"].as_i64()), (Some(sha256), Some("scan"), Some(14)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receiving_names_the_number_that_was_called_and_keeps_it_over_another_choice() {
    let site = site().await;
    let taken = site.post(&site.officer, "/desk/queue/take", &[("at", WARD), ("sector", "")], None).await;
    let slip = taken.place().split('?').next().unwrap().to_owned();
    let text = words(&site.get(&site.officer, &slip).await.text());
    assert!(text.contains("80 × 90 mm") && !text.contains("A5"), "{text}");
    let id = slip.rsplit('/').next().unwrap();
    site.post(&site.officer, "/desk/queue/call", &[("at", WARD), ("counter", "3")], None).await;
    let queue = site.get(&site.officer, &format!("/desk/queue?unit={WARD}")).await.text();
    let keys = queue.split("id=\"keys\"").nth(1).unwrap();
    assert!(keys.contains("<kbd>n</kbd>") && keys.contains("Tiếp nhận hồ sơ cho số đang phục vụ"), "{}", words(keys));
    let html = site.get(&site.officer, &format!("/desk/receive?procedure={COPY}&unit={WARD}&ticket={id}")).await.text();
    let heading = html.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap();
    assert!(heading.contains("Số thứ tự 001") && !heading.contains(id), "{heading}");
    let other = html.split("Chọn thủ tục khác").next().unwrap().rsplit("href=\"").next().unwrap();
    assert!(other.contains(&format!("ticket={id}")), "{other}");
    // Of a number that is none nothing is said.
    let html = site.get(&site.officer, &format!("/desk/receive?procedure={COPY}&unit={WARD}&ticket=x")).await.text();
    assert!(!html.contains("Số thứ tự x"), "{}", words(&html));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_amount_is_read_as_people_write_it_or_refused_at_its_field() {
    let site = site().await;
    for (n, text) in ["12.000 đ", "12.000", "12000"].into_iter().enumerate() {
        let (key, number) = (format!("k{n}"), format!("07719000124{n}"));
        let form: Vec<(&str, &str)> = typed(&key, &number).into_iter().chain([("paid", text)]).collect();
        let path = received_as(&site, &form).await;
        let html = site.get(&site.officer, &path).await.text();
        assert!(html.contains("/receipt"), "{text}: {}", words(&html));
        let receipt = html.split("href=\"/desk/payments/").find_map(|x| x.split('"').next().filter(|x| x.contains("/receipt"))).unwrap();
        let receipt = words(&opened(&site, &site.officer, &format!("/desk/payments/{receipt}")).await);
        assert!(receipt.contains("Tổng cộng 12.000") && !receipt.contains("Đã thu trong ngày"), "{receipt}");
    }
    for text in ["mười hai nghìn", "12,000", "khoảng 12.000", "12.000 USD", "9.000"] {
        let form: Vec<(&str, &str)> = typed("k9", "077190001250").into_iter().chain([("paid", text)]).collect();
        let answer = site.post(&site.officer, "/desk/receive", &form, None).await;
        let html = answer.text();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}: {}", words(&html));
        assert!(html.contains("id=\"paid-error\"") && html.contains(&format!("value=\"{text}\"")), "{text}: {}", words(&html));
        whole("/desk/receive", &html, &keys());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enterprise_gives_its_tax_code_and_the_number_of_the_person_apart() {
    const TAX_CODE: &str = "0100109106";
    let site = site().await;
    let label = |html: &str| html.split("<label for=\"id_number\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let look = |kind: &'static str| [("procedure", COPY), ("unit", WARD), ("kind", kind)];
    let html = site.post(&site.officer, "/desk/receive/look", &look("citizen"), None).await.text();
    assert_eq!(label(&html), "Số định danh cá nhân");
    // Without a script the hint says both.
    let hint = html.split("id=\"id_number-hint\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(hint.contains("12 chữ số") && hint.contains("mã số thuế"), "{hint}");
    assert!(!html.contains("name=\"f_applicant_number\""));
    let html = site.post(&site.officer, "/desk/receive/look", &look("enterprise"), None).await.text();
    assert_eq!(label(&html), "Mã số thuế");
    assert!(html.contains("name=\"f_applicant_number\""), "{}", words(&html));
    let mut form = typed("k1", TAX_CODE);
    form.retain(|(n, _)| *n != "kind");
    form.push(("kind", "enterprise"));
    let answer = site.post(&site.officer, "/desk/receive", &form, None).await;
    let html = answer.text();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("id=\"f_applicant_number-error\"") && !html.contains("id=\"id_number-error\""), "{}", words(&html));
    form.push(("f_applicant_number", NUMBER));
    let path = received_as(&site, &form).await;
    let fields = site.office.find("dossier", path.rsplit('/').next().unwrap()).await.unwrap().fields().unwrap();
    assert_eq!((fields["applicant_id_number"].as_str(), fields["form"]["applicant_number"].as_str()), (Some(TAX_CODE), Some(NUMBER)));
    // A citizen's number is checked as one.
    let answer = site.post(&site.officer, "/desk/receive", &typed("k2", TAX_CODE), None).await;
    assert!(answer.text().contains("id=\"id_number-error\""), "{}", words(&answer.text()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_of_receiving_the_result_is_chosen_already_and_follows_the_dossier() {
    both(async |site| {
        let html = opened(site, &site.officer, &format!("/desk/receive?procedure={COPY}&unit={WARD}")).await;
        assert!(html.contains("<option value=\"desk\" selected>Nhận tại quầy"), "{}", words(&html));
        // An address that cannot be kept: said at its field, and what was chosen stays.
        let long = "x".repeat(501);
        let mut form = typed("k1", NUMBER);
        form.extend([("result_way", "post"), ("paid", "12.000"), ("result_address", long.as_str())]);
        let answer = site.post(&site.officer, "/desk/receive", &form, None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let html = answer.text();
        assert!(html.contains("id=\"result_address-error\"") && html.contains("<option value=\"post\" selected>"), "{}", words(&html));
        form.retain(|(n, _)| *n != "result_address");
        form.push(("result_address", "9 Trần Phú, Vũng Tàu"));
        let path = received_as(site, &form).await;
        for lang in ["vi", "en"] {
            let slip = words(&opened(site, &site.officer, &format!("{path}/form/1?lang={lang}")).await);
            assert!(slip.contains("9 Trần Phú, Vũng Tàu"), "{slip}");
        }
        assert!(words(&opened(site, &site.officer, &path).await).contains("9 Trần Phú"));
        let auditor = account(&site.office, "kiemtra", "Kiểm tra", &[(Role::Auditor, WARD)]).await;
        let seen = words(&opened(site, &auditor, &path).await);
        assert!(!seen.contains("9 Trần Phú") && seen.contains("Bưu chính công ích"), "where somebody lives is personal: {seen}");
        // Whoever hands out the result is offered what was wanted.
        let page = async || opened(site, &site.officer, &path).await;
        for step in ["appraise", "sign"] {
            let version = hidden(&page().await, "version");
            let to = [("version", version.as_str()), ("step", step), ("assignee", "*")];
            assert!(site.post(&site.officer, &format!("{path}/do/hand_over"), &to, None).await.status.is_redirection());
        }
        let version = hidden(&site.get(&site.leader, &path).await.text(), "version");
        let decided = [("version", version.as_str()), ("number", "57")];
        let done = site.post(&site.leader, &format!("{path}/do/resolve"), &decided, None).await;
        assert!(done.status.is_redirection(), "{}", words(&done.text()));
        let html = page().await;
        assert!(html.contains("name=\"way\" value=\"post\" checked"), "{}", words(&html));
        // The book says both: how it was wanted, and how it was handed over.
        let book = async || words(&opened(site, &site.officer, "/desk/book").await);
        let waiting = book().await;
        assert!(waiting.contains("Đăng ký nhận: Bưu chính công ích") && !waiting.contains("đã trả:"), "{waiting}");
        let version = hidden(&html, "version");
        let handed = [("version", version.as_str()), ("way", "desk")];
        assert!(site.post(&site.officer, &format!("{path}/do/return_result"), &handed, None).await.status.is_redirection());
        let over = book().await;
        assert!(over.contains("Đăng ký nhận: Bưu chính công ích; đã trả: Nhận tại quầy"), "{over}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_that_was_filed_online_is_confirmed_when_the_dossier_is_received() {
    let site = site().await;
    let answers = [("applicant_name", "Đặng Thị Ánh"), ("applicant_number", NUMBER), ("applicant_phone", "0912345678")];
    let more = [("applicant_address", "12 Lê Lợi"), ("paper_name", "Bằng"), ("language", "vi"), ("form", "paper")];
    let text = answers.into_iter().chain(more).map(|(n, v)| (n.to_owned(), serde_json::Value::from(v)));
    let numbers = [("sheets", 2), ("copies", 3)].map(|(n, v)| (n.to_owned(), serde_json::Value::from(v)));
    let officer = Actor::new("phuong1", "Hoa", vec![Grant { role: Role::WardOfficer, unit: WARD.parse().unwrap(), register: None }]);
    let scan = Upload { name: "a.pdf".into(), media_type: String::new(), bytes: b"%PDF-1.7".to_vec() };
    let part = site.office.keep_file(&officer, WARD, "original", scan, Origin::Upload).await.unwrap();
    let input = CounterInput {
        procedure: COPY.into(),
        unit: WARD.into(),
        form: text.chain(numbers).collect(),
        parts: vec![part],
        identified: true,
        delivery: Some(Delivery::new(Way::Online)),
        ..CounterInput::default()
    };
    let filed = site.office.file_for(&officer, &input).await.unwrap();
    let path = format!("/desk/dossiers/{}", filed.id);
    let html = opened(&site, &site.officer, &path).await;
    let form = html.split(&format!("action=\"{path}/do/accept")).nth(1).unwrap().split("</form>").next().unwrap();
    assert!(form.contains("<option value=\"online\" selected>"), "{}", words(form));
    let version = hidden(form, "version");
    // Nothing is received by a form that cannot be kept.
    let nowhere = [("version", version.as_str()), ("result_way", "post"), ("result_address", &"x".repeat(501))];
    let wrong = site.post(&site.officer, &format!("{path}/do/accept"), &nowhere, None).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", words(&wrong.text()));
    let desk = [("version", version.as_str()), ("result_way", "desk"), ("result_address", "")];
    let done = site.post(&site.officer, &format!("{path}/do/accept"), &desk, None).await;
    assert!(done.status.is_redirection(), "{}", words(&done.text()));
    let fields = site.office.find("dossier", &filed.id).await.unwrap().fields().unwrap();
    assert_eq!((fields["result_way"].as_str(), fields.get("result_address")), (Some("desk"), None));
}

/// What an officer writes where something is missing.
fn asking<'a>(form: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let reason =
        [("ask_reason_kind_1", "missing"), ("ask_reason_part_1", "original"), ("ask_reason_text_1", "Thiếu bản chính, mời mang đến.")];
    form.iter().copied().chain(reason).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_at_the_counter_is_asked_for_and_the_same_dossier_is_received() {
    both(async |site| {
        let blank = opened(site, &site.officer, &format!("/desk/receive?procedure={COPY}&unit={WARD}")).await;
        for what in ["ask", "refuse"] {
            assert!(blank.contains(&format!("formaction=\"/desk/receive/{what}")), "{what}: {}", words(&blank));
        }
        assert!(!blank.contains("<details class=\"instead\" open"), "closed until they are wanted");
        let form = blank.split("<form class=\"receive\"").nth(1).and_then(|x| x.split("</form>").next()).unwrap();
        assert_eq!(form.matches("class=\"main\"").count(), 1, "the key for sending means receiving");

        // Without a point nothing is written down, and what was typed stays.
        let mut form = typed("k1", NUMBER);
        form.retain(|(n, _)| !matches!(*n, "part" | "f_sheets" | "f_copies"));
        let answer = site.post(&site.officer, "/desk/receive/ask", &form, None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let html = answer.text();
        assert!(html.contains("id=\"ask_reason_text_1-error\"") && html.contains("value=\"Đặng Thị Ánh\""), "{}", words(&html));
        assert_eq!(html.matches("<details class=\"instead\" open").count(), 1, "{}", words(&html));
        whole("/desk/receive/ask", &html, &keys());

        let asking = asking(&form);
        let answer = site.post(&site.officer, "/desk/receive/ask", &asking, Some(("file-original", "mờ.pdf", b"%PDF-1.7 dark"))).await;
        let html = answer.text();
        assert!(answer.status == StatusCode::OK && words(&html).contains("Đã yêu cầu bổ sung"), "{}", words(&html));
        whole("/desk/receive/ask", &html, &keys());
        let secret = hidden(&html, "secret");
        let slip = html.split("id=\"slip\"").nth(1).unwrap().split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let path = slip.strip_suffix("/form/2").unwrap_or_else(|| panic!("{slip}")).to_owned();
        let paper = site.post(&site.officer, &slip, &[("secret", &secret)], None).await.text();
        assert!(words(&paper).contains("Thiếu bản chính") && words(&paper).contains(&secret), "{}", words(&paper));
        whole(&slip, &paper, &keys());

        // Back again: found by its number, opened, completed, received under the same code.
        let mut look = typed("k2", NUMBER);
        look.retain(|(n, _)| matches!(*n, "procedure" | "unit" | "id_number"));
        let found = site.post(&site.officer, "/desk/receive/look", &look, None).await.text();
        assert!(found.contains(&format!("href=\"{path}")), "{}", words(&found));
        let page = opened(site, &site.officer, &path).await;
        let at = page.split("href=\"/desk/receive?").nth(1).unwrap_or_else(|| panic!("{}", words(&page))).split('"').next().unwrap();
        let at = format!("/desk/receive?{}", at.replace("&amp;", "&").replace("&#38;", "&"));
        for lang in ["en", "vi"] {
            opened(site, &site.officer, &format!("{at}&lang={lang}")).await;
        }
        let html = opened(site, &site.officer, &at).await;
        let text = words(&html);
        assert!(html.contains("value=\"Đặng Thị Ánh\"") && html.contains("value=\"Bằng tốt nghiệp\""), "{text}");
        assert!(text.contains("Thiếu bản chính") && text.contains("Đã có trong hồ sơ: original.pdf"), "{text}");
        assert!(!html.contains("name=\"despite_duplicate\""), "it is no duplicate of itself: {text}");
        let (id, version) = (hidden(&html, "dossier"), hidden(&html, "version"));
        let form: Vec<(&str, &str)> = typed("k2", NUMBER).into_iter().chain([("dossier", id.as_str()), ("version", &version)]).collect();
        assert_eq!(received_as(site, &form).await, path);
        let record = site.office.find("dossier", &id).await.unwrap();
        assert_eq!((record.state.as_str(), record.fields().unwrap()["parts"].as_array().unwrap().len()), ("payment", 2));
        // Past that, the address leads to the dossier.
        let past = site.get(&site.officer, &at).await;
        assert!(past.status.is_redirection() && past.place().starts_with(&path), "{}", past.place());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_at_the_counter_has_its_slip_and_what_is_decided_elsewhere_can_only_be_refused() {
    let site = site().await;
    let reason = [
        ("refuse_reason_kind_1", "other_office"),
        ("refuse_reason_part_1", "original"),
        ("refuse_reason_text_1", "Thuộc thẩm quyền của phường khác."),
    ];
    let form: Vec<(&str, &str)> = typed("k1", NUMBER).into_iter().chain(reason).collect();
    let html = site.post(&site.officer, "/desk/receive/refuse", &form, None).await.text();
    assert!(words(&html).contains("Đã từ chối tiếp nhận") && html.contains("/form/3"), "{}", words(&html));
    let path = html.split("/desk/dossiers/").nth(1).unwrap().split(['"', '?', '/']).next().unwrap();
    let paper = words(&opened(&site, &site.officer, &format!("/desk/dossiers/{path}/form/3")).await);
    assert!(paper.contains("Thuộc thẩm quyền của phường khác.") && paper.contains("Mẫu số 03"), "{paper}");
    assert!(paper.contains(": Bản chính giấy tờ cần chứng thực – Thuộc"), "which paper is meant: {paper}");
    assert!(!opened(&site, &site.officer, &format!("/desk/dossiers/{path}")).await.contains("/desk/receive?dossier="));
    // Who may not receive may not refuse either, and there is no third way.
    let leader = site.post(&site.leader, "/desk/receive/refuse", &form, None).await;
    assert_eq!(leader.status, StatusCode::FORBIDDEN);
    assert_eq!(site.post(&site.officer, "/desk/receive/other", &form, None).await.status, StatusCode::NOT_FOUND);
    // The province decides on no certified copies: found last, marked, and open for a refusal alone.
    let province = account(&site.office, "tinh", "Cán bộ tỉnh", &[(Role::WardOfficer, PROVINCE)]).await;
    let found = opened(&site, &province, &format!("/desk/receive?q=chung+thuc+ban+sao&unit={PROVINCE}")).await;
    assert!(words(&found).contains("không thuộc thẩm quyền tại đây"), "{}", words(&found));
    let html = opened(&site, &province, &format!("/desk/receive?procedure={COPY}&unit={PROVINCE}")).await;
    assert!(html.contains("<details class=\"instead\" open") && !html.contains("/desk/receive/ask"), "{}", words(&html));
    assert!(html.contains("<option value=\"other_office\" selected>"), "{}", words(&html));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_counter_asks_in_neutral_words_and_only_what_it_does_not_see() {
    let site = site().await;
    for (code, neutral) in [("1.001193", "Quan hệ của người đi đăng ký với trẻ"), (COPY, "Tên giấy tờ")] {
        let html = opened(&site, &site.officer, &format!("/desk/receive?procedure={code}&unit={WARD}")).await;
        let form = words(html.split("id=\"declared\"").nth(1).unwrap().split("</section>").next().unwrap());
        assert!(form.contains(neutral) && !form.to_lowercase().contains("bạn "), "{form}");
        assert!(!html.contains("f_come_on") && !form.contains("Ngày mang bản chính"), "the original lies on the counter: {form}");
    }
    // Citizens are asked in words that speak to them.
    let birth = site.office.world().procedure("1.001193", site.office.today()).unwrap().clone();
    assert_eq!(birth.def.field("relation").unwrap().field.label.vi, "Bạn là gì của trẻ?");
    // The officer's view of what was declared has the same words.
    let path = received(&site, "k1", NUMBER).await;
    assert!(words(&opened(&site, &site.officer, &path).await).contains("Tên giấy tờ"));
}

/// The lines of the fees, as the receiving page tells them.
fn fees_of(html: &str) -> String {
    let slip = html.split("id=\"slip\"").nth(1).unwrap();
    words(slip.split("<h3>").nth(1).unwrap_or_default().split("class=\"fields\"").next().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fee_that_is_not_known_yet_is_no_zero() {
    let site = site().await;
    let blank = |code: &str| format!("/desk/receive?procedure={code}&unit={WARD}");
    let fees = fees_of(&opened(&site, &site.officer, &blank(COPY)).await);
    assert!(fees.contains("Tùy câu trả lời") && !fees.contains(" 0 đ"), "{fees}");
    let fees = fees_of(&opened(&site, &site.officer, &blank("1.001193")).await);
    assert!(fees.contains("từ 0 đến 8.000") && fees.contains("8.000 đ mỗi bản"), "{fees}");
    // Answered, it is what it is; what is free says nothing of fees.
    let html = site.post(&site.officer, "/desk/receive/look", &typed("k1", NUMBER), None).await.text();
    let fees = fees_of(&html);
    assert!(fees.contains("12.000") && !fees.contains("Tùy câu trả lời"), "{fees}");
    let world = site.office.world();
    let free = world.procedures_on(site.office.today()).into_iter().find(|p| p.def.fees.is_empty()).unwrap().def.code.clone();
    assert!(!fees_of(&opened(&site, &site.officer, &blank(&free)).await).contains("Tùy câu trả lời"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_of_questions_and_fees_comes_back_to_its_button() {
    let site = site().await;
    let button = |html: &str| html.split("<button name=\"look\" value=\"update\"").nth(1).unwrap().split('>').next().unwrap().to_owned();
    let blank = opened(&site, &site.officer, &format!("/desk/receive?procedure={COPY}&unit={WARD}")).await;
    // Without a script the address leads to the section.
    assert!(button(&blank).contains("#declared\"") && blank.contains("id=\"declared\""), "{}", button(&blank));
    assert!(!button(&blank).contains("data-focus"), "a new form begins at its first field");
    let pressed = |at: &'static str| typed("k1", NUMBER).into_iter().chain([("look", "update"), ("at", at)]).collect::<Vec<_>>();
    let html = site.post(&site.officer, "/desk/receive/look", &pressed("412"), None).await.text();
    assert!(button(&html).contains("data-focus data-at=\"412\""), "{}", button(&html));
    let html = site.post(&site.officer, "/desk/receive/look", &pressed("\"><script>"), None).await.text();
    assert!(button(&html).contains("data-focus") && !button(&html).contains("data-at"), "{}", button(&html));
}
