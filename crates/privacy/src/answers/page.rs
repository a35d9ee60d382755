use kernel::Timestamp;

use super::words::Words;
use super::{Frame, Prepared, Question};

enum Block {
    Heading(String),
    Paragraph(String),
    Item(String),
}

/// An answer while it is written: headings, paragraphs and lists, later text and HTML.
pub(super) struct Page {
    pub(super) words: Words,
    blocks: Vec<Block>,
}

impl Page {
    pub(super) const fn new(words: Words) -> Self {
        Self { words, blocks: Vec::new() }
    }

    pub(super) fn heading(&mut self, name: &str) {
        self.blocks.push(Block::Heading(self.words.say(name, &[])));
    }

    pub(super) fn paragraph(&mut self, text: String) {
        self.blocks.push(Block::Paragraph(text));
    }

    pub(super) fn item(&mut self, text: String) {
        self.blocks.push(Block::Item(text));
    }

    /// Says who asked what, and of when the answer is.
    pub(super) fn opening(&mut self, question: Question, frame: &Frame, at: Timestamp) {
        self.paragraph(self.words.say("hello", &[]));
        let places = [("organisation", frame.organisation.as_str()), ("date", &self.words.date(at))];
        self.paragraph(self.words.say(&format!("asked.{question}"), &places));
    }

    /// How to stop, see, correct, erase and complain; who answers.
    pub(super) fn rights(&mut self, frame: &Frame) {
        self.heading("rights");
        for (name, place, value) in [
            ("rights.stop", "link", &frame.stop),
            ("rights.centre", "link", &frame.centre),
            ("rights.contact", "contact", &frame.settings.contact),
        ] {
            if let Some(value) = value {
                self.item(self.words.say(name, &[(place, value)]));
            }
        }
        self.item(self.words.say("rights.reply", &[]));
        self.item(self.words.say("rights.authority", &[]));
        self.paragraph(frame.organisation.clone());
        if !frame.postal_address.is_empty() {
            self.paragraph(frame.postal_address.clone());
        }
    }

    pub(super) fn finish(self, question: Question, frame: &Frame) -> Prepared {
        let subject = self.words.say(&format!("subject.{question}"), &[("organisation", &frame.organisation)]);
        Prepared {
            question,
            language: self.words.language(),
            subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
            text: self.text(),
            html: self.html(),
        }
    }

    fn text(&self) -> String {
        let mut out = String::new();
        for (at, block) in self.blocks.iter().enumerate() {
            match block {
                Block::Heading(text) => out.extend(["\n", text, "\n"]),
                Block::Paragraph(text) => out.extend([text.as_str(), "\n"]),
                Block::Item(text) => out.extend(["- ", &text.replace('\n', "\n  "), "\n"]),
            }
            let next = self.blocks.get(at + 1);
            if matches!((block, next), (Block::Paragraph(_) | Block::Item(_), Some(Block::Paragraph(_)))) {
                out.push('\n');
            }
        }
        out
    }

    fn html(&self) -> String {
        let mut out = format!(
            "<!doctype html><html lang=\"{}\" dir=\"{}\"><body style=\"font-family:sans-serif;max-width:40em;margin:2em auto;line-height:1.6\">",
            self.words.language(),
            self.words.direction()
        );
        let mut listing = false;
        for block in &self.blocks {
            let is_item = matches!(block, Block::Item(_));
            if is_item != listing {
                out.push_str(if is_item { "<ul>" } else { "</ul>" });
                listing = is_item;
            }
            match block {
                Block::Heading(text) => out.extend(["<h2>", &marked(text), "</h2>"]),
                Block::Paragraph(text) => out.extend(["<p>", &marked(text), "</p>"]),
                Block::Item(text) => out.extend(["<li>", &marked(text), "</li>"]),
            }
        }
        out.push_str(if listing { "</ul></body></html>" } else { "</body></html>" });
        out
    }
}

/// Text as HTML: markup characters escaped, line breaks kept, links of ours clickable. Values come from outside: a
/// link is made only of what ends a line and begins with http.
fn marked(text: &str) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;")
    };
    let lines = text.lines().map(|line| match line.rfind("http") {
        Some(at) if is_link(&line[at..]) && (at == 0 || line[..at].ends_with(' ')) => {
            let link = escape(&line[at..]);
            format!("{}<a href=\"{link}\">{link}</a>", escape(&line[..at]))
        }
        _ => escape(line),
    });
    lines.collect::<Vec<_>>().join("<br>")
}

fn is_link(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}
