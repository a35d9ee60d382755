//! The classifier of replies against labelled corpora.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use privacy::replies::{Intent, ReplyInput, classify};
use privacy::vocabulary::Channel;

macro_rules! corpora {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../data/replies/", $name, ".txt")))),*]
    };
}

const TUNED: [(&str, &str); 8] = corpora!["ar", "de", "en", "es", "fr", "nl", "ru", "tr"];

/// A line's intent and what was made of it.
struct Case<'a> {
    line: &'a str,
    expected: Intent,
    found: Intent,
}

fn read<'a>(text: &'a str) -> impl Iterator<Item = Case<'a>> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let (intent, rest) = line.split_once('\t').unwrap();
        let expected: Intent = intent.parse().unwrap();
        Case { line, expected, found: classify_line(rest) }
    })
}

/// Reads the headers in brackets and `\n`.
fn classify_line(line: &str) -> Intent {
    let mut headers: BTreeMap<&str, &str> = BTreeMap::new();
    let mut rest = line;
    while let Some((header, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let (name, value) = header.split_once(": ").unwrap();
        headers.insert(name, value);
        rest = after.trim_start();
    }
    let text = rest.replace("\\n", "\n");
    classify(&ReplyInput {
        auto_submitted: headers.get("auto-submitted").copied(),
        precedence: headers.get("precedence").copied(),
        auto_header: headers.contains_key("x-autoreply"),
        subject: headers.get("subject").copied().unwrap_or_default(),
        ..ReplyInput::plain(Channel::Email, &text)
    })
}

#[test]
fn the_tuned_corpora_are_understood_in_eight_languages() {
    let mut report = String::new();
    let mut wrong = 0;
    for (language, text) in TUNED {
        let cases: Vec<Case<'_>> = read(text).collect();
        assert!(cases.len() >= 60, "{language}: {}", cases.len());
        for intent in Intent::ALL {
            let count = cases.iter().filter(|case| case.expected == *intent).count();
            assert!(count >= 3, "{language} {intent}: {count}");
        }
        for case in cases.iter().filter(|case| case.expected != case.found) {
            wrong += 1;
            writeln!(report, "{language}: found {}: {}", case.found, case.line).unwrap();
        }
    }
    assert!(wrong == 0, "{wrong} wrong:\n{report}");
}
