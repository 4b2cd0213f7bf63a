//! Lengths side by side: a league of units, parts of a whole, a meter, a sparkline.

use super::{Format, GRID, Ink, LAMP, PALE, PARTS, Palette, Pen, SEA, SOFT, Svg, TEXT, scale::Scale, wrap};
use crate::i18n::Lang;

/// One bar of a league: longest first is the caller's business, so that ties keep the order of the page.
#[derive(Debug, Clone)]
pub struct Bar {
    pub name: String,
    /// No value is drawn as a dash, never as a bar of length zero.
    pub value: Option<f64>,
    /// Numerator and denominator in words: `1.246 / 1.302`.
    pub counts: String,
    /// Drawn in the accent, to find one's own unit.
    pub own: bool,
}

#[derive(Debug, Clone)]
pub struct League<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub desc: &'a str,
    pub format: Format,
    pub bars: &'a [Bar],
    pub target: Option<f64>,
    pub target_label: &'a str,
}

const ROW: f64 = 30.0;
const NAME: f64 = 250.0;

/// Horizontal bars with their values at the end, for a report. (A page shows the same as a table with [`meter`]s.)
#[must_use]
pub fn league(l: &League<'_>, palette: Palette, lang: Lang) -> Svg {
    let w = 760.0;
    #[expect(clippy::cast_precision_loss, reason = "a few hundred units at most")]
    let h = 34.0 + ROW * l.bars.len() as f64;
    let mut pen = Pen::open(palette, l.id, "league", (w, h), l.title, l.desc);
    // Bars are lengths, so the axis begins at zero always.
    let longest = l.bars.iter().filter_map(|b| b.value).chain(l.target).fold(0.0, f64::max);
    let scale = Scale { low: 0.0, high: if longest > 0.0 { longest } else { 1.0 }, step: 1.0 };
    let (left, right) = (NAME + 12.0, w - 150.0);
    let x = |v: f64| left + (right - left) * scale.share(v);
    let mut y = 26.0;
    for bar in l.bars {
        let lines = wrap(&bar.name, 12.0, NAME, 2);
        let first = if lines.len() > 1 { y + 11.0 } else { y + 18.0 };
        for (line, dy) in lines.iter().zip([0.0, 14.0]) {
            pen.text(TEXT, (NAME, first + dy), "end", 12.0, bar.own, line);
        }
        pen.line(GRID, (left, y), (left, y + ROW), 1.0, "");
        match bar.value {
            Some(v) => {
                let label = l.format.value(lang, v);
                pen.rect(if bar.own { PARTS[0] } else { PARTS[1] }, (left, y + 6.0), (x(v) - left, ROW - 12.0), 2.0, &bar.counts);
                pen.text(TEXT, (x(v) + 6.0, y + 19.0), "start", 12.0, true, &label);
            }
            None => pen.text(SOFT, (left + 6.0, y + 19.0), "start", 12.0, false, "–"),
        }
        y += ROW;
    }
    if let Some(target) = l.target {
        pen.line(LAMP, (x(target), 20.0), (x(target), h - 6.0), 1.5, "6 4");
        pen.text(LAMP, (x(target), 14.0), "middle", 12.0, true, l.target_label);
    }
    pen.close()
}

/// A part of a whole.
#[derive(Debug, Clone)]
pub struct Part {
    pub name: String,
    pub value: f64,
    /// As written beside it: `196 camera (66,3 %)`.
    pub label: String,
}

/// One bar cut into its parts, in the order given; the legend is the table beside it (same order, same colours 1 to 5).
#[must_use]
pub fn stacked(id: &str, title: &str, parts: &[Part], palette: Palette) -> Svg {
    let (w, h) = (760.0, 28.0);
    let desc: Vec<String> = parts.iter().map(|p| format!("{}: {}", p.name, p.label)).collect();
    let mut pen = Pen::open(palette, id, "stacked", (w, h), title, &desc.join("; "));
    let total: f64 = parts.iter().map(|p| p.value.max(0.0)).sum();
    let mut x = 0.0;
    for (part, i) in parts.iter().zip(0..) {
        if total <= 0.0 || part.value <= 0.0 {
            continue;
        }
        let width = w * part.value / total;
        let ink = PARTS[std::cmp::min(i, PARTS.len() - 1)];
        pen.rect(ink, (x, 2.0), ((width - 2.0).max(1.0), h - 4.0), 2.0, &format!("{}: {}", part.name, part.label));
        x += width;
    }
    pen.close()
}

/// How far along 0..1, with an optional mark for the target. Decoration beside a written value: hidden from screen readers.
#[must_use]
pub fn meter(share: Option<f64>, target: Option<f64>) -> Svg {
    bar(share, target, SEA)
}

/// As [`meter`], in the colour that [`stacked`] gives the part at `index` (0 first).
#[must_use]
pub fn part_meter(share: Option<f64>, index: usize) -> Svg {
    bar(share, None, PARTS[index.min(PARTS.len() - 1)])
}

fn bar(share: Option<f64>, target: Option<f64>, ink: Ink) -> Svg {
    let (w, h) = (120.0, 10.0);
    let mut out = format!(
        r#"<svg class="chart meter" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true" preserveAspectRatio="none">"#
    );
    let mut pen = Pen { out: String::new(), palette: Palette::Css };
    pen.rect(PALE, (0.0, 1.0), (w, 8.0), 2.0, "");
    if let Some(share) = share {
        pen.rect(ink, (0.0, 1.0), (w * share.clamp(0.0, 1.0), 8.0), 2.0, "");
    }
    if let Some(target) = target {
        let x = (w * target.clamp(0.0, 1.0)).clamp(1.0, w - 1.0);
        pen.line(LAMP, (x, 0.0), (x, h), 2.0, "");
    }
    out.push_str(&pen.out);
    out.push_str("</svg>");
    Svg(out)
}

/// The last months at a glance, for a table. `title` says it in words ("từ 41 % đến 68 % trong 12 tháng").
#[must_use]
pub fn spark(id: &str, title: &str, values: &[Option<f64>]) -> Svg {
    let (w, h) = (96.0, 24.0);
    let mut pen = Pen::open(Palette::Css, id, "spark", (w, h), title, "");
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let (low, high) = known.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
    let span = if high > low { high - low } else { 1.0 };
    #[expect(clippy::cast_precision_loss, reason = "a few dozen months")]
    let step = (w - 8.0) / (values.len().max(2) - 1) as f64;
    let mut run = Vec::new();
    let mut last = None;
    let mut x = 4.0;
    for value in values {
        match value {
            Some(v) => {
                let y = if high > low { h - 4.0 - (h - 8.0) * (v - low) / span } else { h / 2.0 };
                run.push((x, y));
                last = Some((x, y));
            }
            None => {
                if run.len() > 1 {
                    pen.polyline(SEA, &run, 1.5, "");
                }
                run.clear();
            }
        }
        x += step;
    }
    if run.len() > 1 {
        pen.polyline(SEA, &run, 1.5, "");
    }
    if let Some(at) = last {
        pen.dot(SEA, at, 2.5, "");
    }
    pen.close()
}
