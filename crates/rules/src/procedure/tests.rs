//! One procedure with everything a form can do.

use std::collections::BTreeMap;

use jiff::civil::date;
use rstest::rstest;
use serde_json::{Map, Value as Json, json};

use super::*;
use crate::{Timestamp, calendar::Term, pack::Pack};

const PACK: &str = "[pack]\nid = \"p\"\nname = { vi = \"P\", en = \"P\" }\nversion = \"1\"\n[[source]]\nid = \"LAW\"\ntitle = \"Luật\"\n";

pub const MARRIAGE: &str = r#"
[[procedure]]
id = "1.000894"
valid_from = 2025-07-01
name = { vi = "Đăng ký kết hôn", en = "Marriage registration" }
sector = { code = "ho-tich", name = { vi = "Hộ tịch", en = "Civil status" } }
level = 4
unit_kinds = ["ward", "commune"]
online = "partial"
partial_reason = { vi = "Hai bên phải có mặt khi ký.", en = "Both must be present to sign." }
identity = 2
term = "8 working_hours"
keywords = ["cưới", "lấy vợ", "giấy hôn thú"]
rank = 3
source = "LAW"
to_be_confirmed = ["term"]
result = { name = { vi = "Giấy chứng nhận kết hôn", en = "Marriage certificate" }, electronic = true, paper = "marriage_certificate" }

[[procedure.step]]
id = "receive"
name = { vi = "Nhận", en = "Receive" }
who = "desk"
share = 30
[[procedure.step]]
id = "sign"
name = { vi = "Ký", en = "Sign" }
who = "leader"
share = 70

[[procedure.part]]
id = "single"
name = { vi = "Giấy xác nhận tình trạng hôn nhân", en = "Certificate of marital status" }
kind = "original"
when = 'form.elsewhere == true'
reuse = "marital_status"
[[procedure.part]]
id = "divorce"
name = { vi = "Bản án ly hôn", en = "Divorce decree" }
kind = "copy"
when = 'form.before == "divorced" && form.elsewhere == true'

[[procedure.fee]]
id = "foreign"
name = { vi = "Lệ phí", en = "Duty" }
kind = "duty"
amount = 'form.elsewhere == true ? 30000 : 20000'
[[procedure.fee]]
id = "copy"
name = { vi = "Bản sao", en = "Copies" }
kind = "charge"
amount_vnd = 8000
per = "copies"
when = 'form.copies > 0'
[[procedure.waiver]]
fee = "foreign"
from = 2025-07-01
to = 2025-12-31
reason = { vi = "Đợt khuyến khích", en = "Campaign" }
off = 50
[[procedure.waiver]]
fee = "*"
when = 'form.before == "widowed"'
reason = { vi = "Miễn", en = "Exempt" }

[[procedure.page]]
id = "me"
title = { vi = "Bên nam", en = "He" }
[[procedure.page.field]]
id = "name"
type = "text"
label = { vi = "Họ tên", en = "Name" }
required = true
prefill = "identity.name"
[[procedure.page.field]]
id = "born"
type = "date"
label = { vi = "Ngày sinh", en = "Born" }
required = true
check = "past"
prefill = "paper.birth_certificate.born"
[[procedure.page.field]]
id = "sex"
type = "choice"
label = { vi = "Giới", en = "Sex" }
choices = [{ id = "male", vi = "Nam", en = "Male" }, { id = "female", vi = "Nữ", en = "Female" }]
[[procedure.page.field]]
id = "number"
type = "text"
label = { vi = "Số định danh", en = "Number" }
required = true
check = "identity_number"
birth = "born"
sex = "sex"
prefill = "identity.number"
[[procedure.page.field]]
id = "phone"
type = "text"
label = { vi = "Điện thoại", en = "Phone" }
check = "phone"

[[procedure.page]]
id = "before"
title = { vi = "Trước đây", en = "Before" }
[[procedure.page.field]]
id = "before"
type = "choice"
label = { vi = "Tình trạng", en = "Before" }
required = true
choices = [{ id = "single", vi = "Chưa", en = "Single" }, { id = "divorced", vi = "Ly hôn", en = "Divorced" }, { id = "widowed", vi = "Góa", en = "Widowed" }]
[[procedure.page.field]]
id = "decree"
type = "text"
label = { vi = "Số bản án", en = "Decree" }
required = true
when = 'form.before == "divorced"'
[[procedure.page.field]]
id = "ended"
type = "date"
label = { vi = "Ngày bản án", en = "Day" }
required = true
when = 'form.decree != null'

[[procedure.page]]
id = "place"
title = { vi = "Cư trú", en = "Residence" }
when = 'form.before in ["divorced", "widowed"]'
[[procedure.page.field]]
id = "elsewhere"
type = "bool"
label = { vi = "Cư trú nơi khác", en = "Lives elsewhere" }
required = true

[[procedure.page]]
id = "result"
title = { vi = "Kết quả", en = "Result" }
[[procedure.page.field]]
id = "copies"
type = "int"
label = { vi = "Số bản sao", en = "Copies" }
min = 0
max = 20

[[procedure.rule]]
field = "ended"
wrong_when = "form.ended <= form.born"
say = { vi = "Ngày bản án phải sau ngày sinh.", en = "The decree must be later than the birth." }
"#;

fn faults(text: &str) -> Vec<(u32, String)> {
    match Pack::read(&[("p/pack.toml", PACK), ("p/procedures/m.toml", text)]) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(|f| (f.line, f.code)).collect(),
    }
}

pub fn marriage() -> Procedure {
    let pack = Pack::read(&[("p/pack.toml", PACK), ("p/procedures/m.toml", MARRIAGE)]).unwrap();
    Procedure::compile(pack.content.procedures[0].clone()).unwrap()
}

fn given(v: Json) -> Map<String, Json> {
    v.as_object().unwrap().clone()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn good() -> Json {
    json!({"name": " Trần  Văn A ", "born": "1990-05-01", "sex": "male", "number": "077 090 001 234", "before": "single"})
}

const DAY: &str = "2025-09-01T03:00:00Z";

#[test]
fn a_declaration_is_read_whole() {
    let m = marriage().def;
    assert_eq!((m.version_id().as_str(), m.term, m.identity), ("1.000894@2025-07-01", Term::WorkingHours(8), 2));
    assert_eq!((m.is_valid_on(date(2025, 6, 30)), m.is_valid_on(date(2025, 7, 1))), (false, true));
    let step = |id| m.next_step(id).map(|s| s.id.as_str());
    assert_eq!((step(""), step("receive"), step("sign")), (Some("receive"), Some("sign"), None));
    assert!(m.unconfirmed());
    // What the store keeps comes back the same.
    let stored = serde_json::to_value(&m).unwrap();
    assert_eq!(serde_json::from_value::<ProcedureDef>(stored).unwrap(), m);
}

#[test]
fn only_what_is_asked_counts() {
    let p = marriage();
    let mut form = given(good());
    form.insert("copies".into(), json!(2));
    let a = p.answers(&form, at(DAY));
    assert_eq!(a.faults, []);
    assert_eq!(a.pages, ["me", "before", "result"], "the page about residence is for others");
    assert_eq!((a.kept["name"].as_str(), a.kept["number"].as_str()), (Some("Trần Văn A"), Some("077090001234")));
    // Changing an earlier answer takes the later ones with it, however deep.
    form.insert("before".into(), json!("divorced"));
    form.insert("decree".into(), json!("12/2020"));
    form.insert("ended".into(), json!("2020-02-03"));
    form.insert("elsewhere".into(), json!(true));
    assert_eq!(p.answers(&form, at(DAY)).asked.len(), 10);
    assert_eq!(p.parts_wanted(&form, at(DAY)).iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["single", "divorce"]);
    form.insert("before".into(), json!("single"));
    let a = p.answers(&form, at(DAY));
    assert!(!a.kept.contains_key("decree") && !a.kept.contains_key("ended") && !a.kept.contains_key("elsewhere"));
    assert!(p.parts_wanted(&form, at(DAY)).is_empty(), "a part asked by an answer that fell away is not wanted");
    let shown = p.shown(&form, at(DAY));
    assert_eq!(shown[1].fields.iter().map(|f| f.field.id.as_str()).collect::<Vec<_>>(), ["before"]);
}

#[rstest]
#[case(json!({}), &[("name", "field.required"), ("born", "field.required"), ("number", "field.required"), ("before", "field.required")])]
#[case(json!({"born": "2030-01-01"}), &[("born", "field.in_future"), ("number", "field.identity_year")])]
#[case(json!({"born": "2025-09-01", "number": "077225001234"}), &[])]
#[case(json!({"sex": "female"}), &[("number", "field.identity_sex")])]
#[case(json!({"number": "12345"}), &[("number", "field.identity_number")])]
#[case(json!({"phone": "12"}), &[("phone", "field.phone")])]
#[case(json!({"name": "   "}), &[("name", "field.required")])]
#[case(json!({"born": 5}), &[("born", "field.type")])]
#[case(json!({"copies": 21}), &[("copies", "field.too_large")])]
#[case(json!({"before": "married"}), &[("before", "field.choice")])]
#[case(json!({"before": "divorced"}), &[("decree", "field.required"), ("elsewhere", "field.required")])]
#[case(json!({"before": "divorced", "decree": "1", "ended": "1980-01-01", "elsewhere": false}), &[("ended", "form.rule")])]
#[case(json!({"salary": 5}), &[("salary", "field.unknown")])]
fn faults_stand_in_the_order_of_the_questions(#[case] change: Json, #[case] expected: &[(&str, &str)]) {
    let mut form = if change == json!({}) { Map::new() } else { given(good()) };
    form.extend(given(change));
    let a = marriage().answers(&form, at(DAY));
    assert_eq!(a.faults.iter().map(|f| (f.field.as_str(), f.code)).collect::<Vec<_>>(), expected);
}

#[test]
fn fees_follow_the_day_and_the_answers() {
    let p = marriage();
    let due = |form: Json, day: &str| {
        let mut all = given(good());
        all.extend(given(form));
        p.fees_due(&all, at(day)).iter().map(|f| (f.fee.id.clone(), f.quantity, f.full_vnd, f.amount_vnd)).collect::<Vec<_>>()
    };
    let row = |id: &str, n, full, amount| (id.to_owned(), n, full, amount);
    assert_eq!(due(json!({}), DAY), [row("foreign", 1, 20_000, 10_000)]);
    assert_eq!(due(json!({"copies": 3}), DAY), [row("foreign", 1, 20_000, 10_000), row("copy", 3, 24_000, 24_000)]);
    let away = json!({"before": "divorced", "decree": "1", "ended": "2020-01-01", "elsewhere": true});
    assert_eq!(due(away, DAY), [row("foreign", 1, 30_000, 15_000)]);
    // The last day counts whole, in local time; the day after it is over.
    assert_eq!(due(json!({}), "2025-12-31T16:59:59Z")[0].3, 10_000);
    assert_eq!(due(json!({}), "2025-12-31T17:00:00Z")[0].3, 20_000);
    assert_eq!(due(json!({}), "2025-06-30T16:59:59Z")[0].3, 20_000);
    // The better of two waivers.
    let widow = json!({"before": "widowed", "elsewhere": false, "copies": 1});
    assert_eq!(due(widow.clone(), DAY), [row("foreign", 1, 20_000, 0), row("copy", 1, 8_000, 0)]);
    let mut all = given(good());
    all.extend(given(widow));
    assert_eq!(p.total_due(&all, at(DAY)), 0);
}

#[test]
fn a_fee_that_waits_for_an_answer_is_open_and_not_zero() {
    let p = marriage();
    let open = |form: Json| p.fees_open(&given(form), at(DAY)).iter().map(|f| f.id.clone()).collect::<Vec<_>>();
    assert_eq!(open(json!({})), ["foreign", "copy"], "nothing is answered");
    assert_eq!(open(json!({"before": "divorced", "copies": 2})), ["foreign"], "where they live is still asked");
    assert_eq!(open(good()), Vec::<String>::new(), "nobody asks where they live, and no copies were wanted");
    let mut away = given(good());
    away.extend(given(json!({"before": "widowed", "elsewhere": true})));
    assert_eq!(p.fees_open(&away, at(DAY)), Vec::<&FeeDef>::new());
}

#[test]
fn a_question_may_have_other_words_at_the_counter_or_be_asked_online_alone() {
    let phone = "id = \"phone\"\ntype = \"text\"\n";
    let said = "counter_label = { vi = \"Số điện thoại của người nộp\", en = \"The applicant’s phone\" }\nonline_only = true\n";
    let text = MARRIAGE.replace(phone, &format!("{phone}{said}"));
    let pack = Pack::read(&[("p/pack.toml", PACK), ("p/procedures/m.toml", text.as_str())]).unwrap();
    let p = Procedure::compile(pack.content.procedures[0].clone()).unwrap();
    let (phone_asked, name) = (p.def.field("phone").unwrap(), p.def.field("name").unwrap());
    assert_eq!((phone_asked.label_at_counter().vi.as_str(), phone_asked.online_only), ("Số điện thoại của người nộp", true));
    assert_eq!((name.label_at_counter().vi.as_str(), name.online_only), ("Họ tên", false), "the same words, where no others are declared");
    let schema = p.json_schema("vi");
    assert_eq!(schema["properties"]["phone"]["x-online-only"], true);
    assert_eq!(schema["properties"]["phone"]["x-counter-title"]["en"], "The applicant’s phone");
    // The counter would never answer it.
    let required = text.replace("online_only = true", "online_only = true\nrequired = true");
    assert_eq!(faults(&required).len(), 1);
}

#[test]
fn prefill_takes_only_what_fits() {
    let p = marriage();
    let identity = given(json!({"name": "Trần Văn A", "number": "không có", "phone": "0912345678"}));
    let papers = BTreeMap::from([("birth_certificate".to_owned(), given(json!({"born": "1990-05-01"})))]);
    assert_eq!(Json::Object(p.prefill(&identity, &papers)), json!({"name": "Trần Văn A", "born": "1990-05-01"}));
}

#[test]
fn the_form_is_a_json_schema() {
    let schema = marriage().json_schema("vi");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["required"], json!(["name", "born", "number", "before"]));
    assert_eq!(schema["properties"]["number"]["pattern"], r"^\d{12}$");
    assert_eq!(
        schema["properties"]["before"]["oneOf"][1],
        json!({"const": "divorced", "title": "Ly hôn", "x-title": {"vi": "Ly hôn", "en": "Divorced"}})
    );
    assert_eq!(schema["properties"]["copies"]["maximum"], 20);
    let divorced = json!({"properties": {"before": {"const": "divorced"}}, "required": ["before"]});
    assert_eq!(schema["allOf"][0], json!({"if": {"allOf": [divorced]}, "then": {"required": ["decree"]}}));
    assert_eq!(schema["allOf"][1]["if"], json!({"allOf": [{"required": ["decree"]}]}));
    assert_eq!(
        schema["allOf"][2]["if"],
        json!({"allOf": [{"properties": {"before": {"enum": ["divorced", "widowed"]}}, "required": ["before"]}]})
    );
    assert_eq!(schema["x-pages"][2]["x-when"], "form.before in [\"divorced\", \"widowed\"]");
    assert_eq!(marriage().json_schema("en")["title"], "Marriage registration");
}

#[rstest]
#[case("identity = 2", "identity = 3", 0, "pack.out-of-range")]
#[case("term = \"8 working_hours\"", "term = \"8 hours\"", 0, "pack.not-a-term")]
#[case("partial_reason", "reason", -1, "pack.no-reason")]
#[case("unit_kinds = [\"ward\"", "unit_kinds = [\"wards\"", 0, "pack.not-one-of")]
#[case("to_be_confirmed = [\"term\"]", "to_be_confirmed = [\"terms\"]", 0, "pack.not-one-of")]
#[case("source = \"LAW\"", "source = \"LOW\"", 0, "pack.unknown-reference")]
#[case("when = 'form.elsewhere == true'", "when = 'form.elsewere == true'", 0, "pack.expression")]
#[case("when = 'form.elsewhere == true'", "when = 'form.copies'", 0, "pack.expression")]
#[case("when = 'form.elsewhere == true'", "when = 'form.state == \"x\"'", 0, "pack.expression")]
#[case("share = 70", "share = 71", -5, "pack.procedure-shares")]
#[case("share = 70", "share = 69", -5, "pack.procedure-shares")]
#[case("fee = \"foreign\"", "fee = \"foreing\"", 0, "pack.procedure-unknown")]
#[case("to = 2025-12-31", "to = 2025-06-30", 0, "pack.end-before-start")]
#[case("per = \"copies\"", "per = \"name\"", 0, "pack.procedure-unknown")]
#[case("amount_vnd = 8000", "amount_vnd = 8000\namount = '1'", 1, "pack.needs-one-of")]
#[case("amount = 'form.elsewhere == true ? 30000 : 20000'", "amount = '\"a\"'", 0, "pack.expression")]
#[case("prefill = \"identity.name\"", "prefill = \"identity.nam\"", 0, "pack.procedure-unknown")]
#[case("birth = \"born\"", "birth = \"sex\"", -1, "pack.procedure-unknown")]
#[case("when = 'form.before == \"divorced\"'", "when = 'form.copies > 1'", 0, "pack.procedure-asks-later")]
#[case("when = 'form.decree != null'", "when = 'form.ended != null'", 0, "pack.procedure-asks-later")]
#[case("id = \"ended\"", "id = \"decree\"", -1, "pack.declaration")]
#[case("check = \"phone\"", "check = \"past\"", 0, "pack.declaration")]
#[case("field = \"ended\"", "field = \"end\"", 0, "pack.procedure-unknown")]
#[case("id = \"divorce\"", "id = \"single\"", 0, "pack.procedure-twice")]
fn what_is_wrong_is_said_with_its_line(#[case] from: &str, #[case] to: &str, #[case] away: i64, #[case] code: &str) {
    assert_eq!(faults(MARRIAGE), []);
    let before = MARRIAGE.split_once(from).unwrap_or_else(|| panic!("{from}")).0.matches('\n').count();
    let line = u32::try_from(i64::try_from(before).unwrap() + 1 + away).unwrap();
    let found = faults(&MARRIAGE.replacen(from, to, 1));
    assert!(found.contains(&(line, code.to_owned())), "{code} at {line} is not among {found:?}");
}

#[test]
fn versions_do_not_overlap() {
    let later = MARRIAGE.replacen("valid_from = 2025-07-01", "valid_from = 2026-07-01", 1);
    let both = format!("{MARRIAGE}{later}");
    assert_eq!(faults(&both).iter().map(|f| f.1.as_str()).collect::<Vec<_>>(), ["pack.procedure-overlap"]);
    let ended = both.replacen("valid_from = 2025-07-01", "valid_from = 2025-07-01\nvalid_to = 2026-07-01", 1);
    assert_eq!(faults(&ended), []);
    let twice = format!("{MARRIAGE}{MARRIAGE}");
    assert_eq!(faults(&twice).iter().map(|f| f.1.as_str()).collect::<Vec<_>>(), ["pack.duplicate"]);
}

#[test]
fn without_a_source_every_value_says_so() {
    let bare = MARRIAGE.replacen("source = \"LAW\"\n", "", 1);
    let found = faults(&bare);
    // Two parts, two fees, two waivers.
    assert_eq!(found.iter().filter(|f| f.1 == "pack.no-reason").count(), 6, "{found:?}");
}

fn named(code: &str, name: &str, keywords: &[&str]) -> ProcedureDef {
    let mut def = marriage().def;
    (def.code, def.name.vi, def.name.en) = (code.to_owned(), name.to_owned(), String::new());
    def.result.name.vi = String::new();
    def.keywords = keywords.iter().map(|k| (*k).to_owned()).collect();
    def
}

#[rstest]
#[case("khai sinh", "1.001193")]
#[case("KHAI SINH", "1.001193")]
#[case("giấy khai sinh cho con", "1.001193")]
#[case("lam giay khai sinh cho be", "1.001193")]
#[case("dang ky khai tu", "1.000656")]
#[case("báo tử cho bố", "1.000656")]
#[case("lay vo", "1.000894")]
#[case("cưới", "1.000894")]
#[case("xac nhan doc than", "1.004873")]
#[case("sao y", "2.000815")]
#[case("chung thuc ban sao", "2.000815")]
#[case("kinh doah", "1.001612")]
#[case("1.000656", "1.000656")]
#[case("mở quán", "1.001612")]
fn ordinary_words_find_the_procedure(#[case] words: &str, #[case] code: &str) {
    let list = [
        named("1.001193", "Đăng ký khai sinh", &["giấy khai sinh", "con mới sinh", "em bé"]),
        named("1.000656", "Đăng ký khai tử", &["báo tử", "chứng tử", "người mất"]),
        named("1.000894", "Đăng ký kết hôn", &["cưới", "lấy vợ", "lấy chồng"]),
        named("1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", &["độc thân", "giấy độc thân"]),
        named("2.000815", "Chứng thực bản sao từ bản chính", &["sao y", "công chứng bản sao"]),
        named("1.001612", "Đăng ký thành lập hộ kinh doanh", &["mở quán", "buôn bán"]),
    ];
    let finder = Finder::new(&list);
    let found = finder.find(words, 3);
    assert_eq!(found.first().map(|f| list[f.position].code.as_str()), Some(code), "{found:?}");
    assert!(finder.find("xyzzy", 3).is_empty());
    assert!(finder.find(" . ", 3).is_empty());
}

#[rstest]
#[case("same_day", Some(Term::WorkingDays(0)))]
#[case("5 working_days", Some(Term::WorkingDays(5)))]
#[case("1 working_day", Some(Term::WorkingDays(1)))]
#[case("15 days", Some(Term::Days(15)))]
#[case("2 months", Some(Term::Months(2)))]
#[case("0 days", None)]
#[case("five days", None)]
#[case("5 weeks", None)]
#[case("5", None)]
fn terms(#[case] text: &str, #[case] term: Option<Term>) {
    assert_eq!(parse_term(text), term);
}
