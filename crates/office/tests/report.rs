//! The report as its readers' programs see it: unzip, parse, read back.

#[path = "../examples/report_sample/model.rs"]
mod model;

use calamine::{Data, Reader as _, Xlsx};
use office::report::*;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read as _};

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut file = zip.by_index(i).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let found = parts(bytes).into_iter().find(|(n, _)| n == name);
    String::from_utf8(found.unwrap_or_else(|| panic!("no part {name}")).1).unwrap()
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().map(Result::unwrap).find(|a| a.key.as_ref() == name);
    found.map(|a| a.value.into_owned())
}

/// Every element of a well-formed part: name and the attributes asked for.
fn elements(xml: &str, mut each: impl FnMut(&str, &BytesStart<'_>)) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("not well-formed at {}: {e}", reader.error_position())) {
            Event::Start(s) | Event::Empty(s) => each(s.name().as_ref(), &s),
            Event::Eof => break,
            _ => {}
        }
    }
}

/// Paragraph texts in order, entities resolved.
fn paragraphs(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut all, mut current, mut in_text) = (Vec::new(), String::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(s) if s.name().as_ref() == "w:t" => in_text = true,
            Event::End(e) if e.name().as_ref() == "w:t" => in_text = false,
            Event::End(e) if e.name().as_ref() == "w:p" => all.push(std::mem::take(&mut current)),
            Event::Text(t) if in_text => current += &t,
            Event::GeneralRef(r) if in_text => {
                current.push(match &*r {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    other => panic!("entity {other:?}"),
                });
            }
            Event::Eof => break,
            _ => {}
        }
    }
    all
}

fn text(bytes: &[u8]) -> String {
    paragraphs(&part(bytes, "word/document.xml")).join("\n").replace('\u{A0}', " ")
}

fn empty() -> ReportModel {
    ReportModel {
        results: vec![],
        charts: vec![],
        by_unit: UnitTable::default(),
        overdue: vec![],
        at_risk: vec![],
        waiting: vec![],
        conflicts: vec![],
        difficulties: vec![],
        proposals: vec![],
        summary: vec![],
        legal_basis: vec![],
        addressed_to: vec![],
        recipients: vec![],
        ledger: None,
        ..model::vung_tau()
    }
}

#[test]
fn every_part_is_well_formed_and_every_relation_has_its_part() {
    for lang in [Lang::Vi, Lang::En] {
        let bytes = docx(&model::vung_tau(), lang).unwrap();
        let all = parts(&bytes);
        for (name, content) in all.iter().filter(|(n, _)| n.ends_with(".xml") || n.ends_with(".rels")) {
            elements(std::str::from_utf8(content).unwrap(), |_, _| {});
            let Some((folder, base)) = name.strip_suffix(".rels").and_then(|n| n.split_once("_rels/")) else { continue };
            elements(std::str::from_utf8(content).unwrap(), |tag, s| {
                if tag == "Relationship" {
                    let target = attribute(s, "Target").unwrap();
                    let path = target.strip_prefix("../").map_or_else(|| format!("{folder}{target}"), |t| format!("word/{t}"));
                    assert!(all.iter().any(|(n, _)| *n == path), "{base}: {path} is missing");
                }
            });
        }
    }
}

#[test]
fn page_is_a4_with_the_margins_of_the_decree() {
    let xml = part(&docx(&model::vung_tau(), Lang::Vi).unwrap(), "word/document.xml");
    let twips = |mm: f64| (mm * 1440.0 / 25.4).round() as i32;
    let mut sections = Vec::new();
    elements(&xml, |tag, s| {
        let number = |name: &str| attribute(s, name).unwrap().parse::<i32>().unwrap();
        match tag {
            "w:pgSz" => sections.push((number("w:w"), number("w:h"))),
            "w:pgMar" => {
                assert!((twips(20.0)..=twips(25.0)).contains(&number("w:top")));
                assert!((twips(20.0)..=twips(25.0)).contains(&number("w:bottom")));
                assert!((twips(30.0)..=twips(35.0)).contains(&number("w:left")));
                assert!((twips(15.0)..=twips(20.0)).contains(&number("w:right")));
            }
            _ => {}
        }
    });
    assert_eq!(sections, [(11_906, 16_838), (16_838, 11_906)], "a portrait letter, then landscape annexes");
}

#[test]
fn typeface_and_sizes() {
    let bytes = docx(&model::vung_tau(), Lang::Vi).unwrap();
    let styles = part(&bytes, "word/styles.xml");
    assert!(styles.contains(
        r#"<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/>"#
    ));
    let xml = part(&bytes, "word/document.xml");
    elements(&xml, |tag, s| {
        if tag == "w:sz" && attribute(s, "w:space").is_none() {
            let size: u32 = attribute(s, "w:val").unwrap().parse().unwrap();
            // 2 = the invisible paragraph that carries the section's properties.
            assert!((20..=28).contains(&size) || size == 2, "size {size}");
        }
        if tag == "w:rFonts" {
            panic!("nothing leaves Times New Roman: {:?}", attribute(s, "w:ascii"));
        }
    });
}

#[test]
fn heading_block_title_and_signature_in_order() {
    let text = text(&docx(&model::vung_tau(), Lang::Vi).unwrap());
    let mut from = 0;
    for expected in [
        "ỦY BAN NHÂN DÂN\nTỈNH BÀ RỊA - VŨNG TÀU\nỦY BAN NHÂN DÂN\nTHÀNH PHỐ VŨNG TÀU",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
        "Số:       /BC-UBND",
        "BÁO CÁO\nKết quả thực hiện Nghị quyết số 57-NQ/TW",
        "Kính gửi:",
        "quốc gia;\nCăn cứ Kế hoạch số 2807/KH-UBND",
        "57-NQ/TW.\n",
        "I. KẾT QUẢ CHUNG",
        "II. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU",
        "IN-002. Tỷ lệ hồ sơ dịch vụ công trực tuyến toàn trình",
        "≥ 70 %\n30/08/2025",
        "71,69 %\n9.451 / 13.184\nquý II/2025\n58,67 %\n6.402 / 10.911\nquý I/2025\ntăng 13,01 điểm %\nĐang thực hiện",
        "hơn 41,46 %",
        "Đơn vị chưa nêu lý do",
        "thời hạn 47 ngày",
        "88 %\nkhông rõ",
        "99,17 %\n30/09/2024",
        "kính báo cáo./.",
        "Nơi nhận:\n- Như trên;",
        "- Lưu: VT, VHKHTT.",
        "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nVũ Hồng Thuấn",
        "Phụ lục I\n",
        "Phụ lục II\n",
        "Toàn thành phố",
        "Phụ lục III\n",
        "2. Mốc nhật ký",
        "thời điểm ký: 08:30 ngày 01/07/2025;",
        "pT4c6MZc Nq0Pz1Vv",
    ] {
        let at = text[from..].find(expected).unwrap_or_else(|| panic!("{expected:?} is missing after\n{}", &text[..from]));
        from += at;
    }
}

#[test]
fn issued_number_and_date_are_written_as_the_decree_says() {
    let mut report = model::vung_tau();
    report.letterhead.number = Some("5".into());
    report.letterhead.date = Some(jiff::civil::date(2025, 2, 7));
    let vi = text(&docx(&report, Lang::Vi).unwrap());
    assert!(vi.contains("Số: 05/BC-UBND\nVũng Tàu, ngày 07 tháng 02 năm 2025"));
    assert!(vi.contains("(Kèm theo Báo cáo số 05/BC-UBND ngày 07 tháng 02 năm 2025 của Ủy ban nhân dân thành phố Vũng Tàu)"));
    let en = text(&docx(&report, Lang::En).unwrap());
    assert!(en.contains("No. 05/BC-UBND\nVũng Tàu, 7 February 2025"));
}

#[test]
fn page_numbers_stand_in_every_header_but_the_first() {
    let bytes = docx(&model::vung_tau(), Lang::Vi).unwrap();
    let document = part(&bytes, "word/document.xml");
    assert_eq!(document.matches("<w:titlePg/>").count(), 1, "only the letter has a first page of its own");
    let relations = part(&bytes, "word/_rels/document.xml.rels");
    let header = |kind: &str| {
        let id = document.split(&format!(r#"<w:headerReference w:type="{kind}" r:id=""#)).nth(1).unwrap().split('"').next().unwrap();
        let target =
            relations.split(&format!(r#"Id="{id}""#)).nth(1).unwrap().split(r#"Target=""#).nth(1).unwrap().split('"').next().unwrap();
        part(&bytes, &format!("word/{target}"))
    };
    assert!(header("default").contains("> PAGE <") && header("default").contains(r#"<w:jc w:val="center"/>"#));
    assert!(!header("first").contains("PAGE"));
}

#[test]
fn simulated_data_is_marked_everywhere_and_real_data_nowhere() {
    let notice = "DỮ LIỆU MÔ PHỎNG – KHÔNG DÙNG ĐỂ BÁO CÁO";
    let mut report = model::vung_tau();
    for simulated in [true, false] {
        report.scope.simulated = simulated;
        let word = docx(&report, Lang::Vi).unwrap();
        for header in ["word/header1.xml", "word/header2.xml"] {
            assert_eq!(part(&word, header).contains(notice), simulated, "{header}");
        }
        assert_eq!(text(&word).contains("dữ liệu mô phỏng, không dùng để báo cáo"), simulated);
        let book = xlsx(&report, Lang::Vi).unwrap();
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(book.clone())).unwrap();
        for name in read.sheet_names() {
            let sheet = read.worksheet_range(&name).unwrap();
            assert_eq!(sheet.get_value((2, 0)) == Some(&Data::String(notice.into())), simulated, "{name}");
        }
        let printed =
            parts(&book).iter().filter(|(n, c)| n.contains("worksheets/sheet") && String::from_utf8_lossy(c).contains("MÔ PHỎNG")).count();
        assert_eq!(printed, if simulated { 5 } else { 0 }, "the printed header of each sheet");
    }
}

#[test]
fn tables_repeat_their_heading_fill_the_page_and_keep_rows_whole() {
    let xml = part(&docx(&model::vung_tau(), Lang::Vi).unwrap(), "word/document.xml");
    let ruled: Vec<&str> = xml.split("<w:tbl>").skip(1).filter(|t| t.contains("<w:tblBorders>")).collect();
    assert_eq!(ruled.len(), 9, "status, results, overdue, risk, waiting, conflicts; detail, units, definitions");
    for table in &ruled {
        let table = table.split("</w:tbl>").next().unwrap();
        assert_eq!(table.matches("<w:tblHeader/>").count(), 1);
        assert_eq!(table.matches("<w:cantSplit/>").count(), table.matches("<w:tr>").count());
        let width: i32 = table.split(r#"<w:tblW w:w=""#).nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        let grid: i32 = table.split(r#"<w:gridCol w:w=""#).skip(1).map(|c| c.split('"').next().unwrap().parse::<i32>().unwrap()).sum();
        assert_eq!(width, grid);
        assert!(width <= 14_286, "{width} is wider than the page");
    }
    let portrait = xml.split("<w:sectPr>").next().unwrap();
    for table in portrait.split("<w:tblW w:w=\"").skip(1) {
        let width: i32 = table.split('"').next().unwrap().parse().unwrap();
        assert!((9_300..=9_354).contains(&width), "{width}");
    }
}

#[test]
fn charts_carry_values_threshold_and_a_workbook() {
    let bytes = docx(&model::vung_tau(), Lang::Vi).unwrap();
    let chart = part(&bytes, "word/charts/chart1.xml");
    assert!(chart.contains("<c:barChart>") && chart.contains("<c:lineChart>") && chart.contains(r#"<a:prstDash val="dash"/>"#));
    assert_eq!(chart.matches("<c:v>0.7</c:v>").count(), 17);
    let gap = part(&bytes, "word/charts/chart2.xml");
    assert_eq!(gap.matches("<c:v>0.5867</c:v>").count(), 1);
    assert!(!gap.contains("prstDash"), "differing thresholds are strokes, not a line");
    let (_, book) = parts(&bytes).into_iter().find(|(n, _)| n == "word/embeddings/chart1.xlsx").unwrap();
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
    let sheet = read.worksheet_range("Sheet1").unwrap();
    assert_eq!(sheet.get_value((17, 0)), Some(&Data::String("X. Long Sơn".into())));
    assert_eq!(sheet.get_value((17, 1)), Some(&Data::Float(201.0 / 378.0)));
}

#[test]
fn workbook_holds_exact_numbers_and_formulas() {
    let report = model::vung_tau();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(&report, Lang::Vi).unwrap())).unwrap();
    assert_eq!(book.sheet_names(), ["Kết quả", "Theo đơn vị", "Quá hạn - nguy cơ", "Mâu thuẫn số liệu", "Nguồn và nhật ký"]);
    let sheet = book.worksheet_range("Kết quả").unwrap();
    // Row 5 of the sheet is IN-002, under three lines and the heading.
    let at = |row: u32, col: u32| sheet.get_value((row, col)).unwrap();
    assert_eq!(at(5, 0), &Data::String("IN-002".into()));
    assert_eq!(at(5, 3), &Data::Float(0.7));
    assert_eq!((at(5, 6), at(5, 7)), (&Data::Float(9_451.0), &Data::Float(13_184.0)));
    assert_eq!(at(5, 8), &Data::Float(9_451.0 / 13_184.0));
    assert_eq!(at(5, 13), &Data::Float((9_451.0 / 13_184.0 - 6_402.0 / 10_911.0) * 100.0));
    assert_eq!(at(7, 12), &Data::Float(97.63 / 100.0), "a published percentage keeps its digits");
    assert_eq!(at(12, 9), &Data::String("hơn".into()));
    assert_eq!(at(12, 17), &Data::String("không rõ".into()), "an unknown as-of date is not today's");
    let formulas = book.worksheet_formula("Kết quả").unwrap();
    assert_eq!(formulas.get_value((5, 8)).unwrap(), r#"IF(H6=0,"",G6/H6)"#);
    let units = book.worksheet_range("Theo đơn vị").unwrap();
    assert_eq!(units.get_value((4, 1)), Some(&Data::String("Phường 1".into())));
    assert_eq!(units.get_value((21, 1)), Some(&Data::String("Toàn thành phố".into())));
    assert_eq!(units.get_value((21, 3)), Some(&Data::Float(13_170.0)));
    let ledger = book.worksheet_range("Nguồn và nhật ký").unwrap();
    let note = Data::String(report.ledger.unwrap().signed_note);
    assert!(ledger.cells().any(|(_, _, cell)| *cell == note), "the signed note is whole, line ends kept");
}

#[test]
fn zero_denominator_stays_empty() {
    let mut report = model::vung_tau();
    report.results[1].current = Figure::ratio(0, 0);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(&report, Lang::Vi).unwrap())).unwrap();
    let sheet = book.worksheet_range("Kết quả").unwrap();
    assert_eq!(sheet.get_value((5, 6)), Some(&Data::Float(0.0)));
    // The cached result too: a reader that does not calculate must not see 0 or 100 %.
    for column in [8, 13] {
        assert_eq!(sheet.get_value((5, column)), Some(&Data::String(String::new())));
    }
}

#[test]
fn a_report_with_nothing_in_it_says_so() {
    for lang in [Lang::Vi, Lang::En] {
        let bytes = docx(&empty(), lang).unwrap();
        let text = text(&bytes);
        let (none, open, figures) = match lang {
            Lang::Vi => ("Không có.", "Kỳ báo cáo chưa chốt", "Chưa có số liệu cho kỳ báo cáo này."),
            Lang::En => ("None.", "The period is not frozen", "No figures for this period yet."),
        };
        assert_eq!(text.matches(none).count(), 7, "{text}");
        assert!(text.contains(open));
        assert_eq!(text.matches(figures).count(), 4);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(&empty(), lang).unwrap())).unwrap();
        assert_eq!(book.worksheets().len(), 5);
    }
}

#[test]
fn hostile_text_breaks_nothing_and_stays_readable() {
    let nasty = "\u{0}\u{1}\u{B}\u{1F}\u{7F}\u{85}\u{FFFE}\u{FFFF}]]><w:p/>&amp;\"'<!--=1+1\r\n\tĐ";
    let long = "Ạ".repeat(10_000);
    let huge = "x".repeat(40_000);
    let mut report = model::vung_tau();
    report.subject = format!("{nasty}{long}");
    report.scope.unit = nasty.into();
    report.results[0].name = nasty.into();
    report.results[1].name = long.clone();
    report.results[2].source = huge;
    report.results[3].code = "=HYPERLINK(\"http://x\")".into();
    report.by_unit.rows[0].name = nasty.into();
    report.by_unit.rows[1].cells.clear();
    report.charts[0].title = nasty.into();
    report.charts[0].categories[0] = nasty.into();
    report.charts[0].bars[0].values[0] = Some(f64::NAN);
    report.charts[0].bars[0].values.truncate(3);
    report.conflicts[0].claims.clear();
    report.difficulties[0].text = format!("{nasty}\n\n{long}");
    report.signature.name = nasty.into();
    for lang in [Lang::Vi, Lang::En] {
        let bytes = docx(&report, lang).unwrap();
        for (name, content) in parts(&bytes).iter().filter(|(n, _)| n.ends_with(".xml")) {
            let xml = std::str::from_utf8(content).unwrap();
            elements(xml, |_, _| {});
            assert!(!xml.chars().any(|c| (c < ' ' && !"\t\r\n".contains(c)) || matches!(c, '\u{FFFE}' | '\u{FFFF}')), "{name}");
        }
        let text = text(&bytes);
        assert!(text.contains("]]><w:p/>&amp;\"'<!--=1+1"), "the text itself survives");
        assert!(text.contains(&long));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(&report, lang).unwrap())).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(sheet.get_value((7, 0)), Some(&Data::String("=HYPERLINK(\"http://x\")".into())), "text, never a formula");
    }
}

#[test]
fn wide_unit_tables_are_split_over_several() {
    let mut report = model::vung_tau();
    let column = report.by_unit.columns[0].clone();
    report.by_unit.columns = (0..19).map(|i| UnitColumn { code: format!("C{i}"), ..column.clone() }).collect();
    let cell = report.by_unit.rows[0].cells[0];
    for row in &mut report.by_unit.rows {
        row.cells = vec![cell; 19];
        row.name = "Trung tâm Phục vụ hành chính công phường Nguyễn An Ninh".into();
    }
    let xml = part(&docx(&report, Lang::Vi).unwrap(), "word/document.xml");
    let landscape = xml.split("<w:sectPr>").nth(1).unwrap();
    let tables: Vec<&str> = landscape.split("<w:tbl>").skip(1).filter(|t| t.contains("công phường Nguyễn An Ninh")).collect();
    assert_eq!(tables.len(), 3, "8 + 8 + 3 targets");
    for (table, (first, columns)) in tables.iter().zip([("C0.", 10), ("C8.", 10), ("C16.", 5)]) {
        assert!(table.contains(first));
        assert_eq!(table.matches("<w:gridCol").count(), columns);
    }
}

/// On paper a wide sheet is several pages of whole targets, each with the columns and the row that name its figures.
#[test]
fn wide_sheets_are_printed_over_several_pages_that_can_be_read() {
    let mut report = model::vung_tau();
    let (columns, width) = (report.by_unit.columns.clone(), report.by_unit.columns.len());
    for i in 0..7 - width {
        report.by_unit.columns.push(columns[i % width].clone());
    }
    let bytes = xlsx(&report, Lang::Vi).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    let setup = |name: &str, sheet: &str| {
        let mut out = None;
        elements(sheet, |n, s| {
            if n == "pageSetup" {
                out = attribute(s, name)
            }
        });
        out
    };
    assert_eq!((setup("scale", &sheet).as_deref(), setup("orientation", &sheet).as_deref()), (Some("75"), Some("landscape")));
    let mut breaks = Vec::new();
    elements(&sheet, |n, s| {
        if n == "brk" {
            breaks.push(attribute(s, "id").unwrap())
        }
    });
    // Two naming columns, four for each target, three targets on a page.
    assert_eq!(breaks, ["14", "26"]);
    let book = part(&bytes, "xl/workbook.xml");
    assert!(book.contains("'Theo đơn vị'!$A:$B,'Theo đơn vị'!$4:$4"), "{book}");
    // The sheet of results is wider than a page too: two pages across, not one at half size.
    assert_eq!(setup("fitToWidth", &part(&bytes, "xl/worksheets/sheet1.xml")).as_deref(), Some("2"));
}

#[test]
fn same_model_gives_the_same_bytes() {
    let report = model::vung_tau();
    assert_eq!(docx(&report, Lang::Vi).unwrap(), docx(&report, Lang::Vi).unwrap());
    assert_eq!(xlsx(&report, Lang::Vi).unwrap(), xlsx(&report, Lang::Vi).unwrap());
}

/// 17 ÷ 32 is 53,125 %: a tie, and one that a float holds exactly.
#[test]
fn a_half_is_rounded_up_alike_in_table_annex_and_chart() {
    let mut report = model::vung_tau();
    let tie = Figure::ratio(17, 32);
    report.results[1].current = tie;
    report.by_unit.rows[4].cells[0].figure = tie;
    // Reported without counts it is still the same number.
    report.results[2].current = Figure::percent(53.125);
    let text = text(&docx(&report, Lang::Vi).unwrap());
    assert!(text.contains("53,13 % (17 / 32)"), "the annex by unit");
    assert!(text.matches("53,13 %").count() >= 5, "results twice, detail twice, units once");
    assert!(!text.contains("53,12"));
}

#[test]
fn every_date_of_a_table_is_written_alike() {
    let text = text(&docx(&model::vung_tau(), Lang::Vi).unwrap());
    let mut seen = 0;
    for word in text.split(|c: char| !c.is_ascii_digit() && c != '/').filter(|w| w.matches('/').count() == 2) {
        let parts: Vec<usize> = word.split('/').map(str::len).collect();
        // The subject names its resolution by its own words; everything else is dd/mm/yyyy.
        assert_eq!(parts, [2, 2, 4], "{word}");
        seen += 1;
    }
    assert!(seen > 15, "{seen}");
    assert!(text.contains("Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024"), "the legal basis says its dates in words");
    let english = docx(&model::vung_tau(), Lang::En).unwrap();
    assert!(part(&english, "word/document.xml").contains("30\u{A0}Aug\u{A0}2025"), "a date is not torn at a line end");
}

#[test]
fn a_chart_without_a_difference_is_a_sentence() {
    let mut report = model::vung_tau();
    report.charts[0].title = "Hóa đơn điện tử".into();
    report.charts[0].bars[0].values = vec![Some(1.0); 17];
    let bytes = docx(&report, Lang::Vi).unwrap();
    let text = text(&bytes);
    assert!(text.contains("Không vẽ biểu đồ “Hóa đơn điện tử” vì các giá trị đều bằng 100,0 %."));
    assert!(text.contains("Biểu đồ 1. Các chỉ tiêu tỷ lệ"), "the others move up");
    assert!(part(&bytes, "word/charts/chart1.xml").contains("Toàn trình"));
    assert_eq!(parts(&bytes).iter().filter(|(n, _)| n.starts_with("word/charts/chart")).count(), 1);
    // Alone, a value differs from nothing, but it is no comparison that fails.
    report.charts[0].bars[0].values = vec![Some(1.0)];
    assert_eq!(report.charts[0].uniform(), None);
}

#[test]
fn statuses_are_words_and_the_signed_note_is_in_the_workbook_only() {
    for lang in [Lang::Vi, Lang::En] {
        let report = model::vung_tau();
        let bytes = docx(&report, lang).unwrap();
        let text = text(&bytes);
        let book = xlsx(&report, lang).unwrap();
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
        let cells: String = read.worksheets().iter().flat_map(|(_, r)| r.used_cells().map(|(_, _, c)| c.to_string() + "\n")).collect();
        for icon in ['✓', '●', '▲', '◷', '‖', '⚗', '↻'] {
            assert!(!text.contains(icon) && !cells.contains(icon), "{icon}");
        }
        assert!(!text.contains("c2FtcGxl") && cells.contains("c2FtcGxl"));
        assert!(!text.contains("sổ cái"), "the pages call it nhật ký");
    }
}

#[test]
fn one_publication_in_both_periods_is_no_lack_of_change() {
    let mut report = model::vung_tau();
    report.results[1].previous = report.results[1].current;
    report.results[1].stale = true;
    report.results[1].current_sum = Figure::ratio(1, 4);
    let text = text(&docx(&report, Lang::Vi).unwrap());
    assert!(text.contains("chưa có số liệu mới"));
    assert!(text.contains("cả kỳ: 25,00 %\n1 / 4"));
}
