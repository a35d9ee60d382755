//! Identifiers: sixteen bytes inside (UUIDv7, RFC 9562), a prefix and 26 Crockford base32
//! characters outside (`con_01j…`), so that a pasted id says what it is.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::{Clock, Rng};

/// The sixteen bytes behind every identifier.
pub type RawId = [u8; 16];

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn encode(raw: RawId) -> [u8; 26] {
    let mut number = u128::from_be_bytes(raw);
    let mut out = [b'0'; 26];
    for slot in out.iter_mut().rev() {
        *slot = ALPHABET[(number & 31) as usize];
        number >>= 5;
    }
    out
}

fn decode(text: &str) -> Option<RawId> {
    if text.len() != 26 {
        return None;
    }
    let mut number: u128 = 0;
    for (index, byte) in text.bytes().enumerate() {
        // Crockford: case does not matter, O reads as 0, I and L read as 1.
        let symbol = match byte.to_ascii_lowercase() {
            b'o' => b'0',
            b'i' | b'l' => b'1',
            other => other,
        };
        let value = ALPHABET.iter().position(|&a| a == symbol)? as u128;
        if index == 0 && value > 7 {
            return None;
        }
        number = (number << 5) | value;
    }
    Some(number.to_be_bytes())
}

/// A text that is not an identifier of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an id like {prefix}_ and 26 letters and digits")]
pub struct ParseIdError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub RawId);

        impl $name {
            /// What stands before the underscore.
            pub const PREFIX: &'static str = $prefix;
        }

        impl From<RawId> for $name {
            fn from(raw: RawId) -> Self {
                Self(raw)
            }
        }

        impl From<$name> for RawId {
            fn from(id: $name) -> RawId {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let text = encode(self.0);
                f.write_str(concat!($prefix, "_"))?;
                f.write_str(std::str::from_utf8(&text).unwrap_or_default())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(decode)
                    .map(Self)
                    .ok_or(ParseIdError { prefix: $prefix })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A workspace: one organisation's people, keys and ledger.
    WorkspaceId = "ws";
    /// A person who signs in (global; joined to workspaces by membership).
    UserId = "usr";
    /// A membership of a user in a workspace.
    MemberId = "mem";
    /// A signed-in browser.
    SessionId = "ses";
    /// An API key.
    ApiKeyId = "key";
    /// A saved view of a list.
    SavedViewId = "viw";
    /// An entry of the audit trail.
    AuditId = "aud";
    /// An entry of the log of API calls.
    ApiCallId = "cal";
    /// A contact, which is also the privacy engine's data subject.
    ContactId = "con";
    /// Where a value came from.
    ProvenanceId = "prv";
    /// A topic (what other products call a list).
    TopicId = "top";
    /// A tag.
    TagId = "tag";
    /// A saved segment.
    SegmentId = "seg";
    /// A running or finished import.
    ImportId = "imp";
    /// A sign-up form.
    FormId = "frm";
    /// A purpose of processing.
    PurposeId = "pur";
    /// A web site whose visitors are asked about cookies.
    CookieSiteId = "cks";
    /// The proof of one visitor's choice about cookies.
    CookieProofId = "ckp";
    /// A version of a privacy notice.
    NoticeId = "ntc";
    /// A request of a data subject.
    RequestId = "dsr";
    /// A disclosure of somebody's data to a recipient.
    DisclosureId = "dis";
    /// A processor or other recipient in the register.
    ProcessorId = "prc";
    /// A document of the register: agreement, certificate, test report.
    DocumentId = "doc";
    /// A security incident.
    IncidentId = "inc";
    /// A notice about a security incident.
    IncidentNoticeId = "inn";
    /// A request of a public authority.
    AuthorityRequestId = "gov";
    /// A message that the register makes the workspace send.
    AnnouncementId = "ann";
    /// A saved design or template.
    TemplateId = "tpl";
    /// Something that the editor keeps: a block, a brand, an earlier state.
    PieceId = "pce";
    /// A picture of the image library.
    ImageId = "img";
    /// A campaign.
    CampaignId = "cmp";
    /// A sequence: a series of messages with pauses between them.
    SequenceId = "seq";
    /// One message to one person: the delivery row.
    DeliveryId = "msg";
    /// A captured message of the mail catcher.
    MessageId = "cap";
    /// A sending domain.
    DomainId = "dom";
    /// A webhook endpoint.
    EndpointId = "whk";
    /// An event (webhook event, ledger event).
    EventId = "evt";
    /// A durable job.
    JobId = "job";
    /// An assessment of a legitimate interest.
    AssessmentId = "lia";
    /// An approval of sending that a country asks for.
    ApprovalId = "apv";
    /// A business activity of the workspace.
    ActivityId = "act";
    /// A national opt-out list as uploaded.
    ScreeningId = "scr";
}

ids! {
    /// A conversation: the durable relation of a workspace and one person, over its channels.
    ConversationId = "cnv";
    /// A thread of a conversation, from its first event to its end.
    ThreadId = "thr";
    /// A group of agents.
    GroupId = "grp";
    /// A visitor of a web site, before and after anything is known of them.
    VisitorId = "vis";
    /// A file in a conversation.
    FileId = "fil";
    /// A prepared answer of agents.
    CannedId = "can";
    /// A greeting that a widget shows by itself.
    GreetingId = "grt";
    /// A chat widget's settings.
    WidgetId = "wid";
    /// A bot that answers before a person does.
    BotId = "bot";
    /// An article of the knowledge base.
    ArticleId = "art";
    /// A member's device that opens conversations encrypted end to end.
    DeviceId = "dev";
    /// A key under which a group receives conversations encrypted end to end.
    ReceptionId = "rcp";
    /// A browser's subscription to Web Push.
    PushId = "psh";
}

ids! {
    /// An event type: what can be booked.
    EventTypeId = "ety";
    /// A host's weekly hours with their exceptions.
    ScheduleId = "sch";
    /// A booking.
    BookingId = "bkg";
    /// A slot held while somebody fills in the form.
    HoldId = "hld";
    /// Whose time is booked: a member as a host. A resource's time is kept under the same octets as its id.
    HostId = "hst";
    /// A room or other resource that bookings need.
    ResourceId = "rsc";
    /// A connected calendar account.
    CalendarAccountId = "cac";
    /// A calendar of a connected account, or a feed.
    CalendarId = "cdr";
    /// A published calendar feed.
    CalendarFeedId = "cfd";
}

ids! {
    /// A way to an operator over which messages or calls leave.
    RouteId = "rte";
    /// An originator: the number or name that messages come from.
    OriginatorId = "ori";
    /// A connected account of a chat app.
    ChannelId = "chn";
    /// A telephone number of the inventory.
    NumberId = "num";
    /// A call.
    CallId = "cll";
    /// A call flow.
    FlowId = "flw";
    /// A SIP trunk: a way to an operator over which calls leave and come in.
    TrunkId = "trk";
    /// A recording of a call.
    RecordingId = "rec";
    /// A verification: one code for one address.
    VerificationId = "vrf";
    /// An entry of a balance's book.
    BalanceEntryId = "bal";
    /// A payment: an order at a payment provider.
    PaymentId = "pay";
    /// A short link.
    LinkId = "lnk";
}

ids! {
    /// Settings of verifications under a name.
    VerificationServiceId = "vsv";
    /// A question to a provider about a number.
    LookupId = "lkp";
    /// A customer's account on our SMPP server.
    SmppAccountId = "sma";
    /// A means of payment that was saved.
    PaymentMethodId = "pmt";
}

/// Makes identifiers that sort by creation time (UUIDv7 with a per-process counter, RFC 9562
/// section 6.2 method 1), so that inserts stay at the end of the index.
#[derive(Clone)]
pub struct Ids {
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    last: Arc<Mutex<(u64, u16)>>,
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

impl Ids {
    /// A source over the given clock and randomness.
    pub fn new(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { clock, rng, last: Arc::new(Mutex::new((0, 0))) }
    }

    /// The next identifier.
    pub fn next<T: From<RawId>>(&self) -> T {
        let now = self.clock.now().as_millis().max(0) as u64;
        let mut raw = [0u8; 16];
        self.rng.fill(&mut raw[8..]);
        let (millis, counter) = {
            let mut last = self.last.lock();
            *last = match *last {
                (millis, counter) if now <= millis && counter < 0x0fff => (millis, counter + 1),
                (millis, _) if now <= millis => (millis + 1, 0),
                _ => (now, 0),
            };
            *last
        };
        raw[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        raw[6] = 0x70 | (counter >> 8) as u8;
        raw[7] = counter as u8;
        raw[8] = 0x80 | (raw[8] & 0x3f);
        T::from(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_form_round_trips(raw: RawId) {
            let id = ContactId(raw);
            prop_assert_eq!(id.to_string().parse::<ContactId>(), Ok(id));
        }

        #[test]
        fn order_of_text_is_order_of_bytes(a: RawId, b: RawId) {
            prop_assert_eq!(a.cmp(&b), ContactId(a).to_string().cmp(&ContactId(b).to_string()));
        }

        #[test]
        fn foreign_text_is_refused(text in "\\PC{0,40}") {
            prop_assume!(!text.starts_with("con_"));
            prop_assert!(text.parse::<ContactId>().is_err());
        }
    }
}
