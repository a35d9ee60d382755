use std::collections::BTreeMap;
use std::fmt;

use kernel::{ContactId, EventId, Locale, RequestId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::vocabulary::{Channel, Purpose, vocabulary};
use crate::{Error, Result};

/// The longest text of a request, in characters.
const MAX_TEXT: usize = 4000;
/// The most corrections at once.
const MAX_CORRECTIONS: usize = 50;

vocabulary! {
    /// What somebody asks for.
    RequestKind as "request type" {
        /// What is held about me (GDPR Art. 15).
        Access = "access",
        /// The same as a file for somebody else's system (Art. 20).
        Portability = "portability",
        /// Correct what is wrong (Art. 16).
        Rectification = "rectification",
        /// Erase it (Art. 17).
        Erasure = "erasure",
        /// Keep it and do nothing else with it (Art. 18).
        Restriction = "restriction",
        /// Do not use it for that (Art. 21).
        Objection = "objection",
    }
}

vocabulary! {
    /// How a request came.
    Via as "request channel" {
        /// The public privacy centre.
        Centre = "centre",
        /// The preference page of a message.
        PreferencePage = "preference_page",
        /// A member wrote it down in the dashboard.
        Dashboard = "dashboard",
        /// A program.
        Api = "api",
        /// A mail to the privacy mailbox.
        Mail = "mail",
        /// A letter.
        Post = "post",
    }
}

vocabulary! {
    /// Where a request stands.
    RequestState as "request state" {
        /// It came; nobody has checked yet who asks.
        Received = "received",
        /// A link was mailed to the address on file.
        Challenged = "challenged",
        /// It is known that the person asked.
        Verified = "verified",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// Done.
        Fulfilled = "fulfilled",
        /// Refused, with a lawful ground.
        Refused = "refused",
        /// The person took it back.
        Withdrawn = "withdrawn",
        /// Nobody followed the link.
        Expired = "expired",
    }
}

impl RequestState {
    /// Whether nothing more happens.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Fulfilled | Self::Refused | Self::Withdrawn | Self::Expired)
    }

    /// Whether it is known that the person asked.
    pub const fn is_verified(self) -> bool {
        matches!(self, Self::Verified | Self::InProgress | Self::Fulfilled)
    }

    /// Whether a request may go from here to there.
    pub const fn may_become(self, to: Self) -> bool {
        match to {
            Self::Received => false,
            Self::Challenged => matches!(self, Self::Received | Self::Challenged),
            Self::Verified => matches!(self, Self::Received | Self::Challenged),
            Self::InProgress => matches!(self, Self::Verified | Self::InProgress),
            Self::Fulfilled => matches!(self, Self::Verified | Self::InProgress),
            Self::Refused | Self::Withdrawn => !self.is_closed(),
            Self::Expired => matches!(self, Self::Received | Self::Challenged),
        }
    }
}

vocabulary! {
    /// Why a request may be refused.
    Ground as "ground of refusal" {
        /// Who asks could not show to be that person (Art. 12(2)).
        IdentityUnverified = "identity_unverified",
        /// Manifestly unfounded (Art. 12(5)).
        ManifestlyUnfounded = "manifestly_unfounded",
        /// Excessive, in particular repeated (Art. 12(5)).
        Excessive = "excessive",
        /// A law makes us keep the data (Art. 17(3)(b)).
        LegalObligation = "legal_obligation",
        /// Legal claims need them (Art. 17(3)(e)).
        LegalClaims = "legal_claims",
        /// The answer would reveal somebody else (Art. 15(4)).
        RightsOfOthers = "rights_of_others",
        /// Freedom of expression and information (Art. 17(3)(a)).
        FreedomOfExpression = "freedom_of_expression",
        /// Public interest in health, archives or research (Art. 17(3)(c), (d)).
        PublicInterest = "public_interest",
        /// Compelling grounds outweigh the objection (Art. 21(1)); never against direct marketing.
        CompellingGrounds = "compelling_grounds",
        /// Somebody else decides about these data; the answer says who.
        NotController = "not_controller",
    }
}

/// How it became known that the person asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The single-use link that was mailed to the address on file.
    Link,
    /// The signed link in a message that the person received.
    Letter,
    /// A member checked it and says how.
    Member,
}

impl By {
    /// The word kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Letter => "letter",
            Self::Member => "member",
        }
    }
}

vocabulary! {
    /// Whether a mail is from the domain that it says it is from (DKIM, DMARC).
    Authenticity as "authenticity" {
        /// The domain, or its organisation, signed it.
        Pass = "pass",
        /// The domain signs its mail, or asks not to believe what it did not sign, and this is not signed.
        Fail = "fail",
        /// Nothing is signed and nothing is asked.
        None = "none",
        /// The name servers did not answer.
        Unavailable = "unavailable",
    }
}

/// What a mail proved about its sender: evidence, never a proof of who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authentication {
    /// The result.
    pub result: Authenticity,
    /// The domain of the sender's address.
    pub domain: String,
    /// The domain that signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// What the domain wants done with mail that it did not sign: `none`, `quarantine` or `reject`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

impl Authentication {
    /// A result of which nothing more is known.
    pub const fn new(result: Authenticity, domain: String) -> Self {
        Self { result, domain, signed_by: None, policy: None }
    }
}

/// What was asked, in the person's words; shredded when the request is closed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Content {
    /// The address that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requester: Option<String>,
    /// What they wrote.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// For a rectification: field name → right value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub corrections: BTreeMap<String, String>,
    /// For an objection: this channel only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// For an objection: this purpose only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The language the person used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Locale>,
    /// For a mail: what it proved about its sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication: Option<Authentication>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Content([pii])")
    }
}

impl Content {
    /// Whether it came in a mail that is not from whom it says.
    pub fn is_forged(&self) -> bool {
        self.authentication.as_ref().is_some_and(|found| found.result == Authenticity::Fail)
    }

    /// Whether it came in a mail that its sender's domain signed.
    pub fn is_signed(&self) -> bool {
        self.authentication.as_ref().is_some_and(|found| found.result == Authenticity::Pass)
    }

    pub(super) fn check(&self, kind: RequestKind) -> Result<()> {
        let invalid = |field, detail| Err(Error::Invalid { field, detail });
        if self.text.chars().count() > MAX_TEXT {
            return invalid("text", "at most 4000 characters");
        }
        if self.requester.as_ref().is_some_and(|text| text.len() > 400) {
            return invalid("email", "is too long");
        }
        if self.corrections.len() > MAX_CORRECTIONS {
            return invalid("corrections", "at most 50 at once");
        }
        if self.corrections.iter().any(|(name, value)| name.len() > 100 || value.chars().count() > MAX_TEXT) {
            return invalid("corrections", "a name has at most 100 and a value at most 4000 characters");
        }
        if kind != RequestKind::Rectification && !self.corrections.is_empty() {
            return invalid("corrections", "only a rectification has corrections");
        }
        if kind != RequestKind::Objection && (self.channel.is_some() || self.purpose.is_some()) {
            return invalid("channel", "only an objection names a channel or a purpose");
        }
        if self.channel.is_some() && self.purpose.is_some() {
            return invalid("channel", "name a channel or a purpose, not both");
        }
        Ok(())
    }
}

/// The corrections among `name=value` pairs of a form; empty values are left out.
pub fn corrections_from<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .filter(|(name, value)| !name.is_empty() && !value.is_empty())
        .take(MAX_CORRECTIONS)
        .collect()
}

/// A request to open.
#[derive(Debug, Clone)]
pub struct New {
    /// What is asked for.
    pub kind: RequestKind,
    /// How it came.
    pub via: Via,
    /// About whom, when that is known.
    pub subject: Option<ContactId>,
    /// It concerns a child: it goes first, and nothing is asked back.
    pub child: bool,
    /// When it came; a letter may have come earlier than it is written down. Never in the future.
    pub received_at: Timestamp,
    /// What was asked.
    pub content: Content,
}

/// A request as read back.
#[derive(Debug, Clone, Serialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// What is asked for.
    #[serde(rename = "type")]
    pub kind: RequestKind,
    /// How it came.
    #[serde(rename = "channel")]
    pub via: Via,
    /// Where it stands.
    pub state: RequestState,
    /// About whom.
    pub subject: Option<ContactId>,
    /// It concerns a child.
    pub child: bool,
    /// Who wrote it down.
    pub actor: String,
    /// When it came.
    pub received_at: Timestamp,
    /// Until when we want it answered.
    pub target_at: Timestamp,
    /// Until when law wants it answered: the first instant after the term.
    pub due_at: Timestamp,
    /// Since when it is known that the person asked.
    pub verified_at: Option<Timestamp>,
    /// How that became known: `link`, `letter` or `member`.
    pub verified_by: Option<String>,
    /// When the term was extended.
    pub extended_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Why it was refused.
    pub ground: Option<Ground>,
    /// SHA-256 of what was answered, in hex.
    pub result: Option<String>,
    /// The reminder that was given last, in percent of the time until the target.
    pub reminded: i64,
    /// Counts changes.
    pub version: i64,
    /// What was asked; gone once the request is closed.
    pub content: Option<Content>,
    /// What the person was told about a refusal or an extension.
    pub explanation: Option<String>,
}

impl Request {
    /// Whether the legal term is over.
    pub fn is_late(&self, now: Timestamp) -> bool {
        !self.state.is_closed() && now >= self.due_at
    }
}

/// A line of a request's timeline.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What: `received`, `challenged`, `verified`, `started`, `extended`, `fulfilled`, `refused`, `withdrawn`,
    /// `expired`, `note`, `reminded`, `notice`, `downloaded`.
    pub kind: String,
    /// Who.
    pub actor: String,
    /// A member's words; gone once the request is closed.
    pub note: Option<String>,
}

/// The authority where somebody in a country complains (GDPR Art. 77 and its neighbours), by name and address on
/// the web; `None` where the workspace's own must be named.
pub fn rights_authority(country: Option<&str>) -> Option<(&'static str, &'static str)> {
    const AUTHORITIES: &[(&str, &str, &str)] = &[
        ("AT", "Datenschutzbehörde", "https://www.dsb.gv.at"),
        (
            "BE",
            "Autorité de protection des données / Gegevensbeschermingsautoriteit",
            "https://www.dataprotectionauthority.be",
        ),
        ("CH", "Eidgenössischer Datenschutz- und Öffentlichkeitsbeauftragter (EDÖB)", "https://www.edoeb.admin.ch"),
        ("DE", "Die Datenschutzaufsichtsbehörde Ihres Bundeslandes (BfDI)", "https://www.bfdi.bund.de"),
        ("DK", "Datatilsynet", "https://www.datatilsynet.dk"),
        ("EG", "مركز حماية البيانات الشخصية", "https://pdpc.gov.eg"),
        ("ES", "Agencia Española de Protección de Datos", "https://www.aepd.es"),
        ("FR", "Commission nationale de l'informatique et des libertés (CNIL)", "https://www.cnil.fr"),
        ("GB", "Information Commissioner's Office", "https://ico.org.uk"),
        ("IE", "Data Protection Commission", "https://www.dataprotection.ie"),
        ("IT", "Garante per la protezione dei dati personali", "https://www.garanteprivacy.it"),
        ("NL", "Autoriteit Persoonsgegevens", "https://www.autoriteitpersoonsgegevens.nl"),
        ("PL", "Urząd Ochrony Danych Osobowych", "https://uodo.gov.pl"),
        ("PT", "Comissão Nacional de Proteção de Dados", "https://www.cnpd.pt"),
        ("QA", "الوكالة الوطنية للأمن السيبراني", "https://www.ncsa.gov.qa"),
        ("SA", "الهيئة السعودية للبيانات والذكاء الاصطناعي (سدايا)", "https://sdaia.gov.sa"),
        ("SE", "Integritetsskyddsmyndigheten", "https://www.imy.se"),
    ];
    let country = country?;
    AUTHORITIES.iter().find(|row| row.0 == country).map(|row| (row.1, row.2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn states() -> impl Strategy<Value = RequestState> {
        (0..RequestState::ALL.len()).prop_map(|at| RequestState::ALL[at])
    }

    proptest! {
        #[test]
        fn what_is_closed_stays_closed(from in states(), to in states()) {
            prop_assert!(!(from.is_closed() && from.may_become(to)));
            // Nothing is fulfilled that was not verified first.
            prop_assert!(!(to == RequestState::Fulfilled && from.may_become(to) && !from.is_verified()));
        }
    }

    #[test]
    fn complaints_go_to_the_countrys_authority() {
        for (country, name) in [("NL", "Persoonsgegevens"), ("DE", "BfDI"), ("FR", "CNIL")] {
            assert!(rights_authority(Some(country)).unwrap().0.contains(name), "{country}");
        }
        assert_eq!(rights_authority(Some("XX")), None);
    }

    #[test]
    fn only_what_belongs_to_a_type_is_taken() {
        let channel = Content { channel: Some(Channel::Sms), ..Content::default() };
        assert!(channel.check(RequestKind::Objection).is_ok() && channel.check(RequestKind::Access).is_err());
        let both = Content { purpose: Some(Purpose::MARKETING), ..channel };
        assert!(both.check(RequestKind::Objection).is_err());
        let corrections = corrections_from([("first_name", " Lina "), ("", "x"), ("company", " ")]);
        assert_eq!(corrections.len(), 1);
        let long = Content { text: "a".repeat(4001), ..Content::default() };
        assert!(long.check(RequestKind::Access).is_err());
    }
}
