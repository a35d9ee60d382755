//! The pages' texts, from `i18n/{en,ar}/pages.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::Timestamp;
use serde::Deserialize;

use super::markup::Html;

/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// English.
    English,
    /// Arabic.
    Arabic,
}

impl Language {
    /// The language of a tag such as `ar-SA`, when the pages speak it.
    pub(super) fn of(tag: &str) -> Option<Self> {
        match tag.trim().split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "ar" => Some(Self::Arabic),
            _ => None,
        }
    }

    /// Its tag.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Arabic => "ar",
        }
    }

    /// The value of `dir`.
    pub(super) const fn direction(self) -> &'static str {
        match self {
            Self::English => "ltr",
            Self::Arabic => "rtl",
        }
    }

    /// The other one.
    pub(super) const fn other(self) -> Self {
        match self {
            Self::English => Self::Arabic,
            Self::Arabic => Self::English,
        }
    }

    /// The CLDR plural category of a whole number.
    const fn plural(self, count: usize) -> &'static str {
        match (self, count, count % 100) {
            (_, 1, _) => "one",
            (Self::Arabic, 0, _) => "zero",
            (Self::Arabic, 2, _) => "two",
            (Self::Arabic, _, 3..=10) => "few",
            (Self::Arabic, _, 11..=99) => "many",
            _ => "other",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Text(String),
    Plural(BTreeMap<String, String>),
}

type Book = BTreeMap<String, Entry>;

fn book(texts: &[&str]) -> Book {
    // A test reads every file; a text that cannot be read shows as its name.
    let all = texts.iter().flat_map(|text| serde_json::from_str::<Book>(text).unwrap_or_default());
    // Mails have their texts in the same files, of another shape.
    all.filter(|(key, _)| !key.starts_with("mail.")).collect()
}

static ENGLISH: LazyLock<Book> = LazyLock::new(|| {
    book(&[
        include_str!("../../../../i18n/en/pages.json"),
        include_str!("../../../../i18n/en/privacy_centre.json"),
        include_str!("../../../../i18n/en/booking.json"),
    ])
});
static ARABIC: LazyLock<Book> = LazyLock::new(|| {
    book(&[
        include_str!("../../../../i18n/ar/pages.json"),
        include_str!("../../../../i18n/ar/privacy_centre.json"),
        include_str!("../../../../i18n/ar/booking.json"),
    ])
});

/// The texts in one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Language);

impl Words {
    fn entry(self, key: &str) -> Option<&'static Entry> {
        match self.0 {
            Language::English => ENGLISH.get(key),
            Language::Arabic => ARABIC.get(key),
        }
    }

    fn template(self, key: &str) -> Option<&'static str> {
        match self.entry(key)? {
            Entry::Text(text) => Some(text),
            Entry::Plural(forms) => forms.get("other").map(String::as_str),
        }
    }

    /// A text as it stands.
    pub(super) fn get(self, key: &'static str) -> &'static str {
        self.template(key).unwrap_or(key)
    }

    /// The text for a code of Barid's vocabularies; the code itself when there is none.
    pub(super) fn label(self, code: &str) -> String {
        self.template(&format!("label.{code}")).unwrap_or(code).to_owned()
    }

    /// A text with values in place of `{name}`, as plain text.
    pub(super) fn line(self, key: &'static str, values: &[(&str, &str)]) -> String {
        let mut out = String::new();
        split(self.get(key), |part| match part {
            Part::Text(text) => out.push_str(text),
            Part::Hole(name) => out.push_str(value(values, name)),
        });
        out
    }

    /// A text with values in place of `{name}`, each isolated from the direction around it.
    pub(super) fn html(self, key: &'static str, values: &[(&str, &str)]) -> Html {
        let mut out = Html::new();
        split(self.get(key), |part| {
            match part {
                Part::Text(text) => out.text(text),
                Part::Hole(name) => out.bdi(value(values, name)),
            };
        });
        out
    }

    /// A text about so many things, in the form that the language has for that number.
    pub(super) fn count(self, key: &'static str, count: usize) -> String {
        let template = match self.entry(key) {
            Some(Entry::Plural(forms)) => forms.get(self.0.plural(count)).or_else(|| forms.get("other")),
            _ => None,
        };
        template.map_or(key, String::as_str).replace("{count}", &count.to_string())
    }

    /// A day, in words (UTC).
    pub(super) fn day(self, at: Timestamp) -> String {
        self.date(at.date())
    }

    /// A date, in words that stay on one line.
    pub(super) fn date(self, date: kernel::Date) -> String {
        let month = self.template(&format!("month.{}", date.month())).unwrap_or_default();
        format!("{}\u{a0}{month}\u{a0}{}", date.day(), date.year())
    }
}

enum Part<'a> {
    Text(&'a str),
    Hole(&'a str),
}

fn split<'a>(template: &'a str, mut each: impl FnMut(Part<'a>)) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        each(Part::Text(before));
        each(Part::Hole(name));
        rest = after;
    }
    each(Part::Text(rest));
}

fn value<'a>(values: &[(&str, &'a str)], name: &str) -> &'a str {
    values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holes(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        split(text, |part| {
            if let Part::Hole(name) = part {
                found.push(name.to_owned());
            }
        });
        found.sort();
        found
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let keys = |book: &'static Book| book.keys().collect::<Vec<_>>();
        assert!(ENGLISH.len() > 100);
        assert_eq!(keys(&ENGLISH), keys(&ARABIC));
        for (key, english) in ENGLISH.iter() {
            match (english, &ARABIC[key]) {
                (Entry::Text(english), Entry::Text(arabic)) => {
                    assert!(!english.trim().is_empty() && !arabic.trim().is_empty(), "{key}");
                    assert_eq!(holes(english), holes(arabic), "{key}");
                    let is_arabic = arabic.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
                    assert!(is_arabic || key == "language.other", "{key} is not translated");
                }
                (Entry::Plural(english), Entry::Plural(arabic)) => {
                    assert_eq!(english.keys().collect::<Vec<_>>(), ["one", "other"], "{key}");
                    assert_eq!(
                        arabic.keys().collect::<Vec<_>>(),
                        ["few", "many", "one", "other", "two", "zero"],
                        "{key}"
                    );
                }
                _ => panic!("{key} is a plural in one language only"),
            }
        }
    }

    #[test]
    fn every_text_that_is_used_exists() {
        fn sources(at: &std::path::Path, into: &mut String) {
            for entry in std::fs::read_dir(at).unwrap().map(Result::unwrap) {
                if entry.path().is_dir() {
                    sources(&entry.path(), into);
                } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
                    into.push_str(&std::fs::read_to_string(entry.path()).unwrap());
                }
            }
        }
        let mut code = String::new();
        for part in ["src/pages", "../booking/src/speech", "../booking/src/mails"] {
            sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &mut code);
        }
        let groups: std::collections::BTreeSet<&str> =
            ENGLISH.keys().filter_map(|key| key.split_once('.').map(|(group, _)| group)).collect();
        for text in code.split('"').skip(1).step_by(2) {
            let Some((group, rest)) = text.split_once('.') else { continue };
            let named = rest.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.' | b'0'..=b'9'));
            let free = ["label", "month", "place"].contains(&group);
            if groups.contains(group) && named && !rest.is_empty() && !free {
                assert!(ENGLISH.contains_key(text), "{text} has no words");
            }
        }
        let free = |key: &&String| ["label.", "month.", "place."].iter().any(|group| key.starts_with(group));
        for key in ENGLISH.keys().filter(|key| !free(key)) {
            assert!(code.contains(&format!("\"{key}\"")), "{key} is used nowhere");
        }
    }

    #[test]
    fn numbers_take_their_forms() {
        let forms = |language: Language| [0, 1, 2, 3, 11, 100, 103].map(|count| language.plural(count));
        assert_eq!(forms(Language::Arabic), ["zero", "one", "two", "few", "many", "other", "few"]);
        assert_eq!(forms(Language::English), ["other", "one", "other", "other", "other", "other", "other"]);
    }

    #[test]
    fn values_are_escaped_and_isolated() {
        let html = Words(Language::English).html("unsubscribe.done_topic", &[("topic", "<b>"), ("organisation", "O")]);
        assert!(html.into_string().contains("<bdi>&lt;b&gt;</bdi>"));
        assert_eq!(Language::of("ar-SA"), Some(Language::Arabic));
        assert_eq!(Language::of("fr"), None);
    }
}
