//! VietQR codes against known ones, against each other, and against damage; the images are read back.

use faces::{
    qr,
    vietqr::{Service, VietQr, VietQrFault, crc16, purpose_of},
};
use proptest::prelude::*;
use rstest::rstest;

const DYNAMIC: &str =
    "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405790005802VN62220818Ung Ho Quy Vac Xin63043ACF";
const STATIC: &str = "00020101021138560010A0000007270126000697041501121133666688880208QRIBFTTA53037045802VN6304F443";

fn donation() -> VietQr {
    VietQr { amount_vnd: Some(79_000), purpose: Some("Ung Ho Quy Vac Xin".into()), ..VietQr::to_account("970415", "113366668888") }
}

#[test]
fn the_published_codes_are_built_and_read() {
    assert_eq!(donation().payload().unwrap(), DYNAMIC);
    assert_eq!(VietQr::to_account("970415", "113366668888").payload().unwrap(), STATIC);
    assert_eq!(VietQr::parse(DYNAMIC).unwrap(), donation());
    assert_eq!(VietQr::parse(STATIC).unwrap().amount_vnd, None);
    assert_eq!(crc16(b"123456789"), 0x29b1);
}

#[test]
fn a_card_and_every_other_part_stand_in_a_code() {
    let code = VietQr {
        service: Service::Card,
        account: "9704151133666688".into(),
        amount_vnd: Some(1),
        bill: Some("HD-01".into()),
        reference: Some("H06.1".into()),
        terminal: Some("Q3".into()),
        name: Some("UBND PHUONG VUNG TAU".into()),
        city: Some("HO CHI MINH".into()),
        ..donation()
    };
    let payload = code.payload().unwrap();
    assert!(payload.contains("0208QRIBFTTC") && payload.contains("5920UBND PHUONG VUNG TAU6011HO CHI MINH62"), "{payload}");
    assert_eq!(VietQr::parse(&payload).unwrap(), code);
}

#[test]
fn marks_are_taken_off_a_purpose_and_nothing_is_cut() {
    assert_eq!(purpose_of("Ủng hộ Quỹ Vắc-xin"), "Ung ho Quy Vac-xin");
    let with = |purpose: &str| VietQr { purpose: Some(purpose.into()), ..donation() }.payload();
    assert_eq!(with("Lệ phí"), Err(VietQrFault::Character { part: "purpose", found: 'ệ' }));
    assert_eq!(with("a\nb"), Err(VietQrFault::Character { part: "purpose", found: '\n' }));
    assert_eq!(with(&"a".repeat(26)), Err(VietQrFault::TooLong { part: "purpose", length: 26, max: 25 }));
    assert!(with(&"a".repeat(25)).is_ok());
    assert_eq!(with("  "), Err(VietQrFault::Blank("purpose")));
}

#[rstest]
#[case("97041", "1", None, VietQrFault::Bin("97041".into()))]
#[case("97041５", "1", None, VietQrFault::Bin("97041５".into()))]
#[case("970415", "", None, VietQrFault::Account(String::new()))]
#[case("970415", "12345678901234567890", None, VietQrFault::Account("12345678901234567890".into()))]
#[case("970415", "1 2", None, VietQrFault::Account("1 2".into()))]
#[case("970415", "1", Some(0), VietQrFault::Amount("0".into()))]
#[case("970415", "1", Some(10_000_000_000_000), VietQrFault::Amount("10000000000000".into()))]
fn what_no_code_can_say_is_refused(#[case] bin: &str, #[case] account: &str, #[case] amount_vnd: Option<u64>, #[case] fault: VietQrFault) {
    assert_eq!(VietQr { amount_vnd, ..VietQr::to_account(bin, account) }.payload(), Err(fault));
}

#[test]
fn four_full_texts_are_too_long_for_their_template() {
    let full = || Some("x".repeat(25));
    let code = VietQr { bill: full(), reference: full(), terminal: full(), purpose: full(), ..donation() };
    assert_eq!(code.payload(), Err(VietQrFault::TooLong { part: "62", length: 116, max: 99 }));
}

/// The code with a changed inside and a right checksum.
fn resealed(from: &str, to: &str) -> String {
    let changed = DYNAMIC.replace(from, to);
    let body = &changed[..changed.len() - 4];
    format!("{body}{:04X}", crc16(body.as_bytes()))
}

#[rstest]
#[case("79000", "7900x", VietQrFault::Amount("7900x".into()))]
#[case("540579000", "54057.900", VietQrFault::Amount("7.900".into()))]
#[case("5303704", "5303840", VietQrFault::Value { tag: "53", found: "840".into() })]
#[case("5802VN", "5802US", VietQrFault::Value { tag: "58", found: "US".into() })]
#[case("A000000727", "A000000728", VietQrFault::NotNapas)]
#[case("QRIBFTTA", "QRPUSH00", VietQrFault::Value { tag: "38.02", found: "QRPUSH00".into() })]
#[case("010212", "010211", VietQrFault::Initiation("11".into()))]
#[case("010212", "010222", VietQrFault::Value { tag: "01", found: "22".into() })]
#[case("540579000", "", VietQrFault::Initiation("12".into()))]
#[case("5802VN", "", VietQrFault::Missing("58"))]
#[case("5802VN", "5802VN5802VN", VietQrFault::Twice("58".into()))]
#[case("0818Ung", "0819Ung", VietQrFault::Cut { at: 0 })]
#[case("000201", "", VietQrFault::Order)]
#[case("0006970415", "00060097041", VietQrFault::Cut { at: 72 })]
fn a_code_that_says_something_else_is_refused(#[case] from: &str, #[case] to: &str, #[case] fault: VietQrFault) {
    assert_eq!(VietQr::parse(&resealed(from, to)), Err(fault));
}

#[test]
fn unknown_objects_are_passed_over_and_decimals_of_nothing_are_taken() {
    let read = VietQr::parse(&resealed("5303704540579000", "520400005303704540879000.00")).unwrap();
    assert_eq!(read, donation());
    assert_eq!(VietQr::parse(&DYNAMIC.replace("3ACF", "3acf")).unwrap(), donation());
}

#[test]
fn any_single_changed_character_is_found() {
    for at in 0..DYNAMIC.len() {
        let mut damaged = DYNAMIC.as_bytes().to_vec();
        damaged[at] = if damaged[at] == b'7' { b'1' } else { b'7' };
        let damaged = String::from_utf8(damaged).unwrap();
        assert!(VietQr::parse(&damaged).is_err(), "{damaged}");
    }
    for cut in 0..DYNAMIC.len() {
        assert!(VietQr::parse(&DYNAMIC[..cut]).is_err());
    }
}

fn text(max: usize) -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::string::string_regex(&format!("[!-~][ -~]{{0,{}}}", max - 1)).unwrap())
}

fn codes() -> impl Strategy<Value = VietQr> {
    let to = prop_oneof![
        "[0-9A-Za-z]{1,19}".prop_map(|account| (Service::Account, account)),
        "[0-9]{16,19}".prop_map(|account| (Service::Card, account)),
    ];
    // Three texts of full length fit the template together with an empty fourth.
    ("[0-9]{6}", to, prop::option::of(1..=9_999_999_999_999_u64), text(20), text(20), text(20), text(20), (text(25), text(15))).prop_map(
        |(bin, (service, account), amount_vnd, bill, reference, terminal, purpose, (name, city))| VietQr {
            bin,
            service,
            account,
            amount_vnd,
            bill,
            reference,
            terminal,
            purpose,
            name,
            city,
        },
    )
}

proptest! {
    #[test]
    fn what_is_built_reads_back(code in codes()) {
        let payload = code.payload().unwrap();
        prop_assert!(payload.is_ascii());
        prop_assert_eq!(VietQr::parse(&payload).unwrap(), code);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,80}", tail in "[0-9]{0,12}") {
        let body = format!("000201{text}{tail}6304");
        let sealed = format!("{body}{:04X}", crc16(body.as_bytes()));
        let _ = VietQr::parse(&text);
        let _ = VietQr::parse(&sealed);
    }
}

#[test]
fn the_images_are_whole() {
    let svg = qr::svg(DYNAMIC).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>") && svg.contains("viewBox=\"0 0 "));
    let png = qr::png(DYNAMIC).unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let side = u32::from_be_bytes(png[16..20].try_into().unwrap());
    assert_eq!(side % 8, 0);
    // Both show the same modules: dark squares of the drawing against dark pixels of the picture.
    let dark_svg: usize = svg.split("v1h-").skip(1).map(|s| s.split_once('z').unwrap().0.parse::<usize>().unwrap()).sum();
    let mut pixels = Vec::new();
    let data = &png[33..];
    let length = u32::from_be_bytes(data[..4].try_into().unwrap()) as usize;
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&data[8..8 + length]), &mut pixels).unwrap();
    let line = side as usize / 8 + 1;
    let dark_png = pixels.chunks(line).step_by(8).map(|l| l[1..].iter().filter(|b| **b == 0).count()).sum::<usize>();
    assert_eq!(dark_svg, dark_png);
    assert!(dark_png > 400);
    assert_eq!(qr::svg(&"x".repeat(5000)), Err(qr::TooLong));
}
