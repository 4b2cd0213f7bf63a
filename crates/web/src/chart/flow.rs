//! The way of dossiers through the office, drawn from what happened: where they wait, and how often they go back.

use super::{Ink, LAMP, LATE, PALE, PAPER, PARTS, Palette, Pen, SEA, SOFT, Svg, TEXT, wrap};

/// A step.
#[derive(Debug, Clone)]
pub struct Stop {
    pub name: String,
    /// "giữa 2 giờ 15 phút · 12 hồ sơ đang ở đây"
    pub note: String,
    /// Its wait against the longest, 0..1: the length of its bar.
    pub share: f64,
    /// The longest wait of all.
    pub hot: bool,
}

/// How often dossiers went from one step to another.
#[derive(Debug, Clone)]
pub struct Move {
    pub from: usize,
    pub to: usize,
    pub count: u64,
    /// "1.246"
    pub label: String,
}

#[derive(Debug, Clone)]
pub struct Flow<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub desc: &'a str,
    pub stops: &'a [Stop],
    pub moves: &'a [Move],
}

const W: f64 = 860.0;
const LEFT: f64 = 172.0;
const RIGHT: f64 = 540.0;
const BOX: f64 = 58.0;
const GAP: f64 = 40.0;
/// Lines past the boxes at most on either side: the rest is in the table.
const LANES: usize = 6;
const LANES_BACK: usize = 3;
/// Wide enough for a number beside its line.
const LANE: f64 = 48.0;

/// Steps one below the other; what goes on runs down the middle or past the right, what comes back past the left.
#[must_use]
pub fn flow(f: &Flow<'_>, palette: Palette) -> Svg {
    #[expect(clippy::cast_precision_loss, reason = "a few dozen steps")]
    let top = |i: usize| 14.0 + (BOX + GAP) * i as f64;
    let h = top(f.stops.len()).max(40.0);
    let mut pen = Pen::open(palette, f.id, "flow", (W, h), f.title, f.desc);
    let most = f.moves.iter().map(|m| m.count).max().unwrap_or(1).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a width on a screen")]
    let width = |count: u64| 1.0 + 6.0 * (count as f64 / most as f64).sqrt();
    let middle = f64::midpoint(LEFT, RIGHT);
    let known = |m: &&Move| m.from < f.stops.len() && m.to < f.stops.len();
    let (mut right, mut left) = (0_u8, 0_u8);
    // How many lines leave or reach a box on a side already: the next one a little lower.
    let mut ports = vec![[0_u8; 2]; f.stops.len()];
    let mut port = |stop: usize, side: usize| {
        let n = &mut ports[stop][side];
        *n += 1;
        top(stop) + BOX * (0.12 + 0.13 * f64::from((*n - 1).min(6)))
    };
    // The most travelled are drawn; among them the shorter ones run closer to the boxes, so that lines cross less.
    let side = |ahead: bool, most: usize| {
        let mut list: Vec<&Move> =
            f.moves.iter().filter(known).filter(|m| m.to != m.from + 1 && (m.to > m.from) == ahead).take(most).collect();
        list.sort_by_key(|m| m.to.abs_diff(m.from));
        list
    };
    let straight = f.moves.iter().filter(known).filter(|m| m.to == m.from + 1);
    // Numbers last, each on a ground of its own: no line runs through one.
    let mut labels: Vec<(Ink, (f64, f64), &str, &str)> = Vec::new();
    for m in straight.chain(side(true, LANES)).chain(side(false, LANES_BACK)) {
        let w = width(m.count);
        if m.to == m.from + 1 {
            let (a, b) = (top(m.from) + BOX, top(m.to));
            pen.line(SEA, (middle, a), (middle, b - 7.0), w, "");
            arrow(&mut pen, (middle, b), 1.0);
            labels.push((TEXT, (middle + 12.0, a + GAP / 2.0 + 4.0), "start", &m.label));
            continue;
        }
        let ahead = m.to > m.from;
        let lane = if ahead { &mut right } else { &mut left };
        let along = 26.0 + LANE * f64::from(*lane);
        *lane += 1;
        let (a, b) = (port(m.from, usize::from(ahead)), port(m.to, usize::from(ahead)));
        if ahead {
            pen.polyline(SEA, &[(RIGHT, a), (RIGHT + along, a), (RIGHT + along, b), (RIGHT + 8.0, b)], w, "");
            arrow(&mut pen, (RIGHT, b), 2.0);
            labels.push((TEXT, (RIGHT + along + 5.0, f64::midpoint(a, b) + 4.0), "start", &m.label));
        } else {
            pen.polyline(LAMP, &[(LEFT, a), (LEFT - along, a), (LEFT - along, b), (LEFT - 8.0, b)], w, "5 3");
            arrow(&mut pen, (LEFT, b), 0.0);
            labels.push((LAMP, (LEFT - along - 5.0, f64::midpoint(a, b) + 4.0), "end", &m.label));
        }
    }
    for (ink, at, anchor, text) in labels {
        #[expect(clippy::cast_precision_loss, reason = "a few digits")]
        let wide = 8.2 * text.chars().count() as f64;
        let x = if anchor == "end" { at.0 - wide } else { at.0 };
        pen.rect(PAPER, (x - 2.0, at.1 - 13.0), (wide + 4.0, 17.0), 2.0, "");
        pen.text(ink, at, anchor, 14.0, true, text);
    }
    for (i, s) in f.stops.iter().enumerate() {
        let y = top(i);
        pen.rect(PALE, (LEFT, y), (RIGHT - LEFT, BOX), 6.0, "");
        let ink = if s.hot { LATE } else { PARTS[1] };
        pen.rect(ink, (LEFT, y + BOX - 6.0), ((RIGHT - LEFT) * s.share.clamp(0.0, 1.0), 6.0), 2.0, &s.note);
        let name = wrap(&s.name, 16.0, RIGHT - LEFT - 24.0, 1).into_iter().next().unwrap_or_default();
        pen.text(TEXT, (LEFT + 14.0, y + 22.0), "start", 16.0, true, &name);
        pen.text(SOFT, (LEFT + 14.0, y + 43.0), "start", 14.0, false, &s.note);
    }
    pen.close()
}

/// A point: 1 downwards, 2 to the left, 0 to the right.
fn arrow(pen: &mut Pen, (x, y): (f64, f64), way: f64) {
    let points = if way > 1.5 {
        [(x + 9.0, y - 5.0), (x, y), (x + 9.0, y + 5.0)]
    } else if way > 0.5 {
        [(x - 5.0, y - 9.0), (x, y), (x + 5.0, y - 9.0)]
    } else {
        [(x - 9.0, y - 5.0), (x, y), (x - 9.0, y + 5.0)]
    };
    pen.polyline(if way < 0.5 { LAMP } else { SEA }, &points, 2.0, "");
}
