//! One deadline: what every page of a desk asks for each of its dossiers.

use std::{hint::black_box, time::Duration};

use jiff::civil::date;
use rules::{
    Localized, Timestamp,
    calendar::{Calendar, CalendarDay, CalendarSpec, Clock, DayKind, PauseReason, Term, YearSpec},
};

use crate::{Fault, Options, Report, Result};

fn calendar() -> Result<Calendar> {
    let holiday =
        |(m, d)| CalendarDay {
            date: date(2025, m, d), kind: DayKind::Holiday, name: Localized::new("Nghỉ lễ", "Holiday"), source: None
        };
    let days = [(1, 1), (1, 27), (1, 28), (1, 29), (1, 30), (1, 31), (4, 7), (4, 30), (5, 1), (9, 1), (9, 2)].map(holiday).to_vec();
    let year = YearSpec { year: 2025, provisional: false, rest_days: None, hours: None, days };
    Calendar::build(&CalendarSpec { years: vec![year], ..CalendarSpec::default() }).map_err(|e| Fault::Wrong(format!("{e:?}")))
}

/// A clock that has stood still once for a supplement, for terms in days and in hours.
///
/// # Errors
/// A rule refuses the example.
pub(crate) fn measure(options: &Options, report: &mut Report) -> Result<()> {
    let calendar = calendar()?;
    let rounds = options.amount(1_000_000, 10_000_000);
    let refused = |r: rules::Refusal| Fault::Wrong(r.to_string());
    for (what, term) in
        [("one deadline, term in working days", Term::WorkingDays(15)), ("one deadline, term in working hours", Term::WorkingHours(60))]
    {
        let start = Timestamp::start_of(date(2025, 3, 3));
        let clocks = (0..64_i64)
            .map(|n| {
                let received = start.plus_micros(n * 7_000_000_000);
                let clock = Clock::start(received, term, &calendar)?.pause(received.plus_days(2), PauseReason::Supplement)?;
                clock.resume(received.plus_days(5))
            })
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(refused)?;
        let began = std::time::Instant::now();
        for n in 0..rounds {
            let clock = &clocks[usize::try_from(n % 64).unwrap_or(0)];
            black_box(black_box(clock).due(black_box(&calendar)).map_err(refused)?);
        }
        let each = began.elapsed() / u32::try_from(rounds).unwrap_or(u32::MAX);
        #[expect(clippy::cast_precision_loss, reason = "nanoseconds of one computation")]
        let micros = began.elapsed().as_nanos() as f64 / rounds as f64 / 1e3;
        report.judged(what, "≤ 1 µs", format!("{micros:.3} µs"), each <= Duration::from_micros(1));
    }
    Ok(())
}
