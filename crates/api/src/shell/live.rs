//! Open streams of events: how many a member has, and what ends them.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{SessionId, UserId};
use parking_lot::Mutex;
use tokio::sync::{broadcast, watch};

/// The most streams of one member: browsers open one per window.
pub const PER_MEMBER: usize = 8;
/// The most streams of a process.
const MOST: usize = 4000;

struct Inner {
    open: Mutex<HashMap<UserId, usize>>,
    ended: broadcast::Sender<SessionId>,
    closing: watch::Sender<bool>,
}

/// The open streams of a process.
#[derive(Clone)]
pub struct Streams(Arc<Inner>);

impl Default for Streams {
    fn default() -> Self {
        Self(Arc::new(Inner {
            open: Mutex::default(),
            ended: broadcast::Sender::new(256),
            closing: watch::Sender::new(false),
        }))
    }
}

/// A stream's place; given back when it is dropped.
pub struct Slot {
    streams: Streams,
    user: UserId,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.streams.0.open.lock();
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}

impl Streams {
    /// A place for one more stream; None when the member, or the process, has enough.
    pub fn enter(&self, user: UserId) -> Option<Slot> {
        let mut open = self.0.open.lock();
        if open.values().sum::<usize>() >= MOST {
            return None;
        }
        let count = open.entry(user).or_default();
        if *count >= PER_MEMBER {
            return None;
        }
        *count += 1;
        drop(open);
        Some(Slot { streams: self.clone(), user })
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.0.open.lock().values().sum()
    }

    /// Ends the streams of a session that is over.
    pub fn end(&self, session: SessionId) {
        // No stream, nothing to end.
        let _ = self.0.ended.send(session);
    }

    /// Ends every stream: the process stops.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Hears of sessions that are over.
    pub fn ended(&self) -> broadcast::Receiver<SessionId> {
        self.0.ended.subscribe()
    }

    /// Turns true when the process stops.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_so_many_streams_and_gets_places_back() {
        let (streams, user) = (Streams::default(), UserId([1; 16]));
        let mut slots: Vec<Slot> = (0..PER_MEMBER).map(|_| streams.enter(user).unwrap()).collect();
        assert!(streams.enter(user).is_none());
        assert!(streams.enter(UserId([2; 16])).is_some());
        slots.pop();
        assert!(streams.enter(user).is_some());
        drop(slots);
        assert_eq!(streams.count(), 0);
    }
}
