use kernel::{ContactId, Timestamp};
use store::{Batch, Ctx, params};

use super::verdict::Grant;
use crate::vocabulary::BasisKind;

store::sql! {
    COUNT_SENT = "INSERT INTO gate_sent (workspace, subject, day, sent) VALUES ($1, $2, $3, 1)
        ON CONFLICT (workspace, subject, day) DO UPDATE SET sent = gate_sent.sent + 1";
    pub(super) SENT_SINCE = "SELECT day, sent FROM gate_sent WHERE workspace = $1 AND subject = $2 AND day >= $3 ORDER BY day";
    TRIM_SENT = "DELETE FROM gate_sent WHERE workspace = $1 AND subject = $2 AND day < $3";
    DUE_SENT = "SELECT subject, day, subject, day FROM gate_sent WHERE workspace = $1 AND day < $2 ORDER BY day LIMIT $3";
    END_SENT = "DELETE FROM gate_sent WHERE workspace = $1 AND subject = $2 AND day = $3";
    ERASE_SENT = "DELETE FROM gate_sent WHERE workspace = $1 AND subject = $2";
    COUNT_TOUCH = "INSERT INTO gate_touch (workspace, subject, touches, first_at, last_at) VALUES ($1, $2, 1, $3, $3)
        ON CONFLICT (workspace, subject) DO UPDATE SET touches = gate_touch.touches + 1, last_at = $3";
    ENGAGED = "UPDATE gate_touch SET touches = 0, engaged_at = $3 WHERE workspace = $1 AND subject = $2";
    pub(super) TOUCHES = "SELECT touches, first_at, engaged_at, told_at FROM gate_touch WHERE workspace = $1 AND subject = $2";
    pub(crate) TOUCH_TIMES = "SELECT touches, first_at, engaged_at, last_at FROM gate_touch
        WHERE workspace = $1 AND subject = $2";
    ERASE_TOUCH = "DELETE FROM gate_touch WHERE workspace = $1 AND subject = $2";
}

/// Counts a message that went out, in the batch that records it: towards the frequency cap when
/// the workspace has one, and as a touch when it rested on legitimate interest. Otherwise it
/// writes nothing.
pub fn record_sent(batch: &mut Batch, ctx: &Ctx, subject: ContactId, grant: &Grant, at: Timestamp) {
    if grant.counted {
        let day = at.day();
        batch.push(COUNT_SENT, params![ctx.workspace, subject, day]);
        batch.push(TRIM_SENT, params![ctx.workspace, subject, day - 90]);
    }
    if grant.basis == Some(BasisKind::LegitimateInterest) {
        batch.push(COUNT_TOUCH, params![ctx.workspace, subject, at]);
    }
}

/// Records a human's sign of interest (a click, a reply), in the caller's batch: touches count anew.
pub fn record_engagement(batch: &mut Batch, ctx: &Ctx, subject: ContactId, at: Timestamp) {
    batch.push(ENGAGED, params![ctx.workspace, subject, at]);
}

store::personal!(store::PersonalTable {
    table: "gate_sent",
    class: "comms.traffic",
    subject: "subject",
    columns: &[],
    erase: &[ERASE_SENT],
    kept: None,
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "gate_touch",
    class: "marketing.contact",
    subject: "subject",
    columns: &[],
    erase: &[ERASE_TOUCH],
    kept: None,
    collect: None,
});
store::retention!(store::RetentionRule {
    table: "gate_sent",
    class: "comms.traffic",
    covers: &[],
    event: "the day of sending",
    due_by: store::DueBy::Day,
    find: DUE_SENT,
    end: &[END_SENT],
    before: None,
    after: None,
});
