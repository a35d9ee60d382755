//! Rich text: paragraphs, lists, quotations, and the pieces of a line.

use std::fmt::Write;

use super::{Both, Writer, look};
use crate::design::{Align, Colour, Inline, ListItem, Mark, MergeNode, Node};
use crate::scan::push_mark;
use crate::source::{FindingCode, Part};
use crate::tags::{Origin, Tag, Value, own, system};

impl Writer<'_, '_, '_> {
    /// Paragraphs and lists; `align` is where they stand unless they say otherwise.
    pub(super) fn nodes(&mut self, at: &str, nodes: &[Node], align: Align) -> Both {
        let mut out = Both::default();
        for (index, node) in nodes.iter().enumerate() {
            let last = index + 1 == nodes.len();
            let margin = if last { "0" } else { "0 0 14px" };
            self.node(&format!("{at}/{index}"), node, (align, margin), &mut out);
        }
        out
    }

    fn node(&mut self, at: &str, node: &Node, (align, margin): (Align, &str), out: &mut Both) {
        match node {
            Node::Paragraph { attrs, content } => {
                let side = self.side(attrs.text_align.unwrap_or(align));
                let inner = self.inlines(&format!("{at}/content"), content);
                let html = if inner.html.is_empty() { "&#160;" } else { &inner.html };
                let _ = write!(out.html, "<p style=\"margin:{margin};text-align:{side}\">{html}</p>");
                paragraph(&inner.text, &mut out.text);
            }
            Node::BulletList { content } => self.list(at, content, ("ul", None, align, margin), out),
            Node::OrderedList { attrs, content } => {
                self.list(at, content, ("ol", Some(attrs.start.unwrap_or(1)), align, margin), out);
            }
            Node::Blockquote { content } => {
                let inner = self.nodes(&format!("{at}/content"), content, align);
                let (start, line) = (self.dir.start(), self.tone.line);
                let _ = write!(
                    out.html,
                    "<blockquote style=\"margin:{margin};padding-{start}:16px;border-{start}:3px solid {line}\">{}</blockquote>",
                    inner.html
                );
                let quoted: Vec<String> = inner.text.trim().lines().map(|line| format!("> {line}")).collect();
                paragraph(&quoted.join("\n"), &mut out.text);
            }
        }
    }

    fn list(
        &mut self,
        at: &str,
        items: &[ListItem],
        (tag, start, align, margin): (&str, Option<u32>, Align, &str),
        out: &mut Both,
    ) {
        let side = self.dir.start();
        let first = start.filter(|start| *start != 1).map_or_else(String::new, |start| format!(" start=\"{start}\""));
        let text_align = self.side(align);
        let _ = write!(
            out.html,
            "<{tag}{first} style=\"margin:{margin};padding:0;padding-{side}:26px;text-align:{text_align}\">"
        );
        let mut lines = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let at = format!("{at}/content/{index}/content");
            let inner = match item.content.as_slice() {
                // A paragraph alone needs no element of its own.
                [Node::Paragraph { content, .. }] => self.inlines(&format!("{at}/0/content"), content),
                nodes => self.nodes(&at, nodes, align),
            };
            let _ = write!(out.html, "<li style=\"margin:0 0 6px\">{}</li>", inner.html);
            let bullet = start.map_or_else(|| "-".to_owned(), |start| format!("{}.", start as usize + index));
            lines.push(format!("{bullet} {}", inner.text.trim().replace("\n\n", "\n").replace('\n', "\n  ")));
        }
        let _ = write!(out.html, "</{tag}>");
        paragraph(&lines.join("\n"), &mut out.text);
    }

    /// The pieces of a line; neighbours with the same link become one link.
    pub(super) fn inlines(&mut self, at: &str, inlines: &[Inline]) -> Both {
        let mut out = Both::default();
        let mut index = 0;
        while let Some(first) = inlines.get(index) {
            let link = link(first);
            let mut inner = Both::default();
            let start = index;
            while let Some(piece) = inlines.get(index).filter(|piece| self::link(piece) == link) {
                self.inline(&format!("{at}/{index}"), piece, link.is_some(), &mut inner);
                index += 1;
            }
            match link {
                None => {
                    out.html.push_str(&inner.html);
                    out.text.push_str(&inner.text);
                }
                Some(href) => self.link(&format!("{at}/{start}"), href, inner, &mut out),
            }
        }
        out
    }

    fn link(&mut self, at: &str, href: &str, inner: Both, out: &mut Both) {
        match self.url(at, href) {
            None => {
                out.html.push_str(&inner.html);
                out.text.push_str(&inner.text);
            }
            Some(url) => {
                self.anchor(&url, &inner.html, &mut out.html);
                out.text.push_str(&inner.text);
                let shown = url.text.strip_prefix("mailto:").or(url.text.strip_prefix("tel:")).unwrap_or(&url.text);
                if inner.text.trim() != shown {
                    let _ = write!(out.text, " ({shown})");
                }
            }
        }
    }

    /// A link in running text.
    pub(super) fn anchor(&mut self, url: &Both, inner: &str, out: &mut String) {
        let class = self.tone.class(" class=\"bd-l\"");
        let _ = write!(
            out,
            "<a href=\"{}\"{class} style=\"color:{};text-decoration:underline\">{inner}</a>",
            url.html, self.tone.link
        );
    }

    fn inline(&mut self, at: &str, inline: &Inline, linked: bool, out: &mut Both) {
        let (inner, marks) = match inline {
            Inline::HardBreak => {
                out.html.push_str("<br />");
                out.text.push('\n');
                return;
            }
            Inline::Text(node) => {
                let mut words = self.words(&format!("{at}/text"), &node.text);
                words.text = words.text.replace(['\n', '\t'], " ");
                (words, &node.marks)
            }
            Inline::Merge(node) => {
                let mut mark = String::new();
                if let Some(index) = self.merge(at, node) {
                    push_mark(&mut mark, index);
                }
                (Both { html: mark.clone(), text: mark }, &node.marks)
            }
        };
        out.text.push_str(&inner.text);
        let (before, after) = self.marks(marks, linked);
        out.html.push_str(&before);
        out.html.push_str(&inner.html);
        out.html.push_str(&after);
    }

    fn marks(&self, marks: &[Mark], linked: bool) -> (String, String) {
        let (mut before, mut after) = (String::new(), String::new());
        for mark in marks {
            let (open, close) = match mark {
                Mark::Bold => ("<strong>".to_owned(), "</strong>"),
                Mark::Italic => ("<em>".to_owned(), "</em>"),
                Mark::Underline => ("<u>".to_owned(), "</u>"),
                Mark::Strike => ("<s>".to_owned(), "</s>"),
                Mark::Link { .. } => continue,
                Mark::TextStyle { attrs } => (self.coloured(attrs.color, linked), "</span>"),
            };
            before.push_str(&open);
            after.insert_str(0, close);
        }
        (before, after)
    }

    fn coloured(&self, colour: Colour, linked: bool) -> String {
        let class = if linked { "" } else { self.tone.text_class(Some(colour)) };
        let class = if class.is_empty() { "" } else { " class=\"bd-i\"" };
        format!("<span{class} style=\"color:{colour}\">")
    }

    /// The tag of a personalisation.
    fn merge(&mut self, at: &str, node: &MergeNode) -> Option<usize> {
        let name = node.attrs.field.as_str();
        let fallback = node.attrs.fallback.as_str();
        self.place(&format!("{at}/attrs/field"));
        let origin = if let Some(field) = self.scan.catalog.find(name) {
            Origin::Field(field.name.clone())
        } else if let Some(Tag::Value(Value {
            origin: origin @ (Origin::System(_) | Origin::Today | Origin::Year),
            ..
        })) = system(name)
        {
            origin
        } else {
            let wrong = own::unknown(name, self.scan.catalog);
            self.scan.problem_as(wrong.code, Part::Design, (1, 1), wrong.detail);
            return None;
        };
        if fallback.trim().is_empty() && matches!(origin, Origin::Field(_)) && name != "email" {
            let detail = "some people have no such value: say what they read instead";
            self.unfinished(FindingCode::MissingFallback, &format!("{at}/attrs/fallback"), detail);
        }
        let value = Value { fallback: Some(fallback.to_owned()), ..origin.into() };
        Some(self.scan.synthetic_at(Part::Design, Tag::Value(value)))
    }

    /// Warns about a colour that is hard to read where it stands.
    pub(super) fn contrast(&mut self, at: &str, colour: Option<Colour>, large: bool) {
        let least = if large { look::LARGE } else { look::TEXT };
        if colour.is_some_and(|colour| colour.contrast(self.tone.bg) < least) {
            self.warn(
                FindingCode::LowContrast,
                &format!("{at}/color"),
                "this colour is hard to read on its background",
            );
        }
    }
}

fn link(inline: &Inline) -> Option<&str> {
    let marks = match inline {
        Inline::HardBreak => return None,
        Inline::Text(node) => &node.marks,
        Inline::Merge(node) => &node.marks,
    };
    marks.iter().find_map(|mark| match mark {
        Mark::Link { attrs } => Some(attrs.href.as_str()),
        _ => None,
    })
}

fn paragraph(text: &str, out: &mut String) {
    let text = text.trim_matches([' ', '\n']);
    if !text.is_empty() {
        out.push_str(text);
        out.push_str("\n\n");
    }
}
