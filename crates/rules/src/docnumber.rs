//! Numbers of documents.
//!
//! The State writes a slash before the type (Decree 30/2020/NĐ-CP: `71/NQ-CP`, `2807/KH-UBND`; an official letter has no type:
//! `3067/UBND-VP`; legal documents carry their year: `30/2020/NĐ-CP`), the Party a hyphen (`57-NQ/TW`, `520-KH/TU`). The two series
//! are independent, so `02-NQ/TU` and `02/NQ-TU` are never the same document.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    Localized, Refusal,
    text::{clean, fold},
};

/// Whose numbering it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    Party,
    State,
}

/// A document number in its parts. Equal parts, equal document of one year: the number alone starts from 01 each January, so a
/// register compares issuer and date too.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocNumber {
    pub number: u32,
    /// Legal documents of the State only.
    pub year: Option<u16>,
    /// `NQ`, `KH`, … ; `None` for an official letter of the State and for a law (`148/2025/QH15`).
    pub type_code: Option<String>,
    /// `TW`, `TU`, `CP`, `UBND`, `UBTVQH15`; joint documents keep their hyphens (`BTP-BNV`).
    pub issuer: String,
    /// The drafting office of an official letter: `VP` in `3067/UBND-VP`.
    pub office: Option<String>,
    pub system: System,
}

/// Types: Decree 30/2020 annex III, legal documents, and the Party's own. Case as printed.
const TYPES: &[(&str, &str, &str)] = &[
    ("NQ", "Nghị quyết", "Resolution"),
    ("QĐ", "Quyết định", "Decision"),
    ("CT", "Chỉ thị", "Directive"),
    ("QC", "Quy chế", "Regulation"),
    ("QyĐ", "Quy định", "Rule"),
    ("TC", "Thông cáo", "Communiqué"),
    ("TB", "Thông báo", "Notice"),
    ("HD", "Hướng dẫn", "Guideline"),
    ("CTr", "Chương trình", "Programme"),
    ("KH", "Kế hoạch", "Plan"),
    ("PA", "Phương án", "Scheme"),
    ("ĐA", "Đề án", "Project"),
    ("DA", "Dự án", "Investment project"),
    ("BC", "Báo cáo", "Report"),
    ("BB", "Biên bản", "Minutes"),
    ("TTr", "Tờ trình", "Submission"),
    ("HĐ", "Hợp đồng", "Contract"),
    ("CĐ", "Công điện", "Telegram"),
    ("BGN", "Bản ghi nhớ", "Memorandum"),
    ("BTT", "Bản thỏa thuận", "Agreement"),
    ("GUQ", "Giấy ủy quyền", "Power of attorney"),
    ("GM", "Giấy mời", "Invitation"),
    ("GGT", "Giấy giới thiệu", "Letter of introduction"),
    ("GNP", "Giấy nghỉ phép", "Leave permit"),
    ("PG", "Phiếu gửi", "Dispatch slip"),
    ("PC", "Phiếu chuyển", "Transfer slip"),
    ("PB", "Phiếu báo", "Notification slip"),
    ("NĐ", "Nghị định", "Decree"),
    ("TT", "Thông tư", "Circular"),
    ("TTLT", "Thông tư liên tịch", "Joint circular"),
    ("NQLT", "Nghị quyết liên tịch", "Joint resolution"),
    ("PL", "Pháp lệnh", "Ordinance"),
    ("L", "Lệnh", "Order"),
    ("KL", "Kết luận", "Conclusion"),
    ("CV", "Công văn", "Official letter"),
];

/// Longer numbers are typing errors.
const MAX_NUMBER: u32 = 999_999;
const MAX_PART: usize = 40;

impl DocNumber {
    /// Name of the document's type.
    #[must_use]
    pub fn type_name(&self) -> Localized {
        match &self.type_code {
            Some(code) => TYPES
                .iter()
                .find(|(c, ..)| c == code)
                .map_or_else(|| Localized::new(code.clone(), code.clone()), |(_, vi, en)| Localized::new(*vi, *en)),
            None if self.issuer.starts_with("QH") => {
                Localized::new("Luật, nghị quyết của Quốc hội", "Law or resolution of the National Assembly")
            }
            None => Localized::new("Công văn", "Official letter"),
        }
    }

    /// Key under which numbers are compared and searched: folded and without spaces.
    #[must_use]
    pub fn search_key(&self) -> String {
        fold(&self.to_string())
    }
}

impl FromStr for DocNumber {
    type Err = Refusal;

    /// Reads a number, lenient on case, spaces, a leading "Số:" and a missing stroke in `QD`, `ND`.
    ///
    /// # Errors
    /// Always with `text`: `docnumber.empty`; `docnumber.incomplete` (no issuer: "Quyết định 204"); `docnumber.number`;
    /// `docnumber.year` (year); `docnumber.type` (type) for a Party number whose type is not known; `docnumber.shape`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let shown: String = text.chars().take(80).collect();
        let refuse = |code| Refusal::new(code).with("text", &shown);
        let cleaned = clean(text).replace(['–', '—', '‑', '−'], "-");
        let compact = without_spaces_at_signs(strip_prefix_words(&cleaned));
        if compact.is_empty() {
            return Err(refuse("docnumber.empty"));
        }
        let digits_end = compact.find(|c: char| !c.is_ascii_digit()).unwrap_or(compact.len());
        let (digits, rest) = compact.split_at(digits_end);
        if digits.is_empty() {
            return Err(refuse("docnumber.shape"));
        }
        let number = digits.parse().ok().filter(|n| (1..=MAX_NUMBER).contains(n)).ok_or_else(|| refuse("docnumber.number"))?;
        if rest.is_empty() {
            return Err(refuse("docnumber.incomplete"));
        }
        let after_sign = rest.strip_prefix(['-', '/']).ok_or_else(|| refuse("docnumber.shape"))?;
        let parts: Vec<&str> = after_sign.split(['/', '-']).collect();
        if parts.iter().any(|p| p.is_empty() || p.len() > MAX_PART || !p.chars().all(char::is_alphanumeric)) {
            return Err(refuse("docnumber.shape"));
        }
        if rest.starts_with('-') { party(number, after_sign) } else { state(number, after_sign) }.map_err(|r| r.with("text", &shown))
    }
}

/// `NQ/TW`: what follows `57-`.
fn party(number: u32, rest: &str) -> Result<DocNumber, Refusal> {
    let (type_text, issuer) = rest.split_once('/').ok_or_else(|| Refusal::new("docnumber.incomplete"))?;
    let type_code = type_code(type_text).ok_or_else(|| Refusal::new("docnumber.type").with("type", type_text))?;
    if issuer.contains('/') {
        return Err(Refusal::new("docnumber.shape"));
    }
    let (type_code, issuer) = (Some(type_code), issuer_code(issuer));
    Ok(DocNumber { number, year: None, type_code, issuer, office: None, system: System::Party })
}

/// `NQ-CP`, `UBND-VP`, `2020/NĐ-CP`, `2025/QH15`: what follows `71/`.
fn state(number: u32, rest: &str) -> Result<DocNumber, Refusal> {
    let is_number = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let (year, rest) = match rest.split_once('/').filter(|(first, _)| is_number(first)) {
        Some((first, after)) => {
            let year = first.parse().ok().filter(|y| (1945..=2100).contains(y));
            (Some(year.ok_or_else(|| Refusal::new("docnumber.year").with("year", first))?), after)
        }
        None => (None, rest),
    };
    let (first, after) = rest.split_once('-').map_or((rest, None), |(a, b)| (a, Some(b)));
    if rest.contains('/') || is_number(first) {
        return Err(Refusal::new(if year.is_some() { "docnumber.incomplete" } else { "docnumber.shape" }));
    }
    let (type_code, issuer, office) = match (type_code(first), after) {
        (Some(code), Some(issuer)) => (Some(code), issuer, None),
        (Some(_), None) => return Err(Refusal::new("docnumber.incomplete")),
        (None, office) => (None, first, office.map(issuer_code)),
    };
    Ok(DocNumber { number, year, type_code, issuer: issuer_code(issuer), office, system: System::State })
}

/// "Số: ", "Kế hoạch số ", "NQ " and the like before the number.
fn strip_prefix_words(text: &str) -> &str {
    text.find(|c: char| c.is_ascii_digit()).map_or(text, |at| {
        let words = text[..at].trim_end();
        let plain = words.chars().all(|c| c.is_alphabetic() || c == ' ' || c == ':' || c == '.');
        if plain && (words.is_empty() || text[..at].ends_with([' ', ':', '.'])) { &text[at..] } else { text }
    })
}

/// `57 - NQ / TW` → `57-NQ/TW`; other spaces stay and are refused later.
fn without_spaces_at_signs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        let joins = out.is_empty() || out.ends_with(['-', '/']) || word.starts_with(['-', '/']);
        if !joins {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The type as printed. Exact letters first; without the stroke only where that is not another type (`DA` stays dự án).
fn type_code(text: &str) -> Option<String> {
    let upper = text.to_uppercase();
    let exact = TYPES.iter().find(|(c, ..)| c.to_uppercase() == upper);
    let found = exact.or_else(|| {
        let folded = fold(text);
        TYPES.iter().find(|(c, ..)| fold(c) == folded)
    });
    found.map(|(code, ..)| (*code).to_owned())
}

/// Capitals, except where the State prints small letters (Thủ tướng, Bộ trưởng offices).
fn issuer_code(text: &str) -> String {
    const MIXED: &[&str] = &["TTg", "UBTVQH", "CTr"];
    let upper = text.to_uppercase();
    MIXED.iter().find(|m| m.to_uppercase() == upper).map_or(upper, |m| (*m).to_owned())
}

/// As printed: at least two digits (Decree 30/2020: numbers below 10 get a leading 0).
impl fmt::Display for DocNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.number)?;
        match (self.system, &self.type_code) {
            (System::Party, Some(code)) => return write!(f, "-{code}/{}", self.issuer),
            (System::Party, None) => return write!(f, "/{}", self.issuer),
            (System::State, _) => {}
        }
        if let Some(year) = self.year {
            write!(f, "/{year}")?;
        }
        match (&self.type_code, &self.office) {
            (Some(code), _) => write!(f, "/{code}-{}", self.issuer),
            (None, Some(office)) => write!(f, "/{}-{office}", self.issuer),
            (None, None) => write!(f, "/{}", self.issuer),
        }
    }
}

impl Serialize for DocNumber {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for DocNumber {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn parts(text: &str) -> String {
        match text.parse::<DocNumber>() {
            Ok(d) => {
                let year = d.year.map_or_else(String::new, |y| y.to_string());
                let (code, office) = (d.type_code.unwrap_or_default(), d.office.unwrap_or_default());
                format!("{:?} {} {year} {code} {} {office}", d.system, d.number, d.issuer)
            }
            Err(refusal) => refusal.code.to_owned(),
        }
    }

    #[rstest]
    #[case("57-NQ/TW", "Party 57  NQ TW ")]
    #[case("71/NQ-CP", "State 71  NQ CP ")]
    #[case("02-NQ/TU", "Party 2  NQ TU ")]
    #[case("520-KH/TU", "Party 520  KH TU ")]
    #[case("2807/KH-UBND", "State 2807  KH UBND ")]
    #[case("13754/KH-UBND", "State 13754  KH UBND ")]
    #[case("3067/UBND-VP", "State 3067   UBND VP")]
    #[case("204-QĐ/TW", "Party 204  QĐ TW ")]
    #[case("08-QC/TW", "Party 8  QC TW ")]
    #[case("02-QC/BCĐTW", "Party 2  QC BCĐTW ")]
    #[case("30/2020/NĐ-CP", "State 30 2020 NĐ CP ")]
    #[case("03/2025/TT-VPCP", "State 3 2025 TT VPCP ")]
    #[case("128/2025/QĐ-UBND", "State 128 2025 QĐ UBND ")]
    #[case("148/2025/QH15", "State 148 2025  QH15 ")]
    #[case("237/NQ-UBTVQH16", "State 237  NQ UBTVQH16 ")]
    #[case("12729/VPCP-KGVX", "State 12729   VPCP KGVX")]
    #[case("766/QĐ-TTg", "State 766  QĐ TTg ")]
    #[case("01/2016/TTLT-BTP-BNV", "State 1 2016 TTLT BTP-BNV ")]
    #[case("52/CTr-UBND", "State 52  CTr UBND ")]
    fn as_printed(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(parts(text), expected);
        assert_eq!(text.parse::<DocNumber>().unwrap().to_string(), text, "comes out as it went in");
    }

    #[rstest]
    #[case("57 - nq / tw", "57-NQ/TW")]
    #[case("Số: 2807/KH-UBND", "2807/KH-UBND")]
    #[case("Nghị quyết số 57-NQ/TW", "57-NQ/TW")]
    #[case("Văn bản 3067/UBND-VP ", "3067/UBND-VP")]
    #[case("204–qd/tw", "204-QĐ/TW")]
    #[case("30/2020/nd-cp", "30/2020/NĐ-CP")]
    #[case("766/qđ-ttg", "766/QĐ-TTg")]
    #[case("2/NQ-HĐND", "02/NQ-HĐND")]
    #[case("0002-NQ/TU", "02-NQ/TU")]
    #[case("15/DA-UBND", "15/DA-UBND")]
    #[case("15/đa-ubnd", "15/ĐA-UBND")]
    #[case("52/CTR-UBND", "52/CTr-UBND")]
    fn lenient(#[case] text: &str, #[case] normal: &str) {
        assert_eq!(text.parse::<DocNumber>().unwrap().to_string(), normal);
    }

    #[rstest]
    #[case("", "docnumber.empty")]
    #[case("Quyết định 204", "docnumber.incomplete")]
    #[case("57-NQ", "docnumber.incomplete")]
    #[case("71/NQ", "docnumber.incomplete")]
    #[case("57-XY/TW", "docnumber.type")]
    #[case("30/1820/NĐ-CP", "docnumber.year")]
    #[case("30/8/2025", "docnumber.year")]
    #[case("0/KH-UBND", "docnumber.number")]
    #[case("12345678/KH-UBND", "docnumber.number")]
    #[case("Đề án 06", "docnumber.incomplete")]
    #[case("không số", "docnumber.shape")]
    #[case("57-NQ/TW và 71/NQ-CP", "docnumber.shape")]
    #[case("2807//KH-UBND", "docnumber.shape")]
    #[case("2807/KH-UBND;", "docnumber.shape")]
    #[case("71 NQ CP", "docnumber.shape")]
    #[case("71/NQ-CP/2025", "docnumber.shape")]
    #[case("57-NQ/TW/1", "docnumber.shape")]
    #[case("71/2025", "docnumber.shape")]
    #[case("71/2025/2026", "docnumber.incomplete")]
    fn refused(#[case] text: &str, #[case] code: &str) {
        assert_eq!(parts(text), code);
    }

    #[test]
    fn party_and_state_numbers_differ() {
        let (party, state): (DocNumber, DocNumber) = ("02-NQ/TU".parse().unwrap(), "02/NQ-TU".parse().unwrap());
        assert_ne!(party, state);
        assert_eq!(party.type_name().vi, "Nghị quyết");
        assert_eq!("3067/UBND-VP".parse::<DocNumber>().unwrap().type_name().vi, "Công văn");
        assert_eq!(party.search_key(), "02-nq/tu");
        assert_eq!(serde_json::from_str::<DocNumber>("\"02-nq/tu\"").unwrap(), party);
    }

    proptest! {
        #[test]
        fn formatting_is_read_back(n in 1_u32..=999_999, year in prop::option::of(1945_u16..2100), code in 0..TYPES.len(), issuer in "[A-ZĐ]{2,8}", party: bool) {
            let system = if party { System::Party } else { System::State };
            let doc = DocNumber { number: n, year: year.filter(|_| !party), type_code: Some(TYPES[code].0.to_owned()), issuer: issuer_code(&issuer), office: None, system };
            prop_assert_eq!(doc.to_string().parse::<DocNumber>().unwrap(), doc);
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,20}|[0-9]{0,3}[-/ ]?[A-ZĐ]{0,3}[-/ ]?[A-Z]{0,3}") {
            if let Ok(doc) = text.parse::<DocNumber>() {
                prop_assert_eq!(doc.to_string().parse::<DocNumber>().unwrap(), doc);
            }
        }
    }
}
