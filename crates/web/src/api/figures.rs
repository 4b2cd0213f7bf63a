//! Indicators and their live figures.

use axum::{Json, extract::Path, http::HeaderMap, response::Response};
use jiff::civil::Date;
use office::{
    Error,
    figures::{Count, Part},
    programme::{ReportedFigure, Standing},
};
use rules::{Month, Period, Refusal, number::Decimal};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ApiResult, Caller, Problem, input::Params, problem::with_etag, records::RecordOut};

/// Units, indicators and months of one matrix at most (300 × 60 × 120 cells would be 2 million).
const MATRIX_CELLS: usize = 500_000;

#[derive(Debug, Serialize, ToSchema)]
pub struct Unit {
    /// `code@first-day-of-validity`
    pub key: String,
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    pub level: u8,
    pub parent: Option<String>,
    pub valid_from: String,
    /// First day on which it is no longer valid.
    pub valid_to: Option<String>,
    /// What stands for it in the codes of its dossiers.
    pub agency_code: Option<String>,
    /// The agency code was not read where it was published.
    pub agency_code_to_be_confirmed: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct AsOf {
    /// ISO date on whose map the units are drawn; today by default.
    pub as_of: Option<String>,
}

pub(super) fn date(caller: &Caller, text: Option<&str>) -> ApiResult<Date> {
    match text.filter(|t| !t.is_empty()) {
        None => Ok(caller.app.office.today()),
        Some(t) => t.parse().map_err(|_| caller.fault(Error::Refused(Refusal::new("input.date").with("field", "as_of").with("text", t)))),
    }
}

/// Units on a day's map
#[utoipa::path(get, path = "/units", tag = "figures", params(AsOf), responses((status = 200, body = Vec<Unit>), (status = 401, body = Problem)))]
pub async fn units(caller: Caller, Params(q): Params<AsOf>) -> ApiResult<Json<Vec<Unit>>> {
    signed_in(&caller)?;
    let day = date(&caller, q.as_of.as_deref())?;
    let world = caller.app.office.world();
    Ok(Json(
        world
            .units
            .as_of(day)
            .map(|i| {
                let u = world.units.unit(i);
                let agency = world.agency_code(i, day);
                Unit {
                    key: u.key.to_string(),
                    code: u.key.code.clone(),
                    name_vi: u.name.vi.clone(),
                    name_en: u.name.en.clone(),
                    level: u.level,
                    parent: u.parent.as_ref().map(ToString::to_string),
                    valid_from: u.key.valid_from.to_string(),
                    valid_to: u.valid_to.map(|d| d.to_string()),
                    agency_code_to_be_confirmed: agency.as_ref().is_some_and(|a| !a.verified),
                    agency_code: agency.map(|a| a.code),
                }
            })
            .collect(),
    ))
}

fn signed_in(caller: &Caller) -> ApiResult<()> {
    if caller.visitor.is_some() { Ok(()) } else { Err(caller.fault(Error::refused("access.sign_in"))) }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Indicator {
    pub id: String,
    pub aliases: Vec<String>,
    pub name_vi: String,
    pub name_en: String,
    /// live, derived, reported
    pub source: String,
    /// percent:2, integer, decimal:1, vnd
    pub format: String,
    pub register: Option<String>,
    pub breakdowns: Vec<String>,
    /// The formula in words.
    pub explain_vi: Option<String>,
    pub explain_en: Option<String>,
}

fn shown(i: &office::world::Indicator) -> Indicator {
    Indicator {
        id: i.id.clone(),
        aliases: i.aliases.clone(),
        name_vi: i.name.vi.clone(),
        name_en: i.name.en.clone(),
        source: i.kind_word().into(),
        format: i.format.to_string(),
        register: i.live().map(|d| d.register.clone()),
        breakdowns: i.live().map(|d| d.breakdowns.clone()).unwrap_or_default(),
        explain_vi: i.explain.as_ref().map(|e| e.vi.clone()),
        explain_en: i.explain.as_ref().map(|e| e.en.clone()),
    }
}

/// All indicators
#[utoipa::path(get, path = "/indicators", tag = "figures", responses((status = 200, body = Vec<Indicator>), (status = 401, body = Problem)))]
pub async fn indicators(caller: Caller) -> ApiResult<Json<Vec<Indicator>>> {
    signed_in(&caller)?;
    Ok(Json(caller.app.office.world().indicators.values().map(shown).collect()))
}

/// One indicator, by id or alias
#[utoipa::path(get, path = "/indicators/{id}", tag = "figures", params(("id" = String, Path)),
    responses((status = 200, body = Indicator), (status = 404, body = Problem)))]
pub async fn indicator(caller: Caller, Path(id): Path<String>) -> ApiResult<Json<Indicator>> {
    signed_in(&caller)?;
    let world = caller.app.office.world();
    world.indicator(&id).map(|i| Json(shown(i))).ok_or_else(|| caller.fault(Error::not_found(&id)))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct FigureQuery {
    /// Unit key or code; the tenant's top by default.
    pub unit: Option<String>,
    /// 2025-06, 2025Q2, 2025, all, 2025-01..2025-06; all by default.
    pub period: Option<String>,
    pub as_of: Option<String>,
    /// Also the values of this breakdown.
    pub by: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Figure {
    pub indicator: String,
    pub unit: String,
    pub period: String,
    /// Fraction for rates (0.9763 = 97,63 %); null = no value (a zero denominator is no value).
    pub value: Option<f64>,
    /// × 10^scale; null where the value was published, not counted.
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub records: Option<i64>,
    pub scale: u8,
    /// Where no records are counted: the published figure that stands, or all that contradict each other (then `value` is null).
    pub published: Vec<Published>,
    /// Part was attributed by a declared share of a divided unit.
    pub estimated: bool,
    /// Former units whose figures cannot be attributed.
    pub not_attributable: Vec<String>,
    /// Ledger position that the figure contains.
    pub position: u64,
    pub simulated: bool,
    pub by: Vec<Slice>,
}

/// A figure that somebody published or handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Published {
    /// Identity of the reported figure.
    pub id: String,
    /// In the indicator's own measure, exact: 97.63 for 97,63 %.
    #[schema(value_type = Option<String>)]
    pub value: Option<Decimal>,
    pub as_written: Option<String>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub period: Option<String>,
    pub as_of: Option<String>,
    pub source: String,
    /// False: to be confirmed.
    pub verified: bool,
}

impl Published {
    fn of(f: &ReportedFigure) -> Self {
        Self {
            id: f.record.id.to_string(),
            value: f.def.value,
            as_written: f.def.as_written.clone(),
            numerator: f.def.numerator,
            denominator: f.def.denominator,
            period: f.def.period.map(|p| p.to_string()),
            as_of: f.def.as_of.map(|d| d.to_string()),
            source: f.def.source.clone(),
            verified: f.def.verified,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Slice {
    pub value: Option<String>,
    pub figure: Option<f64>,
    pub numerator: i64,
    pub denominator: i64,
    pub records: i64,
}

/// One figure
///
/// Counted from records where there are any, else as it was published.
#[utoipa::path(get, path = "/figures/{indicator}", tag = "figures", params(("indicator" = String, Path), FigureQuery),
    responses((status = 200, body = Figure), (status = 304), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn figure(caller: Caller, headers: HeaderMap, Path(id): Path<String>, Params(q): Params<FigureQuery>) -> ApiResult<Response> {
    let office = &caller.app.office;
    let day = date(&caller, q.as_of.as_deref())?;
    let unit = office.unit_or_top(q.unit.as_deref(), day).map_err(|e| caller.fault(e))?;
    let period: Period = q.period.as_deref().unwrap_or("all").parse().map_err(|e: rules::time::TimeError| caller.fault(Error::from(e)))?;
    let Standing { answer, published } =
        office.standing_now(&caller.actor(), &id, unit, (period, day)).await.map_err(|e| caller.fault(e))?;
    let world = office.world();
    let mut by = Vec::new();
    if let Some(field) = &q.by {
        let sources = office.sources(unit, day).map_err(|e| caller.fault(e))?;
        for s in office.breakdown(&id, field, &sources, period).map_err(|e| caller.fault(e))? {
            by.push(Slice {
                value: s.value,
                figure: s.figure.value,
                numerator: s.figure.num,
                denominator: s.figure.den,
                records: s.figure.n,
            });
        }
    }
    let position = office.live().position();
    let etag = format!("\"p{position}-{}\"", office.engine_clock().0 / 60_000_000);
    let out = Figure {
        indicator: world.indicator(&id).map_or(id, |i| i.id.clone()),
        unit: world.units.key(unit).to_string(),
        period: period.to_string(),
        value: answer.value,
        numerator: answer.figure.map(|f| f.num),
        denominator: answer.figure.map(|f| f.den),
        records: answer.figure.map(|f| f.n),
        scale: answer.figure.map_or(0, |f| f.scale),
        published: published.iter().map(Published::of).collect(),
        estimated: answer.estimated,
        not_attributable: answer.not_attributable.iter().map(|u| world.units.key(*u).to_string()).collect(),
        position,
        simulated: world.simulated,
        by,
    };
    Ok(with_etag(&headers, &etag, Json(out)))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct MatrixQuery {
    /// Indicator ids, separated by commas.
    pub indicators: String,
    /// Unit keys or codes, separated by commas; the children of the tenant's top by default.
    pub units: Option<String>,
    /// First month, 2025-01.
    pub from: String,
    /// Last month.
    pub to: String,
    pub as_of: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Matrix {
    pub indicators: Vec<String>,
    pub units: Vec<String>,
    pub from: String,
    pub months: usize,
    pub position: u64,
    /// Numerators, denominators and record counts: `[indicator][unit][month]` flattened in this order.
    pub num: Vec<i64>,
    pub den: Vec<i64>,
    pub n: Vec<i64>,
}

/// Many figures at once
///
/// Indicators × units × months in one answer, summed from records; the caller divides numerators by denominators.
#[utoipa::path(get, path = "/matrix", tag = "figures", params(MatrixQuery),
    responses((status = 200, body = Matrix), (status = 304), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn matrix(caller: Caller, headers: HeaderMap, Params(q): Params<MatrixQuery>) -> ApiResult<Response> {
    let office = &caller.app.office;
    let day = date(&caller, q.as_of.as_deref())?;
    let month = |t: &str| t.parse::<Month>().map_err(|e| caller.fault(Error::from(e)));
    let (from, to) = (month(&q.from)?, month(&q.to)?);
    let world = office.world();
    let list = |t: &str| t.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let units = match &q.units {
        Some(text) => {
            list(text).iter().map(|u| office.unit_or_top(Some(u), day).map_err(|e| caller.fault(e))).collect::<ApiResult<Vec<_>>>()?
        }
        None => {
            let top = office.unit_or_top(None, day).map_err(|e| caller.fault(e))?;
            world.units.subtree_on(top, day).filter(|u| *u != top).collect()
        }
    };
    let ids = list(&q.indicators);
    let months = usize::try_from(to.0 - from.0 + 1).unwrap_or(0);
    if months == 0 || ids.len() * units.len() * months > MATRIX_CELLS {
        return Err(caller.fault(Error::Refused(Refusal::new("matrix.size").with("max", MATRIX_CELLS))));
    }
    let mut names = Vec::new();
    for id in &ids {
        let indicator = world.indicator(id).ok_or_else(|| caller.fault(Error::not_found(id)))?;
        for unit in &units {
            office.may_see(&caller.actor(), indicator, *unit).map_err(|e| caller.fault(e))?;
        }
        names.push(indicator.id.clone());
    }
    let groups: Vec<Vec<u32>> =
        units.iter().map(|u| office.sources(*u, day).map(|s| s.exact).map_err(|e| caller.fault(e))).collect::<ApiResult<_>>()?;
    let (num, den, n, position) = {
        let engine = office.live().engine();
        let numbers: Vec<_> =
            names.iter().map(|i| engine.indicator(i).ok_or_else(|| caller.fault(Error::not_found(i)))).collect::<ApiResult<_>>()?;
        let m = engine.matrix(&numbers, &groups, from, to);
        let cells = names.len() * units.len() * months;
        let (mut num, mut den, mut n) = (Vec::with_capacity(cells), Vec::with_capacity(cells), Vec::with_capacity(cells));
        for i in 0..names.len() {
            for g in 0..units.len() {
                for month in from.0..=to.0 {
                    let s = m.get(i, g, Month(month));
                    num.push(s.num);
                    den.push(s.den);
                    n.push(s.n);
                }
            }
        }
        (num, den, n, engine.position())
    };
    let out = Matrix {
        indicators: names,
        units: units.iter().map(|u| world.units.key(*u).to_string()).collect(),
        from: from.to_string(),
        months,
        position,
        num,
        den,
        n,
    };
    let etag = format!("\"p{position}-{}\"", office.engine_clock().0 / 60_000_000);
    Ok(with_etag(&headers, &etag, Json(out)))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct BehindQuery {
    pub unit: Option<String>,
    pub period: Option<String>,
    pub as_of: Option<String>,
    /// counted (default), numerator, rest
    pub part: Option<String>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// 1..500
    pub limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RecordPage {
    /// How many records the list has; null where that is not known without counting them all (a long list that no figure counts, and
    /// its later pages).
    pub total: Option<i64>,
    pub records: Vec<RecordOut>,
    /// Send as `after` for the next page.
    pub next: Option<String>,
}

impl RecordPage {
    pub fn of(caller: &Caller, page: &store::Page, count: Count) -> ApiResult<Self> {
        let records = page.records.iter().map(|r| RecordOut::of(caller, r)).collect::<ApiResult<_>>()?;
        Ok(Self { total: count.exact.then_some(count.n), records, next: page.next.clone() })
    }
}

/// The records behind a figure
#[utoipa::path(get, path = "/figures/{indicator}/records", tag = "figures", params(("indicator" = String, Path), BehindQuery),
    responses((status = 200, body = RecordPage), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn records_behind(caller: Caller, Path(id): Path<String>, Params(q): Params<BehindQuery>) -> ApiResult<Json<RecordPage>> {
    let office = &caller.app.office;
    let day = date(&caller, q.as_of.as_deref())?;
    let unit = office.unit_or_top(q.unit.as_deref(), day).map_err(|e| caller.fault(e))?;
    let period: Period = q.period.as_deref().unwrap_or("all").parse().map_err(|e: rules::time::TimeError| caller.fault(Error::from(e)))?;
    let part = match q.part.as_deref() {
        Some("numerator") => Part::Numerator,
        Some("rest") => Part::Rest,
        _ => Part::Counted,
    };
    let (page, count) = office
        .page_behind(&caller.actor(), &id, unit, period, day, part, q.after, q.limit.unwrap_or(50))
        .await
        .map_err(|e| caller.fault(e))?;
    Ok(Json(RecordPage::of(&caller, &page, count)?))
}
