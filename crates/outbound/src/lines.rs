//! Lines: the ways besides mail and the chat on pages over which a person and the workspace write to each other
//! in a conversation: SMS and the chat apps.
//!
//! Conversations and the channels do not know each other. What came in crosses as a job on [`CAME_IN_QUEUE`]; what
//! is to leave crosses through a [`Carrier`], which the process's wiring puts into [`Carriers`]; what became of it
//! comes back on the change feed (`sms.*`, `chat_message.*`), whose entity is the message.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{ContactId, DeliveryId, EventId, Problem, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Batch, BoxFuture, Ctx, NewJob};

/// The queue of what people wrote. Payload: `channel`, `message`.
pub const CAME_IN_QUEUE: &str = "conversation.line_in";

/// One line: a channel, our end of it and theirs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The channel's code, such as `sms` or `whatsapp`.
    pub channel: String,
    /// Our end: a number of ours, or the id of a connected account. Never personal.
    pub account: String,
    /// Their end, as the channel writes it.
    pub address: String,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({} [pii])", self.channel)
    }
}

/// A file with its octets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its octets.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Attached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attached([pii])")
    }
}

/// A text that the channel's operator approved beforehand, with what fills its places.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// Its language, as the operator writes it (`en_US`, `ar`).
    pub language: String,
    /// What fills `{{1}}`, `{{2}}`, … of the body, in order.
    #[serde(default)]
    pub parameters: Vec<String>,
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({})", self.name)
    }
}

/// What is said over a line.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Answers to choose from: what each says, and what it means.
    pub choices: Vec<(String, String)>,
    /// A file; the words stand beside it.
    pub file: Option<Attached>,
    /// An approved text; the words are what it says.
    pub template: Option<Template>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words([pii])")
    }
}

/// Something that is to leave over a line.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// The message's own id: a second parcel with it sends nothing.
    pub id: DeliveryId,
    /// Under whose key it rests.
    pub subject: ContactId,
    /// Over which line.
    pub line: Line,
    /// What is said.
    pub words: Words,
}

/// What a parcel would be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quote {
    /// How many messages the operator counts.
    pub parts: u32,
    /// How it is written, such as `GSM_7BIT`; none where that makes no difference.
    pub encoding: Option<&'static str>,
    /// What fits besides without another part.
    pub left: Option<u32>,
    /// Characters that make it longer than it had to be.
    pub because: Vec<char>,
    /// What is set aside for it, in millionths of the workspace's currency.
    pub price_micros: i64,
    /// Until when the person may be answered freely; none where the channel knows no such window.
    pub window_until: Option<Timestamp>,
    /// Why it would not be taken; none when it would.
    pub refused: Option<Problem>,
}

/// Where a message stands, in words that all channels have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It waits for its turn, or is being handed over.
    Queued,
    /// The operator has it.
    Sent,
    /// The person's device has it.
    Delivered,
    /// The person has seen it.
    Read,
    /// It did not leave, or did not arrive.
    Failed,
    /// The gate said no.
    Denied,
    /// It was taken back.
    Cancelled,
    /// Nobody knows whether it left: it is not sent again.
    InDoubt,
    /// It was not delivered in time.
    Expired,
}

/// What became of a parcel that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Where the message stands.
    pub state: Stands,
    /// Why, when that is not plain.
    pub reason: Option<String>,
    /// How many messages the operator counts.
    pub parts: u32,
    /// What was set aside, in millionths.
    pub price_micros: i64,
}

/// What somebody wrote over a line.
#[derive(Clone)]
pub struct CameIn {
    /// Who: a contact, or somebody who is a subject of their own until it is known who they are.
    pub subject: ContactId,
    /// The contact, when it is one.
    pub contact: Option<ContactId>,
    /// What they call themselves there.
    pub name: Option<String>,
    /// Their language, when the channel tells.
    pub language: Option<String>,
    /// Over which line.
    pub line: Line,
    /// The words.
    pub text: String,
    /// What a choice that was pressed means.
    pub choice: Option<String>,
    /// Files.
    pub files: Vec<Attached>,
    /// They asked for no more messages: what is open ends.
    pub stop: bool,
    /// What there is to know besides: codes only.
    pub notes: BTreeMap<String, Json>,
}

impl std::fmt::Debug for CameIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CameIn({:?})", self.line)
    }
}

/// Something that carries messages of conversations.
pub trait Carrier: Send + Sync {
    /// The codes of the channels that it carries.
    fn channels(&self) -> &'static [&'static str];

    /// Over which line a contact can be reached; `account` asks for one of our ends.
    ///
    /// # Errors
    /// Why the contact cannot be reached there.
    fn reach<'a>(
        &'a self,
        ctx: &'a Ctx,
        channel: &'a str,
        contact: ContactId,
        account: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Line, Problem>>;

    /// What a parcel would be. Nothing is kept or sent.
    ///
    /// # Errors
    /// When it cannot be found out.
    fn quote<'a>(&'a self, ctx: &'a Ctx, parcel: &'a Parcel) -> BoxFuture<'a, Result<Quote, Problem>>;

    /// Takes a parcel, once per id. What the gate denies is taken as denied, with the reason.
    ///
    /// # Errors
    /// Why it is not taken; nothing was kept then.
    fn carry<'a>(&'a self, ctx: &'a Ctx, parcel: Parcel) -> BoxFuture<'a, Result<Carried, Problem>>;

    /// What came in under this id; none when it is no longer kept.
    ///
    /// # Errors
    /// When it cannot be read yet.
    fn came_in<'a>(&'a self, ctx: &'a Ctx, message: EventId) -> BoxFuture<'a, Result<Option<CameIn>, Problem>>;
}

/// Everything that carries messages of conversations in this process.
#[derive(Clone, Default)]
pub struct Carriers(Arc<BTreeMap<&'static str, Arc<dyn Carrier>>>);

impl Carriers {
    /// Adds a carrier under each of its channels.
    #[must_use]
    pub fn with(self, carrier: Arc<dyn Carrier>) -> Self {
        let mut all = (*self.0).clone();
        for channel in carrier.channels() {
            all.insert(channel, Arc::clone(&carrier));
        }
        Self(Arc::new(all))
    }

    /// What carries a channel.
    pub fn get(&self, channel: &str) -> Option<&Arc<dyn Carrier>> {
        self.0.get(channel)
    }

    /// The channels that are carried.
    pub fn channels(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.keys().copied()
    }
}

impl std::fmt::Debug for Carriers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Puts the job into a batch that brings what somebody wrote to its conversation.
pub fn wrote(batch: &mut Batch, channel: &str, message: EventId) {
    let payload = json!({ "channel": channel, "message": message });
    batch.job(NewJob::now(CAME_IN_QUEUE, payload).key(message.to_string()));
}
