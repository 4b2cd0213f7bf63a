//! Dates and times as sources write them: with an offset, without one, or a day alone.

use jiff::civil::{Date, DateTime};
use rules::Timestamp;

/// A point in time as precise as its text. Only [`When::Instant`] needs no further knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A time with an offset.
    Instant(Timestamp),
    /// A time without offset: means something only together with a zone.
    Local(DateTime),
    /// A day without a time.
    Day(Date),
}

impl When {
    /// Reads ISO 8601 as `xs:dateTime` and RFC 3339 write it (a space may stand for the `T`), or a day `2025-07-01`.
    /// `None` for anything else, and for years outside 1 to 9999.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        if !text.is_ascii() || text.len() < 10 || !text.as_bytes()[..4].iter().all(u8::is_ascii_digit) || text.starts_with("0000") {
            return None;
        }
        if text.len() == 10 {
            return text.parse().ok().map(Self::Day);
        }
        // A zone name in brackets would make the meaning depend on the zone data of the machine.
        if !matches!(text.as_bytes()[10], b'T' | b't' | b' ') || text.ends_with(']') {
            return None;
        }
        if text[11..].bytes().any(|b| matches!(b, b'Z' | b'z' | b'+' | b'-')) {
            return text.parse().ok().map(|at| Self::Instant(Timestamp::from_jiff(at)));
        }
        text.parse().ok().map(Self::Local)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_makes_an_instant_and_nothing_is_guessed() {
        let instant = |s: &str| match When::parse(s) {
            Some(When::Instant(at)) => at.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(instant("2011-10-11T13:42:22.688+02:00"), "2011-10-11T11:42:22.688000Z");
        assert_eq!(instant("2011-10-11T13:42:22Z"), "2011-10-11T13:42:22.000000Z");
        assert_eq!(instant(" 2011-10-11 13:42:22-05:30 "), "2011-10-11T19:12:22.000000Z");
        assert!(matches!(When::parse("2011-10-11T13:42:22"), Some(When::Local(_))));
        assert!(matches!(When::parse("2011-10-11"), Some(When::Day(_))));
        for wrong in [
            "",
            "x",
            "11/10/2011",
            "2011-13-01",
            "2011-02-30",
            "2011-10-11T25:00:00Z",
            "2011-10-11T10:00:00+99:00",
            "0000-01-01",
            "2011-10-11X10:00:00",
            "2011-10-11T10:00:00+02:00[Europe/Amsterdam]",
            "２０１１-10-11",
            "10000-01-01T00:00:00Z",
            "2011-10-11T",
        ] {
            assert_eq!(When::parse(wrong), None, "{wrong}");
        }
    }
}
