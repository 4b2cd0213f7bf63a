//! Sentences that pages, reports and messages share, in both languages.

use jiff::civil::Date;
use rules::{indicator::Format, target::Reason, text};

use crate::{
    programme::ReportedFigure,
    report::{Lang, values},
};

/// Why a target or task has its status, as a sentence without a full stop. An unknown code (of a newer rule) is shown as it is.
#[must_use]
pub fn reason_sentence(reason: &Reason, lang: &str) -> String {
    let template = TEMPLATES.iter().find(|(code, ..)| *code == reason.code);
    let Some((_, vi, en)) = template else { return reason.code.to_owned() };
    fill(if lang == "en" { en } else { vi }, |name| value(reason.arg(name).unwrap_or("…"), name, lang))
}

/// A reported value as the reader writes numbers, with the word of its source ("hơn 1.246"); how it was written stands in the quotation.
#[must_use]
pub fn published(f: &ReportedFigure, format: Format, lang: &str) -> String {
    let Some(value) = f.def.value else { return f.def.as_written.clone().unwrap_or_default() };
    let word = f.def.qualifier.word(lang);
    let number = if format.is_percent() { format!("{}\u{a0}%", value.format(lang)) } else { value.format(lang) };
    if word.is_empty() { number } else { format!("{word} {number}") }
}

/// Values of a reason that are in the indicator's measure; the others are days and dates.
const MEASURED: [&str; 5] = ["value", "threshold", "gap", "milestone", "change"];

/// As [`reason_sentence`], with the measured values as `said` writes them (a sign of percent, whole numbers).
pub fn reason_in_measure(reason: &Reason, lang: &str, said: impl Fn(f64) -> String) -> String {
    let template = TEMPLATES.iter().find(|(code, ..)| *code == reason.code);
    let Some((_, vi, en)) = template else { return reason.code.to_owned() };
    fill(if lang == "en" { en } else { vi }, |name| {
        let text = reason.arg(name).unwrap_or("…");
        match text.parse::<f64>() {
            Ok(x) if MEASURED.contains(&name) => said(x),
            _ => value(text, name, lang),
        }
    })
}

/// Sentence by code; `{name}` is an argument of the reason. One line per code of `rules::target`.
#[rustfmt::skip]
const TEMPLATES: &[(&str, &str, &str)] = &[
    ("target.completed.accepted", "Được công nhận hoàn thành ngày {on}", "Accepted as done on {on}"),
    ("target.completed.early", "Đạt ngày {on}, sớm {days} ngày so với thời hạn {deadline}", "Reached on {on}, {days} days before the deadline of {deadline}"),
    ("target.completed.on-time", "Đạt ngày {on}, đúng thời hạn", "Reached on {on}, the day of the deadline"),
    ("target.completed.late", "Đạt ngày {on}, chậm {days} ngày so với thời hạn {deadline}", "Reached on {on}, {days} days after the deadline of {deadline}"),
    ("target.completed.reached", "Hiện đạt {value}, ngưỡng {threshold}", "Now at {value}, the threshold is {threshold}"),
    ("target.completed.each", "Cả {of} đơn vị được giao đều đạt", "All {of} units bound by it have reached it"),
    ("target.overdue.each", "Quá hạn {days} ngày (thời hạn {deadline}): {reached}/{of} đơn vị đạt", "{days} days past the deadline of {deadline}: {reached} of {of} units have reached it"),
    ("target.at-risk.each", "{reached}/{of} đơn vị đạt, {units} đơn vị có nguy cơ chậm", "{reached} of {of} units have reached it, {units} are at risk"),
    ("target.recurring.each", "Chỉ tiêu thường xuyên: {reached}/{of} đơn vị đạt", "A standing target: {reached} of {of} units meet it"),
    ("target.in-progress.each", "Đang thực hiện: {reached}/{of} đơn vị đạt", "Under way: {reached} of {of} units have reached it"),
    ("target.waiting", "Chờ hướng dẫn: {what}", "Waiting for guidance: {what}"),
    ("target.pilot", "Đang thí điểm, chưa đánh giá theo ngưỡng", "A pilot, not held against its threshold yet"),
    ("target.overdue.no-data", "Quá hạn {days} ngày (thời hạn {deadline}), chưa có số liệu", "{days} days past the deadline of {deadline}, with no figure"),
    ("target.overdue.below", "Quá hạn {days} ngày (thời hạn {deadline}): đạt {value}, còn cách ngưỡng {threshold} là {gap}", "{days} days past the deadline of {deadline}: {value} against {threshold}, {gap} short"),
    ("target.overdue.not-comparable", "Quá hạn {days} ngày (thời hạn {deadline}): số liệu {value} tính theo {figure_window}, chỉ tiêu tính theo {window} nên chưa so được", "{days} days past the deadline of {deadline}: the figure {value} covers {figure_window}, the target {window}, so they cannot be compared"),
    ("target.at-risk.recurring", "Chỉ tiêu thường xuyên đang dưới mức: đạt {value}, ngưỡng {threshold}, còn cách {gap}", "A standing target below its level: {value} against {threshold}, {gap} short"),
    ("target.at-risk.milestone", "Lỡ mốc ngày {date}: phải đạt {milestone}, mới đạt {value}, còn cách {gap}", "Missed the milestone of {date}: {milestone} was due, {value} is reached, {gap} short"),
    ("target.at-risk.silent", "Đã {days} ngày chưa có số liệu mới (kể từ {since}); mức cảnh báo là {limit} ngày", "No new figure for {days} days (since {since}); the limit is {limit} days"),
    ("target.at-risk.moving-away", "Trong {window_days} ngày gần nhất đi xa ngưỡng thêm {change}: đạt {value}, ngưỡng {threshold}, thời hạn {deadline}", "In the last {window_days} days it moved {change} away: {value} against {threshold}, due {deadline}"),
    ("target.at-risk.standstill", "Trong {window_days} ngày gần nhất không tiến thêm: đạt {value}, ngưỡng {threshold}, thời hạn {deadline}", "No movement in the last {window_days} days: {value} against {threshold}, due {deadline}"),
    ("target.at-risk.pace", "Với tốc độ {window_days} ngày gần nhất sẽ đạt ngưỡng {threshold} vào ngày {reached_on}, sau thời hạn {days_late} ngày (hiện đạt {value})", "At the pace of the last {window_days} days it reaches {threshold} on {reached_on}, {days_late} days late (now {value})"),
    ("target.recurring.met", "Chỉ tiêu thường xuyên, đang đạt: {value}, ngưỡng {threshold}", "A standing target, met: {value} against {threshold}"),
    ("target.recurring.no-data", "Chỉ tiêu thường xuyên, chưa có số liệu", "A standing target, no figure yet"),
    ("target.in-progress.no-deadline", "Đang thực hiện, nguồn không nêu thời hạn", "Under way; the source sets no deadline"),
    ("target.in-progress.hold", "Đã đạt {value} (ngưỡng {threshold}), phải giữ đến hết thời hạn {deadline}", "At {value} (threshold {threshold}); it must hold until {deadline}"),
    ("target.in-progress.pace", "Với tốc độ {window_days} ngày gần nhất sẽ đạt ngưỡng {threshold} vào ngày {reached_on}, trước thời hạn {days_early} ngày (hiện đạt {value})", "At the pace of the last {window_days} days it reaches {threshold} on {reached_on}, {days_early} days early (now {value})"),
    ("target.in-progress.few-figures", "Đang thực hiện; mới có {points} số liệu, cần ít nhất {needed} để tính tốc độ", "Under way; {points} figures so far, a pace needs {needed}"),
    ("target.note.deadlines", "Có nhiều thời hạn mâu thuẫn chưa quyết định ({all}); tạm tính theo {used}", "Contradicting deadlines, not decided yet ({all}); {used} counts meanwhile"),
    ("target.note.not-comparable", "Số liệu tính theo {figure_window}, chỉ tiêu tính theo {window}: chỉ để tham khảo", "The figure covers {figure_window}, the target {window}: indicative only"),
    ("target.note.overdue", "Thời hạn {deadline} đã qua {days} ngày", "The deadline of {deadline} passed {days} days ago"),
    ("target.note.no-figure-of", "Chưa có số liệu của {period}, là kỳ có thời hạn", "No figure of {period}, in which the deadline lies"),
    ("target.note.figure-of", "Số liệu gần nhất tính đến thời hạn là của {period}; {wanted} chưa có số liệu", "The last figure up to the deadline is of {period}; {wanted} has none"),
    ("task.completed.accepted", "Được công nhận hoàn thành ngày {on}", "Accepted as done on {on}"),
    ("task.completed.early", "Hoàn thành ngày {on}, sớm {days} ngày so với thời hạn {deadline}", "Done on {on}, {days} days before the deadline of {deadline}"),
    ("task.completed.on-time", "Hoàn thành ngày {on}, đúng thời hạn", "Done on {on}, the day of the deadline"),
    ("task.completed.late", "Hoàn thành ngày {on}, chậm {days} ngày so với thời hạn {deadline}", "Done on {on}, {days} days after the deadline of {deadline}"),
    ("task.waiting", "Chờ hướng dẫn: {what}", "Waiting for guidance: {what}"),
    ("task.pilot", "Đang thí điểm", "A pilot"),
    ("task.submitted", "Đã nộp kết quả ngày {on}, chờ duyệt", "Handed in on {on}, waiting for approval"),
    ("task.overdue", "Quá hạn {days} ngày (thời hạn {deadline}), tiến độ {progress} %", "{days} days past the deadline of {deadline}, progress {progress}%"),
    ("task.at-risk.behind", "Đã dùng {elapsed} % thời gian nhưng tiến độ mới {progress} %, thời hạn {deadline}", "{elapsed}% of the time is used, progress is {progress}%, due {deadline}"),
    ("task.at-risk.last-days", "Còn {days} ngày đến thời hạn {deadline}, tiến độ mới {progress} %", "{days} days to the deadline of {deadline}, progress is {progress}%"),
    ("task.at-risk.silent", "Đã {days} ngày không cập nhật (kể từ {since}); mức cảnh báo là {limit} ngày", "No update for {days} days (since {since}); the limit is {limit} days"),
    ("task.recurring", "Nhiệm vụ thường xuyên", "A standing task"),
    ("task.in-progress", "Tiến độ {progress} %, còn {days_left} ngày đến thời hạn {deadline}", "Progress {progress}%, {days_left} days to the deadline of {deadline}"),
    ("task.in-progress.no-deadline", "Tiến độ {progress} %, không nêu thời hạn", "Progress {progress}%, no deadline is set"),
    ("task.note.overdue", "Thời hạn {deadline} đã qua {days} ngày", "The deadline of {deadline} passed {days} days ago"),
];

fn fill(template: &str, said: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&said(name));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Dates, numbers and windows in the reader's language; a person's own words as they are.
fn value(text: &str, name: &str, lang: &str) -> String {
    match name {
        "what" => text.to_owned(),
        "all" => text.split(' ').map(|t| value(t, "", lang)).collect::<Vec<_>>().join(if lang == "en" { ", " } else { "; " }),
        "window" | "figure_window" => window(text, lang).to_owned(),
        "period" | "wanted" => period(text, lang),
        _ => match (text.parse::<Date>(), number(text)) {
            (Ok(date), _) => text::format_date(date, lang),
            // A share that somebody calculated has endless digits; a sentence needs no more than two.
            (_, Some((mantissa, scale))) => text::format_scaled(mantissa, scale, scale.min(DIGITS), lang),
            _ => text.to_owned(),
        },
    }
}

/// Decimals of a number in a sentence at most.
const DIGITS: u32 = 2;

/// `-12.5` as −125 and one decimal.
fn number(text: &str) -> Option<(i128, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    Some((digits.parse().ok()?, u32::try_from(fraction.len()).ok()?))
}

fn period(text: &str, lang: &str) -> String {
    let lang = if lang == "en" { Lang::En } else { Lang::Vi };
    text.parse().map_or_else(|_| text.to_owned(), |p| values::period(p, lang))
}

fn window<'a>(word: &'a str, lang: &str) -> &'a str {
    match (word, lang == "en") {
        ("month", false) => "tháng",
        ("quarter", false) => "quý",
        ("year", false) => "năm",
        ("cumulative", false) => "lũy kế",
        ("latest", false) => "hiện trạng",
        ("month", true) => "a month",
        ("quarter", true) => "a quarter",
        ("year", true) => "a year",
        ("cumulative", true) => "everything so far",
        ("latest", true) => "the present state",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules' source is the list of codes: a new one without a sentence fails here.
    #[test]
    fn every_reason_has_a_sentence_in_both_languages() {
        let source = include_str!("../../rules/src/target/assess.rs");
        let codes: std::collections::BTreeSet<&str> =
            source.split('"').filter(|t| (t.starts_with("target.") || t.starts_with("task.")) && !t.contains(' ')).collect();
        assert!(codes.len() > 30, "{codes:?}");
        for code in codes {
            let found = TEMPLATES.iter().filter(|(c, ..)| *c == code).count();
            assert_eq!(found, 1, "{code}");
        }
    }

    #[test]
    fn both_languages_name_the_same_arguments() {
        let names = |t: &str| {
            let mut list: Vec<String> = t.split('{').skip(1).filter_map(|p| p.split_once('}').map(|(n, _)| n.to_owned())).collect();
            list.sort();
            list
        };
        for (code, vi, en) in TEMPLATES {
            assert_eq!(names(vi), names(en), "{code}");
        }
    }

    #[test]
    fn dates_and_numbers_are_the_readers() {
        let reason = Reason::new("target.at-risk.pace")
            .with("window_days", 90)
            .with("days_late", 47)
            .with("reached_on", "2025-10-16")
            .number("value", 1246.5)
            .number("threshold", 70.0)
            .with("deadline", "2025-08-30");
        assert_eq!(
            reason_sentence(&reason, "vi"),
            "Với tốc độ 90 ngày gần nhất sẽ đạt ngưỡng 70 vào ngày 16/10/2025, sau thời hạn 47 ngày (hiện đạt 1.246,5)"
        );
        assert!(reason_sentence(&reason, "en").contains("16 Oct 2025") && reason_sentence(&reason, "en").contains("1,246.5"));
        let calculated = Reason::new("target.completed.reached").number("value", 47.058_823_5).number("threshold", 100.0);
        assert_eq!(reason_sentence(&calculated, "vi"), "Hiện đạt 47,06, ngưỡng 100");
        let deadlines = Reason::new("target.note.deadlines").with("used", "2025-08-30").with("all", "2025-08-30 2025-12-31");
        assert!(reason_sentence(&deadlines, "vi").contains("(30/08/2025; 31/12/2025); tạm tính theo 30/08/2025"));
    }

    #[test]
    fn measured_values_are_said_as_they_are_given() {
        let reason = Reason::new("target.completed.reached").with("value", "1248").with("threshold", "1000");
        let said = reason_in_measure(&reason, "vi", |x| text::format_int(x as i64, "vi"));
        assert_eq!(said, "Hiện đạt 1.248, ngưỡng 1.000");
    }
}
