use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::{Date, Locale, Timestamp};

use crate::retention::Period;

type Book = BTreeMap<String, String>;

fn book(text: &str) -> Book {
    // A test reads both files; a text that cannot be read shows as its name.
    serde_json::from_str(text).unwrap_or_default()
}

static ENGLISH: LazyLock<Book> = LazyLock::new(|| book(include_str!("../../../../i18n/en/answers.json")));
static ARABIC: LazyLock<Book> = LazyLock::new(|| book(include_str!("../../../../i18n/ar/answers.json")));

/// The texts in one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    arabic: bool,
}

impl Words {
    /// The person's language where it is there, else English.
    pub(super) fn of(language: &Locale) -> Self {
        Self { arabic: language.as_str() == "ar" || language.as_str().starts_with("ar-") }
    }

    pub(super) fn language(self) -> Locale {
        if self.arabic { Locale::ar() } else { Locale::en() }
    }

    pub(super) const fn direction(self) -> &'static str {
        if self.arabic { "rtl" } else { "ltr" }
    }

    fn book(self) -> &'static Book {
        if self.arabic { &ARABIC } else { &ENGLISH }
    }

    /// The text of this name, where there is one.
    pub(super) fn find(self, name: &str) -> Option<&'static str> {
        self.book().get(name).map(String::as_str)
    }

    /// A text with its places filled in. What is filled in is never read for places again.
    pub(super) fn say(self, name: &str, places: &[(&str, &str)]) -> String {
        let mut rest = self.find(name).unwrap_or_default();
        let mut out = String::with_capacity(rest.len());
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((place, tail)) = after.split_once('}') else { break };
            out.push_str(places.iter().find(|(known, _)| *known == place).map_or("", |(_, value)| value));
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// A day, as people write it.
    pub(super) fn day(self, day: Date) -> String {
        let month = usize::try_from(day.month()).unwrap_or_default().saturating_sub(1);
        let name = self.find("months").and_then(|months| months.split('|').nth(month)).unwrap_or_default();
        format!("{} {name} {}", day.day(), day.year())
    }

    /// A length of time, in years, months and days.
    pub(super) fn period(self, period: Period) -> String {
        let (years, months, days) = period.parts();
        let parts: Vec<String> = [("years", years), ("months", months), ("days", days)]
            .into_iter()
            .filter(|(unit, count)| *count > 0 || *unit == "days" && years + months == 0)
            .map(|(unit, count)| self.counted(unit, count))
            .collect();
        parts.join(self.find("period.and").unwrap_or(" "))
    }

    /// A unit in the form that its number wants: of one, of two, of three to ten, of others.
    fn counted(self, unit: &str, count: u16) -> String {
        let form = match (count, count % 100) {
            (1, _) => 0,
            (2, _) => 1,
            (_, 3..=10) => 2,
            _ => 3,
        };
        let forms = self.find(&format!("period.{unit}")).unwrap_or_default();
        forms.split('|').nth(form).unwrap_or_default().replace("{n}", &count.to_string())
    }

    pub(super) fn date(self, at: Timestamp) -> String {
        self.day(at.date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        assert!(!ENGLISH.is_empty());
        let places = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).map(|part| part.split('}').next().unwrap_or_default().to_owned()).collect();
            found.sort();
            found
        };
        assert_eq!(ENGLISH.keys().collect::<Vec<_>>(), ARABIC.keys().collect::<Vec<_>>());
        for (name, english) in ENGLISH.iter() {
            assert_eq!(places(english), places(&ARABIC[name]), "{name}");
        }
        for words in [Words { arabic: false }, Words { arabic: true }] {
            assert_eq!(words.find("months").map(|months| months.split('|').count()), Some(12));
        }
        assert_eq!(Words { arabic: false }.say("basis.until", &[("date", "{date}")]), "It holds until {date}.");
    }
}
