//! From marked text to operations. Here every value gets the escaping of the place it stands in,
//! and conditionals become jumps.
//!
//! A conditional must begin and end in the same place (text, or one attribute's value); so the
//! place of a value is the same whichever way the conditionals go, and escaping can be decided once.

mod blocks;
mod urls;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use kernel::Locale;

use self::blocks::Block;
use self::urls::{find_url, url_end};
use crate::compiled::{Element, Elements, Link};
use crate::html::{Attribute, Token, tokens};
use crate::notice;
use crate::plain::comment_inside;
use crate::render::{Escape, Op, System};
use crate::scan::{MARK, Piece, Scan, pieces};
use crate::tags::{Condition, Origin, Tag, Value};
use crate::visible::Visible;

const URL_ATTRIBUTES: [&str; 9] =
    ["href", "src", "action", "formaction", "background", "cite", "poster", "xlink:href", "data"];

/// The place that a conditional may not leave; 0 is running text.
type Place = usize;

/// What is known before lowering and needed by it.
pub(crate) struct Notice {
    pub processing: String,
    pub language: Locale,
}

pub(crate) struct Lower<'s, 'c> {
    pub scan: &'s mut Scan<'c>,
    pub notice: Notice,
    pub literals: String,
    pub values: Vec<Value>,
    pub conditions: Vec<Condition>,
    pub links: Vec<Link>,
    pub elements: Elements,
    numbers: HashMap<(Option<Arc<str>>, String), u32>,
    /// The block of a design that is lowered now.
    block: Option<Arc<str>>,
    ops: Vec<Op>,
    blocks: Vec<Block>,
    /// Where the last jump so far leads: nothing may be joined across it.
    landing: u32,
    html: bool,
    hidden: bool,
    visible: Visible,
    /// Inside an attribute's value, where nobody reads.
    in_attribute: bool,
    /// Inside a link by which people leave, of which nothing was seen so far.
    leaving: bool,
}

impl<'s, 'c> Lower<'s, 'c> {
    pub(crate) fn new(scan: &'s mut Scan<'c>, notice: Notice) -> Self {
        Self {
            scan,
            notice,
            literals: String::new(),
            values: Vec::new(),
            conditions: Vec::new(),
            links: Vec::new(),
            elements: Elements::default(),
            numbers: HashMap::new(),
            block: None,
            ops: Vec::new(),
            blocks: Vec::new(),
            landing: 0,
            html: false,
            hidden: false,
            visible: Visible::default(),
            in_attribute: false,
            leaving: false,
        }
    }

    /// The subject: one line, header rules.
    pub(crate) fn header(&mut self, marked: &str) -> Vec<Op> {
        for piece in pieces(marked) {
            match piece {
                Piece::Literal(text) => self.literal(&text.replace(['\r', '\n', '\t'], " ")),
                Piece::Tag(index) => {
                    let refused = match self.scan.tags.get(index).map(|tag| &tag.tag) {
                        Some(Tag::Value(value)) => match value.origin {
                            Origin::Subject => Some("the subject cannot contain itself"),
                            Origin::NoticeProcessing | Origin::NoticeRights => Some("the notice belongs in the body"),
                            ref origin if origin.is_url() => Some("a link has no place in the subject"),
                            _ => None,
                        },
                        _ => None,
                    };
                    match refused {
                        Some(detail) => self.scan.tag_problem(index, detail),
                        None => self.tag(index, Escape::Header, 0),
                    }
                }
            }
        }
        self.finish()
    }

    /// The text part; its http and https URLs are links.
    pub(crate) fn plain(&mut self, marked: &str) -> Vec<Op> {
        self.html = false;
        let mut at = 0;
        while let Some(start) = find_url(marked, at) {
            let end = url_end(self.scan, marked, start);
            self.plain_run(&marked[at..start]);
            self.url(&marked[start..end], start + 1, true);
            at = end;
        }
        self.plain_run(&marked[at..]);
        self.finish()
    }

    /// The preview line by itself, for showing it beside the subject; nothing in it counts as said.
    pub(crate) fn line(&mut self, marked: &str) -> Vec<Op> {
        self.html = false;
        let before = std::mem::replace(&mut self.hidden, true);
        self.plain_run(marked);
        self.hidden = before;
        self.finish()
    }

    fn plain_run(&mut self, text: &str) {
        for piece in pieces(text) {
            match piece {
                Piece::Literal(text) => self.literal(text),
                Piece::Tag(index) => self.tag(index, Escape::Plain, 0),
            }
        }
    }

    /// The HTML part.
    pub(crate) fn document(&mut self, marked: &str) -> Vec<Op> {
        self.html = true;
        let tokens = tokens(marked);
        for (token, range) in &tokens {
            if *token == Token::Raw("style") {
                self.visible.sheet(&marked[range.clone()]);
            }
        }
        for (token, range) in tokens {
            let text = &marked[range.clone()];
            match token {
                Token::Text => {
                    self.seen(!text.trim().is_empty());
                    self.run(text, Escape::Html, 0);
                }
                Token::Comment => self.comment(text, range.start + 1),
                Token::OutlookOpen | Token::OutlookClose => {
                    self.hidden = token == Token::OutlookOpen;
                    self.refuse_values(text, range.start + 1, "in a conditional comment");
                }
                Token::Raw(name) => {
                    let place = if name == "script" { "in a script" } else { "in a style sheet" };
                    self.refuse_values(text, range.start + 1, place);
                }
                Token::Other => self.refuse_values(text, range.start + 1, "here"),
                Token::Tag { name, close, attributes } => {
                    self.visible.tag(marked, &name, close, &attributes);
                    if name == "a" {
                        self.leaving = false;
                    }
                    self.seen(name == "img");
                    self.element(marked, range, &name, &attributes);
                }
            }
        }
        (self.hidden, self.visible) = (false, Visible::default());
        self.finish()
    }

    /// Something stands here that a reader may see: words, or a picture.
    fn seen(&mut self, something: bool) {
        if something && self.leaving && self.is_read() {
            self.elements.add(Element::UnsubscribeLink, self.html);
            self.leaving = false;
        }
    }

    /// Whether everybody reads what stands here.
    fn is_read(&self) -> bool {
        !self.hidden && self.blocks.is_empty() && (!self.html || self.visible.here())
    }

    fn comment(&mut self, text: &str, place: Place) {
        let inside = comment_inside(text);
        let only_controls = inside.contains(MARK)
            && pieces(inside).all(|piece| match piece {
                Piece::Literal(literal) => literal.trim().is_empty(),
                Piece::Tag(index) => self.scan.tags.get(index).is_some_and(|tag| tag.tag.is_control()),
            });
        if only_controls {
            // A comment made for the conditional alone: it belongs to the running text.
            for piece in pieces(inside) {
                if let Piece::Tag(index) = piece {
                    self.tag(index, Escape::Html, 0);
                }
            }
            return;
        }
        let before = std::mem::replace(&mut self.hidden, true);
        self.run(text, Escape::Html, place);
        self.hidden = before;
    }

    fn run(&mut self, text: &str, escape: Escape, place: Place) {
        for piece in pieces(text) {
            match piece {
                Piece::Literal(text) => self.literal(text),
                Piece::Tag(index) => self.tag(index, escape, place),
            }
        }
    }

    fn refuse_values(&mut self, text: &str, place: Place, what: &str) {
        for piece in pieces(text) {
            match piece {
                Piece::Literal(text) => self.literal(text),
                Piece::Tag(index) if self.scan.tags.get(index).is_some_and(|tag| tag.tag.is_control()) => {
                    self.tag(index, Escape::Html, place);
                }
                Piece::Tag(index) => self.scan.tag_problem(
                    index,
                    format!("a merge tag cannot stand {what}: put it into text or a quoted attribute"),
                ),
            }
        }
    }

    fn element(&mut self, marked: &str, range: Range<usize>, name: &str, attributes: &[Attribute]) {
        let mut at = range.start;
        for attribute in attributes {
            let Some(value) = attribute.value.clone() else { continue };
            let text = &marked[value.clone()];
            let is_url = URL_ATTRIBUTES.contains(&attribute.name.as_str());
            if !text.contains(MARK) && !is_url {
                continue;
            }
            self.refuse_values(&marked[at..value.start], range.start + 1, "inside an element");
            at = value.end;
            let quotes = if attribute.quoted { "" } else { "\"" };
            self.literal(quotes);
            self.in_attribute = true;
            let place = value.start + 1;
            if is_url {
                let clickable = attribute.name == "href" && (matches!(name, "a" | "area") || name.starts_with("v:"));
                self.url(text, place, clickable);
            } else if attribute.name == "style" {
                self.run(text, Escape::Css, place);
            } else if attribute.name.starts_with("on") || attribute.name == "srcset" || attribute.name == "srcdoc" {
                self.refuse_values(text, place, &format!("in {}", attribute.name));
            } else {
                self.run(text, Escape::Html, place);
            }
            self.in_attribute = false;
            self.literal(quotes);
        }
        self.refuse_values(&marked[at..range.end], range.start + 1, "inside an element");
    }
    fn tag(&mut self, index: usize, escape: Escape, place: Place) {
        let Some(tag) = self.scan.tags.get(index) else { return };
        match tag.tag.clone() {
            Tag::Value(value) => self.value(index, value, escape),
            Tag::Pixel => self.ops.push(Op::Pixel),
            Tag::Block(id) => self.block = Some(id),
            Tag::Notice => {}
            Tag::If(condition) => {
                let unless = Some(self.unless(condition));
                self.blocks.push(Block { place, tag: index, unless, jumps: Vec::new(), has_else: false });
            }
            Tag::ElseIf(condition) => {
                if self.branch(index, place, false) {
                    let unless = self.unless(condition);
                    if let Some(block) = self.blocks.last_mut() {
                        block.unless = Some(unless);
                    }
                }
            }
            Tag::Else => {
                self.branch(index, place, true);
            }
            Tag::EndIf => self.end_if(index, place),
        }
    }

    fn value(&mut self, index: usize, value: Value, escape: Escape) {
        let element = match value.origin {
            Origin::Unsubscribe => Some(Element::UnsubscribeLink),
            Origin::System(System::PostalAddress) => Some(Element::PostalAddress),
            Origin::System(System::NoticeReason) => Some(Element::NoticeReason),
            Origin::NoticeProcessing => Some(Element::NoticeProcessing),
            Origin::NoticeRights => Some(Element::NoticeRights),
            _ => None,
        };
        match element {
            // A link that shows nothing is none: it counts with the first thing seen in it.
            Some(Element::UnsubscribeLink) if self.in_attribute => self.leaving = self.is_read(),
            Some(element) if escape != Escape::Header && !self.in_attribute && self.is_read() => {
                self.elements.add(element, self.html);
            }
            _ => {}
        }
        match value.origin {
            Origin::NoticeProcessing | Origin::NoticeRights if !matches!(escape, Escape::Html | Escape::Plain) => {
                self.scan.tag_problem(index, "the notice is text: it cannot stand in a link or a style");
            }
            Origin::NoticeProcessing => {
                let text = self.notice.processing.clone();
                self.escaped(&text);
            }
            Origin::NoticeRights => self.rights(),
            _ => {
                let lines = matches!(value.origin, Origin::System(System::PostalAddress));
                let escape = if lines && escape == Escape::Html { Escape::HtmlLines } else { escape };
                let known = self.values.iter().position(|known| *known == value);
                let number = known.unwrap_or_else(|| {
                    self.values.push(value);
                    self.values.len() - 1
                });
                self.ops.push(Op::Value { value: number as u32, escape });
            }
        }
    }

    fn rights(&mut self) {
        let language = self.notice.language.clone();
        self.escaped(notice::rights(&language));
        self.values.push(Origin::Preferences.into());
        let value = self.values.len() as u32 - 1;
        if self.html {
            self.literal(" <a href=\"");
            self.ops.push(Op::Value { value, escape: Escape::Html });
            // In the colour of the words around it: the usual blue of links cannot be read on a dark ground.
            self.literal("\" style=\"color:inherit;text-decoration:underline\">");
            self.escaped(notice::rights_link(&language));
            self.literal("</a>");
        } else {
            self.literal(" ");
            self.ops.push(Op::Value { value, escape: Escape::Plain });
        }
    }

    fn escaped(&mut self, text: &str) {
        let mut out = String::new();
        if self.html {
            crate::escape::html(text, &mut out);
        } else {
            crate::escape::plain(text, &mut out);
        }
        self.literal(&out);
    }

    fn intern(&mut self, text: &str) -> (u32, u32) {
        let start = self.literals.len() as u32;
        self.literals.push_str(text);
        (start, self.literals.len() as u32)
    }

    fn literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let (start, end) = self.intern(text);
        // Neighbours become one slice, unless a jump leads between them.
        let here = self.ops.len() as u32;
        match self.ops.last_mut() {
            Some(Op::Literal { end: last, .. }) if *last == start && self.landing != here => *last = end,
            _ => self.ops.push(Op::Literal { start, end }),
        }
    }

    fn finish(&mut self) -> Vec<Op> {
        for block in std::mem::take(&mut self.blocks) {
            self.scan.tag_problem(block.tag, "this if never ends: add {% endif %} or *|END:IF|*");
        }
        self.landing = 0;
        self.block = None;
        std::mem::take(&mut self.ops)
    }
}
