//! The words that a document's blocks bring along: `i18n/{en,ar}/design.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::Locale;
use serde::Deserialize;

use super::Network;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub unsubscribe: String,
    pub preferences: String,
    pub view: String,
    pub watch: String,
    networks: BTreeMap<String, String>,
}

impl Words {
    pub(super) fn network(&self, network: Network) -> &str {
        self.networks.get(network.as_str()).map_or(network.as_str(), String::as_str)
    }
}

static EN: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../i18n/en/design.json")).unwrap_or_default());
static AR: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../i18n/ar/design.json")).unwrap_or_default());

/// The words of a language; English ones where there are none.
pub(super) fn words(language: &Locale) -> &'static Words {
    if language.language() == "ar" { &AR } else { &EN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_everything() {
        for words in [&*EN, &*AR] {
            for word in [&words.unsubscribe, &words.preferences, &words.view, &words.watch] {
                assert!(!word.is_empty());
            }
        }
        assert_eq!(EN.networks.len(), 14);
        assert_eq!(EN.networks.keys().collect::<Vec<_>>(), AR.networks.keys().collect::<Vec<_>>());
    }
}
