//! Sample content: real names of the city of Vũng Tàu, the longest names, every status, a contradiction, empty pages.

use askama::Template;
use rules::Month;
use web::chart::{self, Format, Palette, Size};
use web::i18n::Lang;
use web::view::{enter::*, figures::*, records::*, trust::*, work::*, *};

mod pages;

pub use pages::all;

const WARDS: [&str; 17] = [
    "Phường 1",
    "Phường 2",
    "Phường 3",
    "Phường 4",
    "Phường 5",
    "Phường 7",
    "Phường 8",
    "Phường 9",
    "Phường 10",
    "Phường 11",
    "Phường 12",
    "Nguyễn An Ninh",
    "Rạch Dừa",
    "Thắng Nhất",
    "Thắng Nhì",
    "Thắng Tam",
    "Long Sơn",
];
const LONG: &str = "Trung tâm Phục vụ hành chính công phường Thắng Nhất";
const ROOT: &str = "4f2ac81b7d90e3356a1fbb2c08d47e915c63aa20f7be8d14902d6b3ef05791c0";

struct Make {
    t: Lang,
    theme: Theme,
}

fn link(href: &str, text: &str) -> Link {
    Link::new(href, text)
}

fn pairs(list: &[(&str, &str)]) -> Vec<Pair> {
    list.iter().map(|(l, v)| Pair::new(*l, *v)).collect()
}

impl Make {
    fn shell(&self, title: &str, section: Section, path: &str, pick: bool) -> Shell {
        Shell {
            t: self.t,
            title: title.into(),
            section,
            path: path.into(),
            query: vec![],
            state: State { unit: None, period: Some("2025Q2".into()), as_of: None },
            tenant: "Thành phố Vũng Tàu".into(),
            who: Some(Who {
                name: "Nguyễn Thị Minh Châu".into(),
                role: "Chuyên viên tổng hợp – Văn phòng HĐND và UBND thành phố".into(),
                csrf: "sample".into(),
                inbox: 3,
                accounts: true,
                packs: true,
                desk: true,
            }),
            pick: pick.then(|| Picker {
                units: vec![
                    Choice { value: "747".into(), text: "Thành phố Vũng Tàu".into(), selected: true },
                    Choice { value: "26533@2004-01-01".into(), text: "\u{2003}Phường Thắng Nhất".into(), selected: false },
                ],
                periods: vec![Choice { value: "2025Q2".into(), text: self.t.period("2025Q2".parse().unwrap()), selected: true }],
                as_of: "2025-06-30".into(),
                keep: vec![],
            }),
            theme: self.theme,
            simulated: true,
            as_of: "30/06/2025 20:31".into(),
            boundaries: "17 phường, xã (trước 01/07/2025)".into(),
            ledger: Some(LedgerFoot { size: self.t.int(152_047_i64), root: "4f2a…91c0".into() }),
            live: Some("/live".into()),
            notices: vec![],
            again: None,
            crumbs: vec![],
        }
    }

    fn fig(&self, value: &str, counts: &str, id: &str) -> Figure {
        Figure {
            value: value.into(),
            counts: counts.into(),
            href: "/indicators/dossier.online".into(),
            live_id: id.into(),
            period: String::new(),
            estimated: false,
        }
    }

    fn kpis(&self) -> Vec<Kpi> {
        let k = |label: &str, value: &str, note: &str, mark| Kpi {
            label: label.into(),
            value: value.into(),
            note: note.into(),
            href: "/tasks".into(),
            doors: Vec::new(),
            mark,
            live_id: format!("kpi-{label}"),
        };
        vec![
            k(&self.t.msg("leader-kpi-targets"), "24", "9 văn bản chỉ đạo", None),
            k(&self.t.msg("status-overdue"), "2", "+1 so với tuần trước", Some(Mark::Overdue)),
            k(&self.t.msg("status-at-risk"), "5", "3 chỉ tiêu, 2 nhiệm vụ", Some(Mark::AtRisk)),
            k(&self.t.msg("status-waiting"), "3", "từ bộ, ngành Trung ương", Some(Mark::Waiting)),
            k(&self.t.msg("status-completed"), "11", "46 %", Some(Mark::Completed)),
            k(&self.t.msg("leader-kpi-tasks"), "68", "", Some(Mark::InProgress)),
        ]
    }

    fn grid(&self) -> Grid {
        let rows: [(&str, &str, &str, f64, Mark, bool); 8] = [
            ("T-01", "Tỷ lệ hồ sơ dịch vụ công trực tuyến toàn trình", "≥ 70 % · 30/08/2025", 64.8, Mark::AtRisk, true),
            ("T-02", "Giải quyết hồ sơ đúng hạn", "≥ 99,5 % · quý", 99.85, Mark::Completed, false),
            ("T-03", "Người dân, doanh nghiệp được định danh, xác thực thông suốt", "100 % · 2025", 99.17, Mark::InProgress, true),
            (
                "T-04",
                "Hồ sơ công việc xử lý trên môi trường mạng, liên thông dữ liệu nội bộ",
                "100 % · 30/06/2025",
                88.2,
                Mark::Overdue,
                false,
            ),
            ("T-05", "Chi cho chuyển đổi số trên tổng chi thường xuyên", "≥ 3 % · 2025", 1.9, Mark::InProgress, false),
            ("T-06", "Nền tảng số dùng chung cấp quốc gia (IoT trong giao thông, y tế)", "chờ bộ, ngành", 0.0, Mark::Waiting, false),
            ("T-07", "Ngày thứ Sáu không nhận hồ sơ giấy", "1 ngày/tuần", 100.0, Mark::Pilot, false),
            ("T-08", "Tuyên truyền, tập huấn tổ công nghệ số cộng đồng", "hằng tháng", 2_500.0, Mark::Recurring, false),
        ];
        Grid {
            whole: self.t.msg("col-whole"),
            units: WARDS.iter().map(|w| link("/units/x", &w.replace("Phường ", "P. "))).collect(),
            rows: rows
                .iter()
                .map(|(code, title, goal, base, mark, conflict)| {
                    let cell = |unit: &str, shift: f64, mark: Mark| {
                        let v = if *base > 1_000.0 { (base / 17.0 + shift * 3.0).round() } else { (base + shift).clamp(0.0, 100.0) };
                        let value = if mark == Mark::NoData || *base == 0.0 {
                            "–".into()
                        } else {
                            self.t.decimal(v, if *base > 1_000.0 { 0 } else { 1 })
                        };
                        GridCell {
                            mark,
                            unit: unit.into(),
                            note: String::new(),
                            figure: self.fig(&value, "1.246 / 1.923", &format!("{code}-{unit}")),
                        }
                    };
                    GridRow {
                        href: "/targets/t".into(),
                        code: (*code).into(),
                        title: (*title).into(),
                        goal: (*goal).into(),
                        total: cell("Thành phố Vũng Tàu", 0.0, *mark),
                        cells: WARDS
                            .iter()
                            .zip(0..)
                            .map(|(w, i): (_, i32)| {
                                let shift = f64::from((i * 7) % 11) * 1.7 - 8.0;
                                let of = match (mark, (i * 5 + 4) % 9) {
                                    (Mark::AtRisk, 0 | 5) => Mark::Completed,
                                    (Mark::AtRisk, 1..=3) => Mark::InProgress,
                                    (Mark::Overdue, 0..=4) => Mark::Completed,
                                    (Mark::InProgress, 6) => Mark::NoData,
                                    (m, _) => *m,
                                };
                                (*code != "T-05" || i % 4 != 3).then(|| cell(w, shift, of))
                            })
                            .collect(),
                        conflict: *conflict,
                    }
                })
                .collect(),
        }
    }

    fn brief(&self, mark: Mark, title: &str, unit: &str, why: &str, value: &str) -> Brief {
        Brief { mark, href: "/tasks/x".into(), title: title.into(), unit: unit.into(), why: why.into(), value: value.into() }
    }

    fn leader(&self, empty: bool) -> LeaderPage {
        let s = self.shell(&self.t.msg("leader-title"), Section::Leader, "/", true);
        if empty {
            return LeaderPage {
                returned: vec![],
                enter: String::new(),
                s,
                kpis: self.kpis(),
                grid: Grid::default(),
                late: vec![],
                at_risk: vec![],
                today: vec![],
                today_from: String::new(),
                conflicts: vec![],
                all_late: "/tasks".into(),
                all_at_risk: "/tasks".into(),
            };
        }
        let risk = self.t.format("risk-late", &[("window", 90_i64.into()), ("threshold", "70 %".into()), ("days", 47_i64.into())]);
        LeaderPage {
            returned: vec![],
            enter: "/figures/new".into(),
            s,
            kpis: self.kpis(),
            grid: self.grid(),
            late: vec![
                self.brief(
                    Mark::Overdue,
                    "Hoàn thành hồ sơ công việc xử lý trên môi trường mạng",
                    "Văn phòng HĐND và UBND thành phố",
                    "chậm 12 ngày",
                    "88,2 %",
                ),
                self.brief(Mark::Overdue, "Bàn giao thiết bị công nghệ thông tin của đơn vị sáp nhập", LONG, "chậm 3 ngày", "60 %"),
            ],
            at_risk: vec![
                self.brief(Mark::AtRisk, "Hồ sơ dịch vụ công trực tuyến toàn trình", "Thành phố Vũng Tàu", &risk, "64,8 %"),
                self.brief(Mark::AtRisk, "Làm sạch dữ liệu dân cư theo Đề án 06", "Phường Rạch Dừa", &risk, "71,0 %"),
            ],
            today_from: String::new(),
            today: (0..3)
                .map(|i| Moved {
                    who: "Trần Thu Hà".into(),
                    state: String::new(),
                    settled: true,
                    at: format!("09:4{i}"),
                    href: "/indicators/x".into(),
                    what: "Hồ sơ nộp trực tuyến toàn trình".into(),
                    unit: "Phường Thắng Tam".into(),
                    from: "67,9 %".into(),
                    to: "68,1 %".into(),
                    proof: "/ledger/152047".into(),
                })
                .collect(),
            conflicts: vec![
                link("/indicators/IN-019", "Tỷ lệ định danh, xác thực: 88 % và 99,17 %"),
                link("/targets/T-01", "Hạn chỉ tiêu 70 % toàn trình: 30/08/2025 và trong năm 2025"),
            ],
            all_late: "/tasks?status=overdue".into(),
            all_at_risk: "/tasks?status=at_risk".into(),
        }
    }

    fn trend(&self, id: &str, size: Size) -> chart::Svg {
        let points: Vec<(Month, Option<f64>)> = [0.362, 0.381, 0.402, 0.43, 0.466, 0.48, 0.513, 0.541, 0.0, 0.588, 0.617, 0.648]
            .iter()
            .zip(0..)
            .map(|(v, i)| (Month::new(2024, 7).plus(i), (*v > 0.0).then_some(*v)))
            .collect();
        let milestones = [chart::Milestone { month: Month::new(2025, 6), value: 0.6, label: "30/06/2025: 60 %".into() }];
        let t = chart::Trend {
            id,
            title: "Tỷ lệ hồ sơ trực tuyến toàn trình, 7/2024 – 6/2025",
            desc: "Tăng từ 36,2 % lên 64,8 %; mục tiêu 70 % trước 30/08/2025.",
            unit: "%",
            format: Format::Percent(1),
            points: &points,
            target: Some(chart::Target { value: 0.7, label: self.t.msg1("chart-target", "goal", "≥ 70 %") }),
            deadline: Some(chart::Deadline {
                month: Month::new(2025, 8),
                within: 0.97,
                label: self.t.msg1("chart-deadline", "date", "30/08/2025"),
            }),
            milestones: &milestones,
            projection: Some(chart::Projection {
                month: Month::new(2025, 10),
                within: 0.5,
                value: 0.7,
                label: self.t.msg1("chart-projection", "date", "16/10/2025"),
            }),
            boundary: Some(chart::Boundary { month: Month::new(2025, 7), label: self.t.msg1("chart-boundary", "date", "01/07/2025") }),
        };
        chart::trend(&t, size, Palette::Css, self.t)
    }

    fn bars(&self) -> Vec<BarRow> {
        WARDS
            .iter()
            .zip(0..)
            .map(|(w, i)| {
                let v = 0.83 - f64::from(i) * 0.023;
                BarRow {
                    name: if *w == "Thắng Nhất" { LONG.into() } else { (*w).to_owned() },
                    href: "/units/x".into(),
                    figure: self.fig(
                        &self.t.percent(v, 1),
                        &format!("{} / {}", self.t.int(900 + i64::from(i) * 13), self.t.int(1_302_i64)),
                        &format!("l-{i}"),
                    ),
                    bar: chart::meter(Some(v), Some(0.7)),
                    own: i == 13,
                    mark: Some(if v >= 0.7 { Mark::Completed } else { Mark::AtRisk }),
                    spark: chart::Svg::default(),
                }
            })
            .collect()
    }

    fn source(&self, title: &str, quote: &str, as_of: &str) -> Source {
        Source { title: title.into(), href: "#".into(), quote: quote.into(), as_of: as_of.into(), by: "Ngọc Ánh, BBT".into() }
    }

    fn conflict(&self, decided: bool) -> Conflict {
        Conflict {
            title: "Tỷ lệ người dân, doanh nghiệp được định danh, xác thực: hai giá trị khác nhau".into(),
            claims: vec![
                Claim {
                    value: "88 %".into(),
                    source: self.source(
                        "Thành phố Vũng Tàu: Nhiều tín hiệu tích cực trong cuộc đua chuyển đổi số",
                        "tính đến thời điểm hiện tại … đạt 88 %",
                        "",
                    ),
                    proof: "/ledger/812".into(),
                    id: "a".into(),
                    chosen: false,
                },
                Claim {
                    value: "99,17 %".into(),
                    source: self.source(
                        "Thành phố Vũng Tàu: Nhiều tín hiệu tích cực trong cuộc đua chuyển đổi số",
                        "đến tháng 9/2024 đạt 99,17 %",
                        "30/09/2024",
                    ),
                    proof: "/ledger/813".into(),
                    id: "b".into(),
                    chosen: decided,
                },
            ],
            decide: "/conflicts/IN-019".into(),
            decided: if decided {
                "Đã chọn 99,17 % – Vũ Hồng Thuấn, 12/07/2025: số có ngày rõ ràng, khớp báo cáo của Công an thành phố.".into()
            } else {
                String::new()
            },
        }
    }

    fn indicator(&self) -> IndicatorPage {
        let mut s = self.shell("Hồ sơ dịch vụ công trực tuyến toàn trình", Section::Indicators, "/indicators/dossier.online", true);
        s.crumbs = vec![link("/indicators", &self.t.msg("nav-indicators"))];
        let part = |name: &str, value: f64, label: &str| chart::Part { name: name.into(), value, label: label.into() };
        let parts = [
            part("Trực tuyến toàn trình", 64.8, "64,8 %"),
            part("Trực tuyến một phần", 21.2, "21,2 %"),
            part("Tại bộ phận một cửa", 12.0, "12,0 %"),
            part("Bưu chính", 2.0, "2,0 %"),
        ];
        IndicatorPage {
            s,
            code: "dossier.online".into(),
            name: "Hồ sơ dịch vụ công trực tuyến toàn trình".into(),
            unit: "Thành phố Vũng Tàu".into(),
            period: self.t.period("2025Q2".parse().unwrap()),
            figure: self.fig("64,8 %", "9.852 / 15.204", "hero-f"),
            num: self.t.int(9_852_i64),
            den: self.t.int(15_204_i64),
            num_label: "Hồ sơ nộp trực tuyến toàn trình".into(),
            den_label: "Hồ sơ tiếp nhận".into(),
            change: self.t.msg2("change-points-up", "points", "8,2", "period", "quý I/2025"),
            change_good: Some(true),
            mark: Some(Mark::AtRisk),
            why: self.t.format("risk-late", &[("window", 90_i64.into()), ("threshold", "70 %".into()), ("days", 47_i64.into())]),
            goal: Some(link("/targets/T-01", "≥ 70 % trước 30/08/2025")),
            trend_wide: self.trend("i", Size::Wide),
            trend_narrow: self.trend("i", Size::Narrow),
            trend: (1..=6)
                .map(|m| TrendRow {
                    period: format!("{m}/2025"),
                    figure: self.fig("61,7 %", "", &format!("tr{m}")),
                    num: "1.602".into(),
                    den: "2.597".into(),
                })
                .collect(),
            league: self.bars(),
            breakdowns: vec![Breakdown {
                title: "Theo kênh tiếp nhận".into(),
                stacked: chart::stacked("kenh", "Theo kênh tiếp nhận", &parts, Palette::Css),
                rows: parts
                    .iter()
                    .enumerate()
                    .map(|(i, p)| BarRow {
                        name: p.name.clone(),
                        figure: self.fig(&p.label, "9.852 / 15.204", &p.name),
                        bar: chart::part_meter(Some(p.value / 100.0), i),
                        ..BarRow::default()
                    })
                    .collect(),
            }],
            conflicts: vec![self.conflict(false)],
            sources: vec![self.source(
                "Kế hoạch 2915/KH-UBND ngày 10/04/2025",
                "tối thiểu 70% hồ sơ dịch vụ công trực tuyến toàn trình trước ngày 30/8/2025",
                "10/04/2025",
            )],
            formula: "Số hồ sơ nộp trực tuyến toàn trình ÷ số hồ sơ tiếp nhận trong kỳ, tính theo ngày tiếp nhận.".into(),
            expression: "record.channel == 'online'  ÷  record.received_at != null".into(),
            moved_at: "30/06/2025 20:31:07".into(),
            caveats: vec!["Số liệu trước 01/07/2025 theo 17 phường, xã cũ; không có phần nào phải ước tính.".into()],
            records: "/records/dossier".into(),
            records_count: 15_204,
            proof: "/ledger/152047".into(),
            export: "/indicators/dossier.online.xlsx".into(),
        }
    }

    fn indicator_rows(&self) -> Vec<IndicatorRow> {
        let row = |code: &str, name: &str, kind: &str, value: &str, mark, conflict, goal: &str| IndicatorRow {
            href: "/indicators/x".into(),
            code: code.into(),
            name: name.into(),
            kind: self.t.msg(kind),
            figure: self.fig(value, "9.852 / 15.204", code),
            spark: if value.contains('%') {
                chart::spark(code, "từ 41 % đến 68 % trong 12 tháng", &[Some(0.4), Some(0.45), Some(0.44), None, Some(0.6), Some(0.68)])
            } else {
                chart::Svg::default()
            },
            goal: goal.into(),
            mark,
            judged: String::new(),
            source: "Báo cáo của UBND thành phố, 2024".into(),
            conflict,
        };
        vec![
            row(
                "dossier.online",
                "Hồ sơ dịch vụ công trực tuyến toàn trình",
                "kind-computed",
                "64,8 %",
                Some(Mark::AtRisk),
                false,
                "≥ 70 %",
            ),
            row("dossier.on_time", "Giải quyết hồ sơ đúng hạn", "kind-computed", "99,85 %", Some(Mark::Completed), false, "≥ 99,5 %"),
            row(
                "IN-019",
                "Người dân, doanh nghiệp sử dụng dịch vụ công trực tuyến được định danh, xác thực thông suốt",
                "kind-reported",
                "99,17 %",
                Some(Mark::InProgress),
                true,
                "100 %",
            ),
            row("IN-005", "Tổ công nghệ số cộng đồng", "kind-reported", "hơn 1.246", None, false, ""),
            row("IN-025", "Chữ ký điện tử cấp cho người dân", "kind-reported", "hơn 115.254", None, false, ""),
            row("IN-006", "Trạm 5G đang hoạt động", "kind-reported", "hơn 60", Some(Mark::Pilot), false, ""),
        ]
    }

    fn work(&self) -> Vec<WorkRow> {
        let row = |code: &str, title: &str, mark: Mark, unit: &str, left: &str, p: f64| WorkRow {
            href: "/tasks/x".into(),
            code: code.into(),
            title: title.into(),
            mark,
            unit: unit.into(),
            deadline: "30/08/2025".into(),
            left: left.into(),
            figure: self.fig(&self.t.percent(p, 1), "1.246 / 1.923", code),
            goal: "≥ 70 %".into(),
            bar: chart::meter(Some(p), Some(0.7)),
            conflict: code == "NV-02",
        };
        vec![
            row(
                "NV-01",
                "Rà soát, cập nhật danh mục thủ tục hành chính đủ điều kiện cung cấp toàn trình",
                Mark::Overdue,
                "Văn phòng HĐND và UBND thành phố",
                &self.t.msg1("late-days", "count", 12_i64),
                0.882,
            ),
            row(
                "NV-02",
                "Nâng tỷ lệ hồ sơ dịch vụ công trực tuyến toàn trình lên tối thiểu 70 %",
                Mark::AtRisk,
                LONG,
                &self.t.msg1("left-days", "count", 40_i64),
                0.648,
            ),
            row("NV-03", "Ứng dụng IoT trong giao thông, y tế", Mark::Waiting, "Phòng Kinh tế, Hạ tầng và Đô thị", "", 0.1),
            row(
                "NV-04",
                "Vận hành thử các phân hệ IOC",
                Mark::Pilot,
                "Trung tâm điều hành đô thị thông minh",
                &self.t.msg1("left-days", "count", 90_i64),
                0.35,
            ),
            row("NV-05", "Tập huấn tổ công nghệ số cộng đồng", Mark::Recurring, "17 phường, xã", "", 0.5),
            row("NV-06", "Cấp chứng thư số, chữ ký số cho lãnh đạo", Mark::Completed, "Phòng Nội vụ", "", 1.0),
            row(
                "NV-07",
                "Triển khai thanh toán không dùng tiền mặt tại chợ",
                Mark::InProgress,
                "UBND Phường 3",
                &self.t.msg1("left-days", "count", 75_i64),
                0.6,
            ),
        ]
    }

    fn history(&self) -> Vec<Happened> {
        vec![
            Happened {
                at: "28/06/2025 09:41".into(),
                who: "Phạm Thị Hoa".into(),
                what: "cập nhật tiến độ và gửi duyệt".into(),
                note: "Đã hướng dẫn tại 12 khu phố; còn vướng nhóm người cao tuổi. Tuần tới cử tổ công nghệ số đến tận nhà.".into(),
                changes: vec![Changed { field: "Tiến độ".into(), old: "60 %".into(), new: "65 %".into() }],
                evidence: vec![Evidence {
                    href: "#".into(),
                    name: "Bao-cao-thang-6-phuong-Thang-Nhat.pdf".into(),
                    kind: "PDF, 1,2 MB".into(),
                    hash: "9c1d44e0".into(),
                }],
                proof: "/ledger/152011".into(),
            },
            Happened {
                at: "20/06/2025 16:02".into(),
                who: "Vũ Hồng Thuấn".into(),
                what: "trả lại, cần bổ sung minh chứng".into(),
                note: "Thiếu danh sách khu phố đã hướng dẫn.".into(),
                proof: "/ledger/150873".into(),
                ..Happened::default()
            },
            Happened {
                at: "11/04/2025 08:00".into(),
                who: "Nguyễn Thị Minh Châu".into(),
                what: "giao nhiệm vụ theo 2915/KH-UBND".into(),
                changes: vec![Changed { field: "Hạn".into(), old: String::new(), new: "30/08/2025".into() }],
                proof: "/ledger/812".into(),
                ..Happened::default()
            },
        ]
    }

    fn form(&self, submit: &str, fields: Vec<Field>) -> Form {
        Form {
            action: "/x".into(),
            submit: self.t.msg(submit),
            fields,
            idempotency_key: "0192".into(),
            version: "3".into(),
            cancel: String::new(),
            grave: submit == "action-return" || submit == "grant-revoke",
            files: false,
        }
    }

    fn field(&self, name: &str, key: &str, input: Input) -> Field {
        Field::new(name, self.t.msg(key), input)
    }

    fn directives(&self) -> Vec<DirectiveRow> {
        let row = |number: &str, title: &str, issuer: &str, on: &str, depth, conflict| DirectiveRow {
            href: "/directives/x".into(),
            number: number.into(),
            title: title.into(),
            issuer: issuer.into(),
            issued_on: on.into(),
            depth,
            marks: vec![(Mark::Overdue, 1), (Mark::AtRisk, 2), (Mark::InProgress, 9), (Mark::Completed, 11)],
            conflict,
        };
        vec![
            row(
                "57-NQ/TW",
                "Đột phá phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số quốc gia",
                "Bộ Chính trị",
                "22/12/2024",
                0,
                false,
            ),
            row("71/NQ-CP", "Chương trình hành động thực hiện Nghị quyết 57", "Chính phủ", "01/04/2025", 1, false),
            row("520-KH/TU", "Kế hoạch thực hiện Nghị quyết 57", "Thành ủy Vũng Tàu", "", 1, false),
            row("2807/KH-UBND", "Kế hoạch thực hiện Nghị quyết 57", "UBND thành phố Vũng Tàu", "04/04/2025", 2, false),
            row(
                "2915/KH-UBND",
                "Nâng cao hiệu quả sử dụng dịch vụ công trực tuyến toàn trình",
                "UBND thành phố Vũng Tàu",
                "10/04/2025",
                3,
                false,
            ),
            row("02-NQ/TU", "Chuyển đổi số, đô thị thông minh, cải cách hành chính", "Tỉnh ủy / Trung ương", "28/05/2021", 0, true),
        ]
    }
}
