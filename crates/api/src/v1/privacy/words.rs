//! What people are told beside the rules, in both languages: `i18n/*/rules.json`.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

static ENGLISH: LazyLock<Map<String, Json>> = LazyLock::new(|| read(include_str!("../../../../../i18n/en/rules.json")));
static ARABIC: LazyLock<Map<String, Json>> = LazyLock::new(|| read(include_str!("../../../../../i18n/ar/rules.json")));

fn read(text: &str) -> Map<String, Json> {
    serde_json::from_str(text).unwrap_or_default()
}

/// A text in both languages, with its blanks filled.
pub(super) fn told(key: &str, blanks: &[(&str, &str)]) -> Json {
    let fill = |words: &Map<String, Json>| {
        let text = words.get(key).and_then(Json::as_str).unwrap_or(key).to_owned();
        blanks.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    };
    json!({ "en": fill(&ENGLISH), "ar": fill(&ARABIC) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        let keys = |words: &Map<String, Json>| words.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&ENGLISH), keys(&ARABIC));
        assert!(ENGLISH.len() >= 3);
        for (key, text) in ENGLISH.iter() {
            let blanks = |text: &Json| {
                let mut found: Vec<String> = text
                    .as_str()
                    .unwrap()
                    .split('{')
                    .skip(1)
                    .map(|rest| rest.split('}').next().unwrap().to_owned())
                    .collect();
                found.sort();
                found
            };
            assert_eq!(blanks(text), blanks(&ARABIC[key]), "{key}");
        }
    }
}
