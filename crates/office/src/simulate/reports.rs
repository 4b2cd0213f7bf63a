//! What is written in the simulated reports: the city's tasks by day, difficulties and proposals as the seed articles name them.

use jiff::civil::{Date, date};

/// One report on a task of the city's own.
pub struct CityUpdate {
    pub id: &'static str,
    pub on: Date,
    pub progress: u8,
    pub text: &'static str,
    pub difficulties: &'static str,
    pub proposals: &'static str,
    pub submit: bool,
}

const fn up(
    id: &'static str,
    on: Date,
    progress: u8,
    submit: bool,
    text: &'static str,
    difficulties: &'static str,
    proposals: &'static str,
) -> CityUpdate {
    CityUpdate { id, on, progress, text, difficulties, proposals, submit }
}

/// Tasks of the pack; one that a pack does not declare is passed over.
pub const CITY: &[CityUpdate] = &[
    up("PL-01", date(2025, 4, 28), 25, false, "Đã giao chỉ tiêu toàn trình cho 17 phường, xã; theo dõi hằng tháng.", "", ""),
    up(
        "PL-01",
        date(2025, 5, 29),
        45,
        false,
        "Tỷ lệ toàn trình toàn thành phố tăng đều; còn năm đơn vị dưới 55 %.",
        "Người cao tuổi và nhóm ít tiếp cận công nghệ còn nộp hồ sơ giấy.",
        "Tăng tổ công nghệ số cộng đồng trực tại bộ phận một cửa.",
    ),
    up(
        "PL-01",
        date(2025, 6, 26),
        62,
        false,
        "Bốn phường đã đạt 70 %; toàn thành phố còn thiếu khoảng 8 điểm phần trăm.",
        "Phần mềm nghiệp vụ giữa các cơ quan chưa đồng bộ.",
        "Đề nghị tỉnh liên thông dữ liệu, bỏ nhập lại hồ sơ.",
    ),
    up("PL-02", date(2025, 4, 29), 20, false, "Đã dự thảo danh mục phí, lệ phí được miễn, giảm.", "", ""),
    up("PL-02", date(2025, 5, 30), 50, false, "Đã lấy ý kiến các phường, xã.", "Chờ nghị quyết của HĐND tỉnh về mức giảm.", ""),
    up(
        "PL-02",
        date(2025, 6, 25),
        70,
        false,
        "Mười một phường, xã đã áp dụng; sáu đơn vị đang hoàn tất thủ tục.",
        "Chờ nghị quyết của HĐND tỉnh về mức giảm.",
        "Cho phép áp dụng tạm thời từ 01/7.",
    ),
    up("PL-03", date(2025, 4, 29), 55, false, "78 % hồ sơ công việc đã xử lý trên môi trường mạng.", "", ""),
    up(
        "PL-03",
        date(2025, 5, 29),
        75,
        false,
        "86 % hồ sơ công việc đã xử lý trên môi trường mạng.",
        "Hai phòng chưa liên thông dữ liệu nội bộ.",
        "",
    ),
    up("PL-03", date(2025, 6, 27), 100, true, "Đã liên thông dữ liệu nội bộ; đề nghị nghiệm thu.", "", ""),
    up("PL-04", date(2025, 4, 29), 20, false, "Đã rà soát danh mục thủ tục đủ điều kiện toàn trình (46 thủ tục).", "", ""),
    up("PL-04", date(2025, 5, 30), 38, false, "Số hóa kho hồ sơ đất đai giai đoạn 2015–2020.", "Thiếu máy quét khổ lớn.", ""),
    up(
        "PL-04",
        date(2025, 6, 26),
        55,
        false,
        "Ưu tiên số hóa hồ sơ của các đơn vị sẽ sắp xếp từ 01/7.",
        "",
        "Bố trí kho tạm cho hồ sơ bàn giao.",
    ),
    up("PL-05.1", date(2025, 5, 28), 100, true, "Đã phổ biến tới 1.320 doanh nghiệp; danh sách đăng ký tên miền .vn kèm theo.", "", ""),
    up("PL-05.2", date(2025, 5, 27), 95, true, "Đã phát 34 bản tin, 17 buổi hướng dẫn cài đặt VNeID.", "", ""),
    up("PL-05.2", date(2025, 6, 5), 100, true, "Bổ sung số liệu tài khoản VNeID mức 2 kích hoạt mới theo phường.", "", ""),
    up("PL-05.3", date(2025, 5, 30), 100, true, "Đã lập biên bản bàn giao 214 nội dung đang thực hiện.", "", ""),
    up(
        "PL-05.4",
        date(2025, 5, 30),
        75,
        false,
        "13/17 đơn vị cập nhật đủ; bốn đơn vị còn thiếu minh chứng.",
        "Cán bộ phụ trách kiêm nhiệm nhiều việc.",
        "",
    ),
    up(
        "PL-05.4",
        date(2025, 6, 20),
        88,
        false,
        "15/17 đơn vị đã đủ hồ sơ.",
        "Cán bộ phụ trách kiêm nhiệm nhiều việc.",
        "Cử người của thành phố hỗ trợ hai đơn vị.",
    ),
    up("PL-05", date(2025, 6, 10), 85, false, "Hai trong bốn việc con đã được duyệt.", "", ""),
    up("PL-06", date(2025, 6, 18), 50, false, "Chuyên mục hằng tuần trên cổng thông tin; 28 lớp tập huấn trong sáu tháng.", "", ""),
    up("PL-07", date(2025, 6, 12), 40, false, "Đang tổng hợp tồn tại, hạn chế sáu tháng đầu năm.", "", ""),
    up(
        "PL-09",
        date(2025, 6, 16),
        70,
        false,
        "63 trạm 5G đã khai thác trên 104 trạm lắp đặt.",
        "Hai vị trí chưa thống nhất được mặt bằng.",
        "",
    ),
    up(
        "PL-11",
        date(2025, 6, 24),
        88,
        false,
        "Rà soát tài khoản chưa định danh của hồ sơ nộp trực tuyến.",
        "Nguồn công bố hai con số khác nhau (88 % và 99,17 %).",
        "Đề nghị Ban Chỉ đạo quyết định số liệu dùng chung.",
    ),
    up("PL-37", date(2025, 6, 13), 60, false, "Các thứ Sáu không nhận hồ sơ giấy; hồ sơ trực tuyến ngày thứ Sáu tăng.", "", ""),
];

pub const DIFFICULTIES: &[&str] = &[
    "Nhân lực vừa thiếu vừa yếu về chuyên môn công nghệ.",
    "Phần mềm nghiệp vụ giữa các cơ quan chưa đồng bộ, phải nhập lại.",
    "Người dân e ngại về tính an toàn, minh bạch thông tin.",
    "Người cao tuổi ít dùng điện thoại thông minh.",
    "Chưa có cơ chế bắt buộc thực hiện dịch vụ công trực tuyến.",
];
pub const PROPOSALS: &[&str] = &[
    "Đề nghị thành phố cử cán bộ hỗ trợ tại bộ phận một cửa vào thứ Hai.",
    "Đề nghị trang bị thêm máy tính, máy quét cho bộ phận một cửa.",
    "Đề nghị liên thông phần mềm hộ tịch với hệ thống một cửa.",
    "Đề nghị tập huấn lại cho tổ công nghệ số cộng đồng.",
];
