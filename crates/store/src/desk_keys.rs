//! Columns by which a desk finds a record. They follow from its state and fields: no entry and no backup holds them, `verify` compares them.

use serde_json::{Map, Value};

/// States in which a record still wants something done.
const OPEN: [&str; 5] = ["registered", "received", "in_progress", "supplement", "payment"];

/// As [`crate::dialect::fill_desk_keys`] says it in SQL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DeskKeys {
    /// Of an open record: the hour by which an answer is wanted, else its deadline, else the empty text.
    pub next_due: Option<Box<str>>,
    /// Number of the person it is about.
    pub person: Option<Box<str>>,
    /// The unit that received it for another one.
    pub receiving: Option<Box<str>>,
    /// When it was received for another unit.
    pub received: Option<Box<str>>,
    /// JSON list of the units that have a part to give back.
    pub linked: Option<Box<str>>,
}

impl DeskKeys {
    pub fn of(state: &str, fields: &Map<String, Value>) -> Self {
        let text = |name: &str| match fields.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.as_str().into()),
            other => Some(other.to_string().into()),
        };
        let open = OPEN.contains(&state) || state == "resolved" && fields.contains_key("case");
        let receiving = text("receiving_unit");
        Self {
            next_due: open.then(|| text("answer_by").or_else(|| text("due_at")).unwrap_or_default()),
            person: text("applicant_id_number").or_else(|| text("owner_id_number")),
            received: receiving.as_ref().and_then(|_| text("received_at")),
            receiving,
            linked: text("linked_units"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(state: &str, fields: &Value) -> DeskKeys {
        DeskKeys::of(state, fields.as_object().unwrap())
    }

    #[test]
    fn an_answer_comes_before_a_deadline_and_closed_ones_want_nothing() {
        let both = json!({"answer_by": "2025-06-30T01:00:00Z", "due_at": "2025-07-04T01:00:00Z"});
        assert_eq!(of("registered", &both).next_due.as_deref(), Some("2025-06-30T01:00:00Z"));
        assert_eq!(of("in_progress", &json!({"due_at": "2025-07-04T01:00:00Z"})).next_due.as_deref(), Some("2025-07-04T01:00:00Z"));
        assert_eq!(of("received", &json!({})).next_due.as_deref(), Some(""));
        assert_eq!(of("returned", &both).next_due, None);
        assert_eq!(of("resolved", &both).next_due, None, "without a case it is closed");
        assert!(of("resolved", &json!({"case": {}})).next_due.is_some(), "a result that waits to be handed out");
    }

    #[test]
    fn persons_and_units_are_found_by_what_the_fields_say() {
        let at = "2025-06-30T01:00:00Z";
        let fields =
            json!({"owner_id_number": "0790", "receiving_unit": "26506@2025-07-01", "received_at": at, "linked_units": ["a", "b"]});
        let keys = of("returned", &fields);
        assert_eq!((keys.person.as_deref(), keys.receiving.as_deref()), (Some("0790"), Some("26506@2025-07-01")));
        assert_eq!(keys.received.as_deref(), Some(at));
        assert_eq!(of("returned", &json!({"received_at": at})).received, None, "what a unit receives for itself is found otherwise");
        assert_eq!(keys.linked.as_deref(), Some(r#"["a","b"]"#));
        assert_eq!(of("returned", &json!({"n": 1})), DeskKeys::default());
    }
}
