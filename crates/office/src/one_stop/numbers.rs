//! Dossier codes: the next number of an agency's day, without asking the database each time.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::civil::Date;
use rules::{Refusal, one_stop::code::DossierCode};

use super::DOSSIER;
use crate::{
    Office,
    error::{Error, Result},
    world::World,
};

/// Days whose series are remembered at most; beyond, they are asked for again.
const SERIES_MAX: usize = 4_096;

/// The last number given per series, in this process. Another process may be ahead: a code that is taken is found out at the commit.
#[derive(Default)]
pub(crate) struct Numbers(Mutex<HashMap<String, u32>>);

impl Numbers {
    fn next(&self, series: &str) -> Option<u32> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = known.get_mut(series)?;
        *last += 1;
        Some(*last)
    }

    fn learn(&self, series: &str, last: u32) -> u32 {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= SERIES_MAX {
            known.clear();
        }
        // Somebody else may have learnt it meanwhile and be ahead.
        let mine = known.entry(series.to_owned()).or_insert(last);
        *mine = (*mine).max(last) + 1;
        *mine
    }

    pub fn forget(&self, series: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(series);
    }
}

/// What stands for a unit in the codes of its dossiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyCode {
    pub code: String,
    /// Declared for this very unit as read where it was published; else it is to be confirmed.
    pub verified: bool,
}

impl World {
    /// The agency part of a unit's codes on a day: its own identifier, else the nearest one above with the unit's own code behind it;
    /// `None` where no pack names any.
    #[must_use]
    pub fn agency_code(&self, unit: u32, day: Date) -> Option<AgencyCode> {
        if let Some(own) = self.declared_code(unit, day) {
            return Some(own);
        }
        let above = self.units.ancestors(unit).find_map(|u| self.declared_code(u, day))?.code;
        let own: String = self.units.key(unit).code.to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect();
        // Made here, and published nowhere.
        Some(AgencyCode { code: format!("{above}.{own}"), verified: false })
    }

    fn declared_code(&self, unit: u32, day: Date) -> Option<AgencyCode> {
        let mut own = self.policies(unit, day).filter(|p| self.units.idx(&p.unit) == Some(unit));
        let declared = own.find_map(|p| p.agency_code.clone().map(|code| AgencyCode { code, verified: p.verified }));
        declared.or_else(|| self.units.unit(unit).org_code.clone().map(|code| AgencyCode { code, verified: true }))
    }
}

/// The agency part of a unit's codes; `one_stop.no_agency_code` where no pack names any.
pub(crate) fn agency(world: &World, unit: u32, day: Date) -> Result<String> {
    let named = world.agency_code(unit, day).map(|a| a.code);
    named.ok_or_else(|| Error::Refused(Refusal::new("one_stop.no_agency_code").with("unit", &world.units.unit(unit).name.vi)))
}

impl Office {
    /// The next code of an agency's day.
    pub(crate) async fn next_code(&self, agency: &str, day: Date) -> Result<DossierCode> {
        let first = DossierCode::new(agency, day, 1)?;
        let series = first.series();
        if let Some(number) = self.numbers().next(&series) {
            return Ok(DossierCode { number, ..first });
        }
        let last = self.store().last_of_series(DOSSIER, &series).await?;
        let last = last.and_then(|key| key.parse::<DossierCode>().ok()).map_or(0, |c| c.number);
        Ok(DossierCode { number: self.numbers().learn(&series, last), ..first })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_from_what_is_known_and_are_learnt_again_after_a_loss() {
        let numbers = Numbers::default();
        assert_eq!(numbers.next("a"), None);
        assert_eq!((numbers.learn("a", 41), numbers.next("a"), numbers.next("a")), (42, Some(43), Some(44)));
        assert_eq!(numbers.learn("a", 41), 45, "two that ask at once do not get one number");
        numbers.forget("a");
        assert_eq!(numbers.learn("a", 50), 51);
    }
}
