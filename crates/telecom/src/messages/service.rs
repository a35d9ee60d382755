//! What a process has one of for messages.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use privacy::gate::Gate;
use store::Ctx;
use tokio::sync::Notify;

use super::calling_off::CallsOff;
use super::incoming::Incoming;
use super::send::routed;
use crate::Result;
use crate::routes::{Live, Route};
use crate::smpp::Inbound;

/// Messages of all workspaces of this process. Cheap to clone.
#[derive(Clone)]
pub struct Sms {
    gate: Gate,
    live: Live,
    accepted: Arc<Notify>,
    closing: Arc<AtomicBool>,
    public_url: Arc<str>,
    calls_off: Option<Arc<dyn CallsOff>>,
}

impl Sms {
    /// Over the process's one gate and its binds.
    pub fn new(gate: Gate, live: Live) -> Self {
        Self {
            gate,
            live,
            accepted: Arc::default(),
            closing: Arc::default(),
            public_url: Arc::from(""),
            calls_off: None,
        }
    }

    /// With the address under which people reach this server: short links begin with it.
    #[must_use]
    pub fn reached_at(mut self, public_url: &str) -> Self {
        self.public_url = public_url.trim_end_matches('/').into();
        self
    }

    /// With those who can call off what a message was about.
    #[must_use]
    pub fn calling_off(mut self, calls_off: Arc<dyn CallsOff>) -> Self {
        self.calls_off = Some(calls_off);
        self
    }

    pub(super) fn calls_off(&self) -> Option<&dyn CallsOff> {
        self.calls_off.as_deref()
    }

    /// Where people reach this server, without a slash at the end; empty when nobody said.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The gate.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The binds.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Opens and closes binds as the workspace's routes say. What waited for a route is tried again when one was opened.
    ///
    /// # Errors
    /// The store's.
    pub async fn follow(&self, ctx: &Ctx) -> Result<()> {
        let sms = self.clone();
        let receiver: crate::routes::Receiver = Arc::new(move |ctx: &Ctx, route: &Route| {
            Arc::new(Incoming::new(sms.clone(), ctx.clone(), route.clone())) as Arc<dyn Inbound>
        });
        if self.live.follow(ctx, &receiver).await? {
            routed(ctx).await?;
        }
        Ok(())
    }

    /// Takes nothing new up; what is under way ends, then the sessions say goodbye.
    pub async fn close(&self) {
        self.closing.store(true, Ordering::Release);
        self.wake();
        self.live.stop().await;
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Wakes workers that wait for messages.
    pub(super) fn wake(&self) {
        self.accepted.notify_waiters();
    }

    pub(super) fn accepted(&self) -> &Notify {
        &self.accepted
    }
}
