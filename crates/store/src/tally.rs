//! Counters of a process that are written down now and then.

use std::collections::BTreeMap;

use kernel::WorkspaceId;
use parking_lot::Mutex;

/// Counts by workspace and kind until somebody writes them down. Kinds come from the code, so there are few.
#[derive(Debug, Default)]
pub struct Tally(Mutex<BTreeMap<(WorkspaceId, &'static str), u64>>);

impl Tally {
    /// Counts `n` more of a kind.
    pub fn add(&self, workspace: WorkspaceId, kind: &'static str, n: u64) {
        if n > 0 {
            let mut counts = self.0.lock();
            let count = counts.entry((workspace, kind)).or_default();
            *count = count.saturating_add(n);
        }
    }

    /// Takes everything counted so far.
    pub fn take(&self) -> BTreeMap<(WorkspaceId, &'static str), u64> {
        std::mem::take(&mut *self.0.lock())
    }
}
