//! One-time codes of authenticator apps (TOTP, RFC 6238: HMAC-SHA1, 30 seconds, 6 digits).

use std::fmt::Write;

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use kernel::{Rng, Timestamp, fold};

use crate::secret::{self, Hash};

/// The length of a step in seconds.
pub const STEP_SECONDS: i64 = 30;
/// How many recovery codes are handed out.
pub const RECOVERY_CODES: usize = 10;

/// The shared secret of one account: 160 random bits (RFC 4226 section 4).
pub type Secret = [u8; 20];

/// A fresh secret.
pub fn secret(rng: &dyn Rng) -> Secret {
    secret::random(rng)
}

fn code_at(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes[bytes.len() - 1] & 0x0f);
    let number = u32::from_be_bytes([bytes[at] & 0x7f, bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    number % 1_000_000
}

/// The step that `code` belongs to, one step of clock drift allowed on either side. A step at or
/// before `last` has been used (or passed) and is refused: a code works once (RFC 6238 section 5.2).
pub fn verify(secret: &[u8], code: &str, now: Timestamp, last: i64) -> Option<i64> {
    let code: String = fold(code).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let current = now.as_seconds().div_euclid(STEP_SECONDS);
    let mut found = None;
    for step in [current - 1, current, current + 1] {
        let expected = format!("{:06}", code_at(secret, step));
        if secret::equal(expected.as_bytes(), code.as_bytes()) && step > last {
            found = found.or(Some(step));
        }
    }
    found
}

/// The code valid at `now`, as an authenticator app would show it.
pub fn code(secret: &[u8], now: Timestamp) -> String {
    format!("{:06}", code_at(secret, now.as_seconds().div_euclid(STEP_SECONDS)))
}

/// The address an authenticator app reads from a QR code (Key URI format).
pub fn uri(secret: &[u8], issuer: &str, account: &str) -> String {
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
        issuer = escape(issuer),
        account = escape(account),
        secret = BASE32_NOPAD.encode(secret),
    )
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A recovery code as shown to its owner, once: 80 random bits as `xxxx-xxxx-xxxx-xxxx`.
pub fn recovery_code(rng: &dyn Rng) -> String {
    let text = secret::base32().encode(&secret::random::<10>(rng));
    format!("{}-{}-{}-{}", &text[..4], &text[4..8], &text[8..12], &text[12..])
}

/// What is kept of a recovery code. None when the text cannot be one. `owner` is hashed along.
pub fn recovery_hash(code: &str, owner: &[u8]) -> Option<Hash> {
    let compact: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').take(17).collect();
    let bytes = secret::base32().decode(compact.as_bytes()).ok().filter(|bytes| bytes.len() == 10)?;
    Some(secret::hash(&[b"recovery", owner, &bytes]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: &[u8] = b"12345678901234567890";

    #[test]
    fn vectors_of_the_rfc() {
        for (seconds, expected) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(code(RFC, Timestamp(seconds * Timestamp::SECOND)), expected);
        }
    }

    #[test]
    fn a_code_works_once_and_drifts_by_one_step() {
        let now = Timestamp(1_234_567_890 * Timestamp::SECOND);
        let step = verify(RFC, "005 924", now, 0).unwrap();
        assert_eq!(verify(RFC, "005924", now, step), None, "used");
        assert_eq!(verify(RFC, "٠٠٥٩٢٤", now.plus_seconds(30), 0), Some(step));
        assert_eq!(verify(RFC, "005924", now.plus_seconds(-30), 0), Some(step));
        assert_eq!(verify(RFC, "005924", now.plus_seconds(60), 0), None);
        assert_eq!(verify(RFC, "05924", now, 0), None);
        assert_eq!(verify(RFC, "", now, 0), None);
    }

    #[test]
    fn the_uri_is_what_apps_scan() {
        assert_eq!(
            uri(RFC, "Nur & Co", "lina@example.com"),
            "otpauth://totp/Nur%20%26%20Co:lina@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Nur%20%26%20Co&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn recovery_codes_forgive_case_and_dashes() {
        let shown = recovery_code(&testkit::SeededRng::new(3));
        assert_eq!(shown.len(), 19);
        let kept = recovery_hash(&shown, b"a").unwrap();
        assert_eq!(recovery_hash(&shown.to_uppercase().replace('-', " "), b"a"), Some(kept));
        assert_ne!(recovery_hash(&shown, b"b"), Some(kept));
        assert_eq!(recovery_hash("xxxx", b"a"), None);
        assert_eq!(recovery_hash(&"x".repeat(10_000), b"a"), None);
    }
}
