//! What happens in a conversation: one gap-free sequence over all its threads, sealed under its subject's key.

mod body;
mod personal;
pub(crate) mod queries;
mod read;

pub use body::{Answer, EventBody, FileRef, FormKind, QuickReply};
pub(crate) use body::{open, seal};
pub(crate) use read::count_for_visitor;
pub use read::{after, before, by_client, count_from_visitor, last_shown, one};

use kernel::{ConversationId, RawId, ThreadId, Timestamp};

use crate::model::{Author, Kind, Visibility};

/// The longest page of events.
pub const MOST: u32 = 200;

/// One event, opened.
#[derive(Clone, PartialEq)]
pub struct Event {
    /// Whose.
    pub conversation: ConversationId,
    /// Its place in the conversation, from 1, without gaps.
    pub seq: i64,
    /// The thread.
    pub thread: ThreadId,
    /// Its place in the thread, from 1.
    pub n: i64,
    /// When it was committed.
    pub at: Timestamp,
    /// What it is.
    pub kind: Kind,
    /// Who may read it.
    pub visibility: Visibility,
    /// Who wrote it.
    pub author: Author,
    /// Its content was destroyed.
    pub deleted: bool,
    /// What it says; empty when it was deleted.
    pub body: EventBody,
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Event({}/{} {})", self.conversation, self.seq, self.kind)
    }
}

/// An event that is to be added.
#[derive(Clone)]
pub struct NewEvent {
    /// What it is.
    pub kind: Kind,
    /// Who may read it.
    pub visibility: Visibility,
    /// Who writes it.
    pub author: Author,
    /// The writer's own id of the request; a second one with it adds nothing.
    pub client: Option<String>,
    /// What it says.
    pub body: EventBody,
}

impl NewEvent {
    /// Words for both sides.
    pub fn message(author: Author, text: String) -> Self {
        let body = EventBody { text: Some(text), ..EventBody::default() };
        Self { kind: Kind::Message, visibility: Visibility::All, author, client: None, body }
    }

    /// Words for members only.
    pub fn note(author: Author, text: String) -> Self {
        Self { visibility: Visibility::Agents, ..Self::message(author, text) }
    }

    /// Something that happened.
    pub fn system(code: &str) -> Self {
        let body = EventBody { code: Some(code.to_owned()), ..EventBody::default() };
        Self { kind: Kind::System, visibility: Visibility::All, author: Author::SYSTEM, client: None, body }
    }

    /// With a value that the words about it name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.body.params.insert(name.to_owned(), value.into());
        self
    }

    /// For members only.
    #[must_use]
    pub fn for_agents(mut self) -> Self {
        self.visibility = Visibility::Agents;
        self
    }

    /// With the writer's own id of the request.
    #[must_use]
    pub fn client(mut self, id: Option<String>) -> Self {
        self.client = id;
        self
    }

    /// Under the name that the other side sees.
    #[must_use]
    pub fn named(mut self, name: Option<String>) -> Self {
        self.body.name = name;
        self
    }
}

/// The keyed mark of a client's id: per conversation and side, so that neither can guess the other's.
pub(crate) fn mark(keys: &store::WorkspaceKeys, conversation: ConversationId, by: Author, client: &str) -> RawId {
    let mut payload = conversation.0.to_vec();
    payload.extend_from_slice(by.kind.as_str().as_bytes());
    payload.extend_from_slice(&by.id.unwrap_or_default());
    payload.extend_from_slice(client.as_bytes());
    keys.mac("conversation.client", &payload)
}
