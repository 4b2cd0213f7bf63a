//! What is measured on: a province of 168 communes, a dossier register of fifteen fields, indicators as a one-stop desk has them,
//! and dossiers made from a seed.

use office::import::Row;
use rules::{Timestamp, pack::PackSet};
use serde_json::Value;

use crate::Fault;

/// Wards and communes of a province after the merger of 2025.
pub const UNITS: usize = 168;
/// Months over which dossiers are received.
pub const MONTHS: i32 = 12;
/// First day of the units and of the data: 1 July 2025, local time.
const START_US: i64 = 1_751_302_800_000_000;
const SECOND_US: i64 = 1_000_000;
const DAY_US: i64 = 86_400 * SECOND_US;

pub const REGISTER: &str = "dossier";
pub const PROVINCE: &str = "79@2025-07-01";
pub const NATION: &str = "VN@1945-09-02";

const PACK: &str = r#"
[pack]
id = "bench"
name = { vi = "Đo tốc độ", en = "Speed" }
version = "1"
roots = ["VN@1945-09-02"]
"#;

const REGISTER_FILE: &str = r#"
[register]
id = "dossier"
name = { vi = "Hồ sơ thủ tục hành chính", en = "Administrative dossier" }
title = "code"
key = "code"
[[field]]
id = "code"
type = "text"
label = { vi = "Mã hồ sơ", en = "Dossier code" }
required = true
search = true
[[field]]
id = "procedure"
type = "text"
label = { vi = "Thủ tục hành chính", en = "Procedure" }
search = true
[[field]]
id = "received_at"
type = "timestamp"
label = { vi = "Ngày tiếp nhận", en = "Received" }
required = true
[[field]]
id = "due_at"
type = "timestamp"
label = { vi = "Hạn trả kết quả", en = "Due" }
[[field]]
id = "closed_at"
type = "timestamp"
label = { vi = "Ngày xử lý xong", en = "Closed" }
[[field]]
id = "channel"
type = "choice"
label = { vi = "Kênh tiếp nhận", en = "Channel" }
choices = [{ id = "online", vi = "Trực tuyến", en = "Online" }, { id = "counter", vi = "Tại quầy", en = "Counter" }, { id = "post", vi = "Bưu chính", en = "Post" }]
[[field]]
id = "department"
type = "text"
label = { vi = "Bộ phận", en = "Department" }
search = true
[[field]]
id = "responsible"
type = "text"
label = { vi = "Người phụ trách", en = "Responsible officer" }
[[field]]
id = "applicant_name"
type = "text"
label = { vi = "Người nộp", en = "Applicant" }
personal = true
search = true
[[field]]
id = "fee_vnd"
type = "int"
label = { vi = "Phí, lệ phí (đồng)", en = "Fee (VND)" }
min = 0
[[field]]
id = "end_to_end"
type = "bool"
label = { vi = "Toàn trình", en = "End-to-end online" }
[[field]]
id = "paid_online"
type = "bool"
label = { vi = "Đã thanh toán trực tuyến", en = "Paid online" }
[[field]]
id = "digitised"
type = "bool"
label = { vi = "Đã số hóa", en = "Digitised" }
[[field]]
id = "satisfaction"
type = "int"
label = { vi = "Mức độ hài lòng", en = "Satisfaction" }
min = 1
max = 5
[[field]]
id = "note"
type = "text"
label = { vi = "Ghi chú", en = "Note" }
[lifecycle]
initial = "received"
[[lifecycle.state]]
id = "received"
label = { vi = "Đã tiếp nhận", en = "Received" }
closed = false
[[lifecycle.state]]
id = "resolved"
label = { vi = "Đã xử lý xong", en = "Resolved" }
closed = true
[[lifecycle.transition]]
id = "resolve"
from = ["received"]
to = "resolved"
label = { vi = "Trả kết quả", en = "Resolve" }
action = "edit"
"#;

/// Id, kind, further lines. The first ten are those of an import; all twenty are asked for in the matrix.
const INDICATORS: [(&str, &str, &str); 20] = [
    ("received", "count", "date = 'record.received_at'\nbreakdowns = ['channel', 'department']"),
    ("resolved", "count", "where = 'record.closed_at != null'\ndate = 'record.closed_at'\nbreakdowns = ['channel', 'department']"),
    (
        "on_time",
        "ratio",
        "numerator = 'record.closed_at <= record.due_at'\ndenominator = 'record.closed_at != null'\ndate = 'record.closed_at'\nbreakdowns = ['channel', 'department']",
    ),
    (
        "online",
        "ratio",
        "numerator = 'record.channel == \"online\"'\ndenominator = 'record.received_at != null'\ndate = 'record.received_at'\nbreakdowns = ['department']",
    ),
    (
        "end_to_end",
        "ratio",
        "numerator = 'record.end_to_end'\ndenominator = 'record.received_at != null'\ndate = 'record.received_at'\nbreakdowns = ['department']",
    ),
    (
        "digitised",
        "ratio",
        "numerator = 'record.digitised'\ndenominator = 'record.received_at != null'\ndate = 'record.received_at'\nbreakdowns = ['channel', 'department']",
    ),
    ("fees", "sum", "value = 'record.fee_vnd'\nwhere = 'record.state == \"resolved\"'\ndate = 'record.closed_at'"),
    (
        "days",
        "average",
        "value = 'days(record.closed_at - record.received_at)'\ndate = 'record.closed_at'\nbreakdowns = ['channel', 'department']",
    ),
    ("satisfaction", "average", "value = 'record.satisfaction'\ndate = 'record.closed_at'"),
    ("overdue", "count", "where = 'record.closed_at == null && now > record.due_at'\ndate = 'record.due_at'\nbreakdowns = ['department']"),
    ("late", "count", "where = 'record.closed_at > record.due_at'\ndate = 'record.closed_at'"),
    ("paid_online", "ratio", "numerator = 'record.paid_online'\ndenominator = 'record.fee_vnd > 0'\ndate = 'record.received_at'"),
    ("free", "count", "where = 'record.fee_vnd == 0'\ndate = 'record.received_at'"),
    ("by_post", "count", "where = 'record.channel == \"post\"'\ndate = 'record.received_at'"),
    ("at_counter", "count", "where = 'record.channel == \"counter\"'\ndate = 'record.received_at'"),
    ("content", "ratio", "numerator = 'record.satisfaction >= 4'\ndenominator = 'record.satisfaction != null'\ndate = 'record.closed_at'"),
    ("fees_due", "sum", "value = 'record.fee_vnd'\ndate = 'record.received_at'"),
    (
        "online_days",
        "average",
        "value = 'days(record.closed_at - record.received_at)'\nwhere = 'record.channel == \"online\"'\ndate = 'record.closed_at'",
    ),
    ("noted", "count", "where = 'record.note != null'\ndate = 'record.received_at'"),
    (
        "paperless",
        "ratio",
        "numerator = 'record.digitised && record.end_to_end'\ndenominator = 'record.closed_at != null'\ndate = 'record.closed_at'",
    ),
];

fn unit_code(i: usize) -> usize {
    26_500 + i * 3
}

/// Key text of commune `i`.
#[must_use]
pub fn unit(i: usize) -> String {
    format!("{:05}@2025-07-01", unit_code(i % UNITS))
}

/// Indicator `i` of those declared.
#[must_use]
pub fn indicator(i: usize) -> String {
    format!("dossier.{}", INDICATORS[i % INDICATORS.len()].0)
}

/// The pack, with the first `indicators` (at most twenty) indicators.
///
/// # Errors
/// The pack is faulty: a defect of this program.
pub fn pack(indicators: usize) -> Result<PackSet, Fault> {
    let mut units = String::from("code,valid_from,name_vi,name_en,kind,level,parent\nVN,1945-09-02,Việt Nam,Viet Nam,country,1,\n");
    units += "79,2025-07-01,Thành phố Hồ Chí Minh,Ho Chi Minh City,province,2,VN@1945-09-02\n";
    for i in 0..UNITS {
        units += &format!("{:05},2025-07-01,Phường {i},Ward {i},ward,4,{PROVINCE}\n", unit_code(i));
    }
    let mut file = String::new();
    for (id, kind, rest) in INDICATORS.iter().take(indicators) {
        file += &format!(
            "[[indicator]]\nid = 'dossier.{id}'\nname = {{ vi = '{id}', en = '{id}' }}\nregister = 'dossier'\nkind = '{kind}'\n{rest}\n\
             direction = 'none'\nformat = 'decimal:2'\n"
        );
    }
    PackSet::read(&[&[("pack.toml", PACK), ("units.csv", &units), ("dossier.toml", REGISTER_FILE), ("indicators.toml", &file)]])
        .map_err(|faults| Fault::Pack(faults.iter().map(|f| format!("{f:?}")).collect::<Vec<_>>().join("; ")))
}

/// Small, fast, reproducible (SplitMix64).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.draw() % n.max(1)
    }
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    pub(crate) fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as u64)).unwrap_or(0)]
    }
}

/// As unevenly spread as in the country: every third is a Nguyễn.
pub(crate) const FAMILY: [&str; 24] = [
    "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Trần", "Lê", "Lê", "Phạm", "Phạm",
    "Hoàng", "Huỳnh", "Võ", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
];
pub(crate) const MIDDLE: [&str; 16] =
    ["Văn", "Văn", "Văn", "Thị", "Thị", "Thị", "Minh", "Thanh", "Quốc", "Ngọc", "Hữu", "Đức", "Thùy", "Xuân", "Kim", "Hoàng"];
pub(crate) const GIVEN: [&str; 32] = [
    "An", "Ánh", "Bình", "Châu", "Chi", "Dũng", "Dương", "Đạt", "Giang", "Hà", "Hạnh", "Hiếu", "Hoa", "Hùng", "Khánh", "Lan", "Linh",
    "Long", "Mai", "Nam", "Nga", "Oanh", "Phúc", "Quân", "Sơn", "Thảo", "Trang", "Trâm", "Tuấn", "Vinh", "Xuyến", "Yến",
];
const DEPARTMENTS: [&str; 4] = ["Bộ phận một cửa", "Tư pháp – hộ tịch", "Địa chính – xây dựng", "Văn hóa – xã hội"];
const PROCEDURES: [&str; 6] = [
    "Đăng ký khai sinh",
    "Chứng thực bản sao từ bản chính",
    "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "Đăng ký biến động quyền sử dụng đất",
    "Đăng ký hộ kinh doanh",
    "Xác nhận tình trạng hôn nhân",
];

/// Start of month `m` of the data, roughly (thirty days each), as an instant inside it.
#[must_use]
pub fn inside_month(m: i32) -> Timestamp {
    let first = rules::Month::new(2025, 7).plus(m).first_day();
    Timestamp::start_of(first).plus_days(3)
}

/// Dossier number `n`, as a row of a file: most are closed, some late, a few open. `n` alone and the seed decide what it says.
#[must_use]
pub fn dossier(seed: u64, n: u64) -> Row {
    let mut r = Random::new(seed ^ n.wrapping_mul(0xD134_2543_DE82_EF95));
    let received = START_US + i64::try_from(r.below(365 * 86_400)).unwrap_or(0) * SECOND_US;
    let at = usize::try_from(r.below(UNITS as u64)).unwrap_or(0);
    let open = r.chance(3);
    let closed = (!open).then(|| received + i64::try_from(r.below(18 * 86_400)).unwrap_or(0) * SECOND_US);
    row(&mut r, n, at, Timestamp(received), closed.map(Timestamp))
}

/// A dossier of a given commune and of given instants.
pub fn row(r: &mut Random, n: u64, at: usize, received: Timestamp, closed: Option<Timestamp>) -> Row {
    let mut fields: Vec<(String, Value)> = Vec::with_capacity(16);
    let mut put = |k: &str, v: Value| fields.push((k.to_owned(), v));
    let code = format!("H29.{:05}.{n:09}", unit_code(at));
    let online = r.chance(60);
    put("applicant_name", format!("{} {} {}", r.pick(&FAMILY), r.pick(&MIDDLE), r.pick(&GIVEN)).into());
    put("channel", if online { "online" } else { r.pick(&["counter", "post"]) }.into());
    put("code", code.clone().into());
    put("department", r.pick(&DEPARTMENTS).into());
    put("digitised", r.chance(80).into());
    put("due_at", received.plus_micros(15 * DAY_US).to_string().into());
    put("end_to_end", (online && r.chance(50)).into());
    put("fee_vnd", (r.below(40) * 5_000).into());
    put("paid_online", r.chance(40).into());
    put("procedure", r.pick(&PROCEDURES).into());
    put("received_at", received.to_string().into());
    put("responsible", format!("{} {} {}", r.pick(&FAMILY), r.pick(&MIDDLE), r.pick(&GIVEN)).into());
    if let Some(t) = closed {
        put("closed_at", t.to_string().into());
        put("satisfaction", (1 + r.below(5)).into());
    }
    if r.chance(20) {
        put("note", "Đã bổ sung giấy tờ theo phiếu hướng dẫn".into());
    }
    let state = if closed.is_some() { "resolved" } else { "received" };
    Row {
        place: format!("bench:{n}"),
        key: Some(code),
        unit: unit(at),
        state: Some(state.to_owned()),
        fields: fields.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_is_sound_and_dossiers_repeat() {
        let set = pack(20).unwrap();
        assert_eq!(set.content.indicators.len(), 20);
        assert_eq!(set.content.units.len(), UNITS + 2);
        let (a, b) = (dossier(57, 12), dossier(57, 12));
        assert_eq!((a.key, a.fields), (b.key, b.fields));
        assert_ne!(dossier(57, 13).fields, dossier(58, 13).fields);
    }
}
