//! The pages that show figures and work.

use super::*;

mod forms;

pub(super) type Pages = Vec<(&'static str, String)>;

/// Every page, named by its template; with the empty and faulty variants.
pub fn all(t: Lang, theme: Theme) -> Result<Pages, askama::Error> {
    let m = Make { t, theme };
    let mut out: Pages =
        vec![("leader", m.leader(false).render()?), ("leader-empty", m.leader(true).render()?), ("indicator", m.indicator().render()?)];
    let chip = |text: &str, count: &str, on, mark| Chip { href: "#".into(), text: text.into(), count: count.into(), on, mark };
    let chips: Vec<Chip> = std::iter::once(chip(&t.msg("filter-all"), "68", true, None))
        .chain(Mark::ALL[..7].iter().map(|x| chip(&t.msg(x.key()), "7", false, Some(*x))))
        .collect();
    let list = IndicatorListPage {
        s: m.shell(&t.msg("indicators-title"), Section::Indicators, "/indicators", true),
        chips: chips.clone(),
        q: String::new(),
        rows: m.indicator_rows(),
        scorecards: String::new(),
        enter: "/figures/new".into(),
        export: "/x".into(),
    };
    out.push(("indicators", list.render()?));
    let unit = UnitPage {
        s: m.shell("Phường Thắng Nhất", Section::Units, "/units/26533", true),
        name: "Phường Thắng Nhất".into(),
        facts: pairs(&[
            ("Mã và hiệu lực", "26533@2004-01-01"),
            ("Thuộc", "Thành phố Vũng Tàu"),
            ("Đầu mối", LONG),
            ("Hiệu lực", "01/01/2004 – 30/06/2025"),
        ]),
        kpis: m.kpis(),
        targets: m.work(),
        tasks: vec![],
        figures: m.indicator_rows(),
        passages: vec![Passage {
            on: "01/07/2025".into(),
            what: t.msg("passage-into"),
            units: vec![link("#", "Phường Rạch Dừa (26536)")],
            share: t.msg("share-whole"),
            legal_basis: "Nghị quyết 1685/NQ-UBTVQH15".into(),
        }],
        history: m.history(),
        enter: "/figures/new".into(),
        report: "/reports".into(),
    };
    out.push(("unit", unit.render()?));
    let units = UnitListPage {
        s: m.shell(&t.msg("units-title"), Section::Units, "/units", true),
        rows: std::iter::once(("Thành phố Vũng Tàu", 0))
            .chain(WARDS.iter().map(|w| (*w, 1)))
            .map(|(w, depth)| UnitRow {
                href: "#".into(),
                name: w.into(),
                depth,
                kind: if depth == 0 { "Thành phố thuộc tỉnh".into() } else { "Phường".into() },
                code: "26533".into(),
                valid: t.msg1("valid-until-now", "from", "01/01/2004"),
                marks: vec![(Mark::AtRisk, 2), (Mark::Completed, 9)],
            })
            .collect(),
    };
    out.push(("units", units.render()?));
    out.push((
        "directives",
        DirectiveListPage {
            s: m.shell(&t.msg("directives-title"), Section::Directives, "/directives", false),
            rows: m.directives(),
            create: "/directives/new".into(),
        }
        .render()?,
    ));
    out.push((
        "directives-empty",
        DirectiveListPage {
            s: m.shell(&t.msg("directives-title"), Section::Directives, "/directives", false),
            rows: vec![],
            create: "/directives/new".into(),
        }
        .render()?,
    ));
    let directive = DirectivePage {
        s: m.shell("2807/KH-UBND", Section::Directives, "/directives/x", false),
        number: "2807/KH-UBND".into(),
        title: "Kế hoạch thực hiện Nghị quyết 57-NQ/TW".into(),
        assign: "/tasks/new".into(),
        facts: pairs(&[
            ("Cơ quan ban hành", "UBND thành phố Vũng Tàu"),
            ("Ngày ban hành", "04/04/2025"),
            ("Thực hiện", "520-KH/TU, 57-NQ/TW"),
        ]),
        below: m.directives()[3..5].to_vec(),
        targets: m.work(),
        tasks: m.work(),
        conflicts: vec![],
        history: m.history(),
    };
    out.push(("directive", directive.render()?));
    let column = |key: &str, number, sorted| Column { text: t.msg(key), href: "#".into(), sorted, number, tight: false };
    let columns = vec![
        column("col-status", false, ""),
        column("col-title", false, ""),
        column("col-unit", false, ""),
        column("col-figure", true, ""),
        column("col-goal", false, ""),
        column("col-deadline", false, "ascending"),
    ];
    let pager = Pager {
        shown: t.format("pager-shown", &[("from", 51_i64.into()), ("to", 100_i64.into()), ("count", 15_204_i64.into())]),
        first: "#".into(),
        back: "#".into(),
        next: "#".into(),
    };
    let tasks = |rows: Vec<WorkRow>| TaskListPage {
        s: m.shell(&t.msg("tasks-title"), Section::Tasks, "/tasks", true),
        chips: chips.clone(),
        q: String::new(),
        columns: columns.clone(),
        count: i64::try_from(rows.len()).unwrap_or(0),
        rows,
        pager: pager.clone(),
        create: "/tasks/new".into(),
        export: "/x".into(),
    };
    out.push(("tasks", tasks(m.work()).render()?));
    out.push(("tasks-empty", tasks(vec![]).render()?));
    let mut s = m.shell("NV-02", Section::Tasks, "/tasks/x", false);
    s.crumbs = vec![link("/tasks", &t.msg("nav-tasks"))];
    s.notices = vec![Notice { good: true, text: "Đã gửi cập nhật tiến độ; UBND thành phố sẽ duyệt.".into() }];
    let task = TaskPage {
        s,
        code: "NV-02".into(),
        title: "Nâng tỷ lệ hồ sơ dịch vụ công trực tuyến toàn trình lên tối thiểu 70 %".into(),
        mark: Mark::AtRisk,
        why: t.format("risk-late", &[("window", 90_i64.into()), ("threshold", "70 %".into()), ("days", 47_i64.into())]),
        state: t.msg("state-submitted"),
        progress: 65,
        bar: chart::meter(Some(0.65), None),
        six: [
            Pair::new(t.msg("six-who"), LONG),
            Pair::new(t.msg("six-work"), "Hướng dẫn nộp hồ sơ toàn trình tại nhà và tại bộ phận một cửa"),
            Pair::new(t.msg("six-responsibility"), "Chủ tịch UBND phường Thắng Nhất"),
            Pair::new(t.msg("six-authority"), "Điều động tổ công nghệ số cộng đồng; đề nghị bổ sung thiết bị"),
            Pair::new(t.msg("six-time"), "30/08/2025"),
            Pair::new(t.msg("six-product"), "Tỷ lệ ≥ 70 %, báo cáo có xác nhận"),
        ],
        facts: pairs(&[("Phối hợp", "Công an phường; Đoàn Thanh niên"), ("Theo văn bản", "2915/KH-UBND"), ("Phục vụ chỉ tiêu", "T-01")]),
        below: vec![],
        actions: vec![
            m.form(
                "action-update",
                vec![
                    m.field("progress", "field-progress", Input::Number).value("65").required(),
                    m.field("note", "field-note", Input::Long(4)).required().error("Hãy ghi việc đã làm trong kỳ."),
                    m.field("evidence", "field-evidence", Input::File).hint(t.msg2(
                        "field-evidence-hint",
                        "kinds",
                        office::one_stop::evidence_kinds(),
                        "max",
                        20_i64,
                    )),
                ],
            ),
            m.form("action-return", vec![m.field("reason", "field-reason", Input::Long(2)).required()]),
        ],
        history: m.history(),
    };
    out.push(("task", task.render()?));
    let target = TargetPage {
        s: m.shell("T-01", Section::Indicators, "/targets/T-01", true),
        code: "T-01".into(),
        title: "Tối thiểu 70 % hồ sơ dịch vụ công trực tuyến toàn trình".into(),
        mark: Mark::AtRisk,
        why: t.format("risk-late", &[("window", 90_i64.into()), ("threshold", "70 %".into()), ("days", 47_i64.into())]),
        figure: m.fig("64,8 %", "9.852 / 15.204", "t-f"),
        threshold: "≥ 70 %".into(),
        deadlines: vec![
            ("30/08/2025".into(), t.msg1("left-days", "count", 61_i64)),
            ("31/12/2025".into(), t.msg1("left-days", "count", 184_i64)),
        ],
        indicator: link("/indicators/dossier.online", "Hồ sơ dịch vụ công trực tuyến toàn trình"),
        directive: link("/directives/x", "2915/KH-UBND"),
        facts: pairs(&[
            ("Chủ trì", "Văn phòng HĐND và UBND thành phố"),
            ("Phối hợp", "17 phường, xã"),
            ("Quy tắc cảnh báo", "tốc độ 90 ngày gần nhất"),
        ]),
        trend_wide: m.trend("t", Size::Wide),
        trend_narrow: m.trend("t", Size::Narrow),
        steps: vec![
            Step { date: "30/06/2025".into(), goal: "60 %".into(), figure: m.fig("64,8 %", "", "st"), mark: Mark::Completed },
            Step { date: "30/08/2025".into(), goal: "70 %".into(), figure: m.fig("–", "", "st2"), mark: Mark::AtRisk },
        ],
        conflicts: vec![m.conflict(true)],
        units: m.work(),
        tasks: vec![],
        history: m.history(),
    };
    out.push(("target", target.render()?));
    forms::more(&m, chips, pager, &mut out)?;
    Ok(out)
}
