//! Content lines (RFC 5545 section 3.1): unfolded, taken apart into name, parameters and value.
//!
//! Folding counts octets and may cut a character in two, so lines are put together as octets first.

use super::Limits;

/// A content line: the name in upper case, parameters in the order they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: String,
    params: Vec<(String, String)>,
    pub(super) value: String,
}

impl Line {
    /// The first value of a parameter.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Takes an unfolded line apart; `None` when it has no colon outside quotes or no name.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut quoted = false;
        let mut cuts = Vec::new();
        let mut colon = None;
        for (index, octet) in text.bytes().enumerate() {
            match octet {
                b'"' => quoted = !quoted,
                b';' if !quoted => cuts.push(index),
                b':' if !quoted => {
                    colon = Some(index);
                    break;
                }
                _ => {}
            }
        }
        // A quote that never closes swallowed the colon: then the first colon it is.
        let colon = if let Some(colon) = colon {
            colon
        } else {
            let colon = text.find(':')?;
            cuts.retain(|cut| *cut < colon);
            colon
        };
        let head = &text[..colon];
        let name_end = cuts.first().copied().unwrap_or(colon);
        // vCard habit that some exporters keep: a group before the name.
        let name = head[..name_end].rsplit('.').next().unwrap_or_default().trim();
        if name.is_empty() || name.len() > 64 || !name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-') {
            return None;
        }
        let mut params = Vec::new();
        for (index, start) in cuts.iter().enumerate().take(32) {
            let end = cuts.get(index + 1).copied().unwrap_or(colon);
            let (key, value) = head[start + 1..end].split_once('=').unwrap_or((&head[start + 1..end], ""));
            params.push((key.trim().to_ascii_uppercase(), unquoted(value)));
        }
        Some(Self { name: name.to_ascii_uppercase(), params, value: text[colon + 1..].to_owned() })
    }
}

/// A parameter value without its quotes and with RFC 6868's escapes resolved.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    let value = value.strip_prefix('"').map_or(value, |rest| rest.strip_suffix('"').unwrap_or(rest));
    if !value.contains('^') {
        return value.to_owned();
    }
    value.replace("^'", "\"").replace("^n", "\n").replace("^^", "^")
}

/// The unfolded lines of a text, at most [`Limits::lines`] of them.
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    left: usize,
    longest: usize,
    /// Whether a line was cut or lines were left unread.
    pub(super) cut: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8], limits: &Limits) -> Self {
        let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Self { rest, left: limits.lines, longest: limits.line_octets, cut: false }
    }

    /// One physical line without its end.
    fn physical(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|octet| matches!(octet, b'\n' | b'\r')).unwrap_or(self.rest.len());
        let line = &self.rest[..end];
        let mut next = end;
        if self.rest.get(next) == Some(&b'\r') {
            next += 1;
        }
        if self.rest.get(next) == Some(&b'\n') {
            next += 1;
        }
        self.rest = &self.rest[next.min(self.rest.len())..];
        Some(line)
    }
}

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if self.left == 0 {
            self.cut |= !self.rest.is_empty();
            return None;
        }
        let mut whole = self.physical()?.to_vec();
        self.left -= 1;
        while let Some(b' ' | b'\t') = self.rest.first() {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            let more = self.physical()?;
            if whole.len() + more.len() <= self.longest {
                whole.extend_from_slice(&more[1..]);
            } else {
                self.cut = true;
            }
        }
        if whole.len() > self.longest {
            whole.truncate(self.longest);
            self.cut = true;
        }
        Some(String::from_utf8_lossy(&whole).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_unfolded_as_octets() {
        let limits = Limits::default();
        let folded = "\u{feff}SUMMARY:مو\r\n عد\r\nA:1\nB:\n\t2\rC:3".as_bytes();
        assert_eq!(Lines::new(folded, &limits).collect::<Vec<_>>(), ["SUMMARY:موعد", "A:1", "B:2", "C:3"]);
        let cut_in_two = [b"X:\xd9".as_slice(), b"\r\n \x85"].concat();
        assert_eq!(Lines::new(&cut_in_two, &limits).next().as_deref(), Some("X:م"));
    }

    #[test]
    fn parameters_may_hold_colons_in_quotes() {
        let line = Line::read("dtstart;TZID=\"/x.org/Europe/Berlin\";X-A=\"a:b;c\":20260101T000000").unwrap();
        assert_eq!((line.name.as_str(), line.value.as_str()), ("DTSTART", "20260101T000000"));
        assert_eq!(line.param("TZID"), Some("/x.org/Europe/Berlin"));
        assert_eq!(line.param("X-A"), Some("a:b;c"));
        assert_eq!(Line::read("A;B=\"never closed:x").unwrap().value, "x");
        assert!(Line::read("no colon").is_none());
        assert!(Line::read(":").is_none());
    }
}
