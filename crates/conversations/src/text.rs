//! What may be written: texts from outside, bounded and free of controls that no screen shows.

use crate::{Error, Result};

/// The longest message, in octets.
pub const LONGEST: usize = 16 * 1024;

/// Whether a character may stand in a text. Line breaks and tabs may; so may the controls of bidirectional
/// text, which screens isolate; other controls may not.
const fn is_allowed(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// A message as it is kept: line ends are line feeds, nothing stands around it.
///
/// # Errors
/// An empty one, one of more than [`LONGEST`] octets, one with control characters.
pub fn message(text: &str) -> Result<String> {
    bounded("text", text, LONGEST)
}

/// A text of at most `most` octets that is not empty.
///
/// # Errors
/// As [`message`].
pub fn bounded(field: &str, text: &str, most: usize) -> Result<String> {
    let kept = optional(field, text, most)?;
    if kept.is_empty() {
        return Err(Error::field(field, "is empty"));
    }
    Ok(kept)
}

/// A text of at most `most` octets, which may be empty.
///
/// # Errors
/// Too long, or with control characters.
pub fn optional(field: &str, text: &str, most: usize) -> Result<String> {
    if text.len() > most {
        return Err(Error::field(field, format!("is longer than {most} octets")));
    }
    let kept = text.replace("\r\n", "\n").replace('\r', "\n");
    if !kept.chars().all(is_allowed) {
        return Err(Error::field(field, "holds control characters"));
    }
    Ok(kept.trim().to_owned())
}

/// A text of one line.
///
/// # Errors
/// As [`bounded`], and line breaks.
pub fn line(field: &str, text: &str, most: usize) -> Result<String> {
    let kept = bounded(field, text, most)?;
    if kept.contains(['\n', '\t', '\u{2028}', '\u{2029}']) {
        return Err(Error::field(field, "must stand on one line"));
    }
    Ok(kept)
}

/// An id that a client made for its own request.
///
/// # Errors
/// Another shape than 1 to 64 of `A-Z a-z 0-9 _ -`.
pub fn client_id(id: &str) -> Result<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if (1..=64).contains(&id.len()) && id.bytes().all(plain) {
        Ok(id)
    } else {
        Err(Error::field("client_id", "expected 1 to 64 letters, digits, _ and -"))
    }
}

/// The beginning of a text, at most `most` characters, on one line, for lists.
pub fn excerpt(text: &str, most: usize) -> String {
    let mut out = String::new();
    for (number, c) in text.chars().enumerate() {
        if number == most {
            out.push('…');
            break;
        }
        out.push(if c.is_whitespace() { ' ' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bidi_controls_stay_and_other_controls_do_not() {
        assert_eq!(message("طلب \u{2067}A-12\u{2069}").unwrap(), "طلب \u{2067}A-12\u{2069}");
        assert_eq!(message(" a\r\nb\rc ").unwrap(), "a\nb\nc");
        for wrong in ["", "  \n", "a\0b", "a\u{1b}[31m", "a\u{85}b"] {
            assert!(message(wrong).is_err(), "{wrong:?}");
        }
        assert!(message(&"ب".repeat(LONGEST / 2)).is_ok());
        assert!(message(&"ب".repeat(LONGEST / 2 + 1)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_kept_is_bounded_and_kept_the_same_again(text in "\\PC{0,80}|.{0,80}") {
            if let Ok(kept) = message(&text) {
                prop_assert!(!kept.is_empty() && kept.len() <= text.len());
                prop_assert_eq!(message(&kept).unwrap(), kept);
            }
        }
    }
}
