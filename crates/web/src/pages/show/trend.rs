//! An indicator over the last months: what the chart and the table behind it show.

use jiff::civil::Date;
use office::{
    figures::Answer,
    programme::{ReportedFigure, Target, TargetOn, with_rivals},
    world::{Indicator, World},
};
use rules::{
    Month, Period,
    indicator::Kind,
    target::{Assessment, Comparison, Window},
    units::Attribution,
};

use super::{Scene, is_stock, shown, words};
use crate::{
    chart::{self, Format, Palette, Size, Svg},
    http::{Ctx, PageError},
    i18n::Lang,
};

/// Months of a trend, the month of the day included.
pub const MONTHS: i32 = 24;
/// A pace that leads further than this says only "not in sight"; the sentence beside the chart says when.
const PROJECTION_MAX: i32 = 18;

/// One month.
#[derive(Debug, Clone)]
pub struct Point {
    pub month: Month,
    /// As a fraction.
    pub value: Option<f64>,
    pub text: String,
    pub num: String,
    pub den: String,
}

/// The months of an indicator.
#[derive(Debug, Clone, Default)]
pub struct Points {
    pub list: Vec<Point>,
    /// Set when each month shows the running total of this window instead of the month alone.
    pub running: Option<Window>,
}

impl Points {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.iter().all(|p| p.value.is_none())
    }
}

/// Counts and sums held against a year's or a running target are shown as running totals, as the target is.
fn running(world: &World, indicator: &Indicator, target: Option<&Target>) -> Option<Window> {
    let window = target?.def.window;
    let adds_up = matches!(indicator.kind(), Kind::Count | Kind::Sum) && !indicator.format.is_percent() && !is_stock(world, indicator);
    (adds_up && window != Window::Month).then_some(window)
}

/// Month by month up to the day, counted; as reported where nothing is counted.
#[expect(clippy::too_many_arguments, reason = "a question in all its parts")]
#[must_use]
pub fn points(
    ctx: &Ctx,
    world: &World,
    indicator: &Indicator,
    sources: &Attribution,
    scene: Scene,
    target: Option<&Target>,
    reported: &[ReportedFigure],
    counted: bool,
) -> Points {
    let to = Month::of(scene.day);
    let from = to.plus(1 - MONTHS);
    if !counted {
        return Points { list: of_reports(ctx.t, world, indicator, scene.unit, (from, to), reported), running: None };
    }
    let office = &ctx.app.office;
    let running = running(world, indicator, target);
    // The running total begins before the chart does.
    let start = match running {
        Some(Window::Year) => Month::new(from.year(), 1),
        Some(Window::Quarter) => Period::quarter_of(from).months().map_or(from, |(a, _)| a),
        Some(Window::Cumulative | Window::Latest) => months_held(ctx, indicator).map_or(from, |(first, _)| first.min(from)),
        _ => from,
    };
    let mut sum = 0.0;
    let (mut n, mut list) = (0, Vec::new());
    for (month, answer) in office.series(indicator, sources, start, to) {
        let begins = match running {
            Some(Window::Year) => month.month() == 1,
            Some(Window::Quarter) => (month.month() - 1) % 3 == 0,
            _ => false,
        };
        if begins {
            (sum, n) = (0.0, 0);
        }
        sum += answer.value.unwrap_or(0.0);
        n += answer.figure.map_or(0, |f| f.n);
        if month < from {
            continue;
        }
        list.push(if running.is_some() {
            let value = (n > 0).then_some(sum);
            let text = value.map_or_else(|| words::DASH.to_owned(), |v| words::value(ctx.t, indicator.format, v));
            Point { month, value, text, num: ctx.t.int(n), den: String::new() }
        } else {
            of_month(ctx.t, indicator, month, answer)
        });
    }
    Points { list, running }
}

fn months_held(ctx: &Ctx, indicator: &Indicator) -> Option<(Month, Month)> {
    let office = &ctx.app.office;
    office.months_of(&indicator.id).or_else(|| match &indicator.source {
        office::world::Source::Reported(def) => office.months_of(def.live.as_deref()?),
        _ => None,
    })
}

fn of_month(t: Lang, indicator: &Indicator, month: Month, answer: Answer) -> Point {
    // A month in which nothing was counted is not known, not zero: the line breaks there.
    let value = answer.value.filter(|_| answer.figure.is_none_or(|f| f.n > 0));
    let shown = shown::Shown { value, figure: answer.figure, ..shown::Shown::default() };
    let (num, den) = shown.parts(t);
    let text = if value.is_some() { shown.text(t, indicator) } else { words::DASH.to_owned() };
    Point { month, value, text, num, den }
}

/// Published figures at the end of what they speak of. A month with contradicting values breaks the line.
fn of_reports(
    t: Lang,
    world: &World,
    indicator: &Indicator,
    unit: u32,
    (from, to): (Month, Month),
    reported: &[ReportedFigure],
) -> Vec<Point> {
    let key = world.units.key(unit);
    let month_of = |f: &ReportedFigure| match f.def.as_of {
        Some(d) => Some(Month::of(d)),
        None => f.def.period.and_then(Period::months).map(|(_, to)| to),
    };
    let mine: Vec<(Month, &ReportedFigure)> = reported
        .iter()
        .filter(|f| f.counts() && f.def.indicator == indicator.id && f.def.unit == *key)
        .filter_map(|f| Some((month_of(f)?, f)))
        .collect();
    let all: Vec<&ReportedFigure> = mine.iter().map(|(_, f)| *f).collect();
    (from.0..=to.0)
        .map(|m| {
            // The newest of the month, and what contradicts it; an older one that it replaced stands in the history alone.
            let newest = mine.iter().filter(|(month, _)| month.0 == m).map(|(_, f)| *f).max_by_key(|f| f.def.as_of);
            let here = newest.map_or_else(Vec::new, |f| with_rivals(&all, f));
            let texts: Vec<String> = here.iter().map(|f| shown::reported_text(t, indicator, f)).collect();
            let one = here.first().filter(|_| here.len() == 1);
            let int = |n: Option<i64>| n.map(|n| t.int(n)).unwrap_or_default();
            Point {
                month: Month(m),
                value: one.and_then(|f| f.points()).map(|p| indicator.format.fraction(p)),
                text: if texts.is_empty() {
                    words::DASH.to_owned()
                } else if one.is_some() {
                    texts[0].clone()
                } else {
                    texts.join(" · ")
                },
                num: one.map(|f| int(f.def.numerator)).unwrap_or_default(),
                den: one.map(|f| int(f.def.denominator)).unwrap_or_default(),
            }
        })
        .collect()
}

/// Everything the chart is drawn from.
pub struct Drawing<'a> {
    pub indicator: &'a Indicator,
    pub name: &'a str,
    pub unit: &'a str,
    pub points: &'a Points,
    pub target: Option<(&'a Target, &'a TargetOn)>,
}

/// The chart for a desk and for a phone.
pub fn draw(ctx: &Ctx, world: &World, scene: Scene, d: &Drawing<'_>) -> Result<(Svg, Svg), PageError> {
    let t = ctx.t;
    let format = d.indicator.format;
    // Months before the first value tell nothing; a gap later on does.
    let line: Vec<(Month, Option<f64>)> = d.points.list.iter().skip_while(|p| p.value.is_none()).map(|p| (p.month, p.value)).collect();
    let known: Vec<&Point> = d.points.list.iter().filter(|p| p.value.is_some()).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return Ok(Default::default()) };
    let title = t.format(
        "trend-title",
        &[("name", d.name.into()), ("unit", d.unit.into()), ("from", t.month(first.month).into()), ("to", t.month(last.month).into())],
    );
    let mut desc = t.msg2("trend-desc", "from", first.text.as_str(), "to", last.text.as_str());
    let threshold = d.target.map(|(target, _)| words::threshold(t, d.indicator, target));
    if let Some(goal) = &threshold {
        desc = format!("{desc} {}", t.msg1("chart-target", "goal", goal.as_str()));
    }
    let deadline = d.target.and_then(|(target, _)| words::deadlines(target).into_iter().next()).filter(|x| near(scene.day, *x));
    let milestones: Vec<chart::Milestone> = d
        .target
        .iter()
        .flat_map(|(target, _)| &target.def.milestones)
        .filter(|m| near(scene.day, m.date) && Month::of(m.date) >= line.first().map_or(Month::of(m.date), |p| p.0))
        .map(|m| chart::Milestone {
            month: Month::of(m.date),
            value: format.fraction(m.value),
            label: format!("{}: {}", t.date(m.date), words::points(t, format, m.value)),
        })
        .collect();
    let chart = chart::Trend {
        id: "trend",
        title: &title,
        desc: &desc,
        unit: &unit_of(t, d.indicator),
        format: words::chart_format(format),
        points: &line,
        target: d.target.zip(threshold).map(|((target, _), goal)| chart::Target {
            value: format.fraction(target.def.threshold_value),
            label: t.msg1("chart-target", "goal", goal),
        }),
        deadline: deadline.map(|day| chart::Deadline {
            month: Month::of(day),
            within: within(day),
            label: t.msg1("chart-deadline", "date", t.date(day)),
        }),
        milestones: &milestones,
        projection: d.target.and_then(|(target, on)| projection(t, d.indicator, target, &on.assessment, scene.day)),
        boundary: boundary(t, world, scene, &line),
    };
    Ok((chart::trend(&chart, Size::Wide, Palette::Css, t), chart::trend(&chart, Size::Narrow, Palette::Css, t)))
}

/// The unit of the axis.
fn unit_of(t: Lang, indicator: &Indicator) -> String {
    match words::chart_format(indicator.format) {
        Format::Percent(_) => "%".to_owned(),
        _ if indicator.format == rules::indicator::Format::Vnd => t.msg("unit-vnd"),
        _ => indicator.unit_of_measure.as_ref().map(|u| t.pick(u).to_owned()).unwrap_or_default(),
    }
}

/// Place of a day inside its month, 0 to 1.
fn within(day: Date) -> f64 {
    f64::from(day.day()) / f64::from(day.days_in_month())
}

/// A deadline years away would press the months together until nothing can be read.
fn near(today: Date, day: Date) -> bool {
    Month::of(day).0 - Month::of(today).0 <= PROJECTION_MAX && Month::of(today).0 - Month::of(day).0 < MONTHS
}

/// Where the pace of the rule leads, while the threshold is not reached.
fn projection(t: Lang, indicator: &Indicator, target: &Target, assessment: &Assessment, today: Date) -> Option<chart::Projection> {
    let paced = std::iter::once(&assessment.reason).chain(&assessment.notes).find_map(|r| r.arg("reached_on"));
    let on: Date = paced?.parse().ok()?;
    (near(today, on) && on > today && matches!(target.def.comparison, Comparison::AtLeast | Comparison::AtMost)).then(|| {
        chart::Projection {
            month: Month::of(on),
            within: within(on),
            value: indicator.format.fraction(target.def.threshold_value),
            label: t.msg1("chart-projection", "date", t.date(on)),
        }
    })
}

/// The last day within the chart on which units of this one were merged or divided.
fn boundary(t: Lang, world: &World, scene: Scene, line: &[(Month, Option<f64>)]) -> Option<chart::Boundary> {
    let (first, last) = (line.first()?.0, line.last()?.0);
    let inside = |key| world.units.idx(key).is_some_and(|u| world.units.covers(scene.unit, u));
    let on = world
        .units
        .successions()
        .iter()
        .filter(|x| first < Month::of(x.on) && Month::of(x.on) <= last)
        .filter(|x| inside(&x.to) || inside(&x.from))
        .map(|x| x.on)
        .max()?;
    Some(chart::Boundary { month: Month::of(on), label: t.msg1("chart-boundary", "date", t.date(on)) })
}
