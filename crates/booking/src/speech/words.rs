//! The texts, from `i18n/{en,ar}/booking.json`, and the names of months, which all public pages share.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

/// A language in which appointments are spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Arabic.
    Arabic,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Text(String),
    Forms(BTreeMap<String, String>),
}

type Book = BTreeMap<String, Entry>;

fn book(own: &str, shared: &str) -> Book {
    // A test reads every file; a text that cannot be read shows as its name.
    let shared = serde_json::from_str::<Book>(shared).unwrap_or_default();
    let months = shared.into_iter().filter(|(key, _)| key.starts_with("month."));
    serde_json::from_str::<Book>(own).unwrap_or_default().into_iter().chain(months).collect()
}

static ENGLISH: LazyLock<Book> = LazyLock::new(|| {
    book(include_str!("../../../../i18n/en/booking.json"), include_str!("../../../../i18n/en/pages.json"))
});
static ARABIC: LazyLock<Book> = LazyLock::new(|| {
    book(include_str!("../../../../i18n/ar/booking.json"), include_str!("../../../../i18n/ar/pages.json"))
});

/// The texts in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// The texts for a tag such as `ar-SA`; English where it is another language.
    pub fn of(tag: &str) -> Self {
        let arabic = tag.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("ar"));
        Self(if arabic { Language::Arabic } else { Language::English })
    }

    fn entry(self, key: &str) -> Option<&'static Entry> {
        match self.0 {
            Language::English => ENGLISH.get(key),
            Language::Arabic => ARABIC.get(key),
        }
    }

    fn find(self, key: &str) -> Option<&'static str> {
        match self.entry(key)? {
            Entry::Text(text) => Some(text),
            Entry::Forms(forms) => forms.get("other").map(String::as_str),
        }
    }

    /// A text as it stands.
    pub fn get(self, key: &'static str) -> &'static str {
        self.find(key).unwrap_or(key)
    }

    /// The parts of a text that has several, such as subject and body of a mail.
    pub fn parts(self, key: &str) -> Option<&'static BTreeMap<String, String>> {
        match self.entry(key)? {
            Entry::Forms(forms) => Some(forms),
            Entry::Text(_) => None,
        }
    }

    /// The place after which a time zone is named, where the language has its own name for it.
    pub fn place(self, zone: &str) -> Option<&'static str> {
        self.find(&format!("place.{zone}"))
    }

    /// A text with values in place of `{name}`.
    pub fn line(self, key: &'static str, values: &[(&str, &str)]) -> String {
        let (mut out, mut rest) = (String::new(), self.get(key));
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            out.push_str(before);
            out.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// A text about so many things, in the form that the language has for that number (CLDR).
    pub fn count(self, key: &'static str, count: usize) -> String {
        let form = match (self.0, count, count % 100) {
            (_, 1, _) => "one",
            (Language::Arabic, 0, _) => "zero",
            (Language::Arabic, 2, _) => "two",
            (Language::Arabic, _, 3..=10) => "few",
            (Language::Arabic, _, 11..=99) => "many",
            _ => "other",
        };
        let text = match self.entry(key) {
            Some(Entry::Forms(forms)) => forms.get(form).or_else(|| forms.get("other")),
            _ => None,
        };
        text.map_or(key, String::as_str).replace("{count}", &count.to_string())
    }

    /// A date, in words that stay on one line.
    pub fn date(self, date: Date) -> String {
        let month = self.find(&format!("month.{}", date.month())).unwrap_or_default();
        format!("{}\u{a0}{month}\u{a0}{}", date.day(), date.year())
    }
}
