//! The form as JSON Schema 2020-12, with what a renderer needs as `x-…` annotations.

use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};
use serde_json::{Map, Value as Json, json};

use super::{
    compiled::Procedure,
    def::{Check, FormField, Layout},
};
use crate::{Localized, expr::check::parse, schema::FieldType};

impl Procedure {
    /// The form's schema. `lang` chooses titles; both languages stand in `x-title`. A condition that JSON Schema can say becomes
    /// `if … then required`; every condition stands as CEL in `x-when`.
    #[must_use]
    pub fn json_schema(&self, lang: &str) -> Json {
        let (mut properties, mut required, mut all_of, mut pages) = (Map::new(), Vec::new(), Vec::new(), Vec::new());
        for page in &self.def.pages {
            let mut on_page = Vec::new();
            for question in &page.fields {
                let id = &question.field.id;
                on_page.push(Json::from(id.as_str()));
                properties.insert(id.clone(), property(question, lang));
                if !question.field.required {
                    continue;
                }
                let conditions: Vec<&String> = page.when.iter().chain(&question.when).collect();
                if conditions.is_empty() {
                    required.push(Json::from(id.as_str()));
                } else if let Some(tests) = conditions.iter().map(|c| condition(c)).collect::<Option<Vec<_>>>() {
                    all_of.push(json!({"if": {"allOf": tests}, "then": {"required": [id]}}));
                }
            }
            let mut entry = json!({"id": page.id, "title": page.title.get(lang), "x-title": both(&page.title), "fields": on_page});
            if let Some(hint) = &page.hint {
                entry["description"] = hint.get(lang).into();
            }
            if let Some(when) = &page.when {
                entry["x-when"] = when.as_str().into();
            }
            pages.push(entry);
        }
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": format!("urn:haidang:procedure:{}", self.def.version_id()),
            "title": self.def.name.get(lang),
            "x-title": both(&self.def.name),
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
            "x-pages": pages,
        });
        if !all_of.is_empty() {
            schema["allOf"] = all_of.into();
        }
        schema
    }
}

fn both(text: &Localized) -> Json {
    json!({"vi": text.vi, "en": text.en})
}

fn property(question: &FormField, lang: &str) -> Json {
    let field = &question.field;
    let mut p = Map::new();
    let mut set = |key: &str, value: Json| {
        p.insert(key.to_owned(), value);
    };
    set("title", field.label.get(lang).into());
    set("x-title", both(&field.label));
    if let Some(label) = &question.counter_label {
        set("x-counter-title", both(label));
    }
    if question.online_only {
        set("x-online-only", true.into());
    }
    if let Some(help) = &field.help {
        set("description", help.get(lang).into());
    }
    let widget = match field.ty {
        FieldType::Text | FieldType::Unit => {
            set("type", "string".into());
            if let Some(max) = field.max_length {
                set("maxLength", max.into());
            }
            if question.layout == Layout::Lines { "textarea" } else { "text" }
        }
        FieldType::Int => {
            set("type", "integer".into());
            "number"
        }
        FieldType::Decimal(digits) => {
            set("type", "number".into());
            set("multipleOf", json!(10f64.powi(-i32::from(digits))));
            "number"
        }
        FieldType::Bool => {
            set("type", "boolean".into());
            "yes-no"
        }
        FieldType::Date => {
            set("type", "string".into());
            set("format", "date".into());
            "date"
        }
        FieldType::Timestamp => {
            set("type", "string".into());
            set("format", "date-time".into());
            "datetime"
        }
        FieldType::Choice => {
            let title = |c: &crate::schema::Choice| if crate::text::is_english(lang) { c.en.clone() } else { c.vi.clone() };
            let options: Vec<Json> =
                field.choices.iter().map(|c| json!({"const": c.id, "title": title(c), "x-title": {"vi": c.vi, "en": c.en}})).collect();
            set("type", "string".into());
            set("oneOf", options.into());
            if field.choices.len() <= 6 { "radio" } else { "select" }
        }
        FieldType::TextList => {
            set("type", "array".into());
            set("items", json!({"type": "string"}));
            "list"
        }
        FieldType::Json => "json",
    };
    set("x-widget", widget.into());
    set("x-width", serde_json::to_value(question.layout).unwrap_or_default());
    if let Some(min) = field.min {
        set("minimum", min.into());
    }
    if let Some(max) = field.max {
        set("maximum", max.into());
    }
    if let Some(when) = &question.when {
        set("x-when", when.as_str().into());
    }
    if let Some(prefill) = &question.prefill {
        set("x-prefill", prefill.as_str().into());
    }
    match &question.check {
        Some(Check::IdentityNumber { .. }) => set("pattern", r"^\d{12}$".into()),
        Some(Check::Phone) => set("x-check", "phone".into()),
        Some(Check::Email) => set("format", "email".into()),
        Some(Check::TaxCode) => set("x-check", "tax_code".into()),
        Some(Check::Past) => set("x-check", "past".into()),
        Some(Check::Future) => set("x-check", "future".into()),
        None => {}
    }
    Json::Object(p)
}

/// A CEL condition as a schema over the whole object, where it is made of comparisons of answers with constants.
fn condition(text: &str) -> Option<Json> {
    let (expr, _) = parse(text).ok()?;
    say(&expr.expr)
}

fn say(e: &Expr) -> Option<Json> {
    match e {
        Expr::Select(_) => Some(equals(answer(e)?, json!({"const": true}))),
        Expr::Call(call) => said_call(call),
        _ => None,
    }
}

fn said_call(call: &CallExpr) -> Option<Json> {
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::LOGICAL_AND, [a, b]) => Some(json!({"allOf": [say(&a.expr)?, say(&b.expr)?]})),
        (operators::LOGICAL_OR, [a, b]) => Some(json!({"anyOf": [say(&a.expr)?, say(&b.expr)?]})),
        (operators::LOGICAL_NOT, [a]) => Some(json!({"not": say(&a.expr)?})),
        (operators::IN, [a, list]) => {
            let Expr::List(list) = &list.expr else { return None };
            let values: Option<Vec<Json>> = list.elements.iter().map(|x| constant(&x.expr)).collect();
            Some(equals(answer(&a.expr)?, json!({"enum": values?})))
        }
        (op @ (operators::EQUALS | operators::NOT_EQUALS), [a, b]) => {
            let (name, value) = match (answer(&a.expr), constant(&b.expr)) {
                (Some(name), Some(value)) => (name, value),
                _ => (answer(&b.expr)?, constant(&a.expr)?),
            };
            let same = op == operators::EQUALS;
            Some(match (value, same) {
                (Json::Null, true) => json!({"not": {"required": [name]}}),
                (Json::Null, false) => json!({"required": [name]}),
                (value, true) => equals(name, json!({"const": value})),
                // As in `expr`: a comparison with nothing is false, either way.
                (value, false) => equals(name, json!({"not": {"const": value}})),
            })
        }
        (op @ (operators::GREATER | operators::GREATER_EQUALS | operators::LESS | operators::LESS_EQUALS), [a, b]) => {
            let (name, value) = (answer(&a.expr)?, constant(&b.expr).filter(Json::is_i64)?);
            let key = match op {
                operators::GREATER => "exclusiveMinimum",
                operators::GREATER_EQUALS => "minimum",
                operators::LESS => "exclusiveMaximum",
                _ => "maximum",
            };
            Some(equals(name, json!({key: value})))
        }
        _ => None,
    }
}

fn equals(name: String, test: Json) -> Json {
    let mut properties = Map::new();
    properties.insert(name.clone(), test);
    json!({"properties": properties, "required": [name]})
}

fn answer(e: &Expr) -> Option<String> {
    match e {
        Expr::Select(s) if matches!(&s.operand.expr, Expr::Ident(name) if name == "form") => Some(s.field.clone()),
        _ => None,
    }
}

fn constant(e: &Expr) -> Option<Json> {
    let Expr::Literal(literal) = e else { return None };
    Some(match literal {
        LiteralValue::String(s) => Json::from(s.inner()),
        LiteralValue::Int(n) => Json::from(*n.inner()),
        LiteralValue::Boolean(b) => Json::from(*b.inner()),
        LiteralValue::Null => Json::Null,
        _ => return None,
    })
}
