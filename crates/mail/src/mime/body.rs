//! Body parts: quoted-printable and base64 (RFC 2045 sections 6.7 and 6.8), CR LF line ends.

use data_encoding::BASE64;
use memchr::{memchr2, memchr2_iter};

/// Longest encoded line, without CR LF.
const LINE: usize = 76;

/// How a part is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    QuotedPrintable,
    Base64,
}

impl Encoding {
    /// The shorter of the two: quoted-printable spends two extra octets on each octet outside ASCII,
    /// base64 a third on everything.
    pub(super) fn of(text: &str) -> Self {
        let other = text.bytes().filter(|b| !b.is_ascii()).count();
        if other * 6 <= text.len() { Self::QuotedPrintable } else { Self::Base64 }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::QuotedPrintable => "quoted-printable",
            Self::Base64 => "base64",
        }
    }

    /// Appends `text` encoded, ending with CR LF.
    pub(super) fn write(self, out: &mut Vec<u8>, text: &str) {
        match self {
            Self::QuotedPrintable => quoted_printable(out, text),
            Self::Base64 => base64(out, text),
        }
    }
}

/// The lines of a text, whichever of CR LF, LF or CR ends them, without their ends.
fn lines(text: &str) -> impl Iterator<Item = &[u8]> {
    let bytes = text.as_bytes();
    let mut start = 0;
    let mut done = bytes.is_empty();
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let Some(length) = memchr2(b'\r', b'\n', &bytes[start..]) else {
            done = true;
            return Some(&bytes[start..]);
        };
        let line = &bytes[start..start + length];
        start += length + 1;
        if bytes[start - 1] == b'\r' && bytes.get(start) == Some(&b'\n') {
            start += 1;
        }
        done = start == bytes.len();
        Some(line)
    })
}

const fn stands_for_itself(byte: u8) -> bool {
    matches!(byte, b' '..=b'<' | b'>'..=b'~' | b'\t')
}

fn quoted_printable(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.reserve(text.len() + text.len() / 16 + 64);
    for line in lines(text) {
        let mut rest = line;
        let mut column = 0;
        // A space or tab at the end of a line would be lost on the way; "From " at its start would be
        // quoted by mailbox files, which breaks signatures.
        let last_is_blank = matches!(line.last(), Some(b' ' | b'\t'));
        if line.starts_with(b"From ") {
            out.extend_from_slice(b"=46");
            column = 3;
            rest = &line[1..];
        }
        while !rest.is_empty() {
            let room = LINE - 1 - column;
            let plain = rest.iter().take(room).take_while(|&&b| stands_for_itself(b)).count();
            let plain = if plain == rest.len() && last_is_blank { plain - 1 } else { plain };
            if plain > 0 {
                out.extend_from_slice(&rest[..plain]);
                column += plain;
                rest = &rest[plain..];
                if rest.is_empty() {
                    break;
                }
            }
            let escape = !stands_for_itself(rest[0]) || (rest.len() == 1 && last_is_blank);
            if column + if escape { 3 } else { 1 } > LINE - 1 {
                out.extend_from_slice(b"=\r\n");
                column = 0;
            }
            if escape {
                out.extend_from_slice(&[b'=', HEX[usize::from(rest[0] >> 4)], HEX[usize::from(rest[0] & 15)]]);
                column += 3;
                rest = &rest[1..];
            }
        }
        out.extend_from_slice(b"\r\n");
    }
}

fn base64(out: &mut Vec<u8>, text: &str) {
    const GROUP: usize = LINE / 4 * 3;
    out.reserve(text.len() / 3 * 4 + text.len() / 28 + 128);
    let mut group = [0_u8; GROUP];
    let mut filled = 0;
    let mut put = |mut bytes: &[u8], out: &mut Vec<u8>| {
        while !bytes.is_empty() {
            let taken = bytes.len().min(GROUP - filled);
            group[filled..filled + taken].copy_from_slice(&bytes[..taken]);
            filled += taken;
            bytes = &bytes[taken..];
            if filled == GROUP {
                flush(out, &group);
                filled = 0;
            }
        }
    };
    let breaks = memchr2_iter(b'\r', b'\n', text.as_bytes()).next().is_some();
    if breaks {
        for line in lines(text) {
            put(line, out);
            put(b"\r\n", out);
        }
    } else {
        put(text.as_bytes(), out);
    }
    if filled > 0 {
        flush(out, &group[..filled]);
    }
}

fn flush(out: &mut Vec<u8>, group: &[u8]) {
    let start = out.len();
    out.resize(start + BASE64.encode_len(group.len()), 0);
    BASE64.encode_mut(group, &mut out[start..]);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_quoted(encoded: &[u8]) -> String {
        let text = std::str::from_utf8(encoded).unwrap().replace("=\r\n", "");
        let mut out = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            if byte == b'=' {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            } else {
                out.push(byte);
            }
        }
        String::from_utf8(out).unwrap()
    }

    fn canonical(text: &str) -> String {
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
        if text.is_empty() || text.ends_with("\r\n") { text } else { text + "\r\n" }
    }

    #[test]
    fn mostly_ascii_is_quoted_and_arabic_is_base64() {
        assert_eq!(Encoding::of("Dear Zoë, welcome back to the library"), Encoding::QuotedPrintable);
        assert_eq!(Encoding::of("أهلا بك في المكتبة"), Encoding::Base64);
        let mut out = Vec::new();
        quoted_printable(&mut out, "From here = there \nend");
        assert_eq!(out, b"=46rom here =3D there=20\r\nend\r\n");
    }

    proptest! {
        #[test]
        fn both_encodings_give_the_text_back(text in "([ -~é😀ء-ي\t=]{0,90}(\r\n|\n|\r)?){0,6}") {
            let mut quoted = Vec::new();
            quoted_printable(&mut quoted, &text);
            prop_assert!(quoted.is_ascii());
            for line in quoted.split(|&b| b == b'\n') {
                prop_assert!(line.len() <= LINE + 1);
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                prop_assert!(!matches!(line.last(), Some(b' ' | b'\t')));
            }
            prop_assert_eq!(read_quoted(&quoted), canonical(&text));

            let mut encoded = Vec::new();
            base64(&mut encoded, &text);
            let joined: Vec<u8> = encoded.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
            let back = String::from_utf8(BASE64.decode(&joined).unwrap()).unwrap();
            let expected = canonical(&text);
            prop_assert_eq!(back.trim_end_matches("\r\n"), expected.trim_end_matches("\r\n"));
            prop_assert!(encoded.split(|&b| b == b'\n').all(|line| line.len() <= LINE + 1));
        }
    }
}
