//! Replies of a server (RFC 5321 section 4.2, RFC 2034, RFC 3463).

use std::fmt;

use kernel::Pii;
use memchr::memchr;

/// Longest reply line that is read, in octets; the standard's limit is 512.
const LINE: usize = 4096;
/// Most lines of one reply.
const LINES: usize = 200;
/// Most octets of text that are kept.
const TEXT: usize = 1000;

/// An enhanced status code such as `5.1.1` (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EnhancedCode {
    /// 2 success, 4 transient, 5 permanent.
    pub class: u8,
    /// What it is about: 1 addressing, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// The detail.
    pub detail: u16,
}

impl EnhancedCode {
    /// Reads a code that is the whole text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        let number = |part: &str| {
            ((1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())
                .flatten()
        };
        let class = match class {
            "2" => 2,
            "4" => 4,
            "5" => 5,
            _ => return None,
        };
        let code = Self { class, subject: number(subject)?, detail: number(detail)? };
        parts.next().is_none().then_some(code)
    }
}

impl fmt::Display for EnhancedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// A server's reply. The text may name the recipient, so it does not print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The three digits.
    pub code: u16,
    /// The enhanced code, when there is one of the same class.
    pub enhanced: Option<EnhancedCode>,
    /// The text of all lines, without codes, joined by line feeds; at most 1,000 octets.
    pub text: Pii<String>,
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.enhanced {
            Some(enhanced) => write!(f, "{} {enhanced}", self.code),
            None => write!(f, "{}", self.code),
        }
    }
}

/// Octets that are no SMTP reply, or one beyond all bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an SMTP reply")]
pub struct Malformed;

impl Reply {
    /// A reply in the server's stead, for what it announced that it would refuse.
    pub(crate) fn local(code: u16, enhanced: &str, text: &str) -> Self {
        Self { code, enhanced: EnhancedCode::parse(enhanced), text: Pii::new(text.to_owned()) }
    }

    /// 2xx.
    pub const fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// 4xx or 5xx.
    pub const fn is_negative(&self) -> bool {
        matches!(self.code / 100, 4 | 5)
    }

    /// 5xx.
    pub const fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }

    /// The lines of the text.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.expose().split('\n')
    }

    /// Reads one whole reply from the start of `octets` and says how many belong to it; `None` when
    /// more must arrive first.
    pub fn parse(octets: &[u8]) -> Result<Option<(Self, usize)>, Malformed> {
        let mut at = 0;
        let mut code = None;
        let mut enhanced = None;
        let mut text = String::new();
        for count in 0.. {
            let rest = &octets[at..];
            let Some(end) = memchr(b'\n', &rest[..rest.len().min(LINE)]) else {
                return if rest.len() >= LINE { Err(Malformed) } else { Ok(None) };
            };
            let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
            at += end + 1;
            let digits = line.get(..3).filter(|d| d.iter().all(u8::is_ascii_digit)).ok_or(Malformed)?;
            let number = digits.iter().fold(0_u16, |n, d| n * 10 + u16::from(d - b'0'));
            if !(200..600).contains(&number) || *code.get_or_insert(number) != number || count == LINES {
                return Err(Malformed);
            }
            let last = match line.get(3) {
                None | Some(b' ') => true,
                Some(b'-') => false,
                Some(_) => return Err(Malformed),
            };
            let words = String::from_utf8_lossy(line.get(4..).unwrap_or_default());
            let (found, words) = split_enhanced(&words, number);
            enhanced = enhanced.or(found);
            if text.len() + words.len() < TEXT {
                if count > 0 {
                    text.push('\n');
                }
                text.push_str(words);
            }
            if last {
                return Ok(Some((Self { code: number, enhanced, text: Pii::new(text) }, at)));
            }
        }
        Err(Malformed)
    }
}

/// Takes an enhanced code of the reply's own class off the front of a line.
fn split_enhanced(line: &str, code: u16) -> (Option<EnhancedCode>, &str) {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    match EnhancedCode::parse(first) {
        Some(found) if u16::from(found.class) == code / 100 => (Some(found), rest),
        _ => (None, line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Option<(Reply, usize)>, Malformed> {
        Reply::parse(text.as_bytes())
    }

    #[test]
    fn single_multi_line_and_enhanced_replies() {
        let (reply, used) = read("250 2.1.0 Ok\r\n354 go\r\n").unwrap().unwrap();
        assert_eq!((reply.code, used), (250, 14));
        assert_eq!(reply.enhanced.unwrap().to_string(), "2.1.0");
        assert_eq!(reply.text.expose(), "Ok");
        let (reply, _) = read("550-5.1.1 No such\r\n550 5.1.1 user\r\n").unwrap().unwrap();
        assert_eq!(reply.text.expose(), "No such\nuser");
        assert_eq!(reply.to_string(), "550 5.1.1");
        assert_eq!(read("250-a\r\n").unwrap(), None);
        assert_eq!(read("250 ok").unwrap(), None);
        assert_eq!(read("250\r\n").unwrap().unwrap().0.code, 250);
    }

    #[test]
    fn an_enhanced_code_of_another_class_is_text() {
        let (reply, _) = read("450 5.1.1 later\r\n").unwrap().unwrap();
        assert_eq!(reply.enhanced, None);
        assert_eq!(EnhancedCode::parse("5.1.1.7"), None);
        assert_eq!(EnhancedCode::parse("3.1.1"), None);
        assert_eq!(EnhancedCode::parse("5.1234.1"), None);
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for text in ["HTTP/1.1 200\r\n", "250-a\r\n251 b\r\n", "199 x\r\n", "25x ok\r\n", "250x\r\n", "\r\n"] {
            assert_eq!(read(text), Err(Malformed), "{text:?}");
        }
        assert_eq!(read(&"2".repeat(LINE)), Err(Malformed));
        assert_eq!(read(&"250-x\r\n".repeat(LINES + 1)), Err(Malformed));
    }

    proptest! {
        #[test]
        fn any_octets_are_survived(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(Some((_, used))) = Reply::parse(&octets) {
                prop_assert!(used <= octets.len());
            }
        }

        #[test]
        fn nearly_replies_are_survived(text in "([2-5][0-9]{2}[ -][245]\\.[0-9]{1,4}\\.\\PC{0,20}\r?\n){1,5}") {
            let _ = Reply::parse(text.as_bytes());
        }
    }
}
