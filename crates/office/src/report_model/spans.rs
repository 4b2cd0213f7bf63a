//! What a figure covers, and what the whole period gives where a target looks at a part of it: like is compared with like.

use jiff::civil::Date;
use rules::{Month, Period, indicator::Kind, target::Window};

use super::{Material, Row, figure_of};
use crate::{
    programme::{Freeze, Target, TargetOn},
    report::{Figure, values},
    world::{Indicator, Source},
};

impl Material<'_> {
    /// Last day of the period before.
    pub(super) fn before_day(&self) -> Option<Date> {
        self.previous.and_then(Period::months).map(|(_, to)| to.last_day())
    }

    /// "tháng 6/2025", "quý II/2025", "lũy kế đến 30/06/2025"; of a published figure its own day or period.
    pub(super) fn span(&self, on: &TargetOn, day: Date) -> String {
        if !on.is_known() {
            return String::new();
        }
        let up_to = |d: Date| {
            let d = values::date(d, self.lang);
            self.say(format!("lũy kế đến {d}"), format!("up to {d}"))
        };
        match (&on.reported, on.period) {
            (Some(f), period) => match (f.def.as_of, period) {
                (Some(d), _) => {
                    let d = values::date(d, self.lang);
                    self.say(format!("tại {d}"), format!("as of {d}"))
                }
                (None, Some(p)) => values::period(p, self.lang),
                (None, None) => String::new(),
            },
            (None, Some(p @ (Period::Month(_) | Period::Quarter { .. }))) => values::period(p, self.lang),
            (None, Some(Period::Year(_))) => self.since_new_year(day),
            (None, Some(Period::Range { from, to })) if from == Month::new(to.year(), 1) => self.since_new_year(day),
            (None, Some(Period::Range { from, to })) if from.year() == to.year() => values::period(Period::quarter_of(to), self.lang),
            (None, _) => up_to(day),
        }
    }

    fn since_new_year(&self, day: Date) -> String {
        let d = values::date(day, self.lang);
        self.say(format!("từ đầu năm đến {d}"), format!("this year up to {d}"))
    }

    /// What a column of the table of units covers: counted from records, every unit's figure covers the same.
    pub(super) fn column_span(&self, row: &Row) -> String {
        if row.now.reported.is_none() { self.span(&row.now, self.day) } else { String::new() }
    }

    /// A monthly target in a report on a quarter or a year: sums over all of it and all of the one before.
    pub(super) fn period_sums(&self, target: &Target, unit: u32, now: &TargetOn, before: Option<Date>) -> (Figure, Figure) {
        let window = match self.period {
            Period::Quarter { .. } => Window::Quarter,
            Period::Year(_) => Window::Year,
            _ => return (Figure::NONE, Figure::NONE),
        };
        let Some(indicator) = self.world.indicator(&target.def.indicator).filter(|_| target.def.window == Window::Month) else {
            return (Figure::NONE, Figure::NONE);
        };
        // What stands at a moment has no sum over a period.
        if now.figure.is_none() || indicator.cumulative() {
            return (Figure::NONE, Figure::NONE);
        }
        let sum = |period: Period, day: Date, freeze: Option<&Freeze>| {
            let sources = self.office.target_sources(self.world, target, unit, day);
            let answer = freeze
                .and_then(|f| self.office.frozen_answer(f, indicator, &sources, window))
                .unwrap_or_else(|| self.office.answer(indicator, &sources, period.months()));
            match answer.figure {
                Some(f) if f.n > 0 => figure_of(answer.value, Some(f), answer.estimated),
                _ => Figure::NONE,
            }
        };
        let previous = self.previous.zip(before).map_or(Figure::NONE, |(p, day)| sum(p, day, self.frozen_before.as_ref()));
        (sum(self.period, self.day, self.frozen.as_ref()), previous)
    }

    /// How an indicator is computed: its own words, else those of the register's indicator that counts the same, else where its
    /// figures come from.
    pub(super) fn definition(&self, indicator: &Indicator) -> String {
        let lang = self.code();
        let live = match &indicator.source {
            Source::Reported(def) => def.live.as_deref().and_then(|l| self.world.indicator(l)),
            _ => None,
        };
        if let Some(told) = indicator.explain.as_ref().or_else(|| live.and_then(|l| l.explain.as_ref())) {
            return told.get(lang).to_owned();
        }
        let name = indicator.name.get(lang);
        match (&indicator.source, indicator.kind()) {
            (Source::Reported(_), Kind::Ratio) => self.say(
                "Phần đã đạt ÷ tổng số, theo số liệu đơn vị báo cáo và cấp trên duyệt.",
                "The part reached ÷ the whole, as the units report it and the level above approves.",
            ),
            (Source::Reported(_), _) => self.say(
                format!("{name}: theo số liệu đơn vị báo cáo và cấp trên duyệt."),
                format!("{name}: as the units report it and the level above approves."),
            ),
            _ => self.say(format!("{name}: tính từ các chỉ số khác."), format!("{name}: calculated from other indicators.")),
        }
    }
}

/// Nothing new was published between the two: one record answers for both.
pub(super) fn same_publication(now: &TargetOn, before: &TargetOn) -> bool {
    match (&now.reported, &before.reported) {
        (Some(a), Some(b)) => a.record.id == b.record.id,
        _ => false,
    }
}
