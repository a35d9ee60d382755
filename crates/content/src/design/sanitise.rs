//! Raw HTML that may stand in a mail: written anew from what is known to be harmless. Nothing of the
//! author's markup is copied: names come from lists, values are escaped, elements are closed, so whatever a
//! mail program or a preview makes of broken markup, it is markup of ours.

use crate::escape;
use crate::html::{Attribute, Token, decode, tokens};
use crate::scan::{MARK, Piece, pieces, push_mark};

const ELEMENTS: [&str; 41] = [
    "a",
    "b",
    "blockquote",
    "br",
    "caption",
    "center",
    "code",
    "col",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
];
const MORE: [&str; 5] = ["ul", "h5", "h6", "del", "ins"];
/// Elements whose content goes with them.
const DROPPED: [&str; 22] = [
    "applet",
    "audio",
    "canvas",
    "embed",
    "frameset",
    "head",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "xmp",
];
const VOID: [&str; 4] = ["br", "col", "hr", "img"];
const ATTRIBUTES: [&str; 23] = [
    "align",
    "alt",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "class",
    "color",
    "colspan",
    "dir",
    "face",
    "height",
    "lang",
    "role",
    "rowspan",
    "scope",
    "size",
    "span",
    "start",
    "title",
    "type",
    "valign",
    "width",
];
/// Properties that stay where they are and load nothing.
const PROPERTIES: [&str; 17] = [
    "background",
    "border",
    "color",
    "direction",
    "display",
    "font",
    "height",
    "letter-spacing",
    "line-height",
    "list",
    "margin",
    "max-width",
    "min-width",
    "padding",
    "text",
    "vertical-align",
    "width",
];
const MAX_DEPTH: usize = 40;

/// What was made of raw HTML.
pub(super) struct Clean {
    /// Well-formed, with the marks of its merge tags.
    pub html: String,
    /// The names of what was taken out.
    pub removed: Vec<String>,
}

/// Cleans marked HTML.
pub(super) fn sanitise(marked: &str) -> Clean {
    let mut clean = Clean { html: String::with_capacity(marked.len()), removed: Vec::new() };
    let mut open: Vec<String> = Vec::new();
    let mut dropping: Option<(String, usize)> = None;
    for (token, range) in tokens(marked) {
        if let Some((name, depth)) = &mut dropping {
            if let Token::Tag { name: inner, close, .. } = &token
                && inner == name
            {
                *depth = if *close { *depth - 1 } else { *depth + 1 };
            }
            if *depth == 0 {
                dropping = None;
            }
            continue;
        }
        let text = &marked[range];
        match token {
            Token::Text => write_text(text, &mut clean.html),
            Token::Tag { name, close: false, .. } if DROPPED.contains(&name.as_str()) => {
                clean.note(&name);
                if !text.ends_with("/>") {
                    dropping = Some((name, 1));
                }
            }
            Token::Tag { name, close: false, attributes } if is_element(&name) && open.len() < MAX_DEPTH => {
                let written = clean.attributes(marked, &name, &attributes);
                clean.html.push('<');
                clean.html.push_str(&name);
                clean.html.push_str(&written);
                if VOID.contains(&name.as_str()) {
                    clean.html.push_str(" />");
                } else {
                    clean.html.push('>');
                    open.push(name);
                }
            }
            Token::Tag { name, close: true, .. } => {
                if let Some(at) = open.iter().rposition(|opened| *opened == name) {
                    for name in open.drain(at..).rev() {
                        clean.close(&name);
                    }
                }
            }
            Token::Tag { name, .. } if !is_element(&name) => clean.note(&name),
            // Comments may hide other markup from some programs.
            _ => {}
        }
    }
    for name in open.into_iter().rev() {
        clean.close(&name);
    }
    clean
}

impl Clean {
    fn close(&mut self, name: &str) {
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
    }

    fn note(&mut self, what: &str) {
        let what: String = what.chars().filter(char::is_ascii_graphic).take(30).collect();
        if self.removed.len() < 12 && !self.removed.contains(&what) {
            self.removed.push(what);
        }
    }

    fn attributes(&mut self, marked: &str, element: &str, attributes: &[Attribute]) -> String {
        let mut out = String::new();
        let mut seen: Vec<&str> = Vec::new();
        for attribute in attributes {
            let name = attribute.name.as_str();
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let value = attribute.value.clone().map_or("", |range| &marked[range]);
            let kept = match name {
                "style" => style(value),
                "href" if element == "a" => url(value, &["http://", "https://", "mailto:", "tel:"]),
                "src" if element == "img" => url(value, &["http://", "https://"]),
                _ if ATTRIBUTES.contains(&name) => Some(decoded(value)),
                _ => None,
            };
            match kept {
                Some(kept) => {
                    out.push(' ');
                    out.push_str(name);
                    out.push_str("=\"");
                    out.push_str(&kept);
                    out.push('"');
                }
                None => self.note(name),
            }
        }
        if element == "img" && !seen.contains(&"alt") {
            out.push_str(" alt=\"\"");
        }
        out
    }
}

fn is_element(name: &str) -> bool {
    ELEMENTS.contains(&name) || MORE.contains(&name)
}

fn write_text(text: &str, out: &mut String) {
    for piece in pieces(text) {
        match piece {
            Piece::Tag(index) => push_mark(out, index),
            Piece::Literal(literal) => {
                let visible: String = decode(literal).chars().filter(|c| is_safe(*c)).collect();
                escape::html(&visible, out);
            }
        }
    }
}

fn is_safe(c: char) -> bool {
    !matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{80}'..='\u{9F}')
}

fn decoded(value: &str) -> String {
    let mut out = String::new();
    write_text(value, &mut out);
    out
}

/// A URL of a known scheme; one that begins with a merge tag is looked at for each reader.
fn url(value: &str, schemes: &[&str]) -> Option<String> {
    let url = decode(value).trim().to_owned();
    let known = |scheme: &&str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let good = url.starts_with(MARK) || schemes.iter().any(known);
    (good && !url.chars().any(char::is_control)).then(|| decoded(&url))
}

/// The declarations that are known; `None` when none is.
fn style(value: &str) -> Option<String> {
    let value = decode(value);
    let mut out = String::new();
    for declaration in value.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let known = PROPERTIES
            .iter()
            .any(|property| name == *property || name.strip_prefix(property).is_some_and(|rest| rest.starts_with('-')));
        let lower = value.to_ascii_lowercase();
        let calls = ["url", "expression", "import", "image", "var(", "attr("].iter().any(|bad| lower.contains(bad));
        let harmless = |c: char| {
            c.is_alphanumeric() || matches!(c, ' ' | '#' | '%' | '.' | ',' | '-' | '!' | '(' | ')' | '\'' | '"')
        };
        if known && !calls && !value.is_empty() && value.len() <= 200 && value.chars().all(harmless) {
            out.push_str(&name);
            out.push(':');
            out.push_str(value);
            out.push(';');
        }
    }
    (!out.is_empty()).then(|| decoded(&out))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(html: &str) -> String {
        sanitise(html).html
    }

    #[test]
    fn harmless_markup_stays_and_is_closed() {
        let table = "<table width=\"100%\"><tr><td style=\"color:red;padding:4px;\">a &amp; b</td></tr></table>";
        assert_eq!(clean(table), table);
        assert_eq!(
            clean("<p>a<b>b</p>c<br><img src=https://x.example/a.png>"),
            "<p>a<b>b</b></p>c<br /><img src=\"https://x.example/a.png\" alt=\"\" />"
        );
        assert_eq!(clean("</p>a & b < c"), "a &amp; b &lt; c");
    }

    #[test]
    fn what_runs_loads_or_leaves_its_place_goes() {
        for (html, left) in [
            ("<script>alert(1)</script>x", "x"),
            ("<SCRIPT src=//e>", ""),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>y", "y"),
            ("<math><mtext><table><mglyph><style><img src=x onerror=a()>", ""),
            ("<a href=\"javascript:alert(1)\">x</a>", "<a>x</a>"),
            ("<a href=\"&#106;avascript:alert(1)\">x</a>", "<a>x</a>"),
            ("<a href=' JaVaScRiPt:x'>x</a>", "<a>x</a>"),
            ("<img src=x onerror=alert(1)>", "<img alt=\"\" />"),
            ("<img src=\"data:image/svg+xml,<svg onload=a()>\">", "<img alt=\"\" />"),
            ("<p style=\"position:fixed;color:red;background:url(//e)\">x</p>", "<p style=\"color:red;\">x</p>"),
            ("<form action=//e><input></form>z", "z"),
            ("<iframe srcdoc='<script>a()</script>'></iframe>", ""),
            ("<!--[if mso]><script>x</script><![endif]--><!-- <p> -->k", "k"),
            ("<noscript><p title=\"</noscript><img src=x onerror=a()>\">", ""),
            ("<base href=//e><meta http-equiv=refresh content=0><link rel=stylesheet href=//e>q", "q"),
            (
                "<p title='\"><script>a()</script>'>x</p>",
                "<p title=\"&quot;&gt;&lt;script&gt;a()&lt;/script&gt;\">x</p>",
            ),
        ] {
            assert_eq!(clean(html), left, "{html}");
        }
        assert_eq!(sanitise("<p onclick=a()><script></script>").removed, ["onclick", "script"]);
    }

    proptest! {
        /// Cleaning what was cleaned changes nothing: what a reader sees is what was checked.
        #[test]
        fn it_is_stable_and_balanced(html in "([<>/=\"' a-z&;:!-]|<p>|</p>|<a href=|<img src=x |<script>|</script>|<svg>|style=|onload=|<td|<!--|-->|javascript:){0,60}") {
            let once = clean(&html);
            prop_assert_eq!(&clean(&once), &once);
            let lower = once.to_lowercase();
            for bad in ["<script", "<svg", "onload=\"", "href=\"javascript", "<!--"] {
                prop_assert!(!lower.contains(bad), "{}", once);
            }
        }
    }
}
