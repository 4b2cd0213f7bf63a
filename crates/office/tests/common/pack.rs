//! A small city: four wards (two units after the merger), a register of cases, indicators of every kind, a programme.

use std::{fs, path::Path};

/// (path, text)
pub type Files = Vec<(String, String)>;

pub const CITY: &str = "C@2000-01-01";
pub const DESK: &str = "C.DESK@2000-01-01";
pub const WARDS: [&str; 4] = ["W1@2000-01-01", "W2@2000-01-01", "W3@2000-01-01", "W4@2000-01-01"];
pub const NEW: [&str; 2] = ["N1@2025-07-01", "N2@2025-07-01"];

const MANIFEST: &str = r#"
[pack]
id = "small"
name = { vi = "Thành phố nhỏ", en = "Small city" }
version = "1"
roots = ["C@2000-01-01"]

[tenant]
id = "small"
name = { vi = "Thành phố nhỏ", en = "Small city" }
place = "Nhỏ"
authority = ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ NHỎ"]
report_notation = "BC-UBND"
recipients = ["Thường trực Thành ủy;", "Lưu: VT, VX."]
legal_basis = ["Kế hoạch thử"]

[tenant.signer]
authority = "TM. ỦY BAN NHÂN DÂN"
title = ["CHỦ TỊCH"]

[[source]]
id = "S1"
title = "Bài một"

[[source]]
id = "S2"
title = "Bài hai"
"#;

const UNITS: &str = "\
code,valid_from,valid_to,name_vi,name_en,kind,level,parent
P,2000-01-01,,Tỉnh Thử,Test Province,province,2,
C,2000-01-01,,Thành phố Nhỏ,Small City,district,3,P@2000-01-01
C.DESK,2000-01-01,,Văn phòng,Office,agency,5,C@2000-01-01
";

/// Before the merger the wards have no end; after it two new units stand in their place.
fn units(merged: bool) -> String {
    let mut out = UNITS.to_owned();
    for n in 1..=4 {
        let end = if merged { "2025-07-01" } else { "" };
        let kind = if n == 4 { "commune" } else { "ward" };
        out += &format!("W{n},2000-01-01,{end},Đơn vị {n},Unit {n},{kind},4,C@2000-01-01\n");
    }
    if merged {
        for n in 1..=2 {
            out += &format!("N{n},2025-07-01,,Phường mới {n},New Ward {n},ward,4,C@2000-01-01\n");
        }
    }
    out
}

/// W1, W2 → N1 and W3 → N2 whole; W4 was divided 2 : 3.
const SUCCESSIONS: &str = "\
from,to,on,whole,share,legal_basis
W1@2000-01-01,N1@2025-07-01,2025-07-01,true,,Nghị quyết thử
W2@2000-01-01,N1@2025-07-01,2025-07-01,true,,Nghị quyết thử
W3@2000-01-01,N2@2025-07-01,2025-07-01,true,,Nghị quyết thử
W4@2000-01-01,N1@2025-07-01,2025-07-01,false,2/5,Nghị quyết thử
W4@2000-01-01,N2@2025-07-01,2025-07-01,false,3/5,Nghị quyết thử
";

const CASE: &str = r#"
[register]
id = "case"
name = { vi = "Vụ việc", en = "Case" }
title = "code"

[[field]]
id = "code"
type = "text"
label = { vi = "Mã", en = "Code" }
required = true
search = true

[[field]]
id = "received_at"
type = "timestamp"
label = { vi = "Nhận", en = "Received" }

[[field]]
id = "due_at"
type = "timestamp"
label = { vi = "Hạn", en = "Due" }

[[field]]
id = "closed_at"
type = "timestamp"
label = { vi = "Xong", en = "Closed" }

[[field]]
id = "channel"
type = "choice"
label = { vi = "Kênh", en = "Channel" }
choices = [{ id = "online", vi = "Trực tuyến", en = "Online" }, { id = "counter", vi = "Tại quầy", en = "Counter" }]

[[field]]
id = "paid"
type = "bool"
label = { vi = "Đã trả", en = "Paid" }

[[field]]
id = "fee"
type = "decimal(2)"
label = { vi = "Phí", en = "Fee" }

[[field]]
id = "score"
type = "int"
label = { vi = "Điểm", en = "Score" }

[[field]]
id = "served_by"
type = "unit"
label = { vi = "Nơi phục vụ", en = "Served by" }

[[field]]
id = "person"
type = "text"
label = { vi = "Người nộp", en = "Applicant" }
personal = true
search = true

[lifecycle]
initial = "open"

[[lifecycle.state]]
id = "open"
label = { vi = "Mở", en = "Open" }
closed = false
"#;

const INDICATORS: &str = r#"
[[indicator]]
id = "case.received"
name = { vi = "Đã nhận", en = "Received" }
register = "case"
kind = "count"
date = "record.received_at"
breakdowns = ["channel", "paid"]
format = "integer"

[[indicator]]
id = "case.on_time"
name = { vi = "Đúng hạn", en = "On time" }
register = "case"
kind = "ratio"
numerator = "record.closed_at <= record.due_at"
denominator = "record.closed_at != null"
date = "record.closed_at"
breakdowns = ["channel"]
direction = "up"
format = "percent:2"

[[indicator]]
id = "case.fees"
name = { vi = "Phí", en = "Fees" }
register = "case"
kind = "sum"
value = "record.fee"
scale = 2
date = "record.received_at"
breakdowns = ["paid"]
format = "decimal:2"

[[indicator]]
id = "case.score"
name = { vi = "Điểm", en = "Score" }
register = "case"
kind = "average"
value = "record.score"
date = "record.closed_at"
format = "decimal:2"

[[indicator]]
id = "case.overdue"
name = { vi = "Đang quá hạn", en = "Open and overdue" }
register = "case"
kind = "count"
where = "record.closed_at == null && record.due_at < now"
date = "record.due_at"
breakdowns = ["channel"]
direction = "down"
format = "integer"

[[indicator]]
id = "case.served"
name = { vi = "Theo nơi phục vụ", en = "By place of service" }
register = "case"
kind = "count"
where = "record.paid == true"
date = "record.received_at"
unit = "record.served_by"
format = "integer"

[[derived]]
id = "case.fee_each"
name = { vi = "Phí mỗi vụ", en = "Fee per case" }
value = "v('case.fees') / v('case.received')"
format = "decimal:2"

[[reported]]
id = "RF-1"
name = { vi = "Tỷ lệ định danh", en = "Identified" }
unit_of_measure = { vi = "%", en = "%" }
kind = "ratio"
direction = "up"
format = "percent:2"

[[reported]]
id = "RF-2"
name = { vi = "Trạm", en = "Stations" }
unit_of_measure = { vi = "trạm", en = "stations" }
kind = "count"
direction = "up"
format = "integer"
cumulative = true
"#;

/// The registers of the programme are those of the national pack.
fn national_registers() -> Files {
    let dir = super::packs_on_disk().join("vietnam/registers");
    ["directive", "target", "task", "reported_figure"]
        .map(|name| (format!("registers/{name}.toml"), fs::read_to_string(dir.join(format!("{name}.toml"))).unwrap()))
        .to_vec()
}

/// The city as it is before (or after) the merger.
pub fn small(merged: bool) -> Files {
    let mut files: Files = vec![
        ("pack.toml".into(), MANIFEST.into()),
        ("units/units.csv".into(), units(merged)),
        ("registers/case.toml".into(), CASE.into()),
        ("indicators/case.toml".into(), INDICATORS.into()),
    ];
    files.extend(national_registers());
    if merged {
        files.push(("units/successions.csv".into(), SUCCESSIONS.into()));
    }
    files
}

/// The same with one text of one file replaced.
pub fn changed(mut files: Files, file: &str, from: &str, to: &str) -> Files {
    let (_, text) = files.iter_mut().find(|(n, _)| n == file).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}");
    *text = text.replacen(from, to, 1);
    files
}

/// With one more file.
pub fn with(mut files: Files, file: &str, text: &str) -> Files {
    files.push((file.into(), text.into()));
    files
}

/// A pack of the repository.
pub fn real(name: &str) -> Files {
    fn walk(dir: &Path, base: &Path, into: &mut Files) {
        let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, base, into);
            } else {
                into.push((path.strip_prefix(base).unwrap().to_string_lossy().replace('\\', "/"), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let base = super::packs_on_disk();
    let mut files = Files::new();
    walk(&base.join(name), &base, &mut files);
    files
}

const PROCEDURE: &str = r#"
[[procedure]]
id = "1.000001"
valid_from = 2025-01-01
name = { vi = "Cấp giấy thử", en = "Test certificate" }
sector = { code = "thu", name = { vi = "Lĩnh vực thử", en = "Test sector" } }
level = 4
applicants = ["citizen"]
channels = ["online", "counter", "post"]
online = "full"
identity = 1
term = "5 working_days"
keywords = ["giấy thử"]
source = "S1"

[procedure.result]
name = { vi = "Giấy thử", en = "Test paper" }
electronic = true
paper = "test_paper"

[[procedure.step]]
id = "receive"
name = { vi = "Tiếp nhận", en = "Receive" }
who = "desk"
share = 20

[[procedure.step]]
id = "appraise"
name = { vi = "Thẩm định", en = "Appraise" }
who = "expert"
share = 60

[[procedure.step]]
id = "sign"
name = { vi = "Ký", en = "Sign" }
who = "leader"
share = 20

[[procedure.part]]
id = "declaration"
name = { vi = "Tờ khai", en = "Declaration" }
kind = "electronic"
from_form = true

[[procedure.part]]
id = "proof"
name = { vi = "Giấy chứng minh", en = "Proof" }
kind = "copy"
required = true
reuse = "proof_paper"
keep = "proof_paper"

[[procedure.fee]]
id = "fee"
name = { vi = "Lệ phí", en = "Fee" }
kind = "duty"
amount_vnd = 8000

[[procedure.page]]
id = "who"
title = { vi = "Người nộp", en = "Applicant" }

[[procedure.page.field]]
id = "name"
type = "text"
label = { vi = "Họ tên", en = "Name" }
required = true
personal = true
prefill = "identity.name"

[[procedure.page.field]]
id = "number"
type = "text"
label = { vi = "Số định danh", en = "Identity number" }
required = true
personal = true
prefill = "identity.number"
check = "identity_number"

[[procedure.page]]
id = "what"
title = { vi = "Việc", en = "Matter" }

[[procedure.page.field]]
id = "happened_on"
type = "date"
label = { vi = "Ngày xảy ra", en = "Day it happened" }
required = true
check = "past"
"#;

const POLICIES: &str = r#"
[[unit_policy]]
id = "CODE"
unit = "C@2000-01-01"
valid_from = 2020-01-01
name = { vi = "Mã định danh", en = "Identifier" }
agency_code = "H06.36"

[[unit_policy]]
id = "FRIDAY"
unit = "N1@2025-07-01"
valid_from = 2025-07-01
valid_to = 2025-08-01
name = { vi = "Thứ Sáu không giấy", en = "Friday without paper" }
no_paper_on = ["fri"]
phone = "0254 3 000 000"
"#;

/// The small city with a one-stop desk: the national registers, rules and calendar, one procedure.
pub fn one_stop() -> Files {
    let base = super::packs_on_disk().join("vietnam");
    let mut files = small(true);
    for name in ["dossier", "draft", "paper", "absence", "queue_ticket", "complaint"] {
        files.push((format!("registers/{name}.toml"), fs::read_to_string(base.join(format!("registers/{name}.toml"))).unwrap()));
    }
    files.push(("one-stop/law.toml".into(), fs::read_to_string(base.join("one-stop/law.toml")).unwrap()));
    for year in [2025, 2026] {
        let text = fs::read_to_string(base.join(format!("calendars/{year}.toml"))).unwrap();
        files.push((format!("calendars/{year}.toml"), text));
    }
    let sources = ["LICH-NGHI", "VPCP-12729", "BLLD-2019"].map(|id| format!("[[source]]\nid = \"{id}\"\ntitle = \"{id}\"\n")).concat();
    files.push(("sources.toml".into(), sources));
    files.push(("procedures/test.toml".into(), PROCEDURE.into()));
    files.push(("one-stop/policy.toml".into(), POLICIES.into()));
    files
}
