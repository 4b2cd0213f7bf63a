//! Procedures that a ward or the city's desk handles, with plausible terms. Their mix is made up; the names are those in use.

/// One procedure of the simulation.
pub struct Procedure {
    pub name: &'static str,
    /// Division that handles it.
    pub department: &'static str,
    /// Working days.
    pub term: u32,
    pub fee_vnd: i64,
    /// Share among the dossiers of its level, relative.
    pub weight: f64,
    /// May be handled end-to-end online (one of the city's 46).
    pub whole: bool,
}

const fn p(name: &'static str, department: &'static str, term: u32, fee_vnd: i64, weight: f64, whole: bool) -> Procedure {
    Procedure { name, department, term, fee_vnd, weight, whole }
}

impl Procedure {
    /// Its national code, where the national pack declares it.
    pub fn code(&self) -> Option<&'static str> {
        CODES.iter().find(|(name, _)| *name == self.name).map(|(_, code)| *code)
    }
}

const CODES: [(&str, &str); 9] = [
    ("Chứng thực bản sao từ bản chính giấy tờ, văn bản", "2.000815"),
    ("Đăng ký khai sinh", "1.001193"),
    ("Cấp giấy xác nhận tình trạng hôn nhân", "1.004873"),
    ("Đăng ký kết hôn", "1.000894"),
    ("Đăng ký khai tử", "1.000656"),
    ("Cấp bản sao trích lục hộ tịch", "2.000635"),
    ("Đề nghị trợ cấp xã hội hằng tháng", "1.001776"),
    ("Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội", "1.001731"),
    ("Đăng ký thành lập hộ kinh doanh", "1.001612"),
];

/// Sectors in the words of the declared procedures, so that what the desk does and what is simulated stand in one row.
const CIVIL: &str = "Hộ tịch";
const CERTIFICATION: &str = "Chứng thực";
const SOCIAL: &str = "Bảo trợ xã hội";
const LAND: &str = "Đất đai";
const ENVIRONMENT: &str = "Môi trường";
const HOUSEHOLD: &str = "Thành lập và hoạt động hộ kinh doanh";
const BUILDING: &str = "Xây dựng";

pub const WARD: &[Procedure] = &[
    p("Chứng thực bản sao từ bản chính giấy tờ, văn bản", CERTIFICATION, 1, 20_000, 11.0, false),
    p("Đăng ký khai sinh", CIVIL, 1, 0, 14.0, true),
    p("Liên thông đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi", CIVIL, 4, 0, 9.0, true),
    p("Cấp giấy xác nhận tình trạng hôn nhân", CIVIL, 3, 15_000, 13.0, true),
    p("Đăng ký kết hôn", CIVIL, 1, 0, 5.0, false),
    p("Đăng ký khai tử", CIVIL, 1, 0, 5.0, true),
    p("Cấp bản sao trích lục hộ tịch", CIVIL, 1, 8_000, 15.0, true),
    p("Thay đổi, cải chính, bổ sung thông tin hộ tịch", CIVIL, 3, 15_000, 5.0, true),
    p("Đề nghị trợ cấp xã hội hằng tháng", SOCIAL, 22, 0, 5.0, true),
    p("Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội", SOCIAL, 5, 0, 3.0, true),
    p("Xác định, xác định lại mức độ khuyết tật", SOCIAL, 25, 0, 2.0, true),
    p("Công nhận hộ nghèo, hộ cận nghèo", SOCIAL, 15, 0, 2.0, true),
    p("Thông báo thành lập nhóm trẻ, lớp mẫu giáo độc lập", "Giáo dục mầm non", 10, 0, 1.0, true),
    p("Xác nhận hồ sơ, nguồn gốc sử dụng đất", LAND, 10, 0, 6.0, true),
    p("Hòa giải tranh chấp đất đai", LAND, 30, 0, 1.0, false),
    p("Tham vấn, xác nhận kế hoạch bảo vệ môi trường hộ gia đình", ENVIRONMENT, 7, 0, 2.0, true),
];

pub const CITY: &[Procedure] = &[
    p("Đăng ký thành lập hộ kinh doanh", HOUSEHOLD, 3, 100_000, 24.0, true),
    p("Đăng ký thay đổi nội dung đăng ký hộ kinh doanh", HOUSEHOLD, 3, 100_000, 14.0, true),
    p("Chấm dứt hoạt động hộ kinh doanh", HOUSEHOLD, 3, 0, 7.0, true),
    p("Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ", BUILDING, 15, 75_000, 16.0, true),
    p("Điều chỉnh giấy phép xây dựng", BUILDING, 15, 75_000, 4.0, true),
    p("Chuyển mục đích sử dụng đất", LAND, 15, 0, 7.0, false),
    p("Xác nhận đăng ký môi trường", ENVIRONMENT, 10, 0, 4.0, true),
    p("Cấp giấy phép bán lẻ rượu", "Lưu thông hàng hóa trong nước", 10, 200_000, 4.0, true),
    p("Cấp bản sao trích lục hộ tịch từ sổ gốc", CIVIL, 1, 8_000, 9.0, true),
    p("Đăng ký kết hôn có yếu tố nước ngoài", CIVIL, 10, 1_500_000, 3.0, false),
    p("Chuyển trường đối với học sinh trung học cơ sở", "Giáo dục trung học", 2, 0, 8.0, true),
];

pub const SURNAMES: &[&str] = &[
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Mai", "Đinh", "Trương",
];
pub const MIDDLE: &[&str] = &["Văn", "Thị", "Minh", "Ngọc", "Thanh", "Quang", "Thu", "Hoàng", "Kim", "Đức", "Hữu", "Mỹ", "Gia", "Bảo"];
pub const GIVEN: &[&str] = &[
    "An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Hải", "Hạnh", "Hòa", "Hùng", "Hương", "Khánh", "Lan", "Linh", "Long", "Mai", "Nam",
    "Nga", "Ngân", "Nhung", "Oanh", "Phong", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Thắng", "Trang", "Tuấn", "Vân", "Yến",
];

/// A made-up person's name.
pub fn person(dice: &mut super::dice::Dice) -> String {
    format!("{} {} {}", dice.pick(SURNAMES), dice.pick(MIDDLE), dice.pick(GIVEN))
}

/// Reasons that late dossiers give.
pub const LATE: &[&str] = &[
    "Hệ thống dịch vụ công gián đoạn, phải nhập lại hồ sơ",
    "Chờ ý kiến phối hợp của cơ quan liên quan",
    "Hồ sơ phức tạp, phải xác minh thực địa lần hai",
    "Cơ sở dữ liệu quốc gia về dân cư không tra cứu được trong ngày",
    "Công chức phụ trách nghỉ ốm, bàn giao chậm",
];
pub const SUPPLEMENT: &[&str] = &[
    "Thiếu bản chụp giấy tờ tùy thân còn giá trị",
    "Tờ khai chưa ký",
    "Thiếu giấy tờ chứng minh nơi cư trú",
    "Bản vẽ chưa có xác nhận của đơn vị thiết kế",
];
pub const REJECT: &[&str] = &["Không thuộc thẩm quyền giải quyết", "Không đủ điều kiện theo quy định", "Trùng với hồ sơ đã giải quyết"];
