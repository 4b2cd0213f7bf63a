//! The time of the office. A demonstration lives in the past: its clock runs at normal speed from another beginning.

use jiff::civil::Date;
use rules::Timestamp;

/// Real time, or real time moved by a fixed number of microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clock {
    pub offset_us: i64,
}

impl Clock {
    /// A clock that shows `start` now and runs on.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        Self { offset_us: start.0 - real().0 }
    }

    #[must_use]
    pub fn now(self) -> Timestamp {
        real().plus_micros(self.offset_us)
    }

    #[must_use]
    pub fn today(self) -> Date {
        self.now().local_date()
    }
}

fn real() -> Timestamp {
    Timestamp::from_jiff(jiff::Timestamp::now())
}
