use std::borrow::Cow;
use std::fmt::Write;

use kernel::Timestamp;
use serde::Deserialize;

/// What kind of event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A statement about one basis: given, requested, expired and so on.
    Statement,
    /// A withdrawal or objection; absent purpose, channel or topic mean all of them.
    Withdrawal,
    /// Sending was blocked by somebody else than the person: a bounce, counsel, a member.
    Block,
    /// A suppression was lifted by the person or by re-verification.
    Lift,
    /// A duplicate was merged into this person.
    Merge,
    /// The person was erased.
    Erasure,
    /// A backup was restored and the safety log replayed.
    Restored,
    /// A member agreed, for the workspace, to something that is no message, or took it back.
    Agreement,
}

impl Kind {
    /// The code in the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Withdrawal => "withdrawal",
            Self::Block => "block",
            Self::Lift => "lift",
            Self::Merge => "merge",
            Self::Erasure => "erasure",
            Self::Restored => "restored",
            Self::Agreement => "agreement",
        }
    }
}

/// An event's header as written in the ledger. Everything in it is a code, an id, an instant or a
/// keyed hash, so no value needs escaping and the canonical form (RFC 8785: sorted keys, no white
/// space) can be written straight out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header<'a> {
    /// Who acted: `system`, `console`, `person`, or an id.
    #[serde(borrow)]
    pub actor: Cow<'a, str>,
    /// When it happened in the world, which may lie before the commit (an import's consent date).
    pub at: Timestamp,
    /// The lawful basis, by its code.
    #[serde(borrow)]
    pub basis: Option<Cow<'a, str>>,
    /// The channel; absent when the event concerns every channel.
    #[serde(borrow)]
    pub channel: Option<Cow<'a, str>>,
    /// HMAC-SHA-256 of the payload under the salt inside the sealed payload; base64url.
    #[serde(borrow)]
    pub commit: Cow<'a, str>,
    /// Until when the statement holds.
    pub expires: Option<Timestamp>,
    /// The event.
    pub id: kernel::EventId,
    /// What kind of event.
    pub kind: Kind,
    /// The notice the person saw.
    pub notice: Option<kernel::NoticeId>,
    /// The purpose; absent when the event concerns every purpose.
    #[serde(borrow)]
    pub purpose: Option<Cow<'a, str>>,
    /// The first 16 bytes of SHA-256 over the sealed payload; base64url.
    #[serde(borrow)]
    pub sealed: Cow<'a, str>,
    /// The state stated.
    #[serde(borrow)]
    pub state: Option<Cow<'a, str>>,
    /// The person's pseudonym; base64url.
    #[serde(borrow)]
    pub subject: Cow<'a, str>,
    /// The topic; absent when the event concerns no topic in particular.
    pub topic: Option<kernel::TopicId>,
}

impl Header<'_> {
    /// The canonical bytes that are hashed into the chain.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::with_capacity(420);
        let mut first = true;
        let mut field = |name: &str, value: &dyn std::fmt::Display| {
            out.push(if first { '{' } else { ',' });
            first = false;
            // Writing to a String does not fail.
            let _ = write!(out, "\"{name}\":\"{value}\"");
        };
        field("actor", &self.actor);
        field("at", &self.at);
        if let Some(basis) = &self.basis {
            field("basis", basis);
        }
        if let Some(channel) = &self.channel {
            field("channel", channel);
        }
        field("commit", &self.commit);
        if let Some(expires) = &self.expires {
            field("expires", expires);
        }
        field("id", &self.id);
        field("kind", &self.kind.as_str());
        if let Some(notice) = &self.notice {
            field("notice", notice);
        }
        if let Some(purpose) = &self.purpose {
            field("purpose", purpose);
        }
        field("sealed", &self.sealed);
        if let Some(state) = &self.state {
            field("state", state);
        }
        field("subject", &self.subject);
        if let Some(topic) = &self.topic {
            field("topic", topic);
        }
        out.push('}');
        out.into_bytes()
    }

    /// Reads a header; `None` when the bytes are not one in canonical form.
    pub fn parse(body: &[u8]) -> Option<Header<'_>> {
        let header: Header<'_> = serde_json::from_slice(body).ok()?;
        (header.to_bytes() == body).then_some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header() -> Header<'static> {
        Header {
            actor: "system".into(),
            at: Timestamp(1_764_000_000_000_001),
            basis: Some("consent".into()),
            channel: Some("email".into()),
            commit: "AAAA".into(),
            expires: None,
            id: kernel::EventId([7; 16]),
            kind: Kind::Statement,
            notice: None,
            purpose: Some("marketing".into()),
            sealed: "BBBB".into(),
            state: Some("given".into()),
            subject: "CCCC".into(),
            topic: Some(kernel::TopicId([9; 16])),
        }
    }

    #[test]
    fn the_form_is_canonical_json() {
        let body = header().to_bytes();
        let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(serde_json::to_vec(&value).unwrap(), body);
        assert_eq!(Header::parse(&body), Some(header()));
    }

    proptest! {
        #[test]
        fn no_changed_bit_reads_as_the_same_header(at in 0usize..200, bit in 0u8..8) {
            let mut body = header().to_bytes();
            let at = at % body.len();
            body[at] ^= 1 << bit;
            prop_assert_ne!(Header::parse(&body), Some(header()));
        }

        #[test]
        fn any_bytes_are_survived(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Header::parse(&body);
        }
    }
}
