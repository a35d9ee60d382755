//! What needs no database: codes, the words around them, which way comes next.

use kernel::{VerificationId, fold};
use store::{Blind, WorkspaceKeys};

use super::model::Way;
use super::{Error, Result};

/// The code of every trial; a shorter one is its beginning.
pub const TRIAL_CODE: &str = "1234567890";
/// The longest text of a message, in characters.
const LONGEST_TEXT: usize = 700;
/// The longest code that is looked at, in octets.
const LONGEST_CODE: usize = 64;

/// The code of a verification. It is kept nowhere: whoever has the workspace's keys can tell it again, so that the
/// same code can be sent twice.
pub(super) fn code(keys: &WorkspaceKeys, id: VerificationId, length: u8) -> String {
    let drawn = u128::from_be_bytes(keys.mac("verify.code", &id.0));
    let length = usize::from(length);
    // 128 bits over at most ten digits: no digit is likelier than another by more than 2^-94.
    format!("{:0length$}", drawn % 10u128.pow(length as u32))
}

/// The code of a trial.
pub(super) fn trial_code(length: u8) -> &'static str {
    TRIAL_CODE.get(..usize::from(length)).unwrap_or(TRIAL_CODE)
}

/// What rests of a code.
pub(super) fn sealed_code(keys: &WorkspaceKeys, id: VerificationId, code: &str) -> Blind {
    keys.mac("verify.check", &[&id.0, code.as_bytes()].concat())
}

/// A code as somebody typed it: Arabic-Indic digits, spaces and hyphens are forgiven. `None` when nothing is left.
pub(super) fn typed(text: &str) -> Option<String> {
    if text.len() > LONGEST_CODE {
        return None;
    }
    let code: String = fold(text).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    Some(code).filter(|code| !code.is_empty())
}

/// Whether a text can carry a code.
pub(super) fn check_text(field: &'static str, text: &str) -> Result<()> {
    if !text.contains("{code}") {
        return Err(Error::field(field, "the text must say the code: write {code} where it stands"));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Error::field(field, "at most 700 characters"));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') || text.contains("{{") || text.contains("{%") {
        return Err(Error::field(
            field,
            "plain text with {code}, {organisation} and {span}, and nothing else in braces",
        ));
    }
    Ok(())
}

/// Whether a web site can be bound to a code (WebOTP: a host name, or one with a port).
pub(super) fn check_site(site: &str) -> Result<()> {
    let (host, port) = site.split_once(':').unwrap_or((site, "443"));
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if host.len() <= 253 && host.contains('.') && host.split('.').all(label) && port.parse::<u16>().is_ok() {
        return Ok(());
    }
    Err(Error::field("web_otp", "a host name such as example.com, in ASCII"))
}

/// Whether these are the characters of an Android application.
pub(super) fn check_app_hash(hash: &str) -> Result<()> {
    if hash.len() == 11 && hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/') {
        return Ok(());
    }
    Err(Error::field("app_hash", "eleven characters of base64, as Android's tools print them"))
}

/// A message: the words, then what programs look for, each on a line of its own. WebOTP wants the last one.
pub(super) fn with_lines(text: &str, web_otp: Option<&str>, app_hash: Option<&str>) -> String {
    let mut out = text.to_owned();
    if let Some(hash) = app_hash {
        out.push('\n');
        out.push_str(hash);
    }
    if let Some(site) = web_otp {
        out.push_str("\n\n@");
        out.push_str(site);
        out.push_str(" #{code}");
    }
    out
}

/// Puts the code into a text.
pub(super) fn filled(text: &str, code: &str) -> String {
    text.replace("{code}", code)
}

/// The way of the next message after `sends`: the ladder's step; a way that is not set up is left out.
pub(super) fn next_way(ladder: &[Way], sends: u32, speaks: bool) -> Option<Way> {
    let open: Vec<Way> = ladder.iter().copied().filter(|way| speaks || *way != Way::Voice).collect();
    open.get(sends as usize).or(open.last()).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn people_type_codes_in_their_own_digits() {
        assert_eq!(typed(" 12-34 56 ").as_deref(), Some("123456"));
        assert_eq!(typed("١٢٣٤٥٦").as_deref(), Some("123456"));
        for nothing in ["", "  ", "-", &"1".repeat(65)] {
            assert_eq!(typed(nothing), None);
        }
    }

    #[test]
    fn a_text_without_its_code_is_refused() {
        for wrong in
            ["Hello", "{ code }", "{code} {{ first_name }}", "{code}\u{7}", &format!("{{code}}{}", "x".repeat(700))]
        {
            assert!(check_text("text", wrong).is_err(), "{wrong}");
        }
        assert!(check_text("text", "{code} is yours\n{organisation}").is_ok());
    }

    #[test]
    fn programs_find_their_line() {
        let text = with_lines("Your code is {code}.", Some("example.com"), Some("FA+9qCX9VSu"));
        assert_eq!(filled(&text, "123456"), "Your code is 123456.\nFA+9qCX9VSu\n\n@example.com #123456");
        for wrong in ["example", "-a.example", "a..example", "exa mple.com", "example.com:x", "مثال.com"] {
            assert!(check_site(wrong).is_err(), "{wrong}");
        }
        assert!(check_site("login.example.com:8443").is_ok());
        assert!(check_app_hash("short").is_err());
    }

    #[test]
    fn the_ladder_is_climbed_as_far_as_it_is_built() {
        let ladder = [Way::Sms, Way::Voice];
        assert_eq!([0, 1, 2].map(|sends| next_way(&ladder, sends, true).unwrap()), [Way::Sms, Way::Voice, Way::Voice]);
        assert_eq!([0, 1, 2].map(|sends| next_way(&ladder, sends, false).unwrap()), [Way::Sms; 3]);
        assert_eq!(next_way(&[Way::Voice], 0, false), None);
    }

    proptest! {
        #[test]
        fn no_text_upsets_the_reader(text in "\\PC{0,80}") {
            if let Some(code) = typed(&text) {
                prop_assert!(!code.is_empty() && !code.contains(' '));
            }
        }
    }
}
