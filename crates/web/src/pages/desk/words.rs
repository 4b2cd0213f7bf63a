//! Words and numbers of the desk: terms, statuses, what is left, how much of a term is used.

use jiff::civil::Date;
use rules::{
    Timestamp,
    calendar::{Calendar, Term},
    one_stop::Status,
    procedure::PartKind,
    units::Unit,
};

use crate::{
    chart::{self, Svg},
    http::Ctx,
    i18n::Lang,
    view::Mark,
};

const MINUTE_US: i64 = 60_000_000;
/// Working minutes of an ordinary day, for speaking of long waits.
const DAY_MINUTES: i64 = 450;

/// Key of a message that ends with an identifier.
pub fn key(stem: &str, id: &str) -> String {
    format!("{stem}-{}", id.replace('_', "-"))
}

pub fn status_text(t: Lang, status: Status) -> String {
    t.msg(&key("case-status", status.id()))
}

/// The word of a register's state; the state itself where it has none.
pub fn state_text(t: Lang, state: &str) -> String {
    t.try_format(&key("case-status", state), &[]).unwrap_or_else(|| state.to_owned())
}

/// The mark of a dossier: what it is, and whether it is late.
pub fn mark(status: Status, due: Option<Timestamp>, now: Timestamp, used: Option<f64>) -> Mark {
    match status {
        Status::Resolved | Status::ReturnedResult => Mark::Completed,
        Status::Withdrawn | Status::Stopped | Status::Rejected | Status::NotAccepted => Mark::NoData,
        Status::Supplement | Status::Payment => Mark::Waiting,
        _ if due.is_some_and(|d| d < now) => Mark::Overdue,
        _ if used.is_some_and(|u| u >= 0.8) => Mark::AtRisk,
        _ => Mark::InProgress,
    }
}

/// "còn 2 ngày làm việc", "còn 3 giờ", "trễ 5 giờ"; in the calendar's own days.
pub fn left(t: Lang, calendar: &Calendar, now: Timestamp, due: Timestamp) -> String {
    let time = |key: &str, us: i64| {
        let minutes = us / MINUTE_US;
        match (minutes / 60, minutes % 60) {
            (0, m) => t.msg1(&format!("{key}-minutes"), "minutes", m),
            (h, m) => t.format(&format!("{key}-hours"), &[("hours", h.into()), ("minutes", m.into())]),
        }
    };
    let (today, day) = (now.local_date(), due.local_date());
    if due < now {
        return match calendar.working_days_between(day, today) {
            Ok(d) if d.value > 0 => t.msg1("late-days", "count", d.value),
            _ => time("desk-late", now.0 - due.0),
        };
    }
    match calendar.working_days_between(today, day) {
        Ok(d) if d.value > 0 => t.msg1("left-days", "count", d.value),
        _ => time("desk-left", due.0 - now.0),
    }
}

pub fn term(t: Lang, term: Term) -> String {
    match term {
        Term::WorkingDays(0) => t.msg("term-same-day"),
        Term::WorkingHours(n) => t.msg1("term-working-hours", "count", i64::from(n)),
        Term::WorkingDays(n) => t.msg1("term-working-days", "count", i64::from(n)),
        Term::Days(n) => t.msg1("term-days", "count", i64::from(n)),
        Term::Months(n) => t.msg1("term-months", "count", i64::from(n)),
    }
}

/// Working minutes as people speak of them.
pub fn minutes(t: Lang, m: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "minutes of a term")]
    let of = |unit: i64| t.decimal(m as f64 / unit as f64, usize::from(m < 10 * unit && m % unit != 0));
    if m >= 2 * DAY_MINUTES {
        t.msg1("desk-workdays", "count", (m + DAY_MINUTES / 2) / DAY_MINUTES)
    } else if m >= 60 {
        t.msg1("desk-hours", "count", of(60))
    } else {
        t.msg1("desk-minutes", "count", m)
    }
}

/// The share of the term, in words and as a length.
pub fn used(t: Lang, share: Option<f64>) -> (String, Svg) {
    match share {
        Some(s) => (t.percent(s, 0), chart::meter(Some(s.clamp(0.0, 1.0)), None)),
        None => (String::new(), Svg::default()),
    }
}

pub fn vnd(t: Lang, amount: u64) -> String {
    format!("{} đ", t.int(i64::try_from(amount).unwrap_or(i64::MAX)))
}

/// The name of a procedure in the reader's language; as the dossier has it where the packs know none of that code.
pub fn procedure_name(ctx: &Ctx, code: &str, kept: &str) -> String {
    let world = ctx.app.office.world();
    let newest = world.procedures.get(code).and_then(|versions| versions.last());
    match newest {
        // In Vietnamese it stays as it was called when the dossier was filed.
        Some(p) if ctx.t != Lang::Vi || kept.is_empty() => ctx.t.pick(&p.def.name).to_owned(),
        _ => kept.to_owned(),
    }
}

/// A day as Decree 30/2020 writes it: "ngày 05 tháng 02 năm 2025", but "tháng 6".
pub fn long_date(t: Lang, day: Date) -> String {
    if t != Lang::Vi {
        return t.date(day);
    }
    let month = if day.month() <= 2 { format!("{:02}", day.month()) } else { day.month().to_string() };
    let day_of = format!("{:02}", day.day());
    t.format("desk-paper-day", &[("day", day_of.into()), ("month", month.into()), ("year", day.year().to_string().into())])
}

/// "17:00, ngày 30 tháng 6 năm 2025"
pub fn long_moment(t: Lang, at: Timestamp) -> String {
    match t.moment(at).split_once(' ') {
        Some((_, time)) if t == Lang::Vi => format!("{time}, {}", long_date(t, at.local_date())),
        _ => t.moment(at),
    }
}

/// A place as papers name it: "Long Sơn" of "X. Long Sơn". A city and a place that is but a number keep their kind (Decree 30/2020).
pub fn place_name(t: Lang, unit: &Unit) -> String {
    let short = t.pick(unit.short_name());
    match short.split_once(". ") {
        Some((kind, _)) if kind.chars().count() > 1 && unit.level <= 2 => t.pick(&unit.name).to_owned(),
        Some((_, rest)) if rest.chars().any(|c| !c.is_ascii_digit()) => rest.to_owned(),
        Some(_) => t.pick(&unit.name).to_owned(),
        None => short.to_owned(),
    }
}

/// Five stars as text: the number stands beside them.
pub fn stars(n: u64) -> String {
    (0..5).map(|i| if i < n { '★' } else { '☆' }).collect()
}

pub fn part_kind(t: Lang, kind: PartKind) -> String {
    t.msg(match kind {
        PartKind::Original => "desk-part-original",
        PartKind::Copy => "desk-part-copy",
        PartKind::Electronic => "desk-part-electronic",
        PartKind::Shown => "desk-part-shown",
    })
}

/// "30/06 09:41": on a desk the year is clear.
/// Time of the day.
pub fn hour(t: Lang, at: Timestamp) -> String {
    let full = t.moment(at);
    full.split_once(' ').map_or_else(|| full.clone(), |(_, time)| time.to_owned())
}

/// A number of the queue as it is called and printed.
pub fn ticket(number: i64) -> String {
    format!("{number:03}")
}

pub fn short(t: Lang, at: Timestamp) -> String {
    let full = t.moment(at);
    match full.split_once(' ') {
        Some((day, time)) if day.len() == 10 => format!("{} {time}", &day[..5]),
        _ => full,
    }
}

/// An instant on the scale of a drawing.
pub fn seconds(at: Timestamp) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
    let s = (at.0 / 1_000_000) as f64;
    s
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rules::{Localized, units::UnitKind};

    use super::*;

    #[test]
    fn papers_write_days_and_places_as_decree_30_wants() {
        assert_eq!(long_date(Lang::Vi, date(2025, 6, 30)), "ngày 30 tháng 6 năm 2025");
        assert_eq!(long_date(Lang::Vi, date(2026, 2, 5)), "ngày 05 tháng 02 năm 2026");
        assert_eq!(long_date(Lang::Vi, date(2026, 10, 1)), "ngày 01 tháng 10 năm 2026");
        let at: Timestamp = "2025-06-30T10:00:00Z".parse().unwrap();
        assert_eq!(long_moment(Lang::Vi, at), "17:00, ngày 30 tháng 6 năm 2025");
        let unit = |name: &str, short: &str, level| Unit {
            key: "1@2025-07-01".parse().unwrap(),
            valid_to: None,
            name: Localized::new(name, name),
            short: Some(Localized::new(short, short)),
            kind: UnitKind::Commune,
            level,
            parent: None,
            org_code: None,
            aliases: Vec::new(),
        };
        for (name, short, level, place) in [
            ("Xã Long Sơn", "X. Long Sơn", 4, "Long Sơn"),
            ("Phường 10", "P. 10", 4, "Phường 10"),
            ("Thành phố Vũng Tàu", "TP. Vũng Tàu", 3, "Vũng Tàu"),
            ("Thành phố Hồ Chí Minh", "TP. Hồ Chí Minh", 2, "Thành phố Hồ Chí Minh"),
        ] {
            assert_eq!(place_name(Lang::Vi, &unit(name, short, level)), place);
        }
    }
}
