//! How a value is written so that it stays a value: one function per context.

use std::fmt::Write;

/// The longest value that goes into a header, in characters.
pub const MAX_HEADER_VALUE: usize = 200;

/// HTML text and attribute values (quoted either way): the five characters that could leave them.
pub fn html(value: &str, out: &mut String) {
    let mut from = 0;
    let bytes = value.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let mut length = 1;
        let replacement = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            0..=8 | 11 | 12 | 14..=31 | 127 => "",
            0xE2 if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xAA..=0xAE] | [0x81, 0xA6..=0xA9])) => {
                length = 3;
                ""
            }
            _ => continue,
        };
        out.push_str(&value[from..at]);
        out.push_str(replacement);
        from = at + length;
    }
    out.push_str(&value[from..]);
}

/// A part of a URL: percent-encoded but for the unreserved characters (RFC 3986 section 2.3).
pub fn url_part(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// A whole URL given by a value: only http and https, with what may not stand in a URL encoded.
/// Anything else (`javascript:` and the like) is left out.
pub fn url_whole(value: &str, out: &mut String) {
    let value = value.trim();
    if !is_web(value) {
        return;
    }
    for c in value.chars() {
        if c.is_ascii()
            && (c.is_ascii_control()
                || matches!(c, ' ' | '"' | '\'' | '<' | '>' | '\\' | '`' | '{' | '}' | '|' | '*' | '^'))
        {
            let _ = write!(out, "%{:02X}", c as u32);
        } else {
            out.push(c);
        }
    }
}

/// Whether a URL is an http or https one.
pub(crate) fn is_web(url: &str) -> bool {
    let starts = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    starts("http://") || starts("https://")
}

/// A value inside a `style` attribute: colours, lengths and words, nothing that calls or ends.
pub fn css(value: &str, out: &mut String) {
    out.extend(value.chars().filter(|c| c.is_alphanumeric() || matches!(c, '#' | '-' | '.' | '%' | ' ')));
}

/// Characters that turn the direction of the text after them; a value may not reach that far.
fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Plain text: line breaks and tabs stay, other control characters go.
pub fn plain(value: &str, out: &mut String) {
    out.extend(value.chars().filter(|&c| !(c.is_control() || turns(c)) || matches!(c, '\n' | '\t')));
}

/// A header value: no line break or control character, at most [`MAX_HEADER_VALUE`] characters.
pub fn header(value: &str, out: &mut String) {
    let shown = value.chars().filter(|&c| !turns(c));
    let one_line = shown.map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    let mut space = false;
    for c in one_line.take(MAX_HEADER_VALUE) {
        if c != ' ' || !space {
            out.push(c);
        }
        space = c == ' ';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(escape: fn(&str, &mut String), value: &str) -> String {
        let mut out = String::new();
        escape(value, &mut out);
        out
    }

    #[test]
    fn each_context_keeps_a_value_a_value() {
        assert_eq!(run(html, "<b onx='1'>\"&\u{0}"), "&lt;b onx=&#39;1&#39;&gt;&quot;&amp;");
        assert_eq!(run(url_part, "a b&c=/\"مرحبا"), "a%20b%26c%3D%2F%22%D9%85%D8%B1%D8%AD%D8%A8%D8%A7");
        assert_eq!(run(url_whole, "javascript:alert(1)"), "");
        assert_eq!(run(url_whole, "https://a.example/x y\"z"), "https://a.example/x%20y%22z");
        assert_eq!(run(css, "red;background:url(x)"), "redbackgroundurlx");
        for escape in [html, plain, header] {
            assert_eq!(run(escape, "a\u{202E}\u{2067}م\u{2069}€"), "aم€");
        }
        assert_eq!(run(header, "Hi\r\nBcc: evil@example.com"), "Hi Bcc: evil@example.com");
        assert_eq!(run(header, &"x".repeat(900)).len(), MAX_HEADER_VALUE);
    }
}
