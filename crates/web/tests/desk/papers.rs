//! The slips and forms that the desk prints.

use crate::kit::*;

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
async fn a_paper_that_was_handed_in_again_is_listed_once() {
    let site = site().await;
    let path = received(&site, "k1", NUMBER).await;
    for scan in [b"%PDF-1.7 blurred".as_slice(), b"%PDF-1.7 clear"] {
        let html = opened(&site, &site.officer, &path).await;
        let version = hidden(html.split(&format!("action=\"{path}/attach")).nth(1).unwrap(), "version");
        let form = [("version", version.as_str()), ("attach_part", "original")];
        let added = site.post(&site.officer, &format!("{path}/attach"), &form, Some(("attach_file", "a.pdf", scan))).await;
        assert!(added.status.is_redirection(), "{}", words(&added.text()));
    }
    let slip = words(&opened(&site, &site.officer, &format!("{path}/form/1")).await);
    assert_eq!(slip.matches("Bản chính giấy tờ cần chứng thực (1 bản)").count(), 1, "{slip}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fee_by_the_piece_says_how_many_at_how_much() {
    let site = site().await;
    let birth = site.office.world().procedure("1.001193", site.office.today()).unwrap().clone();
    let fee = birth.def.fees.iter().find(|f| f.per.is_some()).unwrap();
    let line = |full_vnd: u64| office::one_stop::payment::Line { id: fee.id.clone(), full_vnd, ..Default::default() };
    assert_eq!(line(16_000).counted(&birth.def), Some((2, 8_000)));
    let other = birth.def.fees.iter().find(|f| f.per.is_none()).unwrap();
    let flat = office::one_stop::payment::Line { id: other.id.clone(), full_vnd: 8_000, ..Default::default() };
    assert_eq!((line(12_345).counted(&birth.def), flat.counted(&birth.def)), (None, None));
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
