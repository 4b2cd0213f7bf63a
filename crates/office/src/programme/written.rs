//! What a person wrote on the form of a figure: the period in any of the ways officials write it, and what should be asked back
//! before the figure is handed in.

use rules::{Month, Period, Refusal, access::Actor, number};

use super::{FIGURE, FigureInput, reported::measure_of};
use crate::{
    Office,
    error::{Error, Result},
    world::World,
};

/// "tháng 6/2025", "06/2025", "quý II/2025", "6 tháng đầu năm 2025", "năm 2025", "2025-06", "Q2 2025".
///
/// # Errors
/// `input.period` with the text.
pub fn read_period(text: &str) -> Result<Period> {
    let text = text.trim();
    let known = || text.parse().ok().or_else(|| in_words(text));
    known().ok_or_else(|| Error::Refused(Refusal::new("input.period").with("field", "period").with("text", text)))
}

fn in_words(text: &str) -> Option<Period> {
    let folded = rules::text::fold(text);
    let spaced: String = folded.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let year = |t: &str| (t.len() == 4).then(|| t.parse::<i32>().ok()).flatten().filter(|y| (1900..=2999).contains(y));
    let month = |t: &str| (t.len() <= 2).then(|| t.parse::<i32>().ok()).flatten().filter(|m| (1..=12).contains(m));
    let of_month = |y: i32, m: i32| Some(Period::Month(Month::new(y, m)));
    let quarter = |y: i32, q: &str| {
        let q = match q.trim_start_matches('q') {
            "1" | "i" => 1,
            "2" | "ii" => 2,
            "3" | "iii" => 3,
            "4" | "iv" => 4,
            _ => return None,
        };
        Some(Period::Quarter { year: y, quarter: q })
    };
    match words.as_slice() {
        ["nam" | "year", y] => year(y).map(Period::Year),
        [m, y] if month(m).is_some() && year(y).is_some() => of_month(year(y)?, month(m)?),
        [y, m] if month(m).is_some() && year(y).is_some() => of_month(year(y)?, month(m)?),
        ["thang" | "month", m, y] | ["thang" | "month", m, "nam", y] | [m, "nam", y] if month(m).is_some() => of_month(year(y)?, month(m)?),
        ["quy" | "quarter", q, y] | ["quy", q, "nam", y] => quarter(year(y)?, q),
        [q, y] if q.starts_with('q') => quarter(year(y)?, q),
        [n, "thang", "dau", "nam", y] | [n, "thang", "nam", y] => {
            Some(Period::Range { from: Month::new(year(y)?, 1), to: Month::new(year(y)?, month(n)?) })
        }
        ["6", "thang", "cuoi", "nam", y] => Some(Period::Range { from: Month::new(year(y)?, 7), to: Month::new(year(y)?, 12) }),
        [word, y] => {
            const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
            let m = NAMES.iter().position(|n| word.starts_with(n))?;
            of_month(year(y)?, i32::try_from(m).ok()? + 1)
        }
        _ => None,
    }
}

impl Office {
    /// What should be asked back before a figure is handed in: none of it is impossible, all of it is more often a slip. `id` is the
    /// figure that is being corrected, if it is one.
    pub async fn figure_doubts(&self, actor: &Actor, input: &FigureInput, id: Option<&str>) -> Result<Vec<Refusal>> {
        let world = self.world();
        let mut out = Vec::new();
        let Some(indicator) = world.indicator(input.indicator.trim()) else { return Ok(out) };
        if indicator.format.is_percent()
            && let Ok(reading) = number::read(&input.written, measure_of(indicator))
            && reading.value.to_f64() > 100.0
        {
            out.push(Refusal::new("figure.beyond_whole").with("text", input.written.trim()));
        }
        let Ok(period) = read_period(&input.period) else { return Ok(out) };
        if let (Ok(day), Some((from, to))) = (input.as_of.trim().parse::<jiff::civil::Date>(), period.months())
            && (day < from.first_day() || day > to.last_day())
        {
            out.push(Refusal::new("figure.as_of_outside").with("as_of", day));
        }
        let pending = self.reported_figures(actor).await?.into_iter().find(|f| {
            f.record.state == "submitted"
                && f.def.indicator == indicator.id
                && f.record.unit == unit_key(&world, &input.unit, self.today())
                && f.def.period == Some(period)
                && Some(f.record.id.to_string().as_str()) != id
        });
        if let Some(f) = pending {
            out.push(Refusal::new("figure.pending").with("value", f.def.as_written.unwrap_or_default()));
        }
        Ok(out)
    }

    /// Reported indicators that somebody enters figures of: what a target sets for the actor's units first (`true`), then what their
    /// likes have figures of, and what nobody reports yet. What only other places report is not offered.
    pub async fn indicators_to_enter(&self, actor: &Actor) -> Result<Vec<(String, bool)>> {
        use rules::access::{Action, scope};
        let (world, day) = (self.world(), self.today());
        let mine = scope(actor, Action::Submit, Some(FIGURE), &world.units);
        let Some(top) = world.root_on(day).and_then(|k| world.units.idx(k)) else { return Ok(Vec::new()) };
        let units: Vec<u32> = world.units.subtree_on(top, day).filter(|u| mine.contains(*u)).collect();
        let level = |u: u32| world.units.unit(u).level;
        // What is entered is no secret; only that somebody does is asked here.
        let seen = Actor::system();
        let mut aimed = std::collections::BTreeMap::<String, bool>::new();
        for t in self.targets(&seen).await? {
            let Some(i) = world.indicator(&t.def.indicator) else { continue };
            let bound = self.bound_units(&world, &t.def, day);
            let owner = t.def.owner.as_ref().and_then(|k| world.units.idx(k));
            let ours = bound.iter().chain(owner.iter()).any(|u| units.contains(u));
            *aimed.entry(i.id.clone()).or_default() |= ours;
        }
        let mut reported = std::collections::BTreeMap::<String, bool>::new();
        for f in self.reported_figures(&seen).await? {
            let unit = world.units.idx(&f.def.unit);
            let alike = unit.is_some_and(|x| world.units.is_within(x, top) && units.iter().any(|u| level(*u) == level(x)));
            *reported.entry(f.def.indicator.clone()).or_default() |= alike;
        }
        let mut out = Vec::new();
        for i in world.indicators.values().filter(|i| matches!(i.source, crate::world::Source::Reported(_))) {
            match (aimed.get(&i.id), reported.get(&i.id)) {
                (Some(true), _) => out.push((i.id.clone(), true)),
                (_, Some(true)) | (None, None) => out.push((i.id.clone(), false)),
                _ => {}
            }
        }
        out.sort_by_key(|(_, first)| !first);
        Ok(out)
    }
}

fn unit_key(world: &World, text: &str, day: jiff::civil::Date) -> String {
    world.unit_idx(text.trim(), day).map(|u| world.units.key(u).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_people_write_them() {
        for (text, period) in [
            ("2025-06", "2025-06"),
            ("tháng 6/2025", "2025-06"),
            ("Tháng 06 năm 2025", "2025-06"),
            ("06/2025", "2025-06"),
            ("6/2025", "2025-06"),
            ("2025/6", "2025-06"),
            ("June 2025", "2025-06"),
            ("quý II/2025", "2025Q2"),
            ("Quý 2 năm 2025", "2025Q2"),
            ("Q2 2025", "2025Q2"),
            ("2025Q2", "2025Q2"),
            ("năm 2025", "2025"),
            ("2025", "2025"),
            ("6 tháng đầu năm 2025", "2025-01..2025-06"),
            ("9 tháng năm 2025", "2025-01..2025-09"),
        ] {
            assert_eq!(read_period(text).unwrap().to_string(), period, "{text}");
        }
        for text in ["", "tháng 13/2025", "quý V/2025", "hôm qua", "6", "tháng 6", "25", "mayor"] {
            assert_eq!(read_period(text).unwrap_err().code(), "input.period", "{text}");
        }
    }
}
