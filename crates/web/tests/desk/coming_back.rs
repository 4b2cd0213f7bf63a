//! What people come back to the desk with, as pages show it: a lost tracking secret, a number in the queue, their own files.

use std::sync::Arc;

use office::{connections::Secret, one_stop::payment::gateway::Simulator};

use crate::kit::*;

/// Receives a certified copy; the page that says so.
async fn received(site: &Site) -> String {
    page_received(site, &typed("k1", NUMBER)).await
}

/// The text of the element with an id.
fn of(html: &str, id: &str) -> String {
    html.split(&format!("id=\"{id}\">")).nth(1).unwrap_or_else(|| panic!("no {id}: {}", words(html))).split('<').next().unwrap().to_owned()
}

/// A form of somebody whom nobody knows.
async fn guest(site: &Site, path: &str, body: &str) -> Answer {
    let request = Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap();
    site.send(request).await
}

async fn seen(site: &Site, path: &str) -> Answer {
    site.send(Request::get(path).header(header::HOST, "localhost").body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_secret_is_told_once_on_a_slip_and_the_old_one_opens_nothing() {
    both(async |site| {
        let page = received(site).await;
        let (path, old) = (dossier_of(&page), hidden(&page, "secret"));
        let code = words(&page).split_whitespace().find(|w| w.starts_with("H29") || w.starts_with("H06")).unwrap().to_owned();
        let renew = format!("{path}/secret");
        let html = site.get(&site.officer, &path).await.text();
        assert!(html.contains(&format!("action=\"{renew}\"")), "{}", words(&html));
        let version = hidden(html.split(&format!("action=\"{renew}")).nth(1).unwrap(), "version");
        // Without a paper the page comes back with what is wrong, and the secret stays.
        let wrong = site.post(&site.officer, &renew, &[("version", &version)], None).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("id=\"secret-shown-error\""), "{}", words(&wrong.text()));
        let track = |secret: &str| format!("code={code}&secret={secret}");
        assert!(guest(site, "/portal/track", &track(&old)).await.status.is_redirection());
        // Who does not work on it neither sees the form nor may send it.
        let beside = account(&site.office, "beside", "Lý Văn Bình", &[(Role::WardOfficer, BESIDE)]).await;
        let typed = [("version", version.as_str()), ("shown", "passport")];
        for who in [&beside, &site.leader] {
            assert_eq!(site.post(who, &renew, &typed, None).await.status, StatusCode::FORBIDDEN);
        }
        assert!(!site.get(&site.leader, &path).await.text().contains(&renew));

        let slip = site.post(&site.officer, &renew, &typed, None).await;
        assert_eq!(slip.status, StatusCode::OK, "{}", words(&slip.text()));
        let html = slip.text();
        let new = of(&html, "secret");
        assert!(html.contains("<svg") && words(&html).contains(&code), "{}", words(&html));
        whole(&renew, &html, &keys());
        assert_eq!(slip.headers.get(header::CACHE_CONTROL).unwrap(), "no-store", "the back button does not tell it again");
        assert_eq!(guest(site, "/portal/track", &track(&old)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(guest(site, "/portal/track", &track(&new)).await.status.is_redirection());
        // Sent again it is a conflict, and the secret that was told stays good.
        assert_eq!(site.post(&site.officer, &renew, &typed, None).await.status, StatusCode::CONFLICT);
        assert!(guest(site, "/portal/track", &track(&new)).await.status.is_redirection());
        for lang in ["vi", "en"] {
            let html = site.get(&site.officer, &format!("{path}?lang={lang}")).await.text();
            assert!(!html.contains(&new) && !html.contains(&new.replace('-', "")), "told once");
            let said = if lang == "vi" { "<blockquote>Hộ chiếu</blockquote>" } else { "<blockquote>Passport</blockquote>" };
            assert!(html.contains(said), "{}", words(&html));
            whole(&path, &html, &keys());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_drawn_at_the_door_and_followed_without_signing_in() {
    both(async |site| {
        let take = format!("/portal/queue/{WARD}/take");
        assert_eq!(seen(site, "/portal/queue/99999/take").await.status, StatusCode::NOT_FOUND);
        let page = seen(site, &take).await;
        assert_eq!(page.status, StatusCode::OK, "{}", words(&page.text()));
        let html = page.text();
        // One button for each kind of service, and one for whoever does not know.
        assert!(html.contains("name=\"sector\" value=\"Chứng thực\"") && html.contains("name=\"sector\" value=\"\""), "{}", words(&html));
        whole(&take, &html, &keys());
        let english = seen(site, &format!("{take}?lang=en")).await.text();
        assert!(english.contains("value=\"Chứng thực\">Certification<"), "kept under one name: {}", words(&english));
        let body = |html: &str| serde_urlencoded::to_string([("sector", "Chứng thực"), ("once", hidden(html, "once").as_str())]).unwrap();
        let drawn = guest(site, &take, &body(&html)).await;
        let ticket = drawn.place();
        assert!(drawn.status.is_redirection() && ticket.starts_with("/portal/tickets/"), "{} {ticket}", drawn.status);
        assert_eq!(guest(site, &take, &body(&html)).await.place(), ticket, "pressed twice it is one number");
        let second = guest(site, &take, &body(&seen(site, &take).await.text())).await.place();
        assert_ne!(second, ticket);
        let shown = seen(site, &second).await;
        assert!(
            of(&shown.text(), "number").contains("002") && words(&shown.text()).contains("1 người chờ trước"),
            "{}",
            words(&shown.text())
        );
        assert_eq!(shown.headers.get(header::REFRESH).unwrap(), "10", "it follows by itself, without a script");
        assert!(shown.text().contains("data:image/svg+xml;base64,") && !shown.text().contains("<script"));
        whole(&second, &shown.text(), &keys());
        // The tablet by the door goes back to its buttons.
        let door = format!("{take}?door=1");
        let at_door = guest(site, &door, &body(&seen(site, &door).await.text())).await.place();
        assert!(at_door.ends_with("?door=1"), "{at_door}");
        let shown = seen(site, &at_door).await;
        assert!(shown.headers.get(header::REFRESH).unwrap().to_str().unwrap().ends_with("/take?door=1"));
        // Called at the desk by sector, which stays chosen.
        let call = |sector: &'static str| async move {
            let typed = [("at", WARD), ("counter", "3"), ("sector", sector)];
            site.post(&site.officer, "/desk/queue/call", &typed, None).await.place()
        };
        assert!(call("Hộ tịch").await.contains("done=desk-called-nobody-there"));
        let place = call("Chứng thực").await;
        assert!(place.contains("done=desk-called") && !place.contains("nobody"), "{place}");
        let html = site.get(&site.officer, &format!("{place}&unit={WARD}")).await.text();
        assert!(html.contains("<option value=\"Chứng thực\" selected>") && html.contains("/take?door=1"), "{}", words(&html));
        let called = seen(site, &ticket).await.text();
        assert!(words(&called).contains("Mời đến quầy 3"), "{}", words(&called));
        // Too many from one address: the page says so, with its buttons.
        let mut last = guest(site, &take, "sector=&once=").await;
        for _ in 0..90 {
            last = guest(site, &take, "sector=&once=").await;
        }
        assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(last.text().contains("name=\"sector\"") && words(&last.text()).contains("hỏi cán bộ"), "{}", words(&last.text()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_asks_for_no_day_of_boundaries_and_proposes_one_for_a_supplement() {
    let site = site().await;
    for path in ["/desk", "/desk/tomorrow", "/desk/map"] {
        let html = site.get(&site.leader, path).await.text();
        assert!(html.contains("class=\"pick\"") && !html.contains("name=\"as_of\""), "{path}: {}", words(&html));
    }
    assert!(site.get(&site.leader, "/units").await.text().contains("name=\"as_of\""), "where it says which map is drawn it stays");
    let path = dossier_of(&received(&site).await);
    let html = site.get(&site.officer, &path).await.text();
    let ask = html.split("/do/ask_supplement").nth(1).unwrap().split("</form>").next().unwrap();
    let day: jiff::civil::Date = values(ask, "until\" type=\"date").remove(0).parse().unwrap();
    assert!(day > site.office.today(), "{day}");
    assert!(ask.contains("until-hint\"") && words(ask).contains("cần xác nhận"), "{}", words(ask));
    // What describes a field is there.
    for id in ask.split("aria-describedby=\"").skip(1).map(|x| x.split('"').next().unwrap()) {
        assert!(ask.contains(&format!("id=\"{id}\"")), "{id}");
    }
}

/// The tracking page of whoever has the secret that a page of the desk told.
async fn tracked(site: &Site, page: &str) -> (String, String) {
    let secret = hidden(page, "secret");
    let code = words(page).split_whitespace().find(|w| w.starts_with("H29")).unwrap().to_owned();
    let pass = site.office.tracking_pass(&Proof::Secret { code: &code, secret: &secret, client: "" }).await.unwrap();
    let request = Request::get(format!("/portal/track/{code}")).header(header::COOKIE, format!("hd_track={code}~{pass}"));
    let html = site.send(request.body(Body::empty()).unwrap()).await.text();
    whole("/portal/track", &html, &keys());
    (html, code)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_under_way_is_told_and_paying_again_is_a_second_step() {
    let mut site = site().await;
    let gateway = Arc::new(Simulator::new("cong", Secret::new("0123456789abcdef0123456789abcdef"), 57).at("/portal/gateway/"));
    site.app = web::http::router(site.office.clone(), web::http::WebOptions { gateway: Some(gateway.clone()), ..Default::default() });
    let page = received(&site).await;
    let (html, code) = tracked(&site, &page).await;
    let ways = |html: &str| html.split("id=\"pay\"").nth(1).unwrap().split("</form>").next().unwrap().to_owned();
    assert!(ways(&html).contains("/gateway\"") && !ways(&html).contains("<details>"), "{}", words(&html));
    let due = site.office.payment_due(&code).await.unwrap().unwrap();
    let mut opened = Err(());
    while opened.is_err() {
        // The simulated gateway does not answer each time.
        opened = site.office.open_gateway(gateway.as_ref(), &due.reference, "/portal").await.map_err(drop);
    }
    let (html, _) = tracked(&site, &page).await;
    let text = words(&ways(&html));
    assert!(text.contains("Bạn đã mở cổng thanh toán để nộp 12.000 đồng lúc") && text.contains("đừng trả lần nữa"), "{text}");
    let (told, again) = html.split("id=\"pay\"").nth(1).unwrap().split_once("<details>").unwrap();
    assert!(!told.contains("<img") && !told.contains("<form") && again.contains("/gateway\""), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_before_receiving_stops_no_term_and_says_until_when_at_once() {
    let site = site().await;
    let mut form = typed("k1", NUMBER);
    form.retain(|(n, _)| *n != "part");
    form.extend([("ask_reason_kind_1", "missing"), ("ask_reason_text_1", "Thiếu bản chính."), ("ask_until", "2099-12-31")]);
    let page = site.post(&site.officer, "/desk/receive/ask", &form, None).await.text();
    let (html, _) = tracked(&site, &page).await;
    let text = words(&html);
    assert!(text.contains("Chưa tính thời hạn giải quyết") && !text.contains("thời hạn giải quyết tạm dừng"), "{text}");
    assert!(text.contains("Hạn bổ sung: 31/12/2099"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_the_desk_is_reached_stands_on_the_receipt_the_tracking_page_and_the_choice_of_a_unit() {
    let site = site().await;
    let page = received(&site).await;
    let slip = site.get(&site.officer, &format!("{}/form/1", dossier_of(&page))).await;
    let secret = hidden(&page, "secret");
    let code = words(&page).split_whitespace().find(|w| w.starts_with("H29")).unwrap().to_owned();
    let proof = Proof::Secret { code: &code, secret: &secret, client: "" };
    let pass = site.office.tracking_pass(&proof).await.unwrap();
    let request = Request::get(format!("/portal/track/{code}")).header(header::COOKIE, format!("hd_track={code}~{pass}"));
    let track = site.send(request.body(Body::empty()).unwrap()).await;
    let choice = seen(&site, "/portal/procedures/2.000815").await;
    for (name, answer) in [("slip", slip), ("track", track), ("choice", choice)] {
        let text = words(&answer.text());
        // Samples say that they are.
        for said in ["Điện thoại Bộ phận Một cửa", "0254 000 0001 (số mẫu) (cần xác nhận)", "địa chỉ mẫu", "07:30–11:30, 13:30–17:00"]
        {
            assert!(text.contains(said), "{name}: {said}: {text}");
        }
        whole(name, &answer.text(), &keys());
    }
}
