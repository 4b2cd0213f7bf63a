//! The pages of the desk, its lists and its queue.

use crate::kit::*;

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
