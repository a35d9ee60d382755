//! Header fields: folding, encoded-words (RFC 2047), display names.

use std::borrow::Cow;

use data_encoding::BASE64;
use kernel::Email;

/// Soft limit of a line, without CR LF (RFC 5322 section 2.1.1).
const SOFT: usize = 78;
/// `=?utf-8?B?` and `?=`.
const WRAPPING: usize = 12;
/// Most UTF-8 octets in one encoded-word, whose whole length is at most 75 (RFC 2047 section 2).
const WORD: usize = 45;
/// Fewest octets worth starting an encoded-word for at the end of a line.
const WORTH: usize = 12;
/// Longest run without a space that is left unencoded.
const LONGEST: usize = 66;

/// A value as one line of a header: runs of control characters and line separators become one
/// space, the ends are trimmed. This is what makes header injection impossible.
pub fn clean(value: &str) -> Cow<'_, str> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let trimmed = value.trim();
    if !trimmed.contains(breaks) {
        return Cow::Borrowed(trimmed);
    }
    let mut out = String::with_capacity(trimmed.len());
    for c in trimmed.chars() {
        if !breaks(c) {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    Cow::Owned(out)
}

/// Characters that turn the reading direction around and let one name look like another.
const fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One header field being written; [`Field::end`] closes its line.
pub(super) struct Field<'o> {
    out: &'o mut Vec<u8>,
    line_start: usize,
}

impl<'o> Field<'o> {
    /// Starts the field `name`, which comes from this crate.
    pub(super) fn start(out: &'o mut Vec<u8>, name: &'static str) -> Self {
        let line_start = out.len();
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        Self { out, line_start }
    }

    pub(super) fn end(self) {
        self.out.extend_from_slice(b"\r\n");
    }

    fn column(&self) -> usize {
        self.out.len() - self.line_start
    }

    /// The white space before the next token: a space, or a fold when `width` octets no longer fit.
    fn space_before(&mut self, width: usize) {
        if self.column() + 1 + width > SOFT {
            self.out.extend_from_slice(b"\r\n");
            self.line_start = self.out.len();
        }
        self.out.push(b' ');
    }

    /// One token that may not be broken, preceded by white space.
    pub(super) fn token(&mut self, token: &str) -> &mut Self {
        self.space_before(token.len());
        self.out.extend_from_slice(token.as_bytes());
        self
    }

    /// Free text (Subject).
    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        let value = clean(value);
        if is_plain(&value) {
            for word in value.split(' ').filter(|word| !word.is_empty()) {
                self.token(word);
            }
        } else {
            self.encoded(&value);
        }
        self
    }

    /// A phrase (RFC 5322 section 3.2.5): plain atoms, a quoted string, or encoded-words.
    pub(super) fn phrase(&mut self, value: &str) -> &mut Self {
        let value = clean(value);
        let value: Cow<'_, str> =
            if value.contains(turns) { Cow::Owned(value.chars().filter(|&c| !turns(c)).collect()) } else { value };
        let value = value.trim();
        if value.is_empty() {
            return self;
        }
        if !is_plain(value) || value.len() > LONGEST {
            self.encoded(value);
        } else if value.bytes().all(|b| b == b' ' || is_atext(b)) {
            for word in value.split(' ') {
                self.token(word);
            }
        } else {
            let escapes = value.bytes().filter(|b| matches!(b, b'"' | b'\\')).count();
            self.space_before(value.len() + escapes + 2);
            self.out.push(b'"');
            for byte in value.bytes() {
                if matches!(byte, b'"' | b'\\') {
                    self.out.push(b'\\');
                }
                self.out.push(byte);
            }
            self.out.push(b'"');
        }
        self
    }

    /// `<local@domain>`; nothing inside is ever encoded.
    pub(super) fn address(&mut self, email: &Email) -> &mut Self {
        let width = email.local().len() + email.ascii_domain().len() + 3;
        self.space_before(width);
        for part in ["<", email.local(), "@", email.ascii_domain(), ">"] {
            self.out.extend_from_slice(part.as_bytes());
        }
        self
    }

    /// Adjacent encoded-words; readers drop the white space between them (RFC 2047 section 6.2).
    fn encoded(&mut self, mut rest: &str) {
        while !rest.is_empty() {
            let room = SOFT.saturating_sub(self.column() + 1 + WRAPPING) / 4 * 3;
            let room = if room < WORTH.min(rest.len()) { WORD } else { room.min(WORD) };
            let (word, after) = rest.split_at(whole_characters(rest, room));
            self.space_before(BASE64.encode_len(word.len()) + WRAPPING);
            self.out.extend_from_slice(b"=?utf-8?B?");
            let start = self.out.len();
            self.out.resize(start + BASE64.encode_len(word.len()), 0);
            BASE64.encode_mut(word.as_bytes(), &mut self.out[start..]);
            self.out.extend_from_slice(b"?=");
            rest = after;
        }
    }
}

/// The most octets of `text`, at most `room`, that end on a whole character.
fn whole_characters(text: &str, room: usize) -> usize {
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// Whether a value may stand as it is: printable ASCII, single spaces, nothing that reads as an
/// encoded-word, no run too long to fold.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|b| (b' '..=b'~').contains(&b))
        && !value.contains("=?")
        && !value.contains("  ")
        && value.split(' ').all(|word| word.len() <= LONGEST)
}

/// Characters of an atom (RFC 5322 section 3.2.3).
pub(super) const fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'/'
                | b'='
                | b'?'
                | b'^'
                | b'_'
                | b'`'
                | b'{'
                | b'|'
                | b'}'
                | b'~'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(value: &str) -> String {
        let mut out = Vec::new();
        let mut field = Field::start(&mut out, "Subject");
        field.text(value);
        field.end();
        String::from_utf8(out).unwrap()
    }

    fn phrase(value: &str) -> String {
        let mut out = Vec::new();
        let mut field = Field::start(&mut out, "From");
        field.phrase(value).address(&Email::parse("a@example.com").unwrap());
        field.end();
        String::from_utf8(out).unwrap()
    }

    /// Decodes each encoded-word on its own: fails when one was cut inside a character.
    fn decoded(line: &str) -> String {
        line.split_whitespace()
            .filter_map(|word| word.strip_prefix("=?utf-8?B?")?.strip_suffix("?="))
            .map(|word| String::from_utf8(BASE64.decode(word.as_bytes()).unwrap()).unwrap())
            .collect()
    }

    #[test]
    fn plain_text_stays_readable_and_folds_at_spaces() {
        assert_eq!(text("Spring offers"), "Subject: Spring offers\r\n");
        let long = text(&"word ".repeat(40));
        assert!(long.split("\r\n").all(|line| line.len() <= SOFT));
        assert_eq!(long.replace("\r\n ", " ").trim_end(), format!("Subject: {}", "word ".repeat(40).trim_end()));
    }

    #[test]
    fn names_are_bare_quoted_or_encoded() {
        assert_eq!(phrase("Lina Haddad"), "From: Lina Haddad <a@example.com>\r\n");
        assert_eq!(phrase("Haddad, \"Lina\""), "From: \"Haddad, \\\"Lina\\\"\" <a@example.com>\r\n");
        assert_eq!(phrase(""), "From: <a@example.com>\r\n");
        assert_eq!(decoded(&phrase("مكتبة النور")), "مكتبة النور");
        assert_eq!(decoded(&phrase("Lina\u{202e}moc.live لينا")), "Linamoc.live لينا");
        assert!(!phrase("=?utf-8?B?eA==?=").contains("From: =?utf-8?B?eA==?="));
    }

    proptest! {
        #[test]
        fn any_text_makes_one_safe_field(value in "(?s).{0,300}|[ء-ي ]{1,300}|[ -~]{0,300}") {
            for field in [text(&value), phrase(&value)] {
                prop_assert!(field.ends_with("\r\n"));
                prop_assert!(field.is_ascii());
                for (index, line) in field[..field.len() - 2].split("\r\n").enumerate() {
                    prop_assert!(line.len() <= SOFT, "{line:?}");
                    prop_assert!(index == 0 || line.starts_with(' '), "{line:?}");
                    prop_assert!(index == 0 || !line.trim().is_empty(), "{line:?}");
                    prop_assert!(!line.contains(['\r', '\n']));
                    prop_assert!(line.split(' ').filter(|w| w.starts_with("=?utf-8?B?")).all(|w| w.len() <= 75));
                }
            }
        }

        #[test]
        fn encoded_words_give_the_text_back(value in "[ء-ي]{1,5}[ء-ي a-zA-Z😀é]{0,200}") {
            prop_assert_eq!(decoded(&text(&value)), clean(&value).into_owned());
        }
    }
}
