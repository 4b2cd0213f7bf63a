//! How the citizen wants the result, as an officer asks it.

use office::one_stop::Delivery;
use rules::one_stop::Way;

use super::papers::way;
use crate::{
    i18n::Lang,
    pages::work::common::choices,
    view::{Field, Input},
};

/// The ways with their words.
pub fn ways(t: Lang) -> [(&'static str, String); 3] {
    Way::ALL.map(|w| (w.id(), way(t, w)))
}

/// Chosen already; the address matters to the post alone, and is the applicant's where none is typed.
pub fn fields(t: Lang, said: &Delivery) -> Vec<Field> {
    vec![
        Field::new("result_way", t.msg("desk-result-way"), Input::Select).choices(choices(ways(t), said.way.id())).required(),
        Field::new("result_address", t.msg("desk-result-address"), Input::Text)
            .value(&said.address)
            .hint(t.msg("desk-result-address-hint")),
    ]
}

/// What was answered; nothing where the form did not ask.
pub fn of<'a>(get: impl Fn(&str) -> &'a str) -> Option<Delivery> {
    Some(Delivery { way: Way::of(get("result_way"))?, address: get("result_address").to_owned() })
}
