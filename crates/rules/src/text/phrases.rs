//! Vietnamese for what reaches a person as an English sentence only: reasons given by the readers of TOML, JSON and CSV, by the
//! expressions and checks of packs, by databases. What has a code of its own has its sentence in the translation files instead.

/// English patterns and what is said for them; `{}` stands for a part that is taken over as it is, `{+}` for one that is a reason itself.
/// The first that fits counts, so the general ones stand last.
const PHRASES: &[(&str, &str)] = &[
    // Readers of TOML, JSON and CSV
    ("unknown field `{}`, expected one of {}", "không có mục `{}`; các mục: {}"),
    ("unknown field `{}`, expected {}", "không có mục `{}`; chỉ có {+}"),
    ("unknown variant `{}`, expected one of {}", "không nhận `{}`; chọn một trong {}"),
    ("unknown variant `{}`, expected {}", "không nhận `{}`; chỉ nhận {+}"),
    ("missing field `{}`", "thiếu mục `{}`"),
    ("duplicate field `{}`", "mục `{}` ghi hai lần"),
    ("duplicate key", "mục ghi hai lần"),
    ("invalid type: {}, expected {}", "sai kiểu: có {+}, cần {+}"),
    ("invalid value: {}, expected {}", "giá trị không dùng được: có {+}, cần {+}"),
    ("invalid length {}, expected {}", "sai số phần tử: có {}, cần {+}"),
    ("data did not match any variant of untagged enum {}", "không đúng dạng nào được nhận ({})"),
    ("a string", "chuỗi chữ"),
    ("string {}", "chuỗi {}"),
    ("a sequence", "danh sách"),
    ("a map", "bảng"),
    ("a boolean", "true hoặc false"),
    ("boolean `{}`", "`{}`"),
    ("integer `{}`", "số `{}`"),
    ("floating point `{}`", "số `{}`"),
    ("sequence", "danh sách"),
    ("map", "bảng"),
    ("struct {}", "bảng {}"),
    ("unclosed table", "chưa đóng ngoặc vuông của tên bảng"),
    ("unclosed array table", "chưa đóng ngoặc vuông của tên bảng"),
    ("unclosed array", "chưa đóng danh sách"),
    ("unclosed inline table", "chưa đóng bảng trên một dòng"),
    ("key with no value", "mục không có giá trị"),
    ("missing value for key", "mục không có giá trị"),
    ("missing value", "thiếu giá trị"),
    ("missing comma between array elements", "thiếu dấu phẩy trong danh sách"),
    ("missing comma between key-value pairs", "thiếu dấu phẩy giữa hai mục"),
    ("extra comma in array", "thừa dấu phẩy trong danh sách"),
    ("extra comma in inline table", "thừa dấu phẩy trong bảng"),
    ("extra `=`", "thừa dấu `=`"),
    ("invalid key-value pair", "không phải mục = giá trị"),
    ("unexpected key or value", "thừa mục hoặc giá trị ở cuối dòng"),
    ("unexpected content", "thừa nội dung"),
    ("invalid basic string", "chuỗi trong dấu nháy kép không đúng"),
    ("invalid literal string", "chuỗi trong dấu nháy đơn không đúng"),
    ("invalid unquoted key", "tên mục không đúng"),
    ("string values must be quoted", "chữ phải đặt trong dấu nháy"),
    ("key", "tên mục"),
    ("value", "giá trị"),
    ("newline", "xuống dòng"),
    // Expressions
    ("at character {}: {}", "ở ký tự {}: {+}"),
    ("not readable as an expression: {}", "không đọc được như một biểu thức: {}"),
    ("longer than {} characters", "dài quá {} ký tự"),
    ("register {} has no field {}; is {} meant?", "sổ {} không có trường {}; có phải là {}?"),
    ("register {} has no field {}", "sổ {} không có trường {}"),
    (
        "unknown name {}; fields are written record.NAME, the time of evaluation is now",
        "không có tên {}; trường viết là record.TÊN, thời điểm tính viết là now",
    ),
    ("unknown function {}", "không có hàm {}"),
    ("{} wants {}, but this is {}", "{+} cần {+}, nhưng đây là {+}"),
    ("a condition", "điều kiện"),
    ("this part", "phần này"),
    ("{} cannot join {} and {}", "không dùng {} giữa {} và {} được"),
    (
        "a date and a timestamp are not the same thing: {}",
        "ngày và thời điểm là hai loại khác nhau: so date(thời điểm) với ngày, hoặc timestamp(ngày) với thời điểm",
    ),
    ("compare a {} with {}, not with a text", "so {} với {}, không so với chữ"),
    ("{} is not a choice of {}; choices are {}", "{} không phải lựa chọn của {}; chọn một trong {}"),
    ("now may stand only in an ordering comparison {}", "now chỉ dùng khi so sánh trước, sau (<, <=, >, >=) với vế không có now"),
    ("field {} is personal data and may not be counted", "trường {} là dữ liệu cá nhân, không được đếm"),
    ("more than {} decimal digits", "quá {} chữ số thập phân"),
    ("null can only be compared with == and !=", "null chỉ so được bằng == và !="),
    ("{} is not supported here", "ở đây không dùng được {+}"),
    // Lifecycles
    (
        "{} is not an identifier: lower-case letters, digits and underscores, a letter first",
        "{} không dùng làm mã được: chữ thường không dấu, số và dấu gạch dưới, chữ đứng đầu",
    ),
    ("the state {} is declared twice", "trạng thái {} khai báo hai lần"),
    ("the transition {} is declared twice", "bước chuyển {} khai báo hai lần"),
    ("the transition {} starts from no state: fill `from`", "bước chuyển {} không bắt đầu từ trạng thái nào: điền `from`"),
    ("no transition leads to the state {}: a record can never be in it", "không bước chuyển nào dẫn đến trạng thái {}"),
    // The law of the desk, calendars, units
    ("valid_to is not after valid_from", "valid_to không sau valid_from"),
    ("hours are not spans like 07:30-11:30, one after the other", "hours phải là các khoảng như 07:30-11:30, theo thứ tự"),
    (
        "hours_on.{} is not a weekday (mon … sun) with spans like 07:30-11:30",
        "hours_on.{} phải là thứ trong tuần (mon … sun) với các khoảng như 07:30-11:30",
    ),
    ("bin {} is not a bank's number of six digits", "bin {} không phải mã ngân hàng sáu chữ số"),
    ("account {} is not 1 to 19 letters and digits", "account {} phải có 1 đến 19 chữ cái, chữ số"),
    ("{} is counted in working days", "{} phải tính bằng ngày làm việc"),
    ("draft_days is at least 1", "draft_days ít nhất là 1"),
    ("{} has no basis", "{} chưa ghi căn cứ"),
    ("{} is empty", "{} để trống"),
    ("{} is a working day already, so it cannot be worked in exchange", "{} vốn là ngày làm việc nên không thể là ngày làm bù"),
    ("{} is a rest day already, so it cannot be given off in exchange", "{} vốn là ngày nghỉ nên không thể là ngày nghỉ hoán đổi"),
    ("a week needs at least one working day", "mỗi tuần phải có ít nhất một ngày làm việc"),
    ("the year {} is outside {}", "năm {} nằm ngoài khoảng {}"),
    ("{} must have valid_to = {}", "{} phải có valid_to = {}"),
    ("{} must begin on {}", "{} phải bắt đầu ngày {}"),
    ("{} has a code with other characters than {}", "mã của {} có ký tự không được dùng"),
    ("{} has no name in Vietnamese and English", "{} thiếu tên tiếng Việt hoặc tiếng Anh"),
    ("{} ends on {}, which is not after its first day", "{} kết thúc ngày {}, không sau ngày bắt đầu"),
    ("the parent {} of {} is not declared; did you mean {}?", "chưa khai báo {}, đơn vị cha của {}; có phải là {}?"),
    ("the parent {} of {} is not declared", "chưa khai báo {}, đơn vị cha của {}"),
    ("the unit {} is not declared; did you mean {}?", "chưa khai báo đơn vị {}; có phải là {}?"),
    ("the unit {} is not declared", "chưa khai báo đơn vị {}"),
    ("{} goes to {} twice", "{} nhập vào {} hai lần"),
    (
        "{} goes whole to one unit and also to another: mark the rows as parts",
        "{} nhập nguyên vào một đơn vị lại còn vào đơn vị khác: đánh dấu các dòng là một phần",
    ),
    ("the share {} of a unit that goes whole makes no sense: leave it out", "đơn vị nhập nguyên không có tỷ lệ {}: bỏ đi"),
    ("{} is declared twice", "{} khai báo hai lần"),
    ("0 to 1", "0 đến 1"),
    ("1 to 5", "1 đến 5"),
    ("0 and more", "từ 0 trở lên"),
    ("{} and more", "từ {} trở lên"),
    ("a fraction such as 3/5, above 0 and at most 1", "phân số như 3/5, lớn hơn 0 và không quá 1"),
    ("a share only where whole = false", "chỉ ghi tỷ lệ khi whole = false"),
    ("a span such as 07:30-11:30", "khoảng như 07:30-11:30"),
    ("files", "tệp"),
    ("bytes", "byte"),
    ("rows", "dòng"),
    // Mapping files
    ("the file is larger than {} bytes", "tệp lớn hơn {} byte"),
    (
        "\"key\" is empty; name the source's attribute or column that identifies a record",
        "\"key\" để trống; ghi tên thuộc tính hoặc cột dùng để nhận ra hồ sơ",
    ),
    (
        "keep_source = true fills the field \"source\"; it cannot be mapped as well",
        "keep_source = true đã điền trường \"source\" nên không ánh xạ trường này nữa",
    ),
    ("a field takes {}, but [events] does not say how events are named", "có trường lấy {}, nhưng [events] chưa nói tên các sự kiện"),
    ("[state] has no rule; leave it out or add one", "[state] chưa có quy tắc; bỏ đi hoặc thêm quy tắc"),
    (
        "rule {} of [state] always fits, so the rules after it are never reached",
        "quy tắc {} của [state] luôn đúng nên các quy tắc sau không bao giờ được xét",
    ),
    (
        "{} is not a name: small letters a–z, digits and _, beginning with a letter",
        "{} không dùng làm tên được: chữ thường a–z, số và _, chữ đứng đầu",
    ),
    (
        "{} is not a zone: write an offset like \"+07:00\" or a name like \"Europe/Amsterdam\"",
        "{} không phải múi giờ: viết độ lệch như \"+07:00\" hoặc tên như \"Asia/Ho_Chi_Minh\"",
    ),
    (
        "\"default\" is for values of {} that \"map\" does not list, but there is no map; perhaps \"if_absent\" is meant",
        "\"default\" dành cho giá trị của {} không có trong \"map\", nhưng không có map; có lẽ là \"if_absent\"",
    ),
    ("say the unit either as {}", "ghi đơn vị bằng một trong hai cách: {}"),
    ("{} is only for type = {}", "{} chỉ dùng với type = {}"),
    ("\"map\" cannot be used with type = \"list\" or \"json\"", "\"map\" không dùng với type = \"list\" hoặc \"json\""),
    ("{} is not a date format; write day, month and year like {}", "{} không phải dạng ngày; viết ngày, tháng, năm như {}"),
    ("\"decimal_mark\" is either \".\" or \",\"", "\"decimal_mark\" là \".\" hoặc \",\""),
    (
        "\"map\", \"default\", \"if_absent\" and \"absent\" go with \"from\", not with \"value\"",
        "\"map\", \"default\", \"if_absent\", \"absent\" đi với \"from\", không đi với \"value\"",
    ),
    ("from = {} needs type = \"json\" and nothing else", "from = {} chỉ đi với type = \"json\""),
    (
        "say either \"from\" (the source's name) or \"value\" (the same for every row)",
        "ghi một trong hai: \"from\" (tên ở nguồn) hoặc \"value\" (mọi dòng như nhau)",
    ),
    // Databases, backups, keys, other systems
    ("the database is busy: {}", "cơ sở dữ liệu đang bận: tiến trình khác đang giữ; chưa ghi gì, hãy thử lại"),
    ("the disk is full: {}", "ổ đĩa đã đầy: chưa ghi gì và không mất gì; hãy giải phóng chỗ rồi thử lại"),
    ("the database cannot be reached: {}", "không kết nối được cơ sở dữ liệu: {+}"),
    (
        "the connection was lost while the change was being committed; look whether it is there before repeating it: {}",
        "mất kết nối đúng lúc đang ghi; hãy xem đã ghi chưa trước khi làm lại: {}",
    ),
    (
        "this database was written by a newer version of the program (schema {}, this program knows {}); update the program",
        "cơ sở dữ liệu do phiên bản mới hơn ghi (lược đồ {}, chương trình này biết {}); hãy cập nhật chương trình",
    ),
    ("the database is damaged or not ours: {}", "cơ sở dữ liệu bị hỏng hoặc không phải của Hải Đăng: {}"),
    ("file store: {}", "kho tệp: {+}"),
    ("database: {}", "cơ sở dữ liệu: {}"),
    ("{} exists already; a backup goes into a new folder", "{} đã có; bản sao lưu phải vào thư mục mới"),
    ("{} is not a backup: {}", "{} không phải bản sao lưu: {+}"),
    ("the backup is of tenant {}, not {}", "bản sao lưu là của địa phương {}, không phải {}"),
    (
        "the database is not empty; a backup is restored into an empty one",
        "cơ sở dữ liệu không trống; chỉ phục hồi bản sao lưu vào cơ sở dữ liệu trống",
    ),
    ("cannot create the file folder {}: {}", "không tạo được thư mục tệp {}: {+}"),
    ("cannot create the data folder {}: {}", "không tạo được thư mục dữ liệu {}: {+}"),
    ("a tenant's name is made of a–z, 0–9 and '-', not {}", "tên địa phương (tenant) chỉ gồm a–z, 0–9 và '-', không phải {}"),
    ("--data needs a folder or a postgres:// address", "--data cần một thư mục hoặc địa chỉ postgres://"),
    ("not a PostgreSQL address: {}", "không phải địa chỉ PostgreSQL: {}"),
    ("key file {}: {}", "tệp khóa {}: {+}"),
    (
        "the key that signed this ledger is missing: there is no {}. Put it back, or name it with --key-file",
        "thiếu khóa đã ký nhật ký này: không có {}. Hãy đặt lại khóa, hoặc nêu khóa bằng --key-file",
    ),
    ("{}. Is PostgreSQL running, and is the address right?", "{+}. PostgreSQL đang chạy chưa, địa chỉ đã đúng chưa?"),
    ("{}: an id is made of a–z, 0–9 and -, 40 characters at most", "{}: mã chỉ gồm a–z, 0–9 và -, tối đa 40 ký tự"),
    ("{}: a secret has {} characters or more", "{}: khóa bí mật phải có từ {} ký tự"),
    ("{}: {} is no address", "{}: {} không phải địa chỉ"),
    ("{} stands twice", "{} ghi hai lần"),
    ("No such file or directory {}", "không có tệp hoặc thư mục này {}"),
    ("Permission denied {}", "không có quyền {}"),
    ("Connection refused {}", "kết nối bị từ chối {}"),
    ("Address already in use {}", "cổng đang được dùng {}"),
    ("Is a directory {}", "là thư mục {}"),
    // What the proof finds
    (
        "checkpoint {}: the signed note speaks of another size or root than its row",
        "mốc {}: bản đã ký ghi cỡ hoặc gốc khác với dòng của nó",
    ),
    (
        "checkpoint {}: the one kept elsewhere has another root than the one in the database",
        "mốc {}: mốc giữ ở nơi khác có gốc khác với mốc trong cơ sở dữ liệu",
    ),
    ("checkpoint {}: {}", "mốc {}: {+}"),
    ("the checkpoint kept elsewhere: {}", "mốc giữ ở nơi khác: {+}"),
    ("entry {} is missing: the next one is {}", "thiếu mục {}: mục kế tiếp là {}"),
    ("the tree of the first {} entries has root {}, its checkpoint says {}", "cây của {} mục đầu có gốc {}, mốc ghi {}"),
    ("there is a checkpoint of {} entries, but the ledger has only {}", "có mốc của {} mục, nhưng nhật ký chỉ có {}"),
    (
        "the ledger has {} entries with root {}, its head says {} with root {}",
        "nhật ký có {} mục với gốc {}, đầu nhật ký ghi {} với gốc {}",
    ),
    ("there are {} tiles of the tree, the entries give {}; {}", "có {} mảnh cây, các mục cho ra {}; {+}"),
    ("the right edge of the tree kept in its head is not what the entries give; {}", "mép phải của cây không đúng như các mục cho ra; {+}"),
    ("tile {} of level {} is missing; {}", "thiếu mảnh {} của tầng {}; {+}"),
    ("tile {} of level {} is not what the entries give; {}", "mảnh {} của tầng {} không đúng như các mục cho ra; {+}"),
    (
        "the entries are whole: `haidang verify --repair-tiles` derives it from them anew",
        "các mục nhật ký vẫn toàn vẹn: `haidang verify --repair-tiles` dựng lại từ các mục",
    ),
    ("the checkpoint is not signed by its log, {}", "mốc không được ký bằng khóa của nhật ký này, {}"),
    ("the checkpoint is of {}, the key is of {}", "mốc là của {}, khóa là của {}"),
    ("the signature of {} does not match the text", "chữ ký của {} không khớp nội dung"),
    ("no signature is by a known key", "không có chữ ký nào bằng khóa đã biết"),
    ("entry {} (version {} of record {}) is not the one that was written", "mục {} (phiên bản {} của bản ghi {}) không phải mục đã ghi"),
    ("record {} is in no entry of the ledger", "bản ghi {} không có mục nào trong nhật ký"),
    ("record {} is in the ledger, but its row is gone", "bản ghi {} có trong nhật ký nhưng dòng của nó đã mất"),
    ("record {}: field {} is {}, the ledger says {}", "bản ghi {}: trường {} là {}, nhật ký ghi {}"),
    ("record {}: {} is {}, the ledger says {}", "bản ghi {}: {} là {}, nhật ký ghi {}"),
    ("record {}: its desk keys are {}, its fields give {}", "bản ghi {}: cột tìm kiếm là {}, các trường cho ra {}"),
    ("record {} names the attachment {}, which is gone", "bản ghi {} nêu tệp đính kèm {}, tệp này đã mất"),
    (
        "the saved figures were counted by other definitions than those in force",
        "số liệu đã lưu được đếm theo định nghĩa khác với định nghĩa đang dùng",
    ),
    // Any of the above with what was expected behind it
    ("{}, expected {}", "{+}, cần {+}"),
    ("`{}` or `{}`", "`{}` hoặc `{}`"),
];

/// An English reason in Vietnamese; as it is where nothing is known for it.
#[must_use]
pub fn vietnamese(english: &str) -> String {
    PHRASES
        .iter()
        .find_map(|(pattern, said)| fits(pattern, english).map(|parts| filled(said, &parts)))
        .unwrap_or_else(|| english.to_owned())
}

/// The parts that stand for each `{}` of a pattern.
fn fits<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut fixed = pattern.split("{}");
    let mut rest = text.strip_prefix(fixed.next()?)?;
    let mut parts = Vec::new();
    let fixed: Vec<&str> = fixed.collect();
    for (i, literal) in fixed.iter().enumerate() {
        let at = if i + 1 == fixed.len() {
            rest.len().checked_sub(literal.len()).filter(|_| rest.ends_with(literal))
        } else {
            rest.find(literal)
        }?;
        if at == 0 {
            return None;
        }
        parts.push(&rest[..at]);
        rest = &rest[at + literal.len()..];
    }
    rest.is_empty().then_some(parts)
}

fn filled(said: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let (mut out, mut rest) = (String::new(), said);
    while let Some((before, after)) = rest.split_once('{') {
        let (mark, tail) = after.split_once('}').unwrap_or((after, ""));
        let part = parts.next().copied().unwrap_or_default();
        out.push_str(before);
        out.push_str(&if mark == "+" { vietnamese(part) } else { part.to_owned() });
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_reasons_are_said_in_vietnamese_part_by_part() {
        for (english, said) in [
            ("missing field `key`", "thiếu mục `key`"),
            ("unknown field `dya`, expected one of `day`, `from`", "không có mục `dya`; các mục: `day`, `from`"),
            ("invalid type: string \"x\", expected a boolean", "sai kiểu: có chuỗi \"x\", cần true hoặc false"),
            ("unclosed array table, expected `]]`", "chưa đóng ngoặc vuông của tên bảng, cần `]]`"),
            ("at character 3: unknown function \"f\"", "ở ký tự 3: không có hàm \"f\""),
            ("1 to 5", "1 đến 5"),
            ("something else", "something else"),
        ] {
            assert_eq!(vietnamese(english), said);
        }
    }

    #[test]
    fn both_sides_take_over_the_same_number_of_parts() {
        for (english, said) in PHRASES {
            // What only explains may be left out; nothing is said that was not there.
            assert!(said.matches('{').count() <= english.matches("{}").count(), "{english}");
        }
    }
}
