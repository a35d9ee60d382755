use kernel::{ContactId, DeliveryId, TopicId};
use store::Blind;

use crate::vocabulary::{Channel, Purpose};

/// What the gate must know about the content of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentMeta {
    /// SHA-256 of the compiled content; the permit is bound to it.
    pub hash: [u8; 32],
    /// Codes of the elements that the law asks for and the content lacks.
    pub missing: Vec<&'static str>,
    /// Whether the content advertises, whatever its purpose says.
    pub promotional: bool,
}

/// May this message go to this person?
#[derive(Debug, Clone)]
pub struct Ask {
    /// The person.
    pub subject: ContactId,
    /// The suppression hash of the address ([`crate::suppression::email_hash`]).
    pub address: Blind,
    /// The suppression hash of its domain; the address's own again where there is none.
    pub domain: Blind,
    /// The channel.
    pub channel: Channel,
    /// What the message is for.
    pub purpose: Purpose,
    /// The topic it is sent under.
    pub topic: Option<TopicId>,
    /// The content.
    pub content: ContentMeta,
    /// Whether the sending domain is verified, or need not be.
    pub sender_verified: bool,
}

/// The question asked again, right before a message leaves.
#[derive(Debug, Clone)]
pub struct Recheck {
    /// The delivery about to leave.
    pub delivery: DeliveryId,
    /// The same question as when it was created.
    pub ask: Ask,
}
