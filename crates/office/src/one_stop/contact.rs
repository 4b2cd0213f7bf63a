//! How people reach the one-stop desk of a unit, as its policies declare it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rules::Localized;

use crate::world::World;

/// What the nearest policies say, item by item; at least one of them is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    pub phone: Option<String>,
    pub address: Option<Localized>,
    /// Opening hours of a working day: `07:30-11:30`.
    pub hours: Vec<String>,
    /// Other hours on some weekdays (`mon` … `sun`).
    pub hours_on: BTreeMap<String, Vec<String>>,
    /// Everything was read where it was published.
    pub verified: bool,
}

impl World {
    /// How the desk of a unit is reached on a day; `None` where no pack says.
    #[must_use]
    pub fn contact(&self, unit: u32, day: Date) -> Option<Contact> {
        let mut out = Contact { verified: true, ..Contact::default() };
        let mut said = false;
        for p in self.policies(unit, day) {
            let phone = p.phone.as_ref().filter(|_| out.phone.is_none());
            let address = p.address.as_ref().filter(|_| out.address.is_none());
            // Hours are the calendar's: the nearest policy that names any names all of them.
            let hours = out.hours.is_empty() && out.hours_on.is_empty() && !(p.hours.is_empty() && p.hours_on.is_empty());
            if phone.is_none() && address.is_none() && !hours {
                continue;
            }
            out.phone = out.phone.or_else(|| phone.cloned());
            out.address = out.address.or_else(|| address.cloned());
            if hours {
                (out.hours, out.hours_on) = (p.hours.clone(), p.hours_on.clone());
            }
            out.verified &= p.verified;
            said = true;
        }
        said.then_some(out)
    }
}
