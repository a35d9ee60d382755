use std::collections::BTreeMap;

use kernel::{ContactId, DeliveryId, RawId, Timestamp, TopicId, WorkspaceId};
use privacy::vocabulary::{Channel, Purpose};
use serde::{Deserialize, Serialize};
use store::{Blind, Error, FromRow, FromValue, Result, Row, Value};

use crate::channel::Sender;

macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant = $number,)* }

        impl $name {
            /// The state as written in answers.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl From<$name> for Value {
            fn from(state: $name) -> Self {
                Self::Int(state as i64)
            }
        }

        impl FromValue for $name {
            fn from_value(value: Value) -> Result<Self> {
                match i64::from_value(value)? {
                    $($number => Ok(Self::$variant),)*
                    _ => Err(Error::Column(stringify!($name))),
                }
            }
        }
    };
}

states! {
    /// Where a delivery stands.
    DeliveryState {
        /// Waits for its turn.
        Queued = 0 "queued",
        /// Handed to a worker; becomes `in_doubt` when the worker dies.
        Sending = 1 "sending",
        /// The next hop took it.
        Sent = 2 "sent",
        /// The next hop refused it for good, or it could not be sent in time.
        Failed = 3 "failed",
        /// Accepted first, returned later.
        Bounced = 4 "bounced",
        /// The gate said no.
        Denied = 5 "denied",
        /// The campaign was cancelled first.
        Cancelled = 6 "cancelled",
        /// The process died during the hand-over: it may have arrived, so it is not sent again.
        InDoubt = 7 "in_doubt",
    }
}

states! {
    /// Where a run stands.
    RunState {
        /// Deliveries go out as they become due.
        Running = 0 "running",
        /// Nobody claims deliveries.
        Paused = 1 "paused",
        /// Everything has ended.
        Finished = 2 "finished",
        /// Stopped for good.
        Cancelled = 3 "cancelled",
    }
}

/// What all messages of a run share, beyond columns the database needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// From whom.
    #[serde(with = "sender_json")]
    pub sender: Sender,
    /// The list's human name (the topic's), for List-Id; `None` for messages the person caused.
    pub list: Option<String>,
    /// The organisation's name.
    pub organisation: String,
    /// The organisation's postal address.
    pub postal_address: String,
    /// Why people of this run are written to, when the run rests on legitimate interest.
    pub reason: Option<String>,
    /// Codes of elements that the content lacks; the gate refuses them by name.
    pub missing: Vec<String>,
    /// Whether opens and clicks are tracked at all.
    pub track: bool,
    /// The series that its messages belong to ([`crate::series`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<kernel::SequenceId>,
}

impl Source {
    /// Whether the content carries all slots of the lawful notice in each part.
    pub(crate) fn carries_notice(&self) -> bool {
        self.list.is_some() && !self.missing.iter().any(|code| code.starts_with("notice_"))
    }
}

impl Source {
    /// What rendering needs to know about the sender on a day.
    pub(crate) fn frame(&self, today: kernel::Date) -> content::Sender {
        content::Sender {
            postal_address: self.postal_address.clone(),
            name: self.sender.name.clone(),
            organisation: self.organisation.clone(),
            list_name: self.list.clone().unwrap_or_default(),
            reason: self.reason.clone(),
            today,
        }
    }
}

mod sender_json {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::channel::Sender;

    #[derive(Serialize, Deserialize)]
    struct Wire {
        name: String,
        email: kernel::Email,
        reply_to: Option<kernel::Email>,
    }

    pub(super) fn serialize<S: Serializer>(sender: &Sender, serializer: S) -> Result<S::Ok, S::Error> {
        let (name, email, reply_to) = (sender.name.clone(), sender.email.clone(), sender.reply_to.clone());
        Wire { name, email, reply_to }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sender, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Ok(Sender { name: wire.name, email: wire.email, reply_to: wire.reply_to })
    }
}

/// Many messages of one content: a campaign's, or one notice.
#[derive(Debug, Clone)]
pub struct Run {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The campaign's (or notice's) identifier.
    pub source: RawId,
    /// Over which channel.
    pub channel: Channel,
    /// What for.
    pub purpose: Purpose,
    /// Under which topic.
    pub topic: Option<TopicId>,
    /// The content version.
    pub content: RawId,
    /// The content's hash; permits are bound to it.
    pub content_hash: [u8; 32],
    /// What all messages share.
    pub settings: Source,
    /// Where it stands.
    pub state: RunState,
    /// Whether every recipient has a delivery row.
    pub complete: bool,
    /// Nothing leaves before this instant (the grace period).
    pub not_before: Timestamp,
}

impl FromRow for Run {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            workspace: row.take()?,
            source: row.take()?,
            channel: row.take::<String>()?.parse().map_err(|_| Error::Column("channel"))?,
            purpose: row.take::<String>()?.parse().map_err(|_| Error::Column("purpose"))?,
            topic: row.take()?,
            content: row.take()?,
            content_hash: row.take()?,
            settings: serde_json::from_str(&row.take::<String>()?).map_err(|_| Error::Column("settings"))?,
            state: row.take()?,
            complete: row.take()?,
            not_before: row.take()?,
        })
    }
}

store::row! {
    /// A delivery in a worker's hands.
    #[derive(Debug, Clone)]
    pub(crate) struct Claimed {
        pub(crate) id: DeliveryId,
        pub(crate) contact: ContactId,
        pub(crate) address: Blind,
        pub(crate) domain: Blind,
        pub(crate) attempts: u32,
        pub(crate) created_at: Timestamp,
        pub(crate) sealed: Option<Vec<u8>>,
    }
}

store::row! {
    /// A delivery as told to the workspace's members.
    #[derive(Debug, Clone, Serialize)]
    pub struct DeliveryView {
        /// The delivery.
        pub id: DeliveryId,
        /// The person.
        pub contact: ContactId,
        /// Where it stands.
        pub state: DeliveryState,
        /// Why, in the vocabulary of gate reasons and bounce classes.
        pub reason: Option<String>,
        /// The row of the rule pack that decided.
        pub rule: String,
        /// The lawful basis it rests on; empty when denied.
        pub basis: String,
        /// How often it was tried.
        pub attempts: u32,
        /// When it was created.
        pub created_at: Timestamp,
        /// When the next hop took it.
        pub sent_at: Option<Timestamp>,
        /// The last status code of the next hop.
        pub status: Option<String>,
    }
}

/// How many deliveries of a run stand where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Waiting, also for a window to open.
    pub queued: u64,
    /// In a worker's hands.
    pub sending: u64,
    /// Taken by the next hop (bounced ones included: they were sent).
    pub sent: u64,
    /// Refused for good.
    pub failed: u64,
    /// Returned.
    pub bounced: u64,
    /// Refused by the gate.
    pub denied: u64,
    /// Cancelled with the campaign.
    pub cancelled: u64,
    /// Perhaps arrived.
    pub in_doubt: u64,
    /// Denials by reason.
    pub denied_by_reason: BTreeMap<String, u64>,
    /// Failures and bounces by class.
    pub failed_by_class: BTreeMap<String, u64>,
    /// Bounces alone by class.
    pub bounced_by_class: BTreeMap<String, u64>,
}

impl Counts {
    pub(crate) fn add(&mut self, state: DeliveryState, count: u64) {
        match state {
            DeliveryState::Queued => self.queued += count,
            DeliveryState::Sending => self.sending += count,
            DeliveryState::Sent => self.sent += count,
            DeliveryState::Failed => self.failed += count,
            DeliveryState::Bounced => {
                self.bounced += count;
                self.sent += count;
            }
            DeliveryState::Denied => self.denied += count,
            DeliveryState::Cancelled => self.cancelled += count,
            DeliveryState::InDoubt => self.in_doubt += count,
        }
    }

    /// How many ended in a state that has reasons.
    pub(crate) fn of(&self, state: DeliveryState) -> u64 {
        match state {
            DeliveryState::Denied => self.denied,
            DeliveryState::Failed => self.failed,
            DeliveryState::Bounced => self.bounced,
            _ => 0,
        }
    }

    pub(crate) fn explain(&mut self, state: DeliveryState, reason: Option<String>, count: u64) {
        if state == DeliveryState::Bounced {
            *self.bounced_by_class.entry(reason.clone().unwrap_or_else(|| "unknown".to_owned())).or_default() += count;
        }
        let group = if state == DeliveryState::Denied { &mut self.denied_by_reason } else { &mut self.failed_by_class };
        *group.entry(reason.unwrap_or_else(|| "unknown".to_owned())).or_default() += count;
    }

    /// Whether nothing is under way any more.
    pub fn settled(&self) -> bool {
        self.queued == 0 && self.sending == 0
    }
}

store::row! {
    /// A delivery as the public pages and the inbound side need it.
    #[derive(Debug, Clone)]
    pub struct DeliveryRow {
        /// The delivery.
        pub id: DeliveryId,
        /// The campaign or notice.
        pub source: RawId,
        /// The person.
        pub contact: ContactId,
        /// Over which channel.
        pub channel: String,
        /// What for.
        pub purpose: String,
        /// Under which topic.
        pub topic: Option<TopicId>,
        /// The content version.
        pub content: RawId,
        /// The suppression hash of the address.
        pub address: Blind,
        /// The suppression hash of its domain.
        pub domain: Blind,
        /// Where it stands.
        pub state: DeliveryState,
        /// When the next hop took it.
        pub sent_at: Option<Timestamp>,
        /// The lawful basis it rests on.
        pub basis: String,
        /// Address and merge values.
        pub sealed: Option<Vec<u8>>,
    }
}

impl DeliveryRow {
    /// The delivery; `None` when it is not known (any more).
    ///
    /// # Errors
    /// The store's.
    pub async fn find(ctx: &store::Ctx, id: DeliveryId) -> Result<Option<Self>> {
        ctx.db.get(super::queries::BY_ID, store::params![ctx.workspace, id]).await
    }
}
