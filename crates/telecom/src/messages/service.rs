//! What a process has one of for messages.

use std::sync::Arc;

use privacy::gate::Gate;
use store::Ctx;
use tokio::sync::Notify;

use super::incoming::Incoming;
use crate::Result;
use crate::routes::{Live, Route};
use crate::smpp::Inbound;

/// Messages of all workspaces of this process. Cheap to clone.
#[derive(Clone)]
pub struct Sms {
    gate: Gate,
    live: Live,
    accepted: Arc<Notify>,
}

impl Sms {
    /// Over the process's one gate and its binds.
    pub fn new(gate: Gate, live: Live) -> Self {
        Self { gate, live, accepted: Arc::default() }
    }

    /// The gate.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The binds.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Opens and closes binds as the workspace's routes say.
    ///
    /// # Errors
    /// The store's.
    pub async fn follow(&self, ctx: &Ctx) -> Result<()> {
        let sms = self.clone();
        let receiver: crate::routes::Receiver = Arc::new(move |ctx: &Ctx, route: &Route| {
            Arc::new(Incoming::new(sms.clone(), ctx.clone(), route.clone())) as Arc<dyn Inbound>
        });
        self.live.follow(ctx, &receiver).await
    }

    /// Wakes workers that wait for messages.
    pub(super) fn wake(&self) {
        self.accepted.notify_waiters();
    }

    pub(super) fn accepted(&self) -> &Notify {
        &self.accepted
    }
}
