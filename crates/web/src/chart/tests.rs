use super::*;
use rules::Month;

fn sample(points: &[(Month, Option<f64>)], palette: Palette, size: Size) -> Svg {
    let milestones = [Milestone { month: Month::new(2025, 6), value: 0.6, label: "Mốc 30/6/2025: 60 %".into() }];
    let t = Trend {
        id: "xu hướng",
        title: "Hồ sơ trực tuyến <toàn trình>",
        desc: "Tăng từ 41 % lên 68 %.",
        unit: "%",
        format: Format::Percent(1),
        points,
        target: Some(Target { value: 0.7, label: "Mục tiêu ≥ 70 %".into() }),
        deadline: Some(Deadline { month: Month::new(2025, 8), within: 1.0, label: "Hạn 30/8/2025".into() }),
        milestones: &milestones,
        projection: Some(Projection { month: Month::new(2025, 10), within: 0.5, value: 0.7, label: "dự kiến 16/10/2025".into() }),
        boundary: Some(Boundary { month: Month::new(2025, 7), label: "Sắp xếp đơn vị 1/7/2025".into() }),
    };
    trend(&t, size, palette, Lang::Vi)
}

const POINTS: [(Month, Option<f64>); 5] = [
    (Month::new(2025, 3), Some(0.41)),
    (Month::new(2025, 4), Some(0.48)),
    (Month::new(2025, 5), None),
    (Month::new(2025, 6), Some(0.61)),
    (Month::new(2025, 7), Some(0.648)),
];

#[test]
fn a_trend_on_a_page() {
    insta::assert_snapshot!(sample(&POINTS, Palette::Css, Size::Wide));
}

#[test]
fn a_trend_in_a_file_needs_no_style_sheet() {
    let svg = sample(&POINTS, Palette::Fixed, Size::Wide).0;
    assert!(!svg.contains("class="), "a class means nothing outside the page");
    assert!(svg.contains("xmlns="), "a file needs its namespace");
    insta::assert_snapshot!(svg);
}

#[test]
fn a_month_without_a_value_breaks_the_line() {
    let svg = sample(&POINTS, Palette::Css, Size::Wide).0;
    // Two runs of the series and one projection.
    assert_eq!(svg.matches("<polyline").count(), 3);
}

#[test]
fn text_is_escaped_and_ids_are_plain() {
    let svg = sample(&POINTS, Palette::Css, Size::Narrow).0;
    assert!(svg.contains("&lt;toàn trình&gt;") && !svg.contains("<toàn"));
    assert!(svg.contains(r#"id="xu-h--ng-n-t""#), "{}", &svg[..300]);
}

#[test]
fn nothing_known_still_draws_an_empty_plot() {
    let svg = sample(&[], Palette::Css, Size::Wide).0;
    assert!(svg.ends_with("</svg>") && !svg.contains("NaN"));
}

#[test]
fn a_league_begins_at_zero_and_draws_no_bar_for_no_value() {
    let bar = |name: &str, value| Bar { name: name.into(), value, counts: "1.246 / 1.302".into(), own: false };
    let bars = [
        bar("Phường Thắng Tam", Some(0.957)),
        bar("Trung tâm Phục vụ hành chính công phường Thắng Nhất", Some(0.61)),
        bar("Xã Long Sơn", None),
    ];
    let l =
        League {
            id: "l", title: "Xếp hạng", desc: "", format: Format::Percent(1), bars: &bars, target: Some(0.7), target_label: "≥ 70 %"
        };
    let svg = league(&l, Palette::Fixed, Lang::Vi).0;
    assert_eq!(svg.matches("<rect").count(), 3, "the ground and two bars");
    insta::assert_snapshot!(svg);
}

#[test]
fn parts_fill_the_whole_width() {
    let part = |name: &str, value: f64| Part { name: name.into(), value, label: format!("{value}") };
    let svg = stacked("p", "Camera", &[part("An ninh", 130.0), part("Đô thị", 31.0), part("PTZ", 35.0)], Palette::Css);
    insta::assert_snapshot!(svg);
}

#[test]
fn a_sparkline_and_a_meter() {
    let values = [Some(0.4), Some(0.5), None, Some(0.6), Some(0.7)];
    insta::assert_snapshot!(format!("{}\n{}", spark("s", "từ 40 % đến 70 %", &values), meter(Some(0.68), Some(0.7))));
}
