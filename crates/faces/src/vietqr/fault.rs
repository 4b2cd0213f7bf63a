use rules::Refusal;

/// Why something is no VietQR code, or cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VietQrFault {
    #[error("{0:?} is not a bank's identification number of six digits")]
    Bin(String),
    #[error("{0:?} is not an account number of 1 to 19 letters and digits, or a card number of 16 to 19 digits")]
    Account(String),
    #[error("{0:?} is not an amount of whole đồng between 1 and 9999999999999")]
    Amount(String),
    #[error("the {part} holds {found:?}; a code takes only ASCII letters, digits and signs")]
    Character { part: &'static str, found: char },
    #[error("the {0} is empty")]
    Blank(&'static str),
    #[error("the {part} has {length} characters; there is room for {max}")]
    TooLong { part: &'static str, length: usize, max: usize },
    #[error("the code ends inside the data object that begins at character {at}")]
    Cut { at: usize },
    #[error("data object {0} stands twice")]
    Twice(String),
    #[error("data object {0} is missing")]
    Missing(&'static str),
    #[error("the first data object is not 00, or the last one not 63")]
    Order,
    #[error("the checksum is {said}, but the content gives {counted}: the code was read wrongly or changed")]
    Checksum { said: String, counted: String },
    #[error("data object {tag} says {found:?}, which no VietQR code says")]
    Value { tag: &'static str, found: String },
    #[error("data object 01 says {0}, but a code with an amount is dynamic (12) and one without is static (11)")]
    Initiation(String),
    #[error("the code is for another payment network than NAPAS")]
    NotNapas,
}

impl From<VietQrFault> for Refusal {
    fn from(fault: VietQrFault) -> Self {
        use VietQrFault as F;
        let quoted = |text: String| crate::tabular::quoted(&text);
        match fault {
            F::Bin(bin) => Self::new("vietqr.bin").with("bin", quoted(bin)),
            F::Account(account) => Self::new("vietqr.account").with("account", quoted(account)),
            F::Amount(amount) => Self::new("vietqr.amount").with("amount", quoted(amount)),
            F::Character { part, found } => Self::new("vietqr.character").with("part", part).with("found", quoted(found.into())),
            F::Blank(part) => Self::new("vietqr.blank").with("part", part),
            F::TooLong { part, length, max } => Self::new("vietqr.too_long").with("part", part).with("length", length).with("max", max),
            F::Checksum { said, counted } => Self::new("vietqr.checksum").with("said", quoted(said)).with("counted", counted),
            other => Self::new("vietqr.unreadable").with("detail", quoted(other.to_string())),
        }
    }
}
