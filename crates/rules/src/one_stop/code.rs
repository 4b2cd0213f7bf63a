//! The code of a dossier, in both orders of its groups.
//!
//! Circular 01/2018/TT-VPCP writes the agency from small to large (`000.00.12.H29-250701-0001`); since Decision 20/2020/QĐ-TTg practice
//! writes it from large to small (`H15.50.05.13-261008-0975`). Both are read. Above 9999 a day the number widens: nothing is said of
//! that anywhere, and a number that begins anew would name two dossiers.

use std::{fmt, str::FromStr};

use jiff::civil::Date;

use crate::Refusal;

/// Longest agency code (Decision 20/2020/QĐ-TTg).
const AGENCY_MAX: usize = 35;
/// Digits of the number within a day, at least.
const DIGITS: usize = 4;
const DIGITS_MAX: usize = 9;

/// In which order the groups of the agency stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    LargeFirst,
    SmallFirst,
}

/// A dossier code taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierCode {
    /// Groups of the agency from large to small, whatever the order it was written in.
    pub agency: Vec<String>,
    pub day: Date,
    /// From 1 each day.
    pub number: u32,
    pub order: Order,
}

/// A code of the first level: a letter and two digits (`H06`).
fn is_top(group: &str) -> bool {
    let b = group.as_bytes();
    b.len() == 3 && (b'A'..=b'Y').contains(&b[0]) && b[1..].iter().all(u8::is_ascii_digit)
}

fn is_group(group: &str) -> bool {
    !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

impl DossierCode {
    /// A code for a new dossier, large to small.
    ///
    /// # Errors
    /// `dossier_code.agency` (text) unless the agency is `H06`, `H06.36`, …
    pub fn new(agency: &str, day: Date, number: u32) -> Result<Self, Refusal> {
        let groups: Vec<String> = agency.split('.').map(str::to_owned).collect();
        let sound = agency.len() <= AGENCY_MAX && groups.iter().all(|g| is_group(g)) && groups.first().is_some_and(|g| is_top(g));
        if !sound {
            return Err(Refusal::new("dossier_code.agency").with("text", agency.chars().take(60).collect::<String>()));
        }
        Ok(Self { agency: groups, day, number, order: Order::LargeFirst })
    }

    /// The same dossier written in the other order.
    #[must_use]
    pub fn in_order(&self, order: Order) -> Self {
        Self { order, ..self.clone() }
    }

    /// What codes of one agency and day begin with.
    #[must_use]
    pub fn series(&self) -> String {
        let text = self.to_string();
        text.rsplit_once('-').map_or_else(String::new, |(head, _)| format!("{head}-"))
    }
}

impl fmt::Display for DossierCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let agency = match self.order {
            Order::LargeFirst => self.agency.join("."),
            Order::SmallFirst => self.agency.iter().rev().cloned().collect::<Vec<_>>().join("."),
        };
        let (d, width) = (self.day, DIGITS);
        write!(f, "{agency}-{:02}{:02}{:02}-{:0width$}", d.year().rem_euclid(100), d.month(), d.day(), self.number)
    }
}

impl FromStr for DossierCode {
    type Err = Refusal;
    /// # Errors
    /// `dossier_code.shape` (text).
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let refuse = || Refusal::new("dossier_code.shape").with("text", text.chars().take(60).collect::<String>());
        let upper = text.trim().to_uppercase();
        let mut parts = upper.splitn(3, '-');
        let (Some(agency), Some(day), Some(number)) = (parts.next(), parts.next(), parts.next()) else { return Err(refuse()) };
        let mut groups: Vec<String> = agency.split('.').map(str::to_owned).collect();
        if agency.len() > AGENCY_MAX || !groups.iter().all(|g| is_group(g)) {
            return Err(refuse());
        }
        let order = match (groups.first().is_some_and(|g| is_top(g)), groups.last().is_some_and(|g| is_top(g))) {
            (true, _) => Order::LargeFirst,
            (false, true) => Order::SmallFirst,
            (false, false) => return Err(refuse()),
        };
        if order == Order::SmallFirst {
            groups.reverse();
        }
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if day.len() != 6 || !digits(day) || !digits(number) || !(DIGITS..=DIGITS_MAX).contains(&number.len()) {
            return Err(refuse());
        }
        let part = |from: usize| day[from..from + 2].parse::<i8>().ok();
        let date = part(0).zip(part(2)).zip(part(4)).and_then(|((y, m), d)| Date::new(2000 + i16::from(y), m, d).ok());
        let number: u32 = number.parse().map_err(|_| refuse())?;
        Ok(Self { agency: groups, day: date.ok_or_else(refuse)?, number, order })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn both_orders_are_read_and_written() {
        let code: DossierCode = "H15.50.05.13-261008-0975".parse().unwrap();
        assert_eq!((code.order, code.day, code.number), (Order::LargeFirst, date(2026, 10, 8), 975));
        assert_eq!(code.to_string(), "H15.50.05.13-261008-0975");
        assert_eq!(code.in_order(Order::SmallFirst).to_string(), "13.05.50.H15-261008-0975");
        let old: DossierCode = "000.00.12.H29-250701-0001".parse().unwrap();
        assert_eq!((old.order, old.agency.join(".").as_str()), (Order::SmallFirst, "H29.12.00.000"));
        assert_eq!(old.to_string(), "000.00.12.H29-250701-0001");
        assert_eq!(" h15.50.05.13-261008-0975 ".parse::<DossierCode>().unwrap(), code);
    }

    #[test]
    fn the_number_widens_above_9999_a_day() {
        let text = |n| DossierCode::new("H06.36", date(2025, 7, 1), n).unwrap().to_string();
        assert_eq!(text(7), "H06.36-250701-0007");
        assert_eq!(text(9_999), "H06.36-250701-9999");
        assert_eq!(text(10_000), "H06.36-250701-10000");
        assert_eq!(text(10_000).parse::<DossierCode>().unwrap().number, 10_000);
        assert_eq!(DossierCode::new("H06.36", date(2025, 7, 1), 1).unwrap().series(), "H06.36-250701-");
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in [
            "",
            "H06",
            "H06-250701",
            "H06-251301-0001",
            "H06-250230-0001",
            "H06-250701-001",
            "H06-25070-0001",
            "Z06-250701-0001",
            "12.34-250701-0001",
            "H06..1-250701-0001",
            "H06-250701-0001x",
            "H06.Ă-250701-0001",
            "H6-250701-0001",
        ] {
            assert_eq!(text.parse::<DossierCode>().unwrap_err().code, "dossier_code.shape", "{text}");
        }
        assert_eq!(DossierCode::new("36.H06", date(2025, 7, 1), 1).unwrap_err().code, "dossier_code.agency");
        let long = format!("H06.{}", "11.".repeat(12));
        assert!(DossierCode::new(long.trim_end_matches('.'), date(2025, 7, 1), 1).is_err());
    }
}
