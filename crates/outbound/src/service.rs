use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use content::Versions;
use privacy::gate::Gate;
use tokio::sync::Notify;

use crate::channel::Channels;
use crate::texts::Texts;
use crate::{Error, Result};

pub(crate) struct Inner {
    pub(crate) gate: Gate,
    pub(crate) channels: Channels,
    pub(crate) versions: Versions,
    /// Without a slash at the end.
    pub(crate) public_url: String,
    /// Wakes workers when deliveries were inserted.
    pub(crate) enqueued: Notify,
    closing: AtomicBool,
    texts: OnceLock<Arc<dyn Texts>>,
}

/// What sending needs beyond the store: the gate, the channels, compiled content and the address
/// under which people reach this server. Cheap to clone; one per process.
#[derive(Clone)]
pub struct Outbound(pub(crate) Arc<Inner>);

impl Outbound {
    /// Over the process's one gate and its channels. `public_url` is where people's links point to.
    pub fn new(gate: Gate, channels: Channels, public_url: &str) -> Self {
        Self(Arc::new(Inner {
            gate,
            channels,
            versions: Versions::default(),
            public_url: public_url.trim_end_matches('/').to_owned(),
            enqueued: Notify::new(),
            closing: AtomicBool::new(false),
            texts: OnceLock::new(),
        }))
    }

    /// The gate.
    pub fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// The channels.
    pub fn channels(&self) -> &Channels {
        &self.0.channels
    }

    /// Gives the process the channel of texts; the first one stays.
    pub fn carry_texts(&self, texts: Arc<dyn Texts>) {
        let _ = self.0.texts.set(texts);
    }

    /// The channel of texts.
    ///
    /// # Errors
    /// [`Error::NoChannel`] when the process has none.
    pub fn texts(&self) -> Result<&Arc<dyn Texts>> {
        self.0.texts.get().ok_or(Error::NoChannel(privacy::vocabulary::Channel::Sms))
    }

    /// Compiled content.
    pub fn versions(&self) -> &Versions {
        &self.0.versions
    }

    /// Where people reach this server, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// The process is about to end: workers finish what is in their hands and claim no more.
    pub fn close(&self) {
        self.0.closing.store(true, Ordering::Release);
        self.wake();
    }

    /// Whether [`close`](Self::close) was called; long jobs give themselves back then.
    pub fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::Acquire)
    }

    /// Tells workers that deliveries were inserted.
    pub fn wake(&self) {
        self.0.enqueued.notify_waiters();
    }
}
