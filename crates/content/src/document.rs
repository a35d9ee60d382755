//! Makes a whole document of the author's HTML: `lang` and `dir` on the root, the hidden preview
//! line at the start of the body, the place of the pixel at its end.

use kernel::{Direction, Locale};

use crate::escape;
use crate::html::{Token, tokens};
use crate::scan::{Piece, Scan, pieces, push_mark};
use crate::tags::{Origin, Tag};

/// Finishes the HTML (marks inside); `preheader` is marked text or empty.
pub(crate) fn finish(
    scan: &mut Scan<'_>,
    html: &str,
    preheader: &str,
    (language, direction): (&Locale, Direction),
) -> String {
    let shown_by_author = pieces(html).any(|piece| is_preheader(scan, piece));
    let mut html = substitute_preheader(scan, html, &escape_literals(preheader));
    html = with_root(&html, language, direction);
    let preheader = if preheader.is_empty() || shown_by_author { String::new() } else { hidden(preheader) };
    let mut pixel = String::new();
    let index = scan.synthetic(usize::MAX, Tag::Pixel);
    push_mark(&mut pixel, index);
    let (mut body_start, mut body_end) = (None, None);
    for (token, range) in tokens(&html) {
        match token {
            Token::Tag { name, close, .. } if name == "body" => {
                if close {
                    body_end = Some(range.start);
                } else if body_start.is_none() {
                    body_start = Some(range.end);
                }
            }
            _ => {}
        }
    }
    let start = body_start.unwrap_or(0);
    let end = body_end.filter(|end| *end >= start).unwrap_or(html.len());
    if body_start.is_none() {
        return format!("{html}{pixel}");
    }
    format!("{}{preheader}{}{pixel}{}", &html[..start], &html[start..end], &html[end..])
}

fn is_preheader(scan: &Scan<'_>, piece: Piece<'_>) -> bool {
    let Piece::Tag(index) = piece else { return false };
    matches!(scan.tags.get(index).map(|tag| &tag.tag), Some(Tag::Value(value)) if value.origin == Origin::Preheader)
}

/// Puts the preview line where `{{ preheader }}` stands.
pub(crate) fn substitute_preheader(scan: &Scan<'_>, text: &str, preheader: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            _ if is_preheader(scan, piece) => out.push_str(preheader),
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Tag(index) => push_mark(&mut out, index),
        }
    }
    out
}

fn escape_literals(marked: &str) -> String {
    let mut out = String::new();
    for piece in pieces(marked) {
        match piece {
            Piece::Literal(literal) => escape::html(literal, &mut out),
            Piece::Tag(index) => push_mark(&mut out, index),
        }
    }
    out
}

fn hidden(preheader: &str) -> String {
    format!(
        "<div style=\"display:none;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all\">{}</div>",
        escape_literals(preheader)
    )
}

/// The document with a root element that tells its language and direction.
fn with_root(html: &str, language: &Locale, direction: Direction) -> String {
    let own = format!(" lang=\"{language}\" dir=\"{}\"", direction.as_str());
    let all = tokens(html);
    let find = |wanted: &str| {
        all.iter().find(|(token, _)| matches!(token, Token::Tag { name, close: false, .. } if name == wanted))
    };
    if let Some((Token::Tag { attributes, .. }, range)) = find("html") {
        let mut tag = format!("<html{own}");
        for attribute in attributes.iter().filter(|a| a.name != "lang" && a.name != "dir") {
            tag.push(' ');
            tag.push_str(&html[attribute.whole.clone()]);
        }
        let tail = if find("body").is_some() { "" } else { BODY_OPEN };
        // Without a body element the content itself must start one, after a head if there is one.
        if tail.is_empty() {
            return format!("{}{tag}>{}", &html[..range.start], &html[range.end..]);
        }
        let rest = &html[range.end..];
        let head_end = crate::html::find_ignoring_case(rest, "</head>").map_or(0, |at| at + "</head>".len());
        let end = crate::html::find_ignoring_case(rest, "</html>").unwrap_or(rest.len()).max(head_end);
        return format!(
            "{}{tag}>{}{tail}{}</body>{}",
            &html[..range.start],
            &rest[..head_end],
            &rest[head_end..end],
            &rest[end..]
        );
    }
    let has_body = find("body").is_some();
    let (open, close) = if has_body { ("", "") } else { (BODY_OPEN, "</body>") };
    let head = if find("head").is_some() { "" } else { "<head><meta charset=\"utf-8\"></head>" };
    format!("<!doctype html><html{own}>{head}{open}{html}{close}</html>")
}

const BODY_OPEN: &str = "<body>";
