//! How the one-stop desk of a unit is reached, in words: the same on paper, on the tracking page and where one chooses a unit.

use office::one_stop::Contact;

use crate::i18n::Lang;

/// `07:30-11:30` as it is written on a door.
fn spans(hours: &[String]) -> String {
    hours.iter().map(|h| h.replace('-', "–")).collect::<Vec<_>>().join(", ")
}

fn hours(t: Lang, c: &Contact) -> String {
    let usual = (!c.hours.is_empty()).then(|| t.msg1("contact-hours-usual", "hours", spans(&c.hours)));
    let on = c.hours_on.iter().map(|(day, h)| t.msg2("contact-hours-on", "day", t.msg(&format!("weekday-{day}")), "hours", spans(h)));
    usual.into_iter().chain(on).collect::<Vec<_>>().join("; ")
}

/// Label and value of what is declared; what nobody has confirmed says so.
#[must_use]
pub fn lines(t: Lang, contact: Option<&Contact>) -> Vec<(String, String)> {
    let Some(c) = contact else { return Vec::new() };
    let confirmed = |value: String| if c.verified { value } else { t.msg1("contact-unconfirmed", "value", value) };
    let address = c.address.as_ref().map(|a| t.pick(a).to_owned()).unwrap_or_default();
    [("contact-address", address), ("contact-phone", c.phone.clone().unwrap_or_default()), ("contact-hours", hours(t, c))]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (t.msg(key), confirmed(value)))
        .collect()
}

/// The same in one line.
#[must_use]
pub fn line(t: Lang, contact: Option<&Contact>) -> String {
    lines(t, contact).into_iter().map(|(label, value)| format!("{label}: {value}")).collect::<Vec<_>>().join(". ")
}
