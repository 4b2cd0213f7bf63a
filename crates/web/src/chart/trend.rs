//! A figure over months: the line, its target, milestones, and where the present pace leads.

use rules::Month;

use super::{Format, GRID, LAMP, Palette, Pen, SEA, SOFT, Svg, TEXT, scale::Scale, width_of};
use crate::i18n::Lang;

/// Drawn for a column of a desk screen, or for a phone. The text keeps its size; the plot gives way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Wide,
    Narrow,
}

/// The threshold, with its label ("Mục tiêu ≥ 70 %").
#[derive(Debug, Clone)]
pub struct Target {
    pub value: f64,
    pub label: String,
}

/// The day the target must be met, placed inside its month (0 = first day, 1 = last).
#[derive(Debug, Clone)]
pub struct Deadline {
    pub month: Month,
    pub within: f64,
    pub label: String,
}

#[derive(Debug, Clone)]
pub struct Milestone {
    pub month: Month,
    pub value: f64,
    pub label: String,
}

/// From the last value along the present pace to where it meets the target (or the edge).
#[derive(Debug, Clone)]
pub struct Projection {
    pub month: Month,
    pub within: f64,
    pub value: f64,
    pub label: String,
}

/// A change of the map: units merged on the first day of this month.
#[derive(Debug, Clone)]
pub struct Boundary {
    pub month: Month,
    pub label: String,
}

/// What a trend shows. A month without a value breaks the line: nothing is drawn between what is not known.
#[derive(Debug, Clone)]
pub struct Trend<'a> {
    /// Unique on the page.
    pub id: &'a str,
    pub title: &'a str,
    /// The chart in one or two sentences, for those who do not see it.
    pub desc: &'a str,
    /// Unit of the axis: `%`, `hồ sơ`.
    pub unit: &'a str,
    pub format: Format,
    pub points: &'a [(Month, Option<f64>)],
    pub target: Option<Target>,
    pub deadline: Option<Deadline>,
    pub milestones: &'a [Milestone],
    pub projection: Option<Projection>,
    pub boundary: Option<Boundary>,
}

/// An axis of shares covers ten points at least: a fall of three is no collapse.
const SHARE_SPAN: f64 = 0.1;

struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    first: f64,
    months: f64,
    scale: Scale,
}

impl Plot {
    /// The middle of a month is where its value stands.
    fn x(&self, month: Month, within: f64) -> f64 {
        self.left + (self.right - self.left) * (f64::from(month.0) + within - self.first) / self.months
    }
    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * self.scale.share(value)
    }
}

/// Draws a trend.
#[must_use]
pub fn trend(t: &Trend<'_>, size: Size, palette: Palette, lang: Lang) -> Svg {
    let (w, h) = match size {
        Size::Wide => (760.0, 300.0),
        Size::Narrow => (358.0, 280.0),
    };
    let months = t
        .points
        .iter()
        .map(|p| p.0)
        .chain(t.milestones.iter().map(|m| m.month))
        .chain(t.deadline.iter().map(|d| d.month))
        .chain(t.projection.iter().map(|p| p.month));
    let (first, last) = months.fold((i32::MAX, i32::MIN), |(a, b), m| (a.min(m.0), b.max(m.0)));
    let (first, last) = if first > last { (0, 0) } else { (first, last) };
    let values = t
        .points
        .iter()
        .filter_map(|p| p.1)
        .chain(t.target.iter().map(|x| x.value))
        .chain(t.milestones.iter().map(|m| m.value))
        .chain(t.projection.iter().map(|p| p.value));
    let cap = matches!(t.format, Format::Percent(_)).then_some(1.0);
    let mut scale = Scale::over(values, 4.0, cap);
    if cap.is_some() {
        scale.widen(SHARE_SPAN);
    }
    let widest = scale.ticks().iter().map(|v| width_of(&t.format.tick(lang, *v, scale.step), 12.0)).fold(18.0, f64::max);
    let plot = Plot {
        left: widest + 12.0,
        right: w - 12.0,
        top: 40.0,
        bottom: h - 40.0,
        first: f64::from(first),
        months: f64::from(last - first + 1),
        scale,
    };
    let class = if size == Size::Wide { "trend wide" } else { "trend narrow" };
    let id = format!("{}-{}", t.id, if size == Size::Wide { "w" } else { "n" });
    let mut pen = Pen::open(palette, &id, class, (w, h), t.title, t.desc);
    axes(&mut pen, t, &plot, (first, last), lang);
    if let Some(b) = &t.boundary {
        let x = plot.x(b.month, 0.0);
        if x > plot.left && x < plot.right {
            pen.line(SOFT, (x, plot.top), (x, plot.bottom), 1.0, "1 3");
            // Above the plot and below the deadline's label, so that no line crosses it.
            let half = width_of(&b.label, 12.0) / 2.0;
            pen.text(SOFT, (x.min(plot.right - half), plot.top - 6.0), "middle", 12.0, false, &b.label);
        }
    }
    target_line(&mut pen, t, &plot);
    series(&mut pen, t, &plot, lang);
    pen.close()
}

fn axes(pen: &mut Pen, t: &Trend<'_>, plot: &Plot, (first, last): (i32, i32), lang: Lang) {
    for tick in plot.scale.ticks() {
        let y = plot.y(tick);
        pen.line(GRID, (plot.left, y), (plot.right, y), 1.0, "");
        pen.text(SOFT, (plot.left - 8.0, y + 4.0), "end", 12.0, false, &t.format.tick(lang, tick, plot.scale.step));
    }
    pen.text(SOFT, (plot.left - 8.0, 18.0), if plot.left > width_of(t.unit, 12.0) + 8.0 { "end" } else { "start" }, 12.0, false, t.unit);
    if plot.scale.low > 0.0 {
        let from = t.format.tick(lang, plot.scale.low, plot.scale.step);
        pen.text(SOFT, (plot.left + 6.0, plot.bottom - 6.0), "start", 12.0, false, &lang.msg1("chart-axis-from", "value", from));
    }
    let slot = (plot.right - plot.left) / plot.months;
    #[expect(clippy::cast_possible_truncation, reason = "a few months a label")]
    let every = (26.0 / slot).ceil().max(1.0) as i32;
    for m in first..=last {
        let month = Month(m);
        let x = plot.x(month, 0.5);
        let year = m == first || month.month() == 1;
        if (m - first) % every == 0 {
            pen.text(SOFT, (x, plot.bottom + 17.0), "middle", 12.0, false, &month.month().to_string());
        }
        if year {
            pen.text(SOFT, (x, plot.bottom + 33.0), "middle", 12.0, true, &month.year().to_string());
        }
    }
}

fn target_line(pen: &mut Pen, t: &Trend<'_>, plot: &Plot) {
    let Some(target) = &t.target else { return };
    let y = plot.y(target.value);
    pen.line(LAMP, (plot.left, y), (plot.right, y), 1.5, "6 4");
    pen.text(LAMP, (plot.left + 4.0, y - 6.0), "start", 12.0, true, &target.label);
    if let Some(d) = &t.deadline {
        let x = plot.x(d.month, d.within);
        pen.line(LAMP, (x, plot.top), (x, plot.bottom), 1.0, "6 4");
        let (tx, anchor) = if plot.right - x > width_of(&d.label, 12.0) + 8.0 { (x, "middle") } else { (plot.right, "end") };
        pen.text(LAMP, (tx, plot.top - 22.0), anchor, 12.0, false, &d.label);
    }
}

fn series(pen: &mut Pen, t: &Trend<'_>, plot: &Plot, lang: Lang) {
    let mut run: Vec<(f64, f64)> = Vec::new();
    let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
    for (month, value) in t.points {
        match value {
            Some(v) => run.push((plot.x(*month, 0.5), plot.y(*v))),
            None => runs.push(std::mem::take(&mut run)),
        }
    }
    runs.push(run);
    let last = t.points.iter().rev().find_map(|(m, v)| v.map(|v| (*m, v)));
    if let (Some(p), Some((month, value))) = (&t.projection, last) {
        let (from, to) = ((plot.x(month, 0.5), plot.y(value)), (plot.x(p.month, p.within), plot.y(p.value)));
        pen.polyline(SEA, &[from, to], 1.5, "2 5");
        pen.dot(SEA, to, 3.0, &p.label);
        // Above the target line at its right end: the target's own label stands at the left.
        pen.text(SEA, (plot.right, to.1 - 8.0), "end", 12.0, false, &p.label);
    }
    for line in runs.iter().filter(|r| r.len() > 1) {
        pen.polyline(SEA, line, 2.25, "");
    }
    for m in t.milestones {
        pen.diamond(LAMP, (plot.x(m.month, 0.9), plot.y(m.value)), 5.0, &m.label);
    }
    for (month, value) in t.points {
        if let Some(v) = value {
            let tip = format!("{}: {}", lang.month(*month), t.format.value(lang, *v));
            pen.dot(SEA, (plot.x(*month, 0.5), plot.y(*v)), 2.5, &tip);
        }
    }
    if let Some((month, value)) = last {
        let (x, y) = (plot.x(month, 0.5), plot.y(value));
        pen.dot(SEA, (x, y), 4.5, "");
        let label = t.format.value(lang, value);
        let half = width_of(&label, 14.0) / 2.0;
        // Kept off the target line: below it when the value is just under.
        let near_above = t.target.as_ref().is_some_and(|target| (0.0..28.0).contains(&(y - plot.y(target.value))));
        // And off its own line, which comes down from the left where the value fell.
        let falls = t.points.iter().rev().filter_map(|p| p.1).nth(1).is_some_and(|before| before > value);
        let below = near_above || y < plot.top + 16.0 || (falls && y + 28.0 < plot.bottom);
        let (dx, label_y) = if below { (half, y + 24.0) } else { (0.0, y - 11.0) };
        pen.text(TEXT, ((x - dx).clamp(plot.left + half, plot.right - half), label_y), "middle", 14.0, true, &label);
    }
}
