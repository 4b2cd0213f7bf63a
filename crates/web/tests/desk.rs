//! The officer's desk: receiving with the keyboard's means alone, acts with the law's answers, papers, lists.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

mod common;
use common::{PROVINCE, Person, Site, WARD, account, both, hidden, keys, site, whole, words};
use office::one_stop::{CounterInput, Delivery, Origin, Upload};
use rules::{
    access::{Actor, Grant, Role},
    one_stop::Way,
};

const COPY: &str = "2.000815";
const NUMBER: &str = "077190001234";
/// Another ward of the same province.
const BESIDE: &str = "26526@2025-07-01";

/// What an officer types for a certified copy: the original is only shown, so it can be received on a Friday too.
fn typed<'a>(key: &'a str, number: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("idempotency_key", key),
        ("procedure", COPY),
        ("unit", WARD),
        ("id_number", number),
        ("name", "Đặng Thị Ánh"),
        ("phone", "0912345678"),
        ("address", "12 Lê Lợi"),
        ("kind", "citizen"),
        ("channel", "counter"),
        ("f_paper_name", "Bằng tốt nghiệp"),
        ("f_language", "vi"),
        ("f_sheets", "2"),
        ("f_copies", "3"),
        ("f_form", "paper"),
        ("part", "original"),
    ]
}

/// Receives one and gives the address of its page.
async fn received(site: &Site, key: &str, number: &str) -> String {
    received_as(site, &typed(key, number)).await
}

async fn received_as(site: &Site, form: &[(&str, &str)]) -> String {
    let answer = site.post(&site.officer, "/desk/receive", form, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", words(&answer.text()));
    let html = answer.text();
    let at = html.find("/desk/dossiers/").expect("a link to the dossier");
    html[at..].split(['"', '?', '#']).next().unwrap().trim_end_matches("/form/1").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_desk_opens_in_both_languages() {
    let site = site().await;
    let keys = keys();
    let dossier = received(&site, "k1", NUMBER).await;
    site.settled().await;
    let mut paths: Vec<String> = [
        "/desk",
        "/desk?bucket=late&mine=1",
        "/desk?q=anh+dang",
        "/desk/receive",
        "/desk/receive?q=chung+thuc",
        "/desk/receive?procedure=2.000815",
    ]
    .map(str::to_owned)
    .into();
    paths.extend(
        ["/desk/receive?procedure=1.001193&ticket=x", "/desk/queue", "/desk/absences", "/desk/tomorrow", "/desk/map", "/desk/book"]
            .map(str::to_owned),
    );
    paths.extend([dossier.clone(), format!("{dossier}/form/1"), format!("{dossier}/form/05")]);
    for path in &paths {
        for lang in ["vi", "en"] {
            let path = format!("{path}{}lang={lang}", if path.contains('?') { '&' } else { '?' });
            let answer = site.get(&site.officer, &path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}\n{}", words(&answer.text()));
            whole(&path, &answer.text(), &keys);
        }
    }
    // A leader sees the desk and decides, but receives nothing.
    let html = site.get(&site.leader, &format!("/desk?unit={WARD}")).await.text();
    assert!(html.contains("/desk/tomorrow") && !html.contains("data-key=\"n\""), "{}", words(&html));
    let answer = site.get(&site.leader, &format!("/desk/receive?procedure={COPY}&unit={WARD}")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // Who runs the system has no desk in the menu.
    assert!(!site.get(&site.admin, "/").await.text().contains("href=\"/desk\""));
}

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
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_drawn_called_missed_called_again_and_served() {
    let site = site().await;
    let page = format!("/desk/queue?unit={WARD}");
    // The slip with the number is what the printer gets.
    let taken = site.post(&site.officer, "/desk/queue/take", &[("at", WARD), ("sector", "Chứng thực")], None).await;
    let slip = taken.place().split('?').next().unwrap().to_owned();
    for lang in ["vi", "en"] {
        let html = site.get(&site.officer, &format!("{slip}?lang={lang}")).await.text();
        assert!(words(&html).contains("001") && words(&html).contains("Chứng thực"), "{}", words(&html));
        whole(&slip, &html, &keys());
    }
    let called = site.post(&site.officer, "/desk/queue/call", &[("at", WARD), ("counter", "3")], None).await;
    assert!(called.place().contains("done=desk-called"), "{}", called.place());
    let nobody = site.post(&site.officer, "/desk/queue/call", &[("at", WARD), ("counter", "3")], None).await;
    assert!(nobody.place().contains("done=desk-called-nobody"), "{}", nobody.place());
    for (act, state) in [("missed", "missed"), ("again", "called"), ("served", "served")] {
        let html = site.get(&site.officer, &page).await.text();
        let form = html.split(&format!("action=\"{slip}/{act}")).nth(1).unwrap_or_else(|| panic!("{act}: {}", words(&html)));
        let version = hidden(form, "version");
        let done = site.post(&site.officer, &format!("{slip}/{act}"), &[("version", &version), ("idempotency_key", act)], None).await;
        assert!(done.status.is_redirection(), "{}", words(&done.text()));
        let id = slip.rsplit('/').next().unwrap();
        assert_eq!(site.office.find("queue_ticket", id).await.unwrap().state, state);
        // Pressed again on a page that is out of date it is said, not done.
        let stale = site.post(&site.officer, &format!("{slip}/{act}"), &[("version", &version), ("idempotency_key", "z")], None).await;
        assert!(!stale.status.is_redirection() && !stale.status.is_server_error(), "{act}: {}", stale.status);
        if act == "again" {
            // The screen on the wall asks nobody who they are, and names nobody.
            let wall = site.send(Request::get(format!("/portal/queue/{WARD}")).body(Body::empty()).unwrap()).await;
            assert!(wall.headers.contains_key("refresh"));
            assert!(words(&wall.text()).contains("001") && words(&wall.text()).contains("Quầy 3"), "{}", words(&wall.text()));
        }
    }
    assert_eq!(site.get(&site.officer, "/portal/queue/99999").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_slip_with_the_secret_is_printed_from_a_form() {
    let site = site().await;
    let page = site.post(&site.officer, "/desk/receive", &typed("k1", NUMBER), None).await.text();
    let secret = hidden(&page, "secret");
    assert!(secret.len() >= 8 && page.contains(&format!("<code class=\"num\">{secret}</code>")), "{}", words(&page));
    for address in ["href=\"", "action=\""].iter().flat_map(|mark| page.split(mark).skip(1)).map(|part| part.split('"').next().unwrap()) {
        assert!(!address.contains(&secret), "{address}");
    }
    let slip = page.split("id=\"slip\"").nth(1).unwrap().split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let printed = site.post(&site.officer, &slip, &[("secret", &secret)], None).await;
    assert!(printed.status == StatusCode::OK && words(&printed.text()).contains(&secret), "{}", words(&printed.text()));
    whole(&slip, &printed.text(), &keys());
    // An address says nothing to the slip.
    let a = site.get(&site.officer, &format!("{slip}?secret={secret}")).await;
    assert!(a.status == StatusCode::OK && !words(&a.text()).contains(&secret), "{}", words(&a.text()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_reads_what_becomes_late_by_kind_and_each_tile_opens_its_rows() {
    let site = site().await;
    // Paid at the counter: what waits for its fee has no deadline.
    let form: Vec<(&str, &str)> = typed("k1", NUMBER).into_iter().chain([("paid", "12000"), ("reference", "BL 01")]).collect();
    let path = received_as(&site, &form).await;
    let code = words(&site.get(&site.officer, &path).await.text());
    let at = format!("/desk/tomorrow?unit={WARD}");
    let html = site.get(&site.leader, &at).await.text();
    for kind in ["late", "risk", "due", "apology"] {
        assert!(html.contains(&format!("show={kind}")), "{kind}: {}", words(&html));
    }
    // A certified copy is due the same day: it is among those due, and in no list of late ones.
    assert!(html.contains("id=\"h-due\"") && !html.contains("id=\"h-late\""), "{}", words(&html));
    let due = site.get(&site.leader, &format!("{at}&show=due")).await.text();
    let tile = due.split("data-live-id=\"desk-tomorrow-due\"").nth(1).and_then(|x| x.split("<strong class=\"num\">").nth(1)).unwrap();
    assert!(tile.starts_with('1') && due.matches("/desk/dossiers/").count() == 1, "the tile says what it opens");
    assert!(code.contains("2.000815"));
    let late = site.get(&site.leader, &format!("{at}&show=late")).await.text();
    assert_eq!(late.matches("/desk/dossiers/").count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn papers_say_days_places_and_fees_as_the_circular_wants() {
    let site = site().await;
    let path = received(&site, "k1", NUMBER).await;
    let slip = words(&site.get(&site.officer, &format!("{path}/form/1")).await.text());
    assert!(slip.contains("Vũng Tàu, ngày ") && !slip.contains("P. Vũng Tàu"), "{slip}");
    assert!(!slip.contains("tháng 03") && !slip.contains("tháng 07"), "{slip}");
    assert!(slip.contains("chưa nộp") || slip.contains("đã nộp lúc") || slip.contains("không thu"), "{slip}");
    let book = words(&site.get(&site.officer, "/desk/book").await.text());
    for column in ["Số bộ", "Địa chỉ, số điện thoại", "Cơ quan giải quyết", "Phương thức nhận kết quả", "Ký nhận", "Ghi chú"]
    {
        assert!(book.contains(column), "{column}: {book}");
    }
    assert!(book.contains("Đặng Thị Ánh") && book.contains("12 Lê Lợi; 0912345678"), "{book}");
    let masked = words(&site.get(&site.leader, &format!("/desk/book?unit={WARD}")).await.text());
    assert!(masked.contains("Đ. T. Ánh") && !masked.contains("Đặng Thị Ánh") && !masked.contains("0912345678"), "{masked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_names_no_day_before_the_fee_is_paid() {
    let site = site().await;
    let path = received(&site, "k1", NUMBER).await;
    let slip = words(&site.get(&site.officer, &format!("{path}/form/1")).await.text());
    assert!(slip.contains("Hẹn trả khi đã nộp đủ phí, lệ phí; thời hạn tính từ khi nộp đủ: trong ngày"), "{slip}");
    assert!(!slip.contains("Trả ngay"), "{slip}");
    let slip = words(&site.get(&site.officer, &format!("{path}/form/1?lang=en")).await.text());
    assert!(slip.contains("Appointed once the fee is paid") && !slip.contains("without an appointment"), "{slip}");
    // Paid, it names the hour, and where the result is.
    let form: Vec<(&str, &str)> = typed("k2", "077190001235").into_iter().chain([("paid", "12.000 đ")]).collect();
    let path = received_as(&site, &form).await;
    let slip = words(&site.get(&site.officer, &format!("{path}/form/1")).await.text());
    assert!(!slip.contains("khi đã nộp đủ") && slip.contains("Đăng ký nhận kết quả tại Bộ phận Tiếp nhận"), "{slip}");
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
async fn the_key_for_several_goes_to_the_first_choice_and_sends_nothing() {
    let site = site().await;
    let form: Vec<(&str, &str)> = typed("k1", NUMBER).into_iter().chain([("paid", "12.000")]).collect();
    received_as(&site, &form).await;
    site.settled().await;
    let html = site.get(&site.officer, "/desk").await.text();
    let bulk = html.split("id=\"bulk\"").nth(1).unwrap_or_else(|| panic!("{}", words(&html)));
    assert!(bulk.contains("<select name=\"step\" data-key=\"h\">"), "{bulk}");
    assert_eq!(html.matches("data-key=\"h\"").count(), 1);
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

async fn opened(site: &Site, who: &Person, path: &str) -> String {
    let answer = site.get(who, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", words(&answer.text()));
    whole(path, &answer.text(), &keys());
    answer.text()
}

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
    let reason = [("refuse_reason_kind_1", "other_office"), ("refuse_reason_text_1", "Thuộc thẩm quyền của phường khác.")];
    let form: Vec<(&str, &str)> = typed("k1", NUMBER).into_iter().chain(reason).collect();
    let html = site.post(&site.officer, "/desk/receive/refuse", &form, None).await.text();
    assert!(words(&html).contains("Đã từ chối tiếp nhận") && html.contains("/form/3"), "{}", words(&html));
    let path = html.split("/desk/dossiers/").nth(1).unwrap().split(['"', '?', '/']).next().unwrap();
    let paper = words(&opened(&site, &site.officer, &format!("/desk/dossiers/{path}/form/3")).await);
    assert!(paper.contains("Thuộc thẩm quyền của phường khác.") && paper.contains("Mẫu số 03"), "{paper}");
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
async fn a_form_leads_back_to_its_dossier_and_one_without_content_says_so_with_the_menu() {
    let site = site().await;
    let path = received(&site, "k1", NUMBER).await;
    for n in [1, 5] {
        let form = site.get(&site.officer, &format!("{path}/form/{n}")).await.text();
        assert!(form.contains(&format!("<a href=\"{path}\">Về hồ sơ</a>")) && !form.contains("href=\"/portal/track"), "{}", words(&form));
    }
    for (lang, back) in [("", path.clone()), ("?lang=en", format!("{path}?lang=en"))] {
        let a = site.get(&site.officer, &format!("{path}/form/3{lang}")).await;
        assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (html, text) = (a.text(), words(&a.text()));
        assert!(html.contains("wide-menu") && text.contains("Trần Thị Hoa"), "whoever is signed in keeps the menu: {text}");
        assert!(html.contains(&format!("href=\"{back}\"")), "{text}");
        assert!(!text.contains("Chưa có gì được lưu") && !text.contains("gửi lại") && !text.contains("send again"), "{text}");
        whole(&path, &html, &keys());
    }
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
