//! Who is connected, and telling them what was committed.
//!
//! Every visitor's connection has a bounded mailbox and knows the last sequence number it told; what comes next in
//! order is told at once, a gap is read from the database. When a mailbox is full, what can be said again later
//! (typing, presence) is dropped; when something committed does not fit, the connection is marked and ends with the
//! reason `slow_consumer`: its client comes back with its last number and misses nothing. Members' connections read
//! the change feed, which has an order for the whole workspace; here they hear only what passes, and find the events
//! of the last moments opened ([`Hub::recent`]).
//!
//! What is typed and not sent passes through here and is nowhere else.

mod follow;
mod presence;
mod recent;
mod rooms;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kernel::{ConversationId, FileId, UserId, VisitorId, WorkspaceId};
use parking_lot::Mutex;
use tokio::sync::Notify;

pub use presence::{Page, Presence, Visit};
use recent::Recent;
use rooms::Rooms;

use crate::conversations::Conversation;
use crate::events::Event;
use crate::model::Visibility;

/// Signals a mailbox holds.
const MAILBOX: usize = 64;

/// What connections are told.
#[derive(Debug, Clone)]
pub enum Signal {
    /// An event was committed.
    Event(Arc<Event>),
    /// An event was committed elsewhere: read it.
    Wake {
        /// Where.
        conversation: ConversationId,
        /// Its number.
        seq: i64,
    },
    /// A conversation's row changed.
    Changed {
        /// Which.
        conversation: ConversationId,
    },
    /// Somebody types, or stopped.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// The member; none is the person.
        by: Option<UserId>,
        /// What they are called on the other side.
        name: Option<String>,
        /// Begins or ends.
        on: bool,
    },
    /// What the person has typed and not sent.
    Peek {
        /// Where.
        conversation: ConversationId,
        /// The text as it is.
        text: kernel::Pii<String>,
    },
    /// Somebody has read.
    Seen {
        /// Where.
        conversation: ConversationId,
        /// The member; none is the person.
        by: Option<UserId>,
        /// Up to which event.
        seq: i64,
    },
    /// A visitor came, went on, or began.
    Visitor(VisitorId),
    /// A visitor has left.
    VisitorLeft(VisitorId),
    /// A member's status or load changed.
    Agent(UserId),
    /// The queue changed.
    Queue,
    /// A member's device was made known, approved or revoked.
    Devices,
    /// A file was looked at.
    File {
        /// Where.
        conversation: ConversationId,
        /// Which.
        file: FileId,
    },
    /// The connection has to end.
    Bye(Bye),
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bye {
    /// The reader is slower than what is told.
    SlowConsumer,
    /// The server stops.
    Shutdown,
    /// The token has run out.
    Expired,
    /// The person was banned.
    Banned,
    /// Too many connections of the same person; the newest stay.
    Replaced,
    /// A frame is larger than allowed.
    TooLarge,
    /// A frame cannot be read.
    BadFrame,
    /// The widget was switched off.
    WidgetClosed,
}

impl Bye {
    /// As written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SlowConsumer => "slow_consumer",
            Self::Shutdown => "shutdown",
            Self::Expired => "expired",
            Self::Banned => "banned",
            Self::Replaced => "replaced",
            Self::TooLarge => "too_large",
            Self::BadFrame => "bad_frame",
            Self::WidgetClosed => "widget_closed",
        }
    }

    /// Whether it makes sense to come back.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::SlowConsumer | Self::Shutdown | Self::Expired | Self::Replaced)
    }
}

impl Signal {
    /// Whether dropping it loses nothing that is not said again.
    const fn is_passing(&self) -> bool {
        !matches!(self, Self::Event(_) | Self::Wake { .. } | Self::Bye(_))
    }
}

/// Who listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Listener {
    /// A visitor, to their own conversation.
    Visitor(VisitorId),
    /// A member, to the workspace.
    Agent(UserId),
}

/// What waits for one connection. Nothing is allocated while nothing waits: most connections are idle.
#[derive(Default)]
struct Letters {
    waiting: Mutex<VecDeque<Signal>>,
    came: Notify,
    /// Something committed did not fit.
    overrun: AtomicBool,
}

impl Letters {
    fn take(&self) -> Option<Signal> {
        if self.overrun.load(Ordering::Acquire) {
            return Some(Signal::Bye(Bye::SlowConsumer));
        }
        let mut waiting = self.waiting.lock();
        let first = waiting.pop_front();
        if waiting.is_empty() {
            *waiting = VecDeque::new();
        }
        first
    }
}

/// The sending half of a mailbox.
struct Line {
    id: u64,
    letters: Arc<Letters>,
}

impl Line {
    fn post(&self, signal: &Signal) {
        let mut waiting = self.letters.waiting.lock();
        if waiting.len() < MAILBOX {
            waiting.push_back(signal.clone());
        } else if !signal.is_passing() {
            self.letters.overrun.store(true, Ordering::Release);
        }
        drop(waiting);
        self.letters.came.notify_one();
    }
}

/// An open connection's mailbox. Dropping it hangs up.
pub struct Mailbox {
    hub: Hub,
    workspace: WorkspaceId,
    listener: Listener,
    id: u64,
    letters: Arc<Letters>,
}

impl Mailbox {
    /// The next signal; [`Signal::Bye`] is the last one. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Signal {
        loop {
            if let Some(signal) = self.letters.take() {
                return signal;
            }
            self.letters.came.notified().await;
        }
    }

    /// Who listens.
    pub const fn listener(&self) -> Listener {
        self.listener
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.hub.hang_up(self.workspace, self.listener, self.id);
    }
}

/// The process's one hub. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    rooms: Mutex<Rooms>,
    presence: Mutex<Presence>,
    recent: Mutex<Recent>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}

impl Hub {
    /// A hub to which nobody listens yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a mailbox. A visitor has at most five, the oldest ends; a member at most sixteen.
    pub fn listen(&self, workspace: WorkspaceId, listener: Listener) -> Mailbox {
        let letters = Arc::<Letters>::default();
        let line = Line { id: 0, letters: Arc::clone(&letters) };
        let id = self.0.rooms.lock().enter(workspace, listener, line);
        self.arrived(workspace, listener);
        Mailbox { hub: self.clone(), workspace, listener, id, letters }
    }

    fn hang_up(&self, workspace: WorkspaceId, listener: Listener, id: u64) {
        let left = self.0.rooms.lock().leave(workspace, listener, id);
        if left {
            self.gone(workspace, listener);
        }
    }

    /// Tells about a committed event: the person, if they may read it. Members hear of it by the feed and find
    /// it opened here.
    pub(crate) fn told(&self, workspace: WorkspaceId, row: &Conversation, event: &Event) {
        let event = Arc::new(event.clone());
        self.0.recent.lock().keep(workspace, Arc::clone(&event));
        if let Some(visitor) = row.visitor
            && event.visibility == Visibility::All
        {
            self.tell_visitor(workspace, visitor, &Signal::Event(event));
        }
    }

    /// An event of the last moments.
    pub fn recent(&self, workspace: WorkspaceId, conversation: ConversationId, seq: i64) -> Option<Arc<Event>> {
        self.0.recent.lock().find(workspace, conversation, seq)
    }

    /// Forgets events of the last moments: somebody was erased, or a message was deleted.
    pub fn forget(&self, conversation: ConversationId) {
        self.0.recent.lock().forget(conversation);
    }

    /// Tells a visitor only.
    pub fn tell_visitor(&self, workspace: WorkspaceId, visitor: VisitorId, signal: &Signal) {
        self.0.rooms.lock().to_visitor(workspace, visitor, signal);
    }

    /// Tells members only.
    pub fn tell_agents(&self, workspace: WorkspaceId, signal: &Signal) {
        self.0.rooms.lock().to_agents(workspace, signal);
    }

    /// Somebody types: the other side is told, nothing is kept.
    pub fn typing(&self, workspace: WorkspaceId, row: &Conversation, by: Option<(UserId, Option<String>)>, on: bool) {
        let (by, name) = by.map_or((None, None), |(user, name)| (Some(user), name));
        let signal = Signal::Typing { conversation: row.id, by, name, on };
        match (by, row.visitor) {
            (Some(_), visitor) => {
                self.tell_agents(workspace, &signal);
                if let Some(visitor) = visitor {
                    self.tell_visitor(workspace, visitor, &signal);
                }
            }
            (None, _) => self.tell_agents(workspace, &signal),
        }
    }

    /// What the person has typed: members are told, nothing is kept.
    pub fn peek(&self, workspace: WorkspaceId, conversation: ConversationId, text: String) {
        self.tell_agents(workspace, &Signal::Peek { conversation, text: text.into() });
    }

    /// How many connections are open, of visitors and of members.
    pub fn open(&self) -> (usize, usize) {
        self.0.rooms.lock().counts()
    }

    /// Ends every connection of a visitor.
    pub fn end_visitor(&self, workspace: WorkspaceId, visitor: VisitorId, bye: Bye) {
        self.tell_visitor(workspace, visitor, &Signal::Bye(bye));
    }

    /// Ends every connection: the server stops.
    pub fn close(&self) {
        self.0.rooms.lock().to_all(&Signal::Bye(Bye::Shutdown));
    }
}
