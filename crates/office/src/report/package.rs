//! The parts of the .docx package (Open Packaging Conventions) and how they relate.

use super::model::{Chart, ReportModel};
use super::word::{Align, FONT, Look, Stand, field, paragraph};
use super::{Lang, ReportError, body, chart, clean, letter};
use quick_xml::escape::escape;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
/// Decree 30/2020: top 20–25, bottom 20–25, left 30–35, right 15–20 mm. Here 25, 20, 30, 15 mm; the top leaves room for the
/// page number and the notice of simulated data.
const MARGINS: &str = r#"<w:pgMar w:top="1417" w:right="851" w:bottom="1134" w:left="1701" w:header="567" w:footer="454" w:gutter="0"/>"#;

pub fn docx(model: &ReportModel, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let charts = chart::drawn(model);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, content: &[u8]| -> Result<(), ReportError> {
        zip.start_file(name, SimpleFileOptions::default())?;
        Ok(zip.write_all(content)?)
    };
    put("[Content_Types].xml", content_types(charts.len()).as_bytes())?;
    put("_rels/.rels", package_relations().as_bytes())?;
    put("docProps/core.xml", core_properties(model, lang).as_bytes())?;
    put("word/document.xml", document(model, &charts, lang).as_bytes())?;
    put("word/_rels/document.xml.rels", document_relations(charts.len()).as_bytes())?;
    put("word/styles.xml", styles(lang).as_bytes())?;
    put("word/settings.xml", settings().as_bytes())?;
    put("word/header1.xml", header(model, lang, true).as_bytes())?;
    put("word/header2.xml", header(model, lang, false).as_bytes())?;
    for (i, content) in charts.iter().copied().enumerate() {
        let n = i + 1;
        put(&format!("word/charts/chart{n}.xml"), chart::part(content, lang).as_bytes())?;
        let relation = relations(&[("rId1", "package", &format!("../embeddings/chart{n}.xlsx"))]);
        put(&format!("word/charts/_rels/chart{n}.xml.rels"), relation.as_bytes())?;
        put(&format!("word/embeddings/chart{n}.xlsx"), &chart::workbook(content)?)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn document(model: &ReportModel, charts: &[&Chart], lang: Lang) -> String {
    let mut x = format!(
        r#"{DECLARATION}<w:document xmlns:w="{MAIN}" xmlns:r="{OFFICE}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><w:body>"#
    );
    x += &letter::heading(model, lang);
    x += &letter::opening(model, lang);
    x += &body::body(model, charts, lang, |i, c| chart::inline(i + 1, &chart_relation(i), c));
    x += &letter::signature(model, lang);
    // The section's properties ride on its last paragraph, made too small to start a page of its own.
    let _ = write!(
        x,
        r#"<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:ind w:firstLine="0"/><w:rPr><w:sz w:val="2"/></w:rPr><w:sectPr>{HEADERS}<w:pgSz w:w="11906" w:h="16838"/>{MARGINS}<w:titlePg/></w:sectPr></w:pPr></w:p>"#
    );
    x += &body::annexes(model, lang);
    let _ = write!(
        x,
        r#"<w:sectPr>{HEADERS}<w:type w:val="nextPage"/><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>{MARGINS}</w:sectPr></w:body></w:document>"#
    );
    x
}

const HEADERS: &str = r#"<w:headerReference w:type="default" r:id="rId3"/><w:headerReference w:type="first" r:id="rId4"/>"#;

fn chart_relation(i: usize) -> String {
    format!("rId{}", i + 5)
}

/// Page number centred in the top margin (not on the first page), and the notice of simulated data on every page.
fn header(model: &ReportModel, lang: Lang, numbered: bool) -> String {
    let mut x = format!(r#"{DECLARATION}<w:hdr xmlns:w="{MAIN}" xmlns:r="{OFFICE}">"#);
    let centre = Stand::new(Align::Center);
    if numbered {
        x += &paragraph(&field("PAGE", Look::plain(26)), centre);
    }
    if model.scope.simulated {
        x += &letter::simulated_notice(lang);
    } else if !numbered {
        x += &paragraph("", centre);
    }
    x + "</w:hdr>"
}

fn styles(lang: Lang) -> String {
    let tag = if lang == Lang::Vi { "vi-VN" } else { "en-GB" };
    let fonts = format!(r#"<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>"#);
    let mut x = format!(
        r#"{DECLARATION}<w:styles xmlns:w="{MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="{tag}" w:eastAsia="{tag}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>"#
    );
    // Outline levels give Word its navigation pane and screen readers their headings.
    for (id, name, level, extra) in [
        ("Heading1", "heading 1", 0, ""),
        ("Heading2", "heading 2", 1, ""),
        ("AnnexFirst", "Annex first", 0, ""),
        ("Annex", "Annex", 0, ""),
    ] {
        let _ = write!(
            x,
            r#"<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/>{extra}<w:outlineLvl w:val="{level}"/></w:pPr><w:rPr><w:b/><w:bCs/></w:rPr></w:style>"#
        );
    }
    x + "</w:styles>"
}

fn settings() -> String {
    // Compatibility mode 15 = Word 2013 and later; older modes lay tables out differently.
    format!(
        r#"{DECLARATION}<w:settings xmlns:w="{MAIN}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"#
    )
}

fn core_properties(model: &ReportModel, lang: Lang) -> String {
    let title = escape(clean(&model.subject)).into_owned();
    let creator = escape(clean(&model.letterhead.issuer.join(" "))).into_owned();
    let tag = if lang == Lang::Vi { "vi-VN" } else { "en-GB" };
    format!(
        r#"{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator><dc:language>{tag}</dc:language></cp:coreProperties>"#
    )
}

fn content_types(charts: usize) -> String {
    let mut x = format!(
        r#"{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>"#
    );
    for (part, kind) in
        [("document", "document.main"), ("styles", "styles"), ("settings", "settings"), ("header1", "header"), ("header2", "header")]
    {
        let _ = write!(x, r#"<Override PartName="/word/{part}.xml" ContentType="{WORD_TYPE}.{kind}+xml"/>"#);
    }
    for n in 1..=charts {
        let _ = write!(
            x,
            r#"<Override PartName="/word/charts/chart{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/>"#
        );
    }
    x + "</Types>"
}

fn relations(list: &[(&str, &str, &str)]) -> String {
    let mut x = format!(r#"{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">"#);
    for (id, kind, target) in list {
        let _ = write!(x, r#"<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/>"#);
    }
    x + "</Relationships>"
}

fn package_relations() -> String {
    format!(
        r#"{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#
    )
}

fn document_relations(charts: usize) -> String {
    let named: Vec<(String, String)> = (0..charts).map(|i| (chart_relation(i), format!("charts/chart{}.xml", i + 1))).collect();
    let mut list = vec![
        ("rId1", "styles", "styles.xml"),
        ("rId2", "settings", "settings.xml"),
        ("rId3", "header", "header1.xml"),
        ("rId4", "header", "header2.xml"),
    ];
    list.extend(named.iter().map(|(id, target)| (id.as_str(), "chart", target.as_str())));
    relations(&list)
}
