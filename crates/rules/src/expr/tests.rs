//! Null by table, errors by table, time by table; everything else against the interpreter of crate `cel`.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value as Json, json};

use super::Rule;
use crate::Timestamp;
use crate::schema::{RecordMeta, RegisterDef, Schema};

pub(crate) fn schema() -> Schema {
    let label = |id: &str| json!({"vi": id, "en": id});
    let field = |id: &str, ty: &str| json!({"id": id, "type": ty, "label": label(id)});
    let def: RegisterDef = serde_json::from_value(json!({
        "register": {"id": "dossier", "name": label("d")},
        "field": [
            field("code", "text"), field("other", "text"), field("fee", "int"), field("paid", "int"), field("score", "decimal(2)"), field("rate", "decimal(2)"),
            field("urgent", "bool"), field("signed", "bool"), field("received_at", "timestamp"), field("closed_at", "timestamp"), field("due_at", "timestamp"),
            field("deadline", "date"), field("issued_on", "date"), field("ward", "unit"), field("tags", "list(text)"), field("extra", "json"),
            {"id": "phone", "type": "text", "label": label("p"), "personal": true},
            {"id": "channel", "type": "choice", "label": label("c"),
             "choices": [{"id": "online", "vi": "a", "en": "a"}, {"id": "counter", "vi": "b", "en": "b"}]},
        ],
        "lifecycle": {"initial": "received", "state": [{"id": "received"}, {"id": "resolved"}]}
    }))
    .unwrap();
    Schema::compile(&def).unwrap()
}

fn meta() -> RecordMeta<'static> {
    let t = "2025-07-01T01:00:00Z".parse().unwrap();
    RecordMeta { id: "r1", unit: "26506@2025-07-01", state: "received", version: 3, created_at: t, updated_at: t }
}

fn now() -> Timestamp {
    "2025-07-10T00:00:00Z".parse().unwrap()
}

fn holds(text: &str, body: &Json) -> bool {
    Rule::condition(&schema(), text).unwrap_or_else(|e| panic!("{text}: {e}")).holds(meta(), &body.to_string(), now()).unwrap()
}

fn result(text: &str, body: &Json) -> Json {
    Rule::assignment(&schema(), text).unwrap_or_else(|e| panic!("{text}: {e}")).json(meta(), &body.to_string(), now()).unwrap()
}

/// What CEL makes of null beside what we make of it; the records have no field at all, which is null too.
#[rstest]
#[case("record.fee == null", true)]
#[case("record.fee != null", false)]
#[case("null == record.fee", true)]
#[case("has(record.fee)", false)]
#[case("record.fee == 1", false)]
#[case("record.fee != 1", false)] // CEL: true
#[case("!(record.fee == 1)", true)]
#[case("record.fee < 1", false)] // CEL: error
#[case("record.fee >= 1", false)]
#[case("record.fee == record.paid", false)] // CEL: true
#[case("record.fee + 1 > 0", false)]
#[case("record.fee + 1 == null", true)]
#[case("record.fee in [1, 2]", false)]
#[case("!(record.fee in [1, 2])", true)]
#[case("record.code == ''", false)]
#[case("record.code.startsWith('')", false)]
#[case("!record.code.startsWith('')", true)]
#[case("size(record.code) == 0", false)]
#[case("record.urgent", false)]
#[case("!record.urgent", true)]
#[case("record.urgent == false", false)]
#[case("record.urgent || true", true)]
#[case("'x' in record.tags", false)]
#[case("(record.urgent ? 1 : 2) == 2", true)]
#[case("now > record.due_at", false)]
#[case("!(now > record.due_at)", true)]
#[case("record.closed_at <= record.due_at", false)]
#[case("record.extra == null", true)]
#[case("record.closed_at - record.due_at > duration('1h')", false)]
fn null_by_table(#[case] text: &str, #[case] expected: bool) {
    assert_eq!(holds(text, &json!({})), expected, "{text}, field absent");
    let all_null =
        json!({"fee": null, "paid": null, "code": null, "urgent": null, "tags": null, "due_at": null, "closed_at": null, "extra": null});
    assert_eq!(holds(text, &all_null), expected, "{text}, fields null");
}

#[rstest]
#[case("record.ward == '26506@2025-07-01'", true)]
#[case("record.ward != record.unit", false)]
#[case("record.ward in ['26508@2025-07-01', '26506@2025-07-01']", true)]
#[case("record.state == 'received' && record.version == 3", true)]
#[case("record.channel in ['online']", true)]
#[case("'khẩn' in record.tags && !('x' in record.tags)", true)]
#[case("size(record.tags) == 2", true)]
#[case("size(record.code) == 6", true)] // characters, not bytes
#[case("record.code < record.other", true)]
#[case("record.code.contains('Đ') && record.code.endsWith('1')", true)]
#[case("record.score == 12.5", true)]
#[case("record.score * 2 == 25", true)]
#[case("record.score / 3 == 4.166667", true)]
#[case("record.score / 0 == null", true)]
#[case("record.fee / 0 == null && record.fee % 0 == null", true)]
#[case("record.fee * 9223372036854775807 == null", true)] // overflow has no value
#[case("int(record.score) == 12 && double(record.fee) / 8 == 0.875", true)]
#[case("-record.fee == -7", true)]
// 2025-06-30T17:30Z is 00:30 on 1 July in Việt Nam.
#[case("record.received_at.getFullYear() == 2025 && record.received_at.getMonth() == 6 && record.received_at.getDate() == 1", true)]
#[case("record.received_at.getMonth('UTC') == 5 && record.received_at.getDate('+00:00') == 30", true)]
#[case("record.received_at.getDayOfWeek() == 2 && record.received_at.getHours() == 0 && record.received_at.getMinutes() == 30", true)]
#[case("date(record.received_at) == record.deadline", true)]
#[case("date(record.received_at) == date('2025-07-01')", true)]
#[case("timestamp(record.deadline) == timestamp('2025-07-01T00:00:00+07:00')", true)]
#[case("record.deadline.getDayOfMonth() == 0", true)]
#[case("record.deadline - date('2025-06-01') == duration('720h')", true)]
#[case("record.closed_at - record.received_at == duration('36h')", true)]
#[case("(record.closed_at - record.received_at).getHours() == 36", true)]
#[case("days(record.closed_at - record.received_at) == 1.5", true)]
#[case("hours(record.closed_at - record.received_at) == 36.0", true)]
#[case("record.closed_at == record.received_at + duration('1h30m') + duration('34.5h')", true)]
// now = 2025-07-10T00:00Z
#[case("now > record.closed_at && record.closed_at < now", true)]
#[case("now - record.received_at >= duration('223h')", false)]
#[case("now - record.received_at >= duration('222h')", true)]
#[case("now - duration('24h') > record.closed_at", true)]
#[case("now + duration('24h') < record.due_at", true)]
#[case("date(now) > record.deadline", true)]
#[case("date(now) <= date('2025-07-10') && date(now) >= date('2025-07-10')", true)]
#[case("date(now) < date('2025-07-10')", false)]
fn values_by_table(#[case] text: &str, #[case] expected: bool) {
    let body = json!({"code": "HĐ-0.1", "other": "HĐ-0.2", "fee": 7, "score": 12.5, "received_at": "2025-06-30T17:30:00.000000Z",
        "closed_at": "2025-07-02T05:30:00.000000Z", "due_at": "2025-07-15T00:00:00.000000Z", "deadline": "2025-07-01", "ward": "26506@2025-07-01",
        "tags": ["khẩn", "mới"], "channel": "online"});
    assert_eq!(holds(text, &body), expected, "{text}");
}

#[rstest]
#[case("now", json!("2025-07-10T00:00:00.000000Z"))]
#[case("date(now)", json!("2025-07-10"))]
#[case("now + duration('72h')", json!("2025-07-13T00:00:00.000000Z"))]
#[case("record.score", json!(12.5))]
#[case("record.score * -1", json!(-12.5))]
#[case("record.code", json!("A"))]
#[case("record.fee == null ? 'none' : record.code", json!("none"))]
#[case("record.ward", json!(null))]
#[case("record.unit", json!("26506@2025-07-01"))]
#[case("record.tags", json!(["a", "b"]))]
#[case("true", json!(true))]
fn assignments_give_body_values(#[case] text: &str, #[case] expected: Json) {
    assert_eq!(result(text, &json!({"score": 12.5, "code": "A", "tags": ["a", "b"]})), expected, "{text}");
}

#[rstest]
#[case("record.fee ==", "expr.syntax", 13)]
#[case("record.fees == 1", "expr.unknown_field", 6)]
#[case("fee == 1", "expr.unknown_name", 0)]
#[case("record.channel == 'onlin'", "expr.choice", 18)]
#[case("record.state in ['resolvd']", "expr.choice", 17)]
#[case("record.deadline < record.closed_at", "expr.date_and_time", 16)]
#[case("record.deadline < '2025-07-01'", "expr.text_literal", 18)]
#[case("record.fee == 'x'", "expr.types", 11)]
#[case("record.fee + record.code > 1", "expr.types", 11)]
#[case("record.fee < null", "expr.null", 11)]
#[case("record.fee && true", "expr.wants", 6)]
#[case("now == record.due_at", "expr.now", 4)]
#[case("now < now", "expr.now", 4)]
#[case("now.getHours() > 3", "expr.now", 0)]
#[case("timestamp('yesterday') < record.due_at", "expr.literal", 9)]
#[case("record.received_at > timestamp('2025-07-01T00:00:00')", "expr.literal", 30)]
#[case("duration('1d') < duration('1h')", "expr.literal", 8)]
#[case("record.tags.exists(t, t == 'x')", "expr.unsupported", 18)]
#[case("record.code.matches('x')", "expr.unknown_function", 19)]
#[case("size(record.fee) > 1", "expr.arguments", 4)]
#[case("record.score * 0.00000001 > 1", "expr.too_precise", 13)]
#[case("record.code + 'x' == 'y'", "expr.types", 12)]
#[case("record", "expr.unknown_name", 0)]
fn faults_by_table(#[case] text: &str, #[case] code: &str, #[case] at: usize) {
    let error = Rule::condition(&schema(), text).unwrap_err();
    assert_eq!((error.code, error.at), (code, at), "{error}");
    assert!(error.to_string().len() > 25, "a sentence, not a code: {error}");
}

#[test]
fn a_slip_of_the_hand_is_pointed_out() {
    let error = Rule::condition(&schema(), "record.recieved_at != null").unwrap_err();
    assert_eq!(error.arg("near"), "received_at");
    let long = format!("{} true", "true && ".repeat(1_000));
    assert_eq!(Rule::condition(&schema(), &long).unwrap_err().code, "expr.too_long");
    // Deep nesting ends in a refusal, not in a stack overflow.
    let deep = format!("{}true{}", "(".repeat(1_500), ")".repeat(1_500));
    assert!(Rule::condition(&schema(), &deep).is_err());
}

/// (condition, record, instants after 2025-07-10 at which it flips next)
#[rstest]
#[case("now > record.due_at", "2025-07-15T00:00:00Z", Some("2025-07-15T00:00:00.000001Z"))]
#[case("now >= record.due_at", "2025-07-15T00:00:00Z", Some("2025-07-15T00:00:00Z"))]
#[case("now <= record.due_at", "2025-07-15T00:00:00Z", Some("2025-07-15T00:00:00.000001Z"))]
#[case("now > record.due_at", "2025-07-09T00:00:00Z", None)]
#[case("record.closed_at == null && now > record.due_at", "2025-07-15T00:00:00Z", Some("2025-07-15T00:00:00.000001Z"))]
#[case("record.closed_at != null && now > record.due_at", "2025-07-15T00:00:00Z", None)]
#[case("record.closed_at == null || now > record.due_at", "2025-07-15T00:00:00Z", None)]
#[case("now - record.due_at >= duration('24h')", "2025-07-09T12:00:00Z", Some("2025-07-10T12:00:00Z"))]
#[case("date(now) > date(record.due_at)", "2025-07-10T12:00:00Z", Some("2025-07-10T17:00:00Z"))]
#[case("record.closed_at == null ? now > record.due_at : false", "2025-07-15T00:00:00Z", Some("2025-07-15T00:00:00.000001Z"))]
#[case("record.closed_at != null ? now > record.due_at : false", "2025-07-15T00:00:00Z", None)]
#[case("!(now > record.due_at) && now > timestamp('2025-07-12T00:00:00Z')", "2025-07-15T00:00:00Z", Some("2025-07-12T00:00:00.000001Z"))]
fn flips_by_table(#[case] text: &str, #[case] due: &str, #[case] expected: Option<&str>) {
    let due: Timestamp = due.parse().unwrap();
    let body = json!({"due_at": due.to_string()}).to_string();
    let rule = Rule::condition(&schema(), text).unwrap();
    let flip = rule.next_flip(meta(), &body, now()).unwrap();
    assert_eq!(flip, expected.map(|t| t.parse().unwrap()), "{text}");
    if let Some(flip) = flip {
        let before = rule.holds(meta(), &body, flip.plus_micros(-1)).unwrap();
        assert_eq!(before, rule.holds(meta(), &body, now()).unwrap(), "no flip earlier");
        assert_ne!(before, rule.holds(meta(), &body, flip).unwrap(), "a flip at the instant");
    }
}

// ---- the oracle -------------------------------------------------------------------------------------------------------------------------

/// A null-free record. Decimals are quarters and times whole numbers, so that the oracle's floats and ints are exact.
#[derive(Debug, Clone)]
struct Rec {
    code: &'static str,
    other: &'static str,
    fee: i64,
    paid: i64,
    score: i64,
    rate: i64,
    urgent: bool,
    signed: bool,
    times: [i64; 3],
    tags: Vec<&'static str>,
    online: bool,
}

const TEXTS: [&str; 5] = ["", "H", "HĐ", "HĐ-01", "đơn"];

fn rec() -> impl Strategy<Value = Rec> {
    let text = || prop::sample::select(&TEXTS[..]);
    (
        text(),
        text(),
        -9..9_i64,
        -9..9_i64,
        -40..40_i64,
        (-40..40_i64, any::<bool>(), any::<bool>(), [0..9_i64, 0..9, 0..9], prop::collection::vec(text(), 0..3), any::<bool>()),
    )
        .prop_map(|(code, other, fee, paid, score, (rate, urgent, signed, times, tags, online))| Rec {
            code,
            other,
            fee,
            paid,
            score,
            rate,
            urgent,
            signed,
            times,
            tags,
            online,
        })
}

impl Rec {
    fn body(&self) -> Json {
        let time = |t: i64| Timestamp(t).to_string();
        json!({"code": self.code, "other": self.other, "fee": self.fee, "paid": self.paid, "score": self.score as f64 / 4.0, "rate": self.rate as f64 / 4.0,
            "urgent": self.urgent, "signed": self.signed, "received_at": time(self.times[0]), "closed_at": time(self.times[1]), "due_at": time(self.times[2]),
            "tags": self.tags, "channel": if self.online { "online" } else { "counter" }})
    }

    /// The same record for the interpreter; instants as whole numbers, which order alike.
    fn context(&self) -> cel::Context<'static, 'static> {
        use cel::Value;
        let text = |s: &str| Value::from(s.to_owned());
        let fields: std::collections::HashMap<String, Value> = [
            ("code", text(self.code)),
            ("other", text(self.other)),
            ("fee", self.fee.into()),
            ("paid", self.paid.into()),
            ("score", (self.score as f64 / 4.0).into()),
            ("rate", (self.rate as f64 / 4.0).into()),
            ("urgent", self.urgent.into()),
            ("signed", self.signed.into()),
            ("received_at", self.times[0].into()),
            ("closed_at", self.times[1].into()),
            ("due_at", self.times[2].into()),
            ("tags", Value::from(self.tags.iter().map(|t| text(t)).collect::<Vec<_>>())),
            ("channel", text(if self.online { "online" } else { "counter" })),
        ]
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v))
        .collect();
        let mut context = cel::Context::default();
        context.add_variable_from_value("record", fields);
        context.add_variable_from_value("now", 5_i64);
        context
    }
}

fn condition() -> impl Strategy<Value = String> {
    let op = || prop::sample::select(&["==", "!=", "<", "<=", ">", ">="][..]);
    let order = || prop::sample::select(&["<", "<=", ">", ">="][..]);
    let int = || {
        let leaf = prop_oneof![
            Just("record.fee".to_owned()),
            Just("record.paid".to_owned()),
            Just("size(record.tags)".to_owned()),
            Just("record.code.size()".to_owned()),
            (-5..6_i64).prop_map(|x| format!("({x})")),
        ];
        leaf.prop_recursive(2, 6, 2, |inner| {
            prop_oneof![
                (inner.clone(), prop::sample::select(&["+", "-", "*", "/", "%"][..]), inner.clone())
                    .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
                inner.clone().prop_map(|a| format!("(-{a})")),
                (inner.clone(), inner).prop_map(|(a, b)| format!("(record.urgent ? {a} : {b})")),
            ]
        })
    };
    let decimal = || {
        let leaf = prop_oneof![
            Just("record.score".to_owned()),
            Just("record.rate".to_owned()),
            Just("double(record.fee)".to_owned()),
            (-9..9_i32).prop_map(|x| format!("({:?})", f64::from(x) / 4.0)),
        ];
        leaf.prop_recursive(2, 4, 2, |inner| {
            (inner.clone(), prop::sample::select(&["+", "-"][..]), inner).prop_map(|(a, op, b)| format!("({a} {op} {b})"))
        })
    };
    let text = || {
        prop_oneof![
            Just("record.code".to_owned()),
            Just("record.other".to_owned()),
            prop::sample::select(&TEXTS[..]).prop_map(|t| format!("'{t}'"))
        ]
    };
    let time = || prop::sample::select(&["record.received_at", "record.closed_at", "record.due_at"][..]);
    let leaf = prop_oneof![
        (int(), op(), int()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (decimal(), op(), decimal()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (decimal(), op(), Just("record.fee")).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (text(), op(), text()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (time(), op(), time()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (Just("now"), order(), time()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (time(), order(), Just("now")).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (text(), prop::sample::select(&["startsWith", "endsWith", "contains"][..]), text()).prop_map(|(a, f, b)| format!("{a}.{f}({b})")),
        (text(), prop::collection::vec(prop::sample::select(&TEXTS[..]), 1..6))
            .prop_map(|(a, list)| format!("{a} in [{}]", list.iter().map(|t| format!("'{t}'")).collect::<Vec<_>>().join(", "))),
        (int(), prop::collection::vec(-5..6_i64, 1..4)).prop_map(|(a, list)| format!("{a} in {list:?}")),
        text().prop_map(|a| format!("{a} in record.tags")),
        Just("record.urgent".to_owned()),
        Just("record.signed == record.urgent".to_owned()),
        Just("record.channel == 'online'".to_owned()),
        Just("record.channel in ['counter']".to_owned()),
        Just("record.fee != null".to_owned()),
        Just("has(record.code)".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) || ({b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(c, a, b)| format!("({c}) ? ({a}) : ({b})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// On records without null we say what the interpreter says, wherever it says anything (it stops at a division by zero).
    #[test]
    fn agrees_with_the_interpreter(text in condition(), records in prop::collection::vec(rec(), 1..5)) {
        let rule = Rule::condition(&schema(), &text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        let program = cel::Program::compile(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
        for rec in records {
            let ours = rule.holds(meta(), &rec.body().to_string(), Timestamp(5)).unwrap();
            match program.execute(&rec.context()) {
                Ok(cel::Value::Bool(theirs)) => prop_assert_eq!(ours, theirs, "{} on {:?}", text, rec),
                Ok(other) => return Err(TestCaseError::fail(format!("{text} is {other:?}"))),
                Err(e) => {
                    let e = e.to_string();
                    prop_assert!(e.contains("by zero") || e.contains("Overflow"), "{} on {:?}: {}", text, rec, e);
                }
            }
        }
    }

    /// No text makes the reader of expressions fall over.
    #[test]
    fn never_panics(text in "[a-z0-9 .()\\[\\]'\"!&|<>=+*/?:,-]{0,60}") {
        let _ = Rule::condition(&schema(), &text);
        let _ = Rule::assignment(&schema(), &text);
    }
}
