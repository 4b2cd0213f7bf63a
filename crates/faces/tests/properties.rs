//! Whatever is done to a file: no panic, an end, and a place for every fault.

use std::io::{Cursor, Write};

use faces::{
    mapping::{Format, Mapping},
    tabular::{FAULTS, Source},
};
use proptest::prelude::*;

const PERMITS: &[u8] = include_bytes!("data/permits.xes");
const EXAMPLE: &str = include_str!("../../../docs/examples/municipal-dossiers.toml");
const TABLE: &str = "\u{feff}mã,tên,\"ghi chú\"\r\n1,\"Đà Nẵng\",\"hai\r\ndòng\"\r\n2,\"a \"\"b\"\" c\",\r\n3,x,y\r\n";

/// One change to a file; positions are taken modulo its length.
#[derive(Debug, Clone)]
enum Change {
    Set(usize, u8),
    Remove(usize, usize),
    Insert(usize, Vec<u8>),
    Repeat(usize, usize),
    Cut(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let pieces = prop::sample::select(vec![
        "<",
        ">",
        "\"",
        "&",
        "&amp;",
        "&x;",
        "&#0;",
        "<trace>",
        "</trace>",
        "<event>",
        "</event>",
        "</log>",
        "<log>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE x>",
        "<?x",
        "?>",
        "<string key='a' value='b'/>",
        "<values>",
        "\u{0}",
        "đ",
        "\n",
        ",",
        ";",
        "/",
        "=",
        "[",
        "{",
    ]);
    let bytes = prop_oneof![pieces.prop_map(|p| p.as_bytes().to_vec()), prop::collection::vec(any::<u8>(), 1..6)];
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, b)| Change::Set(at, b)),
        (any::<usize>(), 1..200usize).prop_map(|(at, n)| Change::Remove(at, n)),
        (any::<usize>(), bytes).prop_map(|(at, b)| Change::Insert(at, b)),
        (any::<usize>(), 1..400usize).prop_map(|(at, n)| Change::Repeat(at, n)),
        any::<usize>().prop_map(Change::Cut),
    ]
}

fn changed(original: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for change in changes {
        let len = bytes.len().max(1);
        match change {
            Change::Set(at, b) => {
                if let Some(byte) = bytes.get_mut(at % len) {
                    *byte = *b;
                }
            }
            Change::Remove(at, n) => {
                let from = (at % len).min(bytes.len());
                bytes.drain(from..(from + n).min(bytes.len()));
            }
            Change::Insert(at, more) => {
                let at = (at % len).min(bytes.len());
                bytes.splice(at..at, more.iter().copied());
            }
            Change::Repeat(at, n) => {
                let from = (at % len).min(bytes.len());
                let piece = bytes[from..(from + n).min(bytes.len())].to_vec();
                bytes.splice(from..from, piece);
            }
            Change::Cut(at) => bytes.truncate(at % len),
        }
    }
    bytes
}

/// Reads to the end and checks every answer.
fn check(source: Box<dyn Source>, lines: u64, longest: usize, mapping: Option<&Mapping>) {
    let mut answers = 0;
    let mut ended = false;
    for row in source {
        assert!(!ended, "nothing follows a fatal fault");
        answers += 1;
        assert!(answers <= longest, "no more answers than the file has bytes");
        let faults = match row {
            Ok(row) => {
                assert!((1..=lines).contains(&row.place.line), "{}", row.place);
                match mapping.map(|m| m.apply(&row)) {
                    Some(Err(unfit)) => unfit.faults,
                    _ => continue,
                }
            }
            Err(fault) => vec![fault],
        };
        for fault in faults {
            ended |= fault.fatal;
            assert!((1..=lines).contains(&fault.place.line), "{fault} of {lines} lines");
            assert!(FAULTS.iter().any(|(code, _)| *code == fault.code));
            assert!(fault.to_string().starts_with("f:"), "{fault}");
        }
    }
}

fn lines(bytes: &[u8]) -> u64 {
    1 + bytes.iter().filter(|b| **b == b'\n').count() as u64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_log_is_read_or_refused_with_a_place(changes in prop::collection::vec(change(), 1..6)) {
        let bytes = changed(PERMITS, &changes);
        let mapping = Mapping::parse("m", EXAMPLE).unwrap();
        check(Format::Xes.open("f", Cursor::new(bytes.clone())), lines(&bytes), bytes.len().max(1), Some(&mapping));
    }

    #[test]
    fn a_changed_gzip_is_read_or_refused_with_a_place(changes in prop::collection::vec(change(), 1..4)) {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(PERMITS).unwrap();
        let bytes = changed(&packed.finish().unwrap(), &changes);
        check(Format::Xes.open("f", Cursor::new(bytes)), u64::MAX, 1 << 20, None);
    }

    #[test]
    fn a_changed_table_is_read_or_refused_with_a_place(changes in prop::collection::vec(change(), 1..6)) {
        let bytes = changed(TABLE.as_bytes(), &changes);
        check(Format::Csv.open("f", Cursor::new(bytes.clone())), lines(&bytes), bytes.len().max(1), None);
    }

    #[test]
    fn a_changed_mapping_is_read_or_refused_with_a_place(changes in prop::collection::vec(change(), 1..4)) {
        let text = String::from_utf8_lossy(&changed(EXAMPLE.as_bytes(), &changes)).into_owned();
        if let Err(fault) = Mapping::parse("m", &text) {
            prop_assert!((1..=lines(text.as_bytes())).contains(&fault.place.line), "{}", fault);
            prop_assert!(!fault.message.is_empty());
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(Format::Csv.open("f", Cursor::new(bytes.clone())), lines(&bytes), bytes.len().max(1), None);
        check(Format::Xes.open("f", Cursor::new(bytes)), u64::MAX, 400, None);
    }
}
