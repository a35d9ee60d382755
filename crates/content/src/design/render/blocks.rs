//! Each block as MJML components and as text.

use std::fmt::Write;

use super::{Both, USUAL, Writer, is_blank, pixels};
use crate::design::{
    Align, Block, Button, ButtonStyle, Colour, Dir, Divider, Footer, Heading, Image, LineStyle, Padding, Quote, Spacer,
    Text, Video, sanitise,
};
use crate::source::{FindingCode, Part};

/// A button, whatever it is for.
struct Pressed<'b> {
    label: &'b str,
    url: &'b str,
    align: Align,
    style: ButtonStyle,
    color: Option<Colour>,
    wide: bool,
    padding: Option<Padding>,
}

macro_rules! pressed {
    ($button:expr) => {
        Pressed {
            label: &$button.label,
            url: &$button.url,
            align: $button.align,
            style: $button.style,
            color: $button.color,
            wide: $button.wide,
            padding: $button.padding,
        }
    };
}

impl Writer<'_, '_, '_> {
    pub(super) fn block(&mut self, at: &str, block: &Block) {
        match block {
            Block::Heading(heading) => self.heading(at, heading),
            Block::Text(text) => self.rich(at, text),
            Block::Button(Button { .. }) | Block::Booking(_) | Block::Signup(_) => self.any_button(at, block),
            Block::Image(image) => self.image(at, image),
            Block::Divider(divider) => self.divider(divider),
            Block::Spacer(Spacer { height, .. }) => {
                let _ = write!(self.mjml, "<mj-spacer height=\"{height}px\" />");
            }
            Block::Social(social) => {
                let words = self.words;
                let items: Vec<(String, &str)> = social
                    .items
                    .iter()
                    .map(|item| {
                        let label = item.label.clone().filter(|label| !is_blank(label));
                        (label.unwrap_or_else(|| words.network(item.network).to_owned()), item.url.as_str())
                    })
                    .collect();
                self.links(at, &items, (social.align, social.padding));
            }
            Block::Menu(menu) => {
                let items: Vec<(String, &str)> =
                    menu.items.iter().map(|item| (item.label.clone(), item.url.as_str())).collect();
                self.links(at, &items, (menu.align, menu.padding));
            }
            Block::Video(video) => self.video(at, video),
            Block::Table(table) => self.table(at, table),
            Block::Product(product) => self.products(at, product),
            Block::Quote(quote) => self.quote(at, quote),
            Block::Code(code) => self.code(at, &code.html, code.padding),
            Block::Footer(footer) => self.footer(at, footer),
        }
    }

    fn heading(&mut self, at: &str, heading: &Heading) {
        let inner = self.inlines(&format!("{at}/content"), &heading.content);
        if is_blank(&inner.text) {
            self.warn(FindingCode::EmptyBlock, at, "this heading says nothing");
        }
        self.contrast(at, heading.color, true);
        let level = heading.level.clamp(1, 3);
        let (size, latin, arabic) = match level {
            1 => (30, "1.25", "1.5"),
            2 => (23, "1.3", "1.55"),
            _ => (18, "1.4", "1.6"),
        };
        let leading = self.leading(latin, arabic);
        self.open("mj-text", self.tone.text_class(heading.color), heading.padding);
        let _ = write!(
            self.mjml,
            " align=\"{}\" color=\"{}\" font-size=\"{size}px\" font-weight=\"700\" line-height=\"{leading}\">\
             <h{level}{} style=\"margin:0;font-size:{size}px;font-weight:700;line-height:{leading}\">{}</h{level}></mj-text>",
            self.side(heading.align),
            heading.color.unwrap_or(self.tone.text),
            self.own_dir(),
            inner.html
        );
        let text = inner.text;
        self.say(&text);
    }

    fn rich(&mut self, at: &str, text: &Text) {
        let inner = self.nodes(&format!("{at}/content/content"), &text.content.content, text.align);
        if is_blank(&inner.text) {
            self.warn(FindingCode::EmptyBlock, at, "this text says nothing");
        }
        self.contrast(at, text.color, false);
        let class = self.tone.text_class(text.color);
        let colour = text.color.unwrap_or(self.tone.text);
        self.paragraphs((class, colour, text.size.unwrap_or(16)), text.align, text.padding, &inner);
    }

    /// Running text in a component of its own, and in the text part.
    fn paragraphs(
        &mut self,
        (class, colour, size): (&str, Colour, u16),
        align: Align,
        padding: Option<Padding>,
        inner: &Both,
    ) {
        self.paragraphs_in((class, colour, size), align, &pixels(padding.unwrap_or(USUAL)), inner);
    }

    /// The same, with a padding of its own on each side.
    fn paragraphs_in(&mut self, (class, colour, size): (&str, Colour, u16), align: Align, padding: &str, inner: &Both) {
        let leading = self.leading("1.6", "1.85");
        self.open_in("mj-text", class, padding);
        let dir = self.own_dir();
        let _ = write!(
            self.mjml,
            " align=\"{}\" color=\"{colour}\" font-size=\"{size}px\" line-height=\"{leading}\">",
            self.side(align)
        );
        if dir.is_empty() {
            self.mjml.push_str(&inner.html);
        } else {
            let _ = write!(self.mjml, "<div{dir}>{}</div>", inner.html);
        }
        self.mjml.push_str("</mj-text>");
        self.say(&inner.text);
    }

    fn any_button(&mut self, at: &str, block: &Block) {
        match block {
            Block::Button(button) => self.button(at, &pressed!(button)),
            Block::Booking(button) => self.button(at, &pressed!(button)),
            Block::Signup(button) => self.button(at, &pressed!(button)),
            _ => {}
        }
    }

    fn button(&mut self, at: &str, button: &Pressed<'_>) {
        let label = self.words(&format!("{at}/label"), button.label);
        if is_blank(&label.text) {
            self.warn(FindingCode::EmptyBlock, &format!("{at}/label"), "this button says nothing");
        }
        let url = self.url(&format!("{at}/url"), button.url);
        let colour = button.color.unwrap_or(self.tone.brand);
        // A colour of its own stays on a dark screen.
        let class = |class| if button.color.is_none() { self.tone.class(class) } else { "" };
        let (class, look) = match button.style {
            ButtonStyle::Filled => {
                (class("bd-b"), format!(" background-color=\"{colour}\" color=\"{}\"", colour.readable()))
            }
            ButtonStyle::Outline => (
                class("bd-o"),
                format!(" background-color=\"transparent\" border=\"2px solid {colour}\" color=\"{colour}\""),
            ),
        };
        self.open("mj-button", class, button.padding);
        let leading = self.leading("1.3", "1.5");
        let _ = write!(
            self.mjml,
            "{look} align=\"{}\" border-radius=\"{}px\" font-size=\"16px\" font-weight=\"600\" line-height=\"{leading}\" \
             inner-padding=\"13px 28px\"",
            self.side(button.align),
            self.design.theme.radius
        );
        if button.wide {
            self.mjml.push_str(" width=\"100%\"");
        }
        if let Some(url) = &url {
            let _ = write!(self.mjml, " href=\"{}\"", url.html);
        }
        let dir = self.own_dir();
        if dir.is_empty() {
            let _ = write!(self.mjml, ">{}</mj-button>", label.html);
        } else {
            let _ = write!(self.mjml, "><span{dir}>{}</span></mj-button>", label.html);
        }
        let url = url.map_or_else(String::new, |url| format!("\n{}", url.text));
        self.say(&format!("{}{url}", label.text));
    }

    fn image(&mut self, at: &str, image: &Image) {
        let alt = if image.decorative { Both::default() } else { self.words(&format!("{at}/alt"), &image.alt) };
        if !image.decorative && is_blank(&image.alt) {
            let detail = "say what the picture shows, for people who do not see it, or mark it as decorative";
            self.unfinished(FindingCode::MissingAlt, &format!("{at}/alt"), detail);
        }
        let url = image.url.as_deref().filter(|url| !is_blank(url));
        let url = url.and_then(|url| self.url(&format!("{at}/url"), url));
        let radius = image.radius.unwrap_or(self.design.theme.radius);
        if let Some(src) = self.picture(&format!("{at}/src"), &image.src) {
            self.open("mj-image", "", image.padding);
            let _ = write!(
                self.mjml,
                " src=\"{src}\" alt=\"{}\" align=\"{}\" border-radius=\"{radius}px\"",
                alt.html,
                self.side(image.align)
            );
            if let Some(width) = image.width {
                let _ = write!(self.mjml, " width=\"{width}px\"");
            }
            if let Some(url) = &url {
                let _ = write!(self.mjml, " href=\"{}\"", url.html);
            }
            self.mjml.push_str(" />");
        }
        let mut text = if is_blank(&alt.text) { String::new() } else { format!("[{}]", alt.text.trim()) };
        if let Some(url) = url {
            let _ = write!(text, "\n{}", url.text);
        }
        self.say(&text);
    }

    fn divider(&mut self, divider: &Divider) {
        let class = if divider.color.is_none() { self.tone.class("bd-d") } else { "" };
        let style = match divider.style {
            LineStyle::Solid => "solid",
            LineStyle::Dashed => "dashed",
            LineStyle::Dotted => "dotted",
        };
        let colour = divider.color.unwrap_or(self.tone.line);
        self.open("mj-divider", class, divider.padding);
        let width = divider.width.unwrap_or(1);
        let _ = write!(self.mjml, " border-color=\"{colour}\" border-style=\"{style}\" border-width=\"{width}px\" />");
        self.say("----------");
    }

    fn links(&mut self, at: &str, items: &[(String, &str)], (align, padding): (Align, Option<Padding>)) {
        let mut out = Both::default();
        for (index, (label, url)) in items.iter().enumerate() {
            let label = self.words(&format!("{at}/items/{index}/label"), label);
            let Some(url) = self.url(&format!("{at}/items/{index}/url"), url) else { continue };
            if !out.html.is_empty() {
                out.html.push_str(self.between());
            }
            self.anchor(&url, &label.html, &mut out.html);
            let _ = writeln!(out.text, "{}: {}", label.text.trim(), url.text);
        }
        if items.is_empty() {
            self.warn(FindingCode::EmptyBlock, &format!("{at}/items"), "there is no link here yet");
        }
        let class = self.tone.class("bd-m");
        self.paragraphs((class, self.tone.muted, 14), align, padding, &out);
    }

    /// What stands between links. Its mark keeps their order where neighbours are written in the other direction:
    /// "Facebook · X" among Arabic would else change places.
    fn between(&self) -> &'static str {
        match self.dir {
            Dir::Ltr => " &#160;&#183;&#8206;&#160; ",
            Dir::Rtl => " &#160;&#183;&#8207;&#160; ",
        }
    }

    fn video(&mut self, at: &str, video: &Video) {
        let alt = self.words(&format!("{at}/alt"), &video.alt);
        if is_blank(&video.alt) {
            let detail = "say what the film shows, for people who do not see the picture";
            self.unfinished(FindingCode::MissingAlt, &format!("{at}/alt"), detail);
        }
        let url = self.url(&format!("{at}/url"), &video.url);
        let Padding { block, inline } = video.padding.unwrap_or(USUAL);
        if let Some(src) = self.picture(&format!("{at}/thumbnail"), &video.thumbnail) {
            // The picture and the words below it are one block: the distance around it does not come between them.
            let below = if url.is_some() { 0 } else { block };
            self.open_in("mj-image", "", &format!("{block}px {inline}px {below}px"));
            let radius = self.design.theme.radius;
            let _ = write!(self.mjml, " src=\"{src}\" alt=\"{}\" border-radius=\"{radius}px\"", alt.html);
            if let Some(url) = &url {
                let _ = write!(self.mjml, " href=\"{}\"", url.html);
            }
            self.mjml.push_str(" />");
        }
        let label = video.label.clone().filter(|label| !is_blank(label)).unwrap_or_else(|| self.words.watch.clone());
        let label = self.words(&format!("{at}/label"), &label);
        let Some(url) = url else { return };
        let mut html = String::new();
        self.anchor(&url, &format!("&#9654;&#160; {}", label.html), &mut html);
        let text = format!("{}\n{}\n{}", alt.text.trim(), label.text.trim(), url.text);
        let class = self.tone.text_class(None);
        let above = if is_blank(&video.thumbnail) { block } else { 10 };
        let padding = format!("{above}px {inline}px {block}px");
        self.paragraphs_in((class, self.tone.text, 16), Align::Center, &padding, &Both { html, text });
    }

    fn quote(&mut self, at: &str, quote: &Quote) {
        let inner = self.nodes(&format!("{at}/content/content"), &quote.content.content, Align::Start);
        let cite = quote.cite.as_deref().filter(|cite| !is_blank(cite));
        let cite = cite.map(|cite| self.words(&format!("{at}/cite"), cite)).unwrap_or_default();
        let (start, brand) = (self.dir.start(), self.tone.brand);
        let mut html = format!(
            "<blockquote style=\"margin:0;padding:2px 0;padding-{start}:18px;border-{start}:4px solid {brand}\">{}",
            inner.html
        );
        let mut text: Vec<String> = inner.text.trim().lines().map(|line| format!("> {line}")).collect();
        if !cite.html.is_empty() {
            let class = self.tone.class(" class=\"bd-n\"");
            let _ = write!(
                html,
                "<p style=\"margin:10px 0 0;font-size:14px\"><span{class} style=\"color:{}\">— {}</span></p>",
                self.tone.muted, cite.html
            );
            text.push(format!("— {}", cite.text));
        }
        html.push_str("</blockquote>");
        let class = self.tone.text_class(None);
        let both = Both { html, text: text.join("\n") };
        self.paragraphs((class, self.tone.text, 18), Align::Start, quote.padding, &both);
    }

    fn code(&mut self, at: &str, html: &str, padding: Option<Padding>) {
        let at = format!("{at}/html");
        self.place(&at);
        let marked = self.scan.mark(Part::Design, html).text;
        let clean = sanitise::sanitise(&marked);
        if !clean.removed.is_empty() {
            let detail = format!("taken out, for it could run, load or leave its place: {}", clean.removed.join(", "));
            self.warn(FindingCode::Removed, &at, detail);
        }
        let text = crate::plain::from_html(self.scan, &clean.html);
        let class = self.tone.text_class(None);
        self.paragraphs((class, self.tone.text, 16), Align::Start, padding, &Both { html: clean.html, text });
    }

    fn footer(&mut self, at: &str, footer: &Footer) {
        let mut out = Both::default();
        let mut line = |both: &Both| {
            let margin = if out.html.is_empty() { "0" } else { "10px 0 0" };
            let _ = write!(out.html, "<p style=\"margin:{margin}\">{}</p>", both.html);
            let _ = write!(out.text, "{}\n\n", both.text);
        };
        if !is_blank(&footer.text) {
            line(&self.words(&format!("{at}/text"), &footer.text));
        }
        if footer.notice {
            line(&self.words(&format!("{at}/notice"), "{{ lawful_notice }}"));
        }
        line(&self.words(at, "{{ postal_address }}"));
        let own = |label: &Option<String>, usual: &str| label.clone().unwrap_or_else(|| usual.to_owned());
        let words = self.words;
        let mut links = vec![
            (own(&footer.unsubscribe_label, &words.unsubscribe), "{{ unsubscribe_url }}", "unsubscribe_label"),
            (own(&footer.preferences_label, &words.preferences), "{{ preferences_url }}", "preferences_label"),
        ];
        if footer.view_link {
            links.push((words.view.clone(), "{{ view_url }}", "view_link"));
        }
        let mut both = Both::default();
        for (label, url, member) in links {
            let label = self.words(&format!("{at}/{member}"), &label);
            let url = self.words(at, url);
            if !both.html.is_empty() {
                both.html.push_str(self.between());
            }
            let class = self.tone.class(" class=\"bd-n\"");
            let _ = write!(
                both.html,
                "<a href=\"{}\"{class} style=\"color:{};text-decoration:underline\">{}</a>",
                url.html, self.tone.muted, label.html
            );
            let _ = writeln!(both.text, "{}: {}", label.text, url.text);
        }
        line(&both);
        let padding = footer.padding.or(Some(Padding { block: 20, inline: 24 }));
        let class = self.tone.class("bd-m");
        self.paragraphs((class, self.tone.muted, 13), footer.align, padding, &out);
    }
}

/// The sides of a cell, before and after, for a direction.
pub(super) const fn sides(dir: Dir, start: u16, end: u16) -> (u16, u16) {
    match dir {
        Dir::Ltr => (start, end),
        Dir::Rtl => (end, start),
    }
}
