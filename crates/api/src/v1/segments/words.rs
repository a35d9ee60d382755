//! What the parts of a condition are called, in both languages: `i18n/*/segments.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::v1::prelude::*;

type Book = BTreeMap<String, String>;

static ENGLISH: LazyLock<Book> = LazyLock::new(|| read(include_str!("../../../../../i18n/en/segments.json")));
static ARABIC: LazyLock<Book> = LazyLock::new(|| read(include_str!("../../../../../i18n/ar/segments.json")));

fn read(text: &str) -> Book {
    serde_json::from_str(text).unwrap_or_default()
}

/// Something with a code and what people call it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Named {
    /// As written in conditions.
    pub(super) code: &'static str,
    /// In English.
    pub(super) label_en: String,
    /// In Arabic.
    pub(super) label_ar: String,
}

/// The names of a code; the code itself where a language has none.
pub(super) fn names(kind: &str, code: &'static str) -> Named {
    let name = |book: &Book| book.get(&format!("{kind}.{code}")).cloned().unwrap_or_else(|| code.to_owned());
    Named { code, label_en: name(&ENGLISH), label_ar: name(&ARABIC) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::segments::conditions::{EventClass, EventKind, StandardField, TopicState};

    #[test]
    fn everything_has_a_name_in_both_languages() {
        let codes = StandardField::ALL.iter().map(|field| ("field", field.as_str()));
        let codes = codes.chain(super::super::vocabulary::OPERATORS.iter().map(|operator| ("op", operator.0)));
        let codes = codes.chain(TopicState::ALL.iter().map(|state| ("state", state.as_str())));
        let codes = codes.chain(EventKind::ALL.iter().map(|kind| ("event", kind.as_str())));
        let codes = codes.chain(EventClass::ALL.iter().map(|class| ("class", class.as_str())));
        for (kind, code) in codes {
            for book in [&ENGLISH, &ARABIC] {
                assert!(book.contains_key(&format!("{kind}.{code}")), "{kind}.{code}");
            }
        }
    }
}
