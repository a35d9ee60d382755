//! URLs: which are links to count, and how values stand in them.

use super::{Lower, Place};
use crate::compiled::Link;
use crate::escape::is_web;
use crate::html::decode;
use crate::render::{Escape, Op};
use crate::scan::{MARK, Piece, Scan, pieces};
use crate::tags::{Origin, Tag};

impl Lower<'_, '_> {
    /// A URL, in an attribute or in plain text.
    pub(super) fn url(&mut self, raw: &str, place: Place, clickable: bool) {
        let html = self.html;
        if !raw.contains(MARK) {
            let url = if html { decode(raw) } else { raw.into() };
            let url = url.trim();
            if !(clickable && is_web(url)) {
                return self.literal(raw);
            }
            let number = self.number(url, false);
            let (start, end) = self.intern(url);
            self.ops.push(Op::Link { number, start, end, html });
            return;
        }
        let raw = raw.trim();
        let first = pieces(raw).next();
        let first_origin = match first {
            Some(Piece::Tag(index)) => match self.scan.tags.get(index).map(|tag| &tag.tag) {
                Some(Tag::Value(value)) => Some(value.origin.clone()),
                _ => None,
            },
            _ => None,
        };
        if let (Some(origin), Some(Piece::Tag(index)), 1) = (&first_origin, first, pieces(raw).count())
            && origin.is_url()
        {
            return self.tag(index, if html { Escape::Html } else { Escape::Plain }, place);
        }
        let own = first_origin.as_ref().is_some_and(Origin::is_url);
        let other_scheme = matches!(first, Some(Piece::Literal(text)) if !is_web(text));
        let number = (clickable && !own && !other_scheme).then(|| {
            let written = self.written(raw);
            self.number(&written, true)
        });
        self.ops.push(Op::UrlOpen);
        let mut started = false;
        for piece in pieces(raw) {
            match piece {
                Piece::Literal(text) => {
                    started = true;
                    let text = if html { decode(text) } else { text.into() };
                    self.literal(&text);
                }
                Piece::Tag(index) => {
                    let plain = self
                        .scan
                        .tags
                        .get(index)
                        .is_some_and(|tag| matches!(&tag.tag, Tag::Value(value) if value.origin.is_url()));
                    let escape = match (plain && !started, started) {
                        (true, _) => Escape::Plain,
                        (false, false) => Escape::UrlWhole,
                        (false, true) => Escape::UrlPart,
                    };
                    started |= self.scan.tags.get(index).is_some_and(|tag| !tag.tag.is_control());
                    self.tag(index, escape, place);
                }
            }
        }
        self.ops.push(Op::UrlClose { number, html });
    }

    /// The URL as its author wrote it.
    pub(super) fn written(&self, raw: &str) -> String {
        let mut out = String::new();
        for piece in pieces(raw) {
            match piece {
                Piece::Literal(text) if self.html => out.push_str(&decode(text)),
                Piece::Literal(text) => out.push_str(text),
                Piece::Tag(index) => out.push_str(self.scan.tags.get(index).map_or("", |tag| &tag.written)),
            }
        }
        out
    }

    pub(super) fn number(&mut self, url: &str, dynamic: bool) -> u32 {
        let key = (self.block.clone(), url.to_owned());
        if let Some(&number) = self.numbers.get(&key) {
            return number;
        }
        let number = self.links.len() as u32;
        self.numbers.insert(key, number);
        let block = self.block.as_deref().map(str::to_owned);
        self.links.push(Link { number, url: url.to_owned(), dynamic, block });
        number
    }
}

/// Where the next URL of a running text begins.
pub(super) fn find_url(text: &str, from: usize) -> Option<usize> {
    let http = text[from..].match_indices("http").map(|(at, _)| from + at);
    http.into_iter().find(|&at| is_web(&text[at..]))
}

/// Where a URL in running text ends. Values belong to it, conditionals and closing signs do not.
pub(super) fn url_end(scan: &Scan<'_>, text: &str, start: usize) -> usize {
    let mut end = start;
    for piece in pieces(&text[start..]) {
        match piece {
            Piece::Literal(literal) => {
                match literal.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')) {
                    Some(at) => {
                        end += at;
                        break;
                    }
                    None => end += literal.len(),
                }
            }
            Piece::Tag(index) if scan.tags.get(index).is_some_and(|tag| !tag.tag.is_control()) => {
                end += MARK.len_utf8() * 2 + digits(index);
            }
            Piece::Tag(_) => break,
        }
    }
    loop {
        let url = &text[start..end];
        let cut = match url.chars().next_back() {
            Some(c @ ('.' | ',' | ';' | ':' | '!' | '?' | '،' | '؛' | '؟' | '\'')) => c.len_utf8(),
            Some(')') if !url.contains('(') => 1,
            _ => return end,
        };
        end -= cut;
    }
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}
