//! A channel carries messages: three verbs, receive, send and status, and nothing else. What
//! comes in and what became of a message is told to [`crate::incoming`].

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{DeliveryId, Direction, Locale, Pii, WorkspaceId};
use privacy::gate::SendPermit;
use privacy::vocabulary::Channel as ChannelKind;
use store::BoxFuture;

use crate::Thread;

/// Who a message is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The display name.
    pub name: String,
    /// The address; its domain is a sending domain of the workspace.
    pub email: kernel::Email,
    /// Where answers go, when not to `email`.
    pub reply_to: Option<kernel::Email>,
}

/// What a message to a list carries in its headers (RFC 2369, 2919, 8058).
#[derive(Debug, Clone)]
pub struct ListHeaders {
    /// The list's human name.
    pub label: String,
    /// Stable over renames; the channel appends the sending domain.
    pub id: String,
    /// The one-click URL.
    pub unsubscribe: String,
    /// For the feedback id: campaign, then workspace; never personal.
    pub feedback: String,
}

/// One message, ready to be put on a wire.
pub struct Envelope {
    /// Whose message it is.
    pub workspace: WorkspaceId,
    /// The delivery; bounces and replies come back to it.
    pub delivery: DeliveryId,
    /// From.
    pub sender: Arc<Sender>,
    /// The address in its wire form.
    pub recipient: Pii<String>,
    /// The display name of the recipient, when known.
    pub recipient_name: Option<Pii<String>>,
    /// The subject.
    pub subject: Pii<String>,
    /// The HTML part.
    pub html: Option<Pii<String>>,
    /// The text part.
    pub text: Pii<String>,
    /// The content's language.
    pub language: Locale,
    /// The message this one follows, for `In-Reply-To` and `References`.
    pub thread: Option<Thread>,
    /// Headers of a message to many; `None` for a message that the person caused.
    pub list: Option<ListHeaders>,
    /// The calendar object that goes with it.
    pub invitation: Option<crate::Invitation>,
}

impl Envelope {
    /// The direction of the content.
    pub fn direction(&self) -> Direction {
        self.language.direction()
    }
}

/// What became of a hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The next hop took the message; its reply without personal values.
    Accepted {
        /// Enhanced status code or basic code.
        status: String,
    },
    /// The next hop said no.
    Refused {
        /// Whether trying again is pointless.
        permanent: bool,
        /// The class of refusal in the vocabulary of the bounce reference.
        class: &'static str,
        /// Whether the address must not be written to any more.
        suppress: bool,
        /// Enhanced status code or basic code.
        status: String,
    },
    /// Nothing was handed over; safe to try again.
    NotStarted {
        /// A code such as `connect`, `tls`, `timeout`, `sender_not_verified`.
        reason: &'static str,
        /// Whether trying again is pointless until somebody acts.
        permanent: bool,
    },
    /// The connection broke between the end of the message and its reply: it may have arrived.
    InDoubt {
        /// A code such as `connection_lost`.
        reason: &'static str,
    },
    /// The permit was cancelled or ran out before the hand-over began.
    PermitLost,
    /// The next hop has others to take first, by its pace or ours: waiting for one's turn is no attempt.
    Busy,
}

/// A way to reach people.
pub trait Channel: Send + Sync {
    /// Which one.
    fn kind(&self) -> ChannelKind;

    /// Puts one message on the wire. Takes the permit by value: a message without a permit of the
    /// gate cannot be sent.
    fn send(&self, permit: SendPermit, envelope: Envelope) -> BoxFuture<'_, Sent>;

    /// Whether the workspace may send from this address now: a verified domain, or a relay on a
    /// loopback address.
    fn sender_verified<'a>(&'a self, workspace: WorkspaceId, sender: &'a Sender) -> BoxFuture<'a, bool>;

    /// How many messages one worker may hand over at the same time.
    fn parallel(&self) -> usize {
        64
    }
}

/// The channels of this process.
#[derive(Clone, Default)]
pub struct Channels(HashMap<ChannelKind, Arc<dyn Channel>>);

impl Channels {
    /// Adds a channel.
    pub fn with(mut self, channel: Arc<dyn Channel>) -> Self {
        self.0.insert(channel.kind(), channel);
        self
    }

    /// The channel of this kind, when the process has one.
    pub fn get(&self, kind: ChannelKind) -> Option<&Arc<dyn Channel>> {
        self.0.get(&kind)
    }
}
