//! The life of every dossier, planned before anything is written: when it came, over which channel, what happened to it.
//!
//! Shares that were published are met by quota, not by chance, so that a small simulation meets them too.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::{Date, Weekday};
use rules::{
    Month, Refusal, Timestamp,
    access::Actor,
    calendar::{Calendar, Clock, PauseReason, Term},
};
use serde_json::{Map, Value, json};

use super::{
    Plan,
    cast::{CITY_PATH, Cast},
    dice::{Dice, split},
    procedures::{CITY, LATE, Procedure, REJECT, SUPPLEMENT, WARD, person},
    run::{Act, What},
};
use crate::registers::{NewRecord, StepInput};

const DOSSIER: &str = "dossier";
/// Through the e-one-stop system (published for 2024: 97,63 %).
const ONE_STOP: f64 = 0.9763;
/// Closed by the due time (published for 2024: 99,85 %).
const ON_TIME: [(i16, f64); 2] = [(2024, 0.9985), (2025, 0.9988)];
/// Online applicants identified and authenticated (published to September 2024: 99,17 %).
const IDENTIFIED: f64 = 0.9917;
/// Of all dossiers, those of the city's own desk.
const CITY_SHARE: f64 = 0.18;
/// Open past their due time at the end, of 12 000.
const OVERDUE_NOW: f64 = 7.0;
/// Receipts by month of the year: school and harvest of certificates in late summer, little before Tết.
const SEASON: [f64; 12] = [0.85, 0.92, 1.05, 1.0, 1.0, 1.05, 1.05, 1.15, 1.1, 1.0, 1.0, 0.95];
/// No paper is taken on Fridays from this day (the pilot's beginning is not published; a plausible day).
const NO_PAPER_FRIDAYS: Date = jiff::civil::date(2024, 10, 4);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Channel {
    EndToEnd,
    Online,
    Counter,
    Post,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Resolve,
    Reject,
    Withdraw,
}

struct Life {
    unit: usize,
    procedure: &'static Procedure,
    channel: Channel,
    received: Timestamp,
    due: Timestamp,
    /// Asked and brought, and the new due time.
    supplement: Option<(Timestamp, Timestamp, Timestamp)>,
    started: Timestamp,
    closed: Option<Timestamp>,
    end: End,
    late: Option<&'static str>,
    one_stop: bool,
    identified: bool,
}

impl Life {
    fn due(&self) -> Timestamp {
        self.supplement.map_or(self.due, |s| s.2)
    }
}

struct Desk<'a> {
    key: String,
    code: String,
    procedures: &'static [Procedure],
    path: (f64, f64),
    officer: &'a Arc<Actor>,
    chair: &'a Arc<Actor>,
}

/// Plans all dossiers and gives their acts, in no order.
pub fn acts(plan: &Plan, cast: &Cast, calendar: &Calendar, slots: &mut usize) -> Result<Vec<Act>, Refusal> {
    let mut desks: Vec<Desk<'_>> = cast
        .wards
        .iter()
        .map(|w| Desk {
            key: w.key.to_string(),
            code: w.key.code.clone(),
            procedures: WARD,
            path: w.end_to_end,
            officer: &w.officer,
            chair: &w.chair,
        })
        .collect();
    desks.push(Desk {
        key: cast.city.to_string(),
        code: cast.city.code.clone(),
        procedures: CITY,
        path: CITY_PATH,
        officer: &cast.desk,
        chair: &cast.chair,
    });
    let sizes: f64 = cast.wards.iter().map(|w| w.size).sum();
    let mut weights: Vec<f64> = cast.wards.iter().map(|w| w.size).collect();
    weights.push(if cast.wards.is_empty() { 1.0 } else { sizes * CITY_SHARE / (1.0 - CITY_SHARE) });
    let mut dice = Dice::new(plan.seed, "dossiers");
    let mut lives = Vec::with_capacity(plan.dossiers);
    for (unit, (desk, count)) in desks.iter().zip(split(plan.dossiers, &weights)).enumerate() {
        receive(plan, calendar, unit, desk, count, &mut dice, &mut lives)?;
    }
    lives.sort_by_key(|l| (l.received, l.unit));
    quotas(plan, calendar, &mut lives, &mut dice)?;
    let mut acts = Vec::with_capacity(lives.len() * 4);
    let mut numbers: BTreeMap<(usize, Date), usize> = BTreeMap::new();
    for life in &lives {
        let number = numbers.entry((life.unit, life.received.local_date())).or_default();
        *number += 1;
        live(plan, cast, calendar, &desks[life.unit], life, *number, *slots, &mut dice, &mut acts)?;
        *slots += 1;
    }
    Ok(acts)
}

/// Days of a month on which something comes in over a channel, with weights.
fn days(plan: &Plan, calendar: &Calendar, month: Month, channel: Channel) -> Vec<(Date, f64)> {
    let mut out = Vec::new();
    let mut day = month.first_day().max(plan.from);
    let last = month.last_day().min(plan.to);
    while day <= last {
        let working = calendar.is_working(day).value;
        let by_weekday = match day.weekday() {
            Weekday::Monday => 1.3,
            Weekday::Tuesday => 1.1,
            Weekday::Wednesday => 1.0,
            Weekday::Thursday => 0.95,
            Weekday::Friday => 0.9,
            _ => 1.0,
        };
        let friday_pilot = day >= NO_PAPER_FRIDAYS && day.weekday() == Weekday::Friday;
        let weight = match channel {
            Channel::Counter if !working || friday_pilot => 0.0,
            Channel::Post if !working => 0.0,
            _ if !working => 0.15,
            _ => by_weekday,
        };
        // The last day has only begun.
        let weight = if day == plan.start().local_date() { weight * 0.1 } else { weight };
        if weight > 0.0 {
            out.push((day, weight));
        }
        day = day.tomorrow().unwrap_or(Date::MAX);
        if day == Date::MAX {
            break;
        }
    }
    out
}

fn receive(
    plan: &Plan,
    calendar: &Calendar,
    unit: usize,
    desk: &Desk<'_>,
    count: usize,
    dice: &mut Dice,
    lives: &mut Vec<Life>,
) -> Result<(), Refusal> {
    let months: Vec<Month> = (Month::of(plan.from).0..=Month::of(plan.to).0).map(Month).collect();
    let open = |m: &Month| days(plan, calendar, *m, Channel::Post).iter().map(|d| d.1).sum::<f64>();
    let weights: Vec<f64> = months.iter().map(|m| open(m) * SEASON[(m.month() - 1).clamp(0, 11) as usize]).collect();
    let last = (months.len().max(2) - 1) as f64;
    let mut carried = 0.0;
    for ((i, month), n) in months.iter().enumerate().zip(split(count, &weights)) {
        let along = i as f64 / last;
        // Ups and downs, except in the months by which the pace is judged.
        let wobble = if along > 0.7 { 0.0 } else { (dice.unit() - 0.5) * 0.04 };
        let share = (desk.path.0 + (desk.path.1 - desk.path.0) * along + wobble).clamp(0.0, 1.0);
        let wanted = share * n as f64 + carried;
        let whole = (wanted.round().max(0.0) as usize).min(n);
        carried = wanted - whole as f64;
        let by_channel: Vec<Vec<(Date, f64)>> =
            [Channel::EndToEnd, Channel::Counter, Channel::Post].map(|c| days(plan, calendar, *month, c)).into();
        for k in 0..n {
            let channel = if k < whole {
                Channel::EndToEnd
            } else {
                match dice.weighted(&[0.22 + 0.1 * along, 0.7 - 0.1 * along, 0.08]) {
                    0 => Channel::Online,
                    1 => Channel::Counter,
                    _ => Channel::Post,
                }
            };
            let list = &by_channel[match channel {
                Channel::EndToEnd | Channel::Online => 0,
                Channel::Counter => 1,
                Channel::Post => 2,
            }];
            let Some((day, _)) = list.get(dice.weighted(&list.iter().map(|d| d.1).collect::<Vec<_>>())) else { continue };
            let received = time_of_day(plan, calendar, *day, channel, dice);
            let procedure = pick_procedure(desk.procedures, channel, dice);
            lives.push(course(calendar, unit, procedure, channel, received, dice)?);
        }
    }
    Ok(())
}

fn pick_procedure(list: &'static [Procedure], channel: Channel, dice: &mut Dice) -> &'static Procedure {
    let weights: Vec<f64> = list
        .iter()
        .map(|p| match (channel, p.whole) {
            (Channel::EndToEnd, false) => 0.0,
            // What cannot be done online at all comes to the counter: half as much again keeps the mix.
            (Channel::Online, false) => p.weight * 0.5,
            (_, false) => p.weight * 2.5,
            _ => p.weight,
        })
        .collect();
    &list[dice.weighted(&weights)]
}

/// Counter: office hours, mornings busier. Online: also evenings and rest days.
fn time_of_day(plan: &Plan, calendar: &Calendar, day: Date, channel: Channel, dice: &mut Dice) -> Timestamp {
    let spans = calendar.spans(day);
    let evening = matches!(channel, Channel::EndToEnd | Channel::Online) && dice.chance(0.22);
    let minute = match spans {
        [] => dice.between(7 * 60, 22 * 60),
        _ if evening => dice.between(17 * 60 + 30, 22 * 60 + 30),
        spans => {
            let (open, close) = if dice.chance(0.6) { spans[0] } else { spans[spans.len() - 1] };
            dice.between(i64::from(open), i64::from(close) - 10)
        }
    };
    let at = Timestamp::start_of(day).plus_micros(minute * MINUTE + dice.between(0, 59) * 1_000_000);
    let end = plan.start().plus_micros(-MINUTE);
    if at < end {
        return at;
    }
    // The morning of the last day.
    let morning = (end.0 - Timestamp::start_of(day).0 - 7 * 60 * MINUTE).max(1) / MINUTE;
    end.plus_micros(-dice.between(0, morning.max(1)) * MINUTE)
}

const MINUTE: i64 = 60_000_000;

/// What becomes of it, had nothing gone wrong.
fn course(
    calendar: &Calendar,
    unit: usize,
    procedure: &'static Procedure,
    channel: Channel,
    received: Timestamp,
    dice: &mut Dice,
) -> Result<Life, Refusal> {
    let clock = Clock::start(received, Term::WorkingDays(procedure.term), calendar)?;
    let due = clock.due(calendar)?.map_or(received, |a| a.value);
    let minutes = calendar.working_minutes_between(clock.started, due)?.value.max(2);
    let after = |from: Timestamp, minutes: i64| {
        Ok::<_, Refusal>(calendar.add_working_minutes(from, u32::try_from(minutes.max(1)).unwrap_or(1))?.value)
    };
    let started = after(clock.started, dice.between(5, 90).min(minutes / 4))?;
    let end = match dice.weighted(&[0.986, 0.008, 0.006]) {
        0 => End::Resolve,
        1 => End::Reject,
        _ => End::Withdraw,
    };
    let supplement = if procedure.term >= 3 && dice.chance(0.055) {
        let asked = after(started, dice.between(30, (minutes / 3).max(31)))?;
        let brought = after(asked, dice.between(300, 5 * 450))?;
        let due = clock.pause(asked, PauseReason::Supplement)?.resume(brought)?.due(calendar)?.map_or(due, |a| a.value);
        Some((asked, brought, due))
    } else {
        None
    };
    // Most use a good part of the term: officers work towards the appointment.
    let used = 0.25 + 0.7 * dice.unit().max(dice.unit() * 0.9);
    let closed = match supplement {
        None => after(clock.started, ((minutes as f64 * used) as i64).max(dice.between(6, 95).min(minutes / 3) + 1))?.max(started),
        Some((_, brought, due)) => {
            let left = calendar.working_minutes_between(brought, due)?.value.max(2);
            after(brought, (left as f64 * used) as i64)?
        }
    };
    Ok(Life {
        unit,
        procedure,
        channel,
        received,
        due,
        supplement,
        started,
        closed: Some(closed),
        end,
        late: None,
        one_stop: true,
        identified: true,
    })
}

/// Published shares, exactly to one dossier.
fn quotas(plan: &Plan, calendar: &Calendar, lives: &mut [Life], dice: &mut Dice) -> Result<(), Refusal> {
    let now = plan.start();
    let year = |t: Timestamp| t.local_date().year();
    let chosen = |lives: &[Life], dice: &mut Dice, fits: &dyn Fn(&Life) -> bool, n: usize| {
        let mut list: Vec<usize> = (0..lives.len()).filter(|i| fits(&lives[*i])).collect();
        dice.shuffle(&mut list);
        list.truncate(n);
        list
    };
    let share = |n: usize, missing: f64| (n as f64 * missing).round() as usize;
    for (y, on_time) in ON_TIME {
        let received = lives.iter().filter(|l| year(l.received) == y).count();
        let outside = chosen(lives, dice, &|l| year(l.received) == y && l.channel != Channel::EndToEnd, share(received, 1.0 - ONE_STOP));
        for i in outside {
            lives[i].one_stop = false;
        }
        let closed = lives.iter().filter(|l| l.closed.is_some_and(|c| c < now && year(c) == y)).count();
        // Due long enough before the end of the year, or before now, to be closed late in it.
        let last = jiff::civil::date(y, 12, 12).min(now.plus_days(-14).local_date());
        let fits = |l: &Life| year(l.due()) == y && l.due().local_date() <= last && l.end == End::Resolve;
        for i in chosen(lives, dice, &fits, share(closed, 1.0 - on_time)) {
            let due = lives[i].due();
            let minutes = u32::try_from(dice.between(60, 5 * 450)).unwrap_or(60);
            lives[i].closed = Some(calendar.add_working_minutes(due, minutes)?.value);
            lives[i].late = Some(*dice.pick(LATE));
        }
    }
    let online = lives.iter().filter(|l| matches!(l.channel, Channel::EndToEnd | Channel::Online)).count();
    for i in chosen(lives, dice, &|l| l.channel == Channel::Online, share(online, 1.0 - IDENTIFIED)) {
        lives[i].identified = false;
    }
    let overdue = (plan.dossiers as f64 / 12_000.0 * OVERDUE_NOW).round().max(1.0) as usize;
    let waiting =
        |l: &Life| l.due() < now && l.due() > now.plus_days(-18) && l.end == End::Resolve && l.late.is_none() && l.procedure.term > 1;
    for i in chosen(lives, dice, &waiting, overdue) {
        lives[i].closed = None;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one dossier in all its parts")]
fn live(
    plan: &Plan,
    cast: &Cast,
    calendar: &Calendar,
    desk: &Desk<'_>,
    life: &Life,
    number: usize,
    slot: usize,
    dice: &mut Dice,
    acts: &mut Vec<Act>,
) -> Result<(), Refusal> {
    let now = plan.start();
    let p = life.procedure;
    let day = life.received.local_date();
    let along = (life.received.0 - Timestamp::start_of(plan.from).0) as f64 / (now.0 - Timestamp::start_of(plan.from).0).max(1) as f64;
    let online = matches!(life.channel, Channel::EndToEnd | Channel::Online);
    let mut fields = object(json!({
        "code": format!("MP.{}-{}-{number:04}", desk.code, day.strftime("%y%m%d")),
        "procedure": p.name,
        "supplements": 0,
        "received_at": life.received.to_string(),
        "due_at": life.due.to_string(),
        "channel": match life.channel { Channel::EndToEnd | Channel::Online => "online", Channel::Counter => "counter", Channel::Post => "post" },
        "end_to_end": life.channel == Channel::EndToEnd,
        "received_via_one_stop": life.one_stop,
        "department": p.department,
        "responsible": desk.officer.name,
        "applicant_name": person(dice),
        "digitised": true,
        "reused": dice.chance((0.2 + 0.35 * along) * if online { 1.0 } else { 0.6 }),
    }));
    if let Some(code) = p.code() {
        fields.insert("procedure_code".into(), code.into());
    }
    if online {
        fields.insert("identified".into(), life.identified.into());
    }
    if p.fee_vnd > 0 {
        fields.insert("fee_vnd".into(), p.fee_vnd.into());
        let paid = match life.channel {
            Channel::EndToEnd => 1.0,
            Channel::Online => 0.85,
            Channel::Counter => 0.2 + 0.3 * along,
            Channel::Post => 0.0,
        };
        fields.insert("paid_online".into(), dice.chance(paid).into());
    }
    let office_hours =
        calendar.opening(day).is_some_and(|o| o <= life.received) && calendar.closing(day).is_some_and(|c| life.received < c);
    let clerk = if online && !office_hours { &cast.portal } else { desk.officer };
    let new = NewRecord { unit: desk.key.clone(), key: None, state: None, fields };
    acts.push(Act { at: life.received, actor: clerk.clone(), what: What::Create { register: DOSSIER, slot, new: Box::new(new) } });
    let mut step = |at: Timestamp, actor: &Arc<Actor>, transition: &str, fields: Value, reason: &str| {
        // What would happen after now has not happened.
        if at < now {
            let input = StepInput { transition: transition.into(), fields: object(fields), reason: reason.into() };
            acts.push(Act { at, actor: actor.clone(), what: What::Step { register: DOSSIER, slot, input: Box::new(input) } });
        }
    };
    let after =
        |from: Timestamp, minutes: i64| Ok::<_, Refusal>(calendar.add_working_minutes(from, u32::try_from(minutes).unwrap_or(1))?.value);
    let closed = life.closed;
    // Same-day matters are often done by the officer who takes them in.
    if (p.term > 1 || dice.chance(0.5)) && closed.is_none_or(|c| life.started < c) {
        step(life.started, desk.officer, "start", json!({}), "");
    }
    if let Some((asked, brought, due)) = life.supplement
        && closed.is_none_or(|c| brought < c)
    {
        // Only building permits have drawings: the last reason.
        let reasons = if p.name.contains("xây dựng") { SUPPLEMENT } else { &SUPPLEMENT[..SUPPLEMENT.len() - 1] };
        step(
            asked,
            desk.officer,
            "ask_supplement",
            json!({ "due_at": null, "supplements": 1, "supplement_asked_at": asked.to_string() }),
            dice.pick::<&str>(reasons),
        );
        step(brought, desk.officer, "supplemented", json!({ "due_at": due.to_string() }), "");
    }
    let Some(closed) = closed else { return Ok(()) };
    let electronic = life.channel == Channel::EndToEnd || dice.chance(0.55);
    match life.end {
        End::Resolve => {
            step(closed, desk.chair, "resolve", json!({ "result_electronic": electronic }), life.late.unwrap_or_default());
            let wait = if electronic { dice.between(3, 40) } else { dice.between(20, 900) };
            let rating = dice.chance(0.36).then(|| [5, 4, 3, 2, 1][dice.weighted(&[0.66, 0.27, 0.05, 0.015, 0.005])]);
            let rating = if life.late.is_some() { rating.map(|r: i64| (r - 2).max(1)) } else { rating };
            if dice.chance(0.96) {
                step(after(closed, wait)?, desk.officer, "return_result", json!({ "satisfaction": rating }), "");
            }
        }
        End::Reject => step(closed, desk.chair, "reject", json!({}), dice.pick::<&str>(REJECT)),
        End::Withdraw => step(closed, desk.officer, "withdraw", json!({}), "Công dân đề nghị rút hồ sơ"),
    }
    Ok(())
}

pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
