//! Reads the values of known columns. Each function gives `None` for what it cannot read; the
//! caller drops the value with a warning or rejects the row.

use std::collections::HashMap;
use std::sync::LazyLock;

use kernel::{Locale, fold};

/// The longest name, company, tag or source that is kept, in characters.
pub const MAX_LINE: usize = 200;
/// The longest custom attribute, in characters.
pub const MAX_ATTRIBUTE: usize = 4000;
/// The most tags of one row.
pub const MAX_TAGS: usize = 50;

/// A value of one line: controls and hidden direction characters become spaces, runs of white
/// space one space. `None` when it is too long.
pub fn line(text: &str) -> Option<String> {
    if text.len() > MAX_LINE * 4 {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let hidden = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if c.is_whitespace() || c.is_control() || hidden {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    (out.chars().count() <= MAX_LINE).then_some(out)
}

/// A value of possibly many lines: line ends become LF, other controls go.
pub fn paragraph(text: &str) -> Option<String> {
    if text.len() > MAX_ATTRIBUTE * 4 {
        return None;
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let out: String = text.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    (out.chars().count() <= MAX_ATTRIBUTE).then_some(out)
}

const LANGUAGES: &[(&str, &[&str])] = &[
    ("ar", &["arabic", "العربية", "عربي", "عربية", "arabisch", "arabe"]),
    ("en", &["english", "الإنجليزية", "انجليزي", "إنجليزي", "إنكليزي", "englisch", "anglais"]),
    ("de", &["german", "الألمانية", "ألماني", "deutsch", "allemand"]),
    ("fr", &["french", "الفرنسية", "فرنسي", "französisch", "français"]),
    ("es", &["spanish", "الإسبانية", "spanisch", "espagnol", "español"]),
    ("it", &["italian", "الإيطالية", "italienisch", "italien", "italiano"]),
    ("nl", &["dutch", "الهولندية", "niederländisch", "néerlandais", "nederlands"]),
    ("pt", &["portuguese", "البرتغالية", "portugiesisch", "portugais", "português"]),
    ("tr", &["turkish", "التركية", "تركي", "türkisch", "turc", "türkçe"]),
    ("fa", &["persian", "farsi", "الفارسية", "فارسی", "persisch", "persan"]),
    ("ur", &["urdu", "الأردية", "اردو"]),
    ("he", &["hebrew", "العبرية", "hebräisch", "hébreu", "עברית"]),
    ("ru", &["russian", "الروسية", "russisch", "russe", "русский"]),
    ("pl", &["polish", "البولندية", "polnisch", "polonais", "polski"]),
    ("ku", &["kurdish", "الكردية", "كردي", "kurdisch", "kurde"]),
    ("zh", &["chinese", "الصينية", "chinesisch", "chinois", "中文"]),
    ("ja", &["japanese", "اليابانية", "japanisch", "japonais", "日本語"]),
    ("hi", &["hindi", "الهندية", "हिन्दी"]),
];

fn by_folded(table: &'static [(&'static str, &'static [&'static str])]) -> HashMap<String, &'static str> {
    table.iter().flat_map(|(code, names)| names.iter().map(move |name| (fold(name), *code))).collect()
}

/// A language: a BCP 47 tag or a name.
pub fn language(text: &str) -> Option<Locale> {
    static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| by_folded(LANGUAGES));
    if let Ok(tag) = text.parse() {
        return Some(tag);
    }
    if text.len() > MAX_LINE {
        return None;
    }
    NAMES.get(&fold(text)).and_then(|code| code.parse().ok())
}

const RECIPIENTS: &[(&str, &[&str])] = &[
    (
        "individual",
        &["individual", "consumer", "private", "person", "b2c", "فرد", "شخص", "privat", "privatperson", "particulier"],
    ),
    (
        "sole_trader",
        &[
            "sole trader",
            "freelancer",
            "self employed",
            "صاحب مهنة حرة",
            "مستقل",
            "einzelunternehmer",
            "freiberufler",
            "indépendant",
        ],
    ),
    (
        "corporate_named",
        &[
            "corporate named",
            "corporate",
            "business",
            "company",
            "b2b",
            "شركة",
            "موظف شركة",
            "geschäftlich",
            "unternehmen",
            "entreprise",
            "professionnel",
        ],
    ),
    (
        "corporate_generic",
        &["corporate generic", "generic", "role address", "عنوان عام لشركة", "funktionsadresse", "adresse générique"],
    ),
    (
        "public_body",
        &["public body", "government", "authority", "جهة حكومية", "هيئة عامة", "behörde", "organisme public"],
    ),
];

/// The code of a kind of recipient (the rule pack's vocabulary).
pub fn recipient_type(text: &str) -> Option<&'static str> {
    static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| by_folded(RECIPIENTS));
    if text.len() > MAX_LINE {
        return None;
    }
    NAMES.get(&fold(&text.replace(['_', '-'], " "))).copied()
}

/// An IANA time zone in its usual spelling.
pub fn time_zone(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 64 || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b)) {
        return None;
    }
    let zone = jiff::tz::TimeZone::get(text).ok()?;
    zone.iana_name().map(str::to_owned)
}

/// Tags separated by `;`, `,` or `،`; empty and repeated ones go. The second value tells whether
/// any had to be left out because it was too long or one too many.
pub fn tags(text: &str) -> (Vec<String>, bool) {
    let mut out: Vec<String> = Vec::new();
    let mut lost = false;
    for part in text.split([';', ',', '،']) {
        match line(part) {
            Some(tag) if tag.is_empty() => {}
            Some(tag) if out.iter().any(|seen| fold(seen) == fold(&tag)) => {}
            Some(tag) if out.len() < MAX_TAGS && tag.chars().count() <= 100 => out.push(tag),
            _ => lost = true,
        }
    }
    (out, lost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn languages_zones_and_kinds_are_read_by_code_and_name() {
        assert_eq!(language("AR_eg").unwrap().as_str(), "ar-EG");
        assert_eq!(language("العربيه").unwrap().as_str(), "ar");
        assert_eq!(language("Deutsch").unwrap().as_str(), "de");
        assert_eq!(language("gibberish language"), None);
        assert_eq!(recipient_type("Sole Trader"), Some("sole_trader"));
        assert_eq!(recipient_type("corporate_generic"), Some("corporate_generic"));
        assert_eq!(recipient_type("alien"), None);
        assert_eq!(time_zone("Asia/Riyadh").as_deref(), Some("Asia/Riyadh"));
        assert_eq!(time_zone("Mars/Olympus"), None);
        assert_eq!(time_zone("../../etc/passwd"), None);
    }

    #[test]
    fn lines_cannot_break_out_of_a_header() {
        assert_eq!(line(" Lina\r\nBcc: x\u{202e} ").as_deref(), Some("Lina Bcc: x"));
        assert_eq!(line(&"x".repeat(201)), None);
        assert_eq!(paragraph("a\r\nb\u{0}c").as_deref(), Some("a\nbc"));
    }

    #[test]
    fn tags_are_split_and_said_once() {
        assert_eq!(tags("vip; Berlin, VIP،عميل,,").0, ["vip", "Berlin", "عميل"]);
        assert!(tags(&"x".repeat(101)).1);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "\\PC{0,300}") {
            let _ = (line(&text), paragraph(&text), language(&text), recipient_type(&text), time_zone(&text), tags(&text));
        }
    }
}
