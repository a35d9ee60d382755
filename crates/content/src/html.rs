//! A forgiving HTML tokenizer: just enough of the standard to know in which context a byte stands.

use std::borrow::Cow;
use std::ops::Range;

use crate::scan::MARK;

/// One attribute; ranges are byte offsets in the whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub name: String,
    /// From the name to the end of the value with its quotes.
    pub whole: Range<usize>,
    /// Without quotes.
    pub value: Option<Range<usize>>,
    pub quoted: bool,
}

/// A piece of an HTML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Text,
    Tag {
        name: String,
        close: bool,
        attributes: Vec<Attribute>,
    },
    /// The inside of `script` or `style`.
    Raw(&'static str),
    Comment,
    /// The start of a part that only Outlook reads.
    OutlookOpen,
    OutlookClose,
    /// Doctypes and the like.
    Other,
}

/// Splits a text into tokens that cover it without gaps.
pub(crate) fn tokens(text: &str) -> Vec<(Token, Range<usize>)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (token, end) = next(text, at);
        let raw = match &token {
            Token::Tag { name, close: false, .. } if name == "script" => Some("script"),
            Token::Tag { name, close: false, .. } if name == "style" => Some("style"),
            _ => None,
        };
        out.push((token, at..end));
        at = end;
        if let Some(name) = raw {
            let end = at + find_ignoring_case(&text[at..], &format!("</{name}")).unwrap_or(text.len() - at);
            if end > at {
                out.push((Token::Raw(name), at..end));
            }
            at = end;
        }
    }
    out
}

fn next(text: &str, at: usize) -> (Token, usize) {
    let rest = &text[at..];
    if let Some(inner) = rest.strip_prefix("<!--") {
        return comment(text, at, inner);
    }
    if rest.starts_with("<![endif]") {
        let end = rest.find('>').map_or(text.len(), |i| at + i + 1);
        return (Token::OutlookClose, end);
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        return (Token::Other, rest.find('>').map_or(text.len(), |i| at + i + 1));
    }
    if starts_tag(rest) {
        return tag(text, at);
    }
    let skip = rest.chars().next().map_or(1, char::len_utf8);
    let mut end = at + skip;
    while let Some(found) = text[end..].find('<') {
        end += found;
        let rest = &text[end..];
        if starts_tag(rest) || rest.starts_with("<!") || rest.starts_with("<?") {
            return (Token::Text, end);
        }
        end += 1;
    }
    (Token::Text, text.len())
}

fn starts_tag(rest: &str) -> bool {
    let Some(inner) = rest.strip_prefix('<') else { return false };
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == MARK)
}

fn comment(text: &str, at: usize, inner: &str) -> (Token, usize) {
    if inner.starts_with('>') {
        return (Token::Other, at + 5);
    }
    if inner.trim_start().starts_with("[if")
        && let Some(end) = inner.find("]>")
    {
        let after = at + 4 + end + 2;
        // `<!--[if !mso]><!-->`: what follows is shown by everybody.
        let token = if text[after..].starts_with("<!--") { Token::Other } else { Token::OutlookOpen };
        return (token, after);
    }
    match inner.find("-->") {
        Some(end) => (Token::Comment, at + 4 + end + 3),
        None => (Token::Comment, text.len()),
    }
}

fn tag(text: &str, at: usize) -> (Token, usize) {
    let bytes = text.as_bytes();
    let close = bytes.get(at + 1) == Some(&b'/');
    let name_start = at + 1 + usize::from(close);
    let mut i = name_start;
    while i < bytes.len() && !bytes[i].is_ascii_whitespace() && bytes[i] != b'>' && bytes[i] != b'/' {
        i += 1;
    }
    let name = text[name_start..i].to_ascii_lowercase();
    let mut attributes = Vec::new();
    loop {
        while i < bytes.len() && (bytes[i].is_ascii_whitespace() || bytes[i] == b'/') {
            i += 1;
        }
        if i >= bytes.len() {
            return (Token::Tag { name, close, attributes }, text.len());
        }
        if bytes[i] == b'>' {
            return (Token::Tag { name, close, attributes }, i + 1);
        }
        let (attribute, end) = attribute(text, i);
        attributes.push(attribute);
        i = end;
    }
}

fn attribute(text: &str, start: usize) -> (Attribute, usize) {
    let bytes = text.as_bytes();
    // The first byte belongs to the name whatever it is, so that the scan always moves on.
    let mut i = start + 1;
    while i < bytes.len() && !bytes[i].is_ascii_whitespace() && !matches!(bytes[i], b'=' | b'>' | b'/') {
        i += 1;
    }
    let name = text[start..i].to_ascii_lowercase();
    let mut j = i;
    while j < bytes.len() && bytes[j].is_ascii_whitespace() {
        j += 1;
    }
    if bytes.get(j) != Some(&b'=') {
        return (Attribute { name, whole: start..i, value: None, quoted: false }, i);
    }
    j += 1;
    while j < bytes.len() && bytes[j].is_ascii_whitespace() {
        j += 1;
    }
    if let Some(&quote @ (b'"' | b'\'')) = bytes.get(j) {
        let value_start = j + 1;
        let length = bytes[value_start..].iter().position(|&b| b == quote);
        let value_end = length.map_or(text.len(), |l| value_start + l);
        let end = (value_end + 1).min(text.len());
        return (Attribute { name, whole: start..end, value: Some(value_start..value_end), quoted: true }, end);
    }
    let mut end = j;
    while end < bytes.len() && !bytes[end].is_ascii_whitespace() && bytes[end] != b'>' {
        end += 1;
    }
    (Attribute { name, whole: start..end, value: Some(j..end), quoted: false }, end)
}

pub(crate) fn find_ignoring_case(text: &str, what: &str) -> Option<usize> {
    text.as_bytes().windows(what.len()).position(|window| window.eq_ignore_ascii_case(what.as_bytes()))
}

/// Decodes the character references that mail templates use: numeric ones and the common names.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        if let Some((c, end)) = end.and_then(|end| reference(&rest[1..end]).map(|c| (c, end))) {
            out.push(c);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != MARK && *c != crate::scan::MARK_END && *c != '\0');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "euro" => '€',
        "pound" => '£',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "laquo" => '«',
        "raquo" => '»',
        "bull" => '•',
        "middot" => '·',
        "rarr" => '→',
        "larr" => '←',
        "times" => '×',
        "zwnj" => '\u{200C}',
        "zwj" => '\u{200D}',
        "rlm" => '\u{200F}',
        "lrm" => '\u{200E}',
        "shy" => '\u{AD}',
        _ => return None,
    })
}
