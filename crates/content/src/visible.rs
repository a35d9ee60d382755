//! Whether a reader sees a place of an HTML text. What law asks a message to say must be seen, so a slot in an
//! element that a style hides does not count.
//!
//! This follows what is written, not what a browser computes: nesting, `hidden`, inline styles and the rules of
//! `<style>` by their last simple selector, wherever a rule of a medium other than print may apply. In doubt a
//! place counts as hidden: a false alarm names the slot and is mended at once, a hidden notice breaks the law.

use std::collections::HashMap;

use crate::colour::Colour;
use crate::html::Attribute;

/// Elements whose content no reader sees.
const NEVER_SHOWN: [&str; 11] =
    ["head", "title", "script", "style", "template", "textarea", "object", "iframe", "canvas", "datalist", "audio"];
/// Elements without content.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements that end when the next one of their kind begins.
const ENDS_BY_NEXT: [&str; 8] = ["p", "li", "td", "th", "tr", "dt", "dd", "option"];
/// Pixels below which nobody reads.
const READABLE: f64 = 4.0;
/// Pixels beyond which something is moved out of sight.
const OUT_OF_SIGHT: f64 = -99.0;

/// How a place looks.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    /// Nothing inside can be seen, whatever it says.
    gone: bool,
    /// Not seen unless something inside says otherwise.
    invisible: bool,
    tiny: bool,
    text: Option<Colour>,
    /// `None` behind a picture or a gradient.
    ground: Option<Colour>,
}

impl Look {
    const PAGE: Self =
        Self { gone: false, invisible: false, tiny: false, text: Some(Colour::BLACK), ground: Some(Colour::WHITE) };

    fn is_seen(&self) -> bool {
        let contrast = match (self.text, self.ground) {
            (Some(text), Some(ground)) => !text.is_like(ground),
            _ => true,
        };
        !self.gone && !self.invisible && !self.tiny && contrast
    }
}

/// What a style says, as far as it decides about being seen.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Says {
    gone: bool,
    invisible: Option<bool>,
    /// In pixels; negative for a share of the surrounding size.
    size: Option<f64>,
    text: Option<Colour>,
    ground: Option<Ground>,
}

/// What a style puts behind text.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ground {
    Plain(Colour),
    /// A picture or a gradient.
    Picture,
}

/// Follows the elements of a text.
#[derive(Debug, Default)]
pub(crate) struct Visible {
    open: Vec<(String, Look)>,
    /// What style sheets say, by the simple selector they say it of: `p`, `.c`, `#i`, `*`.
    sheets: HashMap<String, Says>,
}

impl Visible {
    /// Whether a reader sees what stands here.
    pub(crate) fn here(&self) -> bool {
        self.look().is_seen()
    }

    fn look(&self) -> Look {
        self.open.last().map_or(Look::PAGE, |(_, look)| *look)
    }

    /// Takes the content of a `<style>` element. Styles further down reach elements further up, so all are read
    /// before the first element.
    pub(crate) fn sheet(&mut self, css: &str) {
        for (selector, body) in rules(css) {
            let says = declarations(body);
            if says == Says::default() {
                continue;
            }
            for simple in selector.split(',').filter_map(last_simple) {
                self.sheets.entry(simple).or_default().join(says);
            }
        }
    }

    /// Goes through a tag.
    pub(crate) fn tag(&mut self, html: &str, name: &str, close: bool, attributes: &[Attribute]) {
        if close {
            if let Some(at) = self.open.iter().rposition(|(open, _)| open == name) {
                self.open.truncate(at);
            }
            return;
        }
        if ENDS_BY_NEXT.contains(&name) && self.open.last().is_some_and(|(open, _)| open == name) {
            self.open.pop();
        }
        if !VOID.contains(&name) {
            let look = self.inside(html, name, attributes);
            self.open.push((name.to_owned(), look));
        }
    }

    /// How the content of an element that begins here looks.
    fn inside(&self, html: &str, name: &str, attributes: &[Attribute]) -> Look {
        let mut look = self.look();
        let said = |wanted: &str| {
            let found = attributes.iter().find(|attribute| attribute.name == wanted)?;
            Some(found.value.clone().and_then(|range| html.get(range)).unwrap_or_default())
        };
        look.gone |= NEVER_SHOWN.contains(&name) || said("hidden").is_some();
        look.gone |= name == "details" && said("open").is_none();
        let classes = said("class").unwrap_or_default().split_ascii_whitespace().map(|class| format!(".{class}"));
        let ids = said("id").into_iter().map(|id| format!("#{}", id.trim()));
        for selector in classes.chain(ids).chain([name.to_owned(), "*".to_owned()]) {
            if let Some(says) = self.sheets.get(&selector) {
                look.follow(*says);
            }
        }
        for (attribute, ground) in [("bgcolor", true), ("color", false), ("text", false)] {
            let colour = said(attribute).and_then(Colour::read);
            if ground {
                look.ground = colour.or(look.ground);
            } else {
                look.text = colour.or(look.text);
            }
        }
        if said("background").is_some() {
            look.ground = None;
        }
        if let Some(style) = said("style") {
            look.follow(declarations(style));
        }
        look
    }
}

impl Look {
    fn follow(&mut self, says: Says) {
        self.gone |= says.gone;
        self.invisible = says.invisible.unwrap_or(self.invisible);
        match says.size {
            // A share of nothing is nothing.
            Some(share) if share < 0.0 => self.tiny |= -share < 0.2,
            Some(pixels) => self.tiny = pixels < READABLE,
            None => {}
        }
        self.text = says.text.or(self.text);
        self.ground = match says.ground {
            Some(Ground::Plain(colour)) => Some(colour),
            Some(Ground::Picture) => None,
            None => self.ground,
        };
    }
}

impl Says {
    /// Two rules about one selector: what hides stays, of the rest the later one holds.
    fn join(&mut self, other: Self) {
        self.gone |= other.gone;
        self.invisible = if self.invisible == Some(true) { self.invisible } else { other.invisible.or(self.invisible) };
        self.size = match (self.size, other.size) {
            (Some(one), Some(two)) => Some(if one.abs() < two.abs() { one } else { two }),
            (one, two) => one.or(two),
        };
        self.text = other.text.or(self.text);
        self.ground = other.ground.or(self.ground);
    }
}

/// The rules of a style sheet with their selectors; those for paper alone are left out, conditions of other
/// media are taken as met.
fn rules(css: &str) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    let (mut at, mut paper) = (0, None);
    while let Some(open) = css[at..].find('{').map(|found| at + found) {
        if let Some(close) = css[at..open].rfind('}').map(|found| at + found) {
            // The end of a medium.
            at = close + 1;
            paper = None;
            continue;
        }
        let selector = css[at..open].trim();
        let (selector, is_at) = (uncommented(selector), selector.contains('@'));
        if is_at {
            let medium = selector.to_ascii_lowercase();
            if medium.contains("@media") || medium.contains("@supports") {
                paper = Some(medium.contains("print") && !medium.contains("screen"));
                at = open + 1;
                continue;
            }
        }
        let end = css[open..].find('}').map_or(css.len(), |found| open + found);
        if !is_at && paper != Some(true) {
            out.push((selector, &css[open + 1..end]));
        }
        at = (end + 1).min(css.len());
    }
    out
}

/// What stands behind the last comment.
fn uncommented(selector: &str) -> &str {
    selector.rsplit("*/").next().unwrap_or(selector).trim().trim_start_matches("<!--").trim()
}

/// The last simple selector of one selector: the one that names the element itself.
fn last_simple(selector: &str) -> Option<String> {
    let last = selector.trim().rsplit([' ', '>', '+', '~']).next()?;
    // What holds only while something happens (`:hover`) hides nothing for good.
    let last = if last.contains(':') { return None } else { last.split('[').next().unwrap_or(last) };
    let start = last.rfind(['.', '#']).unwrap_or(0);
    let simple = &last[start..];
    let simple =
        if start == 0 && !last.starts_with(['.', '#']) { simple.to_ascii_lowercase() } else { simple.to_owned() };
    (!simple.is_empty()).then_some(simple)
}

/// A number with its unit.
fn measure(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, text[end..].trim()))
}

/// Pixels of a length; nothing for shares.
fn pixels(text: &str) -> Option<f64> {
    match measure(text)? {
        (_, "%" | "vw" | "vh") => None,
        (number, "pt") => Some(number * 4.0 / 3.0),
        (number, "em" | "rem") => Some(number * 16.0),
        (number, _) => Some(number),
    }
}

/// A size of type in pixels; a share of the surrounding size as its negative.
fn size_of_type(text: &str) -> Option<f64> {
    match measure(text)? {
        (number, "em") => Some(-number),
        (number, "%") => Some(-number / 100.0),
        _ => pixels(text),
    }
}

/// What a list of declarations says.
fn declarations(style: &str) -> Says {
    let mut says = Says::default();
    let (mut cut, mut flat, mut placed, mut moved) = (false, false, false, false);
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let property = property.rsplit("*/").next().unwrap_or(property).trim().to_ascii_lowercase();
        let value = value.to_ascii_lowercase();
        let value = value.split('!').next().unwrap_or_default().trim();
        let length = pixels(value);
        match property.as_str() {
            "display" => says.gone |= value == "none",
            "mso-hide" => says.gone |= value == "all",
            "visibility" => says.invisible = Some(matches!(value, "hidden" | "collapse")),
            "content-visibility" => says.gone |= value == "hidden",
            "opacity" => says.gone |= length.is_some_and(|share| share.abs() < 0.1),
            "filter" => says.gone |= value.replace(' ', "").contains("opacity(0"),
            "transform" => says.gone |= value.replace(' ', "").contains("scale(0)"),
            "clip" => says.gone |= value.replace(' ', "").starts_with("rect(0"),
            "clip-path" => {
                says.gone |= value.contains("inset(50%") || value.contains("inset(100%") || value.contains("circle(0");
            }
            "font-size" => says.size = size_of_type(value).or(says.size),
            "font" => says.size = value.split([' ', '/']).find_map(size_of_type).or(says.size),
            "overflow" | "overflow-x" | "overflow-y" => cut |= matches!(value, "hidden" | "clip"),
            "height" | "max-height" | "width" | "max-width" => flat |= length.is_some_and(|size| size.abs() <= 1.0),
            "line-height" => flat |= length == Some(0.0),
            "position" => placed |= matches!(value, "absolute" | "fixed"),
            "left" | "top" | "right" | "bottom" => moved |= length.is_some_and(|at| at < OUT_OF_SIGHT),
            "text-indent" | "margin-left" | "margin-top" | "margin-right" => {
                says.gone |= length.is_some_and(|at| at < OUT_OF_SIGHT);
            }
            "color" | "-webkit-text-fill-color" => says.text = Colour::read(value).or(says.text),
            "background" | "background-color" | "background-image" => {
                let colour = value.split_ascii_whitespace().find_map(Colour::read).filter(|colour| !colour.is_clear());
                let pictured = value.contains("url(") || value.contains("gradient");
                says.ground = if pictured { Some(Ground::Picture) } else { colour.map(Ground::Plain).or(says.ground) };
            }
            _ => {}
        }
    }
    says.gone |= cut && flat || placed && moved;
    says
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Token, tokens};

    /// Whether the word HERE is seen.
    fn seen(html: &str) -> bool {
        let mut visible = Visible::default();
        let all = tokens(html);
        for (token, range) in &all {
            if *token == Token::Raw("style") {
                visible.sheet(&html[range.clone()]);
            }
        }
        for (token, range) in all {
            match token {
                Token::Tag { name, close, attributes } => visible.tag(html, &name, close, &attributes),
                Token::Text if html[range.clone()].contains("HERE") => return visible.here(),
                _ => {}
            }
        }
        panic!("no HERE in {html}")
    }

    #[test]
    fn what_is_hidden_is_not_seen() {
        for style in [
            "display:none",
            "DISPLAY : none !important",
            "color:red;display:none",
            "visibility:hidden",
            "opacity:0",
            "opacity:.01",
            "font-size:0",
            "font-size:0px",
            "font-size:1px",
            "font-size:.5pt",
            "font:0/0 a",
            "color:#fff",
            "color:white",
            "color:#FFFFFE",
            "color:rgb(255, 255, 255)",
            "color:transparent",
            "color:rgba(0,0,0,0)",
            "background:#000",
            "color:#777;background-color:#777777",
            "position:absolute;left:-9999px",
            "position:absolute;left:-999em",
            "position:fixed;top:-5000px",
            "text-indent:-9999px",
            "margin-left:-2000px",
            "max-height:0;overflow:hidden",
            "height:0px;overflow:hidden",
            "width:1px;height:1px;overflow:hidden",
            "clip:rect(0,0,0,0)",
            "clip-path:inset(100%)",
            "transform:scale(0)",
            "mso-hide:all",
            "filter:opacity(0)",
        ] {
            assert!(!seen(&format!("<p style=\"{style}\"><b>HERE</b></p>")), "{style}");
        }
        for around in [
            "<template>HERE</template>",
            "<head><p>HERE</p></head>",
            "<p hidden>HERE</p>",
            "<details><p>HERE</p></details>",
            "<body bgcolor=\"#ffffff\" text=\"#ffffff\">HERE</body>",
            "<font color=\"white\">HERE</font>",
            "<textarea>HERE</textarea>",
            "<p style=\"display:none\"></div>HERE</p>",
        ] {
            assert!(!seen(around), "{around}");
        }
        for sheet in [
            ".n{display:none}",
            "p.n { visibility : hidden }",
            "#x{font-size:0}",
            "div > .n{opacity:0}",
            "p{color:#fff}",
            "@media screen{.n{display:none}}",
            "@media only screen and (min-width:1px){ a{} .n{display:none} }",
            "/* quiet */ .n{display:none!important}",
            "*{visibility:hidden}",
            ".a,.n{display:none}",
        ] {
            let html = format!("<style>{sheet}</style><div><p class=\"m n\" id=\"x\">HERE</p></div>");
            assert!(!seen(&html), "{sheet}");
            let html = format!("<div><p class=\"m n\" id=\"x\">HERE</p></div><style>{sheet}</style>");
            assert!(!seen(&html), "{sheet}");
        }
    }

    #[test]
    fn what_is_seen_is_seen() {
        for html in [
            "<p>HERE</p>",
            "<p style=\"color:#555\">HERE</p>",
            "<td style=\"font-size:0px\"><div style=\"font-size:13px\">HERE</div></td>",
            "<td bgcolor=\"#0f5e56\"><a style=\"color:#fff\">HERE</a></td>",
            "<div style=\"visibility:hidden\"><b style=\"visibility:visible\">HERE</b></div>",
            "<div style=\"display:none\">not here</div>HERE",
            "<p style=\"display:none\">no<p>HERE",
            "<br style=\"display:none\">HERE",
            "<div style=\"background:url(a.png)\"><p style=\"color:#fff\">HERE</p></div>",
            "<div style=\"overflow:hidden;width:100%\">HERE</div>",
            "<div style=\"margin-left:-8px\">HERE</div>",
            "<style>.other{display:none} a:hover{display:none} @media print{p{display:none}}</style><p class=\"n\">HERE</p>",
            "<div style=\"max-width:600px;overflow:hidden\">HERE</div>",
            "<details open>HERE</details>",
            "<p style=\"font-size:80%\">HERE</p>",
            "<p style=\"font:13px/1.6 sans-serif\">HERE</p>",
        ] {
            assert!(seen(html), "{html}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_style_upsets_it(css in "\\PC{0,120}", style in "\\PC{0,80}") {
            let mut visible = Visible::default();
            visible.sheet(&css);
            let _ = declarations(&style);
            visible.tag("", "p", false, &[]);
            visible.tag("", "q", true, &[]);
            let _ = visible.here();
        }

        #[test]
        fn nothing_inside_a_hidden_element_is_seen(inner in "(<(b|p|i|td) style=\"(color:red|font-size:20px|visibility:visible)\">){0,5}") {
            let hidden = format!("<div style=\"display:none\">{inner}HERE</div>");
            proptest::prop_assert!(!seen(&hidden));
        }
    }
}
