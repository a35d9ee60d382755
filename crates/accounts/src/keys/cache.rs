use std::collections::HashMap;

use kernel::{ApiKeyId, Timestamp, WorkspaceId};
use parking_lot::RwLock;

use crate::members::Permissions;
use crate::secret::Hash;

/// Seconds for which a key is not read again: how long a revocation on another node may take.
const FRESH_SECONDS: i64 = 30;
/// The most keys remembered; at this number the memory starts over.
const CAPACITY: usize = 10_000;

/// What is remembered of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cached {
    pub(crate) workspace: WorkspaceId,
    pub(crate) hash: Hash,
    pub(crate) permissions: Permissions,
    pub(crate) test: bool,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) used_at: Option<Timestamp>,
    pub(crate) loaded_at: Timestamp,
}

/// Keys seen lately.
#[derive(Debug, Default)]
pub(crate) struct Cache(RwLock<State>);

#[derive(Debug, Default)]
struct State {
    keys: HashMap<ApiKeyId, Cached>,
    /// Counts invalidations.
    forgotten: u64,
}

impl Cache {
    pub(crate) fn get(&self, id: ApiKeyId, now: Timestamp) -> Option<Cached> {
        let state = self.0.read();
        let fresh = |known: &&Cached| now < known.loaded_at.plus_seconds(FRESH_SECONDS) && now >= known.loaded_at;
        state.keys.get(&id).filter(fresh).copied()
    }

    /// To be taken before a row is read and given back with [`Cache::put`].
    pub(crate) fn ticket(&self) -> u64 {
        self.0.read().forgotten
    }

    /// Remembers what was read, unless something was invalidated since `ticket`.
    pub(crate) fn put(&self, id: ApiKeyId, known: Cached, ticket: u64) {
        let mut state = self.0.write();
        if state.forgotten != ticket {
            return;
        }
        if state.keys.len() >= CAPACITY {
            state.keys.clear();
        }
        state.keys.insert(id, known);
    }

    pub(crate) fn used(&self, id: ApiKeyId, now: Timestamp) {
        if let Some(known) = self.0.write().keys.get_mut(&id) {
            known.used_at = Some(now);
        }
    }

    pub(crate) fn forget(&self, id: ApiKeyId) {
        let mut state = self.0.write();
        state.keys.remove(&id);
        state.forgotten += 1;
    }
}
