//! What a member is shown and agrees to, with its version, in both languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::{Error, Result};

/// The version of the words; a new one whenever their meaning changes, so that nobody agrees to what they did not read.
pub const VERSION: &str = "2026-11";

type Book = BTreeMap<String, String>;

static BOOKS: LazyLock<[(&str, Book); 2]> = LazyLock::new(|| {
    // A test reads both files; a text that cannot be read is missing, and nothing is agreed to.
    let book = |text| serde_json::from_str(text).unwrap_or_default();
    [
        ("en", book(include_str!("../../../../i18n/en/recharge.json"))),
        ("ar", book(include_str!("../../../../i18n/ar/recharge.json"))),
    ]
});

/// A text of `i18n/*/recharge.json`; English for languages that Barid does not speak.
pub fn words(language: &str, key: &str) -> &'static str {
    let wanted = language.split('-').next().unwrap_or_default();
    let [english, arabic] = &*BOOKS;
    let (_, book) = if wanted == arabic.0 { arabic } else { english };
    book.get(key).map_or("", String::as_str)
}

/// What a member had before them when they agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreeing {
    /// The version of the words.
    pub version: String,
    /// Their language: `en` or `ar`.
    pub language: String,
    /// From which address.
    pub ip: Option<String>,
    /// With which browser.
    pub user_agent: Option<String>,
}

impl Agreeing {
    /// The words that were shown.
    ///
    /// # Errors
    /// [`Error::Field`] when they are not those of today.
    pub(crate) fn shown(&self, key: &str) -> Result<&'static str> {
        if self.version != VERSION {
            let detail = "the words have changed meanwhile; show the present ones and ask again";
            return Err(Error::Field { field: "words.version", detail });
        }
        if !matches!(self.language.as_str(), "en" | "ar") {
            return Err(Error::Field { field: "words.language", detail: "en or ar" });
        }
        Ok(words(&self.language, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        let [english, arabic] = &*BOOKS;
        assert!(english.1.keys().eq(arabic.1.keys()) && english.1.len() > 5);
        for key in ["agree.saved_method", "agree.auto_recharge"] {
            assert!(words("en", key).len() > 80 && words("ar-SA", key).len() > 80, "{key}");
        }
        for value in ["{amount}", "{floor}", "{cap}"] {
            assert!(
                words("en", "agree.auto_recharge").contains(value)
                    && words("ar", "agree.auto_recharge").contains(value)
            );
        }
    }
}
