//! What is said, as the server has it: who, in which place, and octets that it cannot read.

use data_encoding::BASE64URL_NOPAD;
use kernel::{Code, Problem, RawId, ThreadId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{octets, refused, shares};
use crate::conversations::Conversation;
use crate::events::NewEvent;
use crate::model::{Author, AuthorKind, Kind, State};
use crate::work::Work;
use crate::{Error, Result};

/// The longest ciphertext, in octets: the longest message as JSON, padded.
const LONGEST: usize = 40_000;
/// The shortest: one octet and its tag.
const SHORTEST: usize = 17;
/// Counters are whole numbers in every language.
const HIGHEST: u64 = (1 << 53) - 1;
/// Senders of one conversation: every page that is opened anew is one.
const SENDERS: usize = 500;

/// What comes in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = ChatSealed)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Under which of the conversation's keys: 16 octets, base64url.
    pub key_id: String,
    /// The open thread, as it was bound to the words.
    #[schema(value_type = String)]
    pub thread: ThreadId,
    /// The page or program that sealed it: 16 octets, base64url.
    pub sender: String,
    /// The sender's counter, from which the nonce is made.
    pub counter: u64,
    /// 17 to 40000 octets, base64url.
    pub ciphertext: String,
    /// A file that was uploaded, which the words name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub file: Option<kernel::FileId>,
}

/// What rests (sealed once more) and is shown to both sides.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatEnvelope)]
pub struct Envelope {
    /// Under which of the conversation's keys.
    pub key_id: String,
    /// The thread that was bound to the words.
    #[schema(value_type = String)]
    pub thread: ThreadId,
    /// `visitor`, or the member's id.
    pub role: String,
    /// The page or program that sealed it.
    pub sender: String,
    /// The sender's counter.
    pub counter: u64,
    /// What only devices can read, base64url.
    pub ciphertext: String,
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Envelope({}/{})", self.sender, self.counter)
    }
}

impl Sealed {
    /// What is to be kept, checked as far as that is possible without the key.
    ///
    /// # Errors
    /// The field that is not right.
    pub fn checked(&self, by: Author) -> Result<Envelope> {
        let _: RawId = octets("encrypted.key_id", &self.key_id)?;
        let _: RawId = octets("encrypted.sender", &self.sender)?;
        if self.counter > HIGHEST {
            return Err(Error::field("encrypted.counter", "is too high"));
        }
        let wrong = || Error::field("encrypted.ciphertext", "expected 17 to 40000 octets as base64url without padding");
        if self.ciphertext.len() > LONGEST.div_ceil(3) * 4 {
            return Err(wrong());
        }
        let length = BASE64URL_NOPAD.decode(self.ciphertext.as_bytes()).map_err(|_| wrong())?.len();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return Err(wrong());
        }
        let role = match (by.kind, by.id) {
            (AuthorKind::Visitor, _) => "visitor".to_owned(),
            (AuthorKind::Agent, Some(user)) => UserId(user).to_string(),
            _ => return Err(refused("a member writes here from a device of theirs; sign in")),
        };
        Ok(Envelope {
            key_id: self.key_id.clone(),
            thread: self.thread,
            role,
            sender: self.sender.clone(),
            counter: self.counter,
            ciphertext: self.ciphertext.clone(),
        })
    }
}

/// Whether an event may stand in this conversation. Every change passes here, whoever makes it.
///
/// # Errors
/// `end_to_end_encrypted` for words that the server could read; `invalid_input` for octets that nobody could.
pub(crate) fn guard(row: &Conversation, event: &NewEvent) -> Result<()> {
    match (row.is_encrypted(), event.kind) {
        (false, Kind::Encrypted) => Err(Error::field("kind", "this conversation is not encrypted end to end")),
        (true, Kind::Message | Kind::File | Kind::Rich) => {
            Err(refused("this conversation is encrypted end to end; send what a device has sealed"))
        }
        (true, Kind::FilledForm) if event.body.form == Some(crate::events::FormKind::Offline) => {
            Err(refused("answers by mail could be read on the way; write in the chat"))
        }
        _ => Ok(()),
    }
}

/// Whether what a device sealed fits the conversation as it is now, and counts it.
///
/// # Errors
/// [`Error::State`] when the thread is over; a key that nobody has; a counter that was used; `key_withdrawn`.
pub(crate) async fn admit(work: &mut Work, event: &NewEvent) -> Result<()> {
    let Some(envelope) = &event.body.encrypted else { return Err(Error::field("encrypted", "is missing")) };
    if !work.row.is_encrypted() {
        return Err(Error::field("kind", "this conversation is not encrypted end to end"));
    }
    if work.row.state == State::Closed || envelope.thread != work.row.thread {
        return Err(Error::State("the thread is over; begin a new one and seal it again"));
    }
    let key: RawId = octets("encrypted.key_id", &envelope.key_id)?;
    if !shares::is_known(work.ctx(), work.row.id, key).await? {
        return Err(Error::field("encrypted.key_id", "nobody has a share of this key"));
    }
    if shares::is_over(work.ctx(), work.row.id, key, event.author.kind).await? {
        let detail = "a device that was revoked has this key; seal it under a new one";
        return Err(Problem::new(Code::KeyWithdrawn, detail).into());
    }
    let sender = format!("{}/{}", envelope.key_id, envelope.sender);
    let counters = &mut work.details.counters;
    if counters.get(&sender).is_some_and(|last| envelope.counter <= *last) {
        return Err(Error::field("encrypted.counter", "must grow with everything that a sender seals"));
    }
    if counters.len() >= SENDERS && !counters.contains_key(&sender) {
        return Err(Error::State("the conversation has too many senders; begin a new one"));
    }
    counters.insert(sender, envelope.counter);
    Ok(())
}
