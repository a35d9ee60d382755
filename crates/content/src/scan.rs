//! Finds the merge tags of both notations and puts a mark in the place of each, so that neither
//! the MJML reader nor the HTML tokenizer ever sees a quote or an angle bracket of a tag.
//!
//! A mark is a private-use character, the tag's number, and another private-use character. These
//! two characters are taken out of what authors write, so a mark cannot be forged.

use std::ops::Range;
use std::sync::Arc;

use crate::fields::FieldCatalog;
use crate::html::decode;
use crate::source::{FindingCode, Part, Severity, TemplateProblem, position};
use crate::tags::{Condition, Tag, mailchimp, own};

pub(crate) const MARK: char = '\u{E0F0}';
pub(crate) const MARK_END: char = '\u{E0F1}';
const MAX_TAG: usize = 1_000;
const MAX_TAGS: usize = 5_000;
const MAX_PROBLEMS: usize = 50;

/// A tag and where the author wrote it.
pub(crate) struct TagAt {
    pub tag: Tag,
    pub part: Part,
    pub line: u32,
    pub column: u32,
    /// The place in a design.
    pub at: Option<Arc<str>>,
    /// As written, for naming links that contain it.
    pub written: String,
}

/// A text with marks in place of its tags.
pub(crate) struct Marked {
    pub text: String,
    /// Pairs of byte offsets (in `text`, in the author's source), ascending.
    map: Vec<(usize, usize)>,
}

impl Marked {
    /// A text that Barid wrote itself.
    pub(crate) fn synthetic(text: String) -> Self {
        Self { text, map: Vec::new() }
    }

    /// The author's byte offset for an offset in the marked text.
    pub(crate) fn source_offset(&self, offset: usize) -> usize {
        let index = self.map.partition_point(|(marked, _)| *marked <= offset);
        match index.checked_sub(1).map(|i| self.map[i]) {
            Some((marked, source)) => source + (offset - marked),
            None => offset,
        }
    }

    /// Replaces ranges (ascending, apart); offsets of what follows still lead to the source.
    pub(crate) fn edit(&mut self, edits: &[(Range<usize>, String)]) {
        let mut text = String::with_capacity(self.text.len() + 64);
        let mut map = Vec::with_capacity(self.map.len() + edits.len());
        let mut from = 0;
        let mut entries = self.map.iter().peekable();
        for (range, new) in edits {
            let base = text.len();
            while let Some((marked, source)) = entries.next_if(|(marked, _)| *marked < range.start) {
                map.push((base + (marked - from), *source));
            }
            while entries.next_if(|(marked, _)| *marked < range.end).is_some() {}
            text.push_str(&self.text[from..range.start]);
            map.push((text.len(), self.source_offset(range.start)));
            text.push_str(new);
            from = range.end;
            map.push((text.len(), self.source_offset(range.end)));
        }
        let base = text.len();
        map.extend(entries.map(|(marked, source)| (base + (marked - from), *source)));
        text.push_str(&self.text[from..]);
        self.text = text;
        self.map = map;
    }
}

/// What all parts of one source share while they are compiled.
pub(crate) struct Scan<'a> {
    pub catalog: &'a FieldCatalog,
    pub tags: Vec<TagAt>,
    pub problems: Vec<TemplateProblem>,
    pub warnings: Vec<TemplateProblem>,
    pub unfinished: Vec<TemplateProblem>,
    /// Where in a design the text stands that is read now.
    pub at: Option<Arc<str>>,
}

fn push_bounded(list: &mut Vec<TemplateProblem>, found: TemplateProblem) {
    if list.len() < MAX_PROBLEMS && !list.contains(&found) {
        list.push(found);
    }
}

/// How tags are written: opening, closing.
const NOTATIONS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("*|", "|*"), ("*%7C", "%7C*")];

impl<'a> Scan<'a> {
    pub(crate) fn new(catalog: &'a FieldCatalog) -> Self {
        Self { catalog, tags: Vec::new(), problems: Vec::new(), warnings: Vec::new(), unfinished: Vec::new(), at: None }
    }

    pub(crate) fn problem(&mut self, part: Part, at: (u32, u32), detail: impl Into<String>) {
        self.problem_as(FindingCode::Markup, part, at, detail);
    }

    pub(crate) fn problem_as(&mut self, code: FindingCode, part: Part, at: (u32, u32), detail: impl Into<String>) {
        let found = self.found((Severity::Error, code), part, at, detail.into());
        push_bounded(&mut self.problems, found);
    }

    pub(crate) fn warning(&mut self, code: FindingCode, part: Part, at: (u32, u32), detail: impl Into<String>) {
        let found = self.found((Severity::Warning, code), part, at, detail.into());
        push_bounded(&mut self.warnings, found);
    }

    /// Something that the content may be kept with but not sent with.
    pub(crate) fn unfinished(&mut self, code: FindingCode, part: Part, at: (u32, u32), detail: impl Into<String>) {
        let found = self.found((Severity::Error, code), part, at, detail.into());
        push_bounded(&mut self.unfinished, found);
    }

    fn found(
        &self,
        (severity, code): (Severity, FindingCode),
        part: Part,
        (line, column): (u32, u32),
        detail: String,
    ) -> TemplateProblem {
        let at = (part == Part::Design).then(|| self.at.as_deref().unwrap_or_default().to_owned());
        TemplateProblem { severity, code, part, line, column, at, detail }
    }

    /// A problem at a tag.
    pub(crate) fn tag_problem(&mut self, index: usize, detail: impl Into<String>) {
        let Some(tag) = self.tags.get(index) else { return };
        let (part, at) = (tag.part, (tag.line, tag.column));
        self.at.clone_from(&tag.at);
        self.problem_as(FindingCode::TagPlace, part, at, detail);
    }

    /// Puts marks in place of tags.
    pub(crate) fn mark(&mut self, part: Part, source: &str) -> Marked {
        let mut out = Marked { text: String::with_capacity(source.len()), map: Vec::new() };
        let mut at = 0;
        while let Some((start, open, close)) = next_tag(source, at).filter(|_| self.problems.len() < MAX_PROBLEMS) {
            push_literal(&mut out, source, at, start);
            let inside = start + open.len();
            let Some(end) = find_close(source, inside, open, close) else {
                let detail = format!("{open} is never closed: add {close}, or write {{{{ \"{open}\" }}}} to print it");
                self.problem_as(FindingCode::TagSyntax, part, position(source, start), detail);
                push_literal(&mut out, source, start, inside);
                at = inside;
                continue;
            };
            at = end + close.len();
            let Some(index) = self.read(part, source, (start, inside, end, at), open) else { continue };
            out.map.push((out.text.len(), start));
            push_mark(&mut out.text, index);
            self.expand_notice(index, &mut out.text);
        }
        push_literal(&mut out, source, at, source.len());
        out
    }

    /// Reads one tag and gives it a number; `None` after a problem that leaves nothing to mark.
    fn read(&mut self, part: Part, source: &str, at: (usize, usize, usize, usize), open: &str) -> Option<usize> {
        let (start, inside, end, after) = at;
        let (line, column) = position(source, start);
        let text = match part {
            Part::Html | Part::Mjml => decode(&source[inside..end]),
            _ => source[inside..end].into(),
        };
        let read = match open {
            "{{" => own::value(&text, self.catalog).map(|tag| (tag, None)),
            "{%" => own::control(&text, self.catalog).map(|tag| (tag, None)),
            _ => mailchimp::read(&text, self.catalog),
        };
        let tag = match read {
            Ok((tag, warning)) => {
                if let Some(warning) = warning {
                    self.warning(FindingCode::MissingFallback, part, (line, column), warning);
                }
                tag
            }
            Err(wrong) => {
                self.problem_as(wrong.code, part, (line, column), wrong.detail);
                // A broken condition still opens its block, so that its end is not reported too.
                let upper = text.trim().to_ascii_uppercase();
                let opens = upper.starts_with("IF:") || upper.starts_with("IFNOT:") || upper.starts_with("IF ");
                if !opens || open == "{{" {
                    return None;
                }
                Tag::If(Condition::Constant(false))
            }
        };
        if self.tags.len() >= MAX_TAGS {
            self.problem_as(
                FindingCode::TooLarge,
                part,
                (line, column),
                format!("more than {MAX_TAGS} merge tags: split the message"),
            );
            return None;
        }
        let written = source[start..after].to_owned();
        self.tags.push(TagAt { tag, part, line, column, at: self.at.clone(), written });
        Some(self.tags.len() - 1)
    }

    /// After the mark of `{{ lawful_notice }}` (which stands for its first slot) come the other two.
    fn expand_notice(&mut self, index: usize, out: &mut String) {
        use crate::render::System;
        use crate::tags::Origin;
        if self.tags[index].tag != Tag::Notice {
            return;
        }
        self.tags[index].tag = Tag::Value(Origin::System(System::NoticeReason).into());
        for origin in [Origin::NoticeProcessing, Origin::NoticeRights] {
            out.push(' ');
            let next = self.synthetic(index, Tag::Value(origin.into()));
            push_mark(out, next);
        }
    }

    /// A tag that Barid adds, with the position of another one for problems.
    pub(crate) fn synthetic(&mut self, like: usize, tag: Tag) -> usize {
        let (part, line, column) =
            self.tags.get(like).map_or((Part::Html, 1, 1), |tag| (tag.part, tag.line, tag.column));
        self.tags.push(TagAt { tag, part, line, column, at: self.at.clone(), written: String::new() });
        self.tags.len() - 1
    }
}

impl Scan<'_> {
    /// A tag that Barid adds for what an author wrote in a design, where [`Scan::at`] says.
    pub(crate) fn synthetic_at(&mut self, part: Part, tag: Tag) -> usize {
        self.tags.push(TagAt { tag, part, line: 1, column: 1, at: self.at.clone(), written: String::new() });
        self.tags.len() - 1
    }
}

pub(crate) fn push_mark(out: &mut String, index: usize) {
    use std::fmt::Write;
    let _ = write!(out, "{MARK}{index}{MARK_END}");
}

fn push_literal(out: &mut Marked, source: &str, from: usize, to: usize) {
    if from >= to {
        return;
    }
    out.map.push((out.text.len(), from));
    let literal = &source[from..to];
    if literal.contains([MARK, MARK_END]) {
        out.text.push_str(&literal.replace([MARK, MARK_END], "\u{FFFD}"));
    } else {
        out.text.push_str(literal);
    }
}

fn next_tag(source: &str, from: usize) -> Option<(usize, &'static str, &'static str)> {
    let bytes = source.as_bytes();
    (from..bytes.len()).filter(|&i| bytes[i] == b'{' || bytes[i] == b'*').find_map(|i| {
        let found = NOTATIONS
            .iter()
            .find(|(open, _)| bytes[i..].get(..open.len()).is_some_and(|b| b.eq_ignore_ascii_case(open.as_bytes())));
        found.map(|(open, close)| (i, *open, *close))
    })
}

/// Where the closing sign stands; inside quotes it does not count in Barid's own notation.
fn find_close(source: &str, from: usize, open: &str, close: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let limit = bytes.len().min(from + MAX_TAG);
    let closes = |i: usize| bytes[i..].get(..close.len()).is_some_and(|b| b.eq_ignore_ascii_case(close.as_bytes()));
    if open.starts_with('{') {
        let mut quote = None;
        for (i, &byte) in bytes.iter().enumerate().take(limit).skip(from) {
            match (quote, byte) {
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                (None, _) if closes(i) => return Some(i),
                _ => {}
            }
        }
    }
    let end = (from..limit).find(|&i| closes(i))?;
    // Another opening before the close means that this one was never closed.
    (!source[from..end].contains(open)).then_some(end)
}

/// A piece of marked text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Literal(&'a str),
    Tag(usize),
}

/// The pieces of a marked text.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inner) = rest.strip_prefix(MARK)
            && let Some((number, after)) = inner.split_once(MARK_END)
            && let Ok(index) = number.parse()
        {
            rest = after;
            return Some(Piece::Tag(index));
        }
        // A mark cut in half by whatever read the text is dropped with the literal it became.
        let skip = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[skip..].find(MARK).map_or(rest.len(), |at| at + skip);
        let literal = &rest[..end];
        rest = &rest[end..];
        Some(Piece::Literal(literal))
    })
}
