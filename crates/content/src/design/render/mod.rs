//! From the document to MJML and to the text part, in one walk. Every text is escaped here and its merge
//! tags are marks already, so that nothing an author writes can become markup.

mod blocks;
mod look;
mod rich;
mod shop;

use std::fmt::Write;
use std::sync::Arc;

use kernel::Locale;

use self::look::Tone;
use super::words::{Words, words};
use super::{Align, Design, Dir, Padding, Row, Stack, style};
use crate::escape;
use crate::scan::{Marked, Piece, Scan, pieces, push_mark};
use crate::source::{FindingCode, Part};
use crate::tags::{Origin, Tag, own};

/// The parts of a message, marked.
pub(crate) struct Parts {
    pub mjml: Marked,
    pub text: String,
}

/// Turns a document into the parts of a message in this language.
pub(crate) fn render(scan: &mut Scan<'_>, design: &Design, language: &Locale) -> Parts {
    let subject = scan.synthetic(usize::MAX, Tag::Value(Origin::Subject.into()));
    let base = scan.synthetic(usize::MAX, Tag::Value(Origin::Base.into()));
    let mut writer = Writer {
        scan,
        design,
        words: words(language),
        mjml: String::with_capacity(16 * 1024),
        text: String::with_capacity(4 * 1024),
        base,
        tone: Tone::of(&design.theme, None),
        dir: design.dir,
    };
    writer.language(language);
    writer.head(subject);
    for (index, row) in design.rows.iter().enumerate() {
        writer.row(&format!("/rows/{index}"), row);
    }
    writer.mjml.push_str("</mj-body></mjml>");
    let Writer { mjml, mut text, .. } = writer;
    text.truncate(text.trim_end().len());
    text.push('\n');
    Parts { mjml: Marked::synthetic(mjml), text }
}

/// The distance around a block that says nothing of it.
const USUAL: Padding = Padding { block: 10, inline: 24 };

struct Writer<'s, 'c, 'd> {
    scan: &'s mut Scan<'c>,
    design: &'d Design,
    words: &'static Words,
    mjml: String,
    text: String,
    /// The mark of this Barid's own address.
    base: usize,
    /// The colours of the row that is written.
    tone: Tone,
    /// The direction of the block that is written.
    dir: Dir,
}

/// What an author's text became: for HTML, and for the text part.
#[derive(Default)]
struct Both {
    html: String,
    text: String,
}

impl Writer<'_, '_, '_> {
    fn language(&mut self, language: &Locale) {
        if self.design.lang.language() != language.language() {
            let detail = format!("the document is in {}, the message in {language}", self.design.lang);
            self.warn(FindingCode::Language, "/lang", detail);
        }
        if self.design.dir.direction() != language.direction() {
            self.warn(FindingCode::Language, "/dir", format!("{language} is not written in this direction"));
        }
    }

    fn head(&mut self, subject: usize) {
        let theme = &self.design.theme;
        self.mjml.push_str("<mjml><mj-head><mj-title>");
        push_mark(&mut self.mjml, subject);
        self.mjml.push_str("</mj-title>");
        if theme.dark.is_some() {
            self.mjml.push_str(
                "<mj-raw><meta name=\"color-scheme\" content=\"light dark\" />\
                 <meta name=\"supported-color-schemes\" content=\"light dark\" /></mj-raw>",
            );
        }
        let _ = write!(
            self.mjml,
            "<mj-attributes><mj-all font-family=\"{}\" /></mj-attributes><mj-breakpoint width=\"480px\" />\
             <mj-style>{}</mj-style></mj-head><mj-body width=\"{}px\" background-color=\"{}\" css-class=\"bd-bg\">",
            theme.font.stack(),
            style::sheet(theme),
            theme.width,
            theme.bg
        );
    }

    fn row(&mut self, at: &str, row: &Row) {
        self.tone = Tone::of(&self.design.theme, row.style.bg);
        let condition = row.visible_if.as_deref().and_then(|condition| self.condition(at, condition));
        if let Some(tag) = condition {
            self.control(tag);
        }
        let direction = match self.design.dir {
            Dir::Ltr => "ltr",
            Dir::Rtl => "rtl",
        };
        let padding = row.style.padding.unwrap_or(Padding { block: 8, inline: 0 });
        let mut class = self.tone.row_class();
        if row.stack == Stack::Reverse && row.layout.len() > 1 {
            class.push_str(" bd-rev");
        }
        let _ = write!(
            self.mjml,
            "<mj-section css-class=\"{class} b-{}\" background-color=\"{}\" padding=\"{}\" direction=\"{direction}\">",
            row.id,
            self.tone.bg,
            pixels(padding)
        );
        let grouped = row.stack == Stack::None && row.layout.len() > 1;
        if grouped {
            let _ = write!(self.mjml, "<mj-group direction=\"{direction}\">");
        }
        let whole: u32 = row.layout.iter().map(|share| u32::from(*share)).sum();
        for (column, (share, blocks)) in row.layout.iter().zip(&row.cols).enumerate() {
            let percent = f64::from(*share) * 100.0 / f64::from(whole.max(1));
            let _ = write!(
                self.mjml,
                "<mj-column width=\"{percent:.4}%\" direction=\"{direction}\" vertical-align=\"top\">"
            );
            for (index, block) in blocks.iter().enumerate() {
                self.dir = block.dir().unwrap_or(self.design.dir);
                self.begin(block.id());
                self.block(&format!("{at}/cols/{column}/{index}"), block);
            }
            self.mjml.push_str("</mj-column>");
        }
        if grouped {
            self.mjml.push_str("</mj-group>");
        }
        self.mjml.push_str("</mj-section>");
        if condition.is_some() {
            let end = self.scan.synthetic(usize::MAX, Tag::EndIf);
            self.control(end);
        }
    }

    fn condition(&mut self, at: &str, condition: &str) -> Option<usize> {
        self.place(&format!("{at}/visible_if"));
        match own::control(&format!("if {condition}"), self.scan.catalog) {
            Ok(tag) => Some(self.scan.synthetic_at(Part::Design, tag)),
            Err(wrong) => {
                self.scan.problem_as(wrong.code, Part::Design, (1, 1), wrong.detail);
                None
            }
        }
    }

    /// A control between components: in a comment, which MJML lets through, and in the text.
    fn control(&mut self, tag: usize) {
        self.mjml.push_str("<!--");
        push_mark(&mut self.mjml, tag);
        self.mjml.push_str("-->");
        push_mark(&mut self.text, tag);
    }

    /// What follows belongs to the block of this id, until the next begins.
    fn begin(&mut self, id: &str) {
        let tag = self.scan.synthetic(usize::MAX, Tag::Block(Arc::from(id)));
        self.control(tag);
    }

    fn place(&mut self, at: &str) {
        self.scan.at = Some(Arc::from(at));
    }

    fn warn(&mut self, code: FindingCode, at: &str, detail: impl Into<String>) {
        self.place(at);
        self.scan.warning(code, Part::Design, (1, 1), detail);
    }

    fn unfinished(&mut self, code: FindingCode, at: &str, detail: impl Into<String>) {
        self.place(at);
        self.scan.unfinished(code, Part::Design, (1, 1), detail);
    }

    /// An author's words: their merge tags become marks, everything else is escaped.
    fn words(&mut self, at: &str, words: &str) -> Both {
        self.place(at);
        let marked = self.scan.mark(Part::Design, words).text;
        both(&marked)
    }

    /// A URL as an attribute's value and as text; `None` when it is still missing.
    fn url(&mut self, at: &str, url: &str) -> Option<Both> {
        let url = url.trim();
        if url.is_empty() {
            self.unfinished(FindingCode::MissingUrl, at, "where does this lead? Write a URL");
            return None;
        }
        if url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")) {
            self.warn(FindingCode::NotHttps, at, "this link is not encrypted: use https if the site has it");
        }
        Some(self.words(at, url))
    }

    /// The URL of a picture; `None` when it was not chosen yet.
    fn picture(&mut self, at: &str, src: &str) -> Option<String> {
        if src.trim().is_empty() {
            self.unfinished(FindingCode::MissingImage, at, "choose a picture, or remove the block");
            return None;
        }
        if src.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")) {
            self.warn(FindingCode::NotHttps, at, "this picture is not encrypted: use https, or the image library");
        }
        let mut out = String::new();
        if src.starts_with('/') {
            push_mark(&mut out, self.base);
        }
        out.push_str(&self.words(at, src.trim()).html);
        Some(out)
    }

    fn open(&mut self, component: &str, class: &str, padding: Option<Padding>) {
        self.open_in(component, class, &pixels(padding.unwrap_or(USUAL)));
    }

    fn open_in(&mut self, component: &str, class: &str, padding: &str) {
        let _ = write!(self.mjml, "<{component} padding=\"{padding}\"");
        if !class.is_empty() {
            let _ = write!(self.mjml, " css-class=\"{class}\"");
        }
    }

    /// Says something in the text part, as a paragraph of its own.
    fn say(&mut self, text: &str) {
        let text = text.trim_matches([' ', '\n']);
        if !text.is_empty() {
            self.text.push_str(text);
            self.text.push_str("\n\n");
        }
    }

    fn side(&self, align: Align) -> &'static str {
        match align {
            Align::Start => self.dir.start(),
            Align::Center => "center",
            Align::End => self.dir.end(),
        }
    }

    /// The `dir` attribute of a block that has a direction of its own.
    fn own_dir(&self) -> &'static str {
        match self.dir {
            own if own == self.design.dir => "",
            Dir::Ltr => " dir=\"ltr\"",
            Dir::Rtl => " dir=\"rtl\"",
        }
    }

    /// Arabic letters reach further up and down than Latin ones.
    fn leading(&self, latin: &'static str, arabic: &'static str) -> &'static str {
        if self.dir == Dir::Rtl { arabic } else { latin }
    }
}

/// Marked text, escaped for HTML and cleaned for the text part.
fn both(marked: &str) -> Both {
    let mut out = Both::default();
    for piece in pieces(marked) {
        match piece {
            Piece::Tag(index) => {
                push_mark(&mut out.html, index);
                push_mark(&mut out.text, index);
            }
            Piece::Literal(literal) => {
                let visible: String = literal.chars().filter(|c| is_character(*c)).collect();
                escape::html(&visible, &mut out.html);
                escape::plain(&visible, &mut out.text);
            }
        }
    }
    out
}

/// Whether XML can hold it.
fn is_character(c: char) -> bool {
    !matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{80}'..='\u{9F}') && (!c.is_control() || matches!(c, '\n' | '\t'))
}

/// Whether marked text shows nothing.
fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn pixels(padding: Padding) -> String {
    format!("{}px {}px", padding.block, padding.inline)
}
