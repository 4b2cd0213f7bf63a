//! Procedures: `[[procedure]]` with its steps, parts, fees, waivers and pages.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{
    content::Place,
    fault::{Kind, Problem},
    read::Reader,
    read_units::UNIT_KINDS,
    source::At,
    table::Table,
};
use crate::{
    calendar::Term,
    procedure::{
        Check, FeeDef, FormField, Layout, Mark, Online, PageDef, PartDef, ProcedureDef, Published, ResultDef, RuleDef, Sector, StepDef,
        WaiverDef, parse_term,
    },
    schema::FieldDef,
};

/// Keys of a question that belong to the form, not to the field.
const FORM_KEYS: &[&str] = &["when", "prefill", "check", "birth", "sex", "layout", "counter_label", "online_only"];
/// Keys of the head that `to_be_confirmed` may name.
const HEAD_KEYS: &[&str] = &[
    "id",
    "name",
    "valid_from",
    "sector",
    "level",
    "online",
    "identity",
    "term",
    "max_term",
    "result",
    "steps",
    "parts",
    "fees",
    "waivers",
    "pages",
    "applicants",
    "channels",
    "legal_basis",
];

type Places = BTreeMap<String, At>;

/// Where the values of a nested table are, under its own prefix.
fn note(places: &mut Places, prefix: &str, table: &Table<'_>) {
    places.insert(prefix.to_owned(), table.at());
    places.extend(table.places().into_iter().map(|(key, at)| (format!("{prefix}.{key}"), at)));
}

/// A word as one of an enum's; the choice itself has been checked.
fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(Json::String(text.to_owned())).ok()
}

fn term(table: &Table<'_>, key: &'static str, required: bool) -> Option<Term> {
    let text = if required { Some(table.text(key)) } else { table.text_opt(key) }.filter(|t| !t.is_empty())?;
    let term = parse_term(&text);
    if term.is_none() {
        table.fault(key, Problem::NotATerm { text });
    }
    term
}

impl Reader<'_> {
    pub fn procedure_table(&mut self, table: Table<'_>) {
        let mut place = self.place(&table);
        let keys = &mut place.keys;
        let code = table.id("id");
        let valid_from = table.date("valid_from");
        let source = self.source_of(&table);
        let confirm = self.words(&table, "to_be_confirmed", HEAD_KEYS);
        let online = word(&table.choice("online", &["full", "partial", "none"])).unwrap_or(Online::None);
        let partial_reason = table.localized_opt("partial_reason");
        if online == Online::Partial && partial_reason.is_none() {
            let because = "a procedure that is not wholly online says why";
            let because_vi = "dịch vụ một phần phải công bố lý do";
            table.fault("online", Problem::NoReason { key: "partial_reason", because, because_vi });
        }
        let def = ProcedureDef {
            code,
            valid_from: valid_from.unwrap_or(Date::MIN),
            valid_to: table.date_opt("valid_to"),
            name: table.localized("name"),
            summary: table.localized_opt("summary"),
            sector: sector(&table),
            level: table.int_in("level", 1, 5, "1 to 5").and_then(|l| u8::try_from(l).ok()).unwrap_or(4),
            unit_kinds: self.words(&table, "unit_kinds", UNIT_KINDS),
            applicants: self.words(&table, "applicants", &["citizen", "enterprise", "household"]).iter().filter_map(|w| word(w)).collect(),
            channels: self.words(&table, "channels", &["online", "counter", "post"]).iter().filter_map(|w| word(w)).collect(),
            online,
            partial_reason,
            identity: table.int_in("identity", 0, 2, "0 to 2").and_then(|l| u8::try_from(l).ok()).unwrap_or(0),
            term: term(&table, "term", true).unwrap_or(Term::WorkingDays(0)),
            max_term: term(&table, "max_term", false),
            max_term_reason: table.localized_opt("max_term_reason"),
            keywords: table.texts("keywords").into_iter().map(|(t, _)| t).collect(),
            rank: table.int_in("rank", 1, 9_999, "1 to 9999").and_then(|r| u16::try_from(r).ok()),
            result: result(&table),
            steps: self.steps(&table, keys),
            parts: self.parts(&table, keys),
            fees: self.fees(&table, keys),
            waivers: self.waivers(&table, keys),
            pages: self.pages(&table, keys),
            rules: rules(&table, keys),
            legal_basis: table.texts("legal_basis").into_iter().map(|(t, _)| t).collect(),
            published: published(&table),
            source,
            to_be_confirmed: confirm,
            note: table.localized_opt("note"),
        };
        table.finish();
        if valid_from.is_some() {
            self.declare_procedure(def, place);
        }
    }

    fn declare_procedure(&mut self, def: ProcedureDef, place: Place) {
        if !def.code.is_empty() {
            self.places.declare(Kind::Procedure, &def.version_id(), place);
        }
        self.content.procedures.push(def);
    }

    /// `source` and `to_be_confirmed` of a nested table.
    fn mark(&mut self, table: &Table<'_>) -> Mark {
        Mark { source: self.source_of(table), to_be_confirmed: table.flag("to_be_confirmed") }
    }

    fn steps(&mut self, top: &Table<'_>, keys: &mut Places) -> Vec<StepDef> {
        let mut steps = Vec::new();
        let tables = top.tables("step");
        if tables.is_empty() {
            self.faults.push(top.at(), Problem::NoSteps);
        }
        for (i, table) in tables.into_iter().enumerate() {
            note(keys, &format!("step.{i}"), &table);
            steps.push(StepDef {
                id: table.id("id"),
                name: table.localized("name"),
                who: word(&table.choice("who", &["desk", "expert", "leader", "clerk"])).unwrap_or(crate::procedure::Who::Expert),
                share: table.int_in("share", 0, 100, "0 to 100").and_then(|s| u8::try_from(s).ok()),
                hours: table.int_in("hours", 0, 4_000, "0 to 4000").and_then(|h| u32::try_from(h).ok()),
                agency: table.localized_opt("agency"),
                mark: self.mark(&table),
            });
            if table.has("share") && table.has("hours") {
                table.fault("hours", Problem::NeedsOneOf { of: "[[procedure.step]]".into(), keys: "share, hours" });
            }
            table.finish();
        }
        steps
    }

    fn parts(&mut self, top: &Table<'_>, keys: &mut Places) -> Vec<PartDef> {
        let mut parts = Vec::new();
        for (i, table) in top.tables("part").into_iter().enumerate() {
            note(keys, &format!("part.{i}"), &table);
            parts.push(PartDef {
                id: table.id("id"),
                name: table.localized("name"),
                hint: table.localized_opt("hint"),
                kind: word(&table.choice("kind", &["original", "copy", "electronic", "shown"])).unwrap_or(crate::procedure::PartKind::Copy),
                copies: table.int_in("copies", 1, 20, "1 to 20").and_then(|c| u8::try_from(c).ok()).unwrap_or(1),
                required: !table.has("required") || table.flag("required"),
                when: table.text_opt("when"),
                reuse: table.text_opt("reuse"),
                keep: table.text_opt("keep"),
                from_form: table.flag("from_form"),
                template: table.text_opt("template"),
                mark: self.mark(&table),
            });
            table.finish();
        }
        parts
    }

    fn fees(&mut self, top: &Table<'_>, keys: &mut Places) -> Vec<FeeDef> {
        let mut fees = Vec::new();
        for (i, table) in top.tables("fee").into_iter().enumerate() {
            note(keys, &format!("fee.{i}"), &table);
            let fee = FeeDef {
                id: table.id("id"),
                name: table.localized("name"),
                kind: word(&table.choice("kind", &["duty", "charge"])).unwrap_or(crate::procedure::FeeKind::Charge),
                amount_vnd: table.int_in("amount_vnd", 0, 100_000_000_000, "0 to 100 000 000 000").and_then(|a| u64::try_from(a).ok()),
                amount: table.text_opt("amount"),
                per: table.text_opt("per"),
                per_name: table.localized_opt("per_name"),
                when: table.text_opt("when"),
                local: table.flag("local"),
                mark: self.mark(&table),
            };
            if fee.amount_vnd.is_some() == fee.amount.is_some() {
                table.fault("amount", Problem::NeedsOneOf { of: "[[procedure.fee]]".into(), keys: "amount_vnd, amount" });
            }
            table.finish();
            fees.push(fee);
        }
        fees
    }

    fn waivers(&mut self, top: &Table<'_>, keys: &mut Places) -> Vec<WaiverDef> {
        let mut waivers = Vec::new();
        for (i, table) in top.tables("waiver").into_iter().enumerate() {
            note(keys, &format!("waiver.{i}"), &table);
            let waiver = WaiverDef {
                fee: table.text("fee"),
                from: table.date_opt("from"),
                to: table.date_opt("to"),
                when: table.text_opt("when"),
                reason: table.localized("reason"),
                off: table.int_in("off", 1, 100, "1 to 100").and_then(|o| u8::try_from(o).ok()).unwrap_or(100),
                mark: self.mark(&table),
            };
            if waiver.from.zip(waiver.to).is_some_and(|(from, to)| to < from) {
                table.fault("to", Problem::EndBeforeStart { key: "[[procedure.waiver]]".into() });
            }
            table.finish();
            waivers.push(waiver);
        }
        waivers
    }

    fn pages(&mut self, top: &Table<'_>, keys: &mut Places) -> Vec<PageDef> {
        let mut pages = Vec::new();
        for (i, table) in top.tables("page").into_iter().enumerate() {
            note(keys, &format!("page.{i}"), &table);
            let mut fields = Vec::new();
            for question in table.tables("field") {
                let id = question.json("id").as_str().unwrap_or_default().to_owned();
                note(keys, &format!("page.{i}.field.{id}"), &question);
                fields.extend(self.question(&question));
            }
            pages.push(PageDef {
                id: table.id("id"),
                title: table.localized("title"),
                hint: table.localized_opt("hint"),
                when: table.text_opt("when"),
                fields,
            });
            table.finish();
        }
        pages
    }

    /// A field as registers write it, plus the keys of forms.
    fn question(&mut self, table: &Table<'_>) -> Option<FormField> {
        let kinds = ["identity_number", "phone", "email", "tax_code", "past", "future"];
        let check = table.has("check").then(|| match table.choice("check", &kinds).as_str() {
            "identity_number" => Some(Check::IdentityNumber { birth: table.text_opt("birth"), sex: table.text_opt("sex") }),
            "phone" => Some(Check::Phone),
            "email" => Some(Check::Email),
            "tax_code" => Some(Check::TaxCode),
            "past" => Some(Check::Past),
            "future" => Some(Check::Future),
            _ => None,
        });
        let (when, prefill) = (table.text_opt("when"), table.text_opt("prefill"));
        let layout = word(&table.choice_or("layout", &["full", "half", "third", "lines"], "full")).unwrap_or(Layout::Full);
        let (counter_label, online_only) = (table.localized_opt("counter_label"), table.flag("online_only"));
        let mut body = table.whole_json();
        body.retain(|key, _| !FORM_KEYS.contains(&key.as_str()));
        match serde_json::from_value::<FieldDef>(Json::Object(body)) {
            Ok(field) => Some(FormField { field, when, prefill, check: check.flatten(), layout, counter_label, online_only }),
            Err(error) => {
                self.faults.push(table.at(), Problem::Declaration { reason: error.to_string() });
                None
            }
        }
    }
}

fn sector(table: &Table<'_>) -> Sector {
    table.table_opt("sector").map_or_else(
        || {
            table.fault("sector", Problem::MissingKey { key: "sector", of: table.name.clone() });
            Sector { code: String::new(), name: crate::Localized::default() }
        },
        |t| {
            let sector = Sector { code: t.id("code"), name: t.localized("name") };
            t.finish();
            sector
        },
    )
}

fn result(table: &Table<'_>) -> ResultDef {
    table.table_opt("result").map_or_else(
        || {
            table.fault("result", Problem::MissingKey { key: "result", of: table.name.clone() });
            ResultDef { name: crate::Localized::default(), electronic: false, paper: None, valid_months: None }
        },
        |t| {
            let result = ResultDef {
                name: t.localized("name"),
                electronic: t.flag("electronic"),
                paper: t.text_opt("paper"),
                valid_months: t.int_in("valid_months", 1, 1_200, "1 to 1200").and_then(|m| u16::try_from(m).ok()),
            };
            t.finish();
            result
        },
    )
}

fn published(table: &Table<'_>) -> Option<Published> {
    let t = table.table_opt("published")?;
    let read = (t.text("decision"), t.date("decided_on"), t.date("effective_on"), t.date("published_on"));
    t.finish();
    let (decision, Some(decided_on), Some(effective_on), Some(published_on)) = read else { return None };
    Some(Published { decision, decided_on, effective_on, published_on })
}

fn rules(top: &Table<'_>, keys: &mut Places) -> Vec<RuleDef> {
    let mut rules = Vec::new();
    for (i, table) in top.tables("rule").into_iter().enumerate() {
        note(keys, &format!("rule.{i}"), &table);
        rules.push(RuleDef { field: table.text("field"), wrong_when: table.text("wrong_when"), say: table.localized("say") });
        table.finish();
    }
    rules
}
