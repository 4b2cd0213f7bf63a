//! Declarations as packs write them, their faults, and what sums mean.

use rstest::rstest;
use serde_json::json;

use super::{CheckedSet, DerivedDef, DerivedSet, Direction, Figure, Format, IndicatorFile, IndicatorSet, Kind, figure};
use crate::schema::{RecordMeta, RegisterDef, Schema, Symbols};
use crate::{Month, Timestamp};

const REGISTER: &str = r#"
[register]
id = "dossier"
name = { vi = "Hồ sơ", en = "Dossier" }
title = "code"
key = "code"
[[field]]
id = "code"
type = "text"
label = { vi = "Mã", en = "Code" }
required = true
[[field]]
id = "phone"
type = "text"
label = { vi = "Điện thoại", en = "Phone" }
personal = true
[[field]]
id = "channel"
type = "choice"
label = { vi = "Kênh", en = "Channel" }
choices = [ { id = "online", vi = "Trực tuyến", en = "Online" }, { id = "counter", vi = "Trực tiếp", en = "Counter" } ]
[[field]]
id = "fee"
type = "decimal(2)"
label = { vi = "Lệ phí", en = "Fee" }
min = 0
[[field]]
id = "closed_at"
type = "timestamp"
label = { vi = "Kết thúc", en = "Closed" }
[[field]]
id = "due_at"
type = "timestamp"
label = { vi = "Hạn", en = "Due" }
[lifecycle]
initial = "received"
[[lifecycle.state]]
id = "received"
label = { vi = "Đã tiếp nhận", en = "Received" }
"#;

const ON_TIME: &str = r#"
[[indicator]]
id = "dossier.on_time"
name = { vi = "Đúng hạn", en = "On time" }
register = "dossier"
kind = "ratio"
numerator = "record.closed_at <= record.due_at"
denominator = "record.closed_at != null"
date = "record.closed_at"
breakdowns = ["channel"]
direction = "up"
format = "percent:2"
"#;

fn schema() -> Schema {
    let def: RegisterDef = toml::from_str(REGISTER).unwrap();
    Schema::compile(&def).unwrap()
}

fn set(text: &str) -> (IndicatorSet, Symbols) {
    let file: IndicatorFile = toml::from_str(text).unwrap();
    let mut symbols = Symbols::default();
    (IndicatorSet::compile(&schema(), &file.indicators, &mut symbols).unwrap(), symbols)
}

#[test]
fn a_record_contributes_integers_to_its_local_month() {
    let (set, mut symbols) = set(ON_TIME);
    let t = Timestamp(0);
    let meta = RecordMeta { id: "", unit: "26506@2025-07-01", state: "received", version: 1, created_at: t, updated_at: t };
    // Closed at 00:30 local time of 1 July, an hour before the deadline.
    let body =
        json!({"code": "H1", "channel": "online", "closed_at": "2025-06-30T17:30:00.000000Z", "due_at": "2025-06-30T18:30:00.000000Z"});
    let slots = set.layout().slots(&mut symbols, meta, &body.to_string()).unwrap();
    let (c, dims) = set.contributions(&symbols, &slots, t)[0].unwrap();
    assert_eq!((c.month, c.num, c.den, c.n), (Month::new(2025, 7), 1, 1, 1));
    assert_eq!(symbols.units.text(c.unit), "26506@2025-07-01");
    assert_eq!(set.dim_text(&symbols, 0, 0, dims[0]), Some("online"));
    assert!(symbols.texts.get("H1").is_none(), "what no indicator reads is not kept");
    let open = set.layout().slots(&mut symbols, meta, r#"{"code":"H2","closed_at":null}"#).unwrap();
    assert_eq!(set.contributions(&symbols, &open, t)[0], None);
    assert!(set.layout().slots(&mut symbols, meta, r#"{"closed_at":"yesterday"}"#).is_err());
    assert!(set.layout().slots(&mut symbols, meta, r#"{"closed_at":null} x"#).is_err());
}

#[rstest]
#[case("numerator = \"record.closed_at <= record.due_at\"", "numerator = \"record.fee\"", "numerator", "expr.wants")]
#[case("breakdowns = [\"channel\"]", "breakdowns = [\"phone\"]", "breakdowns", "expr.personal")]
#[case("breakdowns = [\"channel\"]", "breakdowns = [\"chanel\"]", "breakdowns", "expr.unknown_field")]
#[case("breakdowns = [\"channel\"]", "breakdowns = [\"fee\"]", "breakdowns", "indicator.breakdown_type")]
#[case("breakdowns = [\"channel\"]", "breakdowns = [\"channel\", \"channel\"]", "breakdowns", "indicator.breakdown_twice")]
#[case("denominator = \"record.closed_at != null\"", "denominator = \"record.phone != null\"", "denominator", "expr.personal")]
#[case("date = \"record.closed_at\"", "date = \"record.code\"", "date", "expr.wants")]
#[case("date = \"record.closed_at\"", "date = \"now\"", "date", "expr.now")]
#[case("kind = \"ratio\"", "kind = \"sum\"", "numerator", "indicator.part_of_other_kind")]
#[case("numerator = \"record.closed_at <= record.due_at\"", "", "numerator", "indicator.part_missing")]
#[case("register = \"dossier\"", "register = \"camera\"", "register", "indicator.register")]
#[case("id = \"dossier.on_time\"", "id = \"đúng hạn\"", "id", "indicator.id")]
fn faults_by_table(#[case] from: &str, #[case] to: &str, #[case] part: &str, #[case] code: &str) {
    assert!(ON_TIME.contains(from));
    let file: IndicatorFile = toml::from_str(&ON_TIME.replace(from, to)).unwrap();
    let faults = CheckedSet::check(&schema(), &file.indicators).unwrap_err();
    assert!(faults.iter().any(|f| f.part == part && f.error.code == code), "{faults:?}");
}

#[test]
fn unknown_keys_are_refused() {
    assert!(toml::from_str::<IndicatorFile>(&ON_TIME.replace("direction", "directon")).is_err());
    assert!(toml::from_str::<RegisterDef>(&REGISTER.replace("personal", "personel")).is_err());
    assert!(toml::from_str::<RegisterDef>(&REGISTER.replace("decimal(2)", "decimal(9)")).is_err());
}

#[rstest]
#[case(Kind::Ratio, 5, 0, 0, None)] // a zero denominator is no value
#[case(Kind::Ratio, 7, 8, 0, Some(8750))]
#[case(Kind::Ratio, 1, 3, 0, Some(3333))]
#[case(Kind::Ratio, 2, 3, 0, Some(6667))]
#[case(Kind::Average, 100, 3, 1, Some(33_333))] // 10.0 ÷ 3 = 3.3333…
#[case(Kind::Average, 1, 0, 1, None)]
#[case(Kind::Sum, -125, 0, 2, Some(-12_500))]
#[case(Kind::Count, 3, 0, 0, Some(30_000))]
fn rounding_is_exact(#[case] kind: Kind, #[case] num: i64, #[case] den: i64, #[case] scale: u8, #[case] expected: Option<i128>) {
    let made = figure(num, den, 3, kind, scale);
    assert_eq!(made.value.is_none(), expected.is_none());
    assert_eq!(made.rounded(Format::Percent(2)), expected);
}

#[rstest]
#[case("percent:2", Some(Format::Percent(2)))]
#[case("decimal:1", Some(Format::Decimal(1)))]
#[case("integer", Some(Format::Integer))]
#[case("vnd", Some(Format::Vnd))]
#[case("percent:9", None)]
#[case("percentage", None)]
fn formats_by_table(#[case] text: &str, #[case] expected: Option<Format>) {
    assert_eq!(text.parse::<Format>().ok(), expected);
    if let Some(format) = expected {
        assert_eq!(format.to_string(), text);
    }
}

fn derived(id: &str, value: &str) -> DerivedDef {
    let name = crate::Localized::new(id, id);
    DerivedDef {
        id: id.into(),
        aliases: vec![],
        name,
        value: value.into(),
        direction: Direction::Up,
        format: Format::Percent(1),
        unit_of_measure: None,
        source: None,
        explain: None,
    }
}

fn compile(defs: &[DerivedDef]) -> Result<DerivedSet, Vec<String>> {
    DerivedSet::compile(defs, &|id| matches!(id, "a" | "b" | "none" | "money"))
        .map_err(|faults| faults.iter().map(|f| f.error.code.to_owned()).collect())
}

#[rstest]
#[case("v('a') * 2 - 1", Some(0.0))]
#[case("(num('a') + num('b')) / (den('a') + den('b'))", Some(0.4))] // 1+3 of 2+8: sums first, not a mean of 50 % and 37.5 %
#[case("ratio(n('a'), n('b'))", Some(0.25))]
#[case("num('money') / 2", Some(6.25))]
#[case("v('none') + 1", None)]
#[case("1 / (v('a') - 0.5)", None)]
#[case("-v('twice')", Some(-1.0))]
fn derived_by_table(#[case] value: &str, #[case] expected: Option<f64>) {
    let set = compile(&[derived("d", value), derived("twice", "v('a') * 2")]).unwrap();
    let found = set.eval("d", &mut |id| -> Option<Figure> {
        match id {
            "a" => Some(figure(1, 2, 2, Kind::Ratio, 0)),
            "b" => Some(figure(3, 8, 8, Kind::Ratio, 0)),
            "none" => Some(figure(0, 0, 0, Kind::Ratio, 0)),
            "money" => Some(figure(1250, 0, 4, Kind::Sum, 2)),
            _ => None,
        }
    });
    assert_eq!(found, expected);
}

#[test]
fn circles_and_strangers_are_refused() {
    assert_eq!(compile(&[derived("x", "v('y')"), derived("y", "v('z') + 1"), derived("z", "v('x')")]).unwrap_err(), ["indicator.circle"]);
    assert_eq!(compile(&[derived("x", "v('nobody')")]).unwrap_err(), ["indicator.unknown"]);
    assert_eq!(compile(&[derived("x", "num('y')"), derived("y", "v('a')")]).unwrap_err(), ["indicator.no_parts"]);
    assert_eq!(compile(&[derived("a", "v('b')")]).unwrap_err(), ["indicator.duplicate"]);
    assert_eq!(compile(&[derived("x", "record.fee")]).unwrap_err(), ["expr.unsupported"]);
    let set = compile(&[derived("x", "v('y') + v('b')"), derived("y", "v('a')")]).unwrap();
    assert_eq!(set.leaves("x").into_iter().collect::<Vec<_>>(), ["a", "b"]);
}

#[rstest]
#[case(json!({"code": "H1", "fee": 12.5}), "")]
#[case(json!({"code": "H1", "fee": "12.50", "channel": "online", "closed_at": "2025-06-30T17:30:00.000000Z"}), "")]
#[case(json!({}), "field.required")]
#[case(json!({"code": 1}), "field.type")]
#[case(json!({"code": "H1", "channel": "fax"}), "field.choice")]
#[case(json!({"code": "H1", "fee": 12.345}), "field.decimal")]
#[case(json!({"code": "H1", "fee": -1}), "field.too_small")]
#[case(json!({"code": "H1", "closed_at": "2025-06-30T17:30:00Z"}), "field.timestamp")] // not the one stored width
#[case(json!({"code": "H1", "closed_at": "2025-02-30T17:30:00.000000Z"}), "field.timestamp")]
#[case(json!({"code": "H1", "colour": "red"}), "field.unknown")]
#[case(json!({"code": "H1", "state": "received"}), "field.unknown")] // built-ins are not in the body
#[case(json!({"code": "x".repeat(20_001)}), "field.too_long")]
#[case(json!([1]), "body.not_an_object")]
fn bodies_by_table(#[case] body: serde_json::Value, #[case] code: &str) {
    let faults = schema().validate_body(&body).err().unwrap_or_default();
    assert_eq!(faults.iter().map(|f| f.code).collect::<Vec<_>>().join(" "), code);
}

#[rstest]
#[case("title = \"code\"", "title = \"codes\"", "register.no_such_field")]
#[case("key = \"code\"", "key = \"fee\"", "register.key_not_text")]
#[case("id = \"phone\"", "id = \"code\"", "field.duplicate")]
#[case("id = \"phone\"", "id = \"state\"", "field.built_in")]
#[case("id = \"phone\"", "id = \"Phone\"", "field.id")]
#[case("min = 0", "min = 2\nmax = 1", "field.range_empty")]
#[case("type = \"decimal(2)\"", "type = \"choice\"", "field.no_choices")]
fn registers_by_table(#[case] from: &str, #[case] to: &str, #[case] code: &str) {
    let def: RegisterDef = toml::from_str(&REGISTER.replace(from, to)).unwrap();
    let faults = Schema::compile(&def).unwrap_err();
    assert!(faults.iter().any(|f| f.code == code), "{faults:?}");
}
