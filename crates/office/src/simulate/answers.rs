//! Plausible answers to any declaration: whatever a procedure asks, somebody at the counter says something that fits.

use jiff::{Span, civil::Date};
use rules::{
    Timestamp,
    procedure::{Check, FormField, Procedure},
    schema::FieldType,
};
use serde_json::{Map, Value, json};

use super::{
    dice::Dice,
    procedures::{GIVEN, MIDDLE, SURNAMES},
};

/// Questions may follow from answers: so often the form is looked at again.
const ROUNDS: usize = 12;

/// Somebody who comes to the counter.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub id_number: String,
    pub birth: Date,
    pub sex: &'static str,
    pub phone: String,
    pub address: String,
}

/// A number of the form that such numbers have: province, century and sex, year, six digits.
fn identity(dice: &mut Dice, birth: Date, sex: &str) -> String {
    let century = i16::from(birth.year() >= 2000) * 2 + i16::from(sex == "female");
    format!("077{century}{:02}{:06}", birth.year().rem_euclid(100), dice.between(0, 999_999))
}

impl Person {
    pub fn new(dice: &mut Dice, ward: &str, today: Date) -> Self {
        let sex = if dice.chance(0.5) { "female" } else { "male" };
        let birth = today.checked_sub(Span::new().days(dice.between(22 * 365, 66 * 365))).unwrap_or(today);
        let middle = if sex == "female" { dice.pick(&["Thị", "Ngọc", "Thu", "Kim", "Mỹ"]) } else { dice.pick(MIDDLE) };
        Self {
            name: format!("{} {} {}", dice.pick(SURNAMES), middle, dice.pick(GIVEN)),
            id_number: identity(dice, birth, sex),
            birth,
            sex,
            phone: format!("09{:08}", dice.between(0, 99_999_999)),
            address: format!(
                "{} {}, {ward}",
                dice.between(1, 290),
                dice.pick(&["Lê Lợi", "Trương Công Định", "Nguyễn An Ninh", "Thống Nhất"])
            ),
        }
    }
}

/// Answers without a fault; `None` where this procedure asks what cannot be made up.
pub fn fill(dice: &mut Dice, p: &Procedure, who: &Person, at: Timestamp) -> Option<Map<String, Value>> {
    let mut given = Map::new();
    for _ in 0..ROUNDS {
        let answers = p.answers(&given, at);
        if answers.faults.is_empty() {
            return Some(answers.kept);
        }
        let mut moved = false;
        for fault in &answers.faults {
            let Some(f) = p.def.field(&fault.field) else { continue };
            let value = answer(dice, f, who, &given, at.local_date());
            moved |= given.get(&f.field.id) != Some(&value);
            given.insert(f.field.id.clone(), value);
        }
        if !moved {
            return None;
        }
    }
    None
}

fn answer(dice: &mut Dice, f: &FormField, who: &Person, given: &Map<String, Value>, today: Date) -> Value {
    let id = f.field.id.as_str();
    match f.prefill.as_deref() {
        Some("identity.name") => return json!(who.name),
        Some("identity.number") => return json!(who.id_number),
        Some("identity.birth_date") => return json!(who.birth),
        Some("identity.sex") => return json!(who.sex),
        Some("identity.phone") => return json!(who.phone),
        Some("identity.address") => return json!(who.address),
        _ => {}
    }
    match (&f.check, f.field.ty) {
        (Some(Check::IdentityNumber { birth, sex }), _) => {
            let said = |name: &Option<String>| name.as_ref().and_then(|n| given.get(n)).and_then(Value::as_str).map(str::to_owned);
            let birth = said(birth).and_then(|d| d.parse().ok()).unwrap_or(who.birth);
            let sex =
                said(sex).unwrap_or_else(|| if id.contains("mother") || id.contains("wife") { "female".into() } else { "male".into() });
            json!(identity(dice, birth, &sex))
        }
        (Some(Check::Phone), _) => json!(who.phone),
        (Some(Check::Email), _) => json!("nguoidan@example.vn"),
        (Some(Check::Future), _) => json!(today.checked_add(Span::new().days(7)).unwrap_or(today)),
        (_, FieldType::Date) => {
            let back = if id.contains("child") || id.contains("death") || id.contains("died") {
                dice.between(3, 25)
            } else if id.contains("birth") {
                dice.between(24 * 365, 60 * 365)
            } else {
                dice.between(5, 300)
            };
            json!(today.checked_sub(Span::new().days(back)).unwrap_or(today))
        }
        (_, FieldType::Choice) => {
            // The first one is the usual case of every list here.
            let at = if dice.chance(0.8) { 0 } else { dice.below(f.field.choices.len()) };
            json!(f.field.choices.get(at).map(|c| c.id.as_str()).unwrap_or_default())
        }
        (_, FieldType::Bool) => json!(id.contains("married") || id.contains("known") || id.contains("notice")),
        (_, FieldType::Int) => {
            let low = f.field.min.unwrap_or(1);
            json!(dice.between(low, low.max(f.field.max.unwrap_or(low + 3).min(low + 3))))
        }
        (_, FieldType::Decimal(_)) => json!(f.field.min.unwrap_or(50)),
        (_, FieldType::TextList) => json!([format!("{} {} {}", dice.pick(SURNAMES), dice.pick(MIDDLE), dice.pick(GIVEN))]),
        _ if id.contains("name") => json!(format!("{} {} {}", dice.pick(SURNAMES), dice.pick(MIDDLE), dice.pick(GIVEN))),
        _ if id.contains("address") || id.contains("place") || id.contains("town") => json!(who.address),
        _ if id.contains("ethnicity") => json!("Kinh"),
        _ if id.contains("nationality") => json!("Việt Nam"),
        _ => json!(f.field.label.vi.clone()),
    }
}
