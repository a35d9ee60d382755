use proptest::prelude::*;

use super::*;

/// One labelled reply per line: intent, language, text; `\n` stands for a line break.
const CORPUS: &str = include_str!("corpus.tsv");

#[test]
fn the_corpus_is_understood() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in CORPUS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let fields: Vec<&str> = line.splitn(3, '\t').collect();
        let [intent, _, text] = fields[..] else { panic!("{line}") };
        let text = text.replace("\\n", "\n");
        let found = classify(&ReplyInput::plain(Channel::Email, &text));
        count += 1;
        if found.as_str() != intent {
            wrong.push(format!("expected {intent}, found {found}: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 160, "{count}");
}

#[test]
fn words_that_point_at_a_picture_end_nothing() {
    for text in ["here", "Here.", "hier bitte", "ici", "هنا", "انظر هنا", "вот", "burada"] {
        for channel in [Channel::Sms, Channel::Email] {
            assert_eq!(classify(&ReplyInput::plain(channel, text)), Intent::NotOptout, "{text}");
        }
    }
    for text in ["stop here", "unsubscribe me here please"] {
        assert_eq!(classify(&ReplyInput::plain(Channel::Sms, text)), Intent::Optout, "{text}");
    }
}

#[test]
fn the_published_examples_are_true() {
    let mut intent = "";
    let mut checked = 0;
    for line in include_str!("../../../../docs/reference/replies.md").lines() {
        if let Some(code) = line.strip_prefix("### `") {
            intent = code.trim_end_matches('`');
        } else if let (false, Some(text)) = (intent.is_empty(), line.strip_prefix("- ")) {
            assert_eq!(classify(&ReplyInput::plain(Channel::Email, text)).as_str(), intent, "{text}");
            checked += 1;
        }
    }
    assert_eq!(checked, 3 * Intent::ALL.len());
}

#[test]
fn keywords_are_whole_text_messages() {
    for word in [
        "STOP",
        "stop.",
        " Unsubscribe",
        "إلغاء",
        "الغاء",
        "iptal",
        "İPTAL",
        "СТОП",
        "BAJA",
        "abmelden",
        "Arrêt",
        "Cancel",
        "QUIT",
        "end",
        "opt-out",
        "stopall",
    ] {
        assert_eq!(classify(&ReplyInput::plain(Channel::Sms, word)), Intent::Optout, "{word}");
    }
    for word in ["HELP", "YES", "نعم", "ok", "👍", "", "1"] {
        assert_eq!(classify(&ReplyInput::plain(Channel::Sms, word)), Intent::NotOptout, "{word}");
    }
}

#[test]
fn headers_and_subjects_count() {
    let plain = ReplyInput::plain(Channel::Email, "STOP");
    assert_eq!(classify(&ReplyInput { auto_submitted: Some("auto-replied"), ..plain }), Intent::AutoReply);
    assert_eq!(classify(&ReplyInput { auto_submitted: Some("no"), ..plain }), Intent::Optout);
    let empty = ReplyInput::plain(Channel::Email, "");
    assert_eq!(classify(&ReplyInput { subject: "Unsubscribe", ..empty }), Intent::Optout);
    assert_eq!(classify(&ReplyInput { subject: "Re: How to unsubscribe from bad habits", ..empty }), Intent::NotOptout);
    assert_eq!(classify(&ReplyInput { subject: "Automatische Antwort: Angebot", ..empty }), Intent::AutoReply);
    let leaver = "John is no longer with the company. Please remove this address from your list.";
    assert_eq!(
        classify(&ReplyInput { auto_submitted: Some("auto-replied"), text: leaver, ..empty }),
        Intent::Ambiguous
    );
}

#[test]
fn whole_messages_are_told_from_texts() {
    assert!(is_message("From: a@example.org\r\nSubject: Re: hi\r\n\r\nSTOP\r\n"));
    assert!(is_message("Received: from x\n by y\nFrom: a@example.org\n\nSTOP"));
    assert!(!is_message("STOP"));
    assert!(!is_message("Subject: please remove me"));
    assert!(!is_message("To: be or not to be\nthat is the question"));
}

proptest! {
    #[test]
    fn any_text_has_an_intent(text in "\\PC{0,400}", subject in "\\PC{0,60}") {
        let input = ReplyInput { subject: &subject, ..ReplyInput::plain(Channel::Email, &text) };
        classify(&input);
    }

    #[test]
    fn what_is_quoted_does_not_count(lines in proptest::collection::vec("[a-z ]{0,20}(unsubscribe|stop|remove me)[a-z ]{0,20}", 1..6)) {
        let quoted = lines.join("\n> ");
        let text = format!("Sounds good, see you on Monday.\n\nOn 3 Nov 2026 Ana <ana@example.org> wrote:\n> {quoted}");
        prop_assert_eq!(classify(&ReplyInput::plain(Channel::Email, &text)), Intent::NotOptout);
    }
}
