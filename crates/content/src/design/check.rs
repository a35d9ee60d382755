//! The bounds of a document: what no editor can reach and no mail program should meet.

use std::collections::HashSet;

use super::{Block, Design, Doc, Fault, Inline, MAX_BLOCKS, MAX_ROWS, Mark, Node, Padding, ProductItem, Row, TextNode};
use crate::source::{MAX_BODY, MAX_LINE};

const MAX_FAULTS: usize = 50;
const MAX_TEXT: usize = 20_000;
const MAX_LABEL: usize = 300;
const MAX_ALT: usize = 500;
const MAX_SENTENCE: usize = 1_000;
const MAX_URL: usize = 2_000;
const MAX_CODE: usize = 50_000;
const MAX_PADDING: u16 = 120;
const LAYOUTS: [&[u8]; 6] = [&[1], &[1, 1], &[1, 2], &[2, 1], &[1, 1, 1], &[1, 1, 1, 1]];

/// Everything out of bounds.
pub(super) fn faults(design: &Design) -> Vec<Fault> {
    let mut check = Check { faults: Vec::new(), ids: HashSet::new() };
    check.document(design);
    check.faults
}

struct Check<'d> {
    faults: Vec<Fault>,
    ids: HashSet<&'d str>,
}

impl<'d> Check<'d> {
    fn fault(&mut self, at: String, detail: impl Into<String>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { at, detail: detail.into() });
        }
    }

    fn document(&mut self, design: &'d Design) {
        if design.to_json().to_string().len() > MAX_BODY {
            self.fault(String::new(), format!("a document has at most {MAX_BODY} bytes: split the message"));
            return;
        }
        self.number("/theme/width", design.theme.width, (320, 900));
        self.number("/theme/radius", design.theme.radius, (0, 40));
        self.text("/preheader", &design.preheader, MAX_LINE);
        if design.rows.len() > MAX_ROWS {
            self.fault("/rows".to_owned(), format!("at most {MAX_ROWS} rows"));
            return;
        }
        if design.blocks().count() > MAX_BLOCKS {
            self.fault("/rows".to_owned(), format!("at most {MAX_BLOCKS} blocks"));
            return;
        }
        for (index, row) in design.rows.iter().enumerate() {
            self.row(&format!("/rows/{index}"), row);
        }
        for (at, block) in design.blocks() {
            self.id(&at, block.id());
            if let Some(padding) = block.padding() {
                self.padding(&format!("{at}/padding"), padding);
            }
            self.block(&at, block);
        }
        self.footer(design);
    }

    fn row(&mut self, at: &str, row: &'d Row) {
        self.id(at, &row.id);
        if !LAYOUTS.contains(&row.layout.as_slice()) {
            self.fault(format!("{at}/layout"), "expected [1], [1,1], [1,2], [2,1], [1,1,1] or [1,1,1,1]");
        } else if row.cols.len() != row.layout.len() {
            self.fault(format!("{at}/cols"), format!("expected {} columns, as the layout says", row.layout.len()));
        }
        if let Some(padding) = row.style.padding {
            self.padding(&format!("{at}/style/padding"), padding);
        }
        if let Some(condition) = &row.visible_if {
            self.text(&format!("{at}/visible_if"), condition, MAX_LABEL);
            if condition.trim().is_empty() {
                self.fault(format!("{at}/visible_if"), "is empty: write a condition or leave it out");
            }
        }
    }

    fn footer(&mut self, design: &Design) {
        let last = design.rows.last();
        let is_footer =
            last.and_then(|row| row.cols.last()?.last()).is_some_and(|block| matches!(block, Block::Footer(_)));
        if !is_footer {
            self.fault("/rows".to_owned(), "the last block must be a footer, with address and unsubscribe link");
        } else if last.is_some_and(|row| row.visible_if.is_some()) {
            let at = format!("/rows/{}/visible_if", design.rows.len() - 1);
            self.fault(at, "the footer is for everybody: remove the condition");
        }
    }

    fn id(&mut self, at: &str, id: &'d str) {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if id.is_empty() || id.len() > 40 || !id.bytes().all(good) {
            self.fault(format!("{at}/id"), "expected 1 to 40 letters, digits, - and _");
        } else if !self.ids.insert(id) {
            self.fault(format!("{at}/id"), "another row or block has this id: ids are unique in a document");
        }
    }

    fn number(&mut self, at: &str, value: u16, (least, most): (u16, u16)) {
        if !(least..=most).contains(&value) {
            self.fault(at.to_owned(), format!("expected {least} to {most}"));
        }
    }

    fn padding(&mut self, at: &str, padding: Padding) {
        self.number(&format!("{at}/block"), padding.block, (0, MAX_PADDING));
        self.number(&format!("{at}/inline"), padding.inline, (0, MAX_PADDING));
    }

    fn text(&mut self, at: &str, text: &str, most: usize) {
        if text.len() > most {
            self.fault(at.to_owned(), format!("at most {most} bytes"));
        }
    }

    fn count(&mut self, at: String, count: usize, most: usize) {
        if count > most {
            self.fault(at, format!("at most {most}"));
        }
    }

    fn url(&mut self, at: String, url: &str) {
        self.text(&at, url, MAX_URL);
        if !(url.is_empty()
            || is_merge(url)
            || ["http://", "https://", "mailto:", "tel:"].iter().any(|s| starts(url, s)))
        {
            self.fault(at, "expected an http, https, mailto or tel URL, or a merge tag");
        } else if url.chars().any(char::is_control) {
            self.fault(at, "a URL contains no control characters");
        }
    }

    fn picture(&mut self, at: String, url: &str) {
        self.text(&at, url, MAX_URL);
        let own = url.starts_with("/i/") && !url.contains("..") && !url.contains(['\\', '"', '<', '>']);
        if !(url.is_empty() || own || starts(url, "http://") || starts(url, "https://")) {
            self.fault(at, "expected an http or https URL, or a picture of the library, /i/…");
        } else if url.chars().any(char::is_control) {
            self.fault(at, "a URL contains no control characters");
        }
    }

    fn block(&mut self, at: &str, block: &'d Block) {
        let place = |name: &str| format!("{at}/{name}");
        match block {
            Block::Heading(heading) => {
                self.number(&place("level"), heading.level.into(), (1, 3));
                self.inlines(&place("content"), &heading.content);
            }
            Block::Text(text) => {
                self.number(&place("size"), text.size.unwrap_or(16), (12, 32));
                self.doc(&place("content"), &text.content);
            }
            Block::Button(super::Button { label, url, .. })
            | Block::Booking(super::Booking { label, url, .. })
            | Block::Signup(super::Signup { label, url, .. }) => {
                self.text(&place("label"), label, MAX_LABEL);
                self.url(place("url"), url);
            }
            Block::Image(image) => {
                self.picture(place("src"), &image.src);
                self.text(&place("alt"), &image.alt, MAX_ALT);
                self.number(&place("width"), image.width.unwrap_or(8), (8, 900));
                self.number(&place("radius"), image.radius.unwrap_or(0), (0, 200));
                if let Some(url) = &image.url {
                    self.url(place("url"), url);
                }
            }
            Block::Divider(divider) => self.number(&place("width"), divider.width.unwrap_or(1), (1, 12)),
            Block::Spacer(spacer) => self.number(&place("height"), spacer.height, (1, 200)),
            Block::Social(social) => {
                self.count(place("items"), social.items.len(), 14);
                for (index, item) in social.items.iter().enumerate() {
                    self.url(place(&format!("items/{index}/url")), &item.url);
                    self.text(&place(&format!("items/{index}/label")), item.label.as_deref().unwrap_or(""), MAX_LABEL);
                }
            }
            Block::Menu(menu) => {
                self.count(place("items"), menu.items.len(), 12);
                for (index, item) in menu.items.iter().enumerate() {
                    self.url(place(&format!("items/{index}/url")), &item.url);
                    self.text(&place(&format!("items/{index}/label")), &item.label, MAX_LABEL);
                }
            }
            Block::Video(video) => {
                self.url(place("url"), &video.url);
                self.picture(place("thumbnail"), &video.thumbnail);
                self.text(&place("alt"), &video.alt, MAX_ALT);
                self.text(&place("label"), video.label.as_deref().unwrap_or(""), MAX_LABEL);
            }
            Block::Table(table) => self.table(at, &table.rows),
            Block::Product(product) => {
                self.number(&place("columns"), product.columns.into(), (1, 3));
                self.count(place("items"), product.items.len(), 30);
                self.text(&place("label"), product.label.as_deref().unwrap_or(""), MAX_LABEL);
                for (index, item) in product.items.iter().enumerate() {
                    self.product(&place(&format!("items/{index}")), item);
                }
            }
            Block::Quote(quote) => {
                self.doc(&place("content"), &quote.content);
                self.text(&place("cite"), quote.cite.as_deref().unwrap_or(""), MAX_LABEL);
            }
            Block::Code(code) => self.text(&place("html"), &code.html, MAX_CODE),
            Block::Footer(footer) => {
                self.text(&place("text"), &footer.text, MAX_SENTENCE);
                for (name, label) in
                    [("unsubscribe_label", &footer.unsubscribe_label), ("preferences_label", &footer.preferences_label)]
                {
                    self.text(&place(name), label.as_deref().unwrap_or(""), MAX_LABEL);
                    if label.as_deref().is_some_and(|label| label.trim().is_empty()) {
                        self.fault(place(name), "the link needs words: write some, or leave it out for the usual ones");
                    }
                }
            }
        }
    }

    fn table(&mut self, at: &str, rows: &[Vec<String>]) {
        self.count(format!("{at}/rows"), rows.len(), 100);
        let width = rows.first().map_or(0, Vec::len);
        if rows.is_empty() || width == 0 || width > 8 {
            self.fault(format!("{at}/rows"), "expected 1 to 100 rows of 1 to 8 cells");
        }
        for (index, row) in rows.iter().enumerate() {
            if row.len() != width {
                self.fault(format!("{at}/rows/{index}"), format!("expected {width} cells, as in the first row"));
            }
            for (cell, text) in row.iter().enumerate() {
                self.text(&format!("{at}/rows/{index}/{cell}"), text, MAX_SENTENCE);
            }
        }
    }

    fn product(&mut self, at: &str, item: &ProductItem) {
        let ProductItem { name, text, price, old_price, image, alt, url } = item;
        for (member, value, most) in [
            ("name", Some(name), MAX_LABEL),
            ("text", text.as_ref(), MAX_SENTENCE),
            ("price", price.as_ref(), 100),
            ("old_price", old_price.as_ref(), 100),
            ("alt", alt.as_ref(), MAX_ALT),
        ] {
            self.text(&format!("{at}/{member}"), value.map_or("", String::as_str), most);
        }
        self.picture(format!("{at}/image"), image.as_deref().unwrap_or(""));
        self.url(format!("{at}/url"), url.as_deref().unwrap_or(""));
    }

    fn doc(&mut self, at: &str, doc: &Doc) {
        self.nodes(&format!("{at}/content"), &doc.content);
    }

    fn nodes(&mut self, at: &str, nodes: &[Node]) {
        for (index, node) in nodes.iter().enumerate() {
            let at = format!("{at}/{index}");
            match node {
                Node::Paragraph { content, .. } => self.inlines(&format!("{at}/content"), content),
                Node::Blockquote { content } => self.nodes(&format!("{at}/content"), content),
                Node::BulletList { content } => self.items(&at, content),
                Node::OrderedList { attrs, content } => {
                    if attrs.start.is_some_and(|start| start > 100_000) {
                        self.fault(format!("{at}/attrs/start"), "expected 0 to 100000");
                    }
                    self.items(&at, content);
                }
            }
        }
    }

    fn items(&mut self, at: &str, items: &[super::ListItem]) {
        for (index, item) in items.iter().enumerate() {
            self.nodes(&format!("{at}/content/{index}/content"), &item.content);
        }
    }

    fn inlines(&mut self, at: &str, inlines: &[Inline]) {
        for (index, inline) in inlines.iter().enumerate() {
            let at = format!("{at}/{index}");
            let marks = match inline {
                Inline::HardBreak => continue,
                Inline::Text(TextNode { text, marks }) => {
                    self.text(&format!("{at}/text"), text, MAX_TEXT);
                    marks
                }
                Inline::Merge(merge) => {
                    self.text(&format!("{at}/attrs/field"), &merge.attrs.field, 100);
                    self.text(&format!("{at}/attrs/fallback"), &merge.attrs.fallback, MAX_LABEL);
                    &merge.marks
                }
            };
            self.count(format!("{at}/marks"), marks.len(), 6);
            for (number, mark) in marks.iter().enumerate() {
                if let Mark::Link { attrs } = mark {
                    self.url(format!("{at}/marks/{number}/attrs/href"), &attrs.href);
                }
            }
        }
    }
}

fn starts(url: &str, scheme: &str) -> bool {
    url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Whether a URL begins with a merge tag; what it may become is decided for each reader.
fn is_merge(url: &str) -> bool {
    url.starts_with("{{") || url.starts_with("*|")
}
