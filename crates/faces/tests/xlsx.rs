//! Excel workbooks as tables: types of cells, holes, hidden sheets, and files that are no workbook.

use faces::{
    mapping::{Format, Mapping},
    tabular::{Kind, RowFault, SourceRow, When},
    xlsx_table::XlsxSource,
};
use jiff::civil::{date, datetime};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook};

/// A workbook as an office would send it: a hidden sheet first, a title of its own columns, dates, numbers, a hole, an empty row.
fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    let hidden = book.add_worksheet();
    hidden.set_hidden(true).write(0, 0, "không đọc").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("Hồ sơ").unwrap().set_active(true);
    for (i, name) in ["ma", "phuong", "ngay", "luc", "kenh", "phi", "dung"].iter().enumerate() {
        sheet.write(0, i as u16, *name).unwrap();
    }
    let (day, moment) = (Style::new().set_num_format("dd/mm/yyyy"), Style::new().set_num_format("dd/mm/yyyy hh:mm"));
    sheet.write(1, 0, "A-1").unwrap();
    sheet.write(1, 1, 26506).unwrap();
    sheet.write_with_format(1, 2, ExcelDateTime::from_ymd(2025, 7, 1).unwrap(), &day).unwrap();
    sheet.write_with_format(1, 3, ExcelDateTime::from_ymd(2025, 7, 1).unwrap().and_hms(14, 59, 30).unwrap(), &moment).unwrap();
    sheet.write(1, 4, "online").unwrap();
    sheet.write(1, 5, 10_000).unwrap();
    sheet.write(1, 6, true).unwrap();
    sheet.write(3, 0, "A-2").unwrap();
    sheet.write(3, 1, "26506").unwrap();
    sheet.write(3, 2, "02/07/2025").unwrap();
    sheet.write(3, 5, 1.5).unwrap();
    book.save_to_buffer().unwrap()
}

fn rows(bytes: Vec<u8>) -> Vec<Result<SourceRow, RowFault>> {
    XlsxSource::new("t.xlsx", std::io::Cursor::new(bytes)).collect()
}

#[test]
fn cells_keep_their_types_and_places() {
    let rows = rows(book());
    assert_eq!(rows.len(), 2, "an empty row is passed over: {rows:?}");
    let first = rows[0].as_ref().unwrap();
    let kind = |name: &str| first.value(name).unwrap().kind;
    assert_eq!(kind("phuong"), Kind::Int(26506));
    assert_eq!(kind("ngay"), Kind::Date(When::Day(date(2025, 7, 1))));
    assert_eq!(kind("luc"), Kind::Date(When::Local(datetime(2025, 7, 1, 14, 59, 30, 0))));
    assert_eq!(kind("dung"), Kind::Bool(true));
    assert_eq!((first.place.line, first.place.item, first.value("phi").unwrap().spot.column), (2, 1, 6));
    let second = rows[1].as_ref().unwrap();
    assert_eq!((second.place.line, second.value("phi").unwrap().kind), (4, Kind::Float(1.5)));
    assert!(second.value("kenh").unwrap().is_blank());
    assert!(second.raw.contains("A-2") && second.raw.contains("02/07/2025"));
}

#[test]
fn a_workbook_goes_through_the_same_mapping_as_a_table() {
    let mapping = Mapping::parse(
        "t.toml",
        "format = \"xlsx\"\nregister = \"dossier\"\nkey = \"ma\"\nunit = { from = \"phuong\" }\nzone = \"+07:00\"\n\
         [field.code]\nfrom = \"ma\"\nrequired = true\n\
         [field.received_at]\nfrom = \"ngay\"\ntype = \"timestamp\"\nformats = [\"%d/%m/%Y\"]\nday = \"start\"\nrequired = true\n\
         [field.channel]\nfrom = \"kenh\"\n[field.fee_vnd]\nfrom = \"phi\"\ntype = \"int\"\n",
    )
    .unwrap();
    assert_eq!(mapping.format, Format::Xlsx);
    let mut source = mapping.format.open("t.xlsx", std::io::Cursor::new(book()));
    let first = mapping.apply(&source.next().unwrap().unwrap()).unwrap();
    assert_eq!((first.key.as_str(), first.unit.as_str()), ("A-1", "26506"));
    assert_eq!(first.body["received_at"], "2025-06-30T17:00:00.000000Z");
    assert_eq!(first.body["fee_vnd"], 10_000);
    let wrong = mapping.apply(&source.next().unwrap().unwrap()).unwrap_err().faults.remove(0);
    assert_eq!((wrong.code, wrong.place.line, wrong.place.column), ("map.type", 4, Some(6)), "{wrong}");
}

#[test]
fn what_is_no_workbook_is_told() {
    let codes = |bytes: Vec<u8>| rows(bytes).into_iter().map(|r| r.unwrap_err()).map(|f| (f.code, f.fatal)).collect::<Vec<_>>();
    assert_eq!(codes(b"ma;phuong\nA-1;26506\n".to_vec()), [("xlsx.broken", true)]);
    assert_eq!(codes(Vec::new()), [("xlsx.broken", true)]);
    let whole = book();
    assert_eq!(codes(whole[..whole.len() / 2].to_vec()), [("xlsx.broken", true)]);
    let mut empty = Workbook::new();
    empty.add_worksheet();
    assert_eq!(codes(empty.save_to_buffer().unwrap()), [("csv.empty", true)]);
    let mut twice = Workbook::new();
    let sheet = twice.add_worksheet();
    sheet.write(0, 0, "ma").unwrap();
    sheet.write(0, 1, "ma").unwrap();
    assert_eq!(codes(twice.save_to_buffer().unwrap()), [("csv.header_duplicate", true)]);
    let mut nameless = Workbook::new();
    let sheet = nameless.add_worksheet();
    sheet.write(0, 0, "ma").unwrap();
    sheet.write(1, 3, "lạc").unwrap();
    assert_eq!(codes(nameless.save_to_buffer().unwrap()), [("xlsx.nameless", false)]);
}
