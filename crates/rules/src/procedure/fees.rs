//! What is to be paid on a day, after what the law lets off.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::{
    compiled::Procedure,
    def::{FeeDef, WaiverDef},
};
use crate::Timestamp;

/// One fee of one dossier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeeDue<'a> {
    pub fee: &'a FeeDef,
    /// How many of `per`; 1 where the fee is not counted.
    pub quantity: u64,
    pub full_vnd: u64,
    /// What is to be paid.
    pub amount_vnd: u64,
    /// Why less than the full amount.
    pub waiver: Option<&'a WaiverDef>,
}

impl WaiverDef {
    #[must_use]
    pub fn is_open_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

impl Procedure {
    /// Fees for the answers on the local day of `now`; of several waivers the best for the applicant. Fees that do not apply are absent,
    /// those waived in full are there with 0.
    #[must_use]
    pub fn fees_due(&self, given: &Map<String, Json>, now: Timestamp) -> Vec<FeeDue<'_>> {
        let answers = self.answers(given, now).kept;
        let body = Json::Object(answers.clone()).to_string();
        let day = now.local_date();
        let mut due = Vec::new();
        for fee in self.def.fees.iter().filter(|f| self.holds(f.when.as_ref(), &body, now)) {
            let quantity = fee.per.as_ref().map_or(Some(1), |field| answers.get(field).and_then(Json::as_u64)).unwrap_or(0);
            let each = match &fee.amount {
                Some(text) => self.number(text, &body, now).and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
                None => fee.amount_vnd.unwrap_or(0),
            };
            let full_vnd = each.saturating_mul(quantity);
            let waiver = self
                .def
                .waivers
                .iter()
                .filter(|w| (w.fee == fee.id || w.fee == "*") && w.is_open_on(day) && self.holds(w.when.as_ref(), &body, now))
                .max_by_key(|w| w.off);
            let off = waiver.map_or(0, |w| u64::from(w.off.min(100)));
            // Rounded to whole đồng in the applicant's favour.
            let amount_vnd = u64::try_from(u128::from(full_vnd) * u128::from(100 - off) / 100).unwrap_or(full_vnd);
            due.push(FeeDue { fee, quantity, full_vnd, amount_vnd, waiver });
        }
        due
    }

    /// Sum of what is to be paid.
    #[must_use]
    pub fn total_due(&self, given: &Map<String, Json>, now: Timestamp) -> u64 {
        self.fees_due(given, now).iter().map(|f| f.amount_vnd).fold(0, u64::saturating_add)
    }
}
