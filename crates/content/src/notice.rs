//! The built-in wording of the lawful notice (GDPR Art. 13 and 14 in one breath): which fields
//! are processed, and how to see, change or delete them. The texts are
//! `i18n/*/lawful_notice.json`; a message in a language without one says it in English.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::Locale;
use serde::Deserialize;

use crate::fields::FieldCatalog;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    processing: String,
    separator: String,
    rights: String,
    link: String,
    tags: String,
    fields: BTreeMap<String, String>,
}

macro_rules! languages {
    ($($code:literal)*) => {
        const TEXTS: &[(&str, &str)] =
            &[$(($code, include_str!(concat!("../../../i18n/", $code, "/lawful_notice.json")))),*];
    };
}
languages! { "en" "ar" "de" "fr" "es" "nl" "tr" "ru" }

static WORDS: LazyLock<BTreeMap<&'static str, Words>> = LazyLock::new(|| {
    TEXTS.iter().map(|(code, text)| (*code, serde_json::from_str(text).unwrap_or_default())).collect()
});
static NONE: LazyLock<Words> = LazyLock::new(Words::default);

fn words(language: &Locale) -> &'static Words {
    WORDS.get(language.language()).or_else(|| WORDS.get("en")).unwrap_or(&NONE)
}

/// "We process only …": exactly the address and the fields that the message reads.
pub(crate) fn processing(language: &Locale, catalog: &FieldCatalog, fields: &[String], groups: bool) -> String {
    let words = words(language);
    let label = |name: &str| -> String {
        let built_in = words.fields.get(name).cloned();
        built_in.or_else(|| Some(catalog.find(name)?.label.clone())).unwrap_or_else(|| name.to_owned())
    };
    let mut labels = vec![label("email")];
    for name in fields.iter().filter(|name| *name != "email") {
        labels.push(label(name));
    }
    if groups {
        labels.push(words.tags.clone());
    }
    words.processing.replace("{fields}", &labels.join(&words.separator))
}

/// The sentence before the link to the preference centre.
pub(crate) fn rights(language: &Locale) -> &'static str {
    &words(language).rights
}

/// The text of that link in HTML.
pub(crate) fn rights_link(language: &Locale) -> &'static str {
    &words(language).link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything() {
        for (code, text) in TEXTS {
            let words: Words = serde_json::from_str(text).unwrap();
            assert!(words.processing.matches("{fields}").count() == 1, "{code}");
            assert!(!words.rights.is_empty() && !words.link.is_empty() && !words.tags.is_empty(), "{code}");
            let english: Vec<_> = WORDS["en"].fields.keys().collect();
            assert_eq!(words.fields.keys().collect::<Vec<_>>(), english, "{code}");
            for field in FieldCatalog::standard().names() {
                assert!(words.fields.contains_key(field), "{code}: {field}");
            }
        }
    }
}
