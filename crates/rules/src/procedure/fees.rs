//! What is to be paid on a day, after what the law lets off.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::{
    compiled::Procedure,
    def::{FeeDef, WaiverDef},
    form::Answers,
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

    /// Fees that the answers so far do not decide: a question that they depend on waits for its answer.
    #[must_use]
    pub fn fees_open(&self, given: &Map<String, Json>, now: Timestamp) -> Vec<&FeeDef> {
        let answers = self.answers(given, now);
        let waits = |text: &String| self.reads(text).into_iter().any(|id| self.undecided(id, &answers));
        let open = |fee: &&FeeDef| {
            let counted = fee.per.as_ref().is_some_and(|id| self.undecided(id, &answers));
            counted || fee.when.iter().chain(&fee.amount).any(waits)
        };
        self.def.fees.iter().filter(open).collect()
    }

    /// A question that waits for its answer, or that may still be asked. What may be left out is left out once all that must be answered
    /// is.
    fn undecided(&self, id: &str, answers: &Answers) -> bool {
        if answers.kept.contains_key(id) {
            return false;
        }
        let place = self.def.pages.iter().find_map(|p| Some((p, p.fields.iter().find(|f| f.field.id == id)?)));
        let Some((page, question)) = place else { return false };
        if answers.asked.iter().any(|asked| asked == id) {
            return question.field.required || answers.faults.iter().any(|f| f.code == "field.required");
        }
        // Conditions speak of earlier questions only: this ends.
        let conditions = page.when.iter().chain(&question.when);
        conditions.flat_map(|text| self.reads(text)).any(|earlier| self.undecided(earlier, answers))
    }

    /// Sum of what is to be paid.
    #[must_use]
    pub fn total_due(&self, given: &Map<String, Json>, now: Timestamp) -> u64 {
        self.fees_due(given, now).iter().map(|f| f.amount_vnd).fold(0, u64::saturating_add)
    }
}
