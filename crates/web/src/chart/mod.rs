//! Charts drawn on the server: a function from numbers to an SVG text.
//!
//! The same drawing stands on a page and in a Word file. On a page colours come from the style sheet by class (light and
//! dark); every shape also carries the light colours as attributes, so the drawing is whole without a style sheet.
//! Each chart has a `<title>` and a `<desc>`; the page puts a table of the same numbers behind it.

mod bars;
mod clock;
mod flow;
mod scale;
mod trend;

use std::fmt::{self, Write};

use crate::i18n::Lang;

pub use bars::{Bar, League, Part, league, meter, part_meter, spark, stacked};
pub use clock::{ClockLine, Moment, Pause, clock};
pub use flow::{Flow, Move, Stop, flow};
pub use trend::{Boundary, Deadline, Milestone, Projection, Size, Target, Trend, trend};

/// A finished drawing. It is HTML-safe: every text in it was escaped when it was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Svg(pub String);

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Svg {}

/// Where the colours come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// For a page: classes, with the light colours as fallback.
    Css,
    /// For a file: fixed colours, a white ground, width and height in pixels, a typeface every office machine has.
    Fixed,
}

/// How a value is written. Shares are 0..1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Integer,
    Decimal(usize),
    Percent(usize),
}

impl Format {
    /// As in a figure: `97,63 %`.
    #[must_use]
    pub fn value(self, lang: Lang, x: f64) -> String {
        match self {
            Self::Integer => lang.decimal(x, 0),
            Self::Decimal(digits) => lang.decimal(x, digits),
            Self::Percent(digits) => lang.percent(x, digits),
        }
    }

    /// As on an axis: no more digits than the step needs, the unit stands once at the top.
    fn tick(self, lang: Lang, x: f64, step: f64) -> String {
        let (x, step) = if matches!(self, Self::Percent(_)) { (x * 100.0, step * 100.0) } else { (x, step) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=4")]
        let digits = (-step.log10()).ceil().clamp(0.0, 4.0) as usize;
        lang.decimal(x, digits)
    }
}

/// One colour role: the class on a page, the colour in a file.
#[derive(Clone, Copy)]
pub(crate) struct Ink {
    class: &'static str,
    fixed: &'static str,
}

pub(crate) const SEA: Ink = Ink { class: "c-sea", fixed: "#14598a" };
pub(crate) const LAMP: Ink = Ink { class: "c-lamp", fixed: "#9a5b00" };
pub(crate) const GRID: Ink = Ink { class: "c-grid", fixed: "#dfe3e8" };
pub(crate) const TEXT: Ink = Ink { class: "c-text", fixed: "#14212e" };
pub(crate) const SOFT: Ink = Ink { class: "c-soft", fixed: "#516170" };
pub(crate) const LATE: Ink = Ink { class: "c-late", fixed: "#b3261e" };
pub(crate) const PALE: Ink = Ink { class: "c-pale", fixed: "#e8eef3" };
/// The page itself: the ground of a text that lies over lines.
pub(crate) const PAPER: Ink = Ink { class: "c-paper", fixed: "#ffffff" };
/// Parts of a whole, dark to light, apart from each other in grey too.
pub(crate) const PARTS: [Ink; 5] = [
    Ink { class: "c-p1", fixed: "#0b3a5b" },
    Ink { class: "c-p2", fixed: "#2f78ad" },
    Ink { class: "c-p3", fixed: "#85b4d6" },
    Ink { class: "c-p4", fixed: "#e0a030" },
    Ink { class: "c-p5", fixed: "#9aa7b3" },
];

/// Writes shapes; escapes every text.
pub(crate) struct Pen {
    out: String,
    palette: Palette,
}

impl Pen {
    /// Opens the drawing. `id` must be unique on the page: it names the title and the description.
    pub(crate) fn open(palette: Palette, id: &str, class: &str, (w, h): (f64, f64), title: &str, desc: &str) -> Self {
        let mut pen = Self { out: String::with_capacity(4096), palette };
        let id = id.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_', "-");
        let (w, h) = (num(w), num(h));
        let _ = match palette {
            Palette::Css => write!(
                pen.out,
                r#"<svg class="chart {class}" viewBox="0 0 {w} {h}" width="{w}" height="{h}"{} role="img" aria-labelledby="{id}-t{}"><title id="{id}-t">{}</title>"#,
                if class == "stacked" { r#" preserveAspectRatio="none""# } else { "" },
                if desc.is_empty() { String::new() } else { format!(" {id}-d") },
                escape(title)
            ),
            Palette::Fixed => write!(
                pen.out,
                r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" font-family="Be Vietnam Pro, Arial, Liberation Sans, sans-serif" role="img"><title>{}</title><rect width="{w}" height="{h}" fill="#ffffff"/>"##,
                escape(title)
            ),
        };
        if !desc.is_empty() {
            let _ = match palette {
                Palette::Css => write!(pen.out, r#"<desc id="{id}-d">{}</desc>"#, escape(desc)),
                Palette::Fixed => write!(pen.out, "<desc>{}</desc>", escape(desc)),
            };
        }
        pen
    }

    pub(crate) fn close(mut self) -> Svg {
        self.out.push_str("</svg>");
        Svg(self.out)
    }

    fn stroke(&self, ink: Ink) -> String {
        match self.palette {
            Palette::Css => format!(r#"class="{}-s" stroke="{}""#, ink.class, ink.fixed),
            Palette::Fixed => format!(r#"stroke="{}""#, ink.fixed),
        }
    }

    fn fill(&self, ink: Ink) -> String {
        match self.palette {
            Palette::Css => format!(r#"class="{}" fill="{}""#, ink.class, ink.fixed),
            Palette::Fixed => format!(r#"fill="{}""#, ink.fixed),
        }
    }

    pub(crate) fn line(&mut self, ink: Ink, from: (f64, f64), to: (f64, f64), width: f64, dash: &str) {
        let dash = if dash.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dash}""#) };
        let (x1, y1, x2, y2) = (num(from.0), num(from.1), num(to.0), num(to.1));
        let _ =
            write!(self.out, r#"<line {} x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke-width="{}"{dash}/>"#, self.stroke(ink), num(width));
    }

    pub(crate) fn polyline(&mut self, ink: Ink, points: &[(f64, f64)], width: f64, dash: &str) {
        let dash = if dash.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dash}""#) };
        let list: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", num(*x), num(*y))).collect();
        let _ = write!(
            self.out,
            r#"<polyline {} points="{}" fill="none" stroke-width="{}" stroke-linejoin="round" stroke-linecap="round"{dash}/>"#,
            self.stroke(ink),
            list.join(" "),
            num(width)
        );
    }

    pub(crate) fn rect(&mut self, ink: Ink, (x, y): (f64, f64), (w, h): (f64, f64), radius: f64, tip: &str) {
        let (x, y, w, h) = (num(x), num(y), num(w.max(0.0)), num(h));
        let _ = write!(self.out, r#"<rect {} x="{x}" y="{y}" width="{w}" height="{h}" rx="{}""#, self.fill(ink), num(radius));
        self.tip(tip, "rect");
    }

    pub(crate) fn dot(&mut self, ink: Ink, (x, y): (f64, f64), r: f64, tip: &str) {
        let _ = write!(self.out, r#"<circle {} cx="{}" cy="{}" r="{}""#, self.fill(ink), num(x), num(y), num(r));
        self.tip(tip, "circle");
    }

    pub(crate) fn diamond(&mut self, ink: Ink, (x, y): (f64, f64), r: f64, tip: &str) {
        let list = format!("{},{} {},{} {},{} {},{}", num(x), num(y - r), num(x + r), num(y), num(x), num(y + r), num(x - r), num(y));
        let _ = write!(self.out, r#"<polygon {} points="{list}""#, self.fill(ink));
        self.tip(tip, "polygon");
    }

    fn tip(&mut self, tip: &str, element: &str) {
        if tip.is_empty() {
            self.out.push_str("/>");
        } else {
            let _ = write!(self.out, "><title>{}</title></{element}>", escape(tip));
        }
    }

    /// `anchor`: start, middle or end.
    pub(crate) fn text(&mut self, ink: Ink, (x, y): (f64, f64), anchor: &str, size: f64, bold: bool, text: &str) {
        let weight = if bold { r#" font-weight="600""# } else { "" };
        let _ = write!(
            self.out,
            r#"<text {} x="{}" y="{}" text-anchor="{anchor}" font-size="{}"{weight}>{}</text>"#,
            self.fill(ink),
            num(x),
            num(y),
            num(size),
            escape(text)
        );
    }
}

/// At most one decimal: a tenth of a pixel is finer than a screen.
fn num(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Width of a text in pixels, near enough to place labels: Be Vietnam Pro averages 0.56 em a letter.
pub(crate) fn width_of(text: &str, size: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "labels are short")]
    let letters = text.chars().count() as f64;
    letters * size * 0.56
}

/// Breaks at spaces into lines no wider than `width`; at most `lines`, the rest is cut with an ellipsis.
pub(crate) fn wrap(text: &str, size: f64, width: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let full = out.len() == lines;
        let Some(last) = out.last_mut() else { break };
        let longer = if last.is_empty() { word.to_owned() } else { format!("{last} {word}") };
        if last.is_empty() || width_of(&longer, size) <= width {
            *last = longer;
        } else if full {
            last.push('…');
            break;
        } else {
            out.push(word.to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests;
