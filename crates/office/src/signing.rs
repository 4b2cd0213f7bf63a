//! Signed messages between systems: HMAC-SHA256 over the moment of sending and the body.

use hmac::{Hmac, KeyInit, Mac};
use rules::{Refusal, Timestamp};
use sha2::Sha256;

use crate::connections::Secret;

/// A message is taken within this time before or after its moment: longer ago, and somebody may have kept it to send it again.
pub const WINDOW_SECONDS: i64 = 300;
const SCHEME: &str = "sha256=";

fn mac(secret: &Secret, at: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).ok()?;
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

/// `sha256=…` of a body sent at `at` (seconds since 1970).
#[must_use]
pub fn sign(secret: &Secret, at: i64, body: &[u8]) -> String {
    let tag = mac(secret, at, body).map(|m| hex::encode(m.finalize().into_bytes())).unwrap_or_default();
    format!("{SCHEME}{tag}")
}

/// What cannot be tried out without the key.
pub(crate) fn digest_with(key: &[u8], text: &[u8]) -> String {
    let tag = Hmac::<Sha256>::new_from_slice(key).map(|mut mac| {
        mac.update(text);
        hex::encode(mac.finalize().into_bytes())
    });
    tag.unwrap_or_default()
}

/// Seconds since 1970.
#[must_use]
pub fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000_000)
}

/// Whether a message came from who shares the secret, and now.
///
/// # Errors
/// `signature.wrong` for anything that is missing or does not fit; `signature.old` (seconds) outside the window.
pub fn check(secret: &Secret, now: Timestamp, at: &str, signature: &str, body: &[u8]) -> Result<(), Refusal> {
    let wrong = || Refusal::new("signature.wrong");
    let at: i64 = at.trim().parse().map_err(|_| wrong())?;
    let tag = signature.trim().strip_prefix(SCHEME).and_then(|t| hex::decode(t).ok()).ok_or_else(wrong)?;
    // Compared in constant time.
    mac(secret, at, body).ok_or_else(wrong)?.verify_slice(&tag).map_err(|_| wrong())?;
    if seconds(now).abs_diff(at) > WINDOW_SECONDS.unsigned_abs() {
        return Err(Refusal::new("signature.old").with("seconds", WINDOW_SECONDS));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_who_shares_the_secret_and_speaks_now_is_heard() {
        let (secret, now) = (Secret::new("k".repeat(32)), Timestamp(1_700_000_000_000_000));
        let at = seconds(now);
        let signature = sign(&secret, at, b"body");
        let code = |at: &str, signature: &str, body: &[u8], secret: &Secret| check(secret, now, at, signature, body).map_err(|r| r.code);
        assert_eq!(code(&at.to_string(), &signature, b"body", &secret), Ok(()));
        assert_eq!(code(&at.to_string(), &signature, b"bodY", &secret), Err("signature.wrong"));
        assert_eq!(code(&(at + 1).to_string(), &signature, b"body", &secret), Err("signature.wrong"), "the moment is signed too");
        assert_eq!(code(&at.to_string(), &signature, b"body", &Secret::new("j".repeat(32))), Err("signature.wrong"));
        assert_eq!(code("", "", b"body", &secret), Err("signature.wrong"));
        for late in [-301, 301] {
            let at = at + late;
            assert_eq!(code(&at.to_string(), &sign(&secret, at, b"body"), b"body", &secret), Err("signature.old"));
        }
        let at = at - 300;
        assert_eq!(code(&at.to_string(), &sign(&secret, at, b"body"), b"body", &secret), Ok(()));
    }

    #[test]
    fn the_tag_is_the_published_one() {
        // RFC 4231, test case 2, with our way of joining: "what do ya want" "." is not in it, so the parts are given apart.
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        assert_eq!(hex::encode(mac.finalize().into_bytes()), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
