//! The codes of short links.

use store::{Blind, WorkspaceKeys};

/// Characters of a code: more than 10^16 of them, of which nobody meets one by trying.
pub(super) const LENGTH: usize = 9;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The code of a link: the same for the same owner (a message or a campaign), number and address.
pub(super) fn code(keys: &WorkspaceKeys, about: &Blind, number: i64, target: &str) -> String {
    let mut payload = about.to_vec();
    payload.extend_from_slice(&number.to_be_bytes());
    payload.extend_from_slice(target.as_bytes());
    spell(keys.mac("short link", &payload))
}

fn spell(hash: Blind) -> String {
    let mut left = u128::from_be_bytes(hash);
    let mut out = String::with_capacity(LENGTH);
    for _ in 0..LENGTH {
        out.push(char::from(DIGITS[(left % 62) as usize]));
        left /= 62;
    }
    out
}

/// Whether a text may be a code at all.
pub(super) fn plausible(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What stands in for a code while a text is measured.
pub(super) const PLACE: &str = "000000000";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LENGTH, PLACE, plausible, spell};

    #[test]
    fn what_is_no_code_is_not_looked_up() {
        for text in ["", "short", "0123456789", "01234567-", "٠١٢٣٤٥٦٧٨", "0123 5678"] {
            assert!(!plausible(text), "{text}");
        }
        assert_eq!((PLACE.len(), plausible(PLACE)), (LENGTH, true));
    }

    proptest! {
        #[test]
        fn codes_are_codes_and_seven_bits_wide(hash in any::<[u8; 16]>()) {
            let code = spell(hash);
            prop_assert!(plausible(&code));
            prop_assert!(code.chars().all(|c| crate::sms::septets(c).is_some_and(|s| s.cost() == 1)));
        }
    }
}
