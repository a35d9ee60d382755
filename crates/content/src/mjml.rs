//! MJML to HTML. The reading is mrml's; the checks that say where an author went wrong, the
//! right-to-left defaults and the conditionals between components are Barid's.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kernel::{Direction, Locale};
use mrml::prelude::parser::{Error, ParserOptions};
use mrml::prelude::render::RenderOptions;

use crate::html::{Attribute, Token, tokens};
use crate::scan::{Marked, Piece, Scan, pieces, push_mark};
use crate::source::{FindingCode, Part, position};

const MAX_DEPTH: usize = 80;
/// Components that hold components, where plain text has no place.
const STRUCTURAL: [&str; 6] = ["mj-body", "mj-wrapper", "mj-section", "mj-group", "mj-column", "mj-hero"];
/// Every component there is; the reader passes unknown ones over in silence, and their content with them.
const COMPONENTS: [&str; 37] = [
    "mj-accordion",
    "mj-accordion-element",
    "mj-accordion-text",
    "mj-accordion-title",
    "mj-all",
    "mj-attributes",
    "mj-body",
    "mj-breakpoint",
    "mj-button",
    "mj-carousel",
    "mj-carousel-image",
    "mj-class",
    "mj-column",
    "mj-divider",
    "mj-font",
    "mj-group",
    "mj-head",
    "mj-hero",
    "mj-html-attribute",
    "mj-html-attributes",
    "mj-image",
    "mj-include",
    "mj-navbar",
    "mj-navbar-link",
    "mj-preview",
    "mj-raw",
    "mj-section",
    "mj-selector",
    "mj-social",
    "mj-social-element",
    "mj-spacer",
    "mj-style",
    "mj-table",
    "mj-text",
    "mj-title",
    "mj-wrapper",
    "mjml",
];
const VOID: [&str; 10] = ["br", "img", "hr", "input", "meta", "link", "col", "source", "wbr", "area"];

/// Turns marked MJML into HTML with the same marks; `None` after problems.
pub(crate) fn to_html(
    scan: &mut Scan<'_>,
    source: &str,
    marked: &mut Marked,
    (language, direction): (&Locale, Direction),
) -> Option<String> {
    if !prepare(scan, source, marked, (language, direction)) {
        return None;
    }
    // The reader is foreign code on hostile input: a panic in it is a problem of the template.
    let html = catch_unwind(AssertUnwindSafe(|| {
        let parsed = mrml::parse_with_options(&marked.text, &ParserOptions::default()).map_err(Failure::Parse)?;
        // No fonts from elsewhere: a mail must not make its reader call a third party.
        let options = RenderOptions { fonts: HashMap::new(), ..RenderOptions::default() };
        let html = parsed.element.render(&options).map_err(|_| Failure::Render)?;
        Ok((html, parsed.warnings))
    }));
    match html {
        Ok(Ok((html, warnings))) => {
            for warning in warnings {
                let at = position(source, marked.source_offset(warning.span.start));
                scan.warning(FindingCode::Ignored, Part::Mjml, at, format!("{}: it is ignored", warning.kind));
            }
            if html.contains("//www.mailjet.com") {
                let detail = "a social icon is loaded from its maker's server: give each mj-social-element its own src";
                scan.warning(FindingCode::RemoteIcon, Part::Mjml, (1, 1), detail);
            }
            Some(html.replace(MARK_REFERENCE, MARK_TEXT).replace(MARK_END_REFERENCE, MARK_END_TEXT))
        }
        Ok(Err(Failure::Parse(error))) => {
            let (offset, detail) = explain(&error, &marked.text);
            scan.problem(Part::Mjml, position(source, marked.source_offset(offset)), detail);
            None
        }
        Ok(Err(Failure::Render)) | Err(_) => {
            scan.problem(Part::Mjml, (1, 1), "the MJML cannot be turned into HTML: remove unusual components");
            None
        }
    }
}

/// A replacement in the marked text.
type Edit = (Range<usize>, String);

const MARK_TEXT: &str = "\u{E0F0}";
const MARK_END_TEXT: &str = "\u{E0F1}";
const MARK_REFERENCE: &str = "&#xE0F0;";
const MARK_END_REFERENCE: &str = "&#xE0F1;";

/// mrml 6.0 prints attribute values as Rust prints strings in debug output, which spoils Arabic
/// vowel signs, quotes and marks. Character references go through it unharmed and mean the same.
fn protect_attributes(text: &str, attributes: &[Attribute], out: &mut Vec<Edit>) {
    let spoilt = |c: char| !(c.is_ascii_graphic() || c == ' ') || c == '"' || c == '\\';
    for range in attributes.iter().filter_map(|attribute| attribute.value.clone()) {
        let value = &text[range.clone()];
        if value.contains(spoilt) {
            let mut protected = String::with_capacity(value.len() * 2);
            for c in value.chars() {
                if spoilt(c) {
                    let _ = write!(protected, "&#x{:X};", u32::from(c));
                } else {
                    protected.push(c);
                }
            }
            out.push((range, protected));
        }
    }
}

enum Failure {
    Parse(Error),
    Render,
}

fn explain(error: &Error, text: &str) -> (usize, String) {
    match error {
        Error::UnexpectedElement { position, .. } => {
            (position.start, "this element may not stand here: see the MJML component's list of children".to_owned())
        }
        Error::UnexpectedToken { position, .. } => {
            (position.start, "unexpected text: put it into a component such as mj-text".to_owned())
        }
        Error::MissingAttribute { name, position, .. } => (position.start, format!("the attribute {name} is missing")),
        Error::InvalidAttribute { position, .. } => (position.start, "this attribute cannot be read".to_owned()),
        Error::InvalidFormat { position, .. } => (position.start, "this cannot be read as MJML".to_owned()),
        Error::EndOfStream { .. } => (text.len(), "the document ends too early: an element is not closed".to_owned()),
        Error::SizeLimit { .. } => (0, "the document is too large".to_owned()),
        Error::NoRootNode => (0, "the document must start with <mjml>".to_owned()),
        Error::IncludeLoaderError { position, .. } => {
            (position.start, "mj-include is not possible: paste the content here".to_owned())
        }
        Error::ParserError { source, .. } => {
            let at = source.pos();
            let line_start: usize =
                text.split_inclusive('\n').take(at.row.saturating_sub(1) as usize).map(str::len).sum();
            let rest = &text[line_start.min(text.len())..];
            let column = rest.char_indices().nth(at.col.saturating_sub(1) as usize).map_or(rest.len(), |(i, _)| i);
            (line_start + column, "this is not well-formed: look for a missing quote or >".to_owned())
        }
    }
}

/// Checks the nesting, turns conditionals between components into comments (which MJML lets
/// through) and adds the right-to-left defaults. False after a problem.
fn prepare(
    scan: &mut Scan<'_>,
    source: &str,
    marked: &mut Marked,
    (language, direction): (&Locale, Direction),
) -> bool {
    let before = scan.problems.len();
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut edits: Vec<Edit> = Vec::new();
    let rtl = direction == Direction::Rtl;
    let mut has_head = false;
    let mut root_end = None;
    let mut seen_root = false;
    for (token, range) in tokens(&marked.text) {
        let at = |offset| position(source, marked.source_offset(offset));
        match token {
            Token::Tag { name, close: false, attributes } => {
                let empty = marked.text[range.clone()].ends_with("/>");
                if name != "mjml" {
                    protect_attributes(&marked.text, &attributes, &mut edits);
                }
                match name.as_str() {
                    "mjml" => {
                        seen_root = true;
                        root_end = Some(range.end);
                        let end = if empty { " />" } else { ">" };
                        let dir = direction.as_str();
                        edits.push((range.clone(), format!("<mjml lang=\"{language}\" dir=\"{dir}\"{end}")));
                    }
                    "mj-head" => {
                        has_head = true;
                        if rtl && !empty {
                            edits.push((range.end..range.end, rtl_defaults(&marked.text)));
                        }
                    }
                    unknown if unknown.starts_with("mj-") && !COMPONENTS.contains(&unknown) => {
                        let detail = format!("<{unknown}> is no MJML component: correct its name or remove it");
                        scan.problem(Part::Mjml, at(range.start), detail);
                    }
                    _ => {}
                }
                if !empty && !VOID.contains(&name.as_str()) {
                    open.push((name, range.start));
                }
                if open.len() > MAX_DEPTH {
                    scan.problem(Part::Mjml, at(range.start), "elements are nested too deeply");
                    return false;
                }
            }
            Token::Tag { name, close: true, .. } => {
                if let Some(index) = open.iter().rposition(|(opened, _)| *opened == name) {
                    for (unclosed, start) in open.drain(index..).skip(1) {
                        scan.problem(Part::Mjml, at(start), format!("<{unclosed}> is never closed: add </{unclosed}>"));
                    }
                } else {
                    scan.problem(Part::Mjml, at(range.start), format!("</{name}> closes nothing: remove it"));
                }
            }
            Token::Text => {
                let inside = open.last().map_or("", |(name, _)| name.as_str());
                if STRUCTURAL.contains(&inside) {
                    wrap_controls(scan, &marked.text, range, &mut edits);
                }
            }
            _ => {}
        }
    }
    // The innermost is where the mistake is; those around it only look unclosed because of it.
    if let Some((unclosed, start)) = open.pop() {
        let at = position(source, marked.source_offset(start));
        scan.problem(Part::Mjml, at, format!("<{unclosed}> is never closed: add </{unclosed}>"));
    }
    if !seen_root {
        scan.problem(Part::Mjml, (1, 1), "the document must start with <mjml>");
    }
    if let (true, false, Some(end)) = (rtl, has_head, root_end) {
        edits.push((end..end, format!("<mj-head>{}</mj-head>", rtl_defaults(&marked.text))));
        edits.sort_by_key(|(range, _)| range.start);
    }
    marked.edit(&edits);
    scan.problems.len() == before
}

/// MJML aligns text left and orders columns left to right unless told otherwise.
fn rtl_defaults(text: &str) -> String {
    let align = if text.contains("<mj-all") { "" } else { "<mj-text align=\"right\" />" };
    format!(
        "<mj-attributes>{align}<mj-wrapper direction=\"rtl\" /><mj-section direction=\"rtl\" />\
         <mj-group direction=\"rtl\" /><mj-column direction=\"rtl\" /></mj-attributes>"
    )
}

fn wrap_controls(scan: &Scan<'_>, text: &str, range: std::ops::Range<usize>, out: &mut Vec<Edit>) {
    let mut at = range.start;
    for piece in pieces(&text[range]) {
        match piece {
            Piece::Literal(literal) => at += literal.len(),
            Piece::Tag(index) => {
                let mut mark = String::new();
                push_mark(&mut mark, index);
                let end = at + mark.len();
                if scan.tags.get(index).is_some_and(|tag| tag.tag.is_control()) {
                    out.push((at..at, "<!--".to_owned()));
                    out.push((end..end, "-->".to_owned()));
                }
                at = end;
            }
        }
    }
}
