//! The clock of a dossier: as a line and in words.

use rules::{
    Timestamp,
    calendar::{Calendar, Clock, PauseReason},
};

use super::words::{key, minutes, seconds, short, term};
use crate::{
    chart::{self, ClockLine, Moment, Palette, Svg},
    i18n::Lang,
    view::Pair,
};

fn why(t: Lang, reason: PauseReason) -> String {
    t.msg(match reason {
        PauseReason::Supplement => "desk-pause-supplement",
        PauseReason::Payment => "desk-pause-payment",
        PauseReason::Other => "desk-pause-other",
    })
}

/// What is drawn of a clock.
pub struct Seen<'a> {
    pub clock: &'a Clock,
    pub due: Option<Timestamp>,
    /// The day promised before the last re-appointment.
    pub old_due: Option<Timestamp>,
    pub now: Timestamp,
    pub used: Option<f64>,
}

pub fn line(t: Lang, c: &Seen<'_>) -> Svg {
    // One for a screen, one for a telephone; the style sheet shows one of them.
    let (wide, narrow) = (drawn(t, c, "clock-wide", 720.0), drawn(t, c, "clock-narrow", 350.0));
    Svg(wide.0 + &narrow.0)
}

fn drawn(t: Lang, c: &Seen<'_>, id: &str, width: f64) -> Svg {
    let moment = |at: Timestamp, name: &str| Moment { at: seconds(at), name: t.msg(name), when: short(t, at) };
    let end = c.clock.stopped.unwrap_or(c.now);
    let pauses = c.clock.pauses.iter().map(|p| chart::Pause {
        from: seconds(p.from),
        to: seconds(p.to.unwrap_or(end)),
        tip: pause_text(t, p.reason, p.from, p.to),
    });
    let far = (c.clock.started.0 - c.clock.received.0).abs() > 3_600_000_000;
    let desc = t.format(
        "desk-clock-desc",
        &[
            ("received", t.moment(c.clock.received).into()),
            ("due", c.due.map_or_else(|| "–".to_owned(), |d| t.moment(d)).into()),
            ("used", c.used.map_or_else(|| "–".to_owned(), |u| t.percent(u, 0)).into()),
        ],
    );
    chart::clock(
        &ClockLine {
            id,
            width,
            title: &t.msg("desk-clock"),
            desc: &desc,
            received: moment(c.clock.received, "desk-clock-received"),
            started: far.then(|| moment(c.clock.started, "desk-clock-started")),
            pauses: pauses.collect(),
            due: c.due.map(|d| moment(d, "desk-clock-due")),
            old_due: c.old_due.map(|d| moment(d, "desk-clock-old-due")),
            now: moment(end, if c.clock.stopped.is_some() { "desk-clock-done" } else { "desk-clock-now" }),
            done: c.clock.stopped.is_some(),
        },
        Palette::Css,
    )
}

fn pause_text(t: Lang, reason: PauseReason, from: Timestamp, to: Option<Timestamp>) -> String {
    let to = to.map_or_else(|| t.msg("desk-clock-pause-open"), |to| short(t, to));
    t.format("desk-clock-pause", &[("why", why(t, reason).into()), ("from", short(t, from).into()), ("to", to.into())])
}

pub fn in_words(t: Lang, c: &Seen<'_>, calendar: &Calendar) -> Vec<Pair> {
    let mut out = vec![
        Pair::new(t.msg("desk-clock-received"), t.moment(c.clock.received)),
        Pair::new(t.msg("desk-clock-started"), t.moment(c.clock.started)),
        Pair::new(t.msg("desk-clock-term"), term(t, c.clock.term)),
    ];
    for p in &c.clock.pauses {
        out.push(Pair::new(why(t, p.reason), pause_text(t, p.reason, p.from, p.to)));
    }
    out.extend(c.old_due.map(|d| Pair::new(t.msg("desk-clock-old-due"), t.moment(d))));
    out.extend(c.due.map(|d| Pair::new(t.msg("desk-clock-due"), t.moment(d))));
    if let Some(u) = c.used {
        let end = c.clock.stopped.unwrap_or(c.now);
        let spent = calendar.working_minutes_between(c.clock.started, end).map(|m| m.value).unwrap_or(0);
        out.push(Pair::new(t.msg("desk-clock-used"), format!("{} ({})", t.percent(u, 0), minutes(t, spent))));
    }
    out
}

/// A day of appointment with the way it was found, line by line.
pub struct Computed {
    pub due: Option<Timestamp>,
    pub lines: Vec<String>,
}

/// Days off that are named one by one at most.
const SKIPPED_MAX: usize = 6;

/// When a dossier received now is due, and why.
pub fn computed(
    t: Lang,
    at: Timestamp,
    procedure_term: rules::calendar::Term,
    rules: &rules::one_stop::RuleSet,
    calendar: &Calendar,
) -> Result<Computed, rules::Refusal> {
    let started = rules.starts(at, calendar)?;
    let clock = Clock::started(at, started, procedure_term);
    let due = clock.due(calendar)?;
    let mut lines = vec![t.msg1("desk-computed-received", "at", t.moment(at))];
    if started > at {
        let cite = &rules.receipt_cutoff.article;
        let article = t.format(
            "law-article",
            &[
                ("article", cite.article.as_str().into()),
                ("clause", cite.clause.as_deref().unwrap_or("none").into()),
                ("decree", cite.decree.as_deref().unwrap_or(&rules.decree).into()),
            ],
        );
        let cutoff = rules.receipt_cutoff.value.0;
        let cutoff = format!("{:02}:{:02}", cutoff / 60, cutoff % 60);
        lines.push(
            t.format("desk-computed-after", &[("cutoff", cutoff.into()), ("from", t.moment(started).into()), ("article", article.into())]),
        );
    } else {
        lines.push(t.msg1("desk-computed-from", "from", t.moment(started)));
    }
    lines.push(t.msg1("desk-computed-term", "term", term(t, procedure_term)));
    if let Some(due) = &due {
        let (mut day, end) = (started.local_date(), due.value.local_date());
        let mut off = Vec::new();
        while day < end && off.len() <= SKIPPED_MAX {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            if !calendar.is_working(day).value {
                let name = calendar.special_day(day).map(|d| t.pick(&d.name).to_owned()).unwrap_or_default();
                off.push(if name.is_empty() { t.date(day) } else { format!("{} ({name})", t.date(day)) });
            }
        }
        if off.len() > SKIPPED_MAX {
            off.truncate(SKIPPED_MAX);
            off.push("…".to_owned());
        }
        if !off.is_empty() {
            lines.push(t.msg1("desk-computed-skip", "days", off.join(", ")));
        }
        lines.push(t.msg1("desk-computed-due", "at", t.moment(due.value)));
        if due.provisional {
            lines.push(t.msg("desk-due-provisional"));
        }
    }
    Ok(Computed { due: due.map(|d| d.value), lines })
}

/// The name of a channel.
pub fn channel(t: Lang, id: &str) -> String {
    t.try_format(&key("desk-channel", id), &[]).unwrap_or_else(|| id.to_owned())
}
