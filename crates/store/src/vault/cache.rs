//! Recently used subject keys, bounded by two generations.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::{ContactId, WorkspaceId};
use parking_lot::Mutex;

use super::SubjectKeys;

const GENERATION: usize = 32_768;

type Map = HashMap<(WorkspaceId, ContactId), SubjectKeys>;

/// Two generations: a full young one becomes the old one, whose entries move back when used.
#[derive(Default)]
pub(super) struct SubjectCache {
    maps: Mutex<(Map, Map)>,
    epoch: AtomicU64,
}

impl SubjectCache {
    /// Changes whenever keys were destroyed: what was read before must not be stored after.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    pub(super) fn get(&self, workspace: WorkspaceId, subject: ContactId) -> Option<SubjectKeys> {
        let mut maps = self.maps.lock();
        if let Some(keys) = maps.0.get(&(workspace, subject)) {
            return Some(keys.clone());
        }
        let keys = maps.1.remove(&(workspace, subject))?;
        insert(&mut maps, (workspace, subject), keys.clone());
        Some(keys)
    }

    pub(super) fn put(&self, epoch: u64, workspace: WorkspaceId, subject: ContactId, keys: SubjectKeys) {
        let mut maps = self.maps.lock();
        if epoch == self.epoch() && keys.data.is_some() {
            insert(&mut maps, (workspace, subject), keys);
        }
    }

    pub(super) fn clear(&self) {
        let mut maps = self.maps.lock();
        self.epoch.fetch_add(1, Ordering::SeqCst);
        *maps = (Map::new(), Map::new());
    }
}

fn insert(maps: &mut (Map, Map), key: (WorkspaceId, ContactId), keys: SubjectKeys) {
    if maps.0.len() >= GENERATION {
        maps.1 = std::mem::take(&mut maps.0);
    }
    maps.0.insert(key, keys);
}
