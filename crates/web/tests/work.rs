//! Work as people do it on the pages: given, reported with evidence, returned, approved, decided, proved.

mod common;

use axum::http::{StatusCode, header};
use common::*;
use rules::access::Actor;

const NEW_TASK: &[(&str, &str)] = &[
    ("title", "Số hóa hồ sơ đất đai"),
    ("lead", WARD),
    ("responsibility", "Chịu trách nhiệm trước UBND"),
    ("authority", "Được huy động tổ công nghệ số"),
    ("deadline", "2099-12-31"),
    ("product", "Kho hồ sơ số"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_opens_in_both_languages() {
    let site = site().await;
    let keys = keys();
    let actor = Actor::system();
    let mut paths: Vec<String> = [
        "/tasks",
        "/targets",
        "/targets?status=completed&directive=DI-01&unit=26506@2025-07-01&q=ho",
        "/records",
        "/tasks?status=overdue&sort=-deadline&q=ho",
        "/tasks/new",
        "/directives",
        "/directives/new?kind=KL",
        "/approvals",
        "/ledger",
        "/ledger/0",
        "/ledger/verify",
        "/reports",
        "/reports?period=2025Q2",
        "/reports?period=2025Q2&unit=79@2025-07-01",
        "/reports/freeze?period=2025Q2",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.extend(
        site.office.tasks(&actor, &Default::default(), site.office.today()).await.unwrap().iter().map(|t| format!("/tasks/{}", t.def.id)),
    );
    paths.extend(
        site.office
            .targets(&actor)
            .await
            .unwrap()
            .iter()
            .flat_map(|t| [format!("/targets/{}", t.def.id), format!("/targets/{}?as_of=2025-06-15", t.def.id)]),
    );
    paths.extend(site.office.directives(&actor).await.unwrap().iter().map(|d| format!("/directives/{}", d.record.id)));
    // Figures of other provinces are not this leader's to see.
    let leader = site.office.visitor(&site.leader.cookie).await.unwrap().unwrap().actor;
    paths.extend(site.office.reported_figures(&leader).await.unwrap().iter().take(10).map(|f| format!("/figures/{}", f.record.id)));
    paths.extend(site.office.conflicts(&leader).await.unwrap().iter().map(|c| format!("/conflicts/{}", c.figures[0].record.id)));
    assert!(paths.len() > 30, "the packs hold a programme");
    let of_officer = ["/figures/new", "/tasks", "/approvals", "/reports", "/ledger", "/directives"];
    let of_admin = ["/accounts", "/accounts/new", "/accounts/phuong1", "/packs", "/packs/check", "/jobs"];
    let all = paths.iter().map(|p| (&site.leader, p.as_str()));
    let all = all.chain(of_officer.map(|p| (&site.officer, p))).chain(of_admin.map(|p| (&site.admin, p)));
    for (who, path) in all {
        for lang in ["vi", "en"] {
            let path = format!("{path}{}lang={lang}", if path.contains('?') { '&' } else { '?' });
            let a = site.get(who, &path).await;
            assert_eq!(a.status, StatusCode::OK, "{path}\n{}", words(&a.text()));
            whole(&path, &a.text(), &keys);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_goes_down_is_reported_returned_and_approved() {
    let site = site().await;
    let keys = keys();
    // A fault: everything typed stays, and the fault stands at its field.
    let faulty: Vec<(&str, &str)> = NEW_TASK.iter().copied().map(|(n, v)| (n, if n == "product" { "" } else { v })).collect();
    let a = site.post(&site.leader, "/tasks", &faulty, None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("Số hóa hồ sơ đất đai") && a.text().contains("id=\"product-error\""), "{}", words(&a.text()));
    whole("/tasks", &a.text(), &keys);
    // Sent twice with the same key: one task.
    let form = site.get(&site.leader, "/tasks/new").await.text();
    let key = hidden(&form, "idempotency_key");
    let fields: Vec<(&str, &str)> = NEW_TASK.iter().copied().chain([("idempotency_key", key.as_str())]).collect();
    let before = site.office.tasks(&Actor::system(), &Default::default(), site.office.today()).await.unwrap().len();
    let a = site.post(&site.leader, "/tasks", &fields, None).await;
    assert_eq!(a.status, StatusCode::SEE_OTHER, "{}", words(&a.text()));
    let place = a.place();
    assert!(place.starts_with("/tasks/NV-") && place.contains("done=task-assigned"), "{place}");
    let again = site.post(&site.leader, "/tasks", &fields, None).await;
    let id = place.split('?').next().unwrap().strip_prefix("/tasks/").unwrap();
    let record = site.office.task(&Actor::system(), id, site.office.today()).await.unwrap().record.id;
    assert!(again.place().starts_with(&format!("/tasks/{record}?")), "the second answer names what the first made: {}", again.place());
    // The same form, changed after it was sent: it is said, not dropped.
    let changed: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, if *n == "title" { "Việc khác" } else { *v })).collect();
    let a = site.post(&site.leader, "/tasks", &changed, None).await;
    assert_eq!(a.status, StatusCode::CONFLICT);
    assert!(words(&a.text()).contains("đã được gửi trước"), "{}", words(&a.text()));
    assert_eq!(site.office.tasks(&Actor::system(), &Default::default(), site.office.today()).await.unwrap().len(), before + 1);
    let path = place.split('?').next().unwrap().to_owned();
    // The ward's officer reports with a file; a wrong number keeps the file.
    let page = site.get(&site.officer, &path).await.text();
    assert!(page.contains(&format!("{path}/update")) && !page.contains(&format!("{path}/approve")), "{}", words(&page));
    let version = hidden(&page, "version");
    let report = |progress: &'static str| {
        [("version", version.clone()), ("progress", progress.into()), ("text", "Đã quét 300 hồ sơ".into()), ("submit", "true".into())]
    };
    let with = |r: [(&'static str, String); 4]| r;
    let wrong = with(report("130"));
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let a = site.post(&site.officer, &format!("{path}/update"), &wrong, Some(("evidence", "Biên bản.pdf", b"%PDF-1.4 x"))).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("Biên bản.pdf") && a.text().contains("id=\"progress-error\""), "{}", words(&a.text()));
    let sha = a.text().split("name=\"kept-0\"").nth(1).unwrap().split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(sha.len(), 64);
    let right = with(report("100"));
    let mut right: Vec<(&str, &str)> = right.iter().map(|(n, v)| (*n, v.as_str())).collect();
    right.push(("kept-0", &sha));
    let a = site.post(&site.officer, &format!("{path}/update"), &right, None).await;
    assert!(a.place().contains("done=task-submitted"), "{} {}", a.status, words(&a.text()));
    // Nobody answers the own work.
    let a = site.post(&site.officer, &format!("{path}/approve"), &[("version", "2")], None).await;
    assert_eq!(a.status, StatusCode::FORBIDDEN);
    // It waits for the leader, with its evidence; a return needs a reason.
    site.settled().await;
    let inbox = site.get(&site.leader, "/approvals").await.text();
    assert!(inbox.contains("Số hóa hồ sơ đất đai") && inbox.contains(&format!("/files/{sha}")), "{}", words(&inbox));
    let id = path.strip_prefix("/tasks/").unwrap();
    let a = site.post(&site.leader, &format!("/approvals/task/{id}?answer=return"), &[("version", "2")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("Cần điền “Lý do”."), "{}", words(&a.text()));
    let a = site
        .post(
            &site.leader,
            &format!("/approvals/task/{id}?answer=return"),
            &[("version", "2"), ("reason", "Thiếu biên bản nghiệm thu")],
            None,
        )
        .await;
    assert!(a.place().contains("done=returned"), "{}", words(&a.text()));
    // Somebody who still holds the old page hears of it, and loses nothing.
    let a = site
        .post(&site.officer, &format!("{path}/update"), &[("version", "2"), ("progress", "90"), ("text", "Bổ sung biên bản")], None)
        .await;
    assert_eq!(a.status, StatusCode::CONFLICT);
    let text = words(&a.text());
    assert!(a.text().contains("Bổ sung biên bản") && text.contains("Người khác vừa lưu trước bạn") && text.contains("100"), "{text}");
    assert_eq!(hidden(&a.text(), "version"), "3", "saving again is made from what stands now");
    let a = site
        .post(
            &site.officer,
            &format!("{path}/update"),
            &[("version", "3"), ("progress", "100"), ("text", "Bổ sung biên bản"), ("submit", "true")],
            None,
        )
        .await;
    assert!(a.place().contains("task-submitted"));
    let a = site.post(&site.leader, &format!("{path}/approve"), &[("version", "4")], None).await;
    assert!(a.place().contains("done=approved"), "{}", words(&a.text()));
    // The page tells all of it, each line with its proof; the file is what it was.
    site.settled().await;
    let page = site.get(&site.officer, &format!("{path}?lang=en")).await.text();
    let text = words(&page);
    for said in
        ["Completed", "Đã quét 300 hồ sơ", "Thiếu biên bản nghiệm thu", "returned it", "approved it", "handed it in", "Trần Thị Hoa"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(page.matches("/ledger/").count() >= 5, "every line has its proof");
    let link = page.split("href=\"/files/").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let file = site.get(&site.officer, &format!("/files/{link}")).await;
    assert_eq!(file.bytes, b"%PDF-1.4 x");
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment;"));
    assert_eq!(file.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let csv = site.get(&site.leader, "/tasks.csv?q=so+hoa+ho+so+dat+dai").await;
    assert_eq!(csv.text().lines().count(), 2, "{}", csv.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_task_goes_down_to_every_ticked_unit() {
    let site = site().await;
    let form = site.get(&site.leader, "/tasks/new").await.text();
    let units: Vec<String> = values(&form, "each").into_iter().take(3).collect();
    let helper = values(&form, "cooperating").into_iter().find(|u| u != WARD && u != PROVINCE).expect("units that may help");
    assert_eq!(units.len(), 3, "units to tick");
    let mut fields: Vec<(&str, &str)> = NEW_TASK.iter().copied().filter(|(n, _)| *n != "lead").collect();
    fields.extend(units.iter().map(|u| ("each", u.as_str())));
    fields.extend([("cooperating", WARD), ("cooperating", helper.as_str())]);
    // A fault: what was ticked stays ticked.
    let faulty: Vec<(&str, &str)> = fields.iter().copied().filter(|(n, _)| *n != "product").collect();
    let a = site.post(&site.leader, "/tasks", &faulty, None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains(&format!("name=\"cooperating\" value=\"{helper}\" checked")), "{}", words(&a.text()));
    assert_eq!(a.text().matches(" checked").count(), 5);
    let a = site.post(&site.leader, "/tasks", &fields, None).await;
    assert!(a.place().starts_with("/tasks?done="), "{} {}", a.place(), words(&a.text()));
    let tasks = site.office.tasks(&Actor::system(), &Default::default(), site.office.today()).await.unwrap();
    let mut given: Vec<String> = tasks.iter().filter(|t| t.def.title.vi == "Số hóa hồ sơ đất đai").map(|t| t.record.unit.clone()).collect();
    given.sort();
    let mut want = units;
    want.sort();
    assert_eq!(given, want);
    // Who helps stands on the task's page, and may open it.
    let task = tasks.iter().find(|t| t.def.title.vi == "Số hóa hồ sơ đất đai" && t.record.unit != WARD).unwrap();
    assert_eq!(task.def.cooperating.iter().map(ToString::to_string).collect::<Vec<_>>(), [WARD, helper.as_str()]);
    let page = site.get(&site.officer, &format!("/tasks/{}", task.def.id)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", words(&page.text()));
    assert!(words(&page.text()).contains("Phối hợp Phường"), "{}", words(&page.text()));
    assert!(site.get(&site.officer, "/tasks").await.text().contains(&task.def.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_is_read_as_written_and_approved_by_a_second_person() {
    let site = site().await;
    let world = site.office.world();
    let (indicator, _) = world
        .indicators
        .iter()
        .find(|(_, i)| matches!(i.source, office::world::Source::Reported(_)) && matches!(i.format, rules::indicator::Format::Percent(_)))
        .expect("a reported rate");
    let fields = |written: &'static str| {
        vec![
            ("indicator", indicator.as_str()),
            ("unit", WARD),
            ("period", "2025Q3"),
            ("written", written),
            ("source", "Báo cáo 128/BC-UBND"),
        ]
    };
    let a = site.post(&site.officer, "/figures", &fields("khoảng chín chục"), None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        a.text().contains("khoảng chín chục") && a.text().contains("id=\"written-error\"") && a.text().contains("Báo cáo 128/BC-UBND"),
        "{}",
        words(&a.text())
    );
    // A fault elsewhere: the form says how the number is read.
    let mut no_source = fields("hơn 97,63 %");
    no_source.retain(|(n, _)| *n != "source");
    let a = site.post(&site.officer, "/figures", &no_source, None).await;
    assert!(words(&a.text()).contains("Hệ thống hiểu là") && a.text().contains("hơn 97,63 %"), "{}", words(&a.text()));
    // A period that nobody understands is said at its field, in its own words.
    let mut odd = fields("97,63 %");
    odd.iter_mut().filter(|(n, _)| *n == "period").for_each(|(_, v)| *v = "hôm qua");
    let a = site.post(&site.officer, "/figures", &odd, None).await;
    assert!(a.text().contains("id=\"period-error\"") && words(&a.text()).contains("tháng 6/2025"), "{}", words(&a.text()));
    // Before it is sent, a person sees how it is read; what looks like a slip is stood by.
    let asked = site.post(&site.officer, "/figures", &fields("976,3 %"), None).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(words(&asked.text()).contains("vượt quá 100 %") && asked.text().contains("name=\"sure\""), "{}", words(&asked.text()));
    let seen = hidden(&asked.text(), "seen");
    let unsure = [fields("976,3 %"), vec![("seen", seen.as_str())]].concat();
    assert_eq!(site.post(&site.officer, "/figures", &unsure, None).await.status, StatusCode::OK, "the box is not ticked");
    let asked = site.post(&site.officer, "/figures", &fields("hơn 97,63 %"), None).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(words(&asked.text()).contains("Hệ thống hiểu là") && words(&asked.text()).contains("Quý III/2025"), "{}", words(&asked.text()));
    assert!(!asked.text().contains("name=\"sure\""));
    let seen = hidden(&asked.text(), "seen");
    let a = site.post(&site.officer, "/figures", &[fields("hơn 97,63 %"), vec![("seen", seen.as_str())]].concat(), None).await;
    assert_eq!(a.status, StatusCode::SEE_OTHER, "{}", words(&a.text()));
    let path = a.place().split('?').next().unwrap().to_owned();
    let id = path.strip_prefix("/figures/").unwrap().to_owned();
    let page = site.get(&site.officer, &path).await.text();
    assert!(words(&page).contains("hơn 97,63\u{a0}%") || page.contains("97,63"), "{}", words(&page));
    assert!(!page.contains("/approvals/figure/"), "the officer who sent it cannot answer it");
    let a = site
        .post(&site.leader, &format!("/approvals/figure/{id}?answer=return"), &[("version", "1"), ("reason", "Thiếu văn bản nguồn")], None)
        .await;
    assert!(a.place().contains("done=returned"), "{}", words(&a.text()));
    // The unit is told on its first page, in the badge and in its inbox, each with the way to correct it.
    let home = site.get(&site.officer, "/").await.text();
    assert!(home.contains(&format!("{path}/correct")) && words(&home).contains("Thiếu văn bản nguồn"), "{}", words(&home));
    assert!(home.contains("class=\"badge num\">1") && home.contains("href=\"/figures/new"), "{}", words(&home));
    assert!(site.get(&site.officer, "/approvals").await.text().contains(&format!("{path}/correct")));
    let page = site.get(&site.officer, &path).await.text();
    let correct = format!("{path}/correct");
    assert!(page.contains("Thiếu văn bản nguồn") && page.contains(&correct), "{}", words(&page));
    let a = site.post(&site.leader, &format!("/approvals/figure/{id}?answer=approve"), &[("version", "1")], None).await;
    assert_ne!(a.status, StatusCode::SEE_OTHER, "a returned figure is not approved");
    // The form holds what was sent, and says why it came back and who said so.
    let form = site.get(&site.officer, &correct).await.text();
    assert!(form.contains("value=\"hơn 97,63 %\"") && form.contains("Thiếu văn bản nguồn"), "{}", words(&form));
    assert!(words(&form).contains("Lê Hoàng Nam"), "{}", words(&form));
    assert_eq!(site.get(&site.leader, &correct).await.status, StatusCode::FORBIDDEN, "who answers does not correct");
    let version = hidden(&form, "version");
    let again = |written: &'static str| {
        vec![("version", version.as_str()), ("period", "2025Q3"), ("written", written), ("source", "Báo cáo 131/BC-UBND")]
    };
    let a = site.post(&site.officer, &correct, &again("rất cao"), None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("id=\"written-error\"") && a.text().contains("Báo cáo 131/BC-UBND"), "{}", words(&a.text()));
    let asked = site.post(&site.officer, &correct, &again("1.198 / 1.200"), None).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", words(&asked.text()));
    let seen = hidden(&asked.text(), "seen");
    let a = site.post(&site.officer, &correct, &[again("1.198 / 1.200"), vec![("seen", seen.as_str())]].concat(), None).await;
    assert!(a.place().contains("done=figure-sent"), "{} {}", a.status, words(&a.text()));
    let now = site.office.reported_figure(&Actor::system(), &id).await.unwrap();
    assert_eq!((now.record.state.as_str(), now.def.numerator, now.record.version), ("submitted", Some(1198), 3));
    // A second window that still shows the returned figure: nothing is overwritten, both sides are shown, and there is no button.
    let a = site.post(&site.officer, &correct, &again("1.100 / 1.200"), None).await;
    assert_eq!(a.status, StatusCode::CONFLICT);
    let text = words(&a.text());
    assert!(text.contains("1.198 / 1.200") && a.text().contains("1.100 / 1.200") && text.contains("Chờ duyệt"), "{text}");
    assert_eq!(site.get(&site.officer, &correct).await.status, StatusCode::UNPROCESSABLE_ENTITY, "it waits for an answer");
    // Never more digits than the measure has: 1198 of 1200 are 99,8333… %.
    let inbox = site.get(&site.leader, "/approvals").await.text();
    assert!(inbox.contains("99,83\u{a0}%") && !inbox.contains("99,833"), "{}", words(&inbox));
}

#[tokio::test(flavor = "multi_thread")]
async fn contradictions_are_decided_with_a_reason() {
    let site = site().await;
    let conflicts = site.office.conflicts(&Actor::system()).await.unwrap();
    let open = conflicts.iter().find(|c| c.decided.is_none()).expect("the packs hold a contradiction");
    let (first, second) = (open.figures[0].record.id.to_string(), open.figures[1].record.id.to_string());
    let path = format!("/conflicts/{first}");
    let page = site.get(&site.leader, &path).await;
    assert_eq!(page.text().matches("name=\"claim\"").count(), open.figures.len());
    let seen = values(&page.text(), "seen");
    assert_eq!(seen.len(), open.figures.len(), "each figure with its version");
    let with = |fields: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        fields.iter().map(|(n, v)| (*n, (*v).to_owned())).chain(seen.iter().map(|x| ("seen", x.clone()))).collect()
    };
    fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
        fields.iter().map(|(n, v)| (*n, v.as_str())).collect()
    }
    let a = site.post(&site.leader, &path, &[("version", "1"), ("claim", &second)], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains(&format!("value=\"{second}\" checked")), "the choice is kept");
    let stranger = site.office.reported_figures(&Actor::system()).await.unwrap();
    let stranger = stranger.iter().find(|f| !open.figures.iter().any(|x| x.record.id == f.record.id)).unwrap().record.id.to_string();
    let a = site.post(&site.leader, &path, &[("claim", &stranger), ("reason", "x")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY, "only one of the contradicting figures can be chosen");
    let fields = with(&[("claim", &second), ("reason", "Theo báo cáo quý đã đối soát")]);
    let a = site.post(&site.leader, &path, &borrowed(&fields), None).await;
    assert!(a.place().contains("done=decided"), "{}", words(&a.text()));
    // Somebody who still holds the old page hears what was decided meanwhile, and loses nothing.
    let fields = with(&[("claim", &first), ("reason", "Số cũ hơn nhưng có bảng kê")]);
    let a = site.post(&site.leader, &path, &borrowed(&fields), None).await;
    assert_eq!(a.status, StatusCode::CONFLICT, "{}", words(&a.text()));
    let text = words(&a.text());
    assert!(text.contains("Người khác vừa lưu trước bạn") && text.contains("Theo báo cáo quý đã đối soát"), "{text}");
    assert!(text.contains("Lê Hoàng Nam") && a.text().contains("Số cũ hơn nhưng có bảng kê"), "{text}");
    // Made from what stands now, the decision can be taken anew.
    let fresh = values(&a.text(), "seen");
    assert_ne!(fresh, seen);
    let conflicts = site.office.conflicts(&Actor::system()).await.unwrap();
    assert!(conflicts.iter().any(|c| c.decided.as_deref() == Some(second.as_str())));
    // People are told by name, and what was never otherwise is no change.
    for id in [&first, &second] {
        for path in [format!("/figures/{id}"), format!("/records/reported_figure/{id}")] {
            let text = words(&site.get(&site.leader, &path).await.text());
            assert!(text.contains("Lê Hoàng Nam") && !text.contains("chutich"), "{path}: {text}");
            assert!(!text.contains("mâu thuẫn thành không") && !text.contains("mâu thuẫn → thành không"), "{path}: {text}");
        }
    }
    // Deadlines likewise.
    let targets = site.office.targets(&Actor::system()).await.unwrap();
    let target = targets.iter().find(|t| !t.undecided().is_empty()).expect("a target with several deadlines");
    let path = format!("/targets/{}/deadline", target.def.id);
    let day = target.undecided()[0].to_string();
    let version = target.record.version.to_string();
    let a = site.post(&site.leader, &path, &[("version", &version), ("reason", "x")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    let a = site.post(&site.leader, &path, &[("version", &version), ("claim", &day), ("reason", "Theo văn bản sau")], None).await;
    assert!(a.place().contains("done=decided"), "{}", words(&a.text()));
    let page = site.get(&site.leader, &format!("/targets/{}", target.def.id)).await.text();
    assert!(page.contains("Theo văn bản sau"));
    let other = target.undecided().iter().chain(&target.def.deadline).map(ToString::to_string).find(|d| *d != day).unwrap();
    let a = site.post(&site.leader, &path, &[("version", &version), ("claim", &other), ("reason", "Theo văn bản trước")], None).await;
    assert_eq!(a.status, StatusCode::CONFLICT);
    assert!(a.text().contains("Theo văn bản sau") && a.text().contains("Theo văn bản trước"), "{}", words(&a.text()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_proved_and_strangers_get_hashes_only() {
    let site = site().await;
    site.settled().await;
    let page = site.get(&site.leader, "/ledger/1").await.text();
    assert!(words(&page).contains("Chứng minh đúng"), "{}", words(&page));
    let json: serde_json::Value = serde_json::from_slice(&site.get(&site.leader, "/ledger/1.json").await.bytes).unwrap();
    let hash = |v: &serde_json::Value| v.as_str().unwrap().parse::<ledger::Hash>().unwrap();
    let leaf = ledger::leaf_hash(json["leaf"].as_str().unwrap().as_bytes());
    let proof: Vec<ledger::Hash> = json["inclusion_proof"].as_array().unwrap().iter().map(hash).collect();
    ledger::verify_inclusion(&leaf, 1, json["tree_size"].as_u64().unwrap(), &proof, &hash(&json["root"])).unwrap();
    site.office.store().sign_checkpoint(&site.office.keys().signer, site.office.now()).await.unwrap();
    let nobody = Person { cookie: "x".into(), csrf: String::new() };
    let note = site.get(&nobody, "/ledger/checkpoint").await;
    assert_eq!(note.status, StatusCode::OK);
    let key: ledger::VerifierKey = site.get(&nobody, "/ledger/key").await.text().trim().parse().unwrap();
    let opened = ledger::open_checkpoint(&note.text(), &[key]).unwrap();
    let size = opened.checkpoint.size;
    let width = size.min(256);
    let tile = if width == 256 { "/ledger/tile/0/000".to_owned() } else { format!("/ledger/tile/0/000.p/{width}") };
    let tile = site.get(&nobody, &tile).await;
    assert_eq!(tile.bytes.len() as u64, width * 32);
    assert_eq!(&tile.bytes[32..64], leaf.as_bytes());
    for path in ["/ledger/tile/0/x001/000", "/ledger/tile/9/000", "/ledger/tile/0/..%2f", "/ledger/tile/0/000.p/0"] {
        assert_eq!(site.get(&nobody, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let a = site.get(&nobody, "/ledger/consistency?from=1").await;
    assert_eq!(a.status, StatusCode::OK);
    for path in [
        "/tasks",
        "/tasks.csv",
        "/tasks/new",
        "/directives",
        "/approvals",
        "/ledger",
        "/ledger/1",
        "/ledger/1.json",
        "/packs",
        "/accounts",
        "/jobs",
        "/reports",
        "/reports/file.docx",
        "/figures/new",
        "/files/ab",
    ] {
        let a = site.get(&nobody, path).await;
        assert_eq!(a.status, StatusCode::SEE_OTHER, "{path}: {}", words(&a.text()));
        assert!(a.place().starts_with("/sign-in"), "{path}");
    }
    for path in ["/accounts", "/jobs", "/packs/check", "/ledger/verify", "/tasks/new", "/directives/new", "/reports/freeze"] {
        assert_eq!(site.get(&site.officer, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    // The whole ledger is checked beside the requests.
    let a = site.post(&site.leader, "/ledger/verify", &[], None).await;
    assert!(a.place().contains("verify-begun"), "{}", words(&a.text()));
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let text = words(&site.get(&site.leader, "/ledger").await.text());
        if text.contains("Đã tính lại") {
            assert!(text.contains("Toàn vẹn"), "{text}");
            return;
        }
    }
    panic!("the check did not end");
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_files_and_periods_are_closed_once() {
    let site = site().await;
    let a = site.get(&site.leader, "/reports/file.docx?period=2025Q2").await;
    assert_eq!(a.status, StatusCode::OK, "{}", words(&a.text()));
    assert!(a.bytes.starts_with(b"PK"));
    let name = a.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.contains("filename=\"bao-cao-") && name.contains("filename*=UTF-8''B%C3%A1o"), "{name}");
    let a = site.get(&site.leader, "/reports/file.xlsx?period=2025Q2&lang=en").await;
    assert!(a.bytes.starts_with(b"PK") && a.headers[header::CONTENT_TYPE].to_str().unwrap().contains("spreadsheetml"));
    let a = site.post(&site.leader, "/reports/freeze", &[("period", "2025Q2")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    let a = site.post(&site.leader, "/reports/freeze", &[("period", "2025Q2"), ("reason", "Báo cáo quý")], None).await;
    assert!(a.place().contains("done=frozen"), "{}", words(&a.text()));
    let page = site.get(&site.leader, &a.place()).await.text();
    assert!(words(&page).contains("Đã chốt số liệu của kỳ."), "{}", words(&page));
    let a = site.post(&site.leader, "/reports/freeze", &[("period", "2025Q2"), ("reason", "lần nữa")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_ends_in_a_conclusion_and_accounts_are_kept() {
    let site = site().await;
    let fields = [("kind", "KL"), ("title", "Kết luận giao ban tuần 1"), ("issuer", "Ban Chỉ đạo")];
    let a = site.post(&site.leader, "/directives", &fields, None).await;
    assert!(a.place().starts_with("/directives/KL-"), "{} {}", a.place(), words(&a.text()));
    let page = site.get(&site.leader, &a.place()).await.text();
    assert!(page.contains("/tasks/new?directive=KL-"), "{}", words(&page));
    let new = [
        ("login", "vanphong"),
        ("name", "Ngô Văn Phòng"),
        ("language", "vi"),
        ("password", "một mật khẩu dài"),
        ("role-0", "coordinator"),
        ("unit-0", ""),
    ];
    let a = site.post(&site.admin, "/accounts", &new, None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        a.text().contains("Ngô Văn Phòng") && a.text().contains("id=\"unit-0-error\"") && !a.text().contains("một mật khẩu dài"),
        "{}",
        words(&a.text())
    );
    let mut right = new;
    right[5].1 = CITY;
    let a = site.post(&site.admin, "/accounts", &right, None).await;
    assert!(a.place().contains("done=account-saved"), "{}", words(&a.text()));
    assert!(site.office.sign_in("vanphong", "một mật khẩu dài", "").await.is_ok());
    let a = site.post(&site.admin, "/accounts", &right, None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY, "a login that is taken is not overwritten");
    // Two administrators open the same account; the second to save hears of the first.
    let version = hidden(&site.get(&site.admin, "/accounts/vanphong").await.text(), "version");
    let change = |name: &'static str| {
        [("version", version.as_str()), ("name", name), ("language", "vi"), ("role-0", "coordinator"), ("unit-0", CITY)]
    };
    let a = site.post(&site.admin, "/accounts/vanphong", &change("Ngô Văn Phòng (VP)"), None).await;
    assert!(a.place().contains("done=account-saved"), "{}", words(&a.text()));
    let a = site.post(&site.admin, "/accounts/vanphong", &change("Ngô Văn Phong"), None).await;
    assert_eq!(a.status, StatusCode::CONFLICT);
    let text = words(&a.text());
    assert!(text.contains("Ngô Văn Phòng (VP)") && text.contains("Ngô Văn Phong"), "{text}");
    assert_ne!(hidden(&a.text(), "version"), version, "saving again is made from what stands now");
    let list = site.get(&site.admin, "/accounts?q=ngo+van").await.text();
    assert!(list.contains("Ngô Văn Phòng") && list.contains("Tổ giúp việc") && !list.contains("Trần Thị Hoa"), "{}", words(&list));
    assert_eq!(site.get(&site.leader, "/accounts").await.status, StatusCode::FORBIDDEN);
    let a = site.post(&site.admin, "/packs/check", &[], Some(("pack", "pack.toml", b"id = 1"))).await;
    assert_eq!(a.status, StatusCode::OK);
    assert!(a.text().contains("pack.toml"), "{}", words(&a.text()));
}

/// A figure of the ward, handed in and waiting.
async fn handed_in(site: &Site, as_of: &str, written: &str) -> String {
    let actor = site.office.visitor(&site.officer.cookie).await.unwrap().unwrap().actor;
    let figure = office::programme::FigureInput {
        indicator: "IN-036".into(),
        unit: WARD.into(),
        period: "2025-08".into(),
        as_of: as_of.into(),
        written: written.into(),
        source: "Báo cáo của phường".into(),
        ..Default::default()
    };
    site.office.submit_figure(&actor, &figure).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wards_update_of_a_month_stands_on_every_page_without_a_contradiction() {
    let site = site().await;
    for (as_of, written) in [("2025-08-25", "96,9 %"), ("2025-08-29", "98,5 %")] {
        let id = handed_in(&site, as_of, written).await;
        let a = site.post(&site.leader, &format!("/approvals/figure/{id}?answer=approve"), &[("version", "1")], None).await;
        assert!(a.place().contains("done=approved"), "{}", words(&a.text()));
    }
    let page = site.get(&site.leader, &format!("/indicators/IN-036?unit={WARD}&period=2025-08")).await.text();
    let text = words(&page);
    assert!(page.contains("98,5\u{a0}%") && !page.contains("96,9\u{a0}%"), "{text}");
    assert!(!page.contains("class=\"conflict\"") && !text.contains("Các nguồn nêu giá trị khác nhau"), "{text}");
    let list = site.get(&site.leader, &format!("/indicators?kind=conflict&unit={WARD}&period=2025-08")).await.text();
    assert!(!list.contains("IN-036"), "{}", words(&list));
    let csv = site.get(&site.leader, &format!("/indicators/IN-036/series.csv?unit={WARD}")).await.text();
    assert!(csv.contains("98,5\u{a0}%") && !csv.contains("96,9"), "{csv}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_task_form_names_all_that_is_missing_and_calls_nothing_needed_optional() {
    let site = site().await;
    let a = site.post(&site.leader, "/tasks", &[("title", "")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["title", "lead", "responsibility", "authority", "deadline", "product"] {
        assert!(a.text().contains(&format!("href=\"#{field}\"")), "{field}: {}", words(&a.text()));
    }
    assert!(words(&a.text()).contains("Có 6 chỗ cần sửa"), "{}", words(&a.text()));
    let form = site.get(&site.leader, "/tasks/new").await.text();
    assert!(form.contains(">Rõ người</label>") && form.contains(">Rõ thời gian</label>"), "{}", words(&form));
    // Before today, with the beginning left open for today.
    let past: Vec<(&str, &str)> = NEW_TASK.iter().map(|(n, v)| (*n, if *n == "deadline" { "2001-01-01" } else { *v })).collect();
    let a = site.post(&site.leader, "/tasks", &past, None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(a.text().contains("id=\"deadline-error\""), "{}", words(&a.text()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_its_reason_opens_the_form_that_lacks_it() {
    let site = site().await;
    let (first, second) = (handed_in(&site, "2025-08-25", "96,9 %").await, handed_in(&site, "2025-08-29", "98,5 %").await);
    let page = site.get(&site.leader, "/approvals").await.text();
    // The list says what it holds, so that an open page draws it anew when that changed.
    assert!(page.contains("data-live-id=\"approvals-rows\"") && page.contains("data-live=\"/live\""), "{}", words(&page));
    assert!([&first, &second].iter().all(|id| page.contains(&format!("{id}:1"))), "{}", words(&page));
    let a = site.post(&site.leader, &format!("/approvals/figure/{second}?answer=return"), &[("version", "1"), ("reason", " ")], None).await;
    assert_eq!(a.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = a.text();
    let card = html.split("<article").skip(1).find(|card| card.contains(&second)).unwrap();
    assert!(card.contains("<details open") && card.contains("reason-error") && card.contains("Có 1 chỗ cần sửa"), "{}", words(&html));
    let other = html.split("<article").skip(1).find(|card| card.contains(&first)).unwrap();
    assert!(!other.contains("<details open"), "only the one that lacks it");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_leads_where_its_reader_may_not_go() {
    let site = site().await;
    let conflict = site.office.conflicts(&Actor::system()).await.unwrap().remove(0).figures[0].record.id.to_string();
    let pages = [
        (&site.leader, format!("/units/{PROVINCE}")),
        (&site.officer, format!("/units/{WARD}")),
        (&site.officer, "/targets/T-01".to_owned()),
        (&site.admin, format!("/figures/{conflict}")),
    ];
    for (who, path) in pages {
        let mut doors = doors(&site.get(who, &path).await, &path);
        doors.retain(|x| x.starts_with("/units/") || x.starts_with("/conflicts/"));
        for door in doors {
            assert_eq!(site.get(who, &door).await.status, StatusCode::OK, "{path} leads to {door}");
        }
    }
}

/// Places that a page leads to.
fn doors(a: &Answer, path: &str) -> std::collections::BTreeSet<String> {
    assert_eq!(a.status, StatusCode::OK, "{path}");
    let (html, own) = (a.text(), |x: &&str| x.starts_with('/') && !x.starts_with("/assets/"));
    let found = html.split("href=\"").skip(1).filter_map(|x| x.split('"').next()).filter(own);
    found.map(|x| x.replace("&#38;", "&").replace("&amp;", "&")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_search_finds_and_a_directive_names_can_be_opened_by_who_sees_it() {
    let site = site().await;
    let directives = site.office.directives(&Actor::system()).await.unwrap();
    let mut opened = std::collections::BTreeSet::new();
    for (name, who) in [("leader", &site.leader), ("officer", &site.officer), ("admin", &site.admin)] {
        let searches = ["ho+so", "IN-0", "57", "phuong", "chi+tieu", "dung+han"].map(|q| format!("/search?q={q}"));
        let pages = searches.into_iter().chain(directives.iter().map(|d| format!("/directives/{}", d.record.id)));
        for path in pages {
            for door in doors(&site.get(who, &path).await, &path) {
                if opened.insert((name, door.clone())) {
                    assert_eq!(site.get(who, &door).await.status, StatusCode::OK, "{path} leads the {name} to {door}");
                }
            }
        }
    }
    assert!(opened.len() > 100, "{} doors", opened.len());
}
