//! Codes that people copy from a screen or a slip and type somewhere else.

use crate::error::{Error, Result};

/// Digits and letters that are not taken for one another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters in a row that a person reads at once.
const GROUP: usize = 4;

/// `N` random letters and digits, five bits each.
pub(crate) fn random<const N: usize>() -> Result<String> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::Internal(format!("no randomness: {e}")))?;
    Ok(bytes.iter().map(|b| char::from(LETTERS[usize::from(b & 31)])).collect())
}

/// A code as it was given out, however it was typed: with blanks or dashes, in small letters, with O for 0.
pub(crate) fn as_given(typed: &str) -> String {
    let plain = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        'U' => 'V',
        c => c,
    });
    plain.collect()
}

/// `ABCD-EFGH-…`: as it is shown.
#[must_use]
pub fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(GROUP).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let code = random::<24>().unwrap();
        assert!(code.len() == 24 && code != random::<24>().unwrap());
        assert_eq!(as_given(&grouped(&code).to_lowercase()), code);
        assert_eq!(as_given(" o1ab-cdul "), "01ABCDV1");
        assert_eq!(grouped("ABCDEFGHJK"), "ABCD-EFGH-JK");
    }
}
