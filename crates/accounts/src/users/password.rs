//! Passwords: Argon2id (RFC 9106), kept as PHC strings.

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use kernel::{Email, Rng, fold};
use unicode_normalization::UnicodeNormalization;

use crate::secret;

/// The shortest password accepted, in characters.
pub const MIN_LENGTH: usize = 10;
/// The longest password accepted, in bytes.
pub const MAX_BYTES: usize = 256;

/// What hashing a password costs. The default (19 MiB, 2 passes, 1 lane) is OWASP's first
/// recommendation for Argon2id and takes about 20 ms of one core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

impl Cost {
    /// As cheap as the algorithm allows: for tests only.
    pub const fn cheapest() -> Self {
        Self { memory_kib: 8, passes: 1, lanes: 1 }
    }
}

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`MIN_LENGTH`] characters.
    #[error("a password needs at least 10 characters")]
    TooShort,
    /// More than [`MAX_BYTES`] bytes.
    #[error("a password may have at most 256 bytes")]
    TooLong,
    /// Little more than the e-mail address or the workspace's name.
    #[error("the password is too close to the e-mail address or the workspace's name")]
    Guessable,
    /// One or two characters over and over.
    #[error("the password repeats the same few characters")]
    Repetitive,
}

/// Whether a password may be chosen. Length is what counts (NIST SP 800-63B); names that an
/// attacker tries first do not count towards it.
pub fn check(password: &str, email: &Email, workspace: Option<&str>) -> Result<(), PasswordError> {
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    if password.chars().count() < MIN_LENGTH {
        return Err(PasswordError::TooShort);
    }
    let mut seen: Vec<char> = password.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() < 4 {
        return Err(PasswordError::Repetitive);
    }
    let mut rest = fold(password);
    let names =
        [email.to_string(), email.local().to_owned(), email.domain().to_owned(), workspace.unwrap_or("").to_owned()];
    for name in names.iter().map(|name| fold(name)).filter(|name| name.chars().count() >= 3) {
        rest = rest.replace(&name, "");
    }
    if rest.chars().count() < MIN_LENGTH.min(6) { Err(PasswordError::Guessable) } else { Ok(()) }
}

/// The bytes that are hashed: compatibility forms unified (RFC 8265), so that the same password
/// typed on another keyboard is the same.
fn prepared(password: &str) -> Vec<u8> {
    password.nfkc().collect::<String>().into_bytes()
}

fn digest(password: &str, salt: &[u8], cost: Cost) -> Option<[u8; 32]> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).ok()?;
    let mut out = [0u8; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(&prepared(password), salt, &mut out)
        .ok()?;
    Some(out)
}

/// Hashes a password under a fresh salt. None when the cost is out of the algorithm's range.
/// Slow by design: call it on a blocking thread.
pub fn hash(password: &str, cost: Cost, rng: &dyn Rng) -> Option<String> {
    let salt: [u8; 16] = secret::random(rng);
    let out = digest(password, &salt, cost)?;
    Some(format!(
        "$argon2id$v=19$m={},t={},p={}${}${}",
        cost.memory_kib,
        cost.passes,
        cost.lanes,
        BASE64_NOPAD.encode(&salt),
        BASE64_NOPAD.encode(&out)
    ))
}

/// What came of comparing a password with its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Another password, or a hash that cannot be read.
    Wrong,
    /// The password.
    Right,
    /// The password, hashed at another cost than today's: hash it again.
    Outdated,
}

/// Compares a password with a PHC string, in time that does not depend on where they differ.
/// Slow by design: call it on a blocking thread.
pub fn verify(password: &str, phc: &str, today: Cost) -> Verdict {
    let Some((cost, salt, expected)) = parse(phc) else { return Verdict::Wrong };
    if password.len() > MAX_BYTES {
        return Verdict::Wrong;
    }
    match digest(password, &salt, cost) {
        Some(out) if secret::equal(&out, &expected) => {
            if cost == today {
                Verdict::Right
            } else {
                Verdict::Outdated
            }
        }
        _ => Verdict::Wrong,
    }
}

fn parse(phc: &str) -> Option<(Cost, Vec<u8>, Vec<u8>)> {
    let mut parts = phc.strip_prefix("$argon2id$v=19$")?.split('$');
    let (cost, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let mut numbers = cost.split(',');
    let mut number = |name: &str| numbers.next()?.strip_prefix(name)?.parse::<u32>().ok();
    let cost = Cost { memory_kib: number("m=")?, passes: number("t=")?, lanes: number("p=")? };
    // A row from elsewhere must not make sign-in eat the machine.
    if cost.memory_kib > 1024 * 1024 || cost.passes > 16 || cost.lanes > 16 {
        return None;
    }
    let decode = |text: &str| BASE64_NOPAD.decode(text.as_bytes()).ok();
    Some((cost, decode(salt)?, decode(hash)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lina() -> Email {
        Email::parse("lina.haddad@example.com").unwrap()
    }

    #[test]
    fn a_hash_knows_its_password_and_its_cost() {
        let rng = testkit::SeededRng::new(1);
        let phc = hash("correct horse battery", Cost::cheapest(), &rng).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert_eq!(verify("correct horse battery", &phc, Cost::cheapest()), Verdict::Right);
        assert_eq!(verify("correct horse battery", &phc, Cost::default()), Verdict::Outdated);
        assert_eq!(verify("correct horse batterz", &phc, Cost::cheapest()), Verdict::Wrong);
        assert_ne!(phc, hash("correct horse battery", Cost::cheapest(), &rng).unwrap());
        for broken in
            ["", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA"]
        {
            assert_eq!(verify("x", broken, Cost::cheapest()), Verdict::Wrong, "{broken}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_stored_text_upsets_sign_in(phc in "\\PC{0,80}|[$]argon2id[$]v=19[$]m=[0-9]{1,2},t=[0-9],p=[0-9][$][A-Za-z0-9+/]{0,24}[$][A-Za-z0-9+/]{0,43}") {
            proptest::prop_assert_eq!(verify("password", &phc, Cost::cheapest()), Verdict::Wrong);
        }
    }

    #[test]
    fn the_format_is_the_reference_implementation_s() {
        // `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1`, as in the RFC authors' test suite.
        let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let cost = Cost { memory_kib: 65_536, passes: 2, lanes: 1 };
        assert_eq!(verify("password", phc, cost), Verdict::Right);
    }

    #[test]
    fn keyboards_do_not_matter() {
        let phc = hash("caf\u{e9} مقهى ١٢٣٤", Cost::cheapest(), &testkit::SeededRng::new(2)).unwrap();
        assert_eq!(verify("cafe\u{301} مقهى ١٢٣٤", &phc, Cost::cheapest()), Verdict::Right);
    }

    #[test]
    fn weak_choices_are_refused() {
        let refused = |text: &str| check(text, &lina(), Some("Nur Foundation")).unwrap_err();
        assert_eq!(refused("short"), PasswordError::TooShort);
        assert_eq!(refused(&"x".repeat(300)), PasswordError::TooLong);
        assert_eq!(refused("ababababab"), PasswordError::Repetitive);
        assert_eq!(refused("Lina.Haddad@example.com"), PasswordError::Guessable);
        assert_eq!(refused("lina.haddad1"), PasswordError::Guessable);
        assert_eq!(refused("NUR foundation!"), PasswordError::Guessable);
        assert_eq!(check("correct horse battery", &lina(), None), Ok(()));
        assert_eq!(check("حصان صحيح بطارية", &lina(), None), Ok(()));
    }
}
