//! The table that is printed.

use std::{fmt, time::Duration};

use crate::Options;

/// One measured figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub what: String,
    pub asked: Option<String>,
    pub measured: String,
    /// `None` where nothing is asked: the figure stands beside another one.
    pub met: Option<bool>,
}

/// All lines, in the order in which they were measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub title: String,
    pub lines: Vec<Line>,
}

/// A duration as people read it.
#[must_use]
pub fn spoken(d: Duration) -> String {
    let s = d.as_secs_f64();
    if s >= 1.0 { format!("{s:.1} s") } else { format!("{:.2} ms", s * 1e3) }
}

/// 50000 → "50,000".
#[must_use]
pub fn grouped(n: f64) -> String {
    let digits = format!("{n:.0}");
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}

impl Report {
    pub(crate) fn new(options: &Options) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mode = if options.full { "full" } else { "quick" };
        Self { title: format!("Hải Đăng, speed and memory ({mode}, {cores} cores, seed {})", options.seed), lines: Vec::new() }
    }

    fn add(&mut self, what: &str, asked: Option<String>, measured: String, met: Option<bool>) {
        let line = Line { what: what.to_owned(), asked, measured, met };
        eprintln!("{line}");
        self.lines.push(line);
    }

    pub(crate) fn at_least(&mut self, what: &str, asked: f64, measured: f64, measure: &str) {
        self.add(
            what,
            Some(format!("≥ {} {measure}", grouped(asked))),
            format!("{} {measure}", grouped(measured)),
            Some(measured >= asked),
        );
    }

    /// For figures of which a smaller amount was measured than is asked about.
    pub(crate) fn judged(&mut self, what: &str, asked: &str, measured: String, met: bool) {
        self.add(what, Some(asked.to_owned()), measured, Some(met));
    }

    /// Adds a line for a time; the binary uses it for what it measures over HTTP by itself.
    pub fn at_most(&mut self, what: &str, asked: Duration, measured: Duration) {
        self.add(what, Some(format!("≤ {}", spoken(asked))), spoken(measured), Some(measured <= asked));
    }

    pub(crate) fn beside(&mut self, what: &str, measured: String) {
        self.add(what, None, measured, None);
    }

    /// Every asked figure was reached.
    #[must_use]
    pub fn all_met(&self) -> bool {
        self.lines.iter().all(|l| l.met != Some(false))
    }
}

fn padded(text: &str, width: usize) -> String {
    let len = text.chars().count();
    format!("{text}{}", " ".repeat(width.saturating_sub(len)))
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let met = match self.met {
            Some(true) => "met",
            Some(false) => "NOT MET",
            None => "",
        };
        let asked = self.asked.as_deref().unwrap_or("–");
        write!(f, "{} {} {} {met}", padded(&self.what, 70), padded(asked, 22), padded(&self.measured, 44))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{} {} {}", self.title, padded("figure", 70), padded("asked", 22), padded("measured", 44))?;
        for line in &self.lines {
            writeln!(f, "{}", line.to_string().trim_end())?;
        }
        Ok(())
    }
}
