//! Values that a spreadsheet would take for a formula.

use std::borrow::Cow;

fn starts_formula(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
        || matches!(text.chars().next(), Some('＝' | '＋' | '－' | '＠'))
}

/// The value with an apostrophe in front when a spreadsheet could run it as a formula (OWASP, CSV
/// injection). A value that already has apostrophes before such a character gets one more, so that
/// [`plain`] gives back exactly what was there.
pub fn neutral(value: &str) -> Cow<'_, str> {
    if starts_formula(value.trim_start_matches('\'')) { Cow::Owned(format!("'{value}")) } else { Cow::Borrowed(value) }
}

/// The value without the apostrophe that [`neutral`] put in front.
pub fn plain(value: &str) -> &str {
    match value.strip_prefix('\'') {
        Some(rest) if starts_formula(rest.trim_start_matches('\'')) => rest,
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::{neutral, plain};
    use proptest::prelude::*;

    #[test]
    fn formulas_lose_their_power_and_names_keep_theirs() {
        assert_eq!(neutral("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        for start in ["=", "+", "-", "@", "\t", "\r", "＝"] {
            assert!(neutral(&format!("{start}1")).starts_with('\''));
        }
        assert_eq!(neutral("'t Hooft"), "'t Hooft");
        assert_eq!(plain("'t Hooft"), "'t Hooft");
        assert_eq!(plain("'+491701234567"), "+491701234567");
    }

    proptest! {
        #[test]
        fn what_was_neutralised_comes_back(value in "['=+@a-]{0,6}") {
            let safe = neutral(&value);
            prop_assert_eq!(plain(&safe), value.as_str());
            prop_assert!(!super::starts_formula(&safe));
        }
    }
}
