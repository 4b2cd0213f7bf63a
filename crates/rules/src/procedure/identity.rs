//! Personal numbers as people type them: identity number, phone, e-mail, tax code.

use jiff::civil::Date;

use crate::schema::FieldFault;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        [Self::Male, Self::Female].into_iter().find(|s| s.id() == id)
    }
}

/// What an identity number says (Decree 137/2015, article 13; Circular 07/2016/TT-BCA, article 7). It has no check digit, and people
/// keep the code of a province that has been merged since: the province is read, never judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityNumber {
    /// Province or country of the birth registration, 001…
    pub province: u16,
    pub sex: Sex,
    pub year: i16,
}

/// Digits of what was typed: blanks, dots and dashes between groups are no fault.
fn digits(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '0'..='9' => out.push(c),
            ' ' | '.' | '-' | '\u{a0}' => {}
            _ => return None,
        }
    }
    Some(out)
}

impl IdentityNumber {
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = digits(text).filter(|d| d.len() == 12)?;
        let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
        let (province, g, yy) = (part(0, 3)?, part(3, 4)?, part(4, 6)?);
        if province == 0 {
            return None;
        }
        Some(Self {
            province: u16::try_from(province).ok()?,
            sex: if g % 2 == 0 { Sex::Male } else { Sex::Female },
            year: 1900 + 100 * (g / 2) + yy,
        })
    }
}

/// The number in its one spelling (digits only), or what is wrong with it: not twelve digits, or another year or sex than stated.
///
/// # Errors
/// `field.identity_number`, `field.identity_year` (year, given), `field.identity_sex`.
pub fn check_identity(field: &str, text: &str, birth: Option<Date>, sex: Option<Sex>) -> Result<String, FieldFault> {
    let Some(number) = IdentityNumber::read(text) else {
        return Err(FieldFault::new(field, "field.identity_number"));
    };
    if let Some(birth) = birth.filter(|b| b.year() != number.year) {
        return Err(FieldFault::new(field, "field.identity_year").with("year", number.year).with("given", birth.year()));
    }
    if sex.is_some_and(|s| s != number.sex) {
        return Err(FieldFault::new(field, "field.identity_sex"));
    }
    Ok(digits(text).unwrap_or_default())
}

/// Prefixes of before 2018 and what they became.
const OLD_PREFIXES: [(&str, &str); 20] = [
    ("0162", "032"),
    ("0163", "033"),
    ("0164", "034"),
    ("0165", "035"),
    ("0166", "036"),
    ("0167", "037"),
    ("0168", "038"),
    ("0169", "039"),
    ("0120", "070"),
    ("0121", "079"),
    ("0122", "077"),
    ("0126", "076"),
    ("0128", "078"),
    ("0123", "083"),
    ("0124", "084"),
    ("0125", "085"),
    ("0127", "081"),
    ("0129", "082"),
    ("0186", "056"),
    ("0188", "058"),
];

/// A Vietnamese number as `0…`, without blanks; numbers from before 2018 get their new prefix.
///
/// # Errors
/// `field.phone`.
pub fn check_phone(field: &str, text: &str) -> Result<String, FieldFault> {
    let wrong = || FieldFault::new(field, "field.phone");
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')' | '\u{a0}')).collect();
    let local = plain.strip_prefix("+84").or_else(|| plain.strip_prefix("84").filter(|r| r.len() >= 9)).map(|rest| format!("0{rest}"));
    let mut number = local.unwrap_or(plain);
    if !number.starts_with('0') || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    if number.len() == 11
        && let Some((old, new)) = OLD_PREFIXES.iter().chain(&[("0199", "059")]).find(|(old, _)| number.starts_with(old))
    {
        number.replace_range(..old.len(), new);
    }
    let b = number.as_bytes();
    let at = |i: usize| b.get(i).copied().unwrap_or(0);
    let mobile = number.len() == 10
        && match at(1) {
            b'3' => matches!(at(2), b'2'..=b'9'),
            b'5' => matches!(at(2), b'2' | b'5' | b'6' | b'8' | b'9'),
            b'7' => matches!(at(2), b'0' | b'6'..=b'9'),
            b'8' => matches!(at(2), b'1'..=b'9'),
            b'9' => matches!(at(2), b'0'..=b'4' | b'6'..=b'9'),
            _ => false,
        };
    let landline = at(1) == b'2' && (10..=11).contains(&number.len());
    if mobile || landline { Ok(number) } else { Err(wrong()) }
}

/// Good enough to try: one @, something before it, a dotted name after it.
///
/// # Errors
/// `field.email`.
pub fn check_email(field: &str, text: &str) -> Result<String, FieldFault> {
    let text = text.trim();
    let good = text.len() <= 254
        && text.bytes().filter(|b| *b == b'@').count() == 1
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control())
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.split('.').count() >= 2 && host.split('.').all(|p| !p.is_empty() && !p.starts_with('-'))
        });
    if good { Ok(text.to_owned()) } else { Err(FieldFault::new(field, "field.email")) }
}

/// Ten digits with the check digit, thirteen with the branch, or a person's twelve.
///
/// # Errors
/// `field.tax_code`.
pub fn check_tax_code(field: &str, text: &str) -> Result<String, FieldFault> {
    let wrong = || FieldFault::new(field, "field.tax_code");
    let number = digits(text).ok_or_else(wrong)?;
    let (body, branch) = match number.len() {
        12 if IdentityNumber::read(&number).is_some() => return Ok(number),
        10 => (number.as_str(), None),
        13 => (number.get(..10).ok_or_else(wrong)?, number.get(10..)),
        _ => return Err(wrong()),
    };
    let sum: u32 = body.bytes().zip([31, 29, 23, 19, 17, 13, 7, 5, 3]).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let check = 10 - sum % 11;
    if check == 10 || body.as_bytes().get(9).map(|b| u32::from(b - b'0')) != Some(check) || branch == Some("000") {
        return Err(wrong());
    }
    Ok(branch.map_or_else(|| body.to_owned(), |b| format!("{body}-{b}")))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("079085001234", Some((79, Sex::Male, 1985)))]
    #[case("077 191 000 456", Some((77, Sex::Female, 1991)))]
    #[case("001.219.123456", Some((1, Sex::Male, 2019)))]
    #[case("001319123456", Some((1, Sex::Female, 2019)))]
    #[case("001899123456", Some((1, Sex::Male, 2399)))]
    #[case("000085001234", None)]
    #[case("07908500123", None)]
    #[case("0790850012345", None)]
    #[case("07908500123a", None)]
    #[case("", None)]
    fn identity_numbers(#[case] text: &str, #[case] says: Option<(u16, Sex, i16)>) {
        assert_eq!(IdentityNumber::read(text).map(|n| (n.province, n.sex, n.year)), says);
    }

    #[test]
    fn year_and_sex_must_agree_and_a_merged_province_is_no_fault() {
        let code = |birth, sex| check_identity("f", "077 085 001 234", birth, sex).map_err(|f| f.code);
        assert_eq!(code(Some(date(1985, 3, 2)), Some(Sex::Male)), Ok("077085001234".into()));
        assert_eq!(code(None, None), Ok("077085001234".into()));
        assert_eq!(code(Some(date(1986, 3, 2)), None), Err("field.identity_year"));
        assert_eq!(code(Some(date(1985, 3, 2)), Some(Sex::Female)), Err("field.identity_sex"));
    }

    #[rstest]
    #[case("0912 345 678", Some("0912345678"))]
    #[case("+84 912 345 678", Some("0912345678"))]
    #[case("84912345678", Some("0912345678"))]
    #[case("0168 345 6789", Some("0383456789"))]
    #[case("01991234567", Some("0591234567"))]
    #[case("0254 385 6789", Some("02543856789"))]
    #[case("028.3829.1234", Some("02838291234"))]
    #[case("0952345678", None)]
    #[case("0312345678", None)]
    #[case("091234567", None)]
    #[case("091234567x", None)]
    #[case("912345678", None)]
    #[case("", None)]
    fn phones(#[case] text: &str, #[case] number: Option<&str>) {
        assert_eq!(check_phone("f", text).ok().as_deref(), number);
    }

    #[rstest]
    #[case("0100233488", true)]
    #[case("0314409058", true)]
    #[case("0314409058-002", true)]
    #[case("0100112437", true)]
    #[case("0312687878", true)]
    #[case("079085001234", true)]
    #[case("0100233487", false)]
    #[case("3500000050", false)]
    #[case("0314409058-000", false)]
    #[case("031440905", false)]
    fn tax_codes(#[case] text: &str, #[case] good: bool) {
        assert_eq!(check_tax_code("f", text).is_ok(), good);
    }

    #[rstest]
    #[case("a@b.vn", true)]
    #[case(" nguyen.van.a@phuong.gov.vn ", true)]
    #[case("a@b", false)]
    #[case("a@@b.vn", false)]
    #[case("a b@c.vn", false)]
    #[case("@b.vn", false)]
    #[case("a@.vn", false)]
    fn emails(#[case] text: &str, #[case] good: bool) {
        assert_eq!(check_email("f", text).is_ok(), good);
    }
}
