//! Money for a dossier: how a transfer finds its demand, and what an amount that arrived means.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Longest reference: it is also the purpose text of the transfer, which holds 25 characters.
pub const REFERENCE_MAX: usize = 25;
/// Demands that one dossier may have.
pub const DEMANDS_MAX: u32 = 99;
/// Characters of a purpose text that are looked at, and references tried in it.
const PURPOSE_MAX: usize = 300;
const CANDIDATES_MAX: usize = 1_500;
/// Between the dossier's code and the number of its demand.
const MARK: char = 'P';
const SHORTEST_CODE: usize = 6;

/// Where the fees of a unit are paid to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeAccount {
    /// Six digits.
    pub bin: String,
    pub account: String,
    /// As the bank shows it to the payer.
    pub holder: String,
}

impl FeeAccount {
    /// Everything wrong with it; empty when it is sound.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.bin.len() != 6 || !self.bin.bytes().all(|b| b.is_ascii_digit()) {
            out.push(format!("bin {:?} is not a bank's number of six digits", self.bin));
        }
        if !(1..=19).contains(&self.account.len()) || !self.account.bytes().all(|b| b.is_ascii_alphanumeric()) {
            out.push(format!("account {:?} is not 1 to 19 letters and digits", self.account));
        }
        if self.holder.trim().is_empty() {
            out.push("holder is empty".to_owned());
        }
        out
    }
}

/// The letters and digits of a text, marks off, in capitals: what survives every bank's way of copying a purpose.
#[must_use]
pub fn folded(text: &str) -> String {
    crate::text::unmarked(text).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// The reference of a dossier's `number`-th demand: the folded dossier code, readable on every bank statement, and the number.
/// A code that is too long for a purpose text is stood for by a digest.
#[must_use]
pub fn reference(dossier_code: &str, number: u32) -> String {
    let tail = format!("{MARK}{number}");
    let mut code = folded(dossier_code);
    if code.len() + tail.len() > REFERENCE_MAX || code.len() < SHORTEST_CODE {
        let digest = Sha256::digest(dossier_code.as_bytes());
        code = format!("HD{}", digest.iter().take(8).map(|b| format!("{b:02X}")).collect::<String>());
    }
    code + &tail
}

/// Every text inside a purpose that could be a reference, the longest first: banks put words before and after it, and take its
/// punctuation away. Which of them exists is for the register to say.
#[must_use]
pub fn references_in(purpose: &str) -> Vec<String> {
    let text: String = folded(purpose).chars().take(PURPOSE_MAX).collect();
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    for (at, _) in text.match_indices(MARK) {
        let digits = bytes[at + 1..].iter().take(2).take_while(|b| b.is_ascii_digit()).count();
        for digits in (1..=digits).rev().filter(|_| bytes.get(at + 1) != Some(&b'0')) {
            let longest = REFERENCE_MAX - 1 - digits;
            for length in (SHORTEST_CODE..=longest.min(at)).rev() {
                out.push(text[at - length..=at + digits].to_owned());
            }
        }
    }
    out.sort_by_key(|r| std::cmp::Reverse(r.len()));
    out.dedup();
    out.truncate(CANDIDATES_MAX);
    out
}

/// What was asked for, and what has come in so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    pub amount_vnd: u64,
    pub received_vnd: u64,
    /// Nothing is waited for any more: paid, refunded, or to be.
    pub settled: bool,
    pub cancelled: bool,
}

/// What a transfer does to a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Now everything is there, to the đồng.
    Paid,
    /// Some is missing still.
    Short { missing_vnd: u64 },
    /// More than was asked for.
    Over { by_vnd: u64 },
    /// It was paid before.
    Twice,
    /// The demand was taken back.
    Cancelled,
}

impl Owed {
    #[must_use]
    pub fn arrives(self, amount_vnd: u64) -> Arrival {
        if self.cancelled {
            return Arrival::Cancelled;
        }
        if self.settled {
            return Arrival::Twice;
        }
        let now = self.received_vnd.saturating_add(amount_vnd);
        match now.cmp(&self.amount_vnd) {
            std::cmp::Ordering::Equal => Arrival::Paid,
            std::cmp::Ordering::Less => Arrival::Short { missing_vnd: self.amount_vnd - now },
            std::cmp::Ordering::Greater => Arrival::Over { by_vnd: now - self.amount_vnd },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("000.00.26.H06-250612-0001", 1, "0000026H062506120001P1")]
    #[case("H06.26.00.000-250612-12345", 12, "H0626000002506121 2345P12")]
    #[case("Đ1", 1, "HD")]
    fn a_reference_is_the_folded_code_with_its_number(#[case] code: &str, #[case] number: u32, #[case] expected: &str) {
        let made = reference(code, number);
        assert!(made.starts_with(&expected.replace(' ', "")), "{made}");
        assert!(made.len() <= REFERENCE_MAX && made.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{made}");
    }

    #[test]
    fn long_codes_that_differ_at_their_end_have_different_references() {
        let long = |n: u32| reference(&format!("H06.26.00.000.11.22.33-250612-{n:05}"), 1);
        assert_ne!(long(1), long(2));
        assert_eq!(long(1), long(1));
    }

    #[rstest]
    #[case("0000026H062506120001P1")]
    #[case("MBVCB.123.0000026H062506120001P1.CT tu 0011 toi 9704")]
    #[case("nguyen van p1 nop le phi 000.00.26.h06-250612-0001 P1")]
    #[case("0000026H062506120001P1 cam on phuong")]
    fn it_is_found_whatever_a_bank_writes_around_it(#[case] purpose: &str) {
        assert!(references_in(purpose).contains(&"0000026H062506120001P1".to_owned()));
    }

    #[rstest]
    #[case("")]
    #[case("tien nha thang 6")]
    #[case("P1")]
    #[case("ABCDEFP0")]
    fn other_purposes_hold_none(#[case] purpose: &str) {
        assert_eq!(references_in(purpose), Vec::<String>::new());
    }

    #[rstest]
    #[case(0, 8_000, Arrival::Paid)]
    #[case(0, 7_999, Arrival::Short { missing_vnd: 1 })]
    #[case(0, 8_001, Arrival::Over { by_vnd: 1 })]
    #[case(5_000, 3_000, Arrival::Paid)]
    #[case(5_000, 5_000, Arrival::Over { by_vnd: 2_000 })]
    fn amounts_add_up_to_the_dong(#[case] received_vnd: u64, #[case] arrives: u64, #[case] expected: Arrival) {
        let owed = Owed { amount_vnd: 8_000, received_vnd, settled: false, cancelled: false };
        assert_eq!(owed.arrives(arrives), expected);
        assert_eq!(Owed { settled: true, ..owed }.arrives(arrives), Arrival::Twice);
        assert_eq!(Owed { cancelled: true, ..owed }.arrives(arrives), Arrival::Cancelled);
    }

    proptest! {
        #[test]
        fn every_reference_is_found_between_any_words(code in "[A-Z0-9.-]{6,34}", n in 1..DEMANDS_MAX, before in "[a-zA-Z .]{0,40}", after in "[a-z .]{0,40}") {
            let made = reference(&code, n);
            let purpose = format!("{before} {made} {after}");
            prop_assert!(references_in(&purpose).contains(&made));
        }

        #[test]
        fn no_purpose_is_too_much(purpose in "\\PC{0,600}") {
            prop_assert!(references_in(&purpose).len() <= CANDIDATES_MAX);
        }
    }
}
