//! Every fixed word of the report, in both languages. Nothing else in this folder holds a sentence.

use super::Lang;
use super::model::{Qualifier, Status};

macro_rules! labels {
    ($($name:ident: $vi:literal, $en:literal;)*) => {
        $(pub fn $name(lang: Lang) -> &'static str {
            match lang { Lang::Vi => $vi, Lang::En => $en }
        })*
    };
}

labels! {
    // Heading block
    national_name: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM";
    motto: "Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness";
    number_prefix: "Số:", "No.";
    document_type: "BÁO CÁO", "REPORT";
    addressed_to: "Kính gửi:", "To:";
    recipients: "Nơi nhận:", "Recipients:";
    as_addressed: "Như trên", "As above";
    filing: "Lưu:", "Filed:";
    legal_basis_lead: "Căn cứ", "Pursuant to";

    // Notices
    simulated: "DỮ LIỆU MÔ PHỎNG – KHÔNG DÙNG ĐỂ BÁO CÁO", "SIMULATED DATA – NOT FOR REPORTING";
    simulated_sentence: "Toàn bộ số liệu trong văn bản này là dữ liệu mô phỏng, không dùng để báo cáo.",
        "All figures in this document are simulated and must not be reported.";
    none: "Không có.", "None.";
    no_figures: "Chưa có số liệu cho kỳ báo cáo này.", "No figures for this period yet.";
    no_reason: "Đơn vị chưa nêu lý do", "No reason given by the unit";
    unknown: "không rõ", "unknown";
    unset: "chưa xác định", "not set";

    // Parts
    part_scope: "Phạm vi số liệu", "Scope of the figures";
    part_summary: "KẾT QUẢ CHUNG", "OVERALL RESULTS";
    part_results: "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU", "RESULTS BY TARGET";
    part_late: "CHỈ TIÊU, NHIỆM VỤ QUÁ HẠN, CÓ NGUY CƠ CHẬM, CHỜ HƯỚNG DẪN", "OVERDUE, AT RISK AND WAITING FOR GUIDANCE";
    part_overdue: "Quá hạn", "Overdue";
    part_risk: "Có nguy cơ chậm tiến độ", "At risk of delay";
    part_waiting: "Chờ hướng dẫn", "Waiting for guidance";
    part_conflicts: "SỐ LIỆU CÒN MÂU THUẪN, CHƯA KẾT LUẬN", "CONTRADICTING FIGURES, NOT YET DECIDED";
    part_difficulties: "KHÓ KHĂN, VƯỚNG MẮC", "DIFFICULTIES";
    part_proposals: "ĐỀ XUẤT, KIẾN NGHỊ", "PROPOSALS";
    conflicts_intro: "Các chỉ tiêu dưới đây có nhiều số liệu khác nhau; các giá trị được giữ nguyên theo nguồn, chưa lấy giá trị nào làm kết quả chính thức.",
        "The indicators below have several differing figures; each is kept as its source prints it and none is yet taken as official.";
    charts_intro: "Kết quả được thể hiện bằng biểu đồ dưới đây; số liệu chi tiết kèm tử số, mẫu số và nguồn tại các phụ lục.",
        "The results are charted below; numerators, denominators and sources are in the annexes.";
    table: "Bảng", "Table";
    chart: "Biểu đồ", "Chart";
    table_status: "Tổng hợp tình trạng thực hiện chỉ tiêu", "Targets by status";
    table_results: "Kết quả thực hiện chỉ tiêu", "Results by target";
    table_overdue: "Danh mục quá hạn", "Overdue list";
    table_risk: "Danh mục có nguy cơ chậm tiến độ", "At-risk list";
    table_waiting: "Danh mục chờ hướng dẫn", "Waiting list";
    table_conflicts: "Danh mục số liệu mâu thuẫn", "Contradicting figures";
    annex: "Phụ lục", "Annex";
    annex_results: "CHI TIẾT SỐ LIỆU VÀ NGUỒN", "FIGURES AND SOURCES IN DETAIL";
    annex_units: "KẾT QUẢ THEO ĐƠN VỊ", "RESULTS BY UNIT";
    annex_ledger: "CÁCH TÍNH VÀ MỐC NHẬT KÝ", "DEFINITIONS AND LEDGER CHECKPOINT";
    definitions: "Cách tính các chỉ tiêu", "How the figures are computed";
    ledger: "Mốc nhật ký", "Ledger checkpoint";
    ledger_open: "Kỳ báo cáo chưa chốt: số liệu còn có thể thay đổi và chưa có mốc nhật ký.",
        "The period is not frozen: the figures may still change and there is no ledger checkpoint yet.";
    ledger_open_at: "Kỳ báo cáo chưa chốt: số liệu còn có thể thay đổi. Mốc nhật ký gần nhất khi lập báo cáo như sau.",
        "The period is not frozen: the figures may still change. The newest ledger checkpoint when the report was made follows.";
    ledger_frozen: "Số liệu của kỳ báo cáo được chốt tại mốc nhật ký sau; lệnh “haidang verify” đối chiếu lại toàn bộ nhật ký và số liệu.",
        "The figures of the period were frozen at the ledger state below; “haidang verify” checks the whole ledger and the figures against it.";
    ledger_size: "Số mục nhật ký", "Entries";
    ledger_root: "Mã băm gốc", "Root hash";
    ledger_at: "Thời điểm ký", "Signed at";
    ledger_note: "Bản ghi có chữ ký", "Signed note";
    ledger_note_where: "Bản ghi có chữ ký đầy đủ ở phụ lục Excel, trang", "The whole signed note is in the Excel annex, sheet";
    counts_note: "Hai số kèm mỗi kết quả là tử số / mẫu số.", "The two counts with each result are numerator / denominator.";
    quoted: "", "Texts in quotation marks are quoted in Vietnamese, as their authors wrote them.";
    whole_period: "cả kỳ:", "whole period:";
    no_new_figure: "chưa có số liệu mới", "no new figure";

    // Scope
    scope_period: "Kỳ báo cáo", "Period";
    scope_previous: "Kỳ so sánh", "Compared with";
    scope_unit: "Đơn vị báo cáo", "Unit";
    scope_as_of: "Số liệu tính đến", "Figures as of";
    scope_boundaries: "Địa giới hành chính", "Boundaries";

    // Columns
    col_index: "TT", "No.";
    col_code: "Mã", "Code";
    col_target: "Chỉ tiêu", "Target";
    col_task: "Chỉ tiêu, nhiệm vụ", "Target or task";
    col_measure: "Đơn vị tính", "Unit of measure";
    col_threshold: "Mức giao", "Threshold";
    col_threshold_deadline: "Mức giao, thời hạn", "Threshold, deadline";
    col_deadline: "Thời hạn", "Deadline";
    col_current: "Kết quả kỳ này", "This period";
    col_previous: "Kỳ trước", "Previous period";
    col_change: "Tăng, giảm", "Change";
    col_status: "Tình trạng", "Status";
    col_source: "Nguồn số liệu", "Source";
    col_as_of: "Số liệu tính đến", "As of";
    col_numerator: "Tử số", "Numerator";
    col_denominator: "Mẫu số", "Denominator";
    col_previous_numerator: "Tử số kỳ trước", "Previous numerator";
    col_previous_denominator: "Mẫu số kỳ trước", "Previous denominator";
    col_qualifier: "Mức chính xác", "Qualifier";
    col_owner: "Đơn vị chủ trì", "In charge";
    col_unit: "Đơn vị", "Unit";
    col_days_late: "Số ngày chậm", "Days late";
    col_reason: "Lý do", "Reason";
    col_explanation: "Căn cứ đánh giá", "Why";
    col_waiting_for: "Nội dung chờ hướng dẫn", "Waiting for";
    col_since: "Từ ngày", "Since";
    col_value: "Giá trị", "Value";
    col_definition: "Cách tính", "Definition";
    col_kind: "Loại", "Kind";
    col_value_current: "Kết quả", "Result";
    col_status_note: "Ghi chú", "Note";
    col_deadline_note: "Ghi chú", "Note on the target";
    col_span: "Kết quả tính cho", "Result covers";
    col_previous_span: "Kỳ trước tính cho", "Previous covers";

    // Sheets (at most 31 characters, none of : \ / ? * [ ])
    sheet_results: "Kết quả", "Results";
    sheet_units: "Theo đơn vị", "By unit";
    sheet_late: "Quá hạn - nguy cơ", "Overdue - at risk";
    sheet_conflicts: "Mâu thuẫn số liệu", "Contradictions";
    sheet_sources: "Nguồn và nhật ký", "Sources and ledger";

    // Words inside values
    vnd: "đồng", "VND";
    percentage_points: "điểm\u{A0}%", "points";
    unchanged: "không đổi", "no change";
    all_time: "toàn bộ thời gian", "all time";
    exact: "chính xác", "exact";
    in_charge: "Chủ trì:", "In charge:";
}

pub fn status(status: Status, lang: Lang) -> &'static str {
    let (vi, en) = match status {
        Status::Completed => ("Hoàn thành", "Completed"),
        Status::InProgress => ("Đang thực hiện", "In progress"),
        Status::AtRisk => ("Có nguy cơ chậm", "At risk"),
        Status::Overdue => ("Quá hạn", "Overdue"),
        Status::Waiting => ("Chờ hướng dẫn", "Waiting"),
        Status::Pilot => ("Thí điểm", "Pilot"),
        Status::Recurring => ("Thường xuyên", "Recurring"),
    };
    if lang == Lang::Vi { vi } else { en }
}

pub fn qualifier(qualifier: Qualifier, lang: Lang) -> &'static str {
    let (vi, en) = match qualifier {
        Qualifier::Over => ("hơn", "over"),
        Qualifier::Nearly => ("gần", "nearly"),
        Qualifier::Above => ("trên", "above"),
        Qualifier::About => ("khoảng", "about"),
        Qualifier::AtLeast => ("tối thiểu", "at least"),
        Qualifier::AtMost => ("tối đa", "at most"),
        Qualifier::Below => ("dưới", "below"),
    };
    if lang == Lang::Vi { vi } else { en }
}

/// "17/17 đơn vị đạt"
pub fn units_reached(reached: usize, of: usize, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("{reached}/{of}\u{a0}đơn vị đạt"),
        Lang::En => format!("{reached}/{of} units reached it"),
    }
}

pub fn rise(up: bool, lang: Lang) -> &'static str {
    match (lang, up) {
        (Lang::Vi, true) => "tăng",
        (Lang::Vi, false) => "giảm",
        (Lang::En, true) => "up",
        (Lang::En, false) => "down",
    }
}

/// "(Kèm theo Báo cáo số …/BC-UBND ngày …)": beneath the title of an annex.
pub fn attached_to(number: &str, date: &str, issuer: &str, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("(Kèm theo Báo cáo số {number} {date} của {issuer})"),
        Lang::En => format!("(Attached to Report No. {number} {date} of {issuer})"),
    }
}

/// Why a chart is missing: every bar would be as long as the next.
pub fn chart_left_out(title: &str, value: &str, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("Không vẽ biểu đồ “{title}” vì các giá trị đều bằng {value}."),
        Lang::En => format!("“{title}” is not charted: every value is {value}."),
    }
}

/// "trong tổng số 12 chỉ tiêu".
pub fn out_of_targets(n: usize, lang: Lang) -> String {
    match (lang, n) {
        (Lang::Vi, _) => format!("Tổng số {n} chỉ tiêu được theo dõi trong kỳ, chia theo tình trạng như sau:"),
        (Lang::En, 1) => "One target was followed in the period; its status:".into(),
        (Lang::En, _) => format!("{n} targets were followed in the period, by status:"),
    }
}

pub fn english_month(month: i8) -> &'static str {
    const MONTHS: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    usize::try_from(month - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or("???")
}
