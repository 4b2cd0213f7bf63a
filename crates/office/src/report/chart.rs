//! A native chart (DrawingML, ECMA-376 part 1 §21.2) with its workbook inside, so that Word offers "Edit data".

use super::model::{Chart, Measure, ReportModel, Series};
use super::{Lang, MAX_CHARTS, ReportError, clean};
use quick_xml::escape::escape;
use rust_xlsxwriter::Workbook;
use std::fmt::Write as _;

/// English Metric Units: 360,000 to the centimetre. 16.2 × 6.8 cm fills the width of a portrait page; three stand on one.
pub const SIZE: (u32, u32) = (5_832_000, 2_448_000);
/// Solid and dark beside pale and outlined: told apart on a black-and-white copy.
const FILLS: [&str; 2] = ["1F4E79", "C9DCEC"];
const OUTLINE: &str = "1F4E79";
const BLACK: &str = "000000";
const TARGET_LINE: &str = "B45309";
/// From here on category names no longer fit side by side.
const CROWDED: usize = 8;
/// Values are written above bars only where they do not collide.
const LABELLED_BARS: usize = 20;

/// The charts of a report that are drawn: those that show a difference.
pub fn drawn(model: &ReportModel) -> Vec<&Chart> {
    model.charts.iter().take(MAX_CHARTS).filter(|c| c.uniform().is_none()).collect()
}

/// Series of bars that are drawn: this period and the one before.
fn bars(chart: &Chart) -> &[Series] {
    &chart.bars[..chart.bars.len().min(FILLS.len())]
}

/// The chart part. The workbook is related to it as `rId1`.
pub fn part(chart: &Chart, lang: Lang) -> String {
    let crowded = chart.categories.len() > CROWDED;
    let mut x = String::from(concat!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
        r#"<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" "#,
        r#"xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" "#,
        r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:date1904 val="0"/>"#,
    ));
    let tag = if lang == Lang::Vi { "vi-VN" } else { "en-GB" };
    let _ = write!(x, r#"<c:lang val="{tag}"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>"#);
    x += r#"<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>"#;
    let labelled = bars(chart).len() * chart.categories.len() <= LABELLED_BARS && !(crowded && bars(chart).len() > 1);
    for (i, series) in bars(chart).iter().enumerate() {
        series_head(&mut x, i, series);
        let _ = write!(
            x,
            r#"<c:spPr><a:solidFill><a:srgbClr val="{}"/></a:solidFill><a:ln w="9525"><a:solidFill><a:srgbClr val="{OUTLINE}"/></a:solidFill></a:ln></c:spPr><c:invertIfNegative val="0"/>"#,
            FILLS[i]
        );
        if labelled {
            // Crowded bars carry their value upright inside, at the foot, out of the way of the threshold line.
            let (turn, place, colour) =
                if crowded { (r#"<a:bodyPr rot="-5400000" vert="horz"/>"#, "inBase", "FFFFFF") } else { ("<a:bodyPr/>", "outEnd", BLACK) };
            let _ = write!(
                x,
                r#"<c:dLbls><c:numFmt formatCode="{}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}<c:dLblPos val="{place}"/>{}</c:dLbls>"#,
                local_code(chart.measure, lang),
                text_properties(turn, 900, colour),
                show_value(true)
            );
        }
        series_data(&mut x, i, chart, series);
        x += "</c:ser>";
    }
    x += r#"<c:gapWidth val="60"/><c:overlap val="0"/><c:axId val="10"/><c:axId val="20"/></c:barChart>"#;
    if let Some(target) = &chart.threshold {
        target_series(&mut x, chart, target);
    }
    axes(&mut x, chart, crowded, lang);
    let _ = write!(
        x,
        r#"<c:spPr><a:noFill/></c:spPr></c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/>{}</c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>"#,
        text_properties("<a:bodyPr/>", 1000, BLACK)
    );
    x += r#"<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>"#;
    x += &text_properties("<a:bodyPr/>", 1000, BLACK);
    x += r#"<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>"#;
    x
}

fn series_head(x: &mut String, index: usize, series: &Series) {
    let column = column_letter(index);
    let name = escape(clean(&series.name)).into_owned();
    let _ = write!(
        x,
        r#"<c:ser><c:idx val="{index}"/><c:order val="{index}"/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>"#
    );
}

fn series_data(x: &mut String, index: usize, chart: &Chart, series: &Series) {
    let (column, n) = (column_letter(index), chart.categories.len());
    let last = n + 1;
    let _ = write!(x, r#"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache><c:ptCount val="{n}"/>"#);
    for (i, category) in chart.categories.iter().enumerate() {
        let _ = write!(x, r#"<c:pt idx="{i}"><c:v>{}</c:v></c:pt>"#, escape(clean(category)));
    }
    let code = format_code(chart.measure);
    let _ = write!(
        x,
        r#"</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>{code}</c:formatCode><c:ptCount val="{n}"/>"#
    );
    for (i, value) in series.values.iter().take(n).enumerate() {
        if let Some(v) = value.filter(|v| v.is_finite()) {
            let _ = write!(x, r#"<c:pt idx="{i}"><c:v>{v}</c:v></c:pt>"#);
        }
    }
    x.push_str("</c:numCache></c:numRef></c:val>");
}

/// One threshold for all is a dashed line; thresholds that differ are a stroke above each bar, not a line between strangers.
fn target_series(x: &mut String, chart: &Chart, target: &Series) {
    let index = bars(chart).len();
    let mut known = target.values.iter().flatten();
    let same = known.next().is_some_and(|first| known.all(|v| (v - first).abs() < f64::EPSILON));
    x.push_str(r#"<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>"#);
    series_head(x, index, target);
    if same {
        let _ = write!(
            x,
            r#"<c:spPr><a:ln w="22225" cap="flat"><a:solidFill><a:srgbClr val="{TARGET_LINE}"/></a:solidFill><a:prstDash val="dash"/></a:ln></c:spPr><c:marker><c:symbol val="none"/></c:marker>"#
        );
    } else {
        let _ = write!(
            x,
            r#"<c:spPr><a:ln w="22225"><a:noFill/></a:ln></c:spPr><c:marker><c:symbol val="dash"/><c:size val="22"/><c:spPr><a:solidFill><a:srgbClr val="{TARGET_LINE}"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr></c:marker>"#
        );
    }
    series_data(x, index, chart, target);
    x.push_str(r#"<c:smooth val="0"/></c:ser><c:marker val="1"/><c:axId val="10"/><c:axId val="20"/></c:lineChart>"#);
}

fn axes(x: &mut String, chart: &Chart, crowded: bool, lang: Lang) {
    let turn = if crowded { r#"<a:bodyPr rot="-2700000" vert="horz"/>"# } else { "<a:bodyPr/>" };
    let line = r#"<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="6B7280"/></a:solidFill></a:ln></c:spPr>"#;
    let _ = write!(
        x,
        r#"<c:catAx><c:axId val="10"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>{line}{}<c:crossAx val="20"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>"#,
        text_properties(turn, 1000, BLACK)
    );
    // Bars are lengths: they start at zero, and a share of the whole ends at 100 %.
    let values = chart.bars.iter().chain(&chart.threshold).flat_map(|s| s.values.iter().flatten().copied());
    let is_share = matches!(chart.measure, Measure::Percent { .. }) && values.clone().all(|v| (0.0..=1.0).contains(&v));
    let top = if is_share { r#"<c:max val="1"/>"# } else { "" };
    let floor = if values.clone().all(|v| v >= 0.0) { r#"<c:min val="0"/>"# } else { "" };
    let code = if is_share { "0%".to_owned() } else { local_code(chart.measure, lang) };
    let step = if is_share { r#"<c:majorUnit val="0.2"/>"# } else { "" };
    let _ = write!(
        x,
        r#"<c:valAx><c:axId val="20"/><c:scaling><c:orientation val="minMax"/>{top}{floor}</c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D1D5DB"/></a:solidFill></a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode="{code}" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{}<c:crossAx val="10"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>{step}</c:valAx>"#,
        text_properties("<a:bodyPr/>", 1000, BLACK)
    );
}

fn text_properties(body: &str, size: u16, colour: &str) -> String {
    format!(
        r#"<c:txPr>{body}<a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size}" b="0"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:latin typeface="Times New Roman"/><a:cs typeface="Times New Roman"/></a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>"#
    )
}

fn show_value(on: bool) -> String {
    let mut out = r#"<c:showLegendKey val="0"/>"#.to_owned();
    let _ = write!(out, r#"<c:showVal val="{}"/>"#, u8::from(on));
    out + r#"<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>"#
}

/// The format in the separators of the report's language, whatever the reader's locale (0x042A is Vietnamese).
fn local_code(measure: Measure, lang: Lang) -> String {
    let locale = if lang == Lang::Vi { "[$-42A]" } else { "" };
    format!("{locale}{}", format_code(measure))
}

/// Excel number format of a measure; separators follow the reader's own locale.
pub fn format_code(measure: Measure) -> &'static str {
    match measure {
        Measure::Percent { decimals: 0 } => "0%",
        Measure::Percent { decimals: 1 } => "0.0%",
        Measure::Percent { .. } => "0.00%",
        Measure::Integer | Measure::Vnd | Measure::Decimal { decimals: 0 } => "#,##0",
        Measure::Decimal { decimals: 1 } => "#,##0.0",
        Measure::Decimal { decimals: 2 } => "#,##0.00",
        Measure::Decimal { .. } => "#,##0.000",
    }
}

const fn column_letter(series: usize) -> char {
    match series {
        0 => 'B',
        1 => 'C',
        _ => 'D',
    }
}

/// The data behind the chart: categories down, series across.
pub fn workbook(chart: &Chart) -> Result<Vec<u8>, ReportError> {
    let mut book = Workbook::new();
    book.set_properties(&super::xlsx::fixed_properties("")?);
    let sheet = book.add_worksheet();
    sheet.set_name("Sheet1")?;
    for (row, category) in (1..).zip(&chart.categories) {
        sheet.write_string(row, 0, clean(category))?;
    }
    for (column, series) in (1..).zip(bars(chart).iter().chain(&chart.threshold)) {
        sheet.write_string(0, column, clean(&series.name))?;
        for (row, value) in (1..).zip(series.values.iter().take(chart.categories.len())) {
            if let Some(v) = value.filter(|v| v.is_finite()) {
                sheet.write_number(row, column, v)?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

/// The chart in the running text.
pub fn inline(number: usize, relation: &str, chart: &Chart) -> String {
    let (cx, cy) = SIZE;
    let title = escape(clean(&chart.title)).into_owned();
    format!(
        r#"<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="{number}" name="Chart {number}" descr="{title}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"#
    )
}
