use billing::Micros;
use kernel::{ContactId, DeliveryId, EventId, RawId, RouteId, Timestamp, TopicId};
use serde::Serialize;
use store::{Blind, Error, FromValue, Result, Value};

macro_rules! states {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $code:literal,)*) => {
        /// Where a message stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum MessageState { $($(#[$doc])* $variant = $number,)* }

        impl MessageState {
            /// Every state.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The state of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|state| state.as_str() == name)
            }
        }

        impl FromValue for MessageState {
            fn from_value(value: Value) -> Result<Self> {
                match i64::from_value(value)? {
                    $($number => Ok(Self::$variant),)*
                    _ => Err(Error::Column("message state")),
                }
            }
        }
    };
}

states! {
    /// Waits for its turn, its hour or its day.
    Queued = 0 "queued",
    /// In a worker's hands; becomes `in_doubt` when the worker dies.
    Sending = 1 "sending",
    /// The operator took every part.
    Sent = 2 "sent",
    /// The telephone has every part.
    Delivered = 3 "delivered",
    /// Refused for good, by the operator or the network.
    Failed = 4 "failed",
    /// The gate said no.
    Denied = 5 "denied",
    /// Taken back before it left.
    Cancelled = 6 "cancelled",
    /// Nobody knows whether it left: it is not sent again.
    InDoubt = 7 "in_doubt",
    /// Its validity ended before it was delivered, or no receipt ever came.
    Expired = 8 "expired",
    /// Waits because its campaign is paused.
    Held = 9 "held",
}

impl From<MessageState> for Value {
    fn from(state: MessageState) -> Self {
        Self::Int(state as i64)
    }
}

store::row! {
    /// A message in a worker's hands.
    #[derive(Debug, Clone)]
    pub(super) struct Claimed {
        pub(super) id: DeliveryId,
        pub(super) contact: ContactId,
        pub(super) purpose: String,
        pub(super) topic: Option<TopicId>,
        pub(super) address: Blind,
        pub(super) network: String,
        pub(super) originator: String,
        pub(super) encoding: String,
        pub(super) parts: u32,
        pub(super) price: Micros,
        pub(super) trial: bool,
        pub(super) attempts: u32,
        pub(super) expires_at: Timestamp,
        pub(super) sealed: Option<Vec<u8>>,
        pub(super) source: Option<RawId>,
    }
}

store::row! {
    /// A message as told to members, without its number and words.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct MessageView {
        /// The message.
        pub id: DeliveryId,
        /// The person.
        pub contact: ContactId,
        /// What it is for.
        pub purpose: String,
        /// The country of the number.
        pub country: String,
        /// What it is from.
        pub originator: String,
        /// `GSM_7BIT` or `UCS2`.
        pub encoding: String,
        /// How many parts.
        pub parts: u32,
        /// What was set aside for it, all parts together.
        pub price: Micros,
        /// Whether it never leaves: a trial.
        pub trial: bool,
        /// Where it stands.
        pub state: MessageState,
        /// Why, when that is not plain.
        pub reason: Option<String>,
        /// The row of the rule pack that decided.
        pub rule: String,
        /// The lawful basis it rests on; empty when denied.
        pub basis: String,
        /// The ledger event that states this basis.
        pub claim: Option<EventId>,
        /// Over which route it went.
        pub route: Option<RouteId>,
        /// How often it was tried.
        pub attempts: u32,
        /// When it is due, while it waits.
        pub due_at: Timestamp,
        /// Until when it may be delivered.
        pub expires_at: Timestamp,
        /// When it was accepted.
        pub created_at: Timestamp,
        /// When the operator took it.
        pub sent_at: Option<Timestamp>,
        /// When it ended.
        pub finished_at: Option<Timestamp>,
        /// The campaign it belongs to.
        pub source: Option<RawId>,
    }
}

/// One step in a message's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// What: `accepted`, `attempt`, `part_sent`, `part_ended`, or the state it ended in.
    pub kind: String,
    /// Which part, from 1.
    pub part: Option<u32>,
    /// Over which route.
    pub route: Option<RouteId>,
    /// A code: what the operator or the network said.
    pub detail: Option<String>,
}

store::row! {
    /// A message that somebody sent us, as told to members.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct InboundView {
        /// Its id.
        pub id: EventId,
        /// Who.
        pub contact: ContactId,
        /// Over which route it came.
        pub route: RouteId,
        /// To which number of ours.
        pub number: String,
        /// `stop`, `start`, `help`, or nothing.
        pub keyword: String,
        /// What it asks for.
        pub intent: String,
        /// Parts that never came.
        pub missing: u32,
        /// When.
        pub created_at: Timestamp,
        /// Number and words.
        pub(super) sealed: Option<Vec<u8>>,
    }
}
