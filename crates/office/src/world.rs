//! What the packs declare, compiled and ready: units, registers, indicators, calendar, rules.
//!
//! A world is built from the definition records of the store and never changes; a changed definition makes a new one.

mod procedures;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::civil::Date;
use rules::{
    Localized, Month, Refusal,
    calendar::{Calendar, CalendarSpec, parse_weekday},
    indicator::{CheckedSet, DerivedDef, DerivedSet, Direction, Figure, Format, IndicatorDef, Kind},
    one_stop::{RuleSet, UnitPolicy},
    pack::{AccountDef, CalendarDef, Manifest, ReportedDef, RiskRuleDef, SourceDef, StatusDef, SuccessionDef, TenantDefaults, UnitDef},
    procedure::Procedure,
    schema::{RegisterDef, Schema},
    scorecard::ScorecardDef,
    target::AtRiskRule,
    units::{UnitKey, UnitTree},
};
use store::{DEFINITION, RegisterMeta, Store};

use crate::error::{Error, Result};

/// A register with its compiled schema.
#[derive(Debug)]
pub struct Register {
    pub def: RegisterDef,
    pub schema: Schema,
}

impl Register {
    /// What the store must know of it.
    #[must_use]
    pub fn meta(&self) -> RegisterMeta {
        let names = |keep: fn(&rules::schema::Field) -> bool| {
            self.schema.fields().iter().filter(|f| !f.built_in && keep(f)).map(|f| f.id.clone()).collect()
        };
        RegisterMeta {
            personal: names(|f| f.personal),
            search: names(|f| f.search && !f.personal),
            search_personal: names(|f| f.search && f.personal),
        }
    }
}

/// How an indicator gets its figures.
#[derive(Debug)]
pub enum Source {
    /// Counted from the records of a register; position in that register's set.
    Live {
        def: Box<IndicatorDef>,
        position: usize,
        version: i64,
    },
    Derived(Box<DerivedDef>),
    /// Typed in or published.
    Reported(Box<ReportedDef>),
}

/// One indicator of any kind, with what pages need of it.
#[derive(Debug)]
pub struct Indicator {
    pub id: String,
    pub name: Localized,
    pub aliases: Vec<String>,
    pub format: Format,
    pub direction: Direction,
    pub unit_of_measure: Option<Localized>,
    pub explain: Option<Localized>,
    pub source: Source,
}

impl Indicator {
    #[must_use]
    pub fn live(&self) -> Option<&IndicatorDef> {
        match &self.source {
            Source::Live { def, .. } => Some(def),
            _ => None,
        }
    }

    #[must_use]
    pub fn kind_word(&self) -> &'static str {
        match self.source {
            Source::Live { .. } => "live",
            Source::Derived(_) => "derived",
            Source::Reported(_) => "reported",
        }
    }

    /// Ratio, count, sum or average; derived values are plain numbers.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.source {
            Source::Live { def, .. } => def.kind,
            Source::Derived(_) => Kind::Average,
            Source::Reported(def) => def.kind,
        }
    }

    /// The later figure contains the earlier ones.
    #[must_use]
    pub fn cumulative(&self) -> bool {
        matches!(&self.source, Source::Reported(def) if def.cumulative)
    }

    /// A value as targets and published figures state it: 97.63 for 97,63 %.
    #[must_use]
    pub fn points(&self, value: f64) -> f64 {
        if self.format.is_percent() { value * 100.0 } else { value }
    }
}

/// Everything declared, for one tenant.
pub struct World {
    pub tenant: TenantDefaults,
    pub manifests: Vec<Manifest>,
    pub units: UnitTree,
    pub registers: BTreeMap<String, Register>,
    /// Indicators of each register, compiled together.
    pub sets: BTreeMap<String, CheckedSet>,
    pub indicators: BTreeMap<String, Indicator>,
    aliases: HashMap<String, String>,
    /// Live indicators that count what stands at a moment (cameras, teams): a cumulative reported indicator names them.
    stocks: std::collections::BTreeSet<String>,
    pub derived: DerivedSet,
    pub calendars: Vec<CalendarDef>,
    pub one_stop: OneStopLaw,
    pub statuses: Vec<StatusDef>,
    /// Accounts that a pack proposes for demonstrations, without passwords.
    pub accounts: Vec<AccountDef>,
    pub sources: BTreeMap<String, SourceDef>,
    /// Versions of each procedure, the oldest first; retired ones too, for dossiers that were opened under them.
    pub procedures: BTreeMap<String, Vec<Arc<Procedure>>>,
    pub scorecards: BTreeMap<String, ScorecardDef>,
    /// Versions that no pack declares any more.
    retired: std::collections::BTreeSet<String>,
    pub at_risk: AtRiskRule,
    pub at_risk_rule: Option<RiskRuleDef>,
    /// Versions of all definitions that decide what a cell holds (indicators, their registers) and the clock they are seen by:
    /// cells counted under others are stale.
    pub fingerprint: String,
    /// Entries the ledger had when the definitions were read.
    pub position: i64,
    /// The data is made up by the simulator.
    pub simulated: bool,
    /// A demonstration's clock, in microseconds from real time.
    pub clock_offset_us: Option<i64>,
}

/// What the one-stop desk works by.
#[derive(Debug)]
pub struct OneStopLaw {
    pub rule_sets: Vec<RuleSet>,
    pub policies: Vec<UnitPolicy>,
    calendar: Calendar,
    /// Calendars of policies that name hours of their own, by policy.
    own_calendars: BTreeMap<String, Calendar>,
}

impl Default for OneStopLaw {
    fn default() -> Self {
        Self {
            rule_sets: Vec::new(),
            policies: Vec::new(),
            calendar: Calendar::build(&CalendarSpec::default()).unwrap_or_else(|_| unreachable!("the default hours are sound")),
            own_calendars: BTreeMap::new(),
        }
    }
}

impl OneStopLaw {
    fn new(years: &[CalendarDef], rule_sets: Vec<RuleSet>, policies: Vec<UnitPolicy>) -> Result<Self> {
        let years: Vec<_> = years.iter().filter_map(CalendarDef::year_spec).collect();
        let build = |spec: &CalendarSpec| {
            Calendar::build(spec).map_err(|e| broken("calendar", e.first().map_or_else(String::new, ToString::to_string)))
        };
        let mut own_calendars = BTreeMap::new();
        for policy in policies.iter().filter(|p| !p.hours.is_empty() || !p.hours_on.is_empty()) {
            let mut spec = CalendarSpec { years: years.clone(), ..CalendarSpec::default() };
            if !policy.hours.is_empty() {
                spec.hours.clone_from(&policy.hours);
                spec.years.iter_mut().for_each(|y| y.hours = None);
            }
            for (day, hours) in &policy.hours_on {
                spec.hours_on.push((parse_weekday(day)?, hours.clone()));
            }
            own_calendars.insert(policy.id.clone(), build(&spec)?);
        }
        Ok(Self { calendar: build(&CalendarSpec { years, ..CalendarSpec::default() })?, rule_sets, policies, own_calendars })
    }
}

/// A definition as the store keeps it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Definition {
    pub kind: String,
    pub id: String,
    pub pack: String,
    pub hash: String,
    pub body: serde_json::Value,
}

fn broken(what: &str, e: impl std::fmt::Display) -> Error {
    Error::Internal(format!("definition {what}: {e}"))
}

impl World {
    /// Nothing declared yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            tenant: no_tenant(),
            manifests: Vec::new(),
            units: UnitTree::default(),
            registers: BTreeMap::new(),
            sets: BTreeMap::new(),
            indicators: BTreeMap::new(),
            aliases: HashMap::new(),
            stocks: std::collections::BTreeSet::new(),
            derived: DerivedSet::default(),
            calendars: Vec::new(),
            one_stop: OneStopLaw::default(),
            statuses: Vec::new(),
            accounts: Vec::new(),
            sources: BTreeMap::new(),
            procedures: BTreeMap::new(),
            scorecards: BTreeMap::new(),
            retired: std::collections::BTreeSet::new(),
            at_risk: AtRiskRule::default(),
            at_risk_rule: None,
            fingerprint: String::new(),
            position: -1,
            simulated: false,
            clock_offset_us: None,
        }
    }

    /// Reads the definitions and compiles them. An empty store gives a world with nothing in it.
    pub async fn load(store: &Store) -> Result<Self> {
        // First the position, then the definitions: what is committed between is read again rather than missed.
        let position = store.head().await?.size;
        let (mut list, mut retired) = (Vec::new(), Vec::new());
        for r in store.all(DEFINITION).await? {
            let definition = r.view::<Definition>()?;
            if r.state == "active" {
                list.push((definition, r.version));
            } else if definition.kind == procedures::KIND {
                retired.push(definition);
            }
        }
        let mut world = Self::build(list)?;
        world.add_retired(retired)?;
        Ok(Self { position, ..world })
    }

    /// Compiles definitions with their versions; fails where they do not fit together.
    pub(crate) fn build(list: Vec<(Definition, i64)>) -> Result<Self> {
        fn read<T: serde::de::DeserializeOwned>(d: &Definition) -> Result<T> {
            serde_json::from_value(d.body.clone()).map_err(|e| broken(&format!("{}:{}", d.kind, d.id), e))
        }
        let (mut units, mut successions, mut manifests) = (Vec::new(), Vec::new(), Vec::<Manifest>::new());
        let (mut registers, mut live, mut derived, mut reported) = (BTreeMap::new(), Vec::new(), Vec::<DerivedDef>::new(), Vec::new());
        let (mut calendars, mut statuses, mut sources, mut rule) = (Vec::new(), Vec::new(), BTreeMap::new(), None);
        let (mut rule_sets, mut policies) = (Vec::new(), Vec::new());
        let (mut simulated, mut clock_offset_us, mut accounts) = (false, None, Vec::new());
        let mut register_versions = BTreeMap::new();
        let (mut procedures, mut scorecards) = (Vec::new(), BTreeMap::new());
        for (d, version) in &list {
            match d.kind.as_str() {
                "manifest" => manifests.push(read(d)?),
                "unit" => units.extend(read::<UnitDef>(d)?.unit()),
                "succession" => successions.extend(read::<SuccessionDef>(d)?.succession()),
                "register" => {
                    let def: RegisterDef = read(d)?;
                    register_versions.insert(d.id.clone(), *version);
                    let schema = Schema::compile(&def).map_err(|e| broken(&d.id, e.first().map_or("", |f| f.code)))?;
                    registers.insert(d.id.clone(), Register { def, schema });
                }
                "indicator" => live.push((read::<IndicatorDef>(d)?, *version)),
                "derived" => derived.push(read(d)?),
                "reported" => reported.push(read::<ReportedDef>(d)?),
                "calendar" => calendars.push(read::<CalendarDef>(d)?),
                "account" => accounts.push(read::<AccountDef>(d)?),
                procedures::KIND => procedures.push(procedures::compile(d)?),
                "scorecard" => {
                    scorecards.insert(d.id.clone(), read::<ScorecardDef>(d)?);
                }
                "status" => statuses.push(read::<StatusDef>(d)?),
                "source" => {
                    sources.insert(d.id.clone(), read::<SourceDef>(d)?);
                }
                "one_stop_rules" => rule_sets.push(read::<RuleSet>(d)?),
                "unit_policy" => policies.push(read::<UnitPolicy>(d)?),
                "risk_rule" => rule = Some(read::<RiskRuleDef>(d)?),
                "setting" if d.id == "demo" => {
                    simulated = d.body.get("simulated").and_then(serde_json::Value::as_bool).unwrap_or(false);
                    clock_offset_us = d.body.get("clock_offset_us").and_then(serde_json::Value::as_i64);
                }
                _ => {}
            }
        }
        // A pack that builds upon others comes after them; its tenant counts.
        manifests.sort_by_key(|m| m.requires.len());
        statuses.sort_by_key(|s| s.order);
        calendars.sort_by_key(|c| c.year);
        let units = UnitTree::build(units, successions).map_err(|e| broken("units", format!("{:?}", e.first())))?;
        let counted: std::collections::BTreeSet<&String> = live.iter().map(|(d, _)| &d.register).collect();
        let fingerprint = live
            .iter()
            .map(|(d, v)| format!("{}@{v}", d.id))
            .chain(register_versions.iter().filter(|(r, _)| counted.contains(r)).map(|(r, v)| format!("register:{r}@{v}")))
            .chain(clock_offset_us.map(|us| format!("clock:{us}")))
            .collect::<Vec<_>>()
            .join(" ");
        let (sets, indicators) = Self::compile(&registers, live, &derived, reported)?;
        let known: std::collections::BTreeSet<String> =
            indicators.values().filter(|i| !matches!(i.source, Source::Derived(_))).map(|i| i.id.clone()).collect();
        let compiled =
            DerivedSet::compile(&derived, &|id| known.contains(id)).map_err(|e| broken("derived", format!("{:?}", e.first())))?;
        let aliases = indicators.values().flat_map(|i| i.aliases.iter().map(|a| (a.clone(), i.id.clone()))).collect();
        let stocks = indicators
            .values()
            .filter_map(|i| match &i.source {
                Source::Reported(def) if def.cumulative => def.live.clone(),
                _ => None,
            })
            .collect();
        let at_risk = rule.as_ref().map_or_else(AtRiskRule::default, |r| r.rule.clone());
        Ok(Self {
            tenant: manifests.iter().rev().find_map(|m| m.tenant.clone()).unwrap_or_else(no_tenant),
            manifests,
            units,
            registers,
            sets,
            indicators,
            aliases,
            stocks,
            derived: compiled,
            one_stop: OneStopLaw::new(&calendars, rule_sets, policies)?,
            calendars,
            statuses,
            accounts,
            sources,
            procedures: procedures::by_code(procedures),
            scorecards,
            retired: std::collections::BTreeSet::new(),
            at_risk,
            at_risk_rule: rule,
            fingerprint,
            position: -1,
            simulated,
            clock_offset_us,
        })
    }

    fn compile(
        registers: &BTreeMap<String, Register>,
        live: Vec<(IndicatorDef, i64)>,
        derived: &[DerivedDef],
        reported: Vec<ReportedDef>,
    ) -> Result<(BTreeMap<String, CheckedSet>, BTreeMap<String, Indicator>)> {
        let mut by_register: BTreeMap<String, Vec<(IndicatorDef, i64)>> = BTreeMap::new();
        for (def, version) in live {
            by_register.entry(def.register.clone()).or_default().push((def, version));
        }
        let (mut sets, mut indicators) = (BTreeMap::new(), BTreeMap::new());
        for (name, defs) in by_register {
            let register = registers.get(&name).ok_or_else(|| broken(&name, "an indicator names a register that is not there"))?;
            let plain: Vec<IndicatorDef> = defs.iter().map(|(d, _)| d.clone()).collect();
            let set = CheckedSet::check(&register.schema, &plain)
                .map_err(|e| broken(&name, e.first().map_or(String::new(), ToString::to_string)))?;
            for (position, (def, version)) in defs.into_iter().enumerate() {
                indicators.insert(
                    def.id.clone(),
                    Indicator {
                        id: def.id.clone(),
                        name: def.name.clone(),
                        aliases: def.aliases.clone(),
                        format: def.format,
                        direction: def.direction,
                        unit_of_measure: def.unit_of_measure.clone(),
                        explain: def.explain.clone(),
                        source: Source::Live { def: Box::new(def), position, version },
                    },
                );
            }
            sets.insert(name, set);
        }
        for def in derived {
            indicators.insert(
                def.id.clone(),
                Indicator {
                    id: def.id.clone(),
                    name: def.name.clone(),
                    aliases: def.aliases.clone(),
                    format: def.format,
                    direction: def.direction,
                    unit_of_measure: def.unit_of_measure.clone(),
                    explain: def.explain.clone(),
                    source: Source::Derived(Box::new(def.clone())),
                },
            );
        }
        for def in reported {
            indicators.insert(
                def.id.clone(),
                Indicator {
                    id: def.id.clone(),
                    name: def.name.clone(),
                    aliases: def.aliases.clone(),
                    format: def.format,
                    direction: def.direction,
                    unit_of_measure: Some(def.unit_of_measure.clone()),
                    explain: def.explain.clone(),
                    source: Source::Reported(Box::new(def)),
                },
            );
        }
        Ok((sets, indicators))
    }

    /// By id, or by one of its other names (`IN-014`).
    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.get(id).or_else(|| self.indicators.get(self.aliases.get(id)?))
    }

    /// What a period means for a live indicator: a stock counts everything up to the period's end, a flow what happened in it.
    #[must_use]
    pub fn reach(&self, id: &str, months: Option<(Month, Month)>) -> Option<(Month, Month)> {
        if self.stocks.contains(id) { months.map(|(_, to)| (Month::new(1900, 1), to)) } else { months }
    }

    pub fn register(&self, id: &str) -> Result<&Register> {
        self.registers.get(id).ok_or_else(|| Error::not_found(id))
    }

    /// The tenant's top unit on a date: the first root of the last pack that has one valid then.
    #[must_use]
    pub fn root_on(&self, date: Date) -> Option<&UnitKey> {
        let roots = || self.manifests.iter().rev().flat_map(|m| &m.roots);
        roots().find(|k| self.units.get(k).is_some_and(|u| u.is_valid_on(date))).or_else(|| roots().next())
    }

    /// The one-stop rules in force on a day.
    ///
    /// # Errors
    /// `one_stop.no_rules` (day) where no pack declares any.
    pub fn one_stop_rules(&self, day: Date) -> Result<&RuleSet> {
        let found = self.one_stop.rule_sets.iter().filter(|r| r.in_force_on(day)).max_by_key(|r| r.valid_from);
        found.ok_or_else(|| Error::Refused(Refusal::new("one_stop.no_rules").with("day", day)))
    }

    /// The rules that a dossier was opened under.
    ///
    /// # Errors
    /// `one_stop.no_rules` (day) where neither they nor those of the day are declared.
    pub fn one_stop_rules_of(&self, id: &str, day: Date) -> Result<&RuleSet> {
        match self.one_stop.rule_sets.iter().find(|r| r.id == id) {
            Some(rules) => Ok(rules),
            None => self.one_stop_rules(day),
        }
    }

    /// Policies of a unit on a day, the nearest first.
    pub fn policies(&self, unit: u32, day: Date) -> impl Iterator<Item = &UnitPolicy> {
        let mut found: Vec<(u8, &UnitPolicy)> = self
            .one_stop
            .policies
            .iter()
            .filter(|p| p.in_force_on(day))
            .filter_map(|p| self.units.idx(&p.unit).filter(|top| self.units.covers(*top, unit)).map(|top| (self.units.unit(top).level, p)))
            .collect();
        found.sort_by_key(|(level, p)| (std::cmp::Reverse(*level), std::cmp::Reverse(p.valid_from)));
        found.into_iter().map(|(_, p)| p)
    }

    /// The working calendar of a unit: the announced years, with the unit's own hours where a policy in force on the day names some.
    #[must_use]
    pub fn calendar(&self, unit: u32, day: Date) -> &Calendar {
        let own = self.policies(unit, day).find(|p| !p.hours.is_empty() || !p.hours_on.is_empty());
        own.and_then(|p| self.one_stop.own_calendars.get(&p.id)).unwrap_or(&self.one_stop.calendar)
    }

    /// A unit by key text, or by code on a date.
    #[must_use]
    pub fn unit_idx(&self, text: &str, date: Date) -> Option<u32> {
        match text.parse::<UnitKey>() {
            Ok(key) => self.units.idx(&key),
            Err(_) => self.units.resolve(text, date),
        }
    }

    /// Name of the unit of a record (`code@date` text); the text itself when it is unknown.
    #[must_use]
    pub fn unit_name<'a>(&'a self, key: &'a str, lang: &str) -> &'a str {
        key.parse::<UnitKey>().ok().and_then(|k| self.units.get(&k)).map_or(key, |u| u.name.get(lang))
    }

    /// What derived indicators say, from the figures they are made of.
    #[must_use]
    pub fn derive(&self, id: &str, figure: &mut dyn FnMut(&str) -> Option<Figure>) -> Option<f64> {
        self.derived.eval(id, figure)
    }
}

fn no_tenant() -> TenantDefaults {
    TenantDefaults {
        id: "haidang".into(),
        name: Localized::new("Hải Đăng", "Hải Đăng"),
        place: String::new(),
        governing_body: None,
        authority: Vec::new(),
        report_notation: "BC".into(),
        signer: rules::pack::Signer { authority: String::new(), title: Vec::new(), english: Vec::new(), name: None },
        recipients: Vec::new(),
        legal_basis: Vec::new(),
    }
}
