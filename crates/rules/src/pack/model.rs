//! What a pack declares, as read. Every struct is also the body of its definition in the store (see `PackItem`).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    Localized, Period,
    access::Role,
    calendar::{self, RestDay, YearSpec},
    indicator::{self, Direction, Format},
    number::{Decimal, Qualifier},
    target::{AtRiskRule, Comparison, Judged, Window},
    units::{Succession, Unit, UnitKey},
};

/// `pack.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Manifest {
    pub id: String,
    pub name: Localized,
    /// Free text, compared for equality only.
    pub version: String,
    /// Packs that must be loaded before this one.
    pub requires: Vec<String>,
    /// Units at the top of the tenant; the first that is valid on a day is the root on that day.
    pub roots: Vec<UnitKey>,
    pub tenant: Option<TenantDefaults>,
    pub licence: Option<String>,
    pub notes: Option<Localized>,
}

/// What reports and pages of the tenant say when nobody has changed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct TenantDefaults {
    pub id: String,
    pub name: Localized,
    /// Place before the date of a document: "Vũng Tàu".
    pub place: String,
    /// Agency above the issuing one, in capitals (Decree 30/2020, heading block); may be missing.
    pub governing_body: Option<String>,
    /// Issuing agency, in capitals, one text per line.
    pub authority: Vec<String>,
    /// "BC-UBND": what follows the number of a report.
    pub report_notation: String,
    pub signer: Signer,
    pub recipients: Vec<String>,
    /// As a rule, what the report's preamble cites, one "Căn cứ …" per entry.
    pub legal_basis: Vec<String>,
}

/// The signature block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Signer {
    /// "TM. ỦY BAN NHÂN DÂN".
    pub authority: String,
    /// "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH".
    pub title: Vec<String>,
    /// The same lines for readers of English, authority first; empty: the Vietnamese ones stand there too.
    #[serde(default)]
    pub english: Vec<String>,
    /// Unknown until the tenant says so.
    pub name: Option<String>,
}

/// Where facts come from: an article, a decree, a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceDef {
    pub id: String,
    pub title: String,
    pub publisher: Option<String>,
    /// Unknown dates stay unknown.
    pub published_on: Option<Date>,
    pub address: Option<String>,
    pub note: Option<Localized>,
}

/// An administrative unit or agency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitDef {
    pub key: UnitKey,
    /// First day on which it is no longer valid.
    pub valid_to: Option<Date>,
    pub name: Localized,
    pub short: Option<Localized>,
    /// country, province, district, ward, commune, special_zone, agency
    pub kind: String,
    /// 1 nation, 2 province, 3 district or city under a province, 4 commune, 5 agency below.
    pub level: u8,
    pub parent: Option<UnitKey>,
    /// Identifier under Decision 20/2020/QĐ-TTg.
    pub org_code: Option<String>,
    pub aliases: Vec<String>,
    pub source: Option<String>,
    pub verified: bool,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuccessionDef {
    pub from: UnitKey,
    pub to: UnitKey,
    pub on: Date,
    pub whole: bool,
    /// Share of `from` that went to `to`, "3/5"; only where it did not go whole.
    pub share: Option<String>,
    pub legal_basis: String,
    pub source: Option<String>,
    pub verified: bool,
}

/// One year of the working calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalendarDef {
    pub year: i32,
    /// Not yet announced: every deadline computed with it is provisional.
    pub provisional: bool,
    /// Weekly days off, "sat", "sun".
    pub weekend: Vec<String>,
    /// Office hours, "07:30-11:30".
    pub hours: Vec<String>,
    pub days: Vec<CalendarDay>,
    pub source: Option<String>,
    pub verified: bool,
    pub note: Option<Localized>,
}

/// A day that is not what its weekday says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalendarDay {
    pub date: Date,
    /// `holiday` (off by law), `off` (working day exchanged for another), `work` (rest day worked instead)
    pub kind: String,
    pub name: Localized,
    pub source: Option<String>,
    pub verified: bool,
    pub note: Option<String>,
}

/// How a status looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDef {
    pub id: String,
    pub name: Localized,
    pub explain: Localized,
    /// Name of the icon; never colour alone.
    pub icon: String,
    /// green, blue, red, grey, amber, purple, cyan
    pub tone: String,
    pub order: u8,
}

/// The rule that says "at risk", with a version so that a report can name the rule it used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskRuleDef {
    pub id: String,
    pub version: String,
    pub explain: Localized,
    #[serde(flatten)]
    pub rule: AtRiskRule,
}

/// A register, indicator or derived indicator: the body in the shape of CORE's TOML, as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Declaration {
    pub id: String,
    pub body: Map<String, Json>,
}

/// An indicator whose figures are typed in or read from a publication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedDef {
    pub id: String,
    pub aliases: Vec<String>,
    pub name: Localized,
    pub unit_of_measure: Localized,
    pub kind: indicator::Kind,
    pub direction: Direction,
    pub format: Format,
    /// The figure is a running total, not what happened in the period.
    pub cumulative: bool,
    /// The live indicator that counts the same thing from records.
    pub live: Option<String>,
    pub group: Option<String>,
    pub explain: Option<Localized>,
    pub source: Option<String>,
    pub note: Option<Localized>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectiveDef {
    pub id: String,
    /// Number and notation as printed; some have none.
    pub number: Option<String>,
    /// NQ, QĐ, NĐ, CT, KH, CV, ĐA, PL, CTr, BC, KT, QC
    pub kind: String,
    pub title: Localized,
    pub issuer: Option<String>,
    pub issuer_note: Option<Localized>,
    pub issued_on: Option<Date>,
    pub parents: Vec<String>,
    /// Another directive that may be the same document under a contradicting description.
    pub conflicts_with: Vec<String>,
    pub unit: Option<UnitKey>,
    pub source: Option<String>,
    pub quote: Option<String>,
    pub note: Option<Localized>,
    pub verified: bool,
}

/// Which units a target binds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Units(Vec<UnitKey>),
    /// All units of `level` below `under`, on the map of the day asked for.
    Level {
        under: UnitKey,
        level: u8,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetDef {
    pub id: String,
    pub title: Localized,
    /// Id of an indicator of any kind.
    pub indicator: String,
    /// As written: "70%".
    pub threshold: String,
    /// The threshold in the indicator's own measure: 70 for 70 %.
    pub threshold_value: f64,
    pub comparison: Comparison,
    pub window: Window,
    /// Left out: each for what adds up (counts, sums), together for rates and averages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
    pub deadline: Option<Date>,
    pub milestones: Vec<Milestone>,
    pub scope: Scope,
    /// The units of `scope` at the time of their own validity.
    pub bound_units: Vec<UnitKey>,
    pub owner: Option<UnitKey>,
    pub cooperating: Vec<UnitKey>,
    pub directive: Option<String>,
    /// Contradicting statements, all kept until somebody decides with a reason.
    pub claims: Vec<Claim>,
    pub recurring: bool,
    pub pilot: bool,
    pub source: Option<String>,
    pub quote: Option<String>,
    pub note: Option<Localized>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    pub date: Date,
    /// In the indicator's own measure.
    pub value: f64,
    pub note: Option<String>,
}

/// One of several contradicting statements about a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    pub deadline: Option<Date>,
    pub threshold: Option<String>,
    pub source: Option<String>,
    pub quote: String,
}

/// Assigned work with its "sáu rõ": who, what, responsibility, authority, time, product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskDef {
    pub id: String,
    /// Rõ việc.
    pub title: Localized,
    /// Rõ người.
    pub lead: UnitKey,
    pub cooperating: Vec<UnitKey>,
    /// Rõ trách nhiệm.
    pub responsibility: Localized,
    /// Rõ thẩm quyền.
    pub authority: Localized,
    /// Rõ thời gian.
    pub starts_on: Option<Date>,
    pub deadline: Option<Date>,
    /// Rõ kết quả.
    pub product: Localized,
    pub directive: Option<String>,
    pub target: Option<String>,
    pub parent: Option<String>,
    pub recurring: bool,
    pub pilot: bool,
    pub waiting_for: Option<Localized>,
    /// draft, assigned, in_progress, waiting, submitted, returned, approved
    pub state: String,
    /// 0..=100
    pub progress: u8,
    pub completed_on: Option<Date>,
    pub source: Option<String>,
    pub quote: Option<String>,
    pub note: Option<Localized>,
    /// False where the pack's author filled a field the source leaves open.
    pub verified: bool,
}

/// A published figure: the text as printed and what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureDef {
    pub id: String,
    pub indicator: String,
    pub unit: UnitKey,
    /// `None`: the source does not say.
    pub period: Option<Period>,
    /// `None`: unknown. Never the day of reading.
    pub as_of: Option<Date>,
    /// "hơn 115.254", "97.63 %"; `None` where the source gives words only.
    pub as_written: Option<String>,
    /// Exact, in the indicator's own measure: 97.63 for 97,63 %.
    pub value: Option<Decimal>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub qualifier: Qualifier,
    /// Where the source gives a status in words instead of a number.
    pub status: Option<String>,
    pub source: String,
    pub quote: String,
    /// Arithmetic of the pack's author, not in the source.
    pub derived: bool,
    pub note: Option<Localized>,
    pub verified: bool,
}

/// An account of the demo. Packs never hold passwords.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountDef {
    pub id: String,
    pub display_name: String,
    pub grants: Vec<GrantDef>,
    pub language: String,
    pub note: Option<Localized>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GrantDef {
    pub role: Role,
    pub unit: UnitKey,
}

impl UnitDef {
    /// As the unit tree wants it; `None` when the kind is not one (a fault that reading has noted).
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        let kind = serde_json::from_value(Json::String(self.kind.clone())).ok()?;
        Some(Unit {
            key: self.key.clone(),
            valid_to: self.valid_to,
            name: self.name.clone(),
            short: self.short.clone(),
            kind,
            level: self.level,
            parent: self.parent.clone(),
            org_code: self.org_code.clone(),
            aliases: self.aliases.clone(),
        })
    }
}

impl SuccessionDef {
    /// As the unit tree wants it; `None` when the share is not a fraction (a fault that reading has noted).
    #[must_use]
    pub fn succession(&self) -> Option<Succession> {
        let share = match &self.share {
            Some(text) => Some(text.parse().ok()?),
            None => None,
        };
        Some(Succession {
            from: self.from.clone(),
            to: self.to.clone(),
            on: self.on,
            whole: self.whole,
            share,
            legal_basis: self.legal_basis.clone(),
        })
    }
}

impl ReportedDef {
    /// The part that `indicator` knows.
    #[must_use]
    pub fn indicator(&self) -> indicator::ReportedDef {
        indicator::ReportedDef {
            id: self.id.clone(),
            aliases: self.aliases.clone(),
            name: self.name.clone(),
            kind: self.kind,
            unit_of_measure: Some(self.unit_of_measure.clone()),
            direction: self.direction,
            format: self.format,
            cumulative: self.cumulative,
            source: self.source.clone(),
            explain: self.explain.clone(),
        }
    }
}

impl CalendarDef {
    /// As the calendar wants it; `None` when a day or weekday cannot be read (a fault that reading has noted).
    #[must_use]
    pub fn year_spec(&self) -> Option<YearSpec> {
        let days: Option<Vec<_>> = self
            .days
            .iter()
            .map(|d| {
                let kind = serde_json::from_value(Json::String(d.kind.clone())).ok()?;
                Some(calendar::CalendarDay {
                    date: d.date,
                    kind,
                    name: d.name.clone(),
                    source: d.source.clone().or_else(|| self.source.clone()),
                })
            })
            .collect();
        let rest_days: Option<Vec<RestDay>> = self.weekend.iter().map(|w| w.clone().try_into().ok()).collect();
        Some(YearSpec {
            year: i16::try_from(self.year).ok()?,
            provisional: self.provisional,
            rest_days: rest_days.filter(|d| !d.is_empty()),
            hours: Some(self.hours.clone()).filter(|h| !h.is_empty()),
            days: days?,
        })
    }
}
