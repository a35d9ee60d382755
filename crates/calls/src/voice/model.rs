use std::collections::BTreeMap;

use billing::Micros;
use kernel::{CallId, ContactId, EventId, FlowId, RecordingId, Timestamp, TopicId, TrunkId};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{Blind, Ctx, Error, FromValue, Result, SubjectKeys, Value};

macro_rules! states {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $code:literal,)*) => {
        /// Where a call stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum CallState { $($(#[$doc])* $variant = $number,)* }

        impl CallState {
            /// Every state.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl FromValue for CallState {
            fn from_value(value: Value) -> Result<Self> {
                match i64::from_value(value)? {
                    $($number => Ok(Self::$variant),)*
                    _ => Err(Error::Column("call state")),
                }
            }
        }
    };
}

states! {
    /// Waits for its turn, its hour or a free trunk.
    Queued = 0 "queued",
    /// Is being dialled.
    Starting = 1 "starting",
    /// It rings.
    Ringing = 2 "ringing",
    /// Answered.
    Ongoing = 3 "ongoing",
    /// It was answered, and is over.
    Ended = 4 "ended",
    /// The other side was busy or declined.
    Busy = 5 "busy",
    /// Nobody answered.
    NoAnswer = 6 "no_answer",
    /// It could not be made.
    Failed = 7 "failed",
    /// The gate said no.
    Denied = 8 "denied",
    /// Taken back before it was dialled, or hung up before it was answered.
    Cancelled = 9 "cancelled",
    /// Nobody knows whether it was made: it is not made again.
    InDoubt = 10 "in_doubt",
}

impl From<CallState> for Value {
    fn from(state: CallState) -> Self {
        Self::Int(state as i64)
    }
}

impl CallState {
    /// Whether it is over.
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Starting | Self::Ringing | Self::Ongoing)
    }
}

/// What is sealed of a call: the number, and what shall be said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    /// The person's number, in E.164.
    pub(crate) number: String,
    /// The flow as it was when the call was accepted.
    pub(crate) flow: Json,
    /// What the caller of the API calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
    /// What the flow's words may name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) variables: BTreeMap<String, String>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

/// The sealed column of calls.
const SEALED: &str = "voice_call.sealed";

impl Content {
    pub(crate) fn seal(&self, ctx: &Ctx, contact: ContactId, keys: &SubjectKeys) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(self).map_err(|_| Error::Column("content"))?;
        Ok(keys.data()?.seal(&ctx.aad(contact, SEALED), &plain, ctx.rng.as_ref()))
    }

    pub(crate) fn open(ctx: &Ctx, contact: ContactId, keys: &SubjectKeys, sealed: &[u8]) -> Result<Self> {
        let plain = keys.data()?.open(&ctx.aad(contact, SEALED), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Error::Seal(SEALED))
    }

    /// What permits are bound to.
    pub(crate) fn hash(flow: &Json, from: &str) -> [u8; 32] {
        let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        context.update(&(from.len() as u64).to_be_bytes());
        context.update(from.as_bytes());
        context.update(flow.to_string().as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        hash
    }
}

store::row! {
    /// A call in a worker's hands.
    #[derive(Debug, Clone)]
    pub(super) struct Claimed {
        pub(super) id: CallId,
        pub(super) contact: Option<ContactId>,
        pub(super) purpose: String,
        pub(super) topic: Option<TopicId>,
        pub(super) address: Option<Blind>,
        pub(super) country: String,
        pub(super) number: String,
        pub(super) flow: Option<FlowId>,
        pub(super) ring: u32,
        pub(super) longest: u32,
        pub(super) price: Micros,
        pub(super) trial: bool,
        pub(super) expires_at: Timestamp,
        pub(super) sealed: Option<Vec<u8>>,
    }
}

store::row! {
    /// A call as told to members, without the person's number.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct CallView {
        /// The call.
        pub id: CallId,
        /// The person; nobody when a caller hides their number.
        pub contact: Option<ContactId>,
        /// `outbound` or `inbound`.
        pub direction: String,
        /// What it is for.
        pub purpose: String,
        /// The country of the person's number.
        pub country: String,
        /// Our number.
        pub number: String,
        /// The flow, when it is one that is kept.
        pub flow: Option<FlowId>,
        /// Over which trunk.
        pub trunk: Option<TrunkId>,
        /// The price of a started minute.
        pub price: Micros,
        /// Whether nobody is really called.
        pub trial: bool,
        /// Where it stands.
        pub state: CallState,
        /// Why, when that is not plain.
        pub reason: Option<String>,
        /// The status with which the other side refused it (SIP).
        pub status: Option<u32>,
        /// The row of the rule pack that decided.
        pub rule: String,
        /// The lawful basis it rests on.
        pub basis: String,
        /// The ledger event that states this basis.
        pub claim: Option<EventId>,
        /// When it is due, while it waits.
        pub due_at: Timestamp,
        /// When it was accepted.
        pub created_at: Timestamp,
        /// When it was answered.
        pub answered_at: Option<Timestamp>,
        /// When it ended.
        pub finished_at: Option<Timestamp>,
        /// For how many seconds people could speak.
        pub seconds: u32,
        /// What it cost.
        pub cost: Micros,
    }
}

store::row! {
    /// One step in a call's life.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct CallStep {
        /// Which leg: 0 is the person, from 1 on those it was connected with.
        pub leg: u32,
        /// When.
        pub at: Timestamp,
        /// What.
        pub kind: String,
        /// A code.
        pub detail: Option<String>,
    }
}

store::row! {
    /// A recording without its sound.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct RecordingView {
        /// Its id.
        pub id: RecordingId,
        /// In which call.
        pub call: CallId,
        /// Of whom.
        pub contact: Option<ContactId>,
        /// How long.
        pub seconds: u32,
        /// Why it ended: `full`, `silence`, `stopped`.
        pub ended: String,
        /// When it was made.
        pub created_at: Timestamp,
    }
}
