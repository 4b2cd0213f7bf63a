//! The clock of one dossier as a line: received, counted, stood still, due, and where the day is now.

use super::{GRID, Ink, LAMP, LATE, PALE, Palette, Pen, SEA, SOFT, Svg, TEXT, width_of};

/// A moment on the line.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Seconds on any common scale.
    pub at: f64,
    /// "Tiếp nhận"
    pub name: String,
    /// "23/06 09:41"
    pub when: String,
}

/// A stretch in which the clock stood still.
#[derive(Debug, Clone)]
pub struct Pause {
    pub from: f64,
    pub to: f64,
    /// "Chờ công dân bổ sung: 23/06 – 25/06"
    pub tip: String,
}

/// A clock as it is drawn.
#[derive(Debug, Clone)]
pub struct ClockLine<'a> {
    pub id: &'a str,
    /// Pixels across: names keep their size on a narrow screen.
    pub width: f64,
    pub title: &'a str,
    pub desc: &'a str,
    pub received: Moment,
    /// From when it counts, where that is later.
    pub started: Option<Moment>,
    pub pauses: Vec<Pause>,
    /// Missing while the clock stands still.
    pub due: Option<Moment>,
    /// A day named before and given up.
    pub old_due: Option<Moment>,
    /// Now, or when it was decided.
    pub now: Moment,
    pub done: bool,
}

const H: f64 = 112.0;
const LINE: f64 = 56.0;
const PAD: f64 = 46.0;
const SIZE: f64 = 12.0;

/// Draws it.
#[must_use]
pub fn clock(c: &ClockLine<'_>, palette: Palette) -> Svg {
    let w = c.width;
    let class = if w < 500.0 { "clock-line narrow" } else { "clock-line wide" };
    let mut pen = Pen::open(palette, c.id, class, (w, H), c.title, c.desc);
    let end = [c.due.as_ref(), c.old_due.as_ref(), Some(&c.now)].into_iter().flatten().map(|m| m.at).fold(c.now.at, f64::max);
    let (low, high) = (c.received.at, if end > c.received.at { end } else { c.received.at + 1.0 });
    let x = |at: f64| PAD + (w - 2.0 * PAD) * ((at - low) / (high - low)).clamp(0.0, 1.0);
    let start = c.started.as_ref().map_or(c.received.at, |m| m.at);
    let due = c.due.as_ref().map_or(high, |m| m.at);
    let bar = |pen: &mut Pen, ink: Ink, from: f64, to: f64, tip: &str| {
        if to > from {
            pen.rect(ink, (x(from), LINE - 5.0), (x(to) - x(from), 10.0), 2.0, tip);
        }
    };
    pen.line(GRID, (x(low), LINE), (x(high), LINE), 1.5, "3 4");
    bar(&mut pen, PALE, start, due, "");
    bar(&mut pen, SEA, start, c.now.at.min(due), "");
    bar(&mut pen, LATE, due, c.now.at, "");
    for p in &c.pauses {
        bar(&mut pen, PALE, p.from, p.to, &p.tip);
        pen.line(LAMP, (x(p.from), LINE), (x(p.to), LINE), 4.0, "4 3");
    }
    // Names above and below in turn, each where there is room.
    let mut marks: Vec<(&Moment, Ink, bool)> = vec![(&c.received, SEA, false)];
    marks.extend(c.started.as_ref().map(|m| (m, SEA, false)));
    marks.extend(c.old_due.as_ref().map(|m| (m, SOFT, false)));
    marks.extend(c.due.as_ref().map(|m| (m, if c.now.at > m.at { LATE } else { TEXT }, true)));
    marks.push((&c.now, if c.done { SEA } else { LAMP }, false));
    marks.sort_by(|a, b| a.0.at.total_cmp(&b.0.at));
    let mut free = [f64::MIN, f64::MIN];
    for (m, ink, goal) in marks {
        let at = x(m.at);
        if goal {
            pen.diamond(ink, (at, LINE), 8.0, &m.when);
        } else {
            pen.dot(ink, (at, LINE), 6.0, &m.when);
        }
        let wide = width_of(&m.name, SIZE).max(width_of(&m.when, SIZE)) + 10.0;
        let left = (at - wide / 2.0).clamp(0.0, (w - wide).max(0.0));
        let row = usize::from(left < free[0] && (left >= free[1] || free[1] < free[0]));
        let left = left.max(free[row]).min((w - wide).max(0.0));
        free[row] = left + wide;
        let (name_y, when_y) = if row == 0 { (LINE - 30.0, LINE - 15.0) } else { (LINE + 25.0, LINE + 40.0) };
        pen.text(ink, (left + wide / 2.0, name_y), "middle", SIZE, true, &m.name);
        pen.text(SOFT, (left + wide / 2.0, when_y), "middle", SIZE, false, &m.when);
    }
    pen.close()
}
