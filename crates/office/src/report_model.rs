//! Fills the quarterly report from targets, figures, tasks and the ledger. What it says comes from here, how it looks from
//! [`crate::report`].

mod late;
mod phrases;
mod spans;

use std::collections::BTreeSet;

use jiff::civil::Date;
use rules::{
    Period, Refusal,
    access::{Action, Actor, decide},
    indicator::{Format, Kind},
    number,
    target::{Comparison, Status},
};

use spans::same_publication;

use crate::{
    Office,
    error::{Error, Result},
    programme::{Conflict, Freeze, ReportedFigure, Target, TargetOn, Task, TaskFilter},
    report::{
        Chart, Checkpoint, Claim, Figure, Lang, MAX_CHARTS, Measure, Qualifier, ReportModel, ResultRow, Scope, Series, Threshold, UnitCell,
        UnitColumn, UnitRow, UnitTable, values,
    },
    words::published,
    world::{Indicator, Source, World},
};

/// Rates below it are drawn on a scale of their own.
const SMALL_RATE: f64 = 0.1;
/// Indicator whose result by unit is always drawn.
const ON_TIME: &str = "dossier.on_time";

/// Everything a report is made of, read once.
struct Material<'a> {
    office: &'a Office,
    world: &'a World,
    lang: Lang,
    unit: u32,
    period: Period,
    previous: Option<Period>,
    /// Last day of the period, or today while it runs. The map is drawn on it.
    day: Date,
    reported: Vec<ReportedFigure>,
    frozen: Option<Freeze>,
    frozen_before: Option<Freeze>,
    rows: Vec<Row>,
    tasks: Vec<Task>,
    conflicts: Vec<Conflict>,
}

/// One target with what is known of it.
struct Row {
    target: Target,
    /// Units below the report's unit that it binds, on the day's map.
    bound: Vec<u32>,
    /// Unit whose result stands for the whole.
    whole: u32,
    /// A target of a level above, which the unit's own result is held against.
    from_above: bool,
    now: TargetOn,
    /// The same at the end of the period before.
    before: Option<TargetOn>,
    /// Over the whole period and the whole one before, where the target itself looks at a month of it.
    sums: (Figure, Figure),
    /// What is counted today, where a freeze keeps another value.
    today: Option<f64>,
}

impl Office {
    /// The report of a unit on a period, in one language, ready to be written.
    ///
    /// # Errors
    /// `report.period` for a period without ends, `report.future` for one that has not begun, `unit.not_on_map` when the unit
    /// did not exist at its end.
    pub async fn report(&self, actor: &Actor, unit: u32, period: Period, lang: Lang) -> Result<ReportModel> {
        let world = self.world();
        decide(actor, Action::View, None, Some(unit), &world.units)?;
        let Some((from, to)) = period.months() else {
            return Err(Error::Refused(Refusal::new("report.period").with("period", period)));
        };
        let today = self.today();
        if from.first_day() > today {
            return Err(Error::Refused(Refusal::new("report.future").with("period", period)));
        }
        let day = to.last_day().min(today);
        world.units.sources_of(unit, day)?;
        let previous = period.previous();
        let frozen_before = match previous {
            Some(p) => self.frozen(p).await?,
            None => None,
        };
        let filter = TaskFilter { unit: Some(unit), ..TaskFilter::default() };
        let mut material = Material {
            office: self,
            world: &world,
            lang,
            unit,
            period,
            previous,
            day,
            reported: self.reported_figures(actor).await?,
            frozen: self.frozen(period).await?,
            frozen_before,
            rows: Vec::new(),
            tasks: self.tasks(actor, &filter, day).await?,
            conflicts: self.conflicts(actor).await?,
        };
        material.rows = material.read_targets(self.targets(actor).await?)?;
        let ledger = match &material.frozen {
            Some(f) => Some(Checkpoint {
                frozen: true,
                size: f.size.unsigned_abs(),
                at: f.at.parse().ok().map(phrases::local_minute),
                root: f.root.clone(),
                signed_note: f.note.clone(),
            }),
            None => self.store().checkpoints(1).await?.pop().map(|c| Checkpoint {
                frozen: false,
                size: c.size.unsigned_abs(),
                at: Some(phrases::local_minute(c.at)),
                root: c.root,
                signed_note: c.note,
            }),
        };
        Ok(material.model(ledger))
    }
}

impl Material<'_> {
    fn code(&self) -> &'static str {
        code(self.lang)
    }

    fn say(&self, vi: impl Into<String>, en: impl Into<String>) -> String {
        match self.lang {
            Lang::Vi => vi.into(),
            Lang::En => en.into(),
        }
    }

    fn name(&self, unit: u32) -> String {
        self.world.units.unit(unit).name.get(self.code()).to_owned()
    }

    /// What people wrote in Vietnamese, in quotation marks where the report is in another language.
    fn quoted(&self, text: &str) -> String {
        let quoted = text.starts_with('“') && text.ends_with('”');
        if self.lang == Lang::Vi || text.is_ascii() || quoted { text.to_owned() } else { format!("“{text}”") }
    }

    /// Targets that the leader's page counts for the unit: those that bind it or something below it, that one of its agencies
    /// answers for, and, for the tenant's top, those of the levels above.
    fn read_targets(&self, targets: Vec<Target>) -> Result<Vec<Row>> {
        let (world, office) = (self.world, self.office);
        let before_day = self.before_day();
        let mut rows = Vec::new();
        for target in targets.into_iter().filter(|t| !matches!(t.record.state.as_str(), "draft" | "cancelled")) {
            let all = office.bound_units(world, &target.def, self.day);
            let bound: Vec<u32> = all.iter().copied().filter(|u| world.units.covers(self.unit, *u)).collect();
            let owner = target.def.owner.as_ref().and_then(|k| world.units.idx(k));
            let unbound = all.is_empty() && (self.is_root() || owner.is_some_and(|o| world.units.covers(self.unit, o)));
            let from_above = bound.is_empty() && self.is_root() && all.iter().any(|u| world.units.is_within(self.unit, *u));
            if bound.is_empty() && !unbound && !from_above {
                continue;
            }
            // One unit alone stands for itself; several are summed by the unit above them.
            let whole = match bound.as_slice() {
                [only] => *only,
                [] if unbound => owner.unwrap_or(self.unit),
                _ => self.unit,
            };
            let now = office.target_at(world, &target, whole, self.day, &self.reported, self.frozen.as_ref())?;
            let live = office.target_on(world, &target, whole, self.day, &self.reported)?;
            let today = live.value.filter(|v| self.frozen.is_some() && Some(*v) != now.value);
            let before = match before_day {
                Some(day) => Some(office.target_at(world, &target, whole, day, &self.reported, self.frozen_before.as_ref())?),
                None => None,
            };
            let bound = bound.into_iter().filter(|u| *u != self.unit).collect();
            let sums = self.period_sums(&target, whole, &now, before_day);
            rows.push(Row { target, bound, whole, from_above, now, before, sums, today });
        }
        Ok(rows)
    }

    fn model(&self, ledger: Option<Checkpoint>) -> ReportModel {
        let results: Vec<ResultRow> = self.rows.iter().filter_map(|r| self.result(r)).collect();
        let by_unit = self.by_unit();
        ReportModel {
            letterhead: self.letterhead(),
            subject: self.subject(),
            addressed_to: Vec::new(),
            legal_basis: self.world.tenant.legal_basis.iter().map(|b| self.quoted(b)).collect(),
            opening: self.opening(),
            scope: Scope {
                period: self.period,
                previous: self.previous,
                unit: self.name(self.unit),
                as_of: Some(self.read_at()),
                boundaries: self.boundaries(),
                simulated: self.world.simulated,
            },
            summary: self.summary(&results),
            charts: self.charts(&results, &by_unit),
            results,
            by_unit,
            overdue: self.overdue(),
            at_risk: self.at_risk(),
            waiting: self.waiting(),
            conflicts: self.contradictions(),
            difficulties: self.remarks(|u| u.difficulties.as_deref()),
            proposals: self.remarks(|u| u.proposals.as_deref()),
            closing: self.closing(),
            signature: self.signature(),
            recipients: self.recipients(),
            filing: self.filing(),
            ledger,
        }
    }

    fn indicator(&self, row: &Row) -> Option<&Indicator> {
        self.world.indicator(&row.target.def.indicator)
    }

    fn result(&self, row: &Row) -> Option<ResultRow> {
        let indicator = self.indicator(row)?;
        let (lang, def) = (self.code(), &row.target.def);
        let undecided = row.target.undecided();
        let deadline = undecided.iter().copied().chain(row.target.deadline()).min();
        let deadline_note = (!undecided.is_empty()).then(|| {
            let all: BTreeSet<Date> = undecided.iter().copied().chain(row.target.deadline()).collect();
            let all = all.into_iter().map(|d| values::date(d, self.lang)).collect::<Vec<_>>().join("; ");
            self.say(
                format!("Thời hạn các nguồn nêu khác nhau: {all}; chưa quyết định"),
                format!("Sources differ on the deadline: {all}; not decided"),
            )
        });
        let note = row.from_above.then(|| {
            let unit = self.name(self.unit);
            self.say(
                format!("Mục tiêu của cấp trên; kết quả là của {unit}"),
                format!("A target of a level above; the result is that of {unit}"),
            )
        });
        let measure = measure(indicator.format);
        let unit_of_measure = match &indicator.unit_of_measure {
            Some(m) => m.get(lang).to_owned(),
            None if indicator.format.is_percent() => "%".to_owned(),
            None => String::new(),
        };
        let (source, as_of) = self.source(indicator, &row.now);
        Some(ResultRow {
            code: def.id.clone(),
            name: def.title.get(lang).to_owned(),
            unit_of_measure,
            measure,
            threshold: Some(threshold(&row.target, indicator)),
            deadline,
            deadline_note,
            note,
            owner: def.owner.as_ref().map_or_else(String::new, |k| self.world.unit_name(&k.to_string(), lang).to_owned()),
            current: figure(indicator, &row.now),
            previous: row.before.as_ref().map_or(Figure::NONE, |b| figure(indicator, b)),
            current_span: self.span(&row.now, self.day),
            previous_span: row.before.as_ref().zip(self.before_day()).map_or_else(String::new, |(b, day)| self.span(b, day)),
            current_sum: row.sums.0,
            previous_sum: row.sums.1,
            stale: row.before.as_ref().is_some_and(|b| same_publication(&row.now, b)),
            status: status(row.now.assessment.status),
            status_note: self.status_note(row, deadline, measure, indicator),
            source,
            as_of,
            definition: self.definition(indicator),
        })
    }

    fn status_note(&self, row: &Row, deadline: Option<Date>, measure: Measure, indicator: &Indicator) -> Option<String> {
        let mut notes = Vec::new();
        if let (Status::Overdue, Some(d)) = (row.now.assessment.status, deadline) {
            let days = rules::time::days_since_epoch(self.day) - rules::time::days_since_epoch(d);
            notes.push(self.say(format!("chậm {days} ngày"), format!("{days} days late")));
        }
        if row.now.conflict {
            notes.push(
                self.say("số liệu mâu thuẫn, tạm lấy giá trị kém thuận lợi", "contradicting figures; the less favourable one counts"),
            );
        }
        if row.now.estimated {
            notes.push(self.say("ước tính theo tỷ lệ chia tách địa giới", "estimated by the shares of divided units"));
        }
        if let Some(today) = row.today {
            let text = values::measured(indicator.format.fraction(today), measure, self.lang);
            notes.push(self.say(format!("đã chốt; hiện nay {text}"), format!("frozen; today {text}")));
        }
        (!notes.is_empty()).then(|| notes.join("; "))
    }

    /// Where a value comes from, and the day it speaks of.
    fn source(&self, indicator: &Indicator, on: &TargetOn) -> (String, Option<Date>) {
        if let Some(f) = &on.reported {
            let title = self.world.sources.get(&f.def.source).map_or(f.def.source.as_str(), |s| s.title.as_str());
            return (self.quoted(title), f.def.as_of);
        }
        let live = match &indicator.source {
            Source::Reported(def) => def.live.as_deref().and_then(|l| self.world.indicator(l)).unwrap_or(indicator),
            _ => indicator,
        };
        let register = live.live().and_then(|d| self.world.registers.get(&d.register)).map(|r| &r.def.register.name);
        match (register, on.is_known()) {
            (_, false) => (self.say("Chưa có số liệu", "No figure yet"), None),
            (Some(name), _) => {
                let name = name.get(self.code());
                (self.say(format!("Đếm từ sổ: {name}"), format!("Counted from the register: {name}")), Some(self.day))
            }
            (None, _) => (self.say("Tính từ các chỉ số khác", "Calculated from other indicators"), Some(self.day)),
        }
    }

    fn by_unit(&self) -> UnitTable {
        let rows: Vec<(&Row, &Indicator)> =
            self.rows.iter().filter(|r| r.bound.len() > 1).filter_map(|r| Some((r, self.indicator(r)?))).collect();
        let columns = rows
            .iter()
            .map(|(r, i)| UnitColumn {
                code: r.target.def.id.clone(),
                name: r.target.def.title.get(self.code()).to_owned(),
                measure: measure(i.format),
                threshold: Some(threshold(&r.target, i)),
                span: self.column_span(r),
            })
            .collect();
        let units = self.bound_in_order();
        let cell = |row: &Row, indicator: &Indicator, unit: u32| {
            let on = (row.bound.contains(&unit) || unit == row.whole)
                .then(|| self.office.target_at(self.world, &row.target, unit, self.day, &self.reported, self.frozen.as_ref()).ok())
                .flatten();
            match on {
                Some(on) => UnitCell { figure: figure(indicator, &on), status: on.is_known().then(|| status(on.assessment.status)) },
                None => UnitCell { figure: Figure::NONE, status: None },
            }
        };
        let line = |unit: u32, name: String| UnitRow { name, cells: rows.iter().map(|(r, i)| cell(r, i, unit)).collect() };
        let total = (!rows.is_empty()).then(|| line(self.unit, self.say("Toàn đơn vị", "The whole")));
        UnitTable { columns, rows: units.into_iter().map(|u| line(u, self.name(u))).collect(), total }
    }

    /// Units of the table of units, down.
    fn bound_in_order(&self) -> Vec<u32> {
        let several = self.rows.iter().filter(|r| r.bound.len() > 1 && self.indicator(r).is_some());
        let units: BTreeSet<u32> = several.flat_map(|r| r.bound.iter().copied()).collect();
        let mut units: Vec<u32> = units.into_iter().collect();
        self.in_order(&mut units);
        units
    }

    /// Phường 1, 2, … 10, 11: as people list them.
    fn in_order(&self, units: &mut [u32]) {
        let name = |u: u32| &self.world.units.unit(u).name.vi;
        units.sort_by(|a, b| rules::text::compare(name(*a), name(*b)).then(a.cmp(b)));
    }

    fn short(&self, unit: u32) -> String {
        self.world.units.unit(unit).short_name().get(self.code()).to_owned()
    }

    fn charts(&self, results: &[ResultRow], by_unit: &UnitTable) -> Vec<Chart> {
        let mut charts = Vec::new();
        let rates: Vec<&ResultRow> =
            results.iter().filter(|r| matches!(r.measure, Measure::Percent { .. }) && r.current.value.is_some()).collect();
        let (period, goal) = (values::period(self.period, self.lang), self.say("Mức giao", "Threshold"));
        // Beside a rate of ninety per cent one of three is a hairline: small ones have a scale of their own.
        let (small, large): (Vec<&ResultRow>, Vec<&ResultRow>) = rates.into_iter().partition(|r| is_small(r));
        let titles = [
            (large, self.say("Các chỉ tiêu tỷ lệ so với mức giao", "Rates against their thresholds")),
            (small, self.say("Các chỉ tiêu tỷ lệ nhỏ so với mức giao", "Small rates against their thresholds")),
        ];
        charts.extend(titles.into_iter().filter(|(rows, _)| !rows.is_empty()).map(|(rows, title)| self.rate_chart(&rows, title, &goal)));
        charts.extend(self.on_time_chart(&period));
        for (i, column) in by_unit.columns.iter().enumerate() {
            let values: Vec<Option<f64>> = by_unit.rows.iter().map(|r| r.cells.get(i).and_then(|c| c.figure.value)).collect();
            if charts.len() >= MAX_CHARTS || values.iter().flatten().count() < 2 {
                continue;
            }
            charts.push(Chart {
                title: self.say(format!("{}, theo đơn vị", column.name), format!("{}, by unit", column.name)),
                measure: column.measure,
                categories: self.bound_in_order().into_iter().map(|u| self.short(u)).collect(),
                threshold: column.threshold.map(|t| Series { name: goal.clone(), values: vec![Some(t.value); values.len()] }),
                bars: vec![Series {
                    name: if column.span.is_empty() {
                        self.say("Số liệu đơn vị báo cáo", "Reported by the units")
                    } else {
                        column.span.clone()
                    },
                    values,
                }],
            });
        }
        charts
    }

    /// Rates of this period and the one before beside their thresholds.
    fn rate_chart(&self, rates: &[&ResultRow], title: String, goal: &str) -> Chart {
        let series = |name: String, pick: fn(&ResultRow) -> Option<f64>| Series { name, values: rates.iter().map(|r| pick(r)).collect() };
        // What each covers stands in the table: a month here, the year so far there.
        let mut bars = vec![series(self.say("Kết quả kỳ này", "This period"), |r| r.current.value)];
        if rates.iter().any(|r| r.previous.value.is_some()) {
            bars.push(series(self.say("Kỳ trước", "Previous period"), |r| r.previous.value));
        }
        Chart {
            title,
            measure: Measure::Percent { decimals: 1 },
            categories: rates.iter().map(|r| r.code.clone()).collect(),
            bars,
            threshold: Some(series(goal.to_owned(), |r| r.threshold.map(|t| t.value))),
        }
    }

    /// Dossiers resolved on time, by the units right below, whether or not a target asks for it.
    fn on_time_chart(&self, now: &str) -> Option<Chart> {
        let indicator = self.world.indicator(ON_TIME)?;
        let mut units: Vec<u32> =
            self.world.units.children(self.unit).iter().copied().filter(|u| self.world.units.unit(*u).is_valid_on(self.day)).collect();
        self.in_order(&mut units);
        let value = |unit: &u32| {
            let sources = self.world.units.sources_of(*unit, self.day).ok()?;
            self.office.answer(indicator, &sources, self.period.months()).value
        };
        let known: Vec<(u32, f64)> = units.iter().filter_map(|u| Some((*u, value(u)?))).collect();
        (known.len() > 1).then(|| Chart {
            title: self.say(format!("{}, theo đơn vị", indicator.name.vi), format!("{}, by unit", indicator.name.en)),
            measure: measure(indicator.format),
            categories: known.iter().map(|(u, _)| self.short(*u)).collect(),
            bars: vec![Series { name: now.to_owned(), values: known.iter().map(|(_, v)| Some(*v)).collect() }],
            threshold: None,
        })
    }

    /// Figures and deadlines that contradict each other and that nobody has decided between.
    fn contradictions(&self) -> Vec<crate::report::Conflict> {
        let lang = self.code();
        let source = |id: Option<&str>, quote: &str| {
            let title = self.quoted(id.map_or("", |id| self.world.sources.get(id).map_or(id, |s| s.title.as_str())));
            match (title.is_empty(), quote.is_empty()) {
                (false, false) => format!("{title}: “{quote}”"),
                (false, true) => title,
                _ => self.quoted(quote),
            }
        };
        let mut out = Vec::new();
        for c in self.conflicts.iter().filter(|c| c.decided.is_none()) {
            let Some(unit) = self.world.units.idx(&c.unit).filter(|u| self.world.units.covers(self.unit, *u)) else { continue };
            let Some(indicator) = self.world.indicator(&c.indicator) else { continue };
            let claim = |f: &ReportedFigure| Claim {
                value: published(f, indicator.format, lang),
                as_of: f.def.as_of,
                source: source(Some(&f.def.source), &f.def.quote),
            };
            let place = if unit == self.unit { String::new() } else { format!(" – {}", self.name(unit)) };
            out.push(crate::report::Conflict {
                code: c.indicator.clone(),
                name: format!("{}{place}", indicator.name.get(lang)),
                claims: c.figures.iter().map(claim).collect(),
            });
        }
        for r in self.rows.iter().filter(|r| !r.target.undecided().is_empty()) {
            let def = &r.target.def;
            let own = def.deadline.map(|d| (d, def.source.as_deref(), def.quote.as_deref().unwrap_or_default()));
            let claims = def.claims.iter().filter_map(|c| Some((c.deadline?, c.source.as_deref(), c.quote.as_str())));
            out.push(crate::report::Conflict {
                code: def.id.clone(),
                name: self.say(format!("Thời hạn: {}", def.title.vi), format!("Deadline: {}", def.title.en)),
                claims: own
                    .into_iter()
                    .chain(claims)
                    .map(|(d, id, quote)| Claim { value: values::date(d, self.lang), as_of: None, source: source(id, quote) })
                    .collect(),
            });
        }
        out
    }
}

fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "vi",
        Lang::En => "en",
    }
}

/// Nothing of it comes near to what a scale up to a hundred per cent shows.
fn is_small(r: &ResultRow) -> bool {
    let values = [r.current.value, r.previous.value, r.threshold.as_ref().map(|t| t.value)];
    values.into_iter().flatten().all(|v| v < SMALL_RATE)
}

fn measure(format: Format) -> Measure {
    match format {
        Format::Percent(decimals) => Measure::Percent { decimals },
        Format::Integer => Measure::Integer,
        Format::Decimal(decimals) => Measure::Decimal { decimals },
        Format::Vnd => Measure::Vnd,
    }
}

fn threshold(target: &Target, indicator: &Indicator) -> Threshold {
    Threshold { at_most: target.def.comparison == Comparison::AtMost, value: indicator.format.fraction(target.def.threshold_value) }
}

fn figure(indicator: &Indicator, on: &TargetOn) -> Figure {
    if let Some(each) = on.each {
        return Figure { units: Some((each.reached, each.of)), ..Figure::NONE };
    }
    let value = on.value.map(|v| indicator.format.fraction(v));
    if let Some(f) = &on.reported {
        let (numerator, denominator) = (f.def.numerator, f.def.denominator);
        return Figure { value, qualifier: qualifier(f.def.qualifier), numerator, denominator, ..Figure::NONE };
    }
    figure_of(value, on.figure, on.estimated)
}

/// What was counted, with its two counts where it is a quotient.
fn figure_of(value: Option<f64>, counted: Option<rules::indicator::Figure>, estimated: bool) -> Figure {
    let counts = counted.filter(|f| matches!(f.kind, Kind::Ratio | Kind::Average));
    Figure {
        value,
        qualifier: estimated.then_some(Qualifier::About),
        numerator: counts.map(|f| f.num),
        denominator: counts.map(|f| f.den),
        scale: counts.map_or(0, |f| f.scale),
        units: None,
    }
}

fn qualifier(q: number::Qualifier) -> Option<Qualifier> {
    Some(match q {
        number::Qualifier::Exact => return None,
        number::Qualifier::Over => Qualifier::Over,
        number::Qualifier::Above => Qualifier::Above,
        number::Qualifier::Nearly => Qualifier::Nearly,
        number::Qualifier::About => Qualifier::About,
        number::Qualifier::AtLeast => Qualifier::AtLeast,
        number::Qualifier::AtMost => Qualifier::AtMost,
        number::Qualifier::Below => Qualifier::Below,
    })
}

fn status(s: Status) -> crate::report::Status {
    use crate::report::Status as R;
    match s {
        Status::Completed => R::Completed,
        Status::InProgress => R::InProgress,
        Status::Overdue => R::Overdue,
        Status::Recurring => R::Recurring,
        Status::AtRisk => R::AtRisk,
        Status::Waiting => R::Waiting,
        Status::Pilot => R::Pilot,
    }
}
