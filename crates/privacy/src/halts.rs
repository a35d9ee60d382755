//! Series that have ended for one person: an answer came, so nothing more of this series leaves,
//! while everything else about the person stays as it is.
//!
//! The order makes it safe against a message that is being sent at the same moment: [`put`] is
//! committed, then [`crate::gate::Gate::recall`] takes outstanding permits back; a sender enters its
//! permit in the book first and reads [`of`] afterwards. So either the sender sees the halt, or its
//! permit is lost.

use kernel::{ContactId, RawId, Timestamp};
use serde_json::{Value as Json, json};
use store::{Batch, Ctx, params};

use crate::Result;

store::sql! {
    PUT = "INSERT INTO gate_halt (workspace, series, subject, reason, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, series, subject) DO NOTHING";
    HALT = "SELECT reason FROM gate_halt WHERE workspace = $1 AND series = $2 AND subject = $3";
    HALTS_OF = "SELECT series, reason, at FROM gate_halt WHERE workspace = $1 AND subject = $2";
    LIFT = "DELETE FROM gate_halt WHERE workspace = $1 AND series = $2 AND subject = $3";
    ERASE_HALTS = "DELETE FROM gate_halt WHERE workspace = $1 AND subject = $2";
}

/// Ends a series for a person, in the caller's batch. `reason` is a code such as `replied`.
pub fn put(batch: &mut Batch, ctx: &Ctx, series: RawId, subject: ContactId, reason: &str) {
    batch.push(PUT, params![ctx.workspace, series, subject, reason, ctx.now()]);
}

/// Lets a series go on for a person, in the caller's batch.
pub fn lift(batch: &mut Batch, ctx: &Ctx, series: RawId, subject: ContactId) {
    batch.push(LIFT, params![ctx.workspace, series, subject]);
}

/// Why the series has ended for each of these people; `None` for whom it goes on.
///
/// # Errors
/// When the store fails.
pub async fn of(ctx: &Ctx, series: RawId, subjects: &[ContactId]) -> Result<Vec<Option<String>>> {
    let sets = subjects.iter().map(|subject| params![ctx.workspace, series, *subject]).collect();
    let rows: Vec<Vec<(String,)>> = ctx.db.many(HALT, sets).await?;
    Ok(rows.into_iter().map(|rows| rows.into_iter().next().map(|row| row.0)).collect())
}

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<(RawId, String, Timestamp)> = ctx.db.all(HALTS_OF, params![ctx.workspace, subject]).await?;
        Ok(rows
            .into_iter()
            .map(|(series, reason, at)| json!({"series": kernel::SequenceId(series), "reason": reason, "at": at}))
            .collect())
    })
}

store::personal!(store::PersonalTable {
    table: "gate_halt",
    // As long as the series could write: an answer would be forgotten with the traffic.
    class: "marketing.contact",
    subject: "subject",
    columns: &[],
    erase: &[ERASE_HALTS],
    kept: None,
    collect: Some(collect),
});
