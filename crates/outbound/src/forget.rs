//! The end of messages that belong to something which ended before them.

use kernel::RawId;
use store::{Batch, params};

store::sql! {
    FORGET_HITS = "DELETE FROM hit WHERE workspace = $1 AND source = $2";
    FORGET_DELIVERIES = "DELETE FROM delivery WHERE workspace = $1 AND source = $2";
}

/// Erases every message of a run with what is known of it; what has not left yet does not leave.
pub fn forget(batch: &mut Batch, source: RawId) {
    let workspace = batch.workspace();
    batch.push(FORGET_HITS, params![workspace, source]);
    batch.push(FORGET_DELIVERIES, params![workspace, source]);
}
