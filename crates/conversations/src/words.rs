//! Words that people read and that are made here: mails, a bot's own.

use std::collections::BTreeMap;
use std::sync::OnceLock;

type Words = BTreeMap<String, String>;

fn read(language: &str) -> &'static Words {
    static ENGLISH: OnceLock<Words> = OnceLock::new();
    static ARABIC: OnceLock<Words> = OnceLock::new();
    let (cell, text) = if language.starts_with("ar") {
        (&ARABIC, include_str!("../../../i18n/ar/chat_mail.json"))
    } else {
        (&ENGLISH, include_str!("../../../i18n/en/chat_mail.json"))
    };
    cell.get_or_init(|| serde_json::from_str(text).unwrap_or_default())
}

/// A text in a language; its key when there is none, which a test forbids.
pub(crate) fn get(language: &str, key: &str) -> String {
    read(language).get(key).cloned().unwrap_or_else(|| key.to_owned())
}

/// A text with its places filled in.
pub(crate) fn fill(language: &str, key: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(get(language, key), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_have_the_same_words() {
        let (english, arabic) = (super::read("en"), super::read("ar"));
        assert!(!english.is_empty());
        assert_eq!(english.keys().collect::<Vec<_>>(), arabic.keys().collect::<Vec<_>>());
        for (key, text) in english {
            let places = |text: &str| {
                let mut all: Vec<String> =
                    text.split('{').skip(1).filter_map(|part| part.split('}').next()).map(str::to_owned).collect();
                all.sort();
                all
            };
            assert_eq!(places(text), places(&arabic[key]), "{key}");
        }
    }
}
