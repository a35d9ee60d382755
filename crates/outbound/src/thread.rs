//! What a message belongs to, for In-Reply-To and References (RFC 5322 section 3.6.4).

use kernel::DeliveryId;
use serde::{Deserialize, Serialize};

/// Longest Message-ID that is taken over, in octets.
const LONGEST: usize = 250;
/// Most references that are kept: the first one and the last ones.
const MOST: usize = 12;

/// What a message follows. Sealed with its addressee.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Thread {
    /// A message of our own.
    Delivery(DeliveryId),
    /// A message that a person sent, which this one answers.
    Letter(Letter),
}

/// A message that a person sent. Personal: their program and its host stand in the ids.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its Message-ID and before that what it refers to, without angle brackets; empty when it has no usable one.
    references: Vec<String>,
    /// Whether nobody looked at the answer before it left (RFC 3834 `auto-replied`).
    #[serde(default)]
    automatic: bool,
}

impl Letter {
    /// A letter by its Message-ID and what it refers to, oldest first. Nothing here is trusted: what is no
    /// Message-ID is left out, and without one of its own a letter cannot be referred to.
    pub fn new<'a>(message_id: Option<&str>, references: impl Iterator<Item = &'a str>) -> Self {
        let Some(own) = message_id.filter(|id| is_message_id(id)) else { return Self::default() };
        let mut all: Vec<String> = references.filter(|id| is_message_id(id) && *id != own).map(str::to_owned).collect();
        all.push(own.to_owned());
        if all.len() > MOST {
            all.drain(1..=all.len() - MOST);
        }
        Self { references: all, automatic: false }
    }

    /// Whether nobody looked at the answer before it left.
    pub const fn is_automatic(&self) -> bool {
        self.automatic
    }

    /// What an answer refers to, the letter itself last; without angle brackets.
    pub fn references(&self) -> &[String] {
        &self.references
    }

    pub(crate) fn answered_by_machine(mut self) -> Self {
        self.automatic = true;
        self
    }
}

/// Whether a text can stand between the angle brackets of a Message-ID: visible ASCII, one `@`, no brackets.
pub fn is_message_id(text: &str) -> bool {
    text.len() <= LONGEST
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'(' | b')' | b',' | b';'))
        && text
            .split_once('@')
            .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty() && !right.contains('@'))
}

impl std::fmt::Debug for Thread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Delivery(id) => write!(f, "{id}"),
            Self::Letter(_) => f.write_str("[pii]"),
        }
    }
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_message_id_is_left_out() {
        let letter =
            Letter::new(Some("b@x.example"), ["a@x.example", "no id", "x@y\r\nBcc: z@z", "b@x.example"].into_iter());
        assert_eq!(letter.references(), ["a@x.example", "b@x.example"]);
        for own in [None, Some(""), Some("@"), Some("a@"), Some("a b@c"), Some("a@b@c"), Some("ü@x.example")] {
            assert_eq!(Letter::new(own, ["a@x.example"].into_iter()), Letter::default(), "{own:?}");
        }
    }

    #[test]
    fn a_long_thread_keeps_its_root_and_its_end() {
        let all: Vec<String> = (0..40).map(|number| format!("{number}@x.example")).collect();
        let letter = Letter::new(Some("own@x.example"), all.iter().map(String::as_str));
        assert_eq!(letter.references().len(), MOST);
        assert_eq!(
            (letter.references()[0].as_str(), letter.references()[MOST - 1].as_str()),
            ("0@x.example", "own@x.example")
        );
    }

    #[test]
    fn messages_sealed_before_letters_could_be_answered_are_read() {
        let id = DeliveryId([7; 16]);
        let read: Thread = serde_json::from_value(serde_json::json!(id)).unwrap();
        assert_eq!(read, Thread::Delivery(id));
        let letter = Thread::Letter(Letter::new(Some("a@b.example"), std::iter::empty()).answered_by_machine());
        let again: Thread = serde_json::from_str(&serde_json::to_string(&letter).unwrap()).unwrap();
        assert!(again == letter && matches!(again, Thread::Letter(letter) if letter.is_automatic()));
    }
}
