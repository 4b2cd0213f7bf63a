//! The pages on which something is entered, decided or proved.

use super::*;

pub(super) fn more(m: &Make, chips: Vec<Chip>, pager: Pager, out: &mut Pages) -> Result<(), askama::Error> {
    let t = m.t;
    let column = |text: &str, number| Column { text: text.into(), href: String::new(), sorted: "", number, tight: false };
    let records = |rows: Vec<RecordRow>| RecordListPage {
        s: m.shell("Hồ sơ thủ tục hành chính", Section::Indicators, "/records/dossier", true),
        register: "Hồ sơ thủ tục hành chính".into(),
        behind: "Mẫu số của “Hồ sơ dịch vụ công trực tuyến toàn trình”, Thành phố Vũng Tàu, quý II/2025".into(),
        chips: chips[..3].to_vec(),
        q: String::new(),
        columns: vec![
            column("Mã hồ sơ", false),
            column("Tiếp nhận", false),
            column("Hạn trả", false),
            column("Kênh", false),
            column("Đơn vị", false),
            column("Phí (đồng)", true),
        ],
        count: m.t.msg1("records-count", "count", rows.len() * 1_900),
        rows,
        pager: pager.clone(),
        export: "/x".into(),
        history: String::new(),
    };
    let rows = (0..8)
        .map(|i| RecordRow {
            href: "/records/dossier/x".into(),
            cells: vec![
                format!("000.00.16.H06-250612-00{i:02}"),
                "12/06/2025 08:15".into(),
                "19/06/2025".into(),
                "Trực tuyến toàn trình".into(),
                LONG.into(),
                "150.000".into(),
            ],
            mark: Some(if i == 3 { Mark::Overdue } else { Mark::Completed }),
        })
        .collect();
    out.push(("records", records(rows).render()?));
    out.push(("records-empty", records(vec![]).render()?));
    let record = RecordPage {
        s: m.shell("000.00.16.H06-250612-0003", Section::Indicators, "/records/dossier/x", false),
        register: "Hồ sơ thủ tục hành chính".into(),
        name: "000.00.16.H06-250612-0003".into(),
        state: "Đã trả kết quả".into(),
        mark: Some(Mark::Completed),
        fields: pairs(&[
            ("Thủ tục", "Chứng thực bản sao từ bản chính"),
            ("Người nộp", "•••"),
            ("Tiếp nhận", "12/06/2025 08:15"),
            ("Hạn trả", "19/06/2025"),
            ("Kênh", "Trực tuyến toàn trình"),
            ("Đơn vị", LONG),
        ]),
        counted: pairs(&[("Hồ sơ trực tuyến toàn trình", "tử số và mẫu số, 6/2025"), ("Giải quyết đúng hạn", "tử số và mẫu số, 6/2025")]),
        actions: vec![],
        history: m.history(),
        looks: vec![LookRow {
            at: "12/06/2025 09:41".into(),
            who: "Phạm Thị Hoa".into(),
            grant: "Cán bộ đơn vị – Phường Thắng Nhất".into(),
            what: m.t.msg1("look-page", "fields", "Người nộp"),
            proof: "/ledger/1".into(),
        }],
        personal: Some(false),
        correct: String::new(),
    };
    out.push(("record", record.render()?));
    let hit = |title: &str, note: &str| Hit { href: "#".into(), title: title.into(), note: note.into() };
    let groups = vec![
        ("Chỉ tiêu".into(), vec![hit("Giải quyết hồ sơ đúng hạn", "dossier.on_time")]),
        ("Đơn vị".into(), vec![hit("Phường Thắng Nhất", "26533"), hit("Phường Thắng Nhì", "26521")]),
    ];
    out.push((
        "search",
        SearchPage { s: m.shell(&t.msg("search-title"), Section::None, "/search", false), q: "thang nh".into(), groups }.render()?,
    ));
    let mut s = m.shell(&t.msg("sign-in-title"), Section::None, "/sign-in", false);
    (s.who, s.ledger, s.as_of, s.live) = (None, None, String::new(), None);
    let mut password = m.field("password", "field-password", Input::Password).required();
    password.autocomplete = "current-password";
    let mut login = m.field("login", "field-login", Input::Text).required();
    login.autocomplete = "username";
    let demo = |login: &str, role: &str| DemoAccount { login: login.into(), password: "hai-dang-2025".into(), role: role.into() };
    let sign_in = SignInPage {
        s: s.clone(),
        form: m.form("action-sign-in", vec![login, password]),
        error: t.msg("sign-in-wrong"),
        demo: vec![demo("chutich", "Chủ tịch UBND thành phố"), demo("thangnhat", "Công chức phường Thắng Nhất")],
    };
    out.push(("sign-in", sign_in.render()?));
    let choice = |text: &str| Choice { value: text.into(), text: text.into(), selected: false };
    let form = FormPage {
        s: m.shell(&t.msg("indicators-enter"), Section::Indicators, "/figures/new", false),
        lead: "Số liệu được gửi cho cấp trên duyệt trước khi hiện ở trang Tổng quan.".into(),
        form: m.form(
            "action-submit",
            vec![
                m.field("indicator", "field-indicator", Input::Select)
                    .required()
                    .choices(vec![choice("Tổ công nghệ số cộng đồng"), choice("Trạm 5G đang hoạt động")]),
                m.field("value", "field-value", Input::Number)
                    .value("1.246 hoặc 1.250")
                    .required()
                    .hint(t.msg("field-value-hint"))
                    .error("Có hai số trong ô này. Hãy ghi một số, hoặc dạng tử số / mẫu số."),
                m.field("as_of", "field-as-of", Input::Date).hint(t.msg("field-as-of-hint")),
                m.field("source", "field-source", Input::Text).required().error("Hãy ghi nguồn của số liệu."),
                m.field("quote", "field-quote", Input::Long(3)),
            ],
        ),
        understood: pairs(&[("Giá trị", "1.246"), ("Mức độ", "hơn (từ trên 1.246)")]),
        clash: vec![("Giá trị".into(), "hơn 1.240".into(), "hơn 1.246".into())],
        beside: pairs(&[("Giá trị đã duyệt gần nhất", "hơn 1.246 tổ"), ("Nguồn", "Bài viết ngày 5/2025"), ("Tính đến", "không rõ ngày")]),
        beside_title: t.msg("form-beside"),
    };
    out.push(("form", form.render()?));
    let awaiting = |title: &str, mark| Awaiting {
        href: "/tasks/x".into(),
        title: title.into(),
        unit: LONG.into(),
        sent: "Phạm Thị Hoa, 28/06/2025 09:41".into(),
        value: "64,8 %".into(),
        before: "61,7 %".into(),
        note: "Đã hướng dẫn tại 12 khu phố.".into(),
        evidence: m.history()[0].evidence.clone(),
        mark,
        key: String::new(),
        approve: m.form("action-approve", vec![]),
        send_back: m.form("action-return", vec![m.field("reason", "field-reason", Input::Long(3)).required()]),
    };
    let approvals = |rows: Vec<Awaiting>| ApprovalsPage {
        waiting: 2,
        key: String::new(),
        pager: Pager::default(),
        returned: vec![],
        s: m.shell(&t.msg("approvals-title"), Section::Approvals, "/approvals", false),
        rows,
        mine: vec![(link("#", "Báo cáo tháng 5"), t.msg("state-approved"), "31/05/2025".into())],
    };
    out.push((
        "approvals",
        approvals(vec![
            awaiting("Hồ sơ dịch vụ công trực tuyến toàn trình, tháng 6/2025", Some(Mark::AtRisk)),
            awaiting("Tập huấn tổ công nghệ số cộng đồng", None),
        ])
        .render()?,
    ));
    out.push(("approvals-empty", approvals(vec![]).render()?));
    let conflict = ConflictPage {
        s: m.shell(&t.msg("decide-title"), Section::Indicators, "/conflicts/x", false),
        conflict: m.conflict(false),
        form: m.form("action-decide", vec![]),
        seen: vec![],
        clash: vec![],
        claim_error: String::new(),
        reason: m.field("reason", "field-reason", Input::Long(3)).required(),
    };
    out.push(("conflict", conflict.render()?));
    let report = ReportPage {
        s: m.shell(&t.msg("reports-title"), Section::Reports, "/reports", false),
        fields: vec![
            m.field("period", "field-period", Input::Select).choices(vec![choice("Quý II/2025")]),
            m.field("unit", "field-unit", Input::Select).choices(vec![choice("Thành phố Vũng Tàu")]),
        ],
        holds: pairs(&[("Chỉ tiêu", "24"), ("Quá hạn", "2"), ("Có nguy cơ chậm", "5"), ("So với", "quý I/2025")]),
        freeze: "/reports/freeze".into(),
        docx: "/x.docx".into(),
        xlsx: "/x.xlsx".into(),
        made: vec![Made {
            title: "Báo cáo quý I/2025, Thành phố Vũng Tàu".into(),
            at: "02/04/2025 10:12".into(),
            who: "Nguyễn Thị Minh Châu".into(),
            files: vec![link("#", "Word"), link("#", "Excel")],
            frozen: "81.402".into(),
        }],
    };
    out.push(("report", report.render()?));
    let pack = |id: &str, faults| PackView {
        id: id.into(),
        name: if id == "vietnam" { "Quốc gia".into() } else { "Thành phố Vũng Tàu".into() },
        version: "1".into(),
        loaded: "30/06/2025 08:00".into(),
        counts: pairs(&[("Đơn vị", "22"), ("Sổ", "4"), ("Chỉ tiêu", "41"), ("Văn bản", "12"), ("Số liệu công bố", "37")]),
        files: vec![("indicators/dossier.toml".into(), "9c1d44e0".into()), ("units.toml".into(), "77ab01cd".into())],
        faults,
    };
    let faults = vec![PackFault {
        file: "indicators/dossier.toml".into(),
        line: "12".into(),
        sentence: "Chỉ tiêu “dossier.on_time” dùng trường “due”, sổ “dossier” không có trường này. Có phải “due_at”?".into(),
    }];
    out.push((
        "packs",
        PacksPage {
            s: m.shell(&t.msg("packs-title"), Section::Admin, "/packs", false),
            packs: vec![pack("vietnam", vec![]), pack("vung-tau", faults)],
            check: "/packs/check".into(),
        }
        .render()?,
    ));
    let ledger = LedgerPage {
        s: m.shell(&t.msg("ledger-title"), Section::Ledger, "/ledger", false),
        size: t.int(152_047_i64),
        root: ROOT.into(),
        verdict: Verdict::Whole,
        verdict_text: "Đã tính lại cây và 41 chỉ tiêu từ 152.047 mục lúc 20:31, trong 1,4 giây.".into(),
        verify: "/ledger/verify".into(),
        latest: "/ledger/checkpoint".into(),
        facts: pairs(&[("Tên nhật ký", "vung-tau.haidang"), ("Thuật toán", "Ed25519, SHA-256")]),
        checkpoints: (0..3)
            .map(|i| CheckpointRow {
                size: t.int(152_047_i64 - i * 900),
                root: ROOT.into(),
                at: "30/06/2025 20:30".into(),
                href: "#".into(),
            })
            .collect(),
        key: "vung-tau.haidang+3f1c2b7a+AdBf0q1Zc8m0Zk2o5mQe1n8c4o0H7r2s9u3V6x1Y5w0=".into(),
        find: m.field("seq", "ledger-find-label", Input::Number).required(),
        prove: m.field("from", "ledger-prove-label", Input::Number).required(),
        recent: (0..6)
            .map(|i| {
                (
                    t.int(152_046_i64 - i),
                    link("#", "Hồ sơ 000.00.16.H06-250612-0003: trả kết quả"),
                    "Phạm Thị Hoa".into(),
                    "30/06/2025 20:31".into(),
                )
            })
            .collect(),
    };
    out.push(("ledger", ledger.render()?));
    let entry = EntryPage {
        s: m.shell(&t.msg1("entry-title", "seq", "152.011"), Section::Ledger, "/ledger/152011", false),
        seq: "152.011".into(),
        facts: pairs(&[
            ("Hồ sơ", "NV-02, phiên bản 7"),
            ("Người thực hiện", "Phạm Thị Hoa"),
            ("Thẩm quyền", "Công chức phường"),
            ("Lúc", "28/06/2025 09:41:12"),
        ]),
        changes: m.history()[0].changes.clone(),
        leaf_hash: ROOT.into(),
        steps: (0..5).map(|i| ProofStep { left: i % 2 == 0, hash: ROOT.into() }).collect(),
        tree_size: "152.047".into(),
        root: ROOT.into(),
        holds: true,
        leaf: r#"{"actor":"thangnhat","at":"2025-06-28T02:41:12.000000Z","c":{"progress":[60,65]},"kind":"update"}"#.into(),
        download: "#".into(),
    };
    out.push(("entry", entry.render()?));
    let grant = |role: &str, unit: &str, revoke: bool| GrantRow {
        role: role.into(),
        unit: unit.into(),
        since: "01/01/2025".into(),
        revoke: revoke.then(|| m.form("grant-revoke", vec![])),
    };
    let accounts = AccountsPage {
        s: m.shell(&t.msg("accounts-title"), Section::Admin, "/accounts", false),
        q: String::new(),
        rows: vec![
            AccountRow {
                name: "Phạm Thị Hoa".into(),
                login: "thangnhat".into(),
                active: true,
                last_seen: "30/06/2025 20:12".into(),
                grants: vec![grant("Công chức", LONG, true), grant("Người nhập số liệu", "Phường Thắng Nhất", true)],
                href: "#".into(),
            },
            AccountRow {
                name: "Vũ Hồng Thuấn".into(),
                login: "lanhdao".into(),
                active: false,
                last_seen: "28/06/2025 09:00".into(),
                grants: vec![grant("Lãnh đạo", "Thành phố Vũng Tàu", false)],
                href: "#".into(),
            },
        ],
        create: "/accounts/new".into(),
    };
    out.push(("accounts", accounts.render()?));
    s.title = t.msg("error-not-found-title");
    let error = ErrorPage {
        s,
        status: 404,
        happened: t.msg("error-not-found"),
        kept: String::new(),
        next: t.msg("error-not-found-next"),
        code: "page.not_found".into(),
        request_id: "0192f3c4".into(),
        back: Some(link("/", &t.msg("error-back"))),
    };
    out.push(("error", error.render()?));
    Ok(())
}
