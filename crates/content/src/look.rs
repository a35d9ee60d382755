//! What a rendered message shows, for the checklist before sending: images without a text, links that lead
//! nowhere or are not private, and in which script it is written.

use crate::html::{Token, tokens};
use crate::{Compiled, PlainLinks, Recipient, RenderError, Rendered};

/// What was seen in one rendered HTML part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Octets of HTML.
    pub octets: usize,
    /// Images.
    pub images: u64,
    /// Images without `alt`; an empty one says that an image is decoration and is no fault.
    pub images_without_alt: u64,
    /// Links to other pages.
    pub links: u64,
    /// Links without a destination.
    pub empty_links: u64,
    /// Links by plain http.
    pub insecure_links: Vec<String>,
    /// Letters written from right to left.
    pub rtl_letters: u64,
    /// Other letters.
    pub ltr_letters: u64,
}

impl Look {
    /// Whether the text runs from right to left; None when it has too few letters to say.
    pub fn is_rtl(&self) -> Option<bool> {
        const FEW: u64 = 20;
        (self.rtl_letters + self.ltr_letters >= FEW).then_some(self.rtl_letters > self.ltr_letters)
    }
}

/// Hebrew, Arabic and their neighbours, with their presentation forms.
fn is_rtl(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// Looks at an HTML text, whatever it is.
pub fn look(html: &str) -> Look {
    let mut seen = Look { octets: html.len(), ..Look::default() };
    for (token, range) in tokens(html) {
        match token {
            Token::Text => {
                for c in html[range].chars().filter(|c| c.is_alphabetic()) {
                    if is_rtl(c) {
                        seen.rtl_letters += 1;
                    } else {
                        seen.ltr_letters += 1;
                    }
                }
            }
            Token::Tag { name, close: false, attributes } => {
                let value = |wanted: &str| {
                    let found = attributes.iter().find(|attribute| attribute.name == wanted)?;
                    Some(found.value.clone().map_or("", |range| html[range].trim()))
                };
                match name.as_str() {
                    "img" => {
                        seen.images += 1;
                        seen.images_without_alt += u64::from(value("alt").is_none());
                    }
                    "a" => anchor(&mut seen, value("href")),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    seen
}

fn anchor(seen: &mut Look, href: Option<&str>) {
    let Some(href) = href else { return };
    seen.links += 1;
    if href.is_empty() || href == "#" {
        seen.empty_links += 1;
    } else if href.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://")) {
        seen.insecure_links.push(href.to_owned());
    }
}

impl Compiled {
    /// The personal fields that are printed without a fallback, so that people without a value read a gap.
    pub fn without_fallback(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for value in self.values.iter().filter(|value| value.fallback.is_none() && !value.required) {
            if let crate::tags::Origin::Field(name) = &value.origin
                && !out.contains(&name.as_str())
            {
                out.push(name);
            }
        }
        out
    }

    /// Renders with links to nowhere in particular, to be looked at.
    ///
    /// # Errors
    /// As [`Compiled::render`].
    pub fn show(&self, recipient: &Recipient<'_>) -> Result<Rendered, RenderError> {
        let place = |name: &str| format!("https://example.org/{name}");
        let links =
            PlainLinks { unsubscribe: place("u"), preferences: place("p"), view: place("v"), base: String::new() };
        let mut out = Rendered::default();
        self.render(recipient, &links, &mut out)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_counted() {
        let seen = look(
            "<p>Hello</p><img src=a><img src=b alt=''><a href=''>x</a><a href='#'>y</a><a href=\"HTTP://a.example/b\">z</a>\
             <a name=here></a><!-- <img> --><style>img {}</style>",
        );
        assert_eq!((seen.images, seen.images_without_alt), (2, 1));
        assert_eq!((seen.links, seen.empty_links), (3, 2));
        assert_eq!(seen.insecure_links, ["HTTP://a.example/b"]);
        assert_eq!(seen.is_rtl(), None, "too few letters");
    }

    #[test]
    fn the_script_is_told_by_its_letters() {
        assert_eq!(look("<p>أهلاً بكم في نشرتنا الشهرية News</p>").is_rtl(), Some(true));
        assert_eq!(look("<p>Welcome to our newsletter</p>").is_rtl(), Some(false));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[<>a-z =\"'!/#أé-]{0,200}") {
            let seen = look(&text);
            proptest::prop_assert!(seen.images_without_alt <= seen.images && seen.empty_links <= seen.links);
        }
    }
}
