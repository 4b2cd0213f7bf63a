//! A small city with a programme, and its people.

use jiff::{Span, civil::Date};
use office::{
    Office,
    programme::{FigureInput, NewTask, UpdateInput},
};
use rules::access::{Actor, Role};
use store::Record;

use crate::common::{
    case,
    pack::{self, CITY, DESK, Files, NEW, WARDS, small},
    person, put_case, settled,
};

pub fn days_from_now(n: i32) -> Date {
    office::Clock::default().today().saturating_add(Span::new().days(n))
}

/// A directive with targets, a task and published figures, dated from today.
pub fn programme() -> String {
    let (near, far, past) = (days_from_now(20), days_from_now(120), days_from_now(-40));
    format!(
        r#"
[[directive]]
id = "D-1"
number = "57-NQ/TW"
kind = "NQ"
title = {{ vi = "Nghị quyết", en = "Resolution" }}

[[target]]
id = "T-1"
title = {{ vi = "95 % đúng hạn", en = "95 % on time" }}
indicator = "case.on_time"
threshold = "95%"
comparison = ">="
window = "quarter"
scope = {{ under = "{CITY}", level = 4 }}
owner = "{DESK}"
directive = "D-1"
claims = [
    {{ deadline = {near}, source = "S1", quote = "sớm" }},
    {{ deadline = {far}, source = "S2", quote = "muộn" }},
]
source = "S1"

[[target]]
id = "T-2"
title = {{ vi = "90 % định danh", en = "90 % identified" }}
indicator = "RF-1"
threshold = "90%"
comparison = ">="
window = "latest"
deadline = {past}
bound_units = ["{CITY}"]
owner = "{DESK}"
source = "S1"

[[task]]
id = "NV-1"
title = {{ vi = "Làm chính sách", en = "Make the policy" }}
lead = "{DESK}"
responsibility = {{ vi = "Chánh Văn phòng", en = "Chief of office" }}
authority = {{ vi = "Trong thẩm quyền", en = "Within powers" }}
starts_on = {past}
deadline = {past}
product = {{ vi = "Văn bản", en = "The text" }}
directive = "D-1"
target = "T-2"

[[figure]]
id = "F-1"
indicator = "RF-1"
unit = "{CITY}"
as_written = "88%"
source = "S1"
quote = "đạt 88%"

[[figure]]
id = "F-2"
indicator = "RF-1"
unit = "{CITY}"
as_written = "99,17%"
source = "S2"
quote = "đạt 99,17%"
"#
    )
}

pub fn city() -> Files {
    pack::with(small(true), "programme/all.toml", &programme())
}

pub fn leader() -> Actor {
    person("chutich", &[(Role::Leader, CITY)])
}

pub fn ward() -> Actor {
    person("hoa", &[(Role::WardOfficer, NEW[0])])
}

pub fn clerk() -> Actor {
    person("van", &[(Role::WardOfficer, DESK)])
}

/// The code of the refusal of something that must not happen.
pub fn refused<T: std::fmt::Debug>(result: office::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

pub async fn record(office: &Office, register: &str, id: &str) -> Record {
    office.find(register, id).await.unwrap()
}

pub fn input(written: &str) -> FigureInput {
    FigureInput {
        indicator: "RF-1".into(),
        unit: NEW[0].into(),
        period: "2025Q2".into(),
        written: written.into(),
        source: "Báo cáo của phường".into(),
        ..FigureInput::default()
    }
}

/// Nine of ten cases of the second quarter on time.
pub async fn quarter(office: &Office) -> (store::RecordId, i64) {
    let mut late = None;
    for i in 0..10 {
        let closed = if i == 0 { "2025-06-20T01:00:00.000000Z" } else { "2025-06-02T01:00:00.000000Z" };
        let body = case("2025-05-01T01:00:00.000000Z", "2025-06-10T01:00:00.000000Z", Some(closed), "online");
        let made = put_case(office, None, WARDS[i % 3], body).await;
        late = late.or(Some(made));
    }
    settled(office).await;
    late.unwrap()
}

pub fn new_task() -> NewTask {
    NewTask {
        title: "Lập kế hoạch".into(),
        lead: DESK.into(),
        responsibility: "Người đứng đầu".into(),
        authority: "Trong thẩm quyền".into(),
        product: "Kế hoạch".into(),
        deadline: days_from_now(10).to_string(),
        directive: "D-1".into(),
        target: "T-1".into(),
        ..NewTask::default()
    }
}

pub fn update(progress: u8, text: &str) -> UpdateInput {
    UpdateInput { progress, text: text.into(), ..UpdateInput::default() }
}
