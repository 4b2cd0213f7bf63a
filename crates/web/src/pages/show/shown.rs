//! The one value a page shows for an indicator, a unit and a period: counted where there are records, else as it was reported.

use office::{
    Error,
    programme::{ReportedFigure, Standing},
    world::Indicator,
};
use rules::{
    Period,
    access::Actor,
    indicator::{Figure, Kind},
};

use super::{Scene, words};
use crate::{
    http::{Ctx, PageError},
    i18n::Lang,
    view,
};

/// A value with how it came about.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// As a fraction: 0.9763 for 97,63 %.
    pub value: Option<f64>,
    pub figure: Option<Figure>,
    pub estimated: bool,
    pub not_attributable: Vec<u32>,
    /// What was reported for the period, when the value is not counted: one, or several that contradict each other.
    pub reported: Vec<ReportedFigure>,
}

/// `None` where the actor may not see the indicator's register.
pub fn figure_of(
    ctx: &Ctx,
    actor: &Actor,
    indicator: &Indicator,
    scene: Scene,
    period: Period,
    reported: &[ReportedFigure],
) -> Result<Option<Shown>, PageError> {
    let office = &ctx.app.office;
    let Standing { answer, published } = match office.standing(actor, indicator, scene.unit, (period, scene.day), reported) {
        Ok(s) => s,
        Err(Error::Refused(r)) if matches!(r.code, "access.register" | "access.unit" | "access.role") => return Ok(None),
        Err(e) => return Err(ctx.fault(e)),
    };
    let shown = Shown {
        value: answer.value,
        figure: answer.figure,
        estimated: answer.estimated && answer.value.is_some(),
        not_attributable: answer.not_attributable,
        reported: published,
    };
    Ok(Some(shown))
}

impl Shown {
    /// Reported values contradict each other.
    #[must_use]
    pub fn conflict(&self) -> bool {
        self.reported.len() > 1
    }

    #[must_use]
    pub fn has_value(&self) -> bool {
        self.value.is_some() || !self.reported.is_empty()
    }

    /// As it is written on the page; a dash for no value.
    #[must_use]
    pub fn text(&self, t: Lang, indicator: &Indicator) -> String {
        match (&self.figure, self.reported.as_slice(), self.value) {
            (_, [_, ..], _) => {
                let each: Vec<String> = self.reported.iter().map(|f| reported_text(t, indicator, f)).collect();
                each.join(" · ")
            }
            (Some(f), _, Some(_)) => words::counted(t, indicator.format, f),
            (None, _, Some(v)) => words::value(t, indicator.format, v),
            _ => words::DASH.to_owned(),
        }
    }

    /// Numerator and denominator in one line.
    #[must_use]
    pub fn counts(&self, t: Lang) -> String {
        match (&self.figure, self.reported.as_slice()) {
            (Some(f), _) if f.n > 0 => words::counts(t, f),
            (_, [one]) => match (one.def.numerator, one.def.denominator) {
                (Some(n), Some(d)) => format!("{} / {}", t.int(n), t.int(d)),
                _ => String::new(),
            },
            _ => String::new(),
        }
    }

    /// Numerator and denominator apart, each empty where there is none.
    #[must_use]
    pub fn parts(&self, t: Lang) -> (String, String) {
        match (&self.figure, self.reported.as_slice()) {
            (Some(f), _) if f.n > 0 => match f.kind {
                Kind::Ratio => (t.int(f.num), t.int(f.den)),
                Kind::Average => (rules::text::format_decimal(i128::from(f.num), u32::from(f.scale), t.tag()), t.int(f.den)),
                Kind::Sum | Kind::Count => (t.int(f.n), String::new()),
            },
            (_, [one]) => {
                let int = |n: Option<i64>| n.map(|n| t.int(n)).unwrap_or_default();
                (int(one.def.numerator), int(one.def.denominator))
            }
            _ => Default::default(),
        }
    }

    /// With the door behind it.
    #[must_use]
    pub fn view(&self, t: Lang, indicator: &Indicator, href: String, live_id: String) -> view::Figure {
        view::Figure {
            value: self.text(t, indicator),
            counts: self.counts(t),
            href,
            live_id,
            estimated: self.estimated,
            period: String::new(),
        }
    }
}

/// "hơn 1.246"
#[must_use]
pub fn reported_text(t: Lang, indicator: &Indicator, f: &ReportedFigure) -> String {
    let Some(value) = f.def.value else { return f.def.as_written.clone().unwrap_or_else(|| words::DASH.to_owned()) };
    let word = f.def.qualifier.word(t.tag());
    let number = words::published(t, indicator.format, value);
    if word.is_empty() { number } else { format!("{word} {number}") }
}
