//! What must fit together, over one pack or several.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{
    content::{ANY_INDICATOR, Content, Named, Place, Places, succession_id},
    fault::{Kind, Problem},
    model::Scope,
    table::Faults,
};
use crate::{
    Refusal,
    calendar::{Calendar, CalendarFault, CalendarSpec},
    expr::Rule,
    indicator::{CheckedSet, DerivedDef, DerivedSet, Format, IndicatorDef, IndicatorFault},
    lifecycle::{Lifecycle, LifecycleFault},
    number::{self, Measure},
    schema::{RegisterDef, Schema},
    units::{Place as UnitPlace, Succession, Unit, UnitFault, UnitKey, UnitProblem, UnitTree},
};

/// Checks everything and fills in what needs more than one definition to be known: figures read by their indicator's
/// measure, thresholds, the units a target binds.
pub(crate) fn check(content: &mut Content, places: &Places, faults: &Faults) {
    for (kind, id, at, first) in &places.twice {
        faults.push(at.clone(), Problem::Duplicate { kind: *kind, id: id.clone(), first: first.clone() });
    }
    mentions(places, faults);
    cycles(content, places, faults);
    let tree = units(content, places, faults);
    calendars(content, places, faults);
    let schemas = registers(content, places, faults);
    indicators(content, places, faults, &schemas);
    let formats = formats(content, places);
    figures(content, places, faults, &formats);
    targets(content, places, faults, &formats, tree.as_ref());
    super::check_procedures::procedures(content, places, faults);
    roots_follow_the_tree(content);
}

fn mentions(places: &Places, faults: &Faults) {
    let mut known: BTreeMap<&'static [Kind], BTreeSet<String>> = BTreeMap::new();
    for mention in &places.mentions {
        let ids = known.entry(mention.kinds).or_insert_with(|| places.ids(mention.kinds));
        if !mention.id.is_empty() && !ids.contains(&mention.id) {
            let kind = *mention.kinds.last().unwrap_or(&Kind::Unit);
            let known = ids.iter().cloned().collect();
            faults.push(mention.at.clone(), Problem::Unknown { kind, id: mention.id.clone(), known });
        }
    }
}

/// Directives that give rise to themselves, tasks that are part of themselves.
fn cycles(content: &Content, places: &Places, faults: &Faults) {
    let directives: BTreeMap<&str, Vec<&str>> =
        content.directives.iter().map(|d| (d.id.as_str(), d.parents.iter().map(String::as_str).collect())).collect();
    let tasks: BTreeMap<&str, Vec<&str>> =
        content.tasks.iter().map(|t| (t.id.as_str(), t.parent.iter().map(String::as_str).collect())).collect();
    for (kind, graph, key) in [(Kind::Directive, directives, "parents"), (Kind::Task, tasks, "parent")] {
        let mut reported = BTreeSet::new();
        for id in graph.keys() {
            let Some(chain) = chain_back_to(id, &graph) else { continue };
            let members: BTreeSet<&str> = chain.iter().copied().collect();
            if reported.insert(members)
                && let Some(place) = places.get(kind, id)
            {
                faults.push(place.key(key), Problem::ParentCycle { kind, chain: format!("{} → {id}", chain.join(" → ")) });
            }
        }
    }
}

/// The way from `id` over its parents back to itself, if there is one.
fn chain_back_to<'a>(id: &'a str, graph: &BTreeMap<&'a str, Vec<&'a str>>) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::new();
    let mut paths = vec![vec![id]];
    while let Some(path) = paths.pop() {
        for next in path.last().and_then(|last| graph.get(last)).into_iter().flatten() {
            if *next == id {
                return Some(path);
            }
            if seen.insert(*next) {
                let mut longer = path.clone();
                longer.push(next);
                paths.push(longer);
            }
        }
    }
    None
}

fn units(content: &Content, places: &Places, faults: &Faults) -> Option<UnitTree> {
    let units: Vec<Unit> = content.units.iter().filter_map(|u| u.unit()).collect();
    let successions: Vec<Succession> = content.successions.iter().filter_map(|s| s.succession()).collect();
    // A row whose kind or share could not be read has its own fault; indices would no longer match.
    if units.len() != content.units.len() || successions.len() != content.successions.len() {
        return None;
    }
    match UnitTree::build(units, successions) {
        Ok(tree) => Some(tree),
        Err(found) => {
            for fault in &found {
                unit_fault(fault, content, places, faults);
            }
            None
        }
    }
}

fn unit_fault(fault: &UnitFault, content: &Content, places: &Places, faults: &Faults) {
    let place = match fault.place {
        UnitPlace::Unit(i) => content.units.get(i).and_then(|u| places.get(Kind::Unit, &u.key.to_string())),
        UnitPlace::Succession(i) => {
            content.successions.get(i).and_then(|s| places.get(Kind::Succession, &succession_id(&s.from.to_string(), &s.to.to_string())))
        }
    };
    let Some(place) = place else { return };
    let at_of = |key: &UnitKey| places.get(Kind::Unit, &key.to_string()).map_or_else(|| place.at.clone(), |p| p.at.clone());
    let (at, problem) = match &fault.problem {
        // Noted already while reading, with a better place.
        UnitProblem::Twice(_)
        | UnitProblem::UnknownParent { .. }
        | UnitProblem::UnknownEnd { .. }
        | UnitProblem::Validity { .. }
        | UnitProblem::Name(_)
        | UnitProblem::SameWayTwice { .. } => return,
        UnitProblem::Overlap { earlier, later } => {
            (place.at.clone(), Problem::Overlap { code: later.code.clone(), other: earlier.to_string(), first: at_of(earlier) })
        }
        UnitProblem::Cycle(key) => (place.key("parent"), Problem::ParentCycle { kind: Kind::Unit, chain: key.to_string() }),
        UnitProblem::Level { key, parent, .. } => {
            (place.key("level"), Problem::LevelOrder { child: key.to_string(), parent: parent.to_string() })
        }
        UnitProblem::OutsideParent { key, parent } => {
            (place.key("parent"), Problem::ParentNotValid { child: key.to_string(), parent: parent.to_string() })
        }
        UnitProblem::FromNotEnding { from, on, .. } => {
            (place.key("from"), Problem::SuccessionDates { text: format!("{from} must have valid_to = {on}") })
        }
        UnitProblem::ToNotBeginning { to, on } => (place.key("to"), Problem::SuccessionDates { text: format!("{to} must begin on {on}") }),
        UnitProblem::TooMuch(key) => (place.key("share"), Problem::Shares { unit: key.to_string(), sum: "> 1".into() }),
        other => (place.at.clone(), Problem::Declaration { reason: other.to_string() }),
    };
    faults.push(at, problem);
}

fn registers(content: &Content, places: &Places, faults: &Faults) -> BTreeMap<String, Schema> {
    let mut schemas = BTreeMap::new();
    for declared in &content.registers {
        let Some(place) = places.get(Kind::Register, &declared.id) else { continue };
        let def: RegisterDef = match serde_json::from_value(Json::Object(declared.body.clone())) {
            Ok(def) => def,
            Err(error) => {
                faults.push(place.at.clone(), Problem::Declaration { reason: error.to_string() });
                continue;
            }
        };
        match Schema::compile(&def) {
            Ok(schema) => {
                lifecycle(&def, &schema, place, faults);
                schemas.insert(declared.id.clone(), schema);
            }
            Err(found) => {
                for fault in found {
                    let at = place
                        .keys
                        .get(&format!("field.{}", fault.field))
                        .or_else(|| place.keys.get(fault.field.trim_start_matches("register.")))
                        .unwrap_or(&place.at);
                    faults.push(at.clone(), Problem::Declaration { reason: fault.to_string() });
                }
            }
        }
    }
    schemas
}

/// States, steps and expressions of a lifecycle.
fn lifecycle(def: &RegisterDef, schema: &Schema, place: &Place, faults: &Faults) {
    let Some(json) = &def.lifecycle else { return };
    let lifecycle: Lifecycle = match serde_json::from_value(json.clone()) {
        Ok(lifecycle) => lifecycle,
        Err(error) => return faults.push(place.key("lifecycle"), Problem::Declaration { reason: error.to_string() }),
    };
    let state_at = |id: &str| place.keys.get(&format!("lifecycle.state.{id}")).cloned().unwrap_or_else(|| place.key("lifecycle"));
    let step_at = |id: &str| place.keys.get(&format!("lifecycle.transition.{id}")).cloned().unwrap_or_else(|| place.key("lifecycle"));
    for fault in lifecycle.check() {
        let known = || lifecycle.states.iter().map(|s| s.id.clone()).collect();
        let unknown =
            |state: &str| Problem::UnknownState { register: schema.register().to_owned(), state: state.to_owned(), known: known() };
        let (at, problem) = match &fault {
            LifecycleFault::Initial { state, .. } => (place.key("lifecycle"), unknown(state)),
            LifecycleFault::UnknownState { transition, state, .. } => (step_at(transition), unknown(state)),
            LifecycleFault::TransitionTwice(id) | LifecycleFault::FromNowhere(id) => {
                (step_at(id), Problem::Declaration { reason: fault.to_string() })
            }
            LifecycleFault::StateTwice(id) | LifecycleFault::Unreachable(id) | LifecycleFault::Id(id) => {
                (state_at(id), Problem::Declaration { reason: fault.to_string() })
            }
        };
        faults.push(at, problem);
    }
    for step in &lifecycle.transitions {
        let expressions = step
            .guard
            .iter()
            .map(|text| (text, Rule::condition(schema, text)))
            .chain(step.set.values().map(|text| (text, Rule::assignment(schema, text))));
        for (text, compiled) in expressions {
            if let Err(error) = compiled {
                faults.push(step_at(&step.id), Problem::Expression { text: text.clone(), reason: error.to_string() });
            }
        }
        for field in step.set.keys().filter(|f| schema.slot(f).and_then(|s| schema.field(s)).is_none_or(|f| f.built_in)) {
            faults.push(step_at(&step.id), unknown_field(schema, field));
        }
    }
}

/// What only the calendar itself can tell: a day exchanged that is none, hours that do not follow one another.
fn calendars(content: &Content, places: &Places, faults: &Faults) {
    for calendar in &content.calendars {
        let (Some(place), Some(year)) = (places.get(Kind::Calendar, &calendar.year.to_string()), calendar.year_spec()) else { continue };
        let spec = CalendarSpec { years: vec![year], ..CalendarSpec::default() };
        for fault in Calendar::build(&spec).err().into_iter().flatten() {
            let at = match &fault {
                CalendarFault::YearTwice(_) | CalendarFault::OtherYear { .. } | CalendarFault::DayTwice(_) | CalendarFault::Hours(_) => {
                    continue;
                } // noted while reading
                CalendarFault::WorkedAnyway(date) | CalendarFault::OffAnyway(date) => {
                    places.days.get(&date.to_string()).unwrap_or(&place.at).clone()
                }
                CalendarFault::Year(_) | CalendarFault::NoWork => place.at.clone(),
            };
            faults.push(at, Problem::Declaration { reason: fault.to_string() });
        }
    }
}

fn unknown_field(schema: &Schema, name: &str) -> Problem {
    Problem::UnknownField {
        register: schema.register().to_owned(),
        field: name.to_owned(),
        known: schema.fields().iter().map(|f| f.id.clone()).collect(),
    }
}

fn indicators(content: &Content, places: &Places, faults: &Faults, schemas: &BTreeMap<String, Schema>) {
    let mut by_register: BTreeMap<&str, Vec<IndicatorDef>> = BTreeMap::new();
    for declared in &content.indicators {
        let Some(place) = places.get(Kind::Indicator, &declared.id) else { continue };
        match serde_json::from_value::<IndicatorDef>(Json::Object(declared.body.clone())) {
            Ok(def) => {
                if let Some((register, _)) = schemas.get_key_value(&def.register) {
                    by_register.entry(register).or_default().push(def);
                }
            }
            Err(error) => faults.push(place.at.clone(), Problem::Declaration { reason: error.to_string() }),
        }
    }
    for (register, defs) in &by_register {
        let Some(schema) = schemas.get(*register) else { continue };
        for fault in CheckedSet::check(schema, defs).err().into_iter().flatten() {
            let def = defs.iter().find(|d| d.id == fault.indicator);
            indicator_fault(&fault, def, schema, Kind::Indicator, places, faults);
        }
    }
    derived(content, places, faults);
}

fn derived(content: &Content, places: &Places, faults: &Faults) {
    let mut defs = Vec::new();
    for declared in &content.derived {
        let Some(place) = places.get(Kind::Derived, &declared.id) else { continue };
        match serde_json::from_value::<DerivedDef>(Json::Object(declared.body.clone())) {
            Ok(def) => defs.push(def),
            Err(error) => faults.push(place.at.clone(), Problem::Declaration { reason: error.to_string() }),
        }
    }
    let others = places.ids(&[Kind::Indicator, Kind::Reported]);
    for fault in DerivedSet::compile(&defs, &|id| others.contains(id)).err().into_iter().flatten() {
        let Some(place) = places.get(Kind::Derived, &fault.indicator) else { continue };
        let problem = match fault.error.code {
            "indicator.duplicate" => continue, // noted where it was declared
            "indicator.unknown" => Problem::Unknown {
                kind: Kind::Indicator,
                id: fault.error.arg("id").to_owned(),
                known: places.ids(ANY_INDICATOR).into_iter().collect(),
            },
            _ => Problem::Expression {
                text: defs.iter().find(|d| d.id == fault.indicator).map_or_else(String::new, |d| d.value.clone()),
                reason: fault.error.to_string(),
            },
        };
        faults.push(place.key("value"), problem);
    }
}

fn indicator_fault(fault: &IndicatorFault, def: Option<&IndicatorDef>, schema: &Schema, kind: Kind, places: &Places, faults: &Faults) {
    let Some(place) = places.get(kind, &fault.indicator) else { return };
    let error = &fault.error;
    let register = || schema.register().to_owned();
    let problem = match error.code {
        "expr.unknown_field" => unknown_field(schema, error.arg("name")),
        "expr.personal" => Problem::Personal { field: error.arg("name").to_owned(), register: register() },
        // Noted while reading, or where it was declared.
        "indicator.too_many_breakdowns" | "indicator.duplicate" | "indicator.id" => return,
        _ => {
            let text = def.and_then(|d| match fault.part {
                "numerator" => d.numerator.clone(),
                "denominator" => d.denominator.clone(),
                "where" => d.filter.clone(),
                "value" => d.value.clone(),
                "date" => Some(d.date.clone()),
                "unit" => d.unit.clone(),
                "breakdowns" => Some(d.breakdowns.join(", ")),
                _ => None,
            });
            Problem::Expression { text: text.unwrap_or_else(|| fault.part.to_owned()), reason: error.to_string() }
        }
    };
    faults.push(place.key(fault.part), problem);
}

/// Format of every indicator, by id and alias.
fn formats(content: &Content, places: &Places) -> BTreeMap<String, Format> {
    let mut formats: BTreeMap<String, Format> = content.reported.iter().map(|r| (r.id.clone(), r.format)).collect();
    for declared in content.indicators.iter().chain(&content.derived) {
        if let Some(format) = declared.body.get("format").and_then(Json::as_str).and_then(|f| f.parse().ok()) {
            formats.insert(declared.id.clone(), format);
        }
    }
    for (alias, id) in &places.aliases {
        if let Some(format) = formats.get(id).copied() {
            formats.insert(alias.clone(), format);
        }
    }
    formats
}

fn measure(format: Format) -> Measure {
    match format {
        Format::Percent(_) => Measure::Percent,
        Format::Integer => Measure::Count,
        Format::Decimal(_) => Measure::Decimal,
        Format::Vnd => Measure::Money,
    }
}

fn figures(content: &mut Content, places: &Places, faults: &Faults, formats: &BTreeMap<String, Format>) {
    for figure in &mut content.figures {
        let Some(place) = places.get(Kind::Figure, &figure.id) else { continue };
        let (Some(text), Some(format)) = (&figure.as_written, formats.get(&figure.indicator)) else { continue };
        match number::read(text, measure(*format)) {
            Ok(read) => {
                figure.value = Some(read.value);
                figure.qualifier = read.qualifier;
                figure.numerator = figure.numerator.or(read.numerator);
                figure.denominator = figure.denominator.or(read.denominator);
            }
            Err(refusal) => {
                let (reason, reason_vi) = unreadable(&refusal, *format);
                faults.push(place.key("as_written"), Problem::Figure { text: text.clone(), reason, reason_vi });
            }
        }
    }
}

/// Why a figure was refused, in both languages; the rarer reasons by their code.
fn unreadable(refusal: &Refusal, format: Format) -> (String, String) {
    let arg = |name: &str| refusal.args.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.as_str());
    match refusal.code {
        "number.not_a_number" | "number.empty" => ("there is no number in it".into(), "không có con số".into()),
        "number.ambiguous" => (
            format!("it can be read as {} and as {}", arg("first"), arg("second")),
            format!("có thể đọc là {} hoặc {}", arg("first"), arg("second")),
        ),
        "number.wrong_measure" => (format!("the indicator's format is {format}"), format!("chỉ tiêu có định dạng {format}")),
        "number.zero_denominator" => ("the denominator is zero".into(), "mẫu số bằng 0".into()),
        "number.grouping" => {
            ("the dots do not part thousands in groups of three".into(), "dấu chấm không ngăn hàng nghìn đúng ba chữ số".into())
        }
        "number.leading_words" => {
            (format!("words before the number: {}", arg("words")), format!("có chữ đứng trước con số: {}", arg("words")))
        }
        "number.not_whole" => ("a count is a whole number".into(), "số đếm phải là số nguyên".into()),
        _ => (refusal.to_string(), refusal.to_string()),
    }
}

fn targets(content: &mut Content, places: &Places, faults: &Faults, formats: &BTreeMap<String, Format>, tree: Option<&UnitTree>) {
    for target in &mut content.targets {
        let Some(place) = places.get(Kind::Target, &target.id) else { continue };
        if let Some(format) = formats.get(&target.indicator)
            && !target.threshold.is_empty()
        {
            match number::read(&target.threshold, measure(*format)) {
                Ok(read) => target.threshold_value = read.value.to_f64(),
                Err(_) => faults.push(
                    place.key("threshold"),
                    Problem::TargetShape {
                        indicator: target.indicator.clone(),
                        format: format.to_string(),
                        text: target.threshold.clone(),
                    },
                ),
            }
        }
        match (&target.scope, tree) {
            (Scope::Units(units), _) => target.bound_units.clone_from(units),
            (Scope::Level { under, level }, Some(tree)) => {
                let Some(top) = tree.idx(under) else { continue };
                target.bound_units =
                    tree.subtree(top).iter().map(|i| tree.unit(*i)).filter(|u| u.level == *level).map(|u| u.key.clone()).collect();
                if target.bound_units.is_empty() {
                    faults.push(place.key("scope"), Problem::NoBoundUnits { scope: format!("{under}, level {level}") });
                }
            }
            (Scope::Level { .. }, None) => {}
        }
    }
}

/// Units come out in the order of their keys within their level, parents first, so that loading never meets a child before its parent.
fn roots_follow_the_tree(content: &mut Content) {
    content.units.sort_by(|a, b| (a.level, &a.key).cmp(&(b.level, &b.key)));
}

/// Every definition of `list` that an earlier pack already has must say `replaces`, and `replaces` must replace something.
pub(crate) fn layering<T: Named>(list: &[T], earlier: &Places, later: &Places, faults: &Faults) -> BTreeSet<String> {
    let same: &[Kind] = if ANY_INDICATOR.contains(&T::KIND) { ANY_INDICATOR } else { std::slice::from_ref(&T::KIND) };
    layering_ids(list.iter().map(Named::id), T::KIND, same, earlier, later, faults)
}

pub(crate) fn layering_ids(
    ids: impl Iterator<Item = String>,
    kind: Kind,
    same: &[Kind],
    earlier: &Places,
    later: &Places,
    faults: &Faults,
) -> BTreeSet<String> {
    let mut replaced = BTreeSet::new();
    for id in ids {
        let Some(place) = later.get(kind, &id) else { continue };
        let first = same.iter().find_map(|k| earlier.get(*k, &id));
        match (first, place.replaces) {
            (Some(_), true) => {
                replaced.insert(id);
            }
            (Some(first), false) => faults.push(place.at.clone(), Problem::NotReplaced { kind, id, first: first.at.clone() }),
            (None, true) => faults.push(place.at.clone(), Problem::ReplacesNothing { kind, id }),
            (None, false) => {}
        }
    }
    replaced
}
