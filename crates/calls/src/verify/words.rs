//! Barid's own words around a code, from `i18n/{en,ar}/verify.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use content::{Body, Source, Variants};
use kernel::Locale;
use outbound::ONE_TIME_CODE;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Text(String),
    Forms(BTreeMap<String, String>),
}

type Book = BTreeMap<String, Entry>;

static ENGLISH: LazyLock<Book> = LazyLock::new(|| {
    // A test reads every file; a text that cannot be read shows as its name.
    serde_json::from_str(include_str!("../../../../i18n/en/verify.json")).unwrap_or_default()
});
static ARABIC: LazyLock<Book> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../i18n/ar/verify.json")).unwrap_or_default());

/// The words in one of the two languages.
#[derive(Clone, Copy)]
pub(super) struct Words {
    arabic: bool,
}

impl Words {
    /// For a language; English where it is neither.
    pub(super) fn of(locale: &Locale) -> Self {
        Self { arabic: locale.language() == "ar" }
    }

    fn entry(self, key: &str) -> Option<&'static Entry> {
        if self.arabic { ARABIC.get(key) } else { ENGLISH.get(key) }
    }

    fn text(self, key: &'static str) -> &'static str {
        match self.entry(key) {
            Some(Entry::Text(text)) => text,
            _ => key,
        }
    }

    /// What a message by SMS says, with `{code}`, `{organisation}` and `{span}`.
    pub(super) fn sms(self) -> &'static str {
        self.text("sms")
    }

    fn counted(self, key: &'static str, count: u32) -> String {
        let form = match (self.arabic, count, count % 100) {
            (_, 1, _) => "one",
            (true, 2, _) => "two",
            (true, _, 3..=10) => "few",
            (true, _, 11..=99) => "many",
            _ => "other",
        };
        match self.entry(key) {
            Some(Entry::Forms(forms)) => {
                let found = forms.get(form).or_else(|| forms.get("other")).map_or(key, String::as_str);
                found.replace("{count}", &count.to_string())
            }
            _ => count.to_string(),
        }
    }

    /// For how long a code is good, in words.
    pub(super) fn span(self, seconds: u32) -> String {
        if seconds < 120 && !seconds.is_multiple_of(60) {
            self.counted("seconds", seconds)
        } else if seconds >= 7200 || seconds == 3600 {
            self.counted("hours", seconds / 3600)
        } else {
            self.counted("minutes", seconds / 60)
        }
    }

    /// The mail, its own text before what is always said.
    fn mail(self, text: &str) -> Source {
        let merge = |text: &str| {
            text.replace("{code}", &format!("{{{{ {ONE_TIME_CODE} | required }}}}"))
                .replace("{organisation}", "{{ organisation | required }}")
                .replace("{span}", "{{ span | required }}")
        };
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let (plain, ignore) = (merge(text), merge(self.text("ignore")));
        let html = format!(
            "<html><body style=\"font-family:sans-serif;max-width:36em;margin:2em auto;padding:0 1em;line-height:1.6\">\
             <p style=\"white-space:pre-line\">{}</p><p style=\"font-size:1.8em;letter-spacing:.2em\" dir=\"ltr\"><strong>\
             {{{{ {ONE_TIME_CODE} | required }}}}</strong></p><p style=\"color:#5d5850\">{}</p></body></html>",
            merge(&escaped(text)),
            merge(&escaped(self.text("ignore"))),
        );
        Source {
            body: Body::Html(html),
            text: Some(format!("{plain}\n\n{ignore}\n")),
            subject: merge(self.text("subject")),
            preheader: None,
            language: if self.arabic { Locale::ar() } else { Locale::en() },
        }
    }
}

/// The mail around a text with `{code}`, in one language: all that say the same share one version.
pub(super) fn mail(locale: &Locale, text: &str) -> Variants {
    let mut source = Words::of(locale).mail(text);
    source.language = locale.clone();
    source.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_as_people_say_them() {
        let (en, ar) = (Words::of(&Locale::en()), Words::of(&Locale::ar()));
        assert_eq!(
            [30, 60, 600, 3600, 7200].map(|s| en.span(s)),
            ["30 seconds", "1 minute", "10 minutes", "1 hour", "2 hours"]
        );
        assert_eq!(ar.span(60), "دقيقة واحدة");
        assert_eq!(ar.span(120), "دقيقتين");
        assert_eq!(ar.span(600), "10 دقائق");
        assert_eq!(ar.span(900), "15 دقيقة");
        assert_eq!(ar.span(7200), "ساعتين");
    }

    #[test]
    fn both_languages_say_the_code_and_say_nothing_else_in_braces() {
        for locale in [Locale::en(), Locale::ar()] {
            let text = Words::of(&locale).sms();
            super::super::rules::check_text("text", text).unwrap();
            let filled = text.replace("{code}", "1").replace("{organisation}", "O").replace("{span}", "S");
            assert!(!filled.contains(['{', '}']), "{filled}");
        }
    }
}
