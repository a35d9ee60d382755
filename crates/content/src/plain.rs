//! The text part made from the HTML: links as `text (url)`, lists with dashes, table rows as
//! lines, images by their alternative text. Lines are not wrapped; the mail encoder does that.

use std::ops::Range;

use crate::html::{Attribute, Token, decode, tokens};
use crate::scan::{Piece, Scan, pieces, push_mark};
use crate::tags::Tag;

const PARAGRAPHS: [&str; 13] =
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "pre", "hr"];
const LINES: [&str; 11] =
    ["div", "tr", "li", "section", "article", "header", "footer", "center", "dt", "dd", "address"];
const SKIPPED: [&str; 6] = ["head", "title", "script", "style", "template", "object"];
const VOID: [&str; 9] = ["br", "img", "hr", "input", "meta", "link", "col", "wbr", "area"];

/// Marked HTML to marked text.
pub(crate) fn from_html(scan: &Scan<'_>, html: &str) -> String {
    let mut writer = Writer { out: String::new(), newlines: 0, space: false, have: 2, after_url: false };
    let mut skipping: Option<(String, u32)> = None;
    let mut outlook = false;
    let mut lists: Vec<Option<u32>> = Vec::new();
    let mut links: Vec<(String, usize)> = Vec::new();
    for (token, range) in tokens(html) {
        match token {
            Token::OutlookOpen => outlook = true,
            Token::OutlookClose => outlook = false,
            _ if outlook => {}
            Token::Tag { name, close, attributes } => {
                if let Some((skipped, depth)) = &mut skipping {
                    if *skipped == name {
                        *depth = if close { *depth - 1 } else { *depth + 1 };
                    }
                    if *depth == 0 {
                        skipping = None;
                    }
                    continue;
                }
                let empty = html[range.clone()].ends_with("/>") || VOID.contains(&name.as_str());
                if !close && !empty && is_hidden(html, &name, &attributes) {
                    skipping = Some((name, 1));
                    continue;
                }
                writer.tag(html, &name, close, &attributes, &mut lists);
                if name == "a" {
                    writer.link(html, close, &attributes, &mut links);
                }
            }
            _ if skipping.is_some() => {}
            Token::Text => writer.text(scan, &html[range]),
            Token::Comment => writer.comment(scan, &html[range]),
            _ => {}
        }
    }
    let end = writer.out.trim_end_matches([' ', '\n']).len();
    writer.out.truncate(end);
    writer.out.push('\n');
    writer.out
}

fn attribute<'a>(html: &'a str, attributes: &[Attribute], name: &str) -> Option<&'a str> {
    let range: Range<usize> = attributes.iter().find(|a| a.name == name)?.value.clone()?;
    html.get(range)
}

fn is_hidden(html: &str, name: &str, attributes: &[Attribute]) -> bool {
    if SKIPPED.contains(&name) {
        return true;
    }
    let style = attribute(html, attributes, "style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    style.to_ascii_lowercase().contains("display:none")
}

struct Writer {
    out: String,
    /// Line breaks owed before the next visible character.
    newlines: u8,
    space: bool,
    /// Line breaks that `out` ends with.
    have: u8,
    after_url: bool,
}

impl Writer {
    fn flush(&mut self) {
        while self.newlines > self.have {
            self.out.push('\n');
            self.have += 1;
        }
        if self.space && self.newlines == 0 && self.have == 0 {
            self.out.push(' ');
        }
        self.newlines = 0;
        self.space = false;
    }

    fn push(&mut self, text: &str) {
        if let Some(first) = text.chars().next() {
            // What follows a bare URL directly would become part of it.
            self.space |= std::mem::take(&mut self.after_url) && first.is_alphanumeric();
            self.flush();
            self.out.push_str(text);
            self.have = 0;
        }
    }

    fn owe(&mut self, newlines: u8) {
        self.newlines = self.newlines.max(newlines);
        self.space = false;
    }

    fn text(&mut self, scan: &Scan<'_>, text: &str) {
        for piece in pieces(text) {
            match piece {
                Piece::Tag(index) => self.mark(scan, index),
                Piece::Literal(literal) => {
                    for word in decode(literal).split_inclusive([' ', '\t', '\r', '\n', '\u{A0}']) {
                        let bare = word.trim_end_matches([' ', '\t', '\r', '\n', '\u{A0}']);
                        self.push(bare);
                        self.space |= bare.len() < word.len();
                    }
                }
            }
        }
    }

    /// A conditional gets the white space owed so far; so both of its ways read well.
    fn mark(&mut self, scan: &Scan<'_>, index: usize) {
        let Some(tag) = scan.tags.get(index).filter(|tag| tag.tag != Tag::Pixel) else { return };
        self.space |= std::mem::take(&mut self.after_url);
        self.flush();
        push_mark(&mut self.out, index);
        if !tag.tag.is_control() {
            self.have = 0;
        }
    }

    /// Conditionals between components travel in comments.
    fn comment(&mut self, scan: &Scan<'_>, comment: &str) {
        for piece in pieces(comment_inside(comment)) {
            if let Piece::Tag(index) = piece
                && scan.tags.get(index).is_some_and(|tag| tag.tag.is_control())
            {
                self.mark(scan, index);
            }
        }
    }

    fn tag(&mut self, html: &str, name: &str, close: bool, attributes: &[Attribute], lists: &mut Vec<Option<u32>>) {
        if PARAGRAPHS.contains(&name) {
            self.owe(2);
        } else if LINES.contains(&name) {
            self.owe(1);
        }
        match (name, close) {
            ("br", _) => {
                // A break after a break is an empty line.
                self.newlines = (self.newlines + 1).min(2);
                self.space = false;
            }
            ("hr", _) => {
                self.push("----------");
                self.owe(2);
            }
            ("td" | "th", true) => self.space = true,
            ("ul", false) => lists.push(None),
            ("ol", false) => lists.push(Some(0)),
            ("ul" | "ol", true) => {
                lists.pop();
            }
            ("li", false) => {
                let bullet = match lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{number}.")
                    }
                    _ => "-".to_owned(),
                };
                self.push(&bullet);
                self.space = true;
            }
            ("img", _) => {
                if let Some(alt) = attribute(html, attributes, "alt") {
                    self.push(decode(alt).trim());
                }
            }
            _ => {}
        }
    }

    fn link(&mut self, html: &str, close: bool, attributes: &[Attribute], links: &mut Vec<(String, usize)>) {
        if !close {
            let href = decode(attribute(html, attributes, "href").unwrap_or_default()).trim().to_owned();
            links.push((href, self.out.len()));
            return;
        }
        let Some((href, start)) = links.pop() else { return };
        let href = href.strip_prefix("mailto:").or_else(|| href.strip_prefix("tel:")).unwrap_or(&href);
        let shown = self.out.get(start..).unwrap_or_default().trim();
        if href.is_empty() || href.starts_with('#') {
            return;
        }
        if shown == href {
            self.after_url = true;
            return;
        }
        let text = if shown.is_empty() { href.to_owned() } else { format!("({href})") };
        self.space = true;
        self.push(&text);
    }
}

/// What stands between the marks of a comment.
pub(crate) fn comment_inside(comment: &str) -> &str {
    let inner = comment.strip_prefix("<!--").unwrap_or(comment);
    inner.strip_suffix("-->").unwrap_or(inner)
}
