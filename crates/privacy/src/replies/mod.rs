//! What a reply asks for: an opt-out, a question about data, a legal complaint, or none of these.
//!
//! A reply is stripped of quotes and signature, folded, cut into sentences and compared with phrases
//! kept as data (`packs/replies.json`: English, German, French, Arabic, Spanish, Dutch, Russian,
//! Turkish); a small trained model ([`model`]) weighs what they found and what they missed.
//! Precedence: auto-reply, legal complaint, opt-out, question, ambiguous, none. When in doubt a reply is ambiguous: sending pauses and a human reads it.

mod cancel;
pub mod model;
mod phrases;
mod spelling;
mod strip;
#[cfg(test)]
mod tests;
mod verdict;

pub use cancel::is_lone_cancel;
pub use strip::own_words;

use serde::Deserialize;

use crate::vocabulary::{Channel, vocabulary};
use model::Model;

vocabulary! {
    /// What a reply asks for.
    Intent as "reply intent" {
        /// Stop writing.
        Optout = "optout",
        /// Nothing that concerns sending.
        NotOptout = "not_optout",
        /// Perhaps an opt-out: sending pauses, a human decides.
        Ambiguous = "ambiguous",
        /// Written by a machine.
        AutoReply = "auto_reply",
        /// Threatens with law, or complains of a breach of it.
        ComplaintLegal = "complaint_legal",
        /// Where did you get my data?
        QuestionSource = "question_source",
        /// By what right do you write to me?
        QuestionRight = "question_right",
        /// What do you hold about me?
        QuestionWhat = "question_what",
    }
}

/// A reply as received: decoded text and the few headers that matter.
#[derive(Debug, Clone, Copy)]
pub struct ReplyInput<'a> {
    /// The language, where known. People answer in another one, so every language is always read.
    pub lang: Option<&'a str>,
    /// The channel; on telephone channels a lone keyword is the whole message.
    pub channel: Channel,
    /// The `Auto-Submitted` header (RFC 3834).
    pub auto_submitted: Option<&'a str>,
    /// The `Precedence` header.
    pub precedence: Option<&'a str>,
    /// Whether one of `X-Autoreply`, `X-Autorespond`, `X-Auto-Response` is there.
    pub auto_header: bool,
    /// The decoded subject.
    pub subject: &'a str,
    /// The decoded plain text, with quotes and signature.
    pub text: &'a str,
}

impl<'a> ReplyInput<'a> {
    /// A reply of which only the text is known.
    pub const fn plain(channel: Channel, text: &'a str) -> Self {
        Self { lang: None, channel, auto_submitted: None, precedence: None, auto_header: false, subject: "", text }
    }

    /// Whether its headers say that a machine wrote it.
    fn is_marked_automatic(&self) -> bool {
        let automatic = |value: &str| !value.trim().is_empty() && !value.trim().to_ascii_lowercase().starts_with("no");
        self.auto_header
            || self.auto_submitted.is_some_and(automatic)
            || self.precedence.is_some_and(|value| value.trim().eq_ignore_ascii_case("auto_reply"))
    }
}

/// The input of `barid explain reply`, before the message is parsed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The language, where known.
    #[serde(default)]
    pub lang: Option<String>,
    /// The channel; e-mail when absent.
    #[serde(default = "email")]
    pub channel: Channel,
    /// The reply's text, or a whole message (RFC 5322), see [`is_message`].
    pub raw: String,
}

const fn email() -> Channel {
    Channel::Email
}

/// Whether a text is a whole message rather than the text of one: it begins with a header field that
/// messages begin with (RFC 5322), and has a blank line.
pub fn is_message(raw: &str) -> bool {
    const FIELDS: &[&str] = &[
        "from",
        "to",
        "subject",
        "date",
        "received",
        "return-path",
        "message-id",
        "mime-version",
        "delivered-to",
        "content-type",
        "auto-submitted",
        "in-reply-to",
        "references",
        "reply-to",
        "dkim-signature",
        "authentication-results",
        "precedence",
        "sender",
        "cc",
    ];
    let known = |line: &str| {
        line.split_once(':').is_some_and(|(name, _)| {
            let name = name.trim_end().to_ascii_lowercase();
            FIELDS.contains(&name.as_str()) || (name.starts_with("x-") && !name.contains(' '))
        })
    };
    let mut lines = raw.trim_start_matches(['\u{feff}', '\r', '\n']).lines();
    let Some(first) = lines.next() else { return false };
    if !known(first) {
        return false;
    }
    let mut fields = 1;
    for line in lines {
        match line {
            "" => return fields >= 2,
            line if line.starts_with([' ', '\t']) => {}
            line if line.split_once(':').is_some_and(|(name, _)| !name.contains(' ')) => fields += 1,
            _ => return false,
        }
    }
    fields >= 2
}

/// Says what a reply asks for. Never panics, on any text; the time grows with the length of the text, which is bounded.
pub fn classify(input: &ReplyInput<'_>) -> Intent {
    classify_with(input, Model::current())
}

/// [`classify`] with other weights, for measuring them.
pub fn classify_with(input: &ReplyInput<'_>, model: &Model) -> Intent {
    let read = verdict::by_phrases(input);
    verdict::weigh(&read, model)
}
