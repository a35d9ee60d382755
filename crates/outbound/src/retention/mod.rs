//! The end of messages: counters of enough people stay, the rows and what they carry go.

mod cells;
mod detach;
mod kept;

pub use cells::{Cell, Counted, MIN_CELL};
pub use kept::{KeptCell, is_kept, keep_day, of as kept_of};

store::sql! {
    DUE_DELIVERIES = "SELECT contact, created_at, id, source FROM delivery WHERE workspace = $1 AND id < $2
        ORDER BY id LIMIT $3";
    DUE_CONTENT = "SELECT contact, created_at, id, source FROM delivery WHERE workspace = $1 AND id < $2
        AND sealed IS NOT NULL ORDER BY id LIMIT $3";
    END_HITS = "DELETE FROM hit WHERE workspace = $1 AND delivery = $2 AND source = $3";
    END_DELIVERY = "DELETE FROM delivery WHERE workspace = $1 AND id = $2 AND source = $3";
    EMPTY_DELIVERY = "UPDATE delivery SET sealed = NULL WHERE workspace = $1 AND id = $2 AND source = $3";
    DUE_SOFT = "SELECT contact, at, address, at FROM soft_failure WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3";
    END_SOFT = "DELETE FROM soft_failure WHERE workspace = $1 AND address = $2 AND at = $3";
}

store::retention!(store::RetentionRule {
    table: "delivery",
    class: "comms.traffic",
    covers: &["hit"],
    event: "the message was created",
    due_by: store::DueBy::Id,
    find: DUE_DELIVERIES,
    end: &[END_HITS, END_DELIVERY],
    before: Some(kept::keep),
    after: None,
});
store::retention!(store::RetentionRule {
    table: "delivery",
    class: "comms.content",
    covers: &[],
    event: "the message was created",
    due_by: store::DueBy::Id,
    find: DUE_CONTENT,
    end: &[EMPTY_DELIVERY],
    before: None,
    after: None,
});
store::retention!(store::RetentionRule {
    table: "soft_failure",
    class: "abuse",
    covers: &[],
    event: "the failure",
    due_by: store::DueBy::Instant,
    find: DUE_SOFT,
    end: &[END_SOFT],
    before: None,
    after: None,
});
