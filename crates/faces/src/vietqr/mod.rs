//! VietQR: the text of a bank transfer's QR code (NAPAS 247 over EMVCo's merchant-presented mode), built, read and checked.
//!
//! - A code without an amount is static (`01` = `11`); one with an amount is made for a single payment, dynamic (`12`).
//! - What the payer's bank shows and sends on must be ASCII: [`purpose_of`] takes the marks off Vietnamese text, and nothing is cut
//!   silently, because a purpose that was cut no longer leads to its dossier.
//! - Reading passes over data objects it does not know, as EMVCo demands; what it knows must be right.

mod fault;
mod tlv;

pub use fault::VietQrFault;

/// The application of NAPAS in the merchant account template (38).
const NAPAS: &str = "A000000727";
const CURRENCY_VND: &str = "704";
const COUNTRY_VN: &str = "VN";
/// `54` holds 13 characters.
pub const AMOUNT_MAX: u64 = 9_999_999_999_999;
pub const ACCOUNT_MAX: usize = 19;
/// Bill number, reference, terminal and purpose, each.
pub const TEXT_MAX: usize = 25;
pub const NAME_MAX: usize = 25;
pub const CITY_MAX: usize = 15;
/// Longest text taken for reading; the longest one that can be built is shorter.
pub const PAYLOAD_MAX: usize = 512;

/// To what the money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// `QRIBFTTA`
    Account,
    /// `QRIBFTTC`
    Card,
}

impl Service {
    fn code(self) -> &'static str {
        match self {
            Self::Account => "QRIBFTTA",
            Self::Card => "QRIBFTTC",
        }
    }
}

/// A transfer as a payer's bank is to make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VietQr {
    /// Identification number of the receiving bank: six digits.
    pub bin: String,
    pub service: Service,
    /// Account or card number.
    pub account: String,
    /// In đồng; without it the payer fills it in.
    pub amount_vnd: Option<u64>,
    pub bill: Option<String>,
    pub reference: Option<String>,
    pub terminal: Option<String>,
    /// What the payer and the receiver read on their statements.
    pub purpose: Option<String>,
    /// Name and city of the receiver.
    pub name: Option<String>,
    pub city: Option<String>,
}

impl VietQr {
    /// A code for an account without amount.
    #[must_use]
    pub fn to_account(bin: &str, account: &str) -> Self {
        Self {
            bin: bin.to_owned(),
            service: Service::Account,
            account: account.to_owned(),
            amount_vnd: None,
            bill: None,
            reference: None,
            terminal: None,
            purpose: None,
            name: None,
            city: None,
        }
    }

    /// # Errors
    /// The first value that a code cannot hold.
    pub fn check(&self) -> Result<(), VietQrFault> {
        if self.bin.len() != 6 || !self.bin.bytes().all(|b| b.is_ascii_digit()) {
            return Err(VietQrFault::Bin(self.bin.clone()));
        }
        let fits = match self.service {
            Service::Account => (1..=ACCOUNT_MAX).contains(&self.account.len()) && self.account.bytes().all(|b| b.is_ascii_alphanumeric()),
            Service::Card => (16..=ACCOUNT_MAX).contains(&self.account.len()) && self.account.bytes().all(|b| b.is_ascii_digit()),
        };
        if !fits {
            return Err(VietQrFault::Account(self.account.clone()));
        }
        if let Some(amount) = self.amount_vnd.filter(|a| !(1..=AMOUNT_MAX).contains(a)) {
            return Err(VietQrFault::Amount(amount.to_string()));
        }
        let texts = [
            ("bill", &self.bill, TEXT_MAX),
            ("reference", &self.reference, TEXT_MAX),
            ("terminal", &self.terminal, TEXT_MAX),
            ("purpose", &self.purpose, TEXT_MAX),
            ("name", &self.name, NAME_MAX),
            ("city", &self.city, CITY_MAX),
        ];
        texts.into_iter().try_for_each(|(part, text, max)| text.as_deref().map_or(Ok(()), |text| check_text(part, text, max)))
    }

    /// The text of the code.
    ///
    /// # Errors
    /// As [`VietQr::check`]; also when bill, reference, terminal and purpose together are too long for their template.
    pub fn payload(&self) -> Result<String, VietQrFault> {
        self.check()?;
        let mut out = tlv::Writer::default();
        out.put("00", "01")?;
        out.put("01", if self.amount_vnd.is_some() { "12" } else { "11" })?;
        let mut holder = tlv::Writer::default();
        holder.put("00", &self.bin)?.put("01", &self.account)?;
        let mut merchant = tlv::Writer::default();
        merchant.put("00", NAPAS)?.put("01", holder.text())?.put("02", self.service.code())?;
        out.put("38", merchant.text())?.put("53", CURRENCY_VND)?;
        if let Some(amount) = self.amount_vnd {
            out.put("54", &amount.to_string())?;
        }
        out.put("58", COUNTRY_VN)?;
        for (tag, text) in [("59", &self.name), ("60", &self.city)] {
            out.put_some(tag, text.as_deref())?;
        }
        let mut more = tlv::Writer::default();
        for (tag, text) in [("01", &self.bill), ("05", &self.reference), ("07", &self.terminal), ("08", &self.purpose)] {
            more.put_some(tag, text.as_deref())?;
        }
        if !more.text().is_empty() {
            out.put("62", more.text())?;
        }
        Ok(out.sealed())
    }

    /// Reads the text of a code and checks everything it says.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(payload: &str) -> Result<Self, VietQrFault> {
        let objects = tlv::read_sealed(payload)?;
        let need = |tag: &'static str| tlv::find(&objects, tag).ok_or(VietQrFault::Missing(tag));
        let expect = |tag: &'static str, expected: &str| match need(tag)? {
            found if found == expected => Ok(()),
            found => Err(VietQrFault::Value { tag, found: found.to_owned() }),
        };
        expect("00", "01")?;
        let merchant = tlv::read(need("38")?)?;
        if tlv::find(&merchant, "00") != Some(NAPAS) {
            return Err(VietQrFault::NotNapas);
        }
        let holder = tlv::read(tlv::find(&merchant, "01").ok_or(VietQrFault::Missing("38.01"))?)?;
        let service = match tlv::find(&merchant, "02").ok_or(VietQrFault::Missing("38.02"))? {
            "QRIBFTTA" => Service::Account,
            "QRIBFTTC" => Service::Card,
            other => return Err(VietQrFault::Value { tag: "38.02", found: other.to_owned() }),
        };
        expect("53", CURRENCY_VND)?;
        expect("58", COUNTRY_VN)?;
        let amount_vnd = tlv::find(&objects, "54").map(amount).transpose()?;
        match (tlv::find(&objects, "01"), amount_vnd) {
            (None | Some("11"), None) | (None | Some("12"), Some(_)) => {}
            (Some(found @ ("11" | "12")), _) => return Err(VietQrFault::Initiation(found.to_owned())),
            (Some(found), _) => return Err(VietQrFault::Value { tag: "01", found: found.to_owned() }),
        }
        let more = tlv::find(&objects, "62").map(tlv::read).transpose()?.unwrap_or_default();
        let text = |objects: &[(&str, &str)], tag| tlv::find(objects, tag).map(str::to_owned);
        let code = Self {
            bin: text(&holder, "00").ok_or(VietQrFault::Missing("38.01.00"))?,
            service,
            account: text(&holder, "01").ok_or(VietQrFault::Missing("38.01.01"))?,
            amount_vnd,
            bill: text(&more, "01"),
            reference: text(&more, "05"),
            terminal: text(&more, "07"),
            purpose: text(&more, "08"),
            name: text(&objects, "59"),
            city: text(&objects, "60"),
        };
        code.check()?;
        Ok(code)
    }
}

/// EMVCo allows decimals after a point; a đồng has none.
fn amount(text: &str) -> Result<u64, VietQrFault> {
    let wrong = || VietQrFault::Amount(text.to_owned());
    let whole = match text.split_once('.') {
        None => text,
        Some((whole, rest)) if !rest.is_empty() && rest.bytes().all(|b| b == b'0') => whole,
        Some(_) => return Err(wrong()),
    };
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    whole.parse().map_err(|_| wrong())
}

fn check_text(part: &'static str, text: &str, max: usize) -> Result<(), VietQrFault> {
    if let Some(found) = text.chars().find(|c| !matches!(c, ' '..='~')) {
        return Err(VietQrFault::Character { part, found });
    }
    if text.trim().is_empty() {
        return Err(VietQrFault::Blank(part));
    }
    if text.len() > max {
        return Err(VietQrFault::TooLong { part, length: text.len(), max });
    }
    Ok(())
}

/// A purpose as it may stand in a code: marks off, one space between words. What has no ASCII form stays, and is refused by
/// [`VietQr::check`] together with what is too long.
#[must_use]
pub fn purpose_of(text: &str) -> String {
    rules::text::unmarked(text)
}

/// CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF, not reflected.
#[must_use]
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 })
    })
}
