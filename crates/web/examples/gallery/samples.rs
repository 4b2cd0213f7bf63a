//! Sample content: real names of the city of Vũng Tàu, the longest names, every status, a contradiction, empty pages.

use askama::Template;
use rules::Month;
use web::chart::{self, Format, Palette, Size};
use web::i18n::Lang;
use web::view::{enter::*, figures::*, records::*, trust::*, work::*, *};

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
            crumbs: vec![],
        }
    }

    fn fig(&self, value: &str, counts: &str, id: &str) -> Figure {
        Figure {
            value: value.into(),
            counts: counts.into(),
            href: "/indicators/dossier.online".into(),
            live_id: id.into(),
            estimated: false,
        }
    }

    fn kpis(&self) -> Vec<Kpi> {
        let k = |label: &str, value: &str, note: &str, mark| Kpi {
            label: label.into(),
            value: value.into(),
            note: note.into(),
            href: "/tasks".into(),
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
                        GridCell { mark, unit: unit.into(), figure: self.fig(&value, "1.246 / 1.923", &format!("{code}-{unit}")) }
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
                s,
                kpis: self.kpis(),
                grid: Grid::default(),
                late: vec![],
                at_risk: vec![],
                today: vec![],
                conflicts: vec![],
                all_late: "/tasks".into(),
                all_at_risk: "/tasks".into(),
            };
        }
        let risk = self.t.format("risk-late", &[("window", 90_i64.into()), ("threshold", "70 %".into()), ("days", 47_i64.into())]);
        LeaderPage {
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
            today: (0..3)
                .map(|i| Moved {
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

type Pages = Vec<(&'static str, String)>;

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
    let column = |key: &str, number, sorted| Column { text: t.msg(key), href: "#".into(), sorted, number };
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
                    m.field("evidence", "field-evidence", Input::File).hint(t.msg("field-evidence-hint")),
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
    more(&m, chips, pager, &mut out)?;
    Ok(out)
}

fn more(m: &Make, chips: Vec<Chip>, pager: Pager, out: &mut Pages) -> Result<(), askama::Error> {
    let t = m.t;
    let column = |text: &str, number| Column { text: text.into(), href: String::new(), sorted: "", number };
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
        count: i64::try_from(rows.len()).unwrap_or(0) * 1_900,
        rows,
        pager: pager.clone(),
        export: "/x".into(),
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
        approve: m.form("action-approve", vec![]),
        send_back: m.form("action-return", vec![m.field("reason", "field-reason", Input::Long(3)).required()]),
    };
    let approvals = |rows| ApprovalsPage {
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
        }
        .render()?,
    ));
    let ledger = LedgerPage {
        s: m.shell(&t.msg("ledger-title"), Section::Ledger, "/ledger", false),
        size: t.int(152_047_i64),
        root: ROOT.into(),
        verdict: Verdict::Whole,
        verdict_text: "Đã tính lại cây và 41 chỉ tiêu từ 152.047 mục lúc 20:31, trong 1,4 giây.".into(),
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
