use kernel::{ContactId, Timestamp};
use privacy::erasure::Certificate;
use privacy::gate::Gate;
use store::{Ctx, params};

use super::merge::{aliases, erase};
use crate::Result;
use crate::events::{self, EVENTS_OF, EventRow};

/// Erases a person and keeps what happened, as counters need it, under a number drawn at random: kind,
/// campaign and day. Nothing leads from there to the person: not the contact's id, not the message,
/// not the instant.
///
/// # Errors
/// As [`erase`]. When the process ends between erasure and keeping, the person is erased and nothing is kept.
pub async fn anonymise(ctx: &Ctx, gate: &Gate, contact: ContactId) -> Result<(Certificate, usize)> {
    let mut happened = Vec::new();
    for id in aliases(ctx, contact).await?.into_iter().chain([contact]) {
        let rows: Vec<EventRow> = ctx.db.all(EVENTS_OF, params![ctx.workspace, id, i64::MAX]).await?;
        happened.extend(rows);
    }
    let certificate = erase(ctx, gate, contact).await?;
    let mut nobody = [0; 16];
    ctx.rng.fill(&mut nobody);
    let mut batch = ctx.batch();
    for event in &happened {
        let at = Timestamp(event.at.0 - event.at.0.rem_euclid(Timestamp::DAY));
        events::push(&mut batch, ctx, &EventRow { contact: ContactId(nobody), message: None, at, ..event.clone() });
    }
    if !batch.is_empty() {
        ctx.db.apply(batch).await?;
    }
    Ok((certificate, happened.len()))
}
