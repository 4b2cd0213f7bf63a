//! A filled model: Vũng Tàu in the second quarter of 2025. Published figures keep their value and source; everything by
//! ward is invented, hence the whole is marked as simulated.

use jiff::civil::{Date, date};
use office::report::*;
use rules::time::Period;

pub const WARDS: [&str; 17] = [
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
    "Phường Nguyễn An Ninh",
    "Phường Rạch Dừa",
    "Phường Thắng Nhất",
    "Phường Thắng Nhì",
    "Phường Thắng Tam",
    "Xã Long Sơn",
];

/// Dossiers resolved on time ÷ resolved, received online ÷ received, end to end ÷ received; invented, one row for each ward.
const DOSSIERS: [[i64; 6]; 17] = [
    [812, 813, 779, 801, 571, 801],
    [655, 655, 640, 652, 498, 652],
    [590, 592, 571, 588, 401, 588],
    [431, 431, 420, 429, 322, 429],
    [508, 509, 498, 511, 377, 511],
    [902, 903, 880, 905, 702, 905],
    [866, 868, 850, 871, 598, 871],
    [640, 640, 622, 639, 466, 639],
    [977, 979, 961, 984, 731, 984],
    [1_102, 1_104, 1_080, 1_110, 803, 1_110],
    [1_240, 1_243, 1_214, 1_251, 842, 1_251],
    [733, 733, 715, 735, 560, 735],
    [1_015, 1_017, 990, 1_020, 745, 1_020],
    [988, 989, 962, 991, 690, 991],
    [702, 703, 690, 706, 489, 706],
    [611, 611, 602, 613, 455, 613],
    [377, 380, 352, 378, 201, 378],
];

const RATE: Measure = Measure::Percent { decimals: 2 };

fn target(code: &str, name: &str, unit_of_measure: &str, measure: Measure, status: Status) -> ResultRow {
    ResultRow {
        code: code.into(),
        name: name.into(),
        unit_of_measure: unit_of_measure.into(),
        measure,
        threshold: None,
        deadline: None,
        deadline_note: None,
        note: None,
        current_span: "quý II/2025".into(),
        previous_span: "quý I/2025".into(),
        current_sum: Figure::NONE,
        previous_sum: Figure::NONE,
        stale: false,
        owner: "Văn phòng HĐND và UBND thành phố".into(),
        current: Figure::NONE,
        previous: Figure::NONE,
        status,
        status_note: None,
        source: "Hệ thống một cửa điện tử của thành phố".into(),
        as_of: Some(date(2025, 6, 30)),
        definition: String::new(),
    }
}

fn at_least(value: f64) -> Option<Threshold> {
    Some(Threshold { at_most: false, value })
}

fn sum(column: usize) -> i64 {
    DOSSIERS.iter().map(|row| row[column]).sum()
}

fn results() -> Vec<ResultRow> {
    let city = "Trang thông tin điện tử thành phố Vũng Tàu, bài về chuyển đổi số năm 2024";
    vec![
        ResultRow {
            threshold: at_least(1.0),
            deadline: Some(date(2025, 6, 30)),
            current: Figure::ratio(17, 17),
            previous: Figure::ratio(14, 17),
            source: "Kế hoạch của 17/17 phường, xã ban hành theo Kế hoạch số 2807/KH-UBND".into(),
            definition: "Số phường, xã đã ban hành kế hoạch ÷ tổng số phường, xã".into(),
            ..target(
                "IN-001",
                "Phường, xã ban hành kế hoạch thực hiện Nghị quyết số 57-NQ/TW",
                "%",
                Measure::Percent { decimals: 0 },
                Status::Completed,
            )
        },
        ResultRow {
            threshold: at_least(0.7),
            deadline: Some(date(2025, 8, 30)),
            deadline_note: Some("nguồn khác ghi: trong năm 2025".into()),
            current: Figure::ratio(sum(4), sum(5)),
            previous: Figure::ratio(6_402, 10_911),
            definition: "Số hồ sơ tiếp nhận trực tuyến toàn trình ÷ tổng số hồ sơ tiếp nhận".into(),
            ..target("IN-002", "Tỷ lệ hồ sơ dịch vụ công trực tuyến toàn trình", "%", RATE, Status::InProgress)
        },
        ResultRow {
            threshold: at_least(0.95),
            deadline: Some(date(2025, 12, 31)),
            current: Figure::ratio(sum(0), sum(1)),
            previous: Figure::ratio(11_870, 11_893),
            definition: "Số hồ sơ trả kết quả trước hoặc đúng hạn ÷ tổng số hồ sơ đã trả kết quả".into(),
            ..target("IN-015", "Tỷ lệ hồ sơ thủ tục hành chính giải quyết đúng hạn", "%", RATE, Status::Recurring)
        },
        ResultRow {
            threshold: at_least(1.0),
            deadline: Some(date(2025, 12, 31)),
            current: Figure::ratio(sum(2), sum(3)),
            previous: Figure::percent(97.63),
            source: format!("{city}; hệ thống một cửa điện tử (kỳ này)"),
            definition: "Số hồ sơ tiếp nhận, xử lý qua hệ thống một cửa điện tử ÷ tổng số hồ sơ tiếp nhận".into(),
            ..target(
                "IN-011",
                "Hồ sơ tiếp nhận, xử lý qua hệ thống một cửa điện tử (thành phố và 17 phường, xã)",
                "%",
                RATE,
                Status::InProgress,
            )
        },
        ResultRow {
            current: Figure::of(1_246.0).qualified(Qualifier::Over),
            previous: Figure::of(1_246.0).qualified(Qualifier::Over),
            owner: "UBND 17 phường, xã".into(),
            source: "Báo cáo tại hội nghị của Thành ủy, quý II/2025".into(),
            as_of: None,
            definition: "Số tổ công nghệ số cộng đồng đang hoạt động".into(),
            ..target("IN-005", "Tổ công nghệ số cộng đồng", "tổ", Measure::Integer, Status::Recurring)
        },
        ResultRow {
            threshold: at_least(100.0),
            deadline: Some(date(2025, 12, 31)),
            current: Figure::of(60.0).qualified(Qualifier::Over),
            previous: Figure::of(52.0),
            status_note: Some("chậm 47 ngày nếu giữ tốc độ hiện nay".into()),
            owner: "Phòng Văn hóa, Khoa học và Thông tin".into(),
            source: "Báo cáo của doanh nghiệp viễn thông, quý II/2025".into(),
            as_of: None,
            definition: "Số trạm 5G đã phát sóng".into(),
            ..target("IN-006", "Trạm 5G đang hoạt động", "trạm", Measure::Integer, Status::AtRisk)
        },
        ResultRow {
            threshold: at_least(0.03),
            deadline: Some(date(2025, 3, 31)),
            current: Figure::ratio(38_412, 1_804_500),
            previous: Figure::percent(1.7),
            status: Status::Overdue,
            status_note: Some("chậm 91 ngày".into()),
            owner: "Phòng Tài chính - Kế hoạch".into(),
            source: "Phụ lục tiến độ thực hiện kèm Kế hoạch số 2807/KH-UBND; số chi của phòng Tài chính - Kế hoạch (triệu đồng)".into(),
            definition: "Chi cho chuyển đổi số ÷ tổng chi thường xuyên (triệu đồng)".into(),
            ..target("IN-008", "Tỷ lệ chi ngân sách cho chuyển đổi số trên tổng chi thường xuyên", "%", RATE, Status::Overdue)
        },
        ResultRow {
            threshold: at_least(1.0),
            current: Figure::ratio(7_129, 7_129),
            previous: Figure::ratio(7_129, 7_129),
            owner: "Đội Thuế thành phố".into(),
            source: city.into(),
            as_of: Some(date(2024, 9, 30)),
            definition: "Số doanh nghiệp sử dụng hóa đơn điện tử ÷ số doanh nghiệp đang hoạt động".into(),
            ..target("IN-021", "Doanh nghiệp sử dụng hóa đơn điện tử", "%", Measure::Percent { decimals: 0 }, Status::Completed)
        },
        ResultRow {
            threshold: at_least(0.5),
            deadline: Some(date(2025, 12, 31)),
            current: Figure {
                numerator: Some(115_254),
                denominator: Some(277_988),
                ..Figure::ratio(115_254, 277_988).qualified(Qualifier::Over)
            },
            previous: Figure::percent(38.2),
            owner: "Công an thành phố".into(),
            source: format!("{city}; mẫu số suy ra từ tỷ lệ công bố"),
            as_of: None,
            definition: "Số người dân được cấp chữ ký số cá nhân ÷ dân số trưởng thành".into(),
            ..target("IN-026", "Người dân trưởng thành được cấp chữ ký số cá nhân", "%", RATE, Status::InProgress)
        },
        ResultRow {
            current: Figure::NONE,
            previous: Figure::NONE,
            owner: "Trung tâm Phục vụ hành chính công phường Thắng Nhất".into(),
            source: "Kế hoạch thí điểm của UBND phường Thắng Nhất".into(),
            as_of: None,
            definition: "Số ngày thứ Sáu không nhận hồ sơ giấy ÷ số ngày thứ Sáu trong kỳ".into(),
            ..target("IN-037", "Thí điểm “ngày thứ Sáu không nhận hồ sơ giấy”", "ngày", Measure::Integer, Status::Pilot)
        },
        ResultRow {
            threshold: at_least(1.0),
            deadline: Some(date(2025, 9, 30)),
            owner: "Phòng Văn hóa, Khoa học và Thông tin".into(),
            source: "Chưa có".into(),
            as_of: None,
            definition: "Số nội dung ứng dụng IoT được hướng dẫn ÷ số nội dung đăng ký".into(),
            ..target("IN-060", "Ứng dụng IoT trong sản xuất, giao thông, y tế", "%", RATE, Status::Waiting)
        },
    ]
}

fn by_unit() -> UnitTable {
    let names = ["Hồ sơ đúng hạn", "Hồ sơ qua một cửa điện tử", "Hồ sơ toàn trình"];
    let codes = ["IN-015", "IN-011", "IN-002"];
    let floors = [0.95, 1.0, 0.7];
    let columns = (0..3)
        .map(|i| UnitColumn {
            code: codes[i].into(),
            name: names[i].into(),
            measure: RATE,
            threshold: at_least(floors[i]),
            span: "quý II/2025".into(),
        })
        .collect();
    let row = |name: &str, d: [i64; 6]| {
        let cell = |i: usize| {
            let figure = Figure::ratio(d[i * 2], d[i * 2 + 1]);
            let reached = figure.value.is_some_and(|v| v >= floors[i]);
            let status = if reached {
                Status::Completed
            } else if i == 2 && figure.value < Some(0.6) {
                Status::AtRisk
            } else {
                Status::InProgress
            };
            UnitCell { figure, status: Some(status) }
        };
        UnitRow { name: name.into(), cells: (0..3).map(cell).collect() }
    };
    UnitTable {
        columns,
        rows: WARDS.iter().zip(DOSSIERS).map(|(name, d)| row(name, d)).collect(),
        total: Some(row("Toàn thành phố", std::array::from_fn(sum))),
    }
}

#[expect(clippy::cast_precision_loss, reason = "small invented counts")]
fn charts() -> Vec<Chart> {
    let share = |d: &[i64; 6]| Some(d[4] as f64 / d[5] as f64);
    vec![
        Chart {
            title: "Tỷ lệ hồ sơ trực tuyến toàn trình theo phường, xã, quý II/2025".into(),
            measure: Measure::Percent { decimals: 1 },
            categories: WARDS.iter().map(|w| w.replace("Phường ", "P. ").replace("Xã ", "X. ")).collect(),
            bars: vec![Series { name: "Quý II/2025".into(), values: DOSSIERS.iter().map(share).collect() }],
            threshold: Some(Series { name: "Mức giao (70 %)".into(), values: vec![Some(0.7); 17] }),
        },
        Chart {
            title: "Các chỉ tiêu tỷ lệ so với mức giao và quý trước".into(),
            measure: Measure::Percent { decimals: 1 },
            categories: ["Toàn trình", "Một cửa điện tử", "Đúng hạn", "Chữ ký số cá nhân", "Hóa đơn điện tử"].map(String::from).to_vec(),
            bars: vec![
                Series {
                    name: "Quý II/2025".into(),
                    values: vec![share(&std::array::from_fn(sum)), Some(0.9766), Some(0.9984), Some(0.4146), Some(1.0)],
                },
                Series { name: "Quý I/2025".into(), values: vec![Some(0.5867), Some(0.9763), Some(0.9981), Some(0.382), None] },
            ],
            threshold: Some(Series { name: "Mức giao".into(), values: vec![Some(0.7), Some(1.0), Some(0.95), Some(0.5), Some(1.0)] }),
        },
    ]
}

fn claim(value: &str, as_of: Option<Date>, source: &str) -> Claim {
    Claim { value: value.into(), as_of, source: source.into() }
}

fn remark(unit: &str, text: &str) -> Remark {
    Remark { unit: (!unit.is_empty()).then(|| unit.into()), text: text.into() }
}

/// The whole report.
pub fn vung_tau() -> ReportModel {
    ReportModel {
        letterhead: Letterhead {
            superior: vec!["ỦY BAN NHÂN DÂN".into(), "TỈNH BÀ RỊA - VŨNG TÀU".into()],
            issuer: vec!["ỦY BAN NHÂN DÂN".into(), "THÀNH PHỐ VŨNG TÀU".into()],
            issuer_in_text: "Ủy ban nhân dân thành phố Vũng Tàu".into(),
            number: None,
            notation: "BC-UBND".into(),
            place: "Vũng Tàu".into(),
            date: None,
            year: 2025,
        },
        subject: "Kết quả thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị về đột phá phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số quốc gia quý II/2025".into(),
        addressed_to: vec!["Ủy ban nhân dân tỉnh Bà Rịa - Vũng Tàu".into(), "Ban Thường vụ Thành ủy Vũng Tàu".into()],
        legal_basis: vec![
            "Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị về đột phá phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số quốc gia".into(),
            "Kế hoạch số 2807/KH-UBND của Ủy ban nhân dân thành phố Vũng Tàu về thực hiện Nghị quyết số 57-NQ/TW".into(),
        ],
        opening: "Ủy ban nhân dân thành phố Vũng Tàu báo cáo kết quả thực hiện Nghị quyết số 57-NQ/TW trên địa bàn thành phố quý II/2025 như sau:".into(),
        scope: Scope {
            period: Period::Quarter { year: 2025, quarter: 2 },
            previous: Some(Period::Quarter { year: 2025, quarter: 1 }),
            unit: "Thành phố Vũng Tàu".into(),
            as_of: Some(date(2025, 7, 1).at(8, 30, 0, 0)),
            boundaries: "trước ngày 01/07/2025 (17 phường, xã)".into(),
            simulated: true,
        },
        summary: vec![
            "Đến hết quý II/2025, 17/17 phường, xã đã ban hành kế hoạch thực hiện Nghị quyết số 57-NQ/TW; 02 chỉ tiêu hoàn thành, 01 chỉ tiêu quá hạn, 01 chỉ tiêu có nguy cơ chậm tiến độ.".into(),
            "Tỷ lệ hồ sơ trực tuyến toàn trình của toàn thành phố vượt mức giao 70 %; 05 phường, xã còn dưới mức giao.".into(),
        ],
        results: results(),
        charts: charts(),
        by_unit: by_unit(),
        overdue: vec![
            LateItem {
                code: "IN-008".into(),
                title: "Bố trí tối thiểu 3 % tổng chi thường xuyên cho chuyển đổi số".into(),
                owner: "Phòng Tài chính - Kế hoạch".into(),
                deadline: Some(date(2025, 3, 31)),
                days_late: Some(91),
                reason: Some("Dự toán bổ sung đang chờ Hội đồng nhân dân thành phố thông qua tại kỳ họp giữa năm".into()),
            },
            LateItem {
                code: "NV-04".into(),
                title: "Miễn, giảm phí, lệ phí cho doanh nghiệp khởi nghiệp số".into(),
                owner: "Phòng Kinh tế, Hạ tầng và Đô thị".into(),
                deadline: Some(date(2025, 6, 30)),
                days_late: Some(1),
                reason: None,
            },
        ],
        at_risk: vec![RiskItem {
            code: "IN-006".into(),
            title: "Trạm 5G đang hoạt động".into(),
            owner: "Phòng Văn hóa, Khoa học và Thông tin".into(),
            deadline: Some(date(2025, 12, 31)),
            explanation: "Với tốc độ của 90 ngày gần nhất (thêm 8 trạm), mức giao 100 trạm chỉ đạt được sau thời hạn 47 ngày.".into(),
        }],
        waiting: vec![WaitingItem {
            code: "IN-060".into(),
            title: "Ứng dụng IoT trong sản xuất, giao thông, y tế".into(),
            owner: "Phòng Văn hóa, Khoa học và Thông tin".into(),
            waiting_for: "Hướng dẫn của Bộ Khoa học và Công nghệ về tiêu chuẩn kỹ thuật và cơ chế đầu tư".into(),
            since: Some(date(2025, 4, 11)),
        }],
        conflicts: vec![
            Conflict {
                code: "IN-019".into(),
                name: "Người dân, doanh nghiệp dùng dịch vụ công trực tuyến được định danh, xác thực thông suốt".into(),
                claims: vec![
                    claim("88 %", None, "Trang thông tin điện tử thành phố: “tính đến thời điểm hiện tại”"),
                    claim("99,17 %", Some(date(2024, 9, 30)), "Trang thông tin điện tử thành phố: “đến tháng 9/2024”"),
                ],
            },
            Conflict {
                code: "IN-002".into(),
                name: "Thời hạn đạt tối thiểu 70 % hồ sơ trực tuyến toàn trình".into(),
                claims: vec![
                    claim("30/08/2025", None, "Cam kết trong kế hoạch của 17 phường, xã"),
                    claim("trong năm 2025", None, "Bài viết tổng hợp của Ban Biên tập"),
                ],
            },
        ],
        difficulties: vec![
            remark("Phường 11", "Nguồn nhân lực vừa thiếu, vừa yếu về chuyên môn công nghệ."),
            remark("Xã Long Sơn", "Hệ thống phần mềm nghiệp vụ giữa các cơ quan chưa đồng bộ, cán bộ phải nhập dữ liệu hai lần.\nNgười lớn tuổi còn dè dặt khi thực hiện thủ tục trực tuyến do e ngại về an toàn thông tin."),
        ],
        proposals: vec![remark("", "Đề nghị Ủy ban nhân dân tỉnh sớm phê duyệt dự toán chi tiết thuê đường truyền để đưa Trung tâm điều hành thành phần đô thị thông minh vào hoạt động chính thức.")],
        closing: "Trên đây là báo cáo kết quả thực hiện Nghị quyết số 57-NQ/TW quý II/2025, Ủy ban nhân dân thành phố Vũng Tàu kính báo cáo".into(),
        signature: Signature { capacity: vec!["TM. ỦY BAN NHÂN DÂN".into(), "KT. CHỦ TỊCH".into(), "PHÓ CHỦ TỊCH".into()], name: "Vũ Hồng Thuấn".into() },
        recipients: vec!["Thường trực HĐND thành phố".into(), "Chủ tịch, các Phó Chủ tịch UBND thành phố".into(), "Các phòng, ban, đơn vị thuộc thành phố".into(), "UBND 17 phường, xã".into()],
        filing: "VT, VHKHTT".into(),
        ledger: Some(Checkpoint {
            frozen: true,
            size: 18_402,
            at: Some(date(2025, 7, 1).at(8, 30, 0, 0)),
            root: "pT4c6MZcNq0Pz1Vv3s2B4m4dX3aQ8r1u0uE5yJmN7yA=".into(),
            signed_note: "haidang.example/vung-tau\n18402\npT4c6MZcNq0Pz1Vv3s2B4m4dX3aQ8r1u0uE5yJmN7yA=\n\n— haidang.example/vung-tau c2FtcGxlLXNpZ25hdHVyZS1ub3QtYS1yZWFsLW9uZQ==\n".into(),
        }),
    }
}
