//! Bearer secrets: made random, kept as a hash, compared in constant time.

use aws_lc_rs::{constant_time, digest};
use data_encoding::{BASE64URL_NOPAD, Encoding, Specification};
use kernel::Rng;

/// A SHA-256 hash, the only form in which a bearer secret is kept. Secrets here carry at least
/// 80 random bits, so a plain fast hash is enough (a password is another matter).
pub type Hash = [u8; 32];

/// `N` random bytes.
pub fn random<const N: usize>(rng: &dyn Rng) -> [u8; N] {
    let mut out = [0u8; N];
    rng.fill(&mut out);
    out
}

/// SHA-256 over the parts, each preceded by its length so that no two lists of parts collide.
pub fn hash(parts: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0u8; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// Whether two byte strings are equal, in time that depends on their lengths only.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// 256 random bits as URL-safe text of 43 characters.
pub fn token(rng: &dyn Rng) -> String {
    BASE64URL_NOPAD.encode(&random::<32>(rng))
}

/// Crockford base32 in lower case: survives dictation and case folding, has no `-` or `_`.
pub fn base32() -> Encoding {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    specification.translate.from.push_str("ABCDEFGHJKMNPQRSTVWXYZoOiIlL");
    specification.translate.to.push_str("abcdefghjkmnpqrstvwxyz001111");
    #[expect(clippy::expect_used, reason = "the specification is a constant: 32 distinct symbols")]
    specification.encoding().expect("32 distinct symbols")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
        assert!(equal(&hash(&[b"x"]), &hash(&[b"x"])));
        assert!(!equal(b"a", b"ab"));
    }

    #[test]
    fn base32_reads_what_people_write() {
        let text = base32().encode(&[0xff; 10]);
        assert_eq!(base32().decode(text.to_uppercase().as_bytes()).unwrap(), [0xff; 10]);
        assert_eq!(base32().decode(b"OIL0OIL0").unwrap(), base32().decode(b"01100110").unwrap());
    }
}
