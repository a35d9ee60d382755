//! The words of the gate: channels, purposes, lawful bases, recipient types, scopes of a
//! suppression and states of a consent. All are written in snake case, in JSON and in the ledger.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A word that is not part of a vocabulary. Names the vocabulary, never the word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a known {vocabulary}; expected one of {expected}")]
pub struct UnknownWord {
    /// Which vocabulary was meant, such as `channel`.
    pub vocabulary: &'static str,
    /// The words there are.
    pub expected: String,
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident as $label:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)* }

        impl $name {
            /// Every word of this vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word as written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownWord;
            fn from_str(text: &str) -> Result<Self, $crate::vocabulary::UnknownWord> {
                match text {
                    $($code => Ok(Self::$variant),)*
                    _ => Err($crate::vocabulary::UnknownWord { vocabulary: $label, expected: [$($code),*].join(", ") }),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// How a message reaches a person.
    Channel as "channel" {
        /// Electronic mail.
        Email = "email",
        /// Text message.
        Sms = "sms",
        /// A call placed by a machine.
        Voice = "voice",
        /// WhatsApp; the gate treats it as a text message.
        Whatsapp = "whatsapp",
        /// Any other messenger; the gate treats it as a text message.
        Messenger = "messenger",
        /// Live chat on a site.
        Chat = "chat",
        /// Web or app push.
        Push = "push",
        /// Paper.
        Post = "post",
    }
}

impl Channel {
    /// Whether messages travel to a telephone number, so that quiet hours and approvals concern them.
    pub const fn is_phone(self) -> bool {
        matches!(self, Self::Sms | Self::Voice | Self::Whatsapp | Self::Messenger)
    }
}

vocabulary! {
    /// The kind of lawful basis that a claim states.
    BasisKind as "basis type" {
        /// Consent as ePrivacy and GDPR ask for it: a freely given, recorded opt-in.
        Consent = "consent",
        /// Express consent (Canada, Australia).
        ExpressConsent = "express_consent",
        /// Prior express written consent (United States, TCPA).
        ExpressWrittenConsent = "express_written_consent",
        /// Explicit consent (GDPR Art. 9, automated calls).
        ExplicitConsent = "explicit_consent",
        /// A customer's address got in a sale (ePrivacy Art. 13(2)).
        SoftOptIn = "soft_opt_in",
        /// Legitimate interest with a documented assessment (GDPR Art. 6(1)(f)).
        LegitimateInterest = "legitimate_interest",
        /// Consent implied by a purchase, an enquiry or a published address (Canada, CASL).
        ImpliedConsent = "implied_consent",
        /// Consent inferred from conduct and relationship (Australia, Spam Act).
        InferredConsent = "inferred_consent",
        /// Performance of a contract.
        Contract = "contract",
        /// A duty in law.
        LegalObligation = "legal_obligation",
        /// The person asked for it.
        SubjectRequest = "subject_request",
    }
}

impl BasisKind {
    /// Whether the person opted in, in one form or another.
    pub const fn is_consent(self) -> bool {
        matches!(self, Self::Consent | Self::ExpressConsent | Self::ExpressWrittenConsent | Self::ExplicitConsent)
    }
}

vocabulary! {
    /// Who is behind an address, as the law of the recipient's country sees it.
    RecipientType as "recipient type" {
        /// A private person.
        Individual = "individual",
        /// A business that is one person; treated as an individual.
        SoleTrader = "sole_trader",
        /// A named person at a company.
        CorporateNamed = "corporate_named",
        /// A company's general address.
        CorporateGeneric = "corporate_generic",
        /// A public authority; treated as a company's general address.
        PublicBody = "public_body",
    }
}

vocabulary! {
    /// The state of a consent (W3C Data Privacy Vocabulary; `requested` is not yet a consent).
    ConsentState as "consent state" {
        /// Asked for, not answered: a double opt-in that waits for its confirmation.
        Requested = "requested",
        /// Given.
        Given = "given",
        /// Given again.
        Renewed = "renewed",
        /// The person said no when asked.
        Refused = "refused",
        /// Its time ran out.
        Expired = "expired",
        /// Taken back by the person.
        Withdrawn = "withdrawn",
        /// Taken back by somebody else than the person.
        Revoked = "revoked",
        /// The person objected (GDPR Art. 21).
        Objected = "objected",
        /// It was never valid.
        Invalidated = "invalidated",
    }
}

impl ConsentState {
    /// Whether processing may rest on a claim in this state.
    pub const fn is_valid(self) -> bool {
        matches!(self, Self::Given | Self::Renewed)
    }

    /// Whether the person said no, which also stops every other basis for the same purpose and channel.
    pub const fn is_refusal(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn | Self::Objected)
    }
}

/// What a message is for: a short code of lower-case letters, digits, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purpose(Cow<'static, str>);

impl Purpose {
    /// Advertising of any kind.
    pub const MARKETING: Self = Self(Cow::Borrowed("marketing"));
    /// What the person's contract or request needs: bookings, replies, receipts, security.
    pub const SERVICE: Self = Self(Cow::Borrowed("service"));
    /// Recording who opened and clicked.
    pub const ENGAGEMENT_TRACKING: Self = Self(Cow::Borrowed("engagement_tracking"));
    /// Drawing conclusions about one person.
    pub const PROFILING: Self = Self(Cow::Borrowed("profiling"));
    /// A notice that the law makes us send.
    pub const STATUTORY: Self = Self(Cow::Borrowed("statutory"));

    /// A purpose by its code.
    ///
    /// # Errors
    /// The code is empty, longer than 64 bytes, or has other characters than `a-z 0-9 _ .`.
    pub fn new(code: &str) -> Result<Self, PurposeError> {
        for known in [Self::MARKETING, Self::SERVICE, Self::ENGAGEMENT_TRACKING, Self::PROFILING, Self::STATUTORY] {
            if known.as_str() == code {
                return Ok(known);
            }
        }
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
        if code.is_empty() || code.len() > 64 || !code.bytes().all(plain) {
            return Err(PurposeError);
        }
        Ok(Self(Cow::Owned(code.to_owned())))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is not the code of a purpose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a purpose is 1 to 64 characters of a-z, 0-9, '_' and '.'")]
pub struct PurposeError;

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Purpose {
    type Err = PurposeError;
    fn from_str(text: &str) -> Result<Self, PurposeError> {
        Self::new(text)
    }
}

impl Serialize for Purpose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Purpose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a suppression covers. Text form: `person`, `address`, `domain`, or `purpose:CODE`,
/// `channel:CODE`, `topic:ID`.
///
/// The address and the domain themselves are never part of a scope: they are keyed hashes beside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Everything, service messages too.
    Person,
    /// One purpose, on every channel.
    Purpose(Purpose),
    /// Marketing on one channel.
    Channel(Channel),
    /// One topic, by its id.
    Topic(String),
    /// Marketing to one address or number.
    Address,
    /// Marketing to every address of one domain: a company that asked to be left alone.
    Domain,
}

/// A text that is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scope is person, address, domain, purpose:CODE, channel:CODE or topic:ID")]
pub struct ScopeError;

impl Scope {
    /// The scope's kind without its value: `person`, `purpose`, `channel`, `topic`, `address`, `domain`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Purpose(_) => "purpose",
            Self::Channel(_) => "channel",
            Self::Topic(_) => "topic",
            Self::Address => "address",
            Self::Domain => "domain",
        }
    }

    /// The scope's value: a purpose, a channel, a topic id, or nothing.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Purpose(purpose) => Some(purpose.as_str()),
            Self::Channel(channel) => Some(channel.as_str()),
            Self::Topic(topic) => Some(topic),
            Self::Person | Self::Address | Self::Domain => None,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(value) => write!(f, "{}:{value}", self.kind()),
            None => f.write_str(self.kind()),
        }
    }
}

impl FromStr for Scope {
    type Err = ScopeError;
    fn from_str(text: &str) -> Result<Self, ScopeError> {
        match text.split_once(':').map_or((text, None), |(kind, value)| (kind, Some(value))) {
            ("person", None) => Ok(Self::Person),
            ("address", None) => Ok(Self::Address),
            ("domain" | "company", None) => Ok(Self::Domain),
            ("purpose", Some(code)) => code.parse().map(Self::Purpose).map_err(|_| ScopeError),
            ("channel", Some(code)) => code.parse().map(Self::Channel).map_err(|_| ScopeError),
            ("topic", Some(id)) if !id.is_empty() && id.len() <= 200 => Ok(Self::Topic(id.to_owned())),
            _ => Err(ScopeError),
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_text_and_json() {
        for channel in Channel::ALL {
            assert_eq!(channel.to_string().parse(), Ok(*channel));
            let json = serde_json::to_string(channel).unwrap();
            assert_eq!(serde_json::from_str::<Channel>(&json).unwrap(), *channel);
        }
        for kind in BasisKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert!("telex".parse::<Channel>().unwrap_err().to_string().contains("email, sms"));
    }

    #[test]
    fn scopes_carry_their_value() {
        for text in ["person", "address", "domain", "purpose:marketing", "channel:sms", "topic:top_1"] {
            assert_eq!(text.parse::<Scope>().unwrap().to_string(), text);
        }
        for text in ["", "channel", "channel:telex", "topic:", "person:x"] {
            assert_eq!(text.parse::<Scope>(), Err(ScopeError));
        }
    }

    #[test]
    fn purposes_are_plain_codes() {
        assert_eq!(Purpose::new("marketing"), Ok(Purpose::MARKETING));
        assert_eq!(Purpose::new("payment.saved_method").unwrap().as_str(), "payment.saved_method");
        assert!(Purpose::new("Marketing!").is_err());
    }
}
