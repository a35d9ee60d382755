//! What the web app needs of the process beyond the store: the link of the first run, who looks at what,
//! open streams of events, and how mail leaves.

pub mod chat;
pub mod live;
pub mod presence;
pub mod sending;
pub mod setup;

use std::sync::Arc;

pub use chat::Chat;
pub use live::Streams;
pub use presence::Presence;
pub use sending::{Mode, SendingWay};
pub use setup::Setup;

/// One per process; all clones share one memory.
#[derive(Clone)]
pub struct Shell(Arc<Inner>);

struct Inner {
    setup: Setup,
    presence: Presence,
    streams: Streams,
    sending: SendingWay,
    chat: Chat,
}

impl Shell {
    /// The shell of a process that sends this way.
    pub fn new(sending: SendingWay) -> Self {
        Self(Arc::new(Inner {
            setup: Setup::default(),
            presence: Presence::default(),
            streams: Streams::default(),
            sending,
            chat: Chat::default(),
        }))
    }

    /// The first run.
    pub fn setup(&self) -> &Setup {
        &self.0.setup
    }

    /// Who looks at what.
    pub fn presence(&self) -> &Presence {
        &self.0.presence
    }

    /// Open streams of events.
    pub fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// The live chat.
    pub fn chat(&self) -> &Chat {
        &self.0.chat
    }

    /// How mail leaves.
    pub fn sending(&self) -> &SendingWay {
        &self.0.sending
    }
}

impl Default for Shell {
    fn default() -> Self {
        Self::new(SendingWay::default())
    }
}
