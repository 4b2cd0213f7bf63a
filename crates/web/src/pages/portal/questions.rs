//! Questions of a procedure as fields of a page, and what was typed as answers.

use rules::{
    procedure::{Check, FormField, Layout},
    schema::{FieldFault, FieldType},
};
use serde_json::{Map, Value};

use super::view::{Ask, Question};
use crate::{
    http::Posted,
    i18n::{Arg, Lang},
    view::{Choice, Link},
};

/// More choices than this are a list to open.
const RADIOS: usize = 8;

/// A question with its answer so far and what is wrong with it.
pub fn question(t: Lang, f: &FormField, given: Option<&Value>, fault: Option<&FieldFault>) -> Question {
    let field = &f.field;
    let text = match given {
        Some(Value::String(s)) => s.clone(),
        Some(Value::Null) | None => String::new(),
        Some(v) => v.to_string(),
    };
    let label = t.pick(&field.label).to_owned();
    let mut q = Question {
        id: field.id.clone(),
        hint: field.help.as_ref().map(|h| t.pick(h).to_owned()).unwrap_or_default(),
        error: fault.map(|x| sentence(t, x, &label)).unwrap_or_default(),
        label,
        required: field.required,
        half: f.layout == Layout::Half,
        third: f.layout == Layout::Third,
        html: "text",
        value: text.clone(),
        ..Question::default()
    };
    let choice = |value: &str, text: String, on: bool| Choice { value: value.to_owned(), text, selected: on };
    match field.ty {
        FieldType::Date => {
            q.ask = Ask::Date;
            q.date = date_parts(&text);
        }
        FieldType::Bool => {
            q.ask = Ask::Radio;
            let is = given.and_then(Value::as_bool);
            q.choices = vec![choice("true", t.msg("portal-yes"), is == Some(true)), choice("false", t.msg("portal-no"), is == Some(false))];
        }
        FieldType::Choice => {
            q.ask = if field.choices.len() > RADIOS { Ask::Select } else { Ask::Radio };
            q.choices = field.choices.iter().map(|c| choice(&c.id, label_of(t, c), c.id == text)).collect();
            if q.ask == Ask::Select {
                q.choices.insert(0, choice("", t.msg("choice-choose"), text.is_empty()));
            }
        }
        FieldType::TextList if !field.choices.is_empty() => {
            q.ask = Ask::Many;
            let chosen: Vec<&str> = given.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
            q.choices = field.choices.iter().map(|c| choice(&c.id, label_of(t, c), chosen.contains(&c.id.as_str()))).collect();
        }
        FieldType::TextList => {
            q.ask = Ask::Long;
            let lines: Vec<&str> = given.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
            if !lines.is_empty() {
                q.value = lines.join("\n");
            }
        }
        FieldType::Int => q.mode = "numeric",
        FieldType::Decimal(_) => q.mode = "decimal",
        _ if f.layout == Layout::Lines => q.ask = Ask::Long,
        _ => {}
    }
    match f.check {
        Some(Check::Phone) => (q.html, q.mode) = ("tel", "tel"),
        Some(Check::Email) => (q.html, q.mode) = ("email", "email"),
        Some(Check::IdentityNumber { .. } | Check::TaxCode) => q.mode = "numeric",
        _ => {}
    }
    // Only what is the person's own: a browser must not offer it for the child or the deceased.
    match f.prefill.as_deref() {
        Some("identity.name") => q.autocomplete = "name",
        Some("identity.phone") => q.autocomplete = "tel",
        Some("identity.email") => q.autocomplete = "email",
        Some("identity.address") => q.autocomplete = "street-address",
        Some("identity.birth_date") => q.birthday = true,
        _ => {}
    }
    q
}

fn label_of(t: Lang, c: &rules::schema::Choice) -> String {
    if t == Lang::En { c.en.clone() } else { c.vi.clone() }
}

/// 2025-03-09 as 9, 3, 2025; what is no date as it was typed.
fn date_parts(text: &str) -> [String; 3] {
    if let Ok(d) = text.parse::<jiff::civil::Date>() {
        return [d.day().to_string(), d.month().to_string(), d.year().to_string()];
    }
    let mut parts = text.splitn(3, '/').map(|p| p.trim().to_owned());
    [parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default()]
}

/// What was typed for the questions of a page. What does not fit its type is kept as it was typed: the rules say what is wrong.
pub fn answers<'a>(posted: &Posted, fields: impl IntoIterator<Item = &'a FormField>) -> Map<String, Value> {
    let mut out = Map::new();
    for f in fields {
        let (id, ty) = (&f.field.id, f.field.ty);
        let text = posted.get(id).trim();
        let value = match ty {
            FieldType::Date => date(posted, id),
            FieldType::TextList if f.field.choices.is_empty() => {
                let lines: Vec<Value> = text.lines().map(str::trim).filter(|l| !l.is_empty()).map(Value::from).collect();
                (!lines.is_empty()).then_some(Value::Array(lines))
            }
            FieldType::TextList => {
                let list: Vec<Value> = posted.all(id).map(Value::from).collect();
                (!list.is_empty()).then_some(Value::Array(list))
            }
            _ if text.is_empty() => None,
            FieldType::Bool => Some(match text {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                other => Value::from(other),
            }),
            FieldType::Int => {
                // "1.246" and "1 246" are 1246 to whoever writes them.
                let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}')).collect();
                Some(digits.parse::<i64>().map_or_else(|_| Value::from(text), Value::from))
            }
            FieldType::Decimal(_) => Some(Value::from(text.replace(',', "."))),
            _ => Some(Value::from(text)),
        };
        if let Some(value) = value {
            out.insert(id.clone(), value);
        }
    }
    out
}

/// Three fields as one date; as typed where they make none.
fn date(posted: &Posted, id: &str) -> Option<Value> {
    let of = |part: &str| posted.get(&format!("{id}.{part}")).trim().to_owned();
    let [d, m, y] = [of("d"), of("m"), of("y")];
    if d.is_empty() && m.is_empty() && y.is_empty() {
        return None;
    }
    let day = || {
        let year: i16 = y.parse().ok().filter(|_| y.len() == 4)?;
        jiff::civil::Date::new(year, m.parse().ok()?, d.parse().ok()?).ok()
    };
    Some(day().map_or_else(|| Value::from(format!("{d}/{m}/{y}")), |d| Value::from(d.to_string())))
}

/// What is wrong with an answer, naming the question as the page does.
pub fn sentence(t: Lang, fault: &FieldFault, label: &str) -> String {
    if fault.code == "form.rule" {
        let own = fault.args.iter().find(|(n, _)| *n == t.tag()).map(|(_, v)| v.clone());
        return own.unwrap_or_default();
    }
    let args: Vec<(&str, Arg)> =
        fault.args.iter().map(|(n, v)| (*n, Arg::from(v))).chain([("label", Arg::from(label)), ("field", Arg::from(label))]).collect();
    let key = fault.code.replace(['.', '_'], "-");
    let own = t.try_format(&format!("portal-fault-{key}"), &args);
    own.or_else(|| t.try_format(&format!("fault-{key}"), &args)).unwrap_or_else(|| t.msg1("portal-fault-field-type", "label", label))
}

/// The summary of faults: each leads to its question.
pub fn summary(questions: &[Question]) -> Vec<Link> {
    let wrong = questions.iter().filter(|q| !q.error.is_empty());
    wrong.map(|q| Link::new(format!("#{}", q.id), q.error.clone())).collect()
}

/// An answer as a person reads it.
pub fn said(t: Lang, f: &FormField, value: Option<&Value>) -> String {
    let choice = |id: &str| f.field.choices.iter().find(|c| c.id == id).map_or_else(|| id.to_owned(), |c| label_of(t, c));
    match (f.field.ty, value) {
        (_, None | Some(Value::Null)) => "–".to_owned(),
        (FieldType::Bool, Some(Value::Bool(b))) => t.msg(if *b { "portal-yes" } else { "portal-no" }),
        (FieldType::Date, Some(Value::String(s))) => s.parse().map_or_else(|_| s.clone(), |d| t.date(d)),
        (FieldType::Int, Some(Value::Number(n))) => n.as_i64().map_or_else(|| n.to_string(), |n| t.int(n)),
        (FieldType::Choice, Some(Value::String(s))) => choice(s),
        (_, Some(Value::Array(list))) => list.iter().filter_map(Value::as_str).map(choice).collect::<Vec<_>>().join(", "),
        (_, Some(Value::String(s))) => s.clone(),
        (_, Some(v)) => v.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_keeps_what_was_typed() {
        assert_eq!(date_parts("2025-03-09"), ["9", "3", "2025"]);
        assert_eq!(date_parts("31/2/2025"), ["31", "2", "2025"]);
        assert_eq!(date_parts("x//25"), ["x", "", "25"]);
        assert_eq!(date_parts(""), ["", "", ""]);
    }

    #[test]
    fn a_fault_names_the_question_in_the_readers_language() {
        let fault = FieldFault::new("child_name", "field.required");
        assert_eq!(sentence(Lang::Vi, &fault, "Họ tên của trẻ"), "Hãy trả lời “Họ tên của trẻ”.");
        assert_eq!(sentence(Lang::En, &fault, "Name"), "Answer “Name”.");
    }
}
