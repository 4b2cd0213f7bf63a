//! The mapping file and what it makes of rows.

use std::io::Cursor;

use faces::{
    mapping::{Format, Mapping, Unfit},
    tabular::{RowFault, SourceRow, from_source_json},
};
use rstest::rstest;
use serde_json::{Value, json};

const EXAMPLE: &str = include_str!("../../../docs/examples/municipal-dossiers.toml");
const PERMITS: &[u8] = include_bytes!("data/permits.xes");

fn permits() -> Vec<SourceRow> {
    Format::Xes.open("permits.xes", PERMITS).map(Result::unwrap).collect()
}

#[test]
fn the_worked_example_maps_every_dossier() {
    let mapping = Mapping::parse("municipal-dossiers.toml", EXAMPLE).unwrap();
    assert_eq!(mapping.register.as_str(), "dossier");
    let records: Vec<_> = permits().iter().map(|row| mapping.apply(row).unwrap_or_else(|unfit| panic!("{unfit:?}"))).collect();
    let mut first = records[0].clone();
    let source = first.body.remove("source").unwrap();
    let expected = json!({
      "channel": "online",
      "closed_at": "2025-01-10T15:00:00.000000Z",
      "code": "case-01",
      "department": "General",
      "due_at": "2025-02-03T07:00:00.000000Z",
      "handling_group": "Group 2",
      "planned_end_at": "2025-02-03T07:00:00.010000Z",
      "received_at": "2025-01-06T07:00:00.000000Z",
      "responsible": "Resource01"
    });
    assert_eq!(Value::Object(first.body.clone()), expected);
    assert_eq!((first.key.as_str(), first.unit.as_str(), first.state.as_deref()), ("case-01", "@root", Some("resolved")));
    let event = &first.events[0];
    assert_eq!((event.name.as_str(), event.at.to_string().as_str()), ("Confirmation of receipt", "2025-01-06T07:05:00.000000Z"));
    assert_eq!((event.actor.as_deref(), event.group.as_deref(), event.transition.as_deref()), (Some("Resource01"), None, Some("complete")));
    assert_eq!(event.attrs[0].0, "concept:instance");
    let (values, events) = from_source_json(&source).unwrap();
    assert_eq!((values.len(), events.len(), events[0].len()), (9, 2, 6), "the source is kept whole, EMPTY included");

    let text = |i: usize, field: &str| records[i].body.get(field).and_then(Value::as_str).map(str::to_owned);
    assert_eq!(text(1, "closed_at"), text(1, "due_at"), "one instant in two offsets");
    assert!(text(2, "closed_at") > text(2, "due_at"));
    assert_eq!((text(3, "closed_at"), text(3, "handling_group"), records[3].state.as_deref()), (None, None, Some("in_progress")));
    // Without an offset: the zone of the mapping, with its summer time.
    assert_eq!(text(5, "received_at").unwrap(), "2025-01-15T11:00:00.000000Z");
    assert_eq!(text(5, "closed_at").unwrap(), "2025-07-15T10:00:00.000000Z");
    assert_eq!(text(8, "channel"), None);
    assert_eq!(text(9, "received_at").unwrap(), "2025-04-06T07:00:00.123456Z");
    assert_eq!((records[10].key.as_str(), text(10, "channel").unwrap().as_str()), ("case-11", "counter"));
    assert_eq!(mapping.field_names().count(), 10);
}

fn one_csv(fields: &str, header: &str, row: &str) -> Result<Value, RowFault> {
    let text = format!("register = \"r\"\nformat = \"csv\"\nkey = \"id\"\nunit = {{ value = \"@root\" }}\nzone = \"+07:00\"\n{fields}");
    let mapping = Mapping::parse("m.toml", &text).unwrap_or_else(|fault| panic!("{fault}"));
    let row = Format::Csv.open("t.csv", Cursor::new(format!("id;{header}\nA;{row}\n"))).next().unwrap().unwrap();
    mapping.apply(&row).map(|record| Value::Object(record.body)).map_err(only)
}

/// The only fault of a row.
fn only(unfit: Box<Unfit>) -> RowFault {
    assert_eq!(unfit.faults.len(), 1, "{unfit:?}");
    unfit.faults[0].clone()
}

#[rstest]
#[case::int("type = \"int\"", "42", json!(42))]
#[case::decimal_comma("type = \"decimal\"\ndecimal_mark = \",\"", "-97,630", json!(-97.63))]
#[case::decimal_whole("type = \"decimal\"", "1250000", json!(1_250_000))]
#[case::bool_by_map("type = \"bool\"\nmap = { \"Có\" = \"true\", \"Không\" = \"false\" }", "Có", json!(true))]
#[case::iso_date("type = \"date\"", "2025-07-01", json!("2025-07-01"))]
#[case::declared_date("type = \"date\"\nformats = [\"%d/%m/%Y\"]", "01/07/2025", json!("2025-07-01"))]
#[case::day_of_an_instant("type = \"date\"", "2025-06-30T20:00:00Z", json!("2025-07-01"))]
#[case::local_time("type = \"timestamp\"", "2025-07-01T08:00", json!("2025-07-01T01:00:00.000000Z"))]
#[case::declared_time("type = \"timestamp\"\nformats = [\"%d/%m/%Y %H:%M\"]", "01/07/2025 08:30", json!("2025-07-01T01:30:00.000000Z"))]
#[case::day_start("type = \"timestamp\"\nday = \"start\"", "2025-07-01", json!("2025-06-30T17:00:00.000000Z"))]
#[case::day_end("type = \"timestamp\"\nday = \"end\"\nformats = [\"%d/%m/%Y\"]", "01/07/2025", json!("2025-07-01T16:59:59.999999Z"))]
#[case::list("type = \"list\"\nseparator = \",\"", "a, b ,,c", json!(["a", "b", "c"]))]
#[case::map_default("map = { \"x\" = \"known\" }\ndefault = \"other\"", "y", json!("other"))]
#[case::if_absent("if_absent = \"none said\"", " ", json!("none said"))]
#[case::absent_text("absent = [\"N/A\"]\nif_absent = \"none said\"", "N/A", json!("none said"))]
#[case::unit("type = \"unit\"", "26506@2025-07-01", json!("26506@2025-07-01"))]
#[case::json("type = \"json\"", "x", json!("x"))]
fn a_value_becomes_what_the_field_declares(#[case] rule: &str, #[case] text: &str, #[case] expected: Value) {
    let body = one_csv(&format!("[field.f]\nfrom = \"v\"\n{rule}"), "v", text).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(body["f"], expected);
}

#[rstest]
#[case::missing("required = true", "", "map.required", "t.csv:2:2: item 1: \"v\" is missing; the field \"f\" needs it")]
#[case::unknown(
    "map = { \"b\" = \"1\", \"a\" = \"2\" }",
    "c",
    "map.unknown_value",
    "t.csv:2:2: item 1: \"c\" in \"v\" is not in the map of \"f\"; known: a, b"
)]
#[case::undeclared_format(
    "type = \"date\"",
    "01/07/2025",
    "map.type",
    "t.csv:2:2: item 1: \"01/07/2025\" in \"v\" is not a date like 2025-07-01 or in a declared format, which the field \"f\" needs"
)]
#[case::short_year("type = \"date\"\nformats = [\"%d/%m/%Y\"]", "01/07/25", "map.type", "")]
#[case::impossible_day("type = \"date\"\nformats = [\"%d/%m/%Y\"]", "31/06/2025", "map.type", "")]
#[case::day_for_time("type = \"timestamp\"", "2025-07-01", "map.day", "")]
#[case::int(
    "type = \"int\"",
    "1.246",
    "map.type",
    "t.csv:2:2: item 1: \"1.246\" in \"v\" is not a whole number, which the field \"f\" needs"
)]
#[case::decimal_mark("type = \"decimal\"", "97,63", "map.type", "")]
#[case::decimal_too_fine("type = \"decimal\"", "1234567890.1234567", "map.type", "")]
#[case::decimal_exponent("type = \"decimal\"", "1e5", "map.type", "")]
#[case::boolean("type = \"bool\"", "yes", "map.type", "")]
fn what_does_not_fit_is_a_fault_with_its_place(#[case] rule: &str, #[case] text: &str, #[case] code: &str, #[case] sentence: &str) {
    let fault = one_csv(&format!("[field.f]\nfrom = \"v\"\n{rule}"), "v", text).unwrap_err();
    assert_eq!(fault.code, code, "{fault}");
    assert!(!fault.fatal && !fault.sentence().contains('?'), "{fault}");
    if !sentence.is_empty() {
        assert_eq!(fault.to_string(), sentence);
    }
}

#[test]
fn all_faults_of_a_row_are_told_and_the_rest_of_it_is_kept() {
    let text = "register = \"r\"\nformat = \"csv\"\nkey = \"id\"\nunit = { from = \"ward\" }\n[field.a]\nfrom = \"a\"\ntype = \"int\"\n\
                [field.b]\nfrom = \"b\"\n[field.c]\nfrom = \"c\"\ntype = \"date\"\n";
    let mapping = Mapping::parse("m.toml", text).unwrap();
    let row = Format::Csv.open("t.csv", Cursor::new("id,ward,a,b,c\n,,one,two,three\n")).next().unwrap().unwrap();
    let unfit = mapping.apply(&row).unwrap_err();
    let told: Vec<_> = unfit.faults.iter().map(|f| (f.code, f.place.to_string())).collect();
    let at = |code, place: &str| (code, place.to_owned());
    assert_eq!(told, [at("map.key", "t.csv:2:1"), at("map.unit", "t.csv:2:2"), at("map.type", "t.csv:2:3"), at("map.type", "t.csv:2:5")]);
    assert_eq!((Value::Object(unfit.rest.body.clone()), unfit.lost.join(",")), (json!({ "b": "two" }), "a,c".into()));
    assert_eq!(unfit.rest.spots.fields[1].column, 4);
}

#[test]
fn a_local_time_that_does_not_exist_or_exists_twice_is_not_guessed() {
    let text = "register = \"r\"\nformat = \"csv\"\nkey = \"id\"\nunit = { value = \"@root\" }\nzone = \"Europe/Amsterdam\"\n[field.f]\nfrom = \"v\"\ntype = \"timestamp\"";
    let mapping = Mapping::parse("m.toml", text).unwrap();
    let rows = Format::Csv.open("t.csv", Cursor::new("id,v\n1,2025-03-30T02:30:00\n2,2025-10-26T02:30:00\n3,2025-10-26T02:30:00+01:00\n"));
    let codes: Vec<_> = rows.map(|row| mapping.apply(&row.unwrap()).map_or_else(|unfit| only(unfit).code, |_| "ok")).collect();
    assert_eq!(codes, ["map.zone", "map.zone", "ok"]);
}

#[test]
fn unit_and_state_follow_the_row() {
    let text = r#"
register = "r"
format = "csv"
key = "id"
unit = { from = "ward", map = { "P1" = "26506@2015-01-01", "P2" = "26508@2015-01-01" }, if_absent = "@root" }
[state]
rules = [ { when = { status = "done" }, when_present = "end", state = "resolved" }, { when_absent = "end", state = "open" } ]
"#;
    let mapping = Mapping::parse("m.toml", text).unwrap();
    let rows = Format::Csv.open("t.csv", Cursor::new("id,ward,status,end\n1,P1,done,x\n2,,new,\n3,P9,new,\n4,P2,new,x\n,P1,new,\n"));
    let told: Vec<_> = rows
        .map(|row| match mapping.apply(&row.unwrap()) {
            Ok(record) => format!("{} {}", record.unit, record.state.unwrap()),
            Err(unfit) => only(unfit).code.to_owned(),
        })
        .collect();
    assert_eq!(told, ["26506@2015-01-01 resolved", "@root open", "map.unknown_value", "map.state", "map.key"]);
}

#[test]
fn events_and_nested_values_may_become_json() {
    let text = r#"
register = "r"
format = "xes"
key = "concept:name"
unit = { value = "@root" }
[field.history]
from = "@events"
type = "json"
[field.level]
from = "department/code/level"
type = "int"
[field.annexes]
from = "annexes"
type = "list"
[field.site]
from = "site"
type = "json"
[field.fee]
from = "fee"
type = "decimal"
[events]
name = "concept:name"
at = "time:timestamp"
"#;
    let mapping = Mapping::parse("m.toml", text).unwrap();
    let rows = permits();
    let body = |i: usize| Value::Object(mapping.apply(&rows[i]).unwrap().body);
    assert_eq!(body(9)["history"], json!([{ "name": "Only event", "at": "2025-04-06T07:00:00.000000Z" }]));
    assert_eq!(body(6)["level"], json!(2));
    assert_eq!(body(6)["annexes"], json!(["plan.pdf", "photo.jpg"]));
    assert_eq!(body(6)["site"], json!([["lat", "float", "10.3460"], ["coast", "boolean", "true"]]));
    assert_eq!(body(11)["fee"], json!(1_250_000.5));
}

#[test]
fn an_event_without_its_time_is_a_fault_at_the_event() {
    let log = "<log>\n<trace><string key=\"concept:name\" value=\"c\"/><date key=\"startdate\" value=\"2025-01-01T00:00:00Z\"/>\n<event><string key=\"concept:name\" value=\"e\"/></event></trace></log>";
    let mapping = Mapping::parse("m.toml", EXAMPLE).unwrap();
    let row = Format::Xes.open("l.xes", log.as_bytes()).next().unwrap().unwrap();
    let fault = only(mapping.apply(&row).unwrap_err());
    assert_eq!(fault.to_string(), "l.xes:3:1: item 1: the event has no \"time:timestamp\", which the mapping takes as its time");
}

const HEAD: &str = "register = \"r\"\nformat = \"csv\"\nkey = \"id\"\nunit = { value = \"@root\" }\n";

#[rstest]
#[case::not_toml("register = \n", 1, "")]
#[case::unknown_key(&format!("{HEAD}zonne = \"Z\""), 5, "unknown field `zonne`")]
#[case::unknown_in_field(&format!("{HEAD}[field.a]\nfrom = \"a\"\nrequird = true"), 7, "unknown field `requird`")]
#[case::missing("register = \"r\"", 1, "missing field")]
#[case::format("register = \"r\"\nformat = \"xml\"", 2, "unknown variant `xml`")]
#[case::zone(&format!("{HEAD}zone = \"+7\""), 5, "is not a zone: write an offset like \"+07:00\"")]
#[case::zone_name(&format!("{HEAD}zone = \"Europe/Atlantis\""), 5, "is not a zone")]
#[case::field_name(&format!("{HEAD}[field.Mã]\nfrom = \"a\""), 5, "")]
#[case::from_and_value(&format!("{HEAD}[field.a]\nfrom = \"a\"\nvalue = \"b\""), 5, "say either \"from\"")]
#[case::default_without_map(&format!("{HEAD}[field.a]\nfrom = \"a\"\ndefault = \"b\""), 5, "perhaps \"if_absent\" is meant")]
#[case::formats_on_text(&format!("{HEAD}[field.a]\nfrom = \"a\"\nformats = [\"%Y\"]"), 5, "\"formats\" is only for")]
#[case::useless_format(&format!("{HEAD}[field.a]\nfrom = \"a\"\ntype = \"date\"\nformats = [\"dd/mm/yyyy\"]"), 5, "is not a date format")]
#[case::unit_both("register = \"r\"\nformat = \"csv\"\nkey = \"id\"\nunit = { value = \"@root\", from = \"a\" }", 4, "say the unit either")]
#[case::dead_rule(&format!("{HEAD}[state]\nrules = [ {{ state = \"a\" }}, {{ state = \"b\" }} ]"), 5, "rule 1 of [state] always fits")]
#[case::no_rule(&format!("{HEAD}[state]\nrules = []"), 5, "has no rule")]
#[case::events_undeclared(&format!("{HEAD}[field.a]\nfrom = \"@events\"\ntype = \"json\""), 6, "[events] does not say")]
#[case::source_twice(&format!("{HEAD}keep_source = true\n[field.source]\nvalue = \"x\""), 6, "cannot be mapped as well")]
fn a_wrong_mapping_file_is_told_with_line_and_a_helpful_sentence(#[case] text: &str, #[case] line: u64, #[case] message: &str) {
    let fault = Mapping::parse("m.toml", text).unwrap_err();
    assert!(fault.message.contains(message), "{fault}");
    assert_eq!(fault.place.line, line, "{fault}");
    assert!(fault.place.column.is_some() && !fault.message.is_empty());
}
