//! Relaxed canonicalisation (RFC 6376 sections 3.4.2 and 3.4.4).

use memchr::{memchr, memchr2};

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Appends `line` with runs of blanks as one space, and without those at its end.
fn squeeze(out: &mut Vec<u8>, line: &[u8]) {
    let mut end = line.len();
    while end > 0 && is_blank(line[end - 1]) {
        end -= 1;
    }
    let mut rest = &line[..end];
    while let Some(at) = memchr2(b' ', b'\t', rest) {
        out.extend_from_slice(&rest[..at]);
        out.push(b' ');
        let mut next = at + 1;
        while next < rest.len() && is_blank(rest[next]) {
            next += 1;
        }
        rest = &rest[next..];
    }
    out.extend_from_slice(rest);
}

/// The relaxed form of a body.
pub(super) fn body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    let mut rest = body;
    let mut empty_lines = 0_usize;
    while !rest.is_empty() {
        let (line, after) = match memchr(b'\n', rest) {
            Some(at) => (rest[..at].strip_suffix(b"\r").unwrap_or(&rest[..at]), &rest[at + 1..]),
            None => (rest, &[][..]),
        };
        rest = after;
        if line.iter().all(|&b| is_blank(b)) {
            empty_lines += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty_lines) {
            out.extend_from_slice(b"\r\n");
        }
        squeeze(&mut out, line);
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// The simple form of a body: without the empty lines at its end.
pub(super) fn simple_body(body: &[u8]) -> Vec<u8> {
    let mut end = body.len();
    while body[..end].ends_with(b"\r\n") {
        end -= 2;
    }
    let mut out = body[..end].to_vec();
    out.extend_from_slice(b"\r\n");
    out
}

/// Appends the relaxed form of a header field, without its final CR LF.
pub(super) fn header(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    out.extend(name.bytes().map(|b| b.to_ascii_lowercase()));
    out.push(b':');
    let start = out.len();
    let mut blank = false;
    for &byte in value {
        if is_blank(byte) || matches!(byte, b'\r' | b'\n') {
            blank = true;
            continue;
        }
        if std::mem::take(&mut blank) && out.len() > start {
            out.push(b' ');
        }
        out.push(byte);
    }
}

/// The header fields of a message, each as name and raw value (folds included), and its body.
pub(super) fn split(message: &[u8]) -> (Vec<(&str, &[u8])>, &[u8]) {
    let mut fields: Vec<(&str, &[u8])> = Vec::with_capacity(20);
    let mut at = 0;
    let mut field_start = 0;
    let mut body = &[][..];
    while at < message.len() {
        let line_end = memchr(b'\n', &message[at..]).map_or(message.len(), |found| at + found + 1);
        let line = &message[at..line_end];
        let continues = at > field_start && is_blank(line[0]);
        if !continues && at > field_start {
            push(&mut fields, &message[field_start..at]);
            field_start = at;
        }
        at = line_end;
        if line == b"\r\n" || line == b"\n" {
            body = &message[at..];
            field_start = at;
            break;
        }
    }
    if field_start < at {
        push(&mut fields, &message[field_start..at]);
    }
    (fields, body)
}

fn push<'m>(fields: &mut Vec<(&'m str, &'m [u8])>, field: &'m [u8]) {
    if let Some(colon) = memchr(b':', field)
        && let Ok(name) = std::str::from_utf8(&field[..colon])
    {
        fields.push((name.trim_end(), &field[colon + 1..]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn relaxed(name: &str, value: &str) -> String {
        let mut out = Vec::new();
        header(&mut out, name, value.as_bytes());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_example_of_rfc_6376_section_3_4_5() {
        assert_eq!(relaxed("A", " X\r\n"), "a:X");
        assert_eq!(relaxed("B", " Y\t\r\n\tZ  \r\n"), "b:Y Z");
        assert_eq!(body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(body(b""), b"");
        assert_eq!(body(b"\r\n\r\n"), b"");
        assert_eq!(body(b"a\r\n\r\nb"), b"a\r\n\r\nb\r\n");
    }

    #[test]
    fn fields_and_body_come_apart() {
        let (fields, body) = split(b"From: a\r\nSubject: b\r\n c\r\n\r\nbody\r\n");
        assert_eq!(fields, vec![("From", &b" a\r\n"[..]), ("Subject", &b" b\r\n c\r\n"[..])]);
        assert_eq!(body, b"body\r\n");
        assert_eq!(split(b"From: a\r\n").0, vec![("From", &b" a\r\n"[..])]);
    }

    proptest! {
        #[test]
        fn canonical_bodies_are_fixed_points(text in "([ a\t]{0,5}\r\n){0,8}[ a]{0,3}") {
            let once = body(text.as_bytes());
            prop_assert_eq!(body(&once), once);
        }

        #[test]
        fn any_octets_split(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = split(&bytes);
            let _ = body(&bytes);
        }
    }
}
