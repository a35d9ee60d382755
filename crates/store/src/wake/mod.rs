//! Nodes wake each other: what one of them committed, the others look for at once.
//!
//! A wake-up says nothing but "look": no ids, no words. Everybody who follows the change feed looks at it now and then
//! anyway, so that a wake-up which is lost makes something late and never loses it.

mod nats;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;

pub use nats::{BadUrl, Nats};

use crate::{BoxFuture, Db};

/// Commits of so long a time are one wake-up.
const GATHER: Duration = Duration::from_millis(5);

/// A way to wake other nodes.
pub trait Wake: Send + Sync {
    /// Says that this node committed. It never waits and may be lost.
    fn tell(&self);

    /// Waits until another node has said so, or may have without being heard.
    fn heard(&self) -> BoxFuture<'_, ()>;
}

/// Nodes in one process: for tests, and for several databases side by side.
pub struct InProcess {
    sender: broadcast::Sender<u64>,
    receiver: tokio::sync::Mutex<broadcast::Receiver<u64>>,
    own: u64,
}

impl InProcess {
    /// So many nodes that hear each other.
    pub fn nodes(count: u64) -> Vec<Self> {
        let sender = broadcast::Sender::new(64);
        let node = |own| Self { receiver: tokio::sync::Mutex::new(sender.subscribe()), sender: sender.clone(), own };
        (0..count).map(node).collect()
    }
}

impl Wake for InProcess {
    fn tell(&self) {
        // Nobody there, nobody to wake.
        let _ = self.sender.send(self.own);
    }

    fn heard(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut receiver = self.receiver.lock().await;
            loop {
                match receiver.recv().await {
                    Ok(from) if from == self.own => {}
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                    // The sender is this value's own, so it is never closed.
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        })
    }
}

/// Wakes others when this node commits, and this node when others do, until it is dropped.
pub async fn run(db: Db, wake: Arc<dyn Wake>) {
    let mut own = db.committed_here();
    loop {
        tokio::select! {
            changed = own.changed() => {
                if changed.is_err() {
                    return;
                }
                tokio::time::sleep(GATHER).await;
                own.mark_unchanged();
                wake.tell();
            }
            () = wake.heard() => db.committed_elsewhere(),
        }
    }
}
