//! What the gate knows when it decides about one message to one person.
//!
//! The names are those of `barid explain gate`; absent fields take the defaults written here. The
//! facts say *that* evidence, a reason or a provenance exists, never what it says: no text about
//! a person enters a decision.

use std::borrow::Cow;
use std::fmt;

use kernel::Timestamp;
use serde::Deserialize;

use super::lenient;
use super::state::State;
use super::words::{CollectedIn, DoiStatus, ImpliedKind, Relationship};
use crate::vocabulary::{BasisKind, Channel, ConsentState, Purpose, RecipientType};

/// Everything [`decide`](super::decide) asks about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// The recipient's country; `None` is unknown and treated most strictly.
    #[serde(deserialize_with = "lenient::country")]
    pub country: Option<Country>,
    /// Who is behind the address; an individual unless known better.
    pub recipient_type: RecipientType,
    /// The channel; e-mail when absent.
    pub channel: Channel,
    /// The purpose; marketing when absent.
    pub purpose: Purpose,
    /// The topic the message is sent under, for suppressions of one topic.
    pub topic: Option<Cow<'static, str>>,
    /// The lawful bases on record.
    pub basis: Vec<Claim>,
    /// The state of the person, the sender and the content.
    pub state: State,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            country: None,
            recipient_type: RecipientType::Individual,
            channel: Channel::Email,
            purpose: Purpose::MARKETING,
            topic: None,
            basis: Vec::new(),
            state: State::default(),
        }
    }
}

/// One lawful basis on record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Which basis.
    #[serde(rename = "type")]
    pub kind: BasisKind,
    /// The purpose it was stated for; the one asked about when absent.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    /// The channels it was stated for; every channel when absent.
    #[serde(default, deserialize_with = "lenient::channels")]
    pub channels: Option<Vec<Channel>>,
    /// The consent's state; given when absent.
    #[serde(default)]
    pub state: Option<ConsentState>,
    /// When it was stated.
    #[serde(default, deserialize_with = "lenient::instant")]
    pub at: Option<Timestamp>,
    /// When it ends (half-open: no longer valid at this instant).
    #[serde(default, deserialize_with = "lenient::instant")]
    pub expires_at: Option<Timestamp>,
    /// Whether evidence is recorded.
    #[serde(default, deserialize_with = "lenient::present")]
    pub evidence: bool,
    /// The double opt-in behind it.
    #[serde(default)]
    pub doi: Option<Doi>,
    /// Soft opt-in: what the person was.
    #[serde(default)]
    pub relationship: Option<Relationship>,
    /// Soft opt-in: where the address was collected.
    #[serde(default)]
    pub collected_in: Option<CollectedIn>,
    /// Soft opt-in: the date of the sale.
    #[serde(default, deserialize_with = "lenient::instant")]
    pub sale_at: Option<Timestamp>,
    /// Soft opt-in: the offer is for one's own similar goods.
    #[serde(default)]
    pub similar_goods: bool,
    /// Soft opt-in: a refusal was offered when the address was collected.
    #[serde(default)]
    pub opt_out_offered_at_collection: bool,
    /// Soft opt-in: a refusal is offered in every message.
    #[serde(default)]
    pub opt_out_offered_each_time: bool,
    /// Soft opt-in: months after the sale for which the business uses it.
    #[serde(default)]
    pub max_age_months: Option<u32>,
    /// Legitimate interest: the assessment.
    #[serde(default)]
    pub lia: Option<Lia>,
    /// Legitimate interest: whether a reason for this recipient is recorded.
    #[serde(default, deserialize_with = "lenient::present")]
    pub reason: bool,
    /// Whether the origin of the data is recorded.
    #[serde(default, deserialize_with = "lenient::present")]
    pub provenance: bool,
    /// Whether the person was told where the data come from (GDPR Art. 14).
    #[serde(default, deserialize_with = "lenient::present")]
    pub art14_notice: bool,
    /// Legitimate interest: the first message.
    #[serde(default, deserialize_with = "lenient::instant")]
    pub first_touch_at: Option<Timestamp>,
    /// Legitimate interest: messages sent so far.
    #[serde(default)]
    pub touches: u32,
    /// Legitimate interest: the last sign of interest.
    #[serde(default, deserialize_with = "lenient::instant")]
    pub last_engagement_at: Option<Timestamp>,
    /// How the data came in; `purchased` matters.
    #[serde(default)]
    pub import_kind: Option<Cow<'static, str>>,
    /// The company published the address for advertising.
    #[serde(default)]
    pub address_published_for_marketing: bool,
    /// Implied consent: by what.
    #[serde(default, rename = "kind")]
    pub implied_by: Option<ImpliedKind>,
    /// Implied consent: the message concerns the recipient's role.
    #[serde(default)]
    pub relevant_to_role: bool,
    /// Implied consent: nothing beside the published address refuses such messages.
    #[serde(default)]
    pub no_refusal_statement: bool,
}

impl Claim {
    /// A claim of this kind that states nothing else.
    pub const fn new(kind: BasisKind) -> Self {
        Self {
            kind,
            purpose: None,
            channels: None,
            state: None,
            at: None,
            expires_at: None,
            evidence: false,
            doi: None,
            relationship: None,
            collected_in: None,
            sale_at: None,
            similar_goods: false,
            opt_out_offered_at_collection: false,
            opt_out_offered_each_time: false,
            max_age_months: None,
            lia: None,
            reason: false,
            provenance: false,
            art14_notice: false,
            first_touch_at: None,
            touches: 0,
            last_engagement_at: None,
            import_kind: None,
            address_published_for_marketing: false,
            implied_by: None,
            relevant_to_role: false,
            no_refusal_statement: false,
        }
    }
}

/// A double opt-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doi {
    /// How far it got.
    pub status: DoiStatus,
    /// When it was confirmed.
    #[serde(default, deserialize_with = "lenient::instant")]
    pub at: Option<Timestamp>,
}

/// A legitimate-interest assessment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lia {
    /// Whether it has an id, which makes it a recorded one.
    #[serde(deserialize_with = "lenient::present")]
    pub id: bool,
    /// The purpose it weighs; marketing when absent.
    pub purpose: Option<Purpose>,
    /// When it was made.
    #[serde(deserialize_with = "lenient::instant")]
    pub start: Option<Timestamp>,
    /// When it is to be renewed; never later than the pack's limit after `start`.
    #[serde(deserialize_with = "lenient::instant")]
    pub expires_at: Option<Timestamp>,
}

/// A country: two capital letters of ISO 3166-1 (`UK` is read as `GB`, `EL` as `GR`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// The United States, whose states have hours of their own.
    pub(super) const US: Self = Self(*b"US");

    /// Reads a code in any case.
    pub fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 2] = text.trim().as_bytes().try_into().ok()?;
        let code = bytes.map(|b| b.to_ascii_uppercase());
        code.iter().all(u8::is_ascii_uppercase).then_some(match &code {
            b"UK" => Self(*b"GB"),
            b"EL" => Self(*b"GR"),
            _ => Self(code),
        })
    }

    /// Position in a table of all pairs of letters.
    pub(super) const fn index(self) -> usize {
        (self.0[0] - b'A') as usize * 26 + (self.0[1] - b'A') as usize
    }

    /// The pair of letters at a position of that table.
    pub(super) const fn at(index: usize) -> Self {
        Self([b'A' + (index / 26 % 26) as u8, b'A' + (index % 26) as u8])
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl serde::Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| serde::de::Error::custom("expected two letters of ISO 3166-1, such as DE"))
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A state of the United States: two capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region([u8; 2]);

impl Region {
    /// Reads `FL`, `fl` or `US-FL`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let code = text.strip_prefix("US-").or_else(|| text.strip_prefix("us-")).unwrap_or(text);
        let bytes: [u8; 2] = code.as_bytes().try_into().ok()?;
        let code = bytes.map(|b| b.to_ascii_uppercase());
        code.iter().all(u8::is_ascii_uppercase).then_some(Self(code))
    }
}

/// A time of day in minutes after midnight, 0 to 1440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minute(pub u16);

impl Minute {
    /// Reads `09:00`, `9:30`, `9` or `24:00`.
    pub fn read(text: &str) -> Option<Self> {
        let (hours, minutes) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
        let minutes = minutes.split(':').next().unwrap_or("0");
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        (minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0))).then_some(Self(hours * 60 + minutes))
    }
}

/// A name that is no IANA time zone known here.
#[derive(Debug, thiserror::Error)]
#[error("time_zones: not an IANA time zone that is known here")]
pub(super) struct UnknownZone;
