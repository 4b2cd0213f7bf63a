//! The XES reader and writer on a small log of edge cases, on malformed logs, and on hostile ones.

use std::io::{Cursor, Read, Write};

use faces::{
    tabular::{FAULTS, Named, RowFault, SourceRow, When, from_source_json, source_json},
    xes::{Limits, LogHead, XesSource, XesWriter},
};
use flate2::{Compression, write::GzEncoder};
use rstest::rstest;

const PERMITS: &[u8] = include_bytes!("data/permits.xes");

fn read(bytes: impl Into<Vec<u8>>) -> Vec<Result<SourceRow, RowFault>> {
    XesSource::new("log.xes", Cursor::new(bytes.into())).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn rows(bytes: &[u8]) -> Vec<SourceRow> {
    read(bytes).into_iter().map(|row| row.unwrap_or_else(|fault| panic!("{fault}"))).collect()
}

#[test]
fn every_trace_comes_with_its_values_events_and_place() {
    let rows = rows(PERMITS);
    assert_eq!(rows.len(), 12);
    assert_eq!(rows.iter().map(|row| row.events.len()).sum::<usize>(), 3);
    let first = &rows[0];
    assert_eq!((first.place.line, first.place.item, first.values.len()), (18, 1, 9));
    assert_eq!(first.events[0].spot.line, 28);
    assert!(first.raw.starts_with("<trace>") && first.raw.ends_with("</trace>"), "{}", first.raw);
    assert!(rows[3].value("enddate").is_none(), "a default of the header is not a value");
    assert!(rows[3].value("group").unwrap().is_blank());
    assert_eq!(rows[4].value("responsible").unwrap().text, "Trần Thị \"Hồng\" <Phường Vũng Tàu> Đặng");
    let nested = &rows[6];
    assert_eq!(nested.value("department/code/level").unwrap().text, "2");
    assert_eq!(nested.value("annexes").unwrap().children.len(), 2);
    assert_eq!(nested.value("site/coast").unwrap().text, "true");
    assert_eq!(nested.value("a/b").unwrap().text, "slash");
    assert_eq!(rows[8].values.len(), 2, "another namespace is passed over");
    assert!(matches!(rows[5].value("startdate").unwrap().kind, faces::tabular::Kind::Date(When::Local(_))));
}

#[test]
fn the_header_is_noted() {
    let mut log = XesSource::new("log.xes", PERMITS);
    log.next().unwrap().unwrap();
    let header = log.header();
    assert_eq!(header.version.as_deref(), Some("1.0"));
    assert_eq!(header.extensions[1].prefix, "time");
    assert_eq!(header.globals[0].scope, "trace");
    assert_eq!(header.globals[0].attributes[1].0, "enddate");
    assert_eq!(header.classifiers, [("Activity".to_owned(), "concept:name lifecycle:transition".to_owned())]);
    assert_eq!(header.attributes[0].1.text, "Invented & small");
    assert_eq!(header.attributes[1].1.children[0].1.text, "0.5");
}

#[test]
fn gzip_a_byte_order_mark_a_prefix_or_no_namespace_change_nothing() {
    let plain = rows(PERMITS);
    let same = |bytes: &[u8]| {
        let other = rows(bytes);
        assert_eq!(other.len(), plain.len());
        for (a, b) in plain.iter().zip(&other) {
            assert_eq!(source_json(a), source_json(b));
            assert_eq!(a.place, b.place);
        }
    };
    same(&gzip(PERMITS));
    same(&[b"\xef\xbb\xbf", PERMITS].concat());
    let text = std::str::from_utf8(PERMITS).unwrap();
    same(text.replace(" xmlns=\"http://www.xes-standard.org/\"", "").as_bytes());
    let (first, second) = PERMITS.split_at(1000);
    same(&[gzip(first), gzip(second)].concat());
    let mut prefixed = text.replace("xmlns=\"", "xmlns:x=\"");
    for name in [
        "log",
        "extension",
        "global",
        "classifier",
        "trace",
        "event",
        "string",
        "date",
        "int",
        "float",
        "boolean",
        "id",
        "list",
        "values",
        "container",
    ] {
        for (open, end) in [("<", " "), ("<", ">"), ("</", ">"), ("<", "\n")] {
            prefixed = prefixed.replace(&format!("{open}{name}{end}"), &format!("{open}x:{name}{end}"));
        }
    }
    let other = rows(prefixed.as_bytes());
    assert!(plain.iter().zip(&other).all(|(a, b)| source_json(a) == source_json(b)));
    assert_eq!(other.len(), 12);
}

#[test]
fn what_is_written_reads_back_the_same_and_so_does_the_kept_source() {
    let rows = rows(PERMITS);
    let mut out = XesWriter::new(Vec::new(), &LogHead::default()).unwrap();
    for row in &rows {
        let (values, events) = from_source_json(&source_json(row)).unwrap();
        out.trace(&values, events.iter().map(Vec::as_slice)).unwrap();
    }
    let written = out.finish().unwrap();
    let again: Vec<_> = read(written).into_iter().map(Result::unwrap).collect();
    assert_eq!(again.len(), rows.len());
    for (a, b) in rows.iter().zip(&again) {
        assert_eq!(source_json(a), source_json(b));
    }
}

#[test]
fn the_writer_escapes_what_xml_would_change_or_cannot_hold() {
    let text = "a<b>&\"'\n\r\t\u{0}\u{1f}\u{ffff}Đ😀";
    let values: Vec<Named> = vec![("k\"<&".into(), faces::tabular::RawValue::text(text))];
    let head = LogHead {
        trace_globals: values.clone(),
        event_globals: values.clone(),
        classifiers: vec![("A&B".into(), "concept:name".into())],
        attributes: values.clone(),
    };
    let mut out = XesWriter::new(Vec::new(), &head).unwrap();
    out.trace(&values, [values.as_slice()]).unwrap();
    let mut log = XesSource::new("log.xes", Cursor::new(out.finish().unwrap()));
    let row = log.next().unwrap().unwrap();
    let expected = "a<b>&\"'\n\r\t\u{fffd}\u{fffd}\u{fffd}Đ😀";
    assert_eq!(row.value("k\"<&").unwrap().text, expected);
    assert_eq!(row.events[0].attrs[0].1.text, expected);
    assert_eq!(log.header().classifiers[0].0, "A&B");
    assert_eq!(log.header().globals.len(), 2);
    assert!(log.next().is_none());
}

/// A log around `inner`, which begins at line 2, column 1.
fn log_with(inner: &str) -> String {
    format!("<log>\n{inner}\n</log>")
}

#[rstest]
#[case::empty_file("", "xes.empty", 1, 1)]
#[case::only_a_comment("<!-- x -->", "xes.empty", 1, 11)]
#[case::another_root("<?xml version=\"1.0\"?>\n <html/>", "xes.root", 2, 2)]
#[case::text_before("\nhello", "xes.malformed", 1, 1)]
#[case::second_root("<log/>\n<log/>", "xes.malformed", 2, 1)]
#[case::ends_in_trace("<log>\n <trace>\n", "xes.truncated", 3, 1)]
#[case::ends_in_tag("<log>\n <trace><string key=\"a", "xes.malformed", 2, 9)]
#[case::crossed("<log>\n<trace>\n<event></trace></event></log>", "xes.nesting", 3, 8)]
#[case::stray_end("<log></log>\n</trace>", "xes.nesting", 2, 1)]
#[case::dtd("<!DOCTYPE log [<!ENTITY a \"aaaa\">]>\n<log/>", "xes.dtd", 1, 1)]
#[case::latin1("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><log/>", "input.encoding", 1, 1)]
#[case::no_quotes("<log>\n<trace><string key=a value=\"b\"/></trace></log>", "xes.malformed", 2, 20)]
#[case::attribute_twice("<log>\n<trace><string key=\"a\" key=\"b\" value=\"b\"/></trace></log>", "xes.malformed", 2, 24)]
fn a_log_that_cannot_be_read_on_is_refused_with_its_place(#[case] text: &str, #[case] code: &str, #[case] line: u64, #[case] column: u32) {
    let all = read(text);
    let fault = all.last().unwrap().as_ref().unwrap_err();
    assert_eq!((fault.code, fault.place.line, fault.place.column), (code, line, Some(column)), "{fault}");
    assert!(fault.fatal);
    assert_eq!(all.len(), 1);
}

#[rstest]
#[case::key("<string value=\"v\"/>", "xes.key", 8)]
#[case::value("<string key=\"k\"/>", "xes.value", 8)]
#[case::date("<date key=\"k\" value=\"11/10/2011\"/>", "xes.date", 8)]
#[case::no_such_day("<date key=\"k\" value=\"2025-02-29T00:00:00Z\"/>", "xes.date", 8)]
#[case::int("<int key=\"k\" value=\"1.5\"/>", "xes.int", 8)]
#[case::int_range("<int key=\"k\" value=\"9223372036854775808\"/>", "xes.int", 8)]
#[case::float("<float key=\"k\" value=\"1,5\"/>", "xes.float", 8)]
#[case::boolean("<boolean key=\"k\" value=\"yes\"/>", "xes.boolean", 8)]
#[case::unknown_element("<money key=\"k\" value=\"1\"/>", "xes.element", 8)]
#[case::trace_in_trace("<trace/>", "xes.element", 8)]
#[case::values_outside_a_list("<container key=\"k\"><values/></container>", "xes.element", 27)]
#[case::event_in_event("<event><event/></event>", "xes.element", 15)]
#[case::text("  hello", "xes.text", 10)]
#[case::cdata("<![CDATA[x]]>", "xes.text", 8)]
#[case::reference_as_text("&amp;", "xes.text", 8)]
#[case::twice("<string key=\"k\" value=\"1\"/><int key=\"k\" value=\"2\"/>", "xes.duplicate", 35)]
#[case::twice_in_event("<event><id key=\"k\" value=\"1\"/><id key=\"k\" value=\"2\"/></event>", "xes.duplicate", 38)]
#[case::twice_nested("<id key=\"a\" value=\"\"><id key=\"k\" value=\"1\"/><id key=\"k\" value=\"2\"/></id>", "xes.duplicate", 52)]
#[case::entity("<string key=\"k\" value=\"&xxe;\"/>", "xes.entity", 8)]
#[case::error_deep_inside("<event><list key=\"l\"><values><date key=\"k\" value=\"x\"/></values></list></event>", "xes.date", 37)]
fn a_bad_trace_is_told_with_its_text_and_the_next_one_is_read(#[case] inner: &str, #[case] code: &str, #[case] column: u32) {
    let all = read(log_with(&format!("<trace>{inner}</trace>\n<trace><string key=\"concept:name\" value=\"good\"/></trace>")));
    assert_eq!(all.len(), 2, "{all:?}");
    let fault = all[0].as_ref().unwrap_err();
    assert_eq!((fault.code, fault.place.line, fault.place.column, fault.place.item), (code, 2, Some(column), 1), "{fault}");
    assert_eq!(fault.raw.as_deref(), Some(&*format!("<trace>{inner}</trace>")));
    assert!(!fault.sentence().contains('{'), "{fault}");
    let good = all[1].as_ref().unwrap();
    assert_eq!((good.place.line, good.place.item, &*good.value("concept:name").unwrap().text), (3, 2, "good"));
}

#[test]
fn an_event_outside_traces_is_told_and_passed_over() {
    let all = read(log_with("<event><string key=\"a\" value=\"b\"/></event>\n<event/>\n<trace/>"));
    let codes: Vec<_> = all.iter().map(|row| row.as_ref().map_or_else(|f| f.code, |_| "ok")).collect();
    assert_eq!(codes, ["xes.orphan_event", "xes.orphan_event", "ok"]);
}

#[test]
fn many_attributes_repeat_no_key_either() {
    let many: String = (0..100).map(|i| format!("<int key=\"k{i}\" value=\"{i}\"/>")).collect();
    assert!(read(log_with(&format!("<trace>{many}</trace>")))[0].is_ok());
    assert_eq!(
        read(log_with(&format!("<trace>{many}<int key=\"k3\" value=\"0\"/></trace>")))[0].as_ref().unwrap_err().code,
        "xes.duplicate"
    );
}

#[test]
fn damaged_gzip_is_named_as_such() {
    let packed = gzip(PERMITS);
    let code = |bytes: &[u8]| read(bytes).into_iter().find_map(Result::err).unwrap().code;
    assert_eq!(code(&packed[..packed.len() - 400]), "input.gzip_truncated");
    assert_eq!(code(&packed[..12]), "input.gzip_truncated");
    let mut wrong_sum = packed.clone();
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 0xff;
    assert_eq!(code(&wrong_sum), "input.gzip");
    assert_eq!(code(&[0x1f, 0x8b, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "input.gzip");
}

#[test]
fn not_utf8_is_named_as_such() {
    let fault = |bytes: &[u8]| read(bytes).into_iter().find_map(Result::err).unwrap();
    let told = fault(b"<log>\n<trace><string key=\"a\" value=\"\xc4\"/></trace></log>");
    assert_eq!((told.code, told.place.line, told.place.column), ("input.encoding", 2, Some(8)));
    assert_eq!(fault(b"\xff\xfe<\0l\0").code, "input.encoding");
    assert_eq!(fault(b"\0<\0l\0o").code, "input.encoding");
}

/// `head`, then `body` for ever.
struct Endless(Cursor<Vec<u8>>, &'static [u8], usize);
impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.read(buf)?;
        if n > 0 {
            return Ok(n);
        }
        for b in buf.iter_mut() {
            *b = self.1[self.2 % self.1.len()];
            self.2 += 1;
        }
        Ok(buf.len())
    }
}

#[rstest]
#[case::endless_value("<log><trace><string key=\"a\" value=\"", b"x", "xes.token_too_long")]
#[case::endless_comment("<log><!--", b"x", "xes.token_too_long")]
#[case::endless_declaration("<!DOCTYPE a [", b"<!ENTITY a 'b'>", "xes.token_too_long")]
#[case::endless_trace("<log><trace>", b"<event/>", "xes.trace_too_large")]
#[case::endless_attributes("<log><trace>", b"<id key='a' value=''/>", "xes.attributes")]
#[case::endless_header("<log>", b"<id key='a' value=''/>", "xes.attributes")]
#[case::endless_depth("<log><trace>", b"<id key='a' value=''>", "xes.depth")]
#[case::endless_space("<log>", b"   ", "xes.token_too_long")]
#[case::endless_comments("<log>", b"<!---->", "input.too_large")]
#[case::long_value(
    "<log><trace>",
    b"<id key='aaaaaaaa' value='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'/>",
    "xes.trace_too_large"
)]
fn nothing_grows_without_bound(#[case] head: &str, #[case] body: &'static [u8], #[case] code: &str) {
    let limits = Limits {
        max_unpacked_bytes: 4 << 20,
        max_token_bytes: 200_000,
        max_trace_bytes: 400_000,
        max_attributes: 10_000,
        max_value_bytes: 64,
        ..Limits::default()
    };
    let log = XesSource::with_limits("log.xes", Endless(Cursor::new(head.into()), body, 0), limits);
    let fault = log.last().unwrap().unwrap_err();
    assert_eq!(fault.code, code, "{fault}");
}

#[test]
fn a_gzip_bomb_is_stopped_by_its_ratio() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(b"<log>").unwrap();
    let block = [b"<!--", vec![b' '; 1 << 20].as_slice(), b"-->"].concat();
    for _ in 0..96 {
        bomb.write_all(&block).unwrap();
    }
    let fault = read(bomb.finish().unwrap()).pop().unwrap().unwrap_err();
    assert_eq!(fault.code, "input.ratio", "{fault}");
}

#[test]
fn every_sentence_names_only_values_that_are_given() {
    // A sentence whose value is missing shows "?", which no case above may do; here: no sentence is empty or doubled.
    assert!(FAULTS.iter().all(|(code, sentence)| code.contains('.') && sentence.len() > 15));
}
