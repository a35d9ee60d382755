//! The octets between 354 and the final dot.

use memchr::memchr_iter;

/// Appends the content dot-stuffed (RFC 5321 section 4.5.2) and ended by the final dot. A dot after a
/// bare line feed is doubled too, so that no content can end the message early for a lenient server.
pub(super) fn append(out: &mut Vec<u8>, content: &[u8]) {
    out.reserve(content.len() + 64);
    if content.first() == Some(&b'.') {
        out.push(b'.');
    }
    let mut start = 0;
    for at in memchr_iter(b'\n', content) {
        if content.get(at + 1) == Some(&b'.') {
            out.extend_from_slice(&content[start..=at]);
            out.push(b'.');
            start = at + 1;
        }
    }
    out.extend_from_slice(&content[start..]);
    if !content.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
}

#[cfg(test)]
mod tests {
    use super::append;
    use proptest::prelude::*;

    fn stuffed(content: &str) -> String {
        let mut out = Vec::new();
        append(&mut out, content.as_bytes());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn dots_at_line_starts_are_doubled() {
        assert_eq!(stuffed(".a\r\n..b\r\nc.\r\n"), "..a\r\n...b\r\nc.\r\n.\r\n");
        assert_eq!(stuffed("a\n.\nb"), "a\n..\nb\r\n.\r\n");
        assert_eq!(stuffed(""), "\r\n.\r\n");
    }

    proptest! {
        #[test]
        fn the_final_dot_comes_once_and_last(content in "[.ab\r\n]{0,60}") {
            let out = stuffed(&content);
            prop_assert_eq!(format!("\r\n{out}").find("\r\n.\r\n"), Some(out.len() - 3));
            prop_assert!(!out[..out.len() - 3].contains("\n.\n"));
        }
    }
}
