//! Words and numbers of the desk: terms, statuses, what is left, how much of a term is used.

use rules::{
    Timestamp,
    calendar::{Calendar, Term},
    one_stop::Status,
    procedure::PartKind,
};

use crate::{
    chart::{self, Svg},
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

pub fn part_kind(t: Lang, kind: PartKind) -> String {
    t.msg(match kind {
        PartKind::Original => "desk-part-original",
        PartKind::Copy => "desk-part-copy",
        PartKind::Electronic => "desk-part-electronic",
        PartKind::Shown => "desk-part-shown",
    })
}

/// "30/06 09:41": on a desk the year is clear.
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
