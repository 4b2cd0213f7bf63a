//! The citizens' portal as a phone without scripts sees it: found, filed, tracked.

mod common;

use std::cell::RefCell;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use common::*;
use office::one_stop::{Filer, grouped};
use rules::access::Actor;

const BIRTH: &str = "/portal/procedures/1.001193";

/// A browser: it keeps cookies and repeats what its forms hold.
struct Phone<'s> {
    site: &'s Site,
    jar: RefCell<Vec<(String, String)>>,
}

impl Phone<'_> {
    async fn send(&self, request: axum::http::request::Builder, body: Vec<u8>) -> Answer {
        let cookies = self.jar.borrow().iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ");
        let request = request.header(header::COOKIE, cookies).header(header::HOST, "localhost").header("sec-fetch-site", "same-origin");
        let a = self.site.send(request.body(Body::from(body)).unwrap()).await;
        for cookie in a.headers.get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            let mut jar = self.jar.borrow_mut();
            jar.retain(|(n, _)| n != name);
            jar.push((name.to_owned(), value.to_owned()));
        }
        a
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path.split('#').next().unwrap()), Vec::new()).await
    }

    /// Fills in the form of a page that was opened: its hidden fields are sent along.
    async fn fill(&self, page: &Answer, path: &str, typed: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Answer {
        const EDGE: &str = "----edge";
        let html = page.text();
        let mut body = Vec::new();
        let asked = values(&html, "asked");
        let csrf = values(&html, "csrf").first().cloned().unwrap_or_default();
        let hidden = asked.iter().map(|v| ("asked", v.as_str())).chain([("csrf", csrf.as_str())]);
        for (name, value) in typed.iter().copied().chain(hidden) {
            body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        if let Some((field, name, bytes)) = file {
            let head = format!("Content-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/pdf");
            body.extend(format!("--{EDGE}\r\n{head}\r\n\r\n").into_bytes());
            body.extend(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{EDGE}--\r\n").into_bytes());
        self.send(Request::post(path).header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}")), body).await
    }

    /// Opens a page and fills it in; where that leads.
    async fn step(&self, path: &str, typed: &[(&str, &str)]) -> String {
        let page = self.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", words(&page.text()));
        let a = self.fill(&page, path.split('#').next().unwrap(), typed, None).await;
        assert_eq!(a.status, StatusCode::SEE_OTHER, "{path}: {}", words(&a.text()));
        a.place()
    }
}

async fn demo() -> Site {
    let site = site().await;
    site.office.set_demo(&Actor::system(), "2025-07-08T02:00:00Z".parse().unwrap()).await.unwrap();
    site
}

fn phone(site: &Site) -> Phone<'_> {
    Phone { site, jar: RefCell::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_procedure_is_found_by_ordinary_words_in_both_languages() {
    let site = demo().await;
    let keys = keys();
    let phone = phone(&site);
    for path in
        ["/portal", "/portal/procedures", "/portal/procedures?q=lam+giay+khai+sinh+cho+con", BIRTH, "/portal/track", "/portal/sign-in"]
    {
        for lang in ["vi", "en"] {
            let path = format!("{path}{}lang={lang}", if path.contains('?') { '&' } else { '?' });
            let a = phone.get(&path).await;
            assert_eq!(a.status, StatusCode::OK, "{path}: {}", words(&a.text()));
            whole(&path, &a.text(), &keys);
            assert!(!a.text().contains("<script"), "{path}: the portal needs no script");
        }
    }
    for q in ["lam giay khai sinh cho con", "khai sinh", "giấy khai sinh"] {
        let query = serde_urlencoded::to_string([("q", q)]).unwrap();
        let found = phone.get(&format!("/portal/procedures?{query}")).await.text();
        assert!(found.contains(BIRTH), "{q}: {}", words(&found));
    }
    // What is counted by the piece says so, in the list as on its own page.
    for path in ["/portal/procedures?q=ban+sao+trich+luc+ho+tich", "/portal/procedures/2.000635"] {
        let said = words(&phone.get(path).await.text());
        assert!(said.contains("8.000 đồng mỗi bản"), "{path}: {said}");
    }
    let none = phone.get("/portal/procedures?q=xyzzy").await;
    let said = words(&none.text());
    // It leads on: to everything by sector, and to the desks where one can ask.
    assert!(said.contains("Chưa thấy thủ tục nào") && said.contains("Nơi có Bộ phận Một cửa") && said.contains("Hộ tịch"), "{said}");
    assert!(none.text().contains(BIRTH), "{said}");
    whole("no hit", &none.text(), &keys);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_to_a_citizen_in_words_with_ways_on() {
    let site = demo().await;
    let phone = phone(&site);
    for path in ["/portal/procedures/0.000000", "/portal/drafts/nope", "/portal/nope"] {
        for lang in ["", "?lang=en"] {
            let path = format!("{path}{lang}");
            let a = phone.get(&path).await;
            assert_eq!(a.status, StatusCode::NOT_FOUND, "{path}");
            let (html, text) = (a.text(), words(&a.text()));
            assert!(html.contains("portal."), "{path}: an error keeps the portal's frame");
            assert!(!text.contains("nope") && !text.contains("draft") && !text.contains("0.000000"), "{path}: {text}");
            assert!(!text.contains("not_found") && !html.contains("<title>Có chỗ cần sửa"), "{path}: {text}");
            assert!(html.contains("href=\"/portal/procedures") && html.contains("href=\"/portal/track"), "{path}: {text}");
            whole(&path, &html, &keys());
        }
    }
}

/// The first page with everything that it loads.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_weighs_less_than_100_kb() {
    let site = demo().await;
    let html = phone(&site).get("/portal").await.text();
    let mut all = html.len();
    let mut names: Vec<&str> = html.split("/assets/").skip(1).map(|p| p.split(['"', '#']).next().unwrap()).collect();
    let css = names.iter().find(|n| n.starts_with("portal.")).copied().unwrap().to_owned();
    let sheet = phone(&site).get(&format!("/assets/{css}")).await.text();
    names.extend(sheet.split("/assets/").skip(1).map(|p| p.split(')').next().unwrap()));
    names.sort_unstable();
    names.dedup();
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let a = phone(&site).send(Request::get(format!("/assets/{name}")).header(header::ACCEPT_ENCODING, "gzip"), Vec::new()).await;
        assert_eq!(a.status, StatusCode::OK, "{name}");
        all += a.bytes.len();
    }
    assert!(all <= 100 * 1024, "{all} bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_birth_is_registered_on_question_pages() {
    let site = demo().await;
    let phone = phone(&site);
    // Whoever is not signed in is led to sign in, and comes back.
    let page = phone.get(BIRTH).await;
    let a = phone.fill(&page, BIRTH, &[], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY, "where it is filed was not said");
    assert!(a.text().contains("id=\"faults\"") && a.text().contains("autofocus"), "{}", words(&a.text()));
    let place = phone.step(BIRTH, &[("unit", WARD)]).await;
    assert!(place.starts_with("/portal/sign-in?next="), "{place}");
    let people = phone.get(&place).await;
    let person = values(&people.text(), "person").remove(0);
    assert!(words(&people.text()).contains("VNeID mô phỏng"));
    let place = phone.step(&place, &[("person", &person)]).await;
    // The ward that was chosen before is still chosen.
    assert!(place.starts_with(BIRTH), "{place}");
    let page = phone.get(&place).await.text();
    assert!(
        page.contains(&format!("value=\"{WARD}\" selected")) || page.contains(&format!("value=\"{WARD}\" checked")),
        "{}",
        words(&page)
    );
    let draft = phone.step(BIRTH, &[("unit", WARD)]).await;
    assert!(draft.starts_with("/portal/drafts/"), "{draft}");
    // What the identity tells stands there already.
    let first = phone.get(&draft).await.place();
    let page = phone.get(&first).await;
    assert!(page.text().contains(&format!("value=\"{person}\"")), "{}", words(&page.text()));
    let own = |name: &str| (name.to_owned(), values(&page.text(), name).first().cloned().unwrap_or_default());
    let own = ["applicant_name", "applicant_number", "applicant_phone", "applicant_address"].map(own);
    let mut who: Vec<(&str, &str)> = own.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    // A question that was left out: the summary leads to it, and what was typed stays.
    let a = phone.fill(&page, &first, &who, None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("href=\"#relation\"") && a.text().contains("Có chỗ cần sửa:"), "{}", words(&a.text()));
    assert!(a.text().contains(&format!("value=\"{person}\"")));
    who.push(("relation", "mother"));
    let child = phone.step(&first, &who).await;
    // A date that is none is kept as it was typed.
    let typed = |day: &'static str, month: &'static str, notice: &'static str| {
        vec![
            ("child_name", "Nguyễn An Nhiên"),
            ("child_birth_date.d", day),
            ("child_birth_date.m", month),
            ("child_birth_date.y", "2025"),
            ("child_sex", "female"),
            ("child_ethnicity", "Kinh"),
            ("child_nationality", "Việt Nam"),
            ("birth_place", "Bệnh viện Vũng Tàu"),
            ("home_town", "Thành phố Hồ Chí Minh"),
            ("has_notice", notice),
            ("surrogacy", "false"),
        ]
    };
    let page = phone.get(&child).await;
    let a = phone.fill(&page, &child, &typed("31", "6", "none"), None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("name=\"child_birth_date.d\" inputmode=\"numeric\" maxlength=\"2\" value=\"31\""), "{}", words(&a.text()));
    assert!(words(&a.text()).contains("phải là một ngày có thật"), "{}", words(&a.text()));
    // The answer brings a further question to the same page, which is asked before going on and is not called wrong.
    let same = phone.step(&child, &typed("1", "7", "paper")).await;
    assert_eq!(same, format!("{child}#notice_number"));
    let page = phone.get(&same).await;
    assert!(page.text().contains("id=\"notice_number\"") && !page.text().contains("id=\"faults\""));
    let mother = phone.step(&child, &[typed("1", "7", "paper"), vec![("notice_number", "123/2025")]].concat()).await;
    let answers = [("mother_name", "Nguyễn Thị Mai"), ("mother_address", "12 Lê Lợi"), ("mother_nationality", "Việt Nam")];
    let father = phone.step(&mother, &answers).await;
    let mut place = phone.step(&father, &[("parents_married", "false")]).await;
    if place.starts_with(&father) {
        place = phone.step(&father, &[("parents_married", "false"), ("father_known", "false")]).await;
    }
    while !place.ends_with("/papers") {
        place = phone.step(&place, &[("copies", "2"), ("exempt", "none")]).await;
    }
    // Without the notice one does not go on; what is no paper is refused; what arrives is acknowledged with its hash.
    let papers = phone.get(&place).await;
    let a = phone.fill(&papers, &place, &[("then", "next")], None).await;
    assert!(
        a.status == StatusCode::UNPROCESSABLE_ENTITY && words(&a.text()).contains("Còn thiếu: Giấy chứng sinh"),
        "{}",
        words(&a.text())
    );
    let part = [("part", "birth_notice")];
    let a = phone.fill(&papers, &place, &part, Some(("file", "giấy.pdf", b"MZ not a paper"))).await;
    assert!(a.status == StatusCode::UNPROCESSABLE_ENTITY && a.text().contains("id=\"birth_notice-error\""), "{}", words(&a.text()));
    let a = phone.fill(&papers, &place, &part, Some(("file", "giấy.pdf", b"%PDF-1.7 chung sinh"))).await;
    assert_eq!(a.status, StatusCode::SEE_OTHER, "{}", words(&a.text()));
    let papers = phone.get(&place).await;
    let shown = papers.text().split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(shown.len(), 64, "{shown}");
    // How the result is wanted: online, as it is done from end to end, unless one says so; the post wants an address.
    let result = phone.step(&place, &[("then", "next")]).await;
    assert!(result.ends_with("/result"), "{result}");
    for lang in ["vi", "en"] {
        whole(&result, &phone.get(&format!("{result}?lang={lang}")).await.text(), &keys());
    }
    let page = phone.get(&result).await;
    assert!(page.text().contains("name=\"result_way\" value=\"online\" checked"), "{}", words(&page.text()));
    let home = values(&page.text(), "result_address").remove(0);
    assert_eq!(home, who.iter().find(|(n, _)| *n == "applicant_address").unwrap().1, "the address that was typed is offered");
    let a = phone.fill(&page, &result, &[("result_way", "post"), ("result_address", "")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("href=\"#result_address\"") && a.text().contains("value=\"post\" checked"), "{}", words(&a.text()));
    let a = phone.fill(&page, &result, &[("result_address", "")], None).await;
    assert!(a.text().contains("href=\"#result_way\""), "{}", words(&a.text()));
    let check = phone.step(&result, &[("result_way", "post"), ("result_address", "9 Trần Phú, phường Vũng Tàu")]).await;
    let page = phone.get(&check).await;
    let text = words(&page.text());
    assert!(text.contains("bưu chính công ích: 9 Trần Phú, phường Vũng Tàu"), "{text}");
    assert!(page.text().contains("/result?back=check"), "{text}");
    assert!(text.contains("Nguyễn An Nhiên") && text.contains("01/07/2025") && text.contains("Tổng cộng"), "{text}");
    // Filed once, however often the form is sent.
    let a = phone.fill(&page, &check, &[], None).await;
    assert_eq!(a.place(), "/portal/filed", "{}", words(&a.text()));
    let again = phone.fill(&page, &check, &[], None).await;
    assert_eq!(again.place(), "/portal/filed", "{}", words(&again.text()));
    let filed = phone.get("/portal/filed").await.text();
    let of = |id: &str| filed.split(&format!("id=\"{id}\">")).nth(1).unwrap().split('<').next().unwrap().to_owned();
    let (code, secret) = (of("code"), of("secret"));
    assert!(filed.contains("data:image/svg+xml;base64,") && secret.len() >= 8, "{}", words(&filed));
    site.settled().await;
    // Another phone: the code alone shows nothing, the code with its secret does.
    let other = self::phone(&site);
    let show = format!("/portal/track/{code}");
    assert!(other.get(&show).await.place().starts_with("/portal/track?code="));
    let ask = other.get("/portal/track").await;
    let wrong = other.fill(&ask, "/portal/track", &[("code", &code), ("secret", "sai-sai-sai")], None).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && !wrong.text().contains("Nguyễn"), "{}", words(&wrong.text()));
    let a = other.fill(&ask, "/portal/track", &[("code", &code), ("secret", &secret)], None).await;
    assert_eq!(a.place(), show, "{}", words(&a.text()));
    let page = other.get(&show).await;
    whole(&show, &page.text(), &keys());
    assert!(words(&page.text()).contains("Mới đăng ký") && page.text().contains(&shown), "{}", words(&page.text()));
    assert!(words(&page.text()).contains("9 Trần Phú"), "{}", words(&page.text()));
    // The person finds their file again: by what it is, and by the name that they gave it.
    assert!(words(&page.text()).contains("Giấy chứng sinh: giấy.pdf"), "{}", words(&page.text()));
    let file = other.get(&format!("{show}/file/{shown}")).await;
    let named = file.headers.get(header::CONTENT_DISPOSITION).unwrap().to_str().unwrap();
    assert_eq!(named, "attachment; filename=\"giay.pdf\"; filename*=UTF-8''gi%E1%BA%A5y.pdf");
    // The secret does not stay on the phone, and what stands in its place opens this dossier alone.
    let pass = other.cookie("hd_track");
    assert!(pass.starts_with(&code) && !pass.contains(&secret), "{pass}");
    let forged = self::phone(&site);
    let (until, rest) = pass.rsplit_once('.').unwrap();
    let digits = until.rsplit('~').next().unwrap();
    let later = format!("{code}~{}.{rest}", digits.parse::<i64>().unwrap() + 3600);
    for cookie in [later, format!("{code}~{secret}"), format!("{code}~0.")] {
        forged.put("hd_track", &cookie);
        assert!(forged.get(&show).await.place().starts_with("/portal/track?code="), "{cookie}");
        forged.jar.borrow_mut().clear();
    }
    // It can be closed.
    let page = other.get(&show).await;
    let closed = other.fill(&page, "/portal/track/close", &[], None).await;
    assert_eq!((closed.place(), other.cookie("hd_track")), ("/portal/track?done=closed".into(), String::new()));
    assert!(words(&other.get(&closed.place()).await.text()).contains("Đã đóng hồ sơ"));
    assert!(other.get(&show).await.place().starts_with("/portal/track?code="));
    // Whoever is signed in as another person is asked for the secret, and told why.
    let people = other.get("/portal/sign-in").await;
    let else_ = values(&people.text(), "person").into_iter().find(|p| *p != person).unwrap();
    other.fill(&people, "/portal/sign-in", &[("person", &else_)], None).await;
    let place = other.get(&show).await.place();
    assert!(place.starts_with("/portal/track?code="), "{place}");
    let ask = other.get(&place).await;
    let said = words(&ask.text());
    assert!(ask.text().contains("id=\"secret\"") && said.contains("không đứng tên người đang đăng nhập"), "{said}");
    let a = other.fill(&ask, "/portal/track", &[("code", &code), ("secret", &secret)], None).await;
    assert_eq!(a.place(), show, "{}", words(&a.text()));
    assert_eq!(other.get(&show).await.status, StatusCode::OK);
    // Its own person goes on without the secret, from the square code too.
    assert_eq!(phone.get(&format!("/portal/track?code={code}")).await.place(), show);
    assert!(phone.get("/portal/mine").await.text().contains(&code));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_fills_in_for_somebody_and_the_dossier_says_so() {
    const COPY: &str = "/portal/procedures/2.000815";
    let site = demo().await;
    let phone = phone(&site);
    phone.put("hd_session", &site.officer.cookie);
    // Whoever only works here is a guest on the portal like everybody.
    assert!(!words(&phone.get("/portal").await.text()).contains("Đang khai hộ"));
    let page = phone.get("/desk/help").await;
    let a = phone.fill(&page, "/desk/help", &[], None).await;
    assert_eq!((a.place(), phone.cookie("hd_help")), ("/portal".into(), "1".into()), "{}", words(&a.text()));
    whole("/portal", &phone.get("/portal").await.text(), &keys());
    assert!(words(&phone.get("/portal").await.text()).contains("Đang khai hộ"));
    let draft = phone.step(COPY, &[("unit", WARD)]).await;
    assert_eq!(phone.cookie("hd_draft"), "", "an officer's draft needs no secret");
    let first = phone.get(&draft).await.place();
    let page = phone.get(&first).await;
    // A form without the officer's token is no form of theirs.
    let bare =
        phone.send(Request::post(&first).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"), b"asked=x".to_vec()).await;
    assert_eq!(bare.status, StatusCode::FORBIDDEN, "{}", words(&bare.text()));
    assert_eq!(page.status, StatusCode::OK);
    let saved = phone.get(&format!("{draft}/saved")).await.text();
    assert!(saved.contains(&draft) && words(&saved).contains("tài khoản cán bộ"), "{}", words(&saved));
    let id = draft.rsplit('/').next().unwrap();
    let record = site.office.find("draft", id).await.unwrap();
    assert_eq!(record.fields().unwrap()["filed_by"], "phuong1");
    // Another person at the same machine opens nothing of it.
    let other = self::phone(&site);
    assert_eq!(other.get(&format!("{draft}/check")).await.status, StatusCode::NOT_FOUND);
    let end = phone.fill(&phone.get("/portal").await, "/portal/help/end", &[], None).await;
    assert_eq!((end.place(), phone.cookie("hd_help")), ("/desk".into(), String::new()));
    assert_eq!(phone.get(&format!("{draft}/check")).await.status, StatusCode::NOT_FOUND);
    // Who may not file for others does not begin.
    let reader = self::phone(&site);
    reader.put("hd_session", &site.leader.cookie);
    assert_eq!(reader.get("/desk/help").await.status, StatusCode::FORBIDDEN);
}

/// A body that must not be read.
fn untouched() -> Body {
    Body::from_stream(futures::stream::poll_fn(|_| -> std::task::Poll<Option<Result<Vec<u8>, std::io::Error>>> {
        panic!("the body is read although its size was announced")
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_two_gigabytes_is_refused_before_a_byte_of_it_is_read() {
    let site = demo().await;
    for (path, lang, sentence) in [
        ("/portal/drafts/01980000-0000-7000-8000-000000000000/papers", "vi", "quá lớn: mỗi lần gửi tối đa 41 MB"),
        ("/portal/track/H06.26506-250708-0001/supplement", "en", "too large: 41 MB at most"),
    ] {
        let request = Request::post(format!("{path}?lang={lang}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .header(header::CONTENT_LENGTH, 2_u64 << 30)
            .body(untouched())
            .unwrap();
        let a = site.send(request).await;
        assert_eq!(a.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(words(&a.text()).contains(sentence), "{path}: {}", words(&a.text()));
    }
    // The page says the limit of one file; a larger one that fits the form is refused by name.
    let phone = phone(&site);
    let page = phone.get("/portal/procedures/2.000815").await;
    let a = phone.fill(&page, "/portal/procedures/2.000815", &[("unit", WARD)], None).await;
    let place = if a.place().starts_with("/portal/sign-in") {
        let people = phone.get(&a.place()).await;
        let person = values(&people.text(), "person").remove(0);
        let back = phone.step(&a.place(), &[("person", &person)]).await;
        phone.step(&back, &[("unit", WARD)]).await
    } else {
        a.place()
    };
    let papers = format!("{place}/papers");
    let page = phone.get(&papers).await;
    assert!(words(&page.text()).contains("tối đa 20 MB") && page.text().contains("accept=\".pdf,.jpg"), "{}", words(&page.text()));
    let large = [b"%PDF-1.7 ".as_slice(), &vec![b'x'; 20 << 20]].concat();
    let a = phone.fill(&page, &papers, &[("part", "original")], Some(("file", "bang.pdf", &large))).await;
    assert!(a.status == StatusCode::UNPROCESSABLE_ENTITY && words(&a.text()).contains("lớn hơn 20 MB"), "{}", words(&a.text()));
}

impl Phone<'_> {
    fn cookie(&self, name: &str) -> String {
        self.jar.borrow().iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default()
    }

    fn put(&self, name: &str, value: &str) {
        self.jar.borrow_mut().push((name.to_owned(), value.to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_leaves_nothing_open_on_the_phone() {
    let site = demo().await;
    let phone = phone(&site);
    let people = phone.get("/portal/sign-in").await;
    let person = values(&people.text(), "person").remove(0);
    phone.fill(&people, "/portal/sign-in", &[("person", &person)], None).await;
    let draft = phone.step(BIRTH, &[("unit", WARD)]).await;
    assert_eq!(phone.cookie("hd_draft"), "", "who is signed in needs no secret");
    let check = format!("{draft}/check");
    assert!(phone.get(&check).await.text().contains(&person));
    // What was opened before as a guest, and what was tracked.
    phone.put("hd_draft", "x~y");
    phone.put("hd_track", "H29.1-250708-0001~SECRET");
    let page = phone.get("/portal/mine").await;
    assert!(page.text().contains(&format!("{draft}/saved")), "{}", words(&page.text()));
    let a = phone.fill(&page, "/portal/sign-out", &[], None).await;
    assert_eq!(a.place(), "/portal");
    for cookie in ["hd_citizen", "hd_draft", "hd_track"] {
        assert_eq!(phone.cookie(cookie), "", "{cookie}");
        let gone = a.headers.get_all(header::SET_COOKIE).iter().any(|c| {
            let c = c.to_str().unwrap();
            c.starts_with(&format!("{cookie}=;")) && c.contains("Max-Age=0") && c.contains("Path=/portal")
        });
        assert!(gone, "{cookie} stays in the browser");
    }
    let a = phone.get(&check).await;
    assert!(a.status == StatusCode::NOT_FOUND && !a.text().contains(&person), "{}", words(&a.text()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_comes_back_with_a_code_that_stands_in_no_address() {
    let site = demo().await;
    let (_, key) = site.office.open_draft(&Filer::Guest, "1.001193", WARD, None).await.unwrap();
    let first = phone(&site);
    first.put("hd_draft", &format!("{}~{}", key.id, key.secret));
    let keys = keys();
    let at = format!("/portal/drafts/{}", key.id);
    for lang in ["vi", "en"] {
        for path in [format!("{at}/saved?lang={lang}"), format!("{at}/drop?lang={lang}"), format!("/portal/continue?lang={lang}")] {
            let a = first.get(&path).await;
            assert_eq!(a.status, StatusCode::OK, "{path}");
            whole(&path, &a.text(), &keys);
        }
    }
    let saved = first.get(&format!("{at}/saved")).await.text();
    let code = grouped(&key.secret);
    assert_eq!((saved.matches(&code).count(), saved.matches(&key.secret).count()), (1, 0), "{}", words(&saved));
    // On another device it is typed into a form.
    assert!(first.get("/portal").await.text().contains("href=\"/portal/continue\""));
    let other = phone(&site);
    let ask = other.get("/portal/continue").await;
    let a = other.fill(&ask, "/portal/continue", &[("code", "ABCD-EFGH")], None).await;
    assert!(a.status == StatusCode::UNPROCESSABLE_ENTITY && a.text().contains("id=\"code-error\""), "{}", words(&a.text()));
    let a = other.fill(&ask, "/portal/continue", &[("code", &code.to_lowercase())], None).await;
    assert_eq!(a.place(), at, "{}", words(&a.text()));
    assert!(other.get(&at).await.place().starts_with(&format!("{at}/q/")));
    // Given up, it is closed.
    let page = other.get(&format!("{at}/drop")).await;
    let version = values(&page.text(), "back").remove(0);
    let a = other.fill(&page, &format!("{at}/drop"), &[("back", &version)], None).await;
    assert_eq!(a.place(), "/portal?done=dropped", "{}", words(&a.text()));
    let draft = site.office.draft(&Filer::Guest, &key).await.unwrap();
    assert!(draft.form.is_empty() && draft.version > 1);
}
